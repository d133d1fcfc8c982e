"""Print one record: which of its papers, where to, and what to look at before handing it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from envdesk.gui.dialogs import Question
from envdesk.gui.menus import Menu
from envdesk.gui.page import Context
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present import papers

REASON = 5
"""Least number of characters of the reason for showing personal data."""
KINDS = "PDF (*.pdf);;Word (*.docx)"


def _whole() -> Question:
    """Asks what personal data on an internal paper is needed for."""
    return Question(
        _("打印显示个人信息的内部单"),
        _("单据上会有诉求人的姓名、电话、地址，并印“内部·含个人信息”，只能本办内部使用。谁、什么时候、为什么会记入操作记录。"),
        act=_("打印"), safe=_("不打印"), reason=REASON, danger=False,
    )  # fmt: skip


class SheetPrint:
    """Prints papers of one record at a time; a form with several asks which in a menu."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def start(self, owner: QWidget, form: str, rec: str, name: str, at: QWidget | None = None) -> None:
        """Print a record.

        Args:
            owner: the page it belongs to.
            form: its form.
            rec: its id.
            name: of the file, without its ending.
            at: the button that was pressed; the menu opens beside it.
        """

        def whole() -> None:
            why = self._ctx.ask.act(_whole())
            if why:
                self._print(owner, form, rec, name, "", why)

        more = ((_("内部用，显示个人信息"), whole),) if papers.stays_inside(self._ctx.catalogue, form) else ()
        self.choose(
            owner, form, lambda paper, title: self._print(owner, form, rec, f"{title} {name}" if paper else name, paper),
            at, more,
        )  # fmt: skip

    def choose(
        self,
        owner: QWidget,
        form: str,
        then: Callable[[str, str], object],
        at: QWidget | None = None,
        more: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Ask which paper of a form (its id and title), in a menu; with one paper and nothing *more* there is no question."""
        choice = papers.papers_of(self._ctx.catalogue, form)
        if len(choice) == 1 and not more:
            then(*choice[0])
            return
        menu = Menu(self._ctx.theme, owner)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setAccessibleName(_("打印哪一种"))
        for paper, title in choice:
            menu.addAction(title).triggered.connect(lambda _on=False, p=paper, t=title: then(p, t))
        if more:
            menu.addSeparator()
        for words, act in more:
            menu.addAction(words).triggered.connect(lambda _on=False, a=act: a())
        menu.under(at or owner)

    def blank(self, owner: QWidget, form: str, paper: str, title: str) -> None:
        """Print the empty sheet of a form, to be filled by hand outside."""
        name = _("{title}（空白）").format(title=title)
        out = self._ctx.ask.save_file(_("打印到 PDF"), f"{name.replace('/', '-')}.pdf", KINDS)
        if out is None:
            return

        def done(_notes: object) -> None:
            said = _("已生成 {name}。").format(name=out.name)
            self._ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self._ctx.operations.read(
            lambda w: papers.print_blank(w.desk, form, out, paper), done, title=_("打印 {title}").format(title=name),
            owner=owner,
        )  # fmt: skip

    def _print(self, owner: QWidget, form: str, rec: str, name: str, paper: str, why: str = "") -> None:
        out = self._ctx.ask.save_file(_("打印到 PDF"), f"{name.replace('/', '-')}.pdf", KINDS)
        if out is None:
            return

        def work(w: Work) -> tuple[str, ...]:
            return papers.print_one(w.desk, form, rec, out, paper, why)

        def done(notes: tuple[str, ...]) -> None:
            said = "".join((_("已生成 {name}。").format(name=out.name), *notes))
            self._ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self._ctx.operations.read(work, done, title=_("打印 {title}").format(title=name), owner=owner)


def open_file(path: Path) -> None:
    """Open a file with the program that this PC has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
