"""一企一档: six figures, the timeline of everything, and the card at the right."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.dialogs import Question
from envdesk.gui.focus import lead
from envdesk.gui.labels import hairline, label
from envdesk.gui.page import Context
from envdesk.gui.register.looking import REASON
from envdesk.gui.segments import Segments
from envdesk.gui.subject.band import FigureBand
from envdesk.gui.subject.card import SubjectCard
from envdesk.gui.subject.photos import PhotoDialog
from envdesk.gui.subject.timeline import Timeline
from envdesk.i18n import _
from envdesk.present import preview, subject_file
from envdesk.present.subject_file import KINDS, SubjectFile

ALL = "all"
CARD_FROM = 780
"""Width, at 100 %, from which the card stands beside the timeline."""


class SubjectView(QWidget):
    """The file of one subject.

    Signals:
        shown: the file that is shown now.
        opened: form and id of a record.
        folded: whether the card stands beside the timeline may be other now.
    """

    shown = Signal(object)
    opened = Signal(str, str)
    folded = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        theme = ctx.theme
        self.ctx = ctx
        self.file: SubjectFile | None = None
        self.card_wanted = False
        self.band = FigureBand(theme)
        self.kinds = Segments(theme, [(ALL, _("全部"))])
        self.kinds.setAccessibleName(_("经过的种类"))
        self.timeline = Timeline(theme)
        self.nothing = label(_("还没有检查、整改、投诉的记录。"), tone="grey")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.card = SubjectCard(theme)
        self._lay_out()
        self.kinds.changed.connect(self._fill)
        self.timeline.opened.connect(self.opened.emit)
        self.card.opened.connect(self.opened.emit)
        self.card.revealed.connect(self._reveal)
        self.card.photos.wanted.connect(self._enlarge)
        lead(self, lambda: self.timeline)

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        self._left = QWidget()
        both, left, top = QHBoxLayout(self), QVBoxLayout(self._left), QHBoxLayout()
        theme.pad(both)
        theme.pad(left)
        theme.pad(top, (tokens.S5, tokens.S3, tokens.S4, tokens.S3), 0)
        top.addWidget(self.band)
        chips = QHBoxLayout()
        theme.pad(chips, (tokens.S5, 0, tokens.S4, tokens.S3), tokens.S2)
        chips.addWidget(self.kinds)
        chips.addStretch(1)
        paper = QFrame()
        paper.setProperty("kind", "paper")
        inner = QVBoxLayout(paper)
        theme.pad(inner)
        inner.addWidget(self.timeline, 1)
        inner.addWidget(self.nothing, 1)
        left.addLayout(top)
        left.addLayout(chips)
        left.addWidget(hairline(theme))
        left.addWidget(paper, 1)
        self._line = hairline(theme, vertical=True)
        both.addWidget(self._left, 1)
        both.addWidget(self._line)
        both.addWidget(self.card)
        theme.changed.connect(self.fold)

    @property
    def is_narrow(self) -> bool:
        """True when the card does not fit beside the timeline."""
        return self.width() / self.ctx.theme.scale < CARD_FROM

    def fold(self) -> None:
        """In little room the card gives way until it is asked for, then the timeline does."""
        narrow = self.is_narrow
        for part in (self._left, self._line):
            part.setVisible(not (narrow and self.card_wanted))
        self.card.setVisible(not narrow or self.card_wanted)
        self.ctx.theme.fix(self.card, width=self.width() / self.ctx.theme.scale if narrow else tokens.PREVIEW)
        self.folded.emit()

    def show_card(self) -> None:
        """Space: the card in a narrow window, and the timeline again."""
        self.card_wanted = not self.card_wanted
        self.fold()
        (self.card.area if self.card_wanted else self.timeline).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    # ---- showing -------------------------------------------------------------------------------------------------
    def open(self, rec: str) -> None:
        """Read and show the file of a subject (id, number or name)."""
        self.ctx.operations.read(lambda w: subject_file.subject_file(w.desk, rec), self.show_file, owner=self)

    def read_again(self) -> None:
        """Something changed."""
        if self.file is not None:
            self.open(self.file.rec)

    def show_file(self, found: SubjectFile) -> None:
        """Show a file."""
        if self.file is None or self.file.rec != found.rec:
            self.kinds.set_value(ALL)
        self.file = found
        self.band.show_numbers(found.numbers)
        counts = Counter(e.kind for e in found.entries)
        kinds = [(k, f"{_(word)} {counts[k]}") for k, word in KINDS.items() if counts[k]]
        self.kinds.set_items([(ALL, _("全部 {count}").format(count=len(found.entries))), *kinds])
        self._fill()
        for sha in self.card.show_file(found):
            self._fetch(sha)
        self.shown.emit(found)

    def _fill(self) -> None:
        if self.file is None:
            return
        kind = self.kinds.value
        entries = [e for e in self.file.entries if kind in (ALL, e.kind)]
        self.timeline.show_entries(entries)
        self.timeline.setVisible(bool(entries))
        self.nothing.setVisible(not entries)

    # ---- photos --------------------------------------------------------------------------------------------------
    def _fetch(self, sha256: str) -> None:
        def decode(data: bytes | None) -> None:
            image = QImage.fromData(data) if data else QImage()
            self.card.photos.put(sha256, None if image.isNull() else image)

        self.ctx.operations.read(lambda w: subject_file.photo(w.desk, sha256), decode, owner=self)

    def _enlarge(self, index: int) -> None:
        photo = self.card.photos.photos[index]

        def show(data: bytes | None) -> None:
            image = QImage.fromData(data) if data else QImage()
            if image.isNull():
                self.ctx.operations.tell(_("照片文件不见了或打不开。"))
                return
            dialog = PhotoDialog(self.ctx.theme, photo, image, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self.ctx.operations.read(lambda w: subject_file.photo(w.desk, photo.sha256), show, owner=self)

    # ---- personal data -------------------------------------------------------------------------------------------
    def _reveal(self, key: str) -> None:
        found = self.file
        if found is None:
            return
        text = _("查看人、时间和原因会记入操作记录。")
        question = Question(_("显示个人信息"), text, _("显示"), _("不显示"), reason=REASON, danger=False)
        why = self.ctx.ask.act(question)
        if not why:
            return

        def done(value: str) -> None:
            if self.file is found:
                self.card.show_value(key, value)

        self.ctx.operations.read(lambda w: preview.reveal(w.desk, "subject", found.rec, key, why), done, owner=self)
