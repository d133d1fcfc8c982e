"""Dialogs. They are rare: the title says the act, the text its consequence, the safe button is the default.

Tests and pages reach them through :class:`Ask`, so that a test answers without a window.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize, QStandardPaths
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import label
from envdesk.gui.section import FieldBox
from envdesk.gui.theme import Theme
from envdesk.i18n import _

REASON_HEIGHT = 52


@dataclass(frozen=True)
class Question:
    """A question with consequences.

    Attributes:
        title: the act ("解除 2026年8月 的月结").
        text: its consequence.
        act: words of the button that does it; ``safe`` of the one that does not ("" = there is nothing to choose);
            ``leave`` said beside Esc.
        reason: least number of characters of the reason, 0 = none asked.
        danger: red outlined; without it the act is the green button.
    """

    title: str
    text: str
    act: str
    safe: str
    leave: str = ""
    reason: int = 0
    danger: bool = True


class Asking(Protocol):
    """Asks the user."""

    def act(self, question: Question) -> str | None:
        """Return the reason ("" when none was asked) if the user wants the act, None if not."""

    def open_file(self, title: str, kinds: str) -> Path | None:
        """Ask for an existing file; *kinds* as Qt writes them ("Excel (*.xlsx)")."""

    def open_files(self, title: str, kinds: str) -> list[Path]:
        """Ask for any number of existing files."""

    def save_file(self, title: str, name: str, kinds: str) -> Path | None:
        """Ask where to write."""

    def folder(self, title: str) -> Path | None:
        """Ask for a folder."""


class ColumnDialog(QDialog):
    """A dialog of a fixed width, as high as its words are at that width.

    Qt takes the height for the width of the unbroken words, which cut off the last line.
    """

    def __init__(self, theme: Theme, width: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.fix(self, width=width)

    def sizeHint(self) -> QSize:
        layout, wide = self.layout(), self.maximumWidth()
        return super().sizeHint() if layout is None else QSize(wide, layout.totalHeightForWidth(wide))


class ActDialog(ColumnDialog):
    """Asks one :class:`Question`."""

    def __init__(self, theme: Theme, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(theme, tokens.DIALOG, parent)
        self._least = question.reason
        self.setWindowTitle(question.title)
        self.setModal(True)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(foot, (0, tokens.S1, 0, 0), tokens.S2)
        column.addWidget(label(question.title, "section"))
        column.addWidget(label(question.text, "table", wrap=True))
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        theme.fix(self.reason, height=REASON_HEIGHT)
        if question.reason:
            caption = _("至少 {count} 个字").format(count=question.reason)
            column.addWidget(FieldBox(theme, _("原因"), self.reason, required=True, caption=caption))
        else:
            self.reason.setParent(None)
        self.safe = Button(theme, question.safe, self.reject)
        self.act = Button(theme, question.act, self.accept, kind="danger" if question.danger else "primary")
        usual = self.safe if question.safe else self.act
        usual.setDefault(True)
        if question.safe:
            foot.addWidget(KeyHint(theme, ("Esc",), question.leave or question.safe))
        else:
            self.safe.hide()
        foot.addStretch(1)
        foot.addWidget(self.safe)
        foot.addWidget(self.act)
        column.addLayout(foot)
        self.reason.textChanged.connect(self._judge)
        self._judge()
        self._ring = FocusRing(theme, self)
        (self.reason if question.reason else usual).setFocus()

    def text(self) -> str:
        """Return the reason."""
        return self.reason.toPlainText().strip()

    def _judge(self) -> None:
        self.act.setEnabled(len(self.text()) >= self._least)


class Ask:
    """Asks with real dialogs over the active window."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._place: Path | None = None

    @property
    def _window(self) -> QWidget | None:
        return QApplication.activeWindow()

    def act(self, question: Question) -> str | None:
        dialog = ActDialog(self._theme, question, self._window)
        try:
            wanted = dialog.exec() == QDialog.DialogCode.Accepted
            return dialog.text() if wanted else None
        finally:
            dialog.deleteLater()

    @property
    def place(self) -> Path:
        """Where a file dialog opens: where the last file was, at first in the user's documents.

        Never the current folder: that of a program started from its icon may be the one it is installed in.
        """
        if self._place is None or not self._place.is_dir():
            self._place = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        return self._place

    def _took(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        self._place = Path(chosen).parent
        return Path(chosen)

    def open_file(self, title: str, kinds: str) -> Path | None:
        name, _kind = QFileDialog.getOpenFileName(self._window, title, str(self.place), kinds)
        return self._took(name)

    def open_files(self, title: str, kinds: str) -> list[Path]:
        names, _kind = QFileDialog.getOpenFileNames(self._window, title, str(self.place), kinds)
        return [Path(name) for name in names if self._took(name)]

    def save_file(self, title: str, name: str, kinds: str) -> Path | None:
        chosen, _kind = QFileDialog.getSaveFileName(self._window, title, str(self.place / name), kinds)
        return self._took(chosen)

    def folder(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self.place))
        return Path(chosen) if chosen else None
