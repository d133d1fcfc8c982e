"""A conflict as a person reads it: both versions side by side, field by field, the characters that differ marked.

What is masked on the screen elsewhere is masked here; two values that look alike under the mask say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from envdesk.desk import district
from envdesk.desk.office import Desk, Done
from envdesk.desk.words import NONE, cell, day_words, shown
from envdesk.exchange.conflicts import Open
from envdesk.formdef.model import Field, Form
from envdesk.i18n import N_, _, plural
from envdesk.store import query

#: System columns that are content: what they are called.
_SYSTEM = {"record_no": N_("编号"), "void": N_("作废"), "void_reason": N_("作废原因"),
           "reviewed_by": N_("审核人"), "reviewed_at": N_("审核时间")}  # fmt: skip
#: Types whose values are compared character by character; others differ as a whole.
_TEXTS = frozenset({"text", "long_text", "texts", "rows"})
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; ``differs`` = the other side has others there."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """Whose version it is: 甲 or 乙, who wrote it when, and the file it came in ("" = it is here already)."""

    word: str
    who: str
    when: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field that is not the same."""

    label: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict; ``id`` names it as long as it waits."""

    id: str
    street: str
    form: str
    form_title: str
    what: str
    rev: int
    sides: tuple[Side, Side]
    fields: tuple[FieldDiff, ...]
    same: int
    conflict: Open

    @property
    def summary(self) -> str:
        """同是第 7 版，5 项不同，其余 21 项相同。."""
        words = _("同是第 {rev} 版，{differ} 项不同，其余 {same} 项相同。")
        return words.format(rev=self.rev, differ=len(self.fields), same=self.same)


def clashes(desk: Desk, office: str = "") -> tuple[Clash, ...]:
    """Return the conflicts that wait, of one street or of all."""
    streets = district.streets(desk)
    return tuple(_clash(desk, c, streets.get(c.office, c.office)) for c in district.conflicts(desk, office))


def decide(desk: Desk, found: Clash, way: str, why: str = "") -> Done:
    """Settle a conflict (:data:`envdesk.exchange.conflicts.WAYS`); it can be undone."""
    return district.decide(desk, found.conflict, way, why=why)


def affected(desk: Desk, found: Clash, period: str) -> tuple[str, ...]:
    """Titles of the figures that the decision changes."""
    return tuple(dict.fromkeys(district.affected(desk, found.conflict, period)))


def _clash(desk: Desk, found: Open, street: str) -> Clash:
    form = desk.catalogue.forms[found.form]
    by_column = {f.column: f for f in form.own}
    sides = [_by_key(v, by_column) for v in (found.ours, found.theirs)]
    names = query.ref_names(desk.store, form, sides)
    diffs = tuple(_diff(by_column.get(c), c, found, names) for c in found.differing)
    system = (found.our_system, found.their_system)
    made = [
        Side(_(word), str(s["updated_by"] or ""), day_words(str(s["updated_at"])[:16], desk.clock.today()), file)
        for word, s, file in zip((N_("甲"), N_("乙")), system, ("", found.file), strict=True)
    ]
    return Clash(
        f"{found.rec} {found.source}", street, form.id, form.title, _what(form, sides[0], names), found.rev,
        (made[0], made[1]), diffs, len(found.theirs) - len(diffs), found,
    )  # fmt: skip


def _by_key(values: Mapping[str, Any], by_column: Mapping[str, Field]) -> dict[str, Any]:
    return {(by_column[c].key if c in by_column else c): v for c, v in values.items()}


def _what(form: Form, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a record is called: its name, else its number, else what it refers to."""
    f = form.field(form.name) if form.name and form.has(form.name) else None
    if f is not None and row.get(f.key) and not f.secret:
        name = names.get(str(row[f.key]), "") if f.type == "ref" else shown(f, row[f.key])
        if name:
            return name
    return str(row.get("record_no") or "") or next((n for v in row.values() if (n := names.get(str(v)))), "")


def _diff(f: Field | None, column: str, found: Open, names: Mapping[str, str]) -> FieldDiff:
    label = f.label if f is not None else _(_SYSTEM.get(column, column))
    texts = [text_of(f, column, side.get(column), names) for side in (found.ours, found.theirs)]
    left, right = marked(*texts, whole=f is not None and f.type not in _TEXTS)
    return FieldDiff(label, left, right, hidden=texts[0] == texts[1])


def text_of(f: Field | None, column: str, value: Any, names: Mapping[str, str]) -> str:
    """A value in words, masked; rows one by one."""
    if value in (None, "", []):
        return NONE
    if f is None:
        return (_("是") if value else _("否")) if column == "void" else str(value).replace("T", " ")
    if f.type == "rows":
        rows = [_row(f, row, names) for row in value[:MOST_ROWS]]
        more = [plural("另有 {count} 行", len(value) - MOST_ROWS)] if len(value) > MOST_ROWS else []
        return "\n".join([*rows, *more])
    return cell(f, value, names) or NONE


def _row(f: Field, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    cells = ((s, row.get(s.key)) for s in f.fields)
    return "，".join(f"{s.label} {cell(s, v, names)}" for s, v in cells if v not in (None, "", []))


def marked(left: str, right: str, *, whole: bool = False) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, what is not in the other one marked (*whole* = a value that differs as one)."""
    if left == right:
        return (Piece(left),), (Piece(right),)
    if whole or NONE in (left, right):
        return (Piece(left, left != NONE),), (Piece(right, right != NONE),)
    one: list[Piece] = []
    other: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for out, text in ((one, left[a:b]), (other, right[c:d])):
            if text:
                out.append(Piece(text, tag != "equal"))
    return _joined(one), _joined(other)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces with those of one kind side by side made one; a single common character between marks is marked too."""
    out: list[Piece] = []
    for n, piece in enumerate(pieces):
        between = 0 < n < len(pieces) - 1 and not piece.differs and len(piece.text) == 1
        made = Piece(piece.text, differs=True) if between and piece.text.isalnum() else piece
        if out and out[-1].differs == made.differs:
            out[-1] = Piece(out[-1].text + made.text, made.differs)
        else:
            out.append(made)
    return tuple(out)
