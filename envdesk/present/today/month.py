"""The running month in eight figures with twelve months behind each, and how far the year is covered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from envdesk.desk.figures import computer
from envdesk.desk.office import Desk
from envdesk.figures.compute import Computer
from envdesk.figures.engine import FigureId, parse_id
from envdesk.figures.period import Window, month_of
from envdesk.i18n import N_, _, plural

#: The month's figures: id → title on the page, title of the note's figure.
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("person_times", N_("出动人次"), ""), ("insp_visits", N_("检查企业"), "insp_subjects"),
    ("prob_found", N_("发现问题"), ""), ("rect_rate", N_("整改完成率"), ""), ("wo_received", N_("收到工单"), "wo_dup"),
    ("wo_rate", N_("办结率"), ""), ("site_visits", N_("巡查工地"), ""),
    ("river_visits", N_("监督巡河"), "outfall_rebound"),
)  # fmt: skip
_NOTES = {
    "insp_subjects": N_("去重 {value} {unit}"),
    "wo_dup": N_("重复 {value} {unit}"),
    "outfall_rebound": N_("返弹 {value}"),
}
SERIES_MONTHS = 12
#: Industries shown among the coverage bars.
MOST_INDUSTRIES = 3


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """A figure of the running month.

    Attributes:
        text: value as printed without its %; ``unit`` beside it, none beside a —.
        note: 9月 80，去重 61 家.
        series: value per month, the running one last; None where a rate has no base.
        rate: draw a line, not bars.
    """

    id: str
    title: str
    text: str
    unit: str
    note: str
    series: tuple[float | None, ...]
    rate: bool


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The month's figures: 10月至今, 10-01 至 10-09."""

    title: str
    span: str
    period: str
    figures: tuple[MonthFigure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Coverage of one kind of subject: done of all, words (差 53 家, 跟上, 全覆盖), tone amber or green."""

    title: str
    figure: str
    done: int
    all: int
    words: str
    tone: str

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.done / self.all if self.all else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage bars of the year; ``progress`` = share of the year that is gone (the tick)."""

    bars: tuple[Bar, ...]
    progress: float

    @property
    def note(self) -> str:
        """竖线＝时间进度 77%."""
        return _("竖线＝时间进度 {percent}%").format(percent=int(self.progress * 100))


# ---- figures of the month ------------------------------------------------------------------------------------------
def figures(desk: Desk, *, series: bool = True) -> MonthFigures:
    """Compute the month's figures with twelve months behind each.

    Without *series* only what has to be new: the running month and the one before (a first view of a large file).
    """
    today = desk.clock.today()
    month = month_of(today)
    calc = computer(desk, month.text, today)
    out = [
        _month_figure(desk, calc, name, _(title), extra, today, series=series)
        for name, title, extra in FIGURES
        if name in desk.catalogue.figures
    ]
    head = _("{month}月至今").format(month=month.start.month)
    span = _("{start} 至 {end}").format(start=month.start.strftime("%m-%d"), end=today.strftime("%m-%d"))
    return MonthFigures(head, span, month.text, tuple(out))


def _month_figure(
    desk: Desk, calc: Computer, name: str, title: str, extra: str, today: date, *, series: bool
) -> MonthFigure:
    fid = FigureId(name)
    windows = _months(today) if series else _months(today)[-2:]
    found = [calc.value(fid, w) for w in windows]
    now, before = found[-1], found[-2]
    rate = desk.catalogue.figures[name].share != ""
    parts = [f"{now.numerator}/{now.denominator}"] if rate and now.denominator else []
    parts.append(_("{month}月 {value}").format(month=windows[-2].start.month, value=before.text))
    if extra in desk.catalogue.figures:
        value = calc.value(FigureId(extra), windows[-1])
        if value.number:
            unit = desk.catalogue.figures[extra].measure
            parts.append(_(_NOTES[extra]).format(value=value.text, unit=unit))
    numbers = tuple(_plain(v.number) for v in found) if series else ()
    measure = desk.catalogue.figures[name].measure if now.number is not None else ""
    return MonthFigure(name, title, now.text.removesuffix("%"), measure, "，".join(parts), numbers, rate)


def _months(today: date) -> list[Window]:
    """The running month up to today and the months before it, each as of its own end."""
    out = [Window(month_of(today).start, today, today)]
    while len(out) < SERIES_MONTHS:
        month = month_of(out[0].start - timedelta(days=1))
        out.insert(0, Window(month.start, month.end, month.end))
    return out


def _plain(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


# ---- coverage ------------------------------------------------------------------------------------------------------
def coverage(desk: Desk) -> Coverage:
    """Coverage of the year: the largest industries of the VOC firms, sites, gas stations."""
    today = desk.clock.today()
    start, end = date(today.year, 1, 1), date(today.year, 12, 31)
    progress = ((today - start).days + 1) / ((end - start).days + 1)
    calc = computer(desk, str(today.year), today)
    return Coverage((*_industries(desk, calc, progress), *_totals(desk, calc, progress)), progress)


def _industries(desk: Desk, calc: Computer, progress: float) -> list[Bar]:
    if "voc_cov_rate" not in desk.catalogue.figures:
        return []
    groups = calc.engine.groups(parse_id("voc_cov_rate"), calc.windows.current, "industry")
    found = [(n, c.hits, c.units) for n, c in groups.items() if c.units]
    largest = sorted(found, key=lambda item: -item[2])[:MOST_INDUSTRIES]
    return [_bar(name, f"voc_cov_rate:industry={name}", done, every, progress) for name, done, every in largest]


def _totals(desk: Desk, calc: Computer, progress: float) -> list[Bar]:
    out = []
    for name, title in (("site_cov", N_("在建工地")), ("gas_cov", N_("加油站"))):
        if name in desk.catalogue.figures:
            value = calc.value(FigureId(name), calc.windows.current)
            if value.denominator:
                out.append(_bar(_(title), name, value.numerator or 0, value.denominator, progress))
    return out


def _bar(title: str, figure: str, done: int, every: int, progress: float) -> Bar:
    behind = math.ceil(every * progress) - done
    if done >= every:
        return Bar(title, figure, done, every, _("全覆盖"), "green")
    if behind > 0:
        return Bar(title, figure, done, every, plural("差 {count} 家", behind), "amber")
    return Bar(title, figure, done, every, _("跟上"), "green")
