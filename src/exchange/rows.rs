//! Rows that become rows of a ledger.

use super::bind::View;
use super::customers::{self, Described, complete, describe, file_text, text_of};
use super::import::{Env, Outcome, fault};
use super::resolve::{NoCustomer, new_customer_id};
use super::target::Target;
use super::value::{checked, ledger_cell, same};
use crate::i18n::exchange as m;
use crate::model::change::{Change, ChangeSet, NewRow, TomlValue};
use crate::model::day::At;
use crate::model::id::row_id;
use crate::model::intern;
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::money::parse_decimal;
use crate::model::order::OrderLine;
use crate::model::row::{PlainRow, RowPlace};
use crate::rules::advance::{advance_by, ladder, placed};
use crate::rules::decisions::{Act, Extra, Turn, event_row};
use crate::rules::profit::Prices;
use crate::rules::terms;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A row that may be taken.
struct Draft<'a> {
    row: usize,
    line: u32,
    /// One for each column of the ledger; empty = missing.
    cells: Vec<String>,
    own: Vec<(String, String)>,
    /// The customer's index, unless it is made by this import.
    customer: Option<usize>,
    /// The row that is there.
    existing: Option<&'a PlainRow>,
    /// The row is found by its source key.
    source_key: String,
}

/// A customer that a row names and that is made for it.
struct Made {
    word: String,
    /// Source row → what it says about the customer.
    described: BTreeMap<usize, Described>,
}

struct Plan<'e, 'a, 'i> {
    env: &'e Env<'a, 'i>,
    ledger: Ledger,
    id: Option<usize>,
    line: Option<usize>,
    key_column: Option<usize>,
    counts_lines: bool,
    by_source: HashMap<&'a str, &'a PlainRow>,
    by_key: HashMap<String, &'a PlainRow>,
    /// First row of each id in the book.
    heads: HashMap<&'a str, &'a PlainRow>,
    /// Lines of each id that are taken, in the book or in this file.
    taken: HashMap<String, HashSet<u32>>,
    /// How many rows of an id were seen.
    seen: HashMap<String, u32>,
    made: BTreeMap<String, Made>,
}

fn join(parts: &[&str]) -> String {
    parts.join("/")
}

impl<'e, 'a, 'i> Plan<'e, 'a, 'i> {
    fn new(env: &'e Env<'a, 'i>, ledger: Ledger) -> Plan<'e, 'a, 'i> {
        let (id, line) = (ledger.column("id"), ledger.column("line"));
        let key_column = ledger.column("source_key");
        let keyed = env.bound.source_key.is_some() || env.input.map.fills("source_key");
        let mut plan = Plan {
            env,
            ledger,
            id,
            line,
            key_column: key_column.filter(|_| keyed),
            counts_lines: line.is_some() && !env.input.map.fills("line"),
            by_source: HashMap::new(),
            by_key: HashMap::new(),
            heads: HashMap::new(),
            taken: HashMap::new(),
            seen: HashMap::new(),
            made: BTreeMap::new(),
        };
        for r in env.book.plain.get(&ledger).into_iter().flatten() {
            if let Some(k) = key_column.map(|n| r.cells[n]).filter(|k| !k.is_empty()) {
                plan.by_source.insert(k, r);
            }
            let key: Vec<&str> = plan.keys().map(|n| r.cells[n]).collect();
            plan.by_key.insert(join(&key), r);
            if let Some(n) = id {
                plan.heads.entry(r.cells[n]).or_insert(r);
                if let Some(number) = line.and_then(|l| r.cells[l].parse().ok()) {
                    plan.taken.entry(r.cells[n].to_string()).or_default().insert(number);
                }
            }
        }
        plan
    }

    fn keys(&self) -> impl Iterator<Item = usize> {
        let ledger = self.ledger;
        ledger.key().iter().filter_map(move |k| ledger.column(k))
    }

    fn cell<'c>(&self, cells: &'c [String], name: &str) -> &'c str {
        self.ledger.column(name).map_or("", |n| &cells[n])
    }

    /// Reads a row's cells.
    fn draft(&mut self, row: usize, line: u32, view: &View<'_>) -> Result<Draft<'a>, String> {
        let env = self.env;
        let lang = env.lang;
        let columns = self.ledger.columns();
        let mut raw = vec![String::new(); columns.len()];
        let mut own = Vec::new();
        let mut problem = None;
        for c in &env.bound.columns {
            // All are evaluated, so that lines are counted even where something else is wrong.
            match (view.value(c), c.target) {
                (Ok(text), Target::Column(n)) => raw[*n] = text,
                (Ok(text), Target::Own(name)) if !text.is_empty() => {
                    own.push((name.clone(), super::value::one_line(&text)));
                }
                (Ok(_), _) => {}
                (Err(e), _) => problem = problem.or(Some(e)),
            }
        }
        let source_key = match view.source_key() {
            Some(Ok(key)) => key,
            Some(Err(e)) => return Err(problem.unwrap_or(e)),
            None => self.ledger.column("source_key").map_or(String::new(), |n| raw[n].clone()),
        };
        self.name(&mut raw, &source_key)?;
        if let Some(e) = problem {
            return Err(e);
        }
        if env.bound.source_key.is_some() && source_key.is_empty() {
            return Err(m::empty_cell(lang, "source_key"));
        }
        let mut cells = vec![String::new(); columns.len()];
        let named = |n: usize, e: String| m::in_column(lang, columns[n].name, e);
        for c in &env.bound.columns {
            let Target::Column(n) = *c.target else { continue };
            if !raw[n].is_empty() && !matches!(columns[n].ty, Type::Ref(_)) {
                let value = ledger_cell(self.ledger, n, &raw[n], c.how, view.numbers(c), env.settings, lang);
                cells[n] = value.map_err(|e| named(n, e))?;
            }
        }
        for n in [self.id, self.line].into_iter().flatten() {
            cells[n].clone_from(&raw[n]);
            if !cells[n].is_empty() {
                checked(columns[n].ty, &cells[n], env.settings, lang).map_err(|e| named(n, e))?;
            }
        }
        if let Some(n) = self.key_column {
            cells[n].clone_from(&source_key);
            checked(Type::Text, &source_key, env.settings, lang).map_err(|e| named(n, e))?;
        }
        let customer = self.references(row, view, &raw, &mut cells)?;
        for (n, c) in columns.iter().enumerate() {
            if c.required && cells[n].is_empty() {
                return Err(m::empty_cell(lang, c.name));
            }
        }
        for (name, text) in &own {
            checked(Type::Text, text, env.settings, lang).map_err(|e| m::in_column(lang, name, e))?;
        }
        let has = |name: &str| !self.cell(&cells, name).is_empty();
        let priced = has("amount") || has("returns") || has("quantity") && has("price");
        if self.ledger == Ledger::Orders && !priced {
            return Err(m::neither_amount(lang));
        }
        Ok(Draft { row, line, cells, own, customer, existing: None, source_key })
    }

    /// Gives a row its id and line where the map does not.
    fn name(&mut self, raw: &mut [String], source_key: &str) -> Result<(), String> {
        let Some(id) = self.id else { return Ok(()) };
        if raw[id].is_empty() {
            if self.env.input.map.fills("id") || self.ledger.prefix().is_empty() {
                return Err(m::empty_cell(self.env.lang, "id"));
            }
            // The same row gives the same id whenever it is imported.
            let text = if source_key.is_empty() { raw.join("\u{1f}") } else { source_key.to_string() };
            let hash = Sha256::digest(format!("{}\n{text}", self.ledger).as_bytes());
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&hash[..8]);
            raw[id] = row_id(self.ledger.prefix(), bytes);
        }
        if let (Some(line), true) = (self.line, self.counts_lines) {
            let n = self.seen.entry(raw[id].clone()).or_insert(0);
            *n += 1;
            raw[line] = n.to_string();
        }
        Ok(())
    }

    /// Fills the cells that refer to something; the customer first, because contacts belong to it.
    fn references(
        &mut self,
        row: usize,
        view: &View<'_>,
        raw: &[String],
        cells: &mut [String],
    ) -> Result<Option<usize>, String> {
        let env = self.env;
        let r = &env.resolver;
        let mut customer = None;
        let columns = self.ledger.columns();
        let refs = |wanted: bool| {
            columns.iter().enumerate().filter_map(move |(n, c)| match c.ty {
                Type::Ref(to) if (to == RefTo::Customer) == wanted => Some((n, c.name, to)),
                _ => None,
            })
        };
        for (n, name, to) in refs(true).chain(refs(false)).filter(|(n, ..)| !raw[*n].is_empty()) {
            let text = raw[n].as_str();
            let named = |e: String| m::in_column(env.lang, name, e);
            let is_purchase = to == RefTo::Party && self.cell(cells, "kind") == "purchase";
            cells[n] = match to {
                RefTo::Customer | RefTo::Party if !is_purchase => match r.customer(text) {
                    Ok(c) => {
                        customer = Some(c);
                        env.book.customers[c].id.to_string()
                    }
                    Err(NoCustomer::Unknown) if env.bound.create.is_some() && to == RefTo::Customer => {
                        self.make(row, view, text).map_err(named)?
                    }
                    Err(why) => return Err(named(r.no_customer(text, &why))),
                },
                RefTo::Customer => text.to_string(),
                RefTo::Party => self.row_ref(Ledger::Suppliers, text).map_err(named)?,
                RefTo::Team => r.member(text).map_err(named)?.to_string(),
                RefTo::Contact => match customer {
                    Some(c) => r.contact(c, text).map_err(named)?.to_string(),
                    None => return Err(named(m::no_contact(env.lang, self.cell(raw, "customer"), text))),
                },
                RefTo::Row(l) => self.row_ref(l, text).map_err(named)?,
                RefTo::OrderLine | RefTo::Subject | RefTo::Pool => text.to_string(),
            };
        }
        Ok(customer)
    }

    /// A row of another ledger must be there; one of this ledger may also be imported with it.
    fn row_ref(&self, ledger: Ledger, text: &str) -> Result<String, String> {
        match self.env.resolver.row(ledger, text)? {
            Some(id) => Ok(id.to_string()),
            None if ledger == self.ledger => Ok(text.to_string()),
            None => Err(m::no_row(self.env.lang, ledger.name(), text)),
        }
    }

    /// Notes a customer that is to be made; its id.
    fn make(&mut self, row: usize, view: &View<'_>, text: &str) -> Result<String, String> {
        let env = self.env;
        let id = new_customer_id(text, env.lang)?;
        // An id made from a name may be somebody else's.
        if env.book.customer(&id).is_some() || self.made.get(&id).is_some_and(|x| x.word != text) {
            return Err(m::no_customer(env.lang, text));
        }
        let mut d = describe(env, view, env.bound.create.as_deref().unwrap_or_default())?;
        if text_of(&d.keys, "name").is_empty() {
            d.keys.push(("name".into(), TomlValue::Text(text.into())));
        }
        complete(env, &mut d.keys, env.book.today);
        file_text(env, &id, &d.keys, &d.contact)?;
        let made =
            self.made.entry(id.clone()).or_insert_with(|| Made { word: text.into(), described: BTreeMap::new() });
        made.described.insert(row, d);
        Ok(id)
    }

    /// Finds the row that is there, and gives a counted line a free number.
    fn place(&mut self, d: &mut Draft<'a>) -> Result<(), String> {
        let key = |p: &Self, cells: &[String]| join(&p.keys().map(|n| cells[n].as_str()).collect::<Vec<_>>());
        if self.key_column.is_some()
            && let Some(r) = self.by_source.get(d.source_key.as_str())
        {
            d.existing = Some(r);
            return Ok(());
        }
        if let Some(r) = self.by_key.get(&key(self, &d.cells)).copied() {
            let other = self.key_column.map_or("", |n| r.cells[n]);
            if other.is_empty() {
                d.existing = Some(r);
                return Ok(());
            }
            if !self.counts_lines {
                return Err(m::other_source(self.env.lang, key(self, &d.cells)));
            }
        }
        if let (Some(line), Some(id), true) = (self.line, self.id, self.counts_lines) {
            let taken = self.taken.entry(d.cells[id].clone()).or_default();
            let mut n: u32 = d.cells[line].parse().unwrap_or(1);
            while !taken.insert(n) {
                n += 1;
            }
            d.cells[line] = n.to_string();
        }
        Ok(())
    }

    /// What lines of one id share must be equal; what the map does not fill is taken from the line that is there.
    fn share(&self, d: &mut Draft<'a>, first: &HashMap<String, Vec<String>>) -> Result<(), String> {
        let Some(id) = self.id else { return Ok(()) };
        let key = d.cells[id].clone();
        let head: Option<Vec<&str>> = match (self.heads.get(key.as_str()), first.get(&key)) {
            (_, Some(cells)) => Some(cells.iter().map(String::as_str).collect()),
            (Some(r), None) => Some(r.cells.clone()),
            _ => None,
        };
        let Some(head) = head else {
            self.freeze_due(d);
            return Ok(());
        };
        for name in self.ledger.shared() {
            let Some(n) = self.ledger.column(name) else { continue };
            if d.cells[n].is_empty() && !self.env.input.map.fills(name) {
                d.cells[n] = head[n].to_string();
            }
            if d.cells[n] != head[n] {
                return Err(m::unequal(self.env.lang, name, &key, &d.cells[n], head[n]));
            }
        }
        Ok(())
    }

    /// R10: an order is due by the customer's terms of the day on which it is entered.
    fn freeze_due(&self, d: &mut Draft<'a>) {
        let (Ledger::Orders, Some(due), Some(c)) = (self.ledger, self.ledger.column("due"), d.customer) else { return };
        if !self.env.input.map.fills("due")
            && let Some(at) = At::parse(self.cell(&d.cells, "at"), self.env.settings.tz)
            && let Some(day) = terms::due(self.env.book.customers[c].text("terms"), at.day)
        {
            d.cells[due] = day.to_string();
        }
    }

    /// What a row that is there says otherwise: (column, old, new). Values that the source does not have stay.
    fn differences(&self, d: &Draft<'_>, r: &PlainRow) -> Vec<(String, String, String)> {
        let mut out = Vec::new();
        let key: Vec<usize> = self.keys().collect();
        for (n, c) in self.ledger.columns().iter().enumerate() {
            let (old, new) = (r.cells[n], d.cells[n].as_str());
            let filled = self.env.input.map.fills(c.name) || self.key_column == Some(n);
            if !filled || key.contains(&n) || new.is_empty() || same(c.ty, old, new, self.env.settings.tz) {
                continue;
            }
            let is_customer = c.ty == Type::Ref(RefTo::Customer);
            if is_customer && self.env.book.customer(old).is_some_and(|x| x.id == new) {
                continue;
            }
            out.push((c.name.to_string(), old.to_string(), new.to_string()));
        }
        for (name, new) in &d.own {
            let old = r.own.iter().find(|(k, _)| k == name).map_or("", |(_, v)| *v);
            if old != new {
                out.push((name.clone(), old.to_string(), new.clone()));
            }
        }
        out
    }

    fn year(&self, cells: &[String]) -> i32 {
        let tz = self.env.settings.tz;
        let day = self.ledger.day_column().and_then(|n| At::parse(&cells[n], tz)).map(|at| at.day);
        let period = || self.cell(cells, "period").get(..4).and_then(|y| y.parse().ok());
        day.map(|d| chrono::Datelike::year(&d))
            .or_else(period)
            .unwrap_or_else(|| chrono::Datelike::year(&self.env.book.today))
    }

    /// Takes out rows that refer to rows of the same ledger which are neither there nor taken.
    fn settle(&self, drafts: &mut Vec<Draft<'a>>, out: &mut Outcome) {
        let Some(id) = self.id else { return };
        let columns = self.ledger.columns();
        let refs: Vec<(usize, RefTo)> = (0..columns.len())
            .filter_map(|n| match columns[n].ty {
                Type::Ref(to @ RefTo::OrderLine) => Some((n, to)),
                Type::Ref(to @ RefTo::Row(l)) if l == self.ledger => Some((n, to)),
                _ => None,
            })
            .collect();
        if refs.is_empty() {
            return;
        }
        loop {
            let ids: HashSet<String> = drafts.iter().map(|d| d.cells[id].clone()).collect();
            let lines: HashSet<String> = match self.line {
                Some(line) if self.ledger == Ledger::Orders => {
                    drafts.iter().map(|d| join(&[&d.cells[id], &d.cells[line]])).collect()
                }
                _ => HashSet::new(),
            };
            let before = drafts.len();
            drafts.retain(|d| {
                for (n, to) in &refs {
                    let text = d.cells[*n].as_str();
                    let known = text.is_empty()
                        || match to {
                            RefTo::OrderLine => lines.contains(text) || self.env.resolver.order_line(text),
                            _ => {
                                ids.contains(text)
                                    || matches!(self.env.resolver.row(self.ledger, text), Ok(Some(id)) if id == text)
                            }
                        };
                    if !known {
                        let ledger = if *to == RefTo::OrderLine { Ledger::Orders } else { self.ledger };
                        let reason = m::no_row(self.env.lang, ledger.name(), text);
                        out.reject(d.row, d.line, m::in_column(self.env.lang, columns[*n].name, reason));
                        return false;
                    }
                }
                true
            });
            if drafts.len() == before {
                return;
            }
        }
    }
}

/// Plans the import of rows into a ledger.
pub(super) fn plan(env: &Env<'_, '_>, ledger: Ledger) -> Outcome {
    let mut out = Outcome::default();
    let mut p = Plan::new(env, ledger);
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut keys: HashMap<String, u32> = HashMap::new();
    let mut first: HashMap<String, Vec<String>> = HashMap::new();
    for (n, row) in env.input.source.rows.iter().enumerate() {
        if let Some(f) = row.fault {
            out.reject(n, row.line, fault(f, env.lang));
            continue;
        }
        let Some(view) = env.bound.view(&row.cells) else {
            out.counts.skipped += 1;
            continue;
        };
        let taken = p.draft(n, row.line, &view).and_then(|mut d| {
            // A source key that stands twice is found before lines are numbered.
            let source = p.key_column.map(|_| format!("\u{1f}{}", d.source_key));
            let twice = |key: &str, shown: &str| match keys.get(key) {
                Some(line) => Err(m::twice(env.lang, shown, line)),
                None => Ok(()),
            };
            if let Some(key) = &source {
                twice(key, &d.source_key)?;
            }
            p.place(&mut d)?;
            let key = join(&p.keys().map(|n| d.cells[n].as_str()).collect::<Vec<_>>());
            if d.existing.is_none() || p.key_column.is_none() {
                twice(&key, &key)?;
            }
            if d.existing.is_none() {
                p.share(&mut d, &first)?;
            }
            keys.extend(source.map(|k| (k, row.line)));
            keys.insert(key, row.line);
            Ok(d)
        });
        match taken {
            Ok(d) => {
                if let (Some(id), None) = (p.id, d.existing) {
                    first.entry(d.cells[id].clone()).or_insert_with(|| d.cells.clone());
                }
                drafts.push(d);
            }
            Err(reason) => out.reject(n, row.line, reason),
        }
    }
    p.settle(&mut drafts, &mut out);
    let mut sets = vec![taken(&p, &drafts, &mut out)];
    let fresh: Vec<&Draft<'_>> = drafts.iter().filter(|d| d.existing.is_none()).collect();
    let (made, steps) = stages(&p, &fresh);
    out.counts.customers = made.iter().filter(|c| matches!(c, Change::Create { .. })).count();
    out.counts.stages = steps.1;
    sets.extend(steps.0);
    sets.push(ChangeSet { changes: made });
    out.collect(sets);
    out
}

/// Rows to append and cells to change.
fn taken(p: &Plan<'_, '_, '_>, drafts: &[Draft<'_>], out: &mut Outcome) -> ChangeSet {
    let mut appended = ChangeSet::default();
    let mut edits = Vec::new();
    let columns = p.ledger.columns();
    for d in drafts {
        let name = p
            .id
            .map_or_else(|| join(&p.keys().map(|n| d.cells[n].as_str()).collect::<Vec<_>>()), |id| d.cells[id].clone());
        let Some(r) = d.existing else {
            let mut row: NewRow =
                columns.iter().zip(&d.cells).filter(|(_, v)| !v.is_empty()).map(|(c, v)| (c.name, v.clone())).collect();
            row.extend(d.own.iter().map(|(k, v)| (intern(k), v.clone())));
            appended.append(p.ledger, p.year(&d.cells), row);
            out.note_new(&name);
            continue;
        };
        let differences = p.differences(d, r);
        if differences.is_empty() {
            out.counts.unchanged += 1;
            continue;
        }
        out.counts.changed += 1;
        let line = p.line.map_or(String::new(), |n| format!("/{}", r.cells[n]));
        let id = p.id.map_or(name, |n| format!("{}{line}", r.cells[n]));
        for (column, old, new) in &differences {
            out.differences.push(m::was_changed(p.env.lang, &id, column, old, new));
        }
        if p.env.input.update {
            let cells = differences.into_iter().map(|(c, _, new)| (c, new)).collect();
            let file = p.env.book.file(r.place).to_string();
            edits.push(Change::EditRow { file, ledger: p.ledger, line: r.place.line, cells });
        }
    }
    appended.changes.extend(edits);
    appended
}

/// A row as an order line, so that the rules can look at it.
fn order_line(p: &Plan<'_, '_, '_>, cells: &[String]) -> Option<OrderLine> {
    let text = |name: &str| intern(p.cell(cells, name));
    let number = |name: &str| parse_decimal(p.cell(cells, name));
    Some(OrderLine {
        place: RowPlace::default(),
        id: text("id"),
        line: text("line"),
        at: At::parse(p.cell(cells, "at"), p.env.settings.tz)?,
        customer: text("customer"),
        product: "",
        quantity: number("quantity"),
        price: number("price"),
        discount: number("discount"),
        amount: number("amount"),
        tax: None,
        unit_cost: None,
        cost: None,
        extra_cost: None,
        currency: "",
        due: None,
        promised: None,
        returns: text("returns"),
        deal: "",
        contract: "",
        by: text("by"),
        split: "",
        source_key: "",
    })
}

type Stages = (Vec<Change>, (Vec<ChangeSet>, usize));

/// Makes customers, and moves those that ordered up the ladder (R1).
fn stages(p: &Plan<'_, '_, '_>, fresh: &[&Draft<'_>]) -> Stages {
    let env = p.env;
    let (mut made, mut sets, mut steps) = (Vec::new(), Vec::new(), 0);
    let mut lines: BTreeMap<&str, Vec<OrderLine>> = BTreeMap::new();
    let mut day: HashMap<&str, At> = HashMap::new();
    for d in fresh {
        let customer = p.cell(&d.cells, "customer");
        if let Some(at) = p.ledger.day_column().and_then(|n| At::parse(&d.cells[n], env.settings.tz)) {
            day.entry(customer).and_modify(|old| *old = (*old).min(at)).or_insert(at);
        }
        if p.ledger == Ledger::Orders {
            lines.entry(customer).or_default().extend(order_line(p, &d.cells));
        }
    }
    let prices = Prices::new(env.book);
    let mut advanced: HashMap<&str, Vec<crate::rules::advance::Step>> = HashMap::new();
    for (id, lines) in &lines {
        let new = placed(&prices, lines);
        match env.book.customer_index(id) {
            Some(n) => {
                if let Some(a) = advance_by(env.input.index, &prices, n, &new, env.input.act) {
                    steps += a.steps.len();
                    sets.push(a.changes);
                }
            }
            None => {
                let stage = p.made.get(*id).and_then(|x| x.described.values().next());
                let stage = stage.map_or("", |d| text_of(&d.keys, "stage"));
                advanced.insert(id, ladder(env.settings, stage, &[], &new));
            }
        }
    }
    let rows: HashSet<usize> = fresh.iter().map(|d| d.row).collect();
    for (id, x) in &p.made {
        // Only a row that is taken makes a customer.
        let Some((_, d)) = x.described.iter().find(|(row, _)| rows.contains(row)) else { continue };
        let mut keys = d.keys.clone();
        let put = |keys: &mut customers::Keys, key: &str, value: TomlValue| {
            keys.retain(|(k, _)| k != key);
            keys.push((key.into(), value));
        };
        let mapped = env.bound.create.iter().flatten().any(|c| *c.target == Target::Key("created"));
        if let Some(at) = day.get(id.as_str()).filter(|_| !mapped) {
            put(&mut keys, "created", TomlValue::Bare(at.day.to_string()));
        }
        let mut from = text_of(&keys, "stage").to_string();
        for s in advanced.get(id.as_str()).into_iter().flatten() {
            let by = if s.order.by.is_empty() { &env.input.act.by } else { &s.order.by };
            let act = Act { by: by.clone(), at: At { bare: false, ..s.order.at }, note: s.order.id.clone() };
            let turn = Turn { kind: "customer", subject: id, event: "stage", from: &from, to: &s.to };
            let mut set = ChangeSet::default();
            let row = event_row(env.book, turn, &act, &Extra::default());
            set.append(Ledger::Events, chrono::Datelike::year(&act.at.day), row);
            sets.push(set);
            from.clone_from(&s.to);
            steps += 1;
        }
        put(&mut keys, "stage", TomlValue::Text(from));
        if let Ok((file, text)) = file_text(env, id, &keys, &d.contact) {
            made.push(Change::Create { file, text });
        }
    }
    (made, (sets, steps))
}
