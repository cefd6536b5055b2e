//! What is done with customers, through the program: the visit policy (R5), contacts and the steps forward they lead to, time
//! in stages by what customers are (R1), the morning meeting.

use super::rules::{EVENT, company, customer, rows, set};
use super::support::{Dir, TODAY};
use serde_json::Value;

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let out = dir.run(&[args, &["--json"]].concat()).expect(0);
    serde_json::from_str(&out.stdout).expect("JSON")
}

/// Cells of a row in words, `-` for null; empty when there is no such row.
fn told(list: &[Value], key: &str, id: &str, keys: &str) -> String {
    let Some(row) = list.iter().find(|r| r[key] == id) else { return String::new() };
    let word = |k: &str| match &row[k] {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    keys.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn write(dir: &Dir, ledger: &str, prefix: &str, columns: &str, list: &[String]) {
    rows(dir, ledger, prefix, columns, &list.iter().map(String::as_str).collect::<Vec<_>>());
}

const CONTACT: &str = "at,customer,by,channel,outcome";

/// A customer of grade A, which is owed four visits a year, created on a day.
fn graded(created: &str, contacts: &[&str], events: &[&str]) -> Dir {
    let dir = company("four-stage");
    customer(&dir, "x", "repeat", &format!("grade = \"A\"\ncreated = {created}\n"));
    let contacts: Vec<String> = contacts.iter().map(|c| c.replacen(' ', ",x,li,", 1)).collect();
    write(&dir, "activities", "a", CONTACT, &contacts);
    write(&dir, "events", "e", EVENT, &events.iter().map(ToString::to_string).collect::<Vec<_>>());
    dir
}

#[test]
fn visits_are_owed_and_counted_over_a_rolling_year() {
    let check = |created: &str, contacts: &[&str], events: &[&str], expected: &str| {
        let dir = graded(created, contacts, events);
        let list = json(&dir, &["report", "coverage"]);
        let keys = "visits_required visits_made missing last_visit next_visit days_overdue over_visits";
        assert_eq!(told(&list, "customer", "x", keys), expected, "{created} {contacts:?} {events:?}");
    };
    // TODAY is 2026-06-30: 365 days before it is 2025-06-30, which no longer counts.
    check("2025-01-01", &["2025-06-30 visit,positive"], &[], "4 0 4 2025-06-30 2025-09-29 274 false");
    check("2025-01-01", &["2025-07-01 visit,positive"], &[], "4 1 3 2025-07-01 2025-09-30 273 false");
    // In proportion since it was created: 92 days are the first quarter.
    check("2026-03-31", &[], &[], "0 0 0 - 2026-06-30 0 false");
    check("2026-03-30", &[], &[], "1 0 1 - 2026-06-29 1 false");
    // What counts as a visit, and what does not.
    let channels = [
        "2026-06-01 meeting,positive",
        "2026-06-02 reception,",
        "2026-06-03 call,positive",
        "2026-06-04 visit,no-answer",
    ];
    check("2025-01-01", &channels, &[], "4 2 2 2026-06-02 2026-09-01 0 false");
    let five =
        ["2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05", "2026-05-05"].map(|d| format!("{d} visit,positive"));
    let five: Vec<&str> = five.iter().map(String::as_str).collect();
    check("2025-01-01", &five, &[], "4 5 0 2026-05-05 2026-08-04 0 true");
    // Since it left the pool; a hand-over changes nothing.
    let claimed = [
        "2025-01-01,customer,x,owner,li,,li",
        "2026-03-01,customer,x,owner,,wu,wu",
        "2026-06-01,customer,x,owner,wu,li,wu",
    ];
    check("2024-01-01", &[], &claimed, "1 0 1 - 2026-05-31 30 false");
}

#[test]
fn channels_say_whether_they_are_visits() {
    let dir = graded("2025-01-01", &["2026-06-01 meeting,positive", "2026-06-02 call,positive"], &[]);
    let made = |dir: &Dir| told(&json(dir, &["report", "coverage"]), "customer", "x", "visits_made last_visit");
    assert_eq!(made(&dir), "1 2026-06-01");
    set(&dir, "call = { label = \"call\"", "call = { visit = true, label = \"call\"");
    assert_eq!(made(&dir), "2 2026-06-02");
    set(&dir, "meeting = { label = \"meeting\"", "meeting = { visit = false, label = \"meeting\"");
    assert_eq!(made(&dir), "1 2026-06-02");
}

#[test]
fn what_goes_beyond_the_row_of_the_grade_is_told() {
    let dir = graded("2025-01-01", &[], &[]);
    let text = dir.read("customers/x.toml");
    dir.write("customers/x.toml", text + "credit_limit = 500\n");
    // 10 × 100 less 10 %, 5 × 100 less 40 %: 300 of 1500; a return and an order of two years ago count nothing.
    dir.write(
        "ledgers/orders/2026.csv",
        "id,line,at,customer,quantity,price,discount,amount,returns,by\n\
         o_1,1,2026-05-01,x,10,100,0.1,,,li\n\
         o_2,1,2026-05-02,x,5,100,0.4,,,li\n\
         o_3,1,2026-05-03,x,-1,100,0.1,,o_1/1,li\n\
         o_4,1,2024-05-03,x,1,100,0.9,,,li\n",
    );
    let keys = "discount_given discount_max over_discount over_credit";
    let list = json(&dir, &["report", "coverage"]);
    assert_eq!(told(&list, "customer", "x", keys), "0.200000 0.150000 true true");
    let list = json(&dir, &["report", "coverage", "over_discount:no"]);
    assert!(list.is_empty());
}

#[test]
fn contacts_are_counted_with_the_steps_they_led_to() {
    let dir = company("four-stage");
    ["x", "y", "z"].iter().for_each(|id| customer(&dir, id, "prospect", ""));
    let events = [
        "2026-06-10,customer,x,stage,lead,prospect,li",
        "2026-06-11,customer,y,stage,lead,prospect,wu",
        "2026-06-12,customer,z,stage,,prospect,li",
        "2026-06-20,customer,y,stage,prospect,lead,wu",
    ];
    write(&dir, "events", "e", EVENT, &events.map(String::from));
    let contacts = [
        "2026-06-01,x,li,call,both,positive,2026-06-09",
        "2026-06-09,x,li,visit,both,,",
        "2026-06-10,y,li,email,out,none,",
        "2026-06-10,y,wu,call,out,no-answer,",
        "2026-05-31,y,wu,call,both,positive,",
    ];
    write(&dir, "activities", "a", "at,customer,by,channel,direction,outcome,next", &contacts.map(String::from));
    let keys = "activities customers two_way without_outcome with_next moves per_move detours";
    let list = json(&dir, &["report", "activity", "-p", "2026-06"]);
    // 3 for li's step, 1 for wu's: the median is 2. The first stage of a customer is no step, nor is a step back.
    assert_eq!(told(&list, "rep", "li", keys), "3 2 2 2 1 1 3 1.500000");
    assert_eq!(told(&list, "rep", "wu", keys), "1 1 0 0 0 1 1 0.500000");
    let list = json(&dir, &["report", "activity", "-p", "2026-06", "--by", "channel"]);
    assert_eq!(told(&list, "channel", "call", "activities customers two_way"), "2 2 1");
    let list = json(&dir, &["report", "activity", "-p", "2026-06", "--by", "outcome"]);
    assert_eq!(told(&list, "outcome", "none", "activities"), "1");
    let list = json(&dir, &["report", "activity", "x", "-p", "2026-06"]);
    assert_eq!(told(&list, "rep", "li", "activities"), "2");
    // As of a day, what came later is not seen.
    let list = json(&dir, &["report", "activity", "-p", "2026-06", "--today", "2026-06-09"]);
    assert_eq!(told(&list, "rep", "li", "activities moves"), "2 0");
}

/// What groups count comes to what all together count, and the days are those of the funnel.
#[test]
fn stages_by_anything_add_up_to_the_stages() {
    let dir = Dir::demo();
    let whole = json(&dir, &["report", "stages", "-p", "2026"]);
    let funnel = json(&dir, &["funnel", "-p", "2026"]);
    for (a, b) in whole.iter().zip(&funnel) {
        for key in ["stage", "entered", "forward", "back", "open", "conversion", "median_days", "p90_days", "customers"]
        {
            assert_eq!(a[key], b[key], "{key}");
        }
    }
    for by in ["owner", "grade", "intent", "source"] {
        let parts = json(&dir, &["report", "stages", "--by", by, "-p", "2026"]);
        assert!(parts.len() > whole.len(), "{by}");
        for row in &whole {
            for key in ["customers", "stays", "entered", "start_unknown", "forward", "back", "open"] {
                let its = parts.iter().filter(|p| p["stage"] == row["stage"]);
                let sum: i64 = its.map(|p| p[key].as_i64().expect("a number")).sum();
                assert_eq!(Some(sum), row[key].as_i64(), "{by} {key} {}", row["stage"]);
            }
        }
        let one = dir.run(&["report", "stages", "--by", by, "stage:prospect", "--json", "--today", TODAY]).expect(0);
        assert!(one.stdout.contains("prospect") && !one.stdout.contains("\"lead\""), "{by}");
    }
}

#[test]
fn a_lead_is_new_until_its_owner_has_contacted_it() {
    let check = |more: &str, contacts: &[&str], events: &[&str], today: &str, expected: &str| {
        let dir = company("four-stage");
        customer(&dir, "x", "lead", &format!("created = 2026-06-01\n{more}"));
        let contacts: Vec<String> = contacts.iter().map(|c| c.replacen(' ', ",x,wu,call,positive,", 1)).collect();
        write(&dir, "activities", "a", "at,customer,by,channel,outcome,next", &contacts);
        write(&dir, "events", "e", EVENT, &events.iter().map(ToString::to_string).collect::<Vec<_>>());
        let list = json(&dir, &["today", "--all", "--today", today]);
        assert_eq!(told(&list, "customer", "x", "section due"), expected, "{more} {contacts:?} {events:?} {today}");
        let team = json(&dir, &["today", "--team", "--today", today]);
        let new = i64::from(expected.starts_with("new"));
        assert_eq!(told(&team, "owner", "li", "new_leads"), new.to_string(), "{more} {today}");
    };
    // Made on a Monday; the first contact is due on Tuesday.
    check("", &[], &[], "2026-06-01", "");
    check("", &[], &[], "2026-06-02", "new 2026-06-02");
    check("", &["2026-06-01 "], &[], "2026-06-02", "");
    // Assigned anew on Friday the 5th: another one's contact before does not count, one of that day does.
    let assigned = ["2026-06-01,customer,x,owner,,wu,wu", "2026-06-05,customer,x,owner,wu,li,chen"];
    check("", &["2026-06-04 "], &assigned, "2026-06-05", "");
    check("", &["2026-06-04 "], &assigned, "2026-06-06", "new 2026-06-06");
    check("", &["2026-06-05 "], &assigned, "2026-06-06", "");
    // Who agreed on a day is waited for.
    check("", &["2026-06-04 2026-06-20"], &assigned, "2026-06-06", "");
    // Who buys is no lead.
    check("stage = \"repeat\"\n", &["2026-06-04 "], &assigned, "2026-06-06", "");
    check("status = \"closed\"\n", &[], &assigned, "2026-06-06", "");
}

#[test]
fn the_morning_after_a_weekend_counts_from_friday() {
    let dir = company("four-stage");
    customer(&dir, "x", "prospect", "created = 2026-06-27\n");
    let contacts = ["2026-06-25", "2026-06-26", "2026-06-27", "2026-06-28", "2026-06-29"];
    write(&dir, "activities", "a", CONTACT, &contacts.map(|d| format!("{d},x,li,visit,positive")));
    dir.write(
        "ledgers/tasks/2026.csv",
        "id,at,title,due,owner\nt_1,2026-06-01,a,2026-06-29,li\nt_2,2026-06-01,b,2026-06-28,li\n",
    );
    let keys = "yesterday_activities yesterday_visits yesterday_new open_tasks tasks_today late_tasks";
    let check = |today: &str, expected: &str| {
        assert_eq!(told(&json(&dir, &["today", "--team", "--today", today]), "owner", "li", keys), expected, "{today}");
    };
    // Friday, Monday, Tuesday.
    check("2026-06-26", "1 1 0 2 0 0");
    check("2026-06-29", "3 3 1 2 1 1");
    check("2026-06-30", "1 1 0 2 0 2");
}

#[test]
fn a_digest_is_of_one_person_and_its_days() {
    let dir = company("four-stage");
    customer(&dir, "x", "first-order", "created = 2026-06-26\n");
    customer(&dir, "y", "prospect", "owner = \"wu\"\n");
    let contacts = [
        "2026-06-25,x,li,call,both,positive,2026-06-29,early",
        "2026-06-26,x,li,call,both,positive,2026-06-29,ask again",
        "2026-06-26,y,wu,call,both,positive,,",
        "2026-06-26,y,li,visit,both,,,with wu",
    ];
    write(&dir, "activities", "a", "at,customer,by,channel,direction,outcome,next,note", &contacts.map(String::from));
    let events = [
        "2026-06-26,customer,x,stage,prospect,first-order,li",
        "2026-06-26,customer,y,stage,lead,prospect,wu",
        "2026-06-26,complaint,k_2,state,,resolved,li",
    ];
    write(&dir, "events", "e", EVENT, &events.map(String::from));
    dir.write("ledgers/orders/2026.csv", "id,line,at,customer,amount,by,split\no_1,1,2026-06-26,x,100,li,\"li:0.7,wu:0.3\"\no_1,2,2026-06-26,x,50,li,\"li:0.7,wu:0.3\"\n");
    dir.write(
        "ledgers/receipts/2026.csv",
        "id,line,at,customer,amount,order\np_1,1,2026-06-26,x,80,o_1\np_2,1,2026-06-26,y,7,\n",
    );
    dir.write(
        "ledgers/complaints/2026.csv",
        "id,at,customer,category,by,text\nk_1,2026-06-20,x,quality,li,broken\nk_2,2026-06-20,x,quality,li,mended\n",
    );
    let digest = |args: &[&str]| {
        let list = json(&dir, &[&["digest"], args].concat());
        let words = |row: &Value| {
            let word = |k: &str| match &row[k] {
                Value::Null => String::new(),
                Value::String(s) => s.clone(),
                other => other.to_string(),
            };
            ["section", "at", "customer", "what", "amount", "by"].map(word).join("|")
        };
        list.iter().map(words).collect::<Vec<_>>()
    };
    // On Friday: what comes next is Monday's.
    let found = digest(&["li", "--today", "2026-06-26"]);
    let expected = [
        "done|2026-06-26|x|call, positive: ask again||li",
        "done|2026-06-26|y|visit: with wu||li",
        "moves|2026-06-26|x|Prospect → First order||li",
        "new_customers|2026-06-26|x|First order||li",
        "signed|2026-06-26|x|o_1|105|li",
        "collected|2026-06-26|x|o_1|56|li",
        "next|2026-06-29|x|promised: ask again||li",
        "complaints|2026-06-20|x|quality: broken (due 2026-07-03 18:00)||li",
    ];
    assert_eq!(found, expected);
    // wu's: shares, money that pays no order, the own customer.
    let wu = digest(&["wu", "--today", "2026-06-26"]);
    for line in [
        "signed|2026-06-26|x|o_1|45|wu",
        "collected|2026-06-26|x|o_1|24|wu",
        "collected|2026-06-26|y|pays no order|7|wu",
    ] {
        assert!(wu.iter().any(|l| l == line), "{line}: {wu:?}");
    }
    // A week later, about the same week; what is late is late today.
    let week = digest(&["li", "-p", "last-week", "--today", "2026-06-30"]);
    assert!(week.iter().any(|l| l.starts_with("done|2026-06-25")), "{week:?}");
    assert!(week.iter().any(|l| l.starts_with("overdue|2026-06-29|x")), "{week:?}");
    // The sums above the lines are those of the morning meeting.
    let page = dir
        .run(&["digest", "li", "-p", "yesterday", "--today", "2026-06-27", "--lang", "en", "-f", "md"])
        .expect(0)
        .stdout;
    for words in
        ["**activities**: 2", "**signed**: 105.00", "**collected**: 56.00", "### Signed", "### Open complaints"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(digest(&["--all", "--today", "2026-06-26"]).iter().filter(|l| l.starts_with("done|")).count(), 3);
    assert_eq!(dir.run(&["digest", "nobody"]).code, 2);
}
