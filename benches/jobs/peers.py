"""What DuckDB and SQLite take for the benchmark's questions.

usage: peers.py prepare DIR                 fills .bench/duck.db and .bench/lite.db
       peers.py TOOL QUESTION RUNS DIR      prints the median in milliseconds, without Python's own start
       peers.py sql TOOL QUESTION DIR       prints the question, for the tool's own program

TOOL is duckdb-csv (the CSV files as they are), duckdb-typed (the same with every column's type given, so that nothing
is guessed), duckdb or sqlite (filled beforehand, indexed; they notice no edit).
"""

import datetime
import glob
import os
import re
import sqlite3
import statistics
import sys
import time

try:
    import duckdb
except ImportError:
    duckdb = None

TABLES = ("orders", "receipts", "activities", "products")
TODAY = datetime.date.today().isoformat()
NET = "o.quantity*o.price*(1-coalesce(o.discount,0))"

QUESTIONS = {
    "J1": f"""with a as (select customer, max("at") last, arg_max(next, "at") next from activities group by 1)
        select c.id, c.owner, case when a.next is not null then cast(a.next as date)
          else cast(substr(cast(coalesce(a.last, cast(c.created as varchar)) as varchar),1,10) as date) + 30 end due
        from customers c left join a on a.customer=c.id where due <= date '{TODAY}' order by due, c.id""",
    "J2": f"""select o.customer, count(distinct o.id) n, sum({NET}) r, sum({NET}-o.quantity*o.unit_cost) p
        from orders o where substr(cast(o."at" as varchar),1,4)='2025' group by 1 order by p desc limit 20""",
    "J3": f"""select o.product, substr(cast(o."at" as varchar),1,7) m, sum({NET}) r, sum({NET}-o.quantity*o.unit_cost) p
        from orders o group by 1,2 order by 1,2""",
    "J4": f"""with f as (select customer, sum({NET}) r, 1-sum(o.quantity*o.unit_cost)/sum({NET}) m from orders o group by 1),
        d as (select p.customer, sum(p.amount*(julian(cast(p."at" as timestamp))-julian(cast(substr(cast(o."at" as varchar),1,10) as timestamp))))/sum(p.amount) AS wait
              from receipts p join (select distinct id, "at" from orders) o on o.id=p."order" group by 1)
        select customer, 40*percent_rank() over (order by r)+30*percent_rank() over (order by m)
          +30*percent_rank() over (order by wait desc) s from f left join d using(customer) order by s desc""",
    "J5": f"""with o as (select o.id, any_value(o.customer) customer, any_value(o.due) due, round(sum({NET}+o.tax),2) total
              from orders o group by 1),
        p as (select "order" id, sum(amount) paid from receipts where "order" is not null group by 1)
        select customer, sum(case when o.due>=cast('{TODAY}' as date) then total-coalesce(paid,0) end) not_due,
          sum(case when date_diff('day', cast(o.due as date), cast('{TODAY}' as date)) between 1 and 30 then total-coalesce(paid,0) end) d30,
          sum(case when date_diff('day', cast(o.due as date), cast('{TODAY}' as date)) between 31 and 60 then total-coalesce(paid,0) end) d60,
          sum(case when date_diff('day', cast(o.due as date), cast('{TODAY}' as date)) > 60 then total-coalesce(paid,0) end) more,
          sum(total-coalesce(paid,0)) open from o left join p using(id) group by 1 order by 1""",
    "J7": "select * from activities where customer='k000042' order by \"at\" desc limit 10",
}

LITE = {
    "J1": f"""select c.id, c.owner, coalesce((select next from activities a where a.customer=c.id order by "at" desc limit 1),
          date(substr(coalesce((select max("at") from activities a where a.customer=c.id), c.created),1,10),'+30 days')) due
        from customers c where due <= '{TODAY}' order by due, c.id""",
    "J4": None,
    "J5": f"""with o as (select o.id, max(o.customer) customer, max(o.due) due, round(sum({NET}+o.tax),2) total from orders o group by 1),
        p as (select "order" id, sum(amount) paid from receipts where "order" <> '' group by 1)
        select customer, sum(case when due>='{TODAY}' then total-coalesce(paid,0) end),
          sum(case when julianday('{TODAY}')-julianday(due) between 1 and 30 then total-coalesce(paid,0) end),
          sum(case when julianday('{TODAY}')-julianday(due) between 31 and 60 then total-coalesce(paid,0) end),
          sum(case when julianday('{TODAY}')-julianday(due) > 60 then total-coalesce(paid,0) end),
          sum(total-coalesce(paid,0)) from o left join p using(id) group by 1 order by 1""",
}
LITE["J4"] = f"""with f as (select customer, sum({NET}) r, 1-sum(o.quantity*o.unit_cost)/sum({NET}) m from orders o group by 1),
    d as (select p.customer, sum(p.amount*(julianday(p."at")-julianday(substr(o."at",1,10))))/sum(p.amount) AS wait
          from receipts p join (select distinct id, "at" from orders) o on o.id=p."order" group by 1)
    select customer, 40*percent_rank() over (order by r)+30*percent_rank() over (order by m)
      +30*percent_rank() over (order by wait desc) s from f left join d using(customer) order by s desc"""
APPEND = "insert into activities(id, \"at\", customer, \"by\", channel, note) values ('a_0123456789ab','2026-01-01','k000042','rep01','call','x')"


NUMBERS = {"quantity", "price", "discount", "amount", "tax", "unit_cost", "cost", "extra_cost", "tax_rate"}
DAYS = {"due", "promised", "next", "since", "matures"}


def typed(folder, table):
    """The CSV files of a ledger with a type for each column, as somebody asks who cares for speed."""
    with open(sorted(glob.glob(f"{folder}/ledgers/{table}/*.csv"))[0], encoding="utf-8") as f:
        names = f.readline().strip().split(",")
    kind = lambda n: "DOUBLE" if n in NUMBERS else "DATE" if n in DAYS else "VARCHAR"
    columns = ", ".join(f"'{n}': '{kind(n)}'" for n in names)
    return f"read_csv('{folder}/ledgers/{table}/*.csv', header=true, auto_detect=false, columns={{{columns}}})"


def source(folder, table):
    types = "" if table == "products" else ", types={'at': 'VARCHAR'}"
    return f"read_csv('{folder}/ledgers/{table}/*.csv', header=true{types})"


def customers(folder):
    pattern = re.compile(r'^(name|owner|grade|stage) = "(.*)"|^(created) = (\S+)', re.M)
    for path in glob.glob(f"{folder}/customers/**/*.toml", recursive=True):
        with open(path, encoding="utf-8") as f:
            found = {m[0] or m[2]: m[1] or m[3] for m in pattern.findall(f.read())}
        yield (os.path.basename(path)[:-5], *(found.get(k, "") for k in ("name", "owner", "grade", "stage", "created")))


def prepare(folder):
    os.makedirs(f"{folder}/.bench", exist_ok=True)
    rows = list(customers(folder))
    csv = f"{folder}/.bench/customers.csv"
    with open(csv, "w", encoding="utf-8") as f:
        f.write("id,name,owner,grade,stage,created\n")
        f.writelines(",".join('"' + v + '"' for v in r) + "\n" for r in rows)
    for name in ("duck.db", "lite.db"):
        if os.path.exists(f"{folder}/.bench/{name}"):
            os.remove(f"{folder}/.bench/{name}")
    # The format that programs of all 1.x versions read.
    db = duckdb.connect()
    db.execute(f"attach '{folder}/.bench/duck.db' as filled (storage_version 'v1.0.0')")
    db.execute("use filled")
    db.execute(f"create table customers as select * from read_csv('{csv}', header=true)")
    for table in TABLES:
        db.execute(f"create table {table} as select * from {source(folder, table)}")
    db.execute("create index a on activities(customer)")
    lite = sqlite3.connect(f"{folder}/.bench/lite.db")
    for table in (*TABLES, "customers"):
        got = db.execute(f"select * from {table}")
        names = [d[0] for d in got.description]
        lite.execute(f"create table {table} ({','.join(chr(34) + n + chr(34) for n in names)})")
        marks = ",".join("?" * len(names))
        while chunk := got.fetchmany(50_000):
            lite.executemany(f"insert into {table} values ({marks})", [[v if isinstance(v, (int, float, str, type(None))) else str(v) for v in r] for r in chunk])
    for sql in ("orders(customer)", "orders(id)", "receipts(customer)", 'activities(customer, "at")', 'orders("at")'):
        lite.execute(f"create index [{sql}] on {sql}")
    lite.commit()
    db.close()


ON_CSV = {"duckdb-csv": source, "duckdb-typed": typed}


def views(question, folder, source=source):
    """What makes the question's tables of CSV files."""
    made = [f"create view {t} as select * from {source(folder, t)}" for t in TABLES if re.search(rf"\b{t}\b", QUESTIONS[question])]
    if "customers" in QUESTIONS[question]:
        kinds = "" if source is not typed else ", auto_detect=false, columns={'id': 'VARCHAR', 'name': 'VARCHAR', 'owner': 'VARCHAR', 'grade': 'VARCHAR', 'stage': 'VARCHAR', 'created': 'DATE'}"
        made.append(f"create view customers as select * from read_csv('{folder}/.bench/customers.csv', header=true{kinds})")
    return made


def text(tool, question, folder):
    """The question as one text; empty where the tool cannot answer it."""
    if question == "J6":
        return "" if tool in ON_CSV else APPEND
    asked = (tool == "sqlite" and LITE.get(question)) or QUESTIONS[question]
    return ";\n".join([*(views(question, folder, ON_CSV[tool]) if tool in ON_CSV else []), asked])


def ask(tool, question, folder):
    """One run in a fresh connection; seconds."""
    start = time.perf_counter()
    if tool == "sqlite":
        db = sqlite3.connect(f"{folder}/.bench/lite.db")
        if question == "J6":
            db.execute(APPEND)
            db.commit()
        else:
            db.execute(LITE.get(question) or QUESTIONS[question]).fetchall()
    elif tool == "duckdb":
        db = duckdb.connect(f"{folder}/.bench/duck.db")
        if question == "J6":
            db.execute(APPEND)
        else:
            db.execute(QUESTIONS[question]).fetchall()
    else:
        if question == "J6":
            return None
        db = duckdb.connect()
        for view in views(question, folder, ON_CSV[tool]):
            db.execute(view)
        db.execute(QUESTIONS[question]).fetchall()
    db.close()
    return time.perf_counter() - start


def main():
    if sys.argv[1] == "prepare":
        return prepare(sys.argv[2])
    if sys.argv[1] == "sql":
        return print(text(*sys.argv[2:]))
    tool, question, runs, folder = sys.argv[1:]
    times = [ask(tool, question, folder) for _ in range(int(runs) + 1)][1:]
    if None not in times:
        print(statistics.median(times) * 1000)


main()
