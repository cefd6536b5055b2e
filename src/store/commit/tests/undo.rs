//! What a commit keeps takes it back.

use super::*;
use crate::store::undo::{Past, Unkept, past, take_back};

/// Takes the last command back.
fn undo(root: &Path) -> Result<Tree, StoreError> {
    let kept = past(root)?;
    let plan = take_back(root, &kept[..1])?;
    commit_on(&swift(), root, &plan.by(deed("undo")))?;
    Ok(files(&tree(root)))
}

fn commands(root: &Path) -> Vec<String> {
    past(root).unwrap().into_iter().map(|p| p.command).collect()
}

#[test]
fn what_was_kept_takes_a_change_back_and_makes_it_again() {
    let (old, new) = states();
    for names in ALL_NAMES {
        let dir = start();
        let root = dir.path();
        let _guard = begin(root, "test", Duration::ZERO).unwrap();
        let disk = Faulty::new(usize::MAX, Fault::Once, names);
        commit_on(&disk, root, &plan(root, changes()).unwrap()).unwrap();
        for _ in 0..3 {
            assert_eq!(undo(root).unwrap(), files(&old));
            assert_eq!(undo(root).unwrap(), files(&new));
        }
        assert_eq!(commands(root), ["undo", "undo", "undo", "undo", "undo", "undo", "a change"]);
        let kept = past(root).unwrap();
        let plan = take_back(root, &kept).unwrap();
        commit_on(&disk, root, &plan).unwrap();
        assert_eq!(files(&tree(root)), files(&old));
    }
}

#[test]
fn whatever_fails_the_last_change_that_is_kept_is_the_last_one_that_was_made() {
    let (old, new) = states();
    for names in ALL_NAMES {
        for fault in [Fault::Killed, Fault::Once, Fault::Full, Fault::Sort] {
            for at in 0.. {
                let what = format!("{fault:?} at {at}, {names:?}");
                let dir = start();
                let root = dir.path();
                let _guard = begin(root, "test", Duration::ZERO).unwrap();
                let mut first = ChangeSet::default();
                first.push(set("customers/a/a.toml", "city", "Suzhou"));
                commit_on(&swift(), root, &plan(root, first).unwrap().by(deed("first"))).unwrap();
                let before = files(&tree(root));
                let disk = Faulty::new(at, fault, names);
                let result = commit_on(&disk, root, &plan(root, changes()).unwrap());
                recover_on(&swift(), root).unwrap();
                let now = files(&tree(root));
                if now == before {
                    assert!(result.is_err(), "{what}");
                    assert!(matches!(commands(root).as_slice(), [] | [_]), "{what}: {:?}", commands(root));
                    assert_eq!(commands(root), ["first"], "{what}");
                    assert_eq!(undo(root).unwrap(), files(&old), "{what}");
                } else {
                    assert_eq!(now.len(), files(&new).len(), "{what}");
                    // Where it could not be kept, nothing older is.
                    match commands(root).as_slice() {
                        [] => assert_ne!(fault, Fault::Killed, "{what}"),
                        list => {
                            assert_eq!(list, ["a change", "first"], "{what}");
                            assert_eq!(undo(root).unwrap(), before, "{what}");
                        }
                    }
                }
                if !disk.hit() {
                    break;
                }
            }
        }
    }
}

/// A change of one customer, its text as long as wanted.
fn noted(note: &str) -> ChangeSet {
    let mut set_of = ChangeSet::default();
    set_of.push(set("customers/a/a.toml", "note", note));
    set_of
}

#[test]
fn rows_are_kept_by_their_length_when_they_are_many() {
    let dir = start();
    let root = dir.path();
    let before = files(&tree(root));
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    let mut rows = ChangeSet::default();
    for n in 0..400 {
        rows.append(Ledger::Orders, 2026, vec![("id", format!("o_m{n}")), ("customer", "客".repeat(30))]);
    }
    commit_on(&swift(), root, &plan(root, rows).unwrap()).unwrap();
    assert!(fs::metadata(root.join(".kehu/undo/00000001")).unwrap().len() < 1000);
    let after = files(&tree(root));
    assert_eq!(undo(root).unwrap(), before);
    // As whole texts they would be too many.
    assert_eq!(past(root).unwrap()[0].unkept, Some(Unkept::TooLarge));
    assert!(matches!(undo(root), Err(StoreError::Unkept { why: Unkept::TooLarge, .. })));
    assert_ne!(before, after);
}

#[test]
fn a_killed_writer_of_many_rows_keeps_them_once() {
    let mut rows = ChangeSet::default();
    for n in 0..400 {
        rows.append(Ledger::Orders, 2026, vec![("id", format!("o_m{n}")), ("customer", "客".repeat(30))]);
    }
    for fault in [Fault::Killed, Fault::Once, Fault::Sort] {
        for at in 0.. {
            let dir = start();
            let root = dir.path();
            let before = files(&tree(root));
            let _guard = begin(root, "test", Duration::ZERO).unwrap();
            let disk = Faulty::new(at, fault, Names::Exchanged);
            let _ = commit_on(&disk, root, &plan(root, rows.clone()).unwrap());
            recover_on(&swift(), root).unwrap();
            assert_clean(root);
            let kept = past(root).unwrap();
            if files(&tree(root)) == before {
                assert_eq!(kept, [], "{fault:?} at {at}");
            } else if fault == Fault::Killed || !kept.is_empty() {
                assert_eq!(kept.len(), 1, "{fault:?} at {at}");
                assert_eq!(undo(root).unwrap(), before, "{fault:?} at {at}");
            }
            if !disk.hit() {
                break;
            }
        }
    }
}

#[test]
fn a_change_of_too_much_text_is_listed_and_not_taken_back() {
    let dir = start();
    let root = dir.path();
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    commit_on(&swift(), root, &plan(root, noted(&"x".repeat(2000))).unwrap()).unwrap();
    // The new text is long, the old one was not.
    undo(root).unwrap();
    let kept = past(root).unwrap();
    let unkept: Vec<_> = kept.iter().map(|p| (p.files.as_slice(), p.unkept.clone())).collect();
    let file = ["customers/a/a.toml".to_string()];
    assert_eq!(unkept, [(&file[..], Some(Unkept::TooLarge)), (&file[..], None)]);
    let text = fs::read_to_string(root.join(&file[0])).unwrap();
    assert!(matches!(undo(root), Err(StoreError::Unkept { command, .. }) if command == "undo"));
    assert_eq!(fs::read_to_string(root.join(&file[0])).unwrap(), text);
}

#[test]
fn the_last_twenty_are_kept() {
    let dir = start();
    let root = dir.path();
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    for n in 0..30 {
        let change = plan(root, noted(&n.to_string())).unwrap().by(deed(&n.to_string()));
        commit_on(&swift(), root, &change).unwrap();
    }
    let expected: Vec<String> = (10..30).rev().map(|n| n.to_string()).collect();
    assert_eq!(commands(root), expected);
    let plan = take_back(root, &past(root).unwrap()).unwrap();
    commit_on(&swift(), root, &plan).unwrap();
    assert!(fs::read_to_string(root.join("customers/a/a.toml")).unwrap().contains("note = \"9\""));
}

#[test]
fn after_the_highest_number_they_begin_anew() {
    let dir = start();
    let root = dir.path();
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    commit_on(&swift(), root, &plan(root, noted("1")).unwrap()).unwrap();
    let folder = root.join(".kehu/undo");
    fs::rename(folder.join("00000001"), folder.join("99999999")).unwrap();
    commit_on(&swift(), root, &plan(root, noted("2")).unwrap().by(deed("second"))).unwrap();
    assert_eq!(commands(root), ["second"]);
    assert!(there(&folder.join("00000001")) && !there(&folder.join("99999999")));
}

#[test]
fn a_file_that_is_not_as_it_was_left_stops_it_all() {
    let (_, new) = states();
    let touched: Vec<&String> = new.keys().filter(|k| !k.ends_with('/')).collect();
    for file in touched.into_iter().map(String::as_str).chain(["customers/b/b.toml", "customers/c/c.toml"]) {
        let dir = start();
        let root = dir.path();
        let _guard = begin(root, "test", Duration::ZERO).unwrap();
        commit_on(&swift(), root, &plan(root, changes()).unwrap()).unwrap();
        let text = fs::read(root.join(file)).unwrap_or_default();
        fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        fs::write(root.join(file), [&text[..], b"# mine\n"].concat()).unwrap();
        let edited = tree(root);
        match undo(root) {
            Err(StoreError::ChangedSince { file: f, command }) => {
                assert_eq!((f.as_str(), command.as_str()), (file, "a change"))
            }
            other => panic!("{file}: {other:?}"),
        }
        assert_eq!(tree(root), edited);
    }
}

#[test]
fn several_changes_of_one_run_are_one_command() {
    let dir = start();
    let root = dir.path();
    let old = files(&tree(root));
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    let made = |note: &str, run: &str, part: u32| {
        let deed = Deed { run: run.into(), part, ..deed("both") };
        commit_on(&swift(), root, &plan(root, noted(note)).unwrap().by(deed)).unwrap();
    };
    made("1", "a", 0);
    made("2", "a", 1);
    assert_eq!(commands(root), ["both"]);
    assert_eq!(undo(root).unwrap(), old);
    made("3", "b", 0);
    made("4", "b", 1);
    fs::remove_file(root.join(".kehu/undo/00000004")).unwrap();
    assert_eq!(past(root).unwrap()[0].unkept, Some(Unkept::InPart));
    assert!(matches!(undo(root), Err(StoreError::Unkept { why: Unkept::InPart, .. })));
}

#[test]
fn bytes_that_are_no_text_come_back_and_modes_too() {
    let dir = start();
    let root = dir.path();
    let file = root.join("customers/b/b.toml");
    fs::write(&file, b"name = \"\xB0\xA1\0\xff\"\r\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    }
    let before = files(&tree(root));
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    let mut change = ChangeSet::default();
    change.push(Change::Remove { file: "customers/b/b.toml".into() });
    commit_on(&swift(), root, &plan(root, change).unwrap()).unwrap();
    assert_eq!(undo(root).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o640);
    }
    let mut change = ChangeSet::default();
    change.push(Change::Replace { file: "customers/b/b.toml".into(), text: "name = \"客\"\n".into() });
    commit_on(&swift(), root, &plan(root, change).unwrap()).unwrap();
    assert_eq!(undo(root).unwrap(), before);
}

#[test]
fn an_unfinished_change_that_is_given_up_is_not_kept() {
    let (dir, guard) = with_journal();
    let root = dir.path();
    give_up(root, &guard).unwrap().unwrap();
    assert_eq!(past(root).unwrap(), Vec::<Past>::new());
    let (dir, guard) = with_journal();
    recover(dir.path(), &guard).unwrap();
    assert_eq!(commands(dir.path()), ["a change"]);
}
