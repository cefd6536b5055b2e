//! What customers owe, by age (R10).

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::evidence;
use super::profit::total_again;
use super::{col, typed};
use crate::i18n::{Lang, messages as m};
use crate::metrics::MONEY;
use crate::metrics::explain::Evidence;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::report::picture::{Picture, Shape};
use crate::rules::engine::index::Index;
use crate::rules::profit::{counts, sales};
use crate::rules::receivables::{Account, Ageing};
use crate::rules::unjoined::{Lacks, Unjoined, lacks_lines, of_no_line, of_no_order, of_no_worth, of_nobody};
use rayon::prelude::*;
use std::collections::HashSet;

/// What customers owe, by days overdue.
pub struct Receivables;

impl Report for Receivables {
    fn name(&self) -> &'static str {
        "receivables"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report receivables",
            "kehu report receivables d61_90.gt:0 --sort -d61_90",
            "kehu report receivables owner:li --scale 10000",
            "kehu report receivables --today 2026-06-30 -f csv -o ageing.csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report receivables --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn names_later(&self, _ask: &Ask<'_>) -> bool {
        true
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let chosen = Chosen { customers: &ask.customers(index), strangers: ask.filter.is_empty() };
        let doc = report(index, &chosen, ask, lang);
        Answer { doc, caveats: Caveat::of_unjoined(&unjoined(index), lang) }
    }

    fn pictures(&self, _ask: &Ask<'_>) -> Vec<Picture> {
        vec![Picture::new(Shape::Stacked, "name", &AGES)]
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, _shown: usize, lang: Lang) {
        explain(doc, index, &Chosen { customers: &ask.customers(index), strangers: ask.filter.is_empty() }, lang);
    }
}

/// The ages of what is open, in their order.
pub const AGES: [&str; 6] = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus"];
/// The amounts of a row, in their order.
const AMOUNTS: [&str; 10] =
    [AGES[0], AGES[1], AGES[2], AGES[3], AGES[4], AGES[5], "credit", "outstanding", "bills", "pending"];
/// The parts of what is open that are late, by amount and by number.
const SHARES: [&str; 2] = ["late_share", "late_count_share"];

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns =
        vec![typed(lang, "customer", Kind::Id), col(lang, "name"), col(lang, "owner"), col(lang, "currency")];
    columns.extend(AMOUNTS.iter().map(|k| typed(lang, k, Kind::Money)));
    columns.extend(SHARES.iter().map(|k| typed(lang, k, Kind::Ratio)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "outstanding"]),
            (Importance::Main, &["name", "not_due", "d120_plus"]),
            (Importance::Minor, &["owner", "credit", "bills", "pending", "late_share", "late_count_share"]),
        ],
    );
    columns
}

const READS: Reads = Reads { customers: true, ledgers: MONEY, lean: true, ..Reads::NOTHING };

/// Whose accounts are shown.
struct Chosen<'c> {
    /// The customers' indexes.
    customers: &'c [usize],
    /// The accounts of customers that are not in the book stay too: a filter can ask nothing about them.
    strangers: bool,
}

/// The ageing table of the chosen customers; accounts that are settled are left out. Amounts of columns that nobody asks for
/// are not worked out.
fn report(index: &Index<'_>, chosen: &Chosen<'_>, ask: &Ask<'_>, lang: Lang) -> Document {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let columns = columns(lang);
    let figures = columns.len() - AMOUNTS.len() - SHARES.len();
    let asked: Vec<bool> = columns[figures..].iter().map(&*ask.asked).collect();
    let aged = asked[..6].contains(&true) || asked[AMOUNTS.len()..].contains(&true);
    let mut wanted = vec![false; book.customers.len()];
    chosen.customers.iter().for_each(|n| wanted[*n] = true);
    // The debt of each customer decides its place. Its ages are worked out again for its row, which is cheaper than
    // keeping them.
    let open = |a: &Account<'_>| {
        let sum = a.open();
        let settled = sum.is_zero() && a.credit.is_zero() && a.bills.is_zero() && a.pending.is_zero();
        (!settled).then(|| sum.minus(a.credit))
    };
    let all = index.accounts();
    let strangers = if chosen.strangers { index.strangers() } else { &[] };
    let known = |a: &Account<'_>| if wanted[a.customer] { open(a) } else { None };
    let mut owed: Vec<Option<Sum>> = all.par_iter().with_min_len(256).map(known).collect();
    owed.extend(strangers.iter().map(|(_, a)| open(a)));
    // Strangers' accounts are counted on from the others.
    let account = |n: u32| all.get(n as usize).unwrap_or_else(|| &strangers[n as usize - all.len()].1);
    let mut order: Vec<(Sum, u32)> = owed.iter().zip(0..).filter_map(|(open, n)| Some(((*open)?, n))).collect();
    // Accounts come by customer; what is too large to be known comes first.
    let large = |sum: &Sum| (sum.known().is_none(), sum.known());
    order.par_sort_unstable_by(|a, b| large(&b.0).cmp(&large(&a.0)).then(a.1.cmp(&b.1)));
    let row = |(outstanding, n): &(Sum, u32)| {
        let a = account(*n);
        let mut cells = Vec::with_capacity(columns.len());
        match (*n as usize).checked_sub(all.len()) {
            None => {
                let c = &book.customers[a.customer];
                cells.extend([Cell::Id(c.id.into()), text(c.name), text(c.owner), text(a.currency)]);
            }
            Some(n) => cells.extend([Cell::Id(strangers[n].0.into()), Cell::Missing, Cell::Missing, text(a.currency)]),
        }
        let ageing = if aged { a.ageing(book.today) } else { Ageing::default() };
        let amounts = amounts(&ageing, a.credit, *outstanding, [a.bills, a.pending]).into_iter().zip(&asked);
        cells.extend(amounts.map(|(n, asked)| if *asked { money(n, a.currency) } else { Cell::Missing }));
        let shares = if asked[AMOUNTS.len()..].contains(&true) { Some(a.late(book.today)) } else { None };
        cells.extend(shares.map_or([Cell::Missing, Cell::Missing], |late| late_shares(&ageing, late)));
        Row { cells, ..Row::default() }
    };
    let kept = ask.kept.as_ref();
    let totals = || {
        let (mut ages, mut late) = (Ageing::default(), (0, 0));
        let (mut credit, mut bills, mut pending) = (Sum::ZERO, Sum::ZERO, Sum::ZERO);
        let id = |n: u32, a: &Account<'_>| match (n as usize).checked_sub(all.len()) {
            None => book.customers[a.customer].id,
            Some(n) => strangers[n].0,
        };
        let kept = |n: u32, a: &Account<'_>| kept.is_none_or(|ids| ids.contains(id(n, a)));
        let whole = order.iter().map(|(_, n)| (*n, account(*n)));
        for (_, a) in whole.filter(|(n, a)| a.currency == base && kept(*n, a)) {
            a.receivables.iter().for_each(|r| ages.add(r.due, r.open, book.today));
            let (n, of) = a.late(book.today);
            late = (late.0 + n, late.1 + of);
            credit = credit.plus(a.credit);
            bills = bills.plus(a.bills);
            pending = pending.plus(a.pending);
        }
        let mut cells: Vec<Cell> =
            amounts(&ages, credit, ages.sum().minus(credit), [bills, pending]).map(|n| money(n, base)).into();
        cells.extend(late_shares(&ages, late));
        cells
    };
    let (rows, figures) = rayon::join(|| order.par_iter().with_min_len(256).map(row).collect(), totals);
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing, Cell::Missing, text(base)];
    total.extend(figures);
    let footer = vec![Row { cells: total, ..Row::default() }];
    Document::table(Table { columns, rows, footer, ..Table::default() })
}

/// How much of what is open is late: by amount, and by number.
fn late_shares(ages: &Ageing, (late, open): (i64, i64)) -> [Cell; 2] {
    let part = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_div(b.filter(|b| !b.is_zero())?);
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let whole = |n: i64| Some(Decimal::from(n));
    [ratio(part(ages.overdue().known(), ages.sum().known())), ratio(part(whole(late), whole(open)))]
}

fn money(sum: Sum, currency: &str) -> Cell {
    sum.known().map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency))
}

fn amounts(a: &Ageing, credit: Sum, outstanding: Sum, [bills, pending]: [Sum; 2]) -> [Sum; 10] {
    [a.not_due, a.d1_30, a.d31_60, a.d61_90, a.d91_120, a.d120_plus, credit, outstanding, bills, pending]
}

/// The rows that could not be joined: rows of customers that are not in the book (whatever the filter leaves), money
/// for orders that are not there, and order lines with neither amount nor price.
/// The rows that no account can count.
pub(super) fn unjoined(index: &Index<'_>) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let money = LedgerSet::of(&[Ledger::Orders, Ledger::Receivables, Ledger::Receipts, Ledger::Refunds]);
    let strays = !index.strays().is_empty();
    let mut out = if strays { of_nobody(book, prices, money, Period::ALL) } else { Vec::new() };
    out.extend(of_no_order(index));
    if lacks_lines(book, prices) {
        out.extend(of_no_line(prices, book.orders.iter().filter(|l| counts(book, l.id()))));
    }
    if index.lacks_amounts() {
        let found = of_no_worth(prices, sales(book, prices, Period::ALL).iter());
        // Accounts are in their own currencies, and need no rate.
        out.extend(found.into_iter().filter(|u| u.lacks == Lacks::Amount));
    }
    out
}

/// Puts the receivables and payments behind each row below the table.
fn explain(doc: &mut Document, index: &Index<'_>, chosen: &Chosen<'_>, lang: Lang) {
    let book = index.book;
    // Terms may have taken rows away.
    let shown: Option<HashSet<String>> = match doc.blocks.get(doc.main) {
        Some(Block::Table(t)) if t.columns.first().is_some_and(|c| c.key == "customer") => {
            Some(t.rows.iter().filter_map(|r| Some(r.cells.first()?.text()?.to_string())).collect())
        }
        _ => None,
    };
    let seen = |id: &str| shown.as_ref().is_none_or(|ids| ids.contains(id));
    doc.blocks.push(Block::Note(m::rule(lang, "R10")));
    let known = index.accounts().iter().filter(|a| chosen.customers.contains(&a.customer));
    let known = known.map(|a| (book.customers[a.customer].id, a));
    let strangers = index.strangers().iter().filter(|_| chosen.strangers).map(|(id, a)| (*id, a));
    for (id, a) in known.chain(strangers).filter(|(id, _)| seen(id)) {
        let open: Vec<String> = a
            .receivables
            .iter()
            .filter(|r| !r.open.is_zero())
            .map(|r| evidence(book, &Evidence::Receivable(r.clone()), lang))
            .collect();
        if !open.is_empty() {
            doc.blocks.push(Block::Note(format!("{id}\n{}", open.join("\n"))));
        }
    }
}
