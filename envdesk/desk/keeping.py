"""Keeping the file safe: backup, restore, check, encryption."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from envdesk.clock import Clock
from envdesk.desk.office import Desk, opened
from envdesk.errors import Problem, Refused
from envdesk.store import account, backup as backups, check as checking, crypt, recent
from envdesk.store.backup import Backup, Restored
from envdesk.store.crypt import Switched


def backup(desk: Desk, out: Path | None = None) -> Backup:
    """Write a backup, open it again and compare it."""
    return backups.backup(desk.store, out)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What became of one data file that this account works with.

    Attributes:
        path: the data file.
        made: its backup, None when there is none.
        proven: the backup was opened and compared; False for a copy of a file that cannot be opened here.
        problem: why there is none; None also for a file that is no longer there.
    """

    path: Path
    made: Path | None = None
    proven: bool = False
    problem: Problem | None = None


def backup_known(*, operator: str, clock: Clock | None = None) -> list[KnownFile]:
    """Back up every data file this account works with, as the program is about to be replaced."""
    return [_backup_file(path, operator, clock or Clock()) for path in recent.known()]


def _backup_file(path: Path, operator: str, clock: Clock) -> KnownFile:
    if not path.is_file():
        return KnownFile(path)
    try:
        try:
            with opened(path, operator=operator) as desk:
                return KnownFile(path, backup(desk).path, proven=True)
        except Refused as exc:
            if exc.code == "db_locked":  # somebody writes to it: a copy would be worth nothing
                raise
        return KnownFile(path, backups.copy_as_it_lies(path, clock.now()))
    except Refused as exc:
        return KnownFile(path, problem=exc.all_problems()[0])


def restore(source: Path, target: Path, *, key_file: Path | None = None) -> Restored:
    """Put a backup in the place of the data file; what was there is kept aside."""
    return backups.restore(source, target, key=crypt.load_key(key_file, source) if key_file else None)


def check(desk: Desk) -> list[Problem]:
    """Everything that can be proved about an open file."""
    return checking.check(desk.store)


def encrypt(path: Path, key_file: Path) -> Switched:
    """Encrypt a data file and its attachments in place; on Windows this account opens it without the key from now on."""
    return encrypt_with(path, crypt.load_key(key_file, path))


def encrypt_with(path: Path, key: bytes) -> Switched:
    """Encrypt with a key (of a passphrase)."""
    done = crypt.encrypt(path, key)
    account.keep(path, key)
    return done


def decrypt(path: Path, key_file: Path, out: Path) -> Switched:
    """Write a plain copy of an encrypted file."""
    return decrypt_with(path, crypt.load_key(key_file, path), out)


def decrypt_with(path: Path, key: bytes, out: Path) -> Switched:
    """Write a plain copy of a file that opens with a key."""
    return crypt.decrypt_to(path, key, out)
