"""Dialogs. They are rare: the title says the act, the text its consequence, the safe button is the default.

Tests and pages reach them through :class:`Ask`, so that a test answers without a window. What draws them is read when
the first question is asked.
"""

# ruff: noqa: D102 - what Asking says is not said again

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from envdesk.gui.theme import Theme


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


class Ask:
    """Asks with real dialogs over the active window."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._place: Path | None = None

    @property
    def _window(self) -> QWidget | None:
        return QApplication.activeWindow()

    def act(self, question: Question) -> str | None:
        from PySide6.QtWidgets import QDialog

        from envdesk.gui.act_dialog import ActDialog

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
        from PySide6.QtCore import QStandardPaths

        if self._place is None or not self._place.is_dir():
            self._place = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        return self._place

    def _took(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        self._place = Path(chosen).parent
        return Path(chosen)

    def open_file(self, title: str, kinds: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        name, _kind = QFileDialog.getOpenFileName(self._window, title, str(self.place), kinds)
        return self._took(name)

    def open_files(self, title: str, kinds: str) -> list[Path]:
        from PySide6.QtWidgets import QFileDialog

        names, _kind = QFileDialog.getOpenFileNames(self._window, title, str(self.place), kinds)
        return [Path(name) for name in names if self._took(name)]

    def save_file(self, title: str, name: str, kinds: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _kind = QFileDialog.getSaveFileName(self._window, title, str(self.place / name), kinds)
        return self._took(chosen)

    def folder(self, title: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self.place))
        return Path(chosen) if chosen else None
