"""The search of the whole desk: a field in the top bar (Ctrl+K) with its finds in a list below."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import measure_key, paint_key
from envdesk.gui.finds import Find, FindRow, Finds
from envdesk.gui.theme import Theme
from envdesk.gui.tips import paint_cut
from envdesk.i18n import _

__all__ = ["Find", "Finds", "LineField", "SearchBox"]
WIDE, HIGH = 600, 440
"""Width and greatest height of the finds."""
FIELD_SIDE = 10


class LineField(QLineEdit):
    """A line with an icon at its left and, at its right, a unit, a key hint or an icon that can be pressed."""

    def __init__(
        self,
        theme: Theme,
        placeholder: str = "",
        *,
        icon: str = "",
        unit: str = "",
        key: str = "",
        after: str = "",
        pressed: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._unit, self._key, self._after = theme, icon, unit, key, after
        self._whole_key = key
        self._pressed = pressed
        self.setPlaceholderText(placeholder)
        self._margins()
        theme.changed.connect(self._margins)

    def set_unit(self, unit: str) -> None:
        """Show another unit."""
        self._unit = unit
        self._margins()
        self.update()

    def _margins(self) -> None:
        px = self._theme.px
        left = px(tokens.ICON + tokens.S2) if self._icon else 0
        self._fits()
        self.setTextMargins(left, 0, self._right_width(), 0)

    def _fits(self) -> None:
        """Leave the key out where the sentence in an empty field would be cut with it and whole without it."""
        px = self._theme.px
        self._key = self._whole_key
        words = (
            self._theme.metrics("body").horizontalAdvance(self.placeholderText()) + 2 * px(FIELD_SIDE) + px(tokens.S2)
        )
        words += px(tokens.ICON + tokens.S2) if self._icon else 0
        key = measure_key(self._theme, self._key).width() + px(tokens.S2) if self._key else 0
        if words <= self.width() < words + key:
            self._key = ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._margins()

    def _right_width(self) -> int:
        px = self._theme.px
        wide = self._theme.metrics("table").horizontalAdvance(self._unit) + px(tokens.S2) if self._unit else 0
        wide += measure_key(self._theme, self._key).width() + px(tokens.S2) if self._key else 0
        return wide + (px(tokens.ICON + tokens.S2) if self._after else 0)

    def mouseReleaseEvent(self, event: Any) -> None:
        if self._after and self._pressed and event.position().x() > self.width() - self._theme.px(tokens.CONTROL):
            self._pressed()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not paint_cut(self):
            super().paintEvent(event)
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        size, ratio = px(tokens.ICON), self.devicePixelRatioF()
        top = (self.height() - size) // 2
        if self._icon:
            painter.drawPixmap(px(FIELD_SIDE), top, theme.pixmap(self._icon, "soft", tokens.ICON, ratio))
        right = self.width() - px(FIELD_SIDE)
        if self._after:
            painter.drawPixmap(right - size, top, theme.pixmap(self._after, "soft", tokens.ICON, ratio))
            right -= size + px(tokens.S2)
        if self._key:
            box = measure_key(theme, self._key)
            corner = QPoint(right - box.width(), (self.height() - box.height()) // 2)
            paint_key(painter, QRect(corner, box), self._key, theme)
            right -= box.width() + px(tokens.S2)
        if self._unit:
            painter.setFont(theme.font("table"))
            painter.setPen(theme.colour("soft"))
            painter.drawText(0, 0, right, self.height(), int(_RIGHT), self._unit)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SearchBox(LineField):
    """Searches while typing rests; ↓ ↑ move in the finds, Enter opens one, Esc goes back to where the focus was.

    Signals:
        asked: the words to look for; answer with :meth:`show_finds`.
        chosen: a :class:`Find`.
    """

    asked = Signal(str)
    chosen = Signal(object)

    def __init__(self, theme: Theme, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, placeholder, icon="search", key="Ctrl+K", parent=parent)
        self._back: QWidget | None = None
        self._answered = ""
        self.finds = Finds(self)
        self.list = QListView(self)
        self.list.setWindowFlags(Qt.WindowType.ToolTip)
        self.list.setProperty("kind", "popup")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self.finds)
        self._rows = FindRow(theme, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.list.clicked.connect(self._open)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(tokens.QUIET_MS)
        self._quiet.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)

    def start(self) -> None:
        """Take the focus, remembering where it was (Ctrl+K)."""
        self._back = self.window().focusWidget() if not self.hasFocus() else self._back
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_finds(self, words: str, finds: Sequence[Find], *, note: str = "", over: bool = True) -> None:
        """Show what was found for *words*; an answer to other words is dropped.

        Args:
            words: asked for.
            finds: the answer.
            note: sentence under it.
            over: nothing more comes; without finds that is said.
        """
        if words != self.text().strip() or not self.hasFocus():
            return
        if not finds and not over:
            return
        self._answered = words
        current = self.finds.find(self.list.currentIndex()) if self.list.isVisible() else None
        self.finds.fill(finds, note or ("" if finds else _("没有找到“{words}”。").format(words=words)))
        self._place()
        at = next((n for n in range(self.finds.rowCount()) if current and self.finds.row(n) == current), -1)
        self.list.setCurrentIndex(self.finds.index(at if at >= 0 else self.finds.next(-1, 1), 0))
        self.list.show()

    def _place(self) -> None:
        """Put the finds under the field, whole lines of them, not beyond the window."""
        px, window = self._theme.px, self.window()
        self._rows.measure(self.finds)
        below, frame = QPoint(0, self.height() + px(tokens.S2)), 2 * px(tokens.S1 + tokens.HAIR)
        at = self.mapTo(window, below)
        most, high = min(px(HIGH), window.height() - at.y() - px(tokens.S2) - frame), 0
        for row in map(self.finds.row, range(self.finds.rowCount())):
            if high and high + self._rows.height(row) > most:
                break
            high += self._rows.height(row)
        wide = max(self.width(), min(px(WIDE), window.width() - at.x() - px(tokens.S2)))
        self.list.setGeometry(QRect(self.mapToGlobal(below), QSize(wide, high + frame)))

    def leave(self) -> None:
        """Close the finds and give the focus back."""
        self._quiet.stop()
        self.list.hide()
        self.clear()
        if self._back is not None:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def _typed(self) -> None:
        if self.text().strip():
            self._quiet.start()
        else:
            self._quiet.stop()
            self.list.hide()

    def _ask(self) -> None:
        self.asked.emit(self.text().strip())

    def _open(self, index: QModelIndex) -> None:
        find = self.finds.find(index)
        if find is None:
            return
        self._quiet.stop()
        self.list.hide()
        self.clear()
        self.chosen.emit(find)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.list.currentIndex().row()
        shown = self.list.isVisible()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif shown and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.setCurrentIndex(self.finds.index(self.finds.next(row, 1 if key == Qt.Key.Key_Down else -1), 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if shown and self._answered == self.text().strip() and self.finds.find(self.list.currentIndex()):
                self._open(self.list.currentIndex())
            elif self.text().strip():
                self._quiet.stop()
                self._ask()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        self.list.hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self.list.hide()
