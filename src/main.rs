//! The kehu command.

use std::process::ExitCode;

// Large data sets are many large tables: mimalloc asks the system for them in large pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kehu::cli::main()
}
