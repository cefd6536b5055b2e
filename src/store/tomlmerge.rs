//! TOML files merge by their keys, contacts and other elements with an `id` by theirs.

use super::merge::{Marks, Merged};
use crate::model::change::{TomlEdit, TomlValue};
use crate::store::tomledit::{KeyGroups, apply_ordered, steps};
use crate::store::tomlshape::Shape;
use crate::store::tomlwrite::{line_end, line_start};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use toml_edit::{ArrayOfTables, Document, Item, Table, TableLike};

/// Whether a text is TOML.
pub(crate) fn is_toml(text: &str) -> bool {
    Document::parse(text).is_ok()
}

/// Where a value stands: names of tables from the root, an element between an array and its key.
#[derive(Debug, Clone, Default)]
struct Path {
    tables: Vec<String>,
    /// Id of the element of the array that `tables` names.
    element: Option<String>,
}

impl Path {
    fn below(&self, name: &str) -> Path {
        let mut path = self.clone();
        path.tables.push(name.to_string());
        path
    }
}

/// Bytes that are read anew to carry out edits one by one; files in which more differs are merged line by line.
const MOST_READ: usize = 16 << 20;

/// Edits of elements stand first, by their array: values, then new elements.
fn order_of(edit: &TomlEdit) -> (u8, &str) {
    match edit {
        TomlEdit::SetIn { array, .. } => (0, array),
        TomlEdit::Push { array, .. } => (1, array),
        TomlEdit::Take { array, .. } => (2, array),
        _ => (3, ""),
    }
}

/// A key that both sides changed to different values.
struct Clash {
    path: Path,
    key: String,
    /// Whether our side has taken it away.
    gone: bool,
}

/// What our side lacks of the other one's changes.
#[derive(Default)]
struct Lacks {
    edits: Vec<TomlEdit>,
    clashes: Vec<Clash>,
}

/// Merges three versions of a TOML file, BOM left off. `lines` is what merging line by line gave: it stands where it has no clash and means the
/// same, as it keeps every comment. `None` where keys cannot be told apart, so that `lines` is all there is.
pub fn toml(
    base: &str,
    ours: &str,
    theirs: &str,
    lines: &Merged,
    groups: KeyGroups<'_>,
    marks: Marks<'_>,
) -> Option<Merged> {
    let document = |src: &str| Document::parse(src.to_string()).ok();
    let (b, o, t) = (document(base)?, document(ours)?, document(theirs)?);
    let mut lacks = Lacks::default();
    let (old, our, their) = (Shape::of(&b), Shape::of(&o), Shape::of(&t));
    lacks.table(&Path::default(), Some(&old), &our, &their, &t)?;
    // Elements are edited together: those of one array stand next to each other.
    lacks.edits.sort_by(|a, b| order_of(a).cmp(&order_of(b)));
    if steps(&lacks.edits).saturating_mul(ours.len()) > MOST_READ {
        return None;
    }
    let text = apply_ordered(ours, &lacks.edits, groups).ok()?;
    if lacks.clashes.is_empty() {
        let same =
            |src: &str| document(src).is_some_and(|d| Some(Shape::of(&d)) == document(&text).map(|d| Shape::of(&d)));
        if lines.clashes == 0 && same(&lines.text) {
            return Some(lines.clone());
        }
    }
    // Comments belong to no key: where the other side's would be lost, people merge the lines.
    let comments = |src: &str| {
        src.lines().map(str::trim).filter(|l| l.starts_with('#')).map(String::from).collect::<BTreeSet<_>>()
    };
    let kept = comments(&text);
    if comments(theirs).difference(&comments(base)).any(|c| !kept.contains(c)) {
        return None;
    }
    marked(&text, &t, &lacks.clashes, marks)
}

impl Lacks {
    fn table(
        &mut self,
        path: &Path,
        base: Option<&Shape>,
        ours: &Shape,
        theirs: &Shape,
        doc: &Document<String>,
    ) -> Option<()> {
        let (Shape::Map(o), Shape::Map(t)) = (ours, theirs) else { return None };
        let empty = BTreeMap::new();
        let b = match base {
            Some(Shape::Map(b)) => b,
            _ => &empty,
        };
        for key in o.keys().chain(t.keys().filter(|k| !o.contains_key(*k))) {
            self.value(path, key, (b.get(key), o.get(key), t.get(key)), doc)?;
        }
        Some(())
    }

    fn value(
        &mut self,
        path: &Path,
        key: &str,
        (b, o, t): (Option<&Shape>, Option<&Shape>, Option<&Shape>),
        doc: &Document<String>,
    ) -> Option<()> {
        if o == t || t == b {
            return Some(());
        }
        match (o, t) {
            (Some(ours @ Shape::Map(_)), Some(theirs @ Shape::Map(_))) => {
                if path.element.is_some() {
                    return None;
                }
                return self.table(&path.below(key), b, ours, theirs, doc);
            }
            (Some(Shape::List(ours)), Some(Shape::List(theirs))) => {
                let old: &[Shape] = if let Some(Shape::List(b)) = b { b } else { &[] };
                if let (Some(b), Some(o), Some(t)) = (by_id(old), by_id(ours), by_id(theirs))
                    && !(o.is_empty() && t.is_empty())
                {
                    return self.elements(path, key, (&b, &o, &t), doc);
                }
                if let (Some(b), Some(o), Some(t)) = (texts(old), texts(ours), texts(theirs)) {
                    let [in_b, in_o, in_t] = [&b, &o, &t].map(|l| l.iter().copied().collect::<HashSet<&str>>());
                    let mut all: Vec<String> = o
                        .iter()
                        .filter(|s| in_t.contains(*s) || !in_b.contains(*s))
                        .map(|s| (*s).to_string())
                        .collect();
                    all.extend(t.iter().filter(|s| !in_o.contains(*s) && !in_b.contains(*s)).map(|s| (*s).to_string()));
                    self.set(path, key, TomlValue::List(all));
                    return Some(());
                }
            }
            _ => {}
        }
        if o == b {
            return self.take(path, key, o, t, doc);
        }
        // Two values, or one side's value where the other has none. Whole tables and elements are left to lines.
        let leaf = |s: Option<&Shape>| s.is_none_or(|s| simple(s).is_some());
        if !leaf(o) || !leaf(t) {
            return None;
        }
        if o.is_none() {
            self.set(path, key, t.and_then(simple)?);
        }
        self.clashes.push(Clash { path: path.clone(), key: key.to_string(), gone: o.is_none() });
        Some(())
    }

    /// The elements of an array, each found by its id.
    fn elements(
        &mut self,
        path: &Path,
        key: &str,
        (b, o, t): (&ById<'_>, &ById<'_>, &ById<'_>),
        doc: &Document<String>,
    ) -> Option<()> {
        if !path.tables.is_empty() || path.element.is_some() {
            return None;
        }
        let [in_b, in_o, in_t] = [b, o, t].map(|l| l.iter().copied().collect::<HashMap<&str, &Shape>>());
        let their_tables = tables(doc, key);
        for (id, theirs) in t {
            let old = in_b.get(id).copied();
            match in_o.get(id) {
                Some(ours) => {
                    let inner = Path { tables: vec![key.to_string()], element: Some((*id).to_string()) };
                    self.table(&inner, old, ours, theirs, doc)?;
                }
                None if old.is_none() => self
                    .edits
                    .push(TomlEdit::Push { array: key.to_string(), values: in_order(their_tables.get(id)?, theirs)? }),
                None if old == Some(*theirs) => {}
                None => return None,
            }
        }
        for (id, ours) in o {
            if in_t.contains_key(id) {
                continue;
            }
            match in_b.get(id) {
                None => {}
                Some(old) if old == ours => {
                    self.edits.push(TomlEdit::Take { array: key.to_string(), id: (*id).to_string() });
                }
                Some(_) => return None,
            }
        }
        Some(())
    }

    /// Takes the other side's value of a key that our side left alone.
    fn take(
        &mut self,
        path: &Path,
        key: &str,
        ours: Option<&Shape>,
        theirs: Option<&Shape>,
        doc: &Document<String>,
    ) -> Option<()> {
        match (ours, theirs) {
            (None, Some(Shape::Map(_))) => {
                let empty = Shape::Map(BTreeMap::new());
                self.table(&path.below(key), None, &empty, theirs?, doc)
            }
            (None, Some(Shape::List(list))) if by_id(list).is_some_and(|l| !l.is_empty()) => {
                self.elements(path, key, (&Vec::new(), &Vec::new(), &by_id(list)?), doc)
            }
            (Some(Shape::Map(_)), None) if path.tables.is_empty() => {
                self.edits.push(TomlEdit::RemoveTable { name: key.to_string() });
                Some(())
            }
            (Some(Shape::List(list)), None) if by_id(list).is_some_and(|l| !l.is_empty()) => {
                self.elements(path, key, (&by_id(list)?, &by_id(list)?, &Vec::new()), doc)
            }
            (_, None) => {
                self.set(path, key, TomlValue::Remove);
                Some(())
            }
            (_, Some(theirs)) => {
                self.set(path, key, simple(theirs)?);
                Some(())
            }
        }
    }

    fn set(&mut self, path: &Path, key: &str, value: TomlValue) {
        let key = key.to_string();
        self.edits.push(match &path.element {
            Some(id) => TomlEdit::SetIn { array: path.tables.concat(), id: id.clone(), key, value },
            None => TomlEdit::Set { table: path.tables.clone(), key, value },
        });
    }
}

/// Elements of an array of tables with their ids.
type ById<'s> = Vec<(&'s str, &'s Shape)>;

/// The elements by their ids; `None` where one has none, or two have the same.
fn by_id(list: &[Shape]) -> Option<ById<'_>> {
    let (mut all, mut seen): (ById<'_>, HashSet<&str>) = (Vec::with_capacity(list.len()), HashSet::new());
    for s in list {
        let Shape::Map(map) = s else { return None };
        let Some(Shape::Text(id)) = map.get("id") else { return None };
        if !seen.insert(id) {
            return None;
        }
        all.push((id, s));
    }
    Some(all)
}

/// The texts of a list; `None` where it has something else, or one twice.
fn texts(list: &[Shape]) -> Option<Vec<&str>> {
    let (mut all, mut seen) = (Vec::with_capacity(list.len()), HashSet::new());
    for s in list {
        let Shape::Text(s) = s else { return None };
        if !seen.insert(s.as_str()) {
            return None;
        }
        all.push(s.as_str());
    }
    Some(all)
}

/// A value that one edit can set.
fn simple(value: &Shape) -> Option<TomlValue> {
    match value {
        Shape::Text(s) => Some(TomlValue::Text(s.clone())),
        Shape::Bare(s) => Some(TomlValue::Bare(s.clone())),
        Shape::List(list) => Some(TomlValue::List(texts(list)?.into_iter().map(String::from).collect())),
        Shape::Map(_) => None,
    }
}

/// The elements of an array of tables by their ids; none where it is no such array.
fn tables<'d>(doc: &'d Document<String>, array: &str) -> HashMap<&'d str, &'d Table> {
    let list = doc.as_table().get(array).and_then(Item::as_array_of_tables);
    list.into_iter().flat_map(ArrayOfTables::iter).filter_map(|t| Some((t.get("id")?.as_str()?, t))).collect()
}

/// The keys of an element in the order in which they stand.
fn in_order(table: &Table, shape: &Shape) -> Option<Vec<(String, TomlValue)>> {
    let Shape::Map(map) = shape else { return None };
    table.iter().map(|(key, _)| Some((key.to_string(), simple(map.get(key)?)?))).collect()
}

/// A document, with the elements of its arrays by id once they are asked for.
struct Elements<'d> {
    doc: &'d Document<String>,
    arrays: HashMap<String, HashMap<&'d str, &'d Table>>,
}

/// The lines on which a key and its value stand.
fn lines_of(elements: &mut Elements<'_>, path: &Path, key: &str) -> Option<Range<usize>> {
    let doc = elements.doc;
    let mut table: &dyn TableLike = doc.as_table();
    for name in &path.tables {
        table = match &path.element {
            Some(id) => {
                let array = elements.arrays.entry(name.clone()).or_insert_with(|| tables(doc, name));
                *array.get(id.as_str())?
            }
            None => table.get(name)?.as_table_like()?,
        };
    }
    let (key, item) = table.get_key_value(key)?;
    Some(line_start(doc.raw(), key.span()?.start)..line_end(doc.raw(), item.span()?.end))
}

/// The text with both sides of each clash between markers.
fn marked(text: &str, theirs: &Document<String>, clashes: &[Clash], marks: Marks<'_>) -> Option<Merged> {
    let (bom, body) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
    let doc = Document::parse(body.to_string()).ok()?;
    let elements = |doc| Elements { doc, arrays: HashMap::new() };
    let (mut own, mut other) = (elements(&doc), elements(theirs));
    let mut places: Vec<(Range<usize>, &Clash)> = Vec::new();
    for clash in clashes {
        places.push((lines_of(&mut own, &clash.path, &clash.key)?, clash));
    }
    places.sort_by_key(|(r, _)| r.start);
    // Two keys of one line cannot be told apart by lines.
    if places.windows(2).any(|w| w[0].0.end > w[1].0.start) {
        return None;
    }
    let (mut out, mut from) = (bom.to_string(), 0);
    for (lines, clash) in &places {
        out.push_str(&body[from..lines.start]);
        let their = lines_of(&mut other, &clash.path, &clash.key).map_or("", |r| &theirs.raw()[r]);
        let our = if clash.gone { "" } else { &body[lines.clone()] };
        marks.write(&mut out, our, their);
        from = lines.end;
    }
    out.push_str(&body[from..]);
    Some(Merged { text: out, clashes: clashes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        let marks = Marks { size: 7, ours: "ours", theirs: "theirs", eol: "\n" };
        let lines = Merged { text: "<<<<<<<".into(), clashes: 1 };
        let m = toml(base, ours, theirs, &lines, &[], marks);
        assert_eq!(m.as_ref().map(|m| m.text.as_str()), expected);
        assert_eq!(m.map_or(0, |m| m.clashes), expected.map_or(0, |e| e.matches("<<<<<<<").count()));
    }

    #[test]
    fn keys_of_both_sides_are_taken() {
        let base = "name = \"A\"\nowner = \"li\"\ntags = [\n  \"a\",\n  \"b\",\n]\n";
        check(
            base,
            "name = \"A1\" # new\nowner = \"li\"\ntags = [\n  \"a\",\n  \"b\",\n  \"c\",\n]\n",
            "name = \"A\"\nowner = \"wu\"\nphone = \"1\"\ntags = [\n  \"b\",\n  \"d\",\n]\n",
            Some("name = \"A1\" # new\nowner = \"wu\"\ntags = [\n  \"b\",\n  \"c\",\n  \"d\",\n]\nphone = \"1\"\n"),
        );
        check("a = 1\n", "a = 1\n[t]\nb = 2\n", "a = 2\n[t]\nc = 3\n", Some("a = 2\n[t]\nb = 2\nc = 3\n"));
        check("a = 1\n[t]\nb = 2\n", "a = 2\n[t]\nb = 2\n", "a = 1\n", Some("a = 2\n"));
    }

    #[test]
    fn contacts_are_merged_by_their_ids() {
        let c = |id: &str, rest: &str| format!("\n[[contacts]]\nid = \"{id}\"\nname = \"N\"\n{rest}");
        let file = |list: &[String]| format!("name = \"A\"\n{}", list.concat());
        check(
            &file(&[c("a", ""), c("b", "")]),
            &file(&[c("a", "phone = \"1\"\n"), c("b", ""), c("c", "")]),
            &file(&[c("a", "mail = \"x\"\n"), c("d", "")]),
            Some(&file(&[c("a", "phone = \"1\"\nmail = \"x\"\n"), c("c", ""), c("d", "")])),
        );
        // One side took a contact away that the other changed: lines tell.
        check(&file(&[c("a", "")]), &file(&[]), &file(&[c("a", "phone = \"1\"\n")]), None);
    }

    #[test]
    fn one_key_clashes_with_both_values() {
        check(
            "a = \"A\"\nb = 1\n",
            "a = \"B\"\nb = 1\n",
            "a = \"C\"\nb = 2\n",
            Some("<<<<<<< ours\na = \"B\"\n=======\na = \"C\"\n>>>>>>> theirs\nb = 2\n"),
        );
        check(
            "a = \"A\"\nb = 1\n",
            "b = 1\n",
            "a = \"C\"\nb = 1\n",
            Some("b = 1\n<<<<<<< ours\n=======\na = \"C\"\n>>>>>>> theirs\n"),
        );
        check(
            "a = \"A\"\nb = 1\n",
            "a = \"B\"\nb = 1\n",
            "b = 1\n",
            Some("<<<<<<< ours\na = \"B\"\n=======\n>>>>>>> theirs\nb = 1\n"),
        );
        check("t = { a = 1, b = 1 }\n", "t = { a = 2, b = 2 }\n", "t = { a = 3, b = 3 }\n", None);
    }

    #[test]
    fn comments_of_the_other_side_are_not_lost() {
        check("a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\n# why\nb = 2\n", None);
        check("a = 1\n# why\nb = 1\n", "a = 2\n# why\nb = 1\n", "a = 1\n# why\nb = 2\n", Some("a = 2\n# why\nb = 2\n"));
    }

    #[test]
    fn what_is_no_toml_is_left_to_lines() {
        check("a = 1\n", "a = \n", "a = 2\n", None);
    }
}
