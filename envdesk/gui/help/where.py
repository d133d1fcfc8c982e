"""Where F1 leads: one help window for a main window, made at the first F1."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from envdesk.formdef.model import Catalogue
from envdesk.gui.theme import Theme

Place = Callable[[], tuple[str, str, str]]


class Help(QObject):
    """Answers F1.

    Args:
        theme: of the window.
        catalogue: whose forms are explained.
        window: the window F1 is pressed in.
        place: tells name of the page, id of the form and label of the field that are in use, "" where there is none.
    """

    def __init__(self, theme: Theme, catalogue: Catalogue | None, window: QWidget, place: Place) -> None:
        super().__init__(window)
        self._theme, self._catalogue, self._parent, self._place = theme, catalogue, window, place
        self.shown: QWidget | None = None
        key = QShortcut(QKeySequence("F1"), window)
        key.setContext(Qt.ShortcutContext.WindowShortcut)
        key.activated.connect(self.open_here)

    def open_here(self) -> None:
        """Open the page of what is on the screen."""
        from envdesk.present.help import topic_for

        page, form, field = self._place()
        self.open(topic_for(page, form), field)

    def open(self, topic: str, field: str = "") -> None:
        """Open a page."""
        from envdesk.gui.help.window import HelpWindow

        if not isinstance(self.shown, HelpWindow):
            self.shown = HelpWindow(self._theme, self._catalogue, self._parent)
        self.shown.open(topic, field)
