//! Customers, found by what tells them apart. Work grows with the customers, however many of them share a value.

use super::keys::{Key, Keys};
use super::names::SIMILAR;
use super::{compare, spelt};
use crate::model::Map;
use crate::model::customer::Customer;
use crate::model::likeness::{Likeness, Sign};
use crate::model::reach::{NOISE, Shared};
use foldhash::fast::RandomState;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// The records that have a value: the newest one, and how many.
#[derive(Debug, Clone, Copy)]
struct Head {
    link: u32,
    count: u32,
}

/// A record that has a value, and the one before it.
#[derive(Debug, Clone, Copy)]
struct Link {
    record: u32,
    before: u32,
}

const NONE: u32 = u32::MAX;

/// Customers, found by what tells them apart.
#[derive(Debug, Default)]
pub struct Known {
    ids: Vec<String>,
    keys: Vec<Keys>,
    heads: Map<u64, Head>,
    links: Vec<Link>,
    /// How many of those that are still to be put in have a value.
    coming: Map<u64, u32>,
    hash: RandomState,
}

/// Two customers that may be one, by their numbers; the first one stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The number of one.
    pub one: usize,
    /// The number of the other.
    pub other: usize,
    /// Why.
    pub likeness: Likeness,
}

/// A value that several customers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is.
    pub sign: Sign,
    /// The value, in the form in which equal ones are equal.
    pub value: String,
    /// Their numbers, in order: two at least.
    pub customers: Vec<usize>,
}

impl Group {
    /// Whether so many have the value that it tells none of them apart.
    pub fn is_noise(&self) -> bool {
        self.customers.len() > NOISE
    }
}

/// Whether a value of the sign should be one customer's alone.
pub fn tells(sign: Sign) -> bool {
    matches!(sign, Sign::TaxId | Sign::Phone | Sign::Mail | Sign::Name)
}

impl Known {
    /// All of some customers; their numbers are their places.
    pub fn of(customers: &[Customer]) -> Known {
        let all: Vec<Keys> = customers.par_iter().with_min_len(256).map(Keys::of).collect();
        let mut known = Known::default();
        for (c, keys) in customers.iter().zip(all) {
            known.add(c.id, keys);
        }
        known
    }

    /// Puts a customer in; its number is that of those before it.
    pub fn add(&mut self, id: &str, keys: Keys) {
        let record = u32::try_from(self.keys.len()).unwrap_or(NONE);
        for group in keys.groups() {
            let link = u32::try_from(self.links.len()).unwrap_or(NONE);
            let hash = self.hash.hash_one((group[0].sign, &group[0].value));
            if let Some(coming) = self.coming.get_mut(&hash) {
                *coming = coming.saturating_sub(1);
            }
            let head = self.heads.entry(hash).or_insert(Head { link: NONE, count: 0 });
            self.links.push(Link { record, before: head.link });
            *head = Head { link, count: head.count + 1 };
        }
        self.ids.push(id.to_string());
        self.keys.push(keys);
    }

    /// Says that somebody will be put in: what very many of those to come share is noise for the first of them, too.
    pub fn expect(&mut self, keys: &Keys) {
        for group in keys.groups() {
            *self.coming.entry(self.hash.hash_one((group[0].sign, &group[0].value))).or_default() += 1;
        }
    }

    /// The keys of a number.
    pub fn keys(&self, number: usize) -> &Keys {
        &self.keys[number]
    }

    fn head(&self, key: &Key) -> Option<Head> {
        self.heads.get(&self.hash.hash_one((key.sign, &key.value))).copied()
    }

    /// How many have the value of a key.
    fn count(&self, key: &Key) -> usize {
        self.head(key).map_or(0, |h| h.count as usize)
    }

    /// Who has the value of a key, the last one first.
    fn records(&self, key: &Key) -> impl Iterator<Item = usize> {
        let mut at = self.head(key).map_or(NONE, |h| h.link);
        std::iter::from_fn(move || {
            let link = *self.links.get(at as usize)?;
            at = link.before;
            Some(link.record as usize)
        })
    }

    /// Whether one of the customers from a number on has a value.
    pub fn is_of_any(&self, sign: Sign, value: &str, from: usize) -> bool {
        let key = Key { sign, value: value.into(), variant: None };
        // The last one comes first.
        self.records(&key).next().is_some_and(|n| n >= from)
    }

    /// What others share with a customer of this id that should tell it apart.
    pub fn shared(&self, id: &str, keys: &Keys) -> Vec<Shared> {
        let mut out: Vec<Shared> = Vec::new();
        for key in keys.iter().filter(|k| tells(k.sign)) {
            let all = self.count(key);
            let has = |n: &usize| self.ids[*n] != id && self.keys[*n].iter_of(key).any(|k| k.is_same(key));
            // What very many share is noise: who they are does not matter, and going through them takes time.
            let mut others: Vec<usize> = self.records(key).take(2 * NOISE).filter(has).collect();
            if others.is_empty() || out.iter().any(|s| s.key == key.sign.key() && s.value == key.value) {
                continue;
            }
            others.sort_unstable();
            let own = usize::from(self.records(key).take(2 * NOISE).any(|n| self.ids[n] == id));
            let count = if all > 2 * NOISE { all - own } else { others.len() };
            let others = others.into_iter().map(|n| self.ids[n].clone()).collect();
            out.push(Shared { key: key.sign.key(), value: key.value.clone(), others, count });
        }
        out
    }

    /// Customers that one who is not there yet is like; the likest first.
    pub fn like(&self, keys: &Keys) -> Vec<(usize, Likeness)> {
        // The new one has the value, too.
        let coming =
            |key: &Key| self.coming.get(&self.hash.hash_one((key.sign, &key.value))).map_or(1, |n| (*n).max(1));
        let noise = |key: &Key| self.count(key) + coming(key) as usize > NOISE;
        let mut near: Vec<usize> = Vec::new();
        for group in keys.groups().filter(|g| !noise(&g[0])) {
            near.extend(self.records(&group[0]));
        }
        near.sort_unstable();
        near.dedup();
        let mut out: Vec<(usize, Likeness)> =
            near.into_iter().map(|n| (n, compare(keys, &self.keys[n], noise))).collect();
        out.sort_by_key(|(n, l)| (std::cmp::Reverse(l.score()), *n));
        out
    }

    /// All pairs with at least so many points, the likest first.
    pub fn pairs(&self, least: u32) -> Vec<Pair> {
        let noise = |key: &Key| self.count(key) > NOISE;
        // Two names that are only similar, in one city, come to no more.
        let names = (least <= Sign::SimilarName.points() + Sign::City.points()).then(|| Spellings::of(&self.keys));
        let of = |other: usize| {
            let mut near: Vec<usize> = Vec::new();
            for group in self.keys[other].groups().filter(|g| !noise(&g[0])) {
                near.extend(self.records(&group[0]).filter(|n| *n < other));
            }
            if let Some(names) = &names {
                names.near(other, &mut near);
            }
            near.sort_unstable();
            near.dedup();
            let pair = |one: usize| Pair { one, other, likeness: compare(&self.keys[one], &self.keys[other], noise) };
            near.into_iter().map(pair).filter(|p| p.likeness.score() >= least).collect::<Vec<_>>()
        };
        let mut out: Vec<Pair> = (0..self.keys.len()).into_par_iter().with_min_len(256).flat_map_iter(of).collect();
        out.par_sort_by_key(|p| (std::cmp::Reverse(p.likeness.score()), p.one, p.other));
        out
    }

    /// Everything that two customers or more share, by number and value.
    pub fn groups(&self) -> Vec<Group> {
        let mut all: BTreeMap<(Sign, &str), Vec<(usize, &Key)>> = BTreeMap::new();
        for (n, keys) in self.keys.iter().enumerate() {
            for key in keys.iter().filter(|k| self.count(k) > 1) {
                all.entry((key.sign, &key.value)).or_default().push((n, key));
            }
        }
        let mut out: Vec<Group> = Vec::new();
        for ((sign, value), list) in all {
            // Values of two variants are two values; one whose variant is not known may be either.
            let mut variants: Vec<Option<&String>> = list.iter().map(|(_, k)| k.variant.as_ref()).collect();
            variants.retain(Option::is_some);
            variants.sort_unstable();
            variants.dedup();
            // What is noise need not be told apart.
            if list.len() > NOISE {
                variants.clear();
            }
            for variant in if variants.is_empty() { vec![None] } else { variants } {
                let fits = |k: &Key| variant.is_none() || k.variant.is_none() || k.variant.as_ref() == variant;
                let mut customers: Vec<usize> = list.iter().filter(|(_, k)| fits(k)).map(|(n, _)| *n).collect();
                customers.dedup();
                if customers.len() > 1 {
                    out.push(Group { sign, value: value.to_string(), customers });
                }
            }
        }
        out.sort_by(|a, b| (&a.customers, a.sign.key(), &a.value).cmp(&(&b.customers, b.sign.key(), &b.value)));
        out.dedup();
        out
    }

    /// The values that so many share that they tell nothing, with how many: what most have first.
    pub fn noise(&self) -> Vec<(Sign, String, usize)> {
        let mut seen: BTreeMap<(Sign, &str), usize> = BTreeMap::new();
        for key in self.keys.iter().flat_map(Keys::iter) {
            let count = self.count(key);
            if count > NOISE {
                seen.insert((key.sign, &key.value), count);
            }
        }
        let mut out: Vec<_> = seen.into_iter().map(|((sign, value), n)| (sign, value.to_string(), n)).collect();
        out.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
        out
    }
}

/// A pair of characters, and which of its kind in a name it is.
type Piece = (char, char, u32);

/// Names, found by the rarest of their pairs of characters. Of two names that are similar enough, the rarest pairs of each, some more than a
/// quarter, have one in common.
struct Spellings {
    /// The rarest pieces of each record's names.
    rare: Vec<Vec<Piece>>,
    /// Who has a piece among its rarest.
    by: Map<Piece, Vec<u32>>,
}

/// With so many others a name is compared, those of its rarest piece first: where very many names are similar, some pairs are enough.
const MOST: usize = 2 * NOISE;

impl Spellings {
    fn of(all: &[Keys]) -> Spellings {
        let pieces: Vec<Vec<Vec<Piece>>> = all.par_iter().with_min_len(256).map(numbered).collect();
        let mut counts: Map<Piece, u32> = Map::default();
        pieces.iter().flatten().flatten().for_each(|p| *counts.entry(*p).or_default() += 1);
        let rarest = |names: &Vec<Vec<Piece>>| {
            let mut out: Vec<Piece> = Vec::new();
            for name in names {
                let mut name = name.clone();
                name.sort_unstable_by_key(|p| (counts.get(p).copied(), *p));
                // So many of n pieces must be in the other name, however long that is: t n / (2 - t).
                let least = (SIMILAR * name.len()).div_ceil(200 - SIMILAR);
                out.extend(name.iter().take(name.len() - least.min(name.len()) + 1));
            }
            out.sort_unstable();
            out.dedup();
            out
        };
        let rare: Vec<Vec<Piece>> = pieces.par_iter().with_min_len(256).map(rarest).collect();
        let mut by: Map<Piece, Vec<u32>> = Map::default();
        for (n, pieces) in (0..).zip(&rare) {
            pieces.iter().for_each(|p| by.entry(*p).or_default().push(n));
        }
        Spellings { rare, by }
    }

    /// Those before a record whose names may be similar to its own.
    fn near(&self, record: usize, out: &mut Vec<usize>) {
        let mut lists: Vec<&Vec<u32>> = self.rare[record].iter().filter_map(|piece| self.by.get(piece)).collect();
        lists.sort_by_key(|who| who.len());
        let before = lists.into_iter().flat_map(|who| who.iter().map(|n| *n as usize).take_while(|n| *n < record));
        out.extend(before.take(MOST));
    }
}

/// The pieces of each name.
fn numbered(keys: &Keys) -> Vec<Vec<Piece>> {
    let names = spelt(keys).into_iter().map(|(_, pairs)| {
        let mut out: Vec<Piece> = Vec::with_capacity(pairs.len());
        for (a, b) in pairs {
            let again = out.last().filter(|l| (l.0, l.1) == (a, b)).map_or(0, |l| l.2 + 1);
            out.push((a, b, again));
        }
        out
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[(&str, &str)]) -> Keys {
        Keys::of_values("", values.iter().copied())
    }

    #[test]
    fn equal_numbers_mails_and_tax_ids_are_found() {
        let mut known = Known::default();
        known.add("a", of(&[("phone", "+86 13800138000"), ("email", "Wang@Example.com"), ("name", "A")]));
        known.add("b", of(&[("phone", "021-55550000/13800138000"), ("tax_id", "9131-00AB")]));
        let check = |key: &str, value: &str, expected: &[&str]| {
            let found = known.shared("b", &of(&[(key, value)]));
            let found: Vec<String> = found.iter().flat_map(|s| s.others.clone()).collect();
            assert_eq!(found, expected, "{key} {value}");
        };
        check("phone", "13800138000", &["a"]);
        check("phone", "0086 138 0013 8000", &["a"]);
        check("phone", "+852 13800138", &[]);
        // Its own are no news.
        check("phone", "55550000", &[]);
        check("tax_id", "913100ab", &[]);
        check("email", "wang@example.com", &["a"]);
        check("name", "A", &["a"]);
        assert_eq!(known.shared("c", &of(&[("tax_id", "９１３１００AB")])).len(), 1);
        assert_eq!(known.shared("c", &of(&[("phone", "13800138000")]))[0].others, ["a", "b"]);
    }

    #[test]
    fn what_more_than_twenty_share_is_noise() {
        let check = |n: usize, expected: u32| {
            let mut known = Known::default();
            for i in 0..n {
                known.add(&format!("c{i}"), of(&[("phone", "021-55550000"), ("name", &format!("Name {i}"))]));
            }
            let new = of(&[("phone", "02155550000"), ("name", "Name 1")]);
            // The new one counts.
            let found = known.like(&new);
            assert_eq!(found.first().map_or(0, |(_, l)| l.score()), expected, "{n}");
            assert_eq!(known.noise().len(), usize::from(n > NOISE), "{n}");
            assert_eq!(known.pairs(60).is_empty(), n > NOISE, "{n}");
        };
        check(19, 110);
        check(20, 50);
        check(21, 50);
        check(2000, 50);
    }

    #[test]
    fn pairs_come_with_the_likest_first() {
        let mut known = Known::default();
        known.add("a", of(&[("name", "Acme Ltd"), ("phone", "13800138000")]));
        known.add("b", of(&[("name", "Bolt"), ("phone", "13800138000")]));
        known.add("c", of(&[("name", "ACME"), ("phone", "+86 13800138000")]));
        known.add("d", of(&[("name", "Shanghai Precision Tools")]));
        known.add("e", of(&[("name", "Shanghai Precison Tools")]));
        let found = |least: u32| -> Vec<(usize, usize, u32)> {
            known.pairs(least).iter().map(|p| (p.one, p.other, p.likeness.score())).collect()
        };
        assert_eq!(found(50), [(0, 2, 110), (0, 1, 60), (1, 2, 60)]);
        assert_eq!(found(90), [(0, 2, 110)]);
        assert_eq!(found(35), [(0, 2, 110), (0, 1, 60), (1, 2, 60), (3, 4, 35)]);
    }

    proptest! {
        #[test]
        fn no_similar_name_is_missed(names in proptest::collection::vec("[ab华新电子]{2,14}", 2..12)) {
            let mut known = Known::default();
            names.iter().for_each(|n| known.add(n, of(&[("name", n)])));
            let found: Vec<(usize, usize)> = known.pairs(35).iter().map(|p| (p.one, p.other)).collect();
            for (m, b) in names.iter().enumerate() {
                for (n, a) in names[..m].iter().enumerate() {
                    let like = compare(known.keys(n), known.keys(m), |_| false).score() >= 35;
                    prop_assert_eq!(found.contains(&(n, m)), like, "{} {}", a, b);
                }
            }
        }

        #[test]
        fn pairs_are_those_of_all_customers_compared(
            rows in proptest::collection::vec(("[a-c]{2,3}", "1380013800[0-3]", "(a|b)@(qq|acme)\\.com"), 2..12),
        ) {
            let mut known = Known::default();
            for (n, (name, phone, mail)) in rows.iter().enumerate() {
                known.add(&n.to_string(), of(&[("name", name), ("phone", phone), ("email", mail)]));
            }
            let mut expected = 0;
            for m in 0..rows.len() {
                for n in 0..m {
                    expected += usize::from(compare(known.keys(n), known.keys(m), |_| false).score() >= 50);
                }
            }
            prop_assert_eq!(known.pairs(50).len(), expected);
        }
    }
}
