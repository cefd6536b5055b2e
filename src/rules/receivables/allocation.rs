//! Which money pays what (R10): one engine for what customers owe and for what we owe.

use crate::model::Map;
use crate::model::day::{At, Day};
use crate::model::money::{Decimal, Sum};
use crate::model::place::RowPlace;
use crate::model::receipt::{Claim, Payment, Receipt};

/// Things beyond which they are found by a table.
pub(super) const FEW: usize = 12;

/// One receivable with what was paid on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable<'a> {
    /// The row of the ledger of receivables, the order, or the refund that it is.
    pub id: &'a str,
    /// Where its first line stands.
    pub place: RowPlace,
    /// When it came to be.
    pub at: Day,
    /// When it is due.
    pub due: Day,
    /// What was owed on its first day; nothing for a refund, which takes back what was paid.
    pub gross: Decimal,
    /// What is owed of it for good, with tax, rounded once to the minor unit: less what came back, was allowed or written off.
    pub total: Decimal,
    /// What is still open.
    pub open: Decimal,
    /// Payments: (day, amount, place).
    pub paid: Vec<(Day, Decimal, RowPlace)>,
    /// The row that it is; `None` for an order and a refund.
    pub claim: Option<&'a Claim>,
}

impl<'a> Receivable<'a> {
    /// The order that it stands for; empty = none.
    pub fn order(&self) -> &'a str {
        self.claim.map_or(self.id, |c| c.order)
    }
    /// How many days it is late; 0 = it is not.
    pub fn days_overdue(&self, today: Day) -> i64 {
        if self.open.is_zero() { 0 } else { (today - self.due).num_days().max(0) }
    }
    /// `paid`, `overdue`, `partial` or `due`.
    pub fn status(&self, today: Day) -> &'static str {
        if self.open.is_zero() {
            "paid"
        } else if self.due < today {
            "overdue"
        } else if self.open < self.total {
            "partial"
        } else {
            "due"
        }
    }
}

/// Money that looks for a receivable.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Money<'a> {
    pub(in crate::rules) at: At,
    pub(in crate::rules) origin: Origin<'a>,
    pub(in crate::rules) amount: Decimal,
    /// The receivable or order that it pays; empty = none named.
    pub(in crate::rules) pays: &'a str,
    /// Whether that is a receivable, and not all that stand for an order.
    pub(in crate::rules) one: bool,
    pub(in crate::rules) cash: bool,
}

/// Where money stands.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Origin<'a> {
    Receipt(Receipt),
    Payment(&'a Payment),
    Row { id: &'a str, place: RowPlace },
}

impl<'a> Money<'a> {
    fn id(&self) -> &'a str {
        match self.origin {
            Origin::Receipt(r) => r.id(),
            Origin::Payment(p) => p.id,
            Origin::Row { id, .. } => id,
        }
    }
    /// Its line; empty where there are none.
    fn line(&self) -> &'a str {
        match self.origin {
            Origin::Receipt(r) => r.line(),
            Origin::Payment(p) => p.line,
            Origin::Row { .. } => "",
        }
    }
    fn place(&self) -> RowPlace {
        match self.origin {
            Origin::Receipt(r) => r.place(),
            Origin::Payment(p) => p.place,
            Origin::Row { place, .. } => place,
        }
    }
}

/// By instant and id; lines of one receipt by their numbers.
fn sort_money(list: &mut [Money<'_>]) {
    list.sort_by(|a, b| {
        // Texts are looked at only where the instant is the same.
        let same = || {
            let (x, y) = (a.line(), b.line());
            a.id().cmp(b.id()).then(x.len().cmp(&y.len())).then(x.cmp(y)).then(a.place().cmp(&b.place()))
        };
        a.at.cmp(&b.at).then_with(same)
    });
}

/// Money given back.
pub(in crate::rules) struct GivenBack<'a> {
    pub(in crate::rules) at: At,
    pub(in crate::rules) id: &'a str,
    pub(in crate::rules) amount: Decimal,
    /// The receipt that it came from; empty = not said.
    pub(in crate::rules) receipt: &'a str,
    pub(in crate::rules) place: RowPlace,
}

/// Takes money given back out of the money that is not allocated yet: first of the receipt that it names, then of the
/// newest. What is not found there is owed again, due on that day.
fn give_back<'a>(mut back: Vec<GivenBack<'a>>, pool: &mut [Money<'a>]) -> Vec<(At, Receivable<'a>)> {
    back.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(b.id)).then_with(|| a.place.cmp(&b.place)));
    let mut owed = Vec::new();
    // The money that had come in by the day at hand, the newest last: all, and by receipt. What is used up leaves.
    let (mut there, mut all, mut by_id): (usize, Vec<usize>, Map<&str, Vec<usize>>) = (0, Vec::new(), Map::default());
    for b in back {
        while pool.get(there).is_some_and(|m| m.at.day <= b.at.day) {
            all.push(there);
            by_id.entry(pool[there].id()).or_default().push(there);
            there += 1;
        }
        let mut rest = b.amount;
        let mut of_receipt = by_id.get_mut(b.receipt).filter(|_| !b.receipt.is_empty());
        for from in of_receipt.iter_mut().map(|of| &mut **of).chain([&mut all]) {
            while !rest.is_zero()
                && let Some(n) = from.last()
            {
                let part = pool[*n].amount.min(rest).max(Decimal::ZERO);
                pool[*n].amount -= part;
                rest -= part;
                if !rest.is_zero() {
                    from.pop();
                }
            }
        }
        if !rest.is_zero() {
            let (id, place, day) = (b.id, b.place, b.at.day);
            let (total, open, gross) = (rest, rest, Decimal::ZERO);
            let r = Receivable { id, place, at: day, due: day, gross, total, open, paid: Vec::new(), claim: None };
            owed.push((b.at, r));
        }
    }
    owed
}

/// Oldest due first.
fn sort_receivables(list: &mut [(At, Receivable<'_>)]) {
    list.sort_by(|(a, x), (b, y)| x.due.cmp(&y.due).then_with(|| a.cmp(b)).then_with(|| x.id.cmp(y.id)));
}

/// The receivables of one customer and currency, while money is allocated to them.
pub(in crate::rules) struct Owed<'a> {
    pub(in crate::rules) list: Vec<(At, Receivable<'a>)>,
    /// Whether some of them are rows of the ledger of receivables: then several may stand for one order.
    pub(in crate::rules) agreed: bool,
    /// Where each stands in the list, once there are many; the last of equal ids counts, as in a table.
    places: Map<&'a str, usize>,
    /// Where those stand that stand for an order, when there are rows: the latest due first.
    by_order: Map<&'a str, Vec<usize>>,
}

impl<'a> Owed<'a> {
    /// Puts what is owed into the order of its days; `agreed` says whether rows are among it.
    pub(in crate::rules) fn new(mut list: Vec<(At, Receivable<'a>)>, agreed: bool) -> Owed<'a> {
        sort_receivables(&mut list);
        let mut owed = Owed { list, agreed, places: Map::default(), by_order: Map::default() };
        if agreed {
            for (n, (_, r)) in owed.list.iter().enumerate().rev().filter(|(_, (_, r))| !r.order().is_empty()) {
                owed.by_order.entry(r.order()).or_default().push(n);
            }
        }
        if owed.list.len() > FEW {
            owed.places = owed.list.iter().enumerate().map(|(n, (_, r))| (r.id, n)).collect();
        }
        owed
    }

    /// Where a receivable stands.
    fn place(&self, id: &str) -> Option<usize> {
        if id.is_empty() {
            None
        } else if self.list.len() > FEW {
            self.places.get(id).copied()
        } else {
            self.list.iter().rposition(|(_, r)| r.id == id)
        }
    }

    /// Goes through the receivables that stand for an order, oldest due first, until nothing is left of an amount; what is left,
    /// and `None` where there are no such receivables. What has been paid is passed by only once.
    pub(super) fn of_order(
        &mut self,
        order: &str,
        amount: Decimal,
        mut take: impl FnMut(&mut Receivable<'a>, Decimal) -> Decimal,
    ) -> Option<Decimal> {
        if !self.agreed {
            let n = self.place(order)?;
            return Some(amount - take(&mut self.list[n].1, amount));
        }
        let (list, open) = (&mut self.list, self.by_order.get_mut(order)?);
        Some(through(list, open, amount, &mut take))
    }
}

/// Takes a part off what is owed; how much it was.
pub(super) fn lower(r: &mut Receivable<'_>, amount: Decimal) -> Decimal {
    let part = amount.min(r.open).max(Decimal::ZERO);
    r.open -= part;
    r.total -= part;
    part
}

/// Goes through receivables from the last place of `open` to the first until nothing is left of an amount; what is left. Places
/// at which nothing is open any more leave.
pub(super) fn through<'a>(
    list: &mut [(At, Receivable<'a>)],
    open: &mut Vec<usize>,
    amount: Decimal,
    take: &mut impl FnMut(&mut Receivable<'a>, Decimal) -> Decimal,
) -> Decimal {
    let mut rest = amount;
    while rest > Decimal::ZERO
        && let Some(n) = open.last()
    {
        let r = &mut list[*n].1;
        rest -= take(r, rest);
        if r.open <= Decimal::ZERO {
            open.pop();
        }
    }
    rest
}

/// Pays on a receivable; how much of the money it took.
fn pay(r: &mut Receivable<'_>, m: &Money<'_>, amount: Decimal) -> Decimal {
    let part = amount.min(r.open).max(Decimal::ZERO);
    if !part.is_zero() {
        r.open -= part;
        if m.cash {
            // Most are paid once or twice: no room for more is kept.
            if r.paid.len() < 4 {
                r.paid.reserve_exact(1);
            }
            r.paid.push((m.at.day, part, m.place()));
        } else {
            r.total -= part;
        }
    }
    part
}

/// What money leaves of what is owed.
pub(in crate::rules) struct Settled<'a> {
    /// Oldest due first.
    pub(in crate::rules) owed: Vec<Receivable<'a>>,
    /// Money that pays nothing yet.
    pub(in crate::rules) credit: Sum,
    /// Whether money names something that is not owed here.
    pub(in crate::rules) misses: bool,
}

/// Lets money pay: first what it names, then, with what is left of that and with what was there before (`pool`), by its own day
/// what is due first. What went back is taken from money that pays nothing. `counts` says whether what money names in vain
/// should be there.
pub(in crate::rules) fn settle<'a>(
    mut owed: Owed<'a>,
    mut money: Vec<Money<'a>>,
    mut pool: Vec<Money<'a>>,
    back: Vec<GivenBack<'a>>,
    counts: impl Fn(&str) -> bool,
) -> Settled<'a> {
    let mut misses = false;
    sort_money(&mut money);
    for m in money {
        let mut rest = m.amount;
        if m.one || !owed.agreed {
            match owed.place(m.pays) {
                Some(n) => rest -= pay(&mut owed.list[n].1, &m, rest),
                // A cancelled order is there, and no receivable.
                None => misses |= !m.pays.is_empty() && counts(m.pays),
            }
        } else if !m.pays.is_empty() {
            match owed.of_order(m.pays, rest, |r, rest| pay(r, &m, rest)) {
                Some(left) => rest = left,
                None => misses |= counts(m.pays),
            }
        }
        if !rest.is_zero() {
            pool.push(Money { amount: rest, pays: "", ..m });
        }
    }
    sort_money(&mut pool);
    let mut receivables = owed.list;
    receivables.extend(give_back(back, &mut pool));
    sort_receivables(&mut receivables);
    let mut credit = Sum::ZERO;
    let mut next = 0;
    for m in pool {
        let mut rest = m.amount;
        while next < receivables.len() && rest > Decimal::ZERO {
            rest -= pay(&mut receivables[next].1, &m, rest);
            if receivables[next].1.open.is_zero() {
                next += 1;
            }
        }
        credit.add(rest);
    }
    Settled { owed: receivables.into_iter().map(|(_, r)| r).collect(), credit, misses }
}
