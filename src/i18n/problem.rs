//! The words for findings: what is wrong, and what mends it.

use super::values::one_of;
use super::{Lang, breach};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::ledger::Ledger;
use crate::model::settings::REQUIREMENTS;
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
                let is_list = before.contains("可选：") || before.contains("是否想写");
                out.push_str(&if is_list { super::messages::listed(lang, arg) } else { arg.to_string() });
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
        "column" => Cow::Owned(super::labels::column(lang, Ledger::Orders.name(), key)),
        "requirement" => Cow::Owned(super::refusal::requirement_word(lang, key)),
        "example" => example(lang, key),
        "signs" => super::messages::reasons(lang, key).into(),
        "turned" => super::refusal::event_word(lang, key).into(),
        "why" if key == "requirement" => {
            let words: Vec<String> = REQUIREMENTS.iter().map(|(kind, of)| format!("{kind}:{of}")).collect();
            let list = one_of(lang, &words.iter().map(String::as_str).collect::<Vec<_>>());
            lang.pick(format!("it must be {list}"), format!("应为 {list}")).into()
        }
        "torn" if key == JOURNAL => lang.pick("the journal is damaged", "日志已损坏").into(),
        "torn" => lang.pick(format!("somebody has changed {key} since"), format!("{key} 之后又被修改")).into(),
        "step" => {
            let (list, key) = key.split_once(':').unwrap_or(("", key));
            super::values::value(lang, list, key).into()
        }
        "thing" => super::values::value(lang, "subject_kind", key).into(),
        "called" => super::labels::label(lang, key).into(),
        "complaint_state" => super::values::value(lang, list, key).into(),
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
        "owner" if key.is_empty() => lang.pick("the pool", "公海"),
        "nothing" if key.is_empty() => lang.pick("nothing", "空"),
        "meddled" if key == "removed" => lang.pick("removed", "删除"),
        "meddled" => lang.pick("changed", "修改"),
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
            "cell" => lang.pick("the cell is larger than", "单元格大于"),
            "row" => lang.pick("the row has more than", "该行多于"),
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
            "irregular" => lang.pick("it is not a regular file", "不是普通文件"),
            other => other,
        },
        "mark" => match key {
            "tax_id" => lang.pick("tax id", "税号"),
            "phone" => lang.pick("phone number", "电话"),
            "email" => lang.pick("mail address", "邮箱"),
            _ => lang.pick("name", "名称"),
        },
        "save" if key.is_empty() => "",
        "save" => lang.pick("save the file as UTF-8", "请将文件另存为 UTF-8"),
        "nul" if key.is_empty() => "",
        "nul" => lang.pick("remove it; the file may be damaged", "请删除；文件可能已损坏"),
        "newline" => match key {
            "note" => {
                lang.pick("write it as \\n; `kehu check --fix` does that", "请写成 \\n；`kehu check --fix` 可修复")
            }
            _ => lang.pick("write the text on one line", "请写成一行"),
        },
        "unreadable" => match key {
            "link" => lang.pick("let the link lead to a file, or remove it", "请让链接指向文件，或删除链接"),
            "loop" => lang.pick("remove the link", "请删除该链接"),
            "irregular" => lang.pick("put a file in its place, or remove it", "请换成普通文件，或删除"),
            _ => lang.pick("check its permissions", "请检查权限"),
        },
        "state" if key.is_empty() => lang.pick("(empty)", "（空）"),
        "edit" => match key {
            "edit" => lang.pick("; `kehu check --fix` writes that event", "；`kehu check --fix` 会写入该变更记录"),
            _ => "",
        },
        "instead" => match key {
            "begin" => lang.pick("or put the customer into an earlier stage", "或改为更早的阶段"),
            "edit" => lang.pick(
                "or write the reason into the note of the event; `kehu check --fix` writes that event",
                "或在变更记录的备注中说明原因；`kehu check --fix` 会写入该变更记录",
            ),
            _ => lang.pick("or write the reason into the note of the event", "或在变更记录的备注中说明原因"),
        },
        "own-keys" => match key {
            "customer" => lang.pick("write own fields of customers under [fields]", "自定义字段写在 [fields] 下"),
            _ => lang.pick("docs/format.md lists the keys", "全部键见 docs/format.md"),
        },
        "reason" => match key {
            "empty" => lang.pick("it is empty", "为空"),
            "long" => lang.pick("it is longer than 64 characters or 200 bytes", "超过 64 个字符或 200 字节"),
            "edge" => lang.pick("it begins with a dot or dash, or ends with a dot", "以点或横线开头，或以点结尾"),
            "character" => {
                lang.pick("it may have only letters, digits, `-`, `_` and `.`", "只能用字母、数字、`-`、`_`、`.`")
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
            "timezone" => lang.pick("it must be a time zone such as Asia/Shanghai", "应为时区，例如 Asia/Shanghai"),
            "weekday" => lang.pick("it must be an English weekday such as monday", "应为英文星期，如 monday"),
            "month" => lang.pick("it must be a month from 1 to 12", "应为 1 到 12 的月份"),
            "shift" => lang.pick(
                "it must be a shift such as 09:00-12:00, later than the one before",
                "应为班次，如 09:00-12:00，且晚于前一班",
            ),
            "date-or-range" => lang.pick("it must be a date or A..B", "应为日期或 A..B"),
            "twice" => lang.pick("it is empty, or another one is the same", "为空或重复"),
            "id" => lang.pick(
                "an id has letters, digits, `-`, `_` and `.`, and begins with a letter or digit",
                "编号只能由文字、数字、`-`、`_`、`.` 组成，且以文字或数字开头",
            ),
            "order" => lang.pick("they must fall from the first to the last, which is 0", "必须从高到低，最后一个为 0"),
            "metric" => lang.pick("kehu has no such metric", "没有这个指标"),
            "points" => {
                lang.pick("this scale needs points = [[value, score], …]", "这种计分需要 points = [[值, 得分], …]")
            }
            "serve" => lang.pick(
                "it must be class:ID, grade:ID or stage:ID of a class, grade or stage that there is",
                "应为 class:编号、grade:编号 或 stage:编号，且该细分、等级或阶段存在",
            ),
            "day-of-year" => {
                lang.pick("it must be a day of every year: 10-01 or 农历08-15", "应为每年的日子：10-01 或 农历08-15")
            }
            "occasion" => lang.pick(
                "it must be birthday, date, holiday, contract, first-order or tip",
                "应为 birthday、date、holiday、contract、first-order 或 tip",
            ),
            "tip" => lang.pick(
                "it needs `product` or `category`, `days` or `every`, and `text` or `zh`",
                "需要 `product` 或 `category`，`days` 或 `every`，`text` 或 `zh`",
            ),
            "grade" => lang.pick("[grades] has no such grade", "[grades] 中没有这个等级"),
            "close-reason" => lang.pick("`[reasons] close` has no such reason", "`[reasons] close` 中没有这个原因"),
            other => other,
        },
        "stage-why" => match key {
            "note" => lang.pick("needs a note, because it goes back", "退回需要说明"),
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
            ("this is not UTF-8 text{0?; it seems to be |}", "{1?`kehu fmt --from |` converts it}{2?`kehu fmt --from ENCODING` converts it; it may be |}{3?correct it, or `kehu fmt --from gb18030 |` converts the lines that are not UTF-8}{4!save}"),
            ("不是 UTF-8 文本{0?，看起来是 |}", "{1?`kehu fmt --from |` 可转换}{2?`kehu fmt --from 编码` 可转换；可能是 |}{3?请更正，或用 `kehu fmt --from gb18030 |` 转换非 UTF-8 的行}{4!save}")),
        Code::NulByte => (
            ("the text has a NUL byte in it", "{0?it seems to be UTF-16: `kehu fmt --from |` converts it}{1!nul}"),
            ("文本中有 NUL 字节", "{0?看起来是 UTF-16：`kehu fmt --from |` 可转换}{1!nul}")),
        Code::ConflictMarkers => (
            ("the file has an unresolved merge conflict", "keep one side and remove the marker lines"),
            ("有未解决的合并冲突", "保留一方内容，删除冲突标记行")),
        Code::TooLarge => (
            ("{0!large} {1} {0!unit}", "split it, or keep long texts in another place"),
            ("{0!large} {1} {0!unit}", "请拆分，或把长文本放到别处")),
        Code::TomlSyntax => (
            ("kehu cannot read the TOML: {0}", "correct the line; write texts in double quotes: `key = \"value\"`"),
            ("TOML 无法解析：{0}", "请改正该行；文字要加双引号：`key = \"value\"`")),
        Code::LinkLeadsOut => (
            ("a symbolic link leads out of the data directory{0?, to |}", "put the file itself here"),
            ("符号链接指向数据目录之外{0?：|}", "请把文件本身放进来")),
        Code::UnreadableFile => (
            ("kehu cannot read the file: {0!cause}", "{1!unreadable}"),
            ("文件无法读取：{0!cause}", "{1!unreadable}")),
        Code::NewerFormat => (
            ("the directory has format {0}, but this kehu reads format {1}", "install a newer kehu"),
            ("数据目录格式为 {0}，本程序只支持 {1}", "请升级 kehu")),
        Code::UnknownKey => (
            ("unknown key `{0}`", "{1?did you mean |? }{2!own-keys}"),
            ("没有 `{0}` 这个键", "{1?是否想写 |？}{2!own-keys}")),
        Code::MissingKey => (
            ("`{0}` is missing", "add it: {0!example}"),
            ("缺少 `{0}`", "请补上：{0!example}")),
        Code::WrongType => (
            ("`{0}` must be {1!type}, not {2!found}", "write it as {1!type}"),
            ("`{0}` 应为{1!type}，不能是{2!found}", "请写成{1!type}")),
        Code::UnknownColumn => (
            ("unknown column `{0}`", "{1?did you mean |? }the name of an own column begins with x_"),
            ("没有 `{0}` 这一列", "{1?是否想写 |？}自定义列名以 x_ 开头")),
        Code::MissingColumn => (
            ("the column `{0}` is missing", "add it to the header and to every row"),
            ("缺少 `{0}` 列", "请在表头和每一行补上")),
        Code::DuplicateColumn => (
            ("the header has the column `{0}` twice", "remove or rename one of them"),
            ("`{0}` 列重复", "请删除或改名其一")),
        Code::NoHeader => (
            ("the file has no header row", "write the column names into the first line, or remove the file"),
            ("文件没有表头", "请在第一行写上列名，或删除文件")),
        Code::UnclosedQuote => (
            ("a quote opened here is never closed", "close it with a second `\"`"),
            ("此处的引号没有闭合", "请补上另一个 `\"`")),
        Code::StrayQuote => (
            ("the cell has a quote inside", "write the whole cell in quotes, and each quote in it twice"),
            ("单元格中间有引号", "请把整个单元格加引号，并把其中的引号写成两个")),
        Code::CellCount => (
            ("the row has {0!cells}, the header has {1}", "add or remove commas; write a cell with a comma in quotes"),
            ("该行有{0!cells}，表头有 {1} 个", "请增减逗号；含逗号的单元格要加引号")),
        Code::MissingCell => (
            ("`{0}` is empty, but it is required", "fill it in"),
            ("`{0}` 为空，此列必填", "请填写")),
        Code::BadDate => (
            ("`{0}` is not a date", "write it as 2026-11-22"),
            ("`{0}` 不是日期", "请写成 2026-11-22")),
        Code::BadInstant => (
            ("`{0}` is not a date or an instant", "write 2026-11-22 or 2026-11-22T14:03:00+08:00"),
            ("`{0}` 不是日期或时刻", "请写成 2026-11-22 或 2026-11-22T14:03:00+08:00")),
        Code::BadDecimal => (
            ("`{0}` is not a plain decimal number", "write at most 28 digits, with `.` as decimal point and without separators"),
            ("`{0}` 不是普通小数", "请写数字和小数点 `.`，不用分隔符，最多 28 位")),
        Code::BadInteger => (
            ("`{0}` is not a whole number from 1 on", "write 1, 2, 3 …"),
            ("`{0}` 不是从 1 开始的整数", "请写 1、2、3……")),
        Code::NotInList => (
            ("`{0}` is not in the list {1}", "{2?one of: }"),
            ("`{0}` 不在列表 {1} 中", "{2?可选：}")),
        Code::BadValue => (
            ("`{0}` is not {1!expected}", "write {1!expected}"),
            ("`{0}` 不是{1!expected}", "请写成{1!expected}")),
        Code::RawNewline => (
            ("`{0}` has a line break in it", "{1!newline}"),
            ("`{0}` 中有换行", "{1!newline}")),
        Code::ControlChar => (
            ("the text has the control character {0} in it", "remove it"),
            ("文本中有控制字符 {0}", "请删除")),
        Code::NullWord => (
            ("the cell says `{0}` for what is not known", "leave the cell empty"),
            ("用 `{0}` 表示未知", "未知时请留空")),
        Code::BlankRow => (
            ("the file has blank rows ({0}), which a spreadsheet leaves", "`kehu check --fix` removes them"),
            ("文件有 {0} 个空白行，多为表格软件留下", "`kehu check --fix` 可删除")),
        Code::BadCustomerId => (
            ("`{0}` cannot be a customer's id: {1!reason}", "{2?call it |; }use letters and digits in lower case, `-`, `_` and `.`"),
            ("`{0}` 不能作为客户编号：{1!reason}", "{2?请改为 |；}请用小写字母、数字、汉字、`-`、`_`、`.`")),
        Code::BadRowId => (
            ("`{0}` cannot be an id: {1!reason}", "use letters, digits, `-`, `_` and `.`, at most 64 of them"),
            ("`{0}` 不能作为编号：{1!reason}", "请用文字、数字、`-`、`_`、`.`，最多 64 个")),
        Code::DuplicateCustomer => (
            ("the customer `{0}` is in {1} too", "remove or rename one of the files"),
            ("客户 `{0}` 也在 {1} 中", "请删除或改名其一")),
        Code::DuplicateRow => (
            ("`{0}` is at {1} too", "give one of the rows another id, or remove it"),
            ("`{0}` 也在 {1}", "请给其中一行换编号，或删除")),
        Code::DanglingRef => (
            ("`{0}`: there is no {1!ref} `{2}`", "{3?did you mean |? }correct it, or add what it names"),
            ("`{0}`：没有{1!ref} `{2}`", "{3?是否想写 |？}请改正，或补上所指的对象")),
        Code::FormerIdTaken => (
            ("{1} uses the former id `{0}` too", "take it out of this list, or rename the other customer: an id belongs to one customer"),
            ("曾用编号 `{0}` 也被 {1} 使用", "请从此列表删除，或给另一客户改编号：一个编号只能属于一个客户")),
        Code::DuplicateContact => (
            ("two contacts have the id `{0}`", "give one of them another id"),
            ("联系人 `{0}` 重复", "请给其中一个换编号")),
        Code::LikelyDuplicate => (
            ("{0} is probably the same customer as {1}: {2} points ({3!signs})", "if it is, make them one with `kehu merge {1} {0}`; else correct what they share"),
            ("{0} 与 {1} 很可能是同一客户：{2} 分（{3!signs}）", "如果是，请用 `kehu merge {1} {0}` 合并；否则请改正相同的值")),
        Code::NoPlaybook => (
            ("`{0}` names the playbook `{1}`, and there is no {2}", "write {2}, or take the key out of kehu.toml"),
            ("`{0}` 指定的标准动作 `{1}` 没有文件 {2}", "请编写 {2}，或从 kehu.toml 删除该键")),
        Code::BadTemplate => (
            ("{1?|}{2?the first line must begin with `|`, and a subject}", "correct it; docs/format.md says what a template is given. Without the file the program's own text counts"),
            ("{1?|}{2?第一行须以 `|` 开头并写出主题}", "请改正；docs/format.md 列出模板可用的变量。没有此文件时使用程序自带的文字")),
        Code::UnequalLines => (
            ("`{0}` differs between the lines of {1}", "give all lines of {1} the same value"),
            ("{1} 各行的 `{0}` 不一致", "请把 {1} 各行写成相同的值")),
        Code::SameAsOther => (
            ("the {0!mark} `{1}` is {2?that of |, too}{3?that of | customers: what so many share tells none of them apart}", "{2?if | is the same customer, keep one of them; else correct the value}{3?correct it in | files, or leave it: kehu takes it for no sign of a customer that is there twice}"),
            ("{0!mark} `{1}` {2?与 | 相同}{3?为 | 个客户共有：这么多客户共用的值无法区分客户}", "{2?如果与 | 是同一客户，请只保留一个；否则请改正该值}{3?请在 | 个文件中改正，或不予理会：kehu 不会据此认为客户重复}")),
        Code::SettingValue => (
            ("`{0}`: {1!why}{2?; it is `|`}", "{3?did you mean |? }correct the value in kehu.toml; docs/format.md explains each key"),
            ("`{0}`：{1!why}{2?；此处是 `|`}", "{3?是否想写 |？}请改正 kehu.toml 中的值；docs/format.md 说明每个键")),
        Code::UnknownStage => (
            ("`{0}` names the stage `{1}`, but kehu.toml has no such stage", "{2?one of: }"),
            ("`{0}` 中的阶段 `{1}` 在 kehu.toml 中不存在", "{2?可选：}")),
        Code::ScorecardWeights => (
            ("the weights of the scorecard `{0}` sum to {1}, not 100", "change the weights"),
            ("评分卡 `{0}` 的权重合计为 {1}，不是 100", "请修改权重")),
        Code::ScorecardBands => (
            ("the bands of the scorecard `{0}`: {1!why}", "write for example bands = {{ A = 80, B = 60, C = 40, D = 0 }}"),
            ("评分卡 `{0}` 的分数段：{1!why}", "写法如 bands = {{ A = 80, B = 60, C = 40, D = 0 }}")),
        Code::NoMatchingField => (
            ("kehu.toml does not declare the field `{0}`", "{1?did you mean |? }declare it under [fields.{0}]"),
            ("kehu.toml 中没有声明字段 `{0}`", "{1?是否想写 |？}请在 [fields.{0}] 下声明")),
        Code::BadView => (
            ("the saved query `{0}`: {1}", "{2?|; }correct it under [views.{0}]"),
            ("保存的查询 `{0}`：{1}", "{2?|；}请改正 [views.{0}]")),
        Code::PoolMember => (
            ("the pool {0} has the member `{1}`, but team.toml does not", "{2?did you mean |? }correct it, or add the person to team.toml"),
            ("公海 {0} 的成员 `{1}` 不在 team.toml 中", "{2?是否想写 |？}请改正，或在 team.toml 中添加此人")),
        Code::DecisionDrift => (
            ("{0}: {1!decision} is `{2!state}` in the file, but `{3!state}` by the events", "let `kehu check --fix` append the missing event, or write `{3!state}` into the file"),
            ("{0}：{1!decision}在文件中是 `{2!state}`，按变更记录却是 `{3!state}`", "请用 `kehu check --fix` 补上缺少的变更记录，或把文件改回 `{3!state}`")),
        Code::LostRace => (
            ("{4}: {6} changed {5!turned} from `{1!state}` to `{7!state}`, but it was `{2!state}` then{8?, set by |}: the event {0} does not count", "agree on who is right{3?; the file says `|`, and `kehu check --fix` appends an event for that}; or set the right value with its command, or remove this event: `kehu row rm event:{0}`"),
            ("{4}：{6} 把{5!turned}从 `{1!state}` 改为 `{7!state}`，但当时已是 `{2!state}`{8?（由 | 设置）}：变更 {0} 未生效", "请商定以谁为准{3?；文件中是 `|`，`kehu check --fix` 会补上相应的变更记录}；或用相应命令重新设置，或删除此变更：`kehu row rm event:{0}`")),
        Code::EditedAfterEvent => (
            ("{0}: `{1}` of the row was edited after the event {2}", "write the old value into the row; later changes are events"),
            ("{0}：`{1}` 在变更 {2} 之后被直接修改", "请把该行改回原值；之后的变化应写成变更记录")),
        Code::EventKind => (
            ("things of the kind `{1}` have no event `{0}`", "{2?one of: }"),
            ("`{1}` 没有 `{0}` 这种变更", "{2?可选：}")),
        Code::EventValue => (
            ("the event {0} is `{1}`, but leads to `{2!state}`, so it does not count", "write `{1}` into `to`, or correct the event"),
            ("变更 {0} 是 `{1}`，变更后却是 `{2!state}`，因此未生效", "请把 `to` 写成 `{1}`，或改正该变更")),
        Code::AfterEnd => (
            ("the event {1} changed `{2}` of {0}, which was {3!ended}", "write the reason into the note of the event, or remove it: `kehu row rm event:{1}`"),
            ("{0} 已{3!ended}，变更 {1} 却修改了 `{2}`", "请在该变更的备注中说明原因，或删除：`kehu row rm event:{1}`")),
        Code::EventStart => (
            ("{0}: the event {1} moves it from {2}, but it stood in {3}", "correct `from` of the event, or write the step that is missing"),
            ("{0}：变更 {1} 从 {2} 开始，但当时处于 {3}", "请改正该变更的 `from`，或补上缺少的一步")),
        Code::StageTransition => (
            ("{0}: the stage went from {1} to {2}, which {4!stage-why} (R1)", "put it back, or write the reason into the note of the event{3!edit}"),
            ("{0}：阶段从 {1} 变为 {2}，{4!stage-why}（R1）", "请改回，或在变更记录的备注中说明原因{3!edit}")),
        Code::StageRequires => (
            ("{0}: the stage {1} requires {2!requirement} (R1)", "add what is missing, {3!instead}"),
            ("{0}：进入阶段 {1} 需要 {2!requirement}（R1）", "请补上所缺，{3!instead}")),
        Code::CloseReason => (
            ("{0} was {2!ended} without a reason", "write one into `reason` of the event{1?, one of: }"),
            ("{0} {2!ended}时没有原因", "请填写变更记录的 `reason`{1?，可选：}")),
        Code::DoubleVisit => (
            ("{0}: {1} contacted this customer on {2}, within followup.double_visit_days of the owner (R14)", "agree on who follows it, then `kehu assign {0} --to WHO`"),
            ("{0}：{1} 在 {2} 也联系过，间隔小于 followup.double_visit_days（R14）", "请商定由谁跟进，然后 `kehu assign {0} --to 成员`")),
        Code::OwnerLeft => (
            ("{0} belongs to {1}, who left on {2}", "give it to somebody else: `kehu assign {0} --to WHO`"),
            ("{0} 的负责人 {1} 已于 {2} 离职", "请分配给他人：`kehu assign {0} --to 成员`")),
        Code::FollowerLeft => (
            ("the contact {1} of {0} is followed by {2}, who left on {3}", "give it to somebody else: `kehu contact set {0} {1} owner=WHO`; with `owner=` whoever owns the customer follows it"),
            ("{0} 的联系人 {1} 由 {2} 跟进，而其已于 {3} 离职", "请改由他人跟进：`kehu contact set {0} {1} owner=成员`；写 `owner=` 则由客户的负责人跟进")),
        Code::RefundReason => (
            ("the reason `{0}` is not in the list `refund` of [reasons]", "{1?did you mean |? }{2?one of: |; }or add it to the list in kehu.toml"),
            ("退款原因 `{0}` 不在 [reasons] 的 `refund` 列表中", "{1?是否想写 |？}{2?可选：|；}或加到 kehu.toml 的列表中")),
        Code::PromiseLost => (
            ("{0} is closed{2? until }, so kehu reminds nobody of the promise for {1} (R4)", "open it with `kehu reopen {0}`, or empty `next` of the activity"),
            ("{0} 已关闭{2?至 }，{1} 的约定不会提醒任何人（R4）", "请用 `kehu reopen {0}` 重新打开，或清空该跟进记录的 `next`")),
        Code::SealBroken => (
            ("{0} is no longer what {2} approved on {3} (event {1}): its seal is broken (R12)", "its amounts count all the same; put back what was changed (`kehu history {0}`, git), or approve it again: `kehu approve {0}`"),
            ("{0} 与 {2} 在 {3} 审批通过时（变更 {1}）不同：审批封印失效（R12）", "金额照常计入；请恢复改动（`kehu history {0}`、git），或重新审批：`kehu approve {0}`")),
        Code::WriteOffTooMuch => (
            ("{1} is written off of {0}, which was {2} (R10)", "correct `to` of the event {3}: `kehu row set event:{3} to=…`"),
            ("{0} 为 {2}，却核销了 {1}（R10）", "请改正变更 {3} 的 `to`：`kehu row set event:{3} to=…`")),
        Code::WriteOffNotApproved => (
            ("{1} is written off of {0}, and {2} was approved (R12)", "remove the event {3} and ask for it: `kehu receivable writeoff {0}`"),
            ("{0} 核销了 {1}，而审批通过的为 {2}（R12）", "请删除变更 {3} 并申请：`kehu receivable writeoff {0}`")),
        Code::ContractDays => breach::CONTRACT_DAYS,
        Code::ComplaintStep => (
            ("{0} went from {2!complaint_state} to {3!complaint_state}, which is no step of a complaint (R11)", "correct the event {1}, or write the step that is missing"),
            ("{0} 从「{2!complaint_state}」变为「{3!complaint_state}」，不符合投诉流程（R11）", "请改正变更 {1}，或补上缺少的一步")),
        Code::StateStep => (
            ("{0} went from {2!step} to {3!step}, which is no step of a {4!thing}", "correct the event {1}, or write the step that is missing"),
            ("{4!thing} {0} 从「{2!step}」变为「{3!step}」，不符合流程", "请改正变更 {1}，或补上缺少的一步")),
        Code::FeedbackVerify => (
            ("{0} was verified by {2}, who dealt with it", "somebody else verifies it: correct `by`, or remove the event: `kehu row rm event:{1}`"),
            ("{0} 由改进人 {2} 本人验证", "请他人验证：改正 `by`，或删除该变更：`kehu row rm event:{1}`")),
        Code::StateText => (
            ("{0} is {2!step}, but its {1!called} is empty", "write it: `kehu {3} set {0} {1}=…`"),
            ("{0} 为「{2!step}」，但{1!called}为空", "请补写：`kehu {3} set {0} {1}=…`")),
        Code::ComplaintWait => (
            ("{0} waits for the customer, and nobody says for what (R11)", "write it into the note of the event {1}"),
            ("{0} 暂停等待客户，但没有说明原因（R11）", "请写入变更 {1} 的备注")),
        Code::ComplaintConfirm => (
            ("{0} was confirmed by {2}, who handled it (R11)", "somebody else confirms it: correct `by`, or remove the event: `kehu row rm event:{1}`"),
            ("{0} 由处理人 {2} 本人确认（R11）", "请他人确认：改正 `by`，或删除该变更：`kehu row rm event:{1}`")),
        Code::NoHolidays => (
            ("kehu.toml has no holidays for {0}, so nobody knows how much time complaints of that year have", "write the holidays and make-up workdays of each year into [working_time]"),
            ("kehu.toml 没有 {0} 年的节假日，无法确定这些年份投诉的处理期限", "请在 [working_time] 中写入每年的节假日和调休日")),
        Code::BeforeCreated => (
            ("{0} was created on {1}, but `{2}:{3}` is from {4}", "kehu counts it all the same; correct the day: `kehu customer set {0} created={4}`"),
            ("{0} 的 created 为 {1}，晚于 {4} 的 `{2}:{3}`", "事实照常计入；请更正：`kehu customer set {0} created={4}`")),
        Code::EventToCome => (
            ("the event {0} of {1} is from {2}, in the future, so nothing of the kind can change before it", "a clock was ahead; correct the day with `kehu row set event:{0} at=…`"),
            ("{1} 的变更记录 {0} 的时间是 {2}，尚未到来：在它之前无法再记录变更", "当时的时钟快了；请用 `kehu row set event:{0} at=…` 改正其时间")),
        Code::FactToCome => (
            ("`{0}:{1}` is from {2}, in the future, so no figure counts it yet", "correct the day with `kehu row set {0}:{1} at=…`"),
            ("`{0}:{1}` 的日期是 {2}，尚未到来：届时才会计入", "请更正日期：`kehu row set {0}:{1} at=…`")),
        Code::JournalPending => (
            ("the journal has an unfinished change", "the next command that writes completes it, `kehu undo` gives it up; keep .kehu until then"),
            ("日志中有未完成的更改", "下一次写入会完成它，`kehu undo` 则放弃它；在此之前请保留 .kehu")),
        Code::JournalConflict => (
            ("kehu cannot complete the unfinished change: {0!torn}", "{0!put-back}give the change up with `kehu undo`"),
            ("未完成的更改无法继续：{0!torn}", "{0!put-back}用 `kehu undo` 放弃该更改")),
        Code::StrayFile => (
            ("{0} is neither the file of a customer nor a ledger", "{1?did you mean |? }move it elsewhere; `kehu schema` lists the ledgers"),
            ("{0} 既不是客户文件也不是台账", "{1?是否想写 |？}请移到别处；`kehu schema` 列出全部台账")),
        Code::KehuDirMode => (
            (".kehu holds copies of personal data, but others may read it (mode {0})", "run `chmod 700 .kehu`"),
            (".kehu 含个人信息副本，但他人可读（权限 {0}）", "请运行 `chmod 700 .kehu`")),
        Code::ScoreRange => super::breach::SCORE_RANGE,
        Code::ScoreDimension => super::breach::SCORE_DIMENSION,
        Code::NegativeAmount => super::breach::NEGATIVE_AMOUNT,
        Code::ReturnCancelled => super::breach::RETURN_CANCELLED,
        Code::ReturnBeforeSale => super::breach::RETURN_BEFORE_SALE,
        Code::ReturnDiffers => super::breach::RETURN_DIFFERS,
        Code::MemberLeft => super::breach::MEMBER_LEFT,
        Code::BeforeMade => super::breach::BEFORE_MADE,
        Code::Circle => super::refusal::CIRCLE,
        Code::NegativeCost => super::breach::NEGATIVE_COST,
        Code::BelowFloor => super::breach::BELOW_FLOOR,
        Code::ClaimNotMember => (
            ("{2} claimed {1} out of the pool {3}, but is no member of it (R2)", "give it to a member: `kehu assign {1} --to WHO`, or add {2} to `[pools.{3}] members`"),
            ("{2} 从公海 {3} 认领了 {1}，但不是该公海的成员（R2）", "请分配给成员：`kehu assign {1} --to 成员`，或把 {2} 加入 `[pools.{3}] members`")),
        Code::ClaimLimit => (
            ("{0} is claim number {2} of {1} on {3}, and claim_per_day is {4} (R2)", "a manager decides who keeps the customer: `kehu assign`, `kehu release`"),
            ("{0} 是 {1} 在 {3} 的第 {2} 次认领，超过 claim_per_day = {4}（R2）", "请由经理决定客户归属：`kehu assign`、`kehu release`")),
        Code::ClaimCoolDown => (
            ("{2} claimed {1} back, which it owned up to {3}: less than cooldown_days = {4} (R2)", "a manager decides who keeps the customer: `kehu assign`, `kehu release`"),
            ("{2} 又认领了 {1}，上次持有到 {3}，未满 cooldown_days = {4}（R2）", "请由经理决定客户归属：`kehu assign`、`kehu release`")),
        Code::ClaimQuarantine => (
            ("{1} was claimed by {0} when it was in the pool since {2}: less than quarantine_days = {3} (R2)", "a manager decides who keeps the customer: `kehu assign`, `kehu release`"),
            ("{1} 于 {2} 进入公海，未满 quarantine_days = {3} 就被认领（{0}，R2）", "请由经理决定客户归属：`kehu assign`、`kehu release`")),
        Code::OwnLimit => (
            ("{0} owns {1} customers that count, and may own {2} (R2)", "release or hand over some, or raise the limit: `kehu team set {0} limits.own={1}`"),
            ("{0} 持有 {1} 个计数的客户，上限为 {2}（R2）", "请释放或移交一些，或提高上限：`kehu team set {0} limits.own={1}`")),
        Code::PolicyOwner => (
            ("{2} gave {1} from {3!owner} to {4!owner} without the right (R14, event {0})", "whoever leads decides: `kehu assign {1} --to WHO`, or {2} claims and releases by `kehu claim` and `kehu release`"),
            ("{2} 无权把 {1} 从 {3!owner} 转给 {4!owner}（R14，变更 {0}）", "请由负责人决定：`kehu assign {1} --to 成员`，或用 `kehu claim`、`kehu release`")),
        Code::PolicyGrade => (
            ("{2} changed the grade of {1} from {3!nothing} to {4!nothing} without the right (R5, event {0})", "whoever leads grades: `kehu grade --apply`, or takes the event away: `kehu row rm event:{0}`"),
            ("{2} 无权把 {1} 的等级从 {3!nothing} 改为 {4!nothing}（R5，变更 {0}）", "请由负责人评级：`kehu grade --apply`，或删除该变更：`kehu row rm event:{0}`")),
        Code::PolicyStage => (
            ("{2} moved {1} from {3} to {4} against the rules without the right (R1, event {0})", "whoever leads may: `kehu stage {1} {4} --override --note TEXT`"),
            ("{2} 无权违反规则把 {1} 从 {3} 转到 {4}（R1，变更 {0}）", "负责人可特批：`kehu stage {1} {4} --override --note 原因`")),
        Code::PolicyDiscount => (
            ("{0}: the discount of {1} exceeds the limit of {3}, {2}, and nobody allowed it (R6)", "whoever leads allows it by a request, or correct the discount: `kehu order set {0} discount=…`"),
            ("{0}：折扣 {1} 超过 {3} 的上限 {2}，且无人批准（R6）", "请由负责人批准，或更正折扣：`kehu order set {0} discount=…`")),
        Code::ApprovedEdited => (
            ("{2} {1!meddled} {0}, which was approved{3? (|)} (R12)", "put it back as it was: void it and enter a new one"),
            ("{2} {1!meddled}了已批准的 {0}{3?（|）}（R12）", "请恢复原样：作废后重新录入")),
        Code::PastFactEdited => (
            ("{2} {1!meddled} {0}, a fact of a day that is over{3? (|)}", "put it back, or let somebody who leads correct it"),
            ("{2} {1!meddled}了已过日期的 {0}{3?（|）}", "请恢复原样，或由负责人更正")),
        Code::OtherAuthor => (
            ("{2} wrote the event {0} in the name of {1}", "`by` is who writes; whoever leads may write for others"),
            ("{2} 以 {1} 的名义写了变更 {0}", "`by` 应为记录人本人；负责人可代记")),
        Code::SettingsEdited => (
            ("{1} changed {0} without the right", "whoever leads changes settings and team"),
            ("{1} 无权修改 {0}", "设置和团队由负责人修改")),
        Code::NotIgnored => (
            ("git does not ignore .kehu", "add the line /.kehu/ to .gitignore"),
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
        Code::GiftTooMuch => breach::GIFT_TOO_MUCH,
        Code::QuoteTwice => breach::QUOTE_TWICE,
        Code::Unapproved => breach::UNAPPROVED,
        Code::InvoiceTwice => breach::INVOICE_TWICE,
        Code::RedInvoice => breach::RED_INVOICE,
        Code::NoRate => (
            ("{0} has no rate on {1}, so {2} rows of {3} count in no total", "add the rate of that day: `kehu rate add {1} {0} RATE` (one {0} in the base currency)"),
            ("{1} 没有 {0} 的汇率，{3} 有 {2} 行未计入任何合计", "请补上当日汇率：`kehu rate add {1} {0} 汇率`（1 {0} 折合本位币）")),
        Code::AmountMismatch => (
            ("the amount is {0}, but quantity, price and discount give {1}{2?, or | without tax}", "correct the one that is wrong: `kehu order set {3} amount=AMOUNT tax=TAX`, or quantity, price, discount"),
            ("金额为 {0}，但按数量、单价和折扣应为 {1}{2?，或不含税的 |}", "请改正有误的一项：`kehu order set {3} amount=金额 tax=税额`，或数量、单价、折扣")),
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
