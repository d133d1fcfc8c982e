"""The rows of an own report table while it is put together."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.own_desk import Line

_INDENT, _PART = "\u3000", "\u3000\u3000其中："


class RowsList(ChoiceList):
    """↑ ↓ go from line to line, Ctrl+↑ ↓ move it, Insert adds behind it, Delete takes it out, F2 changes its words.

    Signals:
        shifted: move the current line up (-1) or down (1).
        wanted: another figure is to be added.
        removed: take the current line out.
        worded: the words of the current line are to be changed.
        current: another line is current.
    """

    shifted = Signal(int)
    wanted = Signal()
    removed = Signal()
    worded = Signal()
    current = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _("报表的行"))
        self.lines: Sequence[Line] = ()
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.current.emit())

    def show_lines(self, lines: Sequence[Line], at: tuple[int, int] | None) -> None:
        """Show other lines, one of them current."""
        self.lines = lines
        items = []
        for line in lines:
            lead = "" if line.row < 0 else _PART if line.part else _INDENT
            note = _("类别") if line.row < 0 else "" if line.known else _("没有这个指标")
            items.append(Item(f"{line.category}:{line.row}", lead + line.title, note, "soft" if line.known else "red"))
        wanted = f"{at[0]}:{at[1]}" if at is not None else ""
        self.fill(items, wanted if any(i.id == wanted for i in items) else items[0].id if items else "")

    @property
    def line(self) -> Line | None:
        """The current line."""
        number = self.currentIndex().row()
        return self.lines[number] if 0 <= number < len(self.lines) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shifted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif not held and key == Qt.Key.Key_Insert:
            self.wanted.emit()
        elif not held and key == Qt.Key.Key_Delete:
            self.removed.emit()
        elif not held and key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.worded.emit()
        else:
            super().keyPressEvent(event)
