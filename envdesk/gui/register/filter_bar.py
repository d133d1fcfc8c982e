"""The line above a list: period, filters as chips, what else can be asked, and the search in the list."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.filter_chip import FilterChip
from envdesk.gui.form.popup import Item, Popup
from envdesk.gui.menus import Menu
from envdesk.gui.search_box import LineField
from envdesk.gui.segments import Segments
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present import list_query as query
from envdesk.present.form_desk import initials

SEARCH, SEARCH_LEAST, LEAST_OFFERED = 212, 150, 2
MOST_WORDS = 14
LOW = 460
"""In a window lower than this the periods fold into a menu before filters take a second line from the list."""
CUSTOM = "custom"


class OptionChip(FilterChip):
    """A filter whose values are offered with their counts; several can hold. Typed letters find a value by its pinyin.

    Signals:
        wanted: the values are to be offered (:meth:`offer`).
        chosen: the values that hold now.
    """

    wanted = Signal()
    chosen = Signal(object)

    def __init__(self, theme: Theme, key: str, name: str) -> None:
        super().__init__(theme, name)
        self.filter_key = key
        self.values: tuple[str, ...] = ()
        self._typed = ""
        self.popup = Popup(theme, self)
        self.popup.picked.connect(self._toggle)
        self.cleared.connect(lambda: self._hold(()))

    def show_values(self, values: tuple[str, ...], words: str) -> None:
        """Show what holds."""
        self.values = values
        if len(words) > MOST_WORDS and len(values) > 1:
            first = words.split("、", maxsplit=1)[0]
            words = _("{first}等{count}项").format(first=first, count=len(values))
        if words != self.words:
            self.set_words(words)

    def open_menu(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.popup.isVisible():
            self.popup.hide()
        else:
            self.wanted.emit()

    def offer(self, options: Sequence[query.Option]) -> None:
        """Offer values."""
        self._typed = ""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        items = [Item(o.value, o.label, str(o.count), checked=o.chosen) for o in options]
        self.popup.offer(items or [Item("", _("没有可选的值"), off=True)])

    def _toggle(self, item: Item) -> None:
        value = str(item.value)
        self._hold(tuple(v for v in self.values if v != value) if value in self.values else (*self.values, value))
        held = set(self.values)
        self.popup.refresh([Item(i.value, i.text, i.beside, checked=i.value in held) for i in self.popup.items])

    def _hold(self, values: tuple[str, ...]) -> None:
        self.values = values
        self.chosen.emit(values)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.isVisible():
            space = event.key() == Qt.Key.Key_Space
            taken = QKeyEvent(event.type(), Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier) if space else event
            if not self.popup.take_key(taken):
                self._find(event.text())
            return
        super().keyPressEvent(event)

    def _find(self, letter: str) -> None:
        if not letter.strip():
            return
        self._typed += letter.casefold()
        names = [i.text.casefold() for i in self.popup.items]
        hits = [n for n, t in enumerate(names) if t.startswith(self._typed) or initials(t).startswith(self._typed)]
        if hits:
            self.popup.offer(self.popup.items, hits[0])
        else:
            self._typed = ""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.popup.hide()
        super().focusOutEvent(event)


class PeriodSegments(Segments):
    """Periods; 自定 tells each time it is pressed."""

    def choose(self, value: str) -> None:
        if value == CUSTOM:
            self.changed.emit(CUSTOM)
        else:
            super().choose(value)


class FilterBar(QWidget):
    """Period, filters, search. Filters that hold are always shown, on a second line if need be.

    Signals:
        period: text of the period chosen; :data:`CUSTOM` = one is to be typed.
        filtered: key and values.
        wanted: key of the filter whose values are to be offered.
        searched: words to look for, when typing rests.
        void: the voided records are wanted, or no longer.
        left: ↓ or Enter in the search: on to the list.
    """

    period = Signal(str)
    filtered = Signal(str, object)
    wanted = Signal(str)
    searched = Signal(str)
    void = Signal(bool)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._periods: dict[str, str] = {}
        self._usual: set[str] = set()
        self._added: set[str] = set()
        self.chips: dict[str, OptionChip] = {}
        self._void = False
        self._can_void = True
        self.segments = PeriodSegments(theme, [("year", "")])
        self.segments.setParent(self)
        self.segments.setAccessibleName(_("期间"))
        self.segments.changed.connect(self._period_chosen)
        self.period_menu = Menu(theme, self)
        self.folded = Button(theme, "", menu=self.period_menu, parent=self)
        self.folded.hide()
        self._one = QActionGroup(self)
        self.more = FilterChip(theme, _("条件"), add=True, parent=self)
        self.menu = Menu(theme, self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.set_menu(self.menu)
        self.search = LineField(theme, _("在列出的里面找"), icon="search", key="Ctrl+F", parent=self)
        self.search.setAccessibleName(_("在列出的里面找"))
        self.search.textEdited.connect(self._typing)
        self.search.installEventFilter(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(tokens.QUIET_MS)
        self._quiet.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        theme.changed.connect(self.place)

    # ---- what is shown -------------------------------------------------------------------------------------------
    def show_list(
        self, periods: Sequence[query.PeriodChip], filters: Sequence[query.FilterChip], search: str, *, void: bool,
        can_void: bool,
    ) -> None:  # fmt: skip
        """Show what is asked of a list."""
        self._void, self._can_void = void, can_void
        self._periods = {p.id: p.period for p in periods}
        self._show_periods(periods)
        if search != self.search.text().strip() and not self._quiet.isActive():
            self.search.setText(search)
        known = {f.key for f in filters}
        for key in [k for k in self.chips if k not in known]:
            gone = self.chips.pop(key)
            gone.popup.hide()
            gone.deleteLater()
        self._usual = {f.key for f in filters if f.usual}
        self._added &= known
        for f in filters:
            chip = self.chips.pop(f.key, None) or self._chip(f)
            self.chips[f.key] = chip  # in the order of this list
            chip.set_name(f.label)
            chip.show_values(f.values, f.words)
        self.place()

    def _show_periods(self, periods: Sequence[query.PeriodChip]) -> None:
        titles = {p.id: _("自定…") if p.id == CUSTOM and not p.chosen else p.title for p in periods}
        chosen = next((p.id for p in periods if p.chosen), "")
        self.segments.set_items(list(titles.items()))
        self.segments.set_value(chosen)
        self.folded.set_text(titles.get(chosen, _("期间")))
        self.folded.setAccessibleDescription(_("期间"))
        self.period_menu.clear()
        for name, title in titles.items():
            action = self.period_menu.addAction(title)
            action.triggered.connect(lambda _on=False, name=name: self._period_chosen(name))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            self._one.addAction(action)

    def _chip(self, f: query.FilterChip) -> OptionChip:
        made = OptionChip(self._theme, f.key, f.label)
        made.setParent(self)
        made.wanted.connect(lambda: self.wanted.emit(f.key))
        made.chosen.connect(lambda values: self.filtered.emit(f.key, values))
        return made

    def offer(self, key: str, options: Sequence[query.Option]) -> None:
        """Offer the values of a filter."""
        chip = self.chips.get(key)
        if chip is not None and chip.isVisible():
            chip.offer(options)

    def start_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # ---- what the user does --------------------------------------------------------------------------------------
    def _period_chosen(self, name: str) -> None:
        self.period.emit(CUSTOM if name == CUSTOM else self._periods.get(name, ""))

    def _typing(self) -> None:
        self._quiet.start()

    def end_search(self) -> None:
        """Take the search away."""
        self._quiet.stop()
        if self.search.text():
            self.search.clear()
            self.searched.emit("")

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self.end_search()
                    self.left.emit()
                    return True
                if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    if self._quiet.isActive():
                        self._quiet.stop()
                        self.searched.emit(self.search.text().strip())
                    self.left.emit()
                    return True
        return super().eventFilter(watched, event)

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.clear()
        for key, chip in self.chips.items():
            if not chip.isVisible():
                menu.addAction(chip.name).triggered.connect(lambda _on=False, key=key: self.ask(key))
        if self._can_void:
            menu.addSeparator()
            action = menu.addAction(_("看作废的记录"))
            action.setCheckable(True)
            action.setChecked(self._void)
            action.triggered.connect(self.void.emit)

    def ask(self, key: str) -> None:
        """Offer the values of a filter with their counts, its chip shown for it."""
        self._added.add(key)
        self.place()
        self.chips[key].setFocus(Qt.FocusReason.OtherFocusReason)
        self.wanted.emit(key)

    # ---- where everything stands ---------------------------------------------------------------------------------
    def place(self) -> None:
        """Lay everything out for the width there is."""
        px = self._theme.px
        side, gap, high, below = px(tokens.S5), px(tokens.S2), px(tokens.CONTROL), px(tokens.S3)
        right = self.width() - side
        wide = px(SEARCH if self.width() > px(900) else SEARCH_LEAST)
        self.search.setGeometry(right - wide, 0, wide, high)
        end, more = right - wide - gap, self.more.sizeHint().width()
        held = [c for k, c in self.chips.items() if c.words or k in self._added]
        x, y = self._place_periods(side, end - more - sum(c.sizeHint().width() + gap for c in held)), 0
        offered = [c for k, c in self.chips.items() if k in self._usual and c not in held]
        for chip in held:
            size = chip.sizeHint()
            if x + size.width() + gap + more > end and x > side:
                x, y, end = side, y + high + gap, right
            chip.setGeometry(QRect(x, y, min(size.width(), end - x), high))
            x += size.width() + gap
        shown = list(held)
        for chip in offered:
            size = chip.sizeHint()
            if x + size.width() + gap + more > end:
                break
            chip.setGeometry(QRect(x, y, size.width(), high))
            x += size.width() + gap
            shown.append(chip)
        for chip in self.chips.values():
            chip.setVisible(chip in shown)
        self.more.setGeometry(QRect(x, y, more, high))
        before: QWidget = self.segments if self.folded.isHidden() else self.folded
        for stop in (*shown, self.more, self.search):
            self.setTabOrder(before, stop)
            before = stop
        if self.height() != y + high + below:
            self.setFixedHeight(y + high + below)

    def _place_periods(self, left: int, end: int) -> int:
        """Lay the periods out, in a low window as a menu if they would end behind *end*; returns where filters begin."""
        px, shown, fold = self._theme.px, self.segments, False
        if self._periods:
            over = left + shown.sizeHint().width() + px(tokens.S4) > end
            fold = over and self.window().height() < px(LOW)
        had_focus = self.window().focusWidget() in (shown, self.folded)
        shown.setFocusProxy(self.folded if fold else None)  # type: ignore[arg-type] # Qt takes none, too
        shown.setVisible(bool(self._periods) and not fold)
        self.folded.setVisible(fold)
        if not self._periods:
            return left
        now = self.folded if fold else shown
        for part in (shown, self.folded):  # what opens under the periods stands under either
            part.setGeometry(left, 0, now.sizeHint().width(), px(tokens.CONTROL))
        if had_focus:
            now.setFocus(Qt.FocusReason.OtherFocusReason)
        return left + now.sizeHint().width() + px(tokens.S2 if fold else tokens.S4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace on an unset chip takes the last filter that holds away."""
        if event.key() == Qt.Key.Key_Backspace:
            held = [c for c in self.chips.values() if c.words]
            if held:
                held[-1].clear()
            return
        super().keyPressEvent(event)
