//! Activities, tasks, due days: whom to call next.

use super::{Area, msgs};

msgs! {
    unknown_channel(channel) { "unknown channel `{channel}`", "没有 `{channel}` 这种联系方式" }
    next_before(next, at) { "the next contact, {next}, is before this one, {at}", "下次联系 {next} 早于本次 {at}" }
    did_task_of(customer, due, title) { "{customer}  task due {due}: {title}", "{customer}  任务，截止 {due}：{title}" }
    did_task(id, due, title) { "{id}  due {due}  {title}", "{id}  截止 {due}  {title}" }
    did_log(id, customer, due, why) { "{id}  {customer}  next {due} ({why})", "{id}  {customer}  下次跟进 {due}（{why}）" }
    did_log_cycle(id, customer, due) { "{id}  {customer}  next {due} (cycle), unless another day was promised", "{id}  {customer}  下次跟进 {due}（周期）；另有约定的以约定为准" }
    promise_lost(customer, day) { "{customer} is closed, so kehu will remind nobody of {day}", "{customer} 已关闭，{day} 的约定不会提醒任何人" }
    did_log_none(id, customer) { "{id}  {customer}  has no next follow-up", "{id}  {customer}  无下次跟进" }
    double_visit(customer, who, day) { "{customer}: {who} contacted this customer on {day}", "{customer}：{who} 已在 {day} 联系过该客户" }
    ask_note() { "What happened? ", "跟进内容：" }
    ask_title() { "What is to be done? ", "任务内容：" }
    ask_due() { "Due (date, +7d): ", "截止日（日期，+7d）：" }
    today_title(who, day) { "{who}, {day}", "{who}，{day}" }
    team_title(day) { "The team, {day}", "团队早会，{day}" }
    team_title_since(day, since) { "The team, {day} (yesterday: since {since})", "团队早会，{day}（昨日指 {since} 以来）" }
    untouched() { "nobody has contacted it since it was assigned", "分配以来还没有人联系" }
    digest_title(who, days) { "{who}, {days}", "{who}，{days}" }
    pays_no_order() { "pays no order", "未对应订单" }
    nothing_today() { "Nothing is due. Good.", "今天没有到期事项。" }
    activities_title() { "Latest activities", "最近跟进" }
    tasks_title() { "Open tasks", "未完成任务" }
    explain_followed(contact, who, place) { "{who} follows {contact} ({place})", "{contact} 由 {who} 跟进（{place}）" }
    brief_followed(contact, who, day, why) { "{contact}, followed by {who}: next {day}: {why}", "{contact}（跟进人 {who}）下次跟进 {day}：{why}" }
    with_contact(contact, what) { "{contact}: {what}", "{contact}：{what}" }
    brief_due(day, why) { "Next follow-up {day}: {why}", "下次跟进 {day}：{why}" }
    in_days(n) { [n = 1] "in {n} day"; "in {n} days", "{n} 天后" }
    days_late(n) { [n = 1] "{n} day late"; "{n} days late", "逾期 {n} 天" }
    is_today() { "today", "今天" }
    covered(all, n, share) { [all = 1] "{n} of {all} customer has had all visits owed: {share}"; "{n} of {all} customers have had all visits owed: {share}", "{all} 个客户中 {n} 个拜访达标：{share}" }
    coverage_owed(n, since, per_year, grade) { [n = 1] "{n} visit owed since {since}, of {per_year} in 365 days (kehu.toml: grades.{grade}.visits_per_year)"; "{n} visits owed since {since}, of {per_year} in 365 days (kehu.toml: grades.{grade}.visits_per_year)", "{since} 以来应拜访 {n} 次，每 365 天 {per_year} 次（kehu.toml：grades.{grade}.visits_per_year）" }
    coverage_last(day, place) { "last visit {day} ({place})", "最近拜访 {day}（{place}）" }
    coverage_never(day) { "never visited since {day}", "{day} 以来没有拜访" }
    coverage_next(from, gap, per_year, next) { "{from} + {gap} days (365 / {per_year}): {next}", "{from} + {gap} 天（365 / {per_year}）：{next}" }
    explain_due_promise(day, place) { "the activity at {place} promised {day}; a two-way contact on the day before or later keeps the promise", "{place} 的跟进记录约定 {day}；在前一天及以后有双向沟通才算完成" }
    explain_moved(from, to) { "{from} is not a working day, so {to} counts (kehu.toml: followup.due_on)", "{from} 不是工作日，改为 {to}（kehu.toml：followup.due_on）" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("activity", "activity", "跟进记录", &["联系记录", "拜访记录"]),
        ("task", "task", "任务", &["待办"]),
        ("due", "due", "应跟进日", &["下次跟进"]),
        ("today.due", "due", "到期日", &[]),
        ("days_overdue", "days overdue", "逾期天数", &[]),
        ("channel", "channel", "联系方式", &[]),
        ("purpose", "purpose", "联系目的", &[]),
        ("direction", "direction", "方向", &[]),
        ("outcome", "outcome", "结果", &[]),
        ("signal", "signal", "客户动向", &[]),
        ("next", "next", "下次联系", &[]),
        ("tasks.due", "due", "截止日", &[]),
        ("playbook", "playbook", "标准动作", &["跟进模板"]),
        ("last_activity", "last activity", "最近联系", &[]),
        ("last_two_way", "last two-way contact", "最近双向沟通", &[]),
        ("touch_days", "days without contact", "未联系天数", &[]),
        ("activities", "activities", "跟进次数", &[]),
        ("visits", "visits", "拜访次数", &[]),
        ("visits_per_year", "visits a year", "年拜访次数", &[]),
        ("visits_required", "visits owed", "应拜访", &[]),
        ("visits_made", "visits made", "已拜访", &[]),
        ("missing", "missing", "拜访不足", &[]),
        ("last_visit", "last visit", "最近拜访", &[]),
        ("next_visit", "next visit", "下次拜访日", &[]),
        ("over_visits", "too many visits", "拜访超标", &[]),
        ("discount_given", "discount given", "已给折扣率", &[]),
        ("discount_max", "highest discount", "最大折扣", &[]),
        ("over_discount", "too much discount", "折扣超标", &[]),
        ("over_credit", "over the limit", "信用超标", &[]),
        ("two_way", "two-way", "双向沟通", &[]),
        ("without_outcome", "without outcome", "未写结果", &[]),
        ("with_next", "with next date", "约定下次", &[]),
        ("moves", "steps forward", "推进次数", &[]),
        ("per_move", "contacts a step", "每次推进", &[]),
        ("detours", "against the team", "走弯路", &[]),
        ("last_by", "last by", "最近联系人员", &[]),
        ("promise", "promised contact", "约定联系日", &[]),
        ("value_at_risk", "value at risk", "风险金额", &[]),
        ("open_tasks", "open tasks", "未完成任务", &[]),
        ("yesterday_activities", "contacts yesterday", "昨日跟进", &[]),
        ("yesterday_visits", "visits yesterday", "昨日拜访", &[]),
        ("yesterday_new", "new yesterday", "昨日新增", &[]),
        ("due_today", "due today", "今日跟进", &[]),
        ("overdue", "overdue", "已逾期", &[]),
        ("new_leads", "new leads", "新客待联系", &[]),
        ("new_customers", "new customers", "新增客户", &[]),
        ("touched", "customers contacted", "跟进客户数", &[]),
        ("signed", "signed", "签单额", &[]),
        ("collected", "collected", "回款额", &[]),
        ("tasks_today", "tasks today", "今日任务", &[]),
        ("late_tasks", "late tasks", "逾期任务", &[]),
    ],
    values: &[
        ("purpose", "care", "care", "客户关怀"),
        ("purpose", "inform", "inform", "信息传递"),
        ("purpose", "deal", "deal", "交易推动"),
        ("purpose", "service", "service", "服务提供"),
        ("purpose", "intel", "intel", "情报收集"),
        ("purpose", "collect", "collect", "催款"),
        ("direction", "in", "in", "客户来联系"),
        ("direction", "out", "out", "我方联系"),
        ("direction", "both", "both", "双向沟通"),
        ("outcome", "positive", "positive", "有进展"),
        ("outcome", "neutral", "neutral", "一般"),
        ("outcome", "negative", "negative", "不利"),
        ("outcome", "none", "none", "无结果"),
        ("outcome", "no-answer", "no answer", "未联系上"),
        ("outcome", "refused", "refused", "明确拒绝"),
        ("signal", "personnel", "personnel", "人事变动"),
        ("signal", "quality", "quality", "质量问题"),
        ("signal", "distance", "distance", "关系疏远"),
        ("signal", "demand", "demand", "需求变化"),
        ("signal", "competitor", "competitor", "竞品动向"),
        ("tasks.kind", "onboarding", "onboarding", "新客上手"),
        ("tasks.kind", "care", "care", "关怀"),
        ("tasks.kind", "win-back", "win back", "挽回"),
        ("tasks.kind", "remedy", "remedy", "补救"),
        ("tasks.kind", "other", "other", "其他"),
        ("task_state", "open", "open", "未完成"),
        ("task_state", "done", "done", "已完成"),
        ("task_state", "dropped", "dropped", "已取消"),
        ("due_state", "overdue", "overdue", "已逾期"),
        ("due_state", "today", "today", "今天"),
        ("due_state", "coming", "coming", "即将到期"),
        ("why", "promise", "promised", "约定"),
        ("why", "cycle", "cycle", "周期"),
        ("why", "first-contact", "first contact", "首次联系"),
        ("why", "reopen", "reopen", "重新打开"),
        ("section", "team", "Everybody", "全体"),
        ("section", "overdue", "Overdue follow-ups", "逾期未跟进"),
        ("section", "today", "Due today", "今日跟进"),
        ("section", "new", "New leads not yet touched", "新客户待首次联系"),
        ("section", "coming", "Coming", "近期跟进"),
        ("section", "done", "Done", "已跟进"),
        ("section", "moves", "Steps forward", "阶段推进"),
        ("section", "new_customers", "New customers", "新增客户"),
        ("section", "signed", "Signed", "签单"),
        ("section", "collected", "Collected", "回款"),
        ("section", "next", "Next", "下一步跟进"),
        ("section", "stalled", "Stalled", "停滞客户"),
        ("section", "complaints", "Open complaints", "未结投诉"),
        ("section", "tasks", "Tasks", "待办任务"),
        ("section", "deliveries", "Promised deliveries", "交期提醒"),
        ("section", "receivables", "Receivables due", "应收到期"),
        ("section", "birthdays", "Birthdays", "生日提醒"),
        ("section", "dates", "Anniversaries", "纪念日提醒"),
        ("section", "reopen", "Reopen dates", "到期重开"),
        ("section", "unkept", "Promised to closed customers", "已关闭客户的约定"),
        ("section", "quotes", "Quotes ending", "报价到期"),
        ("section", "grading", "Grading is due", "客户评级到期"),
        ("section", "double", "Contacted by another rep", "重复拜访"),
    ],
    commands: &[
        (
            "today",
            "My day: follow-ups, tasks, new customers, deliveries, money due; --team for the morning meeting",
            "我的一天：跟进、任务、新客、交期、应收；--team 为早会表",
        ),
        (
            "due",
            "Follow-ups that are overdue or due today; --within adds those that are coming",
            "逾期和今天应跟进的客户；加 --within 也含近期",
        ),
        (
            "digest",
            "The report of a day or week: done, signed, collected, next, problems",
            "日报、周报：已做、签单、回款、下一步、问题",
        ),
        ("log", "Record a contact with a customer; kehu sets the next follow-up", "记录一次联系，并更新下次跟进日"),
        (
            "activity",
            "Contacts with customers: list, show, set, rm; `kehu log` adds them",
            "跟进记录：list、show、set、rm（用 log 新增）",
        ),
        ("activity add", "The same as `kehu log`", "同 `kehu log`"),
        ("activity list", "List the rows that fit filter terms", "符合条件的跟进记录"),
        ("activity show", "Show one row with all its columns", "一条跟进记录"),
        ("activity set", "Correct cells of a row", "就地更正单元格"),
        ("activity rm", "Remove a row; refused while anything refers to it", "删除一行；被引用时拒绝"),
        ("task", "Things to do: add, list, show, set, done, rm", "任务：add、list、show、set、done、rm"),
        ("task add", "Add a task", "新增任务"),
        ("task list", "List the rows that fit filter terms", "符合条件的任务"),
        ("task show", "Show one row with all its columns", "一个任务"),
        ("task set", "Correct cells of a row", "就地更正任务"),
        ("task done", "Mark tasks as done (or dropped)", "标记任务完成（或放弃）"),
        ("task rm", "Remove a row; refused while anything refers to it", "删除任务；被引用时拒绝"),
    ],
    arguments: &[
        ("team", "The whole team, a line for each person", "整个团队，每人一行"),
        ("all", "Everybody's list, not only mine", "所有人的清单，不只是我的"),
        ("within", "How far to look ahead for follow-ups and tasks: 3d, 1w", "向前看多久：3d、1w"),
        (
            "explain",
            "Show below the list why each line is in it, and where its value at risk comes from",
            "在清单下说明每一行的依据，以及风险金额由什么构成",
        ),
        ("within", "How far to look ahead: 7d, 2w, 1m", "向前看多久：7d、2w、1m"),
        ("explain", "Show why each customer is due: rule, inputs, row", "说明每个到期日的依据：规则、输入、所在行"),
        (
            "digest.who",
            "Whose: a member of the team (default: you; without an identity everybody's)",
            "谁的：团队成员（默认自己；没有身份时为所有人）",
        ),
        ("all", "Everybody's", "所有人的"),
        ("digest.period", "The days that it is about", "报告的期间"),
        ("words", "The customer, then what happened", "客户，然后是跟进内容"),
        ("channel", "Channel, one of those in kehu.toml (default: call)", "联系方式（默认 call 电话）"),
        ("purpose", "Purpose: {activities.purpose}", "目的：{activities.purpose}"),
        ("direction", "Who began it: {activities.direction}", "谁发起：{activities.direction}"),
        ("outcome", "What came of it: {activities.outcome}", "结果：{activities.outcome}"),
        ("signal", "What it told about the customer: {activities.signal}", "客户动向：{activities.signal}"),
        ("with", "The contact with whom it was (id or name)", "联系的是哪位联系人（编号或姓名）"),
        ("next", "The next contact that was promised: a date, +7d", "约定的下次联系：日期或 +7d"),
        ("every", "The customer's cycle from now on: 14d, 2w, 1m", "从此该客户的联系周期：14d、2w、1m"),
        ("deal", "The deal that it was about", "相关商机"),
        ("complaint", "The complaint that it was about", "相关投诉"),
        ("at", "When it was (default: now)", "发生时间（默认现在）"),
        (
            "stdin_ids",
            "Record the same contact for every id that stdin has, one a line",
            "对 stdin 每行编号的客户记同一条",
        ),
        ("title", "What is to be done", "做什么"),
        ("due", "By when: a date, +3d, tomorrow", "截止日：日期、+3d、tomorrow"),
        ("owner", "Who (default: you)", "谁来做（默认自己）"),
        ("customer", "For which customer", "为哪个客户"),
        ("kind", "{tasks.kind}", "{tasks.kind}"),
        ("ids", "The ids of the tasks", "任务编号"),
        ("drop", "Give them up instead", "改为放弃"),
        ("undo", "Open them again", "重新打开"),
    ],
};
