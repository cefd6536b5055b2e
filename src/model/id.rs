//! Ids of customers and rows: which texts are ids, and new random ones.

use unicode_normalization::is_nfc;

/// Most characters an id may have.
pub const MAX_CHARS: usize = 64;
/// Most bytes a customer id may have: file names are limited to 255.
pub const MAX_BYTES: usize = 200;

/// Why a text is no id: a key of `i18n::problem::id_reason`.
pub type IdProblem = &'static str;

const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// Whether a text can be a customer's id, and so a file name: letters and digits equal to their own case folding,
/// `-`, `_`, `.`; NFC; at most 64 characters and 200 bytes; no leading dot or dash, no trailing dot, no name that
/// Windows reserves.
///
/// # Errors
/// The first reason why not.
pub fn check_customer_id(id: &str) -> Result<(), IdProblem> {
    if id.is_empty() {
        return Err("empty");
    }
    if id.chars().count() > MAX_CHARS || id.len() > MAX_BYTES {
        return Err("long");
    }
    if id.starts_with(['.', '-']) || id.ends_with('.') {
        return Err("edge");
    }
    for c in id.chars() {
        if !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Err("character");
        }
        if !is_case_folded(c) {
            return Err("case");
        }
    }
    if !is_nfc(id) {
        return Err("nfc");
    }
    let stem = id.split('.').next().unwrap_or(id);
    let numbered = |p: &str| {
        stem.strip_prefix(p).is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "0"))
    };
    if RESERVED.contains(&stem) || numbered("com") || numbered("lpt") {
        return Err("reserved");
    }
    Ok(())
}

/// Whether a text can be the id of a row, a product, a supplier, or of a thing in kehu.toml and team.toml: letters and
/// digits of any script, `-_.`; NFC; at most 64 characters and 200 bytes; no leading dot or dash.
///
/// # Errors
/// The first reason why not.
pub fn check_row_id(id: &str) -> Result<(), IdProblem> {
    if id.is_empty() {
        return Err("empty");
    }
    if id.chars().count() > MAX_CHARS || id.len() > MAX_BYTES {
        return Err("long");
    }
    if id.starts_with(['.', '-']) {
        return Err("edge");
    }
    if !id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Err("character");
    }
    if id.is_ascii() || is_nfc(id) { Ok(()) } else { Err("nfc") }
}

/// A character that upper-casing and lower-casing again leave as it is: what full case folding keeps.
fn is_case_folded(c: char) -> bool {
    c.to_lowercase().eq([c]) && c.to_uppercase().flat_map(char::to_lowercase).eq([c])
}

const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A row id from 8 random bytes: the prefix and 12 characters of Crockford's base 32 (60 bits).
pub fn row_id(prefix: &str, random: [u8; 8]) -> String {
    let mut bits = u64::from_be_bytes(random);
    let mut id = String::with_capacity(prefix.len() + 12);
    id.push_str(prefix);
    for _ in 0..12 {
        id.push(char::from(CROCKFORD[(bits & 31) as usize]));
        bits >>= 5;
    }
    id
}

/// A customer id made from a name: ASCII letters and digits of its lower case, or the name's own characters when it
/// has none; `None` when nothing is left.
pub fn customer_id_from(name: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let mut id = String::new();
    for c in folded.chars() {
        if c.is_alphanumeric() && is_case_folded(c) {
            id.push(c);
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
        if id.chars().count() >= 40 || id.len() >= 120 {
            break;
        }
    }
    let id: String = id.trim_matches('-').nfc().collect();
    check_customer_id(&id).is_ok().then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customer_ids() {
        let check = |id: &str, expected: Result<(), &str>| assert_eq!(check_customer_id(id), expected, "{id}");
        check("alfki", Ok(()));
        check("华新电子", Ok(()));
        check("a.b-c_d", Ok(()));
        check("straße", Err("case"));
        check("ALFKI", Err("case"));
        check("", Err("empty"));
        check("../up", Err("edge"));
        check("a/b", Err("character"));
        check("a\\b", Err("character"));
        check("a b", Err("character"));
        check("a:b", Err("character"));
        check("con", Err("reserved"));
        check("nul.txt", Err("reserved"));
        check("com1", Err("reserved"));
        check("com10", Ok(()));
        check("-x", Err("edge"));
        check("x.", Err("edge"));
        check("e\u{301}", Err("character"));
        check(&"a".repeat(65), Err("long"));
        check(&"汉".repeat(64), Ok(()));
        check("\u{202e}abc", Err("character"));
    }

    #[test]
    fn row_ids() {
        let check = |id: &str, expected: Result<(), &str>| assert_eq!(check_row_id(id), expected, "{id}");
        check("o_k3f9w2m7ta4q", Ok(()));
        check("SO-2026.001", Ok(()));
        check("../x", Err("edge"));
        check("a/b", Err("character"));
        check("订单-2026.001", Ok(()));
        check("Ёлка", Ok(()));
        check("e\u{301}", Err("character"));
        check("\u{1100}\u{1161}", Err("nfc"));
        check("SO 1", Err("character"));
        check("$(touch_P)", Err("character"));
        check(&"汉".repeat(67), Err("long"));
        check("", Err("empty"));
        assert_eq!(row_id("a_", [0; 8]), "a_000000000000");
        assert_eq!(row_id("a_", [255; 8]), "a_zzzzzzzzzzzz");
    }

    #[test]
    fn ids_from_names() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(customer_id_from(name).as_deref(), expected, "{name}");
        };
        check("Acme Trading Co., Ltd.", Some("acme-trading-co-ltd"));
        check("华新电子有限公司", Some("华新电子有限公司"));
        check("!!!", None);
        check("CON", None);
    }
}
