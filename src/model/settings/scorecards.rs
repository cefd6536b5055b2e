//! `[scorecards]` (R5): weighted metrics and the bands of their score.

use super::values::{Exact, Key, span};
use crate::model::day::Span;
use crate::model::money::Decimal;
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[scorecards]`.
pub(super) const SCORECARDS: &[Key] = &[
    ("scorecards.*.window", "span"),
    ("scorecards.*.min_coverage", "fraction"),
    ("scorecards.*.margin_to_change", "points"),
    ("scorecards.*.review_every", "span"),
    ("scorecards.*.indicators[].metric", "metric"),
    ("scorecards.*.indicators[].weight", "number"),
    ("scorecards.*.indicators[].scale", "points | steps | percentile"),
    ("scorecards.*.indicators[].better", "higher | lower"),
    ("scorecards.*.indicators[].points", "list of [value, score]"),
    ("scorecards.*.bands.*", "number"),
];

/// `[scorecards.<id>]` (R5).
#[derive(Debug, Clone, Deserialize)]
pub struct Scorecard {
    /// Time the metrics look back.
    #[serde(default, deserialize_with = "span")]
    pub window: Option<Span>,
    /// Share of the weight that must have data.
    pub min_coverage: Option<Exact>,
    /// Points by which a band must be passed.
    pub margin_to_change: Option<Exact>,
    /// Reminds when the last grading is older.
    #[serde(default, deserialize_with = "span")]
    pub review_every: Option<Span>,
    /// The weighted metrics.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// Band → lowest score, highest band first.
    #[serde(default)]
    pub bands: IndexMap<String, Exact>,
}

/// An indicator of a scorecard (R5).
#[derive(Debug, Clone, Deserialize)]
pub struct Indicator {
    /// A metric of the registry.
    pub metric: String,
    /// Weight; a scorecard's weights sum to 100.
    pub weight: Exact,
    /// `points`, `steps` or `percentile`.
    pub scale: String,
    /// `higher` (default) or `lower`: which raw value is better, for `percentile`.
    pub better: Option<String>,
    /// `[[raw, score], …]` for `points` and `steps`.
    #[serde(default)]
    pub points: Vec<(Exact, Exact)>,
}

impl Scorecard {
    /// Share of the weight that must have data (R5).
    pub fn least_coverage(&self) -> Decimal {
        self.min_coverage.map_or(Decimal::new(6, 1), |c| c.0)
    }
    /// Points by which a band's border must be passed (R5).
    pub fn margin(&self) -> Decimal {
        self.margin_to_change.map_or(Decimal::TWO, |m| m.0)
    }
}
