//! What people see on a terminal of 80 columns: the key, the money that a report is about and due days stay, what says little
//! goes first, and is named. `KEHU_BLESS=1` writes the expectations, the files of `tests/widths/`.

use crate::reading::read;
use crate::support::{Dir, TODAY, repo};
use kehu::i18n::Lang;

#[test]
fn eighty_columns_keep_what_matters() {
    let dir = Dir::demo();
    let reading = read(dir.path(), TODAY, 1);
    for (lang, ending) in [(Lang::En, "en"), (Lang::ZhCn, "zh")] {
        for (name, text) in reading.at_80(lang) {
            let file = repo().join("tests/widths").join(format!("{name}.{ending}.txt"));
            if std::env::var_os("KEHU_BLESS").is_some() {
                std::fs::create_dir_all(repo().join("tests/widths")).expect("a folder");
                std::fs::write(&file, &text).expect("a file");
            }
            let expected = std::fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(text, expected, "{}", file.display());
        }
    }
}
