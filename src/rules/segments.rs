//! R9: scores of 1 to 5 for recency, frequency and money, and the segments that these make. Whose orders they come of stands
//! in `rfm`.

use crate::model::money::Decimal;
use crate::model::settings::Rfm;
use std::ops::RangeInclusive;

/// The ten segments, and what is in none of them.
pub const SEGMENTS: [&str; 11] = [
    "champions",
    "loyal",
    "potential-loyalist",
    "new",
    "promising",
    "need-attention",
    "about-to-sleep",
    "cant-lose",
    "at-risk",
    "lost",
    "other",
];

/// The eight segments by R, F and M above the average or not: valuable ones first, of these the active ones.
pub const EIGHT: [&str; 8] = [
    "valued",
    "valued-grow",
    "valued-keep",
    "valued-win-back",
    "general",
    "general-grow",
    "general-keep",
    "general-win-back",
];

/// A segment, and the scores of R, F and M that make it.
type Rule = (&'static str, [RangeInclusive<u8>; 3]);

/// The segments in the order in which they are asked: the first that fits counts.
const RULES: [Rule; 10] = [
    ("champions", [4..=5, 4..=5, 4..=5]),
    ("cant-lose", [1..=1, 4..=5, 4..=5]),
    ("new", [4..=5, 1..=1, 1..=1]),
    ("promising", [3..=4, 1..=1, 1..=1]),
    ("loyal", [2..=5, 3..=5, 3..=5]),
    ("potential-loyalist", [3..=5, 1..=3, 1..=3]),
    ("need-attention", [2..=3, 2..=3, 2..=3]),
    ("about-to-sleep", [2..=3, 1..=2, 1..=2]),
    ("at-risk", [1..=2, 2..=5, 2..=5]),
    ("lost", [1..=2, 1..=2, 1..=2]),
];

/// The segment of three scores.
pub fn segment(r: u8, f: u8, m: u8) -> &'static str {
    let fits = |(_, ranges): &&Rule| ranges.iter().zip([r, f, m]).all(|(range, score)| range.contains(&score));
    RULES.iter().find(fits).map_or("other", |(name, _)| name)
}

/// A customer that ordered in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// Its index.
    pub customer: usize,
    /// Days since its last order.
    pub recency: i64,
    /// Days with an order in the window.
    pub frequency: i64,
    /// Net in the window; `None` = nobody knows.
    pub monetary: Option<Decimal>,
    /// Score of recency: 5 = the latest.
    pub r: u8,
    /// Score of frequency.
    pub f: u8,
    /// Score of money; `None` = nobody knows.
    pub m: Option<u8>,
}

impl Scored {
    /// Its segment of the ten; `None` where nobody knows its money.
    pub fn segment(&self) -> Option<&'static str> {
        Some(segment(self.r, self.f, self.m?))
    }
}

/// The scores of all customers together.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// Those who ordered in the window, by index.
    pub list: Vec<Scored>,
    /// Whether there are too few of them for ranks, so that the bands of kehu.toml count.
    pub fixed: bool,
    /// Sums of the scores, and how many customers have one.
    sums: [(u64, u64); 3],
}

impl Scores {
    /// Scores customers, who stand by index, among each other: by ranks, or where there are too few by the bands of kehu.toml.
    pub fn of_all(mut list: Vec<Scored>, rules: &Rfm) -> Scores {
        let fixed = list.len() < rules.fixed_below();
        if fixed {
            let (recency, frequency, monetary) = (rules.recency(), rules.frequency(), rules.monetary());
            for s in &mut list {
                s.r = 1 + count(recency.iter().filter(|most| s.recency <= **most));
                s.f = 1 + count(frequency.iter().filter(|least| s.frequency >= **least));
                s.m = s.monetary.map(|net| 1 + count(monetary.iter().filter(|least| net >= **least)));
            }
        } else {
            let recency = Ranks::of(list.iter().map(|s| -s.recency));
            let frequency = Ranks::of(list.iter().map(|s| s.frequency));
            let monetary = Ranks::of(list.iter().filter_map(|s| s.monetary));
            for s in &mut list {
                (s.r, s.f) = (recency.score(&-s.recency), frequency.score(&s.frequency));
                s.m = s.monetary.map(|net| monetary.score(&net));
            }
        }
        let mut sums = [(0, 0); 3];
        for s in &list {
            for (slot, score) in sums.iter_mut().zip([Some(s.r), Some(s.f), s.m]) {
                slot.0 += score.map_or(0, u64::from);
                slot.1 += u64::from(score.is_some());
            }
        }
        Scores { list, fixed, sums }
    }

    /// The scores of a customer; `None` for who did not order in the window.
    pub fn of(&self, customer: usize) -> Option<&Scored> {
        self.list.binary_search_by_key(&customer, |s| s.customer).ok().map(|n| &self.list[n])
    }

    /// The segment of the eight: each score above the average of all, or not.
    pub fn of_eight(&self, s: &Scored) -> Option<&'static str> {
        let high = |n: usize, score: u8| {
            let (sum, count) = self.sums[n];
            u64::from(score) * count > sum
        };
        let general = usize::from(!high(2, s.m?)) * 4;
        Some(match (high(0, s.r), high(1, s.f)) {
            (true, true) => EIGHT[general],
            (true, false) => EIGHT[general + 1],
            (false, true) => EIGHT[general + 2],
            (false, false) => EIGHT[general + 3],
        })
    }

    /// The average of the scores of R, F and M.
    pub fn averages(&self) -> [Option<Decimal>; 3] {
        self.sums.map(|(sum, count)| Decimal::from(sum).checked_div(Decimal::from(count)))
    }
}

fn count(bands: impl Iterator) -> u8 {
    u8::try_from(bands.count()).unwrap_or(u8::MAX)
}

/// Values in rising order.
struct Ranks<T>(Vec<T>);

impl<T: Ord> Ranks<T> {
    fn of(values: impl Iterator<Item = T>) -> Ranks<T> {
        let mut sorted: Vec<T> = values.collect();
        sorted.sort_unstable();
        Ranks(sorted)
    }

    /// 1 + floor(5 × strictly worse / n).
    fn score(&self, value: &T) -> u8 {
        let worse = self.0.partition_point(|v| v < value);
        u8::try_from(1 + 5 * worse / self.0.len().max(1)).unwrap_or(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_are_those_of_the_rule() {
        let check = |values: &[i64], expected: &[u8]| {
            let ranks = Ranks::of(values.iter().copied());
            assert_eq!(values.iter().map(|v| ranks.score(v)).collect::<Vec<u8>>(), expected, "{values:?}");
        };
        check(&[1, 1, 1, 1, 1, 1, 2, 3, 5, 9], &[1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
        check(&[7], &[1]);
        check(&[4, 4, 4], &[1, 1, 1]);
        check(&[5, 4, 3, 2, 1], &[5, 4, 3, 2, 1]);
    }

    fn scored(customer: usize, recency: i64, frequency: i64, net: Option<i64>) -> Scored {
        let monetary = net.map(Decimal::from);
        Scored { customer, recency, frequency, monetary, r: 0, f: 0, m: None }
    }

    #[test]
    fn a_small_company_has_bands_and_not_ranks() {
        let rules = Rfm { fixed_below: Some(4), ..Rfm::default() };
        let check = |of: Scored, expected: (u8, u8, Option<u8>)| {
            let all = Scores::of_all(vec![of], &rules);
            let s = all.list[0];
            assert_eq!((all.fixed, s.r, s.f, s.m), (true, expected.0, expected.1, expected.2), "{of:?}");
        };
        check(scored(0, 30, 16, Some(500_000)), (5, 5, Some(5)));
        check(scored(0, 31, 15, Some(499_999)), (4, 4, Some(4)));
        check(scored(0, 366, 1, Some(-3)), (1, 1, Some(1)));
        check(scored(0, 180, 2, None), (3, 2, None));
        let four = (0..4).map(|n| scored(n, 9, 1, Some(1))).collect();
        assert!(!Scores::of_all(four, &rules).fixed);
        assert!(Scores::of_all(Vec::new(), &rules).list.is_empty());
    }

    #[test]
    fn what_is_above_the_average_is_high() {
        let rules = Rfm { fixed_below: Some(0), ..Rfm::default() };
        let list = vec![
            scored(0, 5, 9, Some(900)),
            scored(2, 50, 8, Some(100)),
            scored(3, 400, 1, Some(890)),
            scored(4, 350, 1, Some(50)),
            scored(7, 300, 2, None),
        ];
        let all = Scores::of_all(list, &rules);
        let of = |c: usize| all.of(c).and_then(|s| all.of_eight(s));
        assert_eq!([0, 2, 3, 7, 1].map(of), [Some("valued"), Some("general"), Some("valued-win-back"), None, None]);
        // All alike: nobody is above the average.
        let alike = Scores::of_all((0..3).map(|n| scored(n, 9, 1, Some(1))).collect(), &rules);
        assert_eq!(alike.of(1).and_then(|s| alike.of_eight(s)), Some("general-win-back"));
    }

    #[test]
    fn segments_are_those_of_the_rule() {
        let check = |scores: [u8; 3], expected: &str| {
            assert_eq!(segment(scores[0], scores[1], scores[2]), expected, "{scores:?}");
        };
        check([5, 5, 5], "champions");
        check([4, 4, 4], "champions");
        check([1, 4, 5], "cant-lose");
        check([5, 1, 1], "new");
        check([3, 1, 1], "promising");
        check([2, 3, 5], "loyal");
        check([3, 4, 4], "loyal");
        check([5, 2, 3], "potential-loyalist");
        check([2, 2, 3], "need-attention");
        check([2, 1, 2], "about-to-sleep");
        check([1, 2, 5], "at-risk");
        check([1, 3, 3], "at-risk");
        check([1, 1, 2], "lost");
        check([5, 1, 5], "other");
    }

    #[test]
    fn every_triple_has_one_segment_and_every_segment_a_triple() {
        let mut met = std::collections::BTreeSet::new();
        for n in 0..125u8 {
            let name = segment(1 + n / 25, 1 + n / 5 % 5, 1 + n % 5);
            assert!(SEGMENTS.contains(&name), "{name}");
            met.insert(name);
        }
        assert_eq!(met.len(), SEGMENTS.len(), "{met:?}");
    }

    proptest! {
        #[test]
        fn scores_depend_on_values_alone(values in proptest::collection::vec(-50i64..50, 1..200), turn in 0usize..200) {
            let ranks = Ranks::of(values.iter().copied());
            let mut other = values.clone();
            other.rotate_left(turn % values.len());
            other.reverse();
            let again = Ranks::of(other.into_iter());
            for v in &values {
                let score = ranks.score(v);
                prop_assert!((1..=5).contains(&score));
                prop_assert_eq!(score, again.score(v));
                for w in &values {
                    prop_assert!(v > w || score <= ranks.score(w));
                }
            }
        }
    }
}
