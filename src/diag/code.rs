//! The closed list of findings. A code never changes its meaning and is never used again.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The data cannot be read, or breaks a rule.
    Error,
    /// Readable, and probably not what is wanted.
    Warning,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $key:literal,)*) => {
        /// The sort of a finding. The facts (`args`) that each one carries stand behind it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $key] $name,)* }
        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];
            /// The stable code: `E012`.
            pub fn id(self) -> &'static str { match self { $(Code::$name => $id,)* } }
            /// Error or warning.
            pub fn severity(self) -> Severity { match self { $(Code::$name => Severity::$severity,)* } }
            /// A short machine key, also the name of the reproducer's folder.
            pub fn key(self) -> &'static str { match self { $(Code::$name => $key,)* } }
        }
    };
}

// In the trailing comments: the args.
codes! {
    // Files and text.
    NotUtf8          "E001" Error "not-utf8",           // encoding, it and the file; else encodings; else the file; else why not (settings)
    NulByte          "E002" Error "nul-byte",           // encoding and file, where it is UTF-16
    ConflictMarkers  "E003" Error "conflict-markers",   // -
    TooLarge         "E004" Error "too-large",          // what, limit
    TomlSyntax       "E005" Error "toml-syntax",        // parser's message
    LinkLeadsOut     "E006" Error "link-leads-out",     // target
    UnreadableFile   "E007" Error "unreadable-file",    // system's message, or nowhere, loop; then link, loop
    NewerFormat      "E008" Error "newer-format",       // found, known
    // Keys and columns.
    UnknownKey       "E010" Error "unknown-key",        // key, nearest, customer where own keys have a place
    MissingKey       "E011" Error "missing-key",        // key
    WrongType        "E012" Error "wrong-type",         // key, expected kind, found
    UnknownColumn    "E013" Error "unknown-column",     // column, nearest
    MissingColumn    "E014" Error "missing-column",     // column
    DuplicateColumn  "E015" Error "duplicate-column",   // column
    NoHeader         "E016" Error "no-header",          // -
    // Cells.
    UnclosedQuote    "E020" Error "unclosed-quote",     // -
    StrayQuote       "E021" Error "stray-quote",        // -
    CellCount        "E022" Error "cell-count",         // found, expected
    MissingCell      "E023" Error "missing-cell",       // column
    BadDate          "E024" Error "bad-date",           // value
    BadInstant       "E025" Error "bad-instant",        // value
    BadDecimal       "E026" Error "bad-decimal",        // value
    BadInteger       "E027" Error "bad-integer",        // value
    NotInList        "E028" Error "not-in-list",        // value, name of the list, nearest
    BadValue         "E029" Error "bad-value",          // value, what is expected (key of i18n::problem::expected)
    RawNewline       "E030" Warning "raw-newline",      // column, note where \n can stand for it, else line
    ControlChar      "E031" Warning "control-char",     // code point
    NullWord         "E032" Error "null-word",          // value
    ScoreRange       "E033" Error "score-range",        // score, kind of feedback, range
    ScoreDimension   "E035" Error "score-dimension",    // kind of feedback, dimension
    BlankRow         "E034" Warning "blank-row",        // how many
    // Ids and references.
    BadCustomerId    "E040" Error "bad-customer-id",    // id, reason key, a better one
    BadRowId         "E041" Error "bad-row-id",         // id, reason key
    DuplicateCustomer "E042" Error "duplicate-customer", // id, other file
    DuplicateRow     "E043" Error "duplicate-row",      // id, other place
    DanglingRef      "E044" Error "dangling-reference", // column or key, kind, id, nearest
    FormerIdTaken    "E045" Error "former-id-taken",    // former id, other file
    DuplicateContact "E046" Error "duplicate-contact",  // id
    UnequalLines     "E048" Error "unequal-lines",      // column, row id
    SameAsOther      "E049" Warning "same-as-other",    // key, value, customers; else how many, where that is noise
    // Settings.
    SettingValue     "E050" Error "setting-value",      // key, why (key of i18n::problem::why)
    UnknownStage     "E051" Error "unknown-stage",      // key, stage, nearest
    ScorecardWeights "E052" Error "scorecard-weights",  // scorecard, sum
    ScorecardBands   "E053" Error "scorecard-bands",    // scorecard, what is wrong
    NoMatchingField  "E054" Error "undeclared-field",   // field, nearest
    BadView          "E055" Error "bad-view",           // view, the query's message, its hints
    PoolMember       "E056" Error "pool-member",        // pool, member, nearest
    // State and history.
    DecisionDrift    "E060" Error "decision-drift",     // customer, decision, in file, by events
    LostRace         "E061" Error "lost-race",          // event id, from, state there, what the file says if that differs, thing, event, who, to, who set the state
    EditedAfterEvent "E062" Error "edited-after-event", // row id, column, event id
    EventKind        "E063" Error "event-kind",         // event, kind, its events
    EventValue       "E064" Error "event-value",        // event id, event, to
    AfterEnd         "E065" Error "after-end",          // thing, event id, column, state
    EventToCome      "E066" Warning "event-to-come",    // event, its subject, its instant
    BeforeMade       "E067" Error "before-made",        // thing, event, its day, the day on which the thing was made
    EventStart       "E068" Error "event-start",        // deal, event, its from, where the deal stood
    // Rules.
    StageTransition  "E070" Error "stage-transition",   // customer or deal, from, to, edit if no event tells of it
    StageRequires    "E071" Error "stage-requires",     // customer, stage, requirement, edit if no event tells of it, begin if none tells of any
    CloseReason      "E072" Warning "close-reason",     // customer or deal, the reasons, `lost` for a deal
    DoubleVisit      "E073" Warning "double-visit",     // customer, other person, day
    OwnerLeft        "E074" Warning "owner-left",       // customer, owner, day
    RefundReason     "E075" Warning "refund-reason",    // reason, nearest, else the reasons
    PromiseLost      "E076" Warning "promise-lost",     // customer, promised day, the day it opens again
    // E077 was for ledgers that no figure counted.
    BeforeCreated    "E078" Warning "before-created",   // customer, created, kind, id, day
    FactToCome       "E079" Warning "fact-to-come",     // kind, id, date
    // The store itself.
    JournalPending   "E080" Warning "journal-pending",  // -
    JournalConflict  "E081" Error "journal-conflict",   // file
    StrayFile        "E082" Warning "stray-file",       // file
    KehuDirMode      "E083" Warning "kehu-dir-mode",    // mode
    NotIgnored       "E084" Warning "not-ignored",      // -
    // Ranges at entry: each is a `model::breach::Breach` of the same key, with its facts.
    NegativePrice    "E090" Error "negative-price",     // price
    DiscountRange    "E091" Error "discount-range",     // discount
    TaxRateRange     "E092" Error "tax-rate-range",     // rate
    QuantityNotPositive "E093" Error "quantity-not-positive", // quantity, `returns` where the line has it
    NegativeExtraCost "E094" Error "negative-extra-cost", // cost
    AmountNotPositive "E095" Error "amount-not-positive", // amount
    MinorUnits       "E096" Error "minor-units",        // amount, currency, its decimal places
    OtherCurrency    "E097" Error "other-currency",     // currency, what is named, its currency
    OtherCustomer    "E098" Error "other-customer",     // customer, what is named, its customer
    ReturnOtherCustomer "E100" Error "return-other-customer", // customer, line, who bought it
    ReturnTooMuch    "E101" Error "return-too-much",    // line, quantity, what is left
    RefundTooMuch    "E102" Error "refund-too-much",    // amount, most, receipt or customer
    QuoteTwice       "E103" Error "quote-twice",        // quote, order, the earlier order
    AmountMismatch   "E104" Warning "amount-mismatch",  // amount, quantity × price less discount, the same without tax, line
    NegativeAmount   "E105" Error "negative-amount",    // amount
    NegativeCost     "E106" Error "negative-cost",      // cost
    BelowFloor       "E107" Warning "below-floor",      // order or quote, or its line; net, cost, floor, other lines
    ReturnCancelled  "E108" Error "return-cancelled",   // line
    ReturnBeforeSale "E109" Error "return-before-sale", // line, day of the return, day of the sale
    ReturnDiffers    "E110" Error "return-differs",     // line, column, what the return has, what the line asks for
    MemberLeft       "E111" Error "member-left",        // member, last day, day of the row
    // Who owns whom.
    ClaimNotMember   "E120" Warning "claim-not-member", // event, customer, member, pool
    ClaimLimit       "E121" Warning "claim-limit",      // event, member, number of the claim, day, limit
    ClaimCoolDown    "E122" Warning "claim-cooldown",   // event, customer, member, last day as its owner, days
    ClaimQuarantine  "E123" Warning "claim-quarantine", // event, customer, since when in the pool, days
    OwnLimit         "E124" Warning "own-limit",        // member, customers owned, limit
    FollowerLeft     "E125" Warning "follower-left",    // customer, contact, who followed it, day
    // Who did what without the right: `check --policy`.
    PolicyOwner      "E130" Error "policy-owner",       // event, customer, by, from, to
    PolicyGrade      "E131" Error "policy-grade",       // event, customer, by, from, to
    PolicyStage      "E132" Error "policy-stage",       // event, customer, by, from, to
    PolicyDiscount   "E133" Error "policy-discount",    // order line, discount, limit, whose limit
    ApprovedEdited   "E134" Error "approved-edited",    // kind:key, edited or removed, author, columns
    PastFactEdited   "E135" Error "past-fact-edited",   // kind:key, edited or removed, author, columns
    OtherAuthor      "E136" Error "other-author",       // event, its `by`, author
    SettingsEdited   "E137" Error "settings-edited",    // file, author
    // Complaints (R11).
    ComplaintStep    "E140" Error "complaint-step",     // complaint, event, state before, state after
    ComplaintWait    "E141" Error "complaint-wait",     // complaint, event
    ComplaintConfirm "E142" Error "complaint-confirm",  // complaint, event, handler
    NoHolidays       "E143" Warning "no-holidays",      // years
    // Feedback, needs, tasks.
    StateStep        "E144" Error "state-step",         // thing, event, state before and after with their lists, kind
    FeedbackVerify   "E145" Error "feedback-verify",    // answer, event, who dealt with it
    StateText        "E146" Error "state-text",         // thing, column, its state with its list, kind
    // Approvals (R12).
    SealBroken       "E160" Error "seal-broken",        // kind:id, event that approved it, by whom, day
    WriteOffTooMuch  "E161" Error "writeoff-too-much",  // receivable, what is written off, what was owed, event
    WriteOffNotApproved "E162" Warning "writeoff-not-approved", // receivable, what is written off, what was approved, event
    ContractDays     "E163" Error "contract-days",      // contract, last day, first day
    // Messages.
    BadTemplate      "E150" Error "bad-template",       // file, what the template language says, else how the first line begins
    // References, again.
    Circle           "E112" Error "circle",             // key, where it begins, the way back to there
    LikelyDuplicate  "E113" Warning "likely-duplicate",  // customer, the other one, points, signs (`model::likeness::signs`)
    NoPlaybook       "E114" Error "no-playbook",        // key of kehu.toml, playbook, its file
    GiftTooMuch      "E116" Warning "gift-too-much",    // amount, what is left, most of a year, customer, year
    // Money that we owe, and invoices.
    Unapproved       "E170" Error "unapproved-payment", // payable, where its approval stands, day of the payment
    InvoiceTwice     "E171" Error "invoice-twice",      // invoice, number, the one that has it
    RedInvoice       "E172" Error "red-invoice",        // invoice, the one that it takes back
    NoRate           "E117" Warning "no-rate",            // currency, first day, how many rows, ledger
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn ids_and_keys_are_unique() {
        for (n, a) in Code::ALL.iter().enumerate() {
            for b in &Code::ALL[n + 1..] {
                assert_ne!(a.id(), b.id());
                assert_ne!(a.key(), b.key());
            }
        }
    }
}
