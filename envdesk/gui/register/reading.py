"""What a list reads: its beginning, drawn at once, and the rest, a moment later. Runs on the database thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from envdesk.gui.register.source import ListSource, Shape
from envdesk.gui.table_model import Row
from envdesk.gui.tasks import Work
from envdesk.gui.virtual_model import PAGE
from envdesk.present import list_query as query
from envdesk.present.list_query import FIRST_PAGE, ListState, period_chips


@dataclass(frozen=True)
class Beginning:
    """The first answer to a state. ``count`` rows are known of; with ``more`` the real number is counted later."""

    source: ListSource
    shape: Shape
    rows: Sequence[Row]
    count: int
    more: bool
    periods: Sequence[query.PeriodChip]
    filters: Sequence[query.FilterChip]
    mixed: bool


@dataclass(frozen=True)
class Rest:
    """The sentence beside the title, and how many records are in each state."""

    summary: str
    totals: Sequence[query.Total]


def begin(work: Work, state: ListState, before: Shape | None, order: tuple[str, bool]) -> Beginning:
    """Read the beginning of a list, in the order of the table when it still has the same columns."""
    source = ListSource(state)
    shape = source.shape(source.listing(work))
    sort, descending = order if shape == before else ("", True)
    rows = source.rows(work, 0, PAGE, sort, descending=descending)
    shown = source.current(work)
    known = len(shown.head())
    return Beginning(
        source, shape, rows, known, known >= FIRST_PAGE, period_chips(work.desk, state), shown.filters(), shown.mixed
    )


def rest(work: Work, source: ListSource) -> Rest:
    """Read what may wait."""
    listing = source.current(work)
    return Rest(listing.summary(), listing.totals())
