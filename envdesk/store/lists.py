"""Windows into long lists: the order of the ids first, then the rows of one page.

A list may be over a form or over the view of all visits. The order by a date or number is SQL (an index answers the
first page at once); words are sorted here, by pinyin, with the ids in hand. At 100,000 records an order is 0.2-0.4 s,
a first page by date some ms. Nothing is kept in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from envdesk.formdef.expr import Compiled, compile_expr
from envdesk.formdef.live import Source, list_table, table
from envdesk.formdef.model import LIST_TYPES, Catalogue, Field, Form
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.params import clock_params
from envdesk.store.query import fill_lists
from envdesk.store.search import matching

#: Types that SQL sorts as people expect.
SQL_SORTED = frozenset({"date", "datetime", "time", "int", "decimal", "money", "bool"})
#: Value of a filter that means "nothing entered".
EMPTY = ""
#: Pseudo filter: records that lack something (hints that ask for a value).
LACKING = "@lacking"
#: Pseudo filter and pseudo column at the district: the street (its office) a record belongs to.
OFFICE = "@office"
#: Pseudo filter: these records (their ids).
CHOSEN = "@chosen"
#: How far back a first page looks before it asks for everything.
RECENT_DAYS = (10, 100)
_NUMERALS = "零一二三四五六七八九"
_ORDINAL = re.compile("第([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])")
Key = tuple[str, str]
_LACKS = "where hints like '%\"required\"%'"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list holds and in which order.

    Attributes:
        of: a form, or the view of all visits.
        start: first day of the main date ("" = open); ``end`` the last.
        words: all must match somewhere.
        filters: (key, values); any of the values, :data:`EMPTY` for none. Keys: a field, ``state``,
            :data:`LACKING`, :data:`OFFICE`, :data:`CHOSEN`.
        order: key to sort by ("" = main date).
        void: the voided records instead of the live ones.
    """

    of: str
    start: str = ""
    end: str = ""
    words: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    order: str = ""
    descending: bool = True
    void: bool = False


def is_view(catalogue: Catalogue, of: str) -> bool:
    """True when *of* names a view over several forms (the visits), not the shared record of that name."""
    return of in catalogue.views


def forms_of(catalogue: Catalogue, of: str) -> tuple[Form, ...]:
    """Return the forms a list draws from."""
    return catalogue.members(catalogue.views[of].block) if is_view(catalogue, of) else (catalogue.form(of),)


def main_date(catalogue: Catalogue, of: str) -> str:
    """Key of the date that periods and the default order use ("" = none)."""
    return forms_of(catalogue, of)[0].date


class _Query:
    """One SELECT over a list's source, put together from parts."""

    def __init__(self, store: Store, asked: Asked) -> None:
        self.store = store
        self.asked = asked
        self.catalogue = store.catalogue
        self.view = is_view(self.catalogue, asked.of)
        self.form = forms_of(self.catalogue, asked.of)[0]
        self.source: Source = store.live.source(asked.of)
        self.bound: dict[str, Any] = clock_params(store)
        self.texts: list[str] = []
        self.tables = {self.source.name}
        self.tests: list[str] = []
        self._period()
        for n, word in enumerate(asked.words):
            test, params = matching(self.form, word, n)
            self.tests.append(test)
            self.bound |= params
        for n, (key, values) in enumerate(asked.filters):
            self._filter(n, key, values)
        if asked.void:
            self.tests.append(f"me.id in (select id from {table(self.form.id)} where void = 1)")

    def _period(self) -> None:
        if self.form.date and self.asked.start:
            self.bound["f_start"] = self.asked.start
            self.tests.append(f"me.{quote(self.form.date)} >= :f_start")
        if self.form.date and self.asked.end:
            self.bound["f_after"] = (date.fromisoformat(self.asked.end) + timedelta(days=1)).isoformat()
            self.tests.append(f"me.{quote(self.form.date)} < :f_after")

    def _filter(self, n: int, key: str, values: Sequence[str]) -> None:
        if key == LACKING:
            self.tests.append(f"me.id in ({self.homes(_LACKS)})")
            return
        if key == OFFICE:
            self.bound[f"f{n}"] = json.dumps(list(values))
            self.tests.append(f"me.id in ({self.homes(f'where office in (select value from json_each(:f{n}))')})")
            return
        if key == CHOSEN:
            self.bound[f"f{n}"] = json.dumps(list(values))
            self.tests.append(f"me.id in (select value from json_each(:f{n}))")
            return
        self.bound[f"f{n}"] = json.dumps([v for v in values if v != EMPTY])
        f = self.form.field(key) if self.form.has(key) else None
        tests = []
        if f is not None and f.is_list:
            tests.append(f"{self._owner(f)} in ({self._listed(f, n)})")
            if EMPTY in values:
                tests.append(f"{self._owner(f)} not in (select rec from {quote(list_table(f.home, f.column))})")
        else:
            self.texts.append(key)
            tests.append(f"me.{quote(key)} in (select value from json_each(:f{n}))")
            if EMPTY in values:
                tests.append(f"me.{quote(key)} is null")
        self.tests.append(f"({' or '.join(tests)})")

    def homes(self, tail: str, what: str = "id") -> str:
        """A SELECT over the stored records of all forms of the list."""
        forms = forms_of(self.catalogue, self.asked.of)
        return " union all ".join(f"select {what} from {table(f.id)} {tail}" for f in forms)

    def _owner(self, f: Field) -> str:
        return "me.id" if f.home == self.form.id or f.home not in self.form.parents else f"me.{quote(f.home + '_id')}"

    def _listed(self, f: Field, n: int) -> str:
        """Ids of the records whose list has one of the values; an upper word covers its parts."""
        name = quote(list_table(f.home, f.column))
        return (
            f"select l.rec from {name} l join json_each(:f{n}) w on l.value = w.value or l.value like w.value || '-%'"
        )

    def sql(self, columns: str, tail: str = "", *, extra: str = "", texts: Sequence[str] = ()) -> str:
        """The statement."""
        shadow = None
        form = self.form
        if not self.view and (self.asked.void or form.id in self.catalogue.views):
            shadow = {form.id: self.store.live.base(form, void=self.asked.void)}
        clause = self.store.live.with_clause([*self.texts, *texts], self.tables, shadow)
        tests = [*self.tests, extra] if extra else self.tests
        return f"{clause}select {columns} from {quote(self.source.name)} me where {' and '.join(tests) or '1'}{tail}"

    @property
    def form_column(self) -> str:
        """SQL of the form id of a row."""
        return self.source.form

    def known(self, key: str) -> bool:
        """True when rows of this list have *key*."""
        derived = self.store.live.derived(self.form)
        return self.form.has(key) or key == "record_no" or (not self.view and not self.asked.void and key in derived)


def count(store: Store, asked: Asked) -> int:
    """How many records a list holds."""
    q = _Query(store, asked)
    return int(store.con.value(q.sql("count(*)"), q.bound) or 0)


def sql_sorted(store: Store, asked: Asked) -> bool:
    """True when the order is one that SQL gives, so that a first page needs no full order."""
    form = forms_of(store.catalogue, asked.of)[0]
    key = asked.order or form.date
    return not key or key == "record_no" or (form.has(key) and form.field(key).type in SQL_SORTED) or key in form.terms


def ids(store: Store, asked: Asked, *, limit: int = 0, offset: int = 0) -> list[Key]:
    """Return (form, id) in order; with a *limit* only for an order that SQL gives (:func:`sql_sorted`)."""
    q = _Query(store, asked)
    key = asked.order or q.form.date
    if key and not q.known(key):
        key = q.form.date
    way = " desc" if asked.descending else " asc"
    if not key or sql_sorted(store, asked):
        tail = f" order by me.{quote(key)}{way} nulls last, me.id{way}" if key else f" order by me.id{way}"
        if limit:
            tail += f" limit {int(limit)} offset {int(offset)}"
        texts = [key] if key else []
        return store.con.query(q.sql(f"{q.form_column}, me.id", tail, texts=texts), q.bound)
    found = _by_words(store, q, key, descending=asked.descending)
    return found[offset : offset + limit] if limit else found


def first(store: Store, asked: Asked, limit: int) -> list[Key]:
    """The first rows of a list, without its full order where possible: newest first tries the last weeks alone."""
    if not sql_sorted(store, asked):
        return ids(store, asked)[:limit]
    date_key = main_date(store.catalogue, asked.of)
    if asked.descending and date_key and asked.order in ("", date_key):
        today = store.clock.today()
        for days in RECENT_DAYS:
            start = (today - timedelta(days=days)).isoformat()
            if start > asked.start:
                found = ids(store, replace(asked, start=start), limit=limit)
                if len(found) == limit:
                    return found
    return ids(store, asked, limit=limit)


def _by_words(store: Store, q: _Query, key: str, *, descending: bool) -> list[Key]:
    """Order by the words of a column: choices as declared, names and texts by pinyin; empty ones last."""
    f = q.form.field(key) if q.form.has(key) else None
    rows: list[tuple[str, str, Any]]
    if f is not None and f.is_list:
        owner = q._owner(f)  # noqa: SLF001 - same module
        first = f"(select l.value from {quote(list_table(f.home, f.column))} l where l.rec = {owner} and l.pos = 0)"
        if f.type in ("rows", "photos", "files"):
            first = f"nullif((select count(*) from {quote(list_table(f.home, f.column))} l where l.rec = {owner}), 0)"
        rows = store.con.query(q.sql(f"{q.form_column}, me.id, {first}"), q.bound)
    else:
        rows = store.con.query(q.sql(f"{q.form_column}, me.id, me.{quote(key)}", texts=[key]), q.bound)
    rank = _ranking(store, q.form, f, key, {r[2] for r in rows if r[2] is not None})
    full = sorted((r for r in rows if r[2] is not None), key=lambda r: (rank(r[2]), r[1]), reverse=descending)
    return [(r[0], r[1]) for r in (*full, *(r for r in rows if r[2] is None))]


def _ranking(store: Store, form: Form, f: Field | None, key: str, values: set[Any]) -> Callable[[Any], Any]:
    """Return what a stored value is sorted by."""
    if key == "state":
        places = {s.word: n for n, s in enumerate(form.states)}
        return lambda v: places.get(v, len(places))
    if f is None:
        return str
    if f.choices:
        places = {c.code: n for n, c in enumerate(f.choices)}
        return lambda v: places.get(v, len(places))
    if f.type in ("ref", "people"):
        names = names_of(store, f.ref or "person", values)
        return lambda v: pinyin_key(names.get(v, ""))
    if f.type in ("rows", "photos", "files", "ints"):
        return lambda v: v
    return lambda v: pinyin_key(str(v))


def pinyin_key(text: str) -> bytes:
    """Sort key of a Chinese text: GB 18030 keeps the common characters in the order of their pinyin.

    第一网格 comes before 第二网格, though yī stands behind èr.
    """
    if "第" in text:
        text = _ORDINAL.sub(_in_figures, text) + "\0" + text  # 第2 and 第二 stay two names
    return text.encode("gb18030", errors="replace")


def _in_figures(found: re.Match[str]) -> str:
    tens, ten, ones = found[1].rpartition("十")
    number = 10 * (_NUMERALS.index(tens) if tens else len(ten)) + (_NUMERALS.index(ones) if ones else 0)
    return f"第{number:02}"


def names_of(store: Store, form_id: str, wanted: set[Any] | Sequence[Any]) -> dict[str, str]:
    """Names of records of one form: id → name, else number."""
    form = store.catalogue.forms[form_id]
    column = quote(form.field(form.name).column) if form.name else "record_no"
    sql = f"SELECT id, coalesce({column}, record_no, '') FROM {table(form_id)}"
    found = json.dumps(sorted(str(w) for w in wanted))
    return {r[0]: str(r[1]) for r in store.con.query(f"{sql} WHERE id IN (SELECT value FROM json_each(?))", (found,))}


def groups(store: Store, asked: Asked, key: str, *, most: int = 0) -> list[tuple[str, int]]:
    """How many records a list has per value of *key* (a list counts each of its values), most frequent first."""
    q = _Query(store, asked)
    if not q.known(key):
        return []
    f = q.form.field(key) if q.form.has(key) else None
    tail = f" limit {int(most)}" if most else ""
    if f is not None and f.is_list:
        inner = q.sql(f"{q._owner(f)} as rec")  # noqa: SLF001 - same module
        name = quote(list_table(f.home, f.column))
        sql = f"select l.value, count(*) from ({inner}) o join {name} l on l.rec = o.rec group by 1 order by 2 desc, 1"
        sql += tail
    else:
        column = f"coalesce(me.{quote(key)}, '')"
        sql = q.sql(f"{column}, count(*)", f" group by 1 order by 2 desc, 1{tail}", texts=[key])
    return [(str(v), int(n)) for v, n in store.con.query(sql, q.bound)]


def by_office(store: Store, asked: Asked) -> dict[str, int]:
    """How many records a list has per office that owns them."""
    q = _Query(store, asked)
    inner = q.sql("me.id")
    sql = f"select h.office, count(*) from ({q.homes('', 'id, office')}) h where h.id in ({inner}) group by 1"
    return dict(store.con.query(sql, q.bound))


def lacking(store: Store, asked: Asked) -> int:
    """How many records of a list lack something they should have."""
    others = tuple(f for f in asked.filters if f[0] != LACKING)
    return count(store, replace(asked, filters=(*others, (LACKING, ("1",)))))


# ---- rows ----------------------------------------------------------------------------------------------------------
def rows(
    store: Store,
    keys: Sequence[Key],
    wanted: Sequence[str],
    *,
    void: bool = False,
    types: frozenset[str] = LIST_TYPES,
) -> list[dict[str, Any]]:
    """Return records in the order of *keys*: head, scalars, lists, and of the derived names those in *wanted*.

    *types*: only lists of these types, where others are not looked at.
    """
    by_form: dict[str, list[str]] = {}
    for form_id, rec in keys:
        by_form.setdefault(form_id, []).append(rec)
    found: dict[Key, dict[str, Any]] = {}
    for form_id, recs in by_form.items():
        form = store.catalogue.forms[form_id]
        for row in _rows(store, form, recs, wanted, types, void=void):
            found[form_id, row["id"]] = row | {"form": form_id}
    return [found[key] for key in keys if key in found]


def _rows(
    store: Store, form: Form, recs: Sequence[str], wanted: Sequence[str], types: frozenset[str], *, void: bool
) -> list[dict[str, Any]]:
    live = store.live
    names = [] if void else [k for k in wanted if k in live.derived(form)]
    plain = void or form.id in store.catalogue.views
    shadow = {form.id: live.base(form, void=void)} if plain else None
    clause = live.with_clause([] if plain else names, {form.id}, shadow)
    bound = clock_params(store) | {"ids": json.dumps(list(recs))}
    sql = (
        f"{clause}select me.*, h.void, h.void_reason, h.hints, h.reviewed_at, h.office from {quote(form.id)} me"
        f" join {table(form.id)} h on h.id = me.id where me.id in (select value from json_each(:ids))"
    )
    out = store.con.dicts(sql, bound)
    fill_lists(store, form, out, types)
    return out


def dues(store: Store, form: Form, recs: Sequence[str], day: date) -> dict[str, tuple[str, str]]:
    """What the records wait for first: id → (due rule, day)."""
    out: dict[str, tuple[str, str]] = {}
    if not recs:
        return out
    after = (day + timedelta(days=1)).isoformat()
    today = day.isoformat()
    bound = clock_params(store) | {
        "start": today, "end": today, "after": after, "cut": today, "cut_after": after, "today": today,
        "ids": json.dumps(list(recs)),
    }  # fmt: skip
    scope = store.live.form_scope(form)
    for item in form.dues:
        when, what = compile_expr(item.when, scope), compile_expr(item.date, scope)
        clause = store.live.with_clause([item.when, item.date], {form.id} | when.tables | what.tables)
        refs = Compiled("", when.refs | what.refs, frozenset(), frozenset(), frozenset())
        sql = (
            f"{clause}select me.id, {what.sql} from {quote(form.id)} me{store.live.joins(refs, scope)}"
            f" where me.id in (select value from json_each(:ids)) and coalesce(({when.sql}), 0)"
            f" and {what.sql} is not null"
        )
        for rec, due in store.con.query(sql, bound):
            if rec not in out or str(due)[:10] < out[rec][1]:
                out[rec] = (item.id, str(due)[:10])
    return out
