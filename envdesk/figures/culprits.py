"""Which records break an identity between figures: those that one side counts and the other does not."""

from __future__ import annotations

import re
from typing import Any

from envdesk.figures.engine import Engine, Evidence, FigureId
from envdesk.figures.finding import named
from envdesk.figures.period import Window

MOST = 50
"""Records that a finding names."""
_TERM = re.compile(r"\s*(?P<sign>[+-]?)\s*(?:(?P<times>\d+)\s*\*\s*)?:(?P<name>[A-Za-z_]\w*)\s*")
Records = tuple[dict[str, Any], ...]


def linear(expr: str) -> tuple[dict[str, int], str] | None:
    """Read ``:a + :b - :c = :d`` or ``:a <= :b`` as factors of left − right and the comparison; None = neither."""
    for sign in ("<=", "="):
        sides = expr.split(sign)
        if len(sides) == 2 and not re.search(r"[<>!]\s*$", sides[0]):
            break
    else:
        return None
    out: dict[str, int] = {}
    for side, factor in zip(sides, (1, -1), strict=True):
        at = 0
        while at < len(side):
            term = _TERM.match(side, at)
            if term is None or (at and not term["sign"]):
                return None
            times = factor * int(term["times"] or 1) * (-1 if term["sign"] == "-" else 1)
            out[term["name"]] = out.get(term["name"], 0) + times
            at = term.end()
    return out, sign


def culprits(engine: Engine, expr: str, window: Window) -> Records:
    """Records of a broken identity; () when it is not a plain sum or no record stands out (typed figures)."""
    read = linear(expr)
    if read is None or any(engine.figure(n).share or engine.figure(n).ratio for n in read[0]):
        return ()
    factors, sign = read
    net: dict[str, float] = {}
    rows: dict[str, Evidence] = {}
    for name, factor in factors.items():
        counted: dict[str, float] = {}
        for row in engine.evidence(FigureId(name), window):
            rows.setdefault(row.unit, row)
            counted[row.unit] = counted.get(row.unit, 0) + (row.value or 0) if engine.figure(name).value else 1
        for unit, value in counted.items():
            net[unit] = net.get(unit, 0) + factor * value
    wrong = [unit for unit, value in net.items() if (value > 0 if sign == "<=" else value)]
    return named(rows[unit] for unit in wrong)[:MOST]


def torn(engine: Engine, fid: FigureId, window: Window, dim: str) -> Records:
    """Records of units that fall into more than one group of a dimension (two sheets of a visit in two grids)."""
    groups: dict[str, set[str]] = {}
    rows: dict[str, list[Evidence]] = {}
    for group, row in engine.grouped_evidence(fid, window, dim):
        groups.setdefault(row.unit, set()).add(group)
        rows.setdefault(row.unit, []).append(row)
    return named(row for unit, found in groups.items() if len(found) > 1 for row in rows[unit])[:MOST]
