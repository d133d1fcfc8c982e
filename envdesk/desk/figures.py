"""Figures of a period, their evidence and reconciliation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from envdesk.desk.office import Desk
from envdesk.errors import guess, refuse
from envdesk.figures import reconcile as rules
from envdesk.figures.compute import Computer, Result
from envdesk.figures.engine import Evidence, parse_id
from envdesk.figures.finding import Finding
from envdesk.figures.period import parse_period


def computer(desk: Desk, period: str, cut: date | None = None) -> Computer:
    """A computer for a period; the cut-off is the desk's “as of” day when that is fixed, else the default one."""
    if cut is None and desk.clock.fixed is not None:
        cut = desk.clock.today()
    return Computer(desk.store, parse_period(period), cut)


def figures(desk: Desk, period: str, ids: Iterable[str] = (), by: str = "") -> list[Result]:
    """Compute figures (default: all), split by a dimension on request."""
    calc = computer(desk, period)
    wanted = list(ids) or list(desk.catalogue.figures)
    if not by:
        return [calc.result(text) for text in wanted]
    if by not in desk.catalogue.dimensions:
        raise refuse(
            "unknown_dimension",
            figure="、".join(ids) or "*",
            dimension=by,
            guess=guess(by, list(desk.catalogue.dimensions)),
        )
    out: list[Result] = []
    for text in wanted:
        if ids or by in calc.engine.dimensions(parse_id(text).figure):
            calc.engine.dimension(parse_id(text).figure, by)
            out += calc.split(text, by)
    return out


def evidence(desk: Desk, figure: str, period: str) -> list[Evidence]:
    """The records behind a figure."""
    calc = computer(desk, period)
    fid = parse_id(figure)
    calc.engine.figure(fid.figure)
    return calc.engine.evidence(fid, calc.windows.current)


def reconcile(desk: Desk, period: str) -> list[Finding]:
    """Judge all reconciliation rules of a period."""
    return rules.reconcile(computer(desk, period))
