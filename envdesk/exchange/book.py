"""A workbook of somebody else, read part by part: sheets, texts, formats. What is not understood is left as it is.

An .xlsx is a zip of XML parts. Here it is opened for reading; :mod:`envdesk.exchange.book_write` changes single cells
in the bytes of a sheet. No library writes the file anew: they lose pictures, shapes, validations and what came later.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

from envdesk.errors import refuse
from envdesk.exchange.book_grid import Grid, read_grid

MOST_BYTES = 20 * 1024 * 1024
"""Largest file, as it lies on the disk; it is kept in the data file."""
MOST_OPEN = 300 * 1024 * 1024
"""Largest content; more is a trap or no form to fill in."""
MOST_PARTS = 5_000
GENERAL = "General"
#: Number formats that are known by their number alone (ECMA-376 18.8.30, with those of Chinese Excel).
BUILT_IN: Mapping[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy/m/d",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 31: 'yyyy"年"m"月"d"日"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 49: "@",
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REL_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True, slots=True)
class Look:
    """How cells of one style look: number format, bold, place in the cell, ground as RRGGBB ("" = none)."""

    code: str = GENERAL
    bold: bool = False
    across: str = ""
    wrap: bool = False
    ground: str = ""

    @property
    def percent(self) -> bool:
        """True when 0.9881 shows as 98.81%."""
        return "%" in _QUOTED.sub("", self.code)

    @property
    def text(self) -> bool:
        """True for cells that show what is typed as text."""
        return self.code == "@"

    @property
    def date(self) -> bool:
        """True when a number shows as a day."""
        code = _QUOTED.sub("", self.code).lower()
        return code != GENERAL.lower() and bool(re.search(r"[yd]|m(?!m*[^a-z]*s)", code)) and "0" not in code

    @property
    def decimals(self) -> int | None:
        """Places after the point that the format shows, None = as many as there are."""
        code = _QUOTED.sub("", self.code).partition(";")[0]
        if not re.search(r"[0#?]", code):
            return None
        return len(re.findall(r"[0#?]", code.partition(".")[2]))


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet: its name, its part in the zip, whether it is shown."""

    name: str
    part: str
    shown: bool = True


@dataclass
class Book:
    """An opened workbook.

    Attributes:
        data: the file. ``name`` as the user knows it.
        sheets: worksheets in their order (chart sheets and macro sheets are left out).
    """

    name: str
    data: bytes
    parts: dict[str, bytes] = field(repr=False)
    sheets: tuple[SheetPart, ...] = ()
    main: str = "xl/workbook.xml"
    _grids: dict[str, Grid] = field(default_factory=dict, repr=False)

    def sheet(self, name: str) -> SheetPart:
        """Return a sheet by its name.

        Raises:
            Refused: ``book_sheet``.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise refuse("book_sheet", path=self.name, sheet=name)

    def grid(self, name: str) -> Grid:
        """Read the cells of a sheet, once."""
        if name not in self._grids:
            part = self.sheet(name).part
            try:
                self._grids[name] = read_grid(self.parts[part], self.strings)
            except (ValueError, KeyError, IndexError) as exc:
                raise refuse("book_unread", path=self.name, detail=str(exc)[:200]) from exc
        return self._grids[name]

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The texts that sheets refer to by number."""
        data = next((d for p, d in self.parts.items() if p.lower().endswith("/sharedstrings.xml")), b"")
        if not data:
            return ()
        return tuple(_text(si) for si in _parse(data) if _local(si) == "si")

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """How cells look, by the number of their style."""
        data = next((d for p, d in self.parts.items() if p.lower().endswith("/styles.xml")), b"")
        if not data:
            return ()
        groups = {_local(e): list(e) for e in _parse(data)}
        codes = dict(BUILT_IN)
        codes |= {int(e.get("numFmtId", 0)): e.get("formatCode", GENERAL) for e in groups.get("numFmts", ())}
        bold = [any(_local(b) == "b" and b.get("val", "1") not in ("0", "false") for b in f)
                for f in groups.get("fonts", ())]  # fmt: skip
        grounds = [_ground(f) for f in groups.get("fills", ())]
        out = []
        for xf in groups.get("cellXfs", ()):
            place = next((a for a in xf if _local(a) == "alignment"), None)
            font, fill = int(xf.get("fontId", 0)), int(xf.get("fillId", 0))
            out.append(
                Look(
                    codes.get(int(xf.get("numFmtId", 0)), GENERAL), font < len(bold) and bold[font],
                    "" if place is None else place.get("horizontal", ""),
                    place is not None and place.get("wrapText") in ("1", "true"),
                    grounds[fill] if fill < len(grounds) else "",
                )
            )  # fmt: skip
        return tuple(out)

    def look(self, style: int) -> Look:
        """Return how cells of a style look; an unknown style is the plain one."""
        return self.looks[style] if 0 <= style < len(self.looks) else Look()


def open_book(path: Path) -> Book:
    """Open a workbook file.

    Raises:
        Refused: ``file_missing``, ``bad_out`` for another kind, ``book_large``, ``book_locked`` (with a password),
            ``book_unread``.
    """
    if not path.is_file():
        raise refuse("file_missing", value=str(path))
    if path.suffix.lower() != ".xlsx":
        raise refuse("book_kind", path=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise refuse("book_large", path=path.name, limit=MOST_BYTES // 1024 // 1024)
    return read_book(path.read_bytes(), path.name)


def read_book(data: bytes, name: str) -> Book:
    """Open the bytes of a workbook."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # an OLE file: a password, or an old .xls under a new name
        raise refuse("book_locked", path=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            infos = [i for i in z.infolist() if not i.is_dir()]
            if len(infos) > MOST_PARTS or sum(i.file_size for i in infos) > MOST_OPEN:
                raise refuse("book_large", path=name, limit=MOST_OPEN // 1024 // 1024)
            parts = {i.filename: z.read(i) for i in infos}
        main = _main_part(parts)
        return Book(name, data, parts, tuple(_sheets(parts, main)), main)
    except (zipfile.BadZipFile, KeyError, ValueError, ET.ParseError, NotImplementedError, RuntimeError, OSError) as exc:
        raise refuse("book_unread", path=name, detail=str(exc)[:200]) from exc


def _main_part(parts: Mapping[str, bytes]) -> str:
    for rel in _parse(parts["_rels/.rels"]):
        if rel.get("Type", "").endswith("/officeDocument"):
            return rel.get("Target", "").lstrip("/")
    raise KeyError("officeDocument")


def _sheets(parts: Mapping[str, bytes], main: str) -> Iterator[SheetPart]:
    folder, name = posixpath.split(main)
    rels = {r.get("Id"): r for r in _parse(parts[f"{folder}/_rels/{name}.rels"])}
    for element in _parse(parts[main]).iter():
        if _local(element) != "sheet":
            continue
        rel = rels.get(element.get(_REL) or element.get(_REL_STRICT))
        if rel is None or not rel.get("Type", "").endswith("/worksheet"):
            continue
        target = rel.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if part in parts:
            yield SheetPart(element.get("name", ""), part, element.get("state", "visible") == "visible")


def _parse(data: bytes) -> ET.Element:
    """Parse a part; Office writes no document types, so one is a trap."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("document type")
    return ET.fromstring(data)  # noqa: S314 - no entities


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(si: ET.Element) -> str:
    """Text of a shared string, without the readings of its characters."""
    out = []
    for child in si:
        if _local(child) == "t":
            out.append(child.text or "")
        elif _local(child) == "r":
            out += [t.text or "" for t in child if _local(t) == "t"]
    return "".join(out)


def _ground(fill: ET.Element) -> str:
    """Colour of a solid fill that is written as one; theme colours are left to the office program."""
    for pattern in fill:
        if _local(pattern) == "patternFill" and pattern.get("patternType") == "solid":
            for colour in pattern:
                rgb = colour.get("rgb", "")
                if _local(colour) == "fgColor" and re.fullmatch(r"[0-9A-Fa-f]{8}", rgb):
                    return rgb[2:].upper()
    return ""
