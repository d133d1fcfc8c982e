"""The one door to reportlab: canvas, TrueType fonts, images and QR modules, typed; its faults mended here.

reportlab 5.1.0 writes characters above U+FFFF into the ToUnicode table as ``<2CB4E>``; PDF wants UTF-16BE, so 林𬭎
would be copied as another name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

_ASTRAL = re.compile(r"(?m)^(<[0-9A-F]{2}> <)([0-9A-F]{5,6})>$")
_plain_to_unicode = ttfonts.makeToUnicodeCMap


def _mended_to_unicode(fontname: str, subset: Any) -> str:
    def utf16(match: re.Match[str]) -> str:
        return match[1] + chr(int(match[2], 16)).encode("utf-16-be").hex().upper() + ">"

    return _ASTRAL.sub(utf16, str(_plain_to_unicode(fontname, subset)))


ttfonts.makeToUnicodeCMap = _mended_to_unicode


class FaceMetrics:
    """What layout asks of one embedded face: which characters it has and how wide they are.

    Attributes:
        name: the name under which reportlab knows it.
    """

    __slots__ = ("_default", "_glyphs", "_widths", "name")

    def __init__(self, name: str) -> None:
        face = pdfmetrics.getFont(name).face
        self.name = name
        self._glyphs: Mapping[int, int] = face.charToGlyph
        self._widths: Mapping[int, float] = face.charWidths
        self._default = float(face.defaultWidth)

    def has(self, ch: str) -> bool:
        """True when the face draws *ch*."""
        return ord(ch) in self._glyphs

    def width(self, text: str, size: float) -> float:
        """Width of *text* in points."""
        return sum(self._widths.get(ord(ch), self._default) for ch in text) * size * 0.001


def embed_font(name: str, path: Path) -> FaceMetrics:
    """Make a TrueType file known to reportlab (once) and return its metrics."""
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))
    return FaceMetrics(name)


def new_canvas(
    out: BytesIO, size: tuple[float, float], *, font: str, meta: Mapping[str, str], invariant: bool = False
) -> Any:
    """Open a canvas (origin bottom left) whose pages name no unembedded Helvetica.

    Args:
        out: where the bytes go.
        size: page in points.
        font: embedded face every page starts with.
        meta: title, author, subject, creator.
        invariant: the same bytes on every run (tests only: it also dates the file to 2000-01-01).
    """
    canvas = Canvas(
        out,
        pagesize=size,
        invariant=1 if invariant else 0,
        lang="zh-CN",
        pageCompression=1,
        initialFontName=font,
    )
    canvas.setTitle(meta.get("title", ""))
    canvas.setAuthor(meta.get("author", ""))
    canvas.setSubject(meta.get("subject", ""))
    canvas.setCreator(meta.get("creator", ""))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def write_words(pen: Any, words: str) -> None:
    """Write at the origin of a text object; ``textOut`` would also measure them, to no use when each run is placed."""
    pen._code.append(pen._formatText(words))  # noqa: SLF001 - see above


def image_reader(data: bytes) -> Any:
    """Wrap JPEG bytes for ``drawImage``."""
    return ImageReader(BytesIO(data))


def qr_modules(text: str) -> list[list[bool]]:
    """Return the dark modules of a QR code, error correction level M."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count: int = code.getModuleCount()
    return [[bool(code.isDark(row, col)) for col in range(count)] for row in range(count)]
