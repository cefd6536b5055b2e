//! Findings over the whole directory.
