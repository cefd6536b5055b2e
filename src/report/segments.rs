//! Value classes of customers (R5): who is worth what, what changed against another day and why, and what each class is given
//! against what kehu.toml gives it.

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::{amount_text, figures as behind, ratio_text};
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, money, unjoined};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::Metric;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::settings::CLASSES;
use crate::model::value::Kind;
use crate::query::parse_single_day;
use crate::report::picture::{Picture, Shape};
use crate::rules::class_moves::{Class, Classed, READS, Resources, classed, resources};
use crate::rules::classes::Because;
use crate::rules::engine::index::Index;
use crate::rules::history::earlier;
use crate::rules::profit::{Figures, Sale, year};
use crate::rules::stays::FEW;
use chrono::Months;
use std::cmp::Reverse;

/// Value classes.
pub struct Segments;

/// What the main table has a row for.
const KEYS: &[&str] = &["segment", "customer", "resource"];

/// Most changes that stand below the classes.
const MOST_CHANGES: usize = 20;

fn by<'q>(ask: &'q Ask<'_>) -> &'q str {
    Some(ask.flag("by")).filter(|by| !by.is_empty()).unwrap_or(KEYS[0])
}

/// The day that classes are compared with.
fn from(ask: &Ask<'_>) -> Result<Day, Misuse> {
    let today = ask.calendar.today;
    match ask.flag("from") {
        "" => Ok(today.checked_sub_months(Months::new(12)).unwrap_or(today)),
        word => parse_single_day(word, &ask.calendar).map_err(Misuse::Query),
    }
}

fn segment_cell(class: Option<&str>, lang: Lang) -> Cell {
    class.map_or(Cell::Missing, |c| code(c, values::value(lang, "segment", c)))
}

impl Report for Segments {
    fn name(&self) -> &'static str {
        "segments"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report segments",
            "kehu report segments --from 2026-01-01 owner:li",
            "kehu report segments --by customer has_moved:yes",
            "kehu report segments --by customer segment:risk --explain --limit 5",
            "kehu report segments --by resource",
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
            Flag { name: "by", value: Some("KEY"), default: Some("segment"), values: FlagValues::Only(KEYS) },
            Flag { name: "from", value: Some("DATE"), default: None, values: FlagValues::Any },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report segments --from DATE" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let (day, today) = (from(ask)?, ask.calendar.today);
        let wrong = |message: String| Err(Misuse::Value { message, nearest: Vec::new(), hint: String::new() });
        if day >= today { wrong(m::segments_not_earlier(lang, day, today)) } else { Ok(()) }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        match by(ask) {
            "customer" => customer_columns(lang),
            "resource" => resource_columns(lang),
            _ => class_columns(lang),
        }
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let words = |c: &str| Lang::ALL.iter().map(|l| values::value(*l, "segment", c)).collect();
        match column {
            "segment" | "segment_then" => CLASSES.map(|c| (c.to_string(), words(c))).to_vec(),
            "owner" | "grade" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        if by(ask) == "customer" {
            ["customer", "name", "owner", "grade"].map(String::from).to_vec()
        } else {
            Vec::new()
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        match by(ask) {
            "segment" => title.to_string(),
            other => reporting::by_key(lang, title, labels::label(lang, other)),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let day = from(ask).unwrap_or(ask.calendar.today);
        let past = earlier(index.book, day);
        let past = Index::new(&past);
        let mut list = classed(index, &past, &ask.customers(index));
        list.retain(|c| c.now.is_some() || c.then.is_some());
        let sheet = Sheet { index, past: &past, list: &list, day, ask, lang };
        let (mut doc, mut lacks) = (Document::default(), Vec::new());
        if by(ask) == "customer" {
            doc.blocks.push(Block::Table(sheet.customers(list.iter(), customer_columns(lang))));
        } else {
            doc.blocks.extend((by(ask) == "segment").then(|| Block::Table(sheet.classes())));
            if ask.people || by(ask) == "resource" {
                let (table, unjoined) = sheet.resources();
                doc.blocks.push(Block::Table(table));
                lacks = unjoined;
            }
            if by(ask) == "segment" && ask.people {
                sheet.changes(&mut doc);
            }
        }
        sheet.few(&mut doc);
        let ordered = index.ordered();
        let untold = ask.customers(index).into_iter().filter(|n| ordered[*n] && !classed_now(&list, *n)).count();
        if untold > 0 && !list.is_empty() {
            doc.blocks.push(Block::Note(m::segments_untold(lang, untold)));
        }
        let all = sheet.sum(list.iter());
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let strays = index.prices().has_strays();
        let window = year(index.book.today);
        let mut unjoined = unjoined(index, (window, &fits), strays, (false, all.unreadable_lines > 0));
        unjoined.extend(lacks);
        let unknown = Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined };
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        if by(ask) != "customer" {
            total_again(self, answer, index, ask, lang);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let settings = &index.book.settings;
        let share = |s: Decimal| ratio_text(s);
        let high = settings.file.risk.high().normalize();
        let rule = m::explain_segments(lang, share(settings.key_share()), share(settings.major_share()), high);
        doc.blocks.push(Block::Note(rule));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main).filter(|_| by(ask) == "customer") else { return };
        let ids = t.rows.iter().take(shown).filter_map(|r| Some(r.cells.first()?.text()?.to_string()));
        let metrics: Vec<&Metric> = crate::metrics::find("segment").into_iter().collect();
        for customer in ids.filter_map(|id| index.book.customer_index(&id)).collect::<Vec<_>>() {
            let lines = behind(index, &metrics, customer, lang).join("\n  ");
            doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[customer].id)));
        }
    }
}

/// Whether a customer has a class today; the list is in the order of customers.
fn classed_now(list: &[Classed], customer: usize) -> bool {
    list.binary_search_by_key(&customer, |c| c.customer).is_ok_and(|n| list[n].now.is_some())
}

/// Why a customer has its class, in words.
fn why(because: &Because, currency: &str, lang: Lang) -> String {
    let amount = |a: &Decimal| amount_text(currency, *a);
    match because {
        Because::NoProfit(profit) => m::class_no_profit(lang, amount(profit)),
        Because::Leaving(score) => m::class_leaving(lang, score.normalize()),
        Because::BadDebt => m::class_bad_debt(lang),
        Because::Unhappy(nps) => m::class_unhappy(lang, nps.normalize()),
        Because::Profit(profit) => m::class_profit(lang, amount(profit)),
        Because::NotSatisfied(profit, csat) => m::class_not_satisfied(lang, amount(profit), csat.normalize()),
    }
}

fn class_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "segment", Kind::Code),
        num(lang, "customers"),
        typed(lang, "customer_share", Kind::Ratio),
        num(lang, "customers_then"),
        num(lang, "came"),
        num(lang, "went"),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "revenue_share", Kind::Ratio),
        typed(lang, "profit", Kind::Money),
        typed(lang, "profit_share", Kind::Ratio),
        typed(lang, "margin", Kind::Ratio),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["segment", "customers", "profit"]),
            (Importance::Main, &["revenue", "profit_share", "customers_then"]),
            (Importance::Minor, &["margin"]),
        ],
    );
    columns
}

fn customer_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
        typed(lang, "segment_then", Kind::Code),
        typed(lang, "segment", Kind::Code),
        typed(lang, "has_moved", Kind::Flag),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "profit", Kind::Money),
        col(lang, "why"),
        col(lang, "why_then"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "segment", "profit"]),
            (Importance::Main, &["name", "segment_then", "why"]),
            (Importance::Minor, &["owner", "grade", "has_moved"]),
        ],
    );
    columns
}

fn resource_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "segment", Kind::Code),
        num(lang, "customers"),
        typed(lang, "profit_share", Kind::Ratio),
        num(lang, "visits_required"),
        num(lang, "visits_made"),
        typed(lang, "visits_share", Kind::Ratio),
        typed(lang, "discount_max", Kind::Ratio),
        typed(lang, "discount_given", Kind::Ratio),
        typed(lang, "discount_amount", Kind::Money),
        typed(lang, "credit_limits", Kind::Money),
        typed(lang, "credit_taken", Kind::Money),
        Column { label: labels::label(lang, "over_credit_count"), ..num(lang, "over_credit") },
        typed(lang, "gift_max", Kind::Money),
        typed(lang, "gifts", Kind::Money),
        typed(lang, "spend", Kind::Money),
        typed(lang, "spend_share", Kind::Ratio),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["segment", "visits_required", "visits_made"]),
            (Importance::Main, &["discount_max", "discount_given", "credit_limits", "credit_taken", "spend"]),
            (Importance::Minor, &["discount_amount", "visits_share", "customers"]),
        ],
    );
    columns
}

/// What the tables are made of.
struct Sheet<'s, 'a, 'q> {
    index: &'s Index<'a>,
    past: &'s Index<'s>,
    list: &'s [Classed],
    day: Day,
    ask: &'s Ask<'q>,
    lang: Lang,
}

impl Sheet<'_, '_, '_> {
    /// The sales of twelve months of some customers.
    fn sum<'c>(&self, list: impl Iterator<Item = &'c Classed>) -> Figures {
        list.fold(Figures::default(), |sum, c| sum.and(self.index.figures_of_year(c.customer)))
    }

    /// The customers of a class.
    fn of(&self, class: &str) -> Vec<&Classed> {
        self.list.iter().filter(|c| c.classes().1 == Some(class)).collect()
    }

    fn kept(&self) -> impl Iterator<Item = &'static str> {
        CLASSES.into_iter().filter(|c| self.ask.keeps(&segment_cell(Some(c), self.lang)))
    }

    fn classes(&self) -> Table {
        let (book, lang) = (self.index.book, self.lang);
        let now: Vec<&Classed> = self.list.iter().filter(|c| c.now.is_some()).collect();
        let whole = self.sum(now.iter().copied());
        let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let cells = |first: Cell, list: &[&Classed], then: usize, moved: Option<(usize, usize)>| {
            let f = self.sum(list.iter().copied());
            let mut cells =
                vec![first, count(list.len()), ratio(list.len().into(), Some(now.len().into())), count(then)];
            cells.extend(match moved {
                Some((came, went)) => [count(came), count(went)],
                None => [Cell::Missing, Cell::Missing],
            });
            cells.extend([
                money(book, Some(f.revenue())),
                ratio(f.revenue(), Some(whole.revenue())),
                money(book, f.profit()),
                f.profit().map_or(Cell::NotAvailable, |p| ratio(p, whole.profit())),
                f.margin().map_or(Cell::NotAvailable, Cell::Ratio),
            ]);
            cells
        };
        let (mut rows, mut all, mut before) = (Vec::new(), Vec::new(), 0);
        for class in self.kept() {
            let list = self.of(class);
            let then = self.list.iter().filter(|c| c.classes().0 == Some(class)).count();
            let came = list.iter().filter(|c| c.has_moved()).count();
            let went = self.list.iter().filter(|c| c.classes().0 == Some(class) && c.has_moved()).count();
            rows.push(Row {
                cells: cells(segment_cell(Some(class), lang), &list, then, Some((came, went))),
                tone: if class == "risk" && !list.is_empty() { Tone::Warn } else { Tone::Plain },
                ..Row::default()
            });
            all.extend(list);
            before += then;
        }
        let total = cells(Cell::Text(m::total(lang).into()), &all, before, None);
        let (rows, footer) = match self.list.is_empty() {
            true => (Vec::new(), Vec::new()),
            false => (rows, vec![Row { cells: total, ..Row::default() }]),
        };
        let pictures = vec![
            Picture::new(Shape::Bars, "segment", &["customers", "customers_then"]),
            Picture::new(Shape::Bars, "segment", &["revenue", "profit"]),
        ];
        Table { columns: class_columns(lang), rows, footer, pictures, ..Table::default() }
    }

    fn customers<'c>(&self, list: impl Iterator<Item = &'c Classed>, columns: Vec<Column>) -> Table {
        let (book, lang) = (self.index.book, self.lang);
        let currency = &book.settings.file.currency;
        // Programs read English, whatever the reader's language.
        let words = if self.ask.people { lang } else { Lang::En };
        let because = |class: &Class| class.as_ref().map_or(Cell::Missing, |(_, b)| text(&why(b, currency, words)));
        let place = |c: &Classed| c.classes().1.and_then(|now| CLASSES.iter().position(|class| *class == now));
        let mut list: Vec<(usize, Reverse<Option<Decimal>>, &Classed)> = list
            .map(|c| (place(c).unwrap_or(CLASSES.len()), Reverse(self.index.figures_of_year(c.customer).profit()), c))
            .collect();
        list.sort_by_key(|(place, profit, c)| (*place, *profit, c.customer));
        let row = |c: &Classed| {
            let (customer, f) = (&book.customers[c.customer], self.index.figures_of_year(c.customer));
            let (then, now) = c.classes();
            let profit = if f.is_empty() { Some(Decimal::ZERO) } else { f.profit() };
            let cell = |key: &str| match key {
                "customer" => Cell::Id(customer.id.into()),
                "name" => text(customer.name),
                "owner" => text(customer.owner),
                "grade" => text(customer.grade),
                "segment_then" => segment_cell(then, lang),
                "segment" => segment_cell(now, lang),
                "has_moved" => Cell::Flag(c.has_moved()),
                "revenue" => money(book, (!f.is_unreadable()).then(|| f.revenue())),
                "profit" => money(book, profit),
                "why" => because(&c.now),
                "why_then" => because(&c.then),
                _ => Cell::Missing,
            };
            let tone = if now == Some("risk") { Tone::Warn } else { Tone::Plain };
            Row { cells: columns.iter().map(|c| cell(&c.key)).collect(), tone, ..Row::default() }
        };
        let rows = list.iter().map(|(_, _, c)| row(c)).collect();
        Table { columns, rows, ..Table::default() }
    }

    /// Who changed its class, and why: who earned most first, of those that were there then at that time.
    fn changes(&self, doc: &mut Document) {
        let lang = self.lang;
        let mut moved: Vec<&Classed> = self.list.iter().filter(|c| c.then.is_some() && c.has_moved()).collect();
        let first = self.list.iter().filter(|c| c.then.is_none() && c.now.is_some()).count();
        let weight = |c: &Classed| {
            let then = self.past.book.customer_index(self.index.book.customers[c.customer].id);
            let earned = |f: &Figures| f.profit().map(|p| p.abs());
            let then = then.and_then(|n| earned(self.past.figures_of_year(n)));
            Reverse(then.max(earned(self.index.figures_of_year(c.customer))))
        };
        moved.sort_by_cached_key(|c| (weight(c), c.customer));
        let more = moved.len().saturating_sub(MOST_CHANGES);
        moved.truncate(MOST_CHANGES);
        if !moved.is_empty() {
            let mut columns = customer_columns(lang);
            columns.retain(|c| !matches!(c.key.as_str(), "has_moved" | "revenue" | "profit" | "owner" | "grade"));
            let table = self.customers(moved.into_iter(), columns);
            doc.blocks.push(Block::Table(Table { title: Some(m::segments_changed(lang, self.day)), ..table }));
        }
        if more > 0 {
            doc.blocks.push(Block::Note(m::segments_more(lang, more)));
        }
        doc.blocks.push(Block::Note(m::segments_first(lang, first, self.day)));
    }

    fn resources(&self) -> (Table, Vec<crate::rules::unjoined::Unjoined>) {
        let (book, lang) = (self.index.book, self.lang);
        let (each, unjoined) = resources(self.index, self.list);
        let of = |class: &str| {
            let its = self.list.iter().zip(&each).filter(|(c, _)| c.classes().1 == Some(class));
            its.fold(Resources::default(), |sum, (_, r)| sum.and(r))
        };
        let sums: Vec<(&str, Resources)> = CLASSES.iter().map(|c| (*c, of(c))).collect();
        let whole = sums.iter().fold(Resources::default(), |sum, (_, r)| sum.and(r));
        let now: Vec<&Classed> = self.list.iter().filter(|c| c.now.is_some()).collect();
        let profit = self.sum(now.iter().copied()).profit();
        let sum = |s: Sum| money(book, s.known());
        let part = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
        let cells = |first: Cell, list: &[&Classed], r: &Resources| {
            let own = self.sum(list.iter().copied()).profit();
            vec![
                first,
                Cell::Int(i64::try_from(list.len()).unwrap_or(i64::MAX)),
                own.map_or(Cell::NotAvailable, |own| ratio(own, profit)),
                Cell::Int(r.visits_required),
                Cell::Int(r.visits_made),
                ratio(r.visits_made.into(), Some(whole.visits_made.into())),
                part(r.discount_max()),
                part(r.discount_given()),
                sum(r.discount),
                sum(r.credit_limit),
                sum(r.credit),
                Cell::Int(r.over_credit),
                if r.gift_limits > 0 { sum(r.gift_max) } else { Cell::NotAvailable },
                sum(r.gifts),
                sum(r.spend),
                r.spend.known().map_or(Cell::NotAvailable, |own| ratio(own, whole.spend.known())),
            ]
        };
        let (mut rows, mut all, mut together) = (Vec::new(), Vec::new(), Resources::default());
        for class in self.kept() {
            let list = self.of(class);
            let Some((_, r)) = sums.iter().find(|(c, _)| *c == class) else { continue };
            rows.push(Row { cells: cells(segment_cell(Some(class), lang), &list, r), ..Row::default() });
            all.extend(list);
            together = together.and(r);
        }
        let total = cells(Cell::Text(m::total(lang).into()), &all, &together);
        let (rows, footer) = match self.list.is_empty() {
            true => (Vec::new(), Vec::new()),
            false => (rows, vec![Row { cells: total, ..Row::default() }]),
        };
        let title = (by(self.ask) == "segment").then(|| m::resources_title(lang));
        (Table { columns: resource_columns(lang), rows, footer, title, ..Table::default() }, unjoined)
    }

    /// Says which classes rest on few customers.
    fn few(&self, doc: &mut Document) {
        let few = |class: &&str| (1..FEW).contains(&i64::try_from(self.of(class).len()).unwrap_or(i64::MAX));
        let names: Vec<String> =
            CLASSES.iter().filter(|c| few(c)).map(|c| values::value(self.lang, "segment", c)).collect();
        if !names.is_empty() && by(self.ask) != "customer" {
            doc.blocks.push(Block::Note(m::few_cases(self.lang, names.join(self.lang.pick(", ", "、")))));
        }
    }
}

fn ratio(part: Decimal, of: Option<Decimal>) -> Cell {
    let share = of.filter(|of| *of > Decimal::ZERO).and_then(|of| part.checked_div(of));
    share.map_or(Cell::NotAvailable, Cell::Ratio)
}
