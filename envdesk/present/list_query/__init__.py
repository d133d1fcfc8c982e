"""A register list: what is asked (tabs, period, filters, search, order) and the rows, a window at a time.

:class:`ListState` is what the user chose, frozen; each change makes a new one. :class:`Listing` answers it: the first
page at once, counts and the full order when they are needed. All methods of a listing run on the database thread.
"""

from envdesk.present.list_query.listing import FIRST_PAGE, Listing
from envdesk.present.list_query.shape import (
    FORM,
    LEFT,
    NUMBER,
    STATE,
    Column,
    ColumnChoice,
    FilterChip,
    Option,
    Row,
    Total,
)
from envdesk.present.list_query.state import ListState, PeriodChip, Tab, opening, period_chips, tabs

__all__ = [
    "FIRST_PAGE", "FORM", "LEFT", "NUMBER", "STATE", "Column", "ColumnChoice", "FilterChip", "ListState", "Listing", "Option",
    "PeriodChip", "Row", "Tab", "Total", "opening", "period_chips", "tabs",
]  # fmt: skip
