//! Help and usage errors in the reader's language. clap speaks English; the Chinese words stand in `i18n::help`.

use crate::diag::nearest;
use crate::i18n::{Lang, help as words, messages as m};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use std::ffi::OsString;
use std::io::Write;

/// The command with its help in a language.
pub(crate) fn localize(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::ZhCn => chinese(command, ""),
    }
}

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn chinese(command: Command, path: &str) -> Command {
    let name = command.get_name().to_string();
    let here = match path {
        "" if name == "kehu" => String::new(),
        "" => name.clone(),
        _ => format!("{path} {name}"),
    };
    let after = command
        .get_after_help()
        .map(|s| s.to_string().replace("Examples:", "示例：").replace("Start with:", "从这里开始："));
    let subcommands: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    let args: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    let mut command = command.help_template(TEMPLATE).subcommand_help_heading("命令").disable_help_flag(true);
    if let Some(about) = words::command(&here) {
        command = command.about(about).long_about(None);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    for id in args {
        let zh = words::argument(&here, &id);
        command = command.mut_arg(&id, |a: Arg| {
            let heading = match a.get_help_heading() {
                Some("Global") => "全局选项",
                Some("List") => "列表选项",
                _ if a.is_positional() => "参数",
                _ => "选项",
            };
            let a = a.help_heading(heading);
            match zh {
                Some(text) => a.help(text).long_help(None),
                None => a,
            }
        });
    }
    for name in subcommands {
        let at = here.clone();
        command = command.mut_subcommand(&name, |c| chinese(c, &at));
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

/// Prints what clap has to say; the exit code.
pub(crate) fn usage_error(e: &clap::Error, args: &[OsString], lang: Lang) -> u8 {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // `kehu --help | head` ends quietly.
            let _ = write!(std::io::stdout().lock(), "{}", e.render());
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr().lock(), "{}", e.render());
            2
        }
        _ => {
            let text = match lang {
                Lang::En => e.render().to_string(),
                Lang::ZhCn => chinese_error(e, args),
            };
            let _ = write!(std::io::stderr().lock(), "{text}");
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

fn chinese_error(e: &clap::Error, args: &[OsString]) -> String {
    let lang = Lang::ZhCn;
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
        ErrorKind::MissingRequiredArgument => m::required_arguments(lang, &arg),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooManyValues => {
            m::required_arguments(lang, &arg)
        }
        ErrorKind::MissingSubcommand => m::missing_argument(lang, lang.pick("a command", "子命令")),
        ErrorKind::ArgumentConflict => m::argument_conflict(lang, &arg),
        _ => e.render().to_string(),
    };
    let mut text = format!("错误：{message}\n");
    let near = context(e, ContextKind::SuggestedArg)
        .or_else(|| context(e, ContextKind::SuggestedSubcommand))
        .or_else(|| context(e, ContextKind::SuggestedValue))
        .or_else(|| {
            let values = context(e, ContextKind::ValidValue)?;
            let list: Vec<&str> = values.split(", ").collect();
            nearest(&get(ContextKind::InvalidValue), list).into_iter().next()
        });
    if let Some(near) = near {
        text.push_str(&format!("提示：{}\n", m::did_you_mean(lang, near)));
    }
    if let Some(values) = context(e, ContextKind::ValidValue) {
        text.push_str(&format!("提示：{}\n", m::hint_values(lang, values)));
    }
    let command: Vec<String> = args
        .iter()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned())
        .take_while(|a| !a.starts_with('-'))
        .take(1)
        .collect();
    let command = command.first().map_or("kehu".to_string(), |c| format!("kehu {c}"));
    text.push_str(&format!("提示：{}\n", m::hint_help(lang, command)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    fn missing(command: &Command, path: &str, out: &mut Vec<String>) {
        if !path.is_empty() && words::command(path).is_none() {
            out.push(path.to_string());
        }
        for a in command.get_arguments().filter(|a| !a.is_hide_set()) {
            let id = a.get_id().as_str();
            if words::argument(path, id).is_none() {
                out.push(format!("{path}.{id}"));
            }
        }
        for c in command.get_subcommands() {
            let at = if path.is_empty() { c.get_name().to_string() } else { format!("{path} {}", c.get_name()) };
            missing(c, &at, out);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        let mut out = Vec::new();
        missing(&Cli::command(), "", &mut out);
        assert!(out.is_empty(), "without Chinese help: {out:#?}");
    }

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        for lang in Lang::ALL {
            localize(Cli::command(), lang).debug_assert();
        }
    }
}
