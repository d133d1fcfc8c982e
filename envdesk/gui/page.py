"""What a page is, how pages are found, and what they are given."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, tighten
from envdesk.gui.labels import Elided

if TYPE_CHECKING:
    from envdesk.clock import Clock
    from envdesk.desk.office import Desk
    from envdesk.formdef.model import Catalogue
    from envdesk.gui.dialogs import Asking
    from envdesk.gui.operations import Operations
    from envdesk.gui.prefs import Prefs
    from envdesk.gui.tasks import Tasks
    from envdesk.gui.theme import Theme

    class Go(Protocol):
        """Opens a page."""

        def __call__(self, page: str, /, **params: Any) -> bool:
            """Open *page* with *params*; False when the current page does not want to be left."""

    class Held(Protocol):
        """The open file; ``desk`` is another one after :meth:`closed_file`."""

        @property
        def desk(self) -> Desk | None:
            """The open desk."""

        def closed_file(self) -> AbstractContextManager[Path]:
            """Close it for as long as the context lasts."""

        def opens_with(self, key: bytes) -> None:
            """Open the file with this key from now on."""

        def work_as(self, operator: str) -> None:
            """Let another person work from now on."""


LEAST_TITLE = 260
"""So much of a long title stays in sight."""


def _nowhere(_page: str, /, **_params: Any) -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Context:
    """What every page is given; nothing else is shared.

    Attributes:
        theme: colours, sizes, fonts, icons.
        tasks: reading, off the GUI thread.
        operations: doing: verbs of the desk, what is said about them, one signal ``changed``.
        catalogue: the compiled forms, read only.
        clock: where "now" comes from.
        operator: name of who works here, office the name of the office, ``district`` True for the district's desk.
        ask: dialogs, so that a test answers without a window.
        prefs: small choices of this PC, nothing of the office.
        held: the open file itself, for a restore and another operator; used on the database thread.
        go: opens another page.
        recount: counts what waits again (a page's own :meth:`Page.waits` changed).
    """

    theme: Theme
    tasks: Tasks
    operations: Operations
    catalogue: Catalogue
    clock: Clock
    ask: Asking
    prefs: Prefs
    operator: str = ""
    office: str = ""
    district: bool = False
    go: Go = field(default=_nowhere)
    recount: Callable[[], object] = field(default=_nothing)
    held: Held | None = None


@dataclass(frozen=True)
class Act:
    """One thing a page can do, as a button in its head and a key."""

    text: str
    on: Callable[[], object]
    key: str = ""
    icon: str = ""
    kind: str = "plain"
    enabled: bool = True


@dataclass(frozen=True)
class Shot:
    """A picture of a page: file name, parameters, and what to do before it is taken (``prepare(page)``)."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Any], object] | None = None


@dataclass(frozen=True)
class PageSpec:
    """How a page is known: ``name`` for ``ctx.go``, its class, the rail entry lit while it is shown, its pictures.

    ``rail`` may hold parameters: ``"register:{group}"``. A ``hidden`` page is opened by tests and pictures only.
    """

    name: str
    make: Callable[[Context], Page]
    rail: str = ""
    shots: tuple[Shot, ...] = ()
    hidden: bool = False


def found() -> dict[str, PageSpec]:
    """Import the modules of ``envdesk.gui.pages`` and return what they offer, by name."""
    from envdesk.gui import pages

    specs: dict[str, PageSpec] = {}
    for module in sorted(pkgutil.iter_modules(pages.__path__), key=lambda m: m.name):
        loaded = importlib.import_module(f"{pages.__name__}.{module.name}")
        spec = getattr(loaded, "PAGE", None)
        if spec is not None:
            specs[spec.name] = spec
    return specs


def load(name: str) -> PageSpec:
    """Read the module of a page."""
    spec = importlib.import_module(f"envdesk.gui.pages.{name}").PAGE
    assert isinstance(spec, PageSpec)  # noqa: S101 - every module of pages ends in one
    return spec


def loaded(name: str) -> bool:
    """Tell whether the module of a page was read."""
    return f"envdesk.gui.pages.{name}" in sys.modules


def known() -> dict[str, PageSpec]:
    """Return all pages by name, each read when it is made; without their pictures."""
    from envdesk.gui import pages
    from envdesk.gui.pages import PAGES

    def maker(name: str) -> Callable[[Context], Page]:
        return lambda ctx: load(name).make(ctx)

    listed = {name: PageSpec(name, maker(name), rail, hidden=hidden) for name, (rail, hidden) in PAGES.items()}
    names = [m.name for m in pkgutil.iter_modules(pages.__path__)]
    others = {name: load(name) for name in names if name not in PAGES}  # read at once: correct, only slower
    return listed | others


class Page(QWidget):
    """One page: a head, a body, perhaps a foot. Made once, shown many times.

    Attributes:
        ctx: what it is given.
        body: vertical layout under the head.
        first: widget that gets the focus when the page opens (None = the first that takes it).
        panes: where F6 stops inside the page.
    """

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.first: QWidget | None = None
        self.panes: tuple[QWidget, ...] = ()
        self.buttons: dict[str, Button] = {}
        self._keys: list[QShortcut] = []
        self._head = QWidget()
        self._head_row = QHBoxLayout(self._head)
        ctx.theme.pad(self._head_row, (tokens.S5, 0, tokens.S5, 0), tokens.S3)
        ctx.theme.fix(self._head, height=tokens.HEAD)
        self._title, self._subtitle = Elided("", "page"), Elided("", "soft")
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.body = QVBoxLayout()
        ctx.theme.pad(self.body)
        column = QVBoxLayout(self)
        ctx.theme.pad(column)
        ctx.theme.changed.connect(self.fit_head)
        column.addWidget(self._head)
        column.addLayout(self.body, 1)

    # ---- to be called by the page --------------------------------------------------------------------------------
    def set_head(
        self,
        title: str,
        subtitle: str = "",
        actions: Sequence[Act] = (),
        *,
        extra: Sequence[QWidget] = (),
        tight: bool = False,
    ) -> None:
        """Write the head: title, a sentence beside it, widgets after it, buttons at the right (and their keys).

        Args:
            title: of the page.
            subtitle: soft words beside it.
            actions: buttons, the primary one last; found again in ``self.buttons`` by text.
            extra: widgets between subtitle and buttons (chips, a period switch).
            tight: 52 instead of 60 high, where columns follow.
        """
        self.ctx.theme.fix(self._head, height=tokens.HEAD_TIGHT if tight else tokens.HEAD)
        for widget in [
            w for n in range(self._head_row.count()) if (i := self._head_row.itemAt(n)) and (w := i.widget())
        ]:
            self._head_row.removeWidget(widget)
            if widget not in (self._title, self._subtitle, *extra):
                widget.hide()
                widget.deleteLater()
        for key in self._keys:
            if key.property("act"):
                key.setParent(None)
                key.deleteLater()
        self._keys = [k for k in self._keys if not k.property("act")]
        self.buttons = {}
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._head_row.addWidget(self._title)
        if extra:
            for widget in extra:
                self._head_row.addWidget(widget)
        self._head_row.addWidget(self._subtitle, 1)
        for act in actions:
            button = Button(self.ctx.theme, act.text, act.on, kind=act.kind, icon=act.icon, key=act.key)
            button.setEnabled(act.enabled)
            self.buttons[act.text] = button
            self._head_row.addWidget(button)
            if act.key:
                self.key(act.key, button.click).setProperty("act", True)

        self.fit_head()

    def fit_head(self) -> None:
        """Let the title stand in full where it can: buttons give up their keys first, then their words.

        Keys alone are given up for the words beside the title, too; of those beside it the first part has to stand.
        """
        px, row = self.ctx.theme.px, self._head_row
        held = [w for n in range(row.count()) if (item := row.itemAt(n)) and (w := item.widget())]
        said = Qt.WidgetAttribute.WA_WState_ExplicitShowHide  # one just added is hidden until it is laid out
        shown = [w for w in held if not (w.isHidden() and w.testAttribute(said))]
        buttons = [w for w in shown if isinstance(w, Button)]
        fixed = [w for w in shown if w not in buttons and w is not self._subtitle and w is not self._title]
        gap = px(tokens.S3)
        self._title.setMinimumWidth(0)  # a label never wants less than its minimum: a longer title would leave a hole,
        self._title.setIndent(self._title.indent())  # and what it wanted before, it remembers till it is told this
        title = min(self._title.sizeHint().width(), px(LEAST_TITLE))
        taken = title + sum(min(w.sizeHint().width(), px(LEAST_TITLE)) + gap for w in fixed) + 2 * px(tokens.S5)
        parts = [w for w in fixed if isinstance(w, Elided)]
        less = sum(max(min(w.sizeHint().width(), px(LEAST_TITLE)) - w.least(), 0) for w in parts)
        room = self.width() - taken
        if not tighten(buttons, room - self._subtitle.least() - gap, gap, (0, 1)):
            tighten(buttons, room + less, gap, (1, 2))
        left = self.width() - (taken - title - less) - sum(b.sizeHint().width() + gap for b in buttons)
        self._title.setMinimumWidth(max(min(title, left), 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the head."""
        super().resizeEvent(event)
        self.fit_head()

    @property
    def title(self) -> str:
        """Title, also of the window."""
        return self._title.text()

    def set_subtitle(self, text: str) -> None:
        """Change the words beside the title."""
        self._subtitle.setText(text)
        self.fit_head()

    def hide_head(self) -> None:
        """Do without a head; the page has its own."""
        self._head.hide()

    def key(self, sequence: str, on: Callable[[], object]) -> QShortcut:
        """Bind a key that works while the page is shown, wherever the focus is in the window."""
        made = QShortcut(QKeySequence(sequence), self)
        made.setContext(Qt.ShortcutContext.WindowShortcut)
        made.activated.connect(on)
        self._keys.append(made)
        return made

    @staticmethod
    def touches(kinds: frozenset[str], *mine: str) -> bool:
        """Tell whether a change of *kinds* concerns records of *mine*."""
        return "*" in kinds or not kinds.isdisjoint(mine)

    # ---- to be overridden by the page ----------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """The page is shown: read what *params* ask for."""

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Records of these kinds changed; called on the shown page, on a hidden one when it is shown again."""

    def may_leave(self) -> bool:
        """Tell whether the page can be left now; it may ask. :meth:`keep` was called before."""
        return True

    def keep(self) -> None:
        """Keep what was typed as a draft. Called before leaving, on closing and after a failure; must not raise."""

    def help_at(self) -> tuple[str, str]:
        """Return the form and the label of the field that F1 should explain; "" = the page as a whole."""
        return "", ""

    def waits(self) -> Mapping[str, int]:
        """Return what waits on this page and is not in the file, by rail entry."""
        return {}

    def rail_key(self) -> str:
        """Return the rail entry to light; "" = the one of its :class:`PageSpec`."""
        return ""
