//! Deals: where one stands, which stage may follow (R1, by `[[deal_stages]]`), and what entering, moving, changing, winning
//! and losing one writes. The command line and `check` ask the same functions.
//!
//! A deal is its row, overridden by the fold of its events: `stage`, `amount`, `close_date`, `owner`.

use super::engine::index::Index;
use super::followup::open_promise;
use super::history::{Fold, Visit, visits};
use super::lifecycle::days_in;
use super::placing::{Order, place};
use super::ranges::Ranges;
use super::requests::{Judged, Who, enforce};
use super::turn::{Act, Extra, Turn, event, following, newest_event, turn};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, multiply, parse_decimal};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::row::{Activity, Event, PlainRow};
use crate::model::settings::{DealStage, Settings};
use chrono::Datelike;

/// What deals are put together from.
pub const READS: Reads = Reads { plain: LedgerSet::of(&[Ledger::Deals]), ..Reads::customers_and(&[Ledger::Events]) };

/// The category of stages in which a deal goes on.
pub const OPEN: &str = "open";
/// The category of the stage in which a deal ends with a sale.
pub const WON: &str = "won";
/// The category of the stage in which a deal ends without one.
pub const LOST: &str = "lost";

/// The stage of a new deal: the first open one.
pub fn first_stage(settings: &Settings) -> &str {
    settings.file.deal_stages.iter().find(|s| s.category == OPEN).map_or("", |s| s.id.as_str())
}

/// The stage of an id or label.
pub fn named<'s>(settings: &'s Settings, word: &str) -> Option<&'s DealStage> {
    settings.file.deal_stages.iter().find(|s| s.id == word || [&s.label, &s.zh].iter().any(|l| *l == word))
}

/// The ids of all stages, in the order of kehu.toml.
pub fn stages(settings: &Settings) -> Vec<&str> {
    settings.file.deal_stages.iter().map(|s| s.id.as_str()).collect()
}

/// The category of a stage: open, won or lost; empty for one that kehu.toml does not have.
pub fn category<'s>(settings: &'s Settings, id: &str) -> &'s str {
    settings.deal_stage(id).map_or("", |s| s.category.as_str())
}

/// Whether a deal has ended in this stage.
fn has_ended(settings: &Settings, stage: &str) -> bool {
    matches!(category(settings, stage), WON | LOST)
}

/// The open deals of a customer, by close date; deals without one come last.
pub fn open_deals<'a>(index: &Index<'a>, customer: usize) -> Vec<Deal<'a>> {
    let its = |d: &Deal<'_>| d.customer() == Some(customer) && d.state() == OPEN;
    let mut deals: Vec<Deal<'a>> = Deal::all(index.book).filter(its).collect();
    deals.sort_by_key(|d| (d.close_date().is_none(), d.close_date(), d.id()));
    deals
}

/// Why a deal may not go from one stage to another (R1). It may be entered in any stage, and one that stands in no stage of
/// kehu.toml may go to any.
///
/// # Errors
/// [`Refusal::Transition`] or [`Refusal::BackwardNeedsNote`].
pub fn may_move(settings: &Settings, id: &str, from: &str, to: &str, has_note: bool) -> Result<(), Refusal> {
    let Some(before) = settings.deal_stage(from) else { return Ok(()) };
    let (kind, id) = (Ledger::Deals.kind(), id.to_string());
    if !before.to.iter().any(|s| s == to) {
        return Err(Refusal::Transition { kind, id, from: from.into(), to: to.into(), allowed: before.to.clone() });
    }
    let place = |stage: &str| settings.file.deal_stages.iter().position(|s| s.id == stage);
    if place(to) < place(from) && !has_note {
        return Err(Refusal::BackwardNeedsNote { kind, id, from: from.into(), to: to.into() });
    }
    Ok(())
}

/// Why amount, close day and owner of a deal in this stage may not change: it has ended.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn may_change(settings: &Settings, id: &str, stage: &str) -> Result<(), Refusal> {
    if has_ended(settings, stage) {
        return Err(ended(settings, id, stage));
    }
    Ok(())
}

fn ended(settings: &Settings, id: &str, stage: &str) -> Refusal {
    Refusal::WrongState { what: id.into(), list: "deal_state", state: category(settings, stage).into() }
}

/// The first of the events that move a deal, where it does not start where a deal stands that nothing has moved: in no stage, or in
/// the first open one.
pub fn starts_elsewhere(settings: &Settings, fold: &Fold) -> Option<Event> {
    let first = fold.applied.first().copied()?;
    (!first.from().is_empty() && first.from() != first_stage(settings)).then_some(first)
}

/// Whether a column may hold a value, in the row or by an event.
///
/// # Errors
/// [`Refusal::Breach`].
pub fn may_hold(settings: &Settings, column: &str, text: &str) -> Result<(), Refusal> {
    let n = Ledger::Deals.column(column);
    let found = Ranges::of(Ledger::Deals).alone(|k| if Some(k) == n { text } else { "" }, &settings.file.currency);
    found.into_iter().next().map_or(Ok(()), |b| Err(Refusal::Breach(b)))
}

/// A deal as it was known at the end of the book's day.
#[derive(Debug, Clone, Copy)]
pub struct Deal<'a> {
    book: &'a Book,
    /// Its row.
    pub row: &'a PlainRow,
}

impl<'a> Deal<'a> {
    /// The deal of a row. The book must hold the events.
    pub fn new(book: &'a Book, row: &'a PlainRow) -> Deal<'a> {
        Deal { book, row }
    }

    /// The deals that are there.
    pub fn all(book: &'a Book) -> impl Iterator<Item = Deal<'a>> {
        book.plain.get(&Ledger::Deals).into_iter().flatten().map(|row| Deal::new(book, row))
    }

    /// The deal of an id.
    pub fn find(book: &'a Book, id: &str) -> Option<Deal<'a>> {
        Deal::all(book).find(|d| d.id() == id)
    }

    /// The text of a column as the row holds it.
    pub fn entry(&self, column: &str) -> Str {
        Ledger::Deals.column(column).map_or("", |n| self.row.cell(n))
    }

    /// The text of a column as it is now: its entry, or what events made of it.
    pub fn now(&self, column: &str) -> Str {
        self.book.states.value_or(Ledger::Deals, self.id(), column, self.entry(column))
    }

    /// Its id.
    pub fn id(&self) -> Str {
        self.entry("id")
    }

    /// The customer's index, if there is one.
    pub fn customer(&self) -> Option<usize> {
        self.book.customer_index(self.entry("customer"))
    }

    /// When it was entered.
    pub fn made(&self) -> Option<At> {
        At::parse(self.entry("at"), self.book.settings.tz)
    }

    /// Its stage: the fold of its events, without any the first open one.
    pub fn stage(&self) -> &'a str {
        let told = self.book.states.value(Ledger::Deals, self.id(), "stage");
        told.unwrap_or_else(|| first_stage(&self.book.settings))
    }

    /// Open, won or lost; empty in a stage that kehu.toml does not have.
    pub fn state(&self) -> &'a str {
        category(&self.book.settings, self.stage())
    }

    /// The amount; `None` = unknown.
    pub fn amount(&self) -> Option<Decimal> {
        parse_decimal(self.now("amount"))
    }

    /// The chance of winning it, 0 to 1, by its stage.
    pub fn probability(&self) -> Option<Decimal> {
        self.book.settings.deal_stage(self.stage()).map(|s| s.probability.0)
    }

    /// Amount × probability; `None` = one of them is unknown.
    pub fn weighted(&self) -> Option<Decimal> {
        multiply(self.amount()?, self.probability()?)
    }

    /// When it is expected to be won; `None` = unknown.
    pub fn close_date(&self) -> Option<Day> {
        parse_day(self.now("close_date"))
    }

    /// The contact that promised the next one about it: the promise that stands among the activities that name it (R4). A deal
    /// that has ended has none.
    pub fn promise(&self, index: &Index<'_>) -> Option<Activity> {
        if has_ended(&self.book.settings, self.stage()) {
            return None;
        }
        let all = index.activities(self.customer()?).iter();
        let about: Vec<Activity> = all.copied().filter(|a| a.deal() == self.id()).collect();
        open_promise(&self.book.settings, &about)
    }

    /// The day of the next contact promised about it.
    pub fn next(&self, index: &Index<'_>) -> Option<Day> {
        self.promise(index)?.next()
    }

    /// How often its close day was moved to a later one.
    pub fn slips(&self) -> i64 {
        let moved = self.book.states.folded(Ledger::Deals, self.id(), "close_date");
        let is_later = |e: &&Event| matches!((parse_day(e.from()), parse_day(e.to())), (Some(a), Some(b)) if b > a);
        let count = moved.map_or(0, |f| f.applied.iter().filter(is_later).count());
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// The event by which it entered its stage; `None` = it stands in its first one, untold.
    pub fn last_move(&self) -> Option<Event> {
        self.book.states.folded(Ledger::Deals, self.id(), "stage")?.applied.last().copied()
    }

    /// The day on which it was won or lost; `None` = it was not, or nobody said when.
    pub fn ended(&self) -> Option<Day> {
        has_ended(&self.book.settings, self.stage()).then(|| self.last_move().map(|e| e.day()))?
    }

    /// The stays in its stages, oldest first: it stands in its first one from the day on which it was entered.
    pub fn visits(&self) -> Vec<Visit> {
        let entered = self.made().map(|at| at.day);
        match self.book.states.folded(Ledger::Deals, self.id(), "stage") {
            None => Vec::new(),
            Some(fold) => visits(fold),
        }
        .into_iter()
        .map(|v| Visit { from: v.from.or(entered), ..v })
        .collect()
    }

    /// Days in its stage, over all visits to it (R1).
    pub fn days_in_stage(&self) -> Option<i64> {
        let visits = self.visits();
        if visits.is_empty() {
            return Some((self.book.today - self.made()?.day).num_days());
        }
        days_in(&visits, self.stage(), self.book.today)
    }

    /// The day on which it entered its stage.
    pub fn stage_since(&self) -> Option<Day> {
        let visits = self.visits();
        visits.last().map_or_else(|| self.made().map(|at| at.day), |v| v.from)
    }

    /// Writes that something of it turned to another value.
    fn turned(&self, event: &'static str, to: &str, act: &Act, extra: &Extra, plan: &mut Plan) -> Result<(), Refusal> {
        let from = if event == "stage" { self.stage() } else { self.now(event) };
        let what = Turn { kind: Ledger::Deals.kind(), subject: self.id(), event, from, to };
        plan.changes.extend(turn(self.book, what, act, extra)?);
        plan.notes.push(Note::Turned {
            kind: Ledger::Deals.kind(),
            id: self.id().into(),
            event,
            from: from.into(),
            to: to.into(),
        });
        Ok(())
    }
}

/// A deal that is to be entered. Texts stand as the file holds them.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Its id, which no other deal has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// When.
    pub at: At,
    /// Its first stage.
    pub stage: &'a str,
    /// The other cells of its row.
    pub cells: NewRow,
}

/// Enters a deal: its row, and the event by which it enters its first stage.
///
/// # Errors
/// [`Refusal::Breach`].
pub fn enter(index: &Index<'_>, new: &New<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let book = index.book;
    for (column, text) in &new.cells {
        may_hold(&book.settings, column, text)?;
    }
    let c = &book.customers[new.customer];
    let mut row: NewRow =
        vec![("id", new.id.clone()), ("at", new.at.to_text(book.settings.tz)), ("customer", c.id.to_string())];
    row.extend(new.cells.iter().filter(|(_, text)| !text.is_empty()).cloned());
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Deals, new.at.day.year(), row);
    let kind = Ledger::Deals.kind();
    let turn = Turn { kind, subject: &new.id, event: "stage", from: "", to: new.stage };
    plan.changes.extend(event(book, turn, act, &Extra::default()));
    let title = new.cells.iter().find(|(column, _)| *column == "title").map_or("", |(_, text)| text);
    plan.notes.push(Note::Opened {
        kind,
        id: new.id.clone(),
        customer: c.id.into(),
        title: title.into(),
        stage: new.stage.into(),
    });
    if c.closed {
        plan.notes.push(Note::IsClosed { customer: c.id.into(), name: c.name.into() });
    }
    Ok(plan)
}

/// Moves a deal to another stage; nothing when it stands there.
///
/// # Errors
/// What [`may_move`] and [`enforce`] say, and [`Refusal::OlderThanNewest`].
pub fn move_to(deal: &Deal<'_>, to: &str, act: &Act, extra: &Extra, who: Who<'_>) -> Result<Plan, Obstacle> {
    let (book, from) = (deal.book, deal.stage());
    if from == to {
        return Ok(Plan::default());
    }
    let refusals = may_move(&book.settings, deal.id(), from, to, !act.note.is_empty()).err();
    let mut plan = allowed(deal, refusals, who)?;
    deal.turned("stage", to, act, extra, &mut plan)?;
    Ok(plan)
}

/// The plan of what is allowed: a refusal stands, unless somebody who may goes against the rules.
fn allowed(deal: &Deal<'_>, refusal: Option<Refusal>, who: Who<'_>) -> Result<Plan, Obstacle> {
    let judged = Judged { refusals: refusal.into_iter().collect(), ..Judged::default() };
    let (notes, allowed) = enforce(deal.book, judged, who, String::new)?;
    Ok(Plan { notes, allowed, ..Plan::default() })
}

/// Ends a deal: it enters a stage of that category that the table lets follow, else the first one, which needs an
/// override.
fn end(deal: &Deal<'_>, how: &'static str, act: &Act, extra: &Extra, who: Who<'_>) -> Result<Plan, Obstacle> {
    let (settings, from) = (&deal.book.settings, deal.stage());
    if has_ended(settings, from) {
        return Err(ended(settings, deal.id(), from).into());
    }
    let such = || settings.file.deal_stages.iter().filter(|s| s.category == how);
    let follows = |s: &&DealStage| settings.deal_stage(from).is_none_or(|f| f.to.contains(&s.id));
    match such().find(follows).or_else(|| such().next()) {
        Some(to) => move_to(deal, &to.id, act, extra, who),
        None => {
            let allowed = settings.deal_stage(from).map(|f| f.to.clone()).unwrap_or_default();
            let (kind, id) = (Ledger::Deals.kind(), deal.id().into());
            Err(Refusal::Transition { kind, id, from: from.into(), to: how.into(), allowed }.into())
        }
    }
}

/// Wins a deal, and makes its order if there is one; whatever `order` asks for is checked as any order.
///
/// # Errors
/// [`Refusal::WrongState`], and what [`move_to`] and [`place`] say.
pub fn win(
    index: &Index<'_>,
    deal: &Deal<'_>,
    order: Option<Order<'_>>,
    act: &Act,
    who: Who<'_>,
) -> Result<Plan, Obstacle> {
    let mut won = end(deal, WON, act, &Extra::default(), who)?;
    let Some(mut order) = order else { return Ok(won) };
    order.shared.push(("deal", deal.id().to_string()));
    let mut plan = place(index, &order)?;
    plan.changes.extend(won.changes);
    plan.notes.append(&mut won.notes);
    plan.allowed.append(&mut won.allowed);
    Ok(plan)
}

/// Loses a deal; `extra` says why and to whom.
///
/// # Errors
/// [`Refusal::WrongState`], and what [`move_to`] says.
pub fn lose(deal: &Deal<'_>, act: &Act, extra: &Extra, who: Who<'_>) -> Result<Plan, Obstacle> {
    end(deal, LOST, act, extra, who)
}

/// Changes amount, close day or owner of a deal: an event for each that is not so already.
///
/// # Errors
/// [`Refusal::Breach`], [`Refusal::WrongState`] unless overridden, and [`Refusal::OlderThanNewest`].
pub fn change(deal: &Deal<'_>, values: &[(&'static str, String)], act: &Act, who: Who<'_>) -> Result<Plan, Obstacle> {
    let settings = &deal.book.settings;
    let changed: Vec<_> = values.iter().filter(|(column, text)| deal.now(column) != text).collect();
    if changed.is_empty() {
        return Ok(Plan::default());
    }
    for (column, text) in &changed {
        may_hold(settings, column, text)?;
    }
    let mut plan = allowed(deal, may_change(settings, deal.id(), deal.stage()).err(), who)?;
    // Each comes a moment after the one before, so that their order is the one in which they were said.
    let newest = newest_event(deal.book, Ledger::Deals.kind(), deal.id()).map(|e| e.at());
    let mut act = Act { at: act.after(newest).unwrap_or(act.at), ..act.clone() };
    for (column, text) in changed {
        deal.turned(column, text, &act, &Extra::default(), &mut plan)?;
        act.at = following(Some(act.at), act.at).unwrap_or(act.at);
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let mut text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n".to_string();
        for (id, category, to) in [
            ("discover", OPEN, "[\"qualify\", \"lost\"]"),
            ("qualify", OPEN, "[\"propose\", \"lost\"]"),
            ("propose", OPEN, "[\"won\", \"lost\"]"),
            ("won", WON, "[]"),
            ("lost", LOST, "[\"discover\"]"),
        ] {
            text +=
                &format!("[[deal_stages]]\nid = \"{id}\"\ncategory = \"{category}\"\nprobability = 0.5\nto = {to}\n");
        }
        Settings::new(toml::from_str(&text).unwrap()).0
    }

    #[test]
    fn stages_follow_by_the_table() {
        let settings = settings();
        let check = |from: &str, to: &str, has_note: bool, expected: &str| {
            let got = match may_move(&settings, "d", from, to, has_note) {
                Ok(()) => "ok",
                Err(Refusal::Transition { .. }) => "transition",
                Err(Refusal::BackwardNeedsNote { .. }) => "note",
                Err(_) => "other",
            };
            assert_eq!(got, expected, "{from} {to} {has_note}");
        };
        check("", "discover", false, "ok");
        check("", "won", false, "ok");
        check("gone", "propose", false, "ok");
        check("discover", "qualify", false, "ok");
        check("discover", "propose", true, "transition");
        check("qualify", "discover", true, "transition");
        check("propose", "won", false, "ok");
        check("won", "discover", true, "transition");
        check("lost", "discover", false, "note");
        check("lost", "discover", true, "ok");
        assert_eq!(
            (first_stage(&settings), category(&settings, "lost"), category(&settings, "gone")),
            ("discover", "lost", "")
        );
    }

    #[test]
    fn what_has_ended_changes_no_more_and_amounts_are_not_negative() {
        let settings = settings();
        let check = |stage: &str, ok: bool| assert_eq!(may_change(&settings, "d", stage).is_ok(), ok, "{stage}");
        check("discover", true);
        check("gone", true);
        check("won", false);
        check("lost", false);
        for (column, text, ok) in
            [("amount", "0", true), ("amount", "-0.01", false), ("amount", "", true), ("title", "-1", true)]
        {
            assert_eq!(may_hold(&settings, column, text).is_ok(), ok, "{column} {text}");
        }
    }
}
