"""The first thing on the screen: the application object and a plain window, before the program itself is read.

A start reads some three hundred modules and the office's file. Whoever double-clicked sees at once that something
comes, at the place and in the colour of the window that follows. Imports little, and must stay so.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QLibraryInfo, Qt, QTranslator
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from envdesk import __version__, paths
from envdesk.gui import tokens
from envdesk.gui.instance import in_use
from envdesk.gui.prefs import Prefs
from envdesk.i18n import _

PREFS = "window.json"
WORDS = 15
"""Pixels of the words."""


def make_qt(argv: Sequence[str] = ()) -> QApplication:
    """Make the application object, Qt's own words in Chinese."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    qt = QApplication([sys.argv[0], "-style=Fusion", *argv])  # setStyle() would make all names of a QStyle at once
    qt.setApplicationName("EnvDesk")
    qt.setApplicationDisplayName(_("环保台账"))
    qt.setApplicationVersion(__version__)
    words = QTranslator(qt)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        qt.installTranslator(words)
    return qt


class FirstSight(QWidget):
    """Says that the ledger is being opened."""

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self.setWindowTitle(_("环保台账"))
        self._colours = tokens.DARK if dark else tokens.LIGHT
        self.painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = True
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colours.ground))
        painter.setPen(QColor(self._colours.soft))
        font = QFont(self.font())
        font.setPixelSize(WORDS)
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("正在打开台账…"))
        painter.end()


def show(db: Path | None) -> FirstSight | None:
    """Show it where the window stood last; None when another window has the file, which will come to the front."""
    if in_use(db or paths.default_db()):
        return None
    qt = make_qt()
    prefs = Prefs(paths.user_data_dir() / PREFS)
    mode = prefs.get("mode", "system")
    dark = mode == "dark" or (mode == "system" and qt.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    sight = FirstSight(dark=dark)
    geometry = prefs.get("window")
    if isinstance(geometry, str) and sight.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
        sight.show()
    else:
        sight.showMaximized()
    for _n in range(20):  # a window manager may take its time
        qt.processEvents()
        if sight.painted:
            break
    return sight
