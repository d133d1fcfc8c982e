"""Photos and documents: by button, by dropping, by pasting; taken into the office's folder at once."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.errors import Problem
from envdesk.formdef.model import Choice, Field
from envdesk.formdef.types import BadValue
from envdesk.gui.dialogs import Asking
from envdesk.gui.form.editor import Editor, Env, editor_for
from envdesk.gui.form.line import Line
from envdesk.gui.form.thumbs import Thumb, Thumbs
from envdesk.gui.labels import label
from envdesk.gui.section import row
from envdesk.gui.segments import Segments
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present import form_desk
from envdesk.present.form_desk import FILE_KINDS, PHOTO_TAGS

PICTURES = "*.jpg *.jpeg *.png *.bmp *.webp *.gif *.tif *.tiff"
PAPERS = "*.pdf *.jpg *.png *.docx *.xlsx"


class Files:
    """Takes files in and reads pictures, for all editors of a form."""

    def __init__(self, env: Env, ask: Asking) -> None:
        self._env, self._ask = env, ask
        self.seen: dict[str, QImage] = {}

    def choose(self, field: Field) -> list[Path]:
        """Ask for files."""
        photos = field.type == "photos"
        kinds = f"{_('照片') if photos else _('附件')} ({PICTURES if photos else PAPERS})"
        return self._ask.open_files(_("选择照片，可以一次选几张") if photos else _("选择附件，可以一次选几个"), kinds)

    def take(self, editor: AttachEditor, items: Sequence[tuple[Path, Mapping[str, Any]]]) -> None:
        """Take files in; the editor hears of rows and problems."""
        field = editor.field

        def work(w: Work) -> tuple[list[dict[str, Any]], list[Problem]]:
            rows, problems = [], []
            for path, spec in items:
                try:
                    rows.append(form_desk.attach(w.desk, field, path, spec))
                except BadValue as bad:
                    problems.append(bad.problem)
            return rows, problems

        editor.set_busy(len(items))
        self._env.operations.read(work, editor.taken, title=_("放入{label}").format(label=field.label), owner=editor)

    def picture(self, thumb: Thumb, sha256: str) -> None:
        """Show the picture of a kept file."""
        if sha256 in self.seen:
            thumb.set_picture(self.seen[sha256])
            return

        def work(w: Work) -> QImage | None:
            data = form_desk.picture(w.desk, sha256)
            made = QImage.fromData(data) if data else QImage()
            if made.isNull():
                return None
            side = 2 * max(Thumb.SIZE)
            return made.scaled(
                side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )

        def done(image: QImage | None) -> None:
            if image is not None:
                self.seen[sha256] = image
            thumb.set_picture(image)

        self._env.operations.read(work, done, owner=thumb)


class AttachEditor(Editor):
    """Thumbnails, a place to add more, and a line about the current one."""

    wide = True
    icon = "camera"
    small = False

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAcceptDrops(True)
        self.rows: list[dict[str, Any]] = []
        self._found: list[Problem] = []
        self.thumbs = Thumbs(env.theme, self.add_words(), self.icon, small=self.small)
        self.setFocusProxy(self.thumbs)
        self.face = None
        self.about = QWidget()
        self.words, self.kind_of = self._about()
        self.column.addWidget(self.thumbs)
        self.column.addWidget(self.about)
        self.thumbs.added.connect(self.choose)
        self.thumbs.current_changed.connect(self._show_current)
        self.thumbs.removed.connect(self.remove)
        self.thumbs.passed.connect(self.passed)
        self.thumbs.pasted.connect(self.paste)
        self.about.hide()

    # ---- for subclasses ------------------------------------------------------------------------------------------
    def add_words(self) -> str:
        """Words in the place to add."""
        return _("加照片")

    def kinds(self) -> tuple[str, ...]:
        """Words one of which says what it is."""
        return PHOTO_TAGS

    kind_key = "tag"

    def caption_of(self, item: Mapping[str, Any]) -> str:
        """Words under a thumbnail."""
        clock = str(item.get("taken_at") or "").partition("T")[2]
        return " ".join(t for t in (clock if clock != "00:00" else "", str(item.get("tag") or "")) if t)

    def _about(self) -> tuple[Line, Segments]:
        theme = self.env.theme
        kind = Segments(theme, [(w, w) for w in self.kinds()], row=True, optional=True)
        words = Line(theme)
        words.setPlaceholderText(_("照片说明") if self.kind == "photos" else _("文件名"))
        self.about.setLayout(row(theme, label(_("类别"), "table"), kind, words))
        kind.setAccessibleName(_("类别"))
        kind.changed.connect(lambda value: self._change(self.kind_key, value or None))
        words.textEdited.connect(lambda text: self._change("caption" if self.kind == "photos" else "name", text))
        words.passed.connect(self.focus_first)
        return words, kind

    # ---- value ---------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        return [dict(r) for r in self.rows]

    def set_value(self, value: Any) -> None:
        rows = [dict(r) if isinstance(r, Mapping) else {"path": str(r)} for r in value or []]
        if rows == self.rows:
            return
        self.rows = rows
        self._show()

    def _show(self) -> None:
        words = [(self.caption_of(r), str(r.get("name") or r.get("caption") or r.get("path") or "")) for r in self.rows]
        for thumb, item in zip(self.thumbs.show_items(words), self.rows, strict=True):
            if self.kind == "photos" and item.get("sha256") and thumb.sha256 != item["sha256"]:
                thumb.sha256 = item["sha256"]
                self.env.files.picture(thumb, item["sha256"])
            elif self.kind == "photos" and item.get("path"):
                thumb.set_picture(QImage(str(item["path"])))
        self._show_current(self.thumbs.current)

    def _show_current(self, index: int) -> None:
        shown = 0 <= index < len(self.rows)
        self.about.setVisible(shown)
        if shown:
            item = self.rows[index]
            self.kind_of.set_value(str(item.get(self.kind_key) or ""))
            self.words.setText(str(item.get("caption" if self.kind == "photos" else "name") or ""))

    def _change(self, key: str, value: Any) -> None:
        at = self.thumbs.current
        if 0 <= at < len(self.rows):
            self.rows[at][key] = value
            self.thumbs.set_words(at, self.caption_of(self.rows[at]))
            self.changed.emit()

    def remove(self, index: int) -> None:
        """Take one away."""
        if 0 <= index < len(self.rows):
            del self.rows[index]
            self._show()
            self.say()

    # ---- adding --------------------------------------------------------------------------------------------------
    def spec(self) -> dict[str, Any]:
        """What is said about new ones."""
        return {}

    def choose(self) -> None:
        """Ask for files."""
        self.add(self.env.files.choose(self.field))

    def add(self, paths: Sequence[Path]) -> None:
        """Take files in."""
        if paths:
            self.env.files.take(self, [(p, self.spec()) for p in paths])

    def set_busy(self, count: int) -> None:
        """Say that files are on their way."""
        self.thumbs.set_waiting(count)

    def taken(self, outcome: tuple[list[dict[str, Any]], list[Problem]]) -> None:
        """Show what arrived and what could not be taken."""
        rows, self._found = outcome
        self.thumbs.set_waiting(0)
        known = {r.get("sha256") for r in self.rows}
        self.rows += [r for r in rows if r.get("sha256") not in known]
        self._show()
        self.say()

    def problems(self) -> list[Problem]:
        return list(self._found)

    def paste(self, data: QMimeData) -> None:
        """Take pasted files or a pasted picture."""
        paths = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()]
        if not paths and data.hasImage() and self.kind == "photos":
            image = QImage(data.imageData())
            folder = Path(tempfile.mkdtemp(prefix="envdesk-"))
            paths = [folder / f"{self.env.clock.now():%Y%m%d_%H%M%S}.png"]
            if not image.save(str(paths[0])):
                paths = []
        self.add(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self.thumbs.set_dropping(dropping=True)

    def dragLeaveEvent(self, event: object) -> None:  # type: ignore[override]
        self.thumbs.set_dropping(dropping=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.thumbs.set_dropping(dropping=False)
        self.paste(event.mimeData())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.thumbs.paste()
            return
        super().keyPressEvent(event)


@editor_for("photos")
class PhotosEditor(AttachEditor):
    """Photos with tag and caption."""

    kind = "photos"


@editor_for("files")
class FilesEditor(AttachEditor):
    """Documents with their kind."""

    kind = "files"
    icon = "paperclip"
    kind_key = "kind"

    def add_words(self) -> str:
        return _("加附件")

    def kinds(self) -> tuple[str, ...]:
        return FILE_KINDS

    def caption_of(self, item: Mapping[str, Any]) -> str:
        return " ".join(t for t in (str(item.get("kind") or ""), str(item.get("name") or "")) if t)


__all__ = ["AttachEditor", "Choice", "Files", "FilesEditor", "PhotosEditor"]
