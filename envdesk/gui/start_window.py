"""The window of the first start, before there is an office's file; it closes when the file is made."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from envdesk.gui.focus import FocusRing
from envdesk.gui.help.where import Help
from envdesk.gui.page import Context
from envdesk.gui.pages.start import StartPage
from envdesk.gui.progress import ProgressPanel
from envdesk.gui.toast import Toast
from envdesk.i18n import _
from envdesk.present.first_start import Made

SIZE, LEAST = (1180, 720), (760, 560)


class StartWindow(QMainWindow):
    """Holds the page of the first start.

    Signals:
        closed: the user left without a file.
    """

    closed = Signal()

    def __init__(self, ctx: Context, path: Path, forms: Iterable[Path] = ()) -> None:
        super().__init__()
        self.setWindowTitle(_("环保台账"))
        self.result: Made | None = None
        self.ctx, self.page = ctx, StartPage(ctx)
        self.setCentralWidget(self.page)
        over: QWidget = self.page
        self.toast = Toast(ctx.theme, over, lambda: None)
        self.progress = ProgressPanel(ctx.theme, over)
        self.ring = FocusRing(ctx.theme, self)
        self.help = Help(ctx.theme, None, self, lambda: ("start", "", ""))
        ctx.operations.said.connect(self.toast.say)
        ctx.operations.started.connect(self.progress.follow)
        self.page.made.connect(self._made)
        self.page.activate({"path": path, "forms": tuple(forms)})
        self.setMinimumSize(*LEAST)
        self.resize(ctx.theme.size(*SIZE))

    def ask(self, *, sample: bool = False) -> Made | None:
        """Show it until a file is made (or, with *sample*, make the sample office at once); None = left."""
        loop = QEventLoop()
        self.page.made.connect(loop.quit)
        self.closed.connect(loop.quit)
        self.show()
        self.page.office.setFocus()
        if sample:
            self.page.make_sample()
        loop.exec()
        self.hide()
        return self.result

    def _made(self, made: Made) -> None:
        self.result = made

    def closeEvent(self, event: QCloseEvent) -> None:
        task = self.page.task
        if task is not None and task.active:
            task.cancel()
        event.accept()
        self.closed.emit()
