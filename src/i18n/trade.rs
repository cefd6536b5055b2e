//! Products, orders, quotes.

use super::{Area, msgs};

msgs! {
    refuse_floor(line, margin, floor) { "{line}: a margin of {margin} is below the floor of {floor}", "{line}：毛利率 {margin} 低于底线 {floor}" }
    refuse_floor_hint(min_price) { "rule R6, `margin_floor` in kehu.toml: the lowest price without tax is {min_price}; a manager may use --override --note TEXT", "规则 R6：kehu.toml 的 `margin_floor`；不含税最低价 {min_price}；经理可用 --override --note 原因 特批" }
    refuse_discount(line, discount, limit, whose) { "{line}: a discount of {discount} exceeds the {limit} of {whose}", "{line}：折扣 {discount} 超过 {whose} 的上限 {limit}" }
    refuse_discount_hint() { "rule R6, `discount_max` in kehu.toml and `limits` in team.toml; a manager may use --override --note TEXT", "规则 R6：kehu.toml 的 `discount_max` 和 team.toml 的 `limits`；经理可用 --override --note 原因 特批" }
    refuse_return(line, quantity, left) { [left = 1] "{line}: {quantity} cannot come back, {left} is left"; "{line}: {quantity} cannot come back, {left} are left", "{line}：无法退 {quantity}，未退数量为 {left}" }
    refuse_receipts(order, receipts) { "{order}: money was received for it: {receipts}", "{order}：已有收款：{receipts}" }
    refuse_receipts_hint() { "correct or refund the receipts first; a manager may use --override --note TEXT", "请先更正收款或退款；经理可用 --override --note 原因 特批" }
    refuse_expired(quote, day) { "{quote} has expired: it was valid until {day}", "{quote} 已过期：有效期至 {day}" }
    refuse_expired_hint(quote, customer) { "rule R6; `kehu quote set {quote} valid_until=+14d` prolongs it, `kehu quote add {customer} LINE… --version-of {quote}` makes it anew", "规则 R6；`kehu quote set {quote} valid_until=+14d` 延长有效期，`kehu quote add {customer} 明细… --version-of {quote}` 重新报价" }
    refuse_accepted(quote, order) { "{quote} was accepted already: order {order}", "{quote} 已被接受：订单 {order}" }
    refuse_declined_hint(quote, customer) { "`kehu quote add {customer} LINE… --version-of {quote}` makes it anew", "`kehu quote add {customer} 明细… --version-of {quote}` 重新报价" }
    did_order(id, customer, net, tax, total, due) { "{id}  {customer}  net {net} + tax {tax} = {total}, due {due}", "{id}  {customer}  不含税 {net} + 税 {tax} = {total}，应收日 {due}" }
    did_order_event(id, state) { "{id}  {state}", "{id}  {state}" }
    did_return(id, line, quantity, total) { "{id}  takes back {quantity} of {line}: {total}", "{id}  退回 {line} 的 {quantity}：{total}" }
    first_order_line(id, customer) { "{id}  first order of {customer}", "{id}  {customer} 的首单" }
    bad_line(text) { "`{text}` is no order line", "`{text}` 不是订单行" }
    hint_line() { "write PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], such as ctl-m5:2@6800-5%, or --line \"amount=5000 note=service\"", "请写 产品:数量[@单价][-折扣%]，例如 ctl-m5:2@6800-5%；或 --line \"amount=5000 note=服务费\"" }
    no_lines() { "no lines", "没有订单行" }
    no_price(line, day) { "{line}: no price, and no list price on {day}", "{line}：没有单价，{day} 也没有标准价" }
    no_rate(currency, day) { "there is no rate for {currency} on {day}", "{day} 没有 {currency} 的汇率" }
    too_many_digits(line) { "{line}: more than 28 digits", "{line}：超过 28 位数字" }
    product_status(product, status) { "product {product} is {status}", "产品 {product} 的状态是{status}" }
    unknown_cost(line) { "{line}: the cost is unknown, so no margin is checked", "{line}：成本未知，未检查毛利" }
    over_credit(customer, after, limit) { "{customer} would owe {after}, more than its credit limit of {limit}", "{customer} 的应收将达 {after}，超过信用额度 {limit}" }
    overdue_now(customer, amount) { "{customer} is overdue with {amount}", "{customer} 有逾期应收 {amount}" }
    asked(id) { "it was asked for: request {id}", "已提交申请 {id}" }
    asked_already(id) { "it was asked for before: request {id} waits for its answer", "此前已提交申请 {id}，尚待审批" }
    would_ask(kind) { "a request would be filed ({kind}; --dry-run)", "将提交申请（{kind}；--dry-run）" }
    shared_alone(column) { "`{column}` is the same on all lines of an order: set it without a line", "`{column}` 在订单各行必须一致：请不带行号设置" }
    did_product(id, since, price, cost) { "{id}  from {since}: price {price}, cost {cost}", "{id}  自 {since}：标准价 {price}，标准成本 {cost}" }
    product_exists(id) { "product {id} exists; `kehu product set {id} price=…` adds a version", "产品 {id} 已存在；用 `kehu product set {id} price=…` 新增版本" }
    did_quote(id, customer, version, net, tax, total, until) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}, valid until {until}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}，有效期至 {until}" }
    did_quote_open(id, customer, version, net, tax, total) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}" }
    did_quote_event(id, from, to) { "{id}  {from} → {to}", "{id}  {from} → {to}" }
    quote_lines_only(key) { "a quote's line has no `{key}`", "报价行没有 `{key}`" }
    hint_quote_line() { "it has product, quantity, price, discount and note; the cost is the standard cost", "报价行只有 product、quantity、price、discount、note；成本取标准成本" }
    quote_amount(amount, quantity) { "{amount} cannot be written as a price for {quantity}", "{amount} 无法写成数量 {quantity} 的单价" }
    hint_quote_amount() { "give the price of one unit", "请给出单价" }
    valid_before(until, at) { "the quote would end on {until}, before its own day, {at}", "有效期 {until} 早于报价日 {at}" }
    quotes_title() { "Open quotes", "未决报价" }
    versions_title() { "Versions", "版本" }
    lines_title() { "Lines", "明细" }
    quote_ending(id, state, amount, currency) { "{id} ({state}): {amount} {currency}", "{id}（{state}）：{amount} {currency}" }
    quote_ending_unknown(id, state) { "{id} ({state})", "{id}（{state}）" }
    line_new() { "new", "新增" }
    line_gone() { "removed", "已删除" }
    quote_cost_today() { "cost is today's standard cost", "成本按今日标准成本计算" }
    orders_title() { "Latest orders", "最近订单" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("product", "product", "产品", &["商品", "物料", "课程", "险种"]),
        ("order", "order", "订单", &["销售单"]),
        ("quote", "quote", "报价", &[]),
        ("unit", "unit", "单位", &[]),
        ("price", "price", "单价", &[]),
        ("products.price", "list price", "标准价", &[]),
        ("cost", "cost", "成本", &[]),
        ("products.cost", "standard cost", "标准成本", &[]),
        ("tax_rate", "tax rate", "税率", &[]),
        ("upgrade_of", "upgrade of", "升级自", &[]),
        ("line", "line", "行号", &["明细"]),
        ("quantity", "quantity", "数量", &[]),
        ("discount", "discount", "折扣率", &[]),
        ("tax", "tax", "税额", &[]),
        ("unit_cost", "unit cost", "单位成本", &[]),
        ("extra_cost", "extra cost", "附加成本", &[]),
        ("orders.due", "due", "应收日", &[]),
        ("promised", "promised", "约定交期", &[]),
        ("returns", "returns", "退货原单", &[]),
        ("split", "split", "业绩分成", &[]),
        ("version", "version", "版本", &[]),
        ("valid_until", "valid until", "有效期", &[]),
        ("net", "net", "不含税金额", &[]),
        ("total_amount", "total", "含税金额", &[]),
        ("change", "change", "变动", &[]),
        ("shipped", "shipped", "发货日", &[]),
        ("delivered", "delivered", "送达日", &[]),
        ("confirmed", "confirmed", "确认日", &[]),
        ("cancelled", "cancelled", "取消日", &[]),
        ("late", "late", "晚交", &[]),
        ("on_time", "on time", "准时", &[]),
        ("on_time_rate", "on-time rate", "准时交货率", &[]),
        ("days_late", "days late", "晚交天数", &[]),
        ("margin_floor", "margin floor", "毛利率底线", &[]),
        ("min_amount", "lowest amount", "最低金额", &[]),
        ("break_even", "break-even", "保本金额", &[]),
        ("usual_margin", "usual margin", "平常毛利率", &[]),
        ("allowed", "allowed", "可成交", &[]),
        ("warnings", "warnings", "提醒", &[]),
        ("lines", "lines", "行数", &[]),
        ("open_deliveries", "open deliveries", "待交货", &[]),
        ("late_deliveries", "late deliveries", "逾期未交", &[]),
        ("open_quotes", "open quotes", "未决报价", &[]),
    ],
    values: &[
        ("products.status", "active", "active", "在售"),
        ("products.status", "paused", "paused", "暂停"),
        ("products.status", "retired", "retired", "停售"),
        ("order_state", "placed", "placed", "已下单"),
        ("order_state", "confirmed", "confirmed", "已确认"),
        ("order_state", "shipped", "shipped", "已发货"),
        ("order_state", "delivered", "delivered", "已送达"),
        ("order_state", "cancelled", "cancelled", "已取消"),
        ("quote_state", "draft", "draft", "草稿"),
        ("quote_state", "sent", "sent", "已发出"),
        ("quote_state", "accepted", "accepted", "已接受"),
        ("quote_state", "declined", "declined", "已谢绝"),
        ("quote_state", "expired", "expired", "已过期"),
    ],
    commands: &[
        ("order", "订单：add、confirm、ship、deliver、cancel、return、list、show、set、rm"),
        ("order add", "新增订单；单价、税、成本和应收日按规则取值并固定"),
        ("order confirm", "订单已确认"),
        ("order ship", "订单已发货"),
        ("order deliver", "订单已送达"),
        ("order cancel", "取消订单：从此不再计入；已有收款时拒绝"),
        ("order return", "退货：新建一张订单，沿用原行的单价、折扣和成本"),
        ("order list", "符合条件的订单行"),
        ("order show", "一张订单：状态、金额和明细"),
        ("order set", "就地更正订单行"),
        ("order rm", "删除订单行；被引用时拒绝"),
        ("product", "产品及其价格、成本：add、list、show、set、rm"),
        ("product add", "新增产品"),
        ("product list", "符合条件的产品（今日有效的版本）"),
        ("product show", "一个产品及其价格、成本的历史"),
        ("product set", "修改产品：价格、成本、税率自某日起生效（新增版本），其他就地更正"),
        ("product rm", "删除一个版本（编号@生效日）；被引用时拒绝"),
        ("quote", "报价：try、add、send、accept、decline、list、show、set、rm"),
        ("quote try", "计算销售额、成本、毛利率和最低价；不保存任何内容"),
        ("quote add", "新增报价，或某报价的新版本；价格按订单的规则检查"),
        ("quote send", "报价已发给客户"),
        ("quote accept", "客户接受报价：按报价的价格生成订单，按今天的规则检查"),
        ("quote decline", "客户谢绝报价"),
        ("quote list", "符合条件的报价，每个一行：版本、状态、金额、毛利"),
        ("quote show", "一个报价：金额、各版本及变动、明细、变更记录"),
        ("quote set", "就地更正报价行；各行共有的列可一次更正"),
        ("quote rm", "删除报价或其中一行；被引用时拒绝"),
    ],
    arguments: &[
        ("product set.id", "编号；编号@生效日 则就地更正该版本"),
        ("product rm.id", "编号@生效日"),
        ("order add.due", "应收日（默认按客户付款条件）"),
        ("order add.by", "谁的业绩（默认自己）"),
        ("order add.deal", "来自哪个商机"),
        ("quote add.valid_until", "最后有效日（默认按 [quotes] valid_days）"),
        ("quote add.version_of", "取代哪个报价（成为其新版本）"),
        ("quote add.deal", "所属商机"),
        ("quote add.need", "回应的客户需求"),
        ("quote add.id", "公司自己的单号"),
        ("quote accept.quote", "报价"),
        ("quote accept.due", "应收日（默认按客户付款条件）"),
        ("quote accept.by", "谁的业绩（默认报价的经办人）"),
        ("quote accept.id", "订单的单号"),
        ("quote decline.reason", "原因：kehu.toml 中 [reasons] lost 的代码"),
        ("quote decline.competitor", "输给了谁"),
        ("order add.id", "公司自己的单号"),
        ("order return.id", "公司自己的单号"),
        ("order return.order", "订单"),
        ("order return.line", "行号"),
        ("order return.quantity", "退回数量"),
    ],
};
