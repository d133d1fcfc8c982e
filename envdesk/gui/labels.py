"""Labels: plain text in a role of the type scale, shortened at the right when there is no room."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip

_LONG_RUN = re.compile(r"[!-~]{24,}")
_PIECE = 8


def breakable(text: str) -> str:
    """Let long runs of letters and digits break anywhere, as Qt breaks lines between words only; no line begins with a dot."""
    text = text.replace(" · ", "\u00a0· ")
    return _LONG_RUN.sub(lambda m: "\u200b".join(m[0][i : i + _PIECE] for i in range(0, len(m[0]), _PIECE)), text)


def label(text: str = "", role: str = "", *, tone: str = "", wrap: bool = False) -> QLabel:
    """Make a label of plain text.

    Args:
        text: shown as it is; markup in it is text.
        role: page, section, strong, table, strong-table, caption, soft; "" = body.
        tone: grey, green, amber, red, blue.
        wrap: break lines.
    """
    made = QLabel(breakable(text) if wrap else text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a label or panel."""
    set_property(widget, "tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet reads and have it read again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def hairline(theme: Theme, *, vertical: bool = False) -> QFrame:
    """Make a hairline."""
    made = QFrame()
    made.setProperty("kind", "line")
    theme.fix(made, **({"width": 1} if vertical else {"height": 1}))
    return made


def key_names(sequence: str) -> str:
    """Return a key as the user knows it: the same words on every system ("Ctrl+N", "↑")."""
    names = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Return": "Enter", "PgDown": "PgDn"}
    return "+".join(names.get(part, part) for part in sequence.split("+"))


PART = "    "
"""Between the parts of an elided line; in too little room the last ones are left out before words are cut."""


class Elided(QLabel):
    """A label that loses its last parts or ends in … when its text does not fit; the whole text is its tool tip then."""

    def __init__(self, text: str = "", role: str = "", *, tone: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """As wide as the words; Qt's own answer stays at a wider minimum that was taken back since."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def least(self) -> int:
        """Width of the first part."""
        return self.fontMetrics().horizontalAdvance(self.text().partition(PART)[0])

    def shown(self) -> str:
        """What there is room for."""
        metrics, shown = self.fontMetrics(), self.text()
        while PART in shown and metrics.horizontalAdvance(shown) > self.width():
            shown = shown.rpartition(PART)[0]
        if metrics.horizontalAdvance(shown) > self.width():  # Qt would shorten what is wider by part of a pixel
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, self.width())
            shown = "" if shown == "…" else shown  # alone it says nothing
        return shown

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), self.shown()
        set_tip(self, self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)
