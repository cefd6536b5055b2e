//! Contacts as cards (vCard 4.0, RFC 6350). What is between us and a person (role, relation, likes) stays here.

use super::lines::{escaped, line};
use crate::model::customer::{Contact, Customer, Rest, month_day};
use crate::model::day::{Day, parse_day};

/// The cards of the contacts that are there on a day, in the order of the customers.
pub fn cards<'c>(customers: impl Iterator<Item = &'c Customer>, today: Day) -> String {
    let mut out = String::new();
    for c in customers {
        c.look(|rest| {
            let here = rest.contacts.iter().filter(|p| p.left().is_none_or(|left| left > today));
            here.for_each(|p| card(&mut out, c, rest, p));
        });
    }
    out
}

fn card(out: &mut String, c: &Customer, rest: &Rest, p: &Contact) {
    line(out, "BEGIN", "VCARD");
    line(out, "VERSION", "4.0");
    line(out, "UID;VALUE=text", &escaped(&format!("{}-{}@kehu", c.id, p.id)));
    // A card without a name is none.
    let name = if p.name.trim().is_empty() { p.id } else { p.name };
    line(out, "FN", &escaped(name));
    // Which part of a name is the family's is not known.
    line(out, "N", &format!(";{};;;", escaped(name)));
    line(out, "ORG", &escaped(c.name));
    let place = ["address", "city", "region", "postal_code", "country"].map(|key| escaped(rest.text(key)));
    let values = [
        ("TITLE", escaped(p.text("title"))),
        ("TEL;TYPE=work", escaped(p.text("phone"))),
        ("EMAIL;TYPE=work", escaped(p.text("email"))),
        ("X-WECHAT", escaped(p.text("wechat"))),
        ("BDAY", birthday(p.text("birthday"))),
        (
            "ADR;TYPE=work",
            if place.iter().all(String::is_empty) { String::new() } else { format!(";;{}", place.join(";")) },
        ),
        ("URL", escaped(rest.text("website"))),
        ("NOTE", escaped(p.text("note"))),
    ];
    values.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| line(out, name, value));
    line(out, "END", "VCARD");
}

/// `19800702`, `--0702` where the year is not known; empty for a lunar one, which cards have no form for.
fn birthday(text: &str) -> String {
    match (parse_day(text), month_day(text)) {
        (Some(day), _) => day.format("%Y%m%d").to_string(),
        (None, Some((month, day))) => format!("--{month:02}{day:02}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_are_solar() {
        let check = |text: &str, expected: &str| assert_eq!(birthday(text), expected, "{text}");
        check("1980-07-02", "19800702");
        check("07-02", "--0702");
        check("02-29", "--0229");
        check("农历1980-02-30", "");
        check("农历08-15", "");
        check("", "");
    }
}
