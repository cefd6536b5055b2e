//! R14: customers that share a phone number, a mail address or a tax id.

use crate::model::customer::{Customer, Rest};
use crate::model::reach::{NOISE, Phone, Shared, mails, name_key, phones, tax_id};
use rayon::prelude::*;
use std::collections::HashMap;

/// Keys of customers and contacts that tell them apart, with what makes equal values equal.
pub const TELLING: &[&str] = &["tax_id", "phone", "email"];

/// What tells a customer from others: keys and values, in the form in which equal ones are equal.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    phones: Vec<Phone>,
    /// Tax ids and mail addresses, with their key.
    texts: Vec<(&'static str, String)>,
}

impl Marks {
    /// Those of a customer and of its contacts who are there.
    pub fn of(c: &Customer) -> Marks {
        c.look(Marks::of_rest)
    }

    /// The same of what stands in a customer's file.
    fn of_rest(rest: &Rest) -> Marks {
        let mut marks = Marks::default();
        TELLING.iter().for_each(|key| marks.add(key, rest.text(key)));
        for p in rest.contacts.iter().filter(|p| p.left().is_none()) {
            TELLING.iter().for_each(|key| marks.add(key, p.text(key)));
        }
        marks
    }

    /// Adds the value of a key; of other keys nothing.
    pub fn add(&mut self, key: &str, value: &str) {
        match key {
            "phone" => self.phones.extend(phones(value)),
            "email" => self.texts.extend(mails(value).into_iter().map(|m| ("email", m))),
            "tax_id" => {
                let id = tax_id(value);
                if !id.is_empty() {
                    self.texts.push(("tax_id", id));
                }
            }
            _ => {}
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.phones.is_empty() && self.texts.is_empty()
    }
}

/// Customers, found by what tells them apart.
#[derive(Debug, Default)]
pub struct Known {
    phones: HashMap<String, Vec<(String, Phone)>>,
    texts: HashMap<(&'static str, String), Vec<String>>,
}

impl Known {
    /// All of some customers.
    pub fn of(customers: &[Customer]) -> Known {
        let mut known = Known::default();
        customers.iter().for_each(|c| known.add(c.id, &Marks::of(c)));
        known
    }

    /// Puts a customer in.
    pub fn add(&mut self, id: &str, marks: &Marks) {
        for p in &marks.phones {
            let known = self.phones.entry(p.national().to_string()).or_default();
            if known.last().is_none_or(|(last, phone)| last != id || phone != p) {
                known.push((id.to_string(), p.clone()));
            }
        }
        for text in &marks.texts {
            let known = self.texts.entry(text.clone()).or_default();
            if known.last().is_none_or(|last| last != id) {
                known.push(id.to_string());
            }
        }
    }

    /// What others share with a customer of this id.
    pub fn shared(&self, id: &str, marks: &Marks) -> Vec<Shared> {
        let mut out: Vec<Shared> = Vec::new();
        let mut note = |key: &'static str, value: &str, all: usize, others: &mut dyn Iterator<Item = &String>| {
            let mut ids: Vec<String> = Vec::new();
            let mut left = false;
            for other in others.filter(|o| *o != id) {
                // What very many share is noise: who they are does not matter, and going through them takes time.
                if ids.len() > NOISE {
                    left = true;
                    break;
                }
                if !ids.contains(other) {
                    ids.push(other.clone());
                }
            }
            let count = if left { all } else { ids.len() };
            if !ids.is_empty() && !out.iter().any(|s| s.key == key && s.value == value) {
                out.push(Shared { key, value: value.to_string(), others: ids, count });
            }
        };
        for text in &marks.texts {
            let others = self.texts.get(text).map(Vec::as_slice).unwrap_or_default();
            note(text.0, &text.1, others.len(), &mut others.iter());
        }
        for p in &marks.phones {
            let others = self.phones.get(p.national()).map(Vec::as_slice).unwrap_or_default();
            let same = &mut others.iter().filter(|(_, o)| o.is_same(p)).map(|(other, _)| other);
            note("phone", p.national(), others.len(), same);
        }
        out
    }
}

/// The numbers of the customers that fit, asked by all threads.
pub fn numbers(customers: &[Customer], fits: &(dyn Fn(&Customer) -> bool + Sync)) -> Vec<usize> {
    (0..customers.len()).into_par_iter().with_min_len(256).filter(|n| fits(&customers[*n])).collect()
}

/// Customers who are called the same as a name, or have it among their aliases.
pub fn called<'c>(customers: &'c [Customer], name: &str) -> Vec<&'c Customer> {
    let key = name_key(name);
    let is = |text: &str| !key.is_empty() && name_key(text) == key;
    customers.iter().filter(|c| is(c.name) || c.look(|rest| rest.aliases.iter().any(|a| is(a)))).collect()
}

/// Customers who share a name, a phone number, a mail address or a tax id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `name`, `phone`, `email` or `tax_id`.
    pub key: &'static str,
    /// The value, in the form in which equal ones are equal.
    pub value: String,
    /// Their indexes: two at least.
    pub customers: Vec<usize>,
}

/// Everything that two customers or more share. Time and room grow with the customers, however many share one value.
pub fn groups(customers: &[Customer]) -> Vec<Group> {
    let all: Vec<(Marks, Vec<String>)> = customers
        .par_iter()
        .map(|c| {
            c.look(|rest| {
                let names = std::iter::once(c.name).chain(rest.aliases.iter().copied()).map(name_key);
                (Marks::of_rest(rest), names.filter(|name| !name.is_empty()).collect())
            })
        })
        .collect();
    let mut texts: HashMap<(&'static str, &str), Vec<usize>> = HashMap::new();
    let mut phones: HashMap<&str, Vec<(usize, &Phone)>> = HashMap::new();
    for (n, (marks, names)) in all.iter().enumerate() {
        let own = marks.texts.iter().map(|(key, text)| (*key, text.as_str()));
        for text in own.chain(names.iter().map(|name| ("name", name.as_str()))) {
            let known = texts.entry(text).or_default();
            if known.last() != Some(&n) {
                known.push(n);
            }
        }
        for phone in &marks.phones {
            phones.entry(phone.national()).or_default().push((n, phone));
        }
    }
    let group = |key: &'static str, value: &str, customers: Vec<usize>| Group { key, value: value.into(), customers };
    let mut out: Vec<Group> =
        texts.into_iter().filter(|(_, c)| c.len() > 1).map(|((key, value), c)| group(key, value, c)).collect();
    for (national, list) in phones.into_iter().filter(|(_, list)| list.len() > 1) {
        // Numbers of two countries are two numbers; one without its country may be either.
        let mut countries: Vec<Option<&str>> = list.iter().map(|(_, p)| p.country()).filter(Option::is_some).collect();
        countries.sort_unstable();
        countries.dedup();
        for country in if countries.is_empty() { vec![None] } else { countries } {
            let mut same: Vec<usize> = list
                .iter()
                .filter(|(_, p)| country.is_none() || p.country().is_none_or(|c| Some(c) == country))
                .map(|(n, _)| *n)
                .collect();
            same.dedup();
            if same.len() > 1 {
                out.push(group("phone", national, same));
            }
        }
    }
    out.sort_by(|a, b| (&a.customers, a.key, &a.value).cmp(&(&b.customers, b.key, &b.value)));
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_mails_and_tax_ids_are_found() {
        let marks = |pairs: &[(&str, &str)]| {
            let mut marks = Marks::default();
            pairs.iter().for_each(|(key, value)| marks.add(key, value));
            marks
        };
        let mut known = Known::default();
        known.add("a", &marks(&[("phone", "+86 13800138000"), ("email", "Wang@Example.com"), ("name", "A")]));
        known.add("b", &marks(&[("phone", "021-55550000/13800138000"), ("tax_id", "9131-00AB")]));
        let check = |key: &str, value: &str, expected: &[&str]| {
            let found = known.shared("b", &marks(&[(key, value)]));
            let found: Vec<String> = found.iter().flat_map(|s| s.others.clone()).collect();
            assert_eq!(found, expected, "{key} {value}");
        };
        check("phone", "13800138000", &["a"]);
        check("phone", "0086 138 0013 8000", &["a"]);
        check("phone", "+852 13800138", &[]);
        // Its own are no news.
        check("phone", "55550000", &[]);
        check("tax_id", "913100ab", &[]);
        check("email", "wang@example.com", &["a"]);
        check("name", "A", &[]);
        assert_eq!(known.shared("c", &marks(&[("tax_id", "９１３１００AB")])).len(), 1);
        assert_eq!(known.shared("c", &marks(&[("phone", "13800138000")]))[0].others, ["a", "b"]);
        assert!(marks(&[("phone", "n/a")]).is_empty());
    }
}
