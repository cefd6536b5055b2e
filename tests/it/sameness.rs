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
    check(&["customer", "set", "bolt", "name=ACME  trading Ltd."], "acmetrading");
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
fn check_finds_them_once_for_each_value_or_for_each_pair() {
    let dir = two();
    let check = |args: &[&str], shared: usize, pairs: usize| {
        kehu(&dir, args).expect(0);
        let found = kehu(&dir, &["check"]).expect(0).stdout;
        let count = |code: &str| found.matches(&format!("warning[{code}]")).count();
        assert_eq!((count("E049"), count("E113")), (shared, pairs), "{args:?} {found}");
    };
    check(&["customer", "set", "bolt", "phone=13800138000"], 1, 0);
    let zh = dir.run(&["check", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("电话 `13800138000` 与 acme 相同"), "{zh}");
    // One pair, however many signs.
    check(&["customer", "set", "bolt", "tax_id=9131AB", "name=acme-trading"], 0, 1);
    check(&["contact", "add", "bolt", "Li", "phone=021 5555 0100转8", "email=WANG@acme.example"], 0, 1);
    let zh = dir.run(&["check", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("bolt 与 acme 很可能是同一客户：300 分（税号 9131AB、电话 13800138000、"), "{zh}");
    // Numbers of two countries are two.
    check(&["customer", "set", "bolt", "phone=+852 13800138", "tax_id=", "name=Bolt"], 0, 1);
    kehu(&dir, &["contact", "rm", "bolt", "li"]).expect(0);
    check(&["customer", "set", "acme", "phone=+853 13800138"], 0, 0);
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

#[test]
fn who_is_there_already_is_refused_and_who_may_be_is_said() {
    let check = |pairs: &[&str], code: i32, words: &[&str]| {
        let dir = two();
        let before = dir.files();
        let ran = kehu(&dir, &[&["customer", "add"], pairs].concat()).expect(code);
        words.iter().for_each(|w| assert!(ran.stderr.contains(w), "{pairs:?}: {}", ran.stderr));
        assert_eq!(dir.files() == before, code != 0, "{pairs:?}");
    };
    check(
        &["Other", "--id", "x", "tax_id=9131ab"],
        7,
        &["`Other` is there already, as acme (Acme Trading", "100 points (tax id 9131AB)"],
    );
    check(&["ACME Trading Inc.", "--id", "x", "contact.name=W", "contact.phone=+86 138 0013 8000"], 7, &["110 points"]);
    check(&["Acme Trading Co., Ltd.", "--id", "x"], 0, &["x may be acme", "50 points (name acmetrading)"]);
    check(&["Other", "--id", "x", "phone=13800138000"], 0, &["60 points (phone 13800138000)"]);
    // The domain alone says little.
    check(&["Other", "--id", "x", "email=li@acme.example"], 0, &[""]);
    let quiet = kehu(&two(), &["customer", "add", "Other", "--id", "x", "email=li@acme.example"]).expect(0).stderr;
    assert_eq!(quiet, "");
    let forced = ["Other", "--id", "x", "tax_id=9131ab", "--override"];
    check(&forced, 2, &["--note"]);
    check(&[&forced[..], &["--note", "a branch", "--as", "li"]].concat(), 7, &["chen"]);
    check(&[&forced[..], &["--note", "a branch", "--as", "chen"]].concat(), 0, &["100 points"]);
}

#[test]
fn an_import_rejects_who_is_there_already() {
    let map = "into = \"customers\"\n[columns]\nname = \"name\"\nphone = \"phone\"\nid = \"id\"\n";
    let rows = "id,name,phone\nx1,Acme Trading Ltd,13800138000\nx2,华新电子有限公司,021-66660000\nx3,華新電子,+86 21 6666 0000\nx4,Huaxin,02166660000\n";
    let import = |dir: &Dir, map: &str, more: &[&str]| {
        dir.write("m.toml", map);
        dir.write("x.csv", rows);
        kehu(dir, &[&["import", "x.csv", "--map", "m.toml"], more].concat())
    };
    let dir = two();
    let ran = import(&dir, map, &[]).expect(3);
    for words in [
        "x.csv:2:",
        "as acme (Acme Trading",
        "110 points",
        "x.csv:4:",
        "as x2 (华新电子有限公司",
        "accept = [\"duplicate\"]",
        "x4 may be x2 (华新电子有限公司): 60 points (phone 2166660000)",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    import(&dir, map, &["--skip-errors"]).expect(0);
    let ids = kehu(&dir, &["list", "-f", "ids"]).expect(0).stdout;
    assert_eq!(ids, "acme\nbolt\nx2\nx4\n");
    // The same file again changes nothing, and says nothing new of what was imported.
    let again = import(&dir, map, &["--skip-errors"]).expect(0);
    assert!(!again.stderr.contains("x4 may be"), "{}", again.stderr);
    assert_eq!(kehu(&dir, &["list", "-f", "ids"]).expect(0).stdout, ids);
    let dir = two();
    import(&dir, &format!("accept = [\"duplicate\"]\n{map}"), &[]).expect(0);
    assert_eq!(kehu(&dir, &["list", "-f", "ids"]).expect(0).stdout, "acme\nbolt\nx1\nx2\nx3\nx4\n");
    let found = kehu(&dir, &["check"]).expect(0).stdout;
    assert_eq!(found.matches("warning[E113]").count(), 2, "{found}");
}

#[test]
fn nobody_in_particular_is_a_duplicate() {
    // Files without names, or with nothing but signs in them, are like nobody.
    let dir = Dir::new();
    for (id, name) in [("a", ""), ("b", "…"), ("c", "（）"), ("d", "有限公司"), ("e", "Ltd.")] {
        let text = format!(
            "name = \"{name}\"\ncreated = 2026-01-01\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"\"\n\nphone = \"n/a\"\nemail = \"@\"\n"
        );
        dir.write(&format!("customers/{id}.toml"), text);
    }
    // An empty name is a finding of its own.
    let ran = kehu(&dir, &["dupes", "--min", "1", "-f", "csv"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (3, 1), "{} {}", ran.stdout, ran.stderr);
}

#[test]
fn dupes_say_what_is_noise() {
    let dir = Dir::new();
    let rows: String =
        (0..30u32).map(|n| format!("c{n},Firm {:x},021-55550000\n", n.wrapping_mul(2654435761))).collect();
    dir.write("x.csv", format!("id,name,phone\n{rows}"));
    kehu(&dir, &["import", "x.csv", "--into", "customers"]).expect(0);
    let ran = kehu(&dir, &["dupes", "-f", "csv"]).expect(0);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    assert!(ran.stderr.contains("30 customers have the phone 2155550000"), "{}", ran.stderr);
}

#[test]
fn an_import_says_of_customers_that_it_makes_who_they_are() {
    let dir = two();
    let map =
        "into = \"contacts\"\n[columns]\ncustomer = \"c\"\nname = \"n\"\nphone = \"p\"\n[create]\ncustomers = true\n";
    dir.write("m.toml", map);
    dir.write("x.csv", "c,n,p\nACME Trading Ltd,Jan,13800138000\nAcme Tradings,Eva,13900139000\nNew,Per,13700137000\n");
    let ran = kehu(&dir, &["import", "x.csv", "--map", "m.toml"]).expect(0);
    assert!(ran.stderr.contains("`ACME Trading Ltd` is there already, as acme"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning").count(), 1, "{}", ran.stderr);
    assert_eq!(kehu(&dir, &["list", "-f", "ids"]).expect(0).stdout.lines().count(), 5);
    assert!(kehu(&dir, &["check"]).expect(0).stdout.contains("E113"));
}
