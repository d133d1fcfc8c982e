"""A figure is an evidence query and its value an aggregate of it: no other query exists, so they cannot part.

Every definition compiles to one SELECT ``form, id, record_no, date, unit, value, hit``; the value is
count(distinct unit), sum(value), or hits / units. Texts are compiled once per open file and bound to dates later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from envdesk.errors import guess, refuse
from envdesk.figures.numbers import exact
from envdesk.figures.period import Window
from envdesk.formdef.dated import period_name
from envdesk.formdef.expr import Compiled, compile_expr
from envdesk.formdef.live import Source, table
from envdesk.formdef.model import Dimension, Figure
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.params import setting_params

_NEXT = re.compile(r",(?=\s*[a-z_][a-z0-9_]*\s*=)")
_BETWEEN = re.compile(rf"(?<!\\){_NEXT.pattern}")
_MARKED = re.compile(rf"\\({_NEXT.pattern})")

MONTHS = (
    "month(first, last) as (select date(:start, 'start of month'), date(:start, 'start of month', '+1 month', '-1 day')"
    " union all select date(first, '+1 month'), date(first, '+2 month', '-1 day') from month"
    " where date(first, '+1 month') <= :end)"
)


@dataclass(frozen=True, slots=True)
class FigureId:
    """A figure, possibly filtered by dimension values: ``insp_visits:campaign=百日攻坚``."""

    figure: str
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def narrowed(self) -> str:
        """The filters as written; a comma in a value is marked where it would read as the next filter."""
        return ",".join(f"{d}={_mark(v)}" for d, v in self.filters)

    @property
    def last(self) -> str:
        """The value of the filter named last; "" without one."""
        return self.filters[-1][1] if self.filters else ""

    def __str__(self) -> str:
        """The id as written."""
        return f"{self.figure}:{self.narrowed}" if self.filters else self.figure


def _mark(value: str) -> str:
    return _NEXT.sub(r"\\,", value)


def parse_id(text: str) -> FigureId:
    """Read ``figure[:dim=value[,dim=value]]``; a comma belongs to the value unless ``dim=`` follows it."""
    name, _, rest = text.partition(":")
    parts = [_MARKED.sub(r"\1", p).partition("=") for p in _BETWEEN.split(rest) if p]
    return FigureId(name.strip(), tuple((d.strip(), v.strip()) for d, _, v in parts))


@dataclass(frozen=True, slots=True)
class Count:
    """The raw aggregate of a figure: distinct units, summed value (None without rows), distinct hit units, rows."""

    units: int
    total: int | float | None
    hits: int
    rows: int

    @property
    def mean(self) -> Fraction | None:
        """Exact mean of the values (measured figures)."""
        return None if self.total is None or not self.rows else exact(self.total) / self.rows


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record behind a figure."""

    form: str
    id: str
    record_no: str | None
    date: str | None
    unit: str
    value: int | float | None
    hit: bool | None

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "form": self.form, "id": self.id, "record_no": self.record_no, "date": self.date, "unit": self.unit,
            "value": self.value, "hit": self.hit,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Query:
    """Compiled text of one figure (and split): the WITH clause and the evidence SELECT."""

    clause: str
    select: str
    hit: bool
    grouped: bool


class Engine:
    """Computes figures of one open file."""

    def __init__(self, store: Store) -> None:
        """Compute over *store*."""
        self.store = store
        self.catalogue = store.catalogue
        self.live = store.live

    # ---- definitions -------------------------------------------------------------------------------------------
    def figure(self, name: str) -> Figure:
        """Return a figure's definition.

        Raises:
            Refused: ``unknown_figure``.
        """
        try:
            return self.catalogue.figures[name]
        except KeyError:
            raise refuse("unknown_figure", figure=name, guess=guess(name, list(self.catalogue.figures))) from None

    def dimensions(self, name: str) -> tuple[str, ...]:
        """Dimensions a figure may be split by (a rate takes over those of its denominator)."""
        f = self.figure(name)
        if f.by or not (f.share or f.ratio):
            return f.by
        parts = [self.figure(name).by for name in (f.share, *f.ratio) if name]
        return tuple(dim for dim in parts[0] if all(dim in by for by in parts))

    def dimension(self, figure: str, dim: str) -> Dimension:
        """Return a dimension a figure may be split by.

        Raises:
            Refused: ``unknown_dimension``.
        """
        allowed = self.dimensions(figure)
        if dim not in allowed:
            raise refuse("unknown_dimension", figure=figure, dimension=dim, guess=guess(dim, list(allowed)))
        return self.catalogue.dimensions[dim]

    # ---- compiling ---------------------------------------------------------------------------------------------
    def query(self, fid: FigureId, by: str = "", *, twin: bool = False, word: str = "") -> _Query:
        """Compile a figure once per open file; *twin* sums the last-year value typed beside this year's.

        *word* groups by an expression instead of a dimension.
        """
        key = ("figure", fid.figure, tuple(d for d, _ in fid.filters), by, twin, word)
        cache = self.store.cache
        return cache.get(key) or cache.setdefault(key, self._compile(fid, by, twin=twin, word=word))  # type: ignore[no-any-return]

    def _compile(self, fid: FigureId, by: str, *, twin: bool, word: str = "") -> _Query:
        f = self.figure(fid.figure)
        if twin:
            f = replace(f, value=f.value_ly)
        base = self.figure(f.share) if f.share else f
        if base.share:
            base = replace(self.figure(base.share), where=_both(self.figure(base.share).where, base.hit, base.only))
        build = _Builder(self, base)
        group = build.dimension(self.dimension(fid.figure, by)) if by else build.expr(word) if word else ""
        for n, (dim, _value) in enumerate(fid.filters):
            build.filter(self.dimension(fid.figure, dim), n)
        hit = build.expr(f.hit) if f.share else ""
        if f.only:
            build.filter_by(f.only)
        select = build.evidence(
            unit=f.unit or base.unit, value=f.value or base.value, hit=hit, group=group, figure=base
        )
        return _Query(build.clause(), select, bool(f.share), bool(by))

    def params(self, fid: FigureId, window: Window, by: str = "") -> dict[str, Any]:
        """Bind a window, the settings and the filters."""
        now = self.store.clock.now()
        out: dict[str, Any] = dict(window.params())
        out |= {"today": now.date().isoformat(), "now_time": now.strftime("%H:%M"), "id": None}
        out["by_campaign"] = int(by == "campaign" or any(d == "campaign" for d, _ in fid.filters))
        out |= {f"dim{n}": value for n, (_d, value) in enumerate(fid.filters)}
        return out | setting_params(self.store)

    # ---- values ------------------------------------------------------------------------------------------------
    def count(self, fid: FigureId, window: Window, *, twin: bool = False) -> Count:
        """Aggregate one figure."""
        return self._aggregate(fid, window, "", twin=twin).get("", Count(0, None, 0, 0))

    def groups(self, fid: FigureId, window: Window, by: str) -> dict[str, Count]:
        """Aggregate one figure per value of a dimension, in the order of the values."""
        return self._aggregate(fid, window, by)

    def _aggregate(self, fid: FigureId, window: Window, by: str, *, twin: bool = False) -> dict[str, Count]:
        if window.end < window.start:
            return {}
        q = self.query(fid, by, twin=twin)
        group = "grp" if by else "''"
        hits = "count(distinct case when hit then unit end)" if q.hit else "0"
        sql = (
            f"{q.clause}select {group}, count(distinct unit), sum(value), {hits}, count(*) from ({q.select})"
            f"{' group by grp order by grp' if by else ''}"
        )
        rows = self.store.kept.query(sql, self.params(fid, window, by))
        return {str(r[0]): Count(int(r[1]), _plain(r[2]), int(r[3]), int(r[4])) for r in rows if r[4] or not by}

    def reads(self, figure: str, form: str) -> bool:
        """True when a figure's query reads a form, one of its lists or what it shares."""
        q = self.query(FigureId(figure))
        return bool(re.search(rf"\bt_{form}(?:__\w+)?\b", q.clause + q.select))

    def plain_counts(self, figures: Iterable[str], window: Window) -> dict[str, tuple[Any, ...]]:
        """Units, sum and hits of figures as they are at this moment, inside an open transaction too."""
        out: dict[str, tuple[Any, ...]] = {}
        for name in figures:
            fid = FigureId(name)
            q = self.query(fid)
            hits = "count(distinct case when hit then unit end)" if q.hit else "0"
            sql = f"{q.clause}select count(distinct unit), sum(value), {hits} from ({q.select})"
            out[name] = self.store.con.one(sql, self.params(fid, window)) or ()
        return out

    def words(self, fid: FigureId, window: Window, word: str) -> list[str]:
        """Return what an expression says on the records of a figure, each word once."""
        q = self.query(fid, word=word)
        sql = f"{q.clause}select distinct grp from ({q.select}) where grp is not null order by grp"
        return [str(r[0]) for r in self.store.kept.query(sql, self.params(fid, window))]

    def evidence(self, fid: FigureId, window: Window) -> list[Evidence]:
        """The records behind a figure, ordered by date and number; of a rate the misses too."""
        f = self.figure(fid.figure)
        if f.ratio:
            return self._ratio_evidence(f, fid, window)
        if window.end < window.start:
            return []
        q = self.query(fid)
        sql = f"{q.clause}select form, id, record_no, date, unit, value, hit from ({q.select}) order by date, record_no, id, unit"
        rows = self.store.con.query(sql, self.params(fid, window))
        return [Evidence(r[0], r[1], r[2], r[3], str(r[4]), r[5], None if r[6] is None else bool(r[6])) for r in rows]

    def grouped_evidence(self, fid: FigureId, window: Window, by: str) -> list[tuple[str, Evidence]]:
        """The records behind a figure with the value of a dimension each counts under."""
        q = self.query(fid, by)
        sql = f"{q.clause}select grp, form, id, record_no, date, unit, value from ({q.select}) order by date, record_no, id"
        rows = self.store.con.query(sql, self.params(fid, window, by))
        return [(str(r[0]), Evidence(r[1], r[2], r[3], r[4], str(r[5]), r[6], None)) for r in rows]

    def _ratio_evidence(self, f: Figure, fid: FigureId, window: Window) -> list[Evidence]:
        """Rows of a ratio's denominators, each split into the part that the numerator counts too and the rest."""
        numerator = self.evidence(FigureId(f.ratio[0], fid.filters), window)
        hits: dict[str, float] = {}
        for row in numerator:
            hits[row.unit] = hits.get(row.unit, 0) + (row.value or 0)
        base = [row for name in f.ratio[1:] for row in self.evidence(FigureId(name, fid.filters), window)]
        out: list[Evidence] = []
        if not hits.keys() & {row.unit for row in base}:  # other records: places done against a typed target
            rest = sum(row.value or 0 for row in base) - sum(hits.values())
            out = [replace(row, hit=True) for row in numerator]
            return out + [replace(row, value=rest, hit=False) for row in base[:1] if rest > 0]
        for row in base:
            whole = row.value or 0
            part = min(hits.get(row.unit, 0), whole)
            out += [replace(row, value=v, hit=h) for v, h in ((part, True), (whole - part, False)) if v]
        return out


def _plain(total: float | None) -> int | float | None:
    """A sum of REAL values without the dust of binary addition (values have at most six decimals)."""
    return round(total, 6) if isinstance(total, float) else total


def _both(*conditions: str) -> str:
    return " and ".join(f"({c})" for c in conditions if c)


class _Builder:
    """Puts one evidence query together."""

    def __init__(self, engine: Engine, figure: Figure) -> None:
        self.engine = engine
        self.live = engine.live
        self.figure = figure
        self.source: Source = self.live.source(figure.of)
        self.refs: set[str] = set()
        self.name = period_name(self.live, self.source.name, figure.date)
        self.tables: set[str] = {self.name}
        self.texts: list[str] = []
        self.joins: list[str] = []
        self.where: list[str] = []
        stored = self.source.fields.get(figure.date)
        self.dated = stored is not None and stored.stored
        if figure.date:
            date = self.expr(figure.date)
            # A month is little of a file: told so, SQLite starts from the index of the date however many joins away.
            self.where.append(f"likelihood({date} >= :start, 0.01) and likelihood({date} < :after, 0.01)")
        if figure.where:
            self.filter_by(figure.where)

    def filter_by(self, text: str) -> None:
        """Keep rows for which a condition holds. Beside a dated event it must not offer an index of its own."""
        sql = self.expr(text)
        self.where.append(f"coalesce(({sql}), 0)" if self.dated else f"({sql})")

    def expr(self, text: str) -> str:
        """Compile one expression and remember what it reads."""
        got: Compiled = compile_expr(text, self.source.scope)
        self.refs |= got.refs
        self.tables |= got.tables
        self.texts.append(text)
        return got.sql

    def _dimension_sql(self, dim: Dimension) -> tuple[str, str]:
        """Return (list name or "", SQL of the value) of a dimension for this source."""
        owner = self.figure.of.partition(".")[0]
        text = dim.keys.get(self.figure.of) or dim.keys.get(owner) or dim.keys.get("", "")
        if not text:
            raise refuse("unknown_dimension", figure=self.figure.id, dimension=dim.id, guess="")
        name = self.source.scope.lists.get(text, "")
        if name:
            self.tables.add(name)
            value = "g.value"
        else:
            value = self.expr(text)
        if dim.ref:
            form = self.engine.catalogue.forms[dim.ref]
            column = form.field(form.name).column
            value = f"(select z.{quote(column)} from {table(dim.ref)} z where z.id = {value})"
        return name, value

    def dimension(self, dim: Dimension) -> str:
        """Join what a split needs; returns the SQL of the group."""
        name, value = self._dimension_sql(dim)
        if name:
            self.joins.append(f" left join {quote(name)} g on g.rec = me.{self.source.rec}")
            value = (
                f"case when instr({value}, '-') > 0 then substr({value}, 1, instr({value}, '-') - 1) else {value} end"
            )
        elif self._is_bool(dim):
            value = f"case when {value} then '是' else '否' end"
        return f"coalesce({value}, '{dim.empty}')"

    def _is_bool(self, dim: Dimension) -> bool:
        text = dim.keys.get(self.figure.of) or dim.keys.get("", "")
        key = text.rpartition(".")[2]
        f = self.source.fields.get(key)
        if "." in text and f is None:
            alias = text.partition(".")[0]
            form = self.source.scope.refs.get(alias, ("", ""))[0]
            f = (
                self.engine.catalogue.forms[form].field(key)
                if form and self.engine.catalogue.forms[form].has(key)
                else None
            )
        return f is not None and f.type == "bool"

    def filter(self, dim: Dimension, n: int) -> None:
        """Keep only rows whose dimension value is ``:dim<n>`` (a parent word covers its children)."""
        name, value = self._dimension_sql(dim)
        if name:
            inner = value.replace("g.", "y.")
            self.where.append(
                f"exists (select 1 from {quote(name)} y where y.rec = me.{self.source.rec}"
                f" and ({inner} = :dim{n} or {inner} like :dim{n} || '-%'))"
            )
            return
        if self._is_bool(dim):
            value = f"case when {value} then '是' else '否' end"
        self.where.append(f"coalesce({value}, '{dim.empty}') = :dim{n}")

    def evidence(self, *, unit: str, value: str, hit: str, group: str, figure: Figure) -> str:
        """The evidence SELECT."""
        rec = self.source.rec
        if figure.each == "month":
            self.joins.append(" join month")
            default = "me.id || '/' || month.first"
        else:
            default = "me.id"
        columns = [
            f"{self.source.form} as form",
            f"me.{quote(rec)} as id",
            "me.record_no as record_no",
            f"{self.expr(figure.date) if figure.date else 'null'} as date",
            f"{self.expr(unit) if unit else default} as unit",
            f"{self.expr(value) if value else '1'} as value",
            f"{f'coalesce(({hit}), 0)' if hit else 'null'} as hit",
        ]
        if group:
            columns.append(f"{group} as grp")
        if figure.every:
            columns.append(f"coalesce(({self.expr(figure.every)}), 0) as ok")
        refs = frozenset(self.refs)
        joins = self.live.joins(Compiled("", refs, frozenset(), frozenset(), frozenset()), self.source.scope)
        sql = (
            f"select {', '.join(columns)} from {quote(self.name)} me{joins}{''.join(self.joins)}"
            f" where {' and '.join(self.where) or '1'}"
        )
        kept = "form, id, record_no, date, unit, value, hit" + (", grp" if group else "")
        if figure.every:
            part = "unit, grp" if group else "unit"
            sql = f"select {kept} from (select *, min(ok) over (partition by {part}) as allok from ({sql})) where allok"
        if figure.once:
            part = "unit, grp" if group else "unit"
            first = f"row_number() over (partition by {part} order by form, id) = 1"
            named = kept.replace("value", f"case when {first} then value else 0 end as value")
            sql = f"select {named} from ({sql})"
        return sql

    def clause(self) -> str:
        """The WITH clause of everything read."""
        clause = self.live.with_clause(self.texts, self.tables)
        if self.figure.each == "month":
            return f"with recursive {MONTHS}, {clause.removeprefix('with ')}"
        return clause
