//! Values of kehu.toml that stand in several sections: exact decimals, lengths of time, days or "never". No section, no
//! default of a rule.

use crate::model::day::Span;
use crate::model::money::{Decimal, parse_decimal};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::fmt;

/// A key and the sort of its value.
pub type Key = (&'static str, &'static str);

/// An exact decimal in TOML: an integer, a string, or a float of at most 15 significant digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(pub Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Exact;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a plain decimal")
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Exact, E> {
                Ok(Exact(Decimal::from(v)))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Exact, E> {
                // The shortest text that reads back as this float is what stood in the file, up to 15 digits.
                let text = v.to_string();
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                parse_decimal(&text)
                    .filter(|_| digits <= 16)
                    .map(Exact)
                    .ok_or_else(|| E::custom("too many digits for a number without quotes"))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Exact, E> {
                parse_decimal(v).map(Exact).ok_or_else(|| E::custom("not a plain decimal"))
            }
        }
        d.deserialize_any(V)
    }
}

/// A number of days, or `"never"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysOrNever(pub Option<i64>);

impl<'de> Deserialize<'de> for DaysOrNever {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Days(u32),
            Word(String),
        }
        match Raw::deserialize(d)? {
            Raw::Days(n) => Ok(DaysOrNever(Some(i64::from(n)))),
            Raw::Word(w) if w == "never" => Ok(DaysOrNever(None)),
            Raw::Word(_) => Err(de::Error::custom("expected a number of days or \"never\"")),
        }
    }
}

/// Reads a length of time; an empty text is none.
pub(super) fn span<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Span>, D::Error> {
    let text = Option::<String>::deserialize(d)?;
    text.filter(|t| !t.is_empty())
        .map(|t| {
            Span::parse_cycle(&t).ok_or_else(|| de::Error::custom("expected a length of time such as 14d, 2w, 3m"))
        })
        .transpose()
}
