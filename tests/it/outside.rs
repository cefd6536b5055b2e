//! What is due as a calendar (RFC 5545), and contacts as cards (RFC 6350): as they stand, and as other programs read them.

use super::oracle::{python, script};
use super::rules::{EVENT, company, customer, rows};
use super::support::Dir;
use serde_json::Value;

/// Everything that may be due.
fn busy() -> Dir {
    let dir = company("four-stage");
    let contacts = "owner = \"li\"\n\n[[contacts]]\nid = \"ann\"\nname = \"Ann, the \\\"boss\\\"; 王\"\ntitle = \"Head\"\nphone = \"+86 21 5555 0100\"\nbirthday = \"1980-07-02\"\nnote = \"a\\nb;c,d\\\\e\"\n\n[[contacts]]\nid = \"bo\"\nname = \"Bo\"\nbirthday = \"农历05-20\"\n\n[[contacts]]\nid = \"cy\"\nname = \"Cy\"\nbirthday = \"07-09\"\n\n[[contacts]]\nid = \"gone\"\nname = \"Gone\"\nleft = 2026-06-30\n";
    customer(&dir, "one", "repeat", contacts);
    rows(&dir, "tasks", "t", "at,title,due,owner,customer", &["2026-06-01T09:00:00+08:00,call,2026-07-03,wu,one"]);
    let order = "line,at,customer,product,quantity,price,amount,currency,due,promised,by";
    rows(&dir, "orders", "o", order, &["1,2026-06-15,one,,1,100,100,,2026-07-20,2026-07-10,li"]);
    let contract = "at,party,kind,title,start,end";
    let contracts =
        ["2026-01-01,one,sales,frame,2026-01-01,2026-12-31", "2025-01-01,one,sales,old,2025-01-01,2025-12-31"];
    rows(&dir, "contracts", "c", contract, &contracts);
    rows(&dir, "complaints", "k", "at,customer,category,text,grade", &["2026-06-29,one,quality,\"dented, badly\",A"]);
    dir
}

fn ics(dir: &Dir, more: &[&str]) -> String {
    dir.run(&[&["export", "due", "-f", "ics"], more].concat()).expect(0).stdout
}

/// The lines of a text, unfolded; each has at most 75 octets and ends with CRLF.
fn unfolded(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    text.split("\r\n").for_each(|l| assert!(l.len() <= 75, "{l}"));
    let whole = text.replace("\r\n ", "");
    whole.split_terminator("\r\n").map(ToString::to_string).collect()
}

fn values<'l>(lines: &'l [String], name: &str) -> Vec<&'l str> {
    lines.iter().filter_map(|l| l.strip_prefix(name)?.strip_prefix(':')).collect()
}

#[test]
fn everything_due_is_in_the_calendar() {
    let dir = busy();
    let lines = unfolded(&ics(&dir, &["customer:one"]));
    let uids = values(&lines, "UID");
    let starts = values(&lines, "DTSTART;VALUE=DATE");
    let has = |uid: &str, day: &str| {
        let at = uids.iter().position(|u| *u == uid);
        assert_eq!(at.map(|n| starts[n]), Some(day), "{uid}: {uids:?}");
    };
    has("task-t_000000000001@kehu", "20260703");
    has("birthday-one-ann-2026-07-02@kehu", "20260702");
    has("birthday-one-bo-2026-07-04@kehu", "20260704");
    has("delivery-o_000000000001@kehu", "20260710");
    has("receivable-o_000000000001@kehu", "20260720");
    has("contract-c_000000000001@kehu", "20261231");
    has("first-order-one-2027-06-15@kehu", "20270615");
    assert!(uids.contains(&"followup-one@kehu") && uids.iter().any(|u| u.starts_with("complaint-k_")), "{uids:?}");
    assert!(!uids.iter().any(|u| u.contains("c_000000000002") || u.contains("gone")), "{uids:?}");
    let mut unique = uids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), uids.len());
    // Whose it is.
    let own = unfolded(&ics(&dir, &["customer:one", "owner:wu"]));
    assert_eq!(values(&own, "UID"), ["task-t_000000000001@kehu"]);
    assert_eq!(values(&own, "DTSTAMP"), ["20260601T010000Z"]);
    assert_eq!(values(&unfolded(&ics(&dir, &["kind:delivery,receivable", "customer:one"])), "UID").len(), 2);
    // Nothing due is a calendar without events.
    assert_eq!(values(&unfolded(&ics(&dir, &["customer:one", "day:2020"])), "BEGIN"), ["VCALENDAR"]);
}

#[test]
fn the_same_data_give_the_same_calendar() {
    let dir = busy();
    let today = ics(&dir, &["kind:task,delivery,receivable,contract,complaint"]);
    assert_eq!(today, ics(&dir, &["kind:task,delivery,receivable,contract,complaint"]));
    // Another day changes neither name nor stamp of what is there on both.
    assert_eq!(today, ics(&dir, &["kind:task,delivery,receivable,contract,complaint", "--today", "2026-07-01"]));
    let name = |text: &str| values(&unfolded(text), "UID").iter().map(|u| u.to_string()).collect::<Vec<_>>();
    let before = name(&ics(&dir, &["customer:one", "kind:follow-up"]));
    dir.run(&["log", "one", "called", "--next", "+9d", "--as", "li"]).expect(0);
    assert_eq!(before, name(&ics(&dir, &["customer:one", "kind:follow-up"])));
}

#[test]
fn due_is_a_table_too_and_formats_belong_to_their_tables() {
    let dir = busy();
    let out = dir.run(&["export", "due", "customer:one", "kind:task"]).expect(0);
    assert_eq!(
        out.stdout,
        "day,kind,customer,what,owner,uid\n2026-07-03,task,one,Customer one: call,wu,task-t_000000000001\n"
    );
    let out = dir.run(&["export", "due", "customer:one", "-o", "due.ics"]).expect(0);
    assert_eq!(out.stdout, "");
    assert!(dir.read("due.ics").starts_with("BEGIN:VCALENDAR\r\n"));
    for wrong in [
        &["export", "orders", "-f", "ics"][..],
        &["export", "contacts", "-f", "ics"],
        &["export", "due", "-f", "vcf"],
        &["list", "-f", "ics"],
        &["export", "due", "-f", "ics", "--columns", "day"],
    ] {
        let out = dir.run(wrong).expect(2);
        assert!(out.stdout.is_empty(), "{wrong:?}");
    }
}

#[test]
fn contacts_are_cards() {
    let dir = busy();
    let out = dir.run(&["export", "contacts", "id:one", "-f", "vcf"]).expect(0);
    let lines = unfolded(&out.stdout);
    assert_eq!(values(&lines, "VERSION"), ["4.0"; 3]);
    assert_eq!(values(&lines, "FN"), ["Ann\\, the \"boss\"\\; 王", "Bo", "Cy"]);
    assert_eq!(values(&lines, "N")[0], ";Ann\\, the \"boss\"\\; 王;;;");
    assert_eq!(values(&lines, "ORG"), ["Customer one"; 3]);
    // Cards have no form for lunar birthdays.
    assert_eq!(values(&lines, "BDAY"), ["19800702", "--0709"]);
    assert_eq!(values(&lines, "TEL;TYPE=work"), ["+86 21 5555 0100"]);
    assert_eq!(values(&lines, "NOTE"), ["a\\nb\\;c\\,d\\\\e"]);
    assert_eq!(values(&lines, "UID;VALUE=text"), ["one-ann@kehu", "one-bo@kehu", "one-cy@kehu"]);
}

/// Texts that break what is put together carelessly.
fn hostile() -> Vec<String> {
    vec![
        "END:VEVENT\nBEGIN:VEVENT\nSUMMARY:mine".to_string(),
        "a,b;c\\,d\\n e:\"f\"".to_string(),
        "tab\there \u{85}next\u{2028}line".to_string(),
        "王".repeat(1000),
        format!("{}{}", "x".repeat(59), "😀👩‍👩‍👧".repeat(30)),
        format!(" {}  ", "long word ".repeat(100)),
    ]
}

/// What is left of a text: no control characters, every line end one of ours.
fn plain(text: &str) -> String {
    let text = text.replace(['\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

#[test]
fn other_programs_read_what_was_written() {
    let python = match python("icalendar, vobject") {
        Ok(python) => python,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = busy();
    let quoted = |text: &str| toml::Value::String(text.to_string()).to_string();
    for (n, text) in hostile().iter().enumerate() {
        let contact = format!(
            "owner = \"li\"\n\n[[contacts]]\nid = \"p{n}\"\nname = {}\nnote = {}\nbirthday = \"07-01\"\n",
            quoted(&plain(text).replace('\n', " ")),
            quoted(text)
        );
        customer(&dir, &format!("h{n}"), "repeat", &contact);
    }
    let titles = hostile();
    let cell = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('\n', "\\n").replace(['\u{85}', '\t'], " ");
        format!("\"{}\"", text.replace('"', "\"\""))
    };
    let tasks: Vec<String> = titles.iter().map(|t| format!("2026-06-01,{},2026-07-03,li,", cell(t))).collect();
    rows(&dir, "tasks", "t", "at,title,due,owner,customer", &tasks.iter().map(String::as_str).collect::<Vec<_>>());
    rows(&dir, "events", "e", EVENT, &[]);
    let read = |kind: &str, args: &[&str]| -> Vec<Value> {
        let file = format!("out.{kind}");
        dir.run(&[args, &["-o", &file]].concat()).expect(0);
        let path = dir.path().join(&file);
        serde_json::from_str(&script(&python, "cards.py", &[kind, &path.to_string_lossy()])).expect("JSON")
    };
    let events = read("ics", &["export", "due"]);
    let table = dir.run(&["export", "due", "-f", "json"]).expect(0).stdout;
    let table: Vec<Value> = serde_json::from_str(&table).expect("JSON");
    assert_eq!(events.len(), table.len());
    for (event, row) in events.iter().zip(&table) {
        assert_eq!(event[0], format!("{}@kehu", row["uid"].as_str().expect("a name")));
        assert_eq!(event[1], row["day"]);
    }
    let of_tasks: Vec<&Value> =
        events.iter().filter(|e| e[0].as_str().is_some_and(|u| u.starts_with("task-"))).collect();
    assert_eq!(of_tasks.len(), titles.len());
    for (event, title) in of_tasks.iter().zip(&titles) {
        let expected = plain(&title.replace(['\u{85}', '\t'], " "));
        assert_eq!(event[4].as_str(), Some(expected.as_str()));
        assert_eq!((event[1].as_str(), event[2].as_str()), (Some("2026-07-03"), Some("2026-07-04")));
    }
    let cards = read("vcf", &["export", "contacts"]);
    for text in hostile() {
        let found = cards.iter().any(|c| c[4].as_str() == Some(plain(&text).as_str()));
        assert!(found, "{text:?}");
    }
    assert!(cards.iter().any(|c| c[0] == "Ann, the \"boss\"; 王" && c[1] == "Customer one" && c[3] == "19800702"));
    assert!(cards.iter().all(|c| c[0] != "Gone"));
}
