//! kehu (客户): a customer-relationship manager whose database is a directory of plain files.
//!
//! The layers, each importing only those above it in this list (a test holds them apart):
//!
//! - [`diag`] what can be wrong, as data
//! - [`model`] the nouns: customers, ledgers, settings, days, money, changes; [`model::book::Book`] is all that was read
//! - [`rules`] the business; [`metrics`] per-customer figures over it; [`query`] filters and periods; [`i18n`] every word
//!   people read; [`store`] the directory on disk, the only code that opens data files
//! - [`check`] findings over the whole directory; [`report`] facts as neutral documents; [`demo`] the sample company
//! - [`output`] documents and findings in every format
//! - [`cli`] commands, arguments, environment, clock, terminal

pub mod check;
pub mod cli;
pub mod demo;
pub mod diag;
pub mod exchange;
pub mod i18n;
pub mod metrics;
pub mod model;
pub mod output;
pub mod query;
pub mod report;
pub mod rules;
pub mod store;
