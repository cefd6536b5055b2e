//! This remembers what could not be read. No check concludes anything from its absence: one mistake gives one finding,
//! and `--fix` never decides on half of the facts.

use crate::diag::{Code, Diagnostic, Severity};
use crate::model::ledger::Ledger;
use crate::store::load::{SETTINGS, TEAM};
use std::collections::{HashMap, HashSet};

/// Files, rows and lines with findings.
#[derive(Debug, Default)]
pub struct Doubt {
    /// TOML files that could not be read, or not to the end.
    files: HashSet<String>,
    /// The customers of such files.
    customers: HashSet<String>,
    /// Lines with an error.
    lines: HashSet<(String, u32)>,
    /// Ledgers that lack a whole file, or a column that identifies rows.
    ledgers: HashSet<Ledger>,
    /// Whether the ladder of stages in kehu.toml has mistakes.
    stages: bool,
    /// The text of the lines with an error.
    texts: HashMap<Ledger, Vec<String>>,
}

impl Doubt {
    /// From the findings of the reading.
    pub fn new(found: &[Diagnostic]) -> Doubt {
        let mut doubt = Doubt::default();
        for d in found.iter().filter(|d| d.severity() == Severity::Error) {
            let file = d.place.file.as_str();
            doubt.stages |= file == SETTINGS && (d.code == Code::UnknownStage || d.arg(0).starts_with("stages["));
            doubt.lines.insert((file.to_string(), d.place.line));
            let ledger = file.strip_prefix("ledgers/").and_then(|rest| Ledger::parse(rest.split('/').next()?));
            if let Some(l) = ledger {
                let text = d.code != Code::TooLarge && is_unread(d.code);
                if d.place.line == 0 || d.code == Code::MissingColumn || text {
                    doubt.ledgers.insert(l);
                }
                doubt.texts.entry(l).or_default().extend(d.place.text.clone());
            } else if is_unread(d.code) {
                doubt.files.insert(file.to_string());
                if file.starts_with("customers/") && file.ends_with(".toml") {
                    let name = file.rsplit('/').next().unwrap_or(file);
                    doubt.customers.insert(name.strip_suffix(".toml").unwrap_or(name).to_string());
                }
            }
        }
        doubt
    }

    /// Whether the file could not be read, or not to the end.
    pub(super) fn file(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// Whether team.toml could not be read to the end.
    pub fn team(&self) -> bool {
        self.file(TEAM)
    }

    /// Whether the ladder of stages is not what it was meant to be.
    pub(super) fn stages(&self) -> bool {
        self.stages
    }

    /// Whether there is a file for this customer that could not be read, or not to the end.
    pub(super) fn customer(&self, id: &str) -> bool {
        self.customers.contains(id)
    }

    /// Whether something is wrong on a line already.
    pub(super) fn line(&self, file: &str, line: u32) -> bool {
        line > 0 && self.lines.contains(&(file.to_string(), line))
    }

    /// Whether a row that could not be read may be about this id.
    pub(super) fn row(&self, ledger: Ledger, id: &str) -> bool {
        self.ledgers.contains(&ledger)
            || self.texts.get(&ledger).is_some_and(|texts| texts.iter().any(|t| t.contains(id)))
    }

    /// Whether a decision of a customer cannot be judged: its line in the file or one of its events could not be read.
    pub(super) fn decision(&self, c: &crate::model::customer::Customer, name: &str) -> bool {
        // A stage that is missing is a finding of its own.
        let missing = name == "stage" && c.stage.is_empty();
        missing || self.file(c.file) || self.line(c.file, c.line_of(name)) || self.row(Ledger::Events, c.id)
    }
}

/// Findings after which a file's content, or a part of it, is unknown.
fn is_unread(code: Code) -> bool {
    use Code as C;
    matches!(
        code,
        C::NotUtf8
            | C::NulByte
            | C::ConflictMarkers
            | C::TooLarge
            | C::TomlSyntax
            | C::LinkLeadsOut
            | C::UnreadableFile
    )
}
