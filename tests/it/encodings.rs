//! Ledgers as spreadsheets and old editors leave them: blank rows, GBK, UTF-16.

use super::support::Dir;
use encoding_rs::{GB18030, WINDOWS_1252};

const HEAD: &str = "id,line,at,customer,quantity,price,note\n";

/// Two customers, and orders in two files.
fn company() -> Dir {
    let dir = Dir::new();
    for id in ["acme", "bolt"] {
        dir.run(&["customer", "add", id, "--id", id]).expect(0);
    }
    dir.write("ledgers/orders/a.csv", format!("{HEAD}o_1,1,2026-05-01,acme,1,100,fine\n"));
    dir.write("ledgers/orders/b.csv", format!("{HEAD}o_2,1,2026-05-02,bolt,1,10,华新电子的订单\n"));
    dir
}

#[test]
fn blank_rows_hold_nothing_up_and_are_taken_out() {
    let dir = company();
    let text = "id,line,at,customer,quantity,price,note\r\n,,,,,,\r\no_1,1,2026-05-01,acme,1,100,\"a\r\n,,,,,,\r\nb\"\r\n , ,,,,,\r\n,,\r\n";
    dir.write("ledgers/orders/a.csv", format!("\u{feff}{text}"));
    let found = dir.run(&["check", "--lang", "en"]).expect(0).stdout;
    assert!(
        found.contains("warning[E034]: the file has blank rows (3)") && found.contains("ledgers/orders/a.csv:2:1"),
        "{found}"
    );
    let report = dir.run(&["report", "profit", "--json"]).expect(0).stdout;
    assert!(report.contains("100") && report.contains("bolt"), "{report}");
    // Writers: an appended row, a changed one, a new column.
    dir.run(&["order", "set", "o_1/1", "price=90"]).expect(0);
    dir.run(&["row", "set", "o_1/1", "x_own=y"]).expect(0);
    dir.run(&["log", "acme", "hi", "--channel", "call"]).expect(0);
    dir.run(&["check", "--fix"]).expect(0);
    let fixed = dir.read("ledgers/orders/a.csv");
    assert!(fixed.starts_with('\u{feff}') && fixed.contains("\r\n"), "{fixed:?}");
    assert_eq!(fixed.lines().filter(|l| l.trim_matches([',', ' ']).is_empty()).count(), 0, "{fixed:?}");
    assert!(fixed.contains("a\\n,,,,,,\\nb"), "{fixed:?}");
    assert!(!dir.run(&["check"]).expect(0).stdout.contains("E034"));
    // The normal form has none either.
    dir.write("ledgers/orders/b.csv", format!("{HEAD},,,,,,\no_2,1,2026-05-02,bolt,1,10,\n"));
    dir.run(&["fmt"]).expect(0);
    assert_eq!(dir.read("ledgers/orders/b.csv"), format!("{HEAD}o_2,1,2026-05-02,bolt,1,10,\n"));
}

#[test]
fn a_ledger_in_another_encoding_says_which_and_how_to_convert_it() {
    let check = |bytes: &[u8], from: &str, code: &str| {
        let dir = company();
        let text = dir.read("ledgers/orders/b.csv");
        dir.write("ledgers/orders/b.csv", bytes);
        // The other files' rows count.
        let ran = dir.run(&["report", "profit", "--json", "--lang", "en"]).expect(3);
        assert!(ran.stdout.contains("acme") && !ran.stdout.contains("bolt"), "{from}: {}", ran.stdout);
        let command = format!("`kehu fmt --from {from} ledgers/orders/b.csv` converts it");
        assert!(ran.stderr.contains(code) && ran.stderr.contains(&command), "{from}: {}", ran.stderr);
        assert!(dir.run(&["check", "--lang", "zh-CN"]).expect(1).stdout.contains("可转换"), "{from}");
        let before = dir.files();
        let dry = dir.run(&["fmt", "--from", from, "--dry-run"]).expect(0);
        assert!(dry.stdout.contains("+o_2,1,2026-05-02,bolt,1,10,华新电子的订单"), "{from}: {}", dry.stdout);
        assert_eq!(dir.files(), before, "{from}");
        let ran = dir.run(&["fmt", "--from", from, "ledgers/orders/b.csv", "--lang", "en"]).expect(0);
        assert_eq!(ran.stdout, format!("ledgers/orders/b.csv  converted from {from}\n"));
        assert_eq!(dir.read("ledgers/orders/b.csv"), text, "{from}");
        dir.run(&["report", "profit", "--json"]).expect(0);
        assert!(dir.run(&["fmt", "--from", from, "--lang", "en"]).expect(0).stderr.contains("nothing to convert"));
    };
    let text = format!("{HEAD}o_2,1,2026-05-02,bolt,1,10,华新电子的订单\n");
    check(&GB18030.encode(&text).0, "gb18030", "E001");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&[b"\xff\xfe", little.as_slice()].concat(), "utf-16le", "E001");
    check(&little, "utf-16le", "E001");
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&[b"\xfe\xff", big.as_slice()].concat(), "utf-16be", "E001");
}

#[test]
fn a_utf16_ledger_of_ascii_is_known_by_its_zeros() {
    let dir = company();
    let text = format!("{HEAD}o_2,1,2026-05-02,bolt,1,10,fine\n");
    dir.write("ledgers/orders/b.csv", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let ran = dir.run(&["check", "--lang", "en"]).expect(1);
    assert!(
        ran.stdout.contains("E002") && ran.stdout.contains("`kehu fmt --from utf-16le ledgers/orders/b.csv`"),
        "{}",
        ran.stdout
    );
    dir.run(&["fmt", "--from", "utf-16le"]).expect(0);
    assert_eq!(dir.read("ledgers/orders/b.csv"), text);
}

#[test]
fn only_what_is_text_in_the_encoding_is_converted() {
    let dir = company();
    dir.write(
        "customers/m/mueller.toml",
        WINDOWS_1252.encode(&dir.read("customers/a/acme.toml").replace("acme", "Müller & Söhne")).0,
    );
    let ran = dir.run(&["check", "--lang", "en"]).expect(1);
    assert!(ran.stdout.contains("`kehu fmt --from ENCODING` converts it; it may be windows-1252"), "{}", ran.stdout);
    dir.run(&["fmt", "--from", "windows-1252"]).expect(0);
    assert!(dir.read("customers/m/mueller.toml").contains("name = \"Müller & Söhne\""));
    // Rows that another program wrote into a file of UTF-8.
    let good = dir.read("ledgers/orders/b.csv");
    let row = "o_3,1,2026-05-03,bolt,1,10,上海\n";
    dir.write("ledgers/orders/b.csv", [good.as_bytes(), &GB18030.encode(row).0].concat());
    let ran = dir.run(&["check", "--lang", "en"]).expect(1);
    assert!(
        ran.stdout.contains("`kehu fmt --from gb18030 ledgers/orders/b.csv` converts the lines that are not UTF-8"),
        "{}",
        ran.stdout
    );
    let before = dir.files();
    dir.run(&["fmt", "--from", "klingon"]).expect(2);
    dir.run(&["fmt", "--from", "gb18030", "--check"]).expect(2);
    dir.run(&["fmt", "--from", "gb18030", "ledgers/orders/none.csv"]).expect(4);
    dir.run(&["fmt", "ledgers/orders/b.csv"]).expect(2);
    let ran = dir.run(&["fmt", "--from", "utf-16", "--lang", "en"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(dir.files(), before);
    dir.run(&["fmt", "--from", "gb18030", "ledgers/orders/b.csv"]).expect(0);
    assert_eq!(dir.read("ledgers/orders/b.csv"), format!("{good}{row}"));
}
