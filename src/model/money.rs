//! Exact decimals: amounts, quantities, rates. Never binary floats.

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

/// Most digits a decimal in a file may have.
pub const MAX_DIGITS: usize = 28;

/// Reads a plain decimal: optional `-`, digits, optional `.` and digits; no grouping, no exponent, no `+`,
/// at most 28 digits in all.
pub fn parse_decimal(s: &str) -> Option<Decimal> {
    short_decimal(s).or_else(|| long_decimal(s))
}

/// Numbers of up to eighteen digits, which are nearly all; `None` where the long way must decide.
fn short_decimal(s: &str) -> Option<Decimal> {
    short_number(s).map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

/// The same as mantissa and scale.
#[inline]
pub fn short_number(s: &str) -> Option<(i64, u32)> {
    let (negative, body) = s.strip_prefix('-').map_or((false, s), |rest| (true, rest));
    let b = body.as_bytes();
    if b.is_empty() || b.len() > 19 || b[0] == b'.' || b[b.len() - 1] == b'.' {
        return None;
    }
    let (mut mantissa, mut point) = (0i64, None);
    for (n, c) in b.iter().enumerate() {
        match c {
            b'0'..=b'9' if n < 18 || point.is_some() => mantissa = mantissa * 10 + i64::from(c - b'0'),
            b'.' if point.is_none() => point = Some(n),
            _ => return None,
        }
    }
    if negative && mantissa == 0 {
        return None;
    }
    let scale = point.map_or(0, |n| u32::try_from(b.len() - 1 - n).unwrap_or(0));
    Some((if negative { -mantissa } else { mantissa }, scale))
}

fn long_decimal(s: &str) -> Option<Decimal> {
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

/// Rounds up to `digits` places.
pub fn round_up(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, RoundingStrategy::ToPositiveInfinity)
}

/// Decimal places of a currency's minor unit (ISO 4217); 2 for currencies not listed here.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "UGX" | "XAF" | "XOF" | "PYG" | "RWF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// Decimal places of a share: what does not divide evenly must still add up to the same sum in any order, and leave room
/// for a rate.
const SHARE_PLACES: u32 = 10;

/// `part` of the `of` units that are worth `whole` together, to 10 places; `None` for no units, or beyond 28 digits.
///
/// ```text
/// 1 of 15 at 15000 → 1000; 1 of 3 at 100 → 33.3333333333
/// ```
pub fn share(whole: Decimal, part: Decimal, of: Decimal) -> Option<Decimal> {
    Some(round(multiply(whole, part)?.checked_div(of)?, SHARE_PLACES))
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

/// An exact decimal to compute with: wider than [`Decimal`], so that sums need no rounding, and quicker.
///
/// The scale behaves as that of [`Decimal`]: a sum has the larger one, a product both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fixed {
    mantissa: i128,
    scale: u32,
}

/// Mantissas of decimals lie below this.
const WIDE: i128 = 1 << 96;
/// Most decimal places of a decimal.
const MAX_SCALE: u32 = 28;

const POWERS: [i128; 29] = {
    let mut powers = [1i128; 29];
    let mut n = 1;
    while n < 29 {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
};

impl Fixed {
    /// Nothing.
    pub const ZERO: Fixed = Fixed { mantissa: 0, scale: 0 };
    /// mantissa / 10^scale; the scale is at most 28.
    #[inline]
    pub const fn new(mantissa: i128, scale: u32) -> Fixed {
        Fixed { mantissa, scale }
    }
    /// Whether it is nothing.
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }
    /// Whether it is more than nothing.
    #[inline]
    pub const fn is_above(self) -> bool {
        self.mantissa > 0
    }
    /// Whether it is less than nothing.
    #[inline]
    pub const fn is_below(self) -> bool {
        self.mantissa < 0
    }
    /// The exact product; `None` when it needs more than 28 digits (see [`multiply`]).
    #[inline]
    pub fn times(self, other: Fixed) -> Option<Fixed> {
        let scale = self.scale + other.scale;
        let mantissa = match (i64::try_from(self.mantissa), i64::try_from(other.mantissa)) {
            (Ok(a), Ok(b)) => i128::from(a) * i128::from(b),
            _ => self.mantissa.checked_mul(other.mantissa)?,
        };
        if mantissa == 0 {
            return Some(Fixed { mantissa, scale: scale.min(MAX_SCALE) });
        }
        (scale <= MAX_SCALE && -WIDE < mantissa && mantissa < WIDE).then_some(Fixed { mantissa, scale })
    }
    /// The exact sum; `None` beyond 38 digits.
    #[inline]
    pub fn plus(self, other: Fixed) -> Option<Fixed> {
        if self.scale == other.scale {
            return Some(Fixed { mantissa: self.mantissa.checked_add(other.mantissa)?, scale: self.scale });
        }
        let scale = self.scale.max(other.scale);
        let at = |f: Fixed| match scale - f.scale {
            0 => Some(f.mantissa),
            by => f.mantissa.checked_mul(POWERS[by as usize]),
        };
        Some(Fixed { mantissa: at(self)?.checked_add(at(other)?)?, scale })
    }
    /// The exact difference; `None` beyond 38 digits.
    #[inline]
    pub fn minus(self, other: Fixed) -> Option<Fixed> {
        self.plus(Fixed { mantissa: -other.mantissa, ..other })
    }
    /// Whether a decimal can hold it.
    #[inline]
    pub const fn is_decimal(self) -> bool {
        -WIDE < self.mantissa && self.mantissa < WIDE && self.scale <= MAX_SCALE
    }
    /// As a decimal; `None` beyond 28 digits.
    pub fn decimal(self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.mantissa, self.scale).ok()
    }
}

impl From<Decimal> for Fixed {
    fn from(d: Decimal) -> Fixed {
        Fixed { mantissa: d.mantissa(), scale: d.scale() }
    }
}

/// The change of a figure against an earlier one, as a fraction of that. Against zero or less there is none.
pub fn change(now: Decimal, then: Decimal) -> Option<Decimal> {
    if then > Decimal::ZERO { now.checked_sub(then)?.checked_div(then) } else { None }
}

/// A sum of decimals; unknown once it has more digits than a decimal can hold, or a part of it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum(Option<Decimal>);

impl Default for Sum {
    fn default() -> Sum {
        Sum::ZERO
    }
}

impl Sum {
    /// Nothing.
    pub const ZERO: Sum = Sum(Some(Decimal::ZERO));
    /// A sum with a part that nobody knows.
    pub const UNKNOWN: Sum = Sum(None);
    /// All of some amounts.
    pub fn of(amounts: impl IntoIterator<Item = Decimal>) -> Sum {
        let mut sum = Sum::ZERO;
        amounts.into_iter().for_each(|a| sum.add(a));
        sum
    }
    /// Adds an amount.
    #[inline]
    pub fn add(&mut self, amount: Decimal) {
        self.0 = self.0.and_then(|sum| sum.checked_add(amount));
    }
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Sum) -> Sum {
        Sum(self.0.zip(other.0).and_then(|(a, b)| a.checked_add(b)))
    }
    /// What is left of it.
    #[must_use]
    pub fn minus(self, other: Sum) -> Sum {
        Sum(self.0.zip(other.0).and_then(|(a, b)| a.checked_sub(b)))
    }
    /// The sum, if it is known.
    pub const fn known(self) -> Option<Decimal> {
        self.0
    }
    /// Whether it is nothing; what is too large to be known is something.
    pub fn is_zero(self) -> bool {
        self.0.is_some_and(|sum| sum.is_zero())
    }
}

/// Writes all digits, and never `-0`.
pub fn push_plain(n: Decimal, out: &mut String) {
    let mantissa = n.mantissa();
    let Ok(mut rest) = u64::try_from(mantissa.unsigned_abs()) else {
        out.push_str(&n.to_string());
        return;
    };
    let scale = n.scale() as usize;
    let mut digits = [b'0'; 32];
    let (mut at, mut places) = (digits.len(), 0);
    while rest > 0 || places <= scale {
        if places == scale && scale > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        places += 1;
        // A number this small has more places than room: the long way has it.
        if at < 2 {
            out.push_str(&n.abs().to_string());
            return;
        }
    }
    if mantissa < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// Exactly `digits` decimals, rounded half away from zero.
pub fn fixed(n: Decimal, digits: u32) -> String {
    let rounded = round(n, digits);
    let rounded = if rounded.is_zero() { rounded.abs() } else { rounded };
    let mut text = rounded.to_string();
    // By hand: rust_decimal's own padding (`{:.6}`) panics beyond 32 characters.
    if rounded.scale() < digits {
        text.push_str(if rounded.scale() == 0 { "." } else { "" });
        text.extend(std::iter::repeat_n('0', (digits - rounded.scale()) as usize));
    }
    text
}

/// Thousands separators, from numbers of `from` whole digits on (5 leaves years and other short figures alone).
pub fn grouped(number: &str, from: usize) -> String {
    let (sign, body) = number.strip_prefix('-').map_or(("", number), |b| ("-", b));
    let (whole, fraction) = body.split_once('.').map_or((body, None), |(w, f)| (w, Some(f)));
    let mut out = String::with_capacity(number.len() + 8);
    out.push_str(sign);
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) && whole.len() >= from {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_are_written_as_the_type_writes_them(mantissa in any::<i64>(), scale in 0u32..=28, small in -2000i64..2000) {
            for m in [mantissa, small, mantissa / 1_000_000_000] {
                let n = Decimal::from_i128_with_scale(i128::from(m), scale);
                let mut out = String::new();
                push_plain(n, &mut out);
                let expected = if n.is_zero() { n.abs().to_string() } else { n.to_string() };
                prop_assert_eq!(out, expected);
            }
        }

        #[test]
        fn fixed_numbers_compute_as_decimals_do(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000, s in 0u32..7, t in 0u32..7) {
            let (x, y) = (Decimal::new(a, s), Decimal::new(b, t));
            let (f, g) = (Fixed::from(x), Fixed::from(y));
            let text = |f: Option<Fixed>| f.and_then(Fixed::decimal).map(|d| d.to_string());
            prop_assert_eq!(text(f.plus(g)), Some((x + y).to_string()));
            prop_assert_eq!(text(f.minus(g)), Some((x - y).to_string()));
            prop_assert_eq!(f.times(g).and_then(Fixed::decimal), multiply(x, y));
        }

        #[test]
        fn the_short_way_to_a_number_is_right(text in "-?[0-9]{0,20}(\\.[0-9]{0,12})?", other in "[-0-9.]{0,8}") {
            for t in [text, other] {
                if let Some(short) = short_decimal(&t) {
                    let long = long_decimal(&t);
                    prop_assert_eq!(long.map(|d| d.to_string()), Some(short.to_string()), "{}", t);
                }
            }
        }
    }
}
