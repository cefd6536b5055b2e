//! Messages that are longer than a terminal's line: lines end between words, and what stands in backticks stays whole where
//! a line can hold it, so that it can be copied.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Narrower terminals break lines themselves.
const NARROWEST: usize = 20;

/// A text whose lines have at most `width` cells; `None` = off a terminal, where nothing is broken. Lines after the first
/// begin with `indent` blanks.
pub fn wrapped(text: &str, width: Option<usize>, indent: usize) -> String {
    let Some(width) = width.filter(|w| *w >= NARROWEST + indent) else { return text.to_string() };
    let mut out = String::with_capacity(text.len() + 16);
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let mut used = 0;
        for (blank, piece) in pieces(line) {
            let gap = if blank { 1 } else { 0 };
            if used > 0 && used + gap + piece.width() > width {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                used = indent;
            } else if blank {
                out.push(' ');
                used += 1;
            }
            out.push_str(piece);
            used += piece.width();
        }
    }
    out
}

/// The parts of a line that stay whole, each with whether a blank stands in front: words, spans in backticks with what
/// touches them, and single Chinese characters with their punctuation.
fn pieces(line: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let (mut from, mut blank, mut quoted) = (0, false, false);
    let mut last = None;
    for (at, c) in line.char_indices() {
        let between = !quoted && last.is_some_and(|l| breaks(l, c));
        if c == ' ' && !quoted && at > from {
            out.push((blank, &line[from..at]));
            (from, blank) = (at + 1, true);
        } else if between && at > from {
            out.push((blank, &line[from..at]));
            (from, blank) = (at, false);
        }
        quoted ^= c == '`';
        last = Some(c);
    }
    if from < line.len() {
        out.push((blank, &line[from..]));
    }
    out
}

/// Whether a line may end between two characters that touch.
fn breaks(a: char, b: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    (wide(a) || wide(b)) && a != ' ' && b != ' ' && !"（「《“".contains(a) && !"，。；：、）」》！？”…%".contains(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_between_words() {
        let check = |text: &str, width, expected: &str| assert_eq!(wrapped(text, Some(width), 2), expected, "{width}");
        check("error: no such customer", 40, "error: no such customer");
        check("error: there is no customer called that", 24, "error: there is no\n  customer called that");
        check("hint: `kehu order add acme` adds one", 26, "hint:\n  `kehu order add acme`\n  adds one");
        check("错误：没有这个客户，请检查编号是否正确", 22, "错误：没有这个客户，请\n  检查编号是否正确");
        check("a  b", 22, "a  b");
        // A word that no line can hold is left to the terminal.
        let long = "x".repeat(50);
        check(&format!("a {long} b"), 24, &format!("a\n  {long}\n  b"));
        assert_eq!(wrapped(&long, None, 2), long);
        assert_eq!(wrapped("a b c", Some(3), 2), "a b c");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-z `，。华新]{0,80}", width in 22usize..60) {
            let out = wrapped(&text, Some(width), 2);
            let plain = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(plain(&out), plain(&text));
            let ends = out.lines().all(|l| l.width() <= width || pieces(l.trim_start()).len() == 1 || l.contains('`'));
            prop_assert!(ends, "{}", out);
        }
    }
}
