//! Exact decimals: amounts, quantities, rates. Never binary floats.

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

/// Most digits a decimal in a file may have.
pub const MAX_DIGITS: usize = 28;

/// Reads a plain decimal: optional `-`, digits, optional `.` and digits; no grouping, no exponent, no `+`,
/// at most 28 digits in all.
pub fn parse_decimal(s: &str) -> Option<Decimal> {
    let body = s.strip_prefix('-').unwrap_or(s);
    let (whole, fraction) = body.split_once('.').map_or((body, None), |(w, f)| (w, Some(f)));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) || whole.len() + fraction.map_or(0, str::len) > MAX_DIGITS {
        return None;
    }
    Decimal::from_str_exact(s).ok()
}

/// Rounds to `digits` places, half away from zero (四舍五入).
pub fn round(value: Decimal, digits: u32) -> Decimal {
    let rounded = value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    // Nothing is not less than nothing.
    if rounded.is_zero() { rounded.abs() } else { rounded }
}

/// Decimal places of a currency's minor unit (ISO 4217); 2 for currencies not listed here.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "UGX" | "XAF" | "XOF" | "PYG" | "RWF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// An amount rounded to the minor unit, as messages show it.
pub fn shown(amount: Decimal, currency: &str) -> String {
    let digits = minor_digits(currency);
    let mut shown = round(amount, digits);
    shown.rescale(digits);
    shown.to_string()
}

/// A fraction as people read it: `5%`.
pub fn percent(fraction: Decimal) -> String {
    let shown = fraction.checked_mul(Decimal::ONE_HUNDRED).map_or(fraction, |p| round(p, 2));
    format!("{}%", shown.normalize())
}

/// The exact product; `None` when it needs more than 28 digits.
pub fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    let product = a.checked_mul(b)?;
    // The type rounds what does not fit: then places are missing.
    let exact = product.scale() == a.scale() + b.scale() || a.is_zero() || b.is_zero();
    exact.then_some(product)
}
