//! The year-end review: every customer with what is known of it, as a sheet that can be edited and imported back.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::fields::{CustomerFields, CustomerRecord, cell, column};
use super::sales_figures::money;
use super::series::change_cell;
use super::{num, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::metrics::grading;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::period::Period;
use crate::model::settings::{Scorecard, Settings};
use crate::model::value::{FieldDef, Kind, Record as _, Schema as _};
use crate::rules::activeness::{self, Standing, State};
use crate::rules::classes::class;
use crate::rules::engine::groups::{Numbered, by_customer};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::exposure;
use crate::rules::review::{FIGURES, KEYS};
use crate::rules::risk;
use rayon::prelude::*;
use std::collections::HashMap;

/// The year-end review.
pub struct Review;

/// The scorecard by which customers are graded.
const CARD: &str = "grade";

fn card(settings: &Settings) -> Option<&Scorecard> {
    settings.file.scorecards.get(CARD)
}

/// The fields of customers that may be changed.
fn keys(ask: &Ask<'_>) -> Vec<FieldDef> {
    let fields = CustomerFields::new(ask.settings, ask.team);
    KEYS.iter().filter_map(|key| fields.find(key)).collect()
}

impl Report for Review {
    fn name(&self) -> &'static str {
        "review"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report review",
            "kehu report review -p 2026 -o review.csv",
            "kehu report review owner:li activeness:churned",
            "kehu report review grade:A revenue_change.lt:0 --sort revenue_change",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("this-year")
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        if ask.period.from.is_some() && ask.period.to.is_some() {
            return Ok(());
        }
        let (message, hint) = (m::open_period(lang), m::hint_closed_period(lang));
        Err(Misuse::Value { message, nearest: Vec::new(), hint })
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report profit --compare PERIOD" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let products = Reads::customers_and(&[Ledger::Products]);
        let of_card = card(ask.settings).map_or(Reads::NOTHING, grading::reads);
        crate::rules::classes::READS.and(activeness::READS).and(products).and(of_card)
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask, lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "new_grade" => ask.values_of("grade"),
            "activeness" => ["active", "churned"].map(|v| (v.to_string(), values::words("activeness", v))).into(),
            _ => ask.values_of(column),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        KEYS.iter().map(|key| (*key).to_string()).collect()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let q = Question::new(index, ask, lang);
        // Closed customers sleep.
        let chosen: Vec<usize> =
            ask.customers(index).into_iter().filter(|n| !index.book.customers[*n].closed).collect();
        let mut rows: Vec<(usize, Row)> =
            chosen.par_iter().with_min_len(256).map(|n| (*n, inside(|| q.row(*n)))).collect();
        rows.sort_by(|(a, _), (b, _)| {
            let profit = |n: usize| q.now.of(n).profit().filter(|_| !q.now.of(n).is_empty());
            profit(*b).cmp(&profit(*a)).then(a.cmp(b))
        });
        let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let unknown: i64 = chosen.iter().map(|n| q.now.of(*n).unknown_cost_lines).sum();
        let mut doc = Document::table(Table { columns: columns(ask, lang), rows, ..Table::default() });
        if !doc.is_empty() {
            doc.blocks.push(Block::Note(m::review_note(lang)));
        }
        let caveat = (unknown > 0).then(|| m::sources_cost_unknown(lang, unknown));
        let caveats = caveat.map(|text| Caveat { text, fails: Fails::Strict }).into_iter().collect();
        Answer { doc, caveats }
    }

    fn totals(&self, _answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {}
}

/// A report that is being made.
struct Question<'q, 'a> {
    index: &'q Index<'a>,
    settings: &'q Settings,
    keys: Vec<FieldDef>,
    period: Period,
    now: Numbered,
    before: Numbered,
    standing: Standing<'q, 'a>,
    /// The grade by the scorecard.
    grades: HashMap<usize, String>,
    lang: Lang,
}

impl<'q, 'a> Question<'q, 'a> {
    fn new(index: &'q Index<'a>, ask: &'q Ask<'q>, lang: Lang) -> Self {
        let (book, today) = (index.book, ask.calendar.today);
        let previous = ask.period.previous().unwrap_or(ask.period);
        let (now, before) = ask.period.like_for_like(previous, today);
        let sold = |period| by_customer(book, index.prices(), period);
        let graded = card(ask.settings).map_or_else(Vec::new, |c| grading::grade(&grading::index(book, c), c));
        let end = activeness::ends(ask.period, today).map_or(today, |(_, end)| end);
        Question {
            index,
            settings: ask.settings,
            keys: keys(ask),
            period: ask.period,
            now: sold(now),
            before: sold(before),
            standing: Standing::on(index, end),
            grades: graded.into_iter().map(|g| (g.customer, g.new.to_string())).collect(),
            lang,
        }
    }

    fn row(&self, n: usize) -> Row {
        let (index, book, lang) = (self.index, self.index.book, self.lang);
        let record = CustomerRecord { index, customer: n };
        let (now, before) = (self.now.of(n), self.before.of(n));
        let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let day = |d: Option<crate::model::day::Day>| d.map_or(Cell::Missing, Cell::Day);
        let active = match self.standing.of(n) {
            State::Active => Some("active"),
            State::Idle => Some("churned"),
            State::Never => None,
        };
        let is_visit = |a: &&crate::model::row::Activity| {
            self.period.contains(a.day()) && self.settings.is_visit(a.channel()) && a.outcome() != "no-answer"
        };
        let complaints = index.voice(n).complaints.iter().filter(|d| self.period.contains(**d)).count();
        let word = |list: &str, key: &str| code(key, values::value(lang, list, key));
        let mut cells: Vec<Cell> =
            self.keys.iter().map(|d| cell(lang, self.settings, None, d, record.value(d.id))).collect();
        cells.extend([
            self.grades.get(&n).map_or(Cell::Missing, |g| text(g)),
            active.map_or(Cell::Missing, |key| word("activeness", key)),
            class(index, n).map_or(Cell::Missing, |(key, _)| word("segment", key)),
            risk::score(index, n).map_or(Cell::Missing, |points| Cell::Number(points.normalize())),
            Cell::Int(now.orders()),
            money(book, Some(now.revenue())),
            money(book, Some(before.revenue())),
            change_cell(Some(now.revenue()), Some(before.revenue())),
            money(book, now.profit()),
            now.margin().map_or(Cell::NotAvailable, Cell::Ratio),
            count(index.activities(n).iter().filter(is_visit).count()),
            count(complaints),
            day(index.order_days().of(n).last().copied()),
            day(index.activities(n).last().map(|a| a.day())),
            money(book, exposure::outstanding(index, n)),
            money(book, exposure::overdue(index, n)),
        ]);
        Row { cells, ..Row::default() }
    }
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> = keys(ask).iter().map(|d| column(lang, ask.settings, None, d)).collect();
    let kind = |key: &str| match key {
        "new_grade" => Kind::Text,
        "activeness" | "segment" => Kind::Code,
        "revenue" | "revenue_before" | "profit" | "outstanding" | "overdue" => Kind::Money,
        "revenue_change" | "margin" => Kind::Ratio,
        "last_order" | "last_activity" => Kind::Day,
        _ => Kind::Number,
    };
    columns.extend(
        FIGURES.iter().map(|key| if kind(key) == Kind::Number { num(lang, key) } else { typed(lang, key, kind(key)) }),
    );
    rank(
        &mut columns,
        &[
            (Importance::Key, &["id", "grade", "revenue", "profit"]),
            (Importance::Main, &["name", "owner", "new_grade", "revenue_change", "activeness", "risk", "last_order"]),
            (Importance::Minor, &["grade_until", "contact_every", "tags", "note", "intent", "visits"]),
        ],
    );
    columns
}
