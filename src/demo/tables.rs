//! The rows of all ledgers, and the CSV files they make.

use super::calendar::{day_of, instant};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use std::collections::BTreeMap;

/// One row, before it has a file.
struct Row {
    ledger: Ledger,
    author: String,
    year: String,
    sort: String,
    cells: Vec<String>,
}

/// The rows of every ledger.
#[derive(Default)]
pub(super) struct Tables {
    rows: Vec<Row>,
}

impl Tables {
    /// Adds a row: cells by the names of their columns, those not named are empty. `author` decides the file.
    pub(super) fn add(&mut self, ledger: Ledger, author: &str, written: Day, named: &[(&str, &str)]) {
        let mut cells = vec![String::new(); ledger.columns().len()];
        for (name, value) in named {
            debug_assert!(ledger.column(name).is_some(), "{ledger} has no column {name}");
            if let Some(n) = ledger.column(name) {
                cells[n] = (*value).to_string();
            }
        }
        let sort = ledger.day_column().map_or_else(|| written.to_string(), |n| cells[n].clone());
        let year = day_of(&sort).unwrap_or(written).to_string()[..4].to_string();
        self.rows.push(Row { ledger, author: author.to_string(), year, sort, cells });
    }

    /// Adds an event.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        let at = instant(event.day, event.minute);
        let until = event.until.map(|d| d.to_string()).unwrap_or_default();
        self.add(
            Ledger::Events,
            event.by,
            event.day,
            &[
                ("id", &event.id),
                ("at", &at),
                ("kind", event.kind),
                ("subject", event.subject),
                ("event", event.event),
                ("from", event.from),
                ("to", event.to),
                ("until", &until),
                ("reason", event.reason),
                ("competitor", event.competitor),
                ("by", event.by),
                ("note", event.note),
            ],
        );
    }

    /// Lets the newest activity with a customer name a deal, if it promises another one.
    pub(super) fn promise_about(&mut self, customer: &str, deal: &str) {
        let column = |name: &str| Ledger::Activities.column(name);
        let (Some(whose), Some(next), Some(about)) = (column("customer"), column("next"), column("deal")) else {
            return;
        };
        let theirs = |r: &&mut Row| r.ledger == Ledger::Activities && r.cells[whose] == customer;
        let newest = self.rows.iter_mut().filter(theirs).max_by(|a, b| a.sort.cmp(&b.sort));
        if let Some(row) = newest.filter(|r| !r.cells[next].is_empty() && r.cells[about].is_empty()) {
            row.cells[about] = deal.to_string();
        }
    }

    /// The files, sorted by path; rows stand in order of time.
    pub(super) fn files(self) -> Vec<(String, String)> {
        let mut files: BTreeMap<String, (Ledger, Vec<Row>)> = BTreeMap::new();
        for row in self.rows {
            let path = format!("ledgers/{}/{}-{}.csv", row.ledger, row.year, row.author);
            files.entry(path).or_insert_with(|| (row.ledger, Vec::new())).1.push(row);
        }
        files
            .into_iter()
            .map(|(path, (ledger, mut rows))| {
                rows.sort_by(|a, b| a.sort.cmp(&b.sort));
                let header: Vec<String> = ledger.columns().iter().map(|c| c.name.to_string()).collect();
                let mut text = line(&header);
                for row in &rows {
                    text.push_str(&line(&row.cells));
                }
                (path, text)
            })
            .collect()
    }
}

/// An event on its way into the ledger.
#[derive(Clone, Default)]
pub(super) struct Event<'a> {
    pub(super) id: String,
    pub(super) day: Day,
    pub(super) minute: i64,
    pub(super) kind: &'a str,
    pub(super) subject: &'a str,
    pub(super) event: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) until: Option<Day>,
    pub(super) reason: &'a str,
    pub(super) competitor: &'a str,
    pub(super) by: &'a str,
    pub(super) note: &'a str,
}

fn line(cells: &[String]) -> String {
    let quoted: Vec<String> = cells.iter().map(|c| quote(c)).collect();
    quoted.join(",") + "\n"
}

fn quote(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    }
}
