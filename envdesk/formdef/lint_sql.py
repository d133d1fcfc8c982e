"""What one expression of a definition gets wrong although SQLite accepts it (design.md “Rules are SQL”).

SQLite's three-valued logic loses rows without a word: ``kind <> '咨询'`` drops the records whose kind is empty, and a
moment of the last afternoon is later than the day it lies in. Here every expression is parsed and followed with what is
known about its names: may the value be empty, is it a day or a moment, which words can it hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from envdesk.errors import guess
from envdesk.formdef.expr import Scope
from envdesk.formdef.lint_facts import TEXT, UNKNOWN, Columns, Fact, Facts, either
from envdesk.formdef.live import Live

#: Parameters that are days, and how a moment may be compared with them.
DAY_PARAMETERS = frozenset({"start", "end", "after", "cut", "cut_after", "today", "year_start"})
LAST_DAYS: Mapping[str, str] = {"end": ":after", "cut": ":cut_after"}
_FLIPPED: Mapping[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.GT,
    exp.GT: exp.LT,
    exp.LTE: exp.GTE,
    exp.GTE: exp.LTE,
}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is)
_EQUALITIES = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)
_PATTERNS = (exp.Like, exp.ILike, exp.Glob)
_REJECTING = (exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, *_PATTERNS)
_NEVER_NULL = (exp.Exists, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Count, exp.Literal, exp.Boolean)


@dataclass(frozen=True, slots=True)
class Finding:
    """A trap in an expression: message code and the context of its sentence."""

    code: str
    context: Mapping[str, Any]


def known(live: Live) -> Facts:
    """Know the columns of one catalogue."""

    def read(scope: Scope, me: Columns, text: str) -> Fact:
        return Analysis(facts, scope, me).fact_of(text)

    facts = Facts(live, read)
    return facts


@dataclass
class Env:
    """Where a part of an expression stands: the tables around it, innermost first, and what cannot be empty there."""

    frames: tuple[Mapping[str, Columns], ...] = ()
    derived: Mapping[str, Columns] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()
    positive: bool = True

    def knowing(self, more: Iterable[str]) -> Env:
        """The same place with more names known not to be empty."""
        return replace(self, guarded=self.guarded | frozenset(more))


class Analysis:
    """Follows one expression in its scope."""

    def __init__(self, facts: Facts, scope: Scope, me: Columns) -> None:
        """Know the tables, the scope's names and the columns of ``me``."""
        self.facts = facts
        self.scope = scope
        self.me = me
        self.found: list[Finding] = []

    # ---- entry -------------------------------------------------------------------------------------------------
    def run(self, text: str) -> list[Finding]:
        """Return the traps of an expression."""
        try:
            tree = self.parse(text)
        except SqlglotError:
            return [Finding("unread_sql", {"text": text[:60]})]
        self.found = []
        for expression in tree.expressions:
            self.visit(expression, Env())
        return list({(f.code, *f.context.items()): f for f in self.found}.values())

    def fact_of(self, text: str) -> Fact:
        """Return what is known about an expression's value."""
        try:
            return self.fact(self.parse(text).expressions[0], Env())
        except (SqlglotError, IndexError):
            return TEXT

    @staticmethod
    def parse(text: str) -> exp.Select:
        """Parse an expression as the one column of a SELECT."""
        tree = sqlglot.parse_one(f"select {text}", dialect="sqlite")
        if not isinstance(tree, exp.Select):
            raise SqlglotError(text)
        return tree

    def report(self, code: str, node: exp.Expression, **context: Any) -> None:
        """Keep a finding about a part of the expression."""
        self.found.append(Finding(code, {"part": node.sql(dialect="sqlite")[:80], **context}))

    # ---- names -------------------------------------------------------------------------------------------------
    def column(self, node: exp.Column, env: Env) -> tuple[str, Fact]:
        """Resolve a column: its identity for guards, and what is known about it."""
        alias, name = node.table, node.name
        if not alias:
            for frame in env.frames:
                for other, columns in frame.items():
                    if name in columns:
                        return f"{other}.{name}", columns[name]
        for frame in env.frames:
            if alias in frame:
                return f"{alias}.{name}", frame[alias].get(name, UNKNOWN)
        if alias in ("", "me"):
            return f"me.{name}", self.me.get(name, UNKNOWN)
        if alias in self.scope.refs:
            form, key = self.scope.refs[alias]
            own = self.facts.form(self.facts.catalogue.forms[form]).get(name, UNKNOWN)
            return f"{alias}.{name}", replace(own, nullable=own.nullable or self.me.get(key, TEXT).nullable)
        return f"{alias}.{name}", UNKNOWN

    def source(self, node: exp.Expression, env: Env) -> Columns:
        """Columns of what stands in FROM."""
        if isinstance(node, exp.Table):
            name = node.name
            if name in env.derived:
                return env.derived[name]
            name = self.scope.lists.get(name, name)
            return self.facts.table(name) if name in self.scope.tables else {}
        inner = node.this if isinstance(node, exp.Subquery) else node
        return self.projections(inner, env)

    def projections(self, node: exp.Expression | None, env: Env) -> Columns:
        """Columns of a derived table."""
        if isinstance(node, exp.SetOperation):
            return self.projections(node.this, env)
        if not isinstance(node, exp.Select):
            return {}
        inner = self.enter(node, env)
        return {e.alias_or_name: self.fact(e.unalias(), inner) for e in node.expressions}

    def enter(self, select: exp.Select, env: Env) -> Env:
        """The place inside a sub-select, behind its WHERE."""
        derived = dict(env.derived)
        clause = select.args.get("with_") or select.args.get("with")
        for cte in clause.expressions if clause else ():
            derived[cte.alias] = self.projections(cte.this, replace(env, derived=derived))
        env = replace(env, derived=derived, positive=True)
        frame: dict[str, Columns] = {}
        origin = select.args.get("from_") or select.args.get("from")
        if origin is not None:
            frame[origin.this.alias_or_name] = self.source(origin.this, env)
        on: list[exp.Expression] = []
        for join in select.args.get("joins") or []:
            columns = self.source(join.this, env)
            if join.side == "LEFT":
                columns = {k: replace(f, nullable=True) for k, f in columns.items()}
            elif join.args.get("on"):
                on.append(join.args["on"])
            frame[join.this.alias_or_name] = columns
        env = replace(env, frames=(frame, *env.frames))
        where = select.args.get("where")
        conditions = [*on, *([where.this] if where else [])]
        return env.knowing(k for c in conditions for part in _flat(c, exp.And) for k in self.rejects(part, env))

    def rejects(self, node: exp.Expression, env: Env, *, surely: bool = False) -> Iterator[str]:
        """Columns that cannot be empty where *node* holds; *surely*: node is false, not unknown, for an empty one."""
        node = _bare(node)
        if isinstance(node, exp.Not) and _is_null(_bare(node.this)):
            yield from self._idents([_bare(node.this).this], env)
        elif isinstance(node, exp.NullSafeEQ) and isinstance(_bare(node.expression), exp.Literal):
            yield from self._idents([node.this], env)
        elif surely or node.args.get("negate"):
            return
        elif isinstance(node, exp.Column):
            yield from self._idents([node], env)
        elif isinstance(node, _REJECTING):
            parts = [node.this, node.args.get("expression"), node.args.get("low"), node.args.get("high")]
            yield from self._idents([p for p in parts if p is not None], env)

    def _idents(self, nodes: Iterable[exp.Expression], env: Env) -> Iterator[str]:
        for node in map(_bare, nodes):
            if isinstance(node, exp.Column):
                yield self.column(node, env)[0]

    # ---- values ------------------------------------------------------------------------------------------------
    def fact(self, node: exp.Expression, env: Env) -> Fact:  # noqa: C901, PLR0911, PLR0912 - one line per kind of node
        """What is known about the value of a part."""
        node = _bare(node)
        if isinstance(node, exp.Column):
            ident, fact = self.column(node, env)
            return replace(fact, nullable=False) if ident in env.guarded else fact
        if isinstance(node, exp.Placeholder):
            name = str(node.this)
            day = Fact(kind="day" if name in DAY_PARAMETERS else "")
            return self.facts.setting(name) if name.startswith("set_") else day
        if isinstance(node, (exp.Null, exp.Nullif)):
            return TEXT
        if isinstance(node, _NEVER_NULL):
            return UNKNOWN
        if isinstance(node, exp.Coalesce):
            parts = [self.fact(p, env) for p in (node.this, *node.expressions)]
            return replace(either(p for p in parts if p != TEXT), nullable=all(p.nullable for p in parts))
        if isinstance(node, (exp.And, exp.Or)):
            return Fact(any(self.fact(part, inner).nullable for part, inner in self.parts(node, env, surely=True)))
        if isinstance(node, (exp.If, exp.Case)):
            return either(
                self.fact(value, inner) if value is not None else TEXT for value, inner in self.branches(node, env)
            )
        if isinstance(node, exp.Subquery):
            return self.subquery(node, env)
        if isinstance(node, exp.In):
            query = node.args.get("query")
            values = [self.fact(p, env) for p in (node.this, *node.expressions)]
            values += self.projections(query.this, env).values() if query else ()
            return Fact(any(v.nullable for v in values))
        if isinstance(node, (exp.Max, exp.Min, exp.Sum, exp.Avg)):
            return replace(self.fact(node.this, env), nullable=True)
        if isinstance(node, exp.Anonymous):
            name, args = str(node.this).lower(), [self.fact(a, env) for a in node.expressions]
            return Fact(name != "total" and any(a.nullable for a in args), "day" if name == "date" else "")
        if isinstance(node, exp.Substring):
            of = self.fact(node.this, env)
            cut = node.args.get("length")
            return Fact(of.nullable, "day" if of.kind and cut is not None and cut.name == "10" else "")
        children = [self.fact(c, env) for c in node.iter_expressions() if isinstance(c, (exp.Condition, exp.Query))]
        kind = "day" if isinstance(node, exp.Date) else ""
        if isinstance(node, (exp.Greatest, exp.Least)) and children:
            kind = either(children).kind
        return Fact(any(c.nullable for c in children), kind)

    def subquery(self, node: exp.Subquery, env: Env) -> Fact:
        """A scalar sub-select is empty when it finds nothing, unless it counts."""
        select = node.this
        if not isinstance(select, exp.Select) or not select.expressions:
            return TEXT
        value = select.expressions[0].unalias()
        fact = self.fact(value, self.enter(select, env))
        sure = not select.args.get("group") and not fact.nullable and value.find(exp.AggFunc) is not None
        return replace(fact, nullable=not sure)

    def parts(self, node: exp.And | exp.Or, env: Env, *, surely: bool) -> Iterator[tuple[exp.Expression, Env]]:
        """Operands of a chain, each with what the others make sure of."""
        chain = list(_flat(node, type(node)))
        known: list[set[str]] = []
        for part in chain:
            if isinstance(node, exp.And):
                known.append(set(self.rejects(part, env, surely=surely)))
            else:  # “a is null or …”: the rest matters only when a is there
                bare = _bare(part)
                known.append(set(self._idents([bare.this], env)) if _is_null(bare) else set())
        for n, part in enumerate(chain):
            yield part, env.knowing(k for m, keys in enumerate(known) if m != n for k in keys)

    def branches(self, node: exp.If | exp.Case, env: Env) -> Iterator[tuple[exp.Expression | None, Env]]:
        """Outcomes of iif and CASE, each behind its condition; None = nothing fits."""
        for branch in [node] if isinstance(node, exp.If) else node.args["ifs"]:
            conditions = () if node.args.get("this") and isinstance(node, exp.Case) else _flat(branch.this, exp.And)
            yield branch.args["true"], env.knowing(k for c in conditions for k in self.rejects(c, env))
        yield node.args.get("false") or node.args.get("default"), env

    # ---- traps -------------------------------------------------------------------------------------------------
    def visit(self, node: exp.Expression, env: Env) -> None:
        """Look for traps in a part and below it."""
        self.check(node, env)
        if isinstance(node, (exp.And, exp.Or)):
            for part, inner in self.parts(node, env, surely=not env.positive):
                self.visit(part, inner)
        elif isinstance(node, exp.Not):
            self.visit(node.this, replace(env, positive=False))
        elif isinstance(node, (exp.If, exp.Case)):
            for branch in [node] if isinstance(node, exp.If) else node.args["ifs"]:
                self.visit(branch.this, env)
            for value, inner in self.branches(node, env):
                if value is not None:
                    self.visit(value, inner)
        elif isinstance(node, exp.Select):
            self.visit_select(node, env)
        else:
            for child in node.iter_expressions():
                self.visit(child, env)

    def visit_select(self, select: exp.Select, env: Env) -> None:
        """A sub-select: its condition as it stands, the rest behind it."""
        inner = self.enter(select, env)
        where = select.args.get("where")
        before = replace(inner, guarded=env.guarded)
        for child in select.iter_expressions():
            if child is where:
                self.visit(where.this, before)
            elif isinstance(child, exp.With):
                for cte in child.expressions:
                    self.visit(cte.this, replace(env, derived=inner.derived))
            elif isinstance(child, (exp.From, exp.Join)):
                on = child.args.get("on")
                self.visit(child.this, replace(env, derived=inner.derived))
                if on is not None:
                    self.visit(on, before)
            else:
                self.visit(child, inner)

    def check(self, node: exp.Expression, env: Env) -> None:
        """The traps of one node."""
        if isinstance(node, exp.Table):
            self.check_table(node, env)
        elif isinstance(node, exp.Column):
            self.check_quoted(node, env)
        elif isinstance(node, exp.Not):
            self.check_not(node, _bare(node.this), env)
        elif isinstance(node, _PATTERNS) and node.args.get("negate"):
            self.check_not(node, node, env)
        elif isinstance(node, _COMPARISONS):
            if isinstance(node, exp.NEQ):
                self.check_not(node, node, env)
            self.check_days(node, node.this, node.expression, type(node), env)
            if isinstance(node, _EQUALITIES):
                self.check_words(node, node.this, [node.expression], env)
                self.check_words(node, node.expression, [node.this], env)
        elif isinstance(node, exp.Between):
            self.check_days(node, node.this, node.args["low"], exp.GTE, env)
            self.check_days(node, node.this, node.args["high"], exp.LTE, env)
        elif isinstance(node, exp.In):
            self.check_words(node, node.this, node.expressions, env)
        elif isinstance(node, (exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp)) or (
            isinstance(node, exp.Literal) and node.is_string and node.name.lower() in ("now", "localtime", "utc")
        ):
            self.report("clock_in_sql", node)

    def check_table(self, node: exp.Table, env: Env) -> None:
        """Only the names of the live layer may be read."""
        name = node.name
        if node.db or (name not in env.derived and name not in self.scope.lists and name not in self.scope.tables):
            known = sorted({*self.scope.lists, *self.scope.tables})
            self.report("unknown_table", node, name=name, guess=guess(name, known))

    def check_quoted(self, node: exp.Column, env: Env) -> None:
        """SQLite takes a quoted name that it does not find for a text."""
        known = any(node.name in columns for frame in env.frames for columns in frame.values())
        if not node.table and node.this.args.get("quoted") and not known and node.name not in self.me:
            self.report("quoted_text", node, name=node.name)

    def check_not(self, node: exp.Expression, inner: exp.Expression, env: Env) -> None:
        """A negation that is neither true nor false for an empty value."""
        if not self.fact(inner, env).nullable:
            return
        empty = [c.sql(dialect="sqlite") for c in inner.find_all(exp.Column) if self.fact(c, env).nullable]
        self.report("nullable_not", node, key=(empty or [inner.sql(dialect="sqlite")[:60]])[0])

    def check_days(
        self, node: exp.Expression, a: exp.Expression, b: exp.Expression, how: type[exp.Expression], env: Env
    ) -> None:
        """A moment is later than the day it lies in, so most comparisons of the two are wrong."""
        left, right = self.fact(a, env).kind, self.fact(b, env).kind
        if {left, right} != {"day", "moment"}:
            return
        if right == "moment":
            a, b, how = b, a, _FLIPPED.get(how, how)
        names = {str(p.this) for p in b.find_all(exp.Placeholder)}
        last = names & set(LAST_DAYS)
        if last and isinstance(_bare(b), exp.Placeholder):
            name = last.pop()
            self.report("moment_cut", node, param=f":{name}", better=f"< {LAST_DAYS[name]}")
        elif how not in (exp.LT, exp.GTE) and not (
            isinstance(_bare(b), exp.Placeholder) and names <= DAY_PARAMETERS - {"today"}
        ):
            self.report("moment_day", node, key=a.sql(dialect="sqlite"))

    def check_words(self, node: exp.Expression, a: exp.Expression, others: list[exp.Expression], env: Env) -> None:
        """A word that is no choice of the key it is compared with never fits."""
        if not isinstance(_bare(a), (exp.Column, exp.Placeholder)):
            return
        words = self.fact(a, env).words
        for other in map(_bare, others):
            if words is not None and isinstance(other, exp.Literal) and other.is_string and other.name not in words:
                key = a.sql(dialect="sqlite")
                self.report("unknown_word", node, key=key, value=other.name, guess=guess(other.name, sorted(words)))


def _bare(node: exp.Expression) -> exp.Expression:
    """Without the parentheses (and a collation) around it."""
    while isinstance(node, (exp.Paren, exp.Collate)):
        node = node.this
    return node


def _is_null(node: exp.Expression) -> bool:
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


def _flat(node: exp.Expression, kind: type[exp.Expression]) -> Iterator[exp.Expression]:
    """Operands of a chain of AND or OR."""
    node = _bare(node)
    if isinstance(node, kind):
        yield from _flat(node.this, kind)
        yield from _flat(node.expression, kind)
    else:
        yield node
