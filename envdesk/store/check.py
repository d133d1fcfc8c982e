"""Look through a whole data file: is every page, record, operation and attachment what it was when it was written?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator

from envdesk.errors import Problem, problem
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS, Field, Form
from envdesk.sql import quote
from envdesk.store import attachments, sealed
from envdesk.store.file import Store
from envdesk.store.operations import Values, chain_hash, content_hash, decode_row, own_columns, own_lists

MOST = 50
"""Findings of one kind that are named one by one; beyond it only their number."""


def check(store: Store, *, deep: bool = True) -> list[Problem]:
    """Check an open file; an empty list means that everything holds.

    Args:
        store: open file.
        deep: read every attachment and compare its content; otherwise only whether it is there.

    Returns:
        One problem per finding: ``db_corrupt``, ``check_reference``, ``check_record``, ``check_version``,
        ``check_chain``, ``check_seal``, ``check_issued``, ``attachment_missing``, ``attachment_broken``.
    """
    out: list[Problem] = []
    for found in (
        _pages(store),
        _references(store),
        _records(store),
        _chain(store),
        _seals(store),
        _attachments(store, deep=deep),
    ):
        out += _limited(list(found))
    return out


def _limited(found: list[Problem]) -> list[Problem]:
    left = len(found) - MOST
    return found if left <= 0 else [*found[:MOST], problem("check_more", count=left)]


def _pages(store: Store) -> Iterator[Problem]:
    for (text,) in store.con.query("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield problem("db_corrupt", detail=str(text)[:200])


def _references(store: Store) -> Iterator[Problem]:
    titles = {table(f.id): f.title for f in store.catalogue.forms.values()}
    for name, _row, parent, _key in store.con.query("PRAGMA foreign_key_check"):
        yield problem("check_reference", table=titles.get(name.split("__")[0], name), parent=titles.get(parent, parent))


def _records(store: Store) -> Iterator[Problem]:
    known = set(store.con.query("SELECT form, version FROM form_version"))
    for form in store.catalogue.forms.values():
        for rec, number, version, kept, values in contents(store, form):
            shown = number or rec
            if (form.id, version) not in known:
                yield problem("check_version", form=form.title, record_no=shown, version=version)
            if content_hash(form, values) != kept:
                yield problem("check_record", form=form.title, record_no=shown)


def contents(
    store: Store, form: Form, ids: Collection[str] | None = None
) -> Iterator[tuple[str, str | None, str, str, Values]]:
    """Id, number, form version, kept hash and content of every record of a form (or of *ids*), one query per list."""
    cols = own_columns(form)
    lists = [(f, _rows_by_record(store, f, ids)) for f in own_lists(form)]
    head = ("id", "record_no", "form_version", "hash")
    names = ", ".join(quote(c) for c in (*head, *cols))
    where, params = _among("id", ids)
    for row in store.con.query(f"SELECT {names} FROM {table(form.id)}{where} ORDER BY id", params):
        values: Values = dict(zip(cols, row[len(head) :], strict=True))
        for f, rows in lists:
            values[f.column] = rows.get(row[0], [])
        yield (*row[: len(head)], values)


def _among(column: str, ids: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    if ids is None:
        return "", ()
    return f" WHERE {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)


def _rows_by_record(store: Store, f: Field, ids: Collection[str] | None = None) -> dict[str, list[object]]:
    """As :func:`envdesk.store.operations.load_list`, for all records at once."""
    cols = ["value"] if f.type in VALUE_LISTS else ["id", *list_columns(f)]
    names = ", ".join(quote(c) for c in cols)
    out: dict[str, list[object]] = {}
    where, params = _among("rec", ids)
    for rec, *row in store.con.query(
        f"SELECT rec, {names} FROM {quote(list_table(f.home, f.column))}{where} ORDER BY rec, pos", params
    ):
        out.setdefault(rec, []).append(
            row[0] if f.type in VALUE_LISTS else decode_row(f, dict(zip(cols, row, strict=True)))
        )
    return out


def _chain(store: Store) -> Iterator[Problem]:
    before, expected = "", 1
    for no, previous, kept in store.con.query("SELECT no, previous, hash FROM operation ORDER BY no"):
        if no != expected or previous != before or chain_hash(store, no) != kept:
            yield problem("check_chain", operation=no)
        before, expected = kept, no + 1
    unknown = "SELECT DISTINCT op FROM change WHERE op NOT IN (SELECT no FROM operation) ORDER BY op"
    for (no,) in store.con.query(unknown):
        yield problem("check_chain", operation=no)


def _seals(store: Store) -> Iterator[Problem]:
    """Seals and the papers given out are what they were when they were made."""
    sql = 'SELECT start, "end", cut, figures, content, hash FROM seal ORDER BY no'
    for start, end, cut, figures, content, kept in store.con.query(sql):
        if sealed.seal_hash(store.office, start, end, cut, figures, content) != kept:
            yield problem("check_seal", start=start, end=end)
    for number, data, kept in store.con.query("SELECT number, data, sha256 FROM issued ORDER BY no"):
        if hashlib.sha256(data).hexdigest() != kept:
            yield problem("check_issued", number=number)


def _attachments(store: Store, *, deep: bool) -> Iterator[Problem]:
    names = {u.sha256: u.name for u in attachments.uses(store)}
    noted = [sha for (sha,) in store.con.query("SELECT sha256 FROM attachment")]
    for sha in sorted({*names, *noted}):
        shown = names.get(sha) or sha[:12]
        path = store.files_dir / sha[:2] / sha
        try:
            raw = path.read_bytes() if deep else path.open("rb").close()
        except (OSError, ValueError):
            yield problem("attachment_missing", value=shown)
            continue
        if raw is not None and attachments.unseal(raw, sha, store.key) is None:
            yield problem("attachment_broken", value=shown)
