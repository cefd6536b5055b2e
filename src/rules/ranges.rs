//! Ranges at entry (4-rules, opening): what a row may hold by itself. What it may hold beside the rows that it names stands in
//! `rules::beside`.
//!
//! The command line, import and `check` ask the same functions. Which column must keep which range comes from the table of
//! ledgers: a new ledger is judged by its entry. Whoever asks decides what to do with a [`Breach`]: refuse, reject or report
//! it.

use super::prices::{Worth, net_of};
use crate::model::Str;
use crate::model::breach::Breach;
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, Range, RefTo, Type};
use crate::model::money::{Decimal, Fixed, minor_digits, parse_decimal, round};
use crate::model::row::PlainRow;
use crate::model::team::Team;
use crate::model::zone::Zone;

/// The company's own column with the keys of what an import took although it breaks a range; several are joined by `;`.
pub const ACCEPTED: &str = "x_accepted";

/// The exceptions with which a row was imported, as its cell holds them.
pub fn accepted_cell(row: &PlainRow) -> Str {
    row.own.iter().find(|(name, _)| *name == ACCEPTED).map_or("", |(_, keys)| *keys)
}

/// The exceptions of such a cell.
pub fn keys_of(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|key| !key.is_empty())
}

/// A price.
pub fn price(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativePrice { value })
}

/// A discount, as a fraction.
pub fn discount(value: Decimal) -> Option<Breach> {
    (!is_fraction(value)).then_some(Breach::DiscountRange { value })
}

/// A tax rate, as a fraction.
pub fn tax_rate(value: Decimal) -> Option<Breach> {
    (!is_fraction(value)).then_some(Breach::TaxRateRange { value })
}

/// The quantity of a line that returns something, or does not.
pub fn quantity(value: Decimal, returns: bool) -> Option<Breach> {
    let fits = if returns { value < Decimal::ZERO } else { value > Decimal::ZERO };
    (!fits).then_some(Breach::QuantityNotPositive { value, returns })
}

/// Freight, commission …
pub fn extra_cost(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeExtraCost { value })
}

/// What something costs, in a column.
pub fn cost(value: Decimal, column: &'static str) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeCost { value, column })
}

/// What a sale may come to.
pub fn worth(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeAmount { value })
}

/// Money that moves, one way or back: more than nothing, in whole minor units.
pub fn moves(value: Decimal, currency: &str) -> Option<Breach> {
    if value <= Decimal::ZERO {
        return Some(Breach::AmountNotPositive { value });
    }
    let digits = minor_digits(currency);
    (value.normalize().scale() > digits).then(|| Breach::MinorUnits { value, currency: currency.into(), digits })
}

/// The lowest and highest answer to each question of feedback (R13).
const SCORES: &[(&str, i64, i64)] = &[("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7), ("value", 1, 10)];

/// An answer to a question of feedback.
pub fn score(value: Decimal, kind: &str) -> Option<Breach> {
    let (kind, low, high) = *SCORES.iter().find(|s| s.0 == kind)?;
    let fits = value >= Decimal::from(low) && value <= Decimal::from(high);
    (!fits).then_some(Breach::ScoreRange { value, kind, range: (low, high) })
}

/// Whether an answer says which part of the value it is about: those of kind `value` do, no others (R15).
pub fn dimension(kind: &str, dimension: &str) -> Option<Breach> {
    let fits = kind.is_empty() || (kind == VALUE) != dimension.is_empty();
    (!fits).then(|| Breach::ScoreDimension { kind: kind.into(), dimension: dimension.into() })
}

/// The question about the value to the customer.
const VALUE: &str = "value";

/// The tax of a line with a net; a rate of 1 at most, rounded to the minor unit.
fn tax(value: Decimal, net: Decimal, currency: &str) -> Option<Breach> {
    let most = net.abs().max(round(net.abs(), minor_digits(currency)));
    let fits = value.is_zero() || value.is_sign_negative() == net.is_sign_negative() && value.abs() <= most;
    if fits {
        return None;
    }
    // A net of nothing has no rate: the tax is told as if the net were one unit.
    let rate = value.checked_div(net).map_or(value, |r| round(r, 4));
    Some(Breach::TaxRateRange { value: rate })
}

fn is_above(text: &str) -> bool {
    parse_decimal(text).is_some_and(|d| d > Decimal::ZERO)
}

fn is_fraction(value: Decimal) -> bool {
    value >= Decimal::ZERO && value <= Decimal::ONE
}

/// Which columns of a ledger must keep which ranges: looked up once for all rows.
#[derive(Debug)]
pub struct Ranges {
    ledger: Ledger,
    kept: Vec<(usize, Range)>,
    currency: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    discount: Option<usize>,
    amount: Option<usize>,
    kind: Option<usize>,
    dimension: Option<usize>,
    returns: Option<usize>,
    /// Of contracts: id, day of entry, first and last day.
    days: Option<[usize; 4]>,
}

/// Last and first day, where the last comes first.
pub fn ends_before(start: Option<Day>, end: Option<Day>) -> Option<(Day, Day)> {
    end.zip(start).filter(|(end, start)| end < start)
}

impl Ranges {
    /// The ranges of a ledger.
    pub fn of(ledger: Ledger) -> Ranges {
        let kept =
            ledger.columns().iter().enumerate().filter(|(_, c)| c.range != Range::Any).map(|(n, c)| (n, c.range));
        let column = |name: &str| ledger.column(name);
        Ranges {
            ledger,
            kept: kept.collect(),
            currency: column("currency"),
            quantity: column("quantity"),
            price: column("price"),
            discount: column("discount"),
            amount: column("amount"),
            kind: column("kind"),
            dimension: column("dimension"),
            returns: column("returns"),
            days: (ledger == Ledger::Contracts).then(|| ["id", "at", "start", "end"].map(|c| column(c).unwrap_or(0))),
        }
    }

    /// Whether no column of the ledger has a range.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What a row breaks by itself: `cell` gives the text of a column, `base` is the currency of cells without one. What is
    /// no number is not judged.
    pub fn alone<'a>(&self, cell: impl Fn(usize) -> &'a str, base: &str) -> Vec<Breach> {
        let mut out = Vec::new();
        let returns = self.returns.is_some_and(|n| !cell(n).is_empty());
        let is_negative = |n: Option<usize>| n.and_then(|n| parse_decimal(cell(n))).is_some_and(|d| d < Decimal::ZERO);
        // What is taken back takes its cost back.
        let back = || returns || is_negative(self.quantity) || is_negative(self.amount);
        for (n, range) in &self.kept {
            let text = cell(*n);
            let Some(value) = (if text.is_empty() { None } else { parse_decimal(text) }) else { continue };
            let currency = || self.currency.map(&cell).filter(|c| !c.is_empty()).unwrap_or(base);
            out.extend(match range {
                Range::Any | Range::Given => None,
                Range::Price => price(value),
                Range::Discount => discount(value),
                Range::Quantity => quantity(value, returns),
                Range::ExtraCost => extra_cost(value),
                Range::LineCost if back() => None,
                Range::Cost | Range::LineCost => cost(value, self.ledger.columns()[*n].name),
                Range::Score => score(value, self.kind.map_or("", &cell)),
                Range::LineAmount if !self.quantity.is_some_and(|n| is_above(cell(n))) => None,
                Range::Worth | Range::LineAmount => worth(value),
                Range::Moves | Range::GivenBack => moves(value, currency()),
                Range::Tax if value.is_zero() => None,
                Range::Tax => self.net(&cell).and_then(|net| tax(value, net, currency())),
            });
        }
        if let (Some(kind), Some(n)) = (self.kind, self.dimension) {
            out.extend(dimension(cell(kind), cell(n)));
        }
        if let Some([id, at, start, end]) = self.days {
            let entered = || cell(at).get(..10).and_then(parse_day);
            let found = ends_before(parse_day(cell(start)).or_else(entered), parse_day(cell(end)));
            out.extend(found.map(|(end, start)| Breach::ContractDays { id: cell(id).into(), end, start }));
        }
        // A net made of a discount of 500 % says nothing about the tax.
        if out.len() > 1 && out.iter().any(|b| matches!(b, Breach::DiscountRange { .. })) {
            out.retain(|b| !matches!(b, Breach::TaxRateRange { .. }));
        }
        out
    }

    /// The net that a row itself gives.
    fn net<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Option<Decimal> {
        let number = |n: Option<usize>| n.and_then(|n| parse_decimal(cell(n))).map(Fixed::from);
        let [quantity, price, discount, amount] = [self.quantity, self.price, self.discount, self.amount].map(number);
        net_of(&Worth { quantity, price, discount, amount }, None)?.decimal()
    }
}

/// Who rows of a ledger say did something, or is to do it: looked up once for all rows.
#[derive(Debug)]
pub struct Doers {
    at: Option<usize>,
    who: Vec<usize>,
    /// What takes a line back has the members of that line.
    returns: Option<usize>,
    /// Of events: the one whose values are members, and the column of the new one.
    owner: Option<(usize, usize)>,
}

impl Doers {
    /// Those of a ledger.
    pub fn of(ledger: Ledger) -> Doers {
        let columns = ledger.columns().iter().enumerate();
        let who = columns.filter(|(_, c)| c.ty == Type::Ref(RefTo::Team)).map(|(n, _)| n).collect();
        let column = |name: &str| ledger.column(name);
        let owner = column("event").zip(column("to"));
        Doers { at: column("at"), who, returns: column("returns"), owner }
    }

    /// The member that a row of a day names and who had left the team before it; `cell` gives the text of a column.
    pub fn gone<'a>(&self, cell: impl Fn(usize) -> &'a str, team: &Team, tz: Zone) -> Option<Breach> {
        if self.returns.is_some_and(|n| !cell(n).is_empty()) {
            return None;
        }
        let owner = self.owner.filter(|(event, _)| cell(*event) == OWNER).map(|(_, to)| to);
        let named = self.who.iter().copied().chain(owner).map(&cell).filter(|who| !who.is_empty());
        let left = named.filter_map(|who| Some((who, team.get(who)?.left?)));
        left.into_iter().find_map(|(who, left)| {
            let day = At::parse(cell(self.at?), tz)?.day;
            (day > left).then(|| Breach::MemberLeft { member: who.into(), left, day })
        })
    }
}

/// The event whose values are members of the team.
const OWNER: &str = "owner";

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of a row, by name.
    fn row<'a>(ledger: Ledger, cells: &'a [(&'a str, &'a str)]) -> impl Fn(usize) -> &'a str {
        move |n| cells.iter().find(|(c, _)| *c == ledger.columns()[n].name).map_or("", |(_, v)| v)
    }

    #[test]
    fn rows_keep_their_ranges() {
        let check = |ledger: Ledger, cells: &[(&str, &str)], expected: &[&str]| {
            let found = Ranges::of(ledger).alone(row(ledger, cells), "CNY");
            assert_eq!(found.iter().map(Breach::key).collect::<Vec<_>>(), expected, "{ledger} {cells:?}");
        };
        use Ledger as L;
        check(L::Orders, &[("quantity", "1"), ("price", "0"), ("discount", "1")], &[]);
        check(L::Orders, &[("quantity", "1"), ("price", "-10")], &["negative-price"]);
        check(L::Orders, &[("quantity", "1"), ("price", "10"), ("discount", "5")], &["discount-range"]);
        check(L::Orders, &[("discount", "-0.1")], &["discount-range"]);
        check(L::Orders, &[("quantity", "0"), ("price", "10")], &["quantity-not-positive"]);
        check(L::Orders, &[("quantity", "-1"), ("price", "10")], &["quantity-not-positive"]);
        check(L::Orders, &[("quantity", "-1"), ("price", "10"), ("returns", "o1/1")], &[]);
        check(L::Orders, &[("quantity", "1"), ("returns", "o1/1")], &["quantity-not-positive"]);
        check(L::Orders, &[("amount", "100"), ("extra_cost", "-4000")], &["negative-extra-cost"]);
        check(L::Orders, &[("amount", "-100")], &[]);
        check(L::Orders, &[("amount", "-100"), ("quantity", "1")], &["negative-amount"]);
        check(L::Orders, &[("quantity", "1"), ("unit_cost", "-1")], &["negative-cost"]);
        check(L::Orders, &[("quantity", "1"), ("cost", "-1")], &["negative-cost"]);
        check(L::Orders, &[("quantity", "-1"), ("cost", "-1"), ("returns", "o1/1")], &[]);
        check(L::Orders, &[("quantity", "-1"), ("unit_cost", "-1"), ("returns", "o1/1")], &["negative-cost"]);
        check(L::Orders, &[("amount", "-100"), ("cost", "-80")], &[]);
        check(L::Orders, &[("quantity", "0"), ("cost", "0"), ("returns", "o1/1")], &["quantity-not-positive"]);
        // Tax: a part of the net, with its sign.
        check(L::Orders, &[("amount", "100"), ("tax", "13")], &[]);
        check(L::Orders, &[("amount", "100"), ("tax", "100")], &[]);
        check(L::Orders, &[("amount", "100"), ("tax", "1300")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "100"), ("tax", "-13")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "-100"), ("tax", "-13")], &[]);
        check(L::Orders, &[("amount", "0"), ("tax", "13")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "0.005"), ("tax", "0.01")], &[]);
        check(L::Orders, &[("quantity", "2"), ("price", "10"), ("tax", "21")], &["tax-rate-range"]);
        check(L::Orders, &[("quantity", "2"), ("tax", "21")], &[]);
        check(
            L::Quotes,
            &[("quantity", "0"), ("price", "-1"), ("discount", "2")],
            &["quantity-not-positive", "negative-price", "discount-range"],
        );
        check(L::Products, &[("price", "-1")], &["negative-price"]);
        check(L::Products, &[("cost", "-1")], &["negative-cost"]);
        check(L::Products, &[("price", "0"), ("cost", "0")], &[]);
        check(L::Complaints, &[("cost", "-1")], &["negative-cost"]);
        check(L::Feedback, &[("kind", "csat"), ("score", "5")], &[]);
        check(L::Feedback, &[("kind", "csat"), ("score", "0")], &["score-range"]);
        check(L::Feedback, &[("kind", "nps"), ("score", "0")], &[]);
        check(L::Feedback, &[("kind", "ces"), ("score", "8")], &["score-range"]);
        check(L::Feedback, &[("kind", "value"), ("score", "10")], &["score-dimension"]);
        check(L::Feedback, &[("kind", "value"), ("dimension", "time"), ("score", "11")], &["score-range"]);
        check(L::Feedback, &[("kind", "value"), ("dimension", "time"), ("score", "1")], &[]);
        check(L::Feedback, &[("kind", "nps"), ("dimension", "time"), ("score", "9")], &["score-dimension"]);
        check(L::Receipts, &[("amount", "500.555")], &["minor-units"]);
        check(L::Receipts, &[("amount", "500.550")], &[]);
        check(L::Receipts, &[("amount", "500.5"), ("currency", "JPY")], &["minor-units"]);
        check(L::Receipts, &[("amount", "0.001"), ("currency", "KWD")], &[]);
        check(L::Receipts, &[("amount", "-5")], &["amount-not-positive"]);
        check(L::Receipts, &[("amount", "0")], &["amount-not-positive"]);
        check(L::Refunds, &[("amount", "-5")], &["amount-not-positive"]);
        check(L::Payments, &[("amount", "1.001")], &["minor-units"]);
        check(L::Invoices, &[("amount", "1.001")], &[]);
        check(L::Invoices, &[("amount", "100"), ("tax", "13")], &[]);
        check(L::Invoices, &[("amount", "-100"), ("tax", "-13")], &[]);
        check(L::Invoices, &[("amount", "100"), ("tax", "1300")], &["tax-rate-range"]);
    }

    #[test]
    fn who_has_left_does_nothing_later() {
        let left = crate::model::day::parse_day("2026-03-31");
        let member = |id, left| crate::model::team::Member { id, left, ..Default::default() };
        let team = Team { members: vec![member("li", None), member("wu", left)], ..Team::default() };
        let check = |ledger: Ledger, cells: &[(&str, &str)], expected: bool| {
            let found = Doers::of(ledger).gone(row(ledger, cells), &team, Zone::utc());
            assert_eq!(found.is_some(), expected, "{ledger} {cells:?}");
        };
        use Ledger as L;
        check(L::Orders, &[("at", "2026-04-01"), ("by", "li")], false);
        check(L::Orders, &[("at", "2026-03-31"), ("by", "wu")], false);
        check(L::Orders, &[("at", "2026-04-01"), ("by", "wu")], true);
        check(L::Orders, &[("at", "2026-04-01"), ("by", "wu"), ("returns", "o1/1")], false);
        check(L::Tasks, &[("at", "2026-04-01T00:00:00Z"), ("owner", "wu")], true);
        check(L::Events, &[("at", "2026-04-01"), ("by", "li"), ("event", "owner"), ("to", "wu")], true);
        check(L::Events, &[("at", "2026-04-01"), ("by", "li"), ("event", "amount"), ("to", "wu")], false);
        check(L::Targets, &[("period", "2026"), ("owner", "wu")], false);
    }
}
