//! The words for a rule's no.

use super::Lang;
use super::messages as m;
use super::problem::{Text, filled};
use crate::model::refusal::{BelowFloor, LineName, MayNot, NewestEvent, Refusal, Story};

/// (what, what mends it) in the reader's language.
pub fn words(lang: Lang, r: &Refusal) -> (String, String) {
    match r {
        Refusal::Transition { id, from, to, allowed, .. } => (
            m::refuse_transition(lang, id, from, to),
            if allowed.is_empty() {
                m::refuse_transition_none(lang, from)
            } else {
                m::refuse_transition_hint(lang, allowed.join(lang.pick(", ", "、")))
            },
        ),
        Refusal::BackwardNeedsNote { id, from, to, .. } => {
            (m::refuse_backward(lang, id, from, to), m::refuse_backward_hint(lang))
        }
        Refusal::Requirement { customer, stage, requirement, have } => {
            let what = requirement_word(lang, requirement);
            let what = match requirement.split_once(':') {
                Some(("field", _)) => m::refuse_no_value(lang, customer, stage, what),
                _ => m::refuse_requirement(lang, customer, stage, what, have),
            };
            (what, m::refuse_requirement_hint(lang, requirement_hint(lang, customer, requirement)))
        }
        Refusal::OlderThanNewest { kind, id, event, newest, by } => {
            let (kind, event) = (super::values::value(lang, "subject_kind", kind), event_word(lang, event));
            match by.as_deref() {
                Some(NewestEvent { id: its, place, at, now: Some(now) }) => {
                    (m::refuse_to_come(lang, id, event, kind, its, at), m::refuse_to_come_hint(lang, its, place, now))
                }
                Some(NewestEvent { id: its, place, .. }) => (
                    m::refuse_older(lang, id, event, kind, newest),
                    m::refuse_older_event_hint(lang, newest, its, place),
                ),
                None => (m::refuse_older(lang, id, event, kind, newest), m::refuse_older_hint(lang, newest)),
            }
        }
        Refusal::Closed { customer } => (m::refuse_closed(lang, customer), m::refuse_closed_hint(lang, customer)),
        Refusal::NotClosed { customer } => (m::refuse_not_closed(lang, customer), String::new()),
        Refusal::HasLeft { member, left } => (m::refuse_left(lang, member, left), String::new()),
        Refusal::Circle { key, id, way } => filled(lang, CIRCLE, &[(*key).to_string(), id.clone(), way.join(" → ")]),
        Refusal::Referenced { what, count, places } => {
            (m::refuse_referenced(lang, what, count, places.join(", ")), m::refuse_referenced_hint(lang))
        }
        Refusal::NotYours { customer, owner, member, may } => {
            let may = may.join(lang.pick(", ", "、"));
            if owner.is_empty() {
                (m::refuse_not_claimed(lang, member, customer), m::refuse_not_claimed_hint(lang, customer, may))
            } else {
                (m::refuse_not_yours(lang, member, customer, owner), m::refuse_not_yours_hint(lang, owner, may))
            }
        }
        Refusal::InPool { customer } => (m::refuse_in_pool(lang, customer), m::refuse_in_pool_hint(lang)),
        Refusal::NotInPool { customer, owner } => {
            (m::refuse_not_in_pool(lang, customer, owner), m::refuse_not_in_pool_hint(lang, owner))
        }
        Refusal::NotPoolMember { customer, pool, member, members } => (
            m::refuse_pool_member(lang, member, customer, pool),
            m::refuse_pool_member_hint(lang, members.join(lang.pick(", ", "、")), pool),
        ),
        Refusal::OwnLimit { member, have, more, limit } => {
            (m::refuse_own_limit(lang, member, have, more, limit), m::refuse_own_limit_hint(lang))
        }
        Refusal::ClaimLimit { member, day, have, more, limit } => {
            (m::refuse_claims(lang, member, day, have, more, limit), m::refuse_claims_hint(lang))
        }
        Refusal::CoolDown { customer, member, left, days, until } => {
            (m::refuse_cooldown(lang, customer, member, left, days), m::refuse_cooldown_hint(lang, until))
        }
        Refusal::Quarantine { customer, since, days, until } => {
            (m::refuse_quarantine(lang, customer, since, days), m::refuse_quarantine_hint(lang, until))
        }
        Refusal::MayNotKeep { customer, member, until, may } => {
            (m::refuse_keep(lang, customer, member, until), m::refuse_keep_hint(lang, may.join(lang.pick(", ", "、"))))
        }
        Refusal::NoRight { member, may } => (m::refuse_no_right(lang, member), {
            if may.is_empty() {
                m::refuse_nobody(lang)
            } else {
                m::refuse_who_may(lang, may.join(lang.pick(", ", "、")))
            }
        }),
        Refusal::BelowFloor(below) => {
            let BelowFloor { line, net, cost, margin, floor, lowest } = below.as_ref();
            let name = line_name(lang, line);
            let what = match margin {
                Some(margin) => m::refuse_floor(lang, name, margin, floor),
                None => m::refuse_floor_amount(lang, name, net, cost, floor),
            };
            let mend = match (lowest, line) {
                (None, _) => m::refuse_floor_never(lang),
                (Some((entered, net)), LineName::Whole) => m::refuse_floor_order(lang, entered, net),
                (Some((entered, net)), _) if entered == net => m::refuse_floor_hint(lang, net),
                (Some((entered, net)), _) => m::refuse_floor_taxed(lang, entered, net),
            };
            (what, mend)
        }
        Refusal::DiscountLimit { line, discount, limit, whose } => {
            let line = line_name(lang, line);
            (m::refuse_discount(lang, line, discount, limit, whose), m::refuse_discount_hint(lang))
        }
        Refusal::DoesNotFollow { line, column } => {
            (m::refuse_follow(lang, line, column), m::refuse_follow_hint(lang, column))
        }
        Refusal::HasReturns { order, returns } => {
            let hint = m::refuse_returns_hint(lang, returns.first().map_or("", String::as_str));
            (m::refuse_returns(lang, order, returns.join(", ")), hint)
        }
        Refusal::HasReceipts { order, receipts } => {
            (m::refuse_receipts(lang, order, receipts.join(", ")), m::refuse_receipts_hint(lang))
        }
        Refusal::QuoteState { quote, customer, state, valid_until, order } => {
            let word = super::values::value(lang, "quote_state", state);
            match (*state, valid_until) {
                ("expired", Some(day)) => {
                    (m::refuse_expired(lang, quote, day), m::refuse_expired_hint(lang, quote, customer))
                }
                ("accepted", _) if !order.is_empty() => (m::refuse_accepted(lang, quote, order), String::new()),
                ("declined", _) => (m::refuse_state(lang, quote, word), m::refuse_declined_hint(lang, quote, customer)),
                _ => (m::refuse_state(lang, quote, word), String::new()),
            }
        }
        Refusal::SameCustomer { customer } => (m::refuse_same(lang, customer), String::new()),
        Refusal::TwoTaxIds { keep, its, drop, others } => {
            (m::refuse_two_tax_ids(lang, keep, its, drop, others), m::refuse_two_tax_ids_hint(lang))
        }
        Refusal::LikelyDuplicate { name, other } => {
            let reasons = m::reasons_of(lang, &other.likeness);
            let what = m::refuse_duplicate(lang, name, m::alike(lang, other), other.likeness.score(), reasons);
            (what, m::refuse_duplicate_hint(lang, &other.id))
        }
        Refusal::ComplaintState { complaint, from, to } => {
            let word = |s: &str| super::values::value(lang, "complaint_state", s);
            let hint = match from.as_str() {
                "new" => m::hint_complaint_new(lang, complaint),
                "assigned" | "waiting" => m::hint_complaint_open(lang, complaint),
                "resolved" => m::hint_complaint_resolved(lang, complaint),
                _ => m::hint_complaint_done(lang, complaint),
            };
            (m::refuse_complaint(lang, complaint, word(from), word(to)), hint)
        }
        Refusal::Complained { customer, stories } => {
            let told: Vec<String> = stories.iter().map(|s| story(lang, s).join("\n")).collect();
            (format!("{}\n{}", m::refuse_complained(lang, customer), told.join("\n")), m::refuse_complained_hint(lang))
        }
        Refusal::NeedsReason { complaint, to } => match to.as_str() {
            "waiting" => (m::refuse_wait(lang, complaint), m::hint_wait(lang, complaint)),
            _ => (m::refuse_reopen(lang, complaint), String::new()),
        },
        Refusal::ConfirmsOwn { complaint, handler } => {
            (m::refuse_confirm(lang, complaint, handler), m::hint_confirm(lang, complaint))
        }
        Refusal::StateStep { kind, id, from, to } => {
            let word = |s: &str| super::values::value(lang, &format!("{kind}_state"), s);
            (m::refuse_complaint(lang, id, word(from), word(to)), m::hint_state_step(lang, kind, id))
        }
        Refusal::NeedsText { id, column } => {
            (m::refuse_needs_text(lang, id, super::labels::label(lang, column)), m::hint_needs_text(lang, column))
        }
        Refusal::VerifiesOwn { feedback, handler } => {
            (m::refuse_verify(lang, feedback, handler), m::hint_verify(lang, feedback))
        }
        Refusal::PaysTooMuch { what, open, amount } => {
            (m::refuse_payment(lang, what, open, amount), m::refuse_payment_hint(lang))
        }
        Refusal::InvoicesTooMuch { what, left, amount } => {
            (m::refuse_invoice(lang, what, left, amount), m::refuse_invoice_hint(lang))
        }
        Refusal::WrongState { what, list, state } => {
            (m::refuse_state(lang, what, super::values::value(lang, list, state)), String::new())
        }
        Refusal::MayNotApprove { what, member, why, may } => {
            let no = match why {
                MayNot::Author => m::refuse_own_approval(lang, member, what),
                MayNot::Role => m::refuse_approval_role(lang, member, what),
                MayNot::Limit(limit) => m::refuse_approval_limit(lang, member, what, limit),
            };
            let hint = match may.as_slice() {
                [] => m::refuse_approval_nobody(lang),
                may => m::refuse_approval_hint(lang, may.join(lang.pick(", ", "、"))),
            };
            (no, hint)
        }
        Refusal::ApprovalState { what, state } => {
            let hint = match (state.as_str(), what.split_once(':')) {
                ("draft" | "rejected", Some((kind, id))) => m::hint_submit(lang, kind, id),
                _ => String::new(),
            };
            match state.as_str() {
                "" => (m::refuse_not_submitted(lang, what), hint),
                state => (m::refuse_approval_state(lang, what, super::values::value(lang, "approval", state)), hint),
            }
        }
        Refusal::PlanSum { sum, amount } => (m::refuse_plan(lang, sum, amount), m::hint_plan(lang)),
        Refusal::WriteOffTooMuch { receivable, amount, open } => {
            (m::refuse_writeoff(lang, receivable, amount, open), m::hint_writeoff(lang))
        }
        Refusal::Breach(b) => super::breach::words(lang, b),
        Refusal::OverrideNeedsNote => (m::refuse_override_note(lang), String::new()),
    }
}

#[rustfmt::skip]
pub(super) const CIRCLE: (Text, Text) = (
    ("{1} comes back to itself by `{0}`: {2}", "correct `{0}` of one of them"),
    ("{1} 的 `{0}` 绕回自身：{2}", "请改正其中一个的 `{0}`"),
);

/// The lines of a complaint's story: what the customer said, why, what was done, what came of it.
pub fn story(lang: Lang, s: &Story) -> Vec<String> {
    let more = |what: String, note: &str| {
        if note.is_empty() { what } else { format!("{what}{}{note}", lang.pick(": ", "：")) }
    };
    let mut out = vec![m::story_line(lang, &s.complaint, s.day, &s.product, &s.text)];
    if s.safety {
        out.push(format!("  {}", m::story_safety(lang)));
    }
    let cause = if s.cause.is_empty() { m::story_unknown_cause(lang) } else { m::story_cause(lang, &s.cause) };
    out.push(format!("  {cause}"));
    for step in &s.steps {
        let to = match step.event.as_str() {
            "state" => super::values::value(lang, "complaint_state", &step.to),
            "assignee" => format!("{} → {}", super::labels::label(lang, "assignee"), step.to),
            other => more(super::values::value(lang, "event", other), &step.to),
        };
        let note = if step.note == s.handling { "" } else { step.note.as_str() };
        out.push(format!("  {}", more(m::story_step(lang, step.day, to, &step.by), note)));
    }
    let state = super::values::value(lang, "complaint_state", &s.state);
    let result =
        if s.handling.is_empty() { m::story_open(lang, state) } else { m::story_result(lang, state, &s.handling) };
    out.push(format!("  {result}"));
    out
}

/// What was to change, by its word.
pub fn event_word(lang: Lang, event: &str) -> String {
    match event {
        "version" => super::labels::column(lang, "quotes", event),
        _ => super::values::value(lang, "event", event),
    }
}

/// What a line is called.
pub fn line_name(lang: Lang, line: &LineName) -> String {
    match line {
        LineName::Product(p) => p.clone(),
        LineName::Number(n) => m::line_word(lang, n),
        LineName::Whole => m::whole_order(lang),
    }
}

/// How a customer comes to what a `requires` word of kehu.toml asks for.
fn requirement_hint(lang: Lang, customer: &str, word: &str) -> String {
    match word.split_once(':') {
        Some(("activity", _)) => m::hint_need_activity(lang, customer),
        Some(("need", _)) => m::hint_need_need(lang, customer),
        Some(("field", name)) => m::hint_need_field(lang, customer, name),
        _ => m::hint_need_order(lang, customer),
    }
}

/// What a `requires` word of kehu.toml asks for.
pub fn requirement_word(lang: Lang, word: &str) -> String {
    match word.split_once(':') {
        Some(("activity", n)) => m::need_activities(lang, n),
        Some(("need", n)) => m::need_needs(lang, n),
        Some(("order", n)) => m::need_orders(lang, n),
        Some(("order-day", n)) => m::need_order_days(lang, n),
        Some(("field", name)) => m::need_field(lang, name),
        _ => word.to_string(),
    }
}
