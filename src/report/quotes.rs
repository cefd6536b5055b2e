//! Quotes: one of them with its versions, a customer's open ones, and those that end soon.

use super::document::{Block, Card, Cell, Document, Row, Table, Tone};
use super::due::{code, text};
use super::{col, num};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, percent, shown};
use crate::model::order::QuoteLine;
use crate::rules::engine::index::Index;
use crate::rules::pricing::currency_of;
use crate::rules::quotes::{Quote, State, Version, worked_out};
use crate::store::cells::unescape_note;
use chrono::Days;

/// What quotes are put together from.
pub const READS: Reads = Reads::customers_and(&[Ledger::Quotes, Ledger::Events, Ledger::Products, Ledger::Rates]);

/// An amount in the currency of a line of a quote.
fn money(book: &Book, currency: &str, amount: Option<Decimal>) -> Cell {
    amount.map_or(Cell::NotAvailable, |a| Cell::money(a, currency_of(book, currency)))
}

fn ratio(r: Option<Decimal>) -> Cell {
    r.map_or(Cell::NotAvailable, Cell::Ratio)
}

fn state_cell(lang: Lang, state: State) -> Cell {
    code(state.key(), values::value(lang, "quote_state", state.key()))
}

fn count(n: usize) -> Cell {
    Cell::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// One quote: what it comes to, its versions, its lines with what changed between versions, what happened to it.
pub fn show(index: &Index<'_>, q: &Quote<'_>, lang: Lang) -> Document {
    let book = index.book;
    let version = q.current();
    let head = version.head();
    let a = &q.amounts;
    let customer = q.customer.map(|n| &book.customers[n]);
    let state = q.state(book.today);
    let reason = q.last().filter(|_| state == State::Declined).map_or("", |e| e.reason());
    let fields = vec![
        (col(lang, "id"), Cell::Id(q.id.into())),
        (num(lang, "version"), Cell::Int(i64::from(version.number))),
        (col(lang, "state"), state_cell(lang, state)),
        (col(lang, "customer"), Cell::Id(customer.map_or(head.customer, |c| c.id).into())),
        (col(lang, "name"), customer.map_or(Cell::Missing, |c| text(c.name))),
        (col(lang, "at"), Cell::At(version.at)),
        (col(lang, "valid_until"), version.valid_until().map_or(Cell::Missing, Cell::Day)),
        (col(lang, "by"), text(head.by)),
        (col(lang, "deal"), text(head.deal)),
        (col(lang, "need"), text(head.need)),
        (col(lang, "currency"), text(currency_of(book, head.currency))),
        (num(lang, "lines"), count(version.lines.len())),
        (num(lang, "net"), money(book, head.currency, a.net)),
        (num(lang, "tax"), money(book, head.currency, a.tax)),
        (num(lang, "total_amount"), money(book, head.currency, a.total())),
        (num(lang, "cost"), money(book, head.currency, a.cost)),
        (num(lang, "profit"), money(book, head.currency, a.profit())),
        (num(lang, "margin"), ratio(a.margin())),
        (col(lang, "order"), text(q.order().unwrap_or(""))),
        (col(lang, "reason"), code(reason, values::value(lang, "lost", reason))),
    ];
    let title = customer.map(|c| format!("{}  {}", q.id, c.name));
    let mut blocks = vec![Block::Card(Card { title, fields })];
    if q.versions.len() > 1 {
        blocks.push(Block::Table(versions(index, q, lang)));
    }
    blocks.push(Block::Table(lines(index, q, lang)));
    let events: Vec<_> = book.events.iter().filter(|e| e.kind() == "quote" && e.subject() == q.id).collect();
    if let Some(Block::Table(mut t)) = super::history::report(book, &events, lang).blocks.pop()
        && !t.rows.is_empty()
    {
        t.title = Some(m::history_title(lang));
        blocks.push(Block::Table(t));
    }
    Document { title: None, blocks, main: 0 }
}

fn versions(index: &Index<'_>, q: &Quote<'_>, lang: Lang) -> Table {
    let book = index.book;
    let prices = index.prices();
    let keys = ["at", "by", "valid_until"];
    let mut columns = vec![num(lang, "version")];
    columns.extend(keys.iter().map(|k| col(lang, k)));
    columns.extend(["lines", "net", "cost", "margin"].iter().map(|k| num(lang, k)));
    let rows = q
        .versions
        .iter()
        .rev()
        .map(|v| {
            let counts = v.number == q.current().number;
            let a = if counts { q.amounts } else { v.amounts(prices, &book.settings, v.at.day) };
            let cells = vec![
                Cell::Int(i64::from(v.number)),
                Cell::At(v.at),
                text(v.head().by),
                v.valid_until().map_or(Cell::Missing, Cell::Day),
                count(v.lines.len()),
                money(book, v.head().currency, a.net),
                money(book, v.head().currency, a.cost),
                ratio(a.margin()),
            ];
            Row { cells, tone: if counts { Tone::Plain } else { Tone::Faint }, ..Row::default() }
        })
        .collect();
    Table { title: Some(m::versions_title(lang)), columns, rows, ..Table::default() }
}

/// The lines of all versions, the newest first; a line that the next version leaves out stands there once more.
fn lines(index: &Index<'_>, q: &Quote<'_>, lang: Lang) -> Table {
    let book = index.book;
    let prices = index.prices();
    let several = q.versions.len() > 1;
    let mut columns = if several { vec![num(lang, "version")] } else { Vec::new() };
    columns.extend([col(lang, "line"), col(lang, "product"), col(lang, "name")]);
    columns.extend(["quantity", "price", "discount", "net"].iter().map(|k| num(lang, k)));
    if several {
        columns.push(col(lang, "change"));
    }
    columns.push(col(lang, "note"));
    let number = |n: Option<Decimal>| n.map_or(Cell::Missing, |n| Cell::Number(n.normalize()));
    let mut rows = Vec::new();
    for (n, v) in q.versions.iter().enumerate().rev() {
        let older = n.checked_sub(1).map(|n| &q.versions[n]);
        let (changes, gone) = older.map_or((Vec::new(), Vec::new()), |o| compare(o, v, lang));
        let counts = v.number == q.current().number;
        let mut add = |l: &QuoteLine, change: String, here: bool| {
            let line = if here { l.line } else { "" };
            let net = worked_out(prices, &book.settings, l, v.at.day).map(|x| x.net);
            let name = prices.version(l.product, v.at.day).map_or("", |p| p.name);
            let mut cells = if several { vec![Cell::Int(i64::from(v.number))] } else { Vec::new() };
            cells.extend([text(line), Cell::Id(l.product.into()), text(name)]);
            if here {
                let discount = l.discount.map_or(Cell::Missing, Cell::Ratio);
                cells.extend([number(l.quantity), number(l.price), discount, money(book, l.currency, net)]);
            } else {
                cells.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]);
            }
            if several {
                cells.push(text(&change));
            }
            // A line without a product is known by its note.
            cells.push(if here || l.product.is_empty() { text(&unescape_note(l.note)) } else { Cell::Missing });
            rows.push(Row { cells, tone: if counts { Tone::Plain } else { Tone::Faint }, ..Row::default() });
        };
        for (n, l) in v.lines.iter().enumerate() {
            add(l, changes.get(n).cloned().unwrap_or_default(), true);
        }
        for l in gone {
            add(l, m::line_gone(lang), false);
        }
    }
    Table { title: Some(m::lines_title(lang)), columns, rows, ..Table::default() }
}

/// What a version changes: for each of its lines, in words; and the lines that it leaves out. Lines of one product go
/// together in their order.
fn compare<'v>(old: &Version<'v>, new: &Version<'v>, lang: Lang) -> (Vec<String>, Vec<&'v QuoteLine>) {
    let mut left: Vec<&QuoteLine> = old.lines.clone();
    // A line without a product is known by its note.
    let same = |a: &QuoteLine, b: &QuoteLine| a.product == b.product && (!a.product.is_empty() || a.note == b.note);
    let changes = new
        .lines
        .iter()
        .map(|l| match left.iter().position(|o| same(o, l)) {
            Some(n) => differences(left.remove(n), l, lang),
            None => m::line_new(lang),
        })
        .collect();
    (changes, left)
}

fn differences(old: &QuoteLine, new: &QuoteLine, lang: Lang) -> String {
    let plain = |n: Option<Decimal>| n.map_or_else(|| m::empty_word(lang), |n| n.normalize().to_string());
    let mut out = Vec::new();
    let mut note = |key: &str, old: String, new: String| {
        if old != new {
            out.push(format!("{} {old} → {new}", labels::column(lang, "quotes", key)));
        }
    };
    note("quantity", plain(old.quantity), plain(new.quantity));
    note("price", plain(old.price), plain(new.price));
    note("discount", percent(old.discount.unwrap_or_default()), percent(new.discount.unwrap_or_default()));
    out.join(lang.pick(", ", "，"))
}

/// A customer's open quotes.
pub fn open(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let book = index.book;
    let mut columns = vec![col(lang, "id"), num(lang, "version")];
    columns.extend(["at", "state", "valid_until", "by"].iter().map(|k| col(lang, k)));
    columns.push(num(lang, "net"));
    let open = index.quotes().of(customer).filter(|q| q.state(book.today).is_open());
    let rows = open
        .map(|q| {
            let v = q.current();
            let cells = vec![
                Cell::Id(q.id.into()),
                Cell::Int(i64::from(v.number)),
                Cell::At(v.at),
                state_cell(lang, q.state(book.today)),
                v.valid_until().map_or(Cell::Missing, Cell::Day),
                text(v.head().by),
                money(book, v.head().currency, q.amounts.net),
            ];
            Row { cells, ..Row::default() }
        })
        .collect();
    Table { title: Some(m::quotes_title(lang)), columns, rows, ..Table::default() }
}

/// A quote that ends soon.
pub struct Ending<'a> {
    /// The customer's index.
    pub customer: usize,
    /// Its last day.
    pub day: Day,
    /// Who looks after it: who made it; the customer's owner when that one has left.
    pub by: &'a str,
    /// The quote, its state and amount, in words.
    pub what: String,
}

/// Open quotes whose last day comes within `[quotes] warn_days`, in the order of the book.
pub fn ending<'a>(index: &Index<'a>, lang: Lang) -> Vec<Ending<'a>> {
    let book = index.book;
    let warn = book.settings.quote_warn_days();
    let until = book.today.checked_add_days(Days::new(u64::try_from(warn).unwrap_or(0))).unwrap_or(book.today);
    let base = &book.settings.file.currency;
    let one = |q: &Quote<'a>| {
        let (version, state) = (q.current(), q.state(book.today));
        let (customer, day) = (q.customer?, version.valid_until().filter(|d| *d <= until && state.is_open())?);
        let here = |who: &str| book.team.get(who).is_some_and(|p| p.is_here(book.today));
        let by = if here(version.head().by) { version.head().by } else { book.customers[customer].owner };
        let word = values::value(lang, "quote_state", state.key());
        let currency = q.currency(base);
        let what = match q.amounts.net {
            Some(net) => m::quote_ending(lang, q.id, word, shown(net, currency), currency),
            None => m::quote_ending_unknown(lang, q.id, word),
        };
        Some(Ending { customer, day, by, what })
    };
    index.quotes().all().iter().filter_map(one).collect()
}
