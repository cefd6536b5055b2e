//! Every reading command, against the program that only reads the same files and takes them apart.

use crate::floor;
use crate::measure::Runs;
use std::path::Path;

/// (arguments, folders of which the answer is made). Ids are put in for `CUSTOMER`, `ORDER` and `RECEIPT`.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["today"], ALL),
    (&["today", "--team"], ALL),
    (&["today", "--as", "rep01"], ALL),
    (&["due"], "customers,ledgers/activities,ledgers/events"),
    (&["who", "13800000042"], "customers,ledgers/activities,ledgers/events"),
    (&["show", "CUSTOMER"], "ledgers/activities"),
    (&["brief", "CUSTOMER"], "ledgers/activities"),
    (&["history", "CUSTOMER"], "ledgers/events"),
    (&["list"], ALL),
    (&["list", "grade:A", "--columns", "id,name,owner"], "customers"),
    (
        &["list", "--columns", "id,revenue,margin", "--sort", "-revenue", "--limit", "20"],
        "customers,ledgers/orders,ledgers/products",
    ),
    (&["customer", "list"], ALL),
    (&["contact", "list"], "customers"),
    (&["funnel"], "customers,ledgers/events,ledgers/activities"),
    (&["grade"], ALL),
    (&["activity", "list"], "ledgers/activities"),
    (&["activity", "list", "-p", "2026-05", "by:rep01"], "ledgers/activities"),
    (&["event", "list"], "ledgers/events"),
    (&["order", "list"], "ledgers/orders,ledgers/events"),
    (&["order", "show", "ORDER"], "ledgers/orders"),
    (&["receipt", "list"], "ledgers/receipts"),
    (&["receipt", "show", "RECEIPT"], "ledgers/receipts"),
    (&["product", "list"], "ledgers/products"),
    (&["report", "orders"], "customers,ledgers/orders,ledgers/receipts,ledgers/products,ledgers/events"),
    (&["report", "orders", "--per", "month"], "ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "profit", "--by", "customer", "-p", "2025", "--limit", "20"], "ledgers/orders,ledgers/products"),
    (&["report", "profit", "--by", "product", "--per", "month"], "ledgers/orders,ledgers/products"),
    (&["report", "products"], "ledgers/orders,ledgers/products"),
    (&["report", "receivables"], "customers,ledgers/orders,ledgers/receipts,ledgers/products"),
    (&["report", "feedback"], "customers,ledgers/feedback"),
    (&["report", "delivery"], "ledgers/orders,ledgers/events"),
    (&["report", "care"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "complaints"], "customers,ledgers/activities,ledgers/events"),
    (&["report", "suppliers"], ALL),
    (&["report", "loyalty"], "customers,ledgers/orders,ledgers/receipts,ledgers/products,ledgers/events"),
    (&["report", "relations"], "customers,ledgers/activities,ledgers/orders,ledgers/events"),
    (&["export", "customers"], "customers"),
    (&["export", "orders"], "ledgers/orders"),
    (&["export", "due"], ALL),
    (&["export", "due", "-f", "ics"], ALL),
    (&["export", "contacts", "-f", "vcf"], "customers"),
    (&["check"], ALL),
];

const ALL: &str = "customers,ledgers/orders,ledgers/receipts,ledgers/products,ledgers/activities,ledgers/events";

/// Prints the table.
pub(crate) fn table(dir: &Path, runs: &Runs) {
    println!("| command | cold ÷ floor | warm ÷ floor | peak memory ÷ bytes of its files, cold | warm |");
    println!("|---|---:|---:|---:|---:|");
    let ids: Vec<(&str, String)> =
        [("ORDER", "orders"), ("RECEIPT", "receipts")].map(|(word, ledger)| (word, first_id(dir, ledger))).to_vec();
    for (args, folders) in COMMANDS {
        let id = |arg: &str| match arg {
            "CUSTOMER" => "k000042".to_string(),
            other => ids.iter().find(|(word, _)| *word == other).map_or(other, |(_, id)| id).to_string(),
        };
        let args: Vec<String> = args.iter().map(|a| id(a)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (cold, warm) = (runs.kehu(&args, true), runs.kehu(&args, false));
        let (Some(cold), Some(warm), Some(floor)) = (cold, warm, runs.floor(&format!("apart:{folders}"))) else {
            println!("| `{}` | failed | | | |", args.join(" "));
            continue;
        };
        let bytes = floor::bytes(&format!("apart:{folders}"), dir) as f64;
        println!(
            "| `{}` | {:.1} | {:.1} | {:.1} | {:.1} |",
            args.join(" "),
            cold.median / floor.median,
            warm.median / floor.median,
            cold.peak_bytes as f64 / bytes,
            warm.peak_bytes as f64 / bytes,
        );
    }
}

/// The id of the first row of a ledger.
fn first_id(dir: &Path, ledger: &str) -> String {
    let mut files = floor::files(&dir.join("ledgers").join(ledger));
    files.sort();
    let text = files.first().and_then(|f| std::fs::read_to_string(f).ok()).unwrap_or_default();
    text.lines().nth(1).and_then(|l| l.split(',').next()).unwrap_or_default().to_string()
}
