"""The right column of a subject's file: who it is, what is open, complaints, photos."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.facts_grid import Facts
from envdesk.gui.form.wrap import Wrap
from envdesk.gui.labels import hairline, label
from envdesk.gui.preview_pane import LinkText
from envdesk.gui.register.source import chip_of
from envdesk.gui.section import scrolled
from envdesk.gui.subject.photos import PhotoGrid
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.subject_file import Entry, Fact, SubjectFile

MOST = 5


class SubjectCard(QFrame):
    """Shows a :class:`~envdesk.present.subject_file.SubjectFile` but for its timeline.

    Signals:
        opened: form and id of a record.
        revealed: key of a masked value to be shown in full.
    """

    opened = Signal(str, str)
    revealed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._facts = Facts(theme, self.revealed.emit)
        self.setProperty("kind", "paper")
        theme.fix(self, width=tokens.PREVIEW)
        outer = QVBoxLayout(self)
        theme.pad(outer)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        theme.pad(whole)
        self.column = QVBoxLayout()
        theme.pad(self.column)
        whole.addLayout(self.column)
        self.photos = PhotoGrid(theme)
        self._photo_head = label("", "caption")
        self._photo_box = QWidget()
        box = QVBoxLayout(self._photo_box)
        theme.pad(box, (tokens.S4, tokens.S2, tokens.S4, tokens.S2), tokens.S1)
        box.addWidget(self._photo_head)
        box.addWidget(self.photos)
        whole.addWidget(self._photo_box)
        whole.addStretch(1)
        self.area = scrolled(inner, kind="clear", over=True)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setProperty("ring", "own")
        self.area.setAccessibleName(_("档案"))
        outer.addWidget(self.area)

    def sizeHint(self) -> QSize:
        return self._theme.size(tokens.PREVIEW, 300)

    def show_file(self, found: SubjectFile) -> list[str]:
        """Show a subject; returns the hashes of photos whose pictures are needed."""
        self._facts.clear()
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        tags = Wrap(self._theme, gap=tokens.S1)
        for told in (found.chip,):
            if told is not None:
                tags.add(Chip(self._theme, chip_of(told)))
        for tag in found.tags:
            tags.add(Chip(self._theme, ChipState(tag)))
        parts: list[QWidget | QLayout] = [label(found.number, "table", tone="grey"), tags, self._grid(found.head)]
        if found.former_names:
            text = _("曾用名、别名：{names}").format(names="、".join(found.former_names))
            parts.append(label(text, "caption", wrap=True))
        self._block(*parts, pad=10)
        waiting = [e for e in found.entries if e.kind == "rectify" and e.due is not None]
        self._lines(_("未完成的整改"), waiting, _("没有未完成的整改。"))
        orders = [e for e in found.entries if e.kind == "order"]
        self._lines(_("投诉"), orders, _("没有投诉。"))
        needed = self.photos.show_photos(found.photos)
        self._photo_head.setText(plural("照片 {count} 张", len(found.photos)))
        self._photo_box.setVisible(bool(found.photos))
        return needed

    def show_value(self, key: str, text: str) -> None:
        """Show a value in full."""
        self._facts.show_value(key, text)

    # ---- parts ---------------------------------------------------------------------------------------------------
    def _block(self, *parts: QWidget | QLayout, pad: float = tokens.S2) -> None:
        block = QWidget()
        column = QVBoxLayout(block)
        self._theme.pad(column, (tokens.S4, pad, tokens.S4, pad), tokens.S1)
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        self.column.addWidget(block)
        self.column.addWidget(hairline(self._theme))

    def _grid(self, facts: Sequence[Fact]) -> QGridLayout:
        grid = self._facts.grid()
        for n, fact in enumerate(facts):
            self._facts.add_text(grid, n, fact.key, fact.label, fact.text, masked=fact.masked)
        return grid

    def _lines(self, title: str, entries: Sequence[Entry], nothing: str) -> None:
        lines: list[QWidget | QLayout] = [label(f"{title} {len(entries)}" if entries else title, "caption")]
        for entry in entries[:MOST]:
            line = QHBoxLayout()
            self._theme.pad(line, spacing=tokens.S2)
            number, below = entry.number, entry.words
            if entry.kind == "order":  # number, date and type, nothing else
                parts = [*entry.words.split(" · ", 2), "", ""]
                number, below = parts[0] or number, "　".join(t for t in (entry.day, parts[2]) if t)
            link = LinkText(number, wrap=False)
            link.say(below)
            link.pressed.connect(lambda e=entry: self.opened.emit(e.form, e.rec))
            line.addWidget(link, 1)
            told = entry.due if entry.kind == "rectify" else entry.chip
            if told is not None:
                line.addWidget(Chip(self._theme, chip_of(told)))
            lines.append(line)
            if below:
                lines.append(label(below, "caption", wrap=True))
        if not entries:
            lines.append(label(nothing, "table", tone="grey"))
        if len(entries) > MOST:
            lines.append(label(_("其余 {count} 件在左边的经过里。").format(count=len(entries) - MOST), "caption"))
        self._block(*lines)
