//! README and docs are tests: their `console` and `sh` blocks are run.
//!
//! In a ```` ```console ```` block lines that begin with `$ ` are commands, and the lines below each are what it prints (stdout and
//! stderr, as a terminal shows them); `...` alone stands for any lines, `[..]` for anything within a line. The lines of a
//! ```` ```sh ```` block are run one by one and must succeed, unless one ends with `# exit 7`. A line that ends with `\` goes on in the next one. Blocks marked `ignore`
//! (```` ```sh ignore ````) and all other languages are left alone. The blocks of one file share one temporary
//! directory; `cd DIR` changes it for the lines that follow, and `export NAME=value` the environment. `kehu` is our program, and `KEHU_USER` is `li`, but for the READMEs.
//!
//! `KEHU_BLESS=1 cargo test docs` puts the outputs in the files right, where they hold no `...` or `[..]`.

use super::golden::{difference, words};
use super::support::{Dir, command, kehu_path, repo};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A fenced block that is run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    console: bool,
    /// Number of its first line.
    line: usize,
    text: String,
}

/// The blocks of a Markdown text that are run.
fn blocks(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open: Option<(String, usize, Option<Block>)> = None;
    for (n, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        match &mut open {
            None => {
                let ticks = bare.chars().take_while(|c| *c == '`').count();
                if ticks >= 3 {
                    let info = bare[ticks..].trim();
                    let console = info == "console";
                    let run = (console || info == "sh").then(|| Block { console, line: n + 2, text: String::new() });
                    open = Some((bare[..ticks].to_string(), indent, run));
                }
            }
            Some((fence, indent, block)) => {
                if bare.trim_end() == fence {
                    out.extend(block.take());
                    open = None;
                } else if let Some(b) = block {
                    let skip = line.len() - line.trim_start().len();
                    let _ = writeln!(b.text, "{}", &line[skip.min(*indent)..]);
                }
            }
        }
    }
    out
}

/// A command with what it is expected to print (`None` = anything) and to end with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    line: usize,
    command: String,
    exit: Option<i32>,
    expected: Option<String>,
}

/// The commands of a block.
fn steps(block: &Block) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for (n, line) in block.text.lines().enumerate() {
        let at = block.line + n;
        if goes_on && let Some(s) = out.last_mut() {
            // `> ` is what a shell prints in front of the rest of a command.
            let rest = if block.console { line.strip_prefix("> ").unwrap_or(line) } else { line };
            let _ = write!(s.command, "\n{rest}");
        } else if block.console {
            match (line.strip_prefix("$ "), out.last_mut()) {
                (Some(c), _) => {
                    out.push(Step { line: at, command: c.into(), exit: None, expected: Some(String::new()) });
                }
                (None, Some(Step { expected: Some(text), .. })) => {
                    let _ = writeln!(text, "{line}");
                }
                (None, _) => panic!("line {at}: a console block begins with a line `$ command`"),
            }
        } else if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            out.push(Step { line: at, command: line.into(), exit: Some(0), expected: None });
        }
        goes_on = line.ends_with('\\');
    }
    for s in &mut out {
        let exit = s
            .command
            .rsplit_once("# exit ")
            .and_then(|(c, n)| Some((c.trim_end().to_string(), n.trim().parse().ok()?)));
        if let Some((command, n)) = exit {
            (s.command, s.exit) = (command, Some(n));
        }
        if let Some(text) = &mut s.expected {
            // A blank line before the next command only separates.
            text.truncate(text.trim_end().len());
        }
    }
    out
}

/// Whether a text is what a pattern describes: `...` = any lines, `[..]` = anything within a line.
fn fits(pattern: &str, text: &str) -> bool {
    fn lines(pattern: &[&str], text: &[&str]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((&"...", rest)) => (0..=text.len()).any(|n| lines(rest, &text[n..])),
            Some((p, rest)) => text.split_first().is_some_and(|(t, more)| line(p, t) && lines(rest, more)),
        }
    }
    fn line(pattern: &str, text: &str) -> bool {
        let mut parts = pattern.split("[..]");
        let first = parts.next().unwrap_or("");
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
        for p in middle {
            match rest.split_once(p) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        rest.ends_with(last)
    }
    let trimmed = |s: &str| s.lines().map(|l| l.trim_end().to_string()).collect::<Vec<_>>();
    let (pattern, text) = (trimmed(pattern.trim_end()), trimmed(text.trim_end()));
    let pattern: Vec<&str> = pattern.iter().map(String::as_str).collect();
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    lines(&pattern, &text)
}

/// Where the blocks of a file are run.
struct Session {
    _dir: Dir,
    here: PathBuf,
    path: std::ffi::OsString,
    env: Vec<(String, String)>,
}

impl Session {
    /// A README says itself who its reader is; in the other files it is li.
    fn new(name: &str) -> Session {
        let dir = Dir::empty();
        let here = dir.path().join("work");
        std::fs::create_dir_all(&here).expect("a folder");
        let bin = kehu_path().parent().expect("a folder").to_path_buf();
        let old = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&old))).expect("a PATH");
        let env = if name.starts_with("README") { Vec::new() } else { vec![("KEHU_USER".into(), "li".into())] };
        Session { _dir: dir, here, path, env }
    }

    /// Runs a command; what it printed and its exit code.
    fn run(&mut self, text: &str) -> (String, i32) {
        let parts = words(text).unwrap_or_default();
        match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cd", to] => {
                let to = self.here.join(to);
                if !to.is_dir() {
                    return (format!("cd: {}: no such folder\n", to.display()), 1);
                }
                self.here = to;
                return (String::new(), 0);
            }
            ["export", set] if set.contains('=') => {
                let (name, value) = set.split_once('=').expect("a =");
                self.env.push((name.into(), value.into()));
                return (String::new(), 0);
            }
            _ => {}
        }
        let mut c = command(Path::new("sh"), &self.here);
        c.env("PATH", &self.path);
        c.env("GIT_AUTHOR_NAME", "Li").env("GIT_AUTHOR_EMAIL", "li@example.com");
        c.env("GIT_COMMITTER_NAME", "Li").env("GIT_COMMITTER_EMAIL", "li@example.com");
        c.envs(self.env.iter().cloned());
        // One stream, in the order in which things were printed.
        c.arg("-c").arg(format!("exec 2>&1\n{text}")).stdin(Stdio::null());
        let out = c.output().expect("sh");
        (String::from_utf8_lossy(&out.stdout).into_owned(), out.status.code().unwrap_or(-1))
    }
}

/// Runs a file's blocks; what is wrong, in words. With `bless`, outputs without `...` and `[..]` are put right in the text.
fn check_file(name: &str, text: &mut String, bless: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut lines: Vec<String> = text.lines().map(ToString::to_string).collect();
    // Lines that the text has grown by so far.
    let mut grown = 0_isize;
    let mut session = Session::new(name);
    for block in blocks(&text.clone()) {
        for s in steps(&block) {
            let (got, code) = session.run(&s.command);
            let place = format!("{name}:{}: {}", s.line, s.command);
            if s.exit.is_some_and(|e| e != code) {
                wrong.push(format!("{place}\nexit code {code} instead of {}\n{got}", s.exit.unwrap_or(0)));
            }
            if let Some(expected) = &s.expected
                && !fits(expected, &got)
            {
                if bless && !expected.lines().any(|l| l == "..." || l.contains("[..]")) {
                    let first = (s.line + s.command.lines().count() - 1).saturating_add_signed(grown);
                    let old = expected.lines().count();
                    let new: Vec<String> = got.trim_end().lines().map(|l| l.trim_end().to_string()).collect();
                    grown += new.len().cast_signed() - old.cast_signed();
                    lines.splice(first..first + old, new);
                    continue;
                }
                wrong.push(format!("{place}\n{}", difference(&format!("{expected}\n"), &got)));
            }
        }
    }
    if bless {
        *text = lines.join("\n") + "\n";
    }
    wrong
}

#[test]
fn blocks_of_the_docs_run() {
    let bless = std::env::var_os("KEHU_BLESS").is_some();
    let mut files = vec!["README.md".to_string(), "README.zh-CN.md".to_string()];
    let mut docs: Vec<String> = std::fs::read_dir(repo().join("docs"))
        .expect("docs")
        .map(|e| format!("docs/{}", e.expect("an entry").file_name().to_string_lossy()))
        .filter(|n| n.ends_with(".md"))
        .collect();
    docs.sort();
    files.extend(docs);
    let mut wrong = Vec::new();
    for name in files {
        match std::fs::read_to_string(repo().join(&name)) {
            Ok(before) => {
                let mut text = before.clone();
                wrong.extend(check_file(&name, &mut text, bless));
                if text != before {
                    std::fs::write(repo().join(&name), text).expect("the file with other outputs");
                }
            }
            Err(e) => wrong.push(format!("{name}: {e}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn blocks_are_found() {
    let text = "a\n```console\n$ kehu due\nx\n```\n```sh ignore\nrm\n```\n````text\n```sh\nno\n```\n````\n1. b\n   ```sh\n   kehu a\n     b\n   ```\n```toml\n$ x\n```\n";
    let found: Vec<(bool, usize, String)> = blocks(text).into_iter().map(|b| (b.console, b.line, b.text)).collect();
    assert_eq!(found, [(true, 3, "$ kehu due\nx\n".to_string()), (false, 16, "kehu a\n  b\n".to_string())]);
}

#[test]
fn commands_are_found() {
    let console = Block { console: true, line: 5, text: "$ a \\\n> b\nout\n\n$ c  # exit 7\n".into() };
    let step = |line, command: &str, exit, expected: Option<&str>| Step {
        line,
        command: command.into(),
        exit,
        expected: expected.map(Into::into),
    };
    assert_eq!(steps(&console), [step(5, "a \\\nb", None, Some("out")), step(9, "c", Some(7), Some(""))]);
    let sh = Block { console: false, line: 1, text: "# comment\na\n\nb # exit 2\n".into() };
    assert_eq!(steps(&sh), [step(2, "a", Some(0), None), step(4, "b", Some(2), None)]);
}

#[test]
fn patterns_fit() {
    let check =
        |pattern: &str, text: &str, expected: bool| assert_eq!(fits(pattern, text), expected, "{pattern:?} {text:?}");
    check("", "", true);
    check("", "a\n", false);
    check("a\nb", "a\nb  \n", true);
    check("a\n...\nd", "a\nb\nc\nd\n", true);
    check("a\n...", "a\n", true);
    check("...", "", true);
    check("...\nd", "a\nc\n", false);
    check("id [..] due", "id a_1 due", true);
    check("id[..]", "id ", true);
    check("[..]x[..]y", "aaxbby", true);
    check("[..]x[..]y", "aaxbb", false);
    check("a[..]a", "a", false);
}

#[test]
fn files_are_run() {
    let good = "```sh\nmkdir d\ncd d\nkehu init . --name X\nkehu nosuch # exit 2\nexport KEHU_LANG=en\nkehu team add li \"Li Lei\"\n```\n```console\n$ kehu team list\nid  name [..]\nli  Li Lei[..]\n$ echo \"$KEHU_USER\" | cat; ls\nli\n...\nteam.toml\ntemplates\n```\n";
    let check = |text: &str, bless: bool| {
        let mut after = text.to_string();
        let wrong = check_file("x.md", &mut after, bless);
        (wrong, after)
    };
    assert_eq!(check(good, false), (Vec::new(), good.to_string()));
    let bad = "```sh\nfalse\n```\n```console\n$ echo a; echo b\nb\n\n$ echo c\nd\n```\n";
    let (wrong, after) = check(bad, false);
    assert_eq!((wrong.len(), after.as_str()), (3, bad), "{wrong:?}");
    assert!(wrong[0].starts_with("x.md:2: false\nexit code 1"), "{}", wrong[0]);
    assert!(wrong[2].contains("-d\n+c\n"), "{}", wrong[2]);
    let (wrong, after) = check(bad, true);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert_eq!(after, "```sh\nfalse\n```\n```console\n$ echo a; echo b\na\nb\n\n$ echo c\nc\n```\n");
}
