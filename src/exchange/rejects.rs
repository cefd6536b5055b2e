//! The rows that could not be imported, as a CSV file: the original columns, where each row stood, and why.

use super::import::Reject;
use super::source::Source;

/// Names of the two added columns: the first pair that the source does not have.
fn added(source: &Source) -> [&'static str; 2] {
    let taken = |name: &str| source.headers.iter().any(|h| h == name);
    if taken("line") || taken("reason") { ["source_line", "reject_reason"] } else { ["line", "reason"] }
}

fn quoted(out: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// The file's text, UTF-8. Corrected, it can be imported with the same map. Of a row that had too many cells the last
/// ones stay together in the last column.
pub fn csv(source: &Source, rejects: &[Reject]) -> String {
    let mut out = String::new();
    let width = source.headers.len();
    let line = |cells: &[&str], out: &mut String| {
        for (n, c) in cells.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            quoted(out, c);
        }
        out.push('\n');
    };
    let mut head: Vec<&str> = source.headers.iter().map(String::as_str).collect();
    let repeated =
        head.len() >= 2 && added(source) == ["source_line", "reject_reason"] && head.ends_with(&["line", "reason"]);
    // A file of rejects that is rejected again keeps its two columns.
    if !repeated {
        head.extend(added(source));
    }
    line(&head, &mut out);
    for r in rejects {
        let row = &source.rows[r.row];
        let kept = if repeated { width - 2 } else { width };
        let rest: String;
        let mut cells: Vec<&str> = row.cells.iter().take(kept).map(String::as_str).collect();
        if row.cells.len() > width && width > 0 && !repeated {
            rest = row.cells[width - 1..].join(",");
            cells[width - 1] = &rest;
        }
        cells.resize(kept, "");
        let number = r.line.to_string();
        cells.push(&number);
        cells.push(&r.reason);
        line(&cells, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::source::{Options, read};

    #[test]
    fn rejects_keep_their_columns() {
        let check = |src: &str, expected: &str| {
            let source = read(src.as_bytes(), &Options::default()).unwrap();
            let rejects: Vec<Reject> = (0..source.rows.len())
                .map(|row| Reject { row, line: source.rows[row].line, reason: "so, there".into() })
                .collect();
            assert_eq!(csv(&source, &rejects), expected);
        };
        check(
            "a,b\n1,\"x,\"\"y\"\n1,2,3\n",
            "a,b,line,reason\n1,\"x,\"\"y\",2,\"so, there\"\n1,\"2,3\",3,\"so, there\"\n",
        );
        check("a,line\n1,2\n", "a,line,source_line,reject_reason\n1,2,2,\"so, there\"\n");
        check("a,line,reason\n1,7,old\n", "a,line,reason\n1,2,\"so, there\"\n");
    }
}
