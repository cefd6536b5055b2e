//! The functions of real numbers that likelihoods are made of. They come from libm, so that every machine gives the same digits.

/// ln Γ(x), for x > 0.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// From where on the asymptotic series of the two functions below are exact to the last digits.
const FAR: f64 = 10.0;

/// The derivative of ln Γ, for x > 0.
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut out = 0.0;
    while x < FAR {
        out -= 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y * (1.0 / 132.0)))));
    out + libm::log(x) - 0.5 / x - series
}

/// The second derivative of ln Γ, for x > 0.
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut out = 0.0;
    while x < FAR {
        out += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * (5.0 / 66.0)))));
    out + 1.0 / x + 0.5 * y + series / x
}

/// ln(1 + eˣ), without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

/// 1 / (1 + e⁻ˣ), without overflow.
pub(super) fn logistic(x: f64) -> f64 {
    if x > 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_of_ln_gamma_have_the_values_of_the_tables() {
        let check =
            |ours: f64, table: f64| assert!((ours - table).abs() < 1e-13 * table.abs().max(1.0), "{ours} {table}");
        // Euler's constant, and what the recurrences make of it.
        let euler = 0.577_215_664_901_532_9;
        check(digamma(1.0), -euler);
        check(digamma(0.5), -euler - 2.0 * std::f64::consts::LN_2);
        check(digamma(3.0), 1.5 - euler);
        let sixth = std::f64::consts::PI.powi(2) / 6.0;
        check(trigamma(1.0), sixth);
        check(trigamma(0.5), 3.0 * sixth);
        check(trigamma(3.0), sixth - 1.25);
        check(ln_gamma(5.0), 24f64.ln());
    }

    #[test]
    fn sums_of_exponentials_do_not_overflow() {
        assert_eq!((softplus(800.0), softplus(-800.0)), (800.0, 0.0));
        assert_eq!((logistic(800.0), logistic(-800.0)), (1.0, 0.0));
        assert!((softplus(0.0) - std::f64::consts::LN_2).abs() < 1e-15 && logistic(0.0) == 0.5);
    }
}
