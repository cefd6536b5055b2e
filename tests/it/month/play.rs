//! The company at work: what its people do on a day, by the commands that they would type, each beside what the rules say of it.

use super::calendar::{Day, day as iso, days, worked};
use super::chance::Chance;
use super::model::{Company, Contact, Contract, Customer, Order, Task};
use super::start::{self, LEADER, REPS};
use crate::support::{Dir, Ran};
use serde_json::Value;
use std::collections::BTreeMap;

/// A play: its directory, the model, the day.
pub(crate) struct Play {
    pub(crate) seed: u64,
    pub(crate) dir: Dir,
    pub(crate) company: Company,
    pub(crate) day: Day,
    pub(crate) chance: Chance,
    /// The last commands, for whoever reads a failure.
    pub(crate) told: Vec<String>,
    /// How many commands were run, and how many were refused as the rules refuse them.
    pub(crate) commands: usize,
    pub(crate) refusals: usize,
    /// Some evenings, and what the program said on them.
    pub(crate) evenings: Vec<(Day, [BTreeMap<String, String>; 2])>,
    /// Rows written by hand so far.
    rows: usize,
}

impl Play {
    /// The company on the evening before a day.
    pub(crate) fn begin(seed: u64, first: &str) -> Play {
        let mut chance = Chance::new(seed);
        let day = iso(first);
        let (dir, company) = start::company(&mut chance, day - days(1));
        Play {
            seed,
            dir,
            company,
            day,
            chance,
            told: Vec::new(),
            commands: 0,
            refusals: 0,
            evenings: Vec::new(),
            rows: 0,
        }
    }

    /// Fails with the seed, the day and the last commands.
    #[track_caller]
    pub(crate) fn fail(&self, what: &str) -> ! {
        let last: Vec<&str> = self.told.iter().rev().take(12).rev().map(String::as_str).collect();
        panic!("seed {}, {}, after\n  {}\n{what}", self.seed, self.day, last.join("\n  "));
    }

    /// Runs a command as somebody on the day.
    #[track_caller]
    pub(crate) fn run(&mut self, who: &str, args: &[&str], stdin: &str) -> Ran {
        let today = self.day.to_string();
        let all = [args, &["--as", who, "--today", &today, "--lang", "en"]].concat();
        self.told.push(format!("kehu {}", all.join(" ")));
        self.commands += 1;
        self.dir.run_with(&all, &[], stdin)
    }

    /// Runs a command that has to end with this code.
    #[track_caller]
    pub(crate) fn expect(&mut self, code: i32, who: &str, args: &[&str]) -> Ran {
        let ran = self.run(who, args, "");
        if ran.code != code {
            self.fail(&format!("code {} instead of {code}\n{}{}", ran.code, ran.stdout, ran.stderr));
        }
        if code == 7 {
            self.refusals += 1;
        }
        ran
    }

    /// The rows that a command prints.
    #[track_caller]
    pub(crate) fn json(&mut self, args: &[&str]) -> Vec<Value> {
        let ran = self.expect(0, LEADER, &[args, &["--json"]].concat());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| self.fail(&format!("{e}: {}", ran.stdout)))
    }

    /// Appends a row to a ledger as a person with an editor would, and gives its id.
    fn by_hand(&mut self, ledger: &str, prefix: &str, cells: &str) -> String {
        self.rows += 1;
        let (id, file) = (format!("{prefix}_{:012}", 900_000 + self.rows), format!("ledgers/{ledger}/by-hand.csv"));
        let path = self.dir.path().join(&file);
        let before = if path.exists() { self.dir.read(&file) } else { format!("{}\n", start::head(ledger)) };
        self.told.push(format!("{file}: {id},{cells}"));
        self.dir.write(&file, format!("{before}{id},{cells}\n"));
        id
    }

    /// Customers that fit.
    fn ids(&self, fits: impl Fn(&str, &Customer) -> bool) -> Vec<String> {
        self.company.customers.iter().filter(|(id, c)| fits(id, c)).map(|(id, _)| id.clone()).collect()
    }

    fn reps(&self) -> Vec<&'static str> {
        REPS.into_iter().filter(|r| self.company.people.contains(*r)).collect()
    }

    /// What happens on the day, by chance; fewer things on a day that is not worked.
    pub(crate) fn work(&mut self) {
        let many = if worked(self.day) { 15 } else { 4 };
        for _ in 0..many {
            let before = self.company.clone();
            let done = match self.chance.between(0, 99) {
                0..=39 => self.log(),
                40..=49 => self.order(),
                50..=54 => self.receive(),
                55..=59 => self.complain(),
                60..=71 => self.claim(),
                72..=77 => self.release(),
                78..=83 => self.stage(),
                84..=87 => self.assign(),
                88..=90 => self.keep(),
                91..=93 => self.task(),
                94..=95 => self.contract(),
                96..=97 => self.close(),
                _ => self.cycle(),
            };
            if done && self.chance.percent(6) {
                self.expect(0, LEADER, &["undo", "-q"]);
                self.company = before;
            }
        }
    }

    /// Contacts: one customer, or several with the same note.
    fn log(&mut self) -> bool {
        let who = self.chance.one(&self.reps());
        let today = self.day;
        let fresh = self.ids(|_, c| c.owner == who && c.contacts.last().is_none_or(|k| k.day < today));
        if fresh.is_empty() {
            return false;
        }
        let mut contact = start::contact(&mut self.chance, who, today, 35);
        let many = if contact.next.is_none() && self.chance.percent(40) { 3 } else { 1 };
        let mut chosen: Vec<String> = (0..many).map(|_| self.chance.of(&fresh).clone()).collect();
        chosen.sort();
        chosen.dedup();
        if chosen.iter().any(|id| self.company.customers[id].closed) {
            contact.next = None;
        }
        self.note(&chosen, &contact);
        // A second promise on the same day: the earlier one counts.
        if let Some(next) = contact.next.filter(|n| *n > today + days(2))
            && self.chance.percent(25)
        {
            let other = next + days(self.chance.between(-1, 4));
            self.note(&chosen, &Contact { next: Some(other), ..contact });
        }
        // More than one command cannot be taken back as one.
        false
    }

    /// Writes a contact down, and compares the day that is said.
    fn note(&mut self, ids: &[String], contact: &Contact) {
        let next = contact.next.map(|d| d.to_string());
        let mut args = vec!["log"];
        if let [one] = ids {
            args.push(one);
        } else {
            args.push("--stdin-ids");
        }
        args.extend(["spoke", "--channel", contact.channel]);
        for (flag, value) in [("--direction", contact.direction), ("--outcome", contact.outcome)] {
            if !value.is_empty() {
                args.extend([flag, value]);
            }
        }
        if let Some(next) = &next {
            args.extend(["--next", next]);
        }
        let ran = self.run(&contact.by, &args, &ids.join("\n"));
        if ran.code != 0 {
            self.fail(&format!("code {}\n{}", ran.code, ran.stderr));
        }
        for id in ids {
            let c = self.company.customers.get_mut(id).expect("a customer");
            c.contacts.push(contact.clone());
            let due = c.due().map(|d| format!("next {d}"));
            let line = ran.stdout.lines().find(|l| l.split_whitespace().nth(1) == Some(id)).unwrap_or_default();
            if !due.as_ref().is_none_or(|due| line.contains(due.as_str())) {
                self.fail(&format!("`{line}` does not say {due:?}"));
            }
        }
    }

    /// An order of a customer that somebody owns; it may move the customer up the ladder.
    fn order(&mut self) -> bool {
        let open = self.ids(|_, c| !c.closed && !c.owner.is_empty());
        if open.is_empty() {
            return false;
        }
        let id = self.chance.of(&open).clone();
        let by = self.company.customers[&id].owner.clone();
        let amount = self.chance.between(1, 60) * 50;
        let number = format!("N-{}-{}", self.day, self.told.len());
        let wait = self.chance.between(0, 20);
        let due = self.day + days(wait);
        let (line, due_cell) = (format!("amount={amount}"), due.to_string());
        self.expect(0, &by, &["order", "add", &id, "--line", &line, "--id", &number, "--due", &due_cell, "-q"]);
        let order = Order { customer: id, by, day: self.day, due, amount, paid: 0 };
        self.company.order(&number, order);
        true
    }

    /// Money for an order, all or a part.
    fn receive(&mut self) -> bool {
        let open: Vec<String> =
            self.company.orders.iter().filter(|(_, o)| o.paid < o.amount).map(|(n, _)| n.clone()).collect();
        if open.is_empty() {
            return false;
        }
        let number = self.chance.of(&open).clone();
        let order = &self.company.orders[&number];
        let rest = order.amount - order.paid;
        let customer = order.customer.clone();
        let amount = if self.chance.percent(70) { rest } else { (rest / 2).max(1) };
        let cell = amount.to_string();
        self.expect(0, "he", &["receipt", "add", &customer, &cell, "--order", &number, "-q"]);
        self.company.orders.get_mut(&number).expect("an order").paid += amount;
        true
    }

    /// A complaint is entered, or an open one resolved, by hand.
    fn complain(&mut self) -> bool {
        let open: Vec<String> = self.company.complaints.keys().cloned().collect();
        let day = self.day;
        if !open.is_empty() && self.chance.percent(60) {
            let id = self.chance.of(&open).clone();
            let step =
                |at: &str, from: &str, to: &str| format!("{day}T{at}:00+08:00,complaint,{id},state,{from},{to},,,he");
            self.by_hand("events", "e", &step("14:00", "new", "assigned"));
            self.by_hand("events", "e", &step("15:00", "assigned", "resolved"));
            self.company.complaints.remove(&id);
        } else {
            let all = self.ids(|_, c| !c.closed);
            let of = self.chance.of(&all).clone();
            let id = self.by_hand("complaints", "k", &format!("{day},{of},quality,he,it leaks"));
            self.company.complaints.insert(id, of);
        }
        false
    }

    /// Somebody wants customers out of the pool.
    fn claim(&mut self) -> bool {
        let who = self.chance.one(&self.reps());
        let branch = |c: &Customer| c.pool().members.is_empty() || c.pool().members.contains(&who);
        let mut near = self.ids(|_, c| !c.closed && c.owner.is_empty() && branch(c));
        if self.chance.percent(15) || near.is_empty() {
            near = self.ids(|_, c| !c.closed);
        }
        let mut chosen: Vec<String> = (0..self.chance.between(1, 3)).map(|_| self.chance.of(&near).clone()).collect();
        chosen.sort();
        chosen.dedup();
        let wrong = self.company.refused(who, &chosen, self.day);
        let mut args = vec!["claim"];
        args.extend(chosen.iter().map(String::as_str));
        if self.chance.percent(30) {
            self.told_rules(who, &args, &wrong);
        }
        self.expect(if wrong.is_empty() { 0 } else { 7 }, who, &args);
        if !wrong.is_empty() {
            return false;
        }
        for id in &chosen {
            self.company.give(id, who, self.day);
        }
        *self.company.claims.entry((who.to_string(), self.day)).or_default() += chosen.len();
        true
    }

    /// What a claim that is only tried says of each rule.
    fn told_rules(&mut self, who: &str, args: &[&str], wrong: &[&str]) {
        let ran = self.run(who, &[args, &["-n", "--json"]].concat(), "");
        let list: Vec<Value> =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|e| self.fail(&format!("{e}: {}", ran.stdout)));
        let mut failed: Vec<&str> =
            list.iter().filter(|r| r["verdict"] != "pass").filter_map(|r| r["rule"].as_str()).collect();
        failed.dedup();
        if failed != wrong {
            self.fail(&format!("the claim is refused by {failed:?} instead of {wrong:?}\n{}", ran.stdout));
        }
    }

    /// Somebody gives a customer back: its owner or who leads.
    fn release(&mut self) -> bool {
        let owned = self.ids(|_, c| !c.closed && !c.owner.is_empty());
        let id = self.chance.of(&owned).clone();
        let owner = self.company.customers[&id].owner.clone();
        let who = if self.chance.percent(70) {
            owner.clone()
        } else {
            self.chance.one(&[LEADER, "li", "zhou", "he"]).to_string()
        };
        let may = who == owner || who == LEADER;
        if !self.company.people.contains(&who) {
            return false;
        }
        self.expect(if may { 0 } else { 7 }, &who, &["release", &id, "--note", "no time"]);
        if may {
            self.company.give(&id, "", self.day);
        }
        may
    }

    /// A step on the ladder, allowed or not.
    fn stage(&mut self) -> bool {
        let open = self.ids(|_, c| !c.owner.is_empty());
        let id = self.chance.of(&open).clone();
        let c = &self.company.customers[&id];
        let (owner, now) = (c.owner.clone(), c.stage);
        let to = self.chance.one(&["lead", "prospect", "prospect", "first-order", "repeat"]);
        if to == now {
            return false;
        }
        let may = self.company.may_move(&id, to);
        self.expect(if may { 0 } else { 7 }, &owner, &["stage", &id, to, "--note", "talked it over"]);
        if may {
            self.company.move_to(&id, to, self.day);
        }
        may
    }

    /// Who leads gives a customer to somebody; nobody gets more than it may own.
    fn assign(&mut self) -> bool {
        let all = self.ids(|_, c| !c.closed);
        let id = self.chance.of(&all).clone();
        let to = self.chance.one(&self.reps());
        if self.company.customers[&id].owner == to {
            return false;
        }
        let counts = !self.company.has_ordered(&id);
        let may = !counts || self.company.counted(to) < Company::own_limit(to);
        self.expect(if may { 0 } else { 7 }, LEADER, &["assign", &id, "--to", to]);
        if may {
            self.company.give(&id, to, self.day);
        }
        may
    }

    /// A customer is kept out of the pool: by who leads at once, for all others it is a request.
    fn keep(&mut self) -> bool {
        let owned = self.ids(|_, c| !c.closed && !c.owner.is_empty());
        let id = self.chance.of(&owned).clone();
        let until = self.day + days(self.chance.between(1, 20));
        let leads = self.chance.percent(60);
        let who = if leads { LEADER.to_string() } else { self.company.customers[&id].owner.clone() };
        let cell = until.to_string();
        let args = ["pool", "keep", &id, "--until", &cell, "--note", "budget comes"];
        self.expect(if leads { 0 } else { 7 }, &who, &args);
        if leads {
            self.company.customers.get_mut(&id).expect("a customer").keep_until = Some(until);
        }
        leads
    }

    /// Something to do, or done.
    fn task(&mut self) -> bool {
        let open: Vec<String> = self.company.tasks.keys().cloned().collect();
        if !open.is_empty() && self.chance.percent(50) {
            let id = self.chance.of(&open).clone();
            self.expect(0, LEADER, &["task", "done", &id, "-q"]);
            self.company.tasks.remove(&id);
            return true;
        }
        let owned = self.ids(|_, c| !c.closed && !c.owner.is_empty());
        let id = self.chance.of(&owned).clone();
        let owner = self.company.customers[&id].owner.clone();
        let due = start::some_due(&mut self.chance, self.day);
        let cell = due.to_string();
        let ran = self.expect(0, &owner, &["task", "add", "samples", "--customer", &id, "--due", &cell, "-q"]);
        let task = Task { owner, customer: id, kind: String::new(), due };
        self.company.tasks.insert(ran.stdout.trim().to_string(), task);
        true
    }

    /// A contract begins, or one in force is ended, by hand.
    fn contract(&mut self) -> bool {
        let day = self.day;
        let running: Vec<String> = self
            .company
            .contracts
            .iter()
            .filter(|(_, k)| k.start <= day && day < k.end && k.ended.is_none())
            .map(|(id, _)| id.clone())
            .collect();
        let running: Vec<String> = running.into_iter().filter(|id| id.starts_with("c_")).collect();
        if !running.is_empty() && self.chance.percent(40) {
            let id = self.chance.of(&running).clone();
            self.by_hand("events", "e", &format!("{day}T16:00:00+08:00,contract,{id},ended,,,,,{LEADER}"));
            self.company.contracts.get_mut(&id).expect("a contract").ended = Some(day);
        } else {
            let all = self.ids(|_, c| !c.closed && !c.owner.is_empty());
            let of = self.chance.of(&all).clone();
            let end = day + days(self.chance.between(2, 60));
            let id = self.by_hand("contracts", "c", &format!("{day},{of},sales,800,{day},{end},{LEADER}"));
            self.company.contracts.insert(id, Contract { customer: of, start: day, end, ended: None });
        }
        false
    }

    /// A customer is closed, with or without a day to open it again, or opened.
    fn close(&mut self) -> bool {
        let closed = self.ids(|_, c| c.closed && !c.owner.is_empty());
        if !closed.is_empty() && self.chance.percent(50) {
            let id = self.chance.of(&closed).clone();
            let owner = self.company.customers[&id].owner.clone();
            self.expect(0, &owner, &["reopen", &id, "--note", "new budget"]);
            let c = self.company.customers.get_mut(&id).expect("a customer");
            (c.closed, c.reopen) = (false, None);
            return true;
        }
        let quiet = self.ids(|_, c| !c.closed && !c.owner.is_empty() && c.promise().is_none());
        if quiet.is_empty() {
            return false;
        }
        let id = self.chance.of(&quiet).clone();
        let owner = self.company.customers[&id].owner.clone();
        let reopen = self.chance.percent(60).then(|| self.day + days(self.chance.between(1, 30)));
        let cell = reopen.map(|d| d.to_string());
        let mut args = vec!["close", &id, "--reason", "no-need-now"];
        if let Some(cell) = &cell {
            args.extend(["--until", cell]);
        }
        self.expect(0, &owner, &args);
        let c = self.company.customers.get_mut(&id).expect("a customer");
        (c.closed, c.reopen) = (true, reopen);
        true
    }

    /// A customer gets a cycle of its own.
    fn cycle(&mut self) -> bool {
        let owned = self.ids(|_, c| !c.owner.is_empty());
        let id = self.chance.of(&owned).clone();
        let every = self.chance.between(2, 25);
        let edit = format!("contact_every={every}d");
        self.expect(0, LEADER, &["customer", "set", &id, &edit]);
        self.company.customers.get_mut(&id).expect("a customer").every = Some(every);
        true
    }
}
