//! Filter terms and periods: parse and evaluate.
