//! The normal form of names: what is left of a name without the ways in which one name is written, and how like two are.

use std::cmp::Ordering;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// Words at the end of a company's name that say what sort of company it is.
const WORDS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "ltd",
    "ltda",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "spa",
    "srl",
];
/// The same in Chinese, longer ones first.
const ENDINGS: &[&str] =
    &["股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "总公司", "公司", "集团", "股份", "控股"];
/// A part of a company is not the company.
const PARTS: &[&str] = &["分公司", "子公司"];
/// Provinces and large cities, with which names begin whether the city is known or not.
const PLACES: &[&str] = &[
    "北京",
    "上海",
    "天津",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "台湾",
    "广州",
    "深圳",
    "杭州",
    "南京",
    "苏州",
    "成都",
    "武汉",
    "西安",
    "郑州",
    "长沙",
    "宁波",
    "青岛",
    "无锡",
    "佛山",
    "东莞",
    "合肥",
    "济南",
    "福州",
    "厦门",
    "大连",
    "沈阳",
    "哈尔滨",
    "长春",
    "昆明",
    "南昌",
    "贵阳",
    "南宁",
    "石家庄",
    "太原",
    "常州",
    "温州",
    "泉州",
    "嘉兴",
    "珠海",
    "中山",
    "惠州",
    "南通",
    "绍兴",
    "金华",
    "台州",
    "烟台",
    "徐州",
    "扬州",
    "镇江",
];
/// Names are similar when so many hundredths of their pairs of characters are the same (R14).
pub const SIMILAR: usize = 85;
/// The same for a name that somebody typed to look for it, which may be a part of it or half remembered.
pub const SIMILAR_TO_TYPED: usize = 60;

/// The common Han block: CJK Unified Ideographs.
const HAN: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// A character as mainland China writes it: 華 → 华.
fn simplified(c: char) -> char {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    if !HAN.contains(&c) {
        return c;
    }
    let of = |c: char| {
        let text = hanconv::t2s(c.to_string());
        let mut all = text.chars();
        match (all.next(), all.next()) {
            (Some(one), None) => one,
            _ => c,
        }
    };
    let table = TABLE.get_or_init(|| HAN.map(of).collect());
    table.get(c as usize - *HAN.start() as usize).copied().unwrap_or(c)
}

/// The words of a name, without width, case, 繁 and 简, and punctuation. Han characters in a row are one word, whatever stands between
/// them, and others make another one; dots and apostrophes part no words (`Co.`, `S.A.`, `O'Neil`).
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut apart = true;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            apart |= !matches!(c, '.' | '\'' | '’' | '\u{300}'..='\u{36F}');
            continue;
        }
        let c = simplified(c);
        let han = HAN.contains(&c);
        match out.last_mut() {
            Some(word) if word.ends_with(|last| HAN.contains(&last)) == han && (han || !apart) => word.push(c),
            _ => out.push(c.to_string()),
        }
        apart = false;
    }
    out
}

/// What a city is called without the word for it.
pub fn city(text: &str) -> String {
    let all = words(text).concat();
    match all.strip_suffix('市') {
        Some(rest) if !rest.is_empty() => rest.to_string(),
        _ => all,
    }
}

/// A name in its normal form.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// What is left of it: equal names have equal ones.
    pub key: String,
    /// The place with which it began. 北京华新 and 上海华新 are two companies, 华新 may be either.
    pub place: Option<String>,
}

impl Name {
    /// The normal form of a name of somebody in a city (as [`city`] gives it; empty = not known). Empty for a text without
    /// letters.
    ///
    /// ```text
    /// 上海華新電子有限公司 → 华新电子 (上海), Acme Co., Ltd. → acme
    /// ```
    pub fn of(text: &str, city: &str) -> Name {
        let mut all = words(text);
        let whole = all.concat();
        while let Some(last) = all.last_mut() {
            if WORDS.contains(&last.as_str()) {
                all.pop();
                continue;
            }
            let part = PARTS.iter().any(|p| last.ends_with(p));
            let Some(ending) = ENDINGS.iter().find(|e| !part && last.ends_with(**e)) else { break };
            last.truncate(last.len() - ending.len());
            if last.is_empty() {
                all.pop();
            }
        }
        // A name that is nothing but such words is called so.
        let mut key = if all.is_empty() { whole } else { all.concat() };
        // A city in brackets says no more than one in front.
        if let Some(rest) = key.strip_suffix(city).filter(|rest| !city.is_empty() && rest.chars().count() >= 2) {
            key = rest.to_string();
        }
        let mut place = None;
        // A province may stand before the city.
        while let Some((found, rest)) = without_place(&key, city) {
            (place, key) = (Some(found), rest);
        }
        Name { key, place }
    }
}

/// The place with which a name begins, and what is behind it; a name that is little more than a place keeps it.
fn without_place(name: &str, city: &str) -> Option<(String, String)> {
    let own = Some(city).filter(|c| !c.is_empty());
    own.into_iter().chain(PLACES.iter().copied()).find_map(|place| {
        let rest = name.strip_prefix(place)?;
        let rest = rest.strip_prefix(['市', '省']).unwrap_or(rest);
        (rest.chars().count() >= 2).then(|| (place.to_string(), rest.to_string()))
    })
}

/// The pairs of neighbouring characters of a name, sorted.
pub(super) fn bigrams(name: &str) -> Vec<(char, char)> {
    let mut out: Vec<(char, char)> = name.chars().zip(name.chars().skip(1)).collect();
    out.sort_unstable();
    out
}

/// Hundredths of the pairs of characters that two names have in common (Dice).
pub fn similarity(a: &str, b: &str) -> usize {
    common(&bigrams(a), &bigrams(b))
}

/// The same of pairs that are known; both sorted.
pub(super) fn common(x: &[(char, char)], y: &[(char, char)]) -> usize {
    if x.is_empty() || y.is_empty() {
        return 0;
    }
    let (mut n, mut m, mut same) = (0, 0, 0);
    while n < x.len() && m < y.len() {
        match x[n].cmp(&y[m]) {
            Ordering::Less => n += 1,
            Ordering::Greater => m += 1,
            Ordering::Equal => (n, m, same) = (n + 1, m + 1, same + 1),
        }
    }
    200 * same / (x.len() + y.len())
}

/// Whether names of so many pairs can be similar at all.
pub(super) fn may_be_similar(x: usize, y: usize) -> bool {
    200 * x.min(y) >= SIMILAR * (x + y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_in_their_normal_form() {
        let check = |text: &str, city: &str, expected: &str, place: Option<&str>| {
            let found = Name::of(text, city);
            assert_eq!((found.key.as_str(), found.place.as_deref()), (expected, place), "{text:?} in {city:?}");
        };
        for text in [
            "华新电子",
            "华新电子有限公司",
            "华新电子有限责任公司",
            "华新电子股份有限公司",
            "华新电子集团有限公司",
            "华新电子（集团）有限公司",
            "華新電子有限公司",
            "华新 电子·有限公司",
            "华新电子Co.,Ltd.",
            "华新电子 Co. Ltd",
        ] {
            check(text, "", "华新电子", None);
        }
        for text in ["上海华新电子有限公司", "上海市华新电子有限公司", "上海華新電子", "上海 华新电子"]
        {
            check(text, "", "华新电子", Some("上海"));
            check(text, "上海", "华新电子", Some("上海"));
        }
        check("华新电子（上海）有限公司", "上海", "华新电子", None);
        check("华新电子（上海）有限公司", "", "华新电子上海", None);
        check("昆山华新电子", "昆山", "华新电子", Some("昆山"));
        check("昆山华新电子", "", "昆山华新电子", None);
        check("广东省深圳市华新电子有限公司", "深圳", "华新电子", Some("深圳"));
        check("华新上海分公司", "", "华新上海分公司", None);
        // What is left must say something.
        check("上海公司", "上海", "上海", None);
        check("有限公司", "", "有限公司", None);
        check("Company Ltd", "", "companyltd", None);
        for text in
            ["Acme Trading", "ACME TRADING CO., LTD.", "Acme-Trading Inc", "ａｃｍｅ Trading GmbH", "Acme Trading S.A."]
        {
            check(text, "", "acmetrading", None);
        }
        check("O'Neil & Sons, LLC", "", "oneilsons", None);
        check("TCL科技集团股份有限公司", "", "tcl科技", None);
        check("  …（） ", "", "", None);
        check("", "上海", "", None);
        assert_eq!(city("上海市"), city("上海"));
        assert_eq!(city("市"), "市");
    }

    #[test]
    fn how_like_names_are() {
        let check = |a: &str, b: &str, expected: usize| {
            assert_eq!(similarity(a, b), expected, "{a} {b}");
            assert_eq!(similarity(b, a), expected, "{b} {a}");
        };
        check("华新电子", "华新电子", 100);
        check("华新电子", "华欣电子", 33);
        check("华新电子科技", "华新电子科技", 100);
        check("华新电子元件", "华新电子元", 88);
        check("shanghaiprecisiontools", "shanghaiprecisontools", 92);
        check("aa", "aaaa", 50);
        check("华", "华", 0);
        check("", "华新", 0);
    }

    proptest! {
        #[test]
        fn a_normal_form_is_found_again(text in "[华新上海市北京有限公司集团股份a-cＡＢ .,（）]{0,16}", city in "(上海|)") {
            let name = Name::of(&text, &city);
            prop_assert_eq!(similarity(&name.key, &text), similarity(&text, &name.key));
            prop_assert_eq!(name.key.is_empty(), !text.chars().any(char::is_alphanumeric));
        }

        #[test]
        fn signs_and_blanks_make_no_difference(text in "[华新上海市北京有限公司集团股份電]{0,16}", sign in "[ ·、（]", city in "(上海|)") {
            let apart: String = text.chars().flat_map(|c| [c.to_string(), sign.clone()]).collect();
            prop_assert_eq!(Name::of(&apart, &city), Name::of(&text, &city));
        }
    }
}
