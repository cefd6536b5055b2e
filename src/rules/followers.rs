//! R4: contacts that somebody beside the customer's owner follows (`owner` of a contact), and whom one may name there. The
//! command line, imports and `check` ask the same functions.

use crate::model::Str;
use crate::model::customer::{Customer, Followed};
use crate::model::day::Day;
use crate::model::refusal::Refusal;
use crate::model::team::{Member, Team};
use std::collections::BTreeSet;

/// Whether a member has not left before a day, as whoever is to look after somebody must.
///
/// # Errors
/// [`Refusal::HasLeft`].
pub fn may_follow(member: &Member, day: Day) -> Result<(), Refusal> {
    match member.left.filter(|_| !member.is_here(day)) {
        Some(left) => Err(Refusal::HasLeft { member: member.id.into(), left }),
        None => Ok(()),
    }
}

/// The contacts that somebody beside the customer's owner follows on a day. Who left, or never was in the team, follows nobody:
/// what they would follow is the owner's.
pub fn followed<'c>(team: &'c Team, c: &'c Customer, day: Day) -> impl Iterator<Item = &'c Followed> {
    let stands = move |f: &&Followed| {
        f.owner != c.owner && f.is_there(day) && team.get(f.owner).is_some_and(|m| may_follow(m, day).is_ok())
    };
    c.followed.iter().filter(stands)
}

/// Who follows a contact beside the customer's owner; `None` where nobody does.
pub fn follower(team: &Team, c: &Customer, contact: &str, day: Day) -> Option<Str> {
    followed(team, c, day).find(|f| f.contact == contact).map(|f| f.owner)
}

/// Who follows contacts of a customer beside its owner, each once.
pub fn followers(team: &Team, c: &Customer, day: Day) -> BTreeSet<Str> {
    followed(team, c, day).map(|f| f.owner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn whoever_is_there_follows_who_is_there() {
        let day = parse_day("2026-06-30").unwrap();
        let member = |id, left: &str| Member { id, left: parse_day(left), ..Member::default() };
        let members = vec![member("li", ""), member("wu", ""), member("xu", "2026-06-29"), member("he", "2026-06-30")];
        let team = Team { members, ..Team::default() };
        let check = |owner: Str, left: &str, expected: bool| {
            let mut c = Customer::new("acme", "acme.toml");
            c.owner = "li";
            c.followed = vec![Followed { contact: "wang", name: "Wang Wei", owner, left: parse_day(left) }];
            assert_eq!(follower(&team, &c, "wang", day), expected.then_some(owner), "{owner} {left}");
            assert_eq!(follower(&team, &c, "zhao", day), None);
        };
        check("wu", "", true);
        // The owner follows all the others anyway.
        check("li", "", false);
        // It was the last day of one, not of the other.
        check("he", "", true);
        check("xu", "", false);
        check("nobody", "", false);
        // The contact is there until it has left.
        check("wu", "2026-07-01", true);
        check("wu", "2026-06-30", false);
    }
}
