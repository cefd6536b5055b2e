//! Contracts with customers and suppliers, what they make owed on both sides, and what waits for somebody's approval; targets and
//! exchange rates.

use super::calendar::{Calendar, instant, plus, working};
use super::rng::Rng;
use super::tables::{Event, Tables};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal, round};
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::rules::seal::{Part, seal, sealed_note};
use chrono::{Datelike, Months, NaiveDate};

/// A contract. Days are counted from the company's last one: what was is less than 0.
struct Contract {
    id: &'static str,
    party: &'static str,
    sales: bool,
    title: &'static str,
    amount: &'static str,
    currency: &'static str,
    days: (i64, i64),
    project: &'static str,
    renews: &'static str,
    by: &'static str,
    approval: &'static str,
    /// Percent and due day of each instalment, and how much of it was paid when, in percent.
    plan: &'static [(i64, i64, i64, i64)],
}

const NONE: Contract = Contract {
    id: "",
    party: "",
    sales: true,
    title: "",
    amount: "",
    currency: "",
    days: (0, 0),
    project: "",
    renews: "",
    by: "",
    approval: "approved",
    plan: &[],
};

const CONTRACTS: &[Contract] = &[
    Contract {
        id: "HT-031", party: "jinlan", title: "年度框架合同（上一期）", days: (-640, -276), by: "wu", ..NONE
    },
    Contract {
        id: "HT-112",
        party: "jinlan",
        title: "年度框架合同",
        days: (-275, 24),
        renews: "HT-031",
        by: "wu",
        ..NONE
    },
    Contract { id: "HT-098", party: "tengyu", title: "年度框架合同", days: (-421, -57), by: "li", ..NONE },
    Contract {
        id: "HT-087", party: "guilin-filter", title: "备件供应协议", days: (-500, -136), by: "huang", ..NONE
    },
    Contract {
        id: "HT-126",
        party: "haiyue-shoes",
        title: "两条成型线控制改造",
        amount: "186000",
        days: (-118, 75),
        project: "haiyue-line",
        by: "chen",
        plan: &[(30, -110, 100, -108), (60, -20, 55, -12), (10, 75, 0, 0)],
        ..NONE
    },
    Contract {
        id: "HT-133",
        party: "nordwind",
        title: "Retrofit of two lines",
        amount: "48000",
        currency: "EUR",
        days: (5, 190),
        project: "nordwind-retrofit",
        by: "zhao",
        approval: "submitted",
        plan: &[(30, 10, 0, 0), (60, 120, 0, 0), (10, 190, 0, 0)],
        ..NONE
    },
    Contract {
        id: "CG-041",
        party: "dongcheng-drive",
        sales: false,
        title: "变频器年度采购",
        amount: "240000",
        days: (-90, 275),
        by: "xu",
        plan: &[(50, -60, 100, -58), (50, 12, 0, 0)],
        ..NONE
    },
    Contract {
        id: "CG-047",
        party: "mingtai-board",
        sales: false,
        title: "控制器贴片加工",
        amount: "90000",
        days: (-4, 120),
        by: "xu",
        approval: "submitted",
        plan: &[(100, 30, 0, 0)],
        ..NONE
    },
];

/// What a contract is written with.
struct Writing<'w> {
    calendar: &'w Calendar,
    tables: &'w mut Tables,
    book: &'w Book,
    rng: Rng,
}

/// Writes contracts, receivables, payables and payments, refunds that wait, targets and rates.
pub(super) fn write(calendar: &Calendar, settings: &Settings, tables: &mut Tables, rng: &mut Rng) {
    let book = Book::new(calendar.today, settings.clone(), Team::default());
    for contract in CONTRACTS {
        let rng = rng.fork(contract.id);
        Writing { calendar, tables, book: &book, rng }.contract(contract);
    }
    let mut waits = Writing { calendar, tables, book: &book, rng: rng.fork("waits") };
    waits.refund();
    waits.write_off();
    targets(calendar, tables);
    rates(calendar, tables);
}

impl Writing<'_> {
    /// A day that facts may bear, or one to come.
    fn day(&self, days: i64) -> Day {
        if days < 0 { self.calendar.ago(-days) } else { working(plus(self.calendar.today, days)) }
    }

    fn contract(&mut self, c: &Contract) {
        // It is agreed on before it begins, and at the latest on the last worked day.
        let at = self.calendar.ago(if c.days.0 < 0 { 6 - c.days.0 } else { 3 });
        let [start, end] = [c.days.0, c.days.1].map(|d| plus(self.calendar.today, d).to_string());
        let row: Vec<(&'static str, String)> = vec![
            ("id", c.id.into()),
            ("at", at.to_string()),
            ("party", c.party.into()),
            ("kind", if c.sales { "sales" } else { "purchase" }.into()),
            ("title", c.title.into()),
            ("amount", c.amount.into()),
            ("currency", c.currency.into()),
            ("start", start),
            ("end", end),
            ("project", c.project.into()),
            ("renews", c.renews.into()),
            ("by", c.by.into()),
        ];
        let cells: Vec<(&str, &str)> = row.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.tables.add(Ledger::Contracts, c.by, at, &cells);
        let parts = self.plan(c, at);
        let cell = |name: &str| row.iter().find(|(k, _)| *k == name).map_or("", |(_, v)| v.as_str());
        let note = match c.approval {
            "approved" => sealed_note(&seal(self.book, Ledger::Contracts, cell, &parts), ""),
            _ => String::new(),
        };
        self.approval("contract", c.id, at, c.by, (c.approval, &note));
    }

    /// The instalments, and what was paid on them.
    fn plan(&mut self, c: &Contract, at: Day) -> Vec<Part> {
        let total = parse_decimal(c.amount).unwrap_or_default();
        let ledger = if c.sales { Ledger::Receivables } else { Ledger::Payables };
        let whose = if c.sales { "customer" } else { "supplier" };
        let mut parts = Vec::new();
        for (n, (percent, due, paid, day)) in c.plan.iter().enumerate() {
            let id = format!("{}-{}", c.id, n + 1);
            let share = |amount: Decimal, percent: i64| round(amount * Decimal::new(percent, 2), 2);
            let amount = share(total, *percent);
            let (text, due) = (amount.normalize().to_string(), self.day(*due).to_string());
            self.tables.add(
                ledger,
                c.by,
                at,
                &[
                    ("id", &id),
                    ("at", &at.to_string()),
                    (whose, c.party),
                    ("amount", &text),
                    ("due", &due),
                    ("currency", c.currency),
                    ("contract", c.id),
                    ("by", c.by),
                ],
            );
            if *paid > 0 {
                let money = share(amount, *paid).normalize().to_string();
                self.pay(c, &id, self.calendar.ago(-day), &money);
            }
            parts.push(Part { id, amount: text, due });
        }
        parts
    }

    fn pay(&mut self, c: &Contract, pays: &str, day: Day, amount: &str) {
        let (ledger, whose, what) = match c.sales {
            true => (Ledger::Receipts, "customer", "receivable"),
            false => (Ledger::Payments, "supplier", "payable"),
        };
        let id = self.rng.id(ledger.prefix());
        let at = day.to_string();
        let cells = [
            ("id", id.as_str()),
            ("line", "1"),
            ("at", &at),
            (whose, c.party),
            ("amount", amount),
            (what, pays),
            ("currency", c.currency),
            ("method", "transfer"),
            ("by", "xu"),
        ];
        self.tables.add(ledger, "xu", day, &cells);
    }

    /// Submitted by its author; approved by the director on the same day.
    fn approval(&mut self, kind: &str, id: &str, day: Day, by: &str, (to, note): (&str, &str)) {
        let minute = 600 + self.rng.range(0, 200);
        let event = Event { day, kind, subject: id, event: "approval", ..Event::default() };
        let own = self.rng.id(Ledger::Events.prefix());
        self.tables.event(&Event { id: own, minute, to: "submitted", by, ..event.clone() });
        if to == "approved" {
            let own = self.rng.id(Ledger::Events.prefix());
            let minute = minute + 35;
            self.tables.event(&Event { id: own, minute, from: "submitted", to, by: "lin", note, ..event });
        }
    }

    /// Goodwill that its author may not approve.
    fn refund(&mut self) {
        let (day, id) = (self.calendar.ago(2), self.rng.id(Ledger::Refunds.prefix()));
        let cells = [
            ("id", id.as_str()),
            ("at", &day.to_string()),
            ("customer", "jinlan"),
            ("amount", "350"),
            ("reason", "quality"),
            ("kind", "goodwill"),
            ("by", "wu"),
            ("note", "换货运费由我方承担"),
        ];
        self.tables.add(Ledger::Refunds, "wu", day, &cells);
        self.approval("refund", &id, day, "wu", ("submitted", ""));
    }

    /// The rest of an instalment that is not worth the quarrel.
    fn write_off(&mut self) {
        let (day, id) = (self.calendar.ago(1), self.rng.id(Ledger::Requests.prefix()));
        let cells = [
            ("id", id.as_str()),
            ("at", &instant(day, 905)),
            ("kind", "writeoff"),
            ("subject", "receivable:HT-126-2"),
            ("amount", "200"),
            ("by", "chen"),
            ("note", "验收扣款，客户不再支付"),
        ];
        self.tables.add(Ledger::Requests, "chen", day, &cells);
    }
}

/// The months from two years ago to the end of the year.
fn months(calendar: &Calendar) -> impl Iterator<Item = Day> {
    let today = calendar.today;
    let first = NaiveDate::from_ymd_opt(today.year() - 1, 1, 1).unwrap_or(today);
    (0..24).filter_map(move |n| first.checked_add_months(Months::new(n)))
}

/// Each rep's month, in the company's rhythm; the managers' year.
fn targets(calendar: &Calendar, tables: &mut Tables) {
    const REPS: &[(&str, i64)] = &[("li", 92_000), ("wu", 78_000), ("chen", 60_000), ("huang", 66_000)];
    let written = calendar.ago(1);
    let mut add = |period: &str, owner: &str, metric: &str, level: &str, amount: i64| {
        let amount = amount.to_string();
        let cells =
            [("period", period), ("owner", owner), ("metric", metric), ("level", level), ("amount", amount.as_str())];
        tables.add(Ledger::Targets, "lin", written, &cells);
    };
    for month in months(calendar) {
        let period = format!("{}-{:02}", month.year(), month.month());
        // March and September are busy; nobody buys around the Spring Festival.
        let rhythm = match month.month() {
            3 | 9 => 160,
            1 | 2 => 60,
            _ => 100,
        };
        for (rep, usual) in REPS {
            let signed = usual * rhythm / 100;
            add(&period, rep, "signed", "", signed);
            add(&period, rep, "signed", "stretch", signed * 120 / 100 / 1000 * 1000);
            add(&period, rep, "receipts", "", signed * 105 / 100 / 1000 * 1000);
            add(&period, rep, "visits", "", 8);
        }
    }
    for year in [calendar.today.year() - 1, calendar.today.year()] {
        for (manager, amount) in [("zhao", 2_100_000), ("sun", 1_600_000)] {
            add(&year.to_string(), manager, "signed", "", amount);
        }
    }
}

/// What a euro and a dollar cost, from each quarter on.
fn rates(calendar: &Calendar, tables: &mut Tables) {
    const RATES: &[(&str, [&str; 4])] =
        &[("EUR", ["7.78", "7.84", "8.02", "8.11"]), ("USD", ["7.24", "7.19", "7.12", "7.08"])];
    for month in months(calendar).step_by(3) {
        for (currency, of_quarter) in RATES {
            let rate = of_quarter[month.month0() as usize / 3];
            let date = month.to_string();
            if month <= calendar.last {
                tables.add(Ledger::Rates, "xu", month, &[("date", &date), ("currency", currency), ("rate", rate)]);
            }
        }
    }
}
