//! The rows that could not be imported, as a CSV file: the original columns, where each row stood, and why.

use super::env::Reject;
use super::source::{Cells, Source};

/// Names of the two added columns: the first pair that the source does not have.
fn added(source: &Source) -> [&'static str; 2] {
    let taken = |name: &str| source.headers.iter().any(|h| h == name);
    if taken("line") || taken("reason") { ["source_line", "reject_reason"] } else { ["line", "reason"] }
}

fn quoted(out: &mut String, cell: &str, delimiter: char) {
    if cell.contains([delimiter, '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// The file's text. Corrected, it can be imported with the same map: it has the source's delimiter, its header stands
/// on the same line, and a byte order mark says that it is UTF-8 where the source is not. The last cells of a row that
/// had too many stay together in the last column.
pub fn csv(source: &Source, rejects: &[Reject]) -> String {
    let mut out = String::new();
    if source.encoding != "UTF-8" {
        out.push('\u{feff}');
    }
    out.extend((1..source.header.unwrap_or(1)).map(|_| '\n'));
    let delimiter = char::from(source.delimiter);
    let width = source.headers.len();
    let line = |cells: &[&str], out: &mut String| {
        for (n, c) in cells.iter().enumerate() {
            if n > 0 {
                out.push(delimiter);
            }
            quoted(out, c, delimiter);
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
    let mut row = Cells::default();
    for r in rejects {
        source.read_row(r.row as usize, &mut row);
        let kept = if repeated { width - 2 } else { width };
        let rest: String;
        let mut cells: Vec<&str> = row.iter().take(kept).collect();
        if row.len() > width && width > 0 && !repeated {
            rest = row.iter().skip(width - 1).collect::<Vec<_>>().join(&delimiter.to_string());
            cells[width - 1] = &rest;
        }
        cells.resize(kept, "");
        let number = source.line(r.row as usize).to_string();
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
            let source = read(src.as_bytes().to_vec(), &Options::default()).unwrap();
            let reject = |row| Reject { row, cell: None, reason: "so, there".into() };
            let rejects: Vec<Reject> = (0..source.len() as u32).map(reject).collect();
            assert_eq!(csv(&source, &rejects), expected);
        };
        check(
            "a,b\n1,\"x,\"\"y\"\n1,2,3\n",
            "a,b,line,reason\n1,\"x,\"\"y\",2,\"so, there\"\n1,\"2,3\",3,\"so, there\"\n",
        );
        check("a;b\n1;\"x;y\"\n", "a;b;line;reason\n1;\"x;y\";2;so, there\n");
        check("a,line\n1,2\n", "a,line,source_line,reject_reason\n1,2,2,\"so, there\"\n");
        check("a,line,reason\n1,7,old\n", "a,line,reason\n1,2,\"so, there\"\n");
    }
    #[test]
    fn rejects_are_read_with_the_same_options() {
        let options = Options { encoding: Some("gb18030".into()), header: Some(3), delimiter: Some(b';') };
        let (bytes, _, _) = encoding_rs::GB18030.encode("明细\n\n户名;金额\n华新;x\n");
        let source = read(bytes.to_vec(), &options).unwrap();
        let text = csv(&source, &[Reject { row: 0, cell: None, reason: "金额：x".into() }]);
        let again = read(text.into_bytes(), &options).unwrap();
        assert_eq!(again.headers, ["户名", "金额", "line", "reason"]);
        assert_eq!(again.row(0).iter().collect::<Vec<_>>(), ["华新", "x", "4", "金额：x"]);
    }
}
