"""Everything that happened at a subject, newest first: a list of lines of different height."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from envdesk.gui import tokens
from envdesk.gui.chips import measure, paint_chip
from envdesk.gui.register.source import chip_of
from envdesk.gui.table_model import Index
from envdesk.gui.theme import Theme
from envdesk.gui.tips import tip
from envdesk.i18n import _
from envdesk.present.subject_file import Entry

DATE, DETAIL, TITLE_LEAST = 78, 20, 90
ICONS = {"visit": "clipboard-check", "rectify": "shield-alert", "order": "message-square-text", "case": "stamp"}
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Entries(QAbstractListModel):
    """The lines of one kind, or all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: list[Entry] = []

    def fill(self, entries: Sequence[Entry]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.shown = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(t for t in (entry.day, entry.title, entry.number, entry.words) if t)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip("\n".join(t for t in (entry.words, *entry.details) if t))
        return None


class _EntryRow(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        details = len(model.shown[index.row()].details) if isinstance(model, Entries) else 0
        return QSize(0, self._theme.px(tokens.ROW + DETAIL * details + (tokens.S1 if details else 0)))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        if not isinstance(model, Entries):
            return
        entry, box, theme, px = model.shown[index.row()], option.rect, self._theme, self._theme.px
        painter.save()
        on = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if on or over:
            painter.fillRect(box, theme.colour("green_tint" if on else "hover"))
        hair = px(tokens.HAIR)
        painter.fillRect(
            QRect(box.left(), box.bottom() - hair + 1, box.width(), hair), theme.colour("green" if on else "line")
        )
        if on:
            painter.fillRect(QRect(box.left(), box.top(), px(tokens.RAIL_MARK), box.height()), theme.colour("green"))
        line = QRect(box.left(), box.top(), box.width(), px(tokens.ROW)).adjusted(px(tokens.S5), 0, -px(tokens.S4), 0)
        right = self._chips(painter, line, entry, selected=on)
        self._words(painter, line, right, entry)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        left = line.left() + px(DATE + tokens.ICON + tokens.S3)
        for n, text in enumerate(entry.details):
            room = QRect(
                left, line.bottom() - px(tokens.S1) + n * px(DETAIL), box.right() - px(tokens.S4) - left, px(DETAIL)
            )
            cut = theme.metrics("caption").elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _LEFT, cut)
        painter.restore()

    def _chips(self, painter: QPainter, line: QRect, entry: Entry, *, selected: bool) -> int:
        right = line.right()
        due = entry.due if entry.due is not None and entry.due.tone in ("red", "amber") else None
        for told in (due or entry.chip,):
            if told is not None:
                state = chip_of(told)
                size = measure(self._theme, state)
                paint_chip(
                    painter,
                    QRect(right - size.width(), line.top(), size.width() + 1, line.height()),
                    state,
                    self._theme,
                    selected=selected,
                )
                right -= size.width() + self._theme.px(tokens.S3)
        return right

    def _words(self, painter: QPainter, line: QRect, right: int, entry: Entry) -> None:
        theme, px = self._theme, self._theme.px
        painter.setFont(theme.font("table"))
        painter.setPen(theme.colour("soft"))
        painter.drawText(QRect(line.left(), line.top(), px(DATE), line.height()), _LEFT, entry.day)
        x = line.left() + px(DATE)
        icon = theme.pixmap(
            ICONS.get(entry.kind, "notebook-text"), "soft", tokens.ICON, painter.device().devicePixelRatioF()
        )
        painter.drawPixmap(x, line.center().y() - px(tokens.ICON) // 2 + 1, icon)
        x += px(tokens.ICON + tokens.S3)
        metrics = theme.metrics("table", bold=True)
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, max(right - x, 0))
        painter.setFont(theme.font("table", bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(x, line.top(), right - x, line.height()), _LEFT, title)
        x += metrics.horizontalAdvance(title) + px(tokens.S3)
        words = "　".join(t for t in (entry.number, entry.words) if t and t != entry.title)
        if right - x > px(tokens.S6):
            painter.setFont(theme.font("table"))
            painter.setPen(theme.colour("soft"))
            cut = theme.metrics("table").elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, right - x)
            painter.drawText(QRect(x, line.top(), right - x, line.height()), _LEFT, cut)


class Timeline(QListView):
    """One stop of the Tab key; arrows move, Enter or a double click opens.

    Signals:
        opened: form and id of a record.
    """

    opened = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = Entries(self)
        self.setModel(self.entries)
        self.setItemDelegate(_EntryRow(theme, self))
        self.setProperty("ring", "own")
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("经过"))
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self.scheduleDelayedItemsLayout)
        theme.changed.connect(self._whole_lines)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show lines; the one the user is on stays current when it is still there."""
        row = self.currentIndex().row()
        keep = self.entries.shown[row].rec if 0 <= row < len(self.entries.shown) else ""
        self.entries.fill(entries)
        self._whole_lines()
        at = next((n for n, e in enumerate(entries) if e.rec == keep), 0)
        if entries:
            self.setCurrentIndex(self.entries.index(at))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            entry = self.entries.shown[index.row()]
            self.opened.emit(entry.form, entry.rec)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _whole_lines(self) -> None:
        """Leave out of sight what would be the upper part of a line."""
        room, used = self.contentsRect().height(), 0
        for n in range(len(self.entries.shown)):
            high = self.sizeHintForRow(n)
            if used + high > room:
                break
            used += high
        else:
            used = room  # all of them fit
        self.setViewportMargins(0, 0, 0, room - used if used else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._whole_lines()
        self.viewport().update()
