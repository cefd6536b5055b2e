//! Two customers become one (R14): nothing is lost, nothing is counted twice, and it can be taken back.

use super::made::{Layout, company};
use super::reading::{Reading, read};
use super::support::{Dir, Ran, TODAY};
use kehu::model::period::Period;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;

fn kehu(dir: &Dir, args: &[&str]) -> Ran {
    dir.run(&[args, &["--lang", "en"]].concat())
}

fn number(v: &Value) -> Decimal {
    if v.is_null() { Decimal::ZERO } else { v.to_string().parse().expect("a decimal") }
}

/// Quantities and money that add up.
const SUMS: [&str; 6] = ["quantity", "revenue", "cost", "extra_cost", "profit", "unknown_cost_lines"];

/// Figures of profit by group.
fn profit(reading: &Reading, by: &str) -> BTreeMap<String, Vec<Decimal>> {
    let rows = reading.rows(&reading.profit(by, None, Period::ALL).0);
    rows.iter().map(|r| (r[by].to_string(), SUMS.iter().map(|key| number(&r[*key])).collect())).collect()
}

/// What customers owe, by customer and currency.
fn owed(reading: &Reading) -> BTreeMap<(String, String), Decimal> {
    let rows = reading.receivables();
    let key = |r: &Value| (r["customer"].to_string(), r["currency"].to_string());
    let mut out = BTreeMap::new();
    rows.iter().for_each(|r| *out.entry(key(r)).or_insert(Decimal::ZERO) += number(&r["outstanding"]));
    out
}

fn together(rows: &BTreeMap<String, Vec<Decimal>>, ids: &[&str]) -> Vec<Decimal> {
    let mut out = vec![Decimal::ZERO; SUMS.len()];
    for (_, sums) in rows.iter().filter(|(id, _)| ids.iter().any(|i| *id == &format!("\"{i}\""))) {
        out.iter_mut().zip(sums).for_each(|(a, b)| *a += b);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_total_stays_what_it_was(company in company(), forth in any::<bool>()) {
        let dir = company.write(Layout::PLAIN);
        let (keep, drop) = if forth { ("c0", "c1") } else { ("c1", "c0") };
        let before = read(dir.path(), TODAY, 1);
        prop_assume!(before.book().customer(keep).is_some() && before.book().customer(drop).is_some());
        prop_assume!(!before.book().customer(keep).is_some_and(|c| c.closed));
        let ran = kehu(&dir, &["merge", keep, drop, "--note", "one", "--today", LATER]);
        prop_assert!(ran.code == 0, "{}", ran.stderr);
        let after = read(dir.path(), TODAY, 1);
        for by in ["product", "category", "rep", "order"] {
            prop_assert_eq!(profit(&before, by), profit(&after, by), "by {}", by);
        }
        let (one, other) = (profit(&before, "customer"), profit(&after, "customer"));
        prop_assert_eq!(together(&one, &[keep, drop]), together(&other, &[keep]));
        let gone = format!("\"{drop}\"");
        prop_assert!(!other.contains_key(&gone));
        let (one, other) = (owed(&before), owed(&after));
        let sums = |all: &BTreeMap<(String, String), Decimal>, ids: &[&str]| {
            let mut out: BTreeMap<String, Decimal> = BTreeMap::new();
            for ((id, currency), n) in all {
                if ids.is_empty() || ids.iter().any(|i| *id == format!("\"{i}\"")) {
                    *out.entry(currency.clone()).or_default() += n;
                }
            }
            out.retain(|_, n| !n.is_zero());
            out
        };
        prop_assert_eq!(sums(&one, &[]), sums(&other, &[]));
        prop_assert_eq!(sums(&one, &[keep, drop]), sums(&other, &[keep]));
    }
}

/// After everything that happens to a made company.
const LATER: &str = "2027-12-31";

fn customer(id: &str, stage: &str, owner: &str, more: &str) -> String {
    format!(
        "name = \"{id}\"\ncreated = 2026-01-05\n\nstage = \"{stage}\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"\"\n\nintent = \"\"\n{more}"
    )
}

const EVENTS: &str = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";

/// `keep`, a lead of li's, and `drop`, a prospect of wu's that was called `old` before. `third` was referred by `drop`.
fn two() -> Dir {
    let dir = Dir::new();
    dir.write("customers/k/keep.toml", customer("keep", "lead", "li", "\nphone = \"1380013800\"\n"));
    let more = "\nphone = \"1390013900\"\nterms = \"net30\"\n";
    let drop = customer("drop", "prospect", "wu", more).replace("created", "former_ids = [\"old\"]\ncreated");
    dir.write("customers/d/drop.toml", drop);
    dir.write("customers/t/third.toml", customer("third", "lead", "li", "\nreferred_by = \"drop\"\n"));
    let events = "e1,2026-02-01T09:00:00+08:00,customer,keep,owner,,li,,,,li,\ne2,2026-02-02T09:00:00+08:00,customer,old,owner,li,wu,,,,wu,\ne3,2026-03-02T09:00:00+08:00,customer,drop,stage,lead,prospect,,,,wu,\n";
    dir.write("ledgers/events/2026-wu.csv", format!("{EVENTS}{events}"));
    let acts = "id,at,customer,by,channel,direction\na1,2026-03-01,old,wu,call,both\na2,2026-06-01,drop,wu,call,both\n";
    dir.write("ledgers/activities/2026-wu.csv", acts);
    dir.run(&["check", "--lang", "en"]).expect(0);
    dir
}

#[test]
fn what_names_the_other_one_follows_and_its_decisions_do_not() {
    let dir = two();
    let before = dir.files();
    let ran = kehu(&dir, &["merge", "keep", "drop"]).expect(0);
    for words in
        ["the stage `Prospect` of drop is given up; keep keeps `Lead`", "the phone `1390013900` of drop is given up"]
    {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    kehu(&dir, &["check", "--strict"]).expect(0);
    let one = |args: &[&str]| kehu(&dir, args).expect(0).stdout;
    assert_eq!(one(&["list", "-f", "ids"]), "keep\nthird\n");
    let row = one(&["list", "id:keep", "-f", "csv", "--columns", "id,stage,owner,phone,terms,activities,aliases"]);
    assert!(row.ends_with("\nkeep,lead,li,1380013800,net30,2,drop\n"), "{row}");
    let file = dir.read("customers/k/keep.toml");
    assert!(file.contains("former_ids = [\n    \"old\",\n    \"drop\",\n]"), "{file}");
    // Whoever was referred by one was referred by the other.
    assert_eq!(one(&["list", "id:third", "-f", "csv", "--columns", "referred_by"]), "referred_by\nkeep\n");
    assert_eq!(one(&["list", "referred_by:keep", "-f", "ids"]), "third\n");
    // No row was rewritten.
    assert!(dir.read("ledgers/activities/2026-wu.csv").contains("a1,2026-03-01,old,wu"));
    let history = |id: &str| one(&["history", id, "-f", "csv", "--columns", "subject,event,from,to"]);
    assert_eq!(history("keep"), "subject,event,from,to\nkeep,owner,,li\nold,merged,old,keep\ndrop,merged,drop,keep\n");
    assert_eq!(history("drop"), "subject,event,from,to\ndrop,stage,lead,prospect\ndrop,merged,drop,keep\n");
    assert_eq!(history("old"), "subject,event,from,to\nold,owner,li,wu\nold,merged,old,keep\n");
    // On earlier days, too, its decisions are its own.
    for day in ["2026-02-15", "2026-06-15"] {
        let row = one(&["list", "id:keep", "-f", "csv", "--columns", "stage,owner", "--today", day]);
        assert_eq!(row, "stage,owner\nlead,li\n", "{day}");
    }
    // Facts may be rewritten, events keep their subject.
    one(&["fmt"]);
    assert!(dir.read("ledgers/activities/2026-wu.csv").contains("a1,2026-03-01,keep,wu"));
    assert!(dir.read("ledgers/events/2026-wu.csv").contains("customer,old,owner,li,wu"));
    kehu(&dir, &["check", "--strict"]).expect(0);
    one(&["undo", "--last", "2"]);
    let data = |files: Vec<(String, Vec<u8>)>| -> Vec<(String, Vec<u8>)> {
        files.into_iter().filter(|(name, _)| !name.starts_with(".kehu")).collect()
    };
    assert!(data(dir.files()) == data(before));
}

#[test]
fn a_survivor_may_be_merged_again_and_renamed() {
    let dir = two();
    let one = |args: &[&str]| kehu(&dir, args).expect(0).stdout;
    one(&["merge", "keep", "drop"]);
    one(&["rename", "keep", "kept"]);
    one(&["assign", "kept", "--to", "chen"]);
    one(&["merge", "third", "kept"]);
    kehu(&dir, &["check", "--strict"]).expect(0);
    let row = one(&["list", "-f", "csv", "--columns", "id,owner,activities"]);
    assert_eq!(row, "id,owner,activities\nthird,li,2\n");
    // Each id was merged away once.
    let events = one(&["event", "list", "event:merged", "-f", "csv", "--columns", "subject,to", "--sort", "subject"]);
    assert_eq!(events, "subject,to\ndrop,keep\nkeep,third\nkept,third\nold,keep\n");
    // Nobody refers itself.
    assert!(!dir.read("customers/t/third.toml").contains("referred_by"));
    let history = one(&["history", "third", "-f", "csv", "--columns", "event,from,to"]);
    assert!(!history.contains("owner"), "{history}");
}

#[test]
fn contacts_of_one_id_are_told_apart() {
    let dir = two();
    let contact =
        |id: &str, name: &str, more: &str| format!("\n[[contacts]]\nid = \"{id}\"\nname = \"{name}\"\n{more}");
    let put = |file: &str, more: &str| dir.write(file, dir.read(file) + more);
    put(
        "customers/k/keep.toml",
        &(contact("wang", "Wang Wei", "") + &contact("li", "Li", "phone = \"13800138000\"\n")),
    );
    let others =
        contact("wang", "Wang Fang", "") + &contact("li", "Li Na", "phone = \"+86 138 0013 8000\"\nlikes = \"tea\"\n");
    put(
        "customers/d/drop.toml",
        &(others + &contact("wang-2", "Wang Er", "dates = [ { name = \"店庆\", date = \"10-18\" } ]\n")),
    );
    let acts = "id,at,customer,contact,by,channel,direction\na3,2026-06-02,drop,wang,wu,call,both\na4,2026-06-03,old,li,wu,call,both\na5,2026-06-04,keep,wang,li,call,both\n";
    dir.write("ledgers/activities/2026-li.csv", acts);
    kehu(&dir, &["merge", "keep", "drop"]).expect(0);
    kehu(&dir, &["check", "--strict"]).expect(0);
    let people =
        kehu(&dir, &["contact", "list", "id:keep", "-f", "csv", "--columns", "id,name,likes"]).expect(0).stdout;
    assert_eq!(people, "id,name,likes\nwang,Wang Wei,\nli,Li,tea\nwang-3,Wang Fang,\nwang-2,Wang Er,\n");
    let rows = dir.read("ledgers/activities/2026-li.csv");
    for row in ["a3,2026-06-02,drop,wang-3,", "a4,2026-06-03,old,li,", "a5,2026-06-04,keep,wang,"] {
        assert!(rows.contains(row), "{row}: {rows}");
    }
    assert!(dir.read("customers/k/keep.toml").contains("dates = [{ name = \"店庆\", date = \"10-18\" }]"));
}
