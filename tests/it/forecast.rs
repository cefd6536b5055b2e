//! What was planned beside what came of it (R6): a company worked out by hand.

use super::support::company::{customer, json, told};
use super::support::{Dir, start};

fn company() -> Dir {
    let dir = start::make("new");
    customer(&dir, "acme", "repeat", "li");
    let write = |ledger: &str, text: &str| dir.write(&format!("ledgers/{ledger}/2026.csv"), text);
    write(
        "orders",
        "id,line,at,customer,product,quantity,amount,unit_cost,cost,extra_cost,returns,deal,contract,by\n\
         o_1,1,2026-03-01,acme,,10,1000,60,650,20,,,,li\n\
         b_1,1,2026-03-20,acme,,-1,-100,,-65,,o_1/1,,,li\n\
         o_2,1,2026-04-01,acme,pump,2,1000,400,,,,,,li\n\
         o_3,1,2026-04-02,acme,,1,700,,,,,,,li\n\
         o_4,1,2026-04-03,acme,,1,900,450,500,,,,c_1,li\n\
         o_5,1,2026-04-04,acme,,1,1800,1000,,,,d_1,,li\n",
    );
    write("refunds", "id,at,customer,amount,reason,kind,order\nf_1,2026-03-25,acme,30,quality,allowance,o_1\n");
    let complaints = "id,at,customer,order,category,cost,text\nk_1,2026-03-26,acme,o_1,quality,15,bent\n\
                      k_2,2026-03-26,acme,o_1,quality,,bent\n";
    write("complaints", complaints);
    write(
        "products",
        "id,since,name,price,cost,tax_rate\npump,2026-01-01,Pump,565,300,0.13\npump,2026-03-15,Pump,565,400,0.13\n",
    );
    write("quotes", "id,line,at,customer,product,quantity,price,by\nq_1,1,2026-03-01,acme,pump,2,565,li\n");
    write(
        "events",
        "id,at,kind,subject,event,from,to,note\n\
         e_1,2026-04-01T09:00:00+08:00,quote,q_1,accepted,draft,accepted,o_2\n\
         e_2,2026-04-01T09:00:00+08:00,contract,c_3,approval,,draft,\n",
    );
    write(
        "contracts",
        "id,at,party,kind,amount,project\nc_1,2026-04-01,acme,sales,1130,line-x\nc_2,2026-04-02,parts,purchase,565,line-x\n\
         c_3,2026-04-02,acme,sales,9999,line-x\nc_4,2026-04-02,acme,sales,226,line-y\n",
    );
    write("suppliers", "id,name\nparts,Parts\n");
    write(
        "deals",
        "id,at,customer,title,amount,owner\nd_1,2026-03-01,acme,Line,2000,li\nd_2,2026-03-02,acme,Line,,li\n",
    );
    dir
}

const PLANNED: &str = "planned_revenue,planned_cost,planned_profit";
const ACTUAL: &str = "orders,revenue,allowances,cost,extra_cost,complaint_cost,profit";

/// `id | planned | actual | differences` of each row.
fn rows(dir: &Dir, by: &str, args: &[&str]) -> Vec<String> {
    let args = [&["report", "forecast", "--by", by, "-p", "2026"], args].concat();
    let one = |r: &serde_json::Value| {
        let differences = told(r, "revenue_difference,profit_difference,profit_change");
        format!("{} | {} | {} | {differences}", told(r, by), told(r, PLANNED), told(r, ACTUAL))
    };
    json(dir, &args).iter().map(one).collect()
}

#[test]
fn orders_stand_beside_their_plans() {
    let dir = company();
    let expected = [
        // 1000 − 100 came back, 30 were let go; 650 − 65, 20 and 15 were spent: 250 of 400.
        "o_1 | 1000 600 400 | 1 900 30 585 20 15 250 | -130 -150 -0.375000",
        // The quote knew a cost of 300, the order one of 400.
        "o_2 | 1000 600 400 | 1 1000 0 800 0 0 200 | 0 -200 -0.500000",
        "o_3 | 700 - - | 1 700 0 - 0 0 - | 0 - -",
        "o_4 | 900 450 450 | 1 900 0 500 0 0 400 | 0 -50 -0.111111",
        "o_5 | 1800 1000 800 | 1 1800 0 1000 0 0 800 | 0 0 0.000000",
    ];
    assert_eq!(rows(&dir, "order", &[]), expected);
    // On an earlier day nothing had come back; other customers and periods have none.
    let early = rows(&dir, "order", &["--today", "2026-03-10"]);
    assert_eq!(early, ["o_1 | 1000 600 400 | 1 1000 0 650 20 0 330 | 0 -70 -0.175000"]);
    assert_eq!(rows(&dir, "order", &["profit_difference.lt:-100"]).len(), 2);
    let page = dir.run(&["report", "forecast", "-p", "2026", "id:acme", "--explain"]).expect(0).stdout;
    for place in
        ["orders/2026.csv:2", "orders/2026.csv:3", "refunds/2026.csv:2", "complaints/2026.csv:2", "quotes/2026.csv:2"]
    {
        assert!(page.contains(place), "{place}: {page}");
    }
    // A cancelled order brings nothing.
    dir.run(&["order", "cancel", "o_5", "--note", "gave up"]).expect(0);
    assert_eq!(rows(&dir, "order", &[]).len(), expected.len() - 1);
}

#[test]
fn contracts_projects_and_deals_stand_beside_their_orders() {
    let dir = company();
    // Amounts of contracts are with 13 % tax; one that waits for approval counts nowhere.
    let expected = ["c_1 | 1000 - - | 1 900 0 500 0 0 400 | -100 - -", "c_4 | 200 - - | 0 - - - - - - | - - -"];
    assert_eq!(rows(&dir, "contract", &[]), expected);
    let expected = [
        "line-x | 1000 500 500 | 1 900 0 500 0 0 400 | -100 -100 -0.200000",
        "line-y | 200 - - | 0 - - - - - - | - - -",
    ];
    assert_eq!(rows(&dir, "project", &[]), expected);
    let expected = ["d_1 | 2000 - - | 1 1800 0 1000 0 0 800 | -200 - -", "d_2 | - - - | 0 - - - - - - | - - -"];
    assert_eq!(rows(&dir, "deal", &[]), expected);
    dir.run(&["report", "forecast", "--by", "mood"]).expect(2);
}

/// Every order's plan and outcome add up to those of all orders together, which `report profit` tells by another way.
#[test]
fn outcomes_of_all_orders_add_up_to_profit() {
    let dir = start::make("demo");
    let sum = |rows: &[serde_json::Value], key: &str| -> rust_decimal::Decimal {
        rows.iter().filter_map(|r| r[key].to_string().parse::<rust_decimal::Decimal>().ok()).sum()
    };
    let orders = json(&dir, &["report", "forecast", "-p", "..2026-06-30"]);
    let profit = json(&dir, &["report", "profit", "--by", "customer", "-p", "..2026-06-30"]);
    let (revenue, allowances) = (sum(&orders, "revenue"), sum(&orders, "allowances"));
    assert_eq!((revenue - allowances).normalize(), sum(&profit, "revenue").normalize());
    assert!(revenue > rust_decimal::Decimal::ZERO && orders.len() > 100);
}
