"""The shape of a list: its columns with titles, widths and alignment, its rows, and which fields can filter it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from envdesk.desk.words import Chip, cell
from envdesk.formdef.model import Field, Form
from envdesk.i18n import N_, _
from envdesk.store.lists import OFFICE

#: Columns that are no fields: the number, the state chip, the form's title, and what is left until the due day.
NUMBER, STATE, FORM, LEFT = "record_no", "state", "form", "@left"
#: Types whose columns align right.
NUMBERS = frozenset({"int", "decimal", "money"})
_WIDTHS = {
    "date": 92, "datetime": 116, "time": 64, "int": 72, "decimal": 84, "money": 96, "bool": 60, "people": 132,
    "rows": 60, "photos": 60, "files": 60, "texts": 120, "ints": 96, "multichoice": 132, "long_text": 0,
}  # fmt: skip
_TERM_LABELS = {"due": N_("期限"), "due_now": N_("期限")}
#: States that say more than the day left: somebody has to answer first, or it was reopened.
_STRONGER = frozenset({"待签收", "退回中", "已退回", "重办"})
#: Columns that always stay.
_FIXED = frozenset({NUMBER, STATE, FORM, OFFICE})
#: References with too many records to choose a filter from.
_MANY = frozenset({"subject", "work_order", "rectification", "enforcement_case"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        align: left, right or center.
        width: pixels at 100 %, 0 = takes the rest.
        kind: number, state, left, or the field's type.
        sortable: a click on the head sorts by it.
        frozen: stays at the left when the table is scrolled.
    """

    key: str
    title: str
    align: str = "left"
    width: int = 0
    kind: str = "text"
    sortable: bool = True
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its cells in the order of the columns (the state's cell is its word; draw :attr:`chip` there)."""

    id: str
    form: str
    number: str
    cells: tuple[str, ...]
    chip: Chip | None = None
    left: int | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter with the number of records it would show; ``value`` "" = nothing entered."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter: set (with the words of its values) or only offered. ``usual`` ones stand beside the period chips."""

    key: str
    label: str
    values: tuple[str, ...] = ()
    words: str = ""
    usual: bool = True


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The columns of a list to choose from, each as (key, title); number and state always stay.

    Attributes:
        shown: those on the screen, in order.
        usual: those of the form that are not.
        others: all further fields, by section.
        own: the user chose already.
    """

    shown: tuple[tuple[str, str], ...]
    usual: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Total:
    """How many of the listed records are in a state; choosing it filters by it."""

    chip: Chip
    count: int
    value: str


def columns(form: Form, keys: tuple[str, ...], *, mixed: bool, void: bool) -> tuple[Column, ...]:
    """Return the columns of a list: number first (frozen), state second, then *keys*.

    Args:
        form: the form, or the first of several.
        keys: keys of the columns, in order; those that not every row has are left out by the caller.
        mixed: rows of several forms: their title gets a column.
        void: voided records have no terms and wait for nothing.
    """
    out = [] if form.kind == "list" else [Column(NUMBER, _("编号"), width=112, kind="number", frozen=True)]
    if mixed:
        out.append(Column(FORM, _("表"), width=148, sortable=False))
    if form.states or form.kind == "record":
        out.append(Column(STATE, _("状态"), width=116, kind="state"))
    for key in keys:
        if key in (NUMBER, STATE) or (key == "result" and not form.states and form.kind == "record"):
            continue
        made = _left(form, off=mixed or void) if key == LEFT else _column(form, key, void=void)
        if made is not None:
            out.append(made)
    if form.kind == "list" and len(out) > 1 and out[0].kind == "state":
        out[0], out[1] = out[1], out[0]
    return tuple(_stretched([replace(c, frozen=n == 0) for n, c in enumerate(out)]))


def usual(form: Form) -> tuple[str, ...]:
    """Return the keys of the columns a form opens with."""
    keys = form.columns or tuple(f.key for f in form.fields[:7])
    return (*keys, LEFT) if form.dues else keys


def choice(form: Form, made: tuple[Column, ...], known: frozenset[str], *, void: bool, own: bool) -> ColumnChoice:
    """Return what can be chosen beside the columns that are shown; *known* = keys that every row has."""
    shown = tuple((c.key, c.title) for c in made if c.key not in _FIXED)
    seen = {key for key, _title in shown} | _FIXED
    if not form.states and form.kind == "record":
        seen.add("result")  # it is the state

    def offered(keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
        fresh = [k for k in dict.fromkeys(keys) if k not in seen and k in known]
        found = [_left(form, off=void) if k == LEFT else _column(form, k, void=void) for k in fresh]
        return tuple((c.key, c.title) for c in found if c is not None)

    more = offered(usual(form))
    seen |= {key for key, _title in more}
    groups = ((s.title, offered(k for k in s.keys if _can_show(form, k))) for s in form.sections)
    return ColumnChoice(shown, more, tuple((title, keys) for title, keys in groups if keys), own)


def _can_show(form: Form, key: str) -> bool:
    f = field_of(form, key)
    return f is not None and not f.secret and f.type not in ("photos", "files")


def _left(form: Form, *, off: bool) -> Column | None:
    if off or not form.dues:
        return None
    sortable = any(k in form.terms for k in form.columns)
    return Column(LEFT, _("剩余工作日"), align="right", width=92, kind="left", sortable=sortable)


def with_street(made: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns with the street a record belongs to behind its state (at the district)."""
    at = next((n + 1 for n, c in enumerate(made) if c.key == STATE), 1)
    street = Column(OFFICE, _("街镇"), width=104, sortable=False)
    return (*made[:at], street, *made[at:])


def _column(form: Form, key: str, *, void: bool) -> Column | None:
    f = field_of(form, key)
    if f is None:
        return (
            Column(key, _(_TERM_LABELS.get(key, key)), width=92, kind="date")
            if key in form.terms and not void
            else None
        )
    unit = _("元") if f.type == "money" else f.unit if f.type in NUMBERS else ""
    title = f"{f.label}（{unit}）" if unit and unit not in f.label else f.label
    return Column(key, title, "right" if f.type in NUMBERS else "left", _width(f), f.type)


def field_of(form: Form, key: str) -> Field | None:
    """Return a form's field, None for a term or a pseudo column."""
    return form.field(key) if form.has(key) else None


def gives_way(shown: Chip) -> bool:
    """True when the due day says more than this state."""
    return shown.word not in _STRONGER


def _width(f: Field) -> int:
    if f.type in ("text", "ref"):
        return 0 if f.ref == "subject" or f.max_len >= 100 else 112
    if f.type == "choice":
        longest = max((len(c.label) for c in f.choices if not c.off), default=4)
        return min(max(13 * max(longest, len(f.label)) + 24, 64), 132)
    return _WIDTHS.get(f.type, 112)


def _stretched(columns: list[Column]) -> list[Column]:
    """At least one column takes the rest of the width, and only the widest text does."""
    if any(c.width == 0 for c in columns):
        return columns
    last = max(range(len(columns)), key=lambda n: (columns[n].kind in ("text", "multichoice", "people"), n))
    return [replace(c, width=0) if n == last else c for n, c in enumerate(columns)]


def can_filter(form: Form, f: Field) -> bool:
    """True for what has few values: choices, marks, people, small lists, and short texts of a column (承办人)."""
    if f.secret or f.pii or f.checklist or not f.stored or (form.states and f.log):
        return False
    if f.type in ("choice", "multichoice", "bool", "people"):
        return True
    if f.type == "ref":
        return f.ref not in _MANY
    return f.type == "text" and f.key in form.columns and f.key not in (*form.natural, form.name) and f.max_len <= 50


def value_words(f: Field, value: str, names: Mapping[str, str]) -> str:
    """Return one value of a filter in words."""
    if f.type in ("ref", "people"):
        return names.get(value, value)
    if f.type == "bool":
        return _("是") if value == "1" else _("否")
    return cell(f, [value] if f.is_list else value, names)
