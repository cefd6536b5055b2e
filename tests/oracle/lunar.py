"""Days of the Chinese calendar by the module zhdate, for the tests: a line for each day asked.

usage: lunar.py FIRST LAST      prints `year month leap day date` for the 1st, the 15th and the last of every month
"""

import sys

from zhdate import ZhDate


def day(year, month, leap, number):
    if not ZhDate.validate(year, month, number, leap):
        return None
    return ZhDate(year, month, number, leap).to_datetime().date()


for year in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
    for month in range(1, 13):
        for leap in (False, True):
            for number in (1, 15, 29, 30):
                found = day(year, month, leap, number)
                if found:
                    print(year, month, str(leap).lower(), number, found)
