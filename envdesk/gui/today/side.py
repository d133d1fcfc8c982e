"""Beside the list of 今日: coverage of the year and drafts to finish."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.bars import paint_bar
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.section import Panel, PanelHead
from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip
from envdesk.gui.today.cells import Cell, rove
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.present.today import DraftLine
    from envdesk.present.today.month import Bar, Coverage

ROW, DRAFT = 24, 28
NAME, COUNT, WORDS = 58, 54, 58
LEAST_ABOUT = 56
"""Less room than that would say nothing of whom a draft is about."""
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def clear(layout: QVBoxLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class CoverageRow(Cell):
    """制鞋 | bar with the tick of the year | 63/150 | 差 53 家."""

    def __init__(self, theme: Theme, bar: Bar, progress: float) -> None:
        super().__init__(theme)
        self.bar, self._progress = bar, progress
        self.setText(bar.title)
        self.setAccessibleName(f"{bar.title} {bar.done}/{bar.all}")
        self.setAccessibleDescription(bar.words)
        set_tip(self, f"{bar.title} {bar.done}/{bar.all} {bar.words}")

    def sizeHint(self) -> QSize:
        return self._theme.size(NAME + COUNT + WORDS + 2 * tokens.S4, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        theme, px, bar = self._theme, self._theme.px, self.bar
        metrics = theme.metrics("table")
        inner = self.rect().adjusted(px(tokens.S4), 0, -px(tokens.S4), 0)
        gap = px(10)
        painter.setFont(theme.font("table"))
        painter.setPen(theme.colour("text"))
        name = QRect(inner.left(), 0, px(NAME), self.height())
        painter.drawText(name, _LEFT, metrics.elidedText(bar.title, Qt.TextElideMode.ElideRight, name.width()))
        words = QRect(inner.right() - px(WORDS) + 1, 0, px(WORDS), self.height())
        count = QRect(words.left() - gap - px(COUNT), 0, px(COUNT), self.height())
        painter.drawText(count, _RIGHT, f"{bar.done}/{bar.all}")
        painter.setPen(theme.colour(bar.tone or "soft"))
        painter.drawText(words, _RIGHT, metrics.elidedText(bar.words, Qt.TextElideMode.ElideRight, words.width()))
        left = name.right() + gap
        high = px(tokens.BAR)
        room = QRectF(left, (self.height() - high) / 2, count.left() - gap - left, high)
        if room.width() > high:
            paint_bar(painter, room, theme, bar.share, tick=self._progress)


class CoveragePanel(Panel):
    """Coverage of the year. Enter shows which are missing.

    Signals:
        asked: id of the figure whose records are wanted.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=0)
        self._theme = theme
        self._note = label("", "caption")
        self._rows = QVBoxLayout()
        self.cells: list[CoverageRow] = []
        theme.pad(self._rows, (0, 0, 0, 6))
        self.body.addWidget(PanelHead(theme, _("今年检查覆盖"), right=(self._note,)))
        self.body.addLayout(self._rows)

    def fill(self, coverage: Coverage) -> None:
        """Show other bars."""
        clear(self._rows)
        self.cells = [CoverageRow(self._theme, bar, coverage.progress) for bar in coverage.bars]
        for cell in self.cells:
            cell.clicked.connect(lambda _on=False, cell=cell: self.asked.emit(cell.bar.figure))
            self._rows.addWidget(cell)
        self._note.setText(coverage.note)
        rove(self.cells)
        self.setVisible(bool(self.cells))


class DraftRow(Cell):
    """涉VOCs检查 · 佳达鞋业 | 09:36，差 2 项; Enter goes on with it, Delete throws it away."""

    def __init__(self, theme: Theme, line: DraftLine) -> None:
        super().__init__(theme)
        self.line = line
        self.setText(line.title)
        self.setAccessibleName(" · ".join(t for t in (line.title, line.about) if t))
        self.setAccessibleDescription(line.words)
        set_tip(self, " · ".join(t for t in (line.title, line.about, line.words) if t))

    def sizeHint(self) -> QSize:
        return self._theme.size(NAME + COUNT, DRAFT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px, line = self._theme, self._theme.px, self.line
        self.paint_ground(painter)
        inner = self.rect().adjusted(px(tokens.S4), 0, -px(tokens.S1), 0)
        table, caption = theme.metrics("table"), theme.metrics("caption")
        wide = min(caption.horizontalAdvance(line.words) + 1, inner.width() * 2 // 3)
        words = QRect(inner.right() - wide + 1, 0, wide, self.height())
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        painter.drawText(words, _RIGHT, caption.elidedText(line.words, Qt.TextElideMode.ElideRight, wide))
        room = words.left() - px(tokens.S2) - inner.left()
        title = table.elidedText(line.title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(theme.font("table"))
        painter.setPen(theme.colour("text"))
        painter.drawText(inner, _LEFT, title)
        at = table.horizontalAdvance(title)
        if line.about and room - at > px(LEAST_ABOUT):
            painter.setPen(theme.colour("soft"))
            about = table.elidedText(f" · {line.about}", Qt.TextElideMode.ElideRight, room - at)
            painter.drawText(inner.adjusted(at, 0, 0, 0), _LEFT, about)


class DraftsPanel(Panel):
    """Drafts of this person.

    Signals:
        opened: id of the draft to go on with.
        discarded: the :class:`DraftLine` to throw away.
    """

    opened = Signal(str)
    discarded = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=0)
        self._theme = theme
        self._head = PanelHead(theme, _("草稿"))
        self._rows = QVBoxLayout()
        self.cells: list[DraftRow] = []
        theme.pad(self._rows, (0, 0, 0, tokens.S1))
        self.body.addWidget(self._head)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def fill(self, drafts: Sequence[DraftLine]) -> None:
        """Show other drafts."""
        clear(self._rows)
        self._head.beside.setText(str(len(drafts)) if drafts else _("没有未完成的草稿"))
        self.cells = []
        for draft in drafts:
            row = QWidget()
            line = QHBoxLayout(row)
            self._theme.pad(line, (0, 0, tokens.S2, 0), 0)
            cell = DraftRow(self._theme, draft)
            go = Button(self._theme, _("继续"), cell.click, kind="quiet", row=True)
            drop = Button(self._theme, "", cell.dropped.emit, kind="faint", icon="trash-2", row=True)
            drop.setAccessibleName(_("丢弃"))
            drop.setToolTip(_("丢弃"))
            for button in (go, drop):  # keys: Enter and Delete on the row
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            cell.clicked.connect(lambda _on=False, draft=draft: self.opened.emit(draft.id))
            cell.dropped.connect(lambda draft=draft: self.discarded.emit(draft))
            line.addWidget(cell, 1)
            line.addWidget(go)
            line.addWidget(drop)
            self._rows.addWidget(row)
            self.cells.append(cell)
        rove(self.cells)
