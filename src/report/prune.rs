//! Customers that cost more than they bring: slow, small and risky payers, and which of them stay because of their profit (R6).

use super::ask::{Answer, Ask, Days, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::{cut, figures as behind, ratio_text};
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, money, unjoined};
use super::{col, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::metrics::Metric;
use crate::model::book::Reads;
use crate::model::money::{Sum, round};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale, year};
use crate::rules::prune::{Fault, Listed, READS, Verdict, prune};

/// Customers to give up.
pub struct Prune;

/// The sorts of faults.
const FAULTS: [&str; 3] = ["slow", "small", "risky"];

impl Report for Prune {
    fn name(&self) -> &'static str {
        "prune"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report prune",
            "kehu report prune verdict:drop owner:li",
            "kehu report prune faults.has:risky --sort overdue",
            "kehu report prune verdict:stay --explain --limit 5",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report prune --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let words = |list: &str, v: &str| Lang::ALL.iter().map(|l| values::value(*l, list, v)).collect();
        match column {
            "verdict" => Verdict::ALL.map(|v| (v.key().to_string(), words("verdict", v.key()))).to_vec(),
            "faults" => FAULTS.map(|f| (f.to_string(), words("fault", f))).to_vec(),
            "owner" | "grade" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let mut wanted = vec![false; index.book.customers.len()];
        ask.customers(index).into_iter().for_each(|c| wanted[c] = true);
        let mut list = prune(index);
        list.retain(|l| wanted[l.customer]);
        let rows = list.iter().map(|l| row(index, ask, l, lang)).collect();
        let mut doc = Document::table(Table { columns: columns(lang), rows, ..Table::default() });
        list.retain(|l| ask.keeps(&Cell::Id(index.book.customers[l.customer].id.into())));
        if !list.is_empty() {
            doc.blocks.push(Block::Note(summary(index, &list, lang)));
        }
        let of_all = |sum: Figures, l: &Listed| sum.and(index.figures_of_year(l.customer));
        let all = list.iter().fold(Figures::default(), of_all);
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let strays = index.prices().has_strays();
        let unjoined = unjoined(index, (year(index.book.today), &fits), strays, (false, all.unreadable_lines > 0));
        let unknown = Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined };
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let rules = &ask.settings.file.prune;
        let share = ratio_text(rules.small_share());
        let major = ratio_text(ask.settings.major_share());
        let rule = m::explain_prune(lang, rules.late_days().normalize(), share, rules.overdue_days(), major);
        doc.blocks.push(Block::Note(rule));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let ids = t.rows.iter().take(shown).filter_map(|r| Some(r.cells.first()?.text()?.to_string()));
        let metrics: Vec<&Metric> = ["late_days", "overdue"].iter().filter_map(|k| crate::metrics::find(k)).collect();
        for customer in ids.filter_map(|id| index.book.customer_index(&id)).collect::<Vec<_>>() {
            let lines = cut(behind(index, &metrics, customer, lang), lang).join("\n  ");
            doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[customer].id)));
        }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
        typed(lang, "verdict", Kind::Code),
        typed(lang, "faults", Kind::List),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "profit", Kind::Money),
        typed(lang, "net_contribution", Kind::Money),
        typed(lang, "late_days", Kind::Days),
        typed(lang, "overdue", Kind::Money),
        typed(lang, "overdue_days", Kind::Days),
        typed(lang, "bad_debt", Kind::Flag),
        col(lang, "why"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "verdict", "profit"]),
            (Importance::Main, &["name", "why", "net_contribution"]),
            (Importance::Minor, &["grade", "faults", "bad_debt", "late_days", "overdue_days"]),
        ],
    );
    columns
}

/// What is wrong with a customer, and why it stays all the same.
fn why(l: &Listed, ask: &Ask<'_>, lang: Lang) -> String {
    // Programs read English, whatever the reader's language.
    let lang = if ask.people { lang } else { Lang::En };
    let one = |f: &Fault| match f {
        Fault::Slow(days) => m::prune_slow(lang, round(*days, 1).normalize()),
        Fault::Small => m::prune_small(lang),
        Fault::Overdue(days) => m::prune_overdue(lang, *days),
        Fault::BadDebt => m::class_bad_debt(lang),
    };
    let mut words: Vec<String> = l.faults.iter().map(one).collect();
    if l.verdict == Verdict::Stay {
        words.push(m::prune_stays(lang));
    }
    words.join(lang.pick("; ", "；"))
}

fn row(index: &Index<'_>, ask: &Ask<'_>, l: &Listed, lang: Lang) -> Row {
    let (book, c) = (index.book, &index.book.customers[l.customer]);
    let faults =
        l.sorts().into_iter().map(|f| if ask.people { values::value(lang, "fault", f) } else { f.to_string() });
    let cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        text(c.grade),
        code(l.verdict.key(), values::value(lang, "verdict", l.verdict.key())),
        Cell::list(faults),
        money(book, l.revenue),
        money(book, l.profit),
        money(book, l.net),
        l.late.map_or(Cell::Missing, |d| Cell::Days(round(d, 6).normalize())),
        l.overdue.map_or(Cell::Missing, |amount| money(book, Some(amount))),
        l.overdue_days.map_or(Cell::Missing, Cell::Int),
        Cell::Flag(l.faults.contains(&Fault::BadDebt)),
        text(&why(l, ask, lang)),
    ];
    let tone = match l.verdict {
        Verdict::Drop => Tone::Bad,
        Verdict::Review => Tone::Warn,
        Verdict::Stay => Tone::Plain,
    };
    Row { cells, tone, ..Row::default() }
}

/// How many there are of each verdict, and what they bring.
fn summary(index: &Index<'_>, list: &[Listed], lang: Lang) -> String {
    let one = |v: Verdict| {
        let its: Vec<&Listed> = list.iter().filter(|l| l.verdict == v).collect();
        // Of those of whom nobody knows what is left there is no sum.
        let known = its.iter().all(|l| l.net.is_some());
        let sum = Sum::of(its.iter().filter_map(|l| l.net)).known().filter(|_| known);
        let amount = sum.map_or_else(
            || m::not_available(lang),
            |s| super::explain::amount_text(&index.book.settings.file.currency, s),
        );
        m::prune_summary(lang, values::value(lang, "verdict", v.key()), its.len(), amount)
    };
    Verdict::ALL.map(one).join(lang.pick("; ", "；"))
}
