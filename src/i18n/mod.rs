//! Every word people read, in every language, side by side.
//!
//! Words live in one file for each area of the business (`customers`, `trade`, `money` …): its messages, and its [`Area`] of
//! labels, values and help. Callers ask the faces, which gather all areas: `messages`, `labels`, `values`, `help`;
//! `problem` words findings and `refusal` a rule's no. A message is a function made by [`msgs!`]: leaving a language out
//! does not compile. Tests find keys, values and commands without words. Nothing here computes or reads data.

mod accounts;
mod approval;
mod base;
pub mod breach;
mod care;
mod check;
mod customers;
mod dashboard;
mod deals;
mod duplicates;
pub mod exchange;
mod followup;
mod grading;
pub mod help;
mod kpis;
pub mod labels;
mod letters;
mod lifecycle;
pub mod matching;
pub mod messages;
pub mod money;
pub mod note;
mod ownership;
mod performance;
mod playbooks;
mod portfolio;
pub mod problem;
mod records;
pub mod refusal;
pub mod reporting;
mod reports;
mod service;
mod store;
pub mod topics;
mod trade;
pub mod values;
mod worth;

/// The label of a key: (key, English, 中文, other words that mean it). A key of one ledger is `ledger.key`.
type Label = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// The word for a value of a closed list: (list, value, English, 中文). A list of one ledger is `ledger.column`.
type Word = (&'static str, &'static str, &'static str, &'static str);

/// A sentence of help: (what it is about, English as it stands in `cli`, 中文).
type Help = (&'static str, &'static str, &'static str);

/// The tables of words of one area.
struct Area {
    /// What stands at the heads of columns.
    labels: &'static [Label],
    /// Values of closed lists.
    values: &'static [Word],
    /// Help of commands: (words of the command, English, 中文).
    commands: &'static [Help],
    /// Help of arguments: (argument, or `command.argument` where one command needs words of its own; English; 中文). The
    /// same argument stands once for each English sentence that commands say of it. `{ledger.column}` stands for the
    /// values of a column.
    arguments: &'static [Help],
}

/// All areas. Where a word means several keys, the area that stands first wins.
const AREAS: &[&Area] = &[
    &base::AREA,
    &records::AREA,
    &customers::AREA,
    &ownership::AREA,
    &playbooks::AREA,
    &care::AREA,
    &worth::AREA,
    &matching::AREA,
    &duplicates::AREA,
    &lifecycle::AREA,
    &followup::AREA,
    &trade::AREA,
    &money::AREA,
    &accounts::AREA,
    &deals::AREA,
    &performance::AREA,
    &dashboard::AREA,
    &approval::AREA,
    &service::AREA,
    &letters::AREA,
    &reports::AREA,
    &portfolio::AREA,
    &grading::AREA,
    &kpis::AREA,
    &check::AREA,
    &exchange::AREA,
    &store::AREA,
];

/// An interface language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 简体中文.
    ZhCn,
}

impl Lang {
    /// All languages.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::ZhCn];

    /// The tag on the command line: `en`, `zh-CN`.
    pub fn tag(self) -> &'static str {
        self.pick("en", "zh-CN")
    }

    /// Reads `en`, `en_US.UTF-8`, `zh-CN`, `zh_CN.UTF-8`, `zh`; `None` for other languages.
    pub fn parse(s: &str) -> Option<Lang> {
        let s = s.to_ascii_lowercase().replace('_', "-");
        let s = s.split('.').next().unwrap_or("");
        match s {
            "en" => Some(Lang::En),
            "zh" => Some(Lang::ZhCn),
            _ if s.starts_with("en-") => Some(Lang::En),
            _ if s.starts_with("zh-") => Some(Lang::ZhCn),
            _ => None,
        }
    }

    /// The text of this language.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}

/// Makes one function per message; both languages are required.
///
/// ```text
/// msgs! { changed(id, from, to) { "{id}: {from} → {to}", "{id}：{from} → {to}" } }
/// changed(lang, "acme", "lead", "prospect")
/// ```
///
/// Where a number decides between singular and plural, the singular stands in front, with the argument that it is about:
///
/// ```text
/// rows(n) { [n = 1] "1 row"; "{n} rows", "{n} 行" }
/// ```
macro_rules! msgs {
    ($($(#[$doc:meta])* $name:ident($($arg:ident),*) { $([$n:ident = 1] $one:literal;)? $en:literal, $zh:literal })*) => {
        $(
            $(#[$doc])*
            #[doc = $en]
            #[allow(clippy::too_many_arguments)]
            pub fn $name(lang: crate::i18n::Lang $(, $arg: impl std::fmt::Display)*) -> String {
                match lang {
                    $(crate::i18n::Lang::En if $n.to_string() == "1" => format!($one),)?
                    crate::i18n::Lang::En => format!($en),
                    crate::i18n::Lang::ZhCn => format!($zh),
                }
            }
        )*
    };
}
pub(crate) use msgs;
