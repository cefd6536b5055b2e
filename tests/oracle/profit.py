"""Profit straight from the rules, by SQL over the same CSV files: a second opinion for `kehu report profit`.

usage: profit.py DIR TODAY/FROM/TO…

Prints one JSON object: question → grouping → part of time ("", month, quarter, year) → "group/part" → figures as texts
with all their digits. Customers are grouped by what they were at the end of TODAY. Needs the module duckdb. All
arithmetic is DECIMAL.
"""

import argparse
import datetime
import glob
import json
import os
import tomllib
from decimal import ROUND_HALF_UP, Decimal

import duckdb

DECISIONS = ["grade", "intent", "stage", "owner"]
OF_CUSTOMERS = DECISIONS + ["region", "country", "source", "industry", "city", "kind"]
KEYS = ["customer", "product", "category", "supplier", "rep", "manager", "department", "order"] + OF_CUSTOMERS
PARTS = {
    "": "''",
    "month": "strftime(day, '%Y-%m')",
    "quarter": "strftime(day, '%Y') || 'Q' || quarter(day)",
    "year": "strftime(day, '%Y')",
}
COLUMNS = {
    "orders": "id line at customer product quantity price discount amount unit_cost cost extra_cost currency returns by",
    "products": "id since category cost supplier",
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


def people(con, root):
    """Customers with their attributes as the files have them, and the departments of the team."""
    con.execute(f"CREATE TABLE customers (id VARCHAR, {', '.join(f'{k} VARCHAR' for k in OF_CUSTOMERS)})")
    con.execute("CREATE TABLE names (name VARCHAR, id VARCHAR)")
    con.execute("CREATE TABLE team (id VARCHAR, department VARCHAR, manager VARCHAR)")
    for file in glob.glob(os.path.join(root, "customers", "**", "*.toml"), recursive=True):
        name = os.path.basename(file)[: -len(".toml")]
        with open(file, "rb") as f:
            c = tomllib.load(f)
        con.execute(f"INSERT INTO customers VALUES ({', '.join('?' * (len(OF_CUSTOMERS) + 1))})",
                    [name] + [c.get(k, "") for k in OF_CUSTOMERS])
        for n in [name] + c.get("former_ids", []):
            con.execute("INSERT INTO names VALUES (?, ?)", [n, name])
    with open(os.path.join(root, "team.toml"), "rb") as f:
        for name, member in tomllib.load(f).items():
            values = [name, member.get("department", ""), member.get("manager", "")]
            con.execute("INSERT INTO team VALUES (?, ?, ?)", values)


def decision(name):
    """A customer's decision by its events: the last one seen, else what the first one left, else the file."""
    mine = f"kind = 'customer' AND event = '{name}' AND subject = c.id"
    seen = f'(SELECT "to" FROM happened WHERE {mine} AND seen ORDER BY instant DESC, id DESC LIMIT 1)'
    first = f'(SELECT "from" FROM happened WHERE {mine} ORDER BY instant, id LIMIT 1)'
    # An empty cell says "none"; no event at all says nothing.
    some = f"EXISTS (SELECT 1 FROM happened WHERE {mine}"
    return (f"CASE WHEN {some} AND seen) THEN coalesce({seen}, '') WHEN {some}) THEN coalesce({first}, '') "
            f"ELSE c.{name} END AS {name}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("questions", nargs="+")
    a = p.parse_args()
    with open(os.path.join(a.dir, "kehu.toml"), "rb") as f:
        rules = tomllib.load(f)
    con = duckdb.connect()
    con.execute("SET threads = 2")
    for ledger in COLUMNS:
        load(con, a.dir, ledger)
    people(con, a.dir)
    for table, column, scale in [
        ("orders", "quantity", 4), ("orders", "price", 4), ("orders", "discount", 4), ("orders", "amount", 8),
        ("orders", "unit_cost", 4), ("orders", "cost", 8), ("orders", "extra_cost", 8), ("products", "cost", 4),
        ("refunds", "amount", 8), ("rates", "rate", 6),
    ]:
        exact(con, table, column, scale)
    # The shares of returned lines that were entered by amount have no end; those belong to the other opinion.
    odd = con.execute("SELECT count(*) FROM orders s JOIN orders o ON s.returns = o.id || '/' || o.line "
                      "WHERE s.amount IS NOT NULL OR o.amount IS NOT NULL OR s.cost IS NOT NULL OR o.cost IS NOT NULL")
    if odd.fetchone()[0]:
        raise SystemExit("returns of amounts are not for SQL")
    # A bare date is a day of the configured zone, an instant belongs to the day it falls on there.
    zone, base = rules.get("timezone", "UTC").replace("'", ""), rules["currency"].replace("'", "")
    instant = f"CASE WHEN length(\"at\") = 10 THEN \"at\"::TIMESTAMP AT TIME ZONE '{zone}' ELSE \"at\"::TIMESTAMPTZ END"
    day = f"(({instant}) AT TIME ZONE '{zone}')::DATE"
    out = {}
    for question in a.questions:
        today, start, end = (datetime.date.fromisoformat(d).isoformat() for d in question.split("/"))
        con.execute(f"""
            CREATE OR REPLACE TABLE happened AS
            SELECT *, {instant} AS instant, {day} <= '{today}'::DATE AS seen FROM events;
            CREATE OR REPLACE TABLE dead AS SELECT DISTINCT kind, subject FROM happened
            WHERE event IN ('cancelled', 'void') AND seen;
            CREATE OR REPLACE TABLE known AS SELECT c.* REPLACE ({', '.join(decision(d) for d in DECISIONS)})
            FROM customers c;
            CREATE OR REPLACE TABLE versions AS SELECT * FROM products WHERE since::DATE <= '{today}'::DATE;
            CREATE OR REPLACE TABLE seen AS SELECT *, {day} AS day FROM orders
            WHERE {day} <= '{today}'::DATE AND id NOT IN (SELECT subject FROM dead WHERE kind = 'order');
            -- A line that takes another back has that line's product, price, discount and unit cost.
            CREATE OR REPLACE TABLE lines AS
            SELECT s.id, s.line, s.day, s.customer, coalesce(s.product, o.product) AS product, s."by",
                coalesce(s.currency, '{base}') AS currency, s.quantity::DECIMAL(12,4) AS quantity,
                CASE WHEN o.id IS NULL THEN s.price ELSE o.price END::DECIMAL(12,4) AS price,
                coalesce(CASE WHEN o.id IS NULL THEN s.discount ELSE o.discount END, '0')::DECIMAL(6,4) AS discount,
                s.amount::DECIMAL(24,8) AS amount, s.cost::DECIMAL(24,8) AS cost,
                CASE WHEN o.id IS NULL THEN s.unit_cost ELSE o.unit_cost END::DECIMAL(12,4) AS unit_cost,
                coalesce(s.extra_cost, '0')::DECIMAL(24,8) AS extra, coalesce(o.day, s.day) AS cost_day,
                s.returns IS NULL AND (greatest(coalesce(s.quantity, '0')::DECIMAL(12,4), coalesce(s.amount, '0')::DECIMAL(24,8)) > 0
                    OR least(coalesce(s.quantity, '0')::DECIMAL(12,4), coalesce(s.amount, '0')::DECIMAL(24,8)) = 0) AS sells
            FROM seen s LEFT JOIN (SELECT *, {day} AS day FROM orders) o ON s.returns = o.id || '/' || o.line;
            CREATE OR REPLACE TABLE priced AS
            SELECT l.*, coalesce(l.amount, l.quantity * l.price * (1 - l.discount))::DECIMAL(28,12) AS net,
                coalesce(l.cost, l.quantity * coalesce(l.unit_cost, v.cost::DECIMAL(12,4)))::DECIMAL(28,12) AS whole_cost,
                CASE WHEN l.currency = '{base}' THEN '1' ELSE (SELECT max_by(r.rate, r.date::DATE) FROM rates r
                    WHERE r.currency = l.currency AND r.date::DATE <= l.day) END::DECIMAL(10,6) AS rate
            FROM lines l LEFT JOIN versions v ON v.id = l.product AND v.since::DATE =
                (SELECT max(w.since::DATE) FROM versions w WHERE w.id = l.product AND w.since::DATE <= l.cost_day);
            CREATE OR REPLACE TABLE facts AS
            SELECT id AS "order", customer AS name, product, "by" AS rep, day, quantity, net * rate AS revenue,
                whole_cost * rate AS cost, extra * rate AS extra, whole_cost IS NOT NULL AS known, true AS is_line, sells
            FROM priced WHERE day BETWEEN '{start}'::DATE AND '{end}'::DATE
            UNION ALL
            -- An allowance is less revenue on its own day, nothing else.
            SELECT f."order", f.customer, NULL, NULL, f.day, 0, -f.amount::DECIMAL(24,8), 0, 0, true, false, false
            FROM (SELECT *, {day} AS day FROM refunds WHERE kind = 'allowance') f
            WHERE f.day <= '{today}'::DATE AND f.day BETWEEN '{start}'::DATE AND '{end}'::DATE
                AND f.id NOT IN (SELECT subject FROM dead WHERE kind = 'refund');
            -- What a version leaves out an earlier one may have said.
            CREATE OR REPLACE TABLE grouped AS
            SELECT f.*, n.id AS customer, k.* EXCLUDE (id), coalesce(t.department, '') AS department,
                coalesce(t.manager, '') AS manager,
                coalesce(v.category, (SELECT min_by(w.category, w.since::DATE) FROM versions w
                    WHERE w.id = f.product AND w.category IS NOT NULL)) AS category,
                coalesce(v.supplier, (SELECT min_by(w.supplier, w.since::DATE) FROM versions w
                    WHERE w.id = f.product AND w.supplier IS NOT NULL)) AS supplier
            FROM facts f JOIN names n ON n.name = f.name JOIN known k ON k.id = n.id
            LEFT JOIN team t ON t.id = f.rep LEFT JOIN versions v ON v.id = f.product AND v.since::DATE =
                (SELECT max(w.since::DATE) FROM versions w WHERE w.id = f.product AND w.since::DATE <= f.day);
        """)
        out[question] = {by: {part: figures(con, by, how) for part, how in PARTS.items()} for by in KEYS}
    print(json.dumps(out, ensure_ascii=False))


def figures(con, by, part):
    groups = {}
    for key, time, orders, quantity, revenue, base, cost, extra, known, unknown, lines, all_orders in con.execute(f"""
        SELECT coalesce("{by}", ''), {part}, count(DISTINCT "order") FILTER (sells), coalesce(sum(quantity), 0),
            sum(revenue), coalesce(sum(revenue) FILTER (known), 0), coalesce(sum(cost) FILTER (known), 0),
            coalesce(sum(extra) FILTER (known), 0), count(*) FILTER (known), count(*) FILTER (NOT known),
            count(*) FILTER (known AND is_line), count(DISTINCT "order") FILTER (is_line)
        FROM grouped GROUP BY 1, 2""").fetchall():
        profit = base - cost - extra
        margin = None
        # Allowances have no cost: without a line whose cost is known there is no margin.
        if lines and base:
            margin = (Decimal(profit) / Decimal(base)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        groups[f"{key}/{time}"] = {
            "orders": orders,
            "quantity": format(quantity, "f"),
            "revenue": format(revenue, "f"),
            "cost": format(cost, "f") if known else None,
            "extra_cost": format(extra, "f") if known else None,
            "profit": format(profit, "f") if known else None,
            "margin": None if margin is None else str(margin),
            "unknown_cost_lines": unknown,
            "returns": all_orders - orders,
        }
    return groups


main()
