"""Which formulas of a workbook depend on cells that were changed: what they last came to is no longer true.

Only references are read, no formula is understood. One that can not be told (names, tables, OFFSET, shared formulas
whose text stands elsewhere) counts as depending: it is worked out anew when the file is opened, nothing else happens.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from envdesk.exchange.book_grid import MOST_COLUMN, MOST_ROW, Place, Range, read_name
from envdesk.exchange.sheets import column_number

#: Functions whose result depends on more than their arguments say.
_FREE = frozenset({"OFFSET", "INDIRECT", "TODAY", "NOW", "RAND", "RANDBETWEEN", "CELL", "INFO", "GETPIVOTDATA"})
_STRING = re.compile(r'"(?:[^"]|"")*"')
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[\w.]+)!)?"
_CELLS = re.compile(
    _SHEET + r"\$?(?P<a>[A-Z]{1,3}\$?\d{1,7})(?::\$?(?P<b>[A-Z]{1,3}\$?\d{1,7}))?(?![\w(!.])", re.IGNORECASE
)
_COLUMNS = re.compile(_SHEET + r"\$?(?P<a>[A-Z]{1,3}):\$?(?P<b>[A-Z]{1,3})(?![\w(!.])", re.IGNORECASE)
_ROWS = re.compile(_SHEET + r"\$?(?P<a>\d{1,7}):\$?(?P<b>\d{1,7})(?![\w(!.])")
_FUNCTION = re.compile(r"([A-Z_][A-Z0-9_.]*)\s*\(", re.IGNORECASE)
_REST = re.compile(r"[^\W\d_]|[\[\]#{}!]", re.IGNORECASE)
_MOST_TESTS = 20_000_000

Spot = tuple[str, Place]


@dataclass(frozen=True, slots=True)
class Reads:
    """What a formula reads; ``anything`` = can not be told."""

    ranges: tuple[tuple[str, Range], ...]
    anything: bool = False


def reads(formula: str, sheet: str) -> Reads:
    """Return what a formula that stands on *sheet* refers to."""
    text = _STRING.sub(" ", formula)
    if not text.strip() or any(name.upper() in _FREE for name in _FUNCTION.findall(text)):
        return Reads((), anything=True)
    found: list[tuple[str, Range]] = []

    def note(match: re.Match[str], area: Range) -> str:
        name = match["sheet"]
        found.append((name.strip("'").replace("''", "'") if name else sheet, area))
        return " "

    def cells(match: re.Match[str]) -> str:
        a, b = read_name(match["a"].replace("$", "")), read_name((match["b"] or match["a"]).replace("$", ""))
        if a is None or b is None:
            return match[0]
        return note(match, (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))

    def columns(match: re.Match[str]) -> str:
        first, last = sorted((column_number(match["a"].upper()) + 1, column_number(match["b"].upper()) + 1))
        return note(match, (1, first, MOST_ROW, last))

    def rows(match: re.Match[str]) -> str:
        first, last = sorted((int(match["a"]), int(match["b"])))
        return note(match, (first, 1, last, MOST_COLUMN))

    text = _ROWS.sub(rows, _COLUMNS.sub(columns, _CELLS.sub(cells, text)))
    text = re.sub(r"\b(?:TRUE|FALSE)\b|\d(?:\.\d*)?E[+-]?\d+", " ", _FUNCTION.sub(" ", text), flags=re.IGNORECASE)
    return Reads(tuple(found), anything=bool(_REST.search(text)))


def depending(formulas: Mapping[Spot, str], changed: Collection[Spot]) -> set[Spot]:
    """Return the formulas that depend, directly or through others, on changed cells.

    Args:
        formulas: (sheet, place) → text.
        changed: cells with a new value.
    """
    known = {spot: reads(text, spot[0]) for spot, text in formulas.items()}
    names = {spot[0] for spot in (*formulas, *changed)}
    out = {
        spot
        for spot, r in known.items()
        if r.anything or any(name not in names and ":" in name for name, _a in r.ranges)
    }
    if len(formulas) * (len(changed) + len(out)) > _MOST_TESTS:
        return set(formulas)
    fresh: set[Spot] = {*changed, *out}
    while fresh:
        by_sheet: dict[str, list[Place]] = {}
        for name, place in fresh:
            by_sheet.setdefault(name, []).append(place)
        fresh = {spot for spot, r in known.items() if spot not in out and _hit(r.ranges, by_sheet)}
        out |= fresh
    return out


def _hit(ranges: Iterable[tuple[str, Range]], by_sheet: Mapping[str, list[Place]]) -> bool:
    return any(
        top <= r <= bottom and left <= c <= right
        for name, (top, left, bottom, right) in ranges
        for r, c in by_sheet.get(name, ())
    )
