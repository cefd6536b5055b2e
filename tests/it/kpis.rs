//! R13 through the program: `report kpi`, against SQL over the same files and against figures worked out by hand.

use crate::oracle::{northwind_directory, python, script};
use crate::support::{Dir, copy_tree, start};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What kpi.py uses.
const SQL: &str = "tomllib, duckdb";

/// Figures by `key/reading`.
type Figures = BTreeMap<String, (i64, Option<Decimal>)>;

/// The figures that the program prints.
fn printed(dir: &Dir, today: &str, period: &str) -> Figures {
    let args = ["--today", today, "report", "kpi", "-p", period, "--json"];
    let ran = dir.run(&args);
    assert!(matches!(ran.code, 0 | 3), "{period}: {}", ran.stderr);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).expect("JSON");
    let figure = |row: &Value| {
        let key = format!("{}/{}", row["kpi"].as_str().unwrap_or(""), row["reading"].as_str().unwrap_or(""));
        let value = (!row["value"].is_null()).then(|| row["value"].to_string().parse().expect("a number"));
        (key, (row["n"].as_i64().expect("a count"), value))
    };
    rows.iter().map(figure).collect()
}

/// The figures in which both opinions differ.
fn differences(place: &str, ours: &Figures, theirs: &Value) -> Vec<String> {
    let theirs = theirs.as_object().expect("figures");
    let mut wrong = Vec::new();
    for (key, theirs) in theirs {
        let value = theirs["value"].as_str().map(|v| v.parse::<Decimal>().expect("a number").normalize());
        let theirs = (theirs["n"].as_i64().expect("a count"), value);
        // Grades without a complaint have no row.
        let ours = ours.get(key).map_or((0, None), |(n, v)| (*n, v.map(|v| v.normalize())));
        if ours != theirs {
            wrong.push(format!("{place} {key}: kehu {ours:?}, SQL {theirs:?}"));
        }
    }
    wrong
}

/// Compares directories on a day, over periods `FROM/TO`; how many figures have a value.
fn against_sql(python: &Path, dirs: &[&Dir], today: &str, periods: &[&str]) -> BTreeMap<String, usize> {
    let mut args = vec![today];
    args.extend(periods);
    args.push("--");
    args.extend(dirs.iter().map(|d| d.path().to_str().expect("text")));
    let theirs: Value = serde_json::from_str(&script(python, "kpi.py", &args)).expect("JSON");
    let (mut wrong, mut known) = (Vec::new(), BTreeMap::new());
    for (n, dir) in dirs.iter().enumerate() {
        for period in periods {
            let ours = printed(dir, today, &period.replace('/', ".."));
            let theirs = &theirs[dir.path().to_str().expect("text")][period];
            wrong.extend(differences(&format!("{n} on {today}, {period}:"), &ours, theirs));
            for (key, _) in ours.iter().filter(|(_, (_, value))| value.is_some()) {
                *known.entry(key.clone()).or_default() += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    known
}

const PERIODS: [&str; 5] = [
    "2026-04-01/2026-06-30",
    "2026-01-01/2026-03-31",
    "2026-05-01/2026-05-31",
    "2025-07-10/2025-12-20",
    "2026-01-01/2026-12-31",
];

#[test]
fn key_figures_of_the_sample_company_agree_with_sql() {
    let python = match python(SQL) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = Dir::demo();
    let known = against_sql(&python, &[&dir], "2026-06-30", &PERIODS);
    let readings = ["acquisition/cohort", "retention/", "csat/share", "nps/", "response_time/p90", "avg_order/"];
    assert!(readings.iter().all(|k| known.contains_key(*k)), "{known:?}");
    against_sql(&python, &[&dir], "2026-05-20", &PERIODS);
}

#[test]
fn key_figures_of_northwind_agree_with_sql() {
    let python = match python(SQL) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let Some(dir) = northwind_directory() else { return };
    let periods = ["1997-01-01/1997-12-31", "1997-10-01/1997-12-31", "1998-01-01/1998-03-31", "1998-05-01/1998-05-31"];
    let known = against_sql(&python, &[&dir], "1998-05-06", &periods);
    assert!(["retention/", "revenue_churn/", "sales_growth/year-ago"].iter().all(|k| known.contains_key(*k)));
}

#[test]
fn key_figures_of_made_up_companies_agree_with_sql() {
    const LAST: usize = 30;
    let python = match python(SQL) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let (root, new) = (Dir::empty(), start::make("new"));
    let places: Vec<_> = (1..=LAST).map(|n| root.path().join(n.to_string())).collect();
    places.iter().for_each(|d| copy_tree(new.path(), d));
    script(&python, "kpi_companies.py", &[root.path().to_str().expect("text"), "1", &LAST.to_string()]);
    let dirs: Vec<Dir> = places.iter().map(|p| Dir::at(p)).collect();
    let dirs: Vec<&Dir> = dirs.iter().collect();
    let mut known = against_sql(&python, &dirs, "2026-06-30", &[PERIODS[0], PERIODS[3], PERIODS[4]]);
    for (key, n) in against_sql(&python, &dirs, "2026-05-20", &PERIODS[..1]) {
        *known.entry(key).or_default() += n;
    }
    // Every figure was there to be compared.
    let never: Vec<&str> = kehu::rules::kpi::KEYS
        .iter()
        .copied()
        .filter(|key| !known.iter().any(|(k, n)| k.starts_with(&format!("{key}/")) && *n > 0))
        .collect();
    assert_eq!(never, [""; 0]);
}
