use crate::cli::context::{Result, git_config};
use crate::cli::error::{CliError, Exit, store_error};
use crate::cli::ui::Ui;
use crate::cli::{Global, context, env};
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::id::customer_id_from;
use crate::store::template::{self, Template};
use std::path::PathBuf;

/// Make a new data directory
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu init sales --name \"海川工业\"\n  kehu init --template eight-stage")]
pub(crate) struct Args {
    /// Where (default: here)
    #[arg(value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    /// The stages to begin with: {values}
    #[arg(long, default_value = "four-stage")]
    pub(crate) template: String,
    /// The company's name
    #[arg(long)]
    pub(crate) name: Option<String>,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let dir = args.path.clone().or_else(|| global.dir.clone()).unwrap_or_else(env::current_dir);
    let ladder = Template::parse(&args.template).ok_or_else(|| {
        CliError::usage(m::unknown_template(lang, &args.template))
            .nearest(lang, &nearest(&args.template, Template::NAMES.iter().copied()))
            .hint(m::hint_templates(lang, Template::NAMES.join(lang.pick(", ", "、"))))
    })?;
    if dir.join("kehu.toml").exists() {
        return Err(CliError::new(Exit::Refused, m::has_data(lang, dir.display())));
    }
    let here = if dir.is_dir() { dir.clone() } else { env::current_dir() };
    let who = git_config(&here, "user.name");
    let email = git_config(&here, "user.email");
    let company = args.name.clone().unwrap_or_else(|| lang.pick("My company", "我的公司").to_string());
    // The first member leads: somebody must be able to allow what a rule refuses.
    let member = who.or_else(|| email.clone()).map(|name| {
        let local = email.as_deref().and_then(|e| e.split('@').next()).and_then(customer_id_from);
        let id = global.as_who.clone().or(local).or_else(|| customer_id_from(&name));
        (id.unwrap_or_else(|| "me".into()), name, email)
    });
    let language = context::language(global, None).tag();
    let files = template::files(ladder, &company, language, member.as_ref());
    if global.dry_run {
        return ui.text(&files.iter().map(|(path, _)| format!("{path}\n")).collect::<String>());
    }
    template::write(&dir, &files).map_err(|e| store_error(lang, &e))?;
    let shown = if global.quiet { dir.display().to_string() } else { m::did_init(lang, dir.display()) };
    ui.done(&[shown]);
    if member.is_none() {
        ui.note(&m::no_first_member(lang));
    }
    if super::git::is_clone(&dir) {
        super::git::set_up(&dir, false, ui)?;
    }
    ui.note(&m::next_steps(lang, dir.display()));
    Ok(())
}
