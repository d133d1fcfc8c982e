"""Periods as people name them, and the periods a figure is compared with (domain.md §3E, §10.8)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from envdesk.errors import refuse

PeriodKind = Literal["day", "week", "month", "quarter", "half", "year", "range"]

_DAY = timedelta(days=1)
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_QUARTERS = "一二三四"
_HALVES = "上下"
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included.

    Attributes:
        start: first day.
        end: last day.
        kind: day, week (ISO), month, quarter, half, year or range.
        text: the canonical way to write it (``2026-10``); :func:`parse_period` reads it back.
    """

    start: date
    end: date
    kind: PeriodKind
    text: str

    def __str__(self) -> str:
        return self.text

    def contains(self, day: date) -> bool:
        """True when *day* lies in the period."""
        return self.start <= day <= self.end

    @property
    def title(self) -> str:
        """The period in the words of a heading: 2026年10月, 2026年第三季度, 2026年上半年, 2026年第40周."""
        year = self.start.year
        if self.kind == "week":
            iso = self.start.isocalendar()
            return f"{iso.year}年第{iso.week}周"
        if self.kind == "month":
            return f"{year}年{self.start.month}月"
        if self.kind == "quarter":
            return f"{year}年第{_QUARTERS[self.start.month // 3]}季度"
        if self.kind == "half":
            return f"{year}年{_HALVES[self.start.month // 7]}半年"
        if self.kind == "year":
            return f"{year}年"
        return self.span

    @property
    def span(self) -> str:
        """The days of the period as a form prints them: 2026年10月1日—31日."""
        return span_text(self.start, self.end)

    def months(self) -> tuple[Period, ...]:
        """The whole calendar months that the period touches."""
        out = []
        day = self.start
        while day <= self.end:
            out.append(month_of(day))
            day = out[-1].end + _DAY
        return tuple(out)

    def previous(self) -> Period | None:
        """The period of the same kind before this one; None for a year and a range, which are cumulative."""
        if self.kind in ("year", "range"):
            return None
        return _of_kind(self.kind, self.start - _DAY)

    def last_year(self) -> Period:
        """The same period one year earlier."""
        if self.kind == "week":
            iso = self.start.isocalendar()
            weeks = date(iso.year - 1, 12, 28).isocalendar().week
            return _week(iso.year - 1, min(iso.week, weeks))
        start, end = year_before(self.start), year_before(self.end)
        if self.kind == "range":
            return _range(start, end)
        return _of_kind(self.kind, start)


def year_before(day: date) -> date:
    """Return the same month-day one year earlier; 29 February becomes 28 February."""
    return date(day.year - 1, day.month, min(day.day, monthrange(day.year - 1, day.month)[1]))


def day_text(day: date) -> str:
    """Return a day as paper has it: 2026年7月5日, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def span_text(start: date, end: date) -> str:
    """Return two days as paper has them, naming only what changes: 2026年10月1日—31日."""
    if start == end:
        return day_text(start)
    tail = f"{end.day}日"
    if (start.year, start.month) != (end.year, end.month):
        tail = f"{end.month}月{tail}"
    if start.year != end.year:
        tail = f"{end.year}年{tail}"
    return f"{day_text(start)}—{tail}"


# ---- making and reading ------------------------------------------------------------------------------------------
def _stretch(kind: PeriodKind, year: int, number: int) -> Period:
    """The *number*-th month, quarter, half or year (from 1) of a year."""
    length = _MONTHS[kind]
    first = (number - 1) * length + 1
    last = first + length - 1
    end = date(year, last, monthrange(year, last)[1])
    mark = {"month": f"-{number:02}", "quarter": f"Q{number}", "half": f"H{number}", "year": ""}[kind]
    return Period(date(year, first, 1), end, kind, f"{year:04}{mark}")


def _week(year: int, number: int) -> Period:
    start = date.fromisocalendar(year, number, 1)
    return Period(start, start + 6 * _DAY, "week", f"{year:04}W{number:02}")


def _day(day: date) -> Period:
    return Period(day, day, "day", day.isoformat())


def _range(start: date, end: date) -> Period:
    return Period(start, end, "range", f"{start.isoformat()}..{end.isoformat()}")


def _of_kind(kind: PeriodKind, day: date) -> Period:
    if kind == "day":
        return _day(day)
    if kind == "week":
        iso = day.isocalendar()
        return _week(iso.year, iso.week)
    return _stretch(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)


def month_of(day: date) -> Period:
    """Return the month that *day* lies in."""
    return _of_kind("month", day)


def range_of(start: date, end: date) -> Period:
    """Return the period between two days.

    Raises:
        Refused: ``bad_period``, the end lies before the start.
    """
    if end < start:
        raise refuse("bad_period", value=f"{start.isoformat()}..{end.isoformat()}")
    return _range(start, end)


def _read_day(text: str) -> date:
    year, month, day = text.split("-")
    return date(int(year), int(month), int(day))


def _read_range(start: str, end: str) -> Period:
    first, last = _read_day(start), _read_day(end)
    if last < first:
        raise ValueError(end)
    return _range(first, last)


_ISO_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_SHAPES: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), make)
    for pattern, make in (
        (r"(\d{4})", lambda y: _stretch("year", int(y), 1)),
        (r"(\d{4})-(\d{1,2})", lambda y, m: _stretch("month", int(y), int(m))),
        (r"(\d{4})-?Q([1-4])", lambda y, q: _stretch("quarter", int(y), int(q))),
        (r"(\d{4})-?H([12])", lambda y, h: _stretch("half", int(y), int(h))),
        (r"(\d{4})-?W(\d{1,2})", lambda y, w: _week(int(y), int(w))),
        (rf"({_ISO_DAY})", lambda d: _day(_read_day(d))),
        (rf"({_ISO_DAY})\s*\.\.\s*({_ISO_DAY})", _read_range),
    )
)


def parse_period(text: str) -> Period:
    """Read a period: ``2026-10-09 · 2026W40 · 2026-10 · 2026Q3 · 2026H1 · 2026 · 2024-08-01..2024-08-30``.

    Raises:
        Refused: ``bad_period``.
    """
    clean = text.strip()
    for pattern, make in _SHAPES:
        match = pattern.fullmatch(clean)
        if match is None:
            continue
        try:
            found = make(*match.groups())
        except ValueError:  # IllegalMonthError is one, too
            break
        if found.start.year >= _FIRST_YEAR and found.end.year <= _LAST_YEAR:
            return found
        break
    raise refuse("bad_period", value=text)


# ---- comparison --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Window:
    """The days a figure is computed over, and the day as of which it is computed.

    ``end`` < ``start`` is an empty window: the cut-off lies before the period.
    """

    start: date
    end: date
    cut: date

    def params(self) -> dict[str, str]:
        """The dates that expressions may name: start, end, after, cut, cut_after, year_start."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "after": (self.end + _DAY).isoformat(),
            "cut": self.cut.isoformat(),
            "cut_after": (self.cut + _DAY).isoformat(),
            "year_start": self.end.replace(month=1, day=1).isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Windows:
    """本期, 上期 (None for cumulative periods), 上年同期, 本年累计."""

    current: Window
    previous: Window | None
    last_year: Window
    year_to_date: Window


def default_cut(period: Period, today: date) -> date:
    """Return the cut-off that holds when none is given."""
    return min(period.end, today)


def windows(period: Period, cut: date) -> Windows:
    """Return the windows of a period's figures and of what they are compared with.

    A cut before the end shortens all of them: 上年同期 to the same month-day, 上期 to the same day number. A cut after
    the end gives the compared periods the same lag after their own end.
    """
    end = min(period.end, cut)
    late = cut - period.end
    earlier, last_year = period.previous(), period.last_year()
    if late >= timedelta(0):
        compared = Window(last_year.start, last_year.end, last_year.end + late)
        before = Window(earlier.start, earlier.end, earlier.end + late) if earlier else None
    else:
        day = last_year.start + (cut - period.start) if period.kind == "week" else year_before(cut)
        compared = Window(last_year.start, day, day)
        before = _part(earlier, period, cut) if earlier else None
    year = end.year if end >= period.start else period.end.year
    return Windows(
        current=Window(period.start, end, cut),
        previous=before,
        last_year=compared,
        year_to_date=Window(date(year, 1, 1), end, cut),
    )


def _part(earlier: Period, period: Period, cut: date) -> Window:
    """The part of the period before that is as long as *period* up to *cut*: same month of it, same day number."""
    if period.kind in ("day", "week"):
        day = earlier.start + (cut - period.start)
    else:
        month = cut.year * 12 + cut.month - 1 - _MONTHS[period.kind]
        year, number = month // 12, month % 12 + 1
        day = date(year, number, min(cut.day, monthrange(year, number)[1]))
    return Window(earlier.start, day, day)
