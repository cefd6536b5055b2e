//! Scorecards and grades.

use super::{Area, msgs};

msgs! {
    grade_by_hand() { "a grade set by hand needs --note and --until", "手工定级需要 --note 和 --until" }
    did_grade(id, from, to, score) { "{id}  grade: {from} → {to} (score {score})", "{id}  客户等级：{from} → {to}（得分 {score}）" }
    progress_grade() { "grading", "评级中" }
    no_scorecard(card) { "kehu.toml has no scorecard [scorecards.{card}]", "kehu.toml 中没有 [scorecards.{card}]" }
    hint_scorecard() { "docs/format.md shows an example; `kehu init` writes one", "docs/format.md 有示例；`kehu init` 会写入一份" }
    scorecard_broken(card) { "the scorecard `{card}` of kehu.toml cannot be used", "kehu.toml 的评分卡 `{card}` 无法使用" }
    what_if(message) { "--set: {message}", "--set：{message}" }
    weights_scaled(list) { "kehu scales the weights that were not set, so that all sum to 100: {list}", "未指定的权重已按比例调整，合计为 100：{list}" }
    hint_grade_set() { "for example margin.weight=50, margin.scale=percentile, margin.better=higher, margin.points=[[0,0],[0.3,100]], bands.A=85, margin_to_change=2, min_coverage=0.6, window=12m", "例如 margin.weight=50、margin.scale=percentile、margin.better=higher、margin.points=[[0,0],[0.3,100]]、bands.A=85、margin_to_change=2、min_coverage=0.6、window=12m" }
    no_indicator(metric) { "the scorecard has no indicator `{metric}`", "评分卡没有指标 `{metric}`" }
    hint_indicators(list) { "indicators: {list}; the weight of any other metric that is a number can be set too", "现有指标：{list}；也可以设置其他数值指标的权重" }
    not_graded_yet(n) { [n = 1] "{n} customer keeps its grade; the others were graded"; "{n} customers keep their grade; the others were graded", "{n} 个客户的等级未变更；其余已评级" }
    not_graded(customer) { "{customer} is not graded: it is closed, has no order, or has no data for any indicator", "{customer} 不参与评级：已关闭、没有订单，或没有任何指标数据" }
    manual_grade(until) { "graded by hand until {until}", "手工定级至 {until}" }
    grade_part(metric, raw, points, weight) { "{metric} {raw} → {points} × {weight}", "{metric} {raw} → {points} × {weight}" }
    grade_moves(up, down, first, same, manual) { "up {up}, down {down}, graded for the first time {first}, unchanged {same} (by hand {manual})", "升级 {up}，降级 {down}，首次定级 {first}，不变 {same}（其中手工定级 {manual}）" }
    explain_grade_rule() { "rule R5: score = Σ weight × points / Σ weight over the indicators that have data", "规则 R5：得分 = Σ 权重 × 指标得分 / Σ 有数据的权重" }
    explain_grade_score(score, coverage, band, bands) { "score {score}, coverage {coverage}: {band} ({bands})", "得分 {score}，指标齐全度 {coverage}：{band}（{bands}）" }
    explain_grade_move(from, to, margin) { [margin = 1] "grade {from} → {to}; the score must pass a band by {margin} point"; "grade {from} → {to}; the score must pass a band by {margin} points", "客户等级 {from} → {to}；须超过分数线 {margin} 分才变更" }
    explain_grade_provisional(min, cap) { "provisional: the coverage is below {min}, so the grade cannot rise, and a first grade is {cap} at best", "暂定：指标齐全度低于 {min}，不能升级；首次定级最高为 {cap}" }
    did_confirm_grade(id, grade, until) { "{id}  grade {grade} confirmed; it was set by hand until {until}", "{id}  客户等级 {grade} 不变；手工定级已于 {until} 到期" }
    calibrate_head(n, day) { [n = 1] "Points from the figures of {n} customer on {day}, for [scorecards.grade]:"; "Points from the figures of {n} customers on {day}, for [scorecards.grade]:", "按 {n} 个客户 {day} 的数据建议的计分点，用于 [scorecards.grade]：" }
    grading_due(last, span) { "the last grading was on {last}, more than {span} ago: run `kehu grade`", "上次评级在 {last}，已超过 {span}：请运行 `kehu grade`" }
    grades_title(from, day) { "Grades, this year from {from} to {day}", "等级分析，今年 {from} 至 {day}" }
    migration_title(from, to) { "Grades from {from} to {to}", "等级迁移表，{from} 至 {to}" }
    migration_note(day) { "profit after: in the 12 months after {day}; profit before: in the 12 months up to it", "之后毛利：{day} 之后 12 个月；之前毛利：截至该日 12 个月" }
    migration_early(day) { "the 12 months after {day} are not over", "{day} 之后还不满 12 个月" }
    migration_reversed(from, to) { "--from {from} is after --to {to}", "--from {from} 晚于 --to {to}" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("scorecards.metric", "indicator", "评分指标", &[]),
        ("coverage", "coverage", "指标齐全度", &[]),
        ("provisional", "provisional", "暂定", &[]),
        ("raw", "figure", "指标值", &[]),
        ("points", "points", "指标得分", &[]),
        ("weight", "weight", "权重", &[]),
        ("window", "days", "统计窗口", &[]),
    ],
    values: &[],
    commands: &[(
        "grade",
        "Grade customers by the scorecard; --apply writes the grades, --set tries other numbers",
        "按评分卡评定客户等级；--apply 写入，--set 试算",
    )],
    arguments: &[
        ("apply", "Write the new grades, and an event for each", "写入新等级，每个变更记一条"),
        (
            "customer",
            "Show the indicators of one customer: figure, points, weight, days",
            "列出一个客户的各项指标：数值、得分、权重、统计窗口",
        ),
        (
            "set",
            "Try without writing: margin.weight=50, margin.points=[[0,0],[0.3,100]], bands.A=85, margin_to_change=0, window=6m",
            "试算，不写入：margin.weight=50、margin.points=[[0,0],[0.3,100]]、bands.A=85、margin_to_change=0、window=6m",
        ),
        (
            "calibrate",
            "Propose points for each indicator from your own figures, to paste into kehu.toml",
            "按本公司数据的分位数为各项指标建议计分点，可粘贴到 kehu.toml",
        ),
    ],
};
