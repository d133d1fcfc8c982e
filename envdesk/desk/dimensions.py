"""The listed conditions of a figure: by which dimensions it can be split, and which values each of them has."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk.office import Desk
from envdesk.errors import guess, refuse
from envdesk.figures.engine import Engine, parse_id
from envdesk.formdef.model import Field
from envdesk.store import query


@dataclass(frozen=True, slots=True)
class Condition:
    """A dimension with its values; ``values`` None = any text, the program does not know them beforehand."""

    id: str
    title: str
    values: tuple[str, ...] | None


def conditions(desk: Desk, figure: str) -> tuple[Condition, ...]:
    """Return the conditions that can be put to a figure."""
    engine = Engine(desk.store)
    names = engine.dimensions(figure)
    return tuple(Condition(n, desk.catalogue.dimensions[n].title, values_of(desk, figure, n)) for n in names)


def values_of(desk: Desk, figure: str, dim: str) -> tuple[str, ...] | None:
    """Return the values of a dimension for a figure, None when they are not listed anywhere."""
    engine = Engine(desk.store)
    dimension = engine.dimension(figure, dim)
    if dimension.ref:
        return (*query.names(desk.store, desk.catalogue.forms[dimension.ref]), dimension.empty)
    field = _field(desk, engine, figure, dim)
    if field is None:
        return None
    if field.type == "bool":
        return ("是", "否")
    if not field.choices:
        return None
    words = [c.code for c in field.choices]
    parents = [c.parent for c in field.choices if c.parent]
    return tuple(dict.fromkeys([*parents, *words, dimension.empty]))


def check_filters(desk: Desk, text: str) -> None:
    """Refuse a figure id with an unknown figure, a dimension it does not have or a value nobody can have entered.

    Raises:
        Refused: ``unknown_figure``, ``unknown_dimension``, ``book_value``.
    """
    fid = parse_id(text)
    Engine(desk.store).figure(fid.figure)
    for dim, value in fid.filters:
        known = values_of(desk, fid.figure, dim)
        if known is not None and value not in known:
            title = desk.catalogue.dimensions[dim].title
            raise refuse("book_value", dimension=title, value=value, guess=guess(value, list(known)))


def _field(desk: Desk, engine: Engine, figure: str, dim: str) -> Field | None:
    """The field from which the values of a dimension come, None for an expression."""
    base = engine.figure(figure)
    while base.share or base.ratio:
        base = engine.figure(base.share or base.ratio[0])
    dimension = desk.catalogue.dimensions[dim]
    owner = base.of.partition(".")[0]
    text = dimension.keys.get(base.of) or dimension.keys.get(owner) or dimension.keys.get("", "")
    alias, _dot, key = text.rpartition(".")
    if alias == "subject":
        form = desk.catalogue.forms["subject"]
        return form.field(key) if form.has(key) else None
    if alias or not key.isidentifier():
        return None
    if base.of in desk.catalogue.views:
        view = desk.catalogue.views[base.of]
        return None if view.parts else desk.store.live.view_fields(view).get(key)
    found = desk.catalogue.forms[owner]
    inner = base.of.partition(".")[2]
    if inner and (sub := found.field(inner).sub(key)) is not None:
        return sub
    return found.field(key) if found.has(key) else None
