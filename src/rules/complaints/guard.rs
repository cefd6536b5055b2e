//! R11: what a customer complained about before the same goods are sold or shipped to it again, and goods that may be dangerous.
//!
//! Asked by `order add`, `quote accept`, `quote add`, `quote try` and `order ship`. Rows that are there are not judged: a past order
//! may have been acknowledged anywhere.

use super::{Complaint, NEW};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::{Refusal, Step, Story};
use crate::model::row::PlainRow;
use crate::rules::engine::index::Index;
use crate::rules::prices::product_text;
use crate::rules::turn::{Act, Extra, Turn, event, instant};
use chrono::Months;
use std::collections::BTreeSet;

/// What the guard reads besides orders, products and events.
pub const READS: Reads = Reads { plain: LedgerSet::of(&[Ledger::Complaints]), ..Reads::NOTHING };

/// What an order's or a quote's event is called that names a complaint which was shown when it was made.
pub const WARNED: &str = "warned";

/// What is sold or shipped, to whom.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'s> {
    /// The customer's index.
    pub customer: usize,
    /// When.
    pub day: Day,
    /// The products of all lines.
    pub products: &'s [Str],
}

/// What speaks against a sale.
#[derive(Debug, Default)]
pub struct Found<'x, 'a> {
    /// Complaints of the customer about the same products or categories, newest first: they are to be acknowledged.
    pub own: Vec<&'x Complaint<'a>>,
    /// Open safety complaints of other customers about the same products: everybody is warned of them.
    pub safety: Vec<&'x Complaint<'a>>,
}

/// The products that a complaint is about: its own, else those of its order. The book must hold that customer's orders.
fn about<'a>(book: &'a Book, c: &Complaint<'a>) -> Vec<Str> {
    match (c.entry("product"), c.entry("order")) {
        ("", "") => Vec::new(),
        ("", order) => book.orders.iter().filter(|l| l.id() == order).map(|l| l.product()).collect(),
        (product, _) => vec![product],
    }
}

/// What speaks against a sale (R11). The book must hold [`READS`], the orders of the customer, products and events.
pub fn found<'x, 'a>(index: &'x Index<'a>, sale: Sale<'_>) -> Found<'x, 'a> {
    let book = index.book;
    let category = |product: &str| product_text(book, product, sale.day, |v| v.category);
    let sold: BTreeSet<&str> = sale.products.iter().copied().filter(|p| !p.is_empty()).collect();
    let categories: BTreeSet<&str> = sold.iter().map(|p| category(p)).filter(|c| !c.is_empty()).collect();
    let mut out = Found::default();
    if sold.is_empty() {
        return out;
    }
    let months = book.settings.file.complaints.guard_months();
    let since = sale.day.checked_sub_months(Months::new(months)).filter(|_| months > 0);
    for c in index.complaints().all().iter().filter(|c| c.made().day <= sale.day) {
        if c.customer() == Some(sale.customer) {
            let same = |p: &&Str| sold.contains(**p) || categories.contains(category(p));
            let recent = since.is_some_and(|since| c.made().day >= since);
            if (recent || c.is_safety() && c.is_open()) && about(book, c).iter().any(|p| same(&p)) {
                out.own.push(c);
            }
        } else if c.is_safety() && c.is_open() && sold.contains(c.entry("product")) {
            out.safety.push(c);
        }
    }
    for list in [&mut out.own, &mut out.safety] {
        list.sort_by(|a, b| b.made().cmp(&a.made()).then(a.id().cmp(b.id())));
    }
    out
}

/// Whether any of these rows of complaints may be one that everybody is warned of.
pub fn may_warn_all<'r>(rows: impl IntoIterator<Item = &'r PlainRow>, products: &[&str]) -> bool {
    let cell = |r: &'r PlainRow, name: &str| Ledger::Complaints.column(name).map_or("", |n| r.cell(n));
    rows.into_iter().any(|r| cell(r, "severity") == "safety" && products.contains(&cell(r, "product")))
}

/// What is to be known of a complaint before the same goods go out again. Texts stand as the file holds them.
pub fn story(c: &Complaint<'_>) -> Story {
    let step = |e: &crate::model::row::Event| Step {
        day: e.day(),
        event: e.event().into(),
        to: e.to().into(),
        by: e.by().into(),
        note: e.note().into(),
    };
    let product = match c.entry("product") {
        "" => c.entry("order"),
        product => product,
    };
    Story {
        complaint: c.id().into(),
        day: c.made().day,
        product: product.into(),
        safety: c.is_safety() && c.is_open(),
        text: c.entry("text").into(),
        cause: c.entry("cause").into(),
        steps: c.events.iter().map(step).collect(),
        state: if c.state().is_empty() { NEW } else { c.state() }.into(),
        handling: c.handling().into(),
    }
}

/// The warnings about goods that may be dangerous.
pub fn warnings(found: &Found<'_, '_>) -> Vec<Note> {
    let warning = |c: &&Complaint<'_>| Note::SafetyComplaint {
        complaint: c.id().into(),
        product: c.entry("product").into(),
        customer: c.entry("customer").into(),
        day: c.made().day,
        text: c.entry("text").into(),
    };
    found.safety.iter().map(warning).collect()
}

/// Asks before a sale; `acknowledged` = whoever sells has read what speaks against it. Gives the ids of the complaints that were
/// acknowledged, for [`write`], and warns in the plan.
///
/// # Errors
/// [`Refusal::Complained`] unless it is acknowledged.
pub fn ask(index: &Index<'_>, sale: Sale<'_>, acknowledged: bool, plan: &mut Plan) -> Result<Vec<Str>, Obstacle> {
    let found = found(index, sale);
    if !found.own.is_empty() && !acknowledged {
        let customer = index.book.customers[sale.customer].name.into();
        let stories = found.own.iter().map(|c| story(c)).collect();
        return Err(Refusal::Complained { customer, stories }.into());
    }
    plan.notes.extend(warnings(&found));
    Ok(found.own.iter().map(|c| c.id()).collect())
}

/// Writes which complaints were acknowledged: an event for each, after the newest one of the order or quote, each a moment after the
/// one before.
///
/// # Errors
/// [`Refusal::OlderThanNewest`].
pub fn write(
    book: &Book,
    (kind, subject): (&str, &str),
    complaints: &[Str],
    act: &Act,
    newest: Option<At>,
    plan: &mut Plan,
) -> Result<(), Refusal> {
    let mut newest = newest;
    for id in complaints {
        let what = Turn { kind, subject, event: WARNED, from: "", to: id };
        let at = instant(book, newest, what, act)?;
        plan.changes.extend(event(book, what, &Act { at, ..act.clone() }, &Extra::default()));
        newest = Some(at);
    }
    if !complaints.is_empty() {
        let complaints = complaints.iter().map(ToString::to_string).collect();
        plan.notes.push(Note::Acknowledged { what: subject.into(), complaints });
    }
    Ok(())
}
