//! The team: team.toml.

use super::Str;
use super::by_id::ById;
use super::customer::KeyType;
use super::day::Day;
use super::ledger::RefTo;
use super::money::Decimal;
use std::collections::HashSet;

/// Roles of a member.
pub const ROLES: &[&str] = &["rep", "manager", "director", "service", "quality", "finance", "admin"];

/// The keys of a member's table in team.toml.
pub const MEMBER_KEYS: &[&str] = &["name", "email", "role", "manager", "department", "branch", "left", "limits"];

/// The keys of a member's `limits`.
pub const LIMIT_KEYS: &[&str] = &["own", "discount", "approve"];

/// The type of a key of a member, or of one of its limits; `None` for the table of limits itself.
pub fn key_type(key: &str) -> Option<KeyType> {
    Some(match key.strip_prefix("limits.") {
        Some(limit) => LIMIT_KEYS.contains(&limit).then_some(KeyType::Decimal)?,
        None => match key {
            "email" => KeyType::List,
            "left" => KeyType::Day,
            "role" => KeyType::OneOf(ROLES),
            "manager" => KeyType::Ref(RefTo::Team),
            "limits" => return None,
            _ => MEMBER_KEYS.contains(&key).then_some(KeyType::Text)?,
        },
    })
}

/// A member of the team.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Member {
    /// Key of the table.
    pub id: Str,
    /// The person's name.
    pub name: Str,
    /// Mail addresses; one of them is git's `user.email`.
    pub email: Vec<Str>,
    /// One of [`ROLES`].
    pub role: Str,
    /// Id of the manager; empty = none.
    pub manager: Str,
    /// Department.
    pub department: Str,
    /// Branch office.
    pub branch: Str,
    /// Last day.
    pub left: Option<Day>,
    /// Customers the person may own.
    pub own_limit: Option<i64>,
    /// Highest discount, as a fraction.
    pub discount_limit: Option<Decimal>,
    /// Highest amount to approve.
    pub approve_limit: Option<Decimal>,
    /// Line of the table's head.
    pub line: u32,
}

impl Member {
    /// Whether the person works here on that day.
    pub fn is_here(&self, day: Day) -> bool {
        self.left.is_none_or(|left| day <= left)
    }
    /// Whether the role leads others: may do what rules refuse to a rep.
    pub fn leads(&self) -> bool {
        matches!(self.role, "manager" | "director" | "admin")
    }
}

/// The members of team.toml, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Team {
    /// In the file's order.
    pub members: Vec<Member>,
    /// Where they stand, by id.
    pub by_id: ById,
}

impl Team {
    /// The member of an id.
    pub fn get(&self, id: &str) -> Option<&Member> {
        self.by_id.find(&self.members, id, |m| m.id)
    }
    /// The member with a mail address (case is ignored).
    pub fn by_email(&self, email: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.email.iter().any(|e| e.eq_ignore_ascii_case(email)))
    }
    /// The ids.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = Str> {
        self.members.iter().map(|m| m.id)
    }
    /// The name of an id; the id itself when there is no such member.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.get(id).map_or(id, |m| if m.name.is_empty() { id } else { m.name })
    }
    /// Whether somebody is a member, or reports to it over any number of steps.
    pub fn is_under(&self, who: &str, lead: &str) -> bool {
        who == lead || self.leads_of(who).contains(&lead)
    }
    /// Whom a member reports to, over any number of steps, each once; also itself where managers go round in a ring.
    pub fn leads_of(&self, who: &str) -> Vec<Str> {
        let (mut at, mut seen, mut leads) = (who, HashSet::new(), Vec::new());
        while let Some(m) = self.get(at).filter(|m| !m.manager.is_empty() && seen.insert(m.manager)) {
            leads.push(m.manager);
            at = m.manager;
        }
        leads
    }
}
