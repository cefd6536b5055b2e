//! Contacts that somebody beside the customer's owner follows (R4): each has a due date of its own, for whoever follows it.

use super::rules::{company, rows, set};
use super::support::{Dir, Ran};

const ACTIVITY: &str = "at,by,contact,next,customer,channel,direction";

/// Wang, who is followed by `owner`, and Zhao; with what else the file says of Wang.
fn contacts(owner: &str, more: &str) -> String {
    format!(
        "\n[[contacts]]\nid = \"wang\"\nname = \"Wang Wei\"\nowner = \"{owner}\"\n{more}\n[[contacts]]\nid = \"zhao\"\nname = \"Zhao Lin\"\n"
    )
}

/// A customer of li's, unless its file says otherwise.
fn customer(dir: &Dir, id: &str, stage: &str, more: &str) {
    let owner = if more.starts_with("owner = ") { "" } else { "owner = \"li\"\n" };
    super::rules::customer(dir, id, stage, &format!("{owner}{more}"));
}

/// Calls with Acme, both ways: `at by contact next`, `-` for nothing.
fn calls(dir: &Dir, list: &[&str]) {
    let cells = |text: &&str| {
        let words: Vec<&str> = text.split(' ').map(|w| if w == "-" { "" } else { w }).collect();
        format!("{},acme,call,both", words.join(","))
    };
    let all: Vec<String> = list.iter().map(cells).collect();
    rows(dir, "activities", "a", ACTIVITY, &all.iter().map(String::as_str).collect::<Vec<_>>());
}

/// A prospect of li's (7 days) whose contact Wang wu follows, and calls.
fn acme(owner: &str, more: &str, list: &[&str]) -> Dir {
    let dir = company("four-stage");
    set(&dir, "due_on = \"next\"", "due_on = \"same\"");
    customer(&dir, "acme", "prospect", &contacts(owner, more));
    calls(&dir, list);
    dir
}

/// An answer as csv without its header.
fn csv(dir: &Dir, args: &[&str]) -> Vec<String> {
    let ran = dir.run(&[args, &["-f", "csv"]].concat()).expect(0);
    ran.stdout.lines().skip(1).map(str::to_string).collect()
}

/// What is due: customer, contact, owner, day, why.
fn due(dir: &Dir, terms: &[&str]) -> Vec<String> {
    csv(dir, &[&["due", "--within", "60d", "--columns", "customer,contact,owner,due,why"], terms].concat())
}

fn en(dir: &Dir, args: &[&str]) -> Ran {
    dir.run(&[args, &["--lang", "en"]].concat())
}

#[test]
fn a_followed_contact_has_a_day_of_its_own() {
    let check = |list: &[&str], own: &str, followed: &str| {
        let dir = acme("wu", "", list);
        let mut expected = vec![format!("acme,,li,{own}"), format!("acme,wang,wu,{followed}")];
        expected.sort_by_key(|line| line.split(',').nth(3).map(str::to_string));
        assert_eq!(due(&dir, &[]), expected, "{list:?}");
    };
    check(&[], "2026-01-06,first-contact", "2026-01-06,first-contact");
    // A call with somebody else says nothing of Wang; any call is one with the customer.
    check(&["2026-06-20 li zhao -"], "2026-06-27,cycle", "2026-01-06,first-contact");
    check(&["2026-06-20 li - -"], "2026-06-27,cycle", "2026-01-06,first-contact");
    check(&["2026-06-22 wu wang -"], "2026-06-29,cycle", "2026-06-29,cycle");
    // Whoever called: it is the contact that is followed.
    check(&["2026-06-22 li wang -", "2026-06-23 wu zhao -"], "2026-06-30,cycle", "2026-06-29,cycle");
    // A promise to Wang is wu's, and the owner's clock goes on.
    check(&["2026-06-22 wu wang 2026-07-10"], "2026-06-29,cycle", "2026-07-10,promise");
    check(&["2026-06-22 li zhao 2026-07-10"], "2026-07-10,promise", "2026-01-06,first-contact");
    check(&["2026-06-22 li - 2026-07-10"], "2026-07-10,promise", "2026-01-06,first-contact");
    // Neither takes the place of the other, nor keeps it.
    let both = ["2026-06-10 li zhao 2026-06-25", "2026-06-12 wu wang 2026-07-10"];
    check(&both, "2026-06-25,promise", "2026-07-10,promise");
    check(&[both[0], "2026-06-25 wu wang -"], "2026-06-25,promise", "2026-07-02,cycle");
    check(&[both[1], "2026-07-10 li zhao -"], "2026-06-19,cycle", "2026-07-10,promise");
    check(&["2026-06-12 wu wang 2026-06-25", "2026-06-26 li zhao -"], "2026-07-03,cycle", "2026-06-25,promise");
    check(&["2026-06-12 wu wang 2026-06-25", "2026-06-26 li wang -"], "2026-07-03,cycle", "2026-07-03,cycle");
}

#[test]
fn whom_nobody_else_follows_the_owner_follows() {
    let check = |owner: &str, more: &str, expected: &[&str]| {
        let dir = acme(owner, more, &["2026-06-22 wu wang 2026-07-10"]);
        let team = dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-29\n";
        dir.write("team.toml", team);
        assert_eq!(due(&dir, &[]), expected, "{owner} {more}");
    };
    let own = &["acme,,li,2026-07-10,promise"][..];
    let both = &["acme,,li,2026-06-29,cycle", "acme,wang,wu,2026-07-10,promise"][..];
    check("wu", "", both);
    check("li", "", own);
    // A promise to somebody whom nobody follows any more is not lost.
    check("xu", "", own);
    check("nobody", "", own);
    check("wu", "left = 2026-06-30", own);
    check("wu", "left = 2026-07-01", both);
    // The customer of whoever follows the contact.
    let dir = acme("wu", "", &["2026-06-22 wu wang 2026-07-10"]);
    dir.run(&["assign", "acme", "--to", "wu"]).expect(0);
    assert_eq!(due(&dir, &[]), ["acme,,wu,2026-07-10,promise"]);
    // Nobody's customer.
    dir.run(&["release", "acme", "--as", "wu"]).expect(0);
    assert_eq!(due(&dir, &[]), ["acme,,,2026-06-29,cycle", "acme,wang,wu,2026-07-10,promise"]);
}

#[test]
fn terms_about_the_follow_up_are_about_each_line() {
    let dir = acme("wu", "", &["2026-06-12 wu wang 2026-06-25", "2026-06-26 li zhao -"]);
    customer(&dir, "bolt", "prospect", "owner = \"wu\"\ncity = \"Wuxi\"\n");
    let (own, theirs, other) =
        ("acme,,li,2026-07-03,cycle", "acme,wang,wu,2026-06-25,promise", "bolt,,wu,2026-01-06,first-contact");
    let check = |terms: &[&str], expected: &[&str]| assert_eq!(due(&dir, terms), expected, "{terms:?}");
    check(&[], &[other, theirs, own]);
    check(&["owner:wu"], &[other, theirs]);
    check(&["owner:li"], &[own]);
    check(&["why:promise"], &[theirs]);
    check(&["days_overdue.gt:0"], &[other, theirs]);
    check(&["due:2026-07"], &[own]);
    check(&["acme"], &[theirs, own]);
    check(&["city:Wuxi"], &[other]);
    check(&["owner:wu", "stage:prospect", "not:id:bolt"], &[theirs]);
    check(&["contact:wang"], &[theirs]);
    let said = en(&dir, &["due", "owner:wu", "acme", "--explain"]).expect(0).stdout;
    assert!(said.contains("acme/wang: rule R4; Wu Min follows Wang Wei (customers/acme.toml:9); "), "{said}");
    assert!(said.contains("ledgers/activities/2026.csv:2 promised 2026-06-25"), "{said}");
    assert!(said.contains("contact") && said.contains("Wang Wei"), "{said}");
    // Where nobody follows contacts the table has no such column.
    let plain = en(&dir, &["due", "bolt"]).expect(0).stdout;
    assert!(!plain.contains("contact "), "{plain}");
}

#[test]
fn the_day_of_whoever_follows_has_its_contacts() {
    let dir = acme("wu", "birthday = \"07-02\"", &["2026-06-12 wu wang 2026-06-25", "2026-06-26 li zhao -"]);
    let day = |args: &[&str]| {
        let columns = "section,customer,contact,due,owner,what";
        csv(&dir, &[&["today", "not:section:pool", "--columns", columns], args].concat())
    };
    let promise = "overdue,acme,wang,2026-06-25,wu,Wang Wei: promised";
    let birthday = "birthdays,acme,wang,2026-07-02,wu,Wang Wei (07-02)";
    assert_eq!(day(&["--as", "wu"]), [promise, birthday]);
    assert_eq!(day(&["--as", "li"]), Vec::<String>::new());
    let own = "coming,acme,,2026-07-03,li,cycle 7d";
    assert_eq!(day(&["--as", "li", "--within", "3d"]), [own]);
    assert_eq!(day(&["--all", "--within", "3d"]), [promise, own, birthday]);
    let said = en(&dir, &["today", "--as", "wu", "--explain"]).expect(0).stdout;
    assert!(said.contains("Wu Min follows Wang Wei (customers/acme.toml:9)"), "{said}");
    // The morning meeting and the report of the day.
    let team = csv(&dir, &["today", "--team", "--as", "chen", "--columns", "owner,due_today,overdue"]);
    assert!(team.contains(&"wu,0,1".to_string()) && team.contains(&"li,0,0".to_string()), "{team:?}");
    let digest = csv(&dir, &["digest", "wu", "-p", "today", "--columns", "section,at,what,by"]);
    assert_eq!(digest, ["overdue,2026-06-25,Wang Wei: promised,wu"]);
    let own = csv(&dir, &["digest", "li", "-p", "2026-06-25..2026-06-30", "--columns", "section,at,what,by"]);
    assert!(own.contains(&"next,2026-07-03,cycle 7d,li".to_string()), "{own:?}");
    assert!(own.iter().all(|line| !line.contains("Wang")), "{own:?}");
    // In Chinese.
    let zh = dir.run(&["today", "--as", "wu", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("Wang Wei：约定"), "{zh}");
    // A closed customer: nobody is reminded of what was promised to whom, so its follower is told.
    dir.run(&["close", "acme", "--reason", "no-need-now"]).expect(0);
    calls(&dir, &["2026-06-12 wu wang 2026-07-02"]);
    let what = "unkept,acme,wang,2026-07-02,wu,\"Wang Wei: Customer acme is closed, so kehu will remind nobody of 2026-07-02\"";
    assert_eq!(day(&["--as", "wu"]), [what]);
    assert_eq!(day(&["--as", "li"]), Vec::<String>::new());
    let found = en(&dir, &["check"]).stdout;
    assert_eq!(found.matches("E076").count(), 1, "{found}");
}

#[test]
fn log_tells_the_day_of_the_contact_that_is_followed() {
    let dir = acme("wu", "", &["2026-06-28 li zhao -"]);
    let log = |args: &[&str]| {
        let ran = en(&dir, &[&["log", "acme", "called"], args].concat()).expect(0);
        (ran.stdout, ran.stderr)
    };
    // The cache tells whose rows there are.
    en(&dir, &["due"]).expect(0);
    let (said, warned) = log(&["--with", "wang", "--next", "+3d", "--as", "wu"]);
    assert!(said.contains("acme/wang  next 2026-07-03 (promised)"), "{said}");
    // wu is where it should be: no stranger at li's customer.
    assert_eq!(warned, "");
    let (said, warned) = log(&["--with", "zhao", "--as", "wu"]);
    assert!(said.contains("acme  next 2026-07-07 (cycle)"), "{said}");
    assert!(warned.contains("Customer acme belongs to Li Lei"), "{warned}");
    let (said, warned) = log(&["--with", "wang", "--as", "li", "--direction", "out"]);
    assert!(said.contains("acme/wang  next 2026-07-03 (promised)"), "{said}");
    assert!(warned.contains("acme/wang belongs to Wu Min"), "{warned}");
    // Nor do li and wu call on one customer twice, as long as each has its own people there.
    let dir = acme("wu", "", &[]);
    let visits = |list: &[&str]| {
        calls(&dir, list);
        en(&dir, &["check"]).stdout.matches("E073").count()
    };
    assert_eq!(visits(&["2026-06-28 li zhao -", "2026-06-27 wu wang -"]), 0);
    assert_eq!(visits(&["2026-06-28 li zhao -", "2026-06-27 wu zhao -"]), 1);
    // Whoever calls on somebody has touched the customer.
    let effort = csv(&dir, &["report", "activity", "--columns", "rep,activities,customers"]);
    assert_eq!(effort, ["li,1,1", "wu,1,1"]);
}

#[test]
fn whoever_is_named_must_be_there() {
    let dir = acme("", "", &[]);
    dir.write("customers/acme.toml", dir.read("customers/acme.toml").replace("owner = \"\"\n\n[[", "\n[["));
    dir.write("team.toml", dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-29\n");
    let file = dir.read("customers/acme.toml");
    let check = |args: &[&str], code: i32, words: &str| {
        let ran = en(&dir, args).expect(code);
        assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        assert_eq!(dir.read("customers/acme.toml"), file, "{args:?}");
    };
    check(&["contact", "set", "acme", "wang", "owner=nobody"], 2, "team.toml has no member `nobody`");
    check(&["contact", "set", "acme", "wang", "owner=xu"], 7, "xu left on 2026-06-29");
    check(&["contact", "add", "acme", "Sun Li", "owner=xu"], 7, "xu left on 2026-06-29");
    check(&["contact", "add", "acme", "Sun Li", "owner=nobody"], 2, "team.toml has no member `nobody`");
    // By its name, as elsewhere.
    let ran = en(&dir, &["contact", "set", "acme", "wang", "owner=Wu Min"]).expect(0);
    assert_eq!(ran.stdout, "acme/wang  followed by: – → wu\n");
    assert!(dir.read("customers/acme.toml").contains("name = \"Wang Wei\"\nowner = \"wu\"\n"));
    let zh = dir.run(&["contact", "set", "acme", "wang", "owner=", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("跟进人"), "{zh}");
    assert_eq!(dir.read("customers/acme.toml"), file);
    en(&dir, &["contact", "add", "acme", "Sun Li", "--id", "sun", "owner=wu"]).expect(0);
    assert!(
        dir.read("customers/acme.toml").ends_with("[[contacts]]\nid = \"sun\"\nname = \"Sun Li\"\nowner = \"wu\"\n")
    );
    // The pages say who follows whom.
    assert_eq!(csv(&dir, &["contact", "list", "--columns", "id,owner"]), ["wang,", "zhao,", "sun,wu"]);
    for page in [&["show", "acme"][..], &["brief", "acme"], &["contact", "show", "acme", "sun"], &["contact", "list"]] {
        let said = en(&dir, page).expect(0).stdout;
        assert!(said.contains("followed by"), "{page:?}: {said}");
        let zh = dir.run(&[page, &["--lang", "zh-CN"]].concat()).expect(0).stdout;
        assert!(zh.contains("跟进人"), "{page:?}: {zh}");
    }
    let brief = en(&dir, &["brief", "acme"]).expect(0).stdout;
    assert!(brief.contains("Sun Li, followed by Wu Min: next 2026-01-06: never contacted"), "{brief}");
    // Nobody goes who is named.
    let ran = en(&dir, &["team", "rm", "wu", "-y"]).expect(7);
    assert!(ran.stderr.contains("customers/acme.toml:"), "{}", ran.stderr);
}

#[test]
fn an_import_is_judged_as_the_command_line_is() {
    let dir = acme("wu", "", &[]);
    dir.write("team.toml", dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-29\n");
    dir.write(
        "people.toml",
        "into = \"contacts\"\n[columns]\ncustomer = \"c\"\nid = \"id\"\nname = \"name\"\nowner = \"who\"\n",
    );
    let import = |rows: &str, more: &[&str]| {
        dir.write("people.csv", format!("c,id,name,who\n{rows}"));
        en(&dir, &[&["import", "people.csv", "--map", "people.toml"], more].concat())
    };
    let check = |rows: &str, words: &str| {
        let before = dir.read("customers/acme.toml");
        let ran = import(rows, &["--update"]);
        assert!(ran.code != 0 && (ran.stdout + &ran.stderr).contains(words), "{rows}");
        assert_eq!(dir.read("customers/acme.toml"), before);
    };
    check("acme,sun,Sun Li,nobody\n", "nobody");
    check("acme,sun,Sun Li,xu\n", "xu left on 2026-06-29");
    check("acme,wang,Wang Wei,xu\n", "xu left on 2026-06-29");
    import("acme,sun,Sun Li,Wu Min\nacme,wang,Wang Wei,chen\n", &["--update"]).expect(0);
    assert_eq!(csv(&dir, &["contact", "list", "--columns", "id,owner"]), ["wang,chen", "zhao,", "sun,wu"]);
    // What is there already may stay: what was exported is taken back.
    dir.write("customers/acme.toml", dir.read("customers/acme.toml").replace("owner = \"chen\"", "owner = \"xu\""));
    let ran = import("acme,wang,Wang Wei,xu\n", &["--update", "-n"]).expect(0);
    assert!((ran.stdout + &ran.stderr).contains("unchanged"));
}

#[test]
fn edits_by_hand_are_found() {
    let find = |owner: &str, more: &str| {
        let dir = acme(owner, more, &["2026-06-29 li zhao -"]);
        dir.write("team.toml", dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-28\n");
        let found = en(&dir, &["check"]).stdout;
        found
            .lines()
            .filter(|l| l.contains("[E") || l.contains("-->"))
            .map(|l| l.trim().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(find("wu", ""), Vec::<String>::new());
    let unknown = ["error[E044]: `owner`: there is no member of team.toml `wuu`", "--> customers/acme.toml:12:10"];
    assert_eq!(find("wuu", ""), unknown);
    assert_eq!(find("wuu", "left = 2026-01-31"), unknown);
    let gone = [
        "warning[E125]: the contact wang of acme is followed by xu, who left on 2026-06-28",
        "--> customers/acme.toml:12:10",
    ];
    assert_eq!(find("xu", ""), gone);
    // Who is no longer there need not be followed.
    assert_eq!(find("xu", "left = 2026-01-31"), Vec::<String>::new());
    // The owner's own decision is mended though a contact names a stranger.
    let dir = acme("wuu", "", &["2026-06-29 li zhao -"]);
    rows(&dir, "events", "e", super::rules::EVENT, &["2026-06-01,customer,acme,owner,,wu,chen"]);
    en(&dir, &["check", "--fix"]).expect(1);
    let owner = csv(&dir, &["history", "acme", "--columns", "to"]);
    assert_eq!(owner, ["wu", "li"]);
    // In an editor, too.
    let dir = acme("wu", "", &[]);
    dir.write("team.toml", dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-28\n");
    for (to, code) in [("nobody", 3), ("xu", 7), ("chen", 0)] {
        let editor = format!("sed -i s/\\\"wu\\\"/\\\"{to}\\\"/");
        let ran = dir.run_with(&["edit", "acme", "--lang", "en"], &[("EDITOR", &editor)], "").expect(code);
        assert_eq!(dir.read("customers/acme.toml").contains(&format!("owner = \"{to}\"")), code == 0, "{}", ran.stderr);
    }
}

#[test]
fn a_leaver_gives_the_contacts_away_too() {
    let dir = acme("wu", "", &["2026-06-22 wu wang 2026-07-10"]);
    customer(&dir, "bolt", "prospect", &format!("owner = \"wu\"\n{}", contacts("wu", "")));
    customer(&dir, "cell", "prospect", &contacts("wu", "left = 2026-01-31"));
    customer(&dir, "dock", "prospect", &contacts("chen", ""));
    let followed = || csv(&dir, &["contact", "list", "has:contacts", "--columns", "customer,id,owner"]);
    let ran = en(&dir, &["handover", "wu", "--to", "chen", "--as", "chen", "--dry-run"]).expect(0);
    assert_eq!(ran.stdout.matches("-owner = \"wu\"").count(), 3, "{}", ran.stdout);
    let before = followed();
    let ran = en(&dir, &["handover", "wu", "--to", "chen", "--as", "chen"]).expect(0);
    for line in ["acme/wang  followed by: wu → chen", "bolt/wang  followed by: wu → chen"] {
        assert!(ran.stdout.contains(line), "{}", ran.stdout);
    }
    for line in [
        "Wu Min: customers 1 → 0, followed contacts 2 → 0",
        "Chen Jie: customers 0 → 1, followed contacts 1 → 3",
        "total: customers 1, followed contacts 3",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    assert_eq!(due(&dir, &["owner:chen", "acme"]), ["acme,wang,chen,2026-07-10,promise"]);
    // Who is gone there stays as it was.
    assert!(followed().contains(&"cell,wang,wu".to_string()));
    en(&dir, &["undo", "--as", "chen"]).expect(0);
    assert_eq!(followed(), before);
    // A leaver's list has them, and a first contact for each whose customer stays with its owner.
    let args = ["team", "leave", "wu", "--on", "2026-06-30", "--to", "chen", "--as", "chen", "-f", "csv"];
    let list = en(&dir, &args).expect(0).stdout;
    let cut: Vec<String> = list.lines().map(|l| l.split(',').take(4).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(
        cut,
        [
            "customer,name,contact,to",
            "bolt,Customer bolt,,chen",
            "acme,Customer acme,wang,chen",
            "bolt,Customer bolt,wang,chen"
        ]
    );
    let tasks = csv(&dir, &["task", "list", "--columns", "customer,owner,title", "--sort", "customer"]);
    assert_eq!(tasks.len(), 2, "{tasks:?}");
    assert!(tasks[0].starts_with("acme,chen,") && tasks[0].contains("Wang Wei (Customer acme)"), "{tasks:?}");
    assert!(tasks[1].starts_with("bolt,chen,"), "{tasks:?}");
    let found = en(&dir, &["check", "--today", "2026-07-15"]).stdout;
    assert!(!found.contains("E125"), "{found}");
}

#[test]
fn to_the_pool_contacts_are_their_customers_owners() {
    let dir = acme("wu", "", &[]);
    en(&dir, &["handover", "wu", "--to", "pool", "--as", "chen"]).expect(0);
    assert_eq!(csv(&dir, &["contact", "list", "--columns", "id,owner"]), ["wang,", "zhao,"]);
    assert!(!dir.read("customers/acme.toml").contains("\"wu\""));
}

#[test]
fn a_merge_keeps_who_follows_whom() {
    let dir = acme("wu", "", &[]);
    let more = contacts("chen", "").replace("Wang Wei", "Sun Li").replace("\"wang\"", "\"sun\"");
    customer(&dir, "bolt", "prospect", &more);
    en(&dir, &["merge", "acme", "bolt", "--as", "chen", "-y"]).expect(0);
    assert_eq!(csv(&dir, &["contact", "list", "--columns", "id,owner"]), ["wang,wu", "zhao,", "sun,chen"]);
    // The same person on both sides: what one lacks the other has.
    let dir = acme("wu", "", &[]);
    dir.write("customers/acme.toml", dir.read("customers/acme.toml").replace("\nowner = \"wu\"\n", "\n"));
    customer(&dir, "bolt", "prospect", &contacts("chen", ""));
    en(&dir, &["merge", "acme", "bolt", "--as", "chen", "-y"]).expect(0);
    assert_eq!(csv(&dir, &["contact", "list", "--columns", "id,owner"]), ["wang,chen", "zhao,"]);
}

#[test]
fn the_cache_knows_who_follows_whom() {
    let dir = acme("wu", "left = 2026-12-31", &["2026-06-22 wu wang 2026-07-10"]);
    for n in 0..40 {
        customer(&dir, &format!("c{n}"), "prospect", &if n % 3 == 0 { contacts("chen", "") } else { String::new() });
    }
    let ask = |cache: &str| {
        let ask = |format: &str| {
            let args = ["due", "--within", "60d", "-f", format];
            dir.run_with(&args, &[("KEHU_CACHE", cache)], "").expect(0).stdout
        };
        // People see names.
        ask("csv") + &ask("md")
    };
    let read = ask("off");
    assert_eq!(read.matches(",wang,chen,").count(), 14, "{read}");
    assert_eq!(read.matches("Wang Wei").count(), 15, "{read}");
    assert_eq!([ask("always"), ask("always")], [read.clone(), read.clone()]);
    dir.run(&["contact", "set", "c0", "zhao", "owner=wu"]).expect(0);
    assert_eq!(ask("always"), ask("off"));
    assert_ne!(ask("always"), read);
}

#[test]
fn customers_are_found_by_who_follows_their_contacts() {
    let dir = acme("wu", "", &[]);
    customer(&dir, "bolt", "prospect", &contacts("chen", ""));
    customer(&dir, "cell", "prospect", "");
    customer(&dir, "dock", "prospect", &contacts("li", ""));
    let check = |term: &str, expected: &[&str]| {
        assert_eq!(csv(&dir, &["list", term, "--columns", "id,followers"]), expected, "{term}");
    };
    check("followers:wu", &["acme,wu"]);
    check("followers:wu,chen", &["acme,wu", "bolt,chen"]);
    check("followers:Wu Min", &["acme,wu"]);
    check("联系人跟进人:chen", &["bolt,chen"]);
    check("has:followers", &["acme,wu", "bolt,chen"]);
    check("no:followers", &["cell,", "dock,"]);
    assert_eq!(csv(&dir, &["contact", "list", "followers:wu", "--columns", "id,owner"]), ["wang,wu", "zhao,"]);
    for (term, code) in [("followers:wuu", 2), ("followers:Wu Min,wuu", 2), ("followers:wu", 0)] {
        let ran = en(&dir, &["list", term]).expect(code);
        assert!(code == 0 || ran.stderr.contains("`wuu`"), "{term}: {}", ran.stderr);
    }
    let said = en(&dir, &["list", "acme", "--columns", "followers", "--explain"]).expect(0).stdout;
    assert!(said.contains("customers/acme.toml"), "{said}");
}

#[test]
fn a_promise_to_anybody_there_keeps_the_customer() {
    let keeps = |list: &[&str]| {
        let dir = acme("wu", "", list);
        let rows = csv(&dir, &["pool", "sweep", "--columns", "customer"]);
        (rows.is_empty(), dir)
    };
    // Nobody spoke to Acme for two months; the latest promise is too far off to keep it, the one before is not.
    let (near, far) = ("2026-04-01 li zhao 2026-07-05", "2026-04-02 wu wang 2026-09-30");
    assert!(!keeps(&[far]).0);
    assert!(keeps(&[near]).0);
    let (kept, dir) = keeps(&[near, far]);
    assert!(kept);
    // Who closes it is told of both.
    let ran = en(&dir, &["close", "acme", "--reason", "no-need-now"]).expect(0);
    for day in ["2026-07-05", "2026-09-30"] {
        assert!(ran.stderr.contains(&format!("kehu will remind nobody of {day}")), "{}", ran.stderr);
    }
}

#[test]
fn a_new_customer_may_come_with_who_follows_whom() {
    let dir = acme("wu", "", &[]);
    dir.write("team.toml", dir.read("team.toml") + "\n[xu]\nname = \"Xu Mei\"\nleft = 2026-06-29\n");
    let add = |owner: &str| {
        let owner = format!("contact.owner={owner}");
        en(&dir, &["customer", "add", "Bolt", "--id", "bolt", "contact.name=Sun Li", &owner])
    };
    add("xu").expect(7);
    add("nobody").expect(2);
    add("wu").expect(0);
    assert_eq!(csv(&dir, &["contact", "list", "bolt", "--columns", "name,owner"]), ["Sun Li,wu"]);
    // Its file is imported as any other.
    let file = "id,name,contact.name,contact.owner\n";
    for (row, code, words) in [("cell,Cell,Qin,xu", 1, "xu left on"), ("cell,Cell,Qin,chen", 0, "")] {
        dir.write("list.csv", format!("{file}{row}\n"));
        let ran = en(&dir, &["import", "list.csv", "--into", "customers"]);
        assert_eq!(ran.code != 0, code != 0, "{}", ran.stderr);
        assert!((ran.stdout + &ran.stderr).contains(words), "{row}");
    }
    assert_eq!(due(&dir, &["cell", "owner:chen"]).len(), 1);
}
