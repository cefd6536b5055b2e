//! What each source and campaign brought, against what was spent on it; and the tree of referrals.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::cut;
use super::fields::CustomerRecord;
use super::picture::{Picture, Shape};
use super::sales_figures::money;
use super::sales_groups::no_group;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::profit::Figures;
use crate::rules::sources::{Brought, By, READS, Referred, referral_tree, sources};
use crate::rules::stays::FEW;
use crate::rules::unjoined::of_nobody;

/// Sources, campaigns, referrals.
pub struct SourcesReport;

/// What there is a row for.
const ROWS: &[&str] = &["source", "campaign", "referrer"];

/// How people see that a customer was referred by the one above.
const BELOW: &str = "└ ";

/// What customers are put together by; `None` = the tree of referrals.
fn by(ask: &Ask<'_>) -> Option<By> {
    match ask.flag("by") {
        "referrer" => None,
        "campaign" => Some(By::Campaign),
        _ => Some(By::Source),
    }
}

impl Report for SourcesReport {
    fn name(&self) -> &'static str {
        "sources"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report sources",
            "kehu report sources --by campaign -p 2026 payback.lt:1",
            "kehu report sources region:华东 -p 2025 --explain",
            "kehu report sources --by referrer --limit 20",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("source"), values: FlagValues::Only(ROWS) }]
    }

    fn check(&self, _ask: &Ask<'_>, _lang: Lang) -> Result<(), Misuse> {
        Ok(())
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report kpi --by source" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        by(ask).map_or_else(|| tree_columns(lang), |by| columns(by, lang))
    }

    fn values(&self, _column: &str, _ask: &Ask<'_>) -> Values {
        Vec::new()
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        by(ask).map(|by| by.key().to_string()).into_iter().collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        reporting::by_key(lang, title, labels::label(lang, ask.flag("by")))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        match by(ask) {
            Some(by) => of_sources(index, ask, by, lang),
            None => tree(index, ask, lang),
        }
    }

    fn pictures(&self, ask: &Ask<'_>) -> Vec<Picture> {
        let Some(by) = by(ask) else { return Vec::new() };
        vec![
            Picture::new(Shape::Bars, by.key(), &["lead_count", "converted", "buyers"]),
            Picture::new(Shape::Bars, by.key(), &["profit", "spend"]),
        ]
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        if by(ask).is_some() {
            super::profit::total_again(self, answer, index, ask, lang);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let (Some(Block::Table(t)), Some(by)) = (doc.blocks.get(doc.main), by(ask)) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
        let fits = fitting(index, ask);
        let found = sources(index, by, ask.period, (|n| fits[n], ask.filter.is_empty()));
        for row in rows {
            let Some(brought) = found.of.get(row.text().unwrap_or_default()) else { continue };
            let line = |n: &usize| {
                let c = &index.book.customers[*n];
                let created = c.created.map_or_else(String::new, |d| d.to_string());
                m::source_customer(lang, c.id, c.name, created, index.order_days().of(*n).len())
            };
            let mut out = vec![row.label().or_else(|| row.text()).unwrap_or_default().to_string()];
            out.extend(cut(brought.customers.iter().map(line).collect(), lang));
            doc.blocks.push(Block::Note(out.join("\n  ")));
        }
    }
}

/// Which customers fit, by index.
fn fitting(index: &Index<'_>, ask: &Ask<'_>) -> Vec<bool> {
    let fits = |customer| ask.filter.is_empty() || ask.filter.matches(&CustomerRecord { index, customer });
    (0..index.book.customers.len()).map(fits).collect()
}

fn of_sources(index: &Index<'_>, ask: &Ask<'_>, by: By, lang: Lang) -> Answer {
    let fits = fitting(index, ask);
    let found = sources(index, by, ask.period, (|n| fits[n], ask.filter.is_empty()));
    let group = |key: &str| if key.is_empty() { no_group(lang, by.key()) } else { text(key) };
    let mut all: Vec<(&str, &Brought)> = found.of.iter().map(|(key, b)| (*key, b)).collect();
    all.retain(|(key, _)| ask.keeps(&group(key)));
    // Most profit first; what nobody knows comes last.
    all.sort_by(|(a, x), (b, y)| {
        let profit = |b: &Brought| b.figures.profit();
        a.is_empty().cmp(&b.is_empty()).then(profit(y).cmp(&profit(x))).then(a.cmp(b))
    });
    let rows: Vec<Row> =
        all.iter().map(|(key, b)| Row { cells: cells(index.book, group(key), b), ..Row::default() }).collect();
    let mut whole = Brought::default();
    all.iter().for_each(|(_, b)| whole.merge(b));
    let total = Row { cells: cells(index.book, Cell::Text(m::total(lang).into()), &whole), ..Row::default() };
    let footer = if rows.len() > 1 { vec![total] } else { Vec::new() };
    let mut doc = Document::table(Table { columns: columns(by, lang), rows, footer, ..Table::default() });
    if !doc.is_empty() {
        doc.blocks.push(Block::Note(m::sources_note(lang)));
    }
    let mut caveats = Caveat::of_unjoined(&found.unjoined, lang);
    let few = all.iter().filter(|(_, b)| (1..FEW).contains(&b.leads)).count();
    let mut say = |text, fails| caveats.push(Caveat { text, fails });
    if few > 0 {
        say(m::sources_few(lang, few, FEW), Fails::Never);
    }
    if whole.figures.unknown_cost_lines > 0 {
        say(m::sources_cost_unknown(lang, whole.figures.unknown_cost_lines), Fails::Strict);
    }
    if let Some(amount) = found.left_out.known().filter(|a| !a.is_zero()) {
        let amount = super::explain::amount_text(&index.book.settings.file.currency, amount);
        say(m::sources_left_out(lang, amount), Fails::Never);
    }
    Answer { doc, caveats }
}

fn share(part: Option<Decimal>) -> Cell {
    part.map_or(Cell::NotAvailable, Cell::Ratio)
}

fn cells(book: &Book, group: Cell, b: &Brought) -> Vec<Cell> {
    let f = &b.figures;
    let six = |d: Option<Decimal>| d.map(|d| crate::model::money::round(d, 6));
    vec![
        group,
        Cell::Int(b.customers.len() as i64),
        Cell::Int(b.leads),
        Cell::Int(b.converted),
        share(b.conversion()),
        Cell::Int(b.buyers),
        Cell::Int(f.orders()),
        money(book, Some(f.revenue())),
        money(book, f.profit()),
        share(f.margin()),
        money(book, b.spend.known()),
        money(book, b.net_profit()),
        money(book, six(b.cost_per_buyer())),
        share(b.payback()),
    ]
}

fn columns(by: By, lang: Lang) -> Vec<Column> {
    let mut columns = vec![Column { importance: Importance::Key, ..typed(lang, by.key(), Kind::Text) }];
    columns.extend(["customers", "lead_count", "converted"].map(|k| num(lang, k)));
    columns.push(typed(lang, "conversion", Kind::Ratio));
    columns.extend(["buyers", "orders"].map(|k| num(lang, k)));
    columns.extend(["revenue", "profit"].map(|k| typed(lang, k, Kind::Money)));
    columns.push(typed(lang, "margin", Kind::Ratio));
    columns.extend(["spend", "net_profit", "cost_per_buyer"].map(|k| typed(lang, k, Kind::Money)));
    columns.push(typed(lang, "payback", Kind::Ratio));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["profit", "spend", "conversion"]),
            (Importance::Main, &["customers", "buyers", "revenue", "net_profit", "payback"]),
            (Importance::Minor, &["orders", "margin"]),
        ],
    );
    columns
}

fn tree(index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
    let fits = fitting(index, ask);
    let found: Vec<Referred> = referral_tree(index, ask.period).into_iter().filter(|r| fits[r.customer]).collect();
    let book = index.book;
    let row = |r: &Referred| {
        let c = &book.customers[r.customer];
        let above = book.customer_index(c.text("referred_by")).filter(|_| r.level > 0);
        let indent =
            if ask.people && r.level > 0 { format!("{}{BELOW}", "  ".repeat(r.level - 1)) } else { String::new() };
        let amounts = |f: &Figures| [money(book, Some(f.revenue())), money(book, f.profit())];
        let mut cells = vec![
            Cell::Id(c.id.into()),
            text(&format!("{indent}{}", c.name)),
            above.map_or(Cell::Missing, |n| Cell::Id(book.customers[n].id.into())),
            Cell::Int(r.level as i64),
            Cell::Int(r.referrals as i64),
            Cell::Int(r.below as i64),
        ];
        cells.extend(amounts(&r.figures));
        cells.extend(amounts(&r.figures_below));
        Row { cells, ..Row::default() }
    };
    let rows = found.iter().map(row).collect();
    let doc = Document::table(Table { columns: tree_columns(lang), rows, ..Table::default() });
    let ledgers = LedgerSet::of(&[Ledger::Orders, Ledger::Refunds]);
    let strays = of_nobody(book, index.prices(), ledgers, Period { ..ask.period });
    Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
}

fn tree_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "customer", Kind::Id), col(lang, "name"), typed(lang, "referred_by", Kind::Id)];
    columns.extend(["referral_level", "referrals", "below"].map(|k| num(lang, k)));
    columns.extend(["revenue", "profit", "revenue_below", "profit_below"].map(|k| typed(lang, k, Kind::Money)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "profit_below"]),
            (Importance::Main, &["name", "referrals", "below", "profit"]),
            (Importance::Minor, &["referral_level"]),
        ],
    );
    columns
}
