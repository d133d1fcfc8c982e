"""Days of the demo office: working days, seasons and the rhythm of a year in the Pearl River Delta."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from envdesk.paths import resource
from envdesk.store.holidays import read

DAY = timedelta(days=1)
#: First day of the Spring Festival; without an entry 5 February.
NEW_YEAR = {
    2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29),
    2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11),
}  # fmt: skip


@cache
def special_days(year: int) -> dict[date, bool]:
    """Days that the notice of *year* names: True = worked, False = off. Empty for a year that is not shipped."""
    path = resource(f"calendar/{year}.csv")
    if not path.is_file():
        return {date(year, *NEW_YEAR.get(year, (2, 5))) + n * DAY: False for n in range(-1, 7)}
    return {s.day: s.workday for s in read(path.read_text("utf-8"))}


def is_workday(day: date) -> bool:
    """Monday to Friday, holidays and shifted days regarded."""
    return special_days(day.year).get(day, day.weekday() < 5)


def next_workday(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_workday(day):
        day += DAY
    return day


def previous_workday(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not is_workday(day):
        day -= DAY
    return day


def add_workdays(day: date, n: int) -> date:
    """The *n*-th working day after a day (day 0 = the day itself)."""
    for _ in range(n):
        day = next_workday(day + DAY)
    return day


def back_workdays(day: date, n: int) -> date:
    """The *n*-th working day before a day."""
    for _ in range(n):
        day = previous_workday(day - DAY)
    return day


def spring_festival(day: date) -> bool:
    """True in the quiet weeks around the Spring Festival, when firms stand still."""
    first = date(day.year, *NEW_YEAR.get(day.year, (2, 5)))
    return first - 9 * DAY <= day <= first + 11 * DAY


def flood_season(day: date) -> bool:
    """15 April to 15 October (Guangdong)."""
    return (4, 15) <= (day.month, day.day) <= (10, 15)


def dry_season(day: date) -> bool:
    """November to February: dust and open fires."""
    return day.month in (11, 12, 1, 2)


def summer(day: date) -> bool:
    """May to September: windows are open, smell and noise are heard at night."""
    return 5 <= day.month <= 9


def months(start: date, end: date) -> list[date]:
    """First days of the months from *start* to *end*."""
    out = []
    day = start.replace(day=1)
    while day <= end:
        out.append(day)
        day = next_month(day)
    return out


def next_month(day: date) -> date:
    """First day of the following month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_end(day: date) -> date:
    """Last day of a month."""
    return next_month(day) - DAY


def back_months(day: date, n: int) -> date:
    """First day of the month *n* months before."""
    number = day.year * 12 + day.month - 1 - n
    return date(number // 12, number % 12 + 1, 1)


def moment(day: date, rng: Random, first: int = 9, last: int = 17) -> datetime:
    """A moment of a day between two hours."""
    return datetime(day.year, day.month, day.day, rng.randrange(first, last), rng.randrange(60))


def iso(moment_: datetime) -> str:
    """Moment as the ledger writes it."""
    return moment_.strftime("%Y-%m-%dT%H:%M")


def clamp(day: date, low: date, high: date) -> date:
    """The day, kept within two others."""
    return max(low, min(day, high))
