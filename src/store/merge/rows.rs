//! Ledgers merge by the keys of their rows: what one side appended, changed or removed is taken from it.

use super::{Marks, Merged, three_way};
use crate::diag::Code;
use crate::model::ledger::Ledger;
use crate::store::csvedit::encode_cell;
use crate::store::csvfile::Reader;
use std::collections::{HashMap, HashSet};

/// The text of a key's cells, one behind the other.
type Key = Vec<String>;

struct Row<'a> {
    key: Key,
    cells: HashMap<&'a str, String>,
    raw: &'a str,
}

/// A version of the file.
struct Side<'a> {
    rows: Vec<Row<'a>>,
    at: HashMap<Key, usize>,
}

impl Side<'_> {
    fn get(&self, key: &Key) -> Option<&Row<'_>> {
        self.at.get(key).map(|n| &self.rows[*n])
    }
}

/// The columns, and where the header ends; none for an empty file.
fn head(src: &str) -> Option<(Vec<String>, usize)> {
    if src.trim().is_empty() {
        return Some((Vec::new(), 0));
    }
    let mut diags = Vec::new();
    let header = Reader::new(src, "").raw_header(&mut diags)?;
    let different = header.names.iter().collect::<HashSet<_>>().len() == header.names.len();
    (diags.is_empty() && different).then_some((header.names, header.end))
}

/// Reads a version; `None` where something in it is no row with a key of its own.
fn side<'a>(src: &'a str, names: &'a [String], keys: &[&str]) -> Option<Side<'a>> {
    let mut side = Side { rows: Vec::new(), at: HashMap::new() };
    if names.is_empty() {
        return Some(side);
    }
    let mut diags = Vec::new();
    let mut reader = Reader::new(src, "");
    reader.raw_header(&mut diags)?;
    let mut fits = true;
    reader.rows(
        names.len(),
        &mut |row| {
            let cells: HashMap<&str, String> =
                names.iter().enumerate().map(|(n, name)| (name.as_str(), row.get(n).into_owned())).collect();
            let key: Key = keys.iter().map(|k| cells.get(k).cloned().unwrap_or_default()).collect();
            fits &= key.first().is_some_and(|id| !id.is_empty());
            fits &= side.at.insert(key.clone(), side.rows.len()).is_none();
            side.rows.push(Row { key, cells, raw: &src[row.start..row.end] });
        },
        &mut diags,
    );
    (fits && diags.iter().all(|d| d.code == Code::BlankRow)).then_some(side)
}

/// A row of the result.
struct Out<'a> {
    cells: HashMap<&'a str, String>,
    /// The row as it stands in a version, if it is still that.
    raw: Option<&'a str>,
    /// The other side of a clash.
    clash: Option<Option<HashMap<&'a str, String>>>,
    /// Whether our side of a clash is no row.
    gone: bool,
}

impl<'a> Out<'a> {
    fn plain(row: &Row<'a>) -> Out<'a> {
        Out { cells: row.cells.clone(), raw: Some(row.raw), clash: None, gone: false }
    }
}

/// Merges three versions of a file of a ledger, BOM left off; `None` where they cannot be told apart row by row (broken rows, one
/// key twice), so that only lines can be merged.
pub fn ledger(ledger: Ledger, base: &str, ours: &str, theirs: &str, marks: Marks<'_>) -> Option<Merged> {
    let eol = marks.eol;
    let ((base_names, _), (our_names, our_head), (their_names, _)) = (head(base)?, head(ours)?, head(theirs)?);
    let keys = ledger.spec().key;
    let (b, o, t) = (side(base, &base_names, keys)?, side(ours, &our_names, keys)?, side(theirs, &their_names, keys)?);
    let mut all: Vec<&str> = our_names.iter().map(String::as_str).collect();
    all.extend(their_names.iter().map(String::as_str).filter(|n| !our_names.iter().any(|own| own == n)));

    let mut inserted: HashMap<Option<&Key>, Vec<Out<'_>>> = HashMap::new();
    let mut anchor = None;
    for row in &t.rows {
        match (o.get(&row.key), b.get(&row.key)) {
            (Some(_), _) => anchor = Some(&row.key),
            (None, None) => inserted.entry(anchor).or_default().push(Out::plain(row)),
            (None, Some(old)) if same(&all, old, row) => {}
            (None, Some(_)) => inserted.entry(anchor).or_default().push(Out {
                cells: HashMap::new(),
                raw: None,
                clash: Some(Some(row.cells.clone())),
                gone: true,
            }),
        }
    }

    let mut out: Vec<Out<'_>> = inserted.remove(&None).unwrap_or_default();
    // Rows that both sides appended at one place: ours first.
    let mut waiting: Vec<Out<'_>> = Vec::new();
    for row in &o.rows {
        let old = b.get(&row.key);
        if old.is_some() || t.get(&row.key).is_some() {
            out.append(&mut waiting);
        }
        match (old, t.get(&row.key)) {
            (_, Some(their)) => out.push(merged(&all, old, row, their)),
            (None, None) => out.push(Out::plain(row)),
            (Some(old), None) if same(&all, old, row) => {}
            (Some(_), None) => out.push(Out { clash: Some(None), ..Out::plain(row) }),
        }
        waiting.append(&mut inserted.remove(&Some(&row.key)).unwrap_or_default());
    }
    out.append(&mut waiting);

    // A column that one side removed goes, unless the other has filled it since.
    let filled = |name: &str| {
        let has = |cells: &HashMap<&str, String>| cells.get(name).is_some_and(|c| !c.is_empty());
        out.iter().any(|r| has(&r.cells) || r.clash.as_ref().and_then(Option::as_ref).is_some_and(has))
    };
    let removed = |name: &str| {
        let in_both = our_names.iter().any(|n| n == name) && their_names.iter().any(|n| n == name);
        !in_both && base_names.iter().any(|n| n == name) && !filled(name)
    };
    let names: Vec<&str> = all.iter().copied().filter(|n| !removed(n)).collect();

    let mut text = String::with_capacity(ours.len() + theirs.len());
    // As many columns need not be the same ones: one may have gone and another come.
    let as_ours = names.iter().copied().eq(our_names.iter().map(String::as_str));
    if as_ours && !our_names.is_empty() {
        text.push_str(ours[..our_head].trim_end_matches(['\r', '\n']));
        text.push_str(eol);
    } else {
        write_row(&mut text, names.iter().map(|n| (*n).to_string()), names.len(), eol);
    }
    let as_theirs = names.iter().copied().eq(their_names.iter().map(String::as_str));
    let mut clashes = 0;
    for row in out {
        let line = |cells: &HashMap<&str, String>| {
            let mut text = String::new();
            let of = |n: &&str| cells.get(*n).cloned().unwrap_or_default();
            write_row(&mut text, names.iter().map(of), names.len(), eol);
            text
        };
        let unchanged = row.raw.filter(|raw| if within(raw, ours) { as_ours } else { as_theirs });
        match (row.clash, unchanged) {
            (None, Some(raw)) => {
                text.push_str(raw.trim_end_matches(['\r', '\n']));
                text.push_str(eol);
            }
            (None, None) => text.push_str(&line(&row.cells)),
            (Some(their), _) => {
                clashes += 1;
                let our = if row.gone { String::new() } else { line(&row.cells) };
                marks.write(&mut text, &our, &their.map_or_else(String::new, |c| line(&c)));
            }
        }
    }
    Some(Merged { text, clashes })
}

/// Whether a text is a part of another, not a copy of it.
fn within(part: &str, whole: &str) -> bool {
    whole.as_bytes().as_ptr_range().contains(&part.as_ptr())
}

fn write_row(out: &mut String, cells: impl Iterator<Item = String>, count: usize, eol: &str) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(',');
        }
        encode_cell(out, &cell, count == 1);
    }
    out.push_str(eol);
}

fn cell<'r>(row: Option<&'r Row<'_>>, name: &str) -> &'r str {
    row.and_then(|r| r.cells.get(name)).map_or("", String::as_str)
}

fn same(all: &[&str], a: &Row<'_>, b: &Row<'_>) -> bool {
    all.iter().all(|name| cell(Some(a), name) == cell(Some(b), name))
}

/// A row that both sides have, cell by cell. Without an older one every difference is a clash.
fn merged<'a>(all: &[&'a str], base: Option<&Row<'a>>, ours: &Row<'a>, theirs: &Row<'a>) -> Out<'a> {
    let (mut mine, mut other, mut clash) = (HashMap::new(), HashMap::new(), false);
    for name in all {
        let (o, t) = (cell(Some(ours), name), cell(Some(theirs), name));
        let one = match base {
            Some(_) => three_way(cell(base, name), o, t),
            None => (o == t).then_some(o),
        };
        clash |= one.is_none();
        mine.insert(*name, one.unwrap_or(o).to_string());
        other.insert(*name, one.unwrap_or(t).to_string());
    }
    let unchanged = !clash && all.iter().all(|n| mine[n] == cell(Some(ours), n));
    Out { cells: mine, raw: unchanged.then_some(ours.raw), clash: clash.then_some(Some(other)), gone: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const MARKS: Marks<'static> = Marks { size: 7, ours: "ours", theirs: "theirs", eol: "\n" };

    fn check(base: &str, ours: &str, theirs: &str, expected: &str) {
        let lines = |s: &str| if s.is_empty() { String::new() } else { format!("id,at,customer,text,by\n{s}") };
        let m = ledger(Ledger::Needs, &lines(base), &lines(ours), &lines(theirs), MARKS).unwrap();
        assert_eq!(m.text, lines(expected));
        assert_eq!(m.clashes, expected.matches("<<<<<<<").count());
    }

    #[test]
    fn rows_of_both_sides_are_kept_once() {
        let (a, b, c) = ("n1,2026-01-01,x,A,li\n", "n2,2026-01-02,x,B,li\n", "n3,2026-01-03,x,\"C,\nc\",li\n");
        check(a, &[a, b].concat(), &[a, c].concat(), &[a, b, c].concat());
        check("", &[a, b].concat(), &[a, c].concat(), &[a, b, c].concat());
        check(a, &[a, b].concat(), &[a, b].concat(), &[a, b].concat());
        check(&[a, b].concat(), a, &[a, b, c].concat(), &[a, c].concat());
        check(&[a, b, c].concat(), b, &[a, b].concat(), b);
    }

    #[test]
    fn cells_are_merged_and_one_cell_clashes() {
        check("n1,2026-01-01,x,A,li\n", "n1,2026-01-01,x,A2,li\n", "n1,2026-01-01,x,A,wu\n", "n1,2026-01-01,x,A2,wu\n");
        check(
            "n1,2026-01-01,x,A,li\n",
            "n1,2026-01-01,x,B,li\n",
            "n1,2026-01-01,x,C,wu\n",
            "<<<<<<< ours\nn1,2026-01-01,x,B,wu\n=======\nn1,2026-01-01,x,C,wu\n>>>>>>> theirs\n",
        );
        check(
            "n1,2026-01-01,x,A,li\n",
            "n2,2026-01-01,x,A,li\n",
            "n1,2026-01-01,x,B,li\n",
            &["<<<<<<< ours\n=======\nn1,2026-01-01,x,B,li\n>>>>>>> theirs\n", "n2,2026-01-01,x,A,li\n"].concat(),
        );
    }

    #[test]
    fn columns_of_both_sides_are_kept() {
        let check = |base: &str, ours: &str, theirs: &str, eol: &'static str, expected: &str| {
            let m = ledger(Ledger::Needs, base, ours, theirs, Marks { eol, ..MARKS });
            assert_eq!(m, Some(Merged { text: expected.into(), clashes: 0 }));
        };
        let base = "id,text,x_a\nn1,A,\n";
        check(
            base,
            "id,text\r\nn1,A\r\nn2,B\r\n",
            "id,text,x_a,x_b\nn1,A,,1\n",
            "\r\n",
            "id,text,x_b\r\nn1,A,1\r\nn2,B,\r\n",
        );
        // One column goes and another comes: there are as many as before.
        check(base, "id,text,x_a\nn1,B,\n", "id,text,x_b\nn1,A,w\n", "\n", "id,text,x_b\nn1,B,w\n");
        check(base, "id,text,x_b\nn1,A,w\n", "id,text,x_a\nn1,B,\n", "\n", "id,text,x_b\nn1,B,w\n");
        // The line ends inside a cell are its own.
        let cell = "id,text,x_a\nn1,\"A\r\nB\",\n";
        check(base, cell, "id,text,x_a\nn1,A,\nn2,C,\n", "\n", "id,text,x_a\nn1,\"A\r\nB\",\nn2,C,\n");
    }

    #[test]
    fn what_has_no_keys_is_left_to_lines() {
        let check = |ours: &str| assert_eq!(ledger(Ledger::Needs, "id,text\n", ours, "id,text\nn1,A\n", MARKS), None);
        check("id,text\nn1,A\nn1,B\n");
        check("id,text\n,A\n");
        check("id,text\nn1\n");
        check("id,id\nn1,n2\n");
        check("text\nA\n");
    }

    /// A version: rows by id, each with two cells.
    fn version() -> impl Strategy<Value = BTreeMap<u8, (u8, u8)>> {
        proptest::collection::btree_map(0_u8..12, (0_u8..3, 0_u8..3), 0..10)
    }

    fn text(rows: &BTreeMap<u8, (u8, u8)>) -> String {
        let rows = rows.iter().map(|(id, (a, b))| format!("n{id},{a},{b}\n"));
        ["id,text,x_b\n".to_string()].into_iter().chain(rows).collect()
    }

    proptest! {
        /// Each row of the result is what the three versions say of it, and nothing is lost, doubled or settled in silence.
        #[test]
        fn each_row_is_merged_by_itself(base in version(), ours in version(), theirs in version()) {
            let m = ledger(Ledger::Needs, &text(&base), &text(&ours), &text(&theirs), MARKS).unwrap();
            let (mut clashes, mut whole) = (0, BTreeMap::new());
            for id in 0..12 {
                let (b, o, t) = (base.get(&id), ours.get(&id), theirs.get(&id));
                let one = match (b, o, t) {
                    _ if o == t || t == b => o.copied(),
                    _ if o == b => t.copied(),
                    (Some(b), Some(o), Some(t)) => {
                        three_way(&b.0, &o.0, &t.0).zip(three_way(&b.1, &o.1, &t.1)).map(|(x, y)| (*x, *y)).or_else(|| {
                            clashes += 1;
                            None
                        })
                    }
                    _ => {
                        clashes += 1;
                        None
                    }
                };
                whole.extend(one.map(|row| (id, row)));
            }
            prop_assert_eq!(m.clashes, clashes);
            let mut inside = false;
            let mut seen = BTreeMap::new();
            for line in m.text.lines().skip(1) {
                match line.get(..7) {
                    Some("<<<<<<<") => inside = true,
                    Some(">>>>>>>") => inside = false,
                    _ if inside => {}
                    _ => {
                        let cells: Vec<u8> = line.trim_start_matches('n').split(',').map(|c| c.parse().unwrap()).collect();
                        prop_assert_eq!(seen.insert(cells[0], (cells[1], cells[2])), None);
                    }
                }
            }
            prop_assert_eq!(seen, whole);
        }
    }
}
