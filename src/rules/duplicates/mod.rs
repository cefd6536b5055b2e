//! R14: customers that are there twice. [`names`] and [`keys`] bring values into the form in which equal ones are equal, [`compare`] judges two
//! customers, and [`known`] finds whom one need be compared with.

pub mod keys;
pub mod known;
pub mod names;

pub use keys::{Keys, TELLING};
pub use known::{Known, Pair};

use crate::model::likeness::{Alike, Evidence, Likeness, REFUSED, Sign, WARNED};
use crate::model::reach::NOISE;
use keys::Key;
use names::{bigrams, common, may_be_similar};
use std::cmp::Ordering;

/// How like two customers are. `noise` says of a key whether so many share it that it tells nothing.
pub fn compare(a: &Keys, b: &Keys, noise: impl Fn(&Key) -> bool) -> Likeness {
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut same_name = false;
    let (mut x, mut y) = (a.groups().peekable(), b.groups().peekable());
    while let (Some(p), Some(q)) = (x.peek(), y.peek()) {
        match (p[0].sign, &p[0].value).cmp(&(q[0].sign, &q[0].value)) {
            Ordering::Less => drop(x.next()),
            Ordering::Greater => drop(y.next()),
            Ordering::Equal => {
                let key = &p[0];
                if one_is_same(p, q) {
                    same_name |= key.sign == Sign::Name;
                    if evidence.iter().all(|e| e.sign != key.sign) && !noise(key) {
                        evidence.push(Evidence { sign: key.sign, value: key.value.clone() });
                    }
                }
                x.next();
                y.next();
            }
        }
    }
    if !same_name && let Some(value) = similar_names(a, b) {
        evidence.push(Evidence { sign: Sign::SimilarName, value });
    }
    if !a.city().is_empty() && a.city() == b.city() {
        evidence.push(Evidence { sign: Sign::City, value: a.city().to_string() });
    }
    evidence.sort_by_key(|e| (std::cmp::Reverse(e.sign.points()), e.sign));
    Likeness { evidence }
}

/// What a new customer is like: why it is refused, and whom it may be besides. `customer` gives what is said of a number of `known`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// The one that it is most like, where that is enough to refuse it.
    pub refused: Option<Alike>,
    /// Others that it may be, the likest first.
    pub warned: Vec<Alike>,
}

/// Judges a new customer by those that are there.
pub fn newcomer(known: &Known, keys: &Keys, customer: impl Fn(usize) -> (String, String, String)) -> Newcomer {
    let like = known.like(keys).into_iter().filter(|(_, l)| l.score() >= WARNED);
    let alike = |(n, likeness): (usize, Likeness)| {
        let (id, name, owner) = customer(n);
        Alike { id, name, owner, likeness }
    };
    let mut warned: Vec<Alike> = like.map(alike).collect();
    let is_refused = warned.first().is_some_and(|a| a.likeness.score() >= REFUSED);
    let refused = is_refused.then(|| warned.remove(0));
    Newcomer { refused, warned }
}

/// Whether a value stands in both lists in one variant; both hold one value in several, sorted.
fn one_is_same(p: &[Key], q: &[Key]) -> bool {
    // A variant that is not known is any, and stands in front.
    let any = |keys: &[Key]| keys.iter().any(|k| k.variant.is_none());
    any(p) || any(q) || p.iter().any(|k| q.binary_search_by(|o| o.variant.cmp(&k.variant)).is_ok())
}

/// The names of a customer by which it is found to be similar, with their pairs of characters. Of very many aliases some are enough,
/// and no name is as long as this.
fn spelt(keys: &Keys) -> Vec<(&Key, Vec<(char, char)>)> {
    const LONGEST: usize = 200;
    let names = keys.of_sign(Sign::Name).iter().filter(|k| k.value.len() <= 4 * LONGEST).take(NOISE);
    names.map(|k| (k, bigrams(&k.value))).collect()
}

/// Two names that are nearly the same.
fn similar_names(a: &Keys, b: &Keys) -> Option<String> {
    let (x, y) = (spelt(a), spelt(b));
    for (p, of_p) in &x {
        for (q, of_q) in &y {
            // Names of two places that are otherwise the same are two names.
            let similar = may_be_similar(of_p.len(), of_q.len()) && common(of_p, of_q) >= names::SIMILAR;
            if similar && p.may_be(q) {
                let mut both = [p.value.as_str(), q.value.as_str()];
                both.sort_unstable();
                return Some(both.join(" ~ "));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `key=value` in a row, with `|` between them; `city=` goes for names, too.
    fn keys(text: &str) -> Keys {
        let pairs: Vec<(&str, &str)> = text.split('|').filter_map(|p| p.trim().split_once('=')).collect();
        let city = pairs.iter().find(|(k, _)| *k == "city").map_or("", |(_, v)| v);
        Keys::of_values(city, pairs.iter().copied())
    }

    #[test]
    fn signs_and_what_they_count() {
        let check = |a: &str, b: &str, score: u32, signs: &[Sign]| {
            let found = compare(&keys(a), &keys(b), |_| false);
            let of: Vec<Sign> = found.evidence.iter().map(|e| e.sign).collect();
            assert_eq!((found.score(), of.as_slice()), (score, signs), "{a} / {b}: {found:?}");
        };
        use Sign::*;
        check("tax_id=9131-00AB", "tax_id=９１３１００ab", 100, &[TaxId]);
        check("phone=+86 13800138000", "phone=138-0013-8000", 60, &[Phone]);
        check("phone=+852 23456789", "phone=+853 23456789", 0, &[]);
        check("phone=1|phone=13800138000|phone=13900139000", "phone=13900139000/13800138000", 60, &[Phone]);
        check("email=li@qq.com", "email=LI@qq.com", 60, &[Mail]);
        check("email=li@acme.com", "email=wang@acme.com", 30, &[Domain]);
        check("email=li@acme.com", "website=https://www.acme.com", 30, &[Domain]);
        check("email=li@acme.com", "email=li@acme.com", 90, &[Mail, Domain]);
        check("email=li@qq.com", "email=wang@qq.com", 0, &[]);
        check("name=华新电子有限公司", "name=華新電子", 50, &[Name]);
        check("name=上海华新电子|city=上海", "name=华新电子有限公司|city=上海市", 55, &[Name, City]);
        check("name=上海华新电子", "name=北京华新电子", 0, &[]);
        check("name=上海华新电子", "name=华新电子", 50, &[Name]);
        check("name=Acme Co., Ltd.", "name=ACME Inc", 50, &[Name]);
        // A name that is equal is not similar, too.
        check("name=Shanghai Precision Tools", "name=Shanghai Precison Tools", 35, &[SimilarName]);
        check("name=Shanghai Precision Tools|name=SPT", "name=Shanghai Precison Tools|name=S.P.T.", 50, &[Name]);
        check("name=Bolt|phone=13800138000|city=上海", "name=Nut|phone=13800138000|city=上海", 65, &[Phone, City]);
        check("name=Acme|phone=13800138000", "name=Acme|phone=13800138000", 110, &[Phone, Name]);
        check("name=A|city=上海", "name=B|city=上海", 5, &[City]);
        check("name=", "name=", 0, &[]);
        check("", "", 0, &[]);
    }

    #[test]
    fn what_is_noise_counts_nothing() {
        let (a, b) = (keys("name=王伟|phone=13800138000"), keys("name=王伟|phone=13800138000"));
        let found = compare(&a, &b, |k| k.sign == Sign::Name);
        assert_eq!(found.score(), 60, "{found:?}");
    }

    fn any_keys() -> impl Strategy<Value = Keys> {
        let name = "(上海|北京|)[华新电子科技]{1,8}(有限公司|)";
        let pairs = (
            proptest::collection::vec(name, 0..3),
            proptest::collection::vec("(\\+86|\\+852|)1380013800[0-2]", 0..3),
            proptest::collection::vec("[ab]@(qq|acme)\\.com", 0..2),
            proptest::option::of("9131[0-1]"),
            "(上海|北京|)",
        );
        pairs.prop_map(|(names, phones, mails, tax, city)| {
            let mut all: Vec<(&str, &str)> = names.iter().map(|n| ("name", n.as_str())).collect();
            all.extend(phones.iter().map(|p| ("phone", p.as_str())));
            all.extend(mails.iter().map(|m| ("email", m.as_str())));
            all.extend(tax.iter().map(|t| ("tax_id", t.as_str())));
            Keys::of_values(&city, all)
        })
    }

    proptest! {
        #[test]
        fn it_does_not_matter_which_one_stands_first(a in any_keys(), b in any_keys()) {
            prop_assert_eq!(compare(&a, &b, |_| false), compare(&b, &a, |_| false));
            let most = compare(&a, &a, |_| false).score();
            prop_assert!(compare(&a, &b, |_| false).score() <= most.max(35));
        }
    }
}
