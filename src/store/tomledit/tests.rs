//! Tables of (text, edit, result), and the property that one value changed is one line changed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

fn text(s: &str) -> TomlValue {
    TomlValue::Text(s.into())
}
fn bare(s: &str) -> TomlValue {
    TomlValue::Bare(s.into())
}
fn list(items: &[&str]) -> TomlValue {
    TomlValue::List(items.iter().map(ToString::to_string).collect())
}
/// `fields.employees` sets a key in a table.
fn set(path: &str, value: TomlValue) -> TomlEdit {
    let mut table: Vec<String> = path.split('.').map(String::from).collect();
    let key = table.pop().unwrap();
    TomlEdit::Set { table, key, value }
}
fn set_in(id: &str, key: &str, value: TomlValue) -> TomlEdit {
    TomlEdit::SetIn { array: "contacts".into(), id: id.into(), key: key.into(), value }
}
fn push(id: &str, name: &str) -> TomlEdit {
    let values = vec![("id".into(), text(id)), ("name".into(), text(name)), ("left".into(), TomlValue::Remove)];
    TomlEdit::Push { array: "contacts".into(), values }
}
fn take(id: &str) -> TomlEdit {
    TomlEdit::Take { array: "contacts".into(), id: id.into() }
}

#[track_caller]
fn check(src: &str, edit: TomlEdit, expected: &str) {
    for (eol, bom) in [("\n", ""), ("\r\n", ""), ("\n", "\u{feff}"), ("\r\n", "\u{feff}")] {
        let (src, expected) =
            (format!("{bom}{}", src.replace('\n', eol)), format!("{bom}{}", expected.replace('\n', eol)));
        // Without a single line end in the text, new lines are LF.
        if src.contains('\n') || eol == "\n" {
            assert_eq!(apply(&src, std::slice::from_ref(&edit)).unwrap(), expected, "{src:?}");
        }
    }
}

fn groups() -> Vec<&'static [&'static str]> {
    customer_groups().into_iter().map(|g| &*g.leak()).collect()
}

#[test]
fn values_are_set_in_place() {
    check("a = 1 # why\nb = 2\n", set("a", bare("3")), "a = 3 # why\nb = 2\n");
    check("a=1", set("a", text("x\"\\\n\u{1}\u{7f}")), r#"a="x\"\\\n\u0001\u007F""#);
    check("  \"a\"\t=  'x'  #c\n", set("a", text("客户")), "  \"a\"\t=  \"客户\"  #c\n");
    check("a = '''x\ny'''\nb = 0x1F\n", set("a", text("z")), "a = \"z\"\nb = 0x1F\n");
    check("a = 1\n[t] # t\nk = 1\n\n[u]\n", set("t.k", bare("2")), "a = 1\n[t] # t\nk = 2\n\n[u]\n");
    check("fields.n = 1\n", set("fields.n", bare("2")), "fields.n = 2\n");
    check("fields = { n = 1, m = 2 }\n", set("fields.n", bare("9")), "fields = { n = 9, m = 2 }\n");
    check("[a]\n[a.b]\nc = 1\n", set("a.b.c", bare("2")), "[a]\n[a.b]\nc = 2\n");
}

#[test]
fn present_values_change_nothing() {
    for (src, edit) in [
        ("a = 'x'\n", set("a", text("x"))),
        ("a = 500_000\n", set("a", bare("500000"))),
        ("a = [ 'x', # c\n 'y' ]\n", set("a", list(&["x", "y"]))),
        ("a = 1\n", set("b", TomlValue::Remove)),
        ("a = 1\n", set("t.b", TomlValue::Remove)),
    ] {
        check(src, edit, src);
    }
}

#[test]
fn keys_are_removed_with_their_line_only() {
    check("# up\na = 1 # c\nb = 2\n", set("a", TomlValue::Remove), "# up\nb = 2\n");
    check("a = 1\nb = [\n  1,\n]", set("b", TomlValue::Remove), "a = 1\n");
    check("f.a = 1\nb = 2\n", set("f.a", TomlValue::Remove), "b = 2\n");
    check("f.a.b = 1\nb = 2\n", set("f.a.b", TomlValue::Remove), "b = 2\n");
    check("f = { a = 1, b = 2, c = 3 }\n", set("f.b", TomlValue::Remove), "f = { a = 1, c = 3 }\n");
    check("f = { a = 1, b = 2 }\n", set("f.b", TomlValue::Remove), "f = { a = 1 }\n");
    check("f = { a = 1 }\n", set("f.a", TomlValue::Remove), "f = {}\n");
    check("[t]\na = 1\n", set("t.a", TomlValue::Remove), "[t]\n");
}

#[test]
fn new_keys_find_a_place() {
    check("", set("a", bare("1")), "a = 1\n");
    check("a = 1", set("b", bare("2")), "a = 1\nb = 2");
    check("a = 1\n\n# t\n[t]\nx = 1\n", set("b", bare("2")), "a = 1\nb = 2\n\n# t\n[t]\nx = 1\n");
    check("# t\n[t]\nx = 1\n", set("b", bare("2")), "b = 2\n\n# t\n[t]\nx = 1\n");
    check("[t]\n  x = 1 # c\n\n[u]\n", set("t.y", bare("2")), "[t]\n  x = 1 # c\n  y = 2\n\n[u]\n");
    check("[t] # c\n\n[u]\n", set("t.y", bare("2")), "[t] # c\ny = 2\n\n[u]\n");
    check("f.a = 1\nb = 2\n", set("f.c d", bare("3")), "f.a = 1\nf.\"c d\" = 3\nb = 2\n");
    check("[t]\nf.a = 1\n[u]\n", set("t.f.b", bare("2")), "[t]\nf.a = 1\nf.b = 2\n[u]\n");
    check("f = {}\n", set("f.a", bare("1")), "f = { a = 1 }\n");
    check("f = { a = 1 }\n", set("f.b", list(&["x", "y"])), "f = { a = 1, b = [\"x\", \"y\"] }\n");
    check("a = 1\n", set("f.b", bare("2")), "a = 1\n\n[f]\nb = 2\n");
    check("a = 1", set("f.b", bare("2")), "a = 1\n\n[f]\nb = 2");
    check("[li]\nname = \"Li\"\n", set("li.limits.own", bare("9")), "[li]\nname = \"Li\"\nlimits = { own = 9 }\n");
    check("[g.a]\nx = 1\n", set("g.b.x", bare("2")), "[g.a]\nx = 1\n\n[g.b]\nx = 2\n");
}

#[test]
fn customer_keys_stand_in_their_groups() {
    let template = "name = \"N\"\ncreated = 2024-01-05\n\nstage = \"a\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\nintent = \"\"\n\ncity = \"S\"\nnote = \"n\"\n\n[fields]\nx = 1\n";
    let check = |src: &str, key: &str, expected: &str| {
        assert_eq!(apply_ordered(src, &[set(key, text("v"))], &groups()).unwrap(), expected, "{key}");
    };
    let put = |after: &str, new: &str| template.replacen(after, &format!("{after}{new}"), 1);
    check(template, "tax_id", &put("name = \"N\"\n", "tax_id = \"v\"\n"));
    check(template, "grade", &put("owner = \"li\"\n\n", "grade = \"v\"\n\n"));
    check(template, "closed_until", &put("status = \"active\"\n", "closed_until = \"v\"\n"));
    check(template, "source", &put("intent = \"\"\n\n", "source = \"v\"\n"));
    check(template, "address", &put("city = \"S\"\n", "address = \"v\"\n"));
    check(template, "own_key", &put("note = \"n\"\n", "own_key = \"v\"\n"));
    check("name = \"N\"\n[fields]\n", "owner", "name = \"N\"\n\nowner = \"v\"\n\n[fields]\n");
    check("name = \"N\"", "owner", "name = \"N\"\n\nowner = \"v\"");
    check("# top\nowner = \"x\"\n# end\n", "name", "name = \"v\"\n\n# top\nowner = \"x\"\n# end\n");
    check(
        "name = \"N\"\nstage = \"a\"\ncity = \"S\"\n",
        "owner",
        "name = \"N\"\nstage = \"a\"\ncity = \"S\"\n\nowner = \"v\"\n",
    );
    check("name = \"N\"\n# c\n\ncity = \"S\"\n", "owner", "name = \"N\"\n# c\n\nowner = \"v\"\n\ncity = \"S\"\n");
    check(
        "name = \"N\"\n\n# who\n[[contacts]]\nid = \"a\"\n",
        "fields.x",
        "name = \"N\"\n\n[fields]\nx = \"v\"\n\n# who\n[[contacts]]\nid = \"a\"\n",
    );
}

#[test]
fn lists_keep_their_lines() {
    check("t = []\n", set("t", list(&["a"])), "t = [\n    \"a\",\n]\n");
    check("t = [] # c\n", set("t", list(&[])), "t = [] # c\n");
    check("t = ['a'] # c\n", set("t", list(&["a", "b"])), "t = [\"a\", \"b\"] # c\n");
    check("x = 1\n", set("t", list(&["a", "b"])), "x = 1\nt = [\n    \"a\",\n    \"b\",\n]\n");
    let three = "t = [\n  'a', # A\n  # b\n  \"b\",\n  'c' # C\n] # end\n";
    check(three, set("t", list(&["a", "c"])), "t = [\n  'a', # A\n  # b\n  'c' # C\n] # end\n");
    check(
        three,
        set("t", list(&["a", "b", "c", "d"])),
        "t = [\n  'a', # A\n  # b\n  \"b\",\n  'c', # C\n  \"d\",\n] # end\n",
    );
    check(three, set("t", list(&["x", "a"])), "t = [\n  \"x\",\n  'a', # A\n  # b\n] # end\n");
    check(three, set("t", list(&[])), "t = [\n  # b\n] # end\n");
    check("t = [\n  'a',\n]\n", set("t", list(&[])), "t = []\n");
    check("t = ['a',\n 'b']\n", set("t", list(&["b", "c"])), "t = [\n    \"b\",\n    \"c\",\n]\n");
}

#[test]
fn contacts_are_edited() {
    let two = "name = \"N\"\n\n[[contacts]] # 1\nid = \"a\"\nname = \"A\" # c\n\n[[contacts.dates]]\ndate = \"x\"\n\n# second\n[[contacts]]\nid = \"b\"\n# phone = 1\n\n[z]\nk = 1\n";
    check(two, set_in("a", "name", text("AA")), &two.replace("name = \"A\"", "name = \"AA\""));
    check(two, set_in("b", "phone", text("1")), &two.replace("id = \"b\"\n", "id = \"b\"\nphone = \"1\"\n"));
    check(two, set_in("a", "name", TomlValue::Remove), &two.replace("name = \"A\" # c\n", ""));
    check(two, push("c", "C"), &two.replace("1\n\n[z]", "1\n\n[[contacts]]\nid = \"c\"\nname = \"C\"\n\n[z]"));
    check(two, take("b"), &two.replace("[[contacts]]\nid = \"b\"\n", ""));
    check(two, take("a"), "name = \"N\"\n\n# second\n[[contacts]]\nid = \"b\"\n# phone = 1\n\n[z]\nk = 1\n");
    check("name = 1\n\n[[contacts]]\nid = \"a\"\n", take("a"), "name = 1\n");
    check("name = 1", push("a", "A"), "name = 1\n\n[[contacts]]\nid = \"a\"\nname = \"A\"");
    let inline = "contacts = [{ id = \"a\" }, {id=\"b\", n=1}]\n";
    check(inline, set_in("b", "n", bare("2")), "contacts = [{ id = \"a\" }, {id=\"b\", n=2}]\n");
    check(inline, set_in("a", "n", bare("2")), "contacts = [{ id = \"a\", n = 2 }, {id=\"b\", n=1}]\n");
    check(inline, take("b"), "contacts = [{ id = \"a\" }]\n");
    check(inline, take("a"), "contacts = [{id=\"b\", n=1}]\n");
    check(inline, push("c", "C"), "contacts = [{ id = \"a\" }, {id=\"b\", n=1}, { id = \"c\", name = \"C\" }]\n");
    check("contacts = []\n", push("c", "C"), "contacts = [{ id = \"c\", name = \"C\" }]\n");
    let lines = "contacts = [\n  { id = \"a\" }, # A\n  { id = \"b\" } # B\n]\n";
    check(
        lines,
        push("c", "C"),
        "contacts = [\n  { id = \"a\" }, # A\n  { id = \"b\" }, # B\n  { id = \"c\", name = \"C\" },\n]\n",
    );
    check(lines, take("a"), "contacts = [\n  { id = \"b\" } # B\n]\n");
}

#[test]
fn tables_are_added_and_removed() {
    let add = |name: &str| TomlEdit::AddTable { name: name.into(), values: vec![("name".into(), text("X"))] };
    let remove = |name: &str| TomlEdit::RemoveTable { name: name.into() };
    check("[li]\nname = \"Li\"\n", add("wu"), "[li]\nname = \"Li\"\n\n[wu]\nname = \"X\"\n");
    check("", add("王"), "[\"王\"]\nname = \"X\"\n");
    let team = "# team\n[li]\nname = \"Li\"\n\n[li.limits]\nown = 1\n\n# boss\n[wu]\nname = \"Wu\"\n";
    check(team, remove("li"), "# team\n# boss\n[wu]\nname = \"Wu\"\n");
    check(team, remove("wu"), "# team\n[li]\nname = \"Li\"\n\n[li.limits]\nown = 1\n\n# boss\n");
    check("a = 1\nt.x = 1\nt.y = 2\nb = 2\n", remove("t"), "a = 1\nb = 2\n");
    check("a = 1\nt = { x = 1 } # c\nb = 2\n", remove("t"), "a = 1\nb = 2\n");
}

#[test]
fn refusals() {
    let key = |k: &str| k.to_string();
    let check =
        |src: &str, edit: TomlEdit, expected: EditError| assert_eq!(apply(src, &[edit]), Err(expected), "{src:?}");
    check("a = [1]\n", set("a.b", bare("1")), EditError::WrongKind { key: key("a.b") });
    check("[a]\n", set("a", bare("1")), EditError::WrongKind { key: key("a") });
    check("a = { x = 1 }\n", set("a", bare("1")), EditError::WrongKind { key: key("a") });
    check("a = 1\n", set("a", bare("1\nevil = 2")), EditError::NotProved { key: key("a") });
    check("a = 1\n", set("a", bare("2 # c")), EditError::NotProved { key: key("a") });
    check("a = 1\n", set("a", bare("")), EditError::NotProved { key: key("a") });
    check("a = { # c\n x = 1 }\n", set("a.y", bare("1")), EditError::Form { key: key("a.y") });
    check("a = ['x', # c\n 'y']\n", set("a", list(&["x"])), EditError::Form { key: key("a") });
    check("a = [ # c\n]\n", set("a", text("x")), EditError::Form { key: key("a") });
    check("[a.b]\nx = 1\n", set("a.k", bare("1")), EditError::Form { key: key("a.k") });
    check("", set_in("x", "k", bare("1")), EditError::Missing { key: key("contacts[x].k") });
    check("contacts = [{id='a'},{id='a'}]\n", take("a"), EditError::Ambiguous { key: key("contacts[a]") });
    check("[[contacts]]\nid='a'\n", push("a", "A"), EditError::Exists { key: key("contacts[a]") });
    let scattered = "[[contacts]]\nid='a'\n[z]\n[contacts.x]\n";
    check(scattered, take("a"), EditError::Form { key: key("contacts[a]") });
    check(scattered, TomlEdit::RemoveTable { name: key("y") }, EditError::Missing { key: key("y") });
    let syntax = |src: &str| matches!(apply(src, &[]), Err(EditError::Syntax { .. }));
    assert!(syntax("a = \n") && syntax("a = 1\na = 2\n"));
    assert!(syntax(&format!("a = {}1{}", "[".repeat(10_000), "]".repeat(10_000))));
    assert!(syntax(&format!("a = {}", "{a=".repeat(10_000))));
    assert!(syntax(&format!("{} = 1", vec!["a"; 10_000].join("."))));
}

#[test]
fn all_edits_or_none() {
    assert!(apply("a = 1\n", &[set("a", bare("2")), take("x")]).is_err());
    assert_eq!(
        apply("a = 1\n", &[set("a", bare("2")), push("x", "X"), set_in("x", "name", text("Y"))]).unwrap(),
        "a = 2\n\n[[contacts]]\nid = \"x\"\nname = \"Y\"\n"
    );
}

/// A file of a company that writes by hand: any order, comments, spellings.
fn document() -> impl Strategy<Value = (String, Vec<String>)> {
    let value = prop_oneof![
        Just("1_000".to_string()),
        Just("0x1F".to_string()),
        Just("'lit # no'".to_string()),
        Just("2024-01-05".to_string()),
        Just("true".to_string()),
        Just("1200.50".to_string()),
        Just("[1, 2]".to_string()),
        Just("\"客\\\"户\"".to_string()),
    ];
    let line = (
        value,
        prop_oneof![Just(""), Just(" # why"), Just("   #客")],
        prop_oneof![Just(" = "), Just("="), Just(" =\t")],
        prop_oneof![Just(""), Just("# above\n"), Just("\n"), Just("\n# a\n\n")],
    );
    let keys =
        Just(vec!["name", "stage", "status", "owner", "grade", "intent", "city", "note", "x1", "x2"]).prop_shuffle();
    (keys, prop::collection::vec(line, 1..9), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(keys, lines, crlf, bom, last, tables)| {
            let mut out = String::new();
            let mut used = Vec::new();
            for (key, (value, comment, eq, above)) in keys.iter().zip(&lines) {
                out.push_str(&format!("{above}{key}{eq}{value}{comment}\n"));
                used.push((*key).to_string());
            }
            if tables {
                out.push_str("\n[fields] # f\nn = 1\n\n[[contacts]]\nid = \"a\"\n");
            }
            if !last {
                out.pop();
            }
            let out = if crlf { out.replace('\n', "\r\n") } else { out };
            (if bom { format!("\u{feff}{out}") } else { out }, used)
        },
    )
}

proptest! {
    #[test]
    fn one_value_changed_is_one_line_changed((src, used) in document(), pick in any::<prop::sample::Index>(), new in any::<String>()) {
        let key = &used[pick.index(used.len())];
        let out = apply_ordered(&src, &[set(key, text(&new))], &groups()).unwrap();
        let (before, after): (Vec<&str>, Vec<&str>) = (src.split('\n').collect(), out.split('\n').collect());
        prop_assert_eq!(before.len(), after.len());
        prop_assert!(before.iter().zip(&after).filter(|(a, b)| a != b).count() <= 1);
        // And back again: nothing but the value was touched.
        let again = apply(&out, &[set(key, text(&new))]).unwrap();
        prop_assert_eq!(again, out);
    }

    #[test]
    fn a_new_key_only_adds_lines((src, used) in document(), value in any::<String>()) {
        for key in ["name", "grade", "intent", "note", "tags"].iter().filter(|k| !used.iter().any(|u| u == *k)) {
            let out = apply_ordered(&src, &[set(key, text(&value))], &groups()).unwrap();
            // The old text is what remains when the new stretch is cut out.
            let same = src.bytes().zip(out.bytes()).take_while(|(a, b)| a == b).count();
            prop_assert!(src.as_bytes()[same..] == out.as_bytes()[out.len() - (src.len() - same)..], "{:?}\n{:?}", src, out);
            prop_assert_eq!(src.ends_with('\n'), out.ends_with('\n'));
            let gone = apply(&out, &[set(key, TomlValue::Remove)]).unwrap();
            let filled = |s: &str| s.lines().filter(|l| !l.trim_matches(['\u{feff}', ' ']).is_empty()).count();
            prop_assert_eq!(filled(&gone), filled(&src));
        }
    }

    #[test]
    fn editing_never_panics(src in "[a-c=\\[\\]{}.,\"'#\r\n1 ]{0,40}", key in "[a-c]") {
        let _ = apply_ordered(&src, &[set(&key, bare("1")), set("a.b", list(&["x"])), push("i", "n"), take("i")], &[&["b", "a"]]);
        let _ = apply(&src, &[TomlEdit::RemoveTable { name: key.clone() }]);
        let _ = apply(&src, &[set("a.b", TomlValue::Remove)]);
        let _ = apply(&src, &[set(&key, TomlValue::Remove)]);
    }
}

proptest! {
    /// Many edits of contacts at once give the text that one after the other gives.
    #[test]
    fn edits_together_are_edits_one_by_one(
        head in prop_oneof![Just(""), Just("name = \"A\"\n"), Just("name = \"A\"\r\n\r\n")],
        there in 0usize..4,
        between in prop_oneof![Just(""), Just("\n"), Just("# why\n"), Just("\n\n")],
        end in prop_oneof![Just(""), Just("\n"), Just("# end\n"), Just("[fields]\na = 1\n")],
        cut in any::<bool>(),
        sets in prop::collection::vec((0usize..5, prop_oneof![Just("likes"), Just("phone"), Just("name")], prop_oneof![Just("x"), Just("N")], any::<bool>()), 0..6),
        pushes in prop::collection::vec(0usize..8, 0..4),
    ) {
        let contact = |n: usize| format!("[[contacts]]\nid = \"c{n}\"\nname = \"N\"\n{between}");
        let mut src = format!("{head}{}{end}", (0..there).map(contact).collect::<String>());
        if cut {
            src.truncate(src.trim_end().len());
        }
        let value = |text: &str, remove: bool| if remove { TomlValue::Remove } else { TomlValue::Text(text.into()) };
        let mut edits: Vec<TomlEdit> = sets
            .iter()
            .map(|(n, key, text, remove)| TomlEdit::SetIn { array: "contacts".into(), id: format!("c{n}"), key: (*key).into(), value: value(text, *remove && *key != "name") })
            .collect();
        edits.extend(pushes.iter().map(|n| TomlEdit::Push {
            array: "contacts".into(),
            values: vec![("id".into(), TomlValue::Text(format!("n{n}"))), ("name".into(), TomlValue::Text("P".into()))],
        }));
        let one_by_one = edits.iter().try_fold(src.clone(), |text, e| apply(&text, std::slice::from_ref(e)));
        prop_assert_eq!(apply(&src, &edits), one_by_one);
    }
}
