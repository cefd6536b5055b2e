//! A row on its way into a ledger: its cells, what it refers to, and whether it is there already.

use super::bind::{View, Why};
use super::env::{Env, Outcome};
use super::existing::Existing;
use super::key::{Key, key};
use super::made::Maker;
use super::resolve::NoCustomer;
use super::target::Target;
use super::value::{checked, ledger_cell, same};
use crate::i18n::{exchange as m, messages};
use crate::model::day::At;
use crate::model::id::row_id;
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::money::parse_decimal;
use crate::model::new_rows::{NewRows, RowRef};
use crate::model::row::PlainRow;
use crate::model::{Str, intern};
use crate::rules::beside::Beside;
use crate::rules::complaints::grade_on;
use crate::rules::entry::frozen_cost;
use crate::rules::prices::Prices;
use crate::rules::ranges::{Doers, Ranges};
use crate::rules::references::sharers;
use crate::rules::terms;
use crate::rules::turn::happened;
use crate::store::cells::unescape_note;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A row that is to be appended: the year of its file, and its number among that year's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct New {
    pub(super) year: i32,
    pub(super) n: u32,
}

/// What became of a row that may be taken. Its cells, if they are needed at all, stand in [`Plan::new`].
pub(super) struct Draft {
    pub(super) row: u32,
    pub(super) place: Slot,
    /// (column, old, new) of a row that is there.
    pub(super) differences: Vec<(String, String, String)>,
    /// What it names in this ledger itself: it may stand further down.
    pub(super) names: Vec<(usize, RefTo, String)>,
}

impl Draft {
    /// Whether it is there, as it is, whatever comes of the others.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.place, Slot::There(_)) && self.differences.is_empty() && self.names.is_empty()
    }
}

/// Where a row goes.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    New(New),
    /// A row that is there, by its number in [`Existing`].
    There(u32),
}

/// The cells of a row: one for each column of the ledger, empty = missing; own columns behind.
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    own: Vec<(Str, String)>,
    customer: Option<usize>,
    pub(super) source_key: String,
}

pub(super) struct Plan<'e, 'a, 'i> {
    pub(super) env: &'e Env<'a, 'i>,
    pub(super) ledger: Ledger,
    pub(super) existing: &'e Existing,
    pub(super) maker: Maker,
    pub(super) id: Option<usize>,
    line: Option<usize>,
    pub(super) key_column: Option<usize>,
    pub(super) counts_lines: bool,
    pub(super) prices: Prices<'e>,
    /// The own columns' names, each held once.
    own: HashMap<&'e str, Str>,
    /// How many rows of an id were seen; where lines are counted only.
    pub(super) seen: HashMap<Key, u32>,
    /// Lines of ids that this file takes.
    taken: HashSet<Key>,
    /// The rows to append.
    pub(super) new: BTreeMap<i32, NewRows>,
    /// What new rows break that the map accepts.
    pub(super) accepted: HashMap<New, Vec<&'static str>>,
    pub(super) ranges: Ranges,
    pub(super) doers: Doers,
    pub(super) beside: Beside,
    /// Whether a row got its id of all its cells.
    pub(super) by_whole_row: bool,
    /// First new row of each id.
    first: HashMap<Key, New>,
}

pub(super) fn join(parts: &[&str]) -> String {
    parts.join("/")
}

impl<'e, 'a, 'i> Plan<'e, 'a, 'i> {
    pub(super) fn new(env: &'e Env<'a, 'i>, ledger: Ledger) -> Plan<'e, 'a, 'i> {
        let (id, line) = (ledger.column("id"), ledger.column("line"));
        let keyed = env.bound.source_key.is_some() || env.input.map.fills("source_key");
        let own = env.bound.columns.iter().filter_map(|c| match c.target {
            Target::Own(name) => Some((name.as_str(), intern(name))),
            _ => None,
        });
        Plan {
            env,
            ledger,
            existing: env.input.existing,
            maker: Maker::default(),
            id,
            line,
            key_column: ledger.column("source_key").filter(|_| keyed),
            counts_lines: line.is_some() && !env.input.map.fills("line"),
            prices: Prices::new(env.book),
            own: own.collect(),
            seen: HashMap::new(),
            taken: HashSet::new(),
            new: BTreeMap::new(),
            accepted: HashMap::new(),
            ranges: Ranges::of(ledger),
            doers: Doers::of(ledger),
            beside: Beside::of(ledger),
            by_whole_row: false,
            first: HashMap::new(),
        }
    }

    /// The cells of a row to append.
    pub(super) fn new_row(&self, n: New) -> RowRef<'_> {
        static NONE: std::sync::LazyLock<NewRows> = std::sync::LazyLock::new(NewRows::default);
        self.new.get(&n.year).unwrap_or(&NONE).get(n.n as usize)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = usize> {
        let ledger = self.ledger;
        ledger.key().iter().filter_map(move |k| ledger.column(k))
    }

    pub(super) fn key_of<'c>(&self, cells: &'c [String]) -> Vec<&'c str> {
        self.keys().map(|n| self.ledger.in_key(self.ledger.columns()[n].name, cells[n].as_str())).collect()
    }

    pub(super) fn cell<'c>(&self, cells: &'c [String], name: &str) -> &'c str {
        self.ledger.column(name).map_or("", |n| &cells[n])
    }

    /// What is wrong with the value of a column.
    pub(super) fn wrong(&self, column: usize, words: impl std::fmt::Display) -> Why {
        let bound = self.env.bound.columns.iter().find(|c| *c.target == Target::Column(column));
        match bound {
            Some(c) => c.wrong(self.env.lang, words),
            None => m::in_column(self.env.lang, self.ledger.columns()[column].name, words).into(),
        }
    }

    /// Reads a row's cells.
    pub(super) fn read(&mut self, row: u32, view: &View<'_>) -> Result<Row, Why> {
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
                    let text = super::value::one_line(&text);
                    if let Err(e) = checked(Type::Text, &text, env.settings, lang) {
                        problem = problem.or(Some(c.wrong(lang, e)));
                    }
                    own.extend(self.own.get(name.as_str()).map(|name| (*name, text)));
                }
                (Ok(_), _) => {}
                (Err(e), _) => problem = problem.or(Some(e)),
            }
        }
        let source_key = match view.source_key() {
            Some(Ok(key)) => key,
            Some(Err(e)) => return Err(problem.unwrap_or(e.into())),
            None => self.ledger.column("source_key").map_or(String::new(), |n| raw[n].clone()),
        };
        self.name(&mut raw, &source_key)?;
        if let Some(e) = problem {
            return Err(e);
        }
        if env.bound.source_key.is_some() && source_key.is_empty() {
            return Err(m::empty_cell(lang, "source_key").into());
        }
        let mut cells = vec![String::new(); columns.len()];
        for c in &env.bound.columns {
            let Target::Column(n) = *c.target else { continue };
            if !raw[n].is_empty() && !matches!(columns[n].ty, Type::Ref(_)) {
                let value = ledger_cell(self.ledger, n, &raw[n], c.how, view.numbers(c), env.settings, lang);
                cells[n] = value.map_err(|e| c.wrong(lang, e))?;
            }
        }
        for n in [self.id, self.line].into_iter().flatten() {
            cells[n].clone_from(&raw[n]);
            if !cells[n].is_empty() {
                checked(columns[n].ty, &cells[n], env.settings, lang).map_err(|e| self.wrong(n, e))?;
            }
        }
        if let Some(n) = self.key_column {
            cells[n].clone_from(&source_key);
            checked(Type::Text, &source_key, env.settings, lang).map_err(|e| self.wrong(n, e))?;
        }
        let customer = self.references(row, view, &raw, &mut cells)?;
        for (n, c) in columns.iter().enumerate() {
            if c.required && cells[n].is_empty() {
                let bound = env.bound.columns.iter().find(|b| *b.target == Target::Column(n));
                return Err(Why { words: m::empty_cell(lang, c.name), cell: bound.and_then(|b| b.cell) });
            }
        }
        let has = |name: &str| !self.cell(&cells, name).is_empty();
        let priced = has("amount") || has("returns") || has("quantity") && has("price");
        if self.ledger == Ledger::Orders && !priced {
            return Err(m::neither_amount(lang).into());
        }
        Ok(Row { cells, own, customer, source_key })
    }

    /// Whether a row happened, and only members of the team share it. What is there already is not judged again.
    pub(super) fn facts(&self, cells: &[String], there: Option<u32>) -> Result<(), Why> {
        let env = self.env;
        let there = there.map(|n| self.existing.row(n));
        let news = |n: &usize| {
            let ty = self.ledger.columns()[*n].ty;
            there.as_ref().is_none_or(|row| !same(ty, row.cell(*n), &cells[*n], env.settings.tz))
        };
        if let (Some(n), true) = (self.ledger.column("at").filter(&news), self.ledger != Ledger::Events)
            && let Some(at) = At::parse(&cells[n], env.settings.tz)
            && happened(at, env.book.today).is_err()
        {
            return Err(self.wrong(n, messages::in_the_future(env.lang, at.day)));
        }
        if let Some(n) = self.ledger.column("split").filter(&news) {
            for who in sharers(&cells[n]) {
                if env.book.team.get(who).is_none() {
                    return Err(self.wrong(n, m::no_member(env.lang, who)));
                }
            }
        }
        Ok(())
    }

    /// Gives a row its id and line where the map does not.
    fn name(&mut self, raw: &mut [String], source_key: &str) -> Result<(), String> {
        let Some(id) = self.id else { return Ok(()) };
        if raw[id].is_empty() {
            if self.env.input.map.fills("id") || self.ledger.prefix().is_empty() {
                return Err(m::empty_cell(self.env.lang, "id"));
            }
            // The same row gives the same id whenever it is imported.
            self.by_whole_row |= source_key.is_empty();
            let text = if source_key.is_empty() { raw.join("\u{1f}") } else { source_key.to_string() };
            let hash = Sha256::digest(format!("{}\n{text}", self.ledger).as_bytes());
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&hash[..8]);
            raw[id] = row_id(self.ledger.prefix(), bytes);
        }
        if let (Some(line), true) = (self.line, self.counts_lines) {
            let n = self.seen.entry(key(&[&raw[id]])).or_insert(0);
            *n += 1;
            raw[line] = n.to_string();
        }
        Ok(())
    }

    /// Fills the cells that refer to something; the customer first, because contacts belong to it.
    fn references(
        &mut self,
        row: u32,
        view: &View<'_>,
        raw: &[String],
        cells: &mut [String],
    ) -> Result<Option<usize>, Why> {
        let env = self.env;
        let r = &env.resolver;
        let mut customer = None;
        let columns = self.ledger.columns();
        let refs = |wanted: bool| {
            columns.iter().enumerate().filter_map(move |(n, c)| match c.ty {
                Type::Ref(to) if (to == RefTo::Customer) == wanted => Some((n, to)),
                _ => None,
            })
        };
        for (n, to) in refs(true).chain(refs(false)).filter(|(n, _)| !raw[*n].is_empty()) {
            let text = raw[n].as_str();
            let is_purchase = to == RefTo::Party && self.cell(cells, "kind") == "purchase";
            let found: Result<String, String> = match to {
                RefTo::Customer | RefTo::Party if !is_purchase => match r.customer(text) {
                    Ok(c) => {
                        customer = Some(c);
                        Ok(env.book.customers[c].id.to_string())
                    }
                    Err(NoCustomer::Unknown) if env.bound.create.is_some() && to == RefTo::Customer => {
                        match self.maker.make(env, row, view, text) {
                            Ok(id) => Ok(id),
                            // A cell of its own is wrong, not the customer's name.
                            Err(why) if why.cell.is_some() => return Err(why),
                            Err(why) => Err(why.words),
                        }
                    }
                    Err(why) => Err(r.no_customer(text, &why)),
                },
                RefTo::Customer => Ok(text.to_string()),
                RefTo::Party => self.row_ref(Ledger::Suppliers, text),
                RefTo::Team => r.member(text).map(str::to_string),
                RefTo::Contact => match customer {
                    Some(c) => r.contact(c, text).map(str::to_string),
                    None => Err(m::no_contact(env.lang, self.cell(raw, "customer"), text)),
                },
                RefTo::Row(l) => self.row_ref(l, text),
                RefTo::OrderLine | RefTo::Subject | RefTo::Pool => Ok(text.to_string()),
            };
            cells[n] = found.map_err(|e| self.wrong(n, e))?;
        }
        Ok(customer)
    }

    /// A row of another ledger must be there; one of this ledger may also be imported with it.
    fn row_ref(&self, ledger: Ledger, text: &str) -> Result<String, String> {
        if ledger == self.ledger {
            return match self.existing.head(text).map_or_else(|| self.existing.named(text), |_| None) {
                Some(Some(id)) => Ok(id.to_string()),
                Some(None) => Err(m::several_rows(self.env.lang, ledger.name(), text)),
                None => Ok(text.to_string()),
            };
        }
        match self.env.resolver.row(ledger, text)? {
            Some(id) => Ok(id.to_string()),
            None => Err(m::no_row(self.env.lang, ledger.name(), text)),
        }
    }

    /// Finds the row that is there, and gives a counted line a free number.
    pub(super) fn place(&mut self, r: &mut Row) -> Result<Option<u32>, String> {
        if self.key_column.is_some()
            && !r.source_key.is_empty()
            && let Some(n) = self.existing.by_source(&r.source_key)
        {
            return Ok(Some(n));
        }
        if let Some(n) = self.existing.by_key(&self.key_of(&r.cells)) {
            let other = self.key_column.map_or("", |k| self.existing.row(n).cell(k));
            if other.is_empty() {
                return Ok(Some(n));
            }
            if !self.counts_lines {
                return Err(m::other_source(self.env.lang, join(&self.key_of(&r.cells))));
            }
        }
        if let (Some(line), Some(id), true) = (self.line, self.id, self.counts_lines) {
            let id = &r.cells[id];
            let mut n: u32 = r.cells[line].parse().unwrap_or(1);
            loop {
                let text = n.to_string();
                if !self.existing.has_line(id, &text) && self.taken.insert(key(&[id, &text])) {
                    break;
                }
                n += 1;
            }
            r.cells[line] = n.to_string();
        }
        Ok(None)
    }

    /// Lines of one id must be equal in the columns that they share. A column that the map does not fill is taken from
    /// the line that is there.
    pub(super) fn share(&self, r: &mut Row) -> Result<(), Why> {
        let Some(id) = self.id else { return Ok(()) };
        let known: Option<PlainRow>;
        let first = self.first.get(&key(&[&r.cells[id]])).map(|n| self.new_row(*n));
        let head: Vec<(usize, &str)> = {
            let shared = self.ledger.shared().iter().filter_map(|name| self.ledger.column(name));
            match first {
                Some(row) => shared.map(|n| (n, row.cell(self.ledger.columns()[n].name))).collect(),
                None => {
                    known = self.existing.head(&r.cells[id]).map(|n| self.existing.row(n));
                    let Some(row) = &known else {
                        self.freeze_due(r);
                        return Ok(());
                    };
                    shared.map(|n| (n, row.cell(n))).collect()
                }
            }
        };
        for (n, there) in head {
            let name = self.ledger.columns()[n].name;
            if r.cells[n].is_empty() && !self.env.input.map.fills(name) {
                r.cells[n] = there.to_string();
            }
            if r.cells[n] != there {
                let bound = self.env.bound.columns.iter().find(|b| *b.target == Target::Column(n));
                let words = m::unequal(self.env.lang, name, &r.cells[id], &r.cells[n], there);
                return Err(Why { words, cell: bound.and_then(|b| b.cell) });
            }
        }
        Ok(())
    }

    /// R10: an order is due by the customer's terms of the day on which it is entered.
    fn freeze_due(&self, r: &mut Row) {
        let (Ledger::Orders, Some(due), Some(c)) = (self.ledger, self.ledger.column("due"), r.customer) else { return };
        if !self.env.input.map.fills("due")
            && let Some(at) = At::parse(self.cell(&r.cells, "at"), self.env.settings.tz)
            && let Some(day) = terms::payment_due(self.env.book.customers[c].text("terms"), at.day)
        {
            r.cells[due] = day.to_string();
        }
    }

    /// R6: the standard cost of the order's day, where the source says none. A return takes the original's cost.
    fn standard_cost<'c>(&self, cell: impl Fn(&str) -> &'c str) -> Option<String> {
        let says = ["cost", "returns"].iter().any(|c| !cell(c).is_empty());
        if self.ledger != Ledger::Orders || says || cell("quantity").is_empty() {
            return None;
        }
        let at = At::parse(cell("at"), self.env.settings.tz)?;
        // Without a rate of the day the report says that the cost is unknown.
        let cost = frozen_cost(&self.prices, cell("product"), at.day, cell("currency")).ok().flatten()?;
        Some(cost.normalize().to_string())
    }

    pub(super) fn freeze_cost(&self, r: &mut Row) {
        let Some(n) = self.ledger.column("unit_cost").filter(|n| r.cells[*n].is_empty()) else { return };
        if let Some(cost) = self.standard_cost(|name| self.cell(&r.cells, name)) {
            r.cells[n] = cost;
        }
    }

    /// R11: the grade that the customer had on the complaint's day, where the source says none.
    pub(super) fn freeze_grade(&self, r: &mut Row) {
        if let (Ledger::Complaints, Some(n), Some(c)) = (self.ledger, self.ledger.column("grade"), r.customer)
            && r.cells[n].is_empty()
            && let Some(at) = At::parse(self.cell(&r.cells, "at"), self.env.settings.tz)
        {
            r.cells[n] = grade_on(self.env.input.index, c, at.day).to_string();
        }
    }

    /// What a row that is there says otherwise: (column, old, new). Values that the source does not have stay.
    fn differences(&self, r: &Row, there: &PlainRow) -> Vec<(String, String, String)> {
        let mut out = Vec::new();
        let key: Vec<usize> = self.keys().collect();
        for (n, c) in self.ledger.columns().iter().enumerate() {
            let (old, new) = (there.cell(n), r.cells[n].as_str());
            let filled = self.env.input.map.fills(c.name) || self.key_column == Some(n);
            if !filled || key.contains(&n) || new.is_empty() || same(c.ty, old, new, self.env.settings.tz) {
                continue;
            }
            let news = match c.ty {
                Type::Note => self.env.is_news(&unescape_note(old), &unescape_note(new)),
                Type::Text => self.env.is_news(old, new),
                _ => true,
            };
            if !news {
                continue;
            }
            let is_customer = c.ty == Type::Ref(RefTo::Customer);
            if is_customer && self.env.book.customer(old).is_some_and(|x| x.id == new) {
                continue;
            }
            out.push((c.name.to_string(), old.to_string(), new.to_string()));
        }
        let own: HashMap<&str, &str> = there.own.iter().rev().copied().collect();
        for (name, new) in &r.own {
            let old = own.get(name).copied().unwrap_or_default();
            if self.env.is_news(old, new) {
                out.push(((*name).to_string(), old.to_string(), new.clone()));
            }
        }
        self.refreeze(&mut out, there);
        out
    }

    /// A cost that was frozen for another product, day or currency is frozen anew.
    fn refreeze(&self, out: &mut Vec<(String, String, String)>, there: &PlainRow) {
        let old = |name: &str| self.ledger.column(name).map_or("", |n| there.cell(n));
        let moved = out.iter().any(|(c, ..)| matches!(c.as_str(), "product" | "at" | "currency"));
        if !moved || self.env.input.map.fills("unit_cost") || old("unit_cost").is_empty() {
            return;
        }
        let was = self.standard_cost(old).and_then(|c| parse_decimal(&c));
        if was.is_none() || was != parse_decimal(old("unit_cost")) {
            return;
        }
        let new = |name: &str| -> &str {
            out.iter().find(|(c, ..)| c == name).map_or_else(|| old(name), |(_, _, new)| new.as_str())
        };
        let cost = self.standard_cost(new).unwrap_or_default();
        if cost != old("unit_cost") {
            out.push(("unit_cost".into(), old("unit_cost").into(), cost));
        }
    }

    fn year(&self, cells: &[String]) -> i32 {
        let tz = self.env.settings.tz;
        let day = self.ledger.day_column().and_then(|n| At::parse(&cells[n], tz)).map(|at| at.day);
        let period = || self.cell(cells, "period").get(..4).and_then(|y| y.parse().ok());
        day.map(|d| chrono::Datelike::year(&d))
            .or_else(period)
            .unwrap_or_else(|| chrono::Datelike::year(&self.env.book.today))
    }

    /// Columns that refer to rows of this ledger.
    pub(super) fn self_refs(&self) -> Vec<(usize, RefTo)> {
        let columns = self.ledger.columns().iter().enumerate();
        let refs = columns.filter_map(|(n, c)| match c.ty {
            Type::Ref(to @ RefTo::OrderLine) => Some((n, to)),
            Type::Ref(to @ RefTo::Row(l)) if l == self.ledger => Some((n, to)),
            _ => None,
        });
        refs.collect()
    }

    /// Takes a row: notes what is to be appended, or what differs.
    pub(super) fn draft(&mut self, row: u32, r: &Row, there: Option<u32>, refs: &[(usize, RefTo)]) -> Draft {
        let names = refs.iter().filter(|(n, _)| !r.cells[*n].is_empty());
        let names = names.map(|(n, to)| (*n, *to, r.cells[*n].clone())).collect();
        if let Some(n) = there {
            let differences = self.differences(r, &self.existing.row(n));
            return Draft { row, place: Slot::There(n), differences, names };
        }
        let year = self.year(&r.cells);
        let columns = self.ledger.columns().iter().map(|c| c.name);
        let own = r.own.iter().map(|(name, v)| (*name, v.as_str()));
        let rows = self.new.entry(year).or_default();
        let new = New { year, n: u32::try_from(rows.len()).unwrap_or(u32::MAX) };
        rows.push_cells(columns.zip(r.cells.iter().map(String::as_str)).filter(|(_, v)| !v.is_empty()).chain(own));
        if let Some(id) = self.id {
            self.first.entry(key(&[&r.cells[id]])).or_insert(new);
        }
        Draft { row, place: Slot::New(new), differences: Vec::new(), names }
    }

    /// Takes out rows that refer to rows of the same ledger which are neither there nor taken.
    pub(super) fn settle(&self, drafts: &mut Vec<Draft>, out: &mut Outcome) {
        if drafts.iter().all(|d| d.names.is_empty()) {
            return;
        }
        loop {
            let mut known: HashSet<Key> = HashSet::new();
            for d in drafts.iter() {
                if let Slot::New(n) = d.place {
                    let row = self.new_row(n);
                    known.insert(key(&[row.cell("id")]));
                    known.insert(key(&[row.cell("id"), row.cell("line")]));
                }
            }
            let is_there = |to: RefTo, text: &str| match (to, text.rsplit_once('/')) {
                (RefTo::OrderLine, Some((id, line))) => {
                    known.contains(&key(&[id, line])) || self.existing.has_line(id, line)
                }
                (RefTo::OrderLine, None) => false,
                _ => known.contains(&key(&[text])) || self.existing.head(text).is_some(),
            };
            let before = drafts.len();
            drafts.retain(|d| match d.names.iter().find(|(_, to, text)| !is_there(*to, text)) {
                None => true,
                Some((n, _, text)) => {
                    let reason = m::no_row(self.env.lang, self.ledger.name(), text);
                    out.reject(d.row, self.wrong(*n, reason));
                    false
                }
            });
            if drafts.len() == before {
                return;
            }
        }
    }
}
