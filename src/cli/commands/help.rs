use crate::cli::context::Result;
use crate::cli::error::CliError;
use crate::cli::ui::Ui;
use crate::cli::{Cli, Global, env, help};
use crate::diag::nearest;
use crate::i18n::{messages as m, topics};
use clap::CommandFactory;

/// Help on a command, or on a topic: filters, periods, formats, exit-codes, environment, files, git
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A command or a topic
    pub(crate) words: Vec<String>,
}

pub(crate) fn run(args: &Args, _global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let mut command = help::localize(Cli::command(), lang, super::ledger_of);
    command.build();
    let Some(first) = args.words.first() else {
        return ui.text(&command.render_help().to_string());
    };
    if let Some(text) = topics::text(lang, first) {
        let text = if first == "environment" { format!("{text}{}", environment(lang)) } else { text };
        let text = if first == "filters" { format!("{text}{}", super::list::field_help(lang)) } else { text };
        return ui.text(&text);
    }
    let mut at = &mut command;
    for word in &args.words {
        let names: Vec<String> = at.get_subcommands().map(|c| c.get_name().to_string()).collect();
        let Some(next) = at.find_subcommand_mut(word) else {
            let near = nearest(word, names.iter().map(String::as_str).chain(topics::NAMES.iter().copied()));
            return Err(CliError::usage(m::unknown_topic(lang, word))
                .nearest(lang, &near)
                .hint(m::hint_values(lang, topics::NAMES.join(", "))));
        };
        at = next;
    }
    ui.text(&at.render_long_help().to_string())
}

fn environment(lang: crate::i18n::Lang) -> String {
    env::DOCS.iter().map(|(name, en, zh)| format!("  {name:<28}{}\n", lang.pick(en, zh))).collect()
}
