//! R6: what a line that is being entered comes to: net, tax, cost, and whether its price may be given.

use super::floor::Worth;
use super::prices::{Prices, priced};
use crate::model::day::Day;
use crate::model::money::{Decimal, Fixed, minor_digits, multiply, round};
use crate::model::settings::Settings;

/// Decimal places of what is divided: an amount without its tax, a cost in another currency.
const PLACES: u32 = 6;

/// A line as it was entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Product id; empty = none.
    pub product: String,
    /// How many.
    pub quantity: Option<Decimal>,
    /// For one unit.
    pub price: Option<Decimal>,
    /// As a fraction.
    pub discount: Option<Decimal>,
    /// The line's amount instead of quantity and price.
    pub amount: Option<Decimal>,
    /// Cost of one unit, where it is not the standard cost.
    pub unit_cost: Option<Decimal>,
    /// Freight, commission …
    pub extra_cost: Option<Decimal>,
    /// As written in the file.
    pub note: String,
}

/// How lines are entered.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The day of prices and costs.
    pub day: Day,
    /// The order's currency.
    pub currency: &'a str,
    /// A rate for all lines instead of the product's and the default one.
    pub tax_rate: Option<Decimal>,
}

/// A line with everything that is frozen at entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As entered; the price is filled in from the list.
    pub entry: Entry,
    /// As prices are entered, with or without tax.
    pub entered: Decimal,
    /// Without tax.
    pub net: Decimal,
    /// Rounded to the minor unit.
    pub tax: Decimal,
    /// Whether `net` must be written as the line's amount: quantity and price do not give it.
    pub write_amount: bool,
    /// The cost of one unit; `None` = unknown.
    pub unit_cost: Option<Decimal>,
    /// The cost of the whole line; `None` = unknown.
    pub cost: Option<Decimal>,
}

impl Line {
    /// What it comes to, as floors are judged.
    pub fn worth(&self) -> Worth {
        Worth { net: self.net, cost: self.cost, extra_cost: self.entry.extra_cost.unwrap_or_default() }
    }
}

/// Why a line cannot be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Neither an amount, nor quantity and price; the product has no list price that day.
    NoPrice,
    /// There is no rate for the currency on that day.
    NoRate,
    /// More than 28 digits.
    TooLong,
}

/// Splits an amount that was entered into net and tax. The tax is rounded half away from zero to the minor unit.
///
/// ```text
/// 1130 included at 0.13 → net 1000, tax 130; 1000 excluded → the same
/// ```
pub fn split(entered: Decimal, rate: Decimal, included: bool, digits: u32) -> Option<(Decimal, Decimal)> {
    if rate.is_zero() {
        return Some((entered, Decimal::ZERO));
    }
    let tax = if included {
        entered.checked_mul(rate)?.checked_div(Decimal::ONE.checked_add(rate)?)?
    } else {
        entered.checked_mul(rate)?
    };
    let tax = round(tax, digits).normalize();
    let net = if included { entered.checked_sub(tax)? } else { entered };
    Some((net.normalize(), tax))
}

/// The tax rate of a product on a day, else the default one.
pub fn tax_rate(prices: &Prices<'_>, settings: &Settings, product: &str, day: Day) -> Decimal {
    let default = settings.file.tax.default_rate.as_ref().map(|r| r.0);
    let own = prices.version(product, day).and_then(|v| v.tax_rate);
    own.or(default).unwrap_or_default()
}

/// Whether prices are entered with tax.
pub fn is_included(settings: &Settings) -> bool {
    settings.file.tax.prices.as_deref() != Some("excluded")
}

/// Works a line out: list price, tax and cost of the day.
///
/// # Errors
/// A [`Fault`].
pub fn line(prices: &Prices<'_>, terms: Terms<'_>, entry: &Entry, settings: &Settings) -> Result<Line, Fault> {
    let mut entry = entry.clone();
    let version = prices.version(&entry.product, terms.day);
    let base = &settings.file.currency;
    let is_base = terms.currency.is_empty() || terms.currency == base;
    if entry.amount.is_none() {
        entry.quantity = entry.quantity.or(Some(Decimal::ONE));
        // The list is in the base currency.
        entry.price = entry.price.or_else(|| version?.price.filter(|_| is_base));
    }
    let entered = match (entry.amount, entry.quantity, entry.price) {
        (Some(amount), ..) => amount,
        (None, Some(q), Some(p)) => {
            let net = priced(q.into(), p.into(), entry.discount.map(Into::into));
            net.and_then(Fixed::decimal).ok_or(Fault::TooLong)?
        }
        _ => return Err(Fault::NoPrice),
    };
    let rate = terms.tax_rate.unwrap_or_else(|| tax_rate(prices, settings, &entry.product, terms.day));
    let included = is_included(settings);
    let digits = minor_digits(if is_base { base } else { terms.currency });
    let (net, tax) = split(entered, rate, included, digits).ok_or(Fault::TooLong)?;
    let unit_cost = match entry.unit_cost {
        Some(c) => Some(c),
        None => frozen_cost(prices, &entry.product, terms.day, terms.currency)?,
    };
    let cost = match (unit_cost, entry.quantity) {
        (Some(c), Some(q)) => Some(multiply(c, q).ok_or(Fault::TooLong)?),
        _ => None,
    };
    let write_amount = entry.amount.is_some() || (included && !tax.is_zero());
    Ok(Line { entry, entered, net, tax, write_amount, unit_cost, cost })
}

/// The standard cost of a unit on an order's day, in the order's currency; it is frozen into the order's lines. `None`
/// = unknown.
///
/// # Errors
/// [`Fault::NoRate`], [`Fault::TooLong`].
pub fn frozen_cost(prices: &Prices<'_>, product: &str, day: Day, currency: &str) -> Result<Option<Decimal>, Fault> {
    let Some(cost) = prices.standard_cost(product, day) else { return Ok(None) };
    let rate = prices.rate(currency, day).ok_or(Fault::NoRate)?;
    if rate == Decimal::ONE {
        return Ok(Some(cost));
    }
    Ok(Some(round(cost.checked_div(rate).ok_or(Fault::TooLong)?, PLACES).normalize()))
}

/// The lowest price without tax that keeps a margin: cost / (1 − floor). `None` for a floor of 1 and more.
pub fn min_price(cost: Decimal, floor: Decimal) -> Option<Decimal> {
    let rest = Decimal::ONE.checked_sub(floor)?;
    if rest <= Decimal::ZERO { None } else { cost.checked_div(rest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    #[test]
    fn tax_is_split_and_rounded() {
        let d = |s: &str| parse_decimal(s).unwrap();
        let check = |entered: &str, rate: &str, included: bool, digits: u32, net: &str, tax: &str| {
            assert_eq!(split(d(entered), d(rate), included, digits), Some((d(net), d(tax))), "{entered} at {rate}");
        };
        check("1130", "0.13", true, 2, "1000", "130");
        check("1000", "0.13", false, 2, "1000", "130");
        check("28.4715", "0.13", true, 2, "25.1915", "3.28");
        check("0.5", "0.01", false, 2, "0.5", "0.01");
        check("-1130", "0.13", true, 2, "-1000", "-130");
        check("100", "0", true, 2, "100", "0");
        check("1005", "0.1", false, 0, "1005", "101");
    }

    #[test]
    fn floors() {
        let d = |s: &str| parse_decimal(s).unwrap();
        assert_eq!(min_price(d("80"), d("0.2")), Some(d("100")));
        assert_eq!(min_price(d("80"), d("1")), None);
    }
}
