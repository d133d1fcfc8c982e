"""Report tables of the office's own: chosen figures with listed conditions, their order, titles and notes. No SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from envdesk import paths
from envdesk.desk.dimensions import check_filters
from envdesk.desk.office import Desk, Done
from envdesk.errors import Problem, Refused, guess, refuse
from envdesk.i18n import _
from envdesk.reports.template import FIELD, Template, dump_template, load_template, parse_template
from envdesk.store import templates, workbooks

if TYPE_CHECKING:
    from envdesk.reports.narrative import Narrative

LONGEST = 40
"""Most characters of a name or a title; longer ones break the heading of the paper."""
MOST_ROWS = 200


def built_in() -> list[str]:
    """Names of the templates that come with the program."""
    return [p.stem for p in sorted(paths.resource("reports").glob("*.toml"))]


def texts(desk: Desk) -> dict[str, str]:
    """TOML text of every template by name, those of the program first."""
    return {
        p.stem: p.read_text(encoding="utf-8") for p in sorted(paths.resource("reports").glob("*.toml"))
    } | templates.texts(desk.store)


def own(desk: Desk) -> list[Template]:
    """Return the office's own templates, by name."""
    return [parse_template(text, name) for name, text in templates.texts(desk.store).items()]


def layout(desk: Desk, name: str) -> Template | Narrative:
    """Return a template by name.

    Raises:
        Refused: ``unknown_report``.
    """
    mine = templates.texts(desk.store)
    if name in mine:
        return parse_template(mine[name], name)
    if name not in built_in():
        raise refuse("unknown_report", name=name, guess=guess(name, [*built_in(), *mine]))
    return load_template(name)


def save(desk: Desk, made: Template, *, old: str = "") -> Done:
    """Keep a template; *old* = the name it had before, "" for a new one.

    Raises:
        Refused: the name is taken or empty, or a row can not be printed (all of them are named).
    """
    made = replace(made, id=made.id.strip(), title=made.title.strip())
    _check_name(desk, made.id, old)
    problems: list[Problem] = []
    if len(made.title) > LONGEST:
        problems += refuse("too_long", label=_("标题"), limit=LONGEST, length=len(made.title)).all_problems()
    rows = [row for category in made.categories for row in category.rows]
    if not rows:
        problems += refuse("template_empty").all_problems()
    if len(rows) > MOST_ROWS:
        problems += refuse("template_long", limit=MOST_ROWS).all_problems()
    for row in rows:
        quoted = [name.partition(".")[0] for name in FIELD.findall(row.note + row.note_if)]
        for figure in (row.figure, *quoted):
            try:
                check_filters(desk, figure)
            except Refused as exc:
                problems += exc.all_problems()
    if problems:
        raise Refused("template_bad", {"detail": problems[0].message}, problems)
    templates.keep(desk.store, made.id, dump_template(made), old=old)
    return Done(made.id, frozenset({"template"}))


def copy(desk: Desk, source: str, name: str) -> Done:
    """Keep a copy of a report table under another name.

    Raises:
        Refused: ``template_kind`` for a report in words.
    """
    return save(desk, replace(table(desk, source), id=name))


def table(desk: Desk, name: str) -> Template:
    """Return a template that is a table."""
    found = layout(desk, name)
    if not isinstance(found, Template):
        raise refuse("template_kind", name=name)
    return found


def rename(desk: Desk, name: str, new: str) -> Done:
    """Give an own template another name."""
    return save(desk, replace(_mine(desk, name), id=new), old=name)


def delete(desk: Desk, name: str) -> Done:
    """Keep an own template no longer; what was printed or sealed with it stays."""
    _mine(desk, name)
    templates.forget(desk.store, name)
    return Done(name, frozenset({"template"}))


def free_name(desk: Desk, base: str) -> str:
    """A name that is not taken, made from one that may be."""
    taken = {*texts(desk), *(k.name for k in workbooks.kept(desk.store))}
    return next(n for n in (base, *(f"{base} {i}" for i in range(2, 1000))) if n not in taken)


def _mine(desk: Desk, name: str) -> Template:
    mine = templates.texts(desk.store)
    if name not in mine:
        raise refuse("unknown_report", name=name, guess=guess(name, list(mine)))
    return parse_template(mine[name], name)


def _check_name(desk: Desk, name: str, old: str) -> None:
    if not name:
        raise refuse("required", label=_("名称"))
    if len(name) > LONGEST:
        raise refuse("too_long", label=_("名称"), limit=LONGEST, length=len(name))
    if name != old and (name in texts(desk) or workbooks.one(desk.store, name) is not None):
        raise refuse("template_name", name=name)
