//! Every key that kehu.toml may hold, with the sort of its value, of all sections together: for unknown-key findings and
//! for `schema`. The keys of a section stand beside its struct.
//!
//! `*` stands for a name of the company's own, `[]` for the elements of an array of tables.

use super::values::Key;
use super::{
    care, classes, commission, company, complaints, figures, followup, grades, own, pools, portfolio, scorecards,
    stages, stalled, trade,
};

/// The sections in the order of the file.
const SECTIONS: &[&[Key]] = &[
    company::TOP,
    company::LAYOUTS,
    trade::TAX,
    stages::STAGES,
    stages::DEAL_STAGES,
    grades::GRADES,
    grades::INTENTS,
    classes::CLASS_KEYS,
    scorecards::SCORECARDS,
    pools::POOLS,
    trade::PRICING,
    trade::QUOTES,
    trade::CONTRACTS,
    classes::AFTERSALES,
    care::CARE,
    followup::FOLLOWUP,
    stalled::STALLED,
    followup::WORKING_TIME,
    complaints::COMPLAINTS,
    complaints::SUPPLIERS,
    complaints::FEEDBACK,
    trade::APPROVAL,
    commission::COMMISSION,
    figures::SEASON,
    classes::RISK,
    portfolio::RFM,
    portfolio::ABC,
    portfolio::PRUNE,
    portfolio::BASKET,
    figures::KPI,
    own::CHANNELS,
    own::REASONS,
    own::WIN_BACK,
    own::FIELDS,
    own::VIEWS,
];

const fn count() -> usize {
    let (mut n, mut count) = (0, 0);
    while n < SECTIONS.len() {
        count += SECTIONS[n].len();
        n += 1;
    }
    count
}

const TABLE: [Key; count()] = {
    let mut table = [("", ""); count()];
    let (mut at, mut n) = (0, 0);
    while n < SECTIONS.len() {
        let mut k = 0;
        while k < SECTIONS[n].len() {
            table[at] = SECTIONS[n][k];
            at += 1;
            k += 1;
        }
        n += 1;
    }
    table
};

/// All keys: (path, sort of value).
pub const SETTING_KEYS: &[Key] = &TABLE;

/// The words that a key may have; none where it is no list of words.
pub fn words_of(key: &str) -> Vec<&'static str> {
    let sort = SETTING_KEYS.iter().find(|(name, _)| *name == key).map_or("", |(_, sort)| sort);
    if is_words(sort) { sort.split(" | ").collect() } else { Vec::new() }
}

/// Whether a sort is a closed list of words.
pub fn is_words(sort: &str) -> bool {
    sort.contains(" | ") && sort != "days | never"
}

/// A place in kehu.toml: the keys that begin with the same steps, which stand next to each other in [`SETTING_KEYS`].
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    keys: &'static [Key],
    /// Bytes of their common steps.
    depth: usize,
}

impl Keys {
    /// The whole file.
    pub const ALL: Keys = Keys { keys: SETTING_KEYS, depth: 0 };

    /// The next step of a key here, and where it ends.
    fn next(self, key: &'static str) -> (&'static str, usize) {
        let from = self.depth + usize::from(key[self.depth..].starts_with('.'));
        let step = key[from..].split(['.', '[']).next().unwrap_or_default();
        (step, from + step.len())
    }

    /// The place of a key in the table here, also of a name of the company's own; `None` where there is no such key.
    pub fn step(self, name: &str) -> Option<Keys> {
        let known = |name: &str| {
            let is = |(key, _): &&Key| {
                let key = key.as_bytes();
                let from = self.depth + usize::from(key.get(self.depth) == Some(&b'.'));
                // Most keys differ in their first letter: a file may have very many that are none.
                if key.get(from) != name.as_bytes().first() {
                    return false;
                }
                let rest = key.get(from..).unwrap_or_default().strip_prefix(name.as_bytes());
                rest.is_some_and(|r| matches!(r.first(), None | Some(b'.' | b'[')))
            };
            let first = self.keys.iter().position(|key| is(&key))?;
            let keys = &self.keys[first..];
            let keys = &keys[..keys.iter().take_while(is).count()];
            Some(Keys { keys, depth: self.next(keys[0].0).1 })
        };
        known(name).or_else(|| known("*"))
    }

    /// The elements of an array of tables; `None` where there is none.
    pub fn elements(self) -> Option<Keys> {
        let (first, _) = self.keys.first()?;
        first[self.depth..].starts_with("[]").then(|| Keys { depth: self.depth + 2, ..self })
    }

    /// The sort of a value; `None` for a table.
    pub fn sort(self) -> Option<&'static str> {
        let (first, sort) = self.keys.first()?;
        (first.len() == self.depth).then_some(*sort)
    }

    /// The path of the first key, as it is in [`SETTING_KEYS`].
    pub fn path(self) -> &'static str {
        self.keys.first().map_or("", |(key, _)| key)
    }

    /// The names that a table here may hold, without those of the company's own.
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.keys.iter().map(|(key, _)| self.next(key).0).filter(|n| *n != "*").collect();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(at: Keys, found: &mut Vec<&'static str>) {
        if at.sort().is_some() {
            found.push(at.path());
        } else if let Some(element) = at.elements() {
            visit(element, found);
        } else {
            let names = at.names();
            let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(distinct.len(), names.len(), "keys with the same beginning stand together: {names:?}");
            names.iter().for_each(|name| visit(at.step(name).unwrap(), found));
            if names.is_empty() {
                visit(at.step("a name").unwrap(), found);
            }
        }
    }

    #[test]
    fn every_key_is_found_step_by_step() {
        let mut found = Vec::new();
        visit(Keys::ALL, &mut found);
        assert_eq!(found, SETTING_KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>());
        assert!(Keys::ALL.step("stage").is_none());
        assert!(Keys::ALL.step("*").is_none());
    }
}
