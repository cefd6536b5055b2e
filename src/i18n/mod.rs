//! Every word people read, in every language, side by side.
//!
//! A message is a function made by [`msgs!`]: leaving a language out does not compile. Labels of keys and values are
//! rows of one table in `labels`; a test finds keys without a label. Nothing here computes or reads data.

pub mod breach;
pub mod exchange;
pub mod help;
pub mod labels;
pub mod messages;
pub mod money;
pub mod problem;
pub mod refusal;
pub mod topics;
pub mod values;

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
