//! Messages: one function each, both languages side by side.

use super::{Lang, msgs};
use crate::model::day::Span;
use crate::model::value::Kind;

msgs! {
    labelled(word, text) { "{word}: {text}", "{word}：{text}" }
    // Queries.
    did_you_mean(names) { "did you mean {names}?", "是否想写：{names}？" }
    unknown_field(field, term) { "unknown field `{field}` in `{term}`", "`{term}` 中没有 `{field}` 这个字段" }
    hint_fields() { "`kehu help filters` lists the fields", "`kehu help filters` 列出所有字段" }
    unknown_operator(op, term) { "unknown operator `{op}` in `{term}`", "`{term}` 中没有 `{op}` 这个运算" }
    wrong_operator(op, field, term) { "`{op}` cannot be used with `{field}` in `{term}`", "`{term}`：字段 `{field}` 不能用 `{op}`" }
    unknown_view(view) { "there is no saved query `@{view}`", "没有保存的查询 `@{view}`" }
    hint_views() { "saved queries stand under [views.<name>] in kehu.toml", "保存的查询写在 kehu.toml 的 [views.<名称>] 下" }
    view_cycle(views) { "saved queries name each other in a circle: {views}", "保存的查询互相引用成环：{views}" }
    views_too_large(view) { "the saved query `@{view}` grows beyond what is sensible", "保存的查询 `@{view}` 展开后过大" }
    in_view(view, message) { "in the saved query `@{view}`: {message}", "保存的查询 `@{view}` 中：{message}" }
    unknown_value(value, field) { "`{value}` is no value of `{field}`", "`{field}` 没有 `{value}` 这个取值" }
    bad_filter_value(value, field, kind) { "`{value}` cannot be read as {kind} for `{field}`", "字段 `{field}` 需要{kind}，`{value}` 无法识别" }
    in_field(field, message) { "`{field}`: {message}", "`{field}`：{message}" }
    reversed(text) { "`{text}` ends before it begins", "`{text}` 的结束早于开始" }
    open_end(value, op) { "`{value}` has no end to compare with by `{op}`", "`{value}` 缺少可供 `{op}` 比较的一端" }
    empty_value(field, term) { "`{term}` names no value for `{field}`", "`{term}` 没有给出 `{field}` 的值" }
    hint_has_no(field) { "`has:{field}` finds what has one, `no:{field}` what has none", "`has:{field}` 查有值的，`no:{field}` 查没有值的" }
    empty_term() { "an empty filter term", "筛选条件为空" }
    unclosed_quote(term) { "a quote is not closed in `{term}`", "`{term}` 中的引号没有闭合" }
    bad_period(text) { "`{text}` is no date or period", "`{text}` 不是日期或期间" }
    impossible_date(text) { "`{text}` does not exist in the calendar", "日历上没有 `{text}` 这一天" }
    out_of_calendar(text) { "`{text}` lies outside the years 1 to 9999", "`{text}` 超出公元 1 至 9999 年" }
    not_one_day(text) { "`{text}` is more than one day", "`{text}` 不是单独一天" }
    hint_periods() { "`kehu help periods` shows what can be written", "`kehu help periods` 说明可用的写法" }
    // Store.
    io_error(path, error) { "{path}: {error}", "{path}：{error}" }
    nothing_written() { "nothing was written", "未写入任何内容" }
    locked(seconds, holder) { "the data directory is locked; waited {seconds} s for {holder}", "数据目录被锁定；已等待 {seconds} 秒，占用者：{holder}" }
    hint_locked() { "nothing was written; try again, or set KEHU_LOCK_TIMEOUT to more seconds", "未写入任何内容；请重试，或用 KEHU_LOCK_TIMEOUT 设置更长的等待秒数" }
    changed_under_us(file) { "{file} was changed by another program after it was read", "{file} 在读取之后被其他程序修改" }
    hint_try_again() { "nothing was written; try again", "未写入任何内容；请重试" }
    journal_conflict(file) { "an unfinished change waits in .kehu/journal, but {file} has been changed since", ".kehu/journal 中有未完成的更改，但 {file} 之后又被修改" }
    hint_journal(file) { "put {file} back as it was, or give the unfinished change up by removing .kehu/journal", "请把 {file} 恢复原状；若要放弃未完成的更改，删除 .kehu/journal" }
    store_other(error) { "the change could not be made: {error}", "无法完成更改：{error}" }
    hint_unfinished() { "the change stands in .kehu/journal and counts; the next command that writes completes it", "更改已记入 .kehu/journal 并已生效；下一次写入会完成它" }
    bad_cell(column, limit) { "{column}: longer than {limit} bytes, or with a NUL", "{column}：超过 {limit} 字节，或含有 NUL" }
    file_gone(file) { "{file} is not there any more", "{file} 已不存在" }
    unsafe_path(file) { "{file} leads out of the data directory, or is a symbolic link", "{file} 指向数据目录之外，或是符号链接" }
    edit_refused(file, why) { "{file} cannot be edited without touching other lines: {why}", "无法只改一处而不动其他行：{file}：{why}" }
    hint_edit_by_hand(file) { "nothing was written; edit {file} by hand", "未写入任何内容；请手工修改 {file}" }
    no_directory(start) { "no data directory here: no kehu.toml in {start} or any folder above", "此处没有数据目录：{start} 及其上级目录中没有 kehu.toml" }
    hint_init() { "`kehu init` makes one, `kehu demo DIR` makes a sample company, -C DIR or KEHU_DIR names one", "`kehu init` 新建，`kehu demo 目录` 建示例公司，-C 目录 或 KEHU_DIR 指定" }
    settings_broken() { "kehu.toml or team.toml cannot be used", "kehu.toml 或 team.toml 无法使用" }
    hint_check() { "`kehu check` shows all findings", "`kehu check` 列出全部问题" }
    files_broken(n) { "findings in the files that were read: {n}; the answer leaves those rows out", "所读文件有 {n} 处问题；结果不含这些行" }
    files_broken_strict(n) { "findings in the files that were read: {n}; nothing is shown (--strict)", "所读文件有 {n} 处问题；未显示结果（--strict）" }
    write_broken(n) { "findings in files that this change depends on: {n}", "此更改所依赖的文件有 {n} 处问题" }
    more_findings(n) { "… and {n} more; `kehu check` shows all", "……另有 {n} 处；`kehu check` 列出全部" }
    // Command line.
    unknown_format(format) { "unknown format `{format}`", "没有 `{format}` 这种格式" }
    hint_formats(list) { "formats: {list}", "可用格式：{list}" }
    unknown_lang(lang_) { "unknown language `{lang_}`", "没有 `{lang_}` 这种语言" }
    hint_langs() { "languages: en, zh-CN", "可用语言：en、zh-CN" }
    no_identity() { "kehu does not know who you are", "kehu 不知道你是谁" }
    hint_identity(ids) { "--as WHO or KEHU_USER names a member of team.toml ({ids}); or put git's user.email into your `email` there", "用 --as 或 KEHU_USER 指定 team.toml 中的成员（{ids}）；或把 git 的 user.email 写进你的 `email`" }
    unknown_member(who) { "`{who}` is not in team.toml", "team.toml 中没有 `{who}`" }
    hint_members(ids) { "members: {ids}", "成员：{ids}" }
    email_not_in_team(email) { "git's user.email is {email}, which no member of team.toml has", "git 的 user.email 是 {email}，team.toml 中没有成员使用它" }
    missing(name) { "{name} is missing", "缺少 {name}" }
    not_a_terminal() { "input is asked for on a terminal only", "只有在终端上才会询问输入" }
    customer_not_found(text) { "no customer `{text}`", "没有客户 `{text}`" }
    hint_list_customers() { "`kehu list WORD` searches, also by pinyin", "`kehu list 关键词` 可搜索，也支持拼音" }
    customer_ambiguous(text, n) { [n = 1] "`{text}` fits {n} customer"; "`{text}` fits {n} customers", "`{text}` 对应 {n} 个客户" }
    hint_candidates(list) { "one of: {list}", "候选：{list}" }
    exact_id_needed(text, id) { "`{text}` is not an exact id; off a terminal this command takes ids only", "`{text}` 不是准确编号；不在终端上时，此命令只接受编号（{id}）" }
    hint_exact(id) { "the customer's id is {id}", "该客户的编号是 {id}" }
    no_such_row(kind, id) { "no {kind} `{id}`", "没有{kind} `{id}`" }
    row_ambiguous(id, list) { "`{id}` stands in several ledgers: {list}", "`{id}` 出现在多个台账中：{list}" }
    hint_row_kind() { "write kind:id, such as task:{{id}}", "请写成 类型:编号，例如 task:{{编号}}" }
    unknown_ledger(name) { "unknown ledger `{name}`", "没有台账 `{name}`" }
    unknown_key(key) { "unknown key `{key}`", "没有 `{key}` 这个键" }
    key_value_form(text) { "`{text}` is not of the form key=value", "`{text}` 不是 键=值 的形式" }
    id_not_settable() { "an id is changed by `kehu rename OLD NEW`", "编号用 `kehu rename 旧 新` 修改" }
    decision_bulk(key) { "`{key}` of several customers", "多个客户的 `{key}`" }
    bad_value(value, key, why) { "`{value}` cannot be the {key}: {why}", "`{value}` 不能作为 {key}：{why}" }
    unknown_stage(stage) { "unknown stage `{stage}`", "没有 `{stage}` 这个阶段" }
    hint_stages(list) { "stages: {list}", "阶段：{list}" }
    exists_already(what) { "{what} exists already", "{what} 已存在" }
    not_empty(dir) { "{dir} is not empty", "{dir} 不是空目录" }
    has_data(dir) { "{dir} already holds a data directory", "{dir} 已经是数据目录" }
    unknown_template(name) { "unknown template `{name}`", "没有模板 `{name}`" }
    hint_templates() { "templates: four-stage, eight-stage, clm", "模板：four-stage、eight-stage、clm" }
    id_needed(name) { "no id can be made from `{name}`", "无法由 `{name}` 生成编号" }
    hint_id() { "give one with --id", "请用 --id 指定" }
    unknown_reason(reason) { "unknown reason `{reason}`", "没有 `{reason}` 这个原因" }
    hint_reasons(list) { "reasons: {list}", "原因：{list}" }
    reason_missing() { "--reason is missing", "缺少 --reason" }
    unknown_channel(channel) { "unknown channel `{channel}`", "没有 `{channel}` 这种联系方式" }
    hint_values(list) { "one of: {list}", "可选：{list}" }
    unknown_contact(contact, customer) { "{customer} has no contact `{contact}`", "{customer} 没有联系人 `{contact}`" }
    nothing_selected() { "no customer fits; nothing to do", "没有符合条件的客户；无需更改" }
    nothing_to_change() { "nothing changes", "无需更改" }
    sure_remove(what) { "Remove {what}? [y/N] ", "确定删除 {what}？[y/N] " }
    sure_bulk(n) { [n = 1] "Change {n} customer? [y/N] "; "Change {n} customers? [y/N] ", "确定修改 {n} 个客户？[y/N] " }
    not_confirmed() { "not confirmed; nothing was written", "未确认；未写入任何内容" }
    left_out(n) { [n = 1] "{n} more row (--limit)"; "{n} more rows (--limit)", "另有 {n} 行未显示（--limit）" }
    editor_missing() { "no editor: set VISUAL or EDITOR", "没有编辑器：请设置 VISUAL 或 EDITOR" }
    editor_failed(editor) { "the editor `{editor}` ended with an error; nothing was written", "编辑器 `{editor}` 出错退出；未写入任何内容" }
    edit_unchanged() { "no change made", "没有修改" }
    edit_findings(file) { "the edited text has findings; it was kept in {file}", "修改后的内容有问题；已保存在 {file}" }
    draft_kept(file) { "what you wrote was kept in {file}", "您写的内容已保存在 {file}" }
    external_failed(name, error) { "kehu-{name}: {error}", "kehu-{name}：{error}" }
    unknown_command(name) { "unknown command `{name}`", "没有命令 `{name}`" }
    unknown_topic(name) { "unknown help topic `{name}`", "没有帮助主题 `{name}`" }
    unknown_argument(arg) { "unknown argument `{arg}`", "没有参数 `{arg}`" }
    invalid_argument(value, arg) { "`{value}` is no value for {arg}", "`{value}` 不能作为 {arg} 的值" }
    required_arguments(list) { "missing: {list}", "缺少：{list}" }
    argument_conflict(arg) { "{arg} cannot be used here", "{arg} 不能在此使用" }
    hint_help(command) { "`{command} --help` shows how it is used", "`{command} --help` 说明用法" }
    in_the_future(day) { "{day} lies in the future", "{day} 在未来" }
    next_before(next, at) { "the next contact {next} lies before this one, {at}", "下次联系 {next} 早于本次 {at}" }
    bad_span(text) { "`{text}` is no length of time; write 14d, 2w, 3m or 1y", "`{text}` 不是时长；请写 14d、2w、3m 或 1y" }
    not_the_owner(customer, owner) { "{customer} belongs to {owner}; agree who follows it", "{customer} 的负责人是 {owner}；请商定由谁跟进" }
    hint_schema(table) { "`kehu schema {table}` lists them", "`kehu schema {table}` 列出全部" }
    not_a_list() { "it is no list; write key=value", "不是列表；请写 键=值" }
    same_name(id, name) { "there is already {id} ({name})", "已有同名客户 {id}（{name}）" }
    hint_contact_left(customer, contact) { "or say that the person left: kehu contact set {customer} {contact} left=today", "也可以注明离职：kehu contact set {customer} {contact} left=today" }
    hint_team_left(who) { "or say that the person left: kehu team set {who} left=today", "也可以注明离职：kehu team set {who} left=today" }
    row_has_lines(id, lines) { "{id} has several lines: {lines}; write {id}/LINE", "{id} 有多行：{lines}；请写 {id}/行号" }
    row_twice(id, places) { "`{id}` is there several times: {places}", "`{id}` 出现多次：{places}" }
    hint_row_place(place) { "name one by its place: `kehu row rm {place}` removes it, `kehu row set {place} id=…` (or line=…) gives it another key", "请按位置指定其一：`kehu row rm {place}` 删除该行，`kehu row set {place} id=…`（或 line=…）改为另一编号" }
    cell_required(column) { "`{column}` must not be empty", "`{column}` 不能为空" }
    row_id_fixed() { "a row's id does not change", "行的编号不能修改" }
    no_first_member() { "git knows no user.name or user.email: add yourself with `kehu team add ID NAME`", "git 没有 user.name 或 user.email：请用 `kehu team add 编号 姓名` 添加自己" }
    demo_language() { "The company works in Chinese: add --lang en, or set KEHU_LANG=en.", "示例公司使用中文。" }
    git_failed(rev) { "git cannot tell what changed since `{rev}`", "git 无法给出自 `{rev}` 以来的更改" }
    unknown_code(code) { "unknown code `{code}`", "没有代码 `{code}`" }
    cache_cleared() { "the cache is empty", "缓存已清除" }
    was_read(files, bytes, rows, cached) { "read {files} ({bytes} bytes), {rows}; {cached} from the cache", "读取 {files}（{bytes} 字节），{rows}；缓存 {cached} 个" }
    /// Number of files.
    files(n) { [n = 1] "{n} file"; "{n} files", "{n} 个文件" }
    /// Number of cells.
    cells(n) { [n = 1] "{n} cell"; "{n} cells", " {n} 个单元格" }
    /// Number of rows.
    rows(n) { [n = 1] "{n} row"; "{n} rows", "{n} 行" }
    flag_not_here(flag, report) { "{flag} means nothing for `report {report}`", "`report {report}` 不支持 {flag}" }
    hint_instead(command) { "use `{command}`", "请用 `{command}`" }
    compare_needs_period() { "--compare needs -p with both ends", "--compare 需要有始有终的 -p" }
    bad_scale(text) { "`{text}` is no scale; write a number such as 10000", "`{text}` 不能作为单位；请写数字，如 10000" }
    bad_per(text) { "`{text}` is no unit of time", "`{text}` 不是时间单位" }
    // What was done.
    did_put(id, key, to) { "{id}  {key} = {to}", "{id}  {key} = {to}" }
    did_task(id, due, title) { "{id}  due {due}  {title}", "{id}  截止 {due}  {title}" }
    did_log(id, customer, due) { "{id}  {customer}  next {due}", "{id}  {customer}  下次跟进 {due}" }
    did_log_cycle(id, customer, due) { "{id}  {customer}  next by cycle {due}, unless another day is promised", "{id}  {customer}  按周期 {due}；另有约定的以约定为准" }
    is_closed(customer) { "{customer} is closed; `kehu reopen` opens it", "{customer} 已关闭；`kehu reopen` 重新打开" }
    nobody_follows(text) { "nobody follows `{text}`: no such customer", "没有人跟进 `{text}`：没有这个客户" }
    skipped_closed(n) { [n = 1] "{n} closed customer left as it is"; "{n} closed customers left as they are", "{n} 个已关闭的客户保持不变" }
    grade_by_hand() { "a grade set by hand needs --note and --until", "手工定级需要 --note 和 --until" }
    status_by_verb() { "use `kehu close` (it asks why) and `kehu reopen`", "请用 `kehu close`（需要原因）和 `kehu reopen`" }
    few_cases(names) { "fewer than 15 cases, so no firm figure: {names}", "样本少于 15，仅供参考：{names}" }
    funnel_period(from, to) { "Conversion: customers that entered the stage from {from} to {to} and later moved on; lost ones count as moved back.", "转化率：{from} 至 {to} 进入该阶段、之后推进的客户；流失计入回退。" }
    former_id_of(id, present) { "`{id}` is a former id of {present}", "`{id}` 是 {present} 的曾用编号" }
    unknown_ending(file) { "the ending of {file} is no format", "{file} 的扩展名不对应任何格式" }
    did_log_none(id, customer) { "{id}  {customer}  no follow-up due", "{id}  {customer}  无下次跟进" }
    did_add(id, name) { "{id}  {name}  added", "{id}  {name}  已新增" }
    did_set(id, key, from, to) { "{id}  {key}: {from} → {to}", "{id}  {key}：{from} → {to}" }
    did_remove(id) { "{id}  removed", "{id}  已删除" }
    did_rename(id, old) { "{id}  renamed from {old}", "{id}  原编号 {old}" }
    did_stage(id, from, to) { "{id}  stage: {from} → {to}", "{id}  阶段：{from} → {to}" }
    did_assign(id, from, to) { "{id}  owner: {from} → {to}", "{id}  负责人：{from} → {to}" }
    did_grade(id, from, to, score) { "{id}  grade: {from} → {to} (score {score})", "{id}  客户等级：{from} → {to}（得分 {score}）" }
    did_close(id, reason) { "{id}  closed ({reason})", "{id}  已关闭（{reason}）" }
    did_close_until(id, reason, until) { "{id}  closed ({reason}) until {until}", "{id}  已关闭（{reason}），{until} 重新打开" }
    did_reopen(id) { "{id}  reopened", "{id}  已重新打开" }
    did_init(dir) { "{dir}  new data directory", "{dir}  已新建数据目录" }
    did_edit(id) { "{id}  edited", "{id}  已修改" }
    did_fmt(file) { "{file}  formatted", "{file}  已规整" }
    would_fmt(file) { "{file}  would be formatted", "{file}  需要规整" }
    did_fix(file, code) { "{file}  {code} mended", "{file}  {code} 已修复" }
    the_pool() { "pool", "公海" }
    empty_word() { "–", "–" }
    next_steps(dir) { "Next: `cd {dir}`, then `kehu customer add NAME`; `git init` if it is not a repository yet.", "接下来：`cd {dir}`，然后 `kehu customer add 名称`；若还不是仓库，先 `git init`。" }
    demo_done(dir, customers) { [customers = 1] "{dir}  sample company with {customers} customer"; "{dir}  sample company with {customers} customers", "{dir}  示例公司，{customers} 个客户" }
    demo_next(dir, day) { "Try: cd {dir}; kehu today; kehu due; kehu show huaxin; kehu funnel (as of {day})", "试试：cd {dir}；kehu today；kehu due；kehu show huaxin；kehu funnel（截至 {day}）" }
    check_clean(files, rows) { "{files}, {rows}: no findings", "{files}，{rows}：没有问题" }
    check_found(errors, warnings) { "{errors}, {warnings}", "{errors}，{warnings}" }
    errors(n) { [n = 1] "{n} error"; "{n} errors", "{n} 个错误" }
    warnings(n) { [n = 1] "{n} warning"; "{n} warnings", "{n} 个警告" }
    check_fixable(n) { "`kehu check --fix` mends {n} of them", "其中 {n} 个可用 `kehu check --fix` 修复" }
    fix_conflicts() { "there are merge conflicts; resolve them first", "存在合并冲突；请先解决" }
    fmt_clean(n) { [n = 1] "{n} file: nothing to do"; "{n} files: nothing to do", "{n} 个文件：无需规整" }
    double_visit(customer, who, day) { "{customer}: {who} contacted this customer on {day}", "{customer}：{who} 已在 {day} 联系过该客户" }
    clash_no_pool(who) { "nobody follows it: it is in the {who}", "无人跟进：在{who}" }
    output_failed(error) { "the change is made, but its message could not be printed: {error}", "更改已完成，但无法输出提示：{error}" }
    ask_name() { "Name: ", "名称：" }
    ask_note() { "What happened? ", "跟进内容：" }
    ask_title() { "What is to be done? ", "任务内容：" }
    ask_reason(list) { "Reason ({list}): ", "原因（{list}）：" }
    ask_due() { "Due (date, +7d): ", "截止日（日期，+7d）：" }
    progress_write(n) { "writing {n} files", "正在写入 {n} 个文件" }
    progress_plan(n) { "working out {n} changes", "正在计算 {n} 处变更" }
    progress_grade() { "grading", "评级中" }
    progress_load() { "reading", "读取中" }
    // Grades.
    no_scorecard(card) { "kehu.toml has no [scorecards.{card}]", "kehu.toml 中没有 [scorecards.{card}]" }
    hint_scorecard() { "docs/format.md shows one; `kehu init` writes one", "docs/format.md 有示例；`kehu init` 会写入一份" }
    scorecard_broken(card) { "the scorecard `{card}` of kehu.toml cannot be used", "kehu.toml 的评分卡 `{card}` 无法使用" }
    what_if(message) { "--set: {message}", "--set：{message}" }
    hint_grade_set() { "e.g. margin.weight=50, margin.scale=percentile, margin.better=higher, margin.points=[[0,0],[0.3,100]], bands.A=85, margin_to_change=2, min_coverage=0.6, window=12m", "例如 margin.weight=50、margin.scale=percentile、margin.better=higher、margin.points=[[0,0],[0.3,100]]、bands.A=85、margin_to_change=2、min_coverage=0.6、window=12m" }
    no_indicator(metric) { "the scorecard has no indicator `{metric}`", "评分卡没有指标 `{metric}`" }
    hint_indicators(list) { "indicators: {list}; the weight of any other metric that is a number can be set too", "现有指标：{list}；也可以设置其他数值指标的权重" }
    not_graded(customer) { "{customer} is not graded: it is closed, has no order, or no indicator has data", "{customer} 不参与评级：已关闭、没有订单，或没有任何指标数据" }
    manual_grade(until) { "graded by hand until {until}", "手工定级至 {until}" }
    not_known() { "unknown", "未知" }
    grade_part(metric, raw, points, weight) { "{metric} {raw} → {points} × {weight}", "{metric} {raw} → {points} × {weight}" }
    grade_moves(up, down, first, same, manual) { "up {up}, down {down}, graded for the first time {first}, unchanged {same} (by hand {manual})", "升级 {up}，降级 {down}，首次定级 {first}，不变 {same}（其中手工定级 {manual}）" }
    explain_grade_rule() { "rule R5: score = Σ weight × points / Σ weight over the indicators that have data", "规则 R5：得分 = Σ 权重 × 指标得分 / Σ 有数据的权重" }
    explain_grade_score(score, coverage, band, bands) { "score {score}, coverage {coverage}: {band} ({bands})", "得分 {score}，指标齐全度 {coverage}：{band}（{bands}）" }
    explain_grade_move(from, to, margin) { [margin = 1] "grade {from} → {to}; a band must be passed by {margin} point"; "grade {from} → {to}; a band must be passed by {margin} points", "客户等级 {from} → {to}；须超过分数线 {margin} 分才变更" }
    explain_grade_provisional(min, cap) { "provisional: coverage below {min}, so the grade cannot rise, and a first one is {cap} at best", "暂定：指标齐全度低于 {min}，不能升级；首次定级最高为 {cap}" }
    did_confirm_grade(id, grade, until) { "{id}  grade {grade} confirmed; set by hand until {until}, which is over", "{id}  客户等级 {grade} 不变；手工定级已于 {until} 到期" }
    calibrate_head(n, day) { [n = 1] "Points from the figures of {n} customer on {day}, for [scorecards.grade]:"; "Points from the figures of {n} customers on {day}, for [scorecards.grade]:", "按 {n} 个客户 {day} 的数据建议的计分点，用于 [scorecards.grade]：" }
    grading_due(last, span) { "the last grading was on {last}, more than {span} ago: kehu grade", "上次评级在 {last}，已超过 {span}：kehu grade" }
    grades_title(from, day) { "Grades, this year from {from} to {day}", "等级分析，今年 {from} 至 {day}" }
    migration_title(from, to) { "Grades from {from} to {to}", "等级迁移表，{from} 至 {to}" }
    migration_note(day) { "profit after: the 12 months after {day}; before: the 12 months up to it", "之后毛利：{day} 之后 12 个月；之前毛利：截至该日 12 个月" }
    migration_early(day) { "the 12 months after {day} are not over", "{day} 之后还不满 12 个月" }
    migration_reversed(from, to) { "--from {from} lies after --to {to}", "--from {from} 晚于 --to {to}" }
    // Headings.
    on_time_rate(kept, judged) { "on time: {kept} of {judged}", "准时：{kept} / {judged}" }
    explain_sale(place, net, cost, profit) { "  {place}: net {net}, cost {cost}, profit {profit}", "  {place}：不含税 {net}，成本 {cost}，毛利 {profit}" }
    explain_profit() { "rule R6: profit = net − cost − extra cost; net = amount, else quantity × price × (1 − discount); cost = cost, else quantity × unit cost, else × the standard cost of the day", "规则 R6：毛利 = 净额 − 成本 − 附加成本；净额 = 金额，否则 数量 × 单价 ×（1 − 折扣率）；成本 = 成本，否则 数量 × 单位成本，否则 × 当日标准成本" }
    explain_receivable(id, place, total, due, open) { "  {id} ({place}): {total} due {due}, open {open}", "  {id}（{place}）：{total}，应收日 {due}，未收 {open}" }
    explain_paid(receivable, paid) { "{receivable}; paid: {paid}", "{receivable}；已收：{paid}" }
    why_leader(share, cumulative) { "{share} of the profit, {cumulative} with those above", "占毛利 {share}，累计 {cumulative}" }
    why_loser(margin) { "loses money: margin {margin}", "亏损：毛利率 {margin}" }
    why_pause(margin, place, n) { "margin in the season {margin}, number {place} of {n} from below", "旺季毛利率 {margin}，{n} 个产品中倒数第 {place}" }
    why_drop(quarters) { "{quarters}; no key customer buys it", "{quarters}；没有重要客户购买" }
    why_kept(quarters, n) { [n = 1] "{quarters}; stays, since {n} key customer buys it"; "{quarters}; stays, since {n} key customers buy it", "{quarters}；有 {n} 个重要客户购买，保留" }
    why_retired(quarters) { "{quarters}; already retired", "{quarters}；已停售" }
    cannot_group(what, key) { "{what} cannot be grouped by `{key}`", "{what}不能按 `{key}` 分组" }
    quarter_margin(quarter, margin, floor) { "{quarter}: margin {margin}, floor {floor}", "{quarter}：毛利率 {margin}，底线 {floor}" }
    key_customers_buy(customers) { "  key customers buy it: {customers}", "  购买的重要客户：{customers}" }
    no_season() { "No candidates to pause: kehu.toml has no months under [season].", "没有暂停生产候选：kehu.toml 的 [season] 没有月份。" }
    season_outside() { "No candidates to pause: nothing was sold in the months of [season] in this period.", "没有暂停生产候选：该期间的 [season] 月份没有销售。" }
    drop_quarters(first, second) { "Candidates to drop are judged over {first} and {second}, the last two whole quarters.", "淘汰候选按最近两个完整季度 {first} 和 {second} 判断。" }
    explain_products(share, pause) { "rule R6: leader = the products of most profit up to the one that crosses {share} of all (kpi.key_share); loser = profit below 0; pause = the lowest margins of the months of [season], {pause} of the products sold then, rounded up (season.pause_share); drop = below the floor in both quarters, and no key customer bought it in 12 months; floor = margin_floor of the customer's grade on the order's day, 0 at most for a first order, weighted by revenue; key customers = those of the best grade, and those of most profit in 12 months up to the one that crosses {share}", "规则 R6：主推 = 毛利从高到低累计跨过 {share}（kpi.key_share）的产品；亏损 = 毛利小于 0；暂停生产 = [season] 月份毛利率最低的产品，占当时所售产品的 {pause}，向上取整（season.pause_share）；淘汰 = 两个季度都低于底线，且 12 个月内没有重要客户购买；底线 = 下单当日客户等级的 margin_floor，首单不高于 0，按销售额加权；重要客户 = 最高等级的客户，以及 12 个月毛利从高到低累计跨过 {share} 的客户" }
    no_group(what) { "(no {what})", "（无{what}）" }
    and_more(n) { "  … and {n} more", "  ……另有 {n} 行" }
    cost_unknown(n, amount, currency) { [n = 1] "cost unknown: {n} line, {amount} {currency}; it counts in revenue only"; "cost unknown: {n} lines, {amount} {currency}; they count in revenue only", "成本未知：{n} 行，{amount} {currency}；只计入销售额" }
    lines_without_net(n) { [n = 1] "{n} line has neither amount nor price, or no exchange rate; it counts nowhere"; "{n} lines have neither amount nor price, or no exchange rate; they count nowhere", "{n} 行没有金额或单价，或缺少汇率；未计入" }
    change() { "change", "变化" }
    total() { "total", "合计" }
    average() { "average", "平均" }
    today_title(who, day) { "{who}, {day}", "{who}，{day}" }
    team_title(day) { "The team, {day}", "团队早会，{day}" }
    nothing_today() { "Nothing is due. Good.", "今天没有到期事项。" }
    contacts_title() { "Contacts", "联系人" }
    activities_title() { "Latest activities", "最近跟进" }
    tasks_title() { "Open tasks", "未完成任务" }
    history_title() { "History", "变更记录" }
    orders_title() { "Latest orders", "最近订单" }
    needs_title() { "Needs", "客户需求" }
    brief_due(day, why) { "Next follow-up {day}: {why}", "下次跟进 {day}：{why}" }
    in_days(n) { [n = 1] "in {n} day"; "in {n} days", "{n} 天后" }
    days_late(n) { [n = 1] "{n} day late"; "{n} days late", "逾期 {n} 天" }
    is_today() { "today", "今天" }
    explain_due_promise(day, place) { "{day} was promised by the activity at {place}; it stands until a two-way contact on or after the day before", "{place} 的跟进记录约定 {day}；在前一天及以后有双向沟通才算完成" }
    explain_moved(from, to) { "{from} is no working day: moved to {to} (followup.due_on)", "{from} 不是工作日：移到 {to}（followup.due_on）" }
    rule(name) { "rule {name}", "规则 {name}" }
    // Rules.
    refuse_transition(customer, from, to) { "{customer}: the stage cannot go from {from} to {to}", "{customer}：不能从 {from} 转到 {to}" }
    refuse_transition_hint(allowed) { "rule R1, `to` in kehu.toml allows: {allowed}; a manager may use --override --note TEXT", "规则 R1：kehu.toml 的 `to` 只允许：{allowed}；经理可用 --override --note 原因 特批" }
    refuse_transition_none(from) { "rule R1, `to` in kehu.toml lets nothing follow {from}; a manager may use --override --note TEXT", "规则 R1：kehu.toml 的 `to` 规定 {from} 之后没有其他阶段；经理可用 --override --note 原因 特批" }
    refuse_backward(customer, from, to) { "{customer}: going back from {from} to {to} needs a note", "{customer}：从 {from} 退回 {to} 需要说明" }
    refuse_backward_hint() { "rule R1; add --note TEXT", "规则 R1；请加 --note 原因" }
    refuse_requirement(customer, stage, requirement, have) { "{customer}: stage {stage} requires {requirement}, there is {have}", "{customer}：进入 {stage} 需要 {requirement}，现有 {have}" }
    refuse_requirement_hint(what) { "rule R1; needed: {what}; a manager may use --override --note TEXT", "规则 R1；需要：{what}；经理可用 --override --note 原因 特批" }
    refuse_older(customer, event, newest) { "{customer}: {event} cannot change before the customer's newest change, on {newest}", "{customer}：{event} 的变更不能早于该客户最新的变更（{newest}）" }
    refuse_older_hint(newest) { "a decision cannot be put before the newest one; use a day from {newest} on", "决定不能早于最新的变更；请用 {newest} 或以后的日期" }
    refuse_closed(customer) { "{customer} is closed", "{customer} 已关闭" }
    refuse_closed_hint(customer) { "`kehu reopen {customer}` opens it", "`kehu reopen {customer}` 重新打开" }
    refuse_not_closed(customer) { "{customer} is not closed", "{customer} 没有关闭" }
    refuse_left(member, left) { "{member} left on {left}", "{member} 已于 {left} 离职" }
    refuse_referenced(what, count, places) { [count = 1] "{what} is referred to in {count} place: {places}"; "{what} is referred to in {count} places: {places}", "{what} 被引用 {count} 处：{places}" }
    refuse_referenced_hint() { "remove those first, or close it instead", "请先删除这些引用，或改为关闭" }
    refuse_no_right(member) { "{member} may not override a rule", "{member} 无权特批" }
    refuse_who_may(list) { "these may: {list}", "有权特批的人：{list}" }
    refuse_nobody() { "nobody in team.toml has the role manager, director or admin", "team.toml 中没有 manager、director 或 admin" }
    refuse_override_note() { "--override needs --note TEXT", "--override 需要 --note 原因" }
    refuse_floor(line, margin, floor) { "{line}: a margin of {margin} is below the floor of {floor}", "{line}：毛利率 {margin} 低于底线 {floor}" }
    refuse_floor_hint(min_price) { "rule R6, `margin_floor` in kehu.toml: the lowest price without tax is {min_price}; a manager may use --override --note TEXT", "规则 R6：kehu.toml 的 `margin_floor`；不含税最低价 {min_price}；经理可用 --override --note 原因 特批" }
    refuse_discount(line, discount, limit, whose) { "{line}: a discount of {discount} exceeds the {limit} of {whose}", "{line}：折扣 {discount} 超过 {whose} 的上限 {limit}" }
    refuse_discount_hint() { "rule R6, `discount_max` in kehu.toml and `limits` in team.toml; a manager may use --override --note TEXT", "规则 R6：kehu.toml 的 `discount_max` 和 team.toml 的 `limits`；经理可用 --override --note 原因 特批" }
    refuse_return(line, quantity, left) { [left = 1] "{line}: {quantity} cannot come back, {left} is left"; "{line}: {quantity} cannot come back, {left} are left", "{line}：无法退 {quantity}，未退数量为 {left}" }
    refuse_refund(amount, most) { "{amount} cannot be given back: at most {most}", "无法退 {amount}：最多 {most}" }
    refuse_refund_hint() { "rule R10: no more goes back than came in, or than the customer's credit; a manager may use --override --note TEXT", "规则 R10：退款不能超过收款或预收余额；经理可用 --override --note 原因 特批" }
    refuse_receipts(order, receipts) { "{order}: money was received for it: {receipts}", "{order}：已有收款：{receipts}" }
    refuse_receipts_hint() { "correct or refund the receipts first; a manager may use --override --note TEXT", "请先更正收款或退款；经理可用 --override --note 原因 特批" }
    refuse_state(what, state) { "{what} is {state}", "{what} 的状态是{state}" }
    refuse_expired(quote, day) { "{quote} has expired: it was valid until {day}", "{quote} 已过期：有效期至 {day}" }
    refuse_expired_hint(quote, customer) { "rule R6; `kehu quote set {quote} valid_until=+14d` prolongs it, `kehu quote add {customer} LINE… --version-of {quote}` makes it anew", "规则 R6；`kehu quote set {quote} valid_until=+14d` 延长有效期，`kehu quote add {customer} 明细… --version-of {quote}` 重新报价" }
    refuse_accepted(quote, order) { "{quote} was accepted already: order {order}", "{quote} 已被接受：订单 {order}" }
    refuse_declined_hint(quote, customer) { "`kehu quote add {customer} LINE… --version-of {quote}` makes it anew", "`kehu quote add {customer} 明细… --version-of {quote}` 重新报价" }
    // Trade.
    did_order(id, customer, net, tax, total, due) { "{id}  {customer}  net {net} + tax {tax} = {total}, due {due}", "{id}  {customer}  不含税 {net} + 税 {tax} = {total}，应收日 {due}" }
    did_order_event(id, state) { "{id}  {state}", "{id}  {state}" }
    did_return(id, line, quantity, total) { "{id}  takes back {quantity} of {line}: {total}", "{id}  退回 {line} 的 {quantity}：{total}" }
    did_advance(customer, from, to, order) { "{customer}  stage: {from} → {to}, by order {order} (advance_on; `to` and `requires` do not apply)", "{customer}  阶段：{from} → {to}，因订单 {order}（advance_on；不检查 `to` 和 `requires`）" }
    first_order_line(id, customer) { "{id}  first order of {customer}", "{id}  {customer} 的首单" }
    no_advance(customer, newest) { "the stage of {customer} stays as it is: its newest change is on {newest}", "{customer} 的阶段保持不变：最新变更在 {newest}" }
    bad_line(text) { "`{text}` is no order line", "`{text}` 不是订单行" }
    hint_line() { "write PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], such as ctl-m5:2@6800-5%, or --line \"amount=5000 note=service\"", "请写 产品:数量[@单价][-折扣%]，例如 ctl-m5:2@6800-5%；或 --line \"amount=5000 note=服务费\"" }
    no_lines() { "no lines", "没有订单行" }
    no_price(line, day) { "{line}: no price, and no list price on {day}", "{line}：没有单价，{day} 也没有标准价" }
    no_rate(currency, day) { "there is no rate for {currency} on {day}", "{day} 没有 {currency} 的汇率" }
    too_many_digits(line) { "{line}: more than 28 digits", "{line}：超过 28 位数字" }
    bad_number(text, key) { "`{text}` is no {key}; write a plain decimal such as 1234.5", "{key} `{text}` 无法识别；请写数字，如 1234.5" }
    product_status(product, status) { "product {product} is {status}", "产品 {product} 的状态是{status}" }
    unknown_cost(line) { "{line}: the cost is unknown, so no margin is checked", "{line}：成本未知，未检查毛利" }
    over_credit(customer, after, limit) { "{customer} would owe {after}, more than its credit limit of {limit}", "{customer} 的应收将达 {after}，超过信用额度 {limit}" }
    sum_too_large() { "amounts add up to more than 28 digits", "金额合计超过 28 位数字" }
    hint_sum_too_large() { "`kehu list orders --sort -amount` and `kehu list receipts --sort -amount` show the largest; correct or remove what cannot be", "用 `kehu list orders --sort -amount` 和 `kehu list receipts --sort -amount` 查看最大金额，更正或删除不可能的行" }
    overdue_now(customer, amount) { "{customer} is overdue with {amount}", "{customer} 有逾期应收 {amount}" }
    asked(id) { "it was asked for: request {id}", "已提交申请 {id}" }
    asked_already(id) { "it was asked for before: request {id} waits for its answer", "此前已提交申请 {id}，尚待审批" }
    would_ask(kind) { "a request would be filed ({kind}; --dry-run)", "将提交申请（{kind}；--dry-run）" }
    shared_alone(column) { "`{column}` is the same on all lines of an order: set it without a line", "`{column}` 在订单各行必须一致：请不带行号设置" }
    overridden(what) { "against the rule: {what}", "特批：{what}" }
    line_word(n) { "line {n}", "第 {n} 行" }
    did_product(id, since, price, cost) { "{id}  from {since}: price {price}, cost {cost}", "{id}  自 {since}：标准价 {price}，标准成本 {cost}" }
    product_exists(id) { "product {id} exists; `kehu product set {id} price=…` adds a version", "产品 {id} 已存在；用 `kehu product set {id} price=…` 新增版本" }
    did_receipt(id, customer, amount, outstanding) { "{id}  {customer}  {amount} received; outstanding {outstanding}", "{id}  {customer}  收款 {amount}；应收余额 {outstanding}" }
    overpaid(what, amount) { "{what} is overpaid by {amount}; it counts as credit", "{what} 多收 {amount}，计入预收" }
    did_refund(id, customer, amount, kind) { "{id}  {customer}  {amount} given back ({kind})", "{id}  {customer}  退款 {amount}（{kind}）" }
    positive_amount() { "the amount must be more than 0", "金额必须大于 0" }
    other_customer(what, customer) { "{what} belongs to {customer}", "{what} 属于 {customer}" }
    did_quote(id, customer, version, net, tax, total, until) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}, valid until {until}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}，有效期至 {until}" }
    did_quote_open(id, customer, version, net, tax, total) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}" }
    did_quote_event(id, from, to) { "{id}  {from} → {to}", "{id}  {from} → {to}" }
    quote_lines_only(key) { "a quote's line has no `{key}`", "报价行没有 `{key}`" }
    hint_quote_line() { "it has product, quantity, price, discount and note; the cost is the standard cost", "报价行只有 product、quantity、price、discount、note；成本取标准成本" }
    quote_amount(amount, quantity) { "{amount} cannot be written as a price for {quantity}", "{amount} 无法写成数量 {quantity} 的单价" }
    hint_quote_amount() { "give the price of one unit", "请给出单价" }
    valid_before(until, at) { "the quote would end on {until}, before its own day, {at}", "有效期 {until} 早于报价日 {at}" }
    quotes_title() { "Open quotes", "未决报价" }
    versions_title() { "Versions", "版本" }
    lines_title() { "Lines", "明细" }
    quote_ending(id, state, amount, currency) { "{id} ({state}): {amount} {currency}", "{id}（{state}）：{amount} {currency}" }
    quote_ending_unknown(id, state) { "{id} ({state})", "{id}（{state}）" }
    line_new() { "new", "新增" }
    line_gone() { "removed", "已删除" }
    quote_cost_today() { "cost is today's standard cost", "成本按今日标准成本计算" }
    need_activities(n) { [n = 1] "{n} activity (kehu log)"; "{n} activities (kehu log)", "{n} 条跟进记录（kehu log）" }
    need_needs(n) { [n = 1] "{n} need in the needs ledger"; "{n} needs in the needs ledger", "{n} 条客户需求" }
    need_orders(n) { [n = 1] "{n} order"; "{n} orders", "{n} 张订单" }
    need_order_days(n) { [n = 1] "orders on {n} day"; "orders on {n} days", "在 {n} 天下过单" }
    need_field(name) { "a value for {name}", "填写 {name}" }
}

/// An argument is missing: `CUSTOMER`, `--to`.
pub fn missing_argument(lang: Lang, name: &str) -> String {
    missing(lang, lang.pick(None, super::help::value_name(name)).unwrap_or(name))
}

/// Nothing of this kind (`order`, `row` …) has this id.
pub fn row_not_found(lang: Lang, kind: &str, id: impl std::fmt::Display) -> String {
    let kind = match kind {
        // As a column it is what changed.
        "event" => lang.pick("event", "变更记录").to_string(),
        other => super::labels::label(lang, other),
    };
    no_such_row(lang, kind, id)
}

/// A length of time in words: `14 天`.
pub fn span(lang: Lang, span: Span) -> String {
    match lang {
        Lang::En => span.to_string(),
        Lang::ZhCn => match span {
            Span::Days(n) => format!("{n} 天"),
            Span::Months(n) if n % 12 == 0 && n > 0 => format!("{} 年", n / 12),
            Span::Months(n) => format!("{n} 个月"),
        },
    }
}

/// A kind of values in words.
pub fn kind_word(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Day => lang.pick("a date or period", "日期或期间"),
        Kind::Number | Kind::Money => lang.pick("a number", "数字"),
        Kind::Days => lang.pick("a number of days", "天数"),
        Kind::Ratio => lang.pick("a fraction or per cent", "比率或百分数"),
        Kind::Flag => lang.pick("yes or no", "是或否"),
        Kind::Code => lang.pick("one of the list", "列表中的一项"),
        Kind::Text | Kind::Id | Kind::List => lang.pick("text", "文字"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        let check = |n: i64, en: &str, zh: &str| {
            assert_eq!((left_out(Lang::En, n), left_out(Lang::ZhCn, n)), (en.to_string(), zh.to_string()));
        };
        check(1, "1 more row (--limit)", "另有 1 行未显示（--limit）");
        check(2, "2 more rows (--limit)", "另有 2 行未显示（--limit）");
        assert_eq!(need_activities(Lang::En, "1"), "1 activity (kehu log)");
        assert_eq!(check_clean(Lang::En, files(Lang::En, 1), rows(Lang::En, 0)), "1 file, 0 rows: no findings");
    }
}
