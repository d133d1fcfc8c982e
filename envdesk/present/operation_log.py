"""操作记录: what was done, when and by whom, and taking one of these operations back."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk import records
from envdesk.desk.office import Desk, Done
from envdesk.errors import Refused
from envdesk.i18n import N_, _, plural
from envdesk.store import undo
from envdesk.store.undo import BULK, Entry

#: Verbs as they are kept in the file -> as people say them.
VERBS = {
    "init": N_("建台账"), "add": N_("登记"), "edit": N_("修改"), "void": N_("作废"), "import": N_("导入"),
    "merge": N_("合并上报文件"), "decide": N_("定冲突"), "bulk_edit": N_("批量修改"), "undo": N_("撤销"), "calendar": N_("导入节假日表"),
    "reveal": N_("查看个人信息"), "acknowledge": N_("确认勾稽提示"), "restore": N_("恢复备份"),
}  # fmt: skip
MOST = 200


def verb_words(verb: str) -> str:
    """A verb as people say it."""
    return _(VERBS.get(verb, verb))


@dataclass(frozen=True, slots=True)
class Line:
    """One operation.

    Attributes:
        what: "检查记录 XC-2026-0012", "工单 240 条".
        state: "done", "undone" (taken back), "note" (nothing to take back). ``words`` says it.
        bulk: of many records: what later operations touched can stay while the rest is taken back.
    """

    no: int
    at: str
    who: str
    verb: str
    what: str
    why: str
    state: str
    words: str
    bulk: bool

    @property
    def said(self) -> str:
        """The whole as a sentence: "作废 工单 GD-2026-0012，原因：重复登记"."""
        words = f"{self.verb} {self.what}"
        return _("{words}，原因：{why}").format(words=words, why=self.why) if self.why else words


def lines(desk: Desk, before: int = 0) -> tuple[Line, ...]:
    """Return operations newest first, :data:`MOST` at a time; *before* = number of the last one that is shown."""
    return tuple(_line(desk, entry) for entry in undo.entries(desk.store, before=before, most=MOST))


def _line(desk: Desk, entry: Entry) -> Line:
    form = desk.catalogue.forms.get(entry.form)
    title = form.title if form is not None else ""
    what = entry.number or plural("{count} 条", entry.records)
    if not entry.work and form is None:
        what = plural("{count} 项", entry.records)
    what = " ".join(t for t in (title, what) if t)
    if entry.undoes:
        what = _("第 {no} 号：{what}").format(no=entry.undoes, what=what)
    state, words = "done", ""
    if entry.undone_by:
        state, words = "undone", _("已撤销（第 {no} 号）").format(no=entry.undone_by)
    elif entry.verb == "init" or not entry.work:
        state, words = "note", _("只作记录")
    return Line(
        entry.no, entry.at[:16].replace("T", " "), entry.who, verb_words(entry.verb),
        what, entry.why, state, words, entry.verb in BULK,
    )  # fmt: skip


def take_back(desk: Desk, no: int, *, keep_touched: bool = False, why: str = "") -> Done:
    """Take an operation back.

    Raises:
        Refused: ``undo_blocked`` (later operations stand on it), ``sealed`` (wants a reason), ``undo_done_before``.
    """
    return records.undo(desk, no, keep_touched=keep_touched, why=why)


def in_the_way(error: Refused) -> bool:
    """Tell whether later operations stand in the way."""
    return error.code == "undo_blocked"
