"""What is to be said about a street that has no conflict: its receipt, a trial, why nothing was taken, a passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.labels import Elided, hairline, label
from envdesk.gui.merge.rows import chip_of
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Panel, row, scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.merge_desk import Details, FileDetails, Street, Trial

NAME = 56


class FilesPanel(Panel):
    """A street and its files.

    Signals:
        merging: merge these files (list of :class:`Trial`).
        dropped: forget these files.
        unlocking: a file and the passphrase to try.
        printing: print the receipt of the street shown.
        urging: remind the street shown.
        taking: take files.
    """

    merging = Signal(object)
    dropped = Signal(object)
    unlocking = Signal(object, str)
    printing = Signal()
    urging = Signal()
    taking = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=0)
        self._theme = theme
        self.details: Details | None = None
        self.title, self.chip = Elided("", "section"), Chip(theme, ChipState("", "grey", "ring"))
        self.sentence = label("", "table", wrap=True)
        self.secret = LineField(theme, _("街道另行告知"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.returnPressed.connect(self._unlock)
        self.secret_box = FieldBox(theme, _("口令"), self.secret)
        self.open = Button(theme, _("用口令打开"), self._unlock, icon="lock-open")
        self.merge = Button(theme, _("合并"), self._merge, kind="primary", icon="git-merge")
        self.drop = Button(theme, _("移去"), self._drop, icon="x")
        self.paper = Button(theme, _("存回执"), self.printing.emit, icon="printer")
        self.urge = Button(theme, _("复制催报的话"), self.urging.emit, icon="copy")
        self.take = Button(theme, _("收街道文件"), self.taking.emit, icon="package-open")
        self.lines = QVBoxLayout()
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        head = QVBoxLayout()
        theme.pad(head, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        head.addLayout(row(theme, self.title, self.chip))
        head.addWidget(self.sentence)
        head.addWidget(self.secret_box)
        inner = QWidget()
        column = QVBoxLayout(inner)
        theme.pad(column)
        theme.pad(self.lines)
        column.addLayout(self.lines)
        column.addStretch(1)
        self.area = scrolled(inner, kind="clear")
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(_("回执"))
        foot = row(theme, self.merge, self.open, self.paper, self.urge, self.take, None, self.drop)
        theme.pad(foot, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        self.body.addLayout(head)
        self.body.addWidget(hairline(theme))
        self.body.addWidget(self.area, 1)
        self.body.addWidget(hairline(theme))
        self.body.addLayout(foot)

    # ---- showing -------------------------------------------------------------------------------------------------
    def show_details(self, found: Details) -> None:
        """Show a street."""
        other = self.details is None or self.details.street.id != found.street.id
        self.details = found
        street, locked = found.street, self._locked()
        self.title.setText(street.name)
        self.chip.set_state(chip_of(street.chip))
        self._sentence(street)
        self.secret_box.setVisible(locked is not None)
        if other or locked is None:
            self.secret.clear()
        wrong = _("口令不对，或文件开头已损坏。") if locked is not None and locked.wrong else ""
        self.secret_box.set_problem("error" if wrong else "", wrong)
        passed = any(t.passed for t in street.files)
        for button, shown in (
            (self.merge, passed), (self.open, locked is not None), (self.drop, bool(street.files)),
            (self.paper, not street.files and bool(street.packages)), (self.urge, not street.files and not street.packages),
            (self.take, not street.files and not street.packages),
        ):  # fmt: skip
            button.setVisible(shown)
        self._fill(found)
        if wrong:
            self.secret.selectAll()
            self.secret.setFocus()

    def _sentence(self, street: Street) -> None:
        words = ""
        if not street.files and not street.packages:
            words = _("这一期的上报文件还没有收到。收到以后点“收街道文件”，先试合并，看过再合并。")
        elif self._locked() is not None:
            words = _("文件加了口令，填上口令再打开。口令由街道另行告知。")
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))

    def _fill(self, found: Details) -> None:
        while (item := self.lines.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for part in found.files:
            self.lines.addWidget(_File(self._theme, part))
        self.area.verticalScrollBar().setValue(0)

    def _locked(self) -> Trial | None:
        files = self.details.street.files if self.details is not None else ()
        return next((t for t in files if t.locked), None)

    # ---- doing ---------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Take the focus: the field that is asked for, else the first button."""
        if self.secret_box.isVisible():
            self.secret.setFocus()
            return
        buttons = (self.merge, self.drop, self.paper, self.urge)
        next((b for b in buttons if b.isVisible() and b.isEnabled()), self.area).setFocus()

    def _merge(self) -> None:
        if self.details is not None:
            self.merging.emit([t for t in self.details.street.files if t.passed])

    def _drop(self) -> None:
        if self.details is not None:
            self.dropped.emit(list(self.details.street.files))

    def _unlock(self) -> None:
        locked = self._locked()
        if locked is None:
            return
        if not self.secret.text():
            self.secret_box.set_problem("error", _("先填口令。"))
            self.secret.setFocus()
            return
        self.unlocking.emit(locked, self.secret.text())


class _File(QWidget):
    """One file: facts, what became of its records, remarks."""

    def __init__(self, theme: Theme, part: FileDetails) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        theme.pad(column, (0, tokens.S3, 0, 0), tokens.S2)
        facts = QGridLayout()
        theme.pad(facts, (tokens.S4, 0, tokens.S4, 0), (tokens.S2, tokens.S1))
        for n, (name, words) in enumerate(part.facts):
            caption = label(name, "caption")
            theme.fix(caption, width=NAME)
            facts.addWidget(caption, n, 0)
            facts.addWidget(Elided(words, "table"), n, 1)
        facts.setColumnStretch(1, 1)
        column.addLayout(facts)
        if part.wrong and not (part.trial is not None and part.trial.locked):
            column.addWidget(_said(theme, part.wrong, "red"))
            column.addWidget(_said(theme, part.todo))
        for remark in part.remarks:
            column.addWidget(_said(theme, remark, "amber"))
        table = QGridLayout()
        theme.pad(table, (tokens.S4, tokens.S1, tokens.S4, tokens.S2), (tokens.S3, tokens.S1))
        for n, line in enumerate(part.forms):
            table.addWidget(label(line.title, "table", wrap=True), n, 0, Qt.AlignmentFlag.AlignTop)
            table.addWidget(label(line.words, "caption", wrap=True), n, 1, Qt.AlignmentFlag.AlignTop)
        table.setColumnStretch(0, 1)
        table.setColumnStretch(1, 1)
        column.addLayout(table)
        column.addWidget(hairline(theme))


def _said(theme: Theme, words: str, tone: str = "") -> QWidget:
    made = QWidget()
    inside = QVBoxLayout(made)
    theme.pad(inside, (tokens.S4, 0, tokens.S4, 0))
    inside.addWidget(label(words, "table", tone=tone, wrap=True))
    return made
