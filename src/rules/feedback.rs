//! Feedback (R11, R13, R15): which answers are low, what follows from them, and the way from a low one over its cause to what was done
//! and whether that helped. Command line, import and `check` ask the same questions: [`is_low`], [`complaint`], [`may_turn`],
//! [`may_handle`], [`may_verify`]. Which scores a question has stands in `rules::ranges`.

use super::tasks::NewTask;
use super::turn::{Act, Extra, Turn, turn};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::row::{Event, PlainRow};
use crate::model::settings::Settings;

/// What answers are put together from.
pub const READS: Reads = Reads { plain: LedgerSet::of(&[Ledger::Feedback]), ..Reads::customers_and(&[Ledger::Events]) };

/// What events of answers are about.
const KIND: &str = Ledger::Feedback.kind();

/// Nobody has dealt with it.
pub const NEW: &str = "new";
/// Its cause is known, and something was done.
pub const HANDLED: &str = "handled";
/// Somebody else says that it helped.
pub const VERIFIED: &str = "verified";

/// The states that may follow each.
const TO: [(&str, &[&str]); 3] = [(NEW, &[HANDLED]), (HANDLED, &[VERIFIED, NEW]), (VERIFIED, &[NEW])];

/// The category of complaints whose answer has none that kehu.toml knows.
const OTHER: &str = "other";

/// Up to where an answer to a question is low; `None` for a question without such a limit.
pub fn low_up_to(settings: &Settings, kind: &str) -> Option<Decimal> {
    let risk = &settings.file.risk;
    match kind {
        "csat" => Some(risk.low_csat()),
        "nps" => Some(risk.low_nps()),
        _ => None,
    }
}

/// Whether an answer is low: somebody has to look into it.
pub fn is_low(settings: &Settings, kind: &str, score: &str) -> bool {
    low_up_to(settings, kind).zip(parse_decimal(score)).is_some_and(|(limit, score)| score <= limit)
}

/// Why an answer may not go from one state to another. One that stands in no known state may go to any.
///
/// # Errors
/// [`Refusal::StateStep`].
pub fn may_turn(id: &str, from: &str, to: &str) -> Result<(), Refusal> {
    match TO.iter().find(|(state, _)| *state == from) {
        Some((_, next)) if !next.contains(&to) => {
            Err(Refusal::StateStep { kind: KIND, id: id.into(), from: from.into(), to: to.into() })
        }
        _ => Ok(()),
    }
}

/// Why an answer is not dealt with: nobody says why it came, or what was done.
///
/// # Errors
/// [`Refusal::NeedsText`].
pub fn may_handle(id: &str, cause: &str, action: &str) -> Result<(), Refusal> {
    let missing = [("cause", cause), ("action", action)].into_iter().find(|(_, text)| text.trim().is_empty());
    missing.map_or(Ok(()), |(column, _)| Err(Refusal::NeedsText { id: id.into(), column }))
}

/// Why somebody may not verify that what was done helped: who did it may not, unless kehu.toml has no four eyes (R12).
///
/// # Errors
/// [`Refusal::VerifiesOwn`].
pub fn may_verify(settings: &Settings, id: &str, handler: &str, by: &str) -> Result<(), Refusal> {
    if by == handler && settings.file.approval.four_eyes() {
        return Err(Refusal::VerifiesOwn { feedback: id.into(), handler: handler.into() });
    }
    Ok(())
}

/// The cells of the complaint that an answer opens (R11), without its id, day, customer and grade; `None` where it opens none. `cell`
/// gives the answer's text of a column, as the file holds it.
pub fn complaint<'c>(settings: &Settings, today: Day, by: &str, cell: impl Fn(&str) -> &'c str) -> Option<NewRow> {
    let f = &settings.file;
    let (kind, score) = (cell("kind"), cell("score"));
    let at = At::parse(cell("at"), settings.tz)?;
    let is_recent = f.feedback.within_days.is_none_or(|days| (today - at.day).num_days() <= days);
    if !f.feedback.open_complaint || !is_recent || !is_low(settings, kind, score) {
        return None;
    }
    let known = &f.complaints.categories;
    let is_known = |word: &str| !word.is_empty() && (known.is_empty() || known.iter().any(|k| k == word));
    let category = [cell("category"), OTHER].into_iter().find(|word| is_known(word));
    let category = category.or(known.last().map(String::as_str))?;
    let text = match cell("text") {
        "" => format!("{kind} {score}"),
        said => format!("{kind} {score}: {said}"),
    };
    let mut row: NewRow = vec![("category", category.into()), ("text", text), ("by", by.into())];
    for (column, from) in [("contact", "contact"), ("order", "order"), ("feedback", "id")] {
        row.push((column, cell(from).to_string()));
    }
    row.retain(|(_, text)| !text.is_empty());
    Some(row)
}

/// An answer as it was known at the end of the book's day.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    book: &'a Book,
    /// Its row.
    pub row: &'a PlainRow,
}

impl<'a> Answer<'a> {
    /// The answer of a row.
    pub fn new(book: &'a Book, row: &'a PlainRow) -> Answer<'a> {
        Answer { book, row }
    }
    /// The answer of an id.
    pub fn find(book: &'a Book, id: &str) -> Option<Answer<'a>> {
        let rows = book.plain.get(&Ledger::Feedback).into_iter().flatten();
        rows.map(|row| Answer { book, row }).find(|a| a.id() == id)
    }
    /// The text of a column.
    pub fn entry(&self, column: &str) -> Str {
        Ledger::Feedback.column(column).map_or("", |n| self.row.cell(n))
    }
    /// Its id.
    pub fn id(&self) -> Str {
        self.entry("id")
    }
    /// Where it stands.
    pub fn state(&self) -> Str {
        self.book.states.state(Ledger::Feedback, self.id())
    }
    /// Whether somebody has to look into it.
    pub fn is_low(&self) -> bool {
        is_low(&self.book.settings, self.entry("kind"), self.entry("score"))
    }
    /// Who dealt with it; empty = nobody, or it was opened again.
    pub fn handled_by(&self) -> Str {
        if self.state() == NEW {
            return "";
        }
        let fold = self.book.states.folded(Ledger::Feedback, self.id(), "state");
        handler(fold.map_or(&[][..], |f| &f.applied))
    }

    fn turn(&self, to: &str, act: &Act) -> Result<Plan, Obstacle> {
        may_turn(self.id(), self.state(), to)?;
        let from = self.state();
        let what = Turn { kind: KIND, subject: self.id(), event: "state", from, to };
        let changes = turn(self.book, what, act, &Extra::default())?;
        let note = Note::Turned { kind: KIND, id: self.id().into(), event: "state", from: from.into(), to: to.into() };
        Ok(Plan { changes, notes: vec![note], ..Plan::default() })
    }
}

/// Who dealt with an answer last, by the events of its state, oldest first.
pub fn handler(events: &[Event]) -> Str {
    events.iter().rev().find(|e| e.to() == HANDLED).map_or("", |e| e.by())
}

/// Deals with an answer: its cause and what was done are known, the given ones or those of the row; a task sees to what is left.
///
/// # Errors
/// What [`may_turn`] and [`may_handle`] say, and [`Refusal::OlderThanNewest`].
pub fn handle(
    a: &Answer<'_>,
    (cause, action): (&str, &str),
    task: Option<NewTask>,
    act: &Act,
) -> Result<Plan, Obstacle> {
    may_turn(a.id(), a.state(), HANDLED)?;
    may_handle(a.id(), cause, action)?;
    let mut plan = a.turn(HANDLED, act)?;
    if let Some(task) = task {
        task.put(a.book, act, &mut plan);
    }
    Ok(plan)
}

/// Verifies that what was done helped.
///
/// # Errors
/// What [`may_turn`] and [`may_verify`] say, and [`Refusal::OlderThanNewest`].
pub fn verify(a: &Answer<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(a.id(), a.state(), VERIFIED)?;
    may_verify(&a.book.settings, a.id(), a.handled_by(), &act.by)?;
    a.turn(VERIFIED, act)
}

/// Opens an answer again, since what was done did not help. The note says why.
///
/// # Errors
/// [`Refusal::NeedsText`], what [`may_turn`] says, and [`Refusal::OlderThanNewest`].
pub fn reopen(a: &Answer<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(a.id(), a.state(), NEW)?;
    if act.note.trim().is_empty() {
        return Err(Refusal::NeedsText { id: a.id().into(), column: "reason" }.into());
    }
    a.turn(NEW, act)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn settings(more: &str) -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let list = "[complaints]\ncategories = [\"quality\", \"other\"]\n";
        Settings::new(toml::from_str(&format!("{text}{list}{more}")).unwrap()).0
    }

    #[test]
    fn low_scores_open_complaints() {
        let today = parse_day("2026-06-30").unwrap();
        let on = "[feedback]\nopen_complaint = true\nwithin_days = 30\n";
        let check = |more: &str, cells: &[(&str, &'static str)], expected: Option<&str>| {
            let day = cells.iter().find(|(c, _)| *c == "at").map_or("2026-06-29", |(_, v)| *v);
            let cell = |name: &str| match name {
                "at" => day,
                _ => cells.iter().find(|(c, _)| *c == name).map_or("", |(_, v)| *v),
            };
            let row = complaint(&settings(more), today, "li", cell);
            let words = row.map(|r| r.into_iter().map(|(c, t)| format!("{c}={t}")).collect::<Vec<_>>().join(" "));
            assert_eq!(words.as_deref(), expected, "{cells:?}");
        };
        check(on, &[("kind", "csat"), ("score", "2")], Some("category=other text=csat 2 by=li"));
        check(on, &[("kind", "csat"), ("score", "3")], None);
        let said = [("kind", "nps"), ("score", "6"), ("category", "quality"), ("text", "hot"), ("id", "b_1")];
        check(on, &said, Some("category=quality text=nps 6: hot by=li feedback=b_1"));
        check(on, &[("kind", "nps"), ("score", "7")], None);
        check(on, &[("kind", "ces"), ("score", "1")], None);
        check(on, &[("kind", "csat"), ("score", "1"), ("category", "smell")], Some("category=other text=csat 1 by=li"));
        check(on, &[("kind", "csat"), ("score", "1"), ("at", "2026-05-31")], Some("category=other text=csat 1 by=li"));
        check(on, &[("kind", "csat"), ("score", "1"), ("at", "2026-05-30")], None);
        check("", &[("kind", "csat"), ("score", "1")], None);
        check(
            "[feedback]\nopen_complaint = true\n[risk]\nlow_csat = 3\n",
            &[("kind", "csat"), ("score", "3")],
            Some("category=other text=csat 3 by=li"),
        );
    }
}
