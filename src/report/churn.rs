//! Who is about to leave (R7): points with their reasons, what the same points said in the past of those who have left since, and who
//! shows what these showed.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::figures;
use super::sales_figures::{money, share_text};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::{Metric, TRADE, find};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::value::Kind;
use crate::query::parse_single_day;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::leaving::{Band, Case, Profile, Shown, cases, shown};
use crate::rules::stays::FEW;
use crate::rules::value::{DIGITS, values as worth};
use crate::rules::{activeness, classes};
use chrono::Days as Span;
use rayon::prelude::*;

/// Who is about to leave.
pub struct Churn;

/// What the main table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    /// Customers with points.
    Risk,
    /// What points said in the past.
    Backtest,
    /// Customers that show what the lost showed.
    Alike,
}

fn view(ask: &Ask<'_>) -> Show {
    match ask.flag("show") {
        "alike" => Show::Alike,
        _ if !ask.flag("backtest").is_empty() => Show::Backtest,
        _ => Show::Risk,
    }
}

/// How long ago the lost are looked at unless `--backtest` names a day.
const HALF_A_YEAR: u64 = 182;

/// The day in the past by which points are judged.
fn past_day(ask: &Ask<'_>) -> Result<Day, Misuse> {
    let today = ask.calendar.today;
    match ask.flag("backtest") {
        "" => Ok(today.checked_sub_days(Span::new(HALF_A_YEAR)).unwrap_or(today)),
        day => parse_single_day(day, &ask.calendar).map_err(Misuse::Query),
    }
}

impl Report for Churn {
    fn name(&self) -> &'static str {
        "churn"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report churn",
            "kehu report churn band:high owner:li",
            "kehu report churn huaxin --explain",
            "kehu report churn --backtest 2025-12-31",
            "kehu report churn --show alike --backtest 2025-12-31",
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
            Flag {
                name: "show",
                value: Some("WHAT"),
                default: Some("risk"),
                values: FlagValues::Only(&["risk", "alike"]),
            },
            Flag { name: "backtest", value: Some("DATE"), default: None, values: FlagValues::Any },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report churn --today DATE" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let day = past_day(ask)?;
        if day < ask.calendar.today {
            return Ok(());
        }
        let message = m::backtest_needs_days(lang, day);
        Err(Misuse::Value { message, nearest: Vec::new(), hint: String::new() })
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let trade = Reads { customers: true, ledgers: TRADE, ..Reads::NOTHING };
        Reads { lean: true, ..classes::READS.and(activeness::READS).and(trade) }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(view(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "owner" | "grade" => ask.values_of(column),
            "band" => {
                let words =
                    |b: Band| Lang::ALL.iter().map(|l| values::value(*l, "risk_band", b.key()).to_string()).collect();
                Band::ALL.map(|b| (b.key().to_string(), words(b))).into()
            }
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        match view(ask) {
            Show::Backtest => Vec::new(),
            Show::Risk | Show::Alike => ["customer", "name", "owner", "grade"].map(String::from).to_vec(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let day = past_day(ask).unwrap_or(ask.calendar.today);
        match view(ask) {
            Show::Risk => reporting::title(lang, self.name()).to_string(),
            Show::Backtest => m::churn_backtest_title(lang, day),
            Show::Alike => m::churn_alike_title(lang, day),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let columns = columns(view(ask), lang);
        match view(ask) {
            Show::Risk => risk(index, ask, columns, lang),
            Show::Backtest => backtest(index, ask, columns, lang),
            Show::Alike => alike(index, ask, columns, lang),
        }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {
        // Shares of bands that are left cannot be added up.
        if let Some(table) = answer.table() {
            table.footer.clear();
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, count: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let rows: Vec<String> =
            t.rows.iter().take(count).filter_map(|r| r.cells.first()?.text().map(String::from)).collect();
        if view(ask) == Show::Backtest {
            let all = chosen_cases(index, ask);
            for row in rows {
                let of = all.iter().filter(|c| Band::of(ask.settings, c.shown.score).key() == row);
                let line = |c: &Case| {
                    let id = index.book.customers[c.customer].id;
                    let signs = signs_text(&c.shown, lang);
                    if c.left { m::churn_left(lang, id, signs) } else { m::churn_stayed(lang, id, signs) }
                };
                let lines = super::explain::cut(of.map(line).collect(), lang);
                let head = values::value(lang, "risk_band", &row);
                doc.blocks.push(Block::Note(format!("{head}\n  {}", lines.join("\n  "))));
            }
            return;
        }
        let metrics: Vec<&Metric> =
            ["risk", "p_alive", "expected_orders", "earned"].iter().filter_map(|key| find(key)).collect();
        for n in rows.iter().filter_map(|id| index.book.customer_index(id)) {
            let lines = figures(index, &metrics, n, lang).join("\n  ");
            doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[n].id)));
        }
    }
}

fn columns(show: Show, lang: Lang) -> Vec<Column> {
    let customer = || {
        vec![
            typed(lang, "customer", Kind::Id),
            col(lang, "name"),
            typed(lang, "owner", Kind::Code),
            typed(lang, "grade", Kind::Code),
        ]
    };
    let mut columns = match show {
        Show::Risk => {
            let mut columns = customer();
            columns.extend([
                num(lang, "risk"),
                typed(lang, "band", Kind::Code),
                typed(lang, "signs", Kind::List),
                typed(lang, "last_order", Kind::Day),
                typed(lang, "p_alive", Kind::Ratio),
                num(lang, "expected_orders"),
                typed(lang, "earned", Kind::Money),
            ]);
            columns
        }
        Show::Alike => {
            let mut columns = customer();
            columns.extend([
                typed(lang, "likeness", Kind::Ratio),
                typed(lang, "signs", Kind::List),
                num(lang, "risk"),
                typed(lang, "earned", Kind::Money),
            ]);
            columns
        }
        Show::Backtest => vec![
            typed(lang, "band", Kind::Code),
            num(lang, "customers"),
            num(lang, "gone"),
            typed(lang, "precision", Kind::Ratio),
            typed(lang, "recall", Kind::Ratio),
            typed(lang, "base_rate", Kind::Ratio),
            num(lang, "lift"),
        ],
    };
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "risk", "band", "likeness", "precision", "recall"]),
            (Importance::Main, &["name", "signs", "earned", "p_alive", "customers", "gone", "base_rate"]),
            (Importance::Minor, &["grade", "owner", "last_order", "expected_orders"]),
        ],
    );
    columns
}

fn note(text: String) -> Caveat {
    Caveat { text, fails: Fails::Never }
}

fn signs_cells(shown: &Shown, lang: Lang) -> impl Iterator<Item = String> {
    shown.signs.iter().map(move |(key, points)| m::churn_sign(lang, labels::label(lang, key), points.normalize()))
}

fn signs_text(shown: &Shown, lang: Lang) -> String {
    let list: Vec<String> = signs_cells(shown, lang).collect();
    if list.is_empty() { m::empty_word(lang) } else { list.join(lang.pick(", ", "、")) }
}

/// In machine formats signs are keys.
fn signs_cell(shown: &Shown, people: bool, lang: Lang) -> Cell {
    match (shown.signs.is_empty(), people) {
        (true, _) => Cell::Missing,
        (false, true) => Cell::list(signs_cells(shown, lang)),
        (false, false) => Cell::list(shown.signs.iter().map(|(key, _)| *key)),
    }
}

/// The chosen customers that may leave, with what they show; those without signs too where `all` says so.
fn now(index: &Index<'_>, ask: &Ask<'_>, all: bool) -> Vec<(usize, Shown)> {
    let chosen = ask.customers(index);
    let one = |c: &usize| Some((*c, shown(index, *c).filter(|s| all || !s.signs.is_empty())?));
    chosen.par_iter().with_min_len(256).filter_map(|c| inside(|| one(c))).collect()
}

fn first_cells(index: &Index<'_>, customer: usize) -> Vec<Cell> {
    let c = &index.book.customers[customer];
    vec![Cell::Id(c.id.into()), text(c.name), text(c.owner), text(c.grade)]
}

fn risk(index: &Index<'_>, ask: &Ask<'_>, columns: Vec<Column>, lang: Lang) -> Answer {
    let (book, all) = (index.book, worth(index));
    let mut list = now(index, ask, false);
    list.sort_by(|a, b| {
        let points = b.1.score.cmp(&a.1.score);
        points.then_with(|| all.earned(b.0).cmp(&all.earned(a.0))).then(a.0.cmp(&b.0))
    });
    let row = |(n, shown): &(usize, Shown)| {
        let band = Band::of(&book.settings, shown.score);
        let mut cells = first_cells(index, *n);
        cells.extend([
            Cell::Number(shown.score.normalize()),
            code(band.key(), values::value(lang, "risk_band", band.key())),
            signs_cell(shown, ask.people, lang),
            index.order_days().of(*n).last().map_or(Cell::Missing, |d| Cell::Day(*d)),
            all.alive(*n).map_or(Cell::NotAvailable, Cell::Ratio),
            all.expected_orders(*n).map_or(Cell::NotAvailable, Cell::Number),
            money(book, all.earned(*n)),
        ]);
        let tone = match band {
            Band::High => Tone::Bad,
            Band::Watch => Tone::Warn,
            Band::Low => Tone::Plain,
        };
        Row { cells, tone, ..Row::default() }
    };
    let rows: Vec<Row> = list.iter().map(row).collect();
    let mut doc = Document::table(Table { columns, rows, ..Table::default() });
    if !doc.is_empty() {
        let points = &book.settings.file.risk;
        doc.blocks.push(Block::Note(m::churn_note(lang, points.high().normalize(), points.watch().normalize())));
    }
    Answer::of(doc)
}

/// What the chosen customers showed on the day in the past.
fn chosen_cases(index: &Index<'_>, ask: &Ask<'_>) -> Vec<Case> {
    let Ok(day) = past_day(ask) else { return Vec::new() };
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|n| wanted[n] = true);
    let mut all = cases(index, day);
    all.retain(|c| wanted[c.customer]);
    all
}

fn ratio(part: usize, of: usize) -> Option<Decimal> {
    Decimal::from(part).checked_div(Decimal::from(of))
}

fn backtest(index: &Index<'_>, ask: &Ask<'_>, columns: Vec<Column>, lang: Lang) -> Answer {
    let all = chosen_cases(index, ask);
    let left = |of: &[&Case]| of.iter().filter(|c| c.left).count();
    let everybody: Vec<&Case> = all.iter().collect();
    let (lost, base) = (left(&everybody), ratio(left(&everybody), all.len()));
    let share = |d: Option<Decimal>| d.map_or(Cell::NotAvailable, |d| Cell::Ratio(d.round_dp(DIGITS)));
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let cells = |first: Cell, of: &[&Case]| {
        let precision = ratio(left(of), of.len());
        let lift = precision.zip(base).and_then(|(p, b)| p.checked_div(b));
        vec![
            first,
            count(of.len()),
            count(left(of)),
            share(precision),
            share(ratio(left(of), lost)),
            share(base),
            lift.map_or(Cell::NotAvailable, |l| Cell::Number(l.round_dp(DIGITS).normalize())),
        ]
    };
    let (mut rows, mut small) = (Vec::new(), Vec::new());
    for band in Band::ALL.into_iter().filter(|_| !all.is_empty()) {
        let of: Vec<&Case> = all.iter().filter(|c| Band::of(ask.settings, c.shown.score) == band).collect();
        let words = values::value(lang, "risk_band", band.key());
        if (of.len() as i64) < FEW {
            small.push(words.to_string());
        }
        rows.push(Row { cells: cells(code(band.key(), words), &of), ..Row::default() });
    }
    let mut caveats = Vec::new();
    let mut footer = Vec::new();
    if !all.is_empty() {
        footer.push(Row { cells: cells(Cell::Text(m::total(lang).into()), &everybody), ..Row::default() });
        let day = past_day(ask).unwrap_or(index.book.today);
        let rate = base.map_or_else(|| m::not_available(lang), share_text);
        caveats.push(note(m::churn_backtest_note(lang, day, index.book.today, all.len(), rate)));
        caveats.extend((!small.is_empty()).then(|| note(m::few_cases(lang, small.join(", ")))));
        caveats.extend((lost == 0).then(|| note(m::churn_nobody_left(lang))));
    }
    let doc = Document::table(Table { columns, rows, footer, ..Table::default() });
    Answer { doc, caveats }
}

fn alike(index: &Index<'_>, ask: &Ask<'_>, columns: Vec<Column>, lang: Lang) -> Answer {
    let (book, all) = (index.book, worth(index));
    let day = past_day(ask).unwrap_or(book.today);
    // What the lost showed is asked of all customers, whoever is shown.
    let profile = Profile::of(cases(index, day).iter());
    let mut list: Vec<(Decimal, usize, Shown)> = Vec::new();
    for (n, shown) in now(index, ask, true) {
        if let Some(likeness) = profile.likeness(&shown).filter(|_| !shown.signs.is_empty()) {
            list.push((likeness.round_dp(DIGITS), n, shown));
        }
    }
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| all.earned(b.1).cmp(&all.earned(a.1))).then(a.1.cmp(&b.1)));
    let row = |(likeness, n, shown): &(Decimal, usize, Shown)| {
        let mut cells = first_cells(index, *n);
        cells.extend([
            Cell::Ratio(*likeness),
            signs_cell(shown, ask.people, lang),
            Cell::Number(shown.score.normalize()),
            money(book, all.earned(*n)),
        ]);
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = list.iter().map(row).collect();
    let mut doc = Document::table(Table { columns, rows, ..Table::default() });
    let mut caveats = Vec::new();
    let seen = profile.all;
    if seen.left == 0 || seen.stayed == 0 {
        let anybody = seen.left + seen.stayed > 0;
        caveats.extend(anybody.then(|| note(m::churn_no_profile(lang, day))));
        return Answer { doc, caveats };
    }
    let share = |n: usize, of: usize| ratio(n, of).map_or_else(|| m::not_available(lang), share_text);
    let feature = |(key, s): (&&'static str, &crate::rules::leaving::Seen)| {
        m::churn_feature(lang, labels::label(lang, key), share(s.left, seen.left), share(s.stayed, seen.stayed))
    };
    if !doc.is_empty() {
        let features: Vec<String> = profile.signs.iter().map(feature).collect();
        doc.blocks.push(Block::Note(m::churn_alike_note(lang, day, seen.left, seen.stayed, features.join("\n  "))));
    }
    if (seen.left as i64) < FEW {
        caveats.push(note(m::churn_few_left(lang, seen.left, FEW)));
    }
    Answer { doc, caveats }
}
