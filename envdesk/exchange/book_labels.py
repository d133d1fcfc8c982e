"""What a sheet says around its cells: by its labels it is known again next month, and a moved cell is followed.

A label is a text that is no value. The words of a cell are the labels to the left in its row and those above in its
column, merged ones for all their cells. Numbers, figures with a sign and the period in a heading say nothing: they
change from month to month.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from envdesk.exchange.book_grid import Grid, Place

_VALUE = re.compile(
    r"[+\-±]?[\d,.]+(?:e[+-]?\d+)?(?:%|‰|个百分点|\*)*|[—\-/\\]+|持平|无|n/a|#n/a|", re.IGNORECASE
)  # fmt: skip
_PERIOD = re.compile(
    r"(?:19|20)\d\d(?:年度?|[-./])(?:\d{1,2}(?:[-—~至]\d{1,2})?(?:月份?|[-./])?(?:\d{1,2}日?)?|第?[一二三四1-4]季度|[上下]半年|全年)?"
)
LIKE = 0.6
"""Share of the labels that must be the same for a sheet to be taken for one that is known."""
MOST_ROWS, MOST_COLUMNS = 2_000, 200
"""Part of a sheet that is looked at for labels: forms of a superior are smaller."""


def plain(text: str) -> str:
    """A label without spaces and without the period it speaks of."""
    return _PERIOD.sub("期", "".join(unicodedata.normalize("NFKC", text).split()))


def is_label(text: str) -> bool:
    """True for words that name something; values and marks for “nothing” do not."""
    return not _VALUE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))


@dataclass(frozen=True, slots=True)
class Words:
    """The labels of a cell: ``row`` from the left, ``column`` from above; the nearest last.

    Attributes:
        right: columns from the nearest label at the left to the cell.
        down: rows from the nearest label above to the cell. ``into`` columns from the first one of that label.
    """

    row: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    right: int = 0
    down: int = 0
    into: int = 0

    def same_texts(self, other: Words) -> bool:
        """True when the labels are the same, wherever they stand."""
        return self.row == other.row and self.column == other.column

    @property
    def near(self) -> tuple[str, str]:
        """The nearest label to the left and the nearest one above."""
        return (self.row[-1] if self.row else "", self.column[-1] if self.column else "")


NO_WORDS = Words()


@dataclass
class Labels:
    """The labels of a sheet.

    Attributes:
        at: cell → label; only first cells of merged ranges.
    """

    grid: Grid
    at: dict[Place, str]
    _words: dict[Place, Words] = field(default_factory=dict)

    def words(self, place: Place) -> Words:
        """Return the labels of a cell."""
        if place not in self._words:
            left, above = self.left(place), self.above(place)
            self._words[place] = Words(
                tuple(self.at[a] for a in left),
                tuple(self.at[a] for a in above),
                place[1] - self.edge(left[-1]) if left else 0,
                place[0] - self.bottom(above[-1]) if above else 0,
                place[1] - above[-1][1] if above else 0,
            )
        return self._words[place]

    def left(self, place: Place) -> list[Place]:
        """Labels left of a cell in its row, the nearest last."""
        return list(dict.fromkeys(self._anchors((place[0], n) for n in range(1, place[1]))))

    def above(self, place: Place) -> list[Place]:
        """Labels above a cell in its column, the nearest last."""
        return list(dict.fromkeys(self._anchors((n, place[1]) for n in range(1, place[0]))))

    def bottom(self, place: Place) -> int:
        """Last row of a label."""
        return self.grid.merged.get(place, (*place, *place))[2]

    def edge(self, place: Place) -> int:
        """Last column of a label."""
        return self.grid.merged.get(place, (*place, *place))[3]

    def under(self, text: str, gap: int) -> list[Place]:
        """Cells *gap* rows under the labels of one text, in each of their columns."""
        spread = _spread(self, text, across=True)
        return [(self.bottom(place) + 1 + gap, c) for place, columns in spread for c in columns]

    def _anchors(self, places: Iterable[Place]) -> Iterable[Place]:
        for place in places:
            anchor = self.grid.anchor(place)
            if anchor in self.at:
                yield anchor

    @property
    def fingerprint(self) -> str:
        """A hash over labels with their places and over merged ranges: two prints of one form are the same."""
        lines = [sorted((r, c, text) for (r, c), text in self.at.items()), sorted(self.grid.merges)]
        return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()

    def alike(self, texts: Iterable[str]) -> float:
        """Share of labels in common with *texts*, 0 to 1."""
        mine, other = Counter(self.at.values()), Counter(texts)
        both = sum((mine & other).values())
        whole = max(sum(mine.values()), sum(other.values()))
        return both / whole if whole else 0.0


def labels(grid: Grid, without: Collection[Place] = ()) -> Labels:
    """Find the labels of a sheet.

    Args:
        grid: the sheet.
        without: cells that are filled in; a text there is a value of last month.
    """
    skip = set(without)
    found = {
        place: plain(cell.text)
        for place, cell in grid.cells.items()
        if cell.kind == "text" and cell.formula is None and place not in skip and is_label(cell.text)
        and place[0] <= MOST_ROWS and place[1] <= MOST_COLUMNS
    }  # fmt: skip
    return Labels(grid, {place: text for place, text in found.items() if text and grid.anchor(place) == place})


def find(new: Labels, words: Words) -> Place | None:
    """Return where a cell stands now, by its labels; None when that can not be told.

    Args:
        new: labels of the sheet as it is now.
        words: the labels of the cell when it was bound.
    """
    if not words.row or not words.column:
        return _beside(new, words)
    rows = {r for _place, rows in _spread(new, words.row[-1]) for r in rows}
    columns = {c for _place, columns in _spread(new, words.column[-1], across=True) for c in columns}
    places = {new.grid.anchor((r, c)) for r in rows for c in columns} - new.at.keys()
    exact = [p for p in places if new.words(p).same_texts(words)]
    if exact:
        return exact[0] if len(exact) == 1 else None
    near = [p for p in places if new.words(p).near == words.near]
    return near[0] if len(near) == 1 else None


def _beside(new: Labels, words: Words) -> Place | None:
    """A cell with one label only: right next to it, when it stood so and the label is there once."""
    if words.row and words.right == 1:
        found = [(p[0], new.edge(p) + 1) for p, text in new.at.items() if text == words.row[-1]]
    elif words.column and words.down == 1:
        found = [(new.bottom(p) + 1, p[1] + words.into) for p, text in new.at.items() if text == words.column[-1]]
    else:
        return None
    return new.grid.anchor(found[0]) if len(found) == 1 else None


def _spread(new: Labels, text: str, *, across: bool = False) -> list[tuple[Place, range]]:
    """Labels of one text with the rows (or columns) they speak for."""
    out = []
    for place, found in new.at.items():
        if found == text:
            m = new.grid.merged.get(place, (*place, *place))
            out.append((place, range(m[1], m[3] + 1) if across else range(m[0], m[2] + 1)))
    return out


def to_json(words: Words) -> Mapping[str, Any]:
    """For the data file."""
    return {"row": words.row, "column": words.column, "at": (words.right, words.down, words.into)}


def from_json(raw: Mapping[str, Any]) -> Words:
    """From the data file."""
    return Words(tuple(raw["row"]), tuple(raw["column"]), *raw["at"])
