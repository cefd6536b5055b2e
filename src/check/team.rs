//! Owners and followers of contacts who have left, customers that two people call on (R14), and members of pools who are not in the team.

use super::Checked;
use crate::diag::{Code, Diagnostic, Near};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::rules::followers::may_follow;
use crate::rules::visits::double_visit;
use crate::store::load::SETTINGS;
use crate::store::read::settings::Places;

/// Customers whose owner has left.
pub(super) fn owners(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for customer in c.book.customers.iter().filter(|x| !x.closed) {
        if let Some(left) = left(c, customer.owner) {
            let place = c.key_place(customer, "owner", customer.owner);
            out.push(Diagnostic::new(Code::OwnerLeft, place, [customer.id, customer.owner, &left.to_string()]));
        }
    }
}

/// The last day of a member who has left.
fn left(c: &Checked<'_>, who: &str) -> Option<Day> {
    let member = c.book.team.get(who)?;
    may_follow(member, c.book.today).err().and(member.left)
}

/// Contacts that somebody follows who has left.
pub(super) fn followers(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for customer in c.book.customers.iter().filter(|x| !x.closed) {
        for f in customer.followed.iter().filter(|f| f.is_there(c.book.today)) {
            if let Some(left) = left(c, f.owner) {
                let place = c.contact_place(customer, f.contact, "owner", f.owner);
                out.push(Diagnostic::new(
                    Code::FollowerLeft,
                    place,
                    [customer.id, f.contact, f.owner, &left.to_string()],
                ));
            }
        }
    }
}

/// Customers that somebody else had contact with lately.
pub(super) fn double_visits(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        if let Some(a) = double_visit(c.index, n) {
            let place = c.cell_place(a.place(), Ledger::Activities, "by");
            out.push(Diagnostic::new(Code::DoubleVisit, place, [customer.id, a.by(), &a.day().to_string()]));
        }
    }
}

/// Members of pools who are not in team.toml; `text` is that of kehu.toml.
pub fn pool_members(settings: &Settings, team: &Team, text: &'static str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let (places, mut near) = (Places::of(text), Near::default());
    for (id, pool) in &settings.file.pools {
        for (n, who) in pool.members.iter().enumerate().filter(|(_, who)| team.get(who).is_none()) {
            let place = places.place_of(SETTINGS, &format!("pools.{id}.members[{n}]"));
            let near = near.to(who, team.ids()).join(", ");
            out.push(Diagnostic::new(Code::PoolMember, place, [id, who, &near]));
        }
    }
    out
}
