"""Made-up companies with the hard cases of key figures; each follows from its seed.

usage: kpi_companies.py ROOT FIRST LAST

ROOT/<seed>, for each seed, is a data directory as `kehu init` makes it; customers and ledgers are added. Nothing but the
standard library.
"""

import csv
import datetime
import pathlib
import random
import sys

TODAY = datetime.date(2026, 6, 30)
PEOPLE = ["li", "wu", "chen"]
LADDER = ["lead", "prospect", "first-order", "repeat"]


class Maker:
    def __init__(self, root, seed):
        self.root, self.r, self.rows, self.ids = pathlib.Path(root), random.Random(f"kpi {seed}"), {}, 0
        self.customers = [f"c{n}" for n in range(self.r.randint(1, 12))]
        self.lines = []

    def id(self, prefix):
        self.ids += 1
        return f"{prefix}_{self.ids:08}"

    def chance(self, percent):
        return self.r.randrange(100) < percent

    def day(self, back=800, ahead=20):
        return TODAY - datetime.timedelta(days=self.r.randint(-ahead, back))

    def at(self, day):
        """A bare date, or an instant, some of them near midnight."""
        if self.chance(60):
            return day.isoformat()
        clock = self.r.choice(["00:30:00", "09:12:31", "14:47:13", "23:30:00"])
        return f"{day.isoformat()}T{clock}+08:00"

    def moment(self, day):
        return f"{day.isoformat()}T{self.r.randint(8, 19):02}:{self.r.randint(0, 59):02}:{self.r.randint(1, 59):02}+08:00"

    def add(self, ledger, **cells):
        cells = {k.rstrip("_"): str(v) for k, v in cells.items() if v not in (None, "")}
        self.rows.setdefault(ledger, []).append(cells)

    def event(self, at, kind, subject, event, was="", now="", **more):
        self.add("events", id=self.id("e"), at=at, kind=kind, subject=subject, event=event, from_=was, to=now, by="li", **more)

    def name(self, customer):
        return f"was-{customer}" if self.chance(10) else customer

    def amount(self, most):
        return f"{self.r.randrange(1, most * 100) / 100:.2f}"

    def make(self):
        self.rates()
        for c in self.customers:
            self.customer(c)
        for c in self.customers:
            for _ in range(self.r.choice([0, 0, 1, 2, 3, 6, 12])):
                self.order(c)
            for _ in range(self.r.choice([0, 1, 2, 5])):
                self.activity(c, self.at(self.day()))
            for _ in range(self.r.choice([0, 0, 1, 2, 4])):
                self.feedback(c)
            for _ in range(self.r.choice([0, 0, 1, 3])):
                self.complaint(c)
            for _ in range(self.r.choice([0, 0, 1, 2])):
                self.need(c)
            for _ in range(self.r.choice([0, 0, 1, 2])):
                self.contract(c)
            if self.chance(15):
                self.add("refunds", id=self.id("f"), at=self.at(self.day()), customer=c, amount=self.amount(300),
                         reason="other", kind=self.r.choice(["allowance", "goodwill"]))
        self.add("contracts", id=self.id("c"), at="2025-05-01", party="s1", kind="purchase", amount=50, end="2026-05-01")
        self.add("suppliers", id="s1", name="Supplier")
        self.targets()
        self.write()

    def rates(self):
        self.add("rates", date="2023-01-01", currency="USD", rate="7.1")
        for _ in range(self.r.randint(0, 4)):
            self.add("rates", date=self.day(600, 0), currency="USD", rate=self.r.choice(["6.9", "7.25", "7.3125"]))
        if self.chance(50):
            self.add("rates", date=self.day(500, 0), currency="EUR", rate="7.8")
        unique = {(r["date"], r["currency"]): r for r in self.rows["rates"]}
        self.rows["rates"] = list(unique.values())

    def customer(self, c):
        r, created = self.r, self.day(700, 0)
        steps = r.choice([0, 0, 1, 2, 3, 3])
        stage, day = LADDER[steps], created
        if self.chance(75):
            # Some begin further up; each step has its event.
            first = min(r.choice([0, 0, 0, 1, 2]), steps)
            stage, told = LADDER[first], self.chance(70)
            if told:
                early = "" if self.chance(60) else "T00:30:00+08:00"
                self.event(f"{day}{early}", "customer", c, "stage", "", stage)
            for to in LADDER[first + 1 : steps + 1]:
                day += datetime.timedelta(days=r.choice([0, 3, 30, 120, 250]))
                if day > TODAY:
                    break
                self.event(f"{day}T{10 + LADDER.index(to)}:10:00+08:00", "customer", self.name(c), "stage", stage, to)
                stage = to
        status = "active"
        if self.chance(20):
            closed = min(day + datetime.timedelta(days=r.randint(1, 300)), TODAY)
            self.event(f"{closed}T20:00:00+08:00", "customer", c, "status", "active", "closed")
            status = "closed"
            again = closed + datetime.timedelta(days=r.randint(1, 100))
            if self.chance(40) and again <= TODAY:
                self.event(f"{again}T20:30:00+08:00", "customer", c, "status", "closed", "active")
                status = "active"
        grade = r.choice(["", "A", "B", "C", "D"])
        folder = self.root / "customers" / c[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{c}.toml").write_text(
            f'name = "Customer {c}"\nformer_ids = ["was-{c}"]\ncreated = {created}\n\nstage = "{stage}"\n\n'
            f'status = "{status}"\n\nowner = "{r.choice(PEOPLE)}"\n\ngrade = "{grade}"\n\nintent = ""\n', encoding="utf-8")

    def order(self, c):
        r, day, order = self.r, self.day(), self.id("o")
        mine = [x for x in self.lines if x[1] == c and x[2] <= day and x[3] > 0]
        head = dict(id=order, at=self.at(day), customer=self.name(c), by=r.choice(PEOPLE + [""]),
                    split="li:0.7,wu:0.3" if self.chance(15) else "")
        if mine and self.chance(20):
            back = r.choice(mine)
            back[3] -= 1
            self.add("orders", **{**head, "currency": back[4]}, line=1, quantity=-1, returns=f"{back[0]}/1")
            return
        head["currency"] = r.choice(["", "", "", "USD", "EUR"])
        for line in range(1, r.randint(1, 3) + 1):
            quantity = r.choice([1, 2, 5])
            self.add("orders", **head, line=line, quantity=quantity, price=self.amount(500), discount=r.choice(["", "0.1", "0.125"]))
            if line == 1:
                self.lines.append([order, c, day, quantity, head["currency"]])
        if self.chance(8):
            self.event(self.at(day + datetime.timedelta(days=r.randint(0, 90))), "order", order, "cancelled")

    def activity(self, c, at, complaint="", direction=None):
        channel = self.r.choice(["visit", "call", "email", "wechat", "meeting", "sms"])
        self.add("activities", id=self.id("a"), at=at, customer=self.name(c), by="li", channel=channel, complaint=complaint,
                 direction=direction or self.r.choice(["in", "out", "both", ""]),
                 outcome=self.r.choice(["", "positive", "neutral", "no-answer"]))

    def feedback(self, c):
        kind = self.r.choice(["csat", "nps", "nps", "ces"])
        most = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}[kind]
        self.add("feedback", id=self.id("b"), at=self.at(self.day()), customer=c, kind=kind, score=self.r.randint(*most))

    def complaint(self, c):
        r, complaint, day = self.r, self.id("k"), self.day(500, 5)
        self.add("complaints", id=complaint, at=self.moment(day) if self.chance(80) else day.isoformat(), customer=c,
                 category="quality", text="x", grade=r.choice(["", "A", "B", "C", "D"]),
                 severity=r.choice(["", "", "normal", "safety"]), by="li")
        state = "new"
        for to in r.choice([[], ["assigned"], ["assigned", "resolved"], ["assigned", "waiting", "assigned", "resolved"],
                            ["assigned", "resolved", "confirmed"], ["assigned", "resolved", "assigned"],
                            ["waiting", "assigned", "waiting", "assigned", "resolved", "assigned", "resolved"]]):
            day += datetime.timedelta(days=r.choice([1, 1, 2, 4, 9]))
            if day > TODAY:
                break
            self.event(self.moment(day), "complaint", complaint, "state", state, to, note="x")
            state = to
            if self.chance(40):
                self.activity(c, self.moment(day), complaint)
        if self.chance(20):
            self.event(self.moment(day + datetime.timedelta(days=1)), "complaint", complaint, "acknowledged")

    def need(self, c):
        need, day = self.id("n"), self.day()
        self.add("needs", id=need, at=self.at(day), customer=c, text="x")
        for _ in range(self.r.choice([0, 1, 2])):
            self.add("quotes", id=self.id("q"), line=1, at=self.at(day + datetime.timedelta(days=self.r.randint(0, 40))),
                     customer=c, quantity=1, price=self.amount(90), need=need)

    def contract(self, c):
        r, start, before = self.r, self.day(900, 0), ""
        for _ in range(r.randint(1, 3)):
            contract, end = self.id("c"), start + datetime.timedelta(days=r.randint(30, 300))
            self.add("contracts", id=contract, at=self.at(start), party=c, kind="sales", amount=self.amount(9000),
                     currency=r.choice(["", "USD"]), start="" if self.chance(30) else start, end=end, renews=before)
            state = ""
            for to in r.choice([[], [], ["approved"], ["submitted", "approved"], ["submitted"], ["submitted", "rejected"], ["void"]]):
                self.event(f"{start}T{'10' if to == 'submitted' else '21'}:00:00+08:00", "contract", contract, "approval", state, to)
                state = to
            if self.chance(15):
                self.event(self.at(start + datetime.timedelta(days=r.randint(1, 29))), "contract", contract, "ended")
            before, start = contract, end + datetime.timedelta(days=r.choice([1, 20, 59, 60, 61, 100]))
            if start > TODAY:
                break

    def targets(self):
        for who in self.r.sample(PEOPLE, self.r.randint(0, 3)):
            for period in self.r.choice([["2026Q1", "2026Q2"], ["2026-04", "2026-05", "2026-06"], ["2026", "2026-05"], ["2026-04"]]):
                self.add("targets", period=period, owner=who, metric="signed", amount=self.r.choice([100, 2500, 3333]))

    def write(self):
        for ledger, rows in self.rows.items():
            self.r.shuffle(rows)
            columns = sorted({k for row in rows for k in row} | ({"from", "to"} if ledger == "events" else set()))
            folder = self.root / "ledgers" / ledger
            folder.mkdir(parents=True, exist_ok=True)
            for n in range(2):
                with open(folder / f"part{n}.csv", "w", encoding="utf-8", newline="") as f:
                    w = csv.DictWriter(f, columns, lineterminator="\n")
                    w.writeheader()
                    w.writerows(rows[n::2])


def main():
    root, first, last = sys.argv[1:]
    for seed in range(int(first), int(last) + 1):
        Maker(pathlib.Path(root) / str(seed), seed).make()


main()
