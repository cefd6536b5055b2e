//! What the demo company sells, and from whom it buys.

use super::calendar::{Calendar, plus};
use super::tables::Tables;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use chrono::{Datelike, NaiveDate};

/// One version of a product: valid from so many days ago.
pub(super) struct Version {
    ago: i64,
    pub(super) price: &'static str,
    /// Standard cost; empty = not known.
    pub(super) cost: &'static str,
    status: &'static str,
    note: &'static str,
}

/// A product.
pub(super) struct Product {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    unit: &'static str,
    supplier: &'static str,
    upgrade_of: &'static str,
    versions: &'static [Version],
}

const fn v(ago: i64, price: &'static str, cost: &'static str, status: &'static str, note: &'static str) -> Version {
    Version { ago, price, cost, status, note }
}

const ACTIVE: &str = "active";
const FIRST: i64 = 800;

/// Every product, with its history of prices and costs.
pub(super) const PRODUCTS: &[Product] = &[
    Product {
        id: "sns-p10",
        name: "光电传感器 P10",
        category: "sensor",
        unit: "只",
        supplier: "ruixin-sensing",
        upgrade_of: "",
        versions: &[
            v(FIRST, "168", "103.50", ACTIVE, ""),
            v(430, "172", "108", ACTIVE, "年度调价"),
            v(150, "176", "112.40", ACTIVE, "芯片涨价，成本上调"),
        ],
    },
    Product {
        id: "sns-t20",
        name: "温度变送器 T20",
        category: "sensor",
        unit: "只",
        supplier: "ruixin-sensing",
        upgrade_of: "",
        versions: &[v(FIRST, "420", "265", ACTIVE, ""), v(400, "435", "271.80", ACTIVE, "年度调价")],
    },
    Product {
        id: "sns-l30",
        name: "激光测距传感器 L30",
        category: "sensor",
        unit: "只",
        supplier: "ruixin-sensing",
        upgrade_of: "",
        versions: &[v(FIRST, "1380", "890", ACTIVE, ""), v(200, "1320", "842", ACTIVE, "供应商降价，同步下调")],
    },
    Product {
        id: "ctl-c1",
        name: "小型控制器 C1",
        category: "controller",
        unit: "台",
        supplier: "mingtai-board",
        upgrade_of: "",
        versions: &[v(FIRST, "980", "615", ACTIVE, ""), v(320, "980", "638", "retired", "停产，由 C2 替代")],
    },
    Product {
        id: "ctl-c2",
        name: "小型控制器 C2",
        category: "controller",
        unit: "台",
        supplier: "mingtai-board",
        upgrade_of: "ctl-c1",
        versions: &[v(400, "1180", "705", ACTIVE, "新品上市"), v(120, "1160", "688", ACTIVE, "")],
    },
    Product {
        id: "ctl-m5",
        name: "中型控制器 M5",
        category: "controller",
        unit: "台",
        supplier: "mingtai-board",
        upgrade_of: "",
        versions: &[
            v(FIRST, "4680", "2950", ACTIVE, ""),
            v(480, "4760", "3010", ACTIVE, "年度调价"),
            v(110, "4860", "3080", ACTIVE, "年度调价"),
        ],
    },
    Product {
        id: "hmi-07",
        name: "7 寸触摸屏 H07",
        category: "controller",
        unit: "台",
        supplier: "mingtai-board",
        upgrade_of: "",
        versions: &[v(FIRST, "1260", "815", ACTIVE, ""), v(260, "1220", "790", ACTIVE, "")],
    },
    Product {
        id: "gw-e1",
        name: "边缘网关 E1",
        category: "controller",
        unit: "台",
        supplier: "mingtai-board",
        upgrade_of: "",
        versions: &[v(165, "2380", "", ACTIVE, "试产阶段，标准成本待核算"), v(50, "2380", "1510", ACTIVE, "")],
    },
    Product {
        id: "drv-v22",
        name: "变频器 2.2 kW",
        category: "drive",
        unit: "台",
        supplier: "dongcheng-drive",
        upgrade_of: "",
        versions: &[
            v(FIRST, "1560", "1130", ACTIVE, ""),
            v(370, "1520", "1195", ACTIVE, "竞品降价，跟价"),
            v(130, "1490", "1320", ACTIVE, "IGBT 涨价，毛利偏低"),
        ],
    },
    Product {
        id: "drv-v75",
        name: "变频器 7.5 kW",
        category: "drive",
        unit: "台",
        supplier: "dongcheng-drive",
        upgrade_of: "",
        versions: &[v(FIRST, "3280", "2310", ACTIVE, ""), v(370, "3240", "2330", ACTIVE, "")],
    },
    Product {
        id: "srv-s4",
        name: "伺服套件 400 W",
        category: "drive",
        unit: "套",
        supplier: "dongcheng-drive",
        upgrade_of: "",
        versions: &[v(FIRST, "2860", "1990", ACTIVE, ""), v(45, "2860", "2065", "paused", "供应商产线检修，暂停接单")],
    },
    Product {
        id: "cab-std",
        name: "标准控制柜",
        category: "cabinet",
        unit: "台",
        supplier: "huabei-sheet-metal",
        upgrade_of: "",
        versions: &[v(FIRST, "12800", "9150", ACTIVE, ""), v(300, "12960", "9280", ACTIVE, "钢材涨价")],
    },
    Product {
        id: "cab-cus",
        name: "非标控制柜",
        category: "cabinet",
        unit: "台",
        supplier: "huabei-sheet-metal",
        upgrade_of: "",
        versions: &[
            v(FIRST, "28600", "", ACTIVE, "成本按项目核算"),
            v(470, "28600", "21400", ACTIVE, "按平均项目成本"),
        ],
    },
    Product {
        id: "svc-day",
        name: "现场调试服务",
        category: "service",
        unit: "人天",
        supplier: "",
        upgrade_of: "",
        versions: &[v(FIRST, "1600", "720", ACTIVE, ""), v(350, "1680", "760", ACTIVE, "")],
    },
    Product {
        id: "svc-year",
        name: "年度维保",
        category: "service",
        unit: "年",
        supplier: "",
        upgrade_of: "",
        versions: &[v(FIRST, "9800", "4250", ACTIVE, "")],
    },
];

const SUPPLIERS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("ruixin-sensing", "睿芯传感科技", "何工", "+86 755 5555 0901", "active", "传感器主供，交期 2 周"),
    ("mingtai-board", "明泰电路板", "Linda Ho", "+86 769 5555 0902", "active", "控制器贴片与组装"),
    ("dongcheng-drive", "东澄传动", "罗经理", "+86 512 5555 0903", "active", "变频器、伺服代工；近期 IGBT 紧张"),
    ("huabei-sheet-metal", "华北钣金加工厂", "老魏", "+86 22 5555 0904", "active", "柜体；年前交期要提前四周下单"),
];

/// The first day of the month in which a day falls.
fn month_start(day: Day) -> Day {
    NaiveDate::from_ymd_opt(day.year(), day.month(), 1).unwrap_or(day)
}

impl Version {
    fn since(&self, calendar: &Calendar) -> Day {
        month_start(plus(calendar.today, -self.ago))
    }
}

impl Product {
    /// The version valid on a day.
    fn on(&self, calendar: &Calendar, day: Day) -> Option<&'static Version> {
        self.versions.iter().rev().find(|v| v.since(calendar) <= day)
    }
}

/// The products of some categories that are for sale on a day, each with its version of that day.
pub(super) fn on_sale(calendar: &Calendar, day: Day, categories: &[&str]) -> Vec<(&'static Product, &'static Version)> {
    PRODUCTS
        .iter()
        .filter(|p| categories.is_empty() || categories.contains(&p.category))
        .filter_map(|p| p.on(calendar, day).map(|v| (p, v)))
        .filter(|(_, v)| v.status == ACTIVE)
        .collect()
}

/// The decimal of a text of this file; zero for an empty one.
pub(super) fn decimal(text: &str) -> Decimal {
    parse_decimal(text).unwrap_or_default()
}

/// Writes products and suppliers.
pub(super) fn write(tables: &mut Tables, calendar: &Calendar) {
    for p in PRODUCTS {
        for v in p.versions {
            let since = v.since(calendar);
            tables.add(
                Ledger::Products,
                "lin",
                since,
                &[
                    ("id", p.id),
                    ("since", &since.to_string()),
                    ("name", p.name),
                    ("category", p.category),
                    ("unit", p.unit),
                    ("price", v.price),
                    ("cost", v.cost),
                    ("tax_rate", "0.13"),
                    ("supplier", p.supplier),
                    ("upgrade_of", p.upgrade_of),
                    ("status", v.status),
                    ("note", v.note),
                ],
            );
        }
    }
    for (id, name, contact, phone, status, note) in SUPPLIERS {
        tables.add(
            Ledger::Suppliers,
            "lin",
            month_start(plus(calendar.today, -FIRST)),
            &[
                ("id", id),
                ("name", name),
                ("contact", contact),
                ("phone", phone),
                ("email", &format!("sales@{id}.example")),
                ("status", status),
                ("note", note),
            ],
        );
    }
}

/// The English name of a product.
pub(super) fn english(name: &'static str) -> &'static str {
    const NAMES: &[(&str, &str)] = &[
        ("光电传感器 P10", "P10 photo sensor"),
        ("温度变送器 T20", "T20 temperature transmitter"),
        ("激光测距传感器 L30", "L30 laser sensor"),
        ("小型控制器 C1", "C1 controller"),
        ("小型控制器 C2", "C2 controller"),
        ("中型控制器 M5", "M5 controller"),
        ("7 寸触摸屏 H07", "H07 panel"),
        ("边缘网关 E1", "E1 gateway"),
        ("变频器 2.2 kW", "2.2 kW drive"),
        ("变频器 7.5 kW", "7.5 kW drive"),
        ("伺服套件 400 W", "400 W servo kit"),
        ("标准控制柜", "standard cabinet"),
        ("非标控制柜", "custom cabinet"),
    ];
    NAMES.iter().find(|(zh, _)| *zh == name).map_or(name, |(_, en)| en)
}
