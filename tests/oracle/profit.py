"""Profit straight from the rules, by SQL over the same CSV files: a second opinion for `kehu report profit`.

usage: profit.py DIR --today DATE [--from DATE] [--to DATE]

Prints one JSON object: for each grouping (customer, product, category, rep, order, month) its groups, and for each
group the figures as texts with all their digits. Needs the module duckdb. All arithmetic is DECIMAL.
"""

import argparse
import datetime
import glob
import json
import os
import tomllib
from decimal import Decimal, ROUND_HALF_EVEN

import duckdb

COLUMNS = {
    "orders": "id line at customer product quantity price discount amount unit_cost cost extra_cost currency returns by",
    "products": "id since category cost",
    "refunds": "id at customer amount kind order",
    "events": "id at kind subject event from to",
    "rates": "date currency rate",
}


def load(con, root, ledger):
    """The rows of all files of a ledger, every column a text or NULL."""
    files = sorted(glob.glob(os.path.join(root, "ledgers", ledger, "**", "*.csv"), recursive=True))
    columns = COLUMNS[ledger].split()
    declared = ", ".join(f'"{c}" VARCHAR' for c in columns)
    con.execute(f"CREATE TABLE {ledger} ({declared})")
    for file in files:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE part AS "
            "SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
            [file],
        )
        have = {row[0] for row in con.execute("DESCRIBE part").fetchall()}
        picked = ", ".join(f"nullif(\"{c}\", '')" if c in have else "NULL" for c in columns)
        con.execute(f"INSERT INTO {ledger} SELECT {picked} FROM part")


def exact(con, table, column, scale):
    """Refuses a cell that the decimal type would round."""
    worst = con.execute(
        f"SELECT max(length(split_part(\"{column}\", '.', 2))) FROM {table} WHERE \"{column}\" IS NOT NULL"
    ).fetchone()[0]
    if worst is not None and worst > scale:
        raise SystemExit(f"{table}.{column}: {worst} decimals, expected at most {scale}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--today", required=True)
    p.add_argument("--from", dest="start", default="0001-01-01")
    p.add_argument("--to", dest="end", default="9999-12-31")
    a = p.parse_args()
    for day in (a.today, a.start, a.end):
        datetime.date.fromisoformat(day)
    with open(os.path.join(a.dir, "kehu.toml"), "rb") as f:
        rules = tomllib.load(f)
    con = duckdb.connect()
    con.execute("SET threads = 2")
    for ledger in COLUMNS:
        load(con, a.dir, ledger)
    for table, column, scale in [
        ("orders", "quantity", 4), ("orders", "price", 4), ("orders", "discount", 4), ("orders", "amount", 8),
        ("orders", "unit_cost", 4), ("orders", "cost", 8), ("orders", "extra_cost", 8), ("products", "cost", 4),
        ("refunds", "amount", 8), ("rates", "rate", 6),
    ]:
        exact(con, table, column, scale)
    # A bare date is a day of the configured zone, an instant belongs to the day it falls on there.
    zone = rules.get("timezone", "UTC").replace("'", "")
    day = f'CASE WHEN length("at") = 10 THEN "at"::DATE ELSE ("at"::TIMESTAMPTZ AT TIME ZONE \'{zone}\')::DATE END'
    con.execute(f"""
        CREATE TABLE dead AS SELECT DISTINCT kind, subject FROM events
        WHERE event IN ('cancelled', 'void') AND {day} <= '{a.today}'::DATE;
        CREATE TABLE seen AS SELECT *, {day} AS day FROM orders
        WHERE {day} <= '{a.today}'::DATE AND id NOT IN (SELECT subject FROM dead WHERE kind = 'order');
        -- A line that takes another back has that line's product, price, discount and unit cost.
        CREATE TABLE lines AS
        SELECT s.id, s.line, s.day, s.customer, coalesce(s.product, o.product) AS product, s."by",
            coalesce(s.currency, '{rules["currency"]}') AS currency, s.quantity::DECIMAL(12,4) AS quantity,
            CASE WHEN o.id IS NULL THEN s.price ELSE o.price END::DECIMAL(12,4) AS price,
            coalesce(CASE WHEN o.id IS NULL THEN s.discount ELSE o.discount END, '0')::DECIMAL(6,4) AS discount,
            CASE WHEN o.id IS NULL THEN s.amount END::DECIMAL(24,8) AS amount,
            CASE WHEN o.id IS NULL THEN s.cost END::DECIMAL(24,8) AS cost,
            CASE WHEN o.id IS NULL THEN s.unit_cost ELSE o.unit_cost END::DECIMAL(12,4) AS unit_cost,
            coalesce(s.extra_cost, '0')::DECIMAL(24,8) AS extra, coalesce(o.day, s.day) AS cost_day
        FROM seen s LEFT JOIN (SELECT *, {day} AS day FROM orders) o ON s.returns = o.id || '/' || o.line;
        CREATE TABLE priced AS
        SELECT l.*, v.category, coalesce(l.amount, l.quantity * l.price * (1 - l.discount))::DECIMAL(28,12) AS net,
            coalesce(l.cost, l.quantity * coalesce(l.unit_cost, v.cost::DECIMAL(12,4)))::DECIMAL(28,12) AS whole_cost,
            CASE WHEN l.currency = '{rules["currency"]}' THEN '1' ELSE (SELECT max_by(r.rate, r.date::DATE) FROM rates r
                WHERE r.currency = l.currency AND r.date::DATE <= l.day) END::DECIMAL(10,6) AS rate
        FROM lines l LEFT JOIN products v ON v.id = l.product AND v.since::DATE =
            (SELECT max(w.since::DATE) FROM products w WHERE w.id = l.product AND w.since::DATE <= l.cost_day);
        CREATE TABLE facts AS
        SELECT id AS "order", customer, product, category, "by" AS rep, strftime(day, '%Y-%m') AS month, quantity,
            net * rate AS revenue, whole_cost * rate AS cost, extra * rate AS extra, whole_cost IS NOT NULL AS known,
            true AS is_line
        FROM priced WHERE day BETWEEN '{a.start}'::DATE AND '{a.end}'::DATE
        UNION ALL
        -- An allowance is less revenue on its own day, nothing else.
        SELECT f."order", f.customer, NULL, NULL, NULL, strftime(f.day, '%Y-%m'), 0, -f.amount::DECIMAL(24,8), 0, 0, true,
            false
        FROM (SELECT *, {day} AS day FROM refunds WHERE kind = 'allowance') f
        WHERE f.day <= '{a.today}'::DATE AND f.day BETWEEN '{a.start}'::DATE AND '{a.end}'::DATE
            AND f.id NOT IN (SELECT subject FROM dead WHERE kind = 'refund');
    """)
    out = {}
    for by in ["customer", "product", "category", "rep", "order", "month"]:
        groups = {}
        for key, orders, lines, quantity, revenue, base, cost, extra, known, unknown in con.execute(f"""
            SELECT "{by}", count(DISTINCT "order") FILTER (is_line), count(*), coalesce(sum(quantity), 0), sum(revenue),
                coalesce(sum(revenue) FILTER (known), 0), coalesce(sum(cost) FILTER (known), 0),
                coalesce(sum(extra) FILTER (known), 0), count(*) FILTER (known), count(*) FILTER (NOT known)
            FROM facts GROUP BY 1""").fetchall():
            profit = base - cost - extra
            margin = None
            if known and base:
                margin = (Decimal(profit) / Decimal(base)).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
            groups[key or ""] = {
                "orders": orders,
                "quantity": str(quantity),
                "revenue": str(revenue),
                "cost": str(cost) if known else None,
                "extra_cost": str(extra) if known else None,
                "profit": str(profit) if known else None,
                "margin": None if margin is None else str(margin),
                "unknown_cost_lines": unknown,
            }
        out[by] = groups
    print(json.dumps(out, ensure_ascii=False))


main()
