"""Menus drawn from the tokens: tick, arrow and keys follow colours and scale, as the style sheet can not say."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import measure_key, paint_key
from envdesk.gui.theme import Theme

NUMBERED = 9
"""Lines that can be taken by a digit."""
_DIGIT = re.compile(r"&(\d) +(.*)")
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Menu(QMenu):
    """A menu in the colours in use. What follows a tab in the words of a line is its key.

    Args:
        theme: colours and sizes.
        parent: of the menu.
        title: its words in the menu it is part of.
        long: has many lines: they scroll, instead of standing in columns side by side.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None, title: str = "", *, long: bool = False) -> None:
        super().__init__(title, parent)
        if long:
            self.setStyleSheet("QMenu { menu-scrollable: 1; }")
        self._theme = theme
        hints = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        self.setWindowFlags(self.windowFlags() | hints)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # its corners are round

    def add_numbered(self, lines: Iterable[tuple[str, Callable[[], object]]]) -> None:
        """Add lines of which the first nine can be taken by a digit."""
        for number, (title, act) in enumerate(lines, 1):
            lead = f"&{number}  " if number <= NUMBERED else "    "
            self.addAction(lead + title.replace("&", "&&")).triggered.connect(lambda _on=False, act=act: act())

    def under(self, widget: QWidget, *, above: bool = False) -> None:
        """Open under *widget* or above it, within the window, its first line current."""
        gap, size, window = self._theme.px(tokens.S1), self.sizeHint(), widget.window()
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        at = widget.mapToGlobal(QPoint(0, widget.height() + gap))
        over = widget.mapToGlobal(QPoint(0, -gap)).y() - size.height()
        if above or (at.y() + size.height() > room.bottom() and over >= room.top()):
            at.setY(over)
        if at.x() + size.width() > room.right():
            at.setX(max(widget.mapToGlobal(QPoint(widget.width(), 0)).x() - size.width(), room.left()))
        self.popup(at)
        first = next((a for a in self.actions() if a.isEnabled() and a.isVisible() and not a.isSeparator()), None)
        if first is not None:
            self.setActiveAction(first)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt puts the menu of a button right at its edge; it keeps the same gap as one opened by :meth:`under`."""
        super().showEvent(event)
        gap, at = self._theme.px(tokens.S1), self.geometry()
        for button in self.menuAction().associatedObjects():
            if isinstance(button, QPushButton):
                box = QRect(button.mapToGlobal(QPoint(0, 0)), button.size())
                if at.top() == box.bottom() + 1:
                    self.move(at.left(), at.top() + gap)
                elif at.bottom() + 1 == box.top():
                    self.move(at.left(), at.top() - gap)

    # ---- painting ------------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("edge"), px(tokens.HAIR)))
        painter.setBrush(theme.colour("paper"))
        half = px(tokens.HAIR) / 2
        frame = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(frame, px(tokens.RADIUS), px(tokens.RADIUS))
        shown = [a for a in self.actions() if a.isVisible()]
        indent = self._indent(shown)
        for action in shown:
            box = self.actionGeometry(action)
            if box.intersects(event.rect()):
                self._line(painter, action, box, indent)
        self._cut(painter, shown)

    def _indent(self, shown: list[QAction]) -> int:
        """Where words begin: all below each other, after ticks or digits if a line has one."""
        px = self._theme.px
        if any(a.isCheckable() for a in shown):
            return px(tokens.S2 + tokens.BOX + tokens.S2)
        if any(_DIGIT.match(a.text()) for a in shown):
            return px(tokens.S2) + measure_key(self._theme, "1").width() + px(tokens.S2)
        return px(tokens.S3)

    def _line(self, painter: QPainter, action: QAction, box: QRect, indent: int) -> None:
        theme, px = self._theme, self._theme.px
        if action.isSeparator():
            inner = box.adjusted(px(tokens.S2), 0, -px(tokens.S2), 0)
            line = QRect(inner.left(), box.center().y(), inner.width(), px(tokens.HAIR))
            painter.fillRect(line, theme.colour("line"))
            return
        on = action is self.activeAction() and action.isEnabled()
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green_tint"))
            painter.drawRoundedRect(box, px(tokens.RADIUS_CHIP), px(tokens.RADIUS_CHIP))
        ink = "green" if on else "text" if action.isEnabled() else "soft"
        words, _tab, key = action.text().partition("\t")
        digit = _DIGIT.match(words)
        mark = QRect(box.left() + px(tokens.S2), box.top(), indent - 2 * px(tokens.S2), box.height())
        if digit is not None:
            size = measure_key(theme, digit[1])
            top = box.top() + (box.height() - size.height()) // 2
            paint_key(painter, QRect(mark.left(), top, size.width(), size.height()), digit[1], theme)
            words = digit[2]
        elif action.isCheckable() and action.actionGroup() is None:  # on or off by itself
            state = Qt.CheckState.Checked if action.isChecked() else Qt.CheckState.Unchecked
            from envdesk.gui.table_paint import paint_box  # tables: more than a start needs

            paint_box(painter, mark.center() + QPoint(1, 1), theme, state)
        elif action.isChecked():
            self._icon(painter, "check", "green", mark)
        right = box.adjusted(0, 0, -px(tokens.S3), 0)
        if action.menu() is not None:
            self._icon(painter, "chevron-right", "green" if on else "soft", right, at_end=True)
        elif key:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("green" if on else "soft"))
            painter.drawText(right, _RIGHT, key)
        painter.setFont(theme.font())
        painter.setPen(theme.colour(ink))
        painter.drawText(box.adjusted(indent, 0, 0, 0), _LEFT, words.strip())

    def _icon(self, painter: QPainter, name: str, colour: str, box: QRect, *, at_end: bool = False) -> None:
        theme = self._theme
        size = theme.px(tokens.ICON_SMALL)
        left = box.right() + 1 - size if at_end else box.left() + (box.width() - size) // 2
        drawn = theme.pixmap(name, colour, tokens.ICON_SMALL, self.devicePixelRatioF())
        painter.drawPixmap(left, box.center().y() + 1 - size // 2, drawn)

    def _cut(self, painter: QPainter, shown: list[QAction]) -> None:
        """Where a long menu goes on above or below, an arrow on its edge, over the lines that are cut there."""
        if not shown:
            return
        px = self._theme.px
        inner = self.rect().adjusted(px(tokens.RADIUS), px(tokens.HAIR), -px(tokens.RADIUS), -px(tokens.HAIR))
        strip = px(tokens.S4)
        for over, icon, top in (
            (self.actionGeometry(shown[0]).top() < inner.top(), "chevron-up", inner.top()),
            (self.actionGeometry(shown[-1]).bottom() > inner.bottom(), "chevron-down", inner.bottom() + 1 - strip),
        ):
            if over:
                box = QRect(inner.left(), top, inner.width(), strip)
                painter.fillRect(box, self._theme.colour("paper"))
                self._icon(painter, icon, "soft", box)
