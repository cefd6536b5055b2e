//! Targets and what was reached of them, the month's end, commissions, forecasts against what came of them.

use super::{Area, msgs};

msgs! {
    open_period() { "the period needs a first and a last day", "期间须有起止日" }
    hint_closed_period() { "for example `-p this-month`, `-p 2026Q3` or `-p 2026`", "例如 `-p this-month`、`-p 2026Q3` 或 `-p 2026`" }
    targets_of_all() { "targets are of all customers: beside a part of them there are none", "目标针对全部客户：只看部分客户时不显示目标" }
    targets_by_months() { "targets are of months, quarters and years: of other days there are none", "目标按月、季、年设定：其他期间没有目标" }
    target_lacks(who, metric, parts) { "{who} {metric}: {parts}", "{who} {metric}：{parts}" }
    targets_lack(list) { "targets are n/a where a part of the period has none: {list}", "期间有部分未设目标，合计目标不可得：{list}" }
    worked_days(all, passed, left) { "Worked days of the period: {all}, {passed} of them up to today, {left} to come. At the present rate = done ÷ days passed × all days", "期间工作日 {all} 天，截至今日 {passed} 天，剩余 {left} 天。按进度预测 = 已完成 ÷ 已过工作日 × 全部工作日" }
    profit_without_cost(n) { [n = 1] "the cost of {n} line is unknown: it counts nowhere in profit"; "the cost of {n} lines is unknown: they count nowhere in profit", "{n} 行成本未知：不计入毛利" }
    credit_line(day, place, what, who, amount) { "{day} ({place}) {what} {who}: {amount}", "{day}（{place}）{what} {who}：{amount}" }
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
        ("needed_per_day", "needed a working day", "每工作日需完成", &[]),
        ("previous_change", "against previous", "环比", &[]),
        ("year_ago_change", "against a year ago", "同比", &[]),
        ("push_share", "orders of the last 5 days", "月末 5 天订单占比", &[]),
        ("pushed", "months pushed", "月底突击", &[]),
        ("due_in_period", "due in the period", "期间应收", &[]),
        ("collection_rate", "collection rate", "回款率", &[]),
    ],
    values: &[],
    commands: &[],
    arguments: &[],
};
