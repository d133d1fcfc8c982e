"""Cut the open fonts to what the program prints: ``python build_spec/make_fonts.py [--source DIR] [--out DIR]``.

Full faces (Noto Serif SC, Noto Sans SC; SIL Open Font License 1.1) become four small TrueType files:

=================  ==========================  ==================================================================
file               cut from                    holds
=================  ==========================  ==================================================================
song.ttf           NotoSerifSC-Regular         GB/T 2312, 通用规范汉字表, symbols: text on paper
song-rare.ttf      NotoSerifSC-Regular         the rest of GBK: the next place to look
hei.ttf            NotoSansSC-Bold             as song.ttf: labels and headings on paper
screen.ttf         NotoSansSC-Regular          as song.ttf: the window, and a fallback on paper
=================  ==========================  ==================================================================

The window needs no rare face: Windows' own YaHei holds GBK, and Qt looks there by itself.

Without ``--source`` the originals are taken from the packages named in :data:`ORIGINALS` (PyPI and Debian) and their
CFF outlines turned into TrueType ones, because reportlab embeds nothing else. The same input gives the same bytes.

Two things are added to every text face: the boxes ☐ ☑ (so that ticks on paper are text and can be copied) and the
subscript digits, which Noto SC lacks. Kangxi radicals and compatibility ideographs are left out: with them, text
copied from a PDF may read ⼆ ⽤ instead of 二 用.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.misc.transform import Transform
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "resources" / "fonts"
MAX_FILE, MAX_TOTAL = 6_500_000, 18_000_000

#: Whole blocks worth having besides the hanzi: Latin, Greek, punctuation, super- and subscripts, currency, letterlike,
#: number forms, arrows, mathematical, enclosed, box drawing, shapes, CJK marks, kana, bopomofo, units, full width.
SYMBOL_BLOCKS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2C7, 0x2DC), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
    (0x2460, 0x24FF), (0x2500, 0x257F), (0x25A0, 0x25FF), (0x2600, 0x27BF), (0x3000, 0x303F), (0x3040, 0x30FF),
    (0x3100, 0x312F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)  # fmt: skip
#: Code points that look like a unified ideograph but are not one; 12 of the compatibility block are unified.
LOOKALIKES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
UNIFIED = frozenset("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩")
MUST = "堃喆䶮𬭎㎡㎥³μ°‰①〔〕—“”₂₃☐☑〓"


@dataclass(frozen=True)
class Face:
    """One file to make. Two cuts of one font need two names: reportlab tells faces apart by their PostScript name."""

    name: str
    source: str
    rare: bool = False

    def rename(self, font: TTFont) -> None:
        """Give a rare cut names of its own."""
        if not self.rare:
            return
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6):
                joint = "-" if record.nameID == 6 else " "
                record.string = f"{record.toUnicode()}{joint}Rare"


FACES = (
    Face("song.ttf", "NotoSerifSC-Regular"),
    Face("song-rare.ttf", "NotoSerifSC-Regular", rare=True),
    Face("hei.ttf", "NotoSansSC-Bold"),
    Face("screen.ttf", "NotoSansSC-Regular"),
)
#: face -> (package manager, package, file inside, index in a collection)
ORIGINALS = {
    "NotoSerifSC-Regular": ("pip", "pylopdf-fonts-zh-cn==0.1.1", "NotoSerifSC-Regular.otf", -1),
    "NotoSansSC-Regular": ("pip", "pylopdf-fonts-zh-cn==0.1.1", "NotoSansSC-Regular.otf", -1),
    "NotoSansSC-Bold": ("apt", "fonts-noto-cjk", "NotoSansCJK-Bold.ttc", 2),
}


# ---- which characters ----------------------------------------------------------------------------
def _encodable(codec: str, points: Iterable[int]) -> set[int]:
    """Return the code points that *codec* writes as two bytes."""
    found = set()
    for point in points:
        try:
            if len(chr(point).encode(codec)) == 2:
                found.add(point)
        except UnicodeEncodeError:
            continue
    return found


def tgscc() -> set[int]:
    """Return the characters of 通用规范汉字表 beyond GB/T 2312 (tgscc.txt beside this file)."""
    lines = (HERE / "tgscc.txt").read_text(encoding="utf-8").splitlines()
    return {ord(ch) for line in lines if not line.startswith("#") for ch in line}


def body_points() -> set[int]:
    """Return the code points of a text face."""
    points = _encodable("gb2312", range(0x80, 0x10000)) | tgscc()
    for first, last in SYMBOL_BLOCKS:
        points |= set(range(first, last + 1))
    return _without_lookalikes(points)


def rare_points() -> set[int]:
    """Return the hanzi of GBK that a text face leaves out."""
    return _without_lookalikes(_encodable("gbk", range(0x3400, 0x10000)) - body_points())


def _without_lookalikes(points: set[int]) -> set[int]:
    return {p for p in points if chr(p) in UNIFIED or not any(a <= p <= b for a, b in LOOKALIKES)}


# ---- where the originals come from ---------------------------------------------------------------
def fetch(face: str, folder: Path) -> TTFont:
    """Take an original face out of its package; its outlines are still CFF."""
    manager, package, name, index = ORIGINALS[face]
    unpacked = folder / package.partition("=")[0]
    if not unpacked.exists():
        unpacked.mkdir(parents=True)
        _unpack(manager, package, unpacked)
    found = sorted(unpacked.rglob(name))
    if not found:
        raise SystemExit(f"{package} holds no {name}")
    return TTFont(found[0], fontNumber=index, recalcTimestamp=False)


def _unpack(manager: str, package: str, into: Path) -> None:
    if manager == "pip":
        _run(into, sys.executable, "-m", "pip", "download", "-q", "--no-deps", package)
        for wheel in into.glob("*.whl"):
            shutil.unpack_archive(wheel, into, "zip")
        for archive in into.glob("*.tar.gz"):
            shutil.unpack_archive(archive, into)
        return
    _run(into, "apt-get", "download", package)
    for deb in into.glob("*.deb"):
        _run(into, "dpkg-deb", "-x", str(deb), str(into))


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - package managers, by the names in ORIGINALS


def to_truetype(font: TTFont, max_error: float = 1.0) -> None:
    """Replace CFF outlines by quadratic ones, at most *max_error* units off."""
    if "glyf" in font:
        return
    glyph_set, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, max_error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], table = newTable("loca"), newTable("glyf")
    font["glyf"] = table
    table.glyphOrder, table.glyphs = order, glyphs
    for name in order:
        glyphs[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0) or 0)
    del font["CFF "]
    _truetype_tables(font, order)


def _truetype_tables(font: TTFont, order: list[str]) -> None:
    maxp = font["maxp"]
    maxp.tableVersion, maxp.maxZones = 0x00010000, 1
    for name in (
        *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
        *("maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints"),
        *("maxCompositeContours", "maxComponentDepth"),
    ):
        setattr(maxp, name, 0)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 3.0, [], {}, order
    font.sfntVersion = "\x00\x01\x00\x00"
    font["head"].glyphDataFormat = 0


# ---- cutting -------------------------------------------------------------------------------------
def cut(font: TTFont, points: set[int]) -> None:
    """Keep only *points*, without layout tables, hints and glyph names."""
    options = subset.Options()
    options.hinting, options.layout_features, options.notdef_outline = False, [], True
    options.glyph_names, options.recalc_timestamp = False, False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "vhea", "vmtx", "VORG", "kern"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=points)
    worker.subset(font)


def add_glyph(font: TTFont, point: int, glyph: Any, advance: int) -> None:
    """Add one drawn glyph under *point*."""
    name = f"u{point:04X}"
    table = font["glyf"]
    glyph.recalcBounds(table)
    table[name] = glyph
    font["hmtx"][name] = (advance, glyph.xMin)
    font.setGlyphOrder([*dict.fromkeys([*font.getGlyphOrder(), name])])
    table.glyphOrder = font.getGlyphOrder()
    for cmap in font["cmap"].tables:
        cmap.cmap[point] = name


def add_boxes(font: TTFont) -> None:
    """Draw ☐ and ☑: side 0.80 em, rule 0.06 em, centred on the hanzi (0.38 em above the baseline)."""
    em = font["head"].unitsPerEm
    for point, ticked in ((0x2610, False), (0x2611, True)):
        pen = TTGlyphPen(None)
        low, high, rule = -0.02, 0.78, 0.06
        _polygon(pen, em, [(0.02, low), (0.02, high), (0.82, high), (0.82, low)])
        _polygon(
            pen,
            em,
            [
                (0.02 + rule, low + rule),
                (0.82 - rule, low + rule),
                (0.82 - rule, high - rule),
                (0.02 + rule, high - rule),
            ],
        )
        if ticked:
            _polygon(pen, em, [(0.13, 0.39), (0.22, 0.45), (0.36, 0.26), (0.75, 0.80), (0.85, 0.73), (0.37, 0.07)])
        add_glyph(font, point, pen.glyph(), round(1.08 * em))


def _polygon(pen: TTGlyphPen, em: int, corners: list[tuple[float, float]]) -> None:
    points = [(round(x * em), round(y * em)) for x, y in corners]
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def add_subscripts(font: TTFont) -> None:
    """Make ₀–₉ from the digits (0.6 of their size, a little below the line) where the face lacks them."""
    em, cmap, glyphs = font["head"].unitsPerEm, font.getBestCmap(), font.getGlyphSet()
    for digit in range(10):
        if 0x2080 + digit in cmap:
            continue
        base = cmap[0x30 + digit]
        pen = TTGlyphPen(None)
        glyphs[base].draw(TransformPen(pen, Transform(0.62, 0, 0, 0.62, 0, round(-0.14 * em))))
        add_glyph(font, 0x2080 + digit, pen.glyph(), round(font["hmtx"][base][0] * 0.62))


def make(face: Face, font: TTFont, out: Path) -> int:
    """Write one face. Returns its size in bytes."""
    points = rare_points() if face.rare else body_points()
    cut(font, points)
    to_truetype(font)
    face.rename(font)
    if not face.rare:
        add_subscripts(font)
        add_boxes(font)
        missing = [ch for ch in MUST if ord(ch) not in font.getBestCmap()]
        if missing:
            raise SystemExit(f"{face.name} lacks {''.join(missing)}")
    path = out / face.name
    font.save(path, reorderTables=True)
    size = path.stat().st_size
    if size > MAX_FILE:
        raise SystemExit(f"{face.name} is {size} bytes, more than {MAX_FILE}")
    print(f"{face.name:16} {size / 1e6:5.2f} MB  {len(font.getBestCmap())} characters")
    return size


def main(argv: list[str] | None = None) -> None:
    """Make all faces."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--source", type=Path, help="folder with the full faces as <name>.ttf or <name>.otf")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    total = 0
    with tempfile.TemporaryDirectory() as tmp:
        for face in FACES:
            total += make(face, _open(face.source, args.source, Path(tmp)), args.out)
    print(f"{'total':16} {total / 1e6:5.2f} MB")
    if total > MAX_TOTAL:
        raise SystemExit(f"more than {MAX_TOTAL} bytes in all")


def _open(name: str, source: Path | None, tmp: Path) -> TTFont:
    if source is None:
        return fetch(name, tmp)
    for suffix in (".ttf", ".otf"):
        if (source / (name + suffix)).exists():
            return TTFont(source / (name + suffix), recalcTimestamp=False)
    raise SystemExit(f"no {name} in {source}")


if __name__ == "__main__":
    main()
