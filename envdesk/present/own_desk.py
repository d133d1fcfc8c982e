"""自己的报表: a table of the office's own while it is put together, line by line; nothing here changes the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from envdesk.desk import own_reports, reports
from envdesk.desk.office import Desk
from envdesk.figures.engine import parse_id
from envdesk.formdef.model import Catalogue
from envdesk.i18n import N_, _, plural
from envdesk.reports.document import Rendered
from envdesk.reports.template import COLUMNS, Category, Template, TemplateRow

TITLE = N_("生态环境专项工作")
GROUP = N_("工作情况")
#: Columns of the table that may be left out: key → words.
COLUMN_TITLES = {
    "current": N_("本期"), "previous": N_("上期"), "change_previous": N_("环比"), "year_to_date": N_("本年累计"),
    "last_year": N_("上年同期"), "change_last_year": N_("同比"), "target": N_("任务数"), "completion": N_("完成率"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnLine:
    """An own table to choose."""

    id: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table as it is edited: a category (``row`` -1) or one of its rows.

    Attributes:
        title: as it will be printed; ``own`` = the words the office gave it, "" = the figure's.
    """

    category: int
    row: int
    title: str
    own: str
    note: str = ""
    part: bool = False
    figure: str = ""
    known: bool = True


# ---- choosing ------------------------------------------------------------------------------------------------------
def mine(desk: Desk) -> tuple[OwnLine, ...]:
    """Return the office's own tables."""
    return tuple(OwnLine(t.id, plural("{count} 项", len(t.figures))) for t in own_reports.own(desk))


def sources(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Tables that can be copied: id and title."""
    found = [t for t in reports.templates(desk) if isinstance(t, Template)]
    return tuple((t.id, t.id if t.id in {o.id for o in mine(desk)} else t.title) for t in found)


def copied(desk: Desk, source: str) -> Template:
    """A copy of a table under a free name, not kept yet."""
    made = own_reports.table(desk, source)
    base = made.id if made.id in {o.id for o in mine(desk)} else made.title
    return replace(made, id=own_reports.free_name(desk, base))


def empty(desk: Desk) -> Template:
    """A table without rows under a free name."""
    return Template(own_reports.free_name(desk, _("专项报表")), _(TITLE), (Category(_(GROUP), ()),))


def preview(desk: Desk, layout: Template, period: str) -> Rendered:
    """The table as a draft on paper."""
    made = reports.compute(desk, period, layout=layout, live=True)
    return reports.paper(desk, made, draft=True)


# ---- lines -----------------------------------------------------------------------------------------------------------
def lines(layout: Template, catalogue: Catalogue) -> tuple[Line, ...]:
    """Return categories and rows in the order of the paper."""
    out: list[Line] = []
    for c, category in enumerate(layout.categories):
        out.append(Line(c, -1, category.title.replace("\n", ""), category.title.replace("\n", "")))
        for r, row in enumerate(category.rows):
            fid = parse_id(row.figure)
            known = catalogue.figures.get(fid.figure)
            title = known.title if known else fid.figure
            values = "、".join(v for _d, v in fid.filters)
            own = f"{title}（{values}）" if values else title
            out.append(
                Line(c, r, row.title or own, row.title, row.note or row.note_if, row.part, row.figure, bool(known))
            )
    return tuple(out)


def row_at(layout: Template, line: Line) -> TemplateRow:
    """The row of a line."""
    return layout.categories[line.category].rows[line.row]


def added(layout: Template, line: Line | None, figure: str) -> tuple[Template, tuple[int, int]]:
    """Put a figure behind a line (None = at the end); returns the place of the new row."""
    categories = layout.categories or (Category(_(GROUP), ()),)
    c = line.category if line is not None else len(categories) - 1
    rows = categories[c].rows
    at = len(rows) if line is None else line.row + 1
    made = replace(categories[c], rows=(*rows[:at], TemplateRow(figure), *rows[at:]))
    return _with(replace(layout, categories=categories), c, made), (c, at)


def with_category(layout: Template, line: Line | None) -> tuple[Template, tuple[int, int]]:
    """Begin a category behind that of a line; rows behind the line go into it."""
    c = line.category if line is not None else len(layout.categories) - 1
    new = Category(_("新类别"), ())
    categories = list(layout.categories)
    if line is not None and line.row >= 0:
        rows = categories[c].rows
        categories[c] = replace(categories[c], rows=rows[: line.row + 1])
        new = replace(new, rows=rows[line.row + 1 :])
    categories.insert(c + 1, new)
    return replace(layout, categories=tuple(categories)), (c + 1, -1)


def without(layout: Template, line: Line) -> Template:
    """Take a row out; of a category its rows go to the one before it, an only one stays."""
    categories = list(layout.categories)
    if line.row >= 0:
        rows = categories[line.category].rows
        kept = replace(categories[line.category], rows=(*rows[: line.row], *rows[line.row + 1 :]))
        return _with(layout, line.category, kept)
    if len(categories) == 1:
        return layout
    gone = categories.pop(line.category)
    heir = max(0, line.category - 1)
    rows = categories[heir].rows
    rows = (*rows, *gone.rows) if line.category else (*gone.rows, *rows)
    categories[heir] = replace(categories[heir], rows=rows)
    return replace(layout, categories=tuple(categories))


def moved(layout: Template, line: Line, step: int) -> tuple[Template, tuple[int, int]]:
    """Move a row or a category up (-1) or down (1); a row leaves its category at the edge."""
    categories = list(layout.categories)
    c = line.category
    if line.row < 0:
        other = c + step
        if 0 <= other < len(categories):
            categories[c], categories[other] = categories[other], categories[c]
            c = other
        return replace(layout, categories=tuple(categories)), (c, -1)
    rows = list(categories[c].rows)
    other = line.row + step
    if 0 <= other < len(rows):
        rows[line.row], rows[other] = rows[other], rows[line.row]
        return _with(layout, c, replace(categories[c], rows=tuple(rows))), (c, other)
    if not 0 <= c + step < len(categories):
        return layout, (c, line.row)
    row = rows.pop(line.row)
    near = categories[c + step].rows
    at = len(near) if step < 0 else 0
    categories[c] = replace(categories[c], rows=tuple(rows))
    categories[c + step] = replace(categories[c + step], rows=(*near[:at], row, *near[at:]))
    return replace(layout, categories=tuple(categories)), (c + step, at)


def titled(layout: Template, line: Line, title: str) -> Template:
    """Give a line other words; "" = the figure's own."""
    if line.row < 0:
        return _with(layout, line.category, replace(layout.categories[line.category], title=title))
    return _row(layout, line, replace(row_at(layout, line), title=title))


def noted(layout: Template, line: Line, note: str) -> Template:
    """Write another 备注 into a row."""
    return layout if line.row < 0 else _row(layout, line, replace(row_at(layout, line), note=note, note_if=""))


def parted(layout: Template, line: Line, *, part: bool) -> Template:
    """Make a row a part (其中) of the one above, or not."""
    return layout if line.row < 0 else _row(layout, line, replace(row_at(layout, line), part=part))


def with_column(layout: Template, key: str, *, on: bool) -> Template:
    """Print a column or leave it out; 本期 always stands."""
    chosen = {*layout.columns, key} if on else set(layout.columns) - {key}
    return replace(layout, columns=tuple(name for name in COLUMNS if name in chosen | {"current"}))


def _row(layout: Template, line: Line, row: TemplateRow) -> Template:
    category = layout.categories[line.category]
    rows = (*category.rows[: line.row], row, *category.rows[line.row + 1 :])
    return _with(layout, line.category, replace(category, rows=rows))


def _with(layout: Template, number: int, category: Category) -> Template:
    categories = (*layout.categories[:number], category, *layout.categories[number + 1 :])
    return replace(layout, categories=categories)
