"""Registers on paper: the list of a form, and the registers its definition names (收件登记簿, 催办名单).

One set of cells is made for every kind of file: PDF, Excel and CSV. Personal data is masked in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.desk.office import Desk, Done, setting
from envdesk.desk.privacy import scrub
from envdesk.desk.records import check_expression, no_secrets
from envdesk.desk.words import NONE, cell
from envdesk.errors import guess, refuse
from envdesk.exchange import table_out
from envdesk.figures.engine import Engine, parse_id
from envdesk.figures.period import Period, parse_period
from envdesk.formdef.model import Field, Form, Paper, PaperColumn
from envdesk.formdef.types import money_text
from envdesk.i18n import N_, _
from envdesk.store import lists, papers, query
from envdesk.store.attachments import write_durably

if TYPE_CHECKING:
    from envdesk.reports.register import Head, RegisterPaper

Told = Callable[[int, int], object]
CHUNK = 500
#: Titles of names that are no fields.
_TITLES = {"state": N_("状态"), "due": N_("期限"), "due_now": N_("期限"), **table_out.HEAD}
_KINDS = {"date": "date", "datetime": "moment", "int": "figure", "decimal": "figure", "money": "figure"}
_NO_COLUMN = frozenset({"photos", "files"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A register before it is a file: columns, and for each line its texts, its typed values and whose it is."""

    paper: Paper
    heads: tuple[Head, ...]
    texts: list[tuple[str, ...]]
    values: list[tuple[Any, ...]]
    parts: list[str]
    states: list[str]
    span: str
    filters: str

    def __len__(self) -> int:
        """How many lines."""
        return len(self.texts)


def paper_of(desk: Desk, form_id: str, name: str = "", columns: Sequence[str] = ()) -> Paper:
    """Return the register asked for: a named one, else the form's main one, else its list.

    Raises:
        Refused: ``unknown_form``, ``unknown_paper``, ``unknown_key``.
    """
    form = desk.catalogue.form(form_id)
    mine = offered(desk, form_id)
    if name:
        found = next((p for p in mine if p.id == name), None)
        if found is None:
            raise refuse("unknown_paper", name=name, guess=guess(name, [p.id for p in mine]))
    else:
        found = next((p for p in mine if p.main), None) or plain_paper(form)
    if not columns:
        return found
    form = desk.catalogue.form(found.of)
    known = {f.key for f in form.fields if f.type not in _NO_COLUMN} | {"record_no", "state"} | set(form.terms)
    keys = form_keys(form) if list(columns) == ["all"] else list(columns)
    for key in keys:
        if key not in known:
            raise refuse("unknown_key", key=key, guess=guess(key, sorted(known)))
    named = {c.key: c for c in found.columns if c.key}
    return replace(found, columns=tuple(named.get(k, PaperColumn(k)) for k in keys))


def handed_out(desk: Desk, paper: Paper, by: str) -> Paper:
    """Return a register with another ``by``: each value of it on pages of its own ("" = all in one).

    Raises:
        Refused: ``unknown_key``; of a table of figures ``unknown_dimension``.
    """
    if paper.figures:
        engine = Engine(desk.store)
        for name in paper.figures:
            engine.dimension(name, by)
        return replace(paper, by=by)
    form = desk.catalogue.form(paper.of)
    known = {f.key for f in form.fields if f.type not in (*_NO_COLUMN, "rows") and not f.secret} | {"state"}
    if by and by not in known:
        raise refuse("unknown_key", key=by, guess=guess(by, sorted(known)))
    return replace(paper, by=by)


def offered(desk: Desk, form_id: str) -> tuple[Paper, ...]:
    """Return the registers that a form names, its main one first."""
    mine = [p for p in desk.catalogue.papers.values() if p.form == form_id]
    return tuple(sorted(mine, key=lambda p: not p.main))


def plain_paper(form: Form) -> Paper:
    """Return the list of a form as a register: the columns of the screen."""
    keys = [k for k in form.columns or form_keys(form)[:8] if not (form.has(k) and form.field(k).type in _NO_COLUMN)]
    if form.kind == "record" and "record_no" not in keys:
        keys.insert(0, "record_no")
    if form.states and "state" not in keys:
        keys.append("state")
    if not form.states:
        keys = [k for k in keys if k != "state"]
    return Paper("", _("{form}一览表").format(form=form.title), form.id, tuple(map(PaperColumn, keys)), form=form.id)


def form_keys(form: Form) -> list[str]:
    """Return every key of a form that a column can show."""
    head = (["record_no"] if form.prefix else []) + (["state"] if form.states else [])
    return [*head, *(f.key for f in form.fields if f.type not in _NO_COLUMN and f.key not in head)]


# ---- reading -----------------------------------------------------------------------------------------------------
def listed(  # noqa: PLR0913 - what a list can be asked for
    desk: Desk,
    paper: Paper,
    *,
    period: str = "",
    search: str = "",
    where: str = "",
    limit: int = 0,
    only: Sequence[str] | None = None,
    filters: str = "",
    told: Told | None = None,
) -> Listed:
    """Read what a register holds.

    Args:
        desk: the open desk.
        paper: which register.
        period: of its main date; a register as of a day has none.
        search: words, all of which must match.
        where: a further condition.
        limit: most lines.
        only: these records in this order (a list on the screen), whatever the period says.
        filters: what narrowed *only*, in words.
        told: is told how far it is.
    """
    if paper.figures:
        return _figures(desk, paper, period)
    form = desk.catalogue.form(paper.of)
    if where:
        check_expression(desk, form.id, where)
        no_secrets(desk, form, where)
    span = parse_period(period) if period and form.date and not paper.stock else None
    found = _found(desk, form, paper, span, (where, search, limit), only)
    said = [t for t in (filters, _("检索“{words}”").format(words=search) if search else "") if t]
    if where:
        said.append(_("条件 {text}").format(text=where))
    maker = _Lines(desk, form, paper)
    for start in range(0, len(found), CHUNK):
        if told is not None:
            told(start, len(found))
        maker.add(found[start : start + CHUNK])
    title = span.title if span else _("截至{day}").format(day=_long(desk))
    return Listed(paper, maker.heads(), maker.texts, maker.values, maker.parts, maker.states, title, "，".join(said))


def _figures(desk: Desk, paper: Paper, period: str) -> Listed:
    """A table of figures: a line for each value of a dimension, the whole in the last line."""
    from envdesk.desk.figures import computer
    from envdesk.reports.register import Head

    calc = computer(desk, period or str(desk.clock.today().year))
    whole = [calc.result(name) for name in paper.figures]
    parts = [{parse_id(r.id).last: r for r in calc.split(name, paper.by)} for name in paper.figures]
    names = sorted({n for part in parts for n in part}, key=lists.pinyin_key)
    heads = [Head(desk.catalogue.dimensions[paper.by].title)]
    heads += [Head(f"{r.title}（{r.measure}）", "figure", total=r.text) for r in whole]
    empty = [NONE if r.kind == "rate" else "0" for r in whole]
    texts = [(n, *(part[n].text if n in part else e for part, e in zip(parts, empty, strict=True))) for n in names]
    values = [(n, *(_typed(part.get(n), e) for part, e in zip(parts, empty, strict=True))) for n in names]
    nothing = [""] * len(names)
    return Listed(replace(paper, by=""), tuple(heads), texts, values, nothing, nothing, calc.period.title, "")


def _typed(result: Any, empty: str) -> Any:
    """The number of a figure for a spreadsheet; a rate keeps its sign as text."""
    if result is None:
        return empty if empty == NONE else 0
    number = result.current.number
    return result.text if number is None or result.text.endswith("%") else float(number)


def _found(
    desk: Desk,
    form: Form,
    paper: Paper,
    span: Period | None,
    asked: tuple[str, str, int],
    only: Sequence[str] | None,
) -> list[dict[str, Any]]:
    where, search, limit = asked
    wanted = papers.Wanted(
        start=span.start.isoformat() if span and only is None else "",
        end=span.end.isoformat() if span and only is None else "",
        where=tuple(w for w in (paper.where, where) if w),
        words=tuple(search.split()),
        order=paper.order,
        values={f"@{n}": c.sql for n, c in enumerate(paper.columns) if c.sql},
        limit=limit,
    )
    with desk.store.con.limited(60, paper.title):
        found = papers.found(desk.store, form, wanted)
    if only is None:
        return found
    places = {rec: n for n, rec in enumerate(only)}
    mine = [f for f in found if f["id"] in places]
    return mine if paper.order or paper.id else sorted(mine, key=lambda f: places[f["id"]])


def _long(desk: Desk) -> str:
    day = desk.clock.today()
    return f"{day.year}年{day.month}月{day.day}日"


class _Lines:
    """Makes the lines of a register."""

    def __init__(self, desk: Desk, form: Form, paper: Paper) -> None:
        self.desk, self.form, self.paper = desk, form, paper
        self.texts: list[tuple[str, ...]] = []
        self.values: list[tuple[Any, ...]] = []
        self.parts: list[str] = []
        self.states: list[str] = []
        derived = desk.store.live.derived(form)
        named = [k for c in paper.columns for k in c.key.split("|")] + [paper.by, "state"]
        self.wanted = [k for k in named if k in derived]
        self.fields = {f.key: f for f in form.fields}
        self.mixed = any(f.check == "figure" for f in form.fields)  # 任务数 of different figures: no sum of them
        summed = () if self.mixed else papers.summed(desk.store, form)
        self.summed = {*summed, *(c.key for c in paper.columns if c.total)}
        self.figures = {f.id: f.title for f in desk.catalogue.figures.values()}
        self.sums: dict[int, Any] = {}

    def add(self, found: Sequence[Mapping[str, Any]]) -> None:
        """Add some records."""
        rows = lists.rows(self.desk.store, [(self.form.id, f["id"]) for f in found], self.wanted)
        names = query.ref_names(self.desk.store, self.form, rows)
        extra = {f["id"]: f for f in found}
        for row in rows:
            own = _own(self.form, row)
            cells = [
                self._cell(n, c, {**row, **extra[row["id"]]}, names, own) for n, c in enumerate(self.paper.columns)
            ]
            self.texts.append(tuple(text for text, _value in cells))
            self.values.append(tuple(value for _text, value in cells))
            self.parts.append(self._part(row, names))
            self.states.append(str(row.get("state") or ""))

    def _part(self, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
        f = self.fields.get(self.paper.by)
        return cell(f, row.get(f.key), names) if f is not None else str(row.get(self.paper.by) or "")

    def _cell(
        self, n: int, column: PaperColumn, row: Mapping[str, Any], names: Mapping[str, str], own: tuple[str, str]
    ) -> tuple[str, Any]:
        if column.sql:
            value = row.get(f"@{n}")
            self._sum(n, column.total, value)
            text = "" if value is None else money_text(value) if column.type == "money" else str(value)
            return text.replace("T", " "), value
        keys = column.key.split("|")
        key = next((k for k in keys if row.get(k) not in (None, "", [])), keys[0])
        f = self.fields.get(key)
        if f is None:
            value = row.get(key)
            text = "" if value is None else str(value).replace("T", " ")
            return text, text
        self._sum(n, key in self.summed, row.get(key))
        value = table_out.cell(self.form, key, row, names)
        text = value if f.type == "rows" and isinstance(value, str) else cell(f, row.get(key), names)
        if f.type in ("long_text", "rows") or own[0] or own[1]:
            text = scrub(text, own[:1], own[1:])
            value = scrub(value, own[:1], own[1:]) if isinstance(value, str) else value
        if f.check == "figure" or f.ref == "task_target":  # by its title, not its id
            text = self.figures.get(text, text)
            value = text or None
        return text, value

    def _sum(self, n: int, wanted: bool, value: Any) -> None:  # noqa: FBT001 - said at the call
        if wanted and isinstance(value, (int, float)):
            self.sums[n] = self.sums.get(n, 0) + value

    def heads(self) -> tuple[Head, ...]:
        """Columns with their sums."""
        from envdesk.reports.register import Head

        out = []
        for n, column in enumerate(self.paper.columns):
            f = self.fields.get(column.key.split("|")[-1])
            total = self.sums.get(n)
            money = column.type == "money" or (f is not None and f.type == "money")
            text = "" if total is None else money_text(total) if money else _number(total)
            out.append(Head(self._title(column, f), self._kind(column, f), column.mm, text))
        return tuple(out)

    def _title(self, column: PaperColumn, f: Field | None) -> str:
        if column.label:
            return column.label
        if f is None:
            return _(_TITLES.get(column.key, column.key))
        unit = _("元") if f.type == "money" else f.unit
        return f"{f.label}({unit})" if unit and unit not in f.label else f.label

    def _kind(self, column: PaperColumn, f: Field | None) -> Any:
        if column.sql:
            return _KINDS.get(column.type, "text")
        if column.key == "state":
            return "state"
        if f is None:
            return "date" if column.key in self.form.terms else "text"
        if f.type in ("choice", "bool", "time"):
            return "state"
        return "text" if f.pii else _KINDS.get(f.type, "text")


def _own(form: Form, row: Mapping[str, Any]) -> tuple[str, str]:
    """Name and phone of the person whose data the record keeps secret: they may stand in its texts, too."""
    found = {f.pii: str(row.get(f.key) or "") for f in form.fields if f.secret and f.pii in ("name", "phone")}
    return found.get("name", ""), found.get("phone", "")


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}".rstrip("0").rstrip(".")


def of_cells(
    form: Form, title: str, heads: Sequence[tuple[str, str]], cells: Sequence[tuple[str, ...]], span: str, filters: str
) -> Listed:
    """Return a register of cells made already, with (title, type) of each column: a list over several forms."""
    from envdesk.reports.register import Head

    kinds: dict[str, Any] = {**_KINDS, "state": "state", "choice": "state", "bool": "state"}
    made = tuple(Head(head, kinds.get(kind, "text")) for head, kind in heads)
    paper = Paper("", _("{form}一览表").format(form=title), form.id, ())
    nothing = [""] * len(cells)
    return Listed(paper, made, list(cells), list(cells), nothing, nothing, span, filters)


# ---- files -------------------------------------------------------------------------------------------------------
def write(desk: Desk, found: Listed, out: Path) -> Done:
    """Write a register as .pdf, .docx, .xlsx or .csv; one with a ``by`` starts anew for each person or community.

    Raises:
        Refused: ``bad_out``, or the place can not be written.
    """
    kind = out.suffix.lower()
    done = {"out": str(out), "count": len(found), "pages": 0, "notes": ()}
    if kind == ".pdf":
        from envdesk.reports.pdf import render_many
        from envdesk.reports.register import compose_register

        made = render_many([compose_register(p) for p in _papers(desk, found)])
        write_durably(out, made.data)
        done |= {"pages": made.pages, "notes": made.notes}
    elif kind == ".xlsx":
        from envdesk.exchange.register_book import write_book

        write_book(list(_book(desk, found)), out)
    elif kind == ".docx":
        from envdesk.reports.register import compose_register
        from envdesk.reports.render import render

        whole = replace(found, paper=replace(found.paper, by=""))  # one table; whoever gets it parts it himself
        made = render(compose_register(next(_papers(desk, whole))), kind)
        write_durably(out, made.data)
        done |= {"notes": made.notes}
    elif kind == ".csv":
        table_out.write_cells(found.paper.title, [h.title for h in found.heads], found.values, out)
    else:
        raise refuse("bad_out", path=str(out), expected="pdf、docx、xlsx、csv")
    return Done(done)


def _split(found: Listed) -> Iterator[tuple[str, list[int]]]:
    """Whose part and which lines; the whole when it is handed out to nobody."""
    places = list(range(len(found)))
    if not found.paper.by or not places:
        yield "", places
        return
    key = lists.pinyin_key
    ordered = sorted(places, key=lambda n: (not found.parts[n], key(found.parts[n])))
    for part, group in groupby(ordered, key=lambda n: found.parts[n]):
        yield part or _("未填"), list(group)


def _papers(desk: Desk, found: Listed) -> Iterator[RegisterPaper]:
    from envdesk.reports.register import RegisterPaper

    paper = found.paper
    form = desk.catalogue.form(paper.of)
    label = _label(form, paper)
    for part, places in _split(found):
        heads = found.heads if len(places) == len(found) else _heads_of(found, places)
        yield RegisterPaper(
            title=paper.title, office=setting(desk, "office_name"), heads=heads, rows=[found.texts[n] for n in places],
            generated=desk.clock.now(), span=found.span, filters=found.filters,
            part=f"{label}：{part}" if part else "", sums=_states(form, [found.states[n] for n in places]),
            notes=(paper.note,) if paper.note else (), sign=paper.sign,
        )  # fmt: skip


def _label(form: Form, paper: Paper) -> str:
    return form.field(paper.by).label if paper.by and form.has(paper.by) else _(_TITLES.get(paper.by, paper.by))


def _heads_of(found: Listed, places: Sequence[int]) -> tuple[Head, ...]:
    """Heads with the sums of some lines only."""
    out = []
    for n, head in enumerate(found.heads):
        if not head.total:
            out.append(head)
            continue
        total = sum(v for i in places if isinstance(v := found.values[i][n], (int, float)))
        out.append(replace(head, total=f"{total:.2f}" if "." in head.total else _number(total)))
    return tuple(out)


def _states(form: Form, words: Sequence[str]) -> str:
    """已办结 12，超期 3, in the order of the form; nothing when all are in one state."""
    counted = {w: words.count(w) for w in dict.fromkeys(words) if w}
    ordered = [s.word for s in reversed(form.states) if s.word in counted]
    return "，".join(f"{w} {counted[w]}" for w in ordered) if len(ordered) > 1 else ""


def _book(desk: Desk, found: Listed) -> Iterator[Any]:
    from envdesk.exchange.register_book import BookPage

    for paper, (part, places) in zip(_papers(desk, found), _split(found), strict=True):
        lines = [t for t in (paper.office, paper.part, paper.span, paper.filters) if t]
        yield BookPage(
            part or paper.title, paper.title, "\u3000".join(lines), tuple(h.title for h in paper.heads),
            [found.values[n] for n in places], tuple(h.total for h in paper.heads), (*paper.notes, _("个人信息已遮住")),
        )  # fmt: skip
