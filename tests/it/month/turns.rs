//! What does not happen every day: a fair, somebody who leaves, two clones that claim one customer.

use super::calendar::{days, forward};
use super::model::{Company, Customer, Task};
use super::play::Play;
use super::start::{LEADER, REPS};
use crate::support::run_git;
use std::collections::{BTreeMap, BTreeSet};

const LEADS: [&str; 8] = ["Aster", "Birch", "Cedar", "Dahlia", "Elm", "Fennel", "Ginkgo", "Hazel"];

impl Play {
    /// A fair: its leads are read in and shared as evenly as the limits of the two who were there allow.
    pub(crate) fn fair(&mut self) {
        let here: Vec<&str> = REPS.into_iter().filter(|r| self.company.people.contains(*r)).collect();
        let (a, b) = (here[0], here[here.len() - 1]);
        let mut file = String::from("id,name,created,source\n");
        for lead in LEADS {
            file += &format!("{},{lead} Works,{},expo\n", lead.to_lowercase(), self.day);
        }
        self.dir.write("fair.csv", file);
        let to = format!("{a},{b}");
        let args = ["import", "fair.csv", "--into", "customers", "--assign", &to, "--by", "even"];
        let room = |who: &str| Company::own_limit(who).saturating_sub(self.company.counted(who));
        let rooms = [room(a), room(b)];
        if rooms[0] + rooms[1] < LEADS.len() {
            self.expect(3, LEADER, &args);
            std::fs::remove_file(self.dir.path().join("fair.csv")).expect("the file goes");
            return;
        }
        self.expect(0, LEADER, &args);
        std::fs::remove_file(self.dir.path().join("fair.csv")).expect("the file goes");
        let owners = self.owners();
        let mut got = BTreeMap::from([(a, 0), (b, 0)]);
        for lead in LEADS {
            let id = lead.to_lowercase();
            let owner = owners.get(&id).cloned().unwrap_or_default();
            match got.get_mut(owner.as_str()) {
                Some(n) => *n += 1,
                None => self.fail(&format!("{id} went to `{owner}`")),
            }
            let c = Customer { created: self.day, pool: "default", stage: "lead", owner, ..Customer::default() };
            self.company.customers.insert(id, c);
        }
        self.shared(&got, &[(a, rooms[0]), (b, rooms[1])]);
    }

    /// Shared evenly: nobody has more than there was room for, and two of those with room differ by one at most.
    fn shared(&self, got: &BTreeMap<&str, usize>, rooms: &[(&str, usize)]) {
        let (low, high) = rooms
            .iter()
            .filter(|(who, room)| got[who] < *room)
            .fold((usize::MAX, 0), |(low, high), (who, _)| (low.min(got[who]), high.max(got[who])));
        let most = got.values().copied().max().unwrap_or(0);
        let over = rooms.iter().any(|(who, room)| got[who] > *room);
        if over || (low != usize::MAX && (high > low + 1 || most > low + 1)) {
            self.fail(&format!("{got:?} is no even share of {rooms:?}"));
        }
    }

    /// Who owns whom, as the program lists it.
    fn owners(&mut self) -> BTreeMap<String, String> {
        let rows = self.json(&["list", "--columns", "id,owner"]);
        let cell = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_string();
        rows.iter().map(|r| (cell(&r["id"]), cell(&r["owner"]))).collect()
    }

    /// Somebody leaves: all that is open goes to the others of the branch, each open customer with a task of first contact.
    pub(crate) fn leave(&mut self, who: &str, to: &[&str]) {
        let (day, names) = (self.day.to_string(), to.join(","));
        let ran = self.expect(0, LEADER, &["team", "leave", who, "--on", &day, "--to", &names, "-f", "csv"]);
        let owners = self.owners();
        let gone: Vec<String> =
            self.company.customers.iter().filter(|(_, c)| c.owner == who).map(|(id, _)| id.clone()).collect();
        let mut got: BTreeMap<&str, usize> = to.iter().map(|t| (*t, 0)).collect();
        let mut first = BTreeSet::new();
        for id in &gone {
            let owner = owners.get(id).cloned().unwrap_or_default();
            match got.get_mut(owner.as_str()) {
                Some(n) => *n += 1,
                None => self.fail(&format!("{id} went to `{owner}`\n{}", ran.stdout)),
            }
            self.company.give(id, &owner, self.day);
            if !self.company.customers[id].closed {
                first.insert(id.clone());
            }
        }
        let (low, high) = (got.values().min(), got.values().max());
        if low.zip(high).is_some_and(|(low, high)| high - low > 1) {
            self.fail(&format!("{got:?} is no even share"));
        }
        // Open tasks go with their customer, or with the customer's owner.
        for task in self.company.tasks.values_mut().filter(|t| t.owner == who) {
            task.owner.clone_from(&self.company.customers[&task.customer].owner);
        }
        let due = forward(self.day + days(1));
        for row in self.json(&["task", "list", "state:open", "kind:care"]) {
            let (id, customer) = (row["id"].as_str().unwrap_or_default(), row["customer"].as_str().unwrap_or_default());
            if self.company.tasks.contains_key(id) {
                continue;
            }
            if !first.remove(customer) {
                self.fail(&format!("a task too many: {row}"));
            }
            let owner = self.company.customers[customer].owner.clone();
            let task = Task { owner, customer: customer.into(), kind: "care".into(), due };
            self.company.tasks.insert(id.to_string(), task);
        }
        if !first.is_empty() {
            self.fail(&format!("no task of first contact for {first:?}"));
        }
        self.company.people.remove(who);
    }

    fn git(&mut self, args: &[&str]) -> bool {
        self.told.push(format!("git {}", args.join(" ")));
        run_git(self.dir.path(), args).status.success()
    }

    /// Two clones claim one customer; they are merged one way or the other, and whoever merges may choose the wrong one.
    pub(crate) fn race(&mut self, swapped: bool) {
        let day = self.day;
        let mut found = None;
        for (id, c) in &self.company.customers {
            let may = |who: &&str| {
                self.company.people.contains(*who)
                    && self.company.refused(who, std::slice::from_ref(id), day).is_empty()
            };
            let two: Vec<&str> = REPS.into_iter().filter(|w| may(w)).collect();
            if let ([first, .., last], false) = (&two[..], c.closed) {
                found = Some((id.clone(), *first, *last));
            }
        }
        let Some((id, first, last)) = found else { return };
        let (winner, loser) = if self.chance.percent(50) { (first, last) } else { (last, first) };
        if !self.dir.path().join(".git").exists() {
            self.git(&["init", "-q", "-b", "main"]);
            self.git(&["config", "user.email", "li@example.com"]);
            self.git(&["config", "user.name", "Li"]);
            self.expect(0, LEADER, &["git", "setup"]);
        }
        let commit = |play: &mut Play, message: &str| {
            play.git(&["add", "-A"]);
            if !play.git(&["commit", "-q", "-m", message]) {
                play.fail("git commits nothing");
            }
        };
        commit(self, "the day so far");
        let there = format!("there-{day}");
        let here = format!("here-{day}");
        self.git(&["branch", &there]);
        self.git(&["checkout", "-q", "-b", &here]);
        self.expect(0, winner, &["claim", &id, "--at", &format!("{day}T09:12:00+08:00")]);
        commit(self, "here");
        self.git(&["checkout", "-q", &there]);
        // Later by the instant, earlier by what the clock on the wall says.
        self.expect(0, loser, &["claim", &id, "--at", &format!("{day}T01:30:00Z")]);
        commit(self, "there");
        let (into, from) = if swapped { (&there, &here) } else { (&here, &there) };
        self.git(&["checkout", "-q", into]);
        if self.git(&["merge", "-q", "--no-edit", from]) {
            self.fail("git merges two owners in silence");
        }
        let chosen = if self.chance.percent(50) { winner } else { loser };
        self.choose(&id, chosen);
        let found = self.run(LEADER, &["check", "--json"], "");
        if found.code != 1 || !found.stdout.contains("E061") {
            self.fail(&format!("the lost race is not found: {} {}", found.code, found.stdout));
        }
        self.run(LEADER, &["check", "--fix"], "");
        commit(self, "merged");
        self.company.give(&id, winner, day);
        *self.company.claims.entry((winner.to_string(), day)).or_default() += 1;
        // The other one has claimed too, whatever came of it: claims are counted as events.
        *self.company.claims.entry((loser.to_string(), day)).or_default() += 1;
    }

    /// Takes one side's owner out of git's markers.
    fn choose(&mut self, id: &str, owner: &str) {
        let file = self.dir.files().into_iter().map(|(name, _)| name).find(|n| n.ends_with(&format!("/{id}.toml")));
        let Some(file) = file else { self.fail(&format!("{id} has no file")) };
        let text = self.dir.read(&file);
        let parts =
            text.split_once("<<<<<<< ours\n").and_then(|(a, rest)| Some((a, rest.split_once(">>>>>>> theirs\n")?.1)));
        let Some((before, after)) = parts else { self.fail(&format!("no markers: {text}")) };
        self.dir.write(&file, format!("{before}owner = \"{owner}\"\n{after}"));
    }
}
