//! The TOML file of a customer.

use super::calendar::{Calendar, plus};
use super::cast::{Cast, Line};
use super::life::Life;
use chrono::Datelike;
use std::fmt::Write;

struct City {
    name: &'static str,
    country: &'static str,
    region: &'static str,
    postal: &'static str,
    phone: &'static str,
}

const fn city(
    name: &'static str,
    country: &'static str,
    region: &'static str,
    postal: &'static str,
    phone: &'static str,
) -> City {
    City { name, country, region, postal, phone }
}

const CITIES: &[City] = &[
    city("上海", "CN", "华东", "201100", "+86 21 5555"),
    city("苏州", "CN", "华东", "215000", "+86 512 5555"),
    city("无锡", "CN", "华东", "214000", "+86 510 5555"),
    city("南京", "CN", "华东", "210000", "+86 25 5555"),
    city("杭州", "CN", "华东", "310000", "+86 571 5555"),
    city("宁波", "CN", "华东", "315000", "+86 574 5555"),
    city("合肥", "CN", "华东", "230000", "+86 551 5555"),
    city("青岛", "CN", "华北", "266000", "+86 532 5555"),
    city("广州", "CN", "华南", "510000", "+86 20 5555"),
    city("深圳", "CN", "华南", "518000", "+86 755 5555"),
    city("东莞", "CN", "华南", "523000", "+86 769 5555"),
    city("佛山", "CN", "华南", "528000", "+86 757 5555"),
    city("厦门", "CN", "华南", "361000", "+86 592 5555"),
    city("武汉", "CN", "华中", "430000", "+86 27 5555"),
    city("长沙", "CN", "华中", "410000", "+86 731 5555"),
    city("成都", "CN", "西南", "610000", "+86 28 5555"),
    city("Hamburg", "DE", "海外", "20095", "+49 40 5555"),
    city("Penang", "MY", "海外", "10050", "+60 4 555"),
    city("Ho Chi Minh City", "VN", "海外", "700000", "+84 28 5555"),
    city("Chicago", "US", "海外", "60601", "+1 312 555"),
    city("Osaka", "JP", "海外", "530-0001", "+81 6 5555"),
];

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| quoted(i)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A made-up tax id whose last character is the right check character (GB 32100-2015).
fn tax_id(number: i64) -> String {
    const SET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91000000MA000{number:02}XX");
    let mut weight = 1;
    let mut sum = 0;
    for b in body.bytes() {
        sum += SET.iter().position(|c| *c == b).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(SET[(31 - sum % 31) % 31]))
}

/// Path and text of the customer's file.
pub(super) fn customer(cast: &Cast, life: &Life, calendar: &Calendar) -> (String, String) {
    let mut out = String::new();
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            // Writing into a string cannot fail.
            let _ = writeln!(out, "{key} = {value}");
        }
    };
    let text = |t: &str| if t.is_empty() { String::new() } else { quoted(t) };
    let day = |ahead: Option<i64>| ahead.map(|n| plus(calendar.today, n).to_string()).unwrap_or_default();
    let several = |items: &[&str]| if items.is_empty() { String::new() } else { list(items) };
    let kind = if cast.has("kind") { cast.whole("kind") } else { "company" };
    let home = cast.whole("where");
    let city = CITIES.iter().find(|c| c.name == home);
    let domestic = city.is_some_and(|c| c.country == "CN");

    put("name", &quoted(cast.name));
    put("aliases", &several(&cast.items("aka")));
    put("former_ids", &several(&cast.items("was")));
    put("kind", &quoted(kind));
    if domestic && kind != "person" {
        put("tax_id", &quoted(&tax_id(cast.number + 1)));
    }
    put("pinyin", &text(cast.whole("pinyin")));
    put("created", &life.created.to_string());
    let mut groups = vec![std::mem::take(&mut out)];

    for decision in ["stage", "status", "owner", "grade", "intent"] {
        let mut group = format!("{decision} = {}\n", quoted(life.state(decision)));
        match decision {
            "status" if life.state("status") == "closed" => {
                if let Some(until) = life.closed_until {
                    let _ = writeln!(group, "closed_until = {until}");
                }
            }
            "grade" => {
                if let Some(until) = life.grade_until {
                    let _ = writeln!(group, "grade_until = {until}");
                }
            }
            _ => {}
        }
        groups.push(group);
    }

    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{key} = {value}");
        }
    };
    put("source", &text(cast.word("from", 0)));
    put("campaign", &text(cast.word("from", 1)));
    put("referred_by", &text(cast.word("from", 2)));
    put("industry", &text(cast.word("what", 0)));
    if let Some(c) = city {
        let street = 18 + cast.number * 7;
        let address = if domestic {
            format!("{}市工业园区海棠路 {street} 号", c.name)
        } else {
            format!("{street} Harbour Road")
        };
        put("country", &quoted(c.country));
        put("region", &quoted(c.region));
        put("city", &quoted(c.name));
        put("address", &quoted(&address));
        put("postal_code", &quoted(c.postal));
        put("phone", &quoted(&format!("{} 01{:02}", c.phone, cast.number + 1)));
    }
    if kind != "person" {
        put("website", &quoted(&format!("https://www.{}.example", cast.domain())));
    }
    put("size", &text(cast.word("what", 1)));
    put("terms", &text(cast.word("terms", 0)));
    put("credit_limit", cast.word("terms", 1));
    put("contact_every", &text(cast.whole("every")));
    put("pool", &quoted(if cast.east { "east" } else { "south" }));
    put("keep_until", &day(cast.line("keep").map(|l| l.number(0))));
    let tags = cast.items("tags");
    if !tags.is_empty() {
        let items: String = tags.iter().map(|t| format!("    {},\n", quoted(t))).collect();
        put("tags", &format!("[\n{items}]"));
    }
    put("note", &text(cast.whole("note")));
    groups.push(std::mem::take(&mut out));
    groups.push(fields(cast, calendar));
    for (n, line) in cast.all("contact").enumerate() {
        groups.push(contact(cast, calendar, line, n));
    }
    let initial = cast.id.chars().next().unwrap_or('x');
    let path = format!("customers/{initial}/{}.toml", cast.id);
    (path, groups.into_iter().filter(|g| !g.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// `[fields]`; empty when there is nothing to say.
fn fields(cast: &Cast, calendar: &Calendar) -> String {
    let mut out = String::new();
    for (key, n) in [("employees", 2), ("factory_area", 3)] {
        let value = cast.word("what", n);
        if !value.is_empty() {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
    let system = cast.word("what", 4);
    if !system.is_empty() {
        let _ = writeln!(out, "control_system = {}", quoted(system));
    }
    if cast.has("until") {
        let _ = writeln!(out, "contract_until = {}", plus(calendar.today, cast.number("until", 0)));
    }
    if cast.has("key") {
        let _ = writeln!(out, "key_account = true");
    }
    let lines = cast.items("lines");
    if !lines.is_empty() {
        let _ = writeln!(out, "production_lines = {}", list(&lines));
    }
    if out.is_empty() { out } else { format!("[fields]\n{out}") }
}

/// One `[[contacts]]`.
fn contact(cast: &Cast, calendar: &Calendar, line: &Line, n: usize) -> String {
    let options =
        |key: &str| line.text(2).split_whitespace().find_map(|o| o.strip_prefix(key).and_then(|o| o.strip_prefix('=')));
    let mut words = line.text(1).split_whitespace();
    let mut out = String::from("[[contacts]]\n");
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{key} = {value}");
        }
    };
    let id = line.word(0);
    let digits = cast.number * 4 + i64::try_from(n).unwrap_or(0) + 11;
    put("id", &quoted(id));
    put("name", &quoted(&line.words[1..].join(" ")));
    put("title", &quoted(line.text(0)));
    put("role", &quoted(words.next().unwrap_or("other")));
    put("relation", &quoted(words.next().unwrap_or("stranger")));
    put("owner", &options("by").map(quoted).unwrap_or_default());
    if cast.abroad() {
        let prefix = CITIES.iter().find(|c| c.name == cast.whole("where")).map_or("", |c| c.phone);
        put("phone", &quoted(&format!("{prefix} 02{n:02}")));
    } else {
        put("phone", &quoted(&format!("+86 138 0000 {digits:04}")));
        if n == 0 {
            put("wechat", &quoted(&format!("{id}_demo{digits:03}")));
        }
    }
    put("email", &quoted(&format!("{id}@{}.example", cast.domain())));
    if let Some(born) = options("born") {
        put("birthday", &quoted(&birthday(calendar, born)));
    }
    if let Some(likes) = options("likes") {
        put("likes", &quoted(likes));
    }
    if let Some(left) = options("left").and_then(|t| t.parse::<i64>().ok()) {
        put("left", &calendar.ago(left).to_string());
    }
    if let Some((name, date)) = options("date").and_then(|t| t.split_once(':')) {
        put("dates", &format!("[ {{ name = {}, date = {} }} ]", quoted(name), quoted(date)));
    }
    out
}

/// A birthday of a story: as it stands, or `+3` and `1984+6`, so many days after the demo's last day.
fn birthday(calendar: &Calendar, born: &str) -> String {
    let Some((year, ahead)) = born.split_once('+') else { return born.to_string() };
    let day = plus(calendar.today, ahead.parse().unwrap_or(0));
    let month_day = format!("{:02}-{:02}", day.month(), day.day());
    if year.is_empty() { month_day } else { format!("{year}-{month_day}") }
}
