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
        Breach::NegativeAmount { .. } => NEGATIVE_AMOUNT,
        Breach::AmountNotPositive { .. } => AMOUNT_NOT_POSITIVE,
        Breach::MinorUnits { .. } => MINOR_UNITS,
        Breach::OtherCurrency { .. } => OTHER_CURRENCY,
        Breach::OtherCustomer { .. } => OTHER_CUSTOMER,
        Breach::ReturnOtherCustomer { .. } => RETURN_OTHER_CUSTOMER,
        Breach::ReturnCancelled { .. } => RETURN_CANCELLED,
        Breach::ReturnTooMuch { .. } => RETURN_TOO_MUCH,
        Breach::RefundTooMuch { .. } => REFUND_TOO_MUCH,
        Breach::BelowFloor(_) => BELOW_FLOOR,
        Breach::QuoteTwice { .. } => QUOTE_TWICE,
    }
}

#[rustfmt::skip]
pub(super) const NEGATIVE_PRICE: (Text, Text) = (
    ("the price {0} is less than 0", "give a price of 0 or more; what is given free has the price 0"),
    ("单价 {0} 小于 0", "单价应为 0 或以上；赠送写 0"),
);
#[rustfmt::skip]
pub(super) const DISCOUNT_RANGE: (Text, Text) = (
    ("the discount {0} is not between 0 and 1", "write a fraction: 0.05 is 5 %"),
    ("折扣 {0} 不在 0 和 1 之间", "请写成小数：0.05 即 5%"),
);
#[rustfmt::skip]
pub(super) const TAX_RATE_RANGE: (Text, Text) = (
    ("the tax rate {0} is not between 0 and 100 %", "write a rate as a fraction (0.13 is 13 %); a tax is at most its line's net and has its sign"),
    ("税率 {0} 不在 0 和 100% 之间", "税率写成小数（0.13 即 13%）；税额不超过该行净额，正负号相同"),
);
#[rustfmt::skip]
pub(super) const QUANTITY_NOT_POSITIVE: (Text, Text) = (
    ("the quantity {0} does not fit{1?: a line with `|` takes back, its quantity is less than 0}", "a sale has a quantity of more than 0; what comes back has `returns` and a quantity of less than 0 (`kehu order return`)"),
    ("数量 {0} 不合理{1?：有 `|` 的行表示退回，数量应小于 0}", "销售数量应大于 0；退货要写 `returns`，数量小于 0（`kehu order return`）"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_EXTRA_COST: (Text, Text) = (
    ("the extra cost {0} is less than 0", "write what it cost as 0 or more; a rebate is a discount or a line of its own"),
    ("额外成本 {0} 小于 0", "额外成本应为 0 或以上；让利请写成折扣或单独一行"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_COST: (Text, Text) = (
    ("the cost {0} is less than 0", "write what it cost as 0 or more, or nothing where it is not known"),
    ("成本 {0} 小于 0", "成本应为 0 或以上；未知则留空"),
);
#[rustfmt::skip]
pub(super) const NEGATIVE_AMOUNT: (Text, Text) = (
    ("the amount {0} is less than 0", "give an amount of 0 or more, or none where it is not known"),
    ("金额 {0} 小于 0", "金额应为 0 或以上；未知则留空"),
);
#[rustfmt::skip]
pub(super) const AMOUNT_NOT_POSITIVE: (Text, Text) = (
    ("the amount {0} is not more than 0", "write money that came in (`kehu receipt add`) or went back (`kehu refund add`) as more than 0"),
    ("金额 {0} 不大于 0", "收款（`kehu receipt add`）和退款（`kehu refund add`）的金额都应大于 0"),
);
#[rustfmt::skip]
pub(super) const MINOR_UNITS: (Text, Text) = (
    ("{0} is no amount that can be paid in {1}", "money that moves has at most {2} decimal places in {1}"),
    ("{0} 不是可以用 {1} 支付的金额", "收付款金额的 {1} 最多 {2} 位小数"),
);
#[rustfmt::skip]
pub(super) const OTHER_CURRENCY: (Text, Text) = (
    ("this is in {0}, {1} is in {2}", "give both the same currency, or leave out what it names"),
    ("此处币种为 {0}，{1} 为 {2}", "请使用相同币种，或不指定所对应的单据"),
);
#[rustfmt::skip]
pub(super) const OTHER_CUSTOMER: (Text, Text) = (
    ("this is of {0}, {1} is of {2}", "name something of the same one, or nothing"),
    ("此处属于 {0}，{1} 属于 {2}", "请指定同一方的单据，或不指定"),
);
#[rustfmt::skip]
pub(super) const RETURN_OTHER_CUSTOMER: (Text, Text) = (
    ("{0} returns {1}, which {2} bought", "what was bought comes back from the same customer: correct `customer` or `returns`"),
    ("{0} 退回 {1}，但购买方是 {2}", "退货方应与购买方相同：请改正 `customer` 或 `returns`"),
);
#[rustfmt::skip]
pub(super) const RETURN_CANCELLED: (Text, Text) = (
    ("{0} was cancelled, nothing comes back of it", "cancel the return too (`kehu order cancel`): what is cancelled counts nothing, so what came back of it must not count"),
    ("{0} 所在订单已取消，无从退货", "请同时取消退货（`kehu order cancel`）：已取消的订单不计入，其退货也不应计入"),
);
#[rustfmt::skip]
pub(super) const RETURN_TOO_MUCH: (Text, Text) = (
    ("{0}: {1} cannot come back, what is left of it is {2}", "correct the quantity, or the line that it names"),
    ("{0}：无法退 {1}，未退数量为 {2}", "请改正数量，或所退的订单行"),
);
#[rustfmt::skip]
pub(super) const REFUND_TOO_MUCH: (Text, Text) = (
    ("{0} cannot be given back: at most {1} of {2}", "rule R10: no more goes back than came in, or than the customer's credit; a manager may use --override --note TEXT"),
    ("无法退 {0}：{2} 最多 {1}", "规则 R10：退款不能超过收款或预收余额；经理可用 --override --note 原因 特批"),
);
#[rustfmt::skip]
pub(super) const BELOW_FLOOR: (Text, Text) = (
    ("{0}: {1} for what costs {2} is below the floor of {3}{4?, other lines below it: |}", "rule R6, `margin_floor` in kehu.toml: correct price or cost; a price that was agreed is entered by a manager with --override --note TEXT"),
    ("{0}：成本 {2} 只卖 {1}，低于毛利率底线 {3}{4?，另有低于底线的行数：|}", "规则 R6：kehu.toml 的 `margin_floor`；请改正价格或成本；已商定的价格由经理用 --override --note 原因 录入"),
);
#[rustfmt::skip]
pub(super) const QUOTE_TWICE: (Text, Text) = (
    ("two orders were made of the quote {0}: {2} and {1}", "cancel one of them: `kehu order cancel {1}`"),
    ("报价单 {0} 生成了两个订单：{2} 和 {1}", "请取消其中一个：`kehu order cancel {1}`"),
);
