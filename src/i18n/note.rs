//! The words for what a plan does, for its warnings, and for what stands in the way of one.

use super::messages as m;
use super::refusal::line_name;
use super::values::value;
use super::{Lang, refusal};
use crate::model::plan::{Note, Obstacle};

/// A line of what is done, or a warning, in the reader's language.
pub fn words(lang: Lang, note: &Note) -> String {
    match note {
        Note::Ordered { order, customer, net, tax, total, due } => {
            m::did_order(lang, order, customer, net.shown(), tax.shown(), total.shown(), due)
        }
        Note::Calls { order, days } => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            m::did_plan_calls(lang, order, days.join(lang.pick(", ", "、")))
        }
        Note::FirstOrder { order, customer } => m::first_order_line(lang, order, customer),
        Note::Advanced { customer, from, to, by, .. } => m::did_advance(lang, customer, from, to, by),
        Note::Owes { payable, supplier, amount, due, status } => {
            m::did_payable(lang, payable, supplier, amount.shown(), due, value(lang, "payable_status", status))
        }
        Note::Paid { payment, supplier, amount, outstanding } => {
            m::did_payment(lang, payment, supplier, amount.shown(), outstanding.shown())
        }
        Note::Invoiced { invoice, customer, amount, tax: None } => {
            m::did_invoice(lang, invoice, customer, amount.shown())
        }
        Note::Invoiced { invoice, customer, amount, tax: Some(tax) } => {
            m::did_invoice_tax(lang, invoice, customer, amount.shown(), tax.shown())
        }
        Note::Voided { id } => m::did_void(lang, id),
        Note::OrderState { order, state } => m::did_order_event(lang, order, value(lang, "order_state", state)),
        Note::TookBack { order, line, quantity, total } => {
            m::did_return(lang, order, line, quantity.normalize(), total.shown())
        }
        Note::Set { id, column, from, to } => {
            let cell = |text: &String| if text.is_empty() { m::empty_word(lang) } else { text.clone() };
            m::did_set(lang, id, super::labels::column(lang, "orders", column), cell(from), cell(to))
        }
        Note::Opened { kind, id, customer, title, stage } => {
            m::did_open(lang, id, value(lang, "subject_kind", kind), customer, title, stage)
        }
        Note::Complained { complaint, customer, text, due } => match due {
            Some(due) => m::did_complain(lang, complaint, customer, text, due),
            None => m::did_complain_open(lang, complaint, customer, text),
        },
        Note::Acknowledged { what, complaints } => {
            m::did_acknowledge(lang, what, complaints.join(lang.pick(", ", "、")))
        }
        Note::SafetyComplaint { complaint, product, customer, day, text } => {
            m::safety_complaint(lang, complaint, product, customer, day, text)
        }
        Note::Task { id, customer, title, due } if id.is_empty() => m::did_task_of(lang, customer, due, title),
        Note::Task { id, title, due, .. } => m::did_task(lang, id, due, title),
        Note::NoHolidays { year } => m::no_holidays(lang, year),
        Note::Turned { id, event, from, to, .. } => {
            let cell = |text: &String| if text.is_empty() { m::empty_word(lang) } else { text.clone() };
            m::did_turn(lang, id, value(lang, "event", event), cell(from), cell(to))
        }
        Note::Given { customer, from, to } => {
            let name = |id: &String| if id.is_empty() { m::the_pool(lang) } else { id.clone() };
            m::did_assign(lang, customer, name(from), name(to))
        }
        Note::Released { customer, owner, limit, since, days, most } => {
            m::did_release(lang, customer, owner, value(lang, "pool_limit", limit), since, days, most)
        }
        Note::Kept { customer, until } => m::did_keep(lang, customer, until),
        Note::Quoted { quote, customer, version, net, tax, total, until } => {
            let (net, tax, total) = (net.shown(), tax.shown(), total.shown());
            match until {
                Some(day) => m::did_quote(lang, quote, customer, version, net, tax, total, day),
                None => m::did_quote_open(lang, quote, customer, version, net, tax, total),
            }
        }
        Note::QuoteState { quote, from, to, .. } => {
            let word = |state: &str| value(lang, "quote_state", state);
            m::did_quote_event(lang, quote, word(from), word(to))
        }
        Note::Received { receipt, customer, amount, outstanding } => {
            m::did_receipt(lang, receipt, customer, amount.shown(), outstanding.shown())
        }
        Note::Refunded { refund, customer, amount, kind } => {
            m::did_refund(lang, refund, customer, amount.shown(), value(lang, "refunds.kind", kind))
        }
        Note::Merged { keep, drop, name } => m::did_merge(lang, keep, drop, name),
        Note::GivenUp { keep, drop, column, value, kept } => {
            let kept = if kept.is_empty() { m::empty_word(lang) } else { kept.clone() };
            m::given_up(lang, drop, super::labels::label(lang, column), value, keep, kept)
        }
        Note::StageStays { name, newest, event, .. } => m::no_advance(lang, name, newest, event),
        Note::IsClosed { name, .. } => m::is_closed(lang, name),
        Note::UnknownCost { line } => m::unknown_cost(lang, line_name(lang, line)),
        Note::ProductStatus { product, status } => {
            m::product_status(lang, product, value(lang, "products.status", status))
        }
        Note::Overdue { name, amount, .. } => m::overdue_now(lang, name, amount.shown()),
        Note::OverCredit { name, after, limit, .. } => m::over_credit(lang, name, after.shown(), limit.shown()),
        Note::Overpaid { what, amount } => m::overpaid(lang, what, amount.shown()),
        Note::Contracted { contract, party, title, amount, approval } => {
            let amount =
                amount.as_ref().map_or_else(|| m::amount_unknown(lang), |a| format!("{} {}", a.shown(), a.currency));
            let approval = match *approval {
                "" => m::needs_no_approval(lang),
                word => value(lang, "approval", word),
            };
            m::did_contract(lang, contract, party, title, amount, approval)
        }
        Note::Instalment { id, amount, due } => m::did_instalment(lang, id, amount.shown(), due),
        Note::Asked { request, kind, subject, what } => {
            m::did_ask(lang, request, value(lang, "requests.kind", kind), subject, what)
        }
        Note::AskedAlready { request } => m::did_ask_already(lang, request),
        Note::MayRepeat { request, by } => m::may_repeat(lang, request, by),
        Note::WrittenOff { receivable, amount, left } => {
            m::did_writeoff(lang, receivable, amount.shown(), left.shown())
        }
        Note::SealBreaks { what } => m::seal_breaks(lang, what),
        Note::Against(r) => m::overridden(lang, refusal::words(lang, r).0),
    }
}

/// (what stands in the way, what mends it) in the reader's language.
pub fn obstacle(lang: Lang, obstacle: &Obstacle) -> (String, String) {
    let alone = |what: String| (what, String::new());
    match obstacle {
        Obstacle::Refused { refusal, .. } => refusal::words(lang, refusal),
        Obstacle::NoPrice { line, day } => alone(m::no_price(lang, line_name(lang, line), day)),
        Obstacle::NoRate { currency, day } => alone(m::no_rate(lang, currency, day)),
        Obstacle::TooLong { line } => alone(m::too_many_digits(lang, line_name(lang, line))),
        Obstacle::TooLarge => (m::sum_too_large(lang), m::hint_sum_too_large(lang)),
        Obstacle::NotInQuotes { key } => (m::quote_lines_only(lang, key), m::hint_quote_line(lang)),
        Obstacle::NoUnitPrice { line, amount, quantity } => {
            let what = m::quote_amount(lang, amount, quantity);
            (m::labelled(lang, line_name(lang, line), what), m::hint_quote_amount(lang))
        }
        Obstacle::InTheFuture { day } => alone(m::in_the_future(lang, day)),
        Obstacle::EndsBeforeStart { end, start } => alone(m::contract_ends_before(lang, end, start)),
        Obstacle::EndsBefore { until, at } => alone(m::valid_before(lang, until, at)),
    }
}
