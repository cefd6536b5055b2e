//! Every key that kehu.toml may hold, with the sort of its value: for unknown-key findings and for `schema`.
//!
//! `*` stands for a name of the company's own, `[]` for the elements of an array of tables.

/// (path, sort of value).
pub const SETTING_KEYS: &[(&str, &str)] = &[
    ("format", "integer"),
    ("name", "text"),
    ("currency", "currency"),
    ("timezone", "timezone"),
    ("language", "zh-CN | en"),
    ("week_start", "weekday"),
    ("fiscal_year_start", "month"),
    ("customers.layout", "flat | initial | hash"),
    ("ledgers.layout", "author-year | year"),
    ("tax.prices", "included | excluded"),
    ("tax.default_rate", "fraction"),
    ("stages[].id", "id"),
    ("stages[].label", "text"),
    ("stages[].zh", "text"),
    ("stages[].category", "presale | customer | lost"),
    ("stages[].to", "list of stages"),
    ("stages[].requires", "list of requirements"),
    ("stages[].stall_after", "days"),
    ("stages[].contact_every", "span"),
    ("stages[].advance_on", "requirement"),
    ("stages[].playbook", "text"),
    ("stages[].pool.follow_days", "days | never"),
    ("stages[].pool.deal_days", "days | never"),
    ("stages[].pool.after_contract_days", "days | never"),
    ("stages[].pool.warn_days", "days"),
    ("deal_stages[].id", "id"),
    ("deal_stages[].label", "text"),
    ("deal_stages[].zh", "text"),
    ("deal_stages[].category", "open | won | lost"),
    ("deal_stages[].probability", "fraction"),
    ("deal_stages[].to", "list of deal stages"),
    ("deal_stages[].stall_after", "days"),
    ("grades.*.visits_per_year", "integer"),
    ("grades.*.contact_every", "span"),
    ("grades.*.discount_max", "fraction"),
    ("grades.*.margin_floor", "fraction"),
    ("grades.*.complaint_sla", "days"),
    ("grades.*.pool.follow_days", "days | never"),
    ("grades.*.pool.deal_days", "days | never"),
    ("grades.*.pool.after_contract_days", "days | never"),
    ("grades.*.pool.warn_days", "days"),
    ("intents.*.contact_every", "span"),
    ("intents.*.pool.follow_days", "days | never"),
    ("intents.*.pool.deal_days", "days | never"),
    ("intents.*.pool.after_contract_days", "days | never"),
    ("intents.*.pool.warn_days", "days"),
    ("scorecards.*.window", "span"),
    ("scorecards.*.min_coverage", "fraction"),
    ("scorecards.*.margin_to_change", "points"),
    ("scorecards.*.review_every", "span"),
    ("scorecards.*.indicators[].metric", "metric"),
    ("scorecards.*.indicators[].weight", "number"),
    ("scorecards.*.indicators[].scale", "points | steps | percentile"),
    ("scorecards.*.indicators[].better", "higher | lower"),
    ("scorecards.*.indicators[].points", "list of [value, score]"),
    ("scorecards.*.bands.*", "number"),
    ("pools.*.members", "list of team ids"),
    ("pools.*.claim_per_day", "integer"),
    ("pools.*.own_limit", "integer"),
    ("pools.*.count_customers_with_orders", "true | false"),
    ("pools.*.cooldown_days", "days"),
    ("pools.*.quarantine_days", "days"),
    ("pools.*.counts", "two-way | any"),
    ("pools.*.days", "calendar | working"),
    ("pricing.margin_floor", "fraction"),
    ("quotes.valid_days", "days"),
    ("quotes.warn_days", "days"),
    ("followup.first_contact_days", "days"),
    ("followup.double_visit_days", "days"),
    ("followup.due_on", "next | previous | same"),
    ("working_time.shifts", "list of HH:MM-HH:MM"),
    ("working_time.weekdays", "list of weekdays"),
    ("working_time.holidays", "list of dates or A..B"),
    ("working_time.workdays", "list of dates or A..B"),
    ("complaints.categories", "list of texts"),
    ("complaints.first_response.*", "working hours"),
    ("complaints.sla.*", "days"),
    ("complaints.unit", "working | calendar"),
    ("complaints.alarms", "list of fractions"),
    ("approval.four_eyes", "true | false"),
    ("approval.limits.*", "number"),
    ("season.months", "list of months"),
    ("season.pause_share", "fraction"),
    ("kpi.windows.*", "span"),
    ("kpi.discount_rate", "fraction"),
    ("kpi.annual_rate", "fraction"),
    ("kpi.relation_fade_days", "days"),
    ("kpi.key_share", "fraction"),
    ("channels.*.label", "text"),
    ("channels.*.zh", "text"),
    ("channels.*.two_way", "true | false"),
    ("reasons.close", "list of texts"),
    ("reasons.lost", "list of texts"),
    ("reasons.refund", "list of texts"),
    ("fields.*.type", "text | number | date | flag | list"),
    ("fields.*.label", "text"),
    ("fields.*.zh", "text"),
    ("fields.*.values", "list of texts"),
    ("fields.*.required", "true | false"),
    ("views.*.terms", "list of filter terms"),
    ("views.*.columns", "list of columns"),
    ("views.*.sort", "sort keys"),
];

/// A place in kehu.toml: the keys that begin with the same steps, which stand next to each other in [`SETTING_KEYS`].
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    keys: &'static [(&'static str, &'static str)],
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
            let is = |(key, _): &&(&'static str, &str)| {
                let rest = key.as_bytes().get(self.depth..).unwrap_or_default();
                let rest = rest.strip_prefix(b".").unwrap_or(rest).strip_prefix(name.as_bytes());
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
