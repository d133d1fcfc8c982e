"""关于: version, help, what can be sent to a technician, licences of the parts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.desk import support
from envdesk.desk.office import Done
from envdesk.desk.words import NONE
from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label, set_tone
from envdesk.gui.page import Context
from envdesk.gui.section import row
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.whole_lines import WholeLines
from envdesk.i18n import _, plural
from envdesk.paths import program_dir, user_data_dir
from envdesk.present import about

MOST_ROWS, TEXT_HEIGHT = 10, 240
MANUAL = "使用手册.pdf"


class AboutPart(Part):
    """The program itself."""

    def __init__(self, ctx: Context) -> None:
        theme = ctx.theme
        self.collect_button = Button(theme, _("收集支持信息"), self.collect, icon="package", row=True)
        self.folder_button = Button(theme, _("打开数据文件夹"), self.open_folder, icon="folder-open", row=True)
        self.manual_button = Button(theme, _("打开使用手册"), self.open_manual, icon="file-text", row=True)
        super().__init__(
            ctx, "about", _("关于环保台账"), about.version_words(),
            right=(self.manual_button, self.folder_button, self.collect_button),
        )  # fmt: skip
        self.words += "\n" + _("版本 帮助 手册 日志 技术支持 出错")
        column = QVBoxLayout()
        theme.pad(column, (tokens.S4, 0, tokens.S4, tokens.S3), tokens.S1)
        self.place = label(_("数据和设置存在：{path}").format(path=user_data_dir()), "table", wrap=True)
        told = _("支持信息里有版本、设置、条数和出错位置，没有登记内容，没有姓名、电话、地址。")
        self.said = label(told, "caption", wrap=True)
        column.addWidget(self.place)
        column.addWidget(self.said)
        self.body.addLayout(column)
        manual = self.manual()
        self.manual_button.setVisible(manual is not None)

    @staticmethod
    def manual() -> Path | None:
        """The manual beside the installed program."""
        folder = program_dir()
        path = folder / MANUAL if folder is not None else None
        return path if path is not None and path.is_file() else None

    def collect(self) -> None:
        """Write the archive where the user wants it."""
        name = _("环保台账支持信息 {day}.zip").format(day=f"{self.ctx.clock.today():%Y-%m-%d}")
        out = self.ctx.ask.save_file(_("支持信息存在哪里"), name, "ZIP (*.zip)")
        if out is None:
            return
        more = {"qt": qVersion(), "scale": self.ctx.theme.scale}
        self.ctx.operations.do(
            lambda w: Done(support.collect(out, w.desk, more=more)), done=self._collected, refused=self._refused,
            undo=False, title=_("正在收集"), owner=self,
        )  # fmt: skip

    def _collected(self, made: Path) -> None:
        set_tone(self.said, "green")
        self.said.setText(_("已收集到 {path}，可以发给技术人员。").format(path=made))

    def _refused(self, error: Refused) -> bool:
        set_tone(self.said, "red")
        self.said.setText(error.all_problems()[0].message)
        return True

    def open_folder(self) -> None:
        """Show the folder of the data."""
        user_data_dir().mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_data_dir())))

    def open_manual(self) -> None:
        """Open the manual in the PC's own viewer."""
        path = self.manual()
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.collect_button


class LicencesPart(Part):
    """Libraries and fonts with their licences; Enter shows the whole text."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(
            ctx, "licences", _("用到的开源组件"), _("程序使用下列组件，各按其许可使用。选一个看许可全文。")
        )  # fmt: skip
        self.words += "\n" + _("许可 开源 版权")
        columns = [Column("name", _("组件")), Column("version", _("版本"), 92), Column("licence", _("许可"), 320)]
        self.model = RowsModel(columns, parent=self)
        self.table = LedgerTable(ctx.theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(_("用到的开源组件"))
        self.text = WholeLines()
        self.text.setAccessibleName(_("许可全文"))
        ctx.theme.fix(self.text, height=TEXT_HEIGHT)
        self.text.hide()
        foot = QWidget()
        line = row(ctx.theme, self.text)
        ctx.theme.pad(line, (tokens.S4, tokens.S2, tokens.S4, tokens.S3))
        foot.setLayout(line)
        self.body.addWidget(self.table)
        self.body.addWidget(foot)
        self.parts: dict[str, about.Part] = {}
        self.table.current_changed.connect(self.show_text)

    def read(self) -> None:  # noqa: D102 - the part's
        if not self.parts:
            self.ctx.operations.read(lambda _w: about.parts(), self._show, on="pool", owner=self)

    def _show(self, found: tuple[about.Part, ...]) -> None:
        self.parts = {p.name: p for p in found}
        self.model.fill([Row(p.name, (p.name, p.version or NONE, p.licence)) for p in found])
        self.beside.setText(plural("{count} 个", len(found)))

    def show_text(self, chosen: Row | None) -> None:
        """Show the whole licence of a part."""
        part = self.parts.get(chosen.id) if chosen is not None else None
        text = part.text if part is not None else ""
        self.text.setPlainText(text)
        self.text.setVisible(bool(text))
