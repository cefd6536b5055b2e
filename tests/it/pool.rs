//! The public pool (R2), sharing and hand-over (R14), through the program.

use super::support::company::{json, told};
use super::support::{Dir, Ran, start};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The company of li, wu (reps) and chen (manager) with customers of our own.
fn company() -> Dir {
    start::make("new")
}

/// A customer of the fields given; the rest is that of a lead of li.
fn customer(dir: &Dir, id: &str, more: &str) {
    let lines = [
        "created = 2026-01-01",
        "stage = \"lead\"",
        "status = \"active\"",
        "owner = \"li\"",
        "grade = \"\"",
        "intent = \"\"",
    ];
    let given = |line: &str| more.lines().any(|m| m.split(" = ").next() == line.split(" = ").next());
    let mut text = format!("name = \"Customer {id}\"\n");
    lines.iter().filter(|l| !given(l)).for_each(|l| text.push_str(&format!("{l}\n")));
    dir.write(&format!("customers/{id}.toml"), text + more + "\n");
}

/// The ledger of a folder, with these lines below its head.
fn ledger(dir: &Dir, name: &str, head: &str, lines: &[String]) {
    dir.write(&format!("ledgers/{name}/2026.csv"), format!("{head}\n{}\n", lines.join("\n")));
}

const EVENTS: &str = "id,at,kind,subject,event,from,to,by";
const ACTIVITIES: &str = "id,at,customer,by,channel,direction,outcome,next";

/// The ids that a command prints.
fn ids(dir: &Dir, args: &[&str], day: &str) -> Vec<String> {
    let mut all = args.to_vec();
    all.extend(["-f", "ids", "--today", day]);
    dir.run(&all).expect(0).stdout.lines().map(String::from).collect()
}

/// Sets a limit of the stage `lead`.
fn limits(dir: &Dir, pool: &str) {
    let text = dir.read("kehu.toml");
    let old = "pool = { follow_days = 15, deal_days = 60, warn_days = 3 }";
    assert!(text.contains(old));
    dir.write("kehu.toml", text.replacen(old, pool, 1));
}

/// Sets a key of the pool.
fn pool(dir: &Dir, key: &str, value: &str) {
    let text = dir.read("kehu.toml");
    let old = text.lines().find(|l| l.starts_with(&format!("{key} = "))).expect("the key").to_string();
    dir.write("kehu.toml", text.replacen(&old, &format!("{key} = {value}"), 1));
}

#[test]
fn a_limit_of_thirty_days_releases_on_day_thirty_one() {
    // The vector of R2; 2026-02-09 is a Monday.
    let check = |day: &str, expected: &[&str]| {
        let dir = company();
        limits(&dir, "pool = { follow_days = 30, warn_days = 5 }");
        customer(&dir, "x", "");
        ledger(&dir, "events", EVENTS, &["e_1,2026-01-01,customer,x,owner,,li,chen".into()]);
        ledger(&dir, "activities", ACTIVITIES, &["a_1,2026-01-10,x,li,call,both,neutral,".into()]);
        assert_eq!(ids(&dir, &["pool", "sweep"], day), expected, "{day}");
    };
    check("2026-02-09", &[]);
    check("2026-02-10", &["x"]);
}

/// One case of a customer `x` of li since 2026-01-05 with limits of 20 and 40 days, on 2026-03-10, a Tuesday.
fn released(what: &str, more: &str, rows: &[(&str, &str, &str)], settings: &[(&str, &str)], expected: bool) {
    let dir = company();
    limits(&dir, "pool = { follow_days = 20, deal_days = 40, after_contract_days = 30, warn_days = 3 }");
    for (key, value) in settings {
        pool(&dir, key, value);
    }
    customer(&dir, "x", more);
    let mut files: BTreeMap<&str, (&str, Vec<String>)> = BTreeMap::new();
    files.insert("events", (EVENTS, vec!["e_0,2026-01-05,customer,x,owner,,li,chen".into()]));
    for (name, head, line) in rows {
        files.entry(name).or_insert((head, Vec::new())).1.push((*line).to_string());
    }
    for (name, (head, lines)) in &files {
        ledger(&dir, name, head, lines);
    }
    assert_eq!(ids(&dir, &["pool", "sweep"], "2026-03-10") == ["x"], expected, "{what}");
}

#[test]
fn each_limit_and_each_exemption_counts() {
    const ORDERS: &str = "id,line,at,customer,quantity,price,due,by";
    const CONTRACTS: &str = "id,at,party,kind,start,end";
    const COMPLAINTS: &str = "id,at,customer,category,text";
    const RECEIPTS: &str = "id,line,at,customer,amount,order";
    let call = |day: &str| format!("a_{day},{day},x,li,call,both,neutral,");
    let recent = call("2026-03-05");
    let recent = ("activities", ACTIVITIES, recent.as_str());
    released("never contacted", "", &[], &[], true);
    released("contacted lately, never ordered", "", &[recent], &[], true);
    let bought = ("orders", ORDERS, "o_1,1,2026-02-20,x,1,100,2026-04-01,li");
    released("contacted and ordered", "", &[recent, bought], &[], false);
    released("ordered, not contacted", "", &[bought], &[], true);
    let before = ("orders", ORDERS, "o_1,1,2026-01-04,x,1,100,2026-04-01,li");
    released("ordered before its owner had it", "", &[recent, before], &[], true);
    // A mail is no two-way contact, and neither is a call without an answer.
    let mail = ("activities", ACTIVITIES, "a_1,2026-03-05,x,li,email,out,,");
    let unheard = ("activities", ACTIVITIES, "a_1,2026-03-05,x,li,call,out,no-answer,");
    released("only a mail", "", &[bought, mail], &[], true);
    released("only an unanswered call", "", &[bought, unheard], &[], true);
    released("a mail where any counts", "", &[bought, mail], &[("counts", "\"any\"")], false);
    // 20 working days are 28 days here: New Year's holidays are none.
    let fourth = call("2026-02-10");
    let fourth = ("activities", ACTIVITIES, fourth.as_str());
    released("28 days ago", "", &[bought, fourth], &[], true);
    released("14 working days ago", "", &[bought, fourth], &[("days", "\"working\"")], false);
    // Contracts.
    let running = ("contracts", CONTRACTS, "c_1,2026-01-02,x,sales,2026-01-02,2026-12-31");
    let over = ("contracts", CONTRACTS, "c_1,2025-01-02,x,sales,2025-01-02,2026-02-01");
    let ended = ("events", EVENTS, "e_1,2026-02-01,contract,c_1,ended,,,li");
    let bought_supplier = ("contracts", CONTRACTS, "c_1,2026-01-02,x,purchase,2026-01-02,2026-12-31");
    released("a contract in force", "", &[running], &[], false);
    released("a purchase is no sale", "", &[bought_supplier], &[], true);
    released("a contract that ended", "", &[recent, bought, over], &[], true);
    released("a contract ended by an event", "", &[recent, bought, running, ended], &[], true);
    // Complaints.
    let complaint = ("complaints", COMPLAINTS, "k_1,2026-03-01,x,quality,broken");
    let resolved = ("events", EVENTS, "e_1,2026-03-02T09:00:00+08:00,complaint,k_1,state,new,resolved,li");
    released("an open complaint", "", &[complaint], &[], false);
    released("a resolved complaint", "", &[complaint, resolved], &[], true);
    // Receivables.
    let owed = ("orders", ORDERS, "o_1,1,2026-02-20,x,1,100,2026-03-01,li");
    let paid = ("receipts", RECEIPTS, "p_1,1,2026-03-02,x,100,o_1");
    released("an overdue receivable", "", &[owed], &[], false);
    released("a paid receivable", "", &[owed, paid], &[], true);
    // Promises.
    let promise = |n: u32, day: &str, next: &str| format!("a_{n},{day},x,li,email,out,,{next}");
    let one = promise(1, "2026-02-11", "2026-03-20");
    let two = promise(2, "2026-02-12", "2026-03-21");
    let three = promise(3, "2026-02-13", "2026-03-22");
    let far = promise(1, "2026-02-11", "2026-04-10");
    let of = |line: &'static str| ("activities", ACTIVITIES, line);
    let leak = |line: String| of(Box::leak(line.into_boxed_str()));
    let (one, two, three, far) = (leak(one), leak(two), leak(three), leak(far));
    released("a promise", "", &[one], &[], false);
    released("two promises", "", &[one, two], &[], false);
    released("three promises without an answer", "", &[one, two, three], &[], true);
    released("a promise too far ahead", "", &[far], &[], true);
    // Kept by hand.
    released("keep_until ahead", "keep_until = 2026-03-11", &[], &[], false);
    released("keep_until over", "keep_until = 2026-03-10", &[], &[], true);
    released("closed", "status = \"closed\"", &[], &[], false);
    let pooled = ("events", EVENTS, "e_1,2026-01-07,customer,x,owner,li,,chen");
    released("in the pool", "owner = \"\"", &[pooled], &[], false);
    let keeps = [("keep_customers_with_orders", "true")];
    released("has ordered", "", &[bought], &keeps, false);
    released("has not ordered", "", &[], &keeps, true);
    // By grade, intent, stage.
    released("a hot lead has 15 days", "intent = \"hot\"", &[], &[], true);
    released("grade A is never released for silence", "grade = \"A\"\nstage = \"repeat\"", &[bought], &[], false);
}

#[test]
fn nothing_is_released_on_a_day_that_is_not_worked() {
    let dir = company();
    customer(&dir, "x", "");
    ledger(&dir, "events", EVENTS, &["e_1,2026-01-05,customer,x,owner,,li,chen".into()]);
    // A Saturday, a Sunday, and the Monday behind them.
    for (day, expected) in [("2026-03-07", &[][..]), ("2026-03-08", &[]), ("2026-03-09", &["x"])] {
        assert_eq!(ids(&dir, &["pool", "sweep"], day), expected, "{day}");
        let ran = dir.run(&["pool", "sweep", "--apply", "--as", "chen", "-n", "--today", day]).expect(0);
        assert_eq!(ran.stdout.contains("-owner = \"li\""), !expected.is_empty(), "{day}: {}", ran.stdout);
    }
    assert_eq!(ids(&dir, &["pool", "warn"], "2026-03-07"), ["x"]);
}

/// Who is warned on a day, and the day of the release with the days left until then.
fn warned(dir: &Dir, day: &str) -> String {
    let rows = json(dir, &["pool", "warn", "--today", day]);
    rows.iter().map(|row| told(row, "customer,releases,days_left")).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_limit_that_passes_in_the_holidays_is_warned_of_before_them() {
    let dir = company();
    customer(&dir, "x", "");
    // 15 days, so on day 16: 16 February, in the Spring Festival from the 15th to the 23rd. Saturday the 14th is worked.
    ledger(&dir, "events", EVENTS, &["e_1,2026-01-31,customer,x,owner,,li,chen".into()]);
    assert_eq!(warned(&dir, "2026-02-12"), "");
    assert_eq!(warned(&dir, "2026-02-13"), "x 2026-02-24 11");
    assert_eq!(warned(&dir, "2026-02-23"), "x 2026-02-24 1");
    assert_eq!(warned(&dir, "2026-02-24"), "");
    assert_eq!(ids(&dir, &["pool", "sweep"], "2026-02-24"), ["x"]);
}

#[test]
fn who_is_kept_up_to_a_day_is_warned_before_it() {
    let check = |what: &str, more: &str, row: Option<(&str, &str, &str)>| {
        let dir = company();
        limits(&dir, "pool = { follow_days = 20, deal_days = \"never\", warn_days = 3 }");
        customer(&dir, "x", more);
        ledger(&dir, "events", EVENTS, &["e_0,2026-01-05,customer,x,owner,,li,chen".into()]);
        if let Some((name, head, line)) = row {
            ledger(&dir, name, head, &[line.to_string()]);
        }
        // Kept up to Thursday 12 March, released on the 13th.
        assert_eq!(warned(&dir, "2026-03-09"), "", "{what}");
        assert_eq!(warned(&dir, "2026-03-10"), "x 2026-03-13 3", "{what}");
        assert_eq!(warned(&dir, "2026-03-12"), "x 2026-03-13 1", "{what}");
        assert!(ids(&dir, &["pool", "sweep", "releases:2026-03-12"], "2026-03-12").is_empty(), "{what}");
        assert_eq!(ids(&dir, &["pool", "sweep"], "2026-03-13"), ["x"], "{what}");
    };
    check("keep_until", "keep_until = 2026-03-13", None);
    let running = "c_1,2026-01-02,x,sales,2026-01-02,2026-03-12";
    check("a contract", "", Some(("contracts", "id,at,party,kind,start,end", running)));
    check("a promise", "", Some(("activities", ACTIVITIES, "a_1,2026-02-20,x,li,email,out,,2026-03-12")));
    // Nobody knows when a complaint will be resolved, or a bill paid.
    let dir = company();
    customer(&dir, "x", "keep_until = 2026-03-13");
    ledger(&dir, "complaints", "id,at,customer,category,text", &["k_1,2026-03-01,x,quality,broken".into()]);
    assert_eq!(warned(&dir, "2026-03-12"), "");
}

#[test]
fn a_contract_in_force_has_no_days_since_its_end() {
    let dir = company();
    pool(&dir, "days", "\"working\"");
    limits(&dir, "pool = { follow_days = \"never\", deal_days = \"never\", after_contract_days = 5, warn_days = 30 }");
    customer(&dir, "x", "");
    let running = "c_1,2026-01-02,x,sales,2026-01-02,2026-03-13";
    ledger(&dir, "contracts", "id,at,party,kind,start,end", &[running.into()]);
    let rows = json(&dir, &["pool", "warn", "--today", "2026-03-06"]);
    // Friday the 13th, and six working days from there.
    let keys = "customer,since,days,limit_days,passes,releases";
    assert_eq!(rows.iter().map(|r| told(r, keys)).collect::<Vec<_>>(), ["x 2026-03-13 0 5 2026-03-23 2026-03-23"]);
}

#[test]
fn the_pool_says_from_which_day_on_a_customer_may_be_claimed() {
    let dir = company();
    pool(&dir, "quarantine_days", "3");
    customer(&dir, "x", "owner = \"\"");
    customer(&dir, "never", "owner = \"\"");
    let events = ["e_1,2026-01-05,customer,x,owner,,li,chen", "e_2,2026-03-02,customer,x,owner,li,,li"];
    ledger(&dir, "events", EVENTS, &events.map(String::from));
    // The day is the same before and after.
    for day in ["2026-03-03", "2026-03-20"] {
        let rows = json(&dir, &["pool", "list", "--today", day]);
        let told: Vec<String> = rows.iter().map(|r| told(r, "customer,in_pool_since,claim_from")).collect();
        assert_eq!(told, ["never 2026-01-01 2026-01-01", "x 2026-03-02 2026-03-05"], "{day}");
    }
}

#[test]
fn a_claim_that_lost_a_race_is_judged_by_what_came_before_it() {
    let dir = company();
    customer(&dir, "x", "owner = \"\"");
    let events = [
        "e_1,2026-06-05T09:12:00+08:00,customer,x,owner,,wu,wu",
        "e_2,2026-06-05T09:30:00+08:00,customer,x,owner,,li,li",
        "e_3,2026-06-05T18:00:00+08:00,customer,x,owner,wu,,wu",
    ];
    ledger(&dir, "events", EVENTS, &events.map(String::from));
    // The release has settled the race; when li claimed, nobody had put x back.
    assert_eq!(dir.run(&["check", "--json"]).expect(0).stdout.trim(), "[]");
}

#[test]
fn a_sweep_done_twice_is_one_sweep() {
    let dir = company();
    customer(&dir, "x", "");
    customer(&dir, "y", "");
    customer(&dir, "z", "created = 2026-03-01");
    let sweep = || dir.run(&["pool", "sweep", "--apply", "--as", "chen", "--today", "2026-03-09"]).expect(0);
    assert_eq!(sweep().stdout.lines().count(), 2);
    let after = dir.files();
    let again = sweep();
    assert!(again.stdout.is_empty() && again.stderr.contains("nothing changes"), "{}", again.stderr);
    assert_eq!(dir.files(), after);
    assert!(dir.read("ledgers/events/2026-chen.csv").contains("stages.lead.pool.follow_days = 15"));
    dir.run(&["check"]).expect(0);
}

#[test]
fn each_rule_of_a_claim_is_asked_and_says_its_number() {
    let dir = company();
    pool(&dir, "claim_per_day", "2");
    pool(&dir, "own_limit", "3");
    pool(&dir, "quarantine_days", "2");
    for id in ["a", "b", "c", "d"] {
        customer(&dir, id, "owner = \"\"");
    }
    customer(&dir, "mine", "");
    customer(&dir, "theirs", "owner = \"wu\"");
    let claim = |words: &[&str], day: &str| -> Ran {
        let mut args = vec!["claim"];
        args.extend(words);
        args.extend(["--today", day]);
        dir.run(&args)
    };
    let refused = |words: &[&str], day: &str, why: &str| {
        let before = dir.files();
        let ran = claim(words, day).expect(7);
        assert!(ran.stderr.contains(why), "{words:?} {day}: {}", ran.stderr);
        assert_eq!(dir.files(), before, "all or nothing");
    };
    refused(&["a", "theirs"], "2026-03-09", "theirs is not in the pool: it belongs to wu");
    refused(&["a", "b", "c"], "2026-03-09", "1 customers owned, 3 more would pass the limit of 3");
    claim(&["a", "b"], "2026-03-09").expect(0);
    // Releasing gives no claim back, and makes room again.
    dir.run(&["release", "a", "--today", "2026-03-09"]).expect(0);
    refused(&["c"], "2026-03-09", "2 claims on 2026-03-09, 1 more would pass the limit of 2");
    refused(&["a"], "2026-03-10", "li owned it up to 2026-03-09, and may not claim it back for 15 days");
    let wu = dir.run(&["claim", "a", "--as", "wu", "--today", "2026-03-10"]).expect(7);
    assert!(wu.stderr.contains("a is in the pool since 2026-03-09"), "{}", wu.stderr);
    assert!(wu.stderr.contains("from 2026-03-11 on"), "{}", wu.stderr);
    // A customer that nobody owned before needs no rest.
    claim(&["c"], "2026-03-10").expect(0);
    refused(&["d"], "2026-03-11", "3 customers owned, 1 more would pass the limit of 3");
    dir.run(&["claim", "a", "--as", "wu", "--today", "2026-03-11"]).expect(0);
    pool(&dir, "members", "[\"wu\"]");
    refused(&["d"], "2026-03-12", "d lies in the pool default, and li is no member of it");
    // What each rule says, with its number.
    let ran = dir.run(&["claim", "d", "-n", "--json", "--today", "2026-03-12"]);
    let rules: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let of = |rule: &str| {
        let row = rules.as_array().expect("a list").iter().find(|r| r["rule"] == rule).expect("the rule").clone();
        format!("{} {} {}", row["have"].as_str().unwrap_or("-"), row["limit"].as_str().unwrap_or("-"), row["verdict"])
    };
    assert_eq!(of("in-pool"), "- - \"pass\"");
    assert_eq!(of("member"), "li default \"fail\"");
    assert_eq!(of("own-limit"), "3 + 1 3 \"fail\"");
    assert_eq!(of("claims"), "0 + 1 2 \"pass\"");
    assert_eq!(of("cooldown"), "- 15 \"pass\"");
    assert_eq!(of("quarantine"), "- 2 \"pass\"");
}

#[test]
fn who_gives_whom_away() {
    let dir = company();
    customer(&dir, "x", "");
    customer(&dir, "p", "owner = \"\"");
    let check = |args: &[&str], who: &str, code: i32| {
        let mut all = args.to_vec();
        all.extend(["--as", who, "-n"]);
        dir.run(&all).expect(code);
    };
    for verb in [&["assign", "x", "--to", "wu"][..], &["release", "x"], &["customer", "set", "x", "owner=wu"]] {
        check(verb, "li", 0);
        check(verb, "wu", 7);
        check(verb, "chen", 0);
    }
    // Out of the pool the others claim, and pass by no limit.
    check(&["claim", "p"], "li", 0);
    check(&["assign", "p", "--to", "li"], "li", 7);
    check(&["customer", "set", "p", "owner=li"], "li", 7);
    check(&["assign", "p", "--to", "wu"], "li", 7);
    check(&["assign", "p", "--to", "wu"], "chen", 0);
    check(&["handover", "li", "--to", "wu"], "wu", 7);
    check(&["handover", "li", "--to", "wu"], "li", 0);
    // Where nobody leads, everybody may.
    dir.write("team.toml", "[li]\nname = \"Li\"\nrole = \"rep\"\n\n[wu]\nname = \"Wu\"\nrole = \"rep\"\n");
    check(&["assign", "x", "--to", "wu"], "wu", 0);
}

#[test]
fn customers_are_shared_and_nobody_gets_more_than_it_may_own() {
    let check = |by: &str, expected: &str| {
        let dir = company();
        dir.run(&["team", "add", "sun", "Sun", "role=rep", "limits.own=1"]).expect(0);
        for (id, grade, region) in
            [("a", "A", "east"), ("b", "A", "east"), ("c", "B", "west"), ("d", "B", "east"), ("e", "", "west")]
        {
            let stage = if grade.is_empty() { "lead" } else { "repeat" };
            customer(
                &dir,
                id,
                &format!("owner = \"\"\ngrade = \"{grade}\"\nregion = \"{region}\"\nstage = \"{stage}\""),
            );
        }
        let to = if by == "all" { "li" } else { "li,wu,sun" };
        dir.run(&["assign", "no:owner", "--to", to, "--by", by, "--as", "chen"]).expect(0);
        let out = dir.run(&["list", "--columns", "id,owner", "-f", "csv"]).expect(0).stdout;
        let got: Vec<String> = out.lines().skip(1).map(|l| l.replace(',', "=")).collect();
        assert_eq!(got.join(" "), expected, "{by}");
    };
    check("all", "a=li b=li c=li d=li e=li");
    check("even", "a=li b=wu c=sun d=li e=wu");
    check("grade", "a=li b=wu c=sun d=li e=wu");
    check("region", "a=li b=li c=wu d=li e=wu");
    check("load", "a=li b=wu c=sun d=li e=wu");
    let dir = company();
    dir.run(&["team", "set", "wu", "limits.own=1"]).expect(0);
    customer(&dir, "a", "owner = \"\"");
    customer(&dir, "b", "owner = \"\"");
    let args = ["assign", "a", "b", "--to", "wu", "--as", "chen"];
    let ran = dir.run(&args).expect(7);
    assert!(ran.stderr.contains("wu: 0 customers owned, 2 more would pass the limit of 1"), "{}", ran.stderr);
    let mut over = args.to_vec();
    over.extend(["--override", "--note", "fair"]);
    dir.run(&over).expect(0);
    let found = dir.run(&["check", "--json"]).stdout;
    assert!(found.contains("E124"), "{found}");
}

#[test]
fn a_fairs_leads_are_shared_at_import() {
    let dir = company();
    dir.run(&["team", "set", "wu", "limits.own=1"]).expect(0);
    dir.write("fair.csv", "id,name,owner,region\na,Aa,,east\nb,Bb,,west\nc,Cc,chen,east\nd,Dd,,east\n");
    let import = |more: &[&str]| {
        let mut args = vec!["import", "fair.csv", "--into", "customers", "--assign"];
        args.extend(more);
        dir.run(&args)
    };
    let ran = import(&["wu"]).expect(3);
    assert!(ran.stderr.contains("wu: 0 customers owned, 3 more would pass the limit of 1"), "{}", ran.stderr);
    let orders = ["import", "fair.csv", "--into", "orders", "--assign", "li"];
    dir.run(&orders).expect(2);
    import(&["li,wu", "--by", "even"]).expect(0);
    let out = dir.run(&["list", "--columns", "id,owner", "-f", "csv"]).expect(0).stdout;
    assert_eq!(out, "id,owner\na,li\nb,wu\nc,chen\nd,li\n");
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_leaver_gives_everything_open_away_and_orders_keep_their_rep() {
    let dir = company();
    for (id, status) in [("a", "active"), ("b", "active"), ("c", "closed")] {
        customer(&dir, id, &format!("status = \"{status}\""));
    }
    customer(&dir, "w", "owner = \"wu\"");
    dir.run(&["order", "add", "a", "--line", "amount=1000", "--id", "SO-1"]).expect(0);
    dir.run(&["deal", "add", "a", "Line", "--id", "D-1", "--amount", "500"]).expect(0);
    dir.run(&["deal", "add", "w", "Other", "--id", "D-2", "--amount", "300"]).expect(0);
    dir.run(&["deal", "add", "b", "Gone", "--id", "D-3"]).expect(0);
    dir.run(&["deal", "lose", "D-3", "--reason", "price"]).expect(0);
    dir.run(&["task", "add", "own", "--due", "+1d"]).expect(0);
    dir.run(&["task", "add", "of b", "--due", "+1d", "--customer", "b"]).expect(0);
    let columns = "id,stage,status,grade,created,revenue,last_order";
    let facts = || dir.run(&["list", "--columns", columns, "-f", "csv"]).expect(0).stdout;
    let profit = || dir.run(&["report", "profit", "--by", "rep", "-f", "csv"]).expect(0).stdout;
    let (before, sold) = (facts(), profit());
    let args = ["team", "leave", "li", "--on", "2026-07-10", "--to", "wu,chen", "--as", "chen"];
    let ran = dir.run(&args).expect(0);
    assert_eq!((facts(), profit()), (before, sold));
    assert!(ran.stderr.contains("customers 3 → 0") || ran.stdout.contains("customers 3 → 0"), "{}", ran.stderr);
    let owned = |who: &str| dir.run(&["list", &format!("owner:{who}"), "-f", "ids"]).expect(0).stdout;
    assert_eq!(owned("li"), "");
    // Closed customers go with the others; a deal of somebody else's customer goes to its owner.
    let total: usize = ["wu", "chen"].iter().map(|w| owned(w).lines().count()).sum();
    assert_eq!(total, 4);
    let deals = dir.run(&["deal", "list", "--columns", "id,owner", "-f", "csv", "--sort", "id"]).expect(0).stdout;
    let owner_of =
        |id: &str| dir.run(&["list", &format!("id:{id}"), "--columns", "owner", "-f", "csv"]).expect(0).stdout;
    let a = owner_of("a").lines().nth(1).expect("an owner").to_string();
    assert_eq!(deals, format!("id,owner\nD-1,{a}\nD-2,wu\nD-3,li\n"));
    let tasks = dir.run(&["task", "list", "owner:li", "-f", "ids"]).expect(0).stdout;
    assert_eq!(tasks, "");
    // A first contact for each open customer.
    let own = ["task", "list", "kind:care", "no:playbook"];
    let first = dir.run(&[&own[..], &["--columns", "customer,due", "-f", "csv", "--sort", "customer"]].concat());
    assert_eq!(first.expect(0).stdout, "customer,due\na,2026-07-01\nb,2026-07-01\n");
    assert!(dir.read("team.toml").contains("left = 2026-07-10"));
    dir.run(&["check"]).expect(0);
    dir.run(&["undo", "--as", "chen"]).expect(0);
    assert_eq!(owned("li").lines().count(), 3);
}

/// The pool of one customer, as R2 tells it: who owns it, who left it when, since when it is in the pool.
#[derive(Debug, Clone, Default)]
struct Oracle {
    owner: BTreeMap<&'static str, Option<&'static str>>,
    left: BTreeMap<(&'static str, &'static str), i64>,
    pooled: BTreeMap<&'static str, i64>,
    claims: BTreeMap<(&'static str, i64), usize>,
}

impl Oracle {
    fn may_claim(&self, who: &'static str, ids: &BTreeSet<&'static str>, day: i64) -> bool {
        let free = ids.iter().all(|id| self.owner[id].is_none());
        let owned = self.owner.values().filter(|o| **o == Some(who)).count() + ids.len() <= 3;
        let claims = self.claims.get(&(who, day)).copied().unwrap_or(0) + ids.len() <= 2;
        let cooled = ids.iter().all(|id| self.left.get(&(*id, who)).is_none_or(|left| day - left >= 5));
        let rested = ids.iter().all(|id| self.pooled.get(id).is_none_or(|since| day - since >= 1));
        free && owned && claims && cooled && rested
    }
    fn release(&mut self, who: &'static str, id: &'static str, day: i64) {
        self.owner.insert(id, None);
        self.left.insert((id, who), day);
        self.pooled.insert(id, day);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// No order of claims and releases passes a limit, and the program refuses exactly what the rules refuse.
    #[test]
    fn claims_and_releases_keep_the_limits(
        steps in proptest::collection::vec((0..5i64, 0..2usize, any::<bool>(), 1..32u8), 1..14),
    ) {
        const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];
        let dir = company();
        for (key, value) in [("claim_per_day", "2"), ("own_limit", "3"), ("cooldown_days", "5")] {
            pool(&dir, key, value);
        }
        let mut oracle = Oracle::default();
        for id in IDS {
            customer(&dir, id, "owner = \"\"");
            oracle.owner.insert(id, None);
        }
        let mut day = 0;
        for (wait, who, claims, bits) in steps {
            day += wait;
            let who = ["li", "wu"][who];
            let chosen: BTreeSet<&'static str> =
                IDS.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0).map(|(_, id)| *id).collect();
            let today = format!("2026-03-{:02}", 1 + day.min(27));
            let day = day.min(27);
            let mut args = vec![if claims { "claim" } else { "release" }];
            args.extend(chosen.iter().copied());
            args.extend(["--as", who, "--today", &today]);
            let may = if claims {
                oracle.may_claim(who, &chosen, day)
            } else {
                chosen.iter().all(|id| oracle.owner[id] == Some(who))
            };
            let ran = dir.run(&args);
            prop_assert_eq!(ran.code, if may { 0 } else { 7 }, "{:?}\n{}", args, ran.stderr);
            if may {
                for id in &chosen {
                    if claims {
                        oracle.owner.insert(id, Some(who));
                    } else {
                        oracle.release(who, id, day);
                    }
                }
                if claims {
                    *oracle.claims.entry((who, day)).or_default() += chosen.len();
                }
            }
        }
        let found = dir.run(&["check", "--json", "--today", "2026-03-28"]).expect(0).stdout;
        prop_assert_eq!(found.trim(), "[]");
    }
}
