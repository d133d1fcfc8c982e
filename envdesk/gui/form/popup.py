"""The list under a field: choices, records, people. The focus stays in the line; keys reach the list from there."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER
from envdesk.gui.theme import Theme
from envdesk.gui.tips import show_tip

MOST, ENOUGH, LEAST = 9, 5, 2
"""Lines shown at once: as many as there is room for on one side of the field, which stays in sight; under it when there
is room for enough of them."""
HIGH = 30
WIDE, WIDEST = 260, 760


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list.

    Attributes:
        value: what is picked; ``text`` its words, ``beside`` soft words after them.
        level: indented for a lower word; ``checked`` True or False paints a box, None none.
        icon: drawn before the text ("plus" of 新建).
        off: shown, cannot be picked.
    """

    value: Any
    text: str
    beside: str = ""
    level: int = 0
    checked: bool | None = None
    icon: str = ""
    off: bool = False


class Popup(QWidget):
    """A list over the window, under (or over) a widget.

    Signals:
        picked: the :class:`Item` the user took.
        closed: it went away without a pick.
    """

    picked = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, under: QWidget) -> None:
        super().__init__()
        self._theme, self._under = theme, under
        self.items: tuple[Item, ...] = ()
        self.current = -1
        self._top = 0
        self._most = MOST
        self._watched: list[QObject] = []
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        under.destroyed.connect(self.deleteLater)
        self.hide()

    # ---- showing -------------------------------------------------------------------------------------------------
    def offer(self, items: Sequence[Item], current: int = 0) -> None:
        """Show *items* with one of them current; none hides it."""
        self.items = tuple(items)
        if not self.items:
            self.hide()
            return
        self.current = -1
        self._move_to(min(current, len(self.items) - 1), 1)
        self._place()
        if not self.isVisible():
            self.show()
            self._watch()
        self.raise_()
        self.update()

    def refresh(self, items: Sequence[Item]) -> None:
        """Show changed items, the place in the list kept."""
        self.items = tuple(items)
        self.update()

    @property
    def row(self) -> Item | None:
        """The current item."""
        return self.items[self.current] if 0 <= self.current < len(self.items) else None

    def _place(self) -> None:
        window = self._under.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        px = self._theme.px
        longest = max(self._wanted(i) for i in self.items) + 2 * px(tokens.S1)
        wide = max(self._under.width(), min(longest, px(WIDEST)))
        at = self._under.mapTo(
            window, QPoint(0, 0)
        ).x()  # it stands under its field as long as the field is wide enough
        most = window.width() - px(tokens.S2) - max(at, px(tokens.S2))
        wide = min(wide, max(most, self._under.width(), px(WIDE)), window.width() - 2 * px(tokens.S2))
        gap = px(tokens.S1)
        above = self._under.mapTo(window, QPoint(0, 0)).y() - 2 * gap
        start = above + self._under.height() + 3 * gap
        below = window.height() - start - gap
        rows = min(len(self.items), MOST)
        under = below >= min(rows, ENOUGH) * px(HIGH) + 2 * gap or below >= above
        self._most = max(min(MOST, ((below if under else above) - 2 * gap) // px(HIGH)), LEAST)
        self._top = max(min(self._top, self.current), self.current - self._most + 1, 0)
        high = min(rows, self._most) * px(HIGH) + 2 * gap
        corner = self._under.mapTo(window, QPoint(0, self._under.height() + gap))
        top = corner.y() if under else above + gap - high
        left = max(px(tokens.S2), min(corner.x(), window.width() - wide - px(tokens.S2)))
        self.setGeometry(left, top, wide, high)

    def _wanted(self, item: Item) -> int:
        """Return how wide a line is in full."""
        px = self._theme.px
        wide = 2 * px(tokens.S2) + px(16 * item.level) + self._theme.metrics("table").horizontalAdvance(item.text)
        wide += px(16 + tokens.S2) * ((item.checked is not None) + bool(item.icon))
        beside = self._theme.metrics("caption").horizontalAdvance(item.beside) + px(tokens.S5) if item.beside else 0
        return wide + beside + px(tokens.S1)

    def _watch(self) -> None:
        above: QWidget | None = self._under
        while above is not None:
            above.installEventFilter(self)
            self._watched.append(above)
            above = above.parentWidget() if not above.isWindow() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and watched is self._under and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, *ENTER) and not event.modifiers():
                event.accept()  # for the list, not for the page
                return True
            return False
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide) and self.isVisible():
            seen = self._under.isVisible() and not self._under.visibleRegion().isEmpty()
            if seen and event.type() != QEvent.Type.Hide:
                self._place()
            else:
                self.hide()
        return False

    def hideEvent(self, event: object) -> None:
        for watched in self._watched:
            watched.removeEventFilter(self)
        self._watched.clear()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._at(event.pos())
            item = self.items[row] if row >= 0 else None
            cut = item is not None and self._wanted(item) > self.width() - 2 * self._theme.px(tokens.S1)
            return show_tip(event, self, f"{item.text}\n{item.beside}" if item and cut else "", self.rect())
        return super().event(event)

    # ---- keys and mouse ------------------------------------------------------------------------------------------
    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key pressed in the line; True when it was for the list."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        page = self._most - 1
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        if key in steps:
            step = steps[Qt.Key(key)]
            self._move_to(max(0, min(self.current + step, len(self.items) - 1)), 1 if step > 0 else -1)
            return True
        if key in ENTER and self.row is not None:
            self._pick(self.current)
            return True
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self.hide()
            self.closed.emit()
            return True
        return False

    def _move_to(self, index: int, step: int) -> None:
        while 0 <= index < len(self.items) and self.items[index].off:
            index += step
        if not 0 <= index < len(self.items):
            return
        self.current = index
        self._top = max(min(self._top, index), index - self._most + 1)
        self._top = max(0, min(self._top, len(self.items) - self._most))
        self.update()

    def _pick(self, index: int) -> None:
        item = self.items[index]
        if item.off:
            return
        if item.checked is None:
            self.hide()
        self.current = index
        self.picked.emit(item)

    def _at(self, point: QPoint) -> int:
        row = (point.y() - self._theme.px(tokens.S1)) // self._theme.px(HIGH) + self._top
        return row if 0 <= row < len(self.items) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint())
        if index >= 0 and not self.items[index].off:
            self.current = index
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._pick(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = -1 if event.angleDelta().y() > 0 else 1
        self._top = max(0, min(self._top + step, len(self.items) - self._most))
        self.update()
        event.accept()

    # ---- painting ------------------------------------------------------------------------------------------------
    def sizeHint(self) -> QSize:
        return self._theme.size(WIDE, HIGH * MOST)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("paper"))
        painter.setPen(QPen(theme.colour("edge"), px(tokens.HAIR)))
        painter.setBrush(theme.colour("paper"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        for n in range(self._top, min(self._top + self._most, len(self.items))):
            top = px(tokens.S1) + (n - self._top) * px(HIGH)
            self._paint_item(painter, n, QRect(px(tokens.S1), top, self.width() - 2 * px(tokens.S1), px(HIGH)))
        if len(self.items) > self._most:
            high = self.height() - 2 * px(tokens.S1)
            bar = high * self._most // len(self.items)
            top = px(tokens.S1) + (high - bar) * self._top // (len(self.items) - self._most)
            painter.fillRect(QRect(self.width() - px(5), top, px(3), bar), theme.colour("mute"))

    def _paint_item(self, painter: QPainter, n: int, room: QRect) -> None:
        theme, px, item = self._theme, self._theme.px, self.items[n]
        if n == self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green_tint"))
            painter.drawRoundedRect(room, px(tokens.RADIUS_CHIP), px(tokens.RADIUS_CHIP))
        x = room.left() + px(tokens.S2) + px(16) * item.level
        ratio = self.devicePixelRatioF()
        if item.checked is not None:
            paint_box(
                painter, QRect(x, room.center().y() - px(8) + 1, px(16), px(16)), theme, on=item.checked, ratio=ratio
            )
            x += px(16 + tokens.S2)
        if item.icon:
            painter.drawPixmap(x, room.center().y() - px(8) + 1, theme.pixmap(item.icon, "green", tokens.ICON, ratio))
            x += px(16 + tokens.S2)
        ink = "soft" if item.off else "green" if n == self.current or item.icon else "text"
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font("table"))
        metrics, soft = theme.metrics("table"), theme.metrics("caption")
        right = room.right() - px(tokens.S2)
        text = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, right - x)
        painter.drawText(QRect(x, room.top(), right - x, room.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        x += metrics.horizontalAdvance(text) + px(tokens.S3)
        if item.beside and right - x > px(tokens.S2):
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("soft"))
            beside = soft.elidedText(item.beside, Qt.TextElideMode.ElideMiddle, right - x)  # state and number stay
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRect(x, room.top(), right - x, room.height()), int(align), beside)


def paint_box(painter: QPainter, box: QRect, theme: Theme, *, on: bool, ratio: float = 1.0) -> None:
    """Draw a check box."""
    radius = theme.px(tokens.RADIUS_BOX)
    painter.setPen(QPen(theme.colour("green" if on else "edge"), theme.px(tokens.HAIR)))
    painter.setBrush(theme.colour("green" if on else "paper"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if on:
        size = theme.px(tokens.ICON_SMALL)
        drawn = theme.pixmap("check", "on_green", tokens.ICON_SMALL, ratio)
        painter.drawPixmap(box.center().x() - size // 2 + 1, box.center().y() - size // 2 + 1, drawn)
