//! R12: the seal of an approval. It is a hash of what was approved, and stands in the note of the event that approved; whoever edits
//! what was approved breaks it.

use crate::model::Str;
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::money::parse_decimal;
use crate::model::row::Event;
use sha2::{Digest, Sha256};

/// What a seal in a note begins with.
const MARK: &str = "sha256:";

/// Hexadecimal digits of a seal.
const DIGITS: usize = 64;

/// The columns of a row that are sealed, in their order; each under the names that ledgers give it.
const COLUMNS: &[(&str, &[&str])] = &[
    ("id", &["id"]),
    ("party", &["party", "customer", "supplier", "subject"]),
    ("kind", &["kind"]),
    ("amount", &["amount"]),
    ("currency", &["currency"]),
    ("start", &["start"]),
    ("end", &["end"]),
];

/// An instalment of a contract, as far as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// As a file holds it.
    pub amount: String,
    /// As a file holds it.
    pub due: String,
}

/// A decimal as seals have it: without zeros that say nothing. Any other text stays as it is.
fn number(text: &str) -> String {
    parse_decimal(text).map_or_else(|| text.to_string(), |d| d.normalize().to_string())
}

/// What is sealed of a row of a ledger with its instalments: `name=value`, a line each. `cell` gives the text of a column; `party` is
/// the id by which the customer goes.
fn sealed_text<'c>(
    ledger: Ledger,
    cell: impl Fn(&str) -> &'c str,
    party: Option<&str>,
    base: &str,
    parts: &[Part],
) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        out.push_str(name);
        out.push('=');
        out.push_str(value);
        out.push('\n');
    };
    for (name, columns) in COLUMNS {
        let Some(column) = columns.iter().find(|c| ledger.column(c).is_some()) else { continue };
        let text = cell(column);
        match *name {
            "party" => line(name, party.unwrap_or(text)),
            "amount" => line(name, &number(text)),
            // A row without a currency is in the company's own.
            "currency" if text.is_empty() => line(name, base),
            _ => line(name, text),
        }
    }
    let mut parts: Vec<&Part> = parts.iter().collect();
    parts.sort();
    for p in parts {
        line("id", &p.id);
        line("amount", &number(&p.amount));
        line("due", &p.due);
    }
    out
}

/// The seal of a row of a ledger with its instalments.
fn hashed(text: &str) -> String {
    let mut out = String::with_capacity(MARK.len() + DIGITS);
    out.push_str(MARK);
    for byte in Sha256::digest(text.as_bytes()) {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// The seal that a row gets now: its customer goes by the present id.
pub fn seal<'c>(book: &Book, ledger: Ledger, cell: impl Fn(&str) -> &'c str, parts: &[Part]) -> String {
    let base = book.settings.file.currency.as_str();
    let party = party_of(ledger, &cell);
    let present = present(book, party);
    hashed(&sealed_text(ledger, &cell, present.as_deref(), base, parts))
}

/// The text of the column that says whose a row is.
fn party_of<'c>(ledger: Ledger, cell: impl Fn(&str) -> &'c str) -> &'c str {
    let columns = COLUMNS.iter().find(|(name, _)| *name == "party").map_or(&[][..], |(_, columns)| columns);
    columns.iter().find(|c| ledger.column(c).is_some()).map_or("", |c| cell(c))
}

/// A customer's present id, alone or behind `customer:`; `None` for whoever is none.
fn present(book: &Book, party: &str) -> Option<String> {
    match party.strip_prefix("customer:") {
        Some(id) => Some(format!("customer:{}", book.customer(id)?.id)),
        None => Some(book.customer(party)?.id.to_string()),
    }
}

/// Whether a seal is that of a row, under any id by which its customer ever went.
pub fn holds<'c>(book: &Book, seal: &str, ledger: Ledger, cell: impl Fn(&str) -> &'c str, parts: &[Part]) -> bool {
    let base = book.settings.file.currency.as_str();
    let is = |party: Option<&str>| hashed(&sealed_text(ledger, &cell, party, base, parts)) == seal;
    let party = party_of(ledger, &cell);
    let (before, id) = party.split_once("customer:").map_or(("", party), |(_, id)| ("customer:", id));
    if is(None) {
        return true;
    }
    let Some(c) = book.customer(id) else { return false };
    let known = std::iter::once(c.id).chain(c.rest().former_ids.iter().copied());
    known.map(|id| format!("{before}{id}")).any(|id| is(Some(&id)))
}

/// A note with a seal in front.
pub fn sealed_note(seal: &str, note: &str) -> String {
    if note.is_empty() { seal.to_string() } else { format!("{seal} {note}") }
}

/// The seal of a note, and the words behind it.
pub fn told(note: &str) -> (Option<&str>, &str) {
    let (first, rest) = note.split_once(' ').unwrap_or((note, ""));
    let is_seal = |digits: &str| digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit());
    match first.strip_prefix(MARK).filter(|d| is_seal(d)) {
        Some(_) => (Some(first), rest),
        None => (None, note),
    }
}

/// The words of an event's note, without the seal of an approval.
pub fn words(e: Event) -> Str {
    if e.event() == "approval" { told(e.note()).1 } else { e.note() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::settings::Settings;
    use crate::model::team::Team;

    fn book() -> Book {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let settings = Settings::new(toml::from_str(text).unwrap()).0;
        Book::new(parse_day("2026-06-30").unwrap(), settings, Team::default())
    }

    const CELLS: &[(&str, &str)] = &[
        ("id", "C-1"),
        ("party", "acme"),
        ("kind", "sales"),
        ("amount", "1000"),
        ("start", "2026-01-01"),
        ("end", "2026-12-31"),
        ("note", "as agreed"),
    ];

    fn part(id: &str, amount: &str, due: &str) -> Part {
        Part { id: id.into(), amount: amount.into(), due: due.into() }
    }

    fn parts() -> Vec<Part> {
        vec![part("r_1", "300", "2026-01-01"), part("r_2", "700", "2026-06-01")]
    }

    fn of(cells: &[(&str, &str)], parts: &[Part]) -> String {
        let cells: Vec<(String, &'static str)> =
            cells.iter().map(|(k, v)| ((*k).to_string(), crate::model::intern(v))).collect();
        let cell = |name: &str| cells.iter().find(|(k, _)| k == name).map_or("", |(_, v)| *v);
        seal(&book(), Ledger::Contracts, cell, parts)
    }

    #[test]
    fn a_seal_is_the_hash_of_the_lines_that_the_format_names() {
        let text = "id=C-1\nparty=acme\nkind=sales\namount=1000\ncurrency=CNY\nstart=2026-01-01\nend=2026-12-31\n\
                    id=r_1\namount=300\ndue=2026-01-01\nid=r_2\namount=700\ndue=2026-06-01\n";
        assert_eq!(of(CELLS, &parts()), hashed(text));
        assert_eq!(hashed("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_is_sealed_breaks_it_and_nothing_else_does() {
        let check = |column: &str, value: &str, same: bool| {
            let mut cells: Vec<(&str, &str)> = CELLS.iter().copied().filter(|(k, _)| *k != column).collect();
            cells.push((column, value));
            assert_eq!(of(&cells, &parts()) == of(CELLS, &parts()), same, "{column} {value}");
        };
        check("note", "otherwise", true);
        check("title", "Line 3", true);
        check("by", "wu", true);
        check("amount", "1000.00", true);
        check("currency", "CNY", true);
        check("id", "C-2", false);
        check("party", "beta", false);
        check("kind", "purchase", false);
        check("amount", "1000.01", false);
        check("currency", "EUR", false);
        check("start", "2026-01-02", false);
        check("end", "", false);
        let check = |list: &[Part], same: bool| assert_eq!(of(CELLS, list) == of(CELLS, &parts()), same, "{list:?}");
        let [first, second] = [parts().remove(0), parts().remove(1)];
        check(&[second.clone(), first.clone()], true);
        check(&[Part { amount: "300.0".into(), ..first.clone() }, second.clone()], true);
        check(&[Part { amount: "301".into(), ..first.clone() }, second.clone()], false);
        check(&[Part { due: "2026-01-02".into(), ..first.clone() }, second.clone()], false);
        check(std::slice::from_ref(&first), false);
        check(&[first, second, part("r_3", "1", "2026-07-01")], false);
    }

    #[test]
    fn a_note_holds_a_seal_and_words() {
        let seal = hashed("x");
        let check = |note: &str, expected: (Option<&str>, &str)| assert_eq!(told(note), expected, "{note}");
        check(&sealed_note(&seal, ""), (Some(&seal), ""));
        check(&sealed_note(&seal, "go on"), (Some(&seal), "go on"));
        check("go on", (None, "go on"));
        check("sha256:abc", (None, "sha256:abc"));
        check("", (None, ""));
    }
}
