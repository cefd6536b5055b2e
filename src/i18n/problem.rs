//! The words for findings: what is wrong, and what mends it.

use super::{Lang, breach};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::ledger::Ledger;
use std::borrow::Cow;

/// What is wrong and what mends it, in the reader's language. Every code has both.
pub fn words(lang: Lang, d: &Diagnostic) -> (String, String) {
    filled(lang, texts(d.code), &d.args)
}

/// Texts in the reader's language with the facts in them.
pub(super) fn filled(lang: Lang, (en, zh): (Text, Text), args: &[String]) -> (String, String) {
    let (what, mend) = lang.pick(en, zh);
    (fill(lang, what, args), fill(lang, mend, args))
}

/// "error" or "warning".
pub fn severity(lang: Lang, s: Severity) -> &'static str {
    match s {
        Severity::Error => lang.pick("error", "错误"),
        Severity::Warning => lang.pick("warning", "警告"),
    }
}

/// Puts the facts in: `{0}` as it is, `{0?before|after}` only when it is not empty, `{0!list}` through a word list;
/// `{{` and `}}` are braces.
fn fill(lang: Lang, template: &str, args: &[String]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    let plain = |text: &str| text.replace("}}", "}");
    while let Some(open) = rest.find('{') {
        out.push_str(&plain(&rest[..open]));
        if let Some(behind) = rest[open..].strip_prefix("{{") {
            out.push('{');
            rest = behind;
            continue;
        }
        let Some(close) = rest[open..].find('}') else { break };
        let slot = &rest[open + 1..open + close];
        rest = &rest[open + close + 1..];
        let n = slot.bytes().next().map_or(0, |b| usize::from(b.saturating_sub(b'0')));
        let arg = args.get(n).map_or("", String::as_str);
        match slot.get(1..2) {
            Some("?") if arg.is_empty() => {}
            Some("?") => {
                let (before, after) = slot[2..].split_once('|').unwrap_or((&slot[2..], ""));
                out.push_str(before);
                out.push_str(arg);
                out.push_str(after);
            }
            Some("!") => out.push_str(&word(lang, &slot[2..], arg)),
            _ => out.push_str(arg),
        }
    }
    out.push_str(&plain(rest));
    out
}

/// Words for facts that are keys.
fn word<'a>(lang: Lang, list: &str, key: &'a str) -> Cow<'a, str> {
    match list {
        "ref" => referred(lang, key),
        "cells" => Cow::Owned(super::messages::cells(lang, key)),
        "requirement" => Cow::Owned(super::refusal::requirement_word(lang, key)),
        "example" => example(lang, key),
        "torn" if key == JOURNAL => lang.pick("the journal is damaged", "日志已损坏").into(),
        "torn" => lang.pick(format!("{key} has been changed since"), format!("{key} 之后又被修改")).into(),
        "put-back" if key == JOURNAL => lang.pick("", "请").into(),
        "put-back" => lang.pick(format!("put {key} back, or "), format!("请恢复 {key}，或")).into(),
        _ => Cow::Borrowed(fixed_word(lang, list, key)),
    }
}

/// The file that a damaged journal itself is named by.
const JOURNAL: &str = ".kehu/journal";

/// What a reference leads to.
fn referred<'a>(lang: Lang, kind: &'a str) -> Cow<'a, str> {
    let words = match kind {
        "customer" => lang.pick("customer", "客户"),
        "team" => lang.pick("member of team.toml", "团队成员（team.toml）"),
        "contact" => lang.pick("contact of the customer", "该客户的联系人"),
        "pool" => lang.pick("pool in kehu.toml", "公海（kehu.toml）"),
        "products" => lang.pick("product", "产品"),
        "suppliers" => lang.pick("supplier", "供应商"),
        "order line" => lang.pick("order line", "订单行"),
        other => match Ledger::parse(other) {
            Some(l) => return Cow::Owned(super::values::value(lang, "subject_kind", l.kind())),
            None => other,
        },
    };
    Cow::Borrowed(words)
}

/// A line that fills in a missing key.
fn example<'a>(lang: Lang, key: &'a str) -> Cow<'a, str> {
    match key {
        "created" => "created = 2026-01-31".into(),
        "stage" => "stage = \"lead\"".into(),
        "[[stages]]" => lang.pick("`kehu init` writes a set of stages", "`kehu init` 会写入一套阶段").into(),
        "date" => "date = \"10-18\"".into(),
        _ => match key.strip_prefix("fields.") {
            Some(own) => lang.pick(format!("under [fields], {own} = …"), format!("在 [fields] 下写 {own} = …")).into(),
            None => format!("{key} = \"…\"").into(),
        },
    }
}

fn fixed_word<'a>(lang: Lang, list: &str, key: &'a str) -> &'a str {
    match list {
        "type" => match key {
            "text" => lang.pick("text in quotes", "带引号的文字"),
            "list" => lang.pick("a list of texts", "文字列表"),
            "date" => lang.pick("a date", "日期"),
            "number" => lang.pick("a plain number", "普通数字"),
            "table" => lang.pick("a table", "表"),
            "tables" => lang.pick("tables in double brackets", "双方括号的表"),
            "flag" => lang.pick("true or false", "true 或 false"),
            "integer" => lang.pick("a whole number without quotes", "不带引号的整数"),
            "days-never" => lang.pick("a number of days or \"never\"", "天数或 \"never\""),
            "points" => lang.pick("a list of pairs [value, score]", "[数值, 得分] 的列表"),
            "numbers" => lang.pick("a list of numbers", "数字列表"),
            other => other,
        },
        "found" => match key {
            "string" => lang.pick("text", "文字"),
            "integer" | "float" => lang.pick("a number", "数字"),
            "boolean" => lang.pick("true or false", "true 或 false"),
            "datetime" => lang.pick("a date or time", "日期或时间"),
            "array" => lang.pick("a list", "列表"),
            "table" => lang.pick("a table", "表"),
            other => other,
        },
        "large" => match key {
            "cell" => lang.pick("a cell is larger than", "单元格大于"),
            "row" => lang.pick("a row has more than", "该行多于"),
            "file" => lang.pick("the file is larger than", "文件大于"),
            other => other,
        },
        "unit" => match key {
            "row" => lang.pick("cells", "个单元格"),
            _ => lang.pick("bytes", "字节"),
        },
        "cause" => match key {
            "nowhere" => lang.pick("the link leads nowhere", "链接指向的文件不存在"),
            "loop" => lang.pick("the link leads to a folder above it", "链接指向其上级目录"),
            "irregular" => lang.pick("it is no regular file", "不是普通文件"),
            other => other,
        },
        "newline" => match key {
            "note" => lang.pick("write it as \\n; `kehu check --fix` does", "请写成 \\n；`kehu check --fix` 可修复"),
            _ => lang.pick("write the text on one line", "请写成一行"),
        },
        "unreadable" => match key {
            "link" => lang.pick("make the link lead to a file, or remove it", "请让链接指向文件，或删除链接"),
            "loop" => lang.pick("remove the link", "请删除该链接"),
            "irregular" => lang.pick("put a file in its place, or remove it", "请换成普通文件，或删除"),
            _ => lang.pick("check its permissions", "请检查权限"),
        },
        "state" if key.is_empty() => lang.pick("(empty)", "（空）"),
        "edit" => match key {
            "edit" => lang.pick("; `kehu check --fix` writes that event", "；`kehu check --fix` 会写入该变更记录"),
            _ => "",
        },
        "own-keys" => match key {
            "customer" => lang.pick("own fields of customers stand under [fields]", "自定义字段写在 [fields] 下"),
            _ => lang.pick("docs/format.md lists the keys", "全部键见 docs/format.md"),
        },
        "reason" => match key {
            "empty" => lang.pick("it is empty", "为空"),
            "long" => lang.pick("it is longer than 64 characters or 200 bytes", "超过 64 个字符或 200 字节"),
            "edge" => lang.pick("it begins with a dot or dash, or ends with a dot", "以点或横线开头，或以点结尾"),
            "character" => {
                lang.pick("only letters, digits, `-`, `_` and `.` may stand in it", "只能用字母、数字、`-`、`_`、`.`")
            }
            "case" => lang.pick("it must be in lower case", "必须小写"),
            "nfc" => lang.pick("its accents are not composed (NFC)", "重音字符未合成（NFC）"),
            "reserved" => lang.pick("Windows reserves this name", "是 Windows 保留名"),
            other => other,
        },
        "expected" => match key {
            "fraction" => lang.pick("a fraction from 0 to 1 (0.05 is 5 %)", "0 到 1 的小数（0.05 即 5%）"),
            "yes-no" => lang.pick("yes or no", "yes 或 no"),
            "days-never" => lang.pick("a number of days or \"never\"", "天数或 \"never\""),
            "split" => lang.pick("shares such as li:0.7,wu:0.3", "分成，如 li:0.7,wu:0.3"),
            "split-sum" => lang.pick("shares that sum to 1", "合计为 1 的分成"),
            "target-period" => lang.pick("2026, 2026Q3 or 2026-11", "2026、2026Q3 或 2026-11"),
            "currency" => lang.pick("a currency code such as CNY", "币种代码，如 CNY"),
            "order-line" => lang.pick("an order line: id/line", "订单行：编号/行号"),
            "terms" => lang.pick("prepaid, cod, net30, eom30 or eom60+25", "prepaid、cod、net30、eom30 或 eom60+25"),
            "birthday" => lang.pick("a date, 05-02, or 农历08-15", "日期、05-02 或 农历08-15"),
            "span" => lang.pick("a length of time such as 14d, 2w, 3m", "时长，如 14d、2w、3m"),
            "team-id" => lang.pick("an id of letters, digits, `-_.`", "由字母、数字、`-_.` 组成的编号"),
            other => other,
        },
        "why" => match key {
            "timezone" => {
                lang.pick("no time zone of this name, e.g. Asia/Shanghai", "没有这个时区，例如 Asia/Shanghai")
            }
            "weekday" => lang.pick("expected an English weekday such as monday", "需要英文星期，如 monday"),
            "month" => lang.pick("expected a month from 1 to 12", "需要 1 到 12 的月份"),
            "shift" => lang.pick(
                "expected a shift such as 09:00-12:00, later than the one before",
                "需要班次，如 09:00-12:00，且晚于前一班",
            ),
            "date-or-range" => lang.pick("expected a date or A..B", "需要日期或 A..B"),
            "twice" => lang.pick("empty, or there twice", "为空或重复"),
            "id" => lang.pick(
                "an id has letters, digits, `-`, `_` and `.`, and begins with a letter or digit",
                "编号只能由文字、数字、`-`、`_`、`.` 组成，且以文字或数字开头",
            ),
            "requirement" => lang.pick(
                "expected activity:N, need:N, order:N, order-day:N or field:NAME",
                "需要 activity:N、need:N、order:N、order-day:N 或 field:名称",
            ),
            "order" => lang.pick("they must fall from the first to the last, which is 0", "必须从高到低，最后一个为 0"),
            "metric" => lang.pick("no such metric", "没有这个指标"),
            "points" => {
                lang.pick("this scale needs points = [[value, score], …]", "这种计分需要 points = [[值, 得分], …]")
            }
            "grade" => lang.pick("no such grade under [grades]", "[grades] 中没有这个等级"),
            other => other,
        },
        "stage-why" => match key {
            "note" => lang.pick("needs a note, since it goes back", "退回需要说明"),
            _ => lang.pick("kehu.toml does not allow", "kehu.toml 不允许"),
        },
        "ended" => match key {
            "won" => lang.pick("won", "赢单"),
            "lost" => lang.pick("lost", "输单"),
            _ => lang.pick("closed", "关闭"),
        },
        "decision" => match key {
            "stage" => lang.pick("stage", "客户阶段"),
            "status" => lang.pick("status", "状态"),
            "owner" => lang.pick("owner", "负责人"),
            "grade" => lang.pick("grade", "客户等级"),
            "intent" => lang.pick("intent", "意向级别"),
            other => other,
        },
        _ => key,
    }
}

/// (what is wrong, what mends it).
pub(super) type Text = (&'static str, &'static str);

/// ((what, mend) in English, (what, mend) in Chinese).
#[rustfmt::skip]
fn texts(code: Code) -> (Text, Text) {
    match code {
        Code::NotUtf8 => (
            ("this is not UTF-8 text", "save the file as UTF-8"),
            ("不是 UTF-8 文本", "请将文件另存为 UTF-8")),
        Code::NulByte => (
            ("a NUL byte stands in the text", "remove it; the file may be damaged"),
            ("文本中有 NUL 字节", "请删除；文件可能已损坏")),
        Code::ConflictMarkers => (
            ("an unresolved merge conflict", "choose one side and remove the marker lines"),
            ("有未解决的合并冲突", "保留一方内容，删除冲突标记行")),
        Code::TooLarge => (
            ("{0!large} {1} {0!unit}", "split it, or put long text elsewhere"),
            ("{0!large} {1} {0!unit}", "请拆分，或把长文本放到别处")),
        Code::TomlSyntax => (
            ("the TOML cannot be read: {0}", "mend the line; strings stand in double quotes, `key = value`"),
            ("TOML 无法解析：{0}", "请改正该行；字符串要加双引号，写成 `key = value`")),
        Code::LinkLeadsOut => (
            ("a symbolic link leads out of the data directory{0?, to |}", "put the file itself here"),
            ("符号链接指向数据目录之外{0?：|}", "请把文件本身放进来")),
        Code::UnreadableFile => (
            ("the file cannot be read: {0!cause}", "{1!unreadable}"),
            ("文件无法读取：{0!cause}", "{1!unreadable}")),
        Code::NewerFormat => (
            ("the directory has format {0}, this kehu reads format {1}", "install a newer kehu"),
            ("数据目录格式为 {0}，本程序只支持 {1}", "请升级 kehu")),
        Code::UnknownKey => (
            ("unknown key `{0}`", "{1?did you mean |? }{2!own-keys}"),
            ("没有 `{0}` 这个键", "{1?是否想写 |？}{2!own-keys}")),
        Code::MissingKey => (
            ("`{0}` is missing", "add it: {0!example}"),
            ("缺少 `{0}`", "请补上：{0!example}")),
        Code::WrongType => (
            ("`{0}` must be {1!type}, this is {2!found}", "write it as {1!type}"),
            ("`{0}` 应为{1!type}，此处是{2!found}", "请写成{1!type}")),
        Code::UnknownColumn => (
            ("unknown column `{0}`", "{1?did you mean |? }own columns begin with x_"),
            ("没有 `{0}` 这一列", "{1?是否想写 |？}自定义列名以 x_ 开头")),
        Code::MissingColumn => (
            ("the column `{0}` is missing", "add it to the header and to every row"),
            ("缺少 `{0}` 列", "请在表头和每一行补上")),
        Code::DuplicateColumn => (
            ("the column `{0}` is there twice", "remove or rename one"),
            ("`{0}` 列重复", "请删除或改名其一")),
        Code::NoHeader => (
            ("the file has no header row", "write the column names into the first line, or remove the file"),
            ("文件没有表头", "请在第一行写上列名，或删除文件")),
        Code::UnclosedQuote => (
            ("a quote opened here is never closed", "close it with a second `\"`"),
            ("此处的引号没有闭合", "请补上另一个 `\"`")),
        Code::StrayQuote => (
            ("a quote stands inside a cell", "put the whole cell in quotes and double the quotes in it"),
            ("单元格中间有引号", "请把整个单元格加引号，并把其中的引号写成两个")),
        Code::CellCount => (
            ("the row has {0!cells}, the header has {1}", "add or remove commas; a cell with a comma stands in quotes"),
            ("该行有{0!cells}，表头有 {1} 个", "请增减逗号；含逗号的单元格要加引号")),
        Code::MissingCell => (
            ("`{0}` is empty, it is required", "fill it in"),
            ("`{0}` 为空，此列必填", "请填写")),
        Code::BadDate => (
            ("`{0}` is no date", "write it as 2026-11-22"),
            ("`{0}` 不是日期", "请写成 2026-11-22")),
        Code::BadInstant => (
            ("`{0}` is no date or instant", "write 2026-11-22 or 2026-11-22T14:03:00+08:00"),
            ("`{0}` 不是日期或时刻", "请写成 2026-11-22 或 2026-11-22T14:03:00+08:00")),
        Code::BadDecimal => (
            ("`{0}` is no plain decimal", "digits with `.` as decimal point, no separators, at most 28 digits"),
            ("`{0}` 不是普通小数", "只用数字和小数点 `.`，不用分隔符，最多 28 位")),
        Code::BadInteger => (
            ("`{0}` is no whole number from 1 on", "write 1, 2, 3 …"),
            ("`{0}` 不是从 1 开始的整数", "请写 1、2、3……")),
        Code::NotInList => (
            ("`{0}` is not in the list {1}", "{2?one of: }"),
            ("`{0}` 不在列表 {1} 中", "{2?可选：}")),
        Code::BadValue => (
            ("`{0}` is not {1!expected}", "write {1!expected}"),
            ("`{0}` 不是{1!expected}", "请写成{1!expected}")),
        Code::RawNewline => (
            ("a line break stands in `{0}`", "{1!newline}"),
            ("`{0}` 中有换行", "{1!newline}")),
        Code::ControlChar => (
            ("the control character {0} stands in the text", "remove it"),
            ("文本中有控制字符 {0}", "请删除")),
        Code::NullWord => (
            ("`{0}` stands where nothing is known", "leave the cell empty"),
            ("用 `{0}` 表示未知", "未知时请留空")),
        Code::ScoreRange => (
            ("the score {0} lies outside {2}, the range of {1}", "write the answer as it was given, from {2}"),
            ("评分 {0} 超出 {1} 的范围 {2}", "请按客户的回答填写，范围 {2}")),
        Code::BadCustomerId => (
            ("`{0}` cannot be a customer's id: {1!reason}", "{2?call it |; }letters and digits in lower case, `-`, `_` and `.` are allowed"),
            ("`{0}` 不能作为客户编号：{1!reason}", "{2?请改为 |；}只能用小写字母、数字、汉字、`-`、`_`、`.`")),
        Code::BadRowId => (
            ("`{0}` cannot be an id: {1!reason}", "letters, digits, `-_.`, at most 64"),
            ("`{0}` 不能作为编号：{1!reason}", "字母、数字、`-_.`，最多 64 个")),
        Code::DuplicateCustomer => (
            ("the customer `{0}` stands in {1} too", "remove or rename one of the files"),
            ("客户 `{0}` 也在 {1} 中", "请删除或改名其一")),
        Code::DuplicateRow => (
            ("`{0}` stands at {1} too", "give one of the rows another id, or remove it"),
            ("`{0}` 也在 {1}", "请给其中一行换编号，或删除")),
        Code::DanglingRef => (
            ("`{0}`: there is no {1!ref} `{2}`", "{3?did you mean |? }correct it, or add what it names"),
            ("`{0}`：没有{1!ref} `{2}`", "{3?是否想写 |？}请改正，或补上所指的对象")),
        Code::FormerIdTaken => (
            ("the former id `{0}` is used in {1} too", "an id, present or former, belongs to one customer: take it out of this list, or rename the other"),
            ("曾用编号 `{0}` 也被 {1} 使用", "一个编号（含曾用）只能属于一个客户：请从此列表删除，或给另一客户改名")),
        Code::DuplicateContact => (
            ("the contact `{0}` is there twice", "give one of them another id"),
            ("联系人 `{0}` 重复", "请给其中一个换编号")),
        Code::UnequalLines => (
            ("`{0}` differs between the lines of {1}", "give all lines of {1} the same value"),
            ("{1} 各行的 `{0}` 不一致", "请把 {1} 各行写成相同的值")),
        Code::SettingValue => (
            ("`{0}`: {1!why}{2?; it is `|`}", "{3?did you mean |? }mend the value in kehu.toml; docs/format.md explains each key"),
            ("`{0}`：{1!why}{2?；此处是 `|`}", "{3?是否想写 |？}请改正 kehu.toml 中的值；docs/format.md 说明每个键")),
        Code::UnknownStage => (
            ("`{0}` names the stage `{1}`, which kehu.toml does not have", "{2?one of: }"),
            ("`{0}` 中的阶段 `{1}` 在 kehu.toml 中不存在", "{2?可选：}")),
        Code::ScorecardWeights => (
            ("the weights of the scorecard `{0}` sum to {1}, not 100", "change the weights"),
            ("评分卡 `{0}` 的权重合计为 {1}，不是 100", "请修改权重")),
        Code::ScorecardBands => (
            ("the bands of the scorecard `{0}`: {1!why}", "e.g. bands = {{ A = 80, B = 60, C = 40, D = 0 }}"),
            ("评分卡 `{0}` 的分数段：{1!why}", "例如 bands = {{ A = 80, B = 60, C = 40, D = 0 }}")),
        Code::NoMatchingField => (
            ("the field `{0}` is not declared in kehu.toml", "{1?did you mean |? }declare it under [fields.{0}]"),
            ("kehu.toml 中没有声明字段 `{0}`", "{1?是否想写 |？}请在 [fields.{0}] 下声明")),
        Code::BadView => (
            ("the saved query `{0}`: {1}", "{2?|; }correct it under [views.{0}]"),
            ("保存的查询 `{0}`：{1}", "{2?|；}请改正 [views.{0}]")),
        Code::PoolMember => (
            ("the pool {0} has the member `{1}`, who is not in team.toml", "{2?did you mean |? }correct it, or add the person to team.toml"),
            ("公海 {0} 的成员 `{1}` 不在 team.toml 中", "{2?是否想写 |？}请改正，或在 team.toml 中添加此人")),
        Code::DecisionDrift => (
            ("{0}: {1!decision} is `{2!state}` in the file and `{3!state}` by the events", "`kehu check --fix` appends the missing event; or put `{3!state}` back"),
            ("{0}：{1!decision}在文件中是 `{2!state}`，按变更记录是 `{3!state}`", "`kehu check --fix` 会补上缺少的变更记录；或改回 `{3!state}`")),
        Code::LostRace => (
            ("the event {0} starts from `{1!state}`, but the state was `{2!state}`: it is not applied", "{3?the file says `|`: `kehu check --fix` appends the event of it; }agree who is right, set that by its command, or `kehu row rm event:{0}`"),
            ("变更 {0} 的变更前是 `{1!state}`，当时实际是 `{2!state}`：未生效", "{3?文件中是 `|`：`kehu check --fix` 会补上相应的变更记录；}请商定以谁为准，用相应命令重新设置，或 `kehu row rm event:{0}`")),
        Code::EditedAfterEvent => (
            ("{0}: `{1}` of the row was edited after the event {2}", "put the row back; later changes are events"),
            ("{0}：`{1}` 在变更 {2} 之后被直接修改", "请恢复该行；之后的变化应写成变更记录")),
        Code::EventKind => (
            ("`{1}` does not know the event `{0}`", "{2?one of: }"),
            ("`{1}` 没有 `{0}` 这种变更", "{2?可选：}")),
        Code::EventValue => (
            ("the event {0} is called `{1}`, but leads to `{2!state}`: it is not applied", "write `{1}` into `to`, or correct the event"),
            ("变更 {0} 是 `{1}`，变更后却是 `{2!state}`：未生效", "请把变更后写成 `{1}`，或改正该变更")),
        Code::AfterEnd => (
            ("{0} was {3!ended} when the event {1} changed `{2}`", "say why in the note of the event, or remove it: `kehu row rm event:{1}`"),
            ("{0} 已{3!ended}，变更 {1} 却修改了 `{2}`", "请在该变更的备注中说明原因，或删除：`kehu row rm event:{1}`")),
        Code::StageTransition => (
            ("{0}: the stage went from {1} to {2}, which {4!stage-why} (R1)", "put it back, or say why in the note of the event{3!edit}"),
            ("{0}：阶段从 {1} 变为 {2}，{4!stage-why}（R1）", "请改回，或在变更记录的备注中说明原因{3!edit}")),
        Code::StageRequires => (
            ("{0}: stage {1} requires {2!requirement} (R1)", "add what is missing, or say why in the note of the event{3!edit}"),
            ("{0}：阶段 {1} 要求：{2!requirement}（R1）", "请补上所缺，或在变更记录的备注中说明原因{3!edit}")),
        Code::CloseReason => (
            ("{0} was {2!ended} without a reason", "put one into the event's `reason`{1?, one of: }"),
            ("{0} {2!ended}时没有原因", "请填写变更记录的 `reason`{1?，可选：}")),
        Code::DoubleVisit => (
            ("{0}: {1} had contact with it on {2}, within the days of followup.double_visit_days (R14)", "agree who follows it; `kehu assign` sets the owner"),
            ("{0}：{1} 在 {2} 也联系过，间隔小于 followup.double_visit_days（R14）", "请商定由谁跟进；`kehu assign` 设置负责人")),
        Code::OwnerLeft => (
            ("{0} belongs to {1}, who left on {2}", "`kehu assign {0} --to WHO`"),
            ("{0} 的负责人 {1} 已于 {2} 离职", "`kehu assign {0} --to 接手人`")),
        Code::RefundReason => (
            ("the reason `{0}` is not in the list [reasons] refund", "{1?did you mean |? }{2?one of: |; }otherwise add it to the list in kehu.toml"),
            ("退款原因 `{0}` 不在列表 [reasons] refund 中", "{1?是否想写 |？}{2?可选：|；}或加到 kehu.toml 的列表中")),
        Code::PromiseLost => (
            ("{0} is closed{2? until }, so nobody is reminded of what is promised for {1} (R4)", "`kehu reopen {0}`, or take the day out of the activity's `next`"),
            ("{0} 已关闭{2?至 }，{1} 的约定不会提醒任何人（R4）", "`kehu reopen {0}`，或清除该活动的 `next`")),
        Code::NotCounted => (
            ("no figure counts the rows of {1} yet: {0}", "nothing to mend: they are kept, listed and checked; reports on them come with a later version"),
            ("{1} 台账的 {0} 行尚未计入任何数字", "无需更正：这些行会保留、可列出并受检查；相关报表将在以后的版本提供")),
        Code::BeforeCreated => (
            ("{0} was created on {1}, after `{2}:{3}` of {4}", "facts count whatever `created` says; correct it: `kehu customer set {0} created={4}`"),
            ("{0} 的 created 为 {1}，晚于 {4} 的 `{2}:{3}`", "事实照常计入；请更正：`kehu customer set {0} created={4}`")),
        Code::EventToCome => (
            ("the event {0} of {1} is dated {2}, which is still to come: nothing of the kind can be dated before it", "a clock was ahead: `kehu row set event:{0} at=…` dates it right"),
            ("{1} 的变更记录 {0} 的时间是 {2}，尚未到来：在它之前无法再记录变更", "当时的时钟快了：用 `kehu row set event:{0} at=…` 改正其时间")),
        Code::JournalPending => (
            ("an unfinished change waits in the journal", "the next command that writes completes it, `kehu undo` gives it up; keep .kehu until then"),
            ("日志中有未完成的更改", "下一次写入会完成它，`kehu undo` 则放弃它；在此之前请保留 .kehu")),
        Code::JournalConflict => (
            ("the unfinished change cannot be completed: {0!torn}", "{0!put-back}`kehu undo` gives the change up"),
            ("未完成的更改无法继续：{0!torn}", "{0!put-back}用 `kehu undo` 放弃该更改")),
        Code::StrayFile => (
            ("{0} is neither a customer's file nor a ledger", "{1?did you mean |? }move it elsewhere; `kehu schema` lists the ledgers"),
            ("{0} 既不是客户文件也不是台账", "{1?是否想写 |？}请移到别处；`kehu schema` 列出全部台账")),
        Code::KehuDirMode => (
            (".kehu holds copies of personal data and has mode {0}", "chmod 700 .kehu"),
            (".kehu 含个人信息副本，当前权限 {0}", "chmod 700 .kehu")),
        Code::NegativeAmount => super::breach::NEGATIVE_AMOUNT,
        Code::ReturnCancelled => super::breach::RETURN_CANCELLED,
        Code::NegativeCost => super::breach::NEGATIVE_COST,
        Code::BelowFloor => super::breach::BELOW_FLOOR,
        Code::NotIgnored => (
            (".kehu is not ignored by git", "add the line /.kehu/ to .gitignore"),
            (".kehu 没有被 git 忽略", "请在 .gitignore 中加入 /.kehu/")),
        Code::NegativePrice => breach::NEGATIVE_PRICE,
        Code::DiscountRange => breach::DISCOUNT_RANGE,
        Code::TaxRateRange => breach::TAX_RATE_RANGE,
        Code::QuantityNotPositive => breach::QUANTITY_NOT_POSITIVE,
        Code::NegativeExtraCost => breach::NEGATIVE_EXTRA_COST,
        Code::AmountNotPositive => breach::AMOUNT_NOT_POSITIVE,
        Code::MinorUnits => breach::MINOR_UNITS,
        Code::OtherCurrency => breach::OTHER_CURRENCY,
        Code::OtherCustomer => breach::OTHER_CUSTOMER,
        Code::ReturnOtherCustomer => breach::RETURN_OTHER_CUSTOMER,
        Code::ReturnTooMuch => breach::RETURN_TOO_MUCH,
        Code::RefundTooMuch => breach::REFUND_TOO_MUCH,
        Code::QuoteTwice => breach::QUOTE_TWICE,
        Code::AmountMismatch => (
            ("the amount {0} is neither {1}, which quantity, price and discount give{2?, nor |, which is that without tax}", "correct the one that is wrong: `kehu order set {3} amount=AMOUNT tax=TAX`, or quantity, price, discount"),
            ("金额 {0} 与数量、单价和折扣得出的 {1} 不符{2?，也不是不含税的 |}", "请改正有误的一项：`kehu order set {3} amount=金额 tax=税额`，或数量、单价、折扣")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Place;

    #[test]
    fn every_code_has_words_and_facts_are_filled_in() {
        for code in Code::ALL {
            let d = Diagnostic::new(*code, Place::file("f"), ["a", "b", "c", "e"]);
            for lang in Lang::ALL {
                let (what, mend) = words(lang, &d);
                assert!(!what.is_empty() && !mend.is_empty(), "{code:?}");
                assert!(!what.contains(['{', '?']) && !what.contains("!list"), "{code:?}: {what}");
            }
        }
    }

    #[test]
    fn empty_facts_leave_their_words_out() {
        let d = Diagnostic::new(Code::UnknownKey, Place::file("f"), ["ownr", ""]);
        assert!(!words(Lang::En, &d).1.contains("did you mean"));
        let d = Diagnostic::new(Code::UnknownKey, Place::file("f"), ["ownr", "owner"]);
        assert!(words(Lang::En, &d).1.contains("did you mean owner?"));
    }
}
