use super::{list, record};
use crate::cli::args::{During, Terms};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::finding;
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::diag::nearest;
use crate::exchange::{Outside, ics, vcf};
use crate::i18n::{Lang, messages as m};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::period::Period;
use crate::model::value::Schema;
use crate::output::Format;
use crate::report::agenda;
use crate::report::customer::contact_export;
use crate::report::document::{Block, Document};
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::rules::engine::index::Index;
use std::collections::HashSet;

/// Export a whole ledger, or the customers with all keys (csv unless -f or -o says otherwise)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu export activities -o activities.csv\n  kehu export customers owner:li --json\n  kehu export orders at:2026 -f tsv\n  kehu export due owner:li -f ics\n  kehu export contacts owner:li -f vcf"
)]
pub(crate) struct Args {
    /// customers, contacts, due (all that is due), or a ledger
    pub(crate) table: String,
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let mut ui = ctx.ui.clone();
    if ctx.global.format.is_none() && !ctx.global.json && ctx.global.output.is_none() {
        ui.format = Format::Csv;
    }
    let ctx = &ctx.with_ui(ui);
    if let Some(outside) = ctx.ui.outside {
        return in_format(outside, args, ctx);
    }
    match args.table.as_str() {
        DUE | "待办" => due(args, ctx, false),
        "customers" | "客户" => {
            let keys = CustomerFields::new(&ctx.settings, &ctx.team).keys();
            // The file's own keys; metrics on demand by --columns.
            let own: Vec<String> = keys.into_iter().filter(|k| crate::metrics::find(k).is_none()).collect();
            let mut list_args = args.list.clone();
            list_args.columns = Some(list_args.columns.unwrap_or_else(|| own.join(",")));
            list::run(
                &list::Args { terms: args.terms.clone(), period: During::default(), explain: false, list: list_args },
                ctx,
            )
        }
        "contacts" | "联系人" => {
            let (read, chosen) = list::choose(ctx, &args.terms, Reads { customers: true, ..Reads::NOTHING })?;
            let index = Index::new(read.book);
            let mut doc = Document::table(contact_export(&index, &chosen(&index), ctx.lang()));
            args.list.arrange(ctx, &mut doc)?;
            args.list.print(ctx, &mut doc)?;
            read.finish()
        }
        name => {
            let by_label = || {
                Ledger::ALL
                    .iter()
                    .copied()
                    .find(|l| crate::i18n::values::value(crate::i18n::Lang::ZhCn, "subject_kind", l.kind()) == name)
            };
            let ledger = Ledger::parse_any(name).or_else(by_label).ok_or_else(|| {
                let names: Vec<&str> =
                    ["customers", "contacts", DUE].into_iter().chain(Ledger::ALL.iter().map(|l| l.name())).collect();
                CliError::usage(m::unknown_ledger(ctx.lang(), name))
                    .nearest(ctx.lang(), &nearest(name, names.iter().copied()))
                    .hint(m::hint_values(ctx.lang(), names.join(", ")))
            })?;
            record::export(ledger, &args.terms, &args.list, ctx)
        }
    }
}

/// The table of all that is due.
const DUE: &str = "due";

/// A table in a format of other programs, which has no columns to choose.
fn in_format(outside: Outside, args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let list = &args.list;
    let given = [
        (list.columns.is_some(), "--columns"),
        (list.sort.is_some(), "--sort"),
        (list.limit.is_some(), "--limit"),
        (list.total, "--total"),
        (list.average, "--average"),
        (list.per.is_some(), "--per"),
        (list.compare.is_some(), "--compare"),
        (list.scale.is_some(), "--scale"),
    ];
    if let Some((_, flag)) = given.into_iter().find(|(given, _)| *given) {
        return Err(CliError::usage(m::outside_flag(lang, outside.name(), flag)));
    }
    match (outside, args.table.as_str()) {
        (Outside::Ics, DUE | "待办") => due(args, ctx, true),
        (Outside::Vcf, "contacts" | "联系人") => {
            let (read, chosen) = list::choose(ctx, &args.terms, Reads { customers: true, ..Reads::NOTHING })?;
            let chosen = chosen(&Index::new(read.book));
            let text = vcf::cards(chosen.iter().map(|n| &read.book.customers[*n]), ctx.today);
            ctx.ui.text(&text)?;
            if list.exit_code && !text.is_empty() {
                return Err(finding(lang));
            }
            read.finish()
        }
        _ => Err(CliError::usage(m::outside_only(lang, outside.name(), outside.table()))),
    }
}

/// All that is due, as a table or as a calendar.
fn due(args: &Args, ctx: &Context, calendar: bool) -> Result<()> {
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::over(agenda::fields(&ctx.team, ctx.lang()), &customers, agenda::OF_ROWS);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let every = rows.is_empty();
    let (read, chosen) = list::chosen_by(ctx, rows, agenda::READS)?;
    let index = Index::new(read.book);
    // Machine formats are in English; a calendar is for people.
    let lang = if ctx.ui.format.is_machine() && !calendar { Lang::En } else { ctx.lang() };
    let mut entries = agenda::entries(&index, lang);
    if !every {
        let chosen: HashSet<usize> = chosen(&index).into_iter().collect();
        entries.retain(|e| e.customer.is_some_and(|n| chosen.contains(&n)));
    }
    let mut doc = agenda::report(read.book, &entries, lang);
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        let mut kept = fields.keep(table, &figures).into_iter();
        entries.retain(|_| kept.next() == Some(true));
    }
    if calendar {
        let event = |e: &agenda::Entry<'_>| ics::Event {
            uid: format!("{}@kehu", e.uid),
            stamp: e.stamp,
            day: e.day,
            summary: e.what.clone(),
            category: agenda::kind_word(e.kind, lang),
        };
        ctx.ui.text(&ics::calendar(&entries.iter().map(event).collect::<Vec<_>>()))?;
        if args.list.exit_code && !entries.is_empty() {
            return Err(finding(lang));
        }
    } else {
        args.list.arrange(ctx, &mut doc)?;
        args.list.print(ctx, &mut doc)?;
    }
    read.finish_with(ctx.left_out(&index, Period::ALL))
}
