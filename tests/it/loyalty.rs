//! How loyal customers are (R15): the figures, and the scorecard that weighs them, through the program.

use super::rules::{company, customer, rows};
use super::support::Dir;
use serde_json::Value;

/// Cells of all rows in words, `-` for null.
fn told(dir: &Dir, args: &[&str], keys: &str) -> Vec<String> {
    let out = dir.run(&[args, &["--json"]].concat()).expect(0);
    let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
    let word = |v: &Value| match v {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    list.iter().map(|row| keys.split(' ').map(|k| word(&row[k])).collect::<Vec<_>>().join(" ")).collect()
}

/// `true` comes back at list prices, brings `new` and pays on time; `less` bargains and pays late; `new` bought once.
fn known() -> Dir {
    let dir = company("four-stage");
    let from = "created = 2024-01-05\n";
    customer(&dir, "true", "repeat", from);
    customer(&dir, "less", "repeat", from);
    customer(&dir, "new", "first-order", &format!("{from}referred_by = \"true\"\n"));
    customer(&dir, "lead", "lead", from);
    dir.write(
        "ledgers/products/2024.csv",
        "id,since,name,price,cost\np1,2024-01-01,Pen,100,60\np1,2026-06-01,Pen,120,60\n",
    );
    let order = "line,at,customer,product,quantity,price,discount,unit_cost,currency,due,by";
    rows(
        &dir,
        "orders",
        "o",
        order,
        &[
            "1,2024-07-01,true,p1,1,100,,60,,2024-07-31,li",
            "1,2025-07-01,true,p1,1,100,,60,,2025-07-31,li",
            "1,2026-01-01,true,p1,1,90,,60,,2026-01-31,li",
            "1,2026-06-20,true,p1,1,120,,60,,2026-07-20,li",
            "1,2026-02-01,less,p1,1,100,0.1,60,,2026-03-03,li",
            "1,2026-05-01,less,p1,1,100,,60,,2026-05-31,li",
            "1,2026-06-02,less,p1,1,100,,60,,2026-07-02,li",
            "1,2026-06-03,new,p1,2,120,,60,,2026-07-03,li",
        ],
    );
    let receipt = "line,at,customer,amount,order,currency,by";
    rows(
        &dir,
        "receipts",
        "p",
        receipt,
        &[
            "1,2024-07-31,true,100,o_000000000001,,li",
            "1,2025-07-31,true,100,o_000000000002,,li",
            "1,2026-01-31,true,90,o_000000000003,,li",
            "1,2026-03-04,less,90,o_000000000005,,li",
        ],
    );
    let feedback = ["2026-01-01,true,nps,3", "2026-05-01,true,nps,9", "2026-05-02,true,csat,2"];
    rows(&dir, "feedback", "b", "at,customer,kind,score", &feedback);
    dir
}

const METRICS: &str = "id repeat_rate list_price_share referrals referral_profit nps tenure on_time_share";

#[test]
fn figures_of_loyalty() {
    let dir = known();
    let list = |today: &str| {
        let columns = METRICS.replace(' ', ",");
        told(&dir, &["list", "id:true,less,new,lead", "--columns", &columns, "--sort", "id", "--today", today], METRICS)
    };
    assert_eq!(
        list("2026-06-30"),
        [
            "lead - - 0 0 - - -",
            // Bargained once, and sold below the new list price once; 90 were paid a day late, 100 are open and late.
            "less 0.666667 0.333333 0 0 - 149 0.000000",
            "new 0.000000 1.000000 0 0 - 27 -",
            "true 0.750000 0.750000 1 120 9 729 1.000000",
        ]
    );
    assert_eq!(list("2026-01-31")[3], "true 0.666667 0.666667 1 0 3 579 1.000000");
}

#[test]
fn the_scorecard_weighs_them() {
    let dir = known();
    let own = ["report", "loyalty", "customer:true,less,new,lead"];
    let found = told(&dir, &own, "customer band coverage provisional");
    assert_eq!(found, ["true loyal 1.000000 false", "less loose 0.850000 false", "new loose 0.700000 false"]);
    // true: 83.33 × 25, 75 × 15, 33.33 × 10, 66.67 × 10 (better than two of three), 100 × 15, 66.58 × 10, 100 × 15.
    let scores = told(&dir, &own, "score");
    assert!(scores[0].starts_with("78.7"), "{scores:?}");
    let out = dir.run(&[&own[..], &["--explain"]].concat()).expect(0);
    for word in ["repeat", "o_000000000003", "below the list price", "referred_by"] {
        assert!(out.stdout.contains(word), "{word}\n{}", out.stdout);
    }
    assert_eq!(told(&dir, &["report", "loyalty", "band:loose", "customer:true,less"], "customer"), ["less"]);
    // Without a scorecard nobody says what loyal is.
    let text = dir.read("kehu.toml");
    let (from, to) = (
        text.find("[scorecards.loyalty]").expect("a card"),
        text.find("# ---------------------------------------------------------------- public pool").expect("its end"),
    );
    dir.write("kehu.toml", format!("{}{}", &text[..from], &text[to..]));
    let out = dir.run(&own).expect(0);
    assert!(out.stdout.is_empty() && out.stderr.contains("[scorecards.loyalty]"), "{}{}", out.stdout, out.stderr);
}
