//! What customers owe, by age (R10).

use super::document::{Cell, Document, Row, Table};
use super::due::text;
use super::explain::evidence;
use super::{col, num};
use crate::i18n::{Lang, messages as m};
use crate::metrics::MONEY;
use crate::metrics::explain::Evidence;
use crate::model::book::Needs;
use crate::model::money::Decimal;
use crate::rules::index::Index;
use crate::rules::receivables::{Account, Ageing};
use rayon::prelude::*;

/// What this report reads.
pub const NEEDS: Needs = Needs { customers: true, ledgers: MONEY, lean: true, ..Needs::NOTHING };

/// The ageing table of the chosen customers; accounts that are settled are left out.
pub fn report(index: &Index<'_>, chosen: &[usize], lang: Lang) -> Document {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let mut columns = vec![col(lang, "customer"), col(lang, "name"), col(lang, "owner"), col(lang, "currency")];
    let keys = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus", "credit", "outstanding", "bills"];
    columns.extend(keys.iter().map(|k| num(lang, k)));
    let mut wanted = vec![false; book.customers.len()];
    chosen.iter().for_each(|n| wanted[*n] = true);
    let seen = |a: &Account<'_>| wanted[a.customer];
    let figures = |a: &&'_ Account<'_>| {
        let ageing = a.ageing(book.today);
        let settled = ageing.sum().is_zero() && a.credit.is_zero() && a.bills.is_zero();
        (!settled).then(|| (ageing.sum() - a.credit, ageing))
    };
    let mut accounts: Vec<(Decimal, Ageing, &Account<'_>)> = index
        .accounts()
        .par_iter()
        .with_min_len(256)
        .filter(|a| seen(a))
        .filter_map(|a| figures(&a).map(|(open, ageing)| (open, ageing, a)))
        .collect();
    accounts.par_sort_by(|a, b| b.0.cmp(&a.0).then(a.2.customer.cmp(&b.2.customer)));
    let row = |(_, ageing, a): &(Decimal, Ageing, &Account<'_>)| {
        let c = &book.customers[a.customer];
        let mut cells = Vec::with_capacity(columns.len());
        cells.extend([Cell::Id(c.id.into()), text(c.name), text(c.owner), text(a.currency)]);
        cells.extend(amounts(ageing, a.credit, a.bills, a.currency));
        Row { cells, ..Row::default() }
    };
    let rows = accounts.par_iter().with_min_len(256).map(row).collect();
    let mut sum = (Ageing::default(), Decimal::ZERO, Decimal::ZERO);
    for (_, ageing, a) in accounts {
        if a.currency == base {
            let t = &mut sum.0;
            t.not_due += ageing.not_due;
            t.d1_30 += ageing.d1_30;
            t.d31_60 += ageing.d31_60;
            t.d61_90 += ageing.d61_90;
            t.d91_120 += ageing.d91_120;
            t.d120_plus += ageing.d120_plus;
            sum.1 += a.credit;
            sum.2 += a.bills;
        }
    }
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing, Cell::Missing, text(base)];
    total.extend(amounts(&sum.0, sum.1, sum.2, base));
    let footer = vec![Row { cells: total, ..Row::default() }];
    Document::table(Table { columns, rows, footer, ..Table::default() })
}

fn amounts(a: &Ageing, credit: Decimal, bills: Decimal, currency: &str) -> Vec<Cell> {
    [a.not_due, a.d1_30, a.d31_60, a.d61_90, a.d91_120, a.d120_plus, credit, a.sum() - credit, bills]
        .into_iter()
        .map(|amount| Cell::money(amount, currency))
        .collect()
}

/// Puts the receivables and payments behind each row below the table.
pub fn explain(doc: &mut Document, index: &Index<'_>, chosen: &[usize], lang: Lang) {
    use super::document::Block;
    let book = index.book;
    doc.blocks.push(Block::Note(m::rule(lang, "R10")));
    for a in index.accounts().iter().filter(|a| chosen.contains(&a.customer)) {
        let open: Vec<String> = a
            .receivables
            .iter()
            .filter(|r| !r.open.is_zero())
            .map(|r| evidence(book, &Evidence::Receivable(r.clone()), lang))
            .collect();
        if !open.is_empty() {
            doc.blocks.push(Block::Note(format!("{}\n{}", book.customers[a.customer].id, open.join("\n"))));
        }
    }
}
