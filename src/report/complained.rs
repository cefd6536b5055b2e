//! What complaints add up to: by product, supplier, cause …, and the scores of suppliers.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::MOST_ROWS;
use super::fields::{hours, word};
use super::profit::total_again;
use super::sales_figures::money;
use super::series::{Beside, beside, beside_columns};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::complaints::figures::{By, Figures, Supplied, figures, suppliers};
use crate::rules::complaints::{Complaint, READS};
use crate::rules::engine::index::Index;
use crate::rules::risk::amounts;
use crate::rules::stays::{FEW, median, quantile};

/// Complaints by what they are about, and how they were handled.
pub struct Complaints;

/// The figures that stand beside those of another period.
const COMPARED: &[Beside] = &[
    Beside { key: "complaints", kind: Kind::Number, change: true },
    Beside { key: "in_time", kind: Kind::Ratio, change: false },
    Beside { key: "median_hours", kind: Kind::Number, change: false },
];

/// What complaints can be grouped by.
const KEYS: &[&str] = &[
    "category",
    "product",
    "supplier",
    "batch",
    "cause",
    "liability",
    "severity",
    "grade",
    "handler",
    "customer",
    "owner",
];

/// The groups that have a name besides their id.
fn is_named(by: &str) -> bool {
    matches!(by, "product" | "supplier" | "customer" | "handler" | "owner")
}

fn by_of<'q>(ask: &'q Ask<'_>) -> (&'q str, By) {
    let key = ask.flag("by");
    By::ALL.into_iter().find(|(name, _)| *name == key).unwrap_or(By::ALL[0])
}

impl Report for Complaints {
    fn name(&self) -> &'static str {
        "complaints"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report complaints -p 2026Q2 --compare previous",
            "kehu report complaints --by product category:quality -p 12m",
            "kehu report complaints --by handler state:new,assigned,waiting",
            "kehu report complaints --by customer open.gt:0 --sort -drop",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Complaints)
    }

    fn days(&self) -> Days {
        Days::All
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("category"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu complaint list --per UNIT" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let plain = LedgerSet::of(&[Ledger::Suppliers]);
        let sold = match by_of(ask).0 {
            "customer" => Reads::customers_and(&[Ledger::Orders, Ledger::Refunds, Ledger::Products, Ledger::Rates]),
            _ => Reads::customers_and(&[Ledger::Products]),
        };
        READS.and(sold).and(Reads { plain, ..Reads::NOTHING })
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = columns(by_of(ask).0, lang);
        if let Some(then) = &ask.compare {
            columns.extend(beside_columns(COMPARED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "handler" | "owner" => ask.values_of("owner"),
            "category" | "liability" | "severity" | "grade" => ask.values_of_rows(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        match by_of(ask) {
            (_, By::Column(name)) => vec![name.to_string()],
            (_, By::Customer) => vec!["customer".to_string()],
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        reporting::by_key(lang, reporting::title(lang, self.name()), head(by_of(ask).0, lang))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let (mut doc, few) = of_period(index, ask, ask.period, lang);
        if let Some(then) = &ask.compare {
            let before = of_period(index, ask, then.then, lang).0;
            doc = beside(doc, &before, COMPARED, None, (then.reading, lang));
        }
        let mut caveats = few_cases(few, lang);
        caveats.extend(strangers(index, ask, ask.period, lang));
        Answer { doc, caveats }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let by = by_of(ask).1;
        let belongs = |c: &Complaint<'_>, row: &[Cell]| row[0].text().unwrap_or_default() == by.of(c);
        explain(doc, index, shown, lang, belongs, &chosen(index, ask, ask.period));
    }
}

/// The complaints of a period that fit, oldest first.
fn chosen<'x, 'a>(index: &'x Index<'a>, ask: &Ask<'_>, period: Period) -> Vec<&'x Complaint<'a>> {
    let all = index.complaints().all().iter().filter(|c| period.contains(c.made().day));
    let mut list: Vec<&Complaint<'a>> = all.filter(|c| ask.has_row(index, Ledger::Complaints, c.row)).collect();
    list.sort_by_key(|c| (c.made(), c.id()));
    list
}

/// The table of a period, and the groups with few cases.
fn of_period(index: &Index<'_>, ask: &Ask<'_>, period: Period, lang: Lang) -> (Document, Vec<String>) {
    let (key, by) = by_of(ask);
    let mut list = chosen(index, ask, period);
    let cell = |group: &str| key_cell(index.book, key, group, lang);
    list.retain(|c| ask.keeps(&cell(by.of(c))));
    let (groups, whole) = figures(index, list.iter().copied(), by);
    let mut groups: Vec<(&str, Figures)> = groups.into_iter().collect();
    // The largest first; what belongs to none last.
    groups.sort_by_key(|(group, f)| (group.is_empty(), -f.complaints, *group));
    let mut few = Vec::new();
    let mut row = |(group, f): &(&str, Figures)| {
        let mut cells = vec![cell(group)];
        if (1..FEW).contains(&f.complaints) {
            let word = cells[0].label().unwrap_or(if group.is_empty() { "–" } else { group });
            few.push(format!("{word} ({})", f.complaints));
        }
        if is_named(key) {
            cells.push(text(&name_of(index.book, key, group)));
        }
        cells.extend(figure_cells(index.book, f));
        if by == By::Customer {
            cells.extend(bought(index, group));
        }
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = groups.iter().map(&mut row).collect();
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(1 + usize::from(is_named(key)), Cell::Missing);
    total.extend(figure_cells(index.book, &whole));
    let columns = columns(key, lang);
    total.resize(columns.len(), Cell::Missing);
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    (Document::table(Table { columns, rows, footer, ..Table::default() }), few)
}

fn head(key: &str, lang: Lang) -> String {
    match key {
        "handler" => labels::column(lang, "complaints", "assignee"),
        key => labels::column(lang, "complaints", key),
    }
}

fn columns(by: &str, lang: Lang) -> Vec<Column> {
    let kind = match by {
        "product" | "supplier" | "customer" => Kind::Id,
        "batch" | "cause" => Kind::Text,
        _ => Kind::Code,
    };
    let mut columns = vec![Column { importance: Importance::Key, label: head(by, lang), ..typed(lang, by, kind) }];
    if is_named(by) {
        columns.push(col(lang, "name"));
    }
    columns.extend(figure_columns(lang));
    if by == "customer" {
        columns.extend(["amount_now", "amount_year_ago"].map(|k| typed(lang, k, Kind::Money)));
        columns.push(typed(lang, "fall", Kind::Ratio));
    }
    columns
}

fn figure_columns(lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> = ["complaints", "open", "open_late", "solved"].map(|k| num(lang, k)).to_vec();
    columns[1].label = labels::label(lang, "complaints.open");
    columns.extend(["resolution_rate", "in_time"].map(|k| typed(lang, k, Kind::Ratio)));
    columns.extend(["median_hours", "p90_hours"].map(|k| num(lang, k)));
    columns.push(typed(lang, "reopen_rate", Kind::Ratio));
    columns.push(typed(lang, "answered_in_time", Kind::Ratio));
    columns.push(num(lang, "answer_hours"));
    let cost = labels::column(lang, "complaints", "cost");
    columns.push(Column { label: cost, ..typed(lang, "cost", Kind::Money) });
    columns.push(num(lang, "without_cost"));
    rank(
        &mut columns,
        &[
            (Importance::Main, &["complaints", "open", "open_late", "in_time", "median_hours"]),
            (Importance::Minor, &["without_cost", "answer_hours", "resolution_rate"]),
        ],
    );
    columns
}

/// Seconds as hours.
fn time(seconds: Option<Decimal>) -> Cell {
    let hours = seconds.and_then(|s| s.checked_div(Decimal::from(crate::rules::working_time::HOUR)));
    hours.map_or(Cell::NotAvailable, |h| Cell::Number(crate::model::money::round(h, 2).normalize()))
}

fn figure_cells(book: &Book, f: &Figures) -> Vec<Cell> {
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let known = f.complaints > f.without_cost;
    let whole = |n: i64| Some(Decimal::from(n));
    vec![
        Cell::Int(f.complaints),
        Cell::Int(f.open),
        Cell::Int(f.late),
        Cell::Int(f.solved),
        ratio(f.resolution_rate()),
        ratio(f.in_time_rate()),
        time(median(&f.took)),
        time(quantile(&f.took, 90).and_then(whole)),
        ratio(f.reopen_rate()),
        ratio(f.answer_rate()),
        time(median(&f.answered)),
        money(book, f.cost.known().filter(|_| known)),
        Cell::Int(f.without_cost),
    ]
}

/// The cell of a group.
fn key_cell(book: &Book, by: &str, group: &str, lang: Lang) -> Cell {
    match by {
        _ if group.is_empty() => Cell::code("", &m::empty_word(lang)),
        "product" | "supplier" | "customer" => Cell::Id(group.into()),
        "category" | "liability" | "severity" => {
            Cell::code(group, &word(lang, &book.settings, Some(Ledger::Complaints), by, group))
        }
        "cause" => Cell::Text(crate::store::cells::unescape_note(group).into_owned().into()),
        _ => text(group),
    }
}

/// The name of a group.
fn name_of(book: &Book, by: &str, group: &str) -> String {
    match by {
        "product" => crate::rules::prices::product_text(book, group, book.today, |v| v.name).to_string(),
        "supplier" => supplier_name(book, group).to_string(),
        "customer" => book.customer_index(group).map_or("", |n| book.customers[n].name).to_string(),
        _ => book.team.get(group).map_or("", |p| p.name).to_string(),
    }
}

/// A supplier's name. The book must hold suppliers plain.
fn supplier_name(book: &Book, id: &str) -> &'static str {
    let ledger = Ledger::Suppliers;
    let (Some(own), Some(name)) = (ledger.column("id"), ledger.column("name")) else { return "" };
    let rows = book.plain.get(&ledger).into_iter().flatten();
    rows.filter(|r| r.cell(own) == id).map(|r| r.cell(name)).next().unwrap_or("")
}

/// What a customer buys now, what it bought in the same days a year ago (R7), and how much of that is gone.
fn bought(index: &Index<'_>, customer: &str) -> [Cell; 3] {
    let book = index.book;
    let days = book.settings.file.risk.window_days();
    let Some((now, before)) = book.customer_index(customer).and_then(|n| amounts(index, n, days)) else {
        return [Cell::NotAvailable, Cell::NotAvailable, Cell::NotAvailable];
    };
    let gone = before.checked_sub(now).and_then(|d| d.checked_div(before));
    [money(book, Some(now)), money(book, Some(before)), gone.map_or(Cell::NotAvailable, Cell::Ratio)]
}

/// The groups that rest on few cases, the first of them by name.
pub(super) fn few_cases(few: Vec<String>, lang: Lang) -> Vec<Caveat> {
    const NAMED: usize = 10;
    if few.is_empty() {
        return Vec::new();
    }
    let more = few.len().saturating_sub(NAMED);
    let mut names = few.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        names.push_str(&m::and_more(lang, more));
    }
    vec![Caveat { text: m::few_cases(lang, names), fails: Fails::Never }]
}

/// Complaints of customers that are not there.
fn strangers(index: &Index<'_>, ask: &Ask<'_>, period: Period, lang: Lang) -> Option<Caveat> {
    let list = chosen(index, ask, period);
    let ids: Vec<&str> = list.iter().filter(|c| c.customer().is_none()).map(|c| c.id()).collect();
    let first = ids.first()?;
    let text = m::complaints_of_nobody(lang, ids.len(), first);
    Some(Caveat { text, fails: Fails::Never })
}

/// Puts the complaints behind the first rows below the table.
fn explain(
    doc: &mut Document,
    index: &Index<'_>,
    shown: usize,
    lang: Lang,
    belongs: impl Fn(&Complaint<'_>, &[Cell]) -> bool,
    all: &[&Complaint<'_>],
) {
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
    let rows: Vec<Vec<Cell>> = t.rows.iter().take(shown).map(|r| r.cells.clone()).collect();
    doc.blocks.push(Block::Note(m::rule(lang, "[complaints], [working_time]")));
    for row in rows {
        let Some(first) = row.first() else { continue };
        let word = first.label().or_else(|| first.text()).unwrap_or_default().to_string();
        let its: Vec<&&Complaint<'_>> = all.iter().filter(|c| belongs(c, &row)).collect();
        let mut lines = vec![word];
        lines.extend(its.iter().take(MOST_ROWS).map(|c| one(index, c, lang)));
        if its.len() > MOST_ROWS {
            lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
        }
        doc.blocks.push(Block::Note(lines.join("\n  ")));
    }
}

/// A complaint in a line: where it stands, its state, and the time that it took.
fn one(index: &Index<'_>, c: &Complaint<'_>, lang: Lang) -> String {
    let state = values::value(lang, "complaint_state", c.state());
    let place = index.book.place(c.row.place);
    match c.took() {
        Some(took) => m::complaint_took(lang, c.id(), place, c.made().day, state, hours(took)),
        None => m::complaint_stands(lang, c.id(), place, c.made().day, state),
    }
}

/// Suppliers and their scores.
pub struct Suppliers;

fn by_batch(ask: &Ask<'_>) -> bool {
    ask.flag("by") == "batch"
}

impl Report for Suppliers {
    fn name(&self) -> &'static str {
        "suppliers"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report suppliers",
            "kehu report suppliers -p 2026H1 category:quality",
            "kehu report suppliers --by batch severity:high,safety",
            "kehu report suppliers score.lt:60 -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Complaints)
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag {
            name: "by",
            value: Some("KEY"),
            default: Some("supplier"),
            values: FlagValues::Only(&["supplier", "batch"]),
        }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report complaints --by supplier -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let plain = LedgerSet::of(&[Ledger::Suppliers]);
        let sold = Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Rates]);
        READS.and(sold).and(Reads { plain, ..Reads::NOTHING })
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        supplier_columns(by_batch(ask), lang)
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let by = if by_batch(ask) { "batch" } else { "supplier" };
        reporting::by_key(lang, reporting::title(lang, self.name()), labels::label(lang, by))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let list = chosen(index, ask, ask.period);
        let rows = if by_batch(ask) { of_batches(index, &list) } else { of_suppliers(index, &list, ask.period) };
        let few = |r: &Row| match (r.cells.first(), r.cells.get(2)) {
            (Some(id), Some(Cell::Int(lines))) if !by_batch(ask) && (1..FEW).contains(lines) => {
                Some(format!("{} ({lines})", id.text().unwrap_or_default()))
            }
            _ => None,
        };
        let caveats = few_cases(rows.iter().filter_map(few).collect(), lang);
        let columns = supplier_columns(by_batch(ask), lang);
        let mut doc = Document::table(Table { columns, rows, ..Table::default() });
        doc.blocks.push(Block::Note(m::suppliers_note(lang)));
        Answer { doc, caveats }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let list = chosen(index, ask, ask.period);
        let says = |cell: &Cell, text: &str| cell.text().unwrap_or_default() == text;
        let batches = by_batch(ask);
        let belongs = |c: &Complaint<'_>, row: &[Cell]| {
            let batch = || says(&row[2], c.entry("batch")) && says(&row[3], c.entry("product"));
            says(&row[0], c.supplier()) && (!batches || batch())
        };
        explain(doc, index, shown, lang, belongs, &list);
    }
}

fn supplier_columns(by_batch: bool, lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "supplier", Kind::Id), col(lang, "name")];
    if by_batch {
        columns.push(col(lang, "batch"));
        columns.push(typed(lang, "product", Kind::Id));
    } else {
        columns.push(num(lang, "order_lines"));
    }
    columns.push(num(lang, "complaints"));
    if !by_batch {
        columns.extend([num(lang, "weighed"), typed(lang, "complaint_rate", Kind::Ratio), num(lang, "score")]);
    }
    let figures = figure_columns(lang).into_iter();
    columns.extend(figures.filter(|c| SUPPLIER_FIGURES.iter().any(|(k, _)| *k == c.key)));
    rank(
        &mut columns,
        &[(Importance::Key, &["supplier", "batch", "score"]), (Importance::Main, &["complaints", "complaint_rate"])],
    );
    columns
}

/// Figures of complaints that stand beside a supplier, and their places among [`figure_cells`].
const SUPPLIER_FIGURES: [(&str, usize); 5] =
    [("open", 1), ("in_time", 5), ("median_hours", 6), ("cost", 11), ("without_cost", 12)];

fn some_figures(book: &Book, f: &Figures) -> Vec<Cell> {
    let cells = figure_cells(book, f);
    SUPPLIER_FIGURES.iter().map(|(_, n)| cells[*n].clone()).collect()
}

/// A row for each supplier, the lowest score first; complaints about goods of no known supplier last.
fn of_suppliers<'a>(index: &Index<'a>, list: &[&Complaint<'a>], period: Period) -> Vec<Row> {
    let book = index.book;
    let mut all: Vec<(&str, Supplied)> = suppliers(index, list, period).into_iter().collect();
    all.sort_by(|(a, x), (b, y)| {
        let key = |id: &str, s: &Supplied| (id.is_empty(), s.score.is_none(), s.score, -s.figures.complaints);
        key(a, x).cmp(&key(b, y)).then_with(|| a.cmp(b))
    });
    let row = |(id, s): &(&str, Supplied)| {
        let unknown = id.is_empty();
        let number =
            |n: Option<Decimal>| n.filter(|_| !unknown).map_or(Cell::NotAvailable, |n| Cell::Number(n.normalize()));
        let mut cells = vec![
            if unknown { Cell::Missing } else { Cell::Id((*id).into()) },
            text(supplier_name(book, id)),
            if unknown { Cell::Missing } else { Cell::Int(s.lines) },
            Cell::Int(s.figures.complaints),
            number(Some(s.weighed)),
            s.rate.filter(|_| !unknown).map_or(Cell::NotAvailable, Cell::Ratio),
            number(s.score.map(|n| crate::model::money::round(n, 1))),
        ];
        cells.extend(some_figures(book, &s.figures));
        Row { cells, ..Row::default() }
    };
    all.iter().map(row).collect()
}

/// A row for each batch that was complained about, the most complaints first.
fn of_batches<'a>(index: &Index<'a>, list: &[&Complaint<'a>]) -> Vec<Row> {
    let book = index.book;
    let mut groups: std::collections::BTreeMap<[&str; 3], Vec<&Complaint<'a>>> = std::collections::BTreeMap::new();
    for c in list.iter().filter(|c| !c.entry("batch").is_empty()) {
        groups.entry([c.supplier(), c.entry("batch"), c.entry("product")]).or_default().push(c);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, its)| std::cmp::Reverse(its.len()));
    let row = |([supplier, batch, product], its): &([&str; 3], Vec<&Complaint<'a>>)| {
        let (_, whole) = figures(index, its.iter().copied(), By::Supplier);
        let id = |id: &str| if id.is_empty() { Cell::Missing } else { Cell::Id(id.into()) };
        let mut cells = vec![id(supplier), text(supplier_name(book, supplier)), text(batch), id(product)];
        cells.push(Cell::Int(whole.complaints));
        cells.extend(some_figures(book, &whole));
        Row { cells, ..Row::default() }
    };
    groups.iter().map(row).collect()
}
