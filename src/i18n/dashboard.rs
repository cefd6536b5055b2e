//! The page for whoever leads the sales.

use super::{Area, msgs};

msgs! {
    dashboard_months() { "Revenue and profit by month", "每月销售额与毛利" }
    dashboard_targets() { "Target, signed, collected", "目标、签单、回款" }
    dashboard_ageing() { "Receivables by age", "应收账龄" }
    dashboard_late() { "Most late money", "逾期应收最多的客户" }
    dashboard_risks() { "Customers that may leave", "有流失风险的客户" }
    dashboard_stuck() { "Customers that stand still", "停滞客户" }
    dashboard_complaints() { "Open complaints", "未解决的投诉" }
    dashboard_funnel() { "Customers by stage", "客户阶段分布" }
    dashboard_first(title, shown, all) { "{title} (the first {shown} of {all})", "{title}（前 {shown} 项，共 {all} 项）" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("dashboard.figure", "figure", "指标", &[]),
        ("dashboard.revenue", "revenue", "销售额", &[]),
        ("dashboard.profit", "profit", "毛利", &[]),
        ("dashboard.margin", "margin", "毛利率", &[]),
        ("dashboard.receipts", "collected", "回款额", &[]),
        ("dashboard.orders", "orders", "订单数", &[]),
        ("dashboard.new_customers", "new customers", "新客户数", &[]),
        ("dashboard.outstanding", "outstanding today", "今日应收", &[]),
        ("dashboard.overdue", "late today", "今日逾期", &[]),
        ("dashboard.at_risk", "customers that may leave", "流失风险客户", &[]),
        ("dashboard.stalled", "customers that stand still", "停滞客户", &[]),
        ("dashboard.complaints_open", "open complaints", "未解决的投诉", &[]),
        ("dashboard.complaints_late", "late complaints", "超时的投诉", &[]),
        ("now", "now", "本期", &[]),
        ("revenue_year_ago", "a year ago", "去年同期", &[]),
        ("target_signed", "target", "签单目标", &[]),
        ("target_receipts", "target of receipts", "回款目标", &[]),
        ("age_of_debt", "age", "账龄", &[]),
        ("late_amount", "late", "逾期金额", &[]),
        ("dashboard.days_late", "days late", "逾期天数", &[]),
        ("dashboard.risk", "points", "风险分", &[]),
        ("dashboard.signs", "why", "原因", &[]),
        ("dashboard.profit_of_year", "profit in 12 months", "近12个月毛利", &[]),
        ("dashboard.customer", "customer", "客户", &[]),
        ("dashboard.made", "made", "投诉日", &[]),
    ],
    values: &[],
    commands: &[],
    arguments: &[],
};
