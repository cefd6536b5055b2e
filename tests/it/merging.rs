//! Two clones, each with its own commits, merged by a real git that calls `kehu merge-driver`.

use super::support::{Dir, run_git};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::path::Path;

/// What git prints when it succeeds.
fn git(dir: &Path, args: &[&str]) -> String {
    let out = run_git(dir, args);
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A repository with a data directory in it, and the driver set up.
fn repository(sub: &str) -> Dir {
    let dir = Dir::empty();
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["config", "user.email", "li@example.com"]);
    git(dir.path(), &["config", "user.name", "Li"]);
    let out = dir.run(&["init", sub, "--name", "Sales"]).expect(0);
    assert!(out.stdout.contains("git config merge.kehu.driver 'kehu merge-driver"), "{}", out.stdout);
    dir
}

fn commit(dir: &Dir, message: &str) {
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["commit", "-q", "--allow-empty", "-m", message]);
}

/// Merges branch `b` into the present one; whether it went without a clash.
fn merge(dir: &Dir) -> bool {
    run_git(dir.path(), &["merge", "-q", "--no-edit", "b"]).status.success()
}

#[test]
fn the_same_author_on_two_computers_does_not_conflict() {
    let dir = repository("crm");
    let run = |args: &[&str]| dir.run(&[&["-C", "crm"], args].concat()).expect(0);
    run(&["customer", "add", "Acme", "--id", "acme"]);
    run(&["log", "acme", "first"]);
    commit(&dir, "base");
    git(dir.path(), &["branch", "b"]);
    run(&["log", "acme", "from the office"]);
    run(&["contact", "add", "acme", "Wang"]);
    run(&["customer", "set", "acme", "city=Ningbo"]);
    commit(&dir, "a");
    git(dir.path(), &["checkout", "-q", "b"]);
    run(&["log", "acme", "from home"]);
    run(&["contact", "add", "acme", "Zhao"]);
    run(&["customer", "set", "acme", "phone=13800138000"]);
    commit(&dir, "b");
    git(dir.path(), &["checkout", "-q", "main"]);
    assert!(merge(&dir), "{}", git(dir.path(), &["diff"]));
    let notes = run(&["activity", "list", "--columns", "note", "-f", "csv"]).stdout;
    for note in ["first", "from the office", "from home"] {
        assert_eq!(notes.lines().filter(|l| *l == note).count(), 1, "{notes}");
    }
    let (_, file) =
        dir.files().into_iter().find(|(name, _)| name.ends_with("/acme.toml")).expect("the customer's file");
    let file = String::from_utf8(file).expect("UTF-8");
    for text in ["Ningbo", "13800138000", "name = \"Wang\"", "name = \"Zhao\""] {
        assert_eq!(file.matches(text).count(), 1, "{file}");
    }
    run(&["check", "--strict"]);
}

#[test]
fn one_cell_that_both_sides_changed_has_both_values() {
    let dir = repository(".");
    dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
    dir.run(&["need", "add", "acme", "cables", "--id", "n1"]).expect(0);
    commit(&dir, "base");
    git(dir.path(), &["branch", "b"]);
    dir.run(&["need", "set", "n1", "text=wires"]).expect(0);
    dir.run(&["customer", "set", "acme", "city=Ningbo"]).expect(0);
    commit(&dir, "a");
    git(dir.path(), &["checkout", "-q", "b"]);
    dir.run(&["need", "set", "n1", "text=ropes"]).expect(0);
    dir.run(&["customer", "set", "acme", "city=Wuxi"]).expect(0);
    commit(&dir, "b");
    git(dir.path(), &["checkout", "-q", "main"]);
    assert!(!merge(&dir));
    let ledgers = git(dir.path(), &["diff", "--name-only", "--diff-filter=U"]);
    let files: Vec<&str> = ledgers.lines().collect();
    assert_eq!(files.len(), 2, "{ledgers}");
    for (file, ours, theirs) in [(files[0], "Ningbo", "Wuxi"), (files[1], "wires", "ropes")] {
        let text = dir.read(file);
        let (a, rest) = text.split_once("=======\n").expect("markers");
        assert!(
            a.contains("<<<<<<< ours\n")
                && a.contains(ours)
                && rest.contains(theirs)
                && rest.contains(">>>>>>> theirs\n"),
            "{text}"
        );
    }
    dir.run(&["check"]).expect(1);
}

#[test]
fn setup_is_shown_and_asked_for() {
    let dir = repository(".");
    git(dir.path(), &["config", "--unset", "merge.kehu.driver"]);
    assert!(dir.run(&["check"]).expect(0).stderr.contains("kehu git setup"));
    let shown = dir.run(&["git", "setup", "-n"]).expect(0).stdout;
    assert!(shown.contains("merge.kehu.driver"), "{shown}");
    assert!(dir.run(&["check"]).expect(0).stderr.contains("kehu git setup"), "a dry run writes nothing");
    dir.run(&["git", "setup"]).expect(0);
    assert!(!dir.run(&["check"]).expect(0).stderr.contains("kehu git setup"));
    let none = Dir::empty();
    none.run(&["init"]).expect(0);
    none.run(&["git", "setup"]).expect(4);
}

/// What somebody does on a branch.
#[derive(Debug, Clone)]
enum Step {
    Log(u8),
    Need(u8),
    Set(u8, u8),
    Text(u8, u8),
    Remove(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<u8>().prop_map(Step::Log),
        (0_u8..4).prop_map(Step::Need),
        (0_u8..3, 0_u8..3).prop_map(|(k, v)| Step::Set(k, v)),
        (0_u8..4, 0_u8..3).prop_map(|(n, v)| Step::Text(n, v)),
        (0_u8..4).prop_map(Step::Remove),
    ]
}

fn needs(dir: &Dir) -> BTreeMap<String, String> {
    let list = dir.run(&["need", "list", "--columns", "id,text", "-f", "csv"]).expect(0).stdout;
    list.lines().skip(1).filter_map(|l| l.split_once(',')).map(|(a, b)| (a.into(), b.into())).collect()
}

/// Random pairs of branches: no row is lost, none is doubled, and a clash is never silent.
#[test]
fn random_pairs_of_branches() {
    let dir = repository(".");
    dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
    for n in 0..2 {
        dir.run(&["need", "add", "acme", "old", "--id", &format!("n{n}")]).expect(0);
    }
    commit(&dir, "base");
    let base = needs(&dir);
    let branch = |name: &str, steps: &[Step], tag: &str| {
        git(dir.path(), &["checkout", "-q", "-B", name, "base"]);
        let mut notes = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            let run = |args: &[&str]| drop(dir.run(args));
            match step {
                Step::Log(w) => {
                    let note = format!("{tag}-{n}-{w}");
                    run(&["log", "acme", &note]);
                    notes.push(note);
                }
                Step::Need(n) => run(&["need", "add", "acme", &format!("new {tag}"), "--id", &format!("m{tag}{n}")]),
                Step::Set(k, v) => {
                    run(&[
                        "customer",
                        "set",
                        "acme",
                        &format!("{}=v{v}", ["city", "region", "industry"][usize::from(*k)]),
                    ]);
                }
                Step::Text(n, v) => run(&["need", "set", &format!("n{n}"), &format!("text=t{v}")]),
                Step::Remove(n) => run(&["need", "rm", &format!("n{n}"), "-y"]),
            }
        }
        commit(&dir, name);
        (notes, needs(&dir))
    };
    git(dir.path(), &["tag", "base"]);
    let steps = || proptest::collection::vec(step(), 1..5);
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let result = runner.run(&(steps(), steps()), |(a, b)| {
        git(dir.path(), &["checkout", "-q", "-f", "base"]);
        let (our_notes, ours) = branch("a", &a, "a");
        let (their_notes, theirs) = branch("b", &b, "b");
        git(dir.path(), &["checkout", "-q", "a"]);
        let clean = merge(&dir);
        let clash = base.keys().chain(ours.keys()).any(|id| {
            let (x, o, t) = (base.get(id), ours.get(id), theirs.get(id));
            x != o && x != t && o != t
        });
        prop_assert!(!clean || !clash, "a clash was settled in silence");
        if clean {
            let mut wanted = BTreeMap::new();
            for id in base.keys().chain(ours.keys()).chain(theirs.keys()) {
                let (x, o, t) = (base.get(id), ours.get(id), theirs.get(id));
                wanted.extend((if o == x { t } else { o }).map(|text| (id.clone(), text.clone())));
            }
            prop_assert_eq!(needs(&dir), wanted);
            let list = dir.run(&["activity", "list", "--columns", "note", "-f", "csv"]).expect(0).stdout;
            let mut notes: Vec<&str> = list.lines().skip(1).collect();
            let mut all: Vec<&str> = our_notes.iter().chain(&their_notes).map(String::as_str).collect();
            notes.sort_unstable();
            all.sort_unstable();
            prop_assert_eq!(notes, all);
        } else {
            let text = git(dir.path(), &["diff"]);
            prop_assert!(text.contains("<<<<<<< ours"), "{}", text);
            git(dir.path(), &["merge", "--abort"]);
        }
        Ok(())
    });
    result.unwrap_or_else(|e| panic!("{e}"));
}

/// Two branches give a customer to two people; what somebody chooses in the merge stands, and the same choice of both is no race.
#[test]
fn what_is_chosen_in_a_merge_stands() {
    let check = |ours: &str, theirs: &str, chosen: Option<&str>, fixed: &str| {
        let dir = repository(".");
        dir.run(&["team", "add", "wu", "Wu", "role=rep"]).expect(0);
        dir.run(&["team", "add", "sun", "Sun", "role=rep"]).expect(0);
        dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
        commit(&dir, "base");
        git(dir.path(), &["branch", "b"]);
        dir.run(&["assign", "acme", "--to", ours, "--today", "2026-07-01"]).expect(0);
        commit(&dir, "a");
        git(dir.path(), &["checkout", "-q", "b"]);
        dir.run(&["assign", "acme", "--to", theirs, "--today", "2026-07-02"]).expect(0);
        commit(&dir, "b");
        git(dir.path(), &["checkout", "-q", "main"]);
        assert_eq!(merge(&dir), chosen.is_none());
        let (file, _) =
            dir.files().into_iter().find(|(name, _)| name.ends_with("/acme.toml")).expect("the customer's file");
        if let Some(chosen) = chosen {
            let text = dir.read(&file);
            let (a, rest) = text.split_once("<<<<<<< ours\n").expect("a marker");
            let (_, b) = rest.split_once(">>>>>>> theirs\n").expect("a marker");
            dir.write(&file, format!("{a}owner = \"{chosen}\"\n{b}"));
        }
        let out = dir.run(&["check", "--fix", "--today", "2026-07-03"]);
        assert!(out.stdout.contains(fixed), "{}{}", out.stdout, out.stderr);
        if let Some(chosen) = chosen {
            assert!(dir.read(&file).contains(&format!("owner = \"{chosen}\"")));
        }
        dir.run(&["check", "--today", "2026-07-03"]).expect(0);
    };
    check("wu", "wu", None, "");
    check("wu", "sun", Some("sun"), "wu → sun");
    check("wu", "sun", Some("li"), "wu → li");
    check("wu", "sun", Some("wu"), "wu → wu");
}

/// Two branches claim one customer: the earlier claim holds, whichever branch is merged into which, and whatever is chosen.
#[test]
fn of_two_claims_the_earlier_one_holds() {
    let check = |into: &str, from: &str, chosen: &str| {
        let dir = repository(".");
        dir.run(&["team", "add", "chen", "Chen", "role=manager"]).expect(0);
        dir.run(&["team", "add", "wu", "Wu", "role=rep"]).expect(0);
        dir.run(&["customer", "add", "Acme", "--id", "acme", "owner="]).expect(0);
        commit(&dir, "base");
        git(dir.path(), &["branch", "b"]);
        dir.run(&["claim", "acme", "--as", "wu", "--at", "2026-07-01T09:00", "--today", "2026-07-02"]).expect(0);
        commit(&dir, "a");
        git(dir.path(), &["checkout", "-q", "b"]);
        dir.run(&["claim", "acme", "--as", "li", "--at", "2026-07-01T09:30", "--today", "2026-07-02"]).expect(0);
        commit(&dir, "b");
        git(dir.path(), &["checkout", "-q", into]);
        let merged = run_git(dir.path(), &["merge", "-q", "--no-edit", from]).status.success();
        assert!(!merged, "both changed the line");
        let (file, _) =
            dir.files().into_iter().find(|(name, _)| name.ends_with("/acme.toml")).expect("the customer's file");
        let text = dir.read(&file);
        let (a, rest) = text.split_once("<<<<<<< ours\n").expect("a marker");
        let (_, b) = rest.split_once(">>>>>>> theirs\n").expect("a marker");
        dir.write(&file, format!("{a}owner = \"{chosen}\"\n{b}"));
        let found = dir.run(&["check", "--json", "--today", "2026-07-03"]).expect(1);
        assert!(found.stdout.contains("E061"), "{into} {from} {chosen}: {}", found.stdout);
        dir.run(&["check", "--fix", "--today", "2026-07-03"]);
        assert!(dir.read(&file).contains("owner = \"wu\""), "{into} {from} {chosen}: {}", dir.read(&file));
        let after = dir.run(&["check", "--json", "--today", "2026-07-03"]).expect(0);
        assert!(!after.stdout.contains("E061"), "{into} {from} {chosen}: {}", after.stdout);
    };
    for (into, from) in [("main", "b"), ("b", "main")] {
        for chosen in ["wu", "li"] {
            check(into, from, chosen);
        }
    }
}

/// An owner whom nobody knows is a finding of its own: it does not become history.
#[test]
fn what_leads_nowhere_gets_no_event() {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
    let (file, _) =
        dir.files().into_iter().find(|(name, _)| name.ends_with("/acme.toml")).expect("the customer's file");
    dir.write(&file, dir.read(&file).replace("owner = \"li\"", "owner = \"bob\""));
    let before = dir.files();
    let out = dir.run(&["check", "--fix"]).expect(1);
    assert!(out.stdout.contains("E044"), "{}", out.stdout);
    assert_eq!(dir.files(), before);
}

#[test]
fn what_changed_is_found_wherever_the_directory_stands_in_the_repository() {
    for sub in [".", "data", "公司/数据"] {
        let dir = repository(sub);
        let at = |file: &str| format!("{sub}/{file}");
        let run = |args: &[&str]| dir.run(&[&["-C", sub][..], args].concat());
        run(&["team", "add", "li", "Li"]);
        run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
        run(&["customer", "add", "Beta", "--id", "beta"]).expect(0);
        let broken = |name: &str| {
            let file = at(&format!("customers/{}/{name}.toml", &name[..1]));
            dir.write(&file, format!("{}grad = \"A\"\n", dir.read(&file)));
        };
        broken("acme");
        git(dir.path(), &["add", "-A"]);
        git(dir.path(), &["commit", "-q", "-m", "first"]);
        let out = run(&["check", "--changed-since", "HEAD", "-f", "json"]).expect(0);
        assert!(!out.stdout.contains("acme"), "{sub}: {}", out.stdout);
        broken("beta");
        let out = run(&["check", "--changed-since", "HEAD"]);
        assert!(out.stdout.contains("beta.toml") && !out.stdout.contains("acme.toml"), "{sub}: {}", out.stdout);
        for (lang, words) in [("en", "git cannot tell what has changed since `nowhere`: "), ("zh-CN", "以来的更改：")]
        {
            let out = run(&["check", "--changed-since", "nowhere", "--lang", lang]).expect(2);
            assert!(out.stderr.contains(words) && out.stderr.contains("nowhere"), "{sub}: {}", out.stderr);
        }
    }
}

#[test]
fn a_shallow_clone_says_that_it_is_one() {
    let dir = repository("data");
    dir.run(&["-C", "data", "team", "add", "li", "Li"]);
    for n in ["1", "2"] {
        dir.run(&["-C", "data", "customer", "add", "Acme", "--id", &format!("acme{n}")]).expect(0);
        git(dir.path(), &["add", "-A"]);
        git(dir.path(), &["commit", "-q", "-m", n]);
    }
    let url = format!("file://{}", dir.path().display());
    let clone = Dir::empty();
    git(clone.path(), &["clone", "-q", "--depth", "1", &url, "."]);
    clone.run(&["-C", "data", "check", "--changed-since", "HEAD"]).expect(0);
    let out = clone.run(&["-C", "data", "check", "--changed-since", "HEAD~1"]).expect(2);
    assert!(out.stderr.contains("git fetch --unshallow"), "{}", out.stderr);
}

#[test]
fn two_branches_that_make_one_customer_of_two_either_way_agree_or_are_found_out() {
    let (a, b) = ("customers/a/acme.toml", "customers/b/bolt.toml");
    for stays in ["acme", "bolt", "both", "none"] {
        let dir = repository(".");
        dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
        dir.run(&["customer", "add", "Bolt", "--id", "bolt"]).expect(0);
        dir.run(&["log", "bolt", "called"]).expect(0);
        commit(&dir, "base");
        git(dir.path(), &["branch", "b"]);
        dir.run(&["merge", "acme", "bolt"]).expect(0);
        commit(&dir, "a");
        git(dir.path(), &["checkout", "-q", "b"]);
        dir.run(&["merge", "bolt", "acme"]).expect(0);
        commit(&dir, "b");
        git(dir.path(), &["checkout", "-q", "main"]);
        assert!(!merge(&dir), "git asks which one stays");
        for (id, file, branch) in [("acme", a, "main"), ("bolt", b, "b")] {
            if stays == id || stays == "both" {
                dir.write(file, git(dir.path(), &["show", &format!("{branch}:{file}")]));
            } else {
                std::fs::remove_file(dir.path().join(file)).ok();
            }
        }
        git(dir.path(), &["add", "-A"]);
        let found = dir.run(&["check", "--lang", "en"]);
        let words = found.stdout;
        match stays {
            "both" => assert!(found.code == 1 && words.contains("E045"), "{words}"),
            "none" => assert!(found.code == 1 && words.contains("E044"), "{words}"),
            id => {
                assert_eq!(found.code, 0, "{words}");
                let row = dir.run(&["list", "-f", "csv", "--columns", "id,owner,activities"]).expect(0).stdout;
                assert_eq!(row, format!("id,owner,activities\n{id},li,1\n"));
            }
        }
    }
}
