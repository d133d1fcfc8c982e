"""What the page 上级表格 does with files: fill and save, rename, forget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from envdesk.desk import books
from envdesk.errors import Refused
from envdesk.figures.period import parse_period
from envdesk.gui.reports.verbs import remarks
from envdesk.i18n import _, plural
from envdesk.present import book_desk

if TYPE_CHECKING:
    from envdesk.gui.pages.workbook import WorkbookPage


class Verbs:
    """Verbs of one page."""

    def __init__(self, page: WorkbookPage) -> None:
        self._page = page
        self._ctx = page.ctx

    def save(self) -> None:
        """填好另存."""
        page, operations = self._page, self._ctx.operations
        sheet, filled = page.sheet, page.filled
        if sheet is None or filled is None:
            return
        if sheet.match is not None and sheet.match.lost:
            operations.tell(plural("{count} 处还没有位置，请先在右边选中，再到表里指给它。", len(sheet.match.lost)))
            return
        draft, warned = bool(filled.stopped), filled.made.warned
        if warned and not draft and self._ctx.ask.act(remarks(warned, _("填好另存"), _("另存"))) is None:
            return
        stem = sheet.book.name.rpartition(".")[0]
        mark = _("（草稿）") if draft else ""
        out = self._ctx.ask.save_file(
            _("填好另存"), f"{stem} {parse_period(page.period).title}{mark}.xlsx", "Excel (*.xlsx)"
        )
        if out is None:
            return
        out = out if out.suffix.lower() == ".xlsx" else out.with_name(f"{out.name}.xlsx")
        operations.do(
            lambda w: book_desk.save(w.desk, sheet, filled, out, draft=draft),
            said=lambda value: _saved(out.name, value["number"]), undo=False, title=_("填好另存"), owner=page,
        )  # fmt: skip

    def rename(self) -> None:
        """Give the kept workbook the name that is written; a name that is taken is not."""
        page = self._page
        sheet, name = page.sheet, page.called.text().strip()
        if sheet is None or not sheet.name or name == sheet.name:
            return
        old = sheet.name

        def done(new: str) -> None:
            if page.sheet is not None and page.sheet.name == old:
                page.sheet = replace(page.sheet, name=new)
                page.show_name()

        def refused(_error: Refused) -> bool:
            page.called.setText(old)
            return False

        self._ctx.operations.do(
            lambda w: books.rename(w.desk, old, name), done=done, refused=refused, undo=False, owner=page
        )

    def forget(self) -> None:
        """不再记住."""
        page = self._page
        name = page.sheet.name if page.sheet is not None else ""

        def done(_value: object) -> None:
            page.show_nothing()

        if not name:
            page.show_nothing()
            return
        self._ctx.operations.do(
            lambda w: books.forget(w.desk, name), said=_("不再记住“{name}”，你的文件没有动。").format(name=name),
            done=done, undo=False, owner=page,
        )  # fmt: skip


def _saved(name: str, number: str) -> str:
    """What is said of a filled workbook; a draft has no number."""
    said = _("已填好，另存为 {name}。").format(name=name)
    return said + (_("出具编号 {number}，原件已存在台账里。").format(number=number) if number else "")
