"""Small pictures of figures: coverage bar, twelve months as bars or as a line."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme

BAR_RADIUS, TICK, TICK_OUT = 2, 2, 3
MONTH, MONTH_GAP, DOT = 4, 2, 2.6


def paint_bar(painter: QPainter, rect: QRectF, theme: Theme, share: float, *, tick: float | None = None) -> None:
    """Draw a bar filled to *share* (0-1), amber while it is behind the *tick* (share of the year gone), else green."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = theme.px(BAR_RADIUS)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(rect, radius, radius)
    behind = tick is not None and share < min(tick, 1)
    if share > 0:
        full = QRectF(rect)
        full.setWidth(max(rect.width() * min(share, 1), 2.0 * radius))
        painter.setBrush(theme.colour("amber" if behind else "green"))
        painter.drawRoundedRect(full, radius, radius)
    if tick is not None:
        x = rect.left() + rect.width() * min(max(tick, 0), 1)
        out = theme.px(TICK_OUT)
        painter.fillRect(QRectF(x, rect.top() - out, theme.px(TICK), rect.height() + 2 * out), theme.colour("text"))
    painter.restore()


def paint_months(painter: QPainter, rect: QRectF, theme: Theme, values: Sequence[float | None]) -> None:
    """Draw months as bars, the last one green; None = no figure."""
    known = [v for v in values if v is not None]
    if not known or not values:
        return
    top = max(*known, 1e-9)
    unit = rect.width() / (len(values) * (MONTH + MONTH_GAP) - MONTH_GAP)
    for n, value in enumerate(values):
        if value is None:
            continue
        height = max(rect.height() * value / top * 22 / 24, theme.px(tokens.HAIR) if value else 0)
        bar = QRectF(rect.left() + n * (MONTH + MONTH_GAP) * unit, rect.bottom() - height, MONTH * unit, height)
        painter.fillRect(bar, theme.colour("green" if n == len(values) - 1 else "mute"))


def paint_line(painter: QPainter, rect: QRectF, theme: Theme, values: Sequence[float | None], top: float = 100) -> None:
    """Draw rates as a line under the hairline of 100 %, the last one a green dot."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = theme.px(2)
    painter.setPen(QPen(theme.colour("line"), theme.px(tokens.HAIR)))
    painter.drawLine(rect.topLeft() + QPointF(edge, edge), rect.topRight() + QPointF(-edge, edge))
    known = [v for v in values if v is not None]
    low = min([*known, top * 0.9]) if known else 0
    step = (rect.width() - 2 * edge) / max(len(values) - 1, 1)

    def point(n: int, value: float) -> QPointF:
        share = (top - value) / (top - low) if top > low else 0
        return QPointF(rect.left() + edge + n * step, rect.top() + edge + share * (rect.height() - 2 * edge - DOT))

    line = [point(n, v) for n, v in enumerate(values[:-1]) if v is not None]
    painter.setPen(QPen(theme.colour("soft"), theme.px(tokens.STROKE)))
    painter.drawPolyline(QPolygonF(line))
    last = values[-1] if values else None
    if last is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("green"))
        painter.drawEllipse(point(len(values) - 1, last), theme.px(DOT), theme.px(DOT))
    painter.restore()


class CoverageBar(QWidget):
    """A bar with the share done and a tick for the share of the year gone."""

    def __init__(self, theme: Theme, share: float = 0, tick: float | None = None) -> None:
        super().__init__()
        self._theme, self._share, self._tick = theme, share, tick
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_value(self, share: float, tick: float | None = None) -> None:
        """Show another share."""
        self._share, self._tick = share, tick
        self.setAccessibleDescription(f"{share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return self._theme.size(40, tokens.BAR + 2 * TICK_OUT)

    def paintEvent(self, event: QPaintEvent) -> None:
        out = self._theme.px(TICK_OUT)
        middle = QRectF(self.rect()).adjusted(0, out, 0, -out)
        paint_bar(QPainter(self), middle, self._theme, self._share, tick=self._tick)


class MonthBars(QWidget):
    """Twelve months as bars or, for rates, as a line with a dot. ``words`` is read to those who do not see it."""

    def __init__(
        self, theme: Theme, values: Sequence[float | None] = (), *, rate: bool = False, words: str = ""
    ) -> None:
        super().__init__()
        self._theme, self._values, self._rate = theme, tuple(values), rate
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(words)

    def set_values(self, values: Sequence[float | None], *, rate: bool = False, words: str = "") -> None:
        """Show other months."""
        self._values, self._rate = tuple(values), rate
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return self._theme.size(*tokens.SPARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw = paint_line if self._rate else paint_months
        draw(QPainter(self), QRectF(self.rect()), self._theme, self._values)
