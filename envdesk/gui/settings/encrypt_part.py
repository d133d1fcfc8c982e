"""加密: a ledger that is plain gets a passphrase; of an encrypted one the recovery code and a plain copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from envdesk.desk.office import Done
from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.dialogs import Question
from envdesk.gui.labels import label, set_tone
from envdesk.gui.page import Context
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, row
from envdesk.gui.settings.part import Part
from envdesk.gui.tasks import Work
from envdesk.gui.unlock_dialogs import RecoveryDialog
from envdesk.i18n import _, plural
from envdesk.present import keeping_page
from envdesk.present.keeping_page import Encrypted
from envdesk.present.unlock import LEAST

REASON = 5


class EncryptPart(Part):
    """Whether the ledger is encrypted, and changing that."""

    def __init__(self, ctx: Context) -> None:
        theme = ctx.theme
        self.encrypt_button = Button(theme, _("加密台账"), self.encrypt, icon="lock")
        self.code_button = Button(theme, _("再看恢复码"), self.show_code, icon="key-round", row=True)
        self.plain_button = Button(theme, _("解密到另一个文件"), self.decrypt, icon="lock-open", row=True)
        super().__init__(
            ctx, "encrypt", _("加密"),
            _("加密以后，文件被拷走也打不开；换电脑、重装系统时要口令或恢复码。加密前会先核对一份，再换掉原来的文件。"),
            right=(self.code_button, self.plain_button),
        )  # fmt: skip
        self.words += "\n" + _("口令 密码 恢复码 解密")
        self.secret, self.again = LineField(theme), LineField(theme)
        for field in (self.secret, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.box = FieldBox(
            theme, _("口令"), self.secret, required=True, caption=_("至少 {count} 个字").format(count=LEAST)
        )
        self.again_box = FieldBox(theme, _("再写一遍"), self.again, required=True)
        self.ask = QWidget()
        column = QVBoxLayout(self.ask)
        theme.pad(column, (tokens.S4, 0, tokens.S4, tokens.S3), tokens.S1)
        column.addLayout(row(theme, self.box, self.again_box, spacing=tokens.S4))
        column.addLayout(row(theme, self.encrypt_button, None))
        self.said = label("", "table", wrap=True)
        told = QWidget()
        under = row(theme, self.said)
        theme.pad(under, (tokens.S4, 0, tokens.S4, tokens.S3))
        told.setLayout(under)
        self.said.hide()
        self.body.addWidget(self.ask)
        self.body.addWidget(told)
        self.again.returnPressed.connect(self.encrypt)
        for field in (self.secret, self.again):
            field.textEdited.connect(lambda _text: self.box.set_problem("", ""))

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: keeping_page.is_encrypted(w.desk), self.show_state, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if "file" in kinds:
            self.read()

    def show_state(self, encrypted: bool) -> None:  # noqa: FBT001 - what was read
        """Show what can be done."""
        self.beside.setText(_("已加密") if encrypted else _("没有加密"))
        self.ask.setVisible(not encrypted)
        self.code_button.setVisible(encrypted)
        self.plain_button.setVisible(encrypted)

    def _say(self, words: str, tone: str = "green") -> None:
        set_tone(self.said, tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _refused(self, error: Refused) -> bool:
        self._say(error.all_problems()[0].message, "red")
        return True

    # ---- doing ---------------------------------------------------------------------------------------------------
    def encrypt(self) -> None:
        """Encrypt the ledger in place, then show the recovery code."""
        held, words = self.ctx.held, self.secret.text()
        wrong = ""
        if len(words) < LEAST:
            wrong = _("口令至少 {count} 个字。").format(count=LEAST)
        elif words != self.again.text():
            wrong = _("两次写的口令不一样。")
        self.box.set_problem("error" if wrong else "", wrong)
        if wrong or held is None:
            (self.secret if len(words) < LEAST else self.again).setFocus()
            return

        def done(made: Encrypted) -> None:
            self.secret.clear()
            self.again.clear()
            told = _("台账已加密，以后的备份也是加密的。")
            if made.plain_backups:
                told += plural("以前的 {count} 份备份没有加密，请另行保管或删除。", len(made.plain_backups))
            self._say(told)
            self.show_code()

        self._say("")
        self.ctx.operations.do(
            lambda _w: keeping_page.encrypt(held.closed_file, held.opens_with, words), done=done,
            refused=self._refused, undo=False, title=_("正在加密"), owner=self,
        )  # fmt: skip

    def show_code(self) -> None:
        """Show the recovery code, to be printed and put away."""
        self.ctx.operations.read(lambda w: keeping_page.recovery(w.desk), self.open_code, owner=self)

    def open_code(self, code: str) -> None:
        """Open the dialog with the code."""
        dialog = RecoveryDialog(self.ctx.theme, self.ctx.ask, self.ctx.office, code, self.window())
        dialog.exec()
        dialog.deleteLater()

    def decrypt(self) -> None:
        """Write a plain copy elsewhere, with a reason; the ledger stays encrypted."""
        held = self.ctx.held
        question = Question(
            _("解密到另一个文件"), _("解密出来的文件谁都能打开，里面有个人信息。台账本身仍是加密的。谁、什么时候、为什么会记下来。"),
            _("解密"), _("不解密"), reason=REASON,
        )  # fmt: skip
        why = self.ctx.ask.act(question)
        if not why or held is None:
            return
        name = _("{office} 未加密 {day}.envdesk").format(office=self.ctx.office, day=self.ctx.clock.today())
        out = self.ctx.ask.save_file(_("解密到哪里"), name, _("台账 (*.envdesk)"))
        if out is None:
            return

        def fn(_work: Work) -> Done:
            return keeping_page.decrypt(held.closed_file, lambda: held.desk, out, why)

        def done(made: Path) -> None:
            self._say(_("已解密到 {path}，用完请删除。").format(path=made))

        self.ctx.operations.do(
            fn, done=done, refused=self._refused, undo=False, title=_("正在解密"), owner=self
        )  # fmt: skip

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.secret if not self.ask.isHidden() else self.code_button
