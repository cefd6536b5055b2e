//! The statement of a bank account: proposals whose each payment is and what it pays, which a person accepts.

use super::support::Dir;
use super::support::company::customer;

const MAP: &str = "into = \"receipts\"\nsource_key = \"bank-{no}\"\n\n[columns]\nat = \"day\"\ncustomer = \"payer\"\namount = \"in\"\nnote = \"text\"\n\n[skip]\n\"in\" = [\"\"]\n";

/// Customers with names, open orders and an invoice.
fn company() -> Dir {
    let dir = Dir::new();
    for (id, name) in [
        ("acme", "Acme Pumps Ltd"),
        ("huaxin", "华新电子有限公司"),
        ("north", "北岭机电股份有限公司"),
        ("gray", "Gray & Sons"),
        ("green", "Green & Sons"),
    ] {
        customer(&dir, id, "first-order", "li");
        let file = format!("customers/{id}.toml");
        dir.write(&file, dir.read(&file).replace(&format!("name = \"{id}\""), &format!("name = \"{name}\"")));
    }
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,amount,by,due\nSO-1001,1,2026-05-01,acme,300,li,2026-06-01\nSO-1002,1,2026-05-02,acme,500,li,2026-06-01\n\
         SO-1003,1,2026-05-03,huaxin,800,li,2026-06-01\nSO-1004,1,2026-05-03,north,800,li,2026-06-01\n\
         SO-1005,1,2026-05-04,gray,70,li,2026-06-01\nSO-1006,1,2026-05-04,green,70,li,2026-06-01\n",
    );
    dir.write(
        "ledgers/receivables/2026-li.csv",
        "id,at,customer,amount,due,order\nR-77,2026-05-03,huaxin,800,2026-06-01,SO-1003\n",
    );
    dir.write(
        "ledgers/invoices/2026-li.csv",
        "id,at,customer,amount,number,receivable\nV-1,2026-05-05,huaxin,800,25442000000123456789,R-77\n",
    );
    dir.write("bank.toml", MAP);
    dir
}

/// What is proposed for payments `payer,in,text`: customer, what it pays, how sure, why, others.
fn check(payments: &[&str], expected: &[&str]) {
    let dir = company();
    let rows = (1..).zip(payments).map(|(n, p)| format!("{n},2026-06-10,{p}\n"));
    dir.write("bank.csv", format!("no,day,payer,in,text\n{}", rows.collect::<String>()));
    let columns = "customer,receivable,order,match_level,match_why,match_candidates";
    let args = ["import", "bank.csv", "--map", "bank.toml", "--propose", "-f", "csv", "-o", "p.csv"];
    dir.run(&args).expect(0);
    let all = dir.read("p.csv");
    let head: Vec<&str> = all.lines().next().expect("a header").split(',').collect();
    let at: Vec<usize> = columns.split(',').map(|c| head.iter().position(|h| *h == c).expect("a column")).collect();
    let told: Vec<String> = all
        .lines()
        .skip(1)
        .map(|l| {
            let cells: Vec<&str> = l.split(',').collect();
            at.iter().map(|n| cells[*n]).collect::<Vec<_>>().join(",")
        })
        .collect();
    assert_eq!(told, expected, "{payments:?}");
}

#[test]
fn names_numbers_and_amounts_speak_for_a_customer() {
    // The name alone; with the amount of one order; with a number that the text names.
    check(&["Acme Pumps Ltd,120,thanks"], &["acme,,,likely,name,"]);
    check(&["Acme Pumps Ltd,500,thanks"], &["acme,,SO-1002,sure,name;amount,"]);
    check(&["acme pumps,120,for SO-1001"], &["acme,,SO-1001,sure,name;number,"]);
    check(&["Acme Pumps Ltd,800,all"], &["acme,,,sure,name;total,huaxin;north"]);
    // Several numbers: what is due first is paid.
    check(&["Acme Pumps Ltd,800,SO-1001+SO-1002"], &["acme,,,sure,name;number;total,huaxin;north"]);
    // An invoice's number, and one of a receivable, whoever paid.
    check(&["王伟,800,发票25442000000123456789"], &["huaxin,R-77,,sure,number;amount,north"]);
    check(&["王伟,10,R-77"], &["huaxin,R-77,,likely,number,"]);
    // The form of a company says nothing.
    check(&["北岭机电股份公司,800,货款"], &["north,,SO-1004,sure,name;amount,huaxin"]);
    // An amount alone proposes nobody, and says who owes it.
    check(&["Somebody,800,x"], &[",,,open,amount,huaxin;north"]);
    check(&["Somebody,70,x"], &[",,,open,amount,gray;green"]);
    check(&["Somebody,71,x"], &[",,,open,,"]);
}

#[test]
fn what_one_payment_pays_is_not_open_for_the_next() {
    check(
        &["Acme Pumps Ltd,500,x", "Acme Pumps Ltd,500,x", "Acme Pumps Ltd,300,x"],
        &["acme,,SO-1002,sure,name;amount,", "acme,,,likely,name,", "acme,,,likely,name,"],
    );
}

#[test]
fn a_person_accepts_proposals_and_nothing_is_booked_twice() {
    let dir = company();
    dir.write(
        "bank.csv",
        "no,day,payer,in,text\n1,2026-06-10,Acme Pumps Ltd,500,x\n2,2026-06-10,Acme Pumps Ltd,120,x\n3,2026-06-11,Somebody,70,x\n4,2026-06-11,water,,x\n",
    );
    let import = |args: &[&str]| dir.run(&[&["import", "bank.csv", "--map", "bank.toml"], args].concat());
    let shown = import(&["--propose"]).expect(0);
    assert!(shown.stderr.contains("1 sure, 1 likely, 1 open; nothing was written"), "{}", shown.stderr);
    assert!(!dir.path().join("ledgers/receipts").join("2026-li.csv").exists());
    let taken = import(&["--accept", "sure"]).expect(0);
    assert!(taken.stderr.contains("2 rows wait for a person"), "{}", taken.stderr);
    let receipts =
        dir.run(&["receipt", "list", "--columns", "customer,amount,order,source_key", "-f", "csv"]).expect(0);
    assert_eq!(receipts.stdout, "customer,amount,order,source_key\nacme,500,SO-1002,bank-1\n");
    // What was taken is known; the rest is corrected by a person and imported as a table.
    let left = import(&["--propose", "-f", "csv", "-o", "p.csv"]).expect(0);
    assert!(left.stderr.contains("1 row was imported before"), "{}", left.stderr);
    dir.run(&["import", "p.csv", "--into", "receipts"]).expect(3);
    dir.write("p.csv", dir.read("p.csv").replace("Somebody,2026-06-11,,70,,", "Somebody,2026-06-11,gray,70,,SO-1005"));
    dir.run(&["import", "p.csv", "--into", "receipts"]).expect(0);
    dir.run(&["import", "p.csv", "--into", "receipts"]).expect(0);
    import(&["--accept", "likely"]).expect(0);
    let receipts = dir.run(&["receipt", "list", "--columns", "customer,amount,order", "-f", "csv"]).expect(0);
    assert_eq!(receipts.stdout, "customer,amount,order\nacme,500,SO-1002\nacme,120,\ngray,70,SO-1005\n");
    dir.run(&["check"]).expect(0);
}

#[test]
fn proposals_are_for_receipts_with_a_key() {
    let dir = company();
    dir.write("bank.csv", "no,day,payer,in,text\n1,2026-06-10,Acme Pumps Ltd,500,x\n2,yesterday,Acme Pumps Ltd,5,x\n");
    let refused = |args: &[&str], code: i32, said: &str| {
        let out = dir.run(&[&["import", "bank.csv"], args].concat()).expect(code);
        assert!(out.stderr.contains(said), "{args:?}: {}", out.stderr);
    };
    refused(&["--map", "bank.toml", "--accept", "maybe"], 2, "sure, likely");
    refused(&["--map", "bank.toml", "--propose", "--accept", "sure"], 2, "--accept");
    refused(&["--into", "spend", "--propose"], 2, "");
    // A row that cannot be read is named with its place, and nothing is written.
    refused(&["--map", "bank.toml", "--propose"], 3, "bank.csv:3:");
    refused(&["--map", "bank.toml", "--accept", "sure"], 3, "bank.csv:3:");
    assert!(!dir.path().join("ledgers/receipts").join("2026-li.csv").exists());
    let skipped = dir.run(&["import", "bank.csv", "--map", "bank.toml", "--accept", "sure", "--skip-errors", "-q"]);
    assert_eq!(skipped.expect(0).stdout.lines().count(), 1);
    dir.write("bank.toml", MAP.replace("source_key = \"bank-{no}\"\n", ""));
    refused(&["--map", "bank.toml", "--propose"], 2, "source_key");
}
