//! Pictures of tables as SVG inside the page: no script, colours by the page's own variables, so that they follow light, dark
//! and print.

use super::cell::{for_people, heads};
use super::sanitize::clean;
use super::{Style, words};
use crate::i18n::Lang;
use crate::model::money::{Decimal, grouped};
use crate::report::document::{Cell, Row, Table};
use crate::report::picture::{Picture, Shape};
use kuva::plot::colormap::ColorMap;
use kuva::plot::legend::LegendPosition;
use kuva::plot::{BarPlot, FunnelPlot, Heatmap, LinePlot, ParetoPlot};
use kuva::render::layout::{Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::theme::Theme;
use rust_decimal::prelude::ToPrimitive as _;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr as _;

/// Rows that bars can show side by side.
const MOST_BARS: usize = 24;
/// Letters that can stand below bars side by side.
const LABELS: usize = 96;
/// Rows and columns of a heat map.
const MOST_FIELDS: usize = 60;
/// The picture's own measures; the page scales it.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;

/// A picture as it stands in the page.
pub(super) struct Drawn {
    /// The `svg` element.
    pub(super) svg: String,
    /// What it shows, for who does not see it: what is drawn, in which unit, how many rows are not.
    pub(super) about: String,
    /// The same as far as the picture's own words do not say it.
    pub(super) caption: String,
}

/// A column that is drawn.
struct Series {
    label: String,
    values: Vec<Option<f64>>,
    is_ratio: bool,
}

/// Draws a picture; `None` where there is nothing to draw. `number` tells it from the others on the page.
pub(super) fn draw(table: &Table, picture: &Picture, style: &Style, number: usize) -> Option<Drawn> {
    let heads = heads(table, style);
    let at = |key: &str| table.columns.iter().position(|c| c.key == key);
    let label = at(&picture.label).unwrap_or(0);
    let most = match picture.shape {
        Shape::Lines | Shape::Pareto => usize::MAX,
        Shape::Heat => MOST_FIELDS,
        _ => MOST_BARS,
    };
    let only = picture.only.as_ref().and_then(|(column, value)| Some((at(column)?, value.as_str())));
    let is_drawn = |r: &&Row| only.is_none_or(|(n, value)| r.cells.get(n).and_then(Cell::text) == Some(value));
    let all: Vec<&Row> = table.rows.iter().filter(is_drawn).collect();
    let rows = &all[..all.len().min(most)];
    let mut names: Vec<String> = rows.iter().map(|r| name(r, label, style)).collect();
    let mut series: Vec<Series> = picture
        .columns
        .iter()
        .filter_map(|key| at(key))
        .take(most)
        .map(|column| series(table, rows, column, &heads))
        .collect();
    let parts_of_a_whole = matches!(picture.shape, Shape::Funnel | Shape::Pareto);
    let is_drawn = |v: &Option<f64>| v.is_some_and(|v| if parts_of_a_whole { v > 0.0 } else { v != 0.0 });
    if !series.iter().any(|s| s.values.iter().any(is_drawn)) {
        return None;
    }
    // Names that do not fit side by side stand below each other, the first one on top.
    let is_bars = matches!(picture.shape, Shape::Bars | Shape::Stacked);
    let lies = is_bars && names.iter().map(|n| n.width()).sum::<usize>() > LABELS;
    if lies {
        names.reverse();
        series.iter_mut().for_each(|s| s.values.reverse());
    }
    let is_ratio = series.iter().all(|s| s.is_ratio);
    let lang = style.lang;
    let plots = plots(picture.shape, lies, &names, &series, lang);
    let tick = TickFormat::Custom(Arc::new(move |v| tick(v, is_ratio, lang)));
    let mut layout = Layout::auto_from_plots(&plots)
        .with_width(WIDTH)
        .with_height(HEIGHT)
        .with_theme(theme())
        .with_font_family("inherit")
        .with_legend_box(false);
    layout = if lies { layout.with_x_tick_format(tick) } else { layout.with_y_tick_format(tick) };
    match picture.shape {
        _ if lies => layout = layout.with_height((rows.len() * (10 + 8 * stands(picture.shape, &series)) + 70) as f64),
        Shape::Heat => {
            let columns: Vec<String> = series.iter().map(|s| s.label.clone()).collect();
            layout = layout.with_x_categories(columns).with_y_categories(names.iter().rev().cloned().collect());
            layout = layout.with_height((names.len() as f64 * 18.0 + 60.0).max(140.0)).with_show_grid(false);
            layout =
                layout.with_colorbar_tick_format(TickFormat::Custom(Arc::new(move |v| self::tick(v, is_ratio, lang))));
        }
        Shape::Lines => {
            let step = (names.len() / 8).max(1) as f64;
            let names = names.clone();
            let name = move |v: f64| {
                let whole = (v - v.round()).abs() < 1e-6 && v >= 0.0;
                whole.then(|| names.get(v.round() as usize).cloned()).flatten().unwrap_or_default()
            };
            layout = layout.with_x_tick_step(step).with_x_tick_format(TickFormat::Custom(Arc::new(name)));
        }
        _ => {}
    }
    if series.len() > 1 && picture.shape != Shape::Heat {
        layout = layout.with_legend_position(LegendPosition::OutsideBottomColumns);
    }
    if picture.shape == Shape::Pareto {
        layout = layout.with_y2_label(words::cumulative(lang));
    }
    let svg = kuva::render_to_svg(plots, layout);
    let drawn: Vec<&str> = series.iter().map(|s| s.label.as_str()).collect();
    let drawn = if picture.shape == Shape::Heat { String::new() } else { drawn.join(lang.pick(", ", "、")) };
    // Of which rows it is, in the words of the table.
    let of = only.and_then(|(n, _)| rows.first()?.cells.get(n)?.label());
    let of = of.map_or_else(String::new, |l| clean(l).into_owned());
    let drawn = if of.is_empty() { drawn } else { format!("{of}{}{drawn}", lang.pick(": ", "：")) };
    let more = (all.len() > rows.len()).then(|| words::not_drawn(lang, rows.len(), all.len()));
    let words = |drawn: &str| {
        let parts = [Some(drawn.to_string()).filter(|d| !d.is_empty()), more.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(lang.pick("; ", "；"))
    };
    let caption = words(if series.len() > 1 { &of } else { &drawn });
    Some(Drawn { svg: in_page(&svg, number), about: words(&drawn), caption })
}

/// What a row is called; by its first cell where it has no name.
fn name(row: &Row, column: usize, style: &Style) -> String {
    let text = |n: usize| row.cells.get(n).map_or_else(String::new, |c| for_people(c, style, true).replace('\n', " "));
    Some(text(column)).filter(|t| !t.is_empty()).unwrap_or_else(|| text(0))
}

fn series(table: &Table, rows: &[&Row], column: usize, heads: &[super::cell::Head]) -> Series {
    let head = heads.iter().find(|h| h.index == column).map(|h| h.label.clone());
    let label = head.unwrap_or_else(|| clean(&table.columns[column].label).into_owned());
    let value = |r: &&Row| match r.cells.get(column) {
        Some(Cell::Int(n)) => Some(*n as f64),
        Some(Cell::Number(n) | Cell::Ratio(n) | Cell::Days(n)) => n.to_f64(),
        Some(Cell::Money { amount, .. }) => amount.to_f64(),
        _ => None,
    };
    let is_ratio = rows.iter().any(|r| matches!(r.cells.get(column), Some(Cell::Ratio(_))));
    Series { label, values: rows.iter().map(value).collect(), is_ratio }
}

/// The colour of the nth series, which the page defines.
fn color(n: usize) -> String {
    format!("var(--s{})", n % 6 + 1)
}

fn theme() -> Theme {
    let (ink, none) = (String::from("currentColor"), String::from("none"));
    Theme {
        background: none.clone(),
        axis_color: ink.clone(),
        grid_color: "var(--line)".into(),
        tick_color: ink.clone(),
        text_color: ink.clone(),
        legend_bg: none.clone(),
        legend_border: none,
        colorbar_border: ink,
        ..Theme::light()
    }
}

/// Bars that stand side by side in a row.
fn stands(shape: Shape, series: &[Series]) -> usize {
    if shape == Shape::Stacked { 1 } else { series.len() }
}

fn plots(shape: Shape, lies: bool, names: &[String], series: &[Series], lang: Lang) -> Vec<Plot> {
    let first = |n: usize| series.first().and_then(|s| s.values[n]).unwrap_or(0.0);
    match shape {
        Shape::Bars | Shape::Stacked => {
            let mut plot = BarPlot::new();
            for (n, name) in names.iter().enumerate() {
                let bars = series.iter().enumerate().map(|(k, s)| (s.values[n].unwrap_or(0.0), color(k)));
                plot = plot.with_group(name.clone(), bars.collect::<Vec<_>>());
            }
            if series.len() > 1 {
                plot = plot.with_legend(series.iter().map(|s| s.label.as_str()).collect());
            }
            plot = plot.with_horizontal(lies);
            vec![if shape == Shape::Stacked { plot.with_stacked() } else { plot }.into()]
        }
        Shape::Lines => {
            let line = |(k, s): (usize, &Series)| {
                let points: Vec<(f64, f64)> =
                    s.values.iter().enumerate().filter_map(|(n, v)| Some((n as f64, (*v)?))).collect();
                let line = LinePlot::new().with_data(points).with_color(color(k)).with_stroke_width(2.0);
                // What differs by its colour only cannot be told on a printed page.
                let line = if k % 2 == 1 { line.with_dashed() } else { line };
                Plot::from(if series.len() > 1 { line.with_legend(s.label.clone()) } else { line })
            };
            series.iter().enumerate().map(line).collect()
        }
        Shape::Funnel => {
            let stages = names.iter().enumerate().map(|(n, name)| (name.clone(), first(n).max(0.0)));
            let plot = stages.fold(FunnelPlot::new(), |p, (name, v)| p.with_stage_color(name, v, color(0)));
            vec![plot.into()]
        }
        Shape::Pareto => {
            let mut parts: Vec<(String, f64)> =
                names.iter().enumerate().map(|(n, name)| (name.clone(), first(n).max(0.0))).collect();
            parts.sort_by(|a, b| b.1.total_cmp(&a.1));
            // The share of all needs them all: what has no bar of its own stands in one at the end.
            if parts.len() > MOST_BARS {
                let rest = parts.split_off(MOST_BARS - 1);
                parts.push((words::rest(lang, rest.len()), rest.iter().map(|(_, v)| v).sum()));
            }
            let plot = ParetoPlot::new().with_sorted(false);
            let plot = parts.into_iter().fold(plot, |p, (name, v)| p.with_category(name, v));
            let label = series.first().map(|s| s.label.clone()).unwrap_or_default();
            let plot = plot.with_color(color(0)).with_line_color(color(1)).with_show_threshold(false);
            vec![plot.with_legend(label, words::cumulative(lang)).into()]
        }
        Shape::Heat => {
            // A cell without a figure has the colour of the page.
            let row = |n: usize| series.iter().map(|s| s.values[n].unwrap_or(f64::NAN)).collect::<Vec<_>>();
            let data: Vec<Vec<f64>> = (0..names.len()).map(row).collect();
            let shade = |t: f64| {
                if t.is_finite() {
                    format!("color-mix(in srgb, var(--s1) {}%, var(--paper))", (t.clamp(0.0, 1.0) * 80.0 + 8.0).round())
                } else {
                    "none".to_string()
                }
            };
            vec![Heatmap::new().with_data(data).with_color_map(ColorMap::Custom(Arc::new(shade))).into()]
        }
    }
}

/// A number at an axis: short, with the words of its language for thousands and more.
fn tick(v: f64, is_ratio: bool, lang: Lang) -> String {
    let short = |v: f64| {
        let text = Decimal::from_f64_retain(v).map(|d| d.round_dp(2).normalize()).unwrap_or_default().to_string();
        grouped(&text, 3)
    };
    if is_ratio {
        return format!("{}%", short(v * 100.0));
    }
    let units: &[(f64, &str)] = lang.pick(&[(1e9, "bn"), (1e6, "M"), (1e3, "k")][..], &[(1e8, "亿"), (1e4, "万")][..]);
    let unit = units.iter().find(|(size, _)| v.abs() >= *size);
    unit.map_or_else(|| short(v), |(size, word)| format!("{}{word}", short(v / size)))
}

/// The picture with the page's width, and with names of its own.
fn in_page(svg: &str, number: usize) -> String {
    let mut out = String::with_capacity(svg.len());
    // The library counts over all pictures of the program; a page counts its own.
    let mut ids: Vec<&str> = Vec::new();
    for (n, part) in svg.split("kuva-clip-").enumerate() {
        if n == 0 {
            out.push_str(part);
            continue;
        }
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let at = ids.iter().position(|id| *id == &part[..digits]).unwrap_or_else(|| {
            ids.push(&part[..digits]);
            ids.len() - 1
        });
        out.push_str(&format!("clip-{number}-{at}{}", &part[digits..]));
    }
    let out = out.replacen("width=\"", "viewBox=\"0 0 ", 1).replacen("\" height=\"", " ", 1);
    let comment = (out.find("<!--"), out.find("-->"));
    match comment {
        (Some(from), Some(to)) if from < to => format!("{}{}", &out[..from], &out[to + 3..]),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::samples::{column, style};

    fn sample(names: &[&str], values: &[Option<i64>]) -> Table {
        let row = |(name, v): (&&str, &Option<i64>)| {
            let amount = |n: i64| Cell::money(Decimal::from(n), "CNY");
            let cells = vec![
                Cell::Text((*name).into()),
                v.map_or(Cell::Missing, amount),
                Cell::Ratio(Decimal::new(5, 1)),
                Cell::code(if name.len() % 2 == 0 { "even" } else { "odd" }, "Even"),
            ];
            Row { cells, ..Row::default() }
        };
        let columns = vec![column("name"), column("profit"), column("share"), column("sort")];
        Table { columns, rows: names.iter().zip(values).map(row).collect(), ..Table::default() }
    }

    const SHAPES: [Shape; 6] = [Shape::Bars, Shape::Stacked, Shape::Lines, Shape::Funnel, Shape::Pareto, Shape::Heat];

    #[test]
    fn every_shape_draws_any_rows() {
        let long = "a very long name that no axis has a place for ".repeat(4);
        let check = |names: &[&str], values: &[Option<i64>], draws: bool| {
            for shape in SHAPES {
                let picture = Picture::new(shape, "name", &["profit", "nothing"]);
                let drawn = draw(&sample(names, values), &picture, &style(Format::Html), 0);
                let is_part = matches!(shape, Shape::Funnel | Shape::Pareto);
                let has_parts = values.iter().flatten().any(|v| *v > 0);
                assert_eq!(drawn.is_some(), draws && (has_parts || !is_part), "{shape:?} {names:?}");
                let Some(drawn) = drawn else { continue };
                assert!(drawn.svg.starts_with("<svg ") && drawn.svg.trim_end().ends_with("</svg>"), "{}", drawn.svg);
                assert!(drawn.svg.contains("viewBox=\"0 0 ") && !drawn.svg.contains("NaN"), "{}", drawn.svg);
                assert!(!drawn.svg.contains("<script") && !drawn.svg.contains("<!--"), "{}", drawn.svg);
            }
        };
        check(&["a", "b", "c"], &[Some(5), Some(3), Some(1)], true);
        check(&["a"], &[Some(5)], true);
        check(&["a", "b"], &[Some(-5), None], true);
        check(&["a", "b"], &[Some(i64::MAX), Some(i64::MIN)], true);
        check(&["<b>&\"'", &long, "客户名称", "客户名称"], &[Some(1), Some(1), Some(1), Some(1)], true);
        check(&[], &[], false);
        check(&["a"], &[None], false);
        check(&["a", "b"], &[Some(0), None], false);
        let many: Vec<String> = (0..200).map(|n| format!("customer {n}")).collect();
        check(&many.iter().map(String::as_str).collect::<Vec<_>>(), &vec![Some(7); 200], true);
    }

    #[test]
    fn names_of_the_data_stay_text() {
        let picture = Picture::new(Shape::Bars, "name", &["profit"]);
        let table = sample(&["<script>alert(1)</script>"], &[Some(1)]);
        let drawn = draw(&table, &picture, &style(Format::Html), 0).unwrap();
        assert!(drawn.svg.contains("&lt;script&gt;") && !drawn.svg.contains("<script"), "{}", drawn.svg);
    }

    #[test]
    fn captions_say_what_is_drawn() {
        let check = |picture: Picture, rows: usize, lang, expected: &str| {
            let names: Vec<String> = (0..rows).map(|n| "n".repeat(n % 2 + 1)).collect();
            let table = sample(&names.iter().map(String::as_str).collect::<Vec<_>>(), &vec![Some(2); rows]);
            let drawn = draw(&table, &picture, &Style { lang, ..style(Format::Html) }, 0).unwrap();
            assert_eq!(drawn.about, expected);
        };
        let bars = || Picture::new(Shape::Bars, "name", &["profit"]);
        check(bars(), 3, Lang::En, "PROFIT (CNY)");
        check(bars(), 30, Lang::En, "PROFIT (CNY); the first 24 of 30");
        check(bars(), 30, Lang::ZhCn, "PROFIT (CNY)；仅绘出前 24 项，共 30 项");
        check(bars().only("sort", "even"), 3, Lang::En, "Even: PROFIT (CNY)");
        check(Picture::new(Shape::Bars, "name", &["profit", "share"]), 2, Lang::En, "PROFIT (CNY), SHARE");
    }

    #[test]
    fn a_page_counts_its_own_pictures() {
        let picture = Picture::new(Shape::Lines, "name", &["profit"]);
        let table = sample(&["a", "b"], &[Some(1), Some(2)]);
        let one = || draw(&table, &picture, &style(Format::Html), 0).unwrap().svg;
        assert_eq!(one(), one());
        let other = draw(&table, &picture, &style(Format::Html), 1).unwrap().svg;
        assert!(one().contains("id=\"clip-0-0\"") && other.contains("id=\"clip-1-0\""), "{}", one());
    }

    #[test]
    fn ticks_are_short() {
        let check = |v: f64, is_ratio, lang, expected: &str| assert_eq!(tick(v, is_ratio, lang), expected);
        check(0.0, false, Lang::En, "0");
        check(1500.0, false, Lang::En, "1.5k");
        check(-2_000_000.0, false, Lang::En, "-2M");
        check(2_500_000_000.0, false, Lang::En, "2.5bn");
        check(1500.0, false, Lang::ZhCn, "1,500");
        check(350_000.0, false, Lang::ZhCn, "35万");
        check(120_000_000.0, false, Lang::ZhCn, "1.2亿");
        check(0.25, true, Lang::En, "25%");
    }
}
