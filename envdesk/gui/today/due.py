"""The list of 今日: what is due, by urgency; every line ends in the button of its next step."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from envdesk.desk.registers import TITLES
from envdesk.gui import tokens
from envdesk.gui.buttons import paint_button
from envdesk.gui.chips import ChipState, measure, paint_chip
from envdesk.gui.rail import GROUPS
from envdesk.gui.theme import Theme
from envdesk.gui.tips import tip
from envdesk.i18n import _
from envdesk.present.today import Group, Line

if TYPE_CHECKING:
    from envdesk.gui.table_model import Index

WHO, DAY, CHIP, BUTTON, WHAT_LEAST = 48, 40, 122, 92, 220
WHO_MOST, WHO_ROOMY, WHAT_ROOMY = 76, 160, 480
BUTTON_SIDE = 10
REPORT_ICON = "file-chart-column"
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def icon_of(line: Line) -> str:
    """Return the icon of a line: that of its rail group."""
    return GROUPS.get(TITLES.get(line.icon, ""), REPORT_ICON)


def chip_of(line: Line) -> ChipState:
    """Return the chip of a line."""
    return ChipState(line.chip.word, line.chip.tone, line.chip.shape, line.chip.struck)


class DueModel(QAbstractListModel):
    """Group rows and lines under each other; a group row cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Group | Line] = []

    def fill(self, groups: Sequence[Group]) -> None:
        """Show other groups."""
        self.beginResetModel()
        self.rows = []
        for group in groups:
            self.rows += [group, *group.lines]
        self.endResetModel()

    @property
    def lines(self) -> list[Line]:
        """The lines without the group rows."""
        return [row for row in self.rows if isinstance(row, Line)]

    def line(self, number: int) -> Line | None:
        """Return the line at a row, None for a group row."""
        row = self.rows[number] if 0 <= number < len(self.rows) else None
        return row if isinstance(row, Line) else None

    def first(self) -> int:
        """Return the row of the first line, -1 when there is none."""
        return next((n for n, row in enumerate(self.rows) if isinstance(row, Line)), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if isinstance(row, Group):
            return f"{row.title} {row.count}" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.what
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = _("{what}，{sub}，{chip}。{step}").format(
                what=row.what, sub=row.sub, chip=row.chip.word, step=row.step.words
            )
            return (
                said if role == Qt.ItemDataRole.AccessibleTextRole else tip("\n".join(t for t in (said, row.who) if t))
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.line(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a line are; ``who`` and ``day`` are empty in a narrow list."""

    icon: QRect
    what: QRect
    who: QRect
    day: QRect
    chip: QRect
    button: QRect


class DueDelegate(QStyledItemDelegate):
    """Draws group rows and lines."""

    def __init__(self, theme: Theme, view: DueList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._wide: tuple[int, int, int, int] = (0, 0, 0, 0)

    def measure(self, lines: Sequence[Line]) -> None:
        """Take the widths that the words of all lines want."""
        px, words = self._theme.px, self._theme.metrics("table")
        bold = self._theme.metrics("table", bold=True)
        who = max([px(WHO), *(words.horizontalAdvance(x.who) for x in lines)])
        day = max([px(DAY), *(words.horizontalAdvance(x.day) for x in lines)])
        chip = max([px(CHIP), *(measure(self._theme, chip_of(x)).width() for x in lines)])
        wanted = [bold.horizontalAdvance(x.step.words) + 2 * px(BUTTON_SIDE) for x in lines]
        self._wide = (min(who + 2, px(WHO_ROOMY)), day + 2, chip, max([px(BUTTON), *wanted]))

    def places(self, box: QRect) -> Places:
        """Return where the parts of the line in *box* are."""
        px = self._theme.px
        gap, side, icon = px(tokens.S3), px(tokens.S4), px(tokens.ICON)
        who, day, chip, button = self._wide
        left, right = box.left() + side, box.right() - px(tokens.S3) + 1
        room = right - left - icon - chip - button - 3 * gap
        if room - who - day - 2 * gap < px(WHAT_ROOMY):
            who = min(who, px(WHO_MOST))
        if room - who - day - 2 * gap < px(WHAT_LEAST):
            who = 0
        if room - day - gap < px(WHAT_LEAST):
            day = 0
        found: list[QRect] = []
        for wide in (button, chip, day, who):
            found.append(QRect(right - wide, box.top(), wide, box.height()) if wide else QRect())
            right -= wide + gap if wide else 0
        high = px(tokens.CONTROL_ROW)
        found[0] = QRect(found[0].left(), box.center().y() + 1 - high // 2, button, high)
        what_at = left + icon + gap
        mark = QRect(left, box.center().y() + 1 - icon // 2, icon, icon)
        return Places(
            mark, QRect(what_at, box.top(), right - what_at, box.height()), found[3], found[2], found[1], found[0]
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = self._view.due.line(index.row())
        return QSize(0, self._theme.px(tokens.GROUP_ROW if line is None else tokens.LINE_TODAY))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        row = self._view.due.rows[index.row()]
        box: QRect = option.rect
        painter.save()
        if isinstance(row, Group):
            self._group(painter, box, row, first=index.row() == 0)
        else:
            self._line(painter, box, row, index.row())
        painter.restore()

    def _group(self, painter: QPainter, box: QRect, group: Group, *, first: bool) -> None:
        theme, px = self._theme, self._theme.px
        hair = px(tokens.HAIR)
        painter.fillRect(box, theme.colour("ground"))
        painter.fillRect(QRect(box.left(), box.bottom() - hair + 1, box.width(), hair), theme.colour("line"))
        inner = box.adjusted(px(tokens.S4), 0, -px(tokens.S4), 0)
        bold = theme.metrics("table", bold=True)
        painter.setFont(theme.font("table", bold=True))
        painter.setPen(theme.colour(group.tone or "text"))
        painter.drawText(inner, _LEFT, group.title)
        at = bold.horizontalAdvance(group.title) + px(tokens.S2)
        count = str(group.count)
        painter.setFont(theme.font("table"))
        painter.drawText(inner.adjusted(at, 0, 0, 0), _LEFT, count)
        at += bold.horizontalAdvance(count) + px(tokens.S4)
        note = inner.adjusted(at, 0, 0, 0)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        metrics = theme.metrics("caption")
        painter.drawText(note, _RIGHT, metrics.elidedText(group.note, Qt.TextElideMode.ElideRight, note.width()))

    def _line(self, painter: QPainter, box: QRect, line: Line, number: int) -> None:
        theme, px = self._theme, self._theme.px
        view, hair = self._view, px(tokens.HAIR)
        current = number == view.currentIndex().row()
        if current:
            painter.fillRect(box, theme.colour("green_tint"))
        elif number == view.hovered:
            painter.fillRect(box, theme.colour("hover"))
        framed = current and view.hasFocus()
        edge = theme.colour("green" if framed else "line")
        painter.fillRect(QRect(box.left(), box.bottom() - hair + 1, box.width(), hair), edge)
        if framed:
            painter.fillRect(QRect(box.left(), box.top(), box.width(), hair), edge)
        if current:
            painter.fillRect(QRect(box.left(), box.top(), px(tokens.RAIL_MARK), box.height()), theme.colour("green"))
        at = self.places(box)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(at.icon.topLeft(), theme.pixmap(icon_of(line), "soft", tokens.ICON, ratio))
        self._what(painter, at.what, line)
        painter.setFont(theme.font("table"))
        painter.setPen(theme.colour("soft"))
        words = theme.metrics("table")
        if not at.who.isEmpty():
            painter.drawText(at.who, _LEFT, words.elidedText(line.who, Qt.TextElideMode.ElideRight, at.who.width()))
        if not at.day.isEmpty():
            painter.drawText(at.day, _RIGHT, line.day)
        paint_chip(painter, at.chip, chip_of(line), theme, selected=current)
        paint_button(
            painter, at.button, theme, line.step.words, kind="primary" if current else "plain",
            hover=number == view.hovered and view.on_button,
        )  # fmt: skip

    def _what(self, painter: QPainter, box: QRect, line: Line) -> None:
        theme, gap = self._theme, self._theme.px(tokens.S2)
        body, small = theme.metrics("body"), theme.metrics("table")
        whole, most = body.horizontalAdvance(line.what), box.width() * 2 // 5
        beside_it = line.sub
        sub = small.horizontalAdvance(beside_it) + gap if beside_it else 0
        if whole + sub > box.width() and sub > most:  # its number alone, or nothing
            beside_it = line.sub.rpartition(" ")[2]
            sub = small.horizontalAdvance(beside_it) + gap
            if sub > most and whole + sub > box.width():
                beside_it, sub = "", 0
        room = min(whole, box.width() - sub)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        painter.drawText(box, _LEFT, body.elidedText(line.what, Qt.TextElideMode.ElideRight, room + 1))
        if sub:
            beside = box.adjusted(room + gap, 0, 0, 0)
            painter.setFont(theme.font("table"))
            painter.setPen(theme.colour("soft"))
            painter.drawText(beside, _LEFT, beside_it)


class DueList(QListView):
    """The list. ↑ ↓ PgUp PgDn Home End move over lines only, Enter starts the step, F2 opens the record.

    Signals:
        started: the :class:`~envdesk.present.today.Line` whose button was pressed, or Enter.
        opened: F2 on a line.
    """

    started = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.due = DueModel(self)
        self.hovered, self.on_button = -1, False
        self._painter = DueDelegate(theme, self)
        self.setModel(self.due)
        self.setItemDelegate(self._painter)
        self.setProperty("ring", "own")
        self.setAccessibleName(_("待办"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self._restyle)
        self._restyle()

    def fill(self, groups: Sequence[Group]) -> None:
        """Show other groups; the current record stays current, else its place."""
        before = self.due.line(self.currentIndex().row())
        at, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self.due.fill(groups)
        self._painter.measure(self.due.lines)
        self._whole_lines()
        here = [n for n, row in enumerate(self.due.rows) if isinstance(row, Line)]
        if not here:
            return
        same = (n for n in here if before is not None and _key(self.due.line(n)) == _key(before))
        near = next((n for n in here if n >= at), here[-1]) if before is not None else here[0]
        self.setCurrentIndex(self.due.index(next(same, near)))
        self.verticalScrollBar().setValue(top)
        self.scrollTo(self.currentIndex())

    def line(self) -> Line | None:
        """Return the current line."""
        return self.due.line(self.currentIndex().row())

    def button_box(self, number: int) -> QRect:
        """Return where the button of a row is, in the viewport."""
        return self._painter.places(self.visualRect(self.due.index(number))).button

    def _restyle(self) -> None:
        self._painter.measure(self.due.lines)
        self.verticalScrollBar().setSingleStep(self._theme.px(tokens.LINE_TODAY))
        self.scheduleDelayedItemsLayout()
        self._whole_lines()

    def _point(self, where: QPoint) -> None:
        number = self.indexAt(where).row()
        over = number >= 0 and self.due.line(number) is not None and self.button_box(number).contains(where)
        if (number, over) != (self.hovered, self.on_button):
            self.hovered, self.on_button = number, over
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def _go_to(self, number: int) -> None:
        if self.due.line(number) is not None:
            self.setCurrentIndex(self.due.index(number))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        above = current.row() - 1
        if above >= 0 and self.due.line(above) is None:  # a line is never seen without the head of its group
            self.scrollTo(self.due.index(above))
            self.scrollTo(current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, line = event.key(), self.line()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and line is not None:
            self.started.emit(line)
        elif key == Qt.Key.Key_F2 and line is not None:
            self.opened.emit(line)
        elif key == Qt.Key.Key_Home:
            self._go_to(self.due.first())
        elif key == Qt.Key.Key_End:
            self._go_to(len(self.due.rows) - 1)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().toPoint())
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        where = event.position().toPoint()
        number = self.indexAt(where).row()
        line = self.due.line(number)
        if event.button() == Qt.MouseButton.LeftButton and line is not None and self.button_box(number).contains(where):
            self.started.emit(line)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        number = self.indexAt(where).row()
        line = self.due.line(number)
        if line is not None and not self.button_box(number).contains(where):
            self.opened.emit(line)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered, self.on_button = -1, False
        self.viewport().update()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self._whole_lines()

    def _whole_lines(self) -> None:
        """Leave out of sight what would be the upper half of a line as the list opens, and a head without its lines."""
        px, high, used, whole = self._theme.px, self.height(), 0, 0
        for row in self.due.rows:
            used += px(tokens.LINE_TODAY if isinstance(row, Line) else tokens.GROUP_ROW)
            if used > high:
                break
            if isinstance(row, Line):
                whole = used
        else:
            whole = high
        self.setViewportMargins(0, 0, 0, high - whole if whole else 0)


def _key(line: Line | None) -> tuple[str, str, str]:
    return (line.form, line.rec, line.sub) if line is not None else ("", "", "")
