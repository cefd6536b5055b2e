//! What stands on both sides of an account before money is allocated.

use super::allocation::{FEW, GivenBack, Money};
use super::orders::{Order, Taken};
use crate::model::Map;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Segment, rows_of};
use crate::model::day::At;
use crate::model::money::{Decimal, Sum};
use crate::model::receipt::{Claim, Receipt};

/// A receipt, with what is always asked of it.
pub(super) struct Paid {
    pub(super) receipt: Receipt,
    pub(super) at: At,
    pub(super) amount: Decimal,
    /// The receivable that it names, else the order.
    pub(super) pays: &'static str,
    /// Whether that is a receivable.
    pub(super) one: bool,
    /// An acceptance bill that has not matured.
    pub(super) bill: bool,
}

/// What stands on both sides of an account before money is allocated.
pub(super) struct Sides<'a> {
    pub(super) currency: &'a str,
    pub(super) orders: Vec<Order<'a>>,
    /// Where each order stands in `orders`, once there are many.
    places: Map<&'a str, usize>,
    pub(super) claims: Vec<&'a Claim>,
    pub(super) money: Vec<Money<'a>>,
    pub(super) back: Vec<GivenBack<'a>>,
    pub(super) bills: Sum,
    /// Instalments of contracts that wait for approval.
    pub(super) pending: Sum,
}

/// The sides of one customer, by currency.
#[derive(Default)]
pub(super) struct Currencies<'a> {
    pub(super) sides: Vec<Sides<'a>>,
    /// Where each stands, once there are many.
    places: Map<&'a str, usize>,
}

impl<'a> Currencies<'a> {
    /// The side of a currency.
    pub(super) fn of(&mut self, currency: &'a str) -> &mut Sides<'a> {
        let known = match self.sides.len() {
            few if few <= FEW => self.sides.iter().position(|s| s.currency == currency),
            _ => {
                for n in self.places.len()..self.sides.len() {
                    self.places.insert(self.sides[n].currency, n);
                }
                self.places.get(currency).copied()
            }
        };
        let n = known.unwrap_or_else(|| {
            let (orders, places, money, back) = (Vec::new(), Map::default(), Vec::new(), Vec::new());
            self.sides.push(Sides {
                currency,
                orders,
                places,
                claims: Vec::new(),
                money,
                back,
                bills: Sum::ZERO,
                pending: Sum::ZERO,
            });
            self.sides.len() - 1
        });
        &mut self.sides[n]
    }
}

impl<'a> Sides<'a> {
    fn position(&mut self, id: &str) -> Option<usize> {
        if self.orders.len() <= FEW {
            return self.orders.iter().position(|o| o.id == id);
        }
        for n in self.places.len()..self.orders.len() {
            self.places.insert(self.orders[n].id, n);
        }
        self.places.get(id).copied()
    }

    pub(super) fn order(&mut self, order: &Order<'a>) {
        match self.position(order.id) {
            Some(n) => self.orders[n].merge(order),
            None => self.orders.push(order.clone()),
        }
    }
}

/// The receipts of one file.
pub(super) fn paid_of(book: &Book, segment: &'static Segment, owners: &[u32]) -> Taken<Paid> {
    let mut out: Taken<Paid> = (Vec::with_capacity(segment.rows), Vec::with_capacity(segment.rows));
    for (r, owner) in rows_of::<Receipt>(segment).zip(owners) {
        if *owner == NOBODY || book.is_void(&r) {
            continue;
        }
        let bill = r.method() == "acceptance" && r.matures().is_some_and(|m| m > book.today);
        out.0.push(*owner);
        let (receivable, order) = (r.receivable(), r.order());
        let one = !receivable.is_empty();
        let pays = if one { receivable } else { order };
        out.1.push(Paid { receipt: r, at: r.at(), amount: r.amount(), pays, one, bill });
    }
    out
}
