//! Who refers to something: asked before anything is removed, of every noun. Which columns refer to what stands in the
//! table of ledgers.

use super::complaints::guard::WARNED;
use crate::diag::nearest;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::customer::{Customer, Followed};
use crate::model::ledger::{Ledger, RefTo, Type, ledger_of_kind};
use crate::model::place::RowPlace;
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::model::team::Team;
use std::collections::{HashMap, HashSet};

/// What may be referred to.
#[derive(Debug, Clone, Copy)]
pub enum Target<'t> {
    /// A customer, by its index.
    Customer(usize),
    /// A contact of a customer.
    Contact(usize, &'t str),
    /// A member of the team.
    Member(&'t str),
    /// Rows of a ledger that would go together.
    Rows(Ledger, &'t [&'t PlainRow]),
}

/// What a key of a customer names, and is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dangling<'c> {
    /// The contact whose key it is; empty = the customer's own.
    pub contact: &'c str,
    /// The key.
    pub key: &'static str,
    /// What it should have led to: team, customer or pool.
    pub kind: &'static str,
    /// What stands there.
    pub value: &'c str,
}

impl Dangling<'_> {
    /// What may have been meant, nearest first.
    pub fn meant(&self, book: &Book) -> Vec<String> {
        match self.kind {
            "team" => nearest(self.value, book.team.ids()),
            "pool" => nearest(self.value, book.settings.file.pools.keys().map(String::as_str)),
            _ => nearest(self.value, book.customers.iter().map(|c| c.id)),
        }
    }
}

/// The keys of a customer and of its contacts that lead nowhere. The book must hold the customers.
pub fn dangling<'c>(book: &Book, customer: &'c Customer) -> Vec<Dangling<'c>> {
    let (by, pool) = (customer.text("referred_by"), customer.text("pool"));
    let keys = [
        ("owner", "team", customer.owner, book.team.get(customer.owner).is_some()),
        ("referred_by", "customer", by, book.customer(by).is_some()),
        ("pool", "pool", pool, book.settings.file.pools.contains_key(pool)),
    ];
    let lost = keys.into_iter().filter(|(_, _, value, there)| !value.is_empty() && !there);
    let lost = lost.map(|(key, kind, value, _)| Dangling { contact: "", key, kind, value });
    let strangers = customer.followed.iter().filter(|f| book.team.get(f.owner).is_none());
    let of_contact = |f: &'c Followed| Dangling { contact: f.contact, key: "owner", kind: "team", value: f.owner };
    lost.chain(strangers.map(of_contact)).collect()
}

/// The way on which somebody comes back to where it began: the ids from `start` back to `start`. `next` gives whom one names; empty =
/// nobody.
pub fn circle<'x>(start: &'x str, next: impl Fn(&str) -> &'x str) -> Option<Vec<&'x str>> {
    let (mut way, mut passed) = (vec![start], HashSet::from([start]));
    loop {
        let at = next(way.last()?);
        if at == start {
            way.push(at);
            return Some(way);
        }
        if at.is_empty() || !passed.insert(at) {
            return None;
        }
        way.push(at);
    }
}

/// Why a customer may not be referred by another one: that one was, by way of others, referred by the first. The book must hold the
/// customers.
///
/// # Errors
/// [`Refusal::Circle`].
pub fn may_refer(book: &Book, customer: &str, by: &str) -> Result<(), Refusal> {
    comes_back("referred_by", book.present_id(customer), |id| {
        if id == book.present_id(customer) { book.present_id(by) } else { referrer(book, id) }
    })
}

/// The present id of whoever referred a customer; empty = nobody.
pub fn referrer<'b>(book: &'b Book, customer: &str) -> &'b str {
    book.customer(customer).map_or("", |c| book.present_id(c.text("referred_by")))
}

/// Why somebody may not lead a member of the team: that one leads the other, by way of others.
///
/// # Errors
/// [`Refusal::Circle`].
pub fn may_lead(team: &Team, member: &str, manager: &str) -> Result<(), Refusal> {
    comes_back("manager", member, |id| if id == member { manager } else { team.get(id).map_or("", |m| m.manager) })
}

/// The refusal of a way that comes back to where it began.
///
/// # Errors
/// [`Refusal::Circle`].
pub fn comes_back<'x>(key: &'static str, start: &'x str, next: impl Fn(&str) -> &'x str) -> Result<(), Refusal> {
    let Some(way) = circle(start, next) else { return Ok(()) };
    Err(Refusal::Circle { key, id: start.into(), way: way.into_iter().map(str::to_string).collect() })
}

/// What a reference in a row's cell should have led to; `None` when it leads somewhere. `cell` gives the row's text of a column,
/// `row` whether a ledger has an id, `line` whether an order has a line. The book must hold the customers where the ledger
/// names them.
pub fn leads_nowhere<'r>(
    book: &Book,
    to: RefTo,
    value: &str,
    cell: &dyn Fn(&str) -> &'r str,
    row: &mut dyn FnMut(Ledger, &str) -> bool,
    line: &mut dyn FnMut(&str, &str) -> bool,
) -> Option<&'static str> {
    let unless = |there: bool, kind: &'static str| if there { None } else { Some(kind) };
    match to {
        RefTo::Customer => unless(book.customer(value).is_some(), "customer"),
        RefTo::Team => unless(book.team.get(value).is_some(), "team"),
        RefTo::Contact => unless(book.customer(cell("customer"))?.contact(value).is_some(), "contact"),
        RefTo::Party if cell("kind") == "purchase" => unless(row(Ledger::Suppliers, value), Ledger::Suppliers.name()),
        RefTo::Party => unless(book.customer(value).is_some(), "customer"),
        RefTo::Row(l) => unless(row(l, value), l.name()),
        RefTo::OrderLine => {
            let known = value.rsplit_once('/').is_some_and(|(id, n)| line(id, n));
            unless(known, "order line")
        }
        RefTo::Subject => match cell("kind") {
            "customer" => unless(book.customer(value).is_some(), "customer"),
            kind => {
                let l = ledger_of_kind(kind)?;
                unless(row(l, value.split('/').next().unwrap_or(value)), l.name())
            }
        },
        RefTo::Pool => None,
    }
}

/// Who shares an order by the cell of a split.
pub fn sharers(split: &str) -> impl Iterator<Item = &str> {
    split.split(',').filter_map(|p| p.split_once(':')).map(|(who, _)| who)
}

/// What a row of a ledger names in its columns.
fn named_in(ledger: Ledger, r: &PlainRow) -> impl Iterator<Item = (RefTo, Str)> {
    ledger.columns().iter().zip(r.cells.iter()).filter_map(|(c, cell)| match c.ty {
        Type::Ref(to) if !cell.is_empty() => Some((to, cell)),
        _ => None,
    })
}

/// Whether a row of a ledger names something in one of its columns.
fn names(ledger: Ledger, r: &PlainRow, fits: impl Fn(RefTo, &str) -> bool) -> bool {
    named_in(ledger, r).any(|(to, cell)| fits(to, cell))
}

fn cell(ledger: Ledger, r: &PlainRow, name: &str) -> Str {
    ledger.column(name).map_or("", |n| r.cell(n))
}

/// Whether the party of a contract is a supplier.
fn is_purchase(ledger: Ledger, r: &PlainRow) -> bool {
    cell(ledger, r, "kind") == "purchase"
}

/// The rows of a book, which must hold the ledgers as plain rows.
fn rows(book: &Book) -> impl Iterator<Item = (Ledger, &PlainRow)> {
    book.plain.iter().flat_map(|(l, rows)| rows.iter().map(|r| (*l, r)))
}

/// The places that refer to something, `file:line`, each once. The book must hold all ledgers as plain rows, and the
/// customers where they can refer to it. What happened to a thing itself does not hold it back.
pub fn references(book: &Book, target: Target<'_>) -> Vec<String> {
    match target {
        Target::Customer(n) => to_customer(book, n),
        Target::Contact(n, contact) => to_contact(book, n, contact),
        Target::Member(id) => to_member(book, id),
        Target::Rows(ledger, going) => to_rows(book, ledger, going),
    }
}

/// By any of its ids.
fn to_customer(book: &Book, n: usize) -> Vec<String> {
    let c = &book.customers[n];
    let is_it = |id: &str| !id.is_empty() && book.customer_index(id) == Some(n);
    let referred = book.customers.iter().filter(|o| o.id != c.id && is_it(o.text("referred_by")));
    let mut places: Vec<String> = referred.map(|o| format!("{}:{}", o.file, o.line_of("referred_by"))).collect();
    let named = rows(book).filter(|(l, r)| {
        names(*l, r, |to, named| match to {
            RefTo::Customer => is_it(named),
            RefTo::Party => !is_purchase(*l, r) && is_it(named),
            _ => false,
        })
    });
    places.extend(named.map(|(_, r)| book.place(r.place)));
    places
}

fn to_contact(book: &Book, n: usize, contact: &str) -> Vec<String> {
    let named = rows(book).filter(|(l, r)| {
        names(*l, r, |to, named| to == RefTo::Contact && named == contact)
            && book.customer_index(cell(*l, r, "customer")) == Some(n)
    });
    named.map(|(_, r)| book.place(r.place)).collect()
}

/// Also by who shared an order, by contacts that it follows, and by any cell of an event: owners stand in `from` and `to`.
fn to_member(book: &Book, id: &str) -> Vec<String> {
    let owned = book.customers.iter().filter(|c| c.owner == id).map(|c| format!("{}:{}", c.file, c.line_of("owner")));
    let follows = |c: &&Customer| c.followed.iter().any(|f| f.owner == id);
    let followed = book.customers.iter().filter(follows).flat_map(|c| {
        let its = c.rest().contacts.iter().filter(|p| p.text("owner") == id);
        its.map(|p| format!("{}:{}", c.file, p.line))
    });
    let led = book.team.members.iter().filter(|p| p.manager == id).map(|p| format!("{TEAM}:{}", p.line));
    let mut places: Vec<String> = owned.chain(followed).chain(led).collect();
    let shares = |l: Ledger, r: &PlainRow| sharers(cell(l, r, "split")).any(|who| who == id);
    let named = rows(book).filter(|(l, r)| {
        names(*l, r, |to, named| to == RefTo::Team && named == id)
            || *l == Ledger::Events && r.cells.iter().any(|cell| cell == id)
            || shares(*l, r)
    });
    places.extend(named.map(|(_, r)| book.place(r.place)));
    places
}

/// Where managers stand.
const TEAM: &str = "team.toml";

/// While other lines of their id stay, only what names a line itself refers to rows; while a row of the same key stays,
/// nothing does.
fn to_rows(book: &Book, ledger: Ledger, going: &[&PlainRow]) -> Vec<String> {
    let places: HashSet<RowPlace> = going.iter().map(|r| r.place).collect();
    let goes = |r: &PlainRow| places.contains(&r.place);
    let key = |r: &PlainRow| -> Vec<&'static str> { ledger.key().iter().map(|k| cell(ledger, r, k)).collect() };
    let id_of = |r: &PlainRow| cell(ledger, r, "id");
    let gone: HashSet<&str> = going.iter().map(|r| id_of(r)).collect();
    let others = book.plain.get(&ledger).into_iter().flatten().filter(|r| !goes(r) && gone.contains(id_of(r)));
    let (stay, keys): (HashSet<&str>, HashSet<Vec<&str>>) = others.map(|r| (id_of(r), key(r))).unzip();
    // What may be named, and which of the rows is the first of that name.
    let (mut ids, mut lines): (HashMap<&str, usize>, HashMap<String, usize>) = Default::default();
    for (n, row) in going.iter().enumerate().filter(|(_, row)| !keys.contains(&key(row))) {
        let id = id_of(row);
        // A product's version gives its cost to the orders of its days.
        if ledger == Ledger::Products || !stay.contains(id) {
            ids.entry(id).or_insert(n);
        }
        if ledger == Ledger::Orders {
            lines.entry(format!("{id}/{}", cell(ledger, row, "line"))).or_insert(n);
        }
    }
    let named = |l: Ledger, r: &PlainRow| {
        let by_columns = named_in(l, r).filter_map(|(to, named)| match to {
            RefTo::Row(other) if other == ledger => ids.get(named),
            RefTo::Party if ledger == Ledger::Suppliers && is_purchase(l, r) => ids.get(named),
            RefTo::OrderLine => lines.get(named),
            _ => None,
        });
        // Somebody decided what became of an order: that is not forgotten with the order.
        let is_decided = ledger == Ledger::Orders && l == Ledger::Events && cell(l, r, "kind") == "order";
        let decided = is_decided.then(|| ids.get(cell(l, r, "subject"))).flatten();
        // Somebody knew of a complaint when something was sold.
        let is_known = ledger == Ledger::Complaints && l == Ledger::Events && cell(l, r, "event") == WARNED;
        let known = is_known.then(|| ids.get(cell(l, r, "to"))).flatten();
        by_columns.chain(decided).chain(known).min().copied()
    };
    let mut found: Vec<(usize, RowPlace)> =
        rows(book).filter(|(_, r)| !goes(r)).filter_map(|(l, r)| Some((named(l, r)?, r.place))).collect();
    // Those that name the first row come first.
    found.sort_by_key(|(n, _)| *n);
    found.into_iter().map(|(_, place)| book.place(place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Str;
    use crate::model::cells::Cells;
    use crate::model::customer::Customer;
    use crate::model::day::parse_day;
    use crate::model::place::RowPlace;
    use crate::model::settings::Settings;
    use crate::model::team::Member;
    use crate::model::value::Value;

    /// Rows of the ledgers, by line of the one file: some cells, `name=value`.
    const ROWS: &[(Ledger, &[&str])] = &[
        (
            Ledger::Orders,
            &[
                "id=o1 line=1 customer=acme product=pen by=li",
                "id=o1 line=2 customer=acme product=cap by=li split=wu:0.5,li:0.5",
                "id=o2 line=1 customer=old",
                "id=r1 line=1 customer=acme returns=o1/2",
            ],
        ),
        (Ledger::Activities, &["id=a1 customer=acme contact=wang by=li", "id=a2 customer=other contact=wang"]),
        (Ledger::Products, &["id=pen since=2026-01-01", "id=pen since=2026-06-01", "id=cap since=2026-01-01"]),
        (Ledger::Contracts, &["id=k1 party=maker kind=purchase", "id=k2 party=acme kind=sales"]),
        (Ledger::Suppliers, &["id=maker", "id=acme"]),
        (Ledger::Receipts, &["id=p1 customer=acme order=o1"]),
        (
            Ledger::Events,
            &["kind=order subject=o1 event=cancelled by=li", "kind=customer subject=acme event=owner from=xu to=li"],
        ),
    ];

    fn book() -> Book {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let settings = Settings::new(toml::from_str(text).unwrap()).0;
        let lead = Member { id: "li", line: 1, ..Member::default() };
        let led = Member { id: "wu", manager: "li", line: 5, ..Member::default() };
        let mut book =
            Book::new(parse_day("2026-06-30").unwrap(), settings, Team { members: vec![lead, led], ..Team::default() });
        let mut acme = Customer::new("acme", "acme.toml");
        (acme.owner, acme.renamed) = ("xu", true);
        acme.rest_mut().former_ids = vec!["old"];
        let mut other = Customer::new("other", "other.toml");
        other.rest_mut().keys = vec![("referred_by", Value::Text("old".into()))];
        book.customers = vec![acme, other];
        book.index_customers();
        for (ledger, rows) in ROWS {
            book.files.push(ledger.spec().name);
            let rows = (1..).zip(*rows).map(|(line, text)| {
                let cell = |name: &'static str| -> Str {
                    text.split(' ').filter_map(|c| c.split_once('=')).find(|(k, _)| *k == name).map_or("", |(_, v)| v)
                };
                let place = RowPlace { file: book.files.len() as u32 - 1, line };
                let cells: Vec<Str> = ledger.columns().iter().map(|c| cell(c.name)).collect();
                PlainRow { place, cells: Cells::new(&cells), own: Vec::new() }
            });
            let rows = rows.collect();
            book.plain.insert(*ledger, rows);
        }
        book
    }

    #[test]
    fn who_comes_back_to_where_it_began_is_found() {
        let check = |names: &[(&'static str, &'static str)], start: &str, expected: Option<&[&str]>| {
            let next = |id: &str| names.iter().find(|(of, _)| *of == id).map_or("", |(_, to)| *to);
            assert_eq!(circle(start, next).as_deref(), expected, "{names:?} from {start}");
        };
        check(&[], "a", None);
        check(&[("a", "b")], "a", None);
        check(&[("a", "a")], "a", Some(&["a", "a"]));
        check(&[("a", "b"), ("b", "c"), ("c", "a")], "b", Some(&["b", "c", "a", "b"]));
        // A circle further on is that of others.
        check(&[("a", "b"), ("b", "c"), ("c", "b")], "a", None);
    }

    #[test]
    fn whoever_refers_to_a_thing_is_named() {
        let book = book();
        let check = |target: Target<'_>, expected: &[&str]| {
            let mut places = references(&book, target);
            places.sort();
            assert_eq!(places, expected, "{target:?}");
        };
        let of = |id: &str| book.customer_index(id).unwrap();
        let own = ["activities:1", "contracts:2", "orders:1", "orders:2", "orders:3", "orders:4"];
        check(Target::Customer(of("acme")), &[&own[..], &["other.toml:0", "receipts:1"]].concat());
        check(Target::Customer(of("other")), &["activities:2"]);
        check(Target::Contact(of("acme"), "wang"), &["activities:1"]);
        check(Target::Contact(of("other"), "zhao"), &[]);
        check(Target::Member("li"), &["activities:1", "events:1", "events:2", "orders:1", "orders:2", "team.toml:5"]);
        check(Target::Member("wu"), &["orders:2"]);
        check(Target::Member("xu"), &["acme.toml:0", "events:2"]);
        let rows = |ledger: Ledger, which: &[usize], expected: &[&str]| {
            let going: Vec<&PlainRow> = which.iter().map(|n| &book.plain[&ledger][*n]).collect();
            check(Target::Rows(ledger, &going), expected);
        };
        // One line of an order, a line that goods came back from, all lines, and both orders together.
        rows(Ledger::Orders, &[0], &[]);
        rows(Ledger::Orders, &[1], &["orders:4"]);
        rows(Ledger::Orders, &[0, 1], &["events:1", "orders:4", "receipts:1"]);
        rows(Ledger::Orders, &[0, 1, 3], &["events:1", "receipts:1"]);
        rows(Ledger::Products, &[0], &["orders:1"]);
        rows(Ledger::Products, &[2], &["orders:2"]);
        rows(Ledger::Suppliers, &[0], &["contracts:1"]);
        rows(Ledger::Suppliers, &[1], &[]);
    }
}
