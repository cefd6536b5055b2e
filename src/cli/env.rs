//! The one place that reads the environment; every variable that kehu knows is declared here.

use std::path::PathBuf;

/// The data directory, when -C does not name one.
pub(crate) const DIR: &str = "KEHU_DIR";
/// Who acts, when --as does not say.
pub(crate) const USER: &str = "KEHU_USER";
/// The interface language, when --lang does not say.
pub(crate) const LANG: &str = "KEHU_LANG";
/// Seconds to wait for the lock.
pub(crate) const LOCK_TIMEOUT: &str = "KEHU_LOCK_TIMEOUT";
/// The program that takes mails, when it is not /usr/sbin/sendmail.
pub(crate) const SENDMAIL: &str = "KEHU_SENDMAIL";
/// Worker threads for reading; default: one per core.
pub(crate) const THREADS: &str = "KEHU_THREADS";

/// Whether answers may come from the cache: off, always.
pub(crate) const CACHE: &str = "KEHU_CACHE";

/// (variable, English, 中文): what `kehu help environment` prints.
pub(crate) const DOCS: &[(&str, &str, &str)] = &[
    (DIR, "the data directory; -C wins", "数据目录；-C 优先"),
    (USER, "who you are in team.toml; --as wins", "你在 team.toml 中的编号；--as 优先"),
    (LANG, "en or zh-CN; --lang wins", "en 或 zh-CN；--lang 优先"),
    (LOCK_TIMEOUT, "seconds to wait for another kehu that writes (30)", "等待其他 kehu 写入完成的秒数（30）"),
    (THREADS, "threads that read files (one per core)", "读取文件的线程数（默认每核一个）"),
    (SENDMAIL, "the program that takes mails (/usr/sbin/sendmail)", "发送邮件的程序（/usr/sbin/sendmail）"),
    (
        CACHE,
        "off: no cache; always: also for few files (--no-cache wins)",
        "off：不用缓存；always：文件少时也用（--no-cache 优先）",
    ),
    ("NO_COLOR", "any value: no colour", "任意值：不用颜色"),
    ("VISUAL, EDITOR", "the editor of `kehu edit`", "`kehu edit` 使用的编辑器"),
    ("LC_ALL, LC_MESSAGES, LANG", "the language, when nothing else says it", "未指定语言时使用"),
];

/// A variable that is set and not empty.
#[allow(clippy::disallowed_methods)]
pub(crate) fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// The directory the program was started in.
#[allow(clippy::disallowed_methods)]
pub(crate) fn current_dir() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// The editor: VISUAL, else EDITOR.
pub(crate) fn editor() -> Option<String> {
    var("VISUAL").or_else(|| var("EDITOR"))
}

/// The locale: LC_ALL, else LC_MESSAGES, else LANG.
pub(crate) fn locale() -> Option<String> {
    var("LC_ALL").or_else(|| var("LC_MESSAGES")).or_else(|| var("LANG"))
}

/// Longest command line that is kept, in characters.
const MAX_COMMAND: usize = 1000;

/// The command as it was typed, or nearly: what a shell would not read as one word is quoted.
pub(crate) fn command_line() -> String {
    let word = |word: std::ffi::OsString| {
        let word = word.to_string_lossy().into_owned();
        let plain = |c: char| c.is_alphanumeric() || "-_=:.,/@+%".contains(c);
        if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    let line = std::env::args_os().skip(1).map(word).fold("kehu".to_string(), |line, w| line + " " + &w);
    match line.char_indices().nth(MAX_COMMAND) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
