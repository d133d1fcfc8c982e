"""A row of words of which one holds: a period switch, 上午 / 下午, 符合 / 不符合 / 不涉及."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import KEY_SIDE, measure_key, paint_key
from envdesk.gui.theme import Theme


class Segments(QWidget):
    """One stop of the Tab key; ← → move, a number key chooses, Delete clears when empty is allowed.

    Args:
        theme: colours and sizes.
        items: (value, word) pairs.
        row: the small one inside a row.
        keys: paint 1 2 3 … before the words (they always work).
        optional: nothing may be chosen.
        bad: values whose choice is red (不符合).
        even: all segments equally wide, filling the room.

    Signals:
        changed: the value chosen by the user ("" = none).
    """

    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        items: Sequence[tuple[str, str]],
        *,
        row: bool = False,
        keys: bool = False,
        optional: bool = False,
        bad: Sequence[str] = (),
        even: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items = tuple(items)
        self._row, self._keys, self._optional, self._bad, self._even = row, keys, optional, frozenset(bad), even
        self._value = "" if optional or not items else items[0][0]
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        across = QSizePolicy.Policy.Expanding if even else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def value(self) -> str:
        """The chosen value, "" when none."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose without telling."""
        known = value in {v for v, _word in self._items}
        self._value = value if known else "" if self._optional else self._value
        self._describe()
        self.update()

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer other words; the value stays when it is still offered."""
        self._items = tuple(items)
        if self._value not in {v for v, _word in self._items}:
            self._value = "" if self._optional or not items else items[0][0]
        self.updateGeometry()
        self.update()

    def choose(self, value: str) -> None:
        """Choose as the user does: tell when it is another."""
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.changed.emit(self._value)

    def cell(self, index: int) -> QRect:
        """Return where a segment is."""
        return self._cells()[index]

    def _describe(self) -> None:
        word = next((w for v, w in self._items if v == self._value), "")
        self.setAccessibleDescription(word)

    def _widths(self) -> list[int]:
        side = self._theme.px(tokens.S3)
        widths = []
        for n, (_value, word) in enumerate(self._items):
            wide = self._theme.metrics("table", bold=True).horizontalAdvance(word) + 2 * side
            if self._keys:
                wide += measure_key(self._theme, str(n + 1)).width() + self._theme.px(tokens.S1)
            widths.append(wide)
        return widths

    def _cells(self) -> list[QRect]:
        widths = self._widths()
        if self._even and widths:
            total, n = self.width(), len(widths)
            edges = [round(total * i / n) for i in range(n + 1)]
            least = 2 * self._theme.px(tokens.S3 - tokens.S2)
            if max(widths) - least > total / n:  # a long word would touch its neighbours: what is left is shared evenly
                spare = (total - sum(widths)) / n
                edges = [round(sum(widths[:i]) + spare * i) for i in range(n + 1)]
            return [QRect(edges[i], 0, edges[i + 1] - edges[i], self.height()) for i in range(n)]
        cells, x = [], 0
        for wide in widths:
            cells.append(QRect(x, 0, wide, self.height()))
            x += wide
        return cells

    def _at(self, event: QMouseEvent) -> int:
        return next((i for i, c in enumerate(self._cells()) if c.contains(event.position().toPoint())), -1)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()), self._theme.px(tokens.CONTROL_ROW if self._row else tokens.CONTROL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event)
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.choose(self._items[index][0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        values = [v for v, _word in self._items]
        at = values.index(self._value) if self._value in values else -1
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) and at + 1 < len(values):
            self.choose(values[at + 1])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up) and at > 0:
            self.choose(values[at - 1])
        elif key == Qt.Key.Key_Home:
            self.choose(values[0])
        elif key == Qt.Key.Key_End:
            self.choose(values[-1])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._optional:
            self.choose("")
        elif event.text().isdigit() and 0 < int(event.text()) <= len(values):
            self.choose(values[int(event.text()) - 1])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            pass
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        hair = theme.px(tokens.HAIR)
        frame = QRectF(self.rect()).adjusted(hair / 2, hair / 2, -hair / 2, -hair / 2)
        if not self._even:
            frame.setWidth(sum(self._widths()) - hair)
        radius = theme.px(tokens.RADIUS)
        outline = QPainterPath()
        outline.addRoundedRect(frame, radius, radius)
        painter.fillPath(outline, theme.colour("paper" if self.isEnabled() else "ground"))
        painter.save()
        painter.setClipPath(outline)
        for n, cell in enumerate(self._cells()):
            self._paint_cell(painter, n, cell)
        painter.restore()
        painter.setPen(QPen(theme.colour("edge" if self.isEnabled() and not self._row else "mute"), hair))
        painter.drawPath(outline)

    def _paint_cell(self, painter: QPainter, n: int, cell: QRect) -> None:
        theme = self._theme
        value, word = self._items[n]
        on = value == self._value
        tone = "red" if value in self._bad else "green"
        if on or n == self._hover:
            painter.fillRect(cell, theme.colour(f"{tone}_tint" if on else "hover"))
        if n:
            painter.fillRect(QRect(cell.topLeft(), QSize(theme.px(tokens.HAIR), cell.height())), theme.colour("line"))
        font_width = theme.metrics("table", bold=on).horizontalAdvance(word)
        key = str(n + 1) if self._keys else ""
        key_width = measure_key(theme, key).width() + theme.px(tokens.S1) if key else 0
        side = theme.px(KEY_SIDE) if key else 0  # nothing is seen of the key's own border
        x = cell.left() + (cell.width() - font_width - key_width - side) // 2
        if key:
            size = measure_key(theme, key)
            box = QRect(x, cell.center().y() - size.height() // 2 + 1, size.width(), size.height())
            paint_key(painter, box, key, theme, ink=tone if on else "soft", edge=f"{tone}_tint" if on else "paper")
        painter.setFont(theme.font("table", bold=on))
        painter.setPen(theme.colour(tone if on else "text" if self.isEnabled() else "soft"))
        room = QRect(x + key_width, cell.top(), cell.right() - x - key_width, cell.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), word)
