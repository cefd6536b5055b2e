//! Stages, closing, events: what a customer went through.

use super::{Area, msgs};

msgs! {
    unknown_stage(stage) { "unknown stage `{stage}`", "没有 `{stage}` 这个阶段" }
    hint_stages(list) { "stages: {list}", "阶段：{list}" }
    unknown_reason(reason) { "unknown reason `{reason}`", "没有 `{reason}` 这个原因" }
    hint_reasons(list) { "reasons: {list}", "原因：{list}" }
    reason_missing() { "--reason is missing", "缺少 --reason" }
    is_closed(customer) { "{customer} is closed; `kehu reopen` opens it", "{customer} 已关闭；`kehu reopen` 重新打开" }
    skipped_closed(n) { [n = 1] "{n} closed customer stays as it is"; "{n} closed customers stay as they are", "{n} 个已关闭的客户保持不变" }
    status_by_verb() { "`status` is changed by `kehu close` and `kehu reopen`", "`status` 请用 `kehu close` 和 `kehu reopen` 修改" }
    few_cases(names) { "these figures rest on fewer than 15 cases: {names}", "样本少于 15，仅供参考：{names}" }
    funnel_period(from, to, today) { "Conversion: customers that entered the stage from {from} to {to} and moved on later; lost ones count as moved back. Days: all stays up to {today} whose first day is known.", "转化率：{from} 至 {to} 进入该阶段、之后推进的客户；流失计入回退。停留天数：截至 {today} 所有起始日已知的停留。" }
    funnel_unknown() { "Start unknown: customers that were in the stage in these days, but no event says since when. They count in the conversion, not in the days.", "起始不明：当时已在该阶段、但没有变更记录说明何时进入的客户；计入转化率，不计入停留天数。" }
    stalled_stage(since, place, days) { "in its stage since {since} ({place}): {days}", "{since} 进入该阶段（{place}）：{days}" }
    stalled_limit(at, limit, key, n) { [n = 1] "{at}; stalled after {limit} (kehu.toml: {key}; {n} stay moved on so far)"; "{at}; stalled after {limit} (kehu.toml: {key}; {n} stays moved on so far)", "{at}；超过 {limit} 天为停滞（kehu.toml：{key}；已有 {n} 次推进）" }
    stalled_limit_own(at, limit, percent, n) { "{at}; stalled after {limit}, as {percent} % of the {n} stays that moved on were no longer", "{at}；超过 {limit} 天为停滞：{n} 次推进中有 {percent}% 不超过此天数" }
    stalled_touch(day, place, days) { "last two-way contact {day} ({place}): {days}", "最近双向沟通 {day}（{place}）：{days}" }
    stalled_untouched(day, place, days) { "no two-way contact since {day} ({place}): {days}", "{day} 以来没有双向沟通（{place}）：{days}" }
    stalled_cycles(at, limit, n, span, file, key) { "{at}; stalled after {limit}: {n} × {span} ({file}: {key})", "{at}；超过 {limit} 天为停滞：{n} × {span}（{file}：{key}）" }
    stalled_contacts(since, n, planned) { [n = 1] "{n} contact since {since}, {planned} planned"; "{n} contacts since {since}, {planned} planned", "{since} 以来跟进 {n} 次，计划 {planned} 次" }
    stalled_contact(place, day, outcome) { "{place}  {day}  outcome {outcome}", "{place}  {day}  结果：{outcome}" }
    stalled_peer(who, theirs, owner, own) { "moved on from this stage: {who} {theirs}; {owner} {own}", "从该阶段推进：{who} {theirs}；{owner} {own}" }
    stalled_odds(n, days, hits, ratio) { "odds: {hits} of {n} past stays that lasted {days} or more moved on: {ratio}", "推进概率：停留 {days} 及以上的 {n} 次中，推进 {hits} 次：{ratio}" }
    stalled_few(few) { "n/a with fewer than {few}", "少于 {few} 次，无法计算" }
    stalled_stake(amount, from) { "at stake: {amount} ({from})", "涉及金额：{amount}（{from}）" }
    stalled_high(line, share) { "{line}; high: among those that make up {share} of what is at stake", "{line}；金额高：属于合计占 {share} 的客户" }
    stages_note(today) { "Days: all stays up to {today} whose first day is known. Conversion: of those who entered the stage in the period, or stood in it without anybody knowing since when, the share that moved on later; lost ones count as moved back.", "停留天数：截至 {today} 所有起始日已知的停留。转化率：期间内进入该阶段（或起始不明而身处其中）的客户中，之后推进的比例；流失计入回退。" }
    days_of(n) { [n = 1] "{n} day"; "{n} days", "{n} 天" }
    did_stage(id, from, to) { "{id}  stage: {from} → {to}", "{id}  阶段：{from} → {to}" }
    did_close(id, reason) { "{id}  closed ({reason})", "{id}  已关闭（{reason}）" }
    did_close_until(id, reason, until) { "{id}  closed ({reason}) until {until}", "{id}  已关闭（{reason}），{until} 重新打开" }
    did_open(id, kind, customer, title, stage) { "{id}  {customer}  new {kind}: {title} ({stage})", "{id}  {customer}  新增{kind}：{title}（{stage}）" }
    did_turn(id, what, from, to) { "{id}  {what}: {from} → {to}", "{id}  {what}：{from} → {to}" }
    /// The note of an event that `check --fix` added.
    by_hand() { "edited by hand", "手工修改" }
    did_reopen(id) { "{id}  reopened", "{id}  已重新打开" }
    ask_reason(list) { "Reason ({list}): ", "原因（{list}）：" }
    history_title() { "History", "变更记录" }
    refuse_transition(customer, from, to) { "{customer}: the stage cannot go from {from} to {to}", "{customer}：不能从 {from} 转到 {to}" }
    refuse_transition_hint(allowed) { "rule R1 (`to` in kehu.toml) allows: {allowed}; a manager may use --override --note TEXT", "规则 R1（kehu.toml 的 `to`）允许：{allowed}；经理可用 --override --note 原因 特批" }
    refuse_transition_none(from) { "rule R1 (`to` in kehu.toml) lets no stage follow {from}; a manager may use --override --note TEXT", "规则 R1（kehu.toml 的 `to`）规定 {from} 之后没有其他阶段；经理可用 --override --note 原因 特批" }
    refuse_backward(customer, from, to) { "{customer}: going back from {from} to {to} needs a note", "{customer}：从 {from} 退回 {to} 需要说明" }
    refuse_backward_hint() { "add --note TEXT (rule R1)", "请加 --note 原因（规则 R1）" }
    refuse_requirement(customer, stage, requirement, have) { "{customer}: the stage {stage} requires {requirement}, but there is {have}", "{customer}：进入 {stage} 需要 {requirement}，现有 {have}" }
    refuse_requirement_hint(what) { "{what} (rule R1, `requires` in kehu.toml); a manager may use --override --note TEXT", "{what}（规则 R1，kehu.toml 的 `requires`）；经理可用 --override --note 原因 特批" }
    refuse_closed(customer) { "{customer} is closed", "{customer} 已关闭" }
    refuse_closed_hint(customer) { "`kehu reopen {customer}` opens it", "`kehu reopen {customer}` 重新打开" }
    refuse_not_closed(customer) { "{customer} is not closed", "{customer} 没有关闭" }
    did_advance(customer, from, to, order) { "{customer}  stage: {from} → {to}, because of order {order} (`advance_on` in kehu.toml)", "{customer}  阶段：{from} → {to}，因订单 {order}（kehu.toml 的 `advance_on`）" }
    no_advance(customer, newest, event) { "the stage of {customer} stays as it is: it changed later, on {newest} ({event})", "{customer} 的阶段保持不变：{newest} 已有更晚的变更（{event}）" }
    need_activities(n) { [n = 1] "{n} activity"; "{n} activities", "{n} 条跟进记录" }
    need_needs(n) { [n = 1] "{n} need"; "{n} needs", "{n} 条客户需求" }
    need_orders(n) { [n = 1] "{n} order"; "{n} orders", "{n} 张订单" }
    need_order_days(n) { [n = 1] "orders on {n} day"; "orders on {n} days", "在 {n} 天下过单" }
    need_field(name) { "a value for `{name}`", "填写 `{name}`" }
    refuse_no_value(customer, stage, what) { "{customer}: the stage {stage} requires {what}", "{customer}：进入 {stage} 需要{what}" }
    hint_need_activity(customer) { "record a contact with `kehu log {customer} NOTE`", "请用 `kehu log {customer} 内容` 记录跟进" }
    hint_need_need(customer) { "add a need with `kehu need add {customer} TEXT`", "请用 `kehu need add {customer} 内容` 新增客户需求" }
    hint_need_order(customer) { "add an order with `kehu order add {customer} PRODUCT:QUANTITY`", "请用 `kehu order add {customer} 产品:数量` 新增订单" }
    hint_need_field(customer, name) { "fill it in with `kehu customer set {customer} {name}=VALUE`", "请用 `kehu customer set {customer} {name}=值` 填写" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("days_in_stage", "days in stage", "阶段停留", &[]),
        ("stage_since", "in stage since", "进入阶段日", &[]),
        ("stage_category", "stage category", "阶段类别", &[]),
        ("stalled", "stalled", "停滞", &[]),
        ("stays", "stays", "停留次数", &[]),
        ("stage_clock", "days in this stay", "本次停留", &["阶段停留天数"]),
        ("stall_after", "stalled after", "停滞天数", &[]),
        ("stall_cases", "stays behind it", "停滞样本数", &[]),
        ("touch_limit", "contact limit", "联系期限", &[]),
        ("stage_contacts", "contacts in stage", "本阶段跟进", &[]),
        ("planned", "planned", "计划跟进", &[]),
        ("stall_cause", "cause", "停滞原因", &[]),
        ("odds", "odds", "推进概率", &[]),
        ("odds_cases", "cases", "概率样本数", &[]),
        ("stake", "at stake", "涉及金额", &[]),
        ("stake_from", "value of", "金额来源", &[]),
        ("advice", "advice", "建议", &[]),
        ("closed", "closed", "已关闭", &[]),
        ("entered", "entered", "进入", &[]),
        ("start_unknown", "start unknown", "起始不明", &[]),
        ("forward", "moved on", "推进", &[]),
        ("back", "moved back", "回退", &[]),
        ("open", "still there", "仍在", &[]),
        ("conversion", "conversion", "转化率", &[]),
        ("median_days", "median days", "停留中位数", &[]),
        ("p90_days", "p90 days", "九成以内", &[]),
    ],
    values: &[
        ("stage_category", "presale", "presale", "售前"),
        ("stage_category", "customer", "customer", "成交"),
        ("stage_category", "lost", "lost", "流失"),
        ("stall_cause", "not-visited", "not visited", "没有拜访"),
        ("stall_cause", "badly-handled", "badly handled", "跟进不力"),
        ("stall_cause", "dead", "dead", "死棋"),
        ("stall_cause", "waiting", "waiting", "等待中"),
        ("advice", "contact", "contact now", "立即联系"),
        ("advice", "attack", "attack: joint visit or reassign", "攻坚：陪同拜访或换人"),
        ("advice", "drop", "drop: close with a reopen date", "放弃：关闭并定重开日"),
        ("advice", "wait", "wait", "等待"),
        ("stake_from", "deals", "open deals × probability", "在跟商机×赢率"),
        ("stake_from", "quotes", "open quotes", "未结报价"),
        ("stake_from", "revenue", "revenue of 12 months", "近 12 个月销售额"),
        ("event", "stage", "stage", "阶段"),
        ("event", "status", "status", "状态"),
        ("event", "owner", "owner", "负责人"),
        ("event", "grade", "grade", "等级"),
        ("event", "intent", "intent", "意向级别"),
        ("event", "merged", "merged", "合并"),
        ("event", "approval", "approval", "审批"),
        ("event", "assignee", "assignee", "处理人"),
        ("event", "amount", "amount", "金额"),
        ("event", "close_date", "close date", "预计成交日"),
        ("event", "state", "state", "状态"),
        ("event", "confirmed", "confirmed", "已确认"),
        ("event", "shipped", "shipped", "已发货"),
        ("event", "delivered", "delivered", "已送达"),
        ("event", "cancelled", "cancelled", "已取消"),
        ("event", "note", "note", "备注"),
        ("event", "sent", "sent", "已发出"),
        ("event", "accepted", "accepted", "已接受"),
        ("event", "declined", "declined", "已谢绝"),
        ("event", "ended", "ended", "已终止"),
        ("event", "writeoff", "write-off", "坏账核销"),
        ("event", "void", "void", "作废"),
        ("event", "acknowledged", "acknowledged", "已响应"),
        ("event", "warned", "complaint known", "已知悉投诉"),
        ("event", "told", "told", "已告知客户"),
        ("subject_kind", "customer", "customer", "客户"),
        ("subject_kind", "order", "order", "订单"),
        ("subject_kind", "quote", "quote", "报价"),
        ("subject_kind", "deal", "deal", "商机"),
        ("subject_kind", "contract", "contract", "合同"),
        ("subject_kind", "payable", "payable", "应付款"),
        ("subject_kind", "refund", "refund", "退款单"),
        ("subject_kind", "request", "request", "申请"),
        ("subject_kind", "receivable", "receivable", "应收款"),
        ("subject_kind", "receipt", "receipt", "收款单"),
        ("subject_kind", "payment", "payment", "付款单"),
        ("subject_kind", "invoice", "invoice", "发票"),
        ("subject_kind", "spend", "spend", "费用"),
        ("subject_kind", "complaint", "complaint", "投诉"),
        ("subject_kind", "task", "task", "任务"),
        ("subject_kind", "need", "need", "客户需求"),
        ("subject_kind", "feedback", "feedback", "客户反馈"),
        ("close", "no-intent", "no intent", "无意向"),
        ("close", "no-need-now", "no need now", "暂无需求"),
        ("close", "competitor", "chose a competitor", "选择竞品"),
        ("close", "out-of-business", "out of business", "停业"),
        ("close", "unreachable", "unreachable", "联系不上"),
        ("close", "bad-credit", "bad credit", "信誉不良"),
        ("close", "duplicate", "duplicate", "重复"),
        ("close", "other", "other", "其他"),
    ],
    commands: &[
        (
            "stage",
            "Move customers to another stage, by the rules of kehu.toml",
            "改变客户阶段，按 kehu.toml 的规则检查",
        ),
        (
            "funnel",
            "Customers in each stage, how many are stalled, how many move on, how long it takes",
            "销售漏斗：各阶段客户数、停滞、转化、停留时间",
        ),
        (
            "stalled",
            "Customers that stand still: why, with what odds, what is at stake, and what to do",
            "停滞客户：原因、推进概率、涉及金额、建议",
        ),
        ("close", "Close a customer, until a day or for good", "关闭客户，到某日或永久"),
        ("reopen", "Open a closed customer again", "重新打开已关闭的客户"),
        (
            "history",
            "Show the history of a customer, order, task …: what changed, who changed it, when and why",
            "客户、订单、任务等的变更记录：谁、何时、为何",
        ),
        ("event", "Events, which say what changed: list, show", "变更记录：list、show"),
        ("event list", "List the rows that fit filter terms", "符合条件的变更记录"),
        ("event show", "Show one row with all its columns", "一条变更记录"),
    ],
    arguments: &[
        ("words", "Customers, then the stage", "一个或多个客户，最后是阶段"),
        ("note", "Why; needed for a move backwards", "原因；退回上一阶段时必填"),
        (
            "period",
            "Period in which customers entered a stage, for the conversion (default: the last twelve months)",
            "只看该期间",
        ),
        ("explain", "Show what stands behind each line: rule, inputs, rows", "说明每一行的依据：规则、输入、所在行"),
        ("reason", "Why: a code of [reasons] close in kehu.toml", "原因：kehu.toml 中 [reasons] close 的代码"),
        ("lesson", "What to do better next time", "经验教训"),
        ("until", "The day on which it is due again", "到该日再跟进"),
        ("subject", "A customer, or kind:id of anything else", "客户，或 类型:编号"),
    ],
};
