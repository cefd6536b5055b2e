//! Elements of a list by their ids: a file from a stranger may hold very many of them.

use super::Str;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Fewer elements are gone through one by one.
const FEW: usize = 16;

/// Where the elements of a list stand, by id; put together when somebody first asks. It says nothing of its own: all are equal.
#[derive(Debug, Default)]
pub struct ById(OnceLock<Box<Places>>);

/// The length of the list, and the places.
type Places = (usize, HashMap<Str, usize>);

impl Clone for ById {
    fn clone(&self) -> ById {
        ById::new()
    }
}

impl PartialEq for ById {
    fn eq(&self, _: &ById) -> bool {
        true
    }
}

impl ById {
    /// Nothing put together yet.
    pub const fn new() -> ById {
        ById(OnceLock::new())
    }

    /// The first element of a list with an id.
    pub fn find<'l, T>(&self, list: &'l [T], id: &str, id_of: impl Fn(&T) -> Str) -> Option<&'l T> {
        let one_by_one = || list.iter().find(|x| id_of(x) == id);
        if list.len() < FEW {
            return one_by_one();
        }
        let (count, places) = &**self.0.get_or_init(|| {
            let mut places = HashMap::with_capacity(list.len());
            for (n, x) in list.iter().enumerate() {
                places.entry(id_of(x)).or_insert(n);
            }
            Box::new((list.len(), places))
        });
        // The list may have changed since; what stands at the place tells.
        match places.get(id).and_then(|n| list.get(*n)).filter(|x| id_of(x) == id) {
            Some(found) => Some(found),
            None if *count == list.len() => None,
            None => one_by_one(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_is_found_however_many_there_are() {
        for count in [3, 15, 16, 100] {
            let mut list: Vec<(Str, usize)> = (0..count).map(|n| (super::super::intern(&format!("x{n}")), n)).collect();
            list.push(("x1", 1000));
            let by_id = ById::new();
            let find = |list: &[(Str, usize)], id: &str| by_id.find(list, id, |x| x.0).map(|x| x.1);
            assert_eq!([find(&list, "x1"), find(&list, "x0"), find(&list, "y")], [Some(1), Some(0), None], "{count}");
            list.push(("y", 7));
            assert_eq!(find(&list, "y"), Some(7));
        }
    }
}
