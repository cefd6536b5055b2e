//! Claims out of the pool that the rules refuse (R2), and members who own more customers than they may. Two branches may each
//! keep a limit that both together pass.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::ledger::Ledger;
use crate::model::refusal::Refusal;
use crate::model::row::Event;
use crate::rules::claiming::{Claims, has_cooled, has_rested, is_member, may_claim_more, owners};
use crate::rules::owning::{loosest, own_limit, owned};
use crate::rules::pool::{pool_of, rules_of};
use crate::store::load::TEAM;

/// Claims against the rules, the first one that each breaks.
pub(super) fn claims(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let settings = &c.book.settings;
    let mut found: Vec<Diagnostic> = Vec::new();
    for (number, e, n) in Claims::of(c.index).all() {
        let customer = &c.book.customers[n];
        let rules = rules_of(settings, pool_of(settings, customer));
        // A claim that lost a race is none of the owner's changes: what came after it says nothing about it.
        let earlier = |o: &Event| o.id() != e.id() && o.at() <= e.at();
        let before: Vec<_> = owners(c.index, n).into_iter().take_while(earlier).collect();
        let have = i64::try_from(number).unwrap_or(i64::MAX) - 1;
        let judged = is_member(c.book, n, e.by())
            .and_then(|()| may_claim_more(rules, e.by(), e.day(), have, 1))
            .and_then(|()| has_cooled(rules, customer.id, &before, e.by(), e.day()))
            .and_then(|_| has_rested(rules, customer.id, &before, e.day()));
        let (code, facts) = match judged.err() {
            Some(Refusal::NotPoolMember { pool, member, .. }) => {
                (Code::ClaimNotMember, vec![e.id().into(), customer.id.into(), member, pool])
            }
            Some(Refusal::ClaimLimit { member, day, limit, .. }) => {
                (Code::ClaimLimit, vec![e.id().into(), member, number.to_string(), day.to_string(), limit.to_string()])
            }
            Some(Refusal::CoolDown { member, left, days, .. }) => (
                Code::ClaimCoolDown,
                vec![e.id().into(), customer.id.into(), member, left.to_string(), days.to_string()],
            ),
            Some(Refusal::Quarantine { since, days, .. }) => {
                (Code::ClaimQuarantine, vec![e.id().into(), customer.id.into(), since.to_string(), days.to_string()])
            }
            _ => continue,
        };
        let place = c.cell_place(e.place(), Ledger::Events, "by");
        found.push(Diagnostic::of(code, place, facts));
    }
    out.append(&mut found);
}

/// Members who own more customers than they may.
pub(super) fn own_limits(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for m in c.book.team.members.iter().filter(|m| m.is_here(c.book.today)) {
        let rules = loosest(&c.book.settings, &c.book.team, m.id);
        let (have, limit) = (owned(c.index, rules, m.id), own_limit(&c.book.team, rules, m.id));
        if have > limit {
            let facts = [m.id, &have.to_string(), &limit.to_string()];
            let place =
                Place { column: 2, width: width(m.id), text: Some(format!("[{}]", m.id)), ..Place::line(TEAM, m.line) };
            out.push(Diagnostic::new(Code::OwnLimit, place, facts));
        }
    }
}

fn width(id: &str) -> u32 {
    u32::try_from(id.chars().count()).unwrap_or(u32::MAX)
}
