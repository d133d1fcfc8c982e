"""Small parts of the page 报表: the zoom, and why a report is a draft only."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.labels import hairline, label, set_property, set_tone
from envdesk.gui.menus import Menu
from envdesk.gui.reports.paper import FIT, ZOOMS, PaperView
from envdesk.gui.section import IconLabel
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.report_preview import Report

_NUMBER = re.compile(r"\d+")
RULES_SAID = 2
"""Rules that are said in the bar; the rest stands in the tab."""


class ZoomBar(QWidget):
    """− | 适合页宽 | ＋ over a :class:`PaperView`."""

    def __init__(self, theme: Theme, paper: PaperView) -> None:
        super().__init__()
        self._paper = paper
        menu = Menu(theme, self)
        menu.addAction(_("适合页宽") + "\tCtrl+0", lambda: paper.set_zoom(FIT))
        for zoom in ZOOMS:
            menu.addAction(f"{zoom:.0%}", partial(paper.set_zoom, zoom))
        self.smaller = Button(theme, "−", lambda: paper.step_zoom(-1))
        self.now = Button(theme, _("适合页宽"), menu=menu)
        self.larger = Button(theme, "＋", lambda: paper.step_zoom(1))
        for button, words, key in ((self.smaller, _("缩小"), "Ctrl+-"), (self.larger, _("放大"), "Ctrl++")):
            button.setAccessibleName(words)
            button.setToolTip(f"{words} {key}")
        line = QHBoxLayout(self)
        theme.pad(line, spacing=tokens.S1)
        for button in (self.smaller, self.now, self.larger):
            line.addWidget(button)
        paper.zoomed.connect(self._show)

    def _show(self) -> None:
        self.now.set_text(_("适合页宽") if self._paper.zoom == FIT else f"{self._paper.zoom:.0%}")


class Tabs(QWidget):
    """Tabs over their pages; one of them has a chip beside its words. F6, Alt+1 … reach it, ← → move.

    Attributes:
        bar: the tabs.
    """

    def __init__(self, theme: Theme, pages: Sequence[tuple[str, QWidget]]) -> None:
        super().__init__()
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setUsesScrollButtons(False)
        self.bar.setAccessibleName(_("关于这份报表"))
        self._pages = QStackedWidget()
        self._chip: Chip | None = None
        self._told = ChipState("")
        self._theme = theme
        for words, page in pages:
            self.bar.addTab(words)
            self._pages.addWidget(page)
        top, column = QHBoxLayout(), QVBoxLayout(self)
        theme.pad(top, (tokens.S4, 0, 0, 0))
        theme.pad(column)
        top.addWidget(self.bar)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(hairline(theme))
        column.addWidget(self._pages, 1)
        self.bar.currentChanged.connect(self._pages.setCurrentIndex)
        self.setFocusProxy(self.bar)
        theme.changed.connect(self._fit_chip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_chip()

    def _fit_chip(self) -> None:
        """In little room for the tabs the chip keeps shape, colour and number: no tab is cut."""
        if self._chip is None:
            return
        room = self.width() - self._theme.px(tokens.S4)
        for short in (False, True):
            self._chip.set_state(replace(self._told, word=_NUMBER.findall(self._told.word)[0]) if short else self._told)
            self._chip.setAccessibleName(self._told.word)
            self._measure()
            if self.bar.sizeHint().width() <= room or not _NUMBER.search(self._told.word):
                break

    def _measure(self) -> None:
        """A tab is measured again when it is told its words: its chip has another size now."""
        held = self._chip.parentWidget() if self._chip is not None else None
        if held is not None:
            held.resize(held.sizeHint())
        for number in range(self.bar.count()):
            self.bar.setTabText(number, self.bar.tabText(number))

    def current(self) -> int:
        """Return the number of the tab that is shown."""
        return self.bar.currentIndex()

    def show_page(self, number: int) -> None:
        """Show a tab."""
        self.bar.setCurrentIndex(number)

    def set_words(self, number: int, words: str, chip: ChipState | None = None) -> None:
        """Change the words of a tab, and the chip beside them."""
        self.bar.setTabText(number, words)
        if chip is not None:
            made = QWidget()
            line = QHBoxLayout(made)
            self._theme.pad(line, (0, 0, tokens.S4, 0))
            shown, before = Chip(self._theme, chip), self._chip
            line.addWidget(shown)
            made.resize(made.sizeHint())
            self.bar.setTabButton(number, QTabBar.ButtonPosition.RightSide, made)
            if before is not None and (gone := before.parentWidget()) is not None:
                gone.deleteLater()
            self._chip, self._told = shown, chip
        self._fit_chip()


class Reasons(QFrame):
    """Why only a draft can be printed, over the paper; hidden when it need not be said."""

    def __init__(self, theme: Theme, on: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        self.setProperty("flush", True)
        self._icon = IconLabel(theme, "triangle-alert", "amber")
        self.title = label("", "strong-table", tone="amber")
        self.text = label("", "table", wrap=True)
        self.go = Button(theme, _("看是哪些记录"), on, row=True)
        words = QVBoxLayout()
        theme.pad(words, spacing=2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        line = QHBoxLayout(self)
        theme.pad(line, (tokens.S3, tokens.S2, tokens.S3, tokens.S2), tokens.S2)
        line.addWidget(self._icon)
        line.addLayout(words, 1)
        line.addWidget(self.go)
        self.hide()

    def show_report(self, report: Report, *, draft: bool, notes: Sequence[str]) -> None:
        """Say what stops a report, what was not printed as meant, or nothing."""
        blocked = report.blocked
        tone = "red" if blocked else "amber"
        set_property(self, "tone", tone)
        set_tone(self.title, tone)
        self._icon.set_icon("circle-alert" if blocked else "triangle-alert", tone)
        if blocked:
            self.title.setText(_("{words}，只能打印草稿").format(words=report.rules.words))
            said = [f"{f.rule}：{f.message}" for f in report.rules.block[:RULES_SAID]]
            self.text.setText("\n".join(said))
        elif draft:
            self.title.setText(_("{period}还没有结束，只能打印草稿").format(period=report.period.title))
            self.text.setText(_("草稿有水印，没有校验码。"))
        else:
            self.title.setText(_("打印时请留意") if notes else "")
            self.text.setText("\n".join(notes))
        self.go.setVisible(blocked)
        self.setVisible(bool(self.title.text()))
