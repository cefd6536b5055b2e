//! Aligned text for people. On a terminal the lines fit its width; off a terminal nothing is cut, wrapped or boxed.
//!
//! Widths are decided here, because ids, days and numbers must never be cut; comfy-table then lays out the lines.

use super::cell::{Head, card_texts, heads, on_a_line};
use super::sanitize::{clean, clean_lines};
use super::{Style, block_is_empty, block_title, title_below};
use crate::report::document::{Block, Card, Cell, Document, Importance, Row, Table, Text, Tone};
use anstyle::{AnsiColor, Style as Paint};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};
use rayon::prelude::*;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr as _;

/// Spaces between columns.
const GAP: usize = 2;
/// A text column is not squeezed below this; rather each row becomes a card.
const NARROWEST_TEXT: usize = 8;
/// While columns that matter little can go, a text column is not squeezed below this.
const READABLE_TEXT: usize = 16;
/// A table with fewer columns says too little; rather each row becomes a card.
const FEWEST_COLUMNS: usize = 4;
/// Off a terminal, columns are padded to at most this: one huge cell must not make every line huge.
const WIDEST_FILL: usize = 500;
/// Longer paragraphs are wrapped in parts, since comfy-table measures all that is left for every line.
const LONGEST_PART: usize = 4000;
const BOLD: Paint = Paint::new().bold();

/// All blocks that are not empty, each below its title, with an empty line between them; in pieces that end with a line feed.
pub fn pieces(doc: &Document, style: &Style) -> Vec<String> {
    let blocks: Vec<&Block> = doc.blocks.iter().filter(|b| !block_is_empty(b)).collect();
    let mut parts: Vec<Vec<String>> = Vec::new();
    let title = |text: &str| painted(BOLD, &clean(text), style);
    for block in &blocks {
        let mut lines = Vec::new();
        lines.extend(title_below(doc.title.as_deref(), block_title(block)).map(title));
        match block {
            Block::Table(t) => lines.extend(table(t, style)),
            Block::Card(c) => lines.extend(card(c, style)),
            Block::Note(n) => {
                for paragraph in clean_lines(n.trim()).split('\n') {
                    lines.extend(wrapped(paragraph, style.width));
                }
            }
        }
        parts.push(lines);
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let first = title_below(None, doc.title.as_ref()).map(title);
    // A single block stands right below the document's title, which is its own.
    match (first, parts.as_mut_slice()) {
        (Some(t), [only]) => only.insert(0, t),
        (Some(t), _) => parts.insert(0, vec![t]),
        (None, _) => {}
    }
    let mut out: Vec<String> = Vec::new();
    for (n, lines) in parts.into_iter().enumerate() {
        if n > 0 {
            put_line(&mut out, String::new());
        }
        lines.into_iter().for_each(|line| put_line(&mut out, line));
    }
    out
}

/// Puts a line, or many in one text, behind others: short ones together, a long one as it is.
fn put_line(out: &mut Vec<String>, mut line: String) {
    const LONG: usize = 1 << 14;
    match out.last_mut().filter(|last| last.len() < LONG && line.len() < LONG) {
        Some(last) => {
            last.push_str(&line);
            last.push('\n');
        }
        None => {
            line.push('\n');
            out.push(line);
        }
    }
}

fn painted(paint: Paint, text: &str, style: &Style) -> String {
    if style.color && !paint.is_plain() && !text.is_empty() {
        format!("{paint}{text}{paint:#}")
    } else {
        text.to_string()
    }
}

fn tone(tone: Tone) -> Paint {
    match tone {
        Tone::Plain => Paint::new(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Faint => Paint::new().dimmed(),
    }
}

/// The cells of a row as single lines.
fn texts(row: &Row, heads: &[Head], style: &Style) -> Vec<Text> {
    let text = |h: &Head| row.cells.get(h.index).map_or_else(Text::new, |c| on_a_line(c, style, h.currency));
    heads.iter().map(text).collect()
}

/// Rows that a thread takes at a time.
const STRETCH: usize = 512;

fn table(table: &Table, style: &Style) -> Vec<String> {
    let mut heads = heads(table, style);
    if heads.is_empty() {
        return Vec::new();
    }
    let all: Vec<&Row> = table.rows.iter().chain(&table.footer).collect();
    let mut rows: Vec<Vec<Text>> = all.par_iter().with_min_len(STRETCH).map(|r| texts(r, &heads, style)).collect();
    let widest = widest(&rows, heads.len());
    let mut columns: Vec<Sized> = heads.iter().zip(&widest).map(|(h, w)| Sized::new(table, h, *w)).collect();
    let mut note = None;
    if let Some(width) = style.width
        && let Some(gone) = leaving(table, &heads, &columns, &rows, width)
    {
        note = left_out(&heads, &rows, &gone, style);
        let stays = |n: usize| !gone.contains(&n);
        rows.iter_mut().for_each(|r| keep(r, stays));
        keep(&mut heads, stays);
        keep(&mut columns, stays);
    }
    let full: Vec<usize> = columns.iter().map(|c| c.full).collect();
    let bare = style.width.is_none() && !style.color && table.rows.iter().all(|r| r.group.is_none());
    let (header, rule, mut lines) = match style.width {
        None if bare => {
            let header = plain_line(&heads, &full, heads.iter().map(|h| h.label.as_str()));
            let (body, footer) = rows.split_at(table.rows.len());
            let mut out = vec![header];
            out.extend(plain_lines(&heads, &full, body));
            if !footer.is_empty() {
                out.push(String::new());
                out.extend(plain_lines(&heads, &full, footer));
            }
            return out;
        }
        None => {
            let line = |cells: &Vec<Text>| plain_line(&heads, &full, cells.iter().map(Text::as_str));
            let header = plain_line(&heads, &full, heads.iter().map(|h| h.label.as_str()));
            let lines: Vec<String> = rows.par_iter().with_min_len(STRETCH).map(line).collect();
            (vec![header], None, lines)
        }
        Some(width) => {
            let Some(fit) = fitted(&columns, NARROWEST_TEXT, width) else {
                return stacked(table, &heads, &rows, style);
            };
            let rule = "─".repeat(fit.iter().sum::<usize>() + GAP * (fit.len() - 1));
            let (header, lines) = boxed(&heads, &rows, &fit);
            (header, Some(rule), lines)
        }
    };

    let mut out: Vec<String> = header.iter().map(|h| painted(BOLD, h, style)).collect();
    let faint_rule = rule.map(|r| painted(tone(Tone::Faint), &r, style));
    out.extend(faint_rule.clone());
    let mut group = None;
    let footer = lines.split_off(table.rows.len());
    for (n, (row, line)) in table.rows.iter().zip(lines).enumerate() {
        if row.group.as_deref() != group {
            group = row.group.as_deref();
            if n > 0 {
                out.push(String::new());
            }
            out.extend(group.map(|g| painted(BOLD, &clean(g), style)));
        }
        out.push(if style.color { painted(tone(row.tone), &line, style) } else { line });
    }
    if !table.footer.is_empty() {
        // Off a terminal an empty line does for the rule: the columns stay columns for awk and cut.
        out.push(faint_rule.unwrap_or_default());
        for (row, line) in table.footer.iter().zip(&footer) {
            let paint = if row.tone == Tone::Plain { BOLD } else { tone(row.tone) };
            out.push(painted(paint, line, style));
        }
    }
    if let Some(note) = note {
        out.extend(wrapped(&note, style.width).iter().map(|l| painted(tone(Tone::Faint), l, style)));
    }
    out
}

/// How much room a column takes.
#[derive(Clone)]
struct Sized {
    /// With its whole label.
    full: usize,
    /// With its label broken over lines: its contents, and the label's longest word.
    whole: usize,
    /// Whether `…` may end its texts.
    cut: bool,
}

impl Sized {
    fn new(table: &Table, head: &Head, widest: usize) -> Sized {
        let full = head.label.width().max(widest);
        Sized { full, whole: longest_word(&head.label).max(widest), cut: may_cut(table, head, widest) }
    }
}

/// Keeps the elements at some places.
fn keep<T>(list: &mut Vec<T>, stays: impl Fn(usize) -> bool) {
    let mut n = 0;
    list.retain(|_| {
        n += 1;
        stays(n - 1)
    });
}

/// The places of the columns that must go for the others to fit: first empty columns and those with one value in all
/// rows, then the least important ones; the last of equal ones goes first. While there are such that matter little,
/// texts keep room to be read. `None` when they all may stay, or when what would be left is not worth a table.
fn leaving(table: &Table, heads: &[Head], columns: &[Sized], rows: &[Vec<Text>], width: usize) -> Option<Vec<usize>> {
    if fitted(columns, READABLE_TEXT, width).is_some() {
        return None;
    }
    let body = &rows[..table.rows.len()];
    let idle = |n: &usize| is_idle(body, *n);
    let mut order: Vec<usize> = (0..heads.len()).filter(|n| heads[*n].importance < Importance::Key).collect();
    order.sort_by_key(|n| (!idle(n), heads[*n].importance, std::cmp::Reverse(*n)));
    let cheap = order.iter().take_while(|n| idle(n) || heads[**n].importance == Importance::Minor).count();
    let fits = |gone: &[usize], least: usize| {
        let left: Vec<Sized> = (0..heads.len()).filter(|n| !gone.contains(n)).map(|n| columns[n].clone()).collect();
        fitted(&left, least, width).is_some()
    };
    let most = heads.len().saturating_sub(FEWEST_COLUMNS).min(order.len());
    let readable = (1..=cheap.min(most)).map(|n| (n, READABLE_TEXT));
    let narrow = (cheap.min(most)..=most).map(|n| (n, NARROWEST_TEXT));
    let (count, least) = readable.chain(narrow).find(|(n, least)| fits(&order[..*n], *least))?;
    let mut gone = order[..count].to_vec();
    // One that is narrow may stay all the same, the most important one first; where nothing stands, nothing is missed.
    for n in order[..count].iter().rev().filter(|n| !idle(n)) {
        let without: Vec<usize> = gone.iter().copied().filter(|g| g != n).collect();
        if fits(&without, least) {
            gone = without;
        }
    }
    gone.sort_unstable();
    (!gone.is_empty()).then_some(gone)
}

/// Whether a column says nothing: it is empty, or the same in all of several rows.
fn is_idle(rows: &[Vec<Text>], column: usize) -> bool {
    let Some(first) = rows.first().map(|r| &r[column]) else { return true };
    (first.is_empty() || rows.len() > 1) && rows.iter().all(|r| r[column] == *first)
}

/// The line about the columns that went: their labels, with the value of those that have one value in all rows, and the
/// number of empty ones.
fn left_out(heads: &[Head], rows: &[Vec<Text>], gone: &[usize], style: &Style) -> Option<String> {
    let value = |n: usize| rows.first().map(|r| r[n].as_str()).filter(|_| is_idle(rows, n));
    let named = gone.iter().filter(|n| value(**n) != Some(""));
    let mut words: Vec<String> = named
        .map(|n| match value(*n) {
            Some(value) => format!("{} = {value}", heads[*n].label),
            None => heads[*n].label.clone(),
        })
        .collect();
    let empty = gone.len() - words.len();
    if empty > 0 {
        words.push(super::words::empty_columns(style.lang, empty));
    }
    let labels = words.join(", ");
    Some(if style.columns {
        super::words::columns_to_choose(style.lang, labels)
    } else {
        super::words::columns_left_out(style.lang, labels)
    })
}

/// Words of a closed list that say what a row is about, up to so many cells, stay whole.
const WHOLE_WORDS: usize = 24;

/// Whether a column holds nothing but texts, so that `…` may end a long one.
fn may_cut(table: &Table, head: &Head, widest: usize) -> bool {
    let cells = || table.rows.iter().chain(&table.footer).filter_map(|r| r.cells.get(head.index));
    let is_text =
        |c: &Cell| matches!(c, Cell::Missing | Cell::NotAvailable | Cell::Text(_) | Cell::Code { .. } | Cell::List(_));
    let is_word = |c: &Cell| matches!(c, Cell::Missing | Cell::Code { .. });
    let is_key = head.importance == Importance::Key && widest <= WHOLE_WORDS;
    cells().all(is_text) && !(is_key && cells().all(is_word))
}

/// The widest text of each column.
fn widest(rows: &[Vec<Text>], columns: usize) -> Vec<usize> {
    let nothing = || vec![0; columns];
    let wider = |mut known: Vec<usize>, row: &Vec<Text>| {
        known.iter_mut().zip(row).for_each(|(known, text)| *known = width(text).max(*known));
        known
    };
    let both = |a: Vec<usize>, b: Vec<usize>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    rows.par_iter().with_min_len(STRETCH).fold(nothing, wider).reduce(nothing, both)
}

/// Cells that a text takes; of ASCII that is decided by its bytes.
fn width(text: &str) -> usize {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) { text.len() } else { text.width() }
}

fn blanks(line: &mut String, mut n: usize) {
    const SOME: &str = "                                ";
    while n > 0 {
        let part = n.min(SOME.len());
        line.push_str(&SOME[..part]);
        n -= part;
    }
}

fn plain_line<'a>(heads: &[Head], widths: &[usize], cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::with_capacity(widths.iter().map(|w| w.min(&64) + GAP).sum());
    push_line(&mut line, heads, widths, cells);
    line
}

/// Puts a line behind what is there.
fn push_line<'a>(line: &mut String, heads: &[Head], widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    let from = line.len();
    for ((head, width), text) in heads.iter().zip(widths).zip(cells) {
        let fill = (*width).min(WIDEST_FILL).saturating_sub(self::width(text));
        blanks(line, if head.right { fill } else { 0 });
        line.push_str(text);
        blanks(line, GAP + if head.right { 0 } else { fill });
    }
    line.truncate(from + line[from..].trim_end_matches(' ').len());
}

/// The lines of rows with nothing between them, many in one text.
fn plain_lines(heads: &[Head], widths: &[usize], rows: &[Vec<Text>]) -> Vec<String> {
    let stretch = |rows: &[Vec<Text>]| {
        let mut lines = String::with_capacity(rows.len() * widths.iter().map(|w| w.min(&64) + GAP).sum::<usize>());
        for (n, cells) in rows.iter().enumerate() {
            if n > 0 {
                lines.push('\n');
            }
            push_line(&mut lines, heads, widths, cells.iter().map(Text::as_str));
        }
        lines
    };
    rows.par_chunks(STRETCH).map(stretch).collect()
}

/// Column widths for a line of `width` cells: first labels are broken, then texts cut, the longest first, but none below
/// `least`. `None` when that is not enough.
fn fitted(columns: &[Sized], least: usize, width: usize) -> Option<Vec<usize>> {
    let room = width.checked_sub(GAP * columns.len().checked_sub(1)?)?;
    let mut fit: Vec<usize> = columns.iter().map(|c| c.full).collect();
    let over = |fit: &[usize]| fit.iter().sum::<usize>().saturating_sub(room);
    // A label that is broken at all gives all the room that it can.
    while over(&fit) > 0 {
        let spare = |n: &usize| fit[*n].saturating_sub(columns[*n].whole);
        let Some(n) = (0..fit.len()).filter(|n| spare(n) > 0).max_by_key(spare) else { break };
        fit[n] = columns[n].whole;
    }
    // One cell at a time off the widest column that can give: the short ones stay whole.
    for _ in 0..over(&fit) {
        let may = |n: &usize| columns[*n].cut && fit[*n] > least;
        let Some(n) = (0..fit.len()).filter(may).max_by_key(|n| fit[*n]) else { break };
        fit[n] -= 1;
    }
    (over(&fit) == 0).then_some(fit)
}

/// The longest stretch of a label that should not be broken; between 汉字 it may be, after every second.
fn longest_word(label: &str) -> usize {
    let word = |w: &str| if w.is_ascii() { w.width() } else { w.width().min(6) };
    label.split(' ').map(word).max().unwrap_or(0)
}

/// Header lines, and a line for each row, laid out by comfy-table.
fn boxed(heads: &[Head], rows: &[Vec<Text>], fit: &[usize]) -> (Vec<String>, Vec<String>) {
    let mut table = comfy_table::Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::MAX);
    let labels = heads.iter().zip(fit).map(|(h, width)| beginning(&h.label, *width));
    table.set_header(labels.map(|l| comfy_table::Cell::new(l).set_delimiter(' ')));
    for row in rows {
        let mut cells = comfy_table::Row::from(row.iter().zip(fit).map(|(text, width)| beginning(text, *width)));
        cells.max_height(1);
        table.add_row(cells);
    }
    for ((column, head), width) in table.column_iter_mut().zip(heads).zip(fit) {
        // A delimiter that no text holds: cut where the width ends, not where a word does.
        column.set_delimiter('\0');
        column.set_padding((0, if head.index == heads[heads.len() - 1].index { 0 } else { GAP as u16 }));
        column.set_cell_alignment(if head.right { CellAlignment::Right } else { CellAlignment::Left });
        let padding = column.padding_width();
        let width = u16::try_from(*width).unwrap_or(u16::MAX - padding).saturating_add(padding);
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    let mut header: Vec<String> = table.lines().map(|l| l.trim_end_matches(' ').to_string()).collect();
    let body = header.split_off(header.len().saturating_sub(rows.len()));
    (header, body)
}

/// More of a text than `width` cells can show, and not the whole of a very long one.
fn beginning(text: &str, width: usize) -> &str {
    // A cell may hold several characters: marks, joined emoji.
    text.char_indices().nth(8 * width + 64).map_or(text, |(end, _)| &text[..end])
}

/// Each row as a card: for lines too short for the columns.
fn stacked(table: &Table, heads: &[Head], rows: &[Vec<Text>], style: &Style) -> Vec<String> {
    let mut out = Vec::new();
    let mut group = None;
    for (n, (row, cells)) in table.rows.iter().chain(&table.footer).zip(rows).enumerate() {
        if n > 0 {
            out.push(String::new());
        }
        if n < table.rows.len() && row.group.as_deref() != group {
            group = row.group.as_deref();
            out.extend(group.map(|g| painted(BOLD, &clean(g), style)));
        }
        let known = heads.iter().zip(cells).filter(|(_, text)| !text.is_empty());
        let fields: Vec<_> =
            known.map(|(h, text)| (Cow::Borrowed(h.label.as_str()), Cow::Borrowed(text.as_str()))).collect();
        out.extend(fields_lines(&fields, tone(row.tone), style));
    }
    out
}

fn card(card: &Card, style: &Style) -> Vec<String> {
    fields_lines(&card_texts(card, style), Paint::new(), style)
}

/// `label  value` lines; further lines of a value stand below its first.
fn fields_lines(fields: &[(Cow<'_, str>, Cow<'_, str>)], paint: Paint, style: &Style) -> Vec<String> {
    let label_width = fields.iter().map(|(l, _)| l.width()).max().unwrap_or(0);
    let room = style.width.map(|w| w.saturating_sub(label_width + GAP).max(NARROWEST_TEXT));
    let mut out = Vec::new();
    for (label, text) in fields {
        let lines = text.split('\n').flat_map(|l| wrapped(l, room));
        for (n, line) in lines.enumerate() {
            let label = if n == 0 { label.as_ref() } else { "" };
            let fill = " ".repeat(label_width - label.width() + GAP);
            let line = format!("{}{fill}{}", painted(tone(Tone::Faint), label, style), painted(paint, &line, style));
            out.push(line.trim_end_matches(' ').to_string());
        }
    }
    out
}

/// A line of text in lines of at most `width` cells.
fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width.filter(|w| text.width() > *w) else { return vec![text.to_string()] };
    let width = u16::try_from(width.max(2)).unwrap_or(u16::MAX);
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(LONGEST_PART).flat_map(|part| wrapped_part(&part.iter().collect::<String>(), width)).collect()
}

fn wrapped_part(text: &str, width: u16) -> Vec<String> {
    let mut table = comfy_table::Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width).add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    table.lines().map(|l| l.trim_end_matches(' ').to_string()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::samples::{self, column, report, style, table, text_table, yuan};
    use proptest::prelude::*;

    /// Columns `a` to the last, each with its importance and the same text in some rows.
    fn ranked(columns: &[(Importance, &[&str])]) -> Document {
        let keys = ["a", "b", "c", "d", "e", "f", "g"];
        let mut t = table(
            keys.iter().zip(columns).map(|(k, (_, cells))| (*k, cells.iter().map(|c| text(c)).collect())).collect(),
        );
        t.columns.iter_mut().zip(columns).for_each(|(c, (importance, _))| c.importance = *importance);
        Document::table(t)
    }

    #[test]
    fn what_matters_least_goes_first_and_is_named() {
        use Importance::{Key, Main, Minor, Normal};
        let long = ["0123456789", "9876543210"];
        let check = |columns: &[(Importance, &[&str])], width: usize, expected: &str| {
            let shown = show(&ranked(columns), Some(width));
            let lines: Vec<&str> = shown.lines().collect();
            let note = lines.iter().position(|l| l.starts_with('(')).unwrap_or(lines.len());
            assert_eq!(
                format!("{} {}", lines[0], lines[note..].join(" ")).split_whitespace().collect::<Vec<_>>().join(" "),
                expected,
                "{width}: {shown}"
            );
        };
        let all = |x: Importance| (x, &long[..]);
        let columns =
            [all(Key), all(Minor), (Normal, &["", ""][..]), all(Normal), (Main, &["li", "li"][..]), all(Main)];
        check(&columns, 60, "A B C D E F");
        // Empty and constant ones, then the least important one.
        check(&columns, 46, "A B D F (too narrow for: E = li, 1 empty; --columns shows them)");
        check(&columns, 45, "A B D F (too narrow for: E = li, 1 empty; --columns shows them)");
        // One that is always the same in one row says something.
        let one = [
            (Key, &["0123456789"][..]),
            (Normal, &["0123456789"][..]),
            (Normal, &["0123456789"][..]),
            (Normal, &["0123456789"][..]),
            (Minor, &["0123456789"][..]),
        ];
        check(&one, 57, "A B C D (too narrow for: E; --columns shows them)");
        // A key never goes: rather each row becomes a card.
        let keys = [all(Key), all(Key), all(Key), all(Key), all(Key)];
        check(&keys, 40, "A 0123456789");
        // The last of equal columns goes, but a narrow one stays where it can.
        let narrow: (Importance, &[&str]) = (Key, &["1", "2"]);
        let columns = [all(Key), all(Key), all(Key), narrow, all(Normal), (Normal, narrow.1)];
        check(&columns, 36, "A B C D F (too narrow for: E; --columns shows them)");
    }

    fn show(doc: &Document, width: Option<usize>) -> String {
        pieces(doc, &Style { width, columns: true, ..style(Format::Table) }).concat()
    }
    fn text(s: &str) -> Cell {
        Cell::Text(s.into())
    }

    #[test]
    fn off_a_terminal_nothing_is_cut() {
        let long = "长".repeat(100);
        let doc = Document::table(table(vec![("a", vec![text(&long)]), ("b", vec![text("x")])]));
        assert_eq!(show(&doc, None), format!("A{}  B\n{long}  x\n", " ".repeat(199)));
    }

    #[test]
    fn on_a_terminal_only_texts_are_cut() {
        let mut doc = table(vec![
            ("id", vec![Cell::Id("a-very-long-customer-id".into())]),
            ("name", vec![text("华新电子有限公司上海分公司")]),
            ("revenue", vec![yuan("1265793.04")]),
        ]);
        doc.columns[2].right = true;
        let doc = Document::table(doc);
        let check =
            |width, expected: &[&str]| assert_eq!(show(&doc, Some(width)).lines().collect::<Vec<_>>(), expected);
        check(
            60,
            &[
                "ID                       NAME                        REVENUE",
                "                                                       (CNY)",
                "────────────────────────────────────────────────────────────",
                "a-very-long-customer-id  华新电子有限公司上海…  1,265,793.04",
            ][..],
        );
    }

    #[test]
    fn lines_fit_every_width() {
        for width in 12..160 {
            for line in show(&report(), Some(width)).lines() {
                // Stacked cards may hold a figure or id that is longer than the line.
                assert!(line.width() <= width || width < 34, "{width}: {line}");
            }
        }
    }

    #[test]
    fn empty_tables_and_documents_print_nothing() {
        let empty = Table { title: Some("t".into()), columns: vec![column("a")], ..Table::default() };
        assert_eq!(show(&Document::table(empty.clone()), None), "");
        assert_eq!(show(&Document::default(), Some(80)), "");
        let both = Document { title: None, blocks: vec![Block::Table(empty), Block::Note("n".into())], main: 0 };
        assert_eq!(show(&both, Some(80)), "n\n");
    }

    #[test]
    fn groups_footers_and_titles() {
        let mut t = table(vec![("a", vec![text("x"), text("y"), text("z")]), ("n", vec![Cell::Int(1); 3])]);
        t.title = Some("T".into());
        t.rows[0].group = Some("G".into());
        t.rows[1].group = Some("G".into());
        t.rows[2].group = Some("H".into());
        t.footer = vec![Row { cells: vec![Cell::Missing, Cell::Int(12345)], ..Row::default() }];
        t.columns[1].right = true;
        let doc = Document::table(t);
        let plain = "T\nA       N\nG\nx       1\ny       1\n\nH\nz       1\n\n   12,345\n";
        assert_eq!(show(&doc, None), plain);
        let boxed = "T\nA       N\n─────────\nG\nx       1\ny       1\n\nH\nz       1\n─────────\n   12,345\n";
        assert_eq!(show(&doc, Some(80)), boxed);
    }

    #[test]
    fn cards_leave_out_what_is_missing_and_indent_further_lines() {
        let mut card = samples::card();
        card.fields.push((column("terms"), Cell::Missing));
        card.fields.push((column("tags"), Cell::List(Box::default())));
        let doc = Document { title: Some("D".into()), blocks: vec![Block::Card(card)], main: 0 };
        assert_eq!(show(&doc, None), "D\nCUSTOMER  hx\nNAME      华新电子\nNOTE      a\n          b\n");
    }

    #[test]
    fn huge_cells_stay_affordable() {
        let huge = "客".repeat(300_000);
        let mut doc = table(vec![("a", vec![text(&huge), text("x")]), ("b", vec![text("y"), text("z")])]);
        doc.columns[1].label = huge.clone();
        let mut doc = Document::table(doc);
        doc.blocks.push(Block::Note(huge));
        let off = show(&doc, None);
        assert!(off.lines().nth(2).is_some_and(|l| l.len() < 600), "a huge cell pads no other line");
        for width in [20, 80] {
            assert!(show(&doc, Some(width)).lines().all(|l| l.width() <= width));
        }
    }

    #[test]
    fn colours_follow_tones() {
        let mut t = table(vec![("a", vec![text("x"), text("y")])]);
        t.rows[0].tone = Tone::Bad;
        let colored =
            pieces(&Document::table(t), &Style { color: true, width: Some(80), ..style(Format::Table) }).concat();
        assert_eq!(colored, "\x1b[1mA\x1b[0m\n\x1b[2m─\x1b[0m\n\x1b[31mx\x1b[0m\ny\n");
    }

    #[test]
    fn notes_wrap() {
        let doc =
            Document { title: None, blocks: vec![Block::Note("一二三四五六七八 abc def".into())], main: 0 };
        assert_eq!(show(&doc, Some(10)), "一二三四五\n六七八 abc\ndef\n");
        assert_eq!(show(&doc, None), "一二三四五六七八 abc def\n");
    }

    proptest! {
        #[test]
        fn no_escape_without_colour(text in any::<String>(), width in proptest::option::of(1usize..60)) {
            let mut doc = text_table(&format!("\x1b[31m{text}\u{9b}1m"));
            doc.title = Some(text.clone());
            doc.blocks.push(Block::Note(text.clone()));
            let mut card = samples::card();
            card.fields[2].1 = Cell::Text(text.into());
            doc.blocks.push(Block::Card(card));
            let out = show(&doc, width);
            prop_assert!(out.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
