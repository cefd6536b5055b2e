"""Every cell of kehu's exports, read as other programs read them: csv and tsv by Python's csv module with quotes honoured, html by its
parser, md by its bars. Each must say what the same command's JSON says, and none may begin a formula.

usage: cells.py DIR

DIR holds NAME.json beside NAME.csv, NAME.tsv, and where it makes a table of texts only NAME.html and NAME.md. Prints one line for each
cell that differs, and at last the number of cells that were compared. Nothing but the standard library.
"""

import csv
import html
import html.parser
import json
import pathlib
import re
import sys

FORMULA = tuple("=+-@＝＋－＠\t\r")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# A sign, digits, and what stands between those of a phone number (docs/decisions.md).
PHONE = re.compile(r"[+\-＋－][ ()\-./]*[0-9][0-9 ()\-./]*")
HIDDEN = [(0, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F)]
HIDDEN += [(0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F)]


def shown(text, kept):
    """A text in which what nobody sees is written out, but for `kept`; as docs/commands.md says."""
    out = []
    for c in text.replace("\r\n", "\n"):
        n = ord(c)
        if c in kept or not any(a <= n <= b for a, b in HIDDEN):
            out.append(c)
        elif n < 0x20:
            out.append(chr(0x2400 + n))
        else:
            out.append("␡" if n == 0x7F else "\\u{%x}" % n)
    return "".join(out)


def said(cell):
    """What a cell says: an apostrophe before a formula, or before digits, is taken off; `\\n` is a line break."""
    rest = cell[1:].lstrip("'")
    if cell.startswith("'") and (rest.startswith(FORMULA + ("␍",)) or rest.isascii() and rest.isdigit()):
        cell = cell[1:]
    return re.sub(r"\\([n\\])", lambda m: "\n" if m[1] == "n" else "\\", cell)


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ";".join(value) if isinstance(value, list) else value


def wrong(*what):
    print(*(w if isinstance(w, str) and i < 2 else repr(w) for i, w in enumerate(what)))


def of_csv(path, delimiter, rows):
    """The cells of a file of values are those of the JSON."""
    with open(path, encoding="utf-8", newline="") as f:
        head, *lines = csv.reader(f, delimiter=delimiter, strict=True)
    if len(lines) != len(rows):
        wrong(path.name, "rows:", len(lines), len(rows))
    count = 0
    for row, line in zip(rows, lines):
        if list(row) != head or len(line) != len(head):
            wrong(path.name, "columns:", head, list(row), line)
            continue
        for value, cell in zip(row.values(), line):
            count += 1
            if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) and not PHONE.fullmatch(cell):
                wrong(path.name, "formula:", cell)
            if said(cell) != shown(text(value), "\n\t"):
                wrong(path.name, "differs:", cell, value)
    return count


class Cells(html.parser.HTMLParser):
    """The cells of the rows of a page; anything in them but `<br>` is markup that the data must not have made."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.cell = ""
        elif self.cell is not None:
            self.cell += "\n" if tag == "br" else f"<{tag}>"

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag == "td":
            self.rows[-1].append(self.cell)
            self.cell = None


def of_html(path):
    cells = Cells()
    cells.feed(path.read_text(encoding="utf-8"))
    return [row for row in cells.rows if row]


def of_md(path):
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("|")]
    plain = lambda cell: html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", cell.replace("<br>", "\n")))
    return [[plain(c[1:-1]) for c in re.findall(r"\|((?:[^|\\]|\\.)*)(?=\|)", line)] for line in lines[2:]]


def of_page(path, found, rows):
    """The cells of a page for people; spaces at their ends do not count."""
    expected = [[shown(text(v), "\n").strip() for v in row.values()] for row in rows]
    if [[c.strip() for c in row] for row in found] != expected:
        for a, b in zip(found, expected):
            if [c.strip() for c in a] != b:
                wrong(path.name, "differs:", a, b)
        if len(found) != len(expected):
            wrong(path.name, "rows:", len(found), len(expected))
    return sum(map(len, expected))


count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    content = path.read_text(encoding="utf-8")
    if not content:
        wrong(path.name, "empty")
        continue
    rows = json.loads(content, parse_float=str, parse_int=str)
    count += of_csv(path.with_suffix(".csv"), ",", rows)
    count += of_csv(path.with_suffix(".tsv"), "\t", rows)
    if (page := path.with_suffix(".html")).exists():
        count += of_page(page, of_html(page), rows)
        page = path.with_suffix(".md")
        count += of_page(page, of_md(page), rows)
print(count)
