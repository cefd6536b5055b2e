//! Filter terms, as commands take them.

use super::golden::command_paths;
use super::support::every::company;

/// What stands in the way of a term, and what is proposed.
fn refused(args: &[&str], meant: &str) -> bool {
    let ran = company().run(args);
    ran.code == 2 && ran.stdout.is_empty() && ran.stderr.contains(&format!("did you mean {meant}?"))
}

/// Every command that takes filter terms.
fn commands() -> Vec<Vec<String>> {
    let dir = company();
    let takes_terms = |path: &Vec<String>| {
        let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
        words.push("--help");
        let help = dir.run(&words).stdout;
        help.lines().find(|l| l.contains("Usage:")).is_some_and(|l| l.contains("TERM"))
    };
    command_paths().into_iter().filter(takes_terms).collect()
}

#[test]
fn every_command_refuses_signs() {
    let all = commands();
    let has = |words: &[&str]| all.iter().any(|path| path.iter().map(String::as_str).eq(words.iter().copied()));
    for words in [&["list"][..], &["due"], &["order", "list"], &["product", "list"], &["report", "profit"]] {
        assert!(has(words), "{words:?} of {all:?}");
    }
    for path in &all {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (before, after): (&[&str], &[&str]) = match path[..] {
            ["export"] => (&["orders"], &[]),
            ["customer", "set"] => (&[], &["city=X"]),
            _ => (&[], &[]),
        };
        let call = |term: &'static str| [&path[..], before, &[term], after].concat();
        // Each has one of these fields.
        let fits = [("id!=zz", "id.ne:zz"), ("customer!=zz", "customer.ne:zz"), ("owner!=zz", "owner.ne:zz")];
        assert!(fits.iter().any(|(term, meant)| refused(&call(term), meant)), "{path:?}");
    }
}

#[test]
fn signs_are_refused_and_words_are_not() {
    let check = |args: &[&str], meant: &str| assert!(refused(args, meant), "{args:?} {meant}");
    check(&["list", "owner=lin"], "owner:lin");
    check(&["list", "idle_days>90"], "idle_days.gt:90");
    check(&["list", "not:grade!=A"], "not:grade.ne:A");
    check(&["list", "负责人＝lin"], "负责人:lin");
    check(&["report", "orders", "profit<0"], "profit.lt:0");
    check(&["report", "profit", "--by", "product", "margin<=10%"], "margin.le:10%");
    check(&["order", "list", "customer=acme"], "customer:acme");
    check(&["assign", "owner=li", "--to", "wu"], "owner:li");
    check(&["customer", "set", "idle_days>90", "owner=wu"], "idle_days.gt:90");
    let dir = company();
    dir.run(&["list", "a=b"]).expect(0);
    dir.run(&["order", "list", "SO>1"]).expect(0);
    let ran = dir.run(&["list", "owner=lin", "--lang", "zh-CN"]).expect(2);
    assert!(ran.stderr.contains("是否想写：owner:lin？"), "{}", ran.stderr);
    // A view is read by the same rules.
    let settings = dir.read("kehu.toml");
    dir.write("kehu.toml", format!("{settings}\n[views.mine]\nterms = [\"owner=li\"]\n"));
    let ran = dir.run(&["list", "@mine"]).expect(2);
    assert!(ran.stderr.contains("owner:li") && ran.stderr.contains("mine"), "{}", ran.stderr);
}
