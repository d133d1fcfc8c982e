"""Backups: made with their proof, listed, looked into, restored with a reason; and the check of the open file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from envdesk.desk.office import Done
from envdesk.errors import Problem, Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import ChipState
from envdesk.gui.dialogs import Question
from envdesk.gui.labels import label, set_tone
from envdesk.gui.page import Context
from envdesk.gui.section import row
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tasks import Work
from envdesk.i18n import _, plural
from envdesk.present import keeping_page
from envdesk.present.keeping_page import Kept

MOST_ROWS, MOST_PROBLEMS, REASON = 8, 20, 5


class _Said(QWidget):
    """A sentence under the buttons, in its colour."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        ctx.theme.pad(column, (tokens.S4, 0, tokens.S4, tokens.S3))
        self.words = label("", "table", wrap=True)
        column.addWidget(self.words)
        self.hide()

    def say(self, text: str, tone: str = "green") -> None:
        set_tone(self.words, tone)
        self.words.setText(text)
        self.setVisible(bool(text))


class BackupPart(Part):
    """Making, looking into and restoring backups."""

    def __init__(self, ctx: Context) -> None:
        theme = ctx.theme
        self.now = Button(theme, _("立即备份"), self.make, kind="primary", icon="shield-check")
        self.elsewhere = Button(theme, _("备份到别处"), self.make_elsewhere)
        super().__init__(
            ctx, "backup", _("备份"),
            _("备份写完会打开核对，核对过的才算数。两天内的全留，两周内一天一份，一年内一月一份。"),
            right=(self.elsewhere, self.now),
        )  # fmt: skip
        self.words += "\n" + _("恢复 还原 U盘 核对")
        self.said = _Said(ctx)
        columns = [
            Column("at", _("时间"), 160), Column("size", _("大小"), 92, "number"), Column("kind", _("类别"), 128, "chip"),
            Column("file", _("文件")),
        ]  # fmt: skip
        self.model = RowsModel(columns, parent=self)
        self.table = LedgerTable(theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(_("备份"))
        self.verify_button = Button(theme, _("核对这份"), self.verify, row=True)
        self.restore_button = Button(theme, _("恢复到这份"), self.restore, kind="danger", row=True)
        self.other_button = Button(theme, _("从别处的备份恢复"), self.restore_other, row=True)
        self.folder_button = Button(theme, _("打开备份文件夹"), self.open_folder, icon="folder-open", row=True)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table)
        self.nothing = label(_("还没有备份，按“立即备份”做第一份。"), "soft")
        theme.pad(empty := row(theme, self.nothing), (tokens.S4, 0, tokens.S4, tokens.S2))
        self.body.addLayout(empty)
        self._foot = QHBoxLayout()
        theme.pad(self._foot, (tokens.S4, tokens.S2, tokens.S4, tokens.S3), tokens.S2)
        row(theme, self.verify_button, self.restore_button, None, into=self._foot)
        row(theme, self.other_button, self.folder_button, None, into=self._foot)
        self._foot.setStretch(0, 1)
        self.body.addLayout(self._foot)
        self.table.current_changed.connect(self._allow)
        self.show_kept(())

    def stack(self) -> None:  # noqa: D102 - the part's
        super().stack()
        foot = (self.verify_button, self.restore_button, self.other_button, self.folder_button)
        wide = sum(b.sizeHint().width() for b in foot) + self.ctx.theme.px(5 * tokens.S4)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._foot.setDirection(down if wide > self.width() else across)

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: keeping_page.kept(w.desk), self.show_kept, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if not kinds.isdisjoint({"backup", "file"}):
            self.read()

    def show_kept(self, kept: Sequence[Kept]) -> None:
        """Show the backups."""
        usual, aside = ChipState(_("备份"), "green", "check"), ChipState(_("恢复前留下"), "grey", "back")
        before = {row.id for n in range(self.model.rowCount()) if (row := self.model.row_at(n)) is not None}
        self.model.fill([
            Row(str(k.path), (k.at.strftime("%Y-%m-%d %H:%M"), k.size_words, aside if k.aside else usual, k.path.name), data=k)
            for k in kept
        ])  # fmt: skip
        self.beside.setText(plural("{count} 份", len(kept)) if kept else "")
        for widget, shown in ((self.table, bool(kept)), (self.nothing, not kept)):
            widget.setVisible(shown)
        for button in (self.verify_button, self.restore_button):
            button.setVisible(bool(kept))
        if kept and str(kept[0].path) not in before:  # one was made just now
            self.table.go_to(0)
        self._allow(self.table.row())

    def _allow(self, row: Row | None) -> None:
        self.verify_button.setEnabled(row is not None)
        self.restore_button.setEnabled(row is not None)

    # ---- making --------------------------------------------------------------------------------------------------
    def make(self) -> None:
        """Make a backup beside the file."""
        self._make(None)

    def make_elsewhere(self) -> None:
        """Make a backup at a chosen place."""
        name = f"{self.ctx.office} {self.ctx.clock.today():%Y-%m-%d}.envdesk"
        out = self.ctx.ask.save_file(_("备份到哪里"), name, _("台账 (*.envdesk)"))
        if out is not None:
            self._make(out)

    def _make(self, out: Path | None) -> None:
        self.said.say("")
        self.ctx.operations.do(
            lambda w: Done(keeping_page.proof(keeping_page.make(w.desk, out)), frozenset({"backup"})),
            done=self.said.say, refused=self._refused, undo=False, title=_("正在备份"), owner=self,
        )  # fmt: skip

    def _refused(self, error: Refused) -> bool:
        words = error.all_problems()[0].message
        if error.code == "db_key":
            words = _("打不开：这个文件不是备份，或者用的是另一个密钥。")
        self.said.say(words, "red")
        return True

    # ---- a backup ------------------------------------------------------------------------------------------------
    def _chosen(self) -> Kept | None:
        row = self.table.row()
        return row.data if row is not None else None

    def verify(self) -> None:
        """Look into the current backup."""
        kept = self._chosen()
        if kept is not None:
            self.ctx.operations.do(
                lambda w: Done(keeping_page.verify(w.desk, kept.path)), done=self.said.say, refused=self._refused,
                title=_("正在核对备份"), owner=self,
            )  # fmt: skip

    def restore(self) -> None:
        """Restore the current backup."""
        kept = self._chosen()
        if kept is not None:
            self._restore(kept.path, kept.at.strftime("%Y-%m-%d %H:%M"))

    def restore_other(self) -> None:
        """Restore a backup that lies elsewhere."""
        chosen = self.ctx.ask.open_file(_("选备份文件"), _("台账 (*.envdesk)"))
        if chosen is not None:
            self._restore(chosen, chosen.name)

    def _restore(self, source: Path, name: str) -> None:
        held = self.ctx.held
        question = Question(
            _("恢复到 {name} 的备份").format(name=name),
            _("这份备份以后登记的内容会从台账里消失。现在的台账先留一份在备份文件夹里，还能再恢复回来。"),
            _("恢复备份"), _("不恢复"), leave=_("不恢复"), reason=REASON,
        )  # fmt: skip
        why = self.ctx.ask.act(question)
        if not why or held is None:
            return

        def fn(_work: Work) -> Done:
            return keeping_page.restore(held.closed_file, lambda: held.desk, source, why)

        def done(kept: Path | None) -> None:
            words = _("已恢复。原来的台账留在 {path}。").format(path=kept.name) if kept is not None else _("已恢复。")
            self.said.say(words)

        self.ctx.operations.do(
            fn, done=done, refused=self._refused, undo=False, title=_("正在恢复"), owner=self
        )  # fmt: skip

    def open_folder(self) -> None:
        """Open the folder of the backups."""

        def fn(work: Work) -> str:
            folder = keeping_page.folder(work.desk)
            folder.mkdir(exist_ok=True)
            return str(folder)

        self.ctx.operations.read(fn, lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(path)), owner=self)

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.now


class CheckPart(Part):
    """The check of the open file."""

    def __init__(self, ctx: Context) -> None:
        self.button = Button(ctx.theme, _("检查台账"), self.check, icon="shield-check", row=True)
        super().__init__(
            ctx, "check", _("检查台账"),
            _("文件是否完整、每条记录和附件是否都在、操作记录有没有被改动，逐项核对一遍。"), right=(self.button,),
        )  # fmt: skip
        self.said = _Said(ctx)
        self.body.addWidget(self.said)

    def check(self) -> None:
        """Check, and say what was found."""
        self.said.say("")
        self.ctx.operations.do(
            lambda w: Done(keeping_page.check(w.desk)), done=self.show_problems, title=_("正在检查台账"), owner=self
        )  # fmt: skip

    def show_problems(self, found: Sequence[Problem]) -> None:
        """Say what was found."""
        if not found:
            self.said.say(_("检查通过，没有发现问题。"))
            return
        lines = [p.message for p in found[:MOST_PROBLEMS]]
        if len(found) > MOST_PROBLEMS:
            lines.append(_("还有 {count} 项。").format(count=len(found) - MOST_PROBLEMS))
        self.said.say("\n".join(lines), "red")

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.button
