"""Keeping the file safe: backup, restore, check, encryption."""

from __future__ import annotations

from pathlib import Path

from envdesk.desk.office import Desk
from envdesk.errors import Problem
from envdesk.store import backup as backups
from envdesk.store import check as checking
from envdesk.store import crypt


def backup(desk: Desk, out: Path | None = None) -> Path:
    """Write a backup, open it again and compare it; returns where it lies."""
    return backups.backup(desk.store, out).path


def restore(source: Path, target: Path, *, key: bytes | None = None) -> Path | None:
    """Put a backup in the place of the data file; returns where the file that was there is kept."""
    return backups.restore(source, target, key=key).kept


def check(desk: Desk) -> list[Problem]:
    """Everything that can be proved about an open file."""
    return checking.check(desk.store)


def encrypt(path: Path, key_file: Path) -> None:
    """Encrypt a data file and its attachments in place."""
    crypt.encrypt(path, crypt.load_key(key_file, path))


def decrypt(path: Path, key_file: Path, out: Path) -> None:
    """Write a plain copy of an encrypted file."""
    crypt.decrypt_to(path, crypt.load_key(key_file, path), out)
