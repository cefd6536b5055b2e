//! Days on which something is due as a calendar (RFC 5545). Not here: what is due, words.

use super::lines::{escaped, line};
use crate::model::day::Day;
use chrono::{DateTime, Datelike, Utc};

/// Something that takes a whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Tells it from all others, and is the same as long as it is the same thing.
    pub uid: String,
    /// When what it rests on was written down: the same data give the same file.
    pub stamp: DateTime<Utc>,
    /// The day.
    pub day: Day,
    /// What it is about.
    pub summary: String,
    /// Its kind.
    pub category: String,
}

/// A calendar of events. Days outside the years 1 to 9998 are left out.
pub fn calendar(events: &[Event]) -> String {
    let mut out = String::new();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//kehu//kehu//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        line(&mut out, name, value);
    }
    for e in events {
        let Some(next) = e.day.succ_opt().filter(|_| (1..=9998).contains(&e.day.year())) else { continue };
        line(&mut out, "BEGIN", "VEVENT");
        line(&mut out, "UID", &escaped(&e.uid));
        line(&mut out, "DTSTAMP", &e.stamp.format("%Y%m%dT%H%M%SZ").to_string());
        line(&mut out, "DTSTART;VALUE=DATE", &e.day.format("%Y%m%d").to_string());
        line(&mut out, "DTEND;VALUE=DATE", &next.format("%Y%m%d").to_string());
        line(&mut out, "SUMMARY", &escaped(&e.summary));
        line(&mut out, "CATEGORIES", &escaped(&e.category));
        line(&mut out, "TRANSP", "TRANSPARENT");
        line(&mut out, "END", "VEVENT");
    }
    line(&mut out, "END", "VCALENDAR");
    out
}
