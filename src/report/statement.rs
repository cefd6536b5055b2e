//! The statement of a customer's account (对账单), to be printed and signed.

use super::ask::{Answer, Ask, Days, Over, Report, Series, Values};
use super::document::{Block, Card, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::{col, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, shown};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::statement::{Movement, movements};

/// What happened on one customer's account, with a running balance.
pub struct Statement;

/// What a line can be, in the order of their meaning.
const WHAT: [&str; 10] =
    ["opening", "order", "receivable", "return", "allowance", "writeoff", "receipt", "refund", "void", "closing"];

impl Report for Statement {
    fn name(&self) -> &'static str {
        "statement"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report statement huaxin -p last-month",
            "kehu report statement huaxin -p 2026Q2 -o huaxin.html",
            "kehu report statement huaxin --today 2026-06-30 -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::All
    }

    fn of_one_customer(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report statement CUSTOMER -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { customers: true, ledgers: MONEY, ..Reads::NOTHING }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, _ask: &Ask<'_>) -> Values {
        match column {
            "movement" => WHAT.map(|v| (v.to_string(), values::words("movement", v))).to_vec(),
            _ => Vec::new(),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        Answer::of(ask.customer.map_or_else(Document::default, |customer| report(index, customer, ask, lang)))
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns =
        vec![typed(lang, "at", Kind::Day), typed(lang, "movement", Kind::Code), typed(lang, "id", Kind::Id)];
    columns.push(typed(lang, "due", Kind::Day));
    columns.extend([typed(lang, "method", Kind::Code), typed(lang, "matures", Kind::Day), col(lang, "currency")]);
    columns.extend(["debit", "credit", "balance"].map(|k| typed(lang, k, Kind::Money)));
    columns[3].label = labels::column(lang, Ledger::Receivables.name(), "due");
    if let Some(credit) = columns.iter_mut().find(|c| c.key == "credit") {
        credit.label = labels::label(lang, "creditor");
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["at", "movement", "debit", "credit", "balance"]),
            (Importance::Main, &["id", "currency"]),
            (Importance::Minor, &["matures", "method"]),
        ],
    );
    columns
}

/// The lines of one currency: the opening balance, what happened in the period, the closing balance. Gives the bills that have not
/// matured, too.
fn lines(all: &[Movement<'_>], ask: &Ask<'_>, lang: Lang) -> (Vec<Row>, Vec<String>) {
    let Some(currency) = all.first().map(|m| m.currency) else { return (Vec::new(), Vec::new()) };
    let money = |amount: Decimal| Cell::money(amount, currency);
    let period = ask.period;
    let before = all.iter().filter(|m| period.from.is_some_and(|from| m.at < from));
    let mut balance = before.fold(Decimal::ZERO, |sum, m| sum.saturating_add(m.amount));
    let code = |list: &str, key: &str| Cell::code(key, &values::value(lang, list, key));
    let row = |at, what: &str, rest: [Cell; 4], [debit, credit, balance]: [Cell; 3]| {
        let [id, due, method, matures] = rest;
        let cells = vec![at, code("movement", what), id, due, method, matures, text(currency), debit, credit, balance];
        Row { cells, ..Row::default() }
    };
    const NONE: [Cell; 4] = [Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing];
    let day = |day: Option<crate::model::day::Day>| day.map_or(Cell::Missing, Cell::Day);
    let mut rows = vec![row(day(period.from), "opening", NONE, [Cell::Missing, Cell::Missing, money(balance)])];
    let (mut debits, mut credits, mut bills) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
    let today = ask.calendar.today;
    let last = period.to.map_or(today, |to| to.min(today));
    for m in all.iter().filter(|m| period.contains(m.at)) {
        balance = balance.saturating_add(m.amount);
        let (debit, credit) = if m.amount < Decimal::ZERO {
            credits = credits.saturating_sub(m.amount);
            (Cell::Missing, money(-m.amount))
        } else {
            debits = debits.saturating_add(m.amount);
            (money(m.amount), Cell::Missing)
        };
        let method = if m.method.is_empty() { Cell::Missing } else { code("method", m.method) };
        let rest = [Cell::Id(m.id.into()), day(m.due), method, day(m.matures)];
        rows.push(row(Cell::Day(m.at), m.what.key(), rest, [debit, credit, money(balance)]));
        if let Some(matures) = m.matures.filter(|day| m.method == "acceptance" && *day > last) {
            bills.push(m::statement_bill(lang, m.id, shown(-m.amount, currency), matures));
        }
    }
    rows.push(row(Cell::Day(last), "closing", NONE, [money(debits), money(credits), money(balance)]));
    (rows, bills)
}

fn report(index: &Index<'_>, customer: usize, ask: &Ask<'_>, lang: Lang) -> Document {
    let book = index.book;
    let all = movements(index, &|n| n == customer);
    let (mut rows, mut bills) = (Vec::new(), Vec::new());
    for of_currency in all.chunk_by(|a, b| a.currency == b.currency) {
        let (lines, more) = lines(of_currency, ask, lang);
        rows.extend(lines);
        bills.extend(more);
    }
    let table = Table { columns: columns(lang), rows, id_column: 2, ..Table::default() };
    if table.rows.is_empty() {
        return Document::table(table);
    }
    let c = &book.customers[customer];
    let field = |key: &str, value: &str| (col(lang, key), text(value));
    let ours = book.settings.file.name.as_str();
    let mut fields = vec![
        field("our_name", ours),
        field("their_name", c.name),
        (typed(lang, "customer", Kind::Id), Cell::Id(c.id.into())),
    ];
    for key in ["address", "phone", "tax_id"] {
        fields.push(field(key, c.text(key)));
    }
    let mut blocks = vec![Block::Card(Card { title: None, fields }), Block::Table(table)];
    if !bills.is_empty() {
        blocks.push(Block::Note(m::statement_bills(lang, bills.join(lang.pick("; ", "；")))));
    }
    blocks.push(Block::Note(m::statement_signatures(lang, ours, c.name)));
    Document { title: None, blocks, main: 1 }
}
