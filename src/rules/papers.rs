//! R12: what is approved, as one sort of thing: contracts, payables, refunds, requests; since when it waits, whose it is, what it is
//! worth.

use super::approval::{Standing, standing};
use super::prices::rate;
use super::seal;
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, multiply, parse_decimal};
use crate::model::row::{Event, PlainRow};

/// The ledgers whose things are approved.
pub const LEDGERS: [Ledger; 4] = [Ledger::Contracts, Ledger::Payables, Ledger::Refunds, Ledger::Requests];

/// What approvals rest on: the things, and the instalments of contracts.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[
        Ledger::Contracts,
        Ledger::Payables,
        Ledger::Receivables,
        Ledger::Refunds,
        Ledger::Requests,
        Ledger::Suppliers,
    ]),
    ..Reads::customers_and(&[Ledger::Events, Ledger::Rates])
};

/// Something that is approved: a row of one of [`LEDGERS`].
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    /// Where it stands.
    pub book: &'a Book,
    /// Its ledger.
    pub ledger: Ledger,
    /// Its row.
    pub row: &'a PlainRow,
}

impl<'a> Paper<'a> {
    /// Those of a ledger that was read as plain rows.
    pub fn of(book: &'a Book, ledger: Ledger) -> impl Iterator<Item = Paper<'a>> {
        book.plain.get(&ledger).into_iter().flatten().map(move |row| Paper { book, ledger, row })
    }
    /// That of an id.
    pub fn find(book: &'a Book, ledger: Ledger, id: &str) -> Option<Paper<'a>> {
        Paper::of(book, ledger).find(|p| p.id() == id)
    }
    /// The text of a column.
    pub fn cell(&self, column: &str) -> Str {
        self.ledger.column(column).map_or("", |n| self.row.cell(n))
    }
    /// Its id.
    pub fn id(&self) -> Str {
        self.cell("id")
    }
    /// `contract:ID`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.ledger.kind(), self.id())
    }
    /// What it is, for limits: a value of the column `kind` of requests, else what its ledger calls its things.
    pub fn sort(&self) -> &'static str {
        if self.ledger == Ledger::Requests { self.cell("kind") } else { self.ledger.kind() }
    }
    /// How far it is. A request without events waits for its answer.
    pub fn standing(&self) -> Standing {
        match standing(self.book, self.ledger, self.id()) {
            Standing::Outside if self.ledger == Ledger::Requests => Standing::Submitted,
            other => other,
        }
    }
    /// What the newest event says, as the file calls it; empty without events.
    pub fn now(&self) -> Str {
        self.book.states.value(self.ledger, self.id(), "approval").unwrap_or_default()
    }
    /// The events of its approval that count, oldest first.
    pub fn events(&self) -> &'a [Event] {
        self.book.states.folded(self.ledger, self.id(), "approval").map_or(&[], |f| f.applied.as_slice())
    }
    /// The event by which it was approved, if it is.
    pub fn approved_by(&self) -> Option<Event> {
        self.events().last().copied().filter(|e| e.to() == Standing::Approved.word())
    }
    /// When it was entered.
    pub fn made(&self) -> Option<At> {
        At::parse(self.cell("at"), self.book.settings.tz)
    }
    /// Since when it stands as it does.
    pub fn since(&self) -> Option<At> {
        self.events().last().map(|e| e.at()).or_else(|| self.made())
    }
    /// Whose doing it is: that of its row, else of whoever submitted it. An approver is somebody else.
    pub fn author(&self) -> Str {
        let submitted = || self.events().iter().find(|e| e.to() != Standing::Approved.word()).map_or("", |e| e.by());
        Some(self.cell("by")).filter(|by| !by.is_empty()).unwrap_or_else(submitted)
    }
    /// The customer, supplier or thing that it is about, as its row has it.
    pub fn party(&self) -> Str {
        let columns = ["party", "customer", "supplier", "subject"];
        columns.iter().find(|c| self.ledger.column(c).is_some()).map_or("", |c| self.cell(c))
    }
    /// The index of its customer; `None` where it is about none.
    pub fn customer(&self) -> Option<usize> {
        let party = self.party();
        self.book.customer_index(party.strip_prefix("customer:").unwrap_or(party))
    }
    /// Its amount; `None` = unknown.
    pub fn amount(&self) -> Option<Decimal> {
        parse_decimal(self.cell("amount"))
    }
    /// Its currency, never empty.
    pub fn currency(&self) -> &'a str {
        Some(self.cell("currency")).filter(|c| !c.is_empty()).unwrap_or(&self.book.settings.file.currency)
    }
    /// Whether its amount is one of money: limits compare nothing else.
    pub fn is_money(&self) -> bool {
        is_money(self.sort())
    }
    /// What of it limits are compared with.
    pub fn worth(&self) -> Worth {
        if !self.is_money() {
            return Worth::NoMoney;
        }
        worth(self.book, self.amount(), self.currency(), self.made())
    }
    /// Whether what was approved has been edited since. `parts` are the instalments of a contract.
    pub fn is_broken(&self, parts: &[seal::Part]) -> bool {
        let Some(e) = self.approved_by() else { return false };
        let Some(told) = seal::told(e.note()).0 else { return false };
        !seal::holds(self.book, told, self.ledger, |c| self.cell(c), parts)
    }
}

/// Whether things of a sort have an amount of money that limits are compared with; a price and a discount are none.
fn is_money(sort: &str) -> bool {
    !matches!(sort, "price" | "discount" | "keep")
}

/// What limits are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Nothing.
    NoMoney,
    /// An amount that nobody knows.
    Unknown,
    /// An amount in a currency that has no rate on a day.
    NoRate(Day),
    /// In the company's currency.
    Of(Decimal),
}

impl Worth {
    /// Whether it keeps a limit; what nobody knows keeps none.
    pub fn within(self, limit: Decimal) -> bool {
        match self {
            Worth::NoMoney => true,
            Worth::Unknown | Worth::NoRate(_) => false,
            Worth::Of(amount) => amount <= limit,
        }
    }
}

/// What an amount is worth in the company's currency, by the rate of a day.
pub fn worth(book: &Book, amount: Option<Decimal>, currency: &str, at: Option<At>) -> Worth {
    let Some(amount) = amount else { return Worth::Unknown };
    let day = at.map_or(book.today, |at| at.day);
    match rate(book, currency, day) {
        Some(rate) => multiply(amount, rate).map_or(Worth::Unknown, Worth::Of),
        None => Worth::NoRate(day),
    }
}

/// What waits for an answer, the longest first.
pub fn waiting(book: &Book) -> Vec<Paper<'_>> {
    let all = LEDGERS.iter().flat_map(|l| Paper::of(book, *l));
    let mut out: Vec<Paper<'_>> = all.filter(|p| p.standing() == Standing::Submitted).collect();
    out.sort_by_key(|p| (p.since(), p.ledger, p.id()));
    out
}
