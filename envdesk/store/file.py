"""Open, create, lock and refuse the office's data file."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from envdesk import __version__
from envdesk.clock import Clock
from envdesk.errors import refuse
from envdesk.formdef.live import Live
from envdesk.formdef.model import Catalogue
from envdesk.sql import Connection, connect
from envdesk.store import schema
from envdesk.store.ids import new_id
from envdesk.store.kept import Kept
from envdesk.store.migrations import migrations

if TYPE_CHECKING:
    from filelock import FileLock

APPLICATION = "envdesk"
#: Every database file is a whole number of these bytes (the smallest page); anything else is not one.
PAGE = 512
PLAIN_HEADER = b"SQLite format 3\0"
SALT = 16
#: Folder names of programs that copy files behind our back; a half-copied WAL loses data.
SYNC_FOLDERS = (
    "onedrive",
    "dropbox",
    "坚果云",
    "nutstore",
    "百度网盘同步",
    "baidusyncdisk",
    "wps云盘",
    "wpsdrive",
    "icloud",
)
#: Windows opens 259 characters; a photo that is being copied among the backups has 90 more than the data file.
LONGEST_PATH = 169
NETWORK_TYPES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "davfs", "fuse.davfs2"})


# ---- plain or encrypted ------------------------------------------------------------------------------------------
def salt_of(db: Path | None) -> bytes | None:
    """The salt in the head of an encrypted file; None for a plain or missing one."""
    head = _head(db) if db is not None else b""
    return head if len(head) == SALT and head != PLAIN_HEADER else None


def is_encrypted(path: Path) -> bool:
    """True when a file is no plain SQLite file."""
    return salt_of(path) is not None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as f:
            return f.read(SALT)
    except OSError:
        return b""


@dataclass
class Store:
    """An open data file. One process, one writer.

    Attributes:
        con: the connection.
        catalogue: compiled forms; ``live`` builds the table expressions over them.
        clock: where “now” comes from.
        who: name written into operations.
        new_id: makes ids of records and rows (the demo seeds it).
        cache: prepared texts per form (evaluators), made on demand; holds no data.
        kept: results of figures, thrown away when something they read is written.
    """

    path: Path
    con: Connection
    catalogue: Catalogue
    live: Live
    clock: Clock
    who: str = ""
    key: bytes | None = None
    lock: FileLock | None = None
    new_id: Callable[[], str] = new_id
    cache: dict[Any, Any] = field(default_factory=dict)
    kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is kept yet."""
        self.kept = Kept(self.con)

    # ---- meta and settings -------------------------------------------------------------------------------------
    def meta(self, key: str) -> str:
        """Return a fact of the file ("" when unset): office, role, desk, file_id."""
        value = self.con.value("SELECT value FROM meta WHERE key = ?", (key,))
        return "" if value is None else str(value)

    def set_meta(self, key: str, value: str) -> None:
        """Set a fact of the file."""
        self.con.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    @property
    def office(self) -> str:
        """Id of the office that owns this desk's records."""
        return self.meta("office")

    @property
    def desk(self) -> str:
        """Letter of this desk ("" = the main desk)."""
        return self.meta("desk")

    def data_version(self) -> tuple[int, int]:
        """A pair that changes with every committed change of this file (for kept results)."""
        last = self.con.value("SELECT max(no) FROM operation") or 0
        return int(last), int(self.con.value("PRAGMA data_version") or 0)

    @property
    def files_dir(self) -> Path:
        """Folder of the attachments, beside the file."""
        return self.path.with_name(self.path.name + ".files")

    def close(self) -> None:
        """Close the file and release the lock. No statistics: plans are those that the tests count (no ANALYZE)."""
        try:
            self.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.con.close()
            if self.lock is not None:
                self.lock.release()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close at the end."""
        self.close()


def check_place(path: Path) -> None:
    """Refuse network drives and folders of sync programs (domain: one file, one PC; a copied WAL loses data)."""
    text = str(path.absolute())
    low = text.lower()
    if str(path).startswith(("\\\\", "//")) or text.startswith(("\\\\", "//")):
        raise refuse("db_network", path=text, kind="网络位置")
    for part in Path(low).parts:
        if any(part.startswith(name) or (not name.isascii() and name in part) for name in SYNC_FOLDERS):
            raise refuse("db_network", path=text, kind="同步盘")
    if sys.platform == "win32":
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if length > LONGEST_PATH:
            raise refuse("db_deep", path=text, length=length, limit=LONGEST_PATH)
        import ctypes

        drive = os.path.splitdrive(text)[0] + "\\"
        if ctypes.windll.kernel32.GetDriveTypeW(drive) == 4:
            raise refuse("db_network", path=text, kind="网络位置")
        return
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    best = ("", "")
    for line in mounts:
        _device, mount, kind = [*line.split(), "", "", ""][:3]
        mount = mount.replace("\\040", " ").rstrip("/") + "/"
        if text.startswith(mount) and len(mount) > len(best[0]):
            best = (mount, kind)
    if best[1] in NETWORK_TYPES:
        raise refuse("db_network", path=text, kind="网络位置")


def take_lock(path: Path, seconds: float = 3) -> FileLock:
    """Take the one-process lock of a data file."""
    from filelock import FileLock, Timeout

    lock = FileLock(str(path) + ".lock", timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise refuse("db_locked", path=str(path)) from None
    except OSError as exc:
        raise refuse("bad_path", path=str(path), detail=exc.strerror or str(exc)) from exc
    return lock


def check_ours(con: Connection) -> None:
    """Refuse a database that is none of ours, or of a newer program."""
    tables = {name for (name,) in con.query("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "meta" not in tables or con.value("SELECT value FROM meta WHERE key = 'application'") != APPLICATION:
        raise refuse("db_not_ours", path=str(con.path))
    if not migrations.applied(con) <= set(migrations.steps):
        raise refuse("db_newer", path=str(con.path))


def create(  # noqa: PLR0913 - the facts of a new file
    path: Path,
    catalogue: Catalogue,
    *,
    office: str,
    code: str = "",
    district: str = "",
    role: str = "street",
    desk: str = "",
    clock: Clock | None = None,
    who: str = "",
    key: bytes | None = None,
) -> Store:
    """Make a new data file.

    Args:
        path: must not exist.
        catalogue: compiled forms.
        office: name of the office.
        code: office code for the district ("" = none).
        district: name of the district.
        role: street or district.
        desk: letter of a second desk.
        clock: time source.
        who: operator.
        key: encrypt with these 32 bytes.
    """
    if path.exists():
        raise refuse("db_exists", path=str(path))
    check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise refuse("bad_path", path=str(path), detail=exc.strerror or str(exc)) from exc
    lock = take_lock(path)
    con: Connection | None = None
    part = path.with_name(path.name + ".new")
    try:
        _drop(part)
        con = connect(part, key=key)
        migrations.apply(con)
        store = Store(path, con, catalogue, Live(catalogue), clock or Clock(), who, key, lock)
        with con.atomic():
            for name, value in {
                "application": APPLICATION,
                "file_id": store.new_id(),
                "office": code or "O" + hashlib.sha256(office.encode()).hexdigest()[:10],
                "role": role,
                "desk": desk,
            }.items():
                store.set_meta(name, value)
            for name, value in {"office_name": office, "office_code": code, "district": district}.items():
                con.execute("INSERT INTO setting VALUES (?, ?)", (name, value))
            sync_forms(store)
        con.close()  # the journal is played in: what takes the name is whole, whenever the power goes
        part.replace(path)
        store.con = con = connect(path, key=key)
        store.kept = Kept(con)
    except BaseException:
        if con is not None:
            con.close()
        _drop(part)
        lock.release()
        raise
    return store


def _drop(part: Path) -> None:
    """Remove an unfinished file and its journal."""
    for tail in ("", "-wal", "-shm"):
        part.with_name(part.name + tail).unlink(missing_ok=True)


def open_store(
    path: Path, catalogue: Catalogue, *, clock: Clock | None = None, who: str = "", key: bytes | None = None
) -> Store:
    """Open an existing data file, bring its schema up to the program and the forms.

    Raises:
        Refused: missing, not ours, newer than the program, locked, wrong key, network or sync folder.
    """
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    check_place(path)
    size = path.stat().st_size
    if not size or size % PAGE:
        raise refuse("db_not_ours", path=str(path))
    lock = take_lock(path)
    con: Connection | None = None
    try:
        con = connect(path, key=key, foreign=True)
        check_ours(con)
        con.write_ahead()
        if migrations.applied(con) != set(migrations.steps):
            migrations.apply(con)
        store = Store(path, con, catalogue, Live(catalogue), clock or Clock(), who, key, lock)
        if store.meta("forms") != definitions(catalogue):
            with con.atomic():
                sync_forms(store)
    except BaseException:
        if con is not None:
            con.close()
        lock.release()
        raise
    return store


def definitions(catalogue: Catalogue) -> str:
    """Mark of all definitions in force and of the program that makes tables, views and triggers of them."""
    versions = sorted((f.id, f.version) for f in catalogue.forms.values())
    return hashlib.sha256(repr((__version__, catalogue.shared_version, versions)).encode()).hexdigest()


def changed_forms(store: Store) -> list[str]:
    """Forms whose current definition the file has not seen yet."""
    known = {(f, v) for f, v in store.con.query("SELECT form, version FROM form_version")}
    return [form.id for form in store.catalogue.forms.values() if (form.id, form.version) not in known]


def sync_forms(store: Store) -> None:
    """Make tables, views and triggers for the catalogue and keep each form version's text."""
    con = store.con
    changed = set(changed_forms(store))
    now = store.clock.now().isoformat()
    con.execute("PRAGMA defer_foreign_keys = ON")
    # Made anew below; a column added beside them costs SQLite a look at every one (0.3 s for an upgrade of all forms).
    schema.drop_triggers(con)
    schema.drop_views(con)
    for form in _parents_first(store.catalogue):
        if form.id in changed:
            schema.sync_form(con, form)
    for form in store.catalogue.forms.values():
        if form.id in changed:
            con.execute(
                "INSERT OR IGNORE INTO form_version VALUES (?, ?, ?, ?, ?)",
                (form.id, form.version, form.title, form.source, now),
            )
    con.execute(
        "INSERT OR IGNORE INTO form_version VALUES ('_shared', ?, '公共定义', ?, ?)",
        (store.catalogue.shared_version, store.catalogue.shared_source, now),
    )
    schema.sync_views(con, store.catalogue, store.live)
    schema.sync_triggers(con, store.catalogue.forms.values())
    store.set_meta("forms", definitions(store.catalogue))


def _parents_first(catalogue: Catalogue) -> Iterable[Any]:
    shared = [f for f in catalogue.forms.values() if f.kind == "shared"]
    yield from sorted(shared, key=lambda f: len(f.parents))
    yield from (f for f in catalogue.forms.values() if f.kind != "shared")
