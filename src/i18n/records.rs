//! Rows of any ledger: how they are named, and what refers to them.

use super::{Area, msgs};

msgs! {
    no_such_row(kind, id) { "no {kind} `{id}`", "没有{kind} `{id}`" }
    row_ambiguous(id, list) { "`{id}` stands in several ledgers: {list}", "`{id}` 出现在多个台账中：{list}" }
    hint_row_kind() { "write kind:id, such as task:{{id}}", "请写成 类型:编号，例如 task:{{编号}}" }
    unknown_ledger(name) { "unknown ledger `{name}`", "没有台账 `{name}`" }
    row_has_lines(id, lines) { "{id} has several lines: {lines}; write {id}/LINE", "{id} 有多行：{lines}；请写 {id}/行号" }
    row_twice(id, places) { "`{id}` is there several times: {places}", "`{id}` 出现多次：{places}" }
    hint_row_place(place) { "name one by its place: `kehu row rm {place}` removes it, `kehu row set {place} id=…` (or line=…) gives it another key", "请按位置指定其一：`kehu row rm {place}` 删除该行，`kehu row set {place} id=…`（或 line=…）改为另一编号" }
    cell_required(column) { "`{column}` must not be empty", "`{column}` 不能为空" }
    row_id_fixed() { "a row's id does not change", "行的编号不能修改" }
    bad_number(text, key) { "`{text}` is no {key}; write a plain decimal such as 1234.5", "{key} `{text}` 无法识别；请写数字，如 1234.5" }
    refuse_referenced(what, count, places) { [count = 1] "{what} is referred to in {count} place: {places}"; "{what} is referred to in {count} places: {places}", "{what} 被引用 {count} 处：{places}" }
    refuse_referenced_hint() { "remove those first, or close it instead", "请先删除这些引用，或改为关闭" }
}

pub(super) const AREA: Area = Area {
    labels: &[],
    values: &[],
    commands: &[
        ("row", "Correct or remove a row of any ledger: set, rm", "更正或删除任何台账的行：set、rm"),
        ("row set", "Correct cells of a row in place", "就地更正单元格"),
        ("row rm", "Remove a row; refused while anything refers to it", "删除一行；被引用时拒绝"),
    ],
    arguments: &[(
        "row",
        "[kind:]id, [kind:]id/line, id@since, or a place such as ledgers/orders/2026-li.csv:3",
        "[类型:]编号、[类型:]编号/行号、编号@生效日，或位置如 ledgers/orders/2026-li.csv:3",
    )],
};
