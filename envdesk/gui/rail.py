"""The rail at the left: where one can go, what waits for action, folded to icons in a narrow window."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from envdesk.formdef.model import Catalogue
from envdesk.gui import tokens
from envdesk.gui.theme import Theme
from envdesk.i18n import N_, _

if TYPE_CHECKING:
    from envdesk.gui.table_model import Index

Part = Literal["item", "title", "line", "rest"]
ROW_GAP, TITLE_HEIGHT, LINE_HEIGHT, TEXT_AT = 2, 30, 19, 36

#: Groups of the rail -> icon. What a form belongs to is its ``group``; those not named here are 台账报表.
GROUPS: dict[str, str] = {
    N_("检查巡查"): "clipboard-check",
    N_("投诉信访"): "message-square-text",
    N_("整改执法"): "shield-alert",
    N_("台账报表"): "notebook-text",
}
_OF_FORM = {
    "大气": "检查巡查", "水": "检查巡查", "固体废物": "检查巡查", "执法检查": "检查巡查", "投诉督察": "投诉信访",
    "整改执法": "整改执法",
}  # fmt: skip
LISTS = "基础名单"
"""Group of the small lists; they are found in 设置, not in the rail."""


def group_of(form_group: str) -> str:
    """Return the rail group of a form's ``group``."""
    return form_group if form_group in GROUPS else _OF_FORM.get(form_group, "台账报表")


def forms_of(catalogue: Catalogue, group: str) -> list[str]:
    """Return the ids of the forms a rail group holds, in catalogue order; the subjects have an entry of their own."""
    return [
        f.id
        for f in catalogue.forms.values()
        if f.kind == "record" and f.group != LISTS and f.id != "subject" and group_of(f.group) == group
    ]


@dataclass(frozen=True)
class Entry:
    """A line of the rail. ``key`` is lit by pages; ``page`` and ``params`` say where it leads."""

    key: str
    text: str = ""
    icon: str = ""
    page: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    part: Part = "item"


def entries(catalogue: Catalogue, pages: Iterable[str], *, district: bool = False) -> list[Entry]:
    """Return the rail of an office; only what has a page."""
    known = set(pages)
    register = [
        Entry(f"register:{g}", _(g), icon, "register", {"group": g})
        for g, icon in GROUPS.items()
        if "register" in known and forms_of(catalogue, g)
    ]
    title = [Entry("", _("各街登记") if district else _("登记"), part="title")] if register else []
    send = Entry("merge", _("合并台"), "git-merge", "merge") if district else Entry("send", _("上报"), "upload", "send")
    lower = [
        Entry("subjects", _("监管对象"), "factory", "subjects"),
        Entry("reports", _("报表"), "file-chart-column", "reports"),
        send,
    ]
    lower = [e for e in lower if e.page in known]
    settings = [Entry("settings", _("设置"), "settings-2", "settings")]
    return [
        *[e for e in [Entry("today", _("今日"), "calendar-check", "today")] if e.page in known],
        *title,
        *register,
        *([Entry("", part="line")] if lower and register else []),
        *lower,
        Entry("", part="rest"),
        *[e for e in settings if e.page in known],
    ]


class RailModel(QAbstractListModel):
    """Entries and their counters."""

    def __init__(self, lines: Sequence[Entry], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries = list(lines)
        self.counters: dict[str, int] = {}

    def count(self, counters: Mapping[str, int]) -> None:
        """Show what waits; 0 shows nothing."""
        self.counters = dict(counters)
        if self.entries:
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))

    def place(self, key: str) -> int:
        """Return the row of an entry, -1 when there is none."""
        return next((n for n, e in enumerate(self.entries) if e.key == key and e.part == "item"), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        waits = self.counters.get(entry.key, 0)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return entry.text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and waits:
            return _("{count} 件待办").format(count=waits)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.entries[index.row()].part != "item":
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Draws an entry: mark, tint, icon, words, counter."""

    def __init__(self, theme: Theme, view: _List) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        part = self._view.rail_model.entries[index.row()].part
        if part == "rest":
            return QSize(0, self._view.rest())
        return QSize(0, self.natural(part) - (self._view.short() if part == "item" else 0))

    def natural(self, part: str) -> int:
        """Height of an entry where there is room."""
        high = {"title": TITLE_HEIGHT, "line": LINE_HEIGHT, "item": tokens.ROW + ROW_GAP}.get(part, 0)
        if part == "title" and self._view.folded:
            high = LINE_HEIGHT
        return self._theme.px(high)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model, px, theme = self._view.rail_model, self._theme.px, self._theme
        entry = model.entries[index.row()]
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.part == "line" or (entry.part == "title" and self._view.folded):
            side = px(tokens.S2)
            line = QRect(box.left() + side, box.center().y(), box.width() - 2 * side, px(tokens.HAIR))
            painter.fillRect(line, theme.colour("line"))
        elif entry.part == "title":
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("soft"))
            words = box.adjusted(px(10), px(tokens.S1), 0, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), entry.text)
        elif entry.part == "item":
            self._item(painter, box.adjusted(0, 0, 0, -px(ROW_GAP)), index, entry, model.counters.get(entry.key, 0))
        painter.restore()

    def _item(self, painter: QPainter, box: QRect, index: Index, entry: Entry, waits: int) -> None:
        theme, px, folded = self._theme, self._theme.px, self._view.folded
        on = entry.key == self._view.lit
        here = self._view.hasFocus() and index.row() == self._view.currentIndex().row()
        painter.setPen(QPen(theme.colour("blue"), px(tokens.FOCUS)) if here else Qt.PenStyle.NoPen)
        ground = "green_tint" if on else "hover" if index.row() == self._view.hovered else ""
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        inset = px(tokens.FOCUS) / 2 if here else 0
        frame = QRectF(box).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, px(tokens.RADIUS), px(tokens.RADIUS))
        if on:
            mark = QRectF(box.left(), box.top() + px(tokens.S2), px(tokens.RAIL_MARK), box.height() - 2 * px(tokens.S2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green"))
            painter.drawRoundedRect(mark, px(2), px(2))
        size = px(tokens.ICON)
        left = box.left() + (px(10) if not folded else (box.width() - size) // 2)
        ratio = painter.device().devicePixelRatioF()
        icon = theme.pixmap(entry.icon, "green" if on else "soft", tokens.ICON, ratio)
        painter.drawPixmap(left, box.center().y() + 1 - size // 2, icon)
        if folded:
            if waits:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("green"))
                painter.drawEllipse(QPointF(left + size + 1, box.center().y() - size / 2), px(3), px(3))
            return
        painter.setFont(theme.font("body", bold=on))
        painter.setPen(theme.colour("green" if on else "text"))
        words = box.adjusted(px(TEXT_AT), 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), entry.text)
        if waits:
            self._counter(painter, box, waits, on=on)

    def _counter(self, painter: QPainter, box: QRect, waits: int, *, on: bool) -> None:
        theme, px = self._theme, self._theme.px
        text = str(waits)
        wide = max(theme.metrics("caption", bold=True).horizontalAdvance(text) + 2 * px(5), px(tokens.COUNTER))
        high = px(tokens.KEY)
        spot = QRect(box.right() - px(tokens.S2) - wide + 1, box.center().y() + 1 - high // 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("green" if on else "line"))
        painter.drawRoundedRect(spot, px(tokens.RADIUS_CHIP), px(tokens.RADIUS_CHIP))
        painter.setFont(theme.font("caption", bold=True))
        painter.setPen(theme.colour("on_green" if on else "text"))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), text)


class _List(QListView):
    """The list of the rail; ↑ ↓ move, Enter goes there."""

    def __init__(self, theme: Theme, model: RailModel) -> None:
        super().__init__()
        self._theme = theme
        self.rail_model = model
        self.lit, self.hovered, self.folded = "", -1, False
        self.setModel(model)
        self._delegate = _Delegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setProperty("kind", "rail")
        self.setProperty("ring", "own")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("导航"))
        self.entered.connect(lambda index: self._hover(index.row()))

    def rest(self) -> int:
        """Return the height between the upper entries and the last one."""
        return max(self._spare(), 0)

    def _spare(self) -> int:
        used = sum(self._delegate.natural(e.part) for e in self.rail_model.entries)
        return self.maximumViewportSize().height() - used - 1  # it never has scroll bars

    def short(self) -> int:
        """How much lower each item is where the window is too low for all: none goes out of sight."""
        items = sum(1 for e in self.rail_model.entries if e.part == "item")
        most = self._theme.px((tokens.ROW - tokens.CONTROL_ROW) + ROW_GAP)
        return min(-(min(self._spare(), 0) // max(items, 1)), most)

    def _hover(self, row: int) -> None:
        self.hovered = row
        self.viewport().update()

    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Right):
            if self.currentIndex().isValid():
                self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        row = self.rail_model.place(self.lit)
        if row >= 0:
            self.setCurrentIndex(self.rail_model.index(row))


class Rail(QWidget):
    """Brand and list.

    Signals:
        chosen: the :class:`Entry` the user wants to go to.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, lines: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = RailModel(lines, self)
        self.list = _List(theme, self.model)
        self._brand = _Brand(theme)
        column = QVBoxLayout(self)
        theme.pad(column, (tokens.S2, 0, tokens.S2 + tokens.HAIR, tokens.S2 - ROW_GAP), ROW_GAP)
        column.addWidget(self._brand)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        theme.changed.connect(self._restyle)
        self.fold(folded=False)

    @property
    def folded(self) -> bool:
        """True when it shows icons only."""
        return self.list.folded

    def fold(self, *, folded: bool) -> None:
        """Show icons only, or words too."""
        self.list.folded = self._brand.folded = folded
        self._restyle()

    def light(self, key: str) -> None:
        """Light the entry of the shown page."""
        before, self.list.lit = self.model.place(self.list.lit), key
        row = self.model.place(key)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        for lit in (before, row):
            self.list.update(self.model.index(lit))

    def count(self, counters: Mapping[str, int]) -> None:
        """Show what waits for action, by entry key."""
        self.model.count(counters)

    def _restyle(self) -> None:
        self.setFixedWidth(self._theme.px(tokens.RAIL_FOLDED if self.folded else tokens.RAIL))
        self._brand.setFixedHeight(self._theme.px(tokens.TOP))
        self.list.scheduleDelayedItemsLayout()
        self.update()

    def _go(self, index: QModelIndex) -> None:
        entry = self.model.entries[index.row()]
        if entry.part == "item":
            self.chosen.emit(entry)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hair = self._theme.px(tokens.HAIR)
        painter.fillRect(self.rect(), self._theme.colour("ground"))
        painter.fillRect(QRect(self.width() - hair, 0, hair, self.height()), self._theme.colour("line"))


class _Brand(QWidget):
    """The mark of the program and its name."""

    SIDE = 22

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.folded = False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        left = px(tokens.S2) if not self.folded else (self.width() - px(self.SIDE)) // 2
        paint_mark(painter, QRectF(left, (self.height() - px(self.SIDE)) / 2, px(self.SIDE), px(self.SIDE)), theme)
        if not self.folded:
            painter.setFont(theme.font("section", bold=True))
            painter.setPen(theme.colour("text"))
            words = self.rect().adjusted(left + px(self.SIDE + tokens.S2), 0, 0, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), _("环保台账"))


def paint_mark(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Draw the program's mark: a sheet with a leaf on green."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 22, box.height() / 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("green"))
    painter.drawRoundedRect(QRectF(1, 1, 20, 20), 5, 5)
    sheet = QPainterPath(QPointF(6, 16.5))
    sheet.lineTo(6, 6.5)
    sheet.lineTo(12.5, 6.5)
    sheet.arcTo(QRectF(9.5, 6.5, 6, 6), 90, -90)
    sheet.lineTo(15.5, 16.5)
    sheet.closeSubpath()
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.strokePath(sheet, QPen(theme.colour("on_green"), 1.6, Qt.PenStyle.SolidLine, cap, join))
    leaf = QPainterPath(QPointF(8.6, 13.6))
    leaf.cubicTo(8.6, 10.8, 10.1, 9.6, 12.6, 9.4)
    leaf.cubicTo(12.5, 12.2, 11.2, 13.6, 8.6, 13.6)
    painter.fillPath(leaf, theme.colour("on_green"))
    painter.restore()
