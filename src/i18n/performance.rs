//! Targets and what was reached of them, the month's end, commissions, forecasts against what came of them.

use super::{Area, Lang, msgs};

msgs! {
    open_period() { "the period needs a first and a last day", "期间须有起止日" }
    hint_closed_period() { "for example `-p this-month`, `-p 2026Q3` or `-p 2026`", "例如 `-p this-month`、`-p 2026Q3` 或 `-p 2026`" }
    targets_of_all() { "targets are of all customers: beside a part of them there are none", "目标针对全部客户：只看部分客户时不显示目标" }
    targets_by_months() { "targets are of months, quarters and years: of other days there are none", "目标按月、季、年设定：其他期间没有目标" }
    target_lacks(who, metric, parts) { "{who} {metric}: {parts}", "{who} {metric}：{parts}" }
    targets_lack(list) { "targets are n/a where a part of the period has none: {list}", "期间有部分未设目标，合计目标不可得：{list}" }
    worked_days(all, passed, left) { "Worked days of the period: {all}, {passed} of them up to today, {left} to come. At the present rate = done ÷ days passed × all days", "期间工作日 {all} 天，截至今日 {passed} 天，剩余 {left} 天。按进度预测 = 已完成 ÷ 已过工作日 × 全部工作日" }
    profit_without_cost(n) { [n = 1] "the cost of {n} line is unknown: it counts nowhere in profit"; "the cost of {n} lines is unknown: they count nowhere in profit", "{n} 行成本未知：不计入毛利" }
    gap_title(who, metric, days) { "{who}: {metric}, {days}", "{who}：{metric}，{days}" }
    beside_gap(label) { "{label} (beside the gap)", "{label}（不计入差额）" }
    gap_no_target() { "There is no target for this period: `kehu target add PERIOD WHO METRIC AMOUNT`", "本期间未设目标：`kehu target add 期间 谁 指标 数额`" }
    gap_lacks(parts) { "There is no target: these parts of the period have none: {parts}", "目标不可得：期间中 {parts} 未设目标" }
    gap_reached(over) { "The target is reached, with {over} more", "目标已达成，超出 {over}" }
    gap_untold(gap) { "{gap} is missing; what could bring it is not told by deals, quotes or receivables", "尚差 {gap}；商机、报价、应收看不出能补多少" }
    gap_in_reach(gap, sum) { "{gap} is missing, and {sum} may be expected: the target is in reach", "尚差 {gap}，预计可补 {sum}：有望达成" }
    gap_too_large(gap, sum, short) { "{gap} is missing, and {sum} may be expected: {short} more must be found", "尚差 {gap}，预计可补 {sum}：还需另找 {short}" }
    commission_note() { "Each tier's rate is that of what lies above its start. Factors (margin, first or later order, late money) come after it, payment by payment; each payment is rounded once", "每档比率只对超出起点的部分计算；再逐笔乘以系数（毛利率、首单或复购、逾期回款），每笔只舍入一次" }
    commission_tiers() { "By tier, before factors", "按档分布（系数之前）" }
    commission_unset() { "kehu.toml has no `[commission] tiers`: nothing is given", "kehu.toml 没有 `[commission] tiers`：不计提成" }
    commission_unlinked(n, id) { [n = 1] "{n} refund names neither a receipt nor an order that was paid, and takes nothing back: {id}"; "{n} refunds name neither a receipt nor an order that was paid, and take nothing back, the first is {id}", "{n} 笔退款未指明回款或已付款订单，未扣回提成，首笔：{id}" }
    commission_without_profit(n, id) { [n = 1] "{n} order was paid and its profit is unknown, so nothing is given for it: {id}"; "{n} orders were paid and their profit is unknown, so nothing is given for them, the first is {id}", "{n} 张已付款订单毛利未知，不计提成，首张：{id}" }
    commission_facts(margin, order, late, factor) { "margin {margin}, {order}, {late} days late: × {factor}", "毛利率 {margin}，{order}，逾期 {late} 天：× {factor}" }
    commission_row(day, place, what, base, tiered, facts, amount) { "{day} ({place}) {what}: {base} gives {tiered} by tier; {facts} = {amount}", "{day}（{place}）{what}：{base} 按档 {tiered}；{facts} = {amount}" }
    commission_back(day, place, what, base, amount, back) { "{day} ({place}) {what}: {base} went back and takes {amount} of what {back} gave", "{day}（{place}）{what}：退回 {base}，扣回 {back} 的提成 {amount}" }
    forecast_of_orders() { "Planned: the accepted quote by the standard costs of its day, else the lines by their frozen unit cost. Actual: the lines with their whole cost and extra cost, returns, allowances and complaints that name the order", "计划：被接受的报价按报价日标准成本；没有报价则按订单行及其冻结的单位成本。实际：订单行的全部成本与额外费用，以及指明该订单的退货、折让和投诉" }
    forecast_of_contracts() { "Planned: the contracts' amounts without tax by `[tax] default_rate`, sales as revenue, purchase as cost. Actual: the orders that name the contracts", "计划：合同金额按 `[tax] default_rate` 去税，销售合同计收入，采购合同计成本。实际：指明合同的订单" }
    forecast_of_deals() { "Planned: the deals' amounts. Actual: the orders that name the deals", "计划：商机金额。实际：指明商机的订单" }
    forecast_rows(id, plan, actual) { "{id}\n  planned: {plan}\n  actual: {actual}", "{id}\n  计划：{plan}\n  实际：{actual}" }
    credit_line(day, place, what, who, amount) { "{day} ({place}) {what} {who}: {amount}", "{day}（{place}）{what} {who}：{amount}" }
}

/// Which order of a customer it is.
pub fn commission_order(lang: Lang, first: bool) -> &'static str {
    lang.pick(["later order", "first order"], ["复购", "首单"])[usize::from(first)]
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("group", "group", "团队", &[]),
        ("leads", "leads others", "带团队", &[]),
        ("performance.done", "done", "已完成", &[]),
        ("done", "done", "已完成", &[]),
        ("target", "target", "目标", &[]),
        ("completion", "completion", "完成率", &[]),
        ("base", "base", "保底", &[]),
        ("stretch", "stretch", "冲刺", &[]),
        ("performance.level", "level reached", "达成档", &[]),
        ("gap", "gap", "差额", &[]),
        ("run_rate", "at the present rate", "按进度预测", &[]),
        ("run_rate_completion", "completion at that rate", "预测完成率", &[]),
        ("needed_per_day", "needed a working day", "日均需完成", &[]),
        ("previous_change", "against previous", "环比", &[]),
        ("year_ago_change", "against a year ago", "同比", &[]),
        ("working_days_left", "working days left", "剩余工作日", &[]),
        ("by_day", "until", "截止日", &[]),
        ("gap.expected", "expected", "预计", &[]),
        ("quotes", "quotes", "报价", &[]),
        ("repurchases", "repurchases", "复购", &[]),
        ("commission", "commission", "提成", &[]),
        ("commission_base", "base", "提成基数", &[]),
        ("given", "given", "计提", &[]),
        ("base_back", "base that went back", "退回基数", &[]),
        ("taken_back", "taken back", "扣回", &[]),
        ("commission_rate", "rate", "提成比率", &[]),
        ("tier_from", "from", "起点", &[]),
        ("tier_rate", "rate of the tier", "档比率", &[]),
        ("before_factors", "before factors", "系数前", &[]),
        ("plan_source", "planned by", "计划依据", &[]),
        ("planned_revenue", "planned revenue", "计划收入", &[]),
        ("planned_cost", "planned cost", "计划成本", &[]),
        ("planned_profit", "planned profit", "计划毛利", &[]),
        ("allowances", "allowances", "折让", &[]),
        ("revenue_difference", "revenue less planned", "收入差额", &[]),
        ("forecast.revenue_change", "revenue against planned", "收入偏差率", &[]),
        ("profit_difference", "profit less planned", "毛利差额", &[]),
        ("forecast.profit_change", "profit against planned", "毛利偏差率", &[]),
        ("push_share", "orders of the last 5 days", "月末订单占比", &[]),
        ("pushed", "months pushed", "月底突击", &[]),
        ("due_in_period", "due in the period", "期间应收", &[]),
    ],
    values: &[
        ("plan_source", "quote", "its quote", "报价"),
        ("plan_source", "lines", "its lines", "订单行"),
        ("plan_source", "contract", "its amount", "合同金额"),
        ("plan_source", "contracts", "its contracts", "项目合同"),
        ("plan_source", "deal", "its amount", "商机金额"),
        ("chance", "deals", "closable deals, weighted", "可成交商机（加权）"),
        ("chance", "quotes", "open quotes that end", "将到期报价"),
        ("chance", "receivables", "receivables due", "到期应收"),
        ("chance", "repurchases", "repurchases due", "到期复购"),
    ],
    commands: &[(
        "gap",
        "The month's end: what is missing to the target, and what could close the gap",
        "月底冲刺：离目标还差多少，靠什么补上",
    )],
    arguments: &[
        (
            "gap.who",
            "Whose: a member of the team, with all who report to it (default: you; without an identity everybody's)",
            "谁的：团队成员，含其下属（默认自己；没有身份时为所有人）",
        ),
        (
            "gap.metric",
            "What the target is about: signed, orders, receipts, profit, new_customers, visits",
            "考核指标：signed、orders、receipts、profit、new_customers、visits",
        ),
        ("gap.period", "The period that the target is for", "考核期间"),
    ],
};
