"""The window: rail, top bar, page, status bar. It puts them together and hands things on; it knows no page."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QStackedWidget, QWidget

from envdesk.desk import office
from envdesk.gui import tokens
from envdesk.gui.facts import FactsReader
from envdesk.gui.finder import Finder
from envdesk.gui.focus import LEADS, FocusRing
from envdesk.gui.frame_bars import StatusBar, TopBar
from envdesk.gui.help.where import Help
from envdesk.gui.operations import Said
from envdesk.gui.page import Context, Page, PageSpec
from envdesk.gui.progress import ProgressPanel
from envdesk.gui.rail import Entry, Rail, entries
from envdesk.gui.search_box import Find
from envdesk.gui.toast import Toast
from envdesk.gui.user_menu import UserMenu
from envdesk.i18n import _

LEAST = (960, 600)


class MainWindow(QMainWindow):
    """Rail, bars and pages.

    Signals:
        shown: name of the page that is shown now.
    """

    shown = Signal(str)

    def __init__(self, ctx: Context, pages: Mapping[str, PageSpec]) -> None:
        super().__init__()
        self.specs = dict(pages)
        self.pages: dict[str, Page] = {}
        self.current = ""
        self._stale: dict[str, frozenset[str]] = {}
        self.ctx = replace(ctx, go=self.go, recount=self._count)
        theme = ctx.theme
        visible = [n for n, s in self.specs.items() if not s.hidden]
        self.rail = Rail(theme, entries(ctx.catalogue, visible, district=ctx.district))
        hint = _("搜索街道、企业、记录…") if ctx.district else _("搜索企业、工单、记录…")
        self.top = TopBar(theme, operator=ctx.operator, office=ctx.office, placeholder=hint)
        self.status = StatusBar(theme, ctx.operations.undo)
        self.stack = QStackedWidget()
        centre = QWidget()
        grid = QGridLayout(centre)
        theme.pad(grid)
        grid.addWidget(self.rail, 0, 0, 3, 1)
        for row, part in enumerate((self.top, self.stack, self.status)):
            grid.addWidget(part, row, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(centre)
        self.toast = Toast(theme, self.stack, ctx.operations.undo)
        self.progress = ProgressPanel(theme, self.stack)
        self.ring = FocusRing(theme, self)
        self.finder = Finder(self.ctx, self.rail.model, lambda: self.specs, self)
        self.facts = FactsReader(self.ctx, self.status, settings="settings" in self.specs, parent=self)
        self.setMinimumSize(*LEAST)
        self.user = UserMenu(self.ctx, self.top.menu, self.show_keys, settings="settings" in self.specs, parent=self)
        self.help = Help(
            theme, ctx.catalogue, self, lambda: (self.current, *(self.page.help_at() if self.page else ("", "")))
        )
        self.user.help = self.help.open_here
        if "today" in self.specs and not ctx.district:
            self.user.guide = lambda: self.go("today", guide=True)
        self._connect()
        self._keys()

    def _connect(self) -> None:
        operations = self.ctx.operations
        operations.said.connect(self._say)
        operations.changed.connect(self._changed)
        operations.started.connect(self.progress.follow)
        self.rail.chosen.connect(self._go_to)
        self.top.search.asked.connect(self.finder.ask)
        self.finder.found.connect(
            lambda words, finds, note, over: self.top.search.show_finds(words, finds, note=note, over=over)
        )
        self.top.search.chosen.connect(self._open_find)
        self.ctx.theme.changed.connect(self._fold)

    def _keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("F6", lambda: self.cycle(1)),
            ("Shift+F6", lambda: self.cycle(-1)),
            ("Ctrl+K", self.top.search.start),
            ("Ctrl+Z", self.ctx.operations.undo),
            ("Ctrl+/", self.show_keys),
        )
        for sequence, act in keys:
            made = QShortcut(QKeySequence(sequence), self)
            made.activated.connect(act)

    def show_keys(self) -> None:
        """Show the overview of keys."""
        from envdesk.gui.keys_dialog import KeysDialog

        dialog = KeysDialog(self.ctx.theme, self)
        dialog.exec()
        dialog.deleteLater()

    # ---- pages ---------------------------------------------------------------------------------------------------
    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.pages.get(self.current)

    def go(self, page: str, /, **params: Any) -> bool:
        """Show a page; False when the current one does not want to be left."""
        spec = self.specs[page]
        before = self.page
        if before is not None:
            before.keep()
            if not before.may_leave():
                self._light()
                return False
        if page not in self.pages:
            self.pages[page] = spec.make(self.ctx)
            self.stack.addWidget(self.pages[page])
        self.current = page
        shown = self.pages[page]
        self.stack.setCurrentWidget(shown)
        stale = self._stale.pop(page, None)
        if stale:
            shown.on_changed(stale)
        shown.activate(params)
        self._light()
        self.setWindowTitle(f"{shown.title} - {_('环保台账')}" if shown.title else _("环保台账"))
        self.focus_page()
        self.shown.emit(page)
        return True

    def focus_page(self) -> None:
        """Give the focus to the page's first widget."""
        page = self.page
        if page is None:
            return
        target = page.first if page.first is not None else page
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if not page.isAncestorOf(self.focusWidget() or self) and page.first is None:
            page.focusNextChild()

    def _light(self) -> None:
        page = self.page
        if page is not None:
            self.rail.light(page.rail_key() or self.specs[self.current].rail or self.current)

    def _go_to(self, entry: Entry) -> None:
        self.go(entry.page, **entry.params)

    def _open_find(self, find: Find) -> None:
        if find.page in self.specs:
            self.go(find.page, **find.params)

    # ---- what is heard from operations ---------------------------------------------------------------------------
    def _say(self, said: Said) -> None:
        saved = self.ctx.operations.last_saved
        whole = "".join((said.text, *said.details))
        if said.tone == "refused":
            self.status.say(whole, tone="red")
        elif said.undo and saved:
            self.status.say(_("已保存 {time}").format(time=saved), undo=True)
        elif said.text:
            self.status.say(whole, tone="amber" if said.details else "soft")
        self.toast.say(said)

    def _changed(self, kinds: frozenset[str]) -> None:
        if "file" in kinds:
            self._forget_pages()
        if "operator" in kinds:
            self.user.operator = str(self.ctx.prefs.get("operator", ""))
            self.top.show_operator(self.user.operator)
        if "person" in kinds or "operator" in kinds:
            self.user.read()
        if not kinds.isdisjoint({"setting", "file"}):
            read = self.ctx.operations.read
            read(lambda work: office.setting(work.desk, "office_name"), self.top.office.setText, owner=self)
        for name, page in self.pages.items():
            if name == self.current:
                page.on_changed(kinds)
            else:
                self._stale[name] = self._stale.get(name, frozenset()) | kinds
        self._count()

    def _forget_pages(self) -> None:
        """Another file is open: what the other pages held belongs to the old one. They are made again when opened."""
        for name in [n for n in self.pages if n != self.current]:
            gone = self.pages.pop(name)
            self.stack.removeWidget(gone)
            gone.deleteLater()
        self._stale.clear()

    def start(self, page: str = "") -> None:
        """Show the first page and what waits."""
        first = page or next((e.page for e in self.rail.model.entries if e.page), "")
        if first:
            self.go(first)
        task = self.ctx.tasks.run(lambda _work: None, owner=self)  # over when the page has what it asked for first
        task.finished.connect(self._read_frame)

    def _read_frame(self) -> None:
        self.user.read()
        self._count()

    def _count(self) -> None:
        """Show what waits, and the facts of the status bar."""
        self.finder.count_waiting(self._show_counts)
        self.facts.read()

    def _show_counts(self, found: Mapping[str, int]) -> None:
        counted = Counter(found)
        for page in self.pages.values():
            counted.update(page.waits())
        self.rail.count(counted)

    # ---- panes ---------------------------------------------------------------------------------------------------
    def panes(self) -> list[QWidget]:
        """Return where F6 stops: rail, top, the page's panes, foot."""
        page = self.page
        inside: list[QWidget] = [p for p in page.panes if p.isVisible()] if page is not None else []
        if page is not None and not inside:
            inside = [page.first or page]
        return [self.rail.list, self.top.search, *inside, *([self.status.undo] if self.status.undo.isVisible() else [])]

    def cycle(self, step: int) -> None:
        """Go to the next pane (F6) or the one before."""
        stops = self.panes()
        focus = QApplication.focusWidget()
        here = [n for n, p in enumerate(stops) if focus is not None and (p is focus or p.isAncestorOf(focus))]
        to = stops[((here[-1] if here else -1) + step) % len(stops)]
        takes = to.focusPolicy() != Qt.FocusPolicy.NoFocus or to.focusProxy() is not None or to.property(LEADS)
        inner = (w for w in to.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible())
        (to if takes else next(inner, to)).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fold(self) -> None:
        folded = self.width() / self.ctx.theme.scale < tokens.FOLD_BELOW
        if folded != self.rail.folded:
            self.rail.fold(folded=folded)

    # ---- leaving -------------------------------------------------------------------------------------------------
    def keep(self) -> bool:
        """Keep what was typed anywhere as drafts; True when every page could."""
        for page in self.pages.values():
            page.keep()
        return bool(self.pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            page = self.page
            if page is not None:
                page.keep()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        page = self.page
        if page is not None and not page.may_leave():
            event.ignore()
            return
        geometry: QByteArray = self.saveGeometry()
        self.ctx.prefs.put("window", bytes(geometry.toBase64().data()).decode())
        event.accept()
