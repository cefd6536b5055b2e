//! The kehu command.

fn main() {}
