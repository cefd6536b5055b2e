//! Occasions on which somebody thinks of a customer (R4).

use super::{Area, msgs};

msgs! {
    care_title() { "Occasions", "关怀日历" }
    care_greet(holiday, n) { [n = 1] "{holiday}: greet 1 customer (`kehu report care kind:holiday`)"; "{holiday}: greet {n} customers (`kehu report care kind:holiday`)", "{holiday}：问候 {n} 位客户（`kehu report care kind:holiday`）" }
    care_contract(years, id, since) { [years = 1] "a year since contract {id} began ({since})"; "{years} years since contract {id} began ({since})", "合同 {id} 满 {years} 周年（{since} 起）" }
    care_first_order(years, since) { [years = 1] "a year since the first order ({since})"; "{years} years since the first order ({since})", "首单满 {years} 周年（{since}）" }
    care_tip(text, product, order, base) { "{text} ({product}, order {order} of {base})", "{text}（{product}，订单 {order}，{base}）" }
    gifts_left(given, left, most) { "Gifts this year {given}; {left} left of {most}", "今年礼品与招待 {given}，限额 {most}，剩余 {left}" }
    gifts_given(given) { "Gifts this year {given}", "今年礼品与招待 {given}" }
    gifts_without_rate(n) { [n = 1] "1 without a rate left out"; "{n} without a rate left out", "未计无汇率 {n} 笔" }
    gifts_liked(list) { "likes: {list}", "爱好：{list}" }
    agenda_greet(holiday, n) { [n = 1] "{holiday}: greet 1 customer"; "{holiday}: greet {n} customers", "{holiday}：问候 {n} 位客户" }
    agenda_delivery(customer, order) { "{customer}: deliver order {order}", "{customer}：交付订单 {order}" }
    agenda_receivable(customer, id, open) { "{customer}: {open} due ({id})", "{customer}：应收 {open}（{id}）" }
    agenda_contract(customer, id) { "{customer}: contract {id} ends", "{customer}：合同 {id} 到期" }
    agenda_complaint(customer, id, text) { "{customer}: complaint {id}: {text}", "{customer}：投诉 {id}：{text}" }
    outside_only(format, table) { "only `kehu export {table}` has the format {format}", "只有 `kehu export {table}` 支持格式 {format}" }
    outside_flag(format, flag) { "the format {format} does not take {flag}", "格式 {format} 不支持 {flag}" }
    pyramid(known, all, levels, days) { "{known} of {all} contacts have a level, share against the pyramid of kehu.toml: {levels}; a level fades after {days} days of silence", "{all} 位联系人中 {known} 位有关系层级，占比与 kehu.toml 的关系金字塔：{levels}；{days} 天无联系即淡化" }
    pyramid_level(level, share, wanted) { "{level} {share} ({wanted})", "{level} {share}（{wanted}）" }
    no_loyalty_card() { "kehu.toml has no [scorecards.loyalty]; the template of `kehu init` shows one", "kehu.toml 没有 [scorecards.loyalty]；`kehu init` 的模板中有示例" }
    care_open_period() { "occasions come round without end: the period needs a first and a last day", "关怀日每年都有：期间须有起止日" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("day", "day", "日期", &[]),
        ("care.kind", "occasion", "关怀类型", &[]),
        ("gifts_this_year", "gifts this year", "今年礼品", &[]),
        ("gifts_left", "gifts left", "礼品余额", &[]),
        ("uid", "uid", "标识", &[]),
        ("repeat_rate", "repeat rate", "复购率", &[]),
        ("list_price_share", "at list price", "原价成交占比", &[]),
        ("referral_profit", "referral profit", "转介绍毛利", &[]),
        ("tenure", "tenure", "合作天数", &["合作年限"]),
        ("on_time_share", "paid on time", "按时付款率", &[]),
        ("repeat_days", "repeat order days", "复购下单日", &[]),
        ("list_orders", "orders at list price", "原价订单数", &[]),
        ("band", "band", "分数段", &[]),
        ("strangers", "strangers", "过客", &[]),
        ("acquaintances", "acquaintances", "熟人", &[]),
        ("friends", "friends", "朋友", &[]),
        ("confidants", "confidants", "知己", &[]),
        ("short", "too few", "偏少层级", &[]),
        ("fading", "fading", "关系淡化", &[]),
        ("single_contact", "single contact", "单一联系人", &["单一联系人风险"]),
        ("open_signals", "open signals", "未回应动向", &[]),
        ("open_days", "days", "已等天数", &[]),
        ("with_purpose", "contacts with purpose", "有目的联系数", &[]),
        ("care_share", "care", "客户关怀", &[]),
        ("inform_share", "inform", "信息传递", &[]),
        ("deal_share", "deal", "交易推动", &[]),
        ("service_share", "service", "服务提供", &[]),
        ("intel_share", "intel", "情报收集", &[]),
        ("one_sided", "one-sided", "目的单一", &[]),
        ("contact_name", "contact's name", "联系人姓名", &[]),
        ("last_contact", "last contact", "最近接触", &[]),
        ("silent_days", "days of silence", "未接触天数", &[]),
    ],
    values: &[
        ("section", "care", "Care", "客户关怀"),
        ("agenda", "follow-up", "follow-up", "跟进"),
        ("agenda", "task", "task", "任务"),
        ("agenda", "occasion", "occasion", "关怀"),
        ("agenda", "delivery", "delivery", "交货"),
        ("agenda", "receivable", "receivable", "应收"),
        ("agenda", "contract", "contract", "合同到期"),
        ("agenda", "complaint", "complaint", "投诉"),
        ("loyalty_band", "loyal", "loyal", "忠诚"),
        ("loyalty_band", "steady", "steady", "稳定"),
        ("loyalty_band", "loose", "loose", "松散"),
        ("occasion", "birthday", "birthday", "生日"),
        ("occasion", "date", "day to remember", "纪念日"),
        ("occasion", "holiday", "holiday", "节日"),
        ("occasion", "contract", "contract anniversary", "合同周年"),
        ("occasion", "first-order", "first order anniversary", "首单周年"),
        ("occasion", "tip", "product tip", "产品提示"),
    ],
    commands: &[],
    arguments: &[],
};
