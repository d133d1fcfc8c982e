"""From what people give (JSON, a spreadsheet row, a screen) to stored values: parsing, references, people, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.errors import Problem, Refused, guess, problem
from envdesk.formdef.live import list_table, table
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import BadValue, Context, clean_text, parse, split_words
from envdesk.sql import quote
from envdesk.store.operations import Operation, insert

if TYPE_CHECKING:
    from envdesk.store.file import Store

#: Keys of an object that are not fields.
DIRECTIVES = frozenset({"warnings", "same_visit", "why"})


@dataclass
class Reader:
    """Reads raw objects of one batch.

    Attributes:
        op: the open operation (new people are added in it).
        base_dir: folder that photo and file paths are relative to.
    """

    op: Operation
    base_dir: Path = field(default_factory=Path)
    today: Context = field(default_factory=Context)

    @property
    def store(self) -> Store:
        """The open file."""
        return self.op.store

    def read(self, form: Form, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        """Read an object: values by key for the keys that were given, and what is wrong with it."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        known = {f.key: f for f in form.typed()}
        day = str(raw.get(form.date) or "")
        for key, value in raw.items():
            if key in DIRECTIVES:
                continue
            f = known.get(key)
            if f is None:
                problems.append(problem("unknown_key", field=key, key=key, guess=guess(key, list(known))))
                continue
            if value is None:
                continue
            try:
                values[key] = self.value(f, value, problems, day)
            except BadValue as bad:
                problems.append(bad.problem)
        return values, problems

    def value(self, f: Field, value: Any, problems: list[Problem], day: str = "") -> Any:
        """Read one field; problems of rows inside it are added to *problems*."""
        if f.type == "ref":
            return self.ref(f, value)
        if f.type == "people":
            return self.people(f, value, problems, day)
        if f.type == "rows":
            return self.rows(f, value, problems)
        if f.type in ("photos", "files"):
            return self.attached(f, value, problems)
        if f.check == "record":
            return self.record(f, value)
        return parse(f, value, self.today)

    def rows(self, f: Field, value: Any, problems: list[Problem]) -> list[dict[str, Any]]:
        """Read the rows of a list; a wrong cell is named ``list[position].key``."""
        if not isinstance(value, list) or not all(isinstance(r, Mapping) for r in value):
            raise BadValue(
                problem("bad_type", field=f.key, label=f.label, value=str(value)[:60], expected="应为行的列表")
            )
        known = {s.key: s for s in f.fields if s.stored}
        out: list[dict[str, Any]] = []
        for pos, raw in enumerate(value):
            row: dict[str, Any] = {}
            for key, cell in raw.items():
                if key == "id":
                    row["id"] = str(cell)
                    continue
                where = f"{f.key}[{pos}].{key}"
                sub = known.get(key)
                if sub is None:
                    problems.append(problem("unknown_key", field=where, key=key, guess=guess(key, list(known))))
                    continue
                if cell is None:
                    continue
                try:
                    row[key] = self.value(sub, cell, problems)
                except BadValue as bad:
                    problems.append(Problem(bad.problem.code, bad.problem.message, bad.problem.severity, where))
            for sub in known.values():
                if row.get(sub.key) is None and sub.default is not None:
                    row[sub.key] = parse(sub, sub.default, self.today) if sub.type != "ref" else sub.default
            out.append(row)
        return out

    def attached(self, f: Field, value: Any, problems: list[Problem]) -> list[dict[str, Any]]:
        """Take photos and files into the folder beside the database; each item is a path or ``{path, …}``."""
        from envdesk.store.attachments import take_in

        items = value if isinstance(value, list) else [value]
        out: list[dict[str, Any]] = []
        for pos, item in enumerate(items):
            spec = dict(item) if isinstance(item, Mapping) else {"path": str(item)}
            if "sha256" in spec and "path" not in spec:
                out.append(spec)
                continue
            try:
                taken = take_in(self.store, f, self.base_dir / str(spec.pop("path", "")), spec)
            except BadValue as bad:
                problems.append(Problem(bad.problem.code, bad.problem.message, "error", f"{f.key}[{pos}]"))
                continue
            out.append(taken)
        return out

    # ---- references --------------------------------------------------------------------------------------------
    def ref(self, f: Field, value: Any) -> str:
        """Find the record a value names: id, record number, natural key, or a unique name or alias."""
        text = clean_text(str(value), lines=False)
        found = find(self.store, f.ref, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise BadValue(problem("ambiguous_ref", field=f.key, label=f.label, value=text[:60], count=len(found)))
        raise BadValue(problem("unknown_ref", field=f.key, label=f.label, value=text[:60]))

    def record(self, f: Field, value: Any) -> str:
        """Find the record of any form that an id or number names."""
        text = clean_text(str(value), lines=False)
        for form in self.store.catalogue.forms.values():
            if form.kind == "record":
                row = self.store.con.one(f"SELECT id FROM {table(form.id)} WHERE id = ? OR record_no = ?", (text, text))
                if row:
                    return str(row[0])
        raise BadValue(problem("unknown_ref", field=f.key, label=f.label, value=text[:60]))

    def people(self, f: Field, value: Any, problems: list[Problem], day: str) -> list[str]:
        """Find people by name, ``name(badge)`` or id; an unknown name is added to the list (hint ``new_person``)."""
        out: list[str] = []
        for item in split_words(value) if isinstance(value, (str, list)) else [value]:
            text = clean_text(str(item), lines=False)
            if not text:
                continue
            if not isinstance(item, str) or not split_badge(text)[0]:
                raise BadValue(problem("bad_type", field=f.key, label=f.label, value=text[:60], expected="应为姓名"))
            found = find_person(self.store, text, day)
            if len(found) > 1:
                raise BadValue(problem("ambiguous_ref", field=f.key, label=f.label, value=text, count=len(found)))
            if not found:
                found = [self.new_person(text)]
                problems.append(problem("new_person", field=f.key, severity="hint", value=text))
            if found[0] not in out:
                out.append(found[0])
        return out

    def new_person(self, text: str) -> str:
        """Add a person to the list of people."""
        name, badge = split_badge(text)
        form = self.store.catalogue.form("person")
        return insert(self.op, form, {"name": name, "badge_no": badge or None, "void": 0}, rec=self.store.new_id())


def split_badge(text: str) -> tuple[str, str]:
    """``李敏(44010001)`` → name and badge number."""
    plain = text.replace("（", "(").replace("）", ")")
    if plain.endswith(")") and "(" in plain:
        name, _, badge = plain[:-1].partition("(")
        return name.strip(), badge.strip()
    return text, ""


def find_person(store: Store, text: str, day: str = "") -> list[str]:
    """Ids of the people a text names; of several of one name those in post on *day*."""
    name, badge = split_badge(text)
    rows = store.con.query(
        'SELECT id, badge_no, "from", "to" FROM t_person WHERE void = 0 AND (id = ? OR name = ?)', (text, name)
    )
    if badge:
        rows = [r for r in rows if r[1] == badge]
    if len(rows) > 1 and day:
        rows = [r for r in rows if (r[2] or "") <= day <= (r[3] or "9999")] or rows
    return [r[0] for r in rows]


def find(store: Store, form_id: str, text: str) -> list[str]:
    """Ids of the live records a text names, by the first way that finds any."""
    form = store.catalogue.form(form_id)
    if form_id == "person":
        return find_person(store, text)
    name = table(form_id)
    rows = store.con.query(f"SELECT id FROM {name} WHERE id = ? OR record_no = ?", (text, text))
    if rows:
        return [r[0] for r in rows]
    live = "void = 0" + (" AND canonical IS NULL" if form.merge else "")
    for key in form.natural:
        f = form.field(key)
        if f.is_list:
            sql = f"SELECT DISTINCT t.id FROM {name} t JOIN {list_table(form_id, f.column)} l ON l.rec = t.id"
            rows = store.con.query(f"{sql} WHERE l.value = ? AND t.{live}", (text,))
        else:
            rows = store.con.query(f"SELECT id FROM {name} WHERE {quote(f.column)} = ? AND {live}", (text,))
        if rows:
            return [r[0] for r in rows]
    return []


def resolve(store: Store, form_id: str, text: str) -> str:
    """Find one record of a form by id, number or natural key, void ones included by id and number.

    Raises:
        Refused: ``not_found`` or ``ambiguous_ref``.
    """
    found = find(store, form_id, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(
            "ambiguous_ref", {"label": store.catalogue.form(form_id).title, "value": text, "count": len(found)}
        )
    raise Refused("not_found", {"id": text})
