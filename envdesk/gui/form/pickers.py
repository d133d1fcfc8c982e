"""A reference to another record: type any fragment, pick with Enter, or make the record on the spot."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer

from envdesk.errors import Problem, problem
from envdesk.formdef.model import Field
from envdesk.gui import tokens
from envdesk.gui.form.editor import Env, editor_for
from envdesk.gui.form.finding import told
from envdesk.gui.form.new_panel import NewPanel
from envdesk.gui.form.popup import Item, Popup
from envdesk.gui.form.texts import LineEditor
from envdesk.i18n import _
from envdesk.present.picker import Item as Found, asks_on_the_spot

NEW = "\0new"


@editor_for("ref")
class RefEditor(LineEditor):
    """Finds a record by any fragment or pinyin initials. Text that was not found stays and is said so beside it."""

    kind = "ref"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field, icon="search")
        self._id = ""
        self._shown = ""
        self.panel: NewPanel | None = None
        self.popup = Popup(env.theme, self.line)
        self.line.popup = self.popup
        self.popup.picked.connect(self._picked)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(tokens.QUIET_MS // 2)
        self._quiet.timeout.connect(self._ask)
        self._go_on = False
        self.line.asked.connect(self.open_list)
        self.line.textEdited.connect(self._typed)
        self.line.passed.disconnect(self.passed)
        self.line.passed.connect(self._pass)

    def placeholder(self) -> str:
        return _("名称片段、首字母或编号")

    # ---- value ---------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        text = self.line.text().strip()
        if self._id and text == self._shown:
            return self._id
        return text or None

    def set_value(self, value: Any) -> None:
        text = str(value or "")
        name = self.env.names.get(text)
        self._id, self._shown = (text, name.strip()) if name is not None else ("", "")
        shown = name if name is not None else text
        if shown != self.line.text():
            self.line.setText(shown)
            self.line.setCursorPosition(0)

    def problems(self) -> list[Problem]:
        text = self.line.text().strip()
        if not text or self.value() == self._id or not self.is_at_rest() or self.line.hasFocus():
            return []
        return [problem("unknown_ref", field=self.field.key, label=self.field.label, value=text[:60])]

    def is_at_rest(self) -> bool:
        return not self.popup.isVisible() and (self.panel is None or not self.panel.isVisible())

    # ---- finding -------------------------------------------------------------------------------------------------
    def open_list(self) -> None:
        """Offer what there is, all of it when a record is chosen already."""
        text = "" if self._id and self.line.text().strip() == self._shown else self.line.text().strip()
        self.env.finder.seek(self.field, text, self._found, day=self.env.day(), owner=self)

    def _typed(self, text: str) -> None:
        self._go_on = False
        if text.strip():
            self._quiet.start()
        else:
            self._quiet.stop()
            self.env.finder.forget(self)
            self.popup.hide()

    def _ask(self) -> None:
        self.env.finder.seek(self.field, self.line.text().strip(), self._found, day=self.env.day(), owner=self)

    def _found(self, found: Sequence[Found]) -> None:
        if not self.line.hasFocus():
            return
        typed = self.line.text().strip()
        exact = [f for f in found if f.name == typed]
        self.env.names |= {f.rec: f.name for f in found}
        if self._go_on and (len(exact) == 1 or len(found) == 1):
            self._take((exact or list(found))[0])
            return
        self._go_on = False
        items = [Item(f.rec, f.name, told(f)) for f in found]
        if typed and not exact and typed != self._shown and asks_on_the_spot(self.env.catalogue, self.field.ref):
            title = self.env.catalogue.form(self.field.ref).title
            items.append(Item(NEW, _("新建“{name}”").format(name=typed), title, icon="plus"))
        elif not items:
            items = [Item(None, _("没有找到"), off=True)]
        self.popup.offer(items)

    def _take(self, found: Found) -> None:
        self.popup.hide()
        self._go_on = False
        self.set_value(found.rec)
        self.say()
        self.passed.emit()

    def _picked(self, item: Item) -> None:
        if item.value == NEW:
            self.open_new()
            return
        self._take(Found(item.value, item.text))

    def _pass(self) -> None:
        """Enter: the name is chosen, or it is looked for at once; the only hit is taken."""
        text = self.line.text().strip()
        if not text or self.value() == self._id or self._go_on:
            self._go_on = False
            self.passed.emit()
            return
        self._go_on = True
        self._quiet.stop()
        self._ask()

    # ---- making --------------------------------------------------------------------------------------------------
    def open_new(self) -> None:
        """Open the panel that makes the record, under the line."""
        if self.panel is None:
            self.panel = NewPanel(self.env, self.field.ref)
            self.panel.made.connect(self._made)
            self.panel.left.connect(self._left_panel)
            self.column.addWidget(self.panel)
        self.panel.open(self.line.text().strip())

    def _made(self, rec: str, name: str) -> None:
        self.env.names[rec] = name
        self._take(Found(rec, name))

    def _left_panel(self) -> None:
        self.line.setFocus()
