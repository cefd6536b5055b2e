//! How a bare word finds a name: folded text, pinyin in full or by initials, and phone numbers however they are typed.
//!
//! No fields and no filters here. Everything runs once per record and name, so it allocates only where it must.

use crate::model::reach::{Phone, phones};
use pinyin::ToPinyinMulti;
use std::borrow::Cow;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// The common Han block: CJK Unified Ideographs.
const HAN_FIRST: char = '\u{4E00}';
const HAN_LAST: char = '\u{9FFF}';

/// The form in which texts are searched: width (NFKC), case and accents no longer count.
///
/// ```text
/// ＡＢＣ → abc, Café → cafe, 华新 → 华新
/// ```
pub fn fold(s: &str) -> String {
    folded(s).into_owned()
}

/// As [`fold`], borrowing where nothing changes.
fn folded(s: &str) -> Cow<'_, str> {
    if s.chars().all(unchanged) {
        Cow::Borrowed(s)
    } else if s.is_ascii() {
        Cow::Owned(s.to_ascii_lowercase())
    } else {
        Cow::Owned(s.nfkc().flat_map(char::to_lowercase).nfd().filter(|c| !is_accent(*c)).nfc().collect())
    }
}

/// The form in which whole values are compared: width (NFKC) and case do not count, accents do.
pub(super) fn normal(s: &str) -> Cow<'_, str> {
    if s.chars().all(unchanged) {
        Cow::Borrowed(s)
    } else if s.is_ascii() {
        Cow::Owned(s.to_ascii_lowercase())
    } else {
        Cow::Owned(s.nfkc().flat_map(char::to_lowercase).nfc().collect())
    }
}

/// Whether two whole values are the same, whatever their width and case.
pub fn alike(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// Whether every folding step leaves the character as it is: ASCII but capitals, and the common Han block.
fn unchanged(c: char) -> bool {
    (c.is_ascii() && !c.is_ascii_uppercase()) || matches!(c, HAN_FIRST..=HAN_LAST)
}

/// Combining diacritics. Not all combining marks: the voicing marks of kana and the vowel signs of Indic and Thai
/// scripts are part of the word, not an accent on it.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Longest spelling that is tried as pinyin: its positions and its end are bits of a `u128`.
const LONGEST_SPELLING: usize = 127;

/// A word to look for, prepared once for many names.
///
/// It matches a text that contains it after [`fold`], and one whose characters it spells: in full pinyin (`huaxin`),
/// by initials (`hx`; `zh`, `ch`, `sh` may stand for `z`, `c`, `s`), or mixed with the characters and ASCII words of
/// the text themselves (`hx电子`). Every reading of a character counts, and the match may start at any character.
/// `ü` is typed as `v` or `u`; blanks and apostrophes in a spelling are ignored (`xi'an`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    text: String,
    /// The spelling for the pinyin pass; empty when there is nothing to spell.
    spelling: Vec<char>,
    /// The phone numbers that the word is; none when it is no phone number.
    phones: Vec<Phone>,
}

impl Needle {
    /// Prepares a word or phrase.
    pub fn new(word: &str) -> Needle {
        let text = fold(word);
        let mut spelling = Vec::new();
        if text.bytes().any(|b| b.is_ascii_lowercase()) {
            spelling.extend(text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')));
            if spelling.len() > LONGEST_SPELLING {
                spelling.clear();
            }
        }
        Needle { text, spelling, phones: phones(word) }
    }

    /// Whether nothing is left of the word after folding; an empty needle matches every text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the word is found in the text.
    pub fn matches(&self, text: &str) -> bool {
        let text = folded(text);
        text.contains(self.text.as_str())
            || (!self.spelling.is_empty() && !text.is_ascii() && self.spells(&text))
            || (!self.phones.is_empty() && self.is_phone_of(&text))
    }

    /// Whether the word is a phone number, and the text is it or ends in it, however both are typed (R14).
    pub fn is_phone_of(&self, text: &str) -> bool {
        !self.phones.is_empty() && phones(text).iter().any(|p| self.phones.iter().any(|wanted| p.ends_with(wanted)))
    }

    /// Walks the text once with the set of all positions that the spelling may have reached: bit `i` says that its
    /// first `i` letters are accounted for. A match must use a reading; plain containment has been tried before.
    fn spells(&self, text: &str) -> bool {
        let goal = 1u128 << self.spelling.len();
        // Positions reached without, and with, a reading of some character.
        let (mut plain, mut read) = (1u128, 0u128);
        let first = self.spelling.first().copied().unwrap_or_default();
        for c in text.chars() {
            // The common case: no mark has begun, and none begins here.
            if plain | read == 1 && c != first && initials(c) & letter_bit(first) == 0 {
                continue;
            }
            // Punctuation inside the text need not be typed; position 0 is always open.
            let (mut next_plain, mut next_read) = if c.is_alphanumeric() { (1, 0) } else { (plain, read) };
            let open = plain | read;
            let literal = self.at_letter(open, |letter| letter == c);
            next_plain |= (plain & literal) << 1;
            next_read |= (read & literal) << 1;
            if initials(c) & self.wanted(open) != 0 {
                for reading in c.to_pinyin_multi().into_iter().flatten() {
                    next_read |= self.after_syllable(open, reading.plain());
                }
            }
            if next_read & goal != 0 {
                return true;
            }
            (plain, read) = (next_plain & !goal, next_read);
        }
        false
    }

    /// The letters at some positions, in the bits of [`initials`].
    fn wanted(&self, positions: u128) -> u32 {
        let (mut left, mut bits) = (positions, 0);
        while left != 0 {
            bits |= self.spelling.get(left.trailing_zeros() as usize).map_or(0, |c| letter_bit(*c));
            left &= left - 1;
        }
        bits
    }

    /// Those of the positions whose letter passes the test.
    fn at_letter(&self, positions: u128, test: impl Fn(char) -> bool) -> u128 {
        let (mut left, mut found) = (positions, 0);
        while left != 0 {
            let i = left.trailing_zeros();
            left &= left - 1;
            if self.spelling.get(i as usize).is_some_and(|c| test(*c)) {
                found |= 1 << i;
            }
        }
        found
    }

    /// The positions after a syllable, whole or by its initial, that starts at one of `positions`.
    fn after_syllable(&self, positions: u128, syllable: &str) -> u128 {
        let Some(initial) = syllable.chars().next() else { return 0 };
        let mut left = self.at_letter(positions, |letter| typed_as(initial, letter));
        let mut after = left << 1;
        while left != 0 {
            let i = left.trailing_zeros();
            left &= left - 1;
            let rest = &self.spelling[i as usize..];
            if ["zh", "ch", "sh"].iter().any(|two| syllable.starts_with(two)) && rest.get(1) == Some(&'h') {
                after |= 1 << (i + 2);
            }
            let mut typed = rest.iter();
            let mut length = 0;
            if syllable.chars().inspect(|_| length += 1).all(|s| typed.next().is_some_and(|t| typed_as(s, *t))) {
                after |= 1 << (i + length);
            }
        }
        after
    }
}

/// The letters that start a reading of the character, `a` as the lowest bit. Nearly every character of nearly every
/// name is settled by this, so the common Han block has a table of its own, made at the first use.
fn initials(c: char) -> u32 {
    static COMMON: OnceLock<Vec<u32>> = OnceLock::new();
    match c {
        // The pinyin table starts at 〇.
        '\0'..'\u{3007}' => 0,
        HAN_FIRST..=HAN_LAST => {
            let table = COMMON.get_or_init(|| (HAN_FIRST..=HAN_LAST).map(initials_of).collect());
            table.get(c as usize - HAN_FIRST as usize).copied().unwrap_or_default()
        }
        _ => initials_of(c),
    }
}

fn initials_of(c: char) -> u32 {
    let readings = c.to_pinyin_multi().into_iter().flatten();
    readings.filter_map(|reading| reading.plain().chars().next()).fold(0, |bits, initial| {
        let typed = ('a'..='z').filter(|letter| typed_as(initial, *letter));
        typed.fold(bits, |bits, letter| bits | letter_bit(letter))
    })
}

fn letter_bit(c: char) -> u32 {
    if c.is_ascii_lowercase() { 1 << (c as u32 - 'a' as u32) } else { 0 }
}

/// Whether a letter of a pinyin syllable is typed as `letter` on a plain keyboard.
fn typed_as(syllable: char, letter: char) -> bool {
    match syllable {
        'ü' => matches!(letter, 'v' | 'u'),
        'ê' => letter == 'e',
        s => s == letter,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check_fold(input: &str, expected: &str) {
        assert_eq!(fold(input), expected, "{input:?}");
    }

    #[test]
    fn folding() {
        check_fold("", "");
        check_fold("abc 12", "abc 12");
        check_fold("ABC", "abc");
        check_fold("ＡＢｃ１２", "abc12");
        check_fold("Café Ångström", "cafe angstrom");
        check_fold("Cafe\u{301}", "cafe");
        check_fold("Việt Nam", "viet nam");
        check_fold("ÜBER", "uber");
        check_fold("İstanbul", "istanbul");
        check_fold("（华新）", "(华新)");
        check_fold("华新电子", "华新电子");
        check_fold("㈱", "(株)");
        check_fold("ﾊﾞｽ", "バス");
        check_fold("한국", "한국");
        check_fold("\u{301}", "");
        assert_eq!(normal("Café Ａ"), "café a");
    }

    fn check(needle: &str, text: &str, expected: bool) {
        assert_eq!(Needle::new(needle).matches(text), expected, "{needle:?} in {text:?}");
    }

    #[test]
    fn containment() {
        check("acme", "ACME Ltd.", true);
        check("ａｃｍｅ", "Acme", true);
        check("me l", "ACME Ltd.", true);
        check("cafe", "Le Café", true);
        check("café", "Le Cafe", true);
        check("新电", "华新电子", true);
        check("电新", "华新电子", false);
        check("138", "+86 138 0000", true);
        check("acne", "ACME", false);
        check("", "anything", true);
        check("x", "", false);
    }

    #[test]
    fn pinyin_in_full_by_initials_and_mixed() {
        for needle in
            ["hxdz", "huaxindianzi", "huaxin", "hx", "xdz", "dianzi", "hx电子", "华x电z", "huax", "HXDZ", "hua xin"]
        {
            check(needle, "华新电子", true);
        }
        for needle in ["hd", "hxdzz", "hxz", "uaxin", "huaxindianz1", "ianzi", "xh"] {
            check(needle, "华新电子", false);
        }
        check("hxdz", "上海华新电子有限公司", true);
        check("hxgs", "上海华新电子有限公司", false);
    }

    #[test]
    fn every_reading_counts() {
        for needle in ["chongqing", "cq", "zhongqing", "zq", "chq", "zhq"] {
            check(needle, "重庆", true);
        }
        check("xiamen", "厦门", true);
        check("xm", "厦门", true);
        check("shamen", "厦门", true);
        check("yuehang", "乐行", true);
        check("yinhang", "银行", true);
        check("yinxing", "银行", true);
    }

    #[test]
    fn letters_of_plain_keyboards() {
        check("lvyou", "旅游", true);
        check("luyou", "旅游", true);
        check("lüyou", "旅游", true);
        check("nv", "女装", true);
        check("xi'an", "西安", true);
        check("xian", "西安", true);
        check("xian", "先", true);
        check("xi", "先", false);
    }

    #[test]
    fn ascii_words_take_part_as_themselves() {
        check("tclkj", "TCL科技", true);
        check("clkeji", "TCL科技", true);
        check("3mzg", "3M中国", true);
        check("zg3m", "中国3M", true);
        check("tkj", "TCL科技", false);
        // Spelling needs a character that is read; plain ASCII must be contained as it stands.
        check("ab", "a-b", false);
        check("ab", "a-b 华", false);
        check("bjhx", "北京·华新", true);
        check("bjhx", "北京（华新）", true);
        check("bj-hx", "北京-华新", true);
    }

    #[test]
    fn length_limits() {
        check(&"h".repeat(127), &"华".repeat(127), true);
        check(&"h".repeat(127), &"华".repeat(126), false);
        check(&"h".repeat(128), &"华".repeat(128), false);
        check(&"hua".repeat(42), &"华".repeat(42), true);
        check(&"h".repeat(128), &"h".repeat(128), true);
    }

    proptest! {
        #[test]
        fn never_panics(needle in any::<String>(), text in any::<String>()) {
            Needle::new(&needle).matches(&text);
        }

        #[test]
        fn a_text_finds_itself(text in any::<String>()) {
            prop_assert!(Needle::new(&text).matches(&text));
        }

        #[test]
        fn any_mix_of_spellings_is_found(spelt in proptest::collection::vec((0usize..6, 0usize..3), 1..20)) {
            let table = [
                ["重", "chong", "c"], ["厦", "xia", "x"], ["门", "men", "m"],
                ["华", "hua", "h"], ["女", "nv", "n"], ["长", "zhang", "zh"],
            ];
            let text: String = spelt.iter().map(|(c, _)| table[*c][0]).collect();
            let needle: String = spelt.iter().map(|(c, how)| table[*c][*how]).collect();
            prop_assert!(Needle::new(&needle).matches(&text), "{} in {}", needle, text);
        }

        #[test]
        fn pinyin_needs_no_luck(text in "[华新电子重庆]{0,12}", needle in "[hxdzcq]{1,6}") {
            let initials: String = text.chars().map(|c| match c {
                '华' => 'h', '新' => 'x', '电' => 'd', '子' => 'z', '庆' => 'q', _ => 'c',
            }).collect();
            if initials.contains(&needle) {
                prop_assert!(Needle::new(&needle).matches(&text));
            }
        }
    }
}
