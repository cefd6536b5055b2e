//! Proposals for the receipts of a bank statement.

use super::{Area, msgs};

msgs! {
    only_receipts() { "only imports into receipts have proposals", "只有导入收款（receipts）才有匹配建议" }
    key_needed() { "proposals need `source_key` in the map: it tells which rows were booked before", "匹配建议需要映射中有 `source_key`，以识别已入账的行" }
    hint_key() { "name the bank's number of the transaction: source_key = \"bank-{{流水号}}\"", "写上银行流水号：source_key = \"bank-{{流水号}}\"" }
    not_readable() { "the accepted proposals cannot be read", "接受的建议无法读取" }
    known_already(n) { [n = 1] "1 row was imported before"; "{n} rows were imported before", "{n} 行此前已导入" }
    left_to_a_person(n) { [n = 1] "1 row waits for a person: --propose shows it"; "{n} rows wait for a person: --propose shows them", "{n} 行待人工确认：--propose 可查看" }
    how_to_accept(sure, likely, open) { "{sure} sure, {likely} likely, {open} open; nothing was written. Take the sure ones with `--accept sure`, or write the table with `-o FILE.csv`, correct it, and `kehu import FILE.csv --into receipts`", "确定 {sure} 行，可能 {likely} 行，待定 {open} 行；尚未写入。`--accept sure` 接受确定的，或用 `-o 文件.csv` 导出，改好后 `kehu import 文件.csv --into receipts`" }
    unread(n) { [n = 1] "1 row cannot be read"; "{n} rows cannot be read", "{n} 行无法读取" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("source_line", "line", "源文件行", &[]),
        ("payer", "payer", "付款人", &[]),
        ("match_level", "match", "匹配", &[]),
        ("match_score", "points", "匹配分", &[]),
        ("match_why", "why", "匹配依据", &[]),
        ("match_candidates", "others", "其他候选", &[]),
    ],
    values: &[
        ("match_level", "sure", "sure", "确定"),
        ("match_level", "likely", "likely", "可能"),
        ("match_level", "open", "open", "待定"),
        ("match_level", "known", "known", "已入账"),
        ("match_why", "name", "name", "户名"),
        ("match_why", "number", "number", "单号"),
        ("match_why", "similar_name", "similar name", "户名相近"),
        ("match_why", "amount", "amount", "金额"),
        ("match_why", "total", "all that is owed", "欠款合计"),
    ],
    commands: &[],
    arguments: &[],
};
