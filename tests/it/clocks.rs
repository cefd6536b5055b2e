//! Clocks that go apart: events that are still to come, and what they hold up. The day here is the present one, whatever it is.

use super::support::Dir;

/// Acme, of whom an event is still to come, and Bolt.
fn ahead() -> Dir {
    let dir = Dir::new();
    dir.run(&["product", "add", "pen", "Pen", "price=10", "cost=5"]).expect(0);
    for id in ["acme", "bolt"] {
        now(&dir, &["customer", "add", id, "--id", id]).expect(0);
    }
    let events = dir.files().into_iter().find(|(name, _)| name.starts_with("ledgers/events/")).expect("events").0;
    let row = "e_9,2199-06-02T15:00:00+08:00,customer,acme,owner,li,li,,,,wu,\n";
    dir.write(&events, format!("{}{row}", dir.read(&events)));
    dir
}

fn now(dir: &Dir, args: &[&str]) -> super::support::Ran {
    dir.run(&[args, &["--today", "today", "--lang", "en"]].concat())
}

#[test]
fn an_event_to_come_is_named_and_can_be_mended() {
    let dir = ahead();
    let check = now(&dir, &["check"]).expect(0);
    assert!(check.stdout.contains("warning[E066]: the event e_9 of acme is from 2199-06-02"), "{}", check.stdout);
    let ran = now(&dir, &["customer", "set", "acme", "intent=hot"]).expect(7);
    assert!(
        ran.stderr.contains("newest event of the customer, e_9, is from 2199-06-02T15:00:00+08:00"),
        "{}",
        ran.stderr
    );
    let zh = dir.run(&["customer", "set", "acme", "intent=hot", "--today", "today", "--lang", "zh-CN"]).expect(7);
    assert!(zh.stderr.contains("变更记录 e_9 的时间是 2199-06-02T15:00:00+08:00，尚未到来"), "{}", zh.stderr);
    // An order stands, and says that the stage could not move.
    let order = now(&dir, &["order", "add", "acme", "pen:1"]).expect(0);
    assert!(order.stderr.contains("it changed later, on 2199-06-02 (e_9)"), "{}", order.stderr);
    // The hint is a command that mends it.
    let hint = ran.stderr.split('`').find(|part| part.starts_with("kehu row set event:e_9 at=")).expect("a command");
    let words: Vec<&str> = hint.split(' ').skip(1).collect();
    now(&dir, &words).expect(0);
    now(&dir, &["customer", "set", "acme", "intent=hot"]).expect(0);
    assert!(!now(&dir, &["check"]).stdout.contains("E066"));
    // Which it also is for a time that somebody names.
    let ran = now(&dir, &["customer", "set", "acme", "intent=cold", "--at", "2020-01-01"]).expect(7);
    assert!(ran.stderr.contains("the newest event is e_"), "{}", ran.stderr);
}

#[test]
fn one_customer_holds_up_no_other_when_all_are_graded() {
    let dir = ahead();
    for id in ["acme", "bolt"] {
        now(&dir, &["order", "add", id, "pen:1"]).expect(0);
    }
    let ran = now(&dir, &["grade", "--apply"]).expect(7);
    assert!(ran.stdout.contains("bolt  grade: ") && !ran.stdout.contains("acme"), "{}", ran.stdout);
    for words in ["acme: grade cannot change", "1 customer keeps its grade", "kehu row set event:e_9 at="] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert!(!dir.read("customers/b/bolt.toml").contains("grade = \"\""));
    assert!(dir.read("customers/a/acme.toml").contains("grade = \"\""));
    now(&dir, &["row", "rm", "event:e_9", "--yes"]).expect(0);
    now(&dir, &["grade", "--apply"]).expect(0);
    assert!(!dir.read("customers/a/acme.toml").contains("grade = \"\""));
}

#[test]
fn changes_of_one_second_follow_one_another() {
    let dir = Dir::new();
    now(&dir, &["customer", "add", "acme", "--id", "acme"]).expect(0);
    for intent in ["hot", "cold", "hot", "warm", "cold", "hot"] {
        now(&dir, &["customer", "set", "acme", &format!("intent={intent}")]).expect(0);
    }
    now(&dir, &["check", "--strict"]).expect(0);
}
