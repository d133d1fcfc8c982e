"""The toast: what just happened, at the bottom of the page for 8 seconds, longer while it is pointed at or focused.

It is never the only place of a message: the status bar keeps the sentence.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Link, measure_key, paint_key
from envdesk.gui.labels import label, set_tone
from envdesk.gui.operations import Said
from envdesk.gui.section import IconLabel
from envdesk.gui.theme import Theme
from envdesk.i18n import _


class Toast(QWidget):
    """Shows one :class:`~envdesk.gui.operations.Said` at a time over its parent.

    Args:
        theme: colours and sizes.
        parent: the page area; the toast stays at its bottom centre, over a bar of buttons at the foot of the page.
        undo: called by 撤销.
    """

    def __init__(self, theme: Theme, parent: QWidget, undo: Callable[[], object]) -> None:
        super().__init__(parent)
        self._theme, self._undo = theme, undo
        self._tone = "done"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(tokens.TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self._icon = IconLabel(theme, "check", "paper")
        self._words = label("")
        self._words.setWordWrap(True)
        self._act = Link(theme, _("撤销"), self._acted, ink="green_tint", role="body")
        self._key = _Key(theme, "Ctrl+Z")
        self._doing: Callable[[], object] = undo
        row = QHBoxLayout(self)
        theme.pad(row, (14, tokens.S2, 14, tokens.S2), 10)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._act)
        row.addWidget(self._key)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, "" when hidden."""
        return self._words.text() if self.isVisible() else ""

    def say(self, said: Said) -> None:
        """Show a sentence."""
        if not said.text:
            return
        self._tone = said.tone
        lines = (said.text, *said.details[:4])
        self._words.setText("\n".join(lines))
        icon = {"done": "check", "refused": "circle-alert"}.get(said.tone, "info")
        self._icon.set_icon(icon, "red" if said.tone == "refused" else "paper")
        set_tone(self._words, "red" if said.tone == "refused" else "inverse")
        act = said.act or ((_("撤销"), self._undo) if said.undo else None)
        self._act.setVisible(act is not None)
        self._key.setVisible(said.undo and said.act is None)
        if act is not None:
            self._act.setText(act[0])
            self._act.setAccessibleName(act[0])
            self._act.set_ink("green" if said.tone == "refused" else "green_tint")
            self._act.updateGeometry()
            self._doing = act[1]
        self.setAccessibleName("\n".join(lines))
        self.show()
        self.raise_()
        self.place()
        self._timer.start()

    def place(self) -> None:
        """Go to the bottom centre of the parent."""
        parent = self.parentWidget()
        if parent is None:
            return
        room = max(parent.width() - 2 * self._theme.px(tokens.S5), self._theme.px(tokens.SEARCH) // 2)
        longest = max(map(self._theme.metrics().horizontalAdvance, self._words.text().split("\n"))) + 2
        self._words.setMinimumWidth(0)
        beside = self.sizeHint().width() - self._words.sizeHint().width()
        self._words.setMinimumWidth(max(min(longest, room - beside), 0))  # a line is broken only where it has to be
        wide = min(max(self.sizeHint().width(), self._theme.px(tokens.SEARCH)), room)
        high = max(self.heightForWidth(wide), self.sizeHint().height(), self._theme.px(tokens.TOAST))
        left = (parent.width() - wide) // 2
        self.setGeometry(left, parent.height() - self._bar(parent) - high - self._theme.px(tokens.S4), wide, high)

    @staticmethod
    def _bar(parent: QWidget) -> int:
        """Height of the bar at the very foot: its buttons are what is pressed next."""
        bars = (f for f in parent.findChildren(QFrame) if f.property("kind") == "foot" and f.isVisible())
        end = parent.height() - 1
        return max((f.height() for f in bars if f.mapTo(parent, f.rect().bottomLeft()).y() >= end), default=0)

    def _acted(self) -> None:
        self.hide()
        self._doing()

    def _held(self) -> bool:
        return self.underMouse() or self._act.hasFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible() and not self._act.hasFocus():
            self._timer.start()

    def hideEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = self._tone == "refused"
        painter.setBrush(self._theme.colour("red_tint" if refused else "text"))
        painter.setPen(QPen(self._theme.colour("red" if refused else "text"), self._theme.px(tokens.HAIR)))
        radius = self._theme.px(tokens.RADIUS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class _Key(QWidget):
    """A key hint on the dark ground of a toast."""

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        self._theme, self._text = theme, key
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._measure()
        theme.changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedSize(measure_key(self._theme, self._text))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_key(QPainter(self), self.rect(), self._text, self._theme, ink="mute", edge="soft")
