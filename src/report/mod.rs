//! Facts become neutral documents: tables of typed cells that every output format prints.

pub mod document;
pub mod fields;
