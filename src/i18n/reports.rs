//! Figures and the reports of them.

use super::{Area, msgs};

msgs! {
    too_many_parts(most) { "kehu cannot show a period in more than {most} parts", "期间不能分成 {most} 段以上" }
    hint_too_many_parts() { "choose a shorter -p, or a longer --per", "请缩短 -p，或使用更长的 --per" }
    on_time_rate(kept, judged) { "on time: {kept} of {judged}", "准时：{kept} / {judged}" }
    explain_sale(place, net, cost, profit) { "  {place}: net {net}, cost {cost}, profit {profit}", "  {place}：不含税 {net}，成本 {cost}，毛利 {profit}" }
    explain_profit() { "rule R6: profit = net − cost − extra cost; net = amount, else quantity × price × (1 − discount); cost = cost, else quantity × unit cost, else × the standard cost of the day", "规则 R6：毛利 = 净额 − 成本 − 附加成本；净额 = 金额，否则 数量 × 单价 ×（1 − 折扣率）；成本 = 成本，否则 数量 × 单位成本，否则 × 当日标准成本" }
    why_leader(share, cumulative) { "{share} of the profit, {cumulative} with those above", "占毛利 {share}，累计 {cumulative}" }
    why_promising(margin, company) { "margin {margin}, that of the company {company}", "毛利率 {margin}，全公司 {company}" }
    why_loser(margin) { "loses money: margin {margin}", "亏损：毛利率 {margin}" }
    why_pause(margin, place, n) { "margin in the season {margin}, number {place} of {n} from below", "旺季毛利率 {margin}，{n} 个产品中倒数第 {place}" }
    why_drop(quarters) { "{quarters}; no key customer buys it", "{quarters}；没有重要客户购买" }
    why_kept(quarters, n) { [n = 1] "{quarters}; stays, since {n} key customer buys it"; "{quarters}; stays, since {n} key customers buy it", "{quarters}；有 {n} 个重要客户购买，保留" }
    why_retired(quarters) { "{quarters}; already retired", "{quarters}；已停售" }
    cannot_group(what, key) { "{what} cannot be grouped by `{key}`", "{what}不能按 `{key}` 分组" }
    quarter_margin(quarter, margin, floor) { "{quarter}: margin {margin}, floor {floor}", "{quarter}：毛利率 {margin}，底线 {floor}" }
    key_customers_buy(customers) { "  key customers buy it: {customers}", "  购买的重要客户：{customers}" }
    no_season() { "There are no candidates to pause: kehu.toml has no months under [season].", "没有暂停生产候选：kehu.toml 的 [season] 没有月份。" }
    season_outside() { "There are no candidates to pause: nothing was sold in the months of [season] in this period.", "没有暂停生产候选：该期间的 [season] 月份没有销售。" }
    drop_quarters(first, second) { "The candidates to drop are those of {first} and {second}, the last two whole quarters.", "淘汰候选按最近两个完整季度 {first} 和 {second} 判断。" }
    explain_products(share, pause) { "rule R6: leader = one of the products of most profit, up to the one that crosses {share} of all profit (kpi.key_share), with a margin at or above the company's, unless it loses money or is a candidate to pause or drop; promising = the same margin, less profit; loser = profit below 0; pause = the lowest margins in the months of [season], {pause} of the products sold then, rounded up (season.pause_share); drop = below the floor in both quarters, and no key customer bought it in 12 months; floor = margin_floor of the customer's grade on the day of the order, at most 0 for a first order, weighted by revenue; key customers = customers of the best grade, and those of most profit in 12 months, up to the one that crosses {share}", "规则 R6：主推 = 毛利从高到低累计跨过 {share}（kpi.key_share）的产品中，毛利率不低于全公司、且不属于亏损、暂停或淘汰的；潜力 = 毛利率同样够高、毛利额较小的；亏损 = 毛利小于 0；暂停生产 = [season] 月份毛利率最低的产品，占当时所售产品的 {pause}，向上取整（season.pause_share）；淘汰 = 两个季度都低于底线，且 12 个月内没有重要客户购买；底线 = 下单当日客户等级的 margin_floor，首单不高于 0，按销售额加权；重要客户 = 最高等级的客户，以及 12 个月毛利从高到低累计跨过 {share} 的客户" }
    no_group(what) { "(no {what})", "（无{what}）" }
    cost_unknown(n, amount, currency) { [n = 1] "cost unknown: {n} line, {amount} {currency}; it counts in revenue only"; "cost unknown: {n} lines, {amount} {currency}; they count in revenue only", "成本未知：{n} 行，{amount} {currency}；只计入销售额" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("targets.owner", "owner", "责任人", &[]),
        ("metric", "metric", "考核指标", &[]),
        ("level", "level", "目标档", &[]),
        ("targets.amount", "target", "目标值", &[]),
        ("idle_days", "days since order", "未下单天数", &[]),
        ("first_order", "first order", "首单日期", &[]),
        ("last_order", "last order", "最近下单", &[]),
        ("orders", "orders", "订单数", &[]),
        ("returns", "returns", "退货单数", &[]),
        ("order_gap", "days between orders", "下单间隔", &[]),
        ("revenue", "revenue", "销售额", &[]),
        ("profit", "profit", "毛利", &[]),
        ("margin", "margin", "毛利率", &[]),
        ("avg_order", "average order", "客单价", &[]),
        ("growth", "growth", "销售环比", &["销售增长"]),
        ("growth_year_ago", "growth on a year ago", "销售同比", &[]),
        ("unknown_cost_lines", "lines of unknown cost", "成本未知行", &["成本未知行数"]),
        ("revenue_last_year", "revenue last year", "去年销售额", &[]),
        ("profit_last_year", "profit last year", "去年毛利", &[]),
        ("revenue_share", "share of revenue", "销售额占比", &[]),
        ("profit_share", "share of profit", "毛利占比", &[]),
        ("profit_before", "profit before", "之前毛利", &[]),
        ("profit_after", "profit after", "之后毛利", &[]),
        ("profit_effect", "difference", "毛利增减", &[]),
        ("revenue_then", "revenue then", "对比期销售额", &[]),
        ("revenue_change", "revenue change", "销售额变化", &[]),
        ("profit_then", "profit then", "对比期毛利", &[]),
        ("profit_change", "profit change", "毛利变化", &[]),
        ("previous.revenue_then", "revenue then", "上期销售额", &[]),
        ("previous.revenue_change", "revenue change", "销售额环比", &[]),
        ("previous.profit_then", "profit then", "上期毛利", &[]),
        ("previous.profit_change", "profit change", "毛利环比", &[]),
        ("year-ago.revenue_then", "revenue then", "同期销售额", &[]),
        ("year-ago.revenue_change", "revenue change", "销售额同比", &[]),
        ("year-ago.profit_then", "profit then", "同期毛利", &[]),
        ("year-ago.profit_change", "profit change", "毛利同比", &[]),
        ("leader", "leader", "主推", &[]),
        ("promising", "promising", "潜力", &[]),
        ("loser", "loser", "亏损", &[]),
        ("pause", "pause", "暂停生产", &[]),
        ("drop", "drop", "淘汰", &[]),
        ("cumulative_share", "cumulative share", "累计占比", &[]),
        ("season_margin", "margin in the season", "旺季毛利率", &[]),
        ("quarter_1", "quarter before", "前一季度", &[]),
        ("quarter_1_margin", "margin in it", "前季毛利率", &[]),
        ("quarter_1_floor", "floor in it", "前季底线", &[]),
        ("quarter_2", "last quarter", "最近季度", &[]),
        ("quarter_2_margin", "margin in it", "近季毛利率", &[]),
        ("quarter_2_floor", "floor in it", "近季底线", &[]),
        ("key_customers", "key customers", "重要客户", &[]),
        ("share", "share", "占比", &[]),
        ("first", "first order", "首单", &[]),
        ("revenue_known", "revenue of known cost", "有成本销售额", &[]),
        ("revenue_more", "more revenue", "销售额增减", &[]),
        ("order_days", "order days", "下单天数", &[]),
        ("revenue_this_year", "revenue this year", "今年销售额", &[]),
        ("profit_this_year", "profit this year", "今年毛利", &[]),
        ("margin_this_year", "margin this year", "今年毛利率", &[]),
        ("margin_last_year", "margin last year", "去年毛利率", &[]),
        ("orders_this_year", "orders this year", "今年订单数", &[]),
        ("orders_last_year", "orders last year", "去年订单数", &[]),
        ("orders_count", "orders", "订单数", &[]),
        ("yesterday_signed", "signed yesterday", "昨日签单", &[]),
        ("yesterday_collected", "collected yesterday", "昨日回款", &[]),
        ("month_signed", "signed this month", "本月签单", &[]),
        ("month_target", "target of the month", "本月目标", &[]),
        ("target_completion", "target reached", "目标完成率", &[]),
    ],
    values: &[
        ("targets.metric", "signed", "signed", "签单额"),
        ("targets.metric", "orders", "orders", "订单数"),
        ("targets.metric", "receipts", "receipts", "回款额"),
        ("targets.metric", "profit", "profit", "毛利"),
        ("targets.metric", "new_customers", "new customers", "新增客户"),
        ("targets.metric", "visits", "visits", "拜访次数"),
        ("level", "base", "base", "保底"),
        ("level", "target", "target", "目标"),
        ("level", "stretch", "stretch", "冲刺"),
        ("product_section", "leader", "Leaders", "主推产品"),
        ("product_section", "promising", "High margin, little sold", "潜力产品（高毛利、销量小）"),
        ("product_section", "loser", "Losers", "亏损产品"),
        ("product_section", "pause", "Candidates to pause", "暂停生产候选"),
        ("product_section", "drop", "Candidates to drop", "淘汰候选"),
        ("product_section", "other", "Other products", "其他产品"),
    ],
    commands: &[],
    arguments: &[],
};
