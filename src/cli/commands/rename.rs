use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic, Place};
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::id::check_customer_id;

/// Give a customer another id; references to the old one keep working
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu rename acme acme-trading")]
pub(crate) struct Args {
    /// The customer
    pub(crate) old: String,
    /// Its new id
    pub(crate) new: String,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    if let Err(reason) = check_customer_id(&args.new) {
        let d = Diagnostic::new(Code::BadCustomerId, Place::default(), [&args.new, reason]);
        return Err(CliError::usage(crate::i18n::problem::words(lang, &d).0));
    }
    ctx.transact(Reads { customers: true, ..Reads::NOTHING }, |index, _| {
        let book = index.book;
        let n = ctx.resolve_exact(book, &args.old)?;
        let c = &book.customers[n];
        if c.id == args.new {
            return Ok(Planned::default());
        }
        if let Some(other) = book.customer_index(&args.new).filter(|o| *o != n) {
            let c = &book.customers[other];
            let what =
                if c.id == args.new { m::exists_already(lang, c.file) } else { m::former_id_of(lang, &args.new, c.id) };
            return Err(CliError::new(Exit::Refused, what));
        }
        // It stays in its folder when that does not come from the layout.
        let usual = crate::store::layout::customer_path(ctx.settings.customer_layout, c.id);
        let to = if c.file == usual {
            crate::store::layout::customer_path(ctx.settings.customer_layout, &args.new)
        } else {
            format!("{}/{}.toml", c.file.rsplit_once('/').map_or("customers", |(d, _)| d), args.new)
        };
        let mut former: Vec<String> =
            c.rest().former_ids.iter().filter(|f| **f != args.new).map(ToString::to_string).collect();
        former.push(c.id.to_string());
        let edit = TomlEdit::Set { table: Vec::new(), key: "former_ids".into(), value: TomlValue::List(former) };
        let mut planned = Planned::default();
        planned.changes.push(Change::EditToml { file: c.file.into(), edits: vec![edit] });
        planned.changes.push(Change::Rename { file: c.file.into(), to });
        planned.did(&args.new, m::did_rename(lang, &args.new, c.id));
        let file = c.file;
        planned.depends_on = Some(Box::new(move |f| f == file));
        Ok(planned)
    })
}
