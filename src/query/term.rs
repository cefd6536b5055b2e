//! Filter terms: `not:grade:A,B`, `revenue.ge:10万`, `has:phone`, `@my-view`, `hxdz`. The grammar and the filter.
//!
//! ```text
//! term  := ['not:'] atom            all terms must hold; there is no implicit OR
//! atom  := WORD | "two words" | FIELD[.OP]:VALUE[,VALUE] | has:FIELD | no:FIELD | @VIEW
//! OP    := eq ne lt le gt ge has in
//! VALUE := literal | "quoted, with comma" | LO..HI | period | yes | no
//! ```
//!
//! Reading single values and comparing is in `operand`, how words match in `search`.

use super::columns::{find_field, unknown_field};
use super::error::QueryError;
use super::expression::sign;
use super::operand::{Comparison, Op, Site};
use super::search::{Needle, normal};
use crate::model::period::Calendar;
use crate::model::value::{FieldDef, FieldId, Record, Schema};

/// Most views within views, and most terms of all views together: a directory may come from a stranger.
const MAX_DEPTH: usize = 32;
const MAX_TERMS: usize = 1000;

/// A conjunction of terms, read and checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    tests: Vec<Test>,
    views: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Test {
    negated: bool,
    atom: Atom,
}

#[derive(Debug, Clone, PartialEq)]
enum Atom {
    Word(Needle),
    Has(FieldId),
    Compare(Comparison),
    All(Vec<Test>),
}

impl Filter {
    /// Reads terms, one shell argument each. `views` answers a saved view's terms.
    ///
    /// - A comma is OR within a field; with `ne` no value may be equal. Lists are equal when any element is.
    /// - Against a range or period, `lt` and `ge` look at its start, `le` and `gt` at its end.
    /// - Text compares without regard to case and width; the values of a closed list in the list's own order.
    /// - An argument with blanks that is not of field form is one phrase. Quotes protect `:` `,` `@`; within quotes a
    ///   doubled quote stands for itself. Full-width `：` `，` `＠` and quotation marks are read as ASCII ones.
    ///
    /// # Errors
    /// Any variant of [`QueryError`] but `BadPeriod`; those inside a saved view are wrapped in [`QueryError::InView`].
    pub fn parse(
        terms: &[String],
        schema: &dyn Schema,
        cal: &Calendar,
        views: &dyn Fn(&str) -> Option<Vec<String>>,
    ) -> Result<Filter, QueryError> {
        let mut reader = Reader { schema, cal, views, open: Vec::new(), seen: Vec::new(), terms: 0 };
        let tests = terms.iter().map(|term| reader.term(term)).collect::<Result<_, _>>()?;
        Ok(Filter { tests, views: reader.seen })
    }

    /// Whether any of the words can only be a term where ids and names may stand as well: `owner:li`, `@view`, `owner=li`.
    pub fn is_among(words: &[String], schema: &dyn Schema) -> bool {
        let is_expression = |word: &String| match unquote(word) {
            Ok(marks) => no_expression(schema, word, false, trim(&marks)).is_err(),
            Err(_) => false,
        };
        words.iter().any(|w| w.contains([':', '：', '@', '＠']) || is_expression(w))
    }

    /// Whether the record passes every term.
    pub fn matches(&self, record: &dyn Record) -> bool {
        all(&self.tests, record)
    }

    /// Whether there are no terms, so that every record passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The fields that terms name, those of views included, each once, in order of appearance.
    pub fn fields(&self) -> Vec<FieldId> {
        let mut found = Vec::new();
        collect_fields(&self.tests, &mut found);
        found
    }

    /// Takes apart the terms about fields that `is_first` names and all others, in their order. A saved view is taken
    /// apart too.
    ///
    /// # Errors
    /// [`QueryError::MixedView`] for a negated view that has terms of both sorts: it holds where either does not.
    pub fn split(self, is_first: &dyn Fn(FieldId) -> bool) -> Result<(Filter, Filter), QueryError> {
        let views = self.views;
        let mut sides = (Vec::new(), Vec::new());
        let mut rest: Vec<Test> = self.tests.into_iter().rev().collect();
        while let Some(test) = rest.pop() {
            let mut fields = Vec::new();
            collect_fields(std::slice::from_ref(&test), &mut fields);
            let first = fields.iter().filter(|f| is_first(**f)).count();
            match test {
                Test { negated: false, atom: Atom::All(tests) } => rest.extend(tests.into_iter().rev()),
                test if first == 0 => sides.1.push(test),
                test if first == fields.len() && !any_word(std::slice::from_ref(&test)) => sides.0.push(test),
                _ => return Err(QueryError::MixedView { views }),
            }
        }
        let filter = |tests| Filter { tests, views: views.clone() };
        Ok((filter(sides.0), filter(sides.1)))
    }

    /// The texts that the terms compare a field with for equality and that none of `known` is equal to.
    pub fn strangers<'k>(&self, field: FieldId, known: impl Iterator<Item = &'k str>) -> Vec<String> {
        let mut wanted: Vec<&str> = Vec::new();
        collect_texts(&self.tests, field, &mut wanted);
        if !wanted.is_empty() {
            for id in known {
                let id = normal(id);
                wanted.retain(|w| *w != id);
            }
        }
        wanted.into_iter().map(str::to_owned).collect()
    }

    /// Whether a term is a bare word, so that [`Record::words`] is asked.
    pub fn has_words(&self) -> bool {
        any_word(&self.tests)
    }

    /// The saved views that were used, those within views included, each once.
    pub fn view_names(&self) -> &[String] {
        &self.views
    }
}

fn all(tests: &[Test], record: &dyn Record) -> bool {
    tests.iter().all(|test| test.matches(record))
}

fn collect_fields(tests: &[Test], found: &mut Vec<FieldId>) {
    for test in tests {
        let field = match &test.atom {
            Atom::Word(_) => continue,
            Atom::Has(field) => *field,
            Atom::Compare(comparison) => comparison.field,
            Atom::All(tests) => {
                collect_fields(tests, found);
                continue;
            }
        };
        if !found.contains(&field) {
            found.push(field);
        }
    }
}

fn collect_texts<'t>(tests: &'t [Test], field: FieldId, found: &mut Vec<&'t str>) {
    for test in tests {
        match &test.atom {
            Atom::Compare(c) if c.field == field => found.extend(c.equal_texts()),
            Atom::All(tests) => collect_texts(tests, field, found),
            _ => {}
        }
    }
}

fn any_word(tests: &[Test]) -> bool {
    tests.iter().any(|test| match &test.atom {
        Atom::Word(_) => true,
        Atom::All(tests) => any_word(tests),
        Atom::Has(_) | Atom::Compare(_) => false,
    })
}

impl Test {
    fn matches(&self, record: &dyn Record) -> bool {
        let holds = match &self.atom {
            Atom::Word(needle) => record.words().iter().any(|text| needle.matches(text)),
            Atom::Has(field) => !record.value(*field).is_missing(),
            Atom::Compare(comparison) => comparison.holds(&record.value(comparison.field)),
            Atom::All(tests) => all(tests, record),
        };
        holds != self.negated
    }
}

/// Reads terms; follows views.
struct Reader<'a> {
    schema: &'a dyn Schema,
    cal: &'a Calendar,
    views: &'a dyn Fn(&str) -> Option<Vec<String>>,
    /// The views being read, outermost first.
    open: Vec<String>,
    /// All views met.
    seen: Vec<String>,
    terms: usize,
}

impl Reader<'_> {
    fn term(&mut self, term: &str) -> Result<Test, QueryError> {
        self.terms += 1;
        let unquoted = unquote(term)?;
        let mut marks = trim(&unquoted);
        let mut negated = false;
        while let Some(rest) = strip_word(marks, "not:") {
            negated = !negated;
            marks = trim(rest);
        }
        let empty = || QueryError::EmptyTerm { term: term.to_owned() };
        if let [Mark { c: '@', quoted: false }, name @ ..] = marks {
            let name = text(trim(name));
            return if name.is_empty() { Err(empty()) } else { Ok(Test { negated, atom: self.view(term, name)? }) };
        }
        for (word, wanted) in [("has:", true), ("no:", false)] {
            if let Some(rest) = strip_word(marks, word) {
                let name = text(trim(rest));
                if name.is_empty() {
                    return Err(QueryError::EmptyValue { term: term.to_owned(), field: word.replace(':', "") });
                }
                let field = self.field(term, &name)?;
                return Ok(Test { negated: negated == wanted, atom: Atom::Has(field.id) });
            }
        }
        no_expression(self.schema, term, negated, marks)?;
        if let Some(comparison) = self.comparison(term, marks)? {
            return Ok(Test { negated, atom: Atom::Compare(comparison) });
        }
        let needle = Needle::new(&text(marks));
        if needle.is_empty() { Err(empty()) } else { Ok(Test { negated, atom: Atom::Word(needle) }) }
    }

    fn field(&self, term: &str, name: &str) -> Result<FieldDef, QueryError> {
        find_field(self.schema, name).ok_or_else(|| unknown_field(self.schema, term, name))
    }

    /// `FIELD[.OP]:VALUE[,VALUE]`; `None` when the term is a word or a phrase.
    fn comparison(&self, term: &str, marks: &[Mark]) -> Result<Option<Comparison>, QueryError> {
        let Some(colon) = marks.iter().position(|mark| mark.is(':')) else { return Ok(None) };
        let left = trim(&marks[..colon]);
        let name = text(left);
        let (field, name, op) = match field_and_op(self.schema, term, &name) {
            Ok(found) => found,
            // "call back at 10:30": no field has blanks in its name, so this is a phrase.
            Err(QueryError::UnknownField { .. }) if left.iter().any(|mark| mark.is_blank()) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut values = Vec::new();
        for value in marks[colon + 1..].split(|mark| mark.is(',')) {
            let value = text(trim(value));
            if value.trim().is_empty() {
                return Err(QueryError::EmptyValue { term: term.to_owned(), field: name.to_owned() });
            }
            values.push(value);
        }
        let site = Site { term, field: &field, name };
        Comparison::new(&site, op, &values, self.cal).map(Some)
    }

    fn view(&mut self, term: &str, name: String) -> Result<Atom, QueryError> {
        if let Some(start) = self.open.iter().position(|open| *open == name) {
            let views = self.open[start..].iter().cloned().chain([name]).collect();
            return Err(QueryError::ViewCycle { views });
        }
        let Some(terms) = (self.views)(&name) else {
            return Err(QueryError::UnknownView { term: term.to_owned(), view: name });
        };
        if self.open.len() >= MAX_DEPTH || self.terms + terms.len() > MAX_TERMS {
            return Err(QueryError::ViewsTooLarge { view: name });
        }
        if !self.seen.contains(&name) {
            self.seen.push(name.clone());
        }
        self.open.push(name.clone());
        let tests = terms.iter().map(|term| self.term(term)).collect::<Result<_, _>>();
        self.open.pop();
        tests.map(Atom::All).map_err(|error| match error {
            // These name their views themselves.
            QueryError::ViewCycle { .. } | QueryError::ViewsTooLarge { .. } => error,
            error => QueryError::InView { view: name, error: Box::new(error) },
        })
    }
}

/// The field, its name as typed, and the operator. The last part of a dotted name is an operator only when the
/// whole is not a field.
fn field_and_op<'n>(schema: &dyn Schema, term: &str, name: &'n str) -> Result<(FieldDef, &'n str, Op), QueryError> {
    if let Some(field) = find_field(schema, name) {
        return Ok((field, name, Op::Eq));
    }
    let Some((front, word)) = name.rsplit_once('.') else { return Err(unknown_field(schema, term, name)) };
    match (find_field(schema, front), Op::parse(word)) {
        (Some(field), Some(op)) => Ok((field, front, op)),
        // `product.categroy`: fields of that name have fields of their own.
        (Some(_), None) if schema.keys().iter().any(|k| k.starts_with(&format!("{front}."))) => {
            Err(unknown_field(schema, term, name))
        }
        (Some(_), None) => Err(QueryError::UnknownOperator {
            term: term.to_owned(),
            field: front.to_owned(),
            operator: word.to_owned(),
            nearest: Op::nearest(word),
        }),
        (None, Some(_)) => Err(unknown_field(schema, term, front)),
        (None, None) => Err(unknown_field(schema, term, name)),
    }
}

/// Refuses `FIELD=VALUE` and its like, `FIELD:>VALUE` too; what names no field is a word.
fn no_expression(schema: &dyn Schema, term: &str, negated: bool, marks: &[Mark]) -> Result<(), QueryError> {
    let sign_at = |n: usize| sign(marks[n..].iter().map(|mark| (!mark.quoted).then_some(mark.c)));
    let colon = marks.iter().position(|mark| mark.is(':')).unwrap_or(marks.len());
    let mut found = (0..colon).find_map(|n| Some((n, n, sign_at(n)?)));
    if found.is_none() && colon < marks.len() {
        let blanks = marks[colon + 1..].iter().take_while(|mark| mark.is_blank()).count();
        found = sign_at(colon + 1 + blanks).map(|sign| (colon, colon + 1 + blanks, sign));
    }
    let Some((left, start, (op, length))) = found else { return Ok(()) };
    let left = text(trim(&marks[..left]));
    let Ok((_, name, typed)) = field_and_op(schema, term, &left) else { return Ok(()) };
    let not = if negated { "not:" } else { "" };
    let value = typed_again(trim(&marks[start + length..]));
    let meant = match (op, value.is_empty()) {
        (Op::Eq, true) => format!("no:{name}"),
        (Op::Ne, true) => format!("has:{name}"),
        (_, true) => return Err(QueryError::EmptyValue { term: term.to_owned(), field: name.to_owned() }),
        (op, false) => {
            let op = if op == Op::Eq { typed } else { op };
            let dot = if op == Op::Eq { String::new() } else { format!(".{}", op.name()) };
            format!("{name}{dot}:{value}")
        }
    };
    Err(QueryError::Expression { term: term.to_owned(), meant: format!("{not}{meant}") })
}

/// A character of a term, and whether quotes protect it from being read as syntax.
#[derive(Clone, Copy)]
struct Mark {
    c: char,
    quoted: bool,
}

impl Mark {
    fn is(self, c: char) -> bool {
        self.c == c && !self.quoted
    }

    fn is_blank(self) -> bool {
        self.c.is_whitespace() && !self.quoted
    }
}

/// Takes the quotation marks away and turns full-width syntax outside them into ASCII.
fn unquote(term: &str) -> Result<Vec<Mark>, QueryError> {
    let mut marks = Vec::with_capacity(term.len());
    let mut chars = term.chars().peekable();
    let mut inside = None;
    while let Some(c) = chars.next() {
        match (inside, c) {
            (None, '"' | '“' | '”' | '＂') => inside = Some(c),
            (None, _) => {
                let c = match c {
                    '：' => ':',
                    '，' => ',',
                    '＠' => '@',
                    c => c,
                };
                marks.push(Mark { c, quoted: false });
            }
            // An ASCII quote is closed by its like only, so that “” may be looked for.
            (Some('"'), '"') if chars.next_if_eq(&'"').is_some() => marks.push(Mark { c, quoted: true }),
            (Some('"'), '"') => inside = None,
            (Some(open), '"' | '“' | '”' | '＂') if open != '"' => inside = None,
            (Some(_), _) => marks.push(Mark { c, quoted: true }),
        }
    }
    if inside.is_some() { Err(QueryError::UnclosedQuote { term: term.to_owned() }) } else { Ok(marks) }
}

/// What follows a word of ASCII letters and a colon at the start.
fn strip_word<'m>(marks: &'m [Mark], word: &str) -> Option<&'m [Mark]> {
    let (front, rest) = marks.split_at_checked(word.len())?;
    let same = front.iter().zip(word.chars()).all(|(mark, c)| !mark.quoted && mark.c.eq_ignore_ascii_case(&c));
    same.then_some(rest)
}

/// Without unquoted blanks at either end.
fn trim(marks: &[Mark]) -> &[Mark] {
    let start = marks.iter().position(|mark| !mark.is_blank()).unwrap_or(marks.len());
    let end = marks.iter().rposition(|mark| !mark.is_blank()).map_or(start, |last| last + 1);
    &marks[start..end]
}

fn text(marks: &[Mark]) -> String {
    marks.iter().map(|mark| mark.c).collect()
}

/// As it would be typed: in quotes where these protect something.
fn typed_again(marks: &[Mark]) -> String {
    let plain = text(marks);
    let protects = |mark: &Mark| mark.quoted && matches!(mark.c, ':' | ',' | '"' | '：' | '，' | '＠' | '@');
    if marks.iter().any(protects) { format!("\"{}\"", plain.replace('"', "\"\"")) } else { plain }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
