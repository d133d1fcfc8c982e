"""Keeping the file safe: backup, restore, check, encryption."""

from __future__ import annotations

from pathlib import Path

from envdesk.desk.office import Desk
from envdesk.errors import Problem
from envdesk.store import account, backup as backups, check as checking, crypt
from envdesk.store.backup import Backup, Restored
from envdesk.store.crypt import Switched


def backup(desk: Desk, out: Path | None = None) -> Backup:
    """Write a backup, open it again and compare it."""
    return backups.backup(desk.store, out)


def restore(source: Path, target: Path, *, key_file: Path | None = None) -> Restored:
    """Put a backup in the place of the data file; what was there is kept aside."""
    return backups.restore(source, target, key=crypt.load_key(key_file, source) if key_file else None)


def check(desk: Desk) -> list[Problem]:
    """Everything that can be proved about an open file."""
    return checking.check(desk.store)


def encrypt(path: Path, key_file: Path) -> Switched:
    """Encrypt a data file and its attachments in place; on Windows this account opens it without the key from now on."""
    key = crypt.load_key(key_file, path)
    done = crypt.encrypt(path, key)
    account.keep(path, key)
    return done


def decrypt(path: Path, key_file: Path, out: Path) -> Switched:
    """Write a plain copy of an encrypted file."""
    return crypt.decrypt_to(path, crypt.load_key(key_file, path), out)
