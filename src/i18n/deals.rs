//! Deals and contracts.

use super::Area;

pub(super) const AREA: Area = Area {
    labels: &[
        ("deal", "deal", "商机", &["销售机会"]),
        ("contract", "contract", "合同", &["销售合同", "采购合同"]),
        ("project", "project", "项目", &[]),
        ("renews", "renews", "续签自", &[]),
        ("competitor", "competitor", "竞争对手", &[]),
        ("close_date", "close date", "预计成交日", &[]),
        ("start", "start", "开始日", &[]),
        ("end", "end", "到期日", &[]),
    ],
    values: &[
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
    commands: &[],
    arguments: &[],
};
