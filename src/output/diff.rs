//! A unified diff of one file: what `--dry-run` shows.
//!
//! Lines are exact, tabs included, but for control characters, which stand as [`clean`] shows them (a CRLF line ends
//! in `␍`).

use super::sanitize::clean;
use anstyle::{AnsiColor, Style as Paint};
use similar::{Algorithm, ChangeTag, TextDiff};
use std::fmt::Write as _;

/// The diff from `old` to `new`, `None` standing for a file that is not there; empty when they are equal.
pub fn unified(path: &str, old: Option<&str>, new: Option<&str>, color: bool) -> String {
    if old == new {
        return String::new();
    }
    let paint = |p: Paint, text: &str| if color { format!("{p}{text}{p:#}\n") } else { format!("{text}\n") };
    let bold = Paint::new().bold();
    let name = |side: char, text: Option<&str>| text.map_or("/dev/null".into(), |_| format!("{side}/{}", clean(path)));
    let mut out = paint(bold, &format!("--- {}", name('a', old)));
    out += &paint(bold, &format!("+++ {}", name('b', new)));

    let (old, new) = (lines(old), lines(new));
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old, &new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        out += &paint(AnsiColor::Cyan.on_default(), &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let (sign, tone) = match change.tag() {
                ChangeTag::Equal => (' ', Paint::new()),
                ChangeTag::Delete => ('-', AnsiColor::Red.on_default()),
                ChangeTag::Insert => ('+', AnsiColor::Green.on_default()),
            };
            let line = change.value();
            let body = line.strip_suffix('\n');
            let shown = body.unwrap_or(line).split('\t').map(clean).collect::<Vec<_>>().join("\t");
            out += &paint(tone, &format!("{sign}{shown}"));
            if body.is_none() {
                let _ = writeln!(out, "\\ No newline at end of file");
            }
        }
    }
    out
}

/// Only a line feed ends a line; the crate's own splitting also breaks at a lone carriage return.
fn lines(text: Option<&str>) -> Vec<&str> {
    text.unwrap_or("").split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn diffs() {
        let check = |old: Option<&str>, new: Option<&str>, expected: &str| {
            assert_eq!(unified("客户/hx.toml", old, new, false), expected);
        };
        let (a, b) = ("--- a/客户/hx.toml\n", "+++ b/客户/hx.toml\n");
        check(Some("x\n"), Some("x\n"), "");
        check(None, None, "");
        check(
            Some("1\n2\n3\n4\n5\n6\n"),
            Some("1\n2\n3\n4\n5\nsix\n"),
            &format!("{a}{b}@@ -3,4 +3,4 @@\n 3\n 4\n 5\n-6\n+six\n"),
        );
        check(None, Some("a\nb\n"), &format!("--- /dev/null\n{b}@@ -0,0 +1,2 @@\n+a\n+b\n"));
        check(Some("a\n"), None, &format!("{a}+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"));
        check(None, Some(""), &format!("--- /dev/null\n{b}"));
        let hint = "\\ No newline at end of file\n";
        check(Some("a"), Some("a\n"), &format!("{a}{b}@@ -1 +1 @@\n-a\n{hint}+a\n"));
        check(Some("a\nb"), Some("x\nb"), &format!("{a}{b}@@ -1,2 +1,2 @@\n-a\n+x\n b\n{hint}"));
        check(Some("a\r\n"), Some("a\n"), &format!("{a}{b}@@ -1 +1 @@\n-a␍\n+a\n"));
        check(Some("a\rb\n"), Some("a\x1b\tb\n"), &format!("{a}{b}@@ -1 +1 @@\n-a␍b\n+a␛\tb\n"));
    }

    #[test]
    fn colours() {
        let out = unified("f", Some("a\n"), Some("b\n"), true);
        let expected = "\x1b[1m--- a/f\x1b[0m\n\x1b[1m+++ b/f\x1b[0m\n\x1b[36m@@ -1 +1 @@\x1b[0m\n\
            \x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n";
        assert_eq!(out, expected);
    }

    #[test]
    fn a_whole_ledger_can_change() {
        let lines = |end: &str| (0..20_000).map(|n| format!("o_{n},1{end}")).collect::<String>();
        let out = unified("f", Some(&lines("\r\n")), Some(&lines("\n")), false);
        assert_eq!(out.lines().count(), 2 + 1 + 40_000);
    }
}
