//! Templates and arithmetic of import maps: `{订单 ID}-{客户 ID}` and `= {销售额} - {利润}`. Exact decimals, never floats.
//!
//! Fields are names while a map is read, and become places of cells when the map meets a file ([`Template::bind`],
//! [`Expression::bind`]).

use crate::model::money::{Decimal, multiply, parse_decimal};

/// Deepest nesting of parentheses.
const MAX_DEPTH: usize = 50;
/// Most decimal places that `round` gives.
const MAX_PLACES: u32 = 20;

/// What is wrong with a template or an expression, and at which character (from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// Characters before it.
    pub at: usize,
    /// What is wrong.
    pub fault: Syntax,
}

/// Ways to write a template or an expression wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `{` without `}`.
    OpenBrace,
    /// `}` without `{`.
    CloseBrace,
    /// `{}`.
    EmptyField,
    /// A number, a field or `(` is missing.
    OperandMissing,
    /// `(` without `)`.
    OpenParen,
    /// Something that belongs to no expression.
    Unexpected,
    /// A function other than `round`.
    UnknownFunction,
    /// The second argument of `round` is no number from 0 to 20.
    BadPlaces,
    /// Too many parentheses.
    TooDeep,
}

/// Why arithmetic gave no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Division by zero.
    ByZero,
    /// A quotient without an end, and no `round` around it.
    Endless,
    /// More than 28 digits.
    TooLong,
}

/// Text with fields in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<F> {
    parts: Vec<Part<F>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<F> {
    Text(String),
    Field(F),
}

impl Template<String> {
    /// Reads a template. `{{` and `}}` stand for the braces themselves.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(src: &str) -> Result<Template<String>, SyntaxError> {
        let mut parts: Vec<Part<String>> = Vec::new();
        let mut text = String::new();
        let mut chars = src.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            let twice = chars.peek().is_some_and(|(_, n)| *n == c);
            match c {
                '{' | '}' if twice => {
                    chars.next();
                    text.push(c);
                }
                '}' => return Err(SyntaxError { at, fault: Syntax::CloseBrace }),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match chars.next() {
                            None | Some((_, '{')) => return Err(SyntaxError { at, fault: Syntax::OpenBrace }),
                            Some((_, '}')) => break,
                            Some((_, c)) => name.push(c),
                        }
                    }
                    let name = name.trim().to_string();
                    if name.is_empty() {
                        return Err(SyntaxError { at, fault: Syntax::EmptyField });
                    }
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    parts.push(Part::Field(name));
                }
                c => text.push(c),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }
}

impl<F> Template<F> {
    /// The same with other fields.
    ///
    /// # Errors
    /// The first one of `f`.
    pub fn bind<G, E>(&self, f: &mut dyn FnMut(&F) -> Result<G, E>) -> Result<Template<G>, E> {
        let bind = |p: &Part<F>| match p {
            Part::Text(t) => Ok(Part::Text(t.clone())),
            Part::Field(name) => f(name).map(Part::Field),
        };
        Ok(Template { parts: self.parts.iter().map(bind).collect::<Result<_, E>>()? })
    }

    /// The text with its fields filled in; empty when it has fields and all of them are empty.
    ///
    /// # Errors
    /// The first one of `get`.
    pub fn fill<'v, E>(&self, get: &dyn Fn(&F) -> Result<&'v str, E>) -> Result<String, E> {
        let mut out = String::new();
        let (mut fields, mut filled) = (0, 0);
        for p in &self.parts {
            match p {
                Part::Text(t) => out.push_str(t),
                Part::Field(f) => {
                    let value = get(f)?;
                    fields += 1;
                    filled += usize::from(!value.is_empty());
                    out.push_str(value);
                }
            }
        }
        if fields > 0 && filled == 0 {
            out.clear();
        }
        Ok(out)
    }
}

/// Arithmetic over fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression<F> {
    /// A number as it stands.
    Number(Decimal),
    /// A field's value.
    Field(F),
    /// `-x`
    Minus(Box<Expression<F>>),
    /// `+ - * /`
    Binary(char, Box<Expression<F>>, Box<Expression<F>>),
    /// `round(x, n)`: half away from zero.
    Round(Box<Expression<F>>, u32),
}

impl Expression<String> {
    /// Reads an expression: numbers, `{fields}`, `+ - * /`, parentheses, `round(x, n)`.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(src: &str) -> Result<Expression<String>, SyntaxError> {
        let mut p = Parser { chars: src.chars().collect(), at: 0, depth: 0 };
        let e = p.sum()?;
        match p.peek() {
            None => Ok(e),
            Some(_) => Err(p.error(Syntax::Unexpected)),
        }
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expression<String>, SyntaxError>;

impl Parser {
    fn error(&self, fault: Syntax) -> SyntaxError {
        SyntaxError { at: self.at.min(self.chars.len()), fault }
    }

    fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let c = self.peek().filter(|c| wanted.contains(c))?;
        self.at += 1;
        Some(c)
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        while let Some(op) = self.take(&['+', '-']) {
            left = Expression::Binary(op, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.signed()?;
        while let Some(op) = self.take(&['*', '/']) {
            left = Expression::Binary(op, Box::new(left), Box::new(self.signed()?));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Parsed {
        let mut minus = false;
        while self.take(&['-']).is_some() {
            minus = !minus;
        }
        let e = self.operand()?;
        Ok(if minus { Expression::Minus(Box::new(e)) } else { e })
    }

    fn nested(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(Syntax::TooDeep));
        }
        let e = self.sum();
        self.depth -= 1;
        e
    }

    fn operand(&mut self) -> Parsed {
        match self.peek() {
            Some('(') => {
                let open = self.at;
                self.at += 1;
                let e = self.nested()?;
                match self.take(&[')']) {
                    Some(_) => Ok(e),
                    None => Err(SyntaxError { at: open, fault: Syntax::OpenParen }),
                }
            }
            Some('{') => {
                let open = self.at;
                let rest = &self.chars[open + 1..];
                let Some(end) = rest.iter().position(|c| matches!(c, '{' | '}')).filter(|n| rest[*n] == '}') else {
                    return Err(SyntaxError { at: open, fault: Syntax::OpenBrace });
                };
                let name: String = rest[..end].iter().collect();
                if name.trim().is_empty() {
                    return Err(SyntaxError { at: open, fault: Syntax::EmptyField });
                }
                self.at = open + end + 2;
                Ok(Expression::Field(name.trim().to_string()))
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_alphabetic() => self.function(),
            Some('}') => Err(self.error(Syntax::CloseBrace)),
            _ => Err(self.error(Syntax::OperandMissing)),
        }
    }

    fn number(&mut self) -> Parsed {
        let from = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
            self.at += 1;
        }
        let text: String = self.chars[from..self.at].iter().collect();
        parse_decimal(&text).map(Expression::Number).ok_or(SyntaxError { at: from, fault: Syntax::Unexpected })
    }

    fn function(&mut self) -> Parsed {
        let from = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            self.at += 1;
        }
        let name: String = self.chars[from..self.at].iter().collect();
        if name != "round" || self.take(&['(']).is_none() {
            return Err(SyntaxError { at: from, fault: Syntax::UnknownFunction });
        }
        let e = self.nested()?;
        if self.take(&[',']).is_none() {
            return Err(self.error(Syntax::BadPlaces));
        }
        self.peek();
        let places = self.number().ok().and_then(|n| match n {
            Expression::Number(n) => u32::try_from(n).ok().filter(|p| n.scale() == 0 && *p <= MAX_PLACES),
            _ => None,
        });
        let Some(places) = places else { return Err(self.error(Syntax::BadPlaces)) };
        match self.take(&[')']) {
            Some(_) => Ok(Expression::Round(Box::new(e), places)),
            None => Err(SyntaxError { at: from, fault: Syntax::OpenParen }),
        }
    }
}

impl<F> Expression<F> {
    /// The same with other fields.
    ///
    /// # Errors
    /// The first one of `f`.
    pub fn bind<G, E>(&self, f: &mut dyn FnMut(&F) -> Result<G, E>) -> Result<Expression<G>, E> {
        Ok(match self {
            Expression::Number(n) => Expression::Number(*n),
            Expression::Field(name) => Expression::Field(f(name)?),
            Expression::Minus(e) => Expression::Minus(Box::new(e.bind(f)?)),
            Expression::Binary(op, a, b) => Expression::Binary(*op, Box::new(a.bind(f)?), Box::new(b.bind(f)?)),
            Expression::Round(e, places) => Expression::Round(Box::new(e.bind(f)?), *places),
        })
    }

    /// The exact value; `None` when a field is missing.
    ///
    /// # Errors
    /// The first one of `get`, or what arithmetic cannot give exactly.
    pub fn value<E: From<Arithmetic>>(
        &self,
        get: &dyn Fn(&F) -> Result<Option<Decimal>, E>,
    ) -> Result<Option<Decimal>, E> {
        match self.ratio(get)? {
            Some(r) => Ok(Some(r.exact()?)),
            None => Ok(None),
        }
    }

    fn ratio<E: From<Arithmetic>>(&self, get: &dyn Fn(&F) -> Result<Option<Decimal>, E>) -> Result<Option<Ratio>, E> {
        Ok(match self {
            Expression::Number(n) => Some(Ratio::whole(*n)),
            Expression::Field(f) => get(f)?.map(Ratio::whole),
            Expression::Minus(e) => e.ratio(get)?.map(|r| Ratio { up: -r.up, down: r.down }),
            Expression::Binary(op, a, b) => match (a.ratio(get)?, b.ratio(get)?) {
                (Some(a), Some(b)) => Some(a.with(*op, b)?),
                _ => None,
            },
            Expression::Round(e, places) => match e.ratio(get)? {
                Some(r) => Some(Ratio::whole(r.rounded(*places)?)),
                None => None,
            },
        })
    }
}

/// A quotient that is not carried out yet, so that `round` sees the true value.
#[derive(Debug, Clone, Copy)]
struct Ratio {
    up: Decimal,
    /// Not zero.
    down: Decimal,
}

fn times(a: Decimal, b: Decimal) -> Result<Decimal, Arithmetic> {
    multiply(a.normalize(), b.normalize()).map(|d| d.normalize()).ok_or(Arithmetic::TooLong)
}

fn plus(a: Decimal, b: Decimal) -> Result<Decimal, Arithmetic> {
    let (a, b) = (a.normalize(), b.normalize());
    let sum = a.checked_add(b).ok_or(Arithmetic::TooLong)?;
    // The type drops places that do not fit: then some are missing.
    let exact = sum.scale() == a.scale().max(b.scale()) || a.is_zero() || b.is_zero();
    if exact { Ok(sum.normalize()) } else { Err(Arithmetic::TooLong) }
}

impl Ratio {
    fn whole(n: Decimal) -> Ratio {
        Ratio { up: n, down: Decimal::ONE }
    }

    fn with(self, op: char, other: Ratio) -> Result<Ratio, Arithmetic> {
        let r = match op {
            '*' => Ratio { up: times(self.up, other.up)?, down: times(self.down, other.down)? },
            '/' if other.up.is_zero() => return Err(Arithmetic::ByZero),
            '/' => Ratio { up: times(self.up, other.down)?, down: times(self.down, other.up)? },
            op => {
                let right = if op == '-' { -other.up } else { other.up };
                if self.down == other.down {
                    Ratio { up: plus(self.up, right)?, down: self.down }
                } else {
                    let up = plus(times(self.up, other.down)?, times(right, self.down)?)?;
                    Ratio { up, down: times(self.down, other.down)? }
                }
            }
        };
        // A quotient that ends is kept short.
        Ok(r.exact().map_or(r, Ratio::whole))
    }

    /// The quotient, if it ends within 28 digits.
    fn exact(self) -> Result<Decimal, Arithmetic> {
        if self.down == Decimal::ONE {
            return if parse_decimal(&self.up.to_string()).is_some() { Ok(self.up) } else { Err(Arithmetic::TooLong) };
        }
        let q = self.up.checked_div(self.down).ok_or(Arithmetic::TooLong)?.normalize();
        if times(q, self.down) == Ok(self.up.normalize()) && parse_decimal(&q.to_string()).is_some() {
            Ok(q)
        } else {
            Err(Arithmetic::Endless)
        }
    }

    /// The quotient rounded half away from zero. The type's own quotient is rounded already: the result is compared
    /// with the true value and corrected.
    fn rounded(self, places: u32) -> Result<Decimal, Arithmetic> {
        let near = self.up.checked_div(self.down).ok_or(Arithmetic::TooLong)?;
        let near = crate::model::money::round(near, places);
        let unit = Decimal::new(1, places);
        let rest = plus(self.up, -times(near, self.down)?)?;
        if rest.is_zero() {
            return Ok(near);
        }
        let above = rest.is_sign_negative() == self.down.is_sign_negative();
        let positive = self.up.is_sign_negative() == self.down.is_sign_negative();
        let twice = times(rest.abs(), Decimal::TWO)?;
        let half = times(self.down.abs(), unit)?;
        if twice > half || twice == half && above == positive {
            return plus(near, if above { unit } else { -unit });
        }
        Ok(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(src: &str) -> Result<Option<Decimal>, Arithmetic> {
        let fields = |f: &String| match f.as_str() {
            "销售额" => Ok(Some(Decimal::new(12_345, 2))),
            "利润" => Ok(Some(Decimal::new(2_345, 2))),
            "none" => Ok(None),
            _ => Ok(Some(Decimal::from(3))),
        };
        Expression::parse(src).unwrap().value(&fields)
    }

    #[test]
    fn expressions_are_exact() {
        let check = |src: &str, expected: Result<Option<&str>, Arithmetic>| {
            let got = value(src).map(|v| v.map(|d| d.normalize().to_string()));
            assert_eq!(got, expected.map(|v| v.map(String::from)), "{src}");
        };
        check("{销售额} - {利润}", Ok(Some("100")));
        check("1 + 2 * 3", Ok(Some("7")));
        check("(1 + 2) * -3", Ok(Some("-9")));
        check("--1", Ok(Some("1")));
        check("0.1 + 0.2", Ok(Some("0.3")));
        check("1 / 8", Ok(Some("0.125")));
        check("1 / {x}", Err(Arithmetic::Endless));
        check("1 / {x} * 3", Ok(Some("1")));
        check("1/3 + 2/3", Ok(Some("1")));
        check("round(1 / 3, 2)", Ok(Some("0.33")));
        check("round(2 / 3, 4) * 3", Ok(Some("2.0001")));
        check("round(2.5, 0)", Ok(Some("3")));
        check("round(-2.5, 0)", Ok(Some("-3")));
        check("round(1.005, 2)", Ok(Some("1.01")));
        check("round(0.014999999999999999999999999 , 2)", Ok(Some("0.01")));
        check("1 / 0", Err(Arithmetic::ByZero));
        check("{none} * 2", Ok(None));
        check("9999999999999999999999999999 * 10", Err(Arithmetic::TooLong));
        check("9999999999999999999999999999 + 0.1", Err(Arithmetic::TooLong));
    }

    #[test]
    fn mistakes_are_found_where_they_are() {
        let check = |src: &str, at: usize, fault: Syntax| {
            assert_eq!(Expression::parse(src), Err(SyntaxError { at, fault }), "{src}");
        };
        check("", 0, Syntax::OperandMissing);
        check("1 +", 3, Syntax::OperandMissing);
        check("(1", 0, Syntax::OpenParen);
        check("1)", 1, Syntax::Unexpected);
        check("{a", 0, Syntax::OpenBrace);
        check("{}", 0, Syntax::EmptyField);
        check("1 2", 2, Syntax::Unexpected);
        check("1..2", 0, Syntax::Unexpected);
        check("abs(1)", 0, Syntax::UnknownFunction);
        check("round(1)", 7, Syntax::BadPlaces);
        check(&"(".repeat(60), 51, Syntax::TooDeep);
        let check = |src: &str, at: usize, fault: Syntax| {
            assert_eq!(Template::parse(src), Err(SyntaxError { at, fault }), "{src}");
        };
        check("a{b", 1, Syntax::OpenBrace);
        check("a}b", 1, Syntax::CloseBrace);
        check("{ }", 0, Syntax::EmptyField);
    }

    #[test]
    fn templates_are_filled() {
        let check = |src: &str, expected: &str| {
            let get = |f: &String| Ok::<_, ()>(if f == "订单 ID" { "A1" } else { "" });
            assert_eq!(Template::parse(src).unwrap().fill(&get).unwrap(), expected, "{src}");
        };
        check("{订单 ID}-{客户 ID}", "A1-");
        check("{客户 ID}-{客户 ID}", "");
        check("{{{订单 ID}}}", "{A1}");
        check("plain", "plain");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(src in "[-+*/(){}0-9a. ,round客]{0,40}") {
            if let Ok(e) = Expression::parse(&src) {
                let _ = e.value::<Arithmetic>(&|_| Ok(Some(Decimal::new(7, 1))));
            }
            let _ = Template::parse(&src);
        }

        #[test]
        fn whatever_is_given_is_no_panic(src in any::<String>()) {
            let _ = Expression::parse(&src);
            let _ = Template::parse(&src);
        }

        #[test]
        fn sums_and_products_are_those_of_whole_numbers(a in -1_000_000i64..1_000_000, b in -1_000_000i64..1_000_000, c in -1_000_000i64..1_000_000) {
            // Two places each: (a·b)/10⁴ + c/10².
            let get = |f: &String| Ok::<_, Arithmetic>(Some(Decimal::new(match f.as_str() { "a" => a, "b" => b, _ => c }, 2)));
            let got = Expression::parse("{a} * {b} + {c}").unwrap().value(&get).unwrap().unwrap();
            prop_assert_eq!(got, Decimal::from_i128_with_scale(i128::from(a) * i128::from(b) + i128::from(c) * 100, 4));
        }

        #[test]
        fn rounding_is_half_away_from_zero(a in -1_000_000i64..1_000_000, b in prop_oneof![-3000i64..-1, 1i64..3000]) {
            let get = |f: &String| Ok::<_, Arithmetic>(Some(Decimal::from(if f == "a" { a } else { b })));
            let got = Expression::parse("round({a} / {b}, 2)").unwrap().value(&get).unwrap().unwrap();
            // |a·100/b| + ½, rounded down.
            let (up, down) = (i128::from(a).abs() * 200 + i128::from(b).abs(), i128::from(b).abs() * 2);
            let sign = if (a < 0) == (b < 0) { 1 } else { -1 };
            prop_assert_eq!(got, Decimal::from_i128_with_scale(sign * (up / down), 2));
        }
    }
}
