//! What orders, contracts, projects and deals were to bring, beside what they brought.

use super::ask::{Answer, Ask, Caveat, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::explain::MOST_ROWS;
use super::sales_figures::money;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, change};
use crate::model::place::RowPlace;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::outcome::{By, Outcome, outcomes};
use crate::rules::{complaints, deals};
use std::collections::HashSet;

/// Forecast and outcome.
pub struct Forecast;

/// What `--by` takes.
const KEYS: &[(&str, By)] =
    &[("order", By::Order), ("contract", By::Contract), ("project", By::Project), ("deal", By::Deal)];

fn by_of<'q>(ask: &'q Ask<'_>) -> (&'q str, By) {
    let key = ask.flag("by");
    KEYS.iter().find(|(name, _)| *name == key).copied().unwrap_or(KEYS[0])
}

impl Report for Forecast {
    fn name(&self) -> &'static str {
        "forecast"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report forecast",
            "kehu report forecast --by project",
            "kehu report forecast --by deal -p 2026H1",
            "kehu report forecast profit_difference.lt:0 --sort profit_difference --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        const NAMES: &[&str] = &["order", "contract", "project", "deal"];
        &[Flag { name: "by", value: Some("KEY"), default: Some("order"), values: FlagValues::Only(NAMES) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report forecast -p PERIOD" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let plain = LedgerSet::of(&[Ledger::Contracts]);
        let own = Reads::customers_and(&[Ledger::Quotes, Ledger::Products]).and(Reads { plain, ..Reads::NOTHING });
        let own = own.and(complaints::READS).and(Reads { customers: true, ledgers: MONEY, ..Reads::NOTHING });
        if by_of(ask).1 == By::Deal { own.and(deals::READS) } else { own }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(by_of(ask).0, lang)
    }

    fn values(&self, column: &str, _ask: &Ask<'_>) -> Values {
        const SOURCES: [&str; 5] = ["quote", "lines", "contract", "contracts", "deal"];
        let word = |v: &&str| ((*v).to_string(), values::words("plan_source", v));
        if column == "plan_source" { SOURCES.iter().map(word).collect() } else { Vec::new() }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        reporting::by_key(lang, reporting::title(lang, self.name()), labels::label(lang, by_of(ask).0))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let list = chosen(index, ask);
        let rows = list.iter().map(|o| row(index, o, lang)).collect();
        let mut doc = Document::table(Table { columns: columns(by_of(ask).0, lang), rows, ..Table::default() });
        if !doc.is_empty() {
            doc.blocks.push(Block::Note(match by_of(ask).1 {
                By::Order => m::forecast_of_orders(lang),
                By::Contract | By::Project => m::forecast_of_contracts(lang),
                By::Deal => m::forecast_of_deals(lang),
            }));
        }
        let strays = crate::rules::unjoined::so_far(index, ask.period);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.first() else { return };
        let ids: Vec<String> =
            t.rows.iter().take(shown).filter_map(|r| r.cells[0].text().map(str::to_string)).collect();
        let list = chosen(index, ask);
        for o in ids.iter().filter_map(|id| list.iter().find(|o| o.id == *id)) {
            let places = |list: &[RowPlace]| {
                let mut words: Vec<String> = list.iter().take(MOST_ROWS).map(|p| index.book.place(*p)).collect();
                if list.len() > MOST_ROWS {
                    words.push(m::and_more(lang, list.len() - MOST_ROWS).trim_start().to_string());
                }
                words.join(", ")
            };
            doc.blocks.push(Block::Note(m::forecast_rows(lang, &o.id, places(&o.places), places(&o.actual.places))));
        }
    }
}

/// What began in the period, of customers that fit.
fn chosen(index: &Index<'_>, ask: &Ask<'_>) -> Vec<Outcome> {
    let mut list = outcomes(index, by_of(ask).1, ask.period);
    if !ask.filter.is_empty() {
        let fits: HashSet<usize> = ask.customers(index).into_iter().collect();
        list.retain(|o| o.customer.is_some_and(|n| fits.contains(&n)));
    }
    list
}

fn columns(by: &str, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        Column { importance: Importance::Key, ..typed(lang, by, Kind::Id) },
        typed(lang, "at", Kind::Day),
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "plan_source", Kind::Code),
        num(lang, "orders"),
    ];
    let amounts = ["planned_revenue", "revenue", "allowances", "planned_cost", "cost", "extra_cost", "complaint_cost"];
    columns.extend(amounts.map(|k| typed(lang, k, Kind::Money)));
    columns.extend(["planned_profit", "profit", "revenue_difference"].map(|k| typed(lang, k, Kind::Money)));
    columns.push(typed(lang, "revenue_change", Kind::Ratio));
    columns.push(typed(lang, "profit_difference", Kind::Money));
    columns.push(typed(lang, "profit_change", Kind::Ratio));
    for c in &mut columns {
        let own = format!("forecast.{}", c.key);
        if labels::has_label(&own) {
            c.label = labels::label(lang, &own);
        }
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["planned_profit", "profit"]),
            (Importance::Main, &["planned_revenue", "revenue", "profit_difference", "name"]),
            (Importance::Minor, &["extra_cost", "allowances", "complaint_cost", "plan_source", "revenue_change"]),
        ],
    );
    columns
}

fn row(index: &Index<'_>, o: &Outcome, lang: Lang) -> Row {
    let book = index.book;
    let customer = o.customer.map(|n| &book.customers[n]);
    let (plan, actual) = (&o.plan, &o.actual);
    let some = |sum: crate::model::money::Sum| sum.known().filter(|_| actual.orders > 0);
    let difference = |now: Option<Decimal>, then: Option<Decimal>| now.zip(then).and_then(|(a, b)| a.checked_sub(b));
    let part = |now: Option<Decimal>, then: Option<Decimal>| {
        now.zip(then).and_then(|(a, b)| change(a, b)).map_or(Cell::NotAvailable, Cell::Ratio)
    };
    // What was let go is revenue that did not come.
    let revenue = actual.revenue().zip(actual.allowances.known()).and_then(|(a, b)| a.checked_sub(b));
    let lost = difference(actual.profit(), plan.profit());
    let cells = vec![
        Cell::Id(o.id.as_str().into()),
        o.day.map_or(Cell::Missing, Cell::Day),
        customer.map_or(Cell::Missing, |c| Cell::Id(c.id.into())),
        customer.map_or(Cell::Missing, |c| text(c.name)),
        Cell::code(o.source, &values::value(lang, "plan_source", o.source)),
        Cell::Int(actual.orders),
        money(book, plan.revenue),
        money(book, actual.revenue()),
        money(book, some(actual.allowances)),
        money(book, plan.cost),
        money(book, actual.cost()),
        money(book, actual.extra_cost()),
        money(book, some(actual.complaint_cost)),
        money(book, plan.profit()),
        money(book, actual.profit()),
        money(book, difference(revenue, plan.revenue)),
        part(revenue, plan.revenue),
        money(book, lost),
        part(actual.profit(), plan.profit()),
    ];
    let tone = if lost.is_some_and(|l| l < Decimal::ZERO) { Tone::Bad } else { Tone::Plain };
    Row { cells, tone, ..Row::default() }
}
