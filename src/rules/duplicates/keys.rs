//! What tells a customer from others, in the form in which equal values are equal.

use super::names::{Name, city};
use crate::model::customer::{Customer, Rest};
use crate::model::likeness::Sign;
use crate::model::reach::{mails, phones, tax_id};
use unicode_normalization::UnicodeNormalization;

/// Keys of customers and contacts that say it, besides names.
pub const TELLING: &[&str] = &["tax_id", "phone", "email", "website"];

/// Where everybody may have an address or a page: such a domain says nothing about a company.
const PUBLIC: &[&str] = &[
    "126.com",
    "139.com",
    "1688.com",
    "163.com",
    "163.net",
    "188.com",
    "189.cn",
    "21cn.com",
    "263.net",
    "alibaba.com",
    "aliyun.com",
    "aol.com",
    "baidu.com",
    "daum.net",
    "facebook.com",
    "fastmail.com",
    "foxmail.com",
    "github.com",
    "gmail.com",
    "gmx.at",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hanmail.net",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "instagram.com",
    "jd.com",
    "linkedin.com",
    "live.cn",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.cn",
    "sina.com",
    "sina.com.cn",
    "sohu.com",
    "t-online.de",
    "taobao.com",
    "tmall.com",
    "tom.com",
    "tutanota.com",
    "web.de",
    "weibo.com",
    "wo.cn",
    "yahoo.cn",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoo.com.cn",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "zoho.com",
];
/// Names of the second level below which companies have theirs.
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"];

/// The domain of a company, of a mail address or of the address of a page; `None` where anybody may have one there.
///
/// ```text
/// sales@mail.acme.com, https://www.acme.com/about → acme.com
/// ```
pub fn domain(text: &str) -> Option<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.rsplit('@').next().unwrap_or(text);
    let host = text.split(['/', '?', '#', ':', ' ', ';', ',']).next().unwrap_or(text).trim_matches('.');
    let parts: Vec<&str> = host.split('.').collect();
    let sound = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '-');
    // An address of digits is no name.
    let top = parts.last().is_some_and(|p| p.chars().any(char::is_alphabetic));
    if parts.len() < 2 || !top || !parts.iter().all(|p| sound(p)) {
        return None;
    }
    let below = parts.len() > 2 && parts[parts.len() - 1].len() == 2 && SECOND_LEVEL.contains(&parts[parts.len() - 2]);
    let own = parts[parts.len() - if below { 3 } else { 2 }..].join(".");
    (!PUBLIC.contains(&own.as_str())).then_some(own)
}

/// A value that tells customers apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it is.
    pub sign: Sign,
    /// The value, in the form in which equal ones are equal.
    pub value: String,
    /// The country of a phone number, the place with which a name begins: one that is not known may be any.
    pub variant: Option<String>,
}

impl Key {
    /// Whether the values are one.
    pub fn is_same(&self, other: &Key) -> bool {
        (self.sign, &self.value) == (other.sign, &other.value) && self.may_be(other)
    }
    /// The same of keys whose values are equal.
    pub(super) fn may_be(&self, other: &Key) -> bool {
        self.variant.as_ref().zip(other.variant.as_ref()).is_none_or(|(a, b)| a == b)
    }
}

/// Everything that tells a customer from others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Sorted, each once.
    all: Vec<Key>,
    city: String,
}

impl Keys {
    /// Those of a customer and of its contacts who are there.
    pub fn of(c: &Customer) -> Keys {
        c.look(|rest| Keys::of_rest(c, rest))
    }

    /// The same of what stands in a customer's file.
    pub fn of_rest(c: &Customer, rest: &Rest) -> Keys {
        let mut keys = Keys::in_city(rest.text("city"));
        keys.put("name", c.name);
        rest.aliases.iter().for_each(|a| keys.put("name", a));
        TELLING.iter().for_each(|key| keys.put(key, rest.text(key)));
        for p in rest.contacts.iter().filter(|p| p.left().is_none()) {
            TELLING.iter().for_each(|key| keys.put(key, p.text(key)));
        }
        keys.sorted()
    }

    /// Only the phone numbers, mail addresses and domains of a customer and of its contacts who are there.
    pub fn reached(c: &Customer) -> Keys {
        c.look(|rest| {
            let mut keys = Keys::default();
            const REACH: &[&str] = &["phone", "email", "website"];
            REACH.iter().for_each(|key| keys.put(key, rest.text(key)));
            for p in rest.contacts.iter().filter(|p| p.left().is_none()) {
                REACH.iter().for_each(|key| keys.put(key, p.text(key)));
            }
            keys.sorted()
        })
    }

    /// No keys yet of a customer in a city.
    pub fn in_city(text: &str) -> Keys {
        Keys { all: Vec::new(), city: city(text) }
    }

    /// Those of values: (key of a customer's file, value). A customer's names are `name`.
    pub fn of_values<'v>(city: &str, values: impl IntoIterator<Item = (&'v str, &'v str)>) -> Keys {
        let mut keys = Keys::in_city(city);
        values.into_iter().for_each(|(key, value)| keys.put(key, value));
        keys.sorted()
    }

    fn sorted(mut self) -> Keys {
        self.all.sort_unstable();
        self.all.dedup();
        self
    }

    /// Adds the value of a key; of other keys nothing.
    fn put(&mut self, key: &str, value: &str) {
        let mut add = |sign: Sign, value: String, variant: Option<String>| {
            if !value.is_empty() {
                self.all.push(Key { sign, value, variant });
            }
        };
        match key {
            "name" => {
                let name = Name::of(value, &self.city);
                add(Sign::Name, name.key, name.place);
            }
            "phone" => {
                phones(value)
                    .into_iter()
                    .for_each(|p| add(Sign::Phone, p.national().into(), p.country().map(Into::into)));
            }
            "email" => {
                for mail in mails(value) {
                    domain(&mail).into_iter().for_each(|d| add(Sign::Domain, d, None));
                    add(Sign::Mail, mail, None);
                }
            }
            "website" => {
                let parts = value.split_whitespace().filter_map(domain);
                parts.for_each(|d| add(Sign::Domain, d, None));
            }
            "tax_id" => add(Sign::TaxId, tax_id(value), None),
            _ => {}
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All, sorted by sign and value.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.all.iter()
    }

    /// Those of a sign.
    pub fn of_sign(&self, sign: Sign) -> &[Key] {
        let from = self.all.partition_point(|k| k.sign < sign);
        let to = self.all.partition_point(|k| k.sign <= sign);
        &self.all[from..to]
    }

    /// Those with the sign and value of another one.
    pub(super) fn iter_of(&self, key: &Key) -> impl Iterator<Item = &Key> {
        let from = self.all.partition_point(|k| (k.sign, &k.value) < (key.sign, &key.value));
        self.all[from..].iter().take_while(move |k| (k.sign, &k.value) == (key.sign, &key.value))
    }

    /// All that are equal but for their variants together, in their order.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Key]> {
        self.all.chunk_by(|a, b| (a.sign, &a.value) == (b.sign, &b.value))
    }

    /// The city; empty = not known.
    pub fn city(&self) -> &str {
        &self.city
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_companies() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(domain(text).as_deref(), expected, "{text:?}");
        };
        for text in [
            "acme.com",
            "https://www.acme.com/about?x=1",
            "HTTP://Acme.com",
            "sales@acme.com",
            "sales@mail.acme.com",
            "ａcme.com",
            "www.acme.com:8080",
            "acme.com.",
        ] {
            check(text, Some("acme.com"));
        }
        check("info@huaxin.com.cn", Some("huaxin.com.cn"));
        check("www.huaxin.com.cn", Some("huaxin.com.cn"));
        check("huaxin.cn", Some("huaxin.cn"));
        check("shop.acme.co.uk", Some("acme.co.uk"));
        for text in [
            "li@qq.com",
            "li@vip.qq.com",
            "wang@163.com",
            "x@gmail.com",
            "huaxin.1688.com",
            "",
            "acme",
            "10.0.0.1",
            "a..b",
            "n/a",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn keys_of_values() {
        let keys = Keys::of_values(
            "上海市",
            [
                ("name", "上海华新电子有限公司"),
                ("phone", "+86 13800138000/021-55550000"),
                ("email", "Wang@Acme.com"),
                ("note", "x"),
            ],
        );
        let found: Vec<(Sign, &str, Option<&str>)> =
            keys.iter().map(|k| (k.sign, k.value.as_str(), k.variant.as_deref())).collect();
        let expected = [
            (Sign::Phone, "13800138000", Some("86")),
            (Sign::Phone, "2155550000", None),
            (Sign::Mail, "wang@acme.com", None),
            (Sign::Domain, "acme.com", None),
            (Sign::Name, "华新电子", Some("上海")),
        ];
        assert_eq!(found, expected);
        assert_eq!(keys.city(), "上海");
        assert_eq!(keys.of_sign(Sign::Phone).len(), 2);
        assert!(Keys::of_values("", [("phone", "n/a"), ("name", " ")]).is_empty());
    }
}
