use super::check::scorecard;
use super::list::{choice, chosen_by};
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::customers_exist;
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::i18n::{messages as m, problem};
use crate::metrics::METRICS;
use crate::metrics::grading::{self, CARD, Graded, grade, indicator_metric, population};
use crate::model::book::Reads;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::day::Span;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::period::Period;
use crate::model::settings::{Exact, Indicator, Scorecard, words_of};
use crate::output::Format;
use crate::query::Filter;
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::report::scorecard::{
    OF_ROWS, READS, Reader, calibration, calibration_toml, event_note, explain, fields, in_order, report,
};
use crate::rules::decisions::decide;
use crate::rules::engine::index::Index;
use crate::rules::scorecard::balance;
use crate::rules::turn::{Act, Extra};
use std::collections::HashSet;

/// Grade customers by the scorecard; --apply writes the grades, --set tries other numbers
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu grade\n  kehu grade owner:li --json\n  kehu grade --apply\n  kehu grade --explain huaxin\n  kehu grade --set margin.weight=50 --set revenue.weight=20\n  kehu grade --calibrate"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// Write the new grades, and an event for each
    #[arg(long, conflicts_with_all = ["set", "calibrate", "customer"])]
    pub(crate) apply: bool,
    /// Show the indicators of one customer: figure, points, weight, days
    #[arg(long = "explain", value_name = "CUSTOMER", conflicts_with_all = ["calibrate", "terms"])]
    pub(crate) customer: Option<String>,
    /// Try without writing: margin.weight=50, margin.points=[[0,0],[0.3,100]], bands.A=85, margin_to_change=0, window=6m
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Propose points for each indicator from your own figures, to paste into kehu.toml
    #[arg(long)]
    pub(crate) calibrate: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// How many refusals are worded.
const SHOWN: usize = 10;

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let card = card(args, ctx)?;
    let reads = READS.and(grading::reads(&card));
    if args.apply {
        return apply(args, ctx, &card, reads);
    }
    let lang = ctx.lang();
    let r = Reader { lang, machine: ctx.ui.format.is_machine() };
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::over(fields(&ctx.settings, lang), &customers, OF_ROWS);
    let (figures, rows) = if args.calibrate {
        (Filter::default(), ctx.filter(&args.terms, &customers)?)
    } else {
        split_terms(ctx, &args.terms, &fields)?
    };
    let (read, chosen) = chosen_by(ctx, rows, reads)?;
    let busy = ctx.ui.busy(m::progress_grade(lang));
    let index = std::mem::ManuallyDrop::new(grading::index(read.book, &card));
    let chosen: HashSet<usize> = chosen(&Index::new(read.book)).into_iter().collect();
    if args.calibrate {
        let customers: Vec<usize> = population(&index).into_iter().filter(|c| chosen.contains(c)).collect();
        let points = grading::calibration(&index, &card, &customers);
        drop(busy);
        if ctx.ui.format == Format::Table {
            let head = m::calibrate_head(lang, customers.len(), ctx.today);
            ctx.ui.text(&calibration_toml(&card, &points, &head))?;
        } else {
            let mut doc = calibration(&card, &points, lang);
            args.list.arrange(ctx, &mut doc)?;
            args.list.print(ctx, &mut doc)?;
        }
        return read.finish();
    }
    let graded = std::mem::ManuallyDrop::new(grade(&index, &card));
    drop(busy);
    let mut doc = match &args.customer {
        Some(text) => {
            let n = ctx.resolve(read.book, text)?;
            let found = graded.iter().find(|g| g.customer == n);
            let id = read.book.customers[n].id;
            let g = found.ok_or_else(|| CliError::new(Exit::Finding, m::not_graded(lang, id)))?;
            explain(&index, &card, g, r)
        }
        None => {
            let mut list: Vec<&Graded> = graded.iter().filter(|g| chosen.contains(&g.customer)).collect();
            in_order(&mut list);
            report(&index, &card, &mut list, r, |table| fields.keep(table, &figures))
        }
    };
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, Period::ALL))
}

/// Writes the grades that change.
fn apply(args: &Args, ctx: &Context, card: &Scorecard, reads: Reads) -> Result<()> {
    let lang = ctx.lang();
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let own = ReportFields::over(fields(&ctx.settings, lang), &customers, OF_ROWS);
    let (figures, filter) = split_terms(ctx, &args.terms, &own)?;
    let reads = filter.fields().into_iter().map(|id| customers.reads(id)).fold(reads, Reads::and);
    let chosen = choice(filter.clone());
    let act = ctx.act("", None)?;
    let rules = grading::fingerprint(card);
    let mut refused: Vec<CliError> = Vec::new();
    ctx.transact(reads, |index, _| {
        customers_exist(ctx, index.book, &filter, &customers)?;
        let busy = ctx.ui.busy(m::progress_grade(lang));
        let chosen: HashSet<usize> = chosen(index).into_iter().collect();
        let over = grading::index(index.book, card);
        let mut planned = Planned::default();
        let graded = grade(&over, card);
        let mut list: Vec<&Graded> = graded.iter().filter(|g| chosen.contains(&g.customer)).collect();
        if !figures.is_empty() {
            report(&over, card, &mut list, Reader { lang, machine: true }, |table| own.keep(table, &figures));
        }
        for g in list {
            let id = index.book.customers[g.customer].id;
            if !g.changes() {
                if let Some(until) = g.expired {
                    // No decision changes, so there is no event.
                    let edit = TomlEdit::Set { table: Vec::new(), key: "grade_until".into(), value: TomlValue::Remove };
                    let file = index.book.customers[g.customer].file.into();
                    planned.changes.push(Change::EditToml { file, edits: vec![edit] });
                    planned.did(id, m::did_confirm_grade(lang, id, &g.new, until));
                }
                continue;
            }
            let note = event_note(&g.score, &rules);
            let score = note.split_once(',').map_or("", |(score, _)| score).trim_start_matches("score ").to_string();
            let act = Act { note, ..act.clone() };
            // One customer that cannot be graded holds nobody else up.
            match decide(&over, g.customer, "grade", &g.new, &act, &Extra::default()) {
                Ok(changes) => planned.changes.extend(changes),
                Err(r) => {
                    refused.push(ctx.refused(&r));
                    continue;
                }
            }
            let old = if g.old.is_empty() { m::empty_word(lang) } else { g.old.to_string() };
            planned.did(id, m::did_grade(lang, id, old, &g.new, score));
        }
        drop(busy);
        Ok(planned)
    })?;
    refused.iter().take(SHOWN).for_each(|e| ctx.ui.warn(&e.message));
    let left = refused.len();
    let Some(first) = refused.into_iter().next() else { return Ok(()) };
    let e = CliError::new(Exit::Refused, m::not_graded_yet(lang, left));
    Err(first.hints.into_iter().fold(e, CliError::hint))
}

/// The scorecard of kehu.toml, changed by `--set`.
fn card(args: &Args, ctx: &Context) -> Result<Scorecard> {
    let lang = ctx.lang();
    let Some(file) = ctx.settings.file.scorecards.get(CARD) else {
        return Err(CliError::new(Exit::Data, m::no_scorecard(lang, CARD)).hint(m::hint_scorecard(lang)));
    };
    let wrong = scorecard(ctx, CARD, file);
    if !wrong.is_empty() {
        let mut e = CliError::new(Exit::Data, m::scorecard_broken(lang, CARD));
        e.diagnostics = wrong;
        return Err(e);
    }
    let mut card = file.clone();
    // A weight adds its indicator; the other settings may then describe it.
    let weight = |text: &&String| text.split('=').next().is_some_and(|path| path.trim().ends_with(".weight"));
    let (weights, others): (Vec<&String>, Vec<&String>) = args.set.iter().partition(weight);
    for text in weights.iter().chain(&others) {
        set(ctx, &mut card, text)?;
    }
    if !args.set.is_empty() {
        let fixed = |text: &&String| {
            let path = text.split('=').next()?.trim();
            path.strip_prefix("grade.").unwrap_or(path).strip_suffix(".weight").map(str::to_string)
        };
        let fixed: Vec<String> = weights.iter().filter_map(fixed).collect();
        let scaled = balance(&mut card, &fixed);
        if !scaled.is_empty() {
            let list: Vec<String> = scaled.iter().map(|(metric, weight)| format!("{metric} {weight}")).collect();
            ctx.ui.note(&m::weights_scaled(lang, list.join(lang.pick(", ", "、"))));
        }
        judge(ctx, &card)?;
    }
    Ok(card)
}

/// Refuses a scorecard that kehu.toml could not hold either.
fn judge(ctx: &Context, card: &Scorecard) -> Result<()> {
    let sum: Decimal = card.indicators.iter().map(|i| i.weight.0).sum();
    let lows: Vec<Decimal> = card.bands.values().map(|b| b.0).collect();
    let ordered = lows.windows(2).all(|w| w[0] > w[1])
        && lows.last() == Some(&Decimal::ZERO)
        && lows.first().is_some_and(|top| *top <= Decimal::ONE_HUNDRED);
    let nowhere = Place::default;
    let mut wrong = Vec::new();
    if sum != Decimal::ONE_HUNDRED {
        wrong.push(Diagnostic::new(Code::ScorecardWeights, nowhere(), [CARD, &sum.normalize().to_string()]));
    }
    if !ordered {
        wrong.push(Diagnostic::new(Code::ScorecardBands, nowhere(), [CARD, "order"]));
    }
    wrong.extend(scorecard(ctx, CARD, card));
    match wrong.first() {
        None => Ok(()),
        Some(d) => {
            let (what, mend) = problem::words(ctx.lang(), d);
            Err(CliError::usage(m::what_if(ctx.lang(), what)).hint(mend))
        }
    }
}

/// Reads `margin.weight=50`, with or without `grade.` before it.
fn set(ctx: &Context, card: &mut Scorecard, text: &str) -> Result<()> {
    let lang = ctx.lang();
    let wrong = || CliError::usage(m::invalid_argument(lang, text, "--set")).hint(m::hint_grade_set(lang));
    let (path, value) = text.split_once('=').ok_or_else(wrong)?;
    let (path, value) = (path.trim(), value.trim());
    let path = path.strip_prefix("grade.").unwrap_or(path);
    let number = |low: Decimal, high: Decimal, text: &str| {
        parse_decimal(text.trim()).filter(|n| (low..=high).contains(n)).map(Exact).ok_or_else(wrong)
    };
    let points = |text: &str| number(Decimal::ZERO, Decimal::ONE_HUNDRED, text);
    match path.split('.').collect::<Vec<_>>().as_slice() {
        ["min_coverage"] => card.min_coverage = Some(number(Decimal::ZERO, Decimal::ONE, value)?),
        ["margin_to_change"] => card.margin_to_change = Some(points(value)?),
        ["window"] => card.window = Some(Span::parse_cycle(value).ok_or_else(wrong)?),
        ["bands", band] => {
            card.bands.insert((*band).to_string(), points(value)?);
        }
        ["bands"] => {
            card.bands.clear();
            for pair in value.trim_matches(['{', '}']).split([',', '，']) {
                let (band, low) = pair.split_once(['=', ':']).ok_or_else(wrong)?;
                card.bands.insert(band.trim().to_string(), points(low)?);
            }
        }
        [metric, key] => {
            let known = card.indicators.iter().position(|i| i.metric == *metric);
            let n = match known {
                Some(n) => n,
                // What if it counted too.
                None if *key == "weight" && indicator_metric(metric).is_some() => {
                    card.indicators.push(Indicator {
                        metric: (*metric).to_string(),
                        weight: Exact(Decimal::ZERO),
                        scale: "percentile".into(),
                        better: None,
                        points: Vec::new(),
                    });
                    card.indicators.len() - 1
                }
                None => {
                    let own = card.indicators.iter().map(|i| i.metric.as_str());
                    let all = METRICS.iter().filter(|x| x.kind.is_number()).map(|x| x.key);
                    let near = nearest(metric, own.clone().chain(all));
                    let list = own.collect::<Vec<_>>().join(", ");
                    let e = CliError::usage(m::no_indicator(lang, metric)).nearest(lang, &near);
                    return Err(e.hint(m::hint_indicators(lang, list)));
                }
            };
            let i = &mut card.indicators[n];
            match *key {
                "weight" => i.weight = points(value)?,
                "scale" if words_of("scorecards.*.indicators[].scale").contains(&value) => i.scale = value.into(),
                "better" if words_of("scorecards.*.indicators[].better").contains(&value) => {
                    i.better = Some(value.into());
                }
                "points" => {
                    i.points = pairs(value).ok_or_else(wrong)?;
                    if i.scale == "percentile" {
                        i.scale = "points".into();
                    }
                }
                _ => return Err(wrong()),
            }
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

/// Reads `[[0, 0], [0.3, 100]]` or `0:0,0.3:100`.
fn pairs(text: &str) -> Option<Vec<(Exact, Exact)>> {
    let separators = |c: char| c.is_whitespace() || "[],:;".contains(c);
    let numbers: Option<Vec<Decimal>> = text.split(separators).filter(|t| !t.is_empty()).map(parse_decimal).collect();
    let numbers = numbers.filter(|n| !n.is_empty() && n.len() % 2 == 0)?;
    let (low, high) = (Decimal::ZERO, Decimal::ONE_HUNDRED);
    let list: Vec<(Exact, Exact)> = numbers.chunks_exact(2).map(|p| (Exact(p[0]), Exact(p[1]))).collect();
    list.iter().all(|p| (low..=high).contains(&p.1.0)).then_some(list)
}
