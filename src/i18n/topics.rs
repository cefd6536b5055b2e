//! The help topics.

use super::Lang;

/// Names of the topics.
pub const NAMES: &[&str] = &["filters", "periods", "formats", "exit-codes", "environment", "files", "git"];

/// The text of a topic; `None` when there is none of this name.
pub fn text(lang: Lang, name: &str) -> Option<String> {
    let (en, zh) = match name {
        "filters" => (FILTERS_EN, FILTERS_ZH),
        "periods" => (PERIODS_EN, PERIODS_ZH),
        "formats" => (FORMATS_EN, FORMATS_ZH),
        "exit-codes" => (EXIT_EN, EXIT_ZH),
        "environment" => (ENV_EN, ENV_ZH),
        "files" => (FILES_EN, FILES_ZH),
        "git" => (GIT_EN, GIT_ZH),
        _ => return None,
    };
    Some(lang.pick(en, zh).to_string())
}

const FILTERS_EN: &str = "\
Filter terms choose what lists and reports show. All terms must hold.

  kehu list owner:li stage:prospect     both
  kehu list grade:A,B                   A or B
  kehu list not:city:上海               not in Shanghai
  kehu list last_activity.lt:30d        no contact for 30 days
  kehu list created:2026Q3              created in that quarter
  kehu list credit_limit:10000..50000   from … to, both ends included
  kehu list has:email no:owner          with a mail address, without an owner
  kehu list hxdz                        a word: id, name, aliases, contacts; pinyin too
  kehu list \"two words\" @neglected      a phrase, and a saved query of kehu.toml
  kehu list 负责人:li                    Chinese labels work as well

Operators: FIELD.eq FIELD.ne FIELD.lt FIELD.le FIELD.gt FIELD.ge FIELD.has FIELD.in
kehu refuses terms with signs, such as owner=li or idle_days>90, and shows the right term. In quotes they are words.
A comparison with an unknown value is false; not: makes it true.
In the list of a ledger, a field is one of its columns; customer.FIELD is a field of the customer, product.FIELD one of the product.
In a report, a term on one of its columns judges the figure that is shown; order.FIELD and customer.FIELD choose the rows behind it:

  kehu report orders profit.lt:0 state:delivered

Fields of customers:
";
const FILTERS_ZH: &str = "\
筛选条件决定列表和报表显示什么；所有条件必须同时成立。

  kehu list owner:li stage:prospect     同时满足
  kehu list grade:A,B                   A 或 B
  kehu list not:city:上海               不在上海
  kehu list last_activity.lt:30d        30 天没有联系
  kehu list created:2026Q3              该季度建档
  kehu list credit_limit:10000..50000   区间，含两端
  kehu list has:email no:owner          有邮箱、没有负责人
  kehu list hxdz                        关键词：编号、名称、别名、联系人，也可用拼音
  kehu list \"两个 词\" @neglected        短语，以及 kehu.toml 中保存的查询
  kehu list 负责人:li                    也可以用中文字段名

运算：FIELD.eq FIELD.ne FIELD.lt FIELD.le FIELD.gt FIELD.ge FIELD.has FIELD.in
运算符号无效：owner=li、idle_days>90 会被拒绝，并提示应写的条件；加引号则按关键词查找。
与未知值比较一律不成立；not: 在此之后取反。
台账列表中，字段是该台账的列；customer.字段 是所属客户的字段，product.字段 是产品的字段。
报表中，报表自己的列针对所显示的数字；order.字段 和 customer.字段 选择其背后的行：

  kehu report orders 毛利.lt:0 状态:已送达

客户字段：
";
const PERIODS_EN: &str = "\
Periods, for -p and for filters on dates:

  2026  2026-08  2026-08-31  2026Q3  2026H1  2026-W34 (ISO)  FY2026 (the year it ends in)
  today  yesterday  tomorrow
  this-week  last-month  next-quarter  last-year …
  ytd  qtd  mtd              from the year's, quarter's, month's first day to today
  30d  2w  12m  1y           the last 30 days, 2 weeks … up to today
  next-30d  next-3m          the next 30 days, 3 months … from today on
  A..B  A..  ..B             from the start of A to the end of B

Single days, for --next, --until, --today, --at:

  2026-11-22  today  tomorrow  yesterday  +7d  -2w  +1m

kehu refuses days that do not exist. Files hold only ISO dates.
";
const PERIODS_ZH: &str = "\
期间，用于 -p 和日期字段的筛选：

  2026  2026-08  2026-08-31  2026Q3  2026H1  2026-W34（ISO 周）  FY2026（按结束年命名的财年）
  today  yesterday  tomorrow                 今天、昨天、明天
  this-week  last-month  next-quarter  last-year ……
  ytd  qtd  mtd              今年至今、本季至今、本月至今
  30d  2w  12m  1y           截至今天的最近若干天……
  next-30d  next-3m          从今天起的今后若干天……
  A..B  A..  ..B             从 A 的开始到 B 的结束

单独一天，用于 --next、--until、--today、--at：

  2026-11-22  today  tomorrow  yesterday  +7d  -2w  +1m

不存在的日期会被拒绝。文件中只保存 ISO 日期。
";
const FORMATS_EN: &str = "\
Output formats (-f, or the ending of -o FILE):

  table    for people: fitted to the terminal; plain columns off a terminal
  md html  for people: a page to mail or print
  csv tsv  for programs and spreadsheets: a header of keys, every digit, empty = unknown
  json     one array of flat objects; --json is short for -f json
  ndjson   one object per line
  ids      one id per line, for xargs and --stdin-ids
  xlsx     for people: a workbook to compute with, print or sign; only with -o FILE

Machine formats keep keys and values in English, dates in ISO form, and their columns from version to version.
csv puts ' before text that a spreadsheet would run as a formula.
Answers go to stdout, everything else to stderr.
";
const FORMATS_ZH: &str = "\
输出格式（-f，或 -o 文件的扩展名）：

  table    给人看：适应终端宽度；不在终端上时为普通对齐列
  md html  给人看：可发邮件或打印
  csv tsv  给程序和电子表格：英文列名，全部数位，空 = 未知
  json     扁平对象的数组；--json 即 -f json
  ndjson   每行一个对象
  ids      每行一个编号，供 xargs 和 --stdin-ids 使用
  xlsx     给人看：可计算、打印、签字的工作簿；只用于 -o 文件

机器格式的键和值始终是英文，日期为 ISO 格式，各版本保持不变。
csv 会在电子表格可能当作公式的文字前加 '。
结果输出到 stdout，其余信息输出到 stderr。
";
const EXIT_EN: &str = "\
Exit codes:

  0  done; an empty list is success
  1  a finding (check, fmt --check, --exit-code)
  2  wrong use of the command line
  3  data cannot be read; readers still print what they can (--strict: nothing)
  4  not found, or ambiguous
  5  locked by another kehu, or changed by an editor meanwhile; nothing was written, try again
  6  input or output failed (disk full, permission); nothing was written
  7  a rule refuses it; the message says who may allow it
";
const EXIT_ZH: &str = "\
退出码：

  0  完成；空列表也算成功
  1  发现问题（check、fmt --check、--exit-code）
  2  命令用法错误
  3  数据无法读取；读命令仍输出能读的部分（--strict 则不输出）
  4  找不到，或有多个匹配
  5  被其他 kehu 锁定，或读取后被编辑器修改；未写入任何内容，请重试
  6  读写失败（磁盘满、权限）；未写入任何内容
  7  规则不允许；提示会说明谁可以特批
";
const ENV_EN: &str = "Environment variables:\n\n";
const ENV_ZH: &str = "环境变量：\n\n";
const FILES_EN: &str = "\
A data directory is plain files. Edit them with any editor; `kehu check` finds mistakes.

  kehu.toml                  settings and rules; marks the directory
  team.toml                  the members of the team
  customers/**/<id>.toml     one customer a file; sub-folders are free
  ledgers/<ledger>/**/*.csv  all files of a ledger are one table; file names decide nothing
  .kehu/                     this machine's lock, journal, cache and last commands; not for git

`kehu schema` prints every table and column; docs/format.md explains them.
Whoever can read the files can read everything; keep what somebody must not see in another repository.
";
const FILES_ZH: &str = "\
数据目录由普通文件组成；可用任何编辑器修改，`kehu check` 检查错误。

  kehu.toml                  设置与规则；数据目录的标志
  team.toml                  团队成员
  customers/**/<编号>.toml   一个客户一个文件；子目录随意
  ledgers/<台账>/**/*.csv    同一台账的所有文件合为一张表；文件名不影响读取
  .kehu/                     本机的锁、日志、缓存和最近的命令；不进 git

`kehu schema` 列出所有表和列；docs/format.md 有说明。
能读文件的人就能读到一切：不该让某人看到的内容，请放在另一个仓库。
";
const GIT_EN: &str = "\
kehu never commits to git by itself. A usual day:

  git pull; kehu log …; kehu check && git commit -am \"Monday\" && git push

New rows go to ledgers/<ledger>/<year>-<author>.csv, so two people never append to one file.
`kehu git setup` makes git merge ledgers row by row and TOML key by key in this clone (`kehu init` does it in a repository):
rows of one person from two computers do not conflict; a cell that both sides changed does, with both values.
Do not use merge=union for CSV and TOML: it doubles rows and headers.
After a merge `kehu check` reports lost races (two branches changed one decision) and conflict markers.
examples/git-hooks has a pre-commit hook that runs `kehu check`.
";
const GIT_ZH: &str = "\
kehu 从不自行提交 git。日常做法：

  git pull; kehu log ……; kehu check && git commit -am \"周一\" && git push

新行写入 ledgers/<台账>/<年>-<录入人>.csv，两个人不会追加同一个文件。
`kehu git setup` 让 git 在此克隆中按记录合并台账、按键合并 TOML（在仓库中 `kehu init` 会自动设置）：
同一人在两台电脑上的新行不再冲突；双方修改同一格时，两个值都保留在冲突标记中。
不要对 CSV 和 TOML 使用 merge=union：它会重复行和表头。
合并之后 `kehu check` 会报告领取冲突（两个分支修改同一决定）和冲突标记。
examples/git-hooks 中有运行 `kehu check` 的 pre-commit 钩子。
";
