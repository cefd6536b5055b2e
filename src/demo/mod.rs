//! The demo company: 海川工业自动化 (Haichuan Automation), made up, with two years of history that end on a day.
//!
//! It sells sensors, controllers, drives, cabinets and service to factories and dealers. The stories of its customers
//! stand in cast-east.txt and cast-south.txt; the rest is drawn from a random generator with a fixed seed, so the same
//! day gives the same bytes. Nothing here reads a clock or a file.

mod agreements;
mod approvals;
mod calendar;
mod cast;
mod catalog;
mod complaints;
mod contact;
mod deals;
mod extras;
mod file;
mod life;
mod rng;
mod settings;
mod tables;
#[cfg(test)]
mod tests;
mod trade;
mod voices;
mod words;

use crate::model::day::Day;
use calendar::Calendar;
use life::Life;
use rng::Rng;
use tables::Tables;

const SEED: u64 = 0x6b65_6875_2d64_656d;

/// Every file of the demo company as it stands on `today`: path relative to the data directory, and text.
///
/// Sorted by path. No fact is later than the last working day before `today`.
pub fn company(today: Day) -> Vec<(String, String)> {
    let calendar = Calendar::new(today);
    let mut tables = Tables::default();
    let kehu_toml = settings::kehu_toml(&calendar);
    let settings = approvals::settings(&kehu_toml);
    let mut files = vec![
        ("kehu.toml".to_string(), kehu_toml.clone()),
        ("team.toml".to_string(), settings::team_toml(&calendar)),
        (".gitattributes".to_string(), include_str!("../../data-template/gitattributes").to_string()),
        (".gitignore".to_string(), include_str!("../../data-template/gitignore").to_string()),
    ];
    files.extend(crate::store::template::playbooks());
    files.extend(crate::store::templates::all());
    catalog::write(&mut tables, &calendar);
    let seed = Rng::new(SEED);
    for cast in cast::cast() {
        let rng = seed.fork(cast.id);
        let mut orders = trade::orders(&cast, &calendar, &mut rng.fork("orders"));
        let life = Life::new(&cast, &calendar, &trade::first_days(&orders), &mut rng.fork("grades"));
        let deals = deals::deals(&cast, &mut orders, &calendar, &mut rng.fork("deals"));
        life.write(&cast, &mut tables, &mut rng.fork("life"));
        contact::write(&cast, &life, &calendar, &mut tables, &mut rng.fork("contacts"));
        trade::write(&cast, &orders, &calendar, &mut tables, &mut rng.fork("money"));
        if let Some(settings) = &settings {
            approvals::write(&life, &orders, settings, &mut tables, &rng.fork("approvals"));
        }
        extras::write(&cast, &life, (&orders, &deals), &calendar, &mut tables, &mut rng.fork("extras"));
        complaints::write(&cast, &life, &orders, &calendar, &mut tables, &mut rng.fork("complaints"));
        voices::write(&cast, &life, &orders, &calendar, &mut tables, &mut rng.fork("voices"));
        deals::write(&cast, &deals, &life, &calendar, &mut tables, &mut rng.fork("deal events"));
        files.push(file::customer(&cast, &life, &calendar));
    }
    if let Some(settings) = &settings {
        agreements::write(&calendar, settings, &mut tables, &mut seed.fork("agreements"));
    }
    files.extend(tables.files());
    files.sort();
    files
}
