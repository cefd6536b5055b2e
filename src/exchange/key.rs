//! What tells rows apart, in sixteen bytes: an import compares each of its rows with each that is there.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

/// The hash of some texts. With 128 bits two different ones do not meet.
pub(super) type Key = u128;

/// The key of texts in order.
pub(super) fn key(parts: &[&str]) -> Key {
    let half = |seed: u8| {
        let mut h = DefaultHasher::new();
        h.write_u8(seed);
        for p in parts {
            h.write_usize(p.len());
            h.write(p.as_bytes());
        }
        u128::from(h.finish())
    };
    half(0) << 64 | half(1)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_tell_texts_apart() {
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
        for other in [&["ab"][..], &["a", "b", ""], &["", "ab"], &["b", "a"], &[]] {
            assert_ne!(key(&["a", "b"]), key(other), "{other:?}");
        }
    }
}
