//! What customers are worth, who is about to leave, and who has left (R6, R7, R8).

use super::{Area, msgs};

msgs! {
    value_model_title() { "How customers buy: BG/NBD and Gamma-Gamma", "客户购买模型：BG/NBD 与 Gamma-Gamma" }
    value_weeks_title() { "Expected and actual repeat orders", "复购预期与实际" }
    value_churn_title(change) { "What it brings if customers leave less often: {change}", "流失变化的效果：{change}" }
    value_line(id, earned, expected) { "{id}: earned {earned}, expected {expected}", "{id}：累计毛利 {earned}，年预期毛利 {expected}" }
    value_note(rate) { "Expected profit = expected orders of the next 12 months × spending on an order day × own margin, discounted by {rate} a year; lifetime value = earned + expected (R8)", "年预期毛利 = 今后 12 个月预期订单数 × 单日消费 × 自身毛利率，按年 {rate} 折现；生命周期价值 = 累计毛利 + 年预期毛利（规则 R8）" }
    value_shrunk_note(rate) { "Expected profit = own profit of 12 months, drawn to that of customers of the same grade (or stage) the more, the shorter it is a customer: after a year its own counts half; discounted by {rate} a year (R8)", "年预期毛利 = 自身近 12 个月毛利，向同等级（或同阶段）客户均值收缩，合作越短收缩越多，满一年时自身占一半；按年 {rate} 折现（规则 R8）" }
    value_shrunk(n, few) { [n = 1] "1 customer came back with amounts that are known; below {few} the models do not say what to expect"; "{n} customers came back with amounts that are known; below {few}, or where a fit does not settle, the models do not say what to expect", "有复购且金额已知的客户 {n} 位；少于 {few} 位或拟合未收敛时，不用模型推算年预期毛利" }
    value_unknown(n) { [n = 1] "of 1 customer nobody knows what it earns, as its costs are unknown: it has no lifetime value, and is not in the sums"; "of {n} customers nobody knows what they earn, as their costs are unknown: they have no lifetime value, and are not in the sums", "{n} 位客户成本未知，无法得知毛利：没有生命周期价值，不计入合计" }
    value_no_repeats() { "Nobody has ordered on two days: there is no model of buying; expected orders are those of half a repeat order in a year of one customer more than all were watched", "没有客户在两天下过单：无法拟合购买模型；预期订单数按“全部观察期再加一客户年中有半次复购”估计" }
    value_nobody_leaves() { "BG/NBD: nobody seems to leave; the best fit has no chance to leave (a near 0), so every customer counts as alive", "BG/NBD：看不出有人流失；最优解的流失概率趋于 0（a 接近 0），所有客户视为仍活跃" }
    value_leave_alike() { "BG/NBD: all customers leave with the same chance after an order; a and b grow without end, only their proportion counts", "BG/NBD：所有客户每次下单后的流失概率相同；a、b 趋于无穷，只有其比值有意义" }
    value_leave_or_stay() { "BG/NBD: some customers leave after their first repeat order, the others never; a and b vanish, only their proportion counts", "BG/NBD：一部分客户首次复购后即流失，其余从不流失；a、b 趋于 0，只有其比值有意义" }
    value_order_alike() { "BG/NBD: all customers order at the same rate; r and α grow without end, only their proportion counts", "BG/NBD：所有客户下单频率相同；r、α 趋于无穷，只有其比值有意义" }
    value_no_orders() { "BG/NBD: hardly anybody orders again; r or α vanishes", "BG/NBD：几乎没有复购；r 或 α 趋于 0" }
    value_no_spending() { "Gamma-Gamma: no repeat day is known to have come to anything, so nothing tells what customers spend", "Gamma-Gamma：没有金额为正且已知的复购日，无法推断消费额" }
    value_spends_the_same() { "Gamma-Gamma: each customer spends the same each time; p grows without end", "Gamma-Gamma：每位客户每次消费几乎相同；p 趋于无穷" }
    value_spend_alike() { "Gamma-Gamma: all customers spend alike; q and γ grow without end", "Gamma-Gamma：各客户消费水平相同；q、γ 趋于无穷" }
    value_no_mean() { "Gamma-Gamma: customers differ so much that there is no mean of all (q ≤ 1); each one's own mean counts", "Gamma-Gamma：客户差异过大，总体均值不存在（q ≤ 1）；按各自均值计算" }
    value_not_settled(model) { "{model}: the search for the best fit did not settle", "{model}：拟合未收敛" }
    value_in_sample(expected, actual, off) { "Expected {expected} repeat order days, there were {actual} ({off}); the model has seen these weeks: `--backtest DATE` fits it on what was known at a day", "预期复购日 {expected} 个，实际 {actual} 个（{off}）；模型已见过这些周：`--backtest 日期` 只用该日之前的数据拟合" }
    value_backtested(day, expected, actual, off) { "Fitted on orders up to {day}: expected {expected} repeat order days since, there were {actual} ({off}). Orders of customers who began later count as the model expects of new ones", "用 {day} 及以前的订单拟合：此后预期复购日 {expected} 个，实际 {actual} 个（{off}）。此后新增客户按新客户的预期计算" }
    value_churn_note(change, rate) { "The chance to leave after an order changes by {change} of itself from today on; who has left already stays away. Profit is discounted by {rate} a year", "从今天起，每次下单后的流失概率按自身的 {change} 变化；已流失的客户不会回来。毛利按年 {rate} 折现" }
    value_no_what_if() { "What less churn would bring rests on the models of buying, and these have too little to go by", "“降低流失的效果”取决于购买模型，而现有数据不足以支持模型" }
    hint_churn_change() { "a change of the chance to leave, such as -5% (fewer leave) or 10%", "流失概率的变化，例如 -5%（流失减少）或 10%" }
    churn_note(high, watch) { "Points of R7 for each sign, `[risk]` in kehu.toml: high from {high} on, watch from {watch} on. `--backtest DATE` shows how right they were", "各征兆按规则 R7 计分（kehu.toml 的 `[risk]`）：{high} 分起高风险，{watch} 分起关注。`--backtest 日期` 查看历史准确度" }
    churn_sign(sign, points) { "{sign} {points}", "{sign} {points}" }
    churn_backtest_title(day) { "Customers at risk on {day}, and who has left since", "流失预警回测：{day} 的评分与此后流失" }
    churn_alike_title(day) { "Customers that show what those showed who have left since {day}", "与 {day} 以来流失客户相似的客户" }
    churn_left(id, signs) { "{id}: left ({signs})", "{id}：已流失（{signs}）" }
    churn_stayed(id, signs) { "{id}: stayed ({signs})", "{id}：仍活跃（{signs}）" }
    churn_backtest_note(day, today, n, rate) { "{n} customers were active on {day}; scored by the data up to then; left = no longer active on {today} (R7). Base rate: {rate} of all left. precision = of the band, who left; recall = of all who left, who was in the band; lift = precision ÷ base rate", "{day} 活跃客户 {n} 位，只用该日及以前的数据评分；流失 = {today} 已不活跃（规则 R7）。基准率：全体流失 {rate}。精确率 = 该档中流失的占比；召回率 = 全部流失中落在该档的占比；提升度 = 精确率 ÷ 基准率" }
    churn_nobody_left() { "nobody has left since: nothing can be said of how right the points are", "此后无人流失：无法判断评分准确度" }
    churn_no_profile(day) { "since {day} nobody has left, or nobody has stayed: there is nothing to resemble", "{day} 以来无人流失或无人留存：无从比较" }
    churn_feature(sign, left, stayed) { "{sign}: {left} of those who left, {stayed} of those who stayed", "{sign}：流失者 {left}，留存者 {stayed}" }
    churn_alike_note(day, left, stayed, features) { "Likeness = share that would have left of those who showed the same signs on {day}, as if signs came independently (naive Bayes); {left} left since, {stayed} stayed. They had shown:\n  {features}", "相似度 = {day} 有同样征兆的客户中流失的占比（朴素贝叶斯，假设征兆相互独立）；此后流失 {left} 位，留存 {stayed} 位。当时的征兆：\n  {features}" }
    churn_few_left(n, few) { [n = 1] "1 customer has left since, fewer than {few}: take the likeness as a hint"; "{n} customers have left since, fewer than {few}: take the likeness as a hint", "此后流失 {n} 位，少于 {few} 位：相似度仅供参考" }
    lost_note(start, end) { "Lost = active on {start}, not on {end} (R7); earned before = profit of the 12 months up to the last order, share of the company = of what all customers earned in the same months (R6)", "流失 = {start} 活跃而 {end} 不活跃（规则 R7）；流失前毛利 = 最后一单前 12 个月的毛利，公司占比 = 占同期全部客户毛利（规则 R6）" }
    lost_back(start, away, back, rate, cost, currency) { "Won back {back} of {away} that were away on {start} ({rate}); {cost} {currency} were spent on all of them in between", "赢回：{start} 已流失的客户 {away} 位，其中 {back} 位恢复活跃（{rate}）；期间在他们身上花费 {cost} {currency}" }
    lost_without_rate(n) { [n = 1] "; 1 row of spend without a rate is left out"; "; {n} rows of spend without a rate are left out", "；未计无汇率费用 {n} 行" }
    lost_few(n, few) { [n = 1] "the report rests on 1 lost customer, fewer than {few}"; "the report rests on {n} lost customers, fewer than {few}", "流失客户 {n} 位，少于 {few} 位，仅供参考" }
    lost_unknown(n) { [n = 1] "of 1 customer nobody knows what it earned, as its costs are unknown: it is not in the sum"; "of {n} customers nobody knows what they earned, as their costs are unknown: they are not in the sum", "{n} 位客户成本未知，毛利未知，不计入合计" }
    lost_line(id, last, profit) { "{id}: last order {last}, earned before {profit}", "{id}：最后下单 {last}，流失前毛利 {profit}" }
    backtest_needs_days(day) { "a backtest needs days that have passed since {day}", "回测日 {day} 之后须已有数据" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("spent", "spent", "累计消费", &[]),
        ("earned", "earned", "累计毛利", &[]),
        ("p_alive", "chance alive", "仍活跃概率", &["活跃概率"]),
        ("expected_orders", "expected orders", "预期订单数", &[]),
        ("expected", "expected profit", "年预期毛利", &[]),
        ("clv", "lifetime value", "生命周期价值", &["客户终身价值"]),
        ("buying_span", "first to last order", "首末单间隔", &[]),
        ("parameter_r", "r", "参数 r", &[]),
        ("parameter_alpha", "α", "参数 α", &[]),
        ("parameter_a", "a", "参数 a", &[]),
        ("parameter_b", "b", "参数 b", &[]),
        ("spends", "on an order day", "单日消费", &[]),
        ("own_profit", "own yearly profit", "自身年毛利", &[]),
        ("others_profit", "that of others", "同类年毛利", &[]),
        ("own_weight", "weight of its own", "自身权重", &[]),
        ("signs", "signs", "流失征兆", &[]),
        ("gone", "left", "已流失", &[]),
        ("precision", "precision", "精确率", &[]),
        ("recall", "recall", "召回率", &[]),
        ("base_rate", "base rate", "基准率", &[]),
        ("earned_before", "earned before", "流失前毛利", &[]),
        ("company_share", "share of company", "公司占比", &[]),
        ("lost_share", "share of lost", "流失占比", &[]),
        ("clv_mean", "mean lifetime value", "平均价值", &[]),
        ("basis", "worked out by", "推算依据", &[]),
        ("model", "model", "模型", &[]),
        ("parameter", "parameter", "参数", &[]),
        ("estimate", "estimate", "估计值", &[]),
        ("standard_error", "standard error", "标准误", &[]),
        ("expected_repeats", "expected repeats", "预期复购", &[]),
        ("repeats", "actual repeats", "实际复购", &[]),
        ("expected_sum", "expected so far", "累计预期", &[]),
        ("repeats_sum", "actual so far", "累计实际", &[]),
        ("years", "years ahead", "今后年数", &[]),
        ("expected_if", "profit then", "变化后毛利", &[]),
        ("gain", "gain", "增加毛利", &[]),
        ("gain_share", "gain %", "增幅", &[]),
    ],
    values: &[
        ("risk_band", "high", "high", "高"),
        ("risk_band", "watch", "watch", "关注"),
        ("risk_band", "low", "low", "低"),
        ("basis", "model", "model", "模型"),
        ("basis", "shrunk", "own year, shrunk", "年毛利收缩"),
        ("basis", "unknown", "unknown", "未知"),
        ("model", "bg-nbd", "BG/NBD", "BG/NBD"),
        ("model", "gamma-gamma", "Gamma-Gamma", "Gamma-Gamma"),
        ("parameter", "r", "r (rates, shape)", "r（频率形状）"),
        ("parameter", "alpha", "α (rates, weeks)", "α（频率尺度，周）"),
        ("parameter", "a", "a (leaving)", "a（流失）"),
        ("parameter", "b", "b (staying)", "b（留存）"),
        ("parameter", "p", "p (amounts, shape)", "p（金额形状）"),
        ("parameter", "q", "q (customers, shape)", "q（客户差异形状）"),
        ("parameter", "gamma", "γ (customers, scale)", "γ（客户差异尺度）"),
        ("parameter", "log_likelihood", "log-likelihood", "对数似然"),
        ("parameter", "customers", "customers", "客户数"),
        ("parameter", "repeaters", "with repeat orders", "有复购客户数"),
    ],
    commands: &[],
    arguments: &[],
};
