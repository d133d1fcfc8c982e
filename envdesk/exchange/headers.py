"""From the words in a header row to the keys of a form: tolerant of spaces, widths, brackets, stars and units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from envdesk.errors import guess, refuse
from envdesk.formdef.model import Field, Form

#: Columns of our own making or without content; never reported.
ERROR_COLUMN = "导入问题"
ACCEPT_COLUMN = "警告处理"
SILENT = frozenset({"序号", "行号", "no", "no.", "#", "id", "index"})
#: Directive column: “接受” in a row acknowledges its warnings.
DIRECTIVE = "warnings"

_BRACKETS = str.maketrans("[]【】〔〕{}〈〉<>", "()()()()()()")
_STARS = re.compile(r"[*※★]|^[:;.,、。]+|[:;.,、。]+$")
_GROUP = re.compile(r"\([^()]*\)")


def plain(text: object) -> str:
    """A header without what people vary: width, spaces, line breaks, stars, quotes, kind of bracket, case."""
    out = unicodedata.normalize("NFKC", str(text)).translate(_BRACKETS)
    out = re.sub(r"[\s\"'“”‘’\u200b\ufeff]+", "", out)
    return unicodedata.normalize("NFKC", _STARS.sub("", out).casefold())  # what was apart may compose now


def is_silent(header: str) -> bool:
    """True for a column of our own making, or one that only counts the rows."""
    return plain(header) in SILENT or plain(header) == plain(ERROR_COLUMN)


def bare(text: object) -> str:
    """A plain header without anything in brackets (units, hints)."""
    return _GROUP.sub("", plain(text))


def unit(text: object) -> str:
    """What stands in the last brackets of a header: 罚款(万元) → 万元."""
    found = _GROUP.findall(plain(text))
    return found[-1][1:-1] if found else ""


@dataclass(frozen=True, slots=True)
class Target:
    """Something a column can fill: a field, or the column of a row list (then the file gives one row)."""

    key: str
    field: Field
    sub: Field | None = None

    @property
    def cell(self) -> Field:
        """The field whose type reads the cell."""
        return self.sub or self.field

    @property
    def label(self) -> str:
        """What the column is called in a template."""
        return f"{self.field.label}-{self.sub.label}" if self.sub else self.field.label


def targets(form: Form) -> list[Target]:
    """Everything an import may fill, in the order of the form."""
    out: list[Target] = []
    for f in form.typed():
        if f.type == "rows":
            out += [Target(f"{f.key}.{s.key}", f, s) for s in f.fields if s.stored]
        else:
            out.append(Target(f.key, f))
    return out


class Names:
    """All names of a form's columns, the surer ones first: key, label, alias, label without its brackets."""

    def __init__(self, form: Form) -> None:
        """Collect the names of *form*."""
        self.form = form
        self.targets = {t.key: t for t in targets(form)}
        self._ranks: list[dict[str, list[str]]] = [{} for _ in range(5)]
        for t in self.targets.values():
            if t.sub is None:
                self._add(0, t.key, t.key)
                self._add(1, t.key, t.field.label)
                for alias in t.field.aliases:
                    self._add(2, t.key, alias)
                self._add(3, t.key, bare(t.field.label))
            else:
                self._add(0, t.key, t.key)
                for glue in ("-", "·", ".", "/", ":", ""):
                    self._add(1, t.key, f"{t.field.label}{glue}{t.sub.label}")
                for name in (t.sub.label, *t.sub.aliases):
                    self._add(4, t.key, name)

    def _add(self, rank: int, key: str, name: str) -> None:
        keys = self._ranks[rank].setdefault(plain(name), [])
        if key not in keys:
            keys.append(key)

    def find(self, header: object) -> tuple[int, list[str]]:
        """Return (rank, keys) of a header: one key when it is clear, several when it is not, none when unknown."""
        for text in dict.fromkeys((plain(header), bare(header))):
            for rank, names in enumerate(self._ranks):
                if text and text in names:
                    return rank, names[text]
        return len(self._ranks), []

    def near(self, header: object) -> str:
        """The “did you mean” tail for an unknown header."""
        return guess(str(header).strip(), [t.label for t in self.targets.values()])


@dataclass
class Matched:
    """How the columns of a sheet were understood.

    Attributes:
        keys: column position → key (``warnings`` for the directive column).
        headers: column position → text of its header.
        unknown: positions of columns nobody knows, ambiguous ones with the keys they could be.
        double: positions of columns whose key another column has.
    """

    keys: dict[int, str] = field(default_factory=dict)
    headers: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, list[str]] = field(default_factory=dict)
    double: dict[int, str] = field(default_factory=dict)

    def column(self, key: str) -> int | None:
        """Position of the column that fills *key*."""
        return next((c for c, k in self.keys.items() if k == key), None)


def match(names: Names, headers: Iterable[object], mapping: Mapping[str, str | None] | None = None) -> Matched:
    """Match header texts to keys.

    Args:
        names: names of the form.
        headers: cells of the header row.
        mapping: header → key said by the user; it wins. An empty key leaves the column out.

    Raises:
        Refused: ``unknown_key`` when the mapping names a key the form does not have.
    """
    said = _said(names, mapping or {})
    out = Matched()
    offers: list[tuple[int, int, str]] = []
    for column, header in enumerate(headers):
        text = plain(header)
        if not text:
            continue
        out.headers[column] = str(header).strip()
        if text in said:
            if said[text]:
                offers.append((-1, column, said[text]))
        elif text == plain(ACCEPT_COLUMN):
            out.keys[column] = DIRECTIVE
        elif text != plain(ERROR_COLUMN):
            rank, keys = names.find(header)
            if len(keys) == 1:
                offers.append((rank, column, keys[0]))
            elif text not in SILENT:
                out.unknown[column] = keys
    for _rank, column, key in sorted(offers):
        if key in out.keys.values():
            out.double[column] = key
        else:
            out.keys[column] = key
    return out


def _said(names: Names, mapping: Mapping[str, str | None]) -> dict[str, str]:
    """The user's mapping by plain header, its keys checked."""
    said = {plain(h): (k or "").strip() for h, k in mapping.items()}
    known = [*names.targets, DIRECTIVE]
    for key in said.values():
        if key and key not in known:
            raise refuse("unknown_key", key=key, guess=guess(key, known))
    return said


def header_row(
    rows: list[list[object]], names: Names, mapping: Mapping[str, str | None] | None = None
) -> tuple[int, Matched]:
    """Find the header among the first rows: the one, or the two below each other, whose words fit best.

    A header of two rows comes from merged cells: a title over several columns, or a word beside them that spans both.

    Returns:
        Position of the last header row and its match; ``(-1, …)`` when nothing fits.
    """
    best, where = Matched(), -1
    for n, row in enumerate(rows[:20]):
        found = match(names, row, mapping)
        if len(found.keys) > len(best.keys):
            best, where = found, n
        if n:
            above = rows[n - 1] + [""] * (len(row) - len(rows[n - 1]))
            pair = [low if plain(low) else high for low, high in zip(row, above, strict=False)]
            found = match(names, pair, mapping)
            if len(found.keys) > len(best.keys):
                best, where = found, n
    return where, best
