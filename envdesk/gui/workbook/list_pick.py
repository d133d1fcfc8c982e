"""A list of records in a workbook: which register, and which field in which column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.exchange.sheets import column_letters
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.menus import Menu
from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.section import row, scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.book_lists import FormLine, Proposal


class ListPane(QWidget):
    """Choose a register; its columns are proposed by the heads of the table and can be changed one by one.

    Signals:
        form_picked: id of a register, its columns are wanted.
        taken: the :class:`Proposal`.
        left: back without a list.
    """

    form_picked = Signal(str)
    taken = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.proposal: Proposal | None = None
        self.title = label("", "section")
        self.forms = ChoiceList(theme, _("要列的台账"))
        self.said = label("", "caption", wrap=True)
        self._inner = QWidget()
        self._lines = QVBoxLayout(self._inner)
        theme.pad(self._lines, spacing=tokens.S1)
        self.take_button = Button(theme, _("从这里列"), self._take, kind="primary")
        self.leave_button = Button(theme, _("返回"), self.left.emit, key="Esc")
        column = QVBoxLayout(self)
        theme.pad(column, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        column.addWidget(self.title)
        column.addWidget(self.forms, 1)
        column.addWidget(self.said)
        column.addWidget(scrolled(self._inner, kind="clear"), 1)
        column.addLayout(row(theme, self.take_button, self.leave_button, None))
        self.forms.picked.connect(self.form_picked)

    def start(self, place: str, forms: Sequence[FormLine]) -> None:
        """Begin for a cell."""
        self.title.setText(_("从 {cell} 起列记录").format(cell=place))
        self.forms.fill([Item(f.id, f.title, f.group) for f in forms], "")
        self.show_proposal(None, {})
        self.forms.setFocus()
        if forms:
            self.forms.setCurrentIndex(self.forms.choices.index(0))

    def show_proposal(self, proposal: Proposal | None, keys: Mapping[str, str]) -> None:
        """Show the columns as they would be filled."""
        self.proposal = proposal
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.take_button.setEnabled(False)
        if proposal is None:
            self.said.setText(_("选一个台账，按 Enter。"))
            return
        for line in proposal.columns:
            menu = Menu(self._theme, self._inner)
            button = Button(self._theme, self._words(line.column, line.head, keys.get(line.key, "")), menu=menu)
            menu.addAction(_("空着"), partial(self._choose, line.column, "", keys))
            for key, words in keys.items():
                menu.addAction(words.replace("&", "&&"), partial(self._choose, line.column, key, keys))
            self._lines.addWidget(button)
        self._lines.addStretch(1)
        room = (
            _("表里留了 {rows} 行。").format(rows=proposal.rows)
            if proposal.rows
            else _("下面没有内容，有多少条列多少行。")
        )
        none = _("这里上面一行没有表头，请从表头下面的第一格开始。")
        self.said.setText(room if proposal.columns else none)
        self.take_button.setEnabled(any(c.key for c in proposal.columns))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102 - Qt's
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    @staticmethod
    def _words(column: int, head: str, words: str) -> str:
        return f"{column_letters(column - 1)} {head[:12]} ← {words or _('空着')}"

    def _choose(self, column: int, key: str, keys: Mapping[str, str]) -> None:
        if self.proposal is not None:
            self.show_proposal(self.proposal.with_key(column, key), keys)

    def _take(self) -> None:
        if self.proposal is not None:
            self.taken.emit(self.proposal)
