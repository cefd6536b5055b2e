//! Integration tests, one binary: the program as people and scripts use it.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used)]

mod errors;
mod layers;
#[allow(dead_code)]
mod support;
mod trade;
