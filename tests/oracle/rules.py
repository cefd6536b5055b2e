"""Profit, receivables, days to pay and scores, straight from the rules: a second opinion that shares nothing with kehu.

usage: rules.py --today DATE [--today DATE …] DIR…

Prints one JSON object: directory → day → {profit: grouping → group → figures, receivables: "customer/CNY" → figures,
days: customer → figures, grades: customer → figures}. Figures are texts: `12.5` is exact, `~33.333…` was cut, null is
unknown. Nothing but the standard library; all arithmetic is that of fractions.
"""

import argparse
import calendar
import csv
import datetime
import json
import pathlib
import tomllib
from collections import defaultdict
from fractions import Fraction
from zoneinfo import ZoneInfo

# Metrics of which a small value is good, among those that the companies made up are graded by.
LOWER = {"payment_days", "late_days", "order_gap", "cost"}

ZERO = Fraction(0)
WITHOUT_MINOR_UNIT = {"JPY", "KRW", "VND"}


def number(text):
    return Fraction(text) if text else None


def minor(value, currency):
    """Rounded half away from zero to the minor unit."""
    unit = Fraction(1) if currency in WITHOUT_MINOR_UNIT else Fraction(1, 100)
    whole = (abs(value) / unit + Fraction(1, 2)).__floor__()
    return unit * whole * (-1 if value < 0 else 1)


def has_end(value, places=10):
    return (value * 10**places).denominator == 1


def months_before(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def text(value):
    """A figure with all its digits, or cut and marked where it has no end."""
    if isinstance(value, tuple):
        plain = text(value[0])
        return "~" + plain.lstrip("~") if value[1] and isinstance(plain, str) else plain
    if value is None or isinstance(value, (str, int)):
        return value
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    places = 0
    scaled = value
    while scaled.denominator != 1 and places < 30 and rest == 1:
        scaled *= 10
        places += 1
    mark = ""
    if scaled.denominator != 1:
        mark, places = "~", 15
        scaled = Fraction((value * 10**places).__round__())
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    whole = digits[: len(digits) - places]
    fraction = digits[len(digits) - places :].rstrip("0") if places else ""
    return mark + ("-" if value < 0 else "") + whole + ("." + fraction if fraction else "")


class Company:
    """What a directory says by the end of a day."""

    def __init__(self, root, today):
        self.root, self.today = pathlib.Path(root), today
        self.rules = tomllib.loads((self.root / "kehu.toml").read_text("utf-8"))
        self.base, self.zone = self.rules["currency"], ZoneInfo(self.rules["timezone"])
        self.customers = {}
        self.names = {}
        for file in sorted((self.root / "customers").rglob("*.toml")):
            c = tomllib.loads(file.read_text("utf-8"))
            self.customers[file.stem] = c
            for former in c.get("former_ids", []):
                self.names[former] = file.stem
        for name in self.customers:
            self.names[name] = name
        # What lies after today does not exist.
        self.events = [e for e in self.rows("events") if self.day(e["at"]) <= today]
        self.dead = {(e["kind"], e["subject"]) for e in self.events if e["event"] in ("cancelled", "void")}
        seen = [r for r in self.rows("orders") if self.day(r["at"]) <= today]
        self.line = {f"{r['id']}/{r['line']}": r for r in seen}
        self.lines = [r for r in seen if ("order", r["id"]) not in self.dead]
        # What takes back each line, oldest first.
        self.back = defaultdict(list)
        for r in sorted(self.lines, key=lambda r: (self.instant(r["at"]), r["id"], len(r["line"]), r["line"])):
            self.back[r["returns"]].append(r)
        self.products = self.rows("products")
        self.rates = [r for r in self.rows("rates") if r["date"] <= today.isoformat()]
        self.receipts = self.living("receipts", "receipt")
        # R12: what waits for approval or was rejected does not count; what was never put forward does.
        approval = {}
        for e in sorted(self.events, key=lambda e: self.instant(e["at"])):
            if e["event"] == "approval":
                approval[(e["kind"], e["subject"])] = e["to"]
        counts = lambda kind, id: approval.get((kind, id), "approved") == "approved"
        self.refunds = [r for r in self.living("refunds", "refund") if counts("refund", r["id"])]
        self.receivables = [
            r for r in self.living("receivables", "receivable") if counts("contract", r["contract"])
        ]

    def rows(self, ledger):
        out = []
        for file in sorted((self.root / "ledgers" / ledger).rglob("*.csv")):
            with open(file, encoding="utf-8", newline="") as f:
                out += [defaultdict(str, {k: v or "" for k, v in r.items()}) for r in csv.DictReader(f)]
        return out

    def living(self, ledger, kind):
        return [r for r in self.rows(ledger) if self.day(r["at"]) <= self.today and (kind, r["id"]) not in self.dead]

    def instant(self, at):
        if len(at) == 10:
            return datetime.datetime.combine(datetime.date.fromisoformat(at), datetime.time(), self.zone)
        return datetime.datetime.fromisoformat(at).astimezone(self.zone)

    def day(self, at):
        return self.instant(at).date()

    # ------------------------------------------------------------------ R6

    def rate(self, currency, day):
        if currency in ("", self.base):
            return Fraction(1)
        known = [r for r in self.rates if r["currency"] == currency and r["date"] <= day.isoformat()]
        return Fraction(max(known, key=lambda r: r["date"])["rate"]) if known else None

    def standard_cost(self, product, day):
        known = [p for p in self.products if p["id"] == product and p["since"] <= day.isoformat()]
        return number(max(known, key=lambda p: p["since"])["cost"]) if known else None

    def is_last(self, row, first):
        """Whether a return takes the last of a line: then it takes what is left."""
        mine = self.back[row["returns"]]
        return mine[-1:] == [row] and sum(number(r["quantity"]) or ZERO for r in mine) == -(number(first["quantity"]) or ZERO)

    def net(self, row):
        """Line net = amount, else quantity × price × (1 − discount); a return takes the original line's price."""
        if row["amount"]:
            return Fraction(row["amount"])
        quantity = number(row["quantity"])
        first = self.line.get(row["returns"]) if row["returns"] else None
        if first is not None and self.is_last(row, first):
            return -(self.net(first) + sum(self.net(r) for r in self.back[row["returns"]][:-1]))
        if first is not None and first["amount"]:
            return Fraction(first["amount"]) * quantity / Fraction(first["quantity"])
        source = first if first is not None else row
        if quantity is None or not source["price"]:
            return None
        return quantity * Fraction(source["price"]) * (1 - (number(source["discount"]) or 0))

    def cost(self, row):
        """Line cost = cost, else quantity × unit cost, else × the standard cost of the order's day."""
        if row["cost"]:
            return Fraction(row["cost"])
        quantity = number(row["quantity"])
        if quantity is None:
            return None
        first = self.line.get(row["returns"]) if row["returns"] else None
        if first is not None and first["cost"] and self.is_last(row, first):
            return -(Fraction(first["cost"]) + sum(self.cost(r) for r in self.back[row["returns"]][:-1]))
        if first is not None and first["cost"]:
            return Fraction(first["cost"]) * quantity / Fraction(first["quantity"])
        source = first if first is not None else row
        unit = number(source["unit_cost"])
        if unit is None:
            unit = self.standard_cost(source["product"], self.day(source["at"]))
        return None if unit is None else quantity * unit

    def tax(self, row):
        """Line tax; a return that says none takes its part of the original line's, the last one what is left."""
        if row["tax"]:
            return Fraction(row["tax"])
        first = self.line.get(row["returns"]) if row["returns"] else None
        if first is None or not first["tax"]:
            return ZERO
        if self.is_last(row, first):
            return -(Fraction(first["tax"]) + sum(self.tax(r) for r in self.back[row["returns"]][:-1]))
        return Fraction(first["tax"]) * (number(row["quantity"]) or ZERO) / Fraction(first["quantity"])

    @staticmethod
    def sells(row):
        """Whether a line takes nothing back: what is given away is sold for nothing."""
        numbers = [number(row[c]) for c in ("quantity", "amount")]
        above, below = any((n or 0) > 0 for n in numbers), any((n or 0) < 0 for n in numbers)
        return not row["returns"] and (above or not below)

    def sales(self):
        """What changes revenue, in the base currency and without tax."""
        for r in self.lines:
            day = self.day(r["at"])
            net, rate = self.net(r), self.rate(r["currency"], day)
            if net is None or rate is None:
                continue
            cost = self.cost(r)
            first = self.line.get(r["returns"], {}) if r["returns"] else {}
            yield {
                "customer": self.names[r["customer"]],
                "product": r["product"] or first.get("product", ""),
                "rep": r["by"],
                "order": r["id"],
                "day": day,
                "quantity": number(r["quantity"]) or ZERO,
                "revenue": net * rate,
                "cost": None if cost is None else cost * rate,
                "extra": (number(r["extra_cost"]) or ZERO) * rate,
                "line": True,
                "sells": self.sells(r),
                # A share of a line that does not divide evenly is no decimal.
                "cut": bool(first) and not all(
                    has_end(self.net(x) or ZERO) and has_end(self.cost(x) or ZERO) for x in [r] + self.back[r["returns"]]
                ),
            }
        for r in self.refunds:
            if r["kind"] == "allowance":
                yield {
                    "customer": self.names[r["customer"]],
                    "product": "",
                    "rep": "",
                    "order": r["order"],
                    "day": self.day(r["at"]),
                    "quantity": ZERO,
                    "revenue": -Fraction(r["amount"]),
                    "cost": ZERO,
                    "extra": ZERO,
                    "line": False,
                    "sells": False,
                    "cut": False,
                }

    @staticmethod
    def figures(sales, exact=False):
        """Values, each with whether it was cut somewhere; with `exact` the values alone."""
        known = [s for s in sales if s["cost"] is not None]
        unknown = len(sales) - len(known)
        base = sum((s["revenue"] for s in known), ZERO)
        cost = sum((s["cost"] for s in known), ZERO)
        extra = sum((s["extra"] for s in known), ZERO)
        some = bool(known) or not unknown
        profit = base - cost - extra
        # Allowances have no cost: without a line whose cost is known there is no margin.
        margin = profit / base if base and any(s["line"] for s in known) else None
        out = {
            "orders": len({s["order"] for s in sales if s["sells"]}),
            "returns": len({s["order"] for s in sales if s["line"]} - {s["order"] for s in sales if s["sells"]}),
            "quantity": sum((s["quantity"] for s in sales), ZERO),
            "revenue": sum((s["revenue"] for s in sales), ZERO),
            "cost": cost if some else None,
            "extra_cost": extra if some else None,
            "profit": profit if some else None,
            "margin": margin,
            "unknown_cost_lines": unknown,
        }
        return out if exact else {k: (v, any(s["cut"] for s in sales)) for k, v in out.items()}

    def profit(self):
        sales = list(self.sales())
        out = {}
        for by in ("customer", "product", "rep", "order", "month"):
            groups = defaultdict(list)
            for s in sales:
                groups[s["day"].isoformat()[:7] if by == "month" else s[by]].append(s)
            out[by] = {key: self.figures(group) for key, group in groups.items()}
        return out

    # ----------------------------------------------------------------- R10

    def accounts(self):
        """(customer, currency) → [open items, credit, bills]; an item is a dict."""
        out = {}

        def account(row, currency=None):
            key = (self.names[row["customer"]], currency or row["currency"] or self.base)
            return out.setdefault(key, {"items": [], "pool": [], "back": [], "bills": ZERO, "credit": ZERO})

        def item(row, total, due):
            at = self.instant(row["at"])
            return {
                "id": row["id"],
                "order": row["order"],
                "contract": row["contract"],
                "at": at,
                "due": due or at.date(),
                "open": total,
                "paid": [],
            }

        # Receivables of their own, and which orders they stand for.
        named = defaultdict(Fraction)
        planned = set()
        for r in self.receivables:
            account(r)["items"].append(item(r, Fraction(r["amount"]), datetime.date.fromisoformat(r["due"])))
            named[r["order"]] += Fraction(r["amount"])
            planned.add(r["contract"])
        planned.discard("")
        # Every order: its lines with tax, rounded once.
        orders = defaultdict(list)
        for r in self.lines:
            if self.net(r) is not None:
                orders[r["id"]].append(r)
        wholes = {name: sum(self.net(r) + self.tax(r) for r in rows) for name, rows in orders.items()}
        lowered = []
        for rows in orders.values():
            head = rows[0]
            currency = head["currency"] or self.base
            amounts = [(r, self.net(r) + self.tax(r)) for r in rows]
            total = minor(sum(a for _, a in amounts), currency)
            if total < 0:
                back = defaultdict(Fraction)
                for r, amount in amounts:
                    if r["returns"]:
                        back[r["returns"].rsplit("/", 1)[0]] -= amount
                lowered.append((self.instant(head["at"]), head["id"], head, currency, -total, back))
            elif head["contract"] not in planned:
                due = datetime.date.fromisoformat(head["due"]) if head["due"] else None
                whole = item(head, max(ZERO, total - named[head["id"]]), due)
                whole["order"] = head["id"]
                account(head)["items"].append(whole)

        def lower(items, money):
            for i in items:
                part = min(i["open"], money)
                i["open"] -= part
                money -= part
            return money

        # Returns lower what names their order, else the contract's instalments, latest due first; the rest is credit.
        came_back = defaultdict(lambda: [ZERO, ZERO])
        for at, name, head, currency, total, back in sorted(lowered, key=lambda x: (x[0], x[1])):
            a, rest = account(head), total
            for order, amount in sorted(back.items()):
                so_far, part = came_back[order], minor(amount, currency)
                so_far[0] += amount
                # Who takes the last of an order takes what rounding has left of it; shares have ten places.
                if order in wholes and abs(so_far[0] - wholes[order]) < Fraction(1, 10**8):
                    left = minor(wholes[order], currency) - so_far[1]
                    rest, part = rest + left - part, left
                so_far[1] += part
                part = max(ZERO, min(rest, part))
                mine = sorted((i for i in a["items"] if i["order"] == order), key=lambda i: (i["due"], i["at"], i["id"]))
                rest -= part - lower(mine, part)
            if head["contract"]:
                mine = [i for i in a["items"] if i["contract"] == head["contract"] and not i["order"]]
                rest = lower(sorted(mine, key=lambda i: (i["due"], i["at"], i["id"]), reverse=True), rest)
            a["pool"].append({"at": at, "id": name, "line": 0, "amount": rest, "cash": False})
        for e in self.events:
            if e["kind"] == "receivable" and e["event"] == "writeoff":
                lower([i for a in out.values() for i in a["items"] if i["id"] == e["subject"]], Fraction(e["to"]))

        # Money.
        money = []
        for r in self.receipts:
            a, amount = account(r), Fraction(r["amount"])
            if r["method"] == "acceptance" and r["matures"] > self.today.isoformat():
                a["bills"] += amount
            money.append((r, a, amount, True))
        for r in self.refunds:
            if r["kind"] == "allowance":
                money.append((r, account(r, self.base), Fraction(r["amount"]), False))
            elif r["kind"] in ("return", "overpayment"):
                account(r, self.base)["back"].append(r)
        money.sort(key=lambda m: (self.instant(m[0]["at"]), m[0]["id"], int(m[0]["line"] or 0)))

        def pay(items, piece):
            for i in items:
                part = min(i["open"], piece["amount"])
                i["open"] -= part
                piece["amount"] -= part
                if part and piece["cash"]:
                    i["paid"].append((piece["at"].date(), part))

        def oldest(items):
            return sorted(items, key=lambda i: (i["due"], i["at"], i["id"]))

        # Lines that name something come first; what is too much of them is pooled again.
        for r, a, amount, cash in money:
            piece = {"at": self.instant(r["at"]), "id": r["id"], "line": int(r["line"] or 0), "amount": amount, "cash": cash}
            if r["receivable"]:
                pay([i for i in a["items"] if i["id"] == r["receivable"]], piece)
            elif r["order"]:
                pay(oldest(i for i in a["items"] if i["order"] == r["order"]), piece)
            a["pool"].append(piece)
        for a in out.values():
            a["pool"].sort(key=lambda p: (p["at"], p["id"], p["line"]))
            # What went back comes out of what is not allocated; what was not there is owed again.
            for r in sorted(a["back"], key=lambda r: (self.instant(r["at"]), r["id"])):
                rest, at = Fraction(r["amount"]), self.instant(r["at"])
                there = [p for p in a["pool"] if p["at"].date() <= at.date()][::-1]
                for p in sorted(there, key=lambda p: p["id"] != r["receipt"]):
                    part = min(p["amount"], rest)
                    p["amount"] -= part
                    rest -= part
                if rest:
                    again = item(r, rest, at.date())
                    again["order"] = ""
                    a["items"].append(again)
            for p in a["pool"]:
                pay(oldest(a["items"]), p)
                a["credit"] += p["amount"]
        return out

    def ageing(self, accounts):
        names = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus"]
        out = {}
        for (customer, currency), a in accounts.items():
            row = dict.fromkeys(names, ZERO)
            for i in a["items"]:
                late = (self.today - i["due"]).days
                row[names[0 if late <= 0 else min(5, 1 + (late - 1) // 30)]] += i["open"]
            row["credit"], row["bills"] = a["credit"], a["bills"]
            row["outstanding"] = sum(row[n] for n in names) - a["credit"]
            out[f"{customer}/{currency}"] = row
        return out

    def days(self, accounts):
        """Weighted by amount, by today's rates where there are several currencies; receipts of twelve months and what is
        open."""
        since = months_before(self.today, 12)
        out = {}
        for customer in self.customers:
            mine = [(key[1], a) for key, a in accounts.items() if key[0] == customer]
            one = len(mine) == 1
            # Who paid nothing, and of whom nothing was due yet, says nothing about how it pays.
            items = [i for _, a in mine for i in a["items"]]
            if not any(p[0] > since for i in items for p in i["paid"]) and \
                    not any(i["open"] and i["due"] <= self.today for i in items):
                mine = []
            for late in (False, True):
                weight, total, known = ZERO, ZERO, True
                for currency, a in mine:
                    for i in a["items"]:
                        at = i["at"].date()
                        pieces = [p for p in i["paid"] if p[0] > since] + ([(self.today, i["open"])] if i["open"] else [])
                        rate = Fraction(1) if one else self.rate(currency, self.today)
                        if pieces and rate is None:
                            known = False
                            continue
                        for day, amount in pieces:
                            n = max(0, (day - i["due"]).days) if late else (day - at).days
                            weight += amount * rate
                            total += amount * rate * n
                name = "late_days" if late else "payment_days"
                out.setdefault(customer, {})[name] = total / weight if weight and known else None
        return out

    # ------------------------------------------------------------------ R5

    def decision(self, customer, name):
        """The value by the fold of the customer's events; these fixtures have no races."""
        mine = [e for e in self.rows("events")
                if e["kind"] == "customer" and e["event"] == name and self.names.get(e["subject"]) == customer]
        mine.sort(key=lambda e: (self.instant(e["at"]), e["id"]))
        past = [e for e in mine if self.day(e["at"]) <= self.today]
        if past:
            return past[-1]["to"], past[-1]["until"]
        until = self.customers[customer].get(f"{name}_until")
        return (mine[0]["from"], "") if mine else (self.customers[customer].get(name, ""), until and until.isoformat())

    def grades(self, days):
        card = self.rules["scorecards"]["grade"]
        start = months_before(self.today, 12) + datetime.timedelta(days=1)
        window = [s for s in self.sales() if start <= s["day"]]
        sold = {self.names[r["customer"]] for r in self.lines if self.sells(r)}
        people = [c for c in self.customers if c in sold and self.decision(c, "status")[0] == "active"]
        raw = []
        for i in card["indicators"]:
            column = {}
            for c in people:
                if i["metric"] in ("payment_days", "late_days"):
                    column[c] = days[c][i["metric"]]
                    continue
                mine = [s for s in window if s["customer"] == c]
                figures = self.figures(mine, exact=True)
                value = figures[i["metric"]]
                if i["metric"] not in ("orders", "returns") and not any(s["line"] for s in mine):
                    value = None
                column[c] = None if value is None else Fraction(value)
            raw.append(column)
        out = {}
        for c in people:
            weight, total, whole = ZERO, ZERO, ZERO
            for i, column in zip(card["indicators"], raw):
                w = Fraction(str(i["weight"]))
                whole += w
                points = self.points(i, column, column[c])
                if points is not None:
                    weight += w
                    total += w * points
            old, until = self.decision(c, "grade")
            score = total / weight if weight else None
            coverage = weight / whole
            if score is None and not old:
                continue
            by_hand = old and until and until >= self.today.isoformat()
            out[c] = {
                "old": old,
                "new": old if by_hand or score is None else self.band(card, old, score, coverage),
                "score": score,
                "coverage": coverage,
            }
        return out

    @staticmethod
    def points(indicator, column, value):
        if value is None:
            return None
        if indicator["scale"] == "percentile":
            known = [v for v in column.values() if v is not None]
            natural = "lower" if indicator["metric"] in LOWER else "higher"
            lower = indicator.get("better", natural) == "lower"
            worse = sum(1 for v in known if (v > value if lower else v < value))
            return Fraction(100 * worse, len(known))
        scale = sorted((Fraction(str(x)), Fraction(str(y))) for x, y in indicator["points"])
        if value <= scale[0][0]:
            return scale[0][1]
        if value >= scale[-1][0]:
            return scale[-1][1]
        for (x0, y0), (x1, y1) in zip(scale, scale[1:]):
            if x0 <= value < x1:
                return y0 if indicator["scale"] == "steps" else y0 + (value - x0) / (x1 - x0) * (y1 - y0)
        return None

    @staticmethod
    def band(card, old, score, coverage):
        bands = sorted(((Fraction(str(low)), name) for name, low in card["bands"].items()), reverse=True)
        order = [name for _, name in bands]
        low = {name: low for low, name in bands}
        margin = Fraction(str(card.get("margin_to_change", 2)))
        new = next(name for name in order if score >= low[name])
        provisional = coverage < Fraction(str(card.get("min_coverage", "0.6")))
        if old not in low:
            # A first grade on little data lies in the middle at best.
            return max(new, order[len(order) // 2], key=order.index) if provisional else new
        if new == old:
            return new
        if order.index(new) < order.index(old):
            if provisional:
                return old
            better = order[: order.index(old)]
            return next((name for name in better if score >= low[name] + margin), old)
        # Each border on the way down must be missed by the margin.
        at = old
        while at != new and score < low[at] - margin:
            at = order[order.index(at) + 1]
        return at


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dirs", nargs="+")
    p.add_argument("--today", action="append", required=True)
    a = p.parse_args()
    out = {}
    for root in a.dirs:
        for today in a.today:
            c = Company(root, datetime.date.fromisoformat(today))
            accounts = c.accounts()
            days = c.days(accounts)
            answer = {
                "profit": c.profit(),
                "receivables": c.ageing(accounts),
                "days": days,
                "grades": c.grades(days),
            }
            out.setdefault(root, {})[today] = answer

    def plain(x):
        return {k: plain(v) for k, v in x.items()} if isinstance(x, dict) else text(x)

    print(json.dumps(plain(out), ensure_ascii=False))


main()
