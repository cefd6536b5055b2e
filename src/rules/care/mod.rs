//! R4: the occasions on which somebody thinks of a customer. [`KINDS`] is the table of their kinds; which of them count,
//! the holidays and the tips stand in kehu.toml (`[care]`). Not here: what happens on a day of the year (`calendar`), words.

pub mod calendar;

use super::approval::contract_counts;
use super::engine::index::Index;
use super::followers::followed;
use super::orders::sells;
use super::profit::counts;
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::customer::Contact;
use crate::model::day::{At, Day, Span, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::order::OrderLine;
use crate::model::settings::{Holiday, Tip};
use crate::model::value::Value;
use crate::rules::prices::product_text;
use calendar::occurrences;
use std::borrow::Cow;
use std::collections::HashMap;

/// What occasions are made of.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Events, Ledger::Orders, Ledger::Products]),
    plain: LedgerSet::of(&[Ledger::Contracts]),
    ..Reads::NOTHING
};

/// A year, as the interval of a recurrence.
const YEAR: Span = Span::Months(12);

/// A day on which somebody thinks of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Occasion<'b> {
    /// The day.
    pub day: Day,
    /// The key of its kind.
    pub kind: &'static str,
    /// The customer, by index.
    pub customer: usize,
    /// Who sees to it: the customer's owner, or whoever follows the contact; empty = nobody.
    pub owner: &'b str,
    /// What it is about.
    pub about: About<'b>,
}

/// What an occasion is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About<'b> {
    /// The birthday of a contact.
    Birthday {
        /// Whose.
        person: Person,
        /// The day of birth as the customer's file has it.
        written: Cow<'static, str>,
    },
    /// Another day to remember of a contact.
    Date {
        /// Whose.
        person: Person,
        /// What it is called.
        name: Str,
    },
    /// A holiday.
    Holiday(&'b Holiday),
    /// A contract began so many years ago.
    Contract {
        /// The contract.
        id: &'b str,
        /// The day on which it began.
        since: Day,
        /// Full years.
        years: u32,
    },
    /// The customer ordered for the first time so many years ago.
    FirstOrder {
        /// The day of that order.
        since: Day,
        /// Full years.
        years: u32,
    },
    /// Something is to be said about a product.
    Tip {
        /// What.
        tip: &'b Tip,
        /// The line that sold it.
        line: OrderLine,
        /// The day that it is counted from.
        base: Day,
    },
}

/// A contact of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: Str,
    /// What it is called.
    pub name: Str,
    /// What it does there.
    pub title: Cow<'static, str>,
    /// What it likes.
    pub likes: Cow<'static, str>,
}

impl Person {
    fn of(p: &Contact) -> Person {
        Person { id: p.id, name: p.name, title: text(p, "title"), likes: text(p, "likes") }
    }
}

impl Occasion<'_> {
    /// The contact that it is about.
    pub fn person(&self) -> Option<&Person> {
        match &self.about {
            About::Birthday { person, .. } | About::Date { person, .. } => Some(person),
            _ => None,
        }
    }
}

/// A kind of occasions.
struct Kind {
    key: &'static str,
    /// Those of a customer from a day to a day.
    find: for<'b> fn(&Care<'_, 'b>, usize, (Day, Day), &mut Vec<Occasion<'b>>),
}

/// All kinds: a new one is a line here, a word in `[care] occasions`, and what it is about.
const KINDS: &[Kind] = &[
    Kind { key: "birthday", find: birthdays },
    Kind { key: "date", find: dates },
    Kind { key: "holiday", find: holidays },
    Kind { key: "contract", find: contracts },
    Kind { key: "first-order", find: first_order },
    Kind { key: "tip", find: tips },
];

/// A contract that counts: its id, the day on which it began, the first day on which it was over.
type Running<'b> = (&'b str, Day, Option<Day>);

/// The occasions of customers.
pub struct Care<'i, 'b> {
    index: &'i Index<'b>,
    contracts: HashMap<usize, Vec<Running<'b>>>,
}

impl<'i, 'b> Care<'i, 'b> {
    /// Those of the customers of an index.
    pub fn new(index: &'i Index<'b>) -> Care<'i, 'b> {
        let mut contracts: HashMap<usize, Vec<Running<'b>>> = HashMap::new();
        if index.book.settings.file.care.has("contract") {
            for (customer, contract) in running(index.book) {
                contracts.entry(customer).or_default().push(contract);
            }
        }
        Care { index, contracts }
    }

    /// The occasions of a customer from a day to a day, by day, then by kind. A customer that is closed has none.
    pub fn of(&self, customer: usize, days: (Day, Day)) -> Vec<Occasion<'b>> {
        let mut out = Vec::new();
        if self.index.book.customers[customer].closed {
            return out;
        }
        let care = &self.index.book.settings.file.care;
        KINDS.iter().filter(|k| care.has(k.key)).for_each(|k| (k.find)(self, customer, days, &mut out));
        out.sort_by_key(|o| o.day);
        out
    }

    /// How many customers each owner greets on each holiday from a day to a day: (day, holiday, owner, customers).
    pub fn greeted(&self, days: (Day, Day)) -> Vec<(Day, &'b Holiday, &'b str, usize)> {
        let (book, care) = (self.index.book, &self.index.book.settings.file.care);
        let near = |h: &Holiday| occurrences(&h.date, days.0, days.1).next().is_some();
        if !care.has("holiday") || !care.holidays.iter().any(near) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let all = 0..book.customers.len();
        all.filter(|n| !book.customers[*n].closed).for_each(|n| holidays(self, n, days, &mut found));
        let mut out: Vec<(Day, &'b Holiday, &'b str, usize)> = Vec::new();
        let mut place: HashMap<(Day, &'b str, &'b str), usize> = HashMap::new();
        for o in found.into_iter().filter(|o| !o.owner.is_empty()) {
            let About::Holiday(holiday) = o.about else { continue };
            let at = *place.entry((o.day, holiday.name.as_str(), o.owner)).or_insert_with(|| {
                out.push((o.day, holiday, o.owner, 0));
                out.len() - 1
            });
            out[at].3 += 1;
        }
        out
    }

    /// The contacts that are there, each with whoever sees to it.
    fn people(&self, customer: usize, mut each: impl FnMut(&Contact, &'b str)) {
        let book = self.index.book;
        let c = &book.customers[customer];
        let theirs: Vec<_> = followed(&book.team, c, book.today).map(|f| (f.contact, f.owner)).collect();
        c.look(|rest| {
            for p in &rest.contacts {
                let follower = theirs.iter().find(|(contact, _)| *contact == p.id);
                each(p, follower.map_or(c.owner, |(_, owner)| owner));
            }
        });
    }
}

fn text(p: &Contact, key: &str) -> Cow<'static, str> {
    match p.get(key) {
        Value::Text(text) => text,
        _ => Cow::Borrowed(""),
    }
}

/// Whether a contact is still there on a day.
fn is_there(p: &Contact, day: Day) -> bool {
    p.left().is_none_or(|left| left > day)
}

fn birthdays<'b>(care: &Care<'_, 'b>, customer: usize, days: (Day, Day), out: &mut Vec<Occasion<'b>>) {
    care.people(customer, |p, owner| {
        let written = text(p, "birthday");
        for day in occurrences(&written, days.0, days.1).filter(|day| is_there(p, *day)) {
            let about = About::Birthday { person: Person::of(p), written: written.clone() };
            out.push(Occasion { day, kind: "birthday", customer, owner, about });
        }
    });
}

fn dates<'b>(care: &Care<'_, 'b>, customer: usize, days: (Day, Day), out: &mut Vec<Occasion<'b>>) {
    care.people(customer, |p, owner| {
        for (name, date) in &p.dates {
            for day in occurrences(date, days.0, days.1).filter(|day| is_there(p, *day)) {
                let about = About::Date { person: Person::of(p), name };
                out.push(Occasion { day, kind: "date", customer, owner, about });
            }
        }
    });
}

fn holidays<'b>(care: &Care<'_, 'b>, customer: usize, days: (Day, Day), out: &mut Vec<Occasion<'b>>) {
    let book = care.index.book;
    let c = &book.customers[customer];
    let all = book.settings.file.care.holidays.iter();
    for holiday in all.filter(|h| h.grades.is_empty() || h.grades.iter().any(|g| g == c.grade)) {
        for day in occurrences(&holiday.date, days.0, days.1) {
            out.push(Occasion { day, kind: "holiday", customer, owner: c.owner, about: About::Holiday(holiday) });
        }
    }
}

/// The years after a day that are full from a day to a day, with the day on which they are.
fn anniversaries(since: Day, (from, to): (Day, Day)) -> impl Iterator<Item = (Day, u32)> {
    let all = (1..).map_while(move |years| Some((YEAR.after(since, years)?, years)));
    all.skip_while(move |(day, _)| *day < from).take_while(move |(day, _)| *day <= to)
}

fn contracts<'b>(care: &Care<'_, 'b>, customer: usize, days: (Day, Day), out: &mut Vec<Occasion<'b>>) {
    let owner = care.index.book.customers[customer].owner;
    for (id, since, over) in care.contracts.get(&customer).into_iter().flatten().copied() {
        let in_force = |day: &Day| over.is_none_or(|over| *day < over);
        for (day, years) in anniversaries(since, days).filter(|(day, _)| in_force(day)) {
            out.push(Occasion { day, kind: "contract", customer, owner, about: About::Contract { id, since, years } });
        }
    }
}

/// The sales contracts that count (R12), each with its customer.
fn running(book: &Book) -> Vec<(usize, Running<'_>)> {
    let rows = book.plain.get(&Ledger::Contracts).map(Vec::as_slice).unwrap_or_default();
    let one = |row: &crate::model::row::PlainRow| {
        let cell = |name: &str| Ledger::Contracts.column(name).map_or("", |n| row.cell(n));
        let id = cell("id");
        let customer = book.customer_index(cell("party"))?;
        let counts = cell("kind") == "sales" && contract_counts(book, id);
        let began = || At::parse(cell("at"), book.settings.tz).map(|at| at.day);
        let since = parse_day(cell("start")).or_else(began).filter(|_| counts)?;
        // Its last day is still in force; from the day on which it was ended it is not.
        let last = parse_day(cell("end")).and_then(|end| end.succ_opt());
        let over = [last, book.states.day(Ledger::Contracts, id, "ended")].into_iter().flatten().min();
        Some((customer, (id, since, over)))
    };
    rows.iter().filter_map(one).collect()
}

/// The sales contracts in force that end: (customer, id, the day on which it began, its last day).
pub fn ends(book: &Book) -> Vec<(usize, &str, Day, Day)> {
    let last = |over: Option<Day>| over.filter(|over| *over > book.today).and_then(|over| over.pred_opt());
    let all = running(book).into_iter();
    all.filter_map(|(customer, (id, since, over))| Some((customer, id, since, last(over)?))).collect()
}

fn first_order<'b>(care: &Care<'_, 'b>, customer: usize, days: (Day, Day), out: &mut Vec<Occasion<'b>>) {
    let (index, book) = (care.index, care.index.book);
    let owner = book.customers[customer].owner;
    let first = index.orders(customer).iter().find(|l| sells(**l) && counts(book, l.id()));
    let Some(since) = first.map(|l| l.day()) else { return };
    for (day, years) in anniversaries(since, days) {
        out.push(Occasion { day, kind: "first-order", customer, owner, about: About::FirstOrder { since, years } });
    }
}

fn tips<'b>(care: &Care<'_, 'b>, customer: usize, (from, to): (Day, Day), out: &mut Vec<Occasion<'b>>) {
    let (index, book) = (care.index, care.index.book);
    let owner = book.customers[customer].owner;
    for tip in &book.settings.file.care.tips {
        let is_about = |l: &OrderLine| {
            let category = || product_text(book, l.product(), l.day(), |v| v.category);
            tip.product.as_deref().is_none_or(|p| p == l.product())
                && tip.category.as_deref().is_none_or(|wanted| wanted == category())
        };
        let sold = index.orders(customer).iter().filter(|l| sells(**l) && counts(book, l.id()) && is_about(l));
        let mut sold: Vec<(OrderLine, Day)> = sold.map(|l| (*l, base(book, *l))).collect();
        // Several lines of an order are one purchase.
        sold.dedup_by_key(|(line, base)| (line.id(), *base));
        let mut at = |day: Option<Day>, (line, base): (OrderLine, Day)| {
            if let Some(day) = day.filter(|day| (from..=to).contains(day)) {
                out.push(Occasion { day, kind: "tip", customer, owner, about: About::Tip { tip, line, base } });
            }
        };
        for sale in &sold {
            for days in &tip.days {
                at(sale.1.checked_add_days(chrono::Days::new(*days)), *sale);
            }
        }
        // What was bought again is counted from then on.
        if let (Some(every), Some(last)) = (tip.every, sold.iter().max_by_key(|(_, base)| *base)) {
            let all = (1..).map_while(|k| every.after(last.1, k)).take_while(|day| *day <= to);
            all.for_each(|day| at(Some(day), *last));
        }
    }
}

/// The day on which a line was delivered, else the one that was promised, else that of the order.
fn base(book: &Book, line: OrderLine) -> Day {
    book.states.order(line.id()).delivered.or_else(|| line.promised()).unwrap_or_else(|| line.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::OCCASIONS;

    #[test]
    fn kinds_are_those_of_the_settings() {
        assert_eq!(KINDS.iter().map(|k| k.key).collect::<Vec<_>>(), OCCASIONS);
    }

    #[test]
    fn anniversaries_count_from_the_first_day() {
        let day = |text: &str| parse_day(text).unwrap();
        let check = |since: &str, from: &str, to: &str, expected: &[(&str, u32)]| {
            let found: Vec<_> = anniversaries(day(since), (day(from), day(to))).collect();
            assert_eq!(found, expected.iter().map(|(d, n)| (day(d), *n)).collect::<Vec<_>>(), "{since}");
        };
        check(
            "2024-02-29",
            "2025-01-01",
            "2028-12-31",
            &[("2025-02-28", 1), ("2026-02-28", 2), ("2027-02-28", 3), ("2028-02-29", 4)],
        );
        check("2026-06-30", "2026-06-30", "2027-06-29", &[]);
        check("2025-06-30", "2026-06-30", "2026-06-30", &[("2026-06-30", 1)]);
    }
}
