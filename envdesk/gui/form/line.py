"""The line that editors are made of: unit or icon inside, one popup list, Enter, F4 and Esc told apart."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER
from envdesk.gui.theme import Theme
from envdesk.gui.tips import paint_cut

if TYPE_CHECKING:
    from envdesk.gui.form.popup import Popup

_BREAKS = re.compile(r"[\r\n\t\u2028\u2029\x0b\x0c]+")
SIDE = 10


class Mark(QWidget):
    """An icon inside a line that can be pressed; the key does the same."""

    def __init__(self, theme: Theme, icon: str, on: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._on = theme, icon, on
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._on()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = self._theme.px(tokens.ICON)
        drawn = self._theme.pixmap(self._icon, "soft", tokens.ICON, self.devicePixelRatioF())
        QPainter(self).drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, drawn)


class Line(QLineEdit):
    """A line of text.

    Args:
        theme: colours and sizes.
        unit: words at the right inside.
        icon: icon at the right inside, and what pressing it or F4 does.
        on_icon: see icon.

    Signals:
        passed: Enter.
        left: the focus left it.
        asked: F4 or Alt+Down (also the icon).
    """

    passed = Signal()
    left = Signal()
    entered = Signal()
    asked = Signal()

    def __init__(self, theme: Theme, *, unit: str = "", icon: str = "") -> None:
        super().__init__()
        self.theme = theme
        self.popup: Popup | None = None
        self.unit = unit
        self.mark = Mark(theme, icon, self._ask, self) if icon else None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._flatten)
        self._margins()

    # ---- inside --------------------------------------------------------------------------------------------------
    def set_unit(self, unit: str) -> None:
        """Change the words at the right."""
        self.unit = unit
        self._margins()
        self.update()

    def _margins(self) -> None:
        right = self.theme.metrics("table").horizontalAdvance(self.unit) + self.theme.px(tokens.S1) if self.unit else 0
        if self.mark is not None:
            right += self.theme.px(tokens.ICON + tokens.S1)
        self.setTextMargins(0, 0, right, 0)

    def _ask(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.asked.emit()

    def _flatten(self, text: str) -> None:
        if _BREAKS.search(text):
            at = self.cursorPosition()
            before = _BREAKS.sub(" ", text[:at])
            self.setText(_BREAKS.sub(" ", text))
            self.setCursorPosition(len(before))

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(120), self.theme.px(tokens.CONTROL))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(48), self.theme.px(tokens.CONTROL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._margins()
        if self.mark is not None:
            wide = self.theme.px(tokens.ICON + SIDE + tokens.S1)
            self.mark.setGeometry(self.width() - wide, 0, wide, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not paint_cut(self):
            super().paintEvent(event)
        if self.unit:
            painter = QPainter(self)
            painter.setFont(self.theme.font("table"))
            painter.setPen(self.theme.colour("soft"))
            right = self.theme.px(SIDE) + (self.theme.px(tokens.ICON + tokens.S1) if self.mark is not None else 0)
            box = self.rect().adjusted(0, 0, -right, 0)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self.unit)

    # ---- keys ----------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() < Qt.Key.Key_Escape and (self.popup is None or not self.popup.isVisible()):
            super().keyPressEvent(event)  # a character
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.popup is not None and self.popup.isVisible() and self.popup.take_key(event):
            return
        if event.key() in ENTER:
            if plain:
                self.passed.emit()
            else:
                event.ignore()
            return
        if event.key() == Qt.Key.Key_F4 and plain:
            self.asked.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        ):  # fmt: skip
            self.selectAll()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            return
        if self.popup is not None:
            self.popup.hide()
        self.deselect()
        self.left.emit()


class TextArea(QPlainTextEdit):
    """Several lines; grows with its text between *low* and *high* lines. Enter breaks the line, Tab and Shift+Enter move on (*enter*: the other way round).

    Signals:
        passed: Enter.
        left: the focus left it.
        pictures: mime data of pictures or files that were pasted into it.
    """

    passed = Signal()
    left = Signal()

    def __init__(self, theme: Theme, *, low: int = 2, high: int = 10, role: str = "body", enter: bool = False) -> None:
        super().__init__()
        self.theme, self._low, self._high, self._enter = theme, low, high, enter
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._role = role
        self._tabs()
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._lines = 0
        self._grow()
        theme.changed.connect(self._rescale)

    def _rescale(self) -> None:
        self._lines = 0
        self._tabs()
        self._grow()

    def _tabs(self) -> None:
        """Margins, and tabs (pasted from a sheet) of two characters."""
        self.document().setDocumentMargin(self.theme.px(tokens.S1))
        self.setTabStopDistance(2 * self.theme.metrics(self._role).horizontalAdvance("字"))

    def _grow(self) -> None:
        lines = max(self._low, min(round(self.document().size().height()), self._high))
        if lines != self._lines:
            self._lines = lines
            metrics = self.theme.metrics(self._role)
            spare = 5 * self.theme.px(tokens.S1) + 2
            self.setFixedHeight(max(metrics.lineSpacing() * lines + spare, self.theme.px(tokens.CONTROL)))
            bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines == self._high else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            self.setVerticalScrollBarPolicy(bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._grow()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text().replace("\r\n", "\n").replace("\r", "\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            mods = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if mods & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
            elif (mods == Qt.KeyboardModifier.ShiftModifier) != self._enter:
                self.passed.emit()
            else:
                self.insertPlainText("\n")
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


def scroll_to(widget: QWidget) -> None:
    """Bring a widget into the visible part of the area it lies in."""
    from PySide6.QtWidgets import QScrollArea

    above: QObject | None = widget.parent()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parent()
    inner = above.widget() if isinstance(above, QScrollArea) else None
    if not isinstance(above, QScrollArea) or inner is None:
        return
    room = above.viewport().height()
    margin, top = room // 6, widget.mapTo(inner, QPoint(0, 0)).y()
    at, bottom = above.verticalScrollBar().value(), top + widget.height() + margin
    if bottom <= room and at > top - margin:  # going up, what is seen from the top is: no heading cut in half
        above.verticalScrollBar().setValue(0)
    else:
        above.ensureWidgetVisible(widget, 0, margin)
