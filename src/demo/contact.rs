//! The contacts with a customer: which days, by whom, and what was written.

use super::calendar::{Calendar, instant, is_worked, plus};
use super::cast::{Cast, Line};
use super::catalog;
use super::life::Life;
use super::rng::Rng;
use super::tables::Tables;
use super::words;
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// How the story goes on after the last contact.
enum End {
    /// A promise for a day.
    Promise(Day),
    /// No promise: the customer is due by its cycle.
    Cycle,
    /// Nothing; closed, in the pool, or forgotten.
    Quiet,
}

/// A contact that is planned.
struct Planned<'a> {
    day: Day,
    beat: Option<&'a Line>,
    /// Must reach the customer.
    firm: bool,
    /// Nobody answers.
    one_way: bool,
}

/// Decks of notes, each gone through in an order of the customer's own.
struct Decks {
    decks: Vec<(&'static [&'static str], Vec<usize>, usize)>,
}

impl Decks {
    fn new() -> Decks {
        Decks { decks: Vec::new() }
    }
    fn draw(&mut self, notes: &'static [&'static str], rng: &mut Rng) -> &'static str {
        let n = self.decks.iter().position(|d| std::ptr::eq(d.0, notes)).unwrap_or_else(|| {
            let mut order: Vec<usize> = (0..notes.len()).collect();
            rng.shuffle(&mut order);
            self.decks.push((notes, order, 0));
            self.decks.len() - 1
        });
        let deck = &mut self.decks[n];
        let note = deck.0[deck.1[deck.2 % deck.1.len()]];
        deck.2 += 1;
        note
    }
}

/// The last contact's day and what follows from it; `None` when nobody ever called.
fn ending(cast: &Cast, life: &Life, calendar: &Calendar) -> Option<(Day, End)> {
    let ago = |n: i64| calendar.back(plus(calendar.today, -n)).max(life.created);
    match cast.word("end", 0) {
        "promise" => {
            let last = ago(cast.number("end", 1));
            let ahead = cast.number("end", 2);
            let mut next = plus(calendar.today, ahead);
            while ahead > 0 && !is_worked(next) {
                next = plus(next, 1);
            }
            while ahead < 0 && !is_worked(next) && plus(next, -1) > last {
                next = plus(next, -1);
            }
            Some((last, End::Promise(next)))
        }
        "cycle" => Some((ago(life.cycle(cast, calendar.today) - cast.number("end", 1)), End::Cycle)),
        "quiet" => Some((ago(cast.number("end", 1)), End::Quiet)),
        _ => None,
    }
}

/// The days of all contacts, in order.
fn plan<'a>(cast: &'a Cast, life: &Life, calendar: &Calendar, last: Day, rng: &mut Rng) -> Vec<Planned<'a>> {
    let mut days: Vec<Planned<'a>> = Vec::new();
    for beat in cast.all("beat") {
        let day = calendar.ago(beat.number(0));
        if day <= last {
            days.push(Planned {
                day,
                beat: Some(beat),
                firm: true,
                one_way: matches!(beat.word(3), "none" | "no-answer"),
            });
        }
    }
    for day in life.advances().filter(|d| *d <= last) {
        if !days.iter().any(|p| p.day == day) {
            days.push(Planned { day, beat: None, firm: true, one_way: false });
        }
    }
    if !days.iter().any(|p| p.day == last) {
        days.push(Planned { day: last, beat: None, firm: true, one_way: false });
    }
    let fixed: Vec<Day> = days.iter().map(|p| p.day).collect();
    let mut day = calendar.snap(plus(life.created, rng.range(0, 1)));
    let mut reached = false;
    while day < last {
        let near = fixed.iter().any(|f| (*f - day).num_days().abs() < 3);
        if life.worked_on(day) && !near {
            let one_way = reached && rng.chance(17);
            days.push(Planned { day, beat: None, firm: false, one_way });
            reached = true;
        }
        let gap = (life.cycle(cast, day) * rng.range(118, 215) / 100).max(4);
        day = calendar.snap(plus(day, gap)).max(plus(day, 1));
    }
    days.sort_by_key(|p| p.day);
    days
}

/// Writes the activities of a customer.
pub(super) fn write(cast: &Cast, life: &Life, calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    let Some((last, end)) = ending(cast, life, calendar) else { return };
    let days = plan(cast, life, calendar, last, rng);
    let mut decks = Decks::new();
    for (n, planned) in days.iter().enumerate() {
        let day = planned.day;
        let is_last = n + 1 == days.len();
        let owner = life.owner_on(day);
        if owner.is_empty() {
            continue;
        }
        let one_way = planned.one_way || is_last && matches!(end, End::Quiet) && planned.beat.is_none();
        let calm = |m: usize| days.get(m).is_none_or(|p| (p.day - day).num_days().abs() > 8);
        let service = !planned.firm
            && !cast.abroad()
            && !one_way
            && life.first_order().is_some_and(|f| f < day)
            && n > 0
            && calm(n - 1)
            && calm(n + 1)
            && rng.chance(12);
        let (by, note) = match planned.beat {
            Some(beat) => (if beat.text(0).starts_with("高远") { "gao" } else { owner }, None),
            None if service => ("gao", Some(decks.draw(words::SERVICE, rng))),
            None => (owner, Some(decks.draw(situation(cast, life, day, one_way, rng), rng))),
        };
        let (channel, purpose, outcome, signal, text) = match (planned.beat, note) {
            (Some(b), _) => (b.word(1), b.word(2), b.word(3), b.word(4), b.text(0).to_string()),
            (None, Some(note)) => {
                let mut parts = note.splitn(5, '|');
                let mut part = || parts.next().unwrap_or("");
                let (purpose, outcome, signal) = (part(), part(), part());
                let channels: Vec<&str> = part().split(',').collect();
                (*rng.pick(&channels), purpose, outcome, signal, part().to_string())
            }
            (None, None) => continue,
        };
        let contact = who(cast, calendar, day, rng);
        let text = fill(&text, cast, calendar, day, contact, rng);
        let direction = match (channel, one_way) {
            (_, true) => "out",
            ("call" | "wechat" | "wecom", false) if text.contains("来电") || rng.chance(16) => "in",
            _ => "both",
        };
        let next = if is_last {
            match end {
                End::Promise(next) => Some(next),
                End::Cycle | End::Quiet => None,
            }
        } else {
            promise(&days, n, one_way, calendar, rng)
        };
        let was = cast.whole("was");
        let minute = if rng.chance(50) { rng.range(580, 710) } else { rng.range(800, 980) };
        let customer = if !was.is_empty() && day < plus(calendar.today, -450) { was } else { cast.id };
        tables.add(
            Ledger::Activities,
            by,
            day,
            &[
                ("id", &rng.id(Ledger::Activities.prefix())),
                ("at", &instant(day, minute)),
                ("customer", customer),
                ("contact", contact.map_or("", |c| c.word(0))),
                ("by", by),
                ("channel", channel),
                ("purpose", purpose),
                ("direction", direction),
                ("outcome", outcome),
                ("signal", signal),
                ("next", &next.map(|d| d.to_string()).unwrap_or_default()),
                ("note", &text),
            ],
        );
    }
}

/// A day promised for the next contact that reaches the customer: mostly kept, sometimes a little late.
fn promise(days: &[Planned<'_>], n: usize, one_way: bool, calendar: &Calendar, rng: &mut Rng) -> Option<Day> {
    if one_way || !rng.chance(48) {
        return None;
    }
    let kept = days[n + 1..].iter().find(|p| !p.one_way)?.day;
    let late = if rng.chance(25) { rng.range(1, 5) } else { 0 };
    let day = plus(kept, -late);
    // Nobody promises more than two months ahead.
    ((day - days[n].day).num_days() > 0 && (day - days[n].day).num_days() < 60 && day <= calendar.last).then_some(day)
}

/// The notes that fit the customer on a day.
fn situation(cast: &Cast, life: &Life, day: Day, one_way: bool, rng: &mut Rng) -> &'static [&'static str] {
    if one_way {
        return if cast.abroad() { words::EN_ONE_WAY } else { words::ONE_WAY };
    }
    match (life.state_on("stage", day), cast.abroad()) {
        ("lead", false) => words::LEAD,
        ("lead", true) => words::EN_LEAD,
        ("prospect", false) => words::PROSPECT,
        ("prospect", true) => words::EN_PROSPECT,
        ("first-order", false) => words::NEW,
        (_, true) => words::EN_REPEAT,
        _ if matches!(cast.word("pay", 0), "slow" | "bad" | "default") && rng.chance(13) => words::COLLECT,
        _ => words::REPEAT,
    }
}

/// One of the customer's people who is there on that day, mostly the first.
fn who<'a>(cast: &'a Cast, calendar: &Calendar, day: Day, rng: &mut Rng) -> Option<&'a Line> {
    let here: Vec<&Line> = cast
        .all("contact")
        .filter(|c| {
            let left = c.text(2).split_whitespace().find_map(|o| o.strip_prefix("left="));
            left.and_then(|t| t.parse::<i64>().ok()).is_none_or(|ago| day <= calendar.ago(ago))
        })
        .collect();
    let first = here.first().copied();
    if here.len() > 1 && rng.chance(35) { Some(here[1 + rng.below(here.len() - 1)]) } else { first }
}

/// Puts products, people and numbers into a note.
fn fill(text: &str, cast: &Cast, calendar: &Calendar, day: Day, contact: Option<&Line>, rng: &mut Rng) -> String {
    let mut categories = cast.items("buys");
    categories.retain(|c| *c != "service");
    if categories.is_empty() {
        categories = vec!["sensor", "controller", "drive"];
    }
    let products = catalog::on_sale(calendar, day, &categories);
    let product = if products.is_empty() { "样品" } else { rng.pick(&products).0.name };
    let product = if cast.abroad() { catalog::english(product) } else { product };
    let name = contact.map_or_else(String::new, |c| {
        let words = &c.words[1..];
        // People abroad go by their first names.
        if cast.abroad() { words.first().map_or_else(String::new, |w| (*w).to_string()) } else { words.join("") }
    });
    text.replace("{p}", product).replace("{c}", &name).replace("{n}", &rng.range(2, 24).to_string())
}
