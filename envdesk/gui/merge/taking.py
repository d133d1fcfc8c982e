"""Taking files: a trial first, which stores nothing, then the merge of those somebody has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from envdesk.errors import Refused
from envdesk.gui.dialogs import Question
from envdesk.gui.merge import sealed
from envdesk.gui.page import Context
from envdesk.i18n import _, plural
from envdesk.present import merge_desk
from envdesk.present.merge_desk import Trial

REASON = 5
"""Least number of characters of the reason of a merge into a sealed period."""


class Taking(QObject):
    """The files that were looked at.

    Signals:
        changed: other files wait; the paths of those just looked at, and whether a passphrase was tried on them.
    """

    changed = Signal(object, bool)

    def __init__(self, ctx: Context, owner: QWidget) -> None:
        super().__init__(owner)
        self._ctx, self._owner = ctx, owner
        self.trials: tuple[Trial, ...] = ()

    def choose(self) -> None:
        """Ctrl+O: choose files and look at them."""
        chosen = self._ctx.ask.open_files(_("选街道的上报文件"), _("上报文件 (*.envpack *.envpkg)"))
        if chosen:
            self.look_at(chosen)

    def look_at(self, paths: Sequence[Path], phrases: Mapping[Path, str] | None = None) -> None:
        """Try files, those looked at before too; nothing is stored."""
        known = {t.path: t.phrase for t in self.trials if t.phrase} | dict(phrases or {})
        files = [*(t.path for t in self.trials), *paths]

        def came(found: tuple[Trial, ...]) -> None:
            done = [t for t in found if t.nothing]
            self.trials = tuple(t for t in found if not t.nothing)
            self.changed.emit(tuple(paths), bool(phrases))
            self._say(found, done)

        self._ctx.operations.read(
            lambda w: merge_desk.trial(w.desk, files, known, w.report), came, title=_("正在试合并"), owner=self._owner
        )

    def _say(self, found: Sequence[Trial], done: Sequence[Trial]) -> None:
        if done:
            names = "、".join(t.receipt.office_name or t.path.name for t in done)
            self._ctx.operations.tell(_("{names}的文件以前已经合并，没有新内容。").format(names=names))
        else:
            self._ctx.operations.tell(plural("已试合并 {count} 个文件，还没有合并进来。", len(found)))

    def unlock(self, found: Trial, phrase: str) -> None:
        """Look at a file again with a passphrase."""
        self.look_at([found.path], {found.path: phrase})

    def drop(self, files: Sequence[Trial]) -> None:
        """Forget files that were looked at."""
        gone = {t.path for t in files}
        self.trials = tuple(t for t in self.trials if t.path not in gone)
        self.changed.emit((), False)

    def merge_passed(self) -> None:
        """Ctrl+Enter: merge all files that passed, in one operation."""
        self.merge([t for t in self.trials if t.passed])

    def merge(self, files: Sequence[Trial], why: str = "") -> None:
        """Merge files that passed; a sealed period wants a reason."""
        if not files:
            return

        def done(made: Any) -> None:
            taken = {t.path for t, r in zip(files, made.receipts, strict=True) if r.problem is None}
            self.trials = tuple(t for t in self.trials if t.path not in taken)
            self.changed.emit((), False)

        def refused(error: Refused) -> bool:
            question = Question(
                _("合并到已月结的期间"),
                _("文件里有记录在区里已月结的期间。写明原因后合并，列入“变化”。"),
                _("合并"),
                _("先不合并"),
                reason=REASON,
                danger=False,
            )
            return sealed.asked(self._ctx, error, why, question, lambda reason: self.merge(files, reason))

        self._ctx.operations.do(
            lambda w: merge_desk.take(w.desk, files, why, w.report), said=merged_words, done=done, refused=refused,
            title=_("正在合并"), owner=self._owner,
        )  # fmt: skip


def merged_words(made: Any) -> str:
    """What a merge did: 已合并 3 个文件：新增 268，更新 41，2 处冲突待定."""
    taken = [r for r in made.receipts if r.problem is None]
    new, updated = (sum(r.total(state) for r in taken) for state in ("new", "updated"))
    said = plural("已合并 {count} 个文件：新增 {new}，更新 {updated}", len(taken), new=new, updated=updated)
    waiting = sum(r.total("conflict") for r in taken)
    more = plural("，{count} 处冲突待定", waiting) if waiting else ""
    refused = next((r.problem.message for r in made.receipts if r.problem is not None), "")
    return f"{said}{more}。{refused}"
