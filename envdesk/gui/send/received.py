"""Check a file that was received: everything it says about itself, and the code of the covering letter."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from envdesk.errors import Refused
from envdesk.exchange.package_check import Package, verify
from envdesk.figures.period import month_of, range_of
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.labels import Elided, label
from envdesk.gui.page import Context
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Panel, row
from envdesk.i18n import _, plural

NAME = 64
LEAST_CODE = 8
"""Fewer characters of a code prove nothing."""


def same_code(typed: str, sha256: str) -> bool:
    """Tell whether a typed code (whole or its beginning, with spaces and dashes as printed) is that of the file."""
    plain = re.sub(r"[\s\-–—]", "", typed).lower()
    return len(plain) >= LEAST_CODE and sha256.lower().startswith(plain)


def _period(start: str, end: str) -> str:
    """Name the period of a file."""
    if not start or not end:
        return _("全部")
    span = range_of(date.fromisoformat(start), date.fromisoformat(end))
    month = month_of(span.start)
    return month.title if month.end == span.end else span.title


class Received(Panel):
    """Chooses a file, checks it, says what it is."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx.theme, padding=tokens.S4, spacing=tokens.S3)
        theme = ctx.theme
        self._ctx = ctx
        self.path: Path | None = None
        self.found: Package | None = None
        self.body.addWidget(label(_("校验收到的文件"), "section"))
        self.body.addWidget(
            label(_("文件在路上有没有被改动、是不是完整，从U盘重新算一遍。"), "caption", wrap=True)
        )  # fmt: skip
        self.choose = Button(theme, _("选文件校验"), self.open, icon="folder-open")
        self.code = LineField(theme, _("随文写的校验值"))
        self.code.textEdited.connect(self._judge_code)
        self.code_box = FieldBox(theme, _("校验值"), self.code, caption=_("可空"))
        self.secret = LineField(theme, _("上报单位另行告知"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.returnPressed.connect(self.check)
        self.secret_box = FieldBox(theme, _("口令"), self.secret)
        self.again = Button(theme, _("用口令打开"), self.check)
        self.body.addLayout(row(theme, self.choose, None))
        self.body.addWidget(self.code_box)
        self.body.addWidget(self.secret_box)
        self.body.addLayout(row(theme, self.again, None))
        self.result = QWidget()
        self.body.addWidget(self.result)
        self.chip = Chip(theme, ChipState("", "grey", "ring"))
        self.words = label("", "table", wrap=True)
        self.facts = QGridLayout(self.result)
        theme.pad(self.facts, spacing=(tokens.S2, tokens.S1))
        self.facts.addWidget(self.chip, 0, 0, 1, 2)
        self.facts.addWidget(self.words, 1, 0, 1, 2)
        self.facts.setColumnStretch(1, 1)
        self._cells: list[QWidget] = []
        self.secret_box.hide()
        self.again.hide()
        self.result.hide()

    def open(self) -> None:
        """Ask for a file and check it."""
        chosen = self._ctx.ask.open_file(_("选收到的上报文件"), _("上报文件 (*.envpack)"))
        if chosen is not None:
            self.take(chosen)

    def take(self, path: Path) -> None:
        """Check a file."""
        self.path = path
        self.secret.clear()
        self.secret_box.hide()
        self.again.hide()
        self.check()

    def check(self) -> None:
        """Check the chosen file."""
        path, secret = self.path, self.secret.text()
        if path is None:
            return
        task = self._ctx.tasks.run(
            lambda _work: verify(path, passphrase=secret or None), done=self.show, failed=self._failed, on="pool",
            owner=self,
        )  # fmt: skip
        self._ctx.operations.started.emit(task, _("正在校验 {name}").format(name=path.name))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            self._ctx.operations.handle(error)
            return
        self.found = None
        locked = error.code == "package_key"
        self.secret_box.setVisible(locked)
        self.again.setVisible(locked)
        if locked:
            wrong = _("口令不对，或文件开头已损坏。") if self.secret.text() else ""
            self.secret_box.set_problem("error" if wrong else "", wrong)
            self.secret.setFocus()
        self._say(
            ChipState(_("要口令"), "amber", "lock") if locked else ChipState(_("校验不通过"), "red", "cross"),
            _("文件加了口令，填上口令再打开。") if locked else error.all_problems()[0].message,
        )  # fmt: skip

    def show(self, found: Package | None = None) -> None:  # type: ignore[override]
        """Show a checked file; without one, show the panel."""
        if found is None:
            super().show()
            return
        self.found = found
        self.secret_box.set_problem("", "")
        self._say(ChipState(_("校验通过"), "green", "check"), _("内容完整，没有被改动。"))
        for title, value in self._facts(found):
            self._line(title, value)
        self._judge_code()

    def _say(self, chip: ChipState, words: str) -> None:
        for cell in self._cells:
            self.facts.removeWidget(cell)
            cell.deleteLater()
        self._cells = []
        self.chip.set_state(chip)
        self.words.setText(words)
        self.result.show()

    def _line(self, title: str, value: str) -> None:
        at = 2 + len(self._cells) // 2
        name, shown = label(title, "caption"), Elided(value, "table")
        self._ctx.theme.fix(name, width=NAME)
        for column, cell in enumerate((name, shown)):
            self.facts.addWidget(cell, at, column)
            self._cells.append(cell)

    def _facts(self, found: Package) -> list[tuple[str, str]]:
        facts = found.manifest
        held = plural("{count} 条记录", sum(found.counts.values()))
        carried = plural("{count} 个附件", found.attachments) if found.attachments else _("不带附件")
        return [
            (_("单位"), facts.get("office_name") or facts.get("office", "")),
            (_("期间"), _period(facts.get("start", ""), facts.get("end", ""))),
            (_("内容"), f"{held}，{carried}"),
            (_("生成"), f"{facts.get('created', '')[:16].replace('T', ' ')} {facts.get('created_by', '')}"),
            (_("文件"), found.path.name),
            (_("校验值"), found.sha256),
        ]

    def _judge_code(self) -> None:
        typed = self.code.text().strip()
        if not typed or self.found is None:
            self.code_box.set_problem("", "")
        elif same_code(typed, self.found.sha256):
            self.code_box.set_problem("hint", _("与文件的校验值一致。"))
        else:
            self.code_box.set_problem("error", _("与文件的校验值不一致，请核对是不是同一个文件。"))
