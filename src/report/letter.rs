//! What templates of messages are given: texts for people, days and amounts as the language writes them. A key is always there;
//! what is not known is empty.

use super::fields::{hours, listed};
use super::today::lines;
use crate::i18n::{Lang, values};
use crate::model::book::Reads;
use crate::model::customer::Contact;
use crate::model::day::{At, Day};
use crate::model::ledger::SettingList;
use crate::model::money::{Decimal, Sum, shown};
use crate::model::settings::Settings;
use crate::model::team::Member;
use crate::rules::complaints::{Complaint, queue};
use crate::rules::engine::index::Index;
use crate::store::cells::unescape_note;
use chrono::Datelike;

/// A value of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Var {
    /// Empty = not known, or no.
    Text(String),
    /// Several values.
    List(Vec<Var>),
    /// Values with names.
    Map(Vec<(&'static str, Var)>),
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A complaint, to whoever complained.
    Complaint,
    /// A complaint, to a member of the team.
    Alarm,
    /// A customer, to one of its contacts.
    Customer,
    /// A member of the team.
    Member,
}

/// What the message of a name is about.
pub fn about(name: &str) -> About {
    match name {
        "complaint-alarm" => About::Alarm,
        "day" | "late-complaints" => About::Member,
        name if name.starts_with("complaint-") => About::Complaint,
        _ => About::Customer,
    }
}

/// What the values of a message are put together from.
pub fn reads(name: &str, settings: &Settings, today: Day) -> Reads {
    let complaints = crate::rules::complaints::READS;
    match name {
        "day" => super::today::reads(settings, today),
        "payment" => super::today::READS,
        "care" | "survey" => Reads { customers: true, ..Reads::NOTHING },
        // The queue is ordered by what is at risk.
        "late-complaints" => complaints.and(super::today::READS),
        _ => complaints,
    }
}

fn text(text: impl Into<String>) -> Var {
    Var::Text(text.into())
}

/// A day as the language writes it.
pub fn day(lang: Lang, day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[day.month0() as usize % 12];
    lang.pick(
        format!("{} {month} {}", day.day(), day.year()),
        format!("{}年{}月{}日", day.year(), day.month(), day.day()),
    )
}

/// An instant to the minute.
fn minute(lang: Lang, index: &Index<'_>, at: At) -> String {
    let local = index.book.settings.tz.local(at.utc);
    format!("{} {}", day(lang, local.date_naive()), local.format("%H:%M"))
}

/// An amount as the language writes it: `CNY 1,234.50`, `1,234.50 元`.
pub fn money(lang: Lang, amount: Decimal, currency: &str) -> String {
    let plain = shown(amount, currency);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').map_or((digits, String::new()), |(w, p)| (w, format!(".{p}")));
    let mut grouped = String::new();
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    let number = format!("{sign}{grouped}{part}");
    let yuan = lang == Lang::ZhCn && currency == "CNY";
    if yuan {
        format!("{number} 元")
    } else {
        lang.pick(format!("{currency} {number}"), format!("{number} {currency}"))
    }
}

/// What every message is given.
pub fn common(
    settings: &Settings,
    sender: &Member,
    to: (&str, &str),
    today: Day,
    note: &str,
    lang: Lang,
) -> Vec<(&'static str, Var)> {
    let name = if sender.name.is_empty() { sender.id } else { sender.name };
    let email = sender.email.first().copied().unwrap_or_default();
    vec![
        ("company", text(settings.file.name.as_str())),
        ("sender", Var::Map(vec![("id", text(sender.id)), ("name", text(name)), ("email", text(email))])),
        ("to", Var::Map(vec![("name", text(to.0)), ("email", text(to.1))])),
        ("today", text(day(lang, today))),
        ("note", text(note)),
    ]
}

/// A complaint.
pub fn complaint(index: &Index<'_>, c: &Complaint<'_>, lang: Lang) -> Var {
    let (book, settings) = (index.book, &index.book.settings);
    let cell = |name: &str| text(unescape_note(c.entry(name)));
    let customer = c.customer().map(|n| &book.customers[n]);
    let person = |id: &str| text(if id.is_empty() { "" } else { book.team.name(id) }.to_string());
    let due = c.clock.due.map(|at| minute(lang, index, At::of_instant(at, settings.tz))).unwrap_or_default();
    let left = c.clock.remaining().filter(|_| c.is_open()).map(|s| hours(s).to_string()).unwrap_or_default();
    Var::Map(vec![
        ("id", text(c.id())),
        ("day", text(day(lang, c.made().day))),
        ("customer", text(customer.map_or(c.entry("customer"), |x| x.name))),
        ("owner", person(customer.map_or("", |x| x.owner))),
        ("handler", person(c.handler())),
        ("product", cell("product")),
        ("order", cell("order")),
        ("category", text(listed(lang, settings, SettingList::ComplaintCategories, c.entry("category")))),
        ("severity", text(values::value(lang, "severity", c.entry("severity")))),
        ("text", cell("text")),
        ("cause", cell("cause")),
        ("handling", text(unescape_note(c.handling()))),
        ("state", text(values::value(lang, "complaint_state", c.state()))),
        ("due", text(due)),
        ("hours_left", text(left)),
        ("late", text(if c.is_late() { "yes" } else { "" })),
    ])
}

/// A customer and one of its contacts.
pub fn customer(index: &Index<'_>, n: usize, contact: Option<&Contact>) -> Vec<(&'static str, Var)> {
    let (book, c) = (index.book, &index.book.customers[n]);
    let owner = if c.owner.is_empty() { "" } else { book.team.name(c.owner) };
    let key = |key: &str| text(contact.map_or("", |p| p.text(key)));
    vec![
        ("customer", Var::Map(vec![("id", text(c.id)), ("name", text(c.name)), ("owner", text(owner))])),
        (
            "contact",
            Var::Map(vec![("id", key("id")), ("name", text(contact.map_or("", |p| p.name))), ("title", key("title"))]),
        ),
    ]
}

/// What a customer owes and is due; `None` when that is nothing.
pub fn debts(index: &Index<'_>, n: usize, lang: Lang) -> Option<Vec<(&'static str, Var)>> {
    let today = index.book.today;
    let (mut list, mut sums) = (Vec::new(), Vec::new());
    for account in index.accounts_of(n) {
        let open = account.receivables.iter().filter(|r| r.due <= today && r.open > Decimal::ZERO);
        let open: Vec<_> = open.collect();
        if open.is_empty() {
            continue;
        }
        let sum = Sum::of(open.iter().map(|r| r.open)).known();
        sums.push(sum.map(|sum| money(lang, sum, account.currency)).unwrap_or_default());
        list.extend(open.into_iter().map(|r| {
            let days = (today - r.due).num_days();
            Var::Map(vec![
                ("id", text(r.id)),
                ("amount", text(money(lang, r.open, account.currency))),
                ("due", text(day(lang, r.due))),
                ("days_overdue", text(if days > 0 { days.to_string() } else { String::new() })),
            ])
        }));
    }
    let owed = sums.join(lang.pick(", ", "、"));
    (!list.is_empty()).then(|| vec![("debts", Var::List(list)), ("owed", text(owed))])
}

/// The day of a member; `None` when there is nothing to do.
pub fn today(index: &Index<'_>, who: &str, lang: Lang) -> Option<Vec<(&'static str, Var)>> {
    let book = index.book;
    let (mut items, mut groups): (Vec<Var>, Vec<(&str, Vec<Var>)>) = Default::default();
    for line in lines(index, Some(who), 0, lang) {
        let item = &line.item;
        let section = item.section;
        let var = Var::Map(vec![
            ("section", text(values::value(lang, "section", section))),
            ("customer", text(item.customer.map_or("", |n| book.customers[n].name))),
            ("what", text(item.what.as_str())),
            ("due", text(item.due.map(|d| day(lang, d)).unwrap_or_default())),
        ]);
        items.push(var.clone());
        match groups.iter_mut().find(|(known, _)| *known == section) {
            Some((_, list)) => list.push(var),
            None => groups.push((section, vec![var])),
        }
    }
    let group = |(section, list)| {
        Var::Map(vec![("name", text(values::value(lang, "section", section))), ("list", Var::List(list))])
    };
    let groups: Vec<Var> = groups.into_iter().map(group).collect();
    (!items.is_empty()).then(|| vec![("items", Var::List(items)), ("groups", Var::List(groups))])
}

/// The late complaints of which a member is told (R11), in the order of the queue; `None` when there are none.
pub fn late(index: &Index<'_>, who: &str, lang: Lang) -> Option<Vec<(&'static str, Var)>> {
    let all = index.complaints();
    let own = all.all().iter().filter(|c| c.is_late() && c.alarmed().contains(&who));
    let ids = queue(index, own.map(|c| c.id()));
    let list: Vec<Var> = ids.into_iter().filter_map(|id| all.get(id)).map(|c| complaint(index, c, lang)).collect();
    (!list.is_empty()).then(|| vec![("complaints", Var::List(list))])
}

/// Keys of a complaint.
const COMPLAINT: &[&str] = &[
    "id",
    "day",
    "customer",
    "owner",
    "handler",
    "product",
    "order",
    "category",
    "severity",
    "text",
    "cause",
    "handling",
    "state",
    "due",
    "hours_left",
    "late",
];

/// Values that a message could be given: what `check` fills templates with. `full` = everything is known, else what can be empty is.
pub fn sample(name: &str, full: bool) -> Var {
    let all = |keys: &[&'static str]| Var::Map(keys.iter().map(|k| (*k, text(if full { *k } else { "" }))).collect());
    let list = |keys: &[&'static str]| Var::List(vec![all(keys), all(keys)]);
    let mut out = vec![
        ("company", text("company")),
        ("sender", all(&["id", "name", "email"])),
        ("to", all(&["name", "email"])),
        ("today", text("today")),
        ("note", text(if full { "note" } else { "" })),
    ];
    match about(name) {
        About::Alarm => out.push(("complaint", all(COMPLAINT))),
        About::Complaint => {
            out.push(("complaint", all(COMPLAINT)));
            out.extend([("customer", all(&["id", "name", "owner"])), ("contact", all(&["id", "name", "title"]))]);
        }
        About::Customer => {
            out.extend([("customer", all(&["id", "name", "owner"])), ("contact", all(&["id", "name", "title"]))]);
            if name == "payment" {
                out.extend([("debts", list(&["id", "amount", "due", "days_overdue"])), ("owed", text("owed"))]);
            }
        }
        About::Member if name == "day" => {
            let keys = ["section", "customer", "what", "due"];
            let group = Var::Map(vec![("name", text("name")), ("list", list(&keys))]);
            out.extend([("items", list(&keys)), ("groups", Var::List(vec![group]))]);
        }
        About::Member => out.push(("complaints", list(COMPLAINT))),
    }
    Var::Map(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::money::parse_decimal;

    #[test]
    fn days_and_amounts_are_those_of_the_language() {
        let check = |lang: Lang, amount: &str, currency: &str, expected: &str| {
            assert_eq!(money(lang, parse_decimal(amount).unwrap(), currency), expected);
        };
        check(Lang::En, "1234567.5", "CNY", "CNY 1,234,567.50");
        check(Lang::ZhCn, "1234.5", "CNY", "1,234.50 元");
        check(Lang::ZhCn, "-999", "USD", "-999.00 USD");
        check(Lang::En, "100000", "JPY", "JPY 100,000");
        let d = parse_day("2026-06-05").unwrap();
        assert_eq!((day(Lang::En, d), day(Lang::ZhCn, d)), ("5 June 2026".into(), "2026年6月5日".into()));
    }
}
