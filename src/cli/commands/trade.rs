//! What orders, quotes, receipts and refunds share: reading what was typed, and finding what it names.

use crate::cli::args::{Lines, TaxRate};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, no_row};
use crate::cli::record::{cell_text, column_name};
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::order::OrderLine;
use crate::rules::entry::Entry;

/// What trade decisions rest on.
pub(crate) const READS: Reads = Reads::customers_and(&[
    Ledger::Events,
    Ledger::Orders,
    Ledger::Products,
    Ledger::Quotes,
    Ledger::Receivables,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Rates,
])
.and(Reads { plain: LedgerSet::of(&[Ledger::Requests, Ledger::Complaints]), ..Reads::NOTHING });

/// What judging prices rests on.
pub(crate) fn price_reads(ctx: &Context) -> Reads {
    READS.and(crate::rules::floors::reads(&ctx.settings))
}

/// A plain decimal as it was typed.
pub(crate) fn number(ctx: &Context, key: &str, text: &str) -> Result<Decimal> {
    parse_decimal(text).ok_or_else(|| CliError::usage(m::bad_number(ctx.lang(), text, key)))
}

/// A fraction as it was typed: `0.05` or `5%`.
fn fraction(ctx: &Context, key: &str, text: &str) -> Result<Decimal> {
    match text.strip_suffix(['%', '％']) {
        Some(percent) => Ok((number(ctx, key, percent)? / Decimal::ONE_HUNDRED).normalize()),
        None => number(ctx, key, text),
    }
}

/// The tax rate that was typed for all lines.
pub(crate) fn tax_rate(ctx: &Context, typed: &TaxRate) -> Result<Option<Decimal>> {
    typed.as_deref().map(|t| fraction(ctx, "tax_rate", t)).transpose()
}

/// `PRODUCT:QUANTITY[@PRICE][-DISCOUNT%]`; `=` may stand for the colon.
fn short_line(ctx: &Context, text: &str) -> Result<Entry> {
    let lang = ctx.lang();
    let bad = || CliError::usage(m::bad_line(lang, text)).hint(m::hint_line(lang));
    let (product, rest) = text.split_once([':', '=', '：']).ok_or_else(bad)?;
    let (rest, discount) = match rest.strip_suffix(['%', '％']) {
        Some(r) => {
            let (rest, percent) = r.rsplit_once('-').ok_or_else(bad)?;
            (rest, Some(number(ctx, "discount", percent)? / Decimal::ONE_HUNDRED))
        }
        None => (rest, None),
    };
    let (quantity, price) = rest.split_once('@').map_or((rest, None), |(q, p)| (q, Some(p)));
    if product.is_empty() {
        return Err(bad());
    }
    Ok(Entry {
        product: product.to_string(),
        quantity: Some(parse_decimal(quantity).ok_or_else(bad)?),
        price: price.map(|p| parse_decimal(p).ok_or_else(bad)).transpose()?,
        discount: discount.map(|d| d.normalize()),
        ..Entry::default()
    })
}

/// `product=ctl-m5 quantity=2 price=6800 discount=0.05`; a word without `=` belongs to the value before it.
fn long_line(ctx: &Context, text: &str) -> Result<Entry> {
    let lang = ctx.lang();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for word in text.split_whitespace() {
        match (word.split_once('='), pairs.last_mut()) {
            (Some((key, value)), _) => pairs.push((column_name(Ledger::Orders, key), value.to_string())),
            (None, Some((_, value))) => {
                value.push(' ');
                value.push_str(word);
            }
            (None, None) => return Err(CliError::usage(m::bad_line(lang, text)).hint(m::hint_line(lang))),
        }
    }
    let mut e = Entry::default();
    for (key, value) in &pairs {
        match key.as_str() {
            "product" => e.product.clone_from(value),
            "quantity" => e.quantity = Some(number(ctx, key, value)?),
            "price" => e.price = Some(number(ctx, key, value)?),
            "discount" => e.discount = Some(fraction(ctx, key, value)?),
            "amount" => e.amount = Some(number(ctx, key, value)?),
            "unit_cost" => e.unit_cost = Some(number(ctx, key, value)?),
            "extra_cost" => e.extra_cost = Some(number(ctx, key, value)?),
            "note" => e.note = cell_text(ctx, Ledger::Orders, "note", value)?,
            _ => {
                let keys = ["product", "quantity", "price", "discount", "amount", "unit_cost", "extra_cost", "note"];
                return Err(CliError::usage(m::unknown_key(lang, key))
                    .nearest(lang, &nearest(key, keys))
                    .hint(m::hint_values(lang, keys.join(", "))));
            }
        }
    }
    Ok(e)
}

/// The lines that were typed: short ones first.
pub(crate) fn entries(ctx: &Context, typed: &Lines) -> Result<Vec<Entry>> {
    let short = typed.lines.iter().map(|w| short_line(ctx, w));
    let out = short.chain(typed.line.iter().map(|l| long_line(ctx, l))).collect::<Result<Vec<Entry>>>()?;
    if out.is_empty() {
        return Err(CliError::usage(m::no_lines(ctx.lang())).hint(m::hint_line(ctx.lang())));
    }
    Ok(out)
}

/// The product must be known.
fn check_product(ctx: &Context, book: &Book, product: &str) -> Result<()> {
    let ids = || book.products.iter().map(|v| v.id);
    if product.is_empty() || ids().any(|id| id == product) {
        return Ok(());
    }
    Err(no_row(ctx.lang(), "product", product, ids()))
}

/// The products of all lines must be known.
pub(crate) fn check_products(ctx: &Context, book: &Book, entries: &[Entry]) -> Result<()> {
    entries.iter().try_for_each(|e| check_product(ctx, book, &e.product))
}

/// A company's own number, or a new random one.
pub(crate) fn row_id(ctx: &Context, ledger: Ledger, own: Option<&str>, taken: impl Fn(&str) -> bool) -> Result<String> {
    let Some(own) = own else { return ctx.new_id(ledger) };
    let id = cell_text(ctx, ledger, "id", own)?;
    if taken(&id) {
        return Err(CliError::new(Exit::Refused, m::exists_already(ctx.lang(), &id)).hint(m::hint_other_id(ctx.lang())));
    }
    Ok(id)
}

/// The lines of an order that was named, `order:` in front or not.
pub(crate) fn lines_of(ctx: &Context, book: &Book, id: &str) -> Result<Vec<OrderLine>> {
    let id = id.strip_prefix("order:").unwrap_or(id);
    let lines: Vec<OrderLine> = book.orders.iter().filter(|l| l.id() == id).collect();
    if lines.is_empty() {
        return Err(no_row(ctx.lang(), "order", id, book.orders.iter().map(|l| l.id())));
    }
    Ok(lines)
}
