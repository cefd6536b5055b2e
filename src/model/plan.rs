//! What a rule makes of a request, as data: changes and what is to be said about them, or what stands in the way. The
//! words are in `i18n::note`.

use super::change::ChangeSet;
use super::day::Day;
use super::money::Decimal;
use super::refusal::{LineName, Refusal};

/// Money in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// How much; shown rounded to the minor unit.
    pub value: Decimal,
    /// ISO 4217.
    pub currency: String,
}

impl Amount {
    /// An amount in a currency.
    pub fn new(value: Decimal, currency: &str) -> Amount {
        Amount { value, currency: currency.into() }
    }
    /// Rounded to the minor unit.
    pub fn shown(&self) -> String {
        super::money::shown(self.value, &self.currency)
    }
}

/// What is to be changed, and what there is to say about it.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Rows of ledgers whose ids are random may lack them; they get one when the plan is carried out.
    pub changes: ChangeSet,
    /// In the order in which they are said.
    pub notes: Vec<Note>,
    /// What somebody with the right asked for against a rule, and so allowed (R12). It is written with the changes.
    pub allowed: Vec<Ask>,
}

/// Something that only some may allow: a row of `requests` (R12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// A value of the column `kind`.
    pub kind: &'static str,
    /// `customer:ID`; of what is allowed at once the thing that was made: `order:ID`, `quote:ID`, `refund:ID`.
    pub subject: String,
    /// The price, discount or amount asked for, as the file holds it.
    pub amount: String,
    /// Figures, the same in every language.
    pub what: String,
    /// A request for the same that nobody has answered yet.
    pub open: Option<String>,
    /// Somebody's request for it that was approved, and not used so far.
    pub granted: Option<String>,
}

/// What there is to say about a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An order is added.
    Ordered {
        /// Its id.
        order: String,
        /// The customer's id.
        customer: String,
        /// Without tax.
        net: Amount,
        /// The tax of all lines.
        tax: Amount,
        /// Both together, rounded once.
        total: Amount,
        /// When it is to be paid.
        due: Day,
    },
    /// It is the customer's first one.
    FirstOrder {
        /// The order.
        order: String,
        /// The customer's name.
        customer: String,
    },
    /// The days on which somebody should call about an order.
    Calls {
        /// The order.
        order: String,
        /// Moved to working days.
        days: Vec<Day>,
    },
    /// An order moves its customer to another stage (R1).
    Advanced {
        /// The customer's id.
        customer: String,
        /// The stage before.
        from: String,
        /// The stage that is entered.
        to: String,
        /// The order whose entry does it.
        order: String,
        /// The order that is the reason.
        by: String,
    },
    /// Something happened to an order.
    OrderState {
        /// Its id.
        order: String,
        /// Machine key of the list `order_state`.
        state: &'static str,
    },
    /// Goods come back.
    TookBack {
        /// The return's id.
        order: String,
        /// `id/line` of what comes back.
        line: String,
        /// How many.
        quantity: Decimal,
        /// With tax; less than nothing.
        total: Amount,
    },
    /// Cells of a row change.
    Set {
        /// What the row is called.
        id: String,
        /// The column.
        column: String,
        /// The cell before.
        from: String,
        /// The cell after.
        to: String,
    },
    /// Something that has stages begins.
    Opened {
        /// Its kind: `deal`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// The customer's id.
        customer: String,
        /// What it is about, as the file holds it.
        title: String,
        /// Its first stage.
        stage: String,
    },
    /// A complaint is entered.
    Complained {
        /// Its id.
        complaint: String,
        /// The customer's id.
        customer: String,
        /// What the customer says, as the file holds it.
        text: String,
        /// Its deadline, to the minute, in the company's time zone; `None` = it has none.
        due: Option<String>,
    },
    /// Complaints about the same goods were acknowledged when something was sold or shipped (R11).
    Acknowledged {
        /// The order or quote.
        what: String,
        /// The complaints.
        complaints: Vec<String>,
    },
    /// Warning: somebody complained that a product is dangerous, and that is not solved (R11).
    SafetyComplaint {
        /// The complaint.
        complaint: String,
        /// The product.
        product: String,
        /// Who complained, as the file holds it.
        customer: String,
        /// When.
        day: Day,
        /// What the customer said, as the file holds it.
        text: String,
    },
    /// A task is added that something else leads to.
    Task {
        /// Its id; empty = it gets one later.
        id: String,
        /// The customer's id.
        customer: String,
        /// What is to be done, as the file holds it.
        title: String,
        /// By when.
        due: Day,
    },
    /// Warning: a deadline lies in a year without holidays in kehu.toml.
    NoHolidays {
        /// The year.
        year: i32,
    },
    /// An event turns something of a thing to another value.
    Turned {
        /// The kind of the thing: `deal`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// What turns: `stage`, `amount`.
        event: &'static str,
        /// The value before; empty = none.
        from: String,
        /// The value after.
        to: String,
    },
    /// A customer gets another owner.
    Given {
        /// Its id.
        customer: String,
        /// The owner before; empty = in the pool.
        from: String,
        /// The owner after; empty = in the pool.
        to: String,
    },
    /// A customer goes back to the pool since it has passed a limit (R2).
    Released {
        /// Its id.
        customer: String,
        /// Who had it.
        owner: String,
        /// Machine key of the limit, of the list `pool_limit`.
        limit: &'static str,
        /// The day counted from.
        since: Day,
        /// Days since then.
        days: i64,
        /// The limit.
        most: i64,
    },
    /// A customer is kept out of the pool.
    Kept {
        /// Its id.
        customer: String,
        /// The first day on which it may be released.
        until: Day,
    },
    /// A quote is made, or made anew.
    Quoted {
        /// Its id.
        quote: String,
        /// The customer's id.
        customer: String,
        /// From 1.
        version: u32,
        /// Without tax.
        net: Amount,
        /// The tax of all lines.
        tax: Amount,
        /// Both together, rounded once.
        total: Amount,
        /// Its last day.
        until: Option<Day>,
    },
    /// Something happened to a quote.
    QuoteState {
        /// Its id.
        quote: String,
        /// Machine key of the state before, of the list `quote_state`.
        from: &'static str,
        /// The state after.
        to: &'static str,
        /// The order that is made of it.
        order: Option<String>,
    },
    /// Money came in.
    Received {
        /// The receipt's id.
        receipt: String,
        /// The customer's id.
        customer: String,
        /// With tax.
        amount: Amount,
        /// What the customer owes then.
        outstanding: Amount,
    },
    /// We owe a supplier something.
    Owes {
        /// The payable's id.
        payable: String,
        /// The supplier's id.
        supplier: String,
        /// With tax.
        amount: Amount,
        /// When it is due.
        due: Day,
        /// A value of the list `payable_status`.
        status: &'static str,
    },
    /// Money went to a supplier.
    Paid {
        /// The payment's id.
        payment: String,
        /// The supplier's id.
        supplier: String,
        /// With tax.
        amount: Amount,
        /// What we owe it then.
        outstanding: Amount,
    },
    /// An invoice is written.
    Invoiced {
        /// Its id.
        invoice: String,
        /// The customer's id.
        customer: String,
        /// With tax.
        amount: Amount,
        /// Its tax; `None` = not said.
        tax: Option<Amount>,
    },
    /// An invoice, payment … is void.
    Voided {
        /// Its id.
        id: String,
    },
    /// Money goes back.
    Refunded {
        /// The refund's id.
        refund: String,
        /// The customer's id.
        customer: String,
        /// With tax.
        amount: Amount,
        /// A value of the column `kind`.
        kind: String,
    },
    /// One customer became part of another one.
    Merged {
        /// The one that stays.
        keep: String,
        /// The one that is gone.
        drop: String,
        /// What that one was called.
        name: String,
    },
    /// Warning: a value of the customer that is gone is not taken over.
    GivenUp {
        /// The one that stays.
        keep: String,
        /// The one that is gone.
        drop: String,
        /// The key.
        column: String,
        /// Its value there.
        value: String,
        /// The value that stays.
        kept: String,
    },
    /// Warning: the stage stays as it is, since something newer is known.
    StageStays {
        /// The customer's id.
        customer: String,
        /// Its name.
        name: String,
        /// Day of the newest change.
        newest: Day,
        /// Id of its event.
        event: String,
    },
    /// Warning: the customer is closed.
    IsClosed {
        /// Its id.
        customer: String,
        /// Its name.
        name: String,
    },
    /// Warning: a line's cost is unknown, so its margin is not judged.
    UnknownCost {
        /// The line.
        line: LineName,
    },
    /// Warning: a product is not sold as usual.
    ProductStatus {
        /// Its id.
        product: String,
        /// A value of the column `status`.
        status: String,
    },
    /// Warning: the customer is late with its payments.
    Overdue {
        /// Its id.
        customer: String,
        /// Its name.
        name: String,
        /// What is late.
        amount: Amount,
    },
    /// Warning: the customer would owe more than its credit limit.
    OverCredit {
        /// Its id.
        customer: String,
        /// Its name.
        name: String,
        /// What it would owe.
        after: Amount,
        /// Its limit.
        limit: Amount,
    },
    /// Warning: more came in than was owed.
    Overpaid {
        /// An order or a customer.
        what: String,
        /// What is too much.
        amount: Amount,
    },
    /// A contract is entered.
    Contracted {
        /// Its id.
        contract: String,
        /// The other side.
        party: String,
        /// What it is about, as the file holds it.
        title: String,
        /// What it comes to; `None` = not known.
        amount: Option<Amount>,
        /// How its approval begins; empty = it needs none.
        approval: &'static str,
    },
    /// An instalment of a contract is entered.
    Instalment {
        /// Its id.
        id: String,
        /// What it comes to.
        amount: Amount,
        /// When it is due.
        due: Day,
    },
    /// Something that needs somebody's approval is asked for.
    Asked {
        /// The request.
        request: String,
        /// A value of the column `kind`.
        kind: &'static str,
        /// What it is about.
        subject: String,
        /// Figures, the same in every language.
        what: String,
    },
    /// It was asked for before.
    AskedAlready {
        /// The request.
        request: String,
    },
    /// Whoever asked may now do what was asked for.
    MayRepeat {
        /// The request.
        request: String,
        /// Who asked.
        by: String,
    },
    /// A debt is given up.
    WrittenOff {
        /// The receivable.
        receivable: String,
        /// What is given up.
        amount: Amount,
        /// What is open then.
        left: Amount,
    },
    /// Warning: what was approved changes, so that the seal of its approval breaks.
    SealBreaks {
        /// `contract:ID`.
        what: String,
    },
    /// Warning: a rule says no, and somebody who may goes against it.
    Against(Refusal),
}

impl Note {
    /// The thing that the note is about; of what is done the one that is new or changed.
    pub fn about(&self) -> &str {
        match self {
            Note::Ordered { order, .. }
            | Note::FirstOrder { order, .. }
            | Note::Calls { order, .. }
            | Note::Advanced { order, .. }
            | Note::OrderState { order, .. }
            | Note::TookBack { order, .. }
            | Note::QuoteState { order: Some(order), .. } => order,
            Note::Merged { keep, .. } | Note::GivenUp { keep, .. } => keep,
            Note::Set { id, .. } | Note::Opened { id, .. } | Note::Turned { id, .. } => id,
            Note::Quoted { quote, .. } | Note::QuoteState { quote, .. } => quote,
            Note::Received { receipt, .. } => receipt,
            Note::Refunded { refund, .. } => refund,
            Note::Owes { payable, .. } => payable,
            Note::Paid { payment, .. } => payment,
            Note::Invoiced { invoice, .. } => invoice,
            Note::Voided { id } => id,
            Note::Given { customer, .. }
            | Note::Released { customer, .. }
            | Note::Kept { customer, .. }
            | Note::StageStays { customer, .. }
            | Note::IsClosed { customer, .. }
            | Note::Overdue { customer, .. }
            | Note::OverCredit { customer, .. } => customer,
            Note::ProductStatus { product, .. } => product,
            Note::Overpaid { what, .. } | Note::Acknowledged { what, .. } => what,
            Note::UnknownCost { line } => line.product(),
            Note::Complained { complaint, .. } | Note::SafetyComplaint { complaint, .. } => complaint,
            Note::Task { id, customer, .. } => {
                if id.is_empty() {
                    customer
                } else {
                    id
                }
            }
            Note::Contracted { contract, .. } => contract,
            Note::Instalment { id, .. } => id,
            Note::Asked { request, .. } | Note::AskedAlready { request } | Note::MayRepeat { request, .. } => request,
            Note::WrittenOff { receivable, .. } => receivable,
            Note::SealBreaks { what } => what,
            Note::Against(_) | Note::NoHolidays { .. } => "",
        }
    }
    /// Whether it warns; else it says what is done.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            Note::StageStays { .. }
                | Note::IsClosed { .. }
                | Note::GivenUp { .. }
                | Note::UnknownCost { .. }
                | Note::ProductStatus { .. }
                | Note::Overdue { .. }
                | Note::OverCredit { .. }
                | Note::Overpaid { .. }
                | Note::NoHolidays { .. }
                | Note::SafetyComplaint { .. }
                | Note::SealBreaks { .. }
                | Note::Against(_)
        )
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// A rule says no.
    Refused {
        /// Why.
        refusal: Box<Refusal>,
        /// What may be asked for instead.
        asks: Vec<Ask>,
    },
    /// A line has neither an amount nor a price, and the product no list price.
    NoPrice {
        /// The line.
        line: LineName,
        /// The day asked for.
        day: Day,
    },
    /// A currency has no rate.
    NoRate {
        /// ISO 4217.
        currency: String,
        /// The day asked for.
        day: Day,
    },
    /// A line comes to more than 28 digits.
    TooLong {
        /// The line.
        line: LineName,
    },
    /// Amounts add up to more than 28 digits: one of them is absurd.
    TooLarge,
    /// A quote's line cannot say this.
    NotInQuotes {
        /// The column.
        key: &'static str,
    },
    /// An amount does not divide into a price for each unit.
    NoUnitPrice {
        /// The line.
        line: LineName,
        /// The amount of the line.
        amount: Decimal,
        /// How many.
        quantity: Decimal,
    },
    /// A fact is told of a day that has not come yet.
    InTheFuture {
        /// The day.
        day: Day,
    },
    /// A contract would end before it begins.
    EndsBeforeStart {
        /// Its last day.
        end: Day,
        /// Its first day.
        start: Day,
    },
    /// A quote would end before it begins.
    EndsBefore {
        /// Its last day.
        until: Day,
        /// Its own day.
        at: Day,
    },
}

impl From<Refusal> for Obstacle {
    fn from(refusal: Refusal) -> Obstacle {
        Obstacle::Refused { refusal: Box::new(refusal), asks: Vec::new() }
    }
}
