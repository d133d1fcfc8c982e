"""The dialog that asks before an act with consequences, and the shape of a dialog of fixed width."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.dialogs import Question
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import label
from envdesk.gui.section import FieldBox
from envdesk.gui.theme import Theme
from envdesk.i18n import _

REASON_HEIGHT = 52


class ColumnDialog(QDialog):
    """A dialog of a fixed width, as high as its words are at that width.

    Qt takes the height for the width of the unbroken words, which cut off the last line, and no more than two thirds of
    the screen, which lets the parts of a high dialog lie over each other on a small one.
    """

    def __init__(self, theme: Theme, width: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title_bar = theme.px(tokens.CONTROL)
        theme.fix(self, width=width)

    def sizeHint(self) -> QSize:
        layout, wide = self.layout(), self.maximumWidth()
        return super().sizeHint() if layout is None else QSize(wide, layout.totalHeightForWidth(wide))

    def event(self, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show
        if shown:
            self._fit(0)
        done = super().event(event)  # in the middle of its window, maybe on another screen, which may change the size
        if shown or (event.type() == QEvent.Type.LayoutRequest and self.isVisible()):
            self._fit(self.height())
        return done

    def _fit(self, least: int) -> None:
        room = self.screen().availableGeometry().height() - self._title_bar
        self.resize(self.width(), max(min(self.sizeHint().height(), room), least))


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
