//! Values that are put together by all threads when they are first asked for, also in the middle of a loop over all threads.
//!
//! A thread that waits for others takes up whatever work there is. If it put a value together in such a loop, that work
//! could be the next round of the loop, which asks for the same value and waits for ever. So rounds say that they are
//! [`inside`] a loop, and other threads put together the values that they ask for first.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// A round of a loop over all threads that may ask for values of [`once`].
pub fn inside<R>(round: impl FnOnce() -> R) -> R {
    let before = INSIDE.replace(true);
    let result = round();
    INSIDE.set(before);
    result
}

/// The value, put together when it is not there yet.
pub fn once<T: Send + Sync>(value: &OnceLock<T>, make: impl FnOnce() -> T + Send) -> &T {
    match value.get() {
        Some(known) => known,
        None if INSIDE.get() => value.get_or_init(|| aside(make)),
        None => value.get_or_init(make),
    }
}

/// What comes of each element of a list, in its order; as many at a time as there are threads, each on a thread of its own
/// that takes up nothing else while it waits. So each may ask for values, also for one that another is putting together.
pub fn side_by_side<T: Sync, R: Send>(list: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut out = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            match list.get(n) {
                Some(element) => out.push((n, one(element))),
                None => return out,
            }
        }
    };
    let mut found = std::thread::scope(|s| {
        let more =
            (1..rayon::current_num_threads()).filter_map(|_| std::thread::Builder::new().spawn_scoped(s, work).ok());
        let more: Vec<_> = more.collect();
        let mut found = work();
        for thread in more {
            match thread.join() {
                Ok(others) => found.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    });
    found.sort_by_key(|(n, _)| *n);
    found.into_iter().map(|(_, result)| result).collect()
}

/// Does something by threads of its own, while this one sleeps.
fn aside<T: Send>(make: impl FnOnce() -> T + Send) -> T {
    let threads = rayon::current_num_threads();
    // Where no thread can be started there is nobody who could begin something else meanwhile.
    let make = Mutex::new(Some(make));
    let take = || make.lock().unwrap_or_else(PoisonError::into_inner).take();
    let work = || {
        let make = take()?;
        Some(match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(make),
            Err(_) => make(),
        })
    };
    let done = std::thread::scope(|s| std::thread::Builder::new().spawn_scoped(s, work).ok().map(|t| t.join()));
    match done {
        Some(Ok(Some(value))) => value,
        Some(Err(panic)) => std::panic::resume_unwind(panic),
        Some(Ok(None)) | None => match take() {
            Some(make) => make(),
            None => unreachable!("only the thread takes it, and then there is a value"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn what_runs_side_by_side_may_ask_for_the_same_values() {
        let (one, two) = (OnceLock::new(), OnceLock::new());
        let make = |n: u32| {
            (0..256u32).into_par_iter().with_max_len(1).map(|m| inside(|| busy(2000 + m) % u64::from(n))).sum::<u64>()
        };
        let make = |n: u64| make(u32::try_from(n).unwrap());
        let list: Vec<u64> = (0..64).collect();
        let ask = |n: &u64| {
            let first = *once(&one, || make(7) + *once(&two, || make(5)));
            (*n, first + *once(&two, || make(5)))
        };
        let found = side_by_side(&list, ask);
        assert!(found.iter().enumerate().all(|(n, (m, _))| n as u64 == *m));
        assert!(found.iter().all(|(_, sum)| *sum == found[0].1));
    }

    fn busy(rounds: u32) -> u64 {
        (0..rounds).fold(1, |n: u64, i| std::hint::black_box(n.wrapping_mul(31).wrapping_add(u64::from(i))))
    }

    #[test]
    fn a_value_may_be_asked_for_in_the_middle_of_a_loop() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
        let make = || (0..256u32).into_par_iter().with_max_len(1).map(|_| busy(20_000) % 7).sum::<u64>();
        let expected = make();
        for _ in 0..100 {
            let value = OnceLock::new();
            // Few rounds ask. Threads that are done with theirs take up parts of the value; its maker waits for these, and
            // finds a round that asks in the hands of a thread that waits for the value.
            let asks = |n: u32| n == 0 || (256..259).contains(&n);
            let round = |n: u32| inside(|| if asks(n) { *once(&value, make) } else { busy(100) % 7 });
            let found: Vec<u64> = pool.install(|| (0..512u32).into_par_iter().with_max_len(1).map(round).collect());
            assert!([0, 256, 257, 258].iter().all(|n| found[*n] == expected));
        }
    }
}
