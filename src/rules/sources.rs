//! What each source and campaign brought: leads, customers, revenue and profit against what was spent on them; and who referred
//! whom.

use super::counting::counts;
use super::engine::groups::by_customer;
use super::engine::index::Index;
use super::gifts::{self, in_base};
use super::kpi::leads::beginnings;
use super::profit::Figures;
use super::unjoined::{Lacks, Unjoined};
use crate::model::book::{Book, Reads};
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, parse_decimal};
use crate::model::period::Period;
use std::collections::BTreeMap;

/// What is read for it.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[gifts::LEDGER]),
    ..Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
};

/// What customers are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Where they came from.
    Source,
    /// The campaign that brought them.
    Campaign,
}

impl By {
    /// The key of customers.
    pub const fn key(self) -> &'static str {
        match self {
            By::Source => "source",
            By::Campaign => "campaign",
        }
    }
}

/// What came of a source.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// The customers that were created in the period, by index.
    pub customers: Vec<usize>,
    /// Those that began as leads.
    pub leads: i64,
    /// Those of them that entered a customer stage.
    pub converted: i64,
    /// Those that have ordered.
    pub buyers: i64,
    /// What they bought up to today.
    pub figures: Figures,
    /// What was spent on them in the period.
    pub spend: Sum,
}

impl Brought {
    /// The share of leads that entered a customer stage.
    pub fn conversion(&self) -> Option<Decimal> {
        Decimal::from(self.converted).checked_div(Decimal::from(self.leads))
    }
    /// What is left of the profit.
    pub fn net_profit(&self) -> Option<Decimal> {
        self.figures.profit()?.checked_sub(self.spend.known()?)
    }
    /// What was spent for each customer that ordered.
    pub fn cost_per_buyer(&self) -> Option<Decimal> {
        self.spend.known()?.checked_div(Decimal::from(self.buyers))
    }
    /// What is left of the profit for each unit of money spent.
    pub fn payback(&self) -> Option<Decimal> {
        self.net_profit()?.checked_div(self.spend.known()?)
    }
    /// Adds what came of another one.
    pub fn merge(&mut self, other: &Brought) {
        self.customers.extend(&other.customers);
        self.leads += other.leads;
        self.converted += other.converted;
        self.buyers += other.buyers;
        self.figures.merge(&other.figures);
        self.spend = self.spend.plus(other.spend);
    }
}

/// What came of all sources, and what no figure can count.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// By source or campaign; "" = nobody knows.
    pub of: BTreeMap<&'a str, Brought>,
    /// Spend without a rate.
    pub unjoined: Vec<Unjoined>,
    /// What was spent on campaigns, and not counted since only some customers were asked for.
    pub left_out: Sum,
}

/// What came of the customers created in a period, of those that fit; `all` says that all do. Spend counts in the period in which
/// it was made: that on one of these customers, and that on campaigns. By source a campaign's spend belongs to the source that all
/// of its customers have; where they have several it belongs to none.
pub fn sources<'a>(
    index: &Index<'a>,
    by: By,
    period: Period,
    (fits, all): (impl Fn(usize) -> bool, bool),
) -> Sources<'a> {
    let book = index.book;
    let begun = beginnings(index);
    let sold = by_customer(book, index.prices(), Period::ALL);
    let mut out = Sources::default();
    let mut counted = vec![false; book.customers.len()];
    for (n, b) in begun.iter().enumerate() {
        if !b.created.is_some_and(|day| period.contains(day)) || !fits(n) {
            continue;
        }
        counted[n] = true;
        let brought = out.of.entry(key_of(book, by, n)).or_default();
        brought.customers.push(n);
        brought.leads += i64::from(b.is_lead);
        brought.converted += i64::from(b.is_lead && b.became);
        brought.buyers += i64::from(!index.order_days().of(n).is_empty());
        brought.figures.merge(sold.of(n));
    }
    spend(book, by, period, &counted, all, &mut out);
    out
}

fn key_of(book: &Book, by: By, customer: usize) -> &str {
    book.customers[customer].text(by.key())
}

/// The source of each campaign; "" where its customers have several.
fn sources_of_campaigns(book: &Book) -> BTreeMap<&str, &str> {
    let mut out: BTreeMap<&str, &str> = BTreeMap::new();
    for c in book.customers.iter() {
        let (campaign, source) = (c.text("campaign"), c.text("source"));
        if !campaign.is_empty() {
            out.entry(campaign)
                .and_modify(|known| *known = if *known == source { source } else { "" })
                .or_insert(source);
        }
    }
    out
}

fn spend<'a>(book: &'a Book, by: By, period: Period, counted: &[bool], all: bool, out: &mut Sources<'a>) {
    let campaigns = sources_of_campaigns(book);
    let mut lost = Unjoined::none(gifts::LEDGER, Lacks::Rate);
    for row in book.plain.get(&gifts::LEDGER).into_iter().flatten() {
        let cell = |name: &str| gifts::LEDGER.column(name).map_or("", |n| row.cell(n));
        let Some(day) = At::parse(cell("at"), book.settings.tz).map(|at| at.day).filter(|d| period.contains(*d)) else {
            continue;
        };
        let Some(amount) = parse_decimal(cell("amount")).filter(|_| counts(book, gifts::LEDGER, cell("id"))) else {
            continue;
        };
        let customer = book.customer_index(cell("customer"));
        let key = match (customer, cell("campaign")) {
            (Some(n), _) if counted[n] => key_of(book, by, n),
            // What is spent on others brought nobody new.
            (Some(_), _) | (None, "") => continue,
            (None, campaign) => match by {
                By::Campaign => campaign,
                By::Source => campaigns.get(campaign).copied().unwrap_or(""),
            },
        };
        let Some(amount) = in_base(book, cell("currency"), amount, day) else {
            lost.add_without_rate(&book.settings.file.currency, cell("currency"), Some(amount), day);
            continue;
        };
        if customer.is_some() || all {
            out.of.entry(key).or_default().spend.add(amount);
        } else {
            out.left_out.add(amount);
        }
    }
    out.unjoined.extend((lost.rows > 0).then_some(lost));
}

/// A customer in the tree of those who were referred.
#[derive(Debug, Clone)]
pub struct Referred {
    /// Its index.
    pub customer: usize,
    /// How many stand above it.
    pub level: usize,
    /// How many it referred itself.
    pub referrals: usize,
    /// All below it.
    pub below: usize,
    /// What it bought in the period.
    pub figures: Figures,
    /// What all below it bought.
    pub figures_below: Figures,
}

/// Who referred whom, each below the one who did; the one with most profit below it first. Whoever neither referred anybody nor was
/// referred is left out.
pub fn referral_tree(index: &Index<'_>, period: Period) -> Vec<Referred> {
    let book = index.book;
    let customers = book.customers.len();
    let sold = by_customer(book, index.prices(), period);
    let referrer = |n: usize| book.customer_index(book.customers[n].text("referred_by")).filter(|by| *by != n);
    let mut known: Vec<Option<Referred>> = vec![None; customers];
    let mut seen = vec![false; customers];
    let mut roots: Vec<usize> =
        (0..customers).filter(|n| referrer(*n).is_none() && !index.referred(*n).is_empty()).collect();
    let mut order: Vec<usize> = Vec::new();
    let mut walk = |root: usize, seen: &mut Vec<bool>, order: &mut Vec<usize>| {
        let mut stack = vec![(root, 0)];
        while let Some((n, level)) = stack.pop() {
            if std::mem::replace(&mut seen[n], true) {
                continue;
            }
            order.push(n);
            let children = index.referred(n);
            known[n] = Some(Referred {
                customer: n,
                level,
                referrals: children.iter().filter(|c| **c != n).count(),
                below: 0,
                figures: sold.of(n).clone(),
                figures_below: Figures::default(),
            });
            stack.extend(children.iter().filter(|c| !seen[**c]).map(|c| (*c, level + 1)));
        }
    };
    for root in roots.clone() {
        walk(root, &mut seen, &mut order);
    }
    // A circle has no beginning: it is broken at the first one.
    for n in 0..customers {
        if !seen[n] && referrer(n).is_some() {
            roots.push(n);
            walk(n, &mut seen, &mut order);
        }
    }
    // Children stand behind their parents: added up from the back, each has all below it.
    for n in order.iter().rev() {
        let Some(own) = known[*n].clone() else { continue };
        let is_root = own.level == 0;
        if let Some(above) = referrer(*n).filter(|_| !is_root).and_then(|by| known[by].as_mut()) {
            above.below += own.below + 1;
            above.figures_below.merge(&own.figures);
            above.figures_below.merge(&own.figures_below);
        }
    }
    let worth = |n: &usize| known[*n].as_ref().and_then(|r| r.figures_below.profit()).unwrap_or_default();
    roots.sort_by(|a, b| worth(b).cmp(&worth(a)).then(a.cmp(b)));
    let mut out = Vec::new();
    for root in roots {
        let mut stack = vec![root];
        while let Some(n) = stack.pop() {
            let Some(own) = known[n].take() else { continue };
            out.push(own);
            let mut children: Vec<usize> =
                index.referred(n).iter().copied().filter(|c| known[*c].is_some() && referrer(*c) == Some(n)).collect();
            let worth = |n: &usize| {
                let below = known[*n].as_ref().map(|r| (r.figures_below.profit(), r.figures.profit()));
                let (below, own) = below.unwrap_or_default();
                below.unwrap_or_default().saturating_add(own.unwrap_or_default())
            };
            children.sort_by(|a, b| worth(a).cmp(&worth(b)).then(b.cmp(a)));
            stack.extend(children);
        }
    }
    out
}
