//! The ledgers: one table of all that is known of each. Strict reading, appending, `fmt`, `schema`, `export`, `row set`,
//! lists, states and the checks of cells all come from here. What the business makes of rows stands in the rules.

pub mod event;

use self::event::{Effect, EventSpec, counts_as, happens, leads, tells, turns};
use super::value::Kind;
use std::fmt;

/// Lists that kehu.toml declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingList {
    /// `[channels]`
    Channels,
    /// `[[stages]]`
    Stages,
    /// `[grades]`
    Grades,
    /// `[reasons] lost`
    LostReasons,
    /// `[reasons] close`
    CloseReasons,
    /// `[reasons] refund`
    RefundReasons,
    /// `[complaints] categories`
    ComplaintCategories,
    /// `[[deal_stages]]`
    DealStages,
}

/// What a column or key refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefTo {
    /// A customer.
    Customer,
    /// A member of the team.
    Team,
    /// A contact of the row's customer.
    Contact,
    /// A customer or a supplier.
    Party,
    /// A row of a ledger.
    Row(Ledger),
    /// A line of an order, `id/line`.
    OrderLine,
    /// The subject of an event; its kind stands in the `kind` column.
    Subject,
    /// A pool of kehu.toml.
    Pool,
}

/// The type of a cell or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// The row's own id.
    RowId,
    /// A product's or supplier's id, given by the company.
    OwnId,
    /// One line of text.
    Text,
    /// Text in which a newline is written `\n` (note, text, title).
    Note,
    /// A date.
    Day,
    /// A date or an instant.
    At,
    /// A plain decimal.
    Decimal,
    /// A decimal from 0 to 1.
    Fraction,
    /// A whole number, 1 or more.
    Int,
    /// `yes`, or empty.
    YesNo,
    /// A reference.
    Ref(RefTo),
    /// One of a closed list.
    OneOf(&'static [&'static str]),
    /// One of a list of kehu.toml.
    Listed(SettingList),
    /// `li:0.7,wu:0.3`
    Split,
    /// `2026`, `2026Q3` or `2026-11`.
    PeriodName,
    /// ISO 4217.
    Currency,
}

/// The range that a number must keep ("ranges at entry"); who judges is `rules::ranges`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Range {
    /// Any number.
    Any,
    /// A price: 0 or more.
    Price,
    /// A discount: from 0 to 1.
    Discount,
    /// More than 0, or less where the row has `returns`.
    Quantity,
    /// A part of the row's net.
    Tax,
    /// 0 or more.
    ExtraCost,
    /// What something costs: 0 or more.
    Cost,
    /// The same of a whole line; less where it takes something back.
    LineCost,
    /// What a sale may come to: 0 or more.
    Worth,
    /// What a line comes to: 0 or more where its quantity is; a rebate has none.
    LineAmount,
    /// Money that moves: more than nothing, in whole minor units of the row's currency.
    Moves,
    /// The same, and no more than came in.
    GivenBack,
    /// What is spent on a customer: gifts of a year together at most what its grade allows.
    Given,
    /// An answer to the question of the row's `kind`, between that one's lowest and highest.
    Score,
}

/// A column of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Header.
    pub name: &'static str,
    /// Type of its cells.
    pub ty: Type,
    /// Whether a cell may be empty.
    pub required: bool,
    /// The range of its numbers.
    pub range: Range,
}

impl ColumnSpec {
    /// The same for numbers of a range.
    const fn within(self, range: Range) -> ColumnSpec {
        ColumnSpec { range, ..self }
    }
}

const fn req(name: &'static str, ty: Type) -> ColumnSpec {
    ColumnSpec { name, ty, required: true, range: Range::Any }
}
const fn opt(name: &'static str, ty: Type) -> ColumnSpec {
    ColumnSpec { name, ty, required: false, range: Range::Any }
}

/// All that is known of a ledger.
#[derive(Debug, Clone, Copy)]
pub struct LedgerSpec {
    /// Folder name and key: `activities`.
    pub name: &'static str,
    /// One thing of it: `activity`, `order`, `spend`; what events call their subjects.
    pub kind: &'static str,
    /// Prefix of new row ids: `a_`; empty where the company gives the ids, or rows have none.
    pub prefix: &'static str,
    /// The columns that together identify a row.
    pub key: &'static [&'static str],
    /// The columns in the order of a new file.
    pub columns: &'static [ColumnSpec],
    /// The columns that are equal on all rows of one id; where a ledger has a `version`, of one version of it.
    pub shared: &'static [&'static str],
    /// What may happen to its things; empty = nothing.
    pub events: &'static [EventSpec],
    /// The columns of its list unless others are asked for; empty = all.
    pub list: &'static [&'static str],
    /// Columns that stand in no file: what events make of a row, and what rules do.
    pub computed: &'static [Computed],
    /// The ledgers that computed columns need besides the row itself.
    pub reads: &'static [Ledger],
    /// Whether in its list one row stands for all lines of an id.
    pub whole: bool,
    /// The column that says by which day a thing must have left its first state; empty = none. Things that are still in it
    /// come first in the list, by this day.
    pub wait: &'static str,
}

/// A column that is computed for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Computed {
    /// Name.
    pub name: &'static str,
    /// What sort of values it has.
    pub kind: Kind,
    /// Its values where they are a closed list; their words are those of the list `<kind>_<name>`.
    pub values: &'static [&'static str],
    /// The list of kehu.toml that has its values.
    pub listed: Option<SettingList>,
}

const fn figure(name: &'static str, kind: Kind) -> Computed {
    Computed { name, kind, values: &[], listed: None }
}
const fn one_of(name: &'static str, values: &'static [&'static str]) -> Computed {
    Computed { name, kind: Kind::Code, values, listed: None }
}
const fn listed(name: &'static str, list: SettingList) -> Computed {
    Computed { name, kind: Kind::Code, values: &[], listed: Some(list) }
}

/// What most ledgers have.
const PLAIN: LedgerSpec = LedgerSpec {
    name: "",
    kind: "",
    prefix: "",
    key: &["id"],
    columns: &[],
    shared: &[],
    events: &[],
    list: &[],
    computed: &[],
    reads: &[],
    whole: false,
    wait: "",
};

/// Each entry begins with its names and its events: from these, and not from whole entries, the list of kinds is made that an
/// entry itself names.
macro_rules! ledgers {
    ($($variant:ident => LedgerSpec {
        name: $name:expr, kind: $kind:expr, prefix: $prefix:expr, events: [$($event:expr),* $(,)?], $($rest:tt)*
    },)*) => {
        /// A ledger: all CSV files below `ledgers/<name>/` are one table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Ledger { $(#[doc = stringify!($variant)] $variant,)* }
        impl Ledger {
            /// Every ledger.
            pub const ALL: &'static [Ledger] = &[$(Ledger::$variant,)*];
            /// Its entry in the table.
            pub const fn spec(self) -> &'static LedgerSpec {
                match self { $(Ledger::$variant => {
                    const SPEC: &LedgerSpec =
                        &LedgerSpec { name: $name, kind: $kind, prefix: $prefix, events: &[$($event),*], $($rest)* };
                    SPEC
                })* }
            }
        }
        /// What a thing of each ledger is called, and how many sorts of events it knows.
        const KINDS: &[(&str, usize)] = &[$(($kind, 0 $(+ { let _: EventSpec = $event; 1 })*),)*];
    };
}

/// The kinds of things that events happen to: customers, and things of the ledgers that have events.
pub const EVENT_KINDS: &[&str] = {
    const COUNT: usize = {
        let (mut count, mut n) = (1, 0);
        while n < KINDS.len() {
            count += (KINDS[n].1 > 0) as usize;
            n += 1;
        }
        count
    };
    const LIST: [&str; COUNT] = {
        let mut list = [CUSTOMER_KIND; COUNT];
        let (mut at, mut n) = (1, 0);
        while n < KINDS.len() {
            if KINDS[n].1 > 0 {
                list[at] = KINDS[n].0;
                at += 1;
            }
            n += 1;
        }
        list
    };
    &LIST
};

/// What events call customers, who are no ledger.
const CUSTOMER_KIND: &str = "customer";

use Ledger as L;
use RefTo as R;
use SettingList as S;
use Type::*;

const CUSTOMER: ColumnSpec = req("customer", Ref(R::Customer));
const OWN_ID: ColumnSpec = req("id", RowId);
const AT: ColumnSpec = req("at", At);
const BY: ColumnSpec = opt("by", Ref(R::Team));
const NOTE: ColumnSpec = opt("note", Note);
const CURRENCY: ColumnSpec = opt("currency", Currency);
const PRICE: ColumnSpec = opt("price", Decimal).within(Range::Price);
const DISCOUNT: ColumnSpec = opt("discount", Decimal).within(Range::Discount);
const QUANTITY: ColumnSpec = opt("quantity", Decimal).within(Range::Quantity);
const MOVES: ColumnSpec = req("amount", Decimal).within(Range::Moves);

/// Where a quote stands by its events alone.
const QUOTE: &[&str] = &["draft", "sent", "accepted", "declined"];
/// The same, with what follows from the day.
const QUOTE_NOW: &[&str] = &["draft", "sent", "accepted", "declined", "expired"];
/// Where a deal stands, by the category of its stage.
const DEAL: &[&str] = &["open", "won", "lost"];
/// Where a task stands.
const TASK: &[&str] = &["open", "done", "dropped"];
/// Where a complaint stands.
const COMPLAINT: &[&str] = &["new", "assigned", "waiting", "resolved", "confirmed", "told"];
/// How far an open complaint is on its way to being late.
const ALARM: &[&str] = &["half", "near", "breached"];
/// Where an answer of feedback stands.
const FEEDBACK: &[&str] = &["new", "handled", "verified"];
/// Where a need stands.
const NEED: &[&str] = &["open", "solved", "dropped"];
/// Where a receivable stands.
const RECEIVABLE: &[&str] = &["due", "partial", "overdue", "paid", "pending", "void"];
/// Where a payable stands.
const PAYABLE: &[&str] = &["draft", "pending", "rejected", "due", "partial", "overdue", "paid", "void"];
/// Where an invoice stands.
const INVOICE: &[&str] = &["unpaid", "partial", "paid", "reversed", "red", "void"];
/// Where a contract stands: by its approval as long as that is open, then by its days.
const CONTRACT: &[&str] = &["draft", "pending", "coming", "running", "expired", "ended", "rejected", "void"];
/// How far an approval is.
const APPROVAL: &[&str] = &["draft", "submitted", "approved", "rejected", "void"];

ledgers! {
    Activities => LedgerSpec {
        name: "activities", kind: "activity", prefix: "a_",
        events: [],
        columns: &[
            OWN_ID, AT, CUSTOMER, opt("contact", Ref(R::Contact)), req("by", Ref(R::Team)), req("channel", Listed(S::Channels)),
            opt("purpose", OneOf(&["care", "inform", "deal", "service", "intel", "collect"])),
            opt("direction", OneOf(&["in", "out", "both"])),
            opt("outcome", OneOf(&["positive", "neutral", "negative", "none", "no-answer", "refused"])),
            opt("signal", OneOf(&["personnel", "quality", "distance", "demand", "competitor"])),
            opt("next", Day), opt("deal", Ref(R::Row(L::Deals))), opt("complaint", Ref(R::Row(L::Complaints))), NOTE,
        ],
        list: &["id", "at", "customer", "customer.name", "by", "channel", "outcome", "next", "note"],
        ..PLAIN
    },
    Events => LedgerSpec {
        name: "events", kind: "event", prefix: "e_",
        events: [],
        columns: &[
            OWN_ID, AT, req("kind", OneOf(EVENT_KINDS)), req("subject", Ref(R::Subject)), req("event", Text),
            // A decision that was not there before (a new owner for a customer of the pool) has an empty `from`.
            opt("from", Text), opt("to", Text), opt("until", Day), opt("reason", Text), opt("competitor", Text), BY, NOTE,
        ],
        list: &["id", "at", "kind", "subject", "event", "from", "to", "reason", "by", "note"],
        ..PLAIN
    },
    Products => LedgerSpec {
        name: "products", kind: "product", prefix: "",
        events: [],
        key: &["id", "since"],
        columns: &[
            req("id", OwnId), req("since", Day), opt("name", Text), opt("category", Text), opt("unit", Text),
            PRICE, opt("cost", Decimal).within(Range::Cost), opt("tax_rate", Fraction), opt("supplier", Ref(R::Row(L::Suppliers))),
            opt("upgrade_of", Ref(R::Row(L::Products))), opt("status", OneOf(&["active", "paused", "retired"])), NOTE,
        ],
        ..PLAIN
    },
    Orders => LedgerSpec {
        name: "orders", kind: "order", prefix: "o_",
        events: [
            happens("confirmed"), happens("shipped"), happens("delivered"), happens("cancelled"), tells("note"),
            tells("warned"),
            // An order that is void counts nothing either.
            counts_as("void", "cancelled"),
        ],
        key: &["id", "line"],
        columns: &[
            OWN_ID, req("line", Int), AT, CUSTOMER, opt("product", Ref(R::Row(L::Products))), QUANTITY,
            PRICE, DISCOUNT, opt("amount", Decimal).within(Range::LineAmount), opt("tax", Decimal).within(Range::Tax),
            opt("unit_cost", Decimal).within(Range::Cost), opt("cost", Decimal).within(Range::LineCost), opt("extra_cost", Decimal).within(Range::ExtraCost), CURRENCY, opt("due", Day), opt("promised", Day),
            opt("returns", Ref(R::OrderLine)), opt("deal", Ref(R::Row(L::Deals))), opt("contract", Ref(R::Row(L::Contracts))),
            BY, opt("split", Split), opt("source_key", Text), NOTE,
        ],
        shared: &["at", "customer", "currency", "contract", "deal", "by", "due"],
        ..PLAIN
    },
    Quotes => LedgerSpec {
        name: "quotes", kind: "quote", prefix: "q_",
        events: [leads("sent", "state", QUOTE), leads("accepted", "state", QUOTE), leads("declined", "state", QUOTE), tells("warned")],
        key: &["id", "line"],
        columns: &[
            OWN_ID, req("line", Int), AT, CUSTOMER, opt("version", Int), opt("product", Ref(R::Row(L::Products))),
            QUANTITY, PRICE, DISCOUNT, CURRENCY, opt("valid_until", Day),
            opt("deal", Ref(R::Row(L::Deals))), opt("need", Ref(R::Row(L::Needs))), BY, NOTE,
        ],
        shared: &["at", "customer", "currency", "valid_until", "deal", "need", "by"],
        list: &[
            "id", "version", "at", "customer", "customer.name", "state", "valid_until", "by", "lines", "currency", "net", "cost",
            "profit", "margin", "order",
        ],
        computed: &[
            one_of("state", QUOTE_NOW), figure("lines", Kind::Number), figure("net", Kind::Money),
            figure("total_amount", Kind::Money), figure("cost", Kind::Money), figure("profit", Kind::Money),
            figure("margin", Kind::Ratio), figure("order", Kind::Id),
        ],
        reads: &[L::Quotes, L::Events, L::Products, L::Rates],
        whole: true,
        ..PLAIN
    },
    Invoices => LedgerSpec {
        name: "invoices", kind: "invoice", prefix: "v_",
        events: [happens("void")],
        columns: &[
            OWN_ID, AT, CUSTOMER, req("amount", Decimal), opt("tax", Decimal).within(Range::Tax), opt("kind", OneOf(&["special", "ordinary", "red"])),
            opt("number", Text), opt("order", Ref(R::Row(L::Orders))), opt("contract", Ref(R::Row(L::Contracts))),
            opt("receivable", Ref(R::Row(L::Receivables))), opt("reverses", Ref(R::Row(L::Invoices))), BY, NOTE,
        ],
        list: &["id", "at", "customer", "customer.name", "kind", "number", "amount", "tax", "paid", "open", "status", "order", "contract", "receivable"],
        computed: &[one_of("status", INVOICE), figure("paid", Kind::Money), figure("open", Kind::Money)],
        reads: &[L::Invoices, L::Orders, L::Products, L::Receivables, L::Receipts, L::Refunds, L::Rates, L::Events],
        ..PLAIN
    },
    Deals => LedgerSpec {
        name: "deals", kind: "deal", prefix: "d_",
        events: [turns("stage", &[]), turns("owner", &[]), turns("amount", &[]), turns("close_date", &[])],
        columns: &[
            OWN_ID, AT, CUSTOMER, req("title", Note), opt("product", Ref(R::Row(L::Products))),
            opt("amount", Decimal).within(Range::Worth), opt("close_date", Day), opt("owner", Ref(R::Team)), opt("source", Text),
            NOTE,
        ],
        list: &["id", "customer", "title", "stage", "amount", "close_date", "owner", "days_in_stage", "next", "next_step"],
        computed: &[
            listed("stage", S::DealStages), one_of("state", DEAL), figure("probability", Kind::Ratio), figure("weighted", Kind::Money),
            figure("days_in_stage", Kind::Days), figure("stage_since", Kind::Day), figure("next", Kind::Day),
            figure("next_step", Kind::Text), figure("slips", Kind::Number),
        ],
        reads: &[L::Events, L::Activities],
        ..PLAIN
    },
    Contracts => LedgerSpec {
        name: "contracts", kind: "contract", prefix: "c_",
        events: [turns("approval", APPROVAL), happens("ended")],
        columns: &[
            OWN_ID, AT, req("party", Ref(R::Party)), req("kind", OneOf(&["sales", "purchase"])), opt("title", Note),
            opt("amount", Decimal).within(Range::Worth), CURRENCY, opt("start", Day), opt("end", Day),
            opt("deal", Ref(R::Row(L::Deals))), opt("project", Text), opt("renews", Ref(R::Row(L::Contracts))), BY, NOTE,
        ],
        list: &[
            "id", "party", "kind", "title", "amount", "currency", "start", "end", "days_left", "approval", "state", "broken", "by",
        ],
        computed: &[
            one_of("approval", APPROVAL), one_of("state", CONTRACT), figure("days_left", Kind::Days), figure("planned", Kind::Money),
            figure("broken", Kind::Flag), figure("party_name", Kind::Text), figure("renewed_by", Kind::Id),
        ],
        reads: &[L::Events, L::Receivables, L::Payables, L::Suppliers],
        ..PLAIN
    },
    Receivables => LedgerSpec {
        name: "receivables", kind: "receivable", prefix: "r_",
        events: [tells("writeoff"), happens("void")],
        columns: &[
            OWN_ID, AT, CUSTOMER, req("amount", Decimal), req("due", Day), CURRENCY, opt("contract", Ref(R::Row(L::Contracts))),
            opt("order", Ref(R::Row(L::Orders))), BY, NOTE,
        ],
        list: &[
            "id", "customer", "customer.name", "amount", "currency", "due", "paid", "open", "status", "days_overdue", "order", "contract",
        ],
        computed: &[
            one_of("status", RECEIVABLE), figure("paid", Kind::Money), figure("open", Kind::Money),
            figure("days_overdue", Kind::Days),
        ],
        reads: &[L::Orders, L::Products, L::Receivables, L::Receipts, L::Refunds, L::Rates, L::Events],
        ..PLAIN
    },
    Receipts => LedgerSpec {
        name: "receipts", kind: "receipt", prefix: "p_",
        events: [happens("void")],
        key: &["id", "line"],
        columns: &[
            OWN_ID, req("line", Int), AT, CUSTOMER, MOVES, opt("receivable", Ref(R::Row(L::Receivables))),
            opt("order", Ref(R::Row(L::Orders))), CURRENCY,
            opt("method", OneOf(&["transfer", "cash", "acceptance", "wechat", "alipay", "cheque", "offset"])),
            opt("matures", Day), BY, opt("source_key", Text), NOTE,
        ],
        shared: &["at", "customer", "currency", "by"],
        ..PLAIN
    },
    Refunds => LedgerSpec {
        name: "refunds", kind: "refund", prefix: "f_",
        events: [turns("approval", APPROVAL), happens("void")],
        columns: &[
            OWN_ID, AT, CUSTOMER, req("amount", Decimal).within(Range::GivenBack), req("reason", Text),
            req("kind", OneOf(&["return", "overpayment", "allowance", "goodwill"])), opt("receipt", Ref(R::Row(L::Receipts))),
            opt("order", Ref(R::Row(L::Orders))), CURRENCY, BY, NOTE,
        ],
        ..PLAIN
    },
    Suppliers => LedgerSpec {
        name: "suppliers", kind: "supplier", prefix: "",
        events: [],
        columns: &[
            req("id", OwnId), req("name", Text), opt("contact", Text), opt("phone", Text), opt("email", Text), opt("status", Text), NOTE,
        ],
        ..PLAIN
    },
    Payables => LedgerSpec {
        name: "payables", kind: "payable", prefix: "y_",
        events: [turns("approval", APPROVAL), happens("void")],
        columns: &[
            OWN_ID, AT, req("supplier", Ref(R::Row(L::Suppliers))), req("amount", Decimal), req("due", Day), CURRENCY,
            opt("contract", Ref(R::Row(L::Contracts))), BY, NOTE,
        ],
        list: &["id", "at", "supplier", "amount", "currency", "due", "paid", "open", "status", "days_overdue", "contract", "note"],
        computed: &[
            one_of("status", PAYABLE), figure("paid", Kind::Money), figure("open", Kind::Money), figure("days_overdue", Kind::Days),
        ],
        reads: &[L::Payables, L::Payments, L::Events],
        ..PLAIN
    },
    Payments => LedgerSpec {
        name: "payments", kind: "payment", prefix: "m_",
        events: [happens("void")],
        key: &["id", "line"],
        columns: &[
            OWN_ID, req("line", Int), AT, req("supplier", Ref(R::Row(L::Suppliers))), MOVES,
            opt("payable", Ref(R::Row(L::Payables))), CURRENCY, opt("method", Text), BY, opt("source_key", Text), NOTE,
        ],
        shared: &["at", "supplier", "currency", "by"],
        ..PLAIN
    },
    Requests => LedgerSpec {
        name: "requests", kind: "request", prefix: "w_",
        // What was allowed is used once: `to` says for what.
        events: [turns("approval", APPROVAL), tells("used")],
        columns: &[
            OWN_ID, AT, req("kind", OneOf(&["price", "discount", "credit", "refund", "writeoff", "keep"])), req("subject", Text),
            opt("amount", Decimal), req("by", Ref(R::Team)), NOTE,
        ],
        ..PLAIN
    },
    Complaints => LedgerSpec {
        name: "complaints", kind: "complaint", prefix: "k_",
        events: [turns("state", COMPLAINT), turns("assignee", &[]), tells("acknowledged"), tells("told")],
        columns: &[
            OWN_ID, AT, CUSTOMER, opt("contact", Ref(R::Contact)), opt("product", Ref(R::Row(L::Products))),
            opt("order", Ref(R::Row(L::Orders))), opt("supplier", Ref(R::Row(L::Suppliers))), opt("batch", Text),
            req("category", Listed(S::ComplaintCategories)), opt("severity", OneOf(&["low", "normal", "high", "safety"])),
            opt("grade", Listed(S::Grades)), opt("liability", OneOf(&["ours", "supplier", "carrier", "customer", "unknown"])),
            opt("cause", Note), opt("cost", Decimal).within(Range::Cost), BY, req("text", Note),
            opt("feedback", Ref(R::Row(L::Feedback))),
        ],
        list: &[
            "id", "customer", "customer.name", "category", "severity", "grade", "state", "assignee", "due", "remaining", "late",
            "first_response", "alarm", "text",
        ],
        computed: &[
            one_of("state", COMPLAINT), figure("assignee", Kind::Id), figure("due", Kind::Day), figure("remaining", Kind::Number),
            figure("late", Kind::Flag), figure("breached", Kind::Flag), figure("first_response", Kind::Day),
            figure("response_due", Kind::Day), figure("response_late", Kind::Flag), figure("resolved", Kind::Day), one_of("alarm", ALARM),
            figure("alarm_to", Kind::List), figure("reopened", Kind::Number),
        ],
        reads: &[L::Events, L::Activities],
        ..PLAIN
    },
    Feedback => LedgerSpec {
        name: "feedback", kind: "feedback", prefix: "b_",
        events: [turns("state", FEEDBACK)],
        columns: &[
            OWN_ID, AT, CUSTOMER, opt("contact", Ref(R::Contact)), req("kind", OneOf(&["csat", "nps", "ces", "value"])),
            opt("dimension", OneOf(&["product", "service", "personnel", "image", "money", "time", "energy", "effort"])),
            req("score", Decimal).within(Range::Score), opt("channel", Listed(S::Channels)), opt("order", Ref(R::Row(L::Orders))),
            opt("category", Text), opt("cause", Note), opt("action", Note), opt("text", Note),
        ],
        list: &[
            "id", "at", "customer", "customer.name", "kind", "dimension", "score", "low", "state", "category", "cause", "action", "text",
        ],
        computed: &[one_of("state", FEEDBACK), figure("low", Kind::Flag), figure("handled_by", Kind::Id)],
        reads: &[L::Events],
        ..PLAIN
    },
    Needs => LedgerSpec {
        name: "needs", kind: "need", prefix: "n_",
        events: [turns("state", NEED)],
        columns: &[
            OWN_ID, AT, CUSTOMER, opt("contact", Ref(R::Contact)), req("text", Note), opt("urgent", YesNo), opt("important", YesNo),
            opt("cause", Note), opt("solution", Note), opt("deal", Ref(R::Row(L::Deals))), BY,
        ],
        list: &["id", "at", "customer", "customer.name", "quadrant", "state", "text", "cause", "solution", "quote_days", "by"],
        computed: &[one_of("state", NEED), figure("quadrant", Kind::Number), figure("quote_days", Kind::Days)],
        reads: &[L::Events, L::Quotes],
        ..PLAIN
    },
    Tasks => LedgerSpec {
        name: "tasks", kind: "task", prefix: "t_",
        events: [turns("state", TASK)],
        columns: &[
            OWN_ID, AT, req("title", Note), req("due", Day), opt("owner", Ref(R::Team)), opt("customer", Ref(R::Customer)),
            opt("kind", OneOf(&["onboarding", "care", "win-back", "remedy", "other"])), opt("playbook", Text), NOTE,
            opt("first_use", YesNo),
        ],
        list: &["id", "due", "days_overdue", "state", "owner", "customer", "customer.name", "kind", "title"],
        computed: &[one_of("state", TASK), figure("days_overdue", Kind::Days)],
        reads: &[L::Events],
        wait: "due",
        ..PLAIN
    },
    Spend => LedgerSpec {
        name: "spend", kind: "spend", prefix: "s_",
        events: [happens("void")],
        columns: &[
            OWN_ID, AT, req("amount", Decimal).within(Range::Given),
            req("kind", OneOf(&["campaign", "visit", "entertainment", "gift", "sample", "reward", "service", "goodwill", "other"])),
            opt("customer", Ref(R::Customer)), opt("campaign", Text), CURRENCY, BY, NOTE,
        ],
        ..PLAIN
    },
    Targets => LedgerSpec {
        name: "targets", kind: "target", prefix: "",
        events: [],
        key: &["period", "owner", "metric", "level"],
        columns: &[
            req("period", PeriodName), req("owner", Ref(R::Team)),
            req("metric", OneOf(&["signed", "orders", "receipts", "profit", "new_customers", "visits"])),
            opt("level", OneOf(&["base", "target", "stretch"])), req("amount", Decimal).within(Range::Worth),
        ],
        ..PLAIN
    },
    Rates => LedgerSpec {
        name: "rates", kind: "rate", prefix: "",
        events: [],
        key: &["date", "currency"],
        columns: &[
            req("date", Day), req("currency", Currency), req("rate", Decimal),
        ],
        ..PLAIN
    },
}

/// The events of customers, who are no ledger: their five decisions, and that one became part of another.
const OF_CUSTOMERS: &[EventSpec] = &[
    turns("stage", &[]),
    turns("status", &[]),
    turns("owner", &[]),
    turns("grade", &[]),
    turns("intent", &[]),
    tells("merged"),
];

/// The events that a kind knows (a closed list); none for an unknown kind.
pub fn events_of(kind: &str) -> &'static [EventSpec] {
    if kind == CUSTOMER_KIND { OF_CUSTOMERS } else { ledger_of_kind(kind).map_or(&[], Ledger::events) }
}

/// The ledger whose rows are things of this kind (`task` → tasks); `None` for customers and unknown kinds.
pub fn ledger_of_kind(kind: &str) -> Option<Ledger> {
    Ledger::ALL.iter().copied().find(|l| l.kind() == kind)
}

impl Ledger {
    /// Folder name and key: `activities`.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }
    /// One thing of it: `activity`, `order`, `spend`.
    pub const fn kind(self) -> &'static str {
        self.spec().kind
    }
    /// Prefix of new row ids: `a_`; empty where the company gives the ids, or rows have none.
    pub const fn prefix(self) -> &'static str {
        self.spec().prefix
    }
    /// The columns in the order of a new file.
    pub const fn columns(self) -> &'static [ColumnSpec] {
        self.spec().columns
    }
    /// The columns that together identify a row.
    pub const fn key(self) -> &'static [&'static str] {
        self.spec().key
    }
    /// A cell of a column as part of a row's key: what an empty one means. A target without a level is of level `target`.
    pub fn in_key<'c>(self, column: &str, cell: &'c str) -> &'c str {
        if self == Ledger::Targets && column == "level" && cell.is_empty() { "target" } else { cell }
    }
    /// The columns that are equal on all rows of one id; where a ledger has a `version`, of one version of it.
    pub const fn shared(self) -> &'static [&'static str] {
        self.spec().shared
    }
    /// What may happen to its things.
    pub const fn events(self) -> &'static [EventSpec] {
        self.spec().events
    }
    /// The states of its things, that of a new one first; empty where they have none, or any.
    pub fn states(self) -> &'static [&'static str] {
        self.events().iter().find(|e| e.fact == "state").map_or(&[], |e| e.states)
    }
    /// The event that turns a column of its rows to other values, if there is one.
    pub fn turned(self, column: &str) -> Option<&'static EventSpec> {
        self.events().iter().find(|e| e.effect == Effect::Turns && e.fact == column)
    }
    /// The list of kehu.toml that has the values of a column, also of a computed one.
    pub fn listed(self, column: &str) -> Option<SettingList> {
        let computed = || self.spec().computed.iter().find(|c| c.name == column)?.listed;
        match self.column(column).map(|n| self.columns()[n].ty) {
            Some(Type::Listed(list)) => Some(list),
            _ => computed(),
        }
    }
    /// The column that says whom a row is about: the customer, or the subject of an event.
    pub fn about(self) -> Option<usize> {
        self.column("customer").or_else(|| self.column("subject"))
    }
    /// The ledger of a folder name.
    pub fn parse(name: &str) -> Option<Ledger> {
        Ledger::ALL.iter().copied().find(|l| l.name() == name)
    }
    /// The ledger of a kind or folder name: `activity` and `activities` both.
    pub fn parse_any(word: &str) -> Option<Ledger> {
        Ledger::ALL.iter().copied().find(|l| l.name() == word || l.kind() == word)
    }
    /// Index of a column in [`Ledger::columns`].
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|c| c.name == name)
    }
    /// The column that holds the row's day, if it has one.
    pub fn day_column(self) -> Option<usize> {
        self.column("at").or_else(|| self.column("since")).or_else(|| self.column("date"))
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of ledgers: what a command, metric or report needs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LedgerSet(u32);

impl LedgerSet {
    /// No ledger.
    pub const NONE: LedgerSet = LedgerSet(0);

    /// A set of the given ledgers.
    pub const fn of(list: &[Ledger]) -> LedgerSet {
        let mut bits = 0;
        let mut n = 0;
        while n < list.len() {
            bits |= 1 << list[n] as u32;
            n += 1;
        }
        LedgerSet(bits)
    }
    /// Every ledger.
    pub fn all() -> LedgerSet {
        LedgerSet::of(Ledger::ALL)
    }
    /// Both sets.
    #[must_use]
    pub const fn and(self, other: LedgerSet) -> LedgerSet {
        LedgerSet(self.0 | other.0)
    }
    /// The set without a ledger.
    #[must_use]
    pub const fn without(self, ledger: Ledger) -> LedgerSet {
        LedgerSet(self.0 & !(1 << ledger as u32))
    }
    /// Whether the ledger is in the set.
    pub const fn has(self, ledger: Ledger) -> bool {
        self.0 & (1 << ledger as u32) != 0
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The ledgers of the set.
    pub fn iter(self) -> impl Iterator<Item = Ledger> {
        Ledger::ALL.iter().copied().filter(move |l| self.has(*l))
    }
}

#[cfg(test)]
mod tests;
