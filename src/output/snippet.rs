//! A finding as rustc shows it: what is wrong, where, the line itself with carets, and what mends it.
//!
//! It is laid out by hand: the columns reported are those of the file, although the line shown is sanitised and cut.

use super::sanitize::{clean, clean_lines, stand_in};
use super::words;
use super::wrap::wrapped;
use crate::diag::{Place, Severity};
use crate::i18n::Lang;
use anstyle::{AnsiColor, Style as Paint};
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// A longer line is cut around its caret.
const LONGEST: usize = 120;
/// A line is not cut below this, however narrow the terminal.
const SHORTEST: usize = 24;
const DOTS: &str = "…";

/// A diagnostic in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code: `E012`.
    pub code: String,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: String,
    /// The command or edit that mends it; may have several lines.
    pub mend: Option<String>,
}

/// The lines of a finding, ending with a line feed. `width` is the terminal's, `None` off one.
pub fn finding(f: &Finding, lang: Lang, color: bool, width: Option<usize>) -> String {
    let paint = |p: Paint, text: &str| if color { format!("{p}{text}{p:#}") } else { text.to_string() };
    let (word, tone) = match f.severity {
        Severity::Error => (words::error(lang), AnsiColor::Red.on_default().bold()),
        Severity::Warning => (words::warning(lang), AnsiColor::Yellow.on_default().bold()),
    };
    let frame = AnsiColor::Blue.on_default().bold();
    let bold = Paint::new().bold();

    let place = &f.place;
    let number = if place.line > 0 { place.line.to_string() } else { String::new() };
    let margin = " ".repeat(number.len().max(1));
    let mut out = paint(tone, &format!("{word}[{}]", clean(&f.code)));
    let head = format!("{word}[{}]", clean(&f.code));
    let what = wrapped(&format!("{head}: {}", clean(&f.what)), width, 2);
    let _ = writeln!(out, "{}", paint(bold, &what[head.len()..]));
    if !place.file.is_empty() {
        let _ = writeln!(out, "{margin}{} {}", paint(frame, "-->"), address(place));
    }
    if let Some(text) = place.text.as_deref().filter(|_| place.line > 0) {
        let room = width.map_or(LONGEST, |w| w.saturating_sub(margin.len() + 3).clamp(SHORTEST, LONGEST));
        let (line, blank, marked) = window(text, place.column as usize, place.width as usize, room);
        let _ = writeln!(out, "{margin} {}", paint(frame, "|"));
        let bar = paint(frame, &format!("{number} |"));
        let _ = writeln!(out, "{bar}{}{line}", if line.is_empty() { "" } else { " " });
        if marked > 0 {
            let carets = paint(tone, &"^".repeat(marked));
            let _ = writeln!(out, "{margin} {} {}{carets}", paint(frame, "|"), " ".repeat(blank));
        }
    }
    if let Some(mend) = f.mend.as_deref().filter(|m| !m.trim().is_empty()) {
        let help = words::help(lang);
        // Further lines stand below the first, so that no data can look like a new finding.
        let indent = " ".repeat(margin.len() + 3 + help.width() + 2);
        let room = width.map(|w| w.saturating_sub(indent.len()));
        let mend = wrapped(&clean_lines(mend.trim()), room, 0).replace('\n', &format!("\n{indent}"));
        let _ = writeln!(out, "{margin} {} {}: {mend}", paint(frame, "="), paint(bold, &help));
    }
    out
}

/// `file:line:column`, as far as it is known.
fn address(place: &Place) -> String {
    let mut out = clean(&place.file).into_owned();
    if place.line > 0 {
        let _ = write!(out, ":{}", place.line);
        if place.column > 0 {
            let _ = write!(out, ":{}", place.column);
        }
    }
    out
}

/// The part of a line to show in `room` cells: the text, the blanks in front of the carets, and how many carets.
///
/// `column` and `length` count characters of `text`, as [`Place`] does; column 0 = no carets.
fn window(text: &str, column: usize, length: usize, room: usize) -> (String, usize, usize) {
    // Of a long line only what may be shown is looked at: it may have as many findings as words.
    let near = 4 * room;
    let column = column.min(text.chars().count() + 1);
    let skipped = column.saturating_sub(near);
    let mut starts = text.char_indices().map(|(n, _)| n).skip(skipped);
    let from = starts.next().unwrap_or(text.len());
    let to = starts.nth(near + length.min(near) + room).unwrap_or(text.len());
    let (text, column) = (&text[from..to], column - skipped);
    let mut before = None;
    let shown: Vec<(String, usize)> = text
        .chars()
        .map(|c| {
            let text = stand_in(before, c).unwrap_or_else(|| c.to_string());
            before = Some(c);
            let cells = if text.len() == c.len_utf8() { c.width().unwrap_or(0) } else { text.width() };
            (text, cells)
        })
        .collect();
    let cells = |range: std::ops::Range<usize>| shown[range].iter().map(|(_, w)| w).sum::<usize>();
    let all = shown.len();
    // The end of the line may be marked too: a cell that is missing there.
    let from = column.saturating_sub(1).min(all);
    let to = from.saturating_add(length.max(1)).min(all).max(from);

    let (mut first, mut last) = (0, all);
    if cells(0..all) > room {
        // A third of the room in front of the caret; the rest shows what follows.
        let inner = room.saturating_sub(2 * DOTS.width());
        first = from;
        let mut used = 0;
        let mut grow = |n: usize, limit: usize| {
            let fits = used + shown[n].1 <= limit;
            used += if fits { shown[n].1 } else { 0 };
            fits
        };
        let tail = cells(from..all);
        let lead = if tail < inner - inner / 3 { inner - tail } else { inner / 3 };
        while first > 0 && grow(first - 1, lead) {
            first -= 1;
        }
        last = from;
        while last < all && grow(last, inner) {
            last += 1;
        }
    }
    let mut line = String::new();
    line.push_str(if first > 0 { DOTS } else { "" });
    line.extend(shown[first..last].iter().map(|(t, _)| t.as_str()));
    line.push_str(if last < all { DOTS } else { "" });
    let blank = if first > 0 { DOTS.width() } else { 0 } + cells(first..from);
    let marked = if column == 0 { 0 } else { cells(from..to.min(last).max(from)).max(1) };
    (line.trim_end().to_string(), blank, marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(text: &str, line: u32, column: u32, width: u32) -> Finding {
        Finding {
            code: "E024".into(),
            severity: Severity::Error,
            place: Place { file: "ledgers/orders/2026-li.csv".into(), line, column, width, text: Some(text.into()) },
            what: "there is no such day".into(),
            mend: Some("write it as 2026-02-28".into()),
        }
    }

    #[test]
    fn as_rustc_shows_it() {
        let expected = "\
error[E024]: there is no such day
  --> ledgers/orders/2026-li.csv:12:7
   |
12 | o_1,1,2026-02-30,huaxin
   |       ^^^^^^^^^^
   = help: write it as 2026-02-28
";
        let f = sample("o_1,1,2026-02-30,huaxin", 12, 7, 10);
        assert_eq!(finding(&f, Lang::En, false, None), expected);
        let zh = finding(&f, Lang::ZhCn, false, Some(80));
        assert!(zh.starts_with("错误[E024]: ") && zh.ends_with("   = 帮助: write it as 2026-02-28\n"), "{zh}");
    }

    #[test]
    fn carets_stand_below_their_cells() {
        let check = |text: &str, column, width, line: &str, carets: &str| {
            let out = finding(&sample(text, 3, column, width), Lang::En, false, None);
            let lines: Vec<&str> = out.lines().collect();
            assert_eq!(lines[3], format!("3 | {line}").trim_end());
            assert_eq!(lines[4], format!("  | {carets}"));
        };
        check("华新电子,30.2,x", 6, 4, "华新电子,30.2,x", "         ^^^^");
        check("华新电子,x", 3, 2, "华新电子,x", "    ^^^^");
        check("a\tb", 3, 1, "a␉b", "  ^");
        check("\x1b[1mx\u{202e}y", 5, 1, "␛[1mx\\u{202e}y", "    ^");
        check("\x1b[1mx\u{202e}y", 6, 1, "␛[1mx\\u{202e}y", "     ^^^^^^^^");
        check("ab", 3, 0, "ab", "  ^");
        check("ab", 99, 9, "ab", "  ^");
        check("", 1, 0, "", "^");
        check("e\u{301}x", 3, 1, "e\u{301}x", " ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let long = format!("{}★{}", "客户".repeat(100), "abc".repeat(100));
        let (line, blank, marked) = window(&long, 201, 1, 60);
        assert!(line.width() <= 60 && line.starts_with('…') && line.ends_with('…'), "{line}");
        assert_eq!((blank, marked), (19, 1));
        let (line, blank, _) = window(&long, 1, 1, 60);
        assert!(line.starts_with("客户") && line.ends_with('…'));
        assert_eq!(blank, 0);
        let (line, ..) = window(&long, 501, 1, 60);
        assert!(line.ends_with("abc") && line.width() > 50, "{line}");
    }

    #[test]
    fn files_lines_and_warnings() {
        let mut f = sample("x", 0, 0, 0);
        f.severity = Severity::Warning;
        f.mend = None;
        let head = "warning[E024]: there is no such day\n";
        assert_eq!(finding(&f, Lang::En, false, None), format!("{head} --> ledgers/orders/2026-li.csv\n"));
        f.place.line = 7;
        let whole = format!("{head} --> ledgers/orders/2026-li.csv:7\n  |\n7 | x\n");
        assert_eq!(finding(&f, Lang::En, false, None), whole);
        f.place = Place::default();
        f.what = "a\nerror[E001]: forged".into();
        f.mend = Some("one\ntwo".into());
        let expected = "warning[E024]: a␊error[E001]: forged\n  = help: one\n          two\n";
        assert_eq!(finding(&f, Lang::En, false, None), expected);
        assert!(finding(&f, Lang::En, true, None).starts_with("\x1b[1m\x1b[33mwarning[E024]\x1b[0m"));
    }

    proptest! {
        #[test]
        fn any_line_any_column(text in any::<String>(), column in 0u32..40, width in 0u32..40, room in 1usize..100) {
            let out = finding(&sample(&text, 1, column, width), Lang::En, false, Some(room));
            prop_assert!(out.chars().all(|c| c == '\n' || !c.is_control()));
            let lines = if column == 0 { 5 } else { 6 };
            // A narrow terminal has the message on more lines.
            prop_assert!(out.lines().count() == lines || room < 40 && out.lines().count() > lines);
            let (line, blank, marked) = window(&text, column as usize, width as usize, 24);
            prop_assert!(blank + marked <= line.width().max(25) + 24);
        }
    }
}
