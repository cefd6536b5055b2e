//! The values of computed columns, asked of the rules. A ledger whose things the rules put together has an entry in
//! [`rules_of`]; for all others events say where a thing stands.

use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::day::{At, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::model::value::Value;
use crate::rules::approval::standing;
use crate::rules::complaints::{Complaint, queue as queue_of};
use crate::rules::contracts::{Contract, renewals};
use crate::rules::deals::Deal;
use crate::rules::engine::index::Index;
use crate::rules::feedback::Answer;
use crate::rules::invoices::Invoice;
use crate::rules::needs::Need;
use crate::rules::papers::Paper;
use crate::rules::payables;
use crate::rules::quotes::Quote;
use crate::rules::working_time::HOUR;
use crate::store::cells::unescape_note;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What the rules make of the rows of a ledger.
pub(super) trait Things: Sync {
    /// A computed column of a row.
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v>;
    /// The rows that stand for all lines of their id.
    fn heads(&self, _: &Index<'_>) -> HashSet<RowPlace> {
        HashSet::new()
    }
    /// The instant behind a computed column that holds a day, where its time of day counts.
    fn instant(&self, _: &Index<'_>, _row: &PlainRow, _key: &str) -> Option<At> {
        None
    }
    /// What [`Things::queue`] reads.
    fn queue_reads(&self) -> Reads {
        Reads::NOTHING
    }
    /// Puts rows into the order in which people work through them; whether there is one.
    fn queue(&self, _: &Index<'_>, _rows: &mut Vec<&PlainRow>) -> bool {
        false
    }
    /// A column of the lines of an id, for all of them together; `None` = it is that of the row.
    fn whole(&self, _: &Index<'_>, _id: &str, _column: &str) -> Option<Value<'static>> {
        None
    }
}

/// What the rules make of the rows of a ledger; `None` = nothing.
pub(super) fn rules_of(ledger: Ledger) -> Option<&'static dyn Things> {
    match ledger {
        Ledger::Deals => Some(&Deals),
        Ledger::Contracts => Some(&Contracts),
        Ledger::Complaints => Some(&Complaints),
        Ledger::Quotes => Some(&Quotes),
        Ledger::Feedback => Some(&Feedback),
        Ledger::Needs => Some(&Needs),
        Ledger::Receivables => Some(&Receivables),
        Ledger::Payables => Some(&Payables),
        Ledger::Invoices => Some(&Invoices),
        _ => None,
    }
}

/// A computed column of a row.
pub(super) fn figure<'v>(index: &'v Index<'_>, ledger: Ledger, row: &'v PlainRow, key: &str) -> Value<'v> {
    if let Some(things) = rules_of(ledger) {
        return things.figure(index, row, key);
    }
    let (book, cell) = (index.book, |column: &str| ledger.column(column).map_or("", |n| row.cell(n)));
    let state = book.states.state(ledger, cell("id"));
    match key {
        "state" => Value::text(state),
        // Days count only as long as a thing is as it was entered.
        "days_overdue" if state == book.states.state(ledger, "") => match parse_day(cell(ledger.spec().wait)) {
            Some(due) => Value::int((book.today - due).num_days().max(0)),
            None => Value::Missing,
        },
        _ => Value::Missing,
    }
}

/// The instant behind a computed column that holds a day, where its time of day counts.
pub(in crate::report) fn instant(index: &Index<'_>, ledger: Ledger, row: &PlainRow, key: &str) -> Option<At> {
    rules_of(ledger)?.instant(index, row, key)
}

/// What [`queue`] reads.
pub fn queue_reads(ledger: Ledger) -> Reads {
    rules_of(ledger).map_or(Reads::NOTHING, |t| t.queue_reads())
}

/// Puts the rows of a ledger into the order in which people work through them; whether it has one.
pub fn queue(index: &Index<'_>, ledger: Ledger, rows: &mut Vec<&PlainRow>) -> bool {
    rules_of(ledger).is_some_and(|t| t.queue(index, rows))
}

/// The list of words for the values of a computed column.
pub(super) fn words_of(ledger: Ledger, column: &str) -> String {
    format!("{}_{column}", ledger.kind())
}

struct Deals;

impl Things for Deals {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let d = Deal::new(index.book, row);
        match key {
            "stage" => Value::text(d.stage()),
            "state" => Value::text(d.state()),
            "probability" => Value::num(d.probability()),
            "weighted" => Value::num(d.weighted()),
            "days_in_stage" => d.days_in_stage().map_or(Value::Missing, Value::int),
            "stage_since" => Value::day(d.stage_since()),
            "next" => Value::day(d.next(index)),
            "next_step" => d.promise(index).map_or(Value::Missing, |a| {
                let note = unescape_note(a.note());
                let first = note.lines().next().unwrap_or("").to_string();
                if first.is_empty() { Value::Missing } else { Value::Text(Cow::Owned(first)) }
            }),
            "slips" => Value::int(d.slips()),
            _ => Value::Missing,
        }
    }
}

struct Contracts;

impl Things for Contracts {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let c = Contract { paper: Paper { book: index.book, ledger: Ledger::Contracts, row } };
        match key {
            "approval" => Some(c.paper.standing().word()).filter(|w| !w.is_empty()).map_or(Value::Missing, Value::text),
            "state" => Value::text(c.state()),
            "days_left" => c.days_left().map_or(Value::Missing, Value::int),
            "planned" => Value::num(c.planned(index)),
            "broken" => Value::Flag(c.is_broken(index)),
            "party_name" => Value::text(c.party_name()),
            "renewed_by" => renewals(index.book).get(c.id()).map_or(Value::Missing, |next| Value::text(next.id())),
            _ => Value::Missing,
        }
    }
}

struct Complaints;

/// The complaint of a row.
fn complaint<'x, 'a>(index: &'x Index<'a>, row: &PlainRow) -> Option<&'x Complaint<'a>> {
    index.complaints().get(Ledger::Complaints.column("id").map_or("", |n| row.cell(n)))
}

/// Seconds as hours, to the hundredth.
pub(in crate::report) fn hours(seconds: i64) -> Decimal {
    let hours = Decimal::from(seconds).checked_div(Decimal::from(HOUR)).unwrap_or_default();
    crate::model::money::round(hours, 2).normalize()
}

impl Things for Complaints {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let Some(c) = complaint(index, row) else { return Value::Missing };
        match key {
            "state" => Value::text(c.state()),
            "assignee" => Value::text(c.handler()),
            "remaining" => Value::num(c.clock.remaining().filter(|_| c.is_open()).map(hours)),
            "late" => Value::Flag(c.is_late()),
            "breached" => Value::Flag(c.clock.breached.is_some()),
            "response_late" => c.response(index).late.map_or(Value::Missing, Value::Flag),
            "alarm" => Value::text(c.alarm()),
            "alarm_to" => Value::List(c.alarmed().into_iter().map(Cow::Borrowed).collect()),
            "reopened" => Value::int(i64::try_from(c.clock.reopened).unwrap_or(i64::MAX)),
            _ => Value::day(self.instant(index, row, key).map(|at| at.day)),
        }
    }

    fn instant(&self, index: &Index<'_>, row: &PlainRow, key: &str) -> Option<At> {
        let c = complaint(index, row)?;
        let instant = match key {
            "due" => c.clock.due,
            "first_response" => c.response(index).at,
            "response_due" => c.response(index).due,
            "resolved" => c.clock.resolved.map(|at| at.utc),
            _ => None,
        };
        instant.map(|at| At::of_instant(at, index.book.settings.tz))
    }

    fn queue_reads(&self) -> Reads {
        Reads::customers_and(Ledger::Complaints.spec().reads).and(Reads { ledgers: MONEY, ..Reads::NOTHING })
    }

    fn queue(&self, index: &Index<'_>, rows: &mut Vec<&PlainRow>) -> bool {
        let id = |r: &PlainRow| Ledger::Complaints.column("id").map_or("", |n| r.cell(n));
        let places = queue_of(index, rows.iter().map(|r| id(r)));
        let place: HashMap<&str, usize> = places.into_iter().enumerate().map(|(n, id)| (id, n)).collect();
        rows.sort_by_key(|r| (place.get(id(r)).copied(), r.place));
        true
    }
}

struct Feedback;

impl Things for Feedback {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let a = Answer::new(index.book, row);
        match key {
            "state" => Value::text(a.state()),
            "low" => Value::Flag(a.is_low()),
            "handled_by" => Value::text(a.handled_by()),
            _ => Value::Missing,
        }
    }
}

struct Needs;

impl Things for Needs {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let n = Need::new(index.book, row);
        match key {
            "state" => Value::text(n.state()),
            "quadrant" => Value::int(n.quadrant()),
            "quote_days" => n.days_to_quote(index).map_or(Value::Missing, Value::int),
            _ => Value::Missing,
        }
    }

    fn queue_reads(&self) -> Reads {
        Reads { ledgers: LedgerSet::of(&[Ledger::Events]), ..Reads::NOTHING }
    }

    fn queue(&self, index: &Index<'_>, rows: &mut Vec<&PlainRow>) -> bool {
        rows.sort_by_cached_key(|r| (Need::new(index.book, r).rank(), r.place));
        true
    }
}

struct Receivables;

impl Things for Receivables {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let cell = |name: &str| Ledger::Receivables.column(name).map_or("", |n| row.cell(n));
        let (book, found) = (index.book, index.claim(cell("id")));
        // A row below zero is owed by us, and stands for itself.
        match (key, found) {
            ("status", Some((r, _))) => Value::text(r.status(book.today)),
            ("status", None) => {
                let waits = standing(book, Ledger::Contracts, cell("contract")).pending();
                Value::text(if waits && !book.states.is_void(Ledger::Receivables, cell("id")) {
                    "pending"
                } else {
                    "void"
                })
            }
            ("paid", Some((r, _))) => Value::Num(r.total.saturating_sub(r.open)),
            ("open", Some((r, _))) => Value::Num(r.open),
            ("days_overdue", Some((r, _))) => Value::int(r.days_overdue(book.today)),
            _ => Value::Missing,
        }
    }
}

struct Payables;

impl Things for Payables {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let cell = |name: &str| Ledger::Payables.column(name).map_or("", |n| row.cell(n));
        let now = payables::now(index.book, index.debts(), cell("id"), cell("contract"));
        match key {
            "status" => Value::text(now.status),
            "paid" => Value::Num(now.paid),
            "open" => Value::Num(now.open),
            "days_overdue" => Value::int(now.days_overdue),
            _ => Value::Missing,
        }
    }
}

struct Invoices;

impl Things for Invoices {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let (invoice, invoiced) = (Invoice { row }, index.invoiced());
        let status = invoiced.status(index.book, &invoice);
        match key {
            "status" => Value::text(status),
            "paid" | "open" if matches!(status, "void" | "red") => Value::Missing,
            "paid" => Value::Num(invoiced.of_invoice(&invoice).0),
            "open" => Value::Num(invoiced.of_invoice(&invoice).1),
            _ => Value::Missing,
        }
    }
}

struct Quotes;

impl Things for Quotes {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let id = Ledger::Quotes.column("id").map_or("", |n| row.cell(n));
        let Some(q) = index.quotes().get(id) else { return Value::Missing };
        let a = &q.amounts;
        match key {
            "state" => Value::text(q.state(index.book.today).key()),
            "lines" => Value::int(i64::try_from(q.current().lines.len()).unwrap_or(i64::MAX)),
            "net" => Value::num(a.net),
            "total_amount" => Value::num(a.total()),
            "cost" => Value::num(a.cost),
            "profit" => Value::num(a.profit()),
            "margin" => Value::num(a.margin()),
            "order" => q.order().map_or(Value::Missing, Value::text),
            _ => Value::Missing,
        }
    }

    /// The first line of the version that counts.
    fn heads(&self, index: &Index<'_>) -> HashSet<RowPlace> {
        index.quotes().all().iter().map(|q| q.current().head().place).collect()
    }

    fn whole(&self, index: &Index<'_>, id: &str, column: &str) -> Option<Value<'static>> {
        quote_column(index.quotes().get(id)?, column)
    }
}

/// A column of the lines for the whole quote: every product, the sum of the quantities, the highest discount; of a price
/// or a line's number there is one only where there is one line.
fn quote_column(q: &Quote<'_>, column: &str) -> Option<Value<'static>> {
    let lines = &q.current().lines;
    Some(match column {
        "product" => {
            let mut products: Vec<Cow<'static, str>> = Vec::new();
            for l in lines.iter().filter(|l| !l.product.is_empty()) {
                if !products.contains(&Cow::Borrowed(l.product)) {
                    products.push(Cow::Borrowed(l.product));
                }
            }
            Value::List(products)
        }
        "quantity" => Value::num(lines.iter().try_fold(Decimal::ZERO, |sum, l| sum.checked_add(l.quantity?))),
        "discount" => Value::num(lines.iter().filter_map(|l| l.discount).max()),
        "price" | "line" if lines.len() > 1 => Value::Missing,
        _ => return None,
    })
}
