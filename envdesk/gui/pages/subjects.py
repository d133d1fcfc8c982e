"""监管对象: the list of subjects, and 一企一档, the file of one.

Opened with ``id`` (a subject's id, number or name) it shows the file; ``back`` = (page, params) where Esc leads then.
``ids``, ``filters``, ``search`` and ``void`` ask for something of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.pages.register import asked
from envdesk.gui.register.acts import RowActs
from envdesk.gui.register.import_panel import ImportPanel
from envdesk.gui.register.list_view import ListView
from envdesk.gui.subject.file_view import SubjectView
from envdesk.gui.table_model import Row
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present.list_query import ListState
from envdesk.present.subject_file import SubjectFile

SUBJECT = "subject"


class SubjectsPage(Page):
    """The list, a file, or a table to import."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.acts = RowActs(ctx)
        self.list = ListView(ctx, self.acts.foot(), self._empty, open_words=_("一企一档"), periods=False)
        self.acts.on(self.list)
        self.file = SubjectView(ctx)
        self.importing = ImportPanel(ctx)
        self.stack = QStackedWidget()
        for part in (self.list, self.file, self.importing):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self._back: tuple[str, Mapping[str, Any]] | None = None
        self._summary = ""
        self.list.summed.connect(self._summed)
        self.list.started.connect(lambda row: self.show_file(row.id))
        self.list.opened.connect(self.edit_row)
        self.list.linked.connect(self.follow)
        self.file.shown.connect(self._file_shown)
        self.file.opened.connect(self.follow)
        self.file.folded.connect(self._offer_card)
        self.importing.closed.connect(self.show_list)
        self.importing.taken.connect(lambda _form: self.show_list())
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+F", self._search), ("Ctrl+P", self.print_it), ("Ctrl+E", self._export), ("Esc", self.leave_file),
            ("Alt+Left", self.leave_file),
        )  # fmt: skip
        for sequence, act in keys:
            self.key(sequence, act)
        self._show(self.list)

    @property
    def in_file(self) -> bool:
        """True while a file is shown."""
        return self.stack.currentWidget() is self.file

    # ---- opening -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show a file, or the list as it was left."""
        rec = str(params.get("id") or "")
        back = params.get("back")
        if rec:
            self._back = back
            self.show_file(rec)
            return
        if not params and self.list.state is not None and self.in_file:
            self.show_list()
            return
        self.show_list()
        self.list.open(SUBJECT, lambda s: asked(s, params))

    def _show(self, part: ListView | SubjectView | ImportPanel) -> None:
        self.stack.setCurrentWidget(part)
        self.first = part
        if part is self.file:
            self.panes = (self.file.kinds, self.file.timeline, self.file.card)
        elif part is self.list:
            self.panes = (self.list.bar, self.list.paper, self.list.preview, self.list.foot)
        else:
            self.panes = (part,)

    def show_list(self) -> None:
        """The list."""
        self._back = None
        new = Act(_("登记对象"), self.new, "Ctrl+N", icon="plus", kind="primary")
        self.set_head(_("监管对象"), self._summary, [Act(_("导入"), self.import_file, "Ctrl+I", icon="upload"), new])
        self._show(self.list)
        if self.isVisible():
            self.list.focus_list()

    def show_file(self, rec: str) -> None:
        """The file of a subject."""
        self.file.open(rec)

    def _file_shown(self, found: SubjectFile) -> None:
        again = self.in_file
        acts = [
            Act(_("返回"), self.leave_file, icon="arrow-left"),
            Act(_("档案"), self._card, "Alt+Right"),
            Act(_("打印"), self.print_it, icon="printer"),
            Act(_("编辑"), self.edit, "F2", icon="pencil"),
            Act(_("登记检查"), self.new_visit, "Ctrl+N", icon="plus", kind="primary"),
        ]
        self.set_head(found.name, found.number, acts, tight=True)
        self._show(self.file)
        self._offer_card()
        self.window().setWindowTitle(f"{found.name} - {_('环保台账')}")
        if not again and self.isVisible():
            self.file.timeline.setFocus()

    def _offer_card(self) -> None:
        """A button for the card only where it does not stand beside the timeline."""
        button = self.buttons.get(_("档案"))
        if button is not None:
            button.setVisible(self.file.is_narrow)
            self.fit_head()

    def _card(self) -> None:
        """Alt+→: the card of the file where it does not stand beside the timeline."""
        if self.in_file and self.file.is_narrow:
            self.file.show_card()

    def leave_file(self) -> None:
        """Esc: back to where the file was opened from."""
        if not self.in_file:
            if self.stack.currentWidget() is self.importing:
                self.show_list()
            return
        back, self._back = self._back, None
        if back is not None and self.ctx.go(back[0], **back[1]):
            return
        self.show_list()
        if self.list.state is None:
            self.list.open(SUBJECT)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Read again."""
        self.list.read_again()
        if self.in_file:
            self.file.read_again()

    def _summed(self, words: str) -> None:
        self._summary = words
        if self.stack.currentWidget() is self.list:
            self.set_subtitle(words)

    # ---- doing ---------------------------------------------------------------------------------------------------
    def _here(self) -> tuple[str, dict[str, Any]]:
        found = self.file.file
        return ("subjects", {"id": found.rec} if self.in_file and found is not None else {})

    def follow(self, form: str, rec: str) -> None:
        """A record of the timeline or the preview."""
        if form == SUBJECT:
            self.show_file(rec)
        else:
            self.ctx.go("form", form=form, id=rec, back=self._here())

    def edit_row(self, row: Row) -> None:
        """F2 in the list."""
        self.ctx.go("form", form=SUBJECT, id=row.id, back=self._here())

    def edit(self) -> None:
        """F2 in a file."""
        if self.file.file is not None:
            self.ctx.go("form", form=SUBJECT, id=self.file.file.rec, back=self._here())

    def new(self) -> None:
        """Ctrl+N in the list: a new subject."""
        self.ctx.go("form", form=SUBJECT, back=self._here())

    def new_visit(self) -> None:
        """Ctrl+N in a file: a sheet of a visit here; which one is asked."""
        found = self.file.file
        if found is None:
            return
        menu = Menu(self.ctx.theme, self)
        menu.aboutToHide.connect(menu.deleteLater)
        forms = self.ctx.catalogue.members("visit")
        menu.add_numbered((form.title, partial(self._open_visit, form.id, found.rec)) for form in forms)
        menu.under(self.buttons[_("登记检查")])

    def _open_visit(self, form: str, rec: str) -> None:
        self.ctx.go("form", form=form, prefill={"subject_id": rec}, back=self._here())

    def print_it(self) -> None:
        """Ctrl+P: the sheet of the subject, or of those chosen in the list."""
        found = self.file.file
        if not self.in_file or found is None:
            self.acts.print_sheets()
            return
        self.acts.printing.start(self, SUBJECT, found.rec, found.name)

    def import_file(self) -> None:
        """Ctrl+I: a table of subjects."""
        self.importing.start(SUBJECT, lambda: self._show(self.importing))

    def _search(self) -> None:
        if self.stack.currentWidget() is self.list:
            self.list.bar.start_search()

    def _export(self) -> None:
        if self.stack.currentWidget() is self.list:
            self.acts.export()

    def _empty(
        self,
        state: ListState,
        filtered: bool,  # noqa: FBT001 - handed over as it is
    ) -> tuple[str, Act | None, tuple[str, Callable[[], object]] | None]:
        if filtered:
            return _("没有符合条件的监管对象。"), Act(_("清除条件"), self.list.clear_filters, icon="x"), None
        if state.void:
            return _("没有作废的监管对象。"), Act(_("看没有作废的"), lambda: self.list.bar.void.emit(False)), None
        new = Act(_("登记对象"), self.new, "Ctrl+N", icon="plus", kind="primary")
        return _("名单里还没有监管对象。"), new, (_("从 Excel 导入"), self.import_file)


def _busiest(page: SubjectsPage) -> None:
    """Picture: the file of the subject with the most to tell."""
    from envdesk.desk.records import listing

    def pick(work: Work) -> str:
        count: dict[str, int] = {}
        for form in ("rectification", "vocs_check", "inspection", "work_order"):
            for row in listing(work.desk, form):
                rec = row.get("subject_id") or row.get("respondent_id")
                if rec:
                    count[rec] = count.get(rec, 0) + (3 if form == "rectification" else 1)
        return max(count, key=lambda r: count[r]) if count else ""

    page.ctx.operations.read(pick, lambda rec: page.show_file(rec) if rec else None, owner=page)


PAGE = PageSpec(
    "subjects",
    SubjectsPage,
    rail="subjects",
    shots=(
        Shot("subjects", {"filters": {}}),
        Shot("subjects-search", {"search": "xd", "filters": {"types": ["工业企业"]}}),
        Shot("subject-file", {"filters": {}}, _busiest),
    ),
)
