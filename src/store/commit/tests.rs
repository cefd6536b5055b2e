//! Every operation of a commit fails once, for good, half way, or is the last one before the process is killed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faulty;
mod give_up;
mod saves;
mod undo;

use self::faulty::{ALL_NAMES, Fault, Faulty, Names, swift};
use super::*;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::ledger::Ledger;
use crate::store::journal::Deed;
use crate::store::layout::{self, CustomerLayout, LedgerLayout};
use crate::store::plan::{Layouts, Snapshot, prepare};
use crate::store::view::{ReadView, read_consistently};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};

fn there(path: &Path) -> bool {
    is_there(path).unwrap()
}

type Tree = BTreeMap<String, Vec<u8>>;

/// All data files and folders below a root.
fn tree(root: &Path) -> Tree {
    let mut out = Tree::new();
    for e in walkdir::WalkDir::new(root).min_depth(1).into_iter().filter_entry(|e| e.file_name() != ".kehu") {
        let e = e.unwrap();
        let path = e.path().strip_prefix(root).unwrap().to_str().unwrap().to_string();
        if e.file_type().is_dir() {
            out.insert(path + "/", Vec::new());
        } else {
            out.insert(path, fs::read(e.path()).unwrap());
        }
    }
    out
}

fn files(tree: &Tree) -> Tree {
    tree.iter().filter(|(k, _)| !k.ends_with('/')).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The data files as a reader sees them.
fn seen(root: &Path) -> Tree {
    read_consistently(root, |view| {
        let mut diags = Vec::new();
        let mut out = Tree::new();
        let mut take = |list: Vec<String>, folder: &str, ext: &str| {
            for path in view.overlay(list, folder, ext) {
                let bytes = view.read(&path)?.expect("listed files are there");
                out.insert(path, bytes);
            }
            Ok::<_, StoreError>(())
        };
        take(layout::list_customers(root, &mut diags), "customers", "toml")?;
        for l in [Ledger::Orders, Ledger::Activities, Ledger::Rates] {
            take(layout::list_ledger(root, l, &mut diags), &format!("ledgers/{l}"), "csv")?;
        }
        assert_eq!(diags, []);
        Ok(out)
    })
    .unwrap()
}

const START: &[(&str, &str)] = &[
    ("customers/a/a.toml", "name = \"A\" # who\r\nowner = \"li\"\r\n"),
    ("customers/b/b.toml", "name = \"B\"\n"),
    ("customers/c/c.toml", "name = \"C\"\n"),
    ("ledgers/orders/2026-li.csv", "id,line,at,customer\no_1,1,2026-01-01,a"),
    ("ledgers/rates/2026.csv", "date,currency,rate\n2026-01-01,USD,7.1\n2026-01-02,USD,7.2\n"),
];

fn start() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in START {
        fs::create_dir_all(dir.path().join(path).parent().unwrap()).unwrap();
        fs::write(dir.path().join(path), text).unwrap();
    }
    dir
}

fn set(file: &str, key: &str, value: &str) -> Change {
    let edit = TomlEdit::Set { table: Vec::new(), key: key.into(), value: TomlValue::Text(value.into()) };
    Change::EditToml { file: file.into(), edits: vec![edit] }
}

/// One of everything.
fn changes() -> ChangeSet {
    let mut set_of = ChangeSet::default();
    set_of.push(set("customers/a/a.toml", "owner", "wu"));
    set_of.push(set("customers/a/a.toml", "city", "上海"));
    set_of.push(Change::Remove { file: "customers/b/b.toml".into() });
    set_of.push(set("customers/c/c.toml", "name", "C2"));
    set_of.push(Change::Rename { file: "customers/c/c.toml".into(), to: "customers/n/w/c2.toml".into() });
    set_of.push(Change::Create { file: "customers/d/d.toml".into(), text: "name = \"D\"\n".into() });
    let row = |n: &str| vec![("id", n.to_string()), ("customer", "a".to_string()), ("at", "2026-01-02".to_string())];
    set_of.append(Ledger::Orders, 2026, row("o_2"));
    set_of.append(Ledger::Orders, 2026, row("o_3"));
    set_of.append(Ledger::Activities, 2026, row("a_1"));
    let rates = "ledgers/rates/2026.csv".to_string();
    let cells = vec![("rate".to_string(), "7.3".to_string())];
    set_of.push(Change::EditRow { file: rates.clone(), ledger: Ledger::Rates, line: 3, cells });
    set_of.push(Change::RemoveRow { file: rates, line: 2 });
    set_of
}

fn plan(root: &Path, changes: ChangeSet) -> Result<Plan<'static>, StoreError> {
    let layouts = Layouts { customers: CustomerLayout::Initial, ledgers: LedgerLayout::AuthorYear };
    let plan = prepare(root, Box::leak(Box::new(changes)), &layouts, "li", Box::leak(Box::default()));
    plan.map(|plan| plan.by(deed("a change")))
}

fn deed(command: &str) -> Deed {
    Deed { command: command.into(), at: "2026-01-02".into(), run: String::new(), part: 0 }
}

fn states() -> (Tree, Tree) {
    let dir = start();
    let old = tree(dir.path());
    let guard = begin(dir.path(), "test", Duration::ZERO).unwrap();
    commit(dir.path(), &plan(dir.path(), changes()).unwrap(), &guard).unwrap();
    (old, tree(dir.path()))
}

#[track_caller]
fn assert_clean(root: &Path) {
    assert!(!root.join(JOURNAL).exists() && !root.join(".kehu/journal.new").exists());
    assert_eq!(fs::read_dir(root.join(".kehu/tmp")).map_or(0, Iterator::count), 0);
}

#[test]
fn everything_is_written() {
    let (_, new) = states();
    let check = |path: &str, text: &str| assert_eq!(String::from_utf8_lossy(&new[path]), text, "{path}");
    check(
        "customers/a/a.toml",
        "name = \"A\" # who\r\n\r\nowner = \"wu\"\r\n\r\ncity = \"上海\"\r\n"
            .replace("who\r\n\r\nowner", "who\r\nowner")
            .as_str(),
    );
    check("customers/n/w/c2.toml", "name = \"C2\"\n");
    check("customers/d/d.toml", "name = \"D\"\n");
    check(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer\no_1,1,2026-01-01,a\no_2,,2026-01-02,a\no_3,,2026-01-02,a\n",
    );
    check("ledgers/rates/2026.csv", "date,currency,rate\n2026-01-02,USD,7.3\n");
    assert!(new["ledgers/activities/2026-li.csv"].starts_with(b"id,at,customer,contact,by,"));
    assert!(!new.contains_key("customers/b/b.toml") && !new.contains_key("customers/c/c.toml"));
}

#[test]
fn errors_and_kills_leave_all_old_or_all_new() {
    let (old, new) = states();
    for names in ALL_NAMES {
        for fault in [Fault::Killed, Fault::Once, Fault::Full, Fault::Sort] {
            let mut at = 0;
            loop {
                let what = format!("{fault:?} at {at}, {names:?}");
                let dir = start();
                let root = dir.path();
                let _guard = begin(root, "test", Duration::ZERO).unwrap();
                let disk = Faulty::new(at, fault, names);
                let result = commit_on(&disk, root, &plan(root, changes()).unwrap());
                let now = tree(root);
                let before = seen(root);
                assert!(before == files(&old) || before == files(&new), "a reader sees half: {what}");
                match (&result, fault) {
                    (_, Fault::Killed) => {}
                    (Ok(Done::Whole), _) => assert!(now == new, "{what}"),
                    (Ok(Done::InJournal { .. }), Fault::Sort) => assert!(before == files(&new), "{what}"),
                    (Err(StoreError::Io { .. }), _) => {
                        assert!(now == old, "{what} {result:?}\n{now:#?}");
                        assert!(fault == Fault::Sort || !there(&root.join(JOURNAL)), "{what}");
                        if fault == Fault::Once || fault == Fault::Full {
                            assert_clean(root);
                        }
                    }
                    other => panic!("{what}: {other:?}"),
                }
                let recovered = recover_on(&swift(), root).unwrap();
                let after = tree(root);
                assert_eq!(files(&after), before, "{what}");
                assert!(after == old || after == new, "{what}");
                assert!(!recovered || after == new, "{what}");
                assert_clean(root);
                assert!(!recover_on(&swift(), root).unwrap());
                assert_eq!(tree(root), after);
                if after == old {
                    commit_on(&swift(), root, &plan(root, changes()).unwrap()).unwrap();
                    assert_eq!(tree(root), new);
                }
                if !disk.hit() {
                    assert!(result.is_ok() && at > 20, "{what}");
                    break;
                }
                at += 1;
            }
        }
    }
}

/// So many files that they are waited for at once, and so many rows that the journal is written in pieces.
fn many() -> ChangeSet {
    let mut set_of = changes();
    for n in 0..70 {
        set_of.push(Change::Create {
            file: format!("customers/m/{}/m{n}.toml", n % 3),
            text: format!("name = \"{n}\"\n"),
        });
    }
    let long = "客".repeat(500);
    for n in 0..20 {
        set_of.append(Ledger::Activities, 2026, vec![("id", format!("a_{n}")), ("note", long.clone())]);
        set_of.append(Ledger::Orders, 2026, vec![("id", format!("o_m{n}")), ("customer", long.clone())]);
    }
    set_of
}

#[test]
fn many_files_are_one_change_too() {
    let dir = start();
    let old = tree(dir.path());
    let guard = begin(dir.path(), "test", Duration::ZERO).unwrap();
    commit(dir.path(), &plan(dir.path(), many()).unwrap(), &guard).unwrap();
    let new = tree(dir.path());
    assert_eq!(new.keys().filter(|k| k.starts_with("customers/m/")).count(), 70 + 4);
    let mut writes = 0;
    for (names, fault) in [
        (Names::Exchanged, Fault::Killed),
        (Names::Exchanged, Fault::Once),
        (Names::Linked, Fault::Once),
        (Names::Renamed, Fault::Killed),
        (Names::Renamed, Fault::Full),
    ] {
        for at in (0..).step_by(17) {
            let what = format!("{fault:?} at {at}, {names:?}");
            let dir = start();
            let root = dir.path();
            let _guard = begin(root, "test", Duration::ZERO).unwrap();
            let disk = Faulty::new(at, fault, names);
            let result = commit_on(&disk, root, &plan(root, many()).unwrap());
            let before = seen(root);
            assert!(before == files(&old) || before == files(&new), "a reader sees half: {what}");
            if fault != Fault::Killed {
                let now = tree(root);
                assert!(if result.is_ok() { now == new } else { now == old }, "{what}: {result:?}");
                assert_clean(root);
            }
            recover_on(&swift(), root).unwrap();
            assert_eq!(files(&tree(root)), before, "{what}");
            assert_clean(root);
            if !disk.hit() {
                assert!(result.is_ok(), "{what}");
                writes = disk.count.get();
                break;
            }
        }
    }
    assert!(writes > 300, "{writes}");
}

#[test]
fn a_killed_recovery_is_recovered() {
    let (_, new) = states();
    for names in ALL_NAMES {
        for at in 0.. {
            let dir = start();
            let root = dir.path();
            let _guard = begin(root, "test", Duration::ZERO).unwrap();
            let disk = Faulty::new(at, Fault::Killed, names);
            let _ = commit_on(&disk, root, &plan(root, changes()).unwrap());
            if !disk.hit() {
                break;
            }
            if !there(&root.join(JOURNAL)) {
                continue;
            }
            for again in 0..200 {
                let disk = Faulty::new(again, if again % 2 == 0 { Fault::Killed } else { Fault::Once }, names);
                let _ = recover_on(&disk, root);
                assert_eq!(seen(root), files(&new), "{at} {again}");
                if !disk.hit() {
                    break;
                }
            }
            recover_on(&swift(), root).unwrap();
            assert_eq!(tree(root), new, "{at}");
            assert_clean(root);
        }
    }
}

/// A directory in which a commit was killed right after its commit point.
fn with_journal() -> (tempfile::TempDir, LockGuard) {
    for at in 0.. {
        let dir = start();
        let guard = begin(dir.path(), "test", Duration::ZERO).unwrap();
        let disk = Faulty::new(at, Fault::Killed, Names::Exchanged);
        let _ = commit_on(&disk, dir.path(), &plan(dir.path(), changes()).unwrap());
        if there(&dir.path().join(JOURNAL)) {
            return (dir, guard);
        }
    }
    unreachable!()
}

#[test]
fn a_journal_that_does_not_fit_is_kept_and_nothing_touched() {
    let check = |damage: &dyn Fn(&Path), file: &str| {
        let (dir, guard) = with_journal();
        let root = dir.path();
        let mut one = ChangeSet::default();
        one.push(Change::Create { file: "customers/new.toml".into(), text: String::new() });
        let good = plan(root, one).unwrap();
        damage(root);
        let before = tree(root);
        match recover(root, &guard) {
            Err(StoreError::JournalConflict { file: f }) => assert_eq!(f, file),
            other => panic!("{file}: {other:?}"),
        }
        assert_eq!(tree(root), before);
        assert!(there(&root.join(JOURNAL)));
        assert!(matches!(commit(root, &good, &guard), Err(StoreError::JournalConflict { .. })));
    };
    let put = |path: &'static str, text: &'static str| move |root: &Path| fs::write(root.join(path), text).unwrap();
    check(&put("customers/a/a.toml", "edited"), "customers/a/a.toml");
    check(&put("customers/b/b.toml", "edited"), "customers/b/b.toml");
    check(&put("ledgers/orders/2026-li.csv", "id\n"), "ledgers/orders/2026-li.csv");
    check(
        &put("ledgers/orders/2026-li.csv", "id,line,at,customer\no_1,1,2026-01-01,a\no_9\n"),
        "ledgers/orders/2026-li.csv",
    );
    check(&|root| fs::write(root.join(JOURNAL), "").unwrap(), JOURNAL);
}

#[test]
fn a_torn_append_is_completed() {
    let tails: [&[u8]; 4] = [b"\no_", b"\no_2,,2026-01-02,a\n", b"\0\0\0\0\0", b"\no_2\0\0"];
    for tail in tails {
        let (dir, guard) = with_journal();
        let path = dir.path().join("ledgers/orders/2026-li.csv");
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(tail);
        fs::write(&path, bytes).unwrap();
        assert!(recover(dir.path(), &guard).unwrap());
        assert_eq!(tree(dir.path()), states().1);
    }
}

#[test]
fn changed_files_stop_a_commit() {
    let check = |touch: &dyn Fn(&Path), exists: bool| {
        let dir = start();
        let root = dir.path();
        let guard = begin(root, "test", Duration::ZERO).unwrap();
        let plan = plan(root, changes()).unwrap();
        touch(root);
        let before = tree(root);
        match commit(root, &plan, &guard) {
            Err(StoreError::ChangedUnderUs { .. }) if !exists => {}
            Err(StoreError::Exists { .. }) if exists => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(tree(root), before);
        assert_clean(root);
    };
    let put = |path: &'static str, text: &'static str| move |root: &Path| fs::write(root.join(path), text).unwrap();
    check(&put("customers/a/a.toml", "name = \"Z\" # who\r\nowner = \"li\"\r\n"), false);
    check(&put("ledgers/orders/2026-li.csv", "id,line,at,customer\n"), false);
    check(&|root| fs::remove_file(root.join("customers/b/b.toml")).unwrap(), false);
    check(
        &|root| {
            fs::create_dir(root.join("customers/d")).unwrap();
            put("customers/d/d.toml", "x")(root);
        },
        true,
    );
}

#[test]
fn a_snapshot_guards_what_was_only_read() {
    let dir = start();
    let root = dir.path();
    let guard = begin(root, "test", Duration::ZERO).unwrap();
    let mut one = ChangeSet::default();
    one.push(set("customers/a/a.toml", "owner", "wu"));
    let layouts = Layouts::default();
    let mut snapshot = Snapshot::default();
    snapshot.record("customers/b/b.toml", Some(b"name = \"B\"\n"));
    snapshot.record("customers/z.toml", None);
    let good = prepare(root, &one, &layouts, "li", &snapshot).unwrap();
    fs::write(root.join("customers/b/b.toml"), "name = \"BB\"\n").unwrap();
    assert!(
        matches!(commit(root, &good, &guard), Err(StoreError::ChangedUnderUs { file }) if file == "customers/b/b.toml")
    );
    snapshot.record("customers/a/a.toml", Some(b"other"));
    assert!(matches!(prepare(root, &one, &layouts, "li", &snapshot), Err(StoreError::ChangedUnderUs { .. })));
}

#[test]
fn what_a_plan_refuses() {
    let check = |change: Change, expected: &str| {
        let dir = start();
        let mut one = ChangeSet::default();
        one.push(change);
        let found = format!("{:?}", plan(dir.path(), one).unwrap_err());
        assert!(found.starts_with(expected), "{found}");
    };
    let file = |s: &str| s.to_string();
    check(Change::Create { file: file("customers/a/a.toml"), text: String::new() }, "Exists");
    check(Change::Create { file: file("../x"), text: String::new() }, "UnsafePath");
    check(Change::Create { file: file(".git/hooks/x"), text: String::new() }, "UnsafePath");
    check(Change::Remove { file: file("customers/x.toml") }, "NotFound");
    check(Change::Rename { file: file("customers/a/a.toml"), to: file("customers/b/b.toml") }, "Exists");
    check(Change::RemoveRow { file: file("ledgers/rates/2026.csv"), line: 9 }, "Csv");
    let take = TomlEdit::Take { array: "contacts".into(), id: "x".into() };
    check(Change::EditToml { file: file("customers/a/a.toml"), edits: vec![take] }, "Edit");
    let row = |cell: &str| Change::Append {
        ledger: Ledger::Orders,
        year: 2026,
        rows: vec![vec![("id", cell.into())]].into(),
    };
    check(row(&"x".repeat(70_000)), "Csv { file: \"ledgers/orders/2026-li.csv\", why: BadCell { column: \"id\" }");
    check(row("a\0b"), "Csv");
    check(row("\n<<<<<<< a\n>>>>>>> b\n"), "Unreadable");
    check(set("customers/a/a.toml", "note", &"x".repeat(5 << 20)), "Unreadable");
    let dir = start();
    let mut one = ChangeSet::default();
    one.append(Ledger::Orders, 2026, vec![("id", "o".into())]);
    assert!(matches!(
        prepare(dir.path(), &one, &Layouts::default(), "../li", &Snapshot::default()),
        Err(StoreError::UnsafePath { .. })
    ));
}

#[test]
fn appends_fit_any_file() {
    let check = |src: &[u8], expected: &str| {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let path = root.join("ledgers/rates/2026-li.csv");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, src).unwrap();
        let mut one = ChangeSet::default();
        one.append(Ledger::Rates, 2026, vec![("rate", "7".into()), ("date", "d".into())]);
        let guard = begin(root, "t", Duration::ZERO).unwrap();
        commit(root, &plan(root, one).unwrap(), &guard).unwrap();
        assert_eq!(String::from_utf8_lossy(&fs::read(&path).unwrap()), expected);
        assert_clean(root);
    };
    check(b"", "date,currency,rate\nd,,7\n");
    check(b"\n", "\ndate,currency,rate\nd,,7\n");
    check("\u{feff}".as_bytes(), "\u{feff}date,currency,rate\nd,,7\n");
    check("\u{feff}rate,x_a,date\r\n1,2,3".as_bytes(), "\u{feff}rate,x_a,date\r\n1,2,3\r\n7,,d\r\n");
    check(b"date,rate", "date,rate\nd,7\n");
    check(b"date,rate\r\n1,2\r", "date,rate\r\n1,2\r\nd,7\r\n");
    check(b"date\n1\n\n2", "date,rate\n1,\n\n2,\nd,7\n");
    let long = format!("{}date,rate\n", "x_客,".repeat(4_000));
    check(long.as_bytes(), &format!("{long}{}d,7\n", ",".repeat(4_000)));
}

#[test]
fn dry_runs_show_the_end_of_an_append() {
    let dir = start();
    let plan = plan(dir.path(), changes()).unwrap();
    let diffs = plan.diff_inputs();
    assert_eq!(diffs.len(), 8);
    let orders = diffs.iter().find(|d| d.path == "ledgers/orders/2026-li.csv").unwrap();
    assert!(orders.end_only && orders.old.as_deref() == Some(START[3].1));
    let new = diffs.iter().find(|d| d.path == "customers/d/d.toml").unwrap();
    assert_eq!((new.old.as_deref(), new.new.as_deref()), (None, Some("name = \"D\"\n")));
}

#[cfg(unix)]
#[test]
fn modes_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let dir = start();
    let root = dir.path();
    let mode = |path: &str| fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o777;
    for (path, bits) in [("customers/a/a.toml", 0o640), ("customers/c/c.toml", 0o600)] {
        fs::set_permissions(root.join(path), fs::Permissions::from_mode(bits)).unwrap();
    }
    let guard = begin(root, "t", Duration::ZERO).unwrap();
    commit(root, &plan(root, changes()).unwrap(), &guard).unwrap();
    assert_eq!((mode("customers/a/a.toml"), mode("customers/n/w/c2.toml")), (0o640, 0o600));
    assert_eq!(mode("customers/d/d.toml"), mode("ledgers/orders/2026-li.csv"));
}

#[test]
fn a_fresh_clone_is_readable() {
    let dir = start();
    assert!(!dir.path().join(".kehu").exists());
    let view = ReadView::open(dir.path()).unwrap();
    assert!(!view.has_journal() && view.generation().is_empty());
    assert_eq!(view.read("customers/none.toml").unwrap(), None);
    assert!(view.still_valid().unwrap());
    assert!(!dir.path().join(".kehu").exists());
}

#[test]
fn writers_take_turns_and_readers_never_see_half() {
    let dir = start();
    let root = dir.path();
    const WRITERS: usize = 8;
    const ROWS: usize = 12;
    let running = std::sync::atomic::AtomicUsize::new(WRITERS);
    std::thread::scope(|s| {
        for w in 0..WRITERS {
            let running = &running;
            s.spawn(move || {
                for n in 0..ROWS {
                    let guard = begin(root, "test", Duration::from_secs(60)).unwrap();
                    let name = format!("{w}-{n}");
                    let mut both = ChangeSet::default();
                    both.push(set("customers/a/a.toml", "name", &name));
                    both.append(Ledger::Orders, 2026, vec![("id", name)]);
                    commit(root, &plan(root, both).unwrap(), &guard).unwrap();
                }
                running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        s.spawn(|| {
            while running.load(std::sync::atomic::Ordering::SeqCst) > 0 {
                let (toml, csv) = read_consistently(root, |v| {
                    Ok((v.read("customers/a/a.toml")?.unwrap(), v.read("ledgers/orders/2026-li.csv")?.unwrap()))
                })
                .unwrap();
                let (toml, csv) = (String::from_utf8(toml).unwrap(), String::from_utf8(csv).unwrap());
                let name = toml.split('"').nth(1).unwrap();
                let last = csv.lines().last().unwrap().split(',').next().unwrap();
                assert!(name == last || name == "A" && last == "o_1", "{name} {last}");
            }
        });
    });
    let csv = fs::read_to_string(root.join("ledgers/orders/2026-li.csv")).unwrap();
    assert_eq!(csv.lines().count(), 2 + WRITERS * ROWS);
    assert_clean(root);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn an_append_equals_a_rewrite(src in "(id,line,at\r?\n)?[a-z,\r\n]{0,30}", crash in 0usize..14) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let path = root.join("ledgers/orders/2026-li.csv");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &src).unwrap();
        let mut one = ChangeSet::default();
        one.append(Ledger::Orders, 2026, vec![("id", "o_1".into()), ("at", "x,\"y\r\n".into())]);
        let guard = begin(root, "t", Duration::ZERO).unwrap();
        let Ok(plan) = plan(root, one) else { return Ok(()) };
        let new = plan.diff_inputs().pop().unwrap();
        let _ = commit_on(&Faulty::new(crash, Fault::Killed, Names::Exchanged), root, &plan);
        recover(root, &guard).unwrap();
        let now = fs::read_to_string(&path).unwrap();
        prop_assert!(now == src || now.ends_with(new.new.as_deref().unwrap()));
        if new.end_only {
            prop_assert!(now.starts_with(&src));
        }
    }
}
