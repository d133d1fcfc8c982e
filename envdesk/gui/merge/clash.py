"""The conflicts of a street at the right: both versions field by field, and which one stands."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from envdesk.exchange.conflicts import BACK, KEEP, TAKE
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import hairline, label, set_tone
from envdesk.gui.section import IconLabel, Panel, row, scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.merge_desk import Clash, FieldDiff, Piece

FIGURES = 6


class ClashPanel(Panel):
    """One conflict at a time.

    Attributes:
        busy: a decision is under way: no second one (the buttons keep the focus).

    Signals:
        moved: another conflict is shown (:class:`Clash`).
        decided: the conflict and one of the ways.
    """

    moved = Signal(object)
    decided = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=0)
        self._theme = theme
        self._clashes: Sequence[Clash] = ()
        self._at = 0
        self.busy = False
        self.title, self.what, self.summary = label("", "section"), label("", "table", wrap=True), label("", "caption")
        self.summary.setWordWrap(True)
        self.before = Button(theme, _("上一处"), lambda: self.step(-1), row=True)
        self.after = Button(theme, _("下一处"), lambda: self.step(1), row=True)
        self.keep = Button(theme, _("留甲"), lambda: self._decide(KEEP), key="1")
        self.take = Button(theme, _("留乙"), lambda: self._decide(TAKE), key="2")
        self.back = Button(theme, _("退回街道"), lambda: self._decide(BACK), icon="undo-2")
        self.fields = QVBoxLayout()
        self.affects = label("", "table", wrap=True)
        self._mark = IconLabel(theme, "triangle-alert", "amber")
        self._sides = [label("", "caption", wrap=True), label("", "caption", wrap=True)]
        self._lay_out(theme)
        for key, way in (("1", KEEP), ("2", TAKE)):
            made = QShortcut(QKeySequence(key), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(lambda way=way: self._decide(way))
        theme.changed.connect(self._again)

    def _lay_out(self, theme: Theme) -> None:
        head, top = QVBoxLayout(), row(theme, self.title, None, self.before, self.after)
        theme.pad(head, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S1)
        for item in (self.what, self.summary):
            head.addWidget(item)
        head.insertLayout(0, top)
        sides = QFrame()
        sides.setProperty("kind", "ground")
        self._pair = pair = QGridLayout(sides)
        theme.pad(pair, (tokens.S4, tokens.S2, tokens.S4, tokens.S2), tokens.S3)
        for n, side in enumerate(self._sides):
            pair.addWidget(side, 0, n)
            pair.setColumnStretch(n, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        theme.pad(column)
        theme.pad(self.fields)
        said = QHBoxLayout()  # not scrolled: nobody should decide without having seen it
        theme.pad(said, (tokens.S4, tokens.S3, tokens.S4, 0), tokens.S2)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.affects, 1)
        column.addLayout(self.fields)
        column.addStretch(1)
        foot = QVBoxLayout()
        theme.pad(foot, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        foot.addLayout(row(theme, self.keep, self.take, None, self.back))
        foot.addWidget(
            label(_("区里不改街道的内容，只在报来的两份里定一份。决定写进回执，可以撤销。"), "caption", wrap=True)
        )
        self.body.addLayout(head)
        self.body.addWidget(hairline(theme))
        self.body.addWidget(sides)
        self.body.addWidget(hairline(theme))
        self.area = scrolled(inner, kind="clear")
        self.area.verticalScrollBar().rangeChanged.connect(self._align)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(hairline(theme))
        self.body.addLayout(said)
        self.body.addLayout(foot)

    def _align(self) -> None:
        """The sides stand over their columns, which are narrower where a bar is beside them."""
        bar = self.area.verticalScrollBar()
        wide = bar.sizeHint().width() / self._theme.scale if bar.maximum() > bar.minimum() else 0
        self._theme.pad(self._pair, (tokens.S4, tokens.S2, tokens.S4 + wide, tokens.S2), tokens.S3)

    # ---- showing -------------------------------------------------------------------------------------------------
    @property
    def clash(self) -> Clash | None:
        """The conflict that is shown."""
        return self._clashes[self._at] if self._clashes else None

    def show_clashes(self, clashes: Sequence[Clash]) -> None:
        """Show the conflicts of a street; the one shown before stays, if it still waits."""
        before = self.clash.id if self.clash is not None else ""
        self._clashes = clashes
        ids = [c.id for c in clashes]
        self._at = ids.index(before) if before in ids else min(self._at, max(len(ids) - 1, 0))
        self._show()

    def step(self, by: int) -> None:
        """Show the next conflict, or the one before."""
        if self._clashes:
            self._at = (self._at + by) % len(self._clashes)
            self._show()

    def show_affected(self, ident: str, titles: Sequence[str]) -> None:
        """Say which figures the conflict shown changes."""
        if self.clash is None or self.clash.id != ident:
            return
        some = "、".join(titles[:FIGURES])
        if len(titles) > FIGURES:
            some = _("{some} 等").format(some=some)
        words = plural("这 1 条影响 {count} 个数：{titles}。", len(titles), titles=some)
        self._say(words if titles else _("定哪一份，这一期的数都一样。"), warned=bool(titles))

    def _say(self, words: str, *, warned: bool) -> None:
        self._mark.set_icon("triangle-alert" if warned else "info", "amber" if warned else "soft")
        set_tone(self.affects, "amber" if warned else "grey")
        self.affects.setText(words)

    def _show(self) -> None:
        found = self.clash
        if found is None:
            return
        several = len(self._clashes) > 1
        self.before.setEnabled(several)
        self.after.setEnabled(several)
        self.title.setText(_("冲突 {at} / {all}").format(at=self._at + 1, all=len(self._clashes)))
        self.what.setText(f"{found.street} · {found.form_title} {found.what}")
        self.summary.setText(found.summary)
        for shown, side in zip(self._sides, found.sides, strict=True):
            shown.setText(f"{side.word}  {side.who} {side.when}")
            shown.setToolTip(side.file)
        self._say(_("正在看影响哪些数…"), warned=False)
        self._again()
        self.moved.emit(found)

    def _again(self) -> None:
        """Draw the fields (again in other colours)."""
        while (item := self.fields.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for diff in self.clash.fields if self.clash is not None else ():
            self.fields.addWidget(_Field(self._theme, diff))

    def _decide(self, way: str) -> None:
        if self.clash is not None and not self.busy:
            self.decided.emit(self.clash, way)


class _Field(QWidget):
    """One field that is not the same."""

    def __init__(self, theme: Theme, diff: FieldDiff) -> None:
        super().__init__()
        column, pair = QVBoxLayout(self), QGridLayout()
        theme.pad(column)
        theme.pad(pair, (tokens.S4, tokens.S1, tokens.S4, tokens.S2), (tokens.S3, tokens.S1))
        title = _("{label}（遮盖后看起来一样）").format(label=diff.label) if diff.hidden else diff.label
        pair.addWidget(label(title, "caption"), 0, 0, 1, 2)
        for n, (word, pieces) in enumerate(((_("甲"), diff.left), (_("乙"), diff.right))):
            shown = QLabel(rich(theme, pieces))
            shown.setTextFormat(Qt.TextFormat.RichText)
            shown.setWordWrap(True)
            shown.setProperty("role", "table")
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            shown.setAccessibleName(f"{diff.label} {word}：{''.join(p.text for p in pieces)}")
            pair.addWidget(shown, 1, n)
            pair.setColumnStretch(n, 1)
        column.addLayout(pair)
        column.addWidget(hairline(theme))


def rich(theme: Theme, pieces: Sequence[Piece]) -> str:
    """Return pieces as rich text, the differing ones marked; what stands in them is text, never markup."""
    ink, ground = (theme.colour(name).name() for name in ("amber", "amber_tint"))
    style = f"background-color:{ground}; color:{ink}; font-weight:bold; text-decoration:underline"
    out = []
    for piece in pieces:
        words = escape(piece.text).replace("\n", "<br>")
        out.append(f'<span style="{style}">{words}</span>' if piece.differs else words)
    return "".join(out)
