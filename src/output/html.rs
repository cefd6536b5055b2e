//! One HTML page that needs nothing else: no script, no outside resource, and nothing of the data unescaped.

use super::cell::{Head, card_texts, heads, row_texts};
use super::sanitize::clean_lines;
use super::{Style, block_is_empty, block_title, chart, title_below, words};
use crate::report::document::{Block, Cell, Document, Row, Table, Tone};
use std::fmt::Write as _;

const CSS: &str = r#"
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --faint: #59636e; --line: #d1d9e0; --strong: #8c959f;
  --good: #116329; --warn: #7d4e00; --bad: #b3141d;
  --s1: #2563a8; --s2: #d9772b; --s3: #3a8f4d; --s4: #8a56a8; --s5: #b3394c; --s6: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #16181c; --faint: #9aa4af; --line: #343a42;
  --strong: #6e7781; --good: #5cc073; --warn: #e0a84a; --bad: #ff7b72;
  --s1: #6aa8ec; --s2: #f0a060; --s3: #6cc382; --s4: #c397dd; --s5: #ef8391; --s6: #a6adb8; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .75rem 0; }
th, td { padding: .3rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td { min-width: 4.5em; } td.n { min-width: 0; }
th { overflow-wrap: normal; word-break: keep-all; }
thead th { border-bottom: 2px solid var(--strong); } tfoot td { border-top: 2px solid var(--strong); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; } td.n, .w { white-space: nowrap; }
.group th { padding-top: 1rem; }
.good td { color: var(--good); } .warn td { color: var(--warn); } .bad td { color: var(--bad); }
.faint td { color: var(--faint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; } dt { color: var(--faint); } dd { margin: 0; }
figure { margin: .75rem 0; max-width: 45rem; } figure svg { display: block; width: 100%; height: auto; font-size: 12px; }
@media (min-width: 80rem) { body:has(.tiles) { max-width: 108rem; }
  .tiles { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; } .tiles section { min-width: 0; } }
figcaption, summary { color: var(--faint); font-size: .9rem; }
@media (max-width: 30rem) { body { margin: 1rem auto; font-size: 14px; } th, td { padding: .3rem .5rem; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --line: #bbb; --strong: #666;
  --good: #116329; --warn: #7d4e00; --bad: #b3141d;
  --s1: #2563a8; --s2: #d9772b; --s3: #3a8f4d; --s4: #8a56a8; --s5: #b3394c; --s6: #6b7280; }
  body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; }
  .tiles { display: block; } .scroll { overflow: visible; } tr, figure { break-inside: avoid; } h2 { break-after: avoid; } }
"#;

/// The page; it says so when there is nothing to show.
pub fn render(doc: &Document, style: &Style) -> String {
    let title = title_below(None, doc.title.as_ref());
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{CSS}</style>\n</head>\n<body>\n",
        style.lang.tag(),
        escaped(title.unwrap_or("kehu")).replace("<br>", " "),
    );
    if let Some(title) = title {
        let _ = writeln!(out, "<h1>{}</h1>", escaped(title));
    }
    let (mut empty, mut pictures) = (true, 0);
    // A page of many pictures is looked at as a whole.
    let drawn = doc.blocks.iter().filter(|b| matches!(b, Block::Table(t) if !t.pictures.is_empty())).count();
    let is_tiled = drawn > 2;
    if is_tiled {
        out.push_str("<div class=\"tiles\">\n");
    }
    for block in doc.blocks.iter().filter(|b| !block_is_empty(b)) {
        empty = false;
        if is_tiled {
            out.push_str("<section>\n");
        }
        if let Some(title) = title_below(doc.title.as_deref(), block_title(block)) {
            let _ = writeln!(out, "<h2>{}</h2>", escaped(title));
        }
        match block {
            Block::Table(t) => {
                figures(t, style, &mut pictures, &mut out);
                let folds = t.pictures.iter().any(|p| p.folds);
                if folds {
                    let _ = writeln!(out, "<details><summary>{}</summary>", words::table(style.lang));
                }
                table(t, style, &mut out);
                if folds {
                    out.push_str("</details>\n");
                }
            }
            Block::Card(c) => {
                out.push_str("<dl>\n");
                for (label, text) in card_texts(c, style) {
                    let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(&label), escaped(&text));
                }
                out.push_str("</dl>\n");
            }
            Block::Note(n) => {
                let _ = writeln!(out, "<p>{}</p>", escaped(n.trim()));
            }
        }
        if is_tiled {
            out.push_str("</section>\n");
        }
    }
    if is_tiled {
        out.push_str("</div>\n");
    }
    if empty {
        let _ = writeln!(out, "<p>{}</p>", words::nothing(style.lang));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// The pictures of a table; `number` counts those of the page.
fn figures(table: &Table, style: &Style, number: &mut usize, out: &mut String) {
    for picture in &table.pictures {
        let Some(drawn) = chart::draw(table, picture, style, *number) else { continue };
        *number += 1;
        let label = escaped(&drawn.about);
        let svg = drawn.svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{label}\" "), 1);
        let _ = writeln!(out, "<figure>\n{svg}");
        if !drawn.caption.is_empty() {
            let _ = writeln!(out, "<figcaption>{}</figcaption>", escaped(&drawn.caption));
        }
        out.push_str("</figure>\n");
    }
}

fn table(table: &Table, style: &Style, out: &mut String) {
    let heads = heads(table, style);
    let number = |h: &Head| if h.right { " class=\"n\"" } else { "" };
    // Days are read as one word.
    let is_day = |r: &Row, h: &Head| matches!(r.cells.get(h.index), Some(Cell::Day(_) | Cell::At(_)));
    let row = |r: &Row, out: &mut String| {
        let _ = write!(out, "<tr{}>", tone(r.tone));
        for (head, text) in heads.iter().zip(row_texts(r, &heads, style)) {
            let class = if is_day(r, head) { " class=\"w\"" } else { number(head) };
            let _ = write!(out, "<td{class}>{}</td>", escaped(&text));
        }
        out.push_str("</tr>\n");
    };
    out.push_str("<div class=\"scroll\">\n<table>\n<thead><tr>");
    for head in &heads {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", number(head), escaped(&head.label));
    }
    out.push_str("</tr></thead>\n");
    for chunk in table.rows.chunk_by(|a, b| a.group == b.group) {
        out.push_str("<tbody>\n");
        if let Some(group) = &chunk[0].group {
            let span = heads.len().max(1);
            let _ = writeln!(
                out,
                "<tr class=\"group\"><th colspan=\"{span}\" scope=\"rowgroup\">{}</th></tr>",
                escaped(group)
            );
        }
        for r in chunk {
            row(r, out);
        }
        out.push_str("</tbody>\n");
    }
    if !table.footer.is_empty() {
        out.push_str("<tfoot>\n");
        for r in &table.footer {
            row(r, out);
        }
        out.push_str("</tfoot>\n");
    }
    out.push_str("</table>\n</div>\n");
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => " class=\"good\"",
        Tone::Warn => " class=\"warn\"",
        Tone::Bad => " class=\"bad\"",
        Tone::Faint => " class=\"faint\"",
    }
}

/// A text as HTML, in elements and quoted attributes alike; line breaks become `<br>`.
fn escaped(text: &str) -> String {
    let text = clean_lines(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::output::Format;
    use crate::output::samples::{column, report, style, text_table};
    use proptest::prelude::*;

    #[test]
    fn a_page() {
        let page = render(&report(), &Style { lang: Lang::ZhCn, ..style(Format::Html) });
        let check = |part: &str| assert!(page.contains(part), "{part}\n{page}");
        check("<html lang=\"zh-CN\">");
        check("<meta charset=\"utf-8\">");
        check("<title>今天 2026-11-22</title>");
        check("<h2>跟进</h2>");
        check("<th scope=\"col\" class=\"n\">销售额 (CNY)</th>");
        check(
            "<tr class=\"group\"><th colspan=\"8\" scope=\"rowgroup\">逾期</th></tr>\n<tr class=\"bad\"><td>huaxin</td>",
        );
        check("<td class=\"n\">1,265,793.04</td>");
        check("&lt;b&gt;价格&lt;/b&gt;");
        check("<td>等样品<br>再报价</td>");
        check("<tfoot>\n<tr><td></td><td>合计</td>");
        check("<dt>NOTE</dt><dd>a<br>b</dd>");
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
    }

    #[test]
    fn an_empty_page_says_so() {
        let empty = Document::table(Table { columns: vec![column("a")], ..Table::default() });
        let page = render(&empty, &style(Format::Html));
        assert!(page.contains("<title>kehu</title>") && page.contains("<p>Nothing to show.</p>"));
    }

    proptest! {
        #[test]
        fn data_stays_text(text in any::<String>()) {
            let hostile = format!("{text}<script>\"'&");
            let mut doc = text_table(&hostile);
            doc.title = Some(hostile.clone());
            doc.blocks.push(Block::Note(hostile));
            let page = render(&doc, &style(Format::Html));
            let plain = render(&text_table("x"), &style(Format::Html));
            // The same tags as a harmless page, the heading, the note and breaks apart.
            let tags = |p: &str| p.replace("<br>", "").matches('<').count();
            prop_assert_eq!(tags(&page), tags(&plain) + 4);
            prop_assert!(!page.contains("<script"));
            prop_assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
