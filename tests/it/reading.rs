//! Reports without starting the program: the same reading, rules and reports, in this process.

use kehu::i18n::Lang;
use kehu::metrics::grading;
use kehu::model::book::{Book, Reads};
use kehu::model::day::parse_day;
use kehu::model::ledger::Ledger;
use kehu::model::period::{Calendar, Period};
use kehu::model::value::Schema;
use kehu::output::{Format, Style, render};
use kehu::query::{Filter, Per};
use kehu::report::ask::{Answer, Ask, Caveat, Report};
use kehu::report::document::Document;
use kehu::report::{
    REPORTS, customer, due, fields, funnel, grades, list, products, profit, receivables, sales_groups, scorecard, today,
};
use kehu::rules::engine::index::Index;
use kehu::rules::history::as_of;
use kehu::store::cache::CacheUse;
use kehu::store::{load, read_consistently};
use serde_json::Value;
use std::path::Path;
use std::sync::OnceLock;

/// All that a data directory said by the end of a past day.
pub(crate) struct Reading {
    book: Book,
}

/// Reads a data directory with so many threads; with more than one also through the cache. The day lies in the past, so that decisions come from events.
pub(crate) fn read(root: &Path, day: &str, threads: usize) -> Reading {
    static POOLS: [OnceLock<rayon::ThreadPool>; 4] = [const { OnceLock::new() }; 4];
    let pool =
        POOLS[threads].get_or_init(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads"));
    let loaded = pool.install(|| {
        let opened = read_consistently(root, load::open).expect("a data directory");
        assert!(!opened.is_broken(), "{:?}", opened.diagnostics);
        let settings = opened.settings.expect("settings");
        let reads = Reads { customers: true, ledgers: load::TYPED, ..Reads::NOTHING };
        let day = parse_day(day).expect("a day");
        let load = |cache| {
            read_consistently(root, |view| load::load(view, &settings, &opened.team, reads, day, cache)).expect("rows")
        };
        if threads == 1 {
            load(CacheUse::Off)
        } else {
            // The second reading has a cache to read from.
            load(CacheUse::Always);
            load(CacheUse::Always)
        }
    });
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.severity() == kehu::diag::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut book = loaded.book;
    as_of(&mut book, true);
    Reading { book }
}

/// Every grouping of profit with every period.
pub(crate) fn groupings() -> impl Iterator<Item = (&'static str, Option<Per>)> {
    let every = [None, Some(Per::Month), Some(Per::Quarter), Some(Per::Year)];
    sales_groups::KEYS.iter().flat_map(move |by| every.map(|per| (*by, per)))
}

impl Reading {
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    fn style(&self) -> Style {
        let tz = self.book.settings.tz;
        Style { format: Format::Json, lang: Lang::En, width: None, color: false, tz, scale: None, columns: false }
    }

    fn calendar(&self) -> Calendar {
        let s = &self.book.settings;
        Calendar { today: self.book.today, week_start: s.week_start, fiscal_year_start: s.fiscal_year_start }
    }

    /// What a report answers a program; `terms` are about its rows.
    fn ask(&self, report: &dyn Report, terms: &[&str], change: impl FnOnce(&mut Ask<'_>)) -> Answer {
        self.ask_in(Lang::En, report, terms, change)
    }

    fn ask_in(&self, lang: Lang, report: &dyn Report, terms: &[&str], change: impl FnOnce(&mut Ask<'_>)) -> Answer {
        let (settings, team, calendar) = (&self.book.settings, &self.book.team, self.calendar());
        let fields = fields::LedgerFields::new(Ledger::Orders, settings, team);
        let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
        let filter = Filter::parse(&terms, &fields, &calendar, &|_| None).expect("terms");
        let mut ask = Ask { filter, ..Ask::new(settings, team, calendar, &fields) };
        change(&mut ask);
        report.ask(&Index::new(&self.book), &ask, lang)
    }

    /// The report of profit; the second is what its last line says.
    pub(crate) fn profit(&self, by: &str, per: Option<Per>, period: Period) -> (Document, String) {
        let ask = |terms: &[&str]| {
            self.ask(&profit::Profit, terms, |ask| {
                (ask.per, ask.period) = (per, period);
                ask.flags = vec![("by", by.to_string())];
            })
        };
        let (answer, filtered) = (ask(&[]), ask(&["not:customer.id:zzz"]));
        assert!(
            (&answer.doc, &answer.caveats) == (&filtered.doc, &filtered.caveats),
            "by {by} per {per:?}: with a filter {filtered:?}"
        );
        let kehu::report::document::Block::Table(table) = &answer.doc.blocks[0] else { panic!("no table") };
        let cells = &table.footer[0].cells;
        // Only what is grouped by products asks for those that do not exist.
        let caveats: Vec<&Caveat> = answer.caveats.iter().filter(|c| !c.text.contains("product")).collect();
        let footer = format!("{:?} {caveats:?}", &cells[cells.len() - 9..]);
        (answer.doc, footer)
    }

    /// Rows as programs get them.
    pub(crate) fn rows(&self, doc: &Document) -> Vec<Value> {
        serde_json::from_str(&render(doc, &self.style())).expect("JSON")
    }

    /// What every customer owes, as rows.
    pub(crate) fn receivables(&self) -> Vec<Value> {
        self.rows(&self.ask(&receivables::Receivables, &[], |_| {}).doc)
    }

    /// Some columns of every customer.
    pub(crate) fn list(&self, columns: &[&str]) -> Vec<Value> {
        let fields = fields::CustomerFields::new(&self.book.settings, &self.book.team);
        let columns: Vec<_> = columns.iter().map(|c| fields.find(c).expect("a field")).collect();
        let all: Vec<usize> = (0..self.book.customers.len()).collect();
        self.rows(&list::report(&Index::new(&self.book), &all, &columns, Lang::En))
    }

    /// The grading as rows.
    pub(crate) fn grades(&self) -> Vec<Value> {
        let card = &self.book.settings.file.scorecards[grading::CARD];
        let index = grading::index(&self.book, card);
        let graded = grading::grade(&index, card);
        let reader = scorecard::Reader { lang: Lang::En, machine: true };
        let mut list: Vec<_> = graded.iter().collect();
        scorecard::in_order(&mut list);
        self.rows(&scorecard::report(&index, card, &mut list, reader, |table| vec![true; table.rows.len()]))
    }

    /// The beginnings of some reports on a terminal of 80 columns, with what is said below them.
    pub(crate) fn at_80(&self, lang: Lang) -> Vec<(&'static str, String)> {
        const SHOWN: usize = 6;
        let index = Index::new(&self.book);
        let all: Vec<usize> = (0..self.book.customers.len()).collect();
        let fields = fields::CustomerFields::new(&self.book.settings, &self.book.team);
        let columns: Vec<_> = list::DEFAULT_COLUMNS.iter().filter_map(|c| fields.find(c)).collect();
        let docs = [
            ("receivables", self.ask_in(lang, &receivables::Receivables, &[], |_| {}).doc),
            (
                "due",
                due::report(
                    &index,
                    &due::due_list(&index, &all, &kehu::query::Filter::default(), self.book.today),
                    lang,
                ),
            ),
            ("today", today::report(&index, &today::lines(&index, None, 0, lang), None, lang)),
            ("list", list::report(&index, &all, &columns, lang)),
        ];
        let style = Style { format: Format::Table, width: Some(80), lang, columns: true, ..self.style() };
        let shorter = |mut doc: Document| {
            if let Some(kehu::report::document::Block::Table(t)) = doc.blocks.first_mut() {
                t.rows.truncate(SHOWN);
            }
            render(&doc, &style)
        };
        docs.into_iter().map(|(name, doc)| (name, shorter(doc))).collect()
    }

    /// Every report as text, in the form that shows most: with the totals below tables.
    pub(crate) fn reports(&self) -> Vec<(String, String)> {
        let index = Index::new(&self.book);
        let all: Vec<usize> = (0..self.book.customers.len()).collect();
        let lang = Lang::En;
        let mut out: Vec<(String, Document)> = groupings()
            .map(|(by, per)| (format!("profit by {by} per {per:?}"), self.profit(by, per, Period::ALL).0))
            .collect();
        let far = self.book.today + chrono::Days::new(400);
        let columns = fields::CustomerFields::new(&self.book.settings, &self.book.team);
        let columns: Vec<_> = columns.keys().iter().filter_map(|k| columns.find(k)).collect();
        let from = (self.book.today - chrono::Days::new(300)).to_string();
        out.extend(REPORTS.iter().map(|r| (r.name().to_string(), self.ask(*r, &[], |_| {}).doc)));
        let migration = |ask: &mut Ask<'_>| ask.flags = vec![("from", from), ("migration", String::new())];
        out.push(("migration".into(), self.ask(&grades::Grades, &[], migration).doc));
        out.extend([
            (
                "due".into(),
                due::report(&index, &due::due_list(&index, &all, &kehu::query::Filter::default(), far), lang),
            ),
            ("list".into(), list::report(&index, &all, &columns, lang)),
            ("today".into(), today::report(&index, &today::lines(&index, None, 30, lang), None, lang)),
            ("team".into(), today::team(&index, lang)),
            ("funnel".into(), funnel::report(&index, &all, Period::ALL, lang)),
        ]);
        for people in [true, false] {
            let year = Period::new(self.book.today - chrono::Days::new(365), self.book.today);
            let of = |ask: &mut Ask<'_>| (ask.period, ask.people) = (year, people);
            out.push((format!("products, people {people}"), self.ask(&products::Products, &[], of).doc));
        }
        for c in &all {
            out.push((format!("show {c}"), customer::show(&index, *c, &[], lang)));
            out.push((format!("brief {c}"), customer::brief(&index, *c, &[], lang)));
        }
        let place = regex::Regex::new(r"\b(customers|ledgers)/[^\s,;)|]+:\d+").expect("a pattern");
        let everything = Style { format: Format::Md, ..self.style() };
        let mut out: Vec<(String, String)> = out
            .into_iter()
            .map(|(name, doc)| {
                let text = render(&doc, &self.style()) + &render(&doc, &everything);
                // Places are where the rows stand now.
                (name, place.replace_all(&text, "…").into_owned())
            })
            .collect();
        out.push(("grade".into(), format!("{:#?}", self.grades())));
        out
    }
}

/// The first report that differs, with both texts.
pub(crate) fn difference(a: &[(String, String)], b: &[(String, String)]) -> Option<String> {
    a.iter().zip(b).find(|(x, y)| x != y).map(|(x, y)| format!("{}:\n{}", x.0, super::golden::difference(&x.1, &y.1)))
}
