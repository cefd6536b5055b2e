//! Customers that are there twice (R14), and how they are made one.

use super::{Area, Lang, msgs};
use crate::model::likeness::{Alike, Likeness, signs};
use crate::model::reach::{NOISE, Shared};

msgs! {
    shared_with(id, what, value, others) { "{id} has the same {what} as {others}: {value}", "{id}：{what} {value} 与 {others} 相同" }
    shared_by_many(id, what, value, n) { "{id}: {n} customers have the {what} {value}, so it tells nobody apart", "{id}：{what} {value} 有 {n} 个客户共用，不能用来区分客户" }
    noise_of(what, value, n) { "{n} customers have the {what} {value}, so it tells nobody apart and counts nothing", "{what} {value} 有 {n} 个客户共用，不能用来区分客户，不计分" }
    noise_more(n) { [n = 1] "{n} more value is shared by so many"; "{n} more values are shared by so many", "另有 {n} 个值共用过多" }
    may_be(id, other, points, reasons) { "{id} may be {other}: {points} points ({reasons})", "{id} 可能与 {other}重复：{points} 分（{reasons}）" }
    followed(name, owner) { "{name}, whom {owner} follows", "{name}，负责人 {owner}" }
    refuse_duplicate(name, other, points, reasons) { "`{name}` is there already, as {other}: {points} points ({reasons})", "`{name}` 已存在：{other}，{points} 分（{reasons}）" }
    refuse_duplicate_hint(other) { "rule R14; go on with that one (`kehu show {other}`), or with --override --note if it is another customer", "规则 R14；请使用已有客户（`kehu show {other}`）；确为不同客户时用 --override --note" }
    no_dupes(least) { "no two customers have {least} points in common", "没有达到 {least} 分的重复客户" }
    bad_least(text) { "`{text}` is no number of points", "`{text}` 不是分数" }
    sure_merge(drop, keep) { "Make {drop} part of {keep}? [y/N] ", "确定把 {drop} 并入 {keep}？[y/N] " }
    did_merge(keep, drop, name) { "{keep}  merged with {drop} ({name})", "{keep}  已并入 {drop}（{name}）" }
    given_up(drop, what, value, keep, kept) { "the {what} `{value}` of {drop} is given up; {keep} keeps `{kept}`", "{drop} 的{what} `{value}` 不保留；{keep} 仍为 `{kept}`" }
    refuse_same(customer) { "both are {customer}", "两者都是 {customer}" }
    refuse_two_tax_ids(keep, its, drop, others) { "{keep} has the tax id {its}, and {drop} has {others}", "{keep} 的税号是 {its}，{drop} 的税号是 {others}" }
    refuse_two_tax_ids_hint() { "rule R14; these are two companies, or one of the ids is wrong: --note says why they are one", "规则 R14；可能是两家公司，或其中一个税号有误；确为同一客户时用 --note 说明原因" }
    explain_sign(reason, points, one, other) { "{reason}: {points} ({one}, {other})", "{reason}：{points}（{one}，{other}）" }
}

/// What speaks for two customers being one: `phone 13800138000, name acme`; as [`signs`] gives it.
pub fn reasons(lang: Lang, signs: &str) -> String {
    let word = |one: &str| match one.split_once('=') {
        Some((sign, value)) => format!("{} {value}", super::values::value(lang, "sign", sign)),
        None => one.to_string(),
    };
    let words: Vec<String> = signs.split('|').filter(|s| !s.is_empty()).map(word).collect();
    words.join(lang.pick(", ", "、"))
}

/// The same of two customers that were compared.
pub fn reasons_of(lang: Lang, likeness: &Likeness) -> String {
    reasons(lang, &signs(likeness))
}

/// A customer by its id, with its name and who follows it.
pub fn alike(lang: Lang, a: &Alike) -> String {
    let words = if a.owner.is_empty() { a.name.clone() } else { followed(lang, &a.name, &a.owner) };
    lang.pick(format!("{} ({words})", a.id), format!("{}（{words}）", a.id))
}

/// A customer that may be another one.
pub fn may_be_another(lang: Lang, id: &str, a: &Alike) -> String {
    may_be(lang, id, alike(lang, a), a.likeness.score(), reasons_of(lang, &a.likeness))
}

/// What a customer shares with others that tells customers apart.
pub fn shared(lang: Lang, id: &str, s: &Shared) -> String {
    let what = super::labels::label(lang, s.key);
    if s.count >= NOISE {
        return shared_by_many(lang, id, what, &s.value, s.count + 1);
    }
    let some: Vec<&str> = s.others.iter().take(5).map(String::as_str).collect();
    let mut others = some.join(lang.pick(", ", "、"));
    if s.others.len() > some.len() {
        others.push_str(lang.pick(" …", "等"));
    }
    shared_with(lang, id, what, &s.value, others)
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("other", "other", "另一客户", &[]),
        ("other_name", "its name", "另一名称", &[]),
        ("other_owner", "its owner", "另一负责人", &[]),
        ("reasons", "reasons", "重复依据", &[]),
    ],
    values: &[
        ("sign", "tax_id", "tax id", "税号"),
        ("sign", "phone", "phone", "电话"),
        ("sign", "email", "mail", "邮箱"),
        ("sign", "domain", "domain", "域名"),
        ("sign", "name", "name", "名称"),
        ("sign", "similar_name", "similar name", "名称相近"),
        ("sign", "city", "city", "城市"),
    ],
    commands: &[
        (
            "merge",
            "Make one customer of two; what names the second one follows",
            "合并：两个客户并为一个；引用随之转移",
        ),
        ("dupes", "Customers that may be there twice, the likest first", "查重：可能重复的客户，最像的在前"),
    ],
    arguments: &[
        ("keep", "The customer that stays", "保留的客户"),
        ("drop", "The one that becomes part of it", "并入的客户"),
        ("note", "Why; needed when their tax ids differ", "原因；税号不同时必填"),
        ("min", "The fewest points that a pair is listed with", "至少多少分才列出"),
        (
            "explain",
            "Show below the table what each sign counts and where it stands",
            "在表下列出每项依据的分数及其所在位置",
        ),
    ],
};
