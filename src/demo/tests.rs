#![allow(clippy::unwrap_used)]

use super::*;
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, DECISIONS, KeyType, is_birthday, is_terms};
use crate::model::day::{At, Span, parse_day};
use crate::model::id::{check_customer_id, check_row_id};
use crate::model::ledger::{Ledger, RefTo, SettingList, Type, events_of, ledger_of_kind};
use crate::model::money::{Decimal, parse_decimal, round};
use crate::model::settings::{Settings, SettingsFile};
use crate::model::team::{MEMBER_KEYS, ROLES};
use crate::model::zone::Zone;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const TODAYS: &[&str] =
    &["2024-01-01", "2024-02-29", "2025-02-05", "2026-06-30", "2026-11-22", "2031-01-01", "2035-12-31"];

type Row = BTreeMap<&'static str, String>;

/// A demo company, read back.
struct Read {
    today: Day,
    settings: Settings,
    team: toml::Table,
    customers: BTreeMap<String, toml::Table>,
    former: HashMap<String, String>,
    rows: BTreeMap<Ledger, Vec<Row>>,
}

fn read(today: &str) -> Read {
    let today = parse_day(today).unwrap();
    let files = company(today);
    let text = |path: &str| files.iter().find(|f| f.0 == path).unwrap().1.clone();
    let file: SettingsFile = toml::from_str(&text("kehu.toml")).unwrap();
    let (settings, bad) = Settings::new(file);
    assert!(bad.is_empty(), "{bad:?}");
    let mut customers = BTreeMap::new();
    let mut former = HashMap::new();
    let mut rows: BTreeMap<Ledger, Vec<Row>> = BTreeMap::new();
    for (path, text) in &files {
        assert!(text.ends_with('\n') && !text.contains('\r') && !text.ends_with("\n\n"), "{path}");
        if let Some(name) = path.strip_prefix("customers/") {
            let (initial, name) = name.split_once('/').unwrap();
            let id = name.strip_suffix(".toml").unwrap();
            assert!(id.starts_with(initial) && initial.chars().count() == 1);
            let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{path}: {e}\n{text}"));
            for f in table.get("former_ids").and_then(|v| v.as_array()).into_iter().flatten() {
                former.insert(f.as_str().unwrap().to_string(), id.to_string());
            }
            assert!(customers.insert(id.to_string(), table).is_none());
        } else if let Some(rest) = path.strip_prefix("ledgers/") {
            let (ledger, file) = rest.split_once('/').unwrap();
            let ledger = Ledger::parse(ledger).unwrap();
            let (year, author) = file.strip_suffix(".csv").unwrap().split_once('-').unwrap();
            let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
            let header: Vec<&str> = ledger.columns().iter().map(|c| c.name).collect();
            assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), header);
            for record in reader.records() {
                let record = record.unwrap();
                assert_eq!(record.len(), header.len());
                let row: Row = header.iter().copied().zip(record.iter().map(str::to_string)).collect();
                if let Some(n) = ledger.day_column() {
                    assert!(row[header[n]].starts_with(year), "{path} {row:?}");
                }
                if let Some(by) = row.get("by") {
                    assert_eq!(by, author);
                }
                rows.entry(ledger).or_default().push(row);
            }
        }
    }
    let team = text("team.toml").parse().unwrap();
    Read { today, settings, team, customers, former, rows }
}

impl Read {
    fn rows(&self, ledger: Ledger) -> &[Row] {
        self.rows.get(&ledger).map_or(&[], Vec::as_slice)
    }
    fn customer(&self, id: &str) -> (&str, &toml::Table) {
        let id = self.former.get(id).map_or(id, String::as_str);
        let (id, table) = self.customers.get_key_value(id).unwrap_or_else(|| panic!("no customer {id}"));
        (id, table)
    }
    fn has_row(&self, ledger: Ledger, id: &str) -> bool {
        self.rows(ledger).iter().any(|r| r["id"] == id)
    }
    fn team_has(&self, id: &str) -> bool {
        self.team.contains_key(id)
    }
    fn left(&self, id: &str) -> Option<Day> {
        self.team[id].get("left").map(|d| parse_day(&d.to_string()).unwrap())
    }
    fn order_days(&self) -> HashMap<String, BTreeMap<String, Decimal>> {
        let cancelled: HashSet<&str> = self
            .rows(Ledger::Events)
            .iter()
            .filter(|e| e["kind"] == "order" && e["event"] == "cancelled")
            .map(|e| e["subject"].as_str())
            .collect();
        let mut days: HashMap<String, BTreeMap<String, Decimal>> = HashMap::new();
        for o in self.rows(Ledger::Orders).iter().filter(|o| !cancelled.contains(o["id"].as_str())) {
            let number = |c: &str| parse_decimal(&o[c]).unwrap_or_default();
            let net = number("quantity") * number("price") * (Decimal::ONE - number("discount"));
            *days.entry(o["customer"].clone()).or_default().entry(o["at"].clone()).or_default() += net;
        }
        days
    }
}

fn text<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table.get(key).and_then(|v| v.as_str()).unwrap_or("")
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let today = parse_day("2026-11-22").unwrap();
    assert!(company(today) == company(today));
    assert!(company(today) != company(parse_day("2026-11-23").unwrap()));
    let known: BTreeSet<&str> = cast::KEYS.iter().copied().collect();
    for key in cast::keys_used() {
        assert!(known.contains(key), "unknown key {key} in a story");
    }
}

#[test]
fn cells_follow_the_table_of_ledgers() {
    for today in TODAYS {
        let book = read(today);
        let mut ids: HashMap<String, Ledger> = HashMap::new();
        for (ledger, rows) in &book.rows {
            let mut keys = HashSet::new();
            for row in rows {
                let key: Vec<&String> = ledger.key().iter().map(|k| &row[k]).collect();
                assert!(keys.insert(key.clone()), "{today} {ledger}: {key:?} twice");
                if let Some(id) = row.get("id") {
                    assert_eq!(*ids.entry(id.clone()).or_insert(*ledger), *ledger, "{id} in two ledgers");
                }
                for column in ledger.columns() {
                    let cell = row[column.name].as_str();
                    assert!(!column.required || !cell.is_empty(), "{today} {ledger}.{} {row:?}", column.name);
                    if !cell.is_empty() {
                        cell_follows(&book, *ledger, column.name, column.ty, cell, row);
                    }
                }
            }
        }
    }
}

fn cell_follows(book: &Read, ledger: Ledger, column: &str, ty: Type, cell: &str, row: &Row) {
    let at = format!("{} {ledger}.{column} = {cell:?} in {row:?}", book.today);
    match ty {
        Type::RowId => {
            assert!(check_row_id(cell).is_ok(), "{at}");
            // Contracts and their instalments have the company's own numbers.
            if !cell.starts_with("HT-") && !cell.starts_with("CG-") {
                assert!(cell.starts_with(ledger.prefix()), "{at}");
                assert_eq!(cell.len(), ledger.prefix().len() + 12, "{at}");
            }
        }
        Type::OwnId => assert!(check_row_id(cell).is_ok(), "{at}"),
        Type::Text | Type::Note => assert!(!cell.contains(['\n', '{', '}']), "{at}"),
        Type::Day => assert!(parse_day(cell).is_some(), "{at}"),
        Type::At => {
            let day = At::parse(cell, Zone::shanghai()).unwrap().day;
            assert!(day < book.today, "{at}");
            if cell.len() > 10 {
                assert!(cell.ends_with("+08:00") && book.settings.is_working_day(day), "{at}");
                assert!(("08:30".."18:00").contains(&&cell[11..16]), "{at}");
            }
        }
        Type::Decimal => assert!(parse_decimal(cell).is_some(), "{at}"),
        Type::Fraction => {
            assert!(parse_decimal(cell).is_some_and(|d| d >= Decimal::ZERO && d <= Decimal::ONE), "{at}");
        }
        Type::Int => assert!(cell.parse::<u32>().is_ok_and(|n| n > 0), "{at}"),
        Type::YesNo => assert_eq!(cell, "yes"),
        Type::Ref(RefTo::Customer) => {
            book.customer(cell);
        }
        Type::Ref(RefTo::Team) => {
            assert!(book.team_has(cell), "{at}");
            let day = row.get("at").map(|a| At::parse(a, Zone::shanghai()).unwrap().day);
            if let (Some(day), Some(left)) = (day, book.left(cell)) {
                assert!(day <= left, "{at}");
            }
        }
        Type::Ref(RefTo::Contact) => {
            let (_, customer) = book.customer(&row["customer"]);
            let contacts = customer["contacts"].as_array().unwrap();
            let contact = contacts.iter().find(|c| c["id"].as_str() == Some(cell)).unwrap_or_else(|| panic!("{at}"));
            if let Some(left) = contact.get("left") {
                assert!(row["at"][..10] <= *left.to_string(), "{at}");
            }
        }
        Type::Ref(RefTo::Row(other)) => assert!(book.has_row(other, cell), "{at}"),
        Type::Ref(RefTo::OrderLine) => {
            let (id, line) = cell.split_once('/').unwrap();
            let original = book.rows(Ledger::Orders).iter().find(|o| o["id"] == id && o["line"] == line).unwrap();
            for same in ["customer", "product", "price", "discount", "unit_cost"] {
                assert_eq!(original[same], row[same], "{at}");
            }
            let (sold, back) =
                (parse_decimal(&original["quantity"]).unwrap(), parse_decimal(&row["quantity"]).unwrap());
            assert!(back < Decimal::ZERO && sold + back >= Decimal::ZERO && original["at"] < row["at"], "{at}");
        }
        Type::Ref(RefTo::Subject) => match row["kind"].as_str() {
            "customer" => {
                book.customer(cell);
            }
            kind => assert!(book.has_row(ledger_of_kind(kind).unwrap(), cell), "{at}"),
        },
        Type::Ref(RefTo::Party) if row["kind"] == "purchase" => {
            assert!(book.has_row(Ledger::Suppliers, cell), "{at}");
        }
        Type::Ref(RefTo::Party) => {
            book.customer(cell);
        }
        Type::Ref(RefTo::Pool) => panic!("{at}"),
        Type::OneOf(list) => assert!(list.contains(&cell), "{at}"),
        Type::Listed(list) => assert!(book.settings.list(list).contains(&cell), "{at}"),
        Type::Split => {
            let parts = cell.split(',').map(|p| p.split_once(':').unwrap());
            let sum: Decimal = parts
                .map(|(who, share)| {
                    assert!(book.team_has(who), "{at}");
                    parse_decimal(share).unwrap()
                })
                .sum();
            assert_eq!(sum, Decimal::ONE, "{at}");
        }
        Type::Currency => assert!(matches!(cell, "EUR" | "USD"), "{at}"),
        Type::PeriodName => assert!(cell.len() == 4 || cell.len() == 7, "{at}"),
    }
}

#[test]
fn customers_follow_the_table_of_keys() {
    for today in TODAYS {
        let book = read(today);
        let mut phones = HashSet::new();
        for (id, customer) in &book.customers {
            check_customer_id(id).unwrap();
            let key_order: Vec<usize> = customer
                .keys()
                .filter(|k| *k != "fields" && *k != "contacts")
                .map(|k| CUSTOMER_KEYS.iter().position(|s| s.name == k).unwrap_or_else(|| panic!("{id}: {k}")))
                .collect();
            assert!(key_order.is_sorted(), "{id}");
            for spec in CUSTOMER_KEYS {
                let value = customer.get(spec.name);
                assert!(!spec.required || value.is_some(), "{id}: {} missing", spec.name);
                if let Some(value) = value {
                    key_follows(&book, id, spec.name, spec.ty, value);
                }
            }
            assert!(DECISIONS.iter().all(|d| customer.contains_key(*d)), "{id}");
            assert!(parse_day(&customer["created"].to_string()).unwrap() < book.today);
            for (name, value) in customer.get("fields").and_then(|f| f.as_table()).into_iter().flatten() {
                let field = book.settings.file.fields.get(name).unwrap_or_else(|| panic!("{id}: fields.{name}"));
                assert!(field.values.is_empty() || value.as_str().is_some_and(|v| field.values.iter().any(|x| x == v)));
            }
            let mut seen = HashSet::new();
            let contacts = customer["contacts"].as_array().unwrap();
            assert!((1..=4).contains(&contacts.len()));
            for contact in contacts {
                let contact = contact.as_table().unwrap();
                for key in contact.keys() {
                    assert!(CONTACT_KEYS.iter().any(|s| s.name == key), "{id}: contact key {key}");
                }
                for spec in CONTACT_KEYS {
                    let value = contact.get(spec.name);
                    assert!(!spec.required || value.is_some_and(|v| v.as_str() != Some("")), "{id}: {}", spec.name);
                    if let Some(value) = value {
                        key_follows(&book, id, spec.name, spec.ty, value);
                    }
                }
                assert!(seen.insert(text(contact, "id")));
                assert!(phones.insert(text(contact, "phone").to_string()), "{id}");
                assert!(text(contact, "email").ends_with(".example"));
            }
            assert!(phones.insert(text(customer, "phone").to_string()), "{id}");
            assert!(text(customer, "tax_id").is_empty() || phones.insert(text(customer, "tax_id").to_string()));
            for item in customer.get("former_ids").and_then(|v| v.as_array()).into_iter().flatten() {
                assert!(!book.customers.contains_key(item.as_str().unwrap()));
            }
        }
    }
}

fn key_follows(book: &Read, id: &str, key: &str, ty: KeyType, value: &toml::Value) {
    let at = format!("{} {id}: {key} = {value}", book.today);
    let word = value.as_str().unwrap_or("");
    match ty {
        KeyType::Text | KeyType::Note => assert!(!word.is_empty() && !word.contains('|'), "{at}"),
        KeyType::List => assert!(value.as_array().is_some_and(|l| !l.is_empty()), "{at}"),
        KeyType::Day => assert!(parse_day(&value.to_string()).is_some(), "{at}"),
        KeyType::Decimal | KeyType::Amount => assert!(value.is_integer(), "{at}"),
        KeyType::Flag => assert!(value.is_bool(), "{at}"),
        KeyType::Ref(RefTo::Team) => {
            assert!(word.is_empty() || book.team_has(word) && book.left(word).is_none(), "{at}");
        }
        KeyType::Ref(RefTo::Customer) => assert!(word != id && book.customers.contains_key(word), "{at}"),
        KeyType::Ref(RefTo::Pool) => assert!(book.settings.file.pools.contains_key(word), "{at}"),
        KeyType::Ref(_) => panic!("{at}"),
        KeyType::OneOf(list) => assert!(list.contains(&word) || word.is_empty() && key == "intent", "{at}"),
        KeyType::Listed(list) => assert!(book.settings.list(list).contains(&word) || word.is_empty(), "{at}"),
        KeyType::Span => assert!(Span::parse(word).is_some(), "{at}"),
        KeyType::Terms => assert!(is_terms(word), "{at}"),
        KeyType::Birthday => assert!(is_birthday(word), "{at}"),
        KeyType::Dates => assert!(value.as_array().is_some(), "{at}"),
    }
}

#[test]
fn team_and_settings_are_sound() {
    for today in TODAYS {
        let book = read(today);
        let left = book.team.iter().filter(|(_, m)| m.get("left").is_some()).count();
        assert_eq!((book.team.len(), left), (10, 1));
        for (id, member) in &book.team {
            let member = member.as_table().unwrap();
            assert!(member.keys().all(|k| MEMBER_KEYS.contains(&k.as_str())), "{id}");
            assert!(ROLES.contains(&text(member, "role")), "{id}");
            assert!(text(member, "manager").is_empty() || book.team_has(text(member, "manager")));
        }
        let pools: Vec<&String> = book.settings.file.pools.keys().collect();
        assert_eq!(pools, ["east", "south"]);
        for pool in book.settings.file.pools.values() {
            assert!(pool.members.len() == 3 && pool.members.iter().all(|m| book.team_has(m)));
        }
        assert!(book.settings.file.fields.len() > 3 && book.settings.file.views.len() > 4);
        let new_year = parse_day(&format!("{}-01-01", &book.today.to_string()[..4])).unwrap();
        assert!(!book.settings.is_working_day(new_year));
    }
}

#[test]
fn events_fold_to_the_files() {
    for today in TODAYS {
        let book = read(today);
        let mut events: Vec<&Row> = book.rows(Ledger::Events).iter().collect();
        events.sort_by_key(|e| (At::parse(&e["at"], Zone::shanghai()).unwrap().utc, e["id"].clone()));
        let mut state: HashMap<(&str, &str, &str), &str> = HashMap::new();
        for e in &events {
            let at = format!("{today} {e:?}");
            assert!(events_of(&e["kind"]).iter().any(|known| known.name == e["event"]), "{at}");
            // The events of a quote are one chain.
            let name = if e["kind"] == "quote" { "" } else { e["event"].as_str() };
            let slot = (e["kind"].as_str(), e["subject"].as_str(), name);
            let before = state.get(&slot).copied().unwrap_or(match slot {
                ("quote", ..) => "draft",
                ("customer", _, "status") => "active",
                ("task", _, "state") => "open",
                ("complaint" | "feedback", _, "state") => "new",
                ("deal", id, fact @ ("amount" | "close_date")) => {
                    book.rows(Ledger::Deals).iter().find(|d| d["id"] == id).map_or("", |d| d[fact].as_str())
                }
                _ => "",
            });
            // What the customer is told is no state.
            let is_state = !matches!(name, "told" | "acknowledged");
            assert_eq!(e["from"], if is_state { before } else { "" }, "{at}");
            assert!(e["kind"] != "customer" || e["from"] != e["to"], "{at}");
            if e["kind"] == "customer" {
                customer_event_is_legal(&book, e, &at);
            }
            if e["kind"] == "quote" {
                quote_event_is_legal(&book, e, &at);
            }
            if e["kind"] == "deal" {
                deal_event_is_legal(&book, e, &at);
            }
            state.insert(slot, &e["to"]);
        }
        for (id, customer) in &book.customers {
            for decision in DECISIONS {
                let fold = state.get(&("customer", id.as_str(), *decision)).copied();
                let fold = fold.unwrap_or(if *decision == "status" { "active" } else { "" });
                assert_eq!(text(customer, decision), fold, "{today} {id} {decision}");
            }
            let closed = text(customer, "status") == "closed";
            assert!(closed || !customer.contains_key("closed_until"));
        }
    }
}

fn quote_event_is_legal(book: &Read, e: &Row, at: &str) {
    assert_eq!(e["to"], e["event"], "{at}");
    let line = book.rows(Ledger::Quotes).iter().find(|q| q["id"] == e["subject"]).unwrap();
    assert!(line["at"][..10] <= e["at"][..10], "{at}");
    if e["event"] == "accepted" {
        let order = book.rows(Ledger::Orders).iter().find(|o| o["id"] == e["note"]).unwrap_or_else(|| panic!("{at}"));
        let same = |column: &str| order[column] == line[column];
        assert!(same("customer") && same("price") && same("discount") && order["at"] == e["at"][..10], "{at}");
        assert!(line["at"] < order["at"] && order["at"] <= line["valid_until"], "{at}");
    }
    if e["event"] == "declined" {
        assert!(book.settings.list(SettingList::LostReasons).contains(&e["reason"].as_str()), "{at}");
    }
}

fn deal_event_is_legal(book: &Read, e: &Row, at: &str) {
    let deal = book.rows(Ledger::Deals).iter().find(|d| d["id"] == e["subject"]).unwrap_or_else(|| panic!("{at}"));
    assert!(deal["at"][..16] <= e["at"][..16], "{at}");
    if e["event"] != "stage" {
        return;
    }
    let to = book.settings.deal_stage(&e["to"]).unwrap_or_else(|| panic!("{at}"));
    assert!(e["from"].is_empty() || book.settings.deal_stage(&e["from"]).unwrap().to.contains(&to.id), "{at}");
    let orders = book.rows(Ledger::Orders).iter().filter(|o| o["deal"] == deal["id"]);
    let brings = |o: &Row| o["customer"] == deal["customer"] && o["at"] == e["at"][..10];
    match to.category.as_str() {
        "won" => assert!(orders.clone().count() > 0 && orders.clone().all(brings), "{at}"),
        "lost" => {
            assert!(book.settings.list(SettingList::LostReasons).contains(&e["reason"].as_str()), "{at}");
            assert!(!e["note"].is_empty(), "no lesson: {at}");
        }
        _ => assert!(e["reason"].is_empty(), "{at}"),
    }
}

fn customer_event_is_legal(book: &Read, e: &Row, at: &str) {
    match e["event"].as_str() {
        "stage" => {
            let by_order = e["note"].starts_with(Ledger::Orders.prefix());
            if by_order {
                let day = &e["at"][..10];
                let found = book.rows(Ledger::Orders).iter().find(|o| o["id"] == e["note"]).unwrap();
                assert!(found["at"] == day && found["by"] == e["by"] && found["customer"] == e["subject"], "{at}");
            } else if !e["from"].is_empty() {
                let index = |s: &str| book.settings.stage_index(s).unwrap();
                assert!(book.settings.stage(&e["from"]).unwrap().to.contains(&e["to"]), "{at}");
                assert!(index(&e["from"]) < index(&e["to"]) || !e["note"].is_empty(), "{at}");
                if e["to"] == "prospect" {
                    let before = book
                        .rows(Ledger::Activities)
                        .iter()
                        .any(|a| book.customer(&a["customer"]).0 == e["subject"] && a["at"] < e["at"]);
                    assert!(before, "no activity before {at}");
                }
            }
        }
        "status" if e["to"] == "closed" => {
            assert!(book.settings.list(SettingList::CloseReasons).contains(&e["reason"].as_str()), "{at}");
        }
        "owner" => assert!(e["to"].is_empty() || book.team_has(&e["to"]), "{at}"),
        _ => {}
    }
}

#[test]
fn stages_agree_with_orders() {
    for today in TODAYS {
        let book = read(today);
        let days = book.order_days();
        for (id, customer) in &book.customers {
            let bought = days.get(id.as_str()).map_or(0, |d| d.values().filter(|n| **n > Decimal::ZERO).count());
            match text(customer, "stage") {
                "lead" | "prospect" => {
                    assert_eq!(bought, 0, "{today} {id}");
                    assert!(text(customer, "grade").is_empty());
                }
                "first-order" => assert_eq!(bought, 1, "{today} {id}"),
                "repeat" => assert!(bought > 1, "{today} {id}"),
                other => panic!("{id}: {other}"),
            }
            assert!(bought == 0 || text(customer, "intent").is_empty(), "{today} {id}");
        }
    }
}

#[test]
fn money_is_entered_as_the_rules_say() {
    for today in TODAYS {
        let book = read(today);
        let mut head: HashMap<&str, [&str; 7]> = HashMap::new();
        for o in book.rows(Ledger::Orders) {
            let keys = ["at", "customer", "currency", "contract", "deal", "by", "due"].map(|k| o[k].as_str());
            assert_eq!(*head.entry(o["id"].as_str()).or_insert(keys), keys, "{today} {o:?}");
            assert!(o["amount"].is_empty() && !o["quantity"].is_empty() && !o["price"].is_empty());
            let number = |c: &str| parse_decimal(&o[c]).unwrap_or_default();
            let net = number("quantity") * number("price") * (Decimal::ONE - number("discount"));
            if !o["tax"].is_empty() {
                assert_eq!(number("tax"), round(net * Decimal::new(13, 2), 2), "{o:?}");
            }
            assert!(o["due"].is_empty() || o["due"] >= o["at"], "{o:?}");
        }
        for p in book.rows(Ledger::Receipts) {
            assert!(parse_decimal(&p["amount"]).unwrap() > Decimal::ZERO);
            if let Some(o) = book.rows(Ledger::Orders).iter().find(|o| o["id"] == p["order"]) {
                assert!(o["customer"] == p["customer"] && o["at"] <= p["at"], "{today} {p:?}");
            }
        }
    }
}

#[test]
fn the_company_shows_every_feature() {
    for today in TODAYS {
        let book = read(today);
        let count = |l: Ledger| book.rows(l).len();
        let between = |l: Ledger, low: usize, high: usize| {
            assert!((low..=high).contains(&count(l)), "{today}: {} {l}", count(l));
        };
        assert!((55..=75).contains(&book.customers.len()));
        between(Ledger::Activities, 750, 1050);
        between(Ledger::Orders, 550, 900);
        between(Ledger::Tasks, 35, 60);
        between(Ledger::Needs, 18, 35);
        let quotes: HashSet<&String> = book.rows(Ledger::Quotes).iter().map(|q| &q["id"]).collect();
        assert!((18..=30).contains(&quotes.len()));
        between(Ledger::Deals, 8, 14);
        between(Ledger::Contracts, 6, 12);
        between(Ledger::Invoices, 200, 600);
        for ledger in [Ledger::Payables, Ledger::Payments, Ledger::Receivables, Ledger::Rates, Ledger::Targets] {
            assert!(count(ledger) > 0, "{today} {ledger}");
        }
        let some = |l: Ledger, test: &dyn Fn(&Row) -> bool| assert!(book.rows(l).iter().any(test), "{today} {l}");
        some(Ledger::Quotes, &|q| q["version"] == "2");
        let sent: HashSet<&str> =
            book.rows(Ledger::Events).iter().filter(|e| e["kind"] == "quote").map(|e| e["subject"].as_str()).collect();
        some(Ledger::Quotes, &|q| !sent.contains(q["id"].as_str()));
        some(Ledger::Quotes, &|q| q["valid_until"].as_str() < *today);
        some(Ledger::Orders, &|o| o["product"].is_empty());
        some(Ledger::Orders, &|o| !o["product"].is_empty() && o["unit_cost"].is_empty());
        some(Ledger::Orders, &|o| !o["returns"].is_empty());
        some(Ledger::Orders, &|o| !o["split"].is_empty());
        some(Ledger::Receipts, &|p| p["order"].is_empty());
        some(Ledger::Receipts, &|p| p["method"] == "acceptance" && p["matures"].as_str() > *today);
        some(Ledger::Activities, &|a| a["next"] == *today);
        some(Ledger::Activities, &|a| a["next"].as_str() > *today);
        some(Ledger::Activities, &|a| a["customer"] == "jl-auto");
        some(Ledger::Products, &|p| p["status"] == "retired");
        some(Ledger::Products, &|p| p["status"] == "paused");
        for event in ["confirmed", "shipped", "delivered", "cancelled", "sent", "accepted", "declined", "state"] {
            some(Ledger::Events, &|e| e["event"] == event);
        }
        for stage in &book.settings.file.deal_stages {
            some(Ledger::Events, &|e| e["kind"] == "deal" && e["to"] == stage.id);
        }
        some(Ledger::Events, &|e| !e["competitor"].is_empty());
        some(Ledger::Deals, &|d| d["close_date"].as_str() < *today);
        some(Ledger::Activities, &|a| !a["deal"].is_empty() && a["next"].as_str() > *today);
        some(Ledger::Quotes, &|q| !q["deal"].is_empty());
        let touched: HashSet<&str> = book.rows(Ledger::Activities).iter().map(|a| a["customer"].as_str()).collect();
        assert!(book.customers.keys().filter(|id| !touched.contains(id.as_str())).count() >= 3);
        for list in [SettingList::Stages, SettingList::Grades] {
            let key = if list == SettingList::Stages { "stage" } else { "grade" };
            for value in book.settings.list(list) {
                assert!(book.customers.values().any(|c| text(c, key) == value), "{today} {key} {value}");
            }
        }
        assert!(book.customers.values().filter(|c| text(c, "owner").is_empty()).count() >= 4);
        assert!(book.customers.values().filter(|c| text(c, "status") == "closed").count() >= 4);
    }
}
