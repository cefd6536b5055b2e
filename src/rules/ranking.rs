//! R5, R6: how many of a ranking make up a share of its sum, and in which part of it each one stands.

use crate::model::money::Decimal;

/// How many of the largest values it takes to reach a share of their sum: those up to and including the one that crosses
/// it. `values` stand in falling order; values of zero and below, and a sum of such, take no part.
pub fn up_to_share(values: &[Decimal], share: Decimal) -> usize {
    let sum = values.iter().fold(Decimal::ZERO, |sum, v| sum.saturating_add(*v));
    if sum <= Decimal::ZERO {
        return 0;
    }
    let goal = sum.saturating_mul(share);
    let mut reached = Decimal::ZERO;
    let positive = values.iter().take_while(|v| **v > Decimal::ZERO);
    positive
        .take_while(|v| {
            let before = reached;
            reached = reached.saturating_add(**v);
            before < goal
        })
        .count()
}

/// The part of a ranking by profit in which a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first ones, up to the one that crosses `[kpi] key_share`.
    First,
    /// The next ones, up to the one that crosses `[kpi] major_share`.
    Next,
    /// The rest that earn something.
    Rest,
    /// Those that earn nothing.
    Nothing,
}

/// The part in which each value stands; `None` for those that nobody knows. Equal ones stand in their order.
pub fn parts(values: &[Option<Decimal>], first: Decimal, next: Decimal) -> Vec<Option<Part>> {
    let mut order: Vec<usize> = (0..values.len()).filter(|n| values[*n].is_some()).collect();
    order.sort_by(|a, b| values[*b].cmp(&values[*a]).then(a.cmp(b)));
    let falling: Vec<Decimal> = order.iter().filter_map(|n| values[*n]).collect();
    let first = up_to_share(&falling, first);
    let next = up_to_share(&falling, next).max(first);
    let mut out = vec![None; values.len()];
    for (place, n) in order.iter().enumerate() {
        out[*n] = Some(match place {
            _ if falling[place] <= Decimal::ZERO => Part::Nothing,
            p if p < first => Part::First,
            p if p < next => Part::Next,
            _ => Part::Rest,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_crosses_belongs_to_it() {
        let check = |values: &[i64], share: &str, expected: usize| {
            let values: Vec<Decimal> = values.iter().copied().map(Decimal::from).collect();
            let share = crate::model::money::parse_decimal(share).unwrap();
            assert_eq!(up_to_share(&values, share), expected, "{values:?} {share}");
        };
        check(&[50, 30, 20], "0.6", 2);
        check(&[60, 30, 10], "0.6", 1);
        check(&[59, 31, 10], "0.6", 2);
        check(&[10, 10, 10, 10, 10], "0.6", 3);
        check(&[100, 0, -40], "0.6", 1);
        check(&[5, -10], "0.6", 0);
        check(&[], "0.6", 0);
        check(&[5, 5], "0", 0);
        check(&[5, 5, 0], "1", 2);
    }
}
