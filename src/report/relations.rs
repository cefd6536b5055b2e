//! How near people at customers are: the pyramid of levels, fading ones, single contacts, what contacts are for, open signs.

use super::ask::{Answer, Ask, Caveat, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::ratio_text;
use super::fields::CustomerFields;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::row::Activity;
use crate::model::value::{Kind, Schema as _};
use crate::rules::engine::index::Index;
use crate::rules::relations::{self, Bonds, LEVELS, PURPOSES, Tie, by_customer, by_rep, ties, unanswered};
use crate::rules::unjoined::of_nobody;
use crate::store::cells::unescape_note;

/// Relations by person, by customer, or contact by contact; and the signals that nobody answered.
pub struct Relations;

const BY: [&str; 4] = ["rep", "customer", "contact", "signal"];

impl Relations {
    fn by(ask: &Ask<'_>) -> &'static str {
        BY.into_iter().find(|by| *by == ask.flag("by")).unwrap_or(BY[0])
    }
}

impl Report for Relations {
    fn name(&self) -> &'static str {
        "relations"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report relations",
            "kehu report relations -p 2026Q2 one_sided:yes",
            "kehu report relations --by customer single_contact.gt:0 owner:li",
            "kehu report relations --by contact fading:yes --sort last_contact",
            "kehu report relations --by signal owner:li --exit-code",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("90d")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("rep"), values: FlagValues::Only(&BY) }]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report relations -p PERIOD" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        if Relations::by(ask) == "signal" { relations::READS } else { relations::READS.without_notes() }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(Relations::by(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let of_list = |list: &'static str, keys: &[&str]| -> Values {
            let words = |key: &&str| {
                let words = Lang::ALL.iter().map(|l| values::value(*l, list, key));
                ((*key).to_string(), words.collect())
            };
            keys.iter().map(words).collect()
        };
        match column {
            "rep" => CustomerFields::new(ask.settings, ask.team).find("owner").map_or_else(Vec::new, |def| def.values),
            "owner" => ask.values_of(column),
            "relation" => of_list("relation", &LEVELS),
            "signal" => of_list("signal", &["personnel", "quality", "distance", "demand", "competitor"]),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        let own: &[&str] = if Relations::by(ask) == "rep" { &[] } else { &["customer"] };
        own.iter().map(ToString::to_string).collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let by = labels::label(lang, Relations::by(ask));
        reporting::by_key(lang, reporting::title(lang, self.name()), by)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let by = Relations::by(ask);
        let (book, chosen) = (index.book, ask.customers(index));
        let mut whole = Bonds::default();
        let rows: Vec<Row> = match by {
            "contact" => {
                let open = chosen.iter().filter(|n| !book.customers[**n].closed);
                open.flat_map(|n| ties(index, *n).into_iter().map(|t| contact_row(index, *n, &t, lang))).collect()
            }
            "signal" => {
                let open = chosen.iter().filter(|n| !book.customers[**n].closed);
                let mut all: Vec<(usize, Activity)> =
                    open.flat_map(|n| unanswered(index, *n).into_iter().map(|a| (*n, a))).collect();
                all.retain(|(_, a)| ask.period.contains(a.day()));
                all.sort_by_key(|(_, a)| (a.at(), a.id()));
                all.iter().map(|(n, a)| signal_row(index, *n, *a, lang)).collect()
            }
            "customer" => {
                let list = by_customer(index, &chosen, ask.period);
                list.iter().for_each(|(_, b)| whole.and(b));
                let row = |(n, b): &(usize, Bonds)| {
                    let c = &book.customers[*n];
                    figures(vec![Cell::Id(c.id.into()), text(c.name), text(c.owner)], by, b, ask, lang)
                };
                list.iter().map(row).collect()
            }
            _ => {
                let groups = by_rep(index, &chosen, ask.period);
                groups.values().for_each(|b| whole.and(b));
                let row = |(who, b): (&&str, &Bonds)| {
                    let name = ask.team.get(who).map_or("", |p| p.name);
                    let who = if who.is_empty() { Cell::code("", &m::the_pool(lang)) } else { text(who) };
                    figures(vec![who, text(name)], by, b, ask, lang)
                };
                groups.iter().map(row).collect()
            }
        };
        let table = Table { columns: columns(by, lang), rows, ..Table::default() };
        let mut doc = Document::table(table);
        if matches!(by, "rep" | "customer") {
            doc.blocks.push(Block::Note(pyramid(&whole, ask, lang)));
        }
        let strays = of_nobody(index.book, index.prices(), LedgerSet::of(&[Ledger::Activities]), ask.period);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }
}

fn columns(by: &str, lang: Lang) -> Vec<Column> {
    let key = |k: &str| Column { importance: Importance::Key, ..typed(lang, k, Kind::Code) };
    let mut columns = match by {
        "contact" => {
            return vec![
                typed(lang, "customer", Kind::Id),
                col(lang, "name"),
                key("contact"),
                col(lang, "contact_name"),
                typed(lang, "role", Kind::Code),
                typed(lang, "relation", Kind::Code),
                typed(lang, "owner", Kind::Code),
                typed(lang, "last_contact", Kind::Day),
                num(lang, "silent_days"),
                typed(lang, "fading", Kind::Flag),
            ];
        }
        "signal" => {
            let mut columns =
                vec![typed(lang, "customer", Kind::Id), col(lang, "name"), typed(lang, "owner", Kind::Code)];
            columns.extend([typed(lang, "activity", Kind::Id), typed(lang, "at", Kind::Day)]);
            columns.extend([key("signal"), typed(lang, "by", Kind::Code), col(lang, "contact")]);
            columns.extend([typed(lang, "open_days", Kind::Days), col(lang, "note")]);
            return columns;
        }
        "customer" => vec![typed(lang, "customer", Kind::Id), col(lang, "name"), typed(lang, "owner", Kind::Code)],
        _ => vec![key("rep"), col(lang, "name"), num(lang, "customers")],
    };
    columns.push(num(lang, "contacts"));
    columns.extend(LEVELS.map(|l| num(lang, &format!("{l}s"))));
    columns.extend([col(lang, "short"), num(lang, "fading"), num(lang, "single_contact"), num(lang, "open_signals")]);
    columns.push(num(lang, "with_purpose"));
    columns.extend(PURPOSES.map(|p| typed(lang, &format!("{p}_share"), Kind::Ratio)));
    columns.push(typed(lang, "one_sided", Kind::Flag));
    rank(
        &mut columns,
        &[
            (Importance::Main, &["contacts", "fading", "single_contact", "open_signals", "one_sided"]),
            (Importance::Minor, &["with_purpose", "short"]),
        ],
    );
    columns
}

/// A row of figures behind the cells that say whose they are.
fn figures(mut cells: Vec<Cell>, by: &str, b: &Bonds, ask: &Ask<'_>, lang: Lang) -> Row {
    if by == "rep" {
        cells.push(Cell::Int(b.customers));
    }
    cells.push(Cell::Int(b.contacts));
    cells.extend(b.levels.map(Cell::Int));
    let short: Vec<String> = b.short(ask.settings).into_iter().map(|l| word(l, ask, lang)).collect();
    cells.push(text(&short.join(", ")));
    cells.extend([b.fading, b.single, b.signals, b.mix.all()].map(Cell::Int));
    cells.extend((0..PURPOSES.len()).map(|n| b.mix.share(n).map_or(Cell::NotAvailable, Cell::Ratio)));
    let one_sided = b.mix.one_sided(ask.settings);
    cells.push(Cell::Flag(one_sided));
    Row { cells, tone: if one_sided { Tone::Warn } else { Tone::Plain }, ..Row::default() }
}

/// A level in the words of the reader; in machine formats its key.
fn word(level: &str, ask: &Ask<'_>, lang: Lang) -> String {
    if ask.people { values::value(lang, "relation", level) } else { level.to_string() }
}

fn contact_row(index: &Index<'_>, customer: usize, t: &Tie, lang: Lang) -> Row {
    let c = &index.book.customers[customer];
    let days = t.last.map(|day| (index.book.today - day).num_days());
    Row {
        cells: vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(t.id),
            text(t.name),
            code(&t.role, values::value(lang, "role", &t.role)),
            t.level.map_or(Cell::Missing, |n| code(LEVELS[n], values::value(lang, "relation", LEVELS[n]))),
            text(t.owner),
            t.last.map_or(Cell::Missing, Cell::Day),
            days.map_or(Cell::Missing, Cell::Int),
            Cell::Flag(t.fading),
        ],
        tone: if t.fading { Tone::Warn } else { Tone::Plain },
        ..Row::default()
    }
}

fn signal_row(index: &Index<'_>, customer: usize, a: Activity, lang: Lang) -> Row {
    let c = &index.book.customers[customer];
    let cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        Cell::Id(a.id().into()),
        Cell::Day(a.day()),
        code(a.signal(), values::value(lang, "signal", a.signal())),
        text(a.by()),
        text(a.contact()),
        Cell::Int((index.book.today - a.day()).num_days()),
        text(&unescape_note(a.note())),
    ];
    Row { cells, tone: Tone::Warn, ..Row::default() }
}

/// The shares of all levels against those of kehu.toml.
fn pyramid(whole: &Bonds, ask: &Ask<'_>, lang: Lang) -> String {
    let wanted = ask.settings.file.kpi.pyramid();
    let (known, sum): (i64, i64) = (whole.levels.iter().sum(), wanted.iter().sum());
    let share = |n: i64, of: i64| {
        let share = Decimal::from(n).checked_div(Decimal::from(of));
        share.map_or_else(|| crate::i18n::money::not_available(lang), ratio_text)
    };
    let level = |n: usize| {
        let name = values::value(lang, "relation", LEVELS[n]);
        m::pyramid_level(lang, name, share(whole.levels[n], known), share(wanted[n], sum))
    };
    let levels: Vec<String> = (0..LEVELS.len()).map(level).collect();
    let days = ask.settings.file.kpi.relation_fade_days();
    m::pyramid(lang, known, whole.contacts, levels.join(lang.pick("; ", "；")), days)
}
