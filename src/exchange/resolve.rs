//! What references lead to: by id, and by the names that other programs write instead.

use crate::i18n::{Lang, exchange as m};
use crate::model::book::Book;
use crate::model::id::{check_customer_id, customer_id_from};
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::reach::mails;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// A customer's id as our files hold it: ALFKI is alfki.
pub(super) fn fold(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// The other ledgers that a type refers to.
pub(super) fn referred(ty: Type) -> Option<Ledger> {
    match ty {
        Type::Ref(RefTo::Row(l)) => Some(l),
        Type::Ref(RefTo::Party) => Some(Ledger::Suppliers),
        _ => None,
    }
}

struct Known<'a> {
    ids: HashSet<&'a str>,
    /// By name; `None` = several ids have it.
    names: HashMap<&'a str, Option<&'a str>>,
}

/// Everything a reference may lead to.
pub(super) struct Resolver<'a> {
    book: &'a Book,
    lang: Lang,
    /// By name or alias; `None` = several customers have it.
    names: HashMap<&'a str, Option<usize>>,
    ledgers: HashMap<Ledger, Known<'a>>,
    /// By mail address, put together when somebody first asks.
    mails: OnceCell<HashMap<String, Option<usize>>>,
    /// Members by name or mail address, likewise.
    people: OnceCell<HashMap<String, Option<&'a str>>>,
    /// The first contact of a name, by customer, likewise.
    contacts: RefCell<HashMap<usize, HashMap<&'a str, &'a str>>>,
}

/// Why a customer is not known.
pub(super) enum NoCustomer {
    /// Nobody is called so.
    Unknown,
    /// More than one is.
    Several,
}

impl<'a> Resolver<'a> {
    /// Indexes the book.
    pub(super) fn new(book: &'a Book, lang: Lang) -> Resolver<'a> {
        let mut names: HashMap<&str, Option<usize>> = HashMap::new();
        for (n, c) in book.customers.iter().enumerate() {
            c.look(|rest| {
                for name in std::iter::once(c.name).chain(rest.aliases.iter().copied()).filter(|s| !s.is_empty()) {
                    names.entry(name).and_modify(|e| *e = e.filter(|o| *o == n)).or_insert(Some(n));
                }
            });
        }
        let mut r = Resolver {
            book,
            lang,
            names,
            ledgers: HashMap::new(),
            mails: OnceCell::new(),
            people: OnceCell::new(),
            contacts: RefCell::default(),
        };
        for (ledger, rows) in &book.plain {
            let mut known = Known { ids: HashSet::new(), names: HashMap::new() };
            let Some(id) = ledger.column("id") else { continue };
            let name = ledger.column("name");
            for row in rows {
                known.ids.insert(row.cell(id));
                if let Some(word) = name.map(|n| row.cell(n)).filter(|w| !w.is_empty()) {
                    let other = row.cell(id);
                    known.names.entry(word).and_modify(|e| *e = e.filter(|o| *o == other)).or_insert(Some(other));
                }
            }
            r.ledgers.insert(*ledger, known);
        }
        r
    }

    /// The customer with an id (in any case), a former id, or a name or mail address that only one has.
    pub(super) fn customer(&self, text: &str) -> Result<usize, NoCustomer> {
        if let Some(n) = self.book.customer_index(text).or_else(|| self.book.customer_index(&fold(text))) {
            return Ok(n);
        }
        match self.names.get(text) {
            Some(Some(n)) => Ok(*n),
            Some(None) => Err(NoCustomer::Several),
            None => self.by_mail(text),
        }
    }

    fn by_mail(&self, text: &str) -> Result<usize, NoCustomer> {
        let [mail]: [String; 1] = mails(text).try_into().map_err(|_| NoCustomer::Unknown)?;
        let known = self.mails.get_or_init(|| {
            let mut known: HashMap<String, Option<usize>> = HashMap::new();
            for (n, c) in self.book.customers.iter().enumerate() {
                c.look(|rest| {
                    let contacts = rest.contacts.iter().map(|p| p.text("email"));
                    for mail in std::iter::once(rest.text("email")).chain(contacts).flat_map(mails) {
                        known.entry(mail).and_modify(|e| *e = e.filter(|o| *o == n)).or_insert(Some(n));
                    }
                });
            }
            known
        });
        match known.get::<str>(mail.as_str()) {
            Some(Some(n)) => Ok(*n),
            Some(None) => Err(NoCustomer::Several),
            None => Err(NoCustomer::Unknown),
        }
    }

    /// The words for a customer that is not known.
    pub(super) fn no_customer(&self, text: &str, why: &NoCustomer) -> String {
        match why {
            NoCustomer::Unknown => m::no_customer(self.lang, text),
            NoCustomer::Several => m::several_customers(self.lang, text),
        }
    }

    /// The id of a member of the team: by id, name or mail address.
    pub(super) fn member(&self, text: &str) -> Result<&'a str, String> {
        let team = &self.book.team;
        if let Some(member) = team.get(text).or_else(|| team.get(&fold(text))) {
            return Ok(member.id);
        }
        let people = self.people.get_or_init(|| {
            let mut people: HashMap<String, Option<&str>> = HashMap::new();
            for x in &team.members {
                let called = x.email.iter().map(|e| e.to_ascii_lowercase()).chain([x.name.to_string()]);
                for word in called.filter(|w| !w.is_empty()) {
                    people.entry(word).and_modify(|e| *e = e.filter(|o| *o == x.id)).or_insert(Some(x.id));
                }
            }
            people
        });
        let lower = || people.get(&text.to_ascii_lowercase()).filter(|_| text.contains('@'));
        people.get(text).or_else(lower).copied().flatten().ok_or_else(|| m::no_member(self.lang, text))
    }

    /// The contact of a customer: by id or name.
    pub(super) fn contact(&self, customer: usize, text: &str) -> Result<&'a str, String> {
        let c = &self.book.customers[customer];
        let found = c.contact(text).map(|p| p.id).or_else(|| self.contact_named(customer, text));
        found.ok_or_else(|| m::no_contact(self.lang, c.id, text))
    }

    /// The id of a customer's first contact of a name.
    pub(super) fn contact_named(&self, customer: usize, name: &str) -> Option<&'a str> {
        let contacts = &self.book.customers[customer].rest().contacts;
        let mut known = self.contacts.borrow_mut();
        let by_name = || contacts.iter().rev().map(|p| (p.name, p.id)).collect();
        known.entry(customer).or_insert_with(by_name).get(name).copied()
    }

    /// The id of a row: by id, or by the name of a product or supplier. `None` when there is none.
    pub(super) fn row(&self, ledger: Ledger, text: &str) -> Result<Option<&'a str>, String> {
        let Some(known) = self.ledgers.get(&ledger) else { return Ok(None) };
        if let Some(id) = known.ids.get(text) {
            return Ok(Some(id));
        }
        match known.names.get(text) {
            Some(Some(id)) => Ok(Some(id)),
            Some(None) => Err(m::several_rows(self.lang, ledger.name(), text)),
            None => Ok(None),
        }
    }
}

/// The id of a customer that is to be made from a text: the text itself if it is one, else one made from it.
pub(super) fn new_customer_id(text: &str, lang: Lang) -> Result<String, String> {
    let folded = fold(text);
    if check_customer_id(&folded).is_ok() {
        return Ok(folded);
    }
    customer_id_from(text).ok_or_else(|| m::no_id(lang, text))
}
