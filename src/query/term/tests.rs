//! The filter grammar, line by line.

use super::*;
use crate::model::day::parse_day;
use crate::model::money::parse_decimal;
use crate::model::value::{Kind, Value};
use crate::query::error::PeriodFault;
use chrono::Weekday;
use proptest::prelude::*;
use std::borrow::Cow;

/// Key, label, kind.
const FIELDS: [(&str, &str, Kind); 15] = [
    ("id", "编号", Kind::Id),
    ("name", "名称", Kind::Text),
    ("owner", "负责人", Kind::Id),
    ("customer.owner", "", Kind::Id),
    ("grade", "客户等级", Kind::Code),
    ("stage", "客户阶段", Kind::Code),
    ("channel", "来源", Kind::Code),
    ("tags", "标签", Kind::List),
    ("created", "建档日期", Kind::Day),
    ("due", "应跟进日", Kind::Day),
    ("revenue", "销售额", Kind::Money),
    ("margin", "毛利率", Kind::Ratio),
    ("idle_days", "", Kind::Days),
    ("fields.employees", "", Kind::Number),
    ("lunar", "农历", Kind::Flag),
];

struct Table;

impl Schema for Table {
    fn find(&self, name: &str) -> Option<FieldDef> {
        let i = FIELDS.iter().position(|(key, label, _)| name == *key || (!name.is_empty() && name == *label))?;
        let closed = |values: &[(&str, &[&str])]| {
            values.iter().map(|(k, also)| ((*k).to_owned(), also.iter().map(|s| (*s).to_owned()).collect())).collect()
        };
        let values = match FIELDS[i].0 {
            "grade" => closed(&[("A", &[]), ("B", &[]), ("C", &[]), ("D", &[])]),
            "stage" => {
                closed(&[("lead", &["潜在客户", "线索"]), ("prospect", &["意向客户"]), ("first-order", &["首单客户"])])
            }
            _ => Vec::new(),
        };
        Some(FieldDef { id: FieldId::Column(i as u16), key: FIELDS[i].0.to_owned(), kind: FIELDS[i].2, values })
    }

    fn keys(&self) -> Vec<String> {
        FIELDS.iter().map(|field| field.0.to_owned()).collect()
    }
}

fn key(field: FieldId) -> &'static str {
    let FieldId::Column(n) = field else { return "" };
    FIELDS[usize::from(n)].0
}

struct Customer;

/// 华新电子, due and channel not known.
impl Record for Customer {
    fn value(&self, field: FieldId) -> Value<'_> {
        let num = |s: &str| Value::Num(parse_decimal(s).unwrap());
        match key(field) {
            "id" => Value::text("huaxin-dz"),
            "name" => Value::text("华新电子 ACME, Ltd."),
            "owner" | "customer.owner" => Value::text("li"),
            "grade" => Value::text("B"),
            "stage" => Value::text("prospect"),
            "tags" => Value::List(vec!["VIP".into(), "展会 2026".into()]),
            "created" => Value::Day(parse_day("2026-08-10").unwrap()),
            "revenue" => num("120000.50"),
            "margin" => num("0.05"),
            "idle_days" => num("30"),
            "fields.employees" => num("250"),
            "lunar" => Value::Flag(true),
            _ => Value::Missing,
        }
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        vec!["huaxin-dz".into(), "华新电子 ACME, Ltd.".into(), "Café 10:30".into(), "王重庆".into()]
    }
}

fn views(name: &str) -> Option<Vec<String>> {
    let terms: &[&str] = match name {
        "good" => &["grade:A,B", "not:no:revenue"],
        "mine" => &["@good", "owner:li"],
        "重点" => &["tags:vip"],
        "none" => &[],
        "broken" => &["grade:A", "ownr:li"],
        "outer" => &["@broken"],
        "a" => &["@b"],
        "b" => &["name", "not:@a"],
        "self" => &["@self"],
        // Each doubles the next: 2^20 terms when followed.
        _ if name.starts_with("bomb") => {
            let n: u32 = name[4..].parse().ok()?;
            let next = format!("@bomb{}", n + 1);
            return Some(if n < 20 { vec![next.clone(), next] } else { vec!["x".to_owned()] });
        }
        _ if name.starts_with("deep") => {
            let n: u32 = name[4..].parse().ok()?;
            return Some(vec![format!("@deep{}", n + 1)]);
        }
        _ => return None,
    };
    Some(terms.iter().map(|term| (*term).to_owned()).collect())
}

/// On Wednesday 2026-08-19.
fn parse(terms: &[&str]) -> Result<Filter, QueryError> {
    let cal = Calendar { today: parse_day("2026-08-19").unwrap(), week_start: Weekday::Mon, fiscal_year_start: 1 };
    let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
    Filter::parse(&terms, &Table, &cal, &views)
}

/// Whether the customer passes; the negated term must say the opposite.
fn check(term: &str, expected: bool) {
    let passes = |term: &str| parse(&[term]).map(|filter| filter.matches(&Customer));
    assert_eq!(passes(term), Ok(expected), "{term}");
    assert_eq!(passes(&format!("not:{term}")), Ok(!expected), "not:{term}");
    assert_eq!(passes(&format!("not:not:{term}")), Ok(expected), "not:not:{term}");
}

fn check_all(expected: bool, terms: &[&str]) {
    for term in terms {
        check(term, expected);
    }
}

#[test]
fn words() {
    check_all(true, &["hxdz", "HuaXin", "华新", "acme", "ＡＣＭＥ", "cafe", "chongqing", "wcq", "huaxin-dz", "-dz"]);
    check_all(true, &["\"ACME, Ltd\"", "ACME, Ltd", "新电子 acme", "“10:30”", "\"10:30\"", "＂10:30＂"]);
    check_all(false, &["beta", "two words", "\"two words\"", "\"@good\"", "\"owner:li\"", "not", "has", "yes"]);
    // Blanks and no field: a phrase, colon or not.
    check_all(true, &["Café 10:30"]);
    check_all(false, &["call back at 10:30", "see https://example.com"]);
}

#[test]
fn text_and_ids() {
    check_all(true, &["owner:li", "owner:LI", "owner:ｌｉ", "owner.eq:li", "owner:wang,li", "owner.in:wang,li"]);
    check_all(true, &["负责人:li", "Owner:li", "OWNER.EQ:li", "负责人.eq：wang，li", "owner: li", "owner : li , wang"]);
    check_all(true, &["customer.owner:li", "customer.owner.eq:li", "customer.owner.ne:wang", "owner:\"li\""]);
    check_all(false, &["owner:l", "owner:wang", "owner.in:wang,zhao", "owner.ne:li", "owner.ne:wang,li"]);
    check_all(true, &["owner.ne:wang", "owner.ne:wang,zhao", "owner.has:l", "name.has:acme", "name.has:\"电子 \"acme"]);
    check_all(true, &["name:\"华新电子 ACME, Ltd.\"", "name:“华新电子 acme, ltd.”", "name.has:x,电"]);
    check_all(false, &["name:华新电子", "name:\"华新电子 ACME\", Ltd.", "name.has:x,y", "name.has:1..2"]);
    check_all(true, &["owner.lt:m", "owner.le:li", "owner.ge:LI", "owner.gt:la"]);
    check_all(false, &["owner.lt:li", "owner.gt:li", "owner.lt:a"]);
    // `..` is no range for text.
    check_all(false, &["owner:a..z", "owner:..", "owner:.."]);
}

#[test]
fn closed_lists() {
    check_all(
        true,
        &["grade:B", "grade:b", "grade:A,B", "grade.ne:A", "grade.has:b", "stage:意向客户", "stage.ne:线索"],
    );
    check_all(false, &["grade:A", "grade:A,C", "grade.ne:A,B", "stage:潜在客户", "grade.has:z"]);
    // Their own order, not the alphabet's: lead, prospect, first-order.
    check_all(true, &["stage.lt:first-order", "stage.ge:lead", "stage.gt:线索", "stage.le:prospect", "grade.le:B"]);
    check_all(false, &["stage.lt:prospect", "stage.gt:first-order", "grade.lt:B"]);
    // A list that is not closed takes anything; here the value is missing.
    check_all(false, &["channel:anything", "channel.ne:anything", "channel.lt:z"]);
}

#[test]
fn lists_match_by_any_element() {
    check_all(true, &["tags:vip", "tags:x,VIP", "tags.has:展会", "tags:\"展会 2026\"", "tags:展会 2026", "tags.ne:x"]);
    check_all(false, &["tags:展会", "tags.ne:vip", "tags.has:z"]);
}

#[test]
fn days_and_periods() {
    check_all(true, &["created:2026-08-10", "created:2026-08", "created:2026Q3", "created:2026", "created:last-week"]);
    check_all(true, &["created:30d", "created:..2026-08-10", "created:2026-08-10..", "created:2026-08-01..2026-08-10"]);
    check_all(
        true,
        &["created:2025,2026-08", "created.ne:2025", "建档日期：2026-08", "created.in:2025,2026", "created:mtd"],
    );
    check_all(
        false,
        &["created:2025", "created:7d", "created.ne:2026", "created:..2026-08-09", "created:2026-08-11.."],
    );
    // Before the start, not after the end, after the end, not before the start.
    check_all(true, &["created.lt:2026-08-11", "created.le:2026-08", "created.gt:2026-07", "created.ge:2026-08"]);
    check_all(true, &["created.lt:7d", "created.le:2026-08-10", "created.ge:2026-08-10", "created.gt:..2026-07"]);
    check_all(false, &["created.lt:2026-08", "created.lt:2026-08-10", "created.gt:2026-08", "created.gt:2026-08-10"]);
    check_all(false, &["created.le:2026-07", "created.ge:2026-09", "created.lt:30d"]);
}

#[test]
fn numbers_with_units() {
    check_all(true, &["revenue:120000.5", "revenue:10万..", "revenue.ge:12万", "revenue.lt:1亿", "revenue:..1.5亿"]);
    check_all(
        true,
        &["revenue:100000..130000", "revenue.gt:１２万", "revenue:1,120000.50", "revenue.ne:1", "销售额.gt:0"],
    );
    check_all(
        false,
        &["revenue:12万", "revenue.lt:12万", "revenue:..10万", "revenue.ne:1,120000.50", "revenue:13万.."],
    );
    check_all(true, &["margin:5%", "margin:0.05", "margin.le:5%", "margin:1%..10%", "margin.lt:0.06"]);
    check_all(
        true,
        &["idle_days:30", "idle_days:30d", "idle_days.ge:30d", "idle_days.gt:10..20", "idle_days.lt:31..40"],
    );
    check_all(false, &["idle_days.lt:30", "idle_days.gt:30d", "idle_days.gt:20..40", "margin:5"]);
    check_all(true, &["fields.employees:250", "fields.employees.gt:100", "fields.employees:-5..1000"]);
}

#[test]
fn flags() {
    check_all(true, &["lunar:yes", "lunar:是", "lunar:YES", "农历：是", "lunar.ne:no", "lunar:yes,no"]);
    check_all(false, &["lunar:no", "lunar:否"]);
}

#[test]
fn presence_and_missing_values() {
    check_all(
        true,
        &["has:revenue", "no:due", "has：负责人", "has:customer.owner", "HAS:tags", "has: tags", "no:channel"],
    );
    check_all(false, &["has:due", "no:revenue", "no:tags"]);
    // A comparison with a missing value is false, whatever the operator; `not:` negates after that.
    check_all(
        false,
        &["due:2026", "due.ne:2026", "due.lt:2026", "due.gt:2026", "due:..2026", "due:2026..", "channel.has:x"],
    );
}

#[test]
fn terms_must_all_hold() {
    let check = |terms: &[&str], expected: bool| {
        assert_eq!(parse(terms).unwrap().matches(&Customer), expected, "{terms:?}");
    };
    check(&[], true);
    check(&["hx", "grade:B", "not:has:due"], true);
    check(&["hx", "grade:A"], false);
    check(&["@mine", "not:@none"], false);
    check(&["@mine", "@none"], true);
}

#[test]
fn saved_views() {
    check_all(true, &["@good", "@mine", "@重点", "＠good", "@ good", "@none"]);
    let names = |terms: &[&str]| parse(terms).unwrap().view_names().to_vec();
    assert_eq!(names(&["@mine", "@good"]), ["mine", "good"]);
    assert!(names(&["hx"]).is_empty());
}

#[test]
fn what_a_filter_needs() {
    let needs = |terms: &[&str]| {
        let filter = parse(terms).unwrap();
        let keys: Vec<_> = filter.fields().iter().map(|id| key(*id)).collect();
        (keys.join(" "), filter.has_words(), filter.is_empty())
    };
    assert_eq!(needs(&[]), (String::new(), false, true));
    assert_eq!(needs(&["owner:li", "负责人.ne:wang", "no:due"]), ("owner due".to_owned(), false, false));
    assert_eq!(needs(&["@mine", "hx", "owner:li"]), ("grade revenue owner".to_owned(), true, false));
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn check_error(term: &str, expected: QueryError) {
    assert_eq!(parse(&[term]), Err(expected), "{term}");
}

#[test]
fn unknown_fields_name_the_nearest() {
    let check = |term: &str, field: &str, nearest: &[&str]| {
        let (term_, field) = (term.to_owned(), field.to_owned());
        check_error(term, QueryError::UnknownField { term: term_, field, nearest: owned(nearest) });
    };
    check("ownr:li", "ownr", &["owner"]);
    check("not:ownr:li", "ownr", &["owner"]);
    check("ownr.ne:li", "ownr", &["owner"]);
    check("customer.ownr:li", "customer.ownr", &["customer.owner"]);
    check("customer.ownr.ne:li", "customer.ownr", &["customer.owner"]);
    check("employees:5", "employees", &["fields.employees"]);
    check("has:deu", "deu", &["due"]);
    check("no:deu", "deu", &["due"]);
    check("has:due,owner", "due,owner", &["owner", "customer.owner"]);
    check("https://example.com", "https", &[]);
    check("10:30", "10", &[]);
    check(":x", "", &[]);
    check("：", "", &[]);
    check("not::", "", &[]);
    check("\"owner \"x:li", "owner x", &["owner"]);
}

#[test]
fn unknown_and_unfit_operators() {
    let check = |term: &str, field: &str, operator: &str, nearest: &[&str]| {
        let (term_, field, operator) = (term.to_owned(), field.to_owned(), operator.to_owned());
        check_error(term, QueryError::UnknownOperator { term: term_, field, operator, nearest: owned(nearest) });
    };
    let all = ["eq", "ne", "lt", "le", "gt", "ge", "has", "in"];
    check("owner.is:li", "owner", "is", &["in"]);
    check("owner.:li", "owner", "", &all);
    check("customer.owner.contains:li", "customer.owner", "contains", &all);
    check("name.hass:x", "name", "hass", &["has"]);
    let unfit = |term: &str, field: &str, operator: &str, kind: Kind| {
        let (term_, field, operator) = (term.to_owned(), field.to_owned(), operator.to_owned());
        check_error(term, QueryError::WrongOperator { term: term_, field, operator, kind });
    };
    unfit("tags.lt:x", "tags", "lt", Kind::List);
    unfit("lunar.ge:yes", "lunar", "ge", Kind::Flag);
    unfit("revenue.has:1", "revenue", "has", Kind::Money);
    unfit("建档日期.has:2026", "建档日期", "has", Kind::Day);
}

#[test]
fn unreadable_values() {
    let code = |term: &str, field: &str, value: &str, nearest: &[&str]| {
        let (term_, field, value) = (term.to_owned(), field.to_owned(), value.to_owned());
        check_error(term, QueryError::UnknownValue { term: term_, field, value, nearest: owned(nearest) });
    };
    code("stage:prospct", "stage", "prospct", &["prospect"]);
    code("stage:lead,意向", "stage", "意向", &["意向客户"]);
    code("grade:E", "grade", "E", &["A", "B", "C", "D"]);
    code("grade.lt:E", "grade", "E", &["A", "B", "C", "D"]);
    let bad = |term: &str, field: &str, value: &str, kind: Kind| {
        let (term_, field, value) = (term.to_owned(), field.to_owned(), value.to_owned());
        check_error(term, QueryError::BadValue { term: term_, field, value, kind });
    };
    bad("revenue:much", "revenue", "much", Kind::Money);
    bad("revenue:..", "revenue", "..", Kind::Money);
    bad("revenue:5%", "revenue", "5%", Kind::Money);
    bad("margin:5,x", "margin", "x", Kind::Ratio);
    bad("idle_days:2w", "idle_days", "2w", Kind::Days);
    bad("lunar:true", "lunar", "true", Kind::Flag);
    let day = |term: &str, field: &str, value: &str, fault: PeriodFault| {
        let (term_, field, value) = (term.to_owned(), field.to_owned(), value.to_owned());
        check_error(term, QueryError::BadDay { term: term_, field, value, fault });
    };
    day("due:2026-02-30", "due", "2026-02-30", PeriodFault::Impossible);
    day("due:2027..2026", "due", "2027..2026", PeriodFault::Reversed);
    day(
        "due:last-wek",
        "due",
        "last-wek",
        PeriodFault::Unreadable { nearest: owned(&["last-week", "last-year", "next-week"]) },
    );
    let (term, field) = ("revenue:5..1".to_owned(), "revenue".to_owned());
    check_error("revenue:5..1", QueryError::Reversed { term, field, value: "5..1".to_owned() });
    let open = |term: &str, field: &str, value: &str, operator: &str| {
        let (term_, field, value, operator) =
            (term.to_owned(), field.to_owned(), value.to_owned(), operator.to_owned());
        check_error(term, QueryError::OpenEnd { term: term_, field, value, operator });
    };
    open("due.lt:..2026", "due", "..2026", "lt");
    open("due.ge:..2026", "due", "..2026", "ge");
    open("due.gt:2026..", "due", "2026..", "gt");
    open("revenue.le:5..", "revenue", "5..", "le");
}

#[test]
fn nothing_to_read() {
    for (term, field) in [
        ("owner:", "owner"),
        ("owner:\"\"", "owner"),
        ("owner:\" \"", "owner"),
        ("owner:li,", "owner"),
        ("owner:,li", "owner"),
        ("owner.ne:a,,b", "owner"),
        ("has:", "has"),
        ("no:", "no"),
    ] {
        check_error(term, QueryError::EmptyValue { term: term.to_owned(), field: field.to_owned() });
    }
    for term in ["", " ", "\"\"", "not:", "not:not:", "@", "not:@", "\u{301}"] {
        check_error(term, QueryError::EmptyTerm { term: term.to_owned() });
    }
    for term in ["\"", "a\"b", "owner:\"li", "owner:“li", "\"a\"\"", "“”“"] {
        check_error(term, QueryError::UnclosedQuote { term: term.to_owned() });
    }
}

#[test]
fn signs_are_refused_with_the_term_that_is_meant() {
    let check = |term: &str, meant: &str| {
        check_error(term, QueryError::Expression { term: term.to_owned(), meant: meant.to_owned() });
    };
    for term in
        ["owner=li", "owner==li", "owner = li", "owner＝li", "Owner=li", "owner.eq=li", "owner:=li", "owner：＝ li"]
    {
        check(term, &format!("{}:li", if term.starts_with('O') { "Owner" } else { "owner" }));
    }
    for (term, op) in [
        ("idle_days>90", "gt"),
        ("idle_days>=90", "ge"),
        ("idle_days=>90", "ge"),
        ("idle_days≥90", "ge"),
        ("idle_days＞＝90", "ge"),
        ("idle_days<90", "lt"),
        ("idle_days＜90", "lt"),
        ("idle_days<=90", "le"),
        ("idle_days≤90", "le"),
        ("idle_days!=90", "ne"),
        ("idle_days！＝90", "ne"),
        ("idle_days<>90", "ne"),
        ("idle_days≠90", "ne"),
        ("idle_days.gt=90", "gt"),
        ("idle_days.gt:=90", "gt"),
        ("idle_days:>90", "gt"),
        ("idle_days: >= 90", "ge"),
    ] {
        check(term, &format!("idle_days.{op}:90"));
        check(&format!("not:{term}"), &format!("not:idle_days.{op}:90"));
    }
    check("grade!=A,B", "grade.ne:A,B");
    check("负责人=li", "负责人:li");
    check("毛利率≤5%", "毛利率.le:5%");
    check("customer.owner==li", "customer.owner:li");
    check("created>=2026-08-10", "created.ge:2026-08-10");
    check("created>2026-08-10T10:00", "created.gt:2026-08-10T10:00");
    check("name=\"ACME, Ltd\"", "name:\"ACME, Ltd\"");
    check("name=~acme", "name.has:acme");
    check("owner=", "no:owner");
    check("owner=\"\"", "no:owner");
    check("owner!=", "has:owner");
    let field = "idle_days".to_owned();
    check_error("idle_days>", QueryError::EmptyValue { term: "idle_days>".to_owned(), field });
    // What names no field is a word, and so is what quotes protect.
    check_all(
        false,
        &["a=b", "x>1", "ownr=li", "=owner", "1<idle_days", "\"owner=li\"", "owner\"=\"li", "call a=b: c"],
    );
    check_all(false, &["name:\"=x\"", "name:a=b", "name.has:a>b"]);
}

#[test]
fn terms_are_told_from_names() {
    let check =
        |word: &str, expected: bool| assert_eq!(Filter::is_among(&[word.to_owned()], &Table), expected, "{word}");
    for word in ["owner:li", "＠good", "owner=li", "负责人＝li", "idle_days>90"] {
        check(word, true);
    }
    for word in ["acme", "a=b", "A > B", "\"owner=li\"", "\""] {
        check(word, false);
    }
}

#[test]
fn quotes_within_quotes() {
    let word = |term: &str| {
        let marks = unquote(term).unwrap();
        text(&marks)
    };
    assert_eq!(word("\"27\"\" screen\""), "27\" screen");
    assert_eq!(word("\"他说“好”\""), "他说“好”");
    assert_eq!(word("“好\""), "好");
    assert_eq!(word("a\"b, c\"d"), "ab, cd");
    assert_eq!(word("“a：b”：c，d"), "a：b:c,d");
}

#[test]
fn broken_views() {
    let unknown = |term: &str, view: &str| QueryError::UnknownView { term: term.to_owned(), view: view.to_owned() };
    check_error("@nobody", unknown("@nobody", "nobody"));
    check_error("not:＠x", unknown("not:＠x", "x"));
    check_error("@a", QueryError::ViewCycle { views: owned(&["a", "b", "a"]) });
    check_error("@b", QueryError::ViewCycle { views: owned(&["b", "a", "b"]) });
    check_error("@self", QueryError::ViewCycle { views: owned(&["self", "self"]) });
    let inside = |view: &str, error| QueryError::InView { view: view.to_owned(), error: Box::new(error) };
    let (term, field) = ("ownr:li".to_owned(), "ownr".to_owned());
    let fault = QueryError::UnknownField { term, field, nearest: owned(&["owner"]) };
    check_error("@broken", inside("broken", fault.clone()));
    check_error("@outer", inside("outer", inside("broken", fault)));
    assert!(matches!(parse(&["@bomb0"]), Err(QueryError::ViewsTooLarge { .. })));
    check_error("@deep0", QueryError::ViewsTooLarge { view: "deep32".to_owned() });
}

proptest! {
    #[test]
    fn never_panics(term in any::<String>()) {
        let _ = parse(&[&term]);
    }

    #[test]
    fn likely_text_never_panics_and_negation_is_exact(
        term in "(not:|＠|@)?(owner|grade|created|revenue|margin|tags|lunar|customer\\.owner|负责人|hx|b)?(\\.[a-z]{2})?[:：]?[\"“]?(2026|10万|5%|yes|VIP|B|li|last-)?(\\.\\.|,)?[0-9a-z \"”-]{0,8}",
    ) {
        let passes = |term: &str| parse(&[term]).map(|filter| filter.matches(&Customer)).ok();
        let plain = passes(&term);
        prop_assert_eq!(passes(&format!("not:not:{term}")), plain);
        prop_assert_eq!(passes(&format!("not:{term}")), plain.map(|passed| !passed));
    }

    #[test]
    fn a_quoted_value_is_literal(value in "[^\"]{1,12}") {
        let found = parse(&[&format!("name:\"{value}\"")]);
        prop_assert_eq!(found.is_ok(), !value.trim().is_empty());
        prop_assert_eq!(parse(&[&format!("not:not:\"{value}\"")]), parse(&[&format!("\"{value}\"")]).map_err(|e| match e {
            QueryError::EmptyTerm { .. } => QueryError::EmptyTerm { term: format!("not:not:\"{value}\"") },
            other => other,
        }));
    }
}
