//! Labels of keys: what stands at the head of a column, and the words that filters accept for it.

use super::{AREAS, Label, Lang};
use std::collections::HashMap;
use std::sync::LazyLock;

/// All labels by key.
static LABELS: LazyLock<HashMap<&str, &Label>> = LazyLock::new(|| all().map(|l| (l.0, l)).collect());

fn all() -> impl Iterator<Item = &'static Label> {
    AREAS.iter().flat_map(|a| a.labels)
}

fn row(key: &str) -> Option<&'static Label> {
    LABELS.get(key).copied()
}

/// The label of a key; the key itself when it has none (own columns).
pub fn label(lang: Lang, key: &str) -> String {
    row(key).map_or_else(|| key.to_string(), |l| lang.pick(l.1, l.2).to_string())
}

/// The label of a ledger's column.
pub fn column(lang: Lang, ledger: &str, key: &str) -> String {
    row(&format!("{ledger}.{key}")).or_else(|| row(key)).map_or_else(|| key.to_string(), |l| lang.pick(l.1, l.2).into())
}

/// Whether a key has a label.
pub fn has_label(key: &str) -> bool {
    row(key).is_some()
}

/// The keys that a word of any language may stand for, in the order of the table: labels first, then other words.
pub fn keys_for(word: &str) -> Vec<&'static str> {
    let key = |l: &'static Label| l.0.rsplit('.').next().unwrap_or(l.0);
    let mut keys: Vec<&'static str> = all().filter(|l| l.2 == word || l.1 == word).map(key).collect();
    for l in all().filter(|l| l.3.contains(&word)) {
        keys.push(key(l));
    }
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn keys_are_unique_and_heads_are_short() {
        for l in all() {
            assert_eq!(all().filter(|o| o.0 == l.0).count(), 1, "{} twice", l.0);
            assert!(l.2.width() <= 12, "{} is too long for a column head", l.2);
        }
    }

    #[test]
    fn words_lead_to_keys() {
        let check = |word: &str, expected: &str| assert!(keys_for(word).contains(&expected), "{word}");
        check("负责人", "owner");
        check("阶段", "stage");
        check("下次跟进", "due");
        check("所属人", "owner");
    }
}
