"""What a register list does besides showing: void, print, export, look at a file before it is imported.

Everything here runs on the database thread. A key is (form, id), as :mod:`envdesk.present.list_query` gives it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from envdesk.desk import exchange, papers, sheets
from envdesk.desk.office import Desk, Done
from envdesk.desk.registers import ALL_VISITS, OUTINGS, TITLES
from envdesk.errors import Refused, refuse, word
from envdesk.exchange import table_out
from envdesk.exchange.headers import DIRECTIVE
from envdesk.exchange.importer import Imported
from envdesk.figures.period import parse_period
from envdesk.formdef.model import Catalogue, Form, PaperColumn
from envdesk.formdef.types import read_date
from envdesk.i18n import _
from envdesk.present.list_query import Listing, ListState
from envdesk.present.list_query.shape import can_filter
from envdesk.store import lists, query, save
from envdesk.store.attachments import write_durably
from envdesk.store.lists import Key

Report = Callable[[int, int], object]
CHUNK = 500
#: Tabs that are no form one can fill by itself.
_NO_FORM = frozenset({ALL_VISITS, OUTINGS})


def group_id(group: str) -> str:
    """Return the id of a rail group given by its id or its title."""
    return next((k for k, title in TITLES.items() if group in (k, title)), next(iter(TITLES)))


def fillable(catalogue: Catalogue, of: str) -> bool:
    """True when *of* is a form with a sheet of its own (not all visits, not the outings)."""
    return of not in _NO_FORM and of in catalogue.forms


def void(desk: Desk, keys: Sequence[Key], why: str) -> Done:
    """Void records in one operation, so that one undo brings all of them back."""
    return Done(save.void_all(desk.store, keys, why), frozenset(form for form, _rec in keys))


def period_text(first: str, last: str, today: date) -> str:
    """Return a period typed as two days, or as one month, quarter or year in the first field.

    Raises:
        Refused: ``bad_period``, ``bad_date``.
    """
    one, other = first.strip(), last.strip()
    if not other:
        day = read_date(one, today) if one else None
        return parse_period(f"{day}..{today}" if day is not None and day <= today else one).text
    days = [read_date(text, today) if text else None for text in (one, other)]
    for text, day in zip((one, other), days, strict=True):
        if day is None:
            raise refuse("bad_date", label=_("日期"), value=text)
    return parse_period(f"{days[0]}..{days[1]}").text


# ---- paper and files -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Printed:
    """Sheets of several records in one file.

    Attributes:
        count: records printed. ``notes``: what to look at before handing them over.
        left: records that were refused: their number and why.
    """

    count: int
    notes: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()


def print_sheets(desk: Desk, keys: Sequence[Key], out: Path, told: Report | None = None, *, paper: str = "") -> Printed:
    """Print the sheets of records into one PDF, in their order; one that is refused does not stop the others.

    Args:
        desk: the open desk.
        keys: the records.
        out: the file.
        told: called with how many are done and how many there are.
        paper: another paper of their form (整改通知书).

    Raises:
        Refused: none of them can be printed, or the file cannot be written.
    """
    import pypdfium2  # type: ignore[import-untyped]

    notes: list[str] = []
    left: list[tuple[str, Refused]] = []
    whole = pypdfium2.PdfDocument.new()
    try:
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / "1.pdf"
            for n, (form, rec) in enumerate(keys):
                if told is not None:
                    told(n, len(keys))
                try:
                    notes += sheets.sheet(desk, form, rec, part, paper=paper).value["notes"]
                except Refused as exc:
                    left.append((number_of(desk, form, rec), exc))
                    continue
                with pypdfium2.PdfDocument(part.read_bytes()) as pages:
                    whole.import_pages(pages)
            if len(left) == len(keys):
                raise left[0][1]
            whole.save(str(part))
            write_durably(out, part.read_bytes())
    finally:
        whole.close()
    why = tuple((number, exc.all_problems()[0].message) for number, exc in left)
    return Printed(len(keys) - len(left), tuple(dict.fromkeys(notes)), why)


def number_of(desk: Desk, form: str, rec: str) -> str:
    """Return the number of a record, as a person names it; "" when it is gone."""
    try:
        return str(query.fetch(desk.store, desk.catalogue.form(form), rec).get("record_no") or "")
    except Refused:
        return ""


def hand_outs(catalogue: Catalogue, of: str) -> tuple[tuple[str, str], ...]:
    """Return by what the list of a form can be printed apart, a part for each person or community: (key, label)."""
    form = catalogue.forms.get(of)
    if form is None or of in _NO_FORM:
        return ()
    fields = (f for f in form.fields if not f.is_list and f.type in ("text", "ref", "choice"))
    return tuple((f.key, f.label) for f in fields if f.key in form.columns and can_filter(form, f))


def registers_of(catalogue: Catalogue, of: str) -> tuple[tuple[str, str], ...]:
    """Return the printed registers a form names: (id, title)."""
    mine = sorted((p for p in catalogue.papers.values() if p.form == of), key=lambda p: not p.main)
    return tuple((p.id, p.title) for p in mine)


def print_list(
    desk: Desk,
    state: ListState,
    out: Path,
    only: Sequence[str] = (),
    *,
    paper: str = "",
    by: str = "",
    told: Report | None = None,
) -> int:
    """Print a list as shown, or a register its form names, as .pdf or .xlsx; returns how many lines.

    A register in a period holds the records of the list; one as of a day (催办名单) all that belong to it. With *by*
    each person, community … of that key gets pages of its own.
    """
    listing = Listing(desk, state)
    said = "，".join(f"{c.label} {c.words}" for c in listing.filters() if c.values and c.words)
    if state.search:
        said = "，".join(t for t in (_("检索“{words}”").format(words=state.search), said) if t)
    if only:
        said = "，".join(t for t in (said, _("选定的记录")) if t)
    if listing.mixed or listing.void:
        heads, cells = listing.export(only)
        kinds = {c.title: c.kind for c in listing.columns()}
        found = papers.of_cells(
            listing.form, listing.title, [(h, kinds.get(h, "text")) for h in heads], list(cells),
            listing.period.title if listing.period else "", said,
        )  # fmt: skip
    else:
        chosen = papers.paper_of(desk, state.of, paper) if paper else papers.plain_paper(listing.form)
        if state.columns and not paper:
            chosen = replace(chosen, columns=tuple(map(PaperColumn, listing.paper_columns())))
        if by:
            chosen = papers.handed_out(desk, chosen, by)
        if chosen.stock:
            found = papers.listed(desk, chosen, told=told)
        else:
            picked = set(only)
            ids = [rec for _form, rec in listing.ids() if not picked or rec in picked]
            found = papers.listed(desk, chosen, period=state.period, only=ids, filters=said, told=told)
    papers.write(desk, found, out)
    return len(found)


def export(desk: Desk, state: ListState, out: Path, only: Sequence[str] = (), told: Report | None = None) -> int:
    """Write a list (all of it, or the chosen ids) as .xlsx or .csv, masked; returns how many records.

    A list of one form holds all its fields; one of several forms, or of voided records, the columns on the screen.
    """
    listing = Listing(desk, state)
    chosen = set(only)
    keys = [k for k in listing.ids() if not chosen or k[1] in chosen]
    if listing.mixed or listing.void:
        heads, cells = listing.export(only)
        table_out.write_cells(listing.title, heads, list(cells), out)
        return len(keys)
    rows: list[dict[str, Any]] = []
    for start in range(0, len(keys), CHUNK):
        if told is not None:
            told(start, len(keys))
        rows += lists.rows(desk.store, keys[start : start + CHUNK], _worked_out(listing.form))
    table_out.write_table(desk.store, listing.form, rows, out)
    return len(rows)


def _worked_out(form: Form) -> list[str]:
    """Names of a form that are computed when asked for."""
    return ["state", *(f.key for f in form.fields if f.computed)]


# ---- import --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem of a file: its row (0 = the whole sheet), the field's label, severity, and what is wrong."""

    row: int
    label: str
    severity: str
    words: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as an import would understand it; nothing is stored.

    Attributes:
        rows: records found; ``good`` of them without an error.
        columns: (header, label of the field) in the order of the sheet; ``unknown`` the headers nobody knew.
        heads: all headers with the key each fills, "" = none. ``said`` = what the user said of headers.
        errors, warnings: how many; errors refuse the import, warnings want to be accepted.
    """

    form: str
    path: Path
    sheet: str
    rows: int
    good: int
    columns: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    troubles: tuple[Trouble, ...] = field(default=())
    heads: tuple[tuple[str, str], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many errors."""
        return sum(1 for t in self.troubles if t.severity == "error")

    @property
    def warnings(self) -> int:
        """How many warnings."""
        return sum(1 for t in self.troubles if t.severity == "warning")


def look(
    desk: Desk, form_id: str, path: Path, errors_out: Path | None = None, *, said: Mapping[str, str] | None = None
) -> Looked:
    """Judge a file without storing anything; of one without any column that is understood only the headers.

    Args:
        desk: the open desk.
        form_id: the form.
        path: the file.
        errors_out: where the user's workbook goes with its problems marked.
        said: header → key of the field, "" = not to be imported; wins over what the headers say.

    Raises:
        Refused: unreadable file, no rows.
    """
    known = exchange.fields(desk.catalogue, form_id)
    said = {head: key for head, key in (said or {}).items() if not key or key in known}
    try:
        done = exchange.import_file(desk, form_id, path, mapping=said, dry_run=True, errors_out=errors_out)
    except Refused as exc:
        heads = exchange.heads(path) if exc.code == "import_no_columns" else []
        if not heads:
            raise
        none = tuple((head, "") for head in heads)
        return Looked(form_id, path, "", 0, 0, (), tuple(heads), heads=none, said=said)
    form = desk.catalogue.form(form_id)
    wrong = {p.index for p in done.problems if p.severity == "error" and p.index is not None}
    columns = tuple((head, _label(form, key)) for head, key in done.headers.items())
    return Looked(
        form_id, path, done.sheet, len(done.rows), len(done.rows) - len(wrong), columns, tuple(done.unknown),
        tuple(_trouble(form, done, n) for n in range(len(done.problems))), _heads(done), said,
    )  # fmt: skip


def _heads(done: Imported) -> tuple[tuple[str, str], ...]:
    """Headers that fill nothing first: those the user has to say something of."""
    read = ((head, key) for head, key in done.headers.items() if key != DIRECTIVE)
    return (*((head, "") for head in done.idle), *read)


def fields(catalogue: Catalogue, form_id: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return what a column of a file can fill, by section: (title, ((key, label), …))."""
    labels = exchange.fields(catalogue, form_id)
    out = []
    for section in catalogue.form(form_id).sections:
        mine = tuple((k, label) for k, label in labels.items() if k.partition(".")[0] in section.keys)
        if mine:
            out.append((section.title, mine))
    return tuple(out)


def take(desk: Desk, looked: Looked, why: str = "") -> Done:
    """Import a file that was looked at; its warnings count as accepted."""
    done = exchange.import_file(desk, looked.form, looked.path, mapping=looked.said, accept_warnings=True, why=why)
    return Done(done, frozenset() if done.refused else frozenset({looked.form}))


def _label(form: Form, key: str) -> str:
    head = key.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0]
    return form.field(head).label if form.has(head) else ""


def _trouble(form: Form, done: Imported, n: int) -> Trouble:
    found = done.problems[n]
    row = done.rows[found.index] if found.index is not None and found.index < len(done.rows) else 0
    words = found.message.removeprefix(word("import_row", row=row, message=""))
    return Trouble(row, _label(form, found.field or ""), found.severity, words)
