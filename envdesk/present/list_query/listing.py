"""The answer to a list's state: counts, rows in windows, filters with counts, totals, export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from envdesk.desk.office import Desk, is_district
from envdesk.desk.words import (
    NONE,
    Chip,
    cell,
    chip,
    counts_workdays,
    day_words,
    days_over,
    due_chip,
    short_number,
    state_chip,
)
from envdesk.figures.period import Period, parse_period
from envdesk.formdef.model import Field, Form
from envdesk.i18n import _, plural
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
    can_filter,
    choice,
    columns,
    field_of,
    gives_way,
    usual,
    value_words,
    with_street,
)
from envdesk.present.list_query.state import ListState
from envdesk.store import calendar, lists, query
from envdesk.store.lists import CHOSEN, EMPTY, LACKING, OFFICE, Asked, Key

FIRST_PAGE = 200
#: At most so many values of a filter are offered.
MOST_OPTIONS = 200


@dataclass
class Listing:
    """The answer to one :class:`ListState`. Make a new one when the state or the data changed (:meth:`stale`)."""

    desk: Desk
    state: ListState
    _version: tuple[int, int] = (0, 0)
    _ids: list[Key] = field(default_factory=list)
    _whole: bool = False
    _count: int | None = None
    _places: dict[str, int] | None = None
    _columns: tuple[Column, ...] | None = None

    def __post_init__(self) -> None:
        """Note which state of the data this listing shows."""
        self._version = self.desk.store.data_version()
        self.forms: tuple[Form, ...] = lists.forms_of(self.desk.catalogue, self.state.of)
        self.form = self.forms[0]
        self.mixed = lists.is_view(self.desk.catalogue, self.state.of)

    @property
    def void(self) -> bool:
        """True when the voided records are shown (a mixed list has none)."""
        return self.state.void and not self.mixed

    @cached_property
    def streets(self) -> dict[str, str]:
        """At the district: the offices whose records are here, by id; nothing elsewhere."""
        if not is_district(self.desk):
            return {}
        from envdesk.desk import district  # a street has no use for it when its window opens

        return district.streets(self.desk)

    @property
    def _live(self) -> bool:
        """True when rows have states and due days."""
        return not self.mixed and not self.void

    # ---- what is asked -----------------------------------------------------------------------------------------
    @property
    def title(self) -> str:
        """Name of the list."""
        return _("全部检查") if self.mixed else self.form.title

    @property
    def period(self) -> Period | None:
        """The period shown, None = all time."""
        return parse_period(self.state.period) if self.state.period and self.form.date else None

    def asked(self) -> Asked:
        """The question to the store; filters of keys this list does not have are left out."""
        span = self.period
        known = {f.key for f in self._filterable()} | ({STATE} if self.form.states and not self.mixed else set())
        filters = tuple(f for f in self.state.filters if f[0] in (LACKING, OFFICE, CHOSEN) or f[0] in known)
        order = "" if self.state.sort == NUMBER and self.mixed else self.state.sort
        return Asked(
            of=self.state.of, start=span.start.isoformat() if span else "", end=span.end.isoformat() if span else "",
            words=tuple(self.state.search.split()), filters=filters, order=self._order(order),
            descending=self.state.descending, void=self.void,
        )  # fmt: skip

    def _order(self, key: str) -> str:
        if key == LEFT:
            return next((k for k in self.form.columns if k in self.form.terms), "")
        if key == STATE and (self.mixed or not self.form.states):
            return "result" if self.form.has("result") else ""
        return key

    def stale(self) -> bool:
        """True when something was saved since."""
        return self.desk.store.data_version() != self._version

    # ---- columns -----------------------------------------------------------------------------------------------
    def columns(self) -> tuple[Column, ...]:
        """The columns: number first (frozen), state second, then those the user chose or those of the form."""
        if self._columns is None:
            known = self._known()
            keys = tuple(k for k in self.state.columns or usual(self.form) if k in known)
            made = columns(self.form, keys, mixed=self.mixed, void=self.void)
            self._columns = with_street(made) if self.streets else made
        return self._columns

    def choice(self) -> ColumnChoice:
        """What columns there are to choose from."""
        return choice(self.form, self.columns(), self._known(), void=not self._live, own=bool(self.state.columns))

    def paper_columns(self) -> tuple[str, ...]:
        """Keys of the columns on the screen that a paper has too."""
        return tuple(c.key for c in self.columns() if c.key not in (LEFT, FORM, OFFICE, STATE)) + (
            (STATE,) if self.form.states else ()
        )

    def _known(self) -> frozenset[str]:
        """Keys that every row has."""
        fields = self._common() if self.mixed else self.form.fields
        terms = () if self.mixed else (*self.form.terms, LEFT)
        return frozenset((NUMBER, STATE, *terms, *(f.key for f in fields)))

    def _common(self) -> list[Field]:
        shared = set.intersection(*({f.key for f in form.fields} for form in self.forms))
        return [f for f in self.form.fields if f.key in shared]

    # ---- rows --------------------------------------------------------------------------------------------------
    def count(self) -> int:
        """How many records are listed."""
        if self._count is None:
            self._count = len(self._ids) if self._whole else lists.count(self.desk.store, self.asked())
        return self._count

    def summary(self) -> str:
        """The sentence beside the title: 今年 642 条，列出 598 条."""
        listed = plural("{count} 条", self.count())
        span = self.period
        if not self.state.filters and not self.state.search:
            return f"{span.title} {listed}" if span else listed
        bare = Listing(self.desk, replace(self.state, filters=(), search=""))
        before = f"{span.title} " if span else ""
        return before + _("{all}，列出 {listed}").format(all=plural("{count} 条", bare.count()), listed=listed)

    def ids(self) -> Sequence[Key]:
        """(form, id) of all listed records in order."""
        if not self._whole:
            self._ids = lists.ids(self.desk.store, self.asked())
            self._whole = True
            self._count = len(self._ids)
        return self._ids

    def rows(self, offset: int = 0, limit: int = FIRST_PAGE) -> tuple[Row, ...]:
        """A window of rows; the first one does not wait for the full order."""
        return self._shown(self._keys(offset, limit))

    def _keys(self, offset: int, limit: int) -> Sequence[Key]:
        if self._whole or offset + limit > max(FIRST_PAGE, limit):
            return self.ids()[offset : offset + limit]
        if len(self._ids) < offset + limit:
            self._ids = lists.first(self.desk.store, self.asked(), max(offset + limit, FIRST_PAGE))
        return self._ids[offset : offset + limit]

    def head(self) -> Sequence[Key]:
        """(form, id) of the first records, without the full order."""
        return self._keys(0, FIRST_PAGE)

    def position(self, rec: str) -> int:
        """Place of a record in the order, −1 when it is not listed."""
        if self._places is None:
            self._places = {r: n for n, (_form, r) in enumerate(self.ids())}
        return self._places.get(rec, -1)

    def row(self, rec: str) -> Row | None:
        """One listed record as a row (after it was edited)."""
        n = self.position(rec)
        return self.rows(n, 1)[0] if n >= 0 else None

    def _shown(self, keys: Sequence[Key]) -> tuple[Row, ...]:
        store, heads = self.desk.store, self.columns()
        wanted = [c.key for c in heads]
        rows = lists.rows(store, keys, wanted, void=self.void)
        names = self._names(rows)
        today = self.desk.clock.today()
        waits = {}
        if self.form.dues and self._live:
            waits = lists.dues(store, self.form, [r["id"] for r in rows], today)
        return tuple(self._row(r, heads, names, waits, today) for r in rows)

    def _names(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        out: dict[str, str] = {}
        for form in self.forms:
            mine = [r for r in rows if r["form"] == form.id]
            if mine:
                out |= query.ref_names(self.desk.store, form, mine)
        return out

    def _row(
        self,
        row: Mapping[str, Any],
        heads: Sequence[Column],
        names: Mapping[str, str],
        waits: Mapping[str, tuple[str, str]],
        today: date,
    ) -> Row:
        form = self.desk.catalogue.forms[row["form"]]
        shown = state_chip(form, row)
        left: int | None = None
        if row["id"] in waits:
            due = waits[row["id"]][1]
            first = self._workdays_to(due, today)
            if counts_workdays(form) or form.states:
                near = due_chip(first, days_over(form, due, today, first))
                shown = near if near.tone in ("red", "amber") and (shown is None or gives_way(shown)) else shown
            seen = str(row.get(self._order(LEFT)) or due)[:10]  # 期限 in the same row, not an earlier day (签收)
            left = first if seen == due else self._workdays_to(seen, today)
        cells = [self._cell(form, c, row, names, shown, left, today) for c in heads]
        number = str(row.get("record_no") or "")
        return Row(row["id"], form.id, number, tuple(cells), shown, left, bool(row.get("void")))

    def _workdays_to(self, day: str, today: date) -> int:
        return calendar.workdays_between(self.desk.store.con, today, date.fromisoformat(day))

    def _cell(
        self,
        form: Form,
        column: Column,
        row: Mapping[str, Any],
        names: Mapping[str, str],
        shown: Chip | None,
        left: int | None,
        today: date,
    ) -> str:
        if column.kind == "number":
            return short_number(row.get("record_no"), today) or NONE
        if column.kind == "state":
            return shown.word if shown else ""
        if column.kind == "left":
            return NONE if left is None else str(left).replace("-", "\N{MINUS SIGN}")
        if column.key == FORM:
            return form.title
        if column.key == OFFICE:
            return self.streets.get(row["office"], "")
        f = field_of(form, column.key)
        if f is None:
            return day_words(row.get(column.key), today)
        return cell(f, row.get(column.key), names, today=today, most=3)

    # ---- filters and totals ------------------------------------------------------------------------------------
    def _filterable(self) -> list[Field]:
        fields = self._common() if self.mixed else list(self.form.fields)
        return [f for f in fields if can_filter(self.form, f)]

    def filters(self) -> tuple[FilterChip, ...]:
        """The filters: those set (with words), then those of the columns, then all others (``usual`` False)."""
        chosen = dict(self.state.filters)
        out = []
        if self.form.states and self._live:
            out.append(FilterChip(STATE, _("状态"), chosen.get(STATE, ()), "、".join(chosen.get(STATE, ()))))
        if self.streets:
            picked = chosen.get(OFFICE, ())
            out.append(FilterChip(OFFICE, _("街镇"), picked, "、".join(self.streets.get(v, v) for v in picked)))
        for f in self._filterable():
            values = chosen.get(f.key, ())
            words = "、".join(self._words(f, values))
            out.append(FilterChip(f.key, f.label, values, words, f.key in self.form.columns or bool(values)))
        if picked := chosen.get(CHOSEN, ()):
            out.append(FilterChip(CHOSEN, _("指定记录"), picked, plural("{count} 条", len(picked))))
        lacking = chosen.get(LACKING, ())
        out.append(FilterChip(LACKING, _("待补"), lacking, _("缺项") if lacking else "", bool(lacking)))
        return tuple(sorted(out, key=lambda c: (not c.values, not c.usual)))

    def _words(self, f: Field, values: Sequence[str]) -> list[str]:
        names = self._ref_names(f, values)
        return [_("未填") if v == EMPTY else value_words(f, v, names) for v in values]

    def _ref_names(self, f: Field, values: Sequence[str]) -> dict[str, str]:
        if f.type in ("people", "ref"):
            return lists.names_of(self.desk.store, f.ref or "person", [v for v in values if v])
        return {}

    def options(self, key: str) -> tuple[Option, ...]:
        """Values of one filter with their counts, as the other filters leave them."""
        asked = self.asked()
        chosen = dict(self.state.filters).get(key, ())
        if key == CHOSEN:
            return ()
        others = replace(asked, filters=tuple(f for f in asked.filters if f[0] != key))
        if key == LACKING:
            return (Option("1", _("缺项"), lists.lacking(self.desk.store, others), bool(chosen)),)
        if key == OFFICE:
            held = lists.by_office(self.desk.store, others)
            return tuple(Option(o, name, held.get(o, 0), o in chosen) for o, name in self.streets.items())
        counted = dict(lists.groups(self.desk.store, others, key, most=MOST_OPTIONS))
        if key == STATE:
            return tuple(Option(s.word, s.word, counted.get(s.word, 0), s.word in chosen) for s in self.form.states)
        f = self.form.field(key)
        names = self._ref_names(f, list(counted))
        if f.choices:
            places = {c.code: n for n, c in enumerate(f.choices)}
            ordered = sorted(counted, key=lambda v: places.get(v, -1 if v else len(places)))
        elif names:
            ordered = sorted(counted, key=lambda v: (not v, lists.pinyin_key(names.get(v, ""))))
        else:
            ordered = sorted(counted, key=lambda v: (not v, lists.pinyin_key(v)))
        out = [
            Option(v, _("未填") if v == EMPTY else value_words(f, v, names), counted[v], v in chosen) for v in ordered
        ]
        gone = [v for v in chosen if v not in counted]
        return (*out, *(Option(v, w, 0, chosen=True) for v, w in zip(gone, self._words(f, gone), strict=True)))

    def totals(self) -> tuple[Total, ...]:
        """How many listed records are in each state (of visits: have each result), in the order of the form."""
        asked = self.asked()
        if self.form.states and self._live:
            counted = dict(lists.groups(self.desk.store, asked, STATE))
            return tuple(
                Total(chip(s.word, s.tone), counted[s.word], s.word)
                for s in reversed(self.form.states)
                if counted.get(s.word)
            )
        if self.form.has("result") and not self.void:
            counted = dict(lists.groups(self.desk.store, asked, "result"))
            shown = (state_chip(self.form, {"result": word}) for word in counted)
            return tuple(Total(c, counted[c.word], c.word) for c in shown if c is not None and c.word in counted)
        return ()

    # ---- export ------------------------------------------------------------------------------------------------
    def export(self, only: Sequence[str] = ()) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
        """Heads and rows of the list as shown (all, or the chosen ids), full dates and numbers, masked as on screen."""
        heads = [c for c in self.columns() if c.kind != "left"]
        chosen = set(only)
        keys = [k for k in self.ids() if not chosen or k[1] in chosen]
        return tuple(c.title for c in heads), self._exported(keys, heads)

    def _exported(self, keys: Sequence[Key], heads: Sequence[Column]) -> Iterator[tuple[str, ...]]:
        wanted = [c.key for c in heads]
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            rows = lists.rows(self.desk.store, part, wanted, void=self.void)
            names = self._names(rows)
            for row in rows:
                form = self.desk.catalogue.forms[row["form"]]
                yield tuple(self._plain(form, c, row, names) for c in heads)

    def _plain(self, form: Form, column: Column, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
        if column.kind == "number":
            return str(row.get("record_no") or "")
        if column.kind == "state":
            found = state_chip(form, row)
            return found.word if found else ""
        if column.key == FORM:
            return form.title
        if column.key == OFFICE:
            return self.streets.get(row["office"], "")
        f = field_of(form, column.key)
        return day_words(row.get(column.key)) if f is None else cell(f, row.get(column.key), names)
