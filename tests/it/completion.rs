//! TAB in real shells: ids of the data directory are offered, and nothing that a file says is ever run.

use super::support::{Dir, Ran, command, kehu_path};
use std::path::Path;
use std::process::Command;

/// Names that a shell would act on if it expanded them.
const HOSTILE: &[&str] = &["y`touch P`", "z$(touch P)", "a b", "w;touch P", "v'\"", "u*"];

/// A directory of a stranger, with a folder of programs in which there is nothing but kehu.
fn hostile() -> Dir {
    let dir = Dir::new();
    for id in ["huaxin", "hua-2", "华新"] {
        dir.write(
            &format!("customers/x/{id}.toml"),
            format!("name = \"{id}\"\ncreated = 2026-01-05\nstage = \"lead\"\n"),
        );
    }
    for name in HOSTILE {
        let text = "name = \"X\"\ncreated = 2026-01-05\nstage = \"lead\"\n";
        dir.write(&format!("customers/x/{name}.toml"), text);
    }
    std::fs::create_dir(dir.path().join("bin")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(kehu_path(), dir.path().join("bin/kehu")).expect("a link");
    dir
}

fn shell(program: &str, dir: &Dir, script: &str) -> Ran {
    let path = format!("{}:{}", dir.path().join("bin").display(), std::env::var("PATH").unwrap_or_default());
    let mut c = command(Path::new(program), dir.path());
    c.env("PATH", path).env("LC_ALL", "C.UTF-8").env("TERM", "dumb");
    let flag = if program == "zsh" { "-fc" } else { "-c" };
    let out = c.args([flag, script]).output().expect("the shell starts");
    Ran {
        code: out.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("-c").arg("exit 0").status().is_ok_and(|s| s.success());
    if !there {
        eprintln!("skipped: {program} is not installed");
    }
    there
}

/// What a shell offers at the end of `kehu COMMAND…`, a line each.
fn offered(program: &str, dir: &Dir, words: &[&str]) -> String {
    let line = words.join(" ");
    let script = match program {
        "bash" => format!(
            "source <(kehu completions bash) || exit 9\nCOMP_WORDS=({} ''); COMP_CWORD={}; COMP_LINE='{line} '; COMP_POINT=${{#COMP_LINE}}\n\
             _kehu_live kehu '' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words.join(" "),
            words.len(),
            words.last().unwrap_or(&""),
        ),
        "fish" => format!("kehu completions fish | source\ncomplete -C '{line} '\n"),
        // A terminal of its own: zsh completes only where somebody types. Two TABs, and all that it wrote.
        _ => format!(
            "kehu completions zsh >_kehu\nzmodload zsh/zpty || exit 9\nzpty z zsh -f -i\n\
             zpty -w z 'PS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; source ./_kehu; unsetopt menucomplete; setopt autolist; LISTMAX=0; print RE\"\"ADY'\n\
             read_until() {{ local text=; repeat 400; do zpty -rt z chunk && text+=$chunk || sleep 0.05; [[ $text == *$1* ]] && break; done; print -r -- \"$text\" }}\n\
             read_until 'READY' >/dev/null\nzpty -wn z '{line} '$'\\t\\t'\nread_until '{}'\nzpty -d z\n",
            if words.contains(&"--as") { "chen" } else { "huaxin" },
        ),
    };
    let ran = shell(program, dir, &script);
    assert_ne!(ran.code, 9, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn tab_runs_nothing_and_offers_ids() {
    let dir = hostile();
    for program in ["bash", "zsh", "fish"] {
        if !is_there(program) {
            continue;
        }
        let check = |words: &[&str], there: &[&str]| {
            let text = offered(program, &dir, words);
            for word in there {
                assert!(text.contains(word), "{program} {words:?} does not offer {word}:\n{text}");
            }
            for word in ["touch", "y`", "z$", "w;", "u*"] {
                assert!(!text.contains(word), "{program} {words:?} offers {word}:\n{text}");
            }
            assert!(!dir.path().join("P").exists(), "{program} {words:?} ran a command from the data");
        };
        check(&["kehu", "show"], &["huaxin", "hua-2"]);
        check(&["kehu", "stage"], &["huaxin"]);
        check(&["kehu", "due", "--as"], &["li", "chen"]);
    }
}

#[test]
fn bash_offers_what_begins_as_typed() {
    if !is_there("bash") {
        return;
    }
    let dir = hostile();
    let script = "source <(kehu completions bash)\nCOMP_WORDS=(kehu show 'huax'); COMP_CWORD=2\n_kehu_live kehu huax show\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n\
                  COMP_WORDS=(kehu stage 'pro'); COMPREPLY=(); _kehu_live kehu pro stage\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n\
                  COMP_WORDS=(kehu show '*'); COMPREPLY=(); _kehu_live kehu '*' show\nprintf '<%s>\\n' \"${COMPREPLY[@]}\"\n";
    let ran = shell("bash", &dir, script);
    let lines: Vec<&str> = ran.stdout.lines().filter(|l| !l.starts_with('-')).collect();
    assert_eq!(lines, ["huaxin", "prospect", "<>"], "{}", ran.stderr);
}

#[test]
fn only_ids_are_printed_for_completion() {
    let dir = hostile();
    let lines = |what: &str| -> Vec<String> {
        dir.run(&["completions", "--ids", what]).expect(0).stdout.lines().map(ToString::to_string).collect()
    };
    assert_eq!(lines("customers"), ["hua-2", "huaxin", "华新"]);
    assert_eq!(lines("team"), ["li", "wu", "chen"]);
    // A stage that is no id breaks kehu.toml: nothing of it is offered, and `check` says where it stands.
    let settings = dir.read("kehu.toml");
    for hostile in HOSTILE {
        let id = hostile.replace(['\\', '"'], "");
        dir.write("kehu.toml", settings.replacen("id = \"lead\"", &format!("id = \"{id}\""), 1));
        assert_eq!(lines("stages"), Vec::<String>::new(), "{id}");
        let found = dir.run(&["check", "--json"]).expect(1).stdout;
        assert!(found.contains("E050") && found.contains("stages[0].id"), "{id}: {found}");
    }
}

#[test]
fn ids_of_kehu_toml_are_ids() {
    let dir = Dir::new();
    let settings = dir.read("kehu.toml");
    let check = |section: &str, path: &str| {
        dir.write("kehu.toml", format!("{settings}\n{section}\n"));
        let found = dir.run(&["check", "--json"]).expect(1).stdout;
        assert!(found.contains("E050") && found.contains(path), "{section}: {found}");
    };
    check("[pools.\"a b\"]", "pools.a b");
    check("[fields.\"$(touch P)\"]\ntype = \"text\"\nlabel = \"x\"\nzh = \"x\"", "fields.$(touch P)");
    check("[scorecards.\"-x\"]\nindicators = []\nbands = { A = 0 }", "scorecards.-x");
    // Letters of any script are letters.
    dir.write(
        "kehu.toml",
        format!("{settings}\n[fields.\"员工\"]\ntype = \"number\"\nlabel = \"staff\"\nzh = \"员工\"\n"),
    );
    dir.run(&["check"]).expect(0);
}
