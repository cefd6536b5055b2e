//! Chinese help for commands and arguments. The English stands in the doc comments of what it helps with, and beside
//! the Chinese in the tables of the areas: a test finds what is missing, and where the two differ. Both languages' help
//! of reports stands in `reporting`.

use super::{AREAS, Help, Lang, reporting};

fn commands() -> impl Iterator<Item = &'static Help> {
    AREAS.iter().flat_map(|a| a.commands)
}

/// Help of a plain verb whose English says this, the same for every noun that has no words of its own.
pub fn plain_verb(verb: &str, english: &str) -> Option<String> {
    PLAIN_VERBS.iter().filter(|h| h.0 == verb).find_map(|(_, en, zh)| match en.split_once("{}") {
        None => (*en == english).then(|| zh.to_string()),
        Some((before, behind)) => {
            let table = english.strip_prefix(before)?.strip_suffix(behind)?;
            Some(zh.replace("{}", table))
        }
    })
}

/// (verb, English, 中文); `{}` stands for the ledger.
const PLAIN_VERBS: &[Help] = &[
    ("add", "Add a row (kehu schema {})", "新增一行（列见 kehu schema {}）"),
    ("list", "List the rows that fit filter terms", "列出符合条件的行"),
    ("show", "Show one row with all its columns", "一行的全部内容"),
    ("set", "Correct cells of a row", "就地更正一行的单元格"),
    ("rm", "Remove a row; refused while anything refers to it", "删除一行；被引用时拒绝"),
];

/// Help of `kehu report`, which names the reports.
pub fn reports(lang: Lang, names: &[&str]) -> String {
    match lang {
        Lang::En => format!("Figures: {}", names.join(", ")),
        Lang::ZhCn => format!("报表：{}", names.join("、")),
    }
}

fn arguments() -> impl Iterator<Item = &'static Help> {
    AREAS.iter().flat_map(|a| a.arguments)
}

/// Help of a command whose English says this, by its words: `customer add`.
pub fn command(path: &str, english: &str) -> Option<&'static str> {
    let of_report = || reporting::about(Lang::ZhCn, path.strip_prefix("report ")?);
    commands().find(|h| h.0 == path && h.1 == english).map(|h| h.2).or_else(of_report)
}

/// Help of an argument whose English says this: words for its command alone go before those that commands share.
pub fn argument(path: &str, id: &str, english: &str) -> Option<&'static str> {
    let said = || arguments().filter(|h| h.1 == english);
    let of_report = path.strip_prefix("report ").and_then(|report| reporting::argument(Lang::ZhCn, report, id));
    if of_report.is_some() {
        return of_report;
    }
    let own = said().find(|h| h.0.strip_suffix(id).and_then(|p| p.strip_suffix('.')) == Some(path));
    own.or_else(|| said().find(|h| h.0 == id)).map(|h| h.2)
}

/// Every sentence, as (what it is about, English), for the test that finds those which nobody says any more.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    commands().chain(arguments()).map(|h| (h.0, h.1))
}

/// What stands for an argument's value in usage lines: `PERIOD` → `期间`.
pub fn value_name(name: &str) -> Option<&'static str> {
    VALUE_NAMES.iter().find(|(n, _)| *n == name).map(|(_, zh)| *zh)
}

const VALUE_NAMES: &[(&str, &str)] = &[
    ("A,-B", "列,-列"),
    ("A,B", "列,列"),
    ("AMOUNT", "金额"),
    ("DUE", "到期日"),
    ("TAX", "税额"),
    ("NUMBER", "号码"),
    ("INVOICE", "发票"),
    ("SUPPLIER", "供应商"),
    ("BASE", "共同版本"),
    ("BY", "分法"),
    ("CHANNEL", "联系方式"),
    ("BATCH", "批次"),
    ("CATEGORY", "类别"),
    ("CAUSE", "原因"),
    ("CODE", "代码"),
    ("COMPLAINT", "投诉"),
    ("FEEDBACK", "反馈"),
    ("NEED", "需求"),
    ("ACTION", "措施"),
    ("SOLUTION", "方案"),
    ("COST", "成本"),
    ("HANDLING", "处理结果"),
    ("LIABILITY", "责任方"),
    ("SEVERITY", "严重程度"),
    ("COLUMN=VALUE", "列=值"),
    ("COMMAND", "命令"),
    ("COMPETITOR", "竞争对手"),
    ("CONTACT", "联系人"),
    ("CUSTOMER", "客户"),
    ("CUSTOMER NOTE", "客户 内容"),
    ("CUSTOMER STAGE", "客户 阶段"),
    ("DATE", "日期"),
    ("DEAL", "商机"),
    ("STAGE", "阶段"),
    ("DIR", "目录"),
    ("DIRECTION", "方向"),
    ("ENCODING", "编码"),
    ("FILE", "文件"),
    ("FORMAT", "格式"),
    ("FROM", "移交人"),
    ("KEEP", "保留"),
    ("DROP", "并入"),
    ("POINTS", "分数"),
    ("ID", "编号"),
    ("IDS", "编号"),
    ("KEY", "键"),
    ("KEY=VALUE", "键=值"),
    ("KEY=VALUE …", "键=值 …"),
    ("CHANGE", "变化"),
    ("FIGURE", "指标"),
    ("KIND", "类型"),
    ("LANG", "语言"),
    ("LESSON", "教训"),
    ("LINE", "行"),
    ("LINES", "行"),
    ("MARKER_SIZE", "长度"),
    ("METRIC", "指标"),
    ("OURS", "我方"),
    ("THEIRS", "对方"),
    ("OWNER", "负责人"),
    ("SCORE", "得分"),
    ("MAP.toml", "映射.toml"),
    ("METHOD", "收款方式"),
    ("N", "数"),
    ("NAME", "名称"),
    ("NEW", "新编号"),
    ("NOTE", "备注"),
    ("OLD", "旧编号"),
    ("ORDER", "订单"),
    ("OUTCOME", "结果"),
    ("PAIRS", "键=值"),
    ("PARTY", "签约方"),
    ("PLAN", "付款计划"),
    ("CONTRACT", "合同"),
    ("LEVEL", "把握"),
    ("PATH", "路径"),
    ("PERIOD", "期间"),
    ("PURPOSE", "目的"),
    ("QUANTITY", "数量"),
    ("QUOTE", "报价单"),
    ("RATE", "比率"),
    ("CURRENCY", "币种"),
    ("REASON", "原因"),
    ("REV", "版本"),
    ("ROW", "行"),
    ("SHELL", "shell"),
    ("SIGNAL", "动向"),
    ("SOURCE", "文件"),
    ("SPAN", "时长"),
    ("SUBJECT", "对象"),
    ("TABLE", "表"),
    ("TEMPLATE", "模板"),
    ("TERM", "条件"),
    ("TERMS", "条件"),
    ("TERM… KEY=VALUE", "条件… 键=值"),
    ("TEXT", "文字"),
    ("TITLE", "标题"),
    ("UNIT", "单位"),
    ("WHAT", "内容"),
    ("WHEN", "何时"),
    ("WHO", "成员"),
    ("WHO:SHARE,…", "成员:比例,…"),
    ("WORDS", "词"),
];
