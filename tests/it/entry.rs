//! What a row may name and say: the same by `add`, by `set`, by import and by hand.

use super::support::{Dir, start};

fn company() -> Dir {
    let dir = start::make("small");
    dir.run(&["product", "add", "fan", "Fan", "price=100", "cost=60"]).expect(0);
    dir.run(&["order", "add", "acme", "fan:2", "--id", "o_77"]).expect(0);
    dir.run(&["receipt", "add", "acme", "50", "--id", "p_77"]).expect(0);
    dir
}

/// A command is refused with this exit code, names what it was given, and changes nothing; in both languages.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], code: i32, words: &str) {
    let before = dir.files();
    for lang in ["en", "zh-CN"] {
        let out = dir.run(&[args, &["--lang", lang]].concat());
        assert_eq!(out.code, code, "{args:?}: {}{}", out.stdout, out.stderr);
        assert!(out.stderr.contains(words), "{args:?}: {}", out.stderr);
        let now: Vec<_> = dir.files().into_iter().filter(|(name, _)| !name.ends_with(".rejects.csv")).collect();
        assert_eq!(now, before, "{args:?}");
        let _ = std::fs::remove_file(dir.path().join(format!("{}.rejects.csv", args[1].trim_end_matches(".csv"))));
    }
}

#[test]
fn what_set_names_is_there() {
    let dir = company();
    for (args, code) in [
        (&["receipt", "set", "p_77/1", "order=nope"][..], 4),
        (&["order", "set", "o_77/1", "product=nope"], 4),
        (&["order", "set", "o_77/1", "deal=nope"], 4),
        (&["order", "set", "o_77", "contract=nope"], 4),
        (&["order", "set", "o_77/1", "returns=nope/1"], 4),
        (&["order", "set", "o_77", "customer=nope"], 4),
        (&["order", "set", "o_77", "by=nope"], 2),
        (&["row", "set", "receipt:p_77/1", "order=nope"], 4),
        (&["row", "set", "order:o_77/1", "product=nope"], 4),
        (&["product", "set", "fan", "supplier=nope"], 4),
        (&["product", "add", "hub", "Hub", "upgrade_of=nope"], 4),
    ] {
        refused(&dir, args, code, "nope");
    }
    dir.run(&["receipt", "set", "p_77/1", "order=o_77"]).expect(0);
    dir.run(&["check"]).expect(0);
}

#[test]
fn only_members_share_an_order() {
    let dir = company();
    refused(&dir, &["order", "add", "acme", "fan:1", "--split", "li:0.7,nobody:0.3"], 2, "nobody");
    refused(&dir, &["order", "set", "o_77", "split=li:0.7,nobody:0.3"], 2, "nobody");
    let header = "id,line,at,customer,product,quantity,price,split\n";
    dir.write("split.csv", format!("{header}o_78,1,2026-06-01,acme,fan,1,100,\"li:0.7,nobody:0.3\"\n"));
    refused(&dir, &["import", "split.csv", "--into", "orders"], 3, "nobody");
    // By name, as everywhere.
    dir.run(&["order", "set", "o_77", "split=Li Lei:0.7,wu:0.3"]).expect(0);
    assert!(dir.run(&["order", "list", "--columns", "split", "-f", "csv"]).stdout.contains("li:0.7,wu:0.3"));
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_score_is_one_of_its_question() {
    let dir = company();
    for (kind, score) in [("nps", "11"), ("nps", "-1"), ("csat", "0"), ("csat", "7"), ("ces", "8"), ("value", "11")] {
        if !score.starts_with('-') {
            refused(&dir, &["feedback", "add", "acme", kind, score], 7, score);
        }
        dir.write("score.csv", format!("id,at,customer,kind,score\nb1,2026-06-01,acme,{kind},{score}\n"));
        refused(&dir, &["import", "score.csv", "--into", "feedback"], 3, score);
    }
    let added = dir.run(&["feedback", "add", "acme", "nps", "10", "-q"]).expect(0);
    let id = added.stdout.trim();
    refused(&dir, &["feedback", "set", id, "score=15"], 7, "15");
    // Another question has other answers.
    refused(&dir, &["feedback", "set", id, "kind=csat"], 7, "10");
    let (file, text) = dir.files().into_iter().find(|(name, _)| name.contains("/feedback/")).expect("a file");
    dir.write(&file, String::from_utf8(text).expect("text").replace(",10,", ",15,"));
    let out = dir.run(&["check"]).expect(1);
    assert!(out.stdout.contains("E033"), "{}", out.stdout);
}

#[test]
fn what_has_not_come_is_no_fact() {
    let dir = company();
    for args in [
        &["order", "set", "o_77", "at=2026-07-01"][..],
        &["receipt", "set", "p_77/1", "at=2030-01-01"],
        &["row", "set", "receipt:p_77/1", "at=2030-01-01"],
    ] {
        refused(&dir, args, 2, args[args.len() - 1].trim_start_matches("at="));
    }
    dir.write("late.csv", "id,line,at,customer,amount\np_78,1,2026-07-01,acme,5\n");
    refused(&dir, &["import", "late.csv", "--into", "receipts"], 3, "2026-07-01");
    dir.write("late.csv", "id,at,customer,channel,by,note\na_78,2026-07-01,acme,call,li,x\n");
    refused(&dir, &["import", "late.csv", "--into", "activities"], 3, "2026-07-01");
    std::fs::remove_file(dir.path().join("late.csv")).expect("removed");
    let (file, text) = dir.files().into_iter().find(|(name, _)| name.contains("/receipts/")).expect("a file");
    dir.write(&file, String::from_utf8(text).expect("text").replace(",2026-06-30", ",2199-06-30"));
    for lang in ["en", "zh-CN"] {
        let out = dir.run(&["check", "--lang", lang]).expect(0);
        assert!(out.stdout.contains("E079") && out.stdout.contains("receipt:p_77"), "{}", out.stdout);
    }
}

#[test]
fn due_takes_terms_about_its_own_columns() {
    let dir = Dir::demo();
    let ids = |terms: &[&str]| {
        let out =
            dir.run(&[&["due", "--within", "30d", "--columns", "customer,state,why", "-f", "csv"], terms].concat());
        out.expect(0).stdout
    };
    let all = ids(&[]);
    for state in ["overdue", "today", "coming"] {
        let wanted: Vec<&str> = all.lines().skip(1).filter(|l| l.contains(&format!(",{state},"))).collect();
        let found = ids(&[&format!("state:{state}")]);
        assert_eq!(found.lines().skip(1).collect::<Vec<_>>(), wanted);
    }
    assert_eq!(ids(&["state:已逾期"]), ids(&["state:overdue"]));
    assert!(ids(&["state:overdue"]).lines().count() > 1);
    assert_eq!(ids(&["state:overdue", "owner:li"]).lines().count(), {
        let li = ids(&["owner:li"]);
        li.lines().filter(|l| l.contains(",overdue,")).count() + 1
    });
    refused(&dir, &["due", "state:nowhen"], 2, "nowhen");
    let out = dir.run(&["due", "state:overdue", "--explain", "--limit", "1"]).expect(0);
    assert!(out.stdout.contains("R4"), "{}", out.stdout);
}

#[test]
fn a_thing_without_events_has_an_empty_history() {
    let dir = company();
    for (subject, lang, words) in [
        ("order:o_77", "en", "nothing has changed"),
        ("receipt:p_77", "en", "nothing has changed"),
        ("product:fan", "en", "nothing has changed"),
        ("order:o_77", "zh-CN", "录入后没有变更"),
    ] {
        let out = dir.run(&["history", subject, "--lang", lang]).expect(0);
        assert!(out.stderr.contains(words), "{subject}: {}", out.stderr);
    }
    assert_eq!(dir.run(&["history", "order:o_77", "--json"]).expect(0).stdout.trim(), "[]");
    refused(&dir, &["history", "order:nope"], 4, "nope");
    refused(&dir, &["history", "product:nope"], 4, "nope");
}

#[test]
fn a_receipt_of_another_customer_is_called_so() {
    let dir = company();
    let refund = ["refund", "add", "beta", "10", "--kind", "return", "--reason", "quality", "--receipt"];
    refused(&dir, &[&refund[..], &["p_77"]].concat(), 7, "acme");
    refused(&dir, &[&refund[..], &["nope"]].concat(), 4, "nope");
}

#[test]
fn the_page_of_a_customer_names_what_it_leaves_out() {
    let dir = company();
    dir.run(&["show", "acme"]).expect(0);
    let header = "id,line,at,customer,product,quantity,price,amount,currency,by\n";
    let rows = "o_78,1,2026-06-01,acme,fan,1,100,,USD,li\no_79,1,2026-06-01,acme,,,,,,li\n";
    dir.write("ledgers/orders/2026-hand.csv", format!("{header}{rows}"));
    for command in ["show", "brief"] {
        for (lang, words) in [("en", ["USD", "1"]), ("zh-CN", ["USD", "1"])] {
            let out = dir.run(&[command, "acme", "--lang", lang]).expect(3);
            assert!(words.iter().all(|w| out.stderr.contains(w)), "{command}: {}", out.stderr);
            assert!(out.stdout.contains("acme"), "{}", out.stdout);
        }
        // Others are not concerned.
        dir.run(&[command, "beta"]).expect(0);
    }
}

#[test]
fn money_that_moves_is_more_than_nothing() {
    let dir = company();
    refused(&dir, &["receipt", "add", "acme", "0"], 7, "0");
    for amount in ["0", "-5"] {
        refused(&dir, &["receipt", "set", "p_77/1", &format!("amount={amount}")], 7, amount);
        refused(&dir, &["row", "set", "receipt:p_77/1", &format!("amount={amount}")], 7, amount);
    }
}

#[test]
fn a_return_repeats_its_line() {
    let dir = company();
    dir.run(&["product", "add", "hub", "Hub", "price=100"]).expect(0);
    refused(&dir, &["order", "return", "o_77", "1", "1", "--at", "2026-06-29"], 7, "2026-06-29");
    dir.run(&["order", "return", "o_77", "1", "1", "--id", "o_78"]).expect(0);
    for (pair, words) in [("product=hub", "hub"), ("unit_cost=1", "60")] {
        refused(&dir, &["order", "set", "o_78/1", pair], 7, words);
    }
    refused(&dir, &["order", "set", "o_78", "at=2026-06-29"], 7, "2026-06-29");
    dir.run(&["order", "set", "o_78/1", "note=scratched"]).expect(0);
}

#[test]
fn what_a_row_names_belongs_to_its_customer() {
    let dir = company();
    dir.run(&["deal", "add", "beta", "Fans", "--id", "d_1"]).expect(0);
    dir.run(&["quote", "add", "acme", "fan:1", "--id", "q_1"]).expect(0);
    dir.run(&["log", "acme", "asked", "--at", "2026-06-29"]).expect(0);
    let activity = dir.run(&["activity", "list", "customer:acme", "-f", "ids"]).expect(0).stdout;
    let activity = activity.lines().next_back().expect("an id");
    for args in [
        &["order", "add", "acme", "fan:1", "--deal", "d_1"][..],
        &["order", "set", "o_77", "deal=d_1"],
        &["row", "set", "order:o_77/1", "deal=d_1"],
        &["quote", "add", "acme", "fan:1", "--deal", "d_1"],
        &["quote", "set", "q_1", "deal=d_1"],
        &["log", "acme", "asked again", "--deal", "d_1"],
        &["activity", "set", activity, "deal=d_1"],
        &["need", "add", "acme", "more", "deal=d_1"],
        &["feedback", "add", "beta", "csat", "4", "order=o_77"],
    ] {
        refused(&dir, args, 7, "beta");
    }
    dir.run(&["log", "beta", "asked", "--deal", "d_1"]).expect(0);
    dir.run(&["order", "add", "beta", "fan:1", "--deal", "d_1"]).expect(0);
    dir.run(&["check"]).expect(0);
}

#[test]
fn who_has_left_does_nothing_more() {
    let dir = company();
    let team = dir.read("team.toml");
    dir.write("team.toml", team + "\n[xu]\nname = \"Xu\"\nrole = \"rep\"\nleft = 2026-05-31\n");
    dir.run(&["quote", "add", "acme", "fan:1@100", "--id", "q_1", "--by", "xu", "--at", "2026-05-31"]).expect(0);
    for args in [
        &["order", "add", "acme", "fan:1", "--by", "xu"][..],
        &["order", "set", "o_77", "by=xu"],
        &["row", "set", "receipt:p_77/1", "by=xu"],
        &["quote", "add", "acme", "fan:1", "--by", "xu"],
        &["need", "add", "acme", "more", "--by", "xu"],
        &["receipt", "add", "acme", "5", "--as", "xu"],
    ] {
        refused(&dir, args, 7, "xu");
    }
    // What follows from a quote of theirs is by whoever enters it.
    dir.run(&["quote", "accept", "q_1", "--id", "o_78"]).expect(0);
    assert!(dir.run(&["order", "list", "by:li", "-f", "ids"]).expect(0).stdout.contains("o_78"));
    dir.run(&["check"]).expect(0);
}

#[test]
fn nobody_comes_back_to_where_it_began() {
    let dir = company();
    dir.run(&["customer", "set", "beta", "referred_by=acme"]).expect(0);
    for args in [
        &["customer", "set", "acme", "referred_by=acme"][..],
        &["customer", "set", "acme", "referred_by=beta"],
        &["team", "set", "chen", "manager=chen"],
        &["team", "set", "chen", "manager=li"],
    ] {
        refused(&dir, args, 7, " → ");
    }
    dir.write("c.csv", "id,name,referred_by\nacme,Acme,beta\n");
    refused(&dir, &["import", "c.csv", "--into", "customers", "--update"], 3, "acme → beta → acme");
    // Two new rows that refer each other: the one that closes the circle, and whoever named it, are left out.
    dir.write("c.csv", "id,name,referred_by\nx,X,y\ny,Y,x\nz,Z,z\n");
    refused(&dir, &["import", "c.csv", "--into", "customers"], 3, "z → z");
    dir.write("customers/b/beta.toml", dir.read("customers/b/beta.toml").replace("\"acme\"", "\"beta\""));
    assert!(dir.run(&["check"]).expect(1).stdout.contains("error[E112]: beta comes back to itself"));
}

#[test]
fn limits_are_not_negative_and_discounts_are_parts() {
    let dir = company();
    refused(&dir, &["customer", "set", "acme", "credit_limit=-5"], 2, "-5");
    refused(&dir, &["customer", "add", "Zed", "credit_limit=-5"], 2, "-5");
    refused(&dir, &["team", "set", "li", "limits.discount=5"], 2, "5");
    refused(&dir, &["team", "set", "li", "limits.discount=-0.1"], 2, "-0.1");
    dir.write("c.csv", "id,name,credit_limit\nacme,Acme,-5\n");
    refused(&dir, &["import", "c.csv", "--into", "customers", "--update"], 3, "-5");
    dir.write("c.csv", "id,name,credit_limit\nzed,Zed,-5\n");
    refused(&dir, &["import", "c.csv", "--into", "customers"], 3, "-5");
    let acme = dir.read("customers/a/acme.toml").replace("[[contacts]]", "credit_limit = -5\n\n[[contacts]]");
    dir.write(
        "customers/a/acme.toml",
        if acme.contains("credit_limit") { acme } else { acme + "\ncredit_limit = -5\n" },
    );
    assert!(dir.run(&["check"]).expect(1).stdout.contains("error[E105]"));
    let settings = dir.read("kehu.toml").replace("discount_max = 0.15", "discount_max = 1.5");
    dir.write("kehu.toml", settings);
    assert!(dir.run(&["check"]).expect(1).stdout.contains("1.5"));
}

#[test]
fn nothing_happens_before_the_thing_is_there() {
    let dir = company();
    refused(&dir, &["order", "ship", "o_77", "--at", "2026-06-29"], 7, "2026-06-30");
    dir.run(&["order", "add", "acme", "fan:1@100", "--id", "o_78", "--at", "2026-06-20"]).expect(0);
    dir.run(&["order", "ship", "o_78", "--at", "2026-06-25"]).expect(0);
    refused(&dir, &["order", "set", "o_78", "at=2026-06-26"], 7, "2026-06-25");
    dir.run(&["order", "set", "o_78", "at=2026-06-25"]).expect(0);
    dir.run(&["deal", "add", "acme", "Fans", "--id", "d_1"]).expect(0);
    refused(&dir, &["deal", "set", "d_1", "owner=nobody"], 2, "nobody");
    refused(&dir, &["deal", "move", "d_1", "qualify", "--at", "2026-06-29"], 7, "2026-06-30");
    dir.run(&["check"]).expect(0);
    // By hand.
    let (file, text) = dir.files().into_iter().find(|(name, _)| name.contains("/events/")).expect("a file");
    let text = String::from_utf8(text).expect("text");
    let header = text.lines().next().expect("a header");
    let check = |rows: &str, code: &str| {
        let columns = header.split(',').count();
        let wide = |row: &str| format!("{row}{}", ",".repeat(columns - row.split(',').count()));
        let rows: String = rows.lines().map(|r| wide(r) + "\n").collect();
        dir.write(&file, format!("{text}{rows}"));
        let out = dir.run(&["check"]).expect(1);
        assert!(out.stdout.contains(&format!("error[{code}]")), "{rows}: {}", out.stdout);
    };
    check("e_8,2026-06-29T09:00:00+08:00,deal,d_1,close_date,,2026-12-31,,,,li", "E067");
    check("e_8,2026-06-30T23:00:00+08:00,deal,d_1,owner,li,nobody,,,,li", "E044");
    check("e_8,2026-06-30T23:00:00+08:00,deal,d_1,stage,propose,negotiate,,,,li", "E068");
    check("e_8,2026-06-29T09:00:00+08:00,order,o_77,confirmed,,,,,,li", "E067");
}

#[test]
fn funnel_grade_and_today_take_terms_about_their_own_columns() {
    let dir = Dir::demo();
    let rows = |args: &[&str]| {
        let out = dir.run(&[args, &["-f", "csv"]].concat()).expect(0).stdout;
        out.lines().skip(1).map(str::to_string).collect::<Vec<_>>()
    };
    let check = |command: &[&str], column: &str, term: &str, fits: &dyn Fn(&str) -> bool| {
        let whose = if command[0] == "funnel" { "stage" } else { "customer" };
        let columns = format!("{column},{whose}");
        let shown = rows(&[command, &["--columns", &columns]].concat());
        let wanted: Vec<&String> = shown.iter().filter(|l| fits(l.split(',').next().unwrap_or(""))).collect();
        let found = rows(&[command, &[term, "--columns", &columns]].concat());
        assert!(!wanted.is_empty() && wanted.len() < shown.len(), "{term}: {} of {}", wanted.len(), shown.len());
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{command:?} {term}");
    };
    let number = |cell: &str| cell.parse::<f64>().unwrap_or(f64::NAN);
    check(&["funnel"], "customers", "customers.gt:9", &|c| number(c) > 9.0);
    check(&["funnel"], "stage_category", "stage_category:presale", &|c| c == "presale");
    check(&["grade"], "new", "new:B", &|c| c == "B");
    check(&["grade"], "score", "score.lt:50", &|c| number(c) < 50.0);
    check(&["grade"], "old", "old:C", &|c| c == "C");
    check(&["today", "--all"], "section", "section:overdue", &|c| c == "overdue");
    check(&["today", "--all"], "days_overdue", "days_overdue.gt:5", &|c| number(c) > 5.0);
    check(&["today", "--all"], "owner", "owner:li", &|c| c == "li");
    // Others choose the customers, and the totals are those of what stays.
    assert_eq!(rows(&["today", "--all", "section:逾期未跟进"]), rows(&["today", "--all", "section:overdue"]));
    assert!(rows(&["today", "--all", "region:nowhere"]).is_empty());
    let out = dir.run(&["funnel", "stalled.gt:99999"]).expect(0);
    assert!(!out.stdout.contains("lead"), "{}", out.stdout);
    let zero = dir.run(&["today", "section:overdue", "--explain", "--limit", "1"]).expect(0);
    assert!(zero.stdout.contains("R4"), "{}", zero.stdout);
    refused(&dir, &["today", "section:nowhen"], 2, "nowhen");
    refused(&dir, &["grade", "new:Z"], 2, "Z");
    refused(&dir, &["funnel", "stage_category:nothing"], 2, "nothing");
    // What is chosen by its figures is what is written.
    let some = rows(&["grade", "new:B", "--columns", "old,customer"]);
    let moving = some.iter().filter(|l| !l.starts_with("B,")).count();
    let out = dir.run(&["grade", "new:B", "--apply", "-q"]).expect(0);
    assert_eq!(out.stdout.lines().count(), moving, "{}", out.stdout);
}

#[test]
fn totals_name_what_has_no_rate() {
    let dir = company();
    dir.write("ledgers/rates/rates.csv", "date,currency,rate\n2026-01-01,USD,7\n");
    dir.run(&["receipt", "add", "acme", "10", "--currency", "USD"]).expect(0);
    let out = dir.run(&["receipt", "list", "--total"]).expect(0);
    // 50 and ten dollars at 7.
    assert!(out.stdout.contains("120.00"), "{}", out.stdout);
    assert!(dir.run(&["receipt", "list", "--average"]).expect(0).stdout.contains("60.00"));
    dir.run(&["receipt", "add", "acme", "30", "--currency", "EUR"]).expect(0);
    dir.run(&["receipt", "add", "acme", "12.50", "--currency", "EUR"]).expect(0);
    for (lang, words) in [("en", "2 receipts"), ("zh-CN", "2 笔收款")] {
        let out = dir.run(&["receipt", "list", "--total", "--lang", lang]).expect(3);
        assert!(out.stderr.contains(words) && out.stderr.contains("42.50 EUR"), "{}", out.stderr);
        assert!(out.stdout.contains("120.00"), "{}", out.stdout);
    }
    // Without a total nothing is left out, and one currency alone needs no rate.
    dir.run(&["receipt", "list"]).expect(0);
    let out = dir.run(&["receipt", "list", "currency:EUR", "--total"]).expect(0);
    assert!(out.stdout.contains("42.50"), "{}", out.stdout);
}

#[test]
fn an_amount_that_its_line_contradicts_is_said_everywhere() {
    let dir = company();
    let words = "but quantity, price and discount give";
    let said = |args: &[&str]| dir.run(&[args, &["--lang", "en"]].concat()).expect(0).stderr;
    assert!(said(&["order", "set", "o_77/1", "amount=150"]).contains(words));
    assert!(!said(&["order", "set", "o_77/1", "note=agreed"]).contains(words), "it was said before");
    let line = "product=fan quantity=2 price=100 amount=150";
    assert!(said(&["order", "add", "acme", "--line", line, "--id", "o_78"]).contains("o_78/1: the amount"));
    assert!(!said(&["order", "add", "acme", "fan:1"]).contains(words));
    dir.write("o.csv", "id,line,at,customer,product,quantity,price,amount\no_79,1,2026-06-30,acme,fan,2,100,150\n");
    let out = dir.run(&["import", "o.csv", "--into", "orders", "--lang", "en"]).expect(0);
    assert!(out.stderr.contains("1 order line has an amount"), "{}", out.stderr);
    let out = dir.run(&["import", "o.csv", "--into", "orders", "--lang", "zh-CN"]).expect(0);
    assert!(!out.stderr.contains("不符"), "what is there already is not said again: {}", out.stderr);
    assert_eq!(dir.run(&["check"]).expect(0).stdout.matches("warning[E104]").count(), 3);
    // What sells pieces comes to something.
    refused(&dir, &["order", "add", "acme", "--line", "product=fan quantity=1 amount=-5"], 7, "-");
    refused(&dir, &["order", "set", "o_77/1", "amount=-5"], 7, "-");
    dir.write("o.csv", "id,line,at,customer,product,quantity,amount\no_80,1,2026-06-30,acme,fan,2,-5\n");
    refused(&dir, &["import", "o.csv", "--into", "orders"], 3, "negative-amount");
    dir.write("ledgers/orders/2026-hand.csv", dir.read("o.csv"));
    assert!(dir.run(&["check"]).expect(1).stdout.contains("error[E105]"));
}

#[test]
fn a_customer_begins_where_it_may() {
    let dir = company();
    refused(&dir, &["customer", "add", "Zed", "--id", "zed", "stage=repeat"], 7, "zed");
    dir.write("c.csv", "id,name,stage\nzed,Zed,repeat\n");
    for (lang, words) in [("en", "1 customer begins"), ("zh-CN", "1 个客户所在阶段")] {
        let out = dir.run(&["import", "c.csv", "--into", "customers", "--dry-run", "--lang", lang]).expect(0);
        assert!(out.stderr.contains(words), "{}", out.stderr);
    }
    let map = "into = \"customers\"\naccept = [\"stage-requires\"]\n[columns]\nid = \"id\"\nname = \"name\"\nstage = \"stage\"\n";
    dir.write("m.toml", map);
    let out = dir.run(&["import", "c.csv", "--map", "m.toml", "--lang", "en"]).expect(0);
    assert!(!out.stderr.contains("begins"), "{}", out.stderr);
    assert!(dir.run(&["check"]).expect(0).stdout.contains("warning[E071]: zed"));
    // What was missing is imported later.
    dir.write("o.csv", "id,line,at,customer,product,quantity,price\no_90,1,2026-06-30,zed,fan,1,100\n");
    dir.run(&["import", "o.csv", "--into", "orders"]).expect(0);
    assert!(!dir.run(&["check"]).expect(0).stdout.contains("E071"));
}
