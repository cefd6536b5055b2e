//! What is owed on both sides: payables and payments, invoices, statements, days of sales, refunds.

use super::{Area, msgs};

msgs! {
    did_payable(id, supplier, amount, due, status) { "{id}  {supplier}  {amount} due {due} ({status})", "{id}  {supplier}  应付 {amount}，应付日 {due}（{status}）" }
    did_payment(id, supplier, amount, outstanding) { "{id}  {supplier}  paid {amount}; we owe {outstanding}", "{id}  {supplier}  付款 {amount}；应付余额 {outstanding}" }
    did_invoice(id, customer, amount) { "{id}  {customer}  invoice of {amount}", "{id}  {customer}  开票 {amount}" }
    did_invoice_tax(id, customer, amount, tax) { "{id}  {customer}  invoice of {amount}, tax {tax}", "{id}  {customer}  开票 {amount}，税额 {tax}" }
    did_void(id) { "{id}  void", "{id}  已作废" }
    refuse_payment(what, open, amount) { "{amount} is more than is open for {what}: {open}", "付款 {amount} 超过 {what} 的未付金额 {open}" }
    refuse_payment_hint() { "pay what is open, or say that the rest is paid in advance: --prepay", "请按未付金额付款；若多付部分为预付，请加 --prepay" }
    refuse_invoice(what, left, amount) { "an invoice of {amount} is more than is left to invoice of {what}: {left}", "开票 {amount} 超过 {what} 的可开票金额 {left}" }
    refuse_invoice_hint() { "write it for what is left, or take another one back by a red invoice", "请按可开票金额开票，或先用红字发票冲销" }
    red_without_reverses() { "a red invoice needs `--reverses ID`: the invoice that it takes back", "红字发票须用 `--reverses 编号` 写明所冲销的发票" }
    due_soon(week, month) { "due within 7 days {week}, within 30 days {month}", "7 天内到期 {week}，30 天内到期 {month}" }
    statement_signatures(ours, theirs) { "{ours} (signature, date): ____________________    {theirs} (confirmed, signature, date): ____________________", "{ours}（盖章、日期）：____________________    {theirs}（确认盖章、日期）：____________________" }
    statement_bills(list) { "Acceptance bills that have not matured: {list}", "未到期承兑汇票：{list}" }
    statement_bill(id, amount, day) { "{id} {amount}, matures {day}", "{id} {amount}，{day} 到期" }
    dso_note() { "Counted back: whole months of sales are taken off what is owed, the newest first; simple: owed / sales × days. Sales and debts with tax.", "倒推法：应收余额按月扣减销售额，由近及远；简易法：应收余额 / 销售额 × 天数。均含税。" }
    dso_month(month, days, sales) { "  {month}: {days} days, sales {sales}", "  {month}：{days} 天，销售额 {sales}" }
    explain_payable(id, place, total, due, open) { "  {id} ({place}): {total} due {due}, open {open}", "  {id}（{place}）：{total}，应付日 {due}，未付 {open}" }
    no_supplier(id) { "the supplier {id} is not in the ledger of suppliers", "供应商台账中没有 {id}" }
}

pub(super) const AREA: Area = Area {
    labels: &[
        ("invoices.status", "status", "开票状态", &[]),
        ("receivables.status", "status", "应收状态", &[]),
        ("payables.status", "status", "应付状态", &[]),
        ("paid", "paid", "已收金额", &[]),
        ("payables.paid", "paid", "已付金额", &[]),
        ("receivables.open", "open", "未收金额", &[]),
        ("payables.open", "open", "未付金额", &[]),
        ("invoices.open", "open", "未收金额", &[]),
        ("reverses", "reverses", "冲销发票", &[]),
        ("invoices.number", "number", "发票号码", &[]),
        ("case", "what", "开票对象", &[]),
        ("case_kind", "sort", "对象类型", &[]),
        ("invoiced", "invoiced", "已开票金额", &[]),
        ("uninvoiced", "not invoiced", "已发未开票", &[]),
        ("invoiced_unpaid", "invoiced, unpaid", "开票未回款", &["已开票未回款"]),
        ("paid_uninvoiced", "paid, not invoiced", "回款未开票", &["已回款未开票"]),
        ("debit", "debit", "借方金额", &[]),
        ("creditor", "credit", "贷方金额", &[]),
        ("balance", "balance", "余额", &[]),
        ("movement", "what", "摘要", &[]),
        ("due_7", "due in 7 days", "7天内到期", &[]),
        ("due_30", "due in 30 days", "30天内到期", &[]),
        ("payable_outstanding", "we owe", "应付余额", &[]),
        ("prepaid", "prepaid", "预付余额", &[]),
        ("dso", "DSO", "应收周转天数", &[]),
        ("simple_dso", "simple DSO", "简易周转天数", &[]),
        ("sales", "sales", "含税销售额", &[]),
        ("fell_due", "fell due", "到期应收", &[]),
        ("paid_of_due", "paid of it", "到期已收", &[]),
        ("collection_rate", "collection rate", "回款率", &["收款率"]),
        ("receivables_owed", "owed", "应收余额", &[]),
        ("refunds_count", "refunds", "退款笔数", &[]),
        ("receipt_share", "of receipts", "占收款比", &[]),
        ("revenue_share_refunds", "of revenue", "占销售额比", &[]),
        ("our_name", "from", "我方", &[]),
        ("their_name", "to", "客户名称", &[]),
        ("cases", "cases", "笔数", &[]),
        ("invoices.due", "due", "应收日", &[]),
    ],
    values: &[
        ("receivable_status", "due", "due", "未到期"),
        ("receivable_status", "partial", "partly paid", "部分收款"),
        ("receivable_status", "overdue", "overdue", "已逾期"),
        ("receivable_status", "paid", "paid", "已收清"),
        ("receivable_status", "pending", "waits for approval", "待审批"),
        ("receivable_status", "void", "void", "已作废"),
        ("payable_status", "draft", "draft", "草稿"),
        ("payable_status", "pending", "waits for approval", "待审批"),
        ("payable_status", "rejected", "rejected", "已驳回"),
        ("payable_status", "due", "due", "未到期"),
        ("payable_status", "partial", "partly paid", "部分付款"),
        ("payable_status", "overdue", "overdue", "已逾期"),
        ("payable_status", "paid", "paid", "已付清"),
        ("payable_status", "void", "void", "已作废"),
        ("invoice_status", "unpaid", "unpaid", "未回款"),
        ("invoice_status", "partial", "partly paid", "部分回款"),
        ("invoice_status", "paid", "paid", "已回款"),
        ("invoice_status", "reversed", "taken back", "已冲销"),
        ("invoice_status", "red", "red", "红字"),
        ("invoice_status", "void", "void", "已作废"),
        ("movement", "opening", "opening balance", "期初余额"),
        ("movement", "closing", "closing balance", "期末余额"),
        ("movement", "order", "order", "订单"),
        ("movement", "receivable", "receivable", "应收款"),
        ("movement", "return", "goods returned", "退货"),
        ("movement", "allowance", "allowance", "折让"),
        ("movement", "writeoff", "write-off", "核销"),
        ("movement", "receipt", "receipt", "收款"),
        ("movement", "refund", "refund", "退款"),
        ("movement", "void", "cancelled or void", "作废"),
        ("case_kind", "order", "order", "订单"),
        ("case_kind", "contract", "contract", "合同"),
        ("case_kind", "receivable", "receivable", "应收款"),
    ],
    commands: &[
        ("invoice", "Invoices: add, list, show, set, void, rm", "发票：add、list、show、set、void、rm"),
        (
            "invoice add",
            "Record an invoice to a customer, for an order, a receivable or a contract",
            "登记发票：针对订单、应收款或合同",
        ),
        ("invoice void", "Make an invoice void: it counts no more", "作废发票，不再计入"),
        (
            "invoice add",
            "More than what is left to invoice of the order, receivable or contract is refused without --override. A red invoice is less than 0 and takes another one back. An invoice that names nothing is about what the customer owes, the oldest first.",
            "超过订单、应收款或合同可开票金额的，须用 --override。红字发票小于 0，冲销另一张发票。未写明对象的发票，按最早到期的应收计。",
        ),
        (
            "payable add",
            "[approval] limits in kehu.toml says up to which amount a payable needs no approval (payable = 5000). Money goes out only for what is approved.",
            "kehu.toml 的 [approval] limits 规定多少金额以内的应付款不须审批（payable = 5000）。先审批后付款。",
        ),
        (
            "payment add",
            "A payable that waits for approval, or was rejected, is not paid.",
            "待审批或已驳回的应付款不能付款。",
        ),
        ("invoice list", "List the rows that fit filter terms", "符合条件的发票"),
        ("invoice show", "Show one row with all its columns", "一张发票"),
        ("invoice set", "Correct cells of a row", "就地更正发票"),
        ("invoice rm", "Remove a row; refused while anything refers to it", "删除发票；被引用时拒绝"),
        ("payable list", "List the rows that fit filter terms", "符合条件的应付款"),
        ("payable show", "Show one row with all its columns", "一笔应付款"),
        ("payable set", "Correct cells of a row", "就地更正应付款"),
        ("payable rm", "Remove a row; refused while anything refers to it", "删除应付款；被引用时拒绝"),
        ("payment list", "List the rows that fit filter terms", "符合条件的付款"),
        ("payment show", "Show one row with all its columns", "一笔付款"),
        ("payment set", "Correct cells of a row", "就地更正付款"),
        ("payment rm", "Remove a row; refused while anything refers to it", "删除付款；被引用时拒绝"),
        (
            "payable",
            "What we owe suppliers: add, list, show, set, submit, approve, reject, rm",
            "应付款：add、list、show、set、submit、approve、reject、rm",
        ),
        ("payable submit", "Put payables forward for approval", "提交应付款待审批"),
        ("payable approve", "Approve payables that are submitted", "审批通过应付款"),
        ("payable reject", "Reject payables that are submitted, and say why", "驳回应付款，并说明原因"),
        (
            "payable add",
            "Record what we owe a supplier; above the limit of kehu.toml it waits for approval",
            "登记应付款；超过 kehu.toml 限额的须审批",
        ),
        ("payment", "Money that goes to suppliers: add, list, show, set, rm", "付款单：add、list、show、set、rm"),
        (
            "payment add",
            "Record money that went to a supplier; without --payable it pays what is due first",
            "登记付款；不指定 --payable 时先抵最早到期的",
        ),
    ],
    arguments: &[
        ("supplier", "The supplier", "供应商"),
        ("due", "When it is due", "到期日"),
        ("contract", "The contract that it belongs to", "所属合同"),
        ("payable", "The payable that it pays", "所付的应付款"),
        ("method", "How it was paid", "付款方式"),
        (
            "currency",
            "Its currency (default: the payable's, else the one in kehu.toml)",
            "币种（默认同应付款，否则 kehu.toml 的）",
        ),
        ("prepay", "What is more than is open is paid in advance", "超过未付金额的部分为预付"),
        ("tax", "The tax in it", "其中税额"),
        ("kind", "{invoices.kind}", "{invoices.kind}"),
        ("number", "The number on the invoice", "发票号码"),
        ("order", "The order that it is for", "所开订单"),
        ("receivable", "The receivable that it is for", "所开应收款"),
        ("contract", "The contract that it is for", "所开合同"),
        ("reverses", "The invoice that a red one takes back", "红字发票所冲销的发票"),
        ("invoice", "The invoice", "发票"),
        ("payable add.id", "The company's own number", "编号"),
        ("payment add.id", "The company's own number", "编号"),
        ("invoice add.id", "The company's own number", "编号"),
    ],
};
