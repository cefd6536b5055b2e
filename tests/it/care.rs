//! The care calendar (R4): birthdays, days to remember, holidays, anniversaries and product tips, through the program.

use super::oracle::{python, script};
use super::rules::{EVENT, company, customer, rows};
use super::support::Dir;
use kehu::model::day::parse_day;
use kehu::rules::care::calendar::lunar_day;
use serde_json::Value;

const ORDER: &str = "line,at,customer,product,quantity,price,amount,currency,promised,by";

/// `day customer kind contact owner what` of each occasion; `-` for nothing.
fn occasions(dir: &Dir, args: &[&str]) -> Vec<String> {
    let out = dir.run(&[&["report", "care", "--json"], args].concat()).expect(0);
    let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
    let word = |v: &Value| v.as_str().unwrap_or("-").to_string();
    let keys = ["day", "customer", "kind", "contact", "owner", "what"];
    list.iter().map(|r| keys.map(|k| word(&r[k])).join(" ")).collect()
}

fn settings(dir: &Dir, more: &str) {
    let text = dir.read("kehu.toml");
    // The holidays of the template are many.
    let holidays = text.find("# Holidays on which").expect("the template's holidays");
    let tips = text.find("# What is said about a product").expect("the template's tips");
    dir.write("kehu.toml", format!("{}{more}\n{}", &text[..holidays], &text[tips..]));
}

const PEOPLE: &str = "owner = \"li\"

[[contacts]]
id = \"ann\"
name = \"Ann\"
title = \"Head\"
birthday = \"1980-07-02\"
dates = [ { name = \"shop day\", date = \"07-05\" } ]

[[contacts]]
id = \"bo\"
name = \"Bo\"
birthday = \"农历05-20\"
owner = \"wu\"

[[contacts]]
id = \"gone\"
name = \"Gone\"
birthday = \"07-03\"
left = 2026-07-03
";

#[test]
fn people_are_remembered_by_whoever_sees_to_them() {
    let dir = company("four-stage");
    customer(&dir, "one", "repeat", PEOPLE);
    customer(&dir, "shut", "repeat", &format!("status = \"closed\"\n{PEOPLE}"));
    let own = ["customer:one,shut", "-p", "next-30d"];
    assert_eq!(
        occasions(&dir, &own),
        [
            "2026-07-02 one birthday ann li Ann Head (1980-07-02)",
            "2026-07-04 one birthday bo wu Bo (农历05-20)",
            "2026-07-05 one date ann li shop day: Ann",
        ]
    );
    assert_eq!(occasions(&dir, &[&own[..], &["owner:wu"]].concat()).len(), 1);
    assert_eq!(occasions(&dir, &[&own[..], &["kind:date"]].concat()).len(), 1);
    // The day on which somebody leaves is the first without them.
    assert!(!occasions(&dir, &["customer:one", "-p", "2026-07-03"]).iter().any(|o| o.contains("gone")));
    assert!(occasions(&dir, &["customer:one", "-p", "2025-07-03"]).iter().any(|o| o.contains("gone")));
    // Only these kinds.
    let text = dir.read("kehu.toml");
    let from = text.find("occasions = ").expect("a key");
    let to = from + text[from..].find(']').expect("its end") + 1;
    dir.write("kehu.toml", format!("{}occasions = [\"date\"]{}", &text[..from], &text[to..]));
    assert_eq!(occasions(&dir, &own), ["2026-07-05 one date ann li shop day: Ann"]);
}

#[test]
fn holidays_are_for_whom_they_are_named() {
    let dir = company("four-stage");
    settings(
        &dir,
        "[[care.holidays]]\nname = \"Party Day\"\nzh = \"建党节\"\ndate = \"07-01\"\ngrades = [\"A\"]\n\n[[care.holidays]]\nname = \"Moon\"\ndate = \"农历08-15\"\n",
    );
    for (id, grade) in [("a1", "A"), ("a2", "A"), ("b1", "B")] {
        customer(&dir, id, "repeat", &format!("grade = \"{grade}\"\n"));
    }
    let own = "customer:a1,a2,b1";
    assert_eq!(
        occasions(&dir, &[own]),
        ["2026-07-01 a1 holiday - li Party Day", "2026-07-01 a2 holiday - li Party Day"]
    );
    assert_eq!(occasions(&dir, &[own, "-p", "2026-09-25"]).len(), 3);
    assert_eq!(occasions(&dir, &[own, "-p", "2027-09"])[0], "2027-09-15 a1 holiday - li Moon");
    // In the day's list it is one line for all whom somebody greets.
    let out = dir.run(&["today", "--as", "li", "section:care", "--lang", "zh-CN"]).expect(0);
    assert!(out.stdout.contains("建党节：问候 2 位客户"), "{}", out.stdout);
    let out = dir.run(&["today", "--as", "wu", "section:care"]).expect(0);
    assert!(!out.stdout.contains("Party Day"), "{}", out.stdout);
}

#[test]
fn contracts_and_first_orders_have_anniversaries() {
    let dir = company("four-stage");
    for id in ["one", "two"] {
        customer(&dir, id, "repeat", "created = 2020-01-05\n");
    }
    let contract = "at,party,kind,title,start,end";
    rows(
        &dir,
        "contracts",
        "c",
        contract,
        &[
            "2024-06-01,one,sales,frame,2024-07-02,2027-07-01",
            "2024-06-01,one,sales,over,2024-07-03,2026-07-02",
            "2024-07-04,two,sales,no start,,",
            "2024-07-04,two,sales,rejected,,",
            "2024-07-04,two,sales,ended,,",
            "2024-07-04,two,purchase,bought,,",
        ],
    );
    rows(
        &dir,
        "events",
        "e",
        EVENT,
        &[
            "2024-07-05,contract,c_000000000004,approval,,rejected,chen",
            "2026-06-20,contract,c_000000000005,ended,,,li",
            "2024-02-29,order,o_000000000001,cancelled,,,li",
        ],
    );
    rows(
        &dir,
        "orders",
        "o",
        ORDER,
        &["1,2023-07-01,two,,1,5,5,,,li", "1,2024-02-29,two,,1,5,5,,,li", "1,2024-08-01,two,,1,5,5,,,li"],
    );
    assert_eq!(
        occasions(&dir, &["customer:one,two", "-p", "2026-07-01..2026-07-09"]),
        [
            "2026-07-02 one contract - li 2 years since contract c_000000000001 began (2024-07-02)",
            "2026-07-04 two contract - li 2 years since contract c_000000000003 began (2024-07-04)",
        ]
    );
    // The first order was cancelled; 29 February is the 28th in common years.
    let firsts = |p: &str| occasions(&dir, &["customer:two", "kind:first-order", "-p", p]);
    assert_eq!(firsts("2026-02"), ["2026-02-28 two first-order - li 2 years since the first order (2024-02-29)"]);
    assert_eq!(firsts("2028-02"), ["2028-02-29 two first-order - li 4 years since the first order (2024-02-29)"]);
    assert_eq!(firsts("2024"), [""; 0]);
}

#[test]
fn tips_count_from_the_delivery() {
    let dir = company("four-stage");
    settings(
        &dir,
        "[[care.tips]]\nproduct = \"p1\"\ndays = [10, 30]\ntext = \"ask\"\nzh = \"问\"\n\n[[care.tips]]\ncategory = \"pumps\"\nevery = \"1m\"\nzh = \"换滤芯\"\n",
    );
    rows(&dir, "products", "x", "since,name,category", &[]);
    dir.write(
        "ledgers/products/2026.csv",
        "id,since,name,category,price\np1,2025-01-01,Drive,drives,5\np2,2025-01-01,Pump,pumps,5\n",
    );
    customer(&dir, "one", "repeat", "");
    customer(&dir, "two", "repeat", "");
    rows(
        &dir,
        "orders",
        "o",
        ORDER,
        &[
            "1,2026-05-20,one,p1,1,5,5,,2026-06-10,li",
            "2,2026-05-20,one,p1,1,5,5,,2026-06-10,li",
            "1,2026-06-01,two,p1,1,5,5,,2026-06-20,li",
            "1,2025-12-31,two,p2,1,5,5,,,li",
            "1,2026-01-31,two,p2,1,5,5,,,li",
        ],
    );
    // Lines of one order have one id.
    let text = dir.read("ledgers/orders/2026.csv").replace("o_000000000002", "o_000000000001");
    dir.write("ledgers/orders/2026.csv", text);
    rows(&dir, "events", "e", EVENT, &["2026-06-25,order,o_000000000003,delivered,,,li"]);
    let tips = |p: &str| occasions(&dir, &["kind:tip", "-p", p]);
    assert_eq!(
        tips("2026-06-30..2026-07-10"),
        [
            "2026-06-30 two tip - li 换滤芯 (Pump, order o_000000000005 of 2026-01-31)",
            "2026-07-05 two tip - li ask (Drive, order o_000000000003 of 2026-06-25)",
            "2026-07-10 one tip - li ask (Drive, order o_000000000001 of 2026-06-10)",
        ]
    );
    // Counted from the anchor, clipped to the month's end: 31 January, 28 February, 31 March, 30 April.
    let days = |p: &str| tips(p).iter().map(|o| o[..10].to_string()).collect::<Vec<_>>();
    assert_eq!(days("2026-02..2026-04"), ["2026-02-28", "2026-03-31", "2026-04-30"]);
    let out = dir.run(&["brief", "two", "--lang", "zh-CN"]).expect(0);
    assert!(out.stdout.contains("问（Drive，订单 o_000000000003，2026-06-25）"), "{}", out.stdout);
}

#[test]
fn what_is_near_stands_in_the_day_and_on_the_page() {
    let dir = company("four-stage");
    customer(&dir, "one", "repeat", PEOPLE);
    let says = |args: &[&str], word: &str| dir.run(args).expect(0).stdout.contains(word);
    for command in ["show", "brief"] {
        assert!(says(&[command, "one"], "Bo (农历05-20)"), "{command}");
        assert!(!says(&[command, "one", "--today", "2026-06-20"], "Occasions"), "{command}");
    }
    assert!(says(&["today", "--as", "wu"], "Bo (农历05-20)"));
    let text = dir.read("kehu.toml").replace("ahead = 7 ", "ahead = 3 ");
    dir.write("kehu.toml", text);
    assert!(!says(&["today", "--as", "wu"], "Bo (农历05-20)"));
    assert!(says(&["today", "--as", "li"], "Ann Head (1980-07-02)"));
    // For cron.
    dir.run(&["report", "care", "-p", "2026-07-02", "customer:one", "--exit-code"]).expect(1);
    dir.run(&["report", "care", "-p", "2026-07-06", "customer:one", "--exit-code"]).expect(0);
    dir.run(&["report", "care", "-p", "2026.."]).expect(2);
    dir.run(&["report", "care", "--per", "month"]).expect(2);
}

#[test]
fn settings_about_care_are_judged() {
    let check = |more: &str, expected: &[&str]| {
        let dir = company("four-stage");
        settings(&dir, more);
        let out = dir.run(&["check", "--lang", "en"]).expect(1);
        let all = format!("{}{}", out.stdout, out.stderr);
        expected.iter().for_each(|word| assert!(all.contains(word), "{word}\n{all}"));
    };
    check("[[care.holidays]]\nname = \"x\"\ndate = \"2026-10-01\"\n", &["E050", "care.holidays[0].date"]);
    check("[[care.holidays]]\nname = \"x\"\ndate = \"农历13-01\"\n", &["E050", "care.holidays[0].date"]);
    check("[[care.holidays]]\ndate = \"10-01\"\ngrades = [\"Z\"]\n", &["E050", "[grades] has no such grade"]);
    check("[[care.tips]]\nproduct = \"p\"\ntext = \"x\"\n", &["E050", "`days` or `every`"]);
    check("[[care.tips]]\ndays = [3]\ntext = \"x\"\n", &["E050", "`product` or `category`"]);
    check("[[care.holiday]]\nname = \"x\"\n", &["holidays"]);
}

/// Months (year, month) that begin a day later by the standard GB/T 33661 than by older tables.
const NEAR_MIDNIGHT: [&str; 3] = ["2057 9", "2089 8", "2097 7"];

#[test]
fn lunar_days_are_those_of_another_table() {
    let python = match python("zhdate") {
        Ok(python) => python,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let text = script(&python, "lunar.py", &["1950", "2100"]);
    let mut days = 0;
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |n: usize| words[n].parse().expect("a number");
        let found = lunar_day(words[0].parse().expect("a year"), number(1), words[2] == "true", number(3));
        // The moon is new within seconds of midnight: tables differ by a day about these months.
        // The last day of such a month is then its 29th, and a 30th is that day too.
        let late = NEAR_MIDNIGHT.contains(&words[..2].join(" ").as_str()) && words[3] != "30";
        let expected = parse_day(words[4]).and_then(|d| if late { d.succ_opt() } else { Some(d) });
        assert_eq!(found, expected, "{line}");
        days += 1;
    }
    assert!(days > 6000, "{days} days");
}

const SPEND: &str = "at,amount,kind,customer,currency,by";

/// A limit of 500 for all and of 100 for grade D.
fn with_limits() -> Dir {
    let dir = company("four-stage");
    let text = dir.read("kehu.toml").replace("[care]\n", "[care]\ngift_max = 500\n");
    dir.write("kehu.toml", text.replace("[grades.D]\n", "[grades.D]\ngift_max = 100\n"));
    customer(&dir, "one", "repeat", "grade = \"A\"\n[[contacts]]\nid = \"ann\"\nname = \"Ann\"\nlikes = \"tea\"\n");
    customer(&dir, "low", "repeat", "grade = \"D\"\n");
    dir.write("ledgers/rates/2026.csv", "date,currency,rate\n2026-01-01,USD,7\n");
    let given = [
        "2026-02-01,300,gift,one,,li",
        "2026-03-01,10,entertainment,one,USD,li",
        "2026-03-02,1000,visit,one,,li",
        "2025-12-31,500,gift,one,,li",
        "2026-04-01,400,gift,one,,li",
    ];
    rows(&dir, "spend", "s", SPEND, &given);
    rows(&dir, "events", "e", EVENT, &["2026-04-02,spend,s_000000000005,void,,,li"]);
    dir
}

#[test]
fn gifts_of_a_year_have_a_limit() {
    let dir = with_limits();
    let given = |words: &str, code: i32| {
        let words: Vec<&str> = words.split(' ').collect();
        dir.run(&[&["spend", "add", "-n"], &words[..]].concat()).expect(code)
    };
    // 300, and 10 dollars at 7: 130 is left.
    given("130 gift customer=one", 0);
    let out = given("130.01 gift customer=one", 7);
    assert!(out.stderr.contains("130.00 is left of 500.00 for 2026"), "{}", out.stderr);
    given("131 entertainment customer=one", 7);
    given("131 visit customer=one", 0);
    given("131 gift", 0);
    given("18 gift customer=one currency=USD", 0);
    given("19 gift customer=one currency=USD", 7);
    given("1 gift customer=one --at 2025-06-01", 7);
    given("500 gift customer=one --at 2024-06-01", 0);
    given("100 gift customer=low", 0);
    given("101 gift customer=low", 7);
    // A row that is corrected does not count against itself.
    let set = |id: &str, pair: &str, code: i32| {
        dir.run(&["spend", "set", "-n", id, pair]).expect(code);
    };
    set("s_000000000001", "amount=430", 0);
    set("s_000000000001", "amount=431", 7);
    set("s_000000000003", "kind=gift", 7);
    set("s_000000000001", "note=x", 0);
    let said = |lang: &str| dir.run(&["brief", "one", "--lang", lang]).expect(0).stdout;
    assert!(said("en").contains("Gifts this year 370.00; 130.00 left of 500.00; likes: Ann: tea"), "{}", said("en"));
    assert!(said("zh-CN").contains("今年礼品与招待 370.00，限额 500.00，剩余 130.00"), "{}", said("zh-CN"));
    let json: Value = serde_json::from_str(&dir.run(&["brief", "one", "--json"]).expect(0).stdout).expect("JSON");
    let card = json.get(0).unwrap_or(&json);
    assert_eq!((card["gifts_this_year"].to_string(), card["gifts_left"].to_string()), ("370".into(), "130".into()));
}

#[test]
fn gifts_beyond_the_limit_are_rejected_and_found() {
    let dir = with_limits();
    let head = "id,at,amount,kind,customer,by";
    let more = format!("{head}\ns_8,2026-06-01,100,gift,one,li\ns_9,2026-06-02,31,entertainment,one,li\n");
    dir.write("new.csv", &more);
    let map = |accept: &str| {
        let columns: String = head.split(',').map(|c| format!("{c} = \"{c}\"\n")).collect();
        dir.write("map.toml", format!("into = \"spend\"\n{accept}\n[columns]\n{columns}"));
    };
    map("");
    let out = dir.run(&["import", "new.csv", "--map", "map.toml", "-n"]).expect(3);
    assert!(out.stderr.contains("gift-too-much") && !out.stderr.contains("s_8"), "{}", out.stderr);
    let found = |dir: &Dir| dir.run(&["check", "--json"]).expect(0).stdout.matches("E116").count();
    assert_eq!(found(&dir), 0);
    // The later of two that are too much together.
    dir.write("ledgers/spend/2026-hand.csv", &more);
    let out = dir.run(&["check"]).expect(0);
    let of_gifts = out.stdout.split_once("E116").map_or("", |(_, found)| found);
    assert!(of_gifts.contains("2026-hand.csv:3") && out.stdout.matches("E116").count() == 1, "{}", out.stdout);
    std::fs::remove_file(dir.path().join("ledgers/spend/2026-hand.csv")).expect("a file");
    map("accept = [\"gift-too-much\"]");
    dir.run(&["import", "new.csv", "--map", "map.toml"]).expect(0);
    assert!(dir.files().iter().any(|(_, text)| String::from_utf8_lossy(text).contains("gift-too-much")));
}
