//! Rows of any ledger: how they are named, and what refers to them.

use super::{Area, msgs};

msgs! {
    no_such_row(kind, id) { "there is no {kind} `{id}`", "没有{kind} `{id}`" }
    row_ambiguous(id, list) { "`{id}` is in several ledgers: {list}", "`{id}` 出现在多个台账中：{list}" }
    hint_row_kind() { "write kind:id, such as task:{{id}}", "请写成 类型:编号，例如 task:{{编号}}" }
    unknown_ledger(name) { "unknown ledger `{name}`", "没有台账 `{name}`" }
    row_has_lines(id, lines) { "{id} has several lines: {lines}; write {id}/LINE", "{id} 有多行：{lines}；请写 {id}/行号" }
    row_twice(id, places) { "several rows have the id `{id}`: {places}", "`{id}` 出现多次：{places}" }
    hint_row_place(place) { "name one by its place: `kehu row rm {place}` removes it, `kehu row set {place} id=…` (or line=…) gives it another id", "请按位置指定其一：`kehu row rm {place}` 删除该行，`kehu row set {place} id=…`（或 line=…）改为另一编号" }
    cell_required(column) { "`{column}` must not be empty", "`{column}` 不能为空" }
    row_id_fixed() { "the id of a row cannot be changed", "行的编号不能修改" }
    bad_number(text, key) { "the {key} `{text}` is not a number such as 1234.5", "{key} `{text}` 不是数字；写法如 1234.5" }
    refuse_referenced(what, count, places) { [count = 1] "{count} place refers to {what}: {places}"; "{count} places refer to {what}: {places}", "{what} 被引用 {count} 处：{places}" }
    refuse_referenced_hint() { "remove those rows first, or let them refer to something else", "请先删除这些行，或让它们改指别处" }
}

pub(super) const AREA: Area = Area {
    labels: &[],
    values: &[],
    commands: &[
        ("row", "Correct or remove a row of any ledger: set, rm", "更正或删除任何台账的行：set、rm"),
        ("row set", "Correct cells of a row", "就地更正单元格"),
        ("row rm", "Remove a row; refused while anything refers to it", "删除一行；被引用时拒绝"),
    ],
    arguments: &[(
        "row",
        "[kind:]id, [kind:]id/line, id@since, or a place such as ledgers/orders/2026-li.csv:3",
        "[类型:]编号、[类型:]编号/行号、编号@生效日，或位置如 ledgers/orders/2026-li.csv:3",
    )],
};
