//! Facts about a customer's orders: the days it ordered on, the gaps between them.

use super::engine::index::Index;
use super::prices;
use super::profit::counts;
use crate::model::day::Day;
use crate::model::order::{OrderLine, OrderState};

/// The order days of a customer, oldest first: those with a sale order. A return on such a day takes nothing from it.
pub fn order_days(index: &Index<'_>, customer: usize) -> Vec<Day> {
    index.order_days().of(customer).to_vec()
}

/// Whether a line sells something, and takes nothing back; see [`prices::sells`].
pub fn sells(line: OrderLine) -> bool {
    let number = |column| line.exact(column);
    prices::sells(!line.returns().is_empty(), number(OrderLine::QUANTITY), number(OrderLine::AMOUNT))
}

/// How many sale orders a customer has up to a day; cancelled ones and returns are none.
pub fn sale_orders(index: &Index<'_>, customer: usize, until: Day) -> usize {
    let lines = index.orders(customer).iter().filter(|l| l.day() <= until && sells(**l));
    let mut ids: Vec<&str> = lines.map(|l| l.id()).filter(|id| counts(index.book, id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// Days between order days, sorted.
pub fn gaps(days: &[Day]) -> Vec<i64> {
    let mut gaps: Vec<i64> = days.windows(2).map(|w| (w[1] - w[0]).num_days()).collect();
    gaps.sort_unstable();
    gaps
}

/// An order that promised a day of delivery and is neither delivered nor cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDelivery {
    /// Its lines, oldest first; never empty.
    pub lines: Vec<OrderLine>,
    /// The last day that a line promises.
    pub promised: Day,
    /// What happened to it.
    pub state: OrderState,
}

impl OpenDelivery {
    /// Days by which it is late; 0 when it is not.
    pub fn days_late(&self, today: Day) -> i64 {
        (today - self.promised).num_days().max(0)
    }
}

/// The open deliveries of a customer, the earliest promise first.
pub fn open_deliveries(index: &Index<'_>, customer: usize) -> Vec<OpenDelivery> {
    // Lines of an order stand together: they have the same day and id.
    let orders = index.orders(customer).chunk_by(|a, b| a.id() == b.id());
    let mut out: Vec<OpenDelivery> = orders
        .filter_map(|lines| {
            let state = index.book.states.order(lines[0].id());
            let open = state.delivered.is_none() && state.cancelled.is_none();
            let promised = lines.iter().filter_map(|l| l.promised()).max().filter(|_| open)?;
            Some(OpenDelivery { lines: lines.to_vec(), promised, state })
        })
        .collect();
    out.sort_by(|a, b| a.promised.cmp(&b.promised).then(a.lines[0].id().cmp(b.lines[0].id())));
    out
}
