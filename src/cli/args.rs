//! Arguments that many commands share, each declared once and flattened into the commands at its place. A command that
//! means something of its own by a flag says so with `mut_arg` (which would put a positional argument last); the Chinese words stand in `i18n` by the argument's id.

use super::context::{Context, Result};
use super::error::{CliError, query_error};
use super::table::ListArgs;
use crate::i18n::messages as m;
use crate::model::period::Period;
use crate::query::parse_period;
use crate::rules::owning::Share;
use std::ops::Deref;

/// A group of one argument, which reads like the value itself.
macro_rules! arguments {
    ($($(#[doc = $about:literal])* $name:ident { #[doc = $help:literal] #[arg($($how:tt)*)] $field:ident: $ty:ty => $target:ty })*) => {
        $(
            $(#[doc = $about])*
            #[derive(Debug, Clone, Default, clap::Args)]
            pub(crate) struct $name {
                #[doc = $help]
                #[arg($($how)*)]
                pub(crate) $field: $ty,
            }
            impl Deref for $name {
                type Target = $target;
                fn deref(&self) -> &$target {
                    &self.$field
                }
            }
        )*
    };
}

arguments! {
    /// `--at`: the day or instant of a fact; see [`Context::at_or_now`].
    When {
        /// When (default: now)
        #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
        at: Option<String> => Option<String>
    }
    /// `--at`: the day or instant of a decision; see [`Context::act`].
    Decided {
        /// When it was decided (default: now)
        #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
        at: Option<String> => Option<String>
    }
    /// `--note`: words that stay with what is written down.
    Note {
        /// More about it
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String => str
    }
    /// `--by`: whose doing it is, where that need not be who writes it down.
    By {
        /// Who did it (default: you)
        #[arg(long, value_name = "WHO")]
        by: Option<String> => Option<String>
    }
    /// `--id`: a number that the company gives itself.
    OwnId {
        /// The company's own number
        #[arg(long)]
        id: Option<String> => Option<String>
    }
    /// `--override`: what a rule refuses, allowed by somebody who may; see [`Context::check_override`].
    Override {
        /// Override the rule (managers only; needs --note)
        #[arg(long = "override")]
        force: bool => bool
    }
    /// `--ack`: complaints about the same goods are known; see [`crate::rules::complaints::guard`].
    Ack {
        /// Acknowledge the complaints about the same goods that are shown
        #[arg(long = "ack")]
        known: bool => bool
    }
    /// `--tax-rate`: of all lines that say no other.
    TaxRate {
        /// Tax rate of all lines (default: the product's, else the one in kehu.toml)
        #[arg(long, value_name = "RATE")]
        tax_rate: Option<String> => Option<String>
    }
    /// A customer that is there already; see [`Context::resolve`].
    OfCustomer {
        /// Id, former id, name, alias, phone, mail, or the beginning of an id
        #[arg(value_name = "CUSTOMER")]
        customer: String => str
    }
    /// The same, where the other names need not be said.
    TheCustomer {
        /// The customer
        #[arg(value_name = "CUSTOMER")]
        customer: String => str
    }
    /// Filter terms; see [`Context::filter`].
    Terms {
        /// Filter terms (kehu help filters)
        #[arg()]
        terms: Vec<String> => [String]
    }
    /// `-p`: a period.
    During {
        /// Only rows of this period
        #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true)]
        period: Option<String> => Option<String>
    }
    /// Cells to be written over.
    CellPairs {
        /// column=value; an empty value empties the cell
        #[arg(required = true, value_name = "COLUMN=VALUE")]
        pairs: Vec<String> => [String]
    }
    /// Keys of a file to be written over.
    KeyPairs {
        /// key=value; an empty value takes the key away
        #[arg(required = true, value_name = "KEY=VALUE")]
        pairs: Vec<String> => [String]
    }
}

/// What is said of a thing that is entered: its day, the company's own number, words about it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Entered {
    #[command(flatten)]
    pub(crate) at: When,
    #[command(flatten)]
    pub(crate) id: OwnId,
    #[command(flatten)]
    pub(crate) note: Note,
}

/// What is said where a thing goes a step further: why, when, and whether a rule may stand in the way.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Step {
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) at: When,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// What is said of a decision about a customer: why, and when it was taken.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Decision {
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) at: Decided,
}

/// How several people share customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ShareBy {
    /// All to one.
    All,
    /// As many for each.
    Even,
    /// The same region to the same person.
    Region,
    /// As many of each grade for each.
    Grade,
    /// To whoever owns fewest.
    Load,
}

/// Who gets customers, and how they share them.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Sharing {
    /// Members of the team, separated by commas; `pool` gives them to nobody
    #[arg(long, value_name = "WHO", required = true)]
    pub(crate) to: String,
    /// How to share among several members: {values}
    #[arg(long, value_enum, hide_possible_values = true)]
    pub(crate) by: Option<ShareBy>,
}

impl Sharing {
    /// The ids of those who get customers, who work here today, each once; empty = the pool.
    pub(crate) fn takers(&self, ctx: &Context) -> Result<Vec<String>> {
        let mut takers: Vec<String> = Vec::new();
        for who in self.to.split([',', '，', '、']).map(str::trim).filter(|w| !w.is_empty()) {
            let id =
                if matches!(who, "pool" | "公海") { String::new() } else { ctx.present_member(who)?.id.to_string() };
            if !takers.contains(&id) {
                takers.push(id);
            }
        }
        if takers.is_empty() {
            return Err(CliError::usage(m::missing_argument(ctx.lang(), "--to")));
        }
        Ok(takers)
    }

    /// How they share; `all` takes one person.
    pub(crate) fn how(&self, ctx: &Context, takers: &[String]) -> Result<Share> {
        if self.by == Some(ShareBy::All) && takers.len() > 1 {
            return Err(CliError::usage(m::all_to_one(ctx.lang(), takers.len())));
        }
        Ok(match self.by {
            Some(ShareBy::All) => Share::All,
            None | Some(ShareBy::Even) => Share::Even,
            Some(ShareBy::Region) => Share::Region,
            Some(ShareBy::Grade) => Share::Grade,
            Some(ShareBy::Load) => Share::Load,
        })
    }
}

/// Lines of an order or a quote, short ones first.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Lines {
    /// PRODUCT:QUANTITY[@PRICE][-DISCOUNT%]
    #[arg(value_name = "LINE")]
    pub(crate) lines: Vec<String>,
    /// A line as "product=… quantity=… price=… discount=…" or "amount=… note=…"
    #[arg(long = "line", value_name = "KEY=VALUE …")]
    pub(crate) line: Vec<String>,
}

impl Lines {
    /// Whether none was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.line.is_empty()
    }
}

/// Why something came to nothing.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Lost {
    /// Why: a code of [reasons] lost in kehu.toml
    #[arg(long, value_name = "CODE")]
    pub(crate) reason: Option<String>,
    /// Who won it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) competitor: String,
}

impl During {
    /// The period that was asked for; without one all days.
    pub(crate) fn read(&self, ctx: &Context) -> Result<Period> {
        match &self.period {
            Some(p) => parse_period(p, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e)),
            None => Ok(Period::ALL),
        }
    }

    /// As it was typed, for captions.
    pub(crate) fn named(&self) -> &str {
        self.period.as_deref().unwrap_or("..")
    }
}

/// What every list of rows takes: which, of when, and how they are shown.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Picked {
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) period: During,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}
