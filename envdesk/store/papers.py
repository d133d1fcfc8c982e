"""The records of a printed register, in its order, with the values its expressions give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from envdesk.errors import refuse
from envdesk.formdef.expr import BadExpression, Compiled, compile_expr
from envdesk.formdef.model import Form
from envdesk.sql import Error, quote
from envdesk.store.file import Store
from envdesk.store.params import clock_params
from envdesk.store.search import matching


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a register holds.

    Attributes:
        start: first day of the main date, ISO ("" = open); ``end`` the last.
        where: conditions, all of which must hold.
        words: all must match somewhere.
        order: expressions, ``-`` before one turns it round; the main date and the number follow.
        values: name → expression worked out for each record.
        limit: most records.
    """

    start: str = ""
    end: str = ""
    where: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    limit: int = 0


def found(store: Store, form: Form, wanted: Wanted) -> list[dict[str, Any]]:
    """Return ``id`` and the wanted values of each record, in order.

    Raises:
        Refused: ``bad_expression``.
    """
    live = store.live
    scope = live.form_scope(form)
    bound: dict[str, Any] = clock_params(store)
    orders = [(o.removeprefix("-"), o.startswith("-")) for o in wanted.order]
    texts = [*wanted.where, *wanted.values.values(), *(o for o, _back in orders)]
    done = {text: _compiled(text, scope) for text in texts}
    tests = [f"coalesce(({done[w].sql}), 0)" for w in wanted.where]
    if form.date and wanted.start:
        bound["f_start"] = wanted.start
        tests.append(f"me.{quote(form.date)} >= :f_start")
    if form.date and wanted.end:
        bound["f_end"] = wanted.end
        tests.append(f"me.{quote(form.date)} < date(:f_end, '+1 day')")
    for n, word in enumerate(wanted.words):
        test, more = matching(form, word, n)
        tests.append(test)
        bound |= more
    none = frozenset[str]()
    refs = Compiled("", none.union(*(c.refs for c in done.values())), none, none, none)
    tables = {form.id}.union(*(c.tables for c in done.values()))
    shadow = {form.id: live.base(form)} if form.id in store.catalogue.views else None
    picked = "".join(f", ({done[text].sql}) as {quote(name)}" for name, text in wanted.values.items())
    sorts = [f"({done[o].sql}){' desc' if back else ''} nulls last" for o, back in orders]
    sorts += [*([f"me.{quote(form.date)}"] if form.date else []), "me.record_no", "me.id"]
    sql = (
        f"{live.with_clause(texts, tables, shadow)}select me.id{picked} from {quote(form.id)} me{live.joins(refs, scope)}"
        f" where {' and '.join(tests) or '1'} order by {', '.join(sorts)}"
    )
    if wanted.limit:
        sql += f" limit {int(wanted.limit)}"
    try:
        return store.con.dicts(sql, bound)
    except Error as exc:
        raise refuse("bad_expression", text="；".join(wanted.where), detail=str(exc)) from exc


def _compiled(text: str, scope: Any) -> Compiled:
    try:
        return compile_expr(text, scope)
    except BadExpression as exc:
        raise refuse("bad_expression", text=text, detail=str(exc)) from exc


def summed(store: Store, form: Form) -> Sequence[str]:
    """Keys of a form that a figure sums: what a line of totals may add up."""
    return tuple(f.value for f in store.catalogue.figures.values() if f.of == form.id and f.value and form.has(f.value))
