//! Words for the values of closed lists. Lists of kehu.toml (stages, channels) bring their own labels.

use super::Lang;

/// (list, value, English, 中文).
type Value = (&'static str, &'static str, &'static str, &'static str);

const VALUES: &[Value] = &[
    ("kind", "company", "company", "企业"),
    ("kind", "person", "person", "个人"),
    ("kind", "dealer", "dealer", "经销商"),
    ("status", "active", "active", "正常"),
    ("status", "closed", "closed", "已关闭"),
    ("intent", "hot", "hot", "高"),
    ("intent", "warm", "warm", "中"),
    ("intent", "cold", "cold", "低"),
    ("stage_category", "presale", "presale", "售前"),
    ("stage_category", "customer", "customer", "成交"),
    ("stage_category", "lost", "lost", "流失"),
    ("role", "decision-maker", "decision-maker", "决策人"),
    ("role", "influencer", "influencer", "影响人"),
    ("role", "user", "user", "使用人"),
    ("role", "gatekeeper", "gatekeeper", "把关人"),
    ("role", "payer", "payer", "付款人"),
    ("role", "insured", "insured", "被保险人"),
    ("role", "student", "student", "学员"),
    ("role", "parent", "parent", "家长"),
    ("role", "rep", "rep", "业务员"),
    ("role", "manager", "manager", "销售经理"),
    ("role", "director", "director", "销售总监"),
    ("role", "service", "service", "客服"),
    ("role", "quality", "quality", "质量"),
    ("role", "finance", "finance", "财务"),
    ("role", "admin", "admin", "管理员"),
    ("role", "other", "other", "其他"),
    ("relation", "stranger", "stranger", "过客"),
    ("relation", "acquaintance", "acquaintance", "熟人"),
    ("relation", "friend", "friend", "朋友"),
    ("relation", "confidant", "confidant", "知己"),
    ("purpose", "care", "care", "客户关怀"),
    ("purpose", "inform", "inform", "信息传递"),
    ("purpose", "deal", "deal", "交易推动"),
    ("purpose", "service", "service", "服务提供"),
    ("purpose", "intel", "intel", "情报收集"),
    ("purpose", "collect", "collect", "催款"),
    ("direction", "in", "in", "客户来联系"),
    ("direction", "out", "out", "我方联系"),
    ("direction", "both", "both", "双向沟通"),
    ("outcome", "positive", "positive", "有进展"),
    ("outcome", "neutral", "neutral", "一般"),
    ("outcome", "negative", "negative", "不利"),
    ("outcome", "none", "none", "无结果"),
    ("outcome", "no-answer", "no answer", "未联系上"),
    ("outcome", "refused", "refused", "明确拒绝"),
    ("signal", "personnel", "personnel", "人事变动"),
    ("signal", "quality", "quality", "质量问题"),
    ("signal", "distance", "distance", "关系疏远"),
    ("signal", "demand", "demand", "需求变化"),
    ("signal", "competitor", "competitor", "竞品动向"),
    ("event", "stage", "stage", "阶段"),
    ("event", "status", "status", "状态"),
    ("event", "owner", "owner", "负责人"),
    ("event", "grade", "grade", "等级"),
    ("event", "intent", "intent", "意向级别"),
    ("event", "merged", "merged", "合并"),
    ("event", "approval", "approval", "审批"),
    ("event", "assignee", "assignee", "处理人"),
    ("event", "amount", "amount", "金额"),
    ("event", "close_date", "close date", "预计成交日"),
    ("event", "state", "state", "状态"),
    ("event", "confirmed", "confirmed", "已确认"),
    ("event", "shipped", "shipped", "已发货"),
    ("event", "delivered", "delivered", "已送达"),
    ("event", "cancelled", "cancelled", "已取消"),
    ("event", "note", "note", "备注"),
    ("event", "sent", "sent", "已发出"),
    ("event", "accepted", "accepted", "已接受"),
    ("event", "declined", "declined", "已谢绝"),
    ("event", "ended", "ended", "已终止"),
    ("event", "writeoff", "write-off", "坏账核销"),
    ("event", "void", "void", "作废"),
    ("event", "acknowledged", "acknowledged", "已响应"),
    ("event", "told", "told", "已告知客户"),
    ("subject_kind", "customer", "customer", "客户"),
    ("subject_kind", "order", "order", "订单"),
    ("subject_kind", "quote", "quote", "报价"),
    ("subject_kind", "deal", "deal", "商机"),
    ("subject_kind", "contract", "contract", "合同"),
    ("subject_kind", "payable", "payable", "应付款"),
    ("subject_kind", "refund", "refund", "退款单"),
    ("subject_kind", "request", "request", "申请"),
    ("subject_kind", "receivable", "receivable", "应收款"),
    ("subject_kind", "receipt", "receipt", "收款单"),
    ("subject_kind", "payment", "payment", "付款单"),
    ("subject_kind", "invoice", "invoice", "发票"),
    ("subject_kind", "spend", "spend", "费用"),
    ("subject_kind", "complaint", "complaint", "投诉"),
    ("subject_kind", "task", "task", "任务"),
    ("subject_kind", "need", "need", "客户需求"),
    ("subject_kind", "feedback", "feedback", "客户反馈"),
    ("products.status", "active", "active", "在售"),
    ("products.status", "paused", "paused", "暂停"),
    ("products.status", "retired", "retired", "停售"),
    ("contracts.kind", "sales", "sales", "销售合同"),
    ("contracts.kind", "purchase", "purchase", "采购合同"),
    ("refunds.kind", "return", "return", "退货"),
    ("refunds.kind", "overpayment", "overpayment", "多收退回"),
    ("refunds.kind", "allowance", "allowance", "折让"),
    ("refunds.kind", "goodwill", "goodwill", "让利补偿"),
    ("invoices.kind", "special", "special", "专票"),
    ("invoices.kind", "ordinary", "ordinary", "普票"),
    ("invoices.kind", "red", "red", "红字发票"),
    ("requests.kind", "price", "price", "特价"),
    ("requests.kind", "discount", "discount", "折扣"),
    ("requests.kind", "credit", "credit", "信用额度"),
    ("requests.kind", "refund", "refund", "退款"),
    ("requests.kind", "writeoff", "write-off", "核销"),
    ("requests.kind", "keep", "keep", "保护客户"),
    ("method", "transfer", "transfer", "转账"),
    ("method", "cash", "cash", "现金"),
    ("method", "acceptance", "acceptance bill", "承兑汇票"),
    ("method", "wechat", "WeChat Pay", "微信支付"),
    ("method", "alipay", "Alipay", "支付宝"),
    ("method", "cheque", "cheque", "支票"),
    ("method", "offset", "offset", "抵账"),
    ("liability", "ours", "ours", "我方"),
    ("liability", "supplier", "supplier", "供应商"),
    ("liability", "carrier", "carrier", "承运商"),
    ("liability", "customer", "customer", "客户"),
    ("liability", "unknown", "unknown", "待查"),
    ("severity", "low", "low", "轻微"),
    ("severity", "normal", "normal", "一般"),
    ("severity", "high", "high", "严重"),
    ("severity", "safety", "safety", "安全"),
    ("feedback.kind", "csat", "satisfaction", "满意度"),
    ("feedback.kind", "nps", "recommendation", "推荐意愿"),
    ("feedback.kind", "ces", "effort", "费力度"),
    ("feedback.kind", "value", "value", "让渡价值"),
    ("dimension", "product", "product", "产品价值"),
    ("dimension", "service", "service", "服务价值"),
    ("dimension", "personnel", "personnel", "人员价值"),
    ("dimension", "image", "image", "形象价值"),
    ("dimension", "money", "money", "货币成本"),
    ("dimension", "time", "time", "时间成本"),
    ("dimension", "energy", "energy", "精神成本"),
    ("dimension", "effort", "effort", "体力成本"),
    ("tasks.kind", "onboarding", "onboarding", "新客上手"),
    ("tasks.kind", "care", "care", "关怀"),
    ("tasks.kind", "win-back", "win back", "挽回"),
    ("tasks.kind", "remedy", "remedy", "补救"),
    ("tasks.kind", "other", "other", "其他"),
    ("spend.kind", "campaign", "campaign", "营销活动"),
    ("spend.kind", "visit", "travel", "差旅拜访"),
    ("spend.kind", "entertainment", "entertainment", "业务招待"),
    ("spend.kind", "gift", "gift", "礼品"),
    ("spend.kind", "sample", "sample", "样品"),
    ("spend.kind", "reward", "reward", "奖励"),
    ("spend.kind", "service", "service", "服务"),
    ("spend.kind", "goodwill", "goodwill", "让利补偿"),
    ("spend.kind", "other", "other", "其他"),
    ("targets.metric", "signed", "signed", "签单额"),
    ("targets.metric", "orders", "orders", "订单数"),
    ("targets.metric", "receipts", "receipts", "回款额"),
    ("targets.metric", "profit", "profit", "毛利"),
    ("targets.metric", "new_customers", "new customers", "新增客户"),
    ("targets.metric", "visits", "visits", "拜访次数"),
    ("level", "base", "base", "保底"),
    ("level", "target", "target", "目标"),
    ("level", "stretch", "stretch", "冲刺"),
    ("close", "no-intent", "no intent", "无意向"),
    ("close", "no-need-now", "no need now", "暂无需求"),
    ("close", "competitor", "chose a competitor", "选择竞品"),
    ("close", "out-of-business", "out of business", "停业"),
    ("close", "unreachable", "unreachable", "联系不上"),
    ("close", "bad-credit", "bad credit", "信誉不良"),
    ("close", "duplicate", "duplicate", "重复"),
    ("close", "other", "other", "其他"),
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
    ("task_state", "open", "open", "未完成"),
    ("task_state", "done", "done", "已完成"),
    ("task_state", "dropped", "dropped", "已取消"),
    ("due_state", "overdue", "overdue", "已逾期"),
    ("due_state", "today", "today", "今天"),
    ("due_state", "coming", "coming", "即将到期"),
    ("why", "promise", "promised", "约定"),
    ("why", "cycle", "cycle", "周期"),
    ("why", "first-contact", "first contact", "首次联系"),
    ("why", "reopen", "reopen", "重新打开"),
    ("section", "team", "Everybody", "全体"),
    ("section", "overdue", "Overdue follow-ups", "逾期未跟进"),
    ("section", "today", "Due today", "今日跟进"),
    ("section", "new", "New leads not yet touched", "新客户待首次联系"),
    ("section", "coming", "Coming", "近期跟进"),
    ("section", "tasks", "Tasks", "待办任务"),
    ("section", "deliveries", "Promised deliveries", "交期提醒"),
    ("section", "receivables", "Receivables due", "应收到期"),
    ("section", "birthdays", "Birthdays", "生日提醒"),
    ("section", "dates", "Anniversaries", "纪念日提醒"),
    ("section", "reopen", "Reopen dates", "到期重开"),
    ("section", "quotes", "Quotes ending", "报价到期"),
    ("section", "grading", "Grading is due", "客户评级到期"),
    ("section", "double", "Contacted by another rep", "重复拜访"),
    ("product_section", "leader", "Leaders", "主推产品"),
    ("product_section", "loser", "Losers", "亏损产品"),
    ("product_section", "pause", "Candidates to pause", "暂停生产候选"),
    ("product_section", "drop", "Candidates to drop", "淘汰候选"),
    ("product_section", "other", "Other products", "其他产品"),
    ("order_state", "placed", "placed", "已下单"),
    ("order_state", "confirmed", "confirmed", "已确认"),
    ("order_state", "shipped", "shipped", "已发货"),
    ("order_state", "delivered", "delivered", "已送达"),
    ("order_state", "cancelled", "cancelled", "已取消"),
    ("quote_state", "draft", "draft", "草稿"),
    ("quote_state", "sent", "sent", "已发出"),
    ("quote_state", "accepted", "accepted", "已接受"),
    ("quote_state", "declined", "declined", "已谢绝"),
    ("quote_state", "expired", "expired", "已过期"),
    ("match", "exact", "exact", "完全一致"),
    ("match", "part", "part", "部分一致"),
    ("match", "similar", "similar", "相似"),
    ("severity_word", "error", "error", "错误"),
    ("severity_word", "warning", "warning", "警告"),
];

/// The word for a value of a list; the value itself when it has none.
pub fn value(lang: Lang, list: &str, value: &str) -> String {
    find(list, value).map_or_else(|| value.to_string(), |v| lang.pick(v.2, v.3).to_string())
}

/// The word for a value of a ledger's column: the ledger's own list wins.
pub fn column_value(lang: Lang, ledger: &str, column: &str, v: &str) -> String {
    let own = format!("{ledger}.{column}");
    let list = match (ledger, column) {
        ("events", "kind") => "subject_kind",
        _ => column,
    };
    find(&own, v).or_else(|| find(list, v)).map_or_else(|| v.to_string(), |x| lang.pick(x.2, x.3).to_string())
}

/// The words of all languages that mean a value.
pub fn words(list: &str, value: &str) -> Vec<String> {
    find(list, value).map_or_else(Vec::new, |v| vec![v.2.to_string(), v.3.to_string()])
}

fn find(list: &str, value: &str) -> Option<&'static Value> {
    VALUES.iter().find(|v| v.0 == list && v.1 == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeyType};
    use crate::model::ledger::{Ledger, Type};

    #[test]
    fn every_closed_list_has_words() {
        for l in Ledger::ALL {
            for c in l.columns() {
                let Type::OneOf(values) = c.ty else { continue };
                for v in values {
                    let list = if *l == Ledger::Events { "subject_kind" } else { c.name };
                    let found = find(&format!("{l}.{}", c.name), v).or_else(|| find(list, v));
                    assert!(found.is_some(), "{l}.{}: {v}", c.name);
                }
            }
        }
        for k in CUSTOMER_KEYS.iter().chain(CONTACT_KEYS) {
            let KeyType::OneOf(values) = k.ty else { continue };
            for v in values {
                assert!(find(k.name, v).is_some(), "{}: {v}", k.name);
            }
        }
    }

    #[test]
    fn every_column_and_key_has_a_label() {
        for l in Ledger::ALL {
            for c in l.columns() {
                assert!(super::super::labels::has_label(c.name), "{l}.{}", c.name);
            }
        }
        for k in CUSTOMER_KEYS.iter().chain(CONTACT_KEYS) {
            assert!(super::super::labels::has_label(k.name), "{}", k.name);
        }
    }
}
