"""State chips: word, shape and colour together, so that no state is told by colour alone.

:func:`paint_chip` is used by delegates and by :class:`Chip`. Shapes are painter paths in a 10 x 10 box, no letters of a
font. The word is the form's; its shape comes from :func:`chip_state`.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme

GAP, SIDE = 5, 8


@dataclass(frozen=True, slots=True)
class ChipState:
    """What a chip shows: a word, one of :data:`tokens.TONES`, one of :data:`SHAPES` ("" = none)."""

    word: str
    tone: str = "grey"
    shape: str = ""
    strike: bool = False


#: Beginnings of words that have a shape of their own; other words take the one of their tone.
WORDS: tuple[tuple[str, str], ...] = (
    ("草稿", "pencil"), ("待审核", "square"), ("待", "dot"), ("延期", "pause"), ("不满意", "redo"), ("重办", "redo"),
    ("合并", "fork"), ("已退回", "back"), ("退回", "back"), ("已月结", "lock"), ("作废", "dash"), ("已作废", "dash"),
    ("已关停", "dash"), ("关停", "dash"), ("注销", "dash"), ("阶段性", "half"), ("办理中", "half"), ("在产", "dot"),
    ("未收到", "ring"), ("停产", "pause"),
)  # fmt: skip
TONE_SHAPES = {"red": "cross", "amber": "triangle", "green": "check", "blue": "half", "grey": "ring"}


def chip_state(word: str, tone: str = "grey") -> ChipState:
    """Return the chip of a state word and the tone its form gives it."""
    tone = tone if tone in tokens.TONES else "grey"
    shape = next((s for start, s in WORDS if word.startswith(start)), TONE_SHAPES[tone])
    return ChipState(word, tone, shape, strike=word in ("作废", "已作废"))


def due_state(left: int, *, workdays: bool = True) -> ChipState:
    """Return the chip of a deadline *left* days ahead (negative = past)."""
    from envdesk.i18n import _

    if left < 0:
        return ChipState(_("已超期{days}天").format(days=-left), "red", "cross")
    if left == 0:
        return ChipState(_("今天到期"), "amber", "triangle")
    words = _("还有{days}个工作日") if workdays else _("还有{days}天")
    return ChipState(words.format(days=left), *(("amber", "triangle") if left <= 3 else ("grey", "ring")))


def measure(theme: Theme, state: ChipState) -> QSize:
    """Return the size a chip wants."""
    width = theme.metrics("caption").horizontalAdvance(state.word) + 2 * theme.px(SIDE)
    if state.shape:
        width += theme.px(tokens.SHAPE) + theme.px(GAP)
    return QSize(width, theme.px(tokens.CHIP))


def paint_chip(painter: QPainter, rect: QRect, state: ChipState, theme: Theme, *, selected: bool = False) -> QRect:
    """Draw a chip at the left of *rect*, centred in its height, and return where it is.

    Args:
        painter: of the widget or the view.
        rect: room for it; the chip is cut to its width.
        state: word, tone, shape.
        theme: colours and sizes.
        selected: the row under it has the green tint; a green or a grey chip takes the paper ground then.
    """
    wanted = measure(theme, state)
    top = rect.center().y() - wanted.height() // 2 + 1
    box = QRect(rect.left(), top, min(wanted.width(), rect.width()), wanted.height())
    word, ground = tokens.TONES[state.tone]
    if selected and state.tone in ("green", "grey"):
        ground = "paper"
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = theme.px(tokens.RADIUS_CHIP)
    painter.drawRoundedRect(box, radius, radius)
    left = box.left() + theme.px(SIDE)
    if state.shape:
        size = theme.px(tokens.SHAPE)
        paint_shape(painter, QRectF(left, box.center().y() - size / 2 + 0.5, size, size), state.shape, theme, word)
        left += size + theme.px(GAP)
    painter.setFont(theme.font("caption", strike=state.strike))
    painter.setPen(theme.colour(word))
    room = QRect(left, box.top(), box.right() - theme.px(SIDE) - left + 2, box.height())
    text = theme.metrics("caption").elidedText(state.word, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
    painter.restore()
    return box


def paint_shape(painter: QPainter, rect: QRectF, shape: str, theme: Theme, colour: str) -> None:
    """Draw one of :data:`SHAPES` into *rect*."""
    ink = theme.colour(colour)
    filled, lines, width = SHAPES[shape]()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / tokens.SHAPE, rect.height() / tokens.SHAPE)
    if not filled.isEmpty():
        painter.fillPath(filled, ink)
    if not lines.isEmpty():
        pen = QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(lines, pen)
    painter.restore()


# ---- shapes: (filled part, drawn part, width of the line) in a 10 x 10 box
Shape = tuple[QPainterPath, QPainterPath, float]


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes:
        path.moveTo(*stroke[0])
        for point in stroke[1:]:
            path.lineTo(*point)
    return path


def _disc(radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(5, 5), radius, radius)
    return path


@cache
def _dot() -> Shape:
    return _disc(3.6), QPainterPath(), 0


@cache
def _ring() -> Shape:
    return QPainterPath(), _disc(3.7), 1.6


@cache
def _half() -> Shape:
    right = QPainterPath(QPointF(5, 1.3))
    right.arcTo(QRectF(1.3, 1.3, 7.4, 7.4), 90, -180)
    right.closeSubpath()
    return right, _disc(3.7), 1.6


@cache
def _triangle() -> Shape:
    path = _lines(((5, 1), (9.4, 9), (0.6, 9)))
    path.closeSubpath()
    return path, QPainterPath(), 0


@cache
def _cross() -> Shape:
    return QPainterPath(), _lines(((1.8, 1.8), (8.2, 8.2)), ((8.2, 1.8), (1.8, 8.2))), 2


@cache
def _check() -> Shape:
    return QPainterPath(), _lines(((1.2, 5.4), (3.8, 8.0), (9, 2.2))), 2


@cache
def _pause() -> Shape:
    return QPainterPath(), _lines(((3.4, 1.6), (3.4, 8.4)), ((6.6, 1.6), (6.6, 8.4))), 2


@cache
def _dash() -> Shape:
    return QPainterPath(), _lines(((1.5, 5), (8.5, 5))), 2


@cache
def _square() -> Shape:
    path = QPainterPath()
    path.addRoundedRect(QRectF(1.5, 1.5, 7, 7), 1, 1)
    return QPainterPath(), path, 1.6


@cache
def _lock() -> Shape:
    body, bow = QPainterPath(), QPainterPath(QPointF(3, 4.4))
    body.addRoundedRect(QRectF(1.4, 4.4, 7.2, 4.8), 0.8, 0.8)
    bow.lineTo(3, 3.2)
    bow.arcTo(QRectF(3, 1.2, 4, 4), 180, -180)
    bow.lineTo(7, 4.4)
    return body, bow, 1.6


@cache
def _pencil() -> Shape:
    path = _lines(((1.4, 8.6), (1.9, 6.4), (7, 1.4), (8.6, 3), (3.6, 8.1)))
    path.closeSubpath()
    return QPainterPath(), path, 1.6


@cache
def _redo() -> Shape:
    path = QPainterPath()
    path.arcMoveTo(QRectF(1.4, 1.4, 7.2, 7.2), 5)
    path.arcTo(QRectF(1.4, 1.4, 7.2, 7.2), 5, -305)
    path.addPath(_lines(((7.4, 0.4), (7.4, 2.4), (5.4, 2.4))))
    return QPainterPath(), path, 1.6


@cache
def _fork() -> Shape:
    path = QPainterPath(QPointF(1.6, 1.2))
    path.lineTo(1.6, 2.8)
    path.cubicTo(1.6, 5, 5, 4.4, 5, 6.6)
    path.lineTo(5, 9)
    path.moveTo(8.4, 1.2)
    path.lineTo(8.4, 2.8)
    path.cubicTo(8.4, 5, 5, 4.4, 5, 6.6)
    return QPainterPath(), path, 1.6


@cache
def _back() -> Shape:
    path = _lines(((3.8, 1.6), (1.4, 4), (3.8, 6.4)), ((1.4, 4), (5.8, 4)))
    path.arcTo(QRectF(3.4, 4, 4.8, 4.8), 90, -180)
    path.lineTo(3.6, 8.8)
    return QPainterPath(), path, 1.6


SHAPES: dict[str, Callable[[], Shape]] = {
    "dot": _dot, "ring": _ring, "half": _half, "triangle": _triangle, "cross": _cross, "check": _check, "pause": _pause,
    "dash": _dash, "square": _square, "lock": _lock, "pencil": _pencil, "redo": _redo, "fork": _fork, "back": _back,
}  # fmt: skip


class Chip(QWidget):
    """A chip as a widget."""

    def __init__(self, theme: Theme, state: ChipState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(state.word)

    @property
    def state(self) -> ChipState:
        """What it shows."""
        return self._state

    def set_state(self, state: ChipState) -> None:
        """Show another state."""
        self._state = state
        self.setAccessibleName(state.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return measure(self._theme, self._state)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_chip(QPainter(self), self.rect(), self._state, self._theme)
