"""指标来源: which records stand behind the figures of a report, and which of them came late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdesk.desk.office import Desk
from envdesk.figures.engine import Evidence, parse_id
from envdesk.figures.numbers import NONE
from envdesk.figures.period import Period
from envdesk.store import sealed

if TYPE_CHECKING:
    from envdesk.desk.reports import Computed
    from envdesk.reports.appendix import Behind
    from envdesk.reports.template import Template


def late_kinds(desk: Desk, period: Period, until: int = 0) -> dict[str, str]:
    """Record id → 补录 or 更正, for records of a period that came after its seal (*until* an operation, 0 = all)."""
    found = sealed.late_records(desk.store, period.start.isoformat(), period.end.isoformat(), 0)
    return {r.id: r.kind for r in found if not until or r.op <= until}


def behind(made: Computed, figure: str) -> list[Evidence]:
    """The records behind a figure of a report; of a sealed period those it was sealed with."""
    if made.kept is not None and figure in made.kept.behind:
        return [row for row, _hash in made.kept.evidence(figure)]
    return made.calc.engine.evidence(parse_id(figure), made.calc.windows.current)


def appendix(desk: Desk, made: Computed, layout: Template) -> tuple[Behind, ...]:
    """The records behind every figure of a table, in its order."""
    from envdesk.reports.appendix import Behind

    until = next((s.op for s in sealed.seals(desk.store) if s.no == made.seal), 0) if made.seal else 0
    late = late_kinds(desk, made.calc.period, until)
    out = []
    for category in layout.categories:
        for row in category.rows:
            words = made.words.get(row.figure)
            if words is None:
                continue
            counted: dict[str, None] = {}
            missed: dict[str, None] = {}
            for e in behind(made, row.figure):
                number = (e.record_no or NONE) + (f"（{late[e.id]}）" if e.id in late else "")
                (missed if e.hit is False else counted)[number] = None
            if counted or missed:
                title, name = row.title or words.title, category.title.replace("\n", "")
                missing = tuple(n for n in missed if n not in counted)
                out.append(Behind(name, title, words.measure, words.text, tuple(counted), missing))
    return tuple(out)
