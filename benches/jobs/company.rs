//! A made-up company of any size, the same for the same arguments: what the benchmark and some tests work on.
//!
//! Ledgers are spread over years and authors as kehu itself would spread them. Rows refer only to what exists, and
//! `kehu check` has nothing to say about the result.

use chrono::{Datelike, Days, NaiveDate};
use kehu::store::layout::{CustomerLayout, customer_path as customer_path_of};
use kehu::store::template;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How large a company is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// Customers.
    pub(crate) customers: usize,
    /// Order lines.
    pub(crate) lines: usize,
    /// Lines of receipts.
    pub(crate) receipts: usize,
    /// Activities.
    pub(crate) activities: usize,
    /// Products.
    pub(crate) products: usize,
    /// People who sell.
    pub(crate) people: usize,
}

/// 1,000 customers and 20,000 rows; ten times; a hundred customers for tests; a hundred thousand.
pub(crate) const SIZES: [Size; 4] = [
    Size { name: "XS", customers: 100, lines: 800, receipts: 600, activities: 600, products: 40, people: 4 },
    Size { name: "S", customers: 1_000, lines: 8_000, receipts: 6_000, activities: 6_000, products: 200, people: 8 },
    Size {
        name: "M",
        customers: 10_000,
        lines: 80_000,
        receipts: 60_000,
        activities: 60_000,
        products: 600,
        people: 20,
    },
    Size {
        name: "L",
        customers: 100_000,
        lines: 400_000,
        receipts: 300_000,
        activities: 300_000,
        products: 2_000,
        people: 40,
    },
];

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
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
    /// Few customers buy much: small indexes come more often.
    fn skewed(&mut self, n: usize) -> usize {
        self.below(n).min(self.below(n))
    }
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    /// True in `percent` of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    fn id(&mut self, prefix: &str) -> String {
        const BASE32: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut bits = self.next();
        let mut out = String::with_capacity(prefix.len() + 12);
        out.push_str(prefix);
        for _ in 0..12 {
            out.push(BASE32[(bits & 31) as usize] as char);
            bits >>= 5;
        }
        out
    }
}

const PLACES: [(&str, &str, &str); 12] = [
    ("上海", "华东", "Shanghai"),
    ("苏州", "华东", "Suzhou"),
    ("杭州", "华东", "Hangzhou"),
    ("宁波", "华东", "Ningbo"),
    ("深圳", "华南", "Shenzhen"),
    ("东莞", "华南", "Dongguan"),
    ("佛山", "华南", "Foshan"),
    ("广州", "华南", "Guangzhou"),
    ("北京", "华北", "Beijing"),
    ("天津", "华北", "Tianjin"),
    ("成都", "西南", "Chengdu"),
    ("武汉", "华中", "Wuhan"),
];
const FIRST: [(&str, &str); 24] = [
    ("华", "Hua"),
    ("新", "Xin"),
    ("天", "Tian"),
    ("恒", "Heng"),
    ("瑞", "Rui"),
    ("海", "Hai"),
    ("金", "Jin"),
    ("盛", "Sheng"),
    ("永", "Yong"),
    ("远", "Yuan"),
    ("明", "Ming"),
    ("宏", "Hong"),
    ("德", "De"),
    ("安", "An"),
    ("诚", "Cheng"),
    ("达", "Da"),
    ("博", "Bo"),
    ("凯", "Kai"),
    ("泰", "Tai"),
    ("正", "Zheng"),
    ("东", "Dong"),
    ("亿", "Yi"),
    ("联", "Lian"),
    ("嘉", "Jia"),
];
const TRADES: [(&str, &str, &str); 10] = [
    ("电子", "Electronics", "electronics"),
    ("机械", "Machinery", "machinery"),
    ("纺织", "Textiles", "textiles"),
    ("包装", "Packaging", "packaging"),
    ("食品", "Foods", "food"),
    ("医疗", "Medical", "medical"),
    ("汽配", "Auto Parts", "automotive"),
    ("塑胶", "Plastics", "plastics"),
    ("印刷", "Printing", "printing"),
    ("贸易", "Trading", "trade"),
];
const SURNAMES: [(&str, &str); 12] = [
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("黄", "huang"),
    ("赵", "zhao"),
    ("吴", "wu"),
    ("周", "zhou"),
    ("徐", "xu"),
    ("孙", "sun"),
];
const GIVEN: [&str; 12] = ["伟", "芳", "敏", "静", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明"];
const NOTES: [&str; 8] = [
    "电话回访，客户满意，问下季度价格",
    "上门拜访，看了现场，约下周送样",
    "报价已发，等采购部比价",
    "Met the buyer, wants samples, delivery matters more than price",
    "催款，财务说本月底付",
    "介绍新品，客户要资料",
    "\"急单\"，问能不能提前一周交货",
    "没人接，改天再打",
];

/// One ledger's files: name → text.
type Files = BTreeMap<String, String>;

fn row(files: &mut Files, ledger: &str, header: &str, day: NaiveDate, author: &str, text: &str) {
    let file = files.entry(format!("ledgers/{ledger}/{:04}-{author}.csv", day.year())).or_default();
    if file.is_empty() {
        file.push_str(header);
        file.push('\n');
    }
    file.push_str(text);
    file.push('\n');
}

/// Since when a product has a price and a cost, in cents.
type Version = (NaiveDate, u64, u64);

/// An amount in cents as a decimal.
fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The id of customer `n`.
pub(crate) fn customer_id(n: usize) -> String {
    format!("k{n:06}")
}

/// The path of customer `n`'s file.
pub(crate) fn customer_path(n: usize) -> String {
    customer_path_of(CustomerLayout::Hash, &customer_id(n))
}

/// All files of a company whose last day is `end`: path, text.
pub(crate) fn files(size: Size, end: NaiveDate) -> Vec<(String, String)> {
    let mut dice = Dice(0x6B65_6875 + size.customers as u64);
    let mut out: Vec<(String, String)> = template::files(template::Template::FourStage, "基准贸易", "en", None)
        .into_iter()
        .map(|(path, text)| {
            let text =
                if path == "kehu.toml" { text.replacen("layout = \"initial\"", "layout = \"hash\"", 1) } else { text };
            (path, text)
        })
        .collect();
    let people: Vec<String> = (0..size.people).map(|n| format!("rep{n:02}")).collect();
    let mut team = String::new();
    for (n, id) in people.iter().enumerate() {
        let (surname, _) = SURNAMES[n % SURNAMES.len()];
        let name = format!("{surname}{}", GIVEN[n % GIVEN.len()]);
        let role = if n == 0 { "manager" } else { "rep" };
        let _ = write!(team, "[{id}]\nname = \"{name}\"\nrole = \"{role}\"\n\n");
    }
    out.retain(|(path, _)| path != "team.toml");
    out.push(("team.toml".into(), team));
    let first_day = end - Days::new(900);
    let day_after = |dice: &mut Dice, from: NaiveDate| {
        let span = (end - from).num_days().max(1) as usize;
        from + Days::new(dice.below(span) as u64)
    };

    let mut products: Vec<(String, Vec<Version>)> = Vec::new();
    let mut files = Files::new();
    for n in 0..size.products {
        let id = format!("P{n:04}");
        let mut versions = Vec::new();
        let price = 1_000 + dice.below(400_000) as u64;
        for (v, since) in [first_day - Days::new(30), first_day + Days::new(420)].into_iter().enumerate() {
            let price = price + price * 3 * v as u64 / 100;
            let cost = price * (55 + dice.below(35) as u64) / 100;
            let line = format!(
                "{id},{since},零件 {n:04},类别{:02},件,{},{},0.13,,,active,",
                n % 12,
                money(price),
                money(cost)
            );
            let header = "id,since,name,category,unit,price,cost,tax_rate,supplier,upgrade_of,status,note";
            row(&mut files, "products", header, since, &people[0], &line);
            versions.push((since, price, cost));
        }
        products.push((id, versions));
    }

    let mut owners = Vec::with_capacity(size.customers);
    let mut bought = vec![0usize; size.customers];
    // Orders: three lines each on average, more of them with the customers in front.
    let mut orders: Vec<(String, usize, NaiveDate, usize, u64)> = Vec::new();
    let mut lines = 0;
    let mut text = String::new();
    for _ in 0..size.customers {
        owners.push(dice.below(size.people));
    }
    while lines < size.lines {
        let customer = dice.skewed(size.customers * 4 / 5);
        let day = day_after(&mut dice, first_day);
        let owner = owners[customer];
        let author = &people[owner];
        let id = dice.id("o_");
        let count = (1 + dice.below(5)).min(size.lines - lines);
        let due = day + Days::new(30);
        let promised = day + Days::new(5 + dice.below(20) as u64);
        let mut total = 0;
        for line in 1..=count {
            let (product, versions) = &products[dice.skewed(size.products)];
            let (_, price, cost) = versions[usize::from(day >= versions[1].0)];
            let quantity = 1 + dice.below(40) as u64;
            let discount = dice.of(&[0u64, 0, 0, 2, 5]);
            let net = price * quantity * (100 - discount);
            let tax = net * 13 / 10_000;
            total += net / 100 + tax;
            let unit_cost = if dice.chance(98) { money(cost) } else { String::new() };
            let discount = if discount == 0 { String::new() } else { format!("0.{discount:02}") };
            text.clear();
            let _ = write!(
                text,
                "{id},{line},{day}T{:02}:{:02}:00+08:00,{},{product},{quantity},{},{discount},,{},{unit_cost},,,,{due},{promised},,,,{author},,,",
                9 + dice.below(9),
                dice.below(60),
                customer_id(customer),
                money(price),
                money(tax),
            );
            let header = "id,line,at,customer,product,quantity,price,discount,amount,tax,unit_cost,cost,extra_cost,currency,due,promised,returns,deal,contract,by,split,source_key,note";
            row(&mut files, "orders", header, day, author, &text);
            lines += 1;
        }
        bought[customer] += 1;
        orders.push((id, customer, day, owner, total));
    }
    same_instant(&mut files);

    // Receipts: each order paid in parts, some late, some never.
    let mut paid = 0;
    let mut n = 0;
    while paid < size.receipts {
        let (order, customer, day, _, total) = &orders[n % orders.len()];
        n += 1;
        let when = *day + Days::new(5 + dice.below(70) as u64);
        if when > end {
            if n > 20 * orders.len() {
                break;
            }
            continue;
        }
        let amount = (total * (20 + dice.below(20) as u64) / 100).max(1);
        let named = if dice.chance(90) { order.as_str() } else { "" };
        text.clear();
        let _ = write!(
            text,
            "{},1,{when},{},{},,{named},,{},,{},,",
            dice.id("p_"),
            customer_id(*customer),
            money(amount),
            dice.of(&["transfer", "transfer", "wechat", "alipay"]),
            people[1],
        );
        let header = "id,line,at,customer,amount,receivable,order,currency,method,matures,by,source_key,note";
        row(&mut files, "receipts", header, when, &people[1], &text);
        paid += 1;
    }

    for _ in 0..size.activities {
        let customer = dice.below(size.customers * 19 / 20);
        let day = day_after(&mut dice, first_day);
        let author = &people[owners[customer]];
        let next =
            if dice.chance(15) { (day + Days::new(3 + dice.below(20) as u64)).to_string() } else { String::new() };
        let (channel, direction) =
            dice.of(&[("call", "both"), ("visit", "both"), ("wechat", "both"), ("email", "out")]);
        let note = dice.of(&NOTES);
        let note =
            if note.contains(['"', ',']) { format!("\"{}\"", note.replace('"', "\"\"")) } else { note.to_string() };
        text.clear();
        let _ = write!(
            text,
            "{},{day}T{:02}:{:02}:00+08:00,{},c1,{author},{channel},{},{direction},{},,{next},,,{note}",
            dice.id("a_"),
            9 + dice.below(9),
            dice.below(60),
            customer_id(customer),
            dice.of(&["inform", "deal", "service", "care"]),
            dice.of(&["positive", "neutral", "none"]),
        );
        let header = "id,at,customer,contact,by,channel,purpose,direction,outcome,signal,next,deal,complaint,note";
        row(&mut files, "activities", header, day, author, &text);
    }

    let header = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note";
    for (order, _, day, owner, _) in &orders {
        // One order in a hundred is cancelled.
        if dice.chance(1) {
            let when = (*day + Days::new(2)).min(end);
            let author = &people[*owner];
            let line = format!(
                "{},{when}T18:00:00+08:00,order,{order},cancelled,placed,cancelled,,,,{author},",
                dice.id("e_")
            );
            row(&mut files, "events", header, when, author, &line);
        }
    }
    for n in 0..size.customers {
        let created = first_day - Days::new(dice.below(700) as u64);
        let author = &people[owners[n]];
        let stage = match bought[n] {
            0 => dice.of(&["lead", "prospect"]),
            1 => "first-order",
            _ => "repeat",
        };
        let grade = if bought[n] > 0 { dice.of(&["A", "B", "B", "C", "C", "D"]) } else { "" };
        if !grade.is_empty() && dice.chance(30) {
            let when = day_after(&mut dice, first_day);
            let line = format!(
                "{},{when}T18:00:00+08:00,customer,{},grade,,{grade},,,,{author},",
                dice.id("e_"),
                customer_id(n)
            );
            row(&mut files, "events", header, when, author, &line);
        }
        out.push((customer_path(n), customer(&mut dice, n, created, stage, grade, author)));
    }
    out.extend(files);
    out
}

/// Lines of one order have one instant: that of its first line.
fn same_instant(files: &mut Files) {
    for text in files.iter_mut().filter(|(path, _)| path.starts_with("ledgers/orders/")).map(|(_, text)| text) {
        let mut out = String::with_capacity(text.len());
        let mut last: (&str, &str) = ("", "");
        for line in text.lines() {
            let mut cells = line.splitn(4, ',');
            let (id, number, at) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            let rest = cells.next().unwrap_or("");
            let at = if id == last.0 { last.1 } else { at };
            last = (id, at);
            let _ = writeln!(out, "{id},{number},{at},{rest}");
        }
        *text = out;
    }
}

fn customer(dice: &mut Dice, n: usize, created: NaiveDate, stage: &str, grade: &str, owner: &str) -> String {
    let (city, region, latin) = dice.of(&PLACES);
    let ((a, la), (b, lb)) = (dice.of(&FIRST), dice.of(&FIRST));
    let (trade, latin_trade, industry) = dice.of(&TRADES);
    let (surname, given) = (dice.of(&SURNAMES), dice.of(&GIVEN));
    let name = if dice.chance(20) {
        format!("{latin} {la}{} {latin_trade} Co., Ltd.", lb.to_lowercase())
    } else {
        format!("{city}{a}{b}{trade}有限公司")
    };
    let mut out = format!(
        "name = \"{name}\"\nkind = \"company\"\ncreated = {created}\n\nstage = \"{stage}\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"{grade}\"\n\nintent = \"\"\n\n"
    );
    let _ = write!(
        out,
        "source = \"{}\"\nindustry = \"{industry}\"\ncountry = \"CN\"\nregion = \"{region}\"\ncity = \"{city}\"\nphone = \"+86 21 5{n:07}\"\nsize = \"{}\"\nterms = \"net30\"\ncredit_limit = {}\ntags = [\n    \"{industry}\",\n]\n",
        dice.of(&["expo", "referral", "web", "cold-call"]),
        dice.of(&["10-50", "50-200", "200-500"]),
        (1 + dice.below(50)) * 10_000,
    );
    let _ = write!(
        out,
        "\n[[contacts]]\nid = \"c1\"\nname = \"{}{given}\"\ntitle = \"采购经理\"\nrole = \"decision-maker\"\nrelation = \"acquaintance\"\nphone = \"138{n:08}\"\nemail = \"{}{n}@example.com\"\n",
        surname.0, surname.1
    );
    out
}

/// Writes a company into a new folder.
///
/// # Errors
/// The system's.
pub(crate) fn write(dir: &Path, size: Size, end: NaiveDate) -> io::Result<()> {
    for (path, text) in files(size, end) {
        let full = dir.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(full, text)?;
    }
    Ok(())
}
