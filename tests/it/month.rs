//! A month of a company of eight, day by day, beside a model written from the rules alone.
//!
//! Six reps of two branches, a manager and a service person follow some eighty customers through a month with public holidays and make-up
//! days: contacts, orders, receipts, complaints, contracts, claims, releases, steps on the ladder, hand-overs, a fair, somebody
//! who leaves, races between two clones, and commands taken back. What they do is decided by a seed; what must come of it by
//! [`model`]. `KEHU_MONTHS=100..120` plays other seeds as well.

mod calendar;
mod chance;
mod compare;
mod model;
mod play;
mod start;
mod turns;

use calendar::days;
use play::Play;

/// Plays so many days from a first one on.
fn month(seed: u64, first: &str, length: i64) {
    let mut play = Play::begin(seed, first);
    let fair = play.chance.between(3, length - 4);
    let leaving = play.chance.between(8, length - 8);
    for n in 0..length {
        play.sweep();
        if n % 9 == 4 {
            play.race(n % 18 == 4);
        }
        if n == fair {
            play.fair();
        }
        play.work();
        if n == leaving {
            play.leave("sun", &["li", "wu", "zhao"]);
        }
        play.compare();
        if n % 6 == 2 {
            play.remember();
        }
        play.day += days(1);
    }
    play.look_back();
    assert!(play.refusals > 10, "seed {seed}: the rules refused {} commands only", play.refusals);
}

#[test]
fn a_month_with_the_spring_festival_goes_by_the_rules() {
    month(1, "2026-02-02", 29);
}

#[test]
fn a_month_with_the_national_day_goes_by_the_rules() {
    month(2, "2026-09-17", 29);
}

#[test]
fn other_months_go_by_the_rules_when_asked_for() {
    let Ok(asked) = std::env::var("KEHU_MONTHS") else { return };
    let (from, to) = asked.split_once("..").expect("KEHU_MONTHS is FROM..TO");
    for seed in from.parse::<u64>().expect("a number")..to.parse().expect("a number") {
        month(seed, if seed % 2 == 0 { "2026-09-17" } else { "2026-02-02" }, 29);
    }
}
