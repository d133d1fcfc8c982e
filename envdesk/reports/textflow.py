"""Line breaking for Chinese office text (kinsoku, figures with their units, boxes with their labels).

Rules, all measured on drawn widths: no line begins with ，。、；：？！）》” and the like, none ends with （《“; runs of
Latin letters and digits stay whole; a number keeps its unit (46家次, 0.3米/秒); marks that meet close up by half an em
(，“ ）。); a closing mark at the line's end may be half an em wide. reportlab's own CJK wrapping fails the first two
rules and overruns the cell edge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise
from typing import Literal, Protocol

from envdesk.reports.document import Blank, Inline, Span, Tick
from envdesk.reports.text import clean

FaceName = Literal["song", "hei", "fang", "kai", "title"]
Kind = Literal["hanzi", "word", "space", "blank", "break"]

NO_START = frozenset("，。、；：？！）》〉】』」”’…％‰℃·～〕〗)]},.;:?!%>")
NO_END = frozenset("（《〈【『「“‘￥＃№〔〖([{<$#")
#: Marks whose right half is empty: they may be half an em wide at a line's end and before another mark.
HALF_END = frozenset("，。、；：）》】」』〉〕”’")
HALF_START = frozenset("（《〈【『「“‘〔")
#: Words that stay with the number before them, longest first.
UNITS = (
    *(
        "个百分点",
        "个工作日",
        "平方米",
        "立方米",
        "工作日",
        "家次",
        "个次",
        "河次",
        "组次",
        "人次",
        "车次",
        "批次",
        "万元",
    ),
    *("亿元", "千克", "毫克", "微克", "公里", "千米", "公顷"),
    *"年月日时分秒家个次件宗处条份辆台座人名组场米克吨升天项期号层倍元岁栋楼",
)
_TOKEN = re.compile(r"\n|[ \u3000]|(?<=[0-9])(?:" + "|".join(UNITS) + r")|[\x21-\x7e]+|.", re.DOTALL)
_WORDLIKE = frozenset("°′″²³¹")
#: An em less than nothing: widths are sums of floats.
EPS = 0.01
BOX_EM = 1.08


class Fonts(Protocol):
    """What breaking needs from the faces."""

    def place(self, ch: str, face: FaceName = "song") -> tuple[str, str, float]:
        """Return (embedded face, character to draw, width in em)."""
        ...


@dataclass(frozen=True, slots=True)
class Type:
    """How a paragraph is set: face, size in points, stroke in points (imitates 小标宋 in titles)."""

    face: FaceName = "song"
    size: float = 10.5
    heavy: float = 0.0


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest thing on a line: one hanzi, a Latin run in one face, a space, a blank to write on, a line break.

    ``group`` numbers atoms that should stay together (box and label); 0 = none. ``glue`` = no break before it.
    ``steps`` are the widths of a run's letters. ``mark`` = id of the figure it belongs to.
    """

    kind: Kind
    text: str
    font: str
    size: float
    width: float
    heavy: float = 0.0
    group: int = 0
    glue: bool = False
    steps: tuple[float, ...] = ()
    mark: str = ""

    @property
    def narrow(self) -> float:
        """How much narrower a closing mark may be at a line's end."""
        return max(0.0, self.width - 0.5 * self.size) if self.kind == "hanzi" and self.text in HALF_END else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A broken line: its atoms, their width, the room it had; ``last`` of its paragraph = not justified."""

    atoms: tuple[Atom, ...]
    width: float
    room: float
    last: bool = False
    indent: float = 0.0

    @property
    def text(self) -> str:
        """The characters drawn, in order."""
        return "".join(a.text for a in self.atoms)


# ---- atoms ---------------------------------------------------------------------------------------
def atoms(content: Inline | str, fonts: Fonts, style: Type) -> list[Atom]:
    """Turn inline content into atoms; marks that meet are closed up."""
    parts: Inline = (Span(content),) if isinstance(content, str) else content
    out: list[Atom] = []
    for number, part in enumerate(parts, 1):
        if isinstance(part, Blank):
            out.append(Atom("blank", "", "", style.size, part.mm * 72 / 25.4))
        elif isinstance(part, Tick):
            box = "☑" if part.on else "☐"
            font, shown, em = fonts.place(box, "song")
            out.append(Atom("hanzi", shown, font, style.size, em * style.size, 0.0, number))
            label = list(_text_atoms(clean(part.label), fonts, style))
            out += [replace(a, group=number, glue=a.glue or i == 0) for i, a in enumerate(label)]
        else:
            face: FaceName = "hei" if part.bold else style.face
            words = _text_atoms(clean(part.text), fonts, replace(style, face=face))
            if part.figure:
                words = (replace(a, mark=part.figure) for a in words)
            out += (replace(a, group=number) for a in words) if part.keep else words
    return list(_closed_up(out))


def _text_atoms(text: str, fonts: Fonts, style: Type) -> Iterator[Atom]:
    after_digit = False
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece == "\n":
            yield Atom("break", "", "", style.size, 0.0)
        elif piece in " \u3000":
            font, shown, em = fonts.place(piece, style.face)
            yield Atom("space", shown, font, style.size, em * style.size)
        elif _is_word(piece[0]):
            yield from _word_atoms(piece, fonts, style)
        else:
            for ch in piece:  # a unit is several hanzi that stick to the number
                font, shown, em = fonts.place(ch, style.face)
                yield Atom(
                    "hanzi", shown, font, style.size, em * style.size, style.heavy, 0, after_digit and piece in UNITS
                )
        after_digit = piece[-1] in "0123456789"


def _is_word(ch: str) -> bool:
    """True for characters that make up a Latin run: ASCII, other alphabets, small figures, degree signs."""
    if ch.isascii() or ch in _WORDLIKE:
        return True
    return (
        unicodedata.category(ch) in ("Ll", "Lu", "Lt", "No", "Lm")
        and unicodedata.east_asian_width(ch) not in "WF"
        and not ("\u2460" <= ch <= "\u24ff")
    )


def _word_atoms(run: str, fonts: Fonts, style: Type) -> Iterator[Atom]:
    """One atom per stretch of the run that one face draws."""
    text, font, steps, glue = "", "", list[float](), False
    for ch in run:
        face, shown, em = fonts.place(ch, style.face)
        if text and face != font:
            yield Atom("word", text, font, style.size, sum(steps), style.heavy, 0, glue, tuple(steps))
            text, steps, glue = "", [], True
        text, font = text + shown, face
        steps.append(em * style.size)
    yield Atom("word", text, font, style.size, sum(steps), style.heavy, 0, glue, tuple(steps))


def _closed_up(line: list[Atom]) -> Iterator[Atom]:
    for a, b in pairwise(line):
        meets = a.kind == b.kind == "hanzi" and a.text in HALF_END and (b.text in HALF_END or b.text in HALF_START)
        yield replace(a, width=a.width - 0.5 * a.size) if meets else a
    if line:
        yield line[-1]


# ---- lines ---------------------------------------------------------------------------------------
def break_lines(items: Iterable[Atom], width: float, indent: float = 0.0) -> list[Line]:
    """Fill lines of *width* points greedily; ``indent`` shortens the first line of each paragraph.

    Nothing is lost but spaces at the end of a broken line. A unit wider than the line is cut by the character.
    """
    filler = _Filler(width, indent)
    for unit in _units(_tie_spaces(list(items)), width):
        filler.add(unit)
    return filler.finish()


def _tie_spaces(items: list[Atom]) -> list[Atom]:
    """Spaces before a closing mark or after an opening one are no place to break either."""
    out, start = list(items), 0
    for end, atom in enumerate(items):
        if atom.kind == "space":
            continue
        before = items[start - 1].text[-1:] if start else ""
        if start < end and atom.kind != "break" and (atom.text[:1] in NO_START or before in NO_END):
            out[start : end + 1] = [replace(a, glue=True) for a in items[start : end + 1]]
        start = end + 1
    return out


def _units(items: list[Atom], width: float) -> Iterator[list[Atom]]:
    """Gather atoms that no break may part; what is too long is first cut into letters, then gathered again."""
    for unit in _gather(items, _short_groups(items, width)):
        if len(unit) and sum(a.width for a in unit) > width + EPS:
            letters = [piece for atom in unit for piece in _letters(atom)]
            yield from _gather(letters, frozenset())
        else:
            yield unit


def _short_groups(items: list[Atom], width: float) -> frozenset[int]:
    widths: dict[int, float] = {}
    for atom in items:
        if atom.group:
            widths[atom.group] = widths.get(atom.group, 0.0) + atom.width
    return frozenset(g for g, w in widths.items() if w <= width + EPS)


def _gather(items: list[Atom], groups: frozenset[int]) -> Iterator[list[Atom]]:
    unit: list[Atom] = []
    for atom in items:
        if unit and not _sticks(unit[-1], atom, groups):
            yield unit
            unit = []
        unit.append(atom)
    if unit:
        yield unit


def _sticks(prev: Atom, atom: Atom, groups: frozenset[int]) -> bool:
    """True when no line may break between the two."""
    if "break" in (prev.kind, atom.kind):
        return False
    if atom.glue or (atom.group and atom.group == prev.group and atom.group in groups):
        return True
    if prev.text == "：" and atom.kind in ("word", "blank"):
        return True
    if "blank" in (prev.kind, atom.kind) or "space" in (prev.kind, atom.kind):
        return False
    return (
        (prev.kind == atom.kind == "word")
        or atom.text[0] in NO_START
        or prev.text[-1] in NO_END
        or atom.text[0] in "/—"
        or (prev.text[-1] in "/—" and (atom.kind == "word" or atom.text in UNITS))
    )


def _letters(atom: Atom) -> Iterator[Atom]:
    if atom.kind != "word":
        yield atom
        return
    for i, (ch, step) in enumerate(zip(atom.text, atom.steps, strict=True)):
        yield replace(atom, kind="hanzi", text=ch, width=step, glue=atom.glue and i == 0, steps=())


class _Filler:
    """Collects units into lines."""

    def __init__(self, width: float, indent: float) -> None:
        self._width, self._indent = width, indent
        self._lines: list[Line] = []
        self._line: list[Atom] = []
        self._used, self._start, self._fresh = 0.0, indent, True

    def add(self, unit: list[Atom]) -> None:
        """Put one unit on the line, or on the next."""
        if unit[0].kind == "break":
            self._flush(last=True)
            return
        fitted = self._fit(unit)
        if fitted is None and self._line:
            self._flush(last=False)
        if not self._line and not self._fresh:  # no spaces at the beginning of a continued line
            unit = list(dropwhile(lambda a: a.kind == "space", unit))
            if not unit:
                return
        fitted = self._fit(unit)
        if fitted is None:
            self._cut(unit)
            return
        self._take(fitted)

    def finish(self) -> list[Line]:
        """Return all lines; empty text is one empty line."""
        if self._line or not self._lines or self._fresh:
            self._flush(last=True)
        return self._lines

    def _room(self) -> float:
        return self._width - self._start + EPS

    def _fit(self, unit: list[Atom]) -> list[Atom] | None:
        """Return the unit as it fits here (its closing mark perhaps half as wide), or None."""
        width = sum(a.width for a in unit)
        if self._used + width <= self._room():
            return unit
        end = unit[-1]
        if end.narrow and self._used + width - end.narrow <= self._room():
            return [*unit[:-1], replace(end, width=end.width - end.narrow)]
        return None

    def _take(self, unit: list[Atom]) -> None:
        self._line += unit
        self._used += sum(a.width for a in unit)
        self._fresh = False

    def _cut(self, unit: list[Atom]) -> None:
        """Only marks wider than a whole line come here; they are cut anywhere."""
        for atom in unit:
            if self._line and self._used + atom.width > self._room():
                self._flush(last=False)
            self._take([atom])

    def _flush(self, *, last: bool) -> None:
        while self._line and self._line[-1].kind == "space":
            self._used -= self._line.pop().width
        room = self._width - self._start
        self._lines.append(Line(tuple(self._line), self._used, room, last, self._start))
        self._line, self._used = [], 0.0
        self._start, self._fresh = (self._indent, True) if last else (0.0, False)


def text_width(content: Inline | str, fonts: Fonts, style: Type) -> float:
    """Width of content set in one line, in points."""
    return sum(a.width for a in atoms(content, fonts, style))


def single_line(content: Inline | str, fonts: Fonts, style: Type, room: float | None = None) -> Line:
    """Set content in one line without breaking it (line breaks in it become spaces)."""
    items = [
        a if a.kind != "break" else Atom("space", "", a.font, a.size, 0.25 * a.size)
        for a in atoms(content, fonts, style)
    ]
    width = sum(a.width for a in items)
    return Line(tuple(items), width, width if room is None else room, last=True)


def even_lines(items: list[Atom], width: float) -> list[Line]:
    """Break like :func:`break_lines`, then make the lines about equally long (centred labels)."""
    at = next((i for i, a in enumerate(items) if a.kind == "break"), None)
    if at is not None:
        return [*even_lines(items[:at], width), *even_lines(items[at + 1 :], width)]
    lines = break_lines(items, width)
    if len(lines) < 2:
        return lines
    if len(lines) == 2 and (halves := _at_slash(items, width)):
        return halves
    size = max(a.size for a in items)
    low = sum(a.width for a in items) / len(lines)
    while low < width:
        even = break_lines(items, low)
        if len(even) == len(lines):
            return [replace(line, room=width) for line in even]
        low += size / 4
    return lines


def _at_slash(items: list[Atom], width: float) -> list[Line]:
    """Break a label of two lines behind a slash (网格/ 社区/联社), where its words end; [] when that does not fit."""
    places = [i + 1 for i, a in enumerate(items[:-1]) if a.text.endswith("/") and items[i + 1].kind == "hanzi"]
    halves = [[*break_lines(items[:i], width), *break_lines(items[i:], width)] for i in places]
    fit = [lines for lines in halves if len(lines) == 2]
    return min(fit, key=lambda lines: max(line.width for line in lines), default=[])


def spread(line: Line, width: float) -> Line:
    """Set two or three hanzi *width* points wide (地　　址); other lines stay as they are."""
    count = len(line.atoms)
    if count not in (2, 3) or any(a.kind != "hanzi" for a in line.atoms) or line.width >= width or line.room < width:
        return line
    extra = (width - line.width) / (count - 1)
    wide = [replace(a, width=a.width + extra) for a in line.atoms[:-1]]
    return replace(line, atoms=(*wide, line.atoms[-1]), width=width)
