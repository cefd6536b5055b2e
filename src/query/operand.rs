//! The values of a filter term: reading them as what the field holds, and comparing a record's value with them.
//!
//! The grammar around them (fields, operators, quotes, commas) is in `term`.

use super::error::{PeriodFault, QueryError, nearest};
use super::period::read_period;
use super::search::normal;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::period::{Calendar, Period};
use crate::model::reach::{Phone, phones};
use crate::model::value::{FieldDef, FieldId, Kind, Value};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A word operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Has,
}

impl Op {
    /// Every operator word with its meaning; `in` is `eq` with several values.
    const WORDS: [(&'static str, Op); 8] = [
        ("eq", Op::Eq),
        ("ne", Op::Ne),
        ("lt", Op::Lt),
        ("le", Op::Le),
        ("gt", Op::Gt),
        ("ge", Op::Ge),
        ("has", Op::Has),
        ("in", Op::Eq),
    ];

    pub(super) fn parse(word: &str) -> Option<Op> {
        Op::WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, op)| *op)
    }

    pub(super) fn nearest(word: &str) -> Vec<String> {
        let similar = nearest(word, Op::WORDS.iter().map(|(name, _)| name));
        if similar.is_empty() { Op::WORDS.iter().map(|(name, _)| (*name).to_owned()).collect() } else { similar }
    }

    pub(super) fn name(self) -> &'static str {
        Op::WORDS.iter().find(|(_, op)| *op == self).map_or("", |(name, _)| name)
    }

    fn is_ordered(self) -> bool {
        matches!(self, Op::Lt | Op::Le | Op::Gt | Op::Ge)
    }

    /// Whether the operator means something for values of this sort.
    fn fits(self, kind: Kind) -> bool {
        match self {
            Op::Eq | Op::Ne => true,
            Op::Has => matches!(kind, Kind::Text | Kind::Id | Kind::Code | Kind::List),
            Op::Lt | Op::Le | Op::Gt | Op::Ge => !matches!(kind, Kind::List | Kind::Flag),
        }
    }
}

/// `FIELD.OP:V1,V2`, ready to be asked of records.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub(super) field: FieldId,
    op: Op,
    operands: Vec<Operand>,
    /// For order comparisons of closed lists: the list in its own order, in normal form.
    order: Vec<String>,
}

/// One value to compare with; ranges include both ends.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    /// In normal form.
    Text(String),
    /// A phone number (R14), and the text in normal form.
    Phone(Vec<Phone>, String),
    /// A place in the closed list.
    Rank(usize),
    Number {
        lo: Option<Decimal>,
        hi: Option<Decimal>,
    },
    Days(Period),
    Flag(bool),
}

/// What errors of a comparison name.
pub(super) struct Site<'a> {
    pub(super) term: &'a str,
    pub(super) field: &'a FieldDef,
    /// The field as it was typed, without an operator.
    pub(super) name: &'a str,
}

impl Site<'_> {
    fn bad(&self, value: &str) -> QueryError {
        let (term, field, value) = (self.term.to_owned(), self.name.to_owned(), value.to_owned());
        QueryError::BadValue { term, field, value, kind: self.field.kind }
    }
}

impl Comparison {
    /// Reads the values, each not empty, as what the field holds.
    pub(super) fn new(site: &Site<'_>, op: Op, values: &[String], cal: &Calendar) -> Result<Comparison, QueryError> {
        let field = site.field;
        if !op.fits(field.kind) {
            let (term, name, operator) = (site.term.to_owned(), site.name.to_owned(), op.name().to_owned());
            return Err(QueryError::WrongOperator { term, field: name, operator, kind: field.kind });
        }
        let mut operands = Vec::with_capacity(values.len());
        for value in values {
            operands.push(read(site, op, value, cal)?);
            // A word may mean several values of a list, or one of the values that a text often has.
            if !op.is_ordered() && op != Op::Has {
                let first = operands.last().cloned();
                let others = codes(&field.values, value).into_iter().map(|n| normal(&field.values[n].0).into_owned());
                operands.extend(others.map(Operand::Text).filter(|o| Some(o) != first.as_ref()));
            }
        }
        let ranked = field.kind == Kind::Code && op.is_ordered();
        let order =
            if ranked { field.values.iter().map(|(key, _)| normal(key).into_owned()).collect() } else { vec![] };
        Ok(Comparison { field: field.id, op, operands, order })
    }

    /// The texts that a value has to be equal to, or must not be, in normal form.
    pub(super) fn equal_texts(&self) -> impl Iterator<Item = &str> {
        let operands = if matches!(self.op, Op::Eq | Op::Ne) { self.operands.as_slice() } else { &[] };
        operands.iter().filter_map(|o| match o {
            Operand::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether it holds for a record's value. Never for a missing one, `ne` included.
    pub(super) fn holds(&self, value: &Value<'_>) -> bool {
        if value.is_missing() {
            return false;
        }
        let mut operands = self.operands.iter();
        match self.op {
            Op::Eq => operands.any(|operand| operand.equals(value)),
            Op::Ne => !operands.any(|operand| operand.equals(value)),
            Op::Has => operands.any(|operand| operand.is_in(value)),
            op => operands.any(|operand| operand.orders(op, value, &self.order)),
        }
    }
}

fn read(site: &Site<'_>, op: Op, value: &str, cal: &Calendar) -> Result<Operand, QueryError> {
    let named = || (site.term.to_owned(), site.name.to_owned(), value.to_owned());
    let operand = match site.field.kind {
        Kind::Text if site.field.key.rsplit('.').next() == Some("phone") => {
            Operand::Phone(phones(value), normal(value).into_owned())
        }
        Kind::Text | Kind::Id | Kind::List => Operand::Text(normal(value).into_owned()),
        Kind::Code if op == Op::Has || site.field.values.is_empty() => Operand::Text(normal(value).into_owned()),
        Kind::Code => {
            let place = code(&site.field.values, value).ok_or_else(|| {
                let (term, field, value) = named();
                QueryError::UnknownValue { nearest: similar_codes(&site.field.values, &value), term, field, value }
            })?;
            if op.is_ordered() {
                Operand::Rank(place)
            } else {
                Operand::Text(normal(&site.field.values[place].0).into_owned())
            }
        }
        Kind::Day => Operand::Days(read_period(value, cal).map_err(|fault: PeriodFault| {
            let (term, field, value) = named();
            QueryError::BadDay { term, field, value, fault }
        })?),
        Kind::Number | Kind::Days | Kind::Money | Kind::Ratio => {
            let (lo, hi) = numbers(site.field.kind, value).ok_or_else(|| site.bad(value))?;
            if lo.zip(hi).is_some_and(|(lo, hi)| lo > hi) {
                let (term, field, value) = named();
                return Err(QueryError::Reversed { term, field, value });
            }
            Operand::Number { lo, hi }
        }
        Kind::Flag => Operand::Flag(flag(value).ok_or_else(|| site.bad(value))?),
    };
    let (lo, hi) = match &operand {
        Operand::Days(period) => (period.from.is_some(), period.to.is_some()),
        Operand::Number { lo, hi } => (lo.is_some(), hi.is_some()),
        _ => (true, true),
    };
    let open = match op {
        Op::Lt | Op::Ge => !lo,
        Op::Le | Op::Gt => !hi,
        Op::Eq | Op::Ne | Op::Has => false,
    };
    if open {
        let (term, field, value) = named();
        return Err(QueryError::OpenEnd { term, field, value, operator: op.name().to_owned() });
    }
    Ok(operand)
}

/// The places of all values that a word means; those whose key it is come alone.
fn codes(values: &[(String, Vec<String>)], word: &str) -> Vec<usize> {
    let word = normal(word);
    let is = |name: &String| normal(name) == word;
    let keys: Vec<usize> = (0..values.len()).filter(|n| is(&values[*n].0)).collect();
    if keys.is_empty() { (0..values.len()).filter(|n| values[*n].1.iter().any(is)).collect() } else { keys }
}

/// The place in a closed list of a key or of another word that means it.
fn code(values: &[(String, Vec<String>)], word: &str) -> Option<usize> {
    let word = normal(word);
    let is = |name: &String| normal(name) == word;
    values.iter().position(|(key, _)| is(key)).or_else(|| values.iter().position(|(_, also)| also.iter().any(is)))
}

fn similar_codes(values: &[(String, Vec<String>)], word: &str) -> Vec<String> {
    let similar = nearest(word, values.iter().flat_map(|(key, also)| std::iter::once(key).chain(also)));
    if similar.is_empty() { values.iter().map(|(key, _)| key.clone()).collect() } else { similar }
}

fn flag(word: &str) -> Option<bool> {
    match normal(word).as_ref() {
        "yes" | "是" => Some(true),
        "no" | "否" => Some(false),
        _ => None,
    }
}

/// A number (both ends the same) or `LO..HI` with an end that may be missing.
fn numbers(kind: Kind, s: &str) -> Option<(Option<Decimal>, Option<Decimal>)> {
    let text: String = s.nfkc().collect();
    let Some((lo, hi)) = text.split_once("..") else {
        let number = number(kind, &text)?;
        return Some((Some(number), Some(number)));
    };
    let end = |s: &str| if s.trim().is_empty() { Some(None) } else { number(kind, s).map(Some) };
    let ends = (end(lo)?, end(hi)?);
    if ends == (None, None) { None } else { Some(ends) }
}

/// A plain decimal, with the unit that the kind allows: `5%`, `30d`, `10万`, `1.5亿`.
fn number(kind: Kind, s: &str) -> Option<Decimal> {
    let s = s.trim();
    let scaled = |body: &str, by: Decimal| parse_decimal(body.trim_end())?.checked_mul(by);
    let with = |unit: char, by: Decimal| s.strip_suffix(unit).map(|body| scaled(body, by));
    let suffixed = match kind {
        Kind::Ratio => with('%', Decimal::new(1, 2)),
        Kind::Days => with('d', Decimal::ONE).or_else(|| with('D', Decimal::ONE)),
        Kind::Number | Kind::Money => {
            with('万', Decimal::from(10_000)).or_else(|| with('亿', Decimal::from(100_000_000)))
        }
        _ => None,
    };
    suffixed.unwrap_or_else(|| parse_decimal(s))
}

impl Operand {
    /// Equality, or lying inside the range; for lists, of any element.
    fn equals(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Operand::Text(want), _) => any_text(value, |text| normal(text) == want.as_str()),
            (Operand::Phone(want, plain), _) => {
                any_text(value, |text| is_phone(text, want, Phone::is_same) || normal(text) == plain.as_str())
            }
            (Operand::Number { lo, hi }, Value::Num(n)) => lo.is_none_or(|lo| lo <= *n) && hi.is_none_or(|hi| *n <= hi),
            (Operand::Days(period), Value::Day(day)) => period.contains(*day),
            (Operand::Flag(want), Value::Flag(flag)) => want == flag,
            _ => false,
        }
    }

    /// Whether the text, or an element of the list, contains the operand.
    fn is_in(&self, value: &Value<'_>) -> bool {
        match self {
            Operand::Text(want) => any_text(value, |text| normal(text).contains(want.as_str())),
            Operand::Phone(want, plain) => {
                any_text(value, |text| is_phone(text, want, Phone::ends_with) || normal(text).contains(plain.as_str()))
            }
            _ => false,
        }
    }

    fn orders(&self, op: Op, value: &Value<'_>, order: &[String]) -> bool {
        match (self, value) {
            (Operand::Text(want) | Operand::Phone(_, want), Value::Text(text)) => {
                let want = Cow::Borrowed(want.as_str());
                beyond(op, &normal(text), Some(&want), Some(&want))
            }
            (Operand::Rank(want), Value::Text(text)) => {
                let text = normal(text);
                let rank = order.iter().position(|key| *key == text);
                rank.is_some_and(|rank| beyond(op, &rank, Some(want), Some(want)))
            }
            (Operand::Number { lo, hi }, Value::Num(n)) => beyond(op, n, lo.as_ref(), hi.as_ref()),
            (Operand::Days(period), Value::Day(day)) => beyond(op, day, period.from.as_ref(), period.to.as_ref()),
            _ => false,
        }
    }
}

/// Order against a range: before its start, not after its end, after its end, not before its start.
fn beyond<T: Ord>(op: Op, x: &T, lo: Option<&T>, hi: Option<&T>) -> bool {
    match op {
        Op::Lt => lo.is_some_and(|lo| x < lo),
        Op::Le => hi.is_some_and(|hi| x <= hi),
        Op::Gt => hi.is_some_and(|hi| x > hi),
        Op::Ge => lo.is_some_and(|lo| x >= lo),
        Op::Eq | Op::Ne | Op::Has => false,
    }
}

/// Whether one of the numbers in a text passes the test with one of those wanted.
fn is_phone(text: &str, wanted: &[Phone], test: impl Fn(&Phone, &Phone) -> bool) -> bool {
    !wanted.is_empty() && phones(text).iter().any(|p| wanted.iter().any(|w| test(p, w)))
}

fn any_text(value: &Value<'_>, test: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) => test(text),
        Value::List(texts) => texts.iter().any(|text| test(text)),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn check(kind: Kind, s: &str, expected: Option<(&str, &str)>) {
        let end = |s: &str| if s.is_empty() { None } else { Some(parse_decimal(s).unwrap()) };
        assert_eq!(numbers(kind, s), expected.map(|(lo, hi)| (end(lo), end(hi))), "{kind:?} {s}");
    }

    #[test]
    fn reading_numbers() {
        check(Kind::Number, "5", Some(("5", "5")));
        check(Kind::Number, "-5", Some(("-5", "-5")));
        check(Kind::Number, "0.50", Some(("0.5", "0.5")));
        check(Kind::Number, "10万", Some(("100000", "100000")));
        check(Kind::Money, "1.5亿", Some(("150000000", "150000000")));
        check(Kind::Money, "１０万", Some(("100000", "100000")));
        check(Kind::Money, "1..5", Some(("1", "5")));
        check(Kind::Money, "5万..10万", Some(("50000", "100000")));
        check(Kind::Money, "-5..-1", Some(("-5", "-1")));
        check(Kind::Money, "1..", Some(("1", "")));
        check(Kind::Money, "..5", Some(("", "5")));
        check(Kind::Money, "1 .. 5", Some(("1", "5")));
        check(Kind::Ratio, "5%", Some(("0.05", "0.05")));
        check(Kind::Ratio, "5％", Some(("0.05", "0.05")));
        check(Kind::Ratio, "0.05", Some(("0.05", "0.05")));
        check(Kind::Ratio, "5%..10%", Some(("0.05", "0.1")));
        check(Kind::Days, "30", Some(("30", "30")));
        check(Kind::Days, "30d", Some(("30", "30")));
        check(Kind::Days, "30d..60d", Some(("30", "60")));
        for s in ["", "..", "x", "1e3", "+5", "1,000", "5%", "30d", "万", "1...5", "1..2..3", "1万万", ".5", "5."] {
            check(Kind::Money, s, None);
        }
        for (kind, s) in [(Kind::Ratio, "5万"), (Kind::Days, "5%"), (Kind::Days, "2w"), (Kind::Number, "∞")] {
            check(kind, s, None);
        }
        check(Kind::Money, &"9".repeat(28), Some((&"9".repeat(28), &"9".repeat(28))));
        check(Kind::Money, &format!("{}亿", "9".repeat(28)), None);
        check(Kind::Money, &"9".repeat(29), None);
    }
}
