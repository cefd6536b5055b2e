//! Somebody saves one of the files at any operation of a commit.

use super::*;
use std::cell::Cell;
use std::rc::Rc;

/// How a program saves.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Into the file itself.
    InPlace,
    /// Into another one, which then gets the name.
    Renamed,
    /// As git does it: the name is removed and made anew.
    Anew,
}

fn save(path: &Path, text: &str, way: Way) {
    match way {
        Way::InPlace => fs::write(path, text).unwrap(),
        Way::Renamed => {
            let temporary = path.with_extension("mine");
            fs::write(&temporary, text).unwrap();
            fs::rename(&temporary, path).unwrap();
        }
        Way::Anew => {
            let _ = fs::remove_file(path);
            fs::write(path, text).unwrap();
        }
    }
}

/// The files that the change is about.
const FILES: [&str; 5] = [
    "customers/a/a.toml",
    "customers/b/b.toml",
    "customers/c/c.toml",
    "ledgers/orders/2026-li.csv",
    "ledgers/rates/2026.csv",
];

/// One save at the operation with the number `at`; whether there is such an operation.
fn one(file: &str, way: Way, names: Names, at: usize, (old, new): (&Tree, &Tree)) -> bool {
    let dir = start();
    let root = dir.path();
    let _guard = begin(root, "test", Duration::ZERO).unwrap();
    let mine = String::from_utf8(old[file].clone()).unwrap()
        + if file.ends_with("toml") { "# mine\n" } else { "\no_mine,1,2026-01-03\n" };
    let hit = Rc::new(Cell::new(false));
    let mut disk = Faulty::new(at, Fault::Once, names);
    let (path, text, saw) = (root.join(file), mine.clone(), Rc::clone(&hit));
    disk.meanwhile = Some(Box::new(move || {
        saw.set(true);
        save(&path, &text, way);
    }));
    let plan = plan(root, changes()).unwrap();
    let result = commit_on(&disk, root, &plan);
    let what = format!("{file} {way:?} at {at} of {}, {names:?}: {result:?}", disk.count.get());
    let now = tree(root);
    let there = || String::from_utf8_lossy(&now[file]).into_owned();
    match result {
        _ if !hit.get() => return false,
        Err(StoreError::ChangedUnderUs { .. } | StoreError::Exists { .. }) => {
            assert_eq!(there(), mine, "{what}");
            let others = |t: &Tree| files(t).into_iter().filter(|(k, _)| k != file).collect::<Tree>();
            assert_eq!(others(&now), others(old), "{what}");
        }
        Ok(Done::Whole) => {
            // Whoever saves when all has been looked at, saves afterwards; what was removed may be made again.
            let late = at >= disk.over.get() || !new.contains_key(file);
            let both = there().starts_with(&mine) && there().contains("o_3,");
            assert!(both || late && there() == mine, "{what}\n{}", there());
        }
        other => panic!("{what} {other:?}"),
    }
    assert_clean(root);
    true
}

#[test]
fn who_saves_at_any_operation_keeps_the_text_or_stops_the_change() {
    let (old, new) = states();
    for names in [Names::Exchanged, Names::Linked] {
        for file in FILES {
            for way in [Way::InPlace, Way::Renamed, Way::Anew] {
                // Where names cannot be exchanged, a rename in one place at the wrong moment is not seen: docs/architecture.md.
                if names == Names::Linked && !matches!(way, Way::InPlace) {
                    continue;
                }
                let steps = (0..).take_while(|at| one(file, way, names, *at, (&old, &new))).count();
                assert!(steps > 20, "{file}: {steps}");
            }
        }
    }
}

#[test]
fn rows_of_somebody_else_behind_ours_stay() {
    let file = "ledgers/orders/2026-li.csv";
    let before = start_text(file);
    let mut tried = 0;
    for at in 0.. {
        let dir = start();
        let root = dir.path();
        let _guard = begin(root, "test", Duration::ZERO).unwrap();
        let mut disk = Faulty::new(at, Fault::Once, Names::Exchanged);
        // Our rows are written, and others write behind them; the change fails for another reason.
        let (orders, rates) = (root.join(file), root.join("ledgers/rates/2026.csv"));
        let came = Rc::new(Cell::new(false));
        let there = Rc::clone(&came);
        disk.meanwhile = Some(Box::new(move || {
            let text = fs::read_to_string(&orders).unwrap();
            there.set(text.ends_with("o_3,,2026-01-02,a\n"));
            fs::write(&orders, text + "o_mine,1,2026-01-03,a\n").unwrap();
            fs::write(&rates, "date,currency,rate\n").unwrap();
        }));
        let result = commit_on(&disk, root, &plan(root, changes()).unwrap());
        if at >= disk.over.get() {
            break;
        }
        assert!(matches!(result, Err(StoreError::ChangedUnderUs { .. })), "{at}: {result:?}");
        if came.get() {
            tried += 1;
            assert_eq!(fs::read_to_string(root.join(file)).unwrap(), format!("{before}\no_mine,1,2026-01-03,a\n"));
        }
        assert_clean(root);
    }
    assert!(tried > 5, "{tried}");
}

fn start_text(file: &str) -> &'static str {
    START.iter().find(|(path, _)| *path == file).unwrap().1
}
