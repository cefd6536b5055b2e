//! The value of one cell against the type of its column.

use crate::diag::{Code, nearest};
use crate::model::day::{At, parse_day};
use crate::model::id::{check_customer_id, check_row_id, customer_id_from};
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::settings::Settings;

/// What is wrong with a value: a code and the facts of its message.
pub type Wrong = (Code, Vec<String>);

fn wrong(code: Code, args: &[&str]) -> Wrong {
    (code, args.iter().map(ToString::to_string).collect())
}

/// Words that other programs write where nothing is known.
fn is_null_word(value: &str) -> bool {
    matches!(value, "-" | "--" | "—" | "NULL" | "null" | "N/A" | "n/a" | "NaN" | "None" | "#N/A")
}

/// Checks a value that is not empty.
///
/// # Errors
/// The first thing that is wrong. References are checked for their form only; whether they lead somewhere is for
/// `check`.
pub fn check(ty: Type, value: &str, settings: &Settings) -> Result<(), Wrong> {
    if matches!(ty, Type::Note | Type::Text) {
        if let Some(c) = value.chars().find(|c| is_forbidden(*c)) {
            return Err(wrong(Code::ControlChar, &[&format!("U+{:04X}", u32::from(c))]));
        }
        if value.contains(['\n', '\r']) {
            // The column's name is put in front by the caller.
            return Err(wrong(Code::RawNewline, &[if ty == Type::Note { "note" } else { "line" }]));
        }
        return Ok(());
    }
    if is_null_word(value) {
        return Err(wrong(Code::NullWord, &[value]));
    }
    let bad = |expected: &str| Err(wrong(Code::BadValue, &[value, expected]));
    match ty {
        Type::RowId | Type::OwnId => check_row_id(value).map_err(|reason| wrong(Code::BadRowId, &[value, reason])),
        Type::Note | Type::Text => Ok(()),
        Type::Day => parse_day(value).map(|_| ()).ok_or_else(|| wrong(Code::BadDate, &[value])),
        Type::At => At::parse(value, settings.tz).map(|_| ()).ok_or_else(|| wrong(Code::BadInstant, &[value])),
        Type::Decimal => parse_decimal(value).map(|_| ()).ok_or_else(|| wrong(Code::BadDecimal, &[value])),
        Type::Fraction => match parse_decimal(value) {
            None => Err(wrong(Code::BadDecimal, &[value])),
            Some(d) if d < Decimal::ZERO || d > Decimal::ONE => bad("fraction"),
            Some(_) => Ok(()),
        },
        Type::Int => match value.parse::<u32>() {
            Ok(n) if n >= 1 && !value.starts_with(['0', '+']) => Ok(()),
            _ => Err(wrong(Code::BadInteger, &[value])),
        },
        Type::YesNo if matches!(value, "yes" | "no") => Ok(()),
        Type::YesNo => bad("yes-no"),
        Type::OneOf(list) => member(value, list.iter().copied(), ""),
        Type::Listed(list) => {
            let values = settings.list(list);
            // An empty list in kehu.toml leaves the words free.
            if values.is_empty() { Ok(()) } else { member(value, values.into_iter(), setting_key(list)) }
        }
        Type::Split => {
            let mut sum = Decimal::ZERO;
            for part in value.split(',') {
                match part.split_once(':').and_then(|(who, share)| Some((who, parse_decimal(share)?))) {
                    Some((who, share)) if !who.is_empty() && share > Decimal::ZERO => sum += share,
                    _ => return bad("split"),
                }
            }
            if sum == Decimal::ONE { Ok(()) } else { bad("split-sum") }
        }
        Type::PeriodName => {
            let year = |s: &str| s.len() == 4 && s.bytes().all(|b| b.is_ascii_digit());
            let quarter = value.split_once('Q').is_some_and(|(y, q)| year(y) && matches!(q, "1" | "2" | "3" | "4"));
            let month = parse_day(&format!("{value}-01")).is_some();
            if year(value) || quarter || month { Ok(()) } else { bad("target-period") }
        }
        Type::Currency => {
            if value.len() == 3 && value.bytes().all(|b| b.is_ascii_uppercase()) {
                Ok(())
            } else {
                bad("currency")
            }
        }
        Type::Ref(RefTo::Customer) => check_customer_id(value).map_err(|reason| {
            wrong(Code::BadCustomerId, &[value, reason, &customer_id_from(value).unwrap_or_default()])
        }),
        Type::Ref(RefTo::OrderLine) => match value.rsplit_once('/') {
            Some((id, line)) if check_row_id(id).is_ok() && line.parse::<u32>().is_ok() => Ok(()),
            _ => bad("order-line"),
        },
        Type::Ref(RefTo::Row(Ledger::Products | Ledger::Suppliers) | RefTo::Team | RefTo::Contact | RefTo::Pool) => {
            Ok(())
        }
        Type::Ref(RefTo::Row(_)) => check_row_id(value).map_err(|reason| wrong(Code::BadRowId, &[value, reason])),
        Type::Ref(RefTo::Party | RefTo::Subject) => Ok(()),
    }
}

fn member<'a>(value: &str, list: impl Iterator<Item = &'a str> + Clone, name: &str) -> Result<(), Wrong> {
    if list.clone().any(|v| v == value) {
        return Ok(());
    }
    let mut near = nearest(value, list.clone());
    if near.is_empty() {
        near = list.map(str::to_string).collect();
    }
    Err(wrong(Code::NotInList, &[value, name, &near.join(", ")]))
}

/// The key of kehu.toml under which a list stands.
pub fn setting_key(list: crate::model::ledger::SettingList) -> &'static str {
    use crate::model::ledger::SettingList as S;
    match list {
        S::Channels => "[channels]",
        S::Stages => "[[stages]]",
        S::Grades => "[grades]",
        S::LostReasons => "[reasons] lost",
        S::CloseReasons => "[reasons] close",
        S::RefundReasons => "[reasons] refund",
        S::ComplaintCategories => "[complaints] categories",
        S::DealStages => "[[deal_stages]]",
    }
}

/// Characters that have no business in a cell: C0 and C1 controls (but tab and line ends) and bidi controls.
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}
