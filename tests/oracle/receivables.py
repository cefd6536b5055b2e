"""What customers owe, straight from the rules: a second opinion for `kehu report receivables`.

usage: receivables.py DIR --today DATE [--from DATE] [--to DATE]

--from and --to choose receivables by their due day (default: all). Prints one JSON object: for each customer and
currency ("customer/CNY") the figures as texts. Nothing but the standard library; all arithmetic is Decimal.
"""

import argparse
import csv
import datetime
import glob
import json
import os
import tomllib
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, getcontext
from zoneinfo import ZoneInfo

getcontext().prec = 60
ZERO = Decimal(0)
MINOR = {"JPY": 0, "KRW": 0, "VND": 0}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--today", required=True)
    p.add_argument("--from", dest="start", default="0001-01-01")
    p.add_argument("--to", dest="end", default="9999-12-31")
    a = p.parse_args()
    today, start, end = (datetime.date.fromisoformat(x) for x in (a.today, a.start, a.end))
    with open(os.path.join(a.dir, "kehu.toml"), "rb") as f:
        rules = tomllib.load(f)
    base, zone = rules["currency"], ZoneInfo(rules.get("timezone", "UTC"))

    def rows(ledger):
        for file in glob.glob(os.path.join(a.dir, "ledgers", ledger, "**", "*.csv"), recursive=True):
            with open(file, encoding="utf-8-sig", newline="") as f:
                for row in csv.DictReader(f):
                    yield defaultdict(str, {k: v or "" for k, v in row.items() if k})

    def instant(text):
        if len(text) == 10:
            return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), zone)
        return datetime.datetime.fromisoformat(text).astimezone(zone)

    def seen(ledger):
        """The rows whose day is not after today."""
        return [r for r in rows(ledger) if instant(r["at"]).date() <= today]

    def number(text):
        return Decimal(text) if text else ZERO

    events = seen("events")
    dead = {(e["kind"], e["subject"]) for e in events if e["event"] in ("cancelled", "void")}
    everything = {f"{r['id']}/{r['line']}": r for r in rows("orders")}

    # What an order comes to, net and tax, rounded once.
    totals, heads, back = defaultdict(Decimal), {}, defaultdict(Decimal)
    for r in seen("orders"):
        if ("order", r["id"]) in dead:
            continue
        source = everything.get(r["returns"], r) if r["returns"] else r
        if r["amount"] and source is r:
            net = Decimal(r["amount"])
        else:
            net = number(r["quantity"]) * number(source["price"]) * (1 - number(source["discount"]))
        value = net + number(r["tax"])
        if r["returns"] and r["returns"].split("/")[0] != r["id"]:
            # It takes back a line of another order.
            back[(r["returns"].split("/")[0], r["id"], r["customer"], r["currency"] or base)] += value
            continue
        heads[r["id"]] = r
        totals[r["id"]] += value

    def minor(value, currency):
        return value.quantize(Decimal(1).scaleb(-MINOR.get(currency, 2)), ROUND_HALF_UP)

    # Open items: id, customer, currency, due, instant, what is open.
    items, named, by_order = {}, defaultdict(Decimal), defaultdict(list)
    credit = defaultdict(Decimal)
    for r in seen("receivables"):
        if ("receivable", r["id"]) in dead:
            continue
        items["r:" + r["id"]] = [r["customer"], r["currency"] or base, datetime.date.fromisoformat(r["due"]),
                                 instant(r["at"]), r["id"], Decimal(r["amount"])]
        if r["order"]:
            named[r["order"]] += Decimal(r["amount"])
            by_order[r["order"]].append("r:" + r["id"])
    for order, head in heads.items():
        currency = head["currency"] or base
        rest = max(ZERO, minor(totals[order], currency) - named[order])
        if minor(totals[order], currency) < 0:
            credit[(head["customer"], currency)] -= minor(totals[order], currency)
        due = datetime.date.fromisoformat(head["due"]) if head["due"] else instant(head["at"]).date()
        items["o:" + order] = [head["customer"], currency, due, instant(head["at"]), order, rest]
        by_order[order].append("o:" + order)

    def take(keys, money):
        """Lowers these items, one after the other; gives what is left of the money."""
        for key in keys:
            part = min(items[key][5], money)
            items[key][5] -= part
            money -= part
        return money

    pool = []
    # Write-offs, returns and allowances lower what they name; what is too much is the customer's.
    for e in events:
        if e["kind"] == "receivable" and e["event"] == "writeoff" and "r:" + e["subject"] in items:
            take(["r:" + e["subject"]], Decimal(e["to"]))
    for (order, own, customer, currency), value in back.items():
        left = take(by_order[order], -minor(value, currency))
        credit[(customer, currency)] += left
    refunds = [r for r in seen("refunds") if ("refund", r["id"]) not in dead]
    for r in refunds:
        if r["kind"] == "allowance":
            currency = heads[r["order"]]["currency"] or base if r["order"] in heads else base
            left = take(by_order[r["order"]], Decimal(r["amount"]))
            credit[(r["customer"], currency)] += left
        elif r["kind"] in ("return", "overpayment"):
            credit[(r["customer"], base)] -= Decimal(r["amount"])

    # Money: what names something first, the rest to the oldest.
    bills = defaultdict(Decimal)
    receipts = [r for r in seen("receipts") if ("receipt", r["id"]) not in dead]
    receipts.sort(key=lambda r: (instant(r["at"]), r["id"], int(r["line"])))
    for r in receipts:
        currency, money = r["currency"] or base, Decimal(r["amount"])
        if r["method"] == "acceptance" and r["matures"] and datetime.date.fromisoformat(r["matures"]) > today:
            bills[(r["customer"], currency)] += money
        keys = ["r:" + r["receivable"]] if r["receivable"] else by_order.get(r["order"], []) if r["order"] else []
        keys = [k for k in keys if k in items and items[k][1] == currency]
        pool.append((r["customer"], currency, take(keys, money)))
    for key in [k for k in credit if credit[k] > 0]:
        pool.append((*key, credit.pop(key)))
    for customer, currency, money in pool:
        mine = sorted((k for k, i in items.items() if i[0] == customer and i[1] == currency),
                      key=lambda k: (items[k][2], items[k][3], items[k][4]))
        credit[(customer, currency)] += take(mine, money)

    out = {}

    def group(key):
        names = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus", "credit", "bills"]
        return out.setdefault(key, dict.fromkeys(names, ZERO))

    for customer, currency, due, _, _, rest in items.values():
        if not start <= due <= end:
            continue
        late = (today - due).days
        bucket = ("not_due" if late <= 0 else "d1_30" if late <= 30 else "d31_60" if late <= 60
                  else "d61_90" if late <= 90 else "d91_120" if late <= 120 else "d120_plus")
        group((customer, currency))[bucket] += rest
    for key, value in credit.items():
        group(key)["credit"] += value
    for key, value in bills.items():
        group(key)["bills"] += value
    answer = {}
    for (customer, currency), g in out.items():
        g["outstanding"] = sum(v for k, v in g.items() if k not in ("credit", "bills")) - g["credit"]
        answer[f"{customer}/{currency}"] = {k: str(v) for k, v in g.items()}
    print(json.dumps(answer, ensure_ascii=False))


main()
