"""What stands in the current cell: a figure found by typing, one of its measures, listed conditions; or a list."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.desk.dimensions import Condition
from envdesk.exchange.book_binding import MEASURES
from envdesk.figures.engine import FigureId, parse_id
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import breakable, label
from envdesk.gui.menus import Menu
from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, row, scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.book_desk import Choice, offered

MOST_VALUES = 80
"""Values of a condition that a menu can offer."""
LEAST_LIST = 62
"""Height the list keeps; in a lower window the pane scrolls."""


class PickPane(QWidget):
    """The right column. The line filters, ↓ ↑ choose in the list from there, Enter puts the figure into the cell.

    With ``rows`` it chooses rows of a table: no measures, no cell. ``take`` = words of its button.

    Signals:
        taken: figure id and measure.
        left: Esc: back to the grid.
        looked: another figure is current, its conditions are wanted.
        list_wanted: a list is to begin in the current cell.
    """

    taken = Signal(str, str)
    left = Signal()
    looked = Signal(str)
    list_wanted = Signal()
    cleared = Signal()

    def __init__(self, theme: Theme, *, take: str = "", rows: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._choices: Sequence[Choice] = ()
        self._near = ""
        self.measure = "current"
        self.filters: dict[str, str] = {}
        self.cell = label("", "section")
        self.now = label("", "table", wrap=True)
        self.hint = label("", "caption", wrap=True)
        self.line = LineField(theme, _("名称、拼音首字母"), icon="search")
        self.list = ChoiceList(theme, _("可填的指标"))
        self.measures, self.conditions = Menu(theme, self), Menu(theme, self)
        self.measure_button = Button(theme, _(MEASURES["current"]), menu=self.measures)
        self.condition_button = Button(theme, _("不加条件"), menu=self.conditions)
        self.take_button = Button(theme, take or _("填入单元格"), self.take, kind="primary", key="Enter")
        self.list_button = Button(theme, _("从这里起列记录"), self.list_wanted.emit)
        self.clear_button = Button(theme, _("不填"), self.cleared.emit, key="Delete")
        for key, title in MEASURES.items():
            self.measures.addAction(_(title), partial(self.set_measure, key))
        inner = QWidget()
        whole, column = QVBoxLayout(self), QVBoxLayout(inner)
        theme.pad(whole)
        whole.addWidget(scrolled(inner, kind="clear", over=True))
        edge = tokens.S3 if rows else tokens.S2  # in line with the fields beside it; a cell has more to say
        theme.pad(column, (tokens.S4, edge, tokens.S4, edge), tokens.S2)
        column.addWidget(self.cell)
        column.addWidget(self.now)
        column.addWidget(self.hint)
        column.addWidget(FieldBox(theme, _("指标"), self.line))
        column.addWidget(self.list, 1)
        column.addLayout(row(theme, self.measure_button, self.condition_button, None))
        column.addLayout(row(theme, self.take_button, self.clear_button, None))
        column.addLayout(row(theme, self.list_button, None))
        for part in (self.cell, self.now, self.hint, self.measure_button, self.clear_button, self.list_button):
            part.setVisible(not rows)
        self._least()
        theme.changed.connect(self._least)
        self.line.textChanged.connect(lambda _text: self._filter())
        self.line.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self._look())
        self.list.doubleClicked.connect(lambda _index: self.take())

    def _least(self) -> None:
        self.list.setMinimumHeight(self._theme.px(LEAST_LIST))

    # ---- showing -------------------------------------------------------------------------------------------------
    def offer(self, choices: Sequence[Choice]) -> None:
        """Know what can be put into cells."""
        self._choices = choices

    def show_cell(self, name: str, now: str, near: str, heads: str, *, bound: bool, formula: bool) -> None:
        """Show the current cell: its name, what is bound in it, its labels."""
        self.cell.setText(name)
        self.now.setText(now)
        self.now.setVisible(bool(now))
        said = " · ".join(t for t in (near, heads) if t)
        self.hint.setText(_("这里是公式，不填。") if formula else breakable(said))
        self._near = near
        for widget in (self.line, self.list, self.take_button, self.list_button, self.measure_button):
            widget.setEnabled(not formula)
        self.clear_button.setEnabled(bound)
        self.line.clear()
        self._filter()

    def show_binding(self, figure: str, measure: str) -> None:
        """Show what is bound now as the one proposed."""
        self.set_measure(measure)
        fid = parse_id(figure)
        self.filters = dict(fid.filters)
        self._say_filters()
        known = next((c for c in self._choices if c.id == fid.figure), None)
        if known is not None:
            rest = [c for c in offered(self._choices, "", self._near) if c.id != known.id]
            self._fill([known, *rest])

    def set_measure(self, measure: str) -> None:
        """Propose a measure."""
        self.measure = measure
        self.measure_button.set_text(_(MEASURES[measure]))

    def show_conditions(self, figure: str, found: Sequence[Condition]) -> None:
        """Offer the conditions of the current figure."""
        if figure != self.figure:
            return
        self.filters = {d: v for d, v in self.filters.items() if d in {c.id for c in found}}
        self.conditions.clear()
        self.conditions.addAction(_("不加条件"), partial(self._condition, "", ""))
        for condition in found:
            if condition.values and len(condition.values) <= MOST_VALUES:
                inner = Menu(self._theme, self.conditions, condition.title.replace("&", "&&"))
                self.conditions.addMenu(inner)
                for value in condition.values:
                    inner.addAction(value.replace("&", "&&"), partial(self._condition, condition.id, value))
        self.condition_button.setEnabled(len(self.conditions.actions()) > 1)
        self._say_filters()

    def _condition(self, dim: str, value: str) -> None:
        if dim:
            self.filters[dim] = value
        else:
            self.filters.clear()
        self._say_filters()

    def _say_filters(self) -> None:
        self.condition_button.set_text("、".join(self.filters.values()) or _("不加条件"))

    # ---- choosing ------------------------------------------------------------------------------------------------
    @property
    def figure(self) -> str:
        """Id of the current figure, "" when none."""
        index = self.list.currentIndex()
        return self.list.choices.items[index.row()].id if index.isValid() else ""

    def start(self, typed: str = "") -> None:
        """Begin to choose: the line gets the focus."""
        self.line.setFocus()
        if typed:
            self.line.setText(typed)

    def take(self) -> None:
        """Put the current figure into the cell."""
        figure = self.figure
        if figure:
            self.taken.emit(str(FigureId(figure, tuple(self.filters.items()))), self.measure)

    def _filter(self) -> None:
        self._fill(offered(self._choices, self.line.text(), self._near))

    def _fill(self, found: Sequence[Choice]) -> None:
        self.list.fill([Item(c.id, c.title, c.note) for c in found], found[0].id if found else "")
        self.take_button.setEnabled(bool(found) and self.line.isEnabled())
        self._look()

    def _look(self) -> None:
        self.condition_button.setEnabled(False)
        if self.figure:
            self.looked.emit(self.figure)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
            return True
        if key == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        if watched is self.line and key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}.get(Qt.Key(key), -8)
            count = len(self.list.choices.items)
            if count:
                at = max(0, min(count - 1, self.list.currentIndex().row() + step))
                self.list.mark(self.list.choices.items[at].id)
                self._look()
            return True
        return super().eventFilter(watched, event)
