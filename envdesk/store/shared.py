"""Shared records: visits that join one outing, sheets that join one visit (domain.md §2, §10.16).

An outing is found again by date, session and the set of its people; a visit by its outing and subject. What belongs to
them is typed once: a second sheet inherits it, a differing value is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from envdesk.errors import Problem, problem
from envdesk.formdef.live import list_table, table
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import show
from envdesk.sql import quote
from envdesk.store import trips
from envdesk.store.operations import Operation, insert, load, next_number, update

Values = dict[str, Any]


class Shared:
    """Finds, makes, moves and releases shared records inside one operation."""

    def __init__(self, op: Operation) -> None:
        """Work inside *op*."""
        self.op = op
        self.store = op.store

    # ---- finding -----------------------------------------------------------------------------------------------
    def _key_of(self, form: Form, parent: str) -> list[Field]:
        """Fields of *form* that identify its shared record *parent*."""
        names = self.store.catalogue.forms[parent].share_key
        return [f for f in form.fields if f.home == parent and f.column in names]

    def find(self, form: Form, values: Values, parent: str, above: str | None) -> str | None:
        """Return the live shared record that a draft belongs to, or None."""
        keys = self._key_of(form, parent)
        if any(values.get(f.key) in (None, "") and not f.is_list and f.column == "date" for f in keys):
            return None
        where: list[str] = ["void = 0", "office = ?"]
        params: list[Any] = [self.store.office]
        for f in keys:
            if not f.is_list:
                where.append(f"{quote(f.column)} IS ?")
                params.append(values.get(f.key))
        if above is not None:
            up = self.store.catalogue.forms[parent].parents[0]
            where.append(f"{quote(up + '_id')} = ?")
            params.append(above)
        lists = [f for f in keys if f.is_list]

        def first() -> str | None:
            sql = f"SELECT id FROM {table(parent)} WHERE {' AND '.join(where)} ORDER BY id"
            for (found,) in self.store.con.query(sql, params):
                if all(set(self._list(f, found)) == set(values.get(f.key) or []) for f in lists):
                    return str(found)
            return None

        found = first()
        if found is None and above is None and '"session" IS ?' in where:  # a recheck of that day made it, without 时段
            params[where.index('"session" IS ?') - 1] = None
            found = first()
        return found

    def _list(self, f: Field, rec: str) -> list[Any]:
        sql = f"SELECT value FROM {quote(list_table(f.home, f.column))} WHERE rec = ? ORDER BY pos"
        return [v for (v,) in self.store.con.query(sql, (rec,))]

    def chain(self, form: Form, values: Values, *, separate: bool = False) -> dict[str, str | None]:
        """Existing shared records of a draft, topmost first: parent id → record id or None."""
        out: dict[str, str | None] = {}
        above: str | None = None
        for n, parent in enumerate(reversed(form.parents)):
            lowest = n == len(form.parents) - 1
            top = n == 0
            found = (
                None
                if (above is None and not top) or (separate and lowest and not top)
                else self.find(form, values, parent, above)
            )
            out[parent] = found
            above = found
        return out

    # ---- before saving -----------------------------------------------------------------------------------------
    def inherit(self, form: Form, values: Values) -> None:
        """Take over what the shared records already say, for keys that were not given."""
        if not form.parents:
            return
        for parent, rec in self.chain(form, values).items():
            if rec is None:
                continue
            stored = load(self.store, self.store.catalogue.forms[parent], rec) or {}
            for f in form.fields:
                if f.home == parent and f.stored and f.key not in values and stored.get(f.column) not in (None, []):
                    values[f.key] = stored[f.column]

    def compare(self, form: Form, values: Values, given: Iterable[str], *, separate: bool) -> list[Problem]:
        """Warnings for given values that differ from the shared records."""
        if not form.parents or separate:
            return []
        out: list[Problem] = []
        given = set(given)
        for parent, rec in self.chain(form, values).items():
            if rec is None:
                continue
            stored = load(self.store, self.store.catalogue.forms[parent], rec) or {}
            for f in self._free(form, parent):
                old, new = stored.get(f.column), values.get(f.key)
                if f.key not in given or old in (None, []) or new in (None, []) or old == new:
                    continue
                if f.column == "team_count":
                    out.append(problem("team_count_differs", field=f.key, severity="warning", old=old, value=new))
                elif parent == form.parents[0] and not f.is_list:
                    shown = {"old": self.text(f, old), "value": self.text(f, new)}
                    out.append(problem("visit_header_differs", field=f.key, severity="warning", label=f.label, **shown))
        return out

    def text(self, f: Field, value: Any) -> str:
        """A value as a sentence shows it: masked, references by name."""
        if f.type == "ref":
            from envdesk.store.query import ref_name

            return ref_name(self.store, f.ref, value)
        return show(f, value)

    def _free(self, form: Form, parent: str) -> list[Field]:
        keys = {f.key for f in self._key_of(form, parent)}
        return [f for f in form.fields if f.home == parent and f.stored and f.key not in keys]

    # ---- saving ------------------------------------------------------------------------------------------------
    def join(self, form: Form, values: Values, *, separate: bool = False, given: Iterable[str] = ()) -> str:
        """Return the id of the nearest shared record of a draft, made or brought up to date."""
        found = self.chain(form, values, separate=separate)
        above: str | None = None
        for parent in reversed(form.parents):
            rec = found[parent]
            above = (
                self._make(form, values, parent, above)
                if rec is None
                else self._extend(form, values, parent, rec, given)
            )
        assert above is not None  # noqa: S101 - form.parents is not empty here
        return above

    def _make(self, form: Form, values: Values, parent: str, above: str | None) -> str:
        shared = self.store.catalogue.forms[parent]
        own: Values = {f.column: values.get(f.key) for f in form.fields if f.home == parent and f.stored}
        own["void"] = 0
        if shared.parents:
            own[f"{shared.parents[0]}_id"] = above
        rec = self.store.new_id()
        if self.op.why:
            self.op.allow(rec)
        if shared.prefix:
            day = str(values.get(form.date) or self.store.clock.today().isoformat())
            own["record_no"] = next_number(self.store, shared, int(day[:4]))
        return insert(self.op, shared, own, rec=rec)

    def _extend(self, form: Form, values: Values, parent: str, rec: str, given: Iterable[str]) -> str:
        shared = self.store.catalogue.forms[parent]
        stored = load(self.store, shared, rec) or {}
        given = set(given)
        new = self._adopt(form, values, parent, stored)
        for f in self._free(form, parent):
            old, value = stored.get(f.column), values.get(f.key)
            if value in (None, []) or value == old:
                continue
            if old in (None, []):
                new[f.column] = value
            elif f.key not in given:
                continue
            elif parent == form.parents[0] and not (f.type == "int" and parent == form.parents[-1]):
                new[f.column] = value
            elif f.type == "int":
                new[f.column] = max(old, value)
            elif f.is_list:
                new[f.column] = [*old, *(v for v in value if v not in old)]
        if new:
            if self.op.why:
                self.op.allow(rec)
            update(self.op, shared, rec, new)
        return rec

    # ---- moving and releasing ----------------------------------------------------------------------------------
    def move(self, form: Form, rec: str, values: Values, touched: set[str]) -> Values:
        """Apply edited shared values of a sheet; returns columns of the sheet that change (its ``<parent>_id``).

        Editing what identifies the outing moves this visit, with its sheets, to another outing and never its siblings;
        editing the subject moves this sheet alone when the visit has others.
        """
        nearest = form.parents[0]
        old_parent = str(
            self.store.con.value(f"SELECT {quote(nearest + '_id')} FROM {table(form.id)} WHERE id = ?", (rec,))
        )
        identity = {f.key for p in form.parents for f in self._key_of(form, p)}
        if not touched & identity:
            self._rewrite(form, values, old_parent, touched)
            return {}
        if len(form.parents) == 1:
            target = self._target(form, values, None, nearest)
            self._rewrite(form, values, target, touched - identity)
            if target != old_parent:
                self._later_release(nearest, old_parent, leaving=rec, child=form)
            return {f"{nearest}_id": target} if target != old_parent else {}
        return self._move_visit(form, rec, values, touched, old_parent)

    def _move_visit(self, form: Form, rec: str, values: Values, touched: set[str], visit: str) -> Values:
        visit_form, outing = form.parents[0], form.parents[1]
        shared = self.store.catalogue.forms[visit_form]
        old_outing = str(self.store.con.value(f"SELECT {outing}_id FROM {table(visit_form)} WHERE id = ?", (visit,)))
        subject_moved = bool(touched & {f.key for f in self._key_of(form, visit_form)})
        others = [r for f, r in self.children(visit_form, visit) if r != rec]
        new_outing = self._target(form, values, None, outing)
        existing = self.find(form, values, visit_form, new_outing)
        if existing == visit:
            self._rewrite(form, values, visit, touched)
            return {}
        if existing is None and not (subject_moved and others):
            new: Values = {f"{outing}_id": new_outing}
            new |= {f.column: values.get(f.key) for f in form.fields if f.home == visit_form and f.key in touched}
            self._allow(visit)
            update(self.op, shared, visit, new)
            self._rewrite_above(form, values, new_outing, touched)
            self._release_empty(outing, old_outing)
            return {}
        target = existing or self._make(form, values, visit_form, new_outing)
        self._rewrite(form, values, target, touched)
        if not subject_moved:
            for child_form, child in self.children(visit_form, visit):
                if child != rec:
                    self._allow(child)
                    update(self.op, self.store.catalogue.forms[child_form], child, {f"{visit_form}_id": target})
        self._later_release(visit_form, visit, leaving=rec, child=form, above=(outing, old_outing))
        return {f"{visit_form}_id": target}

    def _adopt(self, form: Form, values: Values, parent: str, stored: Values) -> Values:
        """What identifies a shared record and it does not say yet (时段 of an outing that a recheck made)."""
        return {
            f.column: values[f.key]
            for f in self._key_of(form, parent)
            if not f.is_list and stored.get(f.column) is None and values.get(f.key) not in (None, "")
        }

    def _target(self, form: Form, values: Values, above: str | None, parent: str) -> str:
        found = self.find(form, values, parent, above)
        if found is None:
            return self._make(form, values, parent, above)
        shared = self.store.catalogue.forms[parent]
        new = self._adopt(form, values, parent, load(self.store, shared, found) or {})
        if new:
            self._allow(found)
            update(self.op, shared, found, new)
        return found

    def _allow(self, rec: str) -> None:
        if self.op.why:
            self.op.allow(rec)

    def _rewrite(self, form: Form, values: Values, nearest: str, touched: set[str]) -> None:
        """Write edited non-identifying values into the shared records above *nearest* and itself."""
        rec = nearest
        for parent in form.parents:
            shared = self.store.catalogue.forms[parent]
            new = {f.column: values.get(f.key) for f in self._free(form, parent) if f.key in touched}
            if new:
                self._allow(rec)
                update(self.op, shared, rec, new)
            if shared.parents:
                rec = str(
                    self.store.con.value(f"SELECT {shared.parents[0]}_id FROM {table(parent)} WHERE id = ?", (rec,))
                )

    def _rewrite_above(self, form: Form, values: Values, outing: str, touched: set[str]) -> None:
        parent = form.parents[-1]
        new = {f.column: values.get(f.key) for f in self._free(form, parent) if f.key in touched}
        if new:
            self._allow(outing)
            update(self.op, self.store.catalogue.forms[parent], outing, new)

    def children(self, parent: str, rec: str) -> list[tuple[str, str]]:
        """Live records that hang on a shared record: (form id, id)."""
        out: list[tuple[str, str]] = []
        for form in self.store.catalogue.forms.values():
            if form.parents and form.parents[0] == parent:
                sql = f"SELECT id FROM {table(form.id)} WHERE {quote(parent + '_id')} = ? AND void = 0"
                out += [(form.id, r) for (r,) in self.store.con.query(sql, (rec,))]
        return out

    def _later_release(
        self, parent: str, rec: str, *, leaving: str, child: Form, above: tuple[str, str] | None = None
    ) -> None:
        """Void a shared record that only *leaving* still hangs on (it is about to be moved away)."""
        if all(r == leaving for _f, r in self.children(parent, rec)):
            self._void(parent, rec)
            if above:
                self._release_empty(*above)
        _ = child

    def _release_empty(self, parent: str, rec: str) -> None:
        if not self.children(parent, rec):
            self._void(parent, rec)

    def _void(self, parent: str, rec: str) -> None:
        if parent != trips.OUTING:
            self._allow(rec)
            update(self.op, self.store.catalogue.forms[parent], rec, {"void": 1, "void_reason": "没有记录"})
        elif not trips.is_trip(self.store, rec):
            trips.void(self.op, rec)
            trips.ensure(self.op, str(self.store.con.value(f"SELECT date FROM {table(parent)} WHERE id = ?", (rec,))))

    def release(self, form: Form, rec: str) -> None:
        """After a record was voided: void the visit and outing that no live record hangs on any more."""
        for parent in form.parents:
            up = self.store.con.value(f"SELECT {quote(parent + '_id')} FROM {table(form.id)} WHERE id = ?", (rec,))
            if up is None or self.children(parent, str(up)):
                return
            self._void(parent, str(up))
            form, rec = self.store.catalogue.forms[parent], str(up)
