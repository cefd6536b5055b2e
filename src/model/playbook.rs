//! Playbooks: what to do for customers of a stage or a value class, and what to watch; one file each in playbooks/.

use super::Str;
use super::day::Span;

/// The folder of playbooks.
pub const FOLDER: &str = "playbooks";

/// The keys of a playbook's file, with the sorts of their values.
pub const PLAYBOOK_KEYS: &[(&str, &str)] = &[
    ("label", "text"),
    ("zh", "text"),
    ("do", "list of texts"),
    ("watch", "list of texts"),
    ("tasks", "list of tables"),
];

/// The keys of a task of a playbook.
pub const TASK_KEYS: &[&str] = &["title", "zh", "kind", "due", "owner", "first_use"];

/// A line of a playbook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// In English, or in the company's only language.
    pub label: Str,
    /// In Chinese; empty = as in English.
    pub zh: Str,
}

/// A task that a playbook makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskLine {
    /// What is to be done, as a ledger's file holds it.
    pub title: Line,
    /// A value of the column `kind` of tasks.
    pub kind: Str,
    /// How long after the day on which it is made it is due.
    pub due: Span,
    /// Team id; empty = the customer's owner.
    pub owner: Str,
    /// Whether the customer uses what it bought when it is done.
    pub first_use: bool,
}

impl TaskLine {
    /// What is to be done, in Chinese where that is asked for and there.
    pub fn title(&self, zh: bool) -> Str {
        match (zh, self.title.label, self.title.zh) {
            (_, label, "") => label,
            (_, "", chinese) | (true, _, chinese) => chinese,
            (false, label, _) => label,
        }
    }
}

/// A playbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Playbook {
    /// Name of the file.
    pub id: Str,
    /// What it is called.
    pub name: Line,
    /// What to do.
    pub todo: Vec<Line>,
    /// What to watch.
    pub watch: Vec<Line>,
    /// What is made when a customer comes under it.
    pub tasks: Vec<TaskLine>,
}

/// The file of a playbook.
pub fn playbook_path(id: &str) -> String {
    format!("{FOLDER}/{id}.toml")
}
