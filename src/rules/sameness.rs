//! R14: customers that share a phone number, a mail address or a tax id.

use crate::model::customer::Customer;
use crate::model::reach::{Phone, Shared, mails, phones, tax_id};
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
        let mut marks = Marks::default();
        TELLING.iter().for_each(|key| marks.add(key, c.text(key)));
        for p in c.rest().contacts.iter().filter(|p| p.left().is_none()) {
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
            self.phones.entry(p.national().to_string()).or_default().push((id.to_string(), p.clone()));
        }
        for text in &marks.texts {
            self.texts.entry(text.clone()).or_default().push(id.to_string());
        }
    }

    /// What others share with a customer of this id.
    pub fn shared(&self, id: &str, marks: &Marks) -> Vec<Shared> {
        let mut out: Vec<Shared> = Vec::new();
        let mut note = |key: &'static str, value: &str, others: Vec<&String>| {
            let mut ids: Vec<String> = Vec::new();
            for other in others.into_iter().filter(|o| *o != id) {
                if !ids.contains(other) {
                    ids.push(other.clone());
                }
            }
            if !ids.is_empty() && !out.iter().any(|s| s.key == key && s.value == value) {
                out.push(Shared { key, value: value.to_string(), others: ids });
            }
        };
        for text in &marks.texts {
            note(text.0, &text.1, self.texts.get(text).into_iter().flatten().collect());
        }
        for p in &marks.phones {
            let others = self.phones.get(p.national()).into_iter().flatten();
            note("phone", p.national(), others.filter(|(_, o)| o.is_same(p)).map(|(other, _)| other).collect());
        }
        out
    }
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
