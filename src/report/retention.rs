//! Cohorts: the customers of a month or quarter, how many of them order again, and what they buy.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Misuse, Over, Report, Series};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::explain::cut;
use super::fields::CustomerRecord;
use super::picture::{Picture, Shape};
use super::sales_figures::money;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::query::{Per, buckets};
use crate::rules::cohorts::{Cohort, cohorts};
use crate::rules::engine::index::Index;
use crate::rules::stays::FEW;
use crate::rules::unjoined::of_nobody;

/// Cohorts by the part of their first order.
pub struct Retention;

const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]);

/// The columns that only the table of machine formats has.
const LONG: &[&str] = &["age", "period", "over", "active", "share", "revenue_share"];

/// The parts by which there are cohorts.
fn per(ask: &Ask<'_>) -> Per {
    ask.per.unwrap_or(Per::Quarter)
}

impl Report for Retention {
    fn name(&self) -> &'static str {
        "retention"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report retention",
            "kehu report retention --per month -p 12m",
            "kehu report retention source:expo -p 2025 --explain",
            "kehu report retention --per quarter age:1 --json",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("last-year..this-year")
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let misuse = |message, hint| Err(Misuse::Value { message, nearest: Vec::new(), hint });
        if ask.period.from.is_none() || ask.period.to.is_none() {
            return misuse(m::open_period(lang), m::hint_closed_period(lang));
        }
        if matches!(per(ask), Per::Day | Per::Week) {
            return misuse(m::cohort_unit(lang), m::hint_values(lang, "month, quarter, year"));
        }
        Ok(())
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: true, compare: false, instead: "kehu report kpi kpi:retention --compare PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let q = Question::new(index, ask, lang);
        let triangle = ask.people && !ask.judged && !LONG.iter().any(|key| ask.names(key));
        let mut doc = if triangle { q.triangles() } else { q.long() };
        if q.cohorts.iter().any(|c| !c.customers.is_empty()) {
            doc.blocks.push(Block::Note(m::cohort_note(lang)));
            if q.parts.iter().any(|(_, p)| !q.is_over(*p)) {
                doc.blocks.push(Block::Note(m::cohort_lasts(lang, ask.calendar.today)));
            }
        }
        let ledgers = LedgerSet::of(&[Ledger::Orders, Ledger::Refunds]);
        let mut caveats = Caveat::of_unjoined(&of_nobody(index.book, index.prices(), ledgers, ask.period), lang);
        let few = q.cohorts.iter().filter(|c| (1..FEW as usize).contains(&c.customers.len())).count();
        if few > 0 {
            caveats.push(Caveat { text: m::cohorts_few(lang, few, FEW), fails: Fails::Never });
        }
        let unreadable: i64 = q.cohorts.iter().flat_map(|c| &c.ages).map(|a| a.unreadable).sum();
        if unreadable > 0 {
            caveats.push(Caveat { text: m::cohorts_unreadable(lang, unreadable), fails: Fails::Strict });
        }
        Answer { doc, caveats }
    }

    fn totals(&self, _answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {}

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let mut names: Vec<String> =
            t.rows.iter().take(shown).filter_map(|r| r.cells.first()?.text().map(String::from)).collect();
        names.dedup();
        let q = Question::new(index, ask, lang);
        for name in names {
            let Some(n) = q.parts.iter().position(|(label, _)| *label == name) else { continue };
            let line = |c: &usize| {
                let customer = &index.book.customers[*c];
                let days = index.order_days().of(*c);
                let (first, last) = (days.first().copied(), days.last().copied());
                let day = |d: Option<crate::model::day::Day>| d.map_or_else(String::new, |d| d.to_string());
                m::cohort_customer(lang, customer.id, customer.name, day(first), day(last), days.len())
            };
            let lines: Vec<String> = q.cohorts[n].customers.iter().map(line).collect();
            let mut out = vec![m::cohort_explained(lang, &name, lines.len())];
            out.extend(cut(lines, lang));
            doc.blocks.push(Block::Note(out.join("\n  ")));
        }
    }
}

/// A report that is being made.
struct Question<'q, 'a> {
    book: &'a Book,
    ask: &'q Ask<'q>,
    /// What the parts are called, and their days.
    parts: Vec<(String, Period)>,
    cohorts: Vec<Cohort>,
    lang: Lang,
}

impl<'q, 'a> Question<'q, 'a> {
    fn new(index: &Index<'a>, ask: &'q Ask<'q>, lang: Lang) -> Self {
        let mut parts = buckets(&ask.period, per(ask), &ask.calendar);
        let fits = |customer| ask.filter.is_empty() || ask.filter.matches(&CustomerRecord { index, customer });
        let days: Vec<Period> = parts.iter().map(|(_, p)| *p).collect();
        let cohorts = cohorts(index, fits, &days);
        parts.truncate(cohorts.len());
        Question { book: index.book, ask, parts, cohorts, lang }
    }

    fn is_over(&self, part: Period) -> bool {
        part.to.is_none_or(|to| to <= self.ask.calendar.today)
    }

    /// A row for each cohort and age; cohorts of nobody are left out.
    fn long(&self) -> Document {
        let mut rows = Vec::new();
        for (n, cohort) in self.cohorts.iter().enumerate().filter(|(_, c)| !c.customers.is_empty()) {
            for (k, age) in cohort.ages.iter().enumerate() {
                let (label, part) = &self.parts[n + k];
                let share = |d: Option<Decimal>| d.map_or(Cell::NotAvailable, Cell::Ratio);
                let cells = vec![
                    Cell::Text(self.parts[n].0.as_str().into()),
                    Cell::Int(cohort.customers.len() as i64),
                    Cell::Int(k as i64),
                    Cell::Text(label.as_str().into()),
                    Cell::Flag(self.is_over(*part)),
                    Cell::Int(age.active),
                    share(cohort.share(k)),
                    money(self.book, Some(age.revenue)),
                    share(cohort.revenue_share(k)),
                ];
                rows.push(Row { cells, ..Row::default() });
            }
        }
        Document::table(Table { columns: columns(self.lang), rows, ..Table::default() })
    }

    /// For people: a row for each cohort, a column for each age; customers first, then what they bought.
    fn triangles(&self) -> Document {
        let customers = self.triangle("customers", Cohort::share);
        let revenue = self.triangle("revenue", Cohort::revenue_share);
        let mut doc = Document::table(customers);
        doc.title = None;
        if !doc.is_empty() {
            doc.blocks.push(Block::Table(revenue));
        }
        doc
    }

    fn triangle(&self, what: &str, share: impl Fn(&Cohort, usize) -> Option<Decimal>) -> Table {
        let lang = self.lang;
        let known: Vec<(usize, &Cohort)> =
            self.cohorts.iter().enumerate().filter(|(_, c)| !c.customers.is_empty()).collect();
        let ages = known.iter().map(|(_, c)| c.ages.len()).max().unwrap_or_default();
        let mut columns = vec![Column { importance: Importance::Key, ..col(lang, "cohort") }];
        columns.push(num(lang, "customers"));
        columns.push(typed(lang, "revenue", Kind::Money));
        let age = |n: usize| Column {
            key: n.to_string(),
            label: n.to_string(),
            right: true,
            importance: Importance::Main,
            kind: Kind::Ratio,
            ..Column::default()
        };
        columns.extend((0..ages).map(age));
        let row = |(n, c): &(usize, &Cohort)| {
            let mut cells = vec![
                Cell::Text(self.parts[*n].0.as_str().into()),
                Cell::Int(c.customers.len() as i64),
                money(self.book, c.ages.first().map(|a| a.revenue)),
            ];
            cells.extend((0..c.ages.len()).map(|k| share(c, k).map_or(Cell::NotAvailable, Cell::Ratio)));
            cells.resize(ages + 3, Cell::Missing);
            Row { cells, ..Row::default() }
        };
        let rows: Vec<Row> = known.iter().map(row).collect();
        let title = Some(labels::label(lang, &format!("cohort_{what}")));
        let columns_drawn: Vec<String> = (0..ages).map(|n| n.to_string()).collect();
        let drawn: Vec<&str> = columns_drawn.iter().map(String::as_str).collect();
        let pictures = vec![Picture::new(Shape::Heat, "cohort", &drawn)];
        let footer = self.together(&known, ages, what);
        Table { title, columns, rows, footer, pictures, ..Table::default() }
    }

    /// All cohorts together that have reached an age, in parts that are over: sums, not the mean of shares.
    fn together(&self, known: &[(usize, &Cohort)], ages: usize, what: &str) -> Vec<Row> {
        if known.len() < 2 {
            return Vec::new();
        }
        let sum = |k: usize| {
            let old = known.iter().filter(|(n, c)| k < c.ages.len() && self.is_over(self.parts[n + k].1));
            let (mut part, mut whole) = (Decimal::ZERO, Decimal::ZERO);
            for (_, c) in old {
                let (now, first) = (&c.ages[k], &c.ages[0]);
                let both = match what {
                    "revenue" => (now.revenue, first.revenue),
                    _ => (Decimal::from(now.active), Decimal::from(c.customers.len())),
                };
                part = part.saturating_add(both.0);
                whole = whole.saturating_add(both.1);
            }
            part.checked_div(whole).filter(|_| whole > Decimal::ZERO).map_or(Cell::NotAvailable, Cell::Ratio)
        };
        let customers: usize = known.iter().map(|(_, c)| c.customers.len()).sum();
        let first = known.iter().filter_map(|(_, c)| c.ages.first()).map(|a| a.revenue);
        let mut cells = vec![
            Cell::Text(m::total(self.lang).into()),
            Cell::Int(customers as i64),
            money(self.book, Some(first.fold(Decimal::ZERO, Decimal::saturating_add))),
        ];
        cells.extend((0..ages).map(sum));
        vec![Row { cells, ..Row::default() }]
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "cohort"),
        num(lang, "customers"),
        num(lang, "age"),
        col(lang, "period"),
        typed(lang, "over", Kind::Flag),
        num(lang, "active"),
        typed(lang, "share", Kind::Ratio),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "revenue_share", Kind::Ratio),
    ];
    let own = [
        ("age", "cohort_age"),
        ("over", "cohort_over"),
        ("share", "cohort_share"),
        ("revenue_share", "cohort_revenue"),
    ];
    for (key, label) in own {
        if let Some(c) = columns.iter_mut().find(|c| c.key == key) {
            c.label = labels::label(lang, label);
        }
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["cohort", "age", "share", "revenue"]),
            (Importance::Main, &["customers", "active", "revenue_share"]),
        ],
    );
    columns
}
