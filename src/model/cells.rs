//! The cells of a row as pieces of the text that they were read from: a million rows are held at once.

use super::Str;

/// Stands for the offset of a cell that is no piece of the row's text.
const FAR: u16 = u16::MAX;

/// The cells of one row, in the order of a ledger's columns.
#[derive(Debug, Clone)]
pub struct Cells {
    /// The text of the row.
    base: Str,
    /// Offset and length of each cell.
    spans: Box<[(u16, u16)]>,
    /// Cells that stand elsewhere, since they were written otherwise (in quotes with quotes inside) or are very long.
    far: Box<[Str]>,
}

impl Cells {
    /// The cells of a row that was read from a text; those that are no pieces of it stay what they are.
    pub fn of(text: Str, cells: &[Str]) -> Cells {
        let begin = text.as_ptr() as usize;
        let offset = |cell: &Str| {
            let at = (cell.as_ptr() as usize).checked_sub(begin)?;
            (!cell.is_empty() && at + cell.len() <= text.len()).then_some(at)
        };
        let first = cells.iter().filter_map(offset).min().unwrap_or_default();
        let end = cells.iter().filter_map(|c| Some(offset(c)? + c.len())).max().unwrap_or_default();
        let mut far = Vec::new();
        let span = |cell: &Str| {
            let near = offset(cell).and_then(|at| u16::try_from(at - first).ok()).filter(|at| *at < FAR);
            match (near, u16::try_from(cell.len())) {
                _ if cell.is_empty() => (0, 0),
                (Some(at), Ok(len)) => (at, len),
                _ => {
                    far.push(*cell);
                    (FAR, u16::try_from(far.len() - 1).unwrap_or_default())
                }
            }
        };
        let spans = cells.iter().map(span).collect();
        Cells { base: text.get(first..end).unwrap_or(""), spans, far: far.into() }
    }

    /// Cells that stand in no text.
    pub fn new(cells: &[Str]) -> Cells {
        Cells::of("", cells)
    }

    /// The cell of a column, by its number; empty = missing.
    #[inline]
    pub fn get(&self, column: usize) -> Str {
        match self.spans.get(column) {
            None => "",
            Some((FAR, n)) => self.far.get(usize::from(*n)).copied().unwrap_or(""),
            Some((at, len)) => self.base.get(usize::from(*at)..usize::from(*at) + usize::from(*len)).unwrap_or(""),
        }
    }

    /// All cells.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Str> + '_ {
        (0..self.spans.len()).map(|n| self.get(n))
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Cells) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Cells {}

#[cfg(test)]
mod tests {
    use super::{Cells, Str};

    #[test]
    fn cells_are_what_they_were() {
        let check = |text: Str, cells: &[Str]| {
            let kept = Cells::of(text, cells);
            assert_eq!(kept.iter().collect::<Vec<_>>(), cells, "{text:?}");
            assert_eq!(kept, Cells::new(cells));
            assert_eq!(kept.get(cells.len()), "");
        };
        let text: Str = "id,at\no1,2026-01-02,\"a \"\"b\"\"\",华新\n";
        let piece = |part: &str| text.find(part).map_or("", |n| &text[n..n + part.len()]);
        check(text, &[piece("o1"), piece("2026-01-02"), "a \"b\"", piece("华新"), ""]);
        check(text, &["", "", ""]);
        check(text, &[]);
        check("", &["elsewhere", ""]);
        // Cells before and behind what sixteen bits can tell.
        for len in [65_534, 65_535, 65_536, 70_000] {
            let text: Str = format!("{},b", "x".repeat(len)).leak();
            check(text, &[&text[..len], &text[len + 1..]]);
            check(text, &[&text[len + 1..], &text[..1]]);
        }
    }
}
