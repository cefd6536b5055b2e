//! Customers that rows name and that are made for them (`[create]`).

use super::bind::{View, Why};
use super::described::{Described, complete, describe, file_text, text_of};
use super::env::Env;
use super::resolve::{fold, new_customer_id};
use crate::i18n::exchange as m;
use crate::model::change::TomlValue;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A customer to be made.
#[derive(Debug)]
pub(super) struct Made {
    /// What rows call it.
    word: String,
    /// Rows, and what each says about the customer. Most say the same: that is held once.
    described: Vec<(u32, Rc<Described>)>,
}

impl Made {
    /// What the first row says that fits.
    pub(super) fn first(&self, mut fits: impl FnMut(u32) -> bool) -> Option<&Described> {
        self.described.iter().find(|(row, _)| fits(*row)).map(|(_, d)| d.as_ref())
    }
}

/// The customers to be made, by id.
#[derive(Debug, Default)]
pub(super) struct Maker {
    pub(super) made: BTreeMap<String, Made>,
}

impl Maker {
    /// Notes a customer that a row names; its id.
    pub(super) fn make(&mut self, env: &Env<'_, '_>, row: u32, view: &View<'_>, text: &str) -> Result<String, Why> {
        let id = new_customer_id(text, env.lang)?;
        // An id made from a name may be somebody else's.
        if env.book.customer(&id).is_some() || self.made.get(&id).is_some_and(|x| x.word != text) {
            return Err(m::no_customer(env.lang, text).into());
        }
        let mut d = describe(env, view, env.bound.create.as_deref().unwrap_or_default())?;
        if text_of(&d.keys, "name").is_empty() {
            d.keys.push(("name".into(), TomlValue::Text(text.into())));
        }
        // The next run must find it by what this source calls it.
        let called = text_of(&d.keys, "name") == text || fold(text) == id;
        let mail = [&d.keys, &d.contact].iter().any(|keys| text_of(keys, "email") == text);
        if !called && !mail {
            match d.keys.iter_mut().find(|(k, _)| k == "aliases") {
                Some((_, TomlValue::List(list))) if list.iter().any(|alias| alias == text) => {}
                Some((_, TomlValue::List(list))) => list.push(text.into()),
                _ => d.keys.push(("aliases".into(), TomlValue::List(vec![text.into()]))),
            }
        }
        complete(env, &mut d.keys, env.book.today);
        if let Some(r) = d.keys.iter_mut().find(|(k, _)| k == "referred_by") {
            let word = r.1.typed();
            let by = env.resolver.customer(&word).map_err(|why| env.resolver.no_customer(&word, &why))?;
            r.1 = TomlValue::Text(env.book.customers[by].id.into());
        }
        let known = self.made.get(&id).and_then(|x| x.described.last()).filter(|(_, last)| **last == d);
        let described = match known {
            Some((_, same)) => Rc::clone(same),
            None => {
                file_text(env, &id, &d.keys, &d.contact)?;
                Rc::new(d)
            }
        };
        let made = self.made.entry(id.clone()).or_insert_with(|| Made { word: text.into(), described: Vec::new() });
        made.described.push((row, described));
        Ok(id)
    }
}
