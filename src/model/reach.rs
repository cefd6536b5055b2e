//! R14: phone numbers, mail addresses and tax ids in the form in which equal ones are equal, however somebody typed them.

use unicode_normalization::UnicodeNormalization;

/// Fewest and most digits of a number without the code of its country.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Codes of countries that have two digits; 1 and 7 have one, all others three.
const TWO_DIGITS: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
];
/// Words that may stand in front of a number.
const LABELS: &[&str] = &["telephone", "phone", "mobile", "tel", "fax", "mob", "电话", "手机", "座机", "传真"];
/// What an extension begins with.
const EXTENSIONS: &[&str] = &["分机", "转", "ext.", "ext", "#", "x"];

/// A phone number: the code of its country where it was given, and the digits behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    country: Option<String>,
    national: String,
}

impl Phone {
    /// The digits without the code of the country and without the 0 in front: equal numbers have equal ones.
    pub fn national(&self) -> &str {
        &self.national
    }
    /// The code of its country, where it was given.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }
    /// Whether both are one number: one of them may leave out the code of the country.
    pub fn is_same(&self, other: &Phone) -> bool {
        self.national == other.national && self.may_be_there(other)
    }
    /// Whether the other one is this number, or its end: a number without the code of its town.
    pub fn ends_with(&self, other: &Phone) -> bool {
        self.national.ends_with(&other.national) && self.may_be_there(other)
    }
    fn may_be_there(&self, other: &Phone) -> bool {
        self.country.as_ref().zip(other.country.as_ref()).is_none_or(|(a, b)| a == b)
    }
}

/// The phone numbers of a cell, which may hold several (`a/b`); none where it is no phone number.
///
/// Full-width digits, blanks and signs between digits, `+` or `00` before the code of the country, the 0 before that of the
/// town, and extensions (`-801`, `转801`, `ext 801`) make no difference.
pub fn phones(text: &str) -> Vec<Phone> {
    // Most texts that are asked have not enough digits; names are many.
    if text.chars().filter(|c| c.is_numeric()).take(7).count() < 7 {
        return Vec::new();
    }
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let parts = text.split(['/', '\\', ';', ',', '、', '|', '\n', '或', '&']);
    parts.flat_map(numbers).filter_map(|number| phone(&number)).collect()
}

/// The numbers of a part that has no separators but blanks, extensions and labels taken away.
fn numbers(part: &str) -> Vec<String> {
    let mut part = part.trim();
    for label in LABELS {
        part = part.strip_prefix(label).unwrap_or(part).trim_start_matches([':', '.', ' ']);
    }
    let cut = EXTENSIONS.iter().filter_map(|mark| part.find(mark)).min();
    let part = cut.map_or(part, |at| &part[..at]);
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '‐' | '–' | '—' | '−' | '·');
    if !part.chars().all(|c| c.is_ascii_digit() || is_sign(c)) {
        return Vec::new();
    }
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).count();
    let mut found: Vec<String> = Vec::new();
    for piece in part.split_whitespace() {
        let both_whole = |before: &String| digits(before) >= 7 && digits(piece) >= 7;
        match found.last_mut() {
            Some(last) if !piece.starts_with('+') && !both_whole(last) => {
                last.push(' ');
                last.push_str(piece);
            }
            _ => found.push(piece.to_string()),
        }
    }
    found
}

/// The digits of a long number that a spreadsheet took for one with decimals (`13800138000.0`).
pub fn without_decimals(text: &str) -> Option<&str> {
    let (whole, decimals) = text.split_once('.')?;
    let digits = whole.strip_prefix('+').unwrap_or(whole);
    let long = digits.len() >= *DIGITS.start() && digits.bytes().all(|b| b.is_ascii_digit());
    (long && !decimals.is_empty() && decimals.bytes().all(|b| b == b'0')).then_some(whole)
}

/// One number; `None` where it has too few or too many digits.
fn phone(number: &str) -> Option<Phone> {
    let number = without_decimals(number).unwrap_or(number);
    let mut groups: Vec<&str> = number.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    // `021-55550000-801`: what follows a whole number is an extension.
    if let [_, .., whole, extension] = groups.as_slice()
        && (7..=8).contains(&whole.len())
        && extension.len() <= 6
    {
        groups.pop();
    }
    let digits = groups.concat();
    let abroad = if number.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    // `8613800138000`, as many programs export it.
    let chinese = digits.len() == 13 && digits.starts_with("861");
    let (country, rest) = match abroad {
        Some(all) => {
            let length = match all.get(..2) {
                Some(two) if two.starts_with(['1', '7']) => 1,
                Some(two) if TWO_DIGITS.contains(&two) => 2,
                _ => 3,
            };
            (Some(all.get(..length)?.to_string()), all.get(length..)?)
        }
        None if chinese => (Some("86".to_string()), digits.get(2..)?),
        None => (None, digits.as_str()),
    };
    let national = rest.trim_start_matches('0').to_string();
    DIGITS.contains(&national.len()).then_some(Phone { country, national })
}

/// The mail addresses of a cell, in lower case.
pub fn mails(text: &str) -> Vec<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '/' | '、' | '|' | '<' | '>'));
    parts
        .filter(|p| p.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty()))
        .map(Into::into)
        .collect()
}

/// Whether a text is a long number that a spreadsheet wrote with an exponent (`1.38001E+10`): its last digits are lost, so that
/// it is no id, no key and no phone number.
pub fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let mantissa = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let sign = exponent.strip_prefix('+');
    whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && sign.is_some_and(|n| !n.is_empty() && n.len() < 4 && digits(n))
}

/// A tax id: its letters and digits, in upper case.
pub fn tax_id(text: &str) -> String {
    text.nfkc().flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).collect()
}

/// A value that others have, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// `tax_id`, `phone` or `email`.
    pub key: &'static str,
    /// The value, in the form in which equal ones are equal.
    pub value: String,
    /// The ids of the others, in the order in which they were put in; of many only the first.
    pub others: Vec<String>,
    /// How many others there are.
    pub count: usize,
}

/// A value that more customers than this share tells nothing about them: a switchboard, a mailbox of everybody's.
pub const NOISE: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_however_they_were_typed() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = phones(text);
            let found: Vec<_> = found.iter().map(|p| (p.country.as_deref().unwrap_or(""), p.national())).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        for text in [
            "13800138000",
            "13800138000.0",
            "13800138000.00",
            "138 0013 8000",
            "１３８００１３８０００",
            "138-0013-8000",
            "手机：13800138000",
        ] {
            check(text, &[("", "13800138000")]);
        }
        for text in ["+86 13800138000", "0086 138 0013 8000", "8613800138000", "+86(138)00138000", "＋８６ 13800138000"]
        {
            check(text, &[("86", "13800138000")]);
        }
        for text in ["021-55550000", "(021) 5555 0000", "021-55550000转801", "021-55550000-801", "02155550000 ext 801"]
        {
            check(text, &[("", "2155550000")]);
        }
        check("+86 21 5555 0000", &[("86", "2155550000")]);
        check("+86-21-55550000-801", &[("86", "2155550000")]);
        check("13800138000/13900139000", &[("", "13800138000"), ("", "13900139000")]);
        check("13800138000 13900139000", &[("", "13800138000"), ("", "13900139000")]);
        check("021-55550000、+86 13900139000", &[("", "2155550000"), ("86", "13900139000")]);
        check("+44 (0)20 7946 0000", &[("44", "2079460000")]);
        check("+1 555 0100 222", &[("1", "5550100222")]);
        check("+852 2345 6789", &[("852", "23456789")]);
        for text in ["", "123456", "91310000MA1K35XX0X", "华新 13800138000 号", "1234567890123456789", "1.5"] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_code_of_a_country_may_be_left_out() {
        let one = |text: &str| phones(text).remove(0);
        assert!(one("+86 13800138000").is_same(&one("13800138000")));
        assert!(one("021-55550000").is_same(&one("+86 21 5555 0000")));
        assert!(!one("+852 23456789").is_same(&one("+853 23456789")));
        assert!(!one("021-55550000").is_same(&one("55550000")));
        assert!(one("021-55550000").ends_with(&one("55550000")));
        assert!(!one("55550000").ends_with(&one("021-55550000")));
    }

    #[test]
    fn rounded_numbers_are_told_from_ids() {
        for text in ["2.02603E+14", "1.38001E+10", "1e+10", "-1,5E+11", "2E+5"] {
            assert!(is_rounded(text), "{text}");
        }
        for text in ["2E5", "1.5E-7", "12.5E+10", "E+10", "1E+", "1E+x", "13800138000", "A1E+10", "", "1E+1000", "3e8"]
        {
            assert!(!is_rounded(text), "{text}");
        }
    }

    #[test]
    fn mails_and_tax_ids() {
        assert_eq!(mails("Wang <Wang@Example.com>; li＠example.com"), ["wang@example.com", "li@example.com"]);
        assert_eq!(mails("nobody, @x, y@"), Vec::<String>::new());
        assert_eq!(tax_id("9131 0000-ma1k35xx0x"), tax_id("９１３１００００MA1K35XX0X"));
    }
}
