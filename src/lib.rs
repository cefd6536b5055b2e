//! kehu (客户): a customer-relationship manager whose database is a directory of plain files.

pub mod diag;
pub mod i18n;
pub mod metrics;
pub mod model;
pub mod output;
pub mod query;
pub mod report;
pub mod rules;
pub mod store;
