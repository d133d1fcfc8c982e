"""Looking ahead in the list of the day: which days are offered, and what they are called."""

from __future__ import annotations

from datetime import date, timedelta

from envdesk.figures.period import month_of
from envdesk.i18n import _
from envdesk.present.today.due import WEEKDAYS


def days(today: date) -> tuple[tuple[str, date], ...]:
    """Return the days one asks for most, each once: tomorrow, next Monday, the end of the month."""
    offered = (
        (_("明天"), today + timedelta(days=1)),
        (_("下周一"), today + timedelta(days=7 - today.weekday())),
        (_("本月底"), month_of(today).end),
    )
    out: dict[date, str] = {}
    for title, day in offered:
        if day > today:
            out.setdefault(day, title)
    return tuple((f"{title}\t{short(day)}", day) for day, title in out.items())


def short(day: date) -> str:
    """Return a day as a chip says it: 10月12日 周一."""
    return _("{month}月{day}日 周{weekday}").format(month=day.month, day=day.day, weekday=WEEKDAYS[day.weekday()])
