//! Which encoding bytes seem to be in when nobody says so: UTF-8, UTF-16 without its mark, or GB18030 where it reads like
//! Chinese. Nothing else is guessed: another reading may be as good, so whoever asks gets the candidates.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use std::borrow::Cow;

/// What is shown of a reading, in characters.
const SAMPLE: usize = 24;
/// Bytes that are looked at; a file that goes on so is not read twice.
const LOOKED_AT: usize = 1 << 20;
/// Of a hundred Chinese characters so many at least are in the first level of GB 2312 or its punctuation.
const LEVEL_ONE: usize = 60;
/// Of a hundred Chinese characters so many at least are [`COMMON`], and so many must there be to ask.
const OFTEN: (usize, usize) = (20, 24);
/// Characters of names, places, goods and remarks: other scripts that are read as GB18030 meet them by chance only.
const COMMON: &str = "的一是了不在有人这上大来国个到中说们为子和地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切客户单据金额订货供应销售采购付款收据税票电话手机邮箱地址编号备注名称型号规格数量单价总计合同日期负责部门联系姓职务刘陈杨赵吴孙朱胡郭何罗宋郑谢韩唐冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范省县镇街号楼室苏浙粤沪深圳州宁波杭限责";

/// What bytes seem to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// This.
    Seems(&'static Encoding),
    /// No reading is likely; the best ones first.
    Unclear(Vec<Reading>),
}

/// An encoding that bytes may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its name, as maps and flags take it.
    pub encoding: String,
    /// What a piece of the text says then.
    pub sample: String,
}

/// The encoding of a name that people use; GBK and GB2312 are parts of GB18030.
pub fn named(name: &str) -> Option<&'static Encoding> {
    let label = if name.eq_ignore_ascii_case("utf-16") { "utf-16le" } else { name };
    let found = Encoding::for_label(label.as_bytes())?;
    Some(if found == encoding_rs::GBK { GB18030 } else { found })
}

/// The name of an encoding, as maps and flags take it.
pub fn name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// Whether most lines that are not ASCII are UTF-8: a few broken ones do not turn a text around.
pub fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for line in bytes.split(|b| *b == b'\n').filter(|l| !l.is_ascii()) {
        if std::str::from_utf8(line).is_ok() { good += 1 } else { bad += 1 }
    }
    good >= bad
}

/// What bytes seem to be.
pub fn guess(bytes: &[u8]) -> Guess {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Guess::Seems(encoding);
    }
    if let Some(wide) = wide(bytes) {
        return Guess::Seems(wide);
    }
    if std::str::from_utf8(bytes).is_ok() || is_mostly_utf8(bytes) {
        return Guess::Seems(UTF_8);
    }
    let some = &bytes[..bytes.len().min(LOOKED_AT)];
    if is_chinese(some) { Guess::Seems(GB18030) } else { Guess::Unclear(readings(some)) }
}

/// Bytes as UTF-8, without a byte order mark. Where most lines are UTF-8 already, only the others are converted.
///
/// # Errors
/// The first line that is no text in the encoding.
pub fn to_utf8(bytes: &[u8], encoding: &'static Encoding) -> Result<String, usize> {
    let strict =
        |bytes: &[u8]| encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned);
    let (marked, mark) = Encoding::for_bom(bytes).map_or((None, 0), |(e, len)| (Some(e), len));
    let bytes = &bytes[mark..];
    let is_wide = |e: &'static Encoding| e == UTF_16LE || e == UTF_16BE;
    if is_wide(encoding) || marked.is_some_and(is_wide) {
        let encoding = marked.unwrap_or(encoding);
        return encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned).ok_or(1);
    }
    let keep = is_mostly_utf8(bytes);
    let mut out = String::with_capacity(bytes.len() * 3 / 2);
    // No byte of a line's end is part of a character in any of these.
    for (n, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(text) if keep => out.push_str(text),
            _ => out.push_str(&strict(line).ok_or(n + 1)?),
        }
    }
    Ok(out)
}

/// UTF-16 without its mark: every other byte of what is ASCII is 0.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if (even + odd) * 16 < head.len() || even + odd == 0 {
        return None;
    }
    match (even, odd) {
        (0, _) => Some(UTF_16LE),
        (_, 0) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes read like Chinese in GB18030: mostly characters of the first level of GB 2312 (the 3,755 most used), and where
/// there are many, mostly common ones. Other scripts of two bytes, and those of one byte, meet that by chance only.
fn is_chinese(bytes: &[u8]) -> bool {
    let (mut all, mut level_one, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(lead) = bytes.get(at) {
        if lead.is_ascii() {
            at += 1;
            continue;
        }
        // Four bytes hold what is rare anywhere: it says nothing, and no other script looks so.
        if let [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] = &bytes[at..] {
            at += 4;
            continue;
        }
        all += 1;
        match (lead, bytes.get(at + 1)) {
            (0xA1..=0xA3 | 0xB0..=0xD7, Some(0xA1..=0xFE)) => {
                level_one += 1;
                at += 2;
            }
            (0x81..=0xFE, Some(0x40..=0x7E | 0x80..=0xFE)) => at += 2,
            _ => at += 1,
        }
    }
    if all == 0 || level_one * 100 < all * LEVEL_ONE {
        return false;
    }
    let text = GB18030.decode_without_bom_handling(bytes).0;
    let mut common: Vec<char> = COMMON.chars().collect();
    common.sort_unstable();
    let (mut hanzi, mut often) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        hanzi += 1;
        often += usize::from(common.binary_search(&c).is_ok());
    }
    hanzi < OFTEN.1 || often * 100 >= hanzi * OFTEN.0
}

/// The encodings in which bytes are a text, the most likely first, each with what it says.
fn readings(bytes: &[u8]) -> Vec<Reading> {
    let Some(first) = bytes.iter().position(|b| !b.is_ascii()) else { return Vec::new() };
    let ends = |b: &u8| matches!(b, b'\n' | b'\r' | b',' | b';' | b'\t' | b'"');
    let from = bytes[..first].iter().rposition(ends).map_or(0, |n| n + 1);
    let to = bytes[first..].iter().position(ends).map_or(bytes.len(), |n| first + n);
    // Letters of one byte stand among ASCII ones; those of two bytes beside one another.
    let high = bytes.iter().filter(|b| !b.is_ascii()).count();
    let pairs = bytes.windows(2).filter(|w| !w[0].is_ascii() && !w[1].is_ascii()).count();
    let western: [&'static Encoding; 6] = [WINDOWS_1252, GB18030, BIG5, WINDOWS_1251, SHIFT_JIS, EUC_KR];
    let others: [&'static Encoding; 6] = [BIG5, GB18030, SHIFT_JIS, EUC_KR, WINDOWS_1251, WINDOWS_1252];
    let order = if pairs * 2 < high { western } else { others };
    let sound = order.into_iter().filter(|e| e.decode_without_bom_handling_and_without_replacement(bytes).is_some());
    let read = |e: &'static Encoding| Reading {
        encoding: name(e),
        sample: e.decode_without_bom_handling(&bytes[from..to]).0.trim().chars().take(SAMPLE).collect(),
    };
    sound.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_guessed_or_not() {
        let check = |what: &str, bytes: &[u8], expected: Option<&'static Encoding>| match (guess(bytes), expected) {
            (Guess::Seems(e), Some(x)) => assert_eq!(e, x, "{what}"),
            (Guess::Unclear(_), None) => {}
            (other, _) => panic!("{what}: {other:?}"),
        };
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        check("ascii", b"a,b\n1,2\n", Some(UTF_8));
        check("utf-8", "客户\n".as_bytes(), Some(UTF_8));
        check("one broken line", b"a\n\xe5\xae\xa2\n\xe6\x88\xb7\n\xff\n", Some(UTF_8));
        for text in [
            "客户",
            "王",
            "客户,金额\n华新电子,5\n",
            "朱镕基",
            "朱镕基,𠮷野,张玥\n",
            "id,name\n1,李娜\n",
            "价格：5 元，含税\n",
        ] {
            check(text, &gb(text), Some(GB18030));
        }
        for text in ["name\nMüller\n", "Größe", "Société Générale", "façade, élève", "naïve\nÆsir"] {
            check(text, &WINDOWS_1252.encode(text).0, None);
        }
        for text in ["Привет, мир", "Иванов Иван Иванович"] {
            check(text, &WINDOWS_1251.encode(text).0, None);
        }
        check("big5", &BIG5.encode("客戶名稱,電話號碼\n華新電子股份有限公司,聯絡人王小明\n").0, None);
        check("shift_jis", &SHIFT_JIS.encode("株式会社サンプル,カタカナ\n").0, None);
        let korean = "주식회사 한국전자, 서울특별시 강남구 테헤란로, 대표이사 김영희, 담당자 박철수\n";
        check("euc-kr", &EUC_KR.encode(korean).0, None);
        let koi8 = encoding_rs::KOI8_R.encode("общество с ограниченной ответственностью, москва, улица ленина\n").0;
        check("koi8-r", &koi8, None);
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        check("utf-16", &wide("客户,金额\n华新,5\n"), Some(UTF_16LE));
        let wide: Vec<u8> = "id,name\n1,x\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check("utf-16be", &wide, Some(UTF_16BE));
        check("a nul", b"a,b\n1,\0\n2,bbbbbbbbbbbbbbbbbbbbbbbb\n", Some(UTF_8));
    }

    #[test]
    fn bytes_become_utf8() {
        let check = |bytes: &[u8], from: &str, expected: Result<&str, usize>| {
            assert_eq!(to_utf8(bytes, named(from).unwrap()), expected.map(ToString::to_string), "{bytes:?}");
        };
        let gb = GB18030.encode("客户,金额\r\n华新,5\n").0;
        check(&gb, "gbk", Ok("客户,金额\r\n华新,5\n"));
        // Lines that are UTF-8 already stay.
        let mixed = [b"id\n\xe5\xae\xa2\n".as_slice(), &GB18030.encode("华新\n").0, "户\n".as_bytes()].concat();
        check(&mixed, "gb18030", Ok("id\n客\n华新\n户\n"));
        check(b"a\nb\n\xff\n", "gb18030", Err(3));
        let wide: Vec<u8> = "\u{feff}客\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "utf-16", Ok("客\n"));
        check(&wide, "gb18030", Ok("客\n"));
        check("\u{feff}a\n".as_bytes(), "gb18030", Ok("a\n"));
        check(b"M\xfcller\n", "windows-1252", Ok("Müller\n"));
    }

    #[test]
    fn candidates_show_what_they_say() {
        let Guess::Unclear(found) = guess(&WINDOWS_1252.encode("id,name\n1,Müller & Söhne\n").0) else { panic!() };
        assert_eq!((found[0].encoding.as_str(), found[0].sample.as_str()), ("windows-1252", "Müller & Söhne"));
        let big5 = BIG5.encode("客戶名稱,電話號碼\n華新電子,王小明\n").0;
        let Guess::Unclear(found) = guess(&big5) else { panic!() };
        assert_eq!((found[0].encoding.as_str(), found[0].sample.as_str()), ("big5", "客戶名稱"));
        assert_eq!(named("GBK").map(name).as_deref(), Some("gb18030"));
        assert_eq!(named("utf-16").map(name).as_deref(), Some("utf-16le"));
        assert_eq!(named("klingon"), None);
    }
}
