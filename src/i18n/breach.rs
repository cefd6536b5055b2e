//! The words for what leaves its range: the same in a refusal, in a finding of `check` and in an import's reject.

use super::Lang;
use super::problem::{Text, filled};
use crate::model::breach::Breach;

/// (what is wrong, what mends it) in the reader's language.
pub fn words(lang: Lang, b: &Breach) -> (String, String) {
    filled(lang, texts(b), &b.facts())
}

/// ((what, mend) in English, (what, mend) in Chinese), filled in with [`Breach::facts`].
fn texts(b: &Breach) -> (Text, Text) {
    match b {
        Breach::NegativePrice { .. } => NEGATIVE_PRICE,
        Breach::DiscountRange { .. } => DISCOUNT_RANGE,
        Breach::TaxRateRange { .. } => TAX_RATE_RANGE,
        Breach::QuantityNotPositive { .. } => QUANTITY_NOT_POSITIVE,
        Breach::NegativeExtraCost { .. } => NEGATIVE_EXTRA_COST,
        Breach::NegativeCost { .. } => NEGATIVE_COST,
        Breach::ScoreRange { .. } => SCORE_RANGE,
        Breach::ScoreDimension { .. } => SCORE_DIMENSION,
        Breach::NegativeAmount { .. } => NEGATIVE_AMOUNT,
        Breach::AmountNotPositive { .. } => AMOUNT_NOT_POSITIVE,
        Breach::MinorUnits { .. } => MINOR_UNITS,
        Breach::OtherCurrency { .. } => OTHER_CURRENCY,
        Breach::OtherCustomer { .. } => OTHER_CUSTOMER,
        Breach::ReturnOtherCustomer { .. } => RETURN_OTHER_CUSTOMER,
        Breach::ReturnBeforeSale { .. } => RETURN_BEFORE_SALE,
        Breach::ReturnDiffers { .. } => RETURN_DIFFERS,
        Breach::ReturnCancelled { .. } => RETURN_CANCELLED,
        Breach::ReturnTooMuch { .. } => RETURN_TOO_MUCH,
        Breach::RefundTooMuch { .. } => REFUND_TOO_MUCH,
        Breach::GiftTooMuch { .. } => GIFT_TOO_MUCH,
        Breach::BelowFloor(_) => BELOW_FLOOR,
        Breach::MemberLeft { .. } => MEMBER_LEFT,
        Breach::BeforeMade { .. } => BEFORE_MADE,
        Breach::QuoteTwice { .. } => QUOTE_TWICE,
        Breach::Unapproved { .. } => UNAPPROVED,
        Breach::InvoiceTwice { .. } => INVOICE_TWICE,
        Breach::RedInvoice { .. } => RED_INVOICE,
        Breach::ContractDays { .. } => CONTRACT_DAYS,
    }
}

#[rustfmt::skip]
pub(super) const UNAPPROVED: (Text, Text) = (
    ("the payable {0} is paid on {2}, but it is {1!payable_status} then: money leaves after the approval (R12)", "have it approved first (`kehu approve`), or pay without naming it"),
    ("应付款 {0} 于 {2} 付款时为{1!payable_status}：须先审批后付款（R12）", "请先审批（`kehu approve`），或付款时不指定该应付款"),
);
#[rustfmt::skip]
pub(super) const INVOICE_TWICE: (Text, Text) = (
    ("the invoice {0} has the number {1}, as {2} has", "correct the number, or void the one that was entered twice: `kehu invoice void ID`"),
    ("发票 {0} 与 {2} 的发票号码 {1} 重复", "请更正号码，或作废重复录入的一张：`kehu invoice void 编号`"),
);
#[rustfmt::skip]
pub(super) const CONTRACT_DAYS: (Text, Text) = (
    ("the contract {0} ends on {1}, before it begins on {2}", "correct `start` or `end`: `kehu contract set {0} end=…`"),
    ("合同 {0} 的到期日 {1} 早于开始日 {2}", "请改正 `start` 或 `end`：`kehu contract set {0} end=…`"),
);
#[rustfmt::skip]
pub(super) const RED_INVOICE: (Text, Text) = (
    ("a red invoice is less than 0 and takes back an invoice of the same customer, at most what is left of it; {0} does not{1?, beside |}", "write kind = red, an amount below 0, and the invoice that it takes back in `reverses`; any other invoice has an amount above 0"),
    ("红字发票金额小于 0，并冲销同一客户的发票，不超过其余额；{0} 不符{1?，所冲销为 |}", "请写 kind = red、小于 0 的金额，并在 `reverses` 写所冲销的发票；其他发票金额大于 0"),
);
#[rustfmt::skip]
pub(super) const SCORE_RANGE: (Text, Text) = (
    ("the score {0} is outside {2}, the range of {1}", "write the answer of the customer, within {2}"),
    ("评分 {0} 超出 {1} 的范围 {2}", "请按客户的回答填写，范围 {2}"),
);
#[rustfmt::skip]
pub(super) const GIFT_TOO_MUCH: (Text, Text) = (
    ("gifts and entertainment of {0} are too much for {3}: {1} is left of {2} for {4}", "give at most what is left; the limit of a year is `gift_max` of the customer's grade, else of [care]"),
    ("{3} 的礼品与招待 {0} 超出限额：{4} 年限额 {2}，剩余 {1}", "请不超过剩余额度；年度限额为客户等级的 `gift_max`，否则取 [care] 的 `gift_max`"),
);
#[rustfmt::skip]
pub(super) const SCORE_DIMENSION: (Text, Text) = (
    ("{2?an answer of kind | needs a dimension}{1?an answer of this kind has no dimension, but here it is |}", "write the dimension of answers of kind value (`kehu schema feedback` lists them), and none for other kinds"),
    ("{2?类型为 | 的反馈须写明维度}{1?此类反馈没有维度，此处却写了 |}", "类型为 value 的反馈请写维度（见 `kehu schema feedback`），其他类型不写"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_PRICE: (Text, Text) = (
    ("the price {0} is less than 0", "write a price of 0 or more; a gift has the price 0"),
    ("单价 {0} 小于 0", "单价应为 0 或以上；赠送写 0"),
);
#[rustfmt::skip]
pub(super) const DISCOUNT_RANGE: (Text, Text) = (
    ("the discount {0} is not between 0 and 1", "write a fraction: 0.05 is 5 %"),
    ("折扣 {0} 不在 0 和 1 之间", "请写成小数：0.05 即 5%"),
);
#[rustfmt::skip]
pub(super) const TAX_RATE_RANGE: (Text, Text) = (
    ("the tax rate {0} is not between 0 and 100 %", "write a rate as a fraction (0.13 is 13 %), a tax of at most the net of its line, with the same sign"),
    ("税率 {0} 不在 0 和 100% 之间", "税率请写成小数（0.13 即 13%）；税额不超过该行净额，正负号相同"),
);
#[rustfmt::skip]
pub(super) const QUANTITY_NOT_POSITIVE: (Text, Text) = (
    ("the quantity {0} is not possible{1?: a line with `|` needs a quantity of less than 0}", "write a quantity of more than 0 for a sale; for goods that come back use `kehu order return`"),
    ("数量不能为 {0}{1?：有 `|` 的行表示退货，数量应小于 0}", "销售数量应大于 0；退货要写 `returns`，数量小于 0（`kehu order return`）"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_EXTRA_COST: (Text, Text) = (
    ("the extra cost {0} is less than 0", "write an extra cost of 0 or more; write a rebate as a discount or as a line of its own"),
    ("附加成本 {0} 小于 0", "附加成本应为 0 或以上；让利请写成折扣或单独一行"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_COST: (Text, Text) = (
    ("the cost {0} is less than 0", "write a cost of 0 or more, or leave it empty when you do not know it"),
    ("成本 {0} 小于 0", "成本应为 0 或以上；未知则留空"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_AMOUNT: (Text, Text) = (
    ("the amount {0} is less than 0", "write an amount of 0 or more, or leave it empty when you do not know it"),
    ("金额 {0} 小于 0", "金额应为 0 或以上；未知则留空"),
);
#[rustfmt::skip]
pub(super) const AMOUNT_NOT_POSITIVE: (Text, Text) = (
    ("the amount {0} is not more than 0", "write an amount of more than 0: money that came in with `kehu receipt add`, money that went back with `kehu refund add`"),
    ("金额 {0} 不大于 0", "收款（`kehu receipt add`）和退款（`kehu refund add`）的金额都应大于 0"),
);
#[rustfmt::skip]
pub(super) const MINOR_UNITS: (Text, Text) = (
    ("nobody can pay {0} in {1}", "write at most {2} decimal places: {1} has no smaller unit"),
    ("{1} 无法支付 {0}", "最多写 {2} 位小数：{1} 没有更小的单位"),
);
#[rustfmt::skip]
pub(super) const OTHER_CURRENCY: (Text, Text) = (
    ("this is in {0}, but {1} is in {2}", "write the same currency for both, or do not name {1}"),
    ("此处币种为 {0}，但 {1} 为 {2}", "请使用相同币种，或不指定 {1}"),
);
#[rustfmt::skip]
pub(super) const OTHER_CUSTOMER: (Text, Text) = (
    ("this belongs to {0}, but {1} belongs to {2}", "correct one of them, or do not name {1}"),
    ("此处属于 {0}，但 {1} 属于 {2}", "请改正其一，或不指定 {1}"),
);
#[rustfmt::skip]
pub(super) const RETURN_OTHER_CUSTOMER: (Text, Text) = (
    ("{0} returns {1}, but {2} bought it", "correct `customer` or `returns`"),
    ("{0} 退回 {1}，但购买方是 {2}", "请改正 `customer` 或 `returns`"),
);
#[rustfmt::skip]
pub(super) const RETURN_CANCELLED: (Text, Text) = (
    ("{0} was cancelled, so it cannot be returned", "cancel the return too: `kehu order cancel ID`"),
    ("{0} 所在订单已取消，不能退货", "请同时取消退货：`kehu order cancel 编号`"),
);
#[rustfmt::skip]
pub(super) const RETURN_BEFORE_SALE: (Text, Text) = (
    ("{0} came back on {1}, but it was sold on {2}", "correct the day of the return or of the sale"),
    ("{0} 于 {1} 退回，但销售日期是 {2}", "请改正退货或销售的日期"),
);
#[rustfmt::skip]
pub(super) const RETURN_DIFFERS: (Text, Text) = (
    ("{0} comes back with {1!column} {2}, but its line asks for {3}", "write {3}, or leave the cell empty: a return takes the price, discount and cost of its line (rule R6)"),
    ("退回 {0} 时{1!column}为 {2}，按原行应为 {3}", "请写 {3} 或留空：退货沿用原行的单价、折扣和成本（规则 R6）"),
);
#[rustfmt::skip]
pub(super) const RETURN_TOO_MUCH: (Text, Text) = (
    ("{0}: {1} cannot come back, only {2} is left", "correct the quantity, or name another line"),
    ("{0}：无法退 {1}，未退数量只有 {2}", "请改正数量，或改指另一行"),
);
#[rustfmt::skip]
pub(super) const REFUND_TOO_MUCH: (Text, Text) = (
    ("{0} is too much to give back: {2} has at most {1}", "give back at most what came in or the customer's credit (rule R10); a manager may use --override --note TEXT"),
    ("无法退 {0}：{2} 最多可退 {1}", "退款不能超过收款或预收余额（规则 R10）；经理可用 --override --note 原因 特批"),
);
#[rustfmt::skip]
pub(super) const BELOW_FLOOR: (Text, Text) = (
    ("{0}: a net of {1} at a cost of {2} is below the floor of {3}{4?, as are other lines: |}", "correct the price or the cost (rule R6, `margin_floor` in kehu.toml); a manager enters an agreed price with --override --note TEXT"),
    ("{0}：成本 {2} 只卖 {1}，低于毛利率底线 {3}{4?，另有低于底线的行数：|}", "请改正价格或成本（规则 R6，kehu.toml 的 `margin_floor`）；已商定的价格由经理用 --override --note 原因 录入"),
);
#[rustfmt::skip]
pub(super) const MEMBER_LEFT: (Text, Text) = (
    ("{0} left the team on {1}, before {2}", "name who did it, or correct `left` of {0}: `kehu team set {0} left=DATE`"),
    ("{0} 已于 {1} 离职，早于 {2}", "请填写实际经办人，或改正 {0} 的离职日：`kehu team set {0} left=日期`"),
);
#[rustfmt::skip]
pub(super) const BEFORE_MADE: (Text, Text) = (
    ("{0} is from {3}, but its event {1} is from {2}", "correct the day of {0}, or that of the event"),
    ("{0} 的日期是 {3}，但其变更 {1} 的日期是 {2}", "请改正 {0} 或该变更的日期"),
);
#[rustfmt::skip]
pub(super) const QUOTE_TWICE: (Text, Text) = (
    ("the quote {0} became two orders: {2} and {1}", "cancel one of them: `kehu order cancel {1}`"),
    ("报价 {0} 生成了两张订单：{2} 和 {1}", "请取消其中一个：`kehu order cancel {1}`"),
);
