//! What a rule takes where kehu.toml says nothing: the values that data-template/kehu.toml brings. No rule has a number
//! of its own.

use super::money::Decimal;
use super::settings::{Scorecard, Settings};

impl Settings {
    /// Days until a new customer is first contacted (R4).
    pub fn first_contact_days(&self) -> i64 {
        self.file.followup.first_contact_days.unwrap_or(1)
    }
    /// Days within which a second person's contact is a double visit (R14).
    pub fn double_visit_days(&self) -> i64 {
        self.file.followup.double_visit_days.unwrap_or(7)
    }
    /// Quotes that end within so many days are in the day's list (R6).
    pub fn quote_warn_days(&self) -> i64 {
        self.file.quotes.warn_days.unwrap_or(7)
    }
    /// Share of the profit that key customers, and leading products, make up (R5).
    pub fn key_share(&self) -> Decimal {
        self.file.kpi.key_share.map_or(Decimal::new(6, 1), |s| s.0)
    }
    /// Share of the products sold in the busy season that are candidates to pause (R6).
    pub fn pause_share(&self) -> Decimal {
        self.file.season.pause_share.map_or(Decimal::new(2, 1), |s| s.0)
    }
}

impl Scorecard {
    /// Share of the weight that must have data (R5).
    pub fn least_coverage(&self) -> Decimal {
        self.min_coverage.map_or(Decimal::new(6, 1), |c| c.0)
    }
    /// Points by which a band's border must be passed (R5).
    pub fn margin(&self) -> Decimal {
        self.margin_to_change.map_or(Decimal::TWO, |m| m.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::setting_keys::Keys;
    use crate::model::settings::{Followup, Kpi, Quotes, Season};

    const TEMPLATE: &str = include_str!("../../data-template/kehu.toml");

    fn template() -> String {
        TEMPLATE.replace("@stages@\n", "")
    }

    #[test]
    fn what_is_not_set_is_as_in_the_template() {
        let (set, _) = Settings::new(toml::from_str(&template()).unwrap());
        let mut bare = set.clone();
        bare.file.followup = Followup::default();
        bare.file.quotes = Quotes::default();
        bare.file.kpi = Kpi::default();
        bare.file.season = Season::default();
        let values = |s: &Settings| {
            let days = [s.first_contact_days(), s.double_visit_days(), s.quote_warn_days()].map(Decimal::from);
            (days, s.key_share(), s.pause_share())
        };
        assert_eq!(values(&bare), values(&set));
        let card = &set.file.scorecards["grade"];
        let plain = Scorecard { min_coverage: None, margin_to_change: None, ..card.clone() };
        assert!(card.min_coverage.is_some() && card.margin_to_change.is_some());
        assert_eq!((plain.least_coverage(), plain.margin()), (card.least_coverage(), card.margin()));
    }

    #[test]
    fn every_key_of_the_template_is_known() {
        fn visit(at: Keys, value: &toml::Value, path: &str) {
            match value {
                toml::Value::Table(table) => table.iter().for_each(|(name, value)| {
                    let path = format!("{path}.{name}");
                    visit(at.step(name).unwrap_or_else(|| panic!("{path}")), value, &path);
                }),
                toml::Value::Array(list) if at.elements().is_some() => {
                    list.iter().for_each(|element| visit(at.elements().unwrap(), element, path));
                }
                _ => assert!(at.sort().is_some(), "{path} is a table in the list of keys"),
            }
        }
        visit(Keys::ALL, &toml::Value::Table(toml::from_str(&template()).unwrap()), "");
    }
}
