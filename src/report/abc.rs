//! Customers or products by their share of profit or revenue, largest first, in classes (ABC, Pareto).

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::cut;
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, lines_by, money, unjoined};
use super::sales_groups::{Groups, Names, UNKNOWN, no_group};
use super::series::{Beside, beside, beside_columns};
use super::{col, num, typed};
use crate::i18n::money::unknown_group;
use crate::i18n::{Lang, labels, messages as m};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, percent};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::report::picture::{Picture, Shape};
use crate::rules::abc::{Placed, classes};
use crate::rules::engine::groups::{Breakdown, by_customer};
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale, sales};
use crate::rules::unjoined::lacks_products;

const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]),
    lean: true,
    ..Reads::NOTHING
};

/// Classes by cumulative share.
pub struct Abc;

/// What is divided.
const KEYS: &[&str] = &["customer", "product"];

/// By what.
const FIGURES: &[&str] = &["profit", "revenue"];

/// The figures that stand beside those of another period.
const COMPARED: &[Beside] = &[
    Beside { key: "revenue", kind: Kind::Money, change: true },
    Beside { key: "profit", kind: Kind::Money, change: true },
    Beside { key: "class", kind: Kind::Code, change: false },
];

fn by<'q>(ask: &'q Ask<'_>) -> &'q str {
    Some(ask.flag("by")).filter(|by| !by.is_empty()).unwrap_or(KEYS[0])
}

/// The figure that a group is measured by.
fn measured(ask: &Ask<'_>, f: &Figures) -> Option<Decimal> {
    match ask.flag("of") {
        "revenue" => (!f.is_unreadable()).then(|| f.revenue()),
        _ => f.profit(),
    }
}

impl Report for Abc {
    fn name(&self) -> &'static str {
        "abc"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report abc",
            "kehu report abc --by product --of revenue -p 2026",
            "kehu report abc class:A owner:li",
            "kehu report abc -p 2026H1 --compare previous --limit 20",
            "kehu report abc --explain --limit 3",
        ]
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Only(KEYS) },
            Flag { name: "of", value: Some("FIGURE"), default: Some("profit"), values: FlagValues::Only(FIGURES) },
        ]
    }

    fn pictures(&self, ask: &Ask<'_>) -> Vec<Picture> {
        let of = Some(ask.flag("of")).filter(|of| !of.is_empty()).unwrap_or(FIGURES[0]);
        // A curve of a part of the rows would reach 100 % where the table does not.
        let whole = ask.limit.is_none() && !ask.judged;
        vec![Picture::new(if whole { Shape::Pareto } else { Shape::Bars }, "name", &[of])]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report profit --per UNIT" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn names_later(&self, _ask: &Ask<'_>) -> bool {
        true
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = columns(ask, lang);
        if let Some(then) = &ask.compare {
            columns.extend(beside_columns(COMPARED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let one = |(name, _): (String, Decimal)| (name.clone(), vec![name]);
        match column {
            "class" | "class_then" => ask.settings.file.abc.classes().into_iter().map(one).collect(),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        vec![by(ask).to_string()]
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let of = Some(ask.flag("of")).filter(|of| !of.is_empty()).unwrap_or(FIGURES[0]);
        m::abc_title(lang, labels::label(lang, by(ask)), labels::label(lang, of))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let (mut doc, unknown) = report(index, ask, ask.period, lang);
        if let Some(then) = &ask.compare {
            let before = report(index, ask, then.then, lang).0;
            doc = beside(doc, &before, COMPARED, None, (then.reading, lang));
        }
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let limits =
            ask.settings.file.abc.classes().into_iter().map(|(name, share)| format!("{name} {}", percent(share)));
        doc.blocks.push(Block::Note(m::explain_abc(lang, limits.collect::<Vec<_>>().join(", "))));
        let key = Groups::new(index, by(ask), false);
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let mut lines = lines_by(index, lang, ask.period, &fits, &|s| key.of(&s.subject()).into_owned());
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
        for first in rows {
            let group = match (first.text().unwrap_or_default(), first.label()) {
                ("", Some(words)) if words == unknown_group(lang) => UNKNOWN,
                (key, _) => key,
            };
            if let Some(lines) = lines.remove(group) {
                let head = first.label().filter(|_| first.text() == Some("")).or(first.text()).unwrap_or_default();
                doc.blocks.push(Block::Note(format!("{head}\n{}", cut(lines, lang).join("\n"))));
            }
        }
    }
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, by(ask), Kind::Id),
        col(lang, "name"),
        num(lang, "rank"),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "profit", Kind::Money),
        typed(lang, "margin", Kind::Ratio),
        typed(lang, "share", Kind::Ratio),
        typed(lang, "cumulative_share", Kind::Ratio),
        Column { label: labels::label(lang, "abc_class"), ..typed(lang, "class", Kind::Code) },
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "product", "profit", "revenue", "class"]),
            (Importance::Main, &["name", "cumulative_share"]),
            (Importance::Minor, &["margin"]),
        ],
    );
    columns
}

/// The figures of each customer or product, and what lies in none.
fn groups(index: &Index<'_>, ask: &Ask<'_>, period: Period) -> Vec<(String, Figures)> {
    let (book, prices) = (index.book, index.prices());
    let owned = |found: &Breakdown<'_>| found.iter().map(|(key, _, f)| (key.to_string(), f.clone())).collect();
    let key = Groups::new(index, by(ask), false);
    if !ask.filter.is_empty() {
        let sales = sales(book, prices, period);
        let fit = sales.iter().filter(|s| ask.has_sale(index, s));
        return owned(&Breakdown::of_sales(fit, |s| key.of(s), (1, &|_| 0)));
    }
    if by(ask) != KEYS[0] {
        return owned(&Breakdown::new(book, prices, period, key.basis(), |s| key.of(s), (1, &|_| 0)));
    }
    let found = by_customer(book, prices, period);
    let unknown = Some(found.unknown()).filter(|f| !f.is_empty()).map(|f| (UNKNOWN.to_string(), f.clone()));
    found.iter().map(|(c, f)| (book.customers[c].id.to_string(), f.clone())).chain(unknown).collect()
}

fn report(index: &Index<'_>, ask: &Ask<'_>, period: Period, lang: Lang) -> (Document, Unknown) {
    let book = index.book;
    let mut list: Vec<(Option<Decimal>, String, Figures)> =
        groups(index, ask, period).into_iter().map(|(key, f)| (measured(ask, &f), key, f)).collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let (names, limits): (Vec<String>, Vec<Decimal>) = ask.settings.file.abc.classes().into_iter().unzip();
    let values: Vec<Option<Decimal>> = list.iter().map(|(value, ..)| *value).collect();
    let placed = classes(&values, &limits);
    let first = |key: &str| match key {
        "" => no_group(lang, by(ask)),
        UNKNOWN => Cell::code("", &unknown_group(lang)),
        _ => Cell::Id(key.into()),
    };
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let called = Names::new(index, by(ask));
    let figures = |f: &Figures| {
        let revenue = (!f.is_unreadable()).then(|| f.revenue());
        [money(book, revenue), money(book, f.profit()), ratio(f.margin())]
    };
    let row = |n: usize| {
        let (_, key, f) = &list[n];
        let at: &Placed = &placed[n];
        let mut cells = vec![first(key), called.of(key), Cell::Int(i64::try_from(n + 1).unwrap_or(i64::MAX))];
        cells.extend(figures(f));
        cells.extend([ratio(at.share), ratio(at.cumulative)]);
        cells.push(at.class.map_or(Cell::Missing, |class| text(&names[class])));
        Row { cells, ..Row::default() }
    };
    // Another period needs the rows of all.
    let limit = ask.limit.filter(|_| ask.compare.is_none()).unwrap_or(usize::MAX);
    let shown = list.len().min(limit);
    let rows: Vec<Row> = (0..shown).map(row).collect();
    let kept: Vec<usize> = (0..list.len()).filter(|n| ask.keeps(&first(&list[*n].1))).collect();
    let all = kept.iter().fold(Figures::default(), |sum, n| sum.and(&list[*n].2));
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing, Cell::Missing];
    total.extend(figures(&all));
    total.extend([Cell::Missing, Cell::Missing, Cell::Missing]);
    let footer = if list.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    let together = [("margin".to_string(), ratio(all.margin()))].into();
    let left_out = list.len() - shown;
    let table = Table { columns: columns(ask, lang), rows, footer, together, left_out, ..Table::default() };
    let mut doc = Document::table(table);
    if ask.people && placed.iter().any(|p| p.class.is_some()) {
        let of_class = |class: Option<usize>| -> Vec<usize> {
            kept.iter().copied().filter(|n| placed[*n].class == class).collect()
        };
        let summary: Vec<(Cell, Vec<usize>)> =
            names.iter().enumerate().map(|(n, name)| (text(name), of_class(Some(n)))).collect();
        doc.blocks.push(Block::Table(by_class(index, ask, &values, &summary, lang)));
    }
    let none = kept.iter().filter(|n| placed[**n].class.is_none()).count();
    if none > 0 {
        doc.blocks.push(Block::Note(m::abc_nothing(lang, none)));
    }
    let lacks = by(ask) == "product" && lacks_products(book, list.iter().map(|(_, key, _)| key.as_str()));
    let fits = |s: &Sale<'_>| ask.has_sale(index, s);
    let strays = index.prices().has_strays();
    let unjoined = unjoined(index, (period, &fits), strays, (lacks, all.unreadable_lines > 0));
    (doc, Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined })
}

/// How many each class has, and what they make up.
fn by_class(
    index: &Index<'_>,
    ask: &Ask<'_>,
    values: &[Option<Decimal>],
    classes: &[(Cell, Vec<usize>)],
    lang: Lang,
) -> Table {
    let of = Some(ask.flag("of")).filter(|of| !of.is_empty()).unwrap_or(FIGURES[0]);
    let columns = vec![
        Column { label: labels::label(lang, "abc_class"), ..typed(lang, "class", Kind::Code) },
        num(lang, if by(ask) == KEYS[0] { "customers" } else { "products" }),
        typed(lang, "share", Kind::Ratio),
        typed(lang, of, Kind::Money),
        Column { label: labels::label(lang, &format!("{of}_share")), ..typed(lang, "amount_share", Kind::Ratio) },
    ];
    let all = classes.iter().map(|(_, list)| list.len()).sum::<usize>();
    let sum = |list: &[usize]| Sum::of(list.iter().filter_map(|n| values[*n])).known();
    let whole = sum(&classes.iter().flat_map(|(_, list)| list.iter().copied()).collect::<Vec<_>>());
    let share = |part: Option<Decimal>, of: Option<Decimal>| {
        let share = part.zip(of).and_then(|(part, of)| part.checked_div(of));
        share.map_or(Cell::NotAvailable, Cell::Ratio)
    };
    let row = |(class, list): &(Cell, Vec<usize>)| {
        let cells = vec![
            class.clone(),
            Cell::Int(i64::try_from(list.len()).unwrap_or(i64::MAX)),
            share(Some(list.len().into()), Some(all.into())),
            money(index.book, sum(list)),
            share(sum(list), whole),
        ];
        Row { cells, ..Row::default() }
    };
    let title = Some(labels::label(lang, "abc_class"));
    Table { columns, rows: classes.iter().map(row).collect(), title, ..Table::default() }
}
