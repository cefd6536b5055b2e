//! Messages: a template filled with what is known, and the mail made of it.
//!
//! Templates are a stranger's: they read nothing but what they are given, include nothing, and stop where they would take too much
//! time or memory.

use crate::model::day::At;
use crate::report::letter::Var;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use std::collections::BTreeMap;

/// What a template may use up: instructions, and 64 bytes each.
const FUEL: u64 = 200_000;

/// How deep a template may nest.
const DEPTH: usize = 50;

/// The first words of a template.
pub const SUBJECT: &str = "Subject:";

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// What the template language says; empty = the first line is no subject.
    pub what: String,
}

/// A message that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Its lines end with `\n`.
    pub body: String,
}

fn value(var: &Var) -> Value {
    match var {
        Var::Text(text) => Value::from(text.as_str()),
        Var::List(list) => Value::from(list.iter().map(value).collect::<Vec<Value>>()),
        Var::Map(map) => Value::from(map.iter().map(|(k, v)| ((*k).to_string(), value(v))).collect::<BTreeMap<_, _>>()),
    }
}

/// Fills a template.
///
/// # Errors
/// [`Fault`].
pub fn fill(template: &str, vars: &Var) -> Result<Letter, Fault> {
    let template = template.strip_prefix('\u{feff}').unwrap_or(template);
    let none = || Fault { line: 1, what: String::new() };
    let (first, rest) = template.split_once('\n').unwrap_or((template, ""));
    let subject = first.trim_end().strip_prefix(SUBJECT).filter(|s| !s.trim().is_empty()).ok_or_else(none)?;
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(DEPTH);
    let context = value(vars);
    let filled = |text: &str, before: usize| {
        env.render_str(text, context.clone()).map_err(|e| {
            let what = match (e.kind(), e.detail()) {
                (kind, Some(detail)) if kind != ErrorKind::SyntaxError => format!("{kind}: {detail}"),
                (_, Some(detail)) => detail.to_string(),
                (kind, None) => kind.to_string(),
            };
            Fault { line: u32::try_from(before + e.line().unwrap_or(1)).unwrap_or(1), what }
        })
    };
    let subject = one_line(&filled(subject.trim(), 0)?);
    let body = filled(&rest.replace("\r\n", "\n"), 1)?;
    // What a condition leaves out leaves no gap.
    let mut body = body.trim_matches('\n').replace('\r', "");
    while body.contains("\n\n\n") {
        body = body.replace("\n\n\n", "\n\n");
    }
    Ok(Letter { subject, body: format!("{body}\n") })
}

/// A text in one line, without anything that a header could be ended by.
fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(blank).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text can be a mail address in a header as it stands.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let dots = |s: &str| s.split('.').all(|part| !part.is_empty());
    text.len() <= 254
        && local.chars().all(plain)
        && dots(local)
        && domain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        && dots(domain)
}

/// Somebody whom a mail is from, or to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name.
    pub name: String,
    /// The address, for which [`is_address`] holds.
    pub address: String,
}

/// A mail by RFC 5322, its lines ended by CR LF. `id` is random: the left part of its Message-ID.
pub fn mail(letter: &Letter, from: &Mailbox, to: &Mailbox, at: At, id: &str) -> Vec<u8> {
    let person = |m: &Mailbox| {
        let name = one_line(&m.name);
        Address::new_address((!name.is_empty()).then_some(name), m.address.clone())
    };
    let domain = from.address.rsplit('@').next().unwrap_or_default();
    let message = MessageBuilder::new()
        .from(person(from))
        .to(person(to))
        .subject(letter.subject.clone())
        .date(Date::new(at.utc.timestamp()))
        .message_id(format!("{id}@{domain}"))
        .text_body(letter.body.replace('\n', "\r\n"));
    let mut out = Vec::new();
    message.serialize(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::letter::sample;
    use crate::store::templates;

    fn vars() -> Var {
        let text = |s: &str| Var::Text(s.into());
        let item = |s: &str| Var::Map(vec![("what", text(s))]);
        Var::Map(vec![("name", text("王伟")), ("none", text("")), ("items", Var::List(vec![item("a"), item("b")]))])
    }

    #[test]
    fn a_template_is_filled_or_its_fault_has_a_line() {
        let check = |template: &str, expected: Result<(&str, &str), (u32, &str)>| {
            let got = fill(template, &vars());
            match expected {
                Ok((subject, body)) => {
                    let letter = Letter { subject: subject.into(), body: body.into() };
                    assert_eq!(got, Ok(letter), "{template:?}");
                }
                Err((line, what)) => {
                    let fault = got.expect_err(template);
                    assert_eq!(fault.line, line, "{template:?}: {fault:?}");
                    assert!(fault.what.contains(what), "{template:?}: {fault:?}");
                }
            }
        };
        check("Subject: Hi {{ name }}\n\nDear {{ name }},\n", Ok(("Hi 王伟", "Dear 王伟,\n")));
        check("\u{feff}Subject: a\r\n\r\nb\r\nc", Ok(("a", "b\nc\n")));
        check("Subject: x\n{% for i in items %}{{ i.what }}{% endfor %}{% if none %}no{% endif %}", Ok(("x", "ab\n")));
        check("Subject: x\n<{{ name }}>", Ok(("x", "<王伟>\n")));
        check("Dear", Err((1, "")));
        check("Subject:\nx", Err((1, "")));
        check("Subject: x\n\n{{ nmae }}", Err((3, "undefined")));
        check("Subject: {{ name", Err((1, "")));
        check("Subject: x\na\nb\n{% if %}", Err((4, "")));
        check("Subject: x\n{{ items.what.x }}", Err((2, "undefined")));
        check("Subject: x\n{% include 'kehu.toml' %}", Err((2, "")));
    }

    #[test]
    fn no_template_takes_all_time_or_memory() {
        let check = |body: &str| assert!(fill(&format!("Subject: x\n{body}"), &vars()).is_err(), "{body}");
        check("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
        check("{{ 'x' * 90000000 }}");
        let doubled = "{% set x = x ~ x %}".repeat(40);
        check(&format!("{{% set x = 'xxxxxxxxxxxxxxxx' %}}{doubled}{{{{ x | length }}}}"));
        check(&format!("{}x{}", "{% if true %}".repeat(500), "{% endif %}".repeat(500)));
        check(&format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000)));
    }

    #[test]
    fn the_texts_of_the_program_can_be_filled() {
        let mut n = 0;
        for (path, text) in templates::all() {
            let name = path.trim_start_matches("templates/").split('.').next().unwrap_or_default();
            assert!(templates::NAMES.contains(&name), "{path}");
            for full in [true, false] {
                let got = fill(&text, &sample(name, full));
                assert!(got.as_ref().is_ok_and(|l| !l.body.contains("\n\n\n")), "{path}: {got:?}");
            }
            n += 1;
        }
        assert_eq!(n, 2 * templates::NAMES.len());
    }

    #[test]
    fn headers_hold_what_they_are_given_and_nothing_more() {
        let check = |name: &str, subject: &str| {
            let letter =
                fill(&format!("Subject: {{{{ s }}}}\n{subject}"), &Var::Map(vec![("s", Var::Text(subject.into()))]));
            let letter = letter.expect("a letter");
            let person = |address: &str| Mailbox { name: name.into(), address: address.into() };
            let at = At::parse("2026-06-30T09:00:00+08:00", crate::model::zone::Zone::utc()).expect("an instant");
            let mail = mail(&letter, &person("li@test.example"), &person("wang@hx.example"), at, "abc");
            let text = String::from_utf8(mail).expect("ASCII");
            let (head, _) = text.split_once("\r\n\r\n").expect("a head");
            let names: Vec<&str> = head
                .split("\r\n")
                .filter(|l| !l.starts_with([' ', '\t']))
                .map(|l| l.split(':').next().unwrap_or_default())
                .collect();
            let known = [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
            ];
            assert!(names.iter().all(|n| known.contains(n)), "{name:?} {subject:?}: {head}");
            assert!(head.is_ascii() && !head.replace("\r\n", "").contains(['\r', '\n']), "{head}");
            assert!(head.split("\r\n").all(|l| l.len() <= 998), "{head}");
        };
        check("王伟", "付款提醒：1,234.50 元");
        check("x\r\nBcc: evil@evil.example", "y\nBcc: evil@evil.example\r\n\r\nbody");
        check("\"; <evil@evil.example>", "\u{2028}Bcc: x");
        check("", "长".repeat(500).as_str());
    }

    #[test]
    fn what_can_be_an_address() {
        let check = |text: &str, expected: bool| assert_eq!(is_address(text), expected, "{text:?}");
        check("li@test.example", true);
        check("a.b+c@x-y.example", true);
        check("li", false);
        check("li@", false);
        check("@x", false);
        check("li@x y", false);
        check("li@x.example,evil@y.example", false);
        check("li@x.example\nBcc: y@z", false);
        check("<li@x.example>", false);
        check("li@@x", false);
        check("李@x.example", false);
        check("li..a@x.example", false);
    }
}
