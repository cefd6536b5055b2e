//! The data directory: files, lock, journal.

use super::{Area, msgs};

msgs! {
    io_error(path, error) { "{path}: {error}", "{path}：{error}" }
    nothing_written() { "nothing was written", "未写入任何内容" }
    locked(seconds, holder) { "the data directory is locked; waited {seconds} s for {holder}", "数据目录被锁定；已等待 {seconds} 秒，占用者：{holder}" }
    hint_locked() { "nothing was written; try again, or set KEHU_LOCK_TIMEOUT to more seconds", "未写入任何内容；请重试，或用 KEHU_LOCK_TIMEOUT 设置更长的等待秒数" }
    changed_under_us(file) { "{file} was changed by another program after it was read", "{file} 在读取之后被其他程序修改" }
    hint_try_again() { "nothing was written; try again", "未写入任何内容；请重试" }
    journal_conflict(file) { "an unfinished change waits in .kehu/journal, but {file} has been changed since", ".kehu/journal 中有未完成的更改，但 {file} 之后又被修改" }
    hint_journal(file) { "put {file} back as it was, or give the unfinished change up by removing .kehu/journal", "请把 {file} 恢复原状；若要放弃未完成的更改，删除 .kehu/journal" }
    store_other(error) { "the change could not be made: {error}", "无法完成更改：{error}" }
    hint_unfinished() { "the change stands in .kehu/journal and counts; the next command that writes completes it", "更改已记入 .kehu/journal 并已生效；下一次写入会完成它" }
    bad_cell(column, limit) { "{column}: longer than {limit} bytes, or with a NUL", "{column}：超过 {limit} 字节，或含有 NUL" }
    file_gone(file) { "{file} is not there any more", "{file} 已不存在" }
    unsafe_path(file) { "{file} leads out of the data directory, or is a symbolic link", "{file} 指向数据目录之外，或是符号链接" }
    edit_refused(file, why) { "{file} cannot be edited without touching other lines: {why}", "无法只改一处而不动其他行：{file}：{why}" }
    hint_edit_by_hand(file) { "nothing was written; edit {file} by hand", "未写入任何内容；请手工修改 {file}" }
    no_directory(start) { "no data directory here: no kehu.toml in {start} or any folder above", "此处没有数据目录：{start} 及其上级目录中没有 kehu.toml" }
    hint_init() { "`kehu init` makes one, `kehu demo DIR` makes a sample company, -C DIR or KEHU_DIR names one", "`kehu init` 新建，`kehu demo 目录` 建示例公司，-C 目录 或 KEHU_DIR 指定" }
    settings_broken() { "kehu.toml or team.toml cannot be used", "kehu.toml 或 team.toml 无法使用" }
    hint_check() { "`kehu check` shows all findings", "`kehu check` 列出全部问题" }
    files_broken(n) { "findings in the files that were read: {n}; the answer leaves those rows out", "所读文件有 {n} 处问题；结果不含这些行" }
    files_broken_strict(n) { "findings in the files that were read: {n}; nothing is shown (--strict)", "所读文件有 {n} 处问题；未显示结果（--strict）" }
    write_broken(n) { "findings in files that this change depends on: {n}", "此更改所依赖的文件有 {n} 处问题" }
    more_findings(n) { "… and {n} more; `kehu check` shows all", "……另有 {n} 处；`kehu check` 列出全部" }
}

pub(super) const AREA: Area = Area { labels: &[], values: &[], commands: &[], arguments: &[] };
