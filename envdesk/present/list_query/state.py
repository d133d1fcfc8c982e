"""What the user asked of a list: tab, period, search, filters, order. Frozen; each change makes a new state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from envdesk.desk.office import Desk
from envdesk.desk.registers import ALL_VISITS, OUTINGS, registers
from envdesk.figures.period import parse_period
from envdesk.i18n import _
from envdesk.store import lists
from envdesk.store.lists import CHOSEN


@dataclass(frozen=True, slots=True)
class Tab:
    """One form of a group, or all visits; ``id`` goes into :attr:`ListState.of`."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PeriodChip:
    """A period offered above a list; ``period`` as ``parse_period`` reads it ("" = all, chosen = the current one)."""

    id: str
    title: str
    period: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ListState:
    """What the user asked for. Change it through the methods; all of them return a new state.

    Attributes:
        of: form id, or ``visit`` for the sheets of all visits.
        period: text that ``parse_period`` reads, "" = all time.
        sort: column key, "" = main date, newest first.
        columns: keys of the columns the user wants to see, in this order; () = those of the form.
    """

    of: str
    period: str = ""
    search: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = ""
    descending: bool = True
    void: bool = False
    columns: tuple[str, ...] = ()

    def on(self, of: str) -> ListState:
        """The same period and search on another tab; filters stay where both forms have the key."""
        return replace(self, of=of, sort="", descending=True, columns=())

    def in_period(self, period: str) -> ListState:
        """Another period ("" = all)."""
        if period:
            parse_period(period)
        return replace(self, period=period)

    def searching(self, text: str) -> ListState:
        """Other search words."""
        return replace(self, search=text)

    def filtered(self, key: str, values: Sequence[str]) -> ListState:
        """Set a filter, or take it away with no values."""
        kept = tuple(f for f in self.filters if f[0] != key)
        return replace(self, filters=(*kept, (key, tuple(values))) if values else kept)

    def toggled(self, key: str, value: str) -> ListState:
        """Add a value to a filter, or take it out."""
        now = dict(self.filters).get(key, ())
        return self.filtered(key, tuple(v for v in now if v != value) if value in now else (*now, value))

    def of_records(self, ids: Sequence[str]) -> ListState:
        """Exactly these records, whenever they happened and whatever else was asked."""
        return replace(self, period="", search="", filters=((CHOSEN, tuple(ids)),), void=False)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the records the list was narrowed to, empty = it was not."""
        return dict(self.filters).get(CHOSEN, ())

    def without_last(self) -> ListState:
        """Take the last set filter away (Backspace)."""
        return replace(self, filters=self.filters[:-1])

    def cleared(self) -> ListState:
        """No filters and no search."""
        return replace(self, filters=(), search="")

    def sorted_by(self, key: str) -> ListState:
        """Sort by a column; the same column again turns the order round."""
        if key == self.sort:
            return replace(self, descending=not self.descending)
        return replace(self, sort=key, descending=False)

    def showing(self, columns: Sequence[str]) -> ListState:
        """Other columns, () = those of the form."""
        return replace(self, columns=tuple(columns))

    def voided(self, show: bool) -> ListState:  # noqa: FBT001 - a check box
        """The voided records instead of the live ones."""
        return replace(self, void=show)


def tabs(desk: Desk, group: str) -> tuple[Tab, ...]:
    """Return the tabs of a rail group; visits start with all of them and end with the outings."""
    forms = next(r.forms for r in registers(desk) if r.id == group)
    out = [Tab(f.id, f.title) for f in forms]
    if group == "inspections":
        out = [Tab(ALL_VISITS, _("全部检查")), *out, Tab(OUTINGS, _("出动"))]
    return tuple(out)


def opening(desk: Desk, of: str) -> ListState:
    """Return the state a list opens with: this year for what happens, all for what stands."""
    date_key = lists.main_date(desk.catalogue, of)
    return ListState(of, period=str(desk.clock.today().year) if date_key and of != "subject" else "")


def period_chips(desk: Desk, state: ListState) -> tuple[PeriodChip, ...]:
    """Return the periods offered: 本月 上月 本季 今年 自定; empty for a list without a date."""
    if not lists.main_date(desk.catalogue, state.of):
        return ()
    today = desk.clock.today()
    month = f"{today:%Y-%m}"
    last = str(parse_period(month).previous())
    offered = (
        ("month", _("本月"), month), ("last_month", _("上月"), last),
        ("quarter", _("本季"), f"{today.year}Q{(today.month + 2) // 3}"), ("year", _("今年"), str(today.year)),
    )  # fmt: skip
    out = [PeriodChip(name, title, text, text == state.period) for name, title, text in offered]
    own = state.period and all(not p.chosen for p in out)
    title = parse_period(state.period).title if own else _("自定")
    out.append(PeriodChip("custom", title, state.period if own else "", bool(own)))
    return (*out, PeriodChip("all", _("全部"), "", not state.period))
