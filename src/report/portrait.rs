//! What key and A customers are like: industry, region and size against all customers, and the leads that are like them.

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::ratio_text;
use super::fields::stage_label;
use super::sales_figures::money;
use super::sales_groups::no_group;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::Reads;
use crate::model::money::{Decimal, round};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::portrait::{Match, Portrait as Likeness, READS, Share, TRAITS, matches, traits};
use crate::rules::profit::Figures;
use crate::rules::stays::FEW;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What the best customers are like.
pub struct Portrait;

/// What the main table has a row for.
const KEYS: &[&str] = &["value", "cell", "lead"];

/// Most leads and cells below the values.
const MOST: usize = 15;

fn by<'q>(ask: &'q Ask<'_>) -> &'q str {
    Some(ask.flag("by")).filter(|by| !by.is_empty()).unwrap_or(KEYS[0])
}

impl Report for Portrait {
    fn name(&self) -> &'static str {
        "portrait"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report portrait",
            "kehu report portrait --by lead owner:li",
            "kehu report portrait --by cell best.gt:0",
            "kehu report portrait trait:industry lift.gt:1 --sort -lift",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("value"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report portrait --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        match by(ask) {
            "cell" => cell_columns(lang),
            "lead" => lead_columns(lang),
            _ => value_columns(lang),
        }
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let words = |key: &str| Lang::ALL.iter().map(|l| labels::label(*l, key)).collect();
        match column {
            "trait" => TRAITS.map(|t| (t.to_string(), words(t))).to_vec(),
            "owner" | "stage" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        if by(ask) == "lead" { ["customer", "name", "owner", "stage"].map(String::from).to_vec() } else { Vec::new() }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        match by(ask) {
            "value" => title.to_string(),
            other => reporting::by_key(lang, title, labels::label(lang, &format!("portrait_{other}"))),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let chosen = ask.customers(index);
        let everybody: Vec<usize> = (0..index.book.customers.len()).collect();
        // Leads are compared with all customers, whoever of them is asked for.
        let portrait = Likeness::new(index, if by(ask) == "lead" { &everybody } else { &chosen });
        let mut doc = Document::default();
        let profits = profits(index, &chosen);
        if by(ask) == "value" {
            doc.blocks.push(Block::Table(value_table(index, &portrait, &profits, lang)));
        }
        if by(ask) == "cell" || by(ask) == "value" && ask.people {
            let most = if by(ask) == "cell" { usize::MAX } else { MOST };
            doc.blocks.push(Block::Table(cell_table(index, &portrait, &profits, most, ask, lang)));
        }
        if by(ask) == "lead" || by(ask) == "value" && ask.people {
            let found = matches(index, &portrait, &chosen);
            let most = if by(ask) == "lead" { usize::MAX } else { MOST };
            if by(ask) == "lead" || !found.is_empty() {
                doc.blocks.push(Block::Table(lead_table(index, &portrait, &found, most, ask, lang)));
            }
            if found.len() > most {
                doc.blocks.push(Block::Note(m::portrait_more(lang, found.len() - most)));
            }
        }
        let Share { best, all } = portrait.of;
        if all > 0 {
            doc.blocks.push(Block::Note(m::portrait_of(lang, best, all)));
        }
        if best > 0 && i64::try_from(best).unwrap_or(i64::MAX) < FEW {
            doc.blocks.push(Block::Note(m::portrait_few(lang, best, FEW)));
        }
        Answer::of(doc)
    }

    fn totals(&self, _answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {}

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let share = ratio_text(index.book.settings.key_share());
        doc.blocks.push(Block::Note(m::explain_portrait(lang, share)));
        if by(ask) != "value" {
            return;
        }
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let best = crate::rules::key_customers::key_customers(index, index.book.today);
        let ordered = index.ordered();
        let rows: Vec<(usize, String)> = t
            .rows
            .iter()
            .take(shown)
            .filter_map(|r| {
                let at = TRAITS.iter().position(|t| r.cells.first().and_then(Cell::text) == Some(t))?;
                Some((at, r.cells.get(1)?.text()?.to_string()))
            })
            .collect();
        let chosen = ask.customers(index);
        for (at, value) in rows {
            let its = chosen.iter().copied().filter(|n| ordered[*n] && best[*n] && traits(index, *n)[at] == value);
            let ids: Vec<&str> = its.map(|n| index.book.customers[n].id).collect();
            if !ids.is_empty() {
                let head = m::labelled(lang, labels::label(lang, TRAITS[at]), &value);
                doc.blocks.push(Block::Note(format!("{head}\n  {}", ids.join(", "))));
            }
        }
    }
}

/// What the customers with orders earned in twelve months, by each of their traits and by all of them.
type Profits<'a> = (BTreeMap<(usize, &'a str), Figures>, BTreeMap<[&'a str; 3], Figures>);

fn profits<'a>(index: &Index<'a>, chosen: &[usize]) -> Profits<'a> {
    let mut out = Profits::default();
    let ordered = index.ordered();
    for n in chosen.iter().copied().filter(|n| ordered[*n]) {
        let (own, f) = (traits(index, n), index.figures_of_year(n));
        own.iter().enumerate().for_each(|(at, value)| out.0.entry((at, *value)).or_default().merge_sums(f));
        out.1.entry(own).or_default().merge_sums(f);
    }
    out
}

fn profit_of(f: Option<&Figures>) -> Option<Decimal> {
    f.map_or(Some(Decimal::ZERO), |f| if f.is_empty() { Some(Decimal::ZERO) } else { f.profit() })
}

fn counts(lang: Lang) -> Vec<Column> {
    vec![
        num(lang, "best"),
        typed(lang, "best_share", Kind::Ratio),
        num(lang, "customers"),
        typed(lang, "customer_share", Kind::Ratio),
        typed(lang, "lift", Kind::Number),
        typed(lang, "profit", Kind::Money),
    ]
}

fn value_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "trait", Kind::Code), typed(lang, "value", Kind::Text)];
    columns.extend(counts(lang));
    rank(&mut columns, &[(Importance::Key, &["trait", "value", "best", "lift"]), (Importance::Main, &["customers"])]);
    columns
}

fn cell_columns(lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> = TRAITS.iter().map(|t| typed(lang, t, Kind::Text)).collect();
    columns.extend(counts(lang));
    rank(
        &mut columns,
        &[(Importance::Key, &["industry", "region", "size", "best"]), (Importance::Main, &["customers", "lift"])],
    );
    columns
}

fn lead_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "stage", Kind::Code),
    ];
    columns.extend(TRAITS.iter().map(|t| typed(lang, t, Kind::Text)));
    columns.extend([typed(lang, "likeness", Kind::Number), col(lang, "why")]);
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "likeness"]),
            (Importance::Main, &["name", "why"]),
            (Importance::Minor, &["industry", "region", "size"]),
        ],
    );
    columns
}

fn share_cells(index: &Index<'_>, share: Share, of: Share, profit: Option<Decimal>) -> Vec<Cell> {
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let ratio =
        |n: usize, of: usize| Decimal::from(n).checked_div(Decimal::from(of)).map_or(Cell::NotAvailable, Cell::Ratio);
    vec![
        count(share.best),
        ratio(share.best, of.best),
        count(share.all),
        ratio(share.all, of.all),
        share.lift(of).map_or(Cell::NotAvailable, factor),
        money(index.book, profit),
    ]
}

/// A factor, with two decimals.
fn factor(n: Decimal) -> Cell {
    Cell::Number(round(n, 2).normalize())
}

/// A row for each value of each trait, those that most of the best ones have first; what nobody knows last.
fn value_table(index: &Index<'_>, portrait: &Likeness<'_>, profits: &Profits<'_>, lang: Lang) -> Table {
    let mut list: Vec<(usize, &str, Share)> = portrait.values.iter().map(|((at, v), s)| (*at, *v, *s)).collect();
    list.sort_by_key(|(at, value, s)| (*at, value.is_empty(), Reverse(s.best), Reverse(s.all), *value));
    let row = |(at, value, share): &(usize, &str, Share)| {
        let named = if value.is_empty() { no_group(lang, TRAITS[*at]) } else { Cell::Text((*value).into()) };
        let mut cells = vec![code(TRAITS[*at], labels::label(lang, TRAITS[*at])), named];
        cells.extend(share_cells(index, *share, portrait.of, profit_of(profits.0.get(&(*at, *value)))));
        Row { cells, ..Row::default() }
    };
    Table { columns: value_columns(lang), rows: list.iter().map(row).collect(), ..Table::default() }
}

/// A row for each industry, region and size together.
fn cell_table(
    index: &Index<'_>,
    portrait: &Likeness<'_>,
    profits: &Profits<'_>,
    most: usize,
    ask: &Ask<'_>,
    lang: Lang,
) -> Table {
    let mut list: Vec<(&[&str; 3], &Share)> = portrait.cells.iter().collect();
    // Below the values only those stand that any of the best ones has.
    list.retain(|(_, s)| by(ask) == "cell" || s.best > 0);
    list.sort_by_key(|(own, s)| (Reverse(s.best), Reverse(s.all), **own));
    let row = |(own, share): &(&[&str; 3], &Share)| {
        let mut cells: Vec<Cell> = own.iter().map(|value| text(value)).collect();
        cells.extend(share_cells(index, **share, portrait.of, profit_of(profits.1.get(*own))));
        Row { cells, ..Row::default() }
    };
    let title = (by(ask) == "value").then(|| m::portrait_cells(lang));
    let rows = list.iter().take(most).map(row).collect();
    Table { columns: cell_columns(lang), rows, title, ..Table::default() }
}

fn lead_table(
    index: &Index<'_>,
    portrait: &Likeness<'_>,
    found: &[Match<'_>],
    most: usize,
    ask: &Ask<'_>,
    lang: Lang,
) -> Table {
    // Programs read English, whatever the reader's language.
    let words = if ask.people { lang } else { Lang::En };
    let why = |l: &Match<'_>| {
        let one = |(at, value, lift): &(usize, &str, Decimal)| {
            let share = portrait.values.get(&(*at, *value)).copied().unwrap_or_default();
            let Share { best, all } = share;
            m::portrait_why(words, labels::label(words, TRAITS[*at]), value, best, all, round(*lift, 2).normalize())
        };
        l.why.iter().map(one).collect::<Vec<_>>().join(words.pick("; ", "；"))
    };
    let row = |l: &Match<'_>| {
        let c = &index.book.customers[l.customer];
        let mut cells = vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            code(c.stage, stage_label(lang, &index.book.settings, c.stage)),
        ];
        cells.extend(traits(index, l.customer).map(text));
        cells.extend([factor(l.likeness), text(&why(l))]);
        Row { cells, ..Row::default() }
    };
    let title = (by(ask) == "value").then(|| m::portrait_leads(lang));
    Table { columns: lead_columns(lang), rows: found.iter().take(most).map(row).collect(), title, ..Table::default() }
}
