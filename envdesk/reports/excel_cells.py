"""Cells of an Excel file: merged ranges, looks kept once, figures as numbers in the look they are printed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from envdesk.reports.document import Inline, Span, plain
from envdesk.reports.measure import ems, spread_label
from envdesk.reports.ruled import Cell, Look
from envdesk.reports.text import clean, one_line

#: First characters with which a spreadsheet may take a text for a formula when somebody edits or saves it as CSV.
RISKY = "=+-@\t\r"
LONGEST = 32_767
PIXELS = 96 / 72
#: What Excel keeps free at both sides of an indented cell, points.
INDENT = 10.0
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_FIGURE = re.compile(r"([+-]?)(0|[1-9]\d{0,14})(\.\d{1,6})?(%?)(\*?)")
_ALIGN = {"left": "left", "centre": "center", "right": "right"}


def figure_of(text: str) -> tuple[float, str] | None:
    """Return a printed figure as a number and the Excel format that prints it the same, None when it is words.

    ``98.81%`` → (0.9881, ``0.00%``), ``+12.5%`` → (0.125, ``+0.0%;-0.0%``), ``52*`` (往期数) → (52, ``0"*"``).
    Numbers of more than 15 digits or with leading zeros stay text: Excel would change them.
    """
    match = _FIGURE.fullmatch(text)
    if match is None:
        return None
    sign, whole, part, percent, star = match.groups()
    value = float(f"{sign}{whole}{part or ''}")
    look = "0" + ("." + "0" * (len(part) - 1) if part else "") + percent + ('"*"' if star else "")
    places = len(part or "") + 2
    return (round(value / 100, places) if percent else value), f"+{look};-{look};{look}" if sign == "+" else look


def free_name(book: Any, words: str) -> str:
    """Return a name Excel takes for a new sheet: at most 31 characters, without ``[]:*?/``, unlike the others."""
    name = _SHEET_NAME.sub("", one_line(words))[:28] or "Sheet1"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    return name if name.lower() not in taken else f"{name}{len(taken) + 1}"


def _all_bold(content: Inline) -> bool:
    return bool(content) and all(isinstance(part, Span) and part.bold for part in content)


class Looks:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, look: Mapping[str, Any]) -> Any:
        """The format of a look."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(look))
        return self._made[key]


class Sheet:
    """A worksheet written in points and merged ranges."""

    def __init__(self, page: Any, looks: Looks) -> None:
        self.page, self.looks = page, looks
        self._heights: dict[int, float] = {}

    def columns(self, widths: Sequence[float]) -> None:
        """Set the widths, points."""
        for n, width in enumerate(widths):
            self.page.set_column_pixels(n, n, round(width * PIXELS))

    def height(self, row: int, points: float) -> None:
        """Set the height of a row; Excel knows no more than 409 points."""
        self._heights[row] = min(points, 409.0)
        self.page.set_row(row, self._heights[row])

    def total(self, first: int, end: int) -> float:
        """Height of rows *first* … *end* - 1, points."""
        return sum(self._heights.get(row, 15.0) for row in range(first, end))

    def put(self, top: int, left: int, bottom: int, right: int, content: Inline, look: Mapping[str, Any]) -> None:
        """Write words into a range, as text."""
        text = clean(plain(content))[:LONGEST]
        look = {**look, "quote_prefix": True} if text[:1] in RISKY and text else look
        shown = self.looks.of(look)
        if (top, left) != (bottom, right):
            self.page.merge_range(top, left, bottom, right, "", shown)
        parts = self._rich(content, look)
        if len(parts) > 2 and len(text) < LONGEST:
            self.page.write_rich_string(top, left, *parts, shown)
        elif text:
            self.page.write_string(top, left, text, shown)
        else:
            self.page.write_blank(top, left, None, shown)

    def _rich(self, content: Inline, look: Mapping[str, Any]) -> list[Any]:
        """Fragments with their faces when labels and text share a cell; [] for words of one face."""
        bold = [isinstance(part, Span) and part.bold for part in content]
        if len(set(bold)) < 2:
            return []
        out: list[Any] = []
        for part, label in zip(content, bold, strict=True):
            words = clean(plain((part,)))
            if words:
                out += [
                    self.looks.of({"font_name": "黑体" if label else "宋体", "font_size": look["font_size"]}),
                    words,
                ]
        return out if len(out) > 2 else []

    def cell(
        self, at: tuple[int, int, int, int], cell: Cell, shape: Look, width: float, *, figure: bool = False
    ) -> None:
        """Write a cell of a ruled block, *width* points wide; ``figure`` = a number when it reads as one."""
        size = cell.size or shape.size
        align = "center" if cell.label and cell.align == "left" else _ALIGN[cell.align]
        look: dict[str, Any] = {
            "font_name": "黑体" if cell.label or _all_bold(cell.content) else "宋体", "font_size": size, "border": 1,
            "align": align, "valign": "top" if cell.valign == "top" else "vcenter", "text_wrap": True,
        }  # fmt: skip
        content = cell.content
        if cell.spread:
            content = tuple(
                replace(p, text=spread_label(p.text, width, size)) if isinstance(p, Span) else p for p in content
            )
        if cell.foot and not content:
            look |= {"align": "right", "valign": "bottom"}
            content = (Span(cell.foot),)
        elif cell.foot:
            before = "\u3000" * max(0, int((width - INDENT) / size - ems(cell.foot) - 1))
            content = (*content, Span(f"\n{before}{cell.foot}"))
        if look["align"] != "center":
            look["indent"] = 1
        number = figure_of(plain(content)) if figure else None
        if number is None:
            self.put(*at, content, look)
            return
        shown = self.looks.of({**look, "num_format": number[1], "text_wrap": False})
        if at[:2] != at[2:]:
            self.page.merge_range(*at, "", shown)
        self.page.write_number(at[0], at[1], number[0], shown)

    def picture(self, row: int, column: int, data: bytes, height: float, words: str, aside: float = 3) -> None:
        """Lay a picture *height* points high over the cells, *aside* from the left edge; *words* are read out instead."""
        from PIL import Image

        with Image.open(BytesIO(data)) as picture:
            dpi = float((picture.info.get("dpi") or (96, 96))[1]) or 96.0
            scale = height / (picture.height * 72 / dpi)
        options = {
            "image_data": BytesIO(data), "x_scale": scale, "y_scale": scale, "x_offset": aside * PIXELS, "y_offset": 3,
            "object_position": 1, "description": one_line(words),
        }  # fmt: skip
        self.page.insert_image(row, column, "picture", options)
