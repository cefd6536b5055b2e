"""The key figures of R13, by SQL over the same CSV files: a second opinion for `kehu report kpi`.

usage: kpi.py TODAY FROM/TO… -- DIR…

Prints one JSON object: directory → period → "figure/reading" → {n, value}, values with six decimals or null. Written from
the rules alone; needs the module duckdb. What SQL counts and adds up is divided here.
"""

import calendar
import datetime
import glob
import json
import os
import sys
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import duckdb

COLUMNS = {
    "orders": "id line at customer quantity price discount amount currency returns by split",
    "events": "id at kind subject event from to",
    "refunds": "id at customer amount kind currency",
    "rates": "date currency rate",
    "activities": "id at customer channel direction outcome complaint",
    "feedback": "id at customer kind score",
    "complaints": "id at customer category severity grade",
    "needs": "id at customer",
    "quotes": "id at need",
    "contracts": "id at party kind amount currency start end renews",
    "targets": "period owner metric level amount",
}
SIX = Decimal("0.000001")


def load(con, root, ledger):
    """The rows of all files of a ledger, every column a text or NULL."""
    columns = COLUMNS[ledger].split()
    con.execute(f"CREATE TABLE {ledger} ({', '.join(f'{chr(34)}{c}{chr(34)} VARCHAR' for c in columns)})")
    for file in sorted(glob.glob(os.path.join(root, "ledgers", ledger, "**", "*.csv"), recursive=True)):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE part AS "
            "SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
            [file],
        )
        have = {row[0] for row in con.execute("DESCRIBE part").fetchall()}
        picked = ", ".join(f"nullif(\"{c}\", '')" if c in have else "NULL" for c in columns)
        con.execute(f"INSERT INTO {ledger} SELECT {picked} FROM part")


def people(con, root, rules):
    con.execute("CREATE TABLE customers (id VARCHAR, created DATE, stage VARCHAR, status VARCHAR)")
    con.execute("CREATE TABLE names (name VARCHAR, id VARCHAR)")
    con.execute("CREATE TABLE team (id VARCHAR, manager VARCHAR)")
    con.execute("CREATE TABLE stages (id VARCHAR, category VARCHAR)")
    con.execute("CREATE TABLE channels (id VARCHAR, two_way BOOLEAN)")
    for file in glob.glob(os.path.join(root, "customers", "**", "*.toml"), recursive=True):
        name = os.path.basename(file)[: -len(".toml")]
        with open(file, "rb") as f:
            c = tomllib.load(f)
        con.execute("INSERT INTO customers VALUES (?, ?, ?, ?)", [name, c.get("created"), c["stage"], c["status"]])
        for n in [name] + c.get("former_ids", []):
            con.execute("INSERT INTO names VALUES (?, ?)", [n, name])
    with open(os.path.join(root, "team.toml"), "rb") as f:
        for name, member in tomllib.load(f).items():
            con.execute("INSERT INTO team VALUES (?, ?)", [name, member.get("manager", "")])
    for s in rules["stages"]:
        con.execute("INSERT INTO stages VALUES (?, ?)", [s["id"], s["category"]])
    for name, c in rules["channels"].items():
        con.execute("INSERT INTO channels VALUES (?, ?)", [name, c.get("two_way", False)])


def working_time(con, rules):
    """cum(t): seconds of working time up to a moment of the configured zone."""
    w = rules["working_time"]

    def days(key):
        for text in w.get(key, []):
            a, _, b = text.partition("..")
            day, last = (datetime.date.fromisoformat(d) for d in (a, b or a))
            while day <= last:
                yield day
                day += datetime.timedelta(days=1)

    off, on = set(days("holidays")), set(days("workdays"))
    shifts = []
    for shift in w["shifts"]:
        a, b = ((int(t[:2]) * 60 + int(t[3:])) * 60 for t in shift.split("-"))
        shifts.append((a, b))
    whole, before = sum(b - a for a, b in shifts), 0
    con.execute("CREATE TABLE calendar (day DATE, works BOOLEAN, before BIGINT)")
    day, rows = datetime.date(2019, 1, 1), []
    while day.year < 2029:
        works = day in on or day.strftime("%A").lower() in w["weekdays"] and day not in off
        rows.append((day, works, before))
        before += whole if works else 0
        day += datetime.timedelta(days=1)
    con.executemany("INSERT INTO calendar VALUES (?, ?, ?)", rows)
    inside = " + ".join(f"greatest(0, least(date_diff('second', t::DATE::TIMESTAMP, t), {b}) - {a})" for a, b in shifts)
    con.execute(f"CREATE MACRO cum(t) AS (SELECT w.before + CASE WHEN w.works THEN {inside} ELSE 0 END "
                "FROM calendar w WHERE w.day = t::DATE)")


def months_before(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def other(start, end, today, year_ago):
    """The period before (or a year ago), and both cut to the same part where the first one is not over."""
    after = end + datetime.timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if year_ago:
        first, last = months_before(start, 12), months_before(after, 12) - datetime.timedelta(days=1)
    elif start.day == 1 and after.day == 1:
        first, last = months_before(start, months), start - datetime.timedelta(days=1)
    else:
        last = start - datetime.timedelta(days=1)
        first = last - (end - start)
    if start <= today < end:
        apart = (start.year - first.year) * 12 + start.month - first.month
        if apart > 0 and start.day == first.day:
            last = min(last, months_before(today, apart))
        else:
            last = min(last, first + (today - start))
        end = today
    return (start, end), (first, last)


def share(part, whole):
    if not whole:
        return None
    value = Fraction(part) / Fraction(whole)
    return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(SIX, ROUND_HALF_UP))


class Company:
    def __init__(self, root, today):
        self.today = today
        with open(os.path.join(root, "kehu.toml"), "rb") as f:
            self.rules = tomllib.load(f)
        con = self.con = duckdb.connect()
        con.execute("SET threads = 1")
        for ledger in COLUMNS:
            load(con, root, ledger)
        people(con, root, self.rules)
        working_time(con, self.rules)
        zone, base = self.rules["timezone"].replace("'", ""), self.rules["currency"].replace("'", "")
        # The moment on a clock of the zone; a bare date is the beginning of its day.
        con.execute(f"CREATE MACRO moment(x) AS CASE WHEN length(x) = 10 THEN x::TIMESTAMP "
                    f"ELSE (x::TIMESTAMPTZ) AT TIME ZONE '{zone}' END")
        now = f"'{today}'::DATE"
        # On an earlier day a decision of which nothing was told yet is what the first event found.
        con.execute("CREATE TABLE first_of AS SELECT n.id AS customer, e.event, arg_min(coalesce(e.\"from\", ''), (moment(e.\"at\"), e.id)) AS was "
                    "FROM events e JOIN names n ON n.name = e.subject WHERE e.kind = 'customer' GROUP BY ALL")
        for key in ("stage", "status"):
            con.execute(f"UPDATE customers SET {key} = f.was FROM first_of f WHERE f.customer = customers.id AND f.event = '{key}' "
                        f"AND NOT EXISTS (SELECT 1 FROM events e JOIN names n ON n.name = e.subject WHERE n.id = customers.id "
                        f"AND e.kind = 'customer' AND e.event = '{key}' AND moment(e.\"at\")::DATE <= {now})")
        con.execute(f"""
            CREATE TABLE happened AS SELECT *, moment("at") AS m, moment("at")::DATE AS day FROM events
                WHERE moment("at")::DATE <= {now};
            CREATE TABLE dead AS SELECT kind, subject FROM happened WHERE event IN ('cancelled', 'void');
            CREATE TABLE standing AS SELECT kind, subject, max_by("to", (m, id)) AS "to" FROM happened
                WHERE event = 'approval' GROUP BY ALL;
            CREATE MACRO approved(k, s) AS
                coalesce((SELECT "to" FROM standing x WHERE x.kind = k AND x.subject = s), 'approved') = 'approved';
            CREATE MACRO rate_on(c, d) AS CASE WHEN coalesce(c, '{base}') = '{base}' THEN 1::DECIMAL(10,6)
                ELSE (SELECT max_by(r.rate, r.date::DATE) FROM rates r
                    WHERE r.currency = c AND r.date::DATE <= least(d, {now}))::DECIMAL(10,6) END;
            CREATE TABLE lines AS
            SELECT o.id, o.line, moment(o."at")::DATE AS day, n.id AS customer, o."by" AS rep, o.split,
                (coalesce(o.amount::DECIMAL(24,8), o.quantity::DECIMAL(12,4) * coalesce(f.price, o.price)::DECIMAL(12,4)
                    * (1 - coalesce(CASE WHEN f.id IS NULL THEN o.discount ELSE f.discount END, '0')::DECIMAL(6,4)))::DECIMAL(28,12)
                    * rate_on(o.currency, moment(o."at")::DATE))::DECIMAL(38,14) AS net,
                o.returns IS NULL AND (coalesce(o.quantity, '0')::DECIMAL(12,4) > 0 OR coalesce(o.amount, '0')::DECIMAL(24,8) > 0
                    OR NOT (coalesce(o.quantity, '0')::DECIMAL(12,4) < 0 OR coalesce(o.amount, '0')::DECIMAL(24,8) < 0)) AS sells
            FROM orders o LEFT JOIN names n ON n.name = o.customer
                LEFT JOIN orders f ON o.returns = f.id || '/' || f.line
            WHERE moment(o."at")::DATE <= {now}
                AND o.id NOT IN (SELECT subject FROM dead WHERE kind = 'order');
            CREATE TABLE sold AS
            SELECT id, day, customer, net, sells FROM lines
            UNION ALL
            SELECT NULL, moment(r."at")::DATE, n.id, -r.amount::DECIMAL(24,8) * rate_on(r.currency, moment(r."at")::DATE), false
            FROM refunds r LEFT JOIN names n ON n.name = r.customer
            WHERE r.kind = 'allowance' AND moment(r."at")::DATE <= {now}
                AND approved('refund', r.id) AND r.id NOT IN (SELECT subject FROM dead WHERE kind = 'refund');
            CREATE TABLE days AS SELECT DISTINCT customer, day FROM lines WHERE sells AND customer IS NOT NULL;
            CREATE TABLE changes AS SELECT n.id AS customer, h.event, h.m, h.id, h.day, coalesce(h."from", '') AS was,
                coalesce(h."to", '') AS now FROM happened h JOIN names n ON n.name = h.subject WHERE h.kind = 'customer';
            -- The stays of customers in stages: the state in front of the first event, and behind each one.
            CREATE TABLE stays AS
            SELECT customer, 0 AS n, NULL::DATE AS day, min_by(was, (m, id)) AS stage FROM changes WHERE event = 'stage'
                GROUP BY customer HAVING min_by(was, (m, id)) <> ''
            UNION ALL
            SELECT customer, row_number() OVER (PARTITION BY customer ORDER BY m, id), day, now FROM changes WHERE event = 'stage'
            UNION ALL
            SELECT id, 0, NULL, stage FROM customers WHERE id NOT IN (SELECT customer FROM changes WHERE event = 'stage');
            CREATE TABLE begun AS
            SELECT c.id, c.created, c.stage, c.status,
                (SELECT category FROM stages g WHERE g.id = (SELECT min_by(y.stage, y.n) FROM stays y WHERE y.customer = c.id))
                    = 'presale' AS is_lead,
                EXISTS (SELECT 1 FROM stays y JOIN stages g ON g.id = y.stage
                    WHERE y.customer = c.id AND g.category = 'customer') AS became,
                (SELECT min_by(y.day, y.n) FROM stays y JOIN stages g ON g.id = y.stage
                    WHERE y.customer = c.id AND g.category = 'customer') AS entered
            FROM customers c;
            CREATE TABLE contacts AS
            SELECT n.id AS customer, a.complaint, a.channel, a.direction, a.outcome, a."at" AS text, moment(a."at") AS m,
                moment(a."at")::DATE AS day,
                coalesce(a.outcome, '') <> 'no-answer' AND CASE coalesce(a.direction, '')
                    WHEN 'in' THEN true WHEN 'both' THEN true
                    WHEN 'out' THEN a.channel IN ('visit', 'meeting') AND a.outcome IS NOT NULL
                    ELSE coalesce(c.two_way, false) END AS two_way, coalesce(c.two_way, false) AS answers
            FROM activities a JOIN names n ON n.name = a.customer LEFT JOIN channels c ON c.id = a.channel
            WHERE moment(a."at")::DATE <= {now};
            CREATE TABLE agreed AS
            SELECT c.id, c.party, n.id AS customer, moment(c."at")::DATE AS made, c.renews, coalesce(c.kind, '') AS kind,
                coalesce(c.start::DATE, moment(c."at")::DATE) AS start, approved('contract', c.id) AS counts,
                (SELECT "to" FROM standing x WHERE x.kind = 'contract' AND x.subject = c.id) AS word,
                least(c."end"::DATE, (SELECT min(day) FROM happened h
                    WHERE h.kind = 'contract' AND h.subject = c.id AND h.event = 'ended')) AS over,
                c.amount::DECIMAL(24,8) * rate_on(c.currency, moment(c."at")::DATE) AS amount
            FROM contracts c LEFT JOIN names n ON n.name = c.party WHERE moment(c."at")::DATE <= {now};
        """)
        self.complaints()

    def one(self, sql):
        return self.con.execute(sql).fetchone()

    def complaints(self):
        """When each was solved, whether in time, and how long the first answer took."""
        c = self.rules["complaints"]
        days = {g: v["complaint_sla"] for g, v in self.rules["grades"].items() if "complaint_sla" in v}
        day = int(self.one("SELECT max(before) - 0 FROM calendar WHERE day = (SELECT min(day) + 1 FROM calendar WHERE works)")[0]
                  - self.one("SELECT before FROM calendar WHERE day = (SELECT min(day) FROM calendar WHERE works)")[0])
        if c.get("sla") or c.get("unit", "working") != "working":
            raise SystemExit("only the template's rules of complaints")
        of_grade = " ".join(f"WHEN '{g}' THEN {n}" for g, n in days.items())
        end = f"('{self.today}'::DATE + 1)::TIMESTAMP"
        self.con.execute(f"""
            CREATE TABLE cases AS
            SELECT k.id, n.id AS customer, coalesce(k.grade, '') AS grade, k."at" AS text, moment(k."at") AS made,
                moment(k."at")::DATE AS day, coalesce(k.severity, '') = 'safety' AS safety,
                CASE WHEN coalesce(k.severity, '') = 'safety' THEN {c['safety_hours'] * 3600}
                    ELSE CASE coalesce(k.grade, '') {of_grade} ELSE {max(days.values())} END * {day} END AS budget
            FROM complaints k LEFT JOIN names n ON n.name = k.customer WHERE moment(k."at")::DATE <= '{self.today}'::DATE;
            CREATE TABLE turns AS
            SELECT id, 0 AS n, 'new' AS state, made AS m FROM cases
            UNION ALL
            SELECT k.id, row_number() OVER (PARTITION BY k.id ORDER BY h.m, h.id), h."to", greatest(h.m, k.made)
            FROM cases k JOIN happened h ON h.kind = 'complaint' AND h.subject = k.id AND h.event = 'state';
            CREATE TABLE spans AS
            SELECT t.*, coalesce(lead(t.m) OVER (PARTITION BY t.id ORDER BY t.n), {end}) AS until,
                t.state NOT IN ('resolved', 'confirmed', 'told') AS is_open, k.safety, k.budget, k.made
            FROM turns t JOIN cases k ON k.id = t.id;
            CREATE MACRO clock(t, safety) AS CASE WHEN safety THEN epoch(t)::BIGINT ELSE cum(t) END;
            CREATE TABLE paused AS
            SELECT *, clock(until, safety) - clock(m, safety) AS long,
                coalesce(sum(CASE WHEN state = 'waiting' THEN clock(until, safety) - clock(m, safety) ELSE 0 END)
                    OVER (PARTITION BY id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
            FROM spans;
            -- Behind the deadline: more is used up than there is, or all of it was used up a moment before.
            CREATE TABLE late AS
            SELECT DISTINCT id FROM paused WHERE is_open AND state <> 'waiting' AND (
                clock(until, safety) - clock(made, safety) - before > budget
                OR clock(until - INTERVAL 1 SECOND, safety) - clock(made, safety) - before >= budget);
            CREATE TABLE answers AS
            SELECT k.id, min(greatest(x.m, k.made)) AS m FROM cases k JOIN (
                SELECT complaint AS id, customer, m, text, day FROM contacts WHERE complaint IS NOT NULL AND
                    CASE coalesce(direction, '') WHEN 'out' THEN coalesce(outcome, '') <> 'no-answer'
                        WHEN 'in' THEN two_way AND answers ELSE two_way END
                UNION ALL
                SELECT subject, NULL, m, "at", day FROM happened WHERE kind = 'complaint' AND event IN ('acknowledged', 'told')
            ) x ON x.id = k.id AND (x.customer IS NULL OR x.customer = k.customer)
            WHERE x.m >= k.made OR length(x.text) = 10 AND x.day = k.day GROUP BY k.id;
            CREATE TABLE judged AS
            SELECT k.*, (SELECT arg_max(NOT is_open, n) FROM spans s WHERE s.id = k.id) AS solved,
                k.id IN (SELECT id FROM late) AS late, cum(a.m) - cum(k.made) AS took
            FROM cases k LEFT JOIN answers a ON a.id = k.id;
        """)

    def active(self, day):
        """A table of the customers that were active at the end of a day."""
        k = self.rules.get("kpi", {})
        times, least = k.get("active_gaps", 3), k.get("active_orders", 3)
        low, high = k.get("active_days", [60, 540])
        percent, name = k.get("active_quantile", 90), f"active_{day:%Y%m%d}"
        self.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE gaps AS SELECT customer, day,
                date_diff('day', lag(day) OVER (PARTITION BY customer ORDER BY day), day) AS gap FROM days WHERE day <= '{day}'::DATE;
            CREATE OR REPLACE TEMP TABLE common AS SELECT coalesce((SELECT gap FROM (
                SELECT gap, row_number() OVER (ORDER BY gap) AS r, count(*) OVER () AS n FROM gaps WHERE gap IS NOT NULL)
                WHERE r = greatest(1, (n * {percent} + 99) // 100)), {high}) AS days;
            CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT customer FROM (SELECT customer, max(day) AS last, count(*) AS n, median(gap) AS gap FROM gaps GROUP BY 1)
            WHERE date_diff('day', last, '{day}'::DATE) <= CASE WHEN n >= {least} AND gap IS NOT NULL
                THEN least(greatest({times} * gap, {low}), {high}) ELSE (SELECT days FROM common) END
            UNION
            SELECT customer FROM agreed WHERE customer IS NOT NULL AND kind <> 'purchase' AND counts
                AND start <= '{day}'::DATE AND coalesce(over, DATE '9999-12-31') >= '{day}'::DATE;
        """)
        return name

    def lengths(self, name, sql, out, unit=1):
        """Median and nine in ten, by the nearest rank."""
        rows = sorted(r[0] for r in self.con.execute(sql).fetchall() if r[0] is not None)
        n = len(rows)
        middle = share(Fraction(rows[(n - 1) // 2] + rows[n // 2], 2), unit) if n else None
        out[f"{name}/median"] = (n, middle)
        out[f"{name}/p90"] = (n, share(rows[max(1, -(-n * 90 // 100)) - 1], unit) if n else None)

    def revenue(self, start, end):
        return f"SELECT customer, sum(net) AS net FROM sold WHERE day BETWEEN '{start}'::DATE AND '{end}'::DATE GROUP BY 1"

    def figures(self, start, last):
        today, out, one, end = self.today, {}, self.one, last
        # Nothing that comes after the day is known.
        end = min(end, today)
        p = f"BETWEEN '{start}'::DATE AND '{end}'::DATE"
        before = start - datetime.timedelta(days=1)
        # Leads.
        n, hits = one(f"SELECT count(*), count(*) FILTER (became) FROM begun WHERE is_lead AND created {p}")
        out["acquisition/cohort"] = (n, share(hits, n))
        at = (f"(SELECT arg_max(now, (m, id)) FROM changes x WHERE x.customer = b.id AND event = '%s' AND day <= '{before}'::DATE),"
              "(SELECT arg_min(was, (m, id)) FROM changes x WHERE x.customer = b.id AND event = '%s')")
        was = {e: f"coalesce({at % (e, e)}, b.{e})" for e in ("stage", "status")}
        n, hits = one(f"""SELECT count(*), count(*) FILTER (entered {p}) FROM begun b WHERE is_lead AND (created {p}
            OR created <= '{before}'::DATE AND {was['status']} <> 'closed'
                AND (SELECT category FROM stages g WHERE g.id = {was['stage']}) = 'presale')""")
        out["acquisition/flow"] = (n, share(hits, n))
        within = self.rules.get("kpi", {}).get("answer_days", 7)
        n, hits = one(f"""SELECT count(*) FILTER (hit OR '{today}'::DATE > created + {within}), count(*) FILTER (hit) FROM (
            SELECT created, EXISTS (SELECT 1 FROM contacts x WHERE x.customer = b.id AND two_way AND day <= created + {within}) AS hit
            FROM begun b WHERE is_lead AND created {p})""")
        out["first_contact_rate/"] = (n, share(hits, n))
        self.lengths("quote_days", f"""SELECT date_diff('day', moment(n."at")::DATE, (SELECT min(moment(q."at")::DATE) FROM quotes q
            WHERE q.need = n.id AND moment(q."at")::DATE <= '{today}'::DATE))
            FROM needs n WHERE moment(n."at")::DATE {p} AND moment(n."at")::DATE <= '{today}'::DATE""", out)
        self.lengths("sales_cycle", f"""SELECT date_diff('day', coalesce(
                (SELECT min(x.day) FROM contacts x WHERE x.customer = d.customer AND x.day <= first AND x.day =
                    (SELECT min(y.day) FROM contacts y WHERE y.customer = d.customer)),
                CASE WHEN c.created < first THEN c.created END), first)
            FROM (SELECT customer, min(day) AS first FROM days GROUP BY 1) d JOIN customers c ON c.id = d.customer
            WHERE first {p}""", out)
        # Sales.
        for reading, year_ago in [("previous", False), ("year-ago", True)]:
            (a, b), (c, d) = other(start, last, today, year_ago)
            n, now, then = one(f"""SELECT count(*), sum(a.net), sum(b.net) FROM ({self.revenue(a, b)}) a
                FULL JOIN ({self.revenue(c, d)}) b ON a.customer IS NOT DISTINCT FROM b.customer""")
            now, then = now or 0, then or 0
            out[f"sales_growth/{reading}"] = (n, share(Fraction(now) - Fraction(then), then) if then > 0 else None)
        net, n = one(f"SELECT coalesce(sum(net), 0), count(DISTINCT id) FILTER (sells AND net IS NOT NULL) FROM sold WHERE day {p}")
        out["avg_order/"] = (n, share(net, n))
        n, hits = one(f"""SELECT count(*), count(*) FILTER (first < last) FROM (SELECT customer, max(day) AS last,
            (SELECT min(day) FROM days x WHERE x.customer = d.customer) AS first FROM days d WHERE day {p} GROUP BY 1)""")
        out["repurchase_rate/"] = (n, share(hits, n))
        # Who stays.
        a, b = self.active(before), self.active(min(end, today))
        n, kept = one(f"SELECT count(*), count(*) FILTER (customer IN (FROM {b})) FROM {a}")
        out["retention/"], out["churn/"] = (n, share(kept, n)), (n, share(n - kept, n))
        whole, lost = one(f"""SELECT coalesce(sum(net), 0), coalesce(sum(net) FILTER (a.customer NOT IN (FROM {b})), 0)
            FROM {a} a LEFT JOIN ({self.revenue(months_before(before, 12) + datetime.timedelta(days=1), before)}) r
            ON r.customer = a.customer""")
        out["revenue_churn/"] = (n, share(lost, whole) if whole > 0 else None)
        days = self.rules["contracts"]["renew_days"] if "renew_days" in self.rules.get("contracts", {}) else 60
        self.con.execute(f"""CREATE OR REPLACE TEMP TABLE ended AS SELECT c.*, CASE
            WHEN date_diff('day', c.over, n.start) <= {days} THEN 'renewed' WHEN c.over >= '{today}'::DATE THEN 'coming'
            WHEN date_diff('day', c.over, '{today}'::DATE) <= {days} THEN 'waiting' ELSE 'lost' END AS came
            FROM agreed c LEFT JOIN (SELECT renews, arg_min(start, (start, id)) AS start, arg_min(counts, (start, id)) AS counts
                FROM agreed WHERE coalesce(word, '') NOT IN ('rejected', 'void') GROUP BY 1) n ON n.renews = c.id AND n.counts
            WHERE c.counts AND c.kind <> 'purchase' AND c.over {p}""")
        n, hits, all_of, part = one("""SELECT count(*), count(*) FILTER (came = 'renewed'), coalesce(sum(amount), 0),
            coalesce(sum(amount) FILTER (came = 'renewed'), 0) FROM ended WHERE came IN ('renewed', 'lost')""")
        out["renewal_rate/contracts"] = (n, share(hits, n))
        out["renewal_rate/amount"] = (n, share(part, all_of))
        # What customers said.
        self.con.execute(f"""CREATE OR REPLACE TEMP TABLE said AS SELECT b.kind, n.id AS customer, moment(b."at") AS m, b.id,
            b.score::DECIMAL(6,2) AS score FROM feedback b JOIN names n ON n.name = b.customer
            WHERE moment(b."at")::DATE {p} AND moment(b."at")::DATE <= '{today}'::DATE""")
        good = self.rules.get("kpi", {}).get("satisfied_from", 4)
        n, hits, total = one(f"""SELECT count(*), count(*) FILTER (score >= {good}), coalesce(sum(score), 0) FROM said
            WHERE kind = 'csat'""")
        out["csat/share"], out["csat/mean"] = (n, share(hits, n)), (n, share(total, n))
        n, up, down = one("""SELECT count(*), count(*) FILTER (last >= 9), count(*) FILTER (last <= 6) FROM (
            SELECT arg_max(score, (m, id)) AS last FROM said WHERE kind = 'nps' GROUP BY customer)""")
        out["nps/"] = (n, share(100 * (up - down), n))
        # Complaints.
        n, hits = one(f"SELECT count(*), count(*) FILTER (solved) FROM judged WHERE day {p}")
        out["resolution_rate/"] = (n, share(hits, n))
        for grade in [""] + list(self.rules["grades"]):
            n, hits = one(f"""SELECT count(*), count(*) FILTER (NOT late) FROM judged
                WHERE day {p} AND (solved OR late) AND '{grade}' IN ('', grade)""")
            out[f"in_time_rate/{grade}"] = (n, share(hits, n))
        self.lengths("response_time", f"SELECT took FROM judged WHERE day {p}", out, 3600)
        out["target_completion/signed"] = self.completion(start, last, p)
        return {k: {"n": n, "value": v} for k, (n, v) in out.items()}

    def completion(self, start, end, p):
        """Of those with a target who lead nobody else with one: what they and all under them signed, against the targets."""
        rows = self.con.execute("SELECT period, owner, amount FROM targets WHERE metric = 'signed' AND coalesce(level, 'target') = 'target'")
        told = {}
        for period, owner, amount in rows.fetchall():
            told.setdefault(owner, {})[period] = Fraction(amount)
        first, after = start.year * 12 + start.month - 1, end + datetime.timedelta(days=1)
        whole = after.year * 12 + after.month - 1 - first if start.day == after.day == 1 else 0

        def of(set_, first=first, count=whole):
            """That of the period itself, else the sum of those of its years, quarters, months, if none of them lacks one."""
            year, month = divmod(first, 12)
            name = {12: f"{year}", 3: f"{year}Q{month // 3 + 1}", 1: f"{year}-{month + 1:02}"}.get(count)
            if name in set_ and first % count == 0:
                return set_[name]
            if count <= 1:
                return None
            last, parts = first + count, []
            while first < last:
                size = next(n for n in (12, 3, 1) if n < count and first % n == 0 and first + n <= last)
                parts.append(of(set_, first, size))
                first += size
            return None if None in parts else sum(parts)

        manager = dict(self.con.execute("SELECT id, manager FROM team").fetchall())

        def above(who):
            seen = []
            while manager.get(who) and manager[who] not in seen:
                who = manager[who]
                seen.append(who)
            return seen

        have = {who: of(told[who]) for who in manager if who in told and of(told[who]) is not None}
        lowest = [w for w in have if not any(w in above(x) for x in have if x != w)]
        done, orders = {}, set()
        for order, rep, split, net in self.con.execute(f"SELECT id, rep, split, net FROM lines WHERE day {p} AND net IS NOT NULL").fetchall():
            orders.add(order)
            parts = [x.split(":") for x in split.split(",")] if split else [(rep or "", 1)]
            for who, part in parts:
                for name in [who] + above(who):
                    done[name] = done.get(name, 0) + Fraction(net) * Fraction(part)
        goal = sum(have[w] for w in lowest)
        return len(orders), share(sum(done.get(w, 0) for w in lowest), goal) if goal else None


def main():
    args = sys.argv[1:]
    at = args.index("--")
    today = datetime.date.fromisoformat(args[0])
    out = {}
    for root in args[at + 1 :]:
        company = Company(root, today)
        out[root] = {q: company.figures(*(datetime.date.fromisoformat(d) for d in q.split("/"))) for q in args[1:at]}
    print(json.dumps(out))


main()
