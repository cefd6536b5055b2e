//! Owners who have left, and customers that two people call on (R14).

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::rules::visits::double_visit;

/// Customers whose owner has left.
pub(super) fn owners(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for customer in c.book.customers.iter().filter(|x| !x.closed) {
        if let Some(left) = c.book.team.get(customer.owner).and_then(|m| m.left).filter(|l| *l < c.book.today) {
            let place = c.key_place(customer, "owner", customer.owner);
            out.push(Diagnostic::new(Code::OwnerLeft, place, [customer.id, customer.owner, &left.to_string()]));
        }
    }
}

/// Customers that somebody else had contact with lately.
pub(super) fn double_visits(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        if let Some(a) = double_visit(c.index, n) {
            let place = c.cell_place(a.place, Ledger::Activities, "by");
            out.push(Diagnostic::new(Code::DoubleVisit, place, [customer.id, a.by, &a.at.day.to_string()]));
        }
    }
}
