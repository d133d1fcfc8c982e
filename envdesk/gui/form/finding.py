"""Finding records and people for the pickers, on the database thread, the newest question winning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from PySide6.QtCore import QObject

from envdesk.formdef.model import Field
from envdesk.gui.operations import Operations
from envdesk.present import form_desk, picker
from envdesk.present.picker import Item


class Finder:
    """Asks the desk. Results of an older question of the same owner are dropped."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._asked: dict[int, int] = {}

    def seek(
        self, field: Field, text: str, done: Callable[[Sequence[Item]], object], *, day: str = "", owner: QObject
    ) -> None:
        """Find what *field* offers for *text*."""
        turn = self._asked[id(owner)] = self._asked.get(id(owner), 0) + 1

        def arrived(found: Sequence[Item]) -> None:
            if self._asked.get(id(owner)) == turn:
                done(found)

        self._operations.read(lambda w: picker.find(w.desk, field, text, day=day), arrived, owner=owner)

    def forget(self, owner: QObject) -> None:
        """Drop what is still on its way to *owner*."""
        self._asked[id(owner)] = self._asked.get(id(owner), 0) + 1


def told(item: Item) -> str:
    """Soft words that tell an item from others of its name: why it is offered, its state, number and place."""
    return " · ".join(t for t in (item.mark, item.chip.word if item.chip else "", item.detail) if t)


@lru_cache(maxsize=4096)
def initials(word: str) -> str:
    """Pinyin initials of a word of a choice list."""
    return form_desk.initials(word).lower()


def fits(typed: str, word: str) -> bool:
    """Tell whether what is typed means *word*: a part of it or the beginning of its pinyin initials."""
    small = typed.strip().lower()
    return not small or small in word.lower() or initials(word).startswith(small)
