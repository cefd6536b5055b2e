//! The layers of docs/architecture.md: which part of the program may use which, and which crates stay where.

use crate::support::repo;
use std::collections::BTreeMap;
use walkdir::WalkDir;

/// (folder, its number, the folders of the same number that it may use).
const LAYERS: &[(&str, u8, &[&str])] = &[
    ("diag", 0, &[]),
    ("model", 1, &[]),
    ("rules", 2, &[]),
    ("metrics", 2, &["rules"]),
    ("query", 2, &[]),
    ("i18n", 2, &[]),
    ("store", 2, &[]),
    ("check", 3, &[]),
    ("report", 3, &[]),
    ("demo", 3, &[]),
    ("exchange", 3, &[]),
    ("output", 4, &[]),
    ("cli", 5, &[]),
];

/// Crates and calls that belong to one place.
const FENCES: &[(&str, &[&str])] = &[
    ("clap::", &["src/cli/"]),
    ("clap_complete::", &["src/cli/"]),
    ("clap_mangen::", &["src/cli/"]),
    ("toml_edit::", &["src/store/tomledit.rs", "src/store/toml"]),
    ("comfy_table::", &["src/output/"]),
    ("jiff::", &["src/model/zone.rs"]),
    ("Utc::now", &["src/cli/context.rs"]),
    ("SystemTime::now", &["src/cli/context.rs"]),
    ("std::env::var", &["src/cli/env.rs"]),
    ("std::io::stdout", &["src/cli/ui.rs", "src/cli/help.rs", "src/cli/mod.rs"]),
    ("walkdir::", &["src/store/"]),
    ("rayon::", &["src/store/", "src/rules/", "src/metrics/", "src/report/", "src/output/", "src/cli/mod.rs"]),
    ("rustix::", &["src/store/"]),
];

fn sources() -> Vec<(String, String)> {
    WalkDir::new(repo().join("src"))
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.path().extension().is_some_and(|x| x == "rs"))
        .map(|e| {
            let name = e.path().strip_prefix(repo()).expect("inside").to_string_lossy().replace('\\', "/");
            (name, std::fs::read_to_string(e.path()).expect("a source file"))
        })
        .collect()
}

/// The part of a file that is not its tests.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests").map_or(text, |n| &text[..n])
}

fn is_test_file(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.ends_with("samples.rs")
}

#[test]
fn a_layer_uses_only_those_below_it() {
    let number: BTreeMap<&str, (u8, &[&str])> = LAYERS.iter().map(|(n, l, same)| (*n, (*l, *same))).collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let mut parts = name.split('/').skip(1);
        let Some(layer) = parts.next().filter(|l| !l.ends_with(".rs")) else { continue };
        let (own, same) = *number.get(layer).unwrap_or_else(|| panic!("{layer} is no layer"));
        let code = if is_test_file(&name) { "" } else { without_tests(&text) };
        for (n, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in line.split("crate::").skip(1) {
                let target: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if target == layer {
                    continue;
                }
                let Some((other, _)) = number.get(target.as_str()) else { continue };
                if *other > own || *other == own && !same.contains(&target.as_str()) {
                    wrong.push(format!("{name}:{}: {layer} uses {target}", n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_stay_behind_their_fences() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let code = if is_test_file(&name) { "" } else { without_tests(&text) };
        for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for (what, places) in FENCES {
                if line.contains(what) && !places.iter().any(|p| name.starts_with(p)) {
                    wrong.push(format!("{name}:{}: {what} belongs to {places:?}", n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_test_file_is_part_of_the_suite() {
    let main = std::fs::read_to_string(repo().join("tests/it/main.rs")).expect("main.rs");
    for e in std::fs::read_dir(repo().join("tests/it")).expect("tests").filter_map(Result::ok) {
        let name = e.file_name().to_string_lossy().into_owned();
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name} is forgotten");
    }
}
