//! The company on the eve of the play: its files, written by hand, and the same facts for the model.

use super::calendar::{Day, days, forward};
use super::chance::Chance;
use super::model::{Company, Contact, Contract, Customer, OWN_LIMIT, OWN_LIMIT_OF_LI, Order, POOLS, Turn};
use crate::support::{Dir, start};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The reps, three of each branch.
pub(crate) const REPS: [&str; 6] = ["li", "wu", "sun", "zhao", "qian", "zhou"];
/// Who leads.
pub(crate) const LEADER: &str = "chen";

const CUSTOMERS: usize = 72;

/// Rows of the ledgers, by ledger.
#[derive(Debug, Default)]
struct Rows(BTreeMap<&'static str, Vec<String>>);

/// The columns of the ledgers that are written by hand.
pub(crate) fn head(ledger: &str) -> &'static str {
    match ledger {
        "activities" => "id,at,customer,by,channel,direction,outcome,next",
        "events" => "id,at,kind,subject,event,from,to,until,reason,by",
        "orders" => "id,line,at,customer,amount,due,by",
        "receipts" => "id,line,at,customer,amount,order,by",
        "contracts" => "id,at,party,kind,amount,start,end,by",
        _ => "id,at,customer,category,by,text",
    }
}

impl Rows {
    fn add(&mut self, ledger: &'static str, prefix: &str, cells: &str) {
        let list = self.0.entry(ledger).or_default();
        list.push(format!("{prefix}_{:012},{cells}", list.len() + 1));
    }
}

/// Makes the company on the evening of a day.
pub(crate) fn company(chance: &mut Chance, eve: Day) -> (Dir, Company) {
    let dir = start::make("new");
    rules(&dir);
    let mut company =
        Company { people: REPS.into_iter().chain([LEADER, "he"]).map(String::from).collect(), ..Company::default() };
    let mut rows = Rows::default();
    for n in 0..CUSTOMERS {
        let id = format!("c{n:02}");
        customer(chance, eve, &id, n, &mut company, &mut rows);
        let c = &company.customers[&id];
        dir.write(&format!("customers/{id}.toml"), file(&id, c, company.has_ordered(&id)));
    }
    for (ledger, list) in &rows.0 {
        dir.write(&format!("ledgers/{ledger}/before.csv"), format!("{}\n{}\n", head(ledger), list.join("\n")));
    }
    (dir, company)
}

/// The people and the rules that differ from the template.
fn rules(dir: &Dir) {
    let mut team = String::new();
    for who in REPS {
        let branch = if POOLS[1].members.contains(&who) { "east" } else { "west" };
        let _ = writeln!(
            team,
            "[{who}]\nname = \"Rep {who}\"\nrole = \"rep\"\nmanager = \"{LEADER}\"\nbranch = \"{branch}\""
        );
        let own = if who == "li" { format!("limits = {{ own = {OWN_LIMIT_OF_LI} }}\n\n") } else { "\n".into() };
        team.push_str(&own);
    }
    let _ = writeln!(
        team,
        "[{LEADER}]\nname = \"Chen Jie\"\nrole = \"manager\"\n\n[he]\nname = \"He Ping\"\nrole = \"service\""
    );
    dir.write("team.toml", team);
    let text = dir.read("kehu.toml");
    let (before, rest) = text.split_once("[pools.default]").expect("the pools");
    let (_, after) = rest.split_once("# ----").expect("what follows");
    let mut pools = String::new();
    for p in &POOLS {
        let (id, members) = (p.id, p.members);
        let counts = if p.any { "any" } else { "two-way" };
        let count = if p.working { "working" } else { "calendar" };
        let _ = writeln!(
            pools,
            "[pools.{id}]\nmembers = {members:?}\nclaim_per_day = {}\nown_limit = {OWN_LIMIT}\ncount_customers_with_orders = false\n\
             cooldown_days = {}\nquarantine_days = {}\ncounts = \"{counts}\"\ndays = \"{count}\"\nafter_contract_days = {}\n",
            super::model::CLAIMS_PER_DAY,
            p.cooldown,
            p.quarantine,
            p.after_contract,
        );
    }
    // The tasks of playbooks are tested elsewhere.
    let text = format!("{before}{pools}\n# ----{after}");
    let text: String = text.lines().filter(|l| !l.starts_with("playbook = ")).flat_map(|l| [l, "\n"]).collect();
    assert!(text.contains("default_rate = 0.13"));
    dir.write("kehu.toml", text.replace("default_rate = 0.13", "default_rate = 0"));
}

/// The file of a customer.
fn file(id: &str, c: &Customer, buys: bool) -> String {
    const FIRST: [&str; 9] = ["东升", "瑞丰", "海纳", "金石", "启明", "鼎盛", "蓝天", "云起", "远航"];
    const SECOND: [&str; 8] = ["精密", "阀门", "纺织", "食品", "照明", "包装", "化工", "仪表"];
    let n: usize = id[1..].parse().unwrap_or(0);
    let status = if c.closed { "closed" } else { "active" };
    let mut text = format!("name = \"{}{}有限公司\"\ncreated = {}\n\n", FIRST[n % 9], SECOND[n / 9 % 8], c.created);
    for (key, value) in
        [("stage", c.stage), ("status", status), ("owner", c.owner.as_str()), ("grade", c.grade), ("intent", c.intent)]
    {
        let _ = writeln!(text, "{key} = \"{value}\"\n");
    }
    let _ = writeln!(text, "pool = \"{}\"", c.pool);
    if buys {
        text.push_str("terms = \"net30\"\n");
    }
    if let Some(every) = c.every {
        let _ = writeln!(text, "contact_every = \"{every}d\"");
    }
    if let Some(until) = c.keep_until {
        let _ = writeln!(text, "keep_until = {until}");
    }
    if let Some(reopen) = c.reopen {
        let _ = writeln!(text, "closed_until = {reopen}");
    }
    text
}

/// Makes up one customer with its past.
fn customer(chance: &mut Chance, eve: Day, id: &str, n: usize, company: &mut Company, rows: &mut Rows) {
    let rep = REPS[n % REPS.len()];
    let pool = if n % REPS.len() < 3 { "east" } else { "west" };
    let stage =
        chance.one(&["lead", "lead", "lead", "prospect", "prospect", "prospect", "first-order", "repeat", "repeat"]);
    let age = match stage {
        "lead" => chance.between(6, 60),
        "prospect" => chance.between(25, 100),
        _ => chance.between(110, 300),
    };
    let created = eve - days(age);
    let graded = stage == "repeat" && chance.percent(80);
    let mut c = Customer {
        created,
        pool,
        grade: if graded { chance.one(&["A", "B", "C", "D"]) } else { "" },
        intent: if stage == "prospect" { chance.one(&["hot", "warm", "cold", ""]) } else { "" },
        every: chance.percent(8).then(|| chance.between(4, 20)),
        keep_until: None,
        closed: chance.percent(6),
        reopen: None,
        owner: if chance.percent(15) { String::new() } else { rep.to_string() },
        stage,
        owners: Vec::new(),
        stages: Vec::new(),
        contacts: Vec::new(),
    };
    if c.closed {
        c.reopen = chance.percent(60).then(|| eve + days(chance.between(1, 40)));
        let until = c.reopen.map(|d| d.to_string()).unwrap_or_default();
        rows.add("events", "e", &format!("{eve},customer,{id},status,active,closed,{until},no-need-now,{LEADER}"));
    }
    if chance.percent(6) {
        c.keep_until = Some(eve + days(chance.between(1, 25)));
    }
    contacts(chance, eve, id, rep, &mut c, rows);
    let bought = orders(chance, eve, id, rep, &c, company, rows);
    owners(chance, eve, id, rep, &mut c, rows);
    stages(chance, id, &bought, &mut c, rows);
    if stage != "lead" && chance.percent(20) {
        let (start, end) = (created.max(eve - days(200)), eve + days(chance.between(-25, 25)));
        rows.add("contracts", "c", &format!("{start},{id},sales,5000,{start},{end},{rep}"));
        company.contracts.insert(format!("{id}-before"), Contract { customer: id.into(), start, end, ended: None });
    }
    company.customers.insert(id.to_string(), c);
}

/// Contacts up to the eve, one a day at most.
fn contacts(chance: &mut Chance, eve: Day, id: &str, rep: &str, c: &mut Customer, rows: &mut Rows) {
    let mut add = |contact: Contact| {
        let Contact { day, channel, direction, outcome, .. } = contact;
        let next = contact.next.map(|d| d.to_string()).unwrap_or_default();
        rows.add("activities", "a", &format!("{day},{id},{rep},{channel},{direction},{outcome},{next}"));
        c.contacts.push(contact);
    };
    let mut day = c.created + days(1);
    if c.stage != "lead" {
        // A prospect was met at least once.
        add(Contact {
            next: None,
            channel: "call",
            direction: "both",
            outcome: "positive",
            ..contact(chance, rep, day, 0)
        });
    } else if chance.percent(25) {
        return;
    }
    day = day.max(eve - days(45)) + days(chance.between(1, 4));
    while day < eve - days(chance.between(0, 12)) {
        add(contact(chance, rep, day, if c.closed { 0 } else { 20 }));
        day += days(chance.between(3, 14));
    }
}

/// A contact of somebody on a day, as people have them; `promises` is the share of those with a next day, in percent.
pub(crate) fn contact(chance: &mut Chance, by: &str, day: Day, promises: u64) -> Contact {
    let (channel, direction, outcome) = chance.one(&[
        ("call", "both", "positive"),
        ("call", "both", "neutral"),
        ("call", "both", ""),
        ("call", "both", "refused"),
        ("call", "in", "neutral"),
        ("call", "out", "no-answer"),
        ("call", "out", "no-answer"),
        ("call", "out", "none"),
        ("call", "", "no-answer"),
        ("wechat", "", ""),
        ("wechat", "", "none"),
        ("email", "out", ""),
        ("email", "in", ""),
        ("sms", "", ""),
        ("visit", "both", "positive"),
        ("visit", "out", "negative"),
        ("meeting", "", "positive"),
    ]);
    let next = chance.percent(promises).then(|| day + days(chance.between(1, 38)));
    Contact { day, by: by.to_string(), channel, direction, outcome, next }
}

/// Orders of customers that buy; gives their days.
fn orders(
    chance: &mut Chance,
    eve: Day,
    id: &str,
    rep: &str,
    c: &Customer,
    company: &mut Company,
    rows: &mut Rows,
) -> Vec<Day> {
    let many = match c.stage {
        "first-order" => 1,
        "repeat" => chance.between(2, 4),
        _ => 0,
    };
    let mut out = Vec::new();
    let mut day = c.created + days(chance.between(10, 30));
    for n in 0..many {
        let (amount, due) = (chance.between(1, 90) * 100, day + days(30));
        let number = format!("SO-{id}-{n}");
        rows.0.entry("orders").or_default().push(format!("{number},1,{day},{id},{amount},{due},{rep}"));
        let paid = due < eve && chance.percent(80);
        if paid {
            rows.add("receipts", "p", &format!("1,{due},{id},{amount},{number},{rep}"));
        }
        let paid = if paid { amount } else { 0 };
        company.orders.insert(number, Order { customer: id.into(), by: rep.into(), day, due, amount, paid });
        out.push(day);
        day += days(chance.between(5, 22));
    }
    out
}

/// Who owned it: known by events, or only what stands in the file.
fn owners(chance: &mut Chance, eve: Day, id: &str, rep: &str, c: &mut Customer, rows: &mut Rows) {
    let mut chain: Vec<(Day, String)> = Vec::new();
    let pooled = c.owner.is_empty();
    if chance.percent(if pooled { 60 } else { 85 }) {
        let first = if chance.percent(25) { chance.one(&REPS) } else { rep };
        chain.push((c.created, first.to_string()));
        let (age, last) = ((eve - c.created).num_days(), if pooled { "" } else { rep });
        if first != last {
            chain.push((eve - days(chance.between(0, age.min(25) - 1)), last.to_string()));
        }
    }
    let mut before = String::new();
    for (day, to) in chain {
        rows.add("events", "e", &format!("{day},customer,{id},owner,{before},{to},,,{LEADER}"));
        before.clone_from(&to);
        c.owners.push(Turn { day, to });
    }
}

/// Its stages: known by events, or only what stands in the file.
fn stages(chance: &mut Chance, id: &str, bought: &[Day], c: &mut Customer, rows: &mut Rows) {
    if chance.percent(12) {
        return;
    }
    let mut chain = vec![(c.created, "lead")];
    if c.stage != "lead" {
        let contacted = c.contacts.first().map_or(c.created, |k| k.day);
        let until = bought.first().copied().unwrap_or(contacted + days(5));
        chain.push((contacted.min(until), "prospect"));
    }
    if let [first, rest @ ..] = bought {
        chain.push((*first, "first-order"));
        chain.extend(rest.first().map(|second| (*second, "repeat")));
    }
    let mut before = "";
    for (day, to) in chain {
        rows.add("events", "e", &format!("{day},customer,{id},stage,{before},{to},,,{LEADER}"));
        before = to;
        c.stages.push(Turn { day, to: to.to_string() });
    }
}

/// A sensible day to be reminded of something.
pub(crate) fn some_due(chance: &mut Chance, day: Day) -> Day {
    forward(day + days(chance.between(1, 9)))
}
