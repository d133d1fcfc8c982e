"""The live layer: the names an expression may read, as common table expressions over the stored tables.

A form's id means its live records: not void, fields of its shared records joined in, merged subjects replaced by the
canonical one, terms as of ``:cut`` added as columns. ``form.list`` means the rows of a list with ``rec`` = the
record's id. A block view is the union over the forms that include the block. Nothing is materialised: SQLite sees
through all of it to the indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from envdesk.formdef import dated
from envdesk.formdef.expr import BadExpression, Compiled, Scope, compile_expr, words
from envdesk.formdef.model import VALUE_LISTS, BlockView, Catalogue, Field, Form
from envdesk.sql import quote

#: Columns every live record has besides its fields.
SYSTEM = ("id", "record_no", "office", "created_by", "created_at", "updated_at", "reviewed_by", "reviewed_at")
PHOTO_COLUMNS: Mapping[str, str] = {
    "sha256": "TEXT", "name": "TEXT", "size": "INTEGER", "taken_at": "TEXT", "tag": "TEXT", "internal": "INTEGER",
    "caption": "TEXT",
}  # fmt: skip
FILE_COLUMNS: Mapping[str, str] = {"sha256": "TEXT", "name": "TEXT", "size": "INTEGER", "kind": "TEXT"}
SQL_TYPES: Mapping[str, str] = {
    "text": "TEXT", "long_text": "TEXT", "date": "TEXT", "time": "TEXT", "datetime": "TEXT", "int": "INTEGER",
    "decimal": "REAL", "money": "INTEGER", "choice": "TEXT", "bool": "INTEGER", "ref": "TEXT", "people": "TEXT",
    "multichoice": "TEXT", "texts": "TEXT", "ints": "INTEGER",
}  # fmt: skip


def table(form: str) -> str:
    """Name of a form's stored table."""
    return f"t_{form}"


def list_table(home: str, column: str) -> str:
    """Name of the stored table of a list field."""
    return f"t_{home}__{column}"


def list_columns(f: Field) -> dict[str, str]:
    """Columns of a list field's table besides id, rec and pos: name → SQL type (a list inside a row is JSON text)."""
    if f.type == "photos":
        return dict(PHOTO_COLUMNS)
    if f.type == "files":
        return dict(FILE_COLUMNS)
    if f.type in VALUE_LISTS:
        return {"value": SQL_TYPES[f.type]}
    return {sub.key: SQL_TYPES[sub.type] for sub in f.fields if sub.stored}


def ref_alias(key: str) -> str:
    """Alias under which the record behind a reference key is reached (``subject_id`` → ``subject``)."""
    return key.removesuffix("_id")


@dataclass(frozen=True, slots=True)
class Source:
    """Something records can be counted over: a form, a ``form.list`` or a block view.

    Attributes:
        name: table expression name.
        rec: column that holds the record's id (``rec`` for rows).
        form: SQL text giving the form id of a row.
    """

    name: str
    rec: str
    form: str
    scope: Scope
    fields: Mapping[str, Field]


class Live:
    """Builds scopes and the WITH clause for one catalogue. Immutable after construction."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Prepare names of all forms, lists and views."""
        self.catalogue = catalogue
        self.settings = frozenset(k for k, s in catalogue.settings.items() if s.figure)
        self.shared = frozenset(f.id for f in catalogue.forms.values() if f.kind == "shared")
        self.list_names: dict[str, tuple[str, Field]] = {}
        for form in catalogue.forms.values():
            for f in form.lists:
                self.list_names[f"{form.id}.{f.key}"] = (form.id, f)
        for view in catalogue.views.values():
            members = catalogue.members(view.block)
            if members:
                for f in members[0].lists:
                    if f.stored and all(m.has(f.key) and m.field(f.key).type == f.type for m in members):
                        self.list_names[f"{view.name}.{f.key}"] = (view.name, f)
        self.tables = frozenset({*catalogue.forms, *catalogue.views, *self.list_names, "calendar"})
        self.ref_keys = {
            form.id: frozenset(
                {"id", "record_no", "created_at"} | {f.key for f in form.own if not f.is_list and f.home == form.id}
            )
            for form in catalogue.forms.values()
        }
        names = {c for _owner, f in self.list_names.values() for c in list_columns(f)} | {"rec", "pos", "n", "day"}
        keys = {f.key for form in catalogue.forms.values() for f in form.fields} | set(SYSTEM)
        self.columns = frozenset(names | keys | {t for form in catalogue.forms.values() for t in self.derived(form)})
        self._scopes: dict[tuple[str, str, int], Scope] = {}

    # ---- scopes ------------------------------------------------------------------------------------------------
    def _scope(self, name: str, keys: set[str], fields: Iterable[Field]) -> Scope:
        fields = list(fields)
        return Scope(
            keys=frozenset(keys),
            refs={ref_alias(f.key): (f.ref, f.key) for f in fields if f.type == "ref"},
            lists={key.split(".", 1)[1]: key for key, (owner, _f) in self.list_names.items() if owner == name},
            tables=self.tables,
            ref_keys=self.ref_keys,
            settings=self.settings,
            columns=self.columns,
        )

    def form_scope(self, form: Form, *, terms: int | None = None) -> Scope:
        """Scope of a record expression; *terms* limits it to the first n derived names (definition order)."""
        derived = self.derived(form)
        count = len(derived) if terms is None else terms
        cached = self._scopes.get((form.id, "", count))
        if cached:
            return cached
        stored = [f for f in form.fields if f.stored and not f.is_list]
        keys = {f.key for f in stored} | set(SYSTEM) | {f"{p}_id" for p in form.parents} | set(list(derived)[:count])
        scope = self._scope(form.id, keys, stored)
        self._scopes[form.id, "", count] = scope
        return scope

    def row_scope(self, form: Form, f: Field) -> Scope:
        """Scope of an expression judged per row: the row's columns first, then the record's keys."""
        cached = self._scopes.get((form.id, f.key, -1))
        if cached:
            return cached
        outer = self.form_scope(form)
        rows = [s for s in f.fields if s.stored]
        keys = set(outer.keys) | set(list_columns(f)) | {"rec", "pos"}
        stored = {g.key: g for g in form.fields if g.stored and not g.is_list}
        scope = self._scope(form.id, keys, {**stored, **{s.key: s for s in rows}}.values())
        self._scopes[form.id, f.key, -1] = scope
        return scope

    def derived(self, form: Form) -> dict[str, str]:
        """Terms and computed fields of a form in definition order: name → expression."""
        computed = {f.key: f.computed for f in form.fields if f.computed}
        out = {**form.terms, **computed}
        if form.states:
            parts = " ".join(f"when coalesce(({s.when}), 0) then '{s.word}'" for s in form.states)
            out["state"] = f"case {parts} end"
        return out

    def view_fields(self, view: BlockView) -> dict[str, Field]:
        """Scalar fields that all forms of a view have in common, the row's own columns first."""
        members = self.catalogue.members(view.block)
        if not members:
            return {}
        common = {
            f.key: f
            for f in members[0].fields
            if f.stored and not f.is_list and all(m.has(f.key) and m.field(f.key).type == f.type for m in members)
        }
        if view.list:
            rows = members[0].field(view.list)
            return {**common, **{s.key: s for s in rows.fields if s.stored}}
        return common

    def source(self, of: str) -> Source:
        """Return what a figure's ``of`` names.

        Raises:
            BadExpression: no such form, list or view.
        """
        forms, views = self.catalogue.forms, self.catalogue.views
        if of in views:
            view = views[of]
            if view.parts:
                names = (
                    {k for part in view.parts for k in part.keys} | {"form", "rec", "id", "record_no"} | set(view.terms)
                )
                refs = self._part_refs(view)
                return Source(of, "rec", "me.form", self._scope(of, names, refs), {f.key: f for f in refs})
            fields = self.view_fields(view)
            members = self.catalogue.members(view.block)
            parents = {f"{p}_id" for m in members[:1] for p in m.parents}
            keys = set(fields) | {"form", "rec", "id", "record_no", "grid_id"} | parents | set(view.terms)
            return Source(of, "rec", "me.form", self._scope(of, keys, fields.values()), fields)
        if of in forms:
            form = forms[of]
            fields = {f.key: f for f in form.fields if not f.is_list}
            return Source(of, "id", f"'{of}'", self.form_scope(form), fields)
        owner, _, key = of.partition(".")
        if owner in forms and forms[owner].has(key) and forms[owner].field(key).is_list:
            form, f = forms[owner], forms[owner].field(key)
            rows = {s.key: s for s in f.fields}
            fields = {**{g.key: g for g in form.fields if not g.is_list}, **rows}
            return Source(f"{of}*", "rec", f"'{owner}'", self.row_scope(form, f), fields)
        raise BadExpression(f"没有“{of}”这个表或视图")

    def _part_refs(self, view: BlockView) -> list[Field]:
        """Fields that the keys of a union view stand for, where a key is simply a field of the first part."""
        of = self.source(view.parts[0].of)
        return [replace(of.fields[text], key=key) for key, text in view.parts[0].keys.items() if text in of.fields]

    # ---- table expressions -------------------------------------------------------------------------------------
    def with_clause(self, texts: Iterable[str], tables: Iterable[str], shadow: Mapping[str, str] | None = None) -> str:
        """Return ``with a as (…), …`` for all names that *tables* and, in turn, they need.

        Args:
            texts: every expression of the query (its words decide which terms become columns).
            tables: names read directly.
            shadow: name → query that stands in for the stored one (a draft).
        """
        needed: set[str] = set()
        for text in texts:
            needed |= words(text)
        order: list[str] = []
        bodies: dict[str, str] = {}
        shadow = shadow or {}

        def add(name: str, trail: tuple[str, ...]) -> None:
            if name in bodies or name == "calendar":
                return
            if name in trail:
                raise BadExpression(f"循环引用：{'→'.join((*trail, name))}")
            if name in shadow:
                bodies[name] = shadow[name]
            else:
                body, deps = self._body(name, needed)
                for dep in sorted(deps):
                    add(dep, (*trail, name))
                bodies[name] = body
            order.append(name)

        before = -1
        names = set(tables)
        while before != len(needed):  # terms bring words of their own
            before = len(needed)
            order, bodies = [], {}
            for name in sorted(names):
                add(name, ())
        once = {n: "" if n.endswith(dated.SHARED) else "not " for n in order}
        parts = [f"{quote(n)} as {once[n]}materialized ({bodies[n]})" for n in order]
        return f"with {', '.join(parts)} " if parts else ""

    def _body(self, name: str, needed: set[str]) -> tuple[str, set[str]]:
        if dated.ROWS in name:
            view = self.catalogue.views[name.partition(dated.ROWS)[0]]
            if name.endswith(dated.SHARED):
                return dated.shared_body(self, view, needed), set()
            return self._view_terms(view, *dated.rows_body(self, view, needed), needed)
        if name in self.catalogue.views:
            return self._view_body(self.catalogue.views[name], needed)
        if name in self.catalogue.forms:
            return self._form_body(self.catalogue.forms[name], needed)
        if name.endswith("*"):
            return self._rows_body(name[:-1], needed)
        owner, f = self.list_names[name]
        return self.list_body(owner, f)

    def canonical(self, f: Field, column: str, joins: list[str]) -> str:
        """SQL of a reference with merged records replaced by the one that stands for them; adds what it joins."""
        if f.ref and self.catalogue.forms[f.ref].merge:
            alias = quote(f"c_{f.key}")
            joins.append(f"left join {table(f.ref)} {alias} on {alias}.id = {column}")
            return f"coalesce({alias}.canonical, {column})"
        return column

    def base(self, form: Form, *, void: bool = False) -> str:
        """Select a form's records with the fields of its shared records; only live ones unless *void*."""
        joins = [f"{table(form.id)} as s"]
        alias = {form.id: "s"}
        child = "s"
        for n, parent in enumerate(form.parents):
            alias[parent] = f"p{n}"
            joins.append(f"join {table(parent)} as p{n} on p{n}.id = {child}.{quote(parent + '_id')}")
            child = f"p{n}"
        outer: list[str] = []
        columns = [f"s.{c}" for c in SYSTEM]
        below = "s"
        for n, parent in enumerate(form.parents):
            columns.append(f"{below}.{quote(parent + '_id')}")
            below = f"p{n}"
        for f in form.fields:
            if f.stored and not f.is_list:
                column = f"{alias[f.home]}.{quote(f.column)}"
                columns.append(f"{self.canonical(f, column, outer)} as {quote(f.key)}")
        if form.merge:
            columns.append("s.canonical as canonical")
        where = "1" if void else "s.void = 0" + (" and s.canonical is null" if form.merge else "")
        return f"select {', '.join(columns)} from {' '.join([*joins, *outer])} where {where}"

    def _form_body(self, form: Form, needed: set[str]) -> tuple[str, set[str]]:
        return self.layered(form, f"select me.* from ({self.base(form)}) me", needed)

    def layered(self, form: Form, body: str, needed: set[str]) -> tuple[str, set[str]]:
        """Add the needed terms of *form* to a query as columns. Returns the query and the names it reads."""
        derived = self.derived(form)
        wanted: set[str] = set()
        changed = True
        while changed:
            changed = False
            for name, text in derived.items():
                if name in needed and name not in wanted:
                    wanted.add(name)
                    needed |= words(text)
                    changed = True
        deps: set[str] = set()
        for n, (name, text) in enumerate(derived.items()):
            if name not in wanted:
                continue
            got = compile_expr(text, self.form_scope(form, terms=n))
            deps |= got.tables
            body = f"select me.*, ({got.sql}) as {quote(name)} from ({body}) me{self.joins(got, self.form_scope(form))}"
        return body, deps

    def joins(self, compiled: Compiled, scope: Scope) -> str:
        """Left joins for the references an expression follows."""
        out = ""
        for alias in sorted(compiled.refs):
            form, key = scope.refs[alias]
            out += f" left join {table(form)} {quote(alias)} on {quote(alias)}.id = me.{quote(key)}"
            out += f" and {quote(alias)}.void = 0"
        return out

    def list_body(self, owner: str, f: Field) -> tuple[str, set[str]]:
        """The rows of a list with ``rec``, and the names the query reads."""
        joins: list[str] = []
        columns = ["r.id", "r.pos"] if f.type not in VALUE_LISTS else ["r.pos"]
        if f.type == "rows":
            stored = [sub.key for sub in f.fields if sub.stored]
            columns += [
                f"{self.canonical(sub, f'r.{quote(sub.key)}', joins)} as {quote(sub.key)}"
                for sub in f.fields
                if sub.key in stored
            ]
        else:
            columns += [f"r.{quote(c)}" for c in list_columns(f)]
        source = list_table(f.home, f.column)
        if owner in self.catalogue.views and f.block not in self.shared:
            arms = [
                self.list_body(m.id, m.field(f.key)) for m in self.catalogue.members(self.catalogue.views[owner].block)
            ]
            return " union all ".join(body for body, _deps in arms), set()
        if owner in self.catalogue.views:
            column = quote(f.home + "_id")
            return (
                f"select v.rec as rec, {', '.join(columns)} from {quote(owner)} v join {source} r on r.rec = v.{column}"
                f" {' '.join(joins)}"
            ), {owner}
        form = self.catalogue.forms[owner]
        if f.home == form.id:
            return f"select r.rec, {', '.join(columns)} from {source} r {' '.join(joins)}", set()
        steps, child = [f"{table(form.id)} s"], "s"
        for n, parent in enumerate(form.parents):
            if parent == f.home:
                steps.append(f"join {source} r on r.rec = {child}.{quote(parent + '_id')}")
                break
            steps.append(f"join {table(parent)} p{n} on p{n}.id = {child}.{quote(parent + '_id')}")
            child = f"p{n}"
        return f"select s.id as rec, {', '.join(columns)} from {' '.join([*steps, *joins])}", set()

    def _rows_body(self, name: str, needed: set[str]) -> tuple[str, set[str]]:
        """``form.list*``: each row with its record's keys (the row's columns win)."""
        owner, _, key = name.partition(".")
        form = self.catalogue.forms[owner]
        f = form.field(key)
        rows = set(list_columns(f)) | {"id", "rec", "pos"}
        scope = self.form_scope(form)
        keys = [k for k in sorted(scope.keys) if k not in rows and (k not in self.derived(form))]
        keys += [k for k in self.derived(form) if k not in rows and k in needed]
        columns = ", ".join(f"p.{quote(k)}" for k in keys)
        row = ", ".join(f"r.{quote(c)}" for c in [*list_columns(f)])
        identity = "r.rec || '/' || r.pos as id" if f.type in VALUE_LISTS else "r.id as id"
        return (
            f"select {identity}, r.rec as rec, r.pos as pos, {row}, {columns} from {quote(name)} r"
            f" join {quote(owner)} p on p.id = r.rec"
        ), {name, owner}

    def _view_body(self, view: BlockView, needed: set[str]) -> tuple[str, set[str]]:
        if view.parts:
            return self._union_body(view, needed)
        members = self.catalogue.members(view.block)
        fields = self.view_fields(view)
        arms: list[str] = []
        deps: set[str] = set()
        for m in members:
            rows = set(list_columns(m.field(view.list))) if view.list else set()
            parents = [f"{p}_id" for p in m.parents]
            names = [k for k in (*parents, "record_no", "grid_id", *fields) if k not in rows]
            names = list(dict.fromkeys(k for k in names if k == "record_no" or k in parents or m.has(k)))
            columns = ", ".join(f"p.{quote(k)}" for k in names)
            if view.list:
                row = ", ".join(f"r.{quote(c)}" for c in sorted(rows))
                arms.append(
                    f"select '{m.id}' as form, r.id as id, r.rec as rec, {columns}, {row}"
                    f" from {quote(f'{m.id}.{view.list}')} r join {quote(m.id)} p on p.id = r.rec"
                )
                deps.add(f"{m.id}.{view.list}")
            else:
                arms.append(f"select '{m.id}' as form, p.id as id, p.id as rec, {columns} from {quote(m.id)} p")
            deps.add(m.id)
        return self._view_terms(view, " union all ".join(arms), deps, needed)

    def _union_body(self, view: BlockView, needed: set[str]) -> tuple[str, set[str]]:
        arms: list[str] = []
        deps: set[str] = set()
        for part in view.parts:
            source = self.source(part.of)
            got = {k: compile_expr(t, source.scope) for k, t in part.keys.items()}
            where = compile_expr(part.where or "1", source.scope)
            for c in (*got.values(), where):
                deps |= c.tables
                needed |= c.words
            deps.add(source.name)
            columns = ", ".join(f"({c.sql}) as {quote(k)}" for k, c in got.items())
            refs = frozenset().union(*(c.refs for c in (*got.values(), where)))
            joins = self.joins(Compiled("", refs, frozenset(), frozenset(), frozenset()), source.scope)
            arms.append(
                f"select {source.form} as form, me.{source.rec} as rec, me.id as id, me.record_no as record_no, {columns}"
                f" from {quote(source.name)} me{joins} where {where.sql}"
            )
        return self._view_terms(view, " union all ".join(arms), deps, needed)

    def _view_terms(self, view: BlockView, body: str, deps: set[str], needed: set[str]) -> tuple[str, set[str]]:
        for name, text in view.terms.items():
            if name in needed:
                needed |= words(text)
                got = compile_expr(text, self.source(view.name).scope)
                deps |= got.tables
                body = f"select me.*, ({got.sql}) as {quote(name)} from ({body}) me{self.joins(got, self.source(view.name).scope)}"
        return body, deps
