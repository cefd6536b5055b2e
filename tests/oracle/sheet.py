"""The cells of a workbook's first sheet, as openpyxl reads them: a list of rows of texts, numbers and dates, and the sheet's name."""
import datetime
import json
import sys

import openpyxl


def value(cell):
    v = cell.value
    if isinstance(v, (datetime.date, datetime.datetime)):
        return {"date": v.strftime("%Y-%m-%d")}
    if cell.data_type == "f":
        return {"formula": v}
    return v


sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
rows = [[value(c) for c in row] for row in sheet.iter_rows()]
json.dump({"name": sheet.title, "rows": rows}, sys.stdout, ensure_ascii=False)
