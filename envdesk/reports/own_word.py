"""An office's own paper: a Word file with 《…》 in it, filled with one record; and the file to start from.

A place may be parted over several runs, stand in a table, a header or a text box. A table row with 《问题.问题描述》 in it
is repeated for each row of that list. What a record says is text: it never becomes markup or a field of Word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from envdesk.errors import refuse
from envdesk.formdef.model import Field, Form
from envdesk.reports.document import Block, Caption, InfoLine, Inline, Rendered, inline
from envdesk.reports.pictures import prepare
from envdesk.reports.placeholders import PHOTOS, PLACE, ROW_NUMBER, Places
from envdesk.reports.render import render
from envdesk.reports.sheet import compose_sheet
from envdesk.reports.sheet_hints import read_hints
from envdesk.reports.sheet_values import SheetContext, Values, read
from envdesk.reports.text import clean

PHOTO_MM = 72
#: Elements whose text makes up a paragraph, and those that stop a place from going on.
_TEXT, _RUN, _PARAGRAPH, _ROW = qn("w:t"), qn("w:r"), qn("w:p"), qn("w:tr")


def fill(path: Path, form: Form, record: Mapping[str, Any], ctx: SheetContext) -> tuple[Rendered, str]:
    """Fill an office's own file.

    Args:
        path: the .docx.
        form: the record's form.
        record: as for :func:`envdesk.reports.sheet.compose_sheet`.
        ctx: office, wording, what may be revealed.

    Returns:
        The file, and all its words.

    Raises:
        Refused: ``template_unread``, ``unknown_place``.
    """
    try:
        file = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, OSError) as exc:
        raise refuse("template_unread", file=path.name) from exc
    hints = read_hints(form)
    barred = bool(hints.never_reveal and record.get(hints.never_reveal))
    values = Values(form, record, ctx, reveal=ctx.reveal and hints.internal and not barred)
    filler = _Filler(Places(values, ctx.forms), file)
    roots = list(_roots(file))
    filler.places.check([n for root in roots for n in _names(root)], path.name)
    for root in roots:
        filler.rows(root)
        for paragraph in list(root.iter(_PARAGRAPH)):
            filler.paragraph(paragraph)
    out = BytesIO()
    file.save(out)
    words = "\n".join(_words(p) for root in roots for p in root.iter(_PARAGRAPH))
    return Rendered(out.getvalue(), 0, tuple(filler.notes)), words


def _roots(file: Any) -> Iterator[Any]:
    """The body, and the headers and footers of all sections, each once."""
    yield file.element.body
    seen: set[int] = set()
    for section in file.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer,
                     section.even_page_header, section.even_page_footer):  # fmt: skip
            if not part.is_linked_to_previous and id(part._element) not in seen:  # noqa: SLF001 - python-docx gives no other way
                seen.add(id(part._element))  # noqa: SLF001
                yield part._element  # noqa: SLF001


def _own_texts(paragraph: Any) -> list[Any]:
    """Text elements of a paragraph, without those of a text box inside it."""
    return [t for t in paragraph.iter(_TEXT) if next(t.iterancestors(_PARAGRAPH)) is paragraph]


def _words(paragraph: Any) -> str:
    return "".join(t.text or "" for t in _own_texts(paragraph))


def _names(root: Any) -> list[str]:
    return [m[1] for p in root.iter(_PARAGRAPH) for m in PLACE.finditer(_words(p))]


class _Filler:
    """Fills paragraphs and table rows of one file."""

    def __init__(self, places: Places, file: Any) -> None:
        self.places, self.file = places, file
        self.notes: list[str] = []

    # ---- rows of a list
    def rows(self, root: Any) -> None:
        """Repeat each table row that names a list, once for each of its rows."""
        for line in list(root.iter(_ROW)):
            key = self._list_of(line)
            if not key:
                continue
            found = self.places.rows(key) or [{}]
            for number, row in enumerate(found):
                copy = line if number == len(found) - 1 else deepcopy(line)
                if copy is not line:
                    line.addprevious(copy)
                for paragraph in copy.iter(_PARAGRAPH):
                    self._replace(paragraph, partial(self._cell, key, row, number))

    def _list_of(self, line: Any) -> str:
        own = [p for p in line.iter(_PARAGRAPH) if next(p.iterancestors(_ROW)) is line]
        for paragraph in own:
            for match in PLACE.finditer(_words(paragraph)):
                place = self.places.place(match[1])
                if place is not None and place.column is not None:
                    return place.path
        return ""

    def _cell(self, key: str, row: Any, number: int, name: str) -> str | None:
        if name.strip() == ROW_NUMBER:
            return str(number + 1)
        place = self.places.place(name)
        if place is None or place.column is None or place.path != key:
            return None  # filled later, with the rest of the file
        return self.places.cell(place.column, row)

    # ---- paragraphs
    def paragraph(self, paragraph: Any) -> None:
        """Fill one paragraph; 《照片》 becomes pictures."""
        for name in [m[1].strip() for m in PLACE.finditer(_words(paragraph))]:
            if name == PHOTOS or name.startswith(f"{PHOTOS}."):
                self._replace(paragraph, lambda n: "" if n.strip().startswith(PHOTOS) else None)
                self._photos(paragraph, name.partition(".")[2])
        self._replace(paragraph, lambda n: self.places.text(n) if self.places.place(n) is not None else None)

    def _replace(self, paragraph: Any, words: Any) -> None:
        """Put words in the place of names; *words* gives None for a name to leave."""
        start = 0
        while True:
            texts = _own_texts(paragraph)
            whole = "".join(t.text or "" for t in texts)
            match = PLACE.search(whole, start)
            if match is None:
                return
            said = words(match[1])
            if said is None:
                start = match.end()
                continue
            self._put(texts, match.start(), match.end(), clean(str(said)))
            start = match.start() + len(said.replace("\n", ""))

    @staticmethod
    def _put(texts: list[Any], start: int, end: int, said: str) -> None:
        """Write *said* over the characters start … end, into the run where they begin."""
        at, first = 0, True
        for text in texts:
            old = text.text or ""
            a, b = max(start - at, 0), min(end - at, len(old))
            at += len(old)
            if a >= len(old) or b <= a:
                continue
            lines = said.split("\n") if first else [""]
            text.text = old[:a] + lines[0] + (old[b:] if len(lines) == 1 else "")
            text.set(qn("xml:space"), "preserve")
            last = text
            for n, line in enumerate(lines[1:], 2):
                wrap, more = OxmlElement("w:br"), OxmlElement("w:t")
                more.text = line + (old[b:] if n == len(lines) else "")
                more.set(qn("xml:space"), "preserve")
                last.addnext(wrap)
                wrap.addnext(more)
                last = more
            first = False

    # ---- photos
    def _photos(self, paragraph: Any, tag: str) -> None:
        load = self.places.values.ctx.photo
        for row in self.places.values.value("photos") or []:
            if read(row, "internal") or (tag and read(row, "tag") != tag):
                continue
            data = read(row, "data")
            if data is None and load is not None:
                data = load(row)
            picture = prepare(data if data is not None else b"")
            if not picture.data:
                self.notes.append(picture.words)
                continue
            run = OxmlElement("w:r")
            drawing = OxmlElement("w:drawing")
            drawing.append(self.file.part.new_pic_inline(BytesIO(picture.data), width=Mm(PHOTO_MM), height=None))
            run.append(drawing)
            paragraph.append(run)


# ---- the file to start from ------------------------------------------------------------------------------------------
class _Named(Values):
    """Says 《…》 where a record would say something."""

    def value(self, key: str) -> Any:
        """Every path holds something."""
        f = self.form.field(key) if self.form.has(key) else None
        if f is None:
            return f"《{self._path(key)}》"
        if f.type == "rows":
            return [{s.key: s for s in f.fields}]
        return f if f.type not in ("photos", "files") else []

    def _path(self, key: str) -> str:
        head, _dot, inner = key.partition(".")
        if not inner or not self.form.has(head):
            return {"record_no": "编号", "state": "状态"}.get(key, key)
        f = self.form.field(head)
        target = self.ctx.forms.get(f.ref)
        label = target.field(inner).label if target is not None and target.has(inner) else inner
        return f"{self.label(f)}.{label}"

    def filled(self, key: str) -> bool:
        """Nothing is left out."""
        return bool(key)

    def content(self, f: Field, value: Any) -> Inline:
        """Return the place of a field."""
        return inline(f"《{self.label(f)}》")

    def text(self, f: Field, value: Any) -> str:
        """Return the place of a field or of a column of a list."""
        home = next((g for g in self.form.fields if g.type == "rows" and f in g.fields), None)
        return f"《{self.label(home)}.{self.label(f)}》" if home is not None else f"《{self.label(f)}》"


def starting(form: Form, ctx: SheetContext, paper: str = "") -> Rendered:
    """Make a Word file that looks like the form's own sheet and has all its places; below it those the sheet leaves out."""
    document = compose_sheet(form, {}, ctx, paper, named=_Named(form, {}, ctx, reveal=True))
    made = docx.Document(BytesIO(render(document, ".docx").data))
    used = {n for root in _roots(made) for n in _names(root)}
    places = Places(Values(form, {}, ctx, reveal=False), ctx.forms)
    left = [n for n in places.shown if n not in used]
    more: tuple[Block, ...] = (
        Caption("以下各项本单没有用到，可移到需要的地方；用不着的，连同本行一起删去"),
        *(InfoLine(inline("　".join(f"《{n}》" for n in left[i : i + 4]))) for i in range(0, len(left), 4)),
    )
    return render(replace(document, blocks=(*document.blocks, *more)), ".docx")
