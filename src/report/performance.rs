//! What members and groups did against their targets.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::explain::{MOST_ROWS, amount_text};
use super::sales_figures::money;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::MONEY;
use crate::model::book::{Book, Reads};
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, change};
use crate::model::period::Period;
use crate::model::settings::{Settings, TimeUnit};
use crate::model::value::Kind;
use crate::query::buckets;
use crate::report::picture::{Picture, Shape};
use crate::rules::credited::{Credit, uncredited};
use crate::rules::engine::index::Index;
use crate::rules::performance::{Days as WorkDays, Standing, Tally, credits, due, has_targets, of_all, push, standing};
use crate::rules::targets::{Level, Metric, Target, Targets};
use crate::rules::working_time::WorkingTime;
use std::collections::HashSet;

/// What this report and `kehu gap` read.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: MONEY.and(LedgerSet::of(&[Ledger::Activities])),
    plain: LedgerSet::of(&[Ledger::Targets]),
    lean: true,
    ..Reads::NOTHING
};

/// What was done against targets.
pub struct Performance;

/// Whose figures a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Rep,
    Group,
    Metric,
}

fn by_of(ask: &Ask<'_>) -> By {
    match ask.flag("by") {
        "group" => By::Group,
        "metric" => By::Metric,
        _ => By::Rep,
    }
}

/// The metrics that are asked for.
fn metrics(ask: &Ask<'_>) -> Vec<Metric> {
    Metric::parse(ask.flag("metric")).map_or_else(|| Metric::ALL.to_vec(), |m| vec![m])
}

/// What `--metric` takes.
const ASKED: &[&str] = &["all", "signed", "orders", "receipts", "profit", "new_customers", "visits"];

impl Report for Performance {
    fn name(&self) -> &'static str {
        "performance"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report performance",
            "kehu report performance --metric signed -p this-quarter",
            "kehu report performance --by group --metric receipts",
            "kehu report performance --by metric -p 2026 --per month",
            "kehu report performance completion.lt:0.8 --metric signed --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("this-month")
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag {
                name: "by",
                value: Some("KEY"),
                default: Some("rep"),
                values: FlagValues::Only(&["rep", "group", "metric"]),
            },
            Flag { name: "metric", value: Some("METRIC"), default: Some("all"), values: FlagValues::Only(ASKED) },
        ]
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), super::ask::Misuse> {
        if ask.period.from.is_some() && ask.period.to.is_some() {
            return Ok(());
        }
        Err(super::ask::Misuse::Value {
            message: m::open_period(lang),
            nearest: Vec::new(),
            hint: m::hint_closed_period(lang),
        })
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: true, compare: false, instead: "kehu report performance -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(by_of(ask), ask.per.is_some(), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "rep" => ask.values_of("owner"),
            "metric" => {
                let word = |m: &Metric| (m.key().to_string(), values::words("targets.metric", m.key()));
                Metric::ALL.iter().map(word).collect()
            }
            "level" => Level::ALL.iter().map(|l| (l.key().to_string(), values::words("level", l.key()))).collect(),
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let by = labels::label(lang, ask.flag("by"));
        reporting::by_key(lang, reporting::title(lang, self.name()), by)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let (book, by) = (index.book, by_of(ask));
        let q = Question { index, ask, by, targets: Targets::new(book), fits: fitting(index, ask), lang };
        let per = ask.per.is_some();
        let parts = ask.per.map(|per| buckets(&ask.period, per, &ask.calendar));
        let mut rows: Vec<Row> = Vec::new();
        for metric in metrics(ask) {
            match &parts {
                None => rows.extend(q.rows(metric)),
                Some(parts) => rows.extend(q.series(metric, parts)),
            }
        }
        let footer = match metrics(ask)[..] {
            [metric] if by != By::Metric && !per && !rows.is_empty() => vec![q.total(metric)],
            _ => Vec::new(),
        };
        let mut doc = Document::table(Table { columns: columns(by, per, lang), rows, footer, ..Table::default() });
        if !doc.is_empty() && !per {
            doc.blocks.extend(days_note(book, ask.period, lang).map(Block::Note));
        }
        Answer { doc, caveats: q.caveats() }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {
        // A group and its members stand in rows of their own: what stays adds up to nothing.
        if let Some(table) = answer.table() {
            table.footer.clear();
        }
    }

    fn pictures(&self, ask: &Ask<'_>) -> Vec<Picture> {
        if ask.per.is_some() {
            return Vec::new();
        }
        let of = |m: &Metric| Picture::new(Shape::Bars, "name", &["target", "done"]).only("metric", m.key());
        metrics(ask).iter().take(2).map(of).collect()
    }

    fn pivoted(&self) -> Option<&'static str> {
        Some("done")
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        explain(doc, index, ask, shown, lang);
    }
}

/// The customers whose figures count; `None` = all.
fn fitting(index: &Index<'_>, ask: &Ask<'_>) -> Option<HashSet<usize>> {
    (!ask.filter.is_empty()).then(|| ask.customers(index).into_iter().collect())
}

/// A report that is being made.
struct Question<'q, 'a> {
    index: &'q Index<'a>,
    ask: &'q Ask<'q>,
    by: By,
    targets: Targets<'a>,
    fits: Option<HashSet<usize>>,
    lang: Lang,
}

/// What stands in a row besides the standing.
#[derive(Default)]
struct Beside {
    previous: Option<Decimal>,
    year_ago: Option<Decimal>,
    push: Option<(Option<Decimal>, Vec<String>)>,
    due: Option<Decimal>,
}

/// Everything of a metric and a period.
struct Measured<'a> {
    metric: Metric,
    period: Period,
    now: Tally<'a>,
    orders: Vec<Credit<'a>>,
    previous: Option<(Tally<'a>, Tally<'a>)>,
    year_ago: Option<(Tally<'a>, Tally<'a>)>,
    due: Option<Tally<'a>>,
}

impl<'a> Question<'_, 'a> {
    fn credits(&self, metric: Metric, period: Period) -> Vec<Credit<'a>> {
        self.chosen(credits(self.index, metric, period))
    }

    fn chosen(&self, mut list: Vec<Credit<'a>>) -> Vec<Credit<'a>> {
        if let Some(fits) = &self.fits {
            list.retain(|c| c.customer.is_some_and(|n| fits.contains(&n)));
        }
        list
    }

    fn tally(&self, metric: Metric, period: Period) -> Tally<'a> {
        Tally::new(&self.index.book.team, &self.credits(metric, period))
    }

    /// Targets are of all customers: beside a part of them they say nothing.
    fn standing(&self, tally: &Tally<'a>, who: Option<&str>, metric: Metric, period: Period) -> Standing {
        let what = (metric, period);
        let found = match who {
            Some(who) => standing(&self.targets, tally, who, what),
            None => of_all(&self.index.book.team, &self.targets, tally, what),
        };
        if self.fits.is_none() {
            found
        } else {
            Standing { targets: [Target::None, Target::None, Target::None], ..found }
        }
    }

    fn measure(&self, metric: Metric) -> Measured<'a> {
        let period = self.ask.period;
        let list = self.credits(metric, period);
        let beside = |then: Option<Period>| {
            let (now, then) = period.like_for_like(then?, self.index.book.today);
            Some((self.tally(metric, now), self.tally(metric, then)))
        };
        let counts_orders = matches!(metric, Metric::Signed | Metric::Orders);
        Measured {
            metric,
            period,
            now: Tally::new(&self.index.book.team, &list),
            orders: if counts_orders { self.credits(Metric::Orders, period) } else { Vec::new() },
            previous: beside(period.previous()),
            year_ago: beside(period.year_ago()),
            due: (metric == Metric::Receipts)
                .then(|| Tally::new(&self.index.book.team, &self.chosen(due(self.index, period)))),
        }
    }

    /// Whose rows there are: those with a target or something done, in the order of the team.
    fn people(&self, metric: Metric, tallies: &[&Tally<'a>], periods: &[Period]) -> Vec<&'a str> {
        let team = &self.index.book.team;
        let leads = |who: &str| team.members.iter().any(|p| p.manager == who && p.id != who);
        let has_target = |who: &str| {
            let any = |p: &Period| {
                let told = |level| self.targets.of(who, metric, level, *p) != Target::None;
                Level::ALL.into_iter().any(told)
            };
            self.fits.is_none() && periods.iter().any(any)
        };
        let did = |who: &str| tallies.iter().any(|t| t.of(who).cases() > 0);
        let mut out: Vec<&str> = team.ids().filter(|who| has_target(who) || did(who)).collect();
        if self.by == By::Group {
            out.retain(|who| leads(who));
            return out;
        }
        let known: HashSet<&str> = out.iter().copied().collect();
        let mut others: Vec<&str> = tallies.iter().flat_map(|t| t.members()).filter(|w| !known.contains(w)).collect();
        others.sort_unstable();
        others.dedup();
        // Nobody's come last.
        others.sort_by_key(|who| who.is_empty());
        out.extend(others);
        out
    }

    fn rows(&self, metric: Metric) -> Vec<Row> {
        let measured = self.measure(metric);
        if self.by == By::Metric {
            return vec![self.row(&measured, None)];
        }
        let people = self.people(metric, &[&measured.now], &[measured.period]);
        people.into_iter().map(|who| self.row(&measured, Some(who))).collect()
    }

    fn total(&self, metric: Metric) -> Row {
        let measured = self.measure(metric);
        let mut row = self.row(&measured, None);
        row.cells[0] = Cell::Text(m::total(self.lang).into());
        row
    }

    /// A row of somebody, or of all together.
    fn row(&self, x: &Measured<'a>, who: Option<&str>) -> Row {
        let at = self.standing(&x.now, who, x.metric, x.period);
        let sum = |t: &Tally<'a>| who.map_or_else(|| t.whole().sum, |who| t.of(who).sum);
        let team = &self.index.book.team;
        let is_its = |doer: &str| who.is_none_or(|who| team.is_under(doer, who));
        let pushed = || {
            let found = push(&x.orders, self.index.book.today, is_its);
            (found.share(), found.pushed().map(|d| d.format("%Y-%m").to_string()).collect())
        };
        let beside = Beside {
            previous: x.previous.as_ref().map(|(_, then)| sum(then)),
            year_ago: x.year_ago.as_ref().map(|(_, then)| sum(then)),
            push: (!x.orders.is_empty()).then(pushed),
            due: x.due.as_ref().map(sum),
        };
        let now = x.previous.as_ref().or(x.year_ago.as_ref()).map_or(at.done.sum, |(now, _)| sum(now));
        let mut cells = self.head(x.metric, who);
        cells.extend(self.standing_cells(x.metric, &at));
        cells.extend(self.rate_cells(x, &at));
        cells.extend(self.beside_cells(x.metric, now, &beside));
        cells.push(Cell::Int(at.done.cases()));
        let behind = at.completion().is_some_and(|c| c < Decimal::ONE)
            && x.period.to.is_some_and(|to| to <= self.index.book.today);
        Row { cells, tone: if behind { Tone::Bad } else { Tone::Plain }, ..Row::default() }
    }

    /// Rows of the parts of a period.
    fn series(&self, metric: Metric, parts: &[(String, Period)]) -> Vec<Row> {
        let tallies: Vec<Tally<'a>> = parts.iter().map(|(_, p)| self.tally(metric, *p)).collect();
        let periods: Vec<Period> = parts.iter().map(|(_, p)| *p).collect();
        let people: Vec<Option<&str>> = match self.by {
            By::Metric => vec![None],
            _ => self.people(metric, &tallies.iter().collect::<Vec<_>>(), &periods).into_iter().map(Some).collect(),
        };
        let mut rows = Vec::new();
        for who in people {
            for ((label, period), tally) in parts.iter().zip(&tallies) {
                let at = self.standing(tally, who, metric, *period);
                let mut cells = self.head(metric, who);
                cells.push(text(label));
                cells.extend(self.standing_cells(metric, &at));
                cells.push(Cell::Int(at.done.cases()));
                rows.push(Row { cells, ..Row::default() });
            }
        }
        rows
    }

    /// Who a row is about, and the metric.
    fn head(&self, metric: Metric, who: Option<&str>) -> Vec<Cell> {
        let word = Cell::code(metric.key(), &values::value(self.lang, "targets.metric", metric.key()));
        let team = &self.index.book.team;
        match (self.by, who) {
            (By::Metric, _) => vec![word],
            (_, None) => vec![Cell::Missing, Cell::Missing, Cell::Missing, word],
            (_, Some("")) => {
                vec![Cell::code("", &m::empty_word(self.lang)), Cell::Missing, Cell::Flag(false), word]
            }
            (_, Some(who)) => {
                let leads = team.members.iter().any(|p| p.manager == who && p.id != who);
                vec![text(who), text(team.get(who).map_or("", |p| p.name)), Cell::Flag(leads), word]
            }
        }
    }

    fn amount(&self, metric: Metric, sum: Option<Decimal>) -> Cell {
        amount(self.index.book, metric, sum)
    }

    /// `done`, `target`, `completion`, `base`, `stretch`, `level`, `gap`.
    fn standing_cells(&self, metric: Metric, at: &Standing) -> Vec<Cell> {
        let level =
            at.level().map_or(Cell::Missing, |l| Cell::code(l.key(), &values::value(self.lang, "level", l.key())));
        vec![
            self.amount(metric, Some(at.done.sum)),
            self.amount(metric, at.target()),
            at.completion().map_or(Cell::NotAvailable, Cell::Ratio),
            self.amount(metric, at.targets[0].known()),
            self.amount(metric, at.targets[2].known()),
            level,
            self.amount(metric, at.gap()),
        ]
    }

    /// `run_rate`, `run_rate_completion`, `needed_per_day`.
    fn rate_cells(&self, x: &Measured<'a>, at: &Standing) -> Vec<Cell> {
        let days = WorkDays::of(self.index.book, x.period);
        let counted = days.and_then(|d| d.run_rate(at.counted));
        let reached = counted.and_then(|r| r.checked_div(at.target().filter(|t| !t.is_zero())?));
        vec![
            self.amount(x.metric, days.and_then(|d| d.run_rate(at.done.sum))),
            reached.map_or(Cell::NotAvailable, Cell::Ratio),
            self.amount(x.metric, days.and_then(|d| d.needed(at.gap()?))),
        ]
    }

    /// `previous`, `previous_change`, `year_ago`, `year_ago_change`, `push_share`, `pushed`, `due_in_period`, `collection_rate`.
    fn beside_cells(&self, metric: Metric, now: Decimal, b: &Beside) -> Vec<Cell> {
        let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
        let changed = |then: Option<Decimal>| ratio(then.and_then(|then| change(now, then)));
        let mut cells = vec![
            self.amount(metric, b.previous),
            changed(b.previous),
            self.amount(metric, b.year_ago),
            changed(b.year_ago),
        ];
        cells.extend(match &b.push {
            Some((share, months)) => [ratio(*share), Cell::list(months.iter().map(String::as_str))],
            None => [Cell::Missing, Cell::Missing],
        });
        cells.extend(match b.due {
            Some(due) => [self.amount(metric, Some(due)), ratio(now.checked_div(due))],
            None => [Cell::Missing, Cell::Missing],
        });
        cells
    }

    /// What nobody could know, and what was left out.
    fn caveats(&self) -> Vec<Caveat> {
        let (lang, ask, book) = (self.lang, self.ask, self.index.book);
        let note = |text: String| Caveat { text, fails: Fails::Never };
        let mut out = Vec::new();
        if self.fits.is_some() {
            out.push(note(m::targets_of_all(lang)));
        } else if ask.per.is_none() && !has_targets(ask.period) {
            out.push(note(m::targets_by_months(lang)));
        }
        let mut missing: Vec<String> = Vec::new();
        for metric in metrics(ask).into_iter().filter(|_| self.fits.is_none() && ask.per.is_none()) {
            for who in book.team.ids() {
                let found = self.targets.of(who, metric, Level::Target, ask.period);
                if !found.missing().is_empty() {
                    let word = values::value(lang, "targets.metric", metric.key());
                    missing.push(m::target_lacks(lang, who, word, found.missing().join(", ")));
                }
            }
        }
        if !missing.is_empty() {
            out.push(note(m::targets_lack(lang, missing.join(lang.pick("; ", "；")))));
        }
        out.extend(years(&book.settings, ask.period, lang).map(note));
        out.extend(Caveat::of_unjoined(&uncredited(self.index, ask.period, ask.period), lang));
        if metrics(ask).contains(&Metric::Profit) {
            let sales = crate::rules::profit::sales(book, self.index.prices(), ask.period);
            let lines = sales.iter().filter(|s| s.line.is_some() && s.net.is_some() && s.cost.is_none()).count();
            out.extend((lines > 0).then(|| note(m::profit_without_cost(lang, lines))));
        }
        out
    }
}

/// The years of a period of which nobody knows how many days are worked.
fn years<'s>(settings: &'s Settings, period: Period, lang: Lang) -> impl Iterator<Item = String> + 's {
    let both = period.from.zip(period.to);
    let found = both.map(|(from, to)| {
        let at = |day| At::of_day(day, settings.tz).utc;
        WorkingTime::new(settings, TimeUnit::Working).years_without_data(at(from), at(to))
    });
    found.unwrap_or_default().into_iter().map(move |year| m::no_holidays(lang, year))
}

/// A figure of a metric: money, or a number.
pub(super) fn amount(book: &Book, metric: Metric, sum: Option<Decimal>) -> Cell {
    match sum {
        Some(sum) if metric.is_money() => money(book, Some(sum)),
        Some(sum) => Cell::Number(crate::model::money::round(sum, 2).normalize()),
        None => Cell::NotAvailable,
    }
}

/// The worked days of the period, for people.
pub(super) fn days_note(book: &Book, period: Period, lang: Lang) -> Option<String> {
    let days = WorkDays::of(book, period)?;
    Some(m::worked_days(lang, days.all, days.passed, days.left))
}

fn columns(by: By, per: bool, lang: Lang) -> Vec<Column> {
    let mut columns = Vec::new();
    if by != By::Metric {
        let key = if by == By::Group { "group" } else { "rep" };
        columns.push(Column { importance: Importance::Key, ..typed(lang, key, Kind::Code) });
        columns.push(col(lang, "name"));
        columns.push(typed(lang, "leads", Kind::Flag));
    }
    columns.push(Column { importance: Importance::Key, ..typed(lang, "metric", Kind::Code) });
    if per {
        columns.push(col(lang, "period"));
    }
    columns.extend(["done", "target"].map(|k| num(lang, k)));
    columns.push(typed(lang, "completion", Kind::Ratio));
    columns.extend(["base", "stretch"].map(|k| num(lang, k)));
    columns.push(typed(lang, "level", Kind::Code));
    columns.push(num(lang, "gap"));
    if !per {
        columns.push(num(lang, "run_rate"));
        columns.push(typed(lang, "run_rate_completion", Kind::Ratio));
        columns.push(num(lang, "needed_per_day"));
        columns.extend([num(lang, "previous"), typed(lang, "previous_change", Kind::Ratio)]);
        columns.extend([num(lang, "year_ago"), typed(lang, "year_ago_change", Kind::Ratio)]);
        columns.extend([typed(lang, "push_share", Kind::Ratio), typed(lang, "pushed", Kind::List)]);
        columns.extend([num(lang, "due_in_period"), typed(lang, "collection_rate", Kind::Ratio)]);
    }
    columns.push(num(lang, "n"));
    for c in &mut columns {
        let own = format!("performance.{}", c.key);
        if labels::has_label(&own) {
            c.label = labels::label(lang, &own);
        }
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["done", "target", "completion"]),
            (Importance::Main, &["gap", "run_rate", "needed_per_day", "name"]),
            (Importance::Minor, &["leads", "base", "stretch", "n", "push_share"]),
        ],
    );
    columns
}

/// Puts what was done below the table, row by row.
fn explain(doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
    let (book, by) = (index.book, by_of(ask));
    let at = |key: &str| t.columns.iter().position(|c| c.key == key);
    let (Some(metric_at), who_at) = (at("metric"), at("rep").or_else(|| at("group"))) else { return };
    let fits = fitting(index, ask);
    let rows: Vec<(Option<String>, Metric)> = t
        .rows
        .iter()
        .take(shown)
        .filter_map(|r| {
            let metric = Metric::parse(r.cells[metric_at].text()?)?;
            Some((who_at.and_then(|n| r.cells[n].text()).map(str::to_string), metric))
        })
        .collect();
    for (who, metric) in rows {
        let its = |c: &&Credit<'_>| {
            let fits = fits.as_ref().is_none_or(|fits| c.customer.is_some_and(|n| fits.contains(&n)));
            fits && who.as_deref().is_none_or(|who| book.team.is_under(c.who, who))
        };
        let all = credits(index, metric, ask.period);
        let mut list: Vec<&Credit<'_>> = all.iter().filter(its).collect();
        list.sort_by_key(|c| (c.day, c.order, c.place));
        let word = values::value(lang, "targets.metric", metric.key());
        let head = who.filter(|_| by != By::Metric).map_or_else(|| word.clone(), |w| m::labelled(lang, &w, &word));
        let mut lines = vec![head];
        lines.extend(list.iter().take(MOST_ROWS).map(|c| credit_line(book, c, metric, lang)));
        if list.len() > MOST_ROWS {
            lines.push(m::and_more(lang, list.len() - MOST_ROWS).trim_start().to_string());
        }
        doc.blocks.push(Block::Note(lines.join("\n  ")));
    }
}

/// Something that was done, in a line.
fn credit_line(book: &Book, c: &Credit<'_>, metric: Metric, lang: Lang) -> String {
    let customer = c.customer.map_or("", |n| book.customers[n].id);
    let amount = if metric.is_money() {
        amount_text(&book.settings.file.currency, c.amount)
    } else {
        c.amount.normalize().to_string()
    };
    let what = [customer, c.order].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    m::credit_line(lang, c.day, book.place(c.place), what, c.who, amount)
}
