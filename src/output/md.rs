//! Markdown with GitHub's tables: headings, pipe tables, lists for cards. Data cannot add markup.

use super::cell::{Head, card_texts, heads, row_texts};
use super::sanitize::clean_lines;
use super::{Style, block_is_empty, block_title, title_below};
use crate::report::document::{Block, Document, Row, Table};

/// All blocks that are not empty.
pub fn render(doc: &Document, style: &Style) -> String {
    let blocks: Vec<&Block> = doc.blocks.iter().filter(|b| !block_is_empty(b)).collect();
    if blocks.is_empty() {
        return String::new();
    }
    let mut parts: Vec<String> = Vec::new();
    parts.extend(title_below(None, doc.title.as_ref()).map(|t| format!("# {}", inline(t))));
    for block in blocks {
        parts.extend(title_below(doc.title.as_deref(), block_title(block)).map(|t| format!("## {}", inline(t))));
        match block {
            Block::Table(t) => table(t, style, &mut parts),
            Block::Card(c) => {
                let fields = card_texts(c, style);
                let lines = fields.iter().map(|(label, text)| format!("- **{}**: {}", escaped(label), escaped(text)));
                parts.push(lines.collect::<Vec<_>>().join("\n"));
            }
            Block::Note(n) => parts.push(paragraph(n)),
        }
    }
    parts.join("\n\n") + "\n"
}

/// A pipe table for each group, below its heading; the footer closes a table without groups, else stands alone.
fn table(table: &Table, style: &Style, parts: &mut Vec<String>) {
    let heads = heads(table, style);
    if heads.is_empty() {
        return;
    }
    let line = |cells: &mut dyn Iterator<Item = String>| format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
    let header = line(&mut heads.iter().map(|h| escaped(&h.label)));
    let rule = line(&mut heads.iter().map(|h: &Head| if h.right { "---:".into() } else { "---".into() }));
    let row = |r: &Row| line(&mut row_texts(r, &heads, style).map(|t| escaped(&t)));
    let strong = |t: String| if t.is_empty() { t } else { format!("**{t}**") };
    let total = |r: &Row| line(&mut row_texts(r, &heads, style).map(|t| strong(escaped(&t))));

    let mut lines = Vec::new();
    for chunk in table.rows.chunk_by(|a, b| a.group == b.group) {
        if !lines.is_empty() {
            parts.push(std::mem::take(&mut lines).join("\n"));
        }
        parts.extend(chunk[0].group.as_ref().map(|g| format!("### {}", inline(g))));
        lines.extend([header.clone(), rule.clone()]);
        lines.extend(chunk.iter().map(row));
    }
    if !table.footer.is_empty() {
        if table.rows.iter().any(|r| r.group.is_some()) {
            parts.push(std::mem::take(&mut lines).join("\n"));
            lines.extend([header, rule]);
        }
        lines.extend(table.footer.iter().map(total));
    }
    parts.push(lines.join("\n"));
}

/// A text that cannot become markup inside a line; line breaks become `<br>`.
fn escaped(text: &str) -> String {
    let text = clean_lines(text.trim());
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Inside a word an underscore is only itself: ids stay readable.
            '_' if before.is_ascii_alphanumeric() && chars.peek().is_some_and(char::is_ascii_alphanumeric) => {
                out.push('_');
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// As [`escaped`], on one line, for headings.
fn inline(text: &str) -> String {
    escaped(text).replace("<br>", " ").replace('#', "\\#")
}

/// A paragraph that keeps its lines: nothing at a line's start is taken for a heading, a list or a rule.
fn paragraph(text: &str) -> String {
    let lines = text.trim().lines().map(|line| {
        let line = escaped(line);
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match line[digits..].chars().next() {
            Some('#' | '+' | '-' | '=' | ':') if digits == 0 => format!("\\{line}"),
            Some('.' | ')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
            _ => line,
        }
    });
    lines.collect::<Vec<_>>().join("\\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::samples::{column, report, style, text_table};
    use proptest::prelude::*;

    #[test]
    fn data_cannot_add_markup() {
        let check = |input: &str, expected: &str| assert_eq!(escaped(input), expected);
        check("a|b", "a\\|b");
        check("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;");
        check("[x](http://e)", "\\[x\\](http://e)");
        check("![x](e)", "\\!\\[x\\](e)");
        check("**b** `c` ~~d~~ $e$", "\\*\\*b\\*\\* \\`c\\` \\~\\~d\\~\\~ \\$e\\$");
        check("o_k3f9 _x_", "o_k3f9 \\_x\\_");
        check("a\r\nb\x1b", "a<br>b␛");
        check("\\|", "\\\\\\|");
    }

    #[test]
    fn paragraphs_stay_paragraphs() {
        let check = |input: &str, expected: &str| assert_eq!(paragraph(input), expected);
        check(
            "# a\n- b\n    c\n1. d\n12) e\n2026-01\n+ f\n---\n===",
            "\\# a\\\n\\- b\\\nc\\\n1\\. d\\\n12\\) e\\\n2026-01\\\n\\+ f\\\n\\---\\\n\\===",
        );
    }

    #[test]
    fn a_report() {
        let expected = "\
# 今天 2026-11-22

## 跟进

### 逾期

| 客户 | 名称 | 阶段 | 到期 | 订单 | 销售额 (CNY) | 毛利率 | 备注 |
| --- | --- | --- | --- | ---: | ---: | ---: | --- |
| huaxin | 华新电子有限公司 | 复购 | 2026-11-22 | 12 | 1,265,793.04 | 20.0% | 王经理 11 月底前确认，&lt;b&gt;价格&lt;/b&gt;已谈 |
| acme | ACME \\| GmbH | 复购 | 2026-11-22 | 3 | 98,000.00 | n/a |  |

### 今天

| 客户 | 名称 | 阶段 | 到期 | 订单 | 销售额 (CNY) | 毛利率 | 备注 |
| --- | --- | --- | --- | ---: | ---: | ---: | --- |
| 上海-永福 | 上海永福贸易（集团）股份有限公司 | 复购 | 2026-11-22 | 12,345 | 7.50 | -5.1% | 等样品<br>再报价 |

| 客户 | 名称 | 阶段 | 到期 | 订单 | 销售额 (CNY) | 毛利率 | 备注 |
| --- | --- | --- | --- | ---: | ---: | ---: | --- |
|  | **合计** |  |  | **12,360** | **1,363,800.54** | **18.0%** |  |

## 客户

- **CUSTOMER**: hx
- **NAME**: 华新电子
- **NOTE**: a<br>b

提示：\\`kehu log\\` 记录活动后，到期日会自动后移。 # 这不是标题
";
        assert_eq!(render(&report(), &style(Format::Md)), expected);
        let empty = Document::table(Table { columns: vec![column("a")], ..Table::default() });
        assert_eq!(render(&empty, &style(Format::Md)), "");
    }

    proptest! {
        #[test]
        fn a_cell_stays_a_cell(text in any::<String>()) {
            let out = render(&text_table(&text), &style(Format::Md));
            prop_assert_eq!(out.lines().count(), 3);
            prop_assert!(!out.replace("<br>", "").contains('<'));
            let bars = out.replace("\\\\", "").replace("\\|", "").matches('|').count();
            prop_assert_eq!(bars, 6);
        }
    }
}
