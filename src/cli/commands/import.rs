use super::proposals;
use crate::cli::args::{ShareBy, Sharing};
use crate::cli::context::{Context, Result};
use crate::cli::env;
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::diag::Code;
use crate::diag::{Diagnostic, Severity, nearest};
use crate::exchange::import::{self, Input, Outcome, Reject};
use crate::exchange::import_map::{ImportMap, Lookup, MapPlace, Problem};
use crate::exchange::map_reader;
use crate::exchange::proposals::{Proposal, Standing};
use crate::exchange::source::{self, Options, Source, SourceError};
use crate::exchange::{Existing, Table, rejects};
use crate::i18n::{exchange as words, labels, messages as m};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::output::csv;
use crate::report::document::{Block, Card, Cell, Column, Document};
use crate::rules::engine::index::Index;
use crate::rules::history::as_of;
use crate::rules::matching;
use crate::store::layout::readable;
use crate::store::text::MAX_FILE;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Import a CSV file of another program: customers, contacts, or rows of a ledger
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu import customers.csv --map crm.toml --dry-run\n  kehu import orders.csv --map shop.toml --skip-errors\n  kehu import contacts.csv --into contacts --update\n  kehu import fair.csv --into customers --assign li,wu --by region\n  kehu import bank.csv --map bank-receipts.toml --propose\n  kehu import bank.csv --map bank-receipts.toml --accept sure"
)]
pub(crate) struct Args {
    /// The CSV file (UTF-8 or GB18030)
    #[arg(value_name = "FILE")]
    pub(crate) source: PathBuf,
    /// The import map, which says what becomes of each column (docs/import.md)
    #[arg(long, value_name = "MAP.toml")]
    pub(crate) map: Option<PathBuf>,
    /// Without a map: the table; its columns must have the names that kehu uses
    #[arg(long, value_name = "TABLE")]
    pub(crate) into: Option<String>,
    /// Encoding of the file: gb18030, windows-1252, big5, utf-16 … (default: what the map says, else kehu finds out)
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Show whose each payment of a bank statement is and what it pays; nothing is written
    #[arg(long, conflicts_with = "accept")]
    pub(crate) propose: bool,
    /// Import the payments whose proposal is so sure: sure, or likely
    #[arg(long, value_name = "LEVEL")]
    pub(crate) accept: Option<String>,
    /// Import the other rows when some cannot be imported
    #[arg(long)]
    pub(crate) skip_errors: bool,
    /// Take new values into rows that exist already
    #[arg(long)]
    pub(crate) update: bool,
    /// Members of the team, separated by commas, who share the new customers that nobody owns
    #[arg(long, value_name = "WHO")]
    pub(crate) assign: Option<String>,
    /// How to share among several members: {values}
    #[arg(long, value_enum, hide_possible_values = true, requires = "assign")]
    pub(crate) by: Option<ShareBy>,
    /// File for rows that cannot be imported (default: <source>.rejects.csv here)
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

/// How many reasons and differences are shown before the rest is only counted.
const SHOWN: usize = 10;

/// How many encodings are proposed.
const READINGS: usize = 4;

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let into = args.into.as_deref().map(|word| table(word, ctx)).transpose()?;
    let map = args.map.as_deref().map(|path| read_map(path, into, ctx)).transpose()?;
    let mut options = map.as_ref().map(|x| x.options.clone()).unwrap_or_default();
    options.encoding = args.encoding.clone().or(options.encoding);
    let source = read_source(&args.source, &options, ctx)?;
    let map = match (map, into) {
        (Some(map), _) => map,
        (None, Some(into)) => ImportMap::from_headers(into, &source.headers, &ctx.settings, lang)
            .map_err(|p| broken(&args.source, &p, ctx))?,
        (None, None) => return Err(CliError::usage(words::map_or_into(lang)).hint(words::hint_map(lang))),
    };
    let folder = args.source.parent().unwrap_or(Path::new(""));
    let mut lookups = Vec::new();
    for l in &map.lookups {
        let path = lookup_path(args.map.as_deref(), folder, l, ctx)?;
        lookups.push(read_source(&path, &l.options, ctx)?);
    }
    let sharing = args.assign.as_ref().map(|to| Sharing { to: to.clone(), by: args.by });
    let takers = sharing.as_ref().map_or(Ok(Vec::new()), |s| s.takers(ctx))?;
    let share = sharing.as_ref().map(|s| s.how(ctx, &takers)).transpose()?.map(|how| (takers.as_slice(), how));
    if share.is_some() && map.into != Table::Customers {
        return Err(CliError::usage(m::assign_customers_only(lang)));
    }
    // Whom somebody may own besides depends on who has ordered.
    let limits = Reads::customers_and(&[Ledger::Orders, Ledger::Events]);
    let least = args.accept.as_deref().map(|word| proposals::level(word, ctx)).transpose()?;
    let proposes = args.propose || least.is_some();
    let mut reads = import::reads(&map, &ctx.settings);
    if proposes {
        proposals::fits(&map, ctx)?;
        reads = reads.and(import::reads(&proposals::map(ctx)?, &ctx.settings)).and(matching::READS);
    }
    let reads = reads.and(if share.is_some() { limits } else { Reads::NOTHING });
    let act = ctx.act("import", None)?;
    let lock = ctx.lock()?;
    let (loaded, files) = ctx.load_beside(Reads { texts: true, ..reads }, import::scanned(&map))?;
    let busy = ctx.ui.busy(words::checking(lang, source.len()));
    let mut diagnostics = loaded.diagnostics;
    let ledger = import::scanned(&map).unwrap_or(Ledger::Orders);
    let existing = Existing::new(ledger, &files, &ctx.settings, &mut diagnostics);
    let broken_files: Vec<Diagnostic> = diagnostics.into_iter().filter(|d| d.severity() == Severity::Error).collect();
    if !broken_files.is_empty() {
        let mut e = CliError::new(Exit::Data, m::write_broken(lang, broken_files.len()));
        e.diagnostics = broken_files;
        return Err(e.hint(m::nothing_written(lang)));
    }
    let mut book = loaded.book;
    as_of(&mut book, ctx.is_past());
    let texts = loaded.texts;
    let index = Index::new(&book);
    let input = Input {
        map: &map,
        source: &source,
        lookups: &lookups,
        index: &index,
        existing: &existing,
        texts: &texts,
        act: &act,
        update: args.update,
        share,
        printed: csv::printed,
        lang,
    };
    let file = args.map.as_ref().unwrap_or(&args.source);
    let mut unread = Vec::new();
    let planned = if proposes {
        let (all, rejects) = proposals::propose(&input, |p| broken(file, p, ctx))?;
        if args.propose {
            drop(busy);
            return say_proposals(&all, &rejects, args, &input, ctx);
        }
        let least = least.unwrap_or(Standing::Sure);
        proposals::comments(&all, Some(least), &rejects, ctx);
        unread = rejects;
        let (source, map) = proposals::accepted(&all, least, &input, ctx)?;
        import::plan(&Input { map: &map, source: &source, lookups: &[], ..input })
    } else {
        import::plan(&input)
    };
    let mut out = planned.map_err(|p| broken(file, &p, ctx))?;
    drop(busy);
    // What cannot be read is rejected as it stands in the file; accepted proposals have been read.
    let of_file = if proposes { &unread } else { &out.rejects };
    let rejects_file = if ctx.global.dry_run { None } else { write_rejects(args, &source, of_file, ctx)? };
    let mut reasons: Vec<String> = of_file.iter().take(SHOWN).map(|r| reason(args, &source, r, ctx)).collect();
    if proposes {
        reasons.extend(out.rejects.iter().take(SHOWN).map(|r| r.reason.clone()));
        out.rejects.extend(unread);
        out.counts.rejected = out.rejects.len();
    }
    let refused = !out.rejects.is_empty() && !args.skip_errors;
    // Nobody needs the rows that were read any more, and writing takes room.
    drop((source, lookups, existing, book));
    let writes = !refused && !ctx.global.dry_run && !out.changes.is_empty();
    if writes {
        let changes = std::mem::take(&mut out.changes);
        ctx.commit(lock.as_ref(), Planned { changes, ..Planned::default() }, &texts)?;
    }
    match answer(args, &map, &out, refused, ctx) {
        // The change is made by now: a summary that cannot be printed is no failure.
        Err(e) if writes => ctx.ui.warn(&m::output_failed(lang, e.message)),
        other => other?,
    }
    comments(args, &out, &reasons, ctx);
    if refused {
        let e = CliError::new(Exit::Data, words::rejected(lang, out.rejects.len()));
        let e = match rejects_file {
            Some(file) => e.hint(words::rejects_in(lang, file.display())),
            None => e.hint(words::hint_skip_errors(lang)),
        };
        // With --dry-run that has been said.
        return Err(if ctx.global.dry_run { e } else { e.hint(m::nothing_written(lang)) });
    }
    if let Some(file) = rejects_file {
        ctx.ui.warn(&words::rejects_written(lang, out.rejects.len(), file.display()));
    }
    Ok(())
}

/// Prints the proposals; rows that cannot be read are named, and make the exit code 3.
fn say_proposals(
    all: &[Proposal<'_>],
    rejects: &[Reject],
    args: &Args,
    input: &Input<'_>,
    ctx: &Context,
) -> Result<()> {
    ctx.print(&proposals::document(all, input, ctx.lang()))?;
    rejects.iter().take(SHOWN).for_each(|r| ctx.ui.note(&reason(args, input.source, r, ctx)));
    proposals::comments(all, None, rejects, ctx);
    if rejects.is_empty() {
        return Ok(());
    }
    Err(CliError::new(Exit::Data, words::rejected(ctx.lang(), rejects.len())))
}

/// A reason with the place it is about.
fn reason(args: &Args, source: &Source, r: &Reject, ctx: &Context) -> String {
    let (line, column) = source.place(r.row as usize, r.cell);
    words::rejected_at(ctx.lang(), args.source.display(), line, column, &r.reason)
}

fn table(word: &str, ctx: &Context) -> Result<Table> {
    let lang = ctx.lang();
    let known = Table::parse(word).filter(|t| *t != Table::Ledger(Ledger::Events));
    known.ok_or_else(|| {
        let names: Vec<&str> = Table::names().collect();
        CliError::usage(words::unknown_table(lang, word, names.join(", ")))
            .nearest(lang, &nearest(word, names.iter().copied()))
    })
}

/// A map or a file that does not fit it: every mistake with its line.
fn broken(file: &Path, problems: &[Problem], ctx: &Context) -> CliError {
    let lang = ctx.lang();
    let mut message = words::map_broken(lang, file.display(), problems.len());
    let mut problems: Vec<&Problem> = problems.iter().collect();
    problems.sort_by_key(|p| (p.place.line, p.place.column));
    for p in problems {
        let MapPlace { line, column } = p.place;
        let at = if line > 0 { format!(":{line}:{column}") } else { String::new() };
        message.push_str(&format!("\n  {}{at}: {}", file.display(), p.message));
    }
    CliError::usage(message).hint(words::hint_map(lang))
}

/// A file's bytes, at most `limit` and one more; `None` for one that another program wrote to meanwhile, which would be
/// read by halves. `front` has been read of it before.
fn steady(
    (front, file): (Vec<u8>, &mut File),
    limit: u64,
    read: impl FnOnce(&mut dyn Read, &mut Vec<u8>) -> io::Result<usize>,
) -> io::Result<Option<Vec<u8>>> {
    let stamp = |file: &File| file.metadata().map(|m| (m.is_file(), m.len(), m.modified().ok()));
    let before = stamp(file)?;
    let mut bytes = front;
    if before.0 {
        bytes.reserve_exact(usize::try_from(before.1.min(limit)).unwrap_or(0));
    }
    read(&mut Read::by_ref(file).take(limit + 1), &mut bytes)?;
    let (is_file, len, _) = before;
    let same = !is_file || before == stamp(file)? && (len > limit || len == bytes.len() as u64);
    Ok(same.then_some(bytes))
}

fn bytes(path: &Path, ctx: &Context) -> Result<Vec<u8>> {
    let lang = ctx.lang();
    let io = |e: io::Error| {
        let exit = if e.kind() == io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Io };
        CliError::new(exit, crate::cli::error::io_words(lang, path, &e))
    };
    let too_large = || too_large(path, ctx);
    let (front, mut file) = crate::store::open::source(path).map_err(io)?;
    // It need not be read to be refused.
    if file.metadata().map_err(io)?.len() > MAX_FILE {
        return Err(too_large());
    }
    let Some(bytes) = steady((front, &mut file), MAX_FILE, |file, bytes| file.read_to_end(bytes)).map_err(io)? else {
        let e = CliError::new(Exit::Locked, words::source_changed(lang, path.display()));
        return Err(e.hint(m::hint_try_again(lang)));
    };
    if bytes.len() as u64 > MAX_FILE {
        return Err(too_large());
    }
    Ok(bytes)
}

fn read_map(path: &Path, into: Option<Table>, ctx: &Context) -> Result<ImportMap> {
    let text = String::from_utf8(bytes(path, ctx)?).map_err(|e| {
        let e = io::Error::new(io::ErrorKind::InvalidData, e.utf8_error());
        CliError::usage(m::io_error(ctx.lang(), path.display(), e))
    })?;
    map_reader::read_map(&text, into, &ctx.settings, ctx.lang()).map_err(|p| broken(path, &p, ctx))
}

/// Where the file of a lookup stands: beside the source. A map of the data directory may come from a stranger, so the files that it names stay
/// below that folder; one that lies elsewhere is the user's own.
fn lookup_path(map: Option<&Path>, folder: &Path, lookup: &Lookup, ctx: &Context) -> Result<PathBuf> {
    let strange = map.is_some_and(|map| {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        real(map).zip(real(&ctx.root)).is_some_and(|(map, root)| map.starts_with(root))
    });
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if strange
        && let Err(d) = readable(here, &lookup.file)
        && d.code == Code::LinkLeadsOut
    {
        let lang = ctx.lang();
        let e = CliError::new(Exit::Refused, words::lookup_leads_out(lang, &lookup.name, &lookup.file));
        return Err(e.hint(words::hint_lookup_leads_out(lang)));
    }
    Ok(folder.join(&lookup.file))
}

/// An import is judged and written as a whole, so that its source is held in memory: a larger one is refused unread.
fn too_large(path: &Path, ctx: &Context) -> CliError {
    let e = CliError::new(Exit::Data, words::too_large(ctx.lang(), path.display(), MAX_FILE));
    e.hint(words::hint_too_large(ctx.lang()))
}

fn read_source(path: &Path, options: &Options, ctx: &Context) -> Result<Source> {
    let lang = ctx.lang();
    let busy = ctx.ui.busy(words::reading(lang, path.display()));
    let bytes = bytes(path, ctx)?;
    let source = source::read(bytes, options).map_err(|e| match e {
        SourceError::UnknownEncoding(name) => CliError::usage(words::unknown_encoding(lang, name)),
        SourceError::Unclear(readings) => {
            let e = CliError::new(Exit::Data, words::encoding_unclear(lang, path.display()));
            let list = readings.iter().take(READINGS).map(|r| words::reading_of(lang, &r.encoding, &r.sample));
            let list: Vec<String> = list.collect();
            if list.is_empty() {
                return e.hint(words::hint_name_encoding(lang));
            }
            e.hint(words::hint_encodings(lang, list.join(lang.pick(", ", "、"))))
        }
        SourceError::NoHeader => CliError::new(Exit::Data, words::no_header(lang, path.display())),
        SourceError::BadHeader => CliError::new(Exit::Data, words::bad_header(lang, path.display())),
        SourceError::TooLarge => too_large(path, ctx),
    })?;
    drop(busy);
    if source.guessed {
        ctx.ui.note(&words::read_as(lang, path.display(), source.encoding));
    }
    Ok(source)
}

/// Writes the rejects beside nothing of ours: where `--rejects` says, else into the current folder.
fn write_rejects(args: &Args, source: &Source, rejected: &[Reject], ctx: &Context) -> Result<Option<PathBuf>> {
    if rejected.is_empty() {
        return Ok(None);
    }
    let file = args.rejects.clone().unwrap_or_else(|| {
        let stem = args.source.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        PathBuf::from(format!("{stem}.rejects.csv"))
    });
    let full = if file.is_absolute() { file.clone() } else { env::current_dir().join(&file) };
    crate::store::write_atomically(&full, rejects::csv(source, rejected).as_bytes())
        .map_err(|e| crate::cli::error::store_error(ctx.lang(), &e))?;
    Ok(Some(file))
}

/// The summary, or with -q the ids of what is new.
fn answer(args: &Args, map: &ImportMap, out: &Outcome, refused: bool, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    if ctx.ui.quiet {
        if !refused {
            ctx.ui.done(&out.ids);
        }
        return Ok(());
    }
    let c = out.counts;
    let column = |key: &str, right: bool| {
        let label = labels::column(lang, "import", key);
        Column { key: key.into(), label, right, ..Column::default() }
    };
    let int = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let mut fields = vec![
        (column("file", false), Cell::Text(args.source.display().to_string().into())),
        (column("into", false), Cell::Text(map.into.name().into())),
    ];
    let counts = [
        ("rows", c.rows),
        ("new", c.new),
        ("unchanged", c.unchanged),
        ("changed", c.changed),
        ("skipped", c.skipped),
        ("rejected", c.rejected),
        ("customers", c.customers),
        ("stages", c.stages),
        ("complaints", c.complaints),
    ];
    fields.extend(counts.map(|(key, n)| (column(key, true), int(n))));
    let doc = Document { title: None, blocks: vec![Block::Card(Card { title: None, fields })], main: 0 };
    ctx.print(&doc)
}

/// The first reasons and differences, on stderr.
fn comments(args: &Args, out: &Outcome, reasons: &[String], ctx: &Context) {
    let lang = ctx.lang();
    let some = |lines: &[String], all: usize| {
        let shown = &lines[..lines.len().min(SHOWN)];
        shown.iter().for_each(|l| ctx.ui.note(l));
        if all > shown.len() {
            ctx.ui.note(&words::more_rows(lang, all - shown.len()));
        }
    };
    some(reasons, out.rejects.len());
    out.says.iter().for_each(|line| ctx.ui.note(line));
    for lines in [&out.alike, &out.stays] {
        lines.iter().take(SHOWN).for_each(|line| ctx.ui.warn(line));
        if lines.len() > SHOWN {
            ctx.ui.note(&words::more_rows(lang, lines.len() - SHOWN));
        }
    }
    if out.counts.ahead > 0 {
        ctx.ui.warn(&words::ahead(lang, out.counts.ahead));
    }
    if out.counts.doubtful > 0 {
        ctx.ui.warn(&words::doubtful(lang, out.counts.doubtful));
    }
    if out.counts.below_floor > 0 {
        ctx.ui.warn(&words::below_floor(lang, out.counts.below_floor));
    }
    if out.counts.changed > 0 && !args.update {
        some(&out.differences, out.differing);
        ctx.ui.note(&words::changed_rows(lang, out.counts.changed));
    }
    if ctx.global.dry_run {
        ctx.ui.note(&words::not_written(lang));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_grows_while_it_is_read_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "id\n1\n").unwrap();
        let open = || File::open(&path).unwrap();
        let none = Vec::new;
        assert_eq!(steady((none(), &mut open()), 100, |f, b| f.read_to_end(b)).unwrap().unwrap(), b"id\n1\n");
        assert_eq!(steady((none(), &mut open()), 3, |f, b| f.read_to_end(b)).unwrap().unwrap(), b"id\n1");
        let grown = steady((none(), &mut open()), 100, |f, b| {
            std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"2\n").unwrap();
            f.read_to_end(b)
        });
        assert_eq!(grown.unwrap(), None);
        let cut = steady((none(), &mut open()), 100, |f, b| {
            std::fs::write(&path, "id\n").unwrap();
            f.read_to_end(b)
        });
        assert_eq!(cut.unwrap(), None);
    }
}
