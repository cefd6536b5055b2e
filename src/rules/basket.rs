//! What is bought together in orders, and what customers lack that others like them buy.
//!
//! Work grows with the number of order lines: an order with very many products says nothing about what goes together, and is
//! left out; of the customers who are alike only the most usual products are compared, by sets of bits.

use crate::model::Map;
use crate::model::money::{Decimal, Sum};
use crate::model::settings::Basket;

/// A product in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bought {
    /// The order, or the customer, by number.
    pub by: u32,
    /// The product, by number.
    pub product: u32,
}

/// Two products that are bought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// One of them, by number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Orders with both.
    pub orders: u32,
    /// Orders with the first.
    pub of_a: u32,
    /// Orders with the second.
    pub of_b: u32,
    /// All orders.
    pub all: u32,
}

impl Pair {
    /// Share of all orders that have both.
    pub fn support(&self) -> Option<Decimal> {
        part(self.orders, self.all)
    }
    /// Share of the orders with the first that have the second, too.
    pub fn confidence(&self) -> Option<Decimal> {
        part(self.orders, self.of_a)
    }
    /// Share of the orders with the second that have the first, too.
    pub fn confidence_back(&self) -> Option<Decimal> {
        part(self.orders, self.of_b)
    }
    /// How many times as often both come together as if each came by chance.
    pub fn lift(&self) -> Option<Decimal> {
        let n = Decimal::from;
        n(self.orders).checked_mul(n(self.all))?.checked_div(n(self.of_a).checked_mul(n(self.of_b))?)
    }
}

fn part(n: u32, of: u32) -> Option<Decimal> {
    Decimal::from(n).checked_div(Decimal::from(of))
}

/// The pairs of some orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Those that occur often enough, the highest lift first.
    pub list: Vec<Pair>,
    /// The orders that count.
    pub orders: u32,
    /// Orders with so many products that they tell nothing.
    pub too_many: u32,
}

/// Up to how many products all pairs have a place in a table; with more they are looked up.
const DENSE: usize = 2048;

/// What is bought together. `bought` may hold a product of an order several times.
pub fn pairs(mut bought: Vec<Bought>, rules: &Basket) -> Pairs {
    bought.sort_unstable();
    bought.dedup();
    let mut out = Pairs::default();
    let products = bought.iter().map(|b| b.product as usize + 1).max().unwrap_or(0);
    let mut support = vec![0u32; products];
    let too_many = |order: &[Bought]| order.len() > rules.max_products();
    for order in bought.chunk_by(|a, b| a.by == b.by) {
        if too_many(order) {
            out.too_many += 1;
            continue;
        }
        out.orders += 1;
        order.iter().for_each(|b| support[b.product as usize] += 1);
    }
    // What is bought too seldom is in no pair that is bought often enough.
    let mut place = vec![usize::MAX; products];
    let usual: Vec<u32> = (0..products as u32).filter(|p| support[*p as usize] >= rules.min_orders()).collect();
    usual.iter().enumerate().for_each(|(n, p)| place[*p as usize] = n);
    let mut counts = Counts::new(usual.len());
    let mut here: Vec<usize> = Vec::new();
    for order in bought.chunk_by(|a, b| a.by == b.by).filter(|order| !too_many(order)) {
        here.clear();
        here.extend(order.iter().map(|b| place[b.product as usize]).filter(|n| *n != usize::MAX));
        for (n, a) in here.iter().enumerate() {
            here[n + 1..].iter().for_each(|b| counts.add(*a, *b));
        }
    }
    let mut list = counts.list(rules.min_orders(), |a, b, orders| {
        let (a, b) = (usual[a], usual[b]);
        Pair { a, b, orders, of_a: support[a as usize], of_b: support[b as usize], all: out.orders }
    });
    list.sort_by_cached_key(|p| (std::cmp::Reverse((p.lift(), p.orders)), p.a, p.b));
    out.list = list;
    out
}

/// How often pairs of numbers occur, the smaller number first.
enum Counts {
    Table(usize, Vec<u32>),
    Found(Map<u64, u32>),
}

impl Counts {
    fn new(n: usize) -> Counts {
        if n <= DENSE { Counts::Table(n, vec![0; n * n]) } else { Counts::Found(Map::default()) }
    }
    fn add(&mut self, a: usize, b: usize) {
        match self {
            Counts::Table(n, table) => table[a * *n + b] += 1,
            Counts::Found(found) => *found.entry((a as u64) << 32 | b as u64).or_default() += 1,
        }
    }
    fn list(self, least: u32, pair: impl Fn(usize, usize, u32) -> Pair) -> Vec<Pair> {
        match self {
            Counts::Table(n, table) => {
                let often = table.into_iter().enumerate().filter(|(_, count)| *count >= least);
                often.map(|(at, count)| pair(at / n.max(1), at % n.max(1), count)).collect()
            }
            Counts::Found(found) => {
                let often = found.into_iter().filter(|(_, count)| *count >= least);
                often.map(|(key, count)| pair((key >> 32) as usize, (key & 0xffff_ffff) as usize, count)).collect()
            }
        }
    }
}

/// A product that a customer lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The customer's index.
    pub customer: usize,
    /// What it buys, by number.
    pub has: u32,
    /// What it does not buy, by number.
    pub lacks: u32,
    /// Other customers like it that buy what it buys.
    pub peers: u32,
    /// Of them those that buy the other product, too.
    pub both: u32,
    /// Customers like it that buy the other product.
    pub buyers: u32,
    /// All other customers like it that buy something.
    pub others: u32,
    /// What these buyers bought of it, each on average; `None` = nobody knows.
    pub expected: Option<Decimal>,
}

impl Gap {
    /// Share of the peers that buy the other product.
    pub fn share(&self) -> Option<Decimal> {
        part(self.both, self.peers)
    }
    /// How many times as many of the peers as of all like it buy the other product.
    pub fn lift(&self) -> Option<Decimal> {
        self.share()?.checked_div(part(self.buyers, self.others)?)
    }
}

/// Most products of alike customers that are compared: those that most of them buy.
const MOST_PRODUCTS: usize = 200;

/// Most gaps of a customer.
const MOST_GAPS: usize = 3;

/// What the customers of a group lack that the others of it buy, the most usual first. `bought` are customers and products, with what
/// each bought of it; a product of a customer stands there once.
pub fn gaps(bought: &[(Bought, Option<Decimal>)], rules: &Basket) -> Vec<Gap> {
    let mut members: Vec<u32> = bought.iter().map(|(b, _)| b.by).collect();
    members.sort_unstable();
    members.dedup();
    let mut of: Map<u32, (u32, Option<Sum>)> = Map::default();
    for (b, net) in bought {
        let known = of.entry(b.product).or_insert((0, Some(Sum::ZERO)));
        known.0 += 1;
        match (net, &mut known.1) {
            (Some(net), Some(sum)) => sum.add(*net),
            (_, sum) => *sum = None,
        }
    }
    let mut usual: Vec<(u32, u32)> = of.iter().map(|(product, (n, _))| (*n, *product)).collect();
    usual.retain(|(n, _)| *n as usize >= rules.min_peers());
    usual.sort_by_key(|(n, product)| (std::cmp::Reverse(*n), *product));
    usual.truncate(MOST_PRODUCTS);
    let words = members.len().div_ceil(64);
    let mut bits = vec![vec![0u64; words]; usual.len()];
    let places: Map<u32, usize> = usual.iter().enumerate().map(|(n, (_, product))| (*product, n)).collect();
    for (b, _) in bought {
        if let (Some(n), Ok(member)) = (places.get(&b.product), members.binary_search(&b.by)) {
            bits[*n][member / 64] |= 1 << (member % 64);
        }
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let others = count(members.len()).saturating_sub(1);
    let mut found: Vec<Gap> = Vec::new();
    for (y, (buyers, lacks)) in usual.iter().enumerate() {
        let expected = of.get(lacks).and_then(|(n, sum)| (*sum)?.known()?.checked_div(Decimal::from(*n)));
        // Who buys what, and how many of them buy the other product: the largest share first.
        let mut with: Vec<(Decimal, Gap, usize)> = Vec::new();
        for (x, (of_x, has)) in usual.iter().enumerate().filter(|(x, _)| *x != y) {
            let both = bits[x].iter().zip(&bits[y]).map(|(a, b)| (a & b).count_ones()).sum();
            let peers = of_x.saturating_sub(1);
            let gap = Gap { customer: 0, has: *has, lacks: *lacks, peers, both, buyers: *buyers, others, expected };
            let enough = peers as usize >= rules.min_peers();
            if let Some(share) = gap.share().filter(|s| enough && *s >= rules.peer_share())
                && gap.lift().is_some_and(|lift| lift > Decimal::ONE)
            {
                with.push((share, gap, x));
            }
        }
        with.sort_by_key(|(share, gap, x)| (std::cmp::Reverse((*share, gap.peers)), *x));
        let mut told = vec![0u64; words];
        for (_, gap, x) in &with {
            for word in 0..words {
                let mut left = bits[*x][word] & !bits[y][word] & !told[word];
                told[word] |= left;
                while left != 0 {
                    let member = word * 64 + left.trailing_zeros() as usize;
                    left &= left - 1;
                    found.push(Gap { customer: members[member] as usize, ..*gap });
                }
            }
        }
    }
    found.sort_by_cached_key(|g| (g.customer, std::cmp::Reverse((g.share(), g.peers)), g.lacks));
    let mut out: Vec<Gap> =
        found.chunk_by(|a, b| a.customer == b.customer).flat_map(|l| l.iter().take(MOST_GAPS)).copied().collect();
    out.sort_by_cached_key(|g| (std::cmp::Reverse((g.share(), g.peers)), g.customer, g.lacks));
    out
}

/// Numbers for texts, such as products' ids.
#[derive(Debug, Default)]
pub struct Numbers<'a> {
    /// The texts, by number.
    pub ids: Vec<&'a str>,
    known: Map<&'a str, u32>,
}

impl<'a> Numbers<'a> {
    /// The number of a text.
    pub fn of(&mut self, id: &'a str) -> u32 {
        *self.known.entry(id).or_insert_with(|| {
            self.ids.push(id);
            u32::try_from(self.ids.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    fn orders(list: &[&[u32]]) -> Vec<Bought> {
        let order = |(n, products): (usize, &&[u32])| {
            let by = n as u32;
            products.iter().map(move |p| Bought { by, product: *p }).collect::<Vec<_>>()
        };
        list.iter().enumerate().flat_map(order).collect()
    }

    #[test]
    fn support_and_lift_are_those_of_the_orders() {
        let rules = Basket { min_orders: Some(2), max_products: Some(4), ..Basket::default() };
        // A product that stands in two lines of an order is bought once in it.
        let found = pairs(orders(&[&[1, 2, 1], &[1, 2], &[1, 3], &[3], &[2, 1, 3], &[1, 2, 3, 4, 5]]), &rules);
        assert_eq!((found.orders, found.too_many), (5, 1));
        let n = |text: &str| parse_decimal(text);
        let of = |a, b| found.list.iter().find(|p| (p.a, p.b) == (a, b)).unwrap();
        let pair = of(1, 2);
        assert_eq!((pair.orders, pair.of_a, pair.of_b), (3, 4, 3));
        assert_eq!([pair.support(), pair.confidence(), pair.lift()], [n("0.6"), n("0.75"), n("1.25")]);
        assert_eq!(pair.confidence_back(), n("1"));
        assert_eq!(found.list.iter().map(|p| (p.a, p.b)).collect::<Vec<_>>(), [(1, 2), (1, 3)]);
        assert_eq!(of(1, 3).orders, 2);
    }

    #[test]
    fn few_products_and_many_are_counted_alike() {
        let mut table = Counts::new(3);
        let mut found = Counts::Found(Map::default());
        for (a, b) in [(0, 1), (1, 2), (0, 1), (0, 2)] {
            table.add(a, b);
            found.add(a, b);
        }
        let list = |counts: Counts| {
            let pair = |a: usize, b: usize, n| Pair { a: a as u32, b: b as u32, orders: n, of_a: 0, of_b: 0, all: 0 };
            let mut list: Vec<_> = counts.list(1, pair).iter().map(|p| (p.a, p.b, p.orders)).collect();
            list.sort_unstable();
            list
        };
        assert_eq!(list(table), list(found));
    }

    #[test]
    fn whoever_lacks_what_its_peers_buy_is_told_of() {
        let rules = Basket { min_peers: Some(2), peer_share: None, ..Basket::default() };
        let buys = |customer: u32, products: &[u32]| {
            let one = |p: &u32| (Bought { by: customer, product: *p }, Some(Decimal::from(10 * *p)));
            products.iter().map(one).collect::<Vec<_>>()
        };
        let bought = [buys(0, &[1, 2]), buys(1, &[1, 2]), buys(2, &[1]), buys(7, &[3]), buys(8, &[3])].concat();
        let found = gaps(&bought, &rules);
        assert_eq!(found.len(), 1, "{found:?}");
        let gap = found[0];
        assert_eq!((gap.customer, gap.has, gap.lacks, gap.peers, gap.both), (2, 1, 2, 2, 2));
        assert_eq!((gap.share(), gap.lift(), gap.expected), (Some(1.into()), Some(2.into()), Some(20.into())));
        assert!(gaps(&[], &rules).is_empty());
    }

    #[test]
    fn an_order_of_very_many_products_costs_no_more_than_its_lines() {
        let all: Vec<u32> = (0..20_000).collect();
        let found = pairs(orders(&[&all, &[1, 2], &[1, 2], &[1, 2]]), &Basket::default());
        assert_eq!((found.orders, found.too_many, found.list.len()), (3, 1, 1));
    }
}
