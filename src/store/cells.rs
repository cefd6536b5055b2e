//! How values stand in cells: the escapes of note columns.

use std::borrow::Cow;

/// The text of a note cell: `\n` is a newline, `\\` a backslash, any other `\` itself.
pub fn unescape_note(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\\') {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n')) => {
                chars.next();
                out.push('\n');
            }
            ('\\', Some('\\')) => {
                chars.next();
                out.push('\\');
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text as a note cell holds it, on one line. CR LF and a lone CR are newlines too.
pub fn escape_note(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push_str("\\n");
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notes_are_escaped() {
        let check = |cell: &str, text: &str| assert_eq!(unescape_note(cell), text, "{cell}");
        check("a", "a");
        check(r"a\nb", "a\nb");
        check(r"a\\nb", r"a\nb");
        check(r"C:\temp\x", r"C:\temp\x");
        check(r"end\", r"end\");
        assert_eq!(escape_note("a\r\nb\rc\\"), r"a\nb\nc\\");
    }

    proptest! {
        #[test]
        fn unescape_undoes_escape(text in any::<String>()) {
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            let cell = escape_note(&text);
            prop_assert!(!cell.contains(['\n', '\r']));
            prop_assert_eq!(unescape_note(&cell).into_owned(), plain);
        }
    }
}
