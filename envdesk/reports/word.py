"""A document as a Word file (DOCX) that WPS and Word open and edit well: real styles, tables, fields, page furniture.

The same cells in the same order as the PDF (:mod:`envdesk.reports.ruled`), the same type area; lines and pages are
broken by the program that opens it, with the fonts of that PC. Header rows repeat, rows do not split unless they hold
running text, 其中 rows stay with their total, signatures with the rows above.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from envdesk.reports import word_kit as kit
from envdesk.reports.chart import height_of, read_out
from envdesk.reports.document import (
    Block,
    Charts,
    Checklist,
    Document,
    Furniture,
    InfoLine,
    KeyValues,
    LongText,
    Notes,
    PhotoGrid,
    Rendered,
    Signatures,
    SignLine,
    Table,
    Title,
    plain,
)
from envdesk.reports.measure import ems
from envdesk.reports.pdf import LedgerPage, SheetPage
from envdesk.reports.pictures import ASPECT, UNREADABLE, frame_size, prepare
from envdesk.reports.pixels import qr_png
from envdesk.reports.raster import chart_png
from envdesk.reports.ruled import MM, ruled_of
from envdesk.reports.text import one_line
from envdesk.reports.word_table import plain_table, ruled_table

#: Height of the header and footer lines from the paper's edge, mm.
HEAD_MM, FOOT_MM = 10.0, 7.5
TITLE_SIZES = (19.0, 17.0, 15.0)
QR_MM = 15.0


class _Writer:
    """Collects the body; ``notes`` is what the user should know."""

    def __init__(self, document: Document, file: Any, width: float) -> None:
        self.file, self.width = file, width
        self.body: list[str] = []
        self.notes: list[str] = []
        self._pictures = 0
        self._marked = bool(document.furniture.watermark)
        self._blocks = document.blocks
        self._makers: dict[type, Callable[[Any, int], None]] = {
            Title: self._title, InfoLine: self._info_line, Table: self._ruled, KeyValues: self._ruled,
            Checklist: self._ruled, LongText: self._ruled, Signatures: self._ruled, Notes: self._notes,
            PhotoGrid: self._photos, Charts: self._charts, SignLine: self._sign_line,
        }  # fmt: skip

    def write(self) -> None:
        """Write all blocks."""
        for number, block in enumerate(self._blocks):
            self._makers[type(block)](block, number)
        if self.body and self.body[-1].endswith("</w:tbl>"):
            self.body.append(kit.spacer(1))  # Word asks for a paragraph after the last table

    def _next_sticks(self, number: int) -> bool:
        after: Block | None = self._blocks[number + 1] if number + 1 < len(self._blocks) else None
        return isinstance(after, (SignLine, Signatures, Notes))

    # ---- head
    def _title(self, block: Title, _: int) -> None:
        lines = list[str]()
        if block.mark:
            mark = kit.run(f" {block.mark} ", face=kit.HEI, size=9, boxed=True)
            lines.append(kit.paragraph(mark, style="EnvLine", align="right", keep=True))
        if block.office:
            lines.append(kit.paragraph(kit.run(block.office), style="EnvOffice", keep=True))
        size = next((s for s in TITLE_SIZES if ems(block.text) * s <= self.width), TITLE_SIZES[-1])
        words = kit.run(block.text, size=0 if size == TITLE_SIZES[0] else size)
        lines.append(kit.paragraph(words, style="EnvTitle", keep=True, line=26))
        if block.apart:
            lines[0] = kit.on_new_page(lines[0])
        self.body += lines

    def _info_line(self, block: InfoLine, _: int) -> None:
        parts = [(block.left, "left"), (block.centre, "center"), (block.right, "right")]
        wide = [ems(plain(content)) * 10 for content, _align in parts]
        one = max(wide[0], wide[2]) * 2 + wide[1] + 24 <= self.width if wide[1] else sum(wide) + 24 <= self.width
        if not one:
            self.body += [
                kit.paragraph(kit.runs(content), style="EnvLine", keep=True) for content, _align in parts if content
            ]
            return
        words = kit.tab().join(kit.runs(content) for content, _align in parts)
        stops = (("center", self.width / 2), ("right", self.width))
        self.body.append(kit.paragraph(words, style="EnvLine", keep=True, before=3, line=16, tabs=stops))

    # ---- ruled blocks
    def _ruled(self, block: Any, number: int) -> None:
        made = ruled_of(block, self.width)
        if made.gap and self.body and not (number and isinstance(self._blocks[number - 1], InfoLine)):
            self.body.append(kit.spacer(made.gap))
        elif made.gap:
            self.body.append(kit.spacer(3))
        self.body.append(ruled_table(made, sticks=self._next_sticks(number)))

    def _photos(self, block: PhotoGrid, _: int) -> None:
        width = frame_size(self.width, block.per_row)[0]
        for start in range(0, len(block.photos), block.per_row):
            cells = []
            for photo in block.photos[start : start + block.per_row]:
                picture = prepare(photo.data)
                if picture.words == UNREADABLE:
                    self.notes.append(f"{UNREADABLE}：{photo.caption}")
                if picture.data:
                    wide = min(width - 6, (width - 6) / ASPECT * picture.aspect)
                    shown = self.picture(picture.data, wide, photo.caption)
                else:
                    shown = kit.run(picture.words)
                cells.append(
                    kit.paragraph(shown, style="EnvCell", align="center", keep=True)
                    + kit.paragraph(kit.run(photo.caption), style="EnvCell", align="center")
                )
            cells += [kit.paragraph(style="EnvCell")] * (block.per_row - len(cells))
            self.body.append(kit.spacer(8))
            self.body.append(plain_table([self.width / block.per_row] * block.per_row, cells))

    def _charts(self, block: Charts, _: int) -> None:
        """Pictures of the charts, side by side; they are read out with their numbers."""
        room = self.width / block.per_row
        wide = room - 13
        if block.title:
            self.body.append(kit.paragraph(kit.run(block.title), style="EnvHeading", before=14, line=20, keep=True))
        for start in range(0, len(block.charts), block.per_row):
            row = block.charts[start : start + block.per_row]
            high = max(height_of(chart, block.mm * MM) for chart in row)
            cells = [
                kit.paragraph(
                    self.picture(chart_png(chart, wide, high, clear=self._marked), wide, read_out(chart)),
                    style="EnvCell",
                    align=side,
                )
                for chart, side in zip(row, _sides(block.per_row), strict=False)
            ]
            cells += [kit.paragraph(style="EnvCell")] * (block.per_row - len(cells))
            self.body.append(kit.spacer(8))
            self.body.append(plain_table([room] * block.per_row, cells, pad=0))

    def picture(self, data: bytes, width: float, words: str = "") -> str:
        """A run with a picture *width* points wide; *words* are read out in its place."""
        inline = self.file.part.new_pic_inline(BytesIO(data), width=Pt(width), height=None)
        self._pictures += 1
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
        inline.docPr.set("id", str(self._pictures))  # not in the file yet: python-docx would give each the same
        inline.docPr.set("name", f"图 {self._pictures}")
        inline.docPr.set("descr", one_line(words))
        return f"<w:r><w:drawing>{kit.written(inline)}</w:drawing></w:r>"

    # ---- foot
    def _sign_line(self, block: SignLine, number: int) -> None:
        wide = [ems(slot) * 10 for slot in block.slots]
        half = len(block.slots) // 2
        rows = [range(len(wide))] if sum(wide) + 20 * len(wide) <= self.width else [range(half), range(half, len(wide))]
        for row in rows:
            gap = (self.width - sum(wide[i] for i in row)) / max(1, len(row) - 1)
            at, stops = 0.0, list[tuple[str, float]]()
            for i in row:
                last = i == row[-1] and len(row) > 1
                stops += [("right", self.width) if last else ("left", at)] if at else []
                at += wide[i] + gap
            words = kit.tab().join(kit.run(block.slots[i]) for i in row)
            keep = self._next_sticks(number)
            self.body.append(kit.paragraph(words, style="EnvLine", before=12, line=18, tabs=stops, keep=keep))

    def _notes(self, block: Notes, _: int) -> None:
        several = len(block.items) > 1
        hang = 31.0 if several else 18.0
        lines = []
        for number, words in enumerate(block.items, 1):
            head = kit.run("注：") if number == 1 else ""
            head += kit.tab() if number > 1 else ""
            head += kit.run(f"{number}.") + kit.tab() if several else ""
            stops = (("left", 18.0),) if several else ()
            content = head + kit.run(words)
            lines.append(kit.paragraph(content, style="EnvNote", line=13, tabs=stops, hanging=hang))
        self.body.append(kit.spacer(9))
        if block.qr is None:
            self.body += lines
            return
        side = (QR_MM + 9) * MM
        code = kit.paragraph(self.picture(qr_png(block.qr.data), QR_MM * MM, block.qr.caption), align="center")
        code += kit.paragraph(kit.run(block.qr.caption, size=8), align="center")
        left = "".join(lines) or kit.paragraph()
        self.body.append(plain_table([self.width - side, side], [left, code], pad=0))


def _sides(count: int) -> list[str]:
    """Where pictures stand in cells side by side: flush with the table above at both ends."""
    return ["left", *["center"] * (count - 2), "right"][:count]


def render_docx(document: Document) -> Rendered:
    """Write *document* as DOCX; ``pages`` is 0, as the program that opens it breaks them."""
    shape = LedgerPage if document.landscape else SheetPage
    width = shape.SIZE[0] - (shape.LEFT + shape.RIGHT) * MM
    file = docx.Document()
    kit.add_styles(file)
    _settings(file)
    _meta(file, document)
    _page(file, document, shape)
    writer = _Writer(document, file, width)
    writer.write()
    _furniture(file, document.furniture, shape, width)
    _fill_body(file, "".join(writer.body))
    out = BytesIO()
    file.save(out)
    return Rendered(out.getvalue(), 0, tuple(writer.notes))


def _fill_body(file: Any, xml: str) -> None:
    """Put the text into the file: parsed as a whole, since moving a table of 1,000 rows into a tree takes ten seconds."""
    last = file.element.body.find(qn("w:sectPr"))
    whole = kit.document(xml)
    whole.body.append(last)
    file.part._element = whole  # noqa: SLF001 - python-docx has no way to set the body


def _settings(file: Any) -> None:
    """Lay out as today's Word does, not as the template's old one; the East Asian language is Chinese."""
    settings = file.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _meta(file: Any, document: Document) -> None:
    core = file.core_properties
    core.title, core.author = one_line(document.title)[:255], one_line(document.author)[:255]
    core.subject, core.last_modified_by = one_line(document.subject)[:255], one_line(document.author)[:255]
    core.comments, core.keywords, core.language = "", "", "zh-CN"


def _page(file: Any, document: Document, shape: type[SheetPage]) -> None:
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(shape.SIZE[0]), Pt(shape.SIZE[1])
    section.left_margin, section.right_margin = Mm(shape.LEFT), Mm(shape.RIGHT)
    section.top_margin, section.bottom_margin = Mm(shape.TOP), Mm(shape.BOTTOM)
    section.header_distance, section.footer_distance = Mm(HEAD_MM), Mm(FOOT_MM)
    section.different_first_page_header_footer = True


def _furniture(file: Any, words: Furniture, shape: type[SheetPage], width: float) -> None:
    """Running head on continuation pages, folio on each page, the watermark behind all of them."""
    section = file.sections[0]
    first, other = (kit.watermark(words.watermark, shape.SIZE[0], n) if words.watermark else "" for n in (1, 2))
    running = kit.run(one_line(words.running)) + (
        kit.tab() + kit.run(words.running_right) if words.running_right else ""
    )
    stops = (("right", width),)
    _fill(section.first_page_header, kit.paragraph(first, style="EnvFoot"))
    _fill(section.header, kit.paragraph(other + running, style="EnvFoot", tabs=stops))
    folio = kit.run("第") + kit.field("PAGE") + kit.run("页\u3000共") + kit.field("NUMPAGES") + kit.run("页")
    if words.folio == "centre":
        parts = [kit.run(words.foot_left), folio, kit.run(words.foot_right)]
        foot = kit.paragraph(kit.tab().join(parts), style="EnvFoot", tabs=(("center", width / 2), ("right", width)))
    else:
        foot = kit.paragraph(kit.run(words.foot_left) + kit.tab() + folio, style="EnvFoot", tabs=stops)
    _fill(section.first_page_footer, foot)
    _fill(section.footer, foot)


def _fill(part: Any, xml: str) -> None:
    part.is_linked_to_previous = False
    for old in list(part._element):  # noqa: SLF001 - python-docx offers no way to replace the first paragraph
        part._element.remove(old)  # noqa: SLF001
    for made in kit.elements(xml):
        part._element.append(made)  # noqa: SLF001
