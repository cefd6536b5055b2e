//! Integration tests, one binary: the program as people and scripts use it.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::print_stderr, clippy::unwrap_used)]

mod abuse;
mod accounts;
mod answers;
mod approvals;
mod bank;
mod care;
mod cells;
mod clocks;
mod commission;
mod complaints;
mod completion;
mod contribution;
mod costs;
mod currencies;
mod deals;
mod docs;
mod double_visits;
mod encodings;
mod entry;
mod errors;
mod faults;
mod feedback;
mod figures;
mod floors;
mod followers;
mod forecast;
mod gap;
mod golden;
mod grading;
#[cfg(unix)]
mod growth;
mod guard;
mod hostile;
mod import;
mod invariants;
mod inverse;
mod joins;
mod kpis;
mod layers;
mod loyalty;
mod made;
mod merges;
#[cfg(unix)]
mod merging;
mod messages;
#[cfg(unix)]
mod month;
mod needs;
mod oracle;
mod outside;
mod owed;
mod performance;
mod pipeline;
mod playbooks;
mod policy;
mod pool;
mod quarter;
mod quotes;
mod ranges;
mod readback;
mod reading;
mod reads;
mod recall;
mod relations;
mod reports;
mod rules;
mod sale_orders;
mod sameness;
mod saves;
mod sheets;
mod smoke;
mod stalled;
#[allow(dead_code)]
mod support;
mod terms;
mod trade;
mod undo;
mod unfinished;
mod vectors;
mod visits;
mod widths;
mod wording;
mod work;
mod writers;
