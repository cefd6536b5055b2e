//! What a new data directory holds: data-template, embedded in the program.

use super::error::StoreError;
use crate::model::change::TomlValue;
use crate::model::playbook::playbook_path;
use crate::store::text::MAX_FILE;
use crate::store::{new_toml, open};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The ladders of stages to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// lead → prospect → first-order → repeat.
    FourStage,
    /// The eight stages of the customer life cycle.
    EightStage,
    /// Customer lifecycle management.
    Clm,
}

impl Template {
    /// Names on the command line.
    pub const NAMES: [&'static str; 3] = ["four-stage", "eight-stage", "clm"];

    /// The template of a name.
    pub fn parse(name: &str) -> Option<Template> {
        [Template::FourStage, Template::EightStage, Template::Clm]
            .into_iter()
            .zip(Template::NAMES)
            .find(|(_, n)| *n == name)
            .map(|(t, _)| t)
    }

    fn stages(self) -> &'static str {
        match self {
            Template::FourStage => include_str!("../../data-template/stages/four-stage.toml"),
            Template::EightStage => include_str!("../../data-template/stages/eight-stage.toml"),
            Template::Clm => include_str!("../../data-template/stages/clm.toml"),
        }
    }
}

/// (path, text) of every file of a new data directory. `member` = (id, name, mail) of the first member of the team.
pub fn files(
    template: Template,
    company: &str,
    language: &str,
    member: Option<&(String, String, Option<String>)>,
) -> Vec<(String, String)> {
    let quoted = super::tomlwrite::text(company);
    let settings = include_str!("../../data-template/kehu.toml")
        .replacen("\"@name@\"", &quoted, 1)
        .replacen("language = \"zh-CN\"", &format!("language = \"{language}\""), 1)
        .replacen("@stages@\n", template.stages(), 1);
    // One person has nobody to ask.
    let settings = settings.replacen("four_eyes = true ", "four_eyes = false", 1);
    let mut team = include_str!("../../data-template/team.toml").to_string();
    if let Some((id, name, email)) = member {
        let mut values = vec![("name".to_string(), TomlValue::Text(name.clone()))];
        if let Some(email) = email {
            values.push(("email".to_string(), TomlValue::List(vec![email.clone()])));
        }
        values.push(("role".to_string(), TomlValue::Text("manager".into())));
        team.push_str(&new_toml::table(id, &values));
    }
    [
        ("kehu.toml", settings),
        ("team.toml", team),
        (".gitattributes", include_str!("../../data-template/gitattributes").to_string()),
        (".gitignore", include_str!("../../data-template/gitignore").to_string()),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_string(), text))
    .chain(playbooks())
    .chain(super::templates::all())
    .collect()
}

/// (path, text) of the playbooks that a new data directory has.
pub fn playbooks() -> impl Iterator<Item = (String, String)> {
    macro_rules! files {
        ($($id:literal)*) => {
            [$(($id, include_str!(concat!("../../data-template/playbooks/", $id, ".toml")))),*]
        };
    }
    let all = files!("lead" "prospect" "first-order" "repeat" "win-back" "key" "risk");
    all.into_iter().map(|(id, text)| (playbook_path(id), text.to_string()))
}

/// Writes the files of a new data directory. kehu.toml comes last: without it there is no data directory, so that a
/// failure half-way leaves none. An existing .gitignore or .gitattributes gets the lines that it lacks; other files that
/// are there stay as they are.
///
/// # Errors
/// The system's; what was written before is taken back.
pub fn write(dir: &Path, files: &[(String, String)]) -> Result<(), StoreError> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |source: io::Error| StoreError::Io { path, source }
    };
    let existed = dir.exists();
    let mut made: Vec<PathBuf> = Vec::new();
    // Changed files, with another name of the old one: to go back must need no room on the disk.
    let mut changed: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut all: Vec<&(String, String)> = files.iter().filter(|(p, _)| p != "kehu.toml").collect();
    all.extend(files.iter().filter(|(p, _)| p == "kehu.toml"));
    let mut run = || -> Result<(), StoreError> {
        for (path, text) in &all {
            let target = dir.join(path);
            if let Some(parent) = target.parent().filter(|p| !p.exists()) {
                let new: Vec<_> = parent.ancestors().take_while(|a| a.starts_with(dir) && !a.exists()).collect();
                folders.extend(new.into_iter().rev().map(Path::to_path_buf));
                fs::create_dir_all(parent).map_err(fail(parent))?;
            }
            match open::read_to_string(&target) {
                Ok(old) if path.starts_with(".git") => {
                    let missing: Vec<&str> =
                        text.lines().filter(|l| !l.starts_with('#') && !old.lines().any(|o| o == *l)).collect();
                    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
                    let new: String = missing.iter().map(|l| format!("{l}\n")).collect();
                    if !missing.is_empty() {
                        let aside = dir.join(format!(".{path}.{}.old.tmp", std::process::id()));
                        let kept = fs::hard_link(&target, &aside).or_else(|_| fs::copy(&target, &aside).map(|_| ()));
                        kept.inspect_err(|_| drop(fs::remove_file(&aside))).map_err(fail(&target))?;
                        changed.push((target.clone(), aside));
                        super::write_atomically(&target, format!("{old}{gap}{new}").as_bytes())?;
                    }
                }
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    made.push(target.clone());
                    super::write_atomically(&target, text.as_bytes())?;
                }
                Err(e) => return Err(fail(&target)(e)),
            }
        }
        Ok(())
    };
    let result = run();
    // Best effort, each twice: what is left over is no data directory without kehu.toml.
    let remove = |path: &Path| fs::remove_file(path).or_else(|_| fs::remove_file(path));
    if result.is_ok() {
        changed.iter().for_each(|(_, aside)| drop(remove(aside)));
        return result;
    }
    made.iter().for_each(|path| drop(remove(path)));
    for (target, aside) in &changed {
        // Two names of one file: a rename would do nothing.
        let same = open::read(target, MAX_FILE).ok().is_some_and(|now| open::read(aside, MAX_FILE).ok() == Some(now));
        let _ = if same { remove(aside) } else { fs::rename(aside, target).or_else(|_| fs::rename(aside, target)) };
    }
    folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder).or_else(|_| fs::remove_dir(folder))));
    if !existed {
        let _ = fs::remove_dir_all(dir);
    }
    result
}
