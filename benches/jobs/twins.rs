//! Made-up customers of whom some are there twice, as people enter them: what `kehu dupes` is measured on, by how many of those it finds and how
//! many of those that it finds are some. The same for the same arguments.

use kehu::store::layout::{CustomerLayout, customer_path};
use kehu::store::template;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// A stream of numbers that looks random (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

const CITIES: [&str; 16] = [
    "上海",
    "北京",
    "苏州",
    "深圳",
    "杭州",
    "宁波",
    "广州",
    "成都",
    "武汉",
    "西安",
    "青岛",
    "昆山",
    "义乌",
    "江阴",
    "慈溪",
    "张家港",
];
const BRANDS: [char; 48] = [
    '华', '新', '东', '恒', '达', '泰', '瑞', '丰', '远', '宏', '鑫', '盛', '联', '创', '信', '德', '金', '龙', '海',
    '天', '润', '康', '佳', '美', '科', '力', '博', '凯', '诚', '和', '兴', '旺', '嘉', '豪', '飞', '腾', '亚', '欧',
    '中', '原', '立', '正', '明', '光', '祥', '福', '安', '顺',
];
const TRADES: [&str; 16] = [
    "电子",
    "机械",
    "贸易",
    "化工",
    "包装",
    "纺织",
    "五金",
    "塑料",
    "科技",
    "自动化设备",
    "医疗器械",
    "建材",
    "食品",
    "家具",
    "仪器仪表",
    "精密模具",
];
const FORMS: [&str; 5] = ["有限公司", "有限公司", "股份有限公司", "集团有限公司", "有限责任公司"];
const SYLLABLES: [&str; 20] = [
    "al", "ber", "cor", "dan", "el", "far", "gor", "hel", "in", "jo", "kar", "lin", "mar", "nor", "ol", "pre", "ros",
    "sten", "tor", "wex",
];
const WORKS: [&str; 10] = [
    "Trading",
    "Instruments",
    "Machine Tools",
    "Packaging",
    "Electronics",
    "Textiles",
    "Chemicals",
    "Systems",
    "Foods",
    "Logistics",
];
const LTD: [&str; 5] = ["Ltd.", "Co., Ltd.", "GmbH", "Inc.", "LLC"];

/// A customer as its file says it.
#[derive(Debug, Clone, Default)]
struct Card {
    name: String,
    city: String,
    tax_id: String,
    phone: String,
    email: String,
    website: String,
    /// The phone of a contact.
    mobile: String,
}

impl Card {
    fn made(dice: &mut Dice) -> Card {
        let chinese = dice.chance(75);
        let city = dice.of(&CITIES);
        // No two companies of one place may be called the same.
        let brand: String = (0..3 + dice.below(2)).map(|_| dice.of(&BRANDS)).collect();
        let word: String = (0..3 + dice.below(2)).map(|_| dice.of(&SYLLABLES)).collect();
        let latin = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let name = if chinese {
            let place = if dice.chance(60) { city } else { "" };
            format!("{place}{brand}{}{}", dice.of(&TRADES), dice.of(&FORMS))
        } else {
            format!("{latin} {} {}", dice.of(&WORKS), dice.of(&LTD))
        };
        let host = format!("{word}{}.example", dice.digits(5));
        let mail = match dice.below(3) {
            0 => format!("info@{host}"),
            1 => format!("{}@{}", dice.digits(9), dice.of(&["qq.com", "163.com", "gmail.com"])),
            _ => String::new(),
        };
        let some =
            |dice: &mut Dice, percent: usize, text: String| if dice.chance(percent) { text } else { String::new() };
        let tax = format!("9131{}MA1K", dice.digits(10));
        let phone = format!("0{}-{}", dice.of(&["21", "512", "755", "571"]), dice.digits(8));
        let mobile = format!("1{}{}", dice.of(&["38", "39", "86", "77"]), dice.digits(8));
        Card {
            name,
            city: some(dice, 80, city.to_string()),
            tax_id: some(dice, 40, tax),
            phone: some(dice, 80, phone),
            email: mail,
            website: some(dice, 40, format!("https://www.{host}")),
            mobile: some(dice, 60, mobile),
        }
    }

    /// The same customer as somebody else enters it: its name otherwise, and some of the rest, otherwise typed.
    fn again(&self, dice: &mut Dice) -> Card {
        let mut twin = Card { name: otherwise(dice, &self.name), city: self.city.clone(), ..Card::default() };
        if dice.chance(60) && !self.phone.is_empty() {
            twin.phone = retyped(dice, &self.phone);
        }
        if dice.chance(50) && !self.mobile.is_empty() {
            twin.mobile = retyped(dice, &self.mobile);
        }
        if dice.chance(40) {
            twin.email = self.email.to_uppercase();
        }
        if dice.chance(30) {
            twin.website = self.website.replace("https://www.", "").clone();
        }
        if dice.chance(30) {
            twin.tax_id = self.tax_id.to_lowercase();
        }
        twin
    }

    fn file(&self, owner: &str) -> String {
        let mut out = format!("name = \"{}\"\n", self.name);
        if !self.tax_id.is_empty() {
            out += &format!("tax_id = \"{}\"\n", self.tax_id);
        }
        out += "created = 2026-01-05\n\nstage = \"lead\"\n\nstatus = \"active\"\n\n";
        out += &format!("owner = \"{owner}\"\n\ngrade = \"\"\n\nintent = \"\"\n\n");
        for (key, value) in
            [("city", &self.city), ("phone", &self.phone), ("email", &self.email), ("website", &self.website)]
        {
            if !value.is_empty() {
                out += &format!("{key} = \"{value}\"\n");
            }
        }
        if !self.mobile.is_empty() {
            out += &format!("\n[[contacts]]\nid = \"p1\"\nname = \"Wang\"\nphone = \"{}\"\n", self.mobile);
        }
        out
    }
}

/// A name as somebody else writes it.
fn otherwise(dice: &mut Dice, name: &str) -> String {
    let wide = |c: char| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c };
    let short =
        || FORMS.iter().chain(&LTD).fold(name.to_string(), |n, form| n.trim_end_matches(form).trim_end().to_string());
    match dice.below(7) {
        0 => short(),
        1 => name.replace("有限公司", "（集团）有限公司").replace(" Ltd.", " Limited"),
        2 => name.chars().map(wide).collect(),
        3 => hanconv::s2t(name),
        4 => name.chars().flat_map(|c| [c, ' ']).collect::<String>().trim().replace("  ", " ").replace(" . ", ". "),
        5 => name.to_uppercase(),
        // A slip of the pen: one character is missing.
        _ => {
            let all: Vec<char> = short().chars().collect();
            let gone = all.len() / 2;
            all.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, c)| *c).collect()
        }
    }
}

/// A number as somebody else types it.
fn retyped(dice: &mut Dice, phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches('0');
    match dice.below(5) {
        0 => format!("+86 {national}"),
        1 => format!("0086-{national}"),
        2 => digits.chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect(),
        3 => format!("{phone} ext 801"),
        _ => digits,
    }
}

/// The id of a customer.
fn id(n: usize) -> String {
    format!("k{n:06}")
}

/// Writes a directory of customers of whom so many are there twice; the pairs, by id, the smaller one first. Others share what no duplicate is: a
/// switchboard of many, a mailbox's provider, a name in another city, the domain of a group.
pub(crate) fn write(dir: &Path, customers: usize, twice: usize) -> io::Result<BTreeSet<(String, String)>> {
    for (name, text) in template::files(template::Template::FourStage, "双生贸易", "en", None) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, text)?;
    }
    fs::write(dir.join("team.toml"), "[li]\nname = \"Li\"\nrole = \"rep\"\n\n[wu]\nname = \"Wu\"\nrole = \"rep\"\n")?;
    let mut dice = Dice(0x00D0_0B1E);
    let mut cards: Vec<Card> = (0..customers - twice).map(|_| Card::made(&mut dice)).collect();
    // Every 40th customer sits in one of a few large buildings, and every 50th belongs to a group.
    let halls = (customers / 1200).max(1);
    for n in (0..cards.len()).step_by(40) {
        cards[n].phone = format!("021-6000{:04}", n / 40 % halls);
    }
    for n in (25..cards.len()).step_by(100) {
        let host = format!("https://group{}.example", n / 100);
        (cards[n].website, cards[n - 1].website) = (host.clone(), host);
    }
    let mut pairs = BTreeSet::new();
    let step = (cards.len() / twice.max(1)).max(1);
    for n in 0..twice {
        let one = n * step;
        let twin = cards[one].again(&mut dice);
        pairs.insert((id(one), id(cards.len())));
        cards.push(twin);
    }
    for (n, card) in cards.iter().enumerate() {
        let path = dir.join(customer_path(CustomerLayout::Hash, &id(n)));
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, card.file(if n % 2 == 0 { "li" } else { "wu" }))?;
    }
    Ok(pairs)
}

/// How well an answer fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    /// Pairs that were found.
    pub(crate) found: usize,
    /// Share of them that are pairs.
    pub(crate) precision: f64,
    /// Share of the pairs that were found.
    pub(crate) recall: f64,
}

/// Judges what `kehu dupes -f csv --columns score,customer,other` prints, from so many points on.
pub(crate) fn judge(answer: &str, pairs: &BTreeSet<(String, String)>, least: u32) -> Fit {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let score: u32 = cells.next()?.parse().ok()?;
        (score >= least).then_some((cells.next()?.to_string(), cells.next()?.to_string()))
    };
    let found: BTreeSet<(String, String)> = answer.lines().skip(1).filter_map(row).collect();
    let right = found.intersection(pairs).count() as f64;
    let of = |all: usize| if all == 0 { 1.0 } else { right / all as f64 };
    Fit { found: found.len(), precision: of(found.len()), recall: of(pairs.len()) }
}
