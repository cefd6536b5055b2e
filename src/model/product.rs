//! Products: what one costs and sells for, from each of its dates on.

use super::Str;
use super::day::Day;
use super::money::Decimal;
use super::place::{RowPlace, typed};

typed! {
    ProductVersion: Products with id,
}

/// A product as it is from `since` on, until its next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductVersion {
    /// Where it stands.
    pub place: RowPlace,
    /// Product id.
    pub id: Str,
    /// First day.
    pub since: Day,
    /// What it is called.
    pub name: Str,
    /// Category.
    pub category: Str,
    /// Unit of quantities.
    pub unit: Str,
    /// List price.
    pub price: Option<Decimal>,
    /// Standard cost.
    pub cost: Option<Decimal>,
    /// Tax rate as a fraction.
    pub tax_rate: Option<Decimal>,
    /// Supplier.
    pub supplier: Str,
    /// `active`, `paused` or `retired`.
    pub status: Str,
}
