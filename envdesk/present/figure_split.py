"""A figure of a report split by what it can be split by (社区, 行业, 承办人): a line a word, the whole below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.desk import papers
from envdesk.desk.office import Desk, Done
from envdesk.figures.compute import Result
from envdesk.figures.engine import Engine, parse_id
from envdesk.formdef.model import Paper
from envdesk.i18n import _
from envdesk.store import lists

if TYPE_CHECKING:
    from envdesk.present.report_preview import Report

#: Kinds of figures whose parts add up to the whole.
_SUMS = frozenset({"flow", "cohort", "stock"})


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A word with the value of the figure; ``figure`` is the id under which its records are asked for."""

    figure: str
    word: str
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class SplitView:
    """A figure split by a dimension.

    Attributes:
        by, by_title: the dimension.
        text, change: of the whole.
        note: why the parts do not add up to it, "" when they do.
    """

    figure: str
    title: str
    measure: str
    by: str
    by_title: str
    lines: tuple[SplitLine, ...]
    text: str
    change: str
    note: str

    def as_text(self) -> str:
        """The table for the clipboard: a line a row, columns apart by tabs."""
        head = (self.by_title, f"{self.title}（{self.measure}）" if self.measure else self.title)
        rows = [head, *((line.word, line.text) for line in self.lines), (_("合计"), self.text)]
        return "\n".join("\t".join(row) for row in rows)


def ways(desk: Desk, figure: str) -> tuple[tuple[str, str], ...]:
    """Return by what a figure can be split: (id, title); what it is narrowed by already is left out."""
    fid = parse_id(figure)
    narrowed = {dim for dim, _value in fid.filters}
    names = (n for n in Engine(desk.store).dimensions(fid.figure) if n not in narrowed)
    return tuple((n, desk.catalogue.dimensions[n].title) for n in names)


def split(desk: Desk, report: Report, figure: str, by: str) -> SplitView:
    """Split a figure of a report.

    Raises:
        Refused: ``unknown_dimension``.
    """
    calc = report.computed.calc
    whole = report.computed.results.get(figure) or calc.result(figure)
    parts = {parse_id(r.id).last: r for r in calc.split(figure, by)}
    lines = tuple(
        SplitLine(parts[word].id, word, parts[word].text, parts[word].change_last_year)
        for word in sorted(parts, key=lists.pinyin_key)
    )
    return SplitView(
        figure, whole.title, whole.measure, by, desk.catalogue.dimensions[by].title, lines, whole.text,
        whole.change_last_year, _note(report, whole, parts.values()),
    )  # fmt: skip


def _note(report: Report, whole: Result, parts: Iterable[Result]) -> str:
    if whole.kind not in _SUMS or whole.current.number is None:
        return ""
    total = sum(p.current.number for p in parts if p.current.number is not None)
    if total == whole.current.number:
        return ""
    if total > whole.current.number:
        return _("一条记录可以算在几项里，各项相加多于合计。")
    if report.sealed:
        return _("合计是月结时的数，各项是现在台账里的数。")
    return _("合计里有填报的往期数，没有分项。") if whole.current.marked else ""


def save(desk: Desk, report: Report, view: SplitView, out: Path) -> Done:
    """Write the table as .xlsx, .pdf, .docx or .csv.

    Raises:
        Refused: ``bad_out``, or the place can not be written.
    """
    title = _("{title}（按{by}）").format(title=view.title, by=view.by_title)
    owner = desk.catalogue.figures[parse_id(view.figure).figure].of.partition(".")[0]
    form = owner if owner in desk.catalogue.forms else "subject"
    paper = Paper("", title, form, (), by=view.by, figures=(view.figure,), form=form)
    return papers.write(desk, papers.listed(desk, paper, period=report.period.text), out)
