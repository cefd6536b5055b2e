//! Profit by anything (R6).

use super::ask::{Answer, Ask, Flag, FlagValues, Misuse, Report, Series, Values, row_key};
use super::col;
use super::contribution::{self, Contributed};
use super::document::{Block, Cell, Column, Document, Row, Table};
use super::explain::cut;
use super::fields::{CustomerFields, word};
use super::sales_figures::{
    FIGURES, Unknown, caveats, figure_cells, figure_columns, figures_by_key, lines_by, unjoined,
};
use super::sales_groups::{Groups, KEYS, Names, UNKNOWN, attribute, by_key, is_decided, is_named, key_column};
use super::series::{EARNED, beside, beside_columns};
use crate::diag::nearest;
use crate::i18n::money::{explain_contribution, unknown_group};
use crate::i18n::{Lang, labels, messages as m, reporting as w};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Schema as _;
use crate::query::{Per, buckets};
use crate::report::picture::{Picture, Shape};
use crate::rules::contribution as parts;
use crate::rules::engine::groups::{Breakdown, by_customer};
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale, sales};
use crate::rules::unjoined::{lacks_products, products_named};
use rayon::prelude::*;
use std::collections::HashSet;

/// What this report reads.
const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]),
    lean: true,
    ..Reads::NOTHING
};

/// Revenue, cost and profit of groups of sales.
pub struct Profit;

impl Profit {
    fn by(ask: &Ask<'_>) -> String {
        by_key(ask).unwrap_or_else(|| "customer".to_string())
    }

    fn at_order(ask: &Ask<'_>) -> bool {
        ask.flag("attr") == "at-order"
    }

    /// The report of a period, without what it is compared with.
    fn of(index: &Index<'_>, ask: &Ask<'_>, by: &str, period: Period, lang: Lang) -> (Document, Unknown) {
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        // People see one figure of each part of the period.
        let one = ask.people && !ask.judged && ask.per.is_some();
        let q = Question {
            by,
            period,
            per: ask.per,
            at_order: Profit::at_order(ask),
            filter: &fits,
            everything: ask.filter.is_empty(),
            only: one.then_some("profit"),
            limit: ask.limit,
            net: contribution::is_asked(ask),
            kept: ask.kept.as_ref(),
        };
        report(index, &q, ask, lang)
    }
}

impl Report for Profit {
    fn name(&self) -> &'static str {
        "profit"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report profit --by customer -p 2026 --limit 20",
            "kehu report profit --by product --per month -p 2026H1",
            "kehu report profit --by product margin.lt:10% -p 2026H1",
            "kehu report profit --by grade --compare year-ago -p 2026Q2",
            "kehu report profit owner:li --by order --explain",
            "kehu report profit --net -p 2026 --sort -net_contribution",
        ]
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Known(KEYS) },
            Flag { name: "net", value: None, default: None, values: FlagValues::Any },
            Flag {
                name: "attr",
                value: Some("WHEN"),
                default: Some("today"),
                values: FlagValues::Only(&["today", "at-order"]),
            },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: true, compare: true, instead: "" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let by = ask.flag("by");
        if by_key(ask).is_none() {
            let keys = CustomerFields::new(ask.settings, ask.team).keys();
            let others = keys.iter().filter(|k| attribute(ask, k).is_some()).map(String::as_str);
            let words: Vec<String> = KEYS.iter().map(|k| labels::label(lang, k)).collect();
            let named = others.chain(KEYS.iter().copied()).chain(words.iter().map(String::as_str));
            return Err(Misuse::Value {
                message: m::cannot_group(lang, labels::label(lang, "profit"), by),
                nearest: nearest(by, named),
                hint: m::hint_values(lang, format!("{}, fields.NAME, x_COLUMN", KEYS.join(", "))),
            });
        }
        Ok(())
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let plain = match Profit::by(ask).as_str() {
            "contract" | "project" => LedgerSet::of(&[Ledger::Contracts]),
            own if own.starts_with("x_") => LedgerSet::of(&[Ledger::Orders]),
            _ => LedgerSet::NONE,
        };
        let own = Reads { plain, ..READS };
        if contribution::is_asked(ask) { own.and(parts::READS) } else { own }
    }

    fn names_later(&self, ask: &Ask<'_>) -> bool {
        let by = Profit::by(ask);
        matches!(by.as_str(), "customer" | "product" | "category" | "supplier" | "rep" | "department" | "manager")
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        // The parts of the contribution are shown where somebody asks for them, and can be named everywhere.
        let mut columns = columns(ask, &Profit::by(ask), ask.per.is_some(), lang);
        columns.extend(contribution::columns(lang));
        if let Some(then) = &ask.compare {
            columns.extend(beside_columns(EARNED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let by = Profit::by(ask);
        match column {
            "rep" | "manager" if column == by => attribute(ask, "owner").map_or_else(Vec::new, |def| def.values),
            _ if column == by => attribute(ask, column).map_or_else(Vec::new, |def| def.values),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        let by = Profit::by(ask);
        match by.as_str() {
            "order" | "contract" | "project" | "rep" | "manager" | "department" => Vec::new(),
            decided if is_decided(decided) && Profit::at_order(ask) => Vec::new(),
            "customer" => vec![by, "name".to_string()],
            _ => vec![by],
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let by = Profit::by(ask);
        let head = key_column(ask, &by, lang).label;
        w::by_key(lang, w::title(lang, self.name()), head)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let by = Profit::by(ask);
        let (mut doc, unknown) = Profit::of(index, ask, &by, ask.period, lang);
        if let Some(then) = &ask.compare {
            let before = Profit::of(index, ask, &by, then.then, lang).0;
            doc = beside(doc, &before, EARNED, None, (then.reading, lang));
        }
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn pictures(&self, ask: &Ask<'_>) -> Vec<Picture> {
        if ask.per.is_some() { Vec::new() } else { vec![Picture::new(Shape::Bars, "name", &["revenue", "profit"])] }
    }

    fn pivoted(&self) -> Option<&'static str> {
        Some("profit")
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let by = Profit::by(ask);
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let q = (by.as_str(), Profit::at_order(ask), ask.period, contribution::is_asked(ask));
        explain(doc, index, q, &fits, shown, lang);
    }
}

/// Puts the rows that stayed into an answer whose totals and notes are about them alone.
pub(super) fn total_again(report: &dyn Report, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
    let rows = answer.table().map(|t| std::mem::take(&mut t.rows)).unwrap_or_default();
    *answer = report.ask(index, ask, lang);
    if let Some(table) = answer.table() {
        table.rows = rows;
    }
}

fn columns(ask: &Ask<'_>, by: &str, parts: bool, lang: Lang) -> Vec<Column> {
    let mut columns = vec![key_column(ask, by, lang)];
    columns.extend(is_named(by).then(|| col(lang, "name")));
    columns.extend(parts.then(|| col(lang, "period")));
    columns.extend(figure_columns(lang));
    columns
}

/// How profit is asked for.
struct Question<'q> {
    /// See [`by_key`].
    by: &'q str,
    /// The days that count.
    period: Period,
    /// A figure for each day, week … of the period.
    per: Option<Per>,
    /// The attributes of the customer on the order's day instead of today's.
    at_order: bool,
    /// Which sales count.
    filter: &'q dyn Fn(&Sale<'_>) -> bool,
    /// Whether the filter lets everything pass, so that nobody need ask it.
    everything: bool,
    /// The only figure of each part of the period that is shown; the others are not worked out.
    only: Option<&'q str>,
    /// How many groups are shown, where that is known beforehand; for others no rows are made.
    limit: Option<usize>,
    /// The groups that the totals are about, by [`row_key`]; `None` = all.
    kept: Option<&'q HashSet<String>>,
    /// Whether the parts of the net contribution stand beside the figures.
    net: bool,
}

/// The report, and what it could not know.
fn report(index: &Index<'_>, q: &Question<'_>, ask: &Ask<'_>, lang: Lang) -> (Document, Unknown) {
    let cal = &ask.calendar;
    let book = index.book;
    let prices = index.prices();
    let key = Groups::new(index, q.by, q.at_order);
    let mut parts = match q.per {
        Some(per) => {
            let lines = || book.orders.segments().iter().filter_map(|s| s.days);
            let refunds = || book.refunds.iter().map(|r| (r.at.day, r.at.day));
            let days = || lines().chain(refunds());
            let from = q.period.from.or_else(|| days().map(|d| d.0).min()).unwrap_or(book.today);
            let to = q.period.to.or_else(|| days().map(|d| d.1).max()).unwrap_or(book.today).min(book.today);
            buckets(&Period::new(from, to), per, cal)
        }
        None => Vec::new(),
    };
    // The part of the period in which a day lies; the last number is for days outside.
    let ends: Vec<Option<Day>> = parts.iter().map(|(_, p)| p.to).collect();
    let part = |day: Day| ends.partition_point(|to| to.is_some_and(|to| to < day));
    let alone = q.everything && q.by == "customer" && q.per.is_none();
    let of_customers = alone.then(|| by_customer(book, prices, q.period));
    let days: (usize, &(dyn Fn(Day) -> usize + Sync)) = (parts.len() + 1, &part);
    let found = if !q.everything {
        let sales = sales(book, prices, q.period);
        Some(Breakdown::of_sales(sales.iter().filter(|s| (q.filter)(s)), |s| key.of(s), days))
    } else if alone {
        None
    } else {
        Some(Breakdown::new(book, prices, q.period, key.basis(), |s| key.of(s), days))
    };
    let found_all = || found.iter().flat_map(Breakdown::iter);
    // Without a first or last day the report begins and ends with what was sold.
    let first = if q.period.from.is_none() { found_all().map(|(_, part, _)| part).min().unwrap_or(0) } else { 0 };
    if q.period.to.is_none() {
        let last = found_all().map(|(_, part, _)| part + 1).max().unwrap_or(0);
        parts.truncate(last);
    }
    let mut all = match (&found, &of_customers) {
        (Some(found), _) => found.total(),
        (None, Some(customers)) => customers.total(),
        (None, None) => Figures::default(),
    };
    // Groups over all parts, to put them in order; the number of orders does not matter for that.
    let groups = found.as_ref().filter(|_| q.per.is_some()).map(Breakdown::by_name).unwrap_or_default();
    let mut order: Vec<(Option<Decimal>, &str, &Figures)> = match (&found, &of_customers) {
        _ if q.per.is_some() => groups.iter().map(|(k, f)| (f.profit(), *k, f)).collect(),
        (Some(found), _) => found.par_iter().map(|(k, _, f)| (f.profit(), k, f)).collect(),
        (None, Some(customers)) => {
            let known = customers.par_iter().map(|(c, f)| (f.profit(), book.customers[c].id, f));
            let unknown = Some(customers.unknown()).filter(|f| !f.is_empty()).map(|f| (f.profit(), UNKNOWN, f));
            known.chain(unknown).collect()
        }
        (None, None) => Vec::new(),
    };
    let before = |a: &(Option<Decimal>, &str, &Figures), b: &(Option<Decimal>, &str, &Figures)| {
        let by_profit = match (a.0, b.0) {
            (Some(x), Some(y)) => y.cmp(&x),
            (x, y) => y.is_some().cmp(&x.is_some()),
        };
        by_profit.then_with(|| b.2.revenue().cmp(&a.2.revenue())).then_with(|| a.1.cmp(b.1))
    };
    let sold = matches!(q.by, "rep" | "manager" | "department");
    let periods: Vec<Period> = match q.per {
        Some(_) => parts.iter().map(|(_, p)| within(p, &q.period)).collect(),
        None => vec![q.period],
    };
    let contributed =
        q.net.then(|| Contributed::new(index, &periods, sold, q.filter, &|s| key.of(&s.subject()).into_owned()));
    let nothing = Figures::default();
    if let Some(contributed) = &contributed {
        let known: HashSet<&str> = order.iter().map(|(_, key, _)| *key).collect();
        let mut others: Vec<&str> = contributed.groups().filter(|g| !known.contains(g)).collect();
        others.sort_unstable();
        order.extend(others.into_iter().map(|g| (nothing.profit(), g, &nothing)));
    }
    let named = is_named(q.by);
    let settings = &book.settings;
    let mut columns = columns(ask, q.by, q.per.is_some(), lang);
    if q.net {
        columns.extend(contribution::columns(lang));
    }
    let none = Cell::code("", &m::no_group(lang, &columns[0].label));
    let first_cell = |key: &str| match (named, key) {
        (_, "") => none.clone(),
        (_, UNKNOWN) => Cell::code("", &unknown_group(lang)),
        (true, _) => Cell::Id(key.into()),
        (false, _) => Cell::code(key, &word(lang, settings, None, q.by, key)),
    };
    if let Some(kept) = q.kept {
        order.retain(|(_, key, _)| kept.contains(&row_key(&first_cell(key))));
        all = order.iter().fold(Figures::default(), |sum, (_, _, f)| sum.and(f));
    }
    let of_all: Option<Vec<Cell>> =
        contributed.as_ref().map(|c| c.total(book, order.iter().map(|(_, key, _)| *key), &all));
    let shown = if q.per.is_some() { order.len() } else { q.limit.unwrap_or(usize::MAX).min(order.len()) };
    let left_out = order.len() - shown;
    if shown < order.len() {
        order.select_nth_unstable_by(shown, before);
        order.truncate(shown);
    }
    order.par_sort_unstable_by(before);
    let names = Names::new(index, q.by);
    let head = |key: &str| -> Vec<Cell> {
        let mut cells = vec![first_cell(key)];
        if named {
            cells.push(names.of(key));
        }
        cells
    };
    let only = q.only;
    let row = |head: &[Cell], (key, part): (&str, usize), f: &Figures| {
        let mut cells = Vec::with_capacity(head.len() + FIGURES.len());
        cells.extend_from_slice(head);
        let shown = |key: &str| only.is_none_or(|only| only == key);
        cells.extend(FIGURES.iter().map(|k| if shown(k) { figures_by_key(book, f, k) } else { Cell::Missing }));
        cells.extend(contributed.iter().flat_map(|c| c.cells(book, key, part, f)));
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = if q.per.is_some() {
        let of_group = |(_, key, _): &(Option<Decimal>, &str, &Figures)| {
            let mut cells = head(key);
            let mut rows = Vec::with_capacity(parts.len());
            for (n, (label, _)) in parts.iter().enumerate().skip(first) {
                cells.push(Cell::Text(label.as_str().into()));
                rows.extend(found.iter().map(|found| row(&cells, (key, n), found.of(key, n))));
                cells.pop();
            }
            rows
        };
        order.par_iter().flat_map_iter(of_group).collect()
    } else {
        order.par_iter().map(|(_, key, f)| row(&head(key), (key, 0), f)).collect()
    };
    let mut total = vec![Cell::Text(m::total(lang).into())];
    let own = if q.net { contribution::COLUMNS } else { 0 };
    total.resize(columns.len() - FIGURES.len() - own, Cell::Missing);
    total.extend(figure_cells(book, &all));
    total.extend(of_all.into_iter().flatten());
    let footer = vec![Row { cells: total, ..Row::default() }];
    let together = [("margin".to_string(), figures_by_key(book, &all, "margin"))].into();
    let strays = of_customers.as_ref().map_or_else(|| prices.has_strays(), |found| !found.unknown().is_empty());
    let lacks_products = match (q.by, &found) {
        ("product", Some(found)) => lacks_products(book, found.names()),
        ("category" | "supplier", _) => lacks_products(book, products_named(book)),
        _ => false,
    };
    let mut unjoined = unjoined(index, (q.period, q.filter), strays, (lacks_products, all.unreadable_lines > 0));
    unjoined.extend(contributed.into_iter().flat_map(|c| c.unjoined));
    let unknown = Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined };
    (Document::table(Table { columns, rows, footer, together, left_out, ..Table::default() }), unknown)
}

/// The days of a part of a period that lie within it.
fn within(part: &Period, whole: &Period) -> Period {
    let from = [part.from, whole.from].into_iter().flatten().max();
    let to = [part.to, whole.to].into_iter().flatten().min();
    Period { from, to }
}

/// Puts the rows behind each group below the table: file:line, net, cost.
fn explain(
    doc: &mut Document,
    index: &Index<'_>,
    (by, at_order, period, net): (&str, bool, Period, bool),
    fits: &dyn Fn(&Sale<'_>) -> bool,
    limit: usize,
    lang: Lang,
) {
    let key = Groups::new(index, by, at_order);
    let mut rows = lines_by(index, lang, period, fits, &|s| key.of(&s.subject()).into_owned());
    if net {
        let (charges, _) = parts::charges(index, period, true);
        for c in charges.iter().filter(|c| fits(&c.subject)) {
            let line = contribution::evidence(index.book, c, lang);
            rows.entry(key.of(&c.subject.subject()).into_owned()).or_default().push(line);
        }
    }
    let shown: Vec<String> = match doc.blocks.first() {
        Some(Block::Table(t)) => t
            .rows
            .iter()
            .take(limit)
            .filter_map(|r| match r.cells.first() {
                Some(cell) if cell.label() == Some(unknown_group(lang).as_str()) => Some(UNKNOWN.to_string()),
                Some(cell @ (Cell::Id(_) | Cell::Code { .. })) => cell.text().map(str::to_string),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    doc.blocks.push(Block::Note(m::explain_profit(lang)));
    if net {
        doc.blocks.push(Block::Note(explain_contribution(lang)));
    }
    for key in shown {
        if let Some(lines) = rows.remove(&key) {
            let head = match key.as_str() {
                "" => m::no_group(lang, labels::label(lang, by)),
                UNKNOWN => unknown_group(lang),
                _ => key,
            };
            doc.blocks.push(Block::Note(format!("{head}\n{}", cut(lines, lang).join("\n"))));
        }
    }
}
