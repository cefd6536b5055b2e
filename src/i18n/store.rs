//! The data directory: files, lock, journal.

use super::{Area, msgs};

msgs! {
    io_error(path, error) { "{path}: {error}", "{path}：{error}" }
    nothing_written() { "nothing was written", "未写入任何内容" }
    locked(seconds, holder) { "{holder} has locked the data directory; kehu waited {seconds} s", "数据目录被锁定；已等待 {seconds} 秒，占用者：{holder}" }
    hint_locked() { "nothing was written; try again, or set KEHU_LOCK_TIMEOUT to more seconds", "未写入任何内容；请重试，或用 KEHU_LOCK_TIMEOUT 设置更长的等待秒数" }
    changed_under_us(file) { "another program changed {file} after kehu had read it", "{file} 在读取之后被其他程序修改" }
    changed_meanwhile() { "another program changed files while kehu read them", "读取时文件被其他程序修改" }
    hint_try_again() { "nothing was written; try again", "未写入任何内容；请重试" }
    journal_conflict(file) { "an unfinished change is in .kehu/journal, but somebody has changed {file} since", ".kehu/journal 中有未完成的更改，但 {file} 之后又被修改" }
    hint_journal(file) { "put {file} back as it was; or run `kehu undo`, which gives the unfinished change up and leaves {file} as it is", "请把 {file} 恢复原状；或用 `kehu undo` 放弃未完成的更改，{file} 保持现状" }
    journal_unreadable() { "an unfinished change is in .kehu/journal, but the journal is damaged", ".kehu/journal 中有未完成的更改，但日志已损坏" }
    hint_give_up() { "`kehu undo` puts the journal aside; kehu cannot know which part of the change was made", "`kehu undo` 会把日志移开；无法得知该更改做到了哪一步" }
    nothing_to_undo() { "there is nothing to undo: no command in this clone has changed anything; `kehu init` and `kehu demo` make a folder, which you may remove", "没有可撤销的：此克隆中还没有命令作过更改；`kehu init` 和 `kehu demo` 建立的目录可直接删除" }
    undo_too_far(n, kept) { [kept = 1] "--last {n} is too many: kehu keeps {kept} command"; "--last {n} is too many: kehu keeps {kept} commands", "--last {n} 超出范围：可撤销的命令只保留了 {kept} 条" }
    hint_undo_list() { "`kehu undo --list` shows them", "`kehu undo --list` 列出这些命令" }
    as_before(file) { "{file}  as it was before", "{file}  已恢复" }
    took_back(command, at) { "took back `{command}` of {at}", "已撤销 {at} 的 `{command}`" }
    would_take_back(command, at) { "this would take back `{command}` of {at}", "将撤销 {at} 的 `{command}`" }
    undo_again() { "`kehu undo` makes the change again", "再次运行 `kehu undo` 可恢复该更改" }
    undo_nothing() { "these commands together changed nothing", "这些命令合起来没有更改任何内容" }
    undo_findings(n) { [n = 1] "{n} finding is in the files again; `kehu check` shows it"; "{n} findings are in the files again; `kehu check` shows them", "文件中又有 {n} 处问题；`kehu check` 列出全部" }
    changed_since(file, command) { "{file} has changed since `{command}`, so kehu cannot take that back", "`{command}` 之后 {file} 又有修改，因此无法撤销" }
    hint_changed_since(file) { "nothing was written; put {file} back as the command left it, or correct by hand what the command did", "未写入任何内容；请把 {file} 恢复为该命令执行后的内容，或手工更正" }
    unkept_too_large(command) { "kehu cannot take back `{command}`: the old texts of its files are too long to be kept", "无法撤销 `{command}`：所改文件的原内容过大，未予保留" }
    unkept_in_part(command) { "kehu cannot take back `{command}`: it keeps only a part of what the command changed", "无法撤销 `{command}`：只保留了该命令的部分更改" }
    hint_undo_by_hand() { "nothing was written; correct it by hand, or restore the files from git", "未写入任何内容；请手工更正，或用 git 恢复文件" }
    unkept_damaged(file) { "{file} is damaged, so kehu does not know what the last command changed", "{file} 已损坏，无法得知上一条命令改了什么" }
    hint_unkept_damaged() { "correct by hand what the command did, and remove the folder .kehu/undo; kehu makes it anew", "请手工更正该命令的更改，并删除目录 .kehu/undo；kehu 会重新建立" }
    put_back(file) { "{file}  as it was before the unfinished change", "{file}  已回到未完成的更改之前" }
    kept_as_it_is(file) { "somebody has changed {file} since; kehu leaves it as it is, with what the unfinished change may have written into it", "{file} 之后被他人修改；其内容保持不动，其中可能含有未完成更改的一部分" }
    journal_damaged(to) { "the journal is damaged, so kehu cannot know which part of the change was made; the journal is now {to}; `kehu check` and `git diff` show what is there", "日志已损坏，无法得知该更改做到了哪一步；日志保存为 {to}；请用 `kehu check` 和 `git diff` 查看现状" }
    not_undone_yet() { "--dry-run: nothing was changed", "--dry-run：未作任何更改" }
    store_other(error) { "kehu could not make the change: {error}", "无法完成更改：{error}" }
    in_journal(error) { "{error}; the change counts all the same: it is in .kehu/journal, and the next command that writes completes it; do not run this command again", "{error}；更改仍已生效：已记入 .kehu/journal，下一次写入会补完；不要重复执行此命令" }
    not_checked_again(error) { "{error}; kehu fixed what it could and did not check the rest", "{error}；能修复的已修复，其余未再检查" }
    would_not_be_read(n) { [n = 1] "kehu could not read again what this would write; correct {n} value"; "kehu could not read again what this would write; correct {n} values", "将要写入的内容无法再读取；需更正的值：{n}" }
    created_in_the_future(id, day) { "{id}: created {day} is in the future", "{id}：建档日期 {day} 在未来" }
    bad_cell(column, limit) { "{column}: the text is longer than {limit} bytes, or has a NUL in it", "{column}：超过 {limit} 字节，或含有 NUL" }
    file_gone(file) { "{file} no longer exists", "{file} 已不存在" }
    wrong_kind(file) { "{file} is not a regular file", "{file} 不是普通文件" }
    hint_own_files(file) { "remove {file}; kehu makes its own", "请删除 {file}：kehu 会自行建立" }
    other_file_system(file) { "{file} is on another file system than .kehu, so half of a change could be lost", "{file} 与 .kehu 不在同一文件系统，更改可能只完成一半" }
    unsafe_path(file) { "{file} leads out of the data directory, or is a symbolic link", "{file} 指向数据目录之外，或是符号链接" }
    edit_refused(file, why) { "kehu cannot change {file} without touching other lines: {why}", "{file}：无法只改一处而不动其他行：{why}" }
    hint_edit_by_hand(file) { "nothing was written; edit {file} by hand", "未写入任何内容；请手工修改 {file}" }
    no_directory(start) { "there is no data directory here: neither {start} nor a folder above it has a kehu.toml", "此处没有数据目录：{start} 及其上级目录中没有 kehu.toml" }
    hint_init() { "`kehu init` makes one, `kehu demo DIR` makes a sample company; -C DIR or KEHU_DIR names one that exists", "`kehu init` 新建，`kehu demo 目录` 建示例公司，-C 目录 或 KEHU_DIR 指定" }
    settings_broken() { "kehu.toml or team.toml has mistakes", "kehu.toml 或 team.toml 无法使用" }
    hint_check() { "`kehu check` shows all findings", "`kehu check` 列出全部问题" }
    files_broken(n) { [n = 1] "{n} finding in the files that kehu read; the answer leaves out what cannot be read"; "{n} findings in the files that kehu read; the answer leaves out what cannot be read", "所读文件有 {n} 处问题；结果不含无法读取的部分" }
    files_broken_strict(n) { [n = 1] "{n} finding in the files that kehu read, so it shows nothing (--strict)"; "{n} findings in the files that kehu read, so it shows nothing (--strict)", "所读文件有 {n} 处问题；未显示结果（--strict）" }
    write_broken(n) { [n = 1] "{n} finding in the files that this change depends on"; "{n} findings in the files that this change depends on", "此更改所依赖的文件有 {n} 处问题" }
    more_findings(n) { "… and {n} more; `kehu check` shows all", "……另有 {n} 处；`kehu check` 列出全部" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("last", "last", "倒数", &[]),
        ("command", "command", "命令", &[]),
        ("files", "files", "文件数", &[]),
        ("undoable", "can be undone", "可撤销", &[]),
        ("paths", "paths", "文件路径", &[]),
    ],
    values: &[],
    commands: &[],
    arguments: &[],
};
