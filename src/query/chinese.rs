//! The periods that are said most often, in Chinese.

/// Chinese words for the expressions that are said most often.
pub(super) const CHINESE: &[(&str, &str)] = &[
    ("今天", "today"),
    ("昨天", "yesterday"),
    ("明天", "tomorrow"),
    ("本周", "this-week"),
    ("上周", "last-week"),
    ("下周", "next-week"),
    ("本月", "this-month"),
    ("上月", "last-month"),
    ("下月", "next-month"),
    ("本季", "this-quarter"),
    ("上季", "last-quarter"),
    ("今年", "this-year"),
    ("去年", "last-year"),
    ("今年至今", "ytd"),
    ("本季至今", "qtd"),
    ("本月至今", "mtd"),
];
