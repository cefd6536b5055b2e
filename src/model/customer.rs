//! A customer and its contacts, and the table of keys that a customer's file may hold.

use super::Str;
use super::by_id::ById;
use super::day::{Day, Span};
use super::ledger::{RefTo, SettingList};
use super::value::{Kind, Value};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// The type of a key of a customer's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// One line of text.
    Text,
    /// Text that may run over lines.
    Note,
    /// A list of texts.
    List,
    /// A date.
    Day,
    /// A plain decimal.
    Decimal,
    /// The same, 0 or more.
    Amount,
    /// Yes or no, which only own fields are.
    Flag,
    /// A reference; empty text = none.
    Ref(RefTo),
    /// One of a closed list; empty text = none.
    OneOf(&'static [&'static str]),
    /// One of a list of kehu.toml; empty text = none.
    Listed(SettingList),
    /// A length of time: `14d`.
    Span,
    /// Payment terms: `net30`, `eom60+25`.
    Terms,
    /// A birthday: a date, `05-02`, `农历08-15`.
    Birthday,
    /// `[{ name = "…", date = "10-18" }]`.
    Dates,
}

impl KeyType {
    /// How filters and columns see it.
    pub fn kind(self) -> Kind {
        match self {
            KeyType::List | KeyType::Dates => Kind::List,
            KeyType::Day => Kind::Day,
            KeyType::Decimal | KeyType::Amount => Kind::Number,
            KeyType::Flag => Kind::Flag,
            KeyType::Ref(_) => Kind::Id,
            KeyType::OneOf(_) | KeyType::Listed(_) => Kind::Code,
            KeyType::Text | KeyType::Note | KeyType::Span | KeyType::Terms | KeyType::Birthday => Kind::Text,
        }
    }
}

/// A key of a customer's file or of one of its contacts.
#[derive(Debug, Clone, Copy)]
pub struct KeySpec {
    /// The key.
    pub name: &'static str,
    /// The type of its value.
    pub ty: KeyType,
    /// Whether it must be there.
    pub required: bool,
    /// Keys of one group stand together; a blank line separates groups. Each decision is a group of its own.
    pub group: u8,
}

const fn key(group: u8, name: &'static str, ty: KeyType) -> KeySpec {
    KeySpec { name, ty, required: false, group }
}
const fn need(group: u8, name: &'static str, ty: KeyType) -> KeySpec {
    KeySpec { name, ty, required: true, group }
}

use KeyType as T;

/// The keys at the top of a customer's file, in the order in which kehu writes them.
pub const CUSTOMER_KEYS: &[KeySpec] = &[
    need(0, "name", T::Text),
    key(0, "aliases", T::List),
    key(0, "former_ids", T::List),
    key(0, "kind", T::OneOf(&["company", "person", "dealer"])),
    key(0, "tax_id", T::Text),
    key(0, "pinyin", T::Text),
    need(0, "created", T::Day),
    need(1, "stage", T::Listed(SettingList::Stages)),
    key(2, "status", T::OneOf(&["active", "closed"])),
    key(2, "closed_until", T::Day),
    key(3, "owner", T::Ref(RefTo::Team)),
    key(4, "grade", T::Listed(SettingList::Grades)),
    key(4, "grade_until", T::Day),
    key(5, "intent", T::OneOf(&["hot", "warm", "cold"])),
    key(6, "source", T::Text),
    key(6, "campaign", T::Text),
    key(6, "referred_by", T::Ref(RefTo::Customer)),
    key(6, "industry", T::Text),
    key(6, "country", T::Text),
    key(6, "region", T::Text),
    key(6, "city", T::Text),
    key(6, "address", T::Text),
    key(6, "postal_code", T::Text),
    key(6, "phone", T::Text),
    key(6, "email", T::Text),
    key(6, "website", T::Text),
    key(6, "size", T::Text),
    key(6, "terms", T::Terms),
    key(6, "credit_limit", T::Amount),
    key(6, "contact_every", T::Span),
    key(6, "pool", T::Ref(RefTo::Pool)),
    key(6, "keep_until", T::Day),
    key(6, "tags", T::List),
    key(6, "note", T::Note),
];

/// The five decisions, which stand in the file and, with their history, in the events.
pub const DECISIONS: &[&str] = &["stage", "status", "owner", "grade", "intent"];

/// The keys of a contact, in the order in which kehu writes them.
pub const CONTACT_KEYS: &[KeySpec] = &[
    need(0, "id", T::Text),
    need(0, "name", T::Text),
    key(0, "title", T::Text),
    key(
        0,
        "role",
        T::OneOf(&[
            "decision-maker",
            "influencer",
            "user",
            "gatekeeper",
            "finance",
            "payer",
            "insured",
            "student",
            "parent",
            "other",
        ]),
    ),
    key(0, "relation", T::OneOf(&["stranger", "acquaintance", "friend", "confidant"])),
    key(0, "owner", T::Ref(RefTo::Team)),
    key(0, "phone", T::Text),
    key(0, "email", T::Text),
    key(0, "wechat", T::Text),
    key(0, "birthday", T::Birthday),
    key(0, "gender", T::Text),
    key(0, "marital", T::Text),
    key(0, "occupation", T::Text),
    key(0, "risk_attitude", T::Text),
    key(0, "likes", T::Text),
    key(0, "hobbies", T::Text),
    key(0, "left", T::Day),
    key(0, "dates", T::Dates),
    key(0, "note", T::Note),
];

/// A person at a customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contact {
    /// Unique in the customer's file.
    pub id: Str,
    /// The person's name.
    pub name: Str,
    /// Every key but `dates`, in the file's order.
    pub keys: Vec<(&'static str, Value<'static>)>,
    /// `dates`: (name, date as written).
    pub dates: Vec<(Str, Str)>,
    /// Line of its `[[contacts]]`.
    pub line: u32,
}

impl Contact {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Value<'static> {
        get(&self.keys, key)
    }
    /// The text of a key; empty when missing.
    pub fn text(&self, key: &str) -> &str {
        text(&self.keys, key)
    }
    /// The day on which the person left, if so.
    pub fn left(&self) -> Option<Day> {
        match self.get("left") {
            Value::Day(d) => Some(d),
            _ => None,
        }
    }
    /// Who follows it; `None` where it has no `owner`.
    pub fn followed(&self) -> Option<Followed> {
        let owner = match self.get("owner") {
            Value::Text(Cow::Borrowed(owner)) if !owner.is_empty() => owner,
            _ => return None,
        };
        Some(Followed { contact: self.id, name: self.name, owner, left: self.left() })
    }
}

/// A contact that has an `owner`, who need not be the customer's (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// Its id in the customer's file.
    pub contact: Str,
    /// What it is called.
    pub name: Str,
    /// The member who follows it.
    pub owner: Str,
    /// The day from which it is no longer there.
    pub left: Option<Day>,
}

impl Followed {
    /// Whether the contact is still there on a day.
    pub fn is_there(&self, day: Day) -> bool {
        self.left.is_none_or(|left| left > day)
    }
}

/// The rest of a customer's file, which few questions are about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rest {
    /// Other names, for search.
    pub aliases: Vec<Str>,
    /// Ids it had before a rename or a merge.
    pub former_ids: Vec<Str>,
    /// Every other plain key, in the file's order.
    pub keys: Vec<(&'static str, Value<'static>)>,
    /// `[fields]`: the company's own.
    pub fields: Vec<(Str, Value<'static>)>,
    /// Where they stand, by name.
    pub fields_by_name: ById,
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// Where they stand, by id.
    pub contacts_by_id: ById,
    /// Line of each top-level key, for places in messages.
    pub lines: Vec<(&'static str, u32)>,
}

impl Rest {
    /// The value of a plain key.
    pub fn get(&self, key: &str) -> Value<'static> {
        get(&self.keys, key)
    }
    /// The text of a plain key; empty when missing.
    pub fn text(&self, key: &str) -> &str {
        text(&self.keys, key)
    }
}

/// Reads the rest of a customer when it is asked for.
pub trait Reread: fmt::Debug + Send + Sync {
    /// Reads the rest from the text of a customer's file that has no findings.
    fn rest(&'static self, text: Str, file: Str) -> Rest;
}

/// Fetches the text of a customer's file that is not in memory.
pub trait Fetch: fmt::Debug + Send + Sync {
    /// The rest of the customer with a number.
    fn rest(&'static self, number: u32, file: Str) -> Rest;
}

/// Where the rest of a customer comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The text of its file, and who reads it.
    Text(Str, &'static dyn Reread),
    /// Elsewhere, under a number.
    Kept(u32, &'static dyn Fetch),
}

impl Source {
    fn rest(self, file: Str) -> Rest {
        match self {
            Source::Text(text, by) => by.rest(text, file),
            Source::Kept(number, by) => by.rest(number, file),
        }
    }
}

/// A company or person we sell to.
///
/// A customer of whom only the id is known takes little room: reports that group by customer hold a hundred thousand of
/// them. Everything else stands in its [`Head`], whose fields are read as the customer's own.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Its id: the file's name without `.toml`.
    pub id: Str,
    /// Path of its file, relative to the data directory.
    pub file: Str,
    head: Option<Box<Head>>,
}

/// What is known of a customer whose file was read.
#[derive(Debug, Clone)]
pub struct Head {
    /// What it is called.
    pub name: Str,
    /// Day on which the file was made.
    pub created: Option<Day>,
    /// Where it stands in its life cycle.
    pub stage: Str,
    /// Whether it is closed (sleeps).
    pub closed: bool,
    /// Due again on this day, when closed.
    pub closed_until: Option<Day>,
    /// Who follows it; empty = in the pool.
    pub owner: Str,
    /// Empty = not graded.
    pub grade: Str,
    /// Last day of a grade set by hand.
    pub grade_until: Option<Day>,
    /// Level before the first order; empty = none.
    pub intent: Str,
    /// Its own follow-up cycle.
    pub contact_every: Option<Span>,
    /// Whether it has former ids.
    pub renamed: bool,
    /// The contacts that have an `owner`, in the file's order.
    pub followed: Vec<Followed>,
    rest: OnceLock<Box<Rest>>,
    source: Option<Source>,
}

impl Head {
    const fn new() -> Head {
        Head {
            name: "",
            created: None,
            stage: "",
            closed: false,
            closed_until: None,
            owner: "",
            grade: "",
            grade_until: None,
            intent: "",
            contact_every: None,
            renamed: false,
            followed: Vec::new(),
            rest: OnceLock::new(),
            source: None,
        }
    }
}

static NO_HEAD: Head = Head::new();

impl Deref for Customer {
    type Target = Head;
    fn deref(&self) -> &Head {
        self.head.as_deref().unwrap_or(&NO_HEAD)
    }
}

impl DerefMut for Customer {
    fn deref_mut(&mut self) -> &mut Head {
        self.head.get_or_insert_with(|| Box::new(Head::new()))
    }
}

impl PartialEq for Customer {
    fn eq(&self, other: &Customer) -> bool {
        let texts = |c: &Customer| [c.id, c.file, c.name, c.stage, c.owner, c.grade, c.intent];
        let days = |c: &Customer| (c.created, c.closed, c.closed_until, c.grade_until, c.contact_every, c.renamed);
        let same = texts(self) == texts(other) && days(self) == days(other) && self.followed == other.followed;
        same && self.rest() == other.rest()
    }
}

static NO_REST: Rest = Rest {
    aliases: Vec::new(),
    former_ids: Vec::new(),
    keys: Vec::new(),
    fields: Vec::new(),
    fields_by_name: ById::new(),
    contacts: Vec::new(),
    contacts_by_id: ById::new(),
    lines: Vec::new(),
};

impl Customer {
    /// An empty customer of an id.
    pub const fn new(id: Str, file: Str) -> Customer {
        Customer { id, file, head: None }
    }

    /// Says where the rest comes from.
    pub fn set_source(&mut self, source: Source) {
        self.source = Some(source);
    }

    /// What else stands in its file; read when it is first asked for.
    pub fn rest(&self) -> &Rest {
        match (&self.source, self.rest.get()) {
            (_, Some(rest)) => rest,
            (Some(source), None) => self.rest.get_or_init(|| Box::new(source.rest(self.file))),
            (None, None) => &NO_REST,
        }
    }

    /// The same for a question to very many customers: what was not read yet is read for it, and not kept.
    pub fn look<R>(&self, ask: impl FnOnce(&Rest) -> R) -> R {
        match (&self.source, self.rest.get()) {
            (_, Some(rest)) => ask(rest),
            (Some(source), None) => ask(&source.rest(self.file)),
            (None, None) => ask(&NO_REST),
        }
    }

    /// The same, to be changed.
    pub fn rest_mut(&mut self) -> &mut Rest {
        if self.rest.get().is_none() {
            let rest = self.rest().clone();
            self.rest = OnceLock::from(Box::new(rest));
        }
        // It was put there just now.
        self.rest.get_mut().map_or_else(|| unreachable!(), |rest| &mut **rest)
    }

    /// `active` or `closed`.
    pub fn status(&self) -> Str {
        if self.closed { "closed" } else { "active" }
    }

    /// The value of one of the five decisions; empty = none.
    pub fn decision(&self, name: &str) -> Str {
        match name {
            "stage" => self.stage,
            "status" => self.status(),
            "owner" => self.owner,
            "grade" => self.grade,
            "intent" => self.intent,
            _ => "",
        }
    }

    /// Sets one of the five decisions.
    pub fn set_decision(&mut self, name: &str, value: Str) {
        match name {
            "stage" => self.stage = value,
            "status" => self.closed = value == "closed",
            "owner" => self.owner = value,
            "grade" => self.grade = value,
            "intent" => self.intent = value,
            _ => {}
        }
    }

    /// The value of any key of [`CUSTOMER_KEYS`].
    pub fn get(&self, key: &str) -> Value<'_> {
        match key {
            "id" => Value::text(self.id),
            "name" => Value::text(self.name),
            "aliases" => list(&self.rest().aliases),
            "former_ids" => list(&self.rest().former_ids),
            "created" => Value::day(self.created),
            "closed_until" => Value::day(self.closed_until),
            "grade_until" => Value::day(self.grade_until),
            "stage" | "status" | "owner" | "grade" | "intent" => Value::text(self.decision(key)),
            _ => get(&self.rest().keys, key),
        }
    }

    /// The text of a key that is no list; empty when missing.
    pub fn text(&self, key: &str) -> &str {
        text(&self.rest().keys, key)
    }

    /// The value of an own field.
    pub fn own(&self, name: &str) -> Value<'static> {
        let rest = self.rest();
        rest.fields_by_name.find(&rest.fields, name, |f| f.0).map_or(Value::Missing, |(_, v)| v.clone())
    }

    /// The contact of an id.
    pub fn contact(&self, id: &str) -> Option<&Contact> {
        let rest = self.rest();
        rest.contacts_by_id.find(&rest.contacts, id, |c| c.id)
    }

    /// The line on which a key stands; 0 when it is not there.
    pub fn line_of(&self, key: &str) -> u32 {
        self.rest().lines.iter().find(|(k, _)| *k == key).map_or(0, |(_, l)| *l)
    }
}

fn list(items: &[Str]) -> Value<'static> {
    if items.is_empty() { Value::Missing } else { Value::List(items.iter().map(|s| Cow::Borrowed(*s)).collect()) }
}

fn get(keys: &[(&'static str, Value<'static>)], key: &str) -> Value<'static> {
    keys.iter().find(|(k, _)| *k == key).map_or(Value::Missing, |(_, v)| v.clone())
}

fn text<'a>(keys: &'a [(&'static str, Value<'static>)], key: &str) -> &'a str {
    match keys.iter().find(|(k, _)| *k == key) {
        Some((_, Value::Text(t))) => t,
        _ => "",
    }
}

/// Whether text is a key of payment terms: `prepaid`, `cod`, `net<days>`, `eom<days>`, `eom<days>+<day of month>`.
pub fn is_terms(s: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.len() <= 3 && t.bytes().all(|b| b.is_ascii_digit());
    match s {
        "prepaid" | "cod" => true,
        _ => {
            s.strip_prefix("net").is_some_and(digits)
                || s.strip_prefix("eom").is_some_and(|rest| match rest.split_once('+') {
                    Some((days, day)) => {
                        digits(days) && digits(day) && day.parse::<u32>().is_ok_and(|d| (1..=31).contains(&d))
                    }
                    None => digits(rest),
                })
        }
    }
}

/// Whether text is a birthday: a date, `MM-DD`, or a lunar one (`农历1980-02-30`, `农历08-15`, `农历1979-闰06-15`).
pub fn is_birthday(s: &str) -> bool {
    use super::day::parse_day;
    if parse_day(s).is_some() {
        return true;
    }
    if let Some(lunar) = s.strip_prefix("农历") {
        let rest = match lunar.split_once('-') {
            Some((year, rest)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => rest,
            _ => lunar,
        };
        let rest = rest.strip_prefix('闰').unwrap_or(rest);
        return month_day(rest).is_some_and(|(m, d)| (1..=12).contains(&m) && (1..=30).contains(&d));
    }
    // A leap year, so that 02-29 is a birthday too.
    month_day(s).is_some_and(|_| parse_day(&format!("2024-{s}")).is_some())
}

/// Month and day of `MM-DD`.
pub fn month_day(s: &str) -> Option<(u32, u32)> {
    let b = s.as_bytes();
    if b.len() != 5 || b[2] != b'-' || !s.is_ascii() {
        return None;
    }
    let two = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u32>().ok()).flatten();
    Some((two(&s[..2])?, two(&s[3..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_birthdays() {
        let check = |s: &str, expected: bool| assert_eq!(is_terms(s), expected, "{s}");
        check("prepaid", true);
        check("net30", true);
        check("eom60+25", true);
        check("eom60+32", false);
        check("net", false);
        check("eom", false);
        let check = |s: &str, expected: bool| assert_eq!(is_birthday(s), expected, "{s}");
        check("1980-05-02", true);
        check("05-02", true);
        check("02-29", true);
        check("02-30", false);
        check("农历1980-02-30", true);
        check("农历08-15", true);
        check("农历1979-闰06-15", true);
        check("农历13-01", false);
        check("农历1980x02-30", false);
        check("农历", false);
        check("五月", false);
    }
}
