//! R7: what shows that a customer may leave, each sign with its points.

use super::engine::index::Index;
use super::feedback::low_up_to;
use super::followup::{Due, Why, due};
use super::orders::{gaps, order_days};
use super::profit::figures;
use super::scores::Score;
use super::stays::median;
use crate::model::Str;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;
use chrono::{Duration, Months};

/// Something that shows that a customer may leave.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign<'a> {
    /// So many days since the last order, where it usually orders every so many days.
    Idle {
        /// Since the last order.
        days: i64,
        /// Median of the days between its order days.
        gap: Decimal,
    },
    /// It buys for less than a year ago.
    Drop {
        /// Net of the days up to today.
        now: Decimal,
        /// Net of the same days a year ago.
        before: Decimal,
        /// How many days.
        days: i64,
    },
    /// It complains more often than before.
    Complaints {
        /// In the days up to today.
        now: usize,
        /// In as many days before them.
        before: usize,
        /// How many days.
        days: i64,
    },
    /// A complaint of its is late.
    LateComplaint {
        /// Its id.
        id: Str,
    },
    /// Its last answer is a low score.
    LowScore {
        /// `csat` or `nps`.
        kind: &'static str,
        /// The answer.
        score: Score<'a>,
    },
    /// Nobody followed up for more than a cycle.
    FollowUp {
        /// Days by which it is late.
        days: i64,
        /// Days of a cycle.
        cycle: i64,
    },
    /// A receivable is very late.
    Receivable {
        /// Its id.
        id: &'a str,
        /// Days by which it is late.
        days: i64,
    },
    /// Its only decision-maker has left.
    KeyContact {
        /// Who.
        contact: Str,
        /// When.
        left: Day,
    },
}

impl Sign<'_> {
    /// What heads its points.
    pub fn label(&self) -> &'static str {
        match self {
            Sign::Idle { .. } => "risk_idle",
            Sign::Drop { .. } => "risk_drop",
            Sign::Complaints { .. } => "risk_complaints",
            Sign::LateComplaint { .. } => "risk_late_complaint",
            Sign::LowScore { .. } => "risk_low_score",
            Sign::FollowUp { .. } => "risk_follow_up",
            Sign::Receivable { .. } => "risk_receivable",
            Sign::KeyContact { .. } => "risk_key_contact",
        }
    }
}

/// The signs of a customer with their points, in the order of R7; none for a customer that never ordered or is closed.
pub fn signs<'a>(index: &Index<'a>, customer: usize) -> Vec<(Sign<'a>, Decimal)> {
    let book = index.book;
    let (c, risk, today) = (&book.customers[customer], &book.settings.file.risk, book.today);
    let days = order_days(index, customer);
    let Some(last) = days.last() else { return Vec::new() };
    if c.closed {
        return Vec::new();
    }
    let mut out = Vec::new();
    let idle = (today - *last).num_days();
    if let Some(gap) = median(&gaps(&days)).filter(|gap| *gap > Decimal::ZERO) {
        let over = |times: Decimal| gap.checked_mul(times).is_some_and(|most| Decimal::from(idle) > most);
        if let Some([_, points]) = risk.idle().into_iter().rfind(|[times, _]| over(*times)) {
            out.push((Sign::Idle { days: idle, gap }, points));
        }
    }
    let span = risk.window_days();
    if let Some((now, before)) = amounts(index, customer, span) {
        let gone = before.checked_sub(now).and_then(|d| d.checked_div(before)).unwrap_or_default();
        if let Some([_, points]) = risk.drop().into_iter().rfind(|[share, _]| gone >= *share) {
            out.push((Sign::Drop { now, before, days: span }, points));
        }
    }
    let said = index.voice(customer);
    let within = |from: i64, to: i64| {
        let age = |d: &&Day| (from..to).contains(&(today - **d).num_days());
        said.complaints.iter().filter(age).count()
    };
    let (now, before) = (within(0, span), within(span, 2 * span));
    if now > before {
        out.push((Sign::Complaints { now, before, days: span }, risk.complaints()));
    }
    if let Some(id) = said.late.first() {
        out.push((Sign::LateComplaint { id }, risk.late_complaint()));
    }
    let settings = &index.book.settings;
    let is_low = |kind, s: &Score<'_>| low_up_to(settings, kind).is_some_and(|most| s.score <= most);
    let low = [("nps", said.nps), ("csat", said.csat)];
    let low = low.into_iter().find_map(|(kind, score)| Some((kind, score.filter(|s| is_low(kind, s))?)));
    if let Some((kind, score)) = low {
        out.push((Sign::LowScore { kind, score }, risk.low_score()));
    }
    if let Some((days, cycle)) = due(index, customer).and_then(|d| neglected(&d, today)) {
        out.push((Sign::FollowUp { days, cycle }, risk.follow_up()));
    }
    let accounts = index.accounts_of(customer).iter().flat_map(|a| &a.receivables);
    let late = accounts.filter(|r| !r.open.is_zero()).map(|r| (r.id, (today - r.due).num_days()));
    if let Some((id, days)) = late.filter(|(_, days)| *days > risk.receivable_days()).max_by_key(|(_, days)| *days) {
        out.push((Sign::Receivable { id, days }, risk.receivable()));
    }
    if let Some((contact, left)) = lost_contact(index, customer) {
        out.push((Sign::KeyContact { contact, left }, risk.key_contact()));
    }
    out
}

/// The points of all signs together; `None` for a customer that never ordered or is closed.
pub fn score(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let book = index.book;
    let known = !book.customers[customer].closed && index.ordered()[customer];
    known.then(|| signs(index, customer).iter().fold(Decimal::ZERO, |sum, (_, p)| sum.saturating_add(*p)))
}

/// Net of the last days and of the same days a year ago; `None` where nothing was bought then, or nobody knows.
pub fn amounts(index: &Index<'_>, customer: usize, days: i64) -> Option<(Decimal, Decimal)> {
    let today = index.book.today;
    let span = |to: Day| Some(Period::new(to.checked_sub_signed(Duration::try_days(days - 1)?)?, to));
    let net = |period| {
        let sold = figures(&index.sales(customer, period));
        (sold.unreadable_lines == 0).then(|| sold.revenue())
    };
    let then = net(span(today.checked_sub_months(Months::new(12))?)?)?;
    (then > Decimal::ZERO).then_some(())?;
    Some((net(span(today)?)?, then))
}

/// Days by which a follow-up is late and those of its cycle, where it is late by more than one.
fn neglected(d: &Due, today: Day) -> Option<(i64, i64)> {
    if d.why == Why::Reopen {
        return None;
    }
    let (span, _) = d.cycle?;
    let from = d.activity?.day();
    let cycle = (span.after(from, 1)? - from).num_days();
    let late = d.days_overdue(today);
    (late > cycle).then_some((late, cycle))
}

/// The decision-maker who left last, where none is there any more.
fn lost_contact(index: &Index<'_>, customer: usize) -> Option<(Str, Day)> {
    let today = index.book.today;
    index.book.customers[customer].look(|rest| {
        let decides = rest.contacts.iter().filter(|p| p.text("role") == "decision-maker");
        let left: Vec<(Str, Option<Day>)> = decides.map(|p| (p.id, p.left().filter(|d| *d <= today))).collect();
        let all_gone = left.iter().all(|(_, day)| day.is_some());
        let last = left.into_iter().filter_map(|(id, day)| Some((id, day?))).max_by_key(|(_, day)| *day);
        last.filter(|_| all_gone)
    })
}
