//! Words for the values of closed lists. Lists of kehu.toml (stages, channels) bring their own labels.

use super::{AREAS, Lang, Word};
use crate::model::ledger::{Ledger, Type};
use std::collections::HashMap;
use std::sync::LazyLock;

/// All words by list and value.
static WORDS: LazyLock<HashMap<(&str, &str), &Word>> = LazyLock::new(|| all().map(|v| ((v.0, v.1), v)).collect());

fn all() -> impl Iterator<Item = &'static Word> {
    AREAS.iter().flat_map(|a| a.values)
}

/// The word for a value of a list; the value itself when it has none.
pub fn value(lang: Lang, list: &str, value: &str) -> String {
    find(list, value).map_or_else(|| value.to_string(), |v| lang.pick(v.2, v.3).to_string())
}

/// The word for a value of a ledger's column: the ledger's own list wins.
pub fn column_value(lang: Lang, ledger: &str, column: &str, v: &str) -> String {
    let own = format!("{ledger}.{column}");
    let list = match (ledger, column) {
        ("events", "kind") => "subject_kind",
        _ => column,
    };
    find(&own, v).or_else(|| find(list, v)).map_or_else(|| v.to_string(), |x| lang.pick(x.2, x.3).to_string())
}

/// The words of all languages that mean a value.
pub fn words(list: &str, value: &str) -> Vec<String> {
    find(list, value).map_or_else(Vec::new, |v| vec![v.2.to_string(), v.3.to_string()])
}

/// The values that a ledger's column may have; none where it is no closed list.
pub fn list(ledger: Ledger, column: &str) -> &'static [&'static str] {
    match ledger.columns().iter().find(|c| c.name == column).map(|c| c.ty) {
        Some(Type::OneOf(list)) => list,
        _ => &[],
    }
}

/// A list in a sentence: `in, out or both`.
pub fn one_of(lang: Lang, list: &[&str]) -> String {
    match (lang, list) {
        (Lang::En, [first @ .., last]) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        (Lang::En, _) => list.join(", "),
        (Lang::ZhCn, _) => list.join("、"),
    }
}

/// Values that may be typed, in a hint; Chinese adds the word of each.
pub fn choices<'v>(lang: Lang, list: impl IntoIterator<Item = (&'v str, String)>) -> String {
    let shown = |(value, word): (&str, String)| match lang {
        Lang::ZhCn if word != value => format!("{value} {word}"),
        _ => value.to_string(),
    };
    list.into_iter().map(shown).collect::<Vec<_>>().join(lang.pick(", ", "、"))
}

/// The values of an argument in a sentence; Chinese adds the word of each, where there is a list of words for the
/// argument, or for that of this command.
pub fn named(lang: Lang, (command, argument): (&str, &str), list: &[&str]) -> String {
    let own = format!("{command}.{argument}");
    let word = |v: &str| find(&own, v).or_else(|| find(argument, v)).filter(|_| lang == Lang::ZhCn);
    let shown = |v: &&str| match word(v) {
        Some(word) => format!("{v} {}", word.3),
        None => (*v).to_string(),
    };
    let shown: Vec<String> = list.iter().map(shown).collect();
    one_of(lang, &shown.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A text in which the values of the column stand for each `{ledger.column}`.
pub fn with_lists(lang: Lang, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, (slot, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        out.push_str(before);
        let values = slot.split_once('.').and_then(|(l, c)| Some(list(Ledger::parse(l)?, c))).unwrap_or_default();
        match values {
            [] => out.push_str(&format!("{{{slot}}}")),
            values => {
                let (ledger, column) = slot.split_once('.').unwrap_or_default();
                let word = |v: &&str| match column_value(lang, ledger, column, v) {
                    word if lang == Lang::ZhCn && word != **v => format!("{v} {word}"),
                    _ => (*v).to_string(),
                };
                let named: Vec<String> = values.iter().map(word).collect();
                out.push_str(&one_of(lang, &named.iter().map(String::as_str).collect::<Vec<_>>()));
            }
        }
        rest = after;
    }
    out + rest
}

fn find(list: &str, value: &str) -> Option<&'static Word> {
    WORDS.get(&(list, value)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeyType};

    #[test]
    fn lists_come_from_their_columns() {
        let check = |lang: Lang, text: &str, expected: &str| assert_eq!(with_lists(lang, text), expected);
        check(Lang::En, "Who began it: {activities.direction}", "Who began it: in, out or both");
        check(Lang::ZhCn, "谁发起：{activities.direction}", "谁发起：in 客户来联系、out 我方联系、both 双向沟通");
        check(Lang::En, "plain {activities.note} {x} {", "plain {activities.note} {x} {");
    }

    #[test]
    fn values_are_unique() {
        for v in all() {
            assert_eq!(all().filter(|o| (o.0, o.1) == (v.0, v.1)).count(), 1, "{}: {} twice", v.0, v.1);
        }
    }

    #[test]
    fn every_closed_list_has_words() {
        for l in Ledger::ALL {
            for c in l.columns() {
                let Type::OneOf(values) = c.ty else { continue };
                for v in values {
                    let list = if *l == Ledger::Events { "subject_kind" } else { c.name };
                    let found = find(&format!("{l}.{}", c.name), v).or_else(|| find(list, v));
                    assert!(found.is_some(), "{l}.{}: {v}", c.name);
                }
            }
        }
        for k in CUSTOMER_KEYS.iter().chain(CONTACT_KEYS) {
            let KeyType::OneOf(values) = k.ty else { continue };
            for v in values {
                assert!(find(k.name, v).is_some(), "{}: {v}", k.name);
            }
        }
    }

    #[test]
    fn every_column_and_key_has_a_label() {
        for l in Ledger::ALL {
            for c in l.columns() {
                assert!(super::super::labels::has_label(c.name), "{l}.{}", c.name);
            }
        }
        for k in CUSTOMER_KEYS.iter().chain(CONTACT_KEYS) {
            assert!(super::super::labels::has_label(k.name), "{}", k.name);
        }
    }
}
