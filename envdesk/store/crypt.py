"""Key files, and switching a data file between plain and encrypted.

A key file is text. Its first line is either 64 hexadecimal digits (the key itself; ``new_key`` makes one, worth
printing and locking away) or a passphrase. A passphrase becomes a key with a random salt that SQLCipher keeps in the
first 16 bytes of the data file and of every backup of it, by SQLCipher's own derivation (PBKDF2-HMAC-SHA512, 256,000
rounds). So there is no second file to lose: the data file and the passphrase are enough, also for other SQLCipher
tools. A key that only the key file holds is lost with it; nothing here can open the file again then.

The original stays untouched until its copy is written, synced, opened and compared row by row.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from envdesk.errors import refuse
from envdesk.sql import Connection, connect, quote
from envdesk.store import attachments
from envdesk.store.file import SALT, check_ours, check_place, is_encrypted, salt_of, take_lock

ROUNDS = 256_000
_HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST = 65_536


# ---- keys --------------------------------------------------------------------------------------------------------
def new_key() -> str:
    """A random key as text for a key file: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def first_line(path: Path) -> str:
    """The first line of a key or passphrase file, whatever editor wrote it (UTF-8 with or without mark, UTF-16, GBK).

    Raises:
        Refused: ``key_file`` when there is none.
    """
    try:
        raw = path.read_bytes()[:_LONGEST]
    except OSError:
        raise refuse("key_file", path=str(path)) from None
    codec = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    line = unicodedata.normalize("NFC", (text.splitlines() or [""])[0].strip())
    if not line:
        raise refuse("key_file", path=str(path))
    return line


def passphrase_key(passphrase: str, salt: bytes) -> bytes:
    """Key of a passphrase (32 bytes) followed by its salt, as SQLCipher takes them."""
    return hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, ROUNDS, 32) + salt


def load_key(path: Path, db: Path | None = None) -> bytes:
    """Read a key file.

    Args:
        path: key file.
        db: data file, backup or package the key is for; a passphrase needs its salt. One that does not exist yet or
            is still plain gets a new salt.

    Raises:
        Refused: ``key_file``.
    """
    line = first_line(path)
    if _HEX_KEY.fullmatch(line):
        return bytes.fromhex(line)
    return passphrase_key(line, salt_of(db) or os.urandom(SALT))


def literal(key: bytes | None) -> str:
    """The key as an SQL text for ``ATTACH … KEY`` (hexadecimal digits only, so nothing to escape)."""
    return f"\"x'{key.hex()}'\"" if key is not None else "''"


# ---- whole copies ------------------------------------------------------------------------------------------------
def table_names(con: Connection) -> list[str]:
    """All stored tables."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    return [name for (name,) in con.query(sql)]


def table_digest(con: Connection, table: str) -> tuple[int, str]:
    """Number of rows and a hash over all of them in the order of their key."""
    columns = con.query(f"PRAGMA table_info({quote(table)})")
    keys = [name for _cid, name, _type, _nn, _default, pk in columns if pk] or [c[1] for c in columns]
    digest = hashlib.sha256(json.dumps([c[1] for c in columns], ensure_ascii=False).encode())
    count = 0
    for row in con.execute(f"SELECT * FROM {quote(table)} ORDER BY {', '.join(quote(k) for k in keys)}"):
        cells = [hashlib.sha256(v).hexdigest() if isinstance(v, bytes) else v for v in row]
        digest.update(json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count, digest.hexdigest()


def schema_of(con: Connection) -> list[tuple[str, str, str]]:
    """Everything the file defines, in a comparable order."""
    return sorted((str(t), str(n), str(s or "")) for t, n, s in con.query("SELECT type, name, sql FROM sqlite_schema"))


def compare(one: Connection, other: Connection) -> str:
    """Say in which table two files differ, "" when they hold the same."""
    if other.value("PRAGMA quick_check") != "ok":
        return "quick_check"
    if schema_of(one) != schema_of(other):
        return "schema"
    return next((t for t in table_names(one) if table_digest(one, t) != table_digest(other, t)), "")


def export_copy(con: Connection, out: Path, key: bytes | None) -> None:
    """Write everything an open file holds into a new file with another key (or none), compared before it counts.

    Raises:
        Refused: ``backup_broken`` when the copy differs; nothing is left behind then.
    """
    try:
        con.execute(f"ATTACH DATABASE ? AS copy KEY {literal(key)}", (str(out),))
        try:
            con.query("SELECT sqlcipher_export('copy')")
            for pragma in ("user_version", "application_id"):
                con.execute(f"PRAGMA copy.{pragma} = {int(con.value(f'PRAGMA main.{pragma}'))}")
        finally:
            con.execute("DETACH DATABASE copy")
        made = connect(out, key=key, readonly=True)
        try:
            differs = compare(con, made)
        finally:
            made.close()
        if differs:
            raise refuse("backup_broken", path=str(out), detail=differs)  # noqa: TRY301 - cleaned up below
        attachments.settle(out)
    except BaseException:
        attachments.forget(out)
        raise


# ---- switching ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Switched:
    """Result of a switch.

    Attributes:
        path: the file in its new form.
        attachments: how many attachments were rewritten; ``lost`` could not be read.
        plain_backups: backups that are still readable by anyone and should be moved or deleted by hand.
    """

    path: Path
    attachments: int
    lost: tuple[str, ...] = ()
    plain_backups: tuple[Path, ...] = ()


def encrypt(path: Path, key: bytes) -> Switched:
    """Encrypt a data file and its attachments in place.

    The database is replaced in one step when its encrypted copy has been compared. The attachments follow one by one;
    if that is interrupted, plain ones still read and the same call finishes the rest.

    Raises:
        Refused: missing, in use, not ours, or encrypted with another key.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    check_place(path)
    lock = take_lock(path)
    try:
        if not is_encrypted(path):
            _replace_encrypted(path, key)
        done = _switch_attachments(path, key)
    finally:
        lock.release()
    from envdesk.store.backup import backups

    left = tuple(b for b in backups(path) if not is_encrypted(b))
    return Switched(path, len(done.copied), done.lost, left)


def _replace_encrypted(path: Path, key: bytes) -> None:
    part = attachments.temporary(path)
    con = connect(path)
    try:
        check_ours(con)
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        export_copy(con, part, key)
    finally:
        con.close()
    _no_journal(path)
    try:
        part.replace(path)
    except OSError as exc:
        attachments.forget(part)
        raise attachments.disk_refusal(path, exc) from exc
    attachments.settle_folder(path.parent)


def _no_journal(path: Path) -> None:
    """A journal left beside a file would be played into the one that replaces it."""
    wal = path.with_name(path.name + "-wal")
    if wal.is_file() and wal.stat().st_size:
        raise refuse("db_locked")
    wal.unlink(missing_ok=True)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def _switch_attachments(path: Path, key: bytes) -> attachments.Transfer:
    con = connect(path, key=key)
    try:
        check_ours(con)
        wanted = [sha for (sha,) in con.query("SELECT sha256 FROM attachment ORDER BY sha256")]
    finally:
        con.close()
    folder = path.with_name(path.name + ".files")
    return attachments.transfer(folder, folder, wanted, key=key, was=None)


def decrypt_to(path: Path, key: bytes, out: Path) -> Switched:
    """Write a plain copy of an encrypted file, attachments included; the original stays as it is.

    Raises:
        Refused: ``db_exists`` (never overwrites), missing, in use, wrong key.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    if out.exists():
        raise refuse("db_exists", path=str(out))
    lock = take_lock(path)
    part = attachments.temporary(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        con = connect(path, key=key)
        try:
            check_ours(con)
            wanted = [sha for (sha,) in con.query("SELECT sha256 FROM attachment ORDER BY sha256")]
            export_copy(con, part, None)
        finally:
            con.close()
        folder, copies = (p.with_name(p.name + ".files") for p in (path, out))
        done = attachments.transfer(folder, copies, wanted, key=None, was=key)
        part.replace(out)
        attachments.settle_folder(out.parent)
    except OSError as exc:
        raise attachments.disk_refusal(out, exc) from exc
    finally:
        attachments.forget(part)
        lock.release()
    return Switched(out, len(done.copied), done.lost)


def open_any(path: Path, key: bytes | None) -> Connection:
    """Open a finished file for reading, plain or encrypted as its head says.

    Raises:
        Refused: ``db_key`` when it needs another key or any.
    """
    encrypted = is_encrypted(path)
    if encrypted and key is None:
        raise refuse("db_key")
    return connect(path, key=key if encrypted else None, readonly=True)
