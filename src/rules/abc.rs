//! Classes by cumulative share: what is largest first, up to the one that crosses the share of its class.

use super::ranking::up_to_share;
use crate::model::money::{Decimal, Sum};

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placed {
    /// Its class, by the class's place; `None` for values of zero and below, and unknown ones.
    pub class: Option<usize>,
    /// Its share of the sum of all values above zero.
    pub share: Option<Decimal>,
    /// The share that it and all before it make up.
    pub cumulative: Option<Decimal>,
}

/// Places values that stand in falling order, unknown ones last; `limits` are the shares up to which the classes reach, rising.
pub fn classes(values: &[Option<Decimal>], limits: &[Decimal]) -> Vec<Placed> {
    let known: Vec<Decimal> = values.iter().map_while(|v| v.filter(|v| *v > Decimal::ZERO)).collect();
    let sum = Sum::of(known.iter().copied()).known();
    let ends: Vec<usize> = limits.iter().map(|share| up_to_share(&known, *share)).collect();
    let mut reached = Sum::ZERO;
    let place = |(n, value): (usize, &Decimal)| {
        reached.add(*value);
        let of_sum = |part: Decimal| part.checked_div(sum?);
        // What lies beyond the last limit belongs to the last class.
        let class = ends.iter().position(|end| n < *end).or_else(|| ends.len().checked_sub(1));
        Placed { class, share: of_sum(*value), cumulative: reached.known().and_then(of_sum) }
    };
    let mut out: Vec<Placed> = known.iter().enumerate().map(place).collect();
    out.resize(values.len(), Placed::default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    fn check(values: &[i64], limits: &[&str], expected: &[Option<usize>]) {
        let values: Vec<Option<Decimal>> = values.iter().map(|v| Some(Decimal::from(*v))).collect();
        let limits: Vec<Decimal> = limits.iter().filter_map(|l| parse_decimal(l)).collect();
        let placed = classes(&values, &limits);
        assert_eq!(placed.iter().map(|p| p.class).collect::<Vec<_>>(), expected, "{values:?}");
        let last = placed.iter().filter_map(|p| p.cumulative).next_back();
        assert!(last.is_none_or(|last| last == Decimal::ONE), "{placed:?}");
    }

    #[test]
    fn the_one_that_crosses_belongs_to_the_class() {
        let usual = ["0.8", "0.95", "1"];
        check(&[50, 30, 15, 4, 1], &usual, &[Some(0), Some(0), Some(1), Some(2), Some(2)]);
        check(&[79, 16, 5], &usual, &[Some(0), Some(0), Some(2)]);
        check(&[90, 10], &usual, &[Some(0), Some(1)]);
        check(&[10, 0, -5], &usual, &[Some(0), None, None]);
        check(&[1], &usual, &[Some(0)]);
        check(&[10, 10, 10, 10, 10], &usual, &[Some(0), Some(0), Some(0), Some(0), Some(1)]);
        check(&[], &usual, &[]);
        check(&[-1], &usual, &[None]);
        check(&[5, 5], &["0.5"], &[Some(0), Some(0)]);
    }

    #[test]
    fn unknown_values_have_no_place() {
        let placed = classes(&[Some(Decimal::ONE), None], &[Decimal::ONE]);
        assert_eq!(placed[1], Placed::default());
    }
}
