//! What applies to a customer: its playbooks, its limits for prices, its place in the busy season. Parts of `show` and
//! `brief`.

use super::col;
use super::document::{Cell, Column, Row, Table};
use super::due::{code, text};
use super::explain::ratio_text;
use super::typed;
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::playbook::{Line, Playbook};
use crate::model::settings::Settings;
use crate::model::value::Kind;
use crate::rules::aftersales::{State, calls};
use crate::rules::classes::{self, class};
use crate::rules::engine::index::Index;
use crate::rules::floor::discount_limits;
use crate::rules::floors::Floors;
use crate::rules::season;

/// Whether kehu.toml says something of value classes: whoever shows them reads the orders of all customers.
pub fn shows_classes(settings: &Settings) -> bool {
    settings.file.classes.all().next().is_some() || season::asks_for_classes(settings)
}

/// What is read besides for it.
pub fn reads(settings: &Settings) -> Reads {
    if shows_classes(settings) { classes::READS } else { Reads::NOTHING }
}

/// The value class of a customer, where it is shown.
fn shown_class(index: &Index<'_>, customer: usize) -> Option<&'static str> {
    if shows_classes(&index.book.settings) { class(index, customer).map(|(class, _)| class) } else { None }
}

/// The playbooks of a customer: (what it belongs to, its id), that of the stage first.
pub fn of_customer<'b>(index: &Index<'b>, customer: usize) -> Vec<(String, &'b str)> {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    let of_stage = settings.stage(c.stage).and_then(|s| s.playbook.as_deref());
    let class = shown_class(index, customer);
    let of_class = class.and_then(|id| settings.file.classes.of(id)?.playbook.as_deref());
    let stage = of_stage.map(|id| (format!("stage:{}", c.stage), id));
    let class = class.zip(of_class).map(|(class, id)| (format!("class:{class}"), id));
    stage.into_iter().chain(class).filter(|(_, id)| !id.is_empty()).collect()
}

/// The keys of the customer's card: value class, limits for prices of today, place in the busy season.
pub fn keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let (book, settings) = (index.book, &index.book.settings);
    let mut out = Vec::new();
    if let Some(class) = shown_class(index, customer) {
        out.push((col(lang, "segment"), code(class, values::value(lang, "segment", class))));
    }
    let mut floors = Floors::new(index);
    let floor = floors.on(Some(customer), book.today);
    out.push((typed(lang, "margin_floor", Kind::Ratio), Cell::Ratio(floor)));
    let level = floors.level(Some(customer), book.today);
    if let Some((most, _)) = discount_limits(settings, level).into_iter().flatten().min_by_key(|(most, _)| *most) {
        out.push((typed(lang, "discount_max", Kind::Ratio), Cell::Ratio(most)));
    }
    if let Some(place) = season::place(index, customer).filter(|_| !settings.file.season.months.is_empty()) {
        let place = i64::try_from(place + 1).unwrap_or(i64::MAX);
        out.push((typed(lang, "season_place", Kind::Number), Cell::Int(place)));
    }
    out
}

/// One line about the limits of today and the place in the busy season, for `brief`.
pub fn limits(index: &Index<'_>, customer: usize, lang: Lang) -> String {
    let (book, settings) = (index.book, &index.book.settings);
    let mut floors = Floors::new(index);
    let floor = floors.on(Some(customer), book.today);
    let level = floors.level(Some(customer), book.today);
    let of: Vec<(String, &str)> =
        discount_limits(settings, level).into_iter().flatten().map(|(most, whose)| (ratio_text(most), whose)).collect();
    let mut line = m::playbook_floor(lang, ratio_text(floor));
    for (most, whose) in of {
        line = m::playbook_discount(lang, line, most, whose);
    }
    if let Some(place) = season::place(index, customer)
        && season::is_busy(settings, book.today)
    {
        let word = settings.file.season.serve.get(place).map_or("", String::as_str);
        line = m::playbook_season(lang, line, place + 1, word);
    }
    line
}

/// The lines of playbooks.
pub fn table(playbooks: &[(String, Playbook)], lang: Lang) -> Table {
    let word = |l: &Line| match (lang, l.zh.is_empty(), l.label.is_empty()) {
        (Lang::ZhCn, false, _) | (Lang::En, false, true) => l.zh,
        _ => l.label,
    };
    let own = |k: &str| Column { label: labels::column(lang, "playbooks", k), ..col(lang, k) };
    let mut rows = Vec::new();
    for (of, p) in playbooks {
        let name = if word(&p.name).is_empty() { p.id } else { word(&p.name) };
        for (kind, lines) in [("do", &p.todo), ("watch", &p.watch)] {
            rows.extend(lines.iter().map(|line| Row {
                cells: vec![
                    code(p.id, name),
                    text(of),
                    code(kind, values::value(lang, "playbook_kind", kind)),
                    text(word(line)),
                ],
                ..Row::default()
            }));
        }
    }
    let columns = ["playbook", "applies_to", "kind", "text"].iter().map(|k| own(k)).collect();
    Table { title: Some(m::playbooks_title(lang)), columns, rows, ..Table::default() }
}

/// The calls about orders that are still to be made.
pub fn open_calls(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let rows = calls(index, customer).into_iter().filter(|call| call.state.is_open());
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|call| call.due);
    let rows = rows.into_iter().map(|call| Row {
        cells: vec![
            Cell::Id(call.line.id().into()),
            Cell::Flag(call.first),
            if call.promised { Cell::Day(call.base) } else { Cell::Missing },
            Cell::Day(call.due),
            code(call.state.key(), values::value(lang, "call_state", call.state.key())),
        ],
        tone: if call.state == State::Late { super::document::Tone::Bad } else { super::document::Tone::Plain },
        ..Row::default()
    });
    let rows = rows.collect();
    let own = |k: &str| Column { label: labels::column(lang, "aftersales", k), ..col(lang, k) };
    let columns = ["order", "first", "promised", "due", "state"].iter().map(|k| own(k)).collect();
    Table { title: Some(m::calls_title(lang)), columns, rows, ..Table::default() }
}
