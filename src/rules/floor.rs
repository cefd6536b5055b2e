//! R6: the margin that lines and orders must keep.

use crate::model::money::{Decimal, Sum, multiply};
use crate::model::settings::Settings;

/// The lowest margin that a customer's lines may have without approval, as a fraction: its grade's, else that of
/// [pricing], else 0. A first order may go down to cost.
pub fn line_floor(settings: &Settings, grade: &str, first: bool) -> Decimal {
    let of_grade = settings.file.grades.get(grade).and_then(|g| g.margin_floor.as_ref());
    let floor = of_grade.or(settings.file.pricing.margin_floor.as_ref()).map_or(Decimal::ZERO, |f| f.0);
    if first { floor.min(Decimal::ZERO) } else { floor }
}

/// Whether the floor is the same for everybody: no grade has one of its own, and [pricing] asks for no more than the
/// cost.
pub fn is_cost(settings: &Settings) -> bool {
    let all = settings.file.grades.values().map(|g| g.margin_floor.as_ref());
    all.chain([settings.file.pricing.margin_floor.as_ref()]).flatten().all(|f| f.0.is_zero())
}

/// What a line comes to, without tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// Its net.
    pub net: Decimal,
    /// Its cost; `None` = unknown.
    pub cost: Option<Decimal>,
    /// Freight, commission …
    pub extra_cost: Decimal,
}

/// Whether a profit keeps a floor: profit ≥ floor × net, amounts with their signs. There is no quotient, so a net of
/// nothing or less needs no exception. What is too large to be known does not.
pub fn keeps(net: Decimal, cost: Decimal, floor: Decimal) -> bool {
    net.checked_sub(cost).zip(least(net, floor)).is_some_and(|(profit, least)| profit >= least)
}

/// The least profit that keeps a floor; `None` when it is too large.
pub(super) fn least(net: Decimal, floor: Decimal) -> Option<Decimal> {
    multiply(floor, net).or_else(|| floor.checked_mul(net))
}

/// The lines that fall short of the floor, by their places; `None` is the whole order. A line is judged without extra
/// costs. The order is judged with the extra costs of all lines, where every line keeps the floor and all costs are
/// known.
pub fn short_of(floor: Decimal, lines: &[Worth]) -> Vec<Option<usize>> {
    let short = |(n, l): (usize, &Worth)| l.cost.filter(|cost| !keeps(l.net, *cost, floor)).map(|_| Some(n));
    let found: Vec<Option<usize>> = lines.iter().enumerate().filter_map(short).collect();
    if !found.is_empty() || lines.iter().all(|l| l.extra_cost.is_zero()) {
        return found;
    }
    let Some((net, cost)) = whole(lines) else { return found };
    if keeps(net, cost, floor) { found } else { vec![None] }
}

/// Net and cost of all lines, extra costs included; `None` where a cost is unknown.
pub fn whole(lines: &[Worth]) -> Option<(Decimal, Decimal)> {
    let costs: Option<Vec<[Decimal; 2]>> = lines.iter().map(|l| Some([l.cost?, l.extra_cost])).collect();
    let net = Sum::of(lines.iter().map(|l| l.net)).known()?;
    Some((net, Sum::of(costs?.into_iter().flatten()).known()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    fn settings(more: &str) -> Settings {
        let text = format!("format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n{more}");
        Settings::new(toml::from_str(&text).unwrap()).0
    }

    #[test]
    fn whoever_has_no_floor_has_that_of_pricing() {
        let check = |more: &str, grade: &str, first: bool, expected: &str| {
            assert_eq!(line_floor(&settings(more), grade, first).to_string(), expected, "{more} {grade} {first}");
        };
        let both = "[pricing]\nmargin_floor = 0.05\n[grades.C]\nmargin_floor = 0.15\n[grades.D]\n";
        check(both, "C", false, "0.15");
        check(both, "C", true, "0");
        check(both, "", false, "0.05");
        check(both, "D", false, "0.05");
        check(both, "", true, "0");
        check("", "", false, "0");
        check("", "", true, "0");
    }

    #[test]
    fn floors_are_judged_on_amounts_with_their_signs() {
        let check = |net: &str, cost: &str, floor: &str, expected: bool| {
            let d = |s: &str| parse_decimal(s).unwrap();
            assert_eq!(keeps(d(net), d(cost), d(floor)), expected, "{net} for {cost} at {floor}");
        };
        check("1000", "800", "0.2", true);
        check("1000", "800.01", "0.2", false);
        check("800", "800", "0", true);
        check("0", "0", "0.15", true);
        check("0", "1", "0", false);
        check("0", "1", "-0.1", false);
        check("-10", "3080", "0", false);
        check("-10", "0", "0.15", false);
        check("500", "1000", "0", false);
    }

    #[test]
    fn an_order_bears_its_extra_costs() {
        let check = |lines: &[(i64, Option<i64>, i64)], expected: &[Option<usize>]| {
            let worth = |l: &(i64, Option<i64>, i64)| Worth {
                net: l.0.into(),
                cost: l.1.map(Into::into),
                extra_cost: l.2.into(),
            };
            let lines: Vec<Worth> = lines.iter().map(worth).collect();
            assert_eq!(short_of(parse_decimal("0.1").unwrap(), &lines), expected, "{lines:?}");
        };
        check(&[(100, Some(90), 0), (100, Some(50), 0)], &[]);
        check(&[(100, Some(91), 0), (100, Some(50), 0)], &[Some(0)]);
        // The freight of the whole order stands with one line.
        check(&[(100, Some(90), 40), (100, Some(50), 0)], &[]);
        check(&[(100, Some(90), 41), (100, Some(50), 0)], &[None]);
        check(&[(100, None, 500), (100, Some(50), 0)], &[]);
        check(&[(100, Some(95), 500)], &[Some(0)]);
    }
}
