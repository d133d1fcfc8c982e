"""Backups as the settings page shows them: making one with its proof, the list, restoring with a reason, checking."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from envdesk.desk import keeping
from envdesk.desk.office import Desk, Done
from envdesk.errors import Problem, refuse
from envdesk.i18n import _, plural
from envdesk.present import unlock
from envdesk.store import backup
from envdesk.store.backup import Backup

MB = 2**20


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies there: when it was made, how large; ``aside`` = copied away by a restore."""

    path: Path
    at: datetime
    size: int
    aside: bool = False

    @property
    def size_words(self) -> str:
        """Size as people read it."""
        return f"{self.size / MB:.1f} MB"


def kept(desk: Desk) -> tuple[Kept, ...]:
    """Return the backups of the file, newest first, those that a restore put aside among them."""
    found = [Kept(p, backup.made_at(p), p.stat().st_size) for p in backup.backups(desk.path)]
    found += [Kept(p, backup.made_at(p), p.stat().st_size, aside=True) for p in backup.set_aside(desk.path)]
    return tuple(sorted(found, key=lambda k: (k.at, len(k.path.name), k.path.name), reverse=True))


def make(desk: Desk, out: Path | None = None) -> Backup:
    """Make a backup; it counts only when it was opened again and is the same."""
    return keeping.backup(desk, out)


def proof(made: Backup) -> str:
    """Return the sentence that says what was proved."""
    words = _("已备份到 {path}，打开核对过：{records}与台账一致，新增附件 {files} 个。").format(
        path=made.path, records=plural("{count} 条记录", made.records), files=made.copied
    )
    if made.missing:
        words += _("台账本身缺 {count} 个附件，请检查台账。").format(count=len(made.missing))
    return words


def verify(desk: Desk, path: Path) -> str:
    """Open a backup, check it whole and return what it holds as a sentence."""
    found = backup.verify_backup(path, key=desk.store.key)
    words = _("备份完好：{office}，{records}，{files}，最后改动 {at}。").format(
        office=found.office_name or found.office, records=plural("{count} 条记录", sum(found.counts.values())),
        files=plural("{count} 个附件", found.attachments), at=found.last_change[:16].replace("T", " ") or _("无"),
    )  # fmt: skip
    if found.missing:
        words += _("缺 {count} 个附件。").format(count=len(found.missing))
    return words


def restore(
    closed: Callable[[], AbstractContextManager[Path]], desk: Callable[[], Desk | None], source: Path, why: str
) -> Done:
    """Put a backup in the place of the file; what was there is kept aside, and the reason is written down.

    Args:
        closed: closes the file for as long as the context lasts and opens it again.
        desk: the open desk, another one afterwards.
        source: the backup.
        why: reason, at least some words.
    """
    before = desk()
    key, clock = (before.store.key, before.clock) if before is not None else (None, None)
    with closed() as path:
        done = backup.restore(source, path, key=key, clock=clock)
    now = desk()
    if now is not None:
        backup.note_restore(now.store, source, why)
    return Done(done.kept, frozenset({"*", "file"}))


def check(desk: Desk) -> list[Problem]:
    """Prove everything that can be proved about the open file."""
    return keeping.check(desk)


def folder(desk: Desk) -> Path:
    """Return where the backups lie."""
    return backup.default_folder(desk.path)


# ---- encryption ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Encrypted:
    """What came of encrypting: backups that are still plain, attachments that could not be read."""

    plain_backups: tuple[Path, ...]
    lost: tuple[str, ...]


def is_encrypted(desk: Desk) -> bool:
    """Tell whether the open file is encrypted."""
    return desk.store.key is not None


def recovery(desk: Desk) -> str:
    """Return the recovery code of the open file, "" of a plain one."""
    return unlock.recovery_code(desk.store.key) if desk.store.key is not None else ""


def encrypt(
    closed: Callable[[], AbstractContextManager[Path]], opens_with: Callable[[bytes], object], passphrase: str
) -> Done:
    """Encrypt the open file in place.

    Args:
        closed: closes the file for as long as the context lasts and opens it again.
        opens_with: called with the key that the file is opened with from now on.
        passphrase: at least :data:`envdesk.present.unlock.LEAST` characters.
    """
    key = unlock.new_key(passphrase)
    with closed() as path:
        done = keeping.encrypt_with(path, key)
        opens_with(key)
    return Done(Encrypted(done.plain_backups, done.lost), frozenset({"*", "file"}))


def decrypt(
    closed: Callable[[], AbstractContextManager[Path]], desk: Callable[[], Desk | None], out: Path, why: str
) -> Done:
    """Write a plain copy of the open file; the reason is written down in the file itself.

    Args:
        closed: closes the file for as long as the context lasts and opens it again.
        desk: the open desk, another one afterwards.
        out: the copy.
        why: reason, at least some words.
    """
    before = desk()
    key = before.store.key if before is not None else None
    if key is None:
        raise refuse("db_key")
    with closed() as path:
        keeping.decrypt_with(path, key, out)
    now = desk()
    if now is not None:
        backup.note_restore(now.store, out, why, kind="decrypt")
    return Done(out, frozenset({"backup"}))
