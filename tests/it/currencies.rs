//! Money of several currencies: each account by itself, totals by the rate of the row's day, and never a rate of 1 that nobody entered.

use super::support::Dir;
use super::support::company::{customer, json};

fn company() -> Dir {
    let dir = Dir::new();
    customer(&dir, "acme", "lead", "li");
    dir.run(&["product", "add", "p1", "Pump", "price=700", "cost=420", "since=2026-01-01"]).expect(0);
    for (day, rate) in [("2026-01-01", "7"), ("2026-06-01", "7.2")] {
        dir.run(&["rate", "add", day, "USD", rate]).expect(0);
    }
    dir
}

fn columns(dir: &Dir, args: &[&str]) -> String {
    dir.run(&[args, &["-f", "csv"]].concat()).expect(0).stdout
}

#[test]
fn a_quote_has_a_currency_and_hands_it_to_its_order() {
    let dir = company();
    // The cost of 420 is 58.33 dollars at the rate of the day.
    dir.run(&["quote", "add", "acme", "p1:2@100", "--currency", "USD", "--id", "Q-1"]).expect(0);
    dir.run(&["quote", "add", "acme", "p1:1@800", "--id", "Q-2"]).expect(0);
    let list = columns(&dir, &["quote", "list", "--columns", "id,currency,net,profit"]);
    let net =
        |id: &str| list.lines().find(|l| l.starts_with(id)).map(|l| l.split(',').nth(2).unwrap_or("").to_string());
    assert_eq!(net("Q-1").as_deref(), Some("176.99"), "{list}");
    assert!(list.contains("Q-1,USD,"), "{list}");
    // A total of several currencies is in the base currency.
    let total = dir.run(&["quote", "list", "--columns", "id,net", "--total"]).expect(0).stdout;
    assert!(total.contains("1,982.29"), "{total}");
    let tried = dir.run(&["quote", "try", "acme", "p1:1@50", "--currency", "USD"]).expect(0).stdout;
    assert!(tried.contains("USD") && tried.contains("allowed") && tried.contains("no"), "{tried}");
    dir.run(&["quote", "add", "acme", "p1:1@50", "--currency", "USD"]).expect(7);
    // A new version keeps it.
    dir.run(&["quote", "add", "acme", "p1:3@100", "--version-of", "Q-1"]).expect(0);
    dir.run(&["quote", "accept", "Q-1", "--order", "SO-1", "--id", "SO-1"]).expect(2);
    dir.run(&["quote", "accept", "Q-1", "--id", "SO-1"]).expect(0);
    assert!(columns(&dir, &["order", "list", "--columns", "id,quantity,currency"]).contains("SO-1,3,USD"));
    let owed = json(&dir, &["report", "receivables"]);
    assert_eq!((owed[0]["currency"].as_str(), owed[0]["outstanding"].to_string()), (Some("USD"), "300".into()));
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_refund_goes_out_of_the_account_in_its_currency() {
    let dir = company();
    dir.write(
        "ledgers/receipts/2026-li.csv",
        "id,line,at,customer,amount,currency\nP-1,1,2026-06-02,acme,100,USD\nP-2,1,2026-06-02,acme,50,\n",
    );
    let check = |refund: &str, code: i32, found: &str| {
        dir.write(
            "ledgers/refunds/2026-li.csv",
            format!("id,at,customer,amount,reason,kind,receipt,currency\n{refund}\n"),
        );
        let out = dir.run(&["check"]).expect(code);
        let said = format!("{}{}", out.stdout, out.stderr);
        assert!(said.contains(found), "{refund}: {said}");
    };
    check("F-1,2026-06-03,acme,80,quality,return,P-1,USD", 0, "");
    check("F-1,2026-06-03,acme,80,quality,return,P-1,", 1, "E097");
    check("F-1,2026-06-03,acme,80,quality,return,,USD", 0, "");
    check("F-1,2026-06-03,acme,80,quality,return,,", 1, "E102");
    check("F-1,2026-06-03,acme,80,quality,return,,EUR", 1, "E117");
    dir.write(
        "ledgers/refunds/2026-li.csv",
        "id,at,customer,amount,reason,kind,receipt,currency\nF-1,2026-06-03,acme,80,quality,return,P-1,USD\n",
    );
    let rows = json(&dir, &["report", "receivables"]);
    let told: Vec<String> = rows.iter().map(|r| format!("{} {}", r["currency"], r["credit"])).collect();
    assert_eq!(told, ["\"USD\" 20", "\"CNY\" 50"]);
}

#[test]
fn refund_add_takes_the_currency_of_what_it_gives_back() {
    let dir = company();
    dir.write("team.toml", dir.read("team.toml") + "\n[lin]\nname = \"Lin\"\nrole = \"director\"\n");
    dir.run(&["receipt", "add", "acme", "100", "--currency", "USD", "--id", "P-1"]).expect(0);
    let add = |id: &str, more: &[&str]| {
        let args = ["refund", "add", "acme", "10", "--kind", "return", "--reason", "quality", "--id", id];
        dir.run(&[&args, more].concat())
    };
    add("F-1", &["--receipt", "P-1"]).expect(0);
    add("F-2", &["--currency", "USD"]).expect(0);
    add("F-3", &[]).expect(7);
    add("F-4", &["--receipt", "P-1", "--currency", "EUR"]).expect(7);
    let list = columns(&dir, &["refund", "list", "--columns", "id,amount,currency"]);
    assert_eq!(list, "id,amount,currency\nF-1,10,USD\nF-2,10,USD\n");
}

#[test]
fn an_allowance_counts_by_the_rate_of_its_day() {
    let dir = company();
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,quantity,price,currency,by\nSO-1,1,2026-05-01,acme,1,100,USD,li\n",
    );
    dir.write(
        "ledgers/refunds/2026-li.csv",
        "id,at,customer,amount,reason,kind,order,currency\nF-1,2026-06-03,acme,10,quality,allowance,SO-1,USD\n",
    );
    let revenue = |today: &str| json(&dir, &["report", "profit", "--today", today])[0]["revenue"].to_string();
    assert_eq!(revenue("2026-05-31"), "700");
    assert_eq!(revenue("2026-06-30"), "628");
    // Without a rate it counts nowhere, and that is said with currency and day.
    dir.write(
        "ledgers/refunds/2026-li.csv",
        "id,at,customer,amount,reason,kind,order,currency\nF-1,2026-06-03,acme,10,quality,allowance,,EUR\n",
    );
    let out = dir.run(&["report", "profit"]).expect(3);
    assert!(out.stdout.contains("no rate of EUR on 2026-06-03: `kehu rate add 2026-06-03 EUR RATE`"), "{}", out.stdout);
}

#[test]
fn an_order_without_a_rate_is_named_everywhere_and_never_counted_as_one() {
    let dir = company();
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,quantity,price,currency,by\nSO-1,1,2026-05-01,acme,1,100,EUR,li\n",
    );
    for args in [
        &["report", "profit"][..],
        &["report", "profit", "--by", "rep"],
        &["report", "orders"],
        &["report", "products"],
        &["list", "--columns", "id,revenue"],
        &["order", "list", "--total", "id:SO-1"],
    ] {
        let out = dir.run(args);
        let said = format!("{}{}", out.stdout, out.stderr);
        // A list of one currency adds up in that currency.
        let code = if args[0] == "order" { 0 } else { 3 };
        assert_eq!(out.code, code, "{args:?}: {said}");
        if code == 3 {
            assert!(said.contains("EUR") && said.contains("2026-05-01"), "{args:?}: {said}");
        }
    }
    let check = dir.run(&["check"]).expect(0).stdout;
    assert!(check.contains("E117") && check.contains("EUR has no rate on 2026-05-01"), "{check}");
    dir.run(&["rate", "add", "2026-04-30", "EUR", "8"]).expect(0);
    dir.run(&["check"]).expect(0);
    assert_eq!(json(&dir, &["report", "profit"])[0]["revenue"].to_string(), "800");
}
