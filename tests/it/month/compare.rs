//! What the program says at the end of a day, beside what the model says.

use super::calendar::{Day, days};
use super::model::{Clock, Company, Customer, Task};
use super::play::Play;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Findings that the play brings about and that are no mistakes: two sellers at one customer.
const EXPECTED: [&str; 1] = ["E073"];

fn text(row: &Value, key: &str) -> String {
    match &row[key] {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

fn said(day: Option<Day>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

/// Cells of rows by the customer that they are about.
fn cells(rows: &[Value], keys: &str) -> BTreeMap<String, String> {
    let line = |row: &Value| keys.split(' ').map(|k| text(row, k)).collect::<Vec<_>>().join(" ");
    let id = |row: &Value| if row["customer"].is_null() { text(row, "id") } else { text(row, "customer") };
    rows.iter().map(|row| (id(row), line(row))).collect()
}

impl Play {
    /// Fails unless the program says what the rules say; shows what differs.
    #[track_caller]
    fn same<V: PartialEq + Debug>(&self, what: &str, said: &BTreeMap<String, V>, ruled: &BTreeMap<String, V>) {
        if said == ruled {
            return;
        }
        let mut out = format!("{what}:\n");
        let mut ids: Vec<&String> = said.keys().chain(ruled.keys()).collect();
        ids.sort();
        ids.dedup();
        for id in ids.into_iter().filter(|id| said.get(*id) != ruled.get(*id)) {
            out += &format!("{id}: the program says {:?}, the rules {:?}\n", said.get(id), ruled.get(id));
            if let Some(c) = self.company.customers.get(id) {
                out += &format!("   {c:?}\n");
            }
        }
        self.fail(&out);
    }

    /// What the events and facts make of every customer, and who lies in the pool, on a day.
    fn standing(&mut self, day: Day) -> [BTreeMap<String, String>; 2] {
        let now = std::mem::replace(&mut self.day, day);
        let customers = self.json(&["list", "--columns", "id,owner,stage,status,promise,last_activity,last_two_way"]);
        let pool = self.json(&["pool", "list"]);
        self.day = now;
        [
            cells(&customers, "owner stage status promise last_activity last_two_way"),
            cells(&pool, "pool in_pool_since claim_from former_owner last_activity"),
        ]
    }

    /// Keeps what is said this evening.
    pub(crate) fn remember(&mut self) {
        let said = self.standing(self.day);
        self.evenings.push((self.day, said));
    }

    /// Fails unless past evenings are told as they were on that evening, whatever has happened since.
    pub(crate) fn look_back(&mut self) {
        for (day, said) in std::mem::take(&mut self.evenings) {
            let [customers, pool] = self.standing(day);
            self.same(&format!("customers on {day}, as told then"), &customers, &said[0]);
            self.same(&format!("the pool on {day}, as told then"), &pool, &said[1]);
        }
    }

    /// All questions of a day.
    pub(crate) fn compare(&mut self) {
        self.compare_customers();
        self.compare_pool();
        self.compare_warnings();
        self.compare_stalled();
        self.compare_due();
        self.compare_tasks();
        self.compare_team();
        self.compare_findings();
    }

    /// Decisions, clocks and the due date of every customer.
    fn compare_customers(&mut self) {
        let keys = "owner stage status due promise last_activity last_two_way";
        let columns = format!("id,{}", keys.replace(' ', ","));
        let rows = self.json(&["list", "--columns", &columns]);
        let ruled = |c: &Customer| {
            let status = if c.closed { "closed" } else { "active" };
            let promise = if c.closed { None } else { c.promise() };
            let days = [c.due(), promise, c.last_contact(), c.last_two_way()].map(said).join(" ");
            format!("{} {} {status} {days}", c.owner, c.stage)
        };
        let ruled = self.company.customers.iter().map(|(id, c)| (id.clone(), ruled(c))).collect();
        self.same(keys, &cells(&rows, keys), &ruled);
    }

    /// Who lies in the pool, since when, and from when on it may be claimed.
    fn compare_pool(&mut self) {
        let keys = "pool in_pool_since claim_from";
        let rows = self.json(&["pool", "list"]);
        let ruled = |c: &Customer| {
            let since = c.in_pool_since();
            // Whom nobody ever had may be claimed since it was created.
            let from = since.map_or(c.created, |s| s + days(c.pool().quarantine));
            format!("{} {} {from}", c.pool, since.unwrap_or(c.created))
        };
        let pooled = self.company.customers.iter().filter(|(_, c)| c.owner.is_empty() && !c.closed);
        let ruled = pooled.map(|(id, c)| (id.clone(), ruled(c))).collect();
        self.same(keys, &cells(&rows, keys), &ruled);
    }

    /// Who is released today, by one of the limits that it passed; done twice it is done once.
    pub(crate) fn sweep(&mut self) {
        let rows = self.json(&["pool", "sweep"]);
        let ruled = self.company.sweep(self.day);
        let mut told = BTreeMap::new();
        for row in rows.iter().filter(|r| r["days_left"] == 0) {
            let id = text(row, "customer");
            let said = self.passed(row);
            told.insert(id.clone(), ruled.get(&id).filter(|all| all.contains(&said)).map_or(vec![said], Clone::clone));
        }
        self.same("pool sweep", &told, &ruled);
        let ran = self.expect(0, super::start::LEADER, &["pool", "sweep", "--apply"]);
        if ran.stdout.lines().count() != ruled.len() {
            self.fail(&format!("{} are to be released:\n{}", ruled.len(), ran.stdout));
        }
        for id in ruled.keys() {
            self.company.give(id, "", self.day);
        }
        if !ruled.is_empty() && !self.json(&["pool", "sweep"]).iter().all(|r| r["days_left"] != 0) {
            self.fail("a second sweep releases more");
        }
    }

    /// The limit that a row of the pool names.
    fn passed(&self, row: &Value) -> Clock {
        let what = match row["passed"].as_str() {
            Some("follow") => "follow",
            Some("deal") => "deal",
            Some("contract") => "contract",
            other => self.fail(&format!("no limit {other:?}")),
        };
        let day = |key: &str| row[key].as_str().and_then(|d| d.parse::<Day>().ok());
        let (Some(since), Some(limit)) = (day("since"), row["limit_days"].as_i64()) else {
            self.fail(&format!("no limit in {row}"));
        };
        let working = self.company.customers[&text(row, "customer")].pool().working;
        let clock = Clock { what, since, limit, working };
        if day("passes") != Some(clock.passes()) || row["days"].as_i64() != Some(clock.elapsed(self.day)) {
            self.fail(&format!("{clock:?} is not {row}"));
        }
        clock
    }

    /// Whom a rule will hit soon, fewest days first.
    fn compare_warnings(&mut self) {
        let rows = self.json(&["pool", "warn"]);
        let left: Vec<i64> = rows.iter().filter_map(|r| r["days_left"].as_i64()).collect();
        if !left.is_sorted() {
            self.fail(&format!("not the fewest days first: {left:?}"));
        }
        let keys = "releases days_left";
        let line = |released: Day| format!("{released} {}", (released - self.day).num_days());
        let ruled = self.company.warned(self.day).into_iter().map(|(id, released)| (id, line(released))).collect();
        self.same("pool warn: releases days_left", &cells(&rows, keys), &ruled);
        for row in &rows {
            let (id, clock) = (text(row, "customer"), self.passed(row));
            if !self.company.clocks(&id).contains(&clock) {
                self.fail(&format!("{clock:?} is none of {:?}", self.company.clocks(&id)));
            }
        }
    }

    fn compare_stalled(&mut self) {
        let keys = "stage_clock touch_days touch_limit stage_contacts planned stall_cause stall_after stall_cases odds odds_cases";
        let rows = self.json(&["stalled"]);
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let ruled = self.company.stalled(self.day).into_iter().map(|(id, s)| {
            let after = s.after.map_or(" ".into(), |(days, cases)| format!("{days} {cases}"));
            // With fewer than 15 cases nobody knows.
            let odds = s.odds.map_or(" ".into(), |(moved, all)| {
                let share = if all < 15 { String::new() } else { format!("{:.6}", moved as f64 / all as f64) };
                format!("{share} {all}")
            });
            let counts = format!("{} {} {} {}", s.touch, s.touch_limit, s.contacts, s.planned);
            (id, format!("{} {counts} {} {after} {odds}", number(s.stage_clock), s.cause))
        });
        let ruled: BTreeMap<String, String> = ruled.collect();
        self.same(keys, &cells(&rows, keys), &ruled);
    }

    /// The cron list: overdue, today, and what comes in a week.
    fn compare_due(&mut self) {
        let keys = "due days_overdue state";
        let rows = self.json(&["due", "--within", "7d"]);
        let day = self.day;
        let line = |due: Day| {
            let state = match due {
                _ if due < day => "overdue",
                _ if due == day => "today",
                _ => "coming",
            };
            format!("{due} {} {state}", (day - due).num_days().max(0))
        };
        let due = self.company.customers.iter().filter_map(|(id, c)| Some((id, c.due()?)));
        let ruled = due.filter(|(_, due)| *due <= day + days(7)).map(|(id, due)| (id.clone(), line(due))).collect();
        self.same(keys, &cells(&rows, keys), &ruled);
    }

    fn compare_tasks(&mut self) {
        let rows = self.json(&["task", "list", "state:open"]);
        let task = |row: &Value| Task {
            owner: text(row, "owner"),
            customer: text(row, "customer"),
            kind: text(row, "kind"),
            due: text(row, "due").parse().unwrap_or_default(),
        };
        let told = rows.iter().map(|row| (text(row, "id"), task(row))).collect();
        self.same("task list", &told, &self.company.tasks.clone());
    }

    /// The morning meeting, where it counts what the model knows.
    fn compare_team(&mut self) {
        let keys = "customers new_leads due_today overdue open_tasks late_tasks month_signed";
        let rows = self.json(&["today", "--team"]);
        let told: BTreeMap<String, String> = rows
            .iter()
            .map(|row| (text(row, "owner"), keys.split(' ').map(|k| text(row, k)).collect::<Vec<_>>().join(" ")))
            .filter(|(who, _)| super::start::REPS.contains(&who.as_str()))
            .collect();
        let (company, day) = (&self.company, self.day);
        let ruled = told.keys().map(|who| (who.clone(), morning(company, who, day))).collect();
        self.same(keys, &told, &ruled);
    }

    fn compare_findings(&mut self) {
        let ran = self.run(super::start::LEADER, &["check", "--json"], "");
        let list: Vec<Value> =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|e| self.fail(&format!("{e}: {}", ran.stdout)));
        let wrong: Vec<&Value> = list.iter().filter(|f| !EXPECTED.contains(&text(f, "code").as_str())).collect();
        if !wrong.is_empty() || ran.code != 0 {
            self.fail(&format!("check: code {} {wrong:#?}", ran.code));
        }
    }
}

/// One line of the morning meeting.
fn morning(company: &Company, who: &str, day: Day) -> String {
    use chrono::Datelike;
    let own = || company.customers.values().filter(|c| c.owner == who);
    let customers = own().filter(|c| !c.closed).count();
    // New leads are told of as such.
    let new = own().filter(|c| c.untouched(day)).count();
    let due = || own().filter(|c| !c.untouched(day)).filter_map(Customer::due);
    let (today, overdue) = (due().filter(|d| *d == day).count(), due().filter(|d| *d < day).count());
    let tasks = company.tasks.values().filter(|t| t.owner == who).count();
    let late = company.tasks.values().filter(|t| t.owner == who && t.due < day).count();
    let month = |o: &&super::model::Order| {
        o.by == who && o.day.year() == day.year() && o.day.month() == day.month() && o.day <= day
    };
    let signed: i64 = company.orders.values().filter(month).map(|o| o.amount).sum();
    format!("{customers} {new} {today} {overdue} {tasks} {late} {signed}")
}
