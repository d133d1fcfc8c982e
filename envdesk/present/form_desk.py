"""What a form view asks the desk besides its session: names of references, files, pictures, history.

Everything here runs on the database thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envdesk.desk import records, sheets
from envdesk.desk.office import Desk, Done
from envdesk.errors import Refused, refuse
from envdesk.formdef.model import Field, Form
from envdesk.present.form_session import FormSession
from envdesk.store import attachments, drafts, query, related, save
from envdesk.store.attachments import FILE_KINDS, PHOTO_TAGS
from envdesk.store.drafts import Draft
from envdesk.store.reader import resolve
from envdesk.store.save import Outcome
from envdesk.store.search import initials

__all__ = ["FILE_KINDS", "PHOTO_TAGS", "Outcome", "initials"]


#: What a form opened by its key starts with, and the field that gets the focus.
QUICK: Mapping[str, tuple[Mapping[str, Any], str]] = {"work_order": ({"source": "12345"}, "order_no")}


@dataclass(frozen=True)
class Opened:
    """A form as it was opened.

    Attributes:
        names: names of everything it refers to.
        texts: labels of the wording set in use.
        sheets: titles of all sheets of the visit.
        number: record number of a stored record.
        kept_at: when the draft was kept, "" = no draft.
        follows: keys of a new record that take their default anew while nobody typed in them.
    """

    session: FormSession
    names: dict[str, str]
    texts: Mapping[str, str]
    sheets: tuple[str, ...] = ()
    number: str = ""
    kept_at: str = ""
    follows: frozenset[str] = frozenset()


def opened(
    desk: Desk, form: str = "", rec: str = "", draft_id: str = "", prefill: Mapping[str, Any] | None = None
) -> Opened:
    """Open a new form, a stored record (id, number or natural key) or a kept draft.

    Raises:
        Refused: ``not_found``.
    """
    kept = draft(desk, draft_id) if draft_id else None
    if kept is not None:
        session = FormSession.from_draft(desk, kept)
    elif rec:
        session = FormSession.stored(desk, form, resolve(desk.store, form, rec))
    elif draft_id and not form:
        raise refuse("not_found", id=draft_id)
    else:
        session = FormSession.new(desk, form, prefill)
        return shown(desk, session, given=frozenset(prefill or ()))
    return shown(desk, session, kept.saved_at if kept is not None else "")


def same_visit(desk: Desk, form: str, other: FormSession) -> Opened:
    """Open another sheet on the visit of *other*."""
    session = FormSession.for_same_visit(desk, form, other)
    return shown(desk, session, given=frozenset(f.key for f in session.form.fields if f.home != form))


def shown(desk: Desk, session: FormSession, kept_at: str = "", *, given: frozenset[str] | None = None) -> Opened:
    """What a view needs besides the session; *given* = keys filled in for a new record (None: it is not new)."""
    defaults = {f.key for f in session.form.typed() if f.default_sql and not f.is_list}
    follows = frozenset() if given is None else frozenset(defaults - given)
    texts = dict(sheets.wording(desk, session.form.id))
    names = names_of(desk, session.form, session.raw)
    return Opened(
        session, names, texts, tuple(sheets_of(desk, session)), str(session.old.get("record_no") or ""), kept_at,
        follows,
    )  # fmt: skip


@dataclass(frozen=True)
class Again:
    """What a moment of quiet brought: new defaults of untouched fields, computed values, names of what they name."""

    defaults: Mapping[str, Any]
    computed: Mapping[str, Any]
    names: Mapping[str, str]


def judge_again(session: FormSession, follows: frozenset[str]) -> Again:
    """After a moment of quiet: rules that look things up, defaults that follow, what the program works out."""
    session.look_up()
    form, con = session.form, session.desk.store.con
    wanted = {f.key: f.default_sql for f in form.typed() if f.key in follows and f.key not in session.touched}
    worked = {f.key: f.computed for f in form.fields if f.computed}
    texts = wanted | worked
    if not texts:
        return Again({}, {}, {})
    got = session._evaluator.compute(con, session._draft, session._params, texts)  # noqa: SLF001 - its other half
    defaults = {k: got[k] for k in wanted if got[k] != session.values[k]}
    return Again(defaults, {k: got[k] for k in worked}, names_of(session.desk, form, defaults) if defaults else {})


def take_defaults(session: FormSession, values: Mapping[str, Any]) -> list[str]:
    """Take new defaults where nobody typed meanwhile; returns the keys changed."""
    taken = [k for k in values if k not in session.touched]
    for key in taken:
        session._take(session.form.field(key), values[key])  # noqa: SLF001 - its other half
    if taken:
        session.judge()
    return taken


def names_of(desk: Desk, form: Form, values: Mapping[str, Any]) -> dict[str, str]:
    """Names of everything a record refers to, people included."""
    return query.ref_names(desk.store, form, [dict(values)])


def attach(desk: Desk, field: Field, path: Path, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Take a photo or document into the office's folder at once, so that a draft needs no other file.

    Raises:
        BadValue: it is missing, too large, of a wrong kind or broken.
    """
    with desk.store.con.atomic():
        return attachments.take_in(desk.store, field, path, spec)


def picture(desk: Desk, sha256: str) -> bytes | None:
    """Bytes of a kept file, None when it is missing or damaged."""
    return attachments.read_or_none(desk.store, sha256)


def draft(desk: Desk, draft_id: str) -> Draft | None:
    """The kept draft of this operator with an id, None when it was thrown away."""
    return next((d for d in drafts.drafts(desk.store) if d.id == draft_id), None)


def reveal(desk: Desk, form: Form, rec: str, why: str) -> None:
    """Note who looks at personal data of a stored record, when and why."""
    records.reveal_log(desk, form, [rec], why)


def void(desk: Desk, session: FormSession, why: str) -> Done:
    """Void the stored record of a form; what was typed and not saved goes with it."""
    done = save.void_all(desk.store, [(session.form.id, session.rec)], why)
    if session.draft:
        drafts.discard(desk.store, session.draft)
    session.close()
    return Done(done, frozenset({session.form.id}))


def steps_of(desk: Desk, form_id: str, rec: str, key: str = "") -> list[dict[str, Any]]:
    """History of a record or of one field of it, newest first."""
    lines = records.history(desk, form_id, rec)
    return [line for line in reversed(lines) if not key or line["field"] == key]


def hidden_cells(session: FormSession, key: str, rows: Sequence[Mapping[str, Any]]) -> list[frozenset[str]]:
    """Cells of a row list that are not asked for now, per row. Judged on the session's own connection."""
    texts = {s.key: s.visible for s in session.form.field(key).fields if s.visible}
    nothing: list[frozenset[str]] = [frozenset() for _row in rows]
    if not texts or not rows:
        return nothing
    evaluator, memory, params = session._evaluator, session._memory, session._params  # noqa: SLF001 - its other half
    draft = session._draft  # noqa: SLF001
    typed = [{k: None if v == "" else v for k, v in row.items()} for row in rows]
    try:
        judged = evaluator.compute_rows(memory, {**draft, key: typed}, params, key, texts)
    except Refused:
        return nothing
    return [frozenset(k for k, shown in row.items() if not shown) for row in judged]


def sheets_of(desk: Desk, session: FormSession) -> list[str]:
    """Titles of all sheets of the stored record's visit, its own too."""
    visit = str(session.old.get("visit_id") or "")
    forms = desk.catalogue.forms
    return [forms[f].title for f, _rec in related.sheets(desk.store, "visit", visit)] if visit else []
