//! The instalments of contracts: rows of receivables and payables that name one.

use super::seal::Part;
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::place::RowPlace;
use crate::model::{Map, Str};

/// An instalment of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instalment {
    /// The ledger of its row.
    pub ledger: Ledger,
    /// Where it stands.
    pub place: RowPlace,
    /// Its id.
    pub id: Str,
    /// What it comes to; `None` = nobody can read it.
    pub amount: Option<Decimal>,
    /// When it is due, as the file holds it.
    pub due: Str,
}

/// The instalments of all contracts.
#[derive(Debug, Default)]
pub struct Plans(Map<Str, Vec<Instalment>>);

impl Plans {
    /// Those of a book that holds the rows of receivables and of payables, typed or plain.
    pub fn new(book: &Book) -> Plans {
        let mut plans = Plans::default();
        for ledger in [Ledger::Receivables, Ledger::Payables] {
            for r in book.plain.get(&ledger).into_iter().flatten() {
                let cell = |name: &str| ledger.column(name).map_or("", |n| r.cell(n));
                let (id, amount, due) = (cell("id"), parse_decimal(cell("amount")), cell("due"));
                plans.add(cell("contract"), Instalment { ledger, place: r.place, id, amount, due });
            }
        }
        if !book.plain.contains_key(&Ledger::Receivables) {
            for c in &book.claims {
                let due = crate::model::intern(&c.due.to_string());
                let (ledger, place, amount) = (Ledger::Receivables, c.place, Some(c.amount));
                plans.add(c.contract, Instalment { ledger, place, id: c.id, amount, due });
            }
        }
        if !book.plain.contains_key(&Ledger::Payables) {
            for p in &book.payables {
                let due = crate::model::intern(&p.due.to_string());
                let (ledger, place, amount) = (Ledger::Payables, p.place, Some(p.amount));
                plans.add(p.contract, Instalment { ledger, place, id: p.id, amount, due });
            }
        }
        for list in plans.0.values_mut() {
            list.sort_by(|a, b| (a.due, a.id).cmp(&(b.due, b.id)));
        }
        plans
    }

    fn add(&mut self, contract: Str, one: Instalment) {
        if !contract.is_empty() {
            self.0.entry(contract).or_default().push(one);
        }
    }

    /// Those of a contract, the one that is due first at the top.
    pub fn of(&self, contract: &str) -> &[Instalment] {
        self.0.get(contract).map_or(&[], Vec::as_slice)
    }

    /// The same as they are sealed.
    pub fn parts(&self, contract: &str) -> Vec<Part> {
        self.of(contract).iter().map(|i| Plans::part(i.id, i.amount, i.due)).collect()
    }

    /// One of them as it is sealed.
    pub(super) fn part(id: &str, amount: Option<Decimal>, due: &str) -> Part {
        let amount = amount.map_or_else(String::new, |d| d.normalize().to_string());
        Part { id: id.into(), amount, due: due.into() }
    }
}
