use crate::cli::context::{Context, Result};
use crate::cli::ui::Ui;
use crate::cli::{Cli, Global, help};
use crate::i18n::Lang;
use crate::model::book::Reads;
use crate::model::id::check_row_id;
use clap::CommandFactory;
use clap_complete::Shell;

/// Completion for your shell, with customer ids, team members and stages of the data directory
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu completions bash > ~/.local/share/bash-completion/completions/kehu\n  kehu completions zsh > ~/.zfunc/_kehu\n  kehu completions fish > ~/.config/fish/completions/kehu.fish"
)]
pub(crate) struct Args {
    /// {values}
    #[arg(value_enum, required_unless_present = "ids", hide_possible_values = true)]
    pub(crate) shell: Option<Shell>,
    /// What the scripts call while you type: customers, team or stages
    #[arg(long, hide = true, value_name = "WHAT")]
    pub(crate) ids: Option<String>,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    if let Some(what) = &args.ids {
        return live(what, global, ui);
    }
    let Some(shell) = args.shell else { return Ok(()) };
    let mut command = help::localize(Cli::command(), Lang::En, super::ledger_of);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "kehu", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    script.push_str(match shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
        _ => "",
    });
    ui.text(&script)
}

/// The words of the data directory; an error while typing would only disturb, so there is none.
fn live(what: &str, global: &Global, ui: &Ui) -> Result<()> {
    let Ok(ctx) = Context::open(global, ui.clone()) else { return Ok(()) };
    let words: Vec<String> = match what {
        "team" => ctx.team.ids().map(ToString::to_string).collect(),
        "stages" => ctx.settings.file.stages.iter().map(|s| s.id.clone()).collect(),
        _ => match ctx.load_raw(Reads { customers: true, ..Reads::NOTHING }) {
            Ok(loaded) => loaded.book.customers.iter().map(|c| c.id.to_string()).collect(),
            Err(_) => Vec::new(),
        },
    };
    // A shell reads these words: what is no id (a file's name, a stage of a stranger) is not offered.
    ui.text(&words.iter().filter(|w| check_row_id(w).is_ok()).map(|w| format!("{w}\n")).collect::<String>())
}

const BASH: &str = r#"
# Ids of the data directory for words that are no flag. They are compared as they are: `compgen -W` would expand them.
_kehu_ids() {
    local word
    while IFS= read -r word; do
        [[ $word == "$2"* ]] && COMPREPLY+=("$word")
    done < <(kehu completions --ids "$1" 2>/dev/null)
}
_kehu_live() {
    _kehu "$@"
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} what=
    case $prev in
        --as|--to|--owner) what=team ;;
        *) case ${COMP_WORDS[1]} in
            show|brief|log|stage|close|reopen|assign|history|edit|rename) [[ $cur == -* ]] || what=customers ;;
        esac ;;
    esac
    [[ -n $what ]] || return 0
    _kehu_ids "$what" "$cur"
    [[ ${COMP_WORDS[1]} == stage && $what == customers ]] && _kehu_ids stages "$cur"
    return 0
}
complete -F _kehu_live -o bashdefault -o default kehu
"#;

const ZSH: &str = r#"
# Ids of the data directory for words that are no flag.
_kehu_live() {
    local what=
    case ${words[CURRENT-1]} in
        --as|--to|--owner) what=team ;;
        *) case ${words[2]} in
            show|brief|log|stage|close|reopen|assign|history|edit|rename) [[ ${words[CURRENT]} == -* ]] || what=customers ;;
        esac ;;
    esac
    local -a ids
    [[ -n $what ]] && ids=(${(f)"$(kehu completions --ids $what 2>/dev/null)"})
    [[ ${words[2]} == stage && $what == customers ]] && ids+=(${(f)"$(kehu completions --ids stages 2>/dev/null)"})
    # Where there are ids, files and programs would only hide them.
    compadd -- $ids || _kehu "$@"
}
compdef _kehu_live kehu
"#;

const FISH: &str = r#"
# Ids of the data directory for words that are no flag.
complete -c kehu -n "__fish_seen_subcommand_from show brief log stage close reopen assign history edit rename" -f -a "(kehu completions --ids customers 2>/dev/null)"
complete -c kehu -n "__fish_seen_subcommand_from stage" -f -a "(kehu completions --ids stages 2>/dev/null)"
complete -c kehu -l as -x -a "(kehu completions --ids team 2>/dev/null)"
complete -c kehu -l to -x -a "(kehu completions --ids team 2>/dev/null)"
"#;
