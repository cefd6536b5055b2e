//! The customers that fit a question, asked by all threads.

use crate::model::customer::Customer;
use rayon::prelude::*;

/// Their numbers, in order.
pub fn numbers(customers: &[Customer], fits: &(dyn Fn(&Customer) -> bool + Sync)) -> Vec<usize> {
    (0..customers.len()).into_par_iter().with_min_len(256).filter(|n| fits(&customers[*n])).collect()
}
