//! What of "ranges at entry" a row breaks, as data. The words are in `i18n::breach`; who judges is `rules::ranges`.

use super::day::Day;
use super::money::Decimal;

/// One range that a value leaves, or one row that another one contradicts. Command line, import and `check` all speak of
/// it by [`Breach::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// A price below nothing.
    NegativePrice {
        /// The price.
        value: Decimal,
    },
    /// A discount below 0 or above 1.
    DiscountRange {
        /// The discount, as a fraction.
        value: Decimal,
    },
    /// A tax that is no part of the net: a rate below 0 or above 1.
    TaxRateRange {
        /// The rate, as a fraction.
        value: Decimal,
    },
    /// A quantity of nothing or less on a line that returns nothing; or of nothing and more on one that does.
    QuantityNotPositive {
        /// The quantity.
        value: Decimal,
        /// Whether the line takes something back.
        returns: bool,
    },
    /// An extra cost below nothing.
    NegativeExtraCost {
        /// The cost.
        value: Decimal,
    },
    /// What something costs, below nothing.
    NegativeCost {
        /// The cost.
        value: Decimal,
        /// The column: `cost`, `unit_cost`.
        column: &'static str,
    },
    /// An answer that its question does not have.
    ScoreRange {
        /// The score.
        value: Decimal,
        /// The question: `nps`, `csat` …
        kind: &'static str,
        /// Lowest and highest answer.
        range: (i64, i64),
    },
    /// An answer about the value to the customer that does not say which part of it; or another one that does.
    ScoreDimension {
        /// The question: `value`, `nps` …
        kind: String,
        /// The dimension; empty = none.
        dimension: String,
    },
    /// What a sale may come to, below nothing.
    NegativeAmount {
        /// The amount.
        value: Decimal,
    },
    /// Money given back of nothing or less.
    AmountNotPositive {
        /// The amount.
        value: Decimal,
    },
    /// Money that moves in parts of a minor unit.
    MinorUnits {
        /// The amount.
        value: Decimal,
        /// Its currency.
        currency: String,
        /// Decimal places of the currency.
        digits: u32,
    },
    /// Money of one currency that pays something of another one; or a return in another currency than the sale.
    OtherCurrency {
        /// Its currency.
        currency: String,
        /// What it names.
        other: String,
        /// The currency of that.
        its: String,
    },
    /// Money of one customer (or supplier) that pays something of another one.
    OtherCustomer {
        /// Whose it is.
        customer: String,
        /// What it names.
        other: String,
        /// Whose that is.
        its: String,
    },
    /// A return by another customer than the one that bought.
    ReturnOtherCustomer {
        /// Whose it is.
        customer: String,
        /// The line, `id/line`.
        line: String,
        /// Who bought it.
        its: String,
    },
    /// Something comes back before it was sold.
    ReturnBeforeSale {
        /// `id/line`.
        line: String,
        /// The day of the return.
        day: Day,
        /// The day of the sale.
        sold: Day,
    },
    /// Something comes back otherwise than it was sold: as another product, at another price or cost (R6).
    ReturnDiffers {
        /// `id/line`.
        line: String,
        /// The column that differs.
        column: &'static str,
        /// What the return has.
        value: String,
        /// What the line asks for.
        its: String,
    },
    /// Something comes back of an order that was cancelled.
    ReturnCancelled {
        /// `id/line`.
        line: String,
    },
    /// More comes back than is left of the line.
    ReturnTooMuch {
        /// `id/line`.
        line: String,
        /// What is to come back.
        quantity: Decimal,
        /// What has not come back yet.
        left: Decimal,
    },
    /// Money that pays what nobody has approved (R12).
    Unapproved {
        /// The payable.
        what: String,
        /// Machine key of where its approval stands.
        standing: &'static str,
        /// The day of the payment.
        day: Day,
    },
    /// The number of an invoice that another one has.
    InvoiceTwice {
        /// The invoice.
        id: String,
        /// Its number.
        number: String,
        /// The one that has it.
        other: String,
    },
    /// A red invoice that is no red one of the invoice that it takes back, or another one below nothing.
    RedInvoice {
        /// The invoice.
        id: String,
        /// `amount`, `kind`, `reverses`: what is wrong.
        column: &'static str,
        /// The one that it takes back; empty = none.
        other: String,
    },
    /// More money goes back than came in (R10).
    RefundTooMuch {
        /// The amount.
        amount: Decimal,
        /// The most that may go back.
        most: Decimal,
        /// The receipt that it gives back, or the customer.
        of: String,
        /// The currency.
        currency: String,
    },
    /// More is given to a customer in a year than its grade allows.
    GiftTooMuch {
        /// What is given, in the base currency.
        amount: Decimal,
        /// What was left of the year.
        left: Decimal,
        /// The most of a year.
        most: Decimal,
        /// The customer.
        customer: String,
        /// The year.
        year: i32,
        /// The base currency.
        currency: String,
    },
    /// The profit of a line, or of a whole order or quote, is less than its floor (R6).
    BelowFloor(Box<Below>),
    /// Somebody did something, or is to do it, who had left the team by then.
    MemberLeft {
        /// Team id.
        member: String,
        /// The last day in the team.
        left: Day,
        /// The day of the row.
        day: Day,
    },
    /// Something happened to a thing before it was there.
    BeforeMade {
        /// The thing.
        what: String,
        /// The event.
        event: String,
        /// The day of the event.
        day: Day,
        /// The day of the thing.
        made: Day,
    },
    /// A contract is over before it begins.
    ContractDays {
        /// Its id.
        id: String,
        /// Its last day.
        end: Day,
        /// Its first day.
        start: Day,
    },
    /// Two orders were made of one quote.
    QuoteTwice {
        /// The quote.
        quote: String,
        /// The later order.
        order: String,
        /// The earlier one.
        first: String,
    },
}

/// A line, or a whole order or quote, that was sold below its floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// `id/line`, or the id.
    pub what: String,
    /// Without tax, in the base currency.
    pub net: Decimal,
    /// In the base currency.
    pub cost: Decimal,
    /// The margin that had to be kept, as a fraction.
    pub floor: Decimal,
    /// How many other lines of it fall short.
    pub more: usize,
}

macro_rules! keys {
    ($($name:ident $key:literal,)*) => {
        impl Breach {
            /// Every key, in order.
            pub const KEYS: &'static [&'static str] = &[$($key,)*];
            /// The key, also of the finding: `negative-price`.
            pub fn key(&self) -> &'static str { match self { $(Breach::$name { .. } => $key,)* } }
        }
    };
}

keys! {
    NegativePrice "negative-price",
    DiscountRange "discount-range",
    TaxRateRange "tax-rate-range",
    QuantityNotPositive "quantity-not-positive",
    NegativeExtraCost "negative-extra-cost",
    NegativeCost "negative-cost",
    ScoreRange "score-range",
    ScoreDimension "score-dimension",
    NegativeAmount "negative-amount",
    AmountNotPositive "amount-not-positive",
    MinorUnits "minor-units",
    OtherCurrency "other-currency",
    OtherCustomer "other-customer",
    ReturnOtherCustomer "return-other-customer",
    ReturnBeforeSale "return-before-sale",
    ReturnDiffers "return-differs",
    ReturnCancelled "return-cancelled",
    ReturnTooMuch "return-too-much",
    RefundTooMuch "refund-too-much",
    GiftTooMuch "gift-too-much",
    BelowFloor "below-floor",
    MemberLeft "member-left",
    BeforeMade "before-made",
    QuoteTwice "quote-twice",
    Unapproved "unapproved-payment",
    InvoiceTwice "invoice-twice",
    RedInvoice "red-invoice",
    ContractDays "contract-days",
}

impl Breach {
    /// The column that is wrong, where `cell` gives the row's text of a column.
    pub fn column<'a>(&self, cell: impl Fn(&str) -> &'a str) -> &'static str {
        match self {
            Breach::NegativePrice { .. } => "price",
            Breach::DiscountRange { .. } => "discount",
            Breach::TaxRateRange { .. } => "tax",
            Breach::QuantityNotPositive { .. } => "quantity",
            Breach::NegativeExtraCost { .. } => "extra_cost",
            Breach::NegativeCost { column, .. } => column,
            Breach::ScoreRange { .. } => "score",
            Breach::ScoreDimension { .. } => "dimension",
            Breach::NegativeAmount { .. }
            | Breach::AmountNotPositive { .. }
            | Breach::MinorUnits { .. }
            | Breach::RefundTooMuch { .. }
            | Breach::GiftTooMuch { .. } => "amount",
            Breach::ReturnBeforeSale { .. } | Breach::BeforeMade { .. } => "at",
            Breach::ReturnDiffers { column, .. } => column,
            Breach::ReturnCancelled { .. } => "returns",
            Breach::ReturnTooMuch { .. } if cell("quantity").is_empty() => "amount",
            Breach::ReturnTooMuch { .. } => "quantity",
            Breach::ReturnOtherCustomer { .. } => "customer",
            Breach::OtherCustomer { .. } => {
                ["customer", "supplier", "party"].into_iter().find(|name| !cell(name).is_empty()).unwrap_or("customer")
            }
            // Where no currency stands it is the base one: then what is named is wrong.
            Breach::OtherCurrency { .. } if !cell("currency").is_empty() => "currency",
            Breach::OtherCurrency { other, .. } => {
                let names = ["order", "receivable", "receipt", "payable", "contract", "returns"];
                names.into_iter().find(|name| cell(name) == other).unwrap_or("currency")
            }
            Breach::BelowFloor(_) if cell("price").is_empty() => "amount",
            Breach::BelowFloor(_) => "price",
            Breach::MemberLeft { member, .. } => {
                let names = ["by", "owner", "to"];
                names.into_iter().find(|name| cell(name) == member).unwrap_or("by")
            }
            Breach::QuoteTwice { .. } => "note",
            Breach::Unapproved { .. } => "payable",
            Breach::InvoiceTwice { .. } => "number",
            Breach::RedInvoice { column, .. } => column,
            Breach::ContractDays { .. } => "end",
        }
    }

    /// The facts that its words mention, by position: the same for a refusal, a finding and a reject.
    pub fn facts(&self) -> Vec<String> {
        let plain = |d: &Decimal| d.normalize().to_string();
        let money = |d: &Decimal, currency: &str| super::money::shown(*d, currency);
        match self {
            Breach::NegativePrice { value }
            | Breach::DiscountRange { value }
            | Breach::NegativeExtraCost { value }
            | Breach::NegativeCost { value, .. }
            | Breach::NegativeAmount { value }
            | Breach::AmountNotPositive { value } => vec![plain(value)],
            Breach::ScoreRange { value, kind, range: (low, high) } => {
                vec![plain(value), (*kind).to_string(), format!("{low}–{high}")]
            }
            Breach::ScoreDimension { kind, dimension } => {
                let lacking = if dimension.is_empty() { kind.clone() } else { String::new() };
                vec![kind.clone(), dimension.clone(), lacking]
            }
            Breach::TaxRateRange { value } => vec![super::money::percent(*value)],
            Breach::QuantityNotPositive { value, returns } => {
                vec![plain(value), if *returns { "returns" } else { "" }.into()]
            }
            Breach::MinorUnits { value, currency, digits } => vec![plain(value), currency.clone(), digits.to_string()],
            Breach::OtherCurrency { currency, other, its } => vec![currency.clone(), other.clone(), its.clone()],
            Breach::OtherCustomer { customer, other, its } => vec![customer.clone(), other.clone(), its.clone()],
            Breach::ReturnOtherCustomer { customer, line, its } => vec![customer.clone(), line.clone(), its.clone()],
            Breach::ReturnBeforeSale { line, day, sold } => vec![line.clone(), day.to_string(), sold.to_string()],
            Breach::ReturnDiffers { line, column, value, its } => {
                vec![line.clone(), (*column).to_string(), value.clone(), its.clone()]
            }
            Breach::ReturnCancelled { line } => vec![line.clone()],
            Breach::ReturnTooMuch { line, quantity, left } => vec![line.clone(), plain(quantity), plain(left)],
            Breach::RefundTooMuch { amount, most, of, currency } => {
                vec![money(amount, currency), money(most, currency), of.clone()]
            }
            Breach::GiftTooMuch { amount, left, most, customer, year, currency } => {
                let [amount, left, most] = [amount, left, most].map(|d| money(d, currency));
                vec![amount, left, most, customer.clone(), year.to_string()]
            }
            Breach::BelowFloor(below) => {
                let Below { what, net, cost, floor, more } = below.as_ref();
                let more = if *more == 0 { String::new() } else { more.to_string() };
                let amount = |d: &Decimal| d.normalize().to_string();
                vec![what.clone(), amount(net), amount(cost), super::money::percent(*floor), more]
            }
            Breach::MemberLeft { member, left, day } => vec![member.clone(), left.to_string(), day.to_string()],
            Breach::BeforeMade { what, event, day, made } => {
                vec![what.clone(), event.clone(), day.to_string(), made.to_string()]
            }
            Breach::Unapproved { what, standing, day } => vec![what.clone(), (*standing).to_string(), day.to_string()],
            Breach::InvoiceTwice { id, number, other } => vec![id.clone(), number.clone(), other.clone()],
            Breach::RedInvoice { id, other, .. } => vec![id.clone(), other.clone()],
            Breach::ContractDays { id, end, start } => vec![id.clone(), end.to_string(), start.to_string()],
            Breach::QuoteTwice { quote, order, first } => vec![quote.clone(), order.clone(), first.clone()],
        }
    }
}
