"""The focus ring: one transparent overlay per window that follows the focus, blue, 2 px wide, 2 px outside.

A style sheet cannot draw outside a widget, and green would vanish on the green button. A view that shows its own
current row says so with the property ``ring`` = "own".
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme

_FOLLOWED = (
    QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest,
    QEvent.Type.EnabledChange,
)  # fmt: skip


class FocusRing(QWidget):
    """Draws the ring around the widget with the focus inside *window*."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._target: QWidget | None = None
        self._above: list[QObject] = []
        for attribute in (
            Qt.WidgetAttribute.WA_TransparentForMouseEvents,
            Qt.WidgetAttribute.WA_NoSystemBackground,
            Qt.WidgetAttribute.WA_TranslucentBackground,
        ):
            self.setAttribute(attribute)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - there is no widget without one
        app.focusChanged.connect(self._moved)
        theme.changed.connect(self.place)

    @property
    def target(self) -> QWidget | None:
        """The widget it is drawn around, None when there is none."""
        return self._target if self.isVisible() else None

    def place(self) -> None:
        """Put it around its target again."""
        box = self._box()
        if box is None:
            self.hide()
            return
        self.setGeometry(box)
        self.raise_()
        self.show()
        self.update()

    def _box(self) -> QRect | None:
        target, window = self._target, self.parentWidget()
        if target is None or window is None or not shiboken6.isValid(target) or not target.isVisible():
            return None
        if target.property("ring") == "own":
            return None
        out = self._theme.px(tokens.FOCUS) * 2
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size()).adjusted(-out, -out, out, out)
        area = target.parentWidget()
        while area is not None and area is not window:
            holder = area.parentWidget()
            if isinstance(holder, QScrollArea) and area is holder.viewport():
                shown = QRect(area.mapTo(window, QPoint(0, 0)), area.size())
                if not shown.intersects(box):
                    return None
                box = box.intersected(shown)
            area = holder
        return box

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not shiboken6.isValid(self):
            return
        for watched in self._above:
            if shiboken6.isValid(watched):
                watched.removeEventFilter(self)
        self._above.clear()
        window = self.parentWidget()
        inside = new is not None and window is not None and new is not window and window.isAncestorOf(new)
        self._target = _drawn_around(new) if inside and new is not None else None
        above = self._target
        while above is not None and above is not self.parentWidget():
            above.installEventFilter(self)
            self._above.append(above)
            above = above.parentWidget()
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self._theme.px(tokens.FOCUS)
        painter.setPen(QPen(self._theme.colour("blue"), width))
        radius = self._theme.px(tokens.RADIUS + tokens.FOCUS)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), radius, radius
        )


def _drawn_around(widget: QWidget) -> QWidget:
    """Return the widget the ring belongs to: the frame of a composed field, not the line inside it."""
    frame: QWidget | None = widget
    while frame is not None and not frame.isWindow():
        if frame.property("ring") == "here":
            return frame
        frame = frame.parentWidget()
    return widget


class _Lead(QObject):
    """Hands the focus of a widget on."""

    def __init__(self, widget: QWidget, to: Callable[[], QWidget | None]) -> None:
        super().__init__(widget)
        self._to = to
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        target = self._to() if event.type() == QEvent.Type.FocusIn else None
        if target is not None and isinstance(event, QFocusEvent):
            target.setFocus(event.reason())
        return False


LEADS = "leads"
"""Property of a widget whose focus goes to one of its own parts."""


def lead(widget: QWidget, to: Callable[[], QWidget | None]) -> None:
    """Let the focus of a widget with several stops go to the one that *to* names.

    Not a focus proxy: with one, the Tab key jumps from before the widget to the proxy and never reaches what lies between.
    """
    widget.setProperty(LEADS, True)
    _Lead(widget, to)


def tab_before(widget: QWidget, other: QWidget) -> None:
    """Let the Tab key come to *other* right before *widget*."""
    stop = widget.previousInFocusChain()
    while stop not in (None, widget) and (stop is other or not stop.focusPolicy() & Qt.FocusPolicy.TabFocus):
        stop = stop.previousInFocusChain()
    if stop is not None:
        QWidget.setTabOrder(stop, other)
