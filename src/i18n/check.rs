//! Findings as a list, and the form of files. The findings themselves stand in `problem`.

use super::{Area, msgs};

msgs! {
    git_failed(rev, why) { "git cannot tell what has changed since `{rev}`: {why}", "git 无法给出自 `{rev}` 以来的更改：{why}" }
    hint_shallow() { "this clone has only a part of the history; `git fetch --unshallow` gets all of it", "此克隆只有部分历史；`git fetch --unshallow` 可取回全部" }
    unknown_code(code) { "unknown code `{code}`", "没有代码 `{code}`" }
    did_convert(file, from) { "{file}  converted from {from}", "{file}  已从 {from} 转换" }
    all_utf8() { "all files are UTF-8, so there is nothing to convert", "所有文件都是 UTF-8：无需转换" }
    is_utf8(file) { "{file} is UTF-8 already", "{file} 已是 UTF-8" }
    no_data_file(file) { "no customer or ledger has the file `{file}`", "没有客户文件或台账 `{file}`" }
    no_text_in(file, line, from) { "{file}: line {line} is not text in {from}", "{file}：第 {line} 行按 {from} 读取不成文本" }
    sure_convert(file, seems, from) { "{file} seems to be {seems}. Convert it from {from} all the same?", "{file} 看起来是 {seems}。仍按 {from} 转换吗？" }
    did_fmt(file) { "{file}  formatted", "{file}  已规整" }
    would_fmt(file) { "{file}  would be formatted", "{file}  需要规整" }
    did_take(file, code, key, old, new) { "{file}  {code} fixed: {key} {old} → {new}", "{file}  {code} 已修复：{key} {old} → {new}" }
    no_value() { "(empty)", "（空）" }
    did_fix(file, code) { "{file}  {code} fixed", "{file}  {code} 已修复" }
    check_clean(files, rows) { "{files}, {rows}: no findings", "{files}，{rows}：没有问题" }
    check_found(errors, warnings) { "{errors}, {warnings}", "{errors}，{warnings}" }
    errors(n) { [n = 1] "{n} error"; "{n} errors", "{n} 个错误" }
    warnings(n) { [n = 1] "{n} warning"; "{n} warnings", "{n} 个警告" }
    check_fixable(n) { "`kehu check --fix` fixes {n} of them", "其中 {n} 个可用 `kehu check --fix` 修复" }
    fix_conflicts() { "there are merge conflicts; resolve them first", "存在合并冲突；请先解决" }
    fmt_clean(n) { [n = 1] "{n} file: nothing to do"; "{n} files: nothing to do", "{n} 个文件：无需规整" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("code", "code", "代码", &[]),
        ("file", "file", "文件", &[]),
        ("message", "message", "问题", &[]),
        ("mend", "mend", "处理办法", &[]),
        ("fixable", "fixable", "可自动修复", &[]),
    ],
    values: &[],
    commands: &[
        (
            "check",
            "Check the whole directory: format, references, history, rules; all findings in one run",
            "检查整个数据目录：格式、引用、变更历史、规则；一次列出所有问题",
        ),
        (
            "fmt",
            "Tidy files: line ends, quotes, present ids; the order of rows stays",
            "规整文件：行尾、引号、现用编号；从不改变行的顺序",
        ),
        ("schema", "The file format: tables, columns, types, allowed values", "文件格式：表、列、类型、取值"),
    ],
    arguments: &[
        (
            "fmt.from",
            "Convert files that are not UTF-8 from this encoding: gb18030, utf-16, windows-1252, big5 …",
            "把不是 UTF-8 的文件从这种编码转换过来：gb18030、utf-16、windows-1252、big5……",
        ),
        (
            "fmt.files",
            "The files to convert (default: all that are not UTF-8)",
            "要转换的文件（默认：所有不是 UTF-8 的文件）",
        ),
        ("fix", "Fix what can be fixed safely", "修复可安全修复的问题"),
        (
            "changed_since",
            "Only findings in files that git says have changed since; REV or OLD..NEW",
            "只看 git 中自该版本以来改动过的文件；可写 REV 或 旧..新",
        ),
        (
            "policy",
            "Also who did what without the right: owners, grades, stages, discounts; with --changed-since edits of facts, too",
            "并检查越权：负责人、等级、阶段、折扣；加 --changed-since 还检查对已有事实的改动",
        ),
        ("explain", "What a code means, such as E012", "说明一个代码，如 E012"),
        ("check", "Change nothing; exit with 1 when a file is not tidy", "只检查；有文件不规整则退出码为 1"),
        (
            "table",
            "One table: customers, contacts, team, kehu.toml or a ledger",
            "只看一张表：customers、contacts、team、kehu.toml 或台账",
        ),
    ],
};
