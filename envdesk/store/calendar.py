"""Working days: the numbered table ``calendar`` and deadlines counted on it (domain.md §5, §10.9).

A year is either wholly in the table or not at all, and the years are without a gap, so a deadline is a look-up: the
n-th working day after a receipt has the number n more. Beyond the table Monday to Friday are counted and the answer is
marked provisional; nothing is guessed silently.

The table is seeded with the years the program ships and extended by the office each November, from a CSV file
(``date,kind,name,notice``, as in ``resources/calendar/``) or the pasted text of the State Council's notice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.errors import Problem, problem, refuse
from envdesk.paths import resource
from envdesk.sql import Connection

if TYPE_CHECKING:
    from envdesk.store.holidays import SpecialDay

WORK_END = "17:30"
FEWEST_REST_DAYS = 11
"""A notice names at least the public holidays (11 before 2025, 13 since)."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline; ``provisional`` when a year it was counted through has no table yet."""

    date: date
    provisional: bool


# ---- the table ---------------------------------------------------------------------------------------------------
def years(con: Connection) -> list[int]:
    """Return the years of the table, without a gap."""
    first, last = con.query("SELECT min(day), max(day) FROM calendar")[0]
    return list(range(int(first[:4]), int(last[:4]) + 1)) if first else []


def seed(con: Connection) -> list[int]:
    """Add the shipped years that the table lacks; an office's own import is never overwritten. Returns them."""
    from envdesk.store.holidays import read

    have = set(years(con))
    shipped = {int(p.stem): p for p in sorted(resource("calendar").glob("*.csv"))}
    new = [y for y in shipped if y not in have]
    if new:
        _write(con, {y: read(shipped[y].read_text(encoding="utf-8")) for y in new})
    return new


def import_year(con: Connection, source: str | Path) -> list[int]:
    """Take in the table of one or more years: the text of a CSV file or of a notice, or a file of it.

    A year that is there already is replaced. December days in the file of the next year (a New Year's holiday that
    begins in December) amend the old year instead.

    Returns:
        The years added or replaced.

    Raises:
        Refused: ``bad_calendar`` (a line cannot be read) or ``calendar_gap`` (a year between is missing); the table is
            as before.
    """
    from envdesk.store.holidays import read

    if isinstance(source, Path):
        source = _text(source)
    groups: dict[int, list[SpecialDay]] = {}
    for special in read(source):
        groups.setdefault(special.day.year, []).append(special)
    tails = {y for y, days in groups.items() if y + 1 in groups and all(s.day.month == 12 for s in days)}
    new = sorted(set(groups) - tails)
    have = years(con)
    after = sorted({*have, *new})
    missing = sorted(set(range(after[0], after[-1])) - set(after))
    if missing:
        beyond = [y for y in new if y > missing[0]] or new
        raise refuse("calendar_gap", year=missing[0], value=beyond[0])
    with con.atomic():
        _write(con, {y: groups[y] for y in new})
        for y in tails & set(have):
            _amend(con, groups[y])
    return new


def _text(path: Path) -> str:
    """Read a text file; Excel on Chinese Windows saves CSV in GBK."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise refuse("file_missing", value=str(path)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _write(con: Connection, tables: dict[int, list[SpecialDay]]) -> None:
    """Replace whole years."""
    from envdesk.store.holidays import SpecialDay, stretch

    rows = []
    for year, special in tables.items():
        named = {s.day: s for s in special}
        for day in stretch(date(year, 1, 1), date(year, 12, 31)):
            s = named.get(day, SpecialDay(day, day.weekday() < 5))
            rows.append((day.isoformat(), int(s.workday), 0, s.name, s.notice))
    with con.atomic():
        for year in tables:
            con.execute("DELETE FROM calendar WHERE day BETWEEN ? AND ?", (f"{year}-01-01", f"{year}-12-31"))
        con.many("INSERT INTO calendar (day, is_workday, n, name, notice) VALUES (?, ?, ?, ?, ?)", rows)
        _number(con)


def _amend(con: Connection, special: Iterable[SpecialDay]) -> None:
    con.many(
        "UPDATE calendar SET is_workday = ?, name = ?, notice = ? WHERE day = ?",
        [(int(s.workday), s.name, s.notice, s.day.isoformat()) for s in special],
    )
    _number(con)


def _number(con: Connection) -> None:
    """Number the working days through; a day off has the number of the last working day before it."""
    con.execute(
        "UPDATE calendar SET n = w.n FROM (SELECT day, sum(is_workday) OVER (ORDER BY day) AS n FROM calendar) AS w"
        " WHERE w.day = calendar.day AND calendar.n <> w.n"
    )


def doubts(con: Connection, imported: Iterable[int]) -> list[Problem]:
    """Return a hint for each year that looks incomplete: fewer days off than the law gives."""
    out = []
    for year in imported:
        count = con.value(
            "SELECT count(*) FROM calendar WHERE day BETWEEN ? AND ? AND NOT is_workday"
            " AND (name || notice <> '' OR strftime('%w', day) BETWEEN '1' AND '5')",
            (f"{year}-01-01", f"{year}-12-31"),
        )
        if count < FEWEST_REST_DAYS:
            out.append(problem("calendar_few", severity="hint", year=year, count=count, limit=FEWEST_REST_DAYS))
    return out


# ---- counting ----------------------------------------------------------------------------------------------------
def add_workdays(con: Connection, receipt: date | datetime, n: int, *, work_end: str = WORK_END) -> Due:
    """Return the n-th working day after a receipt; the whole of that day is in time.

    Day 1 is the next working day after the receipt's date, also for a receipt on a day off or after hours. Only with
    n = 0 (当日) the hour matters: what comes on a day off or after *work_end* is due on the next working day.

    Args:
        con: a data file with the table ``calendar``.
        receipt: day or moment of receipt.
        n: number of working days, from 0.
        work_end: end of office hours.
    """
    if n < 0:
        raise ValueError(f"{n} working days")
    day = receipt.date() if isinstance(receipt, datetime) else receipt
    start, known = _position(con, day)
    late = isinstance(receipt, datetime) and receipt.time() > time.fromisoformat(work_end)
    if n == 0:
        due, _known = _day_of(con, start)
        if due == day and not late:
            return Due(day, not known)
        n = 1
    due, also_known = _day_of(con, start + n)
    return Due(due, not (known and also_known))


def workdays_between(con: Connection, today: date, due: date) -> int:
    """Return how many working days are left: 0 on the due day, negative as soon as it is over.

    Years without a table count Monday to Friday (:func:`missing_years` says which).
    """
    left = _position(con, due)[0] - _position(con, today)[0]
    return min(left, -1) if today > due else left


def workdays_left(con: Connection, today: date, days: Iterable[date]) -> dict[date, int]:
    """:func:`workdays_between` *today* and each of *days*, from one look into the table."""
    wanted = {today, *days}
    listed = json.dumps([d.isoformat() for d in wanted])
    known: dict[str, int] = dict(
        con.query("SELECT day, n FROM calendar WHERE day IN (SELECT value FROM json_each(?))", (listed,))
    )
    edge = _edge(con) if len(known) < len(wanted) else None
    numbers = {d: known[text] if (text := d.isoformat()) in known else _beyond(edge, d) for d in wanted}
    left = {d: numbers[d] - numbers[today] for d in wanted}
    return {d: min(n, -1) if today > d else n for d, n in left.items()}


def missing_years(con: Connection, start: date, end: date) -> list[int]:
    """Return the years between two days that have no table."""
    have = set(years(con))
    low, high = sorted((start.year, end.year))
    return [y for y in range(low, high + 1) if y not in have]


def _weekdays(day: date) -> int:
    """Number of days from Monday to Friday up to *day*, since the year 1 began on a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _weekday_of(number: int) -> date:
    """The day from Monday to Friday that :func:`_weekdays` counts as *number*."""
    weeks, rest = divmod(number - 1, 5)
    return date.fromordinal(weeks * 7 + rest + 1)


def _edge(con: Connection) -> tuple[date, date, int] | None:
    """First and last day of the table and the last number."""
    row = con.one("SELECT min(day), max(day), max(n) FROM calendar")
    return (date.fromisoformat(row[0]), date.fromisoformat(row[1]), row[2]) if row and row[0] else None


def _position(con: Connection, day: date) -> tuple[int, bool]:
    """The number of a day, and whether the table knows it; beyond it the numbers go on by Monday to Friday."""
    number = con.value("SELECT n FROM calendar WHERE day = ?", (day.isoformat(),))
    if number is not None:
        return int(number), True
    return _beyond(_edge(con), day), False


def _beyond(edge: tuple[date, date, int] | None, day: date) -> int:
    """The number of a day that the table does not know."""
    if edge is None:
        return _weekdays(day)
    first, last, top = edge
    if day > last:
        return top + _weekdays(day) - _weekdays(last)
    return _weekdays(day) - _weekdays(first - _DAY)


def _day_of(con: Connection, number: int) -> tuple[date, bool]:
    """The working day of a number, and whether the table knows it."""
    found = con.value("SELECT day FROM calendar WHERE n = ? AND is_workday = 1", (number,))
    if found is not None:
        return date.fromisoformat(found), True
    edge = _edge(con)
    if edge is None:
        return _weekday_of(number), False
    first, last, top = edge
    if number > top:
        return _weekday_of(number - top + _weekdays(last)), False
    return _weekday_of(number + _weekdays(first - _DAY)), False
