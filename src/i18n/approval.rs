//! Approval, contracts, write-offs (R12).

use super::{Area, msgs};

msgs! {
    refuse_own_approval(member, what) { "{what} is {member}'s own doing, so somebody else answers", "{what} 由 {member} 本人提出，须由他人审批" }
    refuse_approval_role(member, what) { "{member} may not answer for {what}", "{member} 无权审批 {what}" }
    refuse_approval_limit(member, what, limit) { "{what} is worth more than {member} may approve ({limit}), or nobody knows what it is worth", "{what} 超过 {member} 的审批额度 {limit}，或金额不明" }
    refuse_approval_hint(may) { "who may: {may} (rule R12: `role` and `limits` in team.toml, [approval] in kehu.toml)", "有权者：{may}（规则 R12：team.toml 的 `role` 与 `limits`，kehu.toml 的 [approval]）" }
    refuse_approval_nobody() { "nobody may; see `role` and `limits` in team.toml (rule R12)", "目前无人有权；见 team.toml 的 `role` 与 `limits`（规则 R12）" }
    refuse_approval_state(what, state) { "{what} is {state}", "{what} 的审批状态为「{state}」" }
    refuse_not_submitted(what) { "{what} does not wait for an answer", "{what} 未在待审批" }
    hint_submit(kind, id) { "put it forward first: `kehu {kind} submit {id}`", "请先提交：`kehu {kind} submit {id}`" }
    refuse_plan(sum, amount) { "the plan comes to {sum}, and the contract to {amount}", "分期合计 {sum}，与合同金额 {amount} 不符" }
    hint_plan() { "let the instalments come to the whole amount: `--plan 30%@signing,60%@2026-12-01,10%@+90d`", "各期之和须等于合同金额：`--plan 30%@signing,60%@2026-12-01,10%@+90d`" }
    refuse_writeoff(id, amount, open) { "{id}: {amount} is more than is open ({open})", "{id}：{amount} 大于未收金额 {open}" }
    hint_writeoff() { "write off at most what is open; without an amount kehu writes off all of it", "最多核销未收部分；不写金额则全部核销" }
    contract_ends_before(end, start) { "the contract ends on {end}, before it begins on {start}", "合同到期日 {end} 早于开始日 {start}" }
    bad_plan(text) { "`{text}` is no instalment", "`{text}` 不是一期" }
    hint_bad_plan() { "write each as SHARE@DAY: 30%@signing, 5000@2026-12-01, 10%@+90d (days from signing)", "每期写作 份额@日期：30%@signing、5000@2026-12-01、10%@+90d（自签订日起）" }
    plan_without_amount() { "shares of a plan need the contract's amount", "按比例分期须给出合同金额" }
    which_kind(party) { "`{party}` is a customer and a supplier: say `--kind sales` or `--kind purchase`", "`{party}` 既是客户又是供应商：请写 `--kind sales` 或 `--kind purchase`" }
    no_party(party) { "there is neither a customer nor a supplier `{party}`", "没有客户或供应商 `{party}`" }
    did_contract(id, party, title, amount, approval) { "{id}  {party}  {title}  {amount} ({approval})", "{id}  {party}  {title}  {amount}（{approval}）" }
    amount_unknown() { "amount unknown", "金额不明" }
    needs_no_approval() { "needs no approval", "无需审批" }
    did_instalment(id, amount, due) { "{id}  {amount} due {due}", "{id}  {amount}，应付日 {due}" }
    did_ask(id, kind, subject, what) { "{id}  asks for {kind} of {subject}: {what}", "{id}  申请{kind} {subject}：{what}" }
    did_ask_already(id) { "{id}  asks for the same, and waits for an answer", "{id}  已提出同样申请，尚待审批" }
    may_repeat(id, by) { "{id}  {by} may now do it: the same command goes through once", "{id}  {by} 可重新执行原命令，可通过一次" }
    did_writeoff(id, amount, left) { "{id}  {amount} written off; open {left}", "{id}  核销 {amount}；未收 {left}" }
    seal_breaks(what) { "{what} was approved otherwise, so the seal of its approval breaks; approve it again: `kehu approve {what}`", "{what} 与审批时不同，审批封印失效；请重新审批：`kehu approve {what}`" }
    approve_nothing() { "name what to answer for, or list what waits: `kehu approve list`", "请写明要审批的编号，或列出待审批：`kehu approve list`" }
    nothing_waits() { "nothing waits for an answer", "没有待审批事项" }
    approval_item(kind, id, what, by, since) { "{kind} {id}: {what} (by {by}, since {since})", "{kind} {id}：{what}（{by}，{since} 提交）" }
    contract_ends(id, title, days) { [days = 1] "{id} {title}: ends in {days} day"; "{id} {title}: ends in {days} days", "{id} {title}：{days} 天后到期" }
    renewal_rates(rate, renewed, decided, amount) { "Renewal rate {rate} ({renewed} of {decided}), by amount {amount}", "续费率 {rate}（{decided} 份中 {renewed} 份），按金额 {amount}" }
    renewals_few(n, few) { "the renewal rate rests on few contracts: {n}, fewer than {few}", "续费率样本偏少：{n} 份，少于 {few} 份" }
    renewals_unknown(n) { [n = 1] "{n} contract has no amount, or no rate on its day, and counts in no rate by amount"; "{n} contracts have no amount, or no rate on their days, and count in no rate by amount", "{n} 份合同没有金额或当日汇率，未计入按金额的续费率" }
    renewal_followed(id, place, end, state, next, at, start) { "{id} ({place}) ends {end}: {state}; {next} ({at}) begins {start}", "{id}（{place}）{end} 到期：{state}；{next}（{at}）{start} 开始" }
    renewal_alone(id, place, end, state) { "{id} ({place}) ends {end}: {state}", "{id}（{place}）{end} 到期：{state}" }
    plan_title() { "Plan", "分期计划" }
    approval_title() { "Approval", "审批" }
    answer_apart(id, subject) { "{id} and another one are about {subject}: answer for them one after the other", "{id} 与另一项都针对 {subject}：请逐项审批" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("approve.since", "since", "提交日", &[]),
        ("approval", "approval", "审批", &[]),
        ("request", "request", "申请", &[]),
        ("party_name", "party name", "对方名称", &[]),
        ("contracts.planned", "planned", "分期合计", &[]),
        ("broken", "seal broken", "封印失效", &[]),
        ("renewed_by", "renewed by", "续签合同", &[]),
        ("may", "you may", "可审批", &[]),
        ("contracts", "contracts", "合同数", &[]),
        ("contracts_then", "contracts then", "对比期合同", &[]),
        ("contracts_change", "change", "合同数变化", &[]),
        ("renewal_rate_then", "renewal rate then", "对比期续费率", &[]),
        ("amount_rate_then", "rate by amount then", "对比期金额率", &[]),
        ("renewed", "renewed", "已续签", &[]),
        ("lost_contracts", "not renewed", "未续签", &[]),
        ("renewal", "renewal", "续签情况", &[]),
        ("renewal_rate", "renewal rate", "续费率", &[]),
        ("ended_amount", "ended amount", "到期金额", &[]),
        ("renewed_amount", "renewed amount", "续签金额", &[]),
        ("amount_rate", "rate by amount", "金额续费率", &[]),
    ],
    values: &[
        ("section", "approvals", "Waits for your answer", "待我审批"),
        ("section", "contracts", "Contracts ending", "合同到期"),
        ("event", "used", "used", "已使用"),
        ("renewal", "coming", "coming", "未到期"),
        ("renewal", "waiting", "waiting", "待续签"),
        ("renewal", "renewed", "renewed", "已续签"),
        ("renewal", "lost", "not renewed", "未续签"),
        ("approval", "draft", "draft", "草稿"),
        ("approval", "submitted", "submitted", "待审批"),
        ("approval", "approved", "approved", "已通过"),
        ("approval", "rejected", "rejected", "已驳回"),
        ("approval", "void", "void", "已作废"),
        ("contract_approval", "draft", "draft", "草稿"),
        ("contract_approval", "submitted", "submitted", "待审批"),
        ("contract_approval", "approved", "approved", "已通过"),
        ("contract_approval", "rejected", "rejected", "已驳回"),
        ("contract_approval", "void", "void", "已作废"),
        ("payable_approval", "draft", "draft", "草稿"),
        ("payable_approval", "submitted", "submitted", "待审批"),
        ("payable_approval", "approved", "approved", "已通过"),
        ("payable_approval", "rejected", "rejected", "已驳回"),
        ("payable_approval", "void", "void", "已作废"),
        ("refund_approval", "draft", "draft", "草稿"),
        ("refund_approval", "submitted", "submitted", "待审批"),
        ("refund_approval", "approved", "approved", "已通过"),
        ("refund_approval", "rejected", "rejected", "已驳回"),
        ("refund_approval", "void", "void", "已作废"),
        ("request_approval", "draft", "draft", "草稿"),
        ("request_approval", "submitted", "submitted", "待审批"),
        ("request_approval", "approved", "approved", "已通过"),
        ("request_approval", "rejected", "rejected", "已驳回"),
        ("request_approval", "void", "void", "已作废"),
        ("instalment_state", "paid", "paid", "已收清"),
        ("instalment_state", "partial", "partly paid", "部分收款"),
        ("instalment_state", "overdue", "overdue", "已逾期"),
        ("instalment_state", "due", "due", "未到期"),
        ("contract_state", "draft", "draft", "草稿"),
        ("contract_state", "pending", "pending", "待审批"),
        ("contract_state", "coming", "coming", "未开始"),
        ("contract_state", "running", "running", "执行中"),
        ("contract_state", "expired", "expired", "已到期"),
        ("contract_state", "ended", "ended", "已终止"),
        ("contract_state", "rejected", "rejected", "已驳回"),
        ("contract_state", "void", "void", "已作废"),
    ],
    commands: &[
        (
            "contract",
            "Contracts with customers and suppliers: add, list, show, set, submit, approve, reject, end, void, rm",
            "合同：add、list、show、set、submit、approve、reject、end、void、rm",
        ),
        (
            "contract add",
            "Add a contract: with a customer, or with a supplier; --plan makes its instalments too",
            "新增合同：与客户或供应商；--plan 同时生成分期",
        ),
        (
            "contract add",
            "An instalment is SHARE@DAY: a percentage or an amount, and `signing`, a date, or +90d from signing. The last one takes the rounding, and all come to the contract's amount. A new contract is a draft until it is submitted and approved (rule R12).",
            "一期写作 份额@日期：百分比或金额，日期为 `signing`、某日，或自签订日起的 +90d。尾差计入最后一期，各期之和等于合同金额。新合同为草稿，提交并审批后生效（规则 R12）。",
        ),
        ("contract list", "Contracts that fit filter terms", "符合条件的合同"),
        (
            "contract show",
            "Show a contract: its state, its plan, its history, and the rows that name it",
            "一份合同：现状、分期计划、变更记录、相关记录",
        ),
        (
            "contract set",
            "Correct cells of a contract; what was approved has to be approved again",
            "更正合同的单元格；已审批的内容改动后须重新审批",
        ),
        ("contract submit", "Put a contract forward for approval", "提交合同待审批"),
        ("contract approve", "Approve contracts that are submitted", "审批通过合同"),
        ("contract reject", "Reject contracts that are submitted, and say why", "驳回合同，并说明原因"),
        ("contract void", "Take a contract back: it counts nothing from then on", "作废合同：此后不再计入"),
        ("contract end", "End a contract in force before its time", "提前终止执行中的合同"),
        ("contract rm", "Remove a contract; refused while anything refers to it", "删除合同；被引用时拒绝"),
        (
            "approve",
            "One inbox of everything submitted; answers for what is named",
            "审批箱：列出全部待审批事项；写出编号则审批",
        ),
        (
            "approve",
            "Without ids, or with `list`, it lists contracts, payables, refunds and requests that wait for an answer. Approving a request carries out what it asks: a write-off is written, a customer is kept; a price, a discount or a refund its author may then enter once.",
            "不写编号或写 `list` 时，列出待审批的合同、应付款、退款和申请。审批通过的申请随即执行：核销入账、客户受保护；特价、折扣、退款则由申请人重新执行一次。",
        ),
        (
            "receivable",
            "What customers owe by agreement: add, list, show, set, writeoff, rm",
            "应收款：add、list、show、set、writeoff、rm",
        ),
        (
            "receivable writeoff",
            "Write a debt off, or ask for it: at most what is open",
            "核销坏账，或提出申请：最多未收部分",
        ),
        (
            "receivable writeoff",
            "An order without a receivable of its own gets one for what is left of it. Somebody else approves it (`kehu approve`, rule R12); whoever may approve it writes it off at once with --override --note, up to [approval] limits.writeoff of kehu.toml everybody.",
            "没有应收款记录的订单，按其未收部分生成一条。由他人审批（`kehu approve`，规则 R12）；有权者可用 --override --note 直接核销，kehu.toml 的 [approval] limits.writeoff 以内人人可以。",
        ),
        ("refund submit", "Put a refund forward for approval again", "重新提交退款待审批"),
        ("refund approve", "Approve refunds that are submitted", "审批通过退款"),
        ("refund reject", "Reject refunds that are submitted, and say why", "驳回退款，并说明原因"),
    ],
    arguments: &[
        ("contract add.party", "The customer or the supplier", "客户或供应商"),
        ("contract add.amount", "What it comes to, with tax", "合同金额，含税"),
        ("contract add.kind", "{contracts.kind} (default: by the party)", "{contracts.kind}（默认按对方单位）"),
        ("contract add.title", "What it is about", "合同标题"),
        ("contract add.start", "First day (default: the day of the contract)", "开始日（默认签订日）"),
        ("contract add.end", "Last day", "到期日"),
        ("contract add.currency", "Its currency (default: the one in kehu.toml)", "币种（默认 kehu.toml 的）"),
        ("contract add.deal", "The deal that it came from", "来自哪个商机"),
        ("contract add.project", "The project that it belongs to", "所属项目"),
        ("contract add.renews", "The contract that it carries on", "续签自哪份合同"),
        (
            "contract add.plan",
            "Instalments: 30%@signing,60%@2026-12-01,10%@+90d",
            "分期：30%@signing,60%@2026-12-01,10%@+90d",
        ),
        ("contract add.submit", "Put it forward at once", "同时提交审批"),
        ("contract add.by", "Who agreed on it (default: you)", "经办人（默认自己）"),
        ("contract", "The contract", "合同"),
        ("receivable writeoff.id", "The receivable, or an order", "应收款，或订单"),
        ("receivable writeoff.amount", "How much (default: all that is open)", "金额（默认全部未收）"),
        ("approve.ids", "What to answer for: [kind:]id, or `list`", "要审批的 [类型:]编号，或 `list`"),
        ("approve.reject", "Reject it instead; needs --note", "驳回；须写 --note"),
        ("approve.void", "Take it back instead", "作废"),
        ("ids", "What to answer for", "要审批的编号"),
    ],
};
