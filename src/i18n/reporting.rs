//! Reports: what they are called, their captions, their help, in both languages side by side.

use super::{Lang, msgs, portfolio, values};

msgs! {
    // Captions.
    by_key(report, key) { "{report} by {key}", "{report}（按{key}）" }
    per_unit(report, unit) { "{report}, {unit}", "{report}，{unit}" }
    as_of(day) { "as of {day}", "截至 {day}" }
    up_to(day) { "all up to {day}", "全部，截至 {day}" }
    days(word, days) { "{word} ({days})", "{word}（{days}）" }
    against(now, then) { "{now} against {then}", "{now} 对比 {then}" }
    unit_is(unit) { "in {unit}", "单位：{unit}" }
    // Mistakes.
    mixed_view(views) { "`not:` cannot stand before @{views}: some of its terms judge the columns of the report, others its rows", "`not:` 不能用于 @{views}：其中有的条件针对报表的列，有的针对数据行" }
    not_in_files(column) { "no row has the column `{column}`", "没有任何行有 `{column}` 列" }
}

/// (report or report.argument, English, 中文).
pub(super) type Words = (&'static str, &'static str, &'static str);

/// What reports are called in captions.
const TITLES: &[Words] = &[
    ("profit", "Profit", "利润分析"),
    ("products", "Products", "产品盈亏"),
    ("orders", "Orders", "订单报表"),
    ("delivery", "Delivery", "交期报表"),
    ("receivables", "Receivables by age", "应收账龄"),
    ("grades", "Grades", "等级分析"),
    ("payables", "Payables by age", "应付报表"),
    ("invoices", "Invoices", "发票报表"),
    ("statement", "Statement of account", "对账单"),
    ("dso", "Days sales outstanding", "应收周转天数"),
    ("refunds", "Refunds", "退款报表"),
    ("stages", "Stages", "阶段停留分析"),
    ("coverage", "Visit policy", "拜访达标表"),
    ("activity", "Activity", "跟进统计"),
    ("aftersales", "Calls about orders", "订单回访表"),
    ("season", "Busy season", "旺季服务顺序"),
    ("care", "Care calendar", "关怀日历"),
    ("relations", "Relations", "客情关系"),
    ("deals", "Deals", "商机与预测"),
    ("performance", "Performance", "业绩完成表"),
    ("commission", "Commissions", "提成表"),
    ("forecast", "Planned and actual profit", "计划与实际毛利"),
    ("loyalty", "Loyalty", "客户忠诚度"),
    ("renewals", "Renewals", "续费提醒"),
    ("kpi", "Key figures", "关键指标"),
    ("retention", "Retention by cohort", "客户留存"),
    ("value", "Customer value", "客户价值"),
    ("sources", "Sources", "来源分析"),
    ("review", "Review of customers", "年终客户盘点"),
    ("churn", "Customers at risk", "流失预警"),
    ("lost", "Lost customers", "流失客户"),
    ("complaints", "Complaints", "投诉分析"),
    ("suppliers", "Suppliers", "供应商评分"),
    ("feedback", "Feedback", "反馈统计"),
    ("dashboard", "Dashboard", "销售看板"),
];

/// Help of reports and of their arguments; what several reports share stands once, without a report.
const HELP: &[Words] = &[
    ("profit", "Profit by customer, product, rep … in any period", "按客户、产品、业务员等分析毛利"),
    (
        "products",
        "What each product earns: leaders, losers, candidates to pause and to drop",
        "产品盈亏：主推、亏损、暂停生产候选、淘汰候选",
    ),
    ("orders", "Orders with their state, their money and what is still open", "订单：状态、金额、未收"),
    (
        "delivery",
        "Promised and actual days of delivery, and how many orders came on time",
        "交期：约定与实际，每张订单晚交几天，准时率",
    ),
    ("receivables", "What customers owe, by days overdue", "应收账龄"),
    ("payables", "What we owe suppliers, by days overdue, and what is due soon", "应付账龄与即将到期的应付款"),
    ("payables.by", "Group by: {values}", "分组依据：{values}"),
    (
        "payables.terms",
        "Filter terms: the report's own columns, and columns of payables",
        "筛选条件：报表自己的列、应付款的列（kehu help filters）",
    ),
    ("payables.explain", "Show the open payables behind each row", "列出每行背后的未付应付款"),
    (
        "invoices",
        "What is not invoiced, what is invoiced and not paid, what is paid and not invoiced",
        "已发未开票、已开票未回款、已回款未开票",
    ),
    (
        "invoices.by",
        "A row for each order, contract or receivable, or for each customer: {values}",
        "每个订单、合同或应收款一行，或每个客户一行：{values}",
    ),
    (
        "invoices.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("invoices.explain", "Show the invoices behind each row, as file:line", "列出每行所含发票及其所在行"),
    (
        "statement",
        "A customer's account, line by line with a running balance, to be printed and signed",
        "客户对账单：逐笔发生额与余额，可打印签章",
    ),
    ("statement.terms", "The customer", "客户"),
    ("statement.period", "Only what happened in this period (default: all)", "只看该期间的发生额（默认全部）"),
    (
        "dso",
        "How many days of sales customers owe, counted back and simple, and how much of what fell due came in",
        "应收周转天数（倒推法与简易法）与回款率",
    ),
    (
        "dso.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "dso.period",
        "The days whose end counts (default: the last twelve months)",
        "统计期间，以期末为准（默认最近 12 个月）",
    ),
    ("dso.explain", "Show the months of sales behind each figure", "列出每个数字背后的各月销售额"),
    (
        "refunds",
        "Money that went back: by reason, kind, customer, product, rep or month",
        "退款：按原因、类型、客户、产品、业务员或月份",
    ),
    ("refunds.by", "Group by: {values}", "分组依据：{values}"),
    (
        "refunds.terms",
        "Filter terms: the report's own columns, columns of refunds, and the customer's fields",
        "筛选条件：报表自己的列、退款的列、客户的字段（kehu help filters）",
    ),
    ("refunds.period", "Only refunds of this period (default: all)", "只看该期间的退款（默认全部）"),
    ("refunds.explain", "Show the refunds behind each row, as file:line", "列出每行所含退款及其所在行"),
    (
        "grades",
        "Revenue and profit by grade, this year and last; how customers moved between grades",
        "等级分析：各等级今年与去年的销售额和毛利；等级迁移表",
    ),
    ("stages", "How long customers stay in each stage, and how many move on", "阶段停留分析：停留时间、转化率"),
    (
        "coverage",
        "Visits that customers are owed by their grade and have had, the next one, and what goes beyond",
        "拜访达标：按等级应拜访与实际拜访、下次拜访日、超标服务",
    ),
    (
        "activity",
        "Contacts by person, channel, purpose or outcome, and how many it takes for a step forward",
        "跟进统计：按人、方式、目的或结果；每推进一步用了多少次跟进（走弯路）",
    ),
    (
        "aftersales",
        "Calls that orders cause, around the delivery of first orders and after every other one: due, made, missed",
        "订单回访：首单交货前后、其他订单售后，按等级；应回访、已回访、未回访",
    ),
    (
        "season",
        "Whom to serve first in the busy season: who waits for a delivery, an answer or a call, in the order of kehu.toml",
        "旺季先服务谁：待交货、投诉未结或应跟进的客户，按 kehu.toml 的服务顺序排列",
    ),
    (
        "care",
        "Birthdays, holidays, anniversaries and product tips of customers, by day",
        "关怀日历：生日、纪念日、节日、合同与首单周年、产品提示，按日期排列",
    ),
    (
        "relations",
        "How near contacts are: pyramid of levels, fading ones, single contacts, purposes, signals that nobody answered",
        "客情关系：关系金字塔、淡化的关系、单一联系人、联系目的构成、未回应的客户动向",
    ),
    (
        "loyalty",
        "How loyal customers are, by the scorecard of kehu.toml: repeat rate, list price, referrals, recommendation, tenure, payment",
        "客户忠诚度：按 kehu.toml 的评分卡，看复购、原价成交、转介绍、推荐意愿、合作年限、按时付款",
    ),
    (
        "renewals",
        "Contracts that end, what renews them, and how many were renewed, by number and by amount",
        "续费提醒：到期合同、续签合同，续费率（按份数和金额）",
    ),
    (
        "value",
        "What customers are worth: spent, earned, expected; whether they still are customers, by models of how they buy",
        "客户价值：累计消费、累计毛利、年预期毛利，仍活跃概率（BG/NBD 与 Gamma-Gamma 模型）",
    ),
    (
        "churn",
        "Who is about to leave: points with every reason, chance alive, what they earned; how right such points were",
        "流失预警：风险分及每个原因、仍活跃概率、累计毛利；历史回测",
    ),
    (
        "churn.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "churn.show",
        "Customers with signs of leaving, or those that show what the lost showed: {values}",
        "显示有流失征兆的客户，或与已流失客户相似的客户：{values}",
    ),
    (
        "churn.backtest",
        "What the points of this day, by the data up to it, said of those who have left since",
        "按该日及以前的数据评分，对照此后的流失",
    ),
    (
        "churn.explain",
        "Show the numbers and rows behind each figure, as file:line; with --backtest each customer",
        "列出每个数字的依据及所在行（文件:行）；回测时列出每位客户",
    ),
    (
        "lost",
        "Customers that were lost, what they earned in the 12 months before their last order, why, and how many came back",
        "流失客户：最后一单前 12 个月的毛利与占比、原因、赢回率",
    ),
    (
        "lost.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "lost.period",
        "Customers lost in this period: active at its start, not at its end",
        "该期间流失的客户：期初活跃，期末不活跃",
    ),
    ("lost.by", "A row for each: {values}", "每行为：{values}"),
    ("lost.explain", "Show the rows behind each figure, as file:line", "列出每个数字背后的行（文件:行）"),
    (
        "value.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("value.by", "A row for each: {values}", "每行为：{values}"),
    (
        "value.show",
        "Customers, the parameters of the models, or expected and actual repeat orders by week: {values}",
        "显示客户、模型参数，或按周的复购预期与实际：{values}",
    ),
    (
        "value.backtest",
        "Fit on orders up to this day, and show what came since, week by week",
        "只用该日及以前的订单拟合，按周对比此后的实际",
    ),
    (
        "value.churn",
        "What it would bring if the chance to leave changed by this, as -5%",
        "流失概率变化（如 -5%）带来的毛利",
    ),
    (
        "value.explain",
        "Show the numbers behind each figure, and the rows, as file:line",
        "列出每个数字的依据及所在行（文件:行）",
    ),
    (
        "renewals.terms",
        "Filter terms: the report's own columns, and columns of contracts",
        "筛选条件：报表自己的列、合同的列（kehu help filters）",
    ),
    (
        "renewals.period",
        "Contracts that end in this period (default: the last year and the next 90 days)",
        "该期间到期的合同（默认最近一年及今后 90 天）",
    ),
    ("renewals.by", "A row for each: {values}", "每行为：{values}"),
    (
        "renewals.explain",
        "Show the contracts behind each row and what renews them, as file:line",
        "列出每行的合同及其续签所在行（文件:行）",
    ),
    (
        "loyalty.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("loyalty.explain", "Show what stands behind each figure, as file:line", "列出每个数字背后的行（文件:行）"),
    (
        "relations.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "relations.period",
        "Contacts whose purposes count (default: the last 90 days)",
        "统计联系目的的期间（默认最近 90 天）",
    ),
    ("relations.by", "Group by: {values}", "分组依据：{values}"),
    (
        "forecast",
        "What orders, contracts, projects and deals were to bring, beside what they brought",
        "计划与实际：订单、合同、项目、商机的计划收入、成本、毛利与实际对比",
    ),
    (
        "forecast.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("forecast.period", "What began in this period", "在该期间开始的"),
    ("forecast.by", "A row for each: {values}", "每行一个：{values}"),
    (
        "forecast.explain",
        "Show the rows of the plan and of what came of it, as file:line",
        "列出计划与实际所在行（文件:行）",
    ),
    (
        "commission",
        "What people get of what their orders brought, by month: tiers, factors, and what refunds take back",
        "提成：按人按月，分档比率、系数、退款扣回",
    ),
    (
        "commission.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("commission.period", "The days on which money came in and went back", "回款与退款的期间"),
    (
        "commission.explain",
        "Show each payment and refund as file:line, with base, factors and amount",
        "列出每笔回款与退款所在行、基数、系数和提成",
    ),
    (
        "dashboard",
        "One page for a sales director: figures, targets, months, late money, risks, stuck customers, complaints",
        "销售看板：指标同比环比、目标、月度走势、逾期应收、流失风险、停滞客户、投诉（-o 看板.html）",
    ),
    (
        "dashboard.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("dashboard.period", "The period of the figures", "指标的期间"),
    (
        "performance",
        "What people and groups did against their targets: completion, levels, what is missing a working day, where it leads",
        "业绩完成：个人与团队对照目标的完成率、达成档、差额、每工作日需完成、按进度预测",
    ),
    (
        "performance.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("performance.period", "The period that targets are for", "考核期间"),
    ("performance.by", "Group by: {values}", "分组依据：{values}"),
    ("performance.metric", "Only this: {values} (default: all)", "只看该指标：{values}（默认全部）"),
    (
        "performance.explain",
        "Show the orders, receipts and visits behind each row, as file:line",
        "列出每行所含订单、回款、拜访及其所在行",
    ),
    (
        "deals",
        "Deals: pipeline, forecast, ageing, win rate, cycle, velocity, why deals were lost",
        "商机与预测：在手商机、加权预测、阶段停留、赢单率、成交周期、成交速度、输单原因",
    ),
    (
        "deals.terms",
        "Filter terms: the report's own columns, columns of deals, and the customer's fields",
        "筛选条件：报表自己的列、商机的列、客户的字段（kehu help filters）",
    ),
    (
        "deals.period",
        "Won and lost in this period; what is open is that of the day",
        "统计赢单与输单的期间；在手商机取当日",
    ),
    ("deals.by", "Group by: {values}", "分组依据：{values}"),
    ("deals.explain", "Show the deals behind each row, as file:line", "列出每行所含商机及其所在行"),
    (
        "care.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("care.period", "Days that are shown (default: the next 30 days)", "显示的日期范围（默认今后 30 天）"),
    (
        "complaints",
        "Complaints by product, supplier, cause, handler …: how many were solved, in what time, how many came back, what they cost",
        "投诉分析：按产品、供应商、原因、处理人等；解决率、按时率、处理时间、重开率、成本",
    ),
    (
        "suppliers",
        "Suppliers by the complaints about their goods: rate, score, batches",
        "供应商评分：按投诉率评分，可按批次查看",
    ),
    (
        "complaints.terms",
        "Filter terms: the report's own columns, columns of complaints, and the customer's fields",
        "筛选条件：报表自己的列、投诉的列、客户的字段（kehu help filters）",
    ),
    (
        "suppliers.terms",
        "Filter terms: the report's own columns, columns of complaints, and the customer's fields",
        "筛选条件：报表自己的列、投诉的列、客户的字段（kehu help filters）",
    ),
    ("complaints.period", "Only complaints made in this period (default: all)", "只看该期间登记的投诉（默认全部）"),
    ("suppliers.period", "Complaints made and orders placed in this period", "该期间登记的投诉和订单"),
    ("complaints.by", "What to group by", "分组依据"),
    ("suppliers.by", "A row for each supplier, or for each batch", "按供应商或批次"),
    ("complaints.explain", "Show the complaints behind each row, as file:line", "列出每行所含投诉及其所在行"),
    ("suppliers.explain", "Show the complaints behind each row, as file:line", "列出每行所含投诉及其所在行"),
    (
        "aftersales.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "season.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    ("aftersales.period", "Only calls that are due in this period (default: all)", "只看该期间应回访的（默认全部）"),
    (
        "aftersales.explain",
        "Show what each call is counted from, and the contact that made it, as file:line",
        "列出每次回访的起算日与完成它的跟进所在行",
    ),
    (
        ".terms",
        "Filter terms: the report's own columns, columns of orders, and the customer's fields",
        "筛选条件：报表自己的列、订单的列、客户的字段（kehu help filters）",
    ),
    (
        "receivables.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "grades.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "stages.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "coverage.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "activity.terms",
        "Filter terms: the report's own columns, and the customer's fields",
        "筛选条件：报表自己的列、客户的字段（kehu help filters）",
    ),
    (
        "stages.period",
        "Period in which customers entered a stage, for the conversion (default: the last twelve months)",
        "统计转化率的期间（默认最近 12 个月）",
    ),
    ("stages.by", "Divide each stage by an attribute of the customers: {values}", "每个阶段再按客户属性划分：{values}"),
    (
        "activity.period",
        "Only contacts of this period (default: the last 30 days)",
        "只看该期间的跟进（默认最近 30 天）",
    ),
    ("activity.by", "Group by: {values}", "分组依据：{values}"),
    (
        "coverage.explain",
        "Show the rule, what is owed and since when, and the last visit as file:line",
        "列出规则、应拜访次数的依据与最近一次拜访所在行",
    ),
    (".period", "Only orders of this period (default: all)", "只看该期间的订单（默认全部）"),
    (".explain", "Show the rule, and the rows behind the figures as file:line", "列出规则与数字背后的行（文件:行）"),
    ("profit.by", "Group by: {values}; also fields.NAME and x_COLUMN", "分组依据：{values}；也可用 fields.字段、x_列"),
    (
        "profit.net",
        "Also goodwill, complaint cost, spend and capital cost, and the contribution that is left",
        "加列让利补偿、投诉成本、费用、资金成本与净贡献",
    ),
    ("profit.attr", "The day whose attributes of the customer count: {values}", "客户属性取哪一天的：{values}"),
    ("products.period", "Only orders of this period", "只看该期间的订单"),
    (
        "products.explain",
        "Show the rule, the figures of both quarters, and the rows as file:line",
        "列出规则、两个季度的数字与行（文件:行）",
    ),
    ("receivables.explain", "Show the receivables and payments behind each row", "列出每行背后的应收与收款"),
    (
        "kpi",
        "Key figures: acquisition, retention, satisfaction … with n, the period before, a year ago, and targets",
        "关键指标：获取、保留、满意度等，附样本数、上期、去年同期与目标",
    ),
    (
        "kpi.by",
        "Division: kpi (none), owner, source, grade, region, stage, industry",
        "分组：kpi（不分）、owner、source、grade、region、stage、industry",
    ),
    (
        "kpi.terms",
        "Filter terms: the report's own columns, and fields of customers",
        "筛选条件：报表自己的列、客户字段（kehu help filters）",
    ),
    ("kpi.period", "The days that count (default: this quarter)", "统计期间（默认本季度）"),
    (
        "kpi.explain",
        "List the customers, answers, complaints, contracts behind each figure",
        "列出每项指标背后的客户、回答、投诉、合同",
    ),
    (
        "retention",
        "Customers by the quarter or month of their first order: how many order again, and what they buy",
        "客户留存：按首单季度或月份分组，后续各期再次下单的客户与销售额",
    ),
    (
        "retention.terms",
        "Filter terms: the report's own columns, and fields of customers",
        "筛选条件：报表自己的列、客户字段（kehu help filters）",
    ),
    (
        "retention.period",
        "Only cohorts of this period (default: last year and this one)",
        "只看首单在该期间的客户（默认去年与今年）",
    ),
    ("retention.explain", "List the customers of each cohort", "列出各组的客户"),
    (
        "sources",
        "What each source and campaign brought: conversion, revenue, profit, and what was spent; who referred whom",
        "来源分析：各来源与营销活动的转化、销售额、毛利与费用；转介绍关系树",
    ),
    ("sources.by", "A row for each: {values}", "每行为：{values}"),
    (
        "sources.terms",
        "Filter terms: the report's own columns, and fields of customers",
        "筛选条件：报表自己的列、客户字段（kehu help filters）",
    ),
    (
        "sources.period",
        "Customers created, and money spent, in this period (default: the last twelve months)",
        "该期间建档的客户与发生的费用（默认最近 12 个月）",
    ),
    ("sources.explain", "List the customers of each row", "列出每行的客户"),
    (
        "review",
        "Every customer with what is known of it, as a sheet that can be edited and imported back",
        "年终客户盘点：每个客户的情况与数据，CSV 可编辑后导回",
    ),
    (
        "review.terms",
        "Filter terms: the report's own columns, and fields of customers",
        "筛选条件：报表自己的列、客户字段（kehu help filters）",
    ),
    ("review.period", "The days that count (default: this year)", "统计期间（默认今年）"),
    (
        "feedback",
        "Satisfaction, recommendation, effort and delivered value, with n, interval and the days before",
        "满意度、推荐指数、费力度、让渡价值：样本数、置信区间、与上期对比",
    ),
    (
        "feedback.by",
        "Division: measure (none), customer, owner, grade, stage, region, channel, category",
        "分组：measure（不分）、customer、owner、grade、stage、region、channel、category",
    ),
    ("grades.from", "First day of the migration (default: a year ago)", "等级迁移的起始日（默认一年前）"),
    ("grades.to", "Last day of the migration (default: today)", "等级迁移的截止日（默认今天）"),
    (
        "grades.migration",
        "Make the migration the main table, which machine formats print",
        "以等级迁移表为主表（供机器格式）",
    ),
];

fn find(tables: &[&'static [Words]], key: &str) -> Option<&'static Words> {
    tables.iter().copied().flatten().find(|(k, _, _)| *k == key)
}

/// All of them; areas have those of their own reports.
const ALL_TITLES: &[&[Words]] = &[TITLES, portfolio::TITLES];
const ALL_HELP: &[&[Words]] = &[HELP, portfolio::HELP];

/// What a report is called.
pub fn title(lang: Lang, report: &str) -> &'static str {
    find(ALL_TITLES, report).map_or("", |(_, en, zh)| lang.pick(*en, *zh))
}

/// Help of a report.
pub fn about(lang: Lang, report: &str) -> Option<&'static str> {
    find(ALL_HELP, report).map(|(_, en, zh)| lang.pick(*en, *zh))
}

/// Help of an argument of a report.
pub fn argument(lang: Lang, report: &str, name: &str) -> Option<&'static str> {
    let found = find(ALL_HELP, &format!("{report}.{name}")).or_else(|| find(ALL_HELP, &format!(".{name}")));
    found.map(|(_, en, zh)| lang.pick(*en, *zh))
}

/// A unit of time of `--per`: `by month`.
pub fn unit_of_time(lang: Lang, unit: &str) -> String {
    let unit = values::value(lang, "per", unit);
    lang.pick(format!("by {unit}"), format!("按{unit}"))
}

/// The unit of amounts: `CNY`, `10,000 CNY`; `元`, `万元`.
pub fn unit(lang: Lang, currency: &str, scale: Option<&str>) -> String {
    let zh = match scale {
        None => Some(""),
        Some("1000") => Some("千"),
        Some("10000") => Some("万"),
        Some("1000000") => Some("百万"),
        Some("100000000") => Some("亿"),
        Some(_) => None,
    };
    match (lang, scale, zh) {
        (Lang::ZhCn, _, Some(zh)) if currency == "CNY" => format!("{zh}元"),
        (Lang::ZhCn, Some(_), Some(zh)) => format!("{zh} {currency}"),
        (_, Some(scale), _) => format!("{currency} × {scale}"),
        (_, None, _) => currency.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let check = |lang, scale, expected: [&str; 2]| {
            assert_eq!(["CNY", "USD"].map(|c| unit(lang, c, scale)), expected, "{scale:?}");
        };
        check(Lang::En, None, ["CNY", "USD"]);
        check(Lang::ZhCn, None, ["元", "USD"]);
        check(Lang::ZhCn, Some("10000"), ["万元", "万 USD"]);
        check(Lang::En, Some("10000"), ["CNY × 10000", "USD × 10000"]);
        check(Lang::ZhCn, Some("7"), ["CNY × 7", "USD × 7"]);
    }
}
