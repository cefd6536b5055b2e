//! Playbooks: what to do for customers of a stage or a value class, and what to watch; one file each in playbooks/.

use super::Str;

/// The folder of playbooks.
pub const FOLDER: &str = "playbooks";

/// The keys of a playbook's file, with the sorts of their values.
pub const PLAYBOOK_KEYS: &[(&str, &str)] =
    &[("label", "text"), ("zh", "text"), ("do", "list of texts"), ("watch", "list of texts")];

/// A line of a playbook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// In English, or in the company's only language.
    pub label: Str,
    /// In Chinese; empty = as in English.
    pub zh: Str,
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
}

/// The file of a playbook.
pub fn playbook_path(id: &str) -> String {
    format!("{FOLDER}/{id}.toml")
}
