//! R6: the margin that lines and orders must keep.

use crate::model::money::{Decimal, Sum, multiply};
use crate::model::settings::Settings;

/// What limits of prices are looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level<'a> {
    /// The customer's grade on the day.
    pub grade: &'a str,
    /// Its stage before the day.
    pub stage: &'a str,
    /// Its value class, of what is sold from today on.
    pub class: Option<&'static str>,
}

/// The lowest margin that a customer's lines may have without approval, as a fraction: its grade's, else its stage's, else
/// that of [pricing], else 0; that of its value class where it is higher. A first order may go down to
/// `[pricing] first_order_floor`.
pub fn line_floor(settings: &Settings, level: Level<'_>, first: bool) -> Decimal {
    let f = &settings.file;
    let of_grade = f.grades.get(level.grade).and_then(|g| g.margin_floor.as_ref());
    let of_stage = || settings.stage(level.stage).and_then(|s| s.margin_floor.as_ref());
    let floor = of_grade.or_else(of_stage).or(f.pricing.margin_floor.as_ref()).map_or(Decimal::ZERO, |f| f.0);
    let of_class = level.class.and_then(|c| f.classes.of(c)).and_then(|c| c.margin_floor.as_ref());
    let floor = of_class.map_or(floor, |c| c.0.max(floor));
    if first { floor.min(f.pricing.first_order_floor()) } else { floor }
}

/// The highest discount that a customer may be given without approval, with whose limit it is: its grade's, else its
/// stage's; and that of its value class.
pub fn discount_limits<'s>(settings: &'s Settings, level: Level<'s>) -> [Option<(Decimal, &'s str)>; 2] {
    let f = &settings.file;
    let of_grade = f.grades.get(level.grade).and_then(|g| g.discount_max).map(|most| (most.0, level.grade));
    let of_stage = || settings.stage(level.stage).and_then(|s| s.discount_max).map(|most| (most.0, level.stage));
    let class = level.class.and_then(|id| Some((f.classes.of(id)?.discount_max?.0, id)));
    [of_grade.or_else(of_stage), class]
}

/// Whether the floor is the same for everybody: no grade, stage or value class has one of its own, and [pricing] asks for
/// no more than the cost.
pub fn is_cost(settings: &Settings) -> bool {
    let f = &settings.file;
    let grades = f.grades.values().map(|g| g.margin_floor.as_ref());
    let stages = f.stages.iter().map(|s| s.margin_floor.as_ref());
    let classes = f.classes.all().map(|(_, c)| c.margin_floor.as_ref());
    let all = grades.chain(stages).chain(classes);
    all.chain([f.pricing.margin_floor.as_ref()]).flatten().all(|f| f.0.is_zero())
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
            let level = Level { grade, ..Level::default() };
            assert_eq!(line_floor(&settings(more), level, first).to_string(), expected, "{more} {grade} {first}");
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
    fn stages_and_value_classes_have_limits_too() {
        let both = "[pricing]\nmargin_floor = 0.05\nfirst_order_floor = 0.02\n[[stages]]\nid = \"s\"\ncategory = \"customer\"\n\
             margin_floor = 0.1\ndiscount_max = 0.2\n[grades.C]\nmargin_floor = 0.08\ndiscount_max = 0.07\n\
             [classes.risk]\nmargin_floor = 0.3\ndiscount_max = 0\n[classes.key]\nmargin_floor = 0.01\n";
        let settings = settings(both);
        let check = |grade: &str, stage: &str, class: &str, first: bool, floor: &str, limits: &[&str]| {
            let class = ["key", "risk", "major"].into_iter().find(|c| *c == class);
            let level = Level { grade, stage, class };
            assert_eq!(line_floor(&settings, level, first).to_string(), floor, "{level:?} {first}");
            let found = discount_limits(&settings, level).into_iter().flatten();
            let found: Vec<String> = found.map(|(most, whose)| format!("{most} {whose}")).collect();
            assert_eq!(found, limits, "{level:?}");
        };
        check("", "", "", false, "0.05", &[]);
        check("", "s", "", false, "0.1", &["0.2 s"]);
        check("C", "s", "", false, "0.08", &["0.07 C"]);
        check("C", "s", "risk", false, "0.3", &["0.07 C", "0 risk"]);
        check("C", "s", "key", false, "0.08", &["0.07 C"]);
        check("", "s", "risk", false, "0.3", &["0.2 s", "0 risk"]);
        check("", "s", "risk", true, "0.02", &["0.2 s", "0 risk"]);
        check("", "x", "major", true, "0.02", &[]);
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
