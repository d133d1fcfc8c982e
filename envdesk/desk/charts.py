"""Data of the charts of a report: twelve months of a figure, its parts, its rate per industry.

Made once with the report and kept by a seal as plain values, so that a reprint shows what was sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from envdesk.figures.compute import Computer, Result, Value
from envdesk.figures.engine import parse_id
from envdesk.figures.frozen import Source
from envdesk.figures.numbers import exact, rate_text
from envdesk.figures.period import Period, default_cut, month_of, windows
from envdesk.i18n import _, plural
from envdesk.reports.document import Chart, Series
from envdesk.reports.template import ChartSpec, Template

MONTHS = 12
#: Most parts that get a bar of their own; the rest is summed up.
MOST_PARTS = 8


def charts(calc: Computer, layout: object, source: Source) -> tuple[Chart, ...]:
    """Return the charts of a table for the period of *calc*; one whose figure does not exist is left out.

    A paper of another kind (a report in prose) has none.
    """
    if not isinstance(layout, Template):
        return ()
    known = calc.store.catalogue.figures
    return tuple(_chart(calc, spec, source) for spec in layout.charts if parse_id(spec.figure).figure in known)


def as_data(made: tuple[Chart, ...]) -> list[dict[str, Any]]:
    """Charts as plain values, for a seal."""
    return [asdict(chart) for chart in made]


def from_data(kept: list[Mapping[str, Any]]) -> tuple[Chart, ...]:
    """Charts of a seal."""
    return tuple(
        Chart(
            c["kind"], c["title"], tuple(c["labels"]),
            tuple(Series(s["name"], tuple(s["values"]), tuple(s["texts"])) for s in c["series"]), c["note"],
        )
        for c in kept
    )  # fmt: skip


def _chart(calc: Computer, spec: ChartSpec, source: Source) -> Chart:
    if spec.kind == "trend":
        return _trend(calc, spec)
    return _parts(calc, spec, source) if spec.kind == "parts" else _shares(calc, spec, source)


# ---- twelve months -----------------------------------------------------------------------------------------------
def _trend(calc: Computer, spec: ChartSpec) -> Chart:
    fid = parse_id(spec.figure)
    months = _months(month_of(min(calc.period.end, max(calc.cut, calc.period.start))))
    late = max(calc.cut - calc.period.end, timedelta())
    now, before = list[Value](), list[Value]()
    for month in months:
        cut = min(month.end + late, calc.cut) if month.end < calc.cut else default_cut(month, calc.cut)
        spans = windows(month, cut)
        now.append(calc.known_value(fid, spans.current))
        before.append(calc.known_value(fid, spans.last_year))
    series = [_series(_("当月"), now)]
    if any(v.number for v in before):
        series.insert(0, _series(_("上年同月"), before))
    return Chart(
        "columns", _title(calc, spec, _("近12个月")), _labels(months), tuple(series), _note(spec, now + before)
    )


def _months(last: Period) -> list[Period]:
    out = [last]
    while len(out) < MONTHS:
        out.insert(0, month_of(out[0].start - timedelta(days=1)))
    return out


def _labels(months: list[Period]) -> tuple[str, ...]:
    """Months; the year under the first and under each January."""
    return tuple(
        f"{m.start.month}" + (f"\n{m.start.year}年" if i == 0 or m.start.month == 1 else "")
        for i, m in enumerate(months)
    )


def _series(name: str, values: list[Value]) -> Series:
    return Series(
        name,
        tuple(None if v.number is None else float(v.number) for v in values),
        tuple(v.text.rstrip("%") + ("*" if v.marked else "") for v in values),
    )


# ---- parts of a whole --------------------------------------------------------------------------------------------
def _parts(calc: Computer, spec: ChartSpec, source: Source) -> Chart:
    found = [(_value(r, spec), r) for r in source.split(spec.figure, spec.by)]
    parts = sorted(
        ((v, _name(r)) for v, r in found if v.number), key=lambda part: (-float(part[0].number or 0), part[1])
    )
    whole = source.result(spec.figure)
    total = exact(_value(whole, spec).number or 0) if whole is not None else exact(0)
    names = [name for _v, name in parts]
    numbers = [exact(v.number or 0) for v, _n in parts]
    if len(parts) > MOST_PARTS:
        left = len(parts) - MOST_PARTS + 1
        names = [*names[: MOST_PARTS - 1], plural("其余 {count} 项", left)]
        numbers = [*numbers[: MOST_PARTS - 1], sum(numbers[MOST_PARTS - 1 :], exact(0))]
    texts = [f"{_plain(n)}（{rate_text(n, total, 1)}）" for n in numbers]
    note = spec.note
    if not note and total and sum(numbers) > total:
        note = _("一件涉及多项的分别计数，各项之和大于总数。")
    one = Series("", tuple(float(n) for n in numbers), tuple(texts))
    return Chart("bars", _title(calc, spec, _over(calc, spec)), tuple(names), (one,), note)


def _shares(calc: Computer, spec: ChartSpec, source: Source) -> Chart:
    found = [(_value(r, spec), _name(r)) for r in source.split(spec.figure, spec.by)]
    rates = [(v, name) for v, name in found if v.number is not None and v.denominator]
    rates.sort(key=lambda rate: (-(rate[0].denominator or 0), rate[1]))
    rates = rates[:MOST_PARTS]
    one = Series(
        "",
        tuple(float(v.number or 0) for v, _n in rates),
        tuple(f"{v.text}（{v.numerator}/{v.denominator}）" for v, _n in rates),
    )
    return Chart("shares", _title(calc, spec, _over(calc, spec)), tuple(n for _v, n in rates), (one,), spec.note)


def _value(result: Result, spec: ChartSpec) -> Value:
    return result.year_to_date if spec.over == "year_to_date" else result.current


def _name(result: Result) -> str:
    """The value of the dimension: the last filter of the id."""
    return parse_id(result.id).filters[-1][1]


def _plain(number: Any) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"


# ---- words -------------------------------------------------------------------------------------------------------
def _title(calc: Computer, spec: ChartSpec, span: str) -> str:
    name = spec.title or calc.engine.figure(parse_id(spec.figure).figure).title
    return f"{name}，{span}"


def _over(calc: Computer, spec: ChartSpec) -> str:
    return _("本年累计") if spec.over == "year_to_date" else calc.period.title


def _note(spec: ChartSpec, values: list[Value]) -> str:
    marked = _("带“*”的为往期数。") if any(v.marked for v in values) else ""
    return spec.note + marked
