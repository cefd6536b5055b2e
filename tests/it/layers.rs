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
    ("fs::read(", &["src/store/open.rs"]),
    ("fs::read_to_string(", &["src/store/open.rs"]),
    ("File::open(", &["src/store/open.rs", "src/store/disk.rs", "src/store/layout.rs"]),
    ("walkdir::", &["src/store/"]),
    ("rayon::", &["src/store/", "src/rules/", "src/metrics/", "src/report/", "src/output/", "src/cli/mod.rs"]),
    ("rustix::", &["src/store/"]),
    ("minijinja::", &["src/output/letter.rs"]),
    ("mail_builder::", &["src/output/letter.rs"]),
    ("rust_xlsxwriter::", &["src/output/xlsx.rs"]),
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
    name.ends_with("/tests.rs") || name.contains("/tests/") || name.ends_with("samples.rs")
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
const NO_CIRCLES: &[&str] = &["check", "cli", "exchange", "metrics", "model", "output", "query", "report", "rules"];

/// The modules that a path names: one, or as many as its list in braces has.
fn expand(text: &str, before: &[&str], out: &mut Vec<Vec<String>>) {
    let mut path: Vec<&str> = before.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut from) = (0, 0);
            for (n, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    ',' if depth == 0 => {
                        expand(&list[from..n], &path, out);
                        from = n + 1;
                    }
                    '}' if depth == 0 => return expand(&list[from..n], &path, out),
                    '}' => depth -= 1,
                    _ => {}
                }
            }
            return;
        }
        let word = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if word.is_empty() {
            break;
        }
        path.push(word);
        match rest[word.len()..].strip_prefix("::") {
            Some(more) => rest = more,
            None => break,
        }
    }
    out.push(path.iter().map(ToString::to_string).collect());
}

/// The modules that the code of a module names, from the top: `rules::index` for `crate::rules::index::Index` and, in
/// `rules::pool`, for `super::index::Index`.
fn named(code: &str, own: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
                expand(&code[at..], &[], &mut found);
            }
        }
    }
    let absolute = |path: Vec<String>| {
        let up = path.iter().take_while(|w| *w == "super").count();
        let own: Vec<&str> = own.split("::").collect();
        let base = if path[0] == "crate" { &[] } else { &own[..own.len().saturating_sub(up)] };
        let rest = path.iter().map(String::as_str).filter(|w| !matches!(*w, "crate" | "super"));
        base.iter().copied().chain(rest).collect::<Vec<&str>>().join("::")
    };
    found.into_iter().map(absolute).collect()
}

#[test]
fn named_modules_are_found() {
    let check = |own: &str, code: &str, expected: &[&str]| assert_eq!(named(code, own), expected, "{code}");
    check("check::a", "use super::rows::kinds;", &["check::rows::kinds"]);
    check(
        "check::a",
        "use super::{Checked, a::{b, c}, d};",
        &["check::Checked", "check::a::b", "check::a::c", "check::d"],
    );
    check("check::a", "crate::check::lines::check(x); super::super::model::x();", &["check::lines::check", "model::x"]);
    check("rules::engine::a", "use super::b::{self, C};", &["rules::engine::b::self", "rules::engine::b::C"]);
}

/// The files of a folder, and of those inside it, that come back to themselves, each with those by way of which it does.
fn circles(folder: &str, sources: &[(String, String)]) -> Vec<String> {
    let prefix = format!("src/{folder}/");
    let module = |name: &str| {
        let inside = name.starts_with(&prefix) && !name.ends_with("/mod.rs");
        inside.then(|| name.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::"))
    };
    let names: Vec<String> = sources.iter().filter_map(|(name, _)| module(name)).collect();
    let file_of = |path: &str| names.iter().filter(|n| path == *n || path.starts_with(&format!("{n}::"))).max();
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in sources {
        let Some(own) = module(name).filter(|_| !is_test_file(name)) else { continue };
        let lines: Vec<&str> = without_tests(text).lines().filter(|l| !l.trim_start().starts_with("//")).collect();
        let found = named(&lines.join("\n"), &own).iter().filter_map(|p| file_of(p).cloned()).collect::<Vec<String>>();
        uses.entry(own.clone()).or_default().extend(found.into_iter().filter(|n| *n != own));
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
            wrong.push(format!("{start} comes back to itself, by way of {seen:?}"));
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
    check(&[("a.rs", "use super::b;"), ("b.rs", "use super::{a, c};")], &["cli::a", "cli::b"]);
    let (b, c) = (("b.rs", "use super::c::x;"), ("c.rs", "fn f() { crate::cli::a::f() }"));
    check(&[("a.rs", "use super::b;"), b, c], &["cli::a", "cli::b", "cli::c"]);
    // `mod.rs` is the table of all.
    check(&[("a.rs", "use super::b;"), ("mod.rs", "use a::x;"), ("b.rs", "use crate::cli::Cli;")], &[]);
    // Files of a folder inside are files as all others.
    check(&[("d/a.rs", "use crate::cli::b;"), ("b.rs", "use super::d::a;")], &["cli::b", "cli::d::a"]);
    check(&[("d/a.rs", "use crate::cli::b;"), ("b.rs", "use super::d::e;"), ("d/e.rs", "")], &[]);
    check(&[("d/a.rs", "use super::b;"), ("d/b.rs", "use super::a;")], &["cli::d::a", "cli::d::b"]);
}

#[test]
fn files_of_a_folder_do_not_go_round_in_circles() {
    let sources = sources();
    let wrong: Vec<String> = NO_CIRCLES.iter().flat_map(|folder| circles(folder, &sources)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What builds a change: rows, keys and files are put together by the rules, and by `cli/record` where a ledger has none.
const BUILDS: &[&str] = &["Change::", "ChangeSet::default()", "ChangeSet {", "changes.append("];

/// (file of commands, why it builds changes all the same, how many lines of it do).
const BUILDS_CHANGES: &[(&str, &str, usize)] = &[
    ("contact.rs", "keys of a contact as they were typed", 1),
    ("customer.rs", "a file and its keys as they were typed; the file and the events of a customer that goes", 5),
    ("edit.rs", "the text that an editor left, and the events of its decisions", 3),
    ("fmt.rs", "the same text in its usual form", 2),
    ("grade.rs", "the day of a grade by hand goes with it", 1),
    ("log.rs", "the cycle of the customer as it was typed", 1),
    ("rename.rs", "the name of a file, and the id it had before", 2),
    ("team.rs", "keys of a member as they were typed", 2),
];

#[test]
fn commands_build_no_changes() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (name, text) in sources() {
        let Some(file) = name.strip_prefix("src/cli/commands/") else { continue };
        let builds = |l: &&str| !l.starts_with("use ") && BUILDS.iter().any(|b| l.contains(b));
        let lines = joined(&text).lines().filter(builds).count();
        if lines > 0 {
            found.insert(file.to_string(), lines);
        }
    }
    let allowed: BTreeMap<String, usize> = BUILDS_CHANGES.iter().map(|(f, _, n)| ((*f).to_string(), *n)).collect();
    assert_eq!(found, allowed, "the rules build changes, and `cli/record` where a ledger has none of its own");
}

/// The source files, words and tests apart, in whose code a pattern stands.
fn files_with(sources: &[(String, String)], pattern: &str) -> Vec<String> {
    let word = regex::Regex::new(pattern).expect("a pattern");
    let is_code = |name: &str| !name.starts_with("src/i18n/") && !is_test_file(name);
    let has = |text: &str| {
        let code = without_tests(text).lines().filter(|l| !l.trim_start().starts_with("//"));
        code.into_iter().any(|l| word.is_match(l))
    };
    sources.iter().filter(|(name, text)| is_code(name) && has(text)).map(|(name, _)| name.clone()).collect()
}

/// What a house is made of: a report, a metric, a plain noun are known in no more files than docs/architecture.md says. A
/// file that begins to name one of them by itself, instead of asking its table, is one too many.
#[test]
fn additions_touch_as_few_files_as_the_map_says() {
    let sources = sources();
    let text = |file: &str| &sources.iter().find(|(name, _)| name == file).unwrap_or_else(|| panic!("{file}")).1;
    let table = |file: &str, pattern: &str| -> Vec<String> {
        let line = regex::Regex::new(pattern).expect("a pattern");
        line.captures_iter(without_tests(text(file))).map(|c| c[1].to_string()).collect()
    };
    let check = |what: &str, pattern: String, most: usize| {
        let files = files_with(&sources, &pattern);
        assert!(!files.is_empty() && files.len() <= most, "{what}: {} files, {most} at most: {files:#?}", files.len());
    };
    // A report: the file that implements it, and its line in the table. Others ask `REPORTS`.
    let reports = table("src/report/mod.rs", r"(?m)^    &(\w+::\w+),$");
    assert_eq!(reports.len(), kehu::report::REPORTS.len());
    for report in &reports {
        let (module, name) = report.split_once("::").expect("a path");
        check(report, format!(r"\bReport for {name}\b|\b{module}::{name}\b|\b{module}::\{{[^}}]*\b{name}\b"), 2);
    }
    // A metric: its line in the table, and the function that explains it.
    let metrics = kehu::metrics::METRICS;
    let explained = table("src/metrics/mod.rs", r"explain::(\w+)");
    assert!(explained.len() >= metrics.len(), "{} of {}", explained.len(), metrics.len());
    for basis in &explained {
        check(basis, format!(r"\bexplain::{basis}\b|\bfn {basis}\b.*\bBasis\b"), 2);
    }
    // A noun with plain verbs: its line in the table of commands, and its ledger's entry.
    let nouns = table("src/cli/commands/mod.rs", r"verbs\(noun::Verb<(\w+)>\)");
    assert!(nouns.len() >= 3, "{nouns:?}");
    for noun in &nouns {
        check(noun, format!(r"noun::Verb<{noun}>|^    {noun} => LedgerSpec"), 2);
        let ledger = noun.as_str();
        // The sample company has rows of all.
        let mut known = files_with(&sources, &format!(r"\b(Ledger|L)::{ledger}\b"));
        known.retain(|file| !file.starts_with("src/demo/"));
        // Who names the ledger besides does so for what the business makes of it; a noun of which nothing is made is named by its
        // entry and its line alone.
        if ["Feedback", "Spend"].contains(&ledger) {
            assert!(known.len() <= 1, "{ledger}: {known:#?}");
        }
    }
    // A noun with rules of its own: the files of the table in docs/architecture.md, each of which knows deals.
    let map = std::fs::read_to_string(repo().join("docs/architecture.md")).expect("the map");
    let (_, part) = map.split_once("**A noun with rules of its own**").expect("the part about such nouns");
    let rows: Vec<&str> =
        part.lines().skip_while(|l| !l.starts_with("| `")).take_while(|l| l.starts_with('|')).collect();
    let file = regex::Regex::new(r"`([a-z_/]+\.rs)`").expect("a pattern");
    let named = |row: &&str| row.split('|').nth(1).map(str::to_string).unwrap_or_default();
    let cells: Vec<String> = rows.iter().map(named).collect();
    let files: Vec<&str> =
        cells.iter().flat_map(|c| file.captures_iter(c).map(|f| f.get(1).expect("a file").as_str())).collect();
    assert!(files.len() >= 5 && files.len() <= 8, "{files:?}");
    for f in files {
        assert!(text(&format!("src/{f}")).to_lowercase().contains("deal"), "{f} knows no deals");
    }
}
