//! Customers, contacts and the team.

use super::{Area, msgs};

msgs! {
    unknown_member(who) { "team.toml has no member `{who}`", "team.toml 中没有成员 `{who}`" }
    hint_members(ids) { "members: {ids}", "成员：{ids}" }
    email_not_in_team(email) { "no member of team.toml has the address {email} of git's user.email", "git 的 user.email 是 {email}，team.toml 中没有成员使用它" }
    customer_not_found(text) { "there is no customer `{text}`", "没有客户 `{text}`" }
    hint_list_customers() { "`kehu list WORD` searches for customers, also by pinyin", "`kehu list 关键词` 可搜索，也支持拼音" }
    customer_ambiguous(text, n) { [n = 1] "`{text}` fits {n} customer"; "`{text}` fits {n} customers", "`{text}` 对应 {n} 个客户" }
    exact_id_needed(text, id) { "`{text}` is not an id; off a terminal this command takes only ids", "`{text}` 不是编号；不在终端上时，此命令只接受编号（{id}）" }
    hint_exact(id) { "the customer's id is {id}", "该客户的编号是 {id}" }
    id_not_settable() { "`kehu rename OLD NEW` changes an id", "编号用 `kehu rename 旧 新` 修改" }
    decision_bulk(key) { "`{key}` cannot be set for several customers at once", "`{key}` 不能一次修改多个客户" }
    unknown_contact(contact, customer) { "{customer} has no contact `{contact}`", "{customer} 没有联系人 `{contact}`" }
    nothing_selected() { "no customer fits, so there is nothing to do", "没有符合条件的客户；无需更改" }
    sure_bulk(n) { [n = 1] "Change {n} customer? [y/N] "; "Change {n} customers? [y/N] ", "确定修改 {n} 个客户？[y/N] " }
    not_the_owner(customer, owner) { "{customer} belongs to {owner}; agree on who follows it", "{customer} 的负责人是 {owner}；请商定由谁跟进" }
    hint_contact_left(customer, contact) { "or write down that this person has left: `kehu contact set {customer} {contact} left=today`", "也可以注明离职：`kehu contact set {customer} {contact} left=today`" }
    hint_team_left(who) { "or write down that this person has left: `kehu team set {who} left=today`", "也可以注明离职：`kehu team set {who} left=today`" }
    former_id_of(id, present) { "`{id}` is a former id of {present}", "`{id}` 是 {present} 的曾用编号" }
    did_rename(id, old) { "{id}  renamed from {old}", "{id}  原编号 {old}" }
    did_assign(id, from, to) { "{id}  owner: {from} → {to}", "{id}  负责人：{from} → {to}" }
    did_edit(id) { "{id}  edited", "{id}  已修改" }
    the_pool() { "pool", "公海" }
    clash_no_pool(who) { "nobody follows it; it is in the {who}", "无人跟进：在{who}" }
    nobody_follows(text) { "nobody follows `{text}`: there is no such customer", "没有人跟进 `{text}`：没有这个客户" }
    contacts_title() { "Contacts", "联系人" }
    needs_title() { "Needs", "客户需求" }
    refuse_left(member, left) { "{member} left on {left}", "{member} 已于 {left} 离职" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("customer", "customer", "客户", &["单位"]),
        ("contact", "contact", "联系人", &[]),
        ("team", "team", "团队成员", &["员工", "业务员"]),
        ("party", "party", "对方单位", &[]),
        ("pool", "pool", "公海", &["客户池"]),
        ("contacts.name", "name", "姓名", &[]),
        ("contacts.title", "title", "职务", &[]),
        ("contacts.owner", "followed by", "跟进人", &[]),
        ("team.name", "name", "姓名", &[]),
        ("campaign", "campaign", "营销活动", &["展会", "投放"]),
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
        ("contacts", "contacts", "联系人数", &[]),
        ("followers", "followers", "联系人跟进人", &[]),
        ("followed_contacts", "followed contacts", "跟进联系人数", &[]),
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
        ("manager", "manager", "上级", &["主管"]),
        ("department", "department", "部门", &[]),
        ("branch", "branch", "分公司", &[]),
        ("limits", "limits", "权限额度", &[]),
        ("own_limit", "customers limit", "私海上限", &[]),
        ("discount_limit", "discount limit", "折扣权限", &[]),
        ("approve_limit", "approval limit", "审批额度", &[]),
        ("rep", "rep", "业务员", &[]),
        ("customers_count", "customers", "客户数", &[]),
        ("owner_since", "owner since", "归属起始日", &[]),
        ("age", "age", "年龄", &[]),
        ("referrals", "referrals", "转介绍数", &[]),
        ("customers", "customers", "客户数", &[]),
    ],
    values: &[
        ("kind", "company", "company", "企业"),
        ("kind", "person", "person", "个人"),
        ("kind", "dealer", "dealer", "经销商"),
        ("status", "active", "active", "正常"),
        ("status", "closed", "closed", "已关闭"),
        ("intent", "hot", "hot", "高"),
        ("intent", "warm", "warm", "中"),
        ("intent", "cold", "cold", "低"),
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
    ],
    commands: &[
        ("who", "Who follows this name, phone or domain (查重/报备)", "查重/报备：谁在跟进这个名称、电话或域名"),
        ("show", "Everything about a customer on one page", "一页看全一个客户"),
        ("brief", "One screen to read before a visit", "访前速览：一屏"),
        (
            "list",
            "Customers, with any key or metric as a column, filter or sort key",
            "客户列表；任何字段或指标都可作列、筛选、排序",
        ),
        (
            "edit",
            "Open a customer's file in your editor; kehu checks it before it counts",
            "用编辑器打开客户文件；保存后先检查再生效",
        ),
        (
            "rename",
            "Give a customer another id; references to the old one keep working",
            "改客户编号；旧编号的引用继续有效",
        ),
        ("customer", "Customers: add, list, show, set, rm", "客户：add、list、show、set、rm"),
        ("customer add", "Add a customer", "新增客户"),
        ("customer list", "Customers, with any key or metric as a column, filter or sort key", "客户列表"),
        ("customer show", "Everything about a customer on one page", "一页看全一个客户"),
        (
            "customer set",
            "Change keys of one customer, or of all that fit filter terms",
            "修改一个客户，或符合条件的所有客户",
        ),
        ("customer rm", "Remove a customer's file; refused while anything refers to it", "删除客户文件；被引用时拒绝"),
        ("contact", "Contacts, the people at customers: add, list, show, set, rm", "联系人：add、list、show、set、rm"),
        ("contact add", "Add a contact to a customer", "给客户新增联系人"),
        ("contact list", "Contacts of the customers that fit filter terms", "符合条件客户的联系人"),
        ("contact show", "One contact", "一个联系人"),
        ("contact set", "Change keys of a contact", "修改联系人"),
        ("contact rm", "Remove a contact; refused while anything refers to it", "删除联系人；被引用时拒绝"),
        ("team", "The team: add, list, show, set, leave, rm", "团队成员：add、list、show、set、rm"),
        ("team add", "Add a member", "新增成员"),
        ("team list", "Who is in the team", "成员列表"),
        ("team show", "One member", "一个成员"),
        ("team set", "Change keys of a member", "修改成员"),
        (
            "team rm",
            "Remove a member; refused while anything refers to it (set `left` instead)",
            "删除成员；被引用时拒绝（请改填 left）",
        ),
    ],
    arguments: &[
        ("text", "A name, its pinyin, a phone number, a mail address or a domain", "名称、拼音、电话、邮箱或域名"),
        (
            "explain",
            "Show below the page where each figure comes from: rule, inputs, rows as file:line",
            "在页末列出每个数字的依据：规则、计算所用数值、所在行（文件:行）",
        ),
        (
            "period",
            "The period of figures such as activities; with --per or --compare, the period in which customers were created",
            "指标（如跟进次数）统计的期间；与 --per、--compare 同用时为建档期间",
        ),
        (
            "explain",
            "Show below the table where each figure comes from: rule, inputs, rows as file:line",
            "在表下列出每个指标的依据：规则、计算所用数值、所在行（文件:行）",
        ),
        ("words", "Customers, or filter terms", "客户，或筛选条件"),
        (
            "to",
            "Members of the team, separated by commas; `pool` gives them to nobody",
            "团队成员，用逗号分隔；pool 为放入公海",
        ),
        ("by", "How to share among several members: {values}", "几人如何分：{values}"),
        ("old", "The customer", "客户（现用编号）"),
        ("new", "Its new id", "新编号"),
        ("name", "Name", "名称"),
        (
            "pairs",
            "Other keys, as key=value (kehu schema customers)",
            "其他字段，写作 键=值（见 kehu schema customers）",
        ),
        ("id", "Its id (default: made from the name)", "编号（默认由名称生成）"),
        ("note", "Why; needed with --override", "原因；用 --override 时必填"),
        (
            "force",
            "Add it although it is there already, or its stage asks for more (managers only; needs --note)",
            "客户已存在，或起始阶段的条件未满足，也允许（经理；需要 --note）",
        ),
        (
            "words",
            "A customer or filter terms, then key=value (key+=value adds to a list, key-=value takes from it)",
            "客户或筛选条件，然后 键=值（键+=值 加入列表，键-=值 移出列表）",
        ),
        ("note", "Why (for stage, owner, grade, intent, status)", "原因（用于阶段、负责人、等级、意向级别、状态）"),
        ("until", "The last day of a grade set by hand", "手工等级的最后有效日"),
        ("customer", "The customer's id", "客户编号"),
        ("name", "The person's name", "姓名"),
        ("pairs", "Other keys, as key=value (kehu schema contacts)", "其他字段，写作 键=值（见 kehu schema contacts）"),
        ("id", "Id within the customer (default: made from the name)", "客户内的编号（默认由姓名生成）"),
        ("contact", "The contact's id or name", "联系人编号或姓名"),
        ("pairs", "key=value; an empty value takes the key away", "键=值；值为空则删除该键"),
        ("id", "Id, as ledgers and customers will have it", "编号：台账和客户文件中使用"),
        (
            "pairs",
            "Other keys, as key=value: email, role, manager, department, branch, left, limits.own …",
            "其他字段，写作 键=值：email、role、manager、department、branch、left、limits.own 等",
        ),
        ("all", "Show also members who have left", "包括已离职的"),
        ("who", "Id or name", "编号或姓名"),
        ("who", "Id", "编号或姓名"),
    ],
};
