//! Bars of text: one figure as a bar, a series as a line of small columns.

use crate::model::money::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A horizontal bar of at most `cells` cells, in eighths, for `value` between 0 and `max`.
///
/// A positive value shows at least the thinnest bar; nothing is drawn for values of zero and below.
pub fn bar(value: Decimal, max: Decimal, cells: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if value <= Decimal::ZERO || max <= Decimal::ZERO || cells == 0 {
        return String::new();
    }
    let eighths = scaled(value.min(max), max, cells.saturating_mul(8)).max(1);
    "█".repeat(eighths / 8) + PARTS[eighths % 8]
}

/// One column for each value, from the least (`▁`) to the greatest (`█`); a space where the value is unknown.
pub fn spark(values: &[Option<Decimal>]) -> String {
    const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let known = || values.iter().flatten().copied();
    // From zero when nothing is negative, so that columns compare as bars do.
    let low = known().min().unwrap_or_default().min(Decimal::ZERO);
    let range = known().max().and_then(|high| high.checked_sub(low)).unwrap_or_default();
    let column = |v: Decimal| match v.checked_sub(low) {
        Some(above) if range > Decimal::ZERO => COLUMNS[scaled(above, range, 7).min(7)],
        _ => COLUMNS[0],
    };
    values.iter().map(|v| v.map_or(' ', column)).collect()
}

/// `value ÷ of × steps`, rounded; 0 when it cannot be computed.
fn scaled(value: Decimal, of: Decimal, steps: usize) -> usize {
    let part = value.checked_div(of).and_then(|p| p.checked_mul(Decimal::from(steps)));
    part.and_then(|p| crate::model::money::round(p, 0).to_usize()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{bar, spark};
    use crate::model::money::Decimal;

    #[test]
    fn bars() {
        let check = |value: i64, max: i64, cells, expected: &str| {
            assert_eq!(bar(Decimal::from(value), Decimal::from(max), cells), expected, "{value}/{max}");
        };
        check(100, 100, 4, "████");
        check(50, 100, 4, "██");
        check(1, 1000, 4, "▏");
        check(30, 100, 4, "█▎");
        check(200, 100, 4, "████");
        check(0, 100, 4, "");
        check(-5, 100, 4, "");
        check(5, 0, 4, "");
        check(5, 10, 0, "");
        assert_eq!(bar(Decimal::MAX, Decimal::MAX, 2), "██");
    }

    #[test]
    fn sparks() {
        let check = |values: &[Option<i64>], expected: &str| {
            let values: Vec<_> = values.iter().map(|v| v.map(Decimal::from)).collect();
            assert_eq!(spark(&values), expected, "{values:?}");
        };
        check(&[Some(0), Some(1), Some(2), Some(7)], "▁▂▃█");
        check(&[Some(5), None, Some(10)], "▅ █");
        check(&[Some(-7), Some(0)], "▁█");
        check(&[Some(0), Some(0)], "▁▁");
        check(&[], "");
        assert_eq!(spark(&[Some(Decimal::MIN), Some(Decimal::MAX)]), "▁▁");
    }
}
