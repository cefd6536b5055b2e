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
    text.find("mod tests {").map_or(text, |n| &text[..n])
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

/// What puts an event together: only `rules::turn` does it, and says whether it may follow the newest one.
const EVENTS_BY_HAND: &[&str] = &["event_row(", "append(Ledger::Events"];

/// What the command line may take from `rules::turn`: all else lets an event stand where the rule would refuse it.
const TURNS: &[&str] = &["Act", "Extra", "Turn", "happened", "turn"];

/// Code in which a chain of calls, or a list, that is broken over lines is read as one line.
fn joined(text: &str) -> String {
    let mut all = String::new();
    for l in without_tests(text).lines().map(str::trim).filter(|l| !l.starts_with("//")) {
        if !l.starts_with('.') && !all.ends_with(['{', ',', '(']) {
            all.push('\n');
        }
        all.push_str(l);
    }
    all
}

#[test]
fn events_are_written_in_one_place() {
    let written = |(name, text): &(String, String)| {
        let found = EVENTS_BY_HAND.iter().find(|w| joined(text).contains(**w));
        found.map(|what| (name.clone(), *what))
    };
    let mut places: Vec<(String, &str)> = sources().iter().filter_map(written).collect();
    let own = places.iter().position(|(name, _)| name == "src/rules/turn.rs").expect("rules::turn writes events");
    places.remove(own);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn the_command_line_holds_no_rules() {
    let mut wrong = Vec::new();
    let mut used = vec![false; READS_A_RULE.len()];
    for (name, text) in sources().iter().filter(|(n, _)| n.starts_with("src/cli/")) {
        for line in joined(text).lines() {
            for used in line.split("turn::").skip(1) {
                let names = match used.strip_prefix('{') {
                    Some(list) => list.split('}').next(),
                    None => used.split(|c: char| !c.is_alphanumeric() && c != '_').next(),
                };
                let mut names = names.unwrap_or_default().split(',').map(str::trim);
                let beyond = names.find(|n| !n.is_empty() && !TURNS.contains(n));
                wrong.extend(beyond.map(|n| format!("{name} takes {n} from rules::turn: {line}")));
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

/// Folders in which no two files may refer to one another, directly or by way of others. A folder's `mod.rs` is its table.
const NO_CIRCLES: &[&str] = &["check", "cli", "cli/commands", "cli/record", "exchange", "model"];

/// The names that a `use` or a path takes from the modules beside it: `super::a::…`, `super::{a, b::c}`, `crate::folder::a`.
fn neighbours(code: &str, folder: &str, is_nested: bool) -> Vec<String> {
    let mut out = Vec::new();
    let own = format!("crate::{}::", folder.replace('/', "::"));
    let mut starts = vec![own.as_str()];
    if !is_nested {
        starts.push("super::");
    }
    for start in starts {
        for (at, _) in code.match_indices(start) {
            // `super::super::` and `crate::x::super::` lead elsewhere.
            if code[..at].ends_with("::") {
                continue;
            }
            let rest = &code[at + start.len()..];
            let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
            match rest.strip_prefix('{') {
                None => out.push(word(rest)),
                Some(list) => {
                    let mut depth = 0;
                    let mut names = vec![String::new()];
                    for c in list.chars() {
                        match c {
                            '{' => depth += 1,
                            '}' if depth == 0 => break,
                            '}' => depth -= 1,
                            ',' if depth == 0 => names.push(String::new()),
                            _ => names.last_mut().expect("a name").push(c),
                        }
                    }
                    out.extend(names.iter().map(|n| word(n.trim())));
                }
            }
        }
    }
    out
}

#[test]
fn neighbours_are_found() {
    let check = |code: &str, expected: &[&str]| assert_eq!(neighbours(code, "check", false), expected, "{code}");
    check("use super::ROWSX::kinds;", &["rows"]);
    check("use super::{Checked, a::{b, c}, d};", &["Checked", "a", "d"]);
    check("crate::check::lines::check(x); super::super::model::x();", &["lines", "super"]);
    assert_eq!(neighbours("use super::ROWSX::kinds;", "check", true), Vec::<String>::new());
}

/// The files of a folder that come back to themselves, each with those by way of which it does. A folder inside is one of them.
fn circles(folder: &str, sources: &[(String, String)]) -> Vec<String> {
    let prefix = format!("src/{folder}/");
    let module = |name: &str| {
        let rest = name.strip_prefix(&prefix)?;
        let (first, is_nested) = rest.split_once('/').map_or((rest.trim_end_matches(".rs"), false), |(d, _)| (d, true));
        Some((first.to_string(), is_nested))
    };
    let names: Vec<String> = sources.iter().filter_map(|(name, _)| Some(module(name)?.0)).collect();
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in sources {
        let Some((own, is_nested)) = module(name).filter(|(m, _)| m != "mod") else { continue };
        let code = if is_test_file(name) { "" } else { without_tests(text) };
        let lines: Vec<&str> = code.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
        let found = neighbours(&lines.join("\n"), folder, is_nested);
        let found = found.into_iter().filter(|n| *n != own && *n != "mod" && names.contains(n));
        uses.entry(own.clone()).or_default().extend(found);
    }
    let mut wrong = Vec::new();
    for start in uses.keys() {
        let mut seen: Vec<&String> = Vec::new();
        let mut next: Vec<&String> = uses[start].iter().collect();
        while let Some(n) = next.pop() {
            if !seen.contains(&n) {
                seen.push(n);
                next.extend(uses.get(n).into_iter().flatten());
            }
        }
        if seen.contains(&start) {
            wrong.push(format!("src/{folder}/{start} comes back to itself, by way of {seen:?}"));
        }
    }
    wrong
}

#[test]
fn a_circle_is_found() {
    let check = |files: &[(&str, &str)], expected: &[&str]| {
        let sources: Vec<(String, String)> =
            files.iter().map(|(n, t)| (format!("src/cli/{n}"), (*t).to_string())).collect();
        let found: Vec<String> = circles("cli", &sources);
        let found: Vec<&str> = found.iter().filter_map(|w| w.split(' ').next()).collect();
        assert_eq!(found, expected, "{files:?}");
    };
    let straight = ("b.rs", "use crate::model::a;\n// use super::a;\nmod tests { use super::a; }");
    check(&[("a.rs", "use super::b;"), straight], &[]);
    check(&[("a.rs", "use super::b;"), ("b.rs", "use super::{a, c};")], &["src/cli/a", "src/cli/b"]);
    let (b, c) = (("b.rs", "use super::c::x;"), ("c.rs", "fn f() { crate::cli::a::f() }"));
    check(&[("a.rs", "use super::b;"), b, c], &["src/cli/a", "src/cli/b", "src/cli/c"]);
    // A file of a folder inside names the folder's own files by `super`; `mod.rs` is the table of all.
    check(&[("a.rs", "use super::b;"), ("mod.rs", "use a::x;"), ("b.rs", "use crate::cli::Cli;")], &[]);
    check(&[("d/a.rs", "use crate::cli::b;"), ("b.rs", "use super::d;")], &["src/cli/b", "src/cli/d"]);
    check(&[("d/a.rs", "use super::b;"), ("b.rs", "use super::d;")], &[]);
}

#[test]
fn files_of_a_folder_do_not_go_round_in_circles() {
    let sources = sources();
    let wrong: Vec<String> = NO_CIRCLES.iter().flat_map(|folder| circles(folder, &sources)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
