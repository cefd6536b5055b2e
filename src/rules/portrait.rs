//! What the best customers are like: their industries, regions and sizes against those of all customers, and which leads are like
//! them. Who the best are says `key_customers`.

use super::engine::index::Index;
use super::key_customers::key_customers;
use crate::model::Map;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::settings::StageCategory;

/// What is read for it.
pub const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
        .without_notes();

/// What customers are described by.
pub const TRAITS: [&str; 3] = ["industry", "region", "size"];

/// How many customers have something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// The best ones.
    pub best: usize,
    /// All with orders.
    pub all: usize,
}

impl Share {
    /// How many times as often the best ones have it as all; `None` where nobody has it, or there are none.
    pub fn lift(&self, of: Share) -> Option<Decimal> {
        let n = |n: usize| Decimal::from(n);
        let (best, all) = (n(self.best).checked_div(n(of.best))?, n(self.all).checked_div(n(of.all))?);
        best.checked_div(all)
    }

    /// The same, drawn towards 1 by one more of the best ones that is as all are: few cases say little.
    pub fn drawn(&self, of: Share) -> Option<Decimal> {
        let n = |n: usize| Decimal::from(n);
        let all = n(self.all).checked_div(n(of.all)).filter(|all| !all.is_zero())?;
        n(self.best).checked_add(all)?.checked_div(n(of.best + 1))?.checked_div(all)
    }
}

/// What the best customers are like.
#[derive(Debug, Clone, Default)]
pub struct Portrait<'a> {
    /// How many there are.
    pub of: Share,
    /// How many have each value of a trait, by the trait's place and the value; an empty one is unknown.
    pub values: Map<(usize, &'a str), Share>,
    /// How many have each industry, region and size together.
    pub cells: Map<[&'a str; 3], Share>,
}

/// What a customer is described by.
pub fn traits<'a>(index: &Index<'a>, customer: usize) -> [&'a str; 3] {
    let c = &index.book.customers[customer];
    TRAITS.map(|key| c.text(key))
}

impl<'a> Portrait<'a> {
    /// The portrait of the best among some customers with orders, by index.
    pub fn new(index: &Index<'a>, customers: &[usize]) -> Portrait<'a> {
        let (ordered, best) = (index.ordered(), key_customers(index, index.book.today));
        let mut out = Portrait::default();
        for n in customers.iter().copied().filter(|n| ordered[*n]) {
            let own = traits(index, n);
            let add = |share: &mut Share| {
                share.all += 1;
                share.best += usize::from(best[n]);
            };
            add(&mut out.of);
            own.iter().enumerate().for_each(|(at, value)| add(out.values.entry((at, *value)).or_default()));
            add(out.cells.entry(own).or_default());
        }
        out
    }

    /// How like the best customers something with these traits is, as how many times as likely as any other, and the traits that
    /// say so with their lifts; a trait that nobody knows, or no customer has, says nothing.
    pub fn likeness(&self, own: [&'a str; 3]) -> (Option<Decimal>, Vec<(usize, &'a str, Decimal)>) {
        let told = |(at, value): (usize, &'a str)| {
            let share = self.values.get(&(at, value)).filter(|_| !value.is_empty())?;
            Some((at, value, share.drawn(self.of)?))
        };
        let why: Vec<(usize, &str, Decimal)> = own.into_iter().enumerate().filter_map(told).collect();
        let product = why.iter().try_fold(Decimal::ONE, |product, (.., lift)| product.checked_mul(*lift));
        (product.filter(|_| !why.is_empty() && self.of.best > 0), why)
    }
}

/// A lead that is like the best customers.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// Its index.
    pub customer: usize,
    /// How many times as likely it is one of the best as any other.
    pub likeness: Decimal,
    /// Its traits, by place and value, each with its lift.
    pub why: Vec<(usize, &'a str, Decimal)>,
}

/// The leads among some customers that are more like the best customers than not, the likest first: active ones before their first
/// order.
pub fn matches<'a>(index: &Index<'a>, portrait: &Portrait<'a>, customers: &[usize]) -> Vec<Match<'a>> {
    let (book, ordered) = (index.book, index.ordered());
    let is_lead = |n: &usize| {
        let c = &book.customers[*n];
        let presale = book.settings.stage(c.stage).is_none_or(|s| s.category == StageCategory::Presale);
        !c.closed && !ordered[*n] && presale
    };
    let one = |customer: usize| {
        let (likeness, why) = portrait.likeness(traits(index, customer));
        let likeness = likeness.filter(|l| *l > Decimal::ONE)?;
        Some(Match { customer, likeness, why })
    };
    let mut list: Vec<Match<'a>> = customers.iter().copied().filter(is_lead).filter_map(one).collect();
    list.sort_by_key(|l| (std::cmp::Reverse(l.likeness), l.customer));
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::{parse_decimal, round};

    #[test]
    fn likeness_multiplies_what_each_trait_says() {
        let share = |best: usize, all: usize| Share { best, all };
        let portrait = Portrait {
            of: share(4, 20),
            values: [((0, "food"), share(3, 5)), ((1, "east"), share(2, 10)), ((2, ""), share(4, 20))]
                .into_iter()
                .collect(),
            cells: Map::default(),
        };
        let check = |own: [&'static str; 3], expected: Option<&str>, traits: usize| {
            let (likeness, why) = portrait.likeness(own);
            assert_eq!(likeness.map(|l| round(l, 4)), expected.and_then(parse_decimal), "{own:?}");
            assert_eq!(why.len(), traits, "{own:?}");
        };
        // (3 + 0.25) / 5 / 0.25 and (2 + 0.5) / 5 / 0.5.
        check(["food", "west", ""], Some("2.6"), 1);
        check(["food", "east", ""], Some("2.6"), 2);
        check(["steel", "north", "big"], None, 0);
        check(["", "", ""], None, 0);
        assert_eq!(share(3, 5).lift(share(4, 20)), Some(Decimal::from(3)));
        assert_eq!(share(0, 0).lift(share(4, 20)), None);
        assert_eq!(share(1, 1).lift(share(0, 0)), None);
    }
}
