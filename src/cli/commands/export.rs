use super::{list, record};
use crate::cli::args::{During, Terms};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::table::ListArgs;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::value::Schema;
use crate::output::Format;
use crate::report::customer::contact_export;
use crate::report::document::Document;
use crate::report::fields::CustomerFields;
use crate::rules::engine::index::Index;

/// Export a whole ledger, or the customers with all keys (csv unless -f or -o says otherwise)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu export activities -o activities.csv\n  kehu export customers owner:li --json\n  kehu export orders at:2026 -f tsv"
)]
pub(crate) struct Args {
    /// customers, contacts, or a ledger
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
    match args.table.as_str() {
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
                    ["customers", "contacts"].into_iter().chain(Ledger::ALL.iter().map(|l| l.name())).collect();
                CliError::usage(m::unknown_ledger(ctx.lang(), name))
                    .nearest(ctx.lang(), &nearest(name, names.iter().copied()))
                    .hint(m::hint_values(ctx.lang(), names.join(", ")))
            })?;
            record::export(ledger, &args.terms, &args.list, ctx)
        }
    }
}
