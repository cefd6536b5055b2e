//! team.toml.

use super::toml::{Reader, str_of};
use crate::diag::{Code, Diagnostic, Near, nearest};
use crate::model::Str;
use crate::model::id::{MAX_BYTES, MAX_CHARS};
use crate::model::money::Decimal;
use crate::model::team::{LIMIT_KEYS, MEMBER_KEYS, Member, ROLES, Team};
use std::collections::HashSet;
use toml::de::DeValue;

/// Reads the text of team.toml. The team holds what could be read.
pub fn read(src: Str, file: Str, diags: &mut Vec<Diagnostic>) -> Team {
    let mut r = Reader::new(file, src, diags);
    let mut team = Team::default();
    let table = r.parse();
    for (key, value) in &table {
        let id = str_of(key.get_ref());
        let mut m = Member { id, line: r.line(key.span()), ..Member::default() };
        // It becomes part of file names.
        let long = id.chars().count() > MAX_CHARS || id.len() > MAX_BYTES;
        if id.is_empty() || long || !id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            r.report(Code::BadValue, key.span(), &[id, "team-id"]);
        }
        let Some(table) = r.table(id, value) else { continue };
        for (k, v) in table {
            match k.get_ref().as_ref() {
                "name" => m.name = r.text("name", v).unwrap_or(""),
                "email" => m.email = r.list("email", v),
                "role" => {
                    m.role = r.text("role", v).unwrap_or("");
                    if !m.role.is_empty() && !ROLES.contains(&m.role) {
                        let near = nearest(m.role, ROLES.iter().copied());
                        let near = if near.is_empty() { ROLES.join(", ") } else { near.join(", ") };
                        r.report(Code::NotInList, v.span(), &[m.role, "role", &near]);
                    }
                }
                "manager" => m.manager = r.text("manager", v).unwrap_or(""),
                "department" => m.department = r.text("department", v).unwrap_or(""),
                "branch" => m.branch = r.text("branch", v).unwrap_or(""),
                "left" => m.left = r.day("left", v),
                "limits" => {
                    for (lk, lv) in r.table("limits", v).into_iter().flatten() {
                        let n = |r: &mut Reader<'_>| r.decimal(lk.get_ref(), lv);
                        match lk.get_ref().as_ref() {
                            "own" => m.own_limit = n(&mut r).and_then(|d: Decimal| d.try_into().ok()),
                            "discount" => {
                                m.discount_limit = n(&mut r);
                                let fits = |d: &Decimal| (Decimal::ZERO..=Decimal::ONE).contains(d);
                                if let Some(limit) = m.discount_limit.filter(|d| !fits(d)) {
                                    r.report(Code::BadValue, lv.span(), &[&limit.to_string(), "fraction"]);
                                }
                            }
                            "approve" => m.approve_limit = n(&mut r),
                            other => r.unknown(other, lk.span(), LIMIT_KEYS),
                        }
                    }
                }
                other => r.unknown(other, k.span(), MEMBER_KEYS),
            }
        }
        // A name of another type is a finding of its own.
        let name = table.get("name").map(|v| matches!(v.get_ref(), DeValue::String(s) if s.is_empty()));
        if name.unwrap_or(true) {
            r.report(Code::MissingKey, key.span(), &["name"]);
        }
        team.members.push(m);
    }
    let ids: HashSet<Str> = team.ids().collect();
    let mut near = Near::default();
    for m in &team.members {
        if !m.manager.is_empty() && !ids.contains(m.manager) {
            let near = near.to(m.manager, team.ids()).join(", ");
            let span = table.get(m.id).and_then(|t| t.get_ref().as_table()?.get("manager")).map_or(0..0, |v| v.span());
            r.report(Code::DanglingRef, span, &["manager", "team", m.manager, &near]);
        }
    }
    team
}
