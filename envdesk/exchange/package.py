"""The package for the district: one SQLite file with the office's records, their forms, seals and attachments.

Plain, it opens in any SQLite tool and shows Chinese views; with a passphrase it is a SQLCipher file (any SQLCipher 4
tool opens it with the same words). It is written beside its place, proven, and only then renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from envdesk import __version__
from envdesk.errors import refuse
from envdesk.exchange import package_check
from envdesk.exchange.package_check import Package
from envdesk.exchange.package_rows import Copier, attachments_of, cut_to_period, functions
from envdesk.figures.period import Period
from envdesk.formdef.live import table
from envdesk.sql import Connection, connect, quote
from envdesk.store import attachments, schema
from envdesk.store.crypt import literal, passphrase_key, table_digest, table_names
from envdesk.store.file import SALT, Store

META_KEY = "package_secret"
_OWN = """
CREATE TABLE manifest (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE manifest_form (
    form TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL, records INTEGER NOT NULL,
    voided INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT;
CREATE TABLE manifest_table (name TEXT PRIMARY KEY NOT NULL, "rows" INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT;
CREATE TABLE attachment_data (sha256 TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
"""
_VIEWS = """
CREATE VIEW "上报说明" AS SELECT key AS "项目", value AS "内容" FROM manifest;
CREATE VIEW "上报各表" AS
    SELECT title AS "表", records AS "条数", voided AS "其中作废", sha256 AS "校验值" FROM manifest_form
"""


def export(
    store: Store, out: Path, *, period: Period | None = None, bare: bool = False, passphrase: str | None = None
) -> Package:
    """Write a package.

    Args:
        store: open file.
        out: file to write; an older package there is replaced, anything else is not.
        period: only records with an event or a change in it (with what they refer to); default everything.
        bare: no attachments, all personal fields masked.
        passphrase: encrypt the package.

    Returns:
        The package as proven by reading it back.

    Raises:
        Refused: ``db_exists``, the place can not be written, the disk is full.
    """
    if out.exists() and (out.samefile(store.path) or not (package_check.is_package(out) or _was_ours(store, out))):
        raise refuse("db_exists", path=str(out))
    key = passphrase_key(passphrase, os.urandom(SALT)) if passphrase else None
    part = attachments.temporary(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        con = connect(part, key=key)
        try:
            _build(store, con, period, bare=bare)
        finally:
            con.close()
        if key is None:
            package_check.stamp(part)
        attachments.settle(part)
        made = package_check.verify(part, passphrase=passphrase)
        part.replace(out)
        attachments.settle_folder(out.parent)
    except OSError as exc:
        raise attachments.disk_refusal(out, exc) from exc
    finally:
        for tail in ("", "-wal", "-shm", "-journal"):
            attachments.forget(part.with_name(part.name + tail))
    _note(store, made, out, period)
    return Package(out, made.sha256, made.encrypted, made.manifest, made.counts, made.attachments)


def _was_ours(store: Store, out: Path) -> bool:
    """True for a file this office wrote as a package before (an encrypted one carries no mark)."""
    digest = package_check.whole_hash(out)
    return bool(store.con.value("SELECT 1 FROM outgoing WHERE kind = 'package' AND hash = ?", (digest,)))


def _note(store: Store, made: Package, out: Path, period: Period | None) -> None:
    """Write down what left the office."""
    what = {"file": out.name, "period": str(period or ""), "bare": made.manifest["bare"], "counts": made.counts}
    with store.con.atomic():
        store.con.execute(
            "INSERT INTO outgoing (kind, at, who, what, hash) VALUES ('package', ?, ?, ?, ?)",
            (store.clock.now().isoformat(), store.who, json.dumps(what, ensure_ascii=False), made.sha256),
        )


# ---- building ------------------------------------------------------------------------------------------------------
def _build(store: Store, con: Connection, period: Period | None, *, bare: bool) -> None:
    con.execute("PRAGMA journal_mode = DELETE")
    con.execute("PRAGMA foreign_keys = OFF")  # a confidential order loses what it refers to
    con.execute("PRAGMA secure_delete = ON")
    functions(con, _secret(store))
    source = f"{store.path.resolve().as_uri()}?mode=ro"
    con.execute(f"ATTACH DATABASE ? AS src KEY {literal(store.key)}", (source,))
    try:
        with con.atomic():
            _copy(store, con, bare=bare)
            facts = _facts(con)
    finally:
        con.execute("DETACH DATABASE src")
    with con.atomic():
        if period is not None:
            cut_to_period(con, store.catalogue, store.live, period.start.isoformat(), period.end.isoformat())
        lost = [] if bare else _carry(store, con)
        schema.sync_views(con, store.catalogue, store.live)
        for statement in _VIEWS.strip().split(";"):
            con.execute(statement)
        _manifest(store, con, facts | _said(store, period, bare=bare, lost=lost))
    con.execute(f"PRAGMA application_id = {package_check.APPLICATION_ID}")
    con.execute("VACUUM")


def _secret(store: Store) -> bytes:
    """The office's own key for hashes of records whose personal words stay here; never leaves."""
    if not store.meta(META_KEY):
        store.set_meta(META_KEY, os.urandom(32).hex())
    return bytes.fromhex(store.meta(META_KEY))


def _copy(store: Store, con: Connection, *, bare: bool) -> None:
    for statement in _OWN.strip().split(";"):
        if statement.strip():
            con.execute(statement)
    copier = Copier(con, store.catalogue, bare=bare)
    for name in ("form_version", "seal", *(() if bare else ("report_text",))):  # own paragraphs may name people
        copier.plain(name)
    for form in store.catalogue.forms.values():
        copier.form(form)


def _facts(con: Connection) -> dict[str, str]:
    """What the office's own file says about itself, in the same snapshot as the records."""
    meta: dict[str, str] = dict(con.query("SELECT key, value FROM src.meta"))
    setting: dict[str, str] = dict(con.query("SELECT key, value FROM src.setting"))
    last = con.one("SELECT no, hash FROM src.operation ORDER BY no DESC LIMIT 1") or (0, "")
    return {
        **{k: meta.get(k, "") for k in ("office", "role", "desk", "file_id")},
        "office_name": setting.get("office_name", ""),
        "office_code": setting.get("office_code", meta.get("office_code", "")),  # files made before it was a setting
        "district": setting.get("district", ""),
        "settings": json.dumps(setting, ensure_ascii=False, sort_keys=True),
        "operation": str(last[0]),
        "operation_hash": str(last[1]),
    }


def _said(store: Store, period: Period | None, *, bare: bool, lost: list[str]) -> dict[str, str]:
    return {
        "format": package_check.FORMAT,
        "program": __version__,
        "created": store.clock.now().isoformat(),
        "created_utc": store.clock.utc().isoformat(),
        "created_by": store.who,
        "start": period.start.isoformat() if period else "",
        "end": period.end.isoformat() if period else "",
        "bare": str(int(bare)),
        "missing_attachments": json.dumps(lost),
    }


def _carry(store: Store, con: Connection) -> list[str]:
    """Put the attachments into the package; returns the hashes the office itself lacks."""
    lost = []
    for sha in sorted(attachments_of(con, store.catalogue)):
        data = attachments.read_or_none(store, sha)
        if data is None:
            lost.append(sha)
        else:
            con.execute("INSERT INTO attachment_data VALUES (?, ?, ?)", (sha, len(data), data))
    return lost


def _manifest(store: Store, con: Connection, facts: dict[str, str]) -> None:
    figures = {k for k, s in store.catalogue.settings.items() if s.figure}
    kept = {k: v for k, v in json.loads(facts["settings"]).items() if k in figures}
    facts["settings"] = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    for form in store.catalogue.forms.values():
        con.execute(
            "INSERT INTO manifest_form VALUES (?, ?, ?, ?, ?, ?)", _form_line(con, form.id, form.title, form.version)
        )
    tables = [(t, *table_digest(con, t)) for t in table_names(con) if t not in package_check.OWN_TABLES]
    con.many("INSERT INTO manifest_table VALUES (?, ?, ?)", tables)
    facts["digest"] = package_check.manifest_digest(facts, tables)
    con.many("INSERT INTO manifest VALUES (?, ?)", sorted(facts.items()))


def _form_line(con: Connection, form: str, title: str, version: str) -> tuple[str, str, str, int, int, str]:
    """Count and hash of a form: over its records' own hashes, so it compares with the office's file."""
    digest = hashlib.sha256()
    records = voided = 0
    for rec, rev, kept, void in con.execute(f"SELECT id, rev, hash, void FROM {quote(table(form))} ORDER BY id"):
        digest.update(f"{rec} {rev} {kept} {void}\n".encode())
        records += 1
        voided += void
    return form, title, version, records, voided, digest.hexdigest()
