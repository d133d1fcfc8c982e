"""勾稽: what blocks, what warns, what is printed as a note, what holds; with the records that cause it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from envdesk.figures.finding import Finding
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.labels import label
from envdesk.gui.section import IconLabel, Panel, scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import N_, _, plural
from envdesk.present.report_preview import Rules

SHOWN = 4
"""Records of a rule that have a button of their own."""
LEVELS = {
    "block": (N_("不通过"), "red", "cross", "circle-alert"),
    "warn": (N_("提示"), "amber", "triangle", "triangle-alert"),
    "note": (N_("附注"), "grey", "ring", "info"),
    "pass": (N_("通过"), "green", "check", "check"),
}


class RulesTab(QWidget):
    """The rules of a report by what they say.

    Signals:
        opened: form and id of a record to open.
        listed: form and ids of records to list.
    """

    opened = Signal(str, str)
    listed = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._inner = QWidget()
        self._rows = QVBoxLayout(self._inner)
        theme.pad(self._rows, (tokens.S4, tokens.S3, tokens.S4, tokens.S4), tokens.S2)
        self.area = scrolled(self._inner, kind="paper")
        column = QVBoxLayout(self)
        theme.pad(column)
        column.addWidget(self.area)
        self.passed: QWidget | None = None
        self.more: Link | None = None

    def show_rules(self, rules: Rules) -> None:
        """Show other findings."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.passed = self.more = None
        for level, found in (("block", rules.block), ("warn", rules.warn), ("note", rules.notes)):
            if found:
                self._rows.addWidget(self._title(level, len(found)))
                for finding in found:
                    self._rows.addWidget(self._panel(level, finding))
        if rules.passed:
            self._passes(rules.passed)
        self._rows.addStretch(1)
        self.area.verticalScrollBar().setValue(0)

    def _title(self, level: str, count: int) -> QWidget:
        word, tone, shape, _icon = LEVELS[level]
        box = QWidget()
        line = QHBoxLayout(box)
        self._theme.pad(line, (0, tokens.S1, 0, 0), tokens.S2)
        line.addWidget(Chip(self._theme, ChipState(f"{_(word)} {count}", tone, shape)))
        line.addStretch(1)
        return box

    def _panel(self, level: str, finding: Finding) -> QWidget:
        theme = self._theme
        _word, tone, _shape, icon = LEVELS[level]
        panel = Panel(theme, padding=tokens.S3, spacing=tokens.S2, tone="red" if level == "block" else "")
        head = QHBoxLayout()
        theme.pad(head, spacing=tokens.S2)
        colour = "soft" if tone == "grey" else tone
        head.addWidget(IconLabel(theme, icon, colour), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        theme.pad(words, spacing=2)
        words.addWidget(label(finding.rule, "caption"))
        words.addWidget(label(finding.message, "table", wrap=True))
        head.addLayout(words, 1)
        panel.body.addLayout(head)
        if finding.records:
            self._records(panel, finding)
        return panel

    def _records(self, panel: Panel, finding: Finding) -> None:
        """Buttons for the first records, one for all of them."""
        theme = self._theme
        shown = finding.records[:SHOWN]
        for start in range(0, len(shown), 2):
            line = QHBoxLayout()
            theme.pad(line, (tokens.S5, 0, 0, 0), tokens.S2)
            for record in shown[start : start + 2]:
                form, rec = str(record["form"]), str(record["id"])
                words = str(record.get("record_no") or _("打开记录"))
                line.addWidget(Button(theme, words, partial(self.opened.emit, form, rec), row=True))
            line.addStretch(1)
            panel.body.addLayout(line)
        if len(finding.records) > SHOWN:
            forms = dict.fromkeys(str(r["form"]) for r in finding.records)
            form = next(iter(forms))
            ids = tuple(str(r["id"]) for r in finding.records if r["form"] == form)
            line = QHBoxLayout()
            theme.pad(line, (tokens.S5, 0, 0, 0))
            words = plural("看这 {count} 条", len(finding.records))
            line.addWidget(Link(theme, words, lambda: self.listed.emit(form, ids)))
            line.addStretch(1)
            panel.body.addLayout(line)

    def _passes(self, found: Sequence[Finding]) -> None:
        """Rules that hold, folded."""
        self._rows.addWidget(self._title("pass", len(found)))
        self.more = Link(self._theme, _("展开"), self.toggle_passed)
        self._rows.addWidget(self.more)
        self.passed = QWidget()
        column = QVBoxLayout(self.passed)
        self._theme.pad(column, spacing=tokens.S1)
        for finding in found:
            column.addWidget(label(f"{finding.rule}  {finding.message}", "caption", wrap=True))
        self.passed.hide()
        self._rows.addWidget(self.passed)

    def toggle_passed(self) -> None:
        """Unfold or fold the rules that hold."""
        if self.passed is not None and self.more is not None:
            self.passed.setVisible(self.passed.isHidden())
            words = _("展开") if self.passed.isHidden() else _("收起")
            self.more.setText(words)
            self.more.setAccessibleName(words)
