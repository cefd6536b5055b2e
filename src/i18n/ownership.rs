//! Who owns whom: the public pool, claims, sharing, hand-over (R2, R14).

use super::{Area, msgs};

msgs! {
    refuse_not_yours(member, customer, owner) { "{customer}: {member} may not give it away, it belongs to {owner}", "{customer}：{member} 无权转出，负责人是 {owner}" }
    refuse_not_yours_hint(owner, may) { "{owner} may, and who leads: {may} (rule R14)", "{owner} 本人或以下负责人可以：{may}（规则 R14）" }
    refuse_not_claimed(member, customer) { "{customer}: {member} may not give it to somebody, it is in the pool", "{customer}：在公海中，{member} 无权分配给他人" }
    refuse_not_claimed_hint(customer, may) { "`kehu claim {customer}` takes it for yourself; these members may assign it: {may} (rule R14)", "`kehu claim {customer}` 可自己认领；以下成员可分配：{may}（规则 R14）" }
    refuse_in_pool(customer) { "{customer} is in the pool already", "{customer} 已在公海中" }
    refuse_in_pool_hint() { "`kehu pool list` shows who is there", "`kehu pool list` 列出公海客户" }
    refuse_not_in_pool(customer, owner) { "{customer} is not in the pool: it belongs to {owner}", "{customer} 不在公海中：负责人是 {owner}" }
    refuse_not_in_pool_hint(owner) { "ask {owner}, or a manager for `kehu assign`", "请与 {owner} 商定，或请经理 `kehu assign`" }
    refuse_pool_member(member, customer, pool) { "{customer} lies in the pool {pool}, and {member} is no member of it", "{customer} 属于公海 {pool}，{member} 不是该公海的成员" }
    refuse_pool_member_hint(members, pool) { "members: {members} (`[pools.{pool}] members` in kehu.toml, rule R2)", "成员：{members}（kehu.toml 的 `[pools.{pool}] members`，规则 R2）" }
    refuse_own_limit(member, have, more, limit) { "{member}: {have} customers owned, {more} more would pass the limit of {limit}", "{member}：已有 {have} 个客户，再加 {more} 个将超过上限 {limit}" }
    refuse_own_limit_hint() { "release some, or name more people; `own_limit` in kehu.toml and `limits.own` in team.toml say how many (rule R2)", "请先释放一些客户，或增加承接人；上限由 kehu.toml 的 `own_limit` 和 team.toml 的 `limits.own` 规定（规则 R2）" }
    refuse_claims(member, day, have, more, limit) { "{member}: {have} claims on {day}, {more} more would pass the limit of {limit} a day", "{member}：{day} 已认领 {have} 个，再认领 {more} 个将超过每天 {limit} 个的上限" }
    refuse_claims_hint() { "claim fewer, or go on tomorrow; releasing gives no claim back (`claim_per_day` in kehu.toml, rule R2)", "请减少数量或明天再认领；释放不会返还名额（kehu.toml 的 `claim_per_day`，规则 R2）" }
    refuse_cooldown(customer, member, left, days) { "{customer}: {member} owned it up to {left}, and may not claim it back for {days} days", "{customer}：{member} 在 {left} 前是负责人，{days} 天内不能再认领" }
    refuse_cooldown_hint(until) { "from {until} on (`cooldown_days` in kehu.toml, rule R2)", "{until} 起可以（kehu.toml 的 `cooldown_days`，规则 R2）" }
    refuse_quarantine(customer, since, days) { "{customer} is in the pool since {since}, and nobody may claim it for {days} days", "{customer} 于 {since} 进入公海，{days} 天内不能认领" }
    new_owner() { "new owner", "新负责人" }
    hand_over_to_self(who) { "{who} cannot hand over to itself", "{who} 不能移交给自己" }
    first_contact_title(name) { "First contact after the hand-over: {name}", "交接后首次联系：{name}" }
    still_led(who, members) { "{who} is still the manager of {members}: `kehu team set MEMBER manager=WHO`", "{who} 仍是 {members} 的上级：请用 `kehu team set 成员 manager=上级` 更改" }
    assign_customers_only() { "--assign shares new customers, and this import has none", "--assign 用于分配新客户；此次导入的不是客户" }
    all_to_one(n) { "`--by all` gives all to one member, and {n} are named", "`--by all` 只能指定一个人，这里有 {n} 个" }
    pool_idle_day(day) { "{day} is no working day: nothing is released", "{day} 不是工作日：不释放客户" }
    pool_near(limit, since, days) { "back to the pool: {limit} since {since} ({days} days)", "将回公海：{limit}，自 {since} 起 {days} 天" }
    pool_warnings_title() { "Soon", "即将释放" }
    did_release(id, owner, limit, since, days, most) { "{id}  released from {owner} ({limit}: {days} days since {since}, limit {most})", "{id}  从 {owner} 释放（{limit}：自 {since} 起 {days} 天，上限 {most} 天）" }
    explain_clock(limit, since, days, setting, most, day) { "{limit}: {days} days since {since}, {setting} = {most}: released on {day}", "{limit}：自 {since} 起 {days} 天，{setting} = {most}：{day} 释放" }
    explain_keeps(reason, what) { "kept: {reason} {what}", "豁免：{reason} {what}" }
    did_keep(id, day) { "{id}  kept up to {day}", "{id}  保留至 {day}" }
    refuse_keep(customer, member, day) { "{customer}: {member} may not keep it up to {day}", "{customer}：{member} 无权保留至 {day}" }
    refuse_keep_hint(may) { "these members may: {may} (rule R2)", "以下成员可以：{may}（规则 R2）" }
    refuse_quarantine_hint(until) { "from {until} on (`quarantine_days` in kehu.toml, rule R2)", "{until} 起可以（kehu.toml 的 `quarantine_days`，规则 R2）" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("deal_amount", "amount of deals", "商机金额", &[]),
        ("open_complaints", "open complaints", "未结投诉", &[]),
        ("last_note", "last note", "最近记录", &[]),
        ("rule", "rule", "规则", &[]),
        ("have", "now", "现状", &[]),
        ("limit", "limit", "上限", &[]),
        ("verdict", "verdict", "结论", &[]),
        ("reason_text", "why not", "原因", &[]),
        ("in_pool_since", "in pool since", "入池日期", &[]),
        ("former_owner", "former owner", "前负责人", &[]),
        ("claim_from", "claim from", "可认领日", &[]),
        ("passed", "why", "原因", &[]),
        ("pool.since", "since", "起算日", &[]),
        ("days", "days", "天数", &[]),
        ("limit_days", "most days", "上限天数", &[]),
        ("setting", "setting", "设置项", &[]),
        ("passes", "passed on", "超期日", &[]),
        ("releases", "release on", "释放日", &[]),
        ("days_left", "days left", "剩余天数", &[]),
        ("keeps", "kept by", "豁免原因", &[]),
    ],
    values: &[
        ("section", "pool", "Back to the pool soon", "即将回公海"),
        ("assign.by", "all", "all", "全部"),
        ("assign.by", "even", "even", "平均"),
        ("assign.by", "region", "region", "按地区"),
        ("assign.by", "grade", "grade", "按等级"),
        ("assign.by", "load", "load", "按负荷"),
        ("import.by", "all", "all", "全部"),
        ("import.by", "even", "even", "平均"),
        ("import.by", "region", "region", "按地区"),
        ("import.by", "grade", "grade", "按等级"),
        ("import.by", "load", "load", "按负荷"),
        ("handover.by", "all", "all", "全部"),
        ("handover.by", "even", "even", "平均"),
        ("handover.by", "region", "region", "按地区"),
        ("handover.by", "grade", "grade", "按等级"),
        ("handover.by", "load", "load", "按负荷"),
        ("team leave.by", "all", "all", "全部"),
        ("team leave.by", "even", "even", "平均"),
        ("team leave.by", "region", "region", "按地区"),
        ("team leave.by", "grade", "grade", "按等级"),
        ("team leave.by", "load", "load", "按负荷"),
        ("claim_rule", "in-pool", "in the pool", "在公海中"),
        ("claim_rule", "member", "member of the pool", "公海成员"),
        ("claim_rule", "own-limit", "customers owned", "持有数量"),
        ("claim_rule", "claims", "claims on the day", "当日认领数"),
        ("claim_rule", "cooldown", "days since owned", "距上次持有天数"),
        ("claim_rule", "quarantine", "days in the pool", "在公海天数"),
        ("verdict", "pass", "pass", "通过"),
        ("verdict", "fail", "fail", "不通过"),
        ("pool_limit", "follow", "not contacted", "未跟进"),
        ("pool_limit", "deal", "no order", "未成交"),
        ("pool_limit", "contract", "contract ended", "合同到期"),
        ("keeps", "contract", "contract in force", "合同有效"),
        ("keeps", "complaint", "open complaint", "投诉未结"),
        ("keeps", "overdue", "overdue receivable", "应收逾期"),
        ("keeps", "promise", "promised day", "已约定"),
        ("keeps", "keep-until", "keep_until", "保留期"),
        ("keeps", "orders", "has ordered", "有订单"),
    ],
    commands: &[
        (
            "assign",
            "Whoever leads may assign all customers, an owner its own ones. Nobody gets more customers than it may own.",
            "负责人可分配所有客户，客户的负责人可转出自己的客户。任何人不超过持有上限。",
        ),
        (
            "claim",
            "The rules stand in [pools] of kehu.toml. --dry-run shows what each of them says, with its number.",
            "规则见 kehu.toml 的 [pools]。--dry-run 逐条列出每个规则及其数值。",
        ),
        (
            "release",
            "An owner may release its own customers, whoever leads all of them.",
            "客户的负责人可释放自己的客户，团队负责人可释放所有客户。",
        ),
        (
            "handover",
            "Customers, open deals, tasks and complaints. Stages, dates and history stay; orders keep their rep.",
            "包括客户、在谈商机、未完任务和未结投诉。阶段、日期和历史不变；订单仍归原业务员。",
        ),
        ("team leave", "The answer is the list: -f csv, -o list.html.", "输出为交接清单：-f csv、-o list.html。"),
        (
            "pool sweep",
            "Nothing is released on a day that is not worked. Limits: follow_days, deal_days, after_contract_days in kehu.toml, by grade, intent, stage, pool.",
            "非工作日不释放。期限：kehu.toml 的 follow_days、deal_days、after_contract_days，依次按等级、意向、阶段、公海查找。",
        ),
        (
            "assign",
            "Give customers to one member of the team, or share them among several",
            "把客户分配给某人，或在几人之间分配",
        ),
        (
            "claim",
            "Claim customers out of the pool (公海) for yourself, all or none",
            "从公海认领客户：全部成功或全部不认领",
        ),
        ("release", "Give customers back to the pool (公海)", "把客户放回公海"),
        (
            "handover",
            "Give everything open that somebody owns to others, in one change",
            "把某人名下未完的一切移交给他人，一次完成",
        ),
        (
            "team leave",
            "Somebody leaves: its last day, a hand-over of everything open, a list of it, and a first contact for each customer",
            "离职：登记最后工作日，移交名下未完的一切，生成交接清单，每个客户一条首次联系任务",
        ),
        ("pool", "The public pool (公海): list, sweep, warn, keep", "公海：list、sweep、warn、keep"),
        ("pool list", "Customers in the pool, and from when on they may be claimed", "公海中的客户，以及何时起可认领"),
        (
            "pool sweep",
            "Customers that have passed a limit, and by which date; --apply releases them",
            "超过期限应回公海的客户及依据；--apply 执行释放",
        ),
        ("pool warn", "Customers that will pass a limit soon, fewest days first", "即将回公海的客户，剩余天数少的在前"),
        (
            "pool keep",
            "Keep customers out of the pool up to a day; whoever does not lead files a request",
            "在某日前不回公海；无权者提交申请",
        ),
    ],
    arguments: &[
        (
            "assign",
            "Members of the team, separated by commas, who share the new customers that nobody owns",
            "由这些成员（逗号分隔）分配没有负责人的新客户",
        ),
        ("apply", "Release them", "执行释放"),
        ("explain", "Show every limit and every reason of each customer", "列出每个客户的全部期限和豁免原因"),
        ("until", "First day on which it may be released again", "可再次释放的第一天"),
        ("from", "Who gives everything away", "移交人"),
        (
            "tasks",
            "Make a task for each open customer: the first contact by its new owner",
            "为每个未关闭的客户生成首次联系任务",
        ),
        ("on", "Last day", "最后工作日"),
    ],
};
