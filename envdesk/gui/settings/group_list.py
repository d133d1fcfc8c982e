"""The groups of the settings at the left: one stop of the Tab key, ↑ ↓ go from group to group."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme

GAP, TEXT_AT = 2, 36


class GroupList(QWidget):
    """Groups with an icon; an amber dot where something waits.

    Signals:
        chosen: id of the group the user went to.
        entered: Enter on the current one.
    """

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, theme: Theme, groups: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._theme = theme
        self.groups = tuple(groups)
        self.current = self.groups[0][0]
        self.marked: frozenset[str] = frozenset()
        self.found: frozenset[str] | None = None
        self._hover = -1
        theme.fix(self, width=tokens.RAIL)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "own")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._describe()

    def set_current(self, group: str) -> None:
        """Mark a group without telling."""
        self.current = group
        self._describe()
        self.update()

    def mark(self, groups: Collection[str]) -> None:
        """Put a dot at groups where something waits."""
        self.marked = frozenset(groups)
        self.update()

    def show_found(self, groups: Collection[str] | None) -> None:
        """Make the groups soft in which a search found nothing; None = no search."""
        self.found = None if groups is None else frozenset(groups)
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(next(title for name, title, _icon in self.groups if name == self.current))

    def sizeHint(self) -> QSize:
        return self._theme.size(tokens.RAIL, len(self.groups) * (tokens.ROW + GAP))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def current_box(self) -> QRect:
        """Return where the current group is."""
        return self._box([name for name, _title, _icon in self.groups].index(self.current))

    def _box(self, n: int) -> QRect:
        high, gap = self._theme.px(tokens.ROW), self._theme.px(GAP)
        return QRect(0, n * (high + gap), self.width(), high)

    def _at(self, event: QMouseEvent) -> int:
        where = event.position().toPoint()
        return next((n for n in range(len(self.groups)) if self._box(n).contains(where)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event)
        if at >= 0:
            self._choose(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = -1
        self.update()

    def _choose(self, n: int) -> None:
        self.set_current(self.groups[n][0])
        self.chosen.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = [name for name, _title, _icon in self.groups]
        at, key = names.index(self.current), event.key()
        steps = {Qt.Key.Key_Down: at + 1, Qt.Key.Key_Up: at - 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(names) - 1}
        to = steps.get(Qt.Key(key))
        if to is not None:
            if 0 <= to < len(names) and to != at:
                self._choose(to)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, (name, title, icon) in enumerate(self.groups):
            self._paint_line(painter, self._box(n), name, title, icon, hovered=n == self._hover)

    def _paint_line(self, painter: QPainter, box: QRect, name: str, title: str, icon: str, *, hovered: bool) -> None:
        theme, px = self._theme, self._theme.px
        here = name == self.current and self.found is None
        radius = px(tokens.RADIUS)
        if here or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green_tint" if here else "hover"))
            painter.drawRoundedRect(box, radius, radius)
        if here and self.hasFocus():
            painter.setPen(QPen(theme.colour("blue"), px(tokens.FOCUS)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), radius, radius)
        ink = "green" if here else "text" if self.found is None or name in self.found else "soft"
        side = px(tokens.ICON)
        picture = theme.pixmap(icon, "green" if here else "soft", tokens.ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + px(10), box.center().y() - side // 2 + 1, picture)
        painter.setFont(theme.font("body", bold=here))
        painter.setPen(theme.colour(ink))
        painter.drawText(box.adjusted(px(TEXT_AT), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), title)
        if name in self.marked:
            dot = px(tokens.S2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("amber"))
            painter.drawEllipse(box.right() - dot - px(tokens.S2), box.center().y() - dot // 2, dot, dot)
