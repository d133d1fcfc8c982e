"""What the tests of the lists share: the small office, pages that only remember how they were opened, waiting."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

sys.path.insert(0, str(Path(__file__).parent.parent / "present"))

import small_office

from envdesk.gui.page import Page, PageSpec

build = small_office.build


class Opened(Page):
    """Stands for another page: remembers its parameters."""

    def __init__(self, ctx):
        super().__init__(ctx)
        self.line = QLineEdit()
        self.body.addWidget(self.line)
        self.first = self.line
        self.params = {}

    def activate(self, params):
        self.params = dict(params)


FORM = PageSpec("form", Opened)


def settle(app) -> None:
    """Let everything that was started end."""
    from PySide6.QtCore import QElapsedTimer

    clock = QElapsedTimer()
    clock.start()
    quiet = 0
    while quiet < 12 and clock.elapsed() < 20_000:
        QApplication.processEvents()
        quiet = 0 if app.tasks.active else quiet + 1
        from time import sleep

        sleep(0.012)  # together longer than a list waits before it sums up
