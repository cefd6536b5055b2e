//! The words of imports: what is wrong with a map, and why a row was not taken.

use super::{Area, Lang, msgs};

msgs! {
    // Maps.
    map_syntax(error) { "kehu cannot read the TOML: {error}", "TOML 无法解析：{error}" }
    into_missing() { "`into` is missing; it names customers, contacts or a ledger", "缺少 `into`：写 customers、contacts 或台账名" }
    columns_missing() { "[columns] is missing", "缺少 [columns]" }
    unknown_table(word, list) { "kehu cannot import into `{word}`; one of: {list}", "不能导入到 `{word}`；可选：{list}" }
    unknown_map_key(key, list) { "unknown key `{key}`; one of: {list}", "没有 `{key}` 这个键；可用：{list}" }
    unknown_target(word, table) { "{table} has no column `{word}`; `kehu schema {table}` lists the columns", "{table} 没有 `{word}` 这一列；`kehu schema {table}` 列出全部" }
    target_twice(word) { "[columns] fills `{word}` twice", "[columns] 填写了 `{word}` 两次" }
    target_required(table, column) { "{table} needs `{column}`, but [columns] does not fill it", "{table} 必须有 `{column}`，但 [columns] 没有填写" }
    text_needed(key) { "`{key}` must be text in quotes", "`{key}` 应为带引号的文字" }
    flag_needed(key) { "`{key}` must be true or false", "`{key}` 应为 true 或 false" }
    table_needed(key) { "`{key}` must be a table", "`{key}` 应为表" }
    bad_choice(key, list) { "`{key}` must be {list}", "`{key}` 应为 {list}" }
    bad_header_line() { "`header` must be the number of the line with the column names", "`header` 应为列名所在的行号" }
    zone_name(format) { "`{format}` reads the name of a time zone, which may mean several; use `%z` for an offset, or write `UTC` or `Z` at the end", "`{format}` 要读取时区名称，而同一名称可能指多个时区；`%z` 读取时差，末尾直接写 `UTC` 或 `Z` 表示世界时" }
    bad_date_format(format) { "`{format}` is not a date format such as %Y/%m/%d %H:%M:%S", "`{format}` 不是日期格式；写法如 %Y/%m/%d %H:%M:%S" }
    bad_column(name) { "`{name}` must be text, or a table such as {{ column = \"…\", date = \"%Y/%m/%d\" }}", "`{name}` 应为文字，或如 {{ column = \"…\", date = \"%Y/%m/%d\" }} 的表" }
    one_origin() { "write exactly one of column, template, expression, value", "column、template、expression、value 必须且只能写一个" }
    empty_header() { "the name of a column is empty", "列名为空" }
    lookup_key_missing(name, key) { "[lookup.{name}] needs `{key}`", "[lookup.{name}] 需要 `{key}`" }
    create_without_customer(table) { "rows of {table} name no customer, so [create] cannot make one", "{table} 不涉及客户，[create] 无从建立" }
    create_cannot(name) { "[create] cannot fill `{name}`, which comes from the row itself", "[create] 不能填写 `{name}`：它来自该行本身" }
    unknown_exception(word, near) { "`accept` has no exception `{word}`; one of: {near}", "`accept` 没有 `{word}` 这种例外；可选：{near}" }
    expression_at(text, rest, what) { "`{text}`, at `{rest}`: {what}", "`{text}`，在 `{rest}` 处：{what}" }
    expression_end(text, what) { "`{text}`, at its end: {what}", "`{text}`，末尾：{what}" }
    open_brace() { "{{ is not closed", "{{ 没有闭合" }
    close_brace() { "}} closes nothing; write }}}} for the brace itself", "}} 没有对应的 {{；花括号本身写作 }}}}" }
    empty_field() { "there is no column between the braces", "花括号中没有列名" }
    operand_missing() { "a number, a {{column}} or ( is missing", "缺少数字、{{列}} 或 (" }
    open_paren() { "( is not closed", "( 没有闭合" }
    unexpected() { "this does not belong into an expression", "这不是表达式的写法" }
    unknown_function() { "the only function is round(x, places)", "只有 round(x, 位数) 这一个函数" }
    bad_places() { "round needs a second argument from 0 to 20: round(x, 2)", "round 的第二个参数应为 0 到 20：round(x, 2)" }
    too_deep() { "there are too many parentheses", "括号层数过多" }
    // Sources.
    header_missing(name) { "the file has no column `{name}`", "文件没有 `{name}` 这一列" }
    near(message, near) { "{message}; did you mean {near}?", "{message}；是否想写：{near}？" }
    with_columns(message, list) { "{message}; its columns are: {list}", "{message}；现有的列：{list}" }
    header_twice(name) { "the file has two columns `{name}`", "文件有两列都叫 `{name}`" }
    lookup_leads_out(name, file) { "[lookup.{name}] reads {file}, which is outside the folder of the source; a map in the data directory may not do that", "[lookup.{name}] 读取的 {file} 不在源文件所在文件夹内；数据目录中的映射不允许这样" }
    hint_lookup_leads_out() { "put the file beside the source, or use a copy of the map outside the data directory", "把该文件放到源文件旁边，或把映射复制到数据目录之外再使用" }
    lookup_column_missing(lookup, name) { "{lookup} has no column `{name}`", "{lookup} 没有 `{name}` 这一列" }
    unknown_encoding(name) { "unknown encoding `{name}`", "没有 `{name}` 这种编码" }
    no_header(file) { "{file} has no header row", "{file} 没有列名行" }
    bad_header(file) { "kehu cannot read the header row of {file} in its encoding", "{file} 的列名行无法按其编码读取" }
    read_as(file, encoding) { "{file} is not UTF-8; kehu reads it as {encoding} (--encoding NAME names another one)", "{file} 不是 UTF-8；按 {encoding} 读取（--encoding 名称 可另行指定）" }
    encoding_unclear(file) { "{file} is not UTF-8, and does not look like Chinese in GB18030", "{file} 不是 UTF-8，按 GB18030 读取也不像中文" }
    hint_encodings(list) { "name the encoding: --encoding NAME, or encoding = \"NAME\" in the map; kehu would read {list}", "请指明编码：--encoding 名称，或在映射文件中写 encoding = \"名称\"；分别读作 {list}" }
    reading_of(encoding, sample) { "{encoding} `{sample}`", "{encoding} `{sample}`" }
    hint_name_encoding() { "name the encoding: --encoding NAME, or encoding = \"NAME\" in the map", "请指明编码：--encoding 名称，或在映射文件中写 encoding = \"名称\"" }
    // Rows.
    row_encoding() { "the row has bytes that are not text in the encoding of the file", "该行含有不合文件编码的字节" }
    row_cells(found, expected) { [found = 1] "the row has {found} cell, the header has {expected}"; "the row has {found} cells, the header has {expected}", "有 {found} 个单元格，列名行有 {expected} 个" }
    row_quote() { "a quote is not closed, or is closed inside a cell", "引号没有闭合，或在单元格中间闭合" }
    in_column(column, what) { "{column}: {what}", "{column}：{what}" }
    not_a_date(value) { "`{value}` is not a date", "`{value}` 不是日期" }
    rounded_number(value) { "a spreadsheet has rounded the long number `{value}`; give the column the format text there, and export again", "`{value}` 是被表格软件截断的长数字：请在表格软件中把该列设为文本格式，再重新导出" }
    not_a_number(value) { "`{value}` is not a number", "`{value}` 不是数字" }
    by_zero() { "the expression divides by zero", "除数为零" }
    endless() { "the quotient has no end; round it with round(x, 2)", "商除不尽：请用 round(x, 2) 取整" }
    too_long() { "the number has more than 28 digits", "数字超过 28 位" }
    no_partner(lookup, value) { "{lookup} has no row for `{value}`", "{lookup} 中没有 `{value}` 的行" }
    two_partners(lookup, value) { "{lookup} has several rows for `{value}`", "{lookup} 中 `{value}` 有多行" }
    empty_cell(column) { "`{column}` is empty", "`{column}` 为空" }
    no_customer(value) { "there is no customer `{value}`", "没有客户 `{value}`" }
    several_customers(value) { "several customers are called `{value}`", "有多个客户叫 `{value}`" }
    no_member(value) { "team.toml has no member `{value}`", "team.toml 中没有成员 `{value}`" }
    no_contact(customer, value) { "{customer} has no contact `{value}`", "{customer} 没有联系人 `{value}`" }
    no_row(ledger, value) { "{ledger} has no row `{value}`", "{ledger} 中没有 `{value}`" }
    several_rows(ledger, value) { "several rows of {ledger} are called `{value}`", "{ledger} 中有多行叫 `{value}`" }
    no_id(name) { "kehu cannot make an id from `{name}`", "无法由 `{name}` 生成编号" }
    twice(key, line) { "line {line} has `{key}` already", "`{key}` 在第 {line} 行已出现" }
    lines_by_place() { "the map does not tell the lines of an id apart (`line`, `source_key`), so kehu goes by their order in the file", "映射文件没有区分同一编号各行的内容（`line`、`source_key`）：按文件中的先后顺序对应" }
    by_whole_row() { "the map has neither `id` nor `source_key`, so kehu knows a row again only when all its cells are equal", "映射文件没有 `id` 也没有 `source_key`：只有所有单元格都相同的行才算同一行" }
    lines_moved(id, there) { [there = 1] "{id} has {there} line already, this line is new, and others differ; --update takes the lines in the order of the file, `line` or `source_key` in the map tells them apart"; "{id} has {there} lines already, this line is new, and others differ; --update takes the lines in the order of the file, `line` or `source_key` in the map tells them apart", "{id} 已有 {there} 行，此行是新的，而其他行有所不同：是否在前面插入了一行？--update 按文件中的顺序采用各行；在映射文件中填写 `line` 或 `source_key` 可区分各行" }
    lines_gone(id, here, there) { [here = 1] "{id} has {here} line in the file, but {there} already, and they differ: kehu cannot tell which one is gone; `line` or `source_key` in the map tells them apart"; "{id} has {here} lines in the file, but {there} already, and they differ: kehu cannot tell which one is gone; `line` or `source_key` in the map tells them apart", "{id} 在文件中有 {here} 行，已有 {there} 行，且内容不同：无法判断少了哪一行；在映射文件中填写 `line` 或 `source_key` 可区分各行" }
    other_source(id) { "{id} exists already, from another source", "{id} 已存在，来源不同" }
    unequal(column, id, here, there) { "`{column}` of {id} is `{here}` here and `{there}` on another line", "{id} 的 `{column}` 此处为 `{here}`，另一行为 `{there}`" }
    neither_amount() { "the row has neither an amount, nor a quantity with a price", "该行既没有金额，也没有数量和单价" }
    breach(what, key) { "{what}; accept = [\"{key}\"] in the map takes such rows", "{what}；映射文件中的 accept = [\"{key}\"] 可原样导入" }
    // What came of it.
    was_changed(id, column, from, to) { "{id}  {column}: {from} → {to}", "{id}  {column}：{from} → {to}" }
    rejected_at(file, line, column, reason) { "{file}:{line}:{column}: {reason}", "{file}:{line}:{column}：{reason}" }
    more_rows(n) { "… and {n} more", "……另有 {n} 行" }
    rejected(n) { [n = 1] "{n} row cannot be imported"; "{n} rows cannot be imported", "{n} 行无法导入" }
    rejects_written(n, file) { [n = 1] "{n} row was not imported; it is in {file}"; "{n} rows were not imported; they are in {file}", "{n} 行未导入，已写入 {file}" }
    rejects_in(file) { "correct the rows in {file}, which has the reasons too, and import it; or use --skip-errors", "这些行和原因已写入 {file}；请更正后导入该文件，或用 --skip-errors" }
    hint_skip_errors() { "--skip-errors imports the other rows", "--skip-errors 只导入其余的行" }
    duplicate(words) { "{words}; accept = [\"duplicate\"] in the map takes it", "{words}；映射文件中的 accept = [\"duplicate\"] 表示接受" }
    ahead(n) { [n = 1] "{n} customer begins in a stage whose requirements it does not meet (rule R1): `kehu check` names it until what is missing is there; accept = [\"stage-requires\"] in the map takes it"; "{n} customers begin in stages whose requirements they do not meet (rule R1): `kehu check` names them until what is missing is there; accept = [\"stage-requires\"] in the map takes them", "{n} 个客户所在阶段的条件尚未满足（规则 R1）：补齐之前 `kehu check` 会列出；映射文件中的 accept = [\"stage-requires\"] 表示认可" }
    doubtful(n) { [n = 1] "{n} order line has an amount that its quantity, price and discount do not give: `kehu check` names it"; "{n} order lines have amounts that their quantities, prices and discounts do not give: `kehu check` names them", "{n} 行订单的金额与数量、单价和折扣不符：`kehu check` 会列出" }
    below_floor(n) { [n = 1] "{n} order or quote is sold below its floor (rule R6): `kehu check` names it; accept = [\"below-floor\"] in the map takes it"; "{n} orders or quotes are sold below their floors (rule R6): `kehu check` names them; accept = [\"below-floor\"] in the map takes them", "{n} 个订单或报价低于毛利率底线（规则 R6）：`kehu check` 会列出；映射文件中的 accept = [\"below-floor\"] 表示认可" }
    changed_rows(n) { [n = 1] "{n} row differs from the data; --update takes the new values"; "{n} rows differ from the data; --update takes the new values", "{n} 行与现有数据不同；--update 采用新值" }
    not_written() { "nothing was written (--dry-run)", "未写入任何内容（--dry-run）" }
    map_or_into() { "say what the columns are: --map MAP.toml, or --into TABLE when they have the names that kehu uses", "请说明各列：--map 映射文件，或列名与 kehu 一致时用 --into 表" }
    map_broken(file, n) { [n = 1] "{file}: {n} mistake"; "{file}: {n} mistakes", "{file}：{n} 处错误" }
    hint_map() { "docs/import.md explains import maps; examples/imports has some", "docs/import.md 说明映射文件；examples/imports 有样例" }
    too_large(file, limit) { "{file} is larger than {limit} bytes", "{file} 大于 {limit} 字节" }
    hint_too_large() { "split it into files that each begin with the line of column names, such as one for each year, and import them one after the other", "请拆成几个文件（例如每年一个），每个文件都保留列名行，再逐个导入" }
    source_changed(file) { "another program changed {file} while kehu read it", "读取期间 {file} 被其他程序修改" }
    reading(file) { "reading {file}", "正在读取 {file}" }
    checking(n) { "checking {n} rows", "正在检查 {n} 行" }
}

/// A message with what may have been meant, where anything is near.
pub fn near_if_any(lang: Lang, message: String, names: &[String]) -> String {
    if names.is_empty() { message } else { near(lang, message, names.join(", ")) }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("import.into", "into", "导入到", &[]),
        ("import.rows", "rows", "行数", &[]),
        ("import.new", "new", "新增", &[]),
        ("unchanged", "unchanged", "未变", &[]),
        ("changed", "changed", "有变化", &[]),
        ("skipped", "left out", "按规则略过", &[]),
        ("rejected", "rejected", "无法导入", &[]),
        ("import.customers", "customers made", "新建客户", &[]),
        ("stages", "stage steps", "阶段推进", &[]),
        ("import.complaints", "complaints opened", "登记投诉", &[]),
    ],
    values: &[],
    commands: &[
        (
            "import",
            "Import a CSV file of another program: customers, contacts, or rows of a ledger",
            "导入其他软件的 CSV：客户、联系人或台账的行",
        ),
        (
            "export",
            "Export a whole ledger, or the customers with all keys (csv unless -f or -o says otherwise)",
            "导出整个台账或客户的全部字段（默认 csv）",
        ),
    ],
    arguments: &[
        ("source", "The CSV file (UTF-8 or GB18030)", "CSV 文件（UTF-8 或 GB18030）"),
        (
            "encoding",
            "Encoding of the file: gb18030, windows-1252, big5, utf-16 … (default: what the map says, else kehu finds out)",
            "文件的编码（gb18030、windows-1252、big5、utf-16……）；默认按映射文件，否则自动判断",
        ),
        (
            "map",
            "The import map, which says what becomes of each column (docs/import.md)",
            "映射文件：哪一列成为哪一列（docs/import.md）",
        ),
        (
            "into",
            "Without a map: the table; its columns must have the names that kehu uses",
            "没有映射文件时导入到哪张表；列名须与 kehu 一致",
        ),
        (
            "propose",
            "Show whose each payment of a bank statement is and what it pays; nothing is written",
            "逐笔建议银行流水的客户与所付单据；不写入",
        ),
        (
            "accept",
            "Import the payments whose proposal is so sure: sure, or likely",
            "导入建议把握足够的收款：sure（确定）或 likely（可能）",
        ),
        ("skip_errors", "Import the other rows when some cannot be imported", "有的行无法导入时，仍导入其余的行"),
        ("update", "Take new values into rows that exist already", "已有的行采用新值"),
        (
            "rejects",
            "File for rows that cannot be imported (default: <source>.rejects.csv here)",
            "无法导入的行写到哪里（默认在当前目录：<文件名>.rejects.csv）",
        ),
        (
            "table",
            "customers, contacts, due (all that is due), or a ledger",
            "customers、contacts、due（全部到期事项）或台账名",
        ),
    ],
};
