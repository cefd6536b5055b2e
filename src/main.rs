//! The kehu command.

use std::process::ExitCode;

fn main() -> ExitCode {
    kehu::cli::main()
}
