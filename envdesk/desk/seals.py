"""月结: freeze the events of a period; reopen it with a reason."""

from __future__ import annotations

import json

from envdesk.desk.figures import computer
from envdesk.desk.office import Desk, Done
from envdesk.desk.reports import sealing
from envdesk.errors import refuse
from envdesk.figures.frozen import unpack
from envdesk.figures.period import parse_period
from envdesk.figures.reconcile import blocked, reconcile
from envdesk.i18n import _
from envdesk.store import sealed, seals
from envdesk.store.operations import acknowledge


def seal(desk: Desk, period: str) -> Done:
    """Seal a period: its figures are kept, its events can only be changed with a reason (domain.md §10.2).

    Raises:
        Refused: ``report_blocked`` when a block rule fails, ``already_sealed``.
    """
    calc = computer(desk, period)
    start, end = calc.period.start, calc.period.end
    if seals.is_sealed(desk.store, start, end):
        raise refuse("already_sealed", period=calc.period.title)
    found = reconcile(calc)
    stopped = blocked(found)
    if stopped:
        raise refuse("report_blocked", rules="；".join(f"{f.rule} {f.message}" for f in stopped))
    with desk.store.con.atomic():
        content = sealing(desk, calc)
        kept = unpack(content)
        figures = {name: r.as_dict() for name, r in kept.results.items()}
        text = json.dumps(figures, ensure_ascii=False, sort_keys=True)
        digest = sealed.seal_hash(
            desk.store.office, start.isoformat(), end.isoformat(), calc.cut.isoformat(), text, content
        )
        seals.seal(desk.store, start, end, calc.cut, text, digest, content)
        warned = [f for f in found if f.level == "warn" and f.status == "fail"]
        acknowledge(
            desk.store, _("{period}月结").format(period=calc.period.title), ((f.rule, f.message) for f in warned)
        )
    codes = dict(kept.paper["codes"])
    return Done({"period": calc.period.title, "hash": digest, "codes": codes, "warnings": warned}, frozenset({"seal"}))


def unseal(desk: Desk, period: str, why: str) -> Done:
    """Reopen a sealed period with a reason; the seal stays on record."""
    if not why.strip():
        raise refuse("why_needed")
    found = parse_period(period)
    if not seals.reopen(desk.store, found.start, found.end, why):
        raise refuse("not_sealed", period=found.title)
    return Done(found.title, frozenset({"seal"}))
