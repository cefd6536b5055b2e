//! Answers that were wrong once: small directories whose right figures are plain by hand.

use crate::support::{Dir, start};
use serde_json::Value;

/// A customer's file of li, created on a day; `more` are further keys.
fn customer(dir: &Dir, id: &str, created: &str, stage: &str, more: &str) {
    let text = format!(
        "name = \"{id} Ltd\"\ncreated = {created}\n\nstage = \"{stage}\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"\"\n\n{more}\n"
    );
    dir.write(&format!("customers/{id}.toml"), text);
}

/// The rows of a ledger.
fn ledger(dir: &Dir, name: &str, header: &str, rows: &[&str]) {
    dir.write(&format!("ledgers/{name}/2026.csv"), format!("{header}\n{}\n", rows.join("\n")));
}

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&dir.run(&[args, &["--json"]].concat()).expect(0).stdout).expect("JSON")
}

/// `key value key value …` of a row; `-` for what is not known.
fn told(row: &Value, keys: &str) -> String {
    let word = |key: &str| match &row[key] {
        Value::Null => format!("{key} -"),
        Value::String(s) => format!("{key} {s}"),
        v => format!("{key} {v}"),
    };
    keys.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

const ORDER: &str = "id,line,at,customer,quantity,price,amount,cost,returns,currency,due";
const EVENT: &str = "id,at,kind,subject,event,from,to";

// ---------------------------------------------------------------- days

#[test]
fn the_median_of_an_even_number_of_days_may_be_half_a_day() {
    let gap = |days: &[&str]| {
        let dir = start::make("new");
        customer(&dir, "hx", "2026-01-01", "repeat", "");
        let rows: Vec<String> = days.iter().enumerate().map(|(n, d)| format!("o_{n},1,{d},hx,1,10,,5,,,")).collect();
        ledger(&dir, "orders", ORDER, &rows.iter().map(String::as_str).collect::<Vec<_>>());
        told(&json(&dir, &["list", "--columns", "order_gap"])[0], "order_gap")
    };
    assert_eq!(gap(&["2026-01-01", "2026-01-11", "2026-02-01"]), "order_gap 15.5");
    assert_eq!(gap(&["2026-01-01", "2026-01-11", "2026-01-31"]), "order_gap 15");
    assert_eq!(gap(&["2026-01-01", "2026-01-11"]), "order_gap 10");
    // The same in the funnel: 10 and 21 days as a lead.
    let dir = start::make("new");
    for id in ["a", "b"] {
        customer(&dir, id, "2026-01-01", "prospect", "");
    }
    let rows = [
        "e_1,2026-01-01T09:00:00+08:00,customer,a,stage,,lead",
        "e_2,2026-01-01T09:00:00+08:00,customer,b,stage,,lead",
        "e_3,2026-01-11T09:00:00+08:00,customer,a,stage,lead,prospect",
        "e_4,2026-01-22T09:00:00+08:00,customer,b,stage,lead,prospect",
    ];
    ledger(&dir, "events", EVENT, &rows);
    assert_eq!(told(&json(&dir, &["funnel"])[0], "stage median_days"), "stage lead median_days 15.5");
    assert!(dir.run(&["funnel"]).expect(0).stdout.contains("15.5"));
}

// ---------------------------------------------------------------- the funnel

/// Thirteen leads: seven whose events tell since when (two moved on), six that were imported (four moved on).
fn leads() -> Dir {
    let dir = start::make("new");
    let mut events = Vec::new();
    let mut n = 0;
    let mut event = |id: &str, day: &str, from: &str, to: &str| {
        n += 1;
        events.push(format!("e_{n},{day}T09:00:00+08:00,customer,{id},stage,{from},{to}"));
    };
    for k in 0..13 {
        let (id, moved) = (format!("c{k:02}"), matches!(k, 0..2 | 7..11));
        customer(&dir, &id, "2026-01-05", if moved { "prospect" } else { "lead" }, "");
        if k < 7 {
            event(&id, "2026-01-05", "", "lead");
        }
        if moved {
            event(&id, "2026-03-05", "lead", "prospect");
        }
    }
    ledger(&dir, "events", EVENT, &events.iter().map(String::as_str).collect::<Vec<_>>());
    dir
}

#[test]
fn the_funnel_counts_leads_that_were_there_without_having_entered() {
    let dir = leads();
    let lead = |args: &[&str]| {
        let rows = json(&dir, &[&["funnel"], args].concat());
        told(&rows[0], "entered start_unknown forward open conversion")
    };
    // 6 of 13, where only those with an event gave 2 of 7.
    assert_eq!(lead(&[]), "entered 7 start_unknown 6 forward 6 open 7 conversion 0.461538");
    // Whoever left before the period was not there in it, nor was anybody before being created.
    assert_eq!(lead(&["-p", "2026-04"]), "entered 0 start_unknown 2 forward 0 open 2 conversion 0.000000");
    assert_eq!(lead(&["-p", "2025"]), "entered 0 start_unknown 0 forward 0 open 0 conversion -");
    let page = |lang: &str| dir.run(&["funnel", "--lang", lang]).expect(0).stdout;
    assert!(page("en").contains("Start unknown: ") && page("zh-CN").contains("起始不明："));
}

#[test]
fn the_funnel_says_which_days_its_days_are_of() {
    let dir = leads();
    let page = |lang: &str| dir.run(&["funnel", "-p", "2026Q1", "--lang", lang]).expect(0).stdout;
    for (lang, said) in [
        ("en", "Days: all stays up to 2026-06-30 of which the first day is known."),
        ("zh-CN", "停留天数：截至 2026-06-30 所有起始日已知的停留。"),
    ] {
        assert!(page(lang).contains(said), "{}", page(lang));
    }
    // They are: 59 days of the two that moved on, 176 of the five that stand there, whatever the period.
    for period in ["2026Q1", "2026-06", "2025"] {
        assert_eq!(
            told(&json(&dir, &["funnel", "-p", period])[0], "median_days p90_days"),
            "median_days 176 p90_days 176"
        );
    }
}

// ---------------------------------------------------------------- follow-ups

const ACTIVITY: &str = "id,at,customer,by,channel,direction,next,note";

/// What `log` says after the id, and the day that `due` names then.
fn logged(dir: &Dir, args: &[&str]) -> (String, String) {
    let said = dir.run(&[&["log"], args].concat()).expect(0).stdout;
    let due = json(dir, &["list", "--columns", "due,why"]);
    (said.split_whitespace().skip(1).collect::<Vec<_>>().join(" "), told(&due[0], "due why"))
}

#[test]
fn log_says_what_due_will_say() {
    let made = |more: &str, activities: &[&str]| {
        let dir = start::make("new");
        customer(&dir, "hx", "2026-01-05", "prospect", more);
        ledger(&dir, "activities", ACTIVITY, activities);
        dir
    };
    let check = |dir: &Dir, args: &[&str], said: &str, due: &str| {
        assert_eq!(logged(dir, args), (said.to_string(), due.to_string()), "{args:?}");
    };
    // A promise that stands goes before the cycle; a mail does not wipe it out.
    let promised = "a_1,2026-06-20,hx,li,call,both,2026-07-13,asked for a quote";
    let dir = made("contact_every = \"7d\"", &[promised]);
    check(&dir, &["hx", "mail", "--channel", "email"], "hx next 2026-07-13 (promised)", "due 2026-07-13 why promise");
    // Another promise takes its place, unless it was made before it.
    check(&dir, &["hx", "x", "--next", "2026-07-20"], "hx next 2026-07-20 (promised)", "due 2026-07-20 why promise");
    let earlier = ["hx", "x", "--at", "2026-06-01", "--next", "2026-07-06"];
    check(&dir, &earlier, "hx next 2026-07-20 (promised)", "due 2026-07-20 why promise");
    // What was promised for today is kept by a call that was answered.
    let today = "a_1,2026-06-20,hx,li,call,both,2026-06-30,";
    let dir = made("contact_every = \"7d\"", &[today]);
    let call = ["hx", "agreed", "--direction", "both"];
    check(&dir, &call, "hx next 2026-07-07 (cycle)", "due 2026-07-07 why cycle");
    // A later contact is there already.
    let dir = made("contact_every = \"7d\"", &["a_1,2026-06-29,hx,li,call,both,,"]);
    check(&dir, &["hx", "x", "--at", "2026-06-10"], "hx next 2026-07-06 (cycle)", "due 2026-07-06 why cycle");
    // The customer's own cycle from now on.
    check(&dir, &["hx", "x", "--every", "14d"], "hx next 2026-07-14 (cycle)", "due 2026-07-14 why cycle");
}

/// A customer that was closed on 20 June, with this in its file besides.
fn closed(more: &str, activities: &[&str]) -> Dir {
    let dir = start::make("new");
    customer(&dir, "hx", "2026-01-05", "prospect", more);
    let file = "customers/hx.toml";
    dir.write(file, dir.read(file).replace("\"active\"", "\"closed\""));
    let until = more.split(" = ").nth(1).unwrap_or_default();
    let event = format!("e_1,2026-06-20T09:00:00+08:00,customer,hx,status,active,closed,{until},no-need-now,li");
    ledger(&dir, "events", &format!("{EVENT},until,reason,by"), &[&event]);
    ledger(&dir, "activities", ACTIVITY, activities);
    dir
}

#[test]
fn log_names_the_reopen_date_of_a_customer_that_is_closed() {
    let dir = closed("closed_until = 2027-02-01", &[]);
    let said = logged(&dir, &["hx", "still no budget"]);
    assert_eq!(said, ("hx next 2027-02-01 (reopen)".into(), "due 2027-02-01 why reopen".into()));
    let dir = closed("", &[]);
    assert_eq!(logged(&dir, &["hx", "moved away"]), ("hx no follow-up due".into(), "due - why -".into()));
}

#[test]
fn a_promise_on_a_closed_customer_is_told_by_check_today_log_and_close() {
    let promise = "a_1,2026-06-25,hx,li,call,both,2026-07-02,";
    let lost = |dir: &Dir| {
        let found = dir.run(&["check"]).stdout.contains("E076");
        let rows = json(dir, &["today"]);
        let shown = rows.iter().any(|r| r["section"] == "unkept" && r["due"] == "2026-07-02");
        assert_eq!(found, shown, "{rows:?}");
        found
    };
    assert!(lost(&closed("", &[promise])));
    assert!(lost(&closed("closed_until = 2026-07-03", &[promise])));
    // Due again by then; promised before it was closed, which was decided since; an open customer.
    assert!(!lost(&closed("closed_until = 2026-07-02", &[promise])));
    assert!(!lost(&closed("", &["a_1,2026-06-01,hx,li,call,both,2026-07-02,"])));
    let dir = start::make("new");
    customer(&dir, "hx", "2026-01-05", "prospect", "");
    ledger(&dir, "activities", ACTIVITY, &[promise]);
    assert!(!lost(&dir));
    // Closing it leaves the promise behind, and says so; so does a promise that is made then.
    let said = dir.run(&["close", "hx", "--reason", "no-need-now"]).expect(0).stderr;
    assert!(said.contains("nobody will be reminded of 2026-07-02"), "{said}");
    assert!(!lost(&dir));
    let said = dir.run(&["log", "hx", "x", "--next", "2026-07-09", "--lang", "zh-CN"]).expect(0).stderr;
    assert!(said.contains("2026-07-09 的约定不会提醒任何人"), "{said}");
}
