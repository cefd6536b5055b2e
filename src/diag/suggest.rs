//! "Did you mean": the names nearest to what was typed.

/// Up to three candidates that are near enough to `typed` to be meant, nearest first.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let typed = typed.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter_map(|c| {
            let lower = c.to_lowercase();
            let score =
                if typed.len() >= 2 && (lower.starts_with(&typed) || typed.starts_with(&lower) && lower.len() >= 2) {
                    0.95
                } else {
                    strsim::jaro_winkler(&typed, &lower)
                };
            (score >= 0.8).then_some((score, c))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, c)| c.to_string()).collect()
}

/// The nearest names for the findings of one check. Each search goes through all names: where very many words are wrong, only the
/// first ones are told what may be meant.
#[derive(Debug, Default)]
pub struct Near {
    compared: usize,
}

impl Near {
    /// How many names are compared at most.
    const MOST: usize = 100_000;

    /// [`nearest`], or nothing where enough was compared.
    pub fn to<'a>(&mut self, typed: &str, candidates: impl ExactSizeIterator<Item = &'a str>) -> Vec<String> {
        if self.compared + candidates.len() > Near::MOST {
            return Vec::new();
        }
        self.compared += candidates.len();
        nearest(typed, candidates)
    }
}

/// Names as a message lists them: of very many only the first.
pub fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 30;
    let more = if names.len() > MOST { ", …" } else { "" };
    names.take(MOST).collect::<Vec<_>>().join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_come_first() {
        let keys = ["owner", "owner_since", "stage", "status", "grade"];
        let check = |typed: &str, expected: &[&str]| assert_eq!(nearest(typed, keys), expected, "{typed}");
        check("ownr", &["owner", "owner_since"]);
        check("stag", &["stage", "status"]);
        check("Grade", &["grade"]);
        check("xyzzy", &[]);
    }

    #[test]
    fn the_search_for_what_may_be_meant_has_an_end() {
        let mut near = Near::default();
        let names: Vec<String> = (0..Near::MOST).map(|n| format!("k{n:07}")).collect();
        let all = || names.iter().map(String::as_str);
        assert_eq!(near.to("k0000000x", all()).len(), 3);
        assert_eq!(near.to("k0000000x", all()), Vec::<String>::new(), "more than may be compared");
    }

    #[test]
    fn a_message_lists_no_more_names_than_somebody_reads() {
        let names: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        assert_eq!(listed(["a", "b"].into_iter()), "a, b");
        let all = listed(names.iter().map(String::as_str));
        assert!(all.ends_with("28, 29, …"), "{all}");
    }
}
