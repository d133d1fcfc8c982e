"""更正说明: what was entered or corrected in sealed time, and which signed figures it changed (domain.md §10.2, R17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from envdesk.desk.office import Desk
from envdesk.figures.compute import Computer
from envdesk.figures.earlier import Difference, counted, differences, earlier, late, listed, sealed_period
from envdesk.figures.period import Period
from envdesk.i18n import _
from envdesk.store.sealed import LateRecord


def sentences(desk: Desk, calc: Computer, ids: Iterable[str]) -> list[str]:
    """The sentences of 更正说明 on a live paper: its own period against what was signed, then the year before it."""
    ids = list(ids)
    found = late(desk.store, calc.period)
    here = [r for r in found if calc.period.contains(date.fromisoformat(r.day))]
    by: dict[Period, list[LateRecord]] = {}
    for record in found:
        if record not in here:
            by.setdefault(sealed_period(desk.store, record.day), []).append(record)
    parts = [p for p in (counted(here), listed(since_signed(calc, ids))) if p]
    out = [_("更正说明：本期{text}。").format(text="，".join(parts))] if parts else []
    for period, records in sorted(by.items(), key=lambda item: item[0].start):
        changed = since_signed(Computer(desk.store, period), ids)
        parts = [p for p in (counted(records), listed(changed)) if p]
        text = _("更正说明：{period}{text}，已计入本年累计。")
        out.append(text.format(period=period.title, text="，".join(parts)))
    return out


def since_signed(calc: Computer, ids: Iterable[str]) -> list[Difference]:
    """Figures of a report that differ from the last seal or official paper of its period."""
    before = earlier(calc.store, calc.period)
    return differences(calc, before, ids) if before is not None else []
