"""Conflicts at the district: two records of the same ``rev`` that differ, and which of the two delivered ones stands.

The district writes nothing into a record of a street. It keeps what stands (甲), takes the other version as it was
delivered (乙), or sends both back to the street, which then reports a higher ``rev``. A decision is an operation of its
own and can be undone; while it stands, a package that holds either version again does not ask again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from envdesk.errors import refuse
from envdesk.formdef.live import table
from envdesk.formdef.model import Form
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.operations import DECISION, Operation, Values, content_hash, load, operation, update

T = TypeVar("T")
#: System columns that come along as the office wrote them.
HANDLING = ("office", "desk", "rev", "form_version", "hints", "created_by", "created_at", "updated_by", "updated_at")
#: What may be decided: what is here stays, the other version is taken, the street has to say.
KEEP, TAKE, BACK = "keep", "take", "back"
WAYS = (KEEP, TAKE, BACK)
#: Reason of a trial in a sealed period; it is never stored.
TRIAL = "试算"
_STANDS = "LEFT JOIN operation o ON o.no = {alias}.op WHERE o.undone_by IS NULL"


@dataclass(frozen=True, slots=True)
class Open:
    """A conflict that waits for a decision.

    Attributes:
        form, rec, office, rev: which record.
        source: hash of the other version (乙) as its street wrote it; it names the conflict with *rec*.
        sha256, file: the package it came in.
        ours, theirs: contents by column; ``our_system``, ``their_system`` who wrote them when.
    """

    form: str
    rec: str
    office: str
    rev: int
    source: str
    sha256: str
    file: str
    ours: Values
    theirs: Values
    our_system: Values
    their_system: Values

    @property
    def differing(self) -> tuple[str, ...]:
        """Columns that are not the same."""
        return tuple(k for k in self.theirs if (self.ours.get(k) or None) != (self.theirs.get(k) or None))


# ---- what a record was when it came ----------------------------------------------------------------------------------
def came(store: Store, rec: str, content: str) -> tuple[int, str]:
    """Rev and hash with which a record came as what it is now; (-1, "") when an undo took it elsewhere."""
    row = store.con.one(
        f"SELECT m.rev, m.source FROM merged m {_STANDS.format(alias='m')} AND m.rec = ? AND m.content = ?"
        " ORDER BY m.rev DESC, m.op DESC LIMIT 1",
        (rec, content),
    )
    return (int(row[0]), str(row[1])) if row else (-1, "")


def noted(op: Operation, form: Form, rec: str, system: Mapping[str, Any]) -> None:
    """Note that a record now is what its office delivered as *system* says."""
    con = op.store.con
    content = content_hash(form, load(op.store, form, rec) or {})
    # what follows in this operation compares with it; the operation writes the same hash at its end
    con.execute(f"UPDATE {table(form.id)} SET hash = ? WHERE id = ?", (content, rec))
    con.execute(
        "INSERT OR REPLACE INTO merged VALUES (?, ?, ?, ?, ?)", (rec, op.no, system["rev"], system["hash"], content)
    )


def replace(op: Operation, form: Form, rec: str, system: Mapping[str, Any], values: Values) -> None:
    """Put a delivered version in the place of what is here."""
    update(op, form, rec, values)
    op.touched[form.id, rec] = None
    sets = ", ".join(f"{quote(k)} = ?" for k in HANDLING)
    op.store.con.execute(f"UPDATE {table(form.id)} SET {sets} WHERE id = ?", [*(system[k] for k in HANDLING), rec])
    noted(op, form, rec, system)


# ---- conflicts -------------------------------------------------------------------------------------------------------
def keep(store: Store, sha256: str, form: str, rec: str, system: Values, values: Values) -> None:
    """Keep the version that was not taken; the file on the stick may be gone when somebody decides."""
    store.con.execute(
        "INSERT OR REPLACE INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?)",
        (sha256, form, rec, system["rev"], system["hash"], _json(system), _json(values)),
    )


def judged(store: Store, rec: str, rev: int, source: str) -> bool:
    """True when a decision that stands was about this version of a record."""
    return bool(_decision(store, rec, rev, source))


def _decision(store: Store, rec: str, rev: int, source: str) -> Any:
    return store.con.one(
        f"SELECT d.way, d.kept, d.other, o.at, o.who FROM decision d {_STANDS.format(alias='d')} AND d.rec = ?"
        " AND d.rev = ? AND ? IN (d.kept, d.other) ORDER BY d.op DESC LIMIT 1",
        (rec, rev, source),
    )


def open_conflicts(store: Store, office: str = "") -> list[Open]:
    """Conflicts nobody has decided yet, of one office or of all, in the order they came."""
    out: dict[tuple[str, str], Open] = {}
    for row in store.con.dicts(
        f"SELECT c.*, r.file, r.office FROM conflict c JOIN received r ON r.sha256 = c.sha256"
        f" {_STANDS.format(alias='r')} ORDER BY r.no, c.form, c.rec"
    ):
        form = store.catalogue.forms.get(row["form"])
        if form is None or (office and row["office"] != office) or (row["rec"], row["source"]) in out:
            continue
        found = _still(store, form, row)
        if found is not None:
            out[row["rec"], row["source"]] = found
    return list(out.values())


def _still(store: Store, form: Form, row: Mapping[str, Any]) -> Open | None:
    """The conflict of a kept version, None when a newer version, an undo or a decision has settled it."""
    heads = ", ".join(quote(k) for k in ("hash", *HANDLING))
    here = store.con.dicts(f"SELECT {heads} FROM {table(form.id)} WHERE id = ?", (row["rec"],))
    if not here:
        return None
    rev, source = came(store, row["rec"], str(here[0]["hash"]))
    if rev != row["rev"] or source == row["source"] or judged(store, row["rec"], rev, row["source"]):
        return None
    return Open(
        form.id, row["rec"], row["office"], rev, row["source"], row["sha256"], row["file"],
        load(store, form, row["rec"]) or {}, json.loads(row["content"]), here[0] | {"hash": source},
        json.loads(row["system"]),
    )  # fmt: skip


def decide(store: Store, rec: str, source: str, way: str, *, why: str = "") -> int:
    """Decide a conflict: one operation that can be undone; returns its number.

    Args:
        store: the district's open file.
        rec: the record.
        source: hash of its other version (:attr:`Open.source`).
        way: one of :data:`WAYS`.
        why: reason, needed when the record lies in a period the district has sealed and the other version is taken.

    Raises:
        Refused: ``merge_role``, ``conflict_gone``, ``sealed``.
    """
    if store.meta("role") != "district":
        raise refuse("merge_role")
    found = next((c for c in open_conflicts(store) if (c.rec, c.source) == (rec, source)), None)
    if found is None or way not in WAYS:
        raise refuse("conflict_gone")
    form, ours = store.catalogue.forms[found.form], str(found.our_system["hash"])
    kept, other = (source, ours) if way == TAKE else (ours, source)
    with operation(store, "decide", form=form.id, why=why) as op:
        if way == TAKE:
            if op.why:
                op.allow(rec)
            replace(op, form, rec, found.their_system, found.theirs)
        op.log(form.id, rec, DECISION, None, {"way": way, "rev": found.rev, "kept": kept, "other": other})
        store.con.execute(
            "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)", (op.no, form.id, rec, found.rev, way, kept, other)
        )
        return op.no


class _Tried(Exception):  # noqa: N818
    """Leaves the transaction of a trial."""


def tried(store: Store, found: Open, ask: Callable[[], T]) -> T:
    """Answer a question as if the other version stood; nothing is stored."""
    out: list[T] = []
    try:
        with store.con.atomic(), operation(store, "decide", why=TRIAL) as op:
            op.allow(found.rec)
            update(op, store.catalogue.forms[found.form], found.rec, found.theirs)
            out.append(ask())
            raise _Tried  # noqa: TRY301 - leaves the transaction
    except _Tried:
        return out[0]


def decisions(store: Store, sha256: str) -> list[dict[str, Any]]:
    """What was decided about the versions a package brought, for its receipt.

    ``stands`` says which version does: ``this`` = the one of the package, ``other``, ``back`` = the street has to say.
    """
    brought: dict[str, tuple[str, int, str]] = {}
    stood = (
        "SELECT m.rec, d.form, m.rev, m.source FROM received r JOIN merged m ON m.op = r.op"
        " JOIN decision d ON d.rec = m.rec AND d.rev = m.rev WHERE r.sha256 = ?"
    )
    for sql in (stood, "SELECT rec, form, rev, source FROM conflict WHERE sha256 = ?"):
        brought |= {rec: (form, rev, source) for rec, form, rev, source in store.con.query(sql, (sha256,))}
    out = []
    for rec, (form, rev, source) in sorted(brought.items(), key=lambda b: (b[1][0], b[0])):
        row = _decision(store, rec, rev, source)
        if row:
            stands = BACK if row[0] == BACK else "this" if row[1] == source else "other"
            out.append({"form": form, "id": rec, "rev": rev, "stands": stands, "at": row[3], "who": row[4]})
    return out


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
