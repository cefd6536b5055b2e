//! What kehu.toml may hold, what its template brings, and what docs/format.md says are the same.

use super::*;
use std::collections::BTreeSet;

const TEMPLATE: &str = include_str!("../../../data-template/kehu.toml");
const STAGES: &str = include_str!("../../../data-template/stages/eight-stage.toml");
const FORMAT_DOC: &str = include_str!("../../../docs/format.md");

fn template() -> toml::Value {
    toml::Value::Table(toml::from_str(&TEMPLATE.replace("@stages@", STAGES)).unwrap())
}

#[test]
fn what_is_not_set_is_as_in_the_template() {
    let (set, _) = Settings::new(template().try_into().unwrap());
    let mut bare = set.clone();
    bare.file.followup = Followup::default();
    bare.file.quotes = Quotes::default();
    bare.file.kpi = Kpi::default();
    bare.file.season = Season::default();
    bare.file.rfm = Rfm::default();
    bare.file.abc = Abc::default();
    bare.file.prune = Prune::default();
    bare.file.basket = Basket::default();
    let divided = |s: &Settings| {
        let (rfm, prune, basket) = (&s.file.rfm, &s.file.prune, &s.file.basket);
        let bands = (rfm.window(), rfm.fixed_below(), rfm.recency(), rfm.frequency(), rfm.monetary());
        let prune = (prune.late_days(), prune.small_share(), prune.overdue_days());
        let basket = (basket.min_orders(), basket.max_products(), basket.min_peers(), basket.peer_share());
        (bands, s.file.abc.classes(), prune, basket)
    };
    assert_eq!(divided(&bare), divided(&set));
    let values = |s: &Settings| {
        let days = [s.first_contact_days(), s.double_visit_days(), s.quote_warn_days()].map(Decimal::from);
        (days, s.key_share(), s.pause_share())
    };
    assert_eq!(values(&bare), values(&set));
    let of = |p: &Pool| {
        let numbers = [p.claim_per_day(), p.own_limit(), p.cooldown_days(), p.quarantine_days(), p.promise_days()];
        let words = [p.counts_customers_with_orders(), p.counts_two_way(), p.counts_working_days()];
        (numbers, words, p.keeps_customers_with_orders())
    };
    assert_eq!(of(&Pool::default()), of(&set.file.pools["default"]));
    let card = &set.file.scorecards["grade"];
    let plain = Scorecard { min_coverage: None, margin_to_change: None, ..card.clone() };
    assert!(card.min_coverage.is_some() && card.margin_to_change.is_some());
    assert_eq!((plain.least_coverage(), plain.margin()), (card.least_coverage(), card.margin()));
}

/// The paths of the keys that a value holds; it panics at the first that is not known.
fn visit(at: Keys, value: &toml::Value, path: &str, found: &mut BTreeSet<&'static str>) {
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(name, value)| {
            let path = format!("{path}.{name}");
            visit(at.step(name).unwrap_or_else(|| panic!("{path} is not known")), value, &path, found);
        }),
        toml::Value::Array(list) if at.elements().is_some() => {
            list.iter().for_each(|element| visit(at.elements().unwrap(), element, path, found));
        }
        _ => {
            assert!(at.sort().is_some(), "{path} is a table in the list of keys");
            found.insert(at.path());
        }
    }
}

/// Whether docs/format.md names a key where it speaks of its section.
fn documented(path: &str) -> bool {
    let doc = FORMAT_DOC.split("\n## ").find(|part| part.starts_with("kehu.toml")).unwrap();
    let (one_each, rows): (Vec<&str>, Vec<&str>) = doc.split("\n### ").partition(|part| part.starts_with('`'));
    let mut places: Vec<&str> = one_each;
    places.extend(rows.iter().flat_map(|part| part.lines()));
    let names: Vec<&str> = path.split(['.', '[', ']', '*']).filter(|n| !n.is_empty()).collect();
    // What a table `pool` holds is told once, with the stages.
    let (section, key) = match names[..] {
        [_, "pool", limit] => ("stages", limit),
        [first] => ("", first),
        [first, ..] => (first, names[names.len() - 1]),
        [] => return false,
    };
    let of_section = |place: &str| {
        section.is_empty() || [']', '.'].iter().any(|after| place.contains(&format!("[{section}{after}")))
    };
    let words = |place: &str| place.split(|c: char| !c.is_ascii_lowercase() && c != '_').any(|word| word == key);
    places.iter().any(|place| of_section(place) && words(place))
}

#[test]
fn keys_are_those_of_the_template_and_the_documentation() {
    let mut found = BTreeSet::new();
    visit(Keys::ALL, &template(), "", &mut found);
    let nowhere: Vec<&str> =
        SETTING_KEYS.iter().map(|(path, _)| *path).filter(|path| !found.contains(path) && !documented(path)).collect();
    assert_eq!(nowhere, [""; 0]);
    for wrong in ["quotes.pause_share", "stages[].visits_per_year", "grades.*.pool.own_limit"] {
        assert!(!documented(wrong), "{wrong}");
    }
}
