//! How deliveries keep their promises.

use super::ask::{Answer, Ask, Caveat, Report, Series};
use super::document::{Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::orders::{Order, READS, orders, unjoined};
use super::{col, typed};
use crate::i18n::{Lang, messages as m};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;

/// Promised and actual days of orders that promised one.
pub struct Delivery;

impl Report for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report delivery -p 2026Q2",
            "kehu report delivery days_late.gt:3 -p 2026Q2",
            "kehu report delivery customer.grade:A --sort -days_late --limit 10",
            "kehu report delivery by:li -p last-month -f csv",
        ]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report delivery -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let fits = |line, customer| ask.has_line(index, line, customer);
        let list = orders(index, ask.period, &fits);
        let caveats = Caveat::of_unjoined(&unjoined(index, &list, ask.period), lang);
        Answer { doc: delivery(index, &list, lang), caveats }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        if let Some(table) = answer.table() {
            table.footer = vec![rate(&table.rows, table.columns.len(), lang)];
        }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "order", Kind::Id), typed(lang, "customer", Kind::Id), col(lang, "name")];
    columns.extend(["promised", "shipped", "delivered"].map(|k| typed(lang, k, Kind::Day)));
    columns.extend([typed(lang, "days_late", Kind::Days), typed(lang, "on_time", Kind::Flag)]);
    rank(
        &mut columns,
        &[(Importance::Key, &["order", "promised", "days_late"]), (Importance::Main, &["customer", "delivered"])],
    );
    columns
}

/// How many of the orders that can be judged came on time: the line below them.
fn rate(rows: &[Row], width: usize, lang: Lang) -> Row {
    let judged =
        || rows.iter().filter_map(|r| if let Some(Cell::Flag(kept)) = r.cells.last() { Some(*kept) } else { None });
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (kept, judged) = (count(judged().filter(|kept| *kept).count()), count(judged().count()));
    let rate = Decimal::from(kept).checked_div(Decimal::from(judged)).map_or(Cell::NotAvailable, Cell::Ratio);
    let mut cells = vec![Cell::Text(m::on_time_rate(lang, kept, judged).into())];
    cells.resize(width - 1, Cell::Missing);
    cells.push(rate);
    Row { cells, ..Row::default() }
}

/// Promised and actual delivery of the orders that promised a day; on time = delivered up to the promised day.
fn delivery(index: &Index<'_>, list: &[Order], lang: Lang) -> Document {
    let book = index.book;
    let columns = columns(lang);
    let day = |d: Option<Day>| d.map_or(Cell::Missing, Cell::Day);
    let mut rows = Vec::new();
    for o in list.iter().filter(|o| o.state.cancelled.is_none()) {
        let (Some(l), Some(promised)) = (o.lines.first(), o.lines.iter().filter_map(|x| x.promised()).max()) else {
            continue;
        };
        let c = o.customer.map(|n| &book.customers[n]);
        let late = (o.state.delivered.unwrap_or(book.today) - promised).num_days().max(0);
        // An order that is not delivered is judged once its day has passed.
        let on_time = (o.state.delivered.is_some() || late > 0).then_some(late == 0);
        rows.push(Row {
            cells: vec![
                Cell::Id(l.id().into()),
                Cell::Id(c.map_or(l.customer(), |c| c.id).into()),
                c.map_or(Cell::Missing, |c| text(c.name)),
                Cell::Day(promised),
                day(o.state.shipped),
                day(o.state.delivered),
                Cell::Int(late),
                on_time.map_or(Cell::Missing, Cell::Flag),
            ],
            tone: if late > 0 && o.state.delivered.is_none() { Tone::Bad } else { Tone::Plain },
            ..Row::default()
        });
    }
    let footer = vec![rate(&rows, columns.len(), lang)];
    Document::table(Table { columns, rows, footer, ..Table::default() })
}
