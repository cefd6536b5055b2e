//! What events do to the things they happen to. Each ledger's entry lists its own. [`crate::model::fold`] folds them,
//! and [`crate::model::states`] keeps what comes of it.

/// What an event of one name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It says that something was done; the first one counts, and nothing takes it back: `shipped`, `void`.
    Happens,
    /// It turns a value from `from` to `to`, and is named after the value: `stage`, `state`.
    Turns,
    /// It turns a value to what it is itself called, from the value that a new row has: `sent` turns `state` to `sent`.
    Leads,
    /// It is told, and changes nothing.
    Tells,
}

/// An event that things of a ledger know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSpec {
    /// What stands in the column `event`.
    pub name: &'static str,
    /// The fact that it is about: a value (`state`), or what was done (`cancelled`).
    pub fact: &'static str,
    /// What it does to the fact.
    pub effect: Effect,
    /// The values of the fact, the one of a new row first; empty where the company or the row says which there are.
    pub states: &'static [&'static str],
}

/// Something was done.
pub(super) const fn happens(name: &'static str) -> EventSpec {
    EventSpec { name, fact: name, effect: Effect::Happens, states: &[] }
}

/// Something was done that counts as another fact: an order that is void is cancelled.
pub(super) const fn counts_as(name: &'static str, fact: &'static str) -> EventSpec {
    EventSpec { name, fact, effect: Effect::Happens, states: &[] }
}

/// A value changes.
pub(super) const fn turns(name: &'static str, states: &'static [&'static str]) -> EventSpec {
    EventSpec { name, fact: name, effect: Effect::Turns, states }
}

/// A value changes to what the event is called.
pub(super) const fn leads(name: &'static str, fact: &'static str, states: &'static [&'static str]) -> EventSpec {
    EventSpec { name, fact, effect: Effect::Leads, states }
}

/// Something is told.
pub(super) const fn tells(name: &'static str) -> EventSpec {
    EventSpec { name, fact: name, effect: Effect::Tells, states: &[] }
}
