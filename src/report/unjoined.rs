//! Rows that could not be joined, in words: what they are and lack, how many, and how much.

use super::explain::amount_text;
use crate::i18n::{Lang, messages as m, money as w, values};
use crate::model::ledger::Ledger;
use crate::model::money::Sum;
use crate::rules::unjoined::{Lacks, Unjoined};

/// One sentence for each sort of rows.
pub fn words(found: &[Unjoined], lang: Lang) -> Vec<String> {
    found.iter().map(|u| sentence(u, lang)).collect()
}

fn sentence(u: &Unjoined, lang: Lang) -> String {
    let n = u.rows;
    let rows = match u.what {
        Ledger::Receipts => w::n_receipts(lang, n),
        Ledger::Refunds => w::n_refunds(lang, n),
        Ledger::Activities => w::n_activities(lang, n),
        Ledger::Receivables => w::n_open_receivables(lang, n),
        Ledger::Orders => w::n_order_lines(lang, n),
        other => w::n_rows_of(lang, n, values::value(lang, "subject_kind", other.kind())),
    };
    let text = match u.lacks {
        Lacks::Customer => w::lacks_customer(lang, n, rows),
        Lacks::Product => w::lacks_product(lang, n, rows),
        Lacks::Order => w::lacks_order(lang, n, rows),
        Lacks::Receivable => w::lacks_receivable(lang, n, rows),
        Lacks::Line => w::lacks_line(lang, n, rows),
        Lacks::Rate => w::lacks_rate(lang, n, rows),
        Lacks::Amount => w::lacks_amount(lang, n, rows),
    };
    let amount = |(currency, sum): (&String, &Sum)| match sum.known() {
        Some(sum) => format!("{} {currency}", amount_text(currency, sum)),
        None => format!("{} {currency}", w::not_available(lang)),
    };
    let amounts: Vec<String> = u.amounts.iter().map(amount).collect();
    let mut out = if amounts.is_empty() { text } else { m::labelled(lang, text, amounts.join(", ")) };
    let missing: Vec<String> = u.days.iter().map(|(currency, day)| w::no_rate_of(lang, currency, day)).collect();
    if !missing.is_empty() {
        out.push_str(lang.pick("; ", "；"));
        out.push_str(&missing.join(lang.pick("; ", "；")));
    }
    out
}
