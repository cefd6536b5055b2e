//! R6: lines of orders and quotes that are corrected: whether their new prices, discounts and costs may be given. A
//! line that broke a rule before it is corrected may be corrected all the same, unless it then breaks more of it.

use super::below::worth_of;
use super::engine::index::Index;
use super::entry::{Entry, Line, Terms, is_included, line};
use super::fits::{Places, edited};
use super::floor::{Worth, least, whole};
use super::floors::Floors;
use super::pricing::{Judge, line_name};
use super::requests::Judged;
use crate::model::Map;
use crate::model::change::{Change, ChangeSet};
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::model::team::Member;
use std::collections::BTreeMap;

/// Cells that a row gets: columns and texts.
type Cells<'c> = &'c [(String, String)];

/// A row, and the cells that it gets.
type Edited<'c> = (&'c PlainRow, Option<Cells<'c>>);

/// One side of an order or quote, as it was or as it becomes: its lines, and the floor that they must keep.
struct Side<'c> {
    customer: Option<usize>,
    at: Option<At>,
    currency: &'c str,
    lines: Vec<Option<Line>>,
    floor: Decimal,
}

impl Side<'_> {
    /// By how much a net and a cost fall short of the floor; more than nothing, or `None`.
    fn gap(&self, net: Decimal, cost: Decimal) -> Option<Decimal> {
        let gap = least(net, self.floor)?.checked_sub(net.checked_sub(cost)?)?;
        (gap > Decimal::ZERO).then_some(gap)
    }

    fn gap_of(&self, n: usize) -> Option<Decimal> {
        let l = self.lines[n].as_ref()?;
        self.gap(l.net, l.cost?)
    }

    fn worth(&self) -> Vec<Worth> {
        self.lines.iter().flatten().map(Line::worth).collect()
    }

    fn discount_of(&self, n: usize) -> Decimal {
        self.lines[n].as_ref().and_then(|l| l.entry.discount).unwrap_or_default()
    }
}

/// Judges edits of order and quote lines: floors and discounts. The book must hold the edited ledgers as plain rows, the
/// orders, products, rates and events.
pub fn judge(index: &Index<'_>, changes: &ChangeSet, by: Option<&Member>) -> Judged {
    let book = index.book;
    let mut going: BTreeMap<(Ledger, &str), Vec<(&PlainRow, Cells<'_>)>> = BTreeMap::new();
    let places = Places::of(book, changes);
    for c in &changes.changes {
        if let Change::EditRow { file, ledger: ledger @ (Ledger::Orders | Ledger::Quotes), line, cells } = c
            && let Some(row) = places.row(*ledger, file, *line)
        {
            let id = ledger.column("id").map_or("", |n| row.cell(n));
            going.entry((*ledger, id)).or_default().push((row, cells));
        }
    }
    let mut out = Judged::default();
    for ((ledger, id), edits) in going {
        let column = |name: &str| ledger.column(name);
        let cell = |r: &PlainRow, name: &str| column(name).map_or("", |n| r.cell(n));
        let version = |r: &PlainRow| cell(r, "version").parse::<u32>().unwrap_or(1);
        let ours = |r: &&PlainRow| cell(r, "id") == id && version(r) == version(edits[0].0);
        let rows = book.plain.get(&ledger).into_iter().flatten().filter(ours);
        let cells: Map<RowPlace, Cells<'_>> = edits.iter().map(|(e, cells)| (e.place, *cells)).collect();
        let rows: Vec<Edited<'_>> = rows.map(|r| (r, cells.get(&r.place).copied())).collect();
        let found = judge_one(index, ledger, &rows, by);
        out.refusals.extend(found.refusals);
        out.asks.extend(found.asks);
    }
    out
}

fn judge_one(index: &Index<'_>, ledger: Ledger, rows: &[Edited<'_>], by: Option<&Member>) -> Judged {
    let mut floors = Floors::new(index);
    let before = side(index, ledger, rows, false, &mut floors);
    let after = side(index, ledger, rows, true, &mut floors);
    let (Some(customer), Some(at)) = (after.customer, after.at) else { return Judged::default() };
    let terms = Terms { day: at.day, currency: after.currency, tax_rate: None };
    let mut judge = Judge::new(index, customer, by, terms);
    let is_worse =
        |before: Option<Decimal>, after: Option<Decimal>| after.is_some_and(|a| before.is_none_or(|b| a > b));
    for (n, l) in after.lines.iter().enumerate() {
        let Some(l) = l else { continue };
        let name = line_name(n, &l.entry);
        if is_worse(before.gap_of(n), after.gap_of(n)) {
            judge.line_below(name.clone(), l, after.floor);
        }
        if after.discount_of(n) > before.discount_of(n) {
            judge.discount(&name, after.discount_of(n));
        }
    }
    let (worth_before, worth_after) = (before.worth(), after.worth());
    let bears = worth_after.iter().any(|w| !w.extra_cost.is_zero());
    if judge.judged.refusals.is_empty()
        && bears
        && let Some((net, cost)) = whole(&worth_after)
        && is_worse(whole(&worth_before).and_then(|(net, cost)| before.gap(net, cost)), after.gap(net, cost))
    {
        let lines: Vec<Line> = after.lines.iter().flatten().cloned().collect();
        judge.order_below(&lines, (net, cost), after.floor);
    }
    judge.judged
}

/// The lines of an order or quote as they are, or as they would be.
fn side<'c>(
    index: &Index<'_>,
    ledger: Ledger,
    rows: &[Edited<'c>],
    is_after: bool,
    floors: &mut Floors<'_, '_>,
) -> Side<'c> {
    let book = index.book;
    let mut side = Side { customer: None, at: None, currency: "", lines: Vec::new(), floor: Decimal::ZERO };
    for (row, cells) in rows {
        let cells = cells.filter(|_| is_after).unwrap_or_default();
        let by_number = edited(ledger, row, cells);
        let cell = |name: &str| ledger.column(name).map_or("", &by_number);
        if side.at.is_none() {
            side.at = At::parse(cell("at"), book.settings.tz);
            side.customer = book.customer_index(cell("customer"));
            side.currency = cell("currency");
        }
        let day = side.at.map_or(book.today, |at| at.day);
        side.lines.push(worked_out(index, ledger, cell, Terms { day, currency: side.currency, tax_rate: None }));
    }
    if let (Some(customer), Some(at)) = (side.customer, side.at) {
        side.floor = floors.on(Some(customer), at.day);
    }
    side
}

/// A line by its cells; `None` for one that takes something back, or of which nothing is known.
fn worked_out<'c>(index: &Index<'_>, ledger: Ledger, cell: impl Fn(&str) -> &'c str, terms: Terms<'_>) -> Option<Line> {
    let (prices, settings) = (index.prices(), &index.book.settings);
    let number = |name: &str| parse_decimal(cell(name));
    let entry = Entry {
        product: cell("product").into(),
        quantity: number("quantity"),
        price: number("price"),
        discount: number("discount"),
        unit_cost: number("unit_cost"),
        extra_cost: number("extra_cost"),
        ..Entry::default()
    };
    if ledger == Ledger::Quotes {
        // A price that was never written down was never quoted.
        return entry.quantity.and(entry.price).and_then(|_| line(prices, terms, &entry, settings).ok());
    }
    let Worth { net, cost, .. } = worth_of(prices, &cell, terms.day)?;
    let tax = number("tax").unwrap_or_default();
    let entered = if is_included(settings) { net.checked_add(tax)? } else { net };
    let entry = Entry { amount: entry.price.is_none().then_some(entered), ..entry };
    let unit_cost = entry.unit_cost;
    Some(Line { entry, entered, net, tax, write_amount: true, unit_cost, cost })
}
