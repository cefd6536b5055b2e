//! What people type, or another program writes, for a key of a TOML file, as the value that the file holds. One function
//! for customers, contacts and the team, for the command line and for imports; no file is read here, and no word known.

use super::change::TomlValue;
use super::customer::KeyType;
use super::day::Day;
use super::ledger::{RefTo, SettingList};
use super::money::Decimal;

/// More characters than a float keeps digits: a longer decimal stands in quotes.
const BARE_DECIMAL: usize = 15;

/// How one source of texts is read: the command line knows days such as `+3d`, an import the formats of its map.
pub trait Words {
    /// What is said about a text that cannot be read.
    type Error;
    /// A day.
    ///
    /// # Errors
    /// The text names none.
    fn day(&self, text: &str) -> Result<Day, Self::Error>;
    /// A plain decimal.
    ///
    /// # Errors
    /// The text is none.
    fn decimal(&self, text: &str) -> Result<Decimal, Self::Error>;
    /// The id of a member of the team.
    ///
    /// # Errors
    /// There is no such member, or not any more.
    fn member(&self, text: &str) -> Result<String, Self::Error>;
    /// The value of a closed list that a text means; else the text itself, which reading the file then refuses.
    fn one_of(&self, list: &[&'static str], text: &str) -> String;
    /// The id of a list of kehu.toml that a text means; else the text itself.
    fn listed(&self, list: SettingList, text: &str) -> String;
    /// A birthday, which may have no year.
    fn birthday(&self, text: &str) -> String {
        text.to_string()
    }
    /// The items of a list.
    fn items(&self, text: &str) -> Vec<String> {
        items(text)
    }
    /// One line of text.
    fn line(&self, text: &str) -> String {
        text.to_string()
    }
}

/// The type of a company's own field (`[fields.<name>] type`).
pub fn own_type(ty: &str) -> KeyType {
    match ty {
        "number" => KeyType::Decimal,
        "date" => KeyType::Day,
        "list" => KeyType::List,
        "flag" => KeyType::Flag,
        _ => KeyType::Text,
    }
}

/// A text as the value of a key of a type. An empty text names nobody and nothing.
///
/// # Errors
/// What [`Words`] has to say about the text.
pub fn toml_value<W: Words>(ty: KeyType, text: &str, words: &W) -> Result<TomlValue, W::Error> {
    if text.is_empty() && matches!(ty, KeyType::Ref(_) | KeyType::OneOf(_) | KeyType::Listed(_)) {
        return Ok(TomlValue::Text(String::new()));
    }
    Ok(match ty {
        KeyType::List => TomlValue::List(words.items(text)),
        KeyType::Day => TomlValue::Bare(words.day(text)?.to_string()),
        KeyType::Decimal | KeyType::Amount => decimal(words.decimal(text)?),
        KeyType::Flag => flag(text),
        KeyType::Ref(RefTo::Team) => TomlValue::Text(words.member(text)?),
        KeyType::OneOf(list) => TomlValue::Text(words.one_of(list, text)),
        KeyType::Listed(list) => TomlValue::Text(words.listed(list, text)),
        KeyType::Note => TomlValue::Text(text.replace("\r\n", "\n").replace('\r', "\n")),
        KeyType::Birthday => TomlValue::Text(words.birthday(text)),
        KeyType::Text | KeyType::Ref(_) | KeyType::Span | KeyType::Terms | KeyType::Dates => {
            TomlValue::Text(words.line(text))
        }
    })
}

/// The items of a list as people write one: each once, in their order.
pub fn items(text: &str) -> Vec<String> {
    items_by(text, &[',', '，', ';', '；', '、', '\n'])
}

/// The items of a list between some separators: each once, in their order.
pub fn items_by(text: &str, separators: &[char]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for item in text.split(separators).map(str::trim).filter(|i| !i.is_empty()) {
        if !out.iter().any(|o| o == item) {
            out.push(item.into());
        }
    }
    out
}

/// TOML writes no leading zeros, and a number of more digits than a float keeps stands in quotes.
fn decimal(n: Decimal) -> TomlValue {
    let text = n.to_string();
    if text.len() > BARE_DECIMAL { TomlValue::Text(text) } else { TomlValue::Bare(text) }
}

/// Yes or no in the words of people and of other programs; anything else stays a text, which reading the file refuses.
fn flag(text: &str) -> TomlValue {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" => TomlValue::Bare("true".into()),
        "false" | "no" | "n" | "0" | "否" => TomlValue::Bare("false".into()),
        _ => TomlValue::Text(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::money::parse_decimal;

    struct Plain;

    impl Words for Plain {
        type Error = String;
        fn day(&self, text: &str) -> Result<Day, String> {
            parse_day(text).ok_or_else(|| format!("no day: {text}"))
        }
        fn decimal(&self, text: &str) -> Result<Decimal, String> {
            parse_decimal(text).ok_or_else(|| format!("no number: {text}"))
        }
        fn member(&self, text: &str) -> Result<String, String> {
            if text == "li" { Ok("li".into()) } else { Err(format!("nobody: {text}")) }
        }
        fn one_of(&self, list: &[&'static str], text: &str) -> String {
            list.iter().find(|v| v.starts_with(text)).map_or(text, |v| v).to_string()
        }
        fn listed(&self, _: SettingList, text: &str) -> String {
            text.to_lowercase()
        }
    }

    #[test]
    fn texts_become_values_of_their_type() {
        let check = |ty: KeyType, text: &str, expected: Result<TomlValue, &str>| {
            assert_eq!(toml_value(ty, text, &Plain), expected.map_err(ToString::to_string), "{ty:?} {text}");
        };
        let text = |s: &str| Ok(TomlValue::Text(s.into()));
        let bare = |s: &str| Ok(TomlValue::Bare(s.into()));
        check(KeyType::Text, "a", text("a"));
        check(KeyType::Note, "a\r\nb\rc", text("a\nb\nc"));
        check(KeyType::List, "a，b; a,", Ok(TomlValue::List(vec!["a".into(), "b".into()])));
        check(KeyType::Day, "2026-05-04", bare("2026-05-04"));
        check(KeyType::Day, "soon", Err("no day: soon"));
        check(KeyType::Decimal, "0050.5", bare("50.5"));
        check(KeyType::Decimal, "1234567890.123456", text("1234567890.123456"));
        check(KeyType::Decimal, "x", Err("no number: x"));
        check(KeyType::Flag, "Yes", bare("true"));
        check(KeyType::Flag, "否", bare("false"));
        check(KeyType::Flag, "perhaps", text("perhaps"));
        check(KeyType::Ref(RefTo::Team), "li", text("li"));
        check(KeyType::Ref(RefTo::Team), "", text(""));
        check(KeyType::Ref(RefTo::Team), "wu", Err("nobody: wu"));
        check(KeyType::OneOf(&["hot", "cold"]), "h", text("hot"));
        check(KeyType::Listed(SettingList::Stages), "LEAD", text("lead"));
        check(KeyType::Birthday, "05-02", text("05-02"));
    }
}
