//! What rules are computed with: rows by customer, figures of many groups, values that are put together once. It knows no
//! rule of its own.

pub mod grouped;
pub mod groups;
pub mod index;
pub mod once;
pub mod order_days;
pub mod order_numbers;
pub mod select;
pub mod strangers;
pub mod terms;
