"""From blocks to pages: every block becomes a piece of known height; pieces are placed, cut or moved on.

A piece that *sticks* (signatures, notes) never begins a page alone: the piece before it leaves something for that page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from envdesk.reports.canvas import Page


class Piece(Protocol):
    """Something to place on a page."""

    @property
    def height(self) -> float:
        """Height in points."""
        ...

    @property
    def least(self) -> float:
        """Least height with which it may begin on a page."""
        ...

    def split(self, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
        """Cut into what fits into *room* points and the rest; *leave* > 0 asks that something stays for the rest."""
        ...

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw at the left upper corner."""
        ...


@dataclass(frozen=True, slots=True)
class Item:
    """A piece and its place in the flow: ``gap`` above it (not at the top of a page), ``sticks`` to the piece above."""

    piece: Piece
    gap: float = 0.0
    sticks: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and its upper edge on a page."""

    piece: Piece
    y: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The upper edge of the type area on the first and on other pages, and its lower edge, in points from the top."""

    first: float
    other: float
    floor: float


#: Rows that a table leaves for a last page, so that signatures do not stand under a single row.
LEAVE = 3


def paginate(items: Sequence[Item], frame: Frame) -> list[list[Placed]]:
    """Place all pieces. Nothing is refused and nothing is cut off: what is too tall goes on over the next page."""
    pages: list[list[Placed]] = [[]]
    queue, y = list(items), frame.first
    while queue:
        item = queue[0]
        top = y + (item.gap if pages[-1] else 0.0)
        room = frame.floor - top
        head, tail = _offer(item, queue[1:], room, at_top=not pages[-1])
        if head is not None:
            pages[-1].append(Placed(head, top))
            y = top + head.height
        if tail is None:
            queue.pop(0)
            continue
        queue[0] = Item(tail, 0.0 if head is not None else item.gap, sticks=False)
        pages.append([])
        y = frame.other
    return pages


def _offer(item: Item, after: Sequence[Item], room: float, *, at_top: bool) -> tuple[Piece | None, Piece | None]:
    """Return what of the piece goes here and what goes to the next page."""
    piece = item.piece
    if piece.height <= room:
        if piece.height + _trail(after) <= room:
            return piece, None
        head, tail = _part_with(piece, room, LEAVE)
        if tail is not None and (head is not None or not at_top):
            return head, tail
        return piece, None
    head, tail = piece.split(room, 0)
    if head is None and at_top:
        return piece, None  # taller than a page and not to be cut: better over the edge than an error
    return head, tail


def _part_with(piece: Piece, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
    for rows in range(leave, 0, -1):
        head, tail = piece.split(room, rows)
        if head is not None:
            return head, tail
    return None, piece


def _trail(after: Sequence[Item]) -> float:
    """Height that must follow on the same page."""
    total = 0.0
    for item in after:
        if not item.sticks:
            break
        total += item.gap + item.piece.least
        if item.piece.least < item.piece.height:
            break
    return total
