//! What every command says: queries, arguments, output, records in general.

use super::{Area, msgs};

msgs! {
    labelled(word, text) { "{word}: {text}", "{word}：{text}" }
    did_you_mean(names) { "did you mean {names}?", "是否想写：{names}？" }
    unknown_field(field, term) { "unknown field `{field}` in `{term}`", "`{term}` 中没有 `{field}` 这个字段" }
    hint_fields() { "`kehu help filters` lists the fields", "`kehu help filters` 列出所有字段" }
    unknown_operator(op, term) { "unknown operator `{op}` in `{term}`", "`{term}` 中没有 `{op}` 这个运算" }
    wrong_operator(op, field, term) { "`{op}` cannot be used with `{field}` in `{term}`", "`{term}`：字段 `{field}` 不能用 `{op}`" }
    unknown_view(view) { "there is no saved query `@{view}`", "没有保存的查询 `@{view}`" }
    hint_views() { "write saved queries into kehu.toml, under [views.<name>]", "保存的查询写在 kehu.toml 的 [views.<名称>] 下" }
    view_cycle(views) { "the saved queries refer to each other in a circle: {views}", "保存的查询互相引用成环：{views}" }
    views_too_large(view) { "the saved query `@{view}` is too long with the queries that it refers to", "保存的查询 `@{view}` 展开后过大" }
    in_view(view, message) { "in the saved query `@{view}`: {message}", "保存的查询 `@{view}` 中：{message}" }
    unknown_value(value, field) { "`{value}` is not a value of `{field}`", "`{field}` 没有 `{value}` 这个取值" }
    bad_filter_value(value, field, kind) { "`{field}` needs {kind}, not `{value}`", "字段 `{field}` 需要{kind}，不能是 `{value}`" }
    in_field(field, message) { "`{field}`: {message}", "`{field}`：{message}" }
    reversed(text) { "`{text}` ends before it begins", "`{text}` 的结束早于开始" }
    open_end(value, op) { "`{op}` cannot compare with `{value}`, which is open on that side", "`{op}` 无法与 `{value}` 比较：这一端没有日期" }
    empty_value(field, term) { "`{term}` has no value for `{field}`", "`{term}` 没有给出 `{field}` 的值" }
    hint_has_no(field) { "`has:{field}` finds rows with a value, `no:{field}` finds rows without one", "`has:{field}` 查有值的，`no:{field}` 查没有值的" }
    empty_term() { "a filter term is empty", "筛选条件为空" }
    expression(term) { "`{term}` compares with a sign; filter terms compare with a colon and words", "`{term}` 用了运算符号：筛选条件用冒号和单词来比较" }
    unclosed_quote(term) { "a quote is not closed in `{term}`", "`{term}` 中的引号没有闭合" }
    bad_period(text) { "`{text}` is not a date or a period", "`{text}` 不是日期或期间" }
    impossible_date(text) { "the calendar has no `{text}`", "日历上没有 `{text}`" }
    out_of_calendar(text) { "`{text}` is outside the years 1 to 9999", "`{text}` 超出公元 1 至 9999 年" }
    not_one_day(text) { "`{text}` is more than one day", "`{text}` 不是单独一天" }
    hint_periods() { "`kehu help periods` shows what you can write", "`kehu help periods` 说明可用的写法" }
    unknown_format(format) { "unknown format `{format}`", "没有 `{format}` 这种格式" }
    hint_formats(list) { "formats: {list}", "可用格式：{list}" }
    unknown_lang(lang_) { "unknown language `{lang_}`", "没有 `{lang_}` 这种语言" }
    hint_langs(list) { "languages: {list}", "可用语言：{list}" }
    no_identity() { "kehu does not know who you are", "kehu 不知道你是谁" }
    hint_identity(ids) { "name yourself with --as WHO or KEHU_USER (members: {ids}), or write git's user.email into team.toml as your `email`", "用 --as 或 KEHU_USER 指定 team.toml 中的成员（{ids}）；或把 git 的 user.email 写进你的 `email`" }
    missing(name) { "{name} is missing", "缺少 {name}" }
    not_a_terminal() { "write it on the command line; kehu asks on a terminal only", "请写在命令行上；只有在终端上才会询问" }
    hint_candidates(list) { "one of: {list}", "候选：{list}" }
    unknown_key(key) { "unknown key `{key}`", "没有 `{key}` 这个键" }
    key_value_form(text) { "`{text}` is not of the form key=value", "`{text}` 不是 键=值 的形式" }
    bad_value(value, key, why) { "`{value}` cannot be the {key}: {why}", "`{value}` 不能作为 {key}：{why}" }
    exists_already(what) { "{what} exists already", "{what} 已存在" }
    id_needed(name) { "kehu cannot make an id from `{name}`", "无法由 `{name}` 生成编号" }
    hint_id() { "choose an id: --id ID", "请用 --id 编号 指定" }
    hint_other_id() { "choose another id: --id ID", "请用 --id 编号 另选一个" }
    possible(list) { "one of: {list}", "可选：{list}" }
    nothing_to_change() { "nothing changes", "无需更改" }
    sure_remove(what) { "Remove {what}? [y/N] ", "确定删除 {what}？[y/N] " }
    not_confirmed() { "not confirmed; nothing was written", "未确认；未写入任何内容" }
    left_out(n) { [n = 1] "{n} more row (--limit)"; "{n} more rows (--limit)", "另有 {n} 行未显示（--limit）" }
    none_fits(n, what, asked) { [n = 1] "of the {what} there is only one, which does not fit `{asked}`"; "none of {n} {what} fits `{asked}`", "{what}（共 {n}）中没有符合 `{asked}` 的" }
    none_there(what) { "there are no {what} yet", "还没有{what}" }
    rows_of(ledger, label) { "rows of {ledger}", "{label}" }
    customers_word() { "customers", "客户" }
    none_due(n, day) { [n = 1] "the only customer is not due by {day}"; "none of {n} customers is due by {day}", "{n} 个客户中，到 {day} 没有要跟进的" }
    none_due_fits(n, day, asked) { [n = 1] "the only customer is not due by {day}, or does not fit `{asked}`"; "none of {n} customers is due by {day} and fits `{asked}`", "{n} 个客户中，到 {day} 没有要跟进且符合 `{asked}` 的" }
    nothing_in(caption) { "nothing to show: {caption}", "没有可显示的内容：{caption}" }
    editor_missing() { "kehu knows no editor", "没有设置编辑器" }
    hint_editor() { "name one in the variable EDITOR: `export EDITOR=nano`, or `EDITOR=\"code --wait\"`", "请用变量 EDITOR 指定编辑器：`export EDITOR=nano`，或 `EDITOR=\"code --wait\"`" }
    editor_failed(editor) { "the editor `{editor}` ended with an error; nothing was written", "编辑器 `{editor}` 出错退出；未写入任何内容" }
    edit_unchanged() { "nothing was changed", "没有修改" }
    edit_findings(file) { "the edited text has mistakes; kehu kept it in {file}", "修改后的内容有问题；已保存在 {file}" }
    edit_again() { "Edit again? [Y/n] ", "再次编辑？[Y/n] " }
    draft_kept(file) { "kehu kept what you wrote in {file}", "你写的内容已保存在 {file}" }
    external_failed(name, error) { "kehu-{name}: {error}", "kehu-{name}：{error}" }
    unknown_command(name) { "unknown command `{name}`", "没有命令 `{name}`" }
    unknown_topic(name) { "unknown help topic `{name}`", "没有帮助主题 `{name}`" }
    unknown_argument(arg) { "unknown argument `{arg}`", "没有参数 `{arg}`" }
    invalid_argument(value, arg) { "{arg} does not take `{value}`", "{arg} 不接受 `{value}`" }
    required_arguments(list) { "{list} are missing", "缺少 {list}" }
    argument_conflict(arg, other) { "{arg} cannot be used with {other}", "{arg} 不能与 {other} 同用" }
    hint_help(command) { "`{command} --help` shows how to use it", "`{command} --help` 说明用法" }
    no_history(id) { "{id}: nothing has changed since it was entered", "{id}：录入后没有变更" }
    in_the_future(day) { "{day} is in the future", "{day} 在未来" }
    bad_span(text) { "`{text}` is not a length of time such as 14d, 2w, 3m or 1y", "`{text}` 不是时长；时长写作 14d、2w、3m 或 1y" }
    hint_schema(table) { "`kehu schema {table}` lists them", "`kehu schema {table}` 列出全部" }
    not_a_list() { "it is not a list; write key=value", "不是列表；请写 键=值" }
    hint_instead(command) { "use `{command}`", "请用 `{command}`" }
    bad_scale(text) { "`{text}` is not a scale such as 10000", "`{text}` 不能作为单位；单位写作数字，如 10000" }
    bad_per(text) { "`{text}` is not a unit of time", "`{text}` 不是时间单位" }
    compare_needs_period() { "--compare needs a period with a beginning and an end; add -p PERIOD", "--compare 需要有始有终的期间；请加 -p 期间" }
    flag_not_here(flag, report) { "`kehu report {report}` does not take {flag}", "`kehu report {report}` 不支持 {flag}" }
    xlsx_needs_file() { "xlsx is no text and needs a file", "xlsx 不是文本，需要写入文件" }
    hint_xlsx() { "name the file: -o NAME.xlsx", "请指定文件：-o 名称.xlsx" }
    xlsx_failed(error) { "the answer does not fit into a sheet: {error}", "结果无法写入工作表：{error}" }
    unknown_ending(file) { "the ending of {file} does not name a format", "{file} 的扩展名不对应任何格式" }
    not_empty(dir) { "{dir} is not empty", "{dir} 不是空目录" }
    has_data(dir) { "{dir} already holds a data directory", "{dir} 已经是数据目录" }
    unknown_template(name) { "unknown template `{name}`", "没有模板 `{name}`" }
    hint_templates(list) { "templates: {list}", "模板：{list}" }
    did_init(dir) { "{dir}  new data directory", "{dir}  已新建数据目录" }
    next_steps(dir) { "Next: `cd {dir}`, then `kehu customer add NAME`; `git init` if it is not a repository yet.", "接下来：`cd {dir}`，然后 `kehu customer add 名称`；若还不是仓库，先 `git init`。" }
    demo_language() { "The company works in Chinese: add --lang en, or set KEHU_LANG=en.", "示例公司使用中文。" }
    demo_done(dir, customers) { [customers = 1] "{dir}  sample company with {customers} customer"; "{dir}  sample company with {customers} customers", "{dir}  示例公司，{customers} 个客户" }
    demo_next(dir, day) { "Try: cd {dir}; kehu today; kehu due; kehu show huaxin; kehu funnel (as of {day})", "试试：cd {dir}；kehu today；kehu due；kehu show huaxin；kehu funnel（截至 {day}）" }
    no_first_member() { "git has no user.name or user.email; add yourself with `kehu team add ID NAME`", "git 没有 user.name 或 user.email：请用 `kehu team add 编号 姓名` 添加自己" }
    merge_clashes(path, n) { [n = 1] "{path}: both sides changed {n} place"; "{path}: both sides changed {n} places", "{path}：双方修改了同一处，共 {n} 处" }
    hint_merge_clashes() { "keep one side of each pair of markers, then run `kehu check` and `git add`", "在每处标记之间保留一方，然后运行 `kehu check` 和 `git add`" }
    no_such_file(path) { "{path} does not exist, or is not a file", "{path} 不存在，或不是文件" }
    no_clone(dir) { "{dir} is not in a git repository", "{dir} 不在 git 仓库中" }
    hint_no_clone() { "run `git init`, then this command again", "先运行 `git init`，然后重新运行此命令" }
    git_config_failed(key, why) { "git could not set {key}: {why}", "git 无法设置 {key}：{why}" }
    hint_git_setup() { "this clone merges line by line; `kehu git setup` lets git merge ledgers by row and TOML by key", "此克隆按行合并；运行 `kehu git setup` 后 git 将按记录合并台账、按键合并 TOML" }
    cache_cleared() { "the cache is empty", "缓存已清除" }
    was_read(files, bytes, rows, cached) { "read {files} ({bytes} bytes), {rows}; {cached} from the cache", "读取 {files}（{bytes} 字节），{rows}；缓存 {cached} 个" }
    /// Number of files.
    files(n) { [n = 1] "{n} file"; "{n} files", "{n} 个文件" }
    /// Number of cells.
    cells(n) { [n = 1] "{n} cell"; "{n} cells", " {n} 个单元格" }
    /// Number of rows.
    rows(n) { [n = 1] "{n} row"; "{n} rows", "{n} 行" }
    output_failed(error) { "the change was made, but kehu could not print its message: {error}", "更改已完成，但无法输出提示：{error}" }
    progress_write(n) { "writing {n} files", "正在写入 {n} 个文件" }
    progress_plan(n) { "working out {n} changes", "正在计算 {n} 处变更" }
    progress_load() { "reading", "读取中" }
    did_put(id, key, to) { "{id}  {key} = {to}", "{id}  {key} = {to}" }
    did_add(id, name) { "{id}  {name}  added", "{id}  {name}  已新增" }
    told_by_events(column) { "`{column}` cannot be set: events say what it is", "`{column}` 不能直接修改：它由变更记录决定" }
    hint_told(kind) { "`kehu {kind} --help` lists the commands that change it", "`kehu {kind} --help` 列出可修改它的命令" }
    turned_by_event(column) { "`{column}` cannot be set here: an event must say who changed it and when", "`{column}` 不能在此修改：须由变更记录说明何时由谁决定" }
    hint_set_of(kind, id, column) { "use `kehu {kind} set {id} {column}=…`", "请用 `kehu {kind} set {id} {column}=…`" }
    did_set(id, key, from, to) { "{id}  {key}: {from} → {to}", "{id}  {key}：{from} → {to}" }
    did_remove(id) { "{id}  removed", "{id}  已删除" }
    empty_word() { "–", "–" }
    not_known() { "unknown", "未知" }
    and_more(n) { "  … and {n} more", "  ……另有 {n} 行" }
    change() { "change", "变化" }
    total() { "total", "合计" }
    average() { "average", "平均" }
    rule(name) { "rule {name}", "规则 {name}" }
    line_word(n) { "line {n}", "第 {n} 行" }
    ask_name() { "Name: ", "名称：" }
    refuse_no_right(member) { "{member} may not override a rule", "{member} 无权特批" }
    refuse_who_may(list) { "these members may: {list}", "有权特批的人：{list}" }
    refuse_nobody() { "nobody in team.toml has the role manager, director or admin", "team.toml 中没有 manager、director 或 admin" }
    refuse_override_note() { "--override needs --note TEXT", "--override 需要 --note 原因" }
    overridden(what) { "this goes against a rule: {what}", "特批：{what}" }
    refuse_state(what, state) { "{what} is {state}", "{what} 的状态是{state}" }
    refuse_older(id, event, kind, newest) { "{id}: the {kind} changed on {newest}; {event} cannot be earlier", "{id}：该{kind}在 {newest} 已有变更；{event}不能早于该日" }
    refuse_to_come(id, event, kind, newest, at) { "{id}: {event} cannot change, because the newest event of the {kind}, {newest}, is from {at}, in the future", "{id}：{event}无法变更：该{kind}最新的变更记录 {newest} 的时间是 {at}，尚未到来" }
    refuse_to_come_hint(newest, place, now) { "a clock was ahead; correct the day with `kehu row set event:{newest} at={now}` ({place})", "当时的时钟快了；请用 `kehu row set event:{newest} at={now}` 改正其时间（{place}）" }
    refuse_older_event_hint(newest, event, place) { "use --at {newest} or a later day; the newest event is {event} ({place})", "请用 --at {newest} 或以后的日期；最新的变更记录是 {event}（{place}）" }
    clock_before_1970(now) { "the clock of this machine says {now}", "本机时钟显示 {now}" }
    hint_clock() { "set the clock, or name the day with --today", "请校准时钟，或用 --today 指定日期" }
    refuse_older_hint(newest) { "use --at {newest} or a later day", "请用 --at {newest} 或以后的日期" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("event", "event", "变更项", &[]),
        ("row", "row", "这一行", &[]),
        ("ledger", "ledger", "台账", &[]),
        ("id", "id", "编号", &["单号"]),
        ("at", "date", "日期", &["时间"]),
        ("date", "date", "日期", &[]),
        ("name", "name", "名称", &["姓名"]),
        ("title", "title", "标题", &[]),
        ("by", "by", "经办人", &["跟进人", "操作人", "录入人"]),
        ("note", "note", "备注", &[]),
        ("text", "text", "内容", &[]),
        ("reason", "reason", "原因", &[]),
        ("kind", "kind", "类型", &[]),
        ("category", "category", "类别", &[]),
        ("source", "source", "来源", &["渠道"]),
        ("source_key", "source key", "来源单号", &[]),
        ("period", "period", "期间", &[]),
        ("state", "state", "状态", &[]),
        ("why", "why", "依据", &[]),
        ("section", "section", "栏目", &[]),
        ("what", "what", "事项", &[]),
        ("count", "count", "个数", &["数量"]),
        ("number", "number", "号码", &[]),
        ("subject", "subject", "对象", &[]),
        ("from", "from", "变更前", &[]),
        ("to", "to", "变更后", &[]),
        ("until", "until", "截止", &[]),
        ("since", "since", "生效日", &[]),
        ("old", "old", "原等级", &[]),
        ("new", "new", "新等级", &[]),
        ("table", "table", "表", &[]),
        ("column", "column", "列", &[]),
        ("type", "type", "数据类型", &[]),
        ("required", "required", "必填", &[]),
        ("values", "values", "取值", &[]),
        ("label", "label", "名称", &[]),
        ("label_zh", "Chinese label", "中文名称", &[]),
        ("match", "match", "匹配", &[]),
        ("applied", "applied", "已生效", &[]),
        ("key", "key", "键", &[]),
        ("value", "value", "值", &[]),
    ],
    values: &[
        ("compare", "previous", "previous", "环比"),
        ("compare", "year-ago", "year-ago", "同比"),
        ("per", "day", "day", "日"),
        ("per", "week", "week", "周"),
        ("per", "month", "month", "月"),
        ("per", "quarter", "quarter", "季"),
        ("per", "year", "year", "年"),
        ("yes_no", "yes", "yes", "是"),
        ("yes_no", "no", "no", "否"),
        ("match", "exact", "exact", "完全一致"),
        ("match", "part", "part", "部分一致"),
        ("match", "similar", "similar", "相似"),
        ("severity_word", "error", "error", "错误"),
        ("severity_word", "warning", "warning", "警告"),
    ],
    commands: &[
        (
            "",
            "Start with: kehu demo mycompany; cd mycompany; kehu today",
            "从这里开始：kehu demo mycompany; cd mycompany; kehu today",
        ),
        ("", "A CRM whose database is a directory of plain files", "以普通文件为数据库的客户关系管理"),
        ("init", "Make a new data directory", "新建数据目录"),
        (
            "demo",
            "Make a sample company with two years of history, and show its morning",
            "建立示例公司（两年历史），并显示早晨视图",
        ),
        (
            "undo",
            "Take back the last command, or a change that a stopped command left unfinished",
            "撤销上一条命令，或中断的命令留下的未完成更改",
        ),
        ("cache", "The cache in .kehu, which keeps what kehu has read", "缓存（.kehu 中）：保存已读取的内容"),
        ("cache clear", "Delete the cache; kehu makes it again when it needs one", "清除缓存；需要时自动重建"),
        ("git", "How git treats the data directory in this clone", "git 在此克隆中如何处理数据目录"),
        (
            "git setup",
            "Make git merge ledgers by row and TOML by key in this clone",
            "让 git 在此克隆中按记录合并台账、按键合并 TOML",
        ),
        (
            "merge-driver",
            "Merge three versions of a file; git calls this command",
            "合并一个文件的三个版本（由 git 作为合并驱动调用）",
        ),
        (
            "completions",
            "Completion for your shell, with customer ids, team members and stages of the data directory",
            "命令行补全，含数据目录中的客户编号、成员和阶段",
        ),
        ("man", "The manual page (roff), of kehu or of one command", "手册页（roff）"),
        (
            "help",
            "Help on a command, or on a topic: filters, periods, formats, exit-codes, environment, files, git",
            "命令帮助，或主题：filters、periods、formats、exit-codes、environment、files、git",
        ),
    ],
    arguments: &[
        ("by", "Who did it (default: you)", "经办人（默认自己）"),
        (
            "dir",
            "The data directory (default: KEHU_DIR, else the nearest folder above with kehu.toml)",
            "数据目录（默认 KEHU_DIR，否则向上查找 kehu.toml）",
        ),
        ("format", "Output format: {values}", "输出格式：{values}"),
        ("json", "The same as -f json", "同 -f json"),
        ("output", "Write the answer to a file; its ending chooses the format", "把结果写入文件；扩展名决定格式"),
        ("today", "Show everything as it was at the end of that day", "以该日结束时的状态查看一切"),
        (
            "as_who",
            "Who you are in team.toml (default: KEHU_USER, else git's user.email)",
            "你在 team.toml 中的编号（默认 KEHU_USER，否则 git 的 user.email）",
        ),
        ("lang", "Interface language: {values}", "界面语言：{values}"),
        ("dry_run", "Check everything, write nothing, print the diff", "只检查不写入，显示差异"),
        ("quiet", "Print less; a write prints only the new id", "少输出；写入时只显示新编号"),
        ("verbose", "Print more", "多输出"),
        ("color", "Colour: {values}", "颜色：{values}"),
        ("yes", "Do not ask", "不再询问"),
        ("strict", "Print nothing when a file is broken", "文件有错时不输出结果"),
        ("no_cache", "Read every file again, without the cache", "不用缓存，重新读取所有文件"),
        ("path", "Where (default: here)", "建在哪里（默认当前目录）"),
        ("template", "The stages to begin with: {values}", "阶段模板：{values}"),
        ("name", "The company's name", "公司名称"),
        ("path", "Where (default: kehu-demo)", "建在哪里（默认 kehu-demo）"),
        (
            "columns",
            "Columns to show, separated by commas (`kehu help filters` lists them)",
            "显示的列，用逗号分隔（见 `kehu help filters`）",
        ),
        (
            "sort",
            "Columns to sort by, separated by commas; -COLUMN sorts downwards",
            "排序的列，用逗号分隔；-列 为降序",
        ),
        ("limit", "Show at most this many rows", "最多显示多少行"),
        ("total", "Add a line with totals", "加合计行"),
        ("average", "Add a line with averages", "加平均行"),
        ("per", "Count (and sum) by {values}", "分期计数与合计：{values}"),
        (
            "compare",
            "Compare with previous, year-ago or another period (needs -p)",
            "与 previous、year-ago 或另一期间比较（需要 -p）",
        ),
        (
            "scale",
            "Show money divided by this, such as 10000 (万元; tables only)",
            "金额除以该数显示，如 10000（万元，仅表格）",
        ),
        ("exit_code", "Exit with 1 when the answer is not empty", "结果不为空时退出码为 1"),
        ("terms", "Filter terms (kehu help filters)", "筛选条件（kehu help filters）"),
        (
            "customer",
            "Id, former id, name, alias, phone, mail, or the beginning of an id",
            "编号、曾用编号、名称、别名、电话、邮箱或编号开头",
        ),
        ("force", "Override the rule (managers only; needs --note)", "特批，不受规则限制（经理；需要 --note）"),
        ("at", "When it was decided (default: now)", "决定时间（默认现在）"),
        ("customer", "The customer", "客户（编号、名称等）"),
        ("competitor", "Who won it", "输给了谁"),
        ("note", "More about it", "备注"),
        ("note", "Why", "原因"),
        ("period", "Only rows of this period", "只看该期间"),
        ("id", "Its id", "编号"),
        ("pairs", "column=value; an empty value empties the cell", "列=值；值为空则清空该单元格"),
        ("at", "When (default: now)", "发生时间（默认现在）"),
        ("id", "The company's own number", "公司自己的单号"),
        ("base", "The version that both sides began with", "双方的共同版本"),
        ("ours", "Our version; the result is written here", "我方版本；结果写入此文件"),
        ("theirs", "The other version", "对方版本"),
        ("merge-driver.path", "The file's path in the repository", "文件在仓库中的路径"),
        ("marker_size", "Length of the conflict markers", "冲突标记的长度"),
        ("shell", "{values}", "{values}"),
        ("command", "A command", "命令"),
        ("undo.list", "List the commands that can be taken back", "列出可撤销的命令"),
        ("undo.last", "How many commands to take back", "撤销最后几条命令"),
        ("words", "A command or a topic", "命令或主题"),
    ],
};
