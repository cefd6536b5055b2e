use super::*;
use proptest::prelude::*;

fn day(s: &str) -> Day {
    parse_day(s).unwrap()
}

fn on(today: &str) -> Calendar {
    Calendar { today: day(today), week_start: Weekday::Mon, fiscal_year_start: 4 }
}

/// Shows a period as `from..to`, a fault by its name.
fn shown(s: &str, cal: &Calendar) -> String {
    match parse_period(s, cal) {
        Ok(p) => {
            let end = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
            format!("{}..{}", end(p.from), end(p.to))
        }
        Err(QueryError::BadPeriod { text, fault }) => {
            assert_eq!(text, s);
            format!("{fault:?}").split(' ').next().unwrap().to_owned()
        }
        Err(other) => format!("{other:?}"),
    }
}

fn check_on(today: &str, s: &str, expected: &str) {
    assert_eq!(shown(s, &on(today)), expected, "{s} on {today}");
}

/// On Wednesday 2026-08-19.
fn check(s: &str, expected: &str) {
    check_on("2026-08-19", s, expected);
}

#[test]
fn absolute() {
    check("2026", "2026-01-01..2026-12-31");
    check("2026-08", "2026-08-01..2026-08-31");
    check("2026-02", "2026-02-01..2026-02-28");
    check("2024-02", "2024-02-01..2024-02-29");
    check("2026-08-31", "2026-08-31..2026-08-31");
    check("2024-02-29", "2024-02-29..2024-02-29");
    check("2026Q1", "2026-01-01..2026-03-31");
    check("2026Q3", "2026-07-01..2026-09-30");
    check("2026Q4", "2026-10-01..2026-12-31");
    check("2026H1", "2026-01-01..2026-06-30");
    check("2026h2", "2026-07-01..2026-12-31");
    check("2026-W34", "2026-08-17..2026-08-23");
    check("2026-W01", "2025-12-29..2026-01-04");
    check("2026-W53", "2026-12-28..2027-01-03");
    check("2020-W53", "2020-12-28..2021-01-03");
    check(" 2026 ", "2026-01-01..2026-12-31");
    check("２０２６Ｑ３", "2026-07-01..2026-09-30");
    check("0001", "0001-01-01..0001-12-31");
    check("9999", "9999-01-01..9999-12-31");
    check("9999-12", "9999-12-01..9999-12-31");
    check("0001-W01", "0001-01-01..0001-01-07");
    check("9999-W51", "9999-12-20..9999-12-26");
}

#[test]
fn fiscal_years_are_named_by_their_end() {
    let check = |start: u32, s: &str, expected: &str| {
        let cal = Calendar { fiscal_year_start: start, ..on("2026-08-19") };
        assert_eq!(shown(s, &cal), expected, "{s} from month {start}");
    };
    check(4, "FY2026", "2025-04-01..2026-03-31");
    check(4, "fy2026", "2025-04-01..2026-03-31");
    check(1, "FY2026", "2026-01-01..2026-12-31");
    check(12, "FY2026", "2025-12-01..2026-11-30");
    check(3, "FY2024", "2023-03-01..2024-02-29");
    check(2, "FY2026", "2025-02-01..2026-01-31");
    check(4, "FY0001", "OutOfCalendar");
    check(1, "FY0001", "0001-01-01..0001-12-31");
    check(4, "FY26", "Unreadable");
    check(4, "FY", "Unreadable");
    check(0, "FY2026", "2026-01-01..2026-12-31");
    check(99, "FY2026", "2026-01-01..2026-12-31");
}

#[test]
fn relative_to_today() {
    check("today", "2026-08-19..2026-08-19");
    check("yesterday", "2026-08-18..2026-08-18");
    check("tomorrow", "2026-08-20..2026-08-20");
    check("this-week", "2026-08-17..2026-08-23");
    check("last-week", "2026-08-10..2026-08-16");
    check("next-30d", "2026-08-19..2026-09-17");
    check("next-1d", "2026-08-19..2026-08-19");
    check("next-1m", "2026-08-19..2026-09-18");
    check("next-0d", "Impossible");
    check("next-week", "2026-08-24..2026-08-30");
    check("this-month", "2026-08-01..2026-08-31");
    check("last-month", "2026-07-01..2026-07-31");
    check("next-month", "2026-09-01..2026-09-30");
    check("this-quarter", "2026-07-01..2026-09-30");
    check("last-quarter", "2026-04-01..2026-06-30");
    check("next-quarter", "2026-10-01..2026-12-31");
    check("this-year", "2026-01-01..2026-12-31");
    check("last-year", "2025-01-01..2025-12-31");
    check("next-year", "2027-01-01..2027-12-31");
    check("ytd", "2026-01-01..2026-08-19");
    check("qtd", "2026-07-01..2026-08-19");
    check("mtd", "2026-08-01..2026-08-19");
    check("YTD", "2026-01-01..2026-08-19");
    check("Last-Week", "2026-08-10..2026-08-16");
    check_on("2026-01-01", "last-month", "2025-12-01..2025-12-31");
    check_on("2026-01-01", "last-quarter", "2025-10-01..2025-12-31");
    check_on("2026-03-31", "last-month", "2026-02-01..2026-02-28");
    check_on("2024-01-31", "next-month", "2024-02-01..2024-02-29");
    check_on("2026-01-01", "ytd", "2026-01-01..2026-01-01");
    check_on("2026-01-01", "this-week", "2025-12-29..2026-01-04");
}

#[test]
fn weeks_may_start_on_sunday_but_iso_weeks_do_not() {
    let cal = Calendar { week_start: Weekday::Sun, ..on("2026-08-19") };
    assert_eq!(shown("this-week", &cal), "2026-08-16..2026-08-22");
    assert_eq!(shown("last-week", &cal), "2026-08-09..2026-08-15");
    assert_eq!(shown("2026-W34", &cal), "2026-08-17..2026-08-23");
    let sunday = Calendar { today: day("2026-08-16"), ..cal };
    assert_eq!(shown("this-week", &sunday), "2026-08-16..2026-08-22");
    check_on("2026-08-16", "this-week", "2026-08-10..2026-08-16");
}

#[test]
fn lengths_end_today() {
    check("30d", "2026-07-21..2026-08-19");
    check("1d", "2026-08-19..2026-08-19");
    check("2w", "2026-08-06..2026-08-19");
    check("12m", "2025-08-20..2026-08-19");
    check("1y", "2025-08-20..2026-08-19");
    check("1m", "2026-07-20..2026-08-19");
    check_on("2026-03-31", "1m", "2026-03-01..2026-03-31");
    check_on("2024-02-29", "1y", "2023-03-01..2024-02-29");
    check_on("2025-02-28", "12m", "2024-02-29..2025-02-28");
    check("0d", "Impossible");
    check("0m", "Impossible");
    check("9999d", "1999-04-05..2026-08-19");
    check("9999y", "OutOfCalendar");
    check("99999d", "Unreadable");
}

#[test]
fn shifts_are_single_days() {
    check("+7d", "2026-08-26..2026-08-26");
    check("-2w", "2026-08-05..2026-08-05");
    check("+0d", "2026-08-19..2026-08-19");
    check("+1m", "2026-09-19..2026-09-19");
    check("-1y", "2025-08-19..2025-08-19");
    check_on("2026-01-31", "+1m", "2026-02-28..2026-02-28");
    check_on("2024-02-29", "+1y", "2025-02-28..2025-02-28");
    check_on("2024-02-29", "-4y", "2020-02-29..2020-02-29");
    check("+9999y", "OutOfCalendar");
    check("-9999y", "OutOfCalendar");
    check("+", "Unreadable");
    check("-d", "Unreadable");
    check("+7", "Unreadable");
}

#[test]
fn ranges_of_periods() {
    check("2026-01..2026-03", "2026-01-01..2026-03-31");
    check("2025..2026Q1", "2025-01-01..2026-03-31");
    check("2026-08-01..2026-08-01", "2026-08-01..2026-08-01");
    check("2026-W10..2026-W12", "2026-03-02..2026-03-22");
    check("2026-08..", "2026-08-01..");
    check("..2026-06-30", "..2026-06-30");
    check("..2026-06", "..2026-06-30");
    check("30d..", "2026-07-21..");
    check("..yesterday", "..2026-08-18");
    check("today..+7d", "2026-08-19..2026-08-26");
    check("-2w..+2w", "2026-08-05..2026-09-02");
    check("last-month .. today", "2026-07-01..2026-08-19");
    check("FY2025..FY2026", "2024-04-01..2026-03-31");
    // A period within the other is not backwards: start of the first to end of the second.
    check("2026-08..2026", "2026-08-01..2026-12-31");
    check("2027..2026", "Reversed");
    check("2026-08-02..2026-08-01", "Reversed");
    check("..", "Unreadable");
    check("2026...2027", "Unreadable");
    check("2026..x", "Unreadable");
    check("2026-02-30..", "Impossible");
    check("2025..2026..2027", "Unreadable");
}

#[test]
fn refused() {
    for s in ["2026-13", "2026-00", "2026-02-30", "2025-02-29", "2026-00-10", "2026Q5", "2026Q0", "2026H3", "2026H0"] {
        check(s, "Impossible");
    }
    for s in ["2026-W00", "2026-W54", "2025-W53"] {
        check(s, "Impossible");
    }
    for s in ["0000", "0000-05-01", "9999-W52", "0000Q1"] {
        check(s, "OutOfCalendar");
    }
    for s in ["", " ", "26", "20266", "2026-8", "2026-8-1", "2026/08/01", "2026-W3", "2026-W", "2026Q", "20260801"] {
        check(s, "Unreadable");
    }
    for s in ["week", "this-day", "-week", "二〇二六年", "2026-é1", "é026", "2026年", "d", "12x", "todayy"] {
        check(s, "Unreadable");
    }
}

#[test]
fn misspelt_words_name_the_nearest() {
    let check = |s: &str, expected: &str| match parse_period(s, &on("2026-08-19")) {
        Err(QueryError::BadPeriod { fault: PeriodFault::Unreadable { nearest }, .. }) => {
            assert_eq!(nearest.first().map(String::as_str), Some(expected), "{s}");
        }
        other => panic!("{s}: {other:?}"),
    };
    check("last-wek", "last-week");
    check("todya", "today");
    check("thismonth", "this-month");
    check("next_quarter", "next-quarter");
}

#[test]
fn the_ends_of_the_calendar() {
    check_on("9999-12-31", "tomorrow", "OutOfCalendar");
    check_on("9999-12-31", "next-year", "OutOfCalendar");
    check_on("9999-12-31", "this-week", "OutOfCalendar");
    check_on("9999-12-31", "this-month", "9999-12-01..9999-12-31");
    check_on("0001-01-01", "yesterday", "OutOfCalendar");
    check_on("0001-01-01", "last-week", "OutOfCalendar");
    check_on("0001-01-01", "this-week", "0001-01-01..0001-01-07");
    check_on("0001-01-01", "30d", "OutOfCalendar");
    for today in [NaiveDate::MIN, NaiveDate::MAX] {
        let cal = Calendar { today, ..on("2026-08-19") };
        for s in WORDS.into_iter().chain(["30d", "12m", "9999y", "+9999y", "-9999y", "+1d", "-1d"]) {
            assert_eq!(shown(s, &cal), "OutOfCalendar", "{s} on {today}");
        }
    }
}

fn check_day(s: &str, expected: Result<&str, PeriodFault>) {
    let expected = expected.map(day).map_err(|fault| QueryError::BadPeriod { text: s.to_owned(), fault });
    assert_eq!(parse_single_day(s, &on("2026-08-19")), expected, "{s}");
}

#[test]
fn single_days() {
    check_day("2026-08-31", Ok("2026-08-31"));
    check_day("today", Ok("2026-08-19"));
    check_day("yesterday", Ok("2026-08-18"));
    check_day("tomorrow", Ok("2026-08-20"));
    check_day("+7d", Ok("2026-08-26"));
    check_day("-2w", Ok("2026-08-05"));
    check_day("+1m", Ok("2026-09-19"));
    check_day("-1y", Ok("2025-08-19"));
    check_day(" TODAY ", Ok("2026-08-19"));
    for s in ["2026", "2026-08", "7d", "1d", "this-week", "2026-08-19..2026-08-19", "..today", "ytd"] {
        check_day(s, Err(PeriodFault::NotOneDay));
    }
    check_day("2026-02-30", Err(PeriodFault::Impossible));
    check_day("2026-13", Err(PeriodFault::Impossible));
    check_day("+9999y", Err(PeriodFault::OutOfCalendar));
    check_day("soon", Err(PeriodFault::Unreadable { nearest: Vec::new() }));
    check_day("", Err(PeriodFault::Unreadable { nearest: Vec::new() }));
}

fn check_buckets(period: &str, per: Per, cal: &Calendar, expected: &[(&str, &str, &str)]) {
    let found = buckets(&parse_period(period, cal).unwrap(), per, cal);
    let expected: Vec<_> =
        expected.iter().map(|(label, from, to)| ((*label).to_owned(), Period::new(day(from), day(to)))).collect();
    assert_eq!(found, expected, "{period}");
}

#[test]
fn columns_of_a_period() {
    let cal = on("2026-08-19");
    check_buckets(
        "2026-08-30..2026-09-01",
        Per::Day,
        &cal,
        &[
            ("2026-08-30", "2026-08-30", "2026-08-30"),
            ("2026-08-31", "2026-08-31", "2026-08-31"),
            ("2026-09-01", "2026-09-01", "2026-09-01"),
        ],
    );
    check_buckets(
        "2026-12-26..2027-01-05",
        Per::Week,
        &cal,
        &[
            ("2026-W52", "2026-12-26", "2026-12-27"),
            ("2026-W53", "2026-12-28", "2027-01-03"),
            ("2027-W01", "2027-01-04", "2027-01-05"),
        ],
    );
    check_buckets(
        "2026-08-20..2026-08-24",
        Per::Week,
        &Calendar { week_start: Weekday::Sun, ..cal },
        &[
            ("2026-08-16..2026-08-22", "2026-08-20", "2026-08-22"),
            ("2026-08-23..2026-08-29", "2026-08-23", "2026-08-24"),
        ],
    );
    check_buckets(
        "2024-01-15..2024-03-01",
        Per::Month,
        &cal,
        &[
            ("2024-01", "2024-01-15", "2024-01-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2024-03", "2024-03-01", "2024-03-01"),
        ],
    );
    check_buckets(
        "2025-11..2026-04",
        Per::Quarter,
        &cal,
        &[
            ("2025Q4", "2025-11-01", "2025-12-31"),
            ("2026Q1", "2026-01-01", "2026-03-31"),
            ("2026Q2", "2026-04-01", "2026-04-30"),
        ],
    );
    check_buckets(
        "FY2026",
        Per::Year,
        &cal,
        &[("2025", "2025-04-01", "2025-12-31"), ("2026", "2026-01-01", "2026-03-31")],
    );
    check_buckets("9999-12-31", Per::Month, &cal, &[("9999-12", "9999-12-31", "9999-12-31")]);
    check_buckets("0001-01-01", Per::Year, &cal, &[("0001", "0001-01-01", "0001-01-01")]);
    check_buckets("2026..", Per::Year, &cal, &[]);
    check_buckets("..2026", Per::Year, &cal, &[]);
}

proptest! {
    #[test]
    fn never_panics(s in any::<String>(), today in 1i32..3_652_059) {
        let cal = Calendar { today: NaiveDate::from_num_days_from_ce_opt(today).unwrap(), ..on("2026-08-19") };
        let _ = parse_period(&s, &cal);
        let _ = parse_single_day(&s, &cal);
    }

    #[test]
    fn likely_text_never_panics_nor_runs_backwards(
        s in "(fy)?[0-9]{0,5}[-qwhdmy+.]{0,3}[0-9]{0,4}[-dwmy]?[0-9]{0,2}(\\.\\.)?(today|30d|next-week|2026)?",
        today in 1i32..3_652_059,
    ) {
        let cal = Calendar { today: NaiveDate::from_num_days_from_ce_opt(today).unwrap(), ..on("2026-08-19") };
        if let Ok(Period { from: Some(from), to: Some(to) }) = parse_period(&s, &cal) {
            prop_assert!(from <= to);
            prop_assert!(from.year() >= 1 && to.year() <= 9999);
        }
        if let Ok(day) = parse_single_day(&s, &cal) {
            prop_assert_eq!(parse_period(&s, &cal), Ok(Period::new(day, day)));
        }
    }

    #[test]
    fn buckets_tile_the_period(start in 700_000i32..740_000, days in 0u64..2000, sunday in any::<bool>()) {
        let cal = Calendar { week_start: if sunday { Weekday::Sun } else { Weekday::Mon }, ..on("2026-08-19") };
        let from = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let whole = Period::new(from, from + Days::new(days));
        for per in [Per::Day, Per::Week, Per::Month, Per::Quarter, Per::Year] {
            let found = buckets(&whole, per, &cal);
            prop_assert_eq!(found[0].1.from, whole.from);
            prop_assert_eq!(found[found.len() - 1].1.to, whole.to);
            for pair in found.windows(2) {
                prop_assert_eq!(pair[0].1.to.unwrap().succ_opt(), pair[1].1.from);
            }
            for (label, part) in &found {
                let named = parse_period(label, &cal).unwrap();
                prop_assert!(named.contains(part.from.unwrap()) && named.contains(part.to.unwrap()));
            }
        }
    }
}
