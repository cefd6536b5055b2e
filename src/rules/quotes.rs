//! R6: quotes: the versions that their lines make, the version that counts, its state and its amounts.

use super::entry::{Entry, Line, Terms, line};
use super::prices::Prices;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::fold::{Fold, fold_led};
use crate::model::id::check_row_id;
use crate::model::ledger::Ledger;
use crate::model::ledger::event::Effect;
use crate::model::ledger::events_of;
use crate::model::money::{Decimal, multiply};
use crate::model::order::QuoteLine;
use crate::model::row::Event;
use crate::model::{Map, Str};
use std::collections::HashMap;

/// Where a quote stands. Nothing of it is stored: it follows from the events, the versions and the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Made, or made anew, and not sent since.
    Draft,
    /// The customer has it.
    Sent,
    /// An order was made of it.
    Accepted,
    /// The customer does not want it.
    Declined,
    /// Its last day is over, and nobody has decided.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: &'static [State] = &[State::Draft, State::Sent, State::Accepted, State::Declined, State::Expired];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sent => "sent",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Expired => "expired",
        }
    }
    /// Whether the customer may still accept it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Draft | State::Sent)
    }
}

/// A version of a quote: the lines that were offered at one time.
#[derive(Debug, Clone)]
pub struct Version<'a> {
    /// From 1; lines without a number are of version 1.
    pub number: u32,
    /// When it was made.
    pub at: At,
    /// By number; never empty.
    pub lines: Vec<&'a QuoteLine>,
}

impl<'a> Version<'a> {
    /// The line that stands for what all lines share.
    pub fn head(&self) -> &'a QuoteLine {
        self.lines[0]
    }
    /// The last day on which it may be accepted; `None` = it does not end.
    pub fn valid_until(&self) -> Option<Day> {
        self.lines.iter().filter_map(|l| l.valid_until).min()
    }
    /// The lines as they would be entered into an order.
    pub fn entries(&self) -> Vec<Entry> {
        self.lines.iter().map(|l| entry(l)).collect()
    }
    /// Its amounts with the tax rates and standard costs of a day.
    pub fn amounts(&self, prices: &Prices<'_>, settings: &crate::model::settings::Settings, day: Day) -> Amounts {
        let lines: Vec<Option<Line>> = self.lines.iter().map(|l| worked_out(prices, settings, l, day)).collect();
        let sum = |f: &dyn Fn(&Line) -> Option<Decimal>| -> Option<Decimal> {
            lines.iter().try_fold(Decimal::ZERO, |sum, l| sum.checked_add(f(l.as_ref()?)?))
        };
        Amounts { net: sum(&|l| Some(l.net)), tax: sum(&|l| Some(l.tax)), cost: sum(&|l| l.cost) }
    }
}

/// What a version comes to, in its currency; `None` = something of it is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// Without tax.
    pub net: Option<Decimal>,
    /// The tax, rounded for each line.
    pub tax: Option<Decimal>,
    /// By standard cost.
    pub cost: Option<Decimal>,
}

impl Amounts {
    /// Net and tax.
    pub fn total(&self) -> Option<Decimal> {
        self.net?.checked_add(self.tax?)
    }
    /// Net − cost.
    pub fn profit(&self) -> Option<Decimal> {
        self.net?.checked_sub(self.cost?)
    }
    /// Profit / net; `None` for a net of 0.
    pub fn margin(&self) -> Option<Decimal> {
        let net = self.net.filter(|n| !n.is_zero())?;
        self.profit()?.checked_div(net)
    }
}

fn entry(l: &QuoteLine) -> Entry {
    Entry {
        product: l.product.into(),
        quantity: l.quantity,
        price: l.price,
        discount: l.discount,
        note: l.note.into(),
        ..Entry::default()
    }
}

/// A line with its tax and cost of a day; `None` when quantity or price are missing.
pub fn worked_out(
    prices: &Prices<'_>,
    settings: &crate::model::settings::Settings,
    l: &QuoteLine,
    day: Day,
) -> Option<Line> {
    // A price that was never written down was never quoted.
    let (Some(_), Some(_)) = (l.quantity, l.price) else { return None };
    line(prices, Terms { day, currency: l.currency, tax_rate: None }, &entry(l), settings).ok()
}

/// The events of a quote but those that only tell. Those that lead to what they are called make one chain, which begins with `draft`; the others
/// are not applied.
pub fn chain(events: &[Event]) -> (Fold, Vec<Event>) {
    let is_told = |e: &Event| events_of(e.kind()).iter().any(|s| s.name == e.event() && s.effect == Effect::Tells);
    let turned: Vec<Event> = events.iter().copied().filter(|e| !is_told(e)).collect();
    fold_led(&Ledger::Quotes.events()[0], &turned)
}

/// A quote put together from its lines and events.
#[derive(Debug, Clone)]
pub struct Quote<'a> {
    /// Its id.
    pub id: Str,
    /// The customer's index, when the book has it.
    pub customer: Option<usize>,
    /// By number; never empty.
    pub versions: Vec<Version<'a>>,
    /// What its events come to; `None` without events.
    pub folded: Option<&'a Fold>,
    /// The amounts of the version that counts: while the quote is open with the rates and costs of today, afterwards
    /// with those of its own day.
    pub amounts: Amounts,
    current: usize,
}

impl<'a> Quote<'a> {
    fn new(book: &'a Book, prices: &Prices<'_>, mut lines: Vec<&'a QuoteLine>) -> Quote<'a> {
        lines.sort_by_key(|l| (version_number(l), l.line.parse::<u32>().unwrap_or(u32::MAX), l.place));
        let mut versions: Vec<Version<'a>> = Vec::new();
        for l in &lines {
            match versions.last_mut().filter(|v| v.number == version_number(l)) {
                Some(v) => v.lines.push(l),
                None => versions.push(Version { number: version_number(l), at: l.at, lines: vec![l] }),
            }
        }
        let folded = book.states.folded(Ledger::Quotes, lines[0].id, "state");
        let last = folded.and_then(|f| f.applied.last()).filter(|e| e.to() == State::Accepted.key());
        // What was accepted stays as it was, whatever was offered later.
        let accepted = last.and_then(|e| versions.iter().rposition(|v| v.at <= e.at()));
        let current = accepted.unwrap_or(versions.len() - 1);
        let (id, customer) = (lines[0].id, book.customer_index(lines[0].customer));
        let mut quote = Quote { id, customer, versions, folded, amounts: Amounts::default(), current };
        let version = quote.current();
        let day = if quote.state(book.today).is_open() { book.today } else { version.at.day };
        quote.amounts = version.amounts(prices, &book.settings, day);
        quote
    }

    /// The version that counts: the one that was accepted, else the newest.
    pub fn current(&self) -> &Version<'a> {
        &self.versions[self.current]
    }

    /// The state by the events alone, as the next event's `from` has it.
    pub fn decided(&self) -> Str {
        self.folded.map_or(State::Draft.key(), |f| f.value)
    }

    /// The event that brought the present state.
    pub fn last(&self) -> Option<Event> {
        self.folded?.applied.last().copied()
    }

    /// The state on a day. A version made after the last event has yet to be sent. A quote that nobody has decided when
    /// its last day is over has expired.
    pub fn state(&self, day: Day) -> State {
        let version = self.current();
        let last = self.last().filter(|e| version.at <= e.at());
        let state = match (self.decided(), last) {
            ("accepted", _) => State::Accepted,
            ("declined", Some(_)) => State::Declined,
            ("sent", Some(_)) => State::Sent,
            _ => State::Draft,
        };
        if state.is_open() && version.valid_until().is_some_and(|d| d < day) { State::Expired } else { state }
    }

    /// The order that was made of it, by the note of the event.
    pub fn order(&self) -> Option<Str> {
        let e = self.last().filter(|e| e.to() == State::Accepted.key())?;
        check_row_id(e.note()).is_ok().then_some(e.note())
    }

    /// The currency of the version that counts; `base` where it names none.
    pub fn currency<'b>(&self, base: &'b str) -> &'b str
    where
        'a: 'b,
    {
        Some(self.current().head().currency).filter(|c| !c.is_empty()).unwrap_or(base)
    }

    /// Its net in the base currency, by the rate of today while it is open, afterwards of its own day; `None` without one.
    pub fn net_in_base(&self, prices: &Prices<'_>, today: Day) -> Option<Decimal> {
        let version = self.current();
        let day = if self.state(today).is_open() { today } else { version.at.day };
        multiply(self.amounts.net?, prices.rate(version.head().currency, day)?)
    }

    /// When the newest of its versions was made.
    pub fn made(&self) -> At {
        self.versions.iter().map(|v| v.at).fold(self.current().at, At::max)
    }
}

fn version_number(l: &QuoteLine) -> u32 {
    l.version.parse().unwrap_or(1)
}

/// All quotes, by id and by customer.
#[derive(Debug, Default)]
pub struct Quotes<'a> {
    list: Vec<Quote<'a>>,
    by_id: HashMap<Str, usize>,
    by_customer: HashMap<usize, Vec<usize>>,
}

impl<'a> Quotes<'a> {
    /// Puts the lines of a book together. The book must hold the events too.
    pub fn new(book: &'a Book) -> Quotes<'a> {
        let prices = Prices::new(book);
        let mut places: HashMap<Str, usize> = HashMap::new();
        let mut groups: Vec<Vec<&QuoteLine>> = Vec::new();
        for l in &book.quotes {
            let n = *places.entry(l.id).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[n].push(l);
        }
        let mut list: Vec<Quote<'a>> = groups.into_iter().map(|lines| Quote::new(book, &prices, lines)).collect();
        list.sort_by(|a, b| a.current().at.cmp(&b.current().at).then(a.id.cmp(b.id)));
        let by_id = list.iter().enumerate().map(|(n, q)| (q.id, n)).collect();
        let mut by_customer: HashMap<usize, Vec<usize>> = HashMap::new();
        for (n, c) in list.iter().enumerate().filter_map(|(n, q)| Some((n, q.customer?))) {
            by_customer.entry(c).or_default().push(n);
        }
        Quotes { list, by_id, by_customer }
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Quote<'a>] {
        &self.list
    }

    /// The quote of an id.
    pub fn get(&self, id: &str) -> Option<&Quote<'a>> {
        self.by_id.get(id).map(|n| &self.list[*n])
    }

    /// A customer's quotes, oldest first.
    pub fn of(&self, customer: usize) -> impl Iterator<Item = &Quote<'a>> {
        self.by_customer.get(&customer).into_iter().flatten().map(|n| &self.list[*n])
    }
}

/// The day of the first quote for each need.
pub fn first_quotes(book: &Book) -> Map<Str, Day> {
    let mut out: Map<Str, Day> = Map::default();
    for l in book.quotes.iter().filter(|l| !l.need.is_empty()) {
        out.entry(l.need).and_modify(|day| *day = l.at.day.min(*day)).or_insert(l.at.day);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::columns::tests::segment;
    use crate::model::day::parse_day;
    use crate::model::place::RowPlace;
    use crate::model::settings::Settings;
    use crate::model::team::Team;
    use crate::model::zone::Zone;

    fn at(text: &str) -> At {
        At::parse(text, Zone::utc()).unwrap()
    }

    fn book(
        today: &str,
        versions: &[(&'static str, &str, &str)],
        events: &[(&str, &'static str, &'static str)],
    ) -> Book {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let settings = Settings::new(toml::from_str(text).unwrap()).0;
        let mut book = Book::new(parse_day(today).unwrap(), settings, Team::default());
        for (n, (version, made, until)) in versions.iter().enumerate() {
            let line: Str = Box::leak((n + 1).to_string().into_boxed_str());
            book.quotes.push(QuoteLine {
                currency: "",
                place: RowPlace::default(),
                id: "q",
                line,
                at: at(made),
                customer: "c",
                version,
                product: "",
                quantity: Some(Decimal::TWO),
                price: Some(Decimal::TEN),
                discount: None,
                valid_until: parse_day(until),
                deal: "",
                need: "",
                by: "",
                note: "",
            });
        }
        let rows: Vec<String> = (0..)
            .zip(events)
            .map(|(n, (when, from, to))| format!("e{n},{when},quote,q,{to},{from},{to},,,,,o1"))
            .collect();
        book.events.push(segment(Ledger::Events, &rows.iter().map(String::as_str).collect::<Vec<_>>()));
        book.settle();
        book
    }

    #[test]
    fn the_state_follows_from_events_versions_and_the_day() {
        type Versions = &'static [(&'static str, &'static str, &'static str)];
        type Events = &'static [(&'static str, &'static str, &'static str)];
        let check = |today: &str, versions: Versions, events: Events, state: &str, version: u32, lost: usize| {
            let book = book(today, versions, events);
            let quotes = Quotes::new(&book);
            let q = quotes.get("q").unwrap();
            let not_applied = chain(&book.events.iter().collect::<Vec<_>>()).0.lost.len();
            let got = (q.state(book.today).key(), q.current().number, not_applied);
            assert_eq!(got, (state, version, lost), "{today} {versions:?} {events:?}");
            assert_eq!(q.amounts.net, Some(Decimal::from(20 * q.current().lines.len())));
        };
        let one: Versions = &[("1", "2026-06-01", "2026-06-30"), ("", "2026-06-01", "2026-06-30")];
        let sent: Events = &[("2026-06-02T09:00:00Z", "draft", "sent")];
        check("2026-06-05", one, &[], "draft", 1, 0);
        check("2026-06-30", one, sent, "sent", 1, 0);
        check("2026-07-01", one, sent, "expired", 1, 0);
        check("2026-07-01", &[("1", "2026-06-01", "")], &[], "draft", 1, 0);
        let taken: Events = &[("2026-06-02T09:00:00Z", "draft", "sent"), ("2026-06-03T09:00:00Z", "sent", "accepted")];
        check("2026-07-01", one, taken, "accepted", 1, 0);
        // Both were decided on the same state: the earlier one holds.
        let raced: Events = &[
            ("2026-06-02T09:00:00Z", "draft", "sent"),
            ("2026-06-03T09:00:00Z", "sent", "declined"),
            ("2026-06-04T09:00:00Z", "sent", "accepted"),
        ];
        check("2026-06-10", one, raced, "declined", 1, 1);
        // An event that does not begin where a quote does.
        check("2026-06-10", one, &[("2026-06-02T09:00:00Z", "", "sent")], "draft", 1, 1);
        // A new version has yet to be sent; what it replaces, may be over or declined.
        let two: Versions = &[("1", "2026-06-01", "2026-06-08"), ("2", "2026-06-05", "2026-07-15")];
        check("2026-06-10", two, sent, "draft", 2, 0);
        let again: Events = &[
            ("2026-06-02T09:00:00Z", "draft", "sent"),
            ("2026-06-03T09:00:00Z", "sent", "declined"),
            ("2026-06-06T09:00:00Z", "declined", "sent"),
        ];
        check("2026-06-10", two, again, "sent", 2, 0);
        // What was accepted stays, whatever was offered afterwards.
        check("2026-06-10", two, taken, "accepted", 1, 0);
    }

    #[test]
    fn the_table_of_ledgers_knows_the_states() {
        let state = Ledger::Quotes.spec().computed.iter().find(|c| c.name == "state").unwrap();
        assert_eq!(State::ALL.iter().map(|s| s.key()).collect::<Vec<_>>(), state.values);
        let [events @ .., expired] = state.values else { panic!("no states") };
        assert_eq!((events, *expired), (Ledger::Quotes.events()[0].states, State::Expired.key()));
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        let mut book = book("2026-06-10", &[("1", "2026-06-01", ""), ("1", "2026-06-01", "")], &[]);
        book.quotes[1].price = None;
        let quotes = Quotes::new(&book);
        let a = quotes.all()[0].amounts;
        assert_eq!((a.net, a.total(), a.cost, a.profit(), a.margin()), (None, None, None, None, None));
    }
}
