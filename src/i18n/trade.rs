//! Products, orders, quotes.

use super::{Area, msgs};

msgs! {
    refuse_floor(line, margin, floor) { "{line}: the margin {margin} is below the floor of {floor}", "{line}：毛利率 {margin} 低于底线 {floor}" }
    refuse_floor_hint(min_price) { "the lowest price without tax is {min_price} (rule R6, `margin_floor` in kehu.toml); a manager may use --override --note TEXT", "不含税最低价为 {min_price}（规则 R6，kehu.toml 的 `margin_floor`）；经理可用 --override --note 原因 特批" }
    refuse_floor_taxed(entered, net) { "the lowest price is {entered}, without tax {net} (rule R6, `margin_floor` in kehu.toml); a manager may use --override --note TEXT", "最低价为 {entered}，不含税 {net}（规则 R6，kehu.toml 的 `margin_floor`）；经理可用 --override --note 原因 特批" }
    refuse_floor_order(entered, net) { "with its extra costs the order must come to {entered}, without tax {net} (rule R6, `margin_floor` in kehu.toml); a manager may use --override --note TEXT", "计入附加成本后，订单最低为 {entered}，不含税 {net}（规则 R6，kehu.toml 的 `margin_floor`）；经理可用 --override --note 原因 特批" }
    refuse_floor_never() { "no price reaches the floor (rule R6, `margin_floor` in kehu.toml); a manager may use --override --note TEXT", "没有达到底线的价格（规则 R6，kehu.toml 的 `margin_floor`）；经理可用 --override --note 原因 特批" }
    refuse_floor_amount(line, net, cost, floor) { "{line}: a net of {net} at a cost of {cost} is below the floor of {floor}", "{line}：成本 {cost} 只卖 {net}，低于毛利率底线 {floor}" }
    whole_order() { "the order with its extra costs", "订单（含附加成本）" }
    refuse_discount(line, discount, limit, whose) { "{line}: the discount {discount} is above the limit of {whose}, {limit}", "{line}：折扣 {discount} 超过 {whose} 的上限 {limit}" }
    refuse_discount_hint() { "the limits are in kehu.toml (`discount_max`) and team.toml (`limits`), rule R6; a manager may use --override --note TEXT", "上限见 kehu.toml 的 `discount_max` 和 team.toml 的 `limits`（规则 R6）；经理可用 --override --note 原因 特批" }
    refuse_follow(line, column) { "{line}: kehu cannot work out {column} from the change", "{line}：无法由改动推算 {column}" }
    refuse_follow_hint(column) { "write it too: {column}=VALUE", "请一并给出：{column}=数值" }
    refuse_returns(order, returns) { "{order}: goods of this order came back: {returns}", "{order}：已有退货：{returns}" }
    refuse_returns_hint(id) { "cancel the return first: `kehu order cancel {id}`", "请先取消退货：`kehu order cancel {id}`" }
    refuse_receipts(order, receipts) { "{order}: the customer has paid for this order: {receipts}", "{order}：已有收款：{receipts}" }
    refuse_receipts_hint() { "correct or refund the receipts first; a manager may use --override --note TEXT", "请先更正收款或退款；经理可用 --override --note 原因 特批" }
    refuse_expired(quote, day) { "{quote} expired: it was valid until {day}", "{quote} 已过期：有效期至 {day}" }
    refuse_expired_hint(quote, customer) { "`kehu quote set {quote} valid_until=+14d` prolongs it, `kehu quote add {customer} LINE… --version-of {quote}` makes a new version (rule R6)", "`kehu quote set {quote} valid_until=+14d` 延长有效期，`kehu quote add {customer} 明细… --version-of {quote}` 生成新版本（规则 R6）" }
    refuse_accepted(quote, order) { "{quote} was accepted before: order {order}", "{quote} 已被接受：订单 {order}" }
    refuse_declined_hint(quote, customer) { "`kehu quote add {customer} LINE… --version-of {quote}` makes a new version", "`kehu quote add {customer} 明细… --version-of {quote}` 生成新版本" }
    did_order(id, customer, net, tax, total, due) { "{id}  {customer}  net {net} + tax {tax} = {total}, due {due}", "{id}  {customer}  不含税 {net} + 税 {tax} = {total}，应收日 {due}" }
    did_order_event(id, state) { "{id}  {state}", "{id}  {state}" }
    did_return(id, line, quantity, total) { "{id}  {quantity} of {line} came back: {total}", "{id}  {line} 退回 {quantity}：{total}" }
    first_order_line(id, customer) { "{id}  is the first order of {customer}", "{id}  {customer} 的首单" }
    bad_line(text) { "`{text}` is not an order line", "`{text}` 不是订单行" }
    hint_line() { "write PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], such as ctl-m5:2@6800-5%, or --line \"amount=5000 note=service\"", "请写 产品:数量[@单价][-折扣%]，例如 ctl-m5:2@6800-5%；或 --line \"amount=5000 note=服务费\"" }
    no_lines() { "the order has no lines", "没有订单行" }
    no_price(line, day) { "{line}: there is no price, and no list price on {day}", "{line}：没有单价，{day} 也没有标准价" }
    no_rate(currency, day) { "there is no rate for {currency} on {day}", "{day} 没有 {currency} 的汇率" }
    too_many_digits(line) { "{line}: a number has more than 28 digits", "{line}：超过 28 位数字" }
    product_status(product, status) { "product {product} is {status}", "产品 {product} 的状态是{status}" }
    unknown_cost(line) { "{line}: the cost is unknown, so kehu did not check the margin", "{line}：成本未知，未检查毛利" }
    over_credit(customer, after, limit) { "{customer} would owe {after}, more than its credit limit of {limit}", "{customer} 的应收将达 {after}，超过信用额度 {limit}" }
    overdue_now(customer, amount) { "{customer} has not paid {amount} in time", "{customer} 有逾期应收 {amount}" }
    asked(id) { "kehu filed the request {id}; a manager may approve it", "已提交申请 {id}，由经理审批" }
    asked_already(id) { "the request {id} was filed before and waits for approval", "此前已提交申请 {id}，尚待审批" }
    would_ask(kind) { "without --dry-run kehu would file a request ({kind})", "不加 --dry-run 时将提交申请（{kind}）" }
    shared_alone(column) { "all lines of an order have the same `{column}`: set it without a line number", "`{column}` 在订单各行必须一致：请不带行号设置" }
    did_product(id, since, price, cost) { "{id}  from {since}: price {price}, cost {cost}", "{id}  自 {since}：标准价 {price}，标准成本 {cost}" }
    product_exists(id) { "product {id} exists already; `kehu product set {id} price=…` adds a version", "产品 {id} 已存在；用 `kehu product set {id} price=…` 新增版本" }
    did_quote(id, customer, version, net, tax, total, until) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}, valid until {until}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}，有效期至 {until}" }
    did_quote_open(id, customer, version, net, tax, total) { "{id}  {customer}  version {version}: net {net} + tax {tax} = {total}", "{id}  {customer}  第 {version} 版：不含税 {net} + 税 {tax} = {total}" }
    did_quote_event(id, from, to) { "{id}  {from} → {to}", "{id}  {from} → {to}" }
    quote_lines_only(key) { "a line of a quote has no `{key}`", "报价行没有 `{key}`" }
    hint_quote_line() { "a line of a quote has product, quantity, price, discount and note; its cost is the standard cost", "报价行只有 product、quantity、price、discount、note；成本取标准成本" }
    quote_amount(amount, quantity) { "{amount} is not an exact price for {quantity}", "{amount} 除以数量 {quantity} 得不到精确的单价" }
    hint_quote_amount() { "write the price of one unit", "请给出单价" }
    valid_before(until, at) { "the last day {until} is before the day of the quote, {at}", "有效期 {until} 早于报价日 {at}" }
    quotes_title() { "Open quotes", "未决报价" }
    versions_title() { "Versions", "版本" }
    lines_title() { "Lines", "明细" }
    quote_ending(id, state, amount, currency) { "{id} ({state}): {amount} {currency}", "{id}（{state}）：{amount} {currency}" }
    quote_ending_unknown(id, state) { "{id} ({state})", "{id}（{state}）" }
    line_new() { "new", "新增" }
    line_gone() { "removed", "已删除" }
    quote_cost_today() { "the cost is the standard cost of today", "成本按今日标准成本计算" }
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
        ("orders.returns", "returns", "退货原单", &[]),
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
        (
            "order add",
            "A line is PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], or --line \"key=value …\" with the keys product, quantity, price,\ndiscount, amount, unit_cost, extra_cost and note. Without a price, the list price of the day counts.\n[tax] prices in kehu.toml says whether you type prices and amounts with or without tax.",
            "一行写作 产品:数量[@单价][-折扣%]，或 --line \"键=值 …\"，键有 product、quantity、price、discount、amount、\nunit_cost、extra_cost、note。不写单价时取当日标准价。kehu.toml 的 [tax] prices 规定输入的单价和金额是否含税。",
        ),
        (
            "quote try",
            "Write lines as in `kehu order add`. The cost is the standard cost of today.",
            "行的写法同 `kehu order add`。成本取今天的标准成本。",
        ),
        (
            "quote add",
            "Write lines as in `kehu order add`. A new version replaces the one before.\nkehu.toml says how long a quote is valid: [quotes] valid_days.",
            "行的写法同 `kehu order add`。新版本取代上一版本。\n报价有效天数见 kehu.toml 的 [quotes] valid_days。",
        ),
        (
            "quote accept",
            "kehu sets cost, due day and stage as in `kehu order add`.",
            "成本、到期日和客户阶段的处理同 `kehu order add`。",
        ),
        (
            "order",
            "Orders: add, confirm, ship, deliver, cancel, return, list, show, set, rm",
            "订单：add、confirm、ship、deliver、cancel、return、list、show、set、rm",
        ),
        (
            "order add",
            "Add an order; kehu sets price, tax, cost and due day by the rules, and they stay",
            "新增订单；单价、税、成本和应收日按规则取值并固定",
        ),
        ("order confirm", "Write down that an order is confirmed", "订单已确认"),
        (
            "order ship",
            "Write down that an order was shipped; asks where the customer complained about the same goods",
            "订单已发货；客户曾就同类产品投诉时要求确认",
        ),
        ("order deliver", "Write down that an order was delivered", "订单已送达"),
        (
            "order cancel",
            "Cancel an order, so that it no longer counts; refused when the customer has paid for it",
            "取消订单，从此不再计入；已有收款时拒绝",
        ),
        (
            "order return",
            "Take goods back: a new order with the price, discount and cost of the original line",
            "退货：新建一张订单，沿用原行的单价、折扣和成本",
        ),
        ("order list", "List the rows that fit filter terms", "符合条件的订单行"),
        ("order show", "Show one row with all its columns", "一张订单：状态、金额和明细"),
        ("order set", "Correct cells of a row", "就地更正订单行"),
        ("order rm", "Remove a row; refused while anything refers to it", "删除订单行；被引用时拒绝"),
        (
            "product",
            "Products with their prices and costs: add, list, show, set, rm",
            "产品及其价格、成本：add、list、show、set、rm",
        ),
        ("product add", "Add a product", "新增产品"),
        ("product list", "Products that fit filter terms, as they are today", "符合条件的产品（今日有效的版本）"),
        (
            "product show",
            "Show a product as it is today, with the history of its price and cost",
            "一个产品及其价格、成本的历史",
        ),
        (
            "product set",
            "Change a product; a new price, cost or tax rate counts from a day on, as a new version",
            "修改产品；新的价格、成本、税率自某日起生效，成为新版本",
        ),
        (
            "product rm",
            "Remove a version, ID@SINCE; refused while anything refers to the product",
            "删除一个版本（编号@生效日）；被引用时拒绝",
        ),
        (
            "quote",
            "Quotes: try, add, send, accept, decline, list, show, set, rm",
            "报价：try、add、send、accept、decline、list、show、set、rm",
        ),
        (
            "quote try",
            "Work out revenue, cost, margin and lowest price of lines; nothing is stored",
            "计算销售额、成本、毛利率和最低价；不保存任何内容",
        ),
        (
            "quote add",
            "Add a quote, or a new version of one; the rules for prices are those of orders",
            "新增报价，或某报价的新版本；价格按订单的规则检查",
        ),
        ("quote send", "Write down that a quote was sent to the customer", "报价已发给客户"),
        (
            "quote accept",
            "Make an order of a quote, at its prices; the rules of today apply",
            "客户接受报价：按报价的价格生成订单，按今天的规则检查",
        ),
        ("quote decline", "Write down that the customer declined a quote", "客户谢绝报价"),
        (
            "quote list",
            "Quotes that fit filter terms, a row for each quote",
            "符合条件的报价，每个一行：版本、状态、金额、毛利",
        ),
        (
            "quote show",
            "Show a quote: its amounts, its versions and their changes, its history",
            "一个报价：金额、各版本及变动、明细、变更记录",
        ),
        ("quote set", "Correct cells of a row", "就地更正报价行；各行共有的列可一次更正"),
        ("quote rm", "Remove a row; refused while anything refers to it", "删除报价或其中一行；被引用时拒绝"),
    ],
    arguments: &[
        ("product rm.id", "Its id", "编号@生效日"),
        ("lines", "PRODUCT:QUANTITY[@PRICE][-DISCOUNT%]", "产品:数量[@单价][-折扣%]"),
        (
            "line",
            "A line as \"product=… quantity=… price=… discount=…\" or \"amount=… note=…\"",
            "一行：\"product=… quantity=… price=… discount=…\" 或 \"amount=… note=…\"",
        ),
        ("deal", "The deal that it came from", "来自哪个商机"),
        ("currency", "Currency of all prices (default: the one in kehu.toml)", "所有单价的币种（默认 kehu.toml 的）"),
        ("due", "Day on which it is due (default: by the customer's terms)", "应收日（默认按客户付款条件）"),
        ("promised", "Promised day of delivery", "约定交期"),
        ("contract", "The contract that it belongs to", "所属合同"),
        ("split", "Who shares the sale: li:0.7,wu:0.3", "业绩分成：li:0.7,wu:0.3"),
        ("extra_cost", "Freight, commission … of the whole order", "整单的运费、佣金等"),
        (
            "tax_rate",
            "Tax rate of all lines (default: the product's, else the one in kehu.toml)",
            "所有行的税率（默认取产品的，否则 kehu.toml 的）",
        ),
        ("by", "Who sold it (default: you, or who made the quote)", "谁的业绩（默认自己，或报价的经办人）"),
        ("quote accept.by", "Who sold it (default: you, or who made the quote)", "谁的业绩（默认报价的经办人）"),
        ("quote accept.id", "The company's own number", "订单的单号"),
        ("order", "The order", "订单"),
        ("line", "Its line", "行号"),
        ("quantity", "Quantity that comes back", "退回数量"),
        ("name", "What it is called", "名称"),
        (
            "pairs",
            "column=value: price, cost, category, unit, tax_rate, supplier, since … (kehu schema products)",
            "列=值：price、cost、category、unit、tax_rate、supplier、since 等（见 kehu schema products）",
        ),
        ("id", "Its id; ID@SINCE corrects that version in place", "编号；编号@生效日 则就地更正该版本"),
        ("since", "First day of the new version (default: today)", "新版本的生效日（默认今天）"),
        (
            "valid_until",
            "Last day on which it is valid (default: by [quotes] valid_days)",
            "最后有效日（默认按 [quotes] valid_days）",
        ),
        ("version_of", "The quote that this one replaces", "取代哪个报价（成为其新版本）"),
        ("deal", "The deal that it belongs to", "所属商机"),
        ("need", "The need that it answers", "回应的客户需求"),
        ("by", "Who made it (default: you)", "经办人（默认自己）"),
        ("quote", "The quote", "报价"),
        ("reason", "Why: a code of [reasons] lost in kehu.toml", "原因：kehu.toml 中 [reasons] lost 的代码"),
    ],
};
