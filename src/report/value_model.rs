//! The models behind `report value`: their parameters, how right they are week by week, and what it would bring if fewer customers left.

use super::ask::{Answer, Ask, Caveat, Fails, Misuse};
use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::sales_figures::{money, share_text};
use super::{num, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::model::day::Day;
use crate::model::money::{Decimal, change, minor_digits, percent};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::query::{Per, buckets, parse_single_day};
use crate::rules::engine::index::Index;
use crate::rules::value::bgnbd::{self, Buying};
use crate::rules::value::buyers::Buyer;
use crate::rules::value::tracking::track;
use crate::rules::value::{DIGITS, Model, Optimum, Values, discount_rate, estimate, gamma_gamma, values as worth};
use chrono::Days;

/// The day up to which a backtest knows the orders.
pub(super) fn backtest(ask: &Ask<'_>) -> Result<Option<Day>, Misuse> {
    match ask.flag("backtest") {
        "" => Ok(None),
        day => parse_single_day(day, &ask.calendar).map(Some).map_err(Misuse::Query),
    }
}

/// By which share fewer customers leave: `-5%` is 0.05.
pub(super) fn fewer(ask: &Ask<'_>) -> Option<f64> {
    let typed = ask.flag("churn").trim();
    let (number, percent) = match typed.strip_suffix(['%', '％']) {
        Some(number) => (number, true),
        None => (typed, false),
    };
    let change: Decimal = number.parse().ok()?;
    let change = if percent { change.checked_div(Decimal::ONE_HUNDRED)? } else { change };
    if change < -Decimal::ONE || change > Decimal::ONE {
        return None;
    }
    change.to_string().parse::<f64>().ok().map(|c| -c)
}

pub(super) fn notes(texts: impl IntoIterator<Item = String>) -> Vec<Caveat> {
    texts.into_iter().map(|text| Caveat { text, fails: Fails::Never }).collect()
}

pub(super) fn parameter_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "model", Kind::Code),
        typed(lang, "parameter", Kind::Code),
        num(lang, "estimate"),
        num(lang, "standard_error"),
    ];
    rank(&mut columns, &[(Importance::Key, &["model", "parameter", "estimate", "standard_error"])]);
    columns
}

fn number(value: f64) -> Cell {
    estimate(value, DIGITS).map_or(Cell::NotAvailable, Cell::Number)
}

/// A row for each parameter of both models, and for what they were fitted on.
pub(super) fn parameters(model: &Model, lang: Lang) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |of: &str, parameter: &str, value: Cell, error: Cell| {
        let cells = vec![
            Cell::code(of, &values::value(lang, "model", of)),
            Cell::code(parameter, &values::value(lang, "parameter", parameter)),
            value,
            error,
        ];
        rows.push(Row { cells, ..Row::default() });
    };
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    if let Some(found) = &model.buying {
        let mut all = |names: [&str; 4], found: &Optimum<4>| {
            for (n, name) in names.into_iter().enumerate() {
                let error = found.errors[n].map_or(Cell::NotAvailable, number);
                row("bg-nbd", name, number(found.at[n]), error);
            }
        };
        all(["r", "alpha", "a", "b"], found);
        row("bg-nbd", "log_likelihood", number(found.value), Cell::Missing);
        row("bg-nbd", "customers", count(model.buyers), Cell::Missing);
        row("bg-nbd", "repeaters", count(model.repeaters), Cell::Missing);
    }
    if let Some(found) = &model.spending {
        for (n, name) in ["p", "q", "gamma"].into_iter().enumerate() {
            let error = found.errors[n].map_or(Cell::NotAvailable, number);
            row("gamma-gamma", name, number(found.at[n]), error);
        }
        row("gamma-gamma", "log_likelihood", number(found.value), Cell::Missing);
        row("gamma-gamma", "repeaters", count(model.spenders), Cell::Missing);
    }
    rows
}

/// What is the matter with the fits, in words.
pub(super) fn findings(all: &Values, lang: Lang) -> Vec<String> {
    let model = &all.model;
    let mut out = Vec::new();
    match &model.buying {
        None => out.push(m::value_no_repeats(lang)),
        Some(found) => {
            out.extend(bgnbd::edges(found).into_iter().map(|edge| match edge {
                bgnbd::Edge::NobodyLeaves => m::value_nobody_leaves(lang),
                bgnbd::Edge::LeaveAlike => m::value_leave_alike(lang),
                bgnbd::Edge::LeaveOrStay => m::value_leave_or_stay(lang),
                bgnbd::Edge::OrderAlike => m::value_order_alike(lang),
                bgnbd::Edge::NoOrders => m::value_no_orders(lang),
            }));
            out.extend((!found.converged).then(|| m::value_not_settled(lang, "BG/NBD")));
        }
    }
    match &model.spending {
        None => out.extend((model.repeaters > 0).then(|| m::value_no_spending(lang))),
        Some(found) => {
            out.extend(gamma_gamma::edges(found).into_iter().map(|edge| match edge {
                gamma_gamma::Edge::SpendsTheSame => m::value_spends_the_same(lang),
                gamma_gamma::Edge::SpendAlike => m::value_spend_alike(lang),
                gamma_gamma::Edge::NoMean => m::value_no_mean(lang),
            }));
            out.extend((!found.converged).then(|| m::value_not_settled(lang, "Gamma-Gamma")));
        }
    }
    if !model.is_sound() {
        out.push(m::value_shrunk(lang, model.repeaters.min(model.spenders), crate::rules::stays::FEW));
    }
    out
}

/// How expected profit comes about.
pub(super) fn note(index: &Index<'_>, all: &Values, lang: Lang) -> String {
    let rate = percent(discount_rate(index));
    if all.model.is_sound() { m::value_note(lang, rate) } else { m::value_shrunk_note(lang, rate) }
}

pub(super) fn week_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        super::col(lang, "week"),
        typed(lang, "until", Kind::Day),
        num(lang, "expected_repeats"),
        num(lang, "repeats"),
        num(lang, "expected_sum"),
        num(lang, "repeats_sum"),
    ];
    rank(&mut columns, &[(Importance::Key, &["week", "expected_repeats", "repeats"]), (Importance::Minor, &["until"])]);
    columns
}

/// Weeks that are shown unless a backtest says from when on.
const WEEKS: u64 = 52;

/// Expected and actual repeat order days of some customers, week by week.
pub(super) fn weeks(index: &Index<'_>, ask: &Ask<'_>, chosen: &[usize], columns: Vec<Column>, lang: Lang) -> Answer {
    let (all, today) = (worth(index), index.book.today);
    let split = backtest(ask).ok().flatten();
    let from = match split {
        Some(day) => day.succ_opt().unwrap_or(day),
        None => today.checked_sub_days(Days::new(7 * WEEKS - 1)).unwrap_or(today),
    };
    let found = match split {
        Some(day) => {
            let pasts: Vec<_> = all.buyers.until(day).all().iter().map(|b| b.past).collect();
            bgnbd::fit(&pasts)
        }
        None => all.model.buying,
    };
    let empty = Table { columns, ..Table::default() };
    let Some(found) = found else {
        let why = if all.buyers.all().is_empty() { None } else { Some(m::value_no_repeats(lang)) };
        return Answer { doc: Document::table(empty), caveats: notes(why) };
    };
    let buyers: Vec<&Buyer> = chosen.iter().filter_map(|c| Some(all.forecast(*c)?.0)).collect();
    let parts = buckets(&Period::new(from, today), Per::Week, &ask.calendar);
    let periods: Vec<Period> = parts.iter().map(|(_, p)| *p).collect();
    let list = track(&all.buyers, &buyers, &Buying::of(&found), &periods);
    let (mut expected, mut actual) = (0.0, 0u32);
    let mut rows = Vec::new();
    for ((name, _), week) in parts.into_iter().zip(&list) {
        (expected, actual) = (expected + week.expected, actual + week.actual);
        let cells = vec![
            Cell::Text(name.into()),
            week.period.to.map_or(Cell::Missing, Cell::Day),
            number(week.expected),
            Cell::Int(i64::from(week.actual)),
            number(expected),
            Cell::Int(i64::from(actual)),
        ];
        rows.push(Row { cells, ..Row::default() });
    }
    let mut texts = Vec::new();
    if !rows.is_empty() {
        let off = estimate(expected, DIGITS).and_then(|e| change(Decimal::from(actual), e));
        let off = off.map_or_else(|| m::not_available(lang), share_text);
        let sum = estimate(expected, 1).unwrap_or_default();
        texts.push(match split {
            Some(day) => m::value_backtested(lang, day, sum, actual, off),
            None => m::value_in_sample(lang, sum, actual, off),
        });
    }
    Answer { doc: Document::table(Table { rows, ..empty }), caveats: notes(texts) }
}

pub(super) fn what_if_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        num(lang, "years"),
        typed(lang, "expected", Kind::Money),
        typed(lang, "expected_if", Kind::Money),
        typed(lang, "gain", Kind::Money),
        typed(lang, "gain_share", Kind::Ratio),
    ];
    rank(&mut columns, &[(Importance::Key, &["years", "expected", "expected_if", "gain"])]);
    columns
}

/// Years ahead that are shown.
const YEARS: u32 = 5;

/// What it would bring if customers left less often.
pub(super) fn what_if(index: &Index<'_>, ask: &Ask<'_>, chosen: &[usize], columns: Vec<Column>, lang: Lang) -> Answer {
    let (book, all) = (index.book, worth(index));
    let fewer = fewer(ask).unwrap_or_default();
    let empty = Table { columns, ..Table::default() };
    let Some(sums) = all.what_if(chosen, fewer, YEARS).filter(|_| !chosen.is_empty()) else {
        let why = (!chosen.is_empty()).then(|| m::value_no_what_if(lang));
        let caveats = notes(why.into_iter().chain(findings(all, lang).into_iter().filter(|_| !chosen.is_empty())));
        return Answer { doc: Document::table(empty), caveats };
    };
    let digits = minor_digits(&book.settings.file.currency);
    let rows = (1..).zip(sums).map(|(year, (now, then)): (i64, (f64, f64))| {
        let (now, then) = (estimate(now, digits), estimate(then, digits));
        let gain = then.zip(now).and_then(|(then, now)| then.checked_sub(now));
        let share = gain.zip(now).filter(|(_, now)| *now > Decimal::ZERO).and_then(|(gain, now)| gain.checked_div(now));
        let cells = vec![
            Cell::Int(year),
            money(book, now),
            money(book, then),
            money(book, gain),
            share.map_or(Cell::NotAvailable, Cell::Ratio),
        ];
        Row { cells, ..Row::default() }
    });
    let doc = Document::table(Table { rows: rows.collect(), ..empty });
    let unknown = chosen.iter().filter(|c| all.forecast(**c).is_some_and(|(_, f)| f.basis.is_none())).count();
    let left_out = (unknown > 0).then(|| m::value_unknown(lang, unknown));
    let text = m::value_churn_note(lang, ask.flag("churn"), percent(discount_rate(index)));
    Answer { doc, caveats: notes(std::iter::once(text).chain(left_out).chain(findings(all, lang))) }
}
