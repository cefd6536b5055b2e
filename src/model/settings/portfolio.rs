//! How customers are divided: `[rfm]`, `[abc]`, `[prune]`; and what goes together in orders: `[basket]`.

use super::values::{Exact, Key, span};
use crate::model::day::Span;
use crate::model::money::Decimal;
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[rfm]`.
pub(super) const RFM: &[Key] = &[
    ("rfm.window", "span"),
    ("rfm.fixed_below", "integer"),
    ("rfm.recency", "list of integers"),
    ("rfm.frequency", "list of integers"),
    ("rfm.monetary", "list of numbers"),
];

/// `[rfm]`: recency, frequency and money (R9).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Rfm {
    /// The days that count, up to today.
    #[serde(default, deserialize_with = "span")]
    pub window: Option<Span>,
    /// With fewer customers the bands below count, and no ranks.
    pub fixed_below: Option<u32>,
    /// Days since the last order up to which a customer has 5, 4, 3, 2 points.
    pub recency: Option<[u32; 4]>,
    /// Order days from which on it has 2, 3, 4, 5 points.
    pub frequency: Option<[u32; 4]>,
    /// Net from which on it has 2, 3, 4, 5 points, in the base currency.
    pub monetary: Option<[Exact; 4]>,
}

impl Rfm {
    /// The days that count, up to today.
    pub fn window(&self) -> Span {
        self.window.unwrap_or(Span::Months(24))
    }
    /// With fewer customers fixed bands count.
    pub fn fixed_below(&self) -> usize {
        self.fixed_below.unwrap_or(25) as usize
    }
    /// Days since the last order up to which a customer has 5, 4, 3, 2 points, rising.
    pub fn recency(&self) -> [i64; 4] {
        sorted(self.recency.unwrap_or([30, 90, 180, 365]).map(i64::from))
    }
    /// Order days from which on it has 2, 3, 4, 5 points, rising.
    pub fn frequency(&self) -> [i64; 4] {
        sorted(self.frequency.unwrap_or([2, 4, 8, 16]).map(i64::from))
    }
    /// Net from which on it has 2, 3, 4, 5 points, rising.
    pub fn monetary(&self) -> [Decimal; 4] {
        let usual = [10_000, 50_000, 200_000, 500_000].map(Decimal::from);
        sorted(self.monetary.map_or(usual, |set| set.map(|n| n.0)))
    }
}

fn sorted<T: Ord>(mut bands: [T; 4]) -> [T; 4] {
    bands.sort();
    bands
}

/// Keys of `[abc]`.
pub(super) const ABC: &[Key] = &[("abc.classes.*", "fraction")];

/// `[abc]`: classes by cumulative share.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Abc {
    /// Up to which cumulative share each class reaches.
    #[serde(default)]
    pub classes: IndexMap<String, Exact>,
}

impl Abc {
    /// The classes, each with the cumulative share up to which it reaches, rising.
    pub fn classes(&self) -> Vec<(String, Decimal)> {
        let usual = [("A", 80), ("B", 95), ("C", 100)];
        let mut classes: Vec<(String, Decimal)> = match self.classes.is_empty() {
            true => usual.map(|(name, share)| (name.to_string(), Decimal::new(share, 2))).to_vec(),
            false => self.classes.iter().map(|(name, share)| (name.clone(), share.0)).collect(),
        };
        classes.sort_by_key(|(_, share)| *share);
        classes
    }
}

/// Keys of `[prune]`.
pub(super) const PRUNE: &[Key] =
    &[("prune.late_days", "number"), ("prune.small_share", "fraction"), ("prune.overdue_days", "days")];

/// `[prune]`: customers that cost more than they bring (R6).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Prune {
    /// A slow payer pays so many days late on average, or later.
    pub late_days: Option<Exact>,
    /// Small are those who together make up the last so large share of the revenue.
    pub small_share: Option<Exact>,
    /// A risky payer owes something for more than so many days after it was due.
    pub overdue_days: Option<u32>,
}

impl Prune {
    /// A slow payer pays so many days late on average, or later.
    pub fn late_days(&self) -> Decimal {
        self.late_days.map_or(Decimal::from(30), |d| d.0)
    }
    /// Small are those who together make up the last so large share of the revenue.
    pub fn small_share(&self) -> Decimal {
        self.small_share.map_or(Decimal::new(5, 2), |s| s.0)
    }
    /// A risky payer owes something for more than so many days after it was due.
    pub fn overdue_days(&self) -> i64 {
        i64::from(self.overdue_days.unwrap_or(90))
    }
}

/// Keys of `[basket]`.
pub(super) const BASKET: &[Key] = &[
    ("basket.min_orders", "integer"),
    ("basket.max_products", "integer"),
    ("basket.min_peers", "integer"),
    ("basket.peer_share", "fraction"),
];

/// `[basket]`: what is bought together, and what a customer lacks that others like it buy.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Basket {
    /// Two products go together from so many common orders on.
    pub min_orders: Option<u32>,
    /// Orders with more different products tell nothing, and do not count.
    pub max_products: Option<u32>,
    /// So many like customers buy a product before one who does not is told of.
    pub min_peers: Option<u32>,
    /// And so large a share of them buys the other product.
    pub peer_share: Option<Exact>,
}

impl Basket {
    /// Two products go together from so many common orders on.
    pub fn min_orders(&self) -> u32 {
        self.min_orders.unwrap_or(3).max(1)
    }
    /// Orders with more different products tell nothing, and do not count.
    pub fn max_products(&self) -> usize {
        self.max_products.unwrap_or(50).clamp(2, 1000) as usize
    }
    /// So many like customers buy a product before one who does not is told of.
    pub fn min_peers(&self) -> usize {
        self.min_peers.unwrap_or(5).max(1) as usize
    }
    /// And so large a share of them buys the other product.
    pub fn peer_share(&self) -> Decimal {
        self.peer_share.map_or(Decimal::new(5, 1), |s| s.0)
    }
}
