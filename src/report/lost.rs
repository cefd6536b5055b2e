//! Customers that were lost (R6, R7): what each earned in the twelve months before its last order, and its share of what all earned in
//! them; why, with whom, and how many came back.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::{MOST_ROWS, evidence};
use super::profit::total_again;
use super::sales_figures::{money, share_text};
use super::sales_groups::no_group;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::TRADE;
use crate::metrics::explain::Evidence;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::LedgerSet;
use crate::model::money::{Decimal, Sum, shown};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::activeness::{self, ends};
use crate::rules::engine::index::Index;
use crate::rules::gifts;
use crate::rules::leaving::{Lost, lost, won_back};
use crate::rules::stays::FEW;
use crate::rules::value::values as worth;
use chrono::{Datelike, Months};
use std::collections::BTreeMap;

/// Lost customers.
pub struct LostCustomers;

/// What lost customers can be put together by; the first one is each by itself.
const KEYS: &[&str] = &["customer", "owner", "reason", "product", "month", "grade", "region", "industry", "source"];

fn grouped<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != KEYS[0])
}

impl Report for LostCustomers {
    fn name(&self) -> &'static str {
        "lost"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report lost",
            "kehu report lost -p 2026 owner:li",
            "kehu report lost --by reason",
            "kehu report lost --by month -p 24m",
            "kehu report lost earned_before.gt:10000 --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report lost --by month" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        if ask.period.from.is_some() {
            return Ok(());
        }
        Err(Misuse::Value { message: m::open_period(lang), nearest: Vec::new(), hint: m::hint_closed_period(lang) })
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let own = Reads {
            customers: true,
            ledgers: TRADE,
            plain: LedgerSet::of(&[gifts::LEDGER]),
            lean: true,
            ..Reads::NOTHING
        };
        Reads { lean: true, ..own.and(activeness::READS) }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(grouped(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "owner" | "grade" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        match grouped(ask) {
            None => ["customer", "name", "owner", "grade"].map(String::from).to_vec(),
            Some(_) => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        grouped(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let (book, by) = (index.book, grouped(ask));
        let list = chosen(index, ask);
        let kept: Vec<&Lost<'_>> = list.iter().filter(|l| ask.keeps(&first_cell(book, by, l, lang))).collect();
        let total = Group::of(kept.iter().copied());
        let rows: Vec<Row> = match by {
            None => list.iter().map(|l| row(index, l, lang)).collect(),
            Some(by) => groups(book, by, &list, &total, lang),
        };
        let mut footer = Vec::new();
        if !rows.is_empty() {
            let first = Cell::Text(m::total(lang).into());
            footer.push(match by {
                Some(_) => group_row(book, first, &total, &total),
                None => {
                    let mut cells = vec![Cell::Missing; columns(None, lang).len()];
                    cells[0] = first;
                    cells[8] = money(book, total.profit.known());
                    Row { cells, ..Row::default() }
                }
            });
        }
        let mut doc = Document::table(Table { columns: columns(by, lang), rows, footer, ..Table::default() });
        let mut caveats = Vec::new();
        if let Some(days) = ends(ask.period, book.today).filter(|_| !doc.is_empty()) {
            doc.blocks.push(Block::Note(m::lost_note(lang, days.0, days.1)));
            doc.blocks.push(Block::Note(back(index, ask, days, lang)));
            if (kept.len() as i64) < FEW {
                caveats.push(m::lost_few(lang, kept.len(), FEW));
            }
            caveats.extend((total.unknown > 0).then(|| m::lost_unknown(lang, total.unknown)));
        }
        let caveats = caveats.into_iter().map(|text| Caveat { text, fails: Fails::Never }).collect();
        Answer { doc, caveats }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, count: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(count).filter_map(|r| r.cells.first().cloned()).collect();
        let (book, by, list) = (index.book, grouped(ask), chosen(index, ask));
        doc.blocks.push(Block::Note(m::rule(lang, "R6, R7")));
        for row in rows {
            let mut lines = vec![row.label().or_else(|| row.text()).unwrap_or_default().to_string()];
            let its: Vec<&Lost<'_>> = list.iter().filter(|l| first_cell(book, by, l, lang) == row).collect();
            match by {
                None => {
                    for l in its {
                        let from = l.last.checked_sub_months(Months::new(12)).and_then(|d| d.succ_opt());
                        let sales = index.sales(l.customer, Period { from, to: Some(l.last) });
                        let all: Vec<_> = sales.into_iter().map(|s| evidence(book, &Evidence::Sale(s), lang)).collect();
                        lines.extend(super::explain::cut(all, lang));
                    }
                }
                Some(_) => {
                    let amount = |l: &Lost<'_>| {
                        let base = book.settings.file.currency.as_str();
                        l.profit.map_or_else(|| m::not_available(lang), |p| shown(p, base))
                    };
                    let line = |l: &&Lost<'_>| m::lost_line(lang, book.customers[l.customer].id, l.last, amount(l));
                    lines.extend(its.iter().take(MOST_ROWS).map(line));
                    if its.len() > MOST_ROWS {
                        lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
                    }
                }
            }
            doc.blocks.push(Block::Note(lines.join("\n  ")));
        }
    }
}

/// The lost customers that fit, those that earned most first.
fn chosen<'a>(index: &Index<'a>, ask: &Ask<'_>) -> Vec<Lost<'a>> {
    let Some(days) = ends(ask.period, index.book.today) else { return Vec::new() };
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|n| wanted[n] = true);
    let mut list = lost(index, days);
    list.retain(|l| wanted[l.customer]);
    list.sort_by(|a, b| b.profit.cmp(&a.profit).then(a.customer.cmp(&b.customer)));
    list
}

fn columns(by: Option<&str>, lang: Lang) -> Vec<Column> {
    let mut columns = match by {
        None => vec![
            typed(lang, "customer", Kind::Id),
            col(lang, "name"),
            typed(lang, "owner", Kind::Code),
            typed(lang, "grade", Kind::Code),
            typed(lang, "last_order", Kind::Day),
            typed(lang, "idle_days", Kind::Days),
            typed(lang, "reason", Kind::Code),
            typed(lang, "product", Kind::Id),
            typed(lang, "earned_before", Kind::Money),
            typed(lang, "company_share", Kind::Ratio),
            typed(lang, "p_alive", Kind::Ratio),
        ],
        Some(by) => vec![
            Column { importance: Importance::Key, ..typed(lang, by, Kind::Code) },
            num(lang, "customers"),
            typed(lang, "earned_before", Kind::Money),
            typed(lang, "lost_share", Kind::Ratio),
        ],
    };
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "earned_before"]),
            (Importance::Main, &["name", "last_order", "reason", "company_share", "customers"]),
            (Importance::Minor, &["grade", "product"]),
        ],
    );
    columns
}

fn month(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn reason(l: &Lost<'_>, lang: Lang) -> Cell {
    code(l.reason, values::value(lang, "close", l.reason))
}

/// What a row is about.
fn first_cell(book: &Book, by: Option<&str>, l: &Lost<'_>, lang: Lang) -> Cell {
    let c = &book.customers[l.customer];
    let cell = match by {
        None => return Cell::Id(c.id.into()),
        Some("owner") => text(c.owner),
        Some("grade") => text(c.grade),
        Some("product") => text(l.product),
        Some("month") => text(&month(l.last)),
        Some("reason") => reason(l, lang),
        Some(key) => text(c.text(key)),
    };
    match (cell, by) {
        (Cell::Missing, Some(by)) => no_group(lang, by),
        (cell, _) => cell,
    }
}

fn row(index: &Index<'_>, l: &Lost<'_>, lang: Lang) -> Row {
    let (book, c) = (index.book, &index.book.customers[l.customer]);
    let share = l.profit.zip(l.company).filter(|(_, all)| *all > Decimal::ZERO).and_then(|(p, all)| p.checked_div(all));
    let cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        text(c.grade),
        Cell::Day(l.last),
        Cell::Days(Decimal::from((book.today - l.last).num_days())),
        reason(l, lang),
        text(l.product),
        money(book, l.profit),
        share.map_or(Cell::NotAvailable, Cell::Ratio),
        worth(index).alive(l.customer).map_or(Cell::NotAvailable, Cell::Ratio),
    ];
    Row { cells, ..Row::default() }
}

/// Lost customers together.
#[derive(Debug, Default)]
struct Group {
    customers: i64,
    profit: Sum,
    unknown: usize,
}

impl Group {
    fn of<'l, 'a: 'l>(list: impl Iterator<Item = &'l Lost<'a>>) -> Group {
        let mut out = Group::default();
        for l in list {
            out.customers += 1;
            match l.profit {
                Some(profit) => out.profit.add(profit),
                None => out.unknown += 1,
            }
        }
        out
    }
}

fn group_row(book: &Book, first: Cell, group: &Group, total: &Group) -> Row {
    let share = group.profit.known().zip(total.profit.known()).filter(|(_, all)| *all > Decimal::ZERO);
    let share = share.and_then(|(part, all)| part.checked_div(all));
    let cells = vec![
        first,
        Cell::Int(group.customers),
        money(book, group.profit.known()),
        share.map_or(Cell::NotAvailable, Cell::Ratio),
    ];
    Row { cells, ..Row::default() }
}

/// A row for each group, the most profit first; months in their order.
fn groups(book: &Book, by: &str, list: &[Lost<'_>], total: &Group, lang: Lang) -> Vec<Row> {
    let mut of: BTreeMap<String, (Cell, Vec<&Lost<'_>>)> = BTreeMap::new();
    for l in list {
        let first = first_cell(book, Some(by), l, lang);
        let key = first.text().unwrap_or_default().to_string();
        of.entry(key).or_insert_with(|| (first, Vec::new())).1.push(l);
    }
    let mut groups: Vec<(Cell, Group)> =
        of.into_values().map(|(first, list)| (first, Group::of(list.into_iter()))).collect();
    if by != "month" {
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.profit.known()));
    }
    groups.into_iter().map(|(first, group)| group_row(book, first, &group, total)).collect()
}

/// How many came back of those who were away, and what was spent on them.
fn back(index: &Index<'_>, ask: &Ask<'_>, days: (Day, Day), lang: Lang) -> String {
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|n| wanted[n] = true);
    let found = won_back(index, days, &|c| wanted[c]);
    let rate = Decimal::from(found.back).checked_div(Decimal::from(found.away));
    let rate = rate.map_or_else(|| m::not_available(lang), share_text);
    let base = index.book.settings.file.currency.as_str();
    let cost = found.cost.known().map_or_else(|| m::not_available(lang), |c| shown(c, base));
    let text = m::lost_back(lang, days.0, found.away, found.back, rate, cost, base);
    match found.without_rate {
        0 => text,
        n => format!("{text}{}", m::lost_without_rate(lang, n)),
    }
}
