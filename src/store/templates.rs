//! The texts of messages: the files of templates/, and those that the program has where there is none.

use super::error::StoreError;
use super::load;
use super::text::MAX_TOML;
use super::view::ReadView;
use crate::diag::Diagnostic;
use crate::model::{Str, intern};

macro_rules! builtin {
    ($($name:literal)*) => {
        /// The messages that there are.
        pub const NAMES: &[&str] = &[$($name),*];

        /// (name, English, Chinese).
        const TEXTS: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../../data-template/templates/", $name, ".en.txt")),
            include_str!(concat!("../../data-template/templates/", $name, ".zh-CN.txt")),
        )),*];
    };
}

builtin! {
    "complaint-acknowledged" "complaint-told" "complaint-reopened" "complaint-alarm" "day" "late-complaints" "care" "payment" "survey"
}

/// The file of a message in a language, by the language's tag.
pub fn path(name: &str, tag: &str) -> String {
    format!("templates/{name}.{tag}.txt")
}

/// (path, text) of all that a new data directory has.
pub fn all() -> impl Iterator<Item = (String, String)> {
    let both = |(name, en, zh): &(&str, &str, &str)| {
        [(path(name, "en"), en.to_string()), (path(name, "zh-CN"), zh.to_string())]
    };
    TEXTS.iter().flat_map(both)
}

/// The file of a message: (path, text); `None` when it is not there or is no text, and the latter is reported.
///
/// # Errors
/// What reading the file says.
pub fn own(
    view: &ReadView,
    name: &str,
    tag: &str,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<(Str, Str)>, StoreError> {
    let file = intern(&path(name, tag));
    Ok(load::text(view, file, MAX_TOML, diags)?.map(|(text, _)| (file, text)))
}

/// The file of a message, else the program's own text: (path, text). A file that is no text is reported, and `None`.
///
/// # Errors
/// What reading the file says.
pub fn read(
    view: &ReadView,
    name: &str,
    tag: &str,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<(Str, Str)>, StoreError> {
    let before = diags.len();
    if let Some(found) = own(view, name, tag, diags)? {
        return Ok(Some(found));
    }
    let file = intern(&path(name, tag));
    let own = TEXTS.iter().find(|(known, _, _)| *known == name).filter(|_| diags.len() == before);
    Ok(own.map(|(_, en, zh)| (file, if tag == "en" { *en } else { *zh })))
}
