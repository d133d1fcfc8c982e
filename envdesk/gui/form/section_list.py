"""The list of sections at the left: a shape that says how far each is, and the number of what is wrong."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import KeyHint
from envdesk.gui.chips import paint_shape
from envdesk.gui.form.editor import ENTER
from envdesk.gui.section import scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _

WIDE, HIGH, GAP = 156, 30, 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One line: section, title, shape and colour, words at the right."""

    id: str
    title: str
    shape: str = "ring"
    tone: str = "soft"
    beside: str = ""


class SectionLines(QWidget):
    """The lines. ↑ ↓ move, Enter goes there.

    Signals:
        chosen: id of a section.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.marks: tuple[Mark, ...] = ()
        self.current = ""
        self._cursor = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring", "own")
        self.setAccessibleName(_("各节"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show sections."""
        if tuple(marks) != self.marks:
            longer = len(marks) != len(self.marks)
            self.marks = tuple(marks)
            if longer:
                self.updateGeometry()
            self.update()

    def set_current(self, section: str) -> None:
        """Mark the one with the focus."""
        if section != self.current:
            self.current = section
            self._cursor = next((n for n, m in enumerate(self.marks) if m.id == section), 0)
            self.update()

    def sizeHint(self) -> QSize:
        return self._theme.size(WIDE - 2 * tokens.S2, max(len(self.marks), 1) * (HIGH + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(HIGH), self.sizeHint().height())

    def _box(self, n: int) -> QRect:
        high, gap = self._theme.px(HIGH), self._theme.px(GAP)
        return QRect(0, n * (high + gap), self.width(), high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for n, mark in enumerate(self.marks):
            if self._box(n).contains(event.position().toPoint()):
                self.chosen.emit(mark.id)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers():
            step = 1 if key == Qt.Key.Key_Down else -1
            self._cursor = max(0, min(self._cursor + step, len(self.marks) - 1))
            self.setAccessibleDescription(self.marks[self._cursor].title if self.marks else "")
            self.update()
        elif key in (*ENTER, Qt.Key.Key_Space) and self.marks:
            self.chosen.emit(self.marks[self._cursor].id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, mark in enumerate(self.marks):
            box, here = self._box(n), mark.id == self.current
            if here or (self.hasFocus() and n == self._cursor):
                edge = "blue" if self.hasFocus() and n == self._cursor else "line"
                painter.setPen(QPen(theme.colour(edge), px(2 if edge == "blue" else 1)))
                painter.setBrush(theme.colour("paper" if here else "ground"))
                painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), px(tokens.RADIUS), px(tokens.RADIUS))
            size, x = px(tokens.SHAPE), px(tokens.S2)
            paint_shape(painter, QRectF(x, box.center().y() - size / 2 + 0.5, size, size), mark.shape, theme, mark.tone)
            x += size + px(tokens.S2)
            right = box.right() - px(tokens.S2)
            if mark.beside:
                wide = theme.metrics("caption", bold=here).horizontalAdvance(mark.beside) + 2
                painter.setFont(theme.font("caption", bold=here))
                painter.setPen(theme.colour(mark.tone if mark.tone in ("red", "amber") else "soft"))
                room = QRect(right - wide, box.top(), wide, box.height())
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), mark.beside)
                right -= wide + px(tokens.S1)
            painter.setFont(theme.font("table", bold=here))
            painter.setPen(theme.colour("text"))
            shown = theme.metrics("table", bold=here).elidedText(mark.title, Qt.TextElideMode.ElideRight, right - x)
            painter.drawText(QRect(x, box.top(), right - x, box.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)


class SectionList(QWidget):
    """The pane: lines, and the keys of the form under them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._hints = theme, list[KeyHint]()
        theme.fix(self, width=WIDE)
        self.lines = SectionLines(theme)
        self.setFocusProxy(self.lines)
        column = QVBoxLayout(self)
        theme.pad(column, (tokens.S2, tokens.S3, tokens.S2, tokens.S3), tokens.S1)
        self._area = scrolled(self.lines, kind="clear")
        column.addWidget(self._area, 1)
        for keys, words in (
            (("F6",), _("换栏")), (("Alt+Down",), _("下一节")), (("F8",), _("下一处问题")), (("F2",), _("这项的历史")),
        ):  # fmt: skip
            hint = KeyHint(theme, keys, words)
            self._hints.append(hint)
            column.addWidget(hint)

    def resizeEvent(self, event: object) -> None:
        self.fit()

    def fit(self) -> None:
        """Show the keys where there is room for them."""
        hints = sum(h.sizeHint().height() for h in self._hints) * 5 // 4
        room = self.height() - self.lines.sizeHint().height() - hints
        for hint in self._hints:
            hint.setVisible(room > self._theme.px(tokens.S6))
