//! The business, one file per rule group: pure functions of a [`crate::model::book::Book`], which carries its own
//! `today`. No files, no clock, no words.

pub mod advance;
pub mod care;
pub mod counting;
pub mod credited;
pub mod deals;
pub mod decisions;
pub mod entry;
pub mod exposure;
pub mod floor;
pub mod followup;
pub mod funnel;
pub mod groups;
pub mod history;
pub mod index;
pub mod key_customers;
pub mod lifecycle;
pub mod once;
pub mod orders;
pub mod placing;
pub mod pricing;
pub mod products;
pub mod profit;
pub mod quotes;
pub mod quoting;
pub mod ranges;
pub mod receivables;
pub mod receiving;
pub mod references;
pub mod refunding;
pub mod requests;
pub mod scorecard;
pub mod terms;
pub mod unjoined;
pub mod visits;
