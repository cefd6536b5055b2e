//! Edits of a TOML file that leave every other byte alone: one value changed is one line changed.
//!
//! The parser only tells where things stand; the bytes are spliced here. Reading the result again proves each edit: it
//! must mean the old content plus the edit. Otherwise nothing is changed, and the edit is an error.

use crate::model::change::{TomlEdit, TomlValue};
use crate::model::customer::CUSTOMER_KEYS;
use crate::store::tomllist;
use crate::store::tomlshape::Shape;
use crate::store::tomlwrite::{self, Spot, line_end, line_start};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use toml_edit::{Document, InlineTable, Item, Key, Table, TableLike, Value};

/// Groups of root keys in their canonical order; a new key stands in its group, groups stand apart by blank lines.
pub type KeyGroups<'a> = &'a [&'a [&'a str]];

/// The groups of a customer's file, from the table of its keys.
pub fn customer_groups() -> Vec<Vec<&'static str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for (n, key) in CUSTOMER_KEYS.iter().enumerate() {
        if n == 0 || CUSTOMER_KEYS[n - 1].group != key.group {
            groups.push(Vec::new());
        }
        if let Some(last) = groups.last_mut() {
            last.push(key.name);
        }
    }
    groups
}

/// Why an edit is refused. The text is as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditError {
    /// The text is no TOML: byte offset in the text without BOM, and the parser's message.
    Syntax {
        /// Byte offset.
        offset: usize,
        /// The parser's message.
        message: String,
    },
    /// A name on the way is a value, or a list, where a table is needed, or the other way round.
    WrongKind {
        /// The key, dotted.
        key: String,
    },
    /// There is no such table, array or element.
    Missing {
        /// The key, or array and id.
        key: String,
    },
    /// There already is such a table or element.
    Exists {
        /// The key, or array and id.
        key: String,
    },
    /// Several elements have this id.
    Ambiguous {
        /// Array and id.
        key: String,
    },
    /// Written in a way that cannot be edited without touching more than the value (a table in several pieces, an
    /// inline table over several lines, a list with comments between the items of one line).
    Form {
        /// The key, dotted.
        key: String,
    },
    /// The result would not have meant what it should: a value that is no TOML, for one.
    NotProved {
        /// The key, dotted.
        key: String,
    },
}

/// Carries out edits; new root keys come behind the last one.
///
/// # Errors
/// The first edit that is refused; none is carried out then.
pub fn apply(src: &str, edits: &[TomlEdit]) -> Result<String, EditError> {
    apply_ordered(src, edits, &[])
}

/// Carries out edits; new root keys go to their place in `groups`.
///
/// # Errors
/// The first edit that is refused; none is carried out then.
pub fn apply_ordered(src: &str, edits: &[TomlEdit], groups: KeyGroups<'_>) -> Result<String, EditError> {
    let (bom, body) = src.strip_prefix('\u{feff}').map_or(("", src), |rest| ("\u{feff}", rest));
    let mut doc = parse(body)?;
    for run in runs(edits) {
        if run.len() > 1
            && let Some(after) = at_once(&doc, run, groups)
        {
            doc = after;
            continue;
        }
        for edit in run {
            doc = match one(&doc, edit, groups)? {
                Some(after) => after,
                None => continue,
            };
        }
    }
    Ok(format!("{bom}{}", doc.raw()))
}

/// Carries out one edit and proves it; `None` where nothing is to be done.
fn one(doc: &Document<String>, edit: &TomlEdit, groups: KeyGroups<'_>) -> Result<Option<Document<String>>, EditError> {
    let name = name_of(edit);
    let splices = locate(doc, edit, groups)?;
    if splices.is_empty() {
        return Ok(None);
    }
    let text = tomlwrite::splice(doc.raw(), splices);
    let after = parse(&text).map_err(|_| EditError::NotProved { key: name.clone() })?;
    let top = top_of(edit);
    let wanted = Shape::of(doc).edited(edit).pruned(top);
    if Shape::of(&after).pruned(top) != wanted {
        return Err(EditError::NotProved { key: name });
    }
    Ok(Some(after))
}

/// The array whose elements an edit adds or changes one by one.
fn array_of(edit: &TomlEdit) -> Option<(&str, bool)> {
    match edit {
        TomlEdit::SetIn { array, .. } => Some((array, false)),
        TomlEdit::Push { array, .. } => Some((array, true)),
        _ => None,
    }
}

/// Edits in runs that may be carried out at once: an import may bring a customer many contacts.
fn runs(edits: &[TomlEdit]) -> impl Iterator<Item = &[TomlEdit]> {
    edits.chunk_by(|a, b| array_of(a).is_some_and(|array| Some(array) == array_of(b)))
}

/// How often a text is read anew to carry out edits.
pub(crate) fn steps(edits: &[TomlEdit]) -> usize {
    runs(edits).count()
}

/// Carries out a run of edits together, with one proof for all; `None` where each has to be looked at by itself.
fn at_once(doc: &Document<String>, run: &[TomlEdit], groups: KeyGroups<'_>) -> Option<Document<String>> {
    let editor = Editor::new(doc, &run[0], groups);
    let splices = match &run[0] {
        TomlEdit::Push { array, .. } => editor.push_all(array, run)?,
        TomlEdit::SetIn { array, .. } => editor.set_in_all(array, run)?,
        _ => return None,
    };
    let after = parse(&tomlwrite::splice(doc.raw(), splices)).ok()?;
    (Shape::of(&after) == Shape::of(doc).edited_all(run)).then_some(after)
}

fn parse(body: &str) -> Result<Document<String>, EditError> {
    Document::parse(body.to_string())
        .map_err(|e| EditError::Syntax { offset: e.span().map_or(0, |s| s.start), message: e.message().to_string() })
}

/// The edit's key as findings name it.
fn name_of(edit: &TomlEdit) -> String {
    match edit {
        TomlEdit::Set { table, key, .. } => dotted(table.iter().map(String::as_str).chain([key.as_str()])),
        TomlEdit::SetIn { array, id, key, .. } => format!("{array}[{id}].{key}"),
        TomlEdit::Push { array, .. } => array.clone(),
        TomlEdit::Take { array, id } => format!("{array}[{id}]"),
        TomlEdit::AddTable { name, .. } | TomlEdit::RemoveTable { name } => name.clone(),
    }
}

/// The root key below which the edit happens; whether an emptied one is there or not makes no difference.
fn top_of(edit: &TomlEdit) -> &str {
    match edit {
        TomlEdit::Set { table, .. } => table.first().map_or("", String::as_str),
        TomlEdit::SetIn { .. } | TomlEdit::AddTable { .. } | TomlEdit::Push { .. } => "",
        TomlEdit::Take { array, .. } => array,
        TomlEdit::RemoveTable { name } => name,
    }
}

fn dotted<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(".")
}

/// A table of the document, in whichever of its spellings.
#[derive(Clone, Copy)]
enum Home<'d> {
    Table(&'d Table),
    Inline(&'d InlineTable),
}

impl<'d> Home<'d> {
    fn like(self) -> &'d dyn TableLike {
        match self {
            Home::Table(t) => t,
            Home::Inline(t) => t,
        }
    }
}

/// A text to put at a range.
type Splices = Vec<(Range<usize>, String)>;

struct Editor<'d> {
    doc: &'d Document<String>,
    src: &'d str,
    eol: &'static str,
    groups: KeyGroups<'d>,
    name: String,
}

fn locate(doc: &Document<String>, edit: &TomlEdit, groups: KeyGroups<'_>) -> Result<Splices, EditError> {
    let ed = Editor::new(doc, edit, groups);
    match edit {
        TomlEdit::Set { table, key, value } => ed.set_at(table, key, value),
        TomlEdit::SetIn { array, id, key, value } => match ed.element(array, id)? {
            Element::Table(t) => ed.set(Home::Table(t), &[], key, value),
            Element::Inline(_, _, t) => ed.set(Home::Inline(t), &[], key, value),
        },
        TomlEdit::Push { array, values } => ed.push(array, values),
        TomlEdit::Take { array, id } => ed.take(array, id),
        TomlEdit::AddTable { name, values } => {
            if doc.as_table().contains_key(name) {
                return Err(EditError::Exists { key: name.clone() });
            }
            Ok(vec![ed.section(ed.src.len(), &format!("[{}]", tomlwrite::key(name)), values)])
        }
        TomlEdit::RemoveTable { name } => ed.remove_table(name),
    }
}

/// An element of an array of tables.
enum Element<'d> {
    Table(&'d Table),
    Inline(&'d toml_edit::Array, usize, &'d InlineTable),
}

impl<'d> Editor<'d> {
    fn new(doc: &'d Document<String>, edit: &TomlEdit, groups: KeyGroups<'d>) -> Editor<'d> {
        let src = doc.raw();
        let crlf = src.find('\n').is_some_and(|n| n > 0 && src.as_bytes()[n - 1] == b'\r');
        Editor { doc, src, eol: if crlf { "\r\n" } else { "\n" }, groups, name: name_of(edit) }
    }

    /// The elements of an array of tables by their ids; `None` where one has none, or two have the same.
    fn by_id(&self, array: &str) -> Option<HashMap<&'d str, &'d Table>> {
        let Some(item) = self.doc.as_table().get(array) else { return Some(HashMap::new()) };
        let list = item.as_array_of_tables()?;
        let by_id: HashMap<&str, &Table> = list.iter().filter_map(|t| Some((t.get("id")?.as_str()?, t))).collect();
        (by_id.len() == list.len()).then_some(by_id)
    }

    /// New elements behind the last one of an array of tables.
    fn push_all(&self, array: &str, run: &[TomlEdit]) -> Option<Splices> {
        let mut ids: HashSet<&str> = self.by_id(array)?.into_keys().collect();
        let mut all = Vec::with_capacity(run.len());
        for edit in run {
            let TomlEdit::Push { values, .. } = edit else { return None };
            let id = values.iter().find_map(|(k, v)| match v {
                TomlValue::Text(id) if k == "id" => Some(id.as_str()),
                _ => None,
            });
            if !ids.insert(id?) {
                return None;
            }
            all.push(values.as_slice());
        }
        let end = match self.doc.as_table().get(array).and_then(Item::as_array_of_tables) {
            None => self.src.len(),
            Some(list) => {
                let last = list.iter().last()?;
                tomlwrite::after_comments(self.src, line_end(self.src, self.content_end(last)))
            }
        };
        Some(vec![self.sections(end, &format!("[[{}]]", tomlwrite::key(array)), &all)])
    }

    /// New values in elements of an array of tables.
    fn set_in_all(&self, array: &str, run: &[TomlEdit]) -> Option<Splices> {
        let by_id = self.by_id(array)?;
        let (mut seen, mut splices) = (HashSet::new(), Vec::with_capacity(run.len()));
        for edit in run {
            let TomlEdit::SetIn { id, key, value, .. } = edit else { return None };
            if !seen.insert((id, key)) {
                return None;
            }
            splices.extend(self.set(Home::Table(by_id.get(id.as_str())?), &[], key, value).ok()?);
        }
        splices.sort_by_key(|(range, _)| (range.start, range.end));
        splices.windows(2).all(|w| w[0].0.end <= w[1].0.start).then_some(splices)
    }

    fn form<T>(&self) -> Result<T, EditError> {
        Err(EditError::Form { key: self.name.clone() })
    }

    fn wrong_kind<T>(&self) -> Result<T, EditError> {
        Err(EditError::WrongKind { key: self.name.clone() })
    }

    fn set_at(&self, table: &[String], key: &str, value: &TomlValue) -> Result<Splices, EditError> {
        let mut home = Home::Table(self.doc.as_table());
        // The part of the path that has to be repeated in front of a key, because it is written with dots.
        let mut prefix: Vec<&str> = Vec::new();
        for (n, name) in table.iter().enumerate() {
            home = match home.like().get(name) {
                Some(Item::Table(t)) => {
                    if t.is_dotted() {
                        prefix.push(name);
                    } else {
                        prefix.clear();
                    }
                    Home::Table(t)
                }
                Some(Item::Value(Value::InlineTable(t))) => {
                    if t.is_dotted() {
                        return self.form();
                    }
                    Home::Inline(t)
                }
                Some(_) => return self.wrong_kind(),
                None if *value == TomlValue::Remove => return Ok(Vec::new()),
                None => return self.new_table(home, &prefix, &table[..n], &table[n..], key, value),
            };
        }
        self.set(home, &prefix, key, value)
    }

    /// Sets a key in a table that is not there yet.
    fn new_table(
        &self,
        home: Home<'d>,
        prefix: &[&str],
        above: &[String],
        rest: &[String],
        key: &str,
        value: &TomlValue,
    ) -> Result<Splices, EditError> {
        let own_section = match home {
            Home::Table(t) => above.is_empty() || t.is_implicit() && !t.is_dotted(),
            Home::Inline(_) => false,
        };
        if own_section {
            let path = above.iter().chain(rest).map(|s| tomlwrite::key(s)).collect::<Vec<_>>().join(".");
            let values = [(key.to_string(), value.clone())];
            // In an ordered file plain tables come before arrays of tables.
            let at = if self.groups.is_empty() { None } else { self.first_array_header() };
            return Ok(vec![self.section(at.unwrap_or(self.src.len()), &format!("[{path}]"), &values)]);
        }
        let [name] = rest else { return self.form() };
        let inner = format!("{{ {} = {} }}", tomlwrite::key(key), tomlwrite::value_inline(value));
        self.insert(home, prefix, name, &inner)
    }

    fn set(&self, home: Home<'d>, prefix: &[&str], key: &str, value: &TomlValue) -> Result<Splices, EditError> {
        let Some((found, item)) = home.like().get_key_value(key) else {
            if *value == TomlValue::Remove {
                return Ok(Vec::new());
            }
            let text = match home {
                Home::Table(_) => tomlwrite::value(value, self.eol),
                Home::Inline(_) => tomlwrite::value_inline(value),
            };
            return self.insert(home, prefix, key, &text);
        };
        let Item::Value(old) = item else { return self.wrong_kind() };
        if matches!(old, Value::InlineTable(_)) {
            return self.wrong_kind();
        }
        let Some(span) = old.span() else { return self.form() };
        match (value, home) {
            (TomlValue::Remove, Home::Table(_)) => {
                let key_span = self.span_of(found)?;
                Ok(vec![(line_start(self.src, key_span.start)..line_end(self.src, span.end), String::new())])
            }
            (TomlValue::Remove, Home::Inline(t)) => self.remove_inline(t, key),
            _ if Shape::is_already(old, self.src, value) => Ok(Vec::new()),
            (TomlValue::List(items), home) => {
                let text = match (old, home) {
                    (Value::Array(a), Home::Table(_)) => tomllist::set_items(self.src, a, items, self.eol),
                    (_, Home::Table(_)) => Some(tomlwrite::value(value, self.eol)),
                    (_, Home::Inline(_)) => Some(tomlwrite::value_inline(value)),
                };
                text.map_or_else(|| self.form(), |text| Ok(vec![(span, text)]))
            }
            (value, _) => {
                // A list with comments would lose them.
                if let Value::Array(a) = old
                    && tomllist::has_comments(self.src, a)
                {
                    return self.form();
                }
                Ok(vec![(span, tomlwrite::value_inline(value))])
            }
        }
    }

    fn span_of(&self, key: &Key) -> Result<Range<usize>, EditError> {
        key.span().map_or_else(|| self.form(), Ok)
    }

    /// A new key in a table that is there.
    fn insert(&self, home: Home<'d>, prefix: &[&str], key: &str, text: &str) -> Result<Splices, EditError> {
        let t = match home {
            Home::Inline(t) => return self.insert_inline(t, key, text),
            Home::Table(t) => t,
        };
        let mut path: Vec<String> = prefix.iter().map(|s| tomlwrite::key(s)).collect();
        path.push(tomlwrite::key(key));
        let line = format!("{} = {text}", path.join("."));
        if std::ptr::eq(t, self.doc.as_table()) {
            return Ok(vec![self.insert_root(key, &line)]);
        }
        // Lines of the table: its own keys, and those that are written with dots in it.
        let last =
            t.get_values().iter().filter_map(|(keys, v)| Some((keys.first()?.span()?.start, v.span()?.end))).max();
        match (last, t.span()) {
            (Some((start, end)), _) => {
                let begin = line_start(self.src, start);
                let rest = &self.src[begin..];
                let indent = &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()];
                Ok(vec![self.lines(line_end(self.src, end), &format!("{indent}{line}{}", self.eol))])
            }
            (None, Some(header)) if !t.is_implicit() => {
                Ok(vec![self.lines(line_end(self.src, header.end), &format!("{line}{}", self.eol))])
            }
            _ => self.form(),
        }
    }

    fn insert_root(&self, key: &str, line: &str) -> (Range<usize>, String) {
        let mut spots: Vec<Spot> = Vec::new();
        for (keys, v) in self.doc.as_table().get_values() {
            if let (Some(k), Some(start), Some(end)) = (keys.first(), keys.first().and_then(|k| k.span()), v.span()) {
                let (start, end) = (line_start(self.src, start.start), line_end(self.src, end.end));
                spots.push(Spot { key: k.get().to_string(), start, end });
            }
        }
        spots.sort_by_key(|s| s.start);
        let first_header = self.headers().first().map(|h| h.0);
        let (at, text) = tomlwrite::place_root_key(self.src, &spots, first_header, self.groups, key, line, self.eol);
        self.lines(at, &text)
    }

    /// Whole lines put at a line's begin, or at the end of a file whose last line may lack its end.
    fn lines(&self, at: usize, text: &str) -> (Range<usize>, String) {
        if at == self.src.len() && !self.src.is_empty() && !self.src.ends_with('\n') {
            return (at..at, format!("{}{}", self.eol, text.strip_suffix(self.eol).unwrap_or(text)));
        }
        (at..at, text.to_string())
    }

    /// A new table with its header at a line's begin, a blank line before and behind.
    fn section(&self, at: usize, header: &str, values: &[(String, TomlValue)]) -> (Range<usize>, String) {
        self.sections(at, header, &[values])
    }

    /// New tables of one header, one behind the other.
    fn sections(&self, at: usize, header: &str, all: &[&[(String, TomlValue)]]) -> (Range<usize>, String) {
        let mut text = String::new();
        let before = &self.src[..at];
        if !before.is_empty() && !tomlwrite::ends_blank(before) {
            text.push_str(self.eol);
        }
        for (n, values) in all.iter().enumerate() {
            if n > 0 {
                text.push_str(self.eol);
            }
            text.push_str(header);
            text.push_str(self.eol);
            for (k, v) in values.iter().filter(|(_, v)| *v != TomlValue::Remove) {
                text.push_str(&format!("{} = {}{}", tomlwrite::key(k), tomlwrite::value(v, self.eol), self.eol));
            }
        }
        if at < self.src.len() && !tomlwrite::starts_blank(&self.src[at..]) {
            text.push_str(self.eol);
        }
        self.lines(at, &text)
    }

    fn insert_inline(&self, t: &InlineTable, key: &str, text: &str) -> Result<Splices, EditError> {
        let Some(span) = t.span() else { return self.form() };
        let pair = format!("{} = {text}", tomlwrite::key(key));
        if self.src[span.clone()].contains('\n') {
            return self.form();
        }
        match t.get_values().iter().filter_map(|(_, v)| v.span()).map(|s| s.end).max() {
            None => Ok(vec![(span, format!("{{ {pair} }}"))]),
            Some(end) => Ok(vec![(end..end, format!(", {pair}"))]),
        }
    }

    fn remove_inline(&self, t: &InlineTable, key: &str) -> Result<Splices, EditError> {
        let Some(span) = t.span() else { return self.form() };
        let mut pairs: Vec<(usize, usize, bool)> = Vec::new();
        for (keys, v) in t.get_values() {
            let (Some(k), Some(end)) = (keys.first(), v.span()) else { return self.form() };
            pairs.push((self.span_of(k)?.start, end.end, k.get() == key && keys.len() == 1));
        }
        pairs.sort_unstable();
        let Some(n) = pairs.iter().position(|p| p.2).filter(|_| !self.src[span.clone()].contains('\n')) else {
            return self.form();
        };
        let range = match (n.checked_sub(1).map(|b| pairs[b]), pairs.get(n + 1)) {
            (_, Some(next)) => pairs[n].0..next.0,
            (Some(before), None) => before.1..pairs[n].1,
            (None, None) => span.start + 1..span.end - 1,
        };
        Ok(vec![(range, String::new())])
    }

    fn element(&self, array: &str, id: &str) -> Result<Element<'d>, EditError> {
        let has_id = |t: &dyn TableLike| t.get("id").and_then(Item::as_str) == Some(id);
        let mut found: Vec<Element<'d>> = match self.doc.as_table().get(array) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(list)) => list.iter().filter(|t| has_id(*t)).map(Element::Table).collect(),
            Some(Item::Value(Value::Array(list))) => list
                .iter()
                .enumerate()
                .filter_map(|(n, v)| Some((n, v.as_inline_table()?)))
                .filter(|(_, t)| has_id(*t))
                .map(|(n, t)| Element::Inline(list, n, t))
                .collect(),
            Some(_) => return self.wrong_kind(),
        };
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (None, _) => Err(EditError::Missing { key: self.name.clone() }),
            _ => Err(EditError::Ambiguous { key: self.name.clone() }),
        }
    }

    fn push(&self, array: &str, values: &[(String, TomlValue)]) -> Result<Splices, EditError> {
        if let Some((_, TomlValue::Text(id))) = values.iter().find(|(k, _)| k == "id") {
            match self.element(array, id) {
                Err(EditError::Missing { .. }) => {}
                Err(e @ EditError::WrongKind { .. }) => return Err(e),
                _ => return Err(EditError::Exists { key: format!("{array}[{id}]") }),
            }
        }
        let header = format!("[[{}]]", tomlwrite::key(array));
        match self.doc.as_table().get(array) {
            None => Ok(vec![self.section(self.src.len(), &header, values)]),
            Some(Item::ArrayOfTables(list)) => {
                let Some(last) = list.iter().last() else { return self.form() };
                let end = tomlwrite::after_comments(self.src, line_end(self.src, self.content_end(last)));
                Ok(vec![self.section(end, &header, values)])
            }
            Some(Item::Value(Value::Array(list))) => {
                let Some(span) = list.span() else { return self.form() };
                let text = tomllist::push_raw(self.src, list, &tomlwrite::inline_table(values), self.eol);
                text.map_or_else(|| self.form(), |text| Ok(vec![(span, text)]))
            }
            Some(_) => self.wrong_kind(),
        }
    }

    fn take(&self, array: &str, id: &str) -> Result<Splices, EditError> {
        match self.element(array, id)? {
            Element::Table(t) => {
                let mut headers = Vec::new();
                collect_headers(t, &mut headers);
                self.cut(headers, self.content_end(t))
            }
            Element::Inline(list, n, _) => {
                let Some(span) = list.span() else { return self.form() };
                let text = tomllist::take(self.src, list, n);
                text.map_or_else(|| self.form(), |text| Ok(vec![(span, text)]))
            }
        }
    }

    fn remove_table(&self, name: &str) -> Result<Splices, EditError> {
        match self.doc.as_table().get_key_value(name) {
            None => Err(EditError::Missing { key: name.to_string() }),
            Some((_, Item::Table(t))) if t.is_dotted() => {
                let spans = t
                    .get_values()
                    .iter()
                    .map(|(keys, v)| {
                        let start = keys.first().and_then(|k| k.span()).map(|s| line_start(self.src, s.start));
                        Some(start?..line_end(self.src, v.span()?.end))
                    })
                    .collect::<Option<Vec<_>>>();
                let Some(mut spans) = spans else { return self.form() };
                spans.sort_by_key(|s| s.start);
                Ok(spans.into_iter().map(|s| (s, String::new())).collect())
            }
            Some((_, Item::Table(t))) => {
                let mut headers = Vec::new();
                collect_headers(t, &mut headers);
                self.cut(headers, self.content_end(t))
            }
            Some((key, Item::Value(v @ Value::InlineTable(_)))) => {
                let Some(end) = v.span() else { return self.form() };
                let start = line_start(self.src, self.span_of(key)?.start);
                Ok(vec![(start..line_end(self.src, end.end), String::new())])
            }
            Some(_) => self.wrong_kind(),
        }
    }

    /// Takes out the stretch of a table and its sub-tables, with the blank lines that set it apart.
    fn cut(&self, mut own: Vec<Range<usize>>, end: usize) -> Result<Splices, EditError> {
        own.sort_by_key(|s| s.start);
        let Some(first) = own.first() else { return self.form() };
        let (start, mut end) = (line_start(self.src, first.start), line_end(self.src, end));
        // No other table may stand between its pieces.
        if self.headers().iter().filter(|h| (start..end).contains(&h.0)).count() != own.len() {
            return self.form();
        }
        let mut start = start;
        let rest = tomlwrite::skip_blank(self.src, end);
        if rest < self.src.len() || start == 0 {
            end = rest;
        } else {
            end = rest;
            start = tomlwrite::back_over_blank(self.src, start);
        }
        Ok(vec![(start..end, String::new())])
    }

    /// All table headers, by offset; the flag marks arrays of tables.
    fn headers(&self) -> Vec<(usize, bool)> {
        let mut spans = Vec::new();
        collect_headers(self.doc.as_table(), &mut spans);
        let mut out: Vec<(usize, bool)> = spans.into_iter().map(|s| (s.start, self.src[s].starts_with("[["))).collect();
        out.sort_unstable();
        out
    }

    /// Where the first array of tables begins, with the comments that belong to it.
    fn first_array_header(&self) -> Option<usize> {
        let header = self.headers().into_iter().find(|h| h.1)?.0;
        Some(tomlwrite::before_comments(self.src, line_start(self.src, header)))
    }

    /// The end of the last header or value of a table and all below it.
    fn content_end(&self, table: &Table) -> usize {
        let mut end = table.span().filter(|_| !table.is_implicit()).map_or(0, |s| s.end);
        for (_, item) in table.iter() {
            end = end.max(match item {
                Item::Value(v) => v.span().map_or(0, |s| s.end),
                Item::Table(t) => self.content_end(t),
                Item::ArrayOfTables(list) => list.iter().map(|t| self.content_end(t)).max().unwrap_or(0),
                Item::None => 0,
            });
        }
        end
    }
}

/// The headers of a table and of all below it; the root has none.
fn collect_headers(table: &Table, out: &mut Vec<Range<usize>>) {
    if !table.is_implicit() && !table.is_dotted() {
        out.extend(table.span().filter(|s| !s.is_empty()));
    }
    for (_, item) in table.iter() {
        match item {
            Item::Table(t) => collect_headers(t, out),
            Item::ArrayOfTables(list) => list.iter().for_each(|t| collect_headers(t, out)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
