//! The company itself: the keys above all sections, `[customers]` and `[ledgers]`. What they are turned into is in
//! [`Settings`](super::Settings).

use super::values::Key;
use serde::{Deserialize, Serialize};

/// The newest format that this program reads.
pub const FORMAT: i64 = 1;

/// Keys of the company.
pub(super) const TOP: &[Key] = &[
    ("format", "integer"),
    ("name", "text"),
    ("currency", "currency"),
    ("timezone", "timezone"),
    ("language", "zh-CN | en"),
    ("week_start", "weekday"),
    ("fiscal_year_start", "month"),
];

/// Currency of a file that names none.
pub(super) fn cny() -> String {
    "CNY".into()
}

/// Time zone of a file that names none.
pub(super) fn shanghai() -> String {
    "Asia/Shanghai".into()
}

/// Keys of `[customers]` and `[ledgers]`.
pub(super) const LAYOUTS: &[Key] =
    &[("customers.layout", "flat | initial | hash"), ("ledgers.layout", "author-year | year")];

/// `[customers]` and `[ledgers]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct LayoutSetting {
    /// Name of the layout.
    #[serde(default)]
    pub layout: String,
}

/// How customer files are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum CustomerLayout {
    /// `customers/<id>.toml`
    Flat,
    /// `customers/<first character>/<id>.toml`
    #[default]
    Initial,
    /// `customers/<two hex digits>/<id>.toml`
    Hash,
}

/// Which file new rows go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum LedgerLayout {
    /// `<year>-<author>.csv`
    #[default]
    AuthorYear,
    /// `<year>.csv`
    Year,
}
