//! Approvals (R12): contracts and their plans, refunds, write-offs, requests; who may answer, what a seal covers, what `check` finds of
//! edits by hand, and two branches that answer.

use crate::support::{Dir, Ran};
use proptest::prelude::*;
use serde_json::Value;

/// li and wu (reps), chen (manager, up to 100,000), boss (director), fin (finance); the customers hx and beta, the supplier parts.
fn shop() -> Dir {
    let dir = Dir::new();
    dir.write(
        "team.toml",
        "[li]\nname = \"Li Lei\"\nrole = \"rep\"\nmanager = \"chen\"\n\n[wu]\nname = \"Wu Min\"\nrole = \"rep\"\nmanager = \"chen\"\n\n\
         [chen]\nname = \"Chen Jie\"\nrole = \"manager\"\nlimits = { approve = 100000 }\n\n[boss]\nname = \"Bo Shan\"\nrole = \"director\"\n\n\
         [fin]\nname = \"Fan Ying\"\nrole = \"finance\"\n",
    );
    // Whoever is alone when the directory is made answers for itself.
    replace(&dir, "kehu.toml", "four_eyes = false", "four_eyes = true");
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,unit,price,cost,tax_rate,status\npump,2026-01-01,Pump,pumps,pcs,1000,800,0,active\n",
    );
    for (name, id) in [("Huaxin", "hx"), ("Beta", "beta")] {
        dir.run(&["customer", "add", name, "--id", id, "--today", "2026-01-02"]).expect(0);
    }
    dir.run(&["supplier", "add", "parts", "Parts Ltd"]).expect(0);
    dir
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ran.expect(0).stdout).expect("JSON")
}

fn run(dir: &Dir, line: &str) -> Ran {
    // What stands in quotes is one word.
    let mut words: Vec<String> = Vec::new();
    for (n, part) in line.split('"').enumerate() {
        if n % 2 == 1 { words.push(part.into()) } else { words.extend(part.split_whitespace().map(String::from)) }
    }
    dir.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// `approval state broken` of a contract.
fn stands(dir: &Dir, id: &str, day: &str) -> String {
    let list = json(dir.run(&["contract", "list", "--columns", "id,approval,state,broken", "--json", "--today", day]));
    let found = list.as_array().expect("a list").iter().find(|c| c["id"] == id).cloned().unwrap_or_default();
    ["approval", "state", "broken"].map(|k| found[k].to_string().trim_matches('"').to_string()).join(" ")
}

/// Codes of findings.
fn codes(dir: &Dir) -> Vec<String> {
    let list: Value = serde_json::from_str(&dir.run(&["check", "--json"]).stdout).expect("JSON");
    let code = |d: &Value| d["code"].as_str().unwrap_or("?").to_string();
    let mut all: Vec<String> = list.as_array().expect("a list").iter().map(code).collect();
    all.sort();
    all
}

fn owes(dir: &Dir) -> String {
    let list = json(dir.run(&["report", "receivables", "--json"]));
    let of = list.as_array().expect("a list").iter().find(|r| r["customer"] == "hx").cloned().unwrap_or_default();
    // Who owes nothing need not be listed.
    if of.is_null() { "0".into() } else { of["outstanding"].to_string() }
}

const CONTRACT: &str =
    "contract add hx 1000 --title x --end 2026-12-31 --plan 30%@signing,60%@2026-08-01,10%@+90d --id C-1";

#[test]
fn a_contract_goes_from_draft_to_its_end_and_is_seen_from_any_day() {
    let dir = shop();
    run(&dir, &format!("{CONTRACT} --at 2026-06-01")).expect(0);
    run(&dir, "contract submit C-1 --at 2026-06-05").expect(0);
    assert_eq!(owes(&dir), "0");
    run(&dir, "contract approve C-1 --at 2026-06-10 --as chen").expect(0);
    assert_eq!(owes(&dir), "1000");
    run(&dir, "contract end C-1 --at 2026-06-20").expect(0);
    for (day, expected) in [
        ("2026-06-01", "draft draft false"),
        ("2026-06-05", "submitted pending false"),
        ("2026-06-10", "approved running false"),
        ("2026-06-30", "approved ended false"),
    ] {
        assert_eq!(stands(&dir, "C-1", day), expected, "{day}");
    }
    let rows = json(dir.run(&["receivable", "list", "--columns", "amount,due,contract", "--sort", "due", "--json"]));
    let expected = r#"[{"amount":300,"due":"2026-06-01","contract":"C-1"},{"amount":600,"due":"2026-08-01","contract":"C-1"},{"amount":100,"due":"2026-08-30","contract":"C-1"}]"#;
    assert_eq!(rows.to_string(), expected);
    run(&dir, "contract end C-1").expect(7);
    assert_eq!(codes(&dir), Vec::<String>::new());
}

#[test]
fn a_purchase_has_payables_and_no_receivables() {
    let dir = shop();
    run(&dir, "contract add parts --plan 300@signing,700@+30d --submit --id C-2 --currency EUR").expect(0);
    let text = dir.read("ledgers/payables/2026-li.csv");
    let rows: Vec<&str> = text.lines().skip(1).map(|l| l.split_once(',').map_or("", |(_, rest)| rest)).collect();
    assert_eq!(rows, ["2026-06-30,parts,300,2026-06-30,EUR,C-2,li,", "2026-06-30,parts,700,2026-07-30,EUR,C-2,li,"]);
    assert!(dir.files().iter().all(|(f, _)| !f.starts_with("ledgers/receivables/")));
    let list = json(dir.run(&["contract", "list", "--columns", "kind,amount,planned,party_name", "--json"]));
    assert_eq!(list.to_string(), r#"[{"kind":"purchase","amount":1000,"planned":1000,"party_name":"Parts Ltd"}]"#);
}

#[test]
fn a_plan_comes_to_the_amount_and_a_contract_does_not_end_before_it_begins() {
    let check = |line: &str, code: i32, says: &str| {
        let dir = shop();
        let before = dir.files();
        let ran = run(&dir, line).expect(code);
        assert!(ran.stderr.contains(says), "{line}: {}", ran.stderr);
        assert_eq!(dir.files(), before, "{line}");
    };
    check("contract add hx 1000 --plan 30%@signing,60%@+30d", 7, "900.00");
    check("contract add hx 1000 --plan 300@signing,800@+30d", 7, "1100.00");
    check("contract add hx --plan 30%@signing,70%@+30d", 2, "amount");
    check("contract add hx 1000 --plan soon", 2, "soon");
    check("contract add hx 1000 --plan 100%@someday", 2, "someday");
    check("contract add hx 1000 --start 2026-06-30 --end 2026-06-29", 2, "2026-06-29");
    check("contract add nobody 1000", 4, "nobody");
    check("contract add nobody 1000 --kind purchase", 4, "nobody");
    check("contract add hx 1000 --renews C-9", 4, "C-9");
}

/// Who may answer: an author nowhere alone, by role, by limit, by kehu.toml. Exit 7 says who may.
#[test]
fn approvers_are_others_with_the_right() {
    let check = |amount: &str, toml: &[(&str, &str)], by: &str, args: &str, code: i32, says: &str| {
        let dir = shop();
        for (from, to) in toml {
            let text = dir.read("kehu.toml");
            assert!(text.contains(from), "{from}");
            dir.write("kehu.toml", text.replacen(from, to, 1));
        }
        run(&dir, &format!("contract add hx {amount} --id C-1 --submit --as {by}")).expect(0);
        let ran = run(&dir, &format!("contract approve C-1 {args}")).expect(code);
        assert!(ran.stderr.contains(says), "{amount} {by} {args}: {}", ran.stderr);
        let expected = if code == 0 { "approved" } else { "submitted" };
        assert!(stands(&dir, "C-1", "2026-06-30").starts_with(expected), "{amount} {by} {args}");
        assert_eq!(codes(&dir), Vec::<String>::new());
    };
    check("1000", &[], "li", "--as chen", 0, "");
    check("1000", &[], "li", "--as li", 7, "who may: chen, boss");
    check("1000", &[], "li", "--as wu", 7, "who may: chen, boss");
    // Finance answers for money that moves, and not for contracts.
    check("1000", &[], "li", "--as fin", 7, "who may: chen, boss");
    check("1000", &[], "chen", "--as chen", 7, "who may: boss");
    check("1000", &[], "chen", "--as chen --override --note \"agreed by phone\"", 0, "");
    check("1000", &[], "chen", "--as chen --override", 2, "--note");
    check("1000", &[], "li", "--as wu --override --note x", 7, "who may: chen, boss");
    check("100000", &[], "li", "--as chen", 0, "");
    check("100000.01", &[], "li", "--as chen", 7, "who may: boss");
    check("", &[], "li", "--as chen", 7, "who may: boss");
    check("", &[], "li", "--as boss", 0, "");
}

#[test]
fn small_things_and_teams_of_one_need_no_answer() {
    let check = |toml: (&str, &str), team: &str, line: &str, expected: &str| {
        let dir = shop();
        let text = dir.read("kehu.toml");
        assert!(text.contains(toml.0));
        dir.write("kehu.toml", text.replacen(toml.0, toml.1, 1));
        if !team.is_empty() {
            dir.write("team.toml", team);
        }
        run(&dir, line).expect(0);
        assert_eq!(stands(&dir, "C-1", "2026-06-30"), expected, "{line}");
    };
    let limits = ("limits = {}", "limits = { contract = 1000 }");
    check(limits, "", "contract add hx 1000 --id C-1", "null running false");
    check(limits, "", "contract add hx 1000.01 --id C-1", "draft draft false");
    check(limits, "", "contract add hx --id C-1", "draft draft false");
    let alone = "[li]\nname = \"Li Lei\"\nrole = \"rep\"\n";
    let same = ("limits = {}", "limits = {}");
    check(same, alone, "contract add hx 1000 --id C-1", "approved running false");
    let one_eye = ("four_eyes = true", "four_eyes = false");
    check(one_eye, "", "contract add hx 1000 --id C-1 --as chen", "approved running false");
    check(one_eye, "", "contract add hx 100001 --id C-1 --as chen", "draft draft false");
    check(one_eye, "", "contract add hx 1000 --id C-1 --as li", "draft draft false");
    check(same, "", "contract add hx 1000 --id C-1 --as boss --override --note agreed", "approved running false");
    check(same, "", "contract add hx 1000 --id C-1 --as li --override --note agreed", "draft draft false");
    check(same, "", "contract add hx 1000 --id C-1 --submit", "submitted pending false");
}

#[test]
fn an_answer_needs_something_that_waits_for_it() {
    let dir = shop();
    run(&dir, "contract add hx 1000 --id C-1").expect(0);
    run(&dir, "contract approve C-1 --as chen").expect(7);
    run(&dir, "contract submit C-1").expect(0);
    run(&dir, "contract reject C-1 --as chen").expect(7);
    run(&dir, "contract reject C-1 --as li --note x").expect(7);
    run(&dir, "contract reject C-1 --as chen --note \"too dear\"").expect(0);
    assert_eq!(stands(&dir, "C-1", "2026-06-30"), "rejected rejected false");
    run(&dir, "contract approve C-1 --as chen").expect(7);
    run(&dir, "contract submit C-1").expect(0);
    run(&dir, "approve C-1 --as boss").expect(0);
    // Twice is once.
    run(&dir, "approve C-1 --as boss").expect(0);
    assert_eq!(stands(&dir, "C-1", "2026-06-30"), "approved running false");
    run(&dir, "contract void C-1 --as li").expect(7);
    run(&dir, "contract void C-1 --as boss --note \"entered twice\"").expect(0);
    assert_eq!(stands(&dir, "C-1", "2026-06-30"), "void void false");
    run(&dir, "contract add hx 5 --id C-2").expect(0);
    // A draft its author takes back alone.
    run(&dir, "contract void C-2").expect(0);
    assert_eq!(codes(&dir), Vec::<String>::new());
}

/// A contract C-1 with a plan that chen approved.
fn approved() -> Dir {
    let dir = shop();
    run(&dir, &format!("{CONTRACT} --submit")).expect(0);
    run(&dir, "approve C-1 --as chen --note \"as discussed\"").expect(0);
    dir
}

fn replace(dir: &Dir, file: &str, from: &str, to: &str) {
    let text = dir.read(file);
    assert!(text.contains(from), "{from} in {text}");
    dir.write(file, text.replacen(from, to, 1));
}

#[test]
fn a_seal_breaks_by_what_it_covers_and_by_nothing_else() {
    let (contracts, plan) = ("ledgers/contracts/2026-li.csv", "ledgers/receivables/2026-li.csv");
    let check = |edit: &dyn Fn(&Dir), broken: bool| {
        let dir = approved();
        edit(&dir);
        // Another party than its instalments name is found, too.
        let found: Vec<String> = codes(&dir).into_iter().filter(|c| c != "E098").collect();
        assert_eq!(found, if broken { vec!["E160".to_string()] } else { Vec::new() });
        assert_eq!(stands(&dir, "C-1", "2026-06-30"), format!("approved running {broken}"));
        // What is broken counts all the same, and is mended by another approval.
        if broken {
            run(&dir, "approve C-1 --as wu").expect(7);
            run(&dir, "approve C-1 --as boss").expect(0);
            assert!(!codes(&dir).contains(&"E160".to_string()));
        }
    };
    check(&|_| (), false);
    check(&|d| replace(d, contracts, ",x,1000,", ",\"another title\",1000,"), false);
    check(&|d| replace(d, contracts, ",x,1000,", ",x,1000.00,"), false);
    check(&|d| replace(d, contracts, ",x,1000,", ",x,1001,"), true);
    check(&|d| replace(d, contracts, ",hx,", ",beta,"), true);
    check(&|d| replace(d, contracts, ",2026-12-31,", ",2027-12-31,"), true);
    check(&|d| replace(d, plan, ",600,2026-08-01", ",601,2026-08-01"), true);
    check(&|d| replace(d, plan, ",600,2026-08-01", ",600,2026-08-02"), true);
    check(&|d| replace(d, plan, ",600,2026-08-01", ",600.0,2026-08-01"), false);
    check(&|d| drop(run(d, "receivable add hx 50 2026-09-01 contract=C-1").expect(0)), true);
    check(&|d| drop(run(d, "receivable add hx 50 2026-09-01").expect(0)), false);
    check(&|d| drop(run(d, "contract set C-1 note=more title=y").expect(0)), false);
    check(&|d| drop(run(d, "fmt").expect(0)), false);
    check(&|d| drop(run(d, "rename hx huaxin").expect(0)), false);
    check(&|d| drop(run(d, "customer add Newer --id new1").expect(0)), false);
    let merge = |d: &Dir| drop(run(d, "merge beta hx -y --as chen").expect(0));
    check(&merge, false);
    check(
        &|d: &Dir| {
            merge(d);
            run(d, "fmt").expect(0);
        },
        false,
    );
}

#[test]
fn whoever_breaks_a_seal_is_told() {
    let check = |line: &str, warns: bool| {
        let dir = approved();
        let ran = run(&dir, line).expect(0);
        assert_eq!(ran.stderr.contains("seal"), warns, "{line}: {}", ran.stderr);
        assert_eq!(codes(&dir).contains(&"E160".to_string()), warns, "{line}");
    };
    check("contract set C-1 amount=1001", true);
    check("contract set C-1 title=y note=z", false);
    check("contract set C-1 amount=1000.00", false);
    check("row set contract:C-1 end=2027-01-31", true);
    let dir = approved();
    let id =
        dir.read("ledgers/receivables/2026-li.csv").lines().nth(1).and_then(|l| l.split(',').next()).map(String::from);
    let id = id.expect("an instalment");
    let ran = run(&dir, &format!("receivable set {id} amount=301")).expect(0);
    assert!(ran.stderr.contains("contract:C-1"), "{}", ran.stderr);
    assert_eq!(codes(&dir), ["E160"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    /// Whatever is edited: the seal breaks by what it covers, and by nothing else.
    #[test]
    fn edits_break_a_seal_by_what_it_covers(
        edits in proptest::collection::vec((0..9usize, 0..3usize), 1..4),
    ) {
        let dir = approved();
        // The columns id,at,party,kind,title,amount,currency,start,end,… of the contract, and those of its first instalment.
        let cells: [(&str, [&str; 3], &str); 9] = [
            ("title", ["x", "y", "z"], "x"),
            ("note", ["", "a", "b, c"], ""),
            ("project", ["", "p", "q"], ""),
            ("x_region", ["", "east", "west"], ""),
            ("amount", ["1000", "1000.0", "999"], "1000"),
            ("end", ["2026-12-31", "2027-01-31", "2026-12-31"], "2026-12-31"),
            ("start", ["", "2026-07-01", ""], ""),
            ("by", ["li", "wu", "chen"], "li"),
            ("currency", ["", "CNY", "USD"], ""),
        ];
        let mut now: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        for (column, value) in edits {
            let (name, values, _) = cells[column];
            run(&dir, &format!("contract set C-1 \"{name}={}\"", values[value])).expect(0);
            now.insert(name, values[value]);
        }
        let sealed = |name: &str, value: &str| match name {
            "amount" => value == "999",
            "end" => value != "2026-12-31",
            "start" => !value.is_empty(),
            "currency" => value == "USD",
            _ => false,
        };
        let broken = now.iter().any(|(name, value)| sealed(name, value));
        let list = json(dir.run(&["contract", "list", "--columns", "broken", "--json"]));
        prop_assert_eq!(list[0]["broken"].as_bool(), Some(broken), "{:?}", now);
        prop_assert_eq!(codes(&dir).contains(&"E160".to_string()), broken, "{:?}", now);
    }
}

#[test]
fn a_refund_waits_until_somebody_approves_it() {
    let dir = shop();
    run(&dir, "order add hx pump:1 --id SO-1 --at 2026-06-01").expect(0);
    run(&dir, "receipt add hx 1000 --order SO-1 --id P-1 --at 2026-06-02").expect(0);
    run(&dir, "refund add hx 100 --kind return --reason quality --id F-1").expect(0);
    assert_eq!(owes(&dir), "0");
    run(&dir, "refund approve F-1").expect(7);
    run(&dir, "refund approve F-1 --as fin").expect(0);
    assert_eq!(owes(&dir), "100");
    run(&dir, "refund add hx 50 --kind return --reason quality --id F-2").expect(0);
    run(&dir, "refund reject F-2 --as chen --note no").expect(0);
    assert_eq!(owes(&dir), "100");
    // Two that were asked for may be too much together: the second one is judged again.
    run(&dir, "refund add hx 800 --kind return --reason quality --id F-3").expect(0);
    run(&dir, "refund add hx 800 --kind return --reason quality --id F-4").expect(0);
    run(&dir, "refund approve F-3 --as chen").expect(0);
    let ran = run(&dir, "refund approve F-4 --as chen").expect(7);
    assert!(ran.stderr.contains("800"), "{}", ran.stderr);
    assert_eq!(codes(&dir), Vec::<String>::new());
    // Up to the limit nobody is asked.
    replace(&dir, "kehu.toml", "limits = {}", "limits = { refund = 20 }");
    run(&dir, "refund add hx 20 --kind return --reason quality --id F-5").expect(0);
    assert_eq!(owes(&dir), "920");
    // What was approved is sealed.
    replace(&dir, "ledgers/refunds/2026-li.csv", ",hx,100,", ",hx,101,");
    assert_eq!(codes(&dir), ["E160"]);
}

#[test]
fn whoever_was_granted_a_price_enters_it_once() {
    let dir = shop();
    let order = "order add hx pump:1@700 --id";
    run(&dir, "order add hx pump:1@900 --id SO-0").expect(0);
    run(&dir, &format!("{order} SO-1")).expect(7);
    let asked = run(&dir, &format!("{order} SO-1 --override --note \"old stock\"")).expect(7);
    let id = asked
        .stderr
        .split_whitespace()
        .find(|w| w.starts_with("w_"))
        .expect("a request")
        .trim_end_matches(';')
        .to_string();
    run(&dir, &format!("{order} SO-1")).expect(7);
    let ran = run(&dir, &format!("approve {id} --as chen")).expect(0);
    assert!(ran.stdout.contains("li"), "{}", ran.stdout);
    // Somebody else's grant is none, and a lower price is another one.
    run(&dir, &format!("{order} SO-1 --as wu")).expect(7);
    run(&dir, "order add hx pump:1@699 --id SO-1").expect(7);
    run(&dir, &format!("{order} SO-1")).expect(0);
    assert_eq!(codes(&dir), Vec::<String>::new());
    run(&dir, &format!("{order} SO-2")).expect(7);
}

#[test]
fn a_request_is_rejected_with_words_and_then_grants_nothing() {
    let dir = shop();
    let order = "order add hx pump:1@700 --id SO-1";
    run(&dir, "order add hx pump:1@900 --id SO-0").expect(0);
    let asked = run(&dir, &format!("{order} --override --note \"old stock\"")).expect(7);
    let id = asked
        .stderr
        .split_whitespace()
        .find(|w| w.starts_with("w_"))
        .expect("a request")
        .trim_end_matches(';')
        .to_string();
    run(&dir, &format!("approve --reject {id} --as chen")).expect(7);
    run(&dir, &format!("approve --reject {id} --as chen --note \"too low\"")).expect(0);
    run(&dir, order).expect(7);
    run(&dir, &format!("approve {id} --as chen")).expect(7);
    assert_eq!(json(dir.run(&["approve", "list", "--json"])).to_string(), "[]");
}

#[test]
fn approving_a_request_keeps_a_customer() {
    let dir = shop();
    let asked = run(&dir, "pool keep hx --until 2026-09-30 --note \"budget in autumn\"").expect(7);
    let id = asked
        .stderr
        .split_whitespace()
        .find(|w| w.starts_with("w_"))
        .expect("a request")
        .trim_end_matches(';')
        .to_string();
    let list = json(dir.run(&["approve", "list", "--json", "--as", "chen"]));
    assert_eq!(list[0]["id"], Value::String(id.clone()));
    assert_eq!(
        (&list[0]["kind"], &list[0]["party"], &list[0]["may"]),
        (&"keep".into(), &"customer:hx".into(), &true.into())
    );
    run(&dir, &format!("approve {id} --as chen")).expect(0);
    assert!(dir.read("customers/h/hx.toml").contains("keep_until = 2026-09-30"));
}

#[test]
fn a_debt_is_given_up_when_somebody_approves_it() {
    let dir = shop();
    run(&dir, "order add hx pump:1 --id SO-1 --at 2026-06-01").expect(0);
    run(&dir, "receipt add hx 400 --order SO-1 --at 2026-06-10").expect(0);
    run(&dir, "receivable add hx 300 2026-06-15 --id R-1").expect(0);
    assert_eq!(owes(&dir), "900");
    run(&dir, "receivable writeoff R-1 300.01 --note x").expect(7);
    run(&dir, "receivable writeoff R-9 --note x").expect(4);
    run(&dir, "receivable writeoff R-1 100 --note insolvent").expect(0);
    run(&dir, "receivable writeoff SO-1 --note insolvent").expect(0);
    assert_eq!(owes(&dir), "900");
    // The same is not asked twice.
    let again = run(&dir, "receivable writeoff SO-1 --note insolvent").expect(0);
    assert!(again.stderr.contains("w_"), "{}", again.stderr);
    let list = json(dir.run(&["approve", "list", "--json", "--as", "fin"]));
    let one = |r: &Value| format!("{} {} {}", r["party"].as_str().unwrap_or(""), r["amount"], r["may"]);
    let mut all: Vec<String> = list.as_array().expect("a list").iter().map(one).collect();
    all.sort();
    assert_eq!(all, ["order:SO-1 600 true", "receivable:R-1 100 true"]);
    for r in list.as_array().expect("a list") {
        run(&dir, &format!("approve {} --as fin", r["id"].as_str().unwrap_or(""))).expect(0);
    }
    assert_eq!(owes(&dir), "200");
    let rows = json(dir.run(&["receivable", "list", "--columns", "order,amount,due", "--json", "order:SO-1"]));
    assert_eq!(rows.to_string(), r#"[{"order":"SO-1","amount":600,"due":"2026-06-01"}]"#);
    // Whoever has the right writes off at once; what is left is all that there is.
    run(&dir, "receivable writeoff R-1 --as boss --override --note \"bank charges\"").expect(0);
    run(&dir, "receivable writeoff R-1 --as boss --override --note x").expect(7);
    assert_eq!(owes(&dir), "0");
    assert_eq!(codes(&dir), Vec::<String>::new());
}

#[test]
fn check_judges_write_offs_as_the_command_does() {
    let head = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";
    let check = |limit: &str, to: &str, expected: &[&str]| {
        let dir = shop();
        run(&dir, "receivable add hx 300 2026-06-15 --id R-1 --at 2026-06-01").expect(0);
        replace(&dir, "kehu.toml", "limits = {}", &format!("limits = {{ writeoff = {limit} }}"));
        let event = format!("e_1,2026-06-20,receivable,R-1,writeoff,,{to},,,,chen,\n");
        dir.write("ledgers/events/2026-hand.csv", format!("{head}{event}"));
        assert_eq!(codes(&dir), expected, "{limit} {to}");
    };
    check("0", "100", &["E162"]);
    check("100", "100", &[]);
    check("100", "100.01", &["E162"]);
    check("1000", "300", &[]);
    check("1000", "300.01", &["E161"]);
    check("1000", "all", &["E026"]);
    check("1000", "-5", &["E026"]);
}

#[test]
fn contracts_by_hand_are_judged_as_the_command_judges_them() {
    let dir = shop();
    dir.write(
        "ledgers/contracts/2026-hand.csv",
        "id,at,party,kind,amount,start,end\nC-1,2026-06-01,hx,sales,100,2026-06-01,2026-05-31\nC-2,2026-06-01,hx,sales,-5,,2027-05-31\nC-3,2026-06-01,hx,sales,100,,2026-06-01\n",
    );
    assert_eq!(codes(&dir), ["E105", "E163"]);
}

/// Two clones answer for the same: the earlier answer holds, and `check` reports the other one.
#[test]
fn two_branches_answer_for_the_same() {
    let answer = |first: (&str, &str), second: (&str, &str), expected: &str| {
        let dir = shop();
        run(&dir, "contract add hx 1000 --id C-1 --submit --at 2026-06-01").expect(0);
        let head = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";
        for (n, (at, to)) in [first, second].into_iter().enumerate() {
            let by = ["chen", "boss"][n];
            let row = format!("e_{n},{at},contract,C-1,approval,submitted,{to},,,,{by},no\n");
            dir.write(&format!("ledgers/events/2026-{by}.csv"), format!("{head}{row}"));
        }
        assert_eq!(stands(&dir, "C-1", "2026-06-30"), expected);
        assert_eq!(codes(&dir), ["E061"]);
    };
    let (early, late) = ("2026-06-10T10:00:00+08:00", "2026-06-10T11:00:00+08:00");
    answer((early, "approved"), (late, "rejected"), "approved running false");
    answer((late, "approved"), (early, "rejected"), "rejected rejected false");
    // The instant decides, wherever it is written; of one instant the id.
    answer((early, "approved"), ("2026-06-10T02:30:00Z", "rejected"), "approved running false");
    answer((early, "rejected"), (early, "approved"), "rejected rejected false");
}

#[test]
fn the_day_shows_what_waits_for_whom() {
    let sections = |dir: &Dir, who: &str| -> Vec<String> {
        let list = json(dir.run(&["today", "--json", "--as", who]));
        let own = |r: &&Value| matches!(r["section"].as_str(), Some("approvals" | "contracts"));
        let one = |r: &Value| r["section"].as_str().unwrap_or("").to_string();
        list.as_array().expect("a list").iter().filter(own).map(one).collect()
    };
    let dir = shop();
    run(&dir, "contract add hx 1000 --id C-1 --submit").expect(0);
    run(&dir, "contract add hx 200000 --id C-2 --submit").expect(0);
    run(&dir, "contract add hx 10 --end 2026-08-01 --id C-3 --submit --at 2026-06-01").expect(0);
    run(&dir, "approve C-3 --as boss").expect(0);
    assert_eq!(sections(&dir, "li"), ["contracts"]);
    assert_eq!(sections(&dir, "chen"), ["approvals"]);
    assert_eq!(sections(&dir, "boss"), ["approvals", "approvals"]);
    // What is renewed need not be told.
    run(&dir, "contract add hx 11 --start 2026-08-02 --renews C-3 --id C-4").expect(0);
    assert_eq!(sections(&dir, "li"), Vec::<String>::new());
}

#[test]
fn a_renewal_rate_counts_what_is_decided() {
    let dir = shop();
    let head = "id,at,party,kind,amount,currency,start,end,renews,by\n";
    let rows = [
        "C-1,2025-01-01,hx,sales,1000,,2025-01-01,2026-01-31,,li",
        "C-2,2026-02-01,hx,sales,1100,,2026-04-01,2027-01-31,C-1,li",
        "C-3,2025-01-01,hx,sales,3000,,2025-01-01,2026-02-28,,li",
        "C-4,2025-01-01,beta,sales,,,2025-01-01,2026-03-31,,wu",
        // Ended 60 days ago, and 61.
        "C-5,2025-01-01,beta,sales,500,,2025-01-01,2026-05-01,,wu",
        "C-6,2025-01-01,beta,sales,500,,2025-01-01,2026-04-30,,wu",
        "C-7,2025-07-01,beta,sales,700,,2025-07-01,2026-07-31,,wu",
        // The next one begins too late.
        "C-8,2025-01-01,hx,sales,400,,2025-01-01,2026-01-01,,li",
        "C-9,2026-03-10,hx,sales,400,,2026-03-03,2027-01-01,C-8,li",
    ];
    dir.write("ledgers/contracts/2026-li.csv", head.to_string() + &rows.join("\n") + "\n");
    let list = json(dir.run(&["report", "renewals", "--json"]));
    let one = |r: &Value| {
        format!("{} {} {}", r["contract"].as_str().unwrap_or(""), r["renewal"].as_str().unwrap_or(""), r["days"])
    };
    let all: Vec<String> = list.as_array().expect("a list").iter().map(one).collect();
    let expected = [
        "C-8 lost -180",
        "C-1 renewed -150",
        "C-3 lost -122",
        "C-4 lost -91",
        "C-6 lost -61",
        "C-5 waiting -60",
        "C-7 coming 31",
    ];
    assert_eq!(all, expected);
    let by = json(dir.run(&["report", "renewals", "--by", "owner", "--json"]));
    let one = |r: &Value| {
        [
            "owner",
            "contracts",
            "renewed",
            "lost_contracts",
            "renewal_rate",
            "ended_amount",
            "renewed_amount",
            "amount_rate",
        ]
        .map(|k| r[k].to_string().trim_matches('"').to_string())
        .join(" ")
    };
    let all: Vec<String> = by.as_array().expect("a list").iter().map(one).collect();
    assert_eq!(all, ["wu 4 0 2 0.000000 500 0 0.000000", "li 3 1 2 0.333333 4400 1000 0.227273"]);
    let said = dir.run(&["report", "renewals", "--lang", "en"]).expect(0);
    assert!(said.stdout.contains("(1 of 5)"), "{}", said.stdout);
    // A contract that waits for an answer renews nothing yet.
    run(&dir, "contract add beta 700 --renews C-7 --start 2026-08-01 --id C-10 --submit").expect(0);
    let next = |renewal: &str| {
        let list = json(dir.run(&["report", "renewals", "contract:C-7", "--json"]));
        assert_eq!((&list[0]["renewed_by"], &list[0]["renewal"]), (&"C-10".into(), &renewal.into()));
    };
    next("coming");
    run(&dir, "approve C-10 --as chen").expect(0);
    next("renewed");
}
