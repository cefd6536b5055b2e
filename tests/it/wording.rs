//! What messages say to do next, and which words of kehu.toml and of lists they use.

use crate::support::every::company;
use crate::support::{Dir, Ran};

/// A run in the company of all commands, and all that it said.
fn said(dir: &Dir, args: &[&str], env: &[(&str, &str)]) -> (Ran, String) {
    let ran = dir.run_with(args, env, "");
    let text = format!("{}{}", ran.stdout, ran.stderr);
    (ran, text)
}

#[test]
fn hints_say_what_to_do_next() {
    let check = |args: &[&str], code: i32, parts: &[&str]| {
        let dir = company();
        let (ran, text) = said(&dir, args, &[]);
        assert_eq!(ran.code, code, "{args:?}: {text}");
        for part in parts {
            assert!(text.contains(part), "{args:?}: {part}: {text}");
        }
    };
    check(&["customer", "rm", "acme"], 7, &["hint: remove those rows first, or let them refer to something else"]);
    check(&["deal", "add", "acme", "x", "--id", "D-1"], 7, &["D-1 exists already", "hint: choose another id: --id ID"]);
    check(&["quote", "set", "Q-1", "state=accepted"], 2, &["`state` cannot be set", "`kehu quote --help` lists"]);
    check(&["order", "set", "SO-1", "state=shipped"], 2, &["`state` cannot be set", "`kehu order --help` lists"]);
    check(&["deal", "set", "D-1", "stage=won"], 2, &["`kehu deal move`, `kehu deal win` or `kehu deal lose`"]);
    check(&["stage", "beta", "repeat"], 7, &["rule R1 (`to` in kehu.toml) allows: "]);
    check(&["log", "acme", "x", "--channel", "pigeon", "--lang", "zh-CN"], 2, &["visit 拜访", "wechat 微信"]);
    check(&["receipt", "set", "P-1/1", "method=shells"], 2, &["one of: transfer, cash, acceptance, wechat"]);
    check(&["close", "acme", "--reason", "mood", "--lang", "zh-CN"], 2, &["no-intent 无意向、no-need-now 暂无需求"]);
}

#[test]
fn an_editor_that_is_not_there_is_told_how_to_set_one() {
    let dir = company();
    for editor in ["", "no-such-editor-anywhere"] {
        let (ran, text) = said(&dir, &["edit", "acme"], &[("EDITOR", editor)]);
        assert!(ran.code != 0 && text.contains("`export EDITOR=nano`"), "{editor}: {text}");
    }
}

#[test]
fn changes_are_told_in_words() {
    let check = |args: &[&str], zh: &str| {
        let dir = company();
        let (ran, text) = said(&dir, &[args, &["--lang", "zh-CN"]].concat(), &[]);
        assert!(ran.code == 0 && text.contains(zh), "{args:?}: {text}");
    };
    check(&["customer", "set", "beta", "intent=hot"], "意向级别：");
    check(&["customer", "set", "acme", "credit_limit=5000"], "信用额度：");
    check(&["receipt", "set", "P-1/1", "method=cash"], "收款方式：");
    check(&["product", "set", "p10", "status=paused"], "状态：");
    check(&["task", "done", "t_1000000acme1"], "状态：未完成 → 已完成");
    check(&["team", "set", "li", "role=service"], "角色 = 客服");
}

#[test]
fn what_check_fix_wrote_is_called_so_in_both_languages() {
    let dir = company();
    let file = "customers/a/acme.toml";
    let text = dir.read(file);
    let changed = text.replace("owner = \"li\"", "owner = \"wu\"");
    assert_ne!(changed, text, "{text}");
    dir.write(file, changed);
    dir.run(&["check", "--fix"]);
    let history = |lang| dir.run(&["history", "acme", "--lang", lang]).expect(0).stdout;
    assert!(history("en").contains("edited by hand") && history("zh-CN").contains("手工修改"), "{}", history("en"));
    assert!(dir.run(&["history", "acme", "--json", "--lang", "zh-CN"]).expect(0).stdout.contains("edited by hand"));
}

#[test]
fn lists_of_words_come_from_what_takes_them() {
    let dir = Dir::new();
    dir.write("a.csv", "x\n1\n");
    let check = |map: &str, en: &str, zh: &str| {
        let map = format!("into = \"customers\"\n{map}\n");
        dir.write("m.toml", map);
        for (lang, expected) in [("en", en), ("zh-CN", zh)] {
            let ran = dir.run(&["import", "a.csv", "--map", "m.toml", "--lang", lang]).expect(2);
            assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
        }
    };
    check(
        "numbers = \"1 234\"\n[columns]\nname = \"x\"",
        "`numbers` must be \"1234.5\", \"1,234.5\" or \"1.234,5\"",
        "`numbers` 应为 \"1234.5\"、\"1,234.5\"、\"1.234,5\"",
    );
    let delimiter = "delimiter = \"|\"\n[columns]\nname = \"x\"";
    check(delimiter, "`delimiter` must be \",\", \";\" or \"tab\"", "`delimiter` 应为 \",\"、\";\"、\"tab\"");
    let case = "[columns]\nname = { column = \"x\", case = \"title\" }";
    check(case, "`case` must be \"lower\" or \"upper\"", "`case` 应为 \"lower\"、\"upper\"");
    let settings = dir.read("kehu.toml").replace("requires = [\"activity:1\"]", "requires = [\"activty:1\"]");
    dir.write("kehu.toml", settings);
    let text = dir.run(&["check"]).expect(1).stdout;
    assert!(text.contains("it must be activity:N, need:N, order:N, order-day:N or field:NAME"), "{text}");
}

#[test]
fn a_list_of_events_is_in_the_readers_words() {
    let dir = company();
    dir.run(&["close", "acme", "--reason", "bad-credit"]).expect(0);
    let list = |args: &[&str]| dir.run(&[&["event", "list", "event:status,stage"], args].concat()).expect(0).stdout;
    let zh = list(&["--lang", "zh-CN"]);
    assert!(
        zh.contains("阶段") && zh.contains("已关闭") && zh.contains("信誉不良") && !zh.contains("prospect"),
        "{zh}"
    );
    let json = list(&["--lang", "zh-CN", "--json"]);
    assert!(json.contains("\"event\":\"status\"") && json.contains("\"reason\":\"bad-credit\""), "{json}");
    let text = dir.run(&["report", "profit", "--by", "x", "--lang", "zh-CN"]).expect(2).stderr;
    assert!(text.contains("可选：customer、product、"), "{text}");
}
