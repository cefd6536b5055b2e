//! Handing a mail to the system's `sendmail`. Which program that is says the environment, never the data directory.

use super::context::{Context, Result};
use super::env;
use super::error::{CliError, Exit};
use crate::i18n::messages as m;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where it is unless `KEHU_SENDMAIL` says otherwise.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// The program: outside the data directory, and named in full.
fn program(ctx: &Context) -> Result<PathBuf> {
    let path = PathBuf::from(env::var(env::SENDMAIL).unwrap_or_else(|| SENDMAIL.into()));
    let real = |p: &Path| std::fs::canonicalize(p).unwrap_or_else(|_| p.to_path_buf());
    if !path.is_absolute() || real(&path).starts_with(real(&ctx.root)) {
        return Err(CliError::usage(m::sendmail_path(ctx.lang(), path.display())));
    }
    Ok(path)
}

/// Sends a mail to those whom its headers name.
pub(crate) fn post(ctx: &Context, mail: &[u8]) -> Result<()> {
    let lang = ctx.lang();
    let program = program(ctx)?;
    let failed = |why: String| {
        let e = CliError::new(Exit::Io, m::sendmail_failed(lang, program.display(), why));
        e.hint(m::hint_sendmail(lang)).hint(m::nothing_written(lang))
    };
    let mut command = Command::new(&program);
    command.args(["-i", "-t"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
    // It takes mails with the line ends of its system.
    let text: Vec<u8> = mail.iter().copied().filter(|b| *b != b'\r').collect();
    let pipe = child.stdin.take();
    let writer = std::thread::spawn(move || pipe.map_or(Ok(()), |mut pipe| pipe.write_all(&text)));
    let out = child.wait_with_output().map_err(|e| failed(e.to_string()))?;
    let written = writer.join().unwrap_or(Ok(()));
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        let said = said.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
        let code = out.status.code().map_or_else(|| out.status.to_string(), |n| n.to_string());
        return Err(failed(if said.is_empty() { code } else { format!("{code}, {said}") }));
    }
    written.map_err(|e| failed(e.to_string()))
}

/// A random left part of a Message-ID.
pub(crate) fn post_id(ctx: &Context) -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| CliError::new(Exit::Io, m::io_error(ctx.lang(), "random numbers", e)))?;
    Ok(format!("kehu.{:032x}", u128::from_le_bytes(bytes)))
}
