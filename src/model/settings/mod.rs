//! kehu.toml: settings and every rule value. No rule has a number of its own.
//!
//! A file for each section or group of sections: its struct, its keys, and the default of every value that a rule takes
//! where the file says nothing. Here: the whole file, and what its texts are turned into.

mod care;
mod classes;
mod commission;
mod company;
mod complaints;
mod figures;
mod followup;
mod grades;
mod keys;
mod own;
mod pools;
mod portfolio;
mod scorecards;
mod stages;
mod stalled;
mod trade;
mod values;

pub use care::{Care, Holiday, OCCASIONS, Tip};
pub use classes::{Aftersales, CLASSES, Class, Classes, Risk};
pub use commission::Commission;
pub use company::{CustomerLayout, FORMAT, LayoutSetting, LedgerLayout};
pub use complaints::{Complaints, Feedback, Suppliers, TimeUnit};
pub use figures::{Kpi, Season};
pub use followup::{DueOn, Followup, WorkingTime};
pub use grades::{Grade, Intent};
pub use keys::{Keys, SETTING_KEYS, is_words, words_of};
pub use own::{Channel, OwnField, Reasons, View, WinBack};
pub use pools::{Pool, PoolLimits};
pub use portfolio::{Abc, Basket, Prune, Rfm};
pub use scorecards::{Indicator, Scorecard};
pub use stages::{DealStage, REQUIREMENTS, Stage, StageCategory, is_requirement};
pub use stalled::Stalled;
pub use trade::{Approval, Contracts, Pricing, Quotes, Tax};
pub use values::{DaysOrNever, Exact, Key};

use super::day::{Day, parse_day};
use super::ledger::SettingList;
use super::money::Decimal;
use super::zone::Zone;
use chrono::{NaiveTime, Weekday};
use indexmap::IndexMap;
use serde::Deserialize;

/// kehu.toml as it stands in the file.
#[derive(Debug, Clone, Deserialize)]
pub struct SettingsFile {
    /// Version of the file format.
    pub format: i64,
    /// The company.
    #[serde(default)]
    pub name: String,
    /// Base currency.
    #[serde(default = "company::cny")]
    pub currency: String,
    /// IANA name.
    #[serde(default = "company::shanghai")]
    pub timezone: String,
    /// Interface language.
    pub language: Option<String>,
    /// English weekday.
    pub week_start: Option<String>,
    /// Month, 1 to 12.
    pub fiscal_year_start: Option<u32>,
    /// Where new customer files go.
    #[serde(default)]
    pub customers: LayoutSetting,
    /// Which ledger file new rows go to.
    #[serde(default)]
    pub ledgers: LayoutSetting,
    /// Tax.
    #[serde(default)]
    pub tax: Tax,
    /// Customer stages in order.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// Deal stages in order.
    #[serde(default)]
    pub deal_stages: Vec<DealStage>,
    /// Grades, best first.
    #[serde(default)]
    pub grades: IndexMap<String, Grade>,
    /// Intent levels, hottest first.
    #[serde(default)]
    pub intents: IndexMap<String, Intent>,
    /// What each value class gets.
    #[serde(default)]
    pub classes: Classes,
    /// Scorecards.
    #[serde(default)]
    pub scorecards: IndexMap<String, Scorecard>,
    /// Pools.
    #[serde(default)]
    pub pools: IndexMap<String, Pool>,
    /// Floors of prices.
    #[serde(default)]
    pub pricing: Pricing,
    /// Quotes.
    #[serde(default)]
    pub quotes: Quotes,
    /// Contracts.
    #[serde(default)]
    pub contracts: Contracts,
    /// Calls that orders cause.
    #[serde(default)]
    pub aftersales: Aftersales,
    /// Occasions on which somebody thinks of a customer.
    #[serde(default)]
    pub care: Care,
    /// Follow-up rule.
    #[serde(default)]
    pub followup: Followup,
    /// When customers stand still, and why.
    #[serde(default)]
    pub stalled: Stalled,
    /// Working time.
    #[serde(default)]
    pub working_time: WorkingTime,
    /// Complaints.
    #[serde(default)]
    pub complaints: Complaints,
    /// Scores of suppliers.
    #[serde(default)]
    pub suppliers: Suppliers,
    /// What low scores lead to.
    #[serde(default)]
    pub feedback: Feedback,
    /// Approval.
    #[serde(default)]
    pub approval: Approval,
    /// What members get of what their orders bring.
    #[serde(default)]
    pub commission: Commission,
    /// Busy season.
    #[serde(default)]
    pub season: Season,
    /// Who is likely to leave.
    #[serde(default)]
    pub risk: Risk,
    /// Recency, frequency and money.
    #[serde(default)]
    pub rfm: Rfm,
    /// Classes by cumulative share.
    #[serde(default)]
    pub abc: Abc,
    /// Customers that cost more than they bring.
    #[serde(default)]
    pub prune: Prune,
    /// What is bought together.
    #[serde(default)]
    pub basket: Basket,
    /// Windows and rates of figures.
    #[serde(default)]
    pub kpi: Kpi,
    /// Contact channels.
    #[serde(default)]
    pub channels: IndexMap<String, Channel>,
    /// Reason lists.
    #[serde(default)]
    pub reasons: Reasons,
    /// What is done when a customer is lost.
    #[serde(default)]
    pub win_back: WinBack,
    /// Own customer fields.
    #[serde(default)]
    pub fields: IndexMap<String, OwnField>,
    /// Saved queries.
    #[serde(default)]
    pub views: IndexMap<String, View>,
}

/// A setting whose value cannot be used: (key path, why).
pub type BadSetting = (String, &'static str);

/// kehu.toml, read and understood.
#[derive(Debug, Clone)]
pub struct Settings {
    /// As it stands in the file.
    pub file: SettingsFile,
    /// Time zone.
    pub tz: Zone,
    /// First day of the week.
    pub week_start: Weekday,
    /// First month of the fiscal year.
    pub fiscal_year_start: u32,
    /// Where new customer files go.
    pub customer_layout: CustomerLayout,
    /// Which ledger file new rows go to.
    pub ledger_layout: LedgerLayout,
    /// Where due days move.
    pub due_on: DueOn,
    /// Shifts of a working day, in order.
    pub shifts: Vec<(NaiveTime, NaiveTime)>,
    /// Working days of a week.
    pub weekdays: Vec<Weekday>,
    /// Days that are not worked.
    pub holidays: Vec<(Day, Day)>,
    /// Weekend days that are worked.
    pub workdays: Vec<(Day, Day)>,
    /// Tells one text of the file from another.
    pub fingerprint: u64,
}

impl Settings {
    /// Understands a file; every value that cannot be used is reported and replaced by its default.
    pub fn new(file: SettingsFile) -> (Settings, Vec<BadSetting>) {
        let mut bad: Vec<BadSetting> = Vec::new();
        let tz = Zone::named(&file.timezone).unwrap_or_else(|| {
            bad.push(("timezone".into(), "timezone"));
            Zone::shanghai()
        });
        let week_start = match file.week_start.as_deref().unwrap_or("monday").parse() {
            Ok(day) => day,
            Err(_) => {
                bad.push(("week_start".into(), "weekday"));
                Weekday::Mon
            }
        };
        let fiscal_year_start = match file.fiscal_year_start.unwrap_or(1) {
            m @ 1..=12 => m,
            _ => {
                bad.push(("fiscal_year_start".into(), "month"));
                1
            }
        };
        // Words are judged by the table of keys where the file is read; one that is none counts as the default.
        let customer_layout = match file.customers.layout.as_str() {
            "flat" => CustomerLayout::Flat,
            "hash" => CustomerLayout::Hash,
            _ => CustomerLayout::Initial,
        };
        let ledger_layout = if file.ledgers.layout == "year" { LedgerLayout::Year } else { LedgerLayout::AuthorYear };
        let due_on = match file.followup.due_on.as_deref() {
            Some("previous") => DueOn::Previous,
            Some("same") => DueOn::Same,
            _ => DueOn::Next,
        };
        let w = &file.working_time;
        let mut shifts: Vec<(NaiveTime, NaiveTime)> = Vec::new();
        for (n, s) in w.shifts.iter().enumerate() {
            let shift = s.split_once('-').and_then(|(a, b)| {
                let t = |x: &str| NaiveTime::parse_from_str(x, "%H:%M").ok().filter(|_| x.len() == 5);
                Some((t(a)?, t(b)?))
            });
            match shift {
                Some((a, b)) if a < b && shifts.last().is_none_or(|l| l.1 <= a) => shifts.push((a, b)),
                _ => bad.push((format!("working_time.shifts[{n}]"), "shift")),
            }
        }
        let mut weekdays: Vec<Weekday> = Vec::new();
        for (n, s) in w.weekdays.iter().enumerate() {
            match s.parse() {
                Ok(d) => weekdays.push(d),
                Err(_) => bad.push((format!("working_time.weekdays[{n}]"), "weekday")),
            }
        }
        if w.shifts.is_empty() {
            shifts = followup::shifts();
        }
        if w.weekdays.is_empty() {
            weekdays = vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        }
        let mut ranges = |key: &str, list: &[String]| {
            let mut out = Vec::new();
            for (n, s) in list.iter().enumerate() {
                let (a, b) = s.split_once("..").unwrap_or((s, s));
                match (parse_day(a), parse_day(b)) {
                    (Some(a), Some(b)) if a <= b => out.push((a, b)),
                    _ => bad.push((format!("working_time.{key}[{n}]"), "date-or-range")),
                }
            }
            out
        };
        let holidays = ranges("holidays", &w.holidays);
        let workdays = ranges("workdays", &w.workdays);
        let settings = Settings {
            tz,
            week_start,
            fiscal_year_start,
            customer_layout,
            ledger_layout,
            due_on,
            shifts,
            weekdays,
            holidays,
            workdays,
            fingerprint: 0,
            file,
        };
        (settings, bad)
    }

    /// Days until a new customer is first contacted (R4).
    pub fn first_contact_days(&self) -> i64 {
        self.file.followup.first_contact_days()
    }
    /// Days after which a new lead that nobody has contacted is told of (R4).
    pub fn untouched_days(&self) -> i64 {
        self.file.followup.untouched_days()
    }
    /// The last worked day before a day; the day before where none is found within a year.
    pub fn last_worked(&self, day: Day) -> Day {
        let before = day.iter_days().rev().skip(1).take(366).find(|d| self.is_working_day(*d));
        before.unwrap_or_else(|| day.pred_opt().unwrap_or(day))
    }
    /// Days within which a second person's contact is a double visit (R14).
    pub fn double_visit_days(&self) -> i64 {
        self.file.followup.double_visit_days()
    }
    /// Quotes that end within so many days are in the day's list (R6).
    pub fn quote_warn_days(&self) -> i64 {
        self.file.quotes.warn_days()
    }
    /// Contracts that end within so many days are in the day's list (R13).
    pub fn contract_warn_days(&self) -> u64 {
        self.file.contracts.warn_days()
    }
    /// Share of the profit that key customers, and leading products, make up (R5).
    pub fn key_share(&self) -> Decimal {
        self.file.kpi.key_share()
    }
    /// Share of the profit that key and major customers together make up (R5).
    pub fn major_share(&self) -> Decimal {
        self.file.kpi.major_share()
    }
    /// Share of the products sold in the busy season that are candidates to pause (R6).
    pub fn pause_share(&self) -> Decimal {
        self.file.season.pause_share()
    }

    /// The stage of an id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.file.stages.iter().find(|s| s.id == id)
    }
    /// A stage of deals.
    pub fn deal_stage(&self, id: &str) -> Option<&DealStage> {
        self.file.deal_stages.iter().find(|s| s.id == id)
    }
    /// Position of a stage in the ladder.
    pub fn stage_index(&self, id: &str) -> Option<usize> {
        self.file.stages.iter().position(|s| s.id == id)
    }
    /// Whether a day is worked: a make-up workday, or a working weekday that is no holiday.
    pub fn is_working_day(&self, day: Day) -> bool {
        use chrono::Datelike;
        let within = |list: &[(Day, Day)]| list.iter().any(|(a, b)| *a <= day && day <= *b);
        within(&self.workdays) || self.weekdays.contains(&day.weekday()) && !within(&self.holidays)
    }
    /// Whether kehu.toml names a holiday or a make-up workday of a year: without one nobody knows its working days.
    pub fn knows_holidays(&self, year: i32) -> bool {
        use chrono::Datelike;
        self.holidays.iter().chain(&self.workdays).any(|(a, b)| a.year() <= year && year <= b.year())
    }
    /// Whether a contact on this channel counts as two-way.
    pub fn two_way(&self, channel: &str) -> bool {
        self.file.channels.get(channel).is_some_and(|c| c.two_way)
    }
    /// Whether a contact on this channel is a visit of the policy (R5).
    pub fn is_visit(&self, channel: &str) -> bool {
        let told = self.file.channels.get(channel).and_then(|c| c.visit);
        told.unwrap_or(matches!(channel, "visit" | "reception" | "meeting"))
    }
    /// Whether a list holds a value; an empty list allows all.
    pub fn list_allows(&self, list: SettingList, value: &str) -> bool {
        let values = self.list(list);
        values.is_empty() || values.contains(&value)
    }

    /// The values of a list that kehu.toml declares, in its order.
    pub fn list(&self, list: SettingList) -> Vec<&str> {
        let f = &self.file;
        match list {
            SettingList::Channels => f.channels.keys().map(String::as_str).collect(),
            SettingList::Stages => f.stages.iter().map(|s| s.id.as_str()).collect(),
            SettingList::Grades => f.grades.keys().map(String::as_str).collect(),
            SettingList::LostReasons => f.reasons.lost.iter().map(String::as_str).collect(),
            SettingList::CloseReasons => f.reasons.close.iter().map(String::as_str).collect(),
            SettingList::RefundReasons => f.reasons.refund.iter().map(String::as_str).collect(),
            SettingList::ComplaintCategories => f.complaints.categories.iter().map(String::as_str).collect(),
            SettingList::DealStages => f.deal_stages.iter().map(|s| s.id.as_str()).collect(),
        }
    }
    /// What kehu.toml calls a value of a list in English and in Chinese; empty where it says nothing.
    pub fn called(&self, list: SettingList, value: &str) -> (&str, &str) {
        let words = match list {
            SettingList::Channels => self.file.channels.get(value).map(|c| (&c.label, &c.zh)),
            SettingList::Stages => self.stage(value).map(|s| (&s.label, &s.zh)),
            SettingList::DealStages => self.deal_stage(value).map(|s| (&s.label, &s.zh)),
            _ => None,
        };
        words.map_or(("", ""), |(en, zh)| (en.as_str(), zh.as_str()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
