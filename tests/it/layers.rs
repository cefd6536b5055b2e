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

/// Sections of kehu.toml that only say how things are called, what is offered and where it is shown; all others are numbers
/// and switches of rules, and the command line asks the rules for what comes of them.
const WORDS_OF_SETTINGS: &[&str] = &["channels", "currency", "fields", "name", "reasons", "stages", "views"];

/// (file, section, why it may read it all the same).
const READS_A_RULE: &[(&str, &str, &str)] = &[
    ("src/cli/commands/grade.rs", "scorecards", "`--set` tries other numbers than those of the file"),
    ("src/cli/commands/check.rs", "scorecards", "the file is looked at for itself: a scorecard that means nothing"),
];

/// What puts an event together: `rules` does it, and says whether it may follow the newest one.
const EVENTS_BY_HAND: &[&str] = &["event_row(", "newest_event(", "following(", "append(Ledger::Events"];

#[test]
fn the_command_line_holds_no_rules() {
    let mut wrong = Vec::new();
    let mut used = vec![false; READS_A_RULE.len()];
    for (name, text) in sources().iter().filter(|(n, _)| n.starts_with("src/cli/")) {
        // Where a chain of calls is broken over lines it is read as one.
        let joined = without_tests(text).lines().filter(|l| !l.trim_start().starts_with("//")).fold(
            String::new(),
            |mut all, l| {
                let l = l.trim();
                if !l.starts_with('.') {
                    all.push('\n');
                }
                all.push_str(l);
                all
            },
        );
        for line in joined.lines() {
            for what in EVENTS_BY_HAND.iter().filter(|w| line.contains(**w)) {
                wrong.push(format!("{name} writes an event by hand ({what}): {line}"));
            }
            for section in line.split("settings.file.").skip(1) {
                let section: String = section.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let allowed = READS_A_RULE.iter().position(|(file, s, _)| file == name && *s == section);
                match allowed {
                    Some(n) => used[n] = true,
                    None if WORDS_OF_SETTINGS.contains(&section.as_str()) => {}
                    None => wrong.push(format!("{name} reads a rule's settings ({section}): {line}")),
                }
            }
        }
    }
    let idle: Vec<&str> = READS_A_RULE.iter().zip(used).filter(|(_, used)| !used).map(|(r, _)| r.0).collect();
    assert!(wrong.is_empty() && idle.is_empty(), "{wrong:#?}\nno longer needed: {idle:?}");
}
