//! `--explain`: the rule, the inputs and the rows behind figures of customers, in words.

use super::due;
use crate::i18n::reporting::against;
use crate::i18n::{Lang, labels, messages as m, money as w, values};
use crate::metrics::Metric;
use crate::metrics::explain::{Evidence, Input};
use crate::model::book::Book;
use crate::model::money::{Decimal, Fixed, fixed, grouped, minor_digits, round};
use crate::model::period::Period;
use crate::model::settings::Settings;
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;

/// Most rows that an explanation names for one figure.
pub const MOST_ROWS: usize = 50;

/// An amount of money, rounded to the minor unit.
pub fn amount_text(currency: &str, amount: Decimal) -> String {
    grouped(&fixed(amount, minor_digits(currency)), 4)
}

/// A fraction as per cent with one decimal.
pub fn ratio_text(ratio: Decimal) -> String {
    ratio.checked_mul(Decimal::ONE_HUNDRED).map_or_else(String::new, |p| format!("{}%", grouped(&fixed(p, 1), 5)))
}

/// A number of some sort as people read it.
pub fn number_text(settings: &Settings, kind: Kind, number: Decimal) -> String {
    match kind {
        Kind::Money => amount_text(&settings.file.currency, number),
        Kind::Ratio => ratio_text(number),
        _ => round(number, 1).normalize().to_string(),
    }
}

/// A value as people read it; n/a when it is not known.
fn value_text(lang: Lang, settings: &Settings, key: &str, kind: Kind, value: &Value<'_>) -> String {
    match value {
        Value::Missing => w::not_available(lang),
        Value::Num(n) => number_text(settings, kind, *n),
        Value::Day(d) => d.to_string(),
        Value::Flag(b) => lang.pick(["no", "yes"], ["否", "是"])[usize::from(*b)].to_string(),
        Value::Text(t) => values::value(lang, key, t),
        Value::List(l) => l.join(", "),
    }
}

/// The days of a period in words.
fn days(lang: Lang, period: Period) -> String {
    let day = |d: Option<crate::model::day::Day>| d.map(|d| d.to_string()).unwrap_or_default();
    if period == Period::ALL { w::all_time(lang) } else { format!("{}..{}", day(period.from), day(period.to)) }
}

fn input(lang: Lang, settings: &Settings, i: &Input) -> String {
    format!("{} {}", labels::label(lang, i.key), value_text(lang, settings, i.key, i.kind, &i.value))
}

/// One piece of evidence: its place, and what stands there.
pub fn evidence(book: &Book, e: &Evidence<'_>, lang: Lang) -> String {
    let plain = |a: Option<Decimal>| a.map_or_else(|| w::not_available(lang), |a| a.normalize().to_string());
    match e {
        Evidence::Sale(s) => m::explain_sale(
            lang,
            book.place(s.place),
            plain(s.revenue()),
            plain(s.cost.and_then(Fixed::decimal)),
            plain(s.profit()),
        ),
        Evidence::Receivable(r) => {
            let paid = r.paid.iter().map(|(day, amount, place)| format!("{day} {amount} ({})", book.place(*place)));
            let paid = paid.collect::<Vec<_>>().join(", ");
            let line = m::explain_receivable(lang, r.id, book.place(r.place), r.total, r.due, r.open);
            if paid.is_empty() { line } else { m::explain_paid(lang, line, paid) }
        }
        Evidence::Wait(x) if x.open => w::wait_open(lang, book.place(x.place), x.amount.normalize(), x.days),
        Evidence::Wait(x) => w::wait(lang, book.place(x.place), x.day, x.amount.normalize(), x.days),
        Evidence::Money { place, day, amount } => w::cash(lang, book.place(*place), day, amount.normalize()),
        Evidence::Row { place, day, text } => w::row(lang, book.place(*place), day, text),
        Evidence::Key { file, line, key, value } => {
            let place = line.map_or_else(|| (*file).to_string(), |l| format!("{file}:{l}"));
            w::key_of(lang, place, key, if value.is_empty() { m::empty_word(lang) } else { value.clone() })
        }
    }
}

/// Lines of evidence, at most [`MOST_ROWS`] of them.
pub fn cut(lines: Vec<String>, lang: Lang) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST_ROWS);
    let mut lines: Vec<String> = lines.into_iter().take(MOST_ROWS).collect();
    if more > 0 {
        lines.push(m::and_more(lang, more));
    }
    lines
}

/// What stands behind figures of one customer: for each metric a line with value, rule, days and inputs, and the rows
/// below it. Rows that stood there before are not repeated.
pub fn figures(index: &Index<'_>, metrics: &[&Metric], customer: usize, lang: Lang) -> Vec<String> {
    let (book, settings) = (index.book, &index.book.settings);
    let mut out = Vec::new();
    let mut said: Vec<(Vec<String>, String)> = Vec::new();
    for metric in metrics {
        let value = (metric.value)(index, customer);
        let label = labels::label(lang, metric.key);
        let text = value_text(lang, settings, metric.key, metric.kind, &value);
        if matches!(metric.key, "due" | "days_overdue" | "why") {
            let lines = due::explain(index, customer, lang);
            let why = lines.iter().skip(1).map(|l| format!("  {l}")).collect();
            out.push(w::figure(lang, &label, text, "R4"));
            rows(&mut out, &mut said, why, &label, lang);
            continue;
        }
        let b = (metric.basis)(index, customer);
        let mut head = w::figure(lang, &label, text, b.rule);
        if let Some(window) = b.window {
            let over = match b.against {
                Some(then) => against(lang, days(lang, window), days(lang, then)),
                None => days(lang, window),
            };
            head = w::over_days(lang, head, over);
        }
        let ratio = b.ratio.iter().map(|(n, d)| format!("{} / {}", input(lang, settings, n), input(lang, settings, d)));
        let inputs: Vec<String> = ratio.chain(b.inputs.iter().map(|i| input(lang, settings, i))).collect();
        out.push(if inputs.is_empty() { head } else { w::inputs(lang, head, inputs.join(lang.pick("; ", "；"))) });
        let lines = b.evidence.iter().map(|e| evidence(book, e, lang)).collect();
        rows(&mut out, &mut said, lines, &label, lang);
    }
    out
}

/// Puts lines below a figure; those that stand below another one already are named instead, if there are several.
fn rows(out: &mut Vec<String>, said: &mut Vec<(Vec<String>, String)>, lines: Vec<String>, label: &str, lang: Lang) {
    if lines.is_empty() {
        out.push(w::no_rows(lang));
        return;
    }
    let mut left: Vec<&String> = lines.iter().collect();
    let mut known: Vec<&(Vec<String>, String)> = said.iter().filter(|(l, _)| l.len() > 1 || *l == lines).collect();
    known.sort_by_key(|(l, _)| std::cmp::Reverse(l.len()));
    let mut same = Vec::new();
    for (block, first) in known {
        if block.iter().all(|l| left.contains(&l)) {
            left.retain(|l| !block.contains(l));
            same.push(w::same_rows(lang, first));
        }
    }
    out.extend(same);
    out.extend(cut(left.into_iter().cloned().collect(), lang));
    said.push((lines, label.to_string()));
}
