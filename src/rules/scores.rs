//! R13, R15: what the answers of customers come to: satisfaction, recommendation, effort, and the value delivered to the customer.
//!
//! Whose answers count, and of which days, is said by who asks. Every figure knows how many cases it rests on.

use crate::model::book::Book;
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal, round};
use crate::model::row::PlainRow;
use crate::model::settings::Settings;
use crate::model::{Map, Str};

/// Fewer cases than this are marked: figures of surveys say little then (4-rules, opening).
pub const FEW: i64 = 30;

/// The dimensions of what a customer gets, and behind them those of what it costs the customer (R15).
pub const DIMENSIONS: [&str; 8] = ["product", "service", "personnel", "image", "money", "time", "energy", "effort"];
/// How many of them are what a customer gets.
const BENEFITS: usize = 4;

/// What is measured, in the order of reports.
pub const MEASURES: [&str; 12] = [
    "csat",
    "nps",
    "ces",
    "product",
    "service",
    "personnel",
    "image",
    "money",
    "time",
    "energy",
    "effort",
    "delivered_value",
];

/// The two-sided 95 % point of the normal distribution.
fn z() -> Decimal {
    Decimal::new(1_959_964, 6)
}

/// A square root to ten places; none of a negative number, or of one beyond ten million.
fn sqrt(value: Decimal) -> Option<Decimal> {
    let scaled = value.checked_mul(Decimal::from_i128_with_scale(100_000_000_000_000_000_000, 0))?.trunc();
    let root = u128::try_from(scaled.mantissa()).ok().filter(|_| scaled.scale() == 0)?.isqrt();
    Decimal::try_from_i128_with_scale(i128::try_from(root).ok()?, 10).ok()
}

/// The interval of a share of `hits` in `n` cases at 95 %: that of Wilson (1927), "Probable inference, the law of succession, and
/// statistical inference", (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). It stays within 0 and 1 for few cases, too.
pub fn wilson(hits: i64, n: i64) -> Option<(Decimal, Decimal)> {
    let (n, one, two) = (Decimal::from(n), Decimal::ONE, Decimal::TWO);
    let p = Decimal::from(hits).checked_div(n)?;
    let z2 = z().checked_mul(z())?;
    let middle = p + z2.checked_div(two * n)?;
    let spread = (p * (one - p)).checked_div(n)? + z2.checked_div(two * two * n * n)?;
    let (half, below) = (z() * sqrt(spread)?, one + z2.checked_div(n)?);
    let place = |x: Decimal| x.checked_div(below).map(|x| round(x, 6).clamp(Decimal::ZERO, one));
    Some((place(middle - half)?, place(middle + half)?))
}

/// The interval of a difference of shares in points: that of promoters `up` and detractors `down` among `n`, with the variance of a
/// trinomial difference, (p + d − (p − d)²) / n, at 95 %.
pub fn nps_interval(up: i64, down: i64, n: i64) -> Option<(Decimal, Decimal)> {
    let n = Decimal::from(n);
    let (p, d) = (Decimal::from(up).checked_div(n)?, Decimal::from(down).checked_div(n)?);
    let half = z() * sqrt((p + d - (p - d) * (p - d)).checked_div(n)?)?;
    let points = |x: Decimal| round(x * Decimal::ONE_HUNDRED, 6).clamp(-Decimal::ONE_HUNDRED, Decimal::ONE_HUNDRED);
    Some((points(p - d - half), points(p - d + half)))
}

/// An answer to a question of feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score<'a> {
    /// The row.
    pub row: &'a PlainRow,
    /// When.
    pub at: At,
    /// The answer.
    pub score: Decimal,
}

impl Score<'_> {
    /// What says which of two answers is the later one.
    pub fn order(&self) -> (At, Str) {
        (self.at, self.row.cell(0))
    }
}

/// Scores that are added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    n: i64,
    sum: Decimal,
    squares: Decimal,
}

impl Tally {
    /// Scores are between 0 and 10: a sum of them has room for any number of rows.
    fn add(&mut self, score: Decimal) {
        self.n += 1;
        self.sum += score;
        self.squares += score * score;
    }

    fn mean(&self) -> Option<Decimal> {
        self.sum.checked_div(Decimal::from(self.n))
    }

    /// The interval of the mean at 95 %, by the variance of the sample: x̄ ± z s / √n.
    fn interval(&self) -> Option<(Decimal, Decimal)> {
        let (n, mean) = (Decimal::from(self.n), self.mean()?);
        let variance = (self.squares - mean * self.sum).checked_div(n - Decimal::ONE)?.max(Decimal::ZERO);
        let half = z() * sqrt(variance.checked_div(n)?)?;
        Some((round(mean - half, 6), round(mean + half, 6)))
    }
}

/// A figure, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// One of [`MEASURES`].
    pub measure: &'static str,
    /// Answers; for recommendation the customers who answered.
    pub n: i64,
    /// Satisfaction: the share of satisfied answers, as a fraction. Recommendation: points from −100 to 100. Else a mean; the value
    /// delivered is one of means.
    pub figure: Option<Decimal>,
    /// The mean of the answers, where that is something else.
    pub mean: Option<Decimal>,
    /// The interval of the figure at 95 %.
    pub interval: Option<(Decimal, Decimal)>,
}

/// Answers of some customers and days, put together.
#[derive(Debug, Clone, Default)]
pub struct Scores<'a> {
    csat: Tally,
    satisfied: i64,
    /// The last answer of each customer.
    nps: Map<usize, Score<'a>>,
    ces: Tally,
    value: [Tally; DIMENSIONS.len()],
}

impl<'a> Scores<'a> {
    /// Adds an answer.
    pub fn add(&mut self, settings: &Settings, a: &Given<'a>) {
        let score = a.score.score;
        match a.kind {
            "csat" => {
                self.csat.add(score);
                self.satisfied += i64::from(score >= settings.file.kpi.satisfied_from());
            }
            "nps" => {
                let last = self.nps.entry(a.customer).or_insert(a.score);
                if last.order() < a.score.order() {
                    *last = a.score;
                }
            }
            "ces" => self.ces.add(score),
            _ => {
                if let Some(n) = DIMENSIONS.iter().position(|d| *d == a.dimension) {
                    self.value[n].add(score);
                }
            }
        }
    }

    /// The value delivered (R15): the mean of what the customer gets less the mean of what it costs the customer, each dimension by the
    /// mean of its answers. Dimensions without an answer are left out; `None` where one side has none at all.
    pub fn delivered_value(&self) -> Option<Decimal> {
        let side = |tallies: &[Tally]| {
            let means: Vec<Decimal> = tallies.iter().filter_map(Tally::mean).collect();
            means.iter().sum::<Decimal>().checked_div(Decimal::from(means.len()))
        };
        let (gets, costs) = self.value.split_at(BENEFITS);
        Some(round(side(gets)? - side(costs)?, 6).normalize())
    }

    /// Promoters (9 and 10) and detractors (up to 6) among the customers who answered.
    fn recommending(&self) -> (i64, i64, i64) {
        let count = |f: &dyn Fn(Decimal) -> bool| self.nps.values().filter(|s| f(s.score)).count() as i64;
        let (nine, six) = (Decimal::from(9), Decimal::from(6));
        (count(&|s| s >= nine), count(&|s| s <= six), self.nps.len() as i64)
    }

    /// Every figure with at least one case, in the order of [`MEASURES`].
    pub fn figures(&self) -> Vec<Figure> {
        let six = |d: Decimal| round(d, 6);
        let plain = |measure: &'static str, t: &Tally| {
            let figure = t.mean().map(six);
            Figure { measure, n: t.n, figure, mean: None, interval: t.interval() }
        };
        let (up, down, n) = self.recommending();
        let points = Decimal::from((up - down) * 100).checked_div(Decimal::from(n)).map(six);
        let said = self.nps.values().map(|s| s.score).sum::<Decimal>().checked_div(Decimal::from(n)).map(six);
        let share = Decimal::from(self.satisfied).checked_div(Decimal::from(self.csat.n)).map(six);
        let csat = Figure {
            measure: MEASURES[0],
            n: self.csat.n,
            figure: share,
            mean: self.csat.mean().map(six),
            interval: wilson(self.satisfied, self.csat.n),
        };
        let interval = nps_interval(up, down, n);
        let nps = Figure { measure: MEASURES[1], n, figure: points, mean: said, interval };
        let mut out = vec![csat, nps, plain(MEASURES[2], &self.ces)];
        out.extend(DIMENSIONS.iter().zip(&self.value).map(|(d, t)| plain(d, t)));
        // Who answers about one dimension answers about the others, too: there is no interval of their difference.
        let n = self.value.iter().map(|t| t.n).sum();
        let [.., last] = MEASURES;
        out.push(Figure { measure: last, n, figure: self.delivered_value(), mean: None, interval: None });
        out.retain(|f| f.n > 0);
        out
    }
}

/// An answer, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The customer's index.
    pub customer: usize,
    /// The question.
    pub kind: &'a str,
    /// What part of the value it is about; empty = none.
    pub dimension: &'a str,
    /// The answer.
    pub score: Score<'a>,
}

/// The answers of a book that can be read, in its order; those of nobody in the book are left out.
pub fn answers(book: &Book) -> impl Iterator<Item = Given<'_>> {
    let ledger = Ledger::Feedback;
    let at = ["at", "customer", "kind", "dimension", "score"].map(|name| ledger.column(name).unwrap_or(0));
    let rows = book.plain.get(&ledger).into_iter().flatten();
    rows.filter_map(move |row: &PlainRow| {
        let known = At::parse(row.cell(at[0]), book.settings.tz)?;
        let score = Score { row, at: known, score: parse_decimal(row.cell(at[4]))? };
        let customer = book.customer_index(row.cell(at[1]))?;
        Some(Given { customer, kind: row.cell(at[2]), dimension: row.cell(at[3]), score })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        parse_decimal(text).unwrap()
    }

    fn settings() -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        Settings::new(toml::from_str(text).unwrap()).0
    }

    fn row() -> PlainRow {
        let place = crate::model::place::RowPlace { file: 0, line: 2 };
        PlainRow { place, cells: crate::model::cells::Cells::new(&["b_1"]), own: Vec::new() }
    }

    fn scores<'a>(row: &'a PlainRow, list: &[(&'a str, &'a str, usize, i64)]) -> Scores<'a> {
        let (mut out, at) = (Scores::default(), At::parse("2026-06-01", crate::model::zone::Zone::utc()).unwrap());
        for (n, (kind, dimension, customer, score)) in list.iter().enumerate() {
            let at = At { utc: at.utc + chrono::Duration::hours(n as i64), ..at };
            let score = Score { row, at, score: Decimal::from(*score) };
            out.add(&settings(), &Given { customer: *customer, kind, dimension, score });
        }
        out
    }

    #[test]
    fn roots() {
        let check = |x: &str, expected: &str| assert_eq!(sqrt(d(x)), Some(d(expected)), "{x}");
        check("0", "0");
        check("4", "2");
        check("2", "1.4142135623");
        check("0.0001", "0.01");
        assert_eq!(sqrt(d("-1")), None);
    }

    #[test]
    fn satisfaction_is_the_share_of_four_and_five() {
        let row = row();
        let mut list = vec![("csat", "", 0, 5); 42];
        list.extend(vec![("csat", "", 0, 4); 32]);
        list.extend(vec![("csat", "", 0, 3); 33]);
        let found = scores(&row, &list).figures();
        assert_eq!((found.len(), found[0].measure, found[0].n), (1, "csat", 107));
        assert_eq!(found[0].figure.map(|f| round(f, 4)), Some(d("0.6916")));
        assert_eq!(found[0].mean.map(|f| round(f, 3)), Some(d("4.084")));
        // By the formula: 0.69159 of 107 lies within 0.5987 and 0.7712.
        assert_eq!(found[0].interval.map(|(a, b)| (round(a, 3), round(b, 3))), Some((d("0.599"), d("0.771"))));
    }

    #[test]
    fn intervals_stay_within_their_bounds() {
        assert_eq!(wilson(0, 0), None);
        let (low, high) = wilson(3, 3).unwrap();
        assert_eq!((round(low, 4), high), (d("0.4385"), d("1")));
        assert_eq!(nps_interval(1, 0, 1), Some((d("100"), d("100"))));
        // Half promoters, half detractors: the variance of a share of one half, four times.
        assert_eq!(nps_interval(50, 50, 100), Some((d("-19.59964"), d("19.59964"))));
    }

    #[test]
    fn recommendation_is_that_of_the_last_answers() {
        let row = row();
        let each: Vec<_> = (0..=10).map(|n| ("nps", "", n as usize, n)).collect();
        let found = scores(&row, &each).figures();
        assert_eq!((found[0].n, found[0].figure), (11, Some(d("-45.454545"))));
        // Who changes its mind counts once.
        let found =
            scores(&row, &[("nps", "", 1, 0), ("nps", "", 1, 10), ("nps", "", 2, 9), ("nps", "", 2, 8)]).figures();
        assert_eq!((found[0].n, found[0].figure, found[0].mean), (2, Some(d("50")), Some(d("9"))));
    }

    #[test]
    fn value_is_what_the_customer_gets_less_what_it_costs() {
        let row = row();
        let check = |list: &[(&str, i64)], expected: Option<&str>| {
            let list: Vec<_> = list.iter().map(|(dimension, score)| ("value", *dimension, 0, *score)).collect();
            assert_eq!(scores(&row, &list).delivered_value(), expected.map(d), "{list:?}");
        };
        let all = [8, 9, 7, 6, 5, 4, 3, 4];
        check(&DIMENSIONS.into_iter().zip(all).collect::<Vec<_>>(), Some("3.5"));
        // Each dimension counts once, however many answers it has.
        check(&[("product", 10), ("product", 8), ("service", 5), ("time", 3)], Some("4"));
        check(&[("product", 10), ("service", 5)], None);
        check(&[("time", 5)], None);
        check(&[], None);
    }
}
