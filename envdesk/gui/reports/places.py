"""Where the figures stand on a printed page, as the composer says. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from envdesk.reports.document import Mark

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left corner of the page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: its row and, in it, the cell of the period's value (in running text the same)."""

    page: int
    row: Box
    cell: Box


def of_marks(marks: Iterable[Mark]) -> dict[str, Place]:
    """Where the figures stand: each at its first place."""
    out: dict[str, Place] = {}
    for mark in marks:
        out.setdefault(mark.figure, Place(mark.page, mark.row or mark.box, mark.box))
    return out
