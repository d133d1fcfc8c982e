"""An official letter as PDF after GB/T 9704: 22 lines of 28 characters on 156 × 225 mm, 37 mm above, 28 mm at the binding.

Everything stands on one grid of line slots. Odd pages are bound at the left, even ones at the right, folio — 1 — outside.
A heading is never last on a page, and 署名 never stands on a page without text (the standard forbids 此页无正文).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from envdesk.reports.canvas import A4, MM, Page
from envdesk.reports.document import (
    Addressee,
    Attachments,
    Block,
    Document,
    Heading,
    Mark,
    Paragraph,
    Rendered,
    SignOff,
    Title,
)
from envdesk.reports.fonts import FontSet
from envdesk.reports.pc_fonts import Faces, find_faces
from envdesk.reports.text import clean, one_line
from envdesk.reports.textflow import EPS, Line, Type, atoms, break_lines, even_lines, single_line

PROGRAM = "EnvDesk"
TOP, BINDING, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0
"""Upper margin, margin at the binding edge, type area (mm)."""
LINES, CHARS = 22, 28
PITCH = WIDTH * MM / CHARS
"""Advance of a character, 15.79 pt: 28 characters of 16 pt would be 158 mm wide."""
LEAD = HEIGHT * MM / LINES
"""28.99 pt."""
TITLE_SIZE, TITLE_STROKE, FOLIO_SIZE, FOLIO_MM = 22.0, 0.5, 14.0, 7.0
SEAL_LINES = 2
"""Free lines over 署名."""
DATE_RIGHT = 4
"""成文日期 ends so many characters before the right edge."""
FEW = 7
"""Characters: a shorter last line takes the line above along to the next page."""
FACES = {1: "hei", 2: "kai", 3: "fang"}
#: A title breaks best before these words, and after these signs.
BEFORE = ("关于", "生态", "工作", "环境", "情况", "报告", "总结", "和下", "及下")
AFTER = "年月日度的办局所站"
LONGER_BELOW = 2.0
"""Cost of a line of the title that is longer than the one above it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A line of the grid; None = free. ``keep`` = the next slot stands on the same page. ``x`` from the left (points)."""

    line: Line | None = None
    keep: bool = False
    align: str = "left"
    justify: bool = False
    x: float = 0.0


def render_official(
    document: Document,
    *,
    faces: Faces | None = None,
    fonts: Path | None = None,
    invariant: bool = False,
) -> Rendered:
    """Draw an official letter.

    Args:
        document: what to draw; blocks of letters only.
        faces: fonts of the PC to use, default those that are there.
        fonts: folder of the bundled faces.
        invariant: the same bytes on every run, for tests.
    """
    found = find_faces() if faces is None else faces
    setting = FontSet(fonts, own=found.files)
    stroke = 0.0 if "title" in found.files else TITLE_STROKE
    pages = list(paged(grid(document, setting, stroke)))
    meta = {"title": one_line(document.title), "author": one_line(document.author), "subject": document.subject}
    page = Page(A4, setting, meta | {"creator": PROGRAM}, invariant=invariant)
    marks: list[Mark] = []
    for number, lines in enumerate(pages, 1):
        if document.furniture.watermark:
            page.watermark(document.furniture.watermark)
        left = BINDING * MM if number % 2 else A4[0] - (BINDING + WIDTH) * MM
        for row, slot in enumerate(lines):
            if slot.line is not None:
                middle = TOP * MM + LEAD * (row + 0.5)
                page.text(slot.line, left + slot.x, middle, "centre" if slot.align == "centre" else "left",
                          justify=slot.justify)  # fmt: skip
                marks += _marks(slot, left, middle, number - 1)
        _folio(page, number, left)
        if number < len(pages):
            page.turn()
    return Rendered(page.finish(), len(pages), setting.notes(), tuple(marks))


def grid(document: Document, fonts: FontSet, stroke: float) -> list[Slot]:
    """Set the whole letter on the grid; the last two lines of the text stay with 附件 and 署名."""
    out: list[Slot] = []
    tied = False
    for block in document.blocks:
        if isinstance(block, Attachments | SignOff) and not tied:
            tied = True
            out[-2:] = [replace(slot, keep=True) for slot in out[-2:]]
        elif tied and isinstance(block, SignOff):
            out[-1:] = [replace(slot, keep=True) for slot in out[-1:]]
        out += _slots(block, fonts, stroke)
    return out


def paged(slots: list[Slot]) -> Iterator[list[Slot]]:
    """Cut the slots into pages of :data:`LINES`; what must stay together does, if a page is long enough for it."""
    rest = slots or [Slot()]
    while rest:
        cut = min(LINES, len(rest))
        if cut < len(rest):
            best = cut
            while best > 1 and rest[best - 1].keep:
                best -= 1
            cut = best if best > 1 or not rest[0].keep else cut
        yield rest[:cut]
        rest = rest[cut:]


# ---- blocks ------------------------------------------------------------------------------------------------------
def _slots(block: Block, fonts: FontSet, stroke: float) -> list[Slot]:
    if isinstance(block, Title):
        style = Type("title", TITLE_SIZE, stroke)
        lines = title_lines(one_line(block.text), fonts, style)
        return [*(Slot(line, keep=True, align="centre") for line in lines), Slot(keep=True)]
    if isinstance(block, Addressee):
        return _running(break_lines(atoms(clean(block.text), fonts, _type("fang")), WIDTH * MM))
    if isinstance(block, Heading):
        lines = break_lines(atoms(one_line(block.text), fonts, _type(FACES[block.level])), WIDTH * MM, 2 * PITCH)
        return [Slot(line, keep=True) for line in lines]
    if isinstance(block, Paragraph):
        return _running(break_lines(atoms(block.content, fonts, _type("fang")), WIDTH * MM, 2 * PITCH))
    if isinstance(block, Attachments):
        return _attachments(block, fonts)
    if isinstance(block, SignOff):
        return _sign_off(block, fonts)
    raise TypeError(f"{type(block).__name__} is no block of an official letter")


def _type(face: str) -> Type:
    return Type(face, PITCH)  # type: ignore[arg-type] # one of the names in FACES


def _running(lines: list[Line]) -> list[Slot]:
    """Lines of a paragraph; a last line of a few characters (65.52%。) never begins a page alone."""
    tied = len(lines) - 2 if len(lines) > 2 and lines[-1].width < FEW * PITCH else -1
    return [Slot(line, keep=n == tied, justify=not line.last) for n, line in enumerate(lines)]


def _attachments(block: Attachments, fonts: FontSet) -> list[Slot]:
    """附件：1.… one free line below the text; continued lines stand under the words, not under the number."""
    style, label = _type("fang"), "附件："
    out: list[Slot] = [Slot(keep=True)]
    start = (2 + len(label)) * PITCH
    for n, item in enumerate(block.items, 1):
        number = f"{n}." if len(block.items) > 1 else ""
        indent = start + sum(a.width for a in atoms(number, fonts, style))
        lines = break_lines(atoms(one_line(item), fonts, style), WIDTH * MM - indent)
        for k, line in enumerate(lines):
            if k == 0:
                head = (label if n == 1 else "") + number
                whole = single_line(head + line.text, fonts, style, WIDTH * MM)
                out.append(Slot(whole, keep=True, x=2 * PITCH if n == 1 else start))
            else:
                out.append(Slot(replace(line, last=True), keep=True, x=indent))
    return out


def _sign_off(block: SignOff, fonts: FontSet) -> list[Slot]:
    """署名 centred over 成文日期, whose end stands four characters in; a longer office stands further left, or in lines."""
    style, room = _type("fang"), WIDTH * MM
    office, day = single_line(one_line(block.office), fonts, style), single_line(block.day, fonts, style)
    day_x = room - DATE_RIGHT * PITCH - day.width
    free = [Slot(keep=True)] * SEAL_LINES
    if office.width > room - 2 * PITCH:
        lines = even_lines(atoms(one_line(block.office), fonts, style), room - 2 * PITCH)
        return [*free, *(Slot(line, keep=True, align="centre", x=PITCH) for line in lines), Slot(day, x=day_x)]
    office_x = max(0.0, min(day_x + (day.width - office.width) / 2, room - 2 * PITCH - office.width))
    return [*free, Slot(office, keep=True, x=office_x), Slot(day, x=day_x)]


# ---- the title ---------------------------------------------------------------------------------------------------
def title_lines(text: str, fonts: FontSet, style: Type) -> list[Line]:
    """Break a title into a trapezoid: lines of about equal length, the upper one rather longer, words not cut."""
    room = WIDTH * MM
    if sum(a.width for a in atoms(text, fonts, style)) <= room + EPS:
        return [single_line(text, fonts, style, room)]
    most = int(room // style.size)
    for ems in (most, most - 1):  # digits are rather wider than half an em
        lines = [single_line(piece, fonts, style, room) for piece in split_title(text, ems)]
        if all(line.width <= room + EPS for line in lines):
            return lines
    return [replace(line, last=True) for line in break_lines(atoms(text, fonts, style), room)]


def split_title(text: str, most: int) -> list[str]:
    """Cut *text* into as few pieces of at most *most* ems as can be, at the best places."""
    count = max(1, math.ceil(_ems(text) / most))
    for pieces in range(count, count + 3):  # a long number that must not be cut may ask for a line more
        even = _ems(text) / pieces

        @cache
        def best(at: int, left: int, above: float, even: float = even) -> tuple[float, tuple[int, ...]]:
            """Least cost of the text from *at* in *left* pieces, and where they end; *above* = ems of the piece before."""
            out: tuple[float, tuple[int, ...]] = (math.inf, ())
            for end in range(at + 1, len(text) + 1):
                size = _ems(text[at:end])
                if size > most:
                    break
                if (left == 1) != (end == len(text)) or _inside_word(text, end):
                    continue
                cost = (size - even) ** 2 / even + (LONGER_BELOW if size > above else 0.0)
                rest: tuple[float, tuple[int, ...]] = (0.0, ())
                if end < len(text):
                    cost += _roughness(text[at:end], text[end:])
                    rest = best(end, left - 1, size)
                if cost + rest[0] < out[0]:
                    out = cost + rest[0], (end, *rest[1])
            return out

        cost, ends = best(0, pieces, math.inf)
        if cost < math.inf:
            return [text[a:b] for a, b in pairwise((0, *ends))]
    return [text]


def _inside_word(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    before, behind = text[at - 1], text[at]
    return (before.isascii() and behind.isascii()) or behind == "—"  # no line begins with it


def _ems(text: str) -> float:
    return sum(0.5 if ch.isascii() else 1.0 for ch in text)


def _roughness(left: str, right: str) -> float:
    """How bad it is to break between the two: words should not be cut."""
    if right.startswith(BEFORE):
        return 0.0
    if left[-1] == "办" and right[0] in "公事":  # 办公室, 办事处
        return 8.0
    if left[-1] in AFTER and not right[0].isascii():
        return 1.0
    return 1.0 if right[:2] == "20" else 8.0


# ---- round the text ----------------------------------------------------------------------------------------------
def _folio(page: Page, number: int, left: float) -> None:
    """— 1 — at the outer edge, one character in, its dash 7 mm below the type area."""
    line = single_line(f"— {number} —", page.fonts, Type("song", FOLIO_SIZE))
    x = left + WIDTH * MM - FOLIO_SIZE - line.width if number % 2 else left + FOLIO_SIZE
    page.text(line, x, (TOP + HEIGHT + FOLIO_MM) * MM)


def _marks(slot: Slot, left: float, middle: float, page: int) -> Iterator[Mark]:
    """Where the figures of a line stand."""
    line = slot.line
    if line is None:
        return
    x = left + slot.x + line.indent
    slack = line.room - line.width
    extra = slack / (len(line.atoms) - 1) if slot.justify and not line.last and len(line.atoms) > 1 else 0.0
    figure, start, end = "", x, x
    for atom in (*line.atoms, None):
        mark = atom.mark if atom is not None else ""
        if mark != figure:
            if figure:
                yield Mark(figure, page, (start, middle - LEAD / 2 + 2, end, middle + LEAD / 2 - 2))
            figure, start = mark, x
        if atom is not None:
            end = x + atom.width
            x = end + extra
