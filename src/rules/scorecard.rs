//! R5: grade, loyalty, risk: one engine. Weighted indicators, a score from 0 to 100, a band.

use crate::model::money::{Decimal, round};
use crate::model::settings::{Indicator, Scorecard};
use ecow::EcoString;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// One indicator of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The metric.
    pub metric: EcoString,
    /// Its weight.
    pub weight: Decimal,
    /// The raw figure; `None` = unknown.
    pub raw: Option<Decimal>,
    /// Points from 0 to 100; `None` = unknown.
    pub points: Option<Decimal>,
}

/// A customer's score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100; `None` when nothing is known.
    pub score: Option<Decimal>,
    /// Share of the weight that has data.
    pub coverage: Decimal,
    /// Whether the coverage lies below `min_coverage`.
    pub provisional: bool,
    /// The indicators.
    pub parts: Vec<Part>,
}

/// Points of a raw value on a scale of (raw, points): piecewise linear between them, clamped outside; with `steps` flat
/// from each raw value up to the next.
pub fn points(scale: &[(Decimal, Decimal)], raw: Decimal, steps: bool) -> Option<Decimal> {
    let (first, last) = (scale.first()?, scale.last()?);
    if raw <= first.0 {
        return Some(first.1);
    }
    if raw >= last.0 {
        return Some(last.1);
    }
    let n = scale.partition_point(|(x, _)| *x <= raw);
    let (low, high) = (scale[n - 1], scale[n]);
    if steps || low.0 == high.0 {
        return Some(low.1);
    }
    let share = (raw - low.0).checked_div(high.0 - low.0)?;
    Some(low.1 + share * (high.1 - low.1))
}

/// Share of the values that are strictly worse, × 100.
pub fn percentile(sorted: &[Decimal], raw: Decimal, lower_is_better: bool) -> Option<Decimal> {
    if sorted.is_empty() {
        return None;
    }
    let worse = if lower_is_better {
        sorted.len() - sorted.partition_point(|v| *v <= raw)
    } else {
        sorted.partition_point(|v| *v < raw)
    };
    Decimal::from(worse * 100).checked_div(Decimal::from(sorted.len()))
}

/// Points of one indicator for every customer; `lower`: less is better.
fn indicator_points(indicator: &Indicator, lower: bool, raw: &[Option<Decimal>]) -> Vec<Option<Decimal>> {
    let clamp = |p: Decimal| p.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
    if indicator.scale == "percentile" {
        let mut sorted: Vec<Decimal> = raw.iter().flatten().copied().collect();
        sorted.par_sort_unstable();
        return raw.par_iter().with_min_len(512).map(|r| r.and_then(|r| percentile(&sorted, r, lower))).collect();
    }
    let mut scale: Vec<(Decimal, Decimal)> = indicator.points.iter().map(|(x, y)| (x.0, y.0)).collect();
    scale.sort_by_key(|p| p.0);
    let steps = indicator.scale == "steps";
    raw.iter().map(|r| r.and_then(|r| points(&scale, r, steps)).map(clamp)).collect()
}

/// score = Σ weight × points / Σ weight over the indicators with data; coverage = their share of the weight.
pub fn score(parts: Vec<Part>, min_coverage: Decimal) -> Score {
    let known = || parts.iter().filter_map(|p| Some((p.weight, p.points?)));
    let weight: Decimal = known().map(|(w, _)| w).sum();
    let all: Decimal = parts.iter().map(|p| p.weight).sum();
    let sum: Decimal = known().map(|(w, s)| w * s).sum();
    let value = if weight.is_zero() { None } else { sum.checked_div(weight) };
    let coverage = weight.checked_div(all).unwrap_or_default();
    Score { score: value, coverage, provisional: coverage < min_coverage, parts }
}

/// Scores every customer: `raw[n]` are the figures of indicator `n`, one for each customer, and `lower[n]` says whether
/// less of it is better.
pub fn scores(card: &Scorecard, lower: &[bool], raw: &[Vec<Option<Decimal>>]) -> Vec<Score> {
    let min = min_coverage(card);
    let points: Vec<Vec<Option<Decimal>>> =
        card.indicators.iter().zip(lower).zip(raw).map(|((i, l), raw)| indicator_points(i, *l, raw)).collect();
    let customers = raw.first().map_or(0, Vec::len);
    (0..customers)
        .into_par_iter()
        .with_min_len(512)
        .map(|c| {
            let part = |(n, i): (usize, &Indicator)| Part {
                metric: i.metric.as_str().into(),
                weight: i.weight.0,
                raw: raw[n][c],
                points: points[n][c],
            };
            score(card.indicators.iter().enumerate().map(part).collect(), min)
        })
        .collect()
}

/// The band that a score falls into: the lower bound belongs to it, and 100 to the top one.
pub fn band(card: &Scorecard, score: Decimal) -> Option<&str> {
    card.bands.iter().find(|(_, low)| score >= low.0).map(|(name, _)| name.as_str())
}

/// The best band that a first grade may have while the score is provisional: the middle one (C of A, B, C, D). Little data
/// earns no privileges, and does not push a new customer down either.
pub fn first_cap(card: &Scorecard) -> Option<&str> {
    card.bands.get_index(card.bands.len() / 2).map(|(name, _)| name.as_str())
}

/// The band after hysteresis: a change of band needs its border passed by `margin_to_change` points; a provisional score
/// cannot rise, and a provisional first band lies no higher than [`first_cap`].
pub fn next_band<'c>(card: &'c Scorecard, old: &'c str, score: &Score) -> Option<&'c str> {
    let value = score.score?;
    let new = band(card, value)?;
    let position = |name: &str| card.bands.get_index_of(name);
    let now = position(new)?;
    let Some(was) = position(old) else {
        let cap = first_cap(card).filter(|cap| score.provisional && position(cap) > Some(now));
        return Some(cap.unwrap_or(new));
    };
    let margin = margin_to_change(card);
    match now.cmp(&was) {
        std::cmp::Ordering::Equal => Some(new),
        // Up: the first band, from the top, whose border lies far enough below.
        std::cmp::Ordering::Less if score.provisional => Some(old),
        std::cmp::Ordering::Less => (now..was)
            .find_map(|n| card.bands.get_index(n).filter(|(_, low)| value >= low.0 + margin).map(|(b, _)| b.as_str()))
            .or(Some(old)),
        // Down: as far as each border above is missed far enough.
        std::cmp::Ordering::Greater => {
            let missed = |n: usize| card.bands.get_index(n).is_some_and(|(_, low)| value < low.0 - margin);
            let mut at = was;
            while at < now && missed(at) {
                at += 1;
            }
            card.bands.get_index(at).map(|(b, _)| b.as_str())
        }
    }
}

/// A scorecard as text in one form, whatever its layout in kehu.toml: what decides a grade, defaults filled in.
/// `lower`: for each indicator whether less is better.
pub fn canonical(card: &Scorecard, lower: &[bool]) -> String {
    let number = |n: Decimal| n.normalize().to_string();
    let mut out = format!(
        "window={}\nmin_coverage={}\nmargin_to_change={}\n",
        card.window.map(|w| w.to_string()).unwrap_or_default(),
        number(min_coverage(card)),
        number(margin_to_change(card)),
    );
    for (i, lower) in card.indicators.iter().zip(lower) {
        let better = match i.better.as_deref() {
            Some(word) => word,
            None if *lower && i.scale == "percentile" => "lower",
            None => "higher",
        };
        let points: Vec<String> = i.points.iter().map(|(x, y)| format!("{}:{}", number(x.0), number(y.0))).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "indicator={} weight={} scale={} better={better} points={}",
            i.metric,
            number(i.weight.0),
            i.scale,
            points.join(",")
        );
    }
    for (name, low) in &card.bands {
        let _ = writeln!(out, "band={name} from={}", number(low.0));
    }
    out
}

/// The first 8 hex digits of the SHA-256 of [`canonical`]: which rules a grade was given by.
pub fn fingerprint(card: &Scorecard, lower: &[bool]) -> String {
    let digest = Sha256::digest(canonical(card, lower).as_bytes());
    digest.iter().take(4).map(|b| format!("{b:02x}")).collect()
}

/// Share of the weight that must have data.
pub fn min_coverage(card: &Scorecard) -> Decimal {
    card.least_coverage()
}

/// Points by which a band's border must be passed.
pub fn margin_to_change(card: &Scorecard) -> Decimal {
    card.margin()
}

/// Places to which weights are rounded that are made to fit.
const WEIGHT_DIGITS: u32 = 4;

/// Scales the weights of all indicators but some metrics', so that all weights sum to 100: the others share what is
/// left in their proportions. The new weights; none where they fit already, or nothing can be scaled.
pub fn balance(card: &mut Scorecard, fixed: &[String]) -> Vec<(String, Decimal)> {
    let is_fixed = |i: &Indicator| fixed.contains(&i.metric);
    let sum = |of: &dyn Fn(&&Indicator) -> bool| card.indicators.iter().filter(of).map(|i| i.weight.0).sum::<Decimal>();
    let (held, others) = (sum(&|i| is_fixed(i)), sum(&|i| !is_fixed(i)));
    let left = Decimal::ONE_HUNDRED - held;
    if left == others || others.is_zero() || left < Decimal::ZERO {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut rest = left;
    let last = card.indicators.iter().rposition(|i| !is_fixed(i) && !i.weight.0.is_zero());
    for (n, i) in card.indicators.iter_mut().enumerate().filter(|(_, i)| !fixed.contains(&i.metric)) {
        let share = i.weight.0.saturating_mul(left).checked_div(others).unwrap_or_default();
        // What rounding leaves goes to the last one.
        i.weight.0 = if Some(n) == last { rest } else { round(share, WEIGHT_DIGITS).normalize() };
        rest -= i.weight.0;
        out.push((i.metric.clone(), i.weight.0));
    }
    out
}

/// Points proposed from the values themselves: the 0th, 25th, 50th, 75th and 100th percentile get 0, 25, 50, 75 and 100
/// points (turned round where lower is better).
pub fn calibrate(values: &[Decimal], lower_is_better: bool) -> Vec<(Decimal, Decimal)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    let mut out: Vec<(Decimal, Decimal)> = Vec::new();
    for quarter in 0..=4usize {
        let raw = sorted[last * quarter / 4];
        let points = Decimal::from(25 * if lower_is_better { 4 - quarter } else { quarter });
        match out.last_mut() {
            // Where values are equal, the better points stand.
            Some(l) if l.0 == raw => l.1 = l.1.max(points),
            _ => out.push((raw, points)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;
    use crate::model::settings::Exact;

    fn d(s: &str) -> Decimal {
        parse_decimal(s).unwrap()
    }

    fn part(weight: &str, points: Option<&str>) -> Part {
        Part { metric: EcoString::default(), weight: d(weight), raw: points.map(d), points: points.map(d) }
    }

    fn card() -> Scorecard {
        let bands = [("A", "80"), ("B", "60"), ("C", "40"), ("D", "0")];
        Scorecard {
            window: None,
            min_coverage: None,
            margin_to_change: Some(Exact(d("2"))),
            review_every: None,
            indicators: Vec::new(),
            bands: bands.iter().map(|(b, low)| (b.to_string(), Exact(d(low)))).collect(),
        }
    }

    #[test]
    fn missing_indicators_give_their_weight_away() {
        let check = |third: Option<&str>, score_: &str, coverage: &str| {
            let s = score(vec![part("40", Some("80")), part("30", Some("50")), part("30", third)], d("0.6"));
            assert_eq!((s.score.map(|v| round(v, 2)), s.coverage), (Some(d(score_)), d(coverage)), "{third:?}");
        };
        check(None, "67.14", "0.7");
        check(Some("90"), "74", "1");
    }

    #[test]
    fn scales_are_linear_or_steps_and_clamped() {
        let scale = [(d("0"), d("100")), (d("30"), d("60")), (d("90"), d("0"))];
        let check = |raw: &str, steps: bool, expected: &str| {
            assert_eq!(points(&scale, d(raw), steps), Some(d(expected)), "{raw} {steps}");
        };
        check("-5", false, "100");
        check("15", false, "80");
        check("30", false, "60");
        check("60", false, "30");
        check("900", false, "0");
        check("29", true, "100");
        check("30", true, "60");
    }

    #[test]
    fn percentiles_count_the_strictly_worse() {
        let values = [d("1"), d("1"), d("2"), d("4")];
        let check = |raw: &str, lower: bool, expected: &str| {
            assert_eq!(percentile(&values, d(raw), lower), Some(d(expected)), "{raw} {lower}");
        };
        check("1", false, "0");
        check("2", false, "50");
        check("4", false, "75");
        check("1", true, "50");
        check("4", true, "0");
    }

    #[test]
    fn bands_need_a_margin_to_change() {
        let card = card();
        let check = |old: &str, value: &str, coverage: &str, expected: &str| {
            let s = Score {
                score: Some(d(value)),
                coverage: d(coverage),
                provisional: d(coverage) < d("0.6"),
                parts: Vec::new(),
            };
            assert_eq!(next_band(&card, old, &s), Some(expected), "{old} at {value}");
        };
        check("", "80", "1", "A");
        check("", "100", "1", "A");
        check("", "79.99", "1", "B");
        check("", "100", "0.6", "A");
        check("", "100", "0.59", "C");
        check("", "61", "0.3", "C");
        check("", "45", "0.3", "C");
        check("", "39", "0.3", "D");
        check("A", "100", "0.3", "A");
        check("B", "81", "1", "B");
        check("B", "82", "1", "A");
        check("A", "79", "1", "A");
        check("A", "77.9", "1", "B");
        check("C", "81", "1", "B");
        check("B", "95", "0.5", "B");
        check("B", "10", "0.5", "D");
        check("A", "39", "1", "C");
    }

    #[test]
    fn the_weights_of_the_others_make_room() {
        let check = |weights: &[(&str, &str)], fixed: &[&str], expected: &str| {
            let indicator = |(metric, weight): &(&str, &str)| Indicator {
                metric: (*metric).into(),
                weight: Exact(d(weight)),
                scale: "percentile".into(),
                better: None,
                points: Vec::new(),
            };
            let mut card = Scorecard { indicators: weights.iter().map(indicator).collect(), ..card() };
            let fixed: Vec<String> = fixed.iter().map(ToString::to_string).collect();
            let found: Vec<String> = balance(&mut card, &fixed).iter().map(|(m, w)| format!("{m} {w}")).collect();
            assert_eq!(found.join(" "), expected, "{weights:?}");
            if !found.is_empty() {
                assert_eq!(card.indicators.iter().map(|i| i.weight.0).sum::<Decimal>(), Decimal::ONE_HUNDRED);
            }
        };
        check(&[("a", "40"), ("b", "30"), ("c", "50")], &["c"], "a 28.5714 b 21.4286");
        check(&[("a", "40"), ("b", "30"), ("c", "30"), ("d", "20")], &["d"], "a 32 b 24 c 24");
        check(&[("a", "40"), ("b", "30"), ("c", "10")], &["c"], "a 51.4286 b 38.5714");
        check(&[("a", "40"), ("b", "0"), ("c", "100")], &["c"], "a 0 b 0");
        // They fit; nothing is left to be scaled; more than all.
        check(&[("a", "50"), ("c", "50")], &["c"], "");
        check(&[("a", "60"), ("c", "50")], &["a", "c"], "");
        check(&[("a", "0"), ("c", "50")], &["c"], "");
        check(&[("a", "40"), ("c", "70"), ("d", "50")], &["c", "d"], "");
    }

    #[test]
    fn calibration_uses_our_own_quantiles() {
        let values: Vec<Decimal> = (1..=5).map(Decimal::from).collect();
        let pairs: Vec<(String, String)> =
            calibrate(&values, true).iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!(pairs.first().map(|p| (p.0.as_str(), p.1.as_str())), Some(("1", "100")));
        assert_eq!(pairs.last().map(|p| (p.0.as_str(), p.1.as_str())), Some(("5", "0")));
    }
}
