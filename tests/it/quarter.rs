//! A quarter of complaints: five hundred of them, with pauses, reopenings, the National Day and its make-up workdays, played through by commands
//! and by files, against a model written from R11 alone.

use crate::support::{Dir, Ran};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use serde_json::Value;
use std::collections::BTreeMap;

const TEAM: &str = "[li]\nname = \"Li\"\nrole = \"rep\"\nmanager = \"zhao\"\n\n[wu]\nname = \"Wu\"\nrole = \"rep\"\nmanager = \"zhao\"\n\n[gao]\nname = \"Gao\"\nrole = \"service\"\nmanager = \"sun\"\n\n[tang]\nname = \"Tang\"\nrole = \"service\"\nmanager = \"sun\"\n\n[zhao]\nname = \"Zhao\"\nrole = \"manager\"\nmanager = \"lin\"\n\n[sun]\nname = \"Sun\"\nrole = \"manager\"\nmanager = \"lin\"\n\n[lin]\nname = \"Lin\"\nrole = \"director\"\n";

/// Who stands above each.
const ABOVE: &[(&str, &[&str])] = &[
    ("li", &["zhao", "lin"]),
    ("wu", &["zhao", "lin"]),
    ("gao", &["sun", "lin"]),
    ("tang", &["sun", "lin"]),
    ("zhao", &["lin"]),
];

/// The customers: id, grade, owner.
const CUSTOMERS: [(&str, &str, &str); 5] =
    [("ca", "A", "li"), ("cb", "B", "wu"), ("cc", "C", "li"), ("cd", "D", "wu"), ("ce", "", "zhao")];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Minutes since the model's first day.
fn first() -> NaiveDateTime {
    day("2025-08-25").and_hms_opt(0, 0, 0).expect("midnight")
}

const MINUTES: usize = 220 * 24 * 60;

/// For each minute whether somebody works: shifts of the working days, with the holidays and make-up workdays of these months.
fn worked() -> Vec<bool> {
    let made_up = ["2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28"].map(day);
    let holidays = [("2025-10-01", "2025-10-08"), ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23")];
    let holidays = holidays.map(|(a, b)| day(a)..=day(b));
    let one = |n: usize| {
        let at = first() + TimeDelta::minutes(n as i64);
        let date = at.date();
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let open = made_up.contains(&date) || !weekend && !holidays.iter().any(|h| h.contains(&date));
        let minute = n % (24 * 60);
        open && ((9 * 60..12 * 60).contains(&minute) || (13 * 60..18 * 60).contains(&minute))
    };
    (0..MINUTES).map(one).collect()
}

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }
    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}

/// What is done with a complaint.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Act {
    Assign(&'static str),
    Pause,
    Resume,
    Resolve,
    Confirm,
    Reopen,
    Notify,
    /// A call that names it.
    Call,
    /// A mail of the customer that names it: no answer of ours.
    Mail,
}

struct Case {
    id: String,
    customer: usize,
    category: &'static str,
    severity: &'static str,
    at: usize,
    acts: Vec<(usize, Act)>,
}

/// What the model says at the end of a day.
#[derive(Debug, PartialEq)]
struct Stand {
    state: &'static str,
    handler: &'static str,
    due: usize,
    /// Hours.
    remaining: Option<f64>,
    breached: bool,
    late: bool,
    reopened: i64,
    response_due: usize,
    response: Option<usize>,
    response_late: Option<bool>,
    alarm: Option<&'static str>,
    alarm_to: Vec<&'static str>,
    /// Working minutes until it was solved.
    took: Option<i64>,
    solved_in_time: Option<bool>,
    answered_in: Option<i64>,
    ever_solved: bool,
}

fn invent(numbers: &mut Numbers) -> Vec<Case> {
    let mut all = Vec::new();
    for n in 0..500 {
        let at = 7 * 24 * 60 + numbers.below(84 * 24 * 60);
        let severity = numbers.of(&["low", "normal", "normal", "normal", "high", "safety"]);
        let category = numbers.of(&["quality", "quality", "delivery", "service", "price"]);
        let mut acts = Vec::new();
        let (mut t, mut state, mut told) = (at, "new", false);
        for _ in 0..numbers.below(10) {
            let most = [90, 9 * 60, 2 * 24 * 60, 6 * 24 * 60][numbers.below(4)];
            t += 1 + numbers.below(most);
            let answer = [Act::Call, Act::Mail, Act::Notify][numbers.below(3)];
            let act = match (state, numbers.below(6)) {
                ("new" | "assigned" | "waiting", 0) => answer,
                ("new", _) => Act::Assign(numbers.of(&["gao", "tang", "li"])),
                ("assigned", 1 | 2) => Act::Pause,
                ("assigned", _) => Act::Resolve,
                ("waiting", _) => Act::Resume,
                ("resolved", 1..=3) => Act::Confirm,
                ("resolved", _) => Act::Reopen,
                (_, 1..=4) if !told => Act::Notify,
                _ => Act::Reopen,
            };
            told = state == "confirmed" && act == Act::Notify;
            state = match act {
                Act::Assign(_) | Act::Resume | Act::Reopen => "assigned",
                Act::Pause => "waiting",
                Act::Resolve => "resolved",
                Act::Confirm => "confirmed",
                Act::Notify | Act::Call | Act::Mail => state,
            };
            acts.push((t, act));
        }
        acts.retain(|(t, _)| *t < 98 * 24 * 60);
        all.push(Case { id: format!("k{n:03}"), customer: numbers.below(5), category, severity, at, acts });
    }
    all
}

/// Where a complaint stands at some ends of days, minute by minute.
fn model(case: &Case, worked: &[bool], ends: &[usize]) -> Vec<Option<Stand>> {
    let (_, grade, owner) = CUSTOMERS[case.customer];
    let safety = case.severity == "safety";
    let counts = |t: usize| safety || worked[t];
    let of_grade: i64 = match grade {
        "A" => 3,
        "B" => 5,
        "C" => 7,
        _ => 10,
    };
    let days = if case.category == "price" { of_grade.min(2) } else { of_grade };
    let budget = if safety { 24 * 60 } else { days * 8 * 60 };
    let after = |from: usize, minutes: i64, counts: &dyn Fn(usize) -> bool| {
        let (mut t, mut rest) = (from, minutes);
        while rest > 0 {
            rest -= i64::from(counts(t));
            t += 1;
        }
        t
    };
    let response_due = after(case.at, if grade == "A" { 4 * 60 } else { 8 * 60 }, &|t| worked[t]);
    let working = |from: usize, to: usize| (from..to).filter(|t| worked[*t]).count() as i64;
    let (mut state, mut handler, mut told): (_, &'static str, _) = ("new", "", false);
    let (mut used, mut working_used, mut paused) = (0i64, 0i64, 0i64);
    let (mut breached, mut reopened, mut ever_solved) = (false, 0, false);
    // What was used up, and the working time, when it was solved.
    let mut solved: Option<(i64, i64, usize)> = None;
    let mut response = None;
    let (mut next, mut out) = (0, Vec::new());
    let mut t = case.at;
    for end in ends {
        while t < *end {
            while let Some((_, act)) = case.acts.get(next).filter(|(at, _)| *at <= t) {
                next += 1;
                let open = matches!(state, "new" | "assigned" | "waiting");
                match act {
                    Act::Assign(who) => (state, handler) = ("assigned", *who),
                    Act::Pause => state = "waiting",
                    Act::Resume => state = "assigned",
                    Act::Resolve => {
                        (state, told, ever_solved) = ("resolved", false, true);
                        solved = Some((used, working_used, t));
                    }
                    Act::Confirm => state = "confirmed",
                    Act::Reopen => {
                        (state, told, solved) = ("assigned", false, None);
                        reopened += 1;
                    }
                    Act::Notify if open => response = response.or(Some(t)),
                    Act::Notify => {
                        told = true;
                        response = response.or(Some(t));
                    }
                    Act::Call => response = response.or(Some(t)),
                    Act::Mail => {}
                }
            }
            // All of its time is used up, and it is still not solved.
            breached |= used >= budget && matches!(state, "new" | "assigned");
            let waits = state == "waiting";
            if counts(t) {
                paused += i64::from(waits);
                used += i64::from(!waits);
            }
            working_used += i64::from(worked[t] && !waits);
            t += 1;
        }
        if *end <= case.at {
            out.push(None);
            continue;
        }
        let open = matches!(state, "new" | "assigned" | "waiting");
        let spent = if open { used } else { solved.map_or(used, |s| s.0) };
        let until = response.unwrap_or_else(|| solved.map_or(*end, |s| s.2));
        let level = if open { [5, 8, 10].iter().filter(|share| spent * 10 >= budget * **share).count() } else { 0 };
        let first = if handler.is_empty() { owner } else { handler };
        let above = ABOVE.iter().find(|(who, _)| *who == first).map_or(&[][..], |(_, list)| *list);
        let mut to: Vec<&str> = Vec::new();
        let told_of = [Some(first), above.first().copied(), Some(owner), above.get(1).copied()];
        for who in told_of[..[0, 1, 3, 4][level]].iter().flatten() {
            if !to.contains(who) {
                to.push(who);
            }
        }
        out.push(Some(Stand {
            state: if told && state == "confirmed" { "told" } else { state },
            handler,
            due: after(case.at, budget + paused, &counts),
            remaining: open.then(|| (budget - spent) as f64 / 60.0),
            breached,
            late: breached && open,
            reopened,
            response_due,
            response,
            response_late: if until > response_due { Some(true) } else { response.map(|_| false) },
            alarm: [None, Some("half"), Some("near"), Some("breached")][level],
            alarm_to: to,
            took: solved.map(|s| s.1),
            solved_in_time: if breached { Some(false) } else { solved.map(|_| true) },
            answered_in: response.map(|at| working(case.at, at)),
            ever_solved,
        }));
    }
    out
}

fn stamp(minute: usize) -> String {
    let at = first() + TimeDelta::minutes(minute as i64);
    format!("{}:00+08:00", at.format("%Y-%m-%dT%H:%M"))
}

fn json(ran: Ran) -> Vec<Value> {
    let all: Value = serde_json::from_str(&ran.expect(0).stdout).expect("JSON");
    all.as_array().expect("a list").clone()
}

/// The company with all complaints: every tenth by commands, the others by files.
fn play(cases: &[Case]) -> Dir {
    let dir = Dir::new();
    dir.write("team.toml", TEAM);
    let settings = dir.read("kehu.toml").replace("sla = {} ", "sla = { price = 2 } ");
    dir.write("kehu.toml", settings);
    for (id, grade, owner) in CUSTOMERS {
        let text = format!(
            "name = \"{id}\"\n\ncreated = 2025-08-01\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"{grade}\"\n\nintent = \"\"\n"
        );
        dir.write(&format!("customers/c/{id}.toml"), text);
    }
    let mut rows = String::from("id,at,customer,category,severity,grade,by,text\n");
    let mut events = String::from("id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n");
    let mut calls =
        String::from("id,at,customer,contact,by,channel,purpose,direction,outcome,signal,next,deal,complaint,note\n");
    for (n, case) in cases.iter().enumerate().filter(|(n, _)| n % 10 != 0) {
        let (customer, grade, _) = CUSTOMERS[case.customer];
        let at = stamp(case.at);
        rows.push_str(&format!("{},{at},{customer},{},{},{grade},li,broken\n", case.id, case.category, case.severity));
        let mut state = "new";
        for (m, (minute, act)) in case.acts.iter().enumerate() {
            let (id, at) = (format!("e_{n}_{m}"), stamp(*minute));
            let mut event = |event: &str, from: &str, to: &str| {
                let by = if to == "confirmed" { "sun" } else { "li" };
                let why = if matches!(event, "state") { "why" } else { "" };
                events
                    .push_str(&format!("{id}_{event},{at},complaint,{},{event},{from},{to},,,,{by},{why}\n", case.id));
            };
            let mut turn = |to: &'static str| {
                event("state", state, to);
                state = to;
            };
            match act {
                Act::Assign(who) => {
                    turn("assigned");
                    event("assignee", "", who);
                }
                Act::Pause => turn("waiting"),
                Act::Resume | Act::Reopen => turn("assigned"),
                Act::Resolve => turn("resolved"),
                Act::Confirm => turn("confirmed"),
                Act::Notify if matches!(state, "new" | "assigned" | "waiting") => event("acknowledged", "", "call"),
                Act::Notify => event("told", "", "call"),
                Act::Call => calls.push_str(&format!("a{id},{at},{customer},,li,call,,out,,,,,{},x\n", case.id)),
                Act::Mail => calls.push_str(&format!("a{id},{at},{customer},,li,email,,in,,,,,{},x\n", case.id)),
            }
        }
    }
    dir.write("ledgers/complaints/2025-hand.csv", rows);
    dir.write("ledgers/events/2025-hand.csv", events);
    dir.write("ledgers/activities/2025-hand.csv", calls);
    for case in cases.iter().step_by(10) {
        let at = stamp(case.at);
        let id = case.id.as_str();
        let run = |args: &[&str], at: &str| {
            dir.run(&[args, &["--at", at, "--as", "lin", "-q", "--today", "2025-12-31"]].concat()).expect(0)
        };
        let customer = CUSTOMERS[case.customer].0;
        let add = ["complaint", "add", customer, "broken", "--category", case.category, "--severity", case.severity];
        run(&[&add[..], &["--id", id]].concat(), &at);
        for (minute, act) in &case.acts {
            let at = stamp(*minute);
            match act {
                Act::Assign(who) => run(&["complaint", "assign", id, "--to", who], &at),
                Act::Pause => run(&["complaint", "pause", id, "photos"], &at),
                Act::Resume => run(&["complaint", "resume", id], &at),
                Act::Resolve => run(&["complaint", "resolve", id, "mended"], &at),
                Act::Confirm => run(&["complaint", "confirm", id], &at),
                Act::Reopen => run(&["complaint", "reopen", id, "again"], &at),
                Act::Notify => run(&["complaint", "notify", id, "--channel", "call"], &at),
                Act::Call => {
                    run(&["log", customer, "x", "--channel", "call", "--direction", "out", "--complaint", id], &at)
                }
                Act::Mail => {
                    run(&["log", customer, "x", "--channel", "email", "--direction", "in", "--complaint", id], &at)
                }
            };
        }
    }
    dir
}

/// What a report must say of some complaints: number, open, open and late, solved, and the rates and times.
fn sums(list: &[&Stand]) -> Vec<Option<f64>> {
    let count = |f: &dyn Fn(&Stand) -> bool| list.iter().filter(|s| f(s)).count() as f64;
    let rate = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let open = |s: &Stand| s.remaining.is_some();
    let sorted = |f: &dyn Fn(&Stand) -> Option<i64>| {
        let mut all: Vec<i64> = list.iter().filter_map(|s| f(s)).collect();
        all.sort_unstable();
        all
    };
    let median = |all: &[i64]| {
        let n = all.len();
        (n > 0).then(|| (all[(n - 1) / 2] + all[n / 2]) as f64 / 2.0 / 60.0)
    };
    let (took, answers) = (sorted(&|s| s.took), sorted(&|s| s.answered_in));
    // The nearest rank.
    let p90 = (!took.is_empty()).then(|| took[(took.len() * 9).div_ceil(10) - 1] as f64 / 60.0);
    vec![
        Some(list.len() as f64),
        Some(count(&open)),
        Some(count(&|s| s.late)),
        Some(count(&|s| s.took.is_some())),
        rate(count(&|s| s.took.is_some()), list.len() as f64),
        rate(count(&|s| s.solved_in_time == Some(true)), count(&|s| s.solved_in_time.is_some())),
        median(&took),
        p90,
        rate(count(&|s| s.reopened > 0), count(&|s| s.ever_solved)),
        rate(count(&|s| s.response_late == Some(false)), count(&|s| s.response_late.is_some())),
        median(&answers),
    ]
}

#[test]
fn a_quarter_of_complaints_goes_by_r11() {
    let cases = invent(&mut Numbers(2025));
    let dir = play(&cases);
    dir.run(&["check", "--today", "2025-12-31"]).expect(0);
    let worked = worked();
    let days = ["2025-09-12", "2025-09-28", "2025-10-05", "2025-10-11", "2025-10-31", "2025-11-14", "2025-11-30"];
    let ends = days.map(|d| ((day(d) - first().date()).num_days() as usize + 1) * 24 * 60);
    let stands: Vec<Vec<Option<Stand>>> = cases.iter().map(|c| model(c, &worked, &ends)).collect();
    let grade = |n: usize| "ABCD".find(CUSTOMERS[cases[n].customer].1).filter(|_| cases[n].customer < 4).unwrap_or(9);
    for (k, today) in days.iter().enumerate() {
        let columns = "id,state,assignee,due,remaining,breached,late,reopened,response_due,first_response,response_late,alarm,alarm_to";
        let got = json(dir.run(&["complaint", "list", "--columns", columns, "--json", "--today", today]));
        let mut expected: Vec<usize> = (0..cases.len()).filter(|n| stands[*n][k].is_some()).collect();
        let stand = |n: usize| stands[n][k].as_ref().expect("it is there");
        // The queue: late ones first, then by deadline, then by grade; solved ones last.
        expected.sort_by_key(|n| {
            let s = stand(*n);
            (s.remaining.is_none(), !s.late, s.due, grade(*n), &cases[*n].id)
        });
        let ids: Vec<&str> = got.iter().filter_map(|r| r["id"].as_str()).collect();
        // Nobody owes or buys anything, so that what is at risk decides nothing. One that waits is due later with every second, and
        // is left out of the comparison of places.
        let still = |id: &str| {
            let n: usize = id[1..].parse().expect("a number");
            stand(n).state != "waiting"
        };
        let order: Vec<&str> = ids.iter().copied().filter(|id| still(id)).collect();
        let places: Vec<&str> = expected.iter().map(|n| cases[*n].id.as_str()).filter(|id| still(id)).collect();
        assert_eq!(ids.len(), expected.len(), "{today}");
        assert_eq!(order, places, "the queue on {today}");
        for row in &got {
            let id = row["id"].as_str().expect("an id");
            let case = &cases[id[1..].parse::<usize>().expect("a number")];
            let s = stand(id[1..].parse().expect("a number"));
            let what = format!("{id} on {today}: {:?} {} {:?}", case.severity, stamp(case.at), case.acts);
            assert_eq!(row["state"], s.state, "{what}");
            assert_eq!(row["assignee"].as_str().unwrap_or(""), s.handler, "{what}");
            assert_eq!(
                &row["due"].as_str().expect("a day")[..16],
                &stamp(s.due - usize::from(s.state == "waiting" && case.severity == "safety"))[..16],
                "{what}"
            );
            let hours = row["remaining"].as_f64();
            assert_eq!(hours.is_some(), s.remaining.is_some(), "{what}");
            assert!(
                hours.zip(s.remaining).is_none_or(|(a, b)| (a - b).abs() < 0.03),
                "{what}: {hours:?} {:?}",
                s.remaining
            );
            assert_eq!((&row["breached"], &row["late"]), (&s.breached.into(), &s.late.into()), "{what}");
            assert_eq!(row["reopened"], s.reopened, "{what}");
            assert_eq!(row["response_due"], stamp(s.response_due), "{what}");
            assert_eq!(row["first_response"].as_str().map(str::to_string), s.response.map(stamp), "{what}");
            assert_eq!(row["response_late"].as_bool(), s.response_late, "{what}");
            assert_eq!(row["alarm"].as_str(), s.alarm, "{what}");
            let to: Vec<&str> = row["alarm_to"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!(to, s.alarm_to, "{what}");
        }
        let figures = "complaints,open,open_late,solved,resolution_rate,in_time,median_hours,p90_hours,reopen_rate,answered_in_time,answer_hours";
        for by in ["category", "severity", "grade", "handler", "customer"] {
            let got = json(dir.run(&["report", "complaints", "--by", by, "--json", "--today", today]));
            let mut groups: BTreeMap<&str, Vec<&Stand>> = BTreeMap::new();
            for n in &expected {
                let key = match by {
                    "category" => cases[*n].category,
                    "severity" => cases[*n].severity,
                    "grade" => CUSTOMERS[cases[*n].customer].1,
                    "customer" => CUSTOMERS[cases[*n].customer].0,
                    _ => stand(*n).handler,
                };
                groups.entry(key).or_default().push(stand(*n));
            }
            assert_eq!(got.len(), groups.len(), "{by} {today}");
            for row in &got {
                let key = row[by].as_str().unwrap_or("");
                let of = sums(&groups[key]);
                for (column, expected) in figures.split(',').zip(of) {
                    let same = match (row[column].as_f64(), expected) {
                        (Some(a), Some(b)) => (a - b).abs() < 0.006,
                        (a, b) => a == b,
                    };
                    assert!(same, "{today} {by} {key} {column}: {} {expected:?}", row[column]);
                }
            }
        }
    }
    let all = stands.iter().filter_map(|s| s[6].as_ref());
    let (mut late, mut again, mut open) = (0, 0, 0);
    for s in all {
        late += usize::from(s.breached);
        again += usize::from(s.reopened > 0);
        open += usize::from(s.remaining.is_some());
    }
    assert!(late > 60 && again > 60 && open > 60, "all sorts are there: {late} {again} {open}");
}
