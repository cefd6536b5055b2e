//! What a company names itself: `[channels]`, `[reasons]`, its own `[fields]` and saved `[views]`.

use super::values::Key;
use serde::Deserialize;

/// Keys of `[channels]`.
pub(super) const CHANNELS: &[Key] = &[
    ("channels.*.label", "text"),
    ("channels.*.zh", "text"),
    ("channels.*.two_way", "true | false"),
    ("channels.*.visit", "true | false"),
];

/// `[channels.<id>]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Channel {
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// Whether the customer answers on it.
    #[serde(default)]
    pub two_way: bool,
    /// Whether a contact on it is a visit (R5); where the file says nothing, `visit`, `reception` and `meeting` are.
    pub visit: Option<bool>,
}

/// Keys of `[reasons]`.
pub(super) const REASONS: &[Key] =
    &[("reasons.close", "list of texts"), ("reasons.lost", "list of texts"), ("reasons.refund", "list of texts")];

/// `[reasons]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Reasons {
    /// Why customers are closed.
    #[serde(default)]
    pub close: Vec<String>,
    /// Why deals are lost.
    #[serde(default)]
    pub lost: Vec<String>,
    /// Why money goes back.
    #[serde(default)]
    pub refund: Vec<String>,
}

/// Keys of `[win_back]`.
pub(super) const WIN_BACK: &[Key] = &[("win_back.playbook", "text"), ("win_back.reasons", "list of texts")];

/// `[win_back]`: what is done when a customer is closed as lost.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct WinBack {
    /// A file of playbooks/, whose tasks are made.
    pub playbook: Option<String>,
    /// Reasons for which it is done; empty = all.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// Keys of `[fields]`.
pub(super) const FIELDS: &[Key] = &[
    ("fields.*.type", "text | number | date | flag | list"),
    ("fields.*.label", "text"),
    ("fields.*.zh", "text"),
    ("fields.*.values", "list of texts"),
    ("fields.*.required", "true | false"),
];

/// `[fields.<name>]`: the company's own customer fields.
#[derive(Debug, Clone, Deserialize)]
pub struct OwnField {
    /// `text`, `number`, `date`, `flag` or `list`.
    #[serde(rename = "type")]
    pub ty: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// Closed list of a text field.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether every customer has it.
    #[serde(default)]
    pub required: bool,
}

/// Keys of `[views]`.
pub(super) const VIEWS: &[Key] =
    &[("views.*.terms", "list of filter terms"), ("views.*.columns", "list of columns"), ("views.*.sort", "sort keys")];

/// `[views.<name>]`: a saved query.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct View {
    /// Filter terms.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Columns, where the view is the only term.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Sort keys.
    pub sort: Option<String>,
}
