//! R6: the margin that lines must keep.

use crate::model::money::Decimal;
use crate::model::settings::Settings;

/// The lowest margin without approval of a customer's lines, as a fraction: its grade's; a first order may go down to cost.
/// `None` where kehu.toml says none for the grade.
pub fn line_floor(settings: &Settings, grade: &str, first: bool) -> Option<Decimal> {
    let floor = settings.file.grades.get(grade)?.margin_floor.as_ref()?.0;
    Some(if first { floor.min(Decimal::ZERO) } else { floor })
}
