//! One cell as text: rounded and worded for people, exact for machines.

use super::sanitize::{clean, clean_lines};
use super::{Style, words};
use crate::model::day::{Day, day_digits};
use crate::model::money::{Decimal, fixed, grouped, minor_digits, push_plain, round};
use crate::report::document::{Card, Cell, Column, Currency, Importance, Row, Table, Text};
use rayon::prelude::*;
use std::borrow::Cow;

/// A column as people see it.
pub(super) struct Head {
    /// Position in the row.
    pub(super) index: usize,
    /// Words, with the currency and scale that all its cells share; sanitised.
    pub(super) label: String,
    /// Numbers stand right.
    pub(super) right: bool,
    /// Whether the label states the currency, so that the cells need not.
    pub(super) currency: bool,
    /// How long it stays where the table is too wide.
    pub(super) importance: Importance,
}

/// The columns that people see.
pub(super) fn heads(table: &Table, style: &Style) -> Vec<Head> {
    let currencies = currencies(table);
    let shown = table.columns.iter().enumerate().filter(|(_, c)| !c.machine_only);
    shown
        .map(|(index, column)| {
            let (label, currency) = head_label(column, currencies[index], style);
            Head { index, label, right: column.right, currency, importance: column.importance }
        })
        .collect()
}

/// The currencies of a column's cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shared {
    None,
    One(Currency),
    Several,
}

impl Shared {
    fn and(self, other: Shared) -> Shared {
        match (self, other) {
            (Shared::None, x) | (x, Shared::None) => x,
            (x, y) if x == y => x,
            _ => Shared::Several,
        }
    }
}

/// The currencies of each column, from one walk through the rows.
fn currencies(table: &Table) -> Vec<Shared> {
    let nothing = || vec![Shared::None; table.columns.len()];
    let add = |mut found: Vec<Shared>, row: &Row| {
        for (known, cell) in found.iter_mut().zip(&row.cells) {
            if let Cell::Money { currency, .. } = cell {
                *known = known.and(Shared::One(*currency));
            }
        }
        found
    };
    let both = |a: Vec<Shared>, b: Vec<Shared>| a.into_iter().zip(b).map(|(a, b)| a.and(b)).collect();
    let rows = table.rows.par_iter().with_min_len(4096).fold(nothing, add).reduce(nothing, both);
    table.footer.iter().fold(rows, add)
}

/// The cells of a row that people see, in the order of `heads`; line breaks inside a cell stay.
pub(super) fn row_texts<'a>(
    row: &'a Row,
    heads: &'a [Head],
    style: &'a Style,
) -> impl Iterator<Item = Cow<'a, str>> + 'a {
    heads.iter().map(|h| row.cells.get(h.index).map_or(Cow::Borrowed(""), |c| for_people(c, style, h.currency)))
}

/// The fields of a card that people see: label and text (may hold line breaks), without those that are missing.
pub(super) fn card_texts<'a>(card: &'a Card, style: &Style) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let known = |c: &Cell| match c {
        Cell::Missing => false,
        Cell::Text(t) => !t.is_empty(),
        Cell::List(l) => !l.is_empty(),
        _ => true,
    };
    let shown = card.fields.iter().filter(|(column, cell)| !column.machine_only && known(cell));
    shown
        .map(|(column, cell)| {
            let label = match unit(None, style).filter(|_| matches!(cell, Cell::Money { .. })) {
                Some(unit) => Cow::Owned(format!("{} ({unit})", clean(&column.label))),
                None => clean(&column.label),
            };
            (label, for_people(cell, style, false))
        })
        .collect()
}

fn head_label(column: &Column, currencies: Shared, style: &Style) -> (String, bool) {
    let label = clean(&column.label);
    let shared = match &currencies {
        Shared::None => return (label.into_owned(), false),
        Shared::One(currency) => Some(currency.as_str()).filter(|c| !c.is_empty()),
        Shared::Several => None,
    };
    let label = unit(shared, style).map_or_else(|| label.to_string(), |u| format!("{label} ({u})"));
    (label, shared.is_some())
}

/// `CNY`, `万 CNY`, `CNY ×10,000`: what an amount's figures have to be multiplied with.
fn unit(currency: Option<&str>, style: &Style) -> Option<String> {
    let scale = scale(style).map(|s| {
        let zh = match s.normalize().to_string().as_str() {
            "1000" => Some("千"),
            "10000" => Some("万"),
            "1000000" => Some("百万"),
            "100000000" => Some("亿"),
            _ => None,
        };
        match style.lang.pick(None, zh) {
            Some(zh) => (Some(zh), String::new()),
            None => (None, format!("×{}", grouped(&s.normalize().to_string(), 4))),
        }
    });
    match (currency.map(clean), scale) {
        (None, None) => None,
        (Some(c), None) => Some(c.into_owned()),
        (None, Some((zh, times))) => Some(zh.map_or(times, str::to_owned)),
        (Some(c), Some((Some(zh), _))) => Some(format!("{zh} {c}")),
        (Some(c), Some((None, times))) => Some(format!("{c} {times}")),
    }
}

fn scale(style: &Style) -> Option<Decimal> {
    style.scale.filter(|s| !s.is_zero() && *s != Decimal::ONE)
}

/// The same on one line, without a text being copied that can be shared.
pub(super) fn on_a_line(cell: &Cell, style: &Style, currency_in_head: bool) -> Text {
    let flat = |text: &str| if text.contains('\n') { text.replace('\n', " ").into() } else { Text::from(text) };
    match cell {
        Cell::Text(t) | Cell::Id(t) => match clean(t) {
            Cow::Borrowed(_) if !t.contains('\n') => t.clone(),
            _ => flat(&for_people(cell, style, currency_in_head)),
        },
        Cell::Day(day) => day_text(*day),
        _ => flat(&for_people(cell, style, currency_in_head)),
    }
}

fn day_text(day: Day) -> Text {
    let digits = day_digits(day);
    digits.as_ref().and_then(|d| std::str::from_utf8(d).ok()).map_or_else(|| day.to_string().into(), Text::from)
}

/// A cell for reading, sanitised; line breaks of text stay, for the format to place.
pub(super) fn for_people<'a>(cell: &'a Cell, style: &Style, currency_in_head: bool) -> Cow<'a, str> {
    match cell {
        Cell::Missing => Cow::Borrowed(""),
        Cell::NotAvailable => Cow::Owned(words::not_available(style.lang)),
        Cell::Text(t) => clean_lines(t),
        Cell::Id(t) => clean(t),
        Cell::Code { .. } => clean(cell.label().unwrap_or_default()),
        Cell::Int(n) => Cow::Owned(grouped(&n.to_string(), 5)),
        Cell::Number(n) => Cow::Owned(grouped(&plain(round(*n, 4).normalize()), 5)),
        Cell::Money { amount, currency } => {
            let currency = currency.as_str();
            let text = money(*amount, currency, style);
            if currency_in_head || currency.is_empty() {
                Cow::Owned(text)
            } else {
                Cow::Owned(format!("{text} {}", clean(currency)))
            }
        }
        Cell::Ratio(r) => Cow::Owned(match r.checked_mul(Decimal::ONE_HUNDRED) {
            Some(percent) => format!("{}%", grouped(&fixed(percent, 1), 5)),
            None => words::not_available(style.lang),
        }),
        Cell::Days(n) => Cow::Owned(grouped(&plain(round(*n, 1).normalize()), 5)),
        Cell::Day(d) => Cow::Owned(day_text(*d).into()),
        Cell::At(at) if at.bare => Cow::Owned(at.day.to_string()),
        Cell::At(at) => Cow::Owned(style.tz.local(at.utc).format("%Y-%m-%d %H:%M").to_string()),
        Cell::Flag(true) => Cow::Owned(words::yes(style.lang)),
        Cell::Flag(false) => Cow::Owned(words::no(style.lang)),
        Cell::List(items) => Cow::Owned(items.iter().map(|i| clean(i)).collect::<Vec<_>>().join(", ")),
    }
}

fn money(amount: Decimal, currency: &str, style: &Style) -> String {
    let digits = minor_digits(currency);
    // A scaled yen has a fraction although the yen has none.
    let (amount, digits) = match scale(style).and_then(|s| amount.checked_div(s)) {
        Some(scaled) => (scaled, digits.max(2)),
        None => (amount, digits),
    };
    grouped(&fixed(amount, digits), 4)
}

/// All digits, and never `-0`.
fn plain(n: Decimal) -> String {
    let mut out = String::new();
    push_plain(n, &mut out);
    out
}

/// A cell with a value that machines take as it stands: a number, day, flag. `None` for texts and lists, which each
/// machine format writes in its own way, and for what is unknown.
pub(super) fn exact(cell: &Cell, style: &Style) -> Option<String> {
    match cell {
        Cell::Missing | Cell::NotAvailable | Cell::Text(_) | Cell::Id(_) | Cell::Code { .. } | Cell::List(_) => None,
        Cell::Int(n) => Some(n.to_string()),
        Cell::Number(n) | Cell::Days(n) | Cell::Money { amount: n, .. } => Some(plain(*n)),
        Cell::Ratio(r) => Some(fixed(*r, 6)),
        Cell::Day(d) => Some(d.to_string()),
        Cell::At(at) => Some(at.to_text(style.tz)),
        Cell::Flag(f) => Some(f.to_string()),
    }
}

/// Writes what [`exact`] gives.
pub(super) fn write_exact(cell: &Cell, style: &Style, out: &mut String) {
    match cell {
        Cell::Number(n) | Cell::Days(n) | Cell::Money { amount: n, .. } => push_plain(*n, out),
        Cell::Day(d) => out.push_str(&day_text(*d)),
        _ => out.push_str(&exact(cell, style).unwrap_or_default()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::model::day::{At, parse_day};
    use crate::output::Format;
    use crate::report::document::Currency;

    fn style() -> Style {
        let tz = crate::model::zone::Zone::shanghai();
        Style { format: Format::Table, lang: Lang::En, width: None, color: false, tz, scale: None, columns: false }
    }
    fn d(s: &str) -> Decimal {
        s.parse().unwrap()
    }
    fn yuan(s: &str) -> Cell {
        Cell::money(d(s), "CNY")
    }

    #[test]
    fn cells_for_people_and_machines() {
        let style = style();
        let check = |cell: Cell, people: &str, machine: Option<&str>| {
            assert_eq!(for_people(&cell, &style, true), people, "{cell:?}");
            assert_eq!(exact(&cell, &style).as_deref(), machine, "{cell:?}");
        };
        check(Cell::Missing, "", None);
        check(Cell::NotAvailable, "n/a", None);
        check(yuan("1265793.035"), "1,265,793.04", Some("1265793.035"));
        check(yuan("-1265793.035"), "-1,265,793.04", Some("-1265793.035"));
        check(yuan("999"), "999.00", Some("999"));
        check(yuan("-0.001"), "0.00", Some("-0.001"));
        check(Cell::Money { amount: d("1234.5"), currency: Currency::new("JPY") }, "1,235", Some("1234.5"));
        check(Cell::Money { amount: d("1.2345"), currency: Currency::new("KWD") }, "1.235", Some("1.2345"));
        check(Cell::Int(2026), "2026", Some("2026"));
        check(Cell::Int(-12345), "-12,345", Some("-12345"));
        check(Cell::Number(d("1.50")), "1.5", Some("1.50"));
        check(Cell::Number(d("12000.123456")), "12,000.1235", Some("12000.123456"));
        check(Cell::Days(d("44.3663")), "44.4", Some("44.3663"));
        check(Cell::Days(d("30.04")), "30", Some("30.04"));
        check(Cell::Ratio(d("0.2")), "20.0%", Some("0.200000"));
        check(Cell::Ratio(d("-0.12345678")), "-12.3%", Some("-0.123457"));
        check(Cell::Ratio(d("0.0005")), "0.1%", Some("0.000500"));
        check(Cell::Ratio(Decimal::MAX), "n/a", Some("79228162514264337593543950335.000000"));
        check(Cell::Day(parse_day("2026-02-28").unwrap()), "2026-02-28", Some("2026-02-28"));
        let at = |s| Cell::At(At::parse(s, crate::model::zone::Zone::shanghai()).unwrap());
        check(at("2026-11-22T06:03:00Z"), "2026-11-22 14:03", Some("2026-11-22T14:03:00+08:00"));
        check(at("2026-11-22"), "2026-11-22", Some("2026-11-22"));
        check(Cell::Flag(true), "yes", Some("true"));
        check(Cell::list(["a\x1b", "b"]), "a␛, b", None);
        check(Cell::code("hot", "热"), "热", None);
        check(Cell::Text("a\nb\t".into()), "a\nb␉", None);
    }

    #[test]
    fn the_head_states_a_shared_currency_and_the_scale() {
        let column = Column { key: "revenue".into(), label: "Revenue".into(), right: true, ..Column::default() };
        let check = |cells: &[Cell], lang, scale: Option<&str>, expected: &str| {
            let style = Style { lang, scale: scale.map(d), ..style() };
            let rows = cells.iter().map(|c| Row { cells: vec![c.clone()], ..Row::default() }).collect();
            let table = Table { columns: vec![column.clone()], rows, ..Table::default() };
            assert_eq!(heads(&table, &style)[0].label, expected);
        };
        let dollar = Cell::Money { amount: d("1"), currency: Currency::new("USD") };
        check(&[yuan("1"), Cell::Missing, yuan("2")], Lang::En, None, "Revenue (CNY)");
        check(&[yuan("1"), dollar.clone()], Lang::En, None, "Revenue");
        check(&[Cell::Missing], Lang::En, Some("10000"), "Revenue");
        check(&[yuan("1")], Lang::En, Some("10000"), "Revenue (CNY ×10,000)");
        check(&[yuan("1")], Lang::ZhCn, Some("10000"), "Revenue (万 CNY)");
        check(&[yuan("1")], Lang::ZhCn, Some("500"), "Revenue (CNY ×500)");
        check(&[yuan("1"), dollar], Lang::ZhCn, Some("10000"), "Revenue (万)");
        let scaled = Style { scale: Some(d("10000")), ..style() };
        assert_eq!(for_people(&yuan("1265793.04"), &scaled, true), "126.58");
        assert_eq!(for_people(&yuan("5"), &Style { scale: Some(d("0")), ..style() }, false), "5.00 CNY");
    }
}
