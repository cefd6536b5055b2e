//! BG/NBD (Fader, Hardie, Lee 2005): how often customers order, and when they stop, from their order days alone.
//!
//! While it stays, a customer orders at random at a rate λ of its own; after each order it leaves for good with a chance p of its own.
//! Over all customers λ follows a gamma distribution (r, α) and p a beta distribution (a, b). Times are weeks.

use super::newton::{Optimum, Point, Side, maximise};
use super::numeric::{logistic, softplus};
use rayon::prelude::*;

/// What one customer's order days tell: x, t_x and T of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Past {
    /// Order days after the first one.
    pub repeats: u32,
    /// Days from the first to the last order day.
    pub recency: u32,
    /// Days from the first order day to the day that everything is seen from.
    pub age: u32,
}

/// Days of the unit of time, in which the papers count.
const WEEK: f64 = 7.0;

fn weeks(days: u32) -> f64 {
    f64::from(days) / WEEK
}

/// The parameters r, α, a and b.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buying {
    /// Shape of the rates.
    pub r: f64,
    /// Their scale, in weeks.
    pub alpha: f64,
    /// Of the chance to leave.
    pub a: f64,
    /// Of the chance to stay.
    pub b: f64,
}

/// Between which values r, α, a and b are looked for. Beyond them the distributions can no longer be told from their limits.
const BOUNDS: [(f64, f64); 4] = [(1e-5, 1e4), (1e-6, 1e9), (1e-6, 1e4), (1e-6, 1e6)];

/// Customers of one history are counted; this many histories make a sum of their own, so that it does not depend on threads.
const CHUNK: usize = 2048;

/// Histories and how many customers have each, in order.
fn counted(pasts: &[Past]) -> Vec<(Past, f64)> {
    let mut sorted = pasts.to_vec();
    sorted.par_sort_unstable();
    sorted.chunk_by(|x, y| x == y).map(|same| (same[0], same.len() as f64)).collect()
}

/// The parameters that make some histories most likely; `None` where nobody came back, so that nothing tells them.
pub fn fit(pasts: &[Past]) -> Option<Optimum<4>> {
    let groups = counted(pasts);
    let sum = |f: &dyn Fn(&Past) -> f64| groups.iter().map(|(p, n)| n * f(p)).sum::<f64>();
    let (repeats, age) = (sum(&|p| f64::from(p.repeats)), sum(&|p| weeks(p.age)));
    if repeats == 0.0 || age == 0.0 {
        return None;
    }
    let likelihood = |p: &[f64; 4]| log_likelihood(&groups, p);
    let weeks_between = age / repeats;
    // Most companies lie near the first start; from the others the maximum is looked for where that one leads to an edge.
    let starts = [(0.5, 0.8, 2.5), (2.0, 0.1, 5.0), (0.3, 0.05, 0.5), (5.0, 5.0, 50.0)];
    let mut best: Option<Optimum<4>> = None;
    for (r, a, b) in starts {
        let found = maximise(likelihood, [r, r * weeks_between, a, b], BOUNDS);
        let sound = found.converged && found.bound == [None; 4];
        if best.as_ref().is_none_or(|known| found.value > known.value + 1e-9) {
            best = Some(found);
        }
        if sound {
            break;
        }
    }
    best
}

/// Sums over j < x of what the likelihood has for each repeat order.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// ln (r + j) and its derivatives.
    rate: [f64; 3],
    /// ln (b + j) − ln (a + b + j).
    stay: f64,
    /// 1 / (a + b + j), and its square.
    all: [f64; 2],
    /// 1 / (b + j), and its square.
    stayed: [f64; 2],
}

/// The log-likelihood of some histories, with its derivatives by r, α, a and b.
fn log_likelihood(groups: &[(Past, f64)], &[r, alpha, a, b]: &[f64; 4]) -> Point<4> {
    let most = groups.iter().map(|(p, _)| p.repeats).max().unwrap_or_default();
    let oldest = groups.iter().map(|(p, _)| p.age).max().unwrap_or_default();
    let mut sums = vec![Sums::default(); most as usize + 1];
    for j in 0..most as usize {
        let (n, mut next) = (j as f64, sums[j]);
        let (rate, all, stayed) = (1.0 / (r + n), 1.0 / (a + b + n), 1.0 / (b + n));
        next.rate[0] += libm::log(r + n);
        next.rate[1] += rate;
        next.rate[2] -= rate * rate;
        // The difference of two logarithms of Γ, without their size.
        next.stay -= libm::log1p(a * stayed);
        next.all[0] += all;
        next.all[1] += all * all;
        next.stayed[0] += stayed;
        next.stayed[1] += stayed * stayed;
        sums[j + 1] = next;
    }
    let logs: Vec<f64> = (0..=oldest).map(|d| libm::log(alpha + weeks(d))).collect();
    let parameters = [r, alpha, a, b];
    let parts: Vec<Point<4>> = groups
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut sum = Point::ZERO;
            for (past, n) in chunk {
                sum.add(&of_one(past, &parameters, &sums[past.repeats as usize], &logs), *n);
            }
            sum
        })
        .collect();
    let mut out = Point::ZERO;
    parts.iter().for_each(|part| out.add(part, 1.0));
    out
}

fn of_one(past: &Past, &[r, alpha, a, b]: &[f64; 4], sums: &Sums, logs: &[f64]) -> Point<4> {
    let (x, age) = (f64::from(past.repeats), weeks(past.age));
    let until = logs[past.age as usize];
    let inverse = 1.0 / (alpha + age);
    let stretch = libm::log1p(age / alpha);
    let mut out = Point::ZERO;
    // Γ(r + x) αʳ / (Γ(r) (α + T)ʳ⁺ˣ)
    out.value = sums.rate[0] - r * stretch - x * until;
    out.gradient[0] = sums.rate[1] - stretch;
    out.gradient[1] = (r * age / alpha - x) * inverse;
    out.hessian[0][0] = sums.rate[2];
    out.hessian[0][1] = age / alpha * inverse;
    out.hessian[1][1] = r * (inverse * inverse - 1.0 / (alpha * alpha)) + x * inverse * inverse;
    // B(a, b + x) / B(a, b)
    out.value += sums.stay;
    out.gradient[2] = -sums.all[0];
    out.gradient[3] = sums.stayed[0] - sums.all[0];
    out.hessian[2][2] = sums.all[1];
    out.hessian[2][3] = sums.all[1];
    out.hessian[3][3] = sums.all[1] - sums.stayed[1];
    if past.repeats > 0 {
        // What having left since adds: 1 + e^odds.
        let (last, k, stays) = (past.recency as usize, r + x, b + x - 1.0);
        let odds = libm::log(a / stays) + k * (until - logs[last]);
        let before = 1.0 / (alpha + weeks(past.recency));
        let s = logistic(odds);
        let slope = [until - logs[last], k * (inverse - before), 1.0 / a, -1.0 / stays];
        out.value += softplus(odds);
        for i in 0..4 {
            out.gradient[i] += s * slope[i];
            for j in i..4 {
                out.hessian[i][j] += s * (1.0 - s) * slope[i] * slope[j];
            }
        }
        out.hessian[0][1] += s * (inverse - before);
        out.hessian[1][1] += s * k * (before * before - inverse * inverse);
        out.hessian[2][2] -= s / (a * a);
        out.hessian[3][3] += s / (stays * stays);
    }
    for i in 1..4 {
        for j in 0..i {
            out.hessian[i][j] = out.hessian[j][i];
        }
    }
    out
}

impl Buying {
    /// The parameters of an optimum.
    pub fn of(found: &Optimum<4>) -> Buying {
        let [r, alpha, a, b] = found.at;
        Buying { r, alpha, a, b }
    }

    /// The chance that a customer has not left (R7); 1 for one that never came back.
    pub fn alive(&self, past: &Past) -> f64 {
        if past.repeats == 0 {
            return 1.0;
        }
        let (x, stays) = (f64::from(past.repeats), self.b + f64::from(past.repeats) - 1.0);
        let ago = weeks(past.age.saturating_sub(past.recency));
        let odds = libm::log(self.a / stays) + (self.r + x) * libm::log1p(ago / (self.alpha + weeks(past.recency)));
        1.0 - logistic(odds)
    }

    /// How many order days are expected of a customer in the next so many days.
    pub fn expected(&self, past: &Past, days: u32) -> f64 {
        let x = f64::from(past.repeats);
        self.alive(past) * order_days(self.r + x, self.alpha + weeks(past.age), (self.a, self.b + x), weeks(days))
    }

    /// The same if the chance to leave after an order were smaller by a share of itself; how sure it is that the customer has not
    /// left yet stays as it is.
    pub fn expected_if(&self, past: &Past, days: u32, fewer: f64) -> f64 {
        let x = f64::from(past.repeats);
        let all = self.a + self.b + x;
        let leave = (self.a * (1.0 - fewer)).clamp(0.0, all);
        self.alive(past) * order_days(self.r + x, self.alpha + weeks(past.age), (leave, all - leave), weeks(days))
    }

    /// How many repeat order days are expected of a new customer in its first so many days.
    pub fn of_new(&self, days: u32) -> f64 {
        order_days(self.r, self.alpha, (self.a, self.b), weeks(days))
    }
}

/// Order days within `time` of one that is there, whose rate follows gamma(`shape`, `scale`) and whose chance to leave
/// beta(`leave`, `stay`): the sum over n of the chance to have stayed n − 1 times, times that of n orders if nobody left. All terms
/// are positive, whatever the parameters; the papers' hypergeometric function is the same sum, but has no value at a = 1.
fn order_days(shape: f64, scale: f64, (leave, stay): (f64, f64), time: f64) -> f64 {
    let q = time / (scale + time);
    // The chance of exactly n orders, as its logarithm: it may be too small for a number.
    let mut chance = -shape * libm::log1p(time / scale);
    let mean = shape * time / scale;
    let (mut more, mut stayed, mut out, mut n) = (1.0, 1.0, 0.0, 0.0);
    while n < MOST_TERMS {
        more -= libm::exp(chance);
        if more <= 0.0 || n > mean && more * stayed < 1e-12 * out {
            break;
        }
        out += more * stayed;
        stayed *= (stay + n) / (leave + stay + n);
        chance += libm::log(q * (shape + n) / (n + 1.0));
        n += 1.0;
    }
    out
}

/// Terms after which a sum is cut: nobody orders on more days in the time asked about.
const MOST_TERMS: f64 = 20_000.0;

/// What the parameters say of all customers where one of them ran to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Nobody seems to leave.
    NobodyLeaves,
    /// All leave with the same chance.
    LeaveAlike,
    /// Some leave after their first repeat order, the others never.
    LeaveOrStay,
    /// All order at the same rate.
    OrderAlike,
    /// Hardly anybody orders again.
    NoOrders,
}

/// Chance to leave after an order below which nobody does.
const HARDLY: f64 = 1e-4;

/// What a fit says where the optimum lies at an edge.
pub fn edges(found: &Optimum<4>) -> Vec<Edge> {
    let Buying { a, b, .. } = Buying::of(found);
    let [r, alpha, _, stay] = found.bound;
    let mut out = Vec::new();
    if a / (a + b) < HARDLY {
        out.push(Edge::NobodyLeaves);
    } else if found.bound[2] == Some(Side::Upper) || stay == Some(Side::Upper) {
        out.push(Edge::LeaveAlike);
    } else if a + b < 1e-2 {
        out.push(Edge::LeaveOrStay);
    }
    if r == Some(Side::Upper) || alpha == Some(Side::Upper) {
        out.push(Edge::OrderAlike);
    } else if r == Some(Side::Lower) || alpha == Some(Side::Lower) {
        out.push(Edge::NoOrders);
    }
    out
}
