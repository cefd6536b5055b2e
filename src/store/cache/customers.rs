//! The customers: columns for what nearly every question is about, and behind them the texts for everything else.
//!
//! Names of files are kept with the states of the folders they stand in: while these are the same, nothing was added, removed
//! or renamed, and nobody need list the folders again.

use super::archive::{Archive, Bytes, put, put_i64s, put_text, put_u32, put_u32s};
use super::{Draft, Stat, hash, tear};
use crate::model::columns::{day_number, day_of_number};
use crate::model::customer::{Customer, Fetch, Followed, Rest, Source};
use crate::model::day::Span;
use crate::model::settings::Settings;
use crate::model::{Map, Str};
use crate::store::layout::{is_plain, safe_relative};
use crate::store::open;
use crate::store::read::customer::{Customers, file_id};
use std::path::{Path, PathBuf};

const NAME: &str = "customers";

/// The sections of the archive.
#[derive(Clone, Copy)]
enum Part {
    Paths,
    ById,
    Stats,
    Names,
    Words,
    Codes,
    Days,
    Flags,
    Followed,
    Texts,
    Blob,
}

/// Bytes for a contact that somebody follows: the customer's number, the words of its id, its name and who follows it, the day on
/// which it left.
const FOLLOWED: usize = 5 * 4;

const CLOSED: u8 = 1;
const RENAMED: u8 = 2;

/// What a customer's values are judged by stands in kehu.toml.
fn key(settings: &Settings) -> u64 {
    hash(format!("customers {:x}", settings.fingerprint).as_bytes())
}

/// The archive of the customers.
#[derive(Debug)]
pub(in crate::store) struct Known {
    archive: Archive,
    /// Sorted.
    paths: TextList,
    folders: Vec<(Str, Stat)>,
}

/// Texts one behind the other; where each ends stands in front of them. They are cut out when they are asked for.
#[derive(Debug, Clone, Copy)]
struct TextList {
    ends: &'static [u8],
    blob: Str,
}

impl TextList {
    fn new(bytes: &'static [u8]) -> Option<TextList> {
        let mut b = Bytes(bytes);
        let count = b.u32()? as usize;
        let ends = b.take(count.checked_mul(4)?)?;
        let list = TextList { ends, blob: std::str::from_utf8(b.0).ok()? };
        let mut from = 0;
        let mut sound = |n: usize| {
            let end = list.end(n);
            let whole = from <= end && list.blob.is_char_boundary(end);
            from = end;
            whole
        };
        (0..count).all(&mut sound).then_some(list)
    }

    fn len(self) -> usize {
        self.ends.len() / 4
    }

    fn end(self, n: usize) -> usize {
        u32_at(self.ends, n) as usize
    }

    fn get(self, n: usize) -> Str {
        let from = n.checked_sub(1).map_or(0, |before| self.end(before));
        self.blob.get(from..self.end(n)).unwrap_or("")
    }

    fn iter(self) -> impl Iterator<Item = Str> {
        (0..self.len()).map(move |n| self.get(n))
    }
}

/// The n-th of numbers of four bytes.
fn u32_at(bytes: &[u8], n: usize) -> u32 {
    bytes.get(4 * n..4 * n + 4).map_or(0, |c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
}

/// The n-th of numbers of eight bytes.
fn u64_at(bytes: &[u8], n: usize) -> Option<u64> {
    Bytes(bytes.get(8 * n..)?).u64()
}

/// The n-th state of a file.
fn stat_at(bytes: &[u8], n: usize) -> Option<Stat> {
    Stat::take(&mut Bytes(bytes.get(Stat::BYTES * n..)?))
}

/// Whether a path stands among the customers.
fn is_inside(path: Str) -> bool {
    path.starts_with("customers") && safe_relative(path).is_ok()
}

fn put_texts<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Vec<u8> {
    let mut out = Vec::new();
    put_u32(&mut out, texts.clone().count());
    let mut end = 0;
    for t in texts.clone() {
        end += t.len();
        put_u32(&mut out, end);
    }
    texts.for_each(|t| out.extend(t.as_bytes()));
    out
}

impl Known {
    /// The archive of a data directory; `None` when there is none that can be used.
    pub(in crate::store) fn open(root: &Path, settings: &Settings) -> Option<Known> {
        let archive = Archive::open(root, NAME, key(settings))?;
        let mut b = Bytes(archive.directory());
        let count = b.count(4 + Stat::BYTES)?;
        let mut folders = Vec::with_capacity(count);
        for _ in 0..count {
            let path: Str = b.text()?.to_owned().leak();
            is_inside(path).then_some(())?;
            folders.push((path, Stat::take(&mut b)?));
        }
        let paths = TextList::new(archive.section(Part::Paths as usize)?.leak())?;
        let inside = if is_plain(paths.blob) {
            paths.iter().all(|path| path.starts_with("customers/") && !path.ends_with('/'))
        } else {
            paths.iter().all(is_inside)
        };
        inside.then_some(())?;
        Some(Known { archive, paths, folders })
    }

    /// Whether all folders are as they were, so that [`Known::files`] are the files that are there.
    pub(in crate::store) fn lists_all(&self, root: &Path) -> bool {
        !self.folders.is_empty() && self.folders.iter().all(|(f, stat)| Stat::of(&root.join(f)) == Some(*stat))
    }

    /// How many customers are known.
    pub(in crate::store) fn len(&self) -> usize {
        self.paths.len()
    }

    /// Their files, sorted.
    pub(in crate::store) fn files(&self) -> Vec<Str> {
        let mut files = Vec::with_capacity(self.len());
        files.extend(self.paths.iter());
        files
    }

    /// The numbers of the files in the order of their ids.
    pub(in crate::store) fn by_id(&self) -> Option<Vec<u32>> {
        let bytes = self.archive.section(Part::ById as usize)?;
        let order = Bytes(&bytes).u32s(self.len())?;
        order.iter().all(|n| (*n as usize) < self.len()).then_some(order)
    }

    /// The customers by name only, in the order of their ids.
    pub(in crate::store) fn stubs(&self) -> Option<Vec<Customer>> {
        let stub = |n: u32| {
            let file = self.paths.get(n as usize);
            Customer::new(file_id(file), file)
        };
        Some(self.by_id()?.into_iter().map(stub).collect())
    }

    /// What is kept of the customers.
    pub(in crate::store) fn heads(self, root: &Path, reader: Customers) -> Option<Heads> {
        let n = self.len();
        let section = |part: Part| Some(&*self.archive.section(part as usize)?.leak());
        let sized = |part: Part, len: usize| section(part).filter(|bytes| bytes.len() == len * n);
        let (names, words) = (TextList::new(section(Part::Names)?)?, TextList::new(section(Part::Words)?)?);
        let words: Vec<Str> = words.iter().collect();
        let (codes, days) = (sized(Part::Codes, 5 * 4)?, sized(Part::Days, 3 * 4)?);
        let (stats, flags) = (sized(Part::Stats, Stat::BYTES)?, sized(Part::Flags, 1)?);
        let (ends, sums) = sized(Part::Texts, 2 * 8)?.split_at(8 * n);
        let followed = section(Part::Followed)?;
        let (each, rest) = followed.as_chunks::<FOLLOWED>();
        let known = |bytes: &[u8], k: usize| (u32_at(bytes, k) as usize) < words.len();
        let sound = names.len() == n
            && (0..5 * n).all(|k| known(codes, k))
            && each.iter().all(|c| (1..4).all(|k| known(c, k)))
            && each.is_sorted_by_key(|c| u32_at(c, 0))
            && rest.is_empty();
        let texts = KeptTexts { archive: self.archive, ends, sums, stats, reader, root: root.to_path_buf() };
        let texts: &'static KeptTexts = Box::leak(Box::new(texts));
        sound.then_some(Heads { paths: self.paths, stats, names, words, codes, days, flags, followed, texts })
    }
}

/// What is kept of the customers.
pub(in crate::store) struct Heads {
    paths: TextList,
    stats: &'static [u8],
    names: TextList,
    words: Vec<Str>,
    codes: &'static [u8],
    days: &'static [u8],
    flags: &'static [u8],
    followed: &'static [u8],
    texts: &'static KeptTexts,
}

impl Heads {
    /// For each of some files, sorted by path, its number here.
    pub(in crate::store) fn find(&self, files: &[Str]) -> Vec<Option<u32>> {
        let mut known = self.paths.iter().zip(0u32..).peekable();
        let one = |file: &Str| {
            while known.next_if(|(path, _)| path < file).is_some() {}
            known.next_if(|(path, _)| path == file).map(|(_, n)| n)
        };
        files.iter().map(one).collect()
    }

    /// The state of a file as it was.
    pub(in crate::store) fn stat(&self, n: u32) -> Option<Stat> {
        stat_at(self.stats, n as usize)
    }

    /// A customer whose file is as it was.
    pub(in crate::store) fn customer(&self, n: u32, file: Str) -> Customer {
        let at = n as usize;
        let word = |k: usize| self.words[u32_at(self.codes, 5 * at + k) as usize];
        let day = |k: usize| day_of_number(u32_at(self.days, 3 * at + k).cast_signed());
        let mut customer = Customer::new(file_id(file), file);
        let c = &mut *customer;
        c.name = self.names.get(at);
        (c.stage, c.owner, c.grade, c.intent) = (word(0), word(1), word(2), word(3));
        c.contact_every = Span::parse_cycle(word(4));
        (c.created, c.closed_until, c.grade_until) = (day(0), day(1), day(2));
        c.closed = self.flags[at] & CLOSED != 0;
        c.renamed = self.flags[at] & RENAMED != 0;
        c.followed = self.followed(n);
        customer.set_source(Source::Kept(n, self.texts));
        customer
    }

    /// The contacts of a customer that somebody follows.
    fn followed(&self, n: u32) -> Vec<Followed> {
        let (all, _) = self.followed.as_chunks::<FOLLOWED>();
        let from = all.partition_point(|c| u32_at(c, 0) < n);
        let one = |c: &[u8; FOLLOWED]| {
            let word = |k: usize| self.words[u32_at(c, k) as usize];
            let left = day_of_number(u32_at(c, 4).cast_signed());
            Followed { contact: word(1), name: word(2), owner: word(3), left }
        };
        all[from..].iter().take_while(|c| u32_at(*c, 0) == n).map(one).collect()
    }

    /// The text of a customer's file as it was.
    pub(in crate::store) fn text(&self, n: u32) -> Option<Str> {
        self.texts.text(n)
    }
}

/// The texts of the customers' files.
#[derive(Debug)]
struct KeptTexts {
    archive: Archive,
    ends: &'static [u8],
    sums: &'static [u8],
    stats: &'static [u8],
    reader: Customers,
    root: PathBuf,
}

impl KeptTexts {
    fn text(&self, n: u32) -> Option<Str> {
        let n = n as usize;
        let from = if n == 0 { 0 } else { u64_at(self.ends, n - 1)? };
        let len = u64_at(self.ends, n)?.checked_sub(from)?;
        let bytes = self.archive.part(Part::Blob as usize, from, usize::try_from(len).ok()?)?;
        (hash(&bytes) == u64_at(self.sums, n)?).then_some(())?;
        String::from_utf8(bytes).ok().map(|t| &*t.leak())
    }
}

impl Fetch for KeptTexts {
    fn rest(&'static self, number: u32, file: Str) -> Rest {
        let text = self.text(number).or_else(|| {
            // Damaged: the file itself has it, if it is as it was.
            let path = self.root.join(file);
            let same = || Stat::of(&path).is_some_and(|s| stat_at(self.stats, number as usize) == Some(s));
            let text = open::read_to_string(&path).ok().filter(|_| same());
            text.map(|t| &*t.leak())
        });
        match text {
            Some(text) => self.reader.rest(text.strip_prefix('\u{feff}').unwrap_or(text), file),
            None => {
                tear();
                Rest::default()
            }
        }
    }
}

/// A customer that may be kept: its file's state before it was read, and its text.
pub(in crate::store) struct Keep<'c> {
    pub(in crate::store) stat: Stat,
    pub(in crate::store) customer: &'c Customer,
    pub(in crate::store) text: Str,
}

/// Writes the archive anew; `keep` is sorted by path.
pub(in crate::store) fn write(
    draft: &Draft,
    root: &Path,
    settings: &Settings,
    keep: &[Keep<'_>],
    folders: &[(Str, Stat)],
) {
    let mut directory = Vec::new();
    put_u32(&mut directory, folders.len());
    for (path, stat) in folders {
        put_text(&mut directory, path);
        stat.put(&mut directory);
    }
    put(draft, root, NAME, |mut out| {
        out.section(&put_texts(keep.iter().map(|k| k.customer.file)))?;
        let mut order: Vec<u32> = (0..keep.len() as u32).collect();
        order.sort_by_key(|n| (keep[*n as usize].customer.id, *n));
        let mut bytes = Vec::new();
        put_u32s(&mut bytes, &order);
        out.section(&bytes)?;
        bytes.clear();
        keep.iter().for_each(|k| k.stat.put(&mut bytes));
        out.section(&bytes)?;
        out.section(&put_texts(keep.iter().map(|k| k.customer.name)))?;
        let mut words: Words = Words::default();
        bytes.clear();
        for k in keep {
            let c = k.customer;
            let every = c.contact_every.map(|s| s.to_string()).unwrap_or_default();
            for word in [c.stage, c.owner, c.grade, c.intent, &every] {
                put_u32(&mut bytes, words.code(word));
            }
        }
        let mut followed = Vec::new();
        for (k, n) in keep.iter().zip(0usize..) {
            for f in &k.customer.followed {
                put_u32(&mut followed, n);
                for word in [f.contact, f.name, f.owner] {
                    put_u32(&mut followed, words.code(word));
                }
                followed.extend(day_number(f.left).to_le_bytes());
            }
        }
        out.section(&put_texts(words.list.iter().map(String::as_str)))?;
        out.section(&bytes)?;
        bytes.clear();
        for k in keep {
            for day in [k.customer.created, k.customer.closed_until, k.customer.grade_until] {
                bytes.extend(day_number(day).to_le_bytes());
            }
        }
        out.section(&bytes)?;
        let flag = |k: &Keep<'_>| {
            let bit = |set: bool, bit: u8| if set { bit } else { 0 };
            bit(k.customer.closed, CLOSED) | bit(k.customer.renamed, RENAMED)
        };
        out.section(&keep.iter().map(flag).collect::<Vec<u8>>())?;
        out.section(&followed)?;
        let mut end = 0;
        let ends: Vec<i64> = keep
            .iter()
            .map(|k| {
                end += k.text.len() as i64;
                end
            })
            .collect();
        let sums: Vec<i64> = keep.iter().map(|k| hash(k.text.as_bytes()).cast_signed()).collect();
        bytes.clear();
        put_i64s(&mut bytes, &ends);
        put_i64s(&mut bytes, &sums);
        out.section(&bytes)?;
        let blob: Vec<u8> = keep.iter().flat_map(|k| k.text.as_bytes().iter().copied()).collect();
        out.section(&blob)?;
        out.finish(&directory, key(settings))
    });
}

/// Different words with their numbers.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    codes: Map<String, usize>,
}

impl Words {
    fn code(&mut self, word: &str) -> usize {
        if let Some(n) = self.codes.get(word) {
            return *n;
        }
        self.list.push(word.to_string());
        self.codes.insert(word.to_string(), self.list.len() - 1);
        self.list.len() - 1
    }
}

/// All folders of the customers, those without files too, since a file may be added there; and their states. None where one
/// was changed a moment ago, or cannot be looked at.
pub(in crate::store) fn folders(draft: &Draft, root: &Path) -> Vec<(Str, Stat)> {
    let one = |entry: Result<walkdir::DirEntry, walkdir::Error>| {
        let entry = entry.ok()?;
        if !entry.file_type().is_dir() {
            return Some(None);
        }
        let path = entry.path().strip_prefix(root).ok()?.to_str()?;
        let stat = Stat::of(entry.path()).filter(|s| draft.is_calm(s))?;
        Some(Some((&*path.to_owned().leak(), stat)))
    };
    let walk = walkdir::WalkDir::new(root.join("customers")).follow_links(true);
    let all: Option<Vec<Option<(Str, Stat)>>> = walk.into_iter().map(one).collect();
    all.unwrap_or_default().into_iter().flatten().collect()
}
