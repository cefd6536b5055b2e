//! The key figures of R13, each with what it rests on, beside the period before and the same a year ago.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::caption::days_of;
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::{amount_text, cut};
use super::fields::{CustomerRecord, word};
use super::sales_groups::no_group;
use super::{num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::{Book, Reads};
use crate::model::money::{Decimal, minor_digits, round};
use crate::model::period::Period;
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;
use crate::rules::kpi::{Case, Figure, KEYS, Kpi, Kpis, READS, Source, Unit, What, Whose, all};
use crate::rules::unjoined::of_nobody;
use std::collections::BTreeMap;

/// The key figures.
pub struct KeyFigures;

/// What the figures can be divided by; the first one is no division.
const BY: &[&str] = &["kpi", "owner", "source", "grade", "region", "stage", "industry"];

/// Digits of a figure behind the point.
const DIGITS: u32 = 6;

/// The key by which the figures are divided, if any.
fn divided<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != BY[0])
}

impl Report for KeyFigures {
    fn name(&self) -> &'static str {
        "kpi"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report kpi",
            "kehu report kpi -p last-quarter --compare 2025Q3",
            "kehu report kpi --by owner kpi:retention,churn -p ytd",
            "kehu report kpi kpi:csat,nps grade:A,B -p 2026 --explain",
            "kehu report kpi -p 2026-04-01..2026-06-30 --compare 2026-01-01..2026-03-31",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("this-quarter")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("kpi"), values: FlagValues::Only(BY) }]
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        if ask.period.from.is_some() && ask.period.to.is_some() {
            return Ok(());
        }
        Err(Misuse::Value { message: m::open_period(lang), nearest: Vec::new(), hint: m::hint_closed_period(lang) })
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report kpi -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(divided(ask), ask.compare.is_some(), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let of = |list: &str, key: &str| (key.to_string(), values::words(list, key));
        match column {
            "kpi" => KEYS.iter().map(|k| of("kpi", k)).collect(),
            "unit" => Unit::ALL.iter().map(|u| of("kpi_unit", u.key())).collect(),
            _ => ask.values_of(column),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        // What is credited to somebody is not that of its customers.
        divided(ask).filter(|by| *by != "owner").map(String::from).into_iter().collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        divided(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let q = Question::new(index, ask, lang);
        let mut doc = Document::table(Table {
            columns: columns(q.by, ask.compare.is_some(), lang),
            rows: q.rows(),
            ..Table::default()
        });
        doc.blocks.push(Block::Note(q.days_note()));
        let strays = of_nobody(index.book, index.prices(), READS.ledgers.and(READS.plain), ask.period);
        let mut answer = Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) };
        say_few(&mut answer, lang);
        answer
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        answer.caveats.retain(|c| c.fails != Fails::Never);
        say_few(answer, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let at = |key: &str| t.columns.iter().position(|c| c.key == key);
        let of = |row: &Row, at: Option<usize>| at.and_then(|n| row.cells[n].text()).unwrap_or_default().to_string();
        let (group, kpi, reading) = (divided(ask).and_then(at), at("kpi"), at("reading"));
        let shown: Vec<[String; 3]> =
            t.rows.iter().take(shown).map(|row| [of(row, group), of(row, kpi), of(row, reading)]).collect();
        let q = Question::new(index, ask, lang);
        for [group, key, reading] in shown {
            let Some(kpi) = q.kpis.iter().find(|k| k.key == key && k.reading == reading) else { continue };
            let in_group = |c: &Case<'_, '_>| q.by.is_none_or(|by| key_of(index.book, by, c) == group);
            let cases = q.cases(kpi.source, ask.period);
            let lines = cases.iter().filter(|c| in_group(c)).filter_map(|c| line(index.book, kpi, c, lang));
            let mut out = vec![m::kpi_explained(lang, name(lang, kpi), reading_word(lang, kpi), rule(lang, kpi))];
            out.extend(cut(lines.collect(), lang));
            doc.blocks.push(Block::Note(out.join("\n  ")));
        }
    }
}

/// A report that is being made.
struct Question<'q, 'i, 'a> {
    ask: &'q Ask<'q>,
    by: Option<&'q str>,
    kpis: Vec<Kpi>,
    /// What they are made of.
    made_of: Kpis<'i, 'a>,
    /// The customers whose cases count; `None` = all, and those of nobody.
    fits: Option<Vec<bool>>,
    lang: Lang,
}

/// A figure of the days asked about, of those before, a year ago, and of those that are compared.
type Beside = [Figure; 4];

impl<'q, 'i, 'a> Question<'q, 'i, 'a> {
    fn new(index: &'i Index<'a>, ask: &'q Ask<'q>, lang: Lang) -> Self {
        let made_of = Kpis::new(index);
        let kpis = all(index.book, made_of.targets(), ask.period);
        let fits = |customer| ask.filter.matches(&CustomerRecord { index, customer });
        let fits = (!ask.filter.is_empty()).then(|| (0..index.book.customers.len()).map(fits).collect());
        Question { ask, by: divided(ask), kpis, made_of, fits, lang }
    }

    fn book(&self) -> &'a Book {
        self.made_of.index().book
    }

    /// The days asked about, and those beside them, as far as they can be compared.
    fn periods(&self) -> [Option<Period>; 4] {
        let (period, today) = (self.ask.period, self.ask.calendar.today);
        let like = |then: Option<Period>| then.map(|then| period.like_for_like(then, today).1);
        let then = self.ask.compare.as_ref().map(|c| c.then);
        [Some(period), like(period.previous()), like(period.year_ago()), then]
    }

    fn days_note(&self) -> String {
        let [now, previous, year_ago, _] = self.periods();
        let days = |p: Option<Period>| p.map_or_else(String::new, days_of);
        m::kpi_days(self.lang, days(now), days(previous), days(year_ago))
    }

    /// The cases of a period that fit.
    fn cases(&self, source: Source, period: Period) -> Vec<Case<'i, 'a>> {
        let mut cases = self.made_of.cases(source, period);
        if let Some(fits) = &self.fits {
            cases.retain(|c| c.customer.is_some_and(|n| fits[n]));
        }
        cases
    }

    fn rows(&self) -> Vec<Row> {
        let mut groups: BTreeMap<(bool, String), Vec<(usize, Beside)>> = BTreeMap::new();
        let mut source = None;
        let mut cases: [Option<Vec<Case<'i, 'a>>>; 4] = Default::default();
        for (n, kpi) in self.kpis.iter().enumerate() {
            // Readings of one thing stand together and have the same cases.
            if source != Some(kpi.source) {
                source = Some(kpi.source);
                cases = self.periods().map(|p| p.map(|p| self.cases(kpi.source, p)));
            }
            let mut found: BTreeMap<(bool, String), Beside> = BTreeMap::new();
            for (at, (cases, period)) in cases.iter().zip(self.periods()).enumerate() {
                let (Some(cases), Some(period)) = (cases, period) else { continue };
                for (key, figure) in self.figures(kpi, cases, period) {
                    found.entry(key).or_default()[at] = figure;
                }
            }
            for (key, beside) in found {
                if self.by.is_none() && !kpi.is_of_grade() || beside.iter().any(|f| f.n > 0) {
                    groups.entry(key).or_default().push((n, beside));
                }
            }
        }
        let mut out = Vec::new();
        for (key, figures) in &groups {
            let group = self.by.map(|by| self.named(by, key));
            out.extend(figures.iter().map(|(n, beside)| self.row(group.clone(), &self.kpis[*n], beside)));
        }
        out
    }

    /// The figures of a period by group.
    fn figures(&self, kpi: &Kpi, cases: &[Case<'i, 'a>], period: Period) -> Vec<((bool, String), Figure)> {
        let Some(by) = self.by else {
            let whose = if self.fits.is_none() { Whose::All } else { Whose::Part };
            return vec![((false, String::new()), kpi.figure(&self.made_of, cases.iter(), whose, period))];
        };
        let mut groups: BTreeMap<(bool, String), Vec<&Case<'i, 'a>>> = BTreeMap::new();
        for c in cases {
            let key = key_of(self.book(), by, c);
            groups.entry((key.is_empty(), key)).or_default().push(c);
        }
        let is_member = |who: &str| self.book().team.ids().any(|id| id == who);
        let of_people = kpi.is_of_people() && by == "owner" && self.fits.is_none();
        let figure = |(key, own): ((bool, String), Vec<&Case<'i, 'a>>)| {
            let figure = if of_people && is_member(&key.1) {
                // Whoever leads others has all that these did.
                kpi.figure(&self.made_of, cases.iter(), Whose::Member(&key.1), period)
            } else {
                kpi.figure(&self.made_of, own.into_iter(), Whose::Part, period)
            };
            (key, figure)
        };
        groups.into_iter().map(figure).collect()
    }

    fn named(&self, by: &str, (_, key): &(bool, String)) -> Cell {
        match (by, key.as_str()) {
            (_, "") => no_group(self.lang, by),
            ("owner", _) => text(key),
            _ => code(key, word(self.lang, self.ask.settings, None, by, key)),
        }
    }

    fn row(&self, group: Option<Cell>, kpi: &Kpi, [now, previous, year_ago, then]: &Beside) -> Row {
        let cell = |d: Option<Decimal>| d.map_or(Cell::NotAvailable, |d| self.shown(kpi.unit, d));
        let value = |f: &Figure| f.value.map(|d| round(d, DIGITS));
        let less = |f: &Figure| value(now).zip(value(f)).and_then(|(now, then)| now.checked_sub(then));
        let beside = |f: &Figure| [Cell::Int(f.n), cell(value(f)), cell(less(f))];
        let mut cells: Vec<Cell> = group.into_iter().collect();
        cells.push(code(kpi.key, name(self.lang, kpi)));
        cells.push(if kpi.reading.is_empty() {
            Cell::Missing
        } else {
            code(&kpi.reading, reading_word(self.lang, kpi))
        });
        cells.extend([Cell::Int(now.n), cell(value(now))]);
        cells.extend(beside(previous));
        cells.extend(beside(year_ago));
        if self.ask.compare.is_some() {
            cells.extend(beside(then));
        }
        // What credits are measured by is an amount, and all of it is one.
        let target = match kpi.source {
            Source::Credits(_) => now.target.map(|t| Cell::Number(t.normalize())),
            _ => now.target.map(|t| self.shown(kpi.unit, t)),
        };
        let goal = if kpi.is_of_people() { now.target.map(|_| Decimal::ONE) } else { now.target };
        let gap = value(now).zip(goal).and_then(|(value, goal)| value.checked_sub(goal));
        let missed = gap.is_some_and(|gap| if kpi.lower_is_better { gap > Decimal::ZERO } else { gap < Decimal::ZERO });
        cells.push(target.unwrap_or(Cell::NotAvailable));
        cells.push(cell(gap));
        cells.push(Cell::Flag(kpi.is_few(now)));
        cells.push(code(kpi.unit.key(), values::value(self.lang, "kpi_unit", kpi.unit.key())));
        Row { cells, tone: if missed { Tone::Warn } else { Tone::Plain }, ..Row::default() }
    }

    fn shown(&self, unit: Unit, value: Decimal) -> Cell {
        match unit {
            Unit::Fraction => Cell::Ratio(value),
            // Beside shares and days an amount is a number: a column of one currency would say so at its head.
            Unit::Money if self.ask.people => {
                Cell::Number(round(value, minor_digits(&self.book().settings.file.currency)))
            }
            Unit::Money => Cell::Number(value.normalize()),
            Unit::Points | Unit::Days | Unit::Hours => Cell::Days(value.normalize()),
        }
    }
}

/// The group of a case: what is credited to a rep is the rep's, everything else its customer's.
fn key_of(book: &Book, by: &str, c: &Case<'_, '_>) -> String {
    if let (What::Credit(credit), "owner") = (&c.what, by) {
        return credit.who.to_string();
    }
    match c.customer.map(|n| book.customers[n].get(by)) {
        Some(Value::Text(text)) => text.to_string(),
        _ => String::new(),
    }
}

fn name(lang: Lang, kpi: &Kpi) -> String {
    values::value(lang, "kpi", kpi.key)
}

fn reading_word(lang: Lang, kpi: &Kpi) -> String {
    match kpi.source {
        Source::Credits(_) => values::column_value(lang, "targets", "metric", &kpi.reading),
        _ => values::value(lang, "kpi_reading", &kpi.reading),
    }
}

fn rule(lang: Lang, kpi: &Kpi) -> String {
    values::value(lang, "kpi_rule", kpi.key)
}

/// A case in a line; `None` for an answer to another question.
fn line(book: &Book, kpi: &Kpi, c: &Case<'_, '_>, lang: Lang) -> Option<String> {
    let who = c.customer.map_or_else(String::new, |n| {
        let customer = &book.customers[n];
        if customer.name.is_empty() { customer.id.to_string() } else { format!("{} {}", customer.id, customer.name) }
    });
    let said = match &c.what {
        What::Hit(hit) => values::value(lang, "kpi_hit", if *hit { "yes" } else { "no" }),
        What::Length { days, thing, place } => {
            let days = m::kpi_length(lang, *days);
            let place = place.map(|p| book.place(p)).unwrap_or_default();
            [(*thing).to_string(), place.to_string(), days]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        }
        What::Parts { part, whole } => {
            let amount = |d: &Decimal| amount_text(&book.settings.file.currency, *d);
            let whole = if kpi.unit == Unit::Money { whole.normalize().to_string() } else { amount(whole) };
            m::kpi_parts(lang, amount(part), whole)
        }
        What::Answer(given) => {
            let wanted = if kpi.key == "nps" { "nps" } else { "csat" };
            if given.kind != wanted {
                return None;
            }
            let (score, at) = (given.score.score.normalize(), given.score.at.day);
            m::kpi_answer(lang, at, book.place(given.score.row.place), score)
        }
        What::Complaint(x) => {
            let state = values::value(lang, "complaint_state", x.state());
            m::kpi_thing(lang, x.id(), book.place(x.row.place), state)
        }
        What::Contract(x) => {
            let state = values::value(lang, "renewal", x.renewal.key());
            m::kpi_thing(lang, x.contract.id(), book.place(x.contract.paper.row.place), state)
        }
        What::Credit(x) => {
            let amount = x.amount.normalize();
            m::credit_line(lang, x.day, book.place(x.place), x.order, x.who, amount)
        }
    };
    Some(m::kpi_line(lang, who, said).trim().to_string())
}

fn columns(by: Option<&str>, compared: bool, lang: Lang) -> Vec<Column> {
    let of_group = |key: &str| Column { importance: Importance::Key, ..typed(lang, key, Kind::Code) };
    let mut columns: Vec<Column> = by.map(of_group).into_iter().collect();
    columns.extend(["kpi", "reading"].map(|k| typed(lang, k, Kind::Code)));
    columns.extend(["n", "value", "previous_n", "previous", "difference"].map(|k| num(lang, k)));
    columns.extend(["year_ago_n", "year_ago", "year_ago_difference"].map(|k| num(lang, k)));
    if compared {
        columns.extend(["then_n", "then", "then_difference"].map(|k| num(lang, k)));
    }
    columns.extend(["target", "gap"].map(|k| num(lang, k)));
    columns.push(typed(lang, "few", Kind::Flag));
    columns.push(typed(lang, "unit", Kind::Code));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["kpi", "reading", "value"]),
            (Importance::Main, &["n", "previous", "year_ago", "then", "then_difference"]),
            (Importance::Minor, &["previous_n", "year_ago_n", "year_ago_difference", "gap", "unit"]),
        ],
    );
    for (key, label) in [("value", "kpi_value"), ("difference", "kpi_difference")] {
        if let Some(c) = columns.iter_mut().find(|c| c.key == key) {
            c.label = labels::label(lang, label);
        }
    }
    columns
}

/// Says how many of the figures rest on few cases.
fn say_few(answer: &mut Answer, lang: Lang) {
    let Some(table) = answer.table() else { return };
    let few = table.columns.iter().position(|c| c.key == "few").unwrap_or(0);
    let count = table.rows.iter().filter(|r| r.cells[few] == Cell::Flag(true)).count();
    if count > 0 {
        answer.caveats.push(Caveat { text: m::kpi_few(lang, count), fails: Fails::Never });
    }
}
