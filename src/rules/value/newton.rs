//! The maximum of a function of a few positive parameters by Newton's method with damping (Levenberg, Marquardt), in their logarithms and
//! between bounds. Where a likelihood has no maximum, a parameter runs to its bound and is said to be there.

/// A function at a point: its value, its gradient, its second derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point<const N: usize> {
    pub(super) value: f64,
    pub(super) gradient: [f64; N],
    pub(super) hessian: [[f64; N]; N],
}

impl<const N: usize> Point<N> {
    pub(super) const ZERO: Point<N> = Point { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    /// Adds another function, so many times.
    pub(super) fn add(&mut self, other: &Point<N>, times: f64) {
        self.value += times * other.value;
        for i in 0..N {
            self.gradient[i] += times * other.gradient[i];
            for j in 0..N {
                self.hessian[i][j] += times * other.hessian[i][j];
            }
        }
    }

    /// The same function of the parameters' logarithms.
    fn in_logs(mut self, parameters: &[f64; N]) -> Point<N> {
        for i in 0..N {
            for j in 0..N {
                self.hessian[i][j] *= parameters[i] * parameters[j];
            }
            self.gradient[i] *= parameters[i];
            self.hessian[i][i] += self.gradient[i];
        }
        self
    }
}

/// Where a function is greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimum<const N: usize> {
    /// The parameters.
    pub at: [f64; N],
    /// The function's value there.
    pub value: f64,
    /// Standard errors by the observed information; `None` of a parameter at its bound, and where the function is flat.
    pub errors: [Option<f64>; N],
    /// Which parameters ran to a bound: below, above.
    pub bound: [Option<Side>; N],
    /// Whether no step leads higher.
    pub converged: bool,
}

/// The side on which a parameter ran to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It vanishes.
    Lower,
    /// It grows without end.
    Upper,
}

/// Steps after which the search is given up.
const MOST_STEPS: usize = 200;
/// Gain of a step, in units of the function, below which none is worth taking.
const GAIN: f64 = 1e-10;
/// Largest change of a parameter's logarithm in a step.
const LONGEST: f64 = 3.0;

/// Looks for the maximum from a start on. `f` gives value and derivatives by the parameters themselves.
pub(super) fn maximise<const N: usize>(
    f: impl Fn(&[f64; N]) -> Point<N>,
    start: [f64; N],
    bounds: [(f64, f64); N],
) -> Optimum<N> {
    let limits = bounds.map(|(low, high)| (libm::log(low), libm::log(high)));
    let within = |theta: [f64; N]| std::array::from_fn::<f64, N, _>(|i| theta[i].clamp(limits[i].0, limits[i].1));
    let ask = |theta: &[f64; N]| {
        let parameters = theta.map(libm::exp);
        f(&parameters).in_logs(&parameters)
    };
    let mut theta = within(start.map(libm::log));
    let mut point = ask(&theta);
    let (mut damping, mut converged) = (0.0, false);
    for _ in 0..MOST_STEPS {
        let free = free(&theta, &point.gradient, &limits);
        let Some(step) = step(&point, &free, damping) else {
            damping = grow(damping);
            continue;
        };
        let gain: f64 = (0..N).map(|i| step[i] * point.gradient[i]).sum();
        let longest = step.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
        let shrink = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        let next = within(std::array::from_fn(|i| theta[i] + shrink * step[i]));
        if gain < GAIN || next == theta {
            converged = damping < 1.0;
            if converged || damping > 1e12 {
                break;
            }
            damping /= 16.0;
            continue;
        }
        let there = ask(&next);
        if there.value.is_finite() && there.value > point.value {
            (theta, point) = (next, there);
            damping = if damping < 1e-6 { 0.0 } else { damping / 8.0 };
        } else if damping > 1e12 {
            // No step is short enough: what is left of the gradient is rounding.
            converged = gain < 1e-4;
            break;
        } else {
            damping = grow(damping);
        }
    }
    let at = theta.map(libm::exp);
    let bound = std::array::from_fn(|i| match theta[i] {
        t if t <= limits[i].0 => Some(Side::Lower),
        t if t >= limits[i].1 => Some(Side::Upper),
        _ => None,
    });
    let errors = errors(&point, &at, &bound.map(|b| b.is_none()));
    Optimum { at, value: point.value, errors, bound, converged }
}

fn grow(damping: f64) -> f64 {
    if damping < 1e-3 { 1e-3 } else { damping * 8.0 }
}

/// The parameters that may move: all but those at a bound beyond which the function grows.
fn free<const N: usize>(theta: &[f64; N], gradient: &[f64; N], limits: &[(f64, f64); N]) -> [bool; N] {
    std::array::from_fn(|i| {
        !(theta[i] <= limits[i].0 && gradient[i] <= 0.0 || theta[i] >= limits[i].1 && gradient[i] >= 0.0)
    })
}

/// The damped step of Newton's method; `None` where the function is not concave enough for it.
fn step<const N: usize>(point: &Point<N>, free: &[bool; N], damping: f64) -> Option<[f64; N]> {
    let mut matrix = [[0.0; N]; N];
    let mut right = [0.0; N];
    for i in 0..N {
        if !free[i] {
            matrix[i][i] = 1.0;
            continue;
        }
        right[i] = point.gradient[i];
        for j in (0..N).filter(|j| free[*j]) {
            matrix[i][j] = -point.hessian[i][j];
        }
        matrix[i][i] += damping * matrix[i][i].abs().max(1e-3);
    }
    let lower = cholesky(&matrix)?;
    Some(solve(&lower, &right))
}

/// Standard errors of the parameters: those of their logarithms times themselves.
fn errors<const N: usize>(point: &Point<N>, at: &[f64; N], free: &[bool; N]) -> [Option<f64>; N] {
    let mut matrix = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..N {
            matrix[i][j] = if free[i] && free[j] { -point.hessian[i][j] } else { f64::from(u8::from(i == j)) };
        }
    }
    let Some(lower) = cholesky(&matrix) else { return [None; N] };
    std::array::from_fn(|i| {
        let unit = std::array::from_fn(|j| f64::from(u8::from(i == j)));
        let error = libm::sqrt(solve(&lower, &unit)[i]) * at[i];
        (free[i] && error.is_finite()).then_some(error)
    })
}

/// The lower triangle whose square a matrix is; `None` where it is not positive definite.
fn cholesky<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut lower = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - sum;
            if i == j {
                // What is so small beside the diagonal is rounding.
                if rest.is_nan() || rest <= 1e-14 * matrix[i][i].abs() {
                    return None;
                }
                lower[i][i] = libm::sqrt(rest);
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}

fn solve<const N: usize>(lower: &[[f64; N]; N], right: &[f64; N]) -> [f64; N] {
    let mut x = *right;
    for i in 0..N {
        for k in 0..i {
            x[i] -= lower[i][k] * x[k];
        }
        x[i] /= lower[i][i];
    }
    for i in (0..N).rev() {
        for k in i + 1..N {
            x[i] -= lower[k][i] * x[k];
        }
        x[i] /= lower[i][i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −(x − 3)² − 2 (y − 5)² + (x − 3)(y − 5), which has its maximum at (3, 5).
    fn hill(p: &[f64; 2]) -> Point<2> {
        let (x, y) = (p[0] - 3.0, p[1] - 5.0);
        Point {
            value: -x * x - 2.0 * y * y + x * y,
            gradient: [-2.0 * x + y, -4.0 * y + x],
            hessian: [[-2.0, 1.0], [1.0, -4.0]],
        }
    }

    #[test]
    fn a_maximum_is_found_with_its_errors() {
        for start in [[0.01, 0.01], [100.0, 0.5], [3.0, 5.0]] {
            let found = maximise(hill, start, [(1e-3, 1e3); 2]);
            assert!(found.converged && found.bound == [None; 2], "{found:?}");
            assert!((found.at[0] - 3.0).abs() < 1e-4 && (found.at[1] - 5.0).abs() < 1e-4, "{found:?}");
            // The inverse of [[2, −1], [−1, 4]] is [[4, 1], [1, 2]] / 7.
            let errors = found.errors.map(Option::unwrap);
            assert!((errors[0] - (4.0f64 / 7.0).sqrt()).abs() < 1e-3, "{errors:?}");
            assert!((errors[1] - (2.0f64 / 7.0).sqrt()).abs() < 1e-3, "{errors:?}");
        }
    }

    #[test]
    fn a_function_without_maximum_ends_at_the_bound() {
        // ln x − y / 100 grows with x, and towards y = 0.
        let f = |p: &[f64; 2]| Point {
            value: p[0].ln() - p[1] / 100.0,
            gradient: [1.0 / p[0], -0.01],
            hessian: [[-1.0 / (p[0] * p[0]), 0.0], [0.0, 0.0]],
        };
        let found = maximise(f, [1.0, 1.0], [(1e-3, 1e3); 2]);
        assert_eq!(found.bound[0], Some(Side::Upper), "{found:?}");
        assert!(found.converged && found.errors[0].is_none(), "{found:?}");
    }
}
