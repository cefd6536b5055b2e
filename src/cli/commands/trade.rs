//! What orders and quotes share: reading lines, working them out, and the checks of R6.

use super::record::{cell_text, column_name};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::diag::nearest;
use crate::i18n::{messages as m, values};
use crate::model::book::{Book, Needs};
use crate::model::change::ChangeSet;
use crate::model::ledger::{Ledger, LedgerSet};
pub(crate) use crate::model::money::shown as money;
use crate::model::money::{Decimal, Sum, minor_digits, parse_decimal, percent, round};
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::rules::entry::{Entry, Fault, Line, Terms, line, min_price};
use crate::rules::floor::line_floor;
use crate::rules::index::Index;
use crate::rules::orders::order_days;
use crate::rules::profit::Prices;

/// What trade decisions rest on.
pub(crate) const NEEDS: Needs = Needs::customers_and(&[
    Ledger::Events,
    Ledger::Orders,
    Ledger::Products,
    Ledger::Quotes,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Rates,
])
.and(Needs { plain: LedgerSet::of(&[Ledger::Requests]), ..Needs::NOTHING });

/// A plain decimal as it was typed.
pub(crate) fn number(ctx: &Context, key: &str, text: &str) -> Result<Decimal> {
    parse_decimal(text).ok_or_else(|| CliError::usage(m::bad_number(ctx.lang(), text, key)))
}

/// A fraction as it was typed: `0.05` or `5%`.
pub(crate) fn fraction(ctx: &Context, key: &str, text: &str) -> Result<Decimal> {
    match text.strip_suffix(['%', '％']) {
        Some(percent) => Ok((number(ctx, key, percent)? / Decimal::ONE_HUNDRED).normalize()),
        None => number(ctx, key, text),
    }
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
pub(crate) fn entries(ctx: &Context, words: &[String], long: &[String]) -> Result<Vec<Entry>> {
    let mut out = Vec::new();
    for w in words {
        out.push(short_line(ctx, w)?);
    }
    for l in long {
        out.push(long_line(ctx, l)?);
    }
    if out.is_empty() {
        return Err(CliError::usage(m::no_lines(ctx.lang())).hint(m::hint_line(ctx.lang())));
    }
    Ok(out)
}

/// What messages call a line.
pub(crate) fn line_name(ctx: &Context, n: usize, e: &Entry) -> String {
    if e.product.is_empty() { m::line_word(ctx.lang(), n + 1) } else { e.product.clone() }
}

/// The product must be known.
pub(crate) fn check_product(ctx: &Context, book: &Book, product: &str) -> Result<()> {
    if product.is_empty() || book.products.iter().any(|v| v.id == product) {
        return Ok(());
    }
    let near = nearest(product, book.products.iter().map(|v| v.id));
    Err(CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), "product", product)).nearest(ctx.lang(), &near))
}

/// Works lines out.
pub(crate) fn work_out(ctx: &Context, book: &Book, terms: Terms<'_>, entries: &[Entry]) -> Result<Vec<Line>> {
    let lang = ctx.lang();
    let prices = Prices::new(book);
    let mut out = Vec::new();
    for (n, e) in entries.iter().enumerate() {
        check_product(ctx, book, &e.product)?;
        let name = line_name(ctx, n, e);
        out.push(line(&prices, terms, e, &ctx.settings).map_err(|fault| {
            CliError::usage(match fault {
                Fault::NoPrice => m::no_price(lang, name, terms.day),
                Fault::NoRate => m::no_rate(lang, terms.currency, terms.day),
                Fault::TooLong => m::too_many_digits(lang, name),
            })
        })?);
    }
    Ok(out)
}

/// The margin that a customer's lines must keep: its grade's; a first order may go down to cost.
pub(crate) fn floor(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let book = index.book;
    line_floor(&book.settings, book.customers[customer].grade, is_first(index, customer))
}

/// Whether the customer has no order with a positive net yet.
pub(crate) fn is_first(index: &Index<'_>, customer: usize) -> bool {
    order_days(index, customer).is_empty()
}

/// What the rules say against lines.
pub(crate) struct Judged {
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) warnings: Vec<String>,
    /// What would have to be allowed.
    asked: Vec<Asked>,
}

/// Something that only some may allow: a row of `requests` (R12).
#[derive(PartialEq, Eq)]
struct Asked {
    kind: &'static str,
    /// `customer:id`
    subject: String,
    /// The price or discount asked for.
    amount: String,
    /// Figures, the same in every language.
    what: String,
    /// A request for the same that nobody has answered yet.
    open: Option<String>,
}

/// Somebody's request for the same that waits for its answer.
fn open_request(book: &Book, by: &str, kind: &str, subject: &str, amount: &str) -> Option<String> {
    let cell = |r: &PlainRow, name: &str| Ledger::Requests.column(name).map_or("", |n| r.cells[n]);
    let answered = |id: &str| book.events.iter().any(|e| e.kind() == "request" && e.subject() == id);
    let same = |r: &&PlainRow| {
        [("by", by), ("kind", kind), ("subject", subject), ("amount", amount)].iter().all(|(k, v)| cell(r, k) == *v)
            && !answered(cell(r, "id"))
    };
    book.plain.get(&Ledger::Requests)?.iter().find(same).map(|r| cell(r, "id").to_string())
}

/// Checks price floor, discounts, credit and products.
pub(crate) fn judge(
    ctx: &Context,
    index: &Index<'_>,
    customer: usize,
    terms: Terms<'_>,
    lines: &[Line],
) -> Result<Judged> {
    let lang = ctx.lang();
    let book = index.book;
    let c = &book.customers[customer];
    let grade = ctx.settings.file.grades.get(c.grade);
    let floor = floor(index, customer);
    let actor = ctx.actor_if_known();
    let prices = Prices::new(book);
    let mut refusals = Vec::new();
    let mut warnings = Vec::new();
    let mut asked: Vec<Asked> = Vec::new();
    let mut ask = |kind: &'static str, amount: Option<Decimal>, what: String| {
        let subject = format!("customer:{}", c.id);
        let amount = amount.map(|a| a.normalize().to_string()).unwrap_or_default();
        if asked.iter().all(|a| (a.kind, &a.amount) != (kind, &amount)) {
            let open = actor.and_then(|by| open_request(book, by.id, kind, &subject, &amount));
            asked.push(Asked { kind, subject, amount, what, open });
        }
    };
    if c.closed {
        warnings.push(m::is_closed(lang, c.name));
    }
    for (n, l) in lines.iter().enumerate() {
        let name = line_name(ctx, n, &l.entry);
        match (l.margin(), floor) {
            (Some(margin), Some(floor)) if margin < floor => {
                let unit = l.unit_cost.and_then(|cost| min_price(cost, floor));
                let asks = l.entry.price.or(Some(l.net));
                ask("price", asks, format!("{name}: {} < {}", percent(margin), percent(floor)));
                refusals.push(Refusal::BelowFloor {
                    line: name.clone(),
                    margin: percent(margin),
                    floor: percent(floor),
                    min_price: unit.map_or_else(|| m::empty_word(lang), |p| money(p, terms.currency)),
                });
            }
            (None, Some(_)) if l.cost.is_none() => warnings.push(m::unknown_cost(lang, &name)),
            _ => {}
        }
        if let Some(discount) = l.entry.discount {
            let of_grade = grade.and_then(|g| g.discount_max.as_ref()).map(|x| (x.0, c.grade));
            let of_member = actor.and_then(|a| Some((a.discount_limit?, a.id)));
            for (limit, whose) in of_grade.into_iter().chain(of_member).filter(|(limit, _)| discount > *limit) {
                ask(
                    "discount",
                    Some(discount),
                    format!("{name}: {} > {} ({whose})", percent(discount), percent(limit)),
                );
                refusals.push(Refusal::DiscountLimit {
                    line: name.clone(),
                    discount: percent(discount),
                    limit: percent(limit),
                    whose: whose.to_string(),
                });
            }
        }
        if let Some(v) = prices.version(&l.entry.product, terms.day)
            && matches!(v.status, "paused" | "retired")
        {
            warnings.push(m::product_status(lang, v.id, values::value(lang, "products.status", v.status)));
        }
    }
    let base = &ctx.settings.file.currency;
    let currency = if terms.currency.is_empty() { base.as_str() } else { terms.currency };
    let account = index.accounts_of(customer).iter().find(|a| a.currency == currency);
    if let Some(a) = account {
        let overdue = a.ageing(ctx.today).overdue();
        if !overdue.is_zero() {
            warnings.push(m::overdue_now(lang, c.name, money(known(ctx, overdue)?, currency)));
        }
    }
    if let crate::model::value::Value::Num(limit) = c.get("credit_limit")
        && currency == base
    {
        let owed = account.map_or(Sum::ZERO, |a| a.outstanding());
        let after = known(ctx, owed.plus(Sum::of([total(ctx, lines, currency)?])))?;
        if after > limit {
            warnings.push(m::over_credit(lang, c.name, money(after, currency), money(limit, currency)));
        }
    }
    Ok(Judged { refusals, warnings, asked })
}

/// Net and tax of all lines, rounded once.
pub(crate) fn total(ctx: &Context, lines: &[Line], currency: &str) -> Result<Decimal> {
    let sum = known(ctx, Sum::of(lines.iter().flat_map(|l| [l.net, l.tax])))?;
    Ok(round(sum, minor_digits(currency)))
}

/// A sum that a decision needs.
///
/// # Errors
/// When it is too large for a decimal: some amount in the ledgers, or a typed one, is absurd.
pub(crate) fn known(ctx: &Context, sum: Sum) -> Result<Decimal> {
    let lang = ctx.lang();
    sum.known().ok_or_else(|| CliError::new(Exit::Data, m::sum_too_large(lang)).hint(m::hint_sum_too_large(lang)))
}

/// Refuses, or lets somebody who may go against the rules; for anybody else it asks those who may (R12).
pub(crate) fn enforce(ctx: &Context, judged: Judged, force: bool, note: &str) -> Result<Vec<String>> {
    let Judged { refusals, mut warnings, asked } = judged;
    let Some(first) = refusals.first() else { return Ok(warnings) };
    if !force {
        return Err(ctx.refused(first));
    }
    if let Err(e) = ctx.check_override(note) {
        return Err(if e.exit == Exit::Refused { request(ctx, e, asked, note)? } else { e });
    }
    for r in &refusals {
        warnings.push(m::overridden(ctx.lang(), ctx.refused(r).message));
    }
    Ok(warnings)
}

/// Files what is asked for with a refusal, and names it there.
fn request(ctx: &Context, mut refusal: CliError, asked: Vec<Asked>, note: &str) -> Result<CliError> {
    let (lang, by, at) = (ctx.lang(), ctx.actor()?.id, ctx.fact_time());
    let mut changes = ChangeSet::default();
    for a in asked {
        if let Some(id) = a.open {
            refusal = refusal.hint(m::asked_already(lang, id));
            continue;
        }
        let id = ctx.new_id(Ledger::Requests)?;
        let row = vec![
            ("id", id.clone()),
            ("at", at.to_text(ctx.settings.tz)),
            ("kind", a.kind.into()),
            ("subject", a.subject),
            ("amount", a.amount),
            ("by", by.into()),
            ("note", cell_text(ctx, Ledger::Requests, "note", &format!("{note}\n{}", a.what))?),
        ];
        changes.append(Ledger::Requests, chrono::Datelike::year(&at.day), row);
        let filed = if ctx.global.dry_run {
            m::would_ask(lang, values::value(lang, "requests.kind", a.kind))
        } else {
            m::asked(lang, id)
        };
        refusal = refusal.hint(filed);
    }
    if !changes.is_empty() {
        refusal.request = Some(Box::new(changes));
    }
    Ok(refusal)
}

/// A company's own number, or a new random one.
pub(crate) fn row_id(ctx: &Context, ledger: Ledger, own: Option<&str>, taken: impl Fn(&str) -> bool) -> Result<String> {
    let Some(own) = own else { return ctx.new_id(ledger) };
    let id = cell_text(ctx, ledger, "id", own)?;
    if taken(&id) {
        return Err(CliError::new(Exit::Refused, m::exists_already(ctx.lang(), &id)).hint(m::hint_id(ctx.lang())));
    }
    Ok(id)
}

/// A row of another ledger that was named must be there.
pub(crate) fn check_row(ctx: &Context, book: &Book, ledger: Ledger, id: &str) -> Result<()> {
    let ids: Vec<&str> =
        book.plain.get(&ledger).into_iter().flatten().filter_map(|r| r.cells.first().copied()).collect();
    if ids.contains(&id) {
        return Ok(());
    }
    let e = CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), ledger.kind(), id));
    Err(e.nearest(ctx.lang(), &nearest(id, ids)))
}
