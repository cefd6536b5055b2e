//! kehu.toml: settings and every rule value. No rule has a number of its own.

use super::day::{Day, Span, parse_day};
use super::ledger::SettingList;
use super::money::{Decimal, parse_decimal};
use crate::model::zone::Zone;
use chrono::{NaiveTime, Weekday};
use indexmap::IndexMap;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The newest format that this program reads.
pub const FORMAT: i64 = 1;

/// An exact decimal in TOML: an integer, a string, or a float of at most 15 significant digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(pub Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Exact;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a plain decimal")
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Exact, E> {
                Ok(Exact(Decimal::from(v)))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Exact, E> {
                // The shortest text that reads back as this float is what stood in the file, up to 15 digits.
                let text = v.to_string();
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                parse_decimal(&text)
                    .filter(|_| digits <= 16)
                    .map(Exact)
                    .ok_or_else(|| E::custom("too many digits for a number without quotes"))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Exact, E> {
                parse_decimal(v).map(Exact).ok_or_else(|| E::custom("not a plain decimal"))
            }
        }
        d.deserialize_any(V)
    }
}

/// A number of days, or `"never"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysOrNever(pub Option<i64>);

impl<'de> Deserialize<'de> for DaysOrNever {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Days(u32),
            Word(String),
        }
        match Raw::deserialize(d)? {
            Raw::Days(n) => Ok(DaysOrNever(Some(i64::from(n)))),
            Raw::Word(w) if w == "never" => Ok(DaysOrNever(None)),
            Raw::Word(_) => Err(de::Error::custom("expected a number of days or \"never\"")),
        }
    }
}

fn span<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Span>, D::Error> {
    let text = Option::<String>::deserialize(d)?;
    text.filter(|t| !t.is_empty())
        .map(|t| {
            Span::parse_cycle(&t).ok_or_else(|| de::Error::custom("expected a length of time such as 14d, 2w, 3m"))
        })
        .transpose()
}

/// What a stage means for the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageCategory {
    /// Has not bought.
    Presale,
    /// Buys.
    Customer,
    /// Gone.
    Lost,
}

impl StageCategory {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            StageCategory::Presale => "presale",
            StageCategory::Customer => "customer",
            StageCategory::Lost => "lost",
        }
    }
}

/// `[[stages]]` (R1).
#[derive(Debug, Clone, Deserialize)]
pub struct Stage {
    /// Key.
    pub id: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// What it means for the sale.
    pub category: StageCategory,
    /// Stages that may follow.
    #[serde(default)]
    pub to: Vec<String>,
    /// What a customer needs to enter.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Days after which a customer counts as stalled.
    pub stall_after: Option<i64>,
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// The fact that moves a customer of an earlier stage here by itself: `order:N` or `order-day:N`.
    pub advance_on: Option<String>,
    /// Checklist started on entry.
    pub playbook: Option<String>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}

/// `[[deal_stages]]`.
#[derive(Debug, Clone, Deserialize)]
pub struct DealStage {
    /// Key.
    pub id: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// `open`, `won` or `lost`.
    pub category: String,
    /// Chance of winning, 0 to 1.
    pub probability: Exact,
    /// Stages that may follow.
    #[serde(default)]
    pub to: Vec<String>,
    /// Days after which a deal counts as stalled.
    pub stall_after: Option<i64>,
}

/// Days after which a customer goes back to the pool, per grade, intent or stage (R2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct PoolLimits {
    /// Without an activity.
    pub follow_days: Option<DaysOrNever>,
    /// Without an order.
    pub deal_days: Option<DaysOrNever>,
    /// After the last contract's end.
    pub after_contract_days: Option<DaysOrNever>,
    /// Warned this many days before.
    pub warn_days: Option<i64>,
}

/// `[grades.<id>]`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Grade {
    /// Visits owed in a year.
    pub visits_per_year: Option<i64>,
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// Highest discount without approval, as a fraction.
    pub discount_max: Option<Exact>,
    /// Lowest margin without approval, as a fraction.
    pub margin_floor: Option<Exact>,
    /// Days to solve a complaint.
    pub complaint_sla: Option<i64>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}

/// `[intents.<id>]`: level of a customer before its first order.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Intent {
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}

/// An indicator of a scorecard (R5).
#[derive(Debug, Clone, Deserialize)]
pub struct Indicator {
    /// A metric of the registry.
    pub metric: String,
    /// Weight; a scorecard's weights sum to 100.
    pub weight: Exact,
    /// `points`, `steps` or `percentile`.
    pub scale: String,
    /// `higher` (default) or `lower`: which raw value is better, for `percentile`.
    pub better: Option<String>,
    /// `[[raw, score], …]` for `points` and `steps`.
    #[serde(default)]
    pub points: Vec<(Exact, Exact)>,
}

/// `[scorecards.<id>]` (R5).
#[derive(Debug, Clone, Deserialize)]
pub struct Scorecard {
    /// Time the metrics look back.
    #[serde(default, deserialize_with = "span")]
    pub window: Option<Span>,
    /// Share of the weight that must have data.
    pub min_coverage: Option<Exact>,
    /// Points by which a band must be passed.
    pub margin_to_change: Option<Exact>,
    /// Reminds when the last grading is older.
    #[serde(default, deserialize_with = "span")]
    pub review_every: Option<Span>,
    /// The weighted metrics.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// Band → lowest score, highest band first.
    #[serde(default)]
    pub bands: IndexMap<String, Exact>,
}

/// `[pools.<id>]` (R2).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Pool {
    /// Who may claim; empty = everybody.
    #[serde(default)]
    pub members: Vec<String>,
    /// Claims a person may make in a day.
    pub claim_per_day: Option<i64>,
    /// Customers a person may own.
    pub own_limit: Option<i64>,
    /// Whether customers with orders count against the limit.
    pub count_customers_with_orders: Option<bool>,
    /// Days in which a former owner may not claim it back.
    pub cooldown_days: Option<i64>,
    /// Days a customer rests in the pool.
    pub quarantine_days: Option<i64>,
    /// `two-way` or `any`.
    pub counts: Option<String>,
    /// `calendar` or `working`.
    pub days: Option<String>,
}

/// `[customers]` and `[ledgers]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct LayoutSetting {
    /// Name of the layout.
    #[serde(default)]
    pub layout: String,
}

/// `[tax]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Tax {
    /// `included` or `excluded`: how prices are entered.
    pub prices: Option<String>,
    /// As a fraction.
    pub default_rate: Option<Exact>,
}

/// `[pricing]` (R6).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Pricing {
    /// Lowest margin without approval where the customer's grade says none, as a fraction; 0 when absent.
    pub margin_floor: Option<Exact>,
}

/// `[quotes]` (R6).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Quotes {
    /// Days after its own on which a quote ends that names no other day; without it, it does not end.
    pub valid_days: Option<i64>,
    /// Quotes that end within so many days are in the day's list.
    pub warn_days: Option<i64>,
}

/// `[followup]` (R4).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Followup {
    /// Days until a new customer is first contacted.
    pub first_contact_days: Option<i64>,
    /// Days within which a second person's contact is a double visit (R14).
    pub double_visit_days: Option<i64>,
    /// `next`, `previous` or `same`: where a due day that is no working day moves.
    pub due_on: Option<String>,
}

/// `[working_time]` as it stands in the file.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct WorkingTime {
    /// `09:00-12:00`.
    #[serde(default)]
    pub shifts: Vec<String>,
    /// Working days of a week.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// Dates, or `A..B`.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// Make-up workdays (调休).
    #[serde(default)]
    pub workdays: Vec<String>,
}

/// `[complaints]` (R11).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Complaints {
    /// Closed list.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Working hours per grade, and `default`.
    #[serde(default)]
    pub first_response: IndexMap<String, i64>,
    /// Days per category where smaller than the grade's.
    #[serde(default)]
    pub sla: IndexMap<String, i64>,
    /// `working` or `calendar`.
    pub unit: Option<String>,
    /// Shares of the budget at which people are told.
    #[serde(default)]
    pub alarms: Vec<Exact>,
}

/// `[approval]` (R12).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Approval {
    /// Whether the approver must not be the author.
    pub four_eyes: Option<bool>,
    /// Amount per kind above which approval is needed.
    #[serde(default)]
    pub limits: IndexMap<String, Exact>,
}

/// `[season]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Season {
    /// Months of the busy season.
    #[serde(default)]
    pub months: Vec<u32>,
    /// Share of the products sold in it, those of the lowest margin, that are candidates to pause.
    pub pause_share: Option<Exact>,
}

/// `[kpi]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Kpi {
    /// Windows of single figures.
    #[serde(default)]
    pub windows: IndexMap<String, String>,
    /// A year, as a fraction.
    pub discount_rate: Option<Exact>,
    /// Cost of money, a year, as a fraction.
    pub annual_rate: Option<Exact>,
    /// Silence after which a relation level fades.
    pub relation_fade_days: Option<i64>,
    /// Share of the profit that key customers, and leading products, make up.
    pub key_share: Option<Exact>,
}

/// `[channels.<id>]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Channel {
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// Whether the customer answers on it.
    #[serde(default)]
    pub two_way: bool,
}

/// `[reasons]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Reasons {
    /// Why customers are closed.
    #[serde(default)]
    pub close: Vec<String>,
    /// Why deals are lost.
    #[serde(default)]
    pub lost: Vec<String>,
    /// Why money goes back.
    #[serde(default)]
    pub refund: Vec<String>,
}

/// `[fields.<name>]`: the company's own customer fields.
#[derive(Debug, Clone, Deserialize)]
pub struct OwnField {
    /// `text`, `number`, `date`, `flag` or `list`.
    #[serde(rename = "type")]
    pub ty: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// Closed list of a text field.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether every customer has it.
    #[serde(default)]
    pub required: bool,
}

/// `[views.<name>]`: a saved query.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct View {
    /// Filter terms.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Columns, where the view is the only term.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Sort keys.
    pub sort: Option<String>,
}

/// kehu.toml as it stands in the file.
#[derive(Debug, Clone, Deserialize)]
pub struct SettingsFile {
    /// Version of the file format.
    pub format: i64,
    /// The company.
    #[serde(default)]
    pub name: String,
    /// Base currency.
    #[serde(default = "cny")]
    pub currency: String,
    /// IANA name.
    #[serde(default = "shanghai")]
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
    /// Follow-up rule.
    #[serde(default)]
    pub followup: Followup,
    /// Working time.
    #[serde(default)]
    pub working_time: WorkingTime,
    /// Complaints.
    #[serde(default)]
    pub complaints: Complaints,
    /// Approval.
    #[serde(default)]
    pub approval: Approval,
    /// Busy season.
    #[serde(default)]
    pub season: Season,
    /// Windows and rates of figures.
    #[serde(default)]
    pub kpi: Kpi,
    /// Contact channels.
    #[serde(default)]
    pub channels: IndexMap<String, Channel>,
    /// Reason lists.
    #[serde(default)]
    pub reasons: Reasons,
    /// Own customer fields.
    #[serde(default)]
    pub fields: IndexMap<String, OwnField>,
    /// Saved queries.
    #[serde(default)]
    pub views: IndexMap<String, View>,
}

fn cny() -> String {
    "CNY".into()
}
fn shanghai() -> String {
    "Asia/Shanghai".into()
}

/// How customer files are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum CustomerLayout {
    /// `customers/<id>.toml`
    Flat,
    /// `customers/<first character>/<id>.toml`
    #[default]
    Initial,
    /// `customers/<two hex digits>/<id>.toml`
    Hash,
}

/// Which file new rows go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum LedgerLayout {
    /// `<year>-<author>.csv`
    #[default]
    AuthorYear,
    /// `<year>.csv`
    Year,
}

/// Where a due day that is no working day moves (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DueOn {
    /// To the next working day.
    #[default]
    Next,
    /// To the working day before.
    Previous,
    /// Nowhere.
    Same,
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
            crate::model::zone::Zone::shanghai()
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
        let mut one_of = |key: &str, value: &str, words: &[&str], why: &'static str| {
            let n = words.iter().position(|w| *w == value);
            if n.is_none() && !value.is_empty() {
                bad.push((key.into(), why));
            }
            n.unwrap_or(0)
        };
        let customer_layout = [CustomerLayout::Initial, CustomerLayout::Flat, CustomerLayout::Hash]
            [one_of("customers.layout", &file.customers.layout, &["initial", "flat", "hash"], "customer-layout")];
        let ledger_layout = [LedgerLayout::AuthorYear, LedgerLayout::Year]
            [one_of("ledgers.layout", &file.ledgers.layout, &["author-year", "year"], "ledger-layout")];
        let due_on = [DueOn::Next, DueOn::Previous, DueOn::Same][one_of(
            "followup.due_on",
            file.followup.due_on.as_deref().unwrap_or(""),
            &["next", "previous", "same"],
            "due-on",
        )];
        one_of("language", file.language.as_deref().unwrap_or(""), &["zh-CN", "en"], "language");
        one_of("tax.prices", file.tax.prices.as_deref().unwrap_or(""), &["included", "excluded"], "tax-prices");

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
    /// Whether a contact on this channel counts as two-way.
    pub fn two_way(&self, channel: &str) -> bool {
        self.file.channels.get(channel).is_some_and(|c| c.two_way)
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
        }
    }
}
