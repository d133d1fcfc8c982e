"""The menu under the operator's name: who works here now, help and keys, appearance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup

from envdesk.desk.office import Done
from envdesk.gui import tokens
from envdesk.gui.menus import Menu
from envdesk.gui.page import Context
from envdesk.gui.tasks import PAINTED, Work
from envdesk.gui.tips import tip
from envdesk.i18n import N_, _

if TYPE_CHECKING:
    from envdesk.present import operators

OPERATOR, WIDEST = "operator", 24
OTHERS, LEAST, LINE = 9, 3, tokens.CHIP + 2 * tokens.S1
"""Lines of the menu that name nobody, with what is between them; people it names at least; height of a line."""
MODES = {"system": N_("跟随系统"), "light": N_("浅色"), "dark": N_("深色")}


def work_as(ctx: Context, name: str, owner: QObject, done: Callable[[str], object] = lambda _name: None) -> None:
    """Let another person work from now on; remembered on this PC, written into every operation that follows."""
    held = ctx.held

    def fn(_work: Work) -> Done:
        if held is not None:
            held.work_as(name)
        return Done(name, frozenset({OPERATOR}))

    def finish(_name: str) -> None:
        ctx.prefs.put(OPERATOR, name)
        done(name)

    said = _("操作人：{name}").format(name=name)
    ctx.operations.do(fn, done=finish, said=said, undo=False, owner=owner)


def _people(work: Work) -> tuple[operators.Person, ...]:
    from envdesk.present import operators  # after the first page

    return operators.people(work.desk)


def cut(words: str, most: int = WIDEST) -> str:
    """Shorten a name that would make the menu wider than the window."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


class UserMenu(QObject):
    """Fills the menu each time it opens.

    Args:
        ctx: of the window; ``ctx.go`` opens the settings.
        menu: the menu to fill.
        keys: shows the overview of keys.
        settings: there is a settings page.
    """

    def __init__(
        self, ctx: Context, menu: Menu, keys: Callable[[], object], *, settings: bool, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._ctx, self._menu, self._keys, self._settings = ctx, menu, keys, settings
        self.operator = ctx.operator
        self.help: Callable[[], object] | None = None
        self.guide: Callable[[], object] | None = None
        self._people: tuple[operators.Person, ...] = ()
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)

    def read(self) -> None:
        """Read again who works here."""
        self._ctx.operations.read(_people, self._show, owner=self, after=PAINTED)

    def _show(self, found: tuple[operators.Person, ...]) -> None:
        self._people = found

    def _fill(self) -> None:
        from envdesk.present import operators

        menu, theme = self._menu, self._ctx.theme
        menu.clear()
        for old in menu.findChildren(Menu):
            old.deleteLater()
        menu.addAction(_("换人")).setEnabled(False)
        people = QActionGroup(menu)
        names = [p.name for p in self._people]
        shown = self._people if self.operator in names else (operators.Person(self.operator), *self._people)
        here = [p for p in shown if p.name == self.operator]
        most = self._room() - len(here)
        some = [p for p in shown if p.name != self.operator][:most]
        for person in shown:
            if person.name and person in (*some, *here):
                self._choice(people, person.words, on=person.name == self.operator, act=self._switch(person.name))
        if self._settings:
            menu.addAction(_("其他人…"), lambda: self._ctx.go("settings", group="look"))
        menu.addSeparator()
        looks, fonts = Menu(theme, menu, _("颜色")), Menu(theme, menu, _("字号"))
        menu.addMenu(looks)
        menu.addMenu(fonts)
        modes, sizes = QActionGroup(menu), QActionGroup(menu)
        for mode, word in MODES.items():
            self._choice(modes, _(word), on=theme.mode == mode, act=partial(self._set_mode, mode), into=looks)
        nearest = min(tokens.SCALES, key=lambda scale: abs(scale - theme.scale))
        for scale in tokens.SCALES:
            act = partial(self._set_scale, scale)
            self._choice(sizes, f"{round(scale * 100)}%", on=scale == nearest, act=act, into=fonts)
        menu.addSeparator()
        if self.help is not None:
            menu.addAction(_("帮助") + "\tF1", self.help)
        if self.guide is not None:
            menu.addAction(_("跟着引导登记一件"), self.guide)
        menu.addAction(_("快捷键") + "\tCtrl+/", self._keys)

    def _room(self) -> int:
        """How many people there is room for in the window under the button; the others are found in the settings."""
        theme, above = self._ctx.theme, self._menu.parentWidget()
        window = above.window().height() / theme.scale if above is not None else 0
        return max(int((window - tokens.TOP - OTHERS * LINE) / LINE), LEAST)

    def _choice(
        self, group: QActionGroup, text: str, *, on: bool, act: Callable[[], object], into: Menu | None = None
    ) -> None:
        action = (into or self._menu).addAction(cut(text).replace("&", "&&"))
        action.setToolTip(tip(text if cut(text) != text else ""))
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _on=False: act())
        group.addAction(action)

    def _switch(self, name: str) -> Callable[[], object]:
        def act() -> None:
            if name != self.operator:
                work_as(self._ctx, name, self)

        return act

    def _set_mode(self, mode: Any) -> None:
        self._ctx.theme.set_mode(mode)
        self._ctx.prefs.put("mode", mode)

    def _set_scale(self, scale: float) -> None:
        self._ctx.theme.set_scale(scale)
        self._ctx.prefs.put("scale", scale)
