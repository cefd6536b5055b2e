//! What is owed and what was paid: receipts, refunds, receivables; what stands behind figures.

use super::{Area, msgs};

msgs! {
    sum_too_large() { "amounts add up to more than 28 digits", "金额合计超过 28 位数字" }
    hint_sum_too_large() { "find the largest with `kehu order list --sort -amount` and `kehu receipt list --sort -amount`, then correct or remove them", "用 `kehu order list --sort -amount` 和 `kehu receipt list --sort -amount` 找出最大金额，然后更正或删除" }
    did_receipt(id, customer, amount, outstanding) { "{id}  {customer}  paid {amount}; outstanding {outstanding}", "{id}  {customer}  收款 {amount}；应收余额 {outstanding}" }
    overpaid(what, amount) { "{what} is overpaid by {amount}, which counts as credit", "{what} 多收 {amount}，计入预收" }
    did_refund(id, customer, amount, kind) { "{id}  {customer}  {amount} given back ({kind})", "{id}  {customer}  退款 {amount}（{kind}）" }
    explain_receivable(id, place, total, due, open) { "  {id} ({place}): {total} due {due}, open {open}", "  {id}（{place}）：{total}，应收日 {due}，未收 {open}" }
    explain_paid(receivable, paid) { "{receivable}; paid: {paid}", "{receivable}；已收：{paid}" }
    // Explanations.
    figure(label, value, rule) { "{label} {value}: rule {rule}", "{label} {value}：规则 {rule}" }
    over_days(head, days) { "{head}, {days}", "{head}，{days}" }
    // Rows that could not be joined.
    unknown_group() { "unknown", "未知" }
    n_order_lines(n) { [n = 1] "{n} order line"; "{n} order lines", "{n} 行订单" }
    n_receipts(n) { [n = 1] "{n} receipt"; "{n} receipts", "{n} 笔收款" }
    n_refunds(n) { [n = 1] "{n} refund"; "{n} refunds", "{n} 笔退款" }
    n_open_receivables(n) { [n = 1] "{n} open receivable"; "{n} open receivables", "{n} 笔未收款" }
    n_rows_of(n, what) { [n = 1] "{n} row of {what}"; "{n} rows of {what}", "{n} 行{what}" }
    n_activities(n) { [n = 1] "{n} activity"; "{n} activities", "{n} 条跟进记录" }
    lacks_customer(n, rows) { [n = 1] "{rows} names a customer that does not exist"; "{rows} name customers that do not exist", "{rows}的客户不存在" }
    lacks_product(n, rows) { [n = 1] "{rows} names a product that does not exist"; "{rows} name products that do not exist", "{rows}的产品不存在" }
    lacks_receivable(n, rows) { [n = 1] "{rows} names a receivable that does not exist"; "{rows} name receivables that do not exist", "{rows}的应收款不存在" }
    lacks_order(n, rows) { [n = 1] "{rows} names an order that does not exist"; "{rows} name orders that do not exist", "{rows}的订单不存在" }
    lacks_line(n, rows) { [n = 1] "{rows} returns a line that does not exist"; "{rows} return lines that do not exist", "{rows}所退的订单行不存在" }
    lacks_rate(n, rows) { [n = 1] "{rows} has a currency without a rate, so it counts nowhere"; "{rows} have a currency without a rate, so they count nowhere", "{rows}的币种没有汇率，未计入" }
    charge(place, day, what, amount) { "  {place}: {day} {what} {amount}", "  {place}：{day} {what} {amount}" }
    charge_capital(place, day, what, cost, open, days, rate) { [days = 1] "  {place}: {day} {what} {cost}: open amounts × days {open} within 1 day × {rate} / 365"; "  {place}: {day} {what} {cost}: open amounts × days {open} within {days} days × {rate} / 365", "  {place}：{day} {what} {cost}：{days} 天内未收金额 × 天数 {open} × {rate} / 365" }
    explain_contribution() { "net contribution = profit - goodwill - complaint cost - spend - sum of (open amount × days × [kpi] annual_rate / 365)", "净贡献 = 毛利 − 让利补偿 − 投诉成本 − 费用 − Σ（未收金额 × 天数 × [kpi] annual_rate / 365）" }
    no_rate_of(currency, day) { "no rate of {currency} on {day}: `kehu rate add {day} {currency} RATE`", "{day} 没有 {currency} 汇率：`kehu rate add {day} {currency} 汇率`" }
    lacks_amount(n, rows) { [n = 1] "{rows} has neither amount nor price, so it counts nowhere"; "{rows} have neither amount nor price, so they count nowhere", "{rows}没有金额或单价，未计入" }
    all_time() { "all time", "全部" }
    not_available() { "n/a", "n/a" }
    inputs(head, list) { "{head}: {list}", "{head}：{list}" }
    same_rows(label) { "  rows as for {label}", "  所据各行同{label}" }
    no_rows() { "  no rows", "  没有对应的行" }
    row(place, day, text) { "  {place}: {day} {text}", "  {place}：{day} {text}" }
    cash(place, day, amount) { "  {place}: {day} {amount}", "  {place}：{day} {amount}" }
    wait(place, day, amount, days) { [days = 1] "  {place}: {day} paid {amount} after {days} day"; "  {place}: {day} paid {amount} after {days} days", "  {place}：{day} 收 {amount}，历时 {days} 天" }
    wait_open(place, amount, days) { [days = 1] "  {place}: {amount} open for {days} day"; "  {place}: {amount} open for {days} days", "  {place}：{amount} 未收，已 {days} 天" }
    key_of(place, key, value) { "  {place}: {key} = {value}", "  {place}：{key} = {value}" }
    explain_cycle(last, place, span, file, key) { "last activity {last} ({place}) + cycle {span} ({file}: {key})", "最近联系 {last}（{place}）+ 周期 {span}（{file}：{key}）" }
    explain_first(base, source, days) { [days = 1] "never contacted: {base} ({source}) + {days} day (kehu.toml: followup.first_contact_days)"; "never contacted: {base} ({source}) + {days} days (kehu.toml: followup.first_contact_days)", "从未联系：{base}（{source}）+ {days} 天（kehu.toml：followup.first_contact_days）" }
    explain_reopen(day, source) { "closed until {day} ({source})", "关闭至 {day}（{source}）" }
    // The day.
    open_of(order, open, total) { "{order}, open {open} of {total}", "{order}，未收 {open}，共 {total}" }
    open_in_full(order, open) { "{order}, open {open}", "{order}，未收 {open}" }
    delivery_of(order, state, total) { "{order} ({state}), {total}", "{order}（{state}），{total}" }
    // One customer.
    money_title() { "Sales and profit", "销售与毛利" }
    contracts_title() { "Contracts", "合同" }
    instalments_title() { "Open by agreement", "约定应收（未收清）" }
    brief_contracts(list) { "Contracts: {list}", "合同：{list}" }
    contract_until(name, end, days) { [days = 1] "{name} until {end} (1 day)"; "{name} until {end} ({days} days)", "{name}，至 {end}（剩 {days} 天）" }
    receivables_title() { "Receivables", "应收" }
    receipts_title() { "Latest receipts", "最近收款" }
    brief_bought(day, what, net, order) { "Last bought {day}: {what}; net {net} ({order})", "最近购买 {day}：{what}；不含税 {net}（{order}）" }
    brief_never_bought() { "Has not bought yet.", "尚未下单。" }
    brief_margin(margin, profit, revenue, orders) { "Usual margin {margin}: profit {profit} on {revenue}, orders {orders}", "平常毛利率 {margin}：毛利 {profit} / 销售额 {revenue}，订单 {orders} 张" }
    brief_margin_unknown(revenue, n) { "Usual margin n/a: revenue {revenue}, lines of unknown cost {n}", "平常毛利率 n/a：销售额 {revenue}，成本未知 {n} 行" }
    brief_unknown_cost(line, n) { "{line}; lines of unknown cost {n}", "{line}；成本未知 {n} 行" }
    brief_owes(amount) { "Owes {amount}, nothing overdue", "应收余额 {amount}，没有逾期" }
    brief_owes_nothing() { "Owes nothing", "没有应收余额" }
    brief_overdue(amount, overdue, days) { [days = 1] "Owes {amount}, of which {overdue} is overdue, by {days} day"; "Owes {amount}, of which {overdue} is overdue, by up to {days} days", "应收余额 {amount}，其中逾期 {overdue}，最长 {days} 天" }
    brief_credit(line, credit) { "{line}; credit {credit}", "{line}；预收 {credit}" }
    brief_days(line, days) { [days = 1] "{line}; pays after {days} day"; "{line}; pays after {days} days", "{line}；平均回款 {days} 天" }
    brief_limit(line, used, limit) { "{line}; {used} of the credit limit {limit}", "{line}；已用信用额度 {limit} 的 {used}" }
    brief_late(list) { "Late: {list}", "晚交：{list}" }
    brief_promised(list) { "Deliveries open: {list}", "待交货：{list}" }
    promised_on(order, day) { "{order} promised {day}", "{order} 约定 {day}" }
    promised_late(order, day, days) { [days = 1] "{order} promised {day}, {days} day late"; "{order} promised {day}, {days} days late", "{order} 约定 {day}，晚 {days} 天" }
    overdue_order(order, due, open) { "{order} due {due}, open {open}", "{order} 应收日 {due}，未收 {open}" }
    brief_overdue_list(list) { "Overdue: {list}", "逾期：{list}" }
    brief_grade(grade, day, by) { "Grade {grade} since {day} (by {by})", "客户等级 {grade}，自 {day}（{by}）" }
    brief_grade_why(line, why) { "{line}: {why}", "{line}：{why}" }
    brief_grade_plain(grade) { "Grade {grade}; no event says why", "客户等级 {grade}；没有定级记录" }
    brief_not_graded() { "Not graded", "尚未定级" }
    this_year(year) { "{year} to date", "{year} 年至今" }
    last_year(year) { "{year}", "{year} 年" }
    lifetime() { "all", "全部" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("receivable", "receivable", "应收款", &["应收单"]),
        ("receipt", "receipt", "收款单", &["回款"]),
        ("payable", "payable", "应付款", &["应付单"]),
        ("supplier", "supplier", "供应商", &[]),
        ("refund", "refund", "退款单", &[]),
        ("payment", "payment", "付款单", &[]),
        ("amount", "amount", "金额", &[]),
        ("currency", "currency", "币种", &[]),
        ("receivables.due", "due", "应收日", &[]),
        ("method", "method", "收款方式", &[]),
        ("payments.method", "method", "付款方式", &[]),
        ("matures", "matures", "承兑到期日", &[]),
        ("refunds.reason", "reason", "退款原因", &[]),
        ("refunds.receipt", "receipt", "原收款单", &[]),
        ("payables.due", "due", "应付日", &[]),
        ("invoice", "invoice", "发票", &[]),
        ("batch", "batch", "批次", &[]),
        ("rate", "rate", "汇率", &[]),
        ("goodwill", "goodwill", "让利补偿", &[]),
        ("complaint_cost", "compl. cost", "投诉成本", &[]),
        ("spend", "spend", "费用", &[]),
        ("capital_cost", "cost of money", "资金占用成本", &[]),
        ("net_contribution", "contribution", "净贡献", &[]),
        ("outstanding", "outstanding", "应收余额", &[]),
        ("credit", "credit", "预收余额", &[]),
        ("payment_days", "payment days", "平均回款天", &["平均回款天数"]),
        ("late_days", "late days", "平均逾期天", &["平均逾期天数"]),
        ("not_due", "not due", "未到期", &[]),
        ("d1_30", "1–30 days", "逾期1–30天", &[]),
        ("d31_60", "31–60 days", "31–60天", &[]),
        ("d61_90", "61–90 days", "61–90天", &[]),
        ("d91_120", "91–120 days", "91–120天", &[]),
        ("d120_plus", "over 120 days", "120天以上", &[]),
        ("bills", "unmatured bills", "未到期承兑", &[]),
        ("pending", "pending", "待审批", &[]),
        ("late_share", "late share", "逾期金额占比", &[]),
        ("late_count_share", "late share by number", "逾期笔数占比", &[]),
        ("open_amount", "open", "未收金额", &[]),
        ("credit_used", "credit used", "额度使用率", &[]),
        ("amount_days", "amount × days", "金额×天数", &[]),
        ("settled", "settled", "已核销金额", &[]),
    ],
    values: &[
        ("subject_kind", "supplier", "supplier", "供应商"),
        ("subject_kind", "target", "target", "目标"),
        ("refunds.kind", "return", "return", "退货"),
        ("refunds.kind", "overpayment", "overpayment", "多收退回"),
        ("refunds.kind", "allowance", "allowance", "折让"),
        ("refunds.kind", "goodwill", "goodwill", "让利补偿"),
        ("refund_reason", "quality", "quality", "质量"),
        ("refund_reason", "delivery", "delivery time", "交期"),
        ("refund_reason", "wrong-goods", "wrong goods", "发错货"),
        ("refund_reason", "price", "price", "价格"),
        ("refund_reason", "duplicate-payment", "paid twice", "重复付款"),
        ("refund_reason", "cancelled", "order cancelled", "订单取消"),
        ("refund_reason", "other", "other", "其他"),
        ("invoices.kind", "special", "special", "专票"),
        ("invoices.kind", "ordinary", "ordinary", "普票"),
        ("invoices.kind", "red", "red", "红字发票"),
        ("requests.kind", "price", "price", "特价"),
        ("requests.kind", "discount", "discount", "折扣"),
        ("requests.kind", "credit", "credit", "信用额度"),
        ("requests.kind", "refund", "refund", "退款"),
        ("requests.kind", "writeoff", "write-off", "核销"),
        ("requests.kind", "keep", "keep", "保护客户"),
        ("method", "transfer", "transfer", "转账"),
        ("method", "cash", "cash", "现金"),
        ("method", "acceptance", "acceptance bill", "承兑汇票"),
        ("method", "wechat", "WeChat Pay", "微信支付"),
        ("method", "alipay", "Alipay", "支付宝"),
        ("method", "cheque", "cheque", "支票"),
        ("method", "offset", "offset", "抵账"),
        ("spend.kind", "campaign", "campaign", "营销活动"),
        ("spend.kind", "visit", "travel", "差旅拜访"),
        ("spend.kind", "entertainment", "entertainment", "业务招待"),
        ("spend.kind", "gift", "gift", "礼品"),
        ("spend.kind", "sample", "sample", "样品"),
        ("spend.kind", "reward", "reward", "奖励"),
        ("spend.kind", "service", "service", "服务"),
        ("spend.kind", "goodwill", "goodwill", "让利补偿"),
        ("spend.kind", "other", "other", "其他"),
    ],
    commands: &[
        ("supplier", "Suppliers: add, list, show, set, rm", "供应商：add、list、show、set、rm"),
        ("spend", "Spend: add, list, show, set, rm", "费用：add、list、show、set、rm"),
        ("rate", "Rates: add, list, show, set, rm", "汇率：add、list、show、set、rm"),
        ("target", "Targets: add, list, show, set, rm", "目标：add、list、show、set、rm"),
        ("receipt", "Money that came in: add, list, show, set, rm", "收款：add、list、show、set、rm"),
        (
            "receipt add",
            "Record money that came in; without --order it pays what is due first",
            "记录收款；不指定 --order 时先抵最早到期的",
        ),
        ("receipt list", "List the rows that fit filter terms", "符合条件的收款"),
        ("receipt show", "Show one row with all its columns", "一笔收款"),
        ("receipt set", "Correct cells of a row", "就地更正收款"),
        ("receipt rm", "Remove a row; refused while anything refers to it", "删除收款；被引用时拒绝"),
        (
            "refund",
            "Money that goes back to customers: add, list, show, set, submit, approve, reject, rm",
            "退款：add、list、show、set、submit、approve、reject、rm",
        ),
        (
            "refund add",
            "Give money back, at most what came in or the customer's credit",
            "退款；不能超过收款或预收余额",
        ),
        ("refund list", "List the rows that fit filter terms", "符合条件的退款"),
        ("refund show", "Show one row with all its columns", "一笔退款"),
        ("refund set", "Correct cells of a row", "就地更正退款"),
        ("refund rm", "Remove a row; refused while anything refers to it", "删除退款；被引用时拒绝"),
    ],
    arguments: &[
        ("receipt add.id", "The company's own number", "编号"),
        ("refund add.id", "The company's own number", "编号"),
        ("amount", "Amount, with tax", "含税金额"),
        ("order", "The order that it pays", "所属订单"),
        ("method", "{receipts.method}", "收款方式：{receipts.method}"),
        ("matures", "Day on which an acceptance bill matures", "承兑汇票到期日"),
        ("currency", "Its currency (default: that of the receipt or order)", "币种（默认同收款或订单）"),
        ("receivable", "The receivable that it pays, such as an instalment of a contract", "所付应收款（如合同分期）"),
        ("currency", "Its currency (default: the one in kehu.toml)", "币种（默认 kehu.toml 的）"),
        ("kind", "{refunds.kind}", "{refunds.kind}"),
        (
            "reason",
            "Why: a code of [reasons] refund in kehu.toml, or text",
            "原因：kehu.toml 中 [reasons] refund 的代码，或文字",
        ),
        ("order", "The order that it belongs to", "所属订单"),
        ("receipt", "The receipt that is given back", "退的是哪笔收款"),
    ],
};
