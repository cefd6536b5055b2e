//! Two sellers who call on one customer (R14), also where it stands in two files with one phone number or domain.

use super::support::{Dir, Ran};

fn kehu(dir: &Dir, args: &[&str]) -> Ran {
    dir.run(&[args, &["--lang", "en"]].concat())
}

/// Acme of li's and Bolt of wu's with what else their files say, and contacts: `customer day by`.
fn company(acme: &str, bolt: &str, contacts: &[&str]) -> Dir {
    let dir = Dir::new();
    let file = |name: &str, owner: &str, more: &str| {
        format!(
            "name = \"{name}\"\ncreated = 2026-01-05\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"\"\n\nintent = \"\"\n\n{more}\n"
        )
    };
    dir.write("customers/a/acme.toml", file("Acme", "li", acme));
    dir.write("customers/b/bolt.toml", file("Bolt", "wu", bolt));
    let row = |(n, text): (usize, &&str)| {
        let words: Vec<&str> = text.split(' ').collect();
        format!("a{n},{},{},{},call,both\n", words[1], words[0], words[2])
    };
    let rows: String = contacts.iter().enumerate().map(row).collect();
    dir.write("ledgers/activities/2026-li.csv", format!("id,at,customer,by,channel,direction\n{rows}"));
    dir
}

const PHONE: &str = "phone = \"021-55550100\"";

#[test]
fn one_phone_or_domain_is_one_customer() {
    let both = &["acme 2026-06-26 li", "bolt 2026-06-24 wu"][..];
    let check = |acme: &str, bolt: &str, contacts: &[&str], expected: &[&str]| {
        let dir = company(acme, bolt, contacts);
        let found = kehu(&dir, &["check"]).stdout;
        let lines: Vec<&str> = found.lines().filter_map(|l| l.strip_prefix("warning[E073]: ")).collect();
        let said: Vec<&str> = lines.iter().map(|l| l.split(", within").next().unwrap_or(l)).collect();
        assert_eq!(said, expected, "{acme} {bolt} {contacts:?}");
    };
    // In the order of the rows.
    let two = &["bolt: li contacted this customer on 2026-06-26", "acme: wu contacted this customer on 2026-06-24"][..];
    check(PHONE, "phone = \"+86 21 5555 0100\"", both, two);
    check("website = \"https://www.acme.example\"", "email = \"info@acme.example\"", both, two);
    check(PHONE, "[[contacts]]\nid = \"w\"\nname = \"W\"\nphone = \"55550100/021 5555 0100\"", both, two);
    check(PHONE, "phone = \"021-55550101\"", both, &[]);
    check("email = \"li@qq.com\"", "email = \"wu@qq.com\"", both, &[]);
    // Too far apart, too long ago, by somebody who does not sell, or by one seller.
    check(PHONE, PHONE, &["acme 2026-06-26 li", "bolt 2026-06-18 wu"], &[]);
    check(PHONE, PHONE, &["acme 2026-06-20 li", "bolt 2026-06-19 wu"], &[]);
    check(PHONE, PHONE, &["acme 2026-06-26 li", "bolt 2026-06-24 chen"], &[]);
    check(PHONE, PHONE, &["acme 2026-06-26 li", "bolt 2026-06-24 li"], &[]);
    // The owner was in touch with the customer itself.
    check(
        PHONE,
        PHONE,
        &["bolt 2026-06-24 wu", "bolt 2026-06-26 li"],
        &["bolt: li contacted this customer on 2026-06-26"],
    );
}

#[test]
fn a_switchboard_is_nobody_in_particular() {
    let dir = company(PHONE, PHONE, &["acme 2026-06-26 li", "bolt 2026-06-24 wu"]);
    for n in 0..19 {
        let other = dir.read("customers/a/acme.toml").replace("Acme", &format!("Other {n}"));
        dir.write(&format!("customers/o/other{n}.toml"), other);
    }
    // Twenty-one have it, though two were called.
    assert!(!kehu(&dir, &["check"]).stdout.contains("E073"));
    std::fs::remove_file(dir.path().join("customers/o/other0.toml")).expect("a file");
    assert!(kehu(&dir, &["check"]).stdout.contains("E073"));
}

#[test]
fn who_today_assign_and_log_say_so() {
    let dir = company(PHONE, PHONE, &["acme 2026-06-26 li", "bolt 2026-06-24 wu"]);
    let words = "Acme (bolt): Wu Min contacted this customer on 2026-06-24";
    let who = kehu(&dir, &["who", "acme"]).expect(0);
    assert!(who.stderr.contains(words), "{}", who.stderr);
    assert!(!kehu(&dir, &["who", "nobody"]).expect(0).stderr.contains("contacted"));
    let today = kehu(&dir, &["today", "--as", "li"]).expect(0).stdout;
    assert!(today.contains(words), "{today}");
    let assigned = kehu(&dir, &["assign", "acme", "--to", "chen", "-n"]).expect(0).stderr;
    assert!(assigned.contains(words), "{assigned}");
    // The one who calls is told of a colleague who called on the same customer; of the rest where it costs nothing.
    let dir = company("", "", &["acme 2026-06-26 wu"]);
    kehu(&dir, &["list"]).expect(0);
    let logged = kehu(&dir, &["log", "acme", "called"]).expect(0).stderr;
    assert!(logged.contains("Acme: Wu Min contacted this customer on 2026-06-26"), "{logged}");
    let own = kehu(&dir, &["log", "acme", "called", "--as", "wu"]).expect(0).stderr;
    assert!(!own.contains("Wu Min contacted"), "{own}");
    let late = kehu(&dir, &["log", "bolt", "called"]).expect(0).stderr;
    assert!(!late.contains("contacted"), "{late}");
}
