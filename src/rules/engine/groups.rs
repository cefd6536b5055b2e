//! Figures of many groups at once (R6): each group has a number, and each thread adds up the groups of its own.

use super::once::inside;
use crate::model::Map;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, Row as _, Segment, TextColumn};
use crate::model::day::Day;
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::rules::prices::Prices;
use crate::rules::profit::{Figures, Sale, Subject, allowances, is_touched};
use indexmap::IndexSet;
use rayon::prelude::*;
use std::borrow::Cow;

/// From how many groups on each thread goes through all rows and adds up its own groups. With fewer, each takes its own
/// rows, and what they found is put together.
const MANY: usize = 4096;

/// The figures of those groups in which something was sold, by the group's number.
#[derive(Debug)]
pub struct Numbered {
    /// Groups in stretches of this many.
    stretch: usize,
    parts: Vec<Part>,
    /// The figures of lines that belong to no customer of the book; only [`by_customer`] knows any.
    unknown: Figures,
    nothing: Figures,
}

/// A stretch of groups: where each one's figures stand, from 1; 0 = it has none.
#[derive(Debug, Default)]
struct Part {
    places: Vec<u32>,
    figures: Vec<Figures>,
}

impl Part {
    fn new(groups: usize) -> Part {
        Part { places: vec![0; groups], figures: Vec::new() }
    }

    #[inline]
    fn of(&mut self, group: usize) -> &mut Figures {
        if self.places[group] == 0 {
            self.figures.push(Figures::default());
            self.places[group] = self.figures.len() as u32;
        }
        let place = self.places[group] as usize;
        &mut self.figures[place - 1]
    }

    /// Groups in which something was sold.
    fn iter(&self) -> impl Iterator<Item = (usize, &Figures)> {
        let known = self.places.iter().enumerate().filter(|(_, place)| **place > 0);
        known.map(|(group, place)| (group, &self.figures[*place as usize - 1])).filter(|(_, f)| !f.is_empty())
    }
}

impl Numbered {
    /// The figures of a group.
    pub fn of(&self, group: usize) -> &Figures {
        let found = self.parts.get(group / self.stretch).and_then(|part| {
            let place = (*part.places.get(group % self.stretch)? as usize).checked_sub(1)?;
            part.figures.get(place)
        });
        found.unwrap_or(&self.nothing)
    }

    /// The figures of lines that belong to no customer of the book.
    pub fn unknown(&self) -> &Figures {
        &self.unknown
    }

    /// The same, by all threads.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = (usize, &Figures)> {
        let parts = self.parts.par_iter().enumerate();
        parts.flat_map_iter(move |(n, part)| part.iter().map(move |(group, f)| (n * self.stretch + group, f)))
    }

    /// All groups together, and what belongs to none.
    pub fn total(&self) -> Figures {
        let add = |mut sum: Figures, f: &Figures| {
            sum.merge(f);
            sum
        };
        let known = self
            .par_iter()
            .fold(Figures::default, |sum, (_, f)| add(sum, f))
            .reduce(Figures::default, |a, b| add(a, &b));
        known.and(&self.unknown)
    }

    /// Groups that have any figures, by number.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Figures)> {
        let parts = self.parts.iter().enumerate();
        parts.flat_map(move |(n, part)| part.iter().map(move |(group, f)| (n * self.stretch + group, f)))
    }

    fn add(&mut self, group: usize, sale: &Sale<'_>) {
        if let Some(part) = self.parts.get_mut(group / self.stretch) {
            part.of(group % self.stretch).add(sale);
        }
    }
}

/// Some files' lines, and the number of the group of each; [`NOBODY`] for those that belong to none.
type Assigned<'n> = [(&'static Segment, Cow<'n, [u32]>)];

/// Adds up the lines of a period by the numbers of their groups, which lie below `groups`.
fn collect(prices: &Prices<'_>, period: Period, groups: usize, lines: &Assigned<'_>) -> Numbered {
    prices.numbers();
    let threads = rayon::current_num_threads().clamp(1, 8);
    let nothing = Figures::default();
    if groups >= MANY {
        let stretch = groups.div_ceil(threads).max(1);
        let of_stretch = |n: usize| {
            let from = (n * stretch).min(groups);
            inside(|| add_up(prices, period, from..(from + stretch).min(groups), lines))
        };
        let parts = (0..threads).into_par_iter().with_max_len(1).map(of_stretch).collect();
        return Numbered { stretch, parts, unknown: Figures::default(), nothing };
    }
    let few = lines.len().div_ceil(threads).max(1);
    let found: Vec<Part> =
        lines.par_chunks(few).map(|lines| inside(|| add_up(prices, period, 0..groups, lines))).collect();
    let mut found = found.into_iter();
    let mut all = found.next().unwrap_or_else(|| Part::new(groups));
    for part in found {
        part.iter().for_each(|(group, f)| all.of(group).merge(f));
    }
    Numbered { stretch: groups.max(1), parts: vec![all], unknown: Figures::default(), nothing }
}

/// Adds up the lines of some groups. Lines of one order mostly stand together: what is known of it is asked once.
fn add_up(prices: &Prices<'_>, period: Period, groups: std::ops::Range<usize>, lines: &Assigned<'_>) -> Part {
    let mut out = Part::new(groups.len());
    let own = groups.start as u32..groups.end as u32;
    let mut count = 0;
    // Room for those that occur, and not for twice as many as a growing list would take.
    for (segment, numbers) in lines {
        let rows = numbers.iter().zip(days(segment).unwrap_or_default());
        for (number, _) in rows.filter(|(n, day)| own.contains(n) && period.contains(**day)) {
            let place = &mut out.places[(number - own.start) as usize];
            if *place == 0 {
                count += 1;
                *place = count;
            }
        }
    }
    out.figures.resize_with(count as usize, Figures::default);
    for (segment, numbers) in lines {
        let (Some(days), Column::Text(ids)) = (days(segment), segment.column(OrderLine::ID)) else { continue };
        let costed = prices.lines(segment).with_costs();
        let mut last: Option<(usize, Option<u32>)> = None;
        for (row, number) in numbers.iter().enumerate() {
            if !own.contains(number) || !period.contains(days[row]) {
                continue;
            }
            let code = ids.codes.get(row);
            let order = match last {
                Some((known, order)) if known == code => order,
                _ => {
                    let order = prices.counts(ids.value(code)).then(|| prices.number_of(segment, code));
                    last = Some((code, order));
                    order
                }
            };
            if order.is_some() {
                out.of((number - own.start) as usize).add_amounts(&costed.amounts(row), order);
            }
        }
    }
    out
}

fn days(segment: &'static Segment) -> Option<&'static [Day]> {
    segment.instants(OrderLine::AT).map(|at| at.days.as_slice())
}

/// The files in which a line of a period may stand, with their places among the book's.
fn touched(book: &Book, period: Period) -> impl Iterator<Item = (usize, &'static Segment)> {
    book.orders.segments().iter().copied().enumerate().filter(move |(_, s)| is_touched(s, period))
}

/// The figures of every customer over a period, by the customer's index.
pub fn by_customer<'a>(book: &'a Book, prices: &Prices<'a>, period: Period) -> Numbered {
    let lines: Vec<(&'static Segment, Cow<'_, [u32]>)> = match prices.known_owners() {
        // What others have looked up already need not be looked up again.
        Some(all) => touched(book, period).map(|(n, s)| (s, Cow::Borrowed(all[n].as_slice()))).collect(),
        None => {
            let segments: Vec<&'static Segment> = touched(book, period).map(|(_, s)| s).collect();
            let found = super::grouped::customers_of::<OrderLine>(book, &segments);
            segments.into_iter().zip(found.into_iter().map(Cow::Owned)).collect()
        }
    };
    let mut out = collect(prices, period, book.customers.len(), &lines);
    out.unknown = of_nobody(prices, period, &lines);
    allowances(book, period).for_each(|s| match s.customer {
        Some(customer) => out.add(customer, &s),
        None => out.unknown.add(&s),
    });
    out
}

/// The figures of lines that belong to no customer of the book.
fn of_nobody(prices: &Prices<'_>, period: Period, lines: &Assigned<'_>) -> Figures {
    let mut out = Figures::default();
    for (segment, owners) in lines.iter().filter(|(_, owners)| owners.contains(&NOBODY)) {
        let strays = owners.iter().zip(0..).filter(|(owner, _)| **owner == NOBODY);
        let strays = strays.map(|(_, row)| OrderLine::of(segment, row));
        for line in strays.filter(|l| period.contains(l.day()) && prices.counts(l.id())) {
            out.add(&Sale::of(prices, line, None));
        }
    }
    out
}

/// The part of a line that decides the name of its group: lines that are equal in it need be asked only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Its product.
    Product,
    /// Its order.
    Order,
    /// Its customer.
    Customer,
    /// Who sold it.
    Seller,
    /// More than one of these, or the day.
    Several,
}

/// The figures of groups by name, each over parts of a period.
#[derive(Debug)]
pub struct Breakdown<'a> {
    names: IndexSet<Cow<'a, str>, foldhash::fast::RandomState>,
    parts: usize,
    /// The numbers of name × parts + part that occur, where most of them do not.
    cells: Option<Vec<u64>>,
    figures: Numbered,
}

impl<'a> Breakdown<'a> {
    /// The names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// Names, parts and figures of what was sold.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize, &Figures)> {
        self.figures.iter().map(|(number, f)| {
            let cell = self.cells.as_ref().map_or(number, |cells| cells[number] as usize);
            (self.names[cell / self.parts].as_ref(), cell % self.parts, f)
        })
    }

    /// The same, by all threads.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = (&str, usize, &Figures)> {
        self.figures.par_iter().map(|(number, f)| {
            let cell = self.cells.as_ref().map_or(number, |cells| cells[number] as usize);
            (self.names[cell / self.parts].as_ref(), cell % self.parts, f)
        })
    }

    /// All of it together.
    pub fn total(&self) -> Figures {
        self.figures.total()
    }

    /// The sums of each name over all parts ([`Figures::merge_sums`]), in no order.
    pub fn by_name(&self) -> Vec<(&str, Figures)> {
        let first = |name: usize| match &self.cells {
            None => name * self.parts,
            Some(cells) => cells.partition_point(|cell| (*cell as usize) < name * self.parts),
        };
        let sums = |name: usize| {
            let found = (first(name)..first(name + 1)).map(|number| self.figures.of(number)).filter(|f| !f.is_empty());
            let sum = found.fold(None, |sum: Option<Figures>, f| {
                let mut sum = sum.unwrap_or_default();
                sum.merge_sums(f);
                Some(sum)
            });
            Some((self.names[name].as_ref(), sum?))
        };
        (0..self.names.len()).into_par_iter().filter_map(sums).collect()
    }

    /// The figures of a name in a part.
    pub fn of(&self, name: &str, part: usize) -> &Figures {
        let Some(name) = self.names.get_index_of(name) else { return &self.figures.nothing };
        let cell = name * self.parts + part;
        match &self.cells {
            None => self.figures.of(cell),
            Some(cells) => match cells.binary_search(&(cell as u64)) {
                Ok(number) => self.figures.of(number),
                Err(_) => &self.figures.nothing,
            },
        }
    }

    /// Puts all sales of a period into groups. `part` says which of the `parts` a day belongs to.
    pub fn new(
        book: &'a Book,
        prices: &Prices<'a>,
        period: Period,
        basis: Basis,
        name: impl Fn(&Subject<'a>) -> Cow<'a, str> + Sync,
        (parts, part): (usize, &(dyn Fn(Day) -> usize + Sync)),
    ) -> Breakdown<'a> {
        let owners = prices.owners();
        let files: Vec<(usize, &'static Segment)> = touched(book, period).collect();
        let named: Vec<Named<'a>> = files
            .par_iter()
            .map(|(n, s)| inside(|| Named::new(prices, period, s, &owners[*n], basis, &name)))
            .collect();
        let mut names: IndexSet<Cow<'a, str>, _> = IndexSet::default();
        let mut renamed = Vec::with_capacity(named.len());
        for file in named {
            let numbers: Vec<usize> = file.names.into_iter().map(|n| names.insert_full(n).0).collect();
            renamed.push((numbers, file.rows));
        }
        let extra: Vec<(usize, Sale<'a>)> =
            allowances(book, period).map(|s| (names.insert_full(name(&s.subject())).0, s)).collect();
        let parts = parts.max(1);
        // The cell of each line; lines of a day mostly stand together.
        let cell_of = |(numbers, rows): (Vec<usize>, Vec<u32>), segment: &'static Segment| -> Vec<u64> {
            let days = days(segment).unwrap_or_default();
            let mut last: Option<(Day, usize)> = None;
            let mut of_day = |day: Day| match last {
                Some((known, part)) if known == day => part,
                _ => {
                    let part = part(day).min(parts - 1);
                    last = Some((day, part));
                    part
                }
            };
            let rows = rows.iter().zip(days);
            rows.map(|(local, day)| match numbers.get(*local as usize) {
                Some(name) => (name * parts + of_day(*day)) as u64,
                None => u64::MAX,
            })
            .collect()
        };
        let cells: Vec<Vec<u64>> =
            renamed.into_par_iter().zip(&files).map(|(file, (_, segment))| cell_of(file, segment)).collect();
        let extra: Vec<(u64, Sale<'a>)> =
            extra.into_iter().map(|(name, s)| ((name * parts + part(s.day).min(parts - 1)) as u64, s)).collect();
        let (cells, known) = numbered(cells, extra.iter().map(|(cell, _)| *cell), names.len() * parts);
        let lines: Vec<(&'static Segment, Cow<'_, [u32]>)> =
            files.iter().map(|(_, s)| *s).zip(cells.into_iter().map(Cow::Owned)).collect();
        let count = known.as_ref().map_or(names.len() * parts, Vec::len);
        let mut figures = collect(prices, period, count, &lines);
        for (cell, sale) in &extra {
            if let Some(number) = number_of(known.as_deref(), *cell) {
                figures.add(number as usize, sale);
            }
        }
        Breakdown { names, parts, cells: known, figures }
    }

    /// Puts some sales into groups.
    pub fn of_sales<'s>(
        sales: impl Iterator<Item = &'s Sale<'a>>,
        name: impl Fn(&Subject<'a>) -> Cow<'a, str>,
        (parts, part): (usize, &(dyn Fn(Day) -> usize + Sync)),
    ) -> Breakdown<'a>
    where
        'a: 's,
    {
        let parts = parts.max(1);
        let mut names: IndexSet<Cow<'a, str>, _> = IndexSet::default();
        let mut places: Map<u64, usize> = Map::default();
        let mut found: Vec<(u64, Figures)> = Vec::new();
        for s in sales {
            let cell = (names.insert_full(name(&s.subject())).0 * parts + part(s.day).min(parts - 1)) as u64;
            let place = *places.entry(cell).or_insert_with(|| {
                found.push((cell, Figures::default()));
                found.len() - 1
            });
            found[place].1.add(s);
        }
        found.sort_by_key(|(cell, _)| *cell);
        let (cells, figures): (Vec<u64>, Vec<Figures>) = found.into_iter().unzip();
        let part = Part { places: (1..=figures.len() as u32).collect(), figures };
        let (stretch, unknown, nothing) = (cells.len().max(1), Figures::default(), Figures::default());
        let figures = Numbered { stretch, parts: vec![part], unknown, nothing };
        Breakdown { names, parts, cells: Some(cells), figures }
    }
}

/// Gives cells numbers: their own where a table of all of them is small, else their places among those that occur.
fn numbered(cells: Vec<Vec<u64>>, extra: impl Iterator<Item = u64>, all: usize) -> (Vec<Vec<u32>>, Option<Vec<u64>>) {
    let rows: usize = cells.iter().map(Vec::len).sum();
    let known = (all > 8 * rows + (1 << 16)).then(|| {
        let mut known: Vec<u64> = cells.iter().flatten().copied().filter(|c| *c != u64::MAX).chain(extra).collect();
        known.par_sort_unstable();
        known.dedup();
        known
    });
    let number = |cell: u64| number_of(known.as_deref(), cell).unwrap_or(NOBODY);
    let numbers = cells.into_par_iter().map(|file| file.into_iter().map(number).collect()).collect();
    (numbers, known)
}

fn number_of(known: Option<&[u64]>, cell: u64) -> Option<u32> {
    match known {
        None => u32::try_from(cell).ok(),
        Some(known) => known.binary_search(&cell).ok().and_then(|n| u32::try_from(n).ok()),
    }
}

/// The lines of one file, each with a number of its group's name; [`NOBODY`] for those that count nowhere.
struct Named<'a> {
    names: IndexSet<Cow<'a, str>, foldhash::fast::RandomState>,
    rows: Vec<u32>,
}

impl<'a> Named<'a> {
    fn new(
        prices: &Prices<'a>,
        period: Period,
        segment: &'static Segment,
        owners: &[u32],
        basis: Basis,
        name: &impl Fn(&Subject<'a>) -> Cow<'a, str>,
    ) -> Named<'a> {
        let mut names: IndexSet<Cow<'a, str>, foldhash::fast::RandomState> = IndexSet::default();
        let mut ask = |row: usize, customer: Option<usize>, day: Day| {
            let line = OrderLine::of(segment, row as u32);
            let product = prices.product(line);
            let subject = Subject { customer, day, order: line.id(), product, by: line.by(), line: Some(line) };
            names.insert_full(name(&subject)).0 as u32
        };
        let texts = |column| match segment.column(column) {
            Column::Text(t) => Some(t),
            _ => None,
        };
        let decides: Option<&'static TextColumn> = match basis {
            Basis::Product => texts(OrderLine::PRODUCT),
            Basis::Order => texts(OrderLine::ID),
            Basis::Customer => texts(OrderLine::CUSTOMER),
            Basis::Seller => texts(OrderLine::BY),
            Basis::Several => None,
        };
        let mut known = vec![NOBODY; decides.map_or(0, TextColumn::len)];
        let days = days(segment).unwrap_or_default();
        let rows = owners.iter().zip(days).enumerate().map(|(row, (owner, day))| {
            if !period.contains(*day) {
                return NOBODY;
            }
            let customer = (*owner != NOBODY).then_some(*owner as usize);
            let Some(texts) = decides else { return ask(row, customer, *day) };
            let code = texts.codes.get(row);
            if known[code] == NOBODY {
                let number = ask(row, customer, *day);
                // The product of what is given back may stand in another row.
                if basis != Basis::Product || !texts.value(code).is_empty() {
                    known[code] = number;
                }
                return number;
            }
            known[code]
        });
        let rows = rows.collect();
        Named { names, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_numbers_also_where_most_are_empty() {
        let cells = || vec![vec![5, u64::MAX, 900], vec![5]];
        let extra = || [7].into_iter();
        assert_eq!(numbered(cells(), extra(), 1000), (vec![vec![5, NOBODY, 900], vec![5]], None));
        let many = 1 << 40;
        assert_eq!(numbered(cells(), extra(), many), (vec![vec![0, NOBODY, 2], vec![0]], Some(vec![5, 7, 900])));
        assert_eq!(number_of(Some(&[5, 7, 900]), 7), Some(1));
        assert_eq!(number_of(Some(&[5, 7, 900]), 8), None);
    }
}
