//! The year-end review of customers: what the sheet holds that people go through and read back.

/// The keys of customers that may be changed in it.
pub const KEYS: &[&str] =
    &["id", "name", "stage", "owner", "grade", "grade_until", "intent", "contact_every", "tags", "note"];

/// What stands beside them: figures, which an import leaves alone.
pub const FIGURES: &[&str] = &[
    "new_grade",
    "activeness",
    "segment",
    "risk",
    "orders",
    "revenue",
    "revenue_before",
    "revenue_change",
    "profit",
    "margin",
    "visits",
    "complaints",
    "last_order",
    "last_activity",
    "outstanding",
    "overdue",
];
