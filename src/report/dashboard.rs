//! One page for whoever leads the sales: the period's figures beside those before, targets, the months, late money, customers
//! that may leave, customers that stand still, complaints, the funnel.

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::picture::{Picture, Shape};
use super::series::change_cell;
use super::{col, funnel, num, receivables, stalled, typed};
use crate::i18n::{Lang, labels, messages as m};
use crate::model::book::Reads;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::query::{Per, buckets};
use crate::rules::complaints::{self, Complaint};
use crate::rules::engine::index::Index;
use crate::rules::performance::{self, Tally, standing};
use crate::rules::profit::{Figures, Sale, sales};
use crate::rules::receivables::Account;
use crate::rules::risk;
use crate::rules::stalled::{Case, stalled as stalled_among};
use crate::rules::targets::{Level, Metric, Target, Targets};
use chrono::{Datelike as _, Months};
use std::collections::HashSet;

/// See the file.
pub struct Dashboard;

/// Customers and complaints of a section.
const MOST: usize = 8;
/// Months that are drawn.
const MONTHS: u32 = 12;

const READS: Reads = funnel::READS
    .and(stalled::READS)
    .and(super::performance::READS)
    .and(complaints::READS)
    .and(crate::rules::classes::READS);

impl Report for Dashboard {
    fn name(&self) -> &'static str {
        "dashboard"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report dashboard -o director.html",
            "kehu report dashboard -p last-month -o last-month.html",
            "kehu report dashboard owner:li -p this-quarter",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("this-month")
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report kpi" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = vec![
            col(lang, "dashboard.figure"),
            num(lang, "now"),
            num(lang, "previous"),
            typed(lang, "previous_change", Kind::Ratio),
            num(lang, "year_ago"),
            typed(lang, "year_ago_change", Kind::Ratio),
        ];
        columns[0].key = "figure".into();
        rank(&mut columns, &[(Importance::Key, &["figure", "now"]), (Importance::Main, &["year_ago_change"])]);
        columns
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        vec!["figure".into()]
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let chosen = ask.customers(index);
        let page = Page::new(index, ask, chosen, lang);
        let mut doc = Document::table(page.figures());
        if ask.people {
            let sections = [
                page.months(),
                page.targets(),
                page.ageing(),
                page.late(),
                page.risks(),
                page.stuck(),
                page.complaints(),
                page.funnel(),
            ];
            doc.blocks.extend(sections.into_iter().filter(|t| !t.rows.is_empty()).map(Block::Table));
        }
        Answer { doc, caveats: Caveat::of_unjoined(&receivables::unjoined(index), lang) }
    }

    fn totals(&self, _answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {}
}

/// What a page is made of.
struct Page<'p, 'a> {
    index: &'p Index<'a>,
    ask: &'p Ask<'p>,
    chosen: Vec<usize>,
    is_chosen: HashSet<usize>,
    /// The customers whose risk is watched or high (R7), with what they earned in twelve months; the highest first.
    at_risk: Vec<(Decimal, Decimal, usize)>,
    stalled: Vec<Case>,
    lang: Lang,
}

/// A figure of a period: money, a number, or a share.
type Told = Option<Decimal>;

impl<'p, 'a> Page<'p, 'a> {
    fn new(index: &'p Index<'a>, ask: &'p Ask<'p>, chosen: Vec<usize>, lang: Lang) -> Page<'p, 'a> {
        let watch = index.book.settings.file.risk.watch();
        let scored = |c: &usize| {
            let score = risk::score(index, *c).filter(|s| *s >= watch)?;
            Some((score, index.figures_of_year(*c).profit().unwrap_or_default(), *c))
        };
        let mut at_risk: Vec<(Decimal, Decimal, usize)> = chosen.iter().filter_map(scored).collect();
        at_risk.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
        let is_chosen = chosen.iter().copied().collect();
        Page { index, ask, is_chosen, at_risk, stalled: stalled_among(index, &chosen), chosen, lang }
    }

    /// Whether something of a customer counts; what belongs to no customer of the book counts where no terms choose any.
    fn fits(&self, customer: Option<usize>) -> bool {
        self.ask.filter.is_empty() || customer.is_some_and(|c| self.is_chosen.contains(&c))
    }

    fn sold(&self, period: Period) -> Vec<Sale<'a>> {
        let mut all = sales(self.index.book, self.index.prices(), period);
        all.retain(|s| self.fits(s.customer));
        all
    }

    fn credited(&self, metric: Metric, period: Period) -> Vec<crate::rules::credited::Credit<'a>> {
        let mut all = performance::credits(self.index, metric, period);
        all.retain(|c| self.fits(c.customer));
        all
    }

    fn money(&self, amount: Told) -> Cell {
        amount.map_or(Cell::NotAvailable, |a| Cell::money(a, &self.index.book.settings.file.currency))
    }

    /// The figures of the period, of the one before, and of the same a year ago; below them those of today.
    fn figures(&self) -> Table {
        let (index, ask) = (self.index, self.ask);
        let like = |then: Option<Period>| then.map(|then| ask.period.like_for_like(then, index.book.today));
        let beside = [like(ask.period.previous()), like(ask.period.year_ago())];
        let now = ask.period;
        let of = |figure: &dyn Fn(Period) -> Told| -> [(Told, Told); 2] {
            beside.map(|both| both.map_or((None, None), |(now, then)| (figure(now), figure(then))))
        };
        let mut rows = Vec::new();
        let mut add = |key: &str, cell: &dyn Fn(Told) -> Cell, figure: &dyn Fn(Period) -> Told, changes: bool| {
            let mut cells = vec![self.called(key), cell(figure(now))];
            for (now, then) in of(figure) {
                let change = if changes { change_cell(now, then) } else { Cell::Missing };
                cells.extend([cell(then), change]);
            }
            rows.push(Row { cells, ..Row::default() });
        };
        let (money, count) = (|n: Told| self.money(n), |n: Told| n.map_or(Cell::NotAvailable, Cell::Number));
        let share = |n: Told| n.map_or(Cell::NotAvailable, Cell::Ratio);
        let sold = |p: Period| crate::rules::profit::figures(&self.sold(p));
        let sum = |metric| move |p: Period| Some(Tally::new(self.ask.team, &self.credited(metric, p)).whole().sum);
        add("revenue", &money, &|p| Some(sold(p).revenue()), true);
        add("profit", &money, &|p| sold(p).profit(), true);
        add("margin", &share, &|p| sold(p).margin(), false);
        add("receipts", &money, &sum(Metric::Receipts), true);
        add("orders", &count, &sum(Metric::Orders), true);
        add("new_customers", &count, &sum(Metric::NewCustomers), true);
        let today = |key: &str, cell: Cell, tone: Tone| {
            let mut cells = vec![self.called(key), cell];
            cells.resize(6, Cell::Missing);
            Row { cells, tone, ..Row::default() }
        };
        let bad = |n: usize| if n > 0 { Tone::Bad } else { Tone::Plain };
        let (owed, overdue) = self.owed();
        let open: Vec<&Complaint<'_>> = self.open();
        let late = open.iter().filter(|c| c.is_late()).count();
        let (at_risk, stuck) = (self.at_risk.len(), self.stalled.len());
        let whole = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let is_late = overdue.known().is_none_or(|n| !n.is_zero());
        rows.extend([
            today("outstanding", self.money(owed.known()), Tone::Plain),
            today("overdue", self.money(overdue.known()), bad(usize::from(is_late))),
            today("at_risk", whole(at_risk), bad(at_risk)),
            today("stalled", whole(stuck), Tone::Plain),
            today("complaints_open", whole(open.len()), Tone::Plain),
            today("complaints_late", whole(late), bad(late)),
        ]);
        Table { columns: Dashboard.columns(self.ask, self.lang), rows, ..Table::default() }
    }

    fn called(&self, figure: &str) -> Cell {
        Cell::code(figure, &labels::label(self.lang, &format!("dashboard.{figure}")))
    }

    /// Revenue and profit of the last twelve months, and the revenue of the same months a year before.
    fn months(&self) -> Table {
        let (lang, today) = (self.lang, self.index.book.today);
        let first = today.with_day(1).and_then(|d| d.checked_sub_months(Months::new(MONTHS - 1)));
        let Some((first, before)) = first.and_then(|d| Some((d, d.checked_sub_months(Months::new(MONTHS))?))) else {
            return Table::default();
        };
        let sold = self.sold(Period::new(before, today));
        let months = buckets(&Period::new(first, today), Per::Month, &self.ask.calendar);
        let of = |p: Period| {
            let mut figures = Figures::default();
            sold.iter().filter(|s| p.contains(s.day)).for_each(|s| figures.add(s));
            figures
        };
        let row = |(label, month): &(String, Period)| {
            let (now, then) = (of(*month), month.year_ago().map(of).unwrap_or_default());
            let cells = vec![
                Cell::Text(label.as_str().into()),
                self.money(Some(now.revenue())),
                self.money(Some(then.revenue())),
                self.money(now.profit()),
            ];
            Row { cells, ..Row::default() }
        };
        let columns = vec![
            col(lang, "period"),
            typed(lang, "revenue", Kind::Money),
            typed(lang, "revenue_year_ago", Kind::Money),
            typed(lang, "profit", Kind::Money),
        ];
        let drawn = Picture::new(Shape::Lines, "period", &["revenue", "revenue_year_ago", "profit"]);
        self.section(m::dashboard_months(lang), columns, months.iter().map(row).collect(), Some(drawn.folding()))
    }

    /// What members were to sign and collect, and what they did. Targets are of all customers.
    fn targets(&self) -> Table {
        let (index, lang) = (self.index, self.lang);
        if !self.ask.filter.is_empty() || !performance::has_targets(self.ask.period) {
            return Table::default();
        }
        let (book, period) = (index.book, self.ask.period);
        let targets = Targets::new(book);
        let tally = |metric| Tally::new(&book.team, &performance::credits(index, metric, period));
        let (signed, collected) = (tally(Metric::Signed), tally(Metric::Receipts));
        let mut rows = Vec::new();
        for who in book.team.ids() {
            let has = |metric| targets.of(who, metric, Level::Target, period);
            let [to_sign, to_collect] = [Metric::Signed, Metric::Receipts].map(has);
            if matches!(to_sign, Target::None) && matches!(to_collect, Target::None) {
                continue;
            }
            let of = |tally, metric| standing(&targets, tally, who, (metric, period));
            let (s, c) = (of(&signed, Metric::Signed), of(&collected, Metric::Receipts));
            let share = s.completion().map_or(Cell::NotAvailable, Cell::Ratio);
            let tone = if s.completion().is_some_and(|n| n >= Decimal::ONE) { Tone::Good } else { Tone::Plain };
            let cells = vec![
                Cell::Id(who.into()),
                text(book.team.name(who)),
                self.money(to_sign.known()),
                self.money(Some(s.done.sum)),
                share,
                self.money(to_collect.known()),
                self.money(Some(c.done.sum)),
            ];
            rows.push(Row { cells, tone, ..Row::default() });
        }
        let columns = vec![
            col(lang, "rep"),
            col(lang, "name"),
            typed(lang, "target_signed", Kind::Money),
            typed(lang, "signed", Kind::Money),
            typed(lang, "completion", Kind::Ratio),
            typed(lang, "target_receipts", Kind::Money),
            typed(lang, "collected", Kind::Money),
        ];
        let drawn = Picture::new(Shape::Bars, "name", &["target_signed", "signed", "collected"]);
        self.section(m::dashboard_targets(lang), columns, rows, Some(drawn))
    }

    /// The accounts in the base currency that count; with those of no known customer where no terms choose any.
    fn accounts(&self) -> impl Iterator<Item = &Account<'a>> {
        let base = self.index.book.settings.file.currency.as_str();
        let known = self.index.accounts().iter().filter(|a| self.fits(Some(a.customer)));
        let strangers = self.index.strangers().iter().map(|(_, a)| a).filter(|_| self.fits(None));
        known.chain(strangers).filter(move |a| a.currency == base)
    }

    /// What is owed, and what of it is late.
    fn owed(&self) -> (Sum, Sum) {
        let today = self.index.book.today;
        self.accounts().fold((Sum::ZERO, Sum::ZERO), |(owed, late), a| {
            (owed.plus(a.outstanding()), late.plus(a.ageing(today).overdue()))
        })
    }

    fn ageing(&self) -> Table {
        let (lang, today) = (self.lang, self.index.book.today);
        let mut sums = [Sum::ZERO; 6];
        for a in self.accounts() {
            let ages = a.ageing(today);
            let parts = [ages.not_due, ages.d1_30, ages.d31_60, ages.d61_90, ages.d91_120, ages.d120_plus];
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum = sum.plus(part));
        }
        let row = |(key, sum): (&&str, &Sum)| Row {
            cells: vec![Cell::code(key, &labels::label(lang, key)), self.money(sum.known())],
            ..Row::default()
        };
        let is_owed = sums.iter().any(|s| s.known().is_none_or(|n| !n.is_zero()));
        let rows = receivables::AGES.iter().zip(&sums).filter(|_| is_owed).map(row).collect();
        let columns = vec![col(lang, "age_of_debt"), typed(lang, "open_amount", Kind::Money)];
        let drawn = Picture::new(Shape::Bars, "age_of_debt", &["open_amount"]);
        self.section(m::dashboard_ageing(lang), columns, rows, Some(drawn))
    }

    /// The customers with most late money.
    fn late(&self) -> Table {
        let (lang, book) = (self.lang, self.index.book);
        let base = book.settings.file.currency.as_str();
        let late = |a: &Account<'_>| a.ageing(book.today).overdue().known().unwrap_or(Decimal::MAX);
        let mut all: Vec<(Decimal, &Account<'_>)> = self
            .index
            .accounts()
            .iter()
            .filter(|a| self.fits(Some(a.customer)) && a.currency == base)
            .map(|a| (late(a), a))
            .collect();
        all.retain(|(late, _)| *late > Decimal::ZERO);
        all.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.customer.cmp(&y.1.customer)));
        let row = |(_, a): &(Decimal, &Account<'_>)| {
            let c = &book.customers[a.customer];
            let open = a.receivables.iter().filter(|r| !r.open.is_zero()).map(|r| r.days_overdue(book.today));
            let cells = vec![
                Cell::Id(c.id.into()),
                text(c.name),
                text(book.team.name(c.owner)),
                self.money(a.ageing(book.today).overdue().known()),
                self.money(a.outstanding().known()),
                Cell::Int(open.max().unwrap_or(0)),
            ];
            Row { cells, tone: Tone::Bad, ..Row::default() }
        };
        let columns = vec![
            col(lang, "customer"),
            col(lang, "name"),
            col(lang, "owner"),
            typed(lang, "late_amount", Kind::Money),
            typed(lang, "outstanding", Kind::Money),
            num(lang, "dashboard.days_late"),
        ];
        self.some(m::dashboard_late(lang), columns, all.iter().take(MOST).map(row).collect(), all.len())
    }

    fn risks(&self) -> Table {
        let (lang, book) = (self.lang, self.index.book);
        let all = &self.at_risk;
        let row = |(score, _, customer): &(Decimal, Decimal, usize)| {
            let c = &book.customers[*customer];
            let signs = risk::signs(self.index, *customer);
            let cells = vec![
                Cell::Id(c.id.into()),
                text(c.name),
                text(book.team.name(c.owner)),
                Cell::Number(*score),
                Cell::list(signs.iter().map(|(sign, _)| labels::label(lang, sign.label()))),
                self.money(self.index.figures_of_year(*customer).profit()),
            ];
            let tone = if *score >= book.settings.file.risk.high() { Tone::Bad } else { Tone::Warn };
            Row { cells, tone, ..Row::default() }
        };
        let columns = vec![
            col(lang, "customer"),
            col(lang, "name"),
            col(lang, "owner"),
            num(lang, "dashboard.risk"),
            col(lang, "dashboard.signs"),
            typed(lang, "dashboard.profit_of_year", Kind::Money),
        ];
        self.some(m::dashboard_risks(lang), columns, all.iter().take(MOST).map(row).collect(), all.len())
    }

    fn stuck(&self) -> Table {
        let all = &self.stalled;
        let doc = stalled::report(self.index, &all[..all.len().min(MOST)], self.lang);
        let Some(Block::Table(table)) = doc.blocks.into_iter().next() else { return Table::default() };
        let table =
            table.pick(&["customer", "name", "owner", "stage", "stage_clock", "stall_cause", "stake", "advice"]);
        self.some(m::dashboard_stuck(self.lang), table.columns, table.rows, all.len())
    }

    /// The open complaints, in the order in which they are to be handled.
    fn open(&self) -> Vec<&Complaint<'a>> {
        let all = complaints::open(self.index);
        all.into_iter().filter(|c| self.fits(c.customer())).collect()
    }

    fn complaints(&self) -> Table {
        let (lang, book) = (self.lang, self.index.book);
        let mut all = self.open();
        all.sort_by_key(|c| (!c.is_late(), c.clock.due.is_none(), c.clock.due, c.id()));
        let row = |c: &&Complaint<'a>| {
            let name = c.customer().map_or(c.entry("customer"), |n| book.customers[n].name);
            let late = c.is_late();
            let cells = vec![
                Cell::Id(c.id().into()),
                text(name),
                text(book.team.name(c.responsible())),
                Cell::Day(c.made().day),
                c.clock
                    .due
                    .map_or(Cell::Missing, |due| Cell::At(crate::model::day::At::of_instant(due, book.settings.tz))),
                Cell::Flag(late),
            ];
            Row { cells, tone: if late { Tone::Bad } else { Tone::Plain }, ..Row::default() }
        };
        let columns = vec![
            col(lang, "id"),
            col(lang, "dashboard.customer"),
            col(lang, "handler"),
            col(lang, "dashboard.made"),
            col(lang, "due"),
            col(lang, "late"),
        ];
        self.some(m::dashboard_complaints(lang), columns, all.iter().take(MOST).map(row).collect(), all.len())
    }

    fn funnel(&self) -> Table {
        let doc = funnel::report(self.index, &self.chosen, self.ask.period, self.lang);
        let Some(Block::Table(table)) = doc.blocks.into_iter().next() else { return Table::default() };
        let table = table.pick(&["stage", "customers", "stalled", "closed", "entered", "conversion"]);
        Table { title: Some(m::dashboard_funnel(self.lang)), ..table }
    }

    fn section(&self, title: String, columns: Vec<Column>, rows: Vec<Row>, drawn: Option<Picture>) -> Table {
        Table { title: Some(title), columns, rows, pictures: drawn.into_iter().collect(), ..Table::default() }
    }

    /// A section of the first ones of many.
    fn some(&self, title: String, columns: Vec<Column>, rows: Vec<Row>, all: usize) -> Table {
        let title = if all > rows.len() { m::dashboard_first(self.lang, title, rows.len(), all) } else { title };
        self.section(title, columns, rows, None)
    }
}
