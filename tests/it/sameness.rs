//! Customers that may be there twice (R14): `check` finds them, and commands that write warn.

use super::support::{Dir, Ran};

fn kehu(dir: &Dir, args: &[&str]) -> Ran {
    dir.run(&[args, &["--lang", "en"]].concat())
}

/// `acme` with a phone of its own, a tax id, and a contact with a phone and a mail address; `bolt` with nothing.
fn two() -> Dir {
    let dir = Dir::new();
    let acme = [
        "customer",
        "add",
        "Acme Trading",
        "--id",
        "acme",
        "phone=+86 21 5555 0100",
        "tax_id=9131-AB",
        "contact.name=Wang",
    ];
    kehu(&dir, &[&acme[..], &["contact.phone=13800138000", "contact.email=wang@acme.example"]].concat()).expect(0);
    kehu(&dir, &["customer", "add", "Bolt", "--id", "bolt"]).expect(0);
    dir
}

#[test]
fn commands_warn_of_what_another_customer_has() {
    let check = |args: &[&str], words: &str| {
        let dir = two();
        kehu(&dir, &["contact", "add", "bolt", "Zhao", "--id", "zhao"]).expect(0);
        let ran = kehu(&dir, args).expect(0);
        assert!(ran.stderr.contains("acme") && ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        // The same of the customer itself is no news.
        let own: Vec<&str> = args.iter().map(|a| if *a == "bolt" { "acme" } else { a }).collect();
        if args[..2] == ["customer", "set"] {
            assert!(!kehu(&two(), &own).expect(0).stderr.contains(words), "{own:?}");
        }
    };
    check(&["customer", "set", "bolt", "phone=0086 138-0013-8000"], "13800138000");
    check(&["customer", "set", "bolt", "phone=021-55550100"], "2155550100");
    check(&["customer", "set", "bolt", "tax_id=9131ab"], "9131AB");
    check(&["customer", "set", "bolt", "email=Wang@Acme.example"], "wang@acme.example");
    check(&["customer", "set", "bolt", "name=ACME  trading"], "Acme Trading");
    check(&["contact", "add", "bolt", "Li", "phone=138 0013 8000"], "13800138000");
    check(&["contact", "set", "bolt", "zhao", "phone=13800138000"], "13800138000");
    check(&["contact", "set", "bolt", "zhao", "email=wang@acme.example"], "wang@acme.example");
    check(&["customer", "add", "acme trading", "--id", "other"], "Acme Trading");
    let dir = two();
    assert_eq!(kehu(&dir, &["customer", "set", "bolt", "phone=13900139000"]).expect(0).stderr, "");
    // In bulk, too.
    let ran = kehu(&dir, &["customer", "set", "id:bolt", "phone=13800138000", "--yes"]).expect(0);
    assert!(ran.stderr.contains("13800138000"), "{}", ran.stderr);
}

#[test]
fn check_finds_them_once_for_each_value() {
    let dir = two();
    for (args, expected) in [
        (&["customer", "set", "bolt", "phone=13800138000", "tax_id=9131AB", "name=acme-trading"][..], 3),
        (&["contact", "add", "bolt", "Li", "phone=021 5555 0100转8", "email=WANG@acme.example"][..], 5),
    ] {
        kehu(&dir, args).expect(0);
        let found = kehu(&dir, &["check"]).expect(0).stdout;
        assert_eq!(found.matches("warning[E049]").count(), expected, "{found}");
        assert!(found.contains("that of acme, too"), "{found}");
    }
    let zh = dir.run(&["check", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("电话 `13800138000` 与 acme 相同"), "{zh}");
    // Numbers of two countries are two.
    kehu(&dir, &["customer", "set", "bolt", "phone=+852 13800138", "tax_id=", "name=Bolt"]).expect(0);
    kehu(&dir, &["customer", "set", "acme", "phone=+853 13800138"]).expect(0);
    let found = kehu(&dir, &["check"]).expect(0).stdout;
    assert_eq!(found.matches("warning[E049]").count(), 1, "{found}");
}

#[test]
fn what_many_share_is_noise() {
    let dir = Dir::new();
    let rows: String = (0..40).map(|n| format!("c{n},Name {n},021-55550000\n")).collect();
    dir.write("x.csv", format!("id,name,phone\n{rows}"));
    let ran = kehu(&dir, &["import", "x.csv", "--into", "customers"]).expect(0);
    assert!(ran.stderr.contains("2155550000"), "{}", ran.stderr);
    let found = kehu(&dir, &["check"]).expect(0).stdout;
    assert_eq!(found.matches("warning[E049]").count(), 1, "{found}");
    assert!(found.contains("that of 40 customers: what so many share tells none of them apart"), "{found}");
}

/// A spreadsheet that took a column of phone numbers for numbers with decimals.
#[test]
fn a_phone_number_with_decimals_is_the_number() {
    let dir = two();
    let file = "id,name,stage,phone,note\nx1,X1,lead,13800138000.0,13800138000.0\nx2,X2,lead,+8613900139000.00,\nx3,X3,lead,021.5555.0000,\n";
    dir.write("x.csv", file);
    let ran = kehu(&dir, &["import", "x.csv", "--into", "customers"]).expect(0);
    assert!(ran.stderr.contains("13800138000") && ran.stderr.contains("acme"), "{}", ran.stderr);
    let phones = kehu(&dir, &["export", "customers", "--columns", "id,phone,note"]).expect(0).stdout;
    for line in ["x1,13800138000,13800138000.0", "x2,+8613900139000,", "x3,021.5555.0000,"] {
        assert!(phones.lines().any(|l| l == line), "{line}: {phones}");
    }
    dir.write("p.csv", "customer,name,phone\nx3,Zhao,13700137000.0\n");
    kehu(&dir, &["import", "p.csv", "--into", "contacts"]).expect(0);
    dir.write("s.csv", "id,name,phone\ns1,Works,13600136000.0\n");
    kehu(&dir, &["import", "s.csv", "--into", "suppliers"]).expect(0);
    let all: String = dir.files().into_iter().map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(all.contains("\"13700137000\"") && all.contains("s1,Works,,13600136000,"), "{all}");
}
