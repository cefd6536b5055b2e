//! Text from data made harmless for people's eyes: nothing that moves a cursor, hides or reorders passes.
//!
//! C0 controls and DEL become their control pictures (`␛`, `␊`, `␡`); every other invisible or reordering
//! character becomes its number, `\u{202e}`. A joiner stays where writing needs it: between emoji, and in the scripts
//! from Arabic to Vedic.

use std::borrow::Cow;

/// Whether a character never stands raw in any output (line feeds and tabs included).
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Soft hyphen, grapheme joiner, Arabic letter mark, Mongolian vowel separator.
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}'
        // Zero width, marks, line and paragraph separators, embeddings, isolates, invisible operators.
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // BOM, interlinear annotations, tags.
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a zero-width joiner or non-joiner after this character is part of the writing.
fn may_join(before: char) -> bool {
    matches!(before, '\u{600}'..='\u{1cff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// What stands for a character: `None` when it stays as it is. `before` is the character in front of it.
pub(super) fn stand_in(before: Option<char>, c: char) -> Option<String> {
    if !is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}') && before.is_some_and(may_join) {
        return None;
    }
    let picture = match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        _ => None,
    };
    Some(picture.map_or_else(|| format!("\\u{{{:x}}}", u32::from(c)), String::from))
}

/// One line of text without anything that a terminal, a browser or an editor would act upon.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Printable ASCII is most of what there is.
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    for c in text.chars() {
        match stand_in(before, c) {
            Some(s) => out.push_str(&s),
            None => out.push(c),
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// As [`clean`], but line breaks stay: for places that indent or mark every further line.
pub fn clean_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return clean(text);
    }
    let lines: Vec<_> = text.split('\n').map(|l| clean(l.strip_suffix('\r').unwrap_or(l))).collect();
    Cow::Owned(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_lines, is_hidden};
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_would_act_upon_becomes_visible() {
        let check = |input: &str, expected: &str| assert_eq!(clean(input), expected, "{input:?}");
        check("plain", "plain");
        check("华新电子（上海）", "华新电子（上海）");
        check("\x1b[31mred\x1b[0m", "␛[31mred␛[0m");
        check("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "␛]8;;http://evil␛\\link␛]8;;␛\\");
        check("\x1b]0;title\x07", "␛]0;title␇");
        check("\u{9b}2J\u{9d}x\u{9c}", "\\u{9b}2J\\u{9d}x\\u{9c}");
        check("a\tb\nc\rd\0\x7f", "a␉b␊c␍d␀␡");
        check("\u{202e}gnp.exe\u{202c}", "\\u{202e}gnp.exe\\u{202c}");
        check("\u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "\\u{2066}x\\u{2069}\\u{200e}\\u{200f}\\u{61c}");
        check("\u{feff}a\u{200b}b\u{2028}c\u{2029}", "\\u{feff}a\\u{200b}b\\u{2028}c\\u{2029}");
        check("x\u{e0041}", "x\\u{e0041}");
        check("华\u{200d}新", "华\\u{200d}新");
        check("👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥", "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥");
        check("می\u{200c}خواهم", "می\u{200c}خواهم");
        check("葛\u{e0100}城", "葛\u{e0100}城");
    }

    #[test]
    fn lines_may_stay() {
        assert_eq!(clean_lines("a\r\nb\x1b\n\nc"), "a\nb␛\n\nc");
        assert_eq!(clean_lines("a\rb"), "a␍b");
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives_but_joiners(text in any::<String>()) {
            let joiner = |c| matches!(c, '\u{200c}' | '\u{200d}');
            prop_assert!(clean(&text).chars().all(|c| !is_hidden(c) || joiner(c)));
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.as_ref());
        }
    }
}
