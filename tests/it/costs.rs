//! What bytes from a stranger cost: no form of them takes much more work than as many bytes of ordinary data.
//!
//! Work is counted as in `growth`. Of ledgers `check` is left out: it tells every finding, and a row of two bytes has one.

use super::growth::{acme, missing, of, work};
use super::support::Dir;

/// So many times the work of ordinary bytes may hostile ones take.
const MOST: f64 = 20.0;
/// Bytes of each form.
const SIZE: usize = 32 << 10;

/// As many of something as make up [`SIZE`] bytes.
fn fill(line: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for i in 0.. {
        out.push_str(&line(i));
        if out.len() >= SIZE {
            break;
        }
    }
    out
}

/// Forms of a file's text, the ordinary one first.
type Forms = Vec<(&'static str, String)>;

/// Each form of a file costs a command no more than [`MOST`] times what the first one costs.
fn check(file: &str, front: impl Fn(&Dir) -> String, forms: &Forms, args: &[&str]) {
    if missing() {
        return;
    }
    let cost = |form: &str| {
        let (_around, dir) = of(&|_, _| (), 0);
        dir.write(file, format!("{}{form}", front(&dir)));
        work(&dir, args, &[0, 1, 2, 3])
    };
    let none = cost("");
    let ordinary = cost(&forms[0].1) - none;
    for (name, form) in &forms[1..] {
        let hostile = cost(form) - none;
        assert!(hostile < MOST * ordinary, "{file} {name}: {hostile:.0} million, ordinary ones {ordinary:.0}");
    }
}

fn csv() -> Forms {
    let one = "n1,2026-06-01,acme,a\n";
    vec![
        ("ordinary", fill(|i| format!("n{i},2026-06-01,acme,\"says, that {i}\"\n"))),
        ("wrong cells", fill(|i| format!("n {i},2026-13-01,nobody{i},\u{1}\n"))),
        ("quotes", fill(|_| "\"\n".into())),
        ("an open quote", format!("\"{}", fill(|i| format!("n{i},2026-06-01,acme,a\n")))),
        ("commas", fill(|_| format!("{}\n", ",".repeat(4000)))),
        ("letters", fill(|_| "a\n".into())),
        ("blank rows", fill(|_| ",,,\n".into())),
        ("one id", fill(|_| one.into())),
        ("half a line end", fill(|_| "\r".into())),
        ("one cell", format!("n1,2026-06-01,acme,\"{}\"\n", fill(|_| "客\"\"\n".into()))),
        ("controls", fill(|_| "\u{1}\u{202e}\n".into())),
    ]
}

/// Headers come in place of the usual one.
fn headers() -> Forms {
    let row = "n1,2026-06-01,acme,a\n";
    let head = |names: String| format!("id,at,customer,text{names}\n{row}");
    vec![
        ("ordinary", head(String::new()) + &csv()[0].1),
        ("own columns", head(fill(|i| format!(",x_{i}")))),
        ("one name", head(fill(|_| ",x_a".into()))),
        ("unknown names", head(fill(|i| format!(",u{i}")))),
    ]
}

fn toml(ordinary: String) -> Forms {
    vec![
        ("ordinary", ordinary),
        ("errors", fill(|_| "= \n".into())),
        ("brackets", fill(|_| "[\n".into())),
        ("open lists", format!("x = {}", fill(|_| "[".into()))),
        ("keys", fill(|i| format!("k{i} = 1\n"))),
        ("one key", fill(|_| "a = 1\n".into())),
        ("tables", fill(|i| format!("[a{i}]\n"))),
        ("one table", fill(|_| "[a]\n".into())),
        ("elements", fill(|_| "[[contacts]]\n".into())),
        ("dots", fill(|_| "a.".into())),
        ("long keys", fill(|i| format!("a{}{i} = 1\n", ".b".repeat(60)))),
        ("escapes", format!("x = \"\"\"{}\"\"\"\n", fill(|_| "\\u0041\"\" ".into()))),
        ("a list", format!("aliases = [{}]\n", fill(|_| "\"a\",".into()))),
        ("one line", format!("x = {{ {}b = 1 }}\n", fill(|i| format!("a{i} = 1, ")))),
        ("controls", format!("x = \"{}\"\n", fill(|_| "\u{1}".into()))),
    ]
}

#[test]
fn of_a_ledger() {
    let (file, needs) = ("ledgers/needs/2026-li.csv", &["need", "list"][..]);
    check(file, |_| "id,at,customer,text\n".into(), &csv(), needs);
    check(file, |_| String::new(), &headers(), needs);
}

#[test]
fn of_a_customer() {
    let contact = |i: usize| format!("\n[[contacts]]\nid = \"c{i}\"\nname = \"Person {i}\"\nphone = \"139{i:08}\"\n");
    check("customers/a/acme.toml", |_| acme(""), &toml(fill(contact)), &["check"]);
}

#[test]
fn of_an_import() {
    let import = &["import", "../src.csv", "--into", "needs", "--dry-run"];
    check("../src.csv", |_| "id,at,customer,text\n".into(), &csv(), import);
    check("../src.csv", |_| String::new(), &headers(), import);
}
