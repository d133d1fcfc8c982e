"""A chart as lines, boxes and words: where everything stands, for whatever draws it (PDF, picture, screen).

Black and grey only, so that a copy says the same: this year's bars are black, last year's light with an outline, and
each bar carries its number. Lengths are points, origin top left; words are placed by the centre of their em box.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from envdesk.reports.document import Align, Chart, Series
from envdesk.reports.measure import ems
from envdesk.reports.text import one_line

TITLE, LABEL, SMALL = 9.5, 8.0, 7.0
HEAD = 20.0
#: Grey of the fills: the first series, the second.
DARK, LIGHT = 0.15, 0.82
EMPTY = "没有数据"
#: Height of a row of lying bars where there is room.
BAR_STEP = 17.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.5
    gray: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with an outline; ``gray`` None = outline only."""

    x: float
    y: float
    width: float
    height: float
    gray: float | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Words beginning, centred or ending at x."""

    x: float
    y: float
    text: str
    size: float = LABEL
    align: Align = "left"
    bold: bool = False


Mark = Rule | Box | Words


def marks_of(chart: Chart, width: float, height: float) -> tuple[Mark, ...]:
    """Return what to draw for *chart* in a room of *width* by *height* points."""
    out: list[Mark] = [Words(0, 7, shortened(chart.title, width / TITLE), TITLE, bold=True)]
    if chart.note:
        out.append(Words(0, height - 5, shortened(chart.note, width / SMALL), SMALL))
    floor_at = height - (12.0 if chart.note else 2.0)
    if not any(v is not None for s in chart.series for v in s.values):
        return (
            *out,
            Box(0, HEAD, width, floor_at - HEAD),
            Words(width / 2, (HEAD + floor_at) / 2, EMPTY, align="centre"),
        )
    if chart.kind == "columns":
        out += _legend(chart.series, width, title=ems(chart.title) * TITLE)
        out += _columns(chart, width, floor_at)
    else:
        out += _bars(chart, width, floor_at, framed=chart.kind == "shares")
    return tuple(out)


def height_of(chart: Chart, most: float) -> float:
    """Return the height a chart needs, at most *most*: a few lying bars need no more than their rows."""
    if chart.kind == "columns" or not chart.labels:
        return most
    return min(most, HEAD + BAR_STEP * len(chart.labels) + (14.0 if chart.note else 4.0))


def shortened(text: str, room: float) -> str:
    """Return *text* cut to *room* em, with … when something is missing."""
    text = one_line(text)
    if ems(text) <= room:
        return text
    while text and ems(text) + 1 > room:
        text = text[:-1]
    return text + "…"


def read_out(chart: Chart) -> str:
    """Return the chart in words, for whoever does not see it."""
    said = [
        "，".join(f"{one_line(label)} {text}" for label, text in zip(chart.labels, one.texts, strict=True))
        for one in chart.series
    ]
    named = [f"{one.name}：{words}" if one.name else words for one, words in zip(chart.series, said, strict=True)]
    return "。".join([chart.title, *(words for words in named if words), *((chart.note,) if chart.note else ())])


# ---- upright bars ------------------------------------------------------------------------------------------------
def _legend(series: tuple[Series, ...], width: float, *, title: float) -> list[Mark]:
    """Names of the series at the right of the title, when there is room and need."""
    need = sum(ems(s.name) * SMALL + 18 for s in series)
    if len(series) < 2 or title + need + 12 > width:
        return []
    out: list[Mark] = []
    x = width - need + 6
    for n, one in enumerate(series):
        out += [Box(x, 4, 6, 6, _fill(n, len(series))), Words(x + 9, 7, one.name, SMALL)]
        x += ems(one.name) * SMALL + 18
    return out


def _fill(number: int, count: int) -> float:
    """The newest series is dark and stands last."""
    return DARK if number == count - 1 else LIGHT


def _columns(chart: Chart, width: float, floor_at: float) -> list[Mark]:
    lines = max(label.count("\n") + 1 for label in chart.labels)
    left, right, top, base = 25.0, width - 2, HEAD + 12, floor_at - 10.0 * lines
    step_value, steps = scale(max((v or 0.0) for s in chart.series for v in s.values))
    high = step_value * steps
    out: list[Mark] = []
    for n in range(steps + 1):
        y = base - (base - top) * n / steps
        out.append(Rule(left, y, right, y, 0.5 if n == 0 else 0.25, 0.0 if n == 0 else 0.75))
        out.append(Words(left - 3, y, f"{step_value * n:g}", SMALL, "right"))
    step = (right - left) / len(chart.labels)
    wide = step * 0.78 / len(chart.series)
    every = _room_for_all(chart.series, step * 0.86 / len(chart.series))
    for i, label in enumerate(chart.labels):
        start = left + step * i + step * 0.11
        for n, one in enumerate(chart.series):
            value = one.values[i]
            if value is None:
                continue
            tall = (base - top) * value / high if high else 0.0
            if tall:
                out.append(Box(start + wide * n, base - tall, wide, tall, _fill(n, len(chart.series))))
            if every or n == len(chart.series) - 1:
                out.append(Words(start + wide * (n + 0.5), base - tall - 4.5, one.texts[i], SMALL - 0.5, "centre"))
        for row, part in enumerate(label.split("\n")):
            out.append(Words(left + step * (i + 0.5), base + 6 + 9 * row, part, SMALL, "centre"))
    return out


def _room_for_all(series: tuple[Series, ...], room: float) -> bool:
    """True when the numbers of all series fit over their bars; else only the newest has them."""
    return max(ems(text) for one in series for text in one.texts) * (SMALL - 0.5) <= room + 1


def scale(most: float) -> tuple[float, int]:
    """Return a round step (1, 2, 5 × 10ⁿ) and how many of them reach over *most*: at most five."""
    if most <= 0:
        return 1.0, 1
    for power in range(floor(log10(most)) - 1, floor(log10(most)) + 2):
        for unit in (1, 2, 5):
            step = unit * 10.0**power
            if most <= step * 5 and (step >= 1 or most < 1):
                return step, max(1, ceil(most / step - 1e-9))
    return most, 1


# ---- lying bars --------------------------------------------------------------------------------------------------
def _bars(chart: Chart, width: float, floor_at: float, *, framed: bool) -> list[Mark]:
    one = chart.series[0]
    names = max(ems(one_line(label)) for label in chart.labels) * LABEL
    names = min(names + 4, width * 0.36)
    texts = max(ems(text) for text in one.texts) * LABEL + 8
    room = max(20.0, width - names - texts - 4)
    most = 100.0 if framed else max(v or 0.0 for v in one.values) or 1.0
    step = min(BAR_STEP, (floor_at - HEAD) / len(chart.labels))
    size = min(LABEL, step * 0.85)
    out: list[Mark] = []
    for i, label in enumerate(chart.labels):
        y = HEAD + step * (i + 0.5)
        high = step * 0.58
        long = room * min(one.values[i] or 0.0, most) / most
        out.append(Words(names - 4, y, shortened(label, (names - 4) / size + 0.1), size, "right"))
        if framed:
            out.append(Box(names, y - high / 2, room, high))
        if long:
            out.append(Box(names, y - high / 2, long, high, DARK if framed else 0.35))
        out.append(Words(names + (room if framed else long) + 4, y, one.texts[i], size))
    return [*out, Rule(names, HEAD, names, HEAD + step * len(chart.labels))]
