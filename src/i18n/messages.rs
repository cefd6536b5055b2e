//! Messages: one function each, both languages side by side in the file of their area. This is their face.

use super::Lang;
use crate::model::day::Span;
use crate::model::value::Kind;

pub use super::accounts::*;
pub use super::approval::*;
pub use super::base::*;
pub use super::care::*;
pub use super::check::*;
pub use super::customers::*;
pub use super::dashboard::*;
pub use super::deals::*;
pub use super::duplicates::*;
pub use super::followup::*;
pub use super::grading::*;
pub use super::kpis::*;
pub use super::letters::*;
pub use super::lifecycle::*;
pub use super::money::*;
pub use super::ownership::*;
pub use super::performance::*;
pub use super::playbooks::*;
pub use super::portfolio::*;
pub use super::records::*;
pub use super::reports::*;
pub use super::service::*;
pub use super::store::*;
pub use super::trade::*;
pub use super::worth::*;

/// What is possible.
pub fn hint_values(lang: Lang, list: impl std::fmt::Display) -> String {
    possible(lang, listed(lang, &list.to_string()))
}

/// A list whose commas are those of the language.
pub(super) fn listed(lang: Lang, list: &str) -> String {
    lang.pick(list.to_string(), list.replace(", ", "、"))
}

/// An argument is missing: `CUSTOMER`, `--to`.
pub fn missing_argument(lang: Lang, name: &str) -> String {
    missing(lang, lang.pick(None, super::help::value_name(name)).unwrap_or(name))
}

/// Nothing of this kind (`order`, `row` …) has this id.
pub fn row_not_found(lang: Lang, kind: &str, id: impl std::fmt::Display) -> String {
    let kind = match kind {
        // As a column it is what changed.
        "event" => lang.pick("event", "变更记录").to_string(),
        other => super::labels::label(lang, other),
    };
    no_such_row(lang, kind, id)
}

/// A length of time in words: `14 天`.
pub fn span(lang: Lang, span: Span) -> String {
    match lang {
        Lang::En => span.to_string(),
        Lang::ZhCn => match span {
            Span::Days(n) => format!("{n} 天"),
            Span::Months(n) if n % 12 == 0 && n > 0 => format!("{} 年", n / 12),
            Span::Months(n) => format!("{n} 个月"),
        },
    }
}

/// A kind of values in words.
pub fn kind_word(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Day => lang.pick("a date or period", "日期或期间"),
        Kind::Number | Kind::Money => lang.pick("a number", "数字"),
        Kind::Days => lang.pick("a number of days", "天数"),
        Kind::Ratio => lang.pick("a fraction or per cent", "比率或百分数"),
        Kind::Flag => lang.pick("yes or no", "是或否"),
        Kind::Code => lang.pick("one of the list", "列表中的一项"),
        Kind::Text | Kind::Id | Kind::List => lang.pick("text", "文字"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        let check = |n: i64, en: &str, zh: &str| {
            assert_eq!((left_out(Lang::En, n), left_out(Lang::ZhCn, n)), (en.to_string(), zh.to_string()));
        };
        check(1, "1 more row (--limit)", "另有 1 行未显示（--limit）");
        check(2, "2 more rows (--limit)", "另有 2 行未显示（--limit）");
        assert_eq!(need_activities(Lang::En, "1"), "1 activity");
        assert_eq!(check_clean(Lang::En, files(Lang::En, 1), rows(Lang::En, 0)), "1 file, 0 rows: no findings");
    }
}
