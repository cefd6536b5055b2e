//! Terms that look like expressions (`owner=ben`, `idle_days>90`): the term that is meant. They are refused, since as words
//! they would find nothing, and an empty answer would look like one.

use super::operand::Op;

/// The signs of operators that people type elsewhere; the longest of those that begin alike comes first.
const SIGNS: [(&str, Op); 20] = [
    ("===", Op::Eq),
    ("!==", Op::Ne),
    ("==", Op::Eq),
    ("!=", Op::Ne),
    ("<>", Op::Ne),
    (">=", Op::Ge),
    ("=>", Op::Ge),
    ("<=", Op::Le),
    ("=<", Op::Le),
    ("=~", Op::Has),
    ("~=", Op::Has),
    ("=", Op::Eq),
    (">", Op::Gt),
    ("<", Op::Lt),
    ("≠", Op::Ne),
    ("≥", Op::Ge),
    ("≧", Op::Ge),
    ("≤", Op::Le),
    ("≦", Op::Le),
    ("≡", Op::Eq),
];

/// A full-width sign as an ASCII one.
fn narrow(c: char) -> char {
    match c {
        '＝' => '=',
        '＞' => '>',
        '＜' => '<',
        '！' => '!',
        '～' => '~',
        c => c,
    }
}

/// The operator that a sign at the start means, and the number of characters of the sign; `None` stands for a character
/// that quotes protect.
pub(super) fn sign(mut chars: impl Iterator<Item = Option<char>>) -> Option<(Op, usize)> {
    let front: String = chars.by_ref().take(3).map_while(|c| c.map(narrow)).collect();
    SIGNS.iter().find(|(sign, _)| front.starts_with(sign)).map(|(sign, op)| (*op, sign.chars().count()))
}

/// Whether a word compares by a sign that does not begin with the `=` of key=value: `idle_days>90`, `grade!=A`.
pub fn compares(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let first = (1..chars.len()).find(|n| sign(chars[*n..].iter().copied().map(Some)).is_some());
    first.is_some_and(|n| chars[n] != '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_no_comparisons() {
        let check = |word: &str, expected: bool| assert_eq!(compares(word), expected, "{word}");
        for pair in ["owner=li", "note=a>b", "note=>b", "tags+=a", "tags-=a", "name", "=x", ">x", ""] {
            check(pair, false);
        }
        for comparison in ["idle_days>90", "idle_days>=90", "grade!=A", "grade<>A", "利润≥1", "grade！＝A"] {
            check(comparison, true);
        }
    }

    #[test]
    fn the_longest_sign_counts() {
        for (sign, _) in SIGNS {
            assert_eq!(
                super::sign(sign.chars().chain(['x']).map(Some)).map(|s| s.1),
                Some(sign.chars().count()),
                "{sign}"
            );
        }
    }
}
