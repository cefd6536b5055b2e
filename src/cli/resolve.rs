//! Which customer a text means.

use super::context::{Context, Read, Result};
use super::error::{CliError, Exit, no_row, store_error};
use crate::diag::{Diagnostic, Severity, nearest};
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::reach::{mails, phones};
use crate::rules::complaints::Complaint;
use crate::rules::engine::index::Index;
use crate::rules::engine::select::numbers;
use crate::store;
use crate::store::load::{self, FileTexts};

impl Context {
    /// As [`Context::load`], for one customer: an exact id reads only its file, and of the ledgers only the rows about
    /// it. The customer's index in what was read.
    pub(crate) fn load_customer(&self, reads: Reads, text: &str) -> Result<(Read, usize)> {
        let read = match self.load_raw_one(reads, text)? {
            Some(loaded) => {
                self.say_work(&loaded);
                self.finished(loaded)?
            }
            None => self.load(reads)?,
        };
        let customer = self.resolve(read.book, text)?;
        Ok((read, customer))
    }

    /// The customer that a text means: exact id, former id, exact name or alias, phone or mail, unique id prefix.
    ///
    /// # Errors
    /// Exit 4 with the candidates when several fit.
    pub(crate) fn resolve(&self, book: &Book, text: &str) -> Result<usize> {
        resolve(book, text).map_err(|found| self.not_resolved(book, text, &found))
    }

    /// As [`Context::resolve`]; a destructive command off a terminal takes exact ids only.
    pub(crate) fn resolve_exact(&self, book: &Book, text: &str) -> Result<usize> {
        let n = self.resolve(book, text)?;
        let id = book.customers[n].id;
        if id == text || self.ui.can_ask() || self.global.yes {
            return Ok(n);
        }
        Err(CliError::new(Exit::NotFound, m::exact_id_needed(self.lang(), text, id))
            .hint(m::hint_exact(self.lang(), id)))
    }

    fn not_resolved(&self, book: &Book, text: &str, found: &[usize]) -> CliError {
        let lang = self.lang();
        if found.is_empty() {
            let near = nearest(text, book.customers.iter().flat_map(|c| [c.id, c.name]));
            return CliError::new(Exit::NotFound, m::customer_not_found(lang, text))
                .nearest(lang, &near)
                .hint(m::hint_list_customers(lang));
        }
        let list: Vec<String> =
            found.iter().take(8).map(|n| format!("{} ({})", book.customers[*n].id, book.customers[*n].name)).collect();
        CliError::new(Exit::NotFound, m::customer_ambiguous(lang, text, found.len()))
            .hint(m::hint_candidates(lang, list.join(", ")))
    }

    /// Reads only the file of a customer with this exact id, where the layout would put it; `None` when it is not there.
    pub(crate) fn customer_file(&self, id: &str) -> Result<Option<(Customer, FileTexts)>> {
        if crate::model::id::check_customer_id(id).is_err() {
            return Ok(None);
        }
        let file = store::layout::customer_path(self.settings.customer_layout, id);
        let found = store::read_consistently(&self.root, |view| load::one_customer(view, &file, &self.settings))
            .map_err(|e| store_error(self.lang(), &e))?;
        let Some((customer, diags, texts)) = found else { return Ok(None) };
        let broken: Vec<Diagnostic> = diags.into_iter().filter(|d| d.severity() == Severity::Error).collect();
        if !broken.is_empty() {
            texts.unchanged(&self.root, [file.as_str()]).map_err(|e| store_error(self.lang(), &e))?;
            let mut e = CliError::new(Exit::Data, m::write_broken(self.lang(), broken.len()));
            e.diagnostics = broken;
            return Err(e);
        }
        Ok(Some((customer, texts)))
    }
}

/// See [`Context::resolve`].
pub(crate) fn resolve(book: &Book, text: &str) -> std::result::Result<usize, Vec<usize>> {
    if let Some(n) = book.customer_index(text) {
        return Ok(n);
    }
    let (wanted, mail) = (phones(text), mails(text));
    type Step<'a> = Box<dyn Fn(&Customer) -> bool + Sync + 'a>;
    let steps: [Step<'_>; 3] = [
        Box::new(|c| c.name == text || c.look(|rest| rest.aliases.contains(&text))),
        Box::new(|c| {
            let hit = |phone: &str, address: &str| {
                (!wanted.is_empty() && phones(phone).iter().any(|p| wanted.iter().any(|w| p.ends_with(w))))
                    || (!mail.is_empty() && mails(address).iter().any(|a| mail.contains(a)))
            };
            c.look(|rest| {
                hit(rest.text("phone"), rest.text("email"))
                    || rest.contacts.iter().any(|p| hit(p.text("phone"), p.text("email")))
            })
        }),
        Box::new(|c| !text.is_empty() && c.id.starts_with(text)),
    ];
    for step in steps {
        let found = numbers(&book.customers, &step);
        match found.len() {
            0 => {}
            1 => return Ok(found[0]),
            _ => return Err(found),
        }
    }
    Err(Vec::new())
}

/// The complaint of an id, `complaint:` in front or not.
pub(crate) fn complaint_of<'x, 'b>(ctx: &Context, index: &'x Index<'b>, id: &str) -> Result<&'x Complaint<'b>> {
    let id = id.strip_prefix("complaint:").unwrap_or(id);
    let all = index.complaints();
    all.get(id).ok_or_else(|| no_row(ctx.lang(), "complaint", id, all.all().iter().map(Complaint::id)))
}
