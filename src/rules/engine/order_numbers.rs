//! A number for each order: ids are texts, and comparing many of them is dear.

use crate::model::book::Book;
use crate::model::columns::{Column, Segment};
use crate::model::order::OrderLine;
use crate::model::{Map, Str};
use hashbrown::HashTable;
use rayon::prelude::*;
use std::hash::BuildHasher as _;

/// Equal ids have equal hashes within one run of the program; which, is of no interest.
const ORDER_HASH: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0x6b65_6875);

/// A number for each order: ids are texts, and comparing many of them is dear.
#[derive(Debug)]
pub(in crate::rules) struct OrderNumbers {
    /// The number of the first id of each file, by the file's number.
    bases: Vec<u32>,
    /// Orders that are met again after others, in the same file or another, under the number of their first lines.
    split: Map<u32, u32>,
}

impl OrderNumbers {
    pub(in crate::rules) fn new(book: &Book) -> OrderNumbers {
        const PARTS: u64 = 16;
        let segments = book.orders.segments();
        let mut bases = vec![0; book.files.len()];
        let mut next = 0;
        for s in segments {
            if let Some(base) = bases.get_mut(s.file as usize) {
                *base = next;
            }
            next += match s.column(OrderLine::ID) {
                Column::Text(ids) => ids.len() as u32,
                _ => 0,
            };
        }
        // Every id with its number, spread over tables by its hash.
        let ids = |s: &&'static Segment| {
            let mut out: Vec<Vec<(u64, Str, u32)>> = vec![Vec::new(); PARTS as usize];
            if let Column::Text(ids) = s.column(OrderLine::ID) {
                let base = bases.get(s.file as usize).copied().unwrap_or_default();
                for n in 0..ids.len() {
                    let id = ids.value(n);
                    let hash = ORDER_HASH.hash_one(id.as_bytes());
                    out[(hash % PARTS) as usize].push((hash, id, base + n as u32));
                }
            }
            out
        };
        let ids: Vec<Vec<Vec<(u64, Str, u32)>>> = segments.par_iter().map(ids).collect();
        let twice = |part: usize| {
            let all = || ids.iter().flat_map(|r| &r[part]);
            let mut seen: HashTable<(u64, Str, u32)> = HashTable::with_capacity(all().count());
            let mut out = Vec::new();
            for (hash, id, number) in all() {
                match seen.find(*hash, |(_, known, _)| known == id) {
                    Some((_, _, first)) => out.push((*number, *first)),
                    None => _ = seen.insert_unique(*hash, (*hash, id, *number), |(hash, ..)| *hash),
                }
            }
            out
        };
        let split = (0..PARTS as usize).into_par_iter().flat_map_iter(twice).collect();
        OrderNumbers { bases, split }
    }

    /// The number of an order by the number of its id in a file.
    #[inline]
    pub(in crate::rules) fn of(&self, segment: &Segment, code: usize) -> u32 {
        let number = self.bases.get(segment.file as usize).map_or(u32::MAX, |base| base + code as u32);
        if self.split.is_empty() { number } else { self.split.get(&number).copied().unwrap_or(number) }
    }
}
