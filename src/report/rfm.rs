//! Recency, frequency and money of customers, and the segments that these make (R9).

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::figures as behind;
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, money, unjoined};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::Metric;
use crate::model::book::Reads;
use crate::model::money::{Decimal, Sum, fixed};
use crate::model::value::Kind;
use crate::report::picture::{Picture, Shape};
use crate::rules::engine::index::Index;
use crate::rules::rfm::{self, READS};
use crate::rules::segments::{EIGHT, SEGMENTS, Scored, Scores};
use crate::rules::stays::FEW;
use std::cmp::Reverse;

/// Customers by recency, frequency and money.
pub struct Rfm;

/// What a row is about; the first one is a customer each.
const KEYS: &[&str] = &["customer", "segment"];

/// The divisions in segments.
const DIVISIONS: &[&str] = &["ten", "eight"];

fn by_segment(ask: &Ask<'_>) -> bool {
    ask.flag("by") == KEYS[1]
}

/// The segments of the division that is asked for.
fn segments(ask: &Ask<'_>) -> &'static [&'static str] {
    if ask.flag("segments") == DIVISIONS[1] { &EIGHT } else { &SEGMENTS }
}

fn segment_of(all: &Scores, s: &Scored, ask: &Ask<'_>) -> Option<&'static str> {
    if segments(ask) == EIGHT { all.of_eight(s) } else { s.segment() }
}

fn segment_cell(segment: Option<&str>, lang: Lang) -> Cell {
    segment.map_or(Cell::NotAvailable, |s| code(s, values::value(lang, "rfm", s)))
}

impl Report for Rfm {
    fn name(&self) -> &'static str {
        "rfm"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report rfm",
            "kehu report rfm segment:cant-lose,at-risk owner:li",
            "kehu report rfm --segments eight --by segment",
            "kehu report rfm r:1 m.ge:4 --sort -monetary --limit 20",
            "kehu report rfm huaxin --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Only(KEYS) },
            Flag { name: "segments", value: Some("N"), default: Some("ten"), values: FlagValues::Only(DIVISIONS) },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report rfm --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn names_later(&self, ask: &Ask<'_>) -> bool {
        !by_segment(ask)
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        if by_segment(ask) { segment_columns(lang) } else { columns(lang) }
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let words = |s: &&str| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "rfm", s));
            ((*s).to_string(), words.collect())
        };
        match column {
            "segment" => segments(ask).iter().map(words).collect(),
            "owner" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        if by_segment(ask) { Vec::new() } else { ["customer", "name", "owner"].map(String::from).to_vec() }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        if by_segment(ask) {
            reporting::by_key(lang, title, labels::label(lang, "rfm_segment"))
        } else {
            title.to_string()
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let all = rfm::rfm(index);
        let chosen = chosen(index, all, ask);
        let mut doc = Document::default();
        if !by_segment(ask) {
            let rows = chosen.iter().map(|s| row(index, all, s, ask, lang)).collect();
            let table = Table { columns: columns(lang), rows, ..Table::default() };
            doc.blocks.push(Block::Table(table));
        }
        let few = if chosen.is_empty() && !by_segment(ask) {
            Vec::new()
        } else {
            divided(&mut doc, index, &chosen, ask, lang)
        };
        notes(&mut doc, index, all, &few, ask, lang);
        let unreadable = all.list.iter().any(|s| s.monetary.is_none()) || index.lacks_worth();
        let (window, strays) = (rfm::window(index), index.prices().has_strays());
        let unjoined = unjoined(index, (window, &|s| ask.has_sale(index, s)), strays, (false, unreadable));
        let unknown = Unknown { unjoined, ..Unknown::default() };
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let rules = &index.book.settings.file.rfm;
        doc.blocks.push(Block::Note(m::explain_rfm(lang, m::span(lang, rules.window()), rules.fixed_below())));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main).filter(|_| !by_segment(ask)) else { return };
        let ids = t.rows.iter().take(shown).filter_map(|r| Some(r.cells.first()?.text()?.to_string()));
        let metrics: Vec<&Metric> = crate::metrics::find("rfm").into_iter().collect();
        for customer in ids.filter_map(|id| index.book.customer_index(&id)).collect::<Vec<_>>() {
            let lines = behind(index, &metrics, customer, lang).join("\n  ");
            doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[customer].id)));
        }
    }
}

/// Those who ordered in the window and fit: the best segment first, in it who bought for most.
fn chosen(index: &Index<'_>, all: &Scores, ask: &Ask<'_>) -> Vec<Scored> {
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|c| wanted[c] = true);
    let place = |s: &Scored| segment_of(all, s, ask).and_then(|name| segments(ask).iter().position(|n| *n == name));
    let mut list: Vec<(usize, Scored)> =
        all.list.iter().filter(|s| wanted[s.customer]).map(|s| (place(s).unwrap_or(usize::MAX), *s)).collect();
    list.sort_by_key(|(place, s)| (*place, Reverse(s.monetary), s.customer));
    list.into_iter().map(|(_, s)| s).collect()
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "recency_days", Kind::Days),
        num(lang, "frequency"),
        typed(lang, "monetary", Kind::Money),
        num(lang, "r"),
        num(lang, "f"),
        num(lang, "m"),
        segment_column(lang),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "monetary", "segment"]),
            (Importance::Main, &["name", "recency_days", "frequency"]),
            (Importance::Minor, &["owner"]),
        ],
    );
    columns
}

fn segment_column(lang: Lang) -> Column {
    Column { label: labels::label(lang, "rfm_segment"), ..typed(lang, "segment", Kind::Code) }
}

fn segment_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        segment_column(lang),
        num(lang, "customers"),
        typed(lang, "customer_share", Kind::Ratio),
        typed(lang, "monetary", Kind::Money),
        typed(lang, "money_share", Kind::Ratio),
        typed(lang, "money_each", Kind::Money),
        typed(lang, "recency_median", Kind::Days),
    ];
    rank(&mut columns, &[(Importance::Key, &["segment", "customers", "monetary"])]);
    columns
}

fn row(index: &Index<'_>, all: &Scores, s: &Scored, ask: &Ask<'_>, lang: Lang) -> Row {
    let (book, c) = (index.book, &index.book.customers[s.customer]);
    let cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        Cell::Int(s.recency),
        Cell::Int(s.frequency),
        money(book, s.monetary),
        Cell::Int(s.r.into()),
        Cell::Int(s.f.into()),
        s.m.map_or(Cell::NotAvailable, |m| Cell::Int(m.into())),
        segment_cell(segment_of(all, s, ask), lang),
    ];
    Row { cells, ..Row::default() }
}

/// A row for each segment that has customers; which of them rest on few is given back.
fn divided(doc: &mut Document, index: &Index<'_>, chosen: &[Scored], ask: &Ask<'_>, lang: Lang) -> Vec<String> {
    let (book, all) = (index.book, rfm::rfm(index));
    let sum = |list: &[&Scored]| Sum::of(list.iter().filter_map(|s| s.monetary)).known();
    let whole: Vec<&Scored> = chosen.iter().collect();
    let whole_money = sum(&whole);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let ratio = |part: Decimal, of: Decimal| {
        let share = Some(of).filter(|of| *of > Decimal::ZERO).and_then(|of| part.checked_div(of));
        share.map_or(Cell::NotAvailable, Cell::Ratio)
    };
    let cells = |first: Cell, list: &[&Scored]| {
        let known = list.iter().filter(|s| s.monetary.is_some()).count();
        let net = sum(list).filter(|_| known > 0 || list.is_empty());
        let mut days: Vec<i64> = list.iter().map(|s| s.recency).collect();
        days.sort_unstable();
        vec![
            first,
            Cell::Int(count(list.len())),
            ratio(Decimal::from(list.len()), Decimal::from(whole.len())),
            money(book, net),
            net.zip(whole_money).map_or(Cell::NotAvailable, |(net, all)| ratio(net, all)),
            money(book, net.and_then(|net| net.checked_div(Decimal::from(known)))),
            crate::rules::stays::median(&days).map_or(Cell::NotAvailable, Cell::Days),
        ]
    };
    let (mut rows, mut few) = (Vec::new(), Vec::new());
    let mut names: Vec<Option<&str>> = segments(ask).iter().copied().map(Some).collect();
    names.push(None);
    let mut kept: Vec<&Scored> = Vec::new();
    for name in names {
        let list: Vec<&Scored> = whole.iter().copied().filter(|s| segment_of(all, s, ask) == name).collect();
        let first = segment_cell(name, lang);
        if list.is_empty() || by_segment(ask) && !ask.keeps(&first) {
            continue;
        }
        if count(list.len()) < FEW {
            few.push(first.label().map_or_else(|| m::not_available(lang), str::to_string));
        }
        rows.push(Row { cells: cells(first, &list), ..Row::default() });
        kept.extend(list);
    }
    let total = Row { cells: cells(Cell::Text(m::total(lang).into()), &kept), ..Row::default() };
    let footer = if rows.is_empty() { Vec::new() } else { vec![total] };
    let title = (!by_segment(ask)).then(|| labels::label(lang, "rfm_segment"));
    let pictures =
        vec![Picture::new(Shape::Bars, "segment", &["customers"]), Picture::new(Shape::Bars, "segment", &["monetary"])];
    let columns = segment_columns(lang);
    doc.blocks.push(Block::Table(Table { columns, rows, footer, title, pictures, ..Table::default() }));
    few
}

/// What the scores rest on.
fn notes(doc: &mut Document, index: &Index<'_>, all: &Scores, few: &[String], ask: &Ask<'_>, lang: Lang) {
    let rules = &index.book.settings.file.rfm;
    let mut note = |words: String| doc.blocks.push(Block::Note(words));
    if all.fixed && !all.list.is_empty() {
        note(m::rfm_fixed(lang, all.list.len(), rules.fixed_below()));
    }
    if segments(ask) == EIGHT {
        let [r, f, money] = all.averages().map(|a| a.map_or_else(|| m::not_available(lang), |a| fixed(a, 2)));
        note(m::rfm_averages(lang, r, f, money));
    }
    let ordered = index.ordered().iter().filter(|o| **o).count();
    let before = ordered.saturating_sub(all.list.len());
    if before > 0 && ask.filter.is_empty() {
        note(m::rfm_before(lang, before, m::span(lang, rules.window())));
    }
    if !few.is_empty() {
        note(m::few_cases(lang, few.join(lang.pick(", ", "、"))));
    }
}
