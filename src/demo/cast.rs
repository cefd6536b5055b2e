//! Who plays in the demo: reads the stories of cast-east.txt and cast-south.txt.
//!
//! A story is a head `[id] name` and lines `key: words | text | text`. Days are counted from the demo's last day:
//! plain numbers are days before it, in `+n` after it.

const EAST: &str = include_str!("cast-east.txt");
const SOUTH: &str = include_str!("cast-south.txt");

/// One line of a story: the words before the first `|`, and the texts after it.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) key: &'static str,
    pub(super) words: Vec<&'static str>,
    texts: Vec<&'static str>,
    whole: &'static str,
}

impl Line {
    /// Word `n`; empty when there is none, or `-`.
    pub(super) fn word(&self, n: usize) -> &'static str {
        self.words.get(n).copied().filter(|w| *w != "-").unwrap_or("")
    }
    /// Word `n` as a number of days.
    pub(super) fn number(&self, n: usize) -> i64 {
        self.word(n).trim_start_matches('+').parse().unwrap_or(0)
    }
    /// Text `n` after a `|`; empty when there is none, or `-`.
    pub(super) fn text(&self, n: usize) -> &'static str {
        self.texts.get(n).copied().filter(|t| *t != "-").unwrap_or("")
    }
}

/// The story of a customer.
pub(super) struct Cast {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Its place in the cast, from 0.
    pub(super) number: i64,
    /// Whether it falls into the eastern pool.
    pub(super) east: bool,
    lines: Vec<Line>,
}

impl Cast {
    /// The lines of a key.
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |l| l.key == key)
    }
    /// The first line of a key.
    pub(super) fn line(&self, key: &str) -> Option<&Line> {
        self.lines.iter().find(|l| l.key == key)
    }
    /// All that stands after a key; empty when it is not there.
    pub(super) fn whole(&self, key: &str) -> &'static str {
        self.line(key).map_or("", |l| l.whole)
    }
    /// The items of a key, separated by commas.
    pub(super) fn items(&self, key: &str) -> Vec<&'static str> {
        self.whole(key).split(',').map(str::trim).filter(|t| !t.is_empty()).collect()
    }
    /// Word `n` of a key.
    pub(super) fn word(&self, key: &str, n: usize) -> &'static str {
        self.line(key).map_or("", |l| l.word(n))
    }
    /// Word `n` of a key as a number.
    pub(super) fn number(&self, key: &str, n: usize) -> i64 {
        self.line(key).map_or(0, |l| l.number(n))
    }
    /// Whether a key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.line(key).is_some()
    }
    /// Whether the customer is abroad.
    pub(super) fn abroad(&self) -> bool {
        self.has("english")
    }
    /// The name of its mail domain and site, before `.example`.
    pub(super) fn domain(&self) -> &'static str {
        if self.has("pinyin") { self.whole("pinyin") } else { self.id }
    }
}

/// Every customer.
pub(super) fn cast() -> Vec<Cast> {
    let mut list: Vec<Cast> = Vec::new();
    for (text, east) in [(EAST, true), (SOUTH, false)] {
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some((id, name)) = line.strip_prefix('[').and_then(|l| l.split_once(']')) {
                let number = i64::try_from(list.len()).unwrap_or(0);
                list.push(Cast { id, name: name.trim(), number, east, lines: Vec::new() });
            } else if let (Some(cast), Some((key, whole))) = (list.last_mut(), line.split_once(':')) {
                let whole = whole.trim();
                let mut parts = whole.split('|').map(str::trim);
                let words = parts.next().unwrap_or("").split_whitespace().collect();
                cast.lines.push(Line { key, words, texts: parts.collect(), whole });
            }
        }
    }
    list
}

/// The keys that a story may have.
#[cfg(test)]
pub(super) const KEYS: &[&str] = &[
    "aka",
    "was",
    "pinyin",
    "kind",
    "what",
    "where",
    "from",
    "terms",
    "tags",
    "lines",
    "key",
    "until",
    "note",
    "created",
    "owner",
    "intent",
    "move",
    "orders",
    "buys",
    "pay",
    "split",
    "grade",
    "manual",
    "acceptance",
    "return",
    "cancel",
    "end",
    "contact",
    "beat",
    "need",
    "deal",
    "quote",
    "task",
    "complaint",
    "english",
    "every",
    "keep",
    "close",
    "reopen",
    "unnamed",
    "extra",
];

/// The keys of every line.
#[cfg(test)]
pub(super) fn keys_used() -> Vec<&'static str> {
    cast().iter().flat_map(|c| c.lines.iter().map(|l| l.key).collect::<Vec<_>>()).collect()
}
