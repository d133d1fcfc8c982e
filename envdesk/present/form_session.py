"""What a form view knows, without Qt: typed texts, parsed values, problems beside fields, sections, drafts, saving.

What was typed is never lost: a text that cannot be read stays as it is, with its problem beside it. Rules that read
only the record itself are judged at once on a private connection; rules that look things up are asked for separately
(:meth:`FormSession.look_up`) on the database thread, and all of them again inside the save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from envdesk.desk.office import Desk
from envdesk.desk.words import TEXTUAL, row_texts, text_of, unbound
from envdesk.errors import Problem
from envdesk.formdef.model import Field, Form, Section
from envdesk.formdef.types import BadValue, Context, parse
from envdesk.sql import Connection, connect
from envdesk.store import drafts, query, related, save
from envdesk.store.drafts import Draft
from envdesk.store.evaluate import Evaluator, Judgement
from envdesk.store.judging import problems_of, severity_of_empty
from envdesk.store.params import clock_params
from envdesk.store.save import Outcome

__all__ = ["TEXTUAL", "FormSession", "SectionState", "key_of", "text_of"]
UNSAVED = "unsaved"
_ORDER = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class SectionState:
    """One line of the section list: how many fields are filled, the worst problem in it and how many of that kind."""

    section: Section
    filled: int
    fields: int
    worst: str
    problems: int


@dataclass
class FormSession:
    """One open form: a new record, a stored one, or a draft.

    Attributes:
        raw: what was typed, by key: text for textual types, stored values for the rest. The only truth until saved.
        values: what could be read from it.
        rec: id of the stored record being edited ("" for a new one); ``base_rev`` its revision when opened.
        draft: id of the kept draft ("" = none yet).
        accepted: warnings were acknowledged.
    """

    desk: Desk
    form: Form
    rec: str = ""
    base_rev: int | None = None
    draft: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    accepted: bool = False
    old: dict[str, Any] = field(default_factory=dict)
    _parse: dict[str, Problem] = field(default_factory=dict)
    _local: list[Problem] = field(default_factory=list)
    _lookup: list[Problem] = field(default_factory=list)
    _saved: list[Problem] = field(default_factory=list)
    _hidden: frozenset[str] = frozenset()
    _hidden_lookup: frozenset[str] = frozenset()
    _must: frozenset[str] = frozenset()
    _must_lookup: frozenset[str] = frozenset()
    _params: dict[str, Any] = field(default_factory=dict)
    _cache: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the private connection and compile the form's rules."""
        self._memory: Connection = connect(":memory:")
        self._evaluator = Evaluator(self.desk.store.live, self.form)
        self._params = clock_params(self.desk.store)

    # ---- opening -----------------------------------------------------------------------------------------------
    @classmethod
    def new(cls, desk: Desk, form_id: str, prefill: Mapping[str, Any] | None = None) -> FormSession:
        """Open an empty form; *prefill* holds stored values (same visit, a subject, an order)."""
        made = cls(desk, desk.catalogue.form(form_id))
        made._start({k: v for k, v in (prefill or {}).items() if made.form.has(k)})
        made.apply_defaults()
        return made

    @classmethod
    def stored(cls, desk: Desk, form_id: str, rec: str) -> FormSession:
        """Open a stored record."""
        form = desk.catalogue.form(form_id)
        row = query.fetch(desk.store, form, rec)
        made = cls(desk, form, rec=rec, base_rev=row["rev"], old=row)
        made._start(row)
        return made

    @classmethod
    def from_draft(cls, desk: Desk, kept: Draft) -> FormSession:
        """Open a kept draft: the texts as they were typed."""
        form = desk.catalogue.form(kept.form)
        old = query.fetch(desk.store, form, kept.rec) if kept.rec else {}
        made = cls(desk, form, rec=kept.rec, base_rev=kept.base_rev, draft=kept.id, old=old)
        made._start(old)
        made.touched = {k for k in kept.content if form.has(k)}
        for key in made.touched:
            made.raw[key] = kept.content[key]
            made._read(key)
        made.judge()
        return made

    @classmethod
    def for_same_visit(cls, desk: Desk, form_id: str, other: FormSession) -> FormSession:
        """Open another sheet on the visit of *other* (saved or not): what sheets of a visit share is filled in."""
        form = desk.catalogue.form(form_id)
        shared = {f.key for f in form.fields if f.home != form.id and other.form.has(f.key)}
        shared -= {f.key for f in other.form.fields if f.home == other.form.id}
        return cls.new(desk, form_id, {k: v for k, v in other.values.items() if k in shared and v not in (None, [])})

    def copy_last(self, subject: str = "") -> tuple[str, ...]:
        """Take over from the subject's last sheet of this form what a form lets be copied (``copy = true``).

        Fields already filled by hand stay. Returns the keys filled (call on the database thread).
        """
        subject = subject or self.subject
        rec = related.last_sheet(self.desk.store, self.form, subject, but=self.rec) if subject else ""
        if not rec:
            return ()
        last = query.fetch(self.desk.store, self.form, rec)
        out = []
        for f in self.form.typed():
            if f.copy and last.get(f.key) not in (None, []) and self.raw.get(f.key) in (None, "", []):
                self._take(f, unbound(f, last[f.key]))
                self.touched.add(f.key)
                out.append(f.key)
        self.judge()
        return tuple(out)

    @property
    def subject(self) -> str:
        """Id of the subject the record is about ("" = none yet)."""
        keys = [f.key for f in self.form.fields if f.type == "ref" and f.ref == "subject"]
        return next((str(self.values[k]) for k in keys if self.values.get(k)), "")

    def _start(self, values: Mapping[str, Any]) -> None:
        for f in self.form.typed():
            value = values.get(f.key)
            self._take(f, value if value is not None else ([] if f.is_list else None))
        self.judge()

    def _take(self, f: Field, value: Any) -> None:
        self.values[f.key] = value
        self.raw[f.key] = row_texts(f, value) if f.type == "rows" else text_of(f, value) if f.type in TEXTUAL else value
        self._forget(f.key)

    def _forget(self, key: str) -> None:
        """Drop what was said about unreadable texts of a field and its rows."""
        for place in [p for p in self._parse if key_of(self._parse[p]) == key]:
            del self._parse[place]

    def apply_defaults(self) -> None:
        """Fill untouched empty fields with their defaults (needs the database: call on its thread)."""
        empty = [f for f in self.form.typed() if f.key not in self.touched and self.values[f.key] in (None, [])]
        for f in empty:
            if f.default is not None and not f.is_list and f.type != "ref":
                self._take(f, parse(f, f.default, self.context))
        texts = {f.key: f.default_sql for f in empty if f.default_sql and not f.is_list and self.values[f.key] is None}
        while texts:  # a default may rest on another one: the time limit on the day received
            got = self._evaluator.compute(self.desk.store.con, self._draft, self._params, texts)
            filled = {key: value for key, value in got.items() if value is not None}
            for key, value in filled.items():
                self._take(self.form.field(key), value)
                del texts[key]
            if not filled:
                break
        self.judge()

    @property
    def context(self) -> Context:
        """What parsing may need."""
        return Context(self.desk.clock.today())

    # ---- typing ------------------------------------------------------------------------------------------------
    def set(self, key: str, value: Any) -> list[Problem]:
        """Take what was typed or chosen for a field; returns the field's problems. The text is kept even when wrong."""
        self.raw[key] = value
        self.touched.add(key)
        self._saved = [p for p in self._saved if key_of(p) != key]
        self.accepted = False
        self._read(key)
        self.judge()
        return self.problems_at(key)

    # ---- rows ----------------------------------------------------------------------------------------------------
    def set_cell(self, key: str, pos: int, sub: str, value: Any) -> list[Problem]:
        """Take what was typed in one cell of a list; returns the cell's problems."""
        rows = self._rows(key)
        rows[pos][sub] = value
        self.set(key, rows)
        return self.problems_in(key, pos, sub)

    def add_row(self, key: str, values: Mapping[str, Any] | None = None) -> int:
        """Append a row with its defaults and *values* (stored ones); returns its position."""
        f = self.form.field(key)
        row: dict[str, Any] = {}
        for s in f.fields:
            if s.stored and s.default is not None and s.type != "ref":
                row[s.key] = parse(s, s.default, self.context)
        [texts] = row_texts(f, [row | dict(values or {})])
        rows = [*self._rows(key), texts]
        self.set(key, rows)
        return len(rows) - 1

    def remove_row(self, key: str, pos: int) -> None:
        """Take a row away."""
        rows = self._rows(key)
        del rows[pos]
        self.set(key, rows)

    def move_row(self, key: str, pos: int, to: int) -> None:
        """Move a row to another position."""
        rows = self._rows(key)
        rows.insert(to, rows.pop(pos))
        self.set(key, rows)

    def _rows(self, key: str) -> list[dict[str, Any]]:
        return [dict(row) for row in self.raw.get(key) or []]

    def problems_in(self, key: str, pos: int, sub: str = "") -> list[Problem]:
        """Problems of one row, or of one cell of it."""
        place = f"{key}[{pos}]"
        return [
            p
            for p in self.problems()
            if p.field == (f"{place}.{sub}" if sub else place) or (not sub and (p.field or "").startswith(f"{place}."))
        ]

    def _read_rows(self, f: Field, rows: Any) -> list[dict[str, Any]]:
        out = []
        for pos, raw in enumerate(rows or []):
            row: dict[str, Any] = {"id": raw["id"]} if raw.get("id") else {}
            for s in f.fields:
                if s.stored and s.key in raw:
                    row[s.key] = self._read_cell(s, raw[s.key], f"{f.key}[{pos}].{s.key}")
            out.append(row)
        return out

    def _read_cell(self, f: Field, value: Any, place: str) -> Any:
        if f.type not in TEXTUAL:
            return None if value == "" else value
        try:
            return parse(f, value, self.context)
        except BadValue as bad:
            self._parse[place] = replace(bad.problem, field=place)
            return [] if f.is_list else None

    def _read(self, key: str) -> None:
        f = self.form.field(key)
        self._forget(key)
        value = self.raw[key]
        if f.type == "rows":
            self.values[key] = self._read_rows(f, value)
            return
        if f.type not in TEXTUAL:
            self.values[key] = None if value == "" else value
            return
        try:
            self.values[key] = parse(f, value, self.context)
        except BadValue as bad:
            self._parse[key] = bad.problem
            self.values[key] = [] if f.is_list else None

    @property
    def _draft(self) -> dict[str, Any]:
        """The values with an id: rows of a list are found by it, so a new record needs one before it has its own."""
        return {**self.values, "id": self.rec or UNSAVED}

    def judge(self) -> None:
        """Judge everything that reads only this record."""
        found = self._evaluator.judge(self._memory, self._draft, self._params, self._cache, which="local")
        self._hidden = found.hidden
        self._must = frozenset(f.key for f in self.form.typed() if _binds(f, found))
        self._local = problems_of(self.form, self.values, replace(found, hidden=self.hidden), self.old)

    def look_up(self) -> list[Problem]:
        """Judge what reads other records (on the database thread, after a moment of quiet)."""
        store = self.desk.store
        found = self._evaluator.judge(store.con, self._draft, self._params, store.cache, which="lookup")
        self._hidden_lookup = found.hidden
        self._must_lookup = frozenset(
            f.key for f in self.form.typed() if found.required.get(f.key) and _binds(f, found)
        )
        bare = replace(found, hidden=frozenset(self.values))
        needed = [k for k, wanted in found.required.items() if wanted and self.values.get(k) in (None, [], "")]
        self._lookup = [p for p in problems_of(self.form, self.values, bare, self.old) if p.code.startswith("rule:")]
        fields = replace(found, hidden=frozenset(self.values) - set(needed))
        self._lookup += [p for p in problems_of(self.form, self.values, fields, self.old) if p.field in needed]
        return self._lookup

    # ---- problems and sections ---------------------------------------------------------------------------------
    @property
    def hidden(self) -> frozenset[str]:
        """Keys that are not asked for now."""
        return self._hidden | self._hidden_lookup

    @property
    def must(self) -> frozenset[str]:
        """Keys of what has to be there now, filled in or not."""
        return self._must | self._must_lookup

    def problems(self) -> list[Problem]:
        """All problems, worst first, each once; an unreadable field says only that."""
        seen: set[tuple[str | None, str]] = set()
        out: list[Problem] = []
        for p in [*self._parse.values(), *self._saved, *self._local, *self._lookup]:
            if p.code == "required" and p.field in self._parse:
                continue
            if (p.field, p.code) not in seen:
                seen.add((p.field, p.code))
                out.append(p)
        return sorted(out, key=lambda p: _ORDER[p.severity])

    def problems_at(self, key: str) -> list[Problem]:
        """Problems of one field, its rows included."""
        return [p for p in self.problems() if key_of(p) == key]

    def counts(self) -> dict[str, int]:
        """How many errors, warnings and hints there are."""
        out = dict.fromkeys(_ORDER, 0)
        for p in self.problems():
            out[p.severity] += 1
        return out

    def worth_saying(self, p: Problem) -> bool:
        """An empty field is no reproach before the clerk has been there or has tried to save."""
        key = key_of(p)
        if key in self.touched or self._saved or (p.code != "required" and not p.code.startswith("rule:")):
            return True
        return p.code != "required" and self.raw.get(key) not in (None, "", [])

    def sections(self) -> list[SectionState]:
        """The section list with its ticks."""
        by_key: dict[str, list[Problem]] = {}
        for p in self.problems():
            if self.worth_saying(p):
                by_key.setdefault(key_of(p), []).append(p)
        out = []
        for section in self.form.sections:
            keys = [k for k in section.keys if k not in self.hidden and self.form.field(k).stored]
            if keys:
                filled = sum(1 for k in keys if self.raw.get(k) not in (None, "", []))
                found: list[str] = [p.severity for k in keys for p in by_key.get(k, ())]
                worst = min(found, key=_ORDER.__getitem__, default="")
                out.append(SectionState(section, filled, len(keys), worst, found.count(worst) if worst else 0))
        return out

    # ---- drafts and saving -------------------------------------------------------------------------------------
    @property
    def dirty(self) -> bool:
        """True when something was typed that is not saved."""
        return bool(self.touched)

    def keep_draft(self) -> str:
        """Keep what was typed (on every field exit; call on the database thread). Returns the draft's id."""
        if self.touched:
            content = {k: v for k, v in self.raw.items() if k in self.touched or v not in (None, "", [])}
            self.draft = drafts.keep(
                self.desk.store, self.form.id, content, draft=self.draft, rec=self.rec, base_rev=self.base_rev
            )
        return self.draft

    def to_object(self) -> dict[str, Any]:
        """The object that ``add`` or ``edit`` takes."""
        if self.rec:
            out = {k: self.values.get(k) for k in self.touched}
        else:
            out = {k: v for k, v in self.values.items() if v not in (None, [], "")}
        if self.accepted:
            out["warnings"] = "accept"
        return out

    def save(self, *, why: str = "") -> Outcome:
        """Save (on the database thread). Nothing is stored while a field cannot be read or a problem blocks."""
        if self._parse:
            self._saved = list(self._parse.values())
            return Outcome(problems=self._saved, refused=True)
        store = self.desk.store
        if self.rec:
            outcome = save.edit(store, self.form.id, self.rec, self.to_object(), why=why, base_rev=self.base_rev)
        else:
            outcome = save.add(store, self.form.id, [self.to_object()], why=why)
        self._saved = outcome.problems
        if not outcome.refused:
            if self.draft:
                drafts.discard(store, self.draft)
            self.draft = ""
            self.touched.clear()
            self.rec = outcome.ids[0]
        return outcome

    def close(self) -> None:
        """Release the private connection."""
        self._memory.close()


def _binds(f: Field, found: Judgement) -> bool:
    """True when a field must be filled in as things are."""
    return severity_of_empty(f, found.required.get(f.key), found.stages) == "error"


def key_of(p: Problem) -> str:
    """The form key a problem belongs to (``findings[2].due`` → ``findings``)."""
    return (p.field or "").partition("[")[0].partition(".")[0]
