"""Made-up companies with the hard cases of orders, money and grades; each follows from its seed.

usage: companies.py [--receivables] ROOT FIRST LAST

ROOT/<seed>, for each seed, is a data directory as `kehu init` makes it; its customers, products, orders, receipts,
refunds, rates and events are added, and a scorecard of its own. --receivables adds receivables of their own, instalments
of contracts and write-offs. Nothing but the standard library.
"""

import csv
import datetime
import pathlib
import random
import re
import sys

TODAY = datetime.date(2026, 6, 30)
CURRENCIES = ["", "", "", "", "CNY", "USD", "USD", "EUR", "JPY"]
PEOPLE = ["li", "wu", "chen"]


class Maker:
    def __init__(self, root, seed, receivables):
        self.root, self.r, self.receivables = pathlib.Path(root), random.Random(seed), receivables
        self.rows = {}
        self.customers = [f"c{n}" for n in range(self.r.randint(2, 7))]
        self.products = [f"p{n}" for n in range(self.r.randint(2, 5))]
        # (order, line, customer, currency, day, quantity left, contract)
        self.sold = []
        self.orders = []
        self.receipts = []
        self.events = 0

    def add(self, ledger, **cells):
        self.rows.setdefault(ledger, []).append({k.rstrip("_"): str(v) for k, v in cells.items() if v not in (None, "")})

    def chance(self, percent):
        return self.r.randrange(100) < percent

    def day(self, back=600, ahead=30):
        """Days near and far; at times after today."""
        return TODAY - datetime.timedelta(days=self.r.randint(-ahead, back))

    def after(self, day, most):
        return day + datetime.timedelta(days=self.r.randint(0, most))

    def at(self, day):
        """A bare date or an instant, some of them near midnight of another zone."""
        if self.chance(75):
            return day.isoformat()
        clock = self.r.choice(["00:30:00", "09:00:00", "17:45:30", "23:30:00"])
        return f"{day.isoformat()}T{clock}{self.r.choice(['+08:00', '+08:00', 'Z', '-05:00'])}"

    def amount(self, most, places=2):
        return f"{self.r.randrange(1, most * 10**places) / 10**places:.{places}f}"

    def maybe(self, percent, text):
        return text() if self.chance(percent) else ""

    def event(self, day, kind, subject, event, **more):
        self.events += 1
        self.add("events", id=f"e_{self.events:012}", at=self.at(day), kind=kind, subject=subject, event=event, **more)

    def customer(self, name):
        """At times by a former id."""
        return f"was-{name}" if self.chance(15) else name

    def make(self):
        r = self.r
        for p in self.products:
            for since in sorted({self.day(900, 0) for _ in range(r.randint(1, 3))}):
                cost = self.maybe(75, lambda: self.amount(80, r.choice([0, 2, 4])))
                self.add("products", id=p, since=since, name=f"Product {p}", price=self.amount(150), cost=cost)
        for currency in ("USD", "EUR", "JPY"):
            for date in sorted({self.day(800, 20) for _ in range(r.randint(0, 4))}):
                self.add("rates", date=date, currency=currency, rate=self.amount(9, r.choice([1, 4, 6])))
        for n in range(r.randint(4, 30)):
            self.order(f"o{n}")
        for n in range(r.randint(2, 20)):
            self.receipt(f"p{n}")
        for n in range(r.randint(0, 10)):
            self.refund(f"f{n}")
        if self.receivables:
            self.plans()
        self.people()
        self.scorecard()
        self.write()

    def due(self, day):
        """At times on a border between two ages."""
        if self.chance(25):
            return TODAY - datetime.timedelta(days=self.r.choice([0, 1, 30, 31, 60, 61, 90, 91, 120, 121]))
        return self.after(day, 90) - datetime.timedelta(days=self.r.choice([0, 0, 10]))

    def order(self, name):
        r, customer = self.r, self.r.choice(self.customers)
        day, currency = self.day(), r.choice(CURRENCIES)
        mine = [s for s in self.sold if s[5] > 0 and s[4] <= day]
        first = r.choice(mine) if mine and self.chance(35) else None
        if first:
            customer, currency = first[2], first[3]
        several = first and self.chance(40)
        head = dict(
            id=name,
            at=self.at(day),
            customer=self.customer(customer),
            currency=currency,
            by=r.choice(PEOPLE),
            due=self.maybe(70, lambda: self.due(day)),
            split=self.maybe(15, lambda: "li:0.7,wu:0.3"),
            promised=self.maybe(20, lambda: self.after(day, 20)),
        )
        added = []
        for line in range(1, r.randint(1, 4) + 1):
            back = first if line == 1 else None
            if several and line > 1:
                same = [s for s in self.sold if s[2] == customer and s[3] == currency and s[5] > 0 and s[4] <= day]
                back = r.choice(same) if same else None
            elif first and not self.chance(20):
                # Only a return; else goods are bought at the same time.
                if line > 1:
                    break
            if back:
                self.back(head, line, back)
            else:
                added.append(self.bought(head, line, customer, currency, day))
        self.sold += added
        self.orders.append((name, customer, currency, day))
        for event, percent in [("confirmed", 30), ("shipped", 30), ("cancelled", 10), ("void", 3)]:
            if self.chance(percent):
                self.event(self.after(day, 40), "order", name, event)

    def bought(self, head, line, customer, currency, day):
        r = self.r
        quantity = r.choice(["1", "2", "3", "5", "7", "12", "2.5", "0.333", "40"])
        cells = dict(quantity=quantity, product=self.maybe(85, lambda: r.choice(self.products)))
        price = self.amount(r.choice([10, 150, 3000]), r.choice([0, 2, 2, 4]))
        if self.chance(30):
            cells["amount"] = self.amount(r.choice([100, 9000]))
            cells["price"] = self.maybe(50, lambda: price)
        else:
            cells["price"] = price
            cells["discount"] = self.maybe(40, lambda: r.choice(["0.05", "0.1", "0.125", "0.333", "1", "0"]))
        cells["unit_cost"] = self.maybe(35, lambda: self.amount(90, r.choice([0, 2, 3])))
        cells["cost"] = self.maybe(20, lambda: self.amount(900))
        cells["extra_cost"] = self.maybe(20, lambda: self.amount(50))
        cells["tax"] = self.maybe(50, lambda: self.amount(200))
        self.add("orders", line=line, **head, **cells)
        return [head["id"], line, customer, currency, day, float(quantity)]

    def back(self, head, line, first):
        r = self.r
        quantity = round(min(first[5], r.choice([1, 1, 2, 0.25, first[5]])), 3)
        first[5] = round(first[5] - quantity, 3)
        cells = dict(quantity=f"-{quantity:g}", returns=f"{first[0]}/{first[1]}")
        original = next(o for o in self.rows["orders"] if o["id"] == first[0] and o["line"] == str(first[1]))
        cells["product"] = self.maybe(70, lambda: original.get("product", ""))
        cells["amount"] = self.maybe(30, lambda: f"-{self.amount(90)}")
        cells["tax"] = self.maybe(40, lambda: f"-{self.amount(20)}")
        cells["price"] = self.maybe(50, lambda: self.amount(99))
        cells["unit_cost"] = self.maybe(20, lambda: self.amount(90))
        cells["cost"] = self.maybe(10, lambda: f"-{self.amount(90)}")
        self.add("orders", line=line, **head, **cells)

    def receipt(self, name):
        r, customer = self.r, self.r.choice(self.customers)
        mine = [o for o in self.orders if o[1] == customer]
        currency, day = r.choice(CURRENCIES), self.day()
        if mine and self.chance(70):
            first = r.choice(mine)
            currency, day = first[2], first[3] + datetime.timedelta(days=r.randint(-10, 120))
        bill = self.chance(15)
        head = dict(
            id=name,
            at=self.at(day),
            customer=self.customer(customer),
            currency=currency,
            method="acceptance" if bill else r.choice(["transfer", "cash", ""]),
            matures=self.after(day, 200) if bill else "",
        )
        for line in range(1, r.randint(1, 3) + 1):
            # At times another customer's order, or one in another currency: then it names nothing here.
            order = self.maybe(60, lambda: r.choice(mine if mine and self.chance(90) else self.orders)[0])
            self.add("receipts", line=line, amount=self.amount(r.choice([50, 2000, 20000])), order=order, **head)
        self.receipts.append((name, customer, day))
        if self.chance(8):
            self.event(self.after(day, 60), "receipt", name, "void")

    def refund(self, name):
        r, customer = self.r, self.r.choice(self.customers)
        mine = [o for o in self.orders if o[1] == customer]
        paid = [p for p in self.receipts if p[1] == customer]
        day = self.day()
        self.add(
            "refunds",
            id=name,
            at=self.at(day),
            customer=self.customer(customer),
            amount=self.amount(r.choice([20, 500, 5000])),
            reason="other",
            kind=r.choice(["return", "overpayment", "allowance", "goodwill"]),
            order=self.maybe(50, lambda: r.choice(mine)[0]) if mine else "",
            receipt=self.maybe(50, lambda: r.choice(paid)[0]) if paid else "",
        )
        if self.chance(10):
            self.event(self.after(day, 60), "refund", name, "void")

    def plans(self):
        r = self.r
        for n in range(r.randint(1, 6)):
            customer, day = r.choice(self.customers), self.day()
            mine = [o for o in self.orders if o[1] == customer]
            order = r.choice(mine) if mine and self.chance(40) else None
            self.add(
                "receivables",
                id=f"r{n}",
                at=self.at(day),
                customer=self.customer(customer),
                amount=self.amount(r.choice([200, 9000])),
                due=self.after(day, 120),
                currency=order[2] if order else r.choice(CURRENCIES),
                order=order[0] if order else "",
            )
            if self.chance(30):
                self.event(self.after(day, 90), "receivable", f"r{n}", "writeoff", to=self.amount(300), note="gone")
            if self.chance(10):
                self.event(self.after(day, 90), "receivable", f"r{n}", "void")
            for row in self.rows["receipts"]:
                if not row.get("order") and row["customer"].endswith(customer) and self.chance(25):
                    row["receivable"] = f"r{n}"

    def people(self):
        r = self.r
        for name in self.customers:
            grade = r.choice(["", "A", "B", "C", "D"])
            until = self.maybe(20, lambda: f"grade_until = {self.day(60, 60)}\n") if grade else ""
            status = "closed" if self.chance(10) else "active"
            folder = self.root / "customers" / r.choice(["", "x", "x/y"])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.toml").write_text(
                f'name = "Customer {name}"\nformer_ids = ["was-{name}"]\ncreated = 2024-01-05\n\nstage = "repeat"\n\n'
                f'status = "{status}"\n\nowner = "li"\n\ngrade = "{grade}"\n{until}\nintent = ""\n',
                encoding="utf-8",
            )

    def scorecard(self):
        """Indicators of all scales, bands and limits of the template."""
        r = self.r
        chosen = r.sample(["revenue", "margin", "profit", "payment_days", "late_days", "orders", "quantity"], r.randint(2, 4))
        weights = [100 // len(chosen)] * len(chosen)
        weights[0] += 100 - sum(weights)
        lines = []
        for metric, weight in zip(chosen, weights):
            scale, lower = r.choice(["percentile", "points", "steps"]), "days" in metric
            more = ""
            if scale == "percentile":
                more = r.choice([', better = "lower"', ""]) if lower else ""
            else:
                top = {"margin": 1, "orders": 8, "quantity": 60}.get(metric, 90 if lower else 9000)
                xs = sorted({round(r.uniform(0, top), 2) for _ in range(r.randint(2, 4))})
                ys = sorted((r.randint(0, 100) for _ in xs), reverse=lower)
                more = f", points = [{', '.join(f'[{x}, {y}]' for x, y in zip(xs, ys))}]"
            lines.append(f'    {{ metric = "{metric}", weight = {weight}, scale = "{scale}"{more} }},')
        file = self.root / "kehu.toml"
        rules = file.read_text("utf-8")
        rules, n = re.subn(r"indicators = \[\n.*?\n\]", lambda _: "indicators = [\n" + "\n".join(lines) + "\n]", rules, count=1, flags=re.S)
        rules, m = re.subn(r"min_coverage = \S+", f"min_coverage = {r.choice(['0.3', '0.6', '0.8'])}", rules, count=1)
        rules, k = re.subn(r"margin_to_change = \S+", f"margin_to_change = {r.choice(['0', '2', '5'])}", rules, count=1)
        if (n, m, k) != (1, 1, 1):
            raise SystemExit("kehu.toml has another form than expected")
        file.write_text(rules, encoding="utf-8")

    def write(self):
        for ledger, rows in self.rows.items():
            self.r.shuffle(rows)
            columns = sorted({k for row in rows for k in row} | ({"from", "to"} if ledger == "events" else set()))
            folder = self.root / "ledgers" / ledger
            folder.mkdir(parents=True, exist_ok=True)
            parts = self.r.randint(1, 3)
            for n in range(parts):
                with open(folder / f"part{n}.csv", "w", encoding="utf-8", newline="") as f:
                    w = csv.DictWriter(f, columns, lineterminator="\n")
                    w.writeheader()
                    w.writerows(rows[n::parts])


def main():
    args = [a for a in sys.argv[1:] if a != "--receivables"]
    if len(args) != 3:
        raise SystemExit(__doc__)
    for seed in range(int(args[1]), int(args[2]) + 1):
        Maker(pathlib.Path(args[0]) / str(seed), seed, "--receivables" in sys.argv).make()


main()
