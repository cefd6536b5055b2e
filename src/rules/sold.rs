//! R6: the numbers of an order line as they stand in its cells, and whether they contradict one another.

use super::prices::priced;
use crate::model::money::{Decimal, Fixed, parse_decimal};

/// The numbers of an order line, as they stand in its cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sold {
    /// How many.
    pub quantity: Option<Decimal>,
    /// For one unit, with or without tax as prices are entered.
    pub price: Option<Decimal>,
    /// As a fraction.
    pub discount: Option<Decimal>,
    /// The line's amount, without tax.
    pub amount: Option<Decimal>,
    /// The line's tax.
    pub tax: Option<Decimal>,
    /// The cost of one unit.
    pub unit_cost: Option<Decimal>,
    /// The cost of the line.
    pub cost: Option<Decimal>,
}

impl Sold {
    /// Reads cells; `cell` gives the text of a column.
    pub fn of<'a>(cell: impl Fn(&str) -> &'a str) -> Sold {
        let number = |column: &str| parse_decimal(cell(column));
        Sold {
            quantity: number("quantity"),
            price: number("price"),
            discount: number("discount"),
            amount: number("amount"),
            tax: number("tax"),
            unit_cost: number("unit_cost"),
            cost: number("cost"),
        }
    }

    /// Quantity × price × (1 − discount).
    pub(super) fn entered(&self) -> Option<Decimal> {
        priced(self.quantity?.into(), self.price?.into(), self.discount.map(Fixed::from))?.decimal()
    }

    /// What a line that takes a part of another one back has otherwise. It takes the other one's price, discount and cost (R6), and
    /// cells that it does not repeat follow from there. An amount or a whole cost of its own is what was agreed.
    pub fn unlike(&self, first: &Sold) -> Option<Unlike> {
        let repeated = [
            ("price", self.price, first.price),
            ("discount", self.discount, Some(first.discount.unwrap_or_default())),
            ("unit_cost", self.unit_cost, first.unit_cost),
        ];
        repeated.into_iter().find_map(|(column, own, its)| {
            let (own, its) = own.zip(its)?;
            (own != its).then_some(Unlike { column, own, its })
        })
    }

    /// Whether the amount is neither quantity × price × (1 − discount) nor that without tax. Differences that come of
    /// prices rounded to the minor unit pass, and so do lines that cannot be compared.
    pub fn doubt(&self, digits: u32) -> Option<Doubtful> {
        let (amount, expected) = (self.amount?, self.entered()?);
        let without_tax = self.tax.filter(|t| !t.is_zero()).and_then(|t| expected.checked_sub(t));
        let off = off(self.quantity, digits)?;
        let near = |other: Decimal| amount.checked_sub(other).is_some_and(|d| d.abs() <= off);
        let fits = near(expected) || without_tax.is_some_and(near);
        (!fits).then_some(Doubtful { amount, expected, without_tax })
    }
}

/// How far amounts of so many pieces lie apart by rounding alone: half a minor unit for each, and one for the sum.
fn off(quantity: Option<Decimal>, digits: u32) -> Option<Decimal> {
    let unit = Decimal::new(1, digits);
    quantity?.abs().checked_mul(unit)?.checked_div(Decimal::TWO)?.checked_add(unit)
}

/// What a return has otherwise than the line that it takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlike {
    /// The column.
    pub column: &'static str,
    /// What the return has.
    pub own: Decimal,
    /// What the line asks for.
    pub its: Decimal,
}

/// An amount that its own line contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubtful {
    /// The amount.
    pub amount: Decimal,
    /// Quantity × price × (1 − discount).
    pub expected: Decimal,
    /// The same without the line's tax; `None` = it has none.
    pub without_tax: Option<Decimal>,
}

impl Doubtful {
    /// The facts that its words mention, by position.
    pub fn facts(&self, line: String) -> Vec<String> {
        let plain = |d: Option<Decimal>| d.map(|d| d.normalize().to_string()).unwrap_or_default();
        let [amount, expected, without_tax] = [Some(self.amount), Some(self.expected), self.without_tax].map(plain);
        vec![amount, expected, without_tax, line]
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `quantity 2 price 10 …` as numbers.
    pub(in crate::rules) fn sold(words: &str) -> Sold {
        let words: Vec<&str> = words.split_whitespace().collect();
        Sold::of(|column| words.chunks(2).find(|w| w[0] == column).map_or("", |w| w[1]))
    }

    #[test]
    fn amounts_that_do_not_add_up_are_told() {
        let check = |line: &str, expected: bool| assert_eq!(sold(line).doubt(2).is_none(), expected, "{line}");
        check("quantity 2 price 1130 amount 2000 tax 260", true);
        check("quantity 2 price 1000 amount 2000 tax 260", true);
        check("quantity 4 price 1130 amount 2000 tax 260", false);
        check("quantity 3 price 3.33 amount 10", true);
        check("quantity 2 price 10 discount 0.5 amount 10", true);
        check("quantity 2 price 10 discount 0.5 amount 20", false);
        check("amount 5000", true);
        check("quantity 2 amount 5000", true);
        check("quantity 2 price 10", true);
    }

    #[test]
    fn a_return_has_the_price_and_cost_of_its_line() {
        let check = |first: &str, back: &str, expected: &str| {
            assert_eq!(sold(back).unlike(&sold(first)).map_or("", |u| u.column), expected, "{first} ← {back}");
        };
        let first = "quantity 3 price 10 discount 0.1 unit_cost 8";
        check(first, "quantity -1", "");
        check(first, "quantity -1 price 10 discount 0.1 unit_cost 8", "");
        check(first, "quantity -1 price 10.00 amount -9 cost -8", "");
        check(first, "quantity -1 price 9", "price");
        check(first, "quantity -1 price 10 discount 0", "discount");
        check(first, "quantity -1 unit_cost 7", "unit_cost");
        check(first, "quantity -1 amount -8", "");
        check(first, "quantity -1 cost -5", "");
        check("quantity 3 price 10", "quantity -1 discount 0.5", "discount");
        check("quantity 3 amount 10", "quantity -1 price 5", "");
        check("amount 10", "amount -4", "");
    }
}
