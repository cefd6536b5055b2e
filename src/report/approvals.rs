//! What waits for an answer (R12): the inbox of `kehu approve`.

use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::amount_text;
use super::{col, hidden, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::ledger::Ledger;
use crate::model::team::Member;
use crate::model::value::Kind;
use crate::rules::approving::may_answer;
use crate::rules::contracts::supplier_name;
use crate::rules::engine::index::Index;
use crate::rules::papers::{Paper, waiting};
use crate::store::cells::unescape_note;

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "id"),
        typed(lang, "kind", Kind::Code),
        col(lang, "by"),
        Column { label: labels::column(lang, "approve", "since"), ..typed(lang, "since", Kind::Day) },
        col(lang, "party"),
        col(lang, "name"),
        typed(lang, "amount", Kind::Money),
        col(lang, "currency"),
        col(lang, "what"),
        typed(lang, "may", Kind::Flag),
        Column { kind: Kind::Code, ..hidden(lang, "ledger") },
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["id", "amount"]),
            (Importance::Main, &["kind", "by", "may", "what"]),
            (Importance::Minor, &["party", "currency"]),
        ],
    );
    columns
}

/// What it is, in the reader's language.
pub(super) fn kind(paper: &Paper<'_>, lang: Lang) -> String {
    match paper.ledger {
        Ledger::Requests => values::value(lang, "requests.kind", paper.sort()),
        other => values::value(lang, "subject_kind", other.kind()),
    }
}

/// What it is about, in one line.
pub(super) fn what(paper: &Paper<'_>) -> String {
    let words = ["title", "reason", "note"].iter().map(|c| paper.cell(c)).find(|t| !t.is_empty()).unwrap_or("");
    unescape_note(words).lines().next().unwrap_or("").to_string()
}

/// Its amount as people read it; `None` where it has none of money.
pub(super) fn amount(paper: &Paper<'_>) -> Option<String> {
    let amount = paper.amount()?;
    Some(match paper.currency() {
        currency if paper.is_money() => format!("{} {currency}", amount_text(currency, amount)),
        _ => amount.normalize().to_string(),
    })
}

fn party_name(index: &Index<'_>, paper: &Paper<'_>) -> &'static str {
    match (paper.customer(), paper.ledger) {
        (Some(n), _) => index.book.customers[n].name,
        (None, Ledger::Contracts | Ledger::Payables) => supplier_name(index.book, paper.party()),
        _ => "",
    }
}

/// Everything that waits, the longest first; `who` reads it.
pub fn list(index: &Index<'_>, who: Option<&Member>, lang: Lang) -> Document {
    let row = |p: &Paper<'_>| {
        let amount = match p.amount() {
            Some(a) if p.is_money() => Cell::money(a, p.currency()),
            Some(a) => Cell::Number(a),
            None => Cell::Missing,
        };
        let cells = vec![
            Cell::Id(p.id().into()),
            code(p.sort(), kind(p, lang)),
            text(p.author()),
            p.since().map_or(Cell::Missing, |at| Cell::Day(at.day)),
            text(p.party()),
            text(party_name(index, p)),
            amount,
            text(if p.is_money() && p.amount().is_some() { p.currency() } else { "" }),
            text(&what(p)),
            who.map_or(Cell::Missing, |m| Cell::Flag(may_answer(p, m).is_ok())),
            code(p.ledger.name(), p.ledger.name()),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = waiting(index.book).iter().map(row).collect();
    Document::table(Table { columns: columns(lang), rows, title: Some(m::approval_title(lang)), ..Table::default() })
}
