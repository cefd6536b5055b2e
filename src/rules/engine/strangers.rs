//! Rows whose customer is not in the book, and who these customers are.

use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, LedgerRows, Row, Segment, TextColumn};
use crate::model::order::OrderLine;
use crate::model::receipt::Receipt;

/// The rows whose customer is not in the book.
pub(in crate::rules) fn strays<'b, T: Row>(book: &'b Book, rows: &'b LedgerRows<T>) -> impl Iterator<Item = T> + 'b {
    rows.segments().iter().flat_map(move |s| {
        let known = column_of::<T>(s).map(|texts| (texts, book.named(s, texts)));
        // Most files have none.
        let known = known.filter(|(_, known)| known.contains(&NOBODY));
        known.into_iter().flat_map(move |(texts, known)| {
            let stray = move |row: &usize| known[texts.codes.get(*row)] == NOBODY;
            (0..s.rows).filter(stray).map(move |row| T::of(s, row as u32)).collect::<Vec<T>>()
        })
    })
}

fn column_of<T: Row>(segment: &'static Segment) -> Option<&'static TextColumn> {
    match segment.column(T::LEDGER.column("customer")?) {
        Column::Text(texts) => Some(texts),
        _ => None,
    }
}

/// The customers that rows name and the book does not have, in the order of their ids, and whose rows are whose.
#[derive(Debug, Default)]
pub(in crate::rules) struct Strangers {
    /// The ids as they are written.
    pub(in crate::rules) ids: Vec<&'static str>,
    /// For each file of order lines the place in `ids` of each row's customer, else [`NOBODY`]; empty for files without any.
    pub(in crate::rules) orders: Vec<Vec<u32>>,
    /// The same for receipts.
    pub(in crate::rules) receipts: Vec<Vec<u32>>,
}

impl Strangers {
    /// Those whom order lines, receivables, receipts and refunds name.
    pub(in crate::rules) fn new(book: &Book) -> Strangers {
        let mut ids: Vec<&'static str> = strays::<OrderLine>(book, &book.orders).map(|l| l.customer()).collect();
        ids.extend(strays::<Receipt>(book, &book.receipts).map(|r| r.customer()));
        let few = book.refunds.iter().map(|r| r.customer).chain(book.claims.iter().map(|c| c.customer));
        ids.extend(few.filter(|c| book.customer_index(c).is_none()));
        ids.sort_unstable();
        ids.dedup();
        let (orders, receipts) = (owners(book, &book.orders, &ids), owners(book, &book.receipts, &ids));
        Strangers { ids, orders, receipts }
    }

    /// The place of an id.
    pub(in crate::rules) fn place(&self, id: &str) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }
}

fn owners<T: Row>(book: &Book, rows: &LedgerRows<T>, ids: &[&str]) -> Vec<Vec<u32>> {
    let of = |s: &&'static Segment| {
        let Some(texts) = column_of::<T>(s) else { return Vec::new() };
        if !book.named(s, texts).contains(&NOBODY) {
            return Vec::new();
        }
        let place = |id: &str| ids.binary_search(&id).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(NOBODY);
        (0..s.rows).map(|row| place(texts.get(row))).collect()
    };
    rows.segments().iter().map(of).collect()
}
