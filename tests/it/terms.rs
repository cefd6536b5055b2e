//! Filter terms, as commands take them.

use super::golden::command_paths;
use super::support::Dir;
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
        let fits: [(&'static str, &str); 4] = [
            ("id!=zz", "id.ne:zz"),
            ("customer!=zz", "customer.ne:zz"),
            ("owner!=zz", "owner.ne:zz"),
            ("currency!=zz", "currency.ne:zz"),
        ];
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

/// Every label and closed value is read in both languages, and what leads nowhere is refused, with what was meant.
#[test]
fn values_are_read_in_both_languages_or_refused() {
    let dir = Dir::demo();
    let ids = |args: &[&str]| {
        let out = dir.run(&[args, &["-f", "csv"]].concat()).expect(0).stdout;
        out.lines().skip(1).map(|l| l.split(',').next().unwrap_or("").to_string()).collect::<Vec<_>>()
    };
    let same = |args: &[&str], a: &str, b: &str| {
        let (one, two) = (ids(&[args, &[a]].concat()), ids(&[args, &[b]].concat()));
        assert!(!one.is_empty() && one == two, "{args:?} {a} {b}: {} {}", one.len(), two.len());
    };
    same(&["event", "list"], "event:stage", "变更项:阶段");
    same(&["event", "list"], "event:status,state", "变更项:状态");
    same(&["event", "list"], "event:sent", "变更项:已发出");
    same(&["event", "list"], "to:closed", "变更后:已关闭");
    same(&["event", "list", "kind:customer"], "to:repeat", "变更后:老客户");
    same(&["event", "list"], "to:done", "变更后:已完成");
    same(&["event", "list", "event:owner"], "to:li", "变更后:李娜");
    let refused = |args: &[&str], near: &str| {
        for (lang, word) in [("en", "did you mean"), ("zh-CN", "是否想写")] {
            let ran = dir.run(&[args, &["--lang", lang]].concat()).expect(2);
            assert!(
                near.is_empty() || ran.stderr.contains(word) && ran.stderr.contains(near),
                "{args:?}: {}",
                ran.stderr
            );
        }
    };
    refused(&["event", "list", "event:statu"], "status");
    refused(&["order", "list", "product:中型控制器 M5"], "ctl-m5");
    refused(&["report", "profit", "product:中型控制器 M5"], "ctl-m5");
    refused(&["report", "profit", "customer:华新电子有限公司"], "huaxin");
    refused(&["order", "list", "customer:华新电子有限公司"], "huaxin");
    refused(&["order", "list", "customer:huaxn"], "huaxin");
    refused(&["receipt", "list", "order:nope"], "");
    refused(&["activity", "list", "deal:nope"], "");
    refused(&["product", "list", "supplier:nope"], "");
    refused(&["order", "list", "id:nope"], "");
    refused(&["list", "referred_by:huaxn"], "huaxin");
    refused(&["list", "id:huaxn"], "huaxin");
    // What exists and has no rows is an empty answer.
    dir.run(&["customer", "add", "Newcomer", "--id", "newcomer"]).expect(0);
    assert_eq!(ids(&["order", "list", "customer:newcomer"]), Vec::<String>::new());
    assert_eq!(ids(&["list", "referred_by:newcomer"]), Vec::<String>::new());
}

/// No table has two columns of one name, in either language.
#[test]
fn no_two_columns_are_called_alike() {
    let dir = Dir::demo();
    for lang in ["en", "zh-CN"] {
        for args in [
            &["report", "orders", "--per", "month", "-p", "2026"][..],
            &["report", "orders", "-p", "2026", "--compare", "year-ago"],
            &["report", "orders"],
            &["report", "profit", "-p", "2026", "--compare", "previous"],
            &["report", "profit", "--by", "order"],
            &["report", "products", "--compare", "year-ago", "-p", "2026"],
            &["report", "delivery"],
            &["report", "receivables"],
            &["report", "grades"],
            &["order", "list", "--per", "month", "-p", "2026"],
            &["order", "list"],
            &["event", "list"],
            &["list", "--per", "month", "-p", "2026"],
        ] {
            let out = dir.run(&[args, &["--lang", lang, "-f", "md"]].concat()).expect(0).stdout;
            let head = out.lines().find(|l| l.starts_with('|')).expect("a table");
            let names: Vec<&str> = head.split('|').map(str::trim).filter(|n| !n.is_empty()).collect();
            let different: std::collections::BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(different.len(), names.len(), "{args:?} {names:?}");
        }
    }
    // Figures of a series have no zeros at the end, and nothing sold is 0.
    let out = dir.run(&["report", "orders", "--per", "month", "-p", "2024-01..2024-08", "-f", "csv"]).expect(0).stdout;
    assert!(out.contains("\n2024-01,0,0,0,0,0\n"), "{out}");
    let zeros = |cell: &&str| cell.contains('.') && cell.ends_with('0');
    assert!(!out.lines().flat_map(|l| l.split(',')).any(|c| zeros(&c)), "{out}");
}
