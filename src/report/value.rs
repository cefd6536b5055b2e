//! What customers are worth (R8): what they bought and earned so far, and what they are expected to bring. The models behind it stand
//! in `value_model`.

use super::ask::{Answer, Ask, Caveat, Days, Flag, FlagValues, Misuse, Over, Report, Series, Values as Words};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::figures;
use super::picture::{Picture, Shape};
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, money, unjoined};
use super::sales_groups::no_group;
use super::value_model::{self as model, backtest, fewer, notes};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::{Metric, TRADE, find};
use crate::model::book::Reads;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::profit::Sale;
use crate::rules::stays::FEW;
use crate::rules::value::{Basis, Values, values as worth};
use std::collections::BTreeMap;

/// What customers are worth.
pub struct CustomerValue;

/// What customers can be put together by; the first one is each by itself.
const KEYS: &[&str] = &["customer", "owner", "grade", "stage", "region", "industry", "source"];

/// What the main table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Customers, or groups of them.
    Customers,
    /// The parameters of the models.
    Model,
    /// Expected and actual repeat orders, week by week.
    Weeks,
    /// What it would bring if fewer customers left.
    Churn,
}

pub(super) fn show(ask: &Ask<'_>) -> Show {
    match ask.flag("show") {
        _ if !ask.flag("churn").is_empty() => Show::Churn,
        _ if !ask.flag("backtest").is_empty() => Show::Weeks,
        "model" => Show::Model,
        "weeks" => Show::Weeks,
        _ => Show::Customers,
    }
}

/// The key by which customers are grouped, if they are.
fn grouped<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != KEYS[0])
}

impl Report for CustomerValue {
    fn name(&self) -> &'static str {
        "value"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report value --limit 20",
            "kehu report value huaxin --explain",
            "kehu report value --by owner",
            "kehu report value p_alive.lt:0.5 earned.gt:50000",
            "kehu report value --show model",
            "kehu report value --backtest 2025-12-31",
            "kehu report value --churn -5%",
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
            Flag {
                name: "show",
                value: Some("WHAT"),
                default: Some("customers"),
                values: FlagValues::Only(&["customers", "model", "weeks"]),
            },
            Flag { name: "backtest", value: Some("DATE"), default: None, values: FlagValues::Any },
            Flag { name: "churn", value: Some("CHANGE"), default: None, values: FlagValues::Any },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report value --today DATE" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let wrong = |message: String, hint: String| Err(Misuse::Value { message, nearest: Vec::new(), hint });
        if !ask.flag("churn").is_empty() && fewer(ask).is_none() {
            let message = m::invalid_argument(lang, ask.flag("churn"), "--churn");
            return wrong(message, m::hint_churn_change(lang));
        }
        match backtest(ask)? {
            Some(day) if day >= ask.calendar.today => wrong(m::backtest_needs_days(lang, day), String::new()),
            _ => Ok(()),
        }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { customers: true, ledgers: TRADE, lean: true, ..Reads::NOTHING }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask, lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Words {
        let list = |name: &str, keys: &[&str]| {
            let words = |key: &&str| Lang::ALL.iter().map(|l| values::value(*l, name, key).to_string()).collect();
            keys.iter().map(|k| (k.to_string(), words(k))).collect()
        };
        match column {
            "owner" | "grade" | "stage" => ask.values_of(column),
            "basis" => list("basis", &["model", "shrunk", "unknown"]),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        match (show(ask), grouped(ask)) {
            (Show::Customers, None) => ["customer", "name", "owner", "grade"].map(String::from).to_vec(),
            (Show::Customers, Some(by)) => vec![by.to_string()],
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        match (show(ask), grouped(ask)) {
            (Show::Customers, Some(by)) => reporting::by_key(lang, title, labels::label(lang, by)),
            (Show::Weeks, _) => m::value_weeks_title(lang),
            (Show::Model, _) => m::value_model_title(lang),
            (Show::Churn, _) => m::value_churn_title(lang, ask.flag("churn")),
            _ => title.to_string(),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let all = worth(index);
        let chosen: Vec<usize> = ask.customers(index).into_iter().filter(|c| all.buyers.place(*c).is_some()).collect();
        let columns = columns(ask, lang);
        let rows = match show(ask) {
            Show::Customers => return customers(index, ask, &chosen, columns, lang),
            Show::Model => model::parameters(&all.model, lang),
            Show::Weeks => return model::weeks(index, ask, &chosen, columns, lang),
            Show::Churn => return model::what_if(index, ask, &chosen, columns, lang),
        };
        let doc = Document::table(Table { columns, rows, ..Table::default() });
        Answer { doc, caveats: notes(model::findings(all, lang)) }
    }

    fn pictures(&self, ask: &Ask<'_>) -> Vec<Picture> {
        match show(ask) {
            Show::Weeks => vec![
                Picture::new(Shape::Lines, "week", &["repeats_sum", "expected_sum"]),
                Picture::new(Shape::Lines, "week", &["repeats", "expected_repeats"]),
            ],
            _ => Vec::new(),
        }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        if show(ask) == Show::Customers {
            total_again(self, answer, index, ask, lang);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main).filter(|_| show(ask) == Show::Customers) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
        let metrics: Vec<&Metric> = METRICS.iter().filter_map(|key| find(key)).collect();
        match grouped(ask) {
            None => {
                for n in rows.iter().filter_map(|id| index.book.customer_index(id.text()?)) {
                    let lines = figures(index, &metrics, n, lang).join("\n  ");
                    doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[n].id)));
                }
            }
            Some(by) => {
                let all = worth(index);
                let chosen = ask.customers(index).into_iter().filter(|c| all.buyers.place(*c).is_some());
                let mut of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
                for c in chosen {
                    of.entry(key_of(index, by, c)).or_default().push(line(index, all, c, lang));
                }
                for row in rows {
                    let lines = of.remove(row.text().unwrap_or_default()).unwrap_or_default();
                    let lines = super::explain::cut(lines, lang).join("\n  ");
                    let head = row.label().or_else(|| row.text()).unwrap_or_default().to_string();
                    doc.blocks.push(Block::Note(format!("{head}\n  {lines}")));
                }
            }
        }
    }
}

/// The figures that are explained, as metrics know them.
const METRICS: [&str; 6] = ["spent", "earned", "p_alive", "expected_orders", "expected", "clv"];

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let figures = || {
        vec![
            typed(lang, "spent", Kind::Money),
            typed(lang, "earned", Kind::Money),
            typed(lang, "p_alive", Kind::Ratio),
            num(lang, "expected_orders"),
            typed(lang, "expected", Kind::Money),
            typed(lang, "clv", Kind::Money),
        ]
    };
    let mut columns = match (show(ask), grouped(ask)) {
        (Show::Model, _) => return model::parameter_columns(lang),
        (Show::Weeks, _) => return model::week_columns(lang),
        (Show::Churn, _) => return model::what_if_columns(lang),
        (Show::Customers, None) => {
            let mut columns = vec![
                typed(lang, "customer", Kind::Id),
                col(lang, "name"),
                typed(lang, "owner", Kind::Code),
                typed(lang, "grade", Kind::Code),
            ];
            columns.extend(figures());
            columns.push(typed(lang, "basis", Kind::Code));
            columns
        }
        (Show::Customers, Some(by)) => {
            let mut columns =
                vec![Column { importance: Importance::Key, ..typed(lang, by, Kind::Code) }, num(lang, "customers")];
            columns.extend(figures());
            columns.push(typed(lang, "clv_mean", Kind::Money));
            columns
        }
    };
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "clv"]),
            (Importance::Main, &["name", "earned", "p_alive", "expected"]),
            (Importance::Minor, &["basis", "owner", "grade"]),
        ],
    );
    columns
}

fn key_of<'a>(index: &Index<'a>, by: &str, customer: usize) -> &'a str {
    let c = &index.book.customers[customer];
    match by {
        "owner" => c.owner,
        "grade" => c.grade,
        "stage" => c.stage,
        by => c.text(by),
    }
}

/// One customer of a group, in a line.
fn line(index: &Index<'_>, all: &Values, customer: usize, lang: Lang) -> String {
    let base = index.book.settings.file.currency.as_str();
    let amount = |d: Option<Decimal>| d.map_or_else(|| m::not_available(lang), |d| crate::model::money::shown(d, base));
    m::value_line(lang, index.book.customers[customer].id, amount(all.earned(customer)), amount(all.expected(customer)))
}

/// Sums of what customers are worth.
#[derive(Debug, Default)]
struct Totals {
    customers: i64,
    alive: Sum,
    orders: Sum,
    spent: Sum,
    earned: Sum,
    expected: Sum,
    /// Of those of whom both is known.
    lifetime: Sum,
    known: i64,
}

impl Totals {
    fn add(&mut self, all: &Values, c: usize) {
        self.customers += 1;
        for (sum, value) in [
            (&mut self.alive, all.alive(c)),
            (&mut self.orders, all.expected_orders(c)),
            (&mut self.spent, all.spent(c)),
            (&mut self.earned, all.earned(c)),
            (&mut self.expected, all.expected(c)),
        ] {
            sum.add(value.unwrap_or_default());
        }
        if let Some(lifetime) = all.lifetime(c) {
            self.lifetime.add(lifetime);
            self.known += 1;
        }
    }
}

/// A customer by the row that it stands in.
fn first_cell(index: &Index<'_>, by: Option<&str>, customer: usize, lang: Lang) -> Cell {
    let c = &index.book.customers[customer];
    let Some(by) = by else { return Cell::Id(c.id.into()) };
    match key_of(index, by, customer) {
        "" => no_group(lang, by),
        key => text(key),
    }
}

fn customers(index: &Index<'_>, ask: &Ask<'_>, chosen: &[usize], columns: Vec<Column>, lang: Lang) -> Answer {
    let (all, by) = (worth(index), grouped(ask));
    let kept: Vec<usize> = chosen.iter().copied().filter(|c| ask.keeps(&first_cell(index, by, *c, lang))).collect();
    let mut total = Totals::default();
    kept.iter().for_each(|c| total.add(all, *c));
    let (rows, few) = match by {
        None => (each(index, all, chosen, lang), None),
        Some(by) => groups(index, all, chosen, by, lang),
    };
    let footer = if rows.is_empty() { Vec::new() } else { vec![total_row(index, &total, by.is_some(), lang)] };
    let mut doc = Document::table(Table { columns, rows, footer, ..Table::default() });
    let mut caveats = unknown(index, ask, &kept, lang);
    if !chosen.is_empty() {
        let table = Table {
            title: Some(m::value_model_title(lang)),
            columns: model::parameter_columns(lang),
            rows: model::parameters(&all.model, lang),
            ..Table::default()
        };
        if !table.rows.is_empty() {
            doc.blocks.push(Block::Table(table));
        }
        caveats.extend(notes(few));
        let unknown = kept.iter().filter(|c| all.lifetime(**c).is_none()).count();
        caveats.extend(notes((unknown > 0).then(|| m::value_unknown(lang, unknown))));
        caveats.extend(notes(model::findings(all, lang)));
        doc.blocks.push(Block::Note(model::note(index, all, lang)));
    }
    Answer { doc, caveats }
}

/// The sales of which something is not known.
fn unknown(index: &Index<'_>, ask: &Ask<'_>, kept: &[usize], lang: Lang) -> Vec<Caveat> {
    let all = worth(index);
    let figures = || kept.iter().filter_map(|c| all.figures(*c));
    let revenue = Sum::of(figures().map(|f| f.unknown_revenue())).known().unwrap_or_default();
    let mut wanted = vec![false; index.book.customers.len()];
    kept.iter().for_each(|c| wanted[*c] = true);
    let fits = |s: &Sale<'_>| s.customer.map_or(ask.filter.is_empty(), |c| wanted[c]);
    let unreadable = figures().any(|f| f.unreadable_lines > 0);
    let unjoined = unjoined(index, (Period::ALL, &fits), index.prices().has_strays(), (false, unreadable));
    let unknown = Unknown { lines: figures().map(|f| f.unknown_cost_lines).sum(), revenue, unjoined };
    caveats(&unknown, index.book, lang)
}

/// A row for each customer, the most valuable first.
fn each(index: &Index<'_>, all: &Values, chosen: &[usize], lang: Lang) -> Vec<Row> {
    let book = index.book;
    let mut list: Vec<(Option<Decimal>, usize)> = chosen.iter().map(|c| (all.lifetime(*c), *c)).collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let row = |(lifetime, n): (Option<Decimal>, usize)| {
        let c = &book.customers[n];
        let basis = match all.forecast(n).and_then(|(_, f)| f.basis) {
            Some(Basis::Model { .. }) => "model",
            Some(Basis::Shrunk { .. }) => "shrunk",
            None => "unknown",
        };
        let cells = vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            text(c.grade),
            money(book, all.spent(n)),
            money(book, all.earned(n)),
            all.alive(n).map_or(Cell::NotAvailable, Cell::Ratio),
            all.expected_orders(n).map_or(Cell::NotAvailable, Cell::Number),
            money(book, all.expected(n)),
            money(book, lifetime),
            code(basis, values::value(lang, "basis", basis)),
        ];
        Row { cells, ..Row::default() }
    };
    list.into_iter().map(row).collect()
}

/// A row for each group, the most valuable first, and which of them are small.
fn groups(index: &Index<'_>, all: &Values, chosen: &[usize], by: &str, lang: Lang) -> (Vec<Row>, Option<String>) {
    let mut of: BTreeMap<&str, Totals> = BTreeMap::new();
    for c in chosen {
        of.entry(key_of(index, by, *c)).or_default().add(all, *c);
    }
    let mut list: Vec<(&str, Totals)> = of.into_iter().collect();
    list.sort_by(|a, b| b.1.lifetime.known().cmp(&a.1.lifetime.known()).then(a.0.cmp(b.0)));
    let small: Vec<String> = list
        .iter()
        .filter(|(_, t)| t.customers < FEW)
        .map(|(key, _)| if key.is_empty() { m::empty_word(lang) } else { (*key).to_string() })
        .collect();
    let rows = list.iter().map(|(key, total)| {
        let first = if key.is_empty() { no_group(lang, by) } else { text(key) };
        group_row(index, first, total)
    });
    let few = (!small.is_empty()).then(|| m::few_cases(lang, small.join(", ")));
    (rows.collect(), few)
}

fn group_row(index: &Index<'_>, first: Cell, t: &Totals) -> Row {
    let book = index.book;
    let number = |sum: Sum| sum.known().map_or(Cell::NotAvailable, |d| Cell::Number(d.normalize()));
    let share = |sum: Sum| sum.known().and_then(|d| d.checked_div(Decimal::from(t.customers)));
    let mean = t.lifetime.known().and_then(|d| d.checked_div(Decimal::from(t.known)));
    let cells = vec![
        first,
        Cell::Int(t.customers),
        money(book, t.spent.known()),
        money(book, t.earned.known()),
        share(t.alive).map_or(Cell::NotAvailable, Cell::Ratio),
        number(t.orders),
        money(book, t.expected.known()),
        money(book, t.lifetime.known()),
        money(book, mean),
    ];
    Row { cells, ..Row::default() }
}

fn total_row(index: &Index<'_>, total: &Totals, grouped: bool, lang: Lang) -> Row {
    let first = Cell::Text(m::total(lang).into());
    let mut row = group_row(index, first, total);
    if !grouped {
        // Name, owner and grade stand where groups have their number; the basis where they have the mean.
        row.cells.splice(1..2, [Cell::Missing, Cell::Missing, Cell::Missing]);
        if let Some(last) = row.cells.last_mut() {
            *last = Cell::Missing;
        }
    }
    row
}
