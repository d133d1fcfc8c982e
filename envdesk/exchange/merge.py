"""Merging at the district: the packages of many streets into one file, in one operation that can be undone.

A record belongs to its office and the district never edits it (:func:`envdesk.store.save.check_owner`). Of a record that
comes again the higher ``rev`` stands; an older one is reported as superseded; the same ``rev`` with other content is a
conflict: what is there stays, both sides are told. Whatever order packages come in, the same records stand at the end,
and a package that comes twice changes nothing.

What a record was when it came (its office's own rev and hash) is kept beside the content it made here. A merge that was
undone, in full or in part, therefore needs no bookkeeping: a record counts as received only while it still is what some
package made it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from envdesk.errors import Problem, Refused, problem, refuse
from envdesk.exchange import conflicts, package_check
from envdesk.exchange.package_check import Package
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS, Catalogue, Field, Form
from envdesk.i18n import _
from envdesk.sql import Connection, quote
from envdesk.store import attachments
from envdesk.store.file import Store
from envdesk.store.operations import (
    Operation,
    Values,
    decode_row,
    insert,
    load,
    operation,
    own_columns,
    own_lists,
    update,
)

#: What may become of a record, in the order of the receipt; ``decided`` = a conflict somebody decided before.
STATES = ("new", "updated", "same", "superseded", "conflict", "decided", "gone", "rejected")
GONE = "本单位最新全量上报中已无此记录"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two different records of the same ``rev``: what is here stays. ``fields`` are the labels that differ."""

    form: str
    id: str
    record_no: str
    rev: int
    fields: tuple[str, ...]


@dataclass(slots=True)
class Receipt:
    """What became of one package.

    Attributes:
        file, sha256: the package. ``start``, ``end``: its period, "" = everything.
        counts: form → state (:data:`STATES`) → records.
        problem: why nothing was taken from it, None = taken in.
        notes: whole sentences: forms and columns this program does not know, settings that differ.
        again: True when this very file was taken in before.
    """

    file: str
    sha256: str = ""
    office: str = ""
    office_name: str = ""
    start: str = ""
    end: str = ""
    created: str = ""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    attachments: int = 0
    seals: list[dict[str, str]] = field(default_factory=list)
    again: bool = False
    problem: Problem | None = None

    def note(self, form: str, state: str) -> None:
        """Count one record."""
        line = self.counts.setdefault(form, {})
        line[state] = line.get(state, 0) + 1

    def total(self, state: str) -> int:
        """Records of one state over all forms."""
        return sum(line.get(state, 0) for line in self.counts.values())

    def as_dict(self) -> dict[str, Any]:
        """For ``--json`` and the file."""
        return {
            "file": self.file, "sha256": self.sha256, "office": self.office, "office_name": self.office_name,
            "start": self.start, "end": self.end, "created": self.created, "again": self.again,
            **{state: self.total(state) for state in STATES}, "counts": self.counts, "attachments": self.attachments,
            "conflicts": [
                {"form": c.form, "id": c.id, "record_no": c.record_no, "rev": c.rev, "fields": list(c.fields)}
                for c in self.conflicts
            ],
            "notes": self.notes, "problem": self.problem.as_dict() if self.problem else None,
        }  # fmt: skip


Told = Callable[[int, int, str], object]


def _silent(_done: int, _total: int, _name: str) -> None:
    """Nobody wants to know how far it is."""


class _Dry(Exception):  # noqa: N818
    """Leaves the transaction of a dry run."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Receipts of all packages; ``operation`` None = nothing had to be changed, or a dry run."""

    receipts: list[Receipt]
    operation: int | None


def merge(
    store: Store,
    paths: Sequence[Path],
    *,
    passphrase: str | None = None,
    phrases: Mapping[Path, str] | None = None,
    why: str = "",
    dry_run: bool = False,
    told: Told | None = None,
) -> Merged:
    """Take packages into the district's file: all that hold, in one operation.

    Args:
        store: the district's open file.
        paths: packages; one that does not hold is refused by itself, the others are taken in.
        passphrase: of encrypted packages.
        phrases: passphrases of those that have one of their own.
        why: reason, needed when a record lies in a period the district has sealed.
        dry_run: tell what would happen, store nothing.
        told: is told how many files of all are done and the name of the next; may raise to stop.

    Raises:
        Refused: ``merge_role`` (the file is no district's), ``sealed``.
    """
    if store.meta("role") != "district":
        raise refuse("merge_role")
    told = told or _silent
    keys = {path: (phrases or {}).get(path, passphrase) for path in paths}
    found = []
    for n, path in enumerate(paths):
        told(n, 2 * len(paths), path.name)
        found.append(_proven(store, path, keys[path]))
    made: dict[str, Package] = {}
    for receipt, package in found:
        if package is not None and receipt.sha256 not in made:
            made[receipt.sha256] = package
    order = sorted(made.values(), key=lambda p: (p.manifest["office"], int(p.manifest["operation"]), p.sha256))
    receipts: dict[str, Receipt] = {}
    for receipt, package in found:
        if package is not None:
            receipts.setdefault(receipt.sha256, receipt)
    number: int | None = None
    try:
        with store.con.atomic():
            with operation(store, "merge", why=why) as op:
                for n, package in enumerate(order):
                    told(2 * len(paths) - len(order) + n, 2 * len(paths), package.path.name)
                    receipt = receipts[package.sha256]
                    receipt.problem = _twin(store, package, order)
                    if receipt.problem is None:
                        _take(op, package, receipt, keys[package.path])
                number = op.no if op.seq else None
            _remember(store, number, order, receipts)
            if dry_run:
                raise _Dry  # noqa: TRY301 - leaves the transaction
    except _Dry:
        number = None
    return Merged([receipts.get(receipt.sha256, receipt) for receipt, _package in found], number)


def _proven(store: Store, path: Path, passphrase: str | None) -> tuple[Receipt, Package | None]:
    """Prove a package; the receipt of one that can not be taken says why."""
    receipt = Receipt(path.name)
    try:
        package = package_check.verify(path, passphrase=passphrase)
        facts = package.manifest
        receipt.sha256, receipt.office, receipt.office_name = package.sha256, facts["office"], facts["office_name"]
        receipt.start, receipt.end, receipt.created = facts["start"], facts["end"], facts["created"]
        receipt.again = _in_force(store, "sha256 = ?", package.sha256) is not None
        if facts["office"] == store.office or facts["role"] != "street":
            raise refuse("merge_source", path=path.name, office=facts["office_name"])
    except Refused as exc:
        receipt.problem = exc.all_problems()[0]
        return receipt, None
    return receipt, package


def _twin(store: Store, package: Package, others: Sequence[Package]) -> Problem | None:
    """Two files that both say they are this desk of this office: their numbers would meet, one of them is wrong."""
    mine = package.manifest
    row = store.con.one(
        "SELECT r.file_id FROM received r LEFT JOIN operation o ON o.no = r.op WHERE o.undone_by IS NULL"
        " AND r.office = ? AND json_extract(r.manifest, '$.desk') = ? LIMIT 1",
        (mine["office"], mine["desk"]),
    )
    first = next(p for p in others if all(p.manifest[k] == mine[k] for k in ("office", "desk")))
    if (row[0] if row else first.manifest["file_id"]) == mine["file_id"]:
        return None
    return problem("merge_twin", path=package.path.name, office=mine["office_name"])


def _in_force(store: Store, where: str, *values: Any) -> Any:
    """The newest received package that still counts (its merge was not undone), as (operation, manifest)."""
    return store.con.one(
        "SELECT r.operation, r.manifest FROM received r LEFT JOIN operation o ON o.no = r.op"
        f" WHERE o.undone_by IS NULL AND {where} ORDER BY r.operation DESC, r.no DESC LIMIT 1",
        values,
    )


# ---- one package ---------------------------------------------------------------------------------------------------
def _take(op: Operation, package: Package, receipt: Receipt, passphrase: str | None) -> None:
    con = package_check.open_package(package.path, passphrase)
    try:
        _Taking(op, con, package, receipt).run()
    finally:
        con.close()


class _Taking:
    """Takes one proven package in."""

    def __init__(self, op: Operation, con: Connection, package: Package, receipt: Receipt) -> None:
        self.op = op
        self.store = op.store
        self.con = con
        self.facts = package.manifest
        self.receipt = receipt
        self.bare = self.facts["bare"] == "1"
        newest = _in_force(
            self.store, "r.office = ? AND r.file_id = ? AND r.start = ''", self.facts["office"], self.facts["file_id"]
        )
        #: a whole package of a later operation of this desk was taken in: what it left out is no longer so
        self.older = newest is not None and int(self.facts["operation"]) < int(newest[0])

    def run(self) -> None:
        self.versions()
        there = {name for (name,) in self.con.query("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for form in self.store.catalogue.forms.values():
            if table(form.id) in there and travels(self.store.catalogue, form):
                self.form(form)
        self.unknown_forms()
        self.receipt.seals = self.con.dicts(
            'SELECT start, "end", cut, sealed_at, hash FROM seal WHERE opened_at IS NULL ORDER BY start, "end"'
        )
        if not self.facts["start"] and not self.older:
            self.gone()
        self.attachments()

    def versions(self) -> None:
        """Keep the office's form versions, so that its records are shown and checked in them."""
        have = set(self.store.con.query("SELECT form, version FROM form_version"))
        for row in self.con.query("SELECT form, version, title, text, active_from FROM form_version"):
            if (row[0], row[1]) not in have:
                self.store.con.execute("INSERT INTO form_version VALUES (?, ?, ?, ?, ?)", row)

    def unknown_forms(self) -> None:
        known = self.store.catalogue.forms
        for form, title, records in self.con.query("SELECT form, title, records FROM manifest_form WHERE records > 0"):
            if form not in known:
                words = _("“{form}”是该街道自设的表，本程序没有，{count} 条没有收入。")
                self.receipt.notes.append(words.format(form=title, count=records))

    # ---- records ---------------------------------------------------------------------------------------------------
    def form(self, form: Form) -> None:
        reader = _Reader(self.con, form)
        for column in reader.unknown:
            words = _("“{form}”的“{column}”一项本程序没有，没有收入。")
            self.receipt.notes.append(words.format(form=form.title, column=column))
        for rec, system, values in reader.records():
            self.receipt.note(form.id, self.record(form, rec, system, values))

    def record(self, form: Form, rec: str, system: Values, values: Values) -> str:
        """Take one record in; returns what became of it."""
        if system["office"] != self.facts["office"]:
            return "rejected"
        here = self.store.con.one(f"SELECT office, hash FROM {table(form.id)} WHERE id = ?", (rec,))
        if here is None:
            if self.older:
                return "superseded"  # the newer package of the whole office no longer has it
            self._allow(rec)
            insert(self.op, form, values, rec=rec, extra={k: system[k] for k in conflicts.HANDLING})
            conflicts.noted(self.op, form, rec, system)
            return "new"
        if here[0] != self.facts["office"]:
            return "rejected"
        return self._again(form, rec, system, values, str(here[1]))

    def _again(self, form: Form, rec: str, system: Values, values: Values, content: str) -> str:
        """Take a record in that is here already, with *content* as its hash."""
        rev, source = conflicts.came(self.store, rec, content)
        if system["rev"] < rev:
            return "superseded"
        if system["rev"] == rev:
            if system["hash"] == source or self.bare:
                return "same"
            return self._conflict(form, rec, system, values)
        if self.older:
            return "superseded"
        self._allow(rec)
        conflicts.replace(self.op, form, rec, system, values)
        return "updated"

    def _allow(self, rec: str) -> None:
        if self.op.why:
            self.op.allow(rec)

    def _conflict(self, form: Form, rec: str, system: Values, values: Values) -> str:
        ours = load(self.store, form, rec) or {}
        labels = {f.column: f.label for f in form.own} | {"void": _("作废")}
        differ = [labels.get(k, k) for k in values if (ours.get(k) or None) != (values.get(k) or None)]
        if not differ:
            return "same"  # only what the street keeps to itself, or the key of its hashes, is another
        if conflicts.judged(self.store, rec, int(system["rev"]), system["hash"]):
            return "decided"
        conflicts.keep(self.store, self.receipt.sha256, form.id, rec, system, values)
        number = str(values.get("record_no") or "")
        self.receipt.conflicts.append(Conflict(form.id, rec, number, int(system["rev"]), tuple(differ)))
        return "conflict"

    def gone(self) -> None:
        """Void what the desk itself no longer has: a whole package tells it."""
        for form in self.store.catalogue.forms.values():
            if not travels(self.store.catalogue, form):
                continue
            name = table(form.id)
            sql = f"SELECT id FROM {name} WHERE office = ? AND desk = ? AND void = 0"
            here = {rec for (rec,) in self.store.con.query(sql, (self.facts["office"], self.facts["desk"]))}
            there = {rec for (rec,) in self.con.query(f"SELECT id FROM {name}")} if self._has(name) else set()
            for rec in sorted(here - there):
                self._allow(rec)
                update(self.op, form, rec, {"void": 1, "void_reason": GONE})
                self.receipt.note(form.id, "gone")

    def _has(self, name: str) -> bool:
        return bool(self.con.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)))

    def attachments(self) -> None:
        have = {sha for (sha,) in self.store.con.query("SELECT sha256 FROM attachment")}
        for sha, data in self.con.execute("SELECT sha256, data FROM attachment_data"):
            if sha not in have:
                attachments.keep(self.store, data)
                self.receipt.attachments += 1


def travels(catalogue: Catalogue, form: Form) -> bool:
    """True for a form whose records go from street to district; lists that only set a PC up (terms, limits) do not."""
    if form.kind != "list" or not form.seeds:
        return True
    return any(f.ref == form.id for other in catalogue.forms.values() for f in other.fields)


class _Reader:
    """Reads a form's records out of a package, whatever version of the form it was made with."""

    def __init__(self, con: Connection, form: Form) -> None:
        self.con = con
        self.form = form
        there = self._columns(table(form.id))
        self.cells = [c for c in own_columns(form) if c in there]
        self.lists: list[tuple[Field, list[str]]] = []
        for f in own_lists(form):
            have = self._columns(list_table(form.id, f.column))
            if have:
                wanted = ["value"] if f.type in VALUE_LISTS else ["id", *list_columns(f)]
                self.lists.append((f, [c for c in wanted if c in have]))
        strange = there - {*own_columns(form), *conflicts.HANDLING, "id", "hash"}
        self.unknown = [c for c in sorted(strange) if self._used(c)]

    def _columns(self, name: str) -> set[str]:
        return {row[1] for row in self.con.query(f"PRAGMA table_info({quote(name)})")}

    def _used(self, column: str) -> bool:
        return bool(self.con.value(f"SELECT 1 FROM {table(self.form.id)} WHERE {quote(column)} IS NOT NULL LIMIT 1"))

    def records(self) -> Iterator[tuple[str, Values, Values]]:
        """Each record: id, system values, content by column (lists included)."""
        heads = ["id", "hash", *conflicts.HANDLING]
        names = ", ".join(quote(c) for c in [*heads, *self.cells])
        rows = self._rows()
        for row in self.con.query(f"SELECT {names} FROM {table(self.form.id)} ORDER BY id"):
            system = dict(zip(heads, row[: len(heads)], strict=True))
            values: Values = dict(zip(self.cells, row[len(heads) :], strict=True))
            for f, _columns in self.lists:
                values[f.column] = rows[f.column].get(system["id"], [])
            yield str(system["id"]), system, values

    def _rows(self) -> dict[str, dict[str, list[Any]]]:
        """List column → record → its rows, read in one go each."""
        out: dict[str, dict[str, list[Any]]] = {}
        for f, columns in self.lists:
            name = quote(list_table(self.form.id, f.column))
            of = out.setdefault(f.column, {})
            for rec, *cells in self.con.query(
                f"SELECT rec, {', '.join(quote(c) for c in columns)} FROM {name} ORDER BY rec, pos"
            ):
                row = cells[0] if f.type in VALUE_LISTS else decode_row(f, dict(zip(columns, cells, strict=True)))
                of.setdefault(rec, []).append(row)
        return out


# ---- what is remembered --------------------------------------------------------------------------------------------
def _remember(store: Store, op: int | None, packages: Iterable[Package], receipts: dict[str, Receipt]) -> None:
    """Note each package once, one that changed nothing too: a report without news is a report."""
    for package in packages:
        receipt = receipts[package.sha256]
        if receipt.again or receipt.problem is not None:
            continue
        facts = package.manifest
        changed = any(receipt.total(s) for s in ("new", "updated", "gone"))
        store.con.execute(
            'INSERT INTO received (op, office, office_name, sha256, file, at, who, start, "end", created, file_id,'
            " operation, manifest, seals, receipt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                op if changed else None, facts["office"], facts["office_name"], package.sha256, receipt.file,
                store.clock.now().isoformat(), store.who, facts["start"], facts["end"], facts["created"],
                facts["file_id"], int(facts["operation"]), json.dumps(facts, ensure_ascii=False, sort_keys=True),
                json.dumps(receipt.seals),
                json.dumps(receipt.as_dict(), ensure_ascii=False, sort_keys=True),
            ),
        )  # fmt: skip


def receipt_of(store: Store, path: Path) -> dict[str, Any]:
    """The receipt of a package: at the district what became of it, at the street what was sent.

    Raises:
        Refused: ``db_missing``, ``not_received``.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    digest = package_check.whole_hash(path)
    found = receipt_for(store, digest)
    if found is not None:
        return found
    sent = store.con.one("SELECT what, at, who FROM outgoing WHERE kind = 'package' AND hash = ?", (digest,))
    if sent:
        return {"kind": "sent", "at": sent[1], "who": sent[2], "sha256": digest, **json.loads(sent[0])}
    raise refuse("not_received", path=path.name)


def receipt_for(store: Store, sha256: str) -> dict[str, Any] | None:
    """What became of a package at the district, None when it was not merged."""
    row = store.con.one(
        "SELECT r.receipt, r.at, r.who FROM received r LEFT JOIN operation o ON o.no = r.op"
        " WHERE o.undone_by IS NULL AND r.sha256 = ? ORDER BY r.no DESC LIMIT 1",
        (sha256,),
    )
    if row is None:
        return None
    decided = conflicts.decisions(store, sha256)
    return {"kind": "received", "at": row[1], "who": row[2], **json.loads(row[0]), "decisions": decided}
