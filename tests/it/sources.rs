//! `report sources` and `report retention` on a company that is worked out by hand.

use crate::support::Dir;
use rust_decimal::Decimal;
use serde_json::Value;

fn customer(dir: &Dir, id: &str, created: &str, stage: &str, more: &str) {
    let text = format!(
        "name = \"Customer {id}\"\ncreated = {created}\n\nstage = \"{stage}\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"\"\n\n{more}"
    );
    dir.write(&format!("customers/{id}.toml"), text);
}

/// Two leads of a fair, one of which bought; one that came by the website as a customer; one that was referred; one from before.
fn company() -> Dir {
    let dir = Dir::new();
    let fair = "source = \"expo\"\ncampaign = \"spring\"\n";
    customer(&dir, "acme", "2026-01-10", "repeat", fair);
    customer(&dir, "beta", "2026-02-10", "lead", fair);
    customer(&dir, "coda", "2026-03-01", "first-order", "source = \"web\"\n");
    customer(&dir, "delta", "2025-01-01", "repeat", "source = \"web\"\n");
    customer(&dir, "echo", "2026-03-05", "lead", "source = \"referral\"\nreferred_by = \"acme\"\n");
    dir.write(
        "ledgers/events/2026-li.csv",
        "id,at,kind,subject,event,from,to,by\ne_1,2026-01-10,customer,acme,stage,,lead,li\ne_2,2026-02-01,customer,acme,stage,lead,repeat,li\n",
    );
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,amount,cost,by\n\
         o_1,1,2025-02-01,delta,300,100,li\n\
         o_2,1,2026-02-01,acme,600,400,li\n\
         o_3,1,2026-05-01,acme,400,200,li\n\
         o_4,1,2026-03-01,coda,500,450,li\n\
         o_5,1,2026-05-20,delta,90,10,li\n",
    );
    dir.write(
        "ledgers/spend/2026-li.csv",
        "id,at,amount,kind,customer,campaign,by\n\
         s_1,2026-01-05,100,campaign,,spring,li\n\
         s_2,2026-02-11,20,gift,beta,,li\n\
         s_3,2026-03-02,30,visit,delta,,li\n\
         s_4,2026-03-03,7,campaign,,nowhere,li\n\
         s_5,2025-12-31,9,campaign,,spring,li\n",
    );
    dir
}

/// Rows with these of their keys; `-` = unknown.
fn rows(dir: &Dir, args: &[&str], keys: &[&str]) -> Vec<String> {
    let all: Vec<Value> = serde_json::from_str(&dir.run(args).expect(0).stdout).expect("JSON");
    let cell = |v: &Value| match v {
        Value::Null => "-".to_string(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string().parse::<Decimal>().map_or_else(|_| other.to_string(), |n| n.normalize().to_string()),
    };
    all.iter().map(|row| keys.iter().map(|k| cell(&row[*k])).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn what_a_source_brought_stands_against_what_was_spent_on_it() {
    let dir = company();
    let keys =
        ["source", "customers", "lead_count", "converted", "conversion", "buyers", "profit", "spend", "net_profit"];
    let found = rows(&dir, &["report", "sources", "-p", "2026Q1", "--json"], &keys);
    let expected = [
        "'expo' 2 2 1 0.5 1 400 120 280",
        "'web' 1 0 0 - 1 50 0 50",
        "'referral' 1 1 0 0 0 0 0 0",
        // A campaign that brought nobody has no source.
        "- 0 0 0 - 0 0 7 -7",
    ];
    assert_eq!(found, expected);
    let keys = ["campaign", "customers", "spend", "cost_per_buyer", "payback"];
    let found = rows(&dir, &["report", "sources", "--by", "campaign", "-p", "2026Q1", "--json"], &keys);
    let expected = ["'spring' 2 120 120 2.333333", "'nowhere' 0 7 - -1", "- 2 0 0 -"];
    assert_eq!(found, expected);
    // Beside a part of the customers what is spent on campaigns says nothing.
    let ran = dir.run(&["report", "sources", "beta", "-p", "2026Q1", "--json"]).expect(0);
    assert!(ran.stderr.contains("107.00"), "{}", ran.stderr);
    assert!(ran.stdout.contains("\"spend\":20"), "{}", ran.stdout);
}

#[test]
fn whoever_was_referred_stands_below_who_did() {
    let dir = company();
    let keys = ["customer", "referred_by", "referral_level", "referrals", "below", "profit", "profit_below"];
    let args = ["report", "sources", "--by", "referrer", "-p", "2026H1", "--json"];
    let expected = ["'acme' - 0 1 1 400 0", "'echo' 'acme' 1 0 0 0 0"];
    assert_eq!(rows(&dir, &args, &keys), expected);
    // A circle has no beginning, and is shown all the same.
    customer(&dir, "acme", "2026-01-10", "repeat", "referred_by = \"echo\"\n");
    let expected = ["'acme' - 0 1 1 400 0", "'echo' 'acme' 1 1 0 0 0"];
    assert_eq!(rows(&dir, &args, &keys), expected);
}

#[test]
fn cohorts_are_those_of_the_first_order() {
    let dir = company();
    let keys = ["cohort", "customers", "age", "period", "over", "active", "share", "revenue", "revenue_share"];
    let found = rows(&dir, &["report", "retention", "-p", "2026H1", "--json"], &keys);
    let expected = ["'2026Q1' 2 0 '2026Q1' true 2 1 1100 1", "'2026Q1' 2 1 '2026Q2' true 1 0.5 400 0.363636"];
    assert_eq!(found, expected);
    let nobody = rows(&dir, &["report", "retention", "-p", "2024", "--json"], &keys);
    assert!(nobody.is_empty(), "{nobody:?}");
}
