//! One customer's trade: what it earned, owes and was promised. Parts of `show` and `brief`.

use super::document::{Block, Card, Cell, Column, Currency, Document, Row, Table, Tone};
use super::due::{code, text};
use super::explain::{amount_text, ratio_text};
use super::fields::{CustomerFields, CustomerRecord, cell, column};
use super::sales_figures::{figure_cells, figure_columns, money};
use super::{col, grades, num, orders};
use crate::i18n::{Lang, labels, messages as m, money as w, values};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, round};
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::value::{Record, Schema};
use crate::rules::contracts::{Contract, PURCHASE};
use crate::rules::engine::index::Index;
use crate::rules::exposure;
use crate::rules::history::fold_of;
use crate::rules::orders::{open_deliveries, order_days, sells};
use crate::rules::profit::{Figures, counts, figures};
use crate::store::cells::unescape_note;
use chrono::Datelike;
use std::collections::HashMap;

/// The metrics of money and deliveries that machine formats of `show` add.
pub const FIGURES: &[&str] = &[
    "orders",
    "returns",
    "quantity",
    "revenue",
    "cost",
    "profit",
    "margin",
    "unknown_cost_lines",
    "avg_order",
    "order_gap",
    "growth",
    "outstanding",
    "overdue",
    "credit",
    "credit_used",
    "payment_days",
    "late_days",
    "value_at_risk",
    "open_deliveries",
    "late_deliveries",
];

/// What a customer's account shows people, besides its credit limit.
const ACCOUNT: &[&str] = &[
    "outstanding",
    "overdue",
    "credit",
    "credit_limit",
    "credit_used",
    "payment_days",
    "late_days",
    "value_at_risk",
    "open_deliveries",
    "late_deliveries",
];

/// Orders and receipts on one page.
const LATEST: usize = 10;

pub(super) fn hidden(mut column: Column) -> Column {
    column.machine_only = true;
    column
}

fn metric(index: &Index<'_>, customer: usize, key: &str, lang: Lang) -> Option<(Column, Cell)> {
    let settings = &index.book.settings;
    let def = CustomerFields::new(settings, &index.book.team).find(key)?;
    let record = CustomerRecord { index, customer };
    Some((column(lang, settings, None, &def), cell(lang, settings, None, &def, record.value(def.id))))
}

/// The keys that machine formats of `show` add: this year to date, last year, everything.
pub fn keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let [now, _, last] = grades::years(index.book.today, index.book.settings.fiscal_year_start);
    let mut out = Vec::new();
    for (period, word) in [(now, "this"), (last, "last")] {
        let f = figures(&index.sales(customer, period));
        let bought = f.lines > 0;
        let amount = |a: Option<Decimal>| if bought { money(index.book, a) } else { Cell::Missing };
        let cells = [
            ("orders", Cell::Int(f.orders())),
            ("revenue", amount(Some(f.revenue()))),
            ("profit", amount(f.profit())),
            ("margin", f.margin().map_or(Cell::Missing, Cell::Ratio)),
        ];
        out.extend(cells.map(|(key, cell)| (hidden(col(lang, &format!("{key}_{word}_year"))), cell)));
    }
    out.extend(FIGURES.iter().filter_map(|k| metric(index, customer, k, lang)).map(|(c, v)| (hidden(c), v)));
    out
}

/// The keys that machine formats of `brief` add.
pub fn brief_keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let keys =
        ["revenue", "profit", "outstanding", "overdue", "credit", "payment_days", "open_deliveries", "late_deliveries"];
    let all = figures(&index.sales(customer, Period::ALL));
    let usual = (hidden(col(lang, "usual_margin")), all.margin().map_or(Cell::Missing, Cell::Ratio));
    let own = keys.iter().filter_map(|k| metric(index, customer, k, lang)).map(|(c, v)| (hidden(c), v));
    std::iter::once(usual).chain(own).collect()
}

/// Figures by year, the account, the latest orders and receipts; what there is none of is left out.
pub fn blocks(doc: &mut Document, index: &Index<'_>, customer: usize, lang: Lang) {
    if !index.orders(customer).is_empty() {
        doc.blocks.push(Block::Table(years(index, customer, lang)));
    }
    if !index.accounts_of(customer).is_empty() {
        let fields: Vec<(Column, Cell)> = ACCOUNT.iter().filter_map(|k| metric(index, customer, k, lang)).collect();
        doc.blocks.push(Block::Card(Card { title: Some(w::receivables_title(lang)), fields }));
    }
    let agreed = [contracts(index, customer, lang), instalments(index, customer, lang)];
    for table in agreed.into_iter().chain([latest_orders(index, customer, lang), receipts(index, customer, lang)]) {
        if !table.rows.is_empty() {
            doc.blocks.push(Block::Table(table));
        }
    }
}

/// Contracts, those that end last at the top.
fn contracts(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let own = |key: &str| Column { label: labels::column(lang, Ledger::Contracts.name(), key), ..col(lang, key) };
    let mut columns: Vec<Column> = ["id", "title", "start", "end"].iter().map(|k| own(k)).collect();
    columns.extend([num(lang, "amount"), num(lang, "days_left"), own("state")]);
    let mut all: Vec<Contract<'_>> = of_customer(index, customer).collect();
    all.sort_by_key(|c| (std::cmp::Reverse(c.end()), c.id()));
    let day = |d: Option<crate::model::day::Day>| d.map_or(Cell::Missing, Cell::Day);
    let row = |c: &Contract<'_>| {
        let state = c.state();
        let cells = vec![
            Cell::Id(c.id().into()),
            text(&unescape_note(c.paper.cell("title"))),
            day(c.start()),
            day(c.end()),
            c.paper.amount().map_or(Cell::Missing, |a| Cell::money(a, c.paper.currency())),
            c.days_left().map_or(Cell::Missing, Cell::Int),
            code(state, values::value(lang, "contract_state", state)),
        ];
        Row { cells, tone: if c.is_open() { Tone::Plain } else { Tone::Faint }, ..Row::default() }
    };
    let rows = all.iter().take(LATEST).map(row).collect();
    Table { title: Some(w::contracts_title(lang)), columns, rows, ..Table::default() }
}

/// A customer's contracts.
fn of_customer<'a>(index: &Index<'a>, customer: usize) -> impl Iterator<Item = Contract<'a>> {
    let its = move |c: &Contract<'a>| c.paper.cell("kind") != PURCHASE && c.paper.customer() == Some(customer);
    Contract::all(index.book).filter(its)
}

/// What is open by agreement, the first due at the top; orders that stand for themselves are shown with the orders.
fn instalments(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let today = index.book.today;
    let own = |key: &str| Column { label: labels::column(lang, Ledger::Receivables.name(), key), ..col(lang, key) };
    let mut columns: Vec<Column> = ["id", "contract", "order", "due"].iter().map(|k| own(k)).collect();
    columns.extend([num(lang, "amount"), num(lang, "open_amount"), col(lang, "status")]);
    let accounts = index.accounts_of(customer).iter();
    let open = accounts.flat_map(|a| a.receivables.iter().map(move |r| (r, a.currency)));
    let open = open.filter_map(|(r, currency)| Some((r, r.claim.filter(|_| !r.open.is_zero())?, currency)));
    let rows = open.map(|(r, claim, currency)| {
        let status = r.status(today);
        let cells = vec![
            Cell::Id(r.id.into()),
            text(claim.contract),
            text(claim.order),
            Cell::Day(r.due),
            Cell::money(r.total, currency),
            Cell::money(r.open, currency),
            code(status, values::value(lang, "instalment_state", status)),
        ];
        Row { cells, tone: if status == "overdue" { Tone::Bad } else { Tone::Plain }, ..Row::default() }
    });
    let rows = rows.collect();
    Table { title: Some(w::instalments_title(lang)), columns, rows, ..Table::default() }
}

/// Revenue, profit and margin of this year to date, last year, and all years.
fn years(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let today = index.book.today;
    let [now, _, last] = grades::years(today, index.book.settings.fiscal_year_start);
    let row = |word: String, period: Period| {
        let mut cells = vec![Cell::Text(word.into())];
        cells.extend(figure_cells(index.book, &figures(&index.sales(customer, period))));
        Row { cells, ..Row::default() }
    };
    let rows = vec![
        row(w::this_year(lang, today.year()), now),
        row(w::last_year(lang, today.year() - 1), last),
        row(w::lifetime(lang), Period::ALL),
    ];
    let mut columns = vec![col(lang, "period")];
    columns.extend(figure_columns(lang));
    Table { title: Some(w::money_title(lang)), columns, rows, ..Table::default() }
}

/// The latest orders, newest first.
fn latest_orders(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let all = orders::orders(index, Period::ALL, &|_, c| c == Some(customer));
    let latest: Vec<orders::Order> = all.into_iter().rev().take(LATEST).collect();
    let mut doc = orders::order_table(index, &latest, lang);
    let Some(Block::Table(mut table)) = doc.blocks.pop() else { return Table::default() };
    let today = index.book.today;
    let due: Vec<bool> = latest.iter().map(|o| o.lines.iter().any(|l| l.due().is_some_and(|d| d < today))).collect();
    let open = table.columns.iter().position(|c| c.key == "open_amount");
    for (row, due) in table.rows.iter_mut().zip(due) {
        let owes = open.is_some_and(|n| matches!(&row.cells[n], Cell::Money { amount, .. } if !amount.is_zero()));
        if due && owes {
            row.tone = Tone::Bad;
        }
    }
    table.title = Some(m::orders_title(lang));
    table.pick(&[
        "order",
        "at",
        "state",
        "promised",
        "revenue",
        "profit",
        "margin",
        "total_amount",
        "due",
        "open_amount",
    ])
}

/// The latest receipts, newest first, with the orders that they paid.
fn receipts(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let book = index.book;
    let base = &book.settings.file.currency;
    let mut pays: HashMap<RowPlace, Vec<String>> = HashMap::new();
    for r in index.accounts_of(customer).iter().flat_map(|a| &a.receivables) {
        for (_, _, place) in &r.paid {
            pays.entry(*place).or_default().push(r.id.to_string());
        }
    }
    let own =
        |r: &crate::model::receipt::Receipt| !book.is_void(r) && book.customer_index(r.customer()) == Some(customer);
    let mut list: Vec<_> = book.receipts.iter().filter(own).collect();
    let number = |r: &crate::model::receipt::Receipt| (r.line().len(), r.line());
    list.sort_by(|a, b| b.at().cmp(&a.at()).then(b.id().cmp(a.id())).then_with(|| number(a).cmp(&number(b))));
    let rows = list.iter().take(LATEST).map(|r| {
        let currency = if r.currency().is_empty() { base.as_str() } else { r.currency() };
        let cells = vec![
            Cell::Id(r.id().into()),
            Cell::At(r.at()),
            Cell::Money { amount: r.amount(), currency: Currency::new(currency) },
            code(r.method(), values::value(lang, "method", r.method())),
            pays.get(&r.place()).map_or(Cell::Missing, |o| Cell::list(o.iter().map(String::as_str))),
            text(r.by()),
        ];
        Row { cells, ..Row::default() }
    });
    let rows = rows.collect();
    let mut columns: Vec<Column> =
        ["id", "at", "amount", "method", "order", "by"].iter().map(|k| col(lang, k)).collect();
    columns[2].right = true;
    Table { title: Some(w::receipts_title(lang)), columns, rows, ..Table::default() }
}

/// The money to know about before a visit: the last purchase, the usual margin, debts, what is late, promised
/// deliveries, and the grade with its reason.
pub fn brief(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<String> {
    let all = figures(&index.sales(customer, Period::ALL));
    let mut out = bought(index, customer, lang);
    if all.lines > 0 {
        out.push(margin(index, &all, lang));
    }
    out.extend(owes(index, customer, lang));
    out.extend(agreed(index, customer, lang));
    out.extend(promised(index, customer, lang));
    out.push(grade(index, customer, lang));
    out
}

/// Names of what was bought on the last order day, in the words of the product list.
fn bought(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<String> {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let Some(day) = order_days(index, customer).last().copied() else { return vec![w::brief_never_bought(lang)] };
    let lines = index.orders(customer).iter().filter(|l| l.day() == day && sells(**l) && counts(book, l.id()));
    let name = |l: &crate::model::order::OrderLine| {
        let version = index.prices().version(l.product(), day);
        let what = match version.map(|v| v.name).filter(|n| !n.is_empty()) {
            Some(name) => name.to_string(),
            None if l.product().is_empty() => m::empty_word(lang),
            None => l.product().to_string(),
        };
        l.quantity().map_or(what.clone(), |q| format!("{what} × {}", q.normalize()))
    };
    let what: Vec<String> = lines.clone().map(name).collect();
    let mut orders: Vec<&str> = lines.map(|l| l.id()).collect();
    orders.dedup();
    let mut sales = index.sales(customer, Period::new(day, day));
    sales.retain(|s| s.sells);
    let sold = figures(&sales);
    let known = (!sold.is_unreadable()).then(|| amount_text(base, sold.revenue()));
    let net = known.unwrap_or_else(|| w::not_available(lang));
    vec![w::brief_bought(lang, day, what.join(lang.pick(", ", "、")), net, orders.join(", "))]
}

fn margin(index: &Index<'_>, all: &Figures, lang: Lang) -> String {
    let base = index.book.settings.file.currency.as_str();
    let unknown = all.unknown_cost_lines;
    match (all.margin(), all.profit()) {
        (Some(margin), Some(profit)) => {
            let (profit, revenue) = (amount_text(base, profit), amount_text(base, all.known_revenue()));
            let line = w::brief_margin(lang, ratio_text(margin), profit, revenue, all.orders());
            if unknown > 0 { w::brief_unknown_cost(lang, line, unknown) } else { line }
        }
        _ => w::brief_margin_unknown(lang, amount_text(base, all.revenue()), unknown),
    }
}

fn owes(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<String> {
    let (book, today) = (index.book, index.book.today);
    let base = book.settings.file.currency.as_str();
    let accounts = index.accounts_of(customer);
    let Some(open) = exposure::in_base(index, customer, |a| a.ageing(today).sum()) else { return Vec::new() };
    let mut late: Vec<_> = accounts.iter().flat_map(|a| a.receivables.iter().map(|r| (r, a.currency))).collect();
    late.retain(|(r, _)| !r.open.is_zero() && r.due < today);
    let oldest = late.iter().map(|(r, _)| (today - r.due).num_days()).max();
    let overdue = exposure::overdue(index, customer).unwrap_or_default();
    let mut line = match oldest {
        Some(days) => w::brief_overdue(lang, amount_text(base, open), amount_text(base, overdue), days),
        None if open.is_zero() => w::brief_owes_nothing(lang),
        None => w::brief_owes(lang, amount_text(base, open)),
    };
    if let Some(credit) = exposure::in_base(index, customer, |a| a.credit).filter(|c| !c.is_zero()) {
        line = w::brief_credit(lang, line, amount_text(base, credit));
    }
    if let Some(days) = exposure::payment_days(index, &[customer], false) {
        line = w::brief_days(lang, line, round(days, 0));
    }
    if let (Some(used), Some(limit)) = (exposure::credit_used(index, customer), exposure::credit_limit(index, customer))
    {
        line = w::brief_limit(lang, line, ratio_text(used), amount_text(base, limit));
    }
    let mut out = vec![line];
    if !late.is_empty() {
        let one = |(r, currency): &(&crate::rules::receivables::Receivable<'_>, &str)| {
            w::overdue_order(lang, r.id, r.due, amount_text(currency, r.open))
        };
        out.push(w::brief_overdue_list(lang, some(&late, one, lang)));
    }
    out
}

/// The contracts in force, and those that wait for approval.
fn agreed(index: &Index<'_>, customer: usize, lang: Lang) -> Option<String> {
    let shown = |c: &Contract<'_>| c.is_open() || c.paper.standing().pending();
    let mut list: Vec<Contract<'_>> = of_customer(index, customer).filter(shown).collect();
    list.sort_by_key(|c| (c.end(), c.id()));
    let word = |c: &Contract<'_>| {
        let title = unescape_note(c.paper.cell("title")).into_owned();
        let name = if title.is_empty() { c.id().to_string() } else { format!("{} {title}", c.id()) };
        match (c.days_left(), c.end()) {
            (Some(days), Some(end)) => w::contract_until(lang, name, end, days),
            _ => m::labelled(lang, name, values::value(lang, "contract_state", c.state())),
        }
    };
    (!list.is_empty()).then(|| w::brief_contracts(lang, some(&list, word, lang)))
}

/// The first few of a list in one line.
fn some<T>(list: &[T], word: impl Fn(&T) -> String, lang: Lang) -> String {
    const MOST: usize = 3;
    let mut words: Vec<String> = list.iter().take(MOST).map(word).collect();
    if list.len() > MOST {
        words.push(m::and_more(lang, list.len() - MOST).trim().to_string());
    }
    words.join(lang.pick("; ", "；"))
}

fn promised(index: &Index<'_>, customer: usize, lang: Lang) -> Option<String> {
    let today = index.book.today;
    let list = open_deliveries(index, customer);
    let word = |d: &crate::rules::orders::OpenDelivery| match d.days_late(today) {
        0 => w::promised_on(lang, d.lines[0].id(), d.promised),
        days => w::promised_late(lang, d.lines[0].id(), d.promised, days),
    };
    (!list.is_empty()).then(|| w::brief_promised(lang, some(&list, word, lang)))
}

/// The grade with the last decision about it.
fn grade(index: &Index<'_>, customer: usize, lang: Lang) -> String {
    let c = &index.book.customers[customer];
    if c.grade.is_empty() {
        return w::brief_not_graded(lang);
    }
    let fold = fold_of(index.events(customer), "grade");
    let Some(last) = fold.as_ref().and_then(|f| f.applied.last()).filter(|e| e.to() == c.grade) else {
        return w::brief_grade_plain(lang, c.grade);
    };
    let line = w::brief_grade(lang, c.grade, last.day(), index.book.team.name(last.by()));
    if last.note().is_empty() { line } else { w::brief_grade_why(lang, line, unescape_note(last.note())) }
}
