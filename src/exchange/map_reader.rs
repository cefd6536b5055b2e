//! How an import map is read: TOML with a place for each mistake.

use super::alike::DUPLICATE;
use super::expression::{Expression, Syntax, SyntaxError, Template};
use super::import_map::{
    Case, Choice, Column, ImportMap, Lookup, MapPlace, Numbers, Origin, Problem, STAGE_REQUIRES, Treatment,
};
use super::source;
use super::target::{Table, Target, find};
use crate::diag::nearest;
use crate::i18n::{Lang, exchange as m, values};
use crate::model::breach::Breach;
use crate::model::settings::Settings;
use crate::store::text::{Lines, place_by};
use chrono::format::{Fixed, Item, StrftimeItems};
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a map; `into` on the command line wins over its own.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_map(src: &str, into: Option<Table>, settings: &Settings, lang: Lang) -> Result<ImportMap, Vec<Problem>> {
    let src = src.strip_prefix('\u{feff}').unwrap_or(src);
    let mut r = Reader { src, lines: Lines::of(src), lang, settings, problems: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(src);
    if let Some(e) = errors.first() {
        let place = r.place(&e.span().unwrap_or(0..0));
        return Err(vec![Problem { place, message: m::map_syntax(lang, e.message()) }]);
    }
    let map = r.map(&table.into_inner(), into);
    if r.problems.is_empty() { Ok(map) } else { Err(r.problems) }
}

/// How a source writes its numbers.
const NUMBERS: &[(&str, Numbers)] =
    &[("1234.5", Numbers::Plain), ("1,234.5", Numbers::Commas), ("1.234,5", Numbers::Points)];

/// What separates the cells of a source.
const DELIMITERS: &[(&str, u8)] = &[(",", b','), (";", b';'), ("tab", b'\t')];

/// What `case` makes of letters.
const CASES: &[(&str, Case)] = &[("lower", Case::Lower), ("upper", Case::Upper)];

const KEYS: &[&str] = &[
    "into",
    "encoding",
    "delimiter",
    "header",
    "numbers",
    "missing",
    "source_key",
    "columns",
    "lookup",
    "skip",
    "only",
    "accept",
    "create",
];
const LOOKUP_KEYS: &[&str] = &["file", "key", "match", "optional", "encoding", "delimiter", "header"];
const COLUMN_KEYS: &[&str] =
    &["column", "template", "expression", "value", "date", "map", "default", "case", "percent"];

type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'s> {
    src: &'s str,
    lines: Lines,
    lang: Lang,
    settings: &'s Settings,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> MapPlace {
        let place = place_by(&self.lines, "", self.src, span.clone());
        MapPlace { line: place.line, column: place.column }
    }

    fn problem(&mut self, span: &Range<usize>, message: String) {
        let place = self.place(span);
        self.problems.push(Problem { place, message });
    }

    fn map(&mut self, table: &DeTable<'_>, forced: Option<Table>) -> ImportMap {
        for k in table.keys() {
            self.known(k, KEYS);
        }
        let get = |k: &str| table.get(k);
        let named = get("into").and_then(|v| Some((self.text(v, "into")?, v.span())));
        let into = match (forced, named) {
            (Some(t), _) => Some(t),
            (None, Some((word, span))) => {
                let t =
                    Table::parse(&word).filter(|t| !matches!(t, Table::Ledger(crate::model::ledger::Ledger::Events)));
                if t.is_none() {
                    let names: Vec<&str> = Table::names().collect();
                    self.problem(&span, m::unknown_table(self.lang, &word, names.join(", ")));
                }
                t
            }
            (None, None) => {
                if self.problems.is_empty() {
                    self.problems.push(Problem { place: MapPlace::default(), message: m::into_missing(self.lang) });
                }
                None
            }
        };
        let mut map = ImportMap::new(into.unwrap_or(Table::Customers));
        map.options = self.options(table);
        if let Some(v) = get("numbers") {
            map.numbers = self.chosen(v, "numbers", NUMBERS).unwrap_or_default();
        }
        map.missing = get("missing").map(|v| self.texts(v, "missing")).unwrap_or_default();
        map.source_key = get("source_key").and_then(|v| {
            let text = self.text(v, "source_key")?;
            Some((self.template(&text, &v.span())?, self.place(&v.span())))
        });
        map.skip = get("skip").map(|v| self.choices(v, "skip")).unwrap_or_default();
        map.only = get("only").map(|v| self.choices(v, "only")).unwrap_or_default();
        map.accept = get("accept").map(|v| self.accepted(v)).unwrap_or_default();
        for (name, v) in get("lookup").and_then(|v| self.table(v, "lookup")).into_iter().flatten() {
            let name = name.get_ref().to_string();
            if let Some(l) = self.lookup(name, v) {
                map.lookups.push(l);
            }
        }
        // Without knowing the table nothing can be said about its columns.
        if into.is_none() {
            return map;
        }
        match get("columns") {
            None => self.problems.push(Problem { place: MapPlace::default(), message: m::columns_missing(self.lang) }),
            Some(v) => {
                for (name, v) in self.table(v, "columns").into_iter().flatten() {
                    if let Some(c) = self.column(map.into, name.get_ref(), name.span(), v) {
                        map.add(c, name.get_ref(), self.lang, &mut self.problems);
                    }
                }
            }
        }
        if let Some(v) = get("create") {
            map.create = self.create(v, map.into);
        }
        map
    }

    /// `accept = ["negative-price"]`
    fn accepted(&mut self, v: &Value<'_>) -> Vec<&'static str> {
        let mut out = Vec::new();
        for word in self.texts(v, "accept") {
            let keys = || Breach::KEYS.iter().copied().chain([STAGE_REQUIRES, DUPLICATE]);
            match keys().find(|key| *key == word) {
                Some(key) => out.push(key),
                None => {
                    let near = nearest(&word, keys());
                    let near = if near.is_empty() { keys().map(str::to_string).collect() } else { near };
                    let near = near.join(", ");
                    self.problem(&v.span(), m::unknown_exception(self.lang, &word, near));
                }
            }
        }
        out
    }

    /// `[create] customers = true`, and the keys of such a customer.
    fn create(&mut self, v: &Value<'_>, into: Table) -> Option<Vec<Column>> {
        let table = self.table(v, "create")?;
        let has_customer = match into {
            Table::Customers => false,
            Table::Contacts => true,
            Table::Ledger(l) => l.column("customer").is_some(),
        };
        if !has_customer {
            self.problem(&v.span(), m::create_without_customer(self.lang, into.name()));
        }
        let mut wanted = false;
        let (mut columns, mut filled) = (Vec::new(), HashSet::new());
        for (name, v) in table {
            if name.get_ref() == "customers" {
                wanted = self.flag(v, "customers");
            } else if let Some(c) = self.column(Table::Customers, name.get_ref(), name.span(), v) {
                if matches!(c.target, Target::Id) || into == Table::Contacts && matches!(c.target, Target::Contact(_)) {
                    self.problem(&name.span(), m::create_cannot(self.lang, name.get_ref()));
                } else if !filled.insert(c.target.clone()) {
                    self.problem(&name.span(), m::target_twice(self.lang, name.get_ref()));
                } else {
                    columns.push(c);
                }
            }
        }
        wanted.then_some(columns)
    }

    fn options(&mut self, table: &DeTable<'_>) -> source::Options {
        let mut options = source::Options::default();
        if let Some(v) = table.get("encoding") {
            options.encoding = self.text(v, "encoding");
        }
        if let Some(v) = table.get("delimiter") {
            options.delimiter = self.chosen(v, "delimiter", DELIMITERS);
        }
        if let Some(v) = table.get("header") {
            match v.get_ref() {
                DeValue::Integer(n) if n.as_str().parse::<u32>().is_ok_and(|n| n > 0) => {
                    options.header = n.as_str().parse().ok();
                }
                _ => self.problem(&v.span(), m::bad_header_line(self.lang)),
            }
        }
        options
    }

    fn lookup(&mut self, name: String, v: &Value<'_>) -> Option<Lookup> {
        let table = self.table(v, "lookup")?;
        for k in table.keys() {
            self.known(k, LOOKUP_KEYS);
        }
        let mut need = |key: &str| match table.get(key) {
            Some(v) => Some((self.text(v, key)?, v.span())),
            None => {
                self.problem(&v.span(), m::lookup_key_missing(self.lang, &name, key));
                None
            }
        };
        let (file, key, equals) = (need("file"), need("key"), need("match"));
        let (equals, span) = equals?;
        let equals = self.template(&equals, &span)?;
        let (key, key_span) = key?;
        let places = [self.place(&key_span), self.place(&span)];
        let optional = table.get("optional").is_some_and(|v| self.flag(v, "optional"));
        let options = self.options(table);
        Some(Lookup { name, file: file?.0, key, equals, optional, options, places })
    }

    fn column(&mut self, into: Table, name: &str, span: Range<usize>, v: &Value<'_>) -> Option<Column> {
        let place = self.place(&v.span());
        let target = match find(into, name, self.settings) {
            Ok(t) => Some(t),
            Err(near) => {
                let message = m::unknown_target(self.lang, name, into.name());
                self.problem(&span, m::near_if_any(self.lang, message, &near));
                None
            }
        };
        let mut how = Treatment::default();
        let origin = match v.get_ref() {
            DeValue::String(s) => self.short(s, &v.span()),
            DeValue::Table(t) => self.long(t, &v.span(), &mut how),
            _ => {
                self.problem(&v.span(), m::bad_column(self.lang, name));
                None
            }
        };
        Some(Column { target: target?, origin: origin?, how, place })
    }

    /// `"Header"`, `"{a}-{b}"` or `"= {a} * {b}"`.
    fn short(&mut self, text: &str, span: &Range<usize>) -> Option<Origin<String>> {
        match text.strip_prefix('=') {
            Some(rest) => self.expression(rest, span),
            None if text.contains(['{', '}']) => self.template(text, span).map(Origin::Template),
            None => self.cell(text, span),
        }
    }

    fn cell(&mut self, text: &str, span: &Range<usize>) -> Option<Origin<String>> {
        if text.trim().is_empty() {
            self.problem(span, m::empty_header(self.lang));
            return None;
        }
        Some(Origin::Cell(text.trim().to_string()))
    }

    fn long(&mut self, t: &DeTable<'_>, span: &Range<usize>, how: &mut Treatment) -> Option<Origin<String>> {
        let mut from = Vec::new();
        for (k, v) in t {
            let key = k.get_ref().to_string();
            match key.as_str() {
                "column" => from.push(self.text(v, &key).and_then(|s| self.cell(&s, &v.span()))),
                "template" => {
                    from.push(self.text(v, &key).and_then(|s| self.template(&s, &v.span())).map(Origin::Template));
                }
                "expression" => from.push(self.text(v, &key).and_then(|s| {
                    let s = s.strip_prefix('=').unwrap_or(&s).to_string();
                    self.expression(&s, &v.span())
                })),
                "value" => from.push(self.scalar(v, &key).map(Origin::Constant)),
                "default" => how.default = self.scalar(v, &key),
                "percent" => how.percent = self.flag(v, &key),
                "case" => how.case = self.chosen(v, &key, CASES),
                "date" => {
                    how.date = self.texts(v, &key);
                    for f in &how.date {
                        if StrftimeItems::new(f).any(|i| i == Item::Error) {
                            self.problem(&v.span(), m::bad_date_format(self.lang, f));
                        }
                        // A name such as CST is several zones; reading passes over it.
                        if StrftimeItems::new(f).any(|i| i == Item::Fixed(Fixed::TimezoneName)) {
                            self.problem(&v.span(), m::zone_name(self.lang, f));
                        }
                    }
                }
                "map" => {
                    for (k, v) in self.table(v, "map").into_iter().flatten() {
                        how.map.extend(self.scalar(v, "map").map(|to| (k.get_ref().to_string(), to)));
                    }
                }
                _ => {
                    self.known(k, COLUMN_KEYS);
                }
            }
        }
        if from.len() != 1 {
            self.problem(span, m::one_origin(self.lang));
            return None;
        }
        from.pop().flatten()
    }

    fn template(&mut self, text: &str, span: &Range<usize>) -> Option<Template<String>> {
        Template::parse(text).map_err(|e| self.syntax(text, e, span)).ok()
    }

    fn expression(&mut self, text: &str, span: &Range<usize>) -> Option<Origin<String>> {
        Expression::parse(text).map(Origin::Expression).map_err(|e| self.syntax(text, e, span)).ok()
    }

    fn syntax(&mut self, text: &str, e: SyntaxError, span: &Range<usize>) {
        let rest: String = text.chars().skip(e.at).take(12).collect();
        let lang = self.lang;
        let what = match e.fault {
            Syntax::OpenBrace => m::open_brace(lang),
            Syntax::CloseBrace => m::close_brace(lang),
            Syntax::EmptyField => m::empty_field(lang),
            Syntax::OperandMissing => m::operand_missing(lang),
            Syntax::OpenParen => m::open_paren(lang),
            Syntax::Unexpected => m::unexpected(lang),
            Syntax::UnknownFunction => m::unknown_function(lang),
            Syntax::BadPlaces => m::bad_places(lang),
            Syntax::TooDeep => m::too_deep(lang),
        };
        let message = if rest.is_empty() {
            m::expression_end(lang, text.trim(), what)
        } else {
            m::expression_at(lang, text.trim(), rest, what)
        };
        self.problem(span, message);
    }

    fn known(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, keys: &[&str]) {
        let name = key.get_ref();
        if !keys.contains(&name.as_ref()) {
            let near = nearest(name, keys.iter().copied());
            let list = if near.is_empty() { keys.join(", ") } else { near.join(", ") };
            self.problem(&key.span(), m::unknown_map_key(self.lang, name, list));
        }
    }

    fn text(&mut self, v: &Value<'_>, key: &str) -> Option<String> {
        match v.get_ref() {
            DeValue::String(s) => Some(s.to_string()),
            _ => {
                self.problem(&v.span(), m::text_needed(self.lang, key));
                None
            }
        }
    }

    /// What one of the words of a table means. A TAB may also be written as it is.
    fn chosen<T: Copy>(&mut self, v: &Value<'_>, key: &str, table: &[(&str, T)]) -> Option<T> {
        let text = self.text(v, key)?;
        let word = if text == "\t" { "tab" } else { &text };
        let found = table.iter().find(|(w, _)| *w == word).map(|(_, meant)| *meant);
        if found.is_none() {
            let quoted: Vec<String> = table.iter().map(|(w, _)| format!("\"{w}\"")).collect();
            let list = values::one_of(self.lang, &quoted.iter().map(String::as_str).collect::<Vec<_>>());
            self.problem(&v.span(), m::bad_choice(self.lang, key, list));
        }
        found
    }

    /// A text, or a number, date or flag as it stands.
    fn scalar(&mut self, v: &Value<'_>, key: &str) -> Option<String> {
        match v.get_ref() {
            DeValue::Integer(n) => Some(n.as_str().to_string()),
            DeValue::Float(n) => Some(n.as_str().to_string()),
            DeValue::Datetime(d) => Some(d.to_string()),
            DeValue::Boolean(b) => Some(b.to_string()),
            _ => self.text(v, key),
        }
    }

    /// A text or a list of them.
    fn texts(&mut self, v: &Value<'_>, key: &str) -> Vec<String> {
        match v.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|i| self.scalar(i, key)).collect(),
            _ => self.scalar(v, key).into_iter().collect(),
        }
    }

    fn flag(&mut self, v: &Value<'_>, key: &str) -> bool {
        match v.get_ref() {
            DeValue::Boolean(b) => *b,
            _ => {
                self.problem(&v.span(), m::flag_needed(self.lang, key));
                false
            }
        }
    }

    fn table<'v, 'i>(&mut self, v: &'v Value<'i>, key: &str) -> Option<&'v DeTable<'i>> {
        match v.get_ref() {
            DeValue::Table(t) => Some(t),
            _ => {
                self.problem(&v.span(), m::table_needed(self.lang, key));
                None
            }
        }
    }

    fn choices(&mut self, v: &Value<'_>, key: &str) -> Vec<Choice> {
        let table = self.table(v, key);
        let choices = table.into_iter().flatten().map(|(k, v)| {
            let (column, place) = (k.get_ref().to_string(), self.place(&k.span()));
            Choice { column, values: self.texts(v, key), place }
        });
        choices.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::target::find;
    use proptest::prelude::*;

    fn settings() -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n[fields.size]\ntype = \"number\"\nzh = \"人数\"\n";
        Settings::new(toml::from_str(text).unwrap()).0
    }

    fn parse(src: &str) -> Result<ImportMap, Vec<Problem>> {
        read_map(src, None, &settings(), Lang::En)
    }

    #[test]
    fn maps_are_read() {
        let map = parse(
            "into = \"订单\"\nencoding = \"gb18030\"\ndelimiter = \"tab\"\nheader = 3\nnumbers = \"1,234.5\"\nmissing = [\"-\"]\nsource_key = \"{单号}-{行}\"\n\
             [columns]\nid = \"单号\"\n\"日期\" = { column = \"下单\", date = [\"%d/%m/%Y\"] }\nquantity = \"= {a} * 2\"\ncurrency = { value = \"CNY\" }\nx_shop = { template = \"{店}\", case = \"upper\", map = { a = 1 } }\n\
             [lookup.o]\nfile = \"o.csv\"\nkey = \"k\"\nmatch = \"{单号}\"\n[skip]\n\"状态\" = \"已关闭\"\n[create]\ncustomers = true\nname = \"买家\"\n",
        )
        .unwrap();
        assert_eq!(map.into, Table::Ledger(crate::model::ledger::Ledger::Orders));
        assert_eq!((map.options.delimiter, map.options.header, map.numbers), (Some(b'\t'), Some(3), Numbers::Commas));
        let keys: Vec<String> = map.columns.iter().map(|c| c.target.key(map.into)).collect();
        assert_eq!(keys, ["id", "at", "quantity", "currency", "x_shop"]);
        assert_eq!(map.columns[4].how.map, [("a".to_string(), "1".to_string())].into());
        assert_eq!((map.skip[0].column.as_str(), &map.skip[0].values[..]), ("状态", &["已关闭".to_string()][..]));
        assert_eq!(map.create.unwrap()[0].target, Target::Key("name"));
    }

    #[test]
    fn targets_are_keys_or_labels() {
        let check = |into: &str, word: &str, expected: &str| {
            let table = Table::parse(into).unwrap();
            assert_eq!(find(table, word, &settings()).unwrap().key(table), expected, "{into}: {word}");
        };
        check("customers", "税号", "tax_id");
        check("客户", "人数", "fields.size");
        check("customers", "contact.姓名", "contact.name");
        check("customers", "联系人", "contact.name");
        check("contacts", "姓名", "name");
        check("contacts", "客户", "customer");
        check("activities", "联系方式", "channel");
        check("receipts", "收款方式", "method");
        check("orders", "单价", "price");
        check("orders", "x_店铺", "x_店铺");
        assert!(find(Table::Customers, "nonsense-word", &settings()).is_err());
    }

    #[test]
    fn mistakes_have_a_line() {
        let check = |src: &str, line: u32, part: &str| {
            let problems = parse(src).unwrap_err();
            assert!(problems.iter().any(|p| p.place.line == line && p.message.contains(part)), "{src}: {problems:?}");
        };
        check("x", 1, "");
        check("[columns]\nname = \"a\"\n", 0, "into");
        check("into = \"boats\"\n", 1, "boats");
        check("into = \"events\"\n", 1, "events");
        check("into = \"orders\"\nincoding = \"x\"\n[columns]\n", 2, "encoding");
        check("into = \"orders\"\n[columns]\nqantity = \"a\"\n", 3, "quantity");
        check("into = \"orders\"\n[columns]\nid = \"a\"\n\"编号\" = \"b\"\n", 4, "编号");
        check("into = \"orders\"\n[columns]\namount = \"= {a} *\"\n", 3, "{a} *");
        check("into = \"orders\"\n[columns]\nid = \"{a\"\n", 3, "{a");
        check("into = \"orders\"\n[columns]\nid = { value = 1, column = \"a\" }\n", 3, "column");
        check("into = \"orders\"\n[columns]\nat = { column = \"a\", date = \"%Q\" }\n", 3, "%Q");
        check("into = \"orders\"\n[lookup.o]\nfile = \"o.csv\"\n[columns]\n", 2, "key");
        check("into = \"customers\"\n[columns]\n[create]\ncustomers = true\n", 3, "customers");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(src in "[a-z{}=\\[\\]\". \n客]{0,80}") {
            let _ = parse(&src);
            let _ = parse(&format!("into = \"orders\"\n[columns]\n{src}"));
        }
    }
}
