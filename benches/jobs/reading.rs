//! Every reading command, against the program that only reads the same files and takes them apart.

use crate::floor;
use crate::measure::Runs;
use std::fmt::Write as _;
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
    (&["report", "payables"], "customers,ledgers/events"),
    (&["report", "invoices"], "customers,ledgers/orders,ledgers/receipts,ledgers/products"),
    (&["report", "dso", "--per", "month"], "customers,ledgers/orders,ledgers/receipts,ledgers/products"),
    (&["report", "refunds"], "customers,ledgers/orders,ledgers/receipts"),
    (&["report", "feedback"], "customers,ledgers/feedback"),
    (&["report", "delivery"], "ledgers/orders,ledgers/events"),
    (&["report", "care"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["complaint", "list"], ALL),
    (&["feedback", "list"], "ledgers/feedback,ledgers/events"),
    (&["report", "complaints"], SERVICE),
    (&["report", "complaints", "--by", "customer"], ALL),
    (&["report", "suppliers"], ALL),
    (&["report", "loyalty"], "customers,ledgers/orders,ledgers/receipts,ledgers/products,ledgers/events"),
    (&["report", "value"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "abc"], "ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "segments"], ALL),
    (&["report", "prune"], ALL),
    (&["report", "new"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "portrait"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "basket"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "basket", "--by", "gap"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "repurchase"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "rfm"], "ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "churn"], ALL),
    (&["report", "lost"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "performance"], ALL),
    (&["report", "kpi"], ALL),
    (&["report", "sources"], "customers,ledgers/orders,ledgers/products,ledgers/events"),
    (&["report", "review"], ALL),
    (&["report", "retention"], "customers,ledgers/orders,ledgers/products"),
    (&["report", "commission"], ALL),
    (&["report", "forecast"], ALL),
    (&["gap", "--all"], ALL),
    (&["report", "dashboard"], ALL),
    (&["report", "renewals"], ALL),
    (&["report", "deals"], "customers,ledgers/deals,ledgers/events"),
    (&["report", "relations"], "customers,ledgers/activities,ledgers/orders,ledgers/events"),
    (&["export", "customers"], "customers"),
    (&["export", "orders"], "ledgers/orders"),
    (&["export", "due"], ALL),
    (&["export", "due", "-f", "ics"], ALL),
    (&["export", "contacts", "-f", "vcf"], "customers"),
    (&["check"], ALL),
];

const ALL: &str = "customers,ledgers/orders,ledgers/receipts,ledgers/products,ledgers/activities,ledgers/events,ledgers/complaints,ledgers/feedback";

const SERVICE: &str = "customers,ledgers/activities,ledgers/events,ledgers/complaints";

/// Gives the company complaints (one for each ten customers) and answers (one for each two), unless it has some.
fn service(dir: &Path) -> std::io::Result<()> {
    let folder = |ledger: &str| dir.join("ledgers").join(ledger);
    if folder("complaints").is_dir() {
        return Ok(());
    }
    let customers = floor::files(&dir.join("customers")).len();
    let mut complaints = String::from("id,at,customer,category,severity,grade,by,text\n");
    let mut events = String::from("id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n");
    let mut feedback = String::from("id,at,customer,kind,score\n");
    for n in 0..customers / 10 {
        let (customer, month, day) = (crate::company::customer_id(n * 10), 1 + n % 5, 1 + n % 27);
        let at = |hour: usize| format!("2026-{month:02}-{day:02}T{hour:02}:00:00+08:00");
        let grade = ["A", "B", "C", "D"][n % 4];
        let category = ["quality", "delivery", "service"][n % 3];
        let _ = writeln!(complaints, "k_{n:07},{},{customer},{category},normal,{grade},rep01,broken", at(9));
        for (m, (from, to)) in [("new", "assigned"), ("assigned", "resolved")].iter().enumerate().take(n % 3) {
            let _ = writeln!(events, "e_k{n:06}{m},{},complaint,k_{n:07},state,{from},{to},,,,rep01,done", at(10 + m));
        }
    }
    for n in 0..customers / 2 {
        let (customer, month, day) = (crate::company::customer_id(n * 2), 1 + n % 5, 1 + n % 27);
        let (kind, score) = if n % 2 == 0 { ("csat", 1 + n % 5) } else { ("nps", n % 11) };
        let _ = writeln!(feedback, "b_{n:07},2026-{month:02}-{day:02},{customer},{kind},{score}");
    }
    for (ledger, text) in [("complaints", complaints), ("events", events), ("feedback", feedback)] {
        std::fs::create_dir_all(folder(ledger))?;
        std::fs::write(folder(ledger).join("2026-service.csv"), text)?;
    }
    Ok(())
}

/// Gives the company deals (one for each five customers), unless it has some.
fn deals(dir: &Path) -> std::io::Result<()> {
    let folder = |ledger: &str| dir.join("ledgers").join(ledger);
    if folder("deals").is_dir() {
        return Ok(());
    }
    let customers = floor::files(&dir.join("customers")).len();
    let mut deals = String::from("id,at,customer,title,product,amount,close_date,owner,source,note\n");
    let mut events = String::from("id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n");
    for n in 0..customers / 5 {
        let (customer, month, day) = (crate::company::customer_id(n * 5), 1 + n % 4, 1 + n % 27);
        let (rep, amount) = (format!("rep{:02}", 1 + n % 10), 1000 + n % 9000);
        let _ = writeln!(
            deals,
            "d_{n:07},2026-{month:02}-{day:02},{customer},Line,,{amount},2026-0{}-{day:02},{rep},fair,",
            4 + n % 5
        );
        let moves = [("discover", "qualify"), ("qualify", "propose"), ("propose", ["won", "lost"][n % 2])];
        for (m, (from, to)) in moves.iter().enumerate().take(n % 4) {
            let at = format!("2026-{month:02}-{day:02}T{:02}:00:00+08:00", 10 + m);
            let reason = if *to == "lost" { "price" } else { "" };
            let _ = writeln!(events, "e_d{n:06}{m},{at},deal,d_{n:07},stage,{from},{to},,{reason},,{rep},");
        }
    }
    for (ledger, text) in [("deals", deals), ("events", events)] {
        std::fs::create_dir_all(folder(ledger))?;
        std::fs::write(folder(ledger).join("2026-deals.csv"), text)?;
    }
    Ok(())
}

/// Prints the table.
///
/// # Errors
/// Files cannot be written.
pub(crate) fn table(dir: &Path, runs: &Runs, only: &str) -> std::io::Result<()> {
    service(dir)?;
    deals(dir)?;
    println!("| command | cold ÷ floor | warm ÷ floor | peak memory ÷ bytes of its files, cold | warm |");
    println!("|---|---:|---:|---:|---:|");
    let ids: Vec<(&str, String)> =
        [("ORDER", "orders"), ("RECEIPT", "receipts")].map(|(word, ledger)| (word, first_id(dir, ledger))).to_vec();
    for (args, folders) in COMMANDS.iter().filter(|(args, _)| args.join(" ").contains(only)) {
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
    Ok(())
}

/// The id of the first row of a ledger.
fn first_id(dir: &Path, ledger: &str) -> String {
    let mut files = floor::files(&dir.join("ledgers").join(ledger));
    files.sort();
    let text = files.first().and_then(|f| std::fs::read_to_string(f).ok()).unwrap_or_default();
    text.lines().nth(1).and_then(|l| l.split(',').next()).unwrap_or_default().to_string()
}
