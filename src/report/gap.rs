//! The month's end: what is missing to the target, what is needed a working day, and what could close it.

use super::document::{Block, Card, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::amount_text;
use super::performance::{amount, days_note};
use super::{col, hidden, num, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::deals;
use crate::rules::engine::index::Index;
use crate::rules::gap::{Chance, Source, chances, expected};
use crate::rules::performance::{Days, Standing, Tally, credits, of_all, standing};
use crate::rules::targets::{Metric, Target, Targets};

/// What this reads.
pub const READS: Reads = Reads { lean: false, ..super::performance::READS }
    .and(deals::READS)
    .and(Reads::customers_and(&[Ledger::Quotes, Ledger::Products]))
    .and(Reads { plain: LedgerSet::of(&[Ledger::Targets]), ..Reads::NOTHING });

/// Whose gap, of what, in which days.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'q> {
    /// A member, with all who report to it; `None` = everybody.
    pub who: Option<&'q str>,
    /// What counts.
    pub metric: Metric,
    /// The days.
    pub period: Period,
}

/// The answer: a card of figures, and the chances below it.
pub fn report(index: &Index<'_>, asked: &Asked<'_>, lang: Lang) -> Document {
    let book = index.book;
    let Asked { who, metric, period } = *asked;
    let tally = Tally::new(&book.team, &credits(index, metric, period));
    let targets = Targets::new(book);
    let at = match who {
        Some(who) => standing(&targets, &tally, who, (metric, period)),
        None => of_all(&book.team, &targets, &tally, (metric, period)),
    };
    let is_its = |doer: &str| who.is_none_or(|who| book.team.is_under(doer, who));
    let list = chances(index, period, &is_its);
    let card = card(book, asked, &at, &list, lang);
    let columns = columns(lang);
    let rows: Vec<Row> = list.iter().map(|c| row(book, c, metric, lang)).collect();
    let table = Table { columns, rows, id_column: 1, ..Table::default() };
    let mut blocks = vec![Block::Card(card), Block::Table(table), Block::Note(verdict(book, asked, &at, &list, lang))];
    blocks.extend(days_note(book, period, lang).map(Block::Note));
    Document { title: Some(title(book, asked, lang)), blocks, main: 1 }
}

fn title(book: &Book, asked: &Asked<'_>, lang: Lang) -> String {
    let who = asked.who.map_or_else(|| values::value(lang, "section", "team"), |w| book.team.name(w).to_string());
    let metric = values::value(lang, "targets.metric", asked.metric.key());
    m::gap_title(lang, who, metric, super::caption::days_of(asked.period))
}

/// What all chances that count for the metric come to.
fn closable(list: &[Chance<'_>], metric: Metric) -> Sum {
    let counting = Source::ALL.into_iter().filter(|s| s.counts_for(metric));
    counting.map(|s| expected(list, s, metric)).fold(Sum::ZERO, Sum::plus)
}

fn card(book: &Book, asked: &Asked<'_>, at: &Standing, list: &[Chance<'_>], lang: Lang) -> Card {
    let metric = asked.metric;
    let kind = if metric.is_money() { Kind::Money } else { Kind::Number };
    let own = |key: &str| typed(lang, key, kind);
    let days = Days::of(book, asked.period);
    let needed = days.and_then(|d| d.needed(at.gap()?));
    let mut fields = vec![
        (own("done"), amount(book, metric, Some(at.done.sum))),
        (own("target"), amount(book, metric, at.target())),
        (typed(lang, "completion", Kind::Ratio), at.completion().map_or(Cell::NotAvailable, Cell::Ratio)),
        (own("gap"), amount(book, metric, at.gap())),
        (num(lang, "working_days_left"), days.map_or(Cell::NotAvailable, |d| Cell::Int(d.left))),
        (own("needed_per_day"), amount(book, metric, needed)),
        (own("run_rate"), amount(book, metric, days.and_then(|d| d.run_rate(at.done.sum)))),
    ];
    for source in Source::ALL {
        let label = values::value(lang, "chance", source.key());
        let counts = source.counts_for(metric);
        // What does not count for the metric is told in money.
        let of = if counts { metric } else { Metric::Signed };
        let kind = if of.is_money() { Kind::Money } else { Kind::Number };
        let label = if counts { label } else { m::beside_gap(lang, label) };
        let sum = expected(list, source, of).known();
        fields.push((Column { label, ..typed(lang, source.key(), kind) }, amount(book, of, sum)));
    }
    Card { title: None, fields }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        Column { kind: Kind::Code, ..hidden(lang, "section") },
        typed(lang, "id", Kind::Id),
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "by_day", Kind::Day),
        typed(lang, "amount", Kind::Money),
        typed(lang, "probability", Kind::Ratio),
        Column { label: labels::column(lang, "gap", "expected"), ..num(lang, "expected") },
        typed(lang, "by", Kind::Code),
    ];
    for c in &mut columns {
        if c.key == "by_day" {
            c.label = labels::label(lang, "by_day");
        }
    }
    rank(&mut columns, &[(Importance::Key, &["id", "amount", "by_day"]), (Importance::Main, &["name", "expected"])]);
    columns
}

fn row(book: &Book, c: &Chance<'_>, metric: Metric, lang: Lang) -> Row {
    let section = values::value(lang, "chance", c.source.key());
    let of = if c.source.counts_for(metric) { metric } else { Metric::Signed };
    let customer = c.customer.map(|n| &book.customers[n]);
    let cells = vec![
        code(c.source.key(), &section),
        Cell::Id(c.id.into()),
        customer.map_or(Cell::Missing, |c| Cell::Id(c.id.into())),
        customer.map_or(Cell::Missing, |c| text(c.name)),
        c.day.map_or(Cell::Missing, Cell::Day),
        amount(book, Metric::Signed, c.amount),
        c.probability.map_or(Cell::NotAvailable, Cell::Ratio),
        amount(book, of, c.expected(of)),
        text(c.who),
    ];
    let late = c.day.is_some_and(|d| d < book.today);
    Row { cells, tone: if late { Tone::Bad } else { Tone::Plain }, group: Some(section.into()), ..Row::default() }
}

/// Whether the gap can be closed.
fn verdict(book: &Book, asked: &Asked<'_>, at: &Standing, list: &[Chance<'_>], lang: Lang) -> String {
    let metric = asked.metric;
    let plain = |n: Decimal| {
        if metric.is_money() {
            amount_text(&book.settings.file.currency, n)
        } else {
            crate::model::money::round(n, 2).normalize().to_string()
        }
    };
    let Some(gap) = at.gap() else {
        return match &at.targets[1] {
            Target::Lacks(parts) => m::gap_lacks(lang, parts.join(", ")),
            _ => m::gap_no_target(lang),
        };
    };
    if gap <= Decimal::ZERO {
        return m::gap_reached(lang, plain(-gap));
    }
    if !Source::ALL.into_iter().any(|s| s.counts_for(metric)) {
        return m::gap_untold(lang, plain(gap));
    }
    match closable(list, metric).known() {
        Some(sum) if sum >= gap => m::gap_in_reach(lang, plain(gap), plain(sum)),
        Some(sum) => m::gap_too_large(lang, plain(gap), plain(sum), plain(gap.saturating_sub(sum))),
        None => m::gap_untold(lang, plain(gap)),
    }
}
