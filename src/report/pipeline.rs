//! Deals: what is open on the day and likely to come, and what was won and lost in a period.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::complained::few_cases;
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::{MOST_ROWS, amount_text, ratio_text};
use super::fields::listed;
use super::profit::total_again;
use super::sales_figures::money;
use super::series::{Beside, beside, beside_columns};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, SettingList};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::deals::{self, Deal, LOST, OPEN, WON};
use crate::rules::engine::index::Index;
use crate::rules::pipeline::{By, Figures, History, figures, in_period, lost};
use crate::rules::stays::FEW;

/// Deals by rep, product, source, stage, customer or month.
pub struct Deals;

/// The figures that stand beside those of another period.
const COMPARED: &[Beside] = &[
    Beside { key: "won", kind: Kind::Number, change: true },
    Beside { key: "won_amount", kind: Kind::Money, change: true },
    Beside { key: "lost_deals", kind: Kind::Number, change: true },
    Beside { key: "win_rate", kind: Kind::Ratio, change: false },
    Beside { key: "cycle_median", kind: Kind::Days, change: false },
];

fn by_of<'q>(ask: &'q Ask<'_>) -> (&'q str, By) {
    let key = ask.flag("by");
    By::ALL.into_iter().find(|(name, _)| *name == key).unwrap_or(By::ALL[0])
}

/// The groups that have a name besides their id.
fn is_named(by: By) -> bool {
    matches!(by, By::Rep | By::Product | By::Customer)
}

impl Report for Deals {
    fn name(&self) -> &'static str {
        "deals"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report deals",
            "kehu report deals --by stage",
            "kehu report deals --by month owner:li",
            "kehu report deals --by source -p 2026H1 --compare year-ago",
            "kehu report deals past_close.gt:0 --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Deals)
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        const KEYS: &[&str] = &["rep", "product", "source", "stage", "customer", "month"];
        &[Flag { name: "by", value: Some("KEY"), default: Some("rep"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report deals --by month" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let products = if by_of(ask).1 == By::Product { &[Ledger::Products][..] } else { &[] };
        deals::READS.and(Reads::customers_and(products))
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = columns(by_of(ask).1, lang);
        if let Some(then) = &ask.compare {
            columns.extend(beside_columns(COMPARED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "rep" => ask.values_of_rows("owner"),
            "stage" => ask.values_of_rows("stage"),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        let (key, by) = by_of(ask);
        if matches!(by, By::Rep | By::Month) { Vec::new() } else { vec![key.to_string()] }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        reporting::by_key(lang, reporting::title(lang, self.name()), head(by_of(ask).1, lang))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let all = chosen(index, ask, lang);
        let history = History::new(index.book);
        let (mut doc, few) = table(index.book, ask, &all, &history, ask.period, lang);
        if let Some(then) = &ask.compare {
            let before = table(index.book, ask, &all, &history, then.then, lang).0;
            doc = beside(doc, &before, COMPARED, None, (then.reading, lang));
        }
        if !doc.is_empty() {
            doc.blocks.extend(lost_block(index.book, &all, ask.period, lang));
            doc.blocks.push(Block::Note(m::deals_parts(lang, index.book.today)));
            doc.blocks.push(Block::Note(forecast_note(index.book, &history, lang)));
        }
        let mut caveats = few_cases(few, lang);
        caveats.extend(strangers(&all, lang));
        Answer { doc, caveats }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        explain(doc, index, ask, shown, lang);
    }
}

/// The deals that fit, by their ids, and belong to groups that stay.
fn chosen<'a>(index: &Index<'a>, ask: &Ask<'_>, lang: Lang) -> Vec<Deal<'a>> {
    let (_, by) = by_of(ask);
    let fits = |d: &Deal<'_>| {
        ask.has_row(index, Ledger::Deals, d.row)
            && (ask.kept.is_none() || ask.keeps(&key_cell(index.book, by, &by.of(index.book, d), lang)))
    };
    let mut list: Vec<Deal<'a>> = Deal::all(index.book).filter(fits).collect();
    list.sort_by_key(|d| (d.made(), d.id()));
    list
}

/// The table of a period, and the groups with few cases.
fn table(
    book: &Book,
    ask: &Ask<'_>,
    all: &[Deal<'_>],
    history: &History,
    period: Period,
    lang: Lang,
) -> (Document, Vec<String>) {
    let (_, by) = by_of(ask);
    let (groups, whole) = figures(book, all, (by, period), history);
    let mut groups: Vec<(String, Figures)> = groups.into_iter().collect();
    let place = |stage: &str| book.settings.file.deal_stages.iter().position(|s| s.id == stage).unwrap_or(usize::MAX);
    match by {
        By::Stage => groups.sort_by_key(|(stage, _)| place(stage)),
        By::Month => groups.sort_by_key(|(month, _)| (month.is_empty(), month.clone())),
        // The largest forecast first; what belongs to none last.
        _ => groups.sort_by_key(|(key, f)| {
            (key.is_empty(), std::cmp::Reverse(f.pipeline()[1]), std::cmp::Reverse(f.won_amount()), key.clone())
        }),
    }
    let mut few = Vec::new();
    let columns = columns(by, lang);
    let mut row = |(key, f): &(String, Figures)| {
        let mut cells = vec![key_cell(book, by, key, lang)];
        if by != By::Stage && (1..FEW).contains(&f.ended()) {
            let word = cells[0].label().or_else(|| cells[0].text()).filter(|w| !w.is_empty()).unwrap_or("–");
            few.push(format!("{word} ({})", f.ended()));
        }
        if is_named(by) {
            cells.push(text(name_of(book, by, key)));
        }
        let figures = cells.len();
        cells.extend(figure_cells(book, f));
        // Deals that ended stand in another stage, and those that will end in another month.
        let apart = columns.iter().enumerate().skip(figures).filter(|(_, c)| match by {
            By::Stage => matches!(c.key.as_str(), "win_rate" | "win_rate_amount" | "velocity"),
            By::Month => c.key == "velocity",
            _ => false,
        });
        apart.for_each(|(n, _)| cells[n] = Cell::Missing);
        if by == By::Stage {
            cells.extend(stage_cells(book, history, key));
        }
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = groups.iter().map(&mut row).collect();
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(1 + usize::from(is_named(by)), Cell::Missing);
    total.extend(figure_cells(book, &whole));
    total.resize(columns.len(), Cell::Missing);
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    (Document::table(Table { columns, rows, footer, ..Table::default() }), few)
}

fn head(by: By, lang: Lang) -> String {
    match by {
        By::Rep => labels::label(lang, "owner"),
        By::Stage => labels::column(lang, Ledger::Deals.name(), "stage"),
        By::Month => labels::label(lang, "month"),
        By::Product => labels::label(lang, "product"),
        By::Source => labels::label(lang, "source"),
        By::Customer => labels::label(lang, "customer"),
    }
}

fn columns(by: By, lang: Lang) -> Vec<Column> {
    let kind = match by {
        By::Product | By::Customer => Kind::Id,
        By::Source | By::Month => Kind::Text,
        By::Rep | By::Stage => Kind::Code,
    };
    let key = By::ALL.into_iter().find(|(_, b)| *b == by).map_or("rep", |(key, _)| key);
    let mut columns = vec![Column { importance: Importance::Key, label: head(by, lang), ..typed(lang, key, kind) }];
    if is_named(by) {
        columns.push(col(lang, "name"));
    }
    columns.push(num(lang, "open_deal_count"));
    columns.extend(["pipeline", "weighted", "weighted_history"].map(|k| typed(lang, k, Kind::Money)));
    columns.extend(["age_median", "age_p90"].map(|k| typed(lang, k, Kind::Days)));
    columns.extend(["past_close", "slips"].map(|k| num(lang, k)));
    columns.extend([num(lang, "won"), typed(lang, "won_amount", Kind::Money)]);
    columns.extend([num(lang, "lost_deals"), typed(lang, "lost_amount", Kind::Money), num(lang, "ended_deals")]);
    columns.extend(["win_rate", "win_rate_amount"].map(|k| typed(lang, k, Kind::Ratio)));
    columns.extend(["cycle_median", "cycle_p90"].map(|k| typed(lang, k, Kind::Days)));
    columns.extend([typed(lang, "velocity", Kind::Money), num(lang, "without_amount")]);
    if by == By::Stage {
        columns.push(typed(lang, "probability", Kind::Ratio));
        columns.push(typed(lang, "history_rate", Kind::Ratio));
        columns.push(num(lang, "history_cases"));
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["pipeline", "weighted"]),
            (Importance::Main, &["open_deal_count", "won_amount", "win_rate", "cycle_median"]),
            (Importance::Minor, &["without_amount", "age_p90", "cycle_p90", "ended_deals", "win_rate_amount"]),
        ],
    );
    columns
}

fn figure_cells(book: &Book, f: &Figures) -> Vec<Cell> {
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let days = |d: Option<Decimal>| d.map_or(Cell::NotAvailable, Cell::Days);
    let whole = |d: Option<i64>| days(d.map(Decimal::from));
    let mut cells = vec![Cell::Int(f.open)];
    cells.extend(f.pipeline().map(|amount| money(book, amount)));
    cells.extend([days(f.age()), whole(f.age_p90()), Cell::Int(f.past), Cell::Int(f.slips)]);
    cells.extend([Cell::Int(f.won), money(book, f.won_amount())]);
    cells.extend([Cell::Int(f.lost), money(book, f.lost_amount()), Cell::Int(f.ended())]);
    cells.extend([ratio(f.win_rate()), ratio(f.win_rate_amount()), days(f.cycle()), whole(f.cycle_p90())]);
    cells.extend([money(book, f.velocity()), Cell::Int(f.unknown.iter().sum())]);
    cells
}

/// What kehu.toml says of a stage, and what its history tells.
fn stage_cells(book: &Book, history: &History, stage: &str) -> [Cell; 3] {
    let rate = history.rate(stage);
    let probability = book.settings.deal_stage(stage).map(|s| s.probability.0);
    [
        probability.map_or(Cell::NotAvailable, Cell::Ratio),
        rate.told().map_or(Cell::NotAvailable, Cell::Ratio),
        Cell::Int(rate.cases),
    ]
}

/// The cell of a group.
fn key_cell(book: &Book, by: By, key: &str, lang: Lang) -> Cell {
    match by {
        _ if key.is_empty() => Cell::code("", &m::empty_word(lang)),
        By::Product | By::Customer => Cell::Id(key.into()),
        By::Stage => Cell::code(key, &listed(lang, &book.settings, SettingList::DealStages, key)),
        By::Rep | By::Source | By::Month => text(key),
    }
}

fn name_of<'b>(book: &'b Book, by: By, key: &'b str) -> &'b str {
    match by {
        By::Product => crate::rules::prices::product_text(book, key, book.today, |v| v.name),
        By::Customer => book.customer(key).map_or("", |c| c.name),
        By::Rep => book.team.get(key).map_or("", |p| p.name),
        By::Source | By::Stage | By::Month => "",
    }
}

/// Why deals were lost, and to whom.
fn lost_block(book: &Book, all: &[Deal<'_>], period: Period, lang: Lang) -> Option<Block> {
    let mut list: Vec<_> = lost(all.iter(), period).into_iter().collect();
    list.sort_by_key(|(told, (count, _))| (std::cmp::Reverse(*count), *told));
    let whole: i64 = list.iter().map(|(_, (count, _))| *count).sum();
    let row = |((reason, competitor), (count, sum)): ((&str, &str), (i64, crate::model::money::Sum))| {
        let share = Decimal::from(count).checked_div(Decimal::from(whole));
        let cells = vec![
            Cell::code(reason, &listed(lang, &book.settings, SettingList::LostReasons, reason)),
            text(competitor),
            Cell::Int(count),
            share.map_or(Cell::NotAvailable, Cell::Ratio),
            money(book, sum.known()),
        ];
        Row { cells, ..Row::default() }
    };
    let columns = vec![
        col(lang, "reason"),
        col(lang, "competitor"),
        num(lang, "lost_deals"),
        typed(lang, "share", Kind::Ratio),
        typed(lang, "lost_amount", Kind::Money),
    ];
    let rows: Vec<Row> = list.into_iter().map(row).collect();
    let title = Some(m::deals_lost_title(lang));
    (!rows.is_empty()).then_some(Block::Table(Table { title, columns, rows, ..Table::default() }))
}

/// By which chance the deals of each stage count in the forecast by history.
fn forecast_note(book: &Book, history: &History, lang: Lang) -> String {
    let word = |(stage, rate): (&str, crate::rules::stays::Rate)| {
        let name = listed(lang, &book.settings, SettingList::DealStages, stage);
        match rate.told() {
            Some(share) => m::deals_by_history(lang, name, ratio_text(share), rate.cases),
            None => {
                let set = book.settings.deal_stage(stage).map(|s| ratio_text(s.probability.0)).unwrap_or_default();
                m::deals_by_stage(lang, name, set, rate.cases)
            }
        }
    };
    let words: Vec<String> = history.stages(book).map(word).collect();
    m::deals_forecast(lang, FEW, words.join(lang.pick("; ", "；")))
}

/// Deals of customers that are not there.
fn strangers(all: &[Deal<'_>], lang: Lang) -> Option<Caveat> {
    let ids: Vec<&str> = all.iter().filter(|d| d.customer().is_none()).map(|d| d.id()).collect();
    let text = m::deals_of_nobody(lang, ids.len(), ids.first()?);
    Some(Caveat { text, fails: Fails::Never })
}

/// Puts the deals behind the first rows below the table.
fn explain(doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
    let keys: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
    let (book, by) = (index.book, by_of(ask).1);
    let history = History::new(book);
    let all = chosen(index, ask, lang);
    let counted = |d: &&Deal<'_>| match d.state() {
        OPEN => true,
        WON | LOST => in_period(d, ask.period),
        _ => false,
    };
    for key in keys {
        let word = key.label().or_else(|| key.text()).unwrap_or_default().to_string();
        let is_its = |d: &&Deal<'_>| key.text().unwrap_or_default() == by.of(book, d);
        let its: Vec<&Deal<'_>> = all.iter().filter(counted).filter(is_its).collect();
        let mut lines = vec![word];
        lines.extend(its.iter().take(MOST_ROWS).map(|d| one(book, d, &history, lang)));
        if its.len() > MOST_ROWS {
            lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
        }
        doc.blocks.push(Block::Note(lines.join("\n  ")));
    }
}

/// A deal in a line: where it stands, its stage, its amount, and what of it counts in the forecast.
fn one(book: &Book, d: &Deal<'_>, history: &History, lang: Lang) -> String {
    let stage = listed(lang, &book.settings, SettingList::DealStages, d.stage());
    let amount = |a: Option<Decimal>| {
        a.map_or_else(|| crate::i18n::money::not_available(lang), |a| amount_text(&book.settings.file.currency, a))
    };
    let place = book.place(d.row.place);
    match d.ended() {
        Some(day) => m::deal_ended(lang, d.id(), place, stage, amount(d.amount()), day),
        None => {
            let chance = |c: Option<Decimal>| c.map_or_else(|| crate::i18n::money::not_available(lang), ratio_text);
            let chances = [chance(d.probability()), chance(history.chance(d))];
            m::deal_stands(lang, d.id(), place, stage, amount(d.amount()), &chances[0], &chances[1])
        }
    }
}
