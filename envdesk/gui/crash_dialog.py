"""The dialog after a failure: what was typed is kept, and details can be copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.act_dialog import ColumnDialog
from envdesk.gui.buttons import Button
from envdesk.gui.crash import describe, facts
from envdesk.gui.dialogs import Ask
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import label
from envdesk.gui.theme import Theme
from envdesk.i18n import _

DETAILS_HEIGHT, LEAST_DETAILS = 200, 72


class _Details(QPlainTextEdit):
    """Gives its room away on a small screen: it scrolls, the rest of the dialog does not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        return self._theme.size(tokens.DIALOG, DETAILS_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self._theme.size(tokens.DIALOG, LEAST_DETAILS)


class CrashDialog(ColumnDialog):
    """Says that something failed, that what was typed is kept, and gives details to copy."""

    def __init__(
        self, theme: Theme, error: BaseException, *, kept: bool, log_file: Path | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, tokens.DIALOG_WIDE, parent)
        self.setWindowTitle(_("程序出错"))
        self._theme = theme
        column, foot = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(foot, spacing=tokens.S2)
        column.addWidget(label(_("程序出错，刚才的操作没有完成"), "section"))
        told = _("正在填写的内容已存为草稿，已保存的记录没有影响。") if kept else _("已保存的记录没有影响。")
        more = _("可以继续使用。把下面的详情发给技术人员，里面没有姓名、电话和地址。")
        column.addWidget(label(f"{told}{more}", "table", wrap=True))
        self.details = _Details(theme)
        self.details.setAccessibleName(_("出错详情"))
        self.details.setPlainText(f"{facts()}\n\n{describe(error)}")
        column.addWidget(self.details, 1)
        if log_file is not None:
            where = label(_("记录文件：{path}").format(path=log_file), "caption", wrap=True)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(where)
        self._log_folder = log_file.parent if log_file is not None else None
        self.copy = Button(theme, _("复制详情"), self.copy_details, icon="copy")
        self.gather = Button(theme, _("收集支持信息"), self.collect, icon="package")
        self.go_on = Button(theme, _("继续使用"), self.accept, kind="primary")
        self.go_on.setDefault(True)
        foot.addStretch(1)
        foot.addWidget(self.gather)
        foot.addWidget(self.copy)
        foot.addWidget(self.go_on)
        self.said = label("", "caption", wrap=True)
        self.said.hide()
        column.addWidget(self.said)
        column.addLayout(foot)
        self._ring = FocusRing(theme, self)
        self.go_on.setFocus()

    def collect(self) -> None:
        """Write log and details into an archive for a technician; of the file itself nothing, it may be what failed."""
        from envdesk.desk import support

        out = Ask(self._theme).save_file(_("支持信息存在哪里"), _("环保台账支持信息.zip"), "ZIP (*.zip)")
        if out is None:
            return
        try:
            made = support.collect(
                out, error=self.details.toPlainText(), logs=self._log_folder, more={"qt": qVersion()}
            )
        except Refused as exc:
            self.said.setText(exc.all_problems()[0].message)
        else:
            self.said.setText(_("已收集到 {path}，可以发给技术人员。").format(path=made))
        self.said.show()

    def copy_details(self) -> None:
        """Put the details on the clipboard."""
        QApplication.clipboard().setText(self.details.toPlainText())
