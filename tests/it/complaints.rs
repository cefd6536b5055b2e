//! Complaints: deadlines against a model that goes minute by minute, what `check` finds of edits by hand, and who is told.

use crate::support::{Dir, Ran};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use serde_json::Value;

const COMPLAINTS: &str = "id,at,customer,category,severity,grade,by,text\n";
const EVENTS: &str = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";

fn json(ran: Ran) -> Vec<Value> {
    let all: Value = serde_json::from_str(&ran.expect(0).stdout).expect("JSON");
    all.as_array().expect("a list").clone()
}

/// A company with one customer and the holidays of 2025 and 2026.
fn company() -> Dir {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2025-01-02"]).expect(0);
    dir
}

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time")
}

fn stamp(at: NaiveDateTime) -> String {
    format!("{}:00+08:00", at.format("%Y-%m-%dT%H:%M"))
}

/// What becomes of a complaint: a state, and when.
type Steps = Vec<(&'static str, NaiveDateTime)>;

/// Writes a complaint `id` of a grade with its steps.
fn write(
    rows: &mut String,
    events: &mut String,
    id: &str,
    (grade, severity): (&str, &str),
    at: NaiveDateTime,
    steps: &Steps,
) {
    rows.push_str(&format!("{id},{},hx,quality,{severity},{grade},li,broken\n", stamp(at)));
    let mut from = "new";
    for (n, (to, at)) in steps.iter().enumerate() {
        events.push_str(&format!("e_{id}_{n},{},complaint,{id},state,{from},{to},,,,li,why\n", stamp(*at)));
        from = to;
    }
}

fn put(dir: &Dir, rows: &str, events: &str) {
    dir.write("ledgers/complaints/2026-li.csv", format!("{COMPLAINTS}{rows}"));
    dir.write("ledgers/events/2026-li.csv", format!("{EVENTS}{events}"));
}

/// The shifts and days of the company, looked up on their own.
fn is_worked(at: NaiveDateTime) -> bool {
    let day = at.date();
    let of = |m: u32, d: u32| NaiveDate::from_ymd_opt(2026, m, d).expect("a day");
    let made_up = [of(9, 20), of(10, 10)].contains(&day);
    let holiday = (of(9, 25)..=of(9, 27)).contains(&day) || (of(10, 1)..=of(10, 7)).contains(&day);
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    (made_up || !weekend && !holiday) && ((9..12).contains(&at.hour()) || (13..18).contains(&at.hour()))
}

/// `due remaining breached` by R11 alone, minute by minute: every minute that counts and is not one of waiting uses up the budget. A
/// complaint that is open when it is used up is late, and stays so.
fn model(
    grade: &str,
    safety: bool,
    at: NaiveDateTime,
    steps: &Steps,
    now: NaiveDateTime,
) -> (String, Option<String>, bool) {
    let counts = |at: NaiveDateTime| safety || is_worked(at);
    let days = match grade {
        "A" => 3,
        "B" => 5,
        "C" => 7,
        _ => 10,
    };
    let budget = if safety { 24 * 60 } else { days * 8 * 60 };
    let state_at = |t: NaiveDateTime| steps.iter().rev().find(|(_, at)| *at <= t).map_or("new", |(state, _)| state);
    let is_open = |state: &str| matches!(state, "new" | "assigned" | "waiting");
    let (mut used, mut left, mut paused, mut breached) = (0, budget, 0, false);
    let mut t = at;
    while t < now {
        let state = state_at(t);
        // All is used up, and it is open for another moment.
        breached |= left == 0 && matches!(state, "new" | "assigned");
        if counts(t) {
            if state == "waiting" {
                paused += 1;
            } else {
                used += 1;
                left = (left - 1).max(0);
            }
        }
        t += TimeDelta::minutes(1);
    }
    // The deadline: start, budget and all pauses.
    let (mut due, mut rest) = (at, budget + paused);
    while rest > 0 {
        rest -= i32::from(counts(due));
        due += TimeDelta::minutes(1);
    }
    let remaining = is_open(state_at(now)).then(|| format!("{:.2}", f64::from(budget - used) / 60.0));
    (stamp(due), remaining, breached)
}

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[test]
fn deadlines_are_those_of_a_model_that_counts_minutes() {
    let dir = company();
    let (mut rows, mut events) = (String::new(), String::new());
    let mut numbers = Numbers(15);
    let first = time("2026-09-14 00:00");
    let now = time("2026-10-30 23:59");
    let mut all = Vec::new();
    for n in 0..120 {
        let id = format!("k_{n:03}");
        let grade = ["A", "B", "C", "D", ""][numbers.below(5) as usize];
        let safety = numbers.below(6) == 0;
        let at = first + TimeDelta::minutes(numbers.below(25 * 24 * 60) as i64);
        let mut steps: Steps = Vec::new();
        let (mut t, mut state) = (at, "new");
        for _ in 0..numbers.below(9) {
            let most = if numbers.below(3) == 0 { 5 * 24 * 60 } else { 9 * 60 };
            t += TimeDelta::minutes(1 + numbers.below(most) as i64);
            let next: &[&str] = match state {
                "new" => &["assigned"],
                "assigned" => &["waiting", "waiting", "resolved"],
                "waiting" => &["assigned", "assigned", "resolved"],
                "resolved" => &["confirmed", "assigned"],
                _ => &["assigned"],
            };
            state = next[numbers.below(next.len() as u64) as usize];
            steps.push((state, t));
        }
        steps.retain(|(_, t)| *t <= now);
        write(&mut rows, &mut events, &id, (grade, if safety { "safety" } else { "" }), at, &steps);
        all.push((id, grade, safety, at, steps));
    }
    put(&dir, &rows, &events);
    let columns = "id,due,remaining,breached,late";
    let got =
        json(dir.run(&["complaint", "list", "--columns", columns, "--sort", "id", "--json", "--today", "2026-10-30"]));
    assert_eq!(got.len(), all.len());
    let mut seen = [0; 3];
    for (row, (id, grade, safety, at, steps)) in got.iter().zip(&all) {
        // The program sees the day to its last second.
        let (due, remaining, breached) = model(grade, *safety, *at, steps, now);
        let what = format!("{id} {grade} {safety} {at} {steps:?}");
        // One that still waits is due later with every second.
        assert_eq!(row["due"].as_str().map(|due| &due[..16]), Some(&due[..16]), "{what}");
        assert_eq!(row["breached"], breached, "{what}");
        let is_open = remaining.is_some();
        assert_eq!(row["late"], breached && is_open, "{what}");
        let hours = row["remaining"].as_f64();
        assert_eq!(hours.is_some(), is_open, "{what}");
        if let (Some(hours), Some(expected)) = (hours, remaining) {
            assert!((hours - expected.parse::<f64>().expect("a number")).abs() < 0.03, "{what}: {hours} {expected}");
        }
        seen[0] += usize::from(breached);
        seen[1] += usize::from(is_open);
        seen[2] += usize::from(steps.iter().any(|(s, _)| *s == "waiting"));
    }
    assert!(seen.iter().all(|n| *n > 20 && *n < 115), "all sorts of complaints are there: {seen:?}");
}

#[test]
fn the_vectors_of_r11() {
    let check = |steps: Steps, due: &str| {
        let dir = company();
        let (mut rows, mut events) = (String::new(), String::new());
        write(&mut rows, &mut events, "k_1", ("A", ""), time("2025-09-26 16:00"), &steps);
        put(&dir, &rows, &events);
        let got = json(dir.run(&["complaint", "list", "--json", "--today", "2025-09-30"]));
        assert_eq!(got[0]["due"], due, "{steps:?}");
    };
    check(vec![], "2025-09-30T16:00:00+08:00");
    let pauses = [
        ("assigned", "2025-09-26 16:30"),
        ("waiting", "2025-09-28 10:00"),
        ("assigned", "2025-09-28 15:00"),
        ("waiting", "2025-09-29 17:00"),
        ("assigned", "2025-09-30 10:00"),
    ];
    check(pauses.map(|(state, at)| (state, time(at))).to_vec(), "2025-10-09T14:00:00+08:00");
}

#[test]
fn a_complaint_that_is_late_stays_so() {
    let check = |steps: &[(&'static str, &str)], late: bool, breached: bool| {
        let dir = company();
        let (mut rows, mut events) = (String::new(), String::new());
        // Due on Wednesday at six in the evening.
        let steps: Steps = steps.iter().map(|(s, at)| (*s, time(at))).collect();
        write(&mut rows, &mut events, "k_1", ("A", ""), time("2026-06-01 09:00"), &steps);
        put(&dir, &rows, &events);
        let got =
            json(dir.run(&["complaint", "list", "--columns", "late,breached", "--json", "--today", "2026-06-12"]));
        assert_eq!((&got[0]["late"], &got[0]["breached"]), (&late.into(), &breached.into()), "{steps:?}");
        let listed = dir.run(&["complaint", "list", "late:yes", "--exit-code", "-q", "--today", "2026-06-12"]);
        listed.expect(i32::from(late));
    };
    check(&[], true, true);
    check(&[("assigned", "2026-06-01 10:00"), ("resolved", "2026-06-03 18:00")], false, false);
    check(&[("assigned", "2026-06-01 10:00"), ("resolved", "2026-06-03 18:01")], false, true);
    // Nobody works in the evening: still it is late, and a pause on the next day takes nothing back.
    let evening = [("assigned", "2026-06-01 10:00"), ("waiting", "2026-06-03 20:00"), ("resolved", "2026-06-05 12:00")];
    check(&evening, false, true);
    check(&[("assigned", "2026-06-01 10:00"), ("waiting", "2026-06-03 17:00")], false, false);
    // Solved in time, opened again behind its deadline: the same clock.
    let again = [("assigned", "2026-06-01 10:00"), ("resolved", "2026-06-02 10:00"), ("assigned", "2026-06-08 10:00")];
    check(&again, true, true);
    let again = [("assigned", "2026-06-01 10:00"), ("resolved", "2026-06-02 10:00"), ("assigned", "2026-06-02 14:00")];
    check(&[&again[..], &[("resolved", "2026-06-02 16:00")]].concat(), false, false);
    let late = [("assigned", "2026-06-01 10:00"), ("resolved", "2026-06-05 10:00"), ("assigned", "2026-06-05 14:00")];
    check(&[&late[..], &[("resolved", "2026-06-05 16:00")]].concat(), false, true);
}

#[test]
fn nobody_confirms_what_is_its_own() {
    let check = |four_eyes: bool, by: &str, exit: i32, finding: bool| {
        let dir = company();
        let set =
            |to: bool| dir.read("kehu.toml").replace(&format!("four_eyes = {}", !to), &format!("four_eyes = {to}"));
        dir.write("kehu.toml", set(four_eyes));
        dir.run(&["complaint", "add", "hx", "broken", "--category", "quality", "--id", "k_1", "--to", "li"]).expect(0);
        dir.run(&["complaint", "resolve", "k_1", "replaced"]).expect(0);
        dir.run(&["complaint", "confirm", "k_1", "--as", by]).expect(exit);
        // The same by hand.
        if exit != 0 {
            dir.write("kehu.toml", set(false));
            dir.run(&["complaint", "confirm", "k_1", "--as", by]).expect(0);
            dir.write("kehu.toml", set(true));
        }
        let found = dir.run(&["check", "--json"]);
        assert_eq!(found.stdout.contains("\"E142\""), finding, "{four_eyes} {by}: {}", found.stdout);
    };
    check(true, "li", 7, true);
    check(true, "wu", 0, false);
    check(false, "li", 0, false);
}

#[test]
fn the_first_answer_is_told_to_the_customer() {
    let header = "id,at,customer,contact,by,channel,purpose,direction,outcome,signal,next,deal,complaint,note\n";
    let check = |activity: &str, expected: Option<&str>, late: Option<bool>| {
        let dir = company();
        put(&dir, "k_1,2026-06-01T16:00:00+08:00,hx,quality,,A,li,broken\n", "");
        dir.write("ledgers/activities/2026-li.csv", format!("{header}{activity}"));
        let columns = "first_response,response_due,response_late";
        let got = json(dir.run(&["complaint", "list", "--columns", columns, "--json", "--today", "2026-06-02"]));
        assert_eq!(got[0]["response_due"], "2026-06-02T11:00:00+08:00");
        assert_eq!(got[0]["first_response"].as_str(), expected, "{activity}");
        assert_eq!(got[0]["response_late"].as_bool(), late, "{activity}");
    };
    let activity = |at: &str, channel: &str, direction: &str, outcome: &str, complaint: &str| {
        format!("a_1,{at},hx,,li,{channel},,{direction},{outcome},,,,{complaint},x\n")
    };
    let morning = "2026-06-02T10:00:00+08:00";
    check("", None, Some(true));
    check(&activity(morning, "email", "out", "", "k_1"), Some(morning), Some(false));
    check(&activity(morning, "call", "both", "", "k_1"), Some(morning), Some(false));
    check(&activity(morning, "call", "in", "", "k_1"), Some(morning), Some(false));
    // What the customer writes is no answer, nor is a call that nobody takes, nor anything about something else.
    check(&activity(morning, "email", "in", "", "k_1"), None, Some(true));
    check(&activity(morning, "call", "out", "no-answer", "k_1"), None, Some(true));
    check(&activity(morning, "call", "both", "", ""), None, Some(true));
    check(&activity("2026-06-01T15:00:00+08:00", "call", "both", "", "k_1"), None, Some(true));
    // A day alone may be that of the complaint.
    check(&activity("2026-06-01", "call", "both", "", "k_1"), Some("2026-06-01T16:00:00+08:00"), Some(false));
    let noon = "2026-06-02T11:00:01+08:00";
    check(&activity(noon, "call", "both", "", "k_1"), Some(noon), Some(true));
}

#[test]
fn alarms_reach_more_people_the_less_time_is_left() {
    // Graded B on Monday at nine: five days of eight hours.
    let check = |now: &str, assigned: bool, alarm: Option<&str>, to: &[&str]| {
        let dir = company();
        let team = "[li]\nname = \"Li\"\nrole = \"rep\"\nmanager = \"zhao\"\n[gao]\nname = \"Gao\"\nrole = \"service\"\nmanager = \"sun\"\n[zhao]\nname = \"Zhao\"\nrole = \"manager\"\nmanager = \"lin\"\n[sun]\nname = \"Sun\"\nrole = \"manager\"\nmanager = \"lin\"\n[lin]\nname = \"Lin\"\nrole = \"director\"\n";
        dir.write("team.toml", team);
        let handler = if assigned {
            "e_1,2026-06-01T09:00:00+08:00,complaint,k_1,assignee,,gao,,,,li,\ne_2,2026-06-01T09:00:01+08:00,complaint,k_1,state,new,assigned,,,,li,\n"
        } else {
            ""
        };
        put(&dir, "k_1,2026-06-01T09:00:00+08:00,hx,quality,,B,li,broken\n", handler);
        let got = json(dir.run(&["complaint", "list", "--columns", "alarm,alarm_to", "--json", "--today", now]));
        assert_eq!(got[0]["alarm"].as_str(), alarm, "{now} {assigned}");
        let told: Vec<&str> = got[0]["alarm_to"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(told, to, "{now} {assigned}");
    };
    check("2026-06-02", true, None, &[]);
    check("2026-06-03", true, Some("half"), &["gao"]);
    check("2026-06-04", true, Some("near"), &["gao", "sun", "li"]);
    check("2026-06-05", true, Some("breached"), &["gao", "sun", "li", "lin"]);
    check("2026-06-02", false, None, &[]);
    check("2026-06-03", false, Some("half"), &["li"]);
    check("2026-06-04", false, Some("near"), &["li", "zhao"]);
    check("2026-06-05", false, Some("breached"), &["li", "zhao", "lin"]);
}

#[test]
fn the_grade_at_entry_decides() {
    let dir = company();
    let grade = |grade: &str| {
        let text = dir.read("customers/h/hx.toml");
        let now =
            text.lines().map(|l| if l.starts_with("grade =") { format!("grade = \"{grade}\"") } else { l.into() });
        dir.write("customers/h/hx.toml", now.collect::<Vec<String>>().join("\n") + "\n");
        dir.run(&["check", "--fix", "-q"]);
    };
    grade("A");
    let add = [
        "complaint",
        "add",
        "hx",
        "broken",
        "--category",
        "quality",
        "--at",
        "2026-06-01T09:00:00+08:00",
        "--id",
        "k_1",
    ];
    dir.run(&add).expect(0);
    grade("D");
    let got = json(dir.run(&["complaint", "list", "--columns", "grade,due", "--json"]));
    assert_eq!((&got[0]["grade"], &got[0]["due"]), (&"A".into(), &"2026-06-03T18:00:00+08:00".into()));
    let settings = dir.read("kehu.toml").replace("sla = {} ", "sla = { quality = 1, price = 9 } ");
    dir.write("kehu.toml", settings);
    let got = json(dir.run(&["complaint", "list", "--columns", "due", "--json"]));
    assert_eq!(got[0]["due"], "2026-06-01T18:00:00+08:00", "a category that needs less");
}

#[test]
fn late_ones_come_first_then_those_that_are_due_then_the_better_grade() {
    let dir = company();
    let row = |id: &str, at: &str, grade: &str| format!("{id},2026-06-{at}:00+08:00,hx,quality,,{grade},li,broken\n");
    let rows = [
        row("k_4", "15T09:00", "D"),
        row("k_1", "08T09:00", "C"),
        row("k_5", "12T15:00", "A"),
        row("k_2", "12T13:00", "C"),
        row("k_3", "16T13:00", "B"),
        row("k_0", "08T09:00", "B"),
        row("k_6", "05T09:00", "B"),
    ];
    let done = "e_1,2026-06-05T10:00:00+08:00,complaint,k_6,state,new,resolved,,,,li,x\n";
    put(&dir, &rows.concat(), done);
    let got = json(dir.run(&["complaint", "list", "--columns", "id,due,late", "--json", "--today", "2026-06-17"]));
    let order: Vec<&str> = got.iter().filter_map(|r| r["id"].as_str()).collect();
    assert_eq!(order, ["k_0", "k_1", "k_5", "k_3", "k_2", "k_4", "k_6"], "{got:?}");
}

#[test]
fn the_day_and_the_customer_show_what_is_open() {
    let dir = company();
    put(
        &dir,
        "k_1,2026-06-01T09:00:00+08:00,hx,quality,,B,li,broken\nk_2,2026-06-01T09:00:00+08:00,hx,quality,,D,li,loud\n",
        "",
    );
    let lines = |who: &str, day: &str| -> Vec<String> {
        let got = json(dir.run(&["today", "section:complaints", "--as", who, "--json", "--today", day]));
        got.iter().map(|l| l["what"].as_str().unwrap_or_default().to_string()).collect()
    };
    // Nobody handles them: at half of its time the owner is told of the first.
    assert_eq!(lines("li", "2026-06-02"), [""; 0]);
    assert_eq!(lines("li", "2026-06-03"), ["k_1: broken (due 2026-06-05 18:00)"]);
    assert_eq!(lines("wu", "2026-06-03"), [""; 0]);
    dir.run(&["complaint", "assign", "k_2", "--to", "wu", "--at", "2026-06-02"]).expect(0);
    assert_eq!(lines("wu", "2026-06-12"), ["k_2: loud (due 2026-06-12 18:00)"]);
    for command in ["show", "brief"] {
        let page = dir.run(&[command, "hx", "--today", "2026-06-03"]).expect(0).stdout;
        assert!(page.contains("k_1") && page.contains("2026-06-05 18:00"), "{command}: {page}");
    }
}

/// Four complaints of June 2026: one solved in time, one too late and opened again, one that waits, one that nobody handles.
fn reported() -> Dir {
    let dir = company();
    dir.run(&["supplier", "add", "hengli", "name=Hengli", "--today", "2025-01-02"]).expect(0);
    let products = "id,since,price,cost,supplier\np1,2025-01-02,100,60,hengli\np2,2025-01-02,50,30,\n";
    dir.write("ledgers/products/2025-li.csv", products);
    for (n, day) in ["2025-05-04", "2025-05-05", "2025-06-05", "2026-06-02"].iter().enumerate() {
        let id = format!("O{n}");
        dir.run(&["order", "add", "hx", "p1:10", "--id", &id, "--at", day, "--today", day]).expect(0);
    }
    let header = "id,at,customer,product,supplier,batch,category,severity,grade,liability,cause,cost,by,text\n";
    let at = |day: u32, hour: u32| format!("2026-06-{day:02}T{hour:02}:00:00+08:00");
    let rows = [
        format!("k1,{},hx,p1,,B1,quality,,A,supplier,seal,120.50,li,a\n", at(1, 9)),
        format!("k2,{},hx,p1,,B1,quality,high,A,,seal,,li,b\n", at(1, 9)),
        format!("k3,{},hx,p2,,,delivery,low,A,carrier,,,li,c\n", at(29, 9)),
        format!("k4,{},hx,p2,hengli,,quality,safety,A,ours,,,li,d\n", at(30, 9)),
    ];
    dir.write("ledgers/complaints/2026-li.csv", format!("{header}{}", rows.concat()));
    let turns = [
        ("k1", "assigned", at(1, 9)),
        ("k1", "resolved", at(3, 17)),
        ("k2", "assigned", at(1, 9)),
        ("k2", "waiting", at(2, 9)),
        ("k2", "assigned", at(3, 9)),
        ("k2", "resolved", at(8, 10)),
        ("k2", "assigned", at(9, 10)),
        ("k2", "resolved", at(9, 12)),
        ("k3", "assigned", at(29, 10)),
        ("k3", "waiting", at(29, 11)),
    ];
    let mut events = String::from(EVENTS);
    for id in ["k1", "k2", "k3"] {
        events.push_str(&format!("h{id},{},complaint,{id},assignee,,li,,,,li,\n", at(1, 9)));
        let mut from = "new";
        for (n, (_, to, when)) in turns.iter().filter(|t| t.0 == id).enumerate() {
            events.push_str(&format!("{id}{n},{when},complaint,{id},state,{from},{to},,,,li,why\n"));
            from = to;
        }
    }
    dir.write("ledgers/events/2026-complaints.csv", events);
    dir
}

#[test]
fn reports_add_complaints_up() {
    let dir = reported();
    let check = |args: &[&str], keys: &[&str], expected: &[&str]| {
        let rows = json(dir.run(&[&["report"], args, &["--json", "--today", "2026-07-01"]].concat()));
        let cell = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_string);
        let row = |r: &Value| keys.iter().map(|k| cell(&r[k])).collect::<Vec<_>>().join(" ");
        assert_eq!(rows.iter().map(row).collect::<Vec<_>>(), expected, "{args:?}");
    };
    let counts = ["complaints", "open", "open_late", "solved", "resolution_rate", "in_time", "reopen_rate"];
    let by = |key: &'static str| [&[key], &counts[..]].concat();
    // A has 3 working days of 8 hours. k1: 1 June 09:00 to 3 June 17:00 = 23 hours. k2: 8 hours of 2 June do not count, so that
    // 24 hours end on 4 June 18:00: 8 June is late. k4: 24 hours by the calendar are over on 1 July at 09:00, and it is the end of that day.
    check(
        &["complaints"],
        &by("category"),
        &["quality 3 1 1 2 0.666667 0.333333 0.500000", "delivery 1 1 0 0 0.000000 null null"],
    );
    check(
        &["complaints", "--by", "supplier"],
        &by("supplier"),
        &["hengli 3 1 1 2 0.666667 0.333333 0.500000", "null 1 1 0 0 0.000000 null null"],
    );
    check(&["complaints", "--by", "handler", "state:waiting"], &by("handler"), &["li 1 1 0 0 0.000000 null null"]);
    check(&["complaints", "--by", "batch", "complaints.gt:1"], &["batch", "complaints"], &["B1 2", "null 2"]);
    // 23 and 43: of the second one 1 June 09:00 to 9 June 12:00 without a day.
    let hours = ["cause", "median_hours", "p90_hours", "cost", "without_cost"];
    check(&["complaints", "--by", "cause", "has:cause"], &hours, &["seal 33 43 120.5 1"]);
    check(&["complaints", "product:p2", "-p", "2026-06-29"], &["category", "complaints"], &["delivery 1"]);
    let change = ["category", "complaints", "complaints_then", "complaints_change", "in_time_then"];
    check(
        &["complaints", "-p", "2026-06-29..2026-06-30", "--compare", "2026-06-01..2026-06-02"],
        &change,
        &["delivery 1 0 null null", "quality 1 2 -0.500000 0.500000"],
    );
    // The last 90 days against the same ones a year ago: 10 × 100 / 1.13 against three times as much.
    check(&["complaints", "--by", "customer"], &["customer", "complaints", "fall"], &["hx 4 0.666667"]);
    // k1 counts once, k2 twice; k4 is ours. One line was sold in the twelve months.
    let score = ["supplier", "order_lines", "complaints", "weighed", "complaint_rate", "score"];
    check(&["suppliers"], &score, &["hengli 1 3 3 3.000000 0", "null null 1 null null null"]);
    check(&["suppliers", "-p", "2025..2026"], &["supplier", "order_lines", "score"], &["hengli 4 0", "null null null"]);
    check(&["suppliers", "batch:none"], &["supplier", "complaints", "score"], &["hengli 0 100"]);
    check(&["suppliers", "--by", "batch"], &["supplier", "batch", "product", "complaints"], &["hengli B1 p1 2"]);
    let team = json(dir.run(&["today", "--team", "--json", "--today", "2026-07-01"]));
    let of = |who: &str| {
        team.iter().find(|r| r["owner"] == who).map(|r| [r["open_complaints"].clone(), r["late_complaints"].clone()])
    };
    assert_eq!(of("li"), Some([2.into(), 1.into()]));
}
