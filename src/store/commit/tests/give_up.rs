//! An unfinished change is given up: all is as before, but for what somebody else wrote since.

use super::super::give_up::give_up_on;
use super::*;

/// A directory in which a commit was killed at the operation with the number `at`, and whether it came that far.
fn killed(at: usize, names: Names) -> (tempfile::TempDir, bool) {
    let dir = start();
    let _guard = begin(dir.path(), "test", Duration::ZERO).unwrap();
    let disk = Faulty::new(at, Fault::Killed, names);
    let _ = commit_on(&disk, dir.path(), &plan(dir.path(), changes()).unwrap());
    (dir, disk.hit())
}

/// Every state that a killed writer can leave with a journal.
fn unfinished_states(names: Names, mut with: impl FnMut(&Path, usize)) {
    let mut seen = 0;
    for at in 0.. {
        let (dir, hit) = killed(at, names);
        if !hit {
            break;
        }
        if there(&dir.path().join(JOURNAL)) {
            seen += 1;
            with(dir.path(), at);
        }
    }
    assert!(seen > 9, "{seen}");
}

#[test]
fn what_was_applied_is_put_back() {
    let (old, _) = states();
    for names in ALL_NAMES {
        unfinished_states(names, |root, at| {
            let found = unfinished(root).unwrap().unwrap();
            assert_eq!(found.put_back.len(), 8, "{at}: {found:?}");
            let disk = Faulty::new(usize::MAX, Fault::Once, names);
            assert_eq!(give_up_on(&disk, root).unwrap(), Some(found));
            assert_eq!(files(&tree(root)), files(&old), "{at}");
            assert_clean(root);
            assert_eq!(give_up_on(&swift(), root).unwrap(), None);
        });
    }
}

#[test]
fn giving_up_may_fail_or_be_killed_and_be_tried_again() {
    let (old, new) = states();
    for names in ALL_NAMES {
        unfinished_states(names, |root, at| {
            for again in 0.. {
                let fault = if again % 2 == 0 { Fault::Killed } else { Fault::Once };
                let disk = Faulty::new(again, fault, names);
                let _ = give_up_on(&disk, root);
                let now = seen(root);
                assert!(now == files(&new) || !there(&root.join(JOURNAL)) && now == files(&old), "{at} {again}");
                if !disk.hit() || !there(&root.join(JOURNAL)) {
                    break;
                }
            }
            // Whoever writes next may as well complete it.
            if at % 2 == 0 {
                recover_on(&swift(), root).unwrap();
                let now = files(&tree(root));
                assert!(now == files(&new) || now == files(&old), "{at}");
            } else {
                give_up_on(&swift(), root).unwrap();
                assert_eq!(files(&tree(root)), files(&old), "{at}");
            }
            assert_clean(root);
        });
    }
}

/// What somebody writes to a file while a change is unfinished.
const EDITS: &[(&str, &str)] = &[
    ("customers/a/a.toml", "name = \"Mine\"\n"),
    ("customers/b/b.toml", "name = \"Mine\"\n"),
    ("customers/c/c.toml", "name = \"Mine\"\n"),
    ("customers/d/d.toml", "name = \"Mine\"\n"),
    // An earlier row is one byte shorter: rows that are counted from the old length would be cut in two.
    ("ledgers/orders/2026-li.csv", "id,line,at,customer\no_,1,2026-01-01,a"),
    ("ledgers/orders/2026-li.csv", "id,line,at,customer\no_,1,2026-01-01,a\no_2,,2026-01-02,a\no_3,,2026-01-02,a\n"),
    ("ledgers/orders/2026-li.csv", "id,at,line,customer\no_1,1,2026-01-01,a"),
    ("ledgers/rates/2026.csv", "date,currency,rate\n"),
];

#[test]
fn readers_tell_what_does_not_fit_and_giving_up_leaves_it() {
    let (old, _) = states();
    for (file, text) in EDITS {
        unfinished_states(Names::Exchanged, |root, at| {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::write(root.join(file), text).unwrap();
            let read = read_consistently(root, |view| view.read(file));
            assert!(
                matches!(&read, Err(StoreError::JournalConflict { file: f }) if f == file),
                "{file} at {at}: {:?}",
                read.map(|t| t.map(|t| String::from_utf8_lossy(&t).into_owned()))
            );
            let all = read_consistently(root, ReadView::check_journal);
            assert!(matches!(&all, Err(StoreError::JournalConflict { .. })), "{file} at {at}: {all:?}");
            let found = give_up_on(&swift(), root).unwrap().unwrap();
            assert_eq!(found.kept, [*file], "{at}");
            let mut expected = files(&old);
            let kept = text.strip_suffix("\no_2,,2026-01-02,a\no_3,,2026-01-02,a\n").unwrap_or(text);
            expected.insert((*file).to_string(), kept.into());
            assert_eq!(files(&tree(root)), expected, "{file} at {at}");
            assert_clean(root);
        });
    }
}

#[test]
fn the_text_of_somebody_who_saved_as_the_writer_was_killed_comes_back() {
    // The exchange is done, and what came out was not looked at.
    let (dir, guard) = with_journal();
    drop(guard);
    let root = dir.path();
    let temp = fs::read_dir(root.join(".kehu/tmp"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| fs::read_to_string(p).is_ok_and(|t| t.contains("上海")));
    let (temp, target) = (temp.unwrap(), root.join("customers/a/a.toml"));
    fs::rename(&temp, &target).unwrap();
    fs::write(&temp, "name = \"Mine\"\n").unwrap();
    let read = read_consistently(root, |view| view.read("customers/a/a.toml"));
    assert!(matches!(read, Err(StoreError::JournalConflict { .. })));
    assert!(matches!(recover_on(&swift(), root), Err(StoreError::JournalConflict { .. })));
    let found = give_up_on(&swift(), root).unwrap().unwrap();
    assert_eq!(found.kept, ["customers/a/a.toml"]);
    assert_eq!(fs::read_to_string(target).unwrap(), "name = \"Mine\"\n");
}

#[test]
fn a_damaged_journal_is_kept() {
    let (dir, guard) = with_journal();
    let root = dir.path();
    fs::write(root.join(JOURNAL), "kehu-journal 1 ?\n").unwrap();
    let found = super::super::give_up(root, &guard).unwrap().unwrap();
    assert_eq!(found, GivenUp { damaged: Some(".kehu/journal.damaged"), ..GivenUp::default() });
    assert_eq!(fs::read_to_string(root.join(".kehu/journal.damaged")).unwrap(), "kehu-journal 1 ?\n");
    assert!(!recover(root, &guard).unwrap());
}

#[test]
fn rows_that_somebody_appended_since_are_read_and_stay() {
    let (_, new) = states();
    let (dir, guard) = with_journal();
    let root = dir.path();
    recover(root, &guard).unwrap();
    let (dir, guard) = with_journal();
    let (root, file) = (dir.path(), "ledgers/orders/2026-li.csv");
    let whole = [&new[file][..], b"o_mine,1,2026-01-03,a\n"].concat();
    fs::write(root.join(file), &whole).unwrap();
    assert_eq!(read_consistently(root, |view| view.read(file)).unwrap().unwrap(), whole);
    assert_eq!(give_up_on(&swift(), root).unwrap().unwrap().kept, Vec::<String>::new());
    let left = fs::read_to_string(root.join(file)).unwrap();
    assert_eq!(left, "id,line,at,customer\no_1,1,2026-01-01,a\no_mine,1,2026-01-03,a\n");
    drop(guard);
}
