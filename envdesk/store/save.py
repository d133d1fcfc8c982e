"""Save records: add, edit, void. All or nothing per batch; every problem of every object named at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from envdesk.errors import Problem, Refused, problem, refuse
from envdesk.formdef.live import table
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import BadValue, Context, parse
from envdesk.sql import quote
from envdesk.store import trips
from envdesk.store.evaluate import Evaluator
from envdesk.store.file import Store
from envdesk.store.judging import problems_of
from envdesk.store.operations import Operation, insert, load, next_number, operation, update
from envdesk.store.params import clock_params
from envdesk.store.query import fetch, ref_name
from envdesk.store.reader import Reader
from envdesk.store.seals import completes
from envdesk.store.shared import Shared
from envdesk.store.spawn import backlinks, follow, orphans, spawn
from envdesk.store.undo import references_to
from envdesk.store.versions import form_at, live_for

Values = dict[str, Any]


@dataclass
class Outcome:
    """Result of a batch: ids in the order of the objects, what was created, and every problem found.

    ``operation`` is None when nothing was stored: refused, a dry run, or an edit that changed nothing.
    """

    ids: list[str] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    operation: int | None = None
    refused: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape."""
        return {"ids": self.ids, "created": self.created, "problems": [p.as_dict() for p in self.problems]}


class _Stop(Exception):  # noqa: N818
    """Leave the transaction without storing anything."""


class Saver:
    """Saves the objects of one batch inside one operation."""

    def __init__(self, op: Operation, base_dir: Path | None = None) -> None:
        """Prepare for the batch."""
        self.op = op
        self.store = op.store
        self.reader = Reader(op, base_dir or Path(), Context(op.store.clock.today()))
        self.shared = Shared(op)
        self.params = clock_params(op.store)

    def evaluator(self, form: Form) -> Evaluator:
        """The form's evaluator, compiled once per open file."""
        key = ("evaluator", form.id, form.version)
        cache = self.store.cache
        return cache.get(key) or cache.setdefault(key, Evaluator(live_for(self.store, form), form))  # type: ignore[no-any-return]

    # ---- add ---------------------------------------------------------------------------------------------------
    def add(self, form: Form, raw: Mapping[str, Any], *, rec: str | None = None) -> tuple[str | None, list[Problem]]:
        """Add one object. Returns its id (None when it has a blocking problem) and its problems."""
        values, problems = self.reader.read(form, raw)
        values["id"] = rec or self.store.new_id()
        given = frozenset(values)
        problems += self.defaults(form, values)
        self.keep_log(form, values)
        problems += self.judge(form, values, problems)
        problems += self.shared.compare(form, values, given, separate=raw.get("same_visit") is False)
        if blocking(problems, raw):
            return None, problems
        rec = self.write(form, values, problems, separate=raw.get("same_visit") is False, given=given)
        if form.trips:
            trips.follow(self.op, form, None, load(self.store, form, rec))
        spawn(self, form, rec, values)
        backlinks(self, form, rec, values)
        return rec, problems

    def defaults(self, form: Form, values: Values) -> list[Problem]:
        """Fill what was not given: literals, then expressions in field order, then the shared record's own values."""
        problems: list[Problem] = []
        for f in form.typed():
            if f.key not in values and f.default is not None and not f.is_list:
                try:
                    values[f.key] = (
                        self.reader.ref(f, f.default) if f.type == "ref" else parse(f, f.default, self.reader.today)
                    )
                except BadValue as bad:
                    problems.append(bad.problem)
        self.shared.inherit(form, values)
        evaluator = self.evaluator(form)
        asked = [f for f in form.typed() if f.default_sql and f.key not in values and not f.is_list]
        for group in evaluator.in_steps(asked):
            texts = {f.key: f.default_sql for f in group}
            found = evaluator.compute(self.store.con, values, self.params, texts)
            for f in group:
                value = found[f.key]
                if value is None and f.check == "deadline":
                    value = self.provisional(form, f, values, problems)
                if value is not None:
                    values[f.key] = value
        self._row_defaults(form, values)
        return problems

    def _row_defaults(self, form: Form, values: Values) -> None:
        """Fill the cells of rows that were not given."""
        for f in form.lists:
            subs = {s.key: s.default_sql for s in f.fields if s.default_sql}
            if subs and values.get(f.key):
                computed = self.evaluator(form).compute_rows(self.store.con, values, self.params, f.key, subs)
                for row, more in zip(values[f.key], computed, strict=True):
                    for key, value in more.items():
                        if row.get(key) is None and value is not None:
                            row[key] = value

    def provisional(self, form: Form, f: Field, values: Values, problems: list[Problem]) -> str | None:
        """A deadline whose year has no holiday table: counted Mon–Fri, marked, recomputed at the next import."""
        from envdesk.store.deadlines import provisional_due

        due = provisional_due(self, form, f, values)
        if due is not None:
            problems.append(problem("calendar_missing", field=f.key, severity="hint", year=due[:4], value=due))
        return due

    def keep_log(self, form: Form, values: Values, old: Values | None = None) -> set[str]:
        """Append a changed logged value (``log``) with its day to its list; returns the list keys written."""
        written: set[str] = set()
        for f in form.typed():
            if not f.log or values.get(f.key) is None:
                continue
            rows = form.field(f.log)
            columns = [s.key for s in rows.fields]
            day = values.get(f"{f.key}_from") or self.store.clock.today().isoformat()
            entry = dict(zip(columns, (values[f.key], day), strict=False))
            kept = [dict(row) for row in values.get(f.log) or []]
            before = (old or {}).get(f.key), (old or {}).get(f"{f.key}_from")
            if (old is None or before != (values[f.key], day)) and not any(
                all(row.get(k) == v for k, v in entry.items()) for row in kept
            ):
                values[f.log] = sorted([*kept, entry], key=lambda row: str(row.get(columns[1]) or ""))
                written.add(f.log)
        return written

    def judge(self, form: Form, values: Values, read: Sequence[Problem], *, old: Values | None = None) -> list[Problem]:
        """Required marks, rules and unique keys of a draft; a value that could not be *read* is not missing as well."""
        found = self.evaluator(form).judge(self.store.con, values, self.params, self.store.cache)
        wrong = {p.field for p in read if p.severity == "error"}
        out = [p for p in problems_of(form, values, found, old) if p.code != "required" or p.field not in wrong]
        return out + self.taken(form, values)

    def taken(self, form: Form, values: Values) -> list[Problem]:
        """Keys that must be unique and that another live record has already."""
        out = []
        for keys in form.unique:
            fields = [form.field(k) for k in keys]
            wanted = [values.get(k) for k in keys]
            if any(v in (None, "", []) for v in wanted):
                continue
            where = " AND ".join(f"{quote(f.column)} = ?" for f in fields)
            sql = f"SELECT record_no FROM {table(form.id)} WHERE {where} AND void = 0 AND id <> ?"
            row = self.store.con.one(sql, (*wanted, values["id"]))
            if row is not None:
                text = "、".join(self.shared.text(f, v) for f, v in zip(fields, wanted, strict=True))
                label = "、".join(f.label for f in fields)
                out.append(problem("not_unique", field=keys[-1], label=label, value=text, record_no=row[0] or ""))
        return out

    def write(
        self, form: Form, values: Values, problems: Sequence[Problem], *, separate: bool, given: frozenset[str]
    ) -> str:
        """Store a judged draft: its shared records first, then its own part."""
        rec = str(values["id"])
        own = {f.column: values.get(f.key) for f in form.own}
        own["void"] = 0
        if self.op.why:
            self.op.allow(rec)
        if form.parents:
            own[f"{form.parents[0]}_id"] = self.shared.join(form, values, separate=separate, given=given)
        if form.prefix:
            own["record_no"] = next_number(self.store, form, self.year(form, values))
        insert(self.op, form, own, rec=rec, extra={"hints": hints_json(problems)})
        return rec

    def year(self, form: Form, values: Values) -> int:
        """Year of the record's own date (domain.md §10.12).

        A case that so far is only a clue has no main date yet: the earliest of its events stands for it.
        """
        main = str(values.get(form.date) or "") if form.date else ""
        events = {f.dated_by for f in form.fields if form.has(f.dated_by)}
        days = sorted(str(values[key]) for key in events if values.get(key)) if not main else [main]
        return int(days[0][:4]) if days and days[0][:4].isdigit() else self.store.clock.today().year

    # ---- edit --------------------------------------------------------------------------------------------------
    def edit(
        self, form: Form, rec: str, raw: Mapping[str, Any], *, base_rev: int | None = None
    ) -> tuple[bool, list[Problem]]:
        """Change the given keys of a record; null clears a field, lists are replaced whole.

        Returns whether it was stored, and the problems. A warning acknowledged before is not asked again.
        """
        current = fetch(self.store, form, rec)
        check_owner(self.store, form, rec)
        fixed = set(form.share_key) & set(raw) if form.kind == "shared" else set()
        if fixed:
            raise refuse("shared_key", label=form.field(fixed.pop()).label)
        if current["void"]:
            raise refuse("is_void", record_no=current["record_no"] or rec)
        if base_rev is not None and current["rev"] != base_rev:
            raise refuse("stale", record_no=current["record_no"] or rec)
        values, problems = self.reader.read(form, raw)
        judged = form_at(self.store, form.id, current["form_version"])
        if any(not judged.has(key) for key in values):
            judged = form
        typed = {f.key for f in form.typed()}
        cleared = [k for k, v in raw.items() if v is None and k in typed]
        merged: Values = {f.key: current.get(f.key) for f in form.typed()} | values | dict.fromkeys(cleared)
        merged["id"] = rec
        self._merge_rows(form, current, values, merged)
        changed = {*values, *cleared, *self.keep_log(form, merged, current)}
        changed |= self._follow_defaults(form, current, merged, changed)
        problems += self.judge(judged, merged, problems, old=current)
        problems += orphans(self.store, form, current, merged)
        accepted = {(h["code"], h["field"]) for h in json.loads(current["hints"] or "[]") if h["severity"] == "warning"}
        if blocking([p for p in problems if (p.code, p.field) not in accepted], raw):
            return False, problems
        if self.op.why or completes(self.store, form, current, merged, changed):
            self.op.allow(rec)
        new = {f.column: merged.get(f.key) for f in form.own if f.key in changed}
        if form.parents:
            touched = {f.key for f in form.fields if f.home != form.id and f.key in changed}
            if touched:
                new |= self.shared.move(form, rec, merged, touched)
        before = load(self.store, form, rec) if form.trips else None
        update(self.op, form, rec, new, extra={"hints": hints_json(problems), "form_version": judged.version})
        if form.trips:
            trips.follow(self.op, form, before, load(self.store, form, rec))
        follow(self, form, current, merged)
        spawn(self, form, rec, merged)
        backlinks(self, form, rec, merged)
        return True, problems

    def _merge_rows(self, form: Form, current: Values, values: Values, merged: Values) -> None:
        """Given lists replace the old ones whole; a row keeps its id only if it is a row of this list."""
        for f in form.lists:
            merged[f.key] = merged.get(f.key) or []
            if f.key in values and f.type in ("rows", "photos", "files"):
                known = {row["id"] for row in current.get(f.key) or []}
                for row in merged[f.key]:
                    if row.get("id") not in known:
                        row.pop("id", None)
                links = [s.link for s in form.spawns if s.list == f.key]
                if links:
                    _claim(merged[f.key], current.get(f.key) or [], links)
            subs = {s.key: s.default_sql for s in f.fields if s.default_sql}
            if f.key in values and subs and merged[f.key]:
                more = self.evaluator(form).compute_rows(self.store.con, merged, self.params, f.key, subs)
                for row, extra in zip(merged[f.key], more, strict=True):
                    row |= {k: v for k, v in extra.items() if row.get(k) is None and v is not None}

    def _follow_defaults(self, form: Form, current: Values, merged: Values, given: set[str]) -> set[str]:
        """A value that was its default stays its default when what it rests on is edited; returns the keys changed."""
        texts = {f.key: f.default_sql for f in form.typed() if f.default_sql and not f.is_list and f.key not in given}
        if not texts:
            return set()
        before = self.evaluator(form).compute(self.store.con, current, self.params, texts)
        after = self.evaluator(form).compute(self.store.con, merged, self.params, texts)
        moved = {k for k in texts if before[k] == current.get(k) and after[k] not in (None, before[k])}
        merged.update({k: after[k] for k in moved})
        return moved


def check_owner(store: Store, form: Form, rec: str) -> None:
    """A record belongs to its office; the district, which holds those of its streets, edits none of them.

    Raises:
        Refused: ``foreign_record``.
    """
    owner = store.con.value(f"SELECT office FROM {table(form.id)} WHERE id = ?", (rec,))
    if owner is not None and owner != store.office:
        raise refuse("foreign_record")


def _claim(rows: list[Values], old: list[Values], links: Sequence[str]) -> None:
    """Give rows that came back without id the old row they repeat, with the records it has already made."""
    taken = {row["id"] for row in rows if row.get("id")}
    for row in rows:
        if row.get("id"):
            continue
        for was in old:
            if was["id"] not in taken and all(was.get(k) == v for k, v in row.items() if v is not None):
                row["id"] = was["id"]
                row |= {link: was[link] for link in links if row.get(link) is None and was.get(link)}
                taken.add(was["id"])
                break


def hints_json(problems: Sequence[Problem]) -> str | None:
    """Hints and acknowledged warnings kept with the record (待补 filter, R19)."""
    kept = [{"field": p.field, "code": p.code, "severity": p.severity} for p in problems if p.severity != "error"]
    return json.dumps(kept, ensure_ascii=False) if kept else None


def blocking(problems: Sequence[Problem], raw: Mapping[str, Any]) -> bool:
    """Errors always stop; warnings unless the object says ``"warnings": "accept"``."""
    accepted = raw.get("warnings") == "accept"
    return any(p.severity == "error" or (p.severity == "warning" and not accepted) for p in problems)


def add(
    store: Store,
    form_id: str,
    objects: Sequence[Any],
    *,
    base_dir: Path | None = None,
    why: str = "",
    verb: str = "add",
    dry_run: bool = False,
) -> Outcome:
    """Add objects to a form, all or nothing.

    Args:
        store: open file.
        form_id: form.
        objects: raw objects; later ones may refer to earlier ones.
        base_dir: folder of photo and file paths.
        why: reason, needed when a date lies in a sealed period (补录); an object may carry it as ``"why"``.
        verb: name of the operation.
        dry_run: judge everything, store nothing.
    """
    form = store.catalogue.form(form_id)
    if form.kind == "shared":
        raise refuse("shared_form", form=form.title)
    if not objects:
        raise refuse("no_records")
    outcome = Outcome()
    why = why or next((str(o["why"]) for o in objects if isinstance(o, Mapping) and o.get("why")), "")
    try:
        with operation(store, verb, form=form_id, why=why) as op:
            saver = Saver(op, base_dir)
            stop = False
            for index, raw in enumerate(objects):
                if not isinstance(raw, Mapping):
                    outcome.problems.append(problem("not_object", index=index + 1).at(index))
                    stop = True
                    continue
                try:
                    rec, problems = saver.add(form, raw)
                except Refused as exc:
                    if exc.code != "sealed":
                        raise
                    rec, problems = None, [Problem("sealed", str(exc))]
                outcome.problems += [p.at(index) for p in problems]
                if rec is None:
                    stop = True
                else:
                    outcome.ids.append(rec)
            outcome.refused = stop
            if stop or dry_run:
                raise _Stop  # noqa: TRY301 - leaves the transaction
            outcome.operation = op.no
            outcome.created = created_by(op)
    except _Stop:
        outcome.ids = []
    return outcome


def created_by(op: Operation) -> list[dict[str, Any]]:
    """Records an operation created: form, id, record_no."""
    rows = op.store.con.query(
        "SELECT form, rec FROM change WHERE op = ? AND field IS NULL AND old IS NULL ORDER BY seq", (op.no,)
    )
    out = []
    for form, rec in rows:
        number = op.store.con.value(f"SELECT record_no FROM {table(form)} WHERE id = ?", (rec,))
        out.append({"form": form, "id": rec, "record_no": number})
    return out


def edit(
    store: Store,
    form_id: str,
    rec: str,
    raw: Mapping[str, Any],
    *,
    why: str = "",
    base_dir: Path | None = None,
    base_rev: int | None = None,
) -> Outcome:
    """Change a record. Nothing is stored when a problem blocks."""
    form = store.catalogue.form(form_id)
    outcome = Outcome()
    try:
        with operation(store, "edit", form=form_id, why=why) as op:
            stored, outcome.problems = Saver(op, base_dir).edit(form, rec, raw, base_rev=base_rev)
            if not stored:
                raise _Stop  # noqa: TRY301 - leaves the transaction
            outcome.ids = [rec]
            outcome.operation = op.no if op.seq else None
            outcome.created = created_by(op)
    except _Stop:
        outcome.refused = True
    except Refused as exc:
        if exc.code != "sealed":
            raise
        outcome = Outcome(problems=[Problem("sealed", str(exc))], refused=True)
    return outcome


def void(store: Store, form_id: str, rec: str, why: str) -> Outcome:
    """Void a record with a reason; its number stays used, figures act as if it had never been."""
    return void_all(store, [(form_id, rec)], why)


def void_all(store: Store, keys: Sequence[tuple[str, str]], why: str) -> Outcome:
    """Void records (form, id) in one operation, all or none."""
    forms = {form_id: store.catalogue.form(form_id) for form_id, _rec in keys}
    for form in forms.values():
        if form.kind == "shared":
            raise refuse("shared_void", form=form.title)
    if not why.strip():
        raise refuse("why_needed")
    with operation(store, "void", form=next(iter(forms)) if len(forms) == 1 else "", why=why) as op:
        for form_id, rec in keys:
            _void_one(op, forms[form_id], rec, why)
        for form_id, rec in keys:
            _check_unused(store, forms[form_id], rec)
        return Outcome(ids=[rec for _form, rec in keys], operation=op.no if keys else None)


def _check_unused(store: Store, form: Form, rec: str) -> None:
    """A subject, person or grid that live records name stays: void, it would silently take them out of the figures."""
    if form.kind != "list" and not form.merge:
        return
    for other, source, _key, _target in references_to(store, [rec]):
        if store.con.value(f"SELECT void FROM {table(other)} WHERE id = ?", (source,)) == 0:
            number = store.con.value(f"SELECT record_no FROM {table(other)} WHERE id = ?", (source,))
            raise refuse(
                "in_use", what=ref_name(store, form.id, rec), record_no=number or store.catalogue.forms[other].title
            )


def _void_one(op: Operation, form: Form, rec: str, why: str) -> None:
    current = load(op.store, form, rec)
    if current is None:
        raise refuse("not_found", id=rec)
    check_owner(op.store, form, rec)
    if current["void"]:
        raise refuse("already_void", record_no=current["record_no"] or rec)
    op.allow(rec)
    update(op, form, rec, {"void": 1, "void_reason": why})
    trips.follow(op, form, current, None)
    if form.parents:
        Shared(op).release(form, rec)
