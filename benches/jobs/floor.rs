//! Floors: programs that do nothing but the reading that a job cannot do without, with as many threads as the machine has.

use rayon::prelude::*;
use std::collections::HashMap;
use std::fs;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// The folders that a floor reads.
fn folders(name: &str) -> Vec<&str> {
    if let Some(list) = name.strip_prefix("apart:") {
        return list.split(',').collect();
    }
    let known: &[&str] = match name {
        "customers-and-activities" => &["customers", "ledgers/activities", "ledgers/events"],
        "stat-customers" => &["customers"],
        "stat-all" => &["customers", "ledgers"],
        "orders" | "columns-orders" => &["ledgers/orders", "ledgers/products"],
        "orders-receipts" | "columns-all" => &["ledgers/orders", "ledgers/receipts"],
        "customers-orders-receipts" => &["customers", "ledgers/orders", "ledgers/receipts", "ledgers/products"],
        "activities-scan" => &["ledgers/activities"],
        _ => &[],
    };
    known.to_vec()
}

/// The bytes of the files that a floor reads.
pub(crate) fn bytes(name: &str, dir: &Path) -> u64 {
    let all = folders(name).into_iter().flat_map(|f| files(&dir.join(f)));
    all.filter_map(|f| fs::metadata(f).ok()).map(|m| m.len()).sum()
}

/// What a floor needs to be there beforehand.
pub(crate) fn prepare(name: &str, dir: &Path) -> Option<io::Result<()>> {
    let columns = match name {
        "columns-orders" => 5,
        "columns-all" => 12,
        _ => return None,
    };
    // As many rows as the order ledgers have, eight bytes a cell: what a cache of columns would hold.
    let lines: usize = files(&dir.join("ledgers/orders"))
        .iter()
        .filter_map(|f| fs::read(f).ok())
        .map(|b| b.iter().filter(|c| **c == b'\n').count())
        .sum();
    let data: Vec<u8> = (0..lines * columns).flat_map(|n| (n as u64 % 1000).to_le_bytes()).collect();
    Some(fs::create_dir_all(dir.join(".bench")).and_then(|()| fs::write(dir.join(".bench").join(name), data)))
}

/// Runs one floor.
pub(crate) fn run(name: &str, dir: &Path, _rest: &[&str]) {
    let sum = match name {
        "start" => 0,
        "one" => parse_one(dir),
        "read-all" => read(dir, &["customers", "ledgers"]),
        "stat-customers" | "stat-all" => {
            walk(dir, &folders(name)).par_iter().filter_map(|f| fs::metadata(f).ok()).map(|m| m.len()).sum()
        }
        "customers-and-activities" | "activities-scan" => read(dir, &folders(name)),
        "orders" | "orders-receipts" => parse(dir, &folders(name)),
        "customers-orders-receipts" => read(dir, &["customers"]) + parse(dir, &folders(name)[1..]),
        "columns-orders" | "columns-all" => columns(&dir.join(".bench").join(name)),
        "append" => append(dir),
        // Customers are read, ledgers taken apart as well.
        apart if apart.starts_with("apart:") => {
            let (customers, ledgers): (Vec<&str>, Vec<&str>) = folders(apart).iter().partition(|f| **f == "customers");
            read(dir, &customers) + parse(dir, &ledgers)
        }
        _ => std::process::exit(2),
    };
    println!("{sum}");
}

/// Lists folders with a thread for each of their sub-folders.
fn walk(dir: &Path, folders: &[&str]) -> Vec<PathBuf> {
    let tops: Vec<PathBuf> = folders
        .iter()
        .flat_map(|f| fs::read_dir(dir.join(f)).into_iter().flatten().filter_map(Result::ok).map(|e| e.path()))
        .collect();
    tops.into_par_iter().flat_map_iter(|top| if top.is_dir() { files(&top) } else { vec![top] }).collect()
}

fn read(dir: &Path, folders: &[&str]) -> u64 {
    walk(dir, folders).par_iter().filter_map(|f| fs::read(f).ok()).map(|b| b.len() as u64).sum()
}

#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// Reads ledgers, takes every row apart, reads numbers, and sums them by customer.
fn parse(dir: &Path, folders: &[&str]) -> u64 {
    let texts: Vec<Vec<u8>> = walk(dir, folders).par_iter().filter_map(|f| fs::read(f).ok()).collect();
    let sums: Vec<HashMap<&[u8], u64, BuildHasherDefault<Mix>>> = texts
        .par_iter()
        .map(|text| {
            let mut sums: HashMap<&[u8], u64, BuildHasherDefault<Mix>> = HashMap::default();
            for line in text.split(|b| *b == b'\n') {
                let mut cells = [&b""[..]; 24];
                for (slot, cell) in cells.iter_mut().zip(line.split(|b| *b == b',')) {
                    *slot = cell;
                }
                let total: u64 = cells[4..12].iter().map(|c| number(c)).sum();
                *sums.entry(cells[3]).or_default() += total;
            }
            sums
        })
        .collect();
    let mut all: HashMap<&[u8], u64, BuildHasherDefault<Mix>> = HashMap::default();
    for part in &sums {
        for (k, v) in part {
            *all.entry(k).or_default() += v;
        }
    }
    all.values().fold(0, |a, b| a.wrapping_add(*b))
}

/// Reads one customer's file and takes its lines apart.
fn parse_one(dir: &Path) -> u64 {
    let first = files(&dir.join("customers/00")).into_iter().next();
    let text = first.and_then(|f| fs::read_to_string(f).ok()).unwrap_or_default();
    text.lines().filter_map(|l| l.split_once(" = ")).map(|(k, v)| (k.len() + v.len()) as u64).sum()
}

/// Writes orders and receipts as a journal for hledger: what is owed, earned and paid, by customer.
pub(crate) fn journal(dir: &Path, to: &Path) -> io::Result<()> {
    let mut out = io::BufWriter::new(fs::File::create(to)?);
    let decimal = |cell: &str| cell.parse::<rust_decimal::Decimal>().unwrap_or_default();
    for (folder, order) in [("ledgers/orders", true), ("ledgers/receipts", false)] {
        for file in files(&dir.join(folder)) {
            for line in fs::read_to_string(file)?.lines().skip(1) {
                let c: Vec<&str> = line.split(',').collect();
                let (day, customer) = (c[2].get(..10).unwrap_or(c[2]), c[3]);
                if order {
                    let net = decimal(c[5]) * decimal(c[6]) * (rust_decimal::Decimal::ONE - decimal(c[7]));
                    let owed = net + decimal(c[9]);
                    writeln!(out, "{day} {}\n  assets:receivable:{customer}  {owed}\n  income:{customer}\n", c[0])?;
                } else {
                    writeln!(out, "{day} {}\n  assets:bank  {}\n  assets:receivable:{customer}\n", c[0], c[4])?;
                }
            }
        }
    }
    out.flush()
}

fn number(cell: &[u8]) -> u64 {
    cell.iter().filter(|b| b.is_ascii_digit()).fold(0, |n: u64, b| n.wrapping_mul(10).wrapping_add(u64::from(b - b'0')))
}

fn columns(file: &Path) -> u64 {
    let Ok(bytes) = fs::read(file) else { return 0 };
    bytes
        .par_chunks(1 << 20)
        .map(|part| {
            part.chunks_exact(8)
                .fold(0u64, |n, c| n.wrapping_add(u64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]])))
        })
        .reduce(|| 0, u64::wrapping_add)
}

/// Opens a file, appends a line, flushes it to disk.
fn append(dir: &Path) -> u64 {
    let line = "a_0123456789ab,2026-01-01,k000042,,rep01,call,,,,,,,,measured\n";
    let _ = fs::create_dir_all(dir.join(".bench"));
    let done = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.join(".bench/append.csv"))
        .and_then(|mut f| f.write_all(line.as_bytes()).and_then(|()| f.sync_data()));
    u64::from(done.is_ok())
}
