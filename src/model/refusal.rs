//! Why a rule says no, as data. The words are in `i18n::refusal`.

use super::breach::Breach;
use super::day::Day;
use super::likeness::Alike;

/// What messages call a line that is being entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineName {
    /// By its product.
    Product(String),
    /// By its number, from 1, where it has no product.
    Number(usize),
    /// All lines together.
    Whole,
}

impl LineName {
    /// The product; empty where there is none.
    pub fn product(&self) -> &str {
        match self {
            LineName::Product(p) => p,
            LineName::Number(_) | LineName::Whole => "",
        }
    }
}

/// The same in every language: the product, else `#1`.
impl std::fmt::Display for LineName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LineName::Product(p) => f.write_str(p),
            LineName::Number(n) => write!(f, "#{n}"),
            LineName::Whole => f.write_str("order"),
        }
    }
}

/// A line, or a whole order, whose profit is less than its floor (R6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BelowFloor {
    /// The line.
    pub line: LineName,
    /// What it comes to without tax, shown.
    pub net: String,
    /// What it costs, shown.
    pub cost: String,
    /// Margin as a percentage; `None` for a net of nothing or less.
    pub margin: Option<String>,
    /// The floor as a percentage.
    pub floor: String,
    /// The lowest price of a unit (of the whole order its lowest amount) that passes, as prices are entered; and
    /// without tax.
    pub lowest: Option<(String, String)>,
}

/// The newest event of something, which stands in the way of an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestEvent {
    /// Its id.
    pub id: String,
    /// `file:line`
    pub place: String,
    /// Its instant, as files hold it.
    pub at: String,
    /// What the clock says, where the event lies ahead of it.
    pub now: Option<String>,
}

/// Why somebody may not answer for something (R12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MayNot {
    /// It is its own doing.
    Author,
    /// It does not lead, nor is it money and the member finance.
    Role,
    /// It is worth more than the member may approve: so much, shown.
    Limit(String),
}

/// What happened to a complaint. The note stands as the file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub day: Day,
    /// `state`, `assignee`, `acknowledged`, `told`.
    pub event: String,
    /// Machine key of what it turned to.
    pub to: String,
    /// Who did it.
    pub by: String,
    /// What was said.
    pub note: String,
}

/// A complaint, as whoever sells the same goods again should know it (R11). Texts stand as the file holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its id.
    pub complaint: String,
    /// Its day.
    pub day: Day,
    /// Its product, else its order.
    pub product: String,
    /// Whether it is open and about safety.
    pub safety: bool,
    /// What the customer said.
    pub text: String,
    /// Why it happened; empty = not known.
    pub cause: String,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Machine key of its state.
    pub state: String,
    /// How it was solved; empty = not yet.
    pub handling: String,
}

/// A rule's no (exit code 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The stage's `to` list does not have it (R1).
    Transition {
        /// What moves: `customer` or `deal`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Present stage.
        from: String,
        /// Stage asked for.
        to: String,
        /// The `to` list.
        allowed: Vec<String>,
    },
    /// A backward move needs a note (R1).
    BackwardNeedsNote {
        /// What moves: `customer` or `deal`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Present stage.
        from: String,
        /// Stage asked for.
        to: String,
    },
    /// The stage's `requires` are not met (R1).
    Requirement {
        /// Customer id.
        customer: String,
        /// Stage asked for.
        stage: String,
        /// The requirement as it stands in kehu.toml.
        requirement: String,
        /// What there is.
        have: i64,
    },
    /// A change older than the newest one of the same thing.
    OlderThanNewest {
        /// `customer`, `deal`, `order` …
        kind: String,
        /// Its id.
        id: String,
        /// What was to change.
        event: String,
        /// Day of the newest event.
        newest: Day,
        /// That event, where it is one and not the thing itself.
        by: Option<Box<NewestEvent>>,
    },
    /// The customer is closed; reopen it first.
    Closed {
        /// Customer id.
        customer: String,
    },
    /// The customer is not closed.
    NotClosed {
        /// Customer id.
        customer: String,
    },
    /// Nobody works here under that id any more.
    HasLeft {
        /// Team id.
        member: String,
        /// Last day.
        left: Day,
    },
    /// Who names whom comes back to where it began: a customer that referred itself, a member who leads its own manager.
    Circle {
        /// The key.
        key: &'static str,
        /// Where it begins.
        id: String,
        /// From there back to there.
        way: Vec<String>,
    },
    /// Others refer to it.
    Referenced {
        /// What was to be removed.
        what: String,
        /// How many places refer to it.
        count: usize,
        /// The first places, `file:line`.
        places: Vec<String>,
    },
    /// Somebody else's customer is not given away by whoever does not lead (R14).
    NotYours {
        /// Customer id.
        customer: String,
        /// Its owner; empty = in the pool.
        owner: String,
        /// Who tried.
        member: String,
        /// Who may.
        may: Vec<String>,
    },
    /// Who is in the pool already is not released.
    InPool {
        /// Customer id.
        customer: String,
    },
    /// Only customers in the pool can be claimed (R2).
    NotInPool {
        /// Customer id.
        customer: String,
        /// Its owner.
        owner: String,
    },
    /// Only members of a pool may claim from it (R2).
    NotPoolMember {
        /// Customer id.
        customer: String,
        /// The pool.
        pool: String,
        /// Who tried.
        member: String,
        /// Who may.
        members: Vec<String>,
    },
    /// Somebody would own more customers than it may (R2).
    OwnLimit {
        /// Team id, or several.
        member: String,
        /// Customers owned that count.
        have: i64,
        /// Customers to come that count.
        more: i64,
        /// Highest number.
        limit: i64,
    },
    /// Somebody would claim more customers in a day than it may (R2).
    ClaimLimit {
        /// Team id.
        member: String,
        /// The day.
        day: Day,
        /// Claims made.
        have: i64,
        /// Claims to come.
        more: i64,
        /// Highest number.
        limit: i64,
    },
    /// A former owner claims a customer back too early (R2).
    CoolDown {
        /// Customer id.
        customer: String,
        /// Team id.
        member: String,
        /// Last day as its owner.
        left: Day,
        /// Days to wait.
        days: i64,
        /// First day on which it may.
        until: Day,
    },
    /// A customer rests in the pool before it may be claimed (R2).
    Quarantine {
        /// Customer id.
        customer: String,
        /// Since when it is in the pool.
        since: Day,
        /// Days to rest.
        days: i64,
        /// First day on which it may be claimed.
        until: Day,
    },
    /// Only some may keep a customer out of the pool (R2).
    MayNotKeep {
        /// Customer id.
        customer: String,
        /// Who tried.
        member: String,
        /// Up to which day.
        until: Day,
        /// Who may.
        may: Vec<String>,
    },
    /// Only some may override a rule.
    NoRight {
        /// Who tried.
        member: String,
        /// Who may.
        may: Vec<String>,
    },
    /// Somebody may not answer for something that is submitted (R12).
    MayNotApprove {
        /// `contract:ID`.
        what: String,
        /// Who tried.
        member: String,
        /// Why not.
        why: MayNot,
        /// Who may.
        may: Vec<String>,
    },
    /// The approval of something is not as far as an answer asks for, or it is over (R12).
    ApprovalState {
        /// `contract:ID`.
        what: String,
        /// Machine key of the list `approval`; empty = nobody has submitted it.
        state: String,
    },
    /// The instalments of a contract do not come to its amount.
    PlanSum {
        /// What they come to.
        sum: String,
        /// What the contract comes to.
        amount: String,
    },
    /// More would be written off than is open (R10).
    WriteOffTooMuch {
        /// The receivable.
        receivable: String,
        /// What is to be written off.
        amount: String,
        /// What is open.
        open: String,
    },
    /// An override must say why.
    OverrideNeedsNote,
    /// A value leaves its range, or contradicts another row.
    Breach(Breach),
    /// The margin lies below what the customer's grade allows (R6).
    BelowFloor(Box<BelowFloor>),
    /// The discount exceeds what the grade or the member may give (R6).
    DiscountLimit {
        /// The line.
        line: LineName,
        /// The discount as a percentage.
        discount: String,
        /// The limit as a percentage.
        limit: String,
        /// Whose limit: a grade or a member.
        whose: String,
    },
    /// A cell cannot be worked out from others that change.
    DoesNotFollow {
        /// `id/line`.
        line: String,
        /// The column.
        column: &'static str,
    },
    /// Goods of it came back.
    HasReturns {
        /// Order id.
        order: String,
        /// The returns.
        returns: Vec<String>,
    },
    /// Money was received for it.
    HasReceipts {
        /// Order id.
        order: String,
        /// The receipts.
        receipts: Vec<String>,
    },
    /// The quote's state does not allow it.
    QuoteState {
        /// Its id.
        quote: String,
        /// Its customer.
        customer: String,
        /// Machine key of the state, of the list `quote_state`.
        state: &'static str,
        /// Its last day.
        valid_until: Option<Day>,
        /// The order that was made of it; empty = not known.
        order: String,
    },
    /// A customer cannot become part of itself (R14).
    SameCustomer {
        /// Customer id.
        customer: String,
    },
    /// Two customers that are to be one have two tax ids (R14).
    TwoTaxIds {
        /// The survivor.
        keep: String,
        /// Its tax id.
        its: String,
        /// The other one.
        drop: String,
        /// The other one's.
        others: String,
    },
    /// A new customer is there already (R14).
    LikelyDuplicate {
        /// What it would be called.
        name: String,
        /// Who it is.
        other: Box<Alike>,
    },
    /// A complaint does not go from where it stands to there (R11).
    ComplaintState {
        /// Its id.
        complaint: String,
        /// Machine key of its state, of the list `complaint_state`.
        from: String,
        /// What was asked for: a state, `resumed` or `reopened`.
        to: String,
    },
    /// The customer complained about the same goods, and nobody says that this is known (R11).
    Complained {
        /// The customer's name.
        customer: String,
        /// Its complaints, newest first.
        stories: Vec<Story>,
    },
    /// What stops the clock of a complaint, or opens it again, says why (R11).
    NeedsReason {
        /// The complaint.
        complaint: String,
        /// The state that was asked for.
        to: String,
    },
    /// The handler of a complaint does not confirm that it is solved (R11).
    ConfirmsOwn {
        /// The complaint.
        complaint: String,
        /// Its handler.
        handler: String,
    },
    /// Something does not go from the state where it stands to another one.
    StateStep {
        /// Its kind: `feedback`, `need`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Machine key of its state, of the list `<kind>_state`.
        from: String,
        /// The state that was asked for.
        to: String,
    },
    /// What is dealt with, or opened again, says how, or why.
    NeedsText {
        /// Its id.
        id: String,
        /// The column or word that is missing: `cause`, `action`, `reason`.
        column: &'static str,
    },
    /// Who dealt with an answer does not verify that it helped.
    VerifiesOwn {
        /// The answer.
        feedback: String,
        /// Who dealt with it.
        handler: String,
    },
    /// More is paid than is open, and nobody said that it is paid in advance (R10).
    PaysTooMuch {
        /// A payable or supplier.
        what: String,
        /// What is open, shown.
        open: String,
        /// What is paid, shown.
        amount: String,
    },
    /// More is invoiced than there is to invoice (R10).
    InvoicesTooMuch {
        /// The order, contract or receivable.
        what: String,
        /// What may still be invoiced, shown.
        left: String,
        /// The amount of the invoice, shown.
        amount: String,
    },
    /// Its state does not allow it.
    WrongState {
        /// What it is.
        what: String,
        /// The list of its states: `order_state`, `deal_state`.
        list: &'static str,
        /// Machine key of the state.
        state: String,
    },
}

impl Refusal {
    /// Of what becomes possible with time: the days that have passed up to a day.
    pub fn days_so_far(&self, day: Day) -> Option<i64> {
        match self {
            Refusal::CoolDown { left: since, .. } | Refusal::Quarantine { since, .. } => {
                Some((day - *since).num_days())
            }
            _ => None,
        }
    }
}
