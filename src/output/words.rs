//! The few words that belong to output formats themselves; all others come in the document.

use crate::i18n::msgs;

msgs! {
    /// Severity in front of a finding.
    error() { "error", "错误" }
    /// Severity in front of a finding.
    warning() { "warning", "警告" }
    /// In front of what mends a finding.
    help() { "help", "帮助" }
    /// A flag.
    yes() { "yes", "是" }
    /// A flag.
    no() { "no", "否" }
    /// A figure that cannot be computed.
    not_available() { "n/a", "n/a" }
    /// Below a table that is too wide for the terminal.
    columns_left_out(labels) { "(too narrow for: {labels})", "（终端较窄，未显示：{labels}）" }
    /// The same where the command has `--columns`.
    columns_to_choose(labels) { "(too narrow for: {labels}; --columns shows them)", "（终端较窄，未显示：{labels}；可用 --columns 指定）" }
    /// Empty columns among those that were left out.
    empty_columns(n) { "{n} empty", "空列 {n} 个" }
    /// An html page without rows.
    nothing() { "Nothing to show.", "没有内容。" }
    /// Opens the table below a picture of an html page.
    table() { "Table", "表格" }
    /// Below a picture that cannot show every row.
    not_drawn(shown, all) { "the first {shown} of {all}", "仅绘出前 {shown} 项，共 {all} 项" }
    /// The last bar of a Pareto picture.
    rest(n) { "{n} others", "其余 {n} 项" }
    /// The line of a Pareto picture.
    cumulative() { "Share of all up to here", "累计占比" }
}
