//! The columns of the large ledgers: an archive for each ledger, in it a section for each column of each file.
//!
//! A segment that comes from here has no columns at first; each is fetched when it is first asked for.

use super::archive::{Archive, Bytes, put, put_i64s, put_text, put_u32, put_u32s};
use super::{CacheUse, Draft, Stat, hash, tear};
use crate::model::columns::{Codes, Column, Instants, Numbers, Segment, Source, TextColumn, day_number, day_of_number};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::zone::Zone;
use crate::model::{Map, Str};
use crate::store::read::table::width;
use rayon::prelude::*;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// A file of a ledger as an archive knows it.
#[derive(Debug, Clone)]
struct Entry {
    stat: Stat,
    rows: usize,
    days: Option<(Day, Day)>,
    /// The first of its sections.
    base: usize,
}

/// The archive of one ledger.
#[derive(Debug)]
pub(in crate::store) struct Known {
    archive: Arc<Archive>,
    entries: Map<String, Entry>,
    /// The first key of each block of the index, and the first of the sections that hold the blocks.
    blocks: (Vec<u32>, usize),
}

/// Where a row stands, by what its key column says: a block of the index has many of them, sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    key: u32,
    /// The file's number in the directory.
    file: u32,
    offset: u32,
    line: u32,
}

/// Rows of a block of the index.
const BLOCK: usize = 256;

/// The column that tells which rows are wanted.
fn key_column(ledger: Ledger) -> usize {
    ledger.about().unwrap_or(usize::MAX)
}

/// The key of a text in the index.
fn key_of(text: &str) -> u32 {
    (hash(text.as_bytes()) >> 32) as u32
}

/// Days and bare dates depend on the zone.
fn key(ledger: Ledger, tz: Zone) -> u64 {
    let columns: Vec<&str> = ledger.columns().iter().map(|c| c.name).collect();
    hash(format!("{} {} {}", ledger.name(), tz.name(), columns.join(",")).as_bytes())
}

impl Known {
    fn open(root: &Path, ledger: Ledger, tz: Zone) -> Option<Known> {
        let archive = Archive::open(root, ledger.name(), key(ledger, tz))?;
        let mut bytes = Bytes(archive.directory());
        let count = bytes.count(4 + Stat::BYTES + 12)?;
        let mut entries = Map::with_capacity_and_hasher(count, Default::default());
        for n in 0..count {
            let path = bytes.text()?.to_string();
            let stat = Stat::take(&mut bytes)?;
            let rows = bytes.u32()? as usize;
            // Each row has a line.
            (rows as u64 <= stat.size).then_some(())?;
            let [first, last] = [bytes.u32()?, bytes.u32()?].map(|n| day_of_number(n.cast_signed()));
            entries.insert(path, Entry { stat, rows, days: first.zip(last), base: n * width(ledger) });
        }
        let firsts = bytes.count(4)?;
        let blocks = (bytes.u32s(firsts)?, count * width(ledger));
        Some(Known { archive: Arc::new(archive), entries, blocks })
    }

    /// The spots of rows with a key, which may be those of another text with the same one.
    fn spots(&self, key: u32) -> Option<Vec<Spot>> {
        let mut out = Vec::new();
        let first = self.blocks.0.partition_point(|k| *k < key).saturating_sub(1);
        for n in first..self.blocks.0.len() {
            if self.blocks.0[n] > key {
                break;
            }
            let block = self.archive.section(self.blocks.1 + n)?;
            let numbers = Bytes(&block).u32s(block.len() / 4)?;
            let spots = numbers.chunks_exact(4).map(|s| Spot { key: s[0], file: s[1], offset: s[2], line: s[3] });
            out.extend(spots.filter(|s| s.key == key));
        }
        Some(out)
    }

    /// The rows of a file, if it is as it was.
    fn segment(
        &self,
        ledger: Ledger,
        file: Str,
        number: u32,
        stat: &Stat,
        reread: &Arc<dyn Reread>,
    ) -> Option<Segment> {
        let entry = self.entries.get(file).filter(|e| e.stat == *stat)?;
        let source =
            Kept { archive: Arc::clone(&self.archive), entry: entry.clone(), ledger, file, reread: Arc::clone(reread) };
        Some(Segment {
            ledger,
            file: number,
            rows: entry.rows,
            days: entry.days,
            columns: (0..width(ledger)).map(|_| OnceLock::new()).collect(),
            source: Some(Box::new(source)),
        })
    }
}

/// Reads a file of a ledger again, where a section of the archive is damaged.
pub(in crate::store) trait Reread: Send + Sync {
    /// All rows of a file, which must still be in this state.
    fn read(&self, ledger: Ledger, file: Str, stat: &Stat) -> Option<Segment>;
}

/// Where the columns of a segment come from.
struct Kept {
    archive: Arc<Archive>,
    entry: Entry,
    ledger: Ledger,
    file: Str,
    reread: Arc<dyn Reread>,
}

impl Source for Kept {
    fn fetch(&self, column: usize) -> Column {
        let kept = self.archive.section(self.entry.base + column).and_then(|bytes| decode(&bytes, self.entry.rows));
        kept.unwrap_or_else(|| {
            let again = self.reread.read(self.ledger, self.file, &self.entry.stat);
            match again.filter(|s| s.rows == self.entry.rows) {
                Some(segment) => segment.column(column).clone(),
                None => {
                    tear();
                    Column::Empty
                }
            }
        })
    }
}

/// Where rows stand that name something: by file, offset and line.
pub(in crate::store) type Places = Vec<(u32, u32)>;

/// The files of a ledger that hold wanted rows.
pub(in crate::store) struct Lookup {
    /// The places of the rows in each file that is as it was; other files must be searched.
    pub(in crate::store) known: Map<Str, Places>,
}

impl Lookup {
    /// Looks for rows whose customer (of events: whose subject) is one of some ids. `None` where the cache has no answer.
    pub(in crate::store) fn find(
        root: &Path,
        ledger: Ledger,
        tz: Zone,
        files: &[Str],
        ids: &[String],
    ) -> Option<Lookup> {
        let known = Known::open(root, ledger, tz)?;
        // The directory's order is that of the sections.
        let number = |e: &Entry| (e.base / width(ledger)) as u32;
        let mut found: Map<u32, Places> = Map::default();
        for id in ids {
            for spot in known.spots(key_of(id))? {
                found.entry(spot.file).or_default().push((spot.offset, spot.line));
            }
        }
        let one = |file: &Str| {
            let entry = known.entries.get(*file)?;
            if Stat::of(&root.join(file)) != Some(entry.stat) {
                return None;
            }
            let mut places = found.get(&number(entry)).cloned().unwrap_or_default();
            places.sort_unstable();
            places.dedup();
            Some((*file, places))
        };
        Some(Lookup { known: files.iter().filter_map(one).collect() })
    }
}

/// The reading of one ledger through the cache.
pub(in crate::store) struct Reading {
    ledger: Ledger,
    tz: Zone,
    known: Option<Known>,
    draft: Option<Draft>,
    stats: Map<Str, Option<Stat>>,
    reread: Arc<dyn Reread>,
}

impl Reading {
    /// Begins the reading of some files; `None` where the cache is not worth it.
    pub(in crate::store) fn begin(
        root: &Path,
        ledger: Ledger,
        tz: Zone,
        files: &[Str],
        cache: CacheUse,
        reread: &Arc<dyn Reread>,
    ) -> Option<Reading> {
        if cache == CacheUse::Off {
            return None;
        }
        let stats: Map<Str, Option<Stat>> = files.iter().map(|f| (*f, Stat::of(&root.join(f)))).collect();
        let bytes: u64 = stats.values().flatten().map(|s| s.size).sum();
        if !cache.suits_ledger(files.len(), bytes) {
            return None;
        }
        let known = Known::open(root, ledger, tz);
        let fits = |k: &Known| {
            let same = |(file, stat): (&Str, &Option<Stat>)| {
                k.entries.get(*file).zip(stat.as_ref()).is_some_and(|(e, s)| e.stat == *s)
            };
            let (known, changed): (Vec<_>, Vec<_>) = stats.iter().partition(|(f, s)| same((f, s)));
            let size =
                |list: &[(&Str, &Option<Stat>)]| list.iter().filter_map(|(_, s)| **s).map(|s| s.size).sum::<u64>();
            // Reading a few files anew is cheaper than writing all.
            size(&changed) * 16 <= size(&known)
        };
        let draft = if known.as_ref().is_some_and(fits) { None } else { Draft::begin(root) };
        // A draft's clock is asked before the states of files that it may keep.
        let stats = match &draft {
            Some(_) => files.iter().map(|f| (*f, Stat::of(&root.join(f)))).collect(),
            None => stats,
        };
        Some(Reading { ledger, tz, known, draft, stats, reread: Arc::clone(reread) })
    }

    /// Whether the archive is to be written anew.
    pub(in crate::store) fn writes(&self) -> bool {
        self.draft.is_some()
    }

    /// How long a file is.
    pub(in crate::store) fn len(&self, file: Str) -> Option<u64> {
        Some(self.stats.get(file)?.as_ref()?.size)
    }

    /// The rows of a file from the archive, if it is as it was.
    pub(in crate::store) fn take(&self, file: Str, number: u32) -> Option<Segment> {
        let stat = self.stats.get(file)?.as_ref()?;
        self.known.as_ref()?.segment(self.ledger, file, number, stat, &self.reread)
    }

    /// Writes the archive anew from segments in which nothing was wrong, if that is due.
    pub(in crate::store) fn finish<'s>(self, root: &Path, segments: impl Iterator<Item = (Str, &'s Segment)>) {
        let Some(draft) = &self.draft else { return };
        let mut directory = Vec::new();
        let kept: Vec<(Str, Stat, &Segment)> = segments
            .filter_map(|(file, segment)| {
                let stat = (*self.stats.get(file)?)?;
                // What came from the old archive was left alone then, and is the same now.
                let calm = segment.source.is_some() || draft.is_calm(&stat);
                calm.then_some((file, stat, segment))
            })
            .collect();
        if kept.is_empty() {
            return draft.drop();
        }
        put_u32(&mut directory, kept.len());
        for (file, stat, segment) in &kept {
            put_text(&mut directory, file);
            stat.put(&mut directory);
            put_u32(&mut directory, segment.rows);
            for day in [segment.days.map(|d| d.0), segment.days.map(|d| d.1)] {
                directory.extend(day_number(day).to_le_bytes());
            }
        }
        let mut spots = Vec::with_capacity(kept.iter().map(|k| k.2.rows).sum());
        for (file, (_, _, segment)) in (0u32..).zip(&kept) {
            let Column::Number(offsets) = segment.column(width(self.ledger) - 1) else { continue };
            let Column::Text(texts) = segment.column(key_column(self.ledger)) else { continue };
            let keys: Vec<u32> = (0..texts.len()).map(|n| key_of(texts.value(n))).collect();
            for row in 0..segment.rows {
                let offset = u32::try_from(offsets.cells[row]).unwrap_or(u32::MAX);
                let line = segment.place(row as u32).line;
                spots.push(Spot { key: keys[texts.codes.get(row)], file, offset, line });
            }
        }
        spots.par_sort_unstable();
        put_u32(&mut directory, spots.len().div_ceil(BLOCK));
        spots.chunks(BLOCK).for_each(|b| directory.extend(b[0].key.to_le_bytes()));
        put(draft, root, self.ledger.name(), |mut out| {
            let mut bytes = Vec::new();
            for (_, _, segment) in &kept {
                for n in 0..width(self.ledger) {
                    bytes.clear();
                    encode(segment.column(n), &mut bytes)?;
                    out.section(&bytes)?;
                }
            }
            for block in spots.chunks(BLOCK) {
                bytes.clear();
                block.iter().for_each(|s| put_u32s(&mut bytes, &[s.key, s.file, s.offset, s.line]));
                out.section(&bytes)?;
            }
            out.finish(&directory, key(self.ledger, self.tz))
        });
    }
}

fn encode(column: &Column, out: &mut Vec<u8>) -> io::Result<()> {
    match column {
        Column::Empty => out.push(0),
        Column::Text(t) => {
            let kind = match &t.codes {
                Codes::Each => 1,
                Codes::Byte(_) => 2,
                Codes::Short(_) => 3,
                Codes::Wide(_) => 4,
            };
            out.push(kind);
            put_u32(out, t.ends.len());
            put_u32(out, t.blob.len());
            put_u32s(out, &t.ends);
            match &t.codes {
                Codes::Each => {}
                Codes::Byte(c) => out.extend(c),
                Codes::Short(c) => c.iter().for_each(|n| out.extend(n.to_le_bytes())),
                Codes::Wide(c) => put_u32s(out, c),
            }
            out.extend(t.blob.as_bytes());
        }
        Column::Number(n) => {
            out.push(5);
            put_u32(out, n.long.len());
            n.long.iter().for_each(|d| out.extend(d.serialize()));
            put_i64s(out, &n.cells);
        }
        Column::Day(days) => {
            out.push(6);
            days.iter().for_each(|d| out.extend(day_number(*d).to_le_bytes()));
        }
        Column::At(at) => {
            out.push(7);
            put_u32(out, at.nanos.len());
            at.days.iter().for_each(|d| out.extend(day_number(Some(*d)).to_le_bytes()));
            put_i64s(out, &at.stamps);
            put_u32s(out, &at.nanos);
        }
    }
    Ok(())
}

/// Whether every row has a text, and every text stands in the blob.
fn is_sound(texts: &TextColumn, rows: usize) -> bool {
    let below = |highest: Option<usize>| highest.is_none_or(|n| n < texts.ends.len());
    let coded = match &texts.codes {
        Codes::Each => rows <= texts.ends.len(),
        Codes::Byte(codes) => below(codes.iter().max().map(|n| usize::from(*n))),
        Codes::Short(codes) => below(codes.iter().max().map(|n| usize::from(*n))),
        Codes::Wide(codes) => below(codes.iter().max().map(|n| *n as usize)),
    };
    let whole = |end: &u32| texts.blob.is_char_boundary(*end as usize);
    // In a text of ASCII every place is between two characters.
    let cut = texts.blob.is_ascii() && texts.ends.last().is_none_or(whole) || texts.ends.iter().all(whole);
    coded && texts.ends.is_sorted() && cut
}

fn decode(bytes: &[u8], rows: usize) -> Option<Column> {
    let (kind, rest) = bytes.split_first()?;
    let mut b = Bytes(rest);
    let column = match kind {
        0 => Column::Empty,
        1..=4 => {
            let (values, blob) = (b.u32()? as usize, b.u32()? as usize);
            let ends = b.u32s(values)?;
            let codes = match kind {
                1 => Codes::Each,
                2 => Codes::Byte(b.take(rows)?.to_vec()),
                3 => Codes::Short(
                    b.take(rows.checked_mul(2)?)?.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect(),
                ),
                _ => Codes::Wide(b.u32s(rows)?),
            };
            let blob: Str = std::str::from_utf8(b.take(blob)?).ok()?.to_owned().leak();
            let texts = TextColumn { codes, ends, blob };
            is_sound(&texts, rows).then_some(())?;
            Column::Text(texts)
        }
        5 => {
            let long = b.count(16)?;
            let long: Vec<Decimal> =
                (0..long).map(|_| Some(Decimal::deserialize(b.take(16)?.try_into().ok()?))).collect::<Option<_>>()?;
            let cells = b.i64s(rows)?;
            Numbers::are_cells(&cells, long.len()).then_some(())?;
            Column::Number(Numbers { cells, long })
        }
        6 => Column::Day(b.u32s(rows)?.into_iter().map(|n| day_of_number(n.cast_signed())).collect()),
        7 => {
            let nanos = b.u32()? as usize;
            let days: Option<Vec<Day>> = b.u32s(rows)?.into_iter().map(|n| day_of_number(n.cast_signed())).collect();
            Column::At(Instants { days: days?, stamps: b.i64s(rows)?, nanos: b.u32s(nanos)? })
        }
        _ => return None,
    };
    b.0.is_empty().then_some(column)
}
