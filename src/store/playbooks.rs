//! The files of playbooks/ that kehu.toml names.

use super::error::StoreError;
use super::load::{self, SETTINGS};
use super::read::playbook;
use super::read::settings::Places;
use super::text::MAX_TOML;
use super::texts::FileTexts;
use super::view::ReadView;
use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::model::id::check_row_id;
use crate::model::playbook::{Playbook, playbook_path};
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::model::{Str, intern};

/// The playbooks that kehu.toml names: (key, id).
pub fn named(settings: &Settings) -> Vec<(String, &str)> {
    let f = &settings.file;
    let stages = f.stages.iter().enumerate();
    let stages = stages.filter_map(|(n, s)| Some((format!("stages[{n}].playbook"), s.playbook.as_deref()?)));
    let classes =
        f.classes.all().filter_map(|(id, c)| Some((format!("classes.{id}.playbook"), c.playbook.as_deref()?)));
    let lost = f.win_back.playbook.as_deref().map(|id| ("win_back.playbook".to_string(), id));
    stages.chain(classes).chain(lost).filter(|(_, id)| !id.is_empty()).collect()
}

/// Reads a playbook; `None` when its file is not there or is no text, and the latter is reported.
///
/// # Errors
/// What reading the file says.
pub fn read(view: &ReadView, id: &str, diags: &mut Vec<Diagnostic>) -> Result<Option<Playbook>, StoreError> {
    Ok(read_text(view, id, diags)?.map(|(found, _)| found))
}

/// The same with its text.
fn read_text(view: &ReadView, id: &str, diags: &mut Vec<Diagnostic>) -> Result<Option<(Playbook, Str)>, StoreError> {
    let file = intern(&playbook_path(id));
    let found = load::text(view, file, MAX_TOML, diags)?;
    Ok(found.map(|(src, _)| (playbook::read(intern(id), src, file, diags), src)))
}

/// Tasks of members whom the team does not have.
fn strangers((found, src): &(Playbook, Str), team: &Team, diags: &mut Vec<Diagnostic>) {
    for (n, t) in found.tasks.iter().enumerate().filter(|(_, t)| !t.owner.is_empty() && team.get(t.owner).is_none()) {
        let place = Places::of(src).place_of(intern(&playbook_path(found.id)), &format!("tasks[{n}].owner"));
        let near = nearest(t.owner, team.ids()).join(", ");
        diags.push(Diagnostic::new(Code::DanglingRef, place, ["owner", "team", t.owner, &near]));
    }
}

/// What is wrong with the playbooks that kehu.toml names, and with naming them.
///
/// # Errors
/// What reading the files says.
pub fn check(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    texts: &FileTexts,
) -> Result<Vec<Diagnostic>, StoreError> {
    let mut diags = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let places = texts.get(SETTINGS).map(Places::of);
    for (key, id) in named(settings) {
        let known = seen.contains(&id);
        let before = diags.len();
        let found = if check_row_id(id).is_ok() { read_text(view, id, &mut diags)? } else { None };
        let there = found.is_some();
        if let Some(found) = &found {
            strangers(found, team, &mut diags);
        }
        if known {
            diags.truncate(before);
        }
        if !there && diags.len() == before {
            let place = places.as_ref().map_or_else(|| Place::file(SETTINGS), |p| p.place_of(SETTINGS, &key));
            diags.push(Diagnostic::new(Code::NoPlaybook, place, [key.as_str(), id, &playbook_path(id)]));
        }
        seen.push(id);
    }
    Ok(diags)
}
