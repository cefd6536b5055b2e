//! The only place that prints and asks.

use super::error::CliError;
use crate::diag::{Diagnostic, Severity};
use crate::exchange::Outside;
use crate::i18n::{Lang, messages as m, problem};
use crate::output::snippet::{Finding, finding};
use crate::output::wrap::wrapped;
use crate::output::{Format, Later, Style, pieces};
use crate::report::document::Document;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// How many findings are printed before the rest is only counted.
const SHOWN: usize = 20;

/// Where and how answers are printed.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    pub(crate) lang: Lang,
    pub(crate) format: Format,
    /// The format of other programs that was asked for instead; only `export` has any.
    pub(crate) outside: Option<Outside>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) color: bool,
    pub(crate) color_err: bool,
    pub(crate) width: Option<usize>,
    pub(crate) width_err: Option<usize>,
    pub(crate) scale: Option<crate::model::money::Decimal>,
    pub(crate) columns: bool,
}

/// Blanks in front of the further lines of a message that is wrapped.
const INDENT: usize = 2;

/// Cells of a line of stderr; `None` when it is no terminal.
pub(crate) fn stderr_width() -> Option<usize> {
    let size = || terminal_size::terminal_size_of(io::stderr()).map_or(80, |(w, _)| usize::from(w.0));
    io::stderr().is_terminal().then(size)
}

/// A message for stderr: without control characters, its lines broken between words.
pub(crate) fn for_stderr(text: &str, width: Option<usize>) -> String {
    wrapped(&crate::output::sanitize::clean_lines(text), width, INDENT)
}

/// Whether the reader went away (`| head`): not an error.
fn is_gone(e: &io::Error) -> bool {
    e.kind() == io::ErrorKind::BrokenPipe
}

/// Shows on a terminal that something is going on, once it has taken a second; gone when dropped.
pub(crate) struct Busy {
    stop: std::sync::mpsc::Sender<()>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Busy {
    fn start(what: String) -> Busy {
        let (stop, stopped) = std::sync::mpsc::channel();
        let spin = move || {
            let timeout = std::sync::mpsc::RecvTimeoutError::Timeout;
            if stopped.recv_timeout(std::time::Duration::from_secs(1)) != Err(timeout) {
                return;
            }
            let bar = indicatif::ProgressBar::new_spinner();
            bar.set_message(what);
            while stopped.recv_timeout(std::time::Duration::from_millis(100)) == Err(timeout) {
                bar.tick();
            }
            bar.finish_and_clear();
        };
        // Without a thread nobody is told that something is going on.
        Busy { stop, thread: std::thread::Builder::new().spawn(spin).ok() }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // The thread may have ended by itself.
        let _ = self.stop.send(());
        if let Some(t) = self.thread.take() {
            let _ = t.join();
        }
    }
}

impl Ui {
    /// Tells on a terminal that this takes its time, if it takes longer than a second.
    pub(crate) fn busy(&self, what: String) -> Option<Busy> {
        (!self.quiet && io::stderr().is_terminal()).then(|| Busy::start(what))
    }

    fn style(&self, tz: crate::model::zone::Zone) -> Style {
        let to_file = self.output.is_some();
        Style {
            format: self.format,
            lang: self.lang,
            width: if to_file { None } else { self.width },
            color: self.color && !to_file,
            tz,
            scale: self.scale,
            columns: self.columns,
        }
    }

    /// Prints a table as its rows are made, to stdout or to `-o`.
    pub(crate) fn later(&self, later: Later<'_>, tz: crate::model::zone::Zone) -> Result<(), CliError> {
        let style = self.style(tz);
        if self.format == Format::Xlsx {
            return self.document(&later.whole(), tz);
        }
        if self.output.is_some() {
            let mut text = String::new();
            let put = &mut |piece: &str| {
                text.push_str(piece);
                Ok::<(), CliError>(())
            };
            later.each_piece(&style, put)?;
            return self.text(&text);
        }
        let mut out = io::stdout().lock();
        let written = later.each_piece(&style, &mut |piece| out.write_all(piece.as_bytes()));
        self.written(written.and_then(|()| out.flush()))
    }

    /// Prints an answer, to stdout or to `-o`.
    pub(crate) fn document(&self, doc: &Document, tz: crate::model::zone::Zone) -> Result<(), CliError> {
        if self.format == Format::Xlsx {
            return self.workbook(doc, tz);
        }
        let pieces = pieces(doc, &self.style(tz));
        if self.output.is_some() {
            return self.text(&pieces.concat());
        }
        let mut out = io::stdout().lock();
        let written = pieces.iter().try_for_each(|p| out.write_all(p.as_bytes())).and_then(|()| out.flush());
        self.written(written)
    }

    /// Writes an answer as a workbook. It is no text, so that it needs a file.
    fn workbook(&self, doc: &Document, tz: crate::model::zone::Zone) -> Result<(), CliError> {
        let Some(path) = &self.output else {
            return Err(CliError::usage(m::xlsx_needs_file(self.lang)).hint(m::hint_xlsx(self.lang)));
        };
        let bytes = crate::output::xlsx::bytes(doc, &self.style(tz))
            .map_err(|e| CliError::new(super::error::Exit::Data, m::xlsx_failed(self.lang, e)))?;
        crate::store::write_atomically(path, &bytes).map_err(|e| super::error::store_error(self.lang, &e))
    }

    /// What came of writing to stdout; a reader that went away ends it quietly.
    fn written(&self, result: io::Result<()>) -> Result<(), CliError> {
        let result = result.or_else(|e| if is_gone(&e) { Ok(()) } else { Err(e) });
        result.map_err(|e| CliError::new(super::error::Exit::Io, m::io_error(self.lang, "stdout", e)))
    }

    /// Prints text as the answer, to stdout or to `-o`.
    pub(crate) fn text(&self, text: &str) -> Result<(), CliError> {
        match &self.output {
            Some(path) => crate::store::write_atomically(path, text.as_bytes())
                .map_err(|e| super::error::store_error(self.lang, &e)),
            None => self.written(self.stdout(text)),
        }
    }

    /// Writes to stdout; a reader that went away ends it quietly.
    pub(crate) fn stdout(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if !is_gone(&e) => Err(e),
            _ => Ok(()),
        }
    }

    /// One line for a thing that was changed. The change is made by now: a line that cannot be printed is no failure.
    pub(crate) fn done(&self, lines: &[String]) {
        let text: String = lines.iter().map(|l| format!("{}\n", crate::output::sanitize::clean(l))).collect();
        if let Err(e) = self.stdout(&text) {
            self.warn(&m::output_failed(self.lang, e));
        }
    }

    /// A line on stderr.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.stderr(text);
        }
    }

    /// A warning on stderr, also with -q.
    pub(crate) fn warn(&self, text: &str) {
        let word = problem::severity(self.lang, Severity::Warning);
        self.stderr(&m::labelled(self.lang, word, text));
    }

    fn stderr(&self, text: &str) {
        // Nothing can be done about a stderr that does not take text.
        let _ = writeln!(io::stderr().lock(), "{}", for_stderr(text, self.width_err));
    }

    fn stderr_raw(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// The words and place of a finding.
    pub(crate) fn finding(&self, d: &Diagnostic) -> Finding {
        let (what, mend) = problem::words(self.lang, d);
        Finding {
            code: d.code.id().to_string(),
            severity: d.severity(),
            place: d.place.clone(),
            what,
            mend: Some(mend),
        }
    }

    /// Findings as rustc prints them.
    pub(crate) fn findings(&self, list: &[Diagnostic], color: bool, all: bool) -> String {
        let shown = if all { list.len() } else { list.len().min(SHOWN) };
        let mut out = String::new();
        for d in &list[..shown] {
            out.push_str(&finding(&self.finding(d), self.lang, color, self.width_err));
            out.push('\n');
        }
        if shown < list.len() {
            out.push_str(&m::more_findings(self.lang, list.len() - shown));
            out.push('\n');
        }
        out
    }

    /// Findings on stderr.
    pub(crate) fn diagnostics(&self, list: &[Diagnostic]) {
        self.stderr_raw(&self.findings(list, self.color_err, false));
    }

    /// An error on stderr: findings first, then the message and its hints.
    pub(crate) fn error(&self, e: &CliError) {
        self.diagnostics(&e.diagnostics);
        if !e.message.is_empty() {
            let word = problem::severity(self.lang, Severity::Error);
            self.stderr(&m::labelled(self.lang, word, &e.message));
        }
        for h in &e.hints {
            self.stderr(&m::labelled(self.lang, self.lang.pick("hint", "提示"), h));
        }
    }

    /// Whether somebody can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks on the terminal; `None` off a terminal, or for an empty answer.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        if !self.can_ask() {
            return None;
        }
        self.stderr_raw(question);
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok()?;
        let line = line.trim().to_string();
        (!line.is_empty()).then_some(line)
    }

    /// The lines of stdin.
    pub(crate) fn stdin_lines(&self) -> Result<Vec<String>, CliError> {
        let lines = io::stdin().lock().lines().map(|l| l.map(|l| l.trim().to_string()));
        let lines = lines.filter(|l| !l.as_ref().is_ok_and(String::is_empty)).collect::<io::Result<_>>();
        lines.map_err(|e| CliError::new(super::error::Exit::Io, m::io_error(self.lang, "stdin", e)))
    }
}
