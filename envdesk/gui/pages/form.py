"""The form page: head, section list, the form, what stands beside it, and the bar that saves.

Opened with ``form`` and ``id`` (a record), ``form`` alone (new; ``prefill`` holds stored values, ``focus`` a key,
``section`` a section to start in) or ``draft`` (a kept draft). ``back`` = (page, params) where Esc leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QWidget

from envdesk.desk.registers import TITLES, group_of
from envdesk.desk.words import state_chip
from envdesk.gui import tokens
from envdesk.gui.chips import Chip, ChipState, chip_state
from envdesk.gui.form.attach import Files
from envdesk.gui.form.beside import Beside
from envdesk.gui.form.context_pane import ContextPane, state_of
from envdesk.gui.form.editor import Env
from envdesk.gui.form.finding import Finder
from envdesk.gui.form.foot import FormFoot
from envdesk.gui.form.guide import Guiding
from envdesk.gui.form.marks import section_marks
from envdesk.gui.form.saving import Saving
from envdesk.gui.form.section_list import SectionList
from envdesk.gui.form.view import FormView
from envdesk.gui.labels import PART, Elided, hairline
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.section import scrolled
from envdesk.gui.sheet_print import SheetPrint
from envdesk.i18n import _, plural
from envdesk.present import form_desk
from envdesk.present.form_desk import QUICK, Opened, Outcome
from envdesk.present.form_session import FormSession

KEEP_MS = 400
"""Quiet after a field was left before the draft is kept."""
CONTEXT_MS = 300
CONTEXT_FROM, LIST_FROM = 780, 560
"""Widths of the page, at 100 %, from which the panes beside the form are shown."""


class FormPage(Page):
    """One form."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.session: FormSession | None = None
        self.opened: Opened | None = None
        self.params: Mapping[str, Any] = {}
        self._sheets: tuple[str, ...] = ()
        self.env = Env(theme, ctx.operations, ctx.catalogue, ctx.clock, Finder(ctx.operations))
        self.env.files = Files(self.env, ctx.ask)
        self.chip = Chip(theme, chip_state(_("草稿")))
        self.visit = Elided("", "table")
        self.visit.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.guiding = Guiding(self)
        self.list = SectionList(theme)
        self.beside = Beside(self)
        self.view = FormView(self.env, self.beside.ask_reveal)
        self.area = scrolled(self.view, kind="clear")
        self.area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.pane = ContextPane(theme, self.beside.open_record, self.beside.close_history)
        self.printing = SheetPrint(ctx)
        self.foot = FormFoot(theme, self.save, self.save_new, self.print_it, self.view.next_problem)
        self.saving = Saving(self)
        paper = QFrame()
        paper.setProperty("kind", "paper")
        inner = QHBoxLayout(paper)
        theme.pad(inner)
        inner.addWidget(self.area)
        columns = QHBoxLayout()
        theme.pad(columns)
        self._list_line, self._pane_line = hairline(theme, vertical=True), hairline(theme, vertical=True)
        for part in (self.list, self._list_line, paper, self._pane_line, self.pane):
            columns.addWidget(part, 1 if part is paper else 0)
        self.body.addWidget(hairline(theme))
        self.body.addWidget(self.guiding.strip)
        self.body.addLayout(columns, 1)
        self.body.addWidget(self.foot)
        self.first = self.view
        self.panes = (self.guiding.strip, self.view, self.list, self.pane, self.foot)
        self._keep_timer = self._timer(KEEP_MS, self._keep_now)
        self._context_timer = self._timer(CONTEXT_MS, self.beside.read)
        self._connect()
        theme.changed.connect(self.fold)

    def _timer(self, msec: int, on: Any) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(msec)
        made.timeout.connect(on)
        return made

    def _connect(self) -> None:
        self.view.changed.connect(self._changed)
        self.view.judged.connect(self.show_state)
        self.view.last_passed.connect(self.foot.save_button.setFocus)
        self.list.lines.chosen.connect(self.view.go_section)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - there is no widget without one
        app.focusChanged.connect(self._focus_moved)
        for sequence, act in (
            ("Ctrl+S", self.save), ("Ctrl+Return", self.save_new), ("Ctrl+Enter", self.save_new),
            ("Ctrl+P", self.print_it), ("F8", self.view.next_problem), ("Alt+Down", self.view.next_section),
            ("Alt+Up", lambda: self.view.next_section(-1)), ("Esc", self.leave), ("F2", self.beside.show_history),
            ("Alt+H", self.beside.show_history), ("Ctrl+0", self.answer_rest),
        ):  # fmt: skip
            self.key(sequence, act)

    def fold(self) -> None:
        """In little room what stands beside the form gives way: first the context, then the list of sections."""
        wide = self.width() / self.ctx.theme.scale
        self.pane.setVisible((wide >= CONTEXT_FROM and not self.pane.silent) or self.pane.in_history)
        self._pane_line.setVisible(self.pane.isVisibleTo(self))
        self.list.setVisible(wide >= LIST_FROM)
        self._list_line.setVisible(wide >= LIST_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    # ---- opening -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Open what *params* say; without any, what was open stays."""
        if not params and self.session is not None:
            return
        self.params = dict(params)
        self.guiding.begin(asked=bool(params.get("guide")))
        form, rec, kept = (str(params.get(k) or "") for k in ("form", "id", "draft"))
        prefill = params.get("prefill")
        if form in QUICK and not rec and not kept and prefill is None:
            prefill = QUICK[form][0]
        title = self.ctx.catalogue.forms[form].title if form in self.ctx.catalogue.forms else _("草稿")
        self.set_head(title, extra=(self.chip, self.visit), tight=True)
        self.setEnabled(False)
        self.ctx.operations.read(
            lambda w: form_desk.opened(w.desk, form, rec, kept, prefill), self.show_opened, owner=self
        )

    def help_at(self) -> tuple[str, str]:
        """The form, and the field with the focus."""
        form, key = (self.session.form if self.session is not None else None), self.view.current_key()
        return (form.id, form.field(key).label if form.has(key) else "") if form is not None else ("", "")

    def show_opened(self, opened: Opened) -> None:
        """Show an opened form."""
        self.setEnabled(True)
        if self.session is not None and self.session is not opened.session:
            self.session.close()
        self.opened, self.session = opened, opened.session
        self._sheets = opened.sheets
        self.saving.reset()
        self.env.names |= opened.names
        self.beside.show_nothing()
        focus = str(self.params.get("focus") or "")
        if not focus and opened.session.form.id in QUICK and not opened.session.rec and not opened.kept_at:
            focus = QUICK[opened.session.form.id][1]
        section = next((s for s in opened.session.form.sections if s.id == self.params.get("section")), None)
        start = focus or (section.keys[0] if section else "")
        self.view.load(opened.session, opened.texts, follows=opened.follows, upto=start)
        self._write_head()
        words = _("草稿 {time} 已保存").format(time=opened.kept_at[11:16]) if opened.kept_at else ""
        self.foot.show_kept(words)
        self.area.verticalScrollBar().setValue(0)
        if section is not None:
            self.view.go_section(section.id)
        elif not (focus and self.view.focus_key(focus)):
            self.view.focus_start()
        self.guiding.opened()
        self.beside.read()

    def _write_head(self) -> None:
        session = self.session
        if session is None:
            return
        form = session.form
        acts = []
        if "visit" in form.parents:
            acts.append(Act(_("再填一张表"), self.another_sheet, "Ctrl+T", icon="plus"))
        if any(f.copy for f in form.fields):
            acts.append(Act(_("带入上次"), self.copy_last, "Ctrl+D", icon="copy"))
        if session.rec and not session.old.get("void"):
            acts.append(Act(_("作废"), self.saving.void, icon="trash-2"))
        self.set_head(form.title, self._same_visit(), acts, extra=(self.chip, self.visit), tight=True)
        self._show_head()

    def _same_visit(self) -> str:
        if len(self._sheets) < 2:
            return ""
        names = "、".join(t.removesuffix("检查").removesuffix("企业").removesuffix("记录") for t in self._sheets)
        return plural("同一次检查 {count} 张表：", len(self._sheets)) + names

    def _show_head(self) -> None:
        session, opened = self.session, self.opened
        if session is None or opened is None:
            return
        if session.rec and not session.dirty:
            told = state_chip(session.form, session.old)
            shown = state_of(told) if told is not None else ChipState(_("已保存"), "green", "check")
        else:
            shown = chip_state(_("草稿"))
        changed = shown != self.chip.state
        if changed:
            self.chip.set_state(shown)
        raw = session.raw
        people = "、".join(self.env.names.get(p, p) for p in raw.get("people") or [])
        number = opened.number if session.rec else ""
        words = PART.join(t for t in (number, str(raw.get("session") or ""), people) if t)
        if words != self.visit.text():
            self.visit.setText(words)
            changed = True
        if changed:
            self.fit_head()

    # ---- what is typed -------------------------------------------------------------------------------------------
    def _changed(self) -> None:
        if not self._keep_timer.isActive():  # not put off by the next key: who types on and on is kept, too
            self._keep_timer.start()
        self._context_timer.start()
        self._show_head()

    def show_state(self) -> None:
        """Show section list and foot as things are."""
        session = self.session
        if session is None:
            return
        self.list.lines.show_marks(section_marks(session, self.view))
        self.list.fit()
        counts = self.view.counts()
        self.foot.show_counts(counts["error"], counts["warning"], asking=self.saving.asking)
        self.guiding.follow()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.isVisible() or not self.view.isAncestorOf(new):
            return
        view = self.view.section_of(self.view.current_key())
        if view is not None:
            self.list.lines.set_current(view.section.id)
        self.area.ensureWidgetVisible(new, 0, self.ctx.theme.px(tokens.S5))
        self.guiding.follow()

    def answer_rest(self) -> None:
        """Ctrl+0: the first answer for what has none, in the section with the focus or the only checklist."""
        here = self.view.section_of(self.view.current_key())
        lists = [v for v in self.view.sections if v.items]
        target = here if here in lists else next(iter(lists), None)
        if target is not None:
            target.build()
            target.answer_rest()

    # ---- drafts --------------------------------------------------------------------------------------------------
    def _keep_now(self) -> None:
        session = self.session
        if session is None or not session.dirty or self.saving.busy:
            return

        def done(kept: str) -> None:
            if self.session is session and kept:
                now = self.ctx.clock.now().strftime("%H:%M")
                self.foot.show_kept(_("草稿 {time} 已保存").format(time=now))

        def failed(error: Exception) -> None:
            if self.session is session:
                self.foot.show_kept(_("草稿没有保存"))
            self.ctx.operations.handle(error)

        self.ctx.tasks.run(lambda _w: session.keep_draft(), done=done, failed=failed, owner=self)

    def stop_keeping(self) -> None:
        """What was typed is not wanted any more."""
        self._keep_timer.stop()
        self._context_timer.stop()

    def keep(self) -> None:
        """Keep what was typed."""
        if self.session is not None and self.isEnabled():
            self.view.flush()
            self._keep_timer.stop()
            self._keep_now()

    def leave(self) -> None:
        """Esc: close the guide when one is in it, or the history; else go back, the draft stays."""
        if self.guiding.has_focus():
            self.guiding.dismiss()
            return
        if self.view.close_panel() or self.beside.close_history():
            return
        page, params = self.params.get("back") or ("", {})
        if isinstance(params, FormSession):
            params = {"form": params.form.id, "id": params.rec, "draft": params.draft}
        for name in (page, "register", "today"):
            if name and self._go(name, params if name == page else {}):
                return

    def _go(self, name: str, params: Mapping[str, Any]) -> bool:
        try:
            return self.ctx.go(name, **params)
        except KeyError:
            return False

    def rail_key(self) -> str:
        """Light the group of the form."""
        form = self.ctx.catalogue.forms.get(str(self.params.get("form") or "")) or (self.session and self.session.form)
        if not form:
            return ""
        if form.id == "subject":
            return "subjects"
        return f"register:{TITLES.get(group_of(form), '')}" if group_of(form) in TITLES else ""

    # ---- saving --------------------------------------------------------------------------------------------------
    def save(self) -> None:
        """Ctrl+S."""
        self.saving.save(self._saved)

    def save_new(self) -> None:
        """Ctrl+Enter: save, then the next of the same kind with the same team."""
        self.saving.save(self._saved_new)

    def _saved(self, outcome: Outcome) -> None:
        session = self.session
        if session is None:
            return
        form, rec = session.form.id, outcome.ids[0]
        self.params = {k: v for k, v in self.params.items() if k == "back"}
        self.ctx.operations.read(lambda w: form_desk.opened(w.desk, form, rec), self._show_saved, owner=self)
        self.guiding.finish(rec)

    def _show_saved(self, opened: Opened) -> None:
        self.show_opened(opened)
        self.view.reveal()
        self.foot.show_kept(_("{time} 已保存").format(time=self.ctx.clock.now().strftime("%H:%M")))

    def _saved_new(self, outcome: Outcome) -> None:
        self.open_next()
        self.guiding.finish(outcome.ids[0])

    def open_next(self) -> None:
        """The next of the same kind with the same team."""
        session = self.session
        if session is None:
            return
        shared = {f.key for f in session.form.fields if f.home == "outing"}
        prefill = {k: v for k, v in session.values.items() if k in shared and v not in (None, [])}
        if session.form.id in QUICK:
            prefill |= {k: session.values.get(k) for k in QUICK[session.form.id][0]}
        form = session.form.id
        self.params = {k: v for k, v in self.params.items() if k == "back"}
        self.ctx.operations.read(
            lambda w: form_desk.opened(w.desk, form, "", "", prefill), self.show_opened, owner=self
        )

    def reopen(self, session: FormSession) -> None:
        """Open the newest state of a record and put what was typed on top."""
        typed = self.saving.changes_of(session)
        form, rec = session.form.id, session.rec

        def done(opened: Opened) -> None:
            self.show_opened(opened)
            self.view.put(typed)

        self.ctx.operations.read(lambda w: form_desk.opened(w.desk, form, rec), done, owner=self)

    def print_it(self) -> None:
        """Ctrl+P: save what was typed, then the record as PDF."""
        session = self.session
        if session is None:
            return
        self.view.flush()
        if session.dirty or not session.rec:
            self.saving.save(lambda outcome: self._saved_print(session, outcome))
        else:
            self._print(session, session.rec)

    def _saved_print(self, session: FormSession, outcome: Outcome) -> None:
        self._saved(outcome)
        self._print(session, outcome.ids[0])

    def _print(self, session: FormSession, rec: str) -> None:
        name = str(session.old.get("record_no") or session.form.title)
        self.printing.start(self, session.form.id, rec, name, self.foot.print_button)

    # ---- the same visit, the last record -------------------------------------------------------------------------
    def another_sheet(self) -> None:
        """Ctrl+T: choose another form for the same visit."""
        session = self.session
        if session is None or "visit" not in session.form.parents:
            return
        menu = Menu(self.ctx.theme, self)
        others = [form for form in self.ctx.catalogue.members("visit") if form.id != session.form.id]
        menu.add_numbered((form.title, partial(self.open_sheet, form.id)) for form in others)
        button = self.buttons.get(_("再填一张表"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.under(button if button is not None else self)

    def open_sheet(self, form_id: str) -> None:
        """Open another sheet on this visit; this one stays as a draft."""
        session = self.session
        if session is None:
            return
        self.keep()
        before = self._sheets or (session.form.title,)

        def done(opened: Opened) -> None:
            self.params = {k: v for k, v in self.params.items() if k == "back"}
            self.show_opened(opened)
            self._sheets = (*before, opened.session.form.title)
            self._write_head()

        self.ctx.operations.read(lambda w: form_desk.same_visit(w.desk, form_id, session), done, owner=self)

    def copy_last(self) -> None:
        """Ctrl+D: what the subject's last sheet says."""
        session = self.session
        if session is None:
            return
        self.view.flush()

        def done(keys: tuple[str, ...]) -> None:
            if self.session is not session:
                return
            self.ctx.operations.tell(
                plural("带入上次填的 {count} 项。", len(keys)) if keys else _("没有可以带入的上次记录。")
            )
            for view in self.view.sections:
                if view.built:
                    view.show_values()
            self.view.refresh()
            self._changed()

        self.ctx.operations.read(lambda _w: session.copy_last(), done, owner=self)


PAGE = PageSpec(
    "form",
    FormPage,
    shots=(
        Shot("form-new", {"form": "vocs_check"}),
        Shot("form-order", {"form": "work_order"}),
        Shot("form-subject", {"form": "subject"}),
    ),
)
