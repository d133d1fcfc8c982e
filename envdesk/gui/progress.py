"""The progress panel: comes after 600 ms, says how far the work is and how long it will take, and can stop it."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import time

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.bars import paint_bar
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.section import Panel
from envdesk.gui.tasks import Task
from envdesk.gui.theme import Theme
from envdesk.i18n import _


class ProgressPanel(Panel):
    """Follows one task at a time over its parent; work that ends within 600 ms never shows it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, padding=tokens.S4, tone="above")
        self.setParent(parent)
        self._theme = theme
        self._task: Task | None = None
        self._began = 0.0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(tokens.PROGRESS_AFTER_MS)
        self._wait.timeout.connect(self._appear)
        self._title = label("", "strong")
        self._stop = Button(theme, _("停下"), self.stop, row=True)
        self._bar = _Bar(theme)
        self._words, self._left = label("", "caption"), label("", "caption")
        head, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        for layout in (head, foot):
            theme.pad(layout, spacing=tokens.S2)
        theme.pad(column, spacing=tokens.S2)
        head.addWidget(self._title, 1)
        head.addWidget(self._stop)
        foot.addWidget(self._words, 1)
        foot.addWidget(self._left)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(foot)
        self.body.addLayout(column)
        parent.installEventFilter(self)
        self.hide()

    def follow(self, task: Task, title: str) -> None:
        """Watch *task*; an earlier one goes on unwatched."""
        self._task = task
        self._title.setText(title)
        self.setAccessibleName(title)
        self._words.clear()
        self._left.clear()
        self._stop.setEnabled(True)
        self._bar.set_share(None)
        self._began = time.monotonic()
        task.progressed.connect(lambda *far: self.show_progress(*far) if self._task is task else None)
        task.finished.connect(lambda: self._ended(task))
        self._wait.start()

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""
        self._bar.set_share(done / total if total else None)
        count = _("已完成 {done} / {total}").format(done=done, total=total) if total else ""
        self._words.setText(words or count)
        gone = time.monotonic() - self._began
        left = gone * (total - done) / done if total and done else 0
        self._left.setText(_about(left) if gone > 2 and left > 1 else "")

    def stop(self) -> None:
        """Stop the work."""
        if self._task is not None:
            self._stop.setEnabled(False)
            self._words.setText(_("正在停下…"))
            self._task.cancel()

    def place(self) -> None:
        """Go to the bottom right of the parent, above where a toast may be."""
        parent, px = self.parentWidget(), self._theme.px
        if parent is None:
            return
        wide = min(self._theme.px(tokens.SEARCH), parent.width() - 2 * self._theme.px(tokens.S4))
        high = self.sizeHint().height()
        below = px(tokens.S4 + tokens.TOAST + tokens.S2)
        self.setGeometry(parent.width() - wide - px(tokens.S5), parent.height() - high - below, wide, high)

    def _appear(self) -> None:
        if self._task is not None:
            self.show()
            self.raise_()
            self.place()

    def _ended(self, task: Task) -> None:
        if task is self._task and shiboken6.isValid(self):
            self._wait.stop()
            self._task = None
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.stop()
            return
        super().keyPressEvent(event)


def _about(seconds: float) -> str:
    if seconds < 90:
        return _("大约还要 {count} 秒").format(count=max(5, round(seconds / 5) * 5))
    return _("大约还要 {count} 分钟").format(count=round(seconds / 60))


class _Bar(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share: float | None = None
        theme.fix(self, height=tokens.BAR)

    def set_share(self, share: float | None) -> None:
        self._share = share
        self.setAccessibleDescription("" if share is None else f"{share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return self._theme.size(tokens.SEARCH / 2, tokens.BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(QPainter(self), QRectF(self.rect()), self._theme, self._share or 0)
