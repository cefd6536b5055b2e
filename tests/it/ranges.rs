//! Ranges at entry: command line, import and an edit by hand have the same answer.

use super::support::{Dir, Ran};
use proptest::prelude::*;
use std::collections::BTreeSet;

const ORDERS: &str =
    "id,line,at,customer,product,quantity,price,discount,amount,tax,extra_cost,currency,returns,by,unit_cost,cost";
const QUOTES: &str = "id,line,at,customer,product,quantity,price,discount,by";
const PRODUCTS: &str = "id,since,name,price,cost";
const INVOICES: &str = "id,at,customer,amount,tax,by";
const COMPLAINTS: &str = "id,at,customer,category,cost,by,text";
const RECEIPTS: &str = "id,line,at,customer,amount,order,currency,by";
const REFUNDS: &str = "id,at,customer,amount,reason,kind,receipt,order,by";
const PAYABLES: &str = "id,at,supplier,amount,due,currency,by";
const PAYMENTS: &str = "id,line,at,supplier,amount,payable,currency,by";
const NEEDS: &str = "id,at,customer,text,deal,by";
const ACTIVITIES: &str = "id,at,customer,by,channel,deal,note";
const FEEDBACK: &str = "id,at,customer,kind,score,order";

/// Two customers, products, a supplier and a deal of the first customer; an order of 3 in yuan and one of 1 in dollars; a receipt of 100, and a bill.
fn base() -> Dir {
    let dir = Dir::new();
    for (id, name) in [("acme", "Acme"), ("bolt", "Bolt")] {
        let stage = if id == "acme" { "first-order" } else { "lead" };
        let text = format!("name = \"{name}\"\nstage = \"{stage}\"\nowner = \"li\"\ncreated = 2026-01-01\n");
        dir.write(&format!("customers/{}/{id}.toml", &id[..1]), text);
    }
    dir.write("ledgers/suppliers/suppliers.csv", "id,name\nsup,Supplier\n");
    let team = dir.read("team.toml");
    dir.write("team.toml", team + "\n[xu]\nname = \"Xu\"\nrole = \"rep\"\nleft = 2026-05-31\n");
    dir.write("ledgers/deals/2026-wu.csv", "id,at,customer,title\nd_1,2026-05-01,acme,Pens\n");
    let products = "id,since,name,price,cost\npen,2026-01-01,Pen,10,8\ncap,2026-01-01,Cap,10,8\n";
    dir.write("ledgers/products/products.csv", products);
    let orders = "o_1,1,2026-05-01,acme,pen,3,10,,,,,,,li,8,\no_2,1,2026-05-02,acme,pen,1,10,,,,,USD,,li,,\n";
    dir.write("ledgers/orders/2026-wu.csv", format!("{ORDERS}\n{orders}"));
    dir.write("ledgers/receipts/2026-wu.csv", format!("{RECEIPTS}\np_1,1,2026-05-03,acme,100,,,li\n"));
    dir.write("ledgers/payables/2026-wu.csv", format!("{PAYABLES}\ny_1,2026-05-03,sup,100,2026-06-01,EUR,li\n"));
    dir.write("ledgers/rates/2026-wu.csv", "date,currency,rate\n2026-01-01,USD,7\n2026-01-01,EUR,8\n");
    dir.run(&["check"]).expect(0);
    dir
}

fn header(ledger: &str) -> &'static str {
    match ledger {
        "orders" => ORDERS,
        "quotes" => QUOTES,
        "products" => PRODUCTS,
        "receipts" => RECEIPTS,
        "refunds" => REFUNDS,
        "payments" => PAYMENTS,
        "invoices" => INVOICES,
        "complaints" => COMPLAINTS,
        "needs" => NEEDS,
        "activities" => ACTIVITIES,
        "feedback" => FEEDBACK,
        other => panic!("{other}"),
    }
}

/// What `check` finds: keys, and whether each is an error.
fn findings(dir: &Dir) -> Vec<(String, bool)> {
    let ran = dir.run(&["check", "--json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    list.iter().map(|d| (key_of(d["code"].as_str().expect("a code")), d["severity"] == "error")).collect()
}

/// The keys of what `check` finds, those of errors only.
fn found(dir: &Dir) -> BTreeSet<String> {
    findings(dir).into_iter().filter(|(_, is_error)| *is_error).map(|(key, _)| key).collect()
}

/// How many orders and quotes an import says are below their floor.
fn below_floor(ran: &Ran) -> usize {
    let line = ran.stderr.lines().find(|l| l.contains("below its floor") || l.contains("below their floors"));
    let word = line.and_then(|l| l.split_whitespace().find_map(|w| w.parse().ok()));
    assert_eq!(line.is_some(), word.is_some(), "{}", ran.stderr);
    word.unwrap_or_default()
}

fn key_of(code: &str) -> String {
    let known = kehu::diag::Code::ALL.iter().find(|c| c.id() == code);
    known.expect("a code").key().to_string()
}

/// Writes rows by hand.
fn by_hand(dir: &Dir, ledger: &str, rows: &str) {
    dir.write(&format!("ledgers/{ledger}/2026-hand.csv"), format!("{}\n{rows}", header(ledger)));
}

/// Imports rows without exceptions.
fn import(dir: &Dir, ledger: &str, rows: &str) -> Ran {
    dir.write("new.csv", format!("{}\n{rows}", header(ledger)));
    dir.run(&["import", "new.csv", "--into", ledger])
}

/// The names that the reasons of rejects give.
fn rejected(ran: &Ran) -> BTreeSet<String> {
    let parts = ran.stderr.split("accept = [\"").skip(1);
    let names = parts.filter_map(|p| Some(p.split_once('"')?.0.to_string()));
    // What is below its floor is taken.
    names.filter(|name| name != "below-floor").collect()
}

/// (the key, the ledger, the row).
const CASES: &[(&str, &str, &str)] = &[
    ("negative-price", "orders", "o_9,1,2026-06-01,acme,pen,1,-10,,,,,,,li,,"),
    ("negative-price", "quotes", "q_9,1,2026-06-01,acme,pen,1,-10,,li"),
    ("negative-price", "products", "gum,2026-06-01,Gum,-1,"),
    ("negative-cost", "products", "gum,2026-06-01,Gum,1,-1"),
    ("negative-cost", "orders", "o_9,1,2026-06-01,acme,pen,1,10,,,,,,,li,-1,"),
    ("negative-cost", "orders", "o_9,1,2026-06-01,acme,pen,1,10,,,,,,,li,,-1"),
    ("negative-cost", "complaints", "k_9,2026-06-01,acme,quality,-1,li,broken"),
    ("tax-rate-range", "invoices", "v_9,2026-06-01,acme,10,130,li"),
    ("discount-range", "orders", "o_9,1,2026-06-01,acme,pen,1,10,5,,,,,,li,,"),
    ("discount-range", "quotes", "q_9,1,2026-06-01,acme,pen,1,10,-0.1,li"),
    ("tax-rate-range", "orders", "o_9,1,2026-06-01,acme,pen,1,10,,10,130,,,,li,,"),
    ("quantity-not-positive", "orders", "o_9,1,2026-06-01,acme,pen,0,10,,,,,,,li,,"),
    ("quantity-not-positive", "orders", "o_9,1,2026-06-01,acme,pen,-1,10,,,,,,,li,,"),
    ("quantity-not-positive", "quotes", "q_9,1,2026-06-01,acme,pen,0,10,,li"),
    ("negative-extra-cost", "orders", "o_9,1,2026-06-01,acme,pen,1,10,,,,-4000,,,li,,"),
    ("amount-not-positive", "refunds", "f_9,2026-06-01,acme,-5,quality,return,p_1,,li"),
    ("minor-units", "receipts", "p_9,1,2026-06-01,acme,500.555,,,li"),
    ("minor-units", "refunds", "f_9,2026-06-01,acme,5.555,quality,return,p_1,,li"),
    ("minor-units", "payments", "m_9,1,2026-06-01,sup,5.555,y_1,EUR,li"),
    ("other-currency", "receipts", "p_9,1,2026-06-01,acme,50,o_1,USD,li"),
    ("other-currency", "receipts", "p_9,1,2026-06-01,acme,50,o_2,,li"),
    ("other-currency", "payments", "m_9,1,2026-06-01,sup,50,y_1,,li"),
    ("other-currency", "orders", "o_9,1,2026-06-01,acme,pen,-1,10,,,,,,o_2/1,li,,"),
    ("other-customer", "receipts", "p_9,1,2026-06-01,bolt,50,o_1,,li"),
    ("other-customer", "needs", "n_9,2026-06-01,bolt,more,d_1,li"),
    ("other-customer", "activities", "a_9,2026-06-01,bolt,li,call,d_1,asked"),
    ("other-customer", "feedback", "b_9,2026-06-01,bolt,csat,4,o_1"),
    ("amount-not-positive", "receipts", "p_9,1,2026-06-01,acme,-5,,,li"),
    ("amount-not-positive", "receipts", "p_9,1,2026-06-01,acme,0,,,li"),
    ("amount-not-positive", "payments", "m_9,1,2026-06-01,sup,-5,y_1,EUR,li"),
    ("member-left", "orders", "o_9,1,2026-06-01,acme,pen,1,10,,,,,,,xu,,"),
    ("member-left", "receipts", "p_9,1,2026-06-01,acme,5,,,xu"),
    ("member-left", "activities", "a_9,2026-06-01,acme,xu,call,,asked"),
    ("return-before-sale", "orders", "o_9,1,2026-04-30,acme,pen,-1,10,,,,,,o_1/1,li,,"),
    ("return-differs", "orders", "o_9,1,2026-06-01,acme,cap,-1,10,,,,,,o_1/1,li,,"),
    ("return-differs", "orders", "o_9,1,2026-06-01,acme,pen,-1,9,,,,,,o_1/1,li,,"),
    ("return-differs", "orders", "o_9,1,2026-06-01,acme,pen,-1,10,0.5,,,,,o_1/1,li,,"),
    ("return-differs", "orders", "o_9,1,2026-06-01,acme,pen,-1,10,,,,,,o_1/1,li,7,"),
    ("return-other-customer", "orders", "o_9,1,2026-06-01,bolt,pen,-1,10,,,,,,o_1/1,li,,"),
    ("return-too-much", "orders", "o_9,1,2026-06-01,acme,pen,-5,10,,,,,,o_1/1,li,,"),
    (
        "return-too-much",
        "orders",
        "o_8,1,2026-06-01,acme,pen,-2,10,,,,,,o_1/1,li,,\no_9,1,2026-06-02,acme,pen,-2,10,,,,,,o_1/1,li,,",
    ),
    ("refund-too-much", "refunds", "f_9,2026-06-01,acme,500,quality,return,p_1,,li"),
    ("refund-too-much", "refunds", "f_9,2026-06-01,bolt,1,quality,overpayment,,,li"),
];

#[test]
fn import_and_check_have_the_same_answer() {
    let base = base();
    for (key, ledger, row) in CASES {
        let rows = format!("{row}\n");
        let expected = BTreeSet::from([(*key).to_string()]);
        let ran = import(&base, ledger, &rows).expect(3);
        assert_eq!(rejected(&ran), expected, "{row}: {}", ran.stderr);
        by_hand(&base, ledger, &rows);
        assert_eq!(found(&base), expected, "by hand: {row}");
        std::fs::remove_file(base.path().join(format!("ledgers/{ledger}/2026-hand.csv"))).expect("a file");
    }
}

#[test]
fn what_a_map_accepts_is_a_warning() {
    for (key, ledger, row) in CASES {
        let dir = base();
        let columns: Vec<String> = header(ledger).split(',').map(|c| format!("{c} = \"{c}\"\n")).collect();
        let map =
            |accept: &str| format!("into = \"{ledger}\"\naccept = [\"{accept}\"]\n[columns]\n{}", columns.concat());
        dir.write("new.csv", format!("{}\n{row}\n", header(ledger)));
        dir.write("map.toml", map(key));
        let args = ["import", "new.csv", "--map", "map.toml"];
        dir.run(&args).expect(0);
        assert_eq!(found(&dir), BTreeSet::new(), "{row}");
        let ran = dir.run(&["check", "--json"]).expect(0);
        let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("JSON");
        let keys: BTreeSet<String> = list.iter().map(|d| key_of(d["code"].as_str().expect("a code"))).collect();
        assert!(keys.contains(*key), "{row}: {keys:?}");
        assert!(dir.files().iter().any(|(_, text)| String::from_utf8_lossy(text).contains(key)), "x_accepted: {row}");
        // The second time it is there, and stays as it is.
        let before = dir.files();
        dir.run(&args).expect(0);
        assert_eq!(dir.files(), before, "{row}");
    }
    let dir = base();
    dir.write("new.csv", "id\n");
    dir.write("map.toml", "into = \"orders\"\naccept = [\"negative-prise\"]\n[columns]\n");
    let ran = dir.run(&["import", "new.csv", "--map", "map.toml"]).expect(2);
    assert!(ran.stderr.contains("map.toml:2:10") && ran.stderr.contains("negative-price"), "{}", ran.stderr);
}

#[test]
fn void_and_cancelled_rows_are_not_counted() {
    let dir = base();
    let back = "o_8,1,2026-06-01,acme,pen,-2,10,,,,,,o_1/1,li,,\no_9,1,2026-06-02,acme,pen,-2,10,,,,,,o_1/1,li,,\n";
    by_hand(&dir, "orders", back);
    assert_eq!(found(&dir), BTreeSet::from(["return-too-much".to_string()]));
    dir.run(&["order", "cancel", "o_8"]).expect(0);
    assert_eq!(found(&dir), BTreeSet::new());
    by_hand(&dir, "refunds", "f_8,2026-06-01,acme,80,quality,return,p_1,,li\n");
    let more = "f_9,2026-06-01,acme,80,quality,return,p_1,,li\n";
    assert_eq!(rejected(&import(&dir, "refunds", more)), BTreeSet::from(["refund-too-much".to_string()]));
    dir.write(
        "ledgers/events/2026-hand.csv",
        "id,at,kind,subject,event,from,to,by\ne_8,2026-06-02T09:00:00+08:00,refund,f_8,void,,,li\n",
    );
    import(&dir, "refunds", more).expect(0);
    assert_eq!(found(&dir), BTreeSet::new());
}

#[test]
fn what_somebody_allowed_is_a_warning() {
    let dir = base();
    let refund = ["refund", "add", "acme", "500", "--kind", "return", "--reason", "quality", "--receipt", "p_1"];
    let allowed = ["--override", "--note", "agreed", "--as", "chen"];
    dir.run(&refund).expect(7);
    dir.run(&[&refund[..], &allowed].concat()).expect(0);
    assert_eq!(found(&dir), BTreeSet::new());
    assert!(dir.run(&["check"]).expect(0).stdout.contains("warning[E102]"));
}

/// A number, mostly sensible.
fn number(likely: &'static [&'static str], odd: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => prop::sample::select(likely), 1 => prop::sample::select(odd)]
}

fn order() -> impl Strategy<Value = String> {
    let customer = prop::sample::select(&["acme", "acme", "acme", "bolt"][..]);
    let currency = prop::sample::select(&["", "", "", "USD"][..]);
    let sale = (
        number(&["1", "2.5", "10"], &["0", "-1"]),
        number(&["10", "0", "9.99"], &["-3"]),
        number(&["", "0.05", "1"], &["1.5", "-0.1"]),
        number(&["", "", "0.5"], &["900", "-1"]),
        number(&["", "3"], &["-3"]),
        number(&["", "", "5", "9.5"], &["-5"]),
        number(&["", "", "9"], &["-9"]),
    );
    let back = (number(&["-1", "-2"], &["-3", "-4", "1"]), prop::sample::select(&["o_1/1", "o_1/1", "o_2/1"][..]));
    prop_oneof![
        3 => (customer.clone(), sale)
            .prop_map(|(c, (q, p, d, t, x, u, w))| format!("{c},pen,{q},{p},{d},,{t},{x},,,li,{u},{w}")),
        2 => (customer, back, currency).prop_map(|(c, (q, line), cur)| format!("{c},pen,{q},10,,,,,{cur},{line},li,,")),
    ]
}

fn quote() -> impl Strategy<Value = String> {
    let customer = prop::sample::select(&["acme", "bolt"][..]);
    let quantity = number(&["1", "2.5"], &["0", "-1"]);
    let price = number(&["10", "0", "7"], &["-3"]);
    let discount = number(&["", "0.05", "1"], &["1.5", "-0.1"]);
    (customer, quantity, price, discount).prop_map(|(c, q, p, d)| format!("{c},pen,{q},{p},{d},li"))
}

fn product() -> impl Strategy<Value = String> {
    (number(&["", "10", "0"], &["-1"]), number(&["", "8", "0"], &["-0.5"])).prop_map(|(p, c)| format!("Cap,{p},{c}"))
}

fn invoice() -> impl Strategy<Value = String> {
    let amount = number(&["100", "-100", "0"], &["0.005"]);
    (amount, number(&["", "13", "-13"], &["1300"])).prop_map(|(a, t)| format!("acme,{a},{t},li"))
}

fn receipt() -> impl Strategy<Value = String> {
    let amount = number(&["100", "0.5", "-20"], &["1.005"]);
    let customer = prop::sample::select(&["acme", "acme", "bolt"][..]);
    let order = prop::sample::select(&["", "", "o_1", "o_2"][..]);
    let currency = prop::sample::select(&["", "", "USD", "JPY"][..]);
    (customer, amount, order, currency).prop_map(|(c, a, o, cur)| format!("{c},{a},{o},{cur},li"))
}

fn refund() -> impl Strategy<Value = String> {
    let customer = prop::sample::select(&["acme", "acme", "acme", "bolt"][..]);
    let amount = number(&["10", "40", "60"], &["0", "-5", "0.001", "101"]);
    let kind = prop::sample::select(&["return", "return", "overpayment", "allowance", "goodwill"][..]);
    let receipt = prop::sample::select(&["", "p_1"][..]);
    (customer, amount, kind, receipt).prop_map(|(c, a, k, r)| format!("{c},{a},quality,{k},{r},,li"))
}

fn payment() -> impl Strategy<Value = String> {
    let amount = number(&["10", "-4"], &["0.001"]);
    let bill = prop::sample::select(&["", "y_1"][..]);
    let currency = prop::sample::select(&["", "EUR", "EUR"][..]);
    (amount, bill, currency).prop_map(|(a, y, cur)| format!("sup,{a},{y},{cur},li"))
}

/// A ledger, and rows for it with their ids in front.
fn random() -> impl Strategy<Value = (&'static str, String)> {
    let rows = |rest: BoxedStrategy<String>, prefix: &'static str, line: &'static str| {
        prop::collection::vec(rest, 1..4).prop_map(move |list| {
            let row = |(n, r): (usize, &String)| format!("{prefix}{n}{line},2026-06-0{},{r}\n", n + 1);
            list.iter().enumerate().map(row).collect::<String>()
        })
    };
    prop_oneof![
        3 => rows(order().boxed(), "o_n", ",1").prop_map(|r| ("orders", r)),
        2 => rows(quote().boxed(), "q_n", ",1").prop_map(|r| ("quotes", r)),
        1 => rows(product().boxed(), "cap", "").prop_map(|r| ("products", r)),
        1 => rows(invoice().boxed(), "v_n", "").prop_map(|r| ("invoices", r)),
        2 => rows(receipt().boxed(), "p_n", ",1").prop_map(|r| ("receipts", r)),
        2 => rows(refund().boxed(), "f_n", "").prop_map(|r| ("refunds", r)),
        1 => rows(payment().boxed(), "m_n", ",1").prop_map(|r| ("payments", r)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// What check passes import accepts, what import rejects check finds, and both count what is below its floor.
    #[test]
    fn import_takes_what_check_passes((ledger, rows) in random()) {
        let dir = base();
        let ran = import(&dir, ledger, &rows);
        prop_assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
        by_hand(&dir, ledger, &rows);
        if ran.code == 0 {
            // The rows are there by import already.
            std::fs::remove_file(dir.path().join(format!("ledgers/{ledger}/2026-hand.csv"))).expect("a file");
        }
        let ranges: BTreeSet<String> =
            found(&dir).into_iter().filter(|k| kehu::model::breach::Breach::KEYS.contains(&k.as_str())).collect();
        prop_assert_eq!(ran.code == 0, ranges.is_empty(), "{}{}\n{:?}\n{}", ledger, rows, ranges, ran.stderr);
        if ran.code == 0 {
            let below = findings(&dir).iter().filter(|(key, _)| key == "below-floor").count();
            prop_assert_eq!(below_floor(&ran), below, "{}{}\n{}", ledger, rows, ran.stderr);
        }
        for key in rejected(&ran) {
            prop_assert!(ranges.contains(&key), "{}\n{:?} lacks {}", rows, ranges, key);
        }
    }
}
