"""The compiled form: what every other package reads. Frozen; nothing here touches a file or a database.

A form is one TOML file (``forms/README.md`` teaches the language). Some fields do not live in the form's own table but
in a *shared record*: the sheets of one stop share a ``visit``, the visits of one trip share an ``outing``
(domain.md §2). Such a field is listed in the form like any other and says with :attr:`Field.home` where it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["record", "list", "shared"]
Severity = Literal["error", "warning", "hint"]

#: Field types that are kept in a table of their own (``t_<form>__<key>`` with ``rec``), not in a column.
LIST_TYPES = frozenset({"rows", "photos", "files", "people", "multichoice", "texts", "ints"})
#: Of these, the ones with a single ``value`` column.
VALUE_LISTS = frozenset({"people", "multichoice", "texts", "ints"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a choice list. ``code`` is stored and never changes; ``label`` is shown; ``off`` = no longer offered.

    ``parent`` is the code of the upper word in a two-level list (``大气-油烟`` has the parent ``大气``).
    """

    code: str
    label: str
    hint: str = ""
    off: bool = False
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, of a shared record or of a row list.

    Attributes:
        key: identifier in files, SQL and the command line.
        label: Chinese label.
        type: text, long_text, date, time, datetime, int, decimal, money, choice, multichoice, bool, ref, people, rows,
            photos, files, texts, ints.
        check: usc | phone | record (text naming a record of any form, kept as its id) | deadline.
        log: key of a ``rows`` list that keeps each value this field had, with the day from which it held.
        required: stage from which the mark binds as an error: ``""`` never, ``"always"``, or a stage of the form.
            Before that stage an empty field is a hint.
        required_when: SQL condition that makes it required. ``required_severity`` softens either mark.
        visible: SQL condition; a hidden field is kept but not asked for.
        default: literal taken when the key is absent; ``default_sql`` an expression over the draft.
        computed: SQL expression; the field is derived, never stored or typed.
        copy: True when a new record takes it over from the same subject's last one.
        pii: "" or name | phone | address | text (how it is masked); ``secret`` = complainant data (masked on paper too).
        dated_by: key of the event date this value belongs to ("" = never frozen by a seal, domain.md §10.2). For a
            column of a row list: "" = the row's own date, another column's key, or "-" = never frozen.
        home: id of the table that keeps it (the form itself or a shared record); ``column`` its name there.
        fields: the columns of a ``rows`` list.
        date_key: for a ``rows`` list, the column that dates each row ("" = the record's own date).
    """

    key: str
    label: str
    type: str
    home: str = ""
    column: str = ""
    block: str = ""
    section: str = ""
    hint: str = ""
    help: str = ""
    unit: str = ""
    required: str = ""
    required_when: str = ""
    required_severity: Severity = "error"
    visible: str = ""
    default: Any = None
    default_sql: str = ""
    computed: str = ""
    copy: bool = False
    min: Any = None
    max: Any = None
    decimals: int = 0
    max_len: int = 0
    check: str = ""
    choices: tuple[Choice, ...] = ()
    ref: str = ""
    pii: str = ""
    secret: bool = False
    dated_by: str = ""
    aliases: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    date_key: str = ""
    note_of: str = ""
    checklist: bool = False
    log: str = ""
    points: str = ""
    width: str = ""

    @property
    def is_list(self) -> bool:
        """True when the value is a list kept in its own table."""
        return self.type in LIST_TYPES

    @property
    def stored(self) -> bool:
        """True when the field is typed and kept (not computed)."""
        return not self.computed

    def choice(self, code: str) -> Choice | None:
        """Return the choice with this code."""
        return next((c for c in self.choices if c.code == code), None)

    def sub(self, key: str) -> Field | None:
        """Return the column *key* of a row list."""
        return next((f for f in self.fields if f.key == key), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields, in the order of screen and paper."""

    id: str
    title: str
    keys: tuple[str, ...]
    visible: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that must hold (NULL counts as held). ``list`` names the row list it is judged on, "" = the record."""

    id: str
    expr: str
    message: str
    severity: Severity = "error"
    field: str = ""
    list: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """One word of the state chip; the first of the form's list whose condition holds is shown."""

    word: str
    when: str
    tone: str = "grey"


@dataclass(frozen=True, slots=True)
class Due:
    """An entry of the due list: records for which ``when`` holds, with the day ``date`` and the words ``what``."""

    id: str
    date: str
    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Spawn:
    """A record made in the same operation by a row: a finding 限期整改 makes its rectification (domain.md §2 VISIT).

    ``when`` and ``values`` are judged per row of ``list``; the new record's id goes into the row's column ``link``.
    """

    list: str
    when: str
    form: str
    link: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trip:
    """A recheck that makes an outing: ``date`` and ``people`` are keys of the form, or of the rows of ``list``."""

    date: str
    people: str
    list: str = ""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A record that names the row it answers.

    ``record`` holds the id, ``position`` the row number from 1; the row's column ``link`` then points back.
    """

    record: str
    position: str
    list: str
    link: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A counted figure; see forms/README.md and domain.md §3. Exactly one of ``of``, ``share``, ``ratio`` leads.

    Attributes:
        measure: 计量单位 as printed (家次, 件, %).
        kind: flow (event dated, months add up), cohort (looks ahead to the cut), distinct, stock, rate, measured.
        unit: SQL: what is counted; ``value`` what is summed; ``once`` = sum the value once per unit.
        scale: the value is divided once by this before rounding (100 for 分 → 元, 1000000 for 分 → 万元).
        measure_by: SQL: the unit that a record gives its value in; printed instead of ``measure`` when all agree.
        plain: trailing zeros of a measured value are left out.
        decimals_by: setting that gives the decimals instead; six = as exact as the amount is.
        better: up | down | "" (words 改善/下降 in texts).
    """

    id: str
    title: str
    measure: str
    form: str
    kind: str = "flow"
    of: str = ""
    date: str = ""
    where: str = ""
    unit: str = ""
    value: str = ""
    once: bool = False
    each: str = ""
    every: str = ""
    by: tuple[str, ...] = ()
    share: str = ""
    hit: str = ""
    only: str = ""
    ratio: tuple[str, ...] = ()
    value_ly: str = ""
    decimals: int | None = None
    decimals_by: str = ""
    measure_by: str = ""
    plain: bool = False
    scale: int = 1
    better: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a printed register: a key (``a|b`` = the first filled), or ``sql`` with the type of its value.

    ``total`` = its sum stands in the last line; ``mm`` = width, 0 = by what stands in it.
    """

    key: str = ""
    label: str = ""
    sql: str = ""
    type: str = "text"
    total: bool = False
    mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed register over the records of ``of`` (收件登记簿, 催办名单); see forms/README.md.

    Attributes:
        where: condition; ``stock`` = as of a day instead of in a period.
        order: keys or expressions, ``-`` before one turns it round.
        by: key by which it is handed out, each value on pages of its own ("" = in one).
        figures: a table of these figures instead of records, one line for each value of the dimension ``by``.
        main: the register of its form: what ``list FORM --out`` prints.
        sign: words to sign after, at the foot.
    """

    id: str
    title: str
    of: str
    columns: tuple[PaperColumn, ...]
    where: str = ""
    stock: bool = False
    order: tuple[str, ...] = ()
    by: str = ""
    main: bool = False
    sign: tuple[str, ...] = ()
    note: str = ""
    figures: tuple[str, ...] = ()
    form: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One compiled form.

    Attributes:
        kind: record (numbered, printed), list (small list such as grid, person), shared (outing, visit).
        parents: shared records above it, nearest first, e.g. ``("visit", "outing")``.
        date: key of the main date ("" = undated).
        name: key shown as the record's name; ``natural`` keys by which references find it besides id and number.
        fields: all fields in screen order, those of the shared records included.
        terms: named SQL expressions over the form's keys (may use ``:cut``).
        often: one of the few that are entered every day.
        order: its place in menus, tabs and lists; equal ones stand by id.
        source: the TOML text; ``version`` a hash of everything it was compiled from.
    """

    id: str
    title: str
    kind: Kind
    prefix: str
    group: str
    blocks: tuple[str, ...]
    parents: tuple[str, ...]
    date: str
    name: str
    natural: tuple[str, ...]
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    dues: tuple[Due, ...] = ()
    stages: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    sheet: Mapping[str, Any] = field(default_factory=dict)
    label_sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    label_setting: str = ""
    unique: tuple[tuple[str, ...], ...] = ()
    merge: bool = False
    often: bool = False
    order: int = 100
    seeds: tuple[Mapping[str, Any], ...] = ()
    spawns: tuple[Spawn, ...] = ()
    backlink: Backlink | None = None
    trips: tuple[Trip, ...] = ()
    share_key: tuple[str, ...] = ()
    help: str = ""
    source: str = ""
    version: str = ""

    # Asked for every value of every record: looked up, not searched.
    _keys: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _typed: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    _lists: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    _own: tuple[Field, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the fields into what is asked for."""
        typed = tuple(f for f in self.fields if f.stored)
        object.__setattr__(self, "_keys", {f.key: f for f in reversed(self.fields)})  # the first of a key counts
        object.__setattr__(self, "_typed", typed)
        object.__setattr__(self, "_lists", tuple(f for f in self.fields if f.is_list))
        object.__setattr__(self, "_own", tuple(f for f in typed if f.home == self.id))

    def field(self, key: str) -> Field:
        """Return the field *key*.

        Raises:
            KeyError: the form has no such field.
        """
        return self._keys[key]

    def has(self, key: str) -> bool:
        """True when the form has a field of this key."""
        return key in self._keys

    @property
    def own(self) -> tuple[Field, ...]:
        """Stored fields kept in the form's own table or in lists of its own."""
        return self._own

    @property
    def lists(self) -> tuple[Field, ...]:
        """All list fields, those of the shared records included."""
        return self._lists

    def typed(self) -> Iterator[Field]:
        """Iterate over the fields a person may fill."""
        return iter(self._typed)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to split figures. ``keys`` maps a source (form or block view) to an expression, ``""`` is the default."""

    id: str
    title: str
    keys: Mapping[str, str]
    ref: str = ""
    empty: str = "未划分"


@dataclass(frozen=True, slots=True)
class Check:
    """A reconciliation rule (domain.md §3F).

    ``expr`` is a condition over figure values (``:insp_subjects``); ``of``/``where``/``date`` name the records that
    break it (beside ``expr``: the records to look at when it fails; left out, a plain sum finds them itself);
    ``by`` = sum of the figure's parts by that dimension must equal the total. ``role``: judged in such a file alone.
    """

    id: str
    level: Literal["block", "warn", "note"]
    title: str
    message: str
    expr: str = ""
    needs: tuple[str, ...] = ()
    of: str = ""
    date: str = ""
    where: str = ""
    by: tuple[str, ...] = ()
    at_end: bool = False
    months: tuple[str, ...] = ()
    role: Literal["", "street", "district"] = ""


@dataclass(frozen=True, slots=True)
class SettingDef:
    """One office setting: key, type, default, words and what it does; ``figure`` = it is bound as ``:set_<key>``."""

    key: str
    label: str
    type: str
    default: Any
    group: str
    help: str
    choices: tuple[str, ...] = ()
    min: Any = None
    max: Any = None
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One arm of a union view: rows of ``of`` where ``where`` holds, its ``keys`` as name → expression."""

    of: str
    where: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A view over all forms that include a block: ``visit`` (their records) or ``finding`` (rows of a list of it).

    With ``parts`` it is a union of the parts instead (documents: rectification.doc and inspection.docs).
    """

    name: str
    block: str
    title: str
    list: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything compiled from the form folders. Forms include the shared ones (outing, visit).

    ``shared_source`` keeps the texts of blocks and choice lists, ``[[name, text], …]`` as JSON; a form's version ends with
    ``shared_version``. ``due_queries``: see :mod:`envdesk.formdef.dues`.
    """

    forms: Mapping[str, Form]
    figures: Mapping[str, Figure]
    dimensions: Mapping[str, Dimension]
    views: Mapping[str, BlockView]
    checks: tuple[Check, ...]
    settings: Mapping[str, SettingDef]
    shared_source: str = "[]"
    shared_version: str = ""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    due_queries: Mapping[str, str] = field(default_factory=dict)

    def form(self, form_id: str) -> Form:
        """Return a form by id, refusing an unknown one with a guess."""
        from envdesk.errors import guess, refuse

        try:
            return self.forms[form_id]
        except KeyError:
            raise refuse("unknown_form", form=form_id, guess=guess(form_id, list(self.forms))) from None

    def members(self, block: str) -> tuple[Form, ...]:
        """Return the record forms that include *block*, in catalogue order."""
        return tuple(f for f in self.forms.values() if block in f.blocks and f.kind != "shared")
