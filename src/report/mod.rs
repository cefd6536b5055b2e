//! Facts become neutral documents: tables of typed cells that every output format prints.
//!
//! `kehu report NAME` is a line of [`REPORTS`] and a file that implements [`ask::Report`].

pub mod abc;
pub mod account;
pub mod activity;
pub mod aftersales;
pub mod agenda;
pub mod approvals;
pub mod ask;
pub mod basket;
pub mod caption;
pub mod care;
pub mod churn;
pub mod commission;
pub mod complained;
pub mod complaints;
pub mod contracts;
mod contribution;
pub mod coverage;
pub mod customer;
pub mod dashboard;
pub mod deals;
pub mod delivery;
pub mod digest;
pub mod document;
pub mod dso;
pub mod due;
pub mod dupes;
pub mod explain;
pub mod feedback;
pub mod fields;
pub mod figures;
pub mod forecast;
pub mod funnel;
pub mod gap;
mod grade_moves;
pub mod grades;
pub mod handover;
pub mod history;
pub mod invoices;
pub mod kept;
pub mod kpi;
pub mod ledger_list;
pub mod letter;
pub mod list;
pub mod lost;
pub mod loyalty;
pub mod needs;
pub mod new;
pub mod orders;
mod page;
pub mod payables;
pub mod performance;
pub mod picture;
pub mod pipeline;
pub mod playbook;
pub mod pool;
pub mod portrait;
pub mod products;
pub mod profit;
pub mod prune;
pub mod quotes;
pub mod receivables;
pub mod refunds;
pub mod relations;
pub mod renewals;
pub mod repurchase;
pub mod retention;
pub mod review;
pub mod rfm;
pub mod sales_figures;
pub mod sales_groups;
pub mod schema;
pub mod scorecard;
pub mod season;
pub mod segments;
pub mod series;
pub mod sources;
pub mod stages;
pub mod stalled;
pub mod statement;
pub mod today;
pub mod today_money;
pub mod unjoined;
pub mod value;
mod value_model;
pub mod who;

use crate::i18n::{Lang, labels};
use crate::model::value::Kind;
use document::{Column, Importance};

/// All reports of `kehu report`: help, completion, documentation and tests walk over these.
pub const REPORTS: &[&dyn ask::Report] = &[
    &profit::Profit,
    &products::Products,
    &orders::Orders,
    &delivery::Delivery,
    &receivables::Receivables,
    &payables::Payables,
    &invoices::Invoices,
    &statement::Statement,
    &dso::Dso,
    &refunds::Refunds,
    &grades::Grades,
    &stages::Stages,
    &coverage::Coverage,
    &activity::Activity,
    &aftersales::Aftersales,
    &season::Season,
    &care::Calendar,
    &relations::Relations,
    &renewals::Renewals,
    &loyalty::Loyalty,
    &value::CustomerValue,
    &rfm::Rfm,
    &abc::Abc,
    &segments::Segments,
    &prune::Prune,
    &new::New,
    &portrait::Portrait,
    &basket::Basket,
    &repurchase::Repurchase,
    &churn::Churn,
    &lost::LostCustomers,
    &pipeline::Deals,
    &performance::Performance,
    &commission::Earned,
    &forecast::Forecast,
    &complained::Complaints,
    &complained::Suppliers,
    &feedback::Feedback,
    &kpi::KeyFigures,
    &retention::Retention,
    &sources::SourcesReport,
    &review::Review,
    &dashboard::Dashboard,
];

/// How important a column is by its key, unless a report says otherwise.
fn usual_importance(key: &str) -> Importance {
    match key {
        "id" | "customer" | "due" => Importance::Key,
        "name" | "at" | "amount" | "net" | "state" | "title" | "next" | "valid_until" => Importance::Main,
        "source_key" | "note" | "extra_cost" | "unit_cost" | "split" => Importance::Minor,
        _ => Importance::Normal,
    }
}

/// A column of text.
pub fn col(lang: Lang, key: &str) -> Column {
    let importance = usual_importance(key);
    Column { key: key.to_string(), label: labels::label(lang, key), importance, ..Column::default() }
}

/// A column of numbers.
pub fn num(lang: Lang, key: &str) -> Column {
    Column { right: true, kind: Kind::Number, ..col(lang, key) }
}

/// A column of cells of some sort.
pub fn typed(lang: Lang, key: &str, kind: Kind) -> Column {
    Column { right: kind.is_number(), kind, ..col(lang, key) }
}

/// A column that only machine formats print.
pub fn hidden(lang: Lang, key: &str) -> Column {
    Column { machine_only: true, ..col(lang, key) }
}
