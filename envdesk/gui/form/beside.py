"""What the form page reads for its right pane: context, history of a field; and the eye that shows personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from envdesk.gui.dialogs import Question
from envdesk.gui.form.saving import REASON
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present import context, form_desk, preview

if TYPE_CHECKING:
    from envdesk.gui.pages.form import FormPage

ORDER = "work_order"


class Beside:
    """Fills the page's right pane."""

    def __init__(self, page: FormPage) -> None:
        self._page = page

    def open_record(self, form: str, rec: str) -> None:
        """Open a record of the pane; Esc leads back to this form and its draft."""
        self._page.ctx.go("form", form=form, id=rec, back=("form", self._page.session))

    def read(self) -> None:
        """Read what the form is about now."""
        page, pane, session = self._page, self._page.pane, self._page.session
        if session is None or pane.in_history:
            return
        form, values, rec, subject = session.form.id, dict(session.values), session.rec, session.subject

        def work(w: Work) -> Any:
            if form == ORDER:
                events = preview.preview(w.desk, form, rec).events if rec else ()
                return context.order_context(w.desk, values, rec=rec), events
            return context.subject_context(w.desk, subject, form=form, values=values, but=rec) if subject else None

        def done(found: Any) -> None:
            if page.session is not session or pane.in_history or found == pane.shown:
                return
            if isinstance(found, tuple):
                pane.show_order(*found)
            elif found is not None:
                pane.show_subject(found)
            else:
                self.show_nothing()
            page.fold()

        page.ctx.operations.read(work, done, owner=page)

    def show_nothing(self) -> None:
        """Say what will stand here."""
        session = self._page.session
        about = session is not None and any(f.type == "ref" and f.ref == "subject" for f in session.form.fields)
        self._page.pane.show_nothing(_("选定监管对象后，这里显示它的情况。") if about else "")
        self._page.fold()

    def show_history(self) -> None:
        """F2: who changed this field, when, from what to what; once more: the whole record."""
        page, session, key = self._page, self._page.session, self._page.view.current_key()
        if session is None or not session.rec:
            page.ctx.operations.tell(_("还没有保存过，没有历史。"))
            return
        if not key or page.pane.of == key:
            self.show_whole_history()
            return
        form, rec, title = session.form.id, session.rec, session.form.field(key).label

        def show(steps: list[dict[str, Any]]) -> None:
            page.pane.show_history(title, steps, of=key, whole=self.show_whole_history)
            page.fold()

        page.ctx.operations.read(lambda w: form_desk.steps_of(w.desk, form, rec, key), show, owner=page)

    def show_whole_history(self) -> None:
        """Every change of the record, newest first."""
        page, session = self._page, self._page.session
        if session is None:
            return
        form, rec = session.form.id, session.rec

        def show(steps: list[dict[str, Any]]) -> None:
            page.pane.show_history(_("这条记录"), steps)
            page.fold()

        page.ctx.operations.read(lambda w: form_desk.steps_of(w.desk, form, rec), show, owner=page)

    def close_history(self) -> bool:
        """Back to what the form is about; tells whether a history was open."""
        if not self._page.pane.in_history:
            return False
        self.show_nothing()
        self._page.fold()
        self.read()
        return True

    def ask_reveal(self) -> None:
        """Show personal data of a stored record in full, with a reason that is logged."""
        page, session = self._page, self._page.session
        if session is None:
            return
        text = _("查看人、时间和原因会记入操作记录。")
        question = Question(_("显示个人信息"), text, _("显示"), _("不显示"), reason=REASON, danger=False)
        why = page.ctx.ask.act(question)
        if not why:
            return
        form, rec = session.form, session.rec

        def done(_none: object) -> None:
            if page.session is session:
                page.view.reveal()

        page.ctx.operations.read(lambda w: form_desk.reveal(w.desk, form, rec, why), done, owner=page)
