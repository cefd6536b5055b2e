//! What salespeople write after a contact. Each line: purpose | outcome | signal | channels | text, where `{p}` is a
//! product, `{c}` the contact and `{n}` a number.

/// First contacts with a lead.
pub(super) const LEAD: &[&str] = &[
    "inform|neutral||call,wechat|电话联系{c}，介绍公司和产品线，对方愿意先看资料",
    "inform|positive||wechat,wecom|加了{c}微信，发了样本和两个同行案例",
    "intel|neutral||call|了解到现在用进口品牌，交期长，备件贵",
    "intel|neutral||visit,call|问清楚了：设备科提需求，采购比价，总经理签字",
    "inform|positive||visit|上门拜访，看了车间，{n} 条线还是继电器控制",
    "deal|neutral||call|{c}说今年改造预算还没批，先保持联系",
    "inform|neutral||call|{c}在开会，约了下周再聊，资料已经收到",
    "intel|positive|demand|visit,call|打听到下半年要扩一条线，大概需要 {n} 套控制",
    "care|neutral||wechat|发了行业展会邀请函，{c}说会带技术一起来",
    "deal|negative||call|{c}觉得我们牌子没听过，要求先提供同行业用户名单",
];

/// Working on a prospect.
pub(super) const PROSPECT: &[&str] = &[
    "deal|positive||visit|带技术上门，现场量了安装尺寸，{c}要一份 {p} 的选型表",
    "deal|positive||call,wechat|{c}确认需求：{p}，数量 {n}，要求三周交货",
    "deal|neutral||call|跟进报价，{c}说还有两家在比，月底定",
    "deal|neutral||wechat,wecom|{c}问 {p} 能不能再让两个点，答复要申请",
    "deal|positive||meeting,video|线上技术交流，演示 {p} 组态，对方工程师反应不错",
    "inform|positive||visit|送样机 {p} 试用两周，约好试完一起看数据",
    "service|positive||call|样机 {p} 试用正常，{c}说响应比原来快",
    "intel|neutral|competitor|call,visit|另一家报价低 8%，但是不含现场调试",
    "deal|positive||visit|见到分管副总，认可方案，要求付款条件放到 30 天",
    "deal|neutral||call|预算在走流程，{c}让月初再问",
    "inform|neutral||wechat|发了 {p} 的认证证书和老化测试报告",
    "deal|negative||call|{c}说老板嫌一次性投入大，考虑分两期",
    "intel|neutral|personnel|call|设备科换了负责人，重新介绍了一遍方案",
    "deal|positive||reception|{c}一行 3 人来公司看厂，对老化房印象好",
];

/// After the first order.
pub(super) const NEW: &[&str] = &[
    "service|positive||call|确认到货，{p} 外观无损，电工明天装",
    "service|positive||visit|现场指导接线，{p} 一次上电成功",
    "care|positive||wechat|回访首单使用情况，{c}满意，问有没有培训资料",
    "service|neutral||wechat,call|{c}反映说明书参数表看不懂，发了视频讲解",
    "inform|positive||call|介绍 {p}，可以和已买的配套用",
    "deal|neutral||call|试探二期需求，{c}说先跑三个月看看",
    "care|neutral||wecom|发了保修卡和售后联系方式",
    "intel|positive|demand|visit|看到隔壁车间还有 {n} 台老设备没改造",
];

/// Regular contacts with a customer that buys.
pub(super) const REPEAT: &[&str] = &[
    "deal|positive||call,wechat|{c}问 {p} 现货，答复库存 {n}，明天下单",
    "deal|positive||call|确认下月用量：{p} 约 {n}，提前备货",
    "deal|positive||visit|月度拜访，谈了下季度框架，{p} 按老价执行",
    "deal|neutral||wechat,wecom|报了 {p} 的最新价，等{c}内部审批",
    "deal|neutral||call|{c}要求降 3%，解释了原材料涨价，暂时维持",
    "service|positive||call|{p} 有两台通讯报警，远程改了参数，恢复正常",
    "service|positive||visit|例行巡检，紧固端子，更新固件，客户签了单",
    "service|neutral||call|{c}催货，查了物流，后天到",
    "service|positive||video|给新来的电工讲 {p} 的参数设置，半小时",
    "inform|positive||visit|介绍新品 {p}，留了一台样机试用",
    "inform|neutral||wechat|通知 {p} 调价，给{c}留了两周老价窗口期",
    "inform|positive||wecom|发了月度对账单，{c}核对无误",
    "care|positive||visit|顺路看望{c}，聊了聊厂里近况，关系不错",
    "care|positive||wechat|{c}孩子考上大学，发了祝贺",
    "care|neutral||call|季度回访，{c}对交期打 8 分，对服务打 9 分",
    "care|positive||reception|{c}来公司参观新仓库，中午一起吃饭",
    "intel|neutral|competitor|visit|车间看到竞品传感器在试用，{c}说只是备选",
    "intel|positive|demand|visit,call|明年规划再上 {n} 条线，立项会在下季度",
    "intel|neutral|personnel|call|采购经理要轮岗，{c}会介绍接任的人",
    "intel|neutral|demand|call|受淡季影响开工率只有七成，备货先减量",
    "deal|positive||meeting|年度框架谈判，量涨一成，账期不变",
    "service|negative|quality|call|反映一批 {p} 有 {n} 只误动作，已安排换货分析",
    "service|neutral||wechat|换下来的 {p} 寄回分析，初步判断是接线松动",
];

/// Asking for money.
pub(super) const COLLECT: &[&str] = &[
    "collect|neutral||call|催上月货款，{c}说财务在排款，下周付",
    "collect|positive||call,wechat|对完账，{c}答应月底前付清逾期部分",
    "collect|negative||call|{c}说下游没回款，要求再宽限半个月",
    "collect|neutral||visit|上门对账催款，见到财务，承诺分两次付",
    "collect|positive||wecom|发催款函，{c}回复已提交付款申请",
];

/// Festivals and one-way messages. These get no answer.
pub(super) const ONE_WAY: &[&str] = &[
    "inform|none||email|发了 {p} 最新样本和价格表",
    "inform|none||email|邮件发送技术方案修改稿，待回复",
    "care|none||sms|节日问候短信",
    "deal|no-answer||call|打了两次没人接",
    "deal|no-answer||call|手机关机，座机说出差了",
    "inform|none||email|发了本月到货和停产通知",
    "care|none||sms|提醒维保到期，短信通知",
];

/// The after-sales engineer's own contacts.
pub(super) const SERVICE: &[&str] = &[
    "service|positive||visit|上门保养，{p} 运行正常，滤网已清理",
    "service|positive||visit|更换 {p} 一台，旧件带回分析",
    "service|positive||visit|现场培训操作工 {n} 人，签到表已归档",
    "service|neutral||call|电话指导复位 {p}，观察一天",
];

/// The same for customers abroad.
pub(super) const EN_LEAD: &[&str] = &[
    "inform|neutral||call,video|Intro call with {c}, sent company profile and two references",
    "intel|neutral||video|They buy from a local distributor today; lead time is the pain point",
    "inform|positive||expo|Met {c} at the fair, interested in {p}, asked for CE papers",
];

/// The same for prospects abroad.
pub(super) const EN_PROSPECT: &[&str] = &[
    "deal|positive||video|Demo of {p} for {c} and two engineers, good questions about Modbus TCP",
    "deal|neutral||call|{c} compares us with a local brand, decision after their board meeting",
    "inform|positive||video|Walked {c} through the test report of {p}; sample approved",
    "deal|neutral||wechat|{c} asks for FOB and CIF prices for {n} pcs of {p}",
];

/// The same for customers abroad that buy.
pub(super) const EN_REPEAT: &[&str] = &[
    "deal|positive||video|Quarterly call: forecast {n} pcs of {p}, order next week",
    "service|positive||video|Remote commissioning of {p}, running fine since",
    "deal|neutral||wechat|{c} asks to combine two shipments to save freight",
    "care|positive||call|Caught up with {c}; plant busy, happy with delivery times",
    "inform|positive||video|Showed the new {p}; {c} wants two samples with the next order",
    "intel|neutral|competitor|call|{c} mentions a cheaper offer, quality not tested yet",
    "service|neutral||wechat|Export papers for the last shipment re-sent, customs had a question on HS code",
    "intel|positive|demand|video|Second line planned for next year, about {n} cabinets",
];

/// The same where nobody answers.
pub(super) const EN_ONE_WAY: &[&str] = &[
    "inform|none||email|Sent updated price list and lead times",
    "deal|none||email|Reminder for the open offer, no reply yet",
    "inform|none||email|Sent holiday schedule: shipping pauses over Chinese New Year",
];
