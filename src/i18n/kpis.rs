//! Key figures (R13), retention, sources, the year-end review of customers.

use super::{Area, msgs};

msgs! {
    kpi_days(now, previous, year_ago) { "now: {now}; previous: {previous}; a year ago: {year_ago}. Differences are in the figure's own unit, of shares in points", "本期：{now}；上期：{previous}；去年同期：{year_ago}。差值与指标同单位，比率为百分点" }
    kpi_few(n) { [n = 1] "{n} figure rests on fewer than 15 cases, or 30 answers (`few`)"; "{n} figures rest on fewer than 15 cases, or 30 answers (`few`)", "{n} 项指标样本少于 15（调查少于 30，见「样本少」列），仅供参考" }
    kpi_explained(name, reading, rule) { "{name} {reading} (R13: {rule})", "{name} {reading}（R13：{rule}）" }
    kpi_length(days) { [days = 1] "{days} day"; "{days} days", "{days} 天" }
    kpi_parts(part, whole) { "{part} of {whole}", "{part} / {whole}" }
    kpi_answer(day, place, score) { "{day} ({place}) {score}", "{day}（{place}）{score}" }
    kpi_thing(id, place, state) { "{id} ({place}) {state}", "{id}（{place}）{state}" }
    cohort_unit() { "cohorts are of months, quarters or years", "留存按月、季或年分组" }
    cohort_note() { "0 is the part of the first order, 1 the next one …; a share is that of the cohort's customers that ordered in the part, or what they bought in it against part 0", "0 为首单所在期，1 为下一期，依次类推；客户占比 = 该期再次下单的客户 / 本组客户，金额占比 = 该期销售额 / 第 0 期销售额" }
    cohort_lasts(day) { "The last part is not over (up to {day}); the total leaves it out", "最后一期尚未结束（截至 {day}），合计不含该期" }
    cohorts_few(n, few) { [n = 1] "{n} cohort has fewer than {few} customers"; "{n} cohorts have fewer than {few} customers", "{n} 组客户少于 {few} 个，仅供参考" }
    cohorts_unreadable(n) { [n = 1] "{n} line is left out: it has neither amount nor price, or no rate"; "{n} lines are left out: they have neither amount nor price, or no rate", "{n} 行没有金额、单价或汇率，未计入" }
    cohort_explained(name, n) { [n = 1] "{name}: {n} customer"; "{name}: {n} customers", "{name}：{n} 个客户" }
    cohort_customer(id, name, first, last, days) { [days = 1] "{id} {name}: first order {first}, last {last}, on {days} day"; "{id} {name}: first order {first}, last {last}, on {days} days", "{id} {name}：首单 {first}，最近 {last}，共 {days} 个下单日" }
    sources_note() { "Customers created in the period, and what they bought up to today; spend of the period on them and on campaigns. Net = profit − spend; payback = net ÷ spend", "按期间内建档的客户统计其至今的销售；费用为期间内花在这些客户与营销活动上的。净额 = 毛利 − 费用；回报 = 净额 ÷ 费用" }
    sources_few(n, few) { [n = 1] "{n} row rests on fewer than {few} leads"; "{n} rows rest on fewer than {few} leads", "{n} 行线索少于 {few} 条，仅供参考" }
    sources_cost_unknown(n) { [n = 1] "the cost of {n} line is unknown: it counts nowhere in profit"; "the cost of {n} lines is unknown: they count nowhere in profit", "{n} 行成本未知：不计入毛利" }
    sources_left_out(amount) { "{amount} was spent on campaigns, which is not counted beside a part of the customers", "营销活动费用 {amount} 针对全部客户，只看部分客户时不计入" }
    source_customer(id, name, created, days) { [days = 1] "{id} {name}: created {created}, ordered on {days} day"; "{id} {name}: created {created}, ordered on {days} days", "{id} {name}：{created} 建档，{days} 个下单日" }
    review_note() { "Save it with -o review.csv, edit stage, owner, grade, intent, tags, note …, and read it back: kehu import review.csv --into customers --update. Figures are left alone; closed customers are left out", "用 -o review.csv 保存，修改阶段、负责人、等级、意向、标签、备注等，再导回：kehu import review.csv --into customers --update。数据列不会被改动；已关闭客户不列出" }
    kpi_line(who, said) { "{who}: {said}", "{who}：{said}" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("lead_count", "leads", "线索数", &[]),
        ("converted", "converted", "已转化", &[]),
        ("buyers", "ordered", "成交客户", &[]),
        ("net_profit", "profit less spend", "净额", &[]),
        ("cost_per_buyer", "spend a customer", "单客费用", &[]),
        ("payback", "payback", "费用回报", &[]),
        ("referrer", "referrer", "介绍人", &[]),
        ("referral_level", "level", "层级", &[]),
        ("below", "all below", "下级客户数", &[]),
        ("revenue_below", "revenue below", "下级销售额", &[]),
        ("profit_below", "profit below", "下级毛利", &[]),
        ("new_grade", "grade by score", "评分等级", &[]),
        ("activeness", "active", "活跃状态", &[]),
        ("revenue_before", "revenue before", "上期销售额", &[]),
        ("cohort", "cohort", "首单期", &[]),
        ("cohort_customers", "Customers that ordered", "下单客户占比", &[]),
        ("cohort_revenue", "Revenue", "销售额占比", &[]),
        ("cohort_age", "parts later", "第几期", &[]),
        ("cohort_over", "over", "已结束", &[]),
        ("cohort_share", "share of customers", "客户占比", &[]),
        ("active", "ordered", "下单客户数", &[]),
        ("kpi", "figure", "指标", &["关键指标"]),
        ("reading", "reading", "口径", &[]),
        ("kpi_value", "value", "数值", &[]),
        ("kpi_difference", "against previous", "较上期", &[]),
        ("year_ago_n", "n a year ago", "同期样本数", &[]),
        ("year_ago_difference", "against a year ago", "较同期", &[]),
        ("then", "then", "对比期", &[]),
        ("then_n", "n then", "对比期样本数", &[]),
        ("then_difference", "against then", "较对比期", &[]),
    ],
    values: &[
        ("activeness", "active", "active", "活跃"),
        ("activeness", "churned", "churned", "已流失"),
        ("kpi", "acquisition", "acquisition", "客户获取率"),
        ("kpi", "first_contact_rate", "first contact answered", "首次联系率"),
        ("kpi", "quote_days", "need to first quote", "需求到首次报价"),
        ("kpi", "sales_cycle", "sales cycle", "销售周期"),
        ("kpi", "sales_growth", "sales growth", "销售额增长率"),
        ("kpi", "avg_order", "average order", "客单价"),
        ("kpi", "repurchase_rate", "repurchase rate", "复购率"),
        ("kpi", "retention", "retention", "客户保留率"),
        ("kpi", "churn", "churn", "客户流失率"),
        ("kpi", "revenue_churn", "revenue churn", "金额流失率"),
        ("kpi", "renewal_rate", "renewal rate", "续费率"),
        ("kpi", "csat", "satisfaction", "客户满意度"),
        ("kpi", "nps", "recommendation (NPS)", "客户推荐指数"),
        ("kpi", "resolution_rate", "complaints resolved", "问题解决率"),
        ("kpi", "in_time_rate", "complaints in time", "按时解决率"),
        ("kpi", "response_time", "response time", "反馈响应时间"),
        ("kpi", "target_completion", "target completion", "目标完成率"),
        ("kpi_reading", "cohort", "of leads created", "同期口径"),
        ("kpi_reading", "flow", "of all leads", "当期口径"),
        ("kpi_reading", "median", "median", "中位数"),
        ("kpi_reading", "p90", "nine in ten", "九成以内"),
        ("kpi_reading", "previous", "on previous", "环比"),
        ("kpi_reading", "year-ago", "on a year ago", "同比"),
        ("kpi_reading", "contracts", "by number", "按份数"),
        ("kpi_reading", "amount", "by amount", "按金额"),
        ("kpi_reading", "share", "4 and 5", "4–5 分占比"),
        ("kpi_reading", "mean", "mean", "平均分"),
        ("kpi_unit", "fraction", "share", "比率"),
        ("kpi_unit", "points", "points", "分"),
        ("kpi_unit", "days", "days", "天"),
        ("kpi_unit", "hours", "working hours", "工作小时"),
        ("kpi_unit", "money", "money", "金额"),
        ("kpi_hit", "yes", "yes", "是"),
        ("kpi_hit", "no", "no", "否"),
        ("kpi_rule", "acquisition", "leads that entered a customer stage / leads", "进入成交阶段的线索 / 线索"),
        (
            "kpi_rule",
            "first_contact_rate",
            "leads that took part in a contact within [kpi] answer_days / leads",
            "在 [kpi] answer_days 天内有双向联系的线索 / 线索",
        ),
        ("kpi_rule", "quote_days", "days from a need to the first quote that names it", "从需求到首次报价的天数"),
        (
            "kpi_rule",
            "sales_cycle",
            "days from the first activity, else the creation, to the first order",
            "从首次联系（没有则建档）到首单的天数",
        ),
        ("kpi_rule", "sales_growth", "revenue now against revenue then", "本期销售额对比另一期"),
        ("kpi_rule", "avg_order", "revenue / sale orders", "销售额 / 订单数"),
        (
            "kpi_rule",
            "repurchase_rate",
            "customers that had ordered on an earlier day / customers that ordered",
            "此前已下过单的客户 / 下单客户",
        ),
        ("kpi_rule", "retention", "active at start and end / active at the start", "期初期末都活跃 / 期初活跃"),
        (
            "kpi_rule",
            "churn",
            "active at the start and not at the end / active at the start",
            "期初活跃、期末不活跃 / 期初活跃",
        ),
        (
            "kpi_rule",
            "revenue_churn",
            "revenue of the 12 months before the start: of those lost / of those active at the start",
            "期初前 12 个月销售额：流失客户 / 期初活跃客户",
        ),
        (
            "kpi_rule",
            "renewal_rate",
            "renewed within [contracts] renew_days / ended",
            "在 [contracts] renew_days 天内续签 / 到期合同",
        ),
        (
            "kpi_rule",
            "csat",
            "answers from [kpi] satisfied_from on / answers",
            "达到 [kpi] satisfied_from 的回答 / 回答",
        ),
        (
            "kpi_rule",
            "nps",
            "% of 9 and 10 less % of 0 to 6, last answer of each customer",
            "9–10 分占比 − 0–6 分占比，每客户取最后一次回答",
        ),
        ("kpi_rule", "resolution_rate", "complaints resolved / complaints", "已解决投诉 / 投诉"),
        (
            "kpi_rule",
            "in_time_rate",
            "complaints resolved in time / those of which it is known",
            "按时解决 / 已可判定的投诉",
        ),
        ("kpi_rule", "response_time", "working time until the first answer", "到首次答复的工作时间"),
        (
            "kpi_rule",
            "target_completion",
            "done by those with a target / targets, by the rep on the order",
            "有目标者的完成额 / 目标，按订单业务员计",
        ),
    ],
    commands: &[],
    arguments: &[],
};
