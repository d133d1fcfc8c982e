"""Open a package and prove it: every byte, every table, every attachment, the manifest itself.

A plain package is an ordinary SQLite file. Its header has four bytes for the writer's own use (``user_version``): they
hold the CRC-32 of all other bytes, so that a changed bit anywhere is noticed, even where no data lies. The manifest
holds a SHA-256 for each table, so that the damage has a name. In an encrypted package SQLCipher authenticates every
page.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envdesk.errors import Refused, refuse
from envdesk.sql import Connection, Error, connect
from envdesk.store.crypt import passphrase_key, table_digest, table_names
from envdesk.store.file import is_encrypted, salt_of

FORMAT = "1"
APPLICATION_ID = 0x456E7650
"""“EnvP” in the header: what the ``file`` command and our own checks see."""
_CRC_AT = 60
_CHUNK = 1 << 20
OWN_TABLES = frozenset({"manifest", "manifest_table"})


@dataclass(frozen=True, slots=True)
class Package:
    """A package that holds.

    Attributes:
        sha256: of the whole file; printed with the covering letter, so that a replaced file shows.
        manifest: office, period, program, forms, counts and more by key.
        counts: records per form; ``attachments`` how many are carried.
    """

    path: Path
    sha256: str
    encrypted: bool
    manifest: dict[str, str]
    counts: dict[str, int]
    attachments: int

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "path": str(self.path),
            "sha256": self.sha256,
            "encrypted": self.encrypted,
            "counts": self.counts,
            "attachments": self.attachments,
            "manifest": self.manifest,
        }


def whole_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def checksum(path: Path) -> int:
    """CRC-32 of a file without the four bytes that hold it."""
    crc, first = 0, True
    with path.open("rb") as f:
        while chunk := f.read(_CHUNK):
            if first:
                chunk, first = chunk[:_CRC_AT] + bytes(4) + chunk[_CRC_AT + 4 :], False
            crc = zlib.crc32(chunk, crc)
    return crc


def stamp(path: Path) -> None:
    """Write the checksum of a finished plain package into its header."""
    crc = checksum(path)
    with path.open("rb+") as f:
        f.seek(_CRC_AT)
        f.write(crc.to_bytes(4, "big"))


def _stamped(path: Path) -> bool:
    with path.open("rb") as f:
        f.seek(_CRC_AT)
        return int.from_bytes(f.read(4), "big") == checksum(path)


def manifest_digest(manifest: dict[str, str], tables: list[tuple[str, int, str]]) -> str:
    """Hash over the manifest and the list of tables."""
    facts = {k: v for k, v in manifest.items() if k != "digest"}
    return hashlib.sha256(json.dumps([facts, sorted(tables)], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_package(path: Path) -> bool:
    """True when a plain file carries the mark of a package."""
    try:
        with path.open("rb") as f:
            return int.from_bytes(f.read(72)[68:], "big") == APPLICATION_ID
    except OSError:
        return False


def open_package(path: Path, passphrase: str | None = None) -> Connection:
    """Open a package for reading.

    Raises:
        Refused: ``db_missing``, ``package_key``, ``package_broken``.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    key = None
    if is_encrypted(path) and passphrase:
        key = passphrase_key(passphrase, salt_of(path) or b"")
    try:
        return connect(path, key=key, readonly=True)
    except Refused as exc:
        if exc.code == "db_key" and is_encrypted(path) and path.stat().st_size >= 512:
            raise refuse("package_key", path=str(path)) from exc
        raise refuse("package_broken", path=str(path), detail=str(exc)) from exc


def verify(path: Path, *, passphrase: str | None = None) -> Package:
    """Recompute everything a package says about itself.

    Raises:
        Refused: ``package_broken`` with the parts that changed, ``package_key``, ``db_missing``.
    """
    con = open_package(path, passphrase)
    try:
        return _verified(path, con)
    except Refused as exc:
        if exc.code in ("db_corrupt", "db_key"):
            raise refuse("package_broken", path=str(path), detail=str(exc)) from exc
        raise
    except (Error, ValueError, TypeError, KeyError) as exc:  # a manifest or schema that makes no sense
        raise refuse("package_broken", path=str(path), detail=str(exc)[:200]) from exc
    finally:
        con.close()


def _verified(path: Path, con: Connection) -> Package:
    names = table_names(con)
    if not set(names) >= OWN_TABLES:
        raise refuse("package_broken", path=str(path), detail="不是上报文件")
    manifest: dict[str, str] = dict(con.query("SELECT key, value FROM manifest"))
    tables = [(str(t), int(n), str(h)) for t, n, h in con.query('SELECT name, "rows", sha256 FROM manifest_table')]
    if manifest.get("format") != FORMAT:
        raise refuse("package_newer", path=str(path))
    parts = _changed(con, names, manifest, tables)
    size = path.stat().st_size
    if size != int(con.value("PRAGMA page_count")) * int(con.value("PRAGMA page_size")):
        parts.append("文件长度")
    if not parts and not is_encrypted(path) and not _stamped(path):
        parts.append("文件结构")
    if parts:
        raise refuse("package_broken", path=str(path), detail="、".join(parts[:10]))
    counts = {t.removeprefix("t_"): n for t, n, _h in tables if t.startswith("t_") and "__" not in t}
    carried = next((n for t, n, _h in tables if t == "attachment_data"), 0)
    return Package(path, whole_hash(path), is_encrypted(path), manifest, counts, carried)


def _changed(
    con: Connection, names: list[str], manifest: dict[str, str], tables: list[tuple[str, int, str]]
) -> list[str]:
    """Names of the parts that are not as the manifest says."""
    parts: list[str] = []
    if manifest_digest(manifest, tables) != manifest.get("digest"):
        parts.append("清单")
    if con.value("PRAGMA integrity_check(1)") != "ok":
        parts.append("数据结构")
    said = {t: (n, h) for t, n, h in tables}
    parts += [_title(con, t) for t in sorted(said.keys() ^ (set(names) - OWN_TABLES))]
    for name in sorted(said.keys() & set(names)):
        try:
            same = table_digest(con, name) == said[name]
        except (Refused, Error):
            same = False
        if not same:
            parts.append(_title(con, name))
    if con.value("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"):
        parts.append("触发器")
    if "attachment_data" in names:
        rows = con.execute("SELECT sha256, data FROM attachment_data")
        parts += [f"附件 {sha[:12]}" for sha, data in rows if hashlib.sha256(data).hexdigest() != sha]
    return list(dict.fromkeys(parts))


def _title(con: Connection, name: str) -> str:
    """The Chinese title of a form's table."""
    known = {"attachment_data": "附件", "form_version": "表样", "seal": "月结"}
    form = name.removeprefix("t_").split("__")[0]
    try:
        title = con.value("SELECT title FROM form_version WHERE form = ? ORDER BY active_from DESC", (form,))
    except (Refused, Error):
        title = None
    return known.get(name) or str(title or name)
