//! How many of the customers that are there twice `kehu dupes` finds, and how many of those that it finds are (R14).

#[path = "../../benches/jobs/twins.rs"]
mod twins;

use super::support::Dir;

/// Customers, and those of them who are there twice.
const SIZE: (usize, usize) = (3_000, 60);

#[test]
fn those_who_are_there_twice_are_found_and_few_others() {
    let dir = Dir::empty();
    let pairs = twins::write(dir.path(), SIZE.0, SIZE.1).expect("files");
    assert_eq!(pairs.len(), SIZE.1);
    let answer = dir.run(&["dupes", "-f", "csv", "--columns", "score,customer,other", "--lang", "en"]).expect(0);
    let (listed, refused) = (twins::judge(&answer.stdout, &pairs, 50), twins::judge(&answer.stdout, &pairs, 90));
    let missed: Vec<_> = pairs.iter().filter(|(a, b)| !answer.stdout.contains(&format!(",{a},{b}"))).collect();
    assert!(listed.recall >= 0.85, "{listed:?}, missed {missed:?}");
    assert!(listed.precision >= 0.9, "{listed:?}: {}", answer.stdout);
    // What is refused at entry is no mistake.
    assert!(refused.precision == 1.0 && refused.recall >= 0.5, "{refused:?}: {}", answer.stdout);
}

#[test]
fn answers_are_judged() {
    let pairs = [("a".to_string(), "b".to_string()), ("c".to_string(), "d".to_string())].into();
    let fit = twins::judge("score,customer,other\n110,a,b\n60,c,e\n55,f,g\n", &pairs, 50);
    assert_eq!((fit.found, fit.recall), (3, 0.5));
    assert!((fit.precision - 1.0 / 3.0).abs() < 1e-9, "{fit:?}");
    assert_eq!(twins::judge("score,customer,other\n110,a,b\n60,c,e\n", &pairs, 90).found, 1);
}
