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

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_names_come_first() {
        let keys = ["owner", "owner_since", "stage", "status", "grade"];
        let check = |typed: &str, expected: &[&str]| assert_eq!(nearest(typed, keys), expected, "{typed}");
        check("ownr", &["owner", "owner_since"]);
        check("stag", &["stage", "status"]);
        check("Grade", &["grade"]);
        check("xyzzy", &[]);
    }
}
