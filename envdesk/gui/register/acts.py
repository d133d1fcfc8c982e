"""What is done to rows of a list, the same on every page: print, export, void."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from envdesk.gui.dialogs import Question
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context
from envdesk.gui.register.list_view import ListView
from envdesk.gui.sheet_print import SheetPrint, open_file
from envdesk.gui.tasks import Work
from envdesk.i18n import _, plural
from envdesk.present import papers, register_desk
from envdesk.present.register_desk import Printed

REASON = 2
"""Least number of characters of the reason of a void."""
MOST_NOTES = 2
"""So many remarks on a print are said beside the button that opens it."""
MOST_LEFT = 3
"""So many records that were not printed are named."""
PAPERS = "PDF (*.pdf);;Excel (*.xlsx)"
TABLES = "Excel (*.xlsx);;CSV (*.csv)"


def void_question(number: str, count: int = 1) -> Question:
    """Asks why a record (its number), or so many of them, are to be voided."""
    return Question(
        _("作废 {number}").format(number=number) if number else plural("作废 {count} 条记录", count),
        _("作废的记录不再计入任何数字，编号不再使用。原因会记入操作记录；作废可以撤销。"),
        _("作废"), _("保留"), leave=_("不作废"), reason=REASON,
    )  # fmt: skip


def left_out(made: Printed) -> tuple[str, ...]:
    """Say which records were not printed and why."""
    lines = [_("没有打印 {number}：{why}").format(number=number, why=why) for number, why in made.left[:MOST_LEFT]]
    more = len(made.left) - len(lines)
    return (*lines, plural("另有 {count} 条没有打印，原因相近。", more)) if more > 0 else tuple(lines)


class RowActs:
    """Acts on the ticked rows of a list, without ticks on the current one."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._list: ListView | None = None
        self.printing = SheetPrint(ctx)

    def on(self, view: ListView) -> None:
        """Work on this list."""
        self._list = view
        view.print_wanted.connect(self.print_current)
        view.void_wanted.connect(self.void)

    def foot(self, *, void: bool = True) -> list[Act]:
        """Return the buttons of the foot."""
        acts = [
            Act(_("打印"), self.print_sheets, "Ctrl+P", icon="printer"),
            Act(_("打印列表"), self.print_list, "Ctrl+Shift+P", icon="printer"),
            Act(_("导出"), self.export, "Ctrl+E", icon="download"),
        ]
        return [*acts, Act(_("作废"), self.void, "Delete", icon="trash-2")] if void else acts

    # ---- paper ---------------------------------------------------------------------------------------------------
    def print_current(self) -> None:
        """Print the record shown in the preview, whatever is ticked."""
        view = self._list
        row = view.table.row() if view is not None and view.table is not None else None
        if row is not None:
            self._one(row.data.form, row.id, row.data.number)

    def print_sheets(self) -> None:
        """Print the sheets of the chosen rows into one PDF, and open it."""
        view = self._list
        if view is None:
            return
        one, many = view.chosen()
        row = view.table.row() if view.table is not None else None
        if one and row is not None:
            self._one(*one[0], row.data.number)
        elif many and view.state is not None and view.state.of in self._ctx.catalogue.forms:
            self.printing.choose(
                view, view.state.of, lambda paper, title: self._print(many, paper, title), self._print_button()
            )
        elif many:
            self._print(many, "", "")

    def _one(self, form: str, rec: str, number: str) -> None:
        if self._list is not None:
            self.printing.start(self._list, form, rec, number or self._title(), self._print_button())

    def _print_button(self) -> QWidget | None:
        return self._list.foot.buttons.get(_("打印")) if self._list is not None else None

    def _print(self, many: list[str], paper: str, title: str) -> None:
        view = self._list
        if view is None:
            return
        name = (title if paper else self._title()).replace("/", "、")
        out = self._ctx.ask.save_file(_("打印到 PDF"), f"{name}.pdf", "PDF (*.pdf)")
        if out is None:
            return

        def work(w: Work) -> Printed:
            return register_desk.print_sheets(w.desk, view.keys_of(w, ([], many)), out, w.report, paper=paper)

        def done(made: Printed) -> None:
            said = "".join((_("已生成 {name}。").format(name=out.name), *made.notes[:MOST_NOTES]))
            self._ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)), details=left_out(made))

        self._ctx.operations.read(work, done, title=_("打印 {title}").format(title=self._title()), owner=view)

    def _title(self) -> str:
        view = self._list
        form = self._ctx.catalogue.forms.get(view.state.of) if view is not None and view.state is not None else None
        return (form.title if form is not None else _("记录")).replace("/", "、")

    def print_list(self) -> None:
        """Print the list, one of the registers its form names, or its empty sheets; a menu offers them."""
        view = self._list
        if view is None or view.state is None:
            return
        of, catalogue = view.state.of, self._ctx.catalogue
        named = () if view.state.void else register_desk.registers_of(catalogue, of)
        blank = papers.papers_of(catalogue, of) if register_desk.fillable(catalogue, of) else ()
        apart = () if view.state.void else register_desk.hand_outs(catalogue, of)
        if not named and not blank and not apart:
            self._print_list("", self._title())
            return
        menu = Menu(self._ctx.theme, view)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setAccessibleName(_("打印列表"))
        menu.addAction(_("现在的列表")).triggered.connect(lambda: self._print_list("", self._title()))
        if apart:
            parts = Menu(self._ctx.theme, menu, _("现在的列表，分开印"))
            for key, label in apart:
                parts.addAction(_("每个{name}一份").format(name=label)).triggered.connect(
                    lambda _on=False, key=key: self._print_list("", self._title(), by=key)
                )
            menu.addMenu(parts)
        for paper, title in named:
            menu.addAction(title).triggered.connect(lambda _on=False, p=paper, t=title: self._print_list(p, t))
        if blank:
            menu.addSeparator()
        for paper, title in blank:
            entry = menu.addAction(_("空白的{title}").format(title=title))
            entry.triggered.connect(lambda _on=False, p=paper, t=title: self.printing.blank(view, of, p, t))
        menu.under(view.foot.buttons[_("打印列表")], above=True)

    def _print_list(self, paper: str, title: str, *, by: str = "") -> None:
        view = self._list
        if view is None or view.state is None:
            return
        state, only = view.state, view.chosen()[1]
        day = self._ctx.clock.today().isoformat()
        out = self._ctx.ask.save_file(_("打印列表"), f"{title.replace('/', '、')}-{day}.pdf", PAPERS)
        if out is None:
            return

        def done(count: int) -> None:
            said = plural("已生成 {name}，{count} 条，个人信息已遮住。", count, name=out.name)
            self._ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self._ctx.operations.read(
            lambda w: register_desk.print_list(w.desk, state, out, only, paper=paper, by=by, told=w.report), done,
            title=_("打印 {title}").format(title=title), owner=view,
        )  # fmt: skip

    # ---- files ---------------------------------------------------------------------------------------------------
    def export(self) -> None:
        """Write the ticked rows, without ticks the whole list, to .xlsx or .csv; personal data stays masked."""
        view = self._list
        if view is None or view.state is None:
            return
        state = view.state
        only = view.chosen()[1]
        day = self._ctx.clock.today().isoformat()
        out = self._ctx.ask.save_file(_("导出"), f"{self._title()}-{day}.xlsx", TABLES)
        if out is None:
            return

        def done(count: int) -> None:
            said = plural("已导出 {count} 条到 {name}，个人信息已遮住。", count, name=out.name)
            self._ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self._ctx.operations.read(
            lambda w: register_desk.export(w.desk, state, out, only, w.report), done,
            title=_("导出 {title}").format(title=self._title()), owner=view,
        )  # fmt: skip

    # ---- void ----------------------------------------------------------------------------------------------------
    def void(self) -> None:
        """Void the chosen rows with a reason, in one operation; it can be undone."""
        view = self._list
        if view is None or view.state is None or view.state.void:
            return
        chosen = view.chosen()
        count = len(chosen[0]) + len(chosen[1])
        if not count:
            return
        row = view.table.row() if view.table is not None else None
        what = row.data.number if chosen[0] and row is not None else ""
        why = self._ctx.ask.act(void_question(what, count))
        if why is None:
            return
        self._ctx.operations.do(
            lambda w: register_desk.void(w.desk, view.keys_of(w, chosen), why),
            said=plural("已作废 {count} 条。", count), done=lambda _value: view.untick(), owner=view,
        )  # fmt: skip
