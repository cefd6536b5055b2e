//! `kehu import --propose` and `--accept`: whose the payments of a bank statement are. Accepted proposals are a table of receipts,
//! which is imported as any other.

use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::exchange::import::{Input, Reject};
use crate::exchange::import_map::ImportMap;
use crate::exchange::proposals::{Proposal, Standing};
use crate::exchange::source::{self, Options, Source};
use crate::exchange::{Table, proposals};
use crate::i18n::{Lang, matching as words, values};
use crate::model::ledger::Ledger;
use crate::model::money::parse_decimal;
use crate::model::value::Kind;
use crate::report::document::{Cell, Column, Document, Importance, Row, Table as Shown, rank};
use crate::report::{col, typed};

/// The columns of receipts that a proposal fills, in the order in which they are shown.
const CELLS: [&str; 10] =
    ["at", "customer", "amount", "receivable", "order", "currency", "method", "matures", "by", "note"];

/// How sure a proposal must be to be accepted.
pub(super) fn level(word: &str, ctx: &Context) -> Result<Standing> {
    Standing::parse(word).ok_or_else(|| {
        let e = CliError::usage(crate::i18n::messages::invalid_argument(ctx.lang(), word, "--accept"));
        e.hint(crate::i18n::messages::hint_values(ctx.lang(), "sure, likely"))
    })
}

/// Refuses a map that proposals cannot be made with: it is about something else, or a row could be booked twice.
pub(super) fn fits(map: &ImportMap, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    if map.into != Table::Ledger(Ledger::Receipts) {
        return Err(CliError::usage(words::only_receipts(lang)));
    }
    if map.source_key.is_none() && !map.fills("source_key") {
        return Err(CliError::usage(words::key_needed(lang)).hint(words::hint_key(lang)));
    }
    Ok(())
}

/// What a proposal writes into a column.
fn cell<'p>(p: &'p Proposal<'_>, column: &str, input: &'p Input<'_>) -> &'p str {
    let (receivable, order) = p.pays();
    match column {
        "customer" => p.best.as_ref().map_or("", |b| input.index.book.customers[b.customer].id),
        "receivable" => receivable,
        "order" => order,
        other => p.cell(other),
    }
}

/// The proposals as a table: what is there already is left out.
pub(super) fn document(all: &[Proposal<'_>], input: &Input<'_>, lang: Lang) -> Document {
    let book = input.index.book;
    let mut columns = vec![typed(lang, "source_line", Kind::Number), col(lang, "payer")];
    columns.extend(CELLS.iter().map(|key| match *key {
        "amount" => typed(lang, key, Kind::Money),
        _ => Column { label: crate::i18n::labels::column(lang, Ledger::Receipts.name(), key), ..col(lang, key) },
    }));
    columns.extend([col(lang, "match_level"), typed(lang, "match_score", Kind::Number)]);
    columns.extend(["match_why", "match_candidates", "source_key"].iter().map(|key| col(lang, key)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["source_line", "payer", "customer", "amount", "match_level"]),
            (Importance::Main, &["at", "receivable", "order", "match_why", "match_candidates"]),
            (Importance::Minor, &["source_key", "method", "matures", "by", "currency", "match_score"]),
        ],
    );
    let text = |text: &str| if text.is_empty() { Cell::Missing } else { Cell::Text(text.into()) };
    let sign = |s: &crate::rules::matching::Sign| values::value(lang, "match_why", s.key());
    let row = |p: &Proposal<'_>| {
        let line = i64::from(input.source.place(p.row as usize, None).0);
        let mut cells = vec![Cell::Int(line), text(&p.payer)];
        cells.extend(CELLS.iter().map(|key| match (*key, cell(p, key, input)) {
            (_, "") => Cell::Missing,
            ("amount", amount) => parse_decimal(amount).map_or(Cell::Missing, |amount| {
                let own = p.cell("currency");
                Cell::money(amount, if own.is_empty() { &book.settings.file.currency } else { own })
            }),
            ("customer" | "receivable" | "order", id) => Cell::Id(id.into()),
            ("method", word) => Cell::code(word, &values::column_value(lang, "receipts", "method", word)),
            (_, other) => Cell::Text(other.into()),
        }));
        let key = p.standing.key();
        cells.push(Cell::code(key, &values::value(lang, "match_level", key)));
        let best = p.best.as_ref().or(p.candidates.first());
        cells.push(best.map_or(Cell::Missing, |b| Cell::Int(i64::from(b.score()))));
        cells.push(match best {
            Some(b) => Cell::code(
                &b.signs.iter().map(|s| s.key()).collect::<Vec<_>>().join(";"),
                &b.signs.iter().map(sign).collect::<Vec<_>>().join(lang.pick(", ", "、")),
            ),
            None => Cell::Missing,
        });
        // Whom a person may choose instead.
        let others = p.candidates.iter().filter(|c| Some(c.customer) != p.best.as_ref().map(|b| b.customer)).take(3);
        let others: Vec<&str> = others.map(|c| book.customers[c.customer].id).collect();
        cells.push(if others.is_empty() { Cell::Missing } else { Cell::list(others) });
        cells.push(text(p.cell("source_key")));
        Row { cells, ..Row::default() }
    };
    let rows = all.iter().filter(|p| p.standing != Standing::Known).map(row).collect();
    Document::table(Shown { columns, rows, ..Shown::default() })
}

/// The accepted ones as a source of receipts, with its map.
pub(super) fn accepted(
    all: &[Proposal<'_>],
    least: Standing,
    input: &Input<'_>,
    ctx: &Context,
) -> Result<(Source, ImportMap)> {
    let mut out = String::new();
    let heads: Vec<&str> = CELLS.iter().copied().chain(["source_key"]).collect();
    let line = |cells: &[&str], out: &mut String| {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        out.push_str(&quoted.join(","));
        out.push('\n');
    };
    line(&heads, &mut out);
    for p in all.iter().filter(|p| p.standing >= least) {
        let cells: Vec<&str> = heads.iter().map(|key| cell(p, key, input)).collect();
        line(&cells, &mut out);
    }
    let lang = ctx.lang();
    let broken = || CliError::new(Exit::Data, words::not_readable(lang));
    let options = Options { encoding: Some("utf-8".into()), ..Options::default() };
    let source = source::read(out.into_bytes(), &options).map_err(|_| broken())?;
    let map = map(ctx)?;
    Ok((source, map))
}

/// The map of accepted proposals.
pub(super) fn map(ctx: &Context) -> Result<ImportMap> {
    let heads: Vec<String> = CELLS.iter().copied().chain(["source_key"]).map(String::from).collect();
    ImportMap::from_headers(Table::Ledger(Ledger::Receipts), &heads, &ctx.settings, ctx.lang())
        .map_err(|_| CliError::new(Exit::Data, words::not_readable(ctx.lang())))
}

/// What else there is to say: what was there already, what waits for a person, how to accept.
pub(super) fn comments(all: &[Proposal<'_>], least: Option<Standing>, rejects: &[Reject], ctx: &Context) {
    let lang = ctx.lang();
    let count = |s: Standing| all.iter().filter(|p| p.standing == s).count();
    if count(Standing::Known) > 0 {
        ctx.ui.note(&words::known_already(lang, count(Standing::Known)));
    }
    let waits = all.iter().filter(|p| p.standing != Standing::Known && least.is_some_and(|l| p.standing < l)).count();
    match least {
        Some(_) if waits > 0 => ctx.ui.note(&words::left_to_a_person(lang, waits)),
        None => ctx.ui.note(&words::how_to_accept(
            lang,
            count(Standing::Sure),
            count(Standing::Likely),
            count(Standing::Open),
        )),
        _ => {}
    }
    if !rejects.is_empty() {
        ctx.ui.note(&words::unread(lang, rejects.len()));
    }
}

/// The proposals of an input.
pub(super) fn propose<'a>(
    input: &Input<'a>,
    broken: impl Fn(&[crate::exchange::import_map::Problem]) -> CliError,
) -> Result<(Vec<Proposal<'a>>, Vec<Reject>)> {
    let (all, out) = proposals::propose(input).map_err(|p| broken(&p))?;
    Ok((all, out.rejects))
}
