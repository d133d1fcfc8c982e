"""Figure results as they are printed: value, text, numerator and denominator, and the comparisons of domain.md §3E."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from envdesk.figures.engine import Count, Engine, FigureId, parse_id
from envdesk.figures.numbers import (
    MAX_EXACT,
    NONE,
    Number,
    change_text,
    count_text,
    exact,
    measured_text,
    measured_value,
    percent,
    plain,
    rate_value,
    scaled_text,
    scaled_value,
)
from envdesk.figures.period import Period, Window, Windows, default_cut, windows
from envdesk.formdef.model import Figure
from envdesk.store.file import Store
from envdesk.store.settings import stored

#: Typed 往期数 of a figure inside a window.
_HISTORY = (
    'SELECT start, "end", value FROM t_history_value WHERE void = 0 AND figure_id = :figure'
    " AND coalesce(dim, '') = :dim AND start >= :start AND"
    ' "end" <= :end ORDER BY start, created_at'
)


@dataclass(frozen=True, slots=True)
class Value:
    """One figure over one window.

    Attributes:
        number: as printed (98.81; 2.55), None for “—”.
        text: as printed, with % but no other unit.
        compare: what comparisons use: the printed number of rates and measured values, the exact one of others.
        marked: True when typed 往期数 went into it.
    """

    number: Decimal | None
    text: str
    compare: Number | None
    numerator: int | None = None
    denominator: int | None = None
    fen: int | None = None
    marked: bool = False
    units: int = 0
    raw: Number | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A figure with its comparisons, as the contract and the reports show it."""

    id: str
    title: str
    measure: str
    kind: str
    current: Value
    previous: Value | None
    last_year: Value | None
    year_to_date: Value
    change_previous: str
    change_last_year: str
    target: str = ""
    completion: str = ""
    note: str = ""
    better: str = ""
    marks: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """本期 as printed."""
        return self.current.text

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape (design.md “Out”)."""

        def plain(v: Value | None) -> Any:
            return None if v is None or v.number is None else _json(v.number)

        out: dict[str, Any] = {
            "id": self.id, "title": self.title, "unit": self.measure, "value": plain(self.current),
            "text": self.current.text, "numerator": self.current.numerator, "denominator": self.current.denominator,
            "previous": plain(self.previous), "last_year": plain(self.last_year),
            "year_to_date": plain(self.year_to_date), "change_previous": self.change_previous,
            "change_last_year": self.change_last_year,
        }  # fmt: skip
        if self.current.fen is not None:
            out["fen"] = self.current.fen
        if self.marks:
            out["marked"] = list(self.marks)
        return out


def _json(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


class Computer:
    """Computes results for one period and cut-off."""

    def __init__(self, store: Store, period: Period, cut: date | None = None) -> None:
        """Fix period and cut-off (default: the earlier of the period's end and today)."""
        self.store = store
        self.engine = Engine(store)
        self.period = period
        self.cut = cut or default_cut(period, store.clock.today())
        self.windows: Windows = windows(period, self.cut)
        baseline = store.con.value("SELECT value FROM setting WHERE key = 'baseline_date'")
        self.baseline = date.fromisoformat(baseline) if baseline else None

    # ---- one value ---------------------------------------------------------------------------------------------
    def value(self, fid: FigureId, window: Window, *, records_only: bool = False) -> Value:
        """Compute a figure over any window, typed 往期数 included where domain.md §10.3 allows."""
        f = self.engine.figure(fid.figure)
        if f.ratio:
            return self._ratio(f, fid, window)
        count = self.engine.count(fid, window)
        typed = None if records_only else self._typed(f, fid, window)
        if typed is not None:
            return typed
        return self.of_count(f, count)

    def known_value(self, fid: FigureId, window: Window) -> Value:
        """Like :meth:`value`, but “—” for days of which the office has no records yet."""
        return self._known(self.value(fid, window), window)

    def of_count(self, f: Figure, count: Count) -> Value:
        """Word an aggregate."""
        if f.share or f.kind == "rate":
            return self._rate(f, count.hits, count.units)
        if f.kind == "measured":
            number = measured_value(count.mean, f.decimals or 0)
            text = measured_text(number, f.decimals or 0)
            return Value(number, plain(text) if f.plain else text, number, units=count.units, raw=count.mean)
        amount: Number = (count.total or 0) if f.value else count.units
        return self._amount(f, amount, count.units)

    def _rate(self, f: Figure, numerator: int, denominator: int) -> Value:
        decimals = 2 if f.decimals is None else f.decimals
        number = rate_value(numerator, denominator, decimals)
        return Value(number, percent(number), number, numerator, denominator, units=denominator)

    def _amount(self, f: Figure, amount: Number, units: int) -> Value:
        if f.scale != 1:
            places = self._places(f)
            number = scaled_value(amount, f.scale, places)
            fen = int(exact(amount))
            return Value(number, scaled_text(amount, f.scale, places), amount, fen=fen, units=units, raw=amount)
        text = count_text(amount)
        return Value(Decimal(text), text, amount, units=units, raw=amount)

    def _places(self, f: Figure) -> int | None:
        """Decimals of an amount: the office's choice where the figure leaves it to a setting; None = exact."""
        if not f.decimals_by:
            return f.decimals
        chosen = stored(self.store, f.decimals_by)
        places = int(self.store.catalogue.settings[f.decimals_by].default if chosen is None else chosen)
        return None if places >= MAX_EXACT else places

    def _ratio(self, f: Figure, fid: FigureId, window: Window) -> Value:
        parts = [self.engine.count(FigureId(name, fid.filters), window) for name in f.ratio]
        amounts = [
            int(p.total or 0) if self.engine.figure(n).value else p.units for n, p in zip(f.ratio, parts, strict=True)
        ]
        return self._rate(f, amounts[0], sum(amounts[1:]))

    # ---- typed figures of the past -----------------------------------------------------------------------------
    def _typed(self, f: Figure, fid: FigureId, window: Window) -> Value | None:
        """A 往期数 for days before the baseline: the whole window, or the part of it before the first day."""
        if self.baseline is None or window.start >= self.baseline or "history_value" not in self.store.catalogue.forms:
            return None
        rows = self._history(fid, window)
        before_end = min(window.end, self.baseline - timedelta(days=1))
        whole = [r for r in rows if r[0] == window.start.isoformat() and r[1] == before_end.isoformat()]
        amount: Number | None = None
        if whole:
            amount = whole[-1][2]
        elif f.kind in ("flow", "cohort") and not f.share and _tiles(rows, window.start, before_end):
            amount = sum(exact(r[2]) for r in rows)
        if amount is None:
            return None
        if window.end < self.baseline:
            return self._typed_value(f, exact(amount))
        if f.share or f.kind not in ("flow", "cohort"):
            return None
        rest = self.engine.count(fid, Window(self.baseline, window.end, window.cut))
        own: Number = (rest.total or 0) if f.value else rest.units
        return self._typed_value(f, exact(amount) + exact(own) / (f.scale or 1))

    def _history(self, fid: FigureId, window: Window) -> list[tuple[str, str, float]]:
        params = {
            "figure": fid.figure,
            "dim": fid.narrowed,
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
        }
        return self.store.kept.query(_HISTORY, params)

    def _typed_value(self, f: Figure, amount: Number) -> Value:
        """Typed values are in the printed unit (%, 万元, μg/m³)."""
        if f.share or f.ratio or f.kind == "rate":
            decimals = 2 if f.decimals is None else f.decimals
            number = rate_value(exact(amount), 100, decimals)
            return Value(number, percent(number), number, marked=True)
        if f.kind == "measured":
            number = measured_value(amount, f.decimals or 0)
            return Value(number, measured_text(number, f.decimals or 0), number, marked=True)
        scaled = exact(amount) * f.scale
        made = self._amount(f, scaled, 0)
        return Value(made.number, made.text, made.compare, fen=made.fen, marked=True, raw=scaled)

    # ---- results -----------------------------------------------------------------------------------------------
    def result(self, text: str) -> Result:
        """Compute one figure id with all comparisons."""
        return self._result(parse_id(text))

    def _result(self, fid: FigureId) -> Result:
        f = self.engine.figure(fid.figure)
        w = self.windows
        current = self.value(fid, w.current)
        before = self._known(self.value(fid, w.previous), w.previous) if w.previous else None
        last_year = self._last_year(f, fid, w.last_year)
        ytd = current if f.kind == "stock" else self.value(fid, w.year_to_date)
        return self._compose(f, fid, current, before, last_year, ytd)

    def _last_year(self, f: Figure, fid: FigureId, window: Window) -> Value | None:
        """上年同期; a measured value falls back to the twin typed beside this year's (R24)."""
        value = self.value(fid, window)
        if value.units or value.marked:
            return value
        twin = self._twin(f, fid)
        return self._known(value, window) if twin is None else twin

    def _known(self, value: Value, window: Window) -> Value:
        """“—” instead of a zero for days before the office's first: nothing recorded then is not nothing done."""
        if self.baseline is None or window.end >= self.baseline or value.units or value.marked:
            return value
        return Value(None, NONE, None)

    def _twin(self, f: Figure, fid: FigureId) -> Value | None:
        """The last-year values typed beside this year's records (of a ratio: those of its parts)."""
        figures = [self.engine.figure(name) for name in f.ratio] or [f]
        if not all(part.value_ly for part in figures):
            return None
        counts = [
            self.engine.count(FigureId(part.id, fid.filters), self.windows.current, twin=True) for part in figures
        ]
        if any(c.total is None for c in counts):
            return None
        if f.ratio:
            amounts = [int(c.total or 0) for c in counts]
            return replace(self._rate(f, amounts[0], sum(amounts[1:])), marked=True)
        return replace(self.of_count(f, counts[0]), marked=True)

    def _compose(
        self, f: Figure, fid: FigureId, current: Value, before: Value | None, last_year: Value | None, ytd: Value
    ) -> Result:
        kind = "rate" if f.share or f.ratio else f.kind
        decimals = 2 if f.decimals is None else f.decimals
        title = f.title + (f"（{'、'.join(v for _, v in fid.filters)}）" if fid.filters else "")

        def change(base: Value | None) -> str:
            return change_text(kind, current.compare, base.compare if base else None, decimals=decimals)

        marks = tuple(
            name
            for name, v in (("previous", before), ("last_year", last_year), ("year_to_date", ytd), ("current", current))
            if v is not None and v.marked
        )
        return Result(
            id=str(fid), title=title, measure=self.measure(f, fid), kind=kind, current=current, previous=before, last_year=last_year,
            year_to_date=ytd, change_previous=change(before), change_last_year=change(last_year), note=f.note,
            better=f.better, marks=marks,
        )  # fmt: skip

    def measure(self, f: Figure, fid: FigureId) -> str:
        """Return the unit: the one all records give (吨, 公顷) where the figure leaves it to them, else its own."""
        if not f.measure_by:
            return f.measure
        for window in (self.windows.current, self.windows.year_to_date, self.windows.last_year):
            found = self.engine.words(fid, window, f.measure_by)
            if found:
                return found[0] if len(found) == 1 else f.measure
        return f.measure

    def split(self, text: str, by: str) -> list[Result]:
        """Compute a figure per value of a dimension: ids ``figure:dim=value``."""
        fid = parse_id(text)
        f = self.engine.figure(fid.figure)
        w = self.windows
        spans: list[Window | None] = [w.current, w.previous, w.last_year, w.year_to_date]
        self.engine.dimension(fid.figure, by)
        tables = [self._split(f, fid, span, by) if span else {} for span in spans]
        names = sorted({name for t in tables for name in t})
        out = []
        for name in names:
            part = FigureId(fid.figure, (*fid.filters, (by, name)))
            values = [
                (self._typed(f, part, span) or t.get(name) or self._none(f)) if span else None
                for t, span in zip(tables, spans, strict=True)
            ]
            current, before, last_year, ytd = values
            if current is not None and ytd is not None:
                out.append(self._compose(f, part, current, before, last_year, current if f.kind == "stock" else ytd))
        return out

    def _split(self, f: Figure, fid: FigureId, window: Window, by: str) -> dict[str, Value]:
        """Values of one figure over one window per value of a dimension."""
        if not f.ratio:
            return {name: self.of_count(f, c) for name, c in self.engine.groups(fid, window, by).items()}
        parts = [self.engine.groups(FigureId(name, fid.filters), window, by) for name in f.ratio]
        amounts = [
            {name: int(c.total or 0) if self.engine.figure(figure).value else c.units for name, c in part.items()}
            for figure, part in zip(f.ratio, parts, strict=True)
        ]
        names = {name for part in amounts[1:] for name in part}
        return {n: self._rate(f, amounts[0].get(n, 0), sum(part.get(n, 0) for part in amounts[1:])) for n in names}

    def _none(self, f: Figure) -> Value:
        """The value of a group without rows."""
        return self._rate(f, 0, 0) if f.ratio else self.of_count(f, Count(0, None, 0, 0))

    def results(self, ids: Iterable[str]) -> dict[str, Result]:
        """Compute several figures: id → result."""
        return {text: self.result(text) for text in ids}


def _tiles(rows: list[tuple[str, str, float]], start: date, end: date) -> bool:
    """True when the typed stretches cover [start, end] without gap or overlap."""
    day = start
    for first, last, _value in rows:
        if date.fromisoformat(first) != day:
            return False
        day = date.fromisoformat(last) + timedelta(days=1)
    return bool(rows) and day == end + timedelta(days=1)
