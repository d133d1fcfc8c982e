"""Report tables as data: ``resources/reports/*.toml``, read strictly (all errors at once).

A template names its categories in the order of the paper, and in each the figures::

    id = "monthly"
    title = "生态环境工作"
    columns = ["current", "year_to_date", "last_year", "change_last_year", "target", "completion"]   # the default

    [[category]]
    title = "水污染防治"        # a line break in it is kept in the merged cell
    row = [
      { figure = "slw_done", title = "“散乱污”场所清理整治", note = "期末在册" },
      { figure = "slw_up", title = "升级改造", part = true },
      { figure = "mobile_tested", note_if = "其中不合格{mobile_failed}辆" },
    ]

``figure`` may carry a dimension (``voc_reg:industry=制鞋``); ``title`` defaults to the figure's own; ``part`` = 其中,
never parted from its total. ``note`` fills 备注: ``{id}``, ``{id.numerator}``, ``{id.year_to_date}`` are taken from the
results; ``note_if`` likewise, but only when a figure named in it is not 0. A row whose figure the program does not have
is left out, its parts with it, and so is a note with an unknown figure. ``columns`` may also name ``previous`` and
``change_previous`` (上期, 环比), printed for months, quarters and half-years only.

Charts follow the notes, as drawings on the last page or the next::

    [[chart]]
    kind = "trend"          # twelve months up to the period, each beside the same month of the year before
    figure = "wo_received"
    title = "近12个月收到工单"   # without it: name of the figure and the period

    [[chart]]
    kind = "parts"          # a figure split by one of its dimensions: numbers and their share of the whole
    figure = "wo_received"
    by = "source"
    over = "current"        # or "year_to_date"
    note = "一件涉及多个类型的分别计数"

    [[chart]]
    kind = "shares"         # a rate per value of a dimension, in a frame of 100 %
    figure = "voc_cov_rate"
    by = "industry"
    over = "year_to_date"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envdesk import paths
from envdesk.errors import guess, refuse
from envdesk.reports.narrative import Narrative, is_narrative, parse_narrative

TEMPLATE_KEYS = ("id", "title", "columns", "category", "chart")
CHART_KEYS = ("kind", "figure", "by", "title", "over", "note")
CHART_KINDS = ("trend", "parts", "shares")
SPANS = ("current", "year_to_date")
CATEGORY_KEYS = ("title", "row")
#: A figure quoted in a note: ``{id}`` or ``{id.attribute}``.
FIELD = re.compile(r"\{([^{}]+)\}")
ROW_KEYS = ("figure", "title", "part", "note", "note_if")
#: What may stand between 单位 and 备注, in the order of the paper.
COLUMNS = (
    "current",
    "previous",
    "change_previous",
    "year_to_date",
    "last_year",
    "change_last_year",
    "target",
    "completion",
)
CHAIN = ("previous", "change_previous")
USUAL_COLUMNS = tuple(name for name in COLUMNS if name not in CHAIN)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One line: which figure, how it is called here, what the 备注 says."""

    figure: str
    title: str = ""
    part: bool = False
    note: str = ""
    note_if: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A 工作类别 and its lines."""

    title: str
    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart to draw; see the head of this module."""

    kind: str
    figure: str
    by: str = ""
    title: str = ""
    over: str = "current"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A report table; ``title`` stands between period and kind (2026年10月 生态环境工作 月报表)."""

    id: str
    title: str
    categories: tuple[Category, ...]
    columns: tuple[str, ...] = USUAL_COLUMNS
    charts: tuple[ChartSpec, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures that have a row, dimension ids included, in order."""
        return tuple(row.figure for category in self.categories for row in category.rows)

    @property
    def needed(self) -> tuple[str, ...]:
        """Ids of all figures to compute: those with a row and those that notes quote."""
        rows = [row for category in self.categories for row in category.rows]
        quoted = [name.partition(".")[0] for row in rows for name in FIELD.findall(row.note + row.note_if)]
        return tuple(dict.fromkeys((*self.figures, *quoted)))


def load_template(name: str = "monthly", folder: Path | None = None) -> Template | Narrative:
    """Read the template *name* (a table or a narrative) from ``resources/reports`` or another folder.

    Raises:
        Refused: there is no such template, or it has faults (all of them are named).
    """
    place = folder or paths.resource("reports")
    path = place / f"{name}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in place.glob("*.toml"))
        raise refuse("unknown_report", name=name, guess=guess(name, known))
    return parse_any(path.read_text(encoding="utf-8"), path.name)


def parse_any(text: str, source: str = "template") -> Template | Narrative:
    """Compile the TOML *text* of a table or of a narrative report."""
    if is_narrative(text):
        return parse_narrative(text, source)
    return parse_template(text, source)


def parse_template(text: str, source: str = "template") -> Template:
    """Compile the TOML *text* of a template."""
    faults: list[str] = []
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse("form_error", detail=f"{source}: {error}") from None
    _check(raw, TEMPLATE_KEYS, source, faults)
    categories = tuple(
        _category(c, f"{source} [[category]] {i}", faults) for i, c in enumerate(raw.get("category", []), 1)
    )
    faults += [f"{source}: {key}" for key in ("id", "title") if not isinstance(raw.get(key), str)]
    columns = _columns(raw.get("columns", list(USUAL_COLUMNS)), source, faults)
    charts = tuple(_chart(c, f"{source} [[chart]] {i}", faults) for i, c in enumerate(raw.get("chart", []), 1))
    if faults:
        raise refuse("form_error", detail="；".join(faults))
    return Template(raw["id"], raw["title"], categories, columns, charts)


def _chart(raw: Mapping[str, Any], where: str, faults: list[str]) -> ChartSpec:
    """Read a chart; parts and shares need a dimension, a trend has none."""
    _check(raw, CHART_KEYS, where, faults)
    spec = ChartSpec(**{key: str(raw.get(key, "current" if key == "over" else "")) for key in CHART_KEYS})
    for key, known in (("kind", CHART_KINDS), ("over", SPANS)):
        if getattr(spec, key) not in known:
            faults.append(f"{where}: {key}{guess(getattr(spec, key), list(known))}")
    if not spec.figure:
        faults.append(f"{where}: figure")
    if bool(spec.by) == (spec.kind == "trend"):
        faults.append(f"{where}: by")
    return spec


def dump_template(layout: Template) -> str:
    """The TOML text of a template; :func:`parse_template` reads it back."""
    lines = [f"id = {_quoted(layout.id)}", f"title = {_quoted(layout.title)}"]
    if layout.columns != USUAL_COLUMNS:
        lines.append(f"columns = [{', '.join(_quoted(name) for name in layout.columns)}]")
    for category in layout.categories:
        lines += ["", "[[category]]", f"title = {_quoted(category.title)}", "row = ["]
        for row in category.rows:
            words = [f"{key} = {_quoted(v)}" for key in ROW_KEYS if isinstance(v := getattr(row, key), str) and v]
            lines.append(f"  {{ {', '.join([*words, *(['part = true'] if row.part else [])])} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: what JSON escapes, TOML reads; DEL it wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _columns(raw: Any, source: str, faults: list[str]) -> tuple[str, ...]:
    """Read the columns; they stand in the order of the paper, whatever the order in the file."""
    if not isinstance(raw, list) or "current" not in raw:
        faults.append(f"{source}: columns")
        return USUAL_COLUMNS
    faults += [f"{source} columns: {name}{guess(str(name), list(COLUMNS))}" for name in raw if name not in COLUMNS]
    return tuple(name for name in COLUMNS if name in raw)


def _category(raw: Mapping[str, Any], where: str, faults: list[str]) -> Category:
    _check(raw, CATEGORY_KEYS, where, faults)
    rows = []
    for i, row in enumerate(raw.get("row", []), 1):
        place = f"{where} [[row]] {i}"
        _check(row, ROW_KEYS, place, faults)
        if not isinstance(row.get("figure"), str):
            faults.append(f"{place}: figure")
            continue
        rows.append(TemplateRow(**{key: row[key] for key in ROW_KEYS if key in row}))
    return Category(str(raw.get("title", "")), tuple(rows))


def _check(raw: Mapping[str, Any], known: tuple[str, ...], where: str, faults: list[str]) -> None:
    faults += [f"{where}: {key}{guess(key, list(known))}" for key in raw if key not in known]
