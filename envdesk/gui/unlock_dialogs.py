"""Two dialogs of an encrypted ledger: its passphrase at the start, its recovery code when it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.act_dialog import ColumnDialog
from envdesk.gui.buttons import Button
from envdesk.gui.dialogs import Asking
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import label
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox
from envdesk.gui.theme import Theme
from envdesk.i18n import _

ACROSS = 8
"""Groups of the recovery code in a line."""


class UnlockDialog(ColumnDialog):
    """Asks for the passphrase or the recovery code until the ledger opens.

    Args:
        theme: colours and sizes.
        path: the ledger.
        attempt: opens it with what was typed; returns a sentence when that failed, "" when it is open.
    """

    def __init__(self, theme: Theme, path: Path, attempt: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(theme, tokens.DIALOG, parent)
        self._attempt = attempt
        self.setWindowTitle(_("环保台账"))
        column, foot = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(foot, spacing=tokens.S2)
        column.addWidget(label(_("打开加密的台账"), "section"))
        column.addWidget(label(str(path), "caption", wrap=True))
        self.line = LineField(theme, "")
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.box = FieldBox(theme, _("口令或恢复码"), self.line, required=True)
        column.addWidget(self.box)
        self.leave = Button(theme, _("退出"), self.reject)
        self.open_button = Button(theme, _("打开"), self.attempt, kind="primary", icon="lock-open")
        self.open_button.setDefault(True)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.open_button)
        column.addLayout(foot)
        self.line.textEdited.connect(lambda _text: self.box.set_problem("", ""))
        self.line.returnPressed.connect(self.attempt)
        self._ring = FocusRing(theme, self)
        self.line.setFocus()

    def attempt(self) -> None:
        """Try what was typed; a wrong one stays and is said."""
        if not self.line.text().strip():
            self.box.set_problem("error", _("请输入口令。"))
            return
        self.setEnabled(False)
        failed = self._attempt(self.line.text())
        self.setEnabled(True)
        if failed:
            self.box.set_problem("error", failed)
            self.line.setFocus()
            self.line.selectAll()
        else:
            self.accept()


class RecoveryDialog(ColumnDialog):
    """Shows the recovery code once; it can be printed, saved and copied, and must be confirmed."""

    def __init__(self, theme: Theme, ask: Asking, office: str, code: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, tokens.DIALOG_WIDE, parent)
        self._ask, self._office, self.code = ask, office, code
        self.setWindowTitle(_("恢复码"))
        column, foot = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(foot, spacing=tokens.S2)
        column.addWidget(label(_("台账已加密，请收好恢复码"), "section"))
        words = _(
            "忘了口令，只有恢复码能打开台账，程序和技术人员都打不开。请打印或抄下来，锁在柜子里，不要存在这台电脑上。"
        )
        column.addWidget(label(words, "table", wrap=True))
        column.addWidget(self._groups(theme))
        self.print_button = Button(theme, _("打印"), self.print_it, icon="printer")
        self.save_button = Button(theme, _("另存为文本"), self.save, icon="download")
        self.copy_button = Button(theme, _("复制"), lambda: QApplication.clipboard().setText(code), icon="copy")
        self.kept_button = Button(theme, _("已经收好"), self.accept, kind="primary")
        foot.addWidget(self.print_button)
        foot.addWidget(self.save_button)
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        foot.addWidget(self.kept_button)
        column.addLayout(foot)
        self._ring = FocusRing(theme, self)
        self.print_button.setFocus()

    def _groups(self, theme: Theme) -> QWidget:
        """The groups of the code, one under the other: it is copied by hand."""
        made = QWidget()
        made.setAccessibleName(_("恢复码"))
        made.setAccessibleDescription(self.code)
        grid = QGridLayout(made)
        theme.pad(grid, (0, tokens.S1, 0, tokens.S2), (tokens.S4, tokens.S1))
        for n, group in enumerate(self.code.split()):
            grid.addWidget(label(group, "page"), n // ACROSS, n % ACROSS)
        grid.setColumnStretch(ACROSS, 1)
        return made

    def text(self) -> str:
        """The sheet that goes into the safe."""
        groups = self.code.split()
        lines = (" ".join(groups[n : n + ACROSS]) for n in range(0, len(groups), ACROSS))
        return _(
            "{office}环保台账恢复码\n\n{code}\n\n忘记口令时，在打开台账的窗口里输入。请勿与电脑放在一起。\n"
        ).format(office=self._office, code="\n".join(lines))

    def print_it(self) -> None:
        """Print the sheet."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            document = QTextDocument()
            document.setPlainText(self.text())
            document.print_(printer)
        dialog.deleteLater()

    def save(self) -> None:
        """Save the sheet as text, best on a USB drive."""
        out = self._ask.save_file(_("恢复码存在哪里"), _("恢复码.txt"), _("文本 (*.txt)"))
        if out is not None:
            out.write_text(self.text(), encoding="utf-8")
