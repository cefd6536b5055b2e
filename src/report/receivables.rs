//! What customers owe, by age (R10).

use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::evidence;
use super::{col, num};
use crate::i18n::{Lang, messages as m};
use crate::metrics::MONEY;
use crate::metrics::explain::Evidence;
use crate::model::book::Needs;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Sum;
use crate::model::period::Period;
use crate::rules::index::Index;
use crate::rules::profit::sales;
use crate::rules::receivables::{Account, Ageing};
use crate::rules::unjoined::{Lacks, Unjoined, of_no_order, of_no_worth, of_nobody};
use rayon::prelude::*;

/// What this report reads.
pub const NEEDS: Needs = Needs { customers: true, ledgers: MONEY, lean: true, ..Needs::NOTHING };

/// Whose accounts are shown.
pub struct Chosen<'c> {
    /// The customers' indexes.
    pub customers: &'c [usize],
    /// Also the accounts of customers that are not in the book: nothing is known of them that a filter could ask for.
    pub strangers: bool,
}

/// The ageing table of the chosen customers; accounts that are settled are left out. Amounts of columns that nobody asks for
/// are not worked out.
pub fn report(index: &Index<'_>, chosen: &Chosen<'_>, asked: &dyn Fn(&Column) -> bool, lang: Lang) -> Document {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let mut columns = vec![col(lang, "customer"), col(lang, "name"), col(lang, "owner"), col(lang, "currency")];
    let keys = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus", "credit", "outstanding", "bills"];
    columns.extend(keys.iter().map(|k| num(lang, k)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "outstanding"]),
            (Importance::Main, &["name", "not_due", "d120_plus"]),
            (Importance::Minor, &["owner", "credit", "bills"]),
        ],
    );
    let asked: Vec<bool> = columns[columns.len() - keys.len()..].iter().map(asked).collect();
    let aged = asked[..6].contains(&true);
    let mut wanted = vec![false; book.customers.len()];
    chosen.customers.iter().for_each(|n| wanted[*n] = true);
    // What each owes decides its place; its ages are worked out again for its row, which is cheaper than keeping them.
    let open = |a: &Account<'_>| {
        let sum = a.open();
        let settled = sum.is_zero() && a.credit.is_zero() && a.bills.is_zero();
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
        let amounts = amounts(&ageing, a.credit, *outstanding, a.bills).into_iter().zip(&asked);
        cells.extend(amounts.map(|(n, asked)| if *asked { money(n, a.currency) } else { Cell::Missing }));
        Row { cells, ..Row::default() }
    };
    let totals = || {
        let mut sum = (Ageing::default(), Sum::ZERO, Sum::ZERO);
        for a in order.iter().map(|(_, n)| account(*n)).filter(|a| a.currency == base) {
            a.receivables.iter().for_each(|r| sum.0.add(r.due, r.open, book.today));
            sum.1 = sum.1.plus(a.credit);
            sum.2 = sum.2.plus(a.bills);
        }
        sum
    };
    let (rows, sum) = rayon::join(|| order.par_iter().with_min_len(256).map(row).collect(), totals);
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing, Cell::Missing, text(base)];
    let outstanding = sum.0.sum().minus(sum.1);
    total.extend(amounts(&sum.0, sum.1, outstanding, sum.2).map(|amount| money(amount, base)));
    let footer = vec![Row { cells: total, ..Row::default() }];
    Document::table(Table { columns, rows, footer, ..Table::default() })
}

fn money(sum: Sum, currency: &str) -> Cell {
    sum.known().map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency))
}

fn amounts(a: &Ageing, credit: Sum, outstanding: Sum, bills: Sum) -> [Sum; 9] {
    [a.not_due, a.d1_30, a.d31_60, a.d61_90, a.d91_120, a.d120_plus, credit, outstanding, bills]
}

/// What could not be joined: rows of customers that are not in the book, whatever the filter leaves, money for orders that
/// are not there, and order lines with neither amount nor price.
pub fn unjoined(index: &Index<'_>) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let money = LedgerSet::of(&[Ledger::Orders, Ledger::Receipts, Ledger::Refunds]);
    let strays = !index.strays().is_empty();
    let mut out = if strays { of_nobody(book, prices, money, Period::ALL) } else { Vec::new() };
    out.extend(of_no_order(index));
    if index.lacks_amounts() {
        let found = of_no_worth(prices, sales(book, prices, Period::ALL).iter());
        // Accounts are in their own currencies, and need no rate.
        out.extend(found.into_iter().filter(|u| u.lacks == Lacks::Amount));
    }
    out
}

/// Puts the receivables and payments behind each row below the table.
pub fn explain(doc: &mut Document, index: &Index<'_>, chosen: &Chosen<'_>, lang: Lang) {
    use super::document::Block;
    let book = index.book;
    doc.blocks.push(Block::Note(m::rule(lang, "R10")));
    let known = index.accounts().iter().filter(|a| chosen.customers.contains(&a.customer));
    let known = known.map(|a| (book.customers[a.customer].id, a));
    let strangers = index.strangers().iter().filter(|_| chosen.strangers).map(|(id, a)| (*id, a));
    for (id, a) in known.chain(strangers) {
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
