//! How near people at customers are (R15), through the program.

use super::rules::{company, customer, rows};
use super::support::Dir;
use serde_json::Value;

const ACTIVITY: &str = "at,customer,contact,by,channel,purpose,direction,outcome,signal";

/// Cells of all rows in words, `-` for null.
fn told(dir: &Dir, args: &[&str], keys: &str) -> Vec<String> {
    let out = dir.run(&[&["report", "relations", "--json"], args].concat()).expect(0);
    let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
    let word = |v: &Value| match v {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    list.iter().map(|row| keys.split(' ').map(|k| word(&row[k])).collect::<Vec<_>>().join(" ")).collect()
}

fn contact(id: &str, more: &str) -> String {
    format!("\n[[contacts]]\nid = \"{id}\"\nname = \"{id}\"\n{more}\n")
}

/// Customers of li with contacts at all levels, and activities.
fn known() -> Dir {
    let dir = company("four-stage");
    let owner = "owner = \"li\"\ncreated = 2025-01-05\n";
    let many = [
        contact("a", "relation = \"friend\""),
        contact("b", "relation = \"acquaintance\""),
        contact("c", "relation = \"stranger\""),
        contact("d", "relation = \"confidant\"\nowner = \"wu\""),
        contact("e", ""),
        contact("gone", "relation = \"friend\"\nleft = 2026-06-30"),
    ];
    customer(&dir, "many", "repeat", &format!("{owner}{}", many.concat()));
    customer(&dir, "one", "repeat", &format!("{owner}{}", contact("x", "relation = \"friend\"")));
    customer(&dir, "none", "repeat", owner);
    customer(&dir, "lead", "lead", &format!("{owner}{}", contact("y", "")));
    customer(&dir, "shut", "repeat", &format!("{owner}status = \"closed\"\n{}", contact("z", "relation = \"friend\"")));
    let order = "line,at,customer,product,quantity,price,amount,currency,by";
    rows(
        &dir,
        "orders",
        "o",
        order,
        &["1,2026-01-15,one,,1,5,5,,li", "1,2026-01-16,none,,1,5,5,,li", "1,2026-01-16,many,,1,5,5,,li"],
    );
    rows(
        &dir,
        "activities",
        "a",
        ACTIVITY,
        &[
            // 2026-01-01 is 180 days before 2026-06-30, the day before it 181.
            "2025-12-31,many,a,li,call,deal,both,neutral,",
            "2026-01-01,many,b,li,call,deal,both,neutral,",
            "2026-06-01,many,,li,call,deal,both,neutral,",
            "2026-06-02,many,d,wu,call,intel,both,neutral,",
            "2026-06-03,many,d,wu,call,care,out,no-answer,competitor",
            "2026-06-04,many,d,li,call,collect,out,no-answer,quality",
            "2026-06-05,one,,li,call,deal,both,neutral,demand",
            "2026-06-05,none,,li,call,,both,neutral,demand",
            "2026-06-06,none,,li,email,deal,out,none,",
            "2026-06-07,none,,li,call,,both,neutral,",
        ],
    );
    dir
}

#[test]
fn contacts_fade_one_by_one() {
    let dir = known();
    let keys = "contact relation owner last_contact silent_days fading";
    let own = ["--by", "contact", "customer:many"];
    assert_eq!(
        told(&dir, &own, keys),
        [
            "a friend li 2025-12-31 181 true",
            "b acquaintance li 2026-01-01 180 false",
            "c stranger li - - false",
            "d confidant wu 2026-06-02 28 false",
            "e - li - - false",
        ]
    );
    // Nobody was named there: every contact counts.
    assert_eq!(told(&dir, &["--by", "contact", "customer:one"], keys), ["x friend li 2026-06-05 25 false"]);
    let later = ["--by", "contact", "customer:one", "--today", "2026-12-03"];
    assert_eq!(told(&dir, &later, keys), ["x friend li 2026-06-05 181 true"]);
    assert_eq!(told(&dir, &["--by", "contact", "customer:shut"], keys), [""; 0]);
    let text = dir.read("kehu.toml").replace("relation_fade_days = 180", "relation_fade_days = 179");
    dir.write("kehu.toml", text);
    assert_eq!(told(&dir, &["--by", "contact", "customer:many", "fading:yes"], "contact"), ["a", "b"]);
}

#[test]
fn customers_hang_on_one_and_signs_wait() {
    let dir = known();
    let own = ["--by", "customer", "customer:many,one,none,lead,shut", "--sort", "customer"];
    assert_eq!(
        told(
            &dir,
            &own,
            "customer contacts strangers acquaintances friends confidants fading single_contact open_signals"
        ),
        [
            "lead 1 0 0 0 0 0 0 0",
            "many 5 1 1 1 1 1 0 2",
            "none 0 0 0 0 0 0 1 0",
            // The sign came with the contact that is the last one.
            "one 1 0 0 1 0 0 1 1",
        ]
    );
    assert_eq!(told(&dir, &["--by", "customer", "single_contact.gt:0", "customer:one,lead"], "customer"), ["one"]);
}

#[test]
fn purposes_are_counted_by_whoever_had_the_contact() {
    let dir = known();
    let own = ["customer:many,one,none,lead", "-p", "2026"];
    let keys = "rep customers contacts friends confidants short with_purpose deal_share intel_share one_sided";
    assert_eq!(
        told(&dir, &own, keys),
        [
            "li 4 6 2 0 acquaintance, confidant 4 1.000000 0.000000 true",
            "wu 0 1 0 1 acquaintance, friend 2 0.000000 0.500000 false",
        ]
    );
    let out = dir.run(&["report", "relations", "customer:many,one,none,lead", "--lang", "zh-CN"]).expect(0);
    for word in ["客情关系", "过客 20.0%（61.0%）", "知己 20.0%（2.4%）", "180 天"] {
        assert!(out.stdout.contains(word), "{word}\n{}", out.stdout);
    }
    dir.run(&["report", "relations", "--by", "size"]).expect(2);
    dir.run(&["report", "relations", "--per", "month"]).expect(2);
}

#[test]
fn signs_that_nobody_answered_are_listed() {
    let dir = known();
    let keys = "customer activity signal by open_days";
    let all = told(&dir, &["--by", "signal"], "customer signal by open_days");
    assert_eq!(all, ["many competitor wu 27", "many quality li 26", "one demand li 25"]);
    assert_eq!(told(&dir, &["--by", "signal", "signal:demand"], keys).len(), 1);
    assert_eq!(told(&dir, &["--by", "signal", "-p", "2026-06-04"], "customer signal"), ["many quality"]);
    dir.run(&["report", "relations", "--by", "signal", "customer:one", "--exit-code"]).expect(1);
    dir.run(&["log", "one", "called back", "--channel", "call"]).expect(0);
    dir.run(&["report", "relations", "--by", "signal", "customer:one", "--exit-code"]).expect(0);
    let page = dir.run(&["show", "many", "--lang", "en"]).expect(0).stdout;
    assert!(page.contains("2026-06-02") && page.contains("fading"), "{page}");
}
