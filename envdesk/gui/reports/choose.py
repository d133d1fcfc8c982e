"""Which report: kind of period, period, template; two days for any other stretch of time."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from envdesk.clock import Clock
from envdesk.figures.period import Period, range_of
from envdesk.formdef.types import read_date
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.chips import paint_shape
from envdesk.gui.labels import label
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, row, scrolled
from envdesk.gui.segments import Segments
from envdesk.gui.table_model import Index
from envdesk.gui.theme import Theme
from envdesk.gui.tips import tip
from envdesk.i18n import _
from envdesk.present.report_preview import KINDS, PeriodLine, TemplateLine

LINE, WIDE = 31, 212
TEMPLATES_SHOWN, TEMPLATES_LEAST, PERIODS_LEAST = 5, 2, 2
RANGE = "range"
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Item:
    """A line to choose: words, soft words at the right with a tone and a shape."""

    id: str
    title: str
    note: str = ""
    tone: str = "soft"
    shape: str = ""


class ItemModel(QAbstractListModel):
    """Lines to choose."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Item, ...] = ()

    def fill(self, items: Sequence[Item]) -> None:
        """Offer other lines."""
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = " ".join(t for t in (item.title, item.note) if t)
            return said if role == Qt.ItemDataRole.AccessibleTextRole else tip(said)
        return None


class _Delegate(QStyledItemDelegate):
    """Draws a line: the chosen one green on its tint."""

    def __init__(self, theme: Theme, view: ChoiceList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.px(LINE))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        item = self._view.choices.items[index.row()]
        box: QRect = option.rect
        on, here = index.row() == self._view.chosen, index.row() == self._view.currentIndex().row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if here and self._view.hasFocus():
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(theme.colour("blue"))
            pen.setWidth(px(tokens.FOCUS))
            painter.setPen(pen)
        over = option.state & option.state.State_MouseOver
        ground = "green_tint" if on else "hover" if over else ""
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        frame = QRectF(box).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, px(tokens.RADIUS), px(tokens.RADIUS))
        inner = box.adjusted(px(10), 0, -px(10), 0)
        caption = theme.metrics("caption")
        told = bool(item.shape) or item.tone != "soft"  # a count can be done without, a state can not
        note = item.note if told or self._both_fit(item, inner.width(), on=on) else ""
        wide = caption.horizontalAdvance(note) if note else 0
        right = QRect(inner.right() - wide + 1, box.top(), wide + 1, box.height())
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour(item.tone))
        painter.drawText(right, _LEFT, note)
        used = wide
        if item.shape:
            side = px(tokens.SHAPE)
            left = right.left() - side - px(5)
            paint_shape(
                painter, QRectF(left, box.center().y() - side / 2 + 1, side, side), item.shape, theme, item.tone
            )
            used += side + px(5)
        painter.setFont(theme.font("table", bold=on))
        painter.setPen(theme.colour("green" if on else "text"))
        room = inner.width() - used - px(tokens.S1)
        words = theme.metrics("table", bold=on).elidedText(item.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, _LEFT, words)
        painter.restore()

    def _both_fit(self, item: Item, room: int, *, on: bool) -> bool:
        words = self._theme.metrics("table", bold=on).horizontalAdvance(item.title)
        note = self._theme.metrics("caption").horizontalAdvance(item.note)
        return words + note + self._theme.px(tokens.S1) <= room


class ChoiceList(QListView):
    """A list of which one line holds; ↑ ↓ choose after a short rest, Enter at once.

    Signals:
        picked: id of the line.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.choices = ItemModel(self)
        self.chosen = -1
        self.setModel(self.choices)
        self.setItemDelegate(_Delegate(theme, self))
        self.setProperty("kind", "rail")
        self.setProperty("ring", "own")
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(tokens.QUIET_MS)
        self._rest.timeout.connect(self._take)
        self.clicked.connect(self._take)
        theme.changed.connect(self.scheduleDelayedItemsLayout)
        theme.changed.connect(self._whole_lines)

    def fill(self, items: Sequence[Item], chosen: str) -> None:
        """Offer other lines."""
        self.choices.fill(items)
        self._whole_lines()
        self.mark(chosen)

    def mark(self, chosen: str) -> None:
        """Show which line holds."""
        self._rest.stop()
        self.chosen = next((n for n, item in enumerate(self.choices.items) if item.id == chosen), -1)
        if self.chosen >= 0:
            self.setCurrentIndex(self.choices.index(self.chosen))
            self.scrollTo(self.currentIndex())
        self.viewport().update()

    def _take(self) -> None:
        self._rest.stop()
        number = self.currentIndex().row()
        if number >= 0 and number != self.chosen:
            self.chosen = number
            self.viewport().update()
            self.picked.emit(self.choices.items[number].id)

    def sizeHint(self) -> QSize:
        hint, least = super().sizeHint(), self.minimumHeight()
        return QSize(hint.width(), least or hint.height())  # it takes what is left, and asks for no more than it must

    def _whole_lines(self) -> None:
        line = self._theme.px(LINE)
        self.setViewportMargins(0, 0, 0, self.height() % line if self.height() > line else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._whole_lines()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take()
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self._rest.start()


class RangePane(QWidget):
    """Any stretch of time: two days and a few usual ones.

    Signals:
        picked: the period as text.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.start, self.end = LineField(theme, "2026-10-01"), LineField(theme, "2026-10-09")
        self._from, self._to = FieldBox(theme, _("从"), self.start), FieldBox(theme, _("到"), self.end)
        self.go = Button(theme, _("生成"), self.take)
        column = QVBoxLayout(self)
        theme.pad(column, (0, tokens.S2, 0, 0), tokens.S1)
        column.addWidget(self._from)
        column.addWidget(self._to)
        column.addWidget(self.go)
        self.usual: list[Link] = []
        for words, back, days in ((_("今天"), 0, 1), (_("昨天"), 1, 1), (_("本周"), 0, 7), (_("上周"), 7, 7)):
            self.usual.append(Link(theme, words, partial(self._take_usual, back, days)))
        column.addLayout(row(theme, *self.usual, None, spacing=tokens.S3))
        column.addStretch(1)
        for field in (self.start, self.end):
            field.returnPressed.connect(self.take)

    def hasHeightForWidth(self) -> bool:
        """Its sentences are short; a pane whose height hangs on its width would scroll where it fits."""
        return False

    def show_period(self, period: Period) -> None:
        """Write the days of a period."""
        self.start.setText(period.start.isoformat())
        self.end.setText(period.end.isoformat())
        for box in (self._from, self._to):
            box.set_problem("", "")

    def take(self) -> None:
        """Take what is written; say what is wrong with it."""
        today = self._clock.today()
        days = []
        for box, field in ((self._from, self.start), (self._to, self.end)):
            day = read_date(field.text(), today)
            box.set_problem("error" if day is None else "", "" if day else _("写成 2026-10-09。"))
            days.append(day)
        start, end = days
        if start is None or end is None:
            return
        if end < start:
            self._to.set_problem("error", _("不能早于开始的一天。"))
            return
        self._take_days(start, end)

    def _take_days(self, start: date, end: date) -> None:
        period = range_of(start, end)
        self.show_period(period)
        self.picked.emit(period.text)

    def _take_usual(self, back: int, days: int) -> None:
        """Take a day or a whole week, counted back from today."""
        day = self._clock.today() - timedelta(days=back)
        start = day if days == 1 else day - timedelta(days=day.weekday())
        self._take_days(start, start + timedelta(days=days - 1))


class ChoosePane(QWidget):
    """The left column.

    Signals:
        kind_picked: another kind of period.
        period_picked: period as text.
        template_picked: id of a template.
    """

    kind_picked = Signal(str)
    period_picked = Signal(str)
    template_picked = Signal(str)

    def __init__(self, theme: Theme, clock: Clock, caption: str = "", *links: Link) -> None:
        super().__init__()
        self._theme = theme
        self.kinds = Segments(theme, [(k, _(w)) for k, w in KINDS.items()], even=True)
        self.kinds.setAccessibleName(_("报告期的种类"))
        self.kinds.setMinimumWidth(1)
        self.periods = ChoiceList(theme, _("报告期"))
        self.range = RangePane(theme, clock)
        self.templates = ChoiceList(theme, _("模板"))
        self.note = label("", "caption", wrap=True)
        self._either = QStackedWidget()
        self._either.addWidget(self.periods)
        self._either.addWidget(self.range)
        theme.fix(self, width=WIDE)
        inner, around = QWidget(), QVBoxLayout(self)
        theme.pad(around)
        around.addWidget(scrolled(inner, kind="clear"))  # a low window has no room for everything
        self._column = column = QVBoxLayout(inner)
        theme.pad(column, (tokens.S3, tokens.S3, tokens.S3, 0), tokens.S1)
        column.addWidget(self._caption(_("报告期")))
        column.addWidget(self.kinds)
        column.addWidget(self._either, 1)
        column.addWidget(self._caption(caption or _("模板")))
        column.addWidget(self.templates)
        for link in links:
            column.addLayout(row(theme, link, None))
        self._foot = foot = row(theme, self.note)
        theme.pad(foot, (tokens.S3, tokens.S1, tokens.S3, tokens.S3))
        around.addLayout(foot)
        self.kinds.changed.connect(self._kind_changed)
        self.periods.picked.connect(self.period_picked)
        self.range.picked.connect(self.period_picked)
        self.templates.picked.connect(self.template_picked)
        theme.changed.connect(self._share)

    def _caption(self, text: str) -> QWidget:
        made = label(text, "strong-table", tone="grey")
        self._theme.fix(made, height=tokens.CHIP)
        return made

    def show_kind(self, kind: str) -> None:
        """Show the list, or the two days."""
        self.kinds.set_value(kind)
        self._either.setCurrentIndex(1 if kind == RANGE else 0)
        self._share()

    def _kind_changed(self, kind: str) -> None:
        self.show_kind(kind)
        self.kind_picked.emit(kind)

    def show_periods(self, lines: Sequence[PeriodLine], chosen: str) -> None:
        """Offer periods."""
        items = []
        for line in lines:
            shown = line.chip
            tone = "soft" if shown is None or shown.tone == "grey" else shown.tone
            items.append(Item(line.period, line.title, shown.word if shown else "", tone, shown.shape if shown else ""))
        self.periods.fill(items, chosen)
        self._share()

    def show_templates(self, lines: Sequence[TemplateLine], chosen: str) -> None:
        """Offer templates."""
        self.templates.fill([Item(t.id, t.title, t.note) for t in lines], chosen)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """A few lines of templates, all of them where the periods leave room; fewer where the window is low.

        Two periods at least, or both days in full.
        """
        column, line = self._column, self._theme.px(LINE)
        parts = [item for n in range(column.count()) if (item := column.itemAt(n)) is not None]
        both = (self._either, self.templates)
        fixed = sum(item.sizeHint().height() for item in parts if item.widget() not in both)
        fixed += column.spacing() * (len(parts) - 1) + column.contentsMargins().top() + self._foot.sizeHint().height()
        room = (self.height() - fixed) // line
        in_list = self._either.currentIndex() == 0
        least = line * PERIODS_LEAST if in_list else self.range.sizeHint().height()
        down = QSizePolicy.Policy.Ignored if in_list else QSizePolicy.Policy.Minimum  # what is not shown needs no room
        self.range.setSizePolicy(QSizePolicy.Policy.Preferred, down)
        self._either.setMinimumHeight(least)
        periods = len(self.periods.choices.items) if in_list else room
        wanted = max(TEMPLATES_SHOWN, room - max(periods, PERIODS_LEAST))
        count = max(len(self.templates.choices.items), 1)
        lines = min(count, max(min(wanted, room - -(-least // line)), TEMPLATES_LEAST))
        self.templates.setFixedHeight(line * lines + 2)
