//! Turns rows of another program into a change set, and says which are new, there already, different, or not usable.

use super::alike::alike;
use super::bind::bind;
use super::env::Env;
pub use super::env::{Counts, Input, Outcome, Reject};
use super::import_map::{ImportMap, MapPlace, Problem};
use super::resolve::{Resolver, referred};
use super::target::{Table, Target};
use super::{contacts, customers, ledger_rows};
use crate::i18n::{Lang, exchange as m};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::settings::Settings;
use crate::rules::floors;
use crate::rules::gifts;

/// What must be read for an import, beside the ledger of [`scanned`].
pub fn reads(map: &ImportMap, settings: &Settings) -> Reads {
    let customers = Reads { customers: true, ..Reads::NOTHING };
    let l = match map.into {
        Table::Contacts => return customers,
        // Changed decisions are events.
        Table::Customers => return Reads { ledgers: LedgerSet::of(&[Ledger::Events]), ..customers },
        Table::Ledger(l) => l,
    };
    let types: Vec<Type> = l.columns().iter().filter(|c| map.fills(c.name)).map(|c| c.ty).collect();
    let plain: Vec<Ledger> = types.iter().filter_map(|ty| referred(*ty)).filter(|other| *other != l).collect();
    let of_customers = |ty: &Type| matches!(ty, Type::Ref(RefTo::Customer | RefTo::Party | RefTo::Contact));
    // Orders advance stages, and what products cost on their days is frozen into them.
    let typed: &[Ledger] = match l {
        Ledger::Orders => &[Ledger::Events, Ledger::Products, Ledger::Rates],
        // A quote's floor depends on who has ordered before, and on what products cost.
        Ledger::Quotes => &[Ledger::Events, Ledger::Orders, Ledger::Products, Ledger::Rates],
        // What is void is not counted; a complaint has the grade that its customer had.
        Ledger::Refunds | Ledger::Complaints => &[Ledger::Events],
        _ => &[],
    };
    // No more goes back than came in.
    let came = if l == Ledger::Refunds { LedgerSet::of(&[Ledger::Receipts]) } else { LedgerSet::NONE };
    let customers = types.iter().any(of_customers);
    let limits = if matches!(l, Ledger::Orders | Ledger::Quotes) { floors::reads(settings) } else { Reads::NOTHING };
    let plain = LedgerSet::of(&plain).and(came);
    Reads { customers, ledgers: LedgerSet::of(typed), plain, ..Reads::NOTHING }.and(limits).and(gifts::reads_with(l))
}

/// The ledger whose rows are compared with those of the source: its files are needed as texts only.
pub fn scanned(map: &ImportMap) -> Option<Ledger> {
    match map.into {
        Table::Ledger(l) => Some(l),
        Table::Customers | Table::Contacts => None,
    }
}

/// Plans an import.
///
/// # Errors
/// Columns that the map names and the file does not have, and required ones that the map does not fill.
pub fn plan(input: &Input<'_>) -> Result<Outcome, Vec<Problem>> {
    let map = input.map;
    let problems = required(map, input.lang);
    if !problems.is_empty() {
        return Err(problems);
    }
    let bound = bind(map, input.source, input.lookups, input.lang)?;
    let book = input.index.book;
    let env = Env {
        input,
        bound: &bound,
        resolver: Resolver::new(book, input.lang),
        book,
        settings: &book.settings,
        lang: input.lang,
    };
    let mut out = match map.into {
        Table::Customers => customers::plan(&env),
        Table::Contacts => contacts::plan(&env),
        Table::Ledger(ledger) => ledger_rows::plan(&env, ledger),
    };
    alike(&env, &mut out);
    out.rejects.sort_by_key(|r| r.row);
    out.counts.rows = input.source.len();
    out.counts.rejected = out.rejects.len();
    Ok(out)
}

/// Required columns that nothing fills.
fn required(map: &ImportMap, lang: Lang) -> Vec<Problem> {
    let missing = |column: &str| Problem {
        place: MapPlace::default(),
        message: m::target_required(lang, map.into.name(), column),
    };
    let has = |t: &Target| map.column(t).is_some();
    match map.into {
        Table::Customers if !has(&Target::Key("name")) && !has(&Target::Id) => vec![missing("name")],
        Table::Customers => Vec::new(),
        Table::Contacts => [(Target::Customer, "customer"), (Target::Contact("name"), "name")]
            .into_iter()
            .filter(|(t, _)| !has(t))
            .map(|(_, name)| missing(name))
            .collect(),
        Table::Ledger(l) => {
            // Ids are made from the source's key where the company gives none; lines are counted.
            let made = |name: &str| name == "line" || name == "id" && !l.prefix().is_empty();
            let columns = l.columns().iter().enumerate();
            columns
                .filter(|(n, c)| c.required && !made(c.name) && !has(&Target::Column(*n)))
                .map(|(_, c)| missing(c.name))
                .collect()
        }
    }
}
