//! Every finding of `check` has a reproducer in tests/errors/<key>/, its page in docs/errors.md, a place and a remedy.
//!
//! `in/` is laid over tests/errors/base/; what no checkout can hold is built here. Another folder of a code with an `in/` of
//! its own shows the same finding of another kind of thing. With KEHU_BLESS=1 the expectations
//! and docs/errors.md are written anew.

use crate::support::{Dir, Ran, repo, run_git};
use kehu::diag::{Code, Severity};
use regex::Regex;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(key: &str) -> PathBuf {
    repo().join("tests/errors").join(key)
}

fn blessing() -> bool {
    std::env::var_os("KEHU_BLESS").is_some()
}

fn copy(from: &Path, to: &Path) {
    for e in walkdir::WalkDir::new(from).sort_by_file_name() {
        let e = e.expect("an entry");
        let target = to.join(e.path().strip_prefix(from).expect("inside"));
        if e.file_type().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
        } else {
            fs::copy(e.path(), &target).expect("a file");
        }
    }
}

/// The directory without any finding.
fn base() -> Dir {
    let dir = Dir::empty();
    copy(&folder("base"), dir.path());
    dir
}

/// The directory that shows a finding.
fn reproducer(code: Code) -> Dir {
    shown_by(code, &folder(code.key()))
}

/// The same, by one of the folders of a code.
fn shown_by(code: Code, case: &Path) -> Dir {
    let dir = base();
    let laid_over = case.join("in");
    if laid_over.exists() {
        copy(&laid_over, dir.path());
    }
    built(code, &dir);
    dir
}

/// The folders that show a finding: that of its code, and those in it for other kinds of things.
fn cases(code: Code) -> Vec<PathBuf> {
    let own = folder(code.key());
    let inside = fs::read_dir(&own).into_iter().flatten().filter_map(Result::ok).map(|e| e.path());
    let mut others: Vec<PathBuf> = inside.filter(|p| p.join("in").is_dir()).collect();
    others.sort();
    std::iter::once(own).chain(others).collect()
}

const HUAXIN: &str = "customers/huaxin.toml";
const ACTIVITIES: &str = "ledgers/activities/2026-li.csv";

/// What a checkout cannot hold: bytes that are no text, links, modes, huge files, the store's own state.
fn built(code: Code, dir: &Dir) {
    let edit = |file: &str, from: &str, to: &[u8]| {
        let text = dir.read(file);
        let at = text.find(from).expect("the text is there");
        let bytes = [&text.as_bytes()[..at], to, &text.as_bytes()[at + from.len()..]].concat();
        dir.write(file, bytes);
    };
    match code {
        // GBK, as an old editor saves it.
        Code::NotUtf8 => edit(HUAXIN, "city = \"上海\"", b"city = \"\xC9\xCF\xBA\xA3\""),
        Code::NulByte => edit(ACTIVITIES, "谈了新品", "谈了\0新品".as_bytes()),
        Code::TooLarge => {
            let note = "x".repeat(65_600);
            dir.write(ACTIVITIES, format!("{}a_3,2026-06-03,huaxin,,wu,call,,{note}\n", dir.read(ACTIVITIES)));
        }
        Code::JournalConflict => dir.write(".kehu/journal", "kehu-journal 1 damaged\n{}\n"),
        Code::JournalPending => {
            let old = dir.read(ACTIVITIES).len();
            let row = "a_3,2026-06-03,huaxin,,wu,call,,\\n";
            let body = format!(
                "{{\"entries\":[{{\"op\":\"append\",\"path\":\"{ACTIVITIES}\",\"old_length\":{old},\"text\":\"{row}\"}}]}}\n"
            );
            dir.write(".kehu/journal", format!("kehu-journal 1 {}\n{body}", sha256(&body)));
        }
        Code::NotIgnored => fs::create_dir(dir.path().join(".git")).expect("a folder"),
        Code::PolicyOwner | Code::PolicyGrade | Code::PolicyStage | Code::PolicyDiscount => committed(dir),
        Code::ApprovedEdited => {
            let approved = "e_2,2026-06-10T09:00:00+08:00,contract,c_1,approval,,approved,,,chen,\n";
            dir.write(
                "ledgers/events/2026-chen.csv",
                format!("id,at,kind,subject,event,from,to,until,reason,by,note\n{approved}"),
            );
            let contract = |amount: u32| format!("id,at,party,kind,amount\nc_1,2026-06-09,acme,sales,{amount}\n");
            dir.write("ledgers/contracts/2026-li.csv", contract(5000));
            committed(dir);
            dir.write("ledgers/contracts/2026-li.csv", contract(9000));
        }
        Code::PastFactEdited => {
            committed(dir);
            let text = dir.read(ACTIVITIES);
            dir.write(ACTIVITIES, text.replacen("visit", "call", 1));
        }
        Code::OtherAuthor => {
            committed(dir);
            let head = "id,at,kind,subject,event,from,to,until,reason,by,note\n";
            dir.write(
                "ledgers/events/2026-li.csv",
                format!("{head}e_2,2026-06-10T09:00:00+08:00,customer,acme,intent,,hot,,,wu,\n"),
            );
        }
        Code::SettingsEdited => {
            committed(dir);
            dir.write("kehu.toml", dir.read("kehu.toml").replace("claim_per_day = 10", "claim_per_day = 90"));
        }
        #[cfg(unix)]
        Code::LinkLeadsOut => {
            std::os::unix::fs::symlink("/dev", dir.path().join("customers/shared")).expect("a link");
        }
        #[cfg(unix)]
        Code::UnreadableFile => {
            std::os::unix::fs::symlink("moved.toml", dir.path().join("customers/apex.toml")).expect("a link");
        }
        _ => {}
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kehu = dir.path().join(".kehu");
        let mode = if code == Code::KehuDirMode { 0o755 } else { 0o700 };
        if code == Code::KehuDirMode {
            fs::create_dir(&kehu).expect("a folder");
        }
        if kehu.exists() {
            fs::set_permissions(&kehu, fs::Permissions::from_mode(mode)).expect("a mode");
        }
    }
}

/// What there is, committed; what is done then is li's, and not committed yet.
fn committed(dir: &Dir) {
    dir.write(".gitignore", "/.kehu/\n");
    dir.write(".gitattributes", "");
    for args in [
        &["init", "-q"][..],
        &["config", "user.email", "li@example.com"],
        &["config", "user.name", "Li"],
        &["config", "merge.kehu.driver", "kehu merge-driver %O %A %B %P"],
        &["add", "-A"],
        &["commit", "-q", "-m", "base"],
    ] {
        let out = run_git(dir.path(), args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

/// `check` with what its directory is to be asked: one with commits also for what is done without the right.
fn asked(dir: &Dir, more: &[&str]) -> Ran {
    let mut args = vec!["check"];
    args.extend(more);
    if dir.path().join(".git/HEAD").exists() {
        args.extend(["--policy", "--changed-since", "HEAD"]);
        if run_git(dir.path(), &["status", "--porcelain"]).stdout.is_empty() {
            args.truncate(args.len() - 2);
        }
    }
    dir.run(&args)
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Links and modes need unix.
fn runs_here(code: Code) -> bool {
    cfg!(unix) || !matches!(code, Code::LinkLeadsOut | Code::UnreadableFile | Code::KehuDirMode)
}

fn check(dir: &Dir, lang: &str) -> Ran {
    asked(dir, &["--color", "never", "--lang", lang])
}

/// Findings as "E012 file:line:column".
fn findings(dir: &Dir) -> Vec<String> {
    let ran = asked(dir, &["--json"]);
    assert!(ran.code <= 1, "{}", ran.stderr);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("JSON");
    let number = |v: &serde_json::Value| v.as_i64().map_or(String::new(), |n| format!(":{n}"));
    list.iter()
        .map(|d| {
            let text = |key: &str| d[key].as_str().unwrap_or_default().to_string();
            format!("{} {}{}{}", text("code"), text("file"), number(&d["line"]), number(&d["column"]))
        })
        .collect()
}

/// Compares with a file, or writes it.
fn expect(file: &Path, found: &str, problems: &mut Vec<String>) {
    if blessing() {
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, found).expect("a file");
        return;
    }
    let expected = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    if expected != found {
        let name = file.strip_prefix(repo()).unwrap_or(file).display().to_string();
        let diff = TextDiff::from_lines(expected.as_str(), found);
        problems.push(diff.unified_diff().header(&name, "found").to_string());
    }
}

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\nKEHU_BLESS=1 accepts what was found", problems.join("\n"));
}

#[test]
fn the_base_has_no_findings() {
    let ran = check(&base(), "en").expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "8 files, 7 rows: no findings\n"));
}

#[test]
fn every_code_is_reproduced_in_both_languages() {
    let mut problems = Vec::new();
    reproduce(&mut problems);
    none(&problems);
}

fn reproduce(problems: &mut Vec<String>) {
    let codes = Code::ALL.iter().copied().filter(|c| runs_here(*c));
    for (code, case) in codes.flat_map(|code| cases(code).into_iter().map(move |case| (code, case))) {
        let (dir, name) = (shown_by(code, &case), case.display());
        for (lang, file) in [("en", "en.txt"), ("zh-CN", "zh.txt")] {
            let ran = check(&dir, lang);
            let exit = i32::from(code.severity() == Severity::Error);
            if ran.code != exit {
                problems.push(format!("{name}: exit {} instead of {exit}\n{}", ran.code, ran.stderr));
            }
            expect(&case.join(file), &(ran.stdout + &ran.stderr), problems);
        }
        let found: BTreeSet<String> = findings(&dir).iter().map(|f| f[..4].to_string()).collect();
        if found != BTreeSet::from([code.id().to_string()]) {
            problems.push(format!("{name}: one mistake, these findings: {found:?}"));
        }
    }
}

#[test]
fn every_folder_belongs_to_a_code() {
    let keys: BTreeSet<String> = Code::ALL.iter().map(|c| c.key().to_string()).chain(["base".into()]).collect();
    let folders: BTreeSet<String> = fs::read_dir(repo().join("tests/errors"))
        .expect("tests/errors")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, keys);
    for case in Code::ALL.iter().flat_map(|code| cases(*code)) {
        for file in ["en.txt", "zh.txt"] {
            assert!(case.join(file).is_file(), "{}/{file}", case.display());
        }
    }
}

/// Findings about a whole file, which have no line; and about a whole row, which have no column.
const WHOLE_FILE: &[Code] = &[
    Code::LinkLeadsOut,
    Code::UnreadableFile,
    Code::MissingKey,
    Code::NoHeader,
    Code::BadCustomerId,
    Code::DuplicateCustomer,
    Code::JournalPending,
    Code::JournalConflict,
    Code::StrayFile,
    Code::KehuDirMode,
    Code::NotIgnored,
];
const WHOLE_ROW: &[Code] = &[Code::MissingColumn];

#[test]
fn every_message_names_a_place_and_what_mends_it() {
    for code in Code::ALL.iter().copied().filter(|c| runs_here(*c)) {
        let ran = asked(&reproducer(code), &["--json"]);
        let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("JSON");
        let key = code.key();
        assert!(!list.is_empty(), "{key}");
        for d in list {
            assert!(d["file"].as_str().is_some_and(|f| !f.is_empty()), "{key}: {d}");
            assert_eq!(d["line"].is_i64(), !WHOLE_FILE.contains(&code), "{key}: {d}");
            let has_column = !WHOLE_FILE.contains(&code) && !WHOLE_ROW.contains(&code);
            assert_eq!(d["column"].is_i64(), has_column, "{key}: {d}");
            for text in ["message", "mend"] {
                let words = d[text].as_str().unwrap_or_default();
                assert!(words.len() > 3, "{key}: {d}");
                assert!(!words.contains("``") && !words.contains("{") || key == "scorecard-bands", "{key}: {words}");
                assert!(!words.contains(std::env::temp_dir().to_string_lossy().as_ref()), "{key}: {words}");
            }
        }
    }
}

/// The caret stands below the first character that is wrong, wide characters counted as two.
#[test]
fn the_caret_stands_under_the_character() {
    use unicode_width::UnicodeWidthStr;
    for (code, word) in [
        (Code::StrayQuote, "\"太贵"),
        (Code::BadDecimal, "\"1,100\""),
        (Code::CellCount, " 交期"),
        (Code::NullWord, "NULL"),
    ] {
        let out = check(&reproducer(code), "en").stdout;
        let lines: Vec<&str> = out.lines().collect();
        let caret = lines.iter().position(|l| l.contains('^')).expect("a caret");
        let shown = lines[caret - 1];
        let at = shown.find(word).unwrap_or_else(|| panic!("{out}"));
        assert_eq!(lines[caret].find('^'), Some(shown[..at].width()), "{out}");
    }
}

/// Random ids and instants, replaced.
fn settled(text: &str) -> String {
    let id = Regex::new(r"\be_[0-9a-hjkmnp-tv-z]{12}\b").expect("a pattern");
    let instant = Regex::new(r"\b2026-06-30T[0-9:]{8}[+-]\d\d:\d\d").expect("a pattern");
    instant.replace_all(&id.replace_all(text, "e_NEW"), "INSTANT").into_owned()
}

#[test]
fn fix_mends_what_it_says_it_mends() {
    let mut problems = Vec::new();
    for code in Code::ALL.iter().copied().filter(|c| runs_here(*c)) {
        let dir = reproducer(code);
        let before = check(&dir, "en").stderr.contains("--fix` fixes");
        let fixed = folder(code.key()).join("fixed");
        if !before {
            assert!(!fixed.exists(), "{} is not fixable", code.key());
            continue;
        }
        let old = dir.files();
        dir.run(&["check", "--fix"]);
        let changed: Vec<(String, String)> = dir
            .files()
            .into_iter()
            .filter(|f| !old.contains(f))
            .map(|(name, bytes)| (name, settled(&String::from_utf8_lossy(&bytes))))
            .collect();
        assert!(!changed.is_empty(), "{}: nothing was mended", code.key());
        for (name, text) in &changed {
            expect(&fixed.join(name), text, &mut problems);
        }
        let after = check(&dir, "en");
        assert!(!after.stderr.contains("--fix` fixes"), "{}: {}", code.key(), after.stdout);
        assert_eq!(after.code, 0, "{}: {}", code.key(), after.stdout);
    }
    none(&problems);
}

/// docs/errors.md with every example as the reproducer prints it, and what is wrong with its sections.
fn in_step(docs: &str) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut wrong = Vec::new();
    let mut codes = Code::ALL.iter();
    for (n, section) in docs.split("\n## ").enumerate() {
        if n == 0 {
            out.push_str(section);
            continue;
        }
        out.push_str("\n## ");
        let title = section.lines().next().unwrap_or_default();
        let Some(code) = codes.next() else {
            wrong.push(format!("{title}: one section too many"));
            continue;
        };
        if title != format!("{} {}", code.id(), code.key()) {
            wrong.push(format!("{title} stands where {} {} belongs", code.id(), code.key()));
        }
        let severity = match code.severity() {
            Severity::Error => "\n\nError. ",
            Severity::Warning => "\n\nWarning. ",
        };
        let fix = if folder(code.key()).join("fixed").exists() { "\n\n`--fix`: yes" } else { "\n\n`--fix`: no" };
        for part in [severity, "\n\nTo mend it: ", fix] {
            if !section.contains(part) {
                wrong.push(format!("{title} lacks {part:?}"));
            }
        }
        let example = fs::read_to_string(folder(code.key()).join("en.txt")).unwrap_or_default().replace("\r\n", "\n");
        match section.split_once("```text\n").map(|(a, b)| (a, b.split_once("```"))) {
            Some((before, Some((_, behind)))) => {
                out.push_str(&format!("{before}```text\n{example}```{behind}"));
            }
            _ => {
                wrong.push(format!("{title} has no example"));
                out.push_str(section);
            }
        }
    }
    wrong.extend(codes.map(|c| format!("{} {} has no section", c.id(), c.key())));
    (out, wrong)
}

#[test]
fn docs_errors_is_in_step() {
    let file = repo().join("docs/errors.md");
    if blessing() {
        // The examples come from files that another test writes at the same time.
        reproduce(&mut Vec::new());
    }
    let docs = fs::read_to_string(&file).expect("docs/errors.md").replace("\r\n", "\n");
    let (text, mut problems) = in_step(&docs);
    expect(&file, &text, &mut problems);
    none(&problems);
}

/// Mistakes that come together: (what is done to the base, the findings, no more and no fewer).
type Case = (&'static str, fn(&Dir), &'static [&'static str]);

fn append(dir: &Dir, file: &str, text: &str) {
    dir.write(file, format!("{}{text}", dir.read(file)));
}

fn replace(dir: &Dir, file: &str, from: &str, to: &str) {
    let text = dir.read(file);
    assert!(text.contains(from), "{file}: {from}");
    dir.write(file, text.replace(from, to));
}

const ACME: &str = "customers/acme.toml";
const EVENTS: &str = "ledgers/events/2026-wu.csv";
const ORDERS: &str = "ledgers/orders/2026-wu.csv";

const CASES: &[Case] = &[
    (
        "a ledger's folder with a wrong name, and a word of a closed list",
        |d| {
            d.write("ledgers/order/2026-wu.csv", d.read(ORDERS));
            append(d, EVENTS, "e_2,2026-06-03,customr,huaxin,owner,,wu,,,wu,\n");
        },
        &["E028 ledgers/events/2026-wu.csv:3:16", "E082 ledgers/order"],
    ),
    (
        "a ladder with a mistake refuses nobody's stage",
        |d| {
            replace(d, "kehu.toml", "to = [\"prospect\"]", "to = [\"prospct\"]");
            replace(d, "kehu.toml", "requires = [\"order:1\"]", "requires = [\"ordr:1\"]");
        },
        &["E051 kehu.toml:10:6", "E050 kehu.toml:23:12"],
    ),
    (
        "several keys of kehu.toml at once, and other files are still read",
        |d| {
            replace(d, "kehu.toml", "claim_per_day = 10", "claim_per_day = \"ten\"");
            replace(d, "kehu.toml", "double_visit_days = 7", "double_visit_days = true");
            replace(d, "kehu.toml", "\"电话\", two_way", "\"电话\", two_wey");
            append(d, ACTIVITIES, "a_9,NULL,acme,,li,call,,\n");
        },
        &[
            "E012 kehu.toml:37:17",
            "E012 kehu.toml:40:21",
            "E010 kehu.toml:44:21",
            "E032 ledgers/activities/2026-li.csv:4:5",
        ],
    ),
    (
        "words of lists in kehu.toml, which go on with the first",
        |d| {
            replace(d, "kehu.toml", "language = \"en\"", "language = \"enn\"");
            replace(d, "kehu.toml", "double_visit_days = 7", "double_visit_days = 7\ndue_on = \"nxt\"");
            append(
                d,
                "kehu.toml",
                "\n[customers]\nlayout = \"flt\"\n[ledgers]\nlayout = \"yr\"\n[tax]\nprices = \"x\"\n",
            );
        },
        &[
            "E028 kehu.toml:5:12",
            "E028 kehu.toml:41:10",
            "E028 kehu.toml:61:10",
            "E028 kehu.toml:63:10",
            "E028 kehu.toml:65:10",
        ],
    ),
    (
        "words, spans and fractions of kehu.toml",
        |d| {
            replace(d, "kehu.toml", "category = \"customer\"\nto = []", "category = \"custmer\"\nto = []");
            replace(d, "kehu.toml", "\"14d\"", "\"14\"");
            replace(d, "kehu.toml", "[grades.B]", "[grades.B]\ndiscount_max = 15\npool = { follow_days = \"nevr\" }");
            replace(d, "kehu.toml", "type = \"number\"", "type = \"numbr\"");
        },
        &[
            "E028 kehu.toml:27:12",
            "E029 kehu.toml:31:17",
            "E029 kehu.toml:34:16",
            "E029 kehu.toml:35:24",
            "E028 kehu.toml:56:8",
        ],
    ),
    (
        "a deal stage that is there twice, and scores and reasons that cannot be read",
        |d| {
            let stage = "[[deal_stages]]\nid = \"open\"\ncategory = \"open\"\nprobability = 0.5\nto = []\n\n";
            replace(d, "kehu.toml", "[grades.A]", &format!("{stage}{stage}[grades.A]"));
            d.write(
                "ledgers/feedback/2026-li.csv",
                "id,at,customer,kind,score\nb_1,2026-06-03,acme,nps,0\nb_2,2026-06-03,acme,ces,7.5\nb_3,2026-06-03,acme,csat,good\n",
            );
        },
        &["E050 kehu.toml:37:6", "E033 ledgers/feedback/2026-li.csv:3:25", "E026 ledgers/feedback/2026-li.csv:4:26"],
    ),
    (
        "keys of the wrong type are not missing besides",
        |d| {
            replace(d, ACME, "stage = \"lead\"", "stage = 3");
            replace(d, ACME, "id = \"smith\"", "id = 5");
            replace(d, "team.toml", "name = \"Chen Jie\"", "name = 7");
            replace(d, ACTIVITIES, "acme,smith", "acme,");
            replace(d, HUAXIN, "[\"华新\"]", "[\"华新\u{202e}\"]");
        },
        &[
            "E012 customers/acme.toml:4:9",
            "E012 customers/acme.toml:20:6",
            "E031 customers/huaxin.toml:2:15",
            "E012 team.toml:12:8",
        ],
    ),
    (
        "a value of kehu.toml that does not fit stops nothing",
        |d| {
            replace(d, "kehu.toml", "Asia/Shanghai", "Asia/Peking");
            replace(d, ACME, "created = 2026-01-05", "created = \"2026-02-30\"");
        },
        &["E024 customers/acme.toml:2:11", "E050 kehu.toml:4:12"],
    ),
    (
        "a kehu.toml that is no TOML",
        |d| {
            replace(d, "kehu.toml", "format = 1", "format = 1\nname = \"x\"");
            append(d, ACTIVITIES, "x,y\n");
        },
        &["E005 kehu.toml:3:1", "E022 ledgers/activities/2026-li.csv:4"],
    ),
    (
        "a broken team.toml makes nobody unknown",
        |d| {
            replace(d, "team.toml", "[wu]", "[wu");
            append(d, ACTIVITIES, "a_9,2026-06-03,ACME,,li,call,,\n");
        },
        &["E040 ledgers/activities/2026-li.csv:4:16", "E005 team.toml:6:4"],
    ),
    (
        "three lines of one TOML file; its contact is not missed",
        |d| d.write(ACME, "name = Acme\ncreated = 2026-02-30\nstage = \"lead\"\nowner = li\n"),
        &["E005 customers/acme.toml:1:8", "E005 customers/acme.toml:2:11", "E005 customers/acme.toml:4:9"],
    ),
    (
        "values of one customer: an impossible date, 29 digits, an own field of another type",
        |d| {
            let to = "created = \"2026-02-30\"\ncredit_limit = 12345678901234567890123456789";
            replace(d, ACME, "created = 2026-01-05", to);
            replace(d, ACME, "employees = 40", "employees = \"forty\"");
        },
        &["E024 customers/acme.toml:2:11", "E026 customers/acme.toml:3:16", "E026 customers/acme.toml:18:13"],
    ),
    (
        "rows behind a broken one are read, and their lines counted through quoted newlines",
        |d| {
            let broken =
                "a_3,2026-06-03,acme,,li,call,,\"one\ntwo\"\na_4,2026-06-04,acme\na_5,2026-06-99,acme,,li,call,,\n";
            append(d, ACTIVITIES, &format!("{broken}a_6,2026-06-05,acme,,lii,call,,\n"));
        },
        &[
            "E030 ledgers/activities/2026-li.csv:4:31",
            "E022 ledgers/activities/2026-li.csv:6",
            "E025 ledgers/activities/2026-li.csv:7:5",
            "E044 ledgers/activities/2026-li.csv:8:22",
        ],
    ),
    ("a header without rows", |d| d.write("ledgers/needs/2026-li.csv", "id,at,customer,text\n"), &[]),
    (
        "an empty customer",
        |d| d.write("customers/apex.toml", ""),
        &["E011 customers/apex.toml", "E011 customers/apex.toml", "E011 customers/apex.toml"],
    ),
    (
        "several columns",
        |d| d.write("ledgers/needs/2026-li.csv", "id,att,text,text\nn_1,2026-06-01,x,y\n"),
        &[
            "E014 ledgers/needs/2026-li.csv:1",
            "E014 ledgers/needs/2026-li.csv:1",
            "E013 ledgers/needs/2026-li.csv:1:4",
            "E015 ledgers/needs/2026-li.csv:1:13",
        ],
    ),
    (
        "CRLF and BOM are no mistakes, and places are right",
        |d| {
            let windows = |file: &str| d.write(file, format!("\u{feff}{}", d.read(file).replace('\n', "\r\n")));
            append(d, ACTIVITIES, "a_9,2026-06-03,acme,,lii,call,,");
            replace(d, ACME, "name = \"Acme Tools\"", "nmae = \"Acme\"\nname = \"Acme Tools\"");
            [ACTIVITIES, ACME, "kehu.toml", "team.toml", HUAXIN].into_iter().for_each(windows);
        },
        &["E010 customers/acme.toml:1:1", "E044 ledgers/activities/2026-li.csv:4:22"],
    ),
    (
        "folders named as a customer and as its file",
        |d| {
            for name in ["customers/acme/apex.toml", "customers/huaxin.toml.d/beta.toml"] {
                d.write(name, "name = \"X\"\ncreated = 2026-01-05\n\nstage = \"lead\"\n".replace('X', name));
            }
        },
        &[],
    ),
    (
        "quotes: lines of a version that differ, a version for somebody else, an event from a state that was over",
        |d| {
            d.write(
                "ledgers/quotes/2026-li.csv",
                "id,line,at,customer,version,valid_until\nq_1,1,2026-06-01,acme,,2026-07-01\n\
                 q_1,2,2026-06-01,acme,1,2026-07-02\nq_1,3,2026-06-05,acme,2,2026-08-01\nq_1,4,2026-06-05,huaxin,2,2026-08-01\n",
            );
            let events = EVENTS;
            append(d, events, "e_8,2026-06-06T09:00:00+08:00,quote,q_1,declined,draft,declined,,,wu,\n");
            append(d, events, "e_9,2026-06-07T09:00:00+08:00,quote,q_1,accepted,draft,accepted,,,wu,o_1\n");
        },
        &[
            "E061 ledgers/events/2026-wu.csv:4:50",
            "E048 ledgers/quotes/2026-li.csv:3:25",
            "E048 ledgers/quotes/2026-li.csv:5:18",
        ],
    ),
    (
        "a reason for declining that kehu.toml does not have",
        |d| {
            replace(d, "kehu.toml", "refund = ", "lost = [\"price\"]\nrefund = ");
            d.write("ledgers/quotes/2026-li.csv", "id,line,at,customer\nq_1,1,2026-06-01,acme\n");
            let row = "e_9,2026-06-07T09:00:00+08:00,quote,q_1,declined,draft,declined,,prise,wu,\n";
            append(d, EVENTS, row);
        },
        &["E028 ledgers/events/2026-wu.csv:3:66"],
    ),
    (
        "an event that is there twice is no lost race",
        |d| append(d, EVENTS, "e_1,2026-06-02T15:00:00+08:00,customer,huaxin,stage,lead,prospect,,,wu,\n"),
        &["E043 ledgers/events/2026-wu.csv:3:1"],
    ),
    (
        "an event that cannot be read is no drift",
        |d| {
            replace(d, HUAXIN, "\"prospect\"", "\"lead\"");
            append(d, EVENTS, "e_2,2026-06-32,customer,huaxin,stage,prospect,lead,,,wu,back\n");
        },
        &["E025 ledgers/events/2026-wu.csv:3:5"],
    ),
    ("a customer twice", |d| d.write("customers/x/huaxin.toml", d.read(HUAXIN)), &["E042 customers/x/huaxin.toml"]),
    (
        "a product that cannot be read is not missed by its orders",
        |d| replace(d, "ledgers/products/products.csv", "drill,2026-01-01,电钻,100", "drill,2026-01-01,电钻,100,1"),
        &["E022 ledgers/products/products.csv:2:25"],
    ),
    (
        "lines of an order of which one has no date",
        |d| replace(d, ORDERS, "o_1,2,2026-06-10", "o_1,2,"),
        &["E023 ledgers/orders/2026-wu.csv:3:7"],
    ),
    (
        "the right cell is marked although its text stands earlier in the line",
        |d| append(d, ACTIVITIES, "wuu,2026-06-03,huaxin,,wuu,call,,\n"),
        &["E044 ledgers/activities/2026-li.csv:4:24"],
    ),
    (
        "a stage changed by hand against the rules",
        |d| replace(d, HUAXIN, "\"prospect\"", "\"repeat\""),
        &["E070 customers/huaxin.toml:5:10"],
    ),
    (
        "two views, of which one has two mistakes",
        |d| {
            let views = "columns = [\"nmae\"]\n\n[views.\"big ones\"]\nterms = [\"revenue.gt:x\"]\n";
            append(d, "kehu.toml", views);
            replace(d, "kehu.toml", "intent:hot", "intnt:hot");
        },
        &["E055 kehu.toml:57:9", "E055 kehu.toml:58:11", "E055 kehu.toml:61:9"],
    ),
    (
        "words for nothing",
        |d| append(d, ACTIVITIES, "a_7,2026-06-03,NULL,,-,n/a,--,NULL\n"),
        &[
            "E032 ledgers/activities/2026-li.csv:4:16",
            "E032 ledgers/activities/2026-li.csv:4:22",
            "E032 ledgers/activities/2026-li.csv:4:24",
            "E032 ledgers/activities/2026-li.csv:4:28",
        ],
    ),
];

#[test]
fn one_mistake_gives_one_finding_and_all_are_found() {
    let mut problems = Vec::new();
    for (what, spoil, expected) in CASES {
        let dir = base();
        spoil(&dir);
        let found = findings(&dir);
        if found != *expected {
            let list = |v: Vec<String>| v.join("\n") + "\n";
            let (a, b) = (list(expected.iter().map(ToString::to_string).collect()), list(found));
            problems
                .push(TextDiff::from_lines(a.as_str(), b.as_str()).unified_diff().header(what, "found").to_string());
        }
    }
    none(&problems);
}

#[test]
fn fix_never_decides_on_half_of_the_facts() {
    let spoils: [fn(&Dir); 3] = [
        |d| append(d, EVENTS, "e_2,2026-06-32,customer,huaxin,stage,prospect,lead,,,wu,back\n"),
        |d| append(d, EVENTS, "e_2,2026-06-03,customer,huaxin,stage,prospect\n"),
        |d| replace(d, HUAXIN, "city = \"上海\"", "city = 上海"),
    ];
    for spoil in spoils {
        let dir = base();
        replace(&dir, HUAXIN, "\"prospect\"", "\"lead\"");
        spoil(&dir);
        let before = dir.files();
        dir.run(&["check", "--fix"]).expect(1);
        assert_eq!(dir.files(), before);
    }
}

#[test]
fn readers_print_what_can_be_read() {
    let dir = base();
    append(&dir, ACTIVITIES, "a_9,2026-99-01,acme,,li,call,,\n");
    replace(&dir, HUAXIN, "city = \"上海\"", "city = 上海");
    for command in ["list", "due"] {
        let ran = dir.run(&[command, "--json", "--lang", "en"]).expect(3);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("JSON");
        assert!(!rows.is_empty(), "{command}");
        assert!(
            ran.stderr.contains("error[E005]") && ran.stderr.contains("customers/huaxin.toml:15:8"),
            "{}",
            ran.stderr
        );
        let strict = dir.run(&[command, "--json", "--strict", "--lang", "en"]).expect(3);
        assert_eq!(strict.stdout, "", "{command}");
        assert!(strict.stderr.contains("error[E005]"), "{}", strict.stderr);
    }
    let due = dir.run(&["due", "--lang", "en"]).expect(3);
    assert!(due.stderr.contains("error[E025]"), "{}", due.stderr);
}

#[test]
fn broken_settings_stop_all_but_check() {
    let spoils: [fn(&Dir); 3] = [
        |d| replace(d, "kehu.toml", "format = 1", "format = "),
        |d| replace(d, "kehu.toml", "claim_per_day = 10", "claim_per_day = \"ten\""),
        |d| replace(d, "team.toml", "[wu]", "[wu"),
    ];
    for spoil in spoils {
        let dir = base();
        spoil(&dir);
        let before = dir.files();
        for args in [&["list"][..], &["due"], &["show", "acme"], &["log", "acme", "x"], &["stage", "acme", "prospect"]]
        {
            let ran = dir.run(args).expect(3);
            assert_eq!(ran.stdout, "", "{args:?}");
            assert!(ran.stderr.contains("[E0"), "{args:?}: {}", ran.stderr);
        }
        assert_eq!(dir.files(), before);
        dir.run(&["check"]).expect(1);
    }
}

#[test]
fn writers_need_only_their_own_files() {
    let dir = base();
    replace(&dir, HUAXIN, "city = \"上海\"", "city = 上海");
    append(&dir, ORDERS, "o_2,1,2026-06-10\n");
    dir.run(&["log", "acme", "called again", "--channel", "call"]).expect(0);
    dir.run(&["customer", "set", "acme", "city=Suzhou"]).expect(0);
    assert!(dir.read(ACME).contains("city = \"Suzhou\""));
    let before = dir.files();
    let ran = dir.run(&["customer", "set", "huaxin", "city=Suzhou"]).expect(3);
    assert!(ran.stderr.contains("customers/huaxin.toml:15:8"), "{}", ran.stderr);
    assert_eq!(dir.files(), before);
}

#[test]
fn merge_conflicts_keep_fix_away() {
    let dir = reproducer(Code::ConflictMarkers);
    append(&dir, ACTIVITIES, "a_9,2026-06-03,acme,,li,call,,\"one\ntwo\"\n");
    let before = dir.files();
    let ran = dir.run(&["check", "--fix"]).expect(1);
    assert!(ran.stderr.contains("error[E003]"), "{}", ran.stderr);
    assert_eq!(dir.files(), before);
}

/// What the messages tell people to do, done: afterwards the finding is gone.
#[test]
fn the_commands_that_messages_name_mend() {
    let cases: &[(Code, &[&[&str]])] = &[
        (Code::LostRace, &[&["check", "--fix"]]),
        (Code::LostRace, &[&["row", "rm", "event:e_3", "-y"], &["check", "--fix"]]),
        (Code::DecisionDrift, &[&["check", "--fix"]]),
        (Code::RawNewline, &[&["check", "--fix"]]),
        (Code::OwnerLeft, &[&["assign", "huaxin", "--to", "li", "--as", "chen"]]),
        (Code::StageRequires, &[&["log", "huaxin", "earlier", "--channel", "call", "--at", "2026-06-01"]]),
        (Code::JournalPending, &[&["log", "huaxin", "again", "--channel", "call"]]),
        (Code::DanglingRef, &[&["customer", "add", "Huaxn", "--id", "huaxn", "created=2026-06-01"]]),
    ];
    for (code, commands) in cases {
        let dir = reproducer(*code);
        for args in *commands {
            let ran = dir.run(args);
            assert!(ran.code <= 1, "{}: {args:?}\n{}", code.key(), ran.stderr);
        }
        assert_eq!(findings(&dir), Vec::<String>::new(), "{}", code.key());
    }
    // The journal that was waiting is in the ledger now.
    let dir = reproducer(Code::JournalPending);
    assert!(!dir.read(ACTIVITIES).contains("a_3"));
    dir.run(&["log", "huaxin", "again", "--channel", "call"]).expect(0);
    assert!(dir.read(ACTIVITIES).contains("a_3"));
}

/// Every place lies in its file.
#[test]
fn places_lie_in_their_files() {
    for code in Code::ALL.iter().copied().filter(|c| runs_here(*c)) {
        let dir = reproducer(code);
        let ran = asked(&dir, &["--json"]);
        let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("JSON");
        for d in list {
            let (Some(line), Some(file)) = (d["line"].as_u64(), d["file"].as_str()) else { continue };
            let bytes = fs::read(dir.path().join(file)).expect("the file");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let line = text.lines().nth(usize::try_from(line).expect("small") - 1);
            let width = line.map(|l| l.chars().count() as u64).unwrap_or_default();
            assert!(line.is_some(), "{}: {d}", code.key());
            assert!(d["column"].as_u64().is_none_or(|c| c <= width + 1), "{}: {d}", code.key());
        }
    }
}
