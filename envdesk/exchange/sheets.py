"""Read .xlsx, .xls and .csv into rows of plain values, row numbers as the user sees them.

Excel files are read with calamine, which is fast but gives an empty cell for a formula that was never calculated and
for an error such as ``#N/A``. Such cells are looked up in the file and reported: nothing gets lost in silence.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from envdesk.errors import refuse

MOST_ROWS = 200_000
MOST_BYTES = 200 * 1024 * 1024
KINDS = (".xlsx", ".xls", ".csv")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Sheet:
    """One sheet. ``rows[0]`` is row 1 of the sheet; ``traps`` are cells (row, column from 0) without a usable value."""

    name: str
    rows: list[list[Any]]
    traps: dict[tuple[int, int], str] = field(default_factory=dict)


def read(path: Path) -> list[Sheet]:
    """Read all visible sheets that hold anything.

    Raises:
        Refused: ``bad_out`` for another kind of file, ``import_unread`` when it can not be read.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise refuse("bad_out", path=str(path), expected="、".join(k[1:] for k in KINDS))
    try:
        size = path.stat().st_size
    except OSError as exc:
        raise refuse("import_unread", path=str(path), detail=exc.strerror or str(exc)) from exc
    if size > MOST_BYTES:
        raise refuse("import_unread", path=str(path), detail=f"> {MOST_BYTES // 1024 // 1024} MB")
    return [_csv(path)] if kind == ".csv" else _excel(path)


def _excel(path: Path) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    out: list[Sheet] = []
    try:
        book = CalamineWorkbook.from_path(str(path))
        shown = {m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible}
        for name in book.sheet_names:
            if name not in shown:
                continue
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MOST_ROWS:
                raise refuse("import_unread", path=str(path), detail=f"> {MOST_ROWS} 行")
            rows = sheet.to_python(skip_empty_area=False)
            if any(cell not in ("", None) for row in rows for cell in row):
                out.append(Sheet(name, rows))
    except (CalamineError, OSError, ValueError) as exc:
        raise refuse("import_unread", path=str(path), detail=str(exc)[:200]) from exc
    if path.suffix.lower() == ".xlsx":
        _find_traps(path, out)
    return out


# ---- cells without a value -----------------------------------------------------------------------------------------
def _find_traps(path: Path, sheets: list[Sheet]) -> None:
    try:
        with zipfile.ZipFile(path) as z:
            parts = _sheet_parts(z)
            for sheet in sheets:
                part = parts.get(sheet.name)
                if part:
                    data = z.read(part)
                    if b"<f" in data or b":f" in data or b't="e"' in data:
                        sheet.traps = _traps(data)
    except (KeyError, zipfile.BadZipFile, ET.ParseError, OSError, ValueError):
        return  # calamine read it; what it gave is what there is


def _sheet_parts(z: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → path inside the file."""
    targets = {r.get("Id"): r.get("Target", "") for r in _parse(z.read("xl/_rels/workbook.xml.rels"))}
    out: dict[str, str] = {}
    for element in _parse(z.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            target = str(targets.get(element.get(_REL), ""))
            out[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return out


def _parse(data: bytes) -> ET.Element:
    """Parse a part of an Excel file; Office writes no document types, so one is a trap."""
    _no_entities(data)
    return ET.fromstring(data)  # noqa: S314 - no entities


def _no_entities(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("document type")


def _traps(data: bytes) -> dict[tuple[int, int], str]:
    """Cells with an error, or with a formula and no result (an empty text is a result)."""
    found: dict[tuple[int, int], str] = {}
    _no_entities(data)
    for _event, cell in ET.iterparse(io.BytesIO(data)):  # noqa: S314 - no entities
        if not cell.tag.endswith("}c"):
            continue
        value = next((e.text for e in cell if e.tag.endswith("}v")), None)
        formula = any(e.tag.endswith("}f") for e in cell)
        if cell.get("t") == "e" or (formula and not value and cell.get("t") != "str"):
            match = _CELL.fullmatch(cell.get("r", ""))
            if match:
                found[int(match[2]) - 1, column_number(match[1])] = value or ""
        cell.clear()
    return found


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - 64
    return n - 1


def column_letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    out, n = "", number + 1
    while n:
        n, rest = divmod(n - 1, 26)
        out = chr(65 + rest) + out
    return out


# ---- text files ----------------------------------------------------------------------------------------------------
def decode(raw: bytes) -> str:
    """Text of a CSV file: by its mark, else UTF-8, else GB18030 (what Excel and WPS write in Chinese).

    Raises:
        UnicodeDecodeError: it is none of these.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _csv(path: Path) -> Sheet:
    try:
        text = decode(path.read_bytes())
        first = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(",\t;，", key=lambda d: (first.count(d), d == ","))
        # newline="" keeps line breaks inside quoted cells; the csv module knows all three kinds at the end of a row
        rows: list[list[Any]] = [
            [_unescape(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise refuse("import_unread", path=str(path), detail=str(exc)[:200]) from exc
    if len(rows) > MOST_ROWS:
        raise refuse("import_unread", path=str(path), detail=f"> {MOST_ROWS} 行")
    return Sheet(path.stem, rows)


def _unescape(cell: str) -> str:
    """Undo our own neutralising (:func:`neutral`) and the ``="0012"`` trick that keeps zeros in Excel."""
    if len(cell) > 1 and cell[0] == "'" and cell[1] in RISKY:
        return cell[1:]
    if len(cell) > 2 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell


# ---- neutral output --------------------------------------------------------------------------------------------------
RISKY = "=+-@\t\r"
"""First characters with which a spreadsheet may take a text for a formula."""


def neutral(text: str) -> str:
    """A text that no spreadsheet runs when it stands in a CSV file: ``=1+1`` → ``'=1+1``."""
    return f"'{text}" if text[:1] in RISKY and text else text
