"""Backups: made by SQLite, opened and compared before they count, thinned over a year, restored without loss.

A backup is one database file (encrypted as the office is) and a folder of attachments that all backups of a place
share, into which only new ones are copied. By default both lie in ``备份`` beside the data file. Restoring puts the
present file into the same folder first; such a copy is never thinned out.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from envdesk.clock import Clock
from envdesk.errors import Refused, refuse
from envdesk.sql import Connection, Error, connect, quote
from envdesk.store import attachments
from envdesk.store.crypt import export_copy, open_any, table_names
from envdesk.store.file import Store, check_ours, check_place, is_encrypted, take_lock

FOLDER = "备份"
ASIDE = "恢复前"
SUFFIX = ".envdesk"
_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"(?P<name>.+)-(?P<at>\d{8}-\d{6})(?:-\d+)?\.envdesk")
_ASIDE_NAME = re.compile(rf"(?P<name>.+)-{ASIDE}-\d{{8}}-\d{{6}}(?:-\d+)?\.envdesk")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and checked.

    Attributes:
        path: the database file.
        records: records in it.
        copied: attachments that were new.
        missing: attachments the office itself no longer has.
        thinned: older backups that the ladder let go.
    """

    path: Path
    records: int
    copied: int
    missing: tuple[str, ...]
    thinned: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What a backup holds."""

    path: Path
    office: str
    office_name: str
    last_change: str
    counts: dict[str, int]
    attachments: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored file; ``kept`` is the copy of what was there before."""

    path: Path
    kept: Path | None
    attachments: int
    missing: tuple[str, ...]


# ---- names -------------------------------------------------------------------------------------------------------
def default_folder(db: Path) -> Path:
    """Where the backups of a data file lie."""
    return db.parent / FOLDER


def backups(db: Path, folder: Path | None = None) -> list[Path]:
    """Dated backups of a data file, oldest first; copies kept by a restore are not among them."""
    where = folder or default_folder(db)
    found = []
    for path in where.glob(f"*{SUFFIX}") if where.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and match["name"] == db.stem and not _ASIDE_NAME.fullmatch(path.name):
            found.append(path)
    return sorted(found, key=lambda p: (made_at(p), len(p.name), p.name))


def set_aside(db: Path) -> list[Path]:
    """Copies of a data file that restores put aside, oldest first."""
    where = default_folder(db)
    found = [p for p in where.glob(f"*{SUFFIX}") if (m := _ASIDE_NAME.fullmatch(p.name)) and m["name"] == db.stem]
    return sorted(found, key=lambda p: (made_at(p), p.name))


def made_at(path: Path) -> datetime:
    """When a dated backup was made, by its name."""
    match = _NAME.fullmatch(path.name)
    assert match is not None  # noqa: S101 - callers pass dated names
    return datetime.strptime(match["at"], _STAMP)


def files_of(backup: Path) -> Path:
    """The folder of attachments that belongs to a backup: its own, else the one its place shares."""
    own = backup.with_name(backup.name + ".files")
    match = _ASIDE_NAME.fullmatch(backup.name) or _NAME.fullmatch(backup.name)
    return own if own.is_dir() or match is None else backup.with_name(match["name"] + ".files")


def _free(folder: Path, stem: str) -> Path:
    """A name nothing has yet."""
    path = folder / f"{stem}{SUFFIX}"
    n = 2
    while path.exists():
        path = folder / f"{stem}-{n}{SUFFIX}"
        n += 1
    return path


# ---- making ------------------------------------------------------------------------------------------------------
def backup(store: Store, out: Path | None = None, *, thin_out: bool = True) -> Backup:
    """Back an open office up.

    Args:
        store: open file, outside a transaction.
        out: file to write (must not exist); default a dated one in ``备份`` beside the data file.
        thin_out: apply the ladder to the dated ones afterwards.

    Raises:
        Refused: the place can not be written, the disk is full, or the copy is not what it should be.
    """
    if out is not None and out.exists():
        raise refuse("db_exists", path=str(out))
    now = store.clock.now()
    target = out or _free(default_folder(store.path), f"{store.path.stem}-{now.strftime(_STAMP)}")
    part = attachments.temporary(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        store.con.execute("VACUUM INTO ?", (str(part),))
        _prove(store, part)
        attachments.settle(part)
        folder = target.with_name(target.name + ".files") if out else files_of(target)
        wanted = _wanted(store.con)
        moved = attachments.transfer(store.files_dir, folder, wanted, key=store.key, was=store.key)
        part.replace(target)
        attachments.settle_folder(target.parent)
    except OSError as exc:
        raise attachments.disk_refusal(target, exc) from exc
    finally:
        attachments.forget(part)
    if out is not None:
        _note(store, target)
    records = sum(counts(store.con).values())
    gone = thin(store.path, now) if thin_out and out is None else ()
    return Backup(target, records, len(moved.copied), moved.lost, gone)


def copy_as_it_lies(db: Path, now: datetime) -> Path:
    """Copy a data file that cannot be opened here (no key, damaged) into ``备份``: better than none, nothing is proven.

    Raises:
        Refused: another program has it open, the place can not be written, the disk is full.
    """
    lock = take_lock(db)
    try:
        folder = default_folder(db)
        folder.mkdir(exist_ok=True)
        made = _free(folder, f"{db.stem}-{now.strftime(_STAMP)}")
        journal = db.with_name(db.name + "-wal")
        if journal.is_file() and journal.stat().st_size:
            _copy(journal, made.with_name(made.name + "-wal"))
        for path in attachments.stored(db.with_name(db.name + ".files")):
            kept = attachments.place(files_of(made), path.name)
            if not kept.is_file():
                _copy(path, kept)
        _copy(db, made)
    except OSError as exc:
        raise attachments.disk_refusal(db, exc) from exc
    finally:
        lock.release()
    return made


def _prove(store: Store, part: Path) -> None:
    """Open the new file and compare it with the office."""
    made = connect(part, key=store.key, readonly=True)
    try:
        if made.value("PRAGMA quick_check") != "ok":
            raise refuse("backup_broken", path=str(part), detail="quick_check")
        for table in table_names(store.con):
            sql = f"SELECT count(*) FROM {quote(table)}"
            if made.value(sql) != store.con.value(sql):
                raise refuse("backup_broken", path=str(part), detail=table)
    finally:
        made.close()


def _note(store: Store, target: Path) -> None:
    """Write down that a copy left the office (domain.md §6)."""
    with target.open("rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    with store.con.atomic():
        store.con.execute(
            "INSERT INTO outgoing (kind, at, who, what, hash) VALUES ('backup', ?, ?, ?, ?)",
            (store.clock.now().isoformat(), store.who, str(target), digest),
        )


def note_restore(store: Store, source: Path, why: str, *, kind: str = "restore") -> None:
    """Write into a restored file where it came from and why; with the kind ``decrypt``: where a plain copy went."""
    with store.con.atomic():
        store.con.execute(
            "INSERT INTO outgoing (kind, at, who, what, hash) VALUES (?, ?, ?, ?, '')",
            (kind, store.clock.now().isoformat(), store.who, f"{source.name}：{why.strip()}"),
        )


def counts(con: Connection) -> dict[str, int]:
    """Live and voided records per form table of an open file."""
    forms = [t for t in table_names(con) if t.startswith("t_") and "__" not in t]
    return {t.removeprefix("t_"): int(con.value(f"SELECT count(*) FROM {quote(t)}")) for t in forms}


def _wanted(con: Connection) -> list[str]:
    return [sha for (sha,) in con.query("SELECT sha256 FROM attachment ORDER BY sha256")]


# ---- the ladder --------------------------------------------------------------------------------------------------
def ladder(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which backups stay: all of two days, one a day for 14 days, a week for 8 weeks, a month for 12 months.

    The newest always stays. Of each day, week and month the last one stays.
    """
    ordered = sorted(times)
    keep = set(ordered[-1:])
    rungs = (
        (timedelta(days=14), lambda t: t.date()),
        (timedelta(weeks=8), lambda t: t.isocalendar()[:2]),
        (timedelta(days=366), lambda t: (t.year, t.month)),
    )
    keep |= {t for t in ordered if now - t < timedelta(days=2)}
    for reach, slot in rungs:
        last = {slot(t): t for t in ordered if now - t < reach}
        keep |= set(last.values())
    return keep


def thin(db: Path, now: datetime, folder: Path | None = None) -> tuple[Path, ...]:
    """Let go what the ladder does not keep. Attachments stay."""
    found = backups(db, folder)
    keep = ladder((made_at(p) for p in found), now)
    gone = tuple(p for p in found if made_at(p) not in keep)
    for path in gone:
        path.unlink(missing_ok=True)
        path.with_name(path.name + "-wal").unlink(missing_ok=True)  # of a copy that could not be opened
    return gone


# ---- proving and restoring ---------------------------------------------------------------------------------------
def verify_backup(path: Path, *, key: bytes | None = None) -> Verified:
    """Open a backup, check it whole and list what it holds.

    Raises:
        Refused: ``db_missing``, ``db_key``, ``db_not_ours``, ``db_newer``, ``backup_broken``.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    try:
        con = open_any(path, key)
    except Refused as exc:
        if exc.code in ("db_corrupt", "bad_path"):
            raise refuse("backup_broken", path=str(path), detail=str(exc)) from exc
        raise
    try:
        return _verified(path, con, key)
    finally:
        con.close()


def _verified(path: Path, con: Connection, key: bytes | None) -> Verified:
    try:
        found = con.value("PRAGMA integrity_check")
        if found != "ok":
            raise refuse("backup_broken", path=str(path), detail=str(found)[:200])
        check_ours(con)
        facts: dict[str, str] = dict(con.query("SELECT key, value FROM meta"))
        settings: dict[str, str] = dict(con.query("SELECT key, value FROM setting"))
        wanted = _wanted(con)
        last = str(con.value("SELECT max(at) FROM operation") or "")
        held = counts(con)
    except Refused as exc:
        if exc.code == "db_corrupt":
            raise refuse("backup_broken", path=str(path), detail=str(exc)) from exc
        raise
    folder = files_of(path)
    lost = tuple(sha for sha in wanted if not _readable(folder, sha, key))
    return Verified(path, facts.get("office", ""), settings.get("office_name", ""), last, held, len(wanted), lost)


def _readable(folder: Path, sha256: str, key: bytes | None) -> bool:
    try:
        return attachments.unseal(attachments.place(folder, sha256).read_bytes(), sha256, key) is not None
    except OSError:
        return False


def restore(source: Path, target: Path, *, key: bytes | None = None, clock: Clock | None = None) -> Restored:
    """Put a backup in the place of a data file; what is there now is copied into ``备份`` first.

    Args:
        source: backup.
        target: data file, closed; may be absent or damaged.
        key: key of the backup. A plain backup restored with a key becomes encrypted.
        clock: time source for the name of the copy.

    Raises:
        Refused: the backup is broken, the file is in use, the disk is full. The present file is as before then.
    """
    verify_backup(source, key=key)
    check_place(target)
    part = attachments.temporary(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = take_lock(target)
    except OSError as exc:
        raise attachments.disk_refusal(target, exc) from exc
    try:
        con = open_any(source, key)
        try:
            wanted = _wanted(con)
            export_copy(con, part, key)
        finally:
            con.close()
        kept = _keep_aside(target, key, (clock or Clock()).now())
        folder = target.with_name(target.name + ".files")
        moved = attachments.transfer(files_of(source), folder, wanted, key=key, was=key)
        part.replace(target)
        attachments.settle_folder(target.parent)
    except OSError as exc:
        raise attachments.disk_refusal(target, exc) from exc
    finally:
        attachments.forget(part)
        lock.release()
    return Restored(target, kept, len(moved.copied), moved.lost)


def _keep_aside(target: Path, key: bytes | None, now: datetime) -> Path | None:
    """Copy the present file, with its journal if that can not be played in, and its attachments into ``备份``."""
    if not target.exists():
        _drop_journal(target)
        return None
    folder = default_folder(target)
    folder.mkdir(exist_ok=True)
    kept = _free(folder, f"{target.stem}-{ASIDE}-{now.strftime(_STAMP)}")
    journal, kept_journal = target.with_name(target.name + "-wal"), kept.with_name(kept.name + "-wal")
    if journal.is_file() and journal.stat().st_size:  # before anything opens the file: closing a damaged one drops it
        _copy(journal, kept_journal)
    wanted = _play_journal(target, key)
    if wanted is not None:
        kept_journal.unlink(missing_ok=True)
    _copy(target, kept)
    files = target.with_name(target.name + ".files")
    if wanted is None:  # damaged, or of a key we do not have: everything as it lies there
        for path in attachments.stored(files):
            _copy(path, attachments.place(kept.with_name(kept.name + ".files"), path.name))
    else:
        used = key if is_encrypted(target) else None
        attachments.transfer(files, files_of(kept), wanted, key=used, was=used)
    _drop_journal(target)
    return kept


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = attachments.temporary(target)
    shutil.copyfile(source, part)
    attachments.settle(part)
    part.replace(target)
    attachments.settle_folder(target.parent)


def _play_journal(target: Path, key: bytes | None) -> list[str] | None:
    """Bring the present file to rest. Returns its attachments; None when it can not be opened, it is as before then."""
    try:
        con = connect(target, key=key if is_encrypted(target) else None)
    except Refused:
        return None
    try:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return _wanted(con)
    except (Refused, Error):
        return None
    finally:
        con.close()


def _drop_journal(target: Path) -> None:
    """A journal left beside a file would be played into the one that replaces it."""
    for tail in ("-wal", "-shm"):
        target.with_name(target.name + tail).unlink(missing_ok=True)
