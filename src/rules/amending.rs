//! R6: an order line that is corrected: amount, tax and whole cost follow quantity, price and discount, or it is refused.

use super::engine::index::Index;
use super::entry::{split, tax_rate};
use super::fits::Places;
use super::sold::Sold;
use crate::model::change::{Change, ChangeSet};
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, minor_digits, multiply, round};
use crate::model::plan::Note;
use crate::model::refusal::Refusal;

/// Net and tax of a line whose entry changes, at its own tax rate: `rate` where that gives what stands there, else the
/// share that its tax has.
fn taxed(
    old: &Sold,
    entered: Decimal,
    now: Decimal,
    rate: Decimal,
    included: bool,
    digits: u32,
) -> Option<(Decimal, Decimal)> {
    let tax = old.tax.unwrap_or_default();
    let net = if included { entered.checked_sub(tax)? } else { entered };
    if split(entered, rate, included, digits) == Some((net, tax)) {
        return split(now, rate, included, digits);
    }
    let share = if entered.is_zero() { Decimal::ZERO } else { tax.checked_div(entered)? };
    let tax = round(now.checked_mul(share)?, digits).normalize();
    Some((if included { now.checked_sub(tax)? } else { now }.normalize(), tax))
}

/// The cells that follow when others of a line change; `given` are the columns that are set. `rate` is the tax rate of the
/// product.
///
/// # Errors
/// The column that does not follow.
pub fn follow(
    old: &Sold,
    new: &Sold,
    given: &[&str],
    rate: Decimal,
    digits: u32,
) -> Result<Vec<(&'static str, Decimal)>, &'static str> {
    let mut out = Vec::new();
    let is_given = |column: &str| given.contains(&column);
    let priced_anew = (old.quantity, old.price, old.discount) != (new.quantity, new.price, new.discount);
    if priced_anew && !is_given("amount") {
        let has_tax = old.tax.is_some_and(|t| !t.is_zero());
        let both = old.entered().zip(new.entered());
        match (old.amount, both) {
            (None, _) if !has_tax || is_given("tax") => {}
            (None, None) => return Err("tax"),
            (None, Some((before, now))) => {
                out.push(("tax", taxed(old, before, now, rate, false, digits).ok_or("tax")?.1));
            }
            (Some(_), None) => return Err("amount"),
            (Some(amount), Some((before, now))) => {
                let included = match (amount == before, amount.checked_add(old.tax.unwrap_or_default()) == Some(before))
                {
                    (true, _) => false,
                    (_, true) => true,
                    _ => return Err("amount"),
                };
                let (net, tax) = taxed(old, before, now, rate, included, digits).ok_or("amount")?;
                out.push(("amount", net));
                if has_tax && !is_given("tax") {
                    out.push(("tax", tax));
                }
            }
        }
    }
    let cost_anew = old.quantity != new.quantity || old.unit_cost != new.unit_cost;
    if let Some(cost) = old.cost.filter(|_| cost_anew && !is_given("cost")) {
        let product = |a: Option<Decimal>, b: Option<Decimal>| multiply(a?, b?);
        let now = if product(old.quantity, old.unit_cost) == Some(cost) {
            product(new.quantity, new.unit_cost)
        } else if old.unit_cost == new.unit_cost {
            let grown = product(Some(cost), new.quantity);
            let now = grown.zip(old.quantity).and_then(|(g, q)| g.checked_div(q));
            now.filter(|n| product(Some(*n), old.quantity) == grown)
        } else {
            None
        };
        out.push(("cost", now.ok_or("cost")?.normalize()));
    }
    Ok(out)
}

/// Adds to edits of order lines the cells that follow from them; a note for each. The book must hold the lines as plain
/// rows, and the products.
///
/// # Errors
/// [`Refusal::DoesNotFollow`].
pub fn amend(index: &Index<'_>, changes: &mut ChangeSet) -> Result<Vec<Note>, Refusal> {
    let book = index.book;
    let (settings, base) = (&book.settings, book.settings.file.currency.as_str());
    let mut notes = Vec::new();
    let places = Places::of(book, changes);
    for c in &mut changes.changes {
        let Change::EditRow { file, ledger: Ledger::Orders, line, cells } = c else { continue };
        let Some(row) = places.row(Ledger::Orders, file, *line) else { continue };
        let before = |column: &str| Ledger::Orders.column(column).map_or("", |n| row.cell(n));
        let after = |column: &str| cells.iter().find(|(k, _)| k == column).map_or(before(column), |(_, v)| v.as_str());
        let (old, new) = (Sold::of(before), Sold::of(after));
        let given: Vec<&str> = cells.iter().map(|(k, _)| k.as_str()).collect();
        let day = At::parse(before("at"), settings.tz).map_or(book.today, |at| at.day);
        let rate = tax_rate(index.prices(), settings, before("product"), day);
        let currency = if before("currency").is_empty() { base } else { before("currency") };
        let id = format!("{}/{}", before("id"), before("line"));
        let found = follow(&old, &new, &given, rate, minor_digits(currency));
        let found = found.map_err(|column| Refusal::DoesNotFollow { line: id.clone(), column })?;
        let found: Vec<(&str, String)> = found.into_iter().map(|(k, v)| (k, v.to_string())).collect();
        for (column, to) in found {
            if before(column) != to {
                let (column, from) = (column.to_string(), before(column).to_string());
                notes.push(Note::Set { id: id.clone(), column: column.clone(), from, to: to.clone() });
                cells.push((column, to));
            }
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;
    use crate::rules::sold::tests::sold;

    #[test]
    fn cells_follow_or_are_refused() {
        let check = |old: &str, change: &str, expected: Result<&str, &'static str>| {
            let words: Vec<&str> = change.split_whitespace().collect();
            let given: Vec<&str> = words.chunks(2).map(|w| w[0]).collect();
            let all: Vec<&str> = old.split_whitespace().collect();
            let kept: Vec<&str> = all.chunks(2).filter(|w| !given.contains(&w[0])).flatten().copied().collect();
            let new = sold(&format!("{} {change}", kept.join(" ")));
            let rate = parse_decimal("0.13").unwrap();
            let got = follow(&sold(old), &new, &given, rate, 2);
            let got = got.map(|cells| cells.iter().map(|(k, v)| format!("{k} {v}")).collect::<Vec<_>>().join(" "));
            assert_eq!(got, expected.map(ToString::to_string), "{old} → {change}");
        };
        // Prices with tax: the amount is what is left.
        let taxed = "quantity 2 price 1130 amount 2000 tax 260 unit_cost 800 cost 1600";
        check(taxed, "quantity 4", Ok("amount 4000 tax 520 cost 3200"));
        check(taxed, "price 565", Ok("amount 1000 tax 130"));
        check(taxed, "discount 0.1", Ok("amount 1800 tax 234"));
        check(taxed, "quantity 4 amount 1", Ok("cost 3200"));
        check(taxed, "quantity 4 cost 1", Ok("amount 4000 tax 520"));
        check(taxed, "unit_cost 900", Ok("cost 1800"));
        check(taxed, "note x", Ok(""));
        // A rate of the line's own.
        check("quantity 1 price 106 amount 100 tax 6", "quantity 3", Ok("amount 300 tax 18"));
        // Tax on top.
        check("quantity 2 price 1000 tax 260", "quantity 3", Ok("tax 390"));
        check("quantity 2 price 1000 amount 2000 tax 260", "price 500", Ok("amount 1000 tax 130"));
        check("quantity 2 price 1000", "quantity 3", Ok(""));
        // An amount that was agreed does not follow from a quantity.
        check("quantity 2 amount 5000", "quantity 3", Err("amount"));
        check("quantity 2 price 10 amount 5000", "quantity 3", Err("amount"));
        check("quantity 2 tax 5", "quantity 3", Err("tax"));
        // A whole cost grows with the quantity where that is exact.
        check("quantity 2 price 10 cost 9", "quantity 3", Ok("cost 13.5"));
        check("quantity 3 price 10 cost 10", "quantity 1", Err("cost"));
        check("quantity 3 price 10 cost 10", "price 11", Ok(""));
        check("quantity 2 price 10 unit_cost 4 cost 9", "unit_cost 5", Err("cost"));
    }
}
