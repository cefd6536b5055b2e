//! R14: two customers become one. The survivor's values stand, empty ones are filled from the other, lists are united, and all that names the other one
//! follows through `former_ids`. No row is rewritten, but those that name a contact whose id the survivor gives to somebody else.

use super::duplicates::names::Name;
use super::duplicates::{Keys, TELLING};
use super::engine::index::Index;
use super::references::{comes_back, referrer};
use super::turn::{Act, Extra, Turn, event, instant};
use crate::model::book::Book;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{CUSTOMER_KEYS, Contact, Customer, DECISIONS};
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::reach::{mails, phones, tax_id};
use crate::model::refusal::Refusal;
use crate::model::value::Value;
use chrono::Duration;
use std::collections::{HashMap, HashSet};

/// Keys that say something of the customer's own file, or go with a decision.
const OWN: &[&str] =
    &["name", "aliases", "former_ids", "pinyin", "created", "closed_until", "grade_until", "referred_by", "tags"];

/// The ledgers whose rows name contacts.
pub fn ledgers() -> LedgerSet {
    let names = |l: &&Ledger| l.columns().iter().any(|c| c.ty == Type::Ref(RefTo::Contact));
    Ledger::ALL.iter().filter(names).fold(LedgerSet::NONE, |set, l| set.and(LedgerSet::of(&[*l])))
}

/// Makes one customer of two, by their numbers. The book must hold the events, and the rows of [`ledgers`] as plain rows.
///
/// # Errors
/// One customer under two ids, a survivor that is closed while the other one is not, two tax ids without a note, or a newer event.
pub fn merge(index: &Index<'_>, keep: usize, drop: usize, act: &Act) -> Result<Plan, Obstacle> {
    let book = index.book;
    let (survivor, other) = (&book.customers[keep], &book.customers[drop]);
    if survivor.id == other.id {
        return Err(Refusal::SameCustomer { customer: survivor.id.into() }.into());
    }
    if survivor.closed && !other.closed {
        return Err(Refusal::Closed { customer: survivor.id.into() }.into());
    }
    let ids = [survivor, other].map(|c| tax_id(c.text("tax_id")));
    if ids[0] != ids[1] && ids.iter().all(|id| !id.is_empty()) && act.note.is_empty() {
        let [its, others] = [survivor, other].map(|c| c.text("tax_id").to_string());
        return Err(Refusal::TwoTaxIds { keep: survivor.id.into(), its, drop: other.id.into(), others }.into());
    }
    let events = merged_events(book, drop, survivor.id, act)?;
    let mut merging = Merging { book, survivor, other, edits: Vec::new(), notes: Vec::new() };
    merging.lists();
    merging.keys();
    merging.referrer();
    merging.fields();
    let renamed = merging.contacts();
    let Merging { edits, mut notes, .. } = merging;
    let mut changes = ChangeSet::default();
    changes.push(Change::EditToml { file: survivor.file.into(), edits });
    changes.push(Change::Remove { file: other.file.into() });
    changes.extend(rows_of(book, drop, &renamed));
    changes.extend(events);
    let merged = Note::Merged { keep: survivor.id.into(), drop: other.id.into(), name: other.name.into() };
    notes.insert(0, merged);
    Ok(Plan { changes, notes, allowed: Vec::new() })
}

/// What tells that the events under a customer's ids are not the survivor's: one event for each id, after the newest one.
fn merged_events(book: &Book, drop: usize, keep: &str, act: &Act) -> Result<ChangeSet, Refusal> {
    let other = &book.customers[drop];
    let of = |id| Turn { kind: "customer", subject: id, event: "merged", from: id, to: keep };
    let at = instant(book, book.newest_of(drop).map(|e| e.at()), of(other.id), act)?;
    let gone = book.merged_away();
    let mut set = ChangeSet::default();
    let former = other.rest().former_ids.iter().copied().filter(|id| !gone.contains(id));
    for (id, n) in former.chain([other.id]).zip(0..) {
        // One after the other, so that each history has them in one order.
        let at = At { utc: at.utc + Duration::milliseconds(n), ..at };
        set.extend(event(book, of(id), &Act { at, ..act.clone() }, &Extra::default()));
    }
    Ok(set)
}

/// The rows of a customer that name contacts by ids that these no longer have.
fn rows_of(book: &Book, drop: usize, renamed: &HashMap<&str, String>) -> ChangeSet {
    let mut set = ChangeSet::default();
    if renamed.is_empty() {
        return set;
    }
    for (ledger, rows) in book.plain.iter().filter(|(l, _)| ledgers().has(**l)) {
        let (Some(customer), Some(contact)) = (ledger.column("customer"), ledger.column("contact")) else { continue };
        for r in rows.iter().filter(|r| book.customer_index(r.cell(customer)) == Some(drop)) {
            if let Some(id) = renamed.get(r.cell(contact)) {
                let cells = vec![("contact".to_string(), id.clone())];
                let (file, line) = (book.file(r.place).to_string(), r.place.line);
                set.push(Change::EditRow { file, ledger: *ledger, line, cells });
            }
        }
    }
    set
}

/// Two customers on their way to become one.
struct Merging<'b> {
    book: &'b Book,
    survivor: &'b Customer,
    other: &'b Customer,
    edits: Vec<TomlEdit>,
    notes: Vec<Note>,
}

impl Merging<'_> {
    fn set(&mut self, table: &[&str], key: &str, value: TomlValue) {
        let table = table.iter().map(ToString::to_string).collect();
        self.edits.push(TomlEdit::Set { table, key: key.into(), value });
    }

    fn said(&mut self, column: &str, from: String, to: String) {
        self.notes.push(Note::Set { id: self.survivor.id.into(), column: column.into(), from, to });
    }

    fn given_up(&mut self, column: &str, value: String, kept: String) {
        let (keep, drop) = (self.survivor.id.into(), self.other.id.into());
        self.notes.push(Note::GivenUp { keep, drop, column: column.into(), value, kept });
    }

    /// Aliases, former ids and tags of both.
    fn lists(&mut self) {
        let (mine, theirs) = (self.survivor.rest(), self.other.rest());
        let mut aliases: Vec<&str> = mine.aliases.clone();
        for name in std::iter::once(self.other.name).chain(theirs.aliases.iter().copied()) {
            if !name.is_empty() && name != self.survivor.name && !aliases.contains(&name) {
                aliases.push(name);
            }
        }
        let mut former: Vec<&str> = mine.former_ids.clone();
        former.extend(theirs.former_ids.iter().chain([&self.other.id]).filter(|id| **id != self.survivor.id));
        let list = |items: &[&str]| TomlValue::List(items.iter().map(ToString::to_string).collect());
        if aliases.len() > mine.aliases.len() {
            self.said("aliases", mine.aliases.join(", "), aliases.join(", "));
            self.set(&[], "aliases", list(&aliases));
        }
        self.set(&[], "former_ids", list(&former));
        let [before, others] = [mine, theirs].map(|rest| items(&rest.get("tags")));
        let tags = united(&before, &others);
        if tags.len() > before.len() {
            self.said("tags", before.join(", "), tags.join(", "));
            self.set(&[], "tags", TomlValue::List(tags));
        }
    }

    /// Plain keys: the survivor's stand, and those that it lacks are the other's. A customer is as old as the older of both.
    fn keys(&mut self) {
        if let (Some(mine), Some(theirs)) = (self.survivor.created, self.other.created)
            && theirs < mine
        {
            self.said("created", mine.to_string(), theirs.to_string());
            self.set(&[], "created", TomlValue::Bare(theirs.to_string()));
        }
        for key in CUSTOMER_KEYS.iter().map(|k| k.name).filter(|k| !OWN.contains(k)) {
            let (mine, theirs) = (self.survivor.get(key), self.other.get(key));
            if theirs.is_missing() || mine == theirs {
                continue;
            }
            if TELLING.contains(&key) && says_nothing_new(key, &mine.typed(), &theirs.typed()) {
                continue;
            }
            // An open customer that was in the pool, or without a grade, does not become the other's.
            if DECISIONS.contains(&key) || !mine.is_missing() {
                self.given_up(key, theirs.typed(), mine.typed());
                continue;
            }
            self.said(key, String::new(), theirs.typed());
            self.set(&[], key, written(&theirs));
        }
    }

    /// Who referred the customer; nobody refers itself, by way of others or not.
    fn referrer(&mut self) {
        let (book, keep, drop) = (self.book, self.survivor.id, self.other.id);
        let of = |c: &Customer| book.present_id(c.text("referred_by")).to_string();
        let (mine, theirs) = (of(self.survivor), of(self.other));
        let may = |by: &str| {
            let next = |id: &str| -> &str {
                let found = if id == keep { by } else { referrer(book, id) };
                // Whoever was referred by one was referred by both.
                if found == drop { keep } else { found }
            };
            !by.is_empty() && by != keep && by != drop && comes_back("referred_by", keep, next).is_ok()
        };
        if may(&mine) {
            if !theirs.is_empty() && theirs != mine && theirs != keep {
                self.given_up("referred_by", theirs, mine);
            }
            return;
        }
        let value = match may(&theirs) {
            true => TomlValue::Text(theirs.clone()),
            false if mine.is_empty() => return,
            false => TomlValue::Remove,
        };
        self.said("referred_by", mine, value.typed());
        self.set(&[], "referred_by", value);
    }

    /// The company's own fields, as plain keys; lists are united.
    fn fields(&mut self) {
        for (name, theirs) in &self.other.rest().fields {
            let mine = self.survivor.own(name);
            let key = format!("fields.{name}");
            let value = match (&mine, theirs) {
                (_, theirs) if theirs.is_missing() || mine == *theirs => continue,
                (Value::List(_), Value::List(_)) => {
                    let (before, others) = (items(&mine), items(theirs));
                    let all = united(&before, &others);
                    if all.len() == before.len() {
                        continue;
                    }
                    TomlValue::List(all)
                }
                (Value::Missing, _) => written(theirs),
                _ => {
                    self.given_up(&key, theirs.typed(), mine.typed());
                    continue;
                }
            };
            self.said(&key, mine.typed(), value.typed());
            self.set(&["fields"], name, value);
        }
    }

    /// The people of both; the ids that some of the other's get. Whoever is there under both stays once.
    fn contacts(&mut self) -> HashMap<&'static str, String> {
        let (mine, theirs) = (self.survivor.rest(), self.other.rest());
        let mut taken: HashSet<String> =
            mine.contacts.iter().chain(&theirs.contacts).map(|p| p.id.to_string()).collect();
        let mut renamed: HashMap<&str, String> = HashMap::new();
        for p in &theirs.contacts {
            let there = mine.contacts_by_id.find(&mine.contacts, p.id, |c| c.id);
            if let Some(same) = there.filter(|same| is_same_person(same, p)) {
                self.fill(same, p);
                continue;
            }
            let mut id = p.id.to_string();
            if there.is_some() {
                id = (2..).map(|n| format!("{}-{n}", p.id)).find(|id| !taken.contains(id)).unwrap_or_default();
                taken.insert(id.clone());
                renamed.insert(p.id, id.clone());
            }
            let mut values = vec![("id".to_string(), TomlValue::Text(id.clone()))];
            values.push(("name".into(), TomlValue::Text(p.name.into())));
            let more = p.keys.iter().filter(|(key, v)| !matches!(*key, "id" | "name") && !v.is_missing());
            values.extend(more.map(|(key, v)| ((*key).to_string(), written(v))));
            if !p.dates.is_empty() {
                values.push(("dates".into(), dates(p)));
            }
            self.edits.push(TomlEdit::Push { array: "contacts".into(), values });
            self.said("contact", String::new(), format!("{id} ({})", p.name));
        }
        renamed
    }

    /// What one contact lacks and the same one of the other customer has.
    fn fill(&mut self, mine: &Contact, theirs: &Contact) {
        let mut set = |key: &str, value: TomlValue| {
            let (array, id) = ("contacts".into(), mine.id.into());
            self.edits.push(TomlEdit::SetIn { array, id, key: key.into(), value });
        };
        for (key, value) in &theirs.keys {
            if mine.get(key).is_missing() && !value.is_missing() && *key != "left" {
                set(key, written(value));
            }
        }
        if mine.dates.is_empty() && !theirs.dates.is_empty() {
            set("dates", dates(theirs));
        }
    }
}

/// Whether a phone number, address or tax id is only written otherwise.
fn says_nothing_new(key: &str, mine: &str, theirs: &str) -> bool {
    let [mine, theirs] = [mine, theirs].map(|text| Keys::of_values("", [(key, text)]));
    !theirs.is_empty() && theirs.iter().all(|k| mine.iter().any(|m| m.is_same(k)))
}

/// Whether two contacts of one id are one person: the same name, number or mail address.
fn is_same_person(a: &Contact, b: &Contact) -> bool {
    let name = |p: &Contact| Name::of(p.name, "").key;
    let [x, y] = [a, b].map(|p| phones(p.text("phone")));
    let [m, n] = [a, b].map(|p| mails(p.text("email")));
    name(a) == name(b) || x.iter().any(|p| y.iter().any(|q| p.is_same(q))) || m.iter().any(|mail| n.contains(mail))
}

fn dates(p: &Contact) -> TomlValue {
    TomlValue::Dates(p.dates.iter().map(|(name, date)| ((*name).to_string(), (*date).to_string())).collect())
}

/// The items of a list; none where there is no list.
fn items(value: &Value<'_>) -> Vec<String> {
    match value {
        Value::List(l) => l.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn united(mine: &[String], theirs: &[String]) -> Vec<String> {
    let more = theirs.iter().filter(|t| !mine.contains(t));
    mine.iter().chain(more).cloned().collect()
}

/// A value as a file holds it.
fn written(value: &Value<'_>) -> TomlValue {
    match value {
        Value::Missing => TomlValue::Remove,
        Value::Text(t) => TomlValue::Text(t.to_string()),
        Value::List(_) => TomlValue::List(items(value)),
        Value::Day(_) | Value::Num(_) | Value::Flag(_) => TomlValue::Bare(value.typed()),
    }
}
