//! The engine that runs any report: arguments, terms, period, reading, asking, terms on the report's own columns, order,
//! names, explanation, caption and caveats, printing. What a report is about stands in its file of `report`.

use super::args::{self, During};
use super::context::{Context, Result};
use super::error::{CliError, query_error};
use super::names;
use super::table::{ListArgs, parts, say_if_empty};
use crate::diag::nearest;
use crate::i18n::{Lang, labels, messages as m, reporting as w};
use crate::model::book::{Book, Reads};
use crate::model::columns::{Column as Cells, TextColumn};
use crate::model::ledger::Ledger;
use crate::model::order::OrderLine;
use crate::model::value::Schema;
use crate::output::Format;
use crate::query::{Filter, alike};
use crate::report::REPORTS;
use crate::report::ask::{self, Answer, Ask, Caveat, Compared, Fails, Misuse, Over, Report, row_key};
use crate::report::caption::{Asked, caption};
use crate::report::document::{Block, Document};
use crate::report::fields::{CustomerFields, LedgerFields};
use crate::report::figures::{FigureRow, ReportFields};
use crate::report::series::{Reading, pivot};
use crate::rules::engine::index::Index;

/// A report, and how it is called.
#[derive(Debug)]
pub(crate) struct Call {
    /// Its place in the table of reports.
    pub(crate) report: usize,
    pub(crate) terms: args::Terms,
    pub(crate) period: During,
    pub(crate) flags: Vec<(&'static str, String)>,
    pub(crate) explain: bool,
    pub(crate) list: ListArgs,
}

/// What the terms of a call say.
struct Terms {
    /// About the report's own columns.
    figures: Filter,
    /// About the rows that the figures are made of.
    rows: Filter,
    /// What these need read.
    reads: Reads,
}

pub(crate) fn run(call: &Call, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let report = REPORTS[call.report];
    refuse_series(report, &call.list, ctx)?;
    let over = report.over();
    let lines = LedgerFields::new(over.ledger(), &ctx.settings, &ctx.team);
    let lines = if matches!(over, Over::Rows(_)) { lines.present() } else { lines };
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let mut ask = ask(call, ctx, &lines)?;
    ask::check(report, &ask, lang).map_err(|e| misuse(ctx, e))?;
    let of_rows: &dyn Schema = match over {
        Over::Lines | Over::Rows(_) => &lines,
        Over::Customers => &customers,
    };
    let fields = ReportFields::new(report, &ask, of_rows, lang);
    let reads_of = |id| match over {
        Over::Lines | Over::Rows(_) => lines.reads(id),
        Over::Customers => customers.reads(id),
    };
    let terms = match report.of_one_customer() {
        true => Terms { figures: Filter::default(), rows: Filter::default(), reads: Reads::NOTHING },
        false => split(call, ctx, &fields, reads_of)?,
    };
    let own = report.reads(&ask);
    let own = if report.names_later(&ask) { names::reads(&call.list, own) } else { own };
    let read = ctx.load(own.and(terms.reads))?;
    let index = Index::kept(read.book);
    if report.of_one_customer() {
        ask.customer = Some(ctx.resolve(read.book, call.terms.first().map_or("", String::as_str))?);
    }
    own_columns_exist(ctx, read.book, over.ledger(), &ask)?;
    ids_exist(ctx, read.book, &terms, &fields)?;

    let judged = terms.figures.fields();
    ask.filter = terms.rows;
    ask.judged = !judged.is_empty();
    ask.limit = if ask.judged { None } else { call.list.plain_limit() };
    let named = fields.keys_of(&judged);
    ask.asked = Box::new(move |column| call.list.asks_for(column) || named.contains(&column.key));
    let mut answer = report.ask(&index, &ask, lang);
    if ask.judged {
        judge(&mut answer, report, &index, &mut ask, (&terms.figures, &fields), lang);
    }
    let Answer { mut doc, caveats } = answer;
    if let Some(figure) = report.pivoted().filter(|_| ask.people && ask.per.is_some()) {
        doc = pivot(&doc, figure);
    }
    call.list.sort_rows(ctx, &mut doc)?;
    let mut list = call.list.clone();
    if ask.people && report.has_sections() {
        // The limit is about things, and these may have several rows.
        report.regroup(&mut doc, list.limit.take(), list.sort.is_some(), lang);
    }
    list.pick(ctx, &mut doc)?;
    if ctx.ui.format == Format::Html
        && let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main)
    {
        table.pictures.extend(report.pictures(&ask));
    }
    let broken = names::fill(ctx, &read, &mut doc, list.limit)?;
    if call.explain {
        let cut = match doc.blocks.get(doc.main) {
            Some(Block::Table(t)) => t.cut.map(|(rows, _)| rows),
            _ => None,
        };
        report.explain(&mut doc, &index, &ask, cut.or(list.limit).unwrap_or(usize::MAX), lang);
    }
    frame(&mut doc, report, &ask, call, &caveats, ctx);
    let in_document = ask.people && !doc.is_empty();
    say_if_empty(ctx, doc.is_empty(), || m::nothing_in(lang, doc.title.as_deref().unwrap_or(report.name())));
    let printed = list.print(ctx, &mut doc);
    let failed = say(&caveats, in_document, ctx);
    printed?;
    read.finish_with(broken || failed)
}

/// How the report is asked, without the terms.
fn ask<'q>(call: &'q Call, ctx: &'q Context, fields: &'q LedgerFields<'q>) -> Result<Ask<'q>> {
    let mut period = call.period.read(ctx)?;
    let compare = call.list.compared(ctx, period)?.map(|(now, then, reading)| {
        period = now;
        let typed = call.list.compare.clone().unwrap_or_default();
        let other = Reading::parse(&typed).map_or(typed, |known| known.key().to_string());
        Compared { word: call.period.named().to_string(), other, reading, then }
    });
    let terminal = ctx.ui.format == Format::Table && ctx.ui.width.is_some() && ctx.ui.output.is_none();
    Ok(Ask {
        period,
        per: call.list.per.as_deref().map(|u| parts(ctx, u, period)).transpose()?,
        compare,
        flags: call.flags.clone(),
        people: !ctx.ui.format.is_machine(),
        narrow: terminal && call.list.columns.is_none(),
        named: named(call),
        ..Ask::new(&ctx.settings, &ctx.team, ctx.calendar(), fields)
    })
}

/// The words of a call that may name a column.
fn named(call: &Call) -> Vec<String> {
    let lists = [&call.list.columns, &call.list.sort].into_iter().flatten().flat_map(|text| text.split([',', '，']));
    let terms = call.terms.iter().flat_map(|term| term.split([':', '：', '.']));
    lists.chain(terms).map(|word| word.trim().trim_start_matches('-').to_string()).collect()
}

/// Reads the terms, and takes apart those about the report's own columns and those about rows.
fn split(
    call: &Call,
    ctx: &Context,
    fields: &ReportFields<'_>,
    reads: impl Fn(crate::model::value::FieldId) -> Reads,
) -> Result<Terms> {
    let (figures, rows) = split_terms(ctx, &call.terms, fields)?;
    let reads = rows.fields().into_iter().map(reads).fold(Reads::NOTHING, Reads::and);
    Ok(Terms { figures, rows, reads })
}

/// The terms about a table's own columns, and those about what its rows are made of.
pub(crate) fn split_terms(ctx: &Context, terms: &[String], fields: &ReportFields<'_>) -> Result<(Filter, Filter)> {
    let filter = ctx.filter(terms, fields)?;
    filter.split(&ReportFields::is_figure).map_err(|e| query_error(ctx.lang(), &e))
}

/// Takes the rows away whose figures do not fit; the totals are then about those that stay.
fn judge(
    answer: &mut Answer,
    report: &dyn Report,
    index: &Index<'_>,
    ask: &mut Ask<'_>,
    (filter, fields): (&Filter, &ReportFields<'_>),
    lang: Lang,
) {
    let Some(table) = answer.table() else { return };
    let places = fields.places(&filter.fields(), table);
    table.rows.retain(|row| filter.matches(&FigureRow { places: &places, cells: &row.cells }));
    ask.kept = Some(table.rows.iter().filter_map(|r| r.cells.first()).map(row_key).collect());
    report.totals(answer, index, ask, lang);
}

/// Refuses `--per` and `--compare` where a report has no use for them.
fn refuse_series(report: &dyn Report, list: &ListArgs, ctx: &Context) -> Result<()> {
    let series = report.series();
    let flag = match (&list.per, &list.compare) {
        (Some(_), _) if !series.per => "--per",
        (None, Some(_)) if !series.compare => "--compare",
        _ => return Ok(()),
    };
    let lang = ctx.lang();
    Err(CliError::usage(m::flag_not_here(lang, flag, report.name())).hint(m::hint_instead(lang, series.instead)))
}

fn misuse(ctx: &Context, e: Misuse) -> CliError {
    match e {
        Misuse::Query(e) => query_error(ctx.lang(), &e),
        Misuse::Value { message, nearest, hint } => CliError::usage(message).nearest(ctx.lang(), &nearest).hint(hint),
    }
}

/// Refuses a column of the company's own that no row has.
fn own_columns_exist(ctx: &Context, book: &Book, ledger: Ledger, ask: &Ask<'_>) -> Result<()> {
    let by = Some(ask.flag("by").to_string()).filter(|by| by.starts_with("x_"));
    let rows = book.plain.get(&ledger).map_or(&[][..], Vec::as_slice);
    for column in ask.fields.own_columns().into_iter().chain(by).filter(|_| !rows.is_empty()) {
        if !rows.iter().any(|r| r.own.iter().any(|(name, _)| *name == column)) {
            let mut known: Vec<&str> = rows.iter().flat_map(|r| r.own.iter().map(|(name, _)| *name)).collect();
            known.sort_unstable();
            known.dedup();
            let e = CliError::usage(w::not_in_files(ctx.lang(), &column));
            return Err(e.nearest(ctx.lang(), &nearest(&column, known)));
        }
    }
    Ok(())
}

/// Refuses ids that do not exist: they would give an empty answer.
fn ids_exist(ctx: &Context, book: &Book, terms: &Terms, fields: &ReportFields<'_>) -> Result<()> {
    let customers = || book.customers.iter().map(|c| c.id).chain(texts(book, OrderLine::CUSTOMER));
    let products = || book.products.iter().map(|v| v.id).chain(texts(book, OrderLine::PRODUCT));
    let orders = || texts(book, OrderLine::ID);
    let strangers = |name: &str, known: &dyn Fn() -> Vec<&'static str>| -> Option<(String, Vec<String>)> {
        let def = fields.find(name)?;
        let filter = if ReportFields::is_figure(def.id) { &terms.figures } else { &terms.rows };
        let unknown = filter.strangers(def.id, std::iter::empty());
        if unknown.is_empty() {
            return None;
        }
        let known = known();
        let unknown = filter.strangers(def.id, known.iter().copied());
        // A former id leads to a customer too.
        let unknown = unknown.into_iter().find(|id| book.customer_index(id).is_none())?;
        let mut named: Vec<String> = match name {
            "product" => book.products.iter().filter(|v| alike(v.name, &unknown)).map(|v| v.id.to_string()).collect(),
            "customer" | "customer.id" if !book.read.ids_only => {
                book.customers.iter().filter(|c| alike(c.name, &unknown)).map(|c| c.id.to_string()).collect()
            }
            _ => Vec::new(),
        };
        named.dedup();
        let near = if named.is_empty() { nearest(&unknown, known) } else { named };
        Some((unknown, near))
    };
    let all: [(&str, &dyn Fn() -> Vec<&'static str>); 6] = [
        ("customer", &|| customers().collect()),
        ("customer.id", &|| customers().collect()),
        ("product", &|| products().collect()),
        ("order", &|| orders().collect()),
        ("order.id", &|| orders().collect()),
        ("returns", &|| orders().collect()),
    ];
    for (name, known) in all {
        if let Some((value, near)) = strangers(name, known) {
            let lang = ctx.lang();
            return Err(CliError::usage(m::unknown_value(lang, value, labels::label(lang, name))).nearest(lang, &near));
        }
    }
    Ok(())
}

/// The different texts of a column of order lines.
fn texts(book: &Book, column: usize) -> impl Iterator<Item = &'static str> {
    let texts = move |s: &&'static crate::model::columns::Segment| -> Option<&'static TextColumn> {
        match s.column(column) {
            Cells::Text(texts) => Some(texts),
            _ => None,
        }
    };
    let all: Vec<&'static TextColumn> = book.orders.segments().iter().filter_map(texts).collect();
    all.into_iter().flat_map(|t| (0..t.len()).map(move |n| t.value(n)))
}

/// Puts the caption above what people read, and the caveats below it; an empty answer has neither.
fn frame(doc: &mut Document, report: &dyn Report, ask: &Ask<'_>, call: &Call, caveats: &[Caveat], ctx: &Context) {
    if !ask.people {
        return;
    }
    let asked =
        Asked { period: call.period.as_deref(), terms: &call.terms, per: ask.per, scale: call.list.scale.as_deref() };
    doc.title = Some(caption(report, ask, &asked, ctx.lang()));
    if doc.is_empty() {
        let main = doc.blocks.swap_remove(doc.main);
        (doc.blocks, doc.main) = (vec![main], 0);
        return;
    }
    doc.blocks.extend(caveats.iter().map(|c| Block::Note(c.text.clone())));
}

/// Says the caveats on stderr unless they stand in the document; whether one of them is a failure.
fn say(caveats: &[Caveat], in_document: bool, ctx: &Context) -> bool {
    for c in caveats.iter().filter(|_| !in_document) {
        match c.fails {
            Fails::Always => ctx.ui.warn(&c.text),
            Fails::Never | Fails::Strict => ctx.ui.note(&c.text),
        }
    }
    caveats.iter().any(|c| c.fails == Fails::Always || (c.fails == Fails::Strict && ctx.global.strict))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::period::Calendar;
    use crate::model::settings::Settings;
    use crate::model::team::Team;

    /// Every report stands with all its keys in docs/commands.md, and has its words in both languages.
    #[test]
    fn reports_are_documented() {
        let page = include_str!("../../docs/commands.md");
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let (settings, team) = (Settings::new(toml::from_str(text).unwrap()).0, Team::default());
        let calendar = Calendar {
            today: parse_day("2026-06-30").unwrap(),
            week_start: chrono::Weekday::Mon,
            fiscal_year_start: 1,
        };
        for report in REPORTS {
            let name = report.name();
            assert!(page.contains(&format!("kehu report {name} ")), "{name}");
            let fields = LedgerFields::new(report.over().ledger(), &settings, &team);
            let ask = Ask::new(&settings, &team, calendar, &fields);
            for key in report.columns(&ask, Lang::En).iter().map(|c| &c.key) {
                assert!(page.contains(&format!("`{key}`")), "{name}: {key}");
            }
            for lang in Lang::ALL {
                assert!(!w::title(lang, name).is_empty() && w::about(lang, name).is_some(), "{name}");
                for argument in report.flags().iter().map(|f| f.name).chain(["terms"]) {
                    assert!(w::argument(lang, name, argument).is_some(), "{name} --{argument}");
                }
            }
        }
    }
}
