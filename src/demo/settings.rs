//! kehu.toml and team.toml of the demo company, made from the templates.

use super::calendar::{Calendar, holidays};
use chrono::Datelike;

const TEMPLATE: &str = include_str!("../../data-template/kehu.toml");
const STAGES: &str = include_str!("../../data-template/stages/four-stage.toml");
const TEAM: &str = include_str!("../../data-template/team.toml");
const OWN: &str = include_str!("own.toml");

/// kehu.toml: the template with two pools, the busy months, the holidays of the demo's years, own fields and views.
pub(super) fn kehu_toml(calendar: &Calendar) -> String {
    let mut text = TEMPLATE
        .replace("@name@", "海川工业自动化 Haichuan Automation")
        .replace("@stages@", STAGES)
        // Its prices are without tax, as its orders have them.
        .replace("prices = \"included\"", "prices = \"excluded\"")
        .replace("months = []", "months = [3, 9]")
        .replace("serve = []  ", "serve = [\"class:key\", \"stage:first-order\", \"grade:A\", \"stage:repeat\"]");
    if let Some(start) = text.find("[pools.default]") {
        let end = text[start..].find("\n\n").map_or(text.len(), |n| start + n);
        let block = text[start..end].to_string();
        let pool = |id: &str, members: &str| {
            let lines = block.lines().map(|l| match l {
                _ if l.starts_with("[pools.") => format!("[pools.{id}]"),
                _ if l.starts_with("members") => format!("members = {members}  # team ids; empty = everybody"),
                _ => l.to_string(),
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        let both = format!(
            "{}\n\n{}",
            pool("east", "[\"zhao\", \"li\", \"wu\"]"),
            pool("south", "[\"sun\", \"chen\", \"huang\"]")
        );
        text.replace_range(start..end, &both);
    }
    let mut lines = String::new();
    for year in calendar.today.year() - 2..=calendar.today.year() + 1 {
        // The template lists the public holidays of these years.
        if matches!(year, 2025 | 2026) {
            continue;
        }
        let days: Vec<String> = holidays(year)
            .iter()
            .map(|(a, b)| if a == b { format!("\"{a}\"") } else { format!("\"{a}..{b}\"") })
            .collect();
        lines.push_str(&format!("    {},\n", days.join(", ")));
    }
    if let Some(start) = text.find("holidays = [")
        && let Some(end) = text[start..].find("\n]")
    {
        text.insert_str(start + end + 1, &lines);
    }
    text.push('\n');
    text.push_str(OWN);
    text
}

/// team.toml: its head comment and ten people, one of whom has left.
pub(super) fn team_toml(calendar: &Calendar) -> String {
    let mut text = TEAM.trim_end().to_string();
    text.push('\n');
    for (id, name, role, manager, department, branch, limits) in PEOPLE {
        let mut member =
            format!("\n[{id}]\nname = \"{name}\"\nemail = [\"{id}@haichuan.example\"]\nrole = \"{role}\"\n");
        for (key, value) in [("manager", manager), ("department", department), ("branch", branch)] {
            if !value.is_empty() {
                member.push_str(&format!("{key} = \"{value}\"\n"));
            }
        }
        if *id == LEAVER {
            member.push_str(&format!("left = {}\n", calendar.ago(LEFT_AGO)));
        }
        if !limits.is_empty() {
            member.push_str(&format!("limits = {{ {limits} }}\n"));
        }
        text.push_str(&member);
    }
    text
}

/// Who left the company.
pub(super) const LEAVER: &str = "zheng";
/// How many days ago that was.
pub(super) const LEFT_AGO: i64 = 190;

type Person = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const PEOPLE: &[Person] = &[
    ("lin", "林海川", "director", "", "管理层", "上海", "discount = 0.30, approve = 500000"),
    ("zhao", "赵敏", "manager", "lin", "华东销售部", "上海", "own = 40, discount = 0.20, approve = 100000"),
    ("sun", "孙国强", "manager", "lin", "华南销售部", "深圳", "own = 40, discount = 0.20, approve = 100000"),
    ("li", "李娜", "rep", "zhao", "华东销售部", "上海", "own = 60, discount = 0.10"),
    ("wu", "吴迪", "rep", "zhao", "华东销售部", "苏州", "own = 60, discount = 0.10"),
    ("chen", "陈晓峰", "rep", "sun", "华南销售部", "深圳", "own = 60, discount = 0.10"),
    ("huang", "黄婷", "rep", "sun", "华南销售部", "广州", "own = 60, discount = 0.10"),
    (LEAVER, "郑凯", "rep", "sun", "华南销售部", "深圳", "own = 60, discount = 0.10"),
    ("gao", "高远", "service", "lin", "技术服务部", "上海", ""),
    ("xu", "许静", "finance", "lin", "财务部", "上海", ""),
];
