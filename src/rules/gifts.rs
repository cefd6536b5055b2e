//! Gifts: what is given to a customer in a year, and the most that its grade allows (`gift_max` of `[grades]`, else of
//! `[care]`). Command line, import and `check` ask [`cap`] by way of `rules::beside`; pages ask [`given`].

use super::counting::counts;
use super::prices::rate;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, multiply, parse_decimal};
use chrono::Datelike;

/// Where gifts stand.
pub const LEDGER: Ledger = Ledger::Spend;

/// What rows of a ledger are judged with, beside it.
pub fn reads_with(ledger: Ledger) -> Reads {
    if ledger == LEDGER { Reads { plain: LedgerSet::NONE, ..READS } } else { Reads::NOTHING }
}

/// What gifts are made of.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Events, Ledger::Rates]),
    plain: LedgerSet::of(&[LEDGER]),
    ..Reads::NOTHING
};

/// Whether spend of a kind is a gift.
pub fn is_gift(kind: &str) -> bool {
    matches!(kind, "gift" | "entertainment")
}

/// The most that a customer is given in a year, in the base currency; `None` = no limit.
pub fn cap(book: &Book, customer: &str) -> Option<Decimal> {
    let grade = book.customer(customer).map_or("", |c| c.grade);
    let file = &book.settings.file;
    let of_grade = file.grades.get(grade).and_then(|g| g.gift_max);
    of_grade.or(file.care.gift_max).map(|most| most.0)
}

/// An amount of a day in the base currency; `None` where there is no rate.
pub fn in_base(book: &Book, currency: &str, amount: Decimal, day: Day) -> Option<Decimal> {
    multiply(amount, rate(book, currency, day)?)
}

/// What a customer was given in a year, in the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// The sum.
    pub amount: Decimal,
    /// The rows that it leaves out, since there is no rate.
    pub without_rate: usize,
}

/// What a customer was given in a year; void rows are not counted.
pub fn given(book: &Book, customer: usize, year: i32) -> Given {
    let mut out = Given::default();
    for row in book.plain.get(&LEDGER).into_iter().flatten() {
        let cell = |name: &str| LEDGER.column(name).map_or("", |n| row.cell(n));
        if !is_gift(cell("kind")) || book.customer_index(cell("customer")) != Some(customer) {
            continue;
        }
        let Some(day) = At::parse(cell("at"), book.settings.tz).map(|at| at.day).filter(|d| d.year() == year) else {
            continue;
        };
        if let Some(amount) = parse_decimal(cell("amount")).filter(|_| counts(book, LEDGER, cell("id"))) {
            match in_base(book, cell("currency"), amount, day) {
                Some(amount) => out.amount = out.amount.saturating_add(amount),
                None => out.without_rate += 1,
            }
        }
    }
    out
}
