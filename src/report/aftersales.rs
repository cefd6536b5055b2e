//! The calls that orders cause: around the delivery of first orders, and after the sale of every other one.

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::ratio_text;
use super::{col, num, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::row::Activity;
use crate::model::value::Kind;
use crate::rules::aftersales::{Call, State, calls};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::unjoined::of_nobody;
use rayon::prelude::*;

/// Calls about orders: due, made, late, missed.
pub struct Aftersales;

impl Report for Aftersales {
    fn name(&self) -> &'static str {
        "aftersales"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report aftersales",
            "kehu report aftersales -p last-month owner:li",
            "kehu report aftersales state:late,missed -p ytd",
            "kehu report aftersales first:yes -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::All
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report aftersales -p last-month" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let ledgers = [Ledger::Activities, Ledger::Events, Ledger::Orders, Ledger::Products, Ledger::Rates];
        Reads { lean: true, ..Reads::customers_and(&ledgers) }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let state = |s: State| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "call_state", s.key()));
            (s.key().to_string(), words.collect())
        };
        match column {
            "owner" | "grade" => ask.values_of(column),
            "state" => State::ALL.map(state).into(),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let list = list(index, ask);
        let rows = list.iter().map(|(customer, call)| row(index, *customer, call, lang)).collect();
        let table = Table { columns: columns(lang), rows, ..Table::default() };
        let note = made(&table, lang);
        let ledgers = LedgerSet::of(&[Ledger::Activities, Ledger::Orders]);
        let strays = of_nobody(index.book, index.prices(), ledgers, Period::ALL);
        let mut doc = Document::table(table);
        doc.blocks.push(note);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        if let Some(table) = answer.table() {
            let note = made(table, lang);
            answer.doc.blocks.truncate(answer.doc.main + 1);
            answer.doc.blocks.push(note);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let at = |t: &Table, key: &str| t.columns.iter().position(|c| c.key == key);
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let (Some(order), Some(due)) = (at(t, "order"), at(t, "due")) else { return };
        let rows = t.rows.iter().take(shown);
        let wanted: Vec<(String, Cell)> =
            rows.filter_map(|r| Some((r.cells.get(order)?.text()?.to_string(), r.cells.get(due)?.clone()))).collect();
        doc.blocks.push(Block::Note(m::rule(lang, "[aftersales]")));
        for (customer, call) in list(index, ask) {
            if wanted.iter().any(|(id, day)| id == call.line.id() && *day == Cell::Day(call.due)) {
                doc.blocks.push(Block::Note(explain(index, customer, &call, lang)));
            }
        }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
        typed(lang, "order", Kind::Id),
        typed(lang, "first", Kind::Flag),
        typed(lang, "ordered", Kind::Day),
        typed(lang, "promised", Kind::Day),
        num(lang, "call_days"),
        Column { label: crate::i18n::labels::column(lang, "aftersales", "due"), ..typed(lang, "due", Kind::Day) },
        typed(lang, "days_overdue", Kind::Days),
        Column { label: crate::i18n::labels::column(lang, "aftersales", "state"), ..typed(lang, "state", Kind::Code) },
        typed(lang, "called", Kind::Day),
        typed(lang, "called_by", Kind::Code),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "order", "due", "state"]),
            (Importance::Main, &["name", "days_overdue", "owner"]),
            (Importance::Minor, &["ordered", "grade", "call_days"]),
        ],
    );
    columns
}

/// The calls of the period, oldest first.
fn list(index: &Index<'_>, ask: &Ask<'_>) -> Vec<(usize, Call)> {
    let chosen = ask.customers(index);
    let of = |n: &usize| {
        let customer = *n;
        inside(|| calls(index, customer)).into_iter().map(move |call| (customer, call))
    };
    let mut list: Vec<(usize, Call)> = chosen.par_iter().with_min_len(256).flat_map_iter(of).collect();
    list.retain(|(_, call)| ask.period.contains(call.due));
    list.par_sort_unstable_by_key(|(customer, call)| (call.due, *customer, call.line.id(), call.offset));
    list
}

fn row(index: &Index<'_>, customer: usize, call: &Call, lang: Lang) -> Row {
    let book = index.book;
    let c = &book.customers[customer];
    let late = if call.state.is_open() { (book.today - call.due).num_days().max(0) } else { 0 };
    let bad = matches!(call.state, State::Late | State::Missed);
    Row {
        cells: vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            text(c.grade),
            Cell::Id(call.line.id().into()),
            Cell::Flag(call.first),
            Cell::Day(call.line.day()),
            if call.promised { Cell::Day(call.base) } else { Cell::Missing },
            Cell::Int(call.offset),
            Cell::Day(call.due),
            Cell::Int(late),
            code(call.state.key(), values::value(lang, "call_state", call.state.key())),
            call.done.map_or(Cell::Missing, |a| Cell::Day(a.day())),
            text(call.done.map_or("", |a: Activity| a.by())),
        ],
        tone: if bad { Tone::Bad } else { Tone::Plain },
        ..Row::default()
    }
}

/// How many of the calls that were due have been made, and in time.
fn made(table: &Table, lang: Lang) -> Block {
    let state = table.columns.iter().position(|c| c.key == "state").unwrap_or(0);
    let count = |of: &[State]| {
        let is = |r: &&Row| of.iter().any(|s| r.cells[state].text() == Some(s.key()));
        table.rows.iter().filter(is).count()
    };
    let (in_time, late) = (count(&[State::Done]), count(&[State::DoneLate]));
    let due = in_time + late + count(&[State::Late, State::Missed]);
    let share = Decimal::from(in_time).checked_div(Decimal::from(due));
    let share = share.map_or_else(|| crate::i18n::money::not_available(lang), ratio_text);
    Block::Note(m::calls_made(lang, due, in_time, late, share))
}

/// Where a call comes from, and what did it.
fn explain(index: &Index<'_>, customer: usize, call: &Call, lang: Lang) -> String {
    let book = index.book;
    let c = &book.customers[customer];
    let key = if call.first {
        "aftersales.first_order".to_string()
    } else if book.settings.file.grades.get(c.grade).is_some_and(|g| g.aftersales.is_some()) {
        format!("grades.{}.aftersales", c.grade)
    } else {
        "aftersales.every_order".to_string()
    };
    let from = if call.promised { m::call_promised(lang, call.base) } else { m::call_ordered(lang, call.base) };
    let place = book.place(call.line.place());
    let mut out = format!("{} {}\n  ", c.id, call.line.id());
    out.push_str(&m::call_counted(lang, from, place, call.offset, key, call.due));
    if let Some(a) = call.done {
        out.push_str("\n  ");
        out.push_str(&m::call_done(lang, a.day(), book.team.name(a.by()), book.place(a.place())));
    }
    out
}
