"""设置: groups at the left, the parts of one at the right; a search shows what it finds from all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.labels import label
from envdesk.gui.page import Context, Page, PageSpec, Shot
from envdesk.gui.rail import LISTS
from envdesk.gui.register.import_panel import ImportPanel
from envdesk.gui.search_box import LineField
from envdesk.gui.section import scrolled
from envdesk.gui.settings.about_part import AboutPart, LicencesPart
from envdesk.gui.settings.calendar_part import CalendarPart
from envdesk.gui.settings.encrypt_part import EncryptPart
from envdesk.gui.settings.forms_part import FormsPart
from envdesk.gui.settings.group_list import GAP, GroupList
from envdesk.gui.settings.keeping_part import BackupPart, CheckPart
from envdesk.gui.settings.lines import SettingsPart
from envdesk.gui.settings.list_part import ListPart
from envdesk.gui.settings.look_part import LookPart
from envdesk.gui.settings.operations_part import OperationsPart
from envdesk.gui.settings.part import Part
from envdesk.gui.tasks import Task
from envdesk.i18n import N_, _
from envdesk.present import settings_find, settings_page
from envdesk.present.settings_page import Group

WIDE, SEARCH, ROOM = 1200, 320, 148


@dataclass(frozen=True)
class GroupSpec:
    """A group: the groups of settings, the small lists and the other parts in it."""

    id: str
    title: str
    icon: str
    settings: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    parts: tuple[Any, ...] = ()


GROUPS = (
    GroupSpec("office", N_("单位"), "stamp", ("单位",)),
    GroupSpec("people", N_("人员"), "users", (), ("person",)),
    GroupSpec("grids", N_("网格"), "map-pin", (), ("grid", "river")),
    GroupSpec("calendar", N_("节假日"), "calendar", parts=(CalendarPart,)),
    GroupSpec("deadlines", N_("时限"), "clock", ("时限",), ("deadline_term",)),
    GroupSpec("counting", N_("统计口径"), "table", ("统计口径",), ("history_value",)),
    GroupSpec(
        "checks", N_("检查和任务"), "clipboard-check", ("检查",), ("campaign", "task_target", "power_item", "parameter")
    ),
    GroupSpec("reports", N_("报表"), "file-chart-column", ("报表",)),
    GroupSpec("forms", N_("表样"), "layers", parts=(FormsPart,)),
    GroupSpec("backup", N_("备份"), "shield-check", parts=(BackupPart, CheckPart, EncryptPart)),
    GroupSpec("operations", N_("操作记录"), "history", parts=(OperationsPart,)),
    GroupSpec("look", N_("外观"), "monitor", parts=(LookPart,)),
    GroupSpec("about", N_("关于"), "info", parts=(AboutPart, LicencesPart)),
)
OTHER = "other"


def specs(ctx: Context) -> tuple[GroupSpec, ...]:
    """Return the groups; settings and lists that no group names have one of their own."""
    catalogue = ctx.catalogue
    known = {g for spec in GROUPS for g in spec.settings}
    more = tuple(dict.fromkeys(s.group for s in catalogue.settings.values() if s.group not in known))
    named = {form for spec in GROUPS for form in spec.lists}
    lists = tuple(
        f.id for f in catalogue.forms.values() if f.kind != "shared" and f.group == LISTS and f.id not in named
    )
    if not more and not lists:
        return GROUPS
    return (*GROUPS[:-2], GroupSpec(OTHER, N_("其他"), "ellipsis", more, lists), *GROUPS[-2:])


class _Find(LineField):
    """The search: Esc empties it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit("")
            return
        super().keyPressEvent(event)


class SettingsPage(Page):
    """All settings."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.specs = specs(ctx)
        self.group = self.specs[0].id
        self.search = _Find(theme, _("找设置，例如：下班、备份、月报"), icon="search", key="Ctrl+F")
        self.search.setAccessibleName(_("找设置"))
        theme.fix(self.search, width=SEARCH)
        self.set_head(_("设置"), extra=(self.search,))
        self.list = GroupList(theme, [(s.id, _(s.title), s.icon) for s in self.specs])
        self.parts: dict[str, tuple[Part, ...]] = {}
        self.nothing = label(_("没有找到这样的设置。"), "soft")
        self.nothing.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        theme.pad(column, (0, 0, tokens.S5, tokens.S5), tokens.S3)
        column.addWidget(self.nothing)
        for spec in self.specs:
            self._add_group(spec, column)
        column.addStretch(1)
        self._inner = inner
        self.area = scrolled(inner, kind="clear", over=True)
        self.area.setAlignment(Qt.AlignmentFlag.AlignLeft)
        groups = QWidget()
        columns = QHBoxLayout(groups)
        theme.pad(columns, (tokens.S4, 0, 0, 0), tokens.S2)
        self.rail = scrolled(self.list, kind="clear")
        self.rail.verticalScrollBar().rangeChanged.connect(self._see_group)
        columns.addWidget(self.rail, 0)
        columns.addWidget(self.area, 1)
        self._limit()
        self.area.installEventFilter(self)
        theme.changed.connect(self._limit)
        self.importing = ImportPanel(ctx)
        self.stack = QStackedWidget()
        self.stack.addWidget(groups)
        self.stack.addWidget(self.importing)
        self.body.addWidget(self.stack, 1)
        self.importing.closed.connect(self.show_groups)
        self.importing.taken.connect(lambda _form: self.show_groups())
        self.first, self.panes = self.list, (self.list, self.area)
        self._task: Task | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(tokens.QUIET_MS)
        self._quiet.timeout.connect(self.seek)
        self.search.textEdited.connect(self._typed)
        self.search.returnPressed.connect(self.enter)
        self.list.chosen.connect(self.show_group)
        self.list.entered.connect(self.enter)
        self.key("Ctrl+F", self._to_search)
        self.show_group(self.group)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102 - Qt's
        if watched is self.area and event.type() == QEvent.Type.Resize:  # when the page is told, it has its old height
            self._limit()
        return super().eventFilter(watched, event)

    def _limit(self) -> None:
        px = self.ctx.theme.px
        self._inner.setMaximumWidth(px(WIDE))
        self.rail.setFixedWidth(px(tokens.RAIL) + self.rail.verticalScrollBar().sizeHint().width())
        self._whole_groups()
        rows = int((self.area.height() / self.ctx.theme.scale - ROOM) / tokens.ROW)
        for parts in self.parts.values():
            for part in parts:  # a list that stands alone takes the height there is
                part.show_rows(rows, alone=len(parts) == 1)

    def _whole_groups(self) -> None:
        """Leave out of sight what would be the upper half of a group."""
        line, high = self.ctx.theme.px(tokens.ROW + GAP), self.rail.height()
        wanted = high % line if self.list.sizeHint().height() > high > line else 0
        if self.rail.viewportMargins().bottom() != wanted:
            self.rail.setViewportMargins(0, 0, 0, wanted)

    def _add_group(self, spec: GroupSpec, column: QVBoxLayout) -> None:
        made: list[Part] = [SettingsPart(self.ctx, f"settings:{g}", _(g)) for g in spec.settings]
        lists = [form for form in spec.lists if form in self.ctx.catalogue.forms]
        made += [ListPart(self.ctx, form, spec.id, self.import_list) for form in lists]
        made += [part(self.ctx) for part in spec.parts]
        self.parts[spec.id] = tuple(made)
        for part in made:
            column.addWidget(part)

    def all_parts(self) -> list[Part]:
        """Return the parts of all groups."""
        return [part for parts in self.parts.values() for part in parts]

    # ---- reading -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show a group."""
        group = str(params.get("group") or self.group)
        self._read_settings()
        self.ctx.operations.read(lambda w: settings_page.summaries(w.desk), self._mark, owner=self)
        if group in self.parts:
            self.search.clear()
            self.show_group(group)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Read again what the shown parts show."""
        if not kinds.isdisjoint({"setting", "file", "*"}):
            self._read_settings()
        if not kinds.isdisjoint({"calendar", "person", "*"}):
            self.ctx.operations.read(lambda w: settings_page.summaries(w.desk), self._mark, owner=self)
        for part in self.all_parts():
            if not part.isHidden():
                part.on_changed(kinds)

    def _read_settings(self) -> None:
        self.ctx.operations.read(lambda w: settings_page.groups(w.desk), self._show_settings, owner=self)

    def _show_settings(self, groups: tuple[Group, ...]) -> None:
        by = {g.title: g.lines for g in groups}
        for part in self.all_parts():
            if isinstance(part, SettingsPart):
                part.show_lines(by.get(part.name.partition(":")[2], ()))

    def _mark(self, summaries: tuple[settings_page.Summary, ...]) -> None:
        waiting = {s.id for s in summaries if s.chip is not None}
        groups = {spec.id for spec in self.specs if waiting & {*spec.lists, spec.id}}
        self.list.mark(groups)

    def _see_group(self) -> None:
        """Scroll the groups to the current one, also when the window or the scale has changed since."""
        self._whole_groups()
        line, bar = self.ctx.theme.px(tokens.ROW + GAP), self.rail.verticalScrollBar()
        bar.setSingleStep(line)
        here, rows = self.list.current_box().top() // line, max(self.rail.viewport().height() // line, 1)
        first = min(max(bar.value() // line, here - rows + 2), max(here - 1, 0))  # a neighbour stays in sight
        bar.setValue(first * line)  # whole lines: nothing stands half cut at the upper edge

    # ---- showing -------------------------------------------------------------------------------------------------
    def show_group(self, group: str) -> None:
        """Show the parts of one group."""
        if self.search.text():
            self.search.clear()
        self._stop()
        self.list.show_found(None)
        self.group = group
        self.list.set_current(group)
        self._see_group()
        self.nothing.hide()
        for name, parts in self.parts.items():
            for part in parts:
                part.show_only(None if name == group else ())
                if name == group:
                    part.read()
        self.area.verticalScrollBar().setValue(0)

    def import_list(self, form: str) -> None:
        """Import a table of people, grids …; it is looked at in the place of the groups."""
        self.importing.start(form, lambda: self.stack.setCurrentWidget(self.importing))

    def show_groups(self) -> None:
        """Back from a file to the groups."""
        self.stack.setCurrentIndex(0)
        self.enter()

    def enter(self) -> None:
        """Go to the first editor that is shown."""
        for part in self.all_parts():
            editor = part.first_editor() if not part.isHidden() else None
            if editor is not None:
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                self.area.ensureWidgetVisible(editor)
                return

    # ---- searching -----------------------------------------------------------------------------------------------
    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _typed(self, text: str) -> None:
        if text.strip():
            self._quiet.start()
        else:
            self.show_group(self.group)

    def _stop(self) -> None:
        self._quiet.stop()
        if self._task is not None and self._task.active:
            self._task.cancel()

    def seek(self) -> None:
        """Look for what was typed."""
        self._stop()
        words = self.search.text().strip()
        texts = {part.name: part.words for part in self.all_parts()}
        self._task = self.ctx.operations.read(
            lambda w: settings_find.find(w.desk, words, texts), lambda found: self._found(words, found), owner=self
        )

    def _found(self, words: str, found: frozenset[str]) -> None:
        if words != self.search.text().strip():
            return
        groups = set()
        for name, parts in self.parts.items():
            shown = [part for part in parts if part.show_only(found)]
            if shown:
                groups.add(name)
            for part in shown:
                part.read()
        self.list.show_found(groups)
        self.nothing.setVisible(not groups)
        self.area.verticalScrollBar().setValue(0)


def _type(words: str) -> Any:
    def act(page: SettingsPage) -> None:
        page._to_search()  # noqa: SLF001 - what the key does
        page.search.setText(words)
        for part in page.parts["deadlines"]:  # the picture of a wrong value may have been taken before
            if isinstance(part, SettingsPart) and "report_day" in part.lines:
                wrong = part.lines["report_day"]
                wrong.editor.setText(wrong.line.text)  # type: ignore[attr-defined]
                wrong.set_problem("")
        page.seek()

    return act


def _wrong(page: SettingsPage) -> None:
    part = page.parts["deadlines"][0]
    assert isinstance(part, SettingsPart)  # noqa: S101 - so it is above
    editor = part.lines["report_day"].editor
    editor.setFocus()
    editor.setText("40")  # type: ignore[attr-defined]
    part.lines["report_day"].commit("40")


def _back_up(page: SettingsPage) -> None:
    part = page.parts["backup"][0]
    assert isinstance(part, BackupPart)  # noqa: S101 - so it is above
    part.make()


def _encrypt(page: SettingsPage) -> None:
    part = page.parts["backup"][2]
    assert isinstance(part, EncryptPart)  # noqa: S101 - so it is above
    part.secret.setText("123")
    part.encrypt()
    page.area.ensureWidgetVisible(part)


PAGE = PageSpec(
    "settings",
    SettingsPage,
    shots=(
        Shot("settings", {"group": "office"}),
        Shot("settings-people", {"group": "people"}),
        Shot("settings-calendar", {"group": "calendar"}),
        Shot("settings-checks", {"group": "checks"}),
        Shot("settings-forms", {"group": "forms"}),
        Shot("settings-backup", {"group": "backup"}, _back_up),
        Shot("settings-encrypt", {"group": "backup"}, _encrypt),
        Shot("settings-operations", {"group": "operations"}),
        Shot("settings-look", {"group": "look"}),
        Shot("settings-about", {"group": "about"}),
        Shot("settings-search", {"group": "office"}, _type("提醒")),
        Shot("settings-wrong", {"group": "deadlines"}, _wrong),
    ),
)
