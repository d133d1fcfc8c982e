"""Saving a form: errors first, warnings acknowledged by a second time, sealed months with a reason, stale records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from envdesk.desk.office import Done
from envdesk.errors import Problem, Refused
from envdesk.gui.dialogs import Question
from envdesk.gui.register.acts import void_question
from envdesk.i18n import _, plural
from envdesk.present import form_desk
from envdesk.present.form_desk import Outcome
from envdesk.present.form_session import FormSession, key_of

if TYPE_CHECKING:
    from envdesk.gui.pages.form import FormPage

REASON = 5


class Saving:
    """Saves the page's session."""

    def __init__(self, page: FormPage) -> None:
        self._page = page
        self.busy = False
        self.asked: frozenset[tuple[str, str]] = frozenset()
        """Warnings the user was shown by the last try."""

    def reset(self) -> None:
        """Another form is shown."""
        self.busy, self.asked = False, frozenset()

    def warnings(self) -> frozenset[tuple[str, str]]:
        """Warnings as they are now."""
        found = self._page.view.found
        return frozenset((p.field or "", p.code) for f in found.values() for p in f if p.severity == "warning")

    @property
    def asking(self) -> bool:
        """True when saving again acknowledges what is there."""
        now = self.warnings()
        return bool(now) and now <= self.asked

    def save(self, then: Callable[[Outcome], object], *, why: str = "") -> None:
        """Save; *then* is called with the outcome when it was stored."""
        page, session = self._page, self._page.session
        if session is None or self.busy:
            return
        page.view.tried = True
        page.view.flush()
        hidden_notes = {
            k: v
            for view in page.view.sections
            if view.checklist
            for k, v in view.checklist.clear_hidden_notes().items()
        }
        if hidden_notes:
            page.view.put(hidden_notes)
        own = [p for v in page.view.sections if v.built for e in v.editors.values() for p in e.problems()]
        if any(p.severity == "error" for p in own):
            session.touched |= {key_of(p) for p in session.problems() if p.code == "required" and p.severity == "error"}
            page.view.build_all()
            page.view.next_problem()
            return
        session.accepted = self.asking
        self.busy = True
        page.foot.set_busy(busy=True)
        kinds = frozenset({session.form.id, *session.form.parents, *(s.form for s in session.form.spawns)})

        def work(_work: object) -> Done:
            outcome = session.save(why=why)
            return Done(outcome, frozenset() if outcome.refused or not outcome.ids else kinds)

        page.ctx.operations.do(
            work, said=lambda o: self._words(session, o), done=lambda o: self._done(session, o, then),
            refused=lambda e: self._refused(session, e, then), owner=page,
        )  # fmt: skip

    def _words(self, session: FormSession, outcome: Outcome) -> str:
        if outcome.refused or not outcome.ids:
            return ""
        mine = next((c for c in outcome.created if c.get("id") == outcome.ids[0]), {})
        number = str(mine.get("record_no") or session.old.get("record_no") or "")
        others = [c for c in outcome.created if c.get("form") not in (session.form.id, *session.form.parents)]
        words = _("已保存 {number}。").format(number=number) if number else _("已保存。")
        made = "、".join(str(c["record_no"]) for c in others if c.get("record_no"))
        return words + (_("同时登记 {numbers}。").format(numbers=made) if made else "")

    def _over(self) -> None:
        self.busy = False
        self._page.foot.set_busy(busy=False)

    def _done(self, session: FormSession, outcome: Outcome, then: Callable[[Outcome], object]) -> None:
        self._over()
        if self._page.session is not session:
            return
        if not outcome.refused and outcome.ids:
            self.asked = frozenset()
            then(outcome)
            return
        session.touched |= {key_of(p) for p in outcome.problems if session.form.has(key_of(p))}
        page = self._page
        page.view.build_all()
        blocking = [p for p in outcome.problems if p.severity == "error"]
        sealed = next((p for p in blocking if p.code in ("sealed", "late_entry")), None)
        self.asked = self.warnings() if not blocking else frozenset()
        page.show_state()
        if sealed is not None and len(blocking) == 1:
            self._ask_why(sealed, then)
        else:
            page.view.next_problem()

    def _ask_why(self, sealed: Problem, then: Callable[[Outcome], object]) -> None:
        question = Question(
            _("补录到已月结的期间"),
            sealed.message + _("已出的报表不变，下次打印注明补录或更正。"),
            act=_("作为补录保存"),
            safe=_("先不保存"),
            leave=_("回到表中，草稿留着"),
            reason=REASON,
        )
        why = self._page.ctx.ask.act(question)
        if why:
            self.save(then, why=why)

    def _refused(self, session: FormSession, error: Refused, then: Callable[[Outcome], object]) -> bool:
        self._over()
        if error.code == "sealed":
            self._ask_why(Problem("sealed", str(error)), then)
            return True
        if error.code != "stale":
            return False
        question = Question(
            _("这条记录已被别人修改"),
            _("重新打开后显示最新内容，刚才改的项目保留在上面，核对后再保存。"),
            act=_("重新打开"),
            safe=_("先不打开"),
            leave=_("回到表中，草稿留着"),
            danger=False,
        )
        answer = self._page.ctx.ask.act(question)
        if answer is not None:
            self._page.reopen(session)
        return True

    def changes_of(self, session: FormSession) -> dict[str, Any]:
        """What was typed and not saved."""
        return {k: session.raw[k] for k in session.touched}

    def void(self) -> None:
        """Void the stored record, with a reason; it can be undone."""
        page, session = self._page, self._page.session
        if session is None or not session.rec or self.busy:
            return
        why = page.ctx.ask.act(void_question(page.opened.number if page.opened is not None else ""))
        if not why:
            return
        page.stop_keeping()

        def done(_value: object) -> None:
            if page.session is session:
                page.session = None
                page.leave()

        page.ctx.operations.do(
            lambda w: form_desk.void(w.desk, session, why), said=plural("已作废 {count} 条。", 1), done=done, owner=page
        )  # fmt: skip
