"""What a search found, as a list with a heading over each group."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from envdesk.gui import tokens
from envdesk.gui.chips import ChipState, measure, paint_chip
from envdesk.gui.theme import Theme
from envdesk.gui.tips import show_tip

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
HEADING = 28


@dataclass(frozen=True, slots=True)
class Find:
    """One line of the finds: icon, words, what it is, and where it leads (parameters of ``ctx.go``).

    Attributes:
        what: soft words behind the text.
        group: finds of one group stand under a heading; "" = none.
        number: at the right; ``chip`` before it.
    """

    text: str
    what: str = ""
    icon: str = "file-text"
    page: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    number: str = ""
    chip: ChipState | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a group, or a sentence under the finds; the cursor passes it by."""

    text: str
    note: bool = False


class Finds(QAbstractListModel):
    """The finds as a list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Find | Heading] = []

    def fill(self, finds: Sequence[Find], note: str = "") -> None:
        """Show other finds, a heading where the group changes, and a sentence at the end."""
        rows: list[Find | Heading] = []
        group = ""
        for found in finds:
            if found.group and found.group != group:
                rows.append(Heading(found.group))
            group = found.group
            rows.append(found)
        if note:
            rows.append(Heading(note, note=True))
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> Find | Heading | None:
        """Return a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def find(self, index: Index) -> Find | None:
        """Return the find of a row, None for a heading."""
        found = self.row(index.row())
        return found if isinstance(found, Find) else None

    def next(self, number: int, step: int) -> int:
        """Return the next row that is a find in the direction of *step*, *number* itself when there is none."""
        to = number + step
        while 0 <= to < len(self._rows):
            if isinstance(self._rows[to], Find):
                return to
            to += step
        return number

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return found.text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and isinstance(found, Find):
            return " ".join(p for p in (found.group, found.what, found.number) if p)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class FindRow(QStyledItemDelegate):
    """Draws a find: icon, words, what it is, its state and number at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number = self._chip = 0

    def measure(self, finds: Finds) -> None:
        """Make the columns of numbers and of states as wide as the widest of them."""
        rows = [f for n in range(finds.rowCount()) if isinstance(f := finds.row(n), Find)]
        words = self._theme.metrics("caption")
        self._number = max((words.horizontalAdvance(f.number) for f in rows if f.number), default=0)
        self._chip = max((measure(self._theme, f.chip).width() for f in rows if f.chip is not None), default=0)

    def height(self, row: Find | Heading | None) -> int:
        """Return the height of a row."""
        return self._theme.px(HEADING if isinstance(row, Heading) else tokens.ROW)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        return QSize(0, self.height(model.row(index.row()) if isinstance(model, Finds) else None))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        from PySide6.QtWidgets import QStyle  # brings 500 names of its own, none of which a start needs

        model = index.model()
        found = model.row(index.row()) if isinstance(model, Finds) else None
        inner = option.rect.adjusted(self._theme.px(tokens.S2), 0, -self._theme.px(tokens.S2), 0)
        if isinstance(found, Find):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            if selected:
                painter.fillRect(option.rect, self._theme.colour("green_tint"))
            self._paint_find(painter, inner, found, selected=selected)
        elif found is not None:
            painter.setFont(self._theme.font("caption", bold=not found.note))
            painter.setPen(self._theme.colour("soft"))
            painter.drawText(inner, int(_LEFT), found.text)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        model = index.model()
        found = model.find(index) if isinstance(model, Finds) else None
        box: QRect = option.rect  # type: ignore[attr-defined]
        cut = found is not None and self._wide(found) > box.width()
        return show_tip(event, view.viewport(), f"{found.text}\n{found.what}" if found and cut else "", box)

    def _wide(self, find: Find) -> int:
        """Return how much room a find would take whole."""
        theme, px, small = self._theme, self._theme.px, self._theme.metrics("caption")
        wide = 2 * px(tokens.S2) + px(tokens.ICON + tokens.S2) + theme.metrics("body").horizontalAdvance(find.text)
        for words in (find.what, find.number):
            wide += small.horizontalAdvance(words) + px(tokens.S3) if words else 0
        return wide + (measure(theme, find.chip).width() + px(tokens.S2) if find.chip is not None else 0)

    def _paint_find(self, painter: QPainter, inner: QRect, find: Find, *, selected: bool) -> None:
        theme, px = self._theme, self._theme.px
        icon = theme.pixmap(find.icon, "soft", tokens.ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(inner.left(), inner.center().y() - px(tokens.ICON) // 2 + 1, icon)
        inner.setLeft(inner.left() + px(tokens.ICON + tokens.S2))
        if find.number:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("soft"))
            painter.drawText(inner, int(_RIGHT), find.number)
        if self._number:
            inner.setRight(inner.right() - self._number - px(tokens.S3))
        if self._chip:
            box = QRect(inner.right() - self._chip + 1, inner.top(), self._chip, inner.height())
            if find.chip is not None:
                paint_chip(painter, box, find.chip, theme, selected=selected)
            inner.setRight(box.left() - px(tokens.S3))
        metrics = theme.metrics("body")
        what = theme.metrics("caption").horizontalAdvance(find.what) + 2 if find.what else 0
        room = max(inner.width() - (min(what, inner.width() // 3) + px(tokens.S3) if what else 0), 0)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        shown = metrics.elidedText(find.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, int(_LEFT), shown)
        if find.what:
            inner.setLeft(inner.left() + metrics.horizontalAdvance(shown) + px(tokens.S3))
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("soft"))
            rest = theme.metrics("caption").elidedText(find.what, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, int(_LEFT), rest)
