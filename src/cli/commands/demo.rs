use crate::cli::Global;
use crate::cli::context::{Context, Result, clock};
use crate::cli::error::{CliError, Exit, query_error, store_error};
use crate::cli::ui::Ui;
use crate::demo::company;
use crate::i18n::{Lang, messages as m};
use crate::query::parse_single_day;
use crate::store::template;
use std::path::PathBuf;

/// Make a sample company with two years of history, and show its morning
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu demo\n  kehu demo /tmp/haichuan --today 2026-06-30")]
pub(crate) struct Args {
    /// Where (default: kehu-demo)
    #[arg(value_name = "DIR", default_value = "kehu-demo")]
    pub(crate) path: PathBuf,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let dir = &args.path;
    if dir.read_dir().is_ok_and(|mut d| d.next().is_some()) || dir.is_file() {
        return Err(CliError::new(Exit::Refused, m::not_empty(lang, dir.display())));
    }
    let tz = crate::model::zone::Zone::shanghai();
    let real = tz.local(clock()).date_naive();
    let today = match &global.today {
        Some(text) => {
            let cal =
                crate::model::period::Calendar { today: real, week_start: chrono::Weekday::Mon, fiscal_year_start: 1 };
            parse_single_day(text, &cal).map_err(|e| query_error(lang, &e))?
        }
        None => real,
    };
    let files = company(today);
    let customers = files.iter().filter(|(p, _)| p.starts_with("customers/")).count();
    if global.dry_run {
        return ui.text(&files.iter().map(|(path, _)| format!("{path}\n")).collect::<String>());
    }
    template::write(dir, &files).map_err(|e| store_error(lang, &e))?;
    if global.quiet {
        ui.done(&[dir.display().to_string()]);
        return Ok(());
    }
    ui.done(&[m::demo_done(lang, dir.display(), customers), String::new()]);
    let morning = Global { dir: Some(dir.clone()), today: Some(today.to_string()), ..global.clone() };
    let ctx = Context::open(&morning, Ui { lang, ..ui.clone() })?;
    // The company's own language is Chinese; who asked in English goes on in English.
    let ctx = ctx.with_ui(Ui { lang, ..ctx.ui.clone() });
    super::today::morning(&ctx)?;
    ui.note(&m::demo_next(lang, dir.display(), today));
    if lang == Lang::En {
        ui.note(&m::demo_language(lang));
    }
    Ok(())
}
