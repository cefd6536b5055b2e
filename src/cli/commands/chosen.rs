//! The customers that words choose, for the commands that change many of them: names, or filter terms.

use super::list::choice;
use crate::cli::context::{Context, Result};
use crate::cli::record::customers_exist;
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::query::Filter;
use crate::report::fields::CustomerFields;
use crate::rules::engine::index::Index;

/// Writes what is planned for the customers that words choose, each once. Terms that do not speak of the status leave closed
/// customers out, and the user is asked before they change more than one.
pub(super) fn transact(
    ctx: &Context,
    words: &[String],
    reads: Reads,
    plan: impl FnOnce(&Index<'_>, &[usize]) -> Result<Planned>,
) -> Result<()> {
    let lang = ctx.lang();
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    // A word that is no customer may be a filter term; its fields must be known before anything is read.
    let looks_like_terms = Filter::is_among(words, &fields);
    let filter = if looks_like_terms { Some(ctx.filter(words, &fields)?) } else { None };
    let reads = filter.iter().flat_map(|f| f.fields()).map(|id| fields.reads(id)).fold(reads, Reads::and);
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let mut chosen: Vec<usize> = match filter {
            Some(f) => {
                customers_exist(ctx, book, &f, &fields)?;
                choice(f)(index)
            }
            None => words.iter().map(|w| ctx.resolve_exact(book, w)).collect::<Result<_>>()?,
        };
        let mut seen = vec![false; book.customers.len()];
        chosen.retain(|n| !std::mem::replace(&mut seen[*n], true));
        let asked_status = words.iter().any(|w| w.contains("status") || w.contains("状态"));
        if looks_like_terms && !asked_status {
            let all = chosen.len();
            chosen.retain(|n| !book.customers[*n].closed);
            if chosen.len() < all {
                ctx.ui.note(&m::skipped_closed(lang, all - chosen.len()));
            }
        }
        if chosen.is_empty() {
            ctx.ui.note(&m::nothing_selected(lang));
        }
        if looks_like_terms && chosen.len() > 1 {
            ctx.confirm(&m::sure_bulk(lang, chosen.len()))?;
        }
        plan(index, &chosen)
    })
}
