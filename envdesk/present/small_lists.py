"""The small lists on the settings page (people, grids, terms …) as tables; the forms in use with what lint says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from envdesk import paths
from envdesk.desk.office import Desk
from envdesk.desk.words import Chip, cell, state_chip
from envdesk.errors import Problem
from envdesk.formdef.lint import lint
from envdesk.formdef.model import Catalogue, Form
from envdesk.present.list_query.shape import STATE, Column, columns
from envdesk.store import lists, query
from envdesk.store.lists import Asked

OVER = frozenset({"离岗", "停用", "已结束"})
"""States of what is no longer in use: they stand at the end."""
FIGURE = "figure_id"
GROUPS = ("执法检查", "大气", "水", "固体废物", "投诉督察", "整改执法", "台账", "基础名单")
"""Order of the groups in the list of forms; an office's other ones come before them."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: id, texts by column (a chip in the column of the state), ``over`` = no longer in use."""

    id: str
    cells: tuple[str | Chip, ...]
    over: bool = False


@dataclass(frozen=True, slots=True)
class ListTable:
    """A small list."""

    form: str
    title: str
    help: str
    columns: tuple[Column, ...]
    rows: tuple[ListRow, ...]


def table(desk: Desk, form_id: str) -> ListTable:
    """Read a small list whole, what is in use first."""
    form = desk.catalogue.form(form_id)
    shown = columns(form, form.columns, mixed=False, void=False)
    keys = lists.ids(desk.store, Asked(form_id, order=form.name or "record_no", descending=False))
    found = lists.rows(desk.store, keys, ["state"])
    names = query.ref_names(desk.store, form, found)
    for values in found:  # a figure is named by its title, as everywhere on paper
        figure = desk.catalogue.figures.get(str(values.get(FIGURE) or ""))
        if figure is not None:
            values[FIGURE] = figure.title
    rows = [_row(form, shown, values, names) for values in found]
    return ListTable(form_id, form.title, form.help, shown, tuple(sorted(rows, key=lambda r: r.over)))


def heads(catalogue: Catalogue, form_id: str) -> tuple[Column, ...]:
    """Return the columns of a small list."""
    form = catalogue.form(form_id)
    return columns(form, form.columns, mixed=False, void=False)


def _row(form: Form, shown: Sequence[Column], values: dict[str, object], names: dict[str, str]) -> ListRow:
    chip = state_chip(form, values)
    cells: list[str | Chip] = []
    for column in shown:
        if column.key == STATE:
            cells.append(chip or "")
        elif form.has(column.key):
            cells.append(cell(form.field(column.key), values.get(column.key), names))
        else:
            cells.append(str(values.get(column.key) or ""))
    return ListRow(str(values["id"]), tuple(cells), over=chip is not None and chip.word in OVER)


# ---- forms ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in use: ``own`` = made by the office; ``problems`` None as long as it was not checked."""

    id: str
    title: str
    group: str
    version: str
    fields: int
    own: bool
    problems: tuple[str, ...] | None = None


def own_folder(db: Path) -> Path:
    """Return the folder of the office's own forms."""
    return db.parent / "forms"


def form_lines(catalogue: Catalogue, found: Sequence[Problem] | None = None) -> tuple[FormLine, ...]:
    """Return the forms in use, the office's own first, groups together; *found* is what :func:`check` said."""
    shipped = {p.stem for p in paths.forms_dir().glob("*.toml")}
    said: dict[str, list[str]] = {}
    for p in found or ():
        said.setdefault((p.field or "").partition(".")[0], []).append(p.message)
    lines = [
        FormLine(
            f.id, f.title, f.group, f.version.partition("-")[0][:8], len(f.fields), f.id not in shipped,
            tuple(said.get(f.id, ())) if found is not None else None,
        )
        for f in catalogue.forms.values()
        if f.kind != "shared"
    ]  # fmt: skip
    return tuple(
        sorted(lines, key=lambda line: (not line.own, GROUPS.index(line.group) if line.group in GROUPS else -1))
    )


def check(catalogue: Catalogue) -> list[Problem]:
    """Check all definitions; takes some seconds."""
    return lint(catalogue)
