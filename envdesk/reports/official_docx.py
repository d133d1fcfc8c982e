"""An official letter as a Word file with the geometry of :mod:`envdesk.reports.official`, to be edited before it is signed.

Real styles (标题, 一级标题, 二级标题, 正文), a grid of 22 lines and 28 characters, mirrored margins, folios as fields. The
faces are always named as offices have them (方正小标宋简体, 黑体, 楷体_GB2312, 仿宋_GB2312), whether this PC has them or not.
"""

# ruff: noqa: SLF001 - python-docx reaches the XML of sections, paragraphs and runs in no other way

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from envdesk.reports.document import (
    Addressee,
    Attachments,
    Document,
    Heading,
    Paragraph,
    Rendered,
    SignOff,
    Title,
    plain,
)
from envdesk.reports.official import BINDING, CHARS, DATE_RIGHT, HEIGHT, PITCH, SEAL_LINES, TOP, WIDTH, split_title
from envdesk.reports.story import attachment_lines
from envdesk.reports.text import clean, one_line

TITLE_FACE, HEI, KAI, FANG, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
SIZE, TITLE_SIZE, FOLIO_SIZE = 16, 22, 14
HEADINGS = {1: "一级标题", 2: "二级标题", 3: "正文"}
LINE_TWIPS = 579
"""A grid line (28.95 pt): 580 would be 22 lines of 225.07 mm, one line too many for the type area."""
CHAR_TWIPS = -5
"""Spacing of characters: 16 pt less 0.25 are 28 of them in 156 mm (16 pt would be 158 mm)."""
FOOTER_MM = 25.0
ATTACH_EMS = 5.0
"""附件： and the two characters before it."""
DRAFT = "草稿，未经审核，不作为上报依据"


def render_official_docx(document: Document) -> Rendered:
    """Write an official letter. The number of pages is Word's business and not known here (0)."""
    word = docx.Document()
    _page(word)
    _styles(word)
    if document.furniture.watermark:
        _draft(word)
    for block in document.blocks:
        _write(word, block)
    core = word.core_properties
    core.title, core.author, core.subject = one_line(document.title), one_line(document.author), document.subject
    core.comments, core.language = "", "zh-CN"
    out = BytesIO()
    word.save(out)
    return Rendered(out.getvalue(), 0)


# ---- the page ----------------------------------------------------------------------------------------------------
def _page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(297 - TOP - HEIGHT)
    section.left_margin, section.right_margin = Mm(BINDING), Mm(210 - BINDING - WIDTH)
    section.footer_distance, section.header_distance = Mm(FOOTER_MM), Mm(15)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))
    grid.set(qn("w:charSpace"), str(round((PITCH - SIZE) * 4096)))
    settings = word.settings
    settings.odd_and_even_pages_header_footer = True
    mirror = OxmlElement("w:mirrorMargins")
    settings.element.insert(0, mirror)
    language = settings.element.find(qn("w:themeFontLang"))
    if language is not None:  # not in the defaults of text: LibreOffice then loses a comma at the end of a full line
        language.set(qn("w:eastAsia"), "zh-CN")
    _order_settings(settings.element)
    for footer, right in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        _folio(footer.paragraphs[0], word.styles["Normal"], right=right)


def _order_settings(element: Any) -> None:
    """Word wants mirrorMargins after view and zoom and before the rest."""
    mirror = element.find(qn("w:mirrorMargins"))
    element.remove(mirror)
    first = [qn(f"w:{name}") for name in ("writeProtection", "view", "zoom", "removePersonalInformation",
                                          "removeDateAndTime", "doNotDisplayPageBoundaries", "displayBackgroundShape",
                                          "printPostScriptOverText", "printFractionalCharacterWidth", "printFormsData",
                                          "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts", "saveFormsData")]  # fmt: skip
    at = sum(1 for child in element if child.tag in first)
    element.insert(at, mirror)


def _folio(paragraph: Any, style: Any, *, right: bool) -> None:
    """— 1 — at the outer edge, one character in; the number is a field."""
    paragraph.style = style
    form = paragraph.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    form.first_line_indent = Pt(0)
    _indent_chars(paragraph, first=0)
    form.right_indent, form.left_indent = (Pt(FOLIO_SIZE), Pt(0)) if right else (Pt(0), Pt(FOLIO_SIZE))
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for kind, words in (("text", "— "), ("begin", ""), ("code", " PAGE "), ("separate", ""), ("text", "1"), ("end", ""),
                        ("text", " —")):  # fmt: skip
        run = paragraph.add_run()
        _face(run, SONG, FOLIO_SIZE)
        if kind == "text":
            run.text = words
        elif kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = words
            run._r.append(code)
        else:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            run._r.append(char)


def _draft(word: Any) -> None:
    section = word.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.style = word.styles["Normal"]
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.first_line_indent = Pt(0)
        _indent_chars(paragraph, first=0)
        run = paragraph.add_run(DRAFT)
        _face(run, HEI, FOLIO_SIZE)


# ---- styles ------------------------------------------------------------------------------------------------------
def _styles(word: Any) -> None:
    styles = word.styles
    _defaults(styles.element)
    normal = styles["Normal"]
    _style(normal, FANG, SIZE)
    form = normal.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Pt(LINE_TWIPS / 20)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.widow_control = False
    _style_indent(normal, 200)
    _off_grid(normal)
    title = styles["Title"]
    _style(title, TITLE_FACE, TITLE_SIZE)
    title.base_style = normal
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(0)
    title.paragraph_format.line_spacing = Pt(LINE_TWIPS / 20)
    title.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    title.paragraph_format.keep_with_next = True
    _style_indent(title, 0)
    for name in ("pBdr", "contextualSpacing", "szCs"):  # the blue rule and sizes of the stock title
        for old in title.element.findall(f".//{qn(f'w:{name}')}"):
            old.getparent().remove(old)
    for level, name, face in ((1, HEADINGS[1], HEI), (2, HEADINGS[2], KAI)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), f"OfficialHeading{level}")
        style.base_style, style.next_paragraph_style = normal, normal
        style.quick_style = True
        _style(style, face, SIZE)
        style.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        style.element.get_or_add_pPr().append(outline)


def _off_grid(style: Any) -> None:
    """28 characters by their spacing, 22 lines by an exact height: programs read a character grid differently.

    The grid of the page says the same; text that is typed between hanzi and digits gets no room of its own.
    """
    spacing = style.element.pPr.find(qn("w:spacing"))
    for name in ("overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid"):  # no mark hangs out of the type area
        switch = OxmlElement(f"w:{name}")
        switch.set(qn("w:val"), "0")
        spacing.addprevious(switch)
    between = OxmlElement("w:spacing")
    between.set(qn("w:val"), str(CHAR_TWIPS))
    style.element.rPr.find(qn("w:sz")).addprevious(between)


def _defaults(element: Any) -> None:
    """The character grid counts from the size of the defaults (some programs do not look at 正文)."""
    properties = element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _fonts(properties, FANG)
    for name in ("w:sz", "w:szCs"):
        size = properties.find(qn(name))
        if size is None:
            size = OxmlElement(name)
            properties.append(size)
        size.set(qn("w:val"), str(SIZE * 2))


def _style(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = face, Pt(size)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _fonts(style.element.get_or_add_rPr(), face)
    for name in ("w:spacing", "w:kern"):
        old = style.element.rPr.find(qn(name))
        if old is not None:
            style.element.rPr.remove(old)


def _face(run: Any, face: str, size: float) -> None:
    run.font.name, run.font.size = face, Pt(size)
    _fonts(run._r.get_or_add_rPr(), face)


def _fonts(properties: Any, face: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), face)


def _style_indent(style: Any, chars: int) -> None:
    style.paragraph_format.first_line_indent = Pt(SIZE * chars / 100)
    style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(chars))


def _indent_chars(paragraph: Any, *, first: int) -> None:
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(first))


# ---- blocks ------------------------------------------------------------------------------------------------------
def _write(word: Any, block: Any) -> None:
    if isinstance(block, Title):
        paragraph = word.add_paragraph(style="Title")
        most = int(CHARS * PITCH // TITLE_SIZE)
        lines = split_title(one_line(block.text), most) if len(block.text) > most else [one_line(block.text)]
        for n, line in enumerate(lines):
            run = paragraph.add_run(line)
            if n < len(lines) - 1:
                run.add_break()
        _free(word, 1, keep=True)
    elif isinstance(block, Addressee):
        _plain(word, clean(block.text), first=0)
    elif isinstance(block, Heading):
        paragraph = word.add_paragraph(
            one_line(block.text), style="Normal" if block.level > 2 else HEADINGS[block.level]
        )
        paragraph.paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        word.add_paragraph(clean(plain(block.content)))
    elif isinstance(block, Attachments):
        _attached(word, block)
    elif isinstance(block, SignOff):
        _signed(word, block)
    else:
        raise TypeError(f"{type(block).__name__} is no block of an official letter")


def _plain(word: Any, text: str, *, first: int) -> Any:
    paragraph = word.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    _indent_chars(paragraph, first=first)
    return paragraph


def _free(word: Any, lines: int, *, keep: bool = False) -> None:
    for _n in range(lines):
        _plain(word, "", first=0).paragraph_format.keep_with_next = keep


def _attached(word: Any, block: Attachments) -> None:
    if word.paragraphs:
        word.paragraphs[-1].paragraph_format.keep_with_next = True  # never a page without text
    _free(word, 1, keep=True)
    for n, line in enumerate(attachment_lines(block)):
        text = one_line(line)
        paragraph = _plain(word, text, first=0)
        hang = PITCH * (3 if n == 0 else 0) + (PITCH if len(block.items) > 1 else 0)
        paragraph.paragraph_format.left_indent = Pt(ATTACH_EMS * PITCH + (PITCH if len(block.items) > 1 else 0))
        paragraph.paragraph_format.first_line_indent = Pt(-hang)
        paragraph._p.pPr.find(qn("w:ind")).attrib.pop(qn("w:firstLineChars"), None)
        paragraph.paragraph_format.keep_with_next = True


def _signed(word: Any, block: SignOff) -> None:
    """署名 centred over 成文日期, which ends four characters in."""
    if word.paragraphs:
        word.paragraphs[-1].paragraph_format.keep_with_next = True  # never a page without text
    _free(word, SEAL_LINES, keep=True)
    office, day = one_line(block.office), block.day
    wide = sum(0.5 if ch.isascii() else 1.0 for ch in day)
    inset = max(2.0, DATE_RIGHT + (wide - len(office)) / 2)
    for text, chars, keep in ((office, inset, True), (day, DATE_RIGHT, False)):
        paragraph = _plain(word, text, first=0)
        form = paragraph.paragraph_format
        form.alignment, form.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, keep
        form.right_indent = Pt(chars * PITCH)
