//! Documents that the tests of all formats share.
#![allow(clippy::unwrap_used)]

use super::{Format, Style};
use crate::i18n::Lang;
use crate::model::day::parse_day;
use crate::report::document::{Block, Card, Cell, Column, Currency, Document, Row, Table, Tone};

/// English, Shanghai time, off a terminal.
pub(super) fn style(format: Format) -> Style {
    Style {
        format,
        lang: Lang::En,
        width: None,
        color: false,
        tz: crate::model::zone::Zone::shanghai(),
        scale: None,
        columns: false,
    }
}

/// A column whose label is its key in capitals.
pub(super) fn column(key: &str) -> Column {
    Column { key: key.into(), label: key.to_uppercase(), ..Column::default() }
}

/// An amount in CNY.
pub(super) fn yuan(amount: &str) -> Cell {
    Cell::Money { amount: amount.parse().unwrap(), currency: Currency::new("CNY") }
}

/// A table by columns; short columns are filled with missing cells.
pub(super) fn table(columns: Vec<(&str, Vec<Cell>)>) -> Table {
    let height = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let rows = (0..height).map(|n| {
        let cells = columns.iter().map(|(_, cells)| cells.get(n).cloned().unwrap_or(Cell::Missing)).collect();
        Row { cells, ..Row::default() }
    });
    let rows = rows.collect();
    Table { columns: columns.iter().map(|(key, _)| column(key)).collect(), rows, ..Table::default() }
}

/// One column, one row, one text.
pub(super) fn text_table(text: &str) -> Document {
    Document::table(table(vec![("a", vec![Cell::Text(text.into())])]))
}

/// A card with an id, a name and a note of two lines.
pub(super) fn card() -> Card {
    let fields = vec![
        (column("customer"), Cell::Id("hx".into())),
        (column("name"), Cell::Text("华新电子".into())),
        (column("note"), Cell::Text("a\nb".into())),
    ];
    Card { title: None, fields }
}

/// A wide Chinese report: two groups, a footer, a card and a note.
pub(super) fn report() -> Document {
    let head = [
        ("customer", "客户", false),
        ("name", "名称", false),
        ("owner", "负责人", false),
        ("stage", "阶段", false),
        ("due", "到期", false),
        ("orders", "订单", true),
        ("revenue", "销售额", true),
        ("margin", "毛利率", true),
        ("note", "备注", false),
    ];
    let columns = head.iter().map(|(key, label, right)| Column {
        key: (*key).into(),
        label: (*label).into(),
        right: *right,
        machine_only: *key == "owner",
        ..Column::default()
    });
    let row = |id: &str, name: &str, orders, revenue: &str, margin: Option<&str>, note: &str, group: &str, tone| Row {
        cells: vec![
            Cell::Id(id.into()),
            Cell::Text(name.into()),
            Cell::Id("li".into()),
            Cell::code("repeat", "复购"),
            Cell::Day(parse_day("2026-11-22").unwrap()),
            Cell::Int(orders),
            yuan(revenue),
            margin.map_or(Cell::NotAvailable, |m| Cell::Ratio(m.parse().unwrap())),
            Cell::Text(note.into()),
        ],
        tone,
        group: Some(group.into()),
        uncounted: false,
    };
    let rows = vec![
        row(
            "huaxin",
            "华新电子有限公司",
            12,
            "1265793.035",
            Some("0.2"),
            "王经理 11 月底前确认，<b>价格</b>已谈",
            "逾期",
            Tone::Bad,
        ),
        row("acme", "ACME | GmbH", 3, "98000", None, "", "逾期", Tone::Warn),
        row(
            "上海-永福",
            "上海永福贸易（集团）股份有限公司",
            12345,
            "7.5",
            Some("-0.0512"),
            "等样品\n再报价",
            "今天",
            Tone::Plain,
        ),
    ];
    let mut total = row("", "合计", 12360, "1363800.535", Some("0.18"), "", "", Tone::Plain);
    total.cells[0] = Cell::Missing;
    total.cells[3] = Cell::Missing;
    total.cells[4] = Cell::Missing;
    total.group = None;
    let table =
        Table {
            title: Some("跟进".into()), columns: columns.collect(), rows, footer: vec![total], ..Table::default()
        };
    let mut sample = card();
    sample.title = Some("客户".into());
    sample.fields.push((column("terms"), Cell::Missing));
    let note = "提示：`kehu log` 记录活动后，到期日会自动后移。 # 这不是标题";
    Document {
        title: Some("今天 2026-11-22".into()),
        blocks: vec![Block::Table(table), Block::Card(sample), Block::Note(note.into())],
        main: 0,
    }
}
