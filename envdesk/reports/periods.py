"""How a period is called in a title and on the line under it: 2026年10月 … 月报表, 2026年10月1日—31日."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

QUARTERS = "一二三四"
CHAINED = ("月报表", "季报表", "半年报表")


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """``title`` 2026年10月, ``kind`` 月报表, ``span`` 2026年10月1日—31日."""

    title: str
    kind: str
    span: str

    @property
    def chained(self) -> bool:
        """True when the period is compared with the one before it (环比): month, quarter, half-year (domain.md §3E)."""
        return self.kind in CHAINED


def period_words(start: date, end: date) -> PeriodWords:
    """Name the period from *start* to *end* (both inclusive); any other range is named by its days."""
    span = _span(start, end)
    whole = start.day == 1 and end == _month_end(end)
    months = (end.year - start.year) * 12 + end.month - start.month + 1 if whole else 0
    year = f"{start.year}年"
    if start == end:
        return PeriodWords(span, "日报表", span)
    if months == 1:
        return PeriodWords(f"{year}{start.month}月", "月报表", span)
    if months == 3 and start.month % 3 == 1:
        return PeriodWords(f"{year}第{QUARTERS[start.month // 3]}季度", "季报表", span)
    if months == 6 and start.month in (1, 7):
        return PeriodWords(f"{year}{'上' if start.month == 1 else '下'}半年", "半年报表", span)
    if months == 12 and start.month == 1:
        return PeriodWords(f"{year}度", "年报表", span)
    if start.weekday() == 0 and end - start == timedelta(days=6):
        iso = start.isocalendar()
        return PeriodWords(f"{iso.year}年第{iso.week}周", "周报表", span)
    return PeriodWords(span, "统计表", span)


def day_words(day: date) -> str:
    """2026年10月9日, months and days without leading zero (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _span(start: date, end: date) -> str:
    if start == end:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{day_words(start)}—{end.day}日"
    if start.year == end.year:
        return f"{day_words(start)}—{end.month}月{end.day}日"
    return f"{day_words(start)}—{day_words(end)}"


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
