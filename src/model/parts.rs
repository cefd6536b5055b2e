//! Many rows as they were read: one stretch for each file, so that putting files together copies nothing.

use std::slice;

/// Rows in order of file and line.
#[derive(Debug, Clone)]
pub struct Parts<T> {
    parts: Vec<Vec<T>>,
}

impl<T> Default for Parts<T> {
    fn default() -> Parts<T> {
        Parts { parts: Vec::new() }
    }
}

impl<T> Parts<T> {
    /// Puts the rows of a file behind those that are there.
    pub fn push_part(&mut self, rows: Vec<T>) {
        if !rows.is_empty() {
            self.parts.push(rows);
        }
    }
    /// The rows of each file.
    pub fn parts(&self) -> &[Vec<T>] {
        &self.parts
    }
    /// All rows.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { parts: self.parts.iter(), rows: [].iter() }
    }
    /// All rows, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.parts.iter_mut().flatten()
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }
    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Vec::is_empty)
    }
    /// Keeps only the rows that pass; nothing moves where all do.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for part in &mut self.parts {
            if !part.iter().all(&keep) {
                part.retain(&keep);
            }
        }
    }
}

/// See [`Parts::iter`].
#[derive(Debug, Clone)]
pub struct Iter<'a, T> {
    parts: slice::Iter<'a, Vec<T>>,
    rows: slice::Iter<'a, T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;
    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            self.rows = self.parts.next()?.iter();
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        let n = self.rows.len() + self.parts.clone().map(Vec::len).sum::<usize>();
        (n, Some(n))
    }
}

impl<'a, T> IntoIterator for &'a Parts<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Parts<T> {
    type Item = &'a mut T;
    type IntoIter = std::iter::Flatten<slice::IterMut<'a, Vec<T>>>;
    fn into_iter(self) -> Self::IntoIter {
        self.parts.iter_mut().flatten()
    }
}

impl<T> From<Vec<T>> for Parts<T> {
    fn from(rows: Vec<T>) -> Parts<T> {
        let mut out = Parts::default();
        out.push_part(rows);
        out
    }
}

impl<T> FromIterator<T> for Parts<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Parts<T> {
        rows.into_iter().collect::<Vec<T>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_one_row_of_rows() {
        let mut rows: Parts<u32> = Parts::default();
        assert!(rows.is_empty() && rows.iter().next().is_none());
        rows.push_part(vec![1, 2]);
        rows.push_part(Vec::new());
        rows.push_part(vec![3]);
        assert_eq!(rows.iter().copied().collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((rows.len(), rows.iter().size_hint()), (3, (3, Some(3))));
        rows.retain(|n| *n != 2);
        for n in &mut rows {
            *n += 1;
        }
        assert_eq!(rows.iter().copied().collect::<Vec<_>>(), [2, 4]);
    }
}
