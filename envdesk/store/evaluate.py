"""Judge a draft: rules, required marks, visibility, defaults, all in SQLite and in as few statements as possible.

The draft is put before the expressions as ``me`` and its lists shadow the stored ones (design.md “Rules are SQL”), so
the same text serves a draft, a stored record and “which records break this rule?”. A rule that reads nothing but its own
record can be judged on any connection (:meth:`Evaluator.is_local`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from envdesk.formdef.expr import Compiled, compile_expr, words
from envdesk.formdef.live import SQL_TYPES, SYSTEM, Live, list_columns, ref_alias
from envdesk.formdef.model import VALUE_LISTS, Field, Form, Rule
from envdesk.sql import Connection, quote

Which = Literal["all", "local", "lookup"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One expression to judge: what it decides (rule id, key), and its compiled text."""

    kind: str
    name: str
    compiled: Compiled
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the expressions say about one draft. ``rows`` holds the same per list and row position."""

    broken: tuple[Rule, ...]
    required: Mapping[str, bool]
    hidden: frozenset[str]
    stages: Mapping[str, bool]
    broken_rows: tuple[tuple[Rule, int], ...]
    required_rows: Mapping[tuple[str, int, str], bool]


class Evaluator:
    """Prepared judging texts of one form."""

    def __init__(self, live: Live, form: Form) -> None:
        """Compile every expression of *form* once."""
        self.live = live
        self.form = form
        self.asked: dict[tuple[Any, ...], str] = {}
        self._steps: dict[tuple[str, ...], list[list[Field]]] = {}
        keys = [f.key for f in form.typed() if not f.is_list]
        keys += [*SYSTEM, *(f"{p}_id" for p in form.parents), "canonical"]
        self._scalars = [(key, f"v_{key}") for key in dict.fromkeys(keys)]
        self._lists = [(f.key, f"l_{f.key}") for f in form.typed() if f.is_list]
        scope = live.form_scope(form)
        self.pieces: list[Piece] = []
        for rule in form.rules:
            if not rule.list:
                self.pieces.append(Piece("rule", rule.id, compile_expr(rule.expr, scope), rule))
        for name, text in form.stages.items():
            self.pieces.append(Piece("stage", name, compile_expr(text, scope)))
        for f in form.typed():
            if f.required_when:
                self.pieces.append(Piece("required", f.key, compile_expr(f.required_when, scope)))
            if f.visible:
                self.pieces.append(Piece("visible", f.key, compile_expr(f.visible, scope)))
        for section in form.sections:
            if section.visible:
                self.pieces.append(Piece("section", section.id, compile_expr(section.visible, scope)))
        self.row_pieces: dict[str, list[Piece]] = {}
        for f in form.lists:
            if f.type == "rows":
                self._row_pieces(f)

    def _row_pieces(self, f: Field) -> None:
        scope = self.live.row_scope(self.form, f)
        pieces = [Piece("rule", r.id, compile_expr(r.expr, scope), r) for r in self.form.rules if r.list == f.key]
        wanted = [sub for sub in f.fields if sub.required_when]
        pieces += [Piece("required", sub.key, compile_expr(sub.required_when, scope)) for sub in wanted]
        if pieces:
            self.row_pieces[f.key] = pieces

    # ---- the draft as tables -----------------------------------------------------------------------------------
    def draft_sql(self) -> str:
        """Select the draft's scalars from parameters ``:v_<key>``."""
        columns = []
        scalars = {f.key: SQL_TYPES[f.type] for f in self.form.fields if f.stored and not f.is_list}
        for name in (*SYSTEM, *(f"{p}_id" for p in self.form.parents)):
            scalars.setdefault(name, "TEXT")
        if self.form.merge:
            scalars["canonical"] = "TEXT"
        for key, kind in scalars.items():
            columns.append(f"cast(:v_{key} as {kind}) as {quote(key)}")
        return f"select {', '.join(columns)}"

    def shadows(self, tables: Iterable[str]) -> dict[str, str]:
        """Queries that stand in for the form's lists; stored rows of other records stay visible beside them."""
        out: dict[str, str] = {}
        whole = self.form.id in set(tables)
        for f in self.form.lists:
            name = f"{self.form.id}.{f.key}"
            if f.type in VALUE_LISTS:
                cols = ["value"]
                rows = f"select :v_id as rec, key as pos, value from json_each(:l_{f.key})"
            else:
                cols = list(list_columns(f))
                parts = [f"cast(value->>'$.{c}' as {kind}) as {quote(c)}" for c, kind in list_columns(f).items()]
                rows = (
                    f"select :v_id as rec, coalesce(value->>'$.id', key) as id, key as pos, {', '.join(parts)}"
                    f" from json_each(:l_{f.key})"
                )
            if whole:
                body, _deps = self.live.list_body(self.form.id, f)
                identity = "" if f.type in VALUE_LISTS else ", id"
                names = ", ".join(["rec" + identity, "pos", *(quote(c) for c in cols)])
                rows += f" union all select {names} from ({body}) where rec is not :v_id"
            out[name] = rows
        return out

    def params(self, values: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        """Bind a draft and the period parameters."""
        bound = dict(params)
        for key, name in self._scalars:
            bound[name] = values.get(key)
        for key, name in self._lists:
            rows = values.get(key)
            bound[name] = json.dumps(rows, ensure_ascii=False) if rows else "[]"
        return bound

    def statement(self, pieces: list[Piece], row_list: str = "") -> str:
        """One SELECT judging *pieces* over the draft, or over each row of *row_list*."""
        form, live = self.form, self.live
        texts = [p.compiled.sql for p in pieces]
        needed: set[str] = set()
        tables: set[str] = set()
        refs: set[str] = set()
        for p in pieces:
            needed |= p.compiled.words
            tables |= p.compiled.tables
            refs |= p.compiled.refs
        body, deps = live.layered(form, self.draft_sql(), needed)
        tables |= deps
        scope = live.form_scope(form)
        head = ""
        if row_list:
            f = form.field(row_list)
            scope = live.row_scope(form, f)
            rows = {"id", "rec", "pos", *list_columns(f)}
            kept = [k for k in sorted(scope.keys) if k not in rows and k not in live.derived(form)]
            kept += [k for k in live.derived(form) if k in needed and k not in rows]
            columns = ", ".join([*(f"r.{quote(k)}" for k in sorted(rows)), *(f"p.{quote(k)}" for k in kept)])
            name = f"{form.id}.{row_list}"
            tables.add(name)
            body = f"select {columns} from {quote(name)} r, ({body}) p where r.rec is p.id"
            head = "me.pos, "
        clause = live.with_clause([*texts, *needed], tables, self.shadows(tables))
        joins = live.joins(Compiled("", frozenset(refs), frozenset(), frozenset(), frozenset()), scope)
        picked = ", ".join(f"({t})" for t in texts) or "1"
        return f"{clause}select {head}{picked} from ({body}) me{joins}"

    def _prepared(self, pieces: list[Piece], row_list: str = "") -> list[tuple[list[Piece], str]]:
        """Statements for *pieces*: those that read other records of the form see all lists whole, the rest the draft's.

        Kept apart because a list that is whole is the draft's rows and every stored row.
        """
        wide = [p for p in pieces if self._reads_own_form(p)]
        narrow = [p for p in pieces if p not in wide]
        return [(part, self.statement(part, row_list)) for part in (narrow, wide) if part]

    def _reads_own_form(self, piece: Piece) -> bool:
        return self.form.id in self._tables(piece)

    def _tables(self, piece: Piece) -> set[str]:
        """Tables a piece reads, through the terms it uses."""
        derived = self.live.derived(self.form)
        out: set[str] = set()
        seen: set[str] = set()
        todo = [piece.compiled]
        while todo:
            compiled = todo.pop()
            out |= compiled.tables
            for name in compiled.words & derived.keys() - seen:
                seen.add(name)
                todo.append(compile_expr(derived[name], self.live.form_scope(self.form)))
        return out

    # ---- judging -----------------------------------------------------------------------------------------------
    def is_local(self, piece: Piece) -> bool:
        """True when a piece, with the terms it uses, reads only its own record and rows (design.md, Rules are SQL e)."""
        derived = self.live.derived(self.form)
        seen: set[str] = set()
        todo = [piece.compiled]
        while todo:
            compiled = todo.pop()
            if compiled.refs or any(not t.startswith(f"{self.form.id}.") for t in compiled.tables):
                return False
            for name in compiled.words & derived.keys() - seen:
                seen.add(name)
                todo.append(compile_expr(derived[name], self.live.form_scope(self.form)))
        return True

    def _picked(self, pieces: list[Piece], which: Which) -> list[Piece]:
        return pieces if which == "all" else [p for p in pieces if self.is_local(p) == (which == "local")]

    def judge(
        self,
        con: Connection,
        values: Mapping[str, Any],
        params: Mapping[str, Any],
        cache: dict[Any, Any],
        which: Which = "all",
    ) -> Judgement:
        """Judge a draft: broken rules, required keys, hidden keys, stages reached.

        ``which`` = ``local`` judges only what needs no stored record (any connection will do), ``lookup`` the rest.
        """
        bound = self.params(values, params)
        broken: list[Rule] = []
        required: dict[str, bool] = {}
        hidden: set[str] = set()
        stages: dict[str, bool] = {}
        key = ("judge", self.form.id, self.form.version, which)
        for pieces, sql in cache.get(key) or cache.setdefault(key, self._prepared(self._picked(self.pieces, which))):
            row = con.one(sql, bound) or ()
            for piece, value in zip(pieces, row, strict=True):
                if piece.rule is not None:
                    if value is not None and not value:
                        broken.append(piece.rule)
                elif piece.kind == "stage":
                    stages[piece.name] = bool(value)
                elif piece.kind == "required":
                    required[piece.name] = bool(value)
                elif piece.kind == "visible" and not value:
                    hidden.add(piece.name)
                elif piece.kind == "section" and not value:
                    hidden |= {k for s in self.form.sections if s.id == piece.name for k in s.keys}
        broken_rows, required_rows = self._judge_rows(con, bound, cache, values, which)
        return Judgement(tuple(broken), required, frozenset(hidden), stages, tuple(broken_rows), required_rows)

    def _judge_rows(
        self, con: Connection, bound: dict[str, Any], cache: dict[Any, Any], values: Mapping[str, Any], which: Which
    ) -> tuple[list[tuple[Rule, int]], dict[tuple[str, int, str], bool]]:
        broken: list[tuple[Rule, int]] = []
        required: dict[tuple[str, int, str], bool] = {}
        for name, all_pieces in self.row_pieces.items():
            if not values.get(name):
                continue
            key = ("rows", self.form.id, self.form.version, name, which)
            made = cache.get(key) or cache.setdefault(key, self._prepared(self._picked(all_pieces, which), name))
            for pieces, row in ((pieces, row) for pieces, sql in made for row in con.query(sql, bound)):
                for piece, value in zip(pieces, row[1:], strict=True):
                    if piece.rule is not None:
                        if value is not None and not value:
                            broken.append((piece.rule, int(row[0])))
                    else:
                        required[name, int(row[0]), piece.name] = bool(value)
        return broken, required

    def in_steps(self, fields: Sequence[Field]) -> list[list[Field]]:
        """Cut fields with a computed default into runs that can be asked at once: none reads one before it in its run."""
        key = tuple(f.key for f in fields)
        if key not in self._steps:
            runs: list[list[Field]] = []
            for f in fields:
                reads = self._reads(f.default_sql)
                if runs and not reads & {name for g in runs[-1] for name in (g.key, ref_alias(g.key))}:
                    runs[-1].append(f)
                else:
                    runs.append([f])
            self._steps[key] = runs
        return self._steps[key]

    def _reads(self, text: str) -> set[str]:
        """All words of an expression and of the terms it uses."""
        derived = self.live.derived(self.form)
        out: set[str] = set()
        todo = [text]
        while todo:
            new = words(todo.pop()) - out
            out |= new
            todo += [derived[name] for name in new & derived.keys()]
        return out

    def compute(
        self, con: Connection, values: Mapping[str, Any], params: Mapping[str, Any], texts: Mapping[str, str]
    ) -> dict[str, Any]:
        """Evaluate expressions (defaults, spawned values) over a draft: name → value."""
        row = con.one(self._asking(texts, ""), self.params(values, params)) or ()
        return dict(zip(texts, row, strict=True))

    def compute_rows(
        self, con: Connection, values: Mapping[str, Any], params: Mapping[str, Any], name: str, texts: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """Evaluate expressions over each row of a list, in row order."""
        rows = con.query(self._asking(texts, name), self.params(values, params))
        return [dict(zip(texts, row[1:], strict=True)) for row in rows]

    def _asking(self, texts: Mapping[str, str], row_list: str) -> str:
        """The statement for some expressions, made once."""
        key = (row_list, *texts.items())
        if key not in self.asked:
            form, live = self.form, self.live
            scope = live.row_scope(form, form.field(row_list)) if row_list else live.form_scope(form)
            pieces = [Piece("value", name, compile_expr(text, scope)) for name, text in texts.items()]
            self.asked[key] = self.statement(pieces, row_list) + (" order by me.pos" if row_list else "")
        return self.asked[key]
