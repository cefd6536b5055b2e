//! Labels of keys: what stands at the head of a column, and the words that filters accept for it.

use super::Lang;

/// (key, English, 中文, other words that mean it). A key of one ledger is `ledger.key`.
type Label = (&'static str, &'static str, &'static str, &'static [&'static str]);

const LABELS: &[Label] = &[
    // Things.
    ("customer", "customer", "客户", &["单位"]),
    ("contact", "contact", "联系人", &[]),
    ("team", "team", "团队成员", &["员工", "业务员"]),
    ("activity", "activity", "跟进记录", &["联系记录", "拜访记录"]),
    ("event", "event", "变更项", &[]),
    ("task", "task", "任务", &["待办"]),
    ("product", "product", "产品", &["商品", "物料", "课程", "险种"]),
    ("order", "order", "订单", &["销售单"]),
    ("deal", "deal", "商机", &["销售机会"]),
    ("contract", "contract", "合同", &["销售合同", "采购合同"]),
    ("receivable", "receivable", "应收款", &["应收单"]),
    ("receipt", "receipt", "收款单", &["回款"]),
    ("payable", "payable", "应付款", &["应付单"]),
    ("supplier", "supplier", "供应商", &[]),
    ("complaint", "complaint", "投诉", &["客诉"]),
    ("need", "need", "客户需求", &[]),
    ("party", "party", "对方单位", &[]),
    ("project", "project", "项目", &[]),
    ("renews", "renews", "续签自", &[]),
    ("pool", "pool", "公海", &["客户池"]),
    ("ledger", "ledger", "台账", &[]),
    // Columns of general use.
    ("id", "id", "编号", &["单号"]),
    ("at", "date", "日期", &["时间"]),
    ("date", "date", "日期", &[]),
    ("name", "name", "名称", &["姓名"]),
    ("title", "title", "标题", &[]),
    ("contacts.name", "name", "姓名", &[]),
    ("contacts.title", "title", "职务", &[]),
    ("team.name", "name", "姓名", &[]),
    ("by", "by", "经办人", &["跟进人", "操作人", "录入人"]),
    ("note", "note", "备注", &[]),
    ("text", "text", "内容", &[]),
    ("reason", "reason", "原因", &[]),
    ("amount", "amount", "金额", &[]),
    ("currency", "currency", "币种", &[]),
    ("kind", "kind", "类型", &[]),
    ("category", "category", "类别", &[]),
    ("source", "source", "来源", &["渠道"]),
    ("campaign", "campaign", "营销活动", &["展会", "投放"]),
    ("source_key", "source key", "来源单号", &[]),
    ("period", "period", "期间", &[]),
    ("due", "due", "应跟进日", &["下次跟进"]),
    ("days_overdue", "days overdue", "逾期天数", &[]),
    ("state", "state", "状态", &[]),
    ("why", "why", "依据", &[]),
    ("section", "section", "栏目", &[]),
    ("what", "what", "事项", &[]),
    ("count", "count", "数量", &[]),
    ("number", "number", "号码", &[]),
    // Customers.
    ("aliases", "aliases", "别名", &[]),
    ("former_ids", "former ids", "曾用编号", &[]),
    ("tax_id", "tax id", "税号", &["统一社会信用代码"]),
    ("pinyin", "pinyin", "拼音", &[]),
    ("created", "created", "建档日期", &[]),
    ("stage", "stage", "客户阶段", &["阶段"]),
    ("status", "status", "状态", &[]),
    ("closed_until", "reopen on", "重新打开日", &[]),
    ("owner", "owner", "负责人", &["所属人"]),
    ("grade", "grade", "客户等级", &["客户级别", "等级"]),
    ("grade_until", "grade until", "定级有效期", &[]),
    ("intent", "intent", "意向级别", &["意向"]),
    ("referred_by", "referred by", "介绍人", &[]),
    ("industry", "industry", "行业", &[]),
    ("country", "country", "国家", &[]),
    ("region", "region", "地区", &["区域"]),
    ("city", "city", "城市", &[]),
    ("address", "address", "地址", &[]),
    ("postal_code", "postal code", "邮编", &[]),
    ("phone", "phone", "电话", &["手机"]),
    ("email", "mail", "邮箱", &["邮件地址"]),
    ("wechat", "WeChat", "微信", &[]),
    ("website", "website", "网址", &[]),
    ("size", "size", "规模", &[]),
    ("terms", "terms", "付款条件", &[]),
    ("credit_limit", "credit limit", "信用额度", &[]),
    ("contact_every", "contact every", "联系周期", &[]),
    ("keep_until", "keep until", "保护到期日", &[]),
    ("tags", "tags", "标签", &[]),
    ("fields", "fields", "自定义字段", &[]),
    // Contacts.
    ("contacts", "contacts", "联系人数", &[]),
    ("role", "role", "角色", &[]),
    ("relation", "relation", "关系层级", &[]),
    ("birthday", "birthday", "生日", &[]),
    ("gender", "gender", "性别", &[]),
    ("marital", "marital status", "婚姻状况", &[]),
    ("occupation", "occupation", "职业", &[]),
    ("risk_attitude", "attitude to risk", "风险态度", &[]),
    ("likes", "likes", "爱好", &[]),
    ("hobbies", "hobbies", "兴趣", &[]),
    ("left", "left", "离职日期", &[]),
    ("dates", "dates", "纪念日", &[]),
    // Team.
    ("manager", "manager", "上级", &["主管"]),
    ("department", "department", "部门", &[]),
    ("branch", "branch", "分公司", &[]),
    ("limits", "limits", "权限额度", &[]),
    ("own_limit", "customers limit", "私海上限", &[]),
    ("discount_limit", "discount limit", "折扣权限", &[]),
    ("approve_limit", "approval limit", "审批额度", &[]),
    // Ledger columns.
    ("channel", "channel", "联系方式", &[]),
    ("purpose", "purpose", "联系目的", &[]),
    ("direction", "direction", "方向", &[]),
    ("outcome", "outcome", "结果", &[]),
    ("signal", "signal", "客户动向", &[]),
    ("next", "next", "下次联系", &[]),
    ("subject", "subject", "对象", &[]),
    ("from", "from", "变更前", &[]),
    ("to", "to", "变更后", &[]),
    ("until", "until", "截止", &[]),
    ("competitor", "competitor", "竞争对手", &[]),
    ("since", "since", "生效日", &[]),
    ("unit", "unit", "单位", &[]),
    ("price", "price", "单价", &[]),
    ("products.price", "list price", "标准价", &[]),
    ("cost", "cost", "成本", &[]),
    ("products.cost", "standard cost", "标准成本", &[]),
    ("complaints.cost", "cost", "处理成本", &[]),
    ("tax_rate", "tax rate", "税率", &[]),
    ("upgrade_of", "upgrade of", "升级自", &[]),
    ("line", "line", "行号", &["明细"]),
    ("quantity", "quantity", "数量", &[]),
    ("discount", "discount", "折扣率", &[]),
    ("tax", "tax", "税额", &[]),
    ("unit_cost", "unit cost", "单位成本", &[]),
    ("extra_cost", "extra cost", "附加成本", &[]),
    ("orders.due", "due", "应收日", &[]),
    ("promised", "promised", "约定交期", &[]),
    ("returns", "returns", "退货原单", &[]),
    ("split", "split", "业绩分成", &[]),
    ("version", "version", "版本", &[]),
    ("valid_until", "valid until", "有效期", &[]),
    ("close_date", "close date", "预计成交日", &[]),
    ("start", "start", "开始日", &[]),
    ("end", "end", "到期日", &[]),
    ("receivables.due", "due", "应收日", &[]),
    ("method", "method", "收款方式", &[]),
    ("payments.method", "method", "付款方式", &[]),
    ("matures", "matures", "承兑到期日", &[]),
    ("refunds.reason", "reason", "退款原因", &[]),
    ("refunds.receipt", "receipt", "原收款单", &[]),
    ("payables.due", "due", "应付日", &[]),
    ("invoice", "invoice", "发票", &[]),
    ("batch", "batch", "批次", &[]),
    ("severity", "severity", "严重程度", &[]),
    ("complaints.grade", "grade at entry", "登记时等级", &[]),
    ("liability", "liability", "责任方", &[]),
    ("cause", "cause", "原因", &[]),
    ("complaints.text", "text", "投诉内容", &[]),
    ("dimension", "dimension", "维度", &[]),
    ("score", "score", "评分", &[]),
    ("action", "action", "改进措施", &[]),
    ("needs.text", "need", "需求内容", &[]),
    ("urgent", "urgent", "紧急", &[]),
    ("important", "important", "重要", &[]),
    ("solution", "solution", "解决方案", &[]),
    ("tasks.due", "due", "截止日", &[]),
    ("playbook", "playbook", "标准动作", &["跟进模板"]),
    ("targets.owner", "owner", "责任人", &[]),
    ("metric", "metric", "考核指标", &[]),
    ("scorecards.metric", "indicator", "评分指标", &[]),
    ("level", "level", "目标档", &[]),
    ("targets.amount", "target", "目标值", &[]),
    ("rate", "rate", "汇率", &[]),
    // Metrics.
    ("last_activity", "last activity", "最近联系", &[]),
    ("last_two_way", "last two-way contact", "最近双向沟通", &[]),
    ("touch_days", "days without contact", "未联系天数", &[]),
    ("activities", "activities", "跟进次数", &[]),
    ("visits", "visits", "拜访次数", &[]),
    ("idle_days", "days since order", "未下单天数", &[]),
    ("first_order", "first order", "首单日期", &[]),
    ("last_order", "last order", "最近下单", &[]),
    ("orders", "orders", "订单数", &[]),
    ("order_gap", "days between orders", "下单间隔", &[]),
    ("revenue", "revenue", "销售额", &[]),
    ("profit", "profit", "毛利", &[]),
    ("margin", "margin", "毛利率", &[]),
    ("avg_order", "average order", "客单价", &[]),
    ("growth", "growth", "销售增长", &[]),
    ("outstanding", "outstanding", "应收余额", &[]),
    ("credit", "credit", "预收余额", &[]),
    ("payment_days", "payment days", "平均回款天", &["平均回款天数"]),
    ("late_days", "late days", "平均逾期天", &["平均逾期天数"]),
    ("unknown_cost_lines", "lines of unknown cost", "成本未知行", &["成本未知行数"]),
    ("not_due", "not due", "未到期", &[]),
    ("d1_30", "1–30 days", "逾期1–30天", &[]),
    ("d31_60", "31–60 days", "31–60天", &[]),
    ("d61_90", "61–90 days", "61–90天", &[]),
    ("d91_120", "91–120 days", "91–120天", &[]),
    ("d120_plus", "over 120 days", "120天以上", &[]),
    ("bills", "unmatured bills", "未到期承兑", &[]),
    ("coverage", "coverage", "指标齐全度", &[]),
    ("provisional", "provisional", "暂定", &[]),
    ("old", "old", "原等级", &[]),
    ("new", "new", "新等级", &[]),
    ("raw", "figure", "指标值", &[]),
    ("points", "points", "指标得分", &[]),
    ("weight", "weight", "权重", &[]),
    ("window", "days", "统计窗口", &[]),
    ("revenue_last_year", "revenue last year", "去年销售额", &[]),
    ("profit_last_year", "profit last year", "去年毛利", &[]),
    ("revenue_share", "share of revenue", "销售额占比", &[]),
    ("profit_share", "share of profit", "毛利占比", &[]),
    ("profit_before", "profit before", "之前毛利", &[]),
    ("profit_after", "profit after", "之后毛利", &[]),
    ("profit_effect", "difference", "毛利增减", &[]),
    ("revenue_then", "revenue then", "对比期销售额", &[]),
    ("revenue_change", "change", "销售额变化", &[]),
    ("profit_then", "profit then", "对比期毛利", &[]),
    ("profit_change", "change", "毛利变化", &[]),
    ("rep", "rep", "业务员", &[]),
    ("customers_count", "customers", "客户数", &[]),
    ("share", "share", "占比", &[]),
    ("net", "net", "不含税金额", &[]),
    ("total_amount", "total", "含税金额", &[]),
    ("open_amount", "open", "未收金额", &[]),
    ("change", "change", "变动", &[]),
    ("shipped", "shipped", "发货日", &[]),
    ("delivered", "delivered", "送达日", &[]),
    ("confirmed", "confirmed", "确认日", &[]),
    ("cancelled", "cancelled", "取消日", &[]),
    ("late", "late", "晚交", &[]),
    ("on_time", "on time", "准时", &[]),
    ("on_time_rate", "on-time rate", "准时交货率", &[]),
    ("days_late", "days late", "晚交天数", &[]),
    ("margin_floor", "margin floor", "毛利率底线", &[]),
    ("min_amount", "lowest amount", "最低金额", &[]),
    ("break_even", "break-even", "保本金额", &[]),
    ("usual_margin", "usual margin", "平常毛利率", &[]),
    ("allowed", "allowed", "可成交", &[]),
    ("warnings", "warnings", "提醒", &[]),
    ("first", "first order", "首单", &[]),
    ("lines", "lines", "行数", &[]),
    ("days_in_stage", "days in stage", "阶段停留", &[]),
    ("stage_since", "in stage since", "进入阶段日", &[]),
    ("stage_category", "stage category", "阶段类别", &[]),
    ("owner_since", "owner since", "归属起始日", &[]),
    ("last_by", "last by", "最近联系人员", &[]),
    ("age", "age", "年龄", &[]),
    ("stalled", "stalled", "停滞", &[]),
    ("promise", "promised contact", "约定联系日", &[]),
    ("open_tasks", "open tasks", "未完成任务", &[]),
    ("open_quotes", "open quotes", "未决报价", &[]),
    ("referrals", "referrals", "转介绍数", &[]),
    // The morning meeting.
    ("yesterday_activities", "contacts yesterday", "昨日跟进", &[]),
    ("yesterday_visits", "visits yesterday", "昨日拜访", &[]),
    ("yesterday_new", "new yesterday", "昨日新增", &[]),
    ("due_today", "due today", "今日跟进", &[]),
    ("overdue", "overdue", "已逾期", &[]),
    ("new_leads", "new leads", "新客待联系", &[]),
    ("late_tasks", "late tasks", "逾期任务", &[]),
    // Funnel.
    ("customers", "customers", "客户数", &[]),
    ("closed", "closed", "已关闭", &[]),
    ("entered", "entered", "进入", &[]),
    ("forward", "moved on", "推进", &[]),
    ("back", "moved back", "回退", &[]),
    ("open", "still there", "仍在", &[]),
    ("conversion", "conversion", "转化率", &[]),
    ("median_days", "median days", "停留中位数", &[]),
    ("p90_days", "p90 days", "九成以内", &[]),
    // Imports.
    ("import.into", "into", "导入到", &[]),
    ("import.rows", "rows", "行数", &[]),
    ("import.new", "new", "新增", &[]),
    ("unchanged", "unchanged", "未变", &[]),
    ("changed", "changed", "有变化", &[]),
    ("skipped", "left out", "按规则略过", &[]),
    ("rejected", "rejected", "无法导入", &[]),
    ("import.customers", "customers made", "新建客户", &[]),
    ("stages", "stage steps", "阶段推进", &[]),
    // Schema, check and other tables about the data itself.
    ("table", "table", "表", &[]),
    ("column", "column", "列", &[]),
    ("type", "type", "数据类型", &[]),
    ("required", "required", "必填", &[]),
    ("values", "values", "取值", &[]),
    ("label", "label", "名称", &[]),
    ("label_zh", "Chinese label", "中文名称", &[]),
    ("code", "code", "代码", &[]),
    ("file", "file", "文件", &[]),
    ("message", "message", "问题", &[]),
    ("mend", "mend", "处理办法", &[]),
    ("fixable", "fixable", "可自动修复", &[]),
    ("match", "match", "匹配", &[]),
    ("applied", "applied", "已生效", &[]),
    ("key", "key", "键", &[]),
    ("value", "value", "值", &[]),
];

fn row(key: &str) -> Option<&'static Label> {
    LABELS.iter().find(|l| l.0 == key)
}

/// The label of a key; the key itself when it has none (own columns).
pub fn label(lang: Lang, key: &str) -> String {
    row(key).map_or_else(|| key.to_string(), |l| lang.pick(l.1, l.2).to_string())
}

/// The label of a ledger's column.
pub fn column(lang: Lang, ledger: &str, key: &str) -> String {
    row(&format!("{ledger}.{key}")).or_else(|| row(key)).map_or_else(|| key.to_string(), |l| lang.pick(l.1, l.2).into())
}

/// Whether a key has a label.
pub fn has_label(key: &str) -> bool {
    row(key).is_some()
}

/// The keys that a word of any language may stand for, in the order of the table: labels first, then other words.
pub fn keys_for(word: &str) -> Vec<&'static str> {
    let key = |l: &'static Label| l.0.rsplit('.').next().unwrap_or(l.0);
    let mut keys: Vec<&'static str> = LABELS.iter().filter(|l| l.2 == word || l.1 == word).map(key).collect();
    for l in LABELS.iter().filter(|l| l.3.contains(&word)) {
        keys.push(key(l));
    }
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn keys_are_unique_and_heads_are_short() {
        for (n, l) in LABELS.iter().enumerate() {
            assert!(!LABELS[n + 1..].iter().any(|o| o.0 == l.0), "{} twice", l.0);
            assert!(l.2.width() <= 12, "{} is too long for a column head", l.2);
        }
    }

    #[test]
    fn words_lead_to_keys() {
        let check = |word: &str, expected: &str| assert!(keys_for(word).contains(&expected), "{word}");
        check("负责人", "owner");
        check("阶段", "stage");
        check("下次跟进", "due");
        check("所属人", "owner");
    }
}
