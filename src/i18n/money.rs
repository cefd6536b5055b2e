//! Messages about figures: what stands behind them, what a customer owes, orders and deliveries.

use super::msgs;

msgs! {
    // Explanations.
    figure(label, value, rule) { "{label} {value}: rule {rule}", "{label} {value}：规则 {rule}" }
    over_days(head, days) { "{head}, {days}", "{head}，{days}" }
    all_time() { "all time", "全部" }
    not_available() { "n/a", "n/a" }
    inputs(head, list) { "{head}: {list}", "{head}：{list}" }
    same_rows(label) { "  rows as for {label}", "  所据各行同{label}" }
    no_rows() { "  no rows", "  没有对应的行" }
    row(place, day, text) { "  {place}: {day} {text}", "  {place}：{day} {text}" }
    cash(place, day, amount) { "  {place}: {day} {amount}", "  {place}：{day} {amount}" }
    wait(place, day, amount, days) { "  {place}: {day} paid {amount} after {days} days", "  {place}：{day} 收 {amount}，历时 {days} 天" }
    wait_open(place, amount, days) { "  {place}: {amount} open for {days} days", "  {place}：{amount} 未收，已 {days} 天" }
    key_of(place, key, value) { "  {place}: {key} = {value}", "  {place}：{key} = {value}" }
    explain_cycle(last, place, span, file, key) { "last activity {last} ({place}) + cycle {span} ({file}: {key})", "最近联系 {last}（{place}）+ 周期 {span}（{file}：{key}）" }
    explain_first(base, source, days) { "never contacted: {base} ({source}) + {days} days (kehu.toml: followup.first_contact_days)", "从未联系：{base}（{source}）+ {days} 天（kehu.toml：followup.first_contact_days）" }
    explain_reopen(day, source) { "closed until {day} ({source})", "关闭至 {day}（{source}）" }
    // The day.
    open_of(order, open, total) { "{order}, open {open} of {total}", "{order}，未收 {open}，共 {total}" }
    open_in_full(order, open) { "{order}, open {open}", "{order}，未收 {open}" }
    delivery_of(order, state, total) { "{order} ({state}), {total}", "{order}（{state}），{total}" }
    // One customer.
    money_title() { "Sales and profit", "销售与毛利" }
    receivables_title() { "Receivables", "应收" }
    receipts_title() { "Latest receipts", "最近收款" }
    brief_bought(day, what, net, order) { "Last bought {day}: {what}; net {net} ({order})", "最近购买 {day}：{what}；不含税 {net}（{order}）" }
    brief_never_bought() { "Has not bought yet.", "尚未下单。" }
    brief_margin(margin, profit, revenue, orders) { "Usual margin {margin}: profit {profit} on {revenue}, orders {orders}", "平常毛利率 {margin}：毛利 {profit} / 销售额 {revenue}，订单 {orders} 张" }
    brief_margin_unknown(revenue, n) { "Usual margin n/a: revenue {revenue}, lines of unknown cost {n}", "平常毛利率 n/a：销售额 {revenue}，成本未知 {n} 行" }
    brief_unknown_cost(line, n) { "{line}; lines of unknown cost {n}", "{line}；成本未知 {n} 行" }
    brief_owes(amount) { "Owes {amount}, nothing overdue", "应收余额 {amount}，没有逾期" }
    brief_owes_nothing() { "Owes nothing", "没有应收余额" }
    brief_overdue(amount, overdue, days) { "Owes {amount}, of which {overdue} is overdue, up to {days} days", "应收余额 {amount}，其中逾期 {overdue}，最长 {days} 天" }
    brief_credit(line, credit) { "{line}; credit {credit}", "{line}；预收 {credit}" }
    brief_days(line, days) { "{line}; pays after {days} days", "{line}；平均回款 {days} 天" }
    brief_limit(line, used, limit) { "{line}; {used} of the credit limit {limit}", "{line}；已用信用额度 {limit} 的 {used}" }
    brief_late(list) { "Late: {list}", "晚交：{list}" }
    brief_promised(list) { "Deliveries open: {list}", "待交货：{list}" }
    promised_on(order, day) { "{order} promised {day}", "{order} 约定 {day}" }
    promised_late(order, day, days) { "{order} promised {day}, {days} days late", "{order} 约定 {day}，晚 {days} 天" }
    overdue_order(order, due, open) { "{order} due {due}, open {open}", "{order} 应收日 {due}，未收 {open}" }
    brief_overdue_list(list) { "Overdue: {list}", "逾期：{list}" }
    brief_grade(grade, day, by) { "Grade {grade} since {day} (by {by})", "客户等级 {grade}，自 {day}（{by}）" }
    brief_grade_why(line, why) { "{line}: {why}", "{line}：{why}" }
    brief_grade_plain(grade) { "Grade {grade}; no record says why", "客户等级 {grade}；没有定级记录" }
    brief_not_graded() { "Not graded", "尚未定级" }
    this_year(year) { "{year} to date", "{year} 年至今" }
    last_year(year) { "{year}", "{year} 年" }
    lifetime() { "all", "全部" }
}
