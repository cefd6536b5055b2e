//! Complaints, needs, feedback.

use super::{Area, msgs};

msgs! {
    did_complain(id, customer, text, due) { "{id}  complaint of {customer}: {text}  due {due}", "{id}  {customer} 的投诉：{text}  处理期限 {due}" }
    did_complain_open(id, customer, text) { "{id}  complaint of {customer}: {text}  no deadline", "{id}  {customer} 的投诉：{text}  无处理期限" }
    no_holidays(year) { "kehu.toml has no holidays for {year}, so nobody knows how many of its days are worked; write them into `[working_time] holidays`", "kehu.toml 没有 {year} 年的节假日，无法确定工作日；请写入 `[working_time] holidays`" }
    refuse_complaint(id, from, to) { "{id} is {from}; it cannot become {to}", "{id} 目前为「{from}」，不能变为「{to}」" }
    hint_complaint_new(id) { "give it to somebody first: `kehu complaint assign {id} --to WHO`", "请先分配处理人：`kehu complaint assign {id} --to 谁`" }
    hint_complaint_open(id) { "say first how it was solved: `kehu complaint resolve {id} TEXT`", "请先说明如何处理：`kehu complaint resolve {id} 处理结果`" }
    hint_complaint_resolved(id) { "somebody other than its handler confirms it: `kehu complaint confirm {id}`; or open it again: `kehu complaint reopen {id} REASON`", "请处理人以外的人确认：`kehu complaint confirm {id}`；或重新打开：`kehu complaint reopen {id} 原因`" }
    hint_complaint_done(id) { "open it again: `kehu complaint reopen {id} REASON`", "可重新打开：`kehu complaint reopen {id} 原因`" }
    refuse_wait(id) { "{id} waits only for the customer, and nobody says for what", "{id} 只能因等待客户而暂停，且须说明原因" }
    hint_wait(id) { "`kehu complaint pause {id} \"what the customer has to do\"`", "`kehu complaint pause {id} \"等客户做什么\"`" }
    refuse_reopen(id) { "{id} is opened again only with a reason", "重新打开 {id} 须说明原因" }
    refuse_confirm(id, handler) { "{id}: {handler} handled it and cannot confirm it", "{id} 由 {handler} 处理，不能由本人确认" }
    hint_confirm(id) { "somebody else runs `kehu complaint confirm {id}`; in a company of one, set `four_eyes = false` in [approval]", "请他人执行 `kehu complaint confirm {id}`；一人公司可在 [approval] 设 `four_eyes = false`" }
    complaint_by_verb() { "the state and the handler of a complaint are changed by `kehu complaint assign`, `pause`, `resume`, `resolve`, `confirm`, `notify` and `reopen`", "投诉的状态和处理人请用 `kehu complaint assign`、`pause`、`resume`、`resolve`、`confirm`、`notify`、`reopen` 修改" }
    grade_at_entry() { "the grade is that of the customer at entry; correct it with `kehu row set`", "等级取登记时的客户等级；更正请用 `kehu row set`" }
    complaint_clock(hours, by, used) { "Time: {hours} h ({by}), {used} h used", "时限：{hours} 小时（{by}），已用 {used} 小时" }
    limit_longest() { "grade unknown: the longest time", "等级未知：按最长时限" }
    complaint_due(what, due) { "{what} (due {due})", "{what}（期限 {due}）" }
    refuse_complained(customer) { "{customer} has complained about the same goods:", "{customer} 曾就同类产品投诉：" }
    refuse_complained_hint() { "read what came of it, then say that you know: `--ack`", "请先了解处理情况，再以 `--ack` 确认知悉" }
    did_acknowledge(id, complaints) { "{id}  acknowledged: {complaints}", "{id}  已知悉投诉：{complaints}" }
    safety_complaint(id, product, customer, day, text) { "{product}: {customer} reported a danger on {day}, and it is not solved ({id}): {text}", "{product}：{customer} 于 {day} 反映安全问题，尚未解决（{id}）：{text}" }
    story_line(id, day, product, text) { "{id}  {day}  {product}: {text}", "{id}  {day}  {product}：{text}" }
    story_cause(text) { "cause: {text}", "原因：{text}" }
    story_unknown_cause() { "cause: not known", "原因：未知" }
    story_step(day, what, by) { "{day}  {what} ({by})", "{day}  {what}（{by}）" }
    story_result(state, text) { "now: {state}; {text}", "目前：{state}；{text}" }
    story_open(state) { "now: {state}, not solved", "目前：{state}，尚未解决" }
    story_safety() { "a danger, not solved", "安全问题，尚未解决" }
    guard_title() { "Complaints about the same goods", "同类产品的投诉" }
    complaints_of_nobody(n, id) { [n = 1] "{n} complaint names no customer that is there: {id}"; "{n} complaints name no customer that is there, the first is {id}", "{n} 条投诉的客户不存在，首条：{id}" }
    complaint_took(id, place, day, state, hours) { "{id} ({place}) {day}: {state} after {hours} working hours", "{id}（{place}）{day}：{state}，用时 {hours} 工时" }
    complaint_stands(id, place, day, state) { "{id} ({place}) {day}: {state}", "{id}（{place}）{day}：{state}" }
    suppliers_note() { "Points by weighed complaints for each order line sold (kehu.toml: [suppliers]). Complaints for which we, a carrier or the customer are liable do not count.", "得分按每条订单行的加权投诉数计（kehu.toml：[suppliers]）。责任方为我方、承运商或客户的投诉不计。" }
    complaint_late(what, due) { "{what} (late since {due})", "{what}（{due} 起超时）" }
    hint_state_step(kind, id) { "`kehu {kind} show {id}` shows where it stands; `kehu {kind} --help` lists what can be done", "`kehu {kind} show {id}` 查看现状；`kehu {kind} --help` 列出可用操作" }
    refuse_needs_text(id, what) { "{id} needs its {what} first", "{id} 须先写明{what}" }
    hint_needs_text(column) { "add `--{column} TEXT`", "请加上 `--{column} 文字`" }
    refuse_verify(id, handler) { "{id}: {handler} dealt with it and cannot verify it", "{id} 由 {handler} 处理，不能由本人验证" }
    hint_verify(id) { "somebody else runs `kehu feedback verify {id}`; in a company of one, set `four_eyes = false` in [approval]", "请他人执行 `kehu feedback verify {id}`；一人公司可在 [approval] 设 `four_eyes = false`" }
    state_by_verb(kind, verbs) { "the state of a {kind} is changed by `kehu {kind}` {verbs}", "状态请用 `kehu {kind}` 的 {verbs} 修改" }
    scores_note(satisfied) { "csat: share of answers of {satisfied} and more, and their mean; nps: 9–10 less 0–6, last answer of each customer; ces: effort, less is better; delivered value: what the customer gets less what it costs the customer. Intervals at 95 %", "满意度：{satisfied} 分及以上的占比，另列平均分；推荐指数：9–10 分占比减 0–6 分占比，每个客户取最近一次；费力度：越低越好；让渡价值：客户所得减客户所付。区间为 95%" }
    scores_before(days) { "previous: {days}", "上期：{days}" }
    few_answers(least, n) { [n = 1] "{n} figure rests on fewer than {least} cases (`few`)"; "{n} figures rest on fewer than {least} cases (`few`)", "{n} 项数值的样本少于 {least}（「样本少」列），仅供参考" }
    need_quotes_title() { "Quotes", "报价" }
    complaints_title() { "Open complaints", "未结投诉" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("complaint", "complaint", "投诉", &["客诉"]),
        ("need", "need", "客户需求", &[]),
        ("complaints.cost", "cost", "处理成本", &[]),
        ("severity", "severity", "严重程度", &[]),
        ("complaints.grade", "grade at entry", "登记时等级", &[]),
        ("liability", "liability", "责任方", &[]),
        ("cause", "cause", "原因", &[]),
        ("complaints.text", "text", "投诉内容", &[]),
        ("assignee", "handler", "处理人", &[]),
        ("complaints.due", "due", "处理期限", &[]),
        ("remaining", "hours left", "剩余工时", &[]),
        ("complaints.late", "late", "超时", &[]),
        ("waited_from", "from", "开始", &[]),
        ("waited_to", "to", "结束", &[]),
        ("breached", "was late", "曾超时", &[]),
        ("first_response", "first response", "首次响应", &[]),
        ("response_due", "response due", "响应期限", &[]),
        ("response_late", "response late", "响应超时", &[]),
        ("resolved", "resolved", "处理完成", &[]),
        ("alarm", "alarm", "预警", &[]),
        ("alarm_to", "alarm to", "预警对象", &[]),
        ("same_goods", "complaints about the same goods", "同类产品投诉", &[]),
        ("reopened", "reopened", "重开次数", &[]),
        ("hours", "hours", "小时数", &[]),
        ("late_complaints", "late complaints", "超时投诉", &[]),
        ("complaints", "complaints", "投诉数", &[]),
        ("complaints.open", "open", "未结", &[]),
        ("open_late", "open and late", "超时未结", &[]),
        ("solved", "solved", "已解决", &[]),
        ("resolution_rate", "resolution rate", "解决率", &[]),
        ("in_time", "in time", "按时率", &[]),
        ("median_hours", "median hours", "工时中位数", &[]),
        ("p90_hours", "p90 hours", "工时 P90", &[]),
        ("reopen_rate", "reopen rate", "重开率", &[]),
        ("answered_in_time", "answered in time", "响应按时率", &[]),
        ("answer_hours", "hours to answer", "响应中位数", &[]),
        ("without_cost", "cost unknown", "成本未记", &[]),
        ("handler", "handler", "处理人", &[]),
        ("amount_now", "bought lately", "近期金额", &[]),
        ("amount_year_ago", "a year ago", "去年同期金额", &[]),
        ("fall", "fall", "降幅", &[]),
        ("order_lines", "order lines", "订单行数", &[]),
        ("weighed", "weighed complaints", "加权投诉", &[]),
        ("complaint_rate", "complaint rate", "投诉率", &[]),
        ("complaints_then", "complaints then", "对比期投诉", &[]),
        ("complaints_change", "complaints change", "投诉数变化", &[]),
        ("in_time_then", "in time then", "对比期按时率", &[]),
        ("median_hours_then", "median hours then", "彼时中位工时", &[]),
        ("previous.complaints_then", "complaints then", "上期投诉数", &[]),
        ("previous.complaints_change", "complaints change", "投诉数环比", &[]),
        ("previous.in_time_then", "in time then", "上期按时率", &[]),
        ("previous.median_hours_then", "median hours then", "上期中位工时", &[]),
        ("year-ago.complaints_then", "complaints then", "同期投诉数", &[]),
        ("year-ago.complaints_change", "complaints change", "投诉数同比", &[]),
        ("year-ago.in_time_then", "in time then", "同期按时率", &[]),
        ("year-ago.median_hours_then", "median hours then", "同期中位工时", &[]),
        ("dimension", "dimension", "维度", &[]),
        ("score", "score", "评分", &[]),
        ("action", "action", "改进措施", &[]),
        ("needs.text", "need", "需求内容", &[]),
        ("first_use", "first use", "首次使用", &[]),
        ("first_use_days", "days to first use", "首用天数", &[]),
        ("feedback", "feedback", "客户反馈", &[]),
        ("low", "low", "低分", &[]),
        ("measure", "measure", "指标", &[]),
        ("figure", "figure", "数值", &[]),
        ("mean", "mean", "平均分", &[]),
        ("interval_from", "from (95 %)", "下限（95%）", &[]),
        ("interval_to", "to (95 %)", "上限（95%）", &[]),
        ("few", "few cases", "样本少", &[]),
        ("n", "n", "样本数", &[]),
        ("previous", "previous", "上期", &[]),
        ("previous_n", "previous n", "上期样本数", &[]),
        ("difference", "difference", "差值", &[]),
        ("ces", "effort", "费力度", &[]),
        ("delivered_value", "delivered value", "让渡价值", &[]),
        ("handled_by", "dealt with by", "改进人", &[]),
        ("urgent", "urgent", "紧急", &[]),
        ("important", "important", "重要", &[]),
        ("solution", "solution", "解决方案", &[]),
        ("quadrant", "quadrant", "象限", &[]),
        ("quote_days", "days to quote", "报价天数", &[]),
        ("open_needs", "open needs", "待解决需求", &[]),
        ("open_need_quadrants", "quadrants", "需求象限", &[]),
    ],
    values: &[
        ("complaint_category", "quality", "quality", "质量"),
        ("complaint_category", "delivery", "delivery", "交付"),
        ("complaint_category", "service", "service", "服务"),
        ("complaint_category", "price", "price", "价格"),
        ("complaint_category", "other", "other", "其他"),
        ("liability", "ours", "ours", "我方"),
        ("liability", "supplier", "supplier", "供应商"),
        ("liability", "carrier", "carrier", "承运商"),
        ("liability", "customer", "customer", "客户"),
        ("liability", "unknown", "unknown", "待查"),
        ("complaint_state", "new", "new", "新投诉"),
        ("complaint_state", "assigned", "assigned", "处理中"),
        ("complaint_state", "waiting", "waiting for the customer", "待客户"),
        ("complaint_state", "resolved", "resolved", "已处理"),
        ("complaint_state", "confirmed", "confirmed", "已确认"),
        ("complaint_state", "told", "told", "已告知客户"),
        ("complaint_state", "resumed", "resumed", "继续处理"),
        ("complaint_state", "reopened", "reopened", "重新打开"),
        ("feedback_state", "new", "new", "新反馈"),
        ("feedback_state", "handled", "dealt with", "已改进"),
        ("feedback_state", "verified", "verified", "已验证"),
        ("measure", "csat", "satisfaction", "满意度"),
        ("measure", "nps", "recommendation (NPS)", "推荐指数（NPS）"),
        ("measure", "ces", "effort (CES)", "费力度（CES）"),
        ("measure", "product", "product", "产品价值"),
        ("measure", "service", "service", "服务价值"),
        ("measure", "personnel", "personnel", "人员价值"),
        ("measure", "image", "image", "形象价值"),
        ("measure", "money", "money", "货币成本"),
        ("measure", "time", "time", "时间成本"),
        ("measure", "energy", "energy", "精神成本"),
        ("measure", "effort", "physical effort", "体力成本"),
        ("measure", "delivered_value", "delivered value", "让渡价值"),
        ("need_state", "open", "open", "待解决"),
        ("need_state", "solved", "solved", "已解决"),
        ("need_state", "dropped", "dropped", "已放弃"),
        ("complaint_alarm", "half", "half of the time", "时限过半"),
        ("complaint_alarm", "near", "nearly late", "即将超时"),
        ("complaint_alarm", "breached", "late", "已超时"),
        ("severity", "low", "low", "轻微"),
        ("severity", "normal", "normal", "一般"),
        ("severity", "high", "high", "严重"),
        ("severity", "safety", "safety", "安全"),
        ("feedback.kind", "csat", "satisfaction", "满意度"),
        ("feedback.kind", "nps", "recommendation", "推荐意愿"),
        ("feedback.kind", "ces", "effort", "费力度"),
        ("feedback.kind", "value", "value", "让渡价值"),
        ("dimension", "product", "product", "产品价值"),
        ("dimension", "service", "service", "服务价值"),
        ("dimension", "personnel", "personnel", "人员价值"),
        ("dimension", "image", "image", "形象价值"),
        ("dimension", "money", "money", "货币成本"),
        ("dimension", "time", "time", "时间成本"),
        ("dimension", "energy", "energy", "精神成本"),
        ("dimension", "effort", "effort", "体力成本"),
    ],
    commands: &[
        (
            "complaint",
            "Complaints: add, list, show, set, assign, pause, resume, resolve, confirm, notify, reopen, rm",
            "投诉：add、list、show、set、assign、pause、resume、resolve、confirm、notify、reopen、rm",
        ),
        (
            "complaint add",
            "Add a complaint; the customer's grade decides its deadline",
            "登记投诉；客户等级决定处理期限",
        ),
        (
            "complaint add",
            "The deadline is counted from --at, in working time, by the customer's grade at entry ([grades] complaint_sla), by the category where it needs less ([complaints] sla), or by the calendar for severity safety.",
            "处理期限从 --at 起按工作时间计算：按登记时的客户等级（[grades] complaint_sla），类别另有更短时限时按类别（[complaints] sla），严重程度为 safety 时按自然小时。",
        ),
        ("complaint list", "Complaints that fit filter terms, late ones first", "符合条件的投诉，超时的在前"),
        (
            "complaint show",
            "Show a complaint: its deadline, its history, and the rows that name it",
            "一项投诉：期限、变更记录、相关记录",
        ),
        ("complaint set", "Correct a complaint as it was entered", "更正投诉的登记内容"),
        ("complaint assign", "Give a complaint to somebody who handles it", "分配投诉的处理人"),
        ("complaint pause", "Stop the clock, since the customer has to do something first", "等待客户，暂停计时"),
        ("complaint resume", "Let the clock go on", "继续计时"),
        ("complaint resolve", "Say that a complaint is solved, and how", "投诉已处理，并说明如何处理"),
        (
            "complaint confirm",
            "Confirm that a complaint is solved; its handler cannot",
            "确认投诉已处理；处理人本人不能确认",
        ),
        (
            "complaint notify",
            "Write down that the customer was told: of an open complaint that it is being dealt with, of a confirmed one that it is solved",
            "记录已告知客户：未结投诉为已受理，已确认的投诉为已解决",
        ),
        ("complaint reopen", "Open a solved complaint again; its clock goes on", "重新打开投诉；计时继续"),
        ("complaint rm", "Remove a complaint; refused while anything refers to it", "删除投诉；被引用时拒绝"),
        (
            "need",
            "Needs: add, list, show, set, solve, drop, reopen, rm",
            "客户需求：add、list、show、set、solve、drop、reopen、rm",
        ),
        (
            "need list",
            "Needs that fit filter terms: open ones first, what is important and urgent at the top",
            "符合条件的需求：未解决的在前，重要且紧急的最先",
        ),
        (
            "need list",
            "Quadrant 1 is important and urgent, 2 important, 3 urgent, 4 neither.",
            "象限：1 重要且紧急，2 重要，3 紧急，4 都不是。",
        ),
        ("need show", "Show a need: what became of it, and the quotes for it", "一条需求：处理经过、相关报价"),
        ("need set", "Correct a need as it was entered", "更正需求的登记内容"),
        ("need solve", "Say that the customer has what it needed, and how", "需求已解决，并说明如何解决"),
        ("need drop", "Give a need up: nothing will come of it", "放弃需求"),
        ("need reopen", "Open a need again", "重新打开需求"),
        ("need rm", "Remove a need; refused while anything refers to it", "删除需求；被引用时拒绝"),
        (
            "feedback",
            "Feedback: add, list, show, set, handle, verify, reopen, rm",
            "客户反馈：add、list、show、set、handle、verify、reopen、rm",
        ),
        (
            "feedback add",
            "Add an answer of a customer; a low one opens a complaint where kehu.toml says so",
            "登记客户的评分；低分按 kehu.toml 的设置自动登记投诉",
        ),
        (
            "feedback add",
            "Satisfaction (csat) goes from 1 to 5, recommendation (nps) from 0 to 10, effort (ces) from 1 to 7, a dimension of the value (value) from 1 to 10.",
            "满意度（csat）1–5 分，推荐意愿（nps）0–10 分，费力度（ces）1–7 分，让渡价值的各维度（value）1–10 分。",
        ),
        ("feedback list", "Answers that fit filter terms", "符合条件的反馈"),
        (
            "feedback show",
            "Show an answer: what became of it, and the rows that name it",
            "一条反馈：处理经过、相关记录",
        ),
        ("feedback set", "Correct an answer as it was entered", "更正反馈的登记内容"),
        ("feedback handle", "Say why an answer came, and what was done about it", "说明原因和改进措施"),
        (
            "feedback verify",
            "Verify that what was done helped; who did it cannot",
            "验证改进是否有效；改进人本人不能验证",
        ),
        ("feedback reopen", "Open an answer again: what was done did not help", "重新打开反馈：改进无效"),
        ("feedback rm", "Remove an answer; refused while anything refers to it", "删除反馈；被引用时拒绝"),
    ],
    arguments: &[
        ("complaint add.text", "What the customer says", "投诉内容"),
        (
            "complaint add.category",
            "Category, one of [complaints] categories in kehu.toml",
            "类别：kehu.toml 中 [complaints] categories 之一",
        ),
        ("complaint add.severity", "Severity: {complaints.severity}", "严重程度：{complaints.severity}"),
        ("complaint add.contact", "The person (id or name)", "投诉的联系人（编号或姓名）"),
        ("complaint add.product", "About which product", "相关产品"),
        ("complaint add.order", "From which order", "相关订单"),
        ("complaint add.supplier", "Who made or delivered it", "供应商"),
        ("complaint add.batch", "Batch number", "批次"),
        ("complaint add.liability", "Whose fault it was: {complaints.liability}", "责任方：{complaints.liability}"),
        ("complaint add.to", "Who handles it", "处理人"),
        ("complaint assign.to", "Who handles it", "处理人"),
        ("complaint pause.reason", "What the customer has to do", "等客户做什么"),
        ("complaint resolve.handling", "How it was solved", "处理结果"),
        ("complaint resolve.cause", "Why it happened", "原因"),
        ("complaint resolve.liability", "Whose fault it was: {complaints.liability}", "责任方：{complaints.liability}"),
        ("complaint resolve.cost", "What solving it cost us", "处理成本"),
        ("complaint notify.channel", "Channel, one of those in kehu.toml", "联系方式"),
        ("complaint reopen.reason", "Why", "原因"),
        ("complaint", "The complaint", "投诉编号"),
        ("known", "Acknowledge the complaints about the same goods that are shown", "确认知悉所列的同类产品投诉"),
        ("need", "The need", "需求编号"),
        (
            "need solve.solution",
            "How it was solved (default: what the need says)",
            "如何解决（默认为需求中的解决方案）",
        ),
        ("need drop.reason", "Why", "原因"),
        ("feedback", "The answer", "反馈编号"),
        ("feedback handle.cause", "Why it came", "原因"),
        ("feedback handle.action", "What is done about it", "改进措施"),
        ("feedback handle.task", "Make a task of it, due on this day", "同时建任务，在此日前完成"),
        ("feedback handle.to", "Whose task it is (default: yours)", "任务负责人（默认自己）"),
        ("feedback reopen.reason", "Why", "原因"),
    ],
};
