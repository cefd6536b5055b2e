//! Gamma-Gamma (Fader, Hardie 2013): what a customer spends on an order day, from the mean of its repeat days.
//!
//! The amounts of a customer's order days follow a gamma distribution of shape p whose scale is its own; over all customers that
//! follows a gamma distribution (q, γ). Amounts are divided by their mean before the fit, as γ has their unit.

use super::newton::{Optimum, Point, Side, maximise};
use super::numeric::{digamma, ln_gamma, trigamma};
use rayon::prelude::*;

/// The repeat days of a customer: how many, and what they came to in the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spent {
    /// Order days after the first one.
    pub repeats: u32,
    /// Their mean total; above zero.
    pub mean: f64,
}

/// The parameters p, q and γ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spending {
    /// Shape of a customer's amounts.
    pub p: f64,
    /// Shape of the scales.
    pub q: f64,
    /// Their scale, in money.
    pub gamma: f64,
}

/// Between which values p, q and γ (of amounts whose mean is 1) are looked for.
const BOUNDS: [(f64, f64); 3] = [(1e-3, 1e5), (1e-3, 1e5), (1e-6, 1e9)];

/// This many customers make a sum of their own, so that it does not depend on threads.
const CHUNK: usize = 2048;

/// The parameters that make some means most likely, with the mean of all; `None` where nobody has one.
pub fn fit(all: &[Spent]) -> Option<Optimum<3>> {
    let mut sorted = all.to_vec();
    sorted.par_sort_unstable_by(|x, y| x.repeats.cmp(&y.repeats).then(x.mean.total_cmp(&y.mean)));
    let scale = sorted.iter().map(|s| s.mean).sum::<f64>() / sorted.len() as f64;
    if sorted.is_empty() || !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    sorted.iter_mut().for_each(|s| s.mean /= scale);
    let logs: f64 = sorted.iter().map(|s| libm::log(s.mean)).sum();
    let likelihood = |p: &[f64; 3]| log_likelihood(&sorted, logs, p);
    let mut best: Option<Optimum<3>> = None;
    for (p, q) in [(5.0, 4.0), (1.0, 2.0), (50.0, 50.0), (2.0, 0.8)] {
        let found = maximise(likelihood, [p, q, (q - 1.0f64).max(0.3) / p], BOUNDS);
        let sound = found.converged && found.bound == [None; 3];
        if best.as_ref().is_none_or(|known| found.value > known.value + 1e-9) {
            best = Some(found);
        }
        if sound {
            break;
        }
    }
    best.map(|mut found| {
        // Back to money: γ grows with the unit, the density of a mean falls with it.
        found.at[2] *= scale;
        found.errors[2] = found.errors[2].map(|e| e * scale);
        found.value -= sorted.len() as f64 * libm::log(scale);
        found
    })
}

/// The log-likelihood of some means, with its derivatives by p, q and γ; `logs` is the sum of the logarithms of the means.
fn log_likelihood(all: &[Spent], logs: f64, &[p, q, gamma]: &[f64; 3]) -> Point<3> {
    let mut out = Point::ZERO;
    let scale = libm::log(gamma);
    // What depends on the number of repeats alone is worked out once for each number.
    for same in all.chunk_by(|x, y| x.repeats == y.repeats) {
        let (n, x) = (same.len() as f64, f64::from(same[0].repeats));
        let (shape, all) = (p * x, p * x + q);
        let mut part = Point::ZERO;
        part.value = ln_gamma(all) - ln_gamma(shape) - ln_gamma(q) + q * scale + shape * libm::log(x);
        let (d_all, d_shape, d_q) = (digamma(all), digamma(shape), digamma(q));
        let (t_all, t_shape, t_q) = (trigamma(all), trigamma(shape), trigamma(q));
        part.gradient = [x * (d_all - d_shape + libm::log(x)), d_all - d_q + scale, q / gamma];
        part.hessian = [
            [x * x * (t_all - t_shape), x * t_all, 0.0],
            [x * t_all, t_all - t_q, 1.0 / gamma],
            [0.0, 1.0 / gamma, -q / (gamma * gamma)],
        ];
        out.add(&part, n);
        let sums: Vec<[f64; 4]> = same.par_chunks(CHUNK).map(|chunk| of_means(chunk, x, gamma)).collect();
        let mut sum = [0.0; 4];
        sums.iter().for_each(|s| (0..4).for_each(|i| sum[i] += s[i]));
        let [log, inverse, square, own] = sum;
        // (p x − 1) ln z − (p x + q) ln (γ + x z)
        out.value += shape * own - all * log;
        out.gradient[0] += x * (own - log);
        out.gradient[1] -= log;
        out.gradient[2] -= all * inverse;
        out.hessian[0][2] -= x * inverse;
        out.hessian[2][0] -= x * inverse;
        out.hessian[1][2] -= inverse;
        out.hessian[2][1] -= inverse;
        out.hessian[2][2] += all * square;
    }
    out.value -= logs;
    out
}

/// Sums over customers of as many repeats: ln (γ + x z), its inverse and square, ln z.
fn of_means(all: &[Spent], x: f64, gamma: f64) -> [f64; 4] {
    let mut sum = [0.0; 4];
    for s in all {
        let whole = gamma + x * s.mean;
        let inverse = 1.0 / whole;
        sum[0] += libm::log(whole);
        sum[1] += inverse;
        sum[2] += inverse * inverse;
        sum[3] += libm::log(s.mean);
    }
    sum
}

impl Spending {
    /// The parameters of an optimum.
    pub fn of(found: &Optimum<3>) -> Spending {
        let [p, q, gamma] = found.at;
        Spending { p, q, gamma }
    }

    /// What all customers spend on an order day in the mean; `None` where they differ so much that there is no mean (q ≤ 1).
    pub fn mean(&self) -> Option<f64> {
        let mean = self.p * self.gamma / (self.q - 1.0);
        (self.q > 1.0 && mean.is_finite()).then_some(mean)
    }

    /// What a customer is expected to spend on an order day: its own mean, drawn towards that of all the more the fewer repeats
    /// there are; `None` for one without repeats where there is no mean of all.
    pub fn expected(&self, own: Option<&Spent>) -> Option<f64> {
        let Some(own) = own else { return self.mean() };
        let x = f64::from(own.repeats);
        let all = self.p * x + self.q - 1.0;
        let expected = self.p * (self.gamma + x * own.mean) / all;
        // Without a mean of all there is nothing to be drawn to.
        Some(if self.q > 1.0 && expected.is_finite() { expected } else { own.mean })
    }
}

/// What the parameters say of all customers where one of them ran to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A customer spends the same each time.
    SpendsTheSame,
    /// All customers spend alike.
    SpendAlike,
    /// They differ so much that there is no mean.
    NoMean,
}

/// What a fit says where the optimum lies at an edge.
pub fn edges(found: &Optimum<3>) -> Vec<Edge> {
    let mut out = Vec::new();
    if found.bound[0] == Some(Side::Upper) {
        out.push(Edge::SpendsTheSame);
    }
    if found.bound[1] == Some(Side::Upper) || found.bound[2] == Some(Side::Upper) {
        out.push(Edge::SpendAlike);
    }
    if Spending::of(found).mean().is_none() {
        out.push(Edge::NoMean);
    }
    out
}
