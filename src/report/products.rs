//! What each product earns, and which ones lead, lose, should pause or be dropped (R6).

use super::ask::{Answer, Ask, Days, Report, Series, Values, row_key};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, figure_columns, figures_by_key, sale_lines, share_text, unjoined};
use super::sales_groups::{Names, no_group};
use super::series::{EARNED, beside, beside_columns};
use super::{col, hidden, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::prices::product_text;
use crate::rules::products::{Judged, Judgement, Product, Spans, products};
use crate::rules::profit::{Figures, Sale};
use crate::rules::unjoined::lacks_products;
use chrono::Datelike;

const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]);

/// What each product earns, and what that says.
pub struct Products;

impl Report for Products {
    fn name(&self) -> &'static str {
        "products"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report products",
            "kehu report products leader:yes",
            "kehu report products product.category:drive -p 2026H1 --compare previous",
            "kehu report products --explain --limit 5",
            "kehu report products --json",
        ]
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report profit --by product --per quarter" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = columns(lang, ask.people);
        if let Some(then) = &ask.compare {
            columns.extend(beside_columns(EARNED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, _ask: &Ask<'_>) -> Values {
        let words = |v: &str| Lang::ALL.iter().map(|l| values::value(*l, "products.status", v)).collect();
        match column {
            "status" => ["active", "paused", "retired"].map(|v| (v.to_string(), words(v))).to_vec(),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        vec!["product".to_string()]
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let of = |period: Period, people: bool| {
            let below = ask.narrow && people;
            report(index, &Question { period, filter: &fits, people, below, ask }, lang)
        };
        let (mut doc, unknown) = of(ask.period, ask.people);
        if let Some(then) = &ask.compare {
            let other = ask.people.then(|| values::value(lang, "product_section", "other"));
            let before = of(then.then, false).0;
            doc = beside(doc, &before, EARNED, other.as_deref(), (then.reading, lang));
        }
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn has_sections(&self) -> bool {
        true
    }

    fn regroup(&self, doc: &mut Document, limit: Option<usize>, sorted: bool, lang: Lang) {
        regroup(doc, limit, sorted, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        explain(doc, index, (ask.period, &fits), shown, lang);
    }
}

/// The sections for people, in their order.
const SECTIONS: [&str; 6] = ["leader", "promising", "loser", "pause", "drop", "other"];

/// How products are asked for.
struct Question<'q> {
    /// The days that count.
    period: Period,
    /// Which sales count.
    filter: &'q dyn Fn(&Sale<'_>) -> bool,
    /// In sections, each row with its reason; else one row a product, with the flags.
    people: bool,
    /// The reasons below the table instead of in it: on a narrow terminal a column of sentences would be cut.
    below: bool,
    /// Which products the totals are about.
    ask: &'q Ask<'q>,
}

/// The quarter as people write it: `2026Q2`.
fn quarter_name(q: &Period) -> String {
    q.from.map_or_else(String::new, |d| format!("{:04}Q{}", d.year(), d.month0() / 3 + 1))
}

/// The table, and all products together.
fn report<'a>(index: &Index<'a>, q: &Question<'_>, lang: Lang) -> (Document, Unknown) {
    let book = index.book;
    let spans = Spans::new(q.period, book.today);
    let Judgement { list, company } = products(index, &spans, &|s| (q.filter)(s));
    let names = Names::new(index, "product");
    let sheet = Sheet { index, lang, list: &list, company, spans, names: &names };
    let kept = list.iter().filter(|p| q.ask.keeps(&sheet.cell(p, "product", "")));
    let all = kept.fold(Figures::default(), |sum, p| sum.and(&p.figures));
    let mut columns = columns(lang, q.people);
    columns.retain(|c| !q.below || c.key != "why");
    rank(
        &mut columns,
        &[
            (Importance::Key, &["product", "profit"]),
            (Importance::Main, &["margin", "why"]),
            (Importance::Normal, &["revenue"]),
        ],
    );
    // Programs read English, whatever the reader's language.
    let machine = Sheet { lang: Lang::En, ..sheet };
    let row = |p: &Product<'a>, section: Option<&str>| {
        let why = section.map_or_else(|| machine.reasons(p), |s| sheet.why(p, s));
        let cells = columns.iter().map(|c| sheet.cell(p, &c.key, &why)).collect();
        let tone = match section {
            Some("leader" | "promising") => Tone::Good,
            Some("loser" | "drop") => Tone::Bad,
            Some("pause") => Tone::Warn,
            _ => Tone::Plain,
        };
        let group = section.map(|s| values::value(lang, "product_section", s).into());
        Row { cells, tone, group, ..Row::default() }
    };
    // One after the other in both: what `--limit` leaves is the same for people and programs. [`regroup`] makes sections.
    let rows = if q.people {
        list.iter().flat_map(|p| SECTIONS.iter().filter(|s| is_in(p, s)).map(|s| row(p, Some(s)))).collect()
    } else {
        list.iter().map(|p| row(p, None)).collect()
    };
    let whole = list.iter().fold(Figures::default(), |sum, p| sum.and(&p.figures)).profit();
    let whole = whole.filter(|p| *p > Decimal::ZERO);
    let share = whole.zip(all.profit()).and_then(|(whole, part)| part.checked_div(whole));
    let total = Product { figures: all.clone(), share, ..Product::default() };
    let cells = columns.iter().map(|c| match c.key.as_str() {
        "product" => Cell::Text(m::total(lang).into()),
        "orders" | "quantity" | "revenue" | "cost" | "extra_cost" | "profit" | "margin" | "unknown_cost_lines"
        | "profit_share" => sheet.cell(&total, &c.key, ""),
        _ => Cell::Missing,
    });
    let footer = vec![Row { cells: cells.collect(), ..Row::default() }];
    let together = [("margin".to_string(), sheet.cell(&total, "margin", ""))].into();
    let mut doc = Document::table(Table { columns, rows, footer, together, ..Table::default() });
    if q.people && !list.is_empty() {
        if q.below {
            reasons(&mut doc, &sheet, q.ask);
        }
        notes(&mut doc, &sheet);
    }
    let unknown = lacks_products(book, list.iter().map(|p| p.id));
    let strays = index.prices().has_strays();
    let unjoined = unjoined(index, (q.period, q.filter), strays, (unknown, all.unreadable_lines > 0));
    (doc, Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined })
}

/// Puts the rows of the first products into their sections; where nothing was sorted, what a section is most about first.
fn regroup(doc: &mut Document, limit: Option<usize>, sorted: bool, lang: Lang) {
    let Some(Block::Table(t)) = doc.blocks.first_mut() else { return };
    let mut seen: Vec<String> = Vec::new();
    for r in &t.rows {
        let key = r.cells.first().map(row_key).unwrap_or_default();
        if !seen.contains(&key) {
            seen.push(key);
        }
    }
    let left_out = seen.len().saturating_sub(limit.unwrap_or(usize::MAX));
    seen.truncate(seen.len() - left_out);
    let is_shown = |r: &Row| r.cells.first().is_some_and(|c| seen.contains(&row_key(c)));
    t.cut = (left_out > 0).then(|| (t.rows.iter().filter(|r| is_shown(r)).count(), left_out));
    let words = SECTIONS.map(|s| values::value(lang, "product_section", s));
    let section = |r: &Row| words.iter().position(|w| Some(w.as_str()) == r.group.as_deref());
    t.rows.sort_by_key(|r| (!is_shown(r), section(r)));
    if sorted {
        return;
    }
    let season = t.columns.iter().position(|c| c.key == "season_margin");
    let margin = |r: &Row| match season.and_then(|n| r.cells.get(n)) {
        Some(Cell::Ratio(margin)) => Some(*margin),
        _ => None,
    };
    let shown = t.cut.map_or(t.rows.len(), |(rows, _)| rows);
    for rows in t.rows[..shown].chunk_by_mut(|a, b| a.group == b.group) {
        match rows.first().and_then(section).and_then(|n| SECTIONS.get(n)) {
            Some(&"loser") => rows.reverse(),
            Some(&"pause") => rows.sort_by_key(margin),
            _ => {}
        }
    }
}

/// The products of a section, the one that it is most about first.
fn section<'l, 'a>(list: &'l [Product<'a>], section: &str) -> Vec<&'l Product<'a>> {
    let mut out: Vec<&Product<'a>> = list.iter().filter(|p| is_in(p, section)).collect();
    match section {
        "loser" => out.reverse(),
        "pause" => out.sort_by_key(|p| p.season_margin()),
        _ => {}
    }
    out
}

fn is_in(p: &Product<'_>, section: &str) -> bool {
    match section {
        "leader" => p.leader,
        "loser" => p.loser,
        "pause" => p.pause,
        "drop" => p.drop,
        "promising" => p.promising,
        _ => !(p.leader || p.promising || p.loser || p.pause || p.drop),
    }
}

fn semicolon(lang: Lang) -> &'static str {
    lang.pick("; ", "；")
}

/// The reasons by section, as a paragraph each.
fn reasons(doc: &mut Document, sheet: &Sheet<'_, '_>, ask: &Ask<'_>) {
    for name in SECTIONS {
        let kept = section(sheet.list, name).into_iter().filter(|p| ask.keeps(&sheet.cell(p, "product", "")));
        let reasons = kept.map(|p| (p.id, sheet.why(p, name)));
        let said = reasons.filter(|(_, why)| !why.is_empty());
        let lines: Vec<String> = said.map(|(id, why)| format!("{id}: {why}")).collect();
        if !lines.is_empty() {
            let title = values::value(sheet.lang, "product_section", name);
            doc.blocks.push(Block::Note(format!("{title}\n{}", lines.join("\n"))));
        }
    }
}

/// Says what could not be judged.
fn notes(doc: &mut Document, sheet: &Sheet<'_, '_>) {
    let (lang, list) = (sheet.lang, sheet.list);
    let mut note = |line: String| doc.blocks.push(Block::Note(line));
    if sheet.index.book.settings.file.season.months.is_empty() {
        note(m::no_season(lang));
    } else if list.iter().all(|p| p.season.lines == 0) {
        note(m::season_outside(lang));
    }
    let [first, second] = sheet.spans.quarters.map(|q| quarter_name(&q));
    note(m::drop_quarters(lang, first, second));
}

fn columns(lang: Lang, people: bool) -> Vec<Column> {
    let mut columns = ordered(lang, people);
    rank(
        &mut columns,
        &[
            (Importance::Key, &["product", "profit"]),
            (Importance::Main, &["margin", "why"]),
            (Importance::Normal, &["revenue"]),
        ],
    );
    columns
}

fn ordered(lang: Lang, people: bool) -> Vec<Column> {
    let unseen = |key: &str, kind: Kind| Column { machine_only: true, ..typed(lang, key, kind) };
    let key = [typed(lang, "product", Kind::Id), col(lang, "name")];
    let figures = figure_columns(lang);
    let flags = ["leader", "promising", "loser", "pause", "drop"].map(|k| unseen(k, Kind::Flag));
    let about = [hidden(lang, "category"), unseen("status", Kind::Code)];
    let reasons = [
        unseen("cumulative_share", Kind::Ratio),
        unseen("season_margin", Kind::Ratio),
        unseen("quarter_1", Kind::Text),
        unseen("quarter_1_margin", Kind::Ratio),
        unseen("quarter_1_floor", Kind::Ratio),
        unseen("quarter_2", Kind::Text),
        unseen("quarter_2_margin", Kind::Ratio),
        unseen("quarter_2_floor", Kind::Ratio),
        unseen("key_customers", Kind::List),
    ];
    let share = typed(lang, "profit_share", Kind::Ratio);
    if people {
        // The columns that the sections are about stand first: a narrow terminal leaves out the last ones.
        let (first, rest): (Vec<Column>, Vec<Column>) =
            figures.into_iter().partition(|c| c.key == "profit" || c.key == "margin");
        let first = key.into_iter().chain(first).chain([share, col(lang, "why")]);
        return first.chain(rest).chain(about).chain(flags).chain(reasons).collect();
    }
    let shown = |c: Column| Column { machine_only: false, ..c };
    key.into_iter()
        .chain(about.map(shown))
        .chain(figures)
        .chain([share])
        .chain(flags.map(shown))
        .chain(reasons.map(shown))
        .chain([col(lang, "why")])
        .collect()
}

#[derive(Clone, Copy)]
struct Sheet<'x, 'a> {
    index: &'x Index<'a>,
    lang: Lang,
    list: &'x [Product<'a>],
    /// The company's margin.
    company: Option<Decimal>,
    spans: Spans,
    names: &'x Names<'a>,
}

impl<'a> Sheet<'_, 'a> {
    fn cell(&self, p: &Product<'a>, key: &str, why: &str) -> Cell {
        let (book, lang) = (self.index.book, self.lang);
        let end = self.spans.year.to.unwrap_or(book.today);
        let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
        let flag = |f: bool| if p.id.is_empty() { Cell::Missing } else { Cell::Flag(f) };
        let [first, second] = &p.quarters;
        match key {
            "product" if p.id.is_empty() => no_group(lang, "product"),
            "product" => Cell::Id(p.id.into()),
            "name" => self.names.of(p.id),
            "category" => text(product_text(book, p.id, end, |v| v.category)),
            "status" if p.id.is_empty() => Cell::Missing,
            "status" => {
                let status = if p.status.is_empty() { "active" } else { p.status };
                super::due::code(status, values::value(lang, "products.status", status))
            }
            "profit_share" => ratio(p.share),
            "why" => text(why),
            "leader" => flag(p.leader),
            "promising" => flag(p.promising),
            "loser" => flag(p.loser),
            "pause" => flag(p.pause),
            "drop" => flag(p.drop),
            "cumulative_share" => ratio(p.cumulative),
            "season_margin" => ratio(p.season.margin()),
            "quarter_1" => Cell::Text(quarter_name(&self.spans.quarters[0]).into()),
            "quarter_1_margin" => ratio(first.margin()),
            "quarter_1_floor" => ratio(first.floor()),
            "quarter_2" => Cell::Text(quarter_name(&self.spans.quarters[1]).into()),
            "quarter_2_margin" => ratio(second.margin()),
            "quarter_2_floor" => ratio(second.floor()),
            "key_customers" => Cell::list(self.key_customers(p)),
            figure => figures_by_key(self.index.book, &p.figures, figure),
        }
    }

    fn key_customers(&self, p: &Product<'_>) -> Vec<String> {
        p.key_customers.iter().map(|n| self.index.book.customers[*n].id.to_string()).collect()
    }

    /// Why a product has its flags, or why it stays.
    fn reasons(&self, p: &Product<'a>) -> String {
        let one = |s: &&str| {
            let why = self.why(p, s);
            if *s == "other" || why.is_empty() { why } else { format!("{s}: {why}") }
        };
        let all: Vec<String> = SECTIONS.iter().filter(|s| is_in(p, s)).map(one).filter(|w| !w.is_empty()).collect();
        all.join("; ")
    }

    /// Why a product stands in a section.
    fn why(&self, p: &Product<'a>, section: &str) -> String {
        let lang = self.lang;
        let share = |r: Option<Decimal>| r.map_or_else(|| m::not_known(lang), share_text);
        let mut why = match section {
            "leader" => m::why_leader(lang, share(p.share), share(p.cumulative)),
            "promising" => m::why_promising(lang, share(p.figures.margin()), share(self.company)),
            "loser" => m::why_loser(lang, share(p.figures.margin())),
            "pause" => {
                let own = p.season_margin();
                let sold = self.list.iter().filter_map(Product::season_margin);
                let place = sold.clone().filter(|o| Some(*o) < own).count() + 1;
                m::why_pause(lang, share(own), place, sold.count())
            }
            "drop" => m::why_drop(lang, self.below(p)),
            _ => String::new(),
        };
        if p.is_below() && !p.drop {
            let stays = match p.key_customers.len() {
                0 => m::why_retired(lang, self.below(p)),
                n => m::why_kept(lang, self.below(p), n),
            };
            why = if why.is_empty() { stays } else { format!("{why}{}{stays}", semicolon(lang)) };
        }
        why
    }

    /// Both quarters: margin and floor.
    fn below(&self, p: &Product<'_>) -> String {
        let lang = self.lang;
        let share = |r: Option<Decimal>| r.map_or_else(|| m::not_known(lang), share_text);
        let one =
            |(q, j): (&Period, &Judged)| m::quarter_margin(lang, quarter_name(q), share(j.margin()), share(j.floor()));
        let both: Vec<String> = self.spans.quarters.iter().zip(&p.quarters).map(one).collect();
        both.join(semicolon(lang))
    }
}

/// Puts below the table, for the products shown: the rule, the figures of both quarters, and the rows as file:line.
fn explain(
    doc: &mut Document,
    index: &Index<'_>,
    (period, fits): (Period, &dyn Fn(&Sale<'_>) -> bool),
    limit: usize,
    lang: Lang,
) {
    let settings = &index.book.settings;
    let share = |s: Decimal| format!("{}%", (s * Decimal::ONE_HUNDRED).normalize());
    let rule = m::explain_products(lang, share(settings.key_share()), share(settings.pause_share()));
    let spans = Spans::new(period, index.book.today);
    let Judgement { list, company } = products(index, &spans, &|s| fits(s));
    let mut lines = sale_lines(index, lang, &|s| spans.contains(s.day) && fits(s));
    let mut shown: Vec<String> = Vec::new();
    if let Some(Block::Table(t)) = doc.blocks.first() {
        for key in t.rows.iter().take(limit).filter_map(|r| match r.cells.get(t.id_column) {
            Some(cell @ (Cell::Id(_) | Cell::Code { .. })) => cell.text().map(str::to_string),
            _ => None,
        }) {
            if !shown.contains(&key) {
                shown.push(key);
            }
        }
    }
    let names = Names::new(index, "product");
    let sheet = Sheet { index, lang, list: &list, company, spans, names: &names };
    let mut notes = vec![Block::Note(rule)];
    for p in shown.iter().filter_map(|id| list.iter().find(|p| p.id == id)) {
        let mut parts = vec![if p.id.is_empty() {
            m::no_group(lang, crate::i18n::labels::label(lang, "product"))
        } else {
            p.id.into()
        }];
        if !p.id.is_empty() {
            parts.push(format!("  {}", sheet.below(p)));
            if !p.key_customers.is_empty() {
                parts.push(m::key_customers_buy(lang, sheet.key_customers(p).join(", ")));
            }
        }
        parts.extend(lines.remove(p.id).map(|l| super::explain::cut(l, lang).join("\n")));
        notes.push(Block::Note(parts.join("\n")));
    }
    doc.blocks.extend(notes);
}
