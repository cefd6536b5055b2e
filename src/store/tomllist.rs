//! Changes of a TOML list that keep the lines, and the comments, of the items that stay.

use crate::store::tomlwrite::{line_end, line_start, text};
use std::ops::Range;
use toml_edit::{Array, Value};

/// The list with these items, as the text for its span: one a line when it was so or was empty. `None` where comments
/// would be lost.
pub(crate) fn set_items(src: &str, array: &Array, items: &[String], eol: &str) -> Option<String> {
    let span = array.span()?;
    let multi = src[span.clone()].contains('\n');
    let old: Option<Vec<&str>> = array.iter().map(Value::as_str).collect();
    if multi
        && let (Some(old), Some(lines)) = (old, own_lines(src, array))
        && (!items.is_empty() || has_comments(src, array))
        && !old.is_empty()
    {
        return Some(edit_lines(src, span, &lines, &old, items, eol));
    }
    if has_comments(src, array) {
        return None;
    }
    let written: Vec<String> = items.iter().map(|s| text(s)).collect();
    Some(if written.is_empty() {
        "[]".to_string()
    } else if multi || array.is_empty() {
        let lines: String = written.iter().map(|s| format!("    {s},{eol}")).collect();
        format!("[{eol}{lines}]")
    } else {
        format!("[{}]", written.join(", "))
    })
}

/// The list with one more item at its end, already spelled.
pub(crate) fn push_raw(src: &str, array: &Array, item: &str, eol: &str) -> Option<String> {
    let span = array.span()?;
    let whole = &src[span.clone()];
    let Some(last) = array.iter().last().and_then(Value::span) else {
        return (!has_comments(src, array)).then(|| format!("[{item}]"));
    };
    if !whole.contains('\n') {
        return Some(format!("{}, {item}{}", &src[span.start..last.end], &src[last.end..span.end]));
    }
    let lines = own_lines(src, array)?;
    let end = lines.last()?.line.end;
    let indent = &src[lines.first()?.line.start..lines.first()?.item.start];
    let comma = if lines.last()?.comma { "" } else { "," };
    Some(format!(
        "{}{comma}{}{indent}{item},{eol}{}",
        &src[span.start..last.end],
        &src[last.end..end],
        &src[end..span.end]
    ))
}

/// The list without an item.
pub(crate) fn take(src: &str, array: &Array, n: usize) -> Option<String> {
    let span = array.span()?;
    let items: Vec<Range<usize>> = array.iter().map(Value::span).collect::<Option<_>>()?;
    let cut = if src[span.clone()].contains('\n') {
        own_lines(src, array)?.get(n)?.line.clone()
    } else if let Some(next) = items.get(n + 1) {
        items[n].start..next.start
    } else if n > 0 {
        items[n - 1].end..items[n].end
    } else {
        span.start + 1..span.end - 1
    };
    Some(format!("{}{}", &src[span.start..cut.start], &src[cut.end..span.end]))
}

/// Whether comments stand between the items.
pub(crate) fn has_comments(src: &str, array: &Array) -> bool {
    let Some(span) = array.span() else { return false };
    let mut at = span.start;
    for item in array.iter().filter_map(Value::span) {
        if src[at..item.start].contains('#') {
            return true;
        }
        at = item.end;
    }
    src[at..span.end].contains('#')
}

/// An item that has its line for itself.
struct OwnLine {
    item: Range<usize>,
    line: Range<usize>,
    comma: bool,
}

/// The items' lines, if each has its own and the brackets stand elsewhere.
fn own_lines(src: &str, array: &Array) -> Option<Vec<OwnLine>> {
    let span = array.span()?;
    let mut out = Vec::new();
    for value in array.iter() {
        let item = value.span()?;
        let line = line_start(src, item.start)..line_end(src, item.end);
        let behind = src[item.end..line.end].trim();
        let comma = behind.starts_with(',');
        let behind = behind.strip_prefix(',').unwrap_or(behind).trim();
        let alone = src[line.start..item.start].trim().is_empty() && (behind.is_empty() || behind.starts_with('#'));
        if !alone || line.start <= span.start || line.end > span.end {
            return None;
        }
        // A comma on a line of its own belongs to no line that could be taken out.
        if !comma && src[line.end..span.end].trim_start().starts_with(',') {
            return None;
        }
        out.push(OwnLine { item, line, comma });
    }
    Some(out)
}

fn edit_lines(src: &str, span: Range<usize>, lines: &[OwnLine], old: &[&str], items: &[String], eol: &str) -> String {
    let kept = common(old, items);
    let indent = lines.first().map_or("    ", |l| &src[l.line.start..l.item.start]);
    let mut out = String::new();
    let mut at = span.start;
    let mut written = 0;
    let add = |out: &mut String, upto: usize, written: &mut usize| {
        for item in &items[(*written).min(upto)..upto] {
            out.push_str(&format!("{indent}{},{eol}", text(item)));
        }
        *written = upto;
    };
    for (n, line) in lines.iter().enumerate() {
        out.push_str(&src[at..line.line.start]);
        at = line.line.end;
        let Some((_, to)) = kept.iter().find(|(from, _)| *from == n) else { continue };
        add(&mut out, *to, &mut written);
        written = to + 1;
        out.push_str(&src[line.line.start..line.item.end]);
        if !line.comma && written < items.len() {
            out.push(',');
        }
        out.push_str(&src[line.item.end..line.line.end]);
    }
    add(&mut out, items.len(), &mut written);
    out.push_str(&src[at..span.end]);
    out
}

/// A longest common subsequence, as pairs of indexes.
fn common(old: &[&str], new: &[String]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    // With more than a thousand items by a thousand the table would be too large: then everything is written anew.
    if old.len().saturating_mul(new.len()) > 1_000_000 {
        return Vec::new();
    }
    let mut best = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            best[i * width + j] = if old[i] == new[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            out.push((i, j));
            i += 1;
            j += 1;
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}
