"""Write the working-day tables: ``python build_spec/make_calendar.py [--out DIR] [--years 2020-2026]``.

The days come from the ``chinesecalendar`` package, the numbers of the State Council's notices from :data:`NOTICES`.
One file per year holds only the days that the year's notice names: ``date,kind,name,notice`` with the kind 休 or 班.
All other days follow the week. It is the format that an office imports for the next year (envdesk/store/calendar.py).
"""

from __future__ import annotations

import argparse
import csv
import io
from datetime import date
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "resources" / "calendar"

#: Year → its notice, 国务院办公厅关于××年部分节假日安排的通知.
NOTICES = {
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
#: Days of which another notice decides: the Spring Festival of 2020 was prolonged; a New Year's holiday may begin in
#: December and stands in the notice of the new year.
OTHER_NOTICE = {
    date(2020, 1, 31): "国办发明电〔2020〕1号",
    date(2020, 2, 1): "国办发明电〔2020〕1号",
    date(2020, 2, 2): "国办发明电〔2020〕1号",
    date(2022, 12, 31): NOTICES[2023],
}
#: The package's word → the notices' word.
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def special_days(year: int) -> list[tuple[date, str, str, str]]:
    """Return (day, 休 or 班, name, notice) of the days that a notice names, in order."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    out = []
    for kind, days in (("休", holidays), ("班", workdays)):
        for day, english in days.items():
            if day.year == year:
                name = str(Holiday(english).chinese)
                out.append((day, kind, NAMES.get(name, name), OTHER_NOTICE.get(day, NOTICES[year])))
    if not out:
        raise SystemExit(f"chinesecalendar knows nothing of {year}")
    return sorted(out)


def text_of(year: int) -> str:
    """Return the file of one year."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("date", "kind", "name", "notice"))
    for day, *rest in special_days(year):
        writer.writerow((day.isoformat(), *rest))
    return out.getvalue()


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--years", default=f"{min(NOTICES)}-{max(NOTICES)}")
    args = parser.parse_args()
    first, _, last = args.years.partition("-")
    args.out.mkdir(parents=True, exist_ok=True)
    for year in range(int(first), int(last or first) + 1):
        (args.out / f"{year}.csv").write_text(text_of(year), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
