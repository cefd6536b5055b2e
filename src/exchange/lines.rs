//! Content lines as iCalendar (RFC 5545) and vCard (RFC 6350) have them: escaped texts, lines folded at 75 octets, CRLF.

/// Octets of a line, without its end.
const WIDTH: usize = 75;

/// A text as a value: separators escaped, line breaks as `\n`, no other control characters.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => {
                out.push('\\');
                out.push(c);
            }
            // Programs take these for ends of lines, too.
            '\n' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line `name:value`, folded between characters.
pub(super) fn line(out: &mut String, name: &str, value: &str) {
    let mut width = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if width + c.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected, "{text:?}");
        check("a, b; c\\d", "a\\, b\\; c\\\\d");
        check("a\r\nb\nc\u{2028}d", "a\\nb\\nc\\nd");
        check("\u{0}a\u{1b}[31m\u{85}\u{7f}\tb", "a[31m b");
        check("END:VEVENT", "END:VEVENT");
        check("王伟：😀", "王伟：😀");
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &"😀".repeat(40));
        let lines: Vec<&str> = out.split("\r\n").collect();
        assert_eq!(lines[0], format!("SUMMARY:{}", "😀".repeat(16)));
        assert_eq!(lines[1], format!(" {}", "😀".repeat(18)));
        assert_eq!(lines.len(), 4);
    }

    proptest! {
        #[test]
        fn folding_loses_nothing(text in "[a-z王😀é ,;\\\\]{0,300}") {
            let mut out = String::new();
            line(&mut out, "NOTE", &text);
            prop_assert!(out.split("\r\n").all(|l| l.len() <= WIDTH));
            prop_assert_eq!(out.replace("\r\n ", ""), format!("NOTE:{text}\r\n"));
        }
    }
}
