"""The small office of the tests of ``present`` in a running window, beside pages that only note what they were asked."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from envdesk.gui.page import Page, PageSpec

sys.path.insert(0, str(Path(__file__).parents[1] / "present"))

import small_office

Key, Ctrl, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Alt = Qt.KeyboardModifier.AltModifier
build = small_office.build


class Asked(Page):
    """Notes what it is opened with."""

    def __init__(self, ctx):
        super().__init__(ctx)
        self.asked = []

    def activate(self, params):
        self.asked.append(dict(params))


def beside(*names):
    """Stand-ins for other pages."""
    return {name: PageSpec(name, Asked) for name in names}


class Hands:
    """Presses keys where the focus is."""

    def __init__(self, app, qtbot):
        self.app, self.window, self.bot = app, app.window, qtbot
        self.window.start()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.settle()

    @property
    def page(self):
        return self.window.page

    @property
    def focus(self):
        return QApplication.focusWidget()

    def settle(self, seconds=20):
        """Wait until nothing is read or drawn any more."""
        end, rounds = time.monotonic() + seconds, 0
        while rounds < 8 and time.monotonic() < end:  # rounds, not moments: a busy machine pauses anywhere
            QApplication.processEvents()
            rounds = 0 if self.app.tasks.active else rounds + 1
            time.sleep(0.003)

    def press(self, key, held=Qt.KeyboardModifier.NoModifier, times=1):
        for _n in range(times):
            QTest.keyClick(self.focus or self.window, key, held)
        self.settle()
        return self

    def click(self, widget, where):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
        self.settle()
        return self

    def asked(self, page):
        """What a stand-in was opened with last."""
        return self.window.pages[page].asked[-1]

    def back(self, page):
        self.window.go(page)
        self.settle()
        return self


def words_of(data):
    """The text of a PDF."""
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text
