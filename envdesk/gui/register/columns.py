"""The menu of a list's columns: which are seen and in which order; it stays open while columns are ticked."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from envdesk.gui.menus import Menu
from envdesk.gui.prefs import Prefs
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.list_query import ColumnChoice

COLUMNS = "columns"


def kept(prefs: Prefs, of: str) -> tuple[str, ...]:
    """Return the columns the user chose for a list, () = those of the form."""
    found = prefs.get(COLUMNS)
    chosen = found.get(of) if isinstance(found, dict) else None
    return tuple(k for k in chosen if isinstance(k, str)) if isinstance(chosen, list) else ()


def keep(prefs: Prefs, of: str, keys: tuple[str, ...]) -> None:
    """Remember the columns of a list."""
    found = prefs.get(COLUMNS)
    others = {k: v for k, v in found.items() if k != of} if isinstance(found, dict) else {}
    prefs.put(COLUMNS, others | ({of: list(keys)} if keys else {}))


class _Ticks(Menu):
    """A menu that a tick does not close: Space, Enter and the mouse tick; Ctrl+↑ ↓ move a line.

    Signals:
        shifted: a line is to be moved up (-1) or down (1).
    """

    shifted = Signal(object, int)

    def __init__(self, theme: Theme, parent: QWidget, title: str = "") -> None:
        super().__init__(theme, parent, title, long=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now, key = self.activeAction(), event.key()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        ticks = now is not None and now.isCheckable()
        if ticks and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            now.trigger()
        elif ticks and step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.shifted.emit(now, step)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        under = self.actionAt(event.position().toPoint())
        if under is not None and under.isCheckable():
            under.trigger()
        else:
            super().mouseReleaseEvent(event)


class ColumnsMenu(_Ticks):
    """Columns of one list.

    Args:
        theme: colours and sizes.
        choice: what there is to choose from.
        parent: of the menu.
        unseen: columns of the form for which there is no room now; once the user chooses, the list is scrolled instead.

    Signals:
        chosen: the keys to show, in order; () = those of the form.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, choice: ColumnChoice, parent: QWidget, *, unseen: Collection[str] = frozenset()
    ) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("栏目"))
        self._keys = [key for key, _title in choice.shown]
        for key, title in (*choice.shown, *choice.usual):
            made = self._tick(self, key, title)
            if key in unseen:
                made.setText(made.text() + "\t" + _("放不下"))
        self.addSeparator()
        more = Menu(theme, self, _("更多栏目"))
        for title, fields in choice.others:
            part = _Ticks(theme, more, title.replace("&", "&&"))
            for key, words in fields:
                self._tick(part, key, words)
            more.addMenu(part)
        if choice.others:
            self.addMenu(more)
        usual = self.addAction(_("恢复默认"))
        usual.setEnabled(choice.own)
        usual.triggered.connect(lambda: self.chosen.emit(()))
        self.shifted.connect(self._shift)
        self._usual = usual

    def _tick(self, menu: Menu, key: str, title: str) -> QAction:
        made = menu.addAction(title.replace("&", "&&"))
        made.setCheckable(True)
        made.setChecked(key in self._keys)
        made.setData(key)
        made.triggered.connect(lambda _on=False, action=made: self._toggle(action))
        return made

    def _toggle(self, action: QAction) -> None:
        key = str(action.data())
        if key not in self._keys:
            self._keys.append(key)
        elif len(self._keys) > 1:
            self._keys.remove(key)
        else:  # a list without any column says nothing
            action.setChecked(True)
            return
        self._tell()

    def _shift(self, action: QAction, step: int) -> None:
        """Move a column that is shown past its neighbour."""
        key = str(action.data())
        if key not in self._keys:
            return
        at = self._keys.index(key)
        if not 0 <= at + step < len(self._keys):
            return
        self._keys.insert(at + step, self._keys.pop(at))
        lines = {str(a.data()): a for a in self.actions() if a.isCheckable()}
        for k in self._keys:  # those shown above those that are not, in their order
            if k in lines:
                self.removeAction(lines[k])
        first = self.actions()[0]
        for k in self._keys:
            if k in lines:
                self.insertAction(first, lines[k])
        self.setActiveAction(action)
        self._tell()

    def _tell(self) -> None:
        for action in self.actions():
            action.setText(action.text().partition("\t")[0])
        self._usual.setEnabled(True)
        self.chosen.emit(tuple(self._keys))
