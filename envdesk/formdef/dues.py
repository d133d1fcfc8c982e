"""The query of a due rule: settled once, when the definitions are compiled, and kept with them.

Its text follows from the catalogue alone, and all of them are asked at every start and after every change.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from envdesk.formdef.expr import BadExpression, Compiled, compile_expr
from envdesk.formdef.live import Live
from envdesk.formdef.model import Catalogue, Due, Form
from envdesk.sql import quote


def query_of(live: Live, form: Form, item: Due) -> str:
    """Return the query for the records that wait by a rule: id, number, due day."""
    return live.catalogue.due_queries.get(_name(form, item)) or _query(live, form, item)


def prepare(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with the queries of its due rules."""
    live, made = Live(catalogue), {}
    for form in catalogue.forms.values():
        for item in form.dues:
            with suppress(BadExpression, KeyError):  # told where it is used, and by the lint with its line
                made[_name(form, item)] = _query(live, form, item)
    return replace(catalogue, due_queries=made)


def _name(form: Form, item: Due) -> str:
    return f"{form.id}.{item.id}"


def _query(live: Live, form: Form, item: Due) -> str:
    scope = live.form_scope(form)
    when, what = compile_expr(item.when, scope), compile_expr(item.date, scope)
    clause = live.with_clause([item.when, item.date], {form.id} | when.tables | what.tables)
    refs = Compiled("", when.refs | what.refs, frozenset(), frozenset(), frozenset())
    return (
        f"{clause}select me.id, me.record_no, {what.sql} as due from {quote(form.id)} me{live.joins(refs, scope)}"
        f" where coalesce(({when.sql}), 0) and {what.sql} is not null"
    )
