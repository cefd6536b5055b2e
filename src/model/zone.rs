//! Time zones of the IANA database, which is part of the program: an answer does not depend on the machine's own tables.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A time zone. Two of the same name are the same.
#[derive(Clone, Copy)]
pub struct Zone(&'static (String, TimeZone));

/// The zones that were asked for: a run asks for one, seldom for two, and they stay until it ends.
static KNOWN: Mutex<Vec<Zone>> = Mutex::new(Vec::new());

impl Zone {
    /// The zone of an IANA name such as `Asia/Shanghai`, in the database's own spelling; `None` when there is no such name.
    pub fn named(name: &str) -> Option<Zone> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = known.iter().find(|z| z.name() == name) {
            return Some(*zone);
        }
        let found = TimeZoneDatabase::bundled().get(name).ok()?;
        if found.iana_name() != Some(name) {
            return None;
        }
        let zone = Zone(Box::leak(Box::new((name.to_string(), found))));
        known.push(zone);
        Some(zone)
    }

    /// UTC.
    pub fn utc() -> Zone {
        static UTC: (String, TimeZone) = (String::new(), TimeZone::UTC);
        Zone(&UTC)
    }

    /// The zone of a new data directory, and of one whose own zone cannot be used.
    pub fn shanghai() -> Zone {
        Zone::named("Asia/Shanghai").unwrap_or_else(Zone::utc)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        if self.0.0.is_empty() { "UTC" } else { &self.0.0 }
    }

    /// Seconds that its clocks are ahead of UTC at an instant, given in seconds since 1970.
    pub(crate) fn offset(self, utc: i64) -> i32 {
        self.0.1.to_offset(timestamp(utc)).seconds()
    }

    /// What its clocks show at an instant.
    pub fn local(self, utc: DateTime<Utc>) -> DateTime<FixedOffset> {
        match FixedOffset::east_opt(self.offset(utc.timestamp())) {
            Some(offset) => utc.with_timezone(&offset),
            None => utc.fixed_offset(),
        }
    }

    /// The instant at which its clocks show a time: the earlier one of two; for a time that is left out when they are put
    /// forward, the instant of that change.
    pub(crate) fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        let seconds = local.and_utc().timestamp();
        let civil = timestamp(seconds).to_zoned_datetime(TimeZone::UTC).datetime();
        let offset = match self.0.1.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { before, .. } => {
                let after = timestamp(seconds - i64::from(before.seconds()) + 1);
                let change = self.0.1.preceding(after).next().map_or(after, |t| t.timestamp());
                return DateTime::from_timestamp(change.as_second(), 0).unwrap_or_default();
            }
        };
        local.and_utc() - chrono::Duration::seconds(i64::from(offset.seconds()))
    }
}

/// An instant as the database knows it: its first or last one for what lies outside the years −9999 to 9999.
fn timestamp(utc: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(utc).unwrap_or(if utc < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        std::ptr::eq(self.0, other.0) || self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_database() {
        let check =
            |name: &str, known: bool| assert_eq!(Zone::named(name).map(Zone::name), known.then_some(name), "{name}");
        check("Asia/Shanghai", true);
        check("UTC", true);
        check("Etc/GMT-8", true);
        check("PRC", true);
        check("asia/shanghai", false);
        check("Asia/Peking", false);
        check("+08:00", false);
        check("Local", false);
        check("", false);
        assert_eq!(Zone::named("UTC"), Some(Zone::utc()));
    }

    #[test]
    fn clocks_that_are_put_forward_or_back() {
        let check = |zone: &str, local: &str, expected: &str| {
            let local: NaiveDateTime = local.parse().unwrap();
            let zone = Zone::named(zone).unwrap();
            let at = zone.instant(local);
            assert_eq!(zone.local(at).to_rfc3339(), expected, "{local} in {zone:?}");
        };
        check("Asia/Shanghai", "2026-11-22T14:03:00", "2026-11-22T14:03:00+08:00");
        check("Asia/Shanghai", "1988-07-01T12:00:00", "1988-07-01T12:00:00+09:00");
        check("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00");
        check("Europe/Berlin", "2026-03-29T02:15:00", "2026-03-29T03:00:00+02:00");
        check("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T03:00:00+02:00");
        check("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00");
        check("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T03:00:00+01:00");
        check("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T01:00:00-02:00");
        check("Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-04T02:30:00+11:00");
        check("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31T00:00:00+14:00");
        check("Europe/Berlin", "2090-07-01T12:00:00", "2090-07-01T12:00:00+02:00");
        check("Europe/Berlin", "0000-01-01T00:00:00", "0000-01-01T00:00:00+00:53");
        check("Asia/Shanghai", "9999-12-31T23:59:59", "9999-12-31T23:59:59+08:00");
    }
}
