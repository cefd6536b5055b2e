//! What groups of sales contribute after goodwill, complaints, spend and capital (R6), as columns beside their profit.

use super::ask::Ask;
use super::document::{Cell, Column, Importance, rank};
use super::explain::amount_text;
use super::typed;
use crate::i18n::{Lang, labels, money as w};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::contribution::{Charge, Part, Parts, annual_rate, charges};
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale};
use crate::rules::unjoined::Unjoined;
use std::collections::HashMap;

/// What is left after all parts.
const NET: &str = "net_contribution";

/// The keys of the columns, in their order.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    Part::ALL.into_iter().map(Part::key).chain([NET])
}

/// How many columns there are.
pub(super) const COLUMNS: usize = Part::ALL.len() + 1;

/// Whether the columns are asked for: all by `--net`, any by its name.
pub(super) fn is_asked(ask: &Ask<'_>) -> bool {
    ask.is_set("net") || keys().any(|key| ask.names(key))
}

/// The columns.
pub(super) fn columns(lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> = keys().map(|key| typed(lang, key, Kind::Money)).collect();
    rank(&mut columns, &[(Importance::Key, &[NET])]);
    columns
}

/// The parts of groups, by group and by the number of the part of the period.
#[derive(Default)]
pub(super) struct Contributed {
    parts: Map<String, HashMap<usize, Parts>>,
    annual_rate: Decimal,
    /// The rows that no figure can count.
    pub(super) unjoined: Vec<Unjoined>,
}

impl Contributed {
    /// The charges of some periods that fit, by group.
    pub(super) fn new<'a>(
        index: &Index<'a>,
        periods: &[Period],
        sold: bool,
        fits: &dyn Fn(&Sale<'_>) -> bool,
        group: &dyn Fn(&Sale<'a>) -> String,
    ) -> Contributed {
        let mut out = Contributed { annual_rate: annual_rate(index.book), ..Contributed::default() };
        for (n, period) in periods.iter().enumerate() {
            let (charges, unjoined) = charges(index, *period, sold);
            for c in charges.iter().filter(|c| fits(&c.subject)) {
                out.parts.entry(group(&c.subject)).or_default().entry(n).or_default().add(c);
            }
            out.unjoined.extend(unjoined);
        }
        out
    }

    /// The groups that have charges.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The cells of a group.
    pub(super) fn cells(&self, book: &Book, group: &str, part: usize, figures: &Figures) -> Vec<Cell> {
        let parts = self.parts.get(group).and_then(|p| p.get(&part)).copied().unwrap_or_default();
        self.of(book, &parts, figures)
    }

    /// The cells of some groups together.
    pub(super) fn total<'k>(&self, book: &Book, groups: impl Iterator<Item = &'k str>, figures: &Figures) -> Vec<Cell> {
        let mut all = Parts::default();
        groups.filter_map(|g| self.parts.get(g)).flat_map(HashMap::values).for_each(|p| all.merge(p));
        self.of(book, &all, figures)
    }

    fn of(&self, book: &Book, parts: &Parts, figures: &Figures) -> Vec<Cell> {
        let money = |amount: Option<Decimal>| super::sales_figures::money(book, amount);
        let mut cells: Vec<Cell> = Part::ALL.iter().map(|p| money(parts.of(*p, self.annual_rate))).collect();
        cells.push(money(parts.net(figures.profit(), self.annual_rate)));
        cells
    }
}

/// A charge with its place, for `--explain`.
pub(super) fn evidence(book: &Book, c: &Charge<'_>, lang: Lang) -> String {
    let (place, day, base) = (book.place(c.subject.place), c.subject.day, &book.settings.file.currency);
    let label = labels::label(lang, c.part.key());
    match c.days {
        None => w::charge(lang, place, day, label, amount_text(base, c.amount)),
        Some(days) => {
            let mut parts = Parts::default();
            parts.add(c);
            let cost = parts.of(c.part, annual_rate(book)).unwrap_or_default();
            let rate = annual_rate(book).normalize();
            w::charge_capital(lang, place, day, label, amount_text(base, cost), amount_text(base, c.amount), days, rate)
        }
    }
}
