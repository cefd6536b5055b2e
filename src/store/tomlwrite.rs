//! Spelling of TOML values and keys, and the arithmetic of lines that [`super::tomledit`] splices with.

use crate::model::change::TomlValue;
use crate::store::tomledit::KeyGroups;
use std::fmt::Write as _;
use std::ops::Range;

/// A key as it is written: bare where TOML allows it.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { name.to_string() } else { text(name) }
}

/// A basic string.
pub(crate) fn text(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 2);
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A value as it stands in a table: a list has one item a line.
pub(crate) fn value(value: &TomlValue, eol: &str) -> String {
    match value {
        TomlValue::List(items) if !items.is_empty() => {
            let lines: String = items.iter().map(|s| format!("    {},{eol}", text(s))).collect();
            format!("[{eol}{lines}]")
        }
        other => value_inline(other),
    }
}

/// A value on one line.
pub(crate) fn value_inline(value: &TomlValue) -> String {
    match value {
        TomlValue::Text(s) => text(s),
        TomlValue::Bare(s) => s.trim().to_string(),
        TomlValue::List(items) => format!("[{}]", items.iter().map(|s| text(s)).collect::<Vec<_>>().join(", ")),
        TomlValue::Dates(days) => {
            let of = |(name, date): &(String, String)| format!("{{ name = {}, date = {} }}", text(name), text(date));
            format!("[{}]", days.iter().map(of).collect::<Vec<_>>().join(", "))
        }
        TomlValue::Remove => String::new(),
    }
}

/// An inline table.
pub(crate) fn inline_table(values: &[(String, TomlValue)]) -> String {
    let set = values.iter().filter(|(_, v)| *v != TomlValue::Remove);
    let pairs: Vec<String> = set.map(|(k, v)| format!("{} = {}", key(k), value_inline(v))).collect();
    if pairs.is_empty() { "{}".into() } else { format!("{{ {} }}", pairs.join(", ")) }
}

/// Replaces stretches, given in order and without overlap.
pub(crate) fn splice(src: &str, splices: Vec<(Range<usize>, String)>) -> String {
    let mut out = String::with_capacity(src.len() + 64);
    let mut at = 0;
    for (span, text) in splices {
        out.push_str(&src[at..span.start]);
        out.push_str(&text);
        at = span.end;
    }
    out.push_str(&src[at..]);
    out
}

/// Begin of the line that an offset lies on.
pub(crate) fn line_start(src: &str, at: usize) -> usize {
    src[..at].rfind('\n').map_or(0, |n| n + 1)
}

/// Begin of the next line, or the end of the text.
pub(crate) fn line_end(src: &str, at: usize) -> usize {
    src[at..].find('\n').map_or(src.len(), |n| at + n + 1)
}

/// The line that begins at an offset, without its end.
fn line_at(src: &str, at: usize) -> &str {
    src[at..line_end(src, at)].trim_end_matches(['\n', '\r'])
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Whether the last line of a text is blank.
pub(crate) fn ends_blank(src: &str) -> bool {
    src.ends_with('\n') && is_blank(line_at(src, line_start(src, src.len() - 1)))
}

/// Whether the first line of a text is blank.
pub(crate) fn starts_blank(src: &str) -> bool {
    is_blank(line_at(src, 0))
}

/// The offset behind blank lines.
pub(crate) fn skip_blank(src: &str, mut at: usize) -> usize {
    while at < src.len() && is_blank(line_at(src, at)) {
        at = line_end(src, at);
    }
    at
}

/// The offset in front of the blank lines that end at `at`.
pub(crate) fn back_over_blank(src: &str, mut at: usize) -> usize {
    while at > 0 {
        let before = line_start(src, at - 1);
        if !is_blank(line_at(src, before)) {
            break;
        }
        at = before;
    }
    at
}

/// The offset behind the comment lines that follow directly, unless they belong to what comes next.
pub(crate) fn after_comments(src: &str, at: usize) -> usize {
    let mut end = at;
    while end < src.len() && is_comment(line_at(src, end)) {
        end = line_end(src, end);
    }
    if end >= src.len() || is_blank(line_at(src, end)) { end } else { at }
}

/// The offset in front of the comment lines that stand directly above.
pub(crate) fn before_comments(src: &str, mut at: usize) -> usize {
    while at > 0 {
        let before = line_start(src, at - 1);
        if !is_comment(line_at(src, before)) {
            break;
        }
        at = before;
    }
    at
}

/// The lines of a root key.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    /// Its name; of a dotted one the first part.
    pub(crate) key: String,
    /// Begin of its first line.
    pub(crate) start: usize,
    /// Begin of the line behind it.
    pub(crate) end: usize,
}

/// Where a new root key goes and the lines to put there. `spots` are in the order of the text.
pub(crate) fn place_root_key(
    src: &str,
    spots: &[Spot],
    first_header: Option<usize>,
    groups: KeyGroups<'_>,
    new: &str,
    line: &str,
    eol: &str,
) -> (usize, String) {
    let own = format!("{line}{eol}");
    let (Some(first), Some(last)) = (spots.first(), spots.last()) else {
        return match first_header {
            Some(header) => (before_comments(src, line_start(src, header)), format!("{own}{eol}")),
            None => (src.len(), own),
        };
    };
    // Dotted keys of one table stay together.
    let spot_of = |name: &str| spots.iter().rev().find(|s| s.key == name);
    let Some((g, group)) = groups.iter().enumerate().find(|(_, group)| group.contains(&new)) else {
        return (spot_of(new).unwrap_or(last).end, own);
    };
    let n = group.iter().position(|k| *k == new).unwrap_or(0);
    if let Some(before) = group[..n].iter().rev().find_map(|k| spot_of(k)) {
        return (before.end, own);
    }
    if let Some(after) = group[n + 1..].iter().find_map(|k| spot_of(k)) {
        return (before_comments(src, after.start), own);
    }
    let Some(before) = groups[..g].iter().rev().flat_map(|group| group.iter().rev()).find_map(|k| spot_of(k)) else {
        let known = groups[g + 1..].iter().flat_map(|group| group.iter()).find_map(|k| spot_of(k));
        return (block_start(src, spots, known.unwrap_or(first)), format!("{own}{eol}"));
    };
    let at = block_end(src, spots, before);
    let behind = if at >= src.len() || starts_blank(&src[at..]) { "" } else { eol };
    (at, format!("{eol}{own}{behind}"))
}

fn has_blank_line(src: &str) -> bool {
    let mut at = 0;
    while at < src.len() {
        if is_blank(line_at(src, at)) {
            return true;
        }
        at = line_end(src, at);
    }
    false
}

/// The end of the run of keys, without a blank line between them, that a key stands in.
fn block_end(src: &str, spots: &[Spot], of: &Spot) -> usize {
    let mut end = of.end;
    for next in spots.iter().filter(|s| s.start >= of.end) {
        if has_blank_line(&src[end..next.start]) {
            break;
        }
        end = next.end;
    }
    after_comments(src, end)
}

/// The begin of the run of keys that a key stands in, with the comments above it.
fn block_start(src: &str, spots: &[Spot], of: &Spot) -> usize {
    let mut start = of.start;
    for before in spots.iter().rev().filter(|s| s.end <= of.start) {
        if has_blank_line(&src[before.end..start]) {
            break;
        }
        start = before.start;
    }
    before_comments(src, start)
}
