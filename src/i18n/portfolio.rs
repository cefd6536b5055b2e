//! How customers are divided and what that says: RFM, ABC, value classes, moves between grades, portraits, new customers,
//! customers to give up, and what is bought together.

use super::reporting::Words;
use super::{Area, msgs};

msgs! {
    explain_rfm(window, fixed) { "rule R9: of those who ordered in the last {window} (rfm.window), R = days since the last order, F = days with an order, M = net; each score is 1 + floor(5 × customers strictly worse ÷ n), with fewer than {fixed} customers (rfm.fixed_below) by the bands of [rfm]; the first segment whose ranges all three scores meet counts", "规则 R9：最近 {window}（rfm.window）内下过单的客户，R = 距最近下单天数，F = 下单天数，M = 净额；每项得分 = 1 + ⌊5 × 严格更差的客户数 ÷ n⌋，不足 {fixed} 个客户（rfm.fixed_below）时按 [rfm] 的固定分段；按顺序取三项得分都符合的第一个分群" }
    rfm_fixed(n, least) { [n = 1] "{n} customer ordered: fewer than {least}, so the bands of [rfm] give the scores, and not ranks"; "{n} customers ordered: fewer than {least}, so the bands of [rfm] give the scores, and not ranks", "{n} 个客户下过单，不足 {least} 个：按 [rfm] 的固定分段计分，不按排名" }
    rfm_averages(r, f, m) { "high = above the average score of all: R {r}, F {f}, M {m}", "高 = 高于全体平均分：R {r}，F {f}，M {m}" }
    rfm_before(n, window) { [n = 1] "{n} customer ordered only before the last {window}, and has no scores"; "{n} customers ordered only before the last {window}, and have no scores", "{n} 个客户的订单都早于最近 {window}，不计分" }
    abc_title(by, of) { "ABC by {by}, of {of}", "ABC 分析（按{by}，看{of}）" }
    abc_nothing(n) { [n = 1] "{n} brings nothing, or nobody knows what: it has no class"; "{n} bring nothing, or nobody knows what: they have no class", "{n} 个不大于 0 或未知：不分类" }
    explain_abc(classes) { "largest first; each class reaches up to the one that crosses its cumulative share of all that lies above zero (abc.classes): {classes}", "从高到低排列；每类到累计占比（大于 0 的合计，abc.classes）跨过界线的那一个为止：{classes}" }
    segments_not_earlier(day, today) { "--from {day} is not before {today}", "--from {day} 不早于 {today}" }
    explain_segments(key, major, high) { "rule R5, risk first: risk = no profit in 12 months from the second order day on, or a churn score of {high} or more, or a debt given up, or a low recommendation with an open complaint; key = those of most profit in 12 months up to the one that crosses {key} of all (kpi.key_share), if satisfied; major = the next up to {major} (kpi.major_share); ordinary = the rest with a profit", "规则 R5，先看风险：风险 = 自第二个下单日起 12 个月毛利不大于 0，或流失风险分达到 {high}，或有坏账，或推荐分低且有未结投诉；重要 = 12 个月毛利从高到低累计跨过 {key}（kpi.key_share）且满意的客户；主要 = 其后累计到 {major}（kpi.major_share）；一般 = 其余有毛利的客户" }
    class_no_profit(amount) { "profit of 12 months {amount}", "12 个月毛利 {amount}" }
    class_leaving(score) { "may leave: {score} points", "流失风险 {score} 分" }
    class_bad_debt() { "a debt was given up", "有坏账" }
    class_unhappy(nps) { "recommendation {nps} with an open complaint", "推荐分 {nps}，且有未结投诉" }
    class_profit(amount) { "profit of 12 months {amount}", "12 个月毛利 {amount}" }
    class_not_satisfied(amount, csat) { "profit of 12 months {amount}, but satisfaction {csat}", "12 个月毛利 {amount}，但满意度 {csat}" }
    segments_changed(day) { "Changed since {day}", "{day} 以来的变化" }
    segments_more(n) { [n = 1] "{n} more customer changed: --by customer has_moved:yes"; "{n} more customers changed: --by customer has_moved:yes", "另有 {n} 个客户变化：--by customer has_moved:yes" }
    segments_first(n, day) { [n = 1] "{n} customer had no class on {day}"; "{n} customers had no class on {day}", "{n} 个客户在 {day} 尚无细分" }
    segments_untold(n) { [n = 1] "{n} customer with orders has no class, as nobody knows what it earned"; "{n} customers with orders have no class, as nobody knows what they earned", "{n} 个有订单客户毛利未知，没有细分" }
    resources_title() { "What they are given, and what kehu.toml gives them: visits of 365 days, discounts and spend of 12 months, gifts of this year", "资源投入与政策对照：365 天拜访、12 个月折扣与费用、今年礼品" }
    explain_prune(late, small, overdue, major) { "rule R6: slow = pays {late} days late on average or later (prune.late_days); small = together the last {small} of the revenue of 12 months (prune.small_share); risky = something is overdue for more than {overdue} days (prune.overdue_days), or a debt was given up; stay = one of those who make up {major} of the profit of 12 months (kpi.major_share); drop = nothing is left of the profit, or more than one of the three; net contribution = profit − goodwill − complaints − spend − capital", "规则 R6：拖欠 = 平均晚付 {late} 天及以上（prune.late_days）；小额 = 12 个月销售额末尾合计 {small} 的客户（prune.small_share）；高险 = 有款项逾期超过 {overdue} 天（prune.overdue_days）或有坏账；保留 = 12 个月毛利累计占 {major} 的客户之一（kpi.major_share）；淘汰 = 净贡献不大于 0，或三项中占两项以上；净贡献 = 毛利 − 让利 − 投诉成本 − 费用 − 资金成本" }
    prune_slow(days) { "pays {days} days late", "平均晚付 {days} 天" }
    prune_small() { "buys little", "销售额小" }
    prune_overdue(days) { [days = 1] "overdue for {days} day"; "overdue for {days} days", "逾期 {days} 天" }
    prune_stays() { "stays because of its profit", "因毛利保留" }
    prune_summary(verdict, n, amount) { "{verdict} {n}, net contribution {amount}", "{verdict} {n} 个，净贡献 {amount}" }
    matrix_title(from, to) { "Customers by grade on {from} (rows) and on {to} (columns)", "{from}（行）与 {to}（列）各等级客户数" }
    moves_title() { "What moves between grades brought", "等级变动的毛利效果" }
    moves_note() { "of each move the profit of the 12 months before its day and of the 12 from it on; figures are those of moves whose 12 months are over and whose profit is known", "每次变动：变动日之前 12 个月与自该日起 12 个月的毛利；只计满 12 个月且毛利已知的变动" }
    new_brought(n, amount, share, all) { [n = 1] "{n} new customer brought {amount}, {share} of the {all} that all brought"; "{n} new customers brought {amount}, {share} of the {all} that all brought", "{n} 个新客户带来毛利 {amount}，占全部 {all} 的 {share}" }
    new_unknown(n) { [n = 1] "{n} new customer; nobody knows what it earned"; "{n} new customers; nobody knows what they earned", "{n} 个新客户；毛利未知" }
    explain_new() { "rule R6: new customers are those whose first ever order lies in the period; what they bring is their profit in it", "规则 R6：新增客户 = 首单在期间内的客户；带来的毛利 = 其期间内毛利" }
    portrait_of(best, all) { "key and A customers: {best} of {all} customers with orders; lift = their share ÷ the share of all", "重要客户与 A 级客户：{all} 个有订单客户中的 {best} 个；提升度 = 其占比 ÷ 全体占比" }
    portrait_few(n, least) { [n = 1] "the portrait rests on {n} customer, fewer than {least}"; "the portrait rests on {n} customers, fewer than {least}", "画像只依据 {n} 个客户，少于 {least} 个，仅供参考" }
    portrait_leads() { "Leads like them", "相似的潜在客户" }
    portrait_more(n) { [n = 1] "{n} more lead: --by lead"; "{n} more leads: --by lead", "另有 {n} 个潜在客户：--by lead" }
    portrait_why(label, value, best, all, lift) { "{label} {value}: {best} of {all} customers (× {lift})", "{label} {value}：{all} 个客户中 {best} 个（× {lift}）" }
    explain_portrait(share) { "key and A customers = active ones of the best grade, and those of most profit in 12 months up to the one that crosses {share} of all (kpi.key_share); likeness = the product of (best ones with the trait + 1 × its share among all) ÷ (best ones + 1) ÷ its share among all, over industry, region and size where they are known; leads are active customers before their first order", "重要客户与 A 级客户 = 最高等级的活跃客户，以及 12 个月毛利从高到低累计跨过 {share}（kpi.key_share）的客户；相似度 = 各已知特征（行业、地区、规模）的（具有该特征的重要客户数 + 该特征在全体中的占比）÷（重要客户数 + 1）÷ 该特征在全体中的占比，再相乘；潜在客户 = 尚未下单的活跃客户" }
    basket_gaps_title(peers) { "What customers lack that others of the same {peers} buy", "同{peers}客户常买而该客户未买的产品" }
    basket_gaps_of_all() { "What customers lack that others buy", "其他客户常买而该客户未买的产品" }
    portrait_cells() { "industry × region × size", "行业 × 地区 × 规模" }
    basket_orders(n, least) { [n = 1] "{n} order; pairs that {least} of them have, or more (basket.min_orders)"; "{n} orders; pairs that {least} of them have, or more (basket.min_orders)", "共 {n} 张订单；至少 {least} 张订单同时购买的产品对（basket.min_orders）" }
    basket_few(n, least) { [n = 1] "{n} pair rests on fewer than {least} orders"; "{n} pairs rest on fewer than {least} orders", "{n} 对的订单少于 {least} 张，仅供参考" }
    basket_too_many(n, most) { [n = 1] "{n} order with more than {most} products is left out (basket.max_products)"; "{n} orders with more than {most} products are left out (basket.max_products)", "{n} 张订单的产品超过 {most} 种，未计入（basket.max_products）" }
    basket_without_peers(n, label) { [n = 1] "{n} customer without {label} is like nobody"; "{n} customers without {label} are like nobody", "{n} 个客户没有{label}，无法比较" }
    explain_basket(least, most) { "support = orders with both ÷ all orders; confidence = orders with both ÷ orders with the first, and the other way round; lift = support ÷ (share of the first × share of the second): above 1 both come together more often than by chance; pairs of at least {least} orders (basket.min_orders), orders of at most {most} products (basket.max_products); a product counts once in an order, returns do not", "支持度 = 同时购买的订单 ÷ 全部订单；置信度 = 同时购买的订单 ÷ 购买前者的订单（及反向）；提升度 = 支持度 ÷（前者占比 × 后者占比），大于 1 表示并非偶然；至少 {least} 张订单（basket.min_orders），订单不超过 {most} 种产品（basket.max_products）；同一订单内产品只计一次，退货不计" }
    explain_gaps(least, share) { "a customer lacks a product where at least {least} others of its group (basket.min_peers) buy one that it buys, too, {share} of them or more (basket.peer_share) buy both, and that is more than of all others of the group; of several such products the one whose buyers have the largest share; at most three products a customer; expected = what buyers of the group bought of it on average", "当同组至少 {least} 个其他客户（basket.min_peers）也买该客户所买的某产品，其中 {share} 及以上（basket.peer_share）同时买另一产品，且高于同组整体比例时，视为该客户的缺口；取占比最高者；每个客户最多三个；预计金额 = 同组买家的平均购买额" }
    repurchase_unknown(n) { [n = 1] "of {n} nobody knows what it may come to"; "of {n} nobody knows what they may come to", "{n} 个金额未知" }
    explain_repurchase(days) { "due = the last order day + the median of the days between order days, from {days} of them on; the amount is what was bought on such a day on average; a contract is due on its last day, unless another one renews it", "应复购日 = 最近下单日 + 历次下单间隔的中位数（至少 {days} 个下单日）；金额 = 平均每个下单日的购买额；合同在最后一日到期，已续签的除外" }
}

pub(super) const TITLES: &[Words] = &[
    ("rfm", "RFM", "RFM 分析"),
    ("abc", "ABC", "ABC 分析"),
    ("segments", "Value classes", "客户细分"),
    ("prune", "Customers to give up", "淘汰建议"),
    ("new", "New customers", "新增客户"),
    ("portrait", "Portrait of key customers", "重要客户画像"),
    ("basket", "Bought together", "关联购买"),
    ("repurchase", "Due to buy again", "复购提醒"),
];

pub(super) const HELP: &[Words] = &[
    (
        "new",
        "What new customers bring: the profit in a period of those whose first order lies in it, each or by owner, source, month …",
        "新增客户：期间内首单客户带来的毛利，可按负责人、来源、月份等",
    ),
    (
        "new.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "portrait",
        "What key and A customers are like: industry, region and size against all, and the leads that are like them, with why",
        "重要客户画像：行业、地区、规模与全体对比，以及相似的潜在客户与理由",
    ),
    (
        "portrait.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "repurchase",
        "Who is due to buy again by its own interval, as a whole or a product, and which contracts end unrenewed",
        "复购提醒：按各客户自身间隔的应复购日（整体或按产品），以及未续签的到期合同",
    ),
    (
        "repurchase.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("new.by", "A row for each: {values}", "每行为：{values}"),
    (
        "new.period",
        "The days in which the first order lies (default: the last twelve months)",
        "首单所在期间（默认最近 12 个月）",
    ),
    ("new.explain", "Show the orders behind each row as file:line", "列出每行所含订单及其所在行"),
    (
        "portrait.by",
        "The main table has a row for each value of a trait, each cell of industry, region and size, or each lead: {values}",
        "主表每行为特征值、行业×地区×规模或潜在客户：{values}",
    ),
    ("portrait.explain", "Show the rule, and the customers behind each value", "列出规则与每个特征值的重要客户"),
    ("repurchase.by", "What is due: {values}", "按：{values}"),
    (
        "repurchase.period",
        "The days on which it is due (default: from 90 days ago to 30 days from now)",
        "应复购日所在期间（默认过去 90 天至今后 30 天）",
    ),
    ("repurchase.explain", "Show the days behind each interval as file:line", "列出间隔所依据的下单日及其所在行"),
    (
        "basket",
        "What is bought together (support, lift, n), and with --by gap what customers lack that others like them buy",
        "关联购买：支持度、提升度、样本数；--by gap 列出同类客户常买而该客户未买的产品",
    ),
    (
        "basket.by",
        "A row for each pair of products, or for each product that a customer lacks: {values}",
        "每行为产品对，或客户未买的产品：{values}",
    ),
    ("basket.peers", "Customers are alike by: {values}", "同类客户按：{values}"),
    (
        "basket.period",
        "Only orders of this period (default: the last 24 months)",
        "只看该期间的订单（默认最近 24 个月）",
    ),
    ("basket.explain", "Show the rule, and the orders behind each pair as file:line", "列出规则与每对产品的订单所在行"),
    (
        "grades.moves",
        "A row for each move between grades, with the profit of the 12 months before and after it (default: all moves up to --to)",
        "每次等级变动一行，含变动前后各 12 个月的毛利（默认截至 --to 的全部变动）",
    ),
    (
        "segments",
        "Value classes of customers: how many, what they bring, what changed and why, what they are given against the policy",
        "客户细分：各类客户数、销售额与毛利，变化及原因，拜访、折扣、信用、费用与政策对照",
    ),
    (
        "segments.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("segments.by", "The main table has a row for each: {values}", "主表每行为：{values}"),
    ("segments.from", "The day that classes are compared with (default: a year ago)", "对比的日期（默认一年前）"),
    ("segments.explain", "Show the rule, and what stands behind each customer's class", "列出规则与每个客户细分的依据"),
    (
        "prune",
        "Customers that cost more than they bring: slow, small and risky payers, and which of them stay because of their profit",
        "淘汰建议：拖欠、小额、高险客户，以及因毛利保留的客户",
    ),
    (
        "prune.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "prune.explain",
        "Show the rule, and the payments behind each customer as file:line",
        "列出规则与付款所在行（文件:行）",
    ),
    (
        "abc",
        "Customers or products by their share of profit or revenue, largest first, in classes of kehu.toml",
        "ABC 分析：客户或产品按毛利或销售额从高到低，累计占比与分类",
    ),
    ("abc.by", "A row for each: {values}", "每行为：{values}"),
    ("abc.of", "The figure that counts: {values}", "按哪个数字排列：{values}"),
    (
        "abc.period",
        "Only orders of this period (default: the last twelve months)",
        "只看该期间的订单（默认最近 12 个月）",
    ),
    (
        "rfm",
        "Customers by recency, frequency and money of their orders: scores, ten segments or the eight that Chinese teams know, each with its size and money",
        "RFM 分析：按最近下单、下单次数、金额打分，分为十个或八个客户群，含各群人数与金额",
    ),
    (
        "rfm.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("rfm.by", "A row for each: {values}", "每行为：{values}"),
    (
        "rfm.segments",
        "The segments: ten by the scores, or eight by R, F and M above the average or not: {values}",
        "分群方式：十群按得分，八群按 R、F、M 是否高于平均分：{values}",
    ),
    (
        "rfm.explain",
        "Show the rule, and the orders behind each customer's scores as file:line",
        "列出规则与得分背后的订单行（文件:行）",
    ),
];

pub(super) const AREA: Area = Area {
    labels: &[
        ("trait", "trait", "特征", &[]),
        ("best", "key and A", "重要客户数", &[]),
        ("best_share", "share of these", "重要客户占比", &[]),
        ("lift", "lift", "提升度", &[]),
        ("likeness", "likeness", "相似度", &[]),
        ("portrait_cell", "industry × region × size", "行业×规模", &[]),
        ("portrait_lead", "lead", "潜在客户", &[]),
        ("orders_together", "orders with both", "同购订单数", &[]),
        ("support", "support", "支持度", &[]),
        ("confidence", "confidence", "置信度", &[]),
        ("confidence_back", "confidence back", "反向置信度", &[]),
        ("product_orders", "orders of first", "前者订单数", &[]),
        ("other_orders", "orders of second", "后者订单数", &[]),
        ("peer_group", "group", "同类", &[]),
        ("with_product", "and", "另一产品", &[]),
        ("with_name", "and name", "另一名称", &[]),
        ("lacks", "lacks", "未买产品", &[]),
        ("lacks_name", "lacks name", "未买名称", &[]),
        ("has", "buys", "已买产品", &[]),
        ("has_name", "buys name", "已买名称", &[]),
        ("peers", "peers", "同类买家", &[]),
        ("peers_with", "with both", "两者都买", &[]),
        ("peer_share", "share with both", "都买占比", &[]),
        ("expected_amount", "expected", "预计金额", &[]),
        ("product_name", "product name", "产品名称", &[]),
        ("last_bought", "last", "最近购买", &[]),
        ("interval", "interval", "间隔天数", &[]),
        ("next_order", "next order", "应复购日", &[]),
        ("moves_count", "moves", "变动次数", &[]),
        ("moves_over", "told", "可比次数", &[]),
        ("effect_each", "effect each", "平均效果", &[]),
        ("customers_then", "customers then", "对比日客户数", &[]),
        ("came", "came", "转入", &[]),
        ("went", "went", "转出", &[]),
        ("has_moved", "changed", "有变化", &[]),
        ("segment_then", "class then", "原细分", &[]),
        ("why_then", "why then", "当时原因", &[]),
        ("visits_share", "share of visits", "拜访占比", &[]),
        ("discount_amount", "discounts", "折扣金额", &[]),
        ("credit_limits", "credit limits", "信用额度", &[]),
        ("credit_taken", "owed of these", "占用额度", &[]),
        ("over_credit_count", "over limit", "超额客户数", &[]),
        ("gifts", "gifts", "礼品招待", &[]),
        ("gift_max", "gift limits", "礼品上限", &[]),
        ("spend_share", "share of spend", "费用占比", &[]),
        ("faults", "faults", "问题", &[]),
        ("overdue_days", "oldest overdue", "最长逾期", &[]),
        ("bad_debt", "bad debt", "坏账", &[]),
        ("rank", "rank", "名次", &[]),
        ("abc_class", "class", "ABC 分类", &[]),
        ("class_then", "class then", "对比期分类", &[]),
        ("previous.class_then", "previous class", "上期分类", &[]),
        ("year-ago.class_then", "class a year ago", "去年同期分类", &[]),
        ("products", "products", "产品数", &[]),
        ("recency_days", "days since order", "最近购买距今", &[]),
        ("frequency", "order days", "购买次数", &[]),
        ("monetary", "net", "购买金额", &[]),
        ("r", "R", "R 分", &[]),
        ("f", "F", "F 分", &[]),
        ("m", "M", "M 分", &[]),
        ("rfm", "RFM segment", "RFM 分群", &[]),
        ("rfm_segment", "segment", "RFM 分群", &[]),
        ("customer_share", "share of customers", "客户占比", &[]),
        ("money_share", "share of net", "金额占比", &[]),
        ("money_each", "net each", "户均金额", &[]),
        ("recency_median", "median days since", "距今中位天数", &[]),
    ],
    values: &[
        ("verdict", "drop", "drop", "淘汰"),
        ("verdict", "review", "review", "复核"),
        ("verdict", "stay", "stay", "保留"),
        ("fault", "slow", "slow", "拖欠"),
        ("fault", "small", "small", "小额"),
        ("fault", "risky", "risky", "高险"),
        ("rfm", "champions", "champions", "核心客户"),
        ("rfm", "loyal", "loyal", "忠诚客户"),
        ("rfm", "potential-loyalist", "potential loyalist", "潜在忠诚"),
        ("rfm", "new", "new", "新客户"),
        ("rfm", "promising", "promising", "潜力客户"),
        ("rfm", "need-attention", "need attention", "需要关注"),
        ("rfm", "about-to-sleep", "about to sleep", "即将沉睡"),
        ("rfm", "cant-lose", "can't lose", "不可流失"),
        ("rfm", "at-risk", "at risk", "流失边缘"),
        ("rfm", "lost", "lost", "沉睡客户"),
        ("rfm", "other", "other", "其他"),
        ("rfm", "valued", "valued", "重要价值客户"),
        ("rfm", "valued-grow", "valued to grow", "重要发展客户"),
        ("rfm", "valued-keep", "valued to keep", "重要保持客户"),
        ("rfm", "valued-win-back", "valued to win back", "重要挽留客户"),
        ("rfm", "general", "general", "一般价值客户"),
        ("rfm", "general-grow", "general to grow", "一般发展客户"),
        ("rfm", "general-keep", "general to keep", "一般保持客户"),
        ("rfm", "general-win-back", "general to win back", "一般挽留客户"),
    ],
    commands: &[],
    arguments: &[],
};
