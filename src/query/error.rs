//! What can be wrong with a query, as data, and the search for names that may have been meant.
//!
//! No words that people read: `i18n` prints these in every language.

use super::search::fold;
use crate::model::value::Kind;

/// What is wrong with a filter, a period, a sort key or a column list.
///
/// `term` is always the argument as it was typed, `nearest` the names that may have been meant, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryError {
    /// No such field.
    UnknownField {
        /// The whole argument.
        term: String,
        /// The name that is not a field.
        field: String,
        /// Fields with a similar name.
        nearest: Vec<String>,
    },
    /// What follows the field's last dot is not an operator.
    UnknownOperator {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The word after the dot.
        operator: String,
        /// Operators with a similar name.
        nearest: Vec<String>,
    },
    /// An operator that has no meaning for this sort of field, as `lt` for a list.
    WrongOperator {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The operator.
        operator: String,
        /// What the field holds.
        kind: Kind,
    },
    /// No such saved view.
    UnknownView {
        /// The whole argument.
        term: String,
        /// The name without `@`.
        view: String,
    },
    /// A view that includes itself: the names from the first to its return.
    ViewCycle {
        /// For `@a` that holds `@b` that holds `@a`: a, b, a.
        views: Vec<String>,
    },
    /// Views that include views beyond any use: too deep, or too many terms in all.
    ViewsTooLarge {
        /// The view at which the limit was met.
        view: String,
    },
    /// A negated view with some terms about a report's own columns and some about the rows behind it.
    MixedView {
        /// The views of the filter.
        views: Vec<String>,
    },
    /// Something wrong inside a saved view.
    InView {
        /// The view's name.
        view: String,
        /// What is wrong there.
        error: Box<QueryError>,
    },
    /// Not one of a closed list.
    UnknownValue {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// Values with a similar name; all of them when none is similar.
        nearest: Vec<String>,
    },
    /// A value that cannot be read as what the field holds.
    BadValue {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What the field holds.
        kind: Kind,
    },
    /// A value of a day field that is not a period.
    BadDay {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        fault: PeriodFault,
    },
    /// A range of numbers whose low end is above its high end.
    Reversed {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// A comparison with the missing end of a range, as `due.lt:..2026`.
    OpenEnd {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// The operator.
        operator: String,
    },
    /// A field without a value, or an empty place between two commas.
    EmptyValue {
        /// The whole argument.
        term: String,
        /// The field.
        field: String,
    },
    /// Nothing to look for, or an empty name in a list.
    EmptyTerm {
        /// The whole argument.
        term: String,
    },
    /// Something like `owner=ben` or `idle_days>90`.
    Expression {
        /// The whole argument.
        term: String,
        /// The term that says the same.
        meant: String,
    },
    /// A quotation mark that is never closed.
    UnclosedQuote {
        /// The whole argument.
        term: String,
    },
    /// A period or single day that cannot be read.
    BadPeriod {
        /// As it was typed.
        text: String,
        /// What is wrong with it.
        fault: PeriodFault,
    },
}

/// What is wrong with a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodFault {
    /// Not a period expression at all.
    Unreadable {
        /// Expressions with a similar name.
        nearest: Vec<String>,
    },
    /// The right form, but no such day, month, quarter, week or length.
    Impossible,
    /// The start lies after the end.
    Reversed,
    /// Before the year 1 or after the year 9999.
    OutOfCalendar,
    /// A period where a single day is needed.
    NotOneDay,
}

/// Longest word for which similar names are sought; the search takes time by the square of the length.
const LONGEST: usize = 64;

/// Up to three of `names` that may have been meant by `word`, best first.
pub fn nearest<S: AsRef<str>>(word: &str, names: impl IntoIterator<Item = S>) -> Vec<String> {
    if word.chars().take(LONGEST + 1).count() > LONGEST {
        return Vec::new();
    }
    let word = fold(word);
    let mut scored: Vec<(f64, String)> = names
        .into_iter()
        .map(|name| (likeness(&word, &fold(name.as_ref())), name.as_ref().to_owned()))
        .filter(|(score, _)| *score >= 0.5)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// From 0 to 1; a name that starts with the word, or holds it as a part after a dot, counts as close.
fn likeness(word: &str, name: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(word, name);
    let begun = word.chars().count() > 1 && (name.starts_with(word) || name.split(['.', '_']).any(|part| part == word));
    if begun { edits.max(0.75) } else { edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let names = ["owner", "customer.owner", "revenue", "idle_days", "last_activity", "负责人"];
        assert_eq!(nearest(word, names), expected, "{word}");
    }

    #[test]
    fn similar_names_come_best_first() {
        check("ownr", &["owner"]);
        check("onwer", &["owner"]);
        check("Revenu", &["revenue"]);
        check("idle", &["idle_days"]);
        check("activity", &["last_activity"]);
        check("负责", &["负责人"]);
        check("customer.ownr", &["customer.owner"]);
        check("zzz", &[]);
        check("", &[]);
        check(&"owner".repeat(100), &[]);
    }
}
