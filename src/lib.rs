//! kehu (客户): a customer-relationship manager whose database is a directory of plain files.

pub mod demo;
pub mod diag;
pub mod i18n;
pub mod model;
pub mod query;
pub mod report;
