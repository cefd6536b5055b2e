//! The occasions on which somebody thinks of customers, by day: a report, a table of `show` and `brief`, and their words.

use super::ask::{Answer, Ask, Caveat, Days, Misuse, Over, Report, Series, Values};
use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::amount_text;
use super::{col, hidden, num, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::customer::Contact;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::{Holiday, OCCASIONS};
use crate::model::value::Kind;
use crate::rules::care::{self, About, Occasion};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::gifts;
use crate::rules::prices::product_text;
use crate::rules::unjoined::of_nobody;
use chrono::Datelike;
use rayon::prelude::*;

/// Occasions by day.
pub struct Calendar;

impl Report for Calendar {
    fn name(&self) -> &'static str {
        "care"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report care",
            "kehu report care -p next-7d owner:li",
            "kehu report care kind:birthday,date -p next-month",
            "kehu report care kind:holiday grade:A -f csv",
            "kehu report care -p today --as li owner:li --exit-code",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("next-30d")
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report care -p next-month" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        // Birthdays have no end.
        match (ask.period.from, ask.period.to) {
            (Some(_), Some(_)) => Ok(()),
            _ => Err(Misuse::Value {
                message: m::care_open_period(lang),
                nearest: Vec::new(),
                hint: m::hint_instead(lang, "kehu report care -p next-30d"),
            }),
        }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { lean: true, ..care::READS }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let kind = |key: &str| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "occasion", key));
            (key.to_string(), words.collect())
        };
        match column {
            "owner" | "grade" => ask.values_of(column),
            "kind" => OCCASIONS.map(kind).into(),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        // Somebody beside the customer's owner may follow the contact.
        ["customer", "name", "grade"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let (Some(from), Some(to)) = (ask.period.from, ask.period.to) else {
            return Answer {
                doc: Document::table(Table { columns: columns(lang), ..Table::default() }),
                caveats: Vec::new(),
            };
        };
        let care = care::Care::new(index);
        let one = |n: &usize| inside(|| care.of(*n, (from, to)));
        let mut list: Vec<Occasion<'_>> =
            ask.customers(index).par_iter().with_min_len(256).flat_map_iter(|n| one(n).into_iter()).collect();
        let kind = |o: &Occasion<'_>| OCCASIONS.iter().position(|k| *k == o.kind);
        list.par_sort_by_key(|o| (o.day, kind(o), o.customer));
        let rows = list.iter().map(|o| row(index.book, o, lang)).collect();
        let strays = of_nobody(index.book, index.prices(), LedgerSet::of(&[Ledger::Orders]), Period::ALL);
        let doc = Document::table(Table { columns: columns(lang), rows, ..Table::default() });
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }
}

fn kind_column(lang: Lang) -> Column {
    Column { label: labels::column(lang, "care", "kind"), ..typed(lang, "kind", Kind::Code) }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "day", Kind::Day),
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        hidden(lang, "contact"),
        kind_column(lang),
        col(lang, "what"),
        col(lang, "likes"),
        typed(lang, "grade", Kind::Code),
        typed(lang, "owner", Kind::Code),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["day", "customer"]),
            (Importance::Main, &["name", "what", "kind"]),
            (Importance::Minor, &["grade", "likes"]),
        ],
    );
    columns
}

fn row(book: &Book, o: &Occasion<'_>, lang: Lang) -> Row {
    let c = &book.customers[o.customer];
    Row {
        cells: vec![
            Cell::Day(o.day),
            Cell::Id(c.id.into()),
            text(c.name),
            o.person().map_or(Cell::Missing, |p| text(p.id)),
            code(o.kind, values::value(lang, "occasion", o.kind)),
            Cell::Text(what(book, o, lang).into()),
            o.person().map_or(Cell::Missing, |p| text(&p.likes)),
            text(c.grade),
            text(o.owner),
        ],
        ..Row::default()
    }
}

/// The occasions of a customer that are near.
pub(super) fn near(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let book = index.book;
    let ahead = chrono::Days::new(book.settings.file.care.ahead());
    let until: Day = book.today.checked_add_days(ahead).unwrap_or(book.today);
    let rows = care::Care::new(index).of(customer, (book.today, until)).into_iter().map(|o| {
        let kind = code(o.kind, values::value(lang, "occasion", o.kind));
        Row { cells: vec![Cell::Day(o.day), kind, Cell::Text(what(book, &o, lang).into())], ..Row::default() }
    });
    let columns = vec![typed(lang, "day", Kind::Day), kind_column(lang), col(lang, "what")];
    Table { title: Some(m::care_title(lang)), columns, rows: rows.collect(), ..Table::default() }
}

/// What a customer was given this year, and what its limit leaves: keys of its card.
pub(super) fn gift_keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let (given, left) = gifts_of(index, customer);
    let money = |amount: Decimal| Cell::money(amount, &index.book.settings.file.currency);
    vec![
        (num(lang, "gifts_this_year"), money(given.amount)),
        (num(lang, "gifts_left"), left.map_or(Cell::Missing, |(left, _)| money(left))),
    ]
}

/// The same in a line, with what the contacts like; `None` where there is nothing to say.
pub(super) fn gifts(index: &Index<'_>, customer: usize, lang: Lang) -> Option<String> {
    let (given, left) = gifts_of(index, customer);
    let shown = |amount: Decimal| amount_text(&index.book.settings.file.currency, amount);
    let mut parts = match left {
        Some((left, most)) => vec![m::gifts_left(lang, shown(given.amount), shown(left), shown(most))],
        None if given == gifts::Given::default() => Vec::new(),
        None => vec![m::gifts_given(lang, shown(given.amount))],
    };
    if given.without_rate > 0 {
        parts.push(m::gifts_without_rate(lang, given.without_rate));
    }
    let c = &index.book.customers[customer];
    let here = c.rest().contacts.iter().filter(|p| p.left().is_none_or(|left| left > index.book.today));
    let liked: Vec<String> = here.filter(|p| !p.text("likes").is_empty()).map(|p| likes(p, lang)).collect();
    if !liked.is_empty() {
        parts.push(m::gifts_liked(lang, liked.join("; ")));
    }
    (!parts.is_empty()).then(|| parts.join(lang.pick("; ", "；")))
}

fn likes(p: &Contact, lang: Lang) -> String {
    m::labelled(lang, p.name, p.text("likes"))
}

/// What was given this year, and (what is left, the most) where there is a limit.
fn gifts_of(index: &Index<'_>, customer: usize) -> (gifts::Given, Option<(Decimal, Decimal)>) {
    let book = index.book;
    let given = gifts::given(book, customer, book.today.year());
    let left = |most: Decimal| (most.saturating_sub(given.amount).max(Decimal::ZERO), most);
    (given, gifts::cap(book, book.customers[customer].id).map(left))
}

/// What a holiday is called.
pub(super) fn holiday(h: &Holiday, lang: Lang) -> &str {
    pick(&h.name, &h.zh, lang)
}

/// The words of a language, else those of the other one.
fn pick<'w>(en: &'w str, zh: &'w str, lang: Lang) -> &'w str {
    let (own, other) = lang.pick((en, zh), (zh, en));
    if own.is_empty() { other } else { own }
}

/// What an occasion is about, in words.
pub(super) fn what(book: &Book, o: &Occasion<'_>, lang: Lang) -> String {
    match &o.about {
        About::Birthday { person, written } if person.title.is_empty() => format!("{} ({written})", person.name),
        About::Birthday { person, written } => format!("{} {} ({written})", person.name, person.title),
        About::Date { person, name } => format!("{name}: {}", person.name),
        About::Holiday(h) => holiday(h, lang).to_string(),
        About::Contract { id, since, years } => m::care_contract(lang, years, id, since),
        About::FirstOrder { since, years } => m::care_first_order(lang, years, since),
        About::Tip { tip, line, base } => {
            let name = product_text(book, line.product(), line.day(), |v| v.name);
            let product = if name.is_empty() { line.product() } else { name };
            m::care_tip(lang, pick(&tip.text, &tip.zh, lang), product, line.id(), base)
        }
    }
}
