//! The flags that lists and reports share: columns, order, limit, totals.

use super::context::{Context, Result};
use super::error::{CliError, query_error};
use super::finding;
use crate::cli::ui::Ui;
use crate::i18n::{labels, messages as m, values};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::period::Period;
use crate::model::value::{FieldDef, Schema};
use crate::output::Later;
use crate::query::{MOST_PARTS, Per, can_be_cut, parse_columns, parse_period, parse_sort};
use crate::report::caption::against;
use crate::report::document::{Block, Document, Importance, Table};
use crate::report::list::add_footer;
use crate::report::series::{self, Reading};
use clap::Args;

/// Flags of every list.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ListArgs {
    /// Columns to show, separated by commas (`kehu help filters` lists them)
    #[arg(long, value_name = "A,B", help_heading = "List")]
    pub(crate) columns: Option<String>,
    /// Columns to sort by, separated by commas; -COLUMN sorts downwards
    #[arg(long, value_name = "A,-B", allow_hyphen_values = true, help_heading = "List")]
    pub(crate) sort: Option<String>,
    /// Show at most this many rows
    #[arg(long, value_name = "N", help_heading = "List")]
    pub(crate) limit: Option<usize>,
    /// Add a line with totals
    #[arg(long, help_heading = "List")]
    pub(crate) total: bool,
    /// Add a line with averages
    #[arg(long, help_heading = "List")]
    pub(crate) average: bool,
    /// Count (and sum) by {values}
    #[arg(long, value_name = "UNIT", help_heading = "List")]
    pub(crate) per: Option<String>,
    /// Compare with previous, year-ago or another period (needs -p)
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true, conflicts_with = "per", help_heading = "List")]
    pub(crate) compare: Option<String>,
    /// Show money divided by this, such as 10000 (万元; tables only)
    #[arg(long, value_name = "N", help_heading = "List")]
    pub(crate) scale: Option<String>,
    /// Exit with 1 when the answer is not empty
    #[arg(long, help_heading = "List")]
    pub(crate) exit_code: bool,
}

/// The sort keys as fields.
pub(crate) type SortKeys = Vec<(crate::model::value::FieldId, bool)>;

impl ListArgs {
    /// The columns asked for, else the default ones.
    pub(crate) fn fields(&self, ctx: &Context, schema: &dyn Schema, default: &[String]) -> Result<Vec<FieldDef>> {
        let spec = self.columns.clone().unwrap_or_else(|| default.join(","));
        parse_columns(&spec, schema).map_err(|e| query_error(ctx.lang(), &e))
    }

    /// The sort keys asked for.
    pub(crate) fn sort_keys(&self, ctx: &Context, schema: &dyn Schema) -> Result<SortKeys> {
        match &self.sort {
            Some(spec) => parse_sort(spec, schema).map_err(|e| query_error(ctx.lang(), &e)),
            None => Ok(Vec::new()),
        }
    }

    /// Limits, adds footers, prints, and says by exit code whether there was anything.
    pub(crate) fn print(&self, ctx: &Context, doc: &mut Document) -> Result<()> {
        let lang = ctx.lang();
        let found = !doc.is_empty();
        let mut left_out = 0;
        if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
            if self.columns.is_some() {
                // What was asked for by name is shown.
                table.columns.iter_mut().for_each(|c| c.importance = Importance::Key);
            }
            if self.total || self.average {
                // A report that brings its own total keeps it.
                add_footer(table, lang, self.total && table.footer.is_empty(), self.average);
            }
            left_out = self.cut(table);
        }
        let scale = match &self.scale {
            None => None,
            Some(text) => Some(
                parse_decimal(text)
                    .filter(|n| *n > Decimal::ZERO)
                    .ok_or_else(|| CliError::usage(m::bad_scale(lang, text)))?,
            ),
        };
        ctx.with_ui(Ui { scale, columns: true, ..ctx.ui.clone() }).print(doc)?;
        // The program is about to end: taking a large table apart, cell by cell, would only cost time.
        std::mem::forget(std::mem::take(doc));
        if left_out > 0 {
            ctx.ui.note(&m::left_out(lang, left_out));
        }
        if self.exit_code && found { Err(finding(lang)) } else { Ok(()) }
    }

    fn cut(&self, table: &mut Table) -> usize {
        if let Some((rows, left_out)) = table.cut.take() {
            table.rows.truncate(rows);
            return left_out + table.left_out;
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let left_out = table.rows.len().saturating_sub(limit);
        table.rows.truncate(limit);
        left_out + table.left_out
    }

    /// How many rows of a report `--explain` explains, in the report's own order: as many as `--limit` says, and all
    /// rows where they are sorted anew.
    pub(crate) fn explained(&self) -> usize {
        self.limit.filter(|_| self.sort.is_none()).unwrap_or(usize::MAX)
    }

    /// How many rows will be shown, where nothing but `--limit` decides that.
    pub(crate) fn plain_limit(&self) -> Option<usize> {
        self.row_limit().filter(|_| self.sort.is_none())
    }

    /// How many rows of those that are in order will be shown, where no figure needs the others.
    fn row_limit(&self) -> Option<usize> {
        self.limit.filter(|n| *n > 0 && !self.total && !self.average && !self.is_series())
    }

    /// As [`ListArgs::print`], for a table whose rows are in order and are made when they are printed: those that are not shown are
    /// never made.
    pub(crate) fn print_later(&self, ctx: &Context, mut later: Later<'_>) -> Result<()> {
        let shown = self.row_limit().map_or(later.rows, |limit| limit.min(later.rows));
        later.table.left_out += later.rows - shown;
        later.rows = shown;
        if !ctx.ui.format.is_machine() || self.limit == Some(0) || self.total || self.average || self.scale.is_some() {
            return self.print(ctx, &mut later.whole());
        }
        let left_out = later.table.left_out;
        ctx.print_later(later)?;
        if left_out > 0 {
            ctx.ui.note(&m::left_out(ctx.lang(), left_out));
        }
        if self.exit_code && shown > 0 { Err(finding(ctx.lang())) } else { Ok(()) }
    }

    /// Whether the list is asked for as a series.
    pub(crate) fn is_series(&self) -> bool {
        self.per.is_some() || self.compare.is_some()
    }

    /// The list as a series over its rows' days: `--per`, `--compare`.
    pub(crate) fn series(
        &self,
        ctx: &Context,
        items: &[series::Item],
        summed: &[series::Summed],
        period: (&str, Period),
    ) -> Result<Document> {
        let lang = ctx.lang();
        if let Some(unit) = &self.per {
            let per = parts(ctx, unit, period.1)?;
            return Ok(series::per(items, summed, period.1, per, &ctx.calendar(), lang));
        }
        let word = self.compare.as_deref().unwrap_or("previous");
        let (now, then, reading) = compared(ctx, word, period.1)?;
        let word = Reading::parse(word).map_or_else(|| word.to_string(), |known| known.key().to_string());
        let doc = series::compare(items, summed, (period.0, now), (&word, then), reading, lang);
        Ok(Document { title: Some(against(now, then, reading, lang)), ..doc })
    }

    /// The days that `--compare` puts side by side: those of the period that are over, and the same part of the other one.
    pub(crate) fn compared(&self, ctx: &Context, now: Period) -> Result<Option<(Period, Period, Reading)>> {
        self.compare.as_deref().map(|word| compared(ctx, word, now)).transpose()
    }

    /// Whether a column of a report is shown, or decides the order of its rows.
    pub(crate) fn asks_for(&self, column: &crate::report::document::Column) -> bool {
        let is_it = |name: &str| {
            name == column.key || name == column.label || labels::keys_for(name).contains(&column.key.as_str())
        };
        let sorts = |spec: &str| column_names(spec).any(|n| is_it(n.strip_prefix('-').unwrap_or(n)));
        self.columns.as_deref().is_none_or(|spec| column_names(spec).any(is_it))
            || self.sort.as_deref().is_some_and(sorts)
    }

    /// Orders the rows of a finished table, then chooses and orders its columns, by their keys: for reports whose columns are
    /// not fields.
    pub(crate) fn arrange(&self, ctx: &Context, doc: &mut Document) -> Result<()> {
        self.sort_rows(ctx, doc)?;
        self.pick(ctx, doc)
    }

    /// The first half of [`ListArgs::arrange`].
    pub(crate) fn sort_rows(&self, ctx: &Context, doc: &mut Document) -> Result<()> {
        let (Some(Block::Table(table)), Some(spec)) = (doc.blocks.get_mut(doc.main), &self.sort) else { return Ok(()) };
        let mut order = Vec::new();
        for part in column_names(spec) {
            let (name, down) = part.strip_prefix('-').map_or((part, false), |n| (n, true));
            order.push((column_place(ctx, table, name, spec)?, down));
        }
        table.rows.sort_by(|a, b| {
            order
                .iter()
                .map(|(n, down)| compare_cells(&a.cells[*n], &b.cells[*n], *down))
                .find(|o| o.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        Ok(())
    }

    /// The second half of [`ListArgs::arrange`].
    pub(crate) fn pick(&self, ctx: &Context, doc: &mut Document) -> Result<()> {
        let (Some(Block::Table(table)), Some(spec)) = (doc.blocks.get_mut(doc.main), &self.columns) else {
            return Ok(());
        };
        let mut order = Vec::new();
        for name in column_names(spec) {
            order.push(column_place(ctx, table, name, spec)?);
        }
        *table = std::mem::take(table).pick_at(&order);
        table.columns.iter_mut().for_each(|c| c.machine_only = false);
        Ok(())
    }
}

/// Says on stderr that a list for people has nothing, and of how many things: `none of 60 fits owner:li`.
pub(crate) fn say_if_none(ctx: &Context, is_empty: bool, what: &str, looked: usize, asked: &[&str]) {
    let lang = ctx.lang();
    say_if_empty(ctx, is_empty, || match looked {
        0 => m::none_there(lang, what),
        n => m::none_fits(lang, n, what, asked.join(" ")),
    });
}

/// Says on stderr why an answer for people is empty. Programs see that by themselves.
pub(crate) fn say_if_empty(ctx: &Context, is_empty: bool, why: impl FnOnce() -> String) {
    if is_empty && !ctx.ui.format.is_machine() {
        ctx.ui.note(&why());
    }
}

/// The place of a column that was named by its key or by a label of any language.
fn column_place(ctx: &Context, table: &Table, name: &str, spec: &str) -> Result<usize> {
    let keys = || table.columns.iter().map(|c| c.key.as_str());
    let at = |key: &str| keys().position(|k| k == key);
    let by_label = || table.columns.iter().position(|c| c.label == name);
    let in_any_language = || labels::keys_for(name).into_iter().find_map(at);
    at(name).or_else(by_label).or_else(in_any_language).ok_or_else(|| {
        let near = crate::diag::nearest(name, keys().chain(table.columns.iter().map(|c| c.label.as_str())));
        CliError::usage(m::unknown_field(ctx.lang(), name, spec))
            .nearest(ctx.lang(), &near)
            .hint(m::hint_values(ctx.lang(), keys().collect::<Vec<_>>().join(", ")))
    })
}

/// The names of a list of columns.
pub(crate) fn column_names(spec: &str) -> impl Iterator<Item = &str> {
    spec.split([',', '，']).map(str::trim)
}

/// `previous`, `year-ago` or another period, seen from a period, and what the comparison is called.
fn compared(ctx: &Context, word: &str, now: Period) -> Result<(Period, Period, Reading)> {
    let typed = Reading::parse(word);
    let then = match (typed, word) {
        (Some(Reading::Previous), _) => now.previous(),
        (Some(Reading::YearAgo), _) => now.year_ago(),
        (_, other) => Some(parse_period(other, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e))?),
    };
    let then = then.ok_or_else(|| CliError::usage(m::compare_needs_period(ctx.lang())))?;
    let reading = typed.unwrap_or_else(|| Reading::of(now, then));
    let (now, then) = now.like_for_like(then, ctx.today);
    Ok((now, then, reading))
}

/// The unit of `--per`, where it cuts the period into no more parts than can be shown.
pub(crate) fn parts(ctx: &Context, text: &str, period: Period) -> Result<Per> {
    let per = unit(ctx, text)?;
    if can_be_cut(&period, per) {
        return Ok(per);
    }
    let lang = ctx.lang();
    Err(CliError::usage(m::too_many_parts(lang, MOST_PARTS)).hint(m::hint_too_many_parts(lang)))
}

/// A unit of time for `--per`.
fn unit(ctx: &Context, word: &str) -> Result<Per> {
    let known = |p: &&Per| p.key() == word || values::words("per", p.key()).iter().any(|w| w == word);
    Per::ALL.iter().copied().find(|p| known(&p)).ok_or_else(|| {
        let (lang, keys) = (ctx.lang(), Per::ALL.iter().map(|p| p.key()).collect::<Vec<_>>());
        CliError::usage(m::bad_per(lang, word)).hint(m::hint_values(lang, keys.join(", ")))
    })
}

/// Order of two cells; unknown ones last in both directions.
fn compare_cells(
    a: &crate::report::document::Cell,
    b: &crate::report::document::Cell,
    down: bool,
) -> std::cmp::Ordering {
    let (x, y) = (a.sort_value(), b.sort_value());
    let unknown = |v: &crate::model::value::Value<'_>| v.is_missing();
    match (unknown(&x), unknown(&y)) {
        (false, false) if down => y.order(&x),
        _ => x.order(&y),
    }
}
