//! Value classes, playbooks, the busy season, the calls that orders cause (R5, R7).

use super::{Area, msgs};

msgs! {
    playbooks_title() { "Playbook", "标准动作" }
    playbook_floor(floor) { "Lowest margin {floor}", "毛利率底线 {floor}" }
    playbook_discount(line, most, whose) { "{line}, discount up to {most} ({whose})", "{line}，最大折扣 {most}（{whose}）" }
    playbook_season(line, place, word) { "{line}; busy season: served in place {place} ({word})", "{line}；旺季服务顺序第 {place} 位（{word}）" }
    calls_title() { "Calls about orders", "订单回访" }
    calls_made(due, in_time, late, share) { "calls that were due: {due}; made in time: {in_time} ({share}); made late: {late}", "到期回访 {due} 次；按时 {in_time} 次（{share}）；迟到 {late} 次" }
    call_promised(day) { "promised {day}", "约定交期 {day}" }
    call_ordered(day) { "ordered {day}", "下单 {day}" }
    call_counted(from, place, days, key, due) { "{from} ({place}) {days} days (kehu.toml: {key}): {due}", "{from}（{place}）{days} 天（kehu.toml：{key}）：{due}" }
    call_done(day, who, place) { "two-way contact {day} by {who} ({place})", "双向联系 {day}，{who}（{place}）" }
    call_from(from, days) { "{from} {days} d", "{from} {days} 天" }
    call_first(order, from) { "first order {order}: call ({from})", "首单 {order} 回访（{from}）" }
    call_order(order, from) { "order {order}: after-sales call ({from})", "订单 {order} 售后回访（{from}）" }
    did_plan_calls(order, days) { "{order}  calls: {days}", "{order}  回访：{days}" }
    season_no_order() { "kehu.toml says no order of service: [season] serve", "kehu.toml 没有规定服务顺序：[season] serve" }
    season_no_months(order) { "order of service: {order}; kehu.toml names no busy months: [season] months", "服务顺序：{order}；kehu.toml 没有规定旺季月份：[season] months" }
    season_busy(order, months) { "busy season (months {months}); order of service: {order}", "正值旺季（{months} 月）；服务顺序：{order}" }
    season_idle(order, months) { "no busy season now (months {months}); order of service then: {order}", "目前不是旺季（旺季为 {months} 月）；旺季服务顺序：{order}" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("segment", "value class", "客户细分", &["价值分类"]),
        ("risk", "risk", "流失风险", &[]),
        ("risk_idle", "no order for long", "久未下单", &[]),
        ("risk_drop", "buys less", "采购下降", &[]),
        ("risk_complaints", "more complaints", "投诉增多", &[]),
        ("risk_late_complaint", "complaint late", "投诉超期", &[]),
        ("risk_low_score", "low score", "评分过低", &[]),
        ("risk_follow_up", "follow-up late", "跟进逾期", &[]),
        ("risk_receivable", "receivable late", "应收逾期久", &[]),
        ("risk_key_contact", "decision-maker left", "决策人离开", &[]),
        ("csat", "satisfaction", "满意度", &[]),
        ("nps", "recommendation", "推荐意愿", &[]),
        ("year_ago", "a year ago", "去年同期", &[]),
        ("season_place", "place in the season", "旺季顺序", &[]),
        ("place", "place", "顺序", &[]),
        ("served_as", "served as", "服务依据", &[]),
        ("applies_to", "applies to", "适用于", &[]),
        ("ordered", "ordered", "下单日期", &[]),
        ("call_days", "days from promise", "距交期天数", &[]),
        ("called", "called on", "回访日期", &[]),
        ("called_by", "called by", "回访人", &[]),
        ("aftersales.due", "call due", "应回访日", &[]),
        ("aftersales.state", "call", "回访状态", &[]),
    ],
    values: &[
        ("section", "aftersales", "Calls about orders", "订单回访"),
        ("segment", "key", "key", "重要"),
        ("segment", "major", "major", "主要"),
        ("segment", "ordinary", "ordinary", "一般"),
        ("segment", "risk", "risk", "风险"),
        ("playbook_kind", "do", "do", "要做"),
        ("playbook_kind", "watch", "watch", "注意"),
        ("call_state", "late", "late", "已逾期"),
        ("call_state", "today", "today", "今天"),
        ("call_state", "coming", "coming", "未到期"),
        ("call_state", "done", "done", "已回访"),
        ("call_state", "done-late", "done late", "迟回访"),
        ("call_state", "missed", "missed", "未回访"),
    ],
    commands: &[],
    arguments: &[],
};
