//! What is bought together, and what customers lack that others like them buy.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::profit::total_again;
use super::sales_figures::money;
use super::sales_groups::Names;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::Map;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum, round};
use crate::model::value::Kind;
use crate::rules::basket::{Bought, Gap, Numbers, Pair, Pairs, gaps, pairs};
use crate::rules::engine::index::Index;
use crate::rules::profit::{Sale, sales};
use crate::rules::stays::FEW;
use std::collections::BTreeMap;

const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
        .without_notes();

/// What is bought together.
pub struct Basket;

/// What the table has a row for.
const KEYS: &[&str] = &["pair", "gap"];

/// By what customers are alike.
const PEERS: &[&str] = &["industry", "region", "size", "grade", "kind", "country", "all"];

/// Most pairs whose orders are explained: each is looked for in all of them.
const MOST_EXPLAINED: usize = 50;

fn of_gaps(ask: &Ask<'_>) -> bool {
    ask.flag("by") == KEYS[1]
}

fn peers<'q>(ask: &'q Ask<'_>) -> &'q str {
    Some(ask.flag("peers")).filter(|by| !by.is_empty()).unwrap_or(PEERS[0])
}

impl Report for Basket {
    fn name(&self) -> &'static str {
        "basket"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report basket",
            "kehu report basket product:ctl-m5 lift.gt:1",
            "kehu report basket --by gap customer.owner:li",
            "kehu report basket --by gap --peers grade -p 2026",
            "kehu report basket --explain --limit 3",
        ]
    }

    fn days(&self) -> Days {
        Days::Of("24m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag { name: "by", value: Some("KEY"), default: Some("pair"), values: FlagValues::Only(KEYS) },
            Flag { name: "peers", value: Some("KEY"), default: Some("industry"), values: FlagValues::Only(PEERS) },
        ]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report basket -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        if of_gaps(ask) { gap_columns(lang) } else { pair_columns(lang) }
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if column == "owner" { ask.values_of(column) } else { Vec::new() }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        match (of_gaps(ask), peers(ask)) {
            (false, _) => title.to_string(),
            (true, "all") => m::basket_gaps_of_all(lang),
            (true, key) => m::basket_gaps_title(lang, labels::label(lang, key)),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let rules = &ask.settings.file.basket;
        let names = Names::new(index, "product");
        let mut caveats = Vec::new();
        let say = |text: String| Caveat { text, fails: Fails::Never };
        if of_gaps(ask) {
            let (list, ids, without) = lacking(index, ask);
            let rows = list.iter().map(|g| gap_row(index, ask, g, &ids, &names)).collect();
            if without > 0 {
                caveats.push(say(m::basket_without_peers(lang, without, labels::label(lang, peers(ask)))));
            }
            let doc = Document::table(Table { columns: gap_columns(lang), rows, ..Table::default() });
            return Answer { doc, caveats };
        }
        let (found, ids) = together(index, ask);
        // Who asks for a product wants all that goes with it, on whichever side it stands.
        let turned = |p: &Pair| Pair { a: p.b, b: p.a, of_a: p.of_b, of_b: p.of_a, ..*p };
        let both_ways = ask.judged && (ask.names("product") || ask.names("name"));
        let sides = found.list.iter().flat_map(|p| [Some(*p), both_ways.then(|| turned(p))]).flatten();
        let rows = sides.map(|p| pair_row(&p, &ids, &names)).collect();
        let mut doc = Document::table(Table { columns: pair_columns(lang), rows, ..Table::default() });
        doc.blocks.push(Block::Note(m::basket_orders(lang, found.orders, rules.min_orders())));
        let few = found.list.iter().filter(|p| i64::from(p.orders) < FEW).count();
        if few > 0 {
            doc.blocks.push(Block::Note(m::basket_few(lang, few, FEW)));
        }
        if found.too_many > 0 {
            caveats.push(say(m::basket_too_many(lang, found.too_many, rules.max_products())));
        }
        Answer { doc, caveats }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        // The first product alone does not say which pair it is: nothing is added up.
        if ask.kept.is_none() {
            total_again(self, answer, index, ask, lang);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let rules = &ask.settings.file.basket;
        let share = super::explain::ratio_text(rules.peer_share());
        doc.blocks.push(Block::Note(match of_gaps(ask) {
            true => m::explain_gaps(lang, rules.min_peers(), share),
            false => m::explain_basket(lang, rules.min_orders(), rules.max_products()),
        }));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main).filter(|_| !of_gaps(ask)) else { return };
        let pair = |r: &Row| Some((r.cells.first()?.text()?.to_string(), r.cells.get(2)?.text()?.to_string()));
        let shown: Vec<(String, String)> = t.rows.iter().take(shown.min(MOST_EXPLAINED)).filter_map(pair).collect();
        let mut of: BTreeMap<&str, (Vec<&str>, String)> = BTreeMap::new();
        let all = sales(index.book, index.prices(), ask.period);
        for s in all.iter().filter(|s| s.sells && !s.product.is_empty() && ask.has_sale(index, s)) {
            let order = of.entry(s.order).or_insert_with(|| (Vec::new(), index.book.place(s.place).to_string()));
            order.0.push(s.product);
        }
        of.retain(|_, (products, _)| {
            products.sort_unstable();
            products.dedup();
            products.len() <= rules.max_products()
        });
        for (a, b) in shown {
            let has = |products: &[&str], id: &str| products.binary_search(&id).is_ok();
            let both = of.iter().filter(|(_, (products, _))| has(products, &a) && has(products, &b));
            let lines = both.map(|(id, (_, place))| format!("  {place}: {id}")).collect();
            doc.blocks.push(Block::Note(format!("{a} + {b}\n{}", super::explain::cut(lines, lang).join("\n"))));
        }
    }
}

/// Whether a sale puts a product into an order.
fn is_bought(s: &Sale<'_>) -> bool {
    s.sells && !s.product.is_empty()
}

/// The pairs of the orders that fit, and the ids of products by their numbers.
fn together<'a>(index: &Index<'a>, ask: &Ask<'_>) -> (Pairs, Vec<&'a str>) {
    let (mut orders, mut products) = (Numbers::default(), Numbers::default());
    let all = sales(index.book, index.prices(), ask.period);
    let fit = all.iter().filter(|s| is_bought(s) && ask.has_sale(index, s));
    let mut last: (&str, u32) = ("", 0);
    let bought = fit.map(|s| {
        // Lines of one order mostly stand together.
        if last.0 != s.order || s.order.is_empty() {
            last = (s.order, orders.of(s.order));
        }
        Bought { by: last.1, product: products.of(s.product) }
    });
    let bought = bought.collect();
    let mut found = pairs(bought, &ask.settings.file.basket);
    // The product whose id comes first stands first, whatever the order of the rows.
    for p in &mut found.list {
        if products.ids[p.a as usize] > products.ids[p.b as usize] {
            *p = Pair { a: p.b, b: p.a, of_a: p.of_b, of_b: p.of_a, ..*p };
        }
    }
    let id = |n: u32| products.ids[n as usize];
    found.list.sort_by_cached_key(|p| (std::cmp::Reverse((p.lift(), p.orders)), id(p.a), id(p.b)));
    (found, products.ids)
}

/// What customers lack, the ids of products by their numbers, and how many customers are like nobody, since it is not known
/// what they are.
fn lacking<'a>(index: &Index<'a>, ask: &Ask<'_>) -> (Vec<Gap>, Vec<&'a str>, usize) {
    let book = index.book;
    // Ids decide between equals, and so they have their numbers in the order of their texts.
    let all = sales(book, index.prices(), ask.period);
    let mut ids: Vec<&str> = all.iter().filter(|s| is_bought(s)).map(|s| s.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let numbers: Map<&str, u32> = ids.iter().enumerate().map(|(n, id)| (*id, n as u32)).collect();
    // What each customer bought of each product; `None` = of a line nobody knows.
    let mut of: Map<(u32, u32), Option<Sum>> = Map::default();
    for s in all.iter().filter(|s| is_bought(s)) {
        if let (Some(customer), Some(product)) = (s.customer, numbers.get(s.product)) {
            let sum = of.entry((customer as u32, *product)).or_insert(Some(Sum::ZERO));
            match (s.revenue(), sum.as_mut()) {
                (Some(net), Some(sum)) => sum.add(net),
                _ => *sum = None,
            }
        }
    }
    let mut groups: BTreeMap<&str, Vec<(Bought, Option<Decimal>)>> = BTreeMap::new();
    let mut without: Vec<u32> = Vec::new();
    for ((by, product), sum) in of {
        let c = &book.customers[by as usize];
        let group = match peers(ask) {
            "all" => "all",
            "grade" => c.grade,
            key => c.text(key),
        };
        if group.is_empty() {
            without.push(by);
            continue;
        }
        let net = sum.and_then(|sum| sum.known());
        groups.entry(group).or_default().push((Bought { by, product }, net));
    }
    without.sort_unstable();
    without.dedup();
    // Who is like whom is asked of all customers, whoever is shown.
    let mut list: Vec<Gap> = groups.values().flat_map(|bought| gaps(bought, &ask.settings.file.basket)).collect();
    if !ask.filter.is_empty() {
        let fits: Vec<bool> = {
            let mut fits = vec![false; book.customers.len()];
            let chosen = all.iter().filter(|s| ask.has_sale(index, s)).filter_map(|s| s.customer);
            chosen.for_each(|c| fits[c] = true);
            fits
        };
        list.retain(|g| fits[g.customer]);
    }
    list.sort_by_cached_key(|g| (std::cmp::Reverse((g.share(), g.peers)), g.customer, g.lacks));
    (list, ids, without.len())
}

fn pair_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "product", Kind::Id),
        col(lang, "name"),
        typed(lang, "with_product", Kind::Id),
        col(lang, "with_name"),
        Column { label: labels::label(lang, "orders_together"), ..num(lang, "orders") },
        typed(lang, "support", Kind::Ratio),
        typed(lang, "confidence", Kind::Ratio),
        typed(lang, "confidence_back", Kind::Ratio),
        num(lang, "lift"),
        num(lang, "product_orders"),
        num(lang, "other_orders"),
        num(lang, "n"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["product", "with_product", "lift", "orders"]),
            (Importance::Main, &["name", "with_name", "support"]),
            (Importance::Minor, &["n", "product_orders", "other_orders"]),
        ],
    );
    columns
}

fn gap_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        col(lang, "peer_group"),
        typed(lang, "lacks", Kind::Id),
        col(lang, "lacks_name"),
        typed(lang, "has", Kind::Id),
        col(lang, "has_name"),
        num(lang, "peers"),
        num(lang, "peers_with"),
        typed(lang, "peer_share", Kind::Ratio),
        num(lang, "lift"),
        typed(lang, "expected_amount", Kind::Money),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "lacks", "peer_share"]),
            (Importance::Main, &["name", "has", "expected_amount", "peers"]),
            (Importance::Minor, &["owner", "has_name"]),
        ],
    );
    columns
}

fn ratio(r: Option<Decimal>) -> Cell {
    r.map_or(Cell::NotAvailable, Cell::Ratio)
}

/// A factor, with two decimals.
fn factor(n: Option<Decimal>) -> Cell {
    n.map_or(Cell::NotAvailable, |n| Cell::Number(round(n, 2).normalize()))
}

fn pair_row(p: &Pair, ids: &[&str], names: &Names<'_>) -> Row {
    let (a, b) = (ids[p.a as usize], ids[p.b as usize]);
    let count = |n: u32| Cell::Int(i64::from(n));
    let cells = vec![
        Cell::Id(a.into()),
        names.of(a),
        Cell::Id(b.into()),
        names.of(b),
        count(p.orders),
        ratio(p.support()),
        ratio(p.confidence()),
        ratio(p.confidence_back()),
        factor(p.lift()),
        count(p.of_a),
        count(p.of_b),
        count(p.all),
    ];
    Row { cells, ..Row::default() }
}

fn gap_row(index: &Index<'_>, ask: &Ask<'_>, g: &Gap, ids: &[&str], names: &Names<'_>) -> Row {
    let c = &index.book.customers[g.customer];
    let (has, lacks) = (ids[g.has as usize], ids[g.lacks as usize]);
    let group = match peers(ask) {
        "all" => String::new(),
        "grade" => c.grade.to_string(),
        key => c.text(key).to_string(),
    };
    let cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        text(&group),
        Cell::Id(lacks.into()),
        names.of(lacks),
        Cell::Id(has.into()),
        names.of(has),
        Cell::Int(i64::from(g.peers)),
        Cell::Int(i64::from(g.both)),
        ratio(g.share()),
        factor(g.lift()),
        money(index.book, g.expected.map(|e| round(e, 2))),
    ];
    Row { cells, ..Row::default() }
}
