"""Reads the current record of a list for the preview, a moment after the user has come to it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from envdesk.gui.dialogs import Question
from envdesk.gui.page import Context
from envdesk.gui.preview_pane import PreviewPane
from envdesk.gui.table_model import Row
from envdesk.gui.tasks import Task
from envdesk.i18n import _
from envdesk.present import preview as previews

WAIT_MS = 60
REASON = 2
"""Least number of characters of a reason to see personal data."""


class Looking(QObject):
    """Keeps a preview pane on the current row.

    Attributes:
        sentence: what the pane says while there is no row.
    """

    def __init__(self, ctx: Context, pane: PreviewPane, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._pane = ctx, pane
        self.sentence = ""
        self._row: Row | None = None
        self._task: Task | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT_MS)
        self._soon.timeout.connect(self.look)
        pane.revealed.connect(self.reveal)

    def at(self, row: Row | None) -> None:
        """The user is on another row, or it changed."""
        self._row = row
        self._soon.start()

    def look(self) -> None:
        """Read the current record for the pane."""
        self._soon.stop()
        if self._task is not None and self._task.active:
            self._task.cancel()
        row = self._row
        if row is None or self._pane.isHidden():
            self._pane.show_nothing(self.sentence if row is None else "")
            return
        form, rec = row.data.form, row.id

        def show(found: previews.Preview) -> None:
            if self._row is not None and self._row.id == rec:
                self._pane.show_record(found)

        self._task = self._ctx.operations.read(lambda w: previews.preview(w.desk, form, rec), show, owner=self)

    def reveal(self, key: str) -> None:
        """Show a masked value in full, with a reason that is logged."""
        shown = self._pane.shown
        if shown is None:
            return
        text = _("查看人、时间和原因会记入操作记录。")
        question = Question(_("显示个人信息"), text, _("显示"), _("不显示"), reason=REASON, danger=False)
        why = self._ctx.ask.act(question)
        if not why:
            return

        def done(value: str) -> None:
            if self._pane.shown is shown:
                self._pane.show_value(key, value)

        self._ctx.operations.read(lambda w: previews.reveal(w.desk, shown.form, shown.rec, key, why), done, owner=self)
