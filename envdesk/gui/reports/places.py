"""Where the figures stand on a printed page, found by the text and the rules of the table. No Qt here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from envdesk.reports.document import Mark

TITLE, VALUE = "指标名称", "本期"
PART = "其中："
WATERMARK = str.maketrans("", "", "草稿")

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left corner of the page."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says: its size, its words with their boxes, its ruled lines.

    Attributes:
        across: horizontal rules as (y, from x, to x); ``down`` the x of vertical rules.
    """

    width: float
    height: float
    words: tuple[tuple[Box, str], ...]
    across: tuple[tuple[float, float, float], ...]
    down: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: its row and, in it, the cell of the period's value."""

    page: int
    row: Box
    cell: Box


@dataclass
class _Columns:
    """The columns of titles and values; continued pages may not repeat the head."""

    title: tuple[float, float] | None = None
    value: tuple[float, float] | None = None
    left: float = 0.0
    right: float = 0.0
    found: dict[str, Place] = field(default_factory=dict)


def of_marks(marks: Iterable[Mark]) -> dict[str, Place]:
    """Where the figures of running text stand: each at its first place."""
    out: dict[str, Place] = {}
    for mark in marks:
        out.setdefault(mark.figure, Place(mark.page, mark.box, mark.box))
    return out


def find(pages: Sequence[PageText], figures: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """Return where figures (id, title in the order of the table) stand; those not found are left out."""
    columns = _Columns()
    at = 0
    for number, page in enumerate(pages):
        _heads(page, columns)
        if columns.title is None or columns.value is None:
            continue
        for top, bottom, title in _rows(page, columns.title):
            match = next((n for n in range(at, len(figures)) if _same(figures[n][1], title)), None)
            if match is None:
                continue
            at = match + 1
            row = (columns.left, top, columns.right, bottom)
            cell = (columns.value[0], top, columns.value[1], bottom)
            columns.found[figures[match][0]] = Place(number, row, cell)
    return columns.found


def _heads(page: PageText, columns: _Columns) -> None:
    for (left, _top, right, _bottom), text in page.words:
        middle = (left + right) / 2
        name = _plain(text)
        if name in (TITLE, VALUE):
            before = [x for x in page.down if x <= middle]
            after = [x for x in page.down if x >= middle]
            if before and after:
                span = (max(before), min(after))
                if name == TITLE:
                    columns.title = span
                else:
                    columns.value = span
    if page.across:
        columns.left = min(a for _y, a, _b in page.across)
        columns.right = max(b for _y, _a, b in page.across)


def _rows(page: PageText, span: tuple[float, float]) -> Iterable[tuple[float, float, str]]:
    """Rows of the title column from above: top, bottom, words in it."""
    middle = (span[0] + span[1]) / 2
    edges = sorted({round(y, 1) for y, a, b in page.across if a <= middle <= b})
    inside = sorted((box[0], text, (box[1] + box[3]) / 2) for box, text in page.words if _in(box, span))
    for top, bottom in pairwise(edges):
        text = "".join(t for _x, t, centre in inside if top < centre < bottom)
        if text:
            yield top, bottom, text


def _in(box: Box, span: tuple[float, float]) -> bool:
    return span[0] - 1 <= box[0] and box[2] <= span[1] + 1


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _same(title: str, printed: str) -> bool:
    one, other = _plain(title), _plain(printed).replace(_plain(PART), "")
    one, other = one.translate(WATERMARK), other.translate(WATERMARK)  # the watermark may run through a word
    return one == other or sorted(one) == sorted(other)  # a title of two lines comes in another order
