//! Help and usage errors in the reader's language. clap speaks English; the Chinese words stand in `i18n::help`.

use super::record::noun;
use super::ui::{for_stderr, stderr_width};
use crate::diag::{Severity, nearest};
use crate::i18n::{Lang, help as words, messages as m, problem, values};
use crate::model::ledger::Ledger;
use crate::output::Format;
use crate::query::Per;
use crate::report::REPORTS;
use crate::store::template::Template;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::ffi::OsString;
use std::io::Write;

/// The ledger of a command that is a noun with plain verbs only; `None` for all other commands.
pub(crate) type Nouns = fn(&str) -> Option<Ledger>;

/// The command with its help in a language: what it does, examples, then how it is called.
pub(crate) fn localize(command: Command, lang: Lang, nouns: Nouns) -> Command {
    match lang {
        Lang::En => examples_first(command, ""),
        Lang::ZhCn => chinese(command, "", nouns),
    }
}

const TEMPLATE: &str = "{about}{after-help}\n\n{usage-heading} {usage}\n\n{all-args}";
const TEMPLATE_ZH: &str = "{about}{after-help}\n\n用法：{usage}\n\n{all-args}";

fn examples_first(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    let with_lists: Vec<(String, String)> = command
        .get_arguments()
        .filter(|a| english(a).contains('{'))
        .map(|a| (a.get_id().to_string(), filled(Lang::En, path, a, &english(a))))
        .collect();
    let command = with_lists
        .into_iter()
        .fold(command.help_template(TEMPLATE), |c, (id, text)| c.mut_arg(id, |a| a.help(text).long_help(None)));
    names.into_iter().fold(command, |c, name| {
        let at = below(path, &name);
        c.mut_subcommand(name, |c| examples_first(c, &at))
    })
}

/// The path of a command below another one: `report profit`.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path} {name}") }
}

/// The values that an argument takes, where these are a closed list.
fn choices(path: &str, a: &Arg) -> Vec<String> {
    let own = a.get_possible_values();
    let list = |keys: Vec<&str>| keys.into_iter().map(str::to_string).collect();
    let flag = || {
        let report = REPORTS.iter().find(|r| path.strip_prefix("report ") == Some(r.name()))?;
        report.flags().iter().find(|f| a.get_id() == f.name).map(|f| f.values.list().to_vec())
    };
    match a.get_id().as_str() {
        "format" => list(Format::ALL.iter().map(|f| f.name()).collect()),
        "lang" => list(Lang::ALL.iter().map(|l| l.tag()).collect()),
        "per" => list(Per::ALL.iter().map(|p| p.key()).collect()),
        "template" => list(Template::NAMES.to_vec()),
        _ if !own.is_empty() => own.iter().map(|v| v.get_name().to_string()).collect(),
        _ => list(flag().unwrap_or_default()),
    }
}

/// The help of an argument with its lists of values: those of `{ledger.column}`, and its own for `{values}`.
fn filled(lang: Lang, path: &str, a: &Arg, text: &str) -> String {
    if !text.contains("{values}") {
        return values::with_lists(lang, text);
    }
    let choices = choices(path, a);
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    text.replace("{values}", &values::named(lang, (path, a.get_id().as_str()), &choices))
}

/// The sentences that stand before the examples of a command.
fn prose(command: &Command) -> String {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    after.split("Examples:").next().unwrap_or_default().trim_end().to_string()
}

/// What the verbs of rows say of their pairs.
const PAIRS: &str = "column=value; an empty value empties the cell";

/// The English help of an argument, as it is declared.
fn english(a: &Arg) -> String {
    a.get_help().map(ToString::to_string).unwrap_or_default()
}

/// The English help of a command, as it is declared.
fn english_about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// What a command does, in Chinese; the plain verbs of a noun without a file of its own have the same words everywhere.
fn about(path: &str, english: &str, nouns: Nouns) -> Option<String> {
    if path == "report" {
        return Some(words::reports(Lang::ZhCn, &REPORTS.iter().map(|r| r.name()).collect::<Vec<_>>()));
    }
    let plain = || path.split_once(' ').filter(|(name, _)| nouns(name).is_some());
    words::command(path, english).map(str::to_string).or_else(|| words::plain_verb(plain()?.1, english))
}

/// What an argument is for, in Chinese; a column that `add` takes is called by its label.
fn argument(path: &str, a: &Arg, nouns: Nouns) -> Option<String> {
    let (id, english) = (a.get_id().as_str(), english(a));
    let ledger = path.strip_suffix(" add").and_then(nouns);
    let column = || noun::column_help(Lang::ZhCn, ledger?, id);
    // The English names the other columns of the ledger.
    let english = if ledger.is_some() && id == "pairs" { PAIRS } else { &english };
    column().or_else(|| Some(filled(Lang::ZhCn, path, a, words::argument(path, id, english)?)))
}

fn chinese(command: Command, path: &str, nouns: Nouns) -> Command {
    let name = command.get_name().to_string();
    let here = if path.is_empty() && name == "kehu" { String::new() } else { below(path, &name) };
    let said = prose(&command);
    let after = command.get_after_help().map(|s| {
        let after = s.to_string();
        let (english, rest) = after.split_at(said.len());
        let said = if said.is_empty() { "" } else { words::command(&here, &said).unwrap_or(english) };
        format!("{said}{}", rest.replace("Examples:", "示例："))
    });
    let subcommands: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    let args: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    let places: Vec<String> = command.get_positionals().map(|a| a.get_id().to_string()).collect();
    let mut command = command
        .help_template(TEMPLATE_ZH)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_flag(true);
    if let Some(about) = about(&here, &english_about(&command), nouns) {
        command = command.about(about).long_about(None);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    for id in args {
        command = command.mut_arg(&id, |a: Arg| {
            let zh = argument(&here, &a, nouns);
            let heading = match a.get_help_heading() {
                Some("Global") => "全局选项",
                Some("List") => "列表选项",
                _ if a.is_positional() => "参数",
                _ => "选项",
            };
            // Under a heading of their own clap would sort positional arguments by their names.
            let place = places.iter().position(|p| a.get_id() == p).filter(|_| a.is_positional());
            let a = match place {
                Some(n) => a.help_heading(heading).display_order(n),
                None => a.help_heading(heading),
            };
            let names: Vec<&str> = value_names(&a).iter().filter_map(|n| words::value_name(n)).collect();
            let a = if names.is_empty() { a } else { a.value_names(names) };
            match zh {
                Some(text) => a.help(text).long_help(None),
                None => a,
            }
        });
    }
    for name in subcommands {
        let at = here.clone();
        command = command.mut_subcommand(&name, |c| chinese(c, &at, nouns));
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助").help_heading("选项");
    let command = command.arg(help);
    if here.is_empty() {
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help("显示版本")
            .help_heading("选项");
        command.disable_version_flag(true).arg(version)
    } else {
        command
    }
}

/// What stands for the values of an argument in its usage: `PERIOD`; none for flags.
fn value_names(a: &Arg) -> Vec<String> {
    if !a.get_action().takes_values() && !a.is_positional() {
        return Vec::new();
    }
    match a.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect(),
        None => vec![a.get_id().as_str().to_uppercase()],
    }
}

/// Help as clap prints it, in the reader's language: what no setting of clap reaches is replaced.
fn help_text(e: &clap::Error, lang: Lang) -> String {
    let text = e.render().to_string();
    if lang == Lang::En || e.kind() == ErrorKind::DisplayVersion {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        // A heading.
        let heading = line.strip_suffix(':').filter(|l| !l.is_empty() && !l.starts_with(' '));
        let line = heading.map_or_else(|| line.to_string(), |l| format!("{l}："));
        let line = match line.strip_prefix("用法：") {
            Some(usage) => format!("用法：{}", placeholders(&usage.replace("[OPTIONS]", "[选项]"))),
            None => line.replace("[default: ", "[默认：").replace("[possible values: ", "[可选："),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// A usage line with Chinese placeholders, also where a command writes the line itself.
fn placeholders(usage: &str) -> String {
    let mut out = String::with_capacity(usage.len());
    let mut rest = usage;
    while let Some((before, (inside, after))) = rest.split_once('<').and_then(|(b, r)| Some((b, r.split_once('>')?))) {
        let named: Vec<&str> = inside.split('|').map(|n| words::value_name(n).unwrap_or(n)).collect();
        out.push_str(&format!("{before}<{}>", named.join("|")));
        rest = after;
    }
    out + rest
}

/// Prints what clap has to say; the exit code.
pub(crate) fn usage_error(e: &clap::Error, args: &[OsString], lang: Lang) -> u8 {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // `kehu --help | head` ends quietly.
            let _ = write!(std::io::stdout().lock(), "{}", help_text(e, lang));
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr().lock(), "{}", help_text(e, lang));
            2
        }
        _ => {
            let text = worded(e, args, lang);
            let _ = write!(std::io::stderr().lock(), "{}", for_stderr(&text, stderr_width()));
            2
        }
    }
}

fn context(e: &clap::Error, kind: ContextKind) -> Option<String> {
    match e.get(kind)? {
        ContextValue::String(s) => Some(s.clone()),
        ContextValue::Strings(list) => Some(list.join(", ")),
        ContextValue::StyledStr(s) => Some(s.to_string()),
        other => Some(other.to_string()),
    }
}

/// What is wrong with the arguments, in the words and the form of every other error.
fn worded(e: &clap::Error, args: &[OsString], lang: Lang) -> String {
    let get = |k| context(e, k).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let message = match e.kind() {
        ErrorKind::UnknownArgument => m::unknown_argument(lang, &arg),
        ErrorKind::InvalidSubcommand => m::unknown_command(lang, get(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if get(ContextKind::InvalidValue).is_empty() => {
            m::missing_argument(lang, &arg)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            m::invalid_argument(lang, get(ContextKind::InvalidValue), &arg)
        }
        ErrorKind::MissingRequiredArgument
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::TooManyValues => match arg.contains(", ") {
            true => m::required_arguments(lang, &arg),
            false => m::missing_argument(lang, &arg),
        },
        ErrorKind::MissingSubcommand => m::missing_argument(lang, lang.pick("a command", "子命令")),
        ErrorKind::ArgumentConflict => m::argument_conflict(lang, &arg, get(ContextKind::PriorArg)),
        other => other.to_string(),
    };
    let hint = |text: String| m::labelled(lang, lang.pick("hint", "提示"), text) + "\n";
    let mut text = m::labelled(lang, problem::severity(lang, Severity::Error), message) + "\n";
    let near = context(e, ContextKind::SuggestedArg)
        .or_else(|| context(e, ContextKind::SuggestedSubcommand))
        .or_else(|| context(e, ContextKind::SuggestedValue))
        .or_else(|| {
            let values = context(e, ContextKind::ValidValue)?;
            let list: Vec<&str> = values.split(", ").collect();
            nearest(&get(ContextKind::InvalidValue), list).into_iter().next()
        });
    if let Some(near) = near.filter(|n| !n.is_empty()) {
        text.push_str(&hint(m::did_you_mean(lang, near)));
    }
    if let Some(values) = context(e, ContextKind::ValidValue).filter(|v| !v.is_empty()) {
        text.push_str(&hint(m::hint_values(lang, values)));
    }
    let command = command_path(args);
    text.push_str(&hint(m::hint_help(lang, command)));
    text
}

/// The command that the arguments name, with its subcommands: `kehu report profit`.
fn command_path(args: &[OsString]) -> String {
    let root = crate::cli::Cli::command();
    let mut at = &root;
    let mut path = "kehu".to_string();
    let mut words = args.iter().skip(1).map(|a| a.to_string_lossy());
    while let Some(word) = words.next() {
        if let Some(flag) = word.strip_prefix('-') {
            let named = |a: &&Arg| {
                let long = a.get_long().is_some_and(|l| flag.strip_prefix('-') == Some(l));
                long || a.get_short().is_some_and(|s| flag == s.to_string())
            };
            let known = at.get_arguments().chain(root.get_arguments()).find(named);
            if known.is_some_and(|a| a.get_action().takes_values()) {
                words.next();
            }
        } else if let Some(sub) = at.find_subcommand(word.as_ref()) {
            path.push(' ');
            path.push_str(sub.get_name());
            at = sub;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::cli::commands::ledger_of;

    /// Calls `each` with every command and its path.
    fn walk(command: &Command, path: &str, each: &mut impl FnMut(&Command, &str)) {
        each(command, path);
        for c in command.get_subcommands() {
            let at = if path.is_empty() { c.get_name().to_string() } else { format!("{path} {}", c.get_name()) };
            walk(c, &at, each);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_help_beside_its_english() {
        let mut missing = Vec::new();
        walk(&Cli::command(), "", &mut |command, path| {
            if !path.is_empty() && about(path, &english_about(command), ledger_of).is_none() {
                missing.push(format!("(\"{path}\", \"{}\", …)", english_about(command)));
            }
            if !prose(command).is_empty() && words::command(path, &prose(command)).is_none() {
                missing.push(format!("(\"{path}\", \"{}\", …)", prose(command)));
            }
            for a in command.get_arguments().filter(|a| !a.is_hide_set()) {
                let id = a.get_id().as_str();
                if argument(path, a, ledger_of).is_none() {
                    missing.push(format!("(\"{id}\", \"{}\", …), of {path}", english(a)));
                }
                missing.extend(value_names(a).into_iter().filter(|n| words::value_name(n).is_none()));
            }
        });
        assert!(missing.is_empty(), "add to the file of their area in i18n: {missing:#?}");
    }

    #[test]
    fn no_help_is_left_that_nobody_says() {
        let mut said = std::collections::HashSet::new();
        walk(&Cli::command(), "", &mut |command, path| {
            said.insert((path.to_string(), english_about(command)));
            said.insert((path.to_string(), prose(command)));
            for a in command.get_arguments() {
                said.insert((a.get_id().to_string(), english(a)));
                said.insert((format!("{path}.{}", a.get_id()), english(a)));
            }
        });
        let dead: Vec<_> = words::all().filter(|(p, en)| !said.contains(&(p.to_string(), en.to_string()))).collect();
        assert!(dead.is_empty(), "{dead:#?}");
    }

    /// The Chinese help of a command.
    fn chinese_help(path: &[&str]) -> String {
        let mut command = localize(Cli::command(), Lang::ZhCn, ledger_of);
        command.build();
        let found = path.iter().fold(&mut command, |c, name| c.find_subcommand_mut(name).unwrap());
        found.render_help().to_string()
    }

    #[test]
    fn arguments_stand_in_the_order_in_which_they_are_typed() {
        let check = |path: &[&str], expected: &[&str]| {
            let help = chinese_help(path);
            let places: Vec<usize> = expected.iter().map(|name| help.find(&format!("\n  <{name}>")).unwrap()).collect();
            assert!(places.is_sorted(), "{help}");
        };
        check(&["rename"], &["旧编号", "新编号"]);
        check(&["order", "return"], &["订单", "行", "数量"]);
    }

    #[test]
    fn lists_of_values_come_from_what_takes_them() {
        let check =
            |path: &[&str], expected: &str| assert!(chinese_help(path).contains(expected), "{path:?} {expected}");
        check(&["assign"], "all 全部、even 平均、region 按地区、grade 按等级、load 按负荷");
        check(&["list"], "day 日、week 周、month 月、quarter 季、year 年");
        check(&["report", "profit"], "today、at-order");
        check(&["init"], "four-stage、eight-stage、clm");
        check(&["task", "add"], "win-back 挽回");
    }

    #[test]
    fn usage_lines_of_commands_are_chinese_too() {
        let check = |usage: &str, expected: &str| assert_eq!(placeholders(usage), expected);
        check("kehu log [选项] <CUSTOMER> <NOTE>", "kehu log [选项] <客户> <备注>");
        check("kehu customer set <CUSTOMER|TERM>... <KEY=VALUE>...", "kehu customer set <客户|条件>... <键=值>...");
        check("kehu today", "kehu today");
    }

    #[test]
    fn the_command_is_found_among_the_arguments() {
        let check = |line: &str, expected: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(command_path(&args), expected, "{line}");
        };
        check("kehu --bad", "kehu");
        check("kehu --lang zh-CN report profit --by list --bad", "kehu report profit");
        check("kehu -C list today --bad", "kehu today");
        check("kehu report nosuch", "kehu report");
    }

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        for lang in Lang::ALL {
            localize(Cli::command(), lang, ledger_of).debug_assert();
        }
    }
}
