//! Deals and contracts.

use super::{Area, msgs};

msgs! {
    deal_by_verb(stage, verb) { "`kehu deal {verb}` brings a deal into the stage {stage}", "进入阶段「{stage}」请用 `kehu deal {verb}`" }
    stage_by_verb() { "`stage` is changed by `kehu deal move`, `kehu deal win` or `kehu deal lose`", "`stage` 请用 `kehu deal move`、`kehu deal win` 或 `kehu deal lose` 修改" }
    no_deal_stages() { "kehu.toml has no open stage for deals", "kehu.toml 中没有进行中的商机阶段" }
    hint_deal_stages() { "write [[deal_stages]] into kehu.toml; docs/format.md explains the keys", "请在 kehu.toml 中写入 [[deal_stages]]；docs/format.md 说明各个键" }
    deals_title() { "Open deals", "进行中的商机" }
    deals_parts(today) { "Open deals, their amounts and ages are those of {today}; won, lost, rates and cycles are those of the period. Velocity a day: open deals × win rate × mean amount won ÷ median days from entry to won", "在手商机及其金额、停留天数取 {today}；赢单、输单、赢单率和周期取统计期间。每日成交速度 = 在手商机数 × 赢单率 × 平均赢单金额 ÷ 成交周期中位数" }
    deals_forecast(few, stages) { "Weighted by history: stages of which {few} deals and more have ended. {stages}", "历史加权：已结束商机不少于 {few} 个的阶段按历史赢单率。{stages}" }
    deals_by_history(stage, share, n) { "{stage} {share} by history (n = {n})", "{stage} {share}（历史，n = {n}）" }
    deals_by_stage(stage, share, n) { "{stage} {share} by kehu.toml (n = {n})", "{stage} {share}（kehu.toml，n = {n}）" }
    deals_lost_title() { "Why deals were lost", "输单原因" }
    deals_of_nobody(n, id) { [n = 1] "{n} deal names no customer that is there: {id}"; "{n} deals name no customer that is there, the first is {id}", "{n} 个商机的客户不存在，首个：{id}" }
    deal_ended(id, place, stage, amount, day) { "{id} ({place}) {stage} on {day}: {amount}", "{id}（{place}）{day} {stage}：{amount}" }
    deal_stands(id, place, stage, amount, probability, chance) { "{id} ({place}) {stage}: {amount}, {probability} by kehu.toml, {chance} in the forecast by history", "{id}（{place}）{stage}：{amount}，kehu.toml 赢率 {probability}，历史预测按 {chance}" }
    named_by_title() { "Rows that name it", "相关记录" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("deal", "deal", "商机", &["销售机会"]),
        ("contract", "contract", "合同", &["销售合同", "采购合同"]),
        ("project", "project", "项目", &[]),
        ("renews", "renews", "续签自", &[]),
        ("competitor", "competitor", "竞争对手", &[]),
        ("close_date", "close date", "预计成交日", &[]),
        ("open_deals", "open deals", "进行中商机", &[]),
        ("open_deal_stages", "deal stages", "商机阶段", &[]),
        ("open_deal_amounts", "deal amounts", "商机金额", &[]),
        ("open_deal_close_dates", "deal close dates", "商机成交日", &[]),
        ("open_deal_next", "deal contacts", "商机联系日", &[]),
        ("deals.stage", "stage", "阶段", &[]),
        ("deals.next", "next contact", "下次联系", &[]),
        ("deals.amount", "amount", "金额", &[]),
        ("probability", "probability", "赢率", &[]),
        ("weighted", "weighted", "加权金额", &[]),
        ("deals.next_step", "next step", "下一步", &[]),
        ("slips", "slips", "延期次数", &[]),
        ("open_deal_count", "open", "在手商机", &[]),
        ("pipeline", "pipeline", "在手金额", &[]),
        ("weighted_history", "weighted by history", "历史加权金额", &[]),
        ("age_median", "days in stage", "停留中位数", &[]),
        ("age_p90", "days in stage p90", "停留天数 P90", &[]),
        ("past_close", "past close date", "超预计成交日", &[]),
        ("won", "won", "赢单数", &[]),
        ("won_amount", "amount won", "赢单金额", &[]),
        ("lost_deals", "lost", "输单数", &[]),
        ("lost_amount", "amount lost", "输单金额", &[]),
        ("ended_deals", "ended", "已结束", &[]),
        ("win_rate", "win rate", "赢单率", &[]),
        ("win_rate_amount", "win rate by amount", "金额赢单率", &[]),
        ("cycle_median", "sales cycle", "成交周期", &[]),
        ("cycle_p90", "sales cycle p90", "成交周期 P90", &[]),
        ("velocity", "velocity a day", "每日成交速度", &[]),
        ("without_amount", "without amount", "无金额", &[]),
        ("history_rate", "win rate by history", "历史赢单率", &[]),
        ("history_cases", "n of history", "历史样本数", &[]),
        ("month", "month", "月份", &[]),
        ("won_then", "won then", "对比期赢单数", &[]),
        ("previous.won_then", "won then", "上期赢单数", &[]),
        ("year-ago.won_then", "won then", "同期赢单数", &[]),
        ("won_change", "won change", "赢单数变化", &[]),
        ("previous.won_change", "won change", "赢单数环比", &[]),
        ("year-ago.won_change", "won change", "赢单数同比", &[]),
        ("won_amount_then", "amount won then", "对比赢单额", &[]),
        ("previous.won_amount_then", "amount won then", "上期赢单金额", &[]),
        ("year-ago.won_amount_then", "amount won then", "同期赢单金额", &[]),
        ("won_amount_change", "amount won change", "赢单金额变化", &[]),
        ("previous.won_amount_change", "amount won change", "赢单金额环比", &[]),
        ("year-ago.won_amount_change", "amount won change", "赢单金额同比", &[]),
        ("lost_deals_then", "lost then", "对比期输单数", &[]),
        ("previous.lost_deals_then", "lost then", "上期输单数", &[]),
        ("year-ago.lost_deals_then", "lost then", "同期输单数", &[]),
        ("lost_deals_change", "lost change", "输单数变化", &[]),
        ("previous.lost_deals_change", "lost change", "输单数环比", &[]),
        ("year-ago.lost_deals_change", "lost change", "输单数同比", &[]),
        ("win_rate_then", "win rate then", "对比期赢单率", &[]),
        ("previous.win_rate_then", "win rate then", "上期赢单率", &[]),
        ("year-ago.win_rate_then", "win rate then", "同期赢单率", &[]),
        ("cycle_median_then", "sales cycle then", "对比成交周期", &[]),
        ("previous.cycle_median_then", "sales cycle then", "上期成交周期", &[]),
        ("year-ago.cycle_median_then", "sales cycle then", "同期成交周期", &[]),
        ("start", "start", "开始日", &[]),
        ("end", "end", "到期日", &[]),
    ],
    values: &[
        ("deal_state", "open", "open", "进行中"),
        ("deal_state", "won", "won", "赢单"),
        ("deal_state", "lost", "lost", "输单"),
        ("contracts.kind", "sales", "sales", "销售合同"),
        ("contracts.kind", "purchase", "purchase", "采购合同"),
        ("lost", "price", "price", "价格"),
        ("lost", "competitor", "chose a competitor", "输给竞品"),
        ("lost", "budget", "no budget", "无预算"),
        ("lost", "need", "need fell away", "需求取消"),
        ("lost", "delivery", "delivery time", "交期"),
        ("lost", "quality", "quality", "质量"),
        ("lost", "terms", "terms of payment", "账期条款"),
        ("lost", "contact", "key contact left", "关键人变动"),
        ("lost", "silent", "silent", "失联"),
        ("lost", "other", "other", "其他"),
    ],
    commands: &[
        (
            "deal add",
            "The stages are in kehu.toml, [[deal_stages]]; a new deal begins in the first open one.",
            "商机阶段见 kehu.toml 的 [[deal_stages]]；新商机从第一个进行中的阶段开始。",
        ),
        (
            "deal set",
            "When a deal is won or lost, amount, close_date and owner can be changed only with --override.",
            "已赢单或输单的商机，金额、预计成交日和负责人只能用 --override 修改。",
        ),
        (
            "deal win",
            "Lines and options are those of `kehu order add`, and the same rules apply. The order names the deal.",
            "行和条件同 `kehu order add`，并按同样的规则检查。订单会注明该商机。",
        ),
        ("deal", "Deals: add, list, show, set, move, win, lose, rm", "商机：add、list、show、set、move、win、lose、rm"),
        (
            "deal add",
            "Add a deal: one possible sale, which goes from stage to stage",
            "新增商机：一次可能的成交，逐个阶段推进",
        ),
        ("deal list", "Deals that fit filter terms", "符合条件的商机"),
        (
            "deal show",
            "Show a deal: its state, its history, and the rows that name it",
            "一个商机：现状、变更记录、相关记录",
        ),
        (
            "deal set",
            "Change a deal; changes of amount, close_date and owner are kept as events",
            "修改商机；金额、预计成交日、负责人的变化写成变更记录",
        ),
        (
            "deal move",
            "Move a deal to another stage; kehu.toml says which stages may follow",
            "商机转到另一阶段；kehu.toml 规定可以转到哪些阶段",
        ),
        ("deal win", "Win a deal; with lines, kehu makes the order too", "赢单；给出订单行则同时生成订单"),
        ("deal lose", "Lose a deal, and say why", "输单，并说明原因"),
        ("deal rm", "Remove a deal; refused while anything refers to it", "删除商机；被引用时拒绝"),
    ],
    arguments: &[
        ("deal add.title", "What it is about", "商机标题"),
        ("deal add.product", "The product it is mostly about", "主要涉及的产品"),
        ("deal add.amount", "Expected amount, without tax", "预计金额，不含税"),
        ("deal add.close_date", "Expected day of winning it", "预计成交日"),
        ("deal add.owner", "Who follows it (default: you)", "负责人（默认自己）"),
        ("deal add.source", "Where it came from", "来源"),
        ("deal add.stage", "First stage (default: the first open one)", "起始阶段（默认第一个进行中的阶段）"),
        ("deal move.stage", "The stage", "阶段"),
        ("deal", "The deal", "商机"),
        ("deal win.by", "Who sold it (default: you, or who made the quote)", "谁的业绩（默认商机的负责人）"),
    ],
};
