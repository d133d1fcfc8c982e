"""The key of an encrypted ledger: from its passphrase, or from the recovery code that was printed when it was made.

The recovery code is the key that the passphrase gives, as 64 hexadecimal digits in groups of four: whoever has it needs
no passphrase, so it belongs into the safe, not beside the PC. As a key file it serves the command line, too.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from envdesk.errors import Refused
from envdesk.store import crypt
from envdesk.store.file import SALT, salt_of

LEAST = 8
"""Characters a passphrase must have."""
KEY, GROUP = 32, 4
_CODE = re.compile(r"[0-9a-fA-F]{64}")


def new_key(passphrase: str) -> bytes:
    """Make the key of a new ledger."""
    return crypt.passphrase_key(_clean(passphrase), os.urandom(SALT))


def key_of(text: str, path: Path) -> bytes:
    """Return the key that was meant: *text* is the passphrase or the recovery code of the ledger at *path*."""
    compact = re.sub(r"[\s-]", "", text)
    if _CODE.fullmatch(compact):
        return bytes.fromhex(compact)
    return crypt.passphrase_key(_clean(text), salt_of(path) or b"")


def fits(path: Path, key: bytes) -> bool:
    """Tell whether a key opens the ledger."""
    try:
        crypt.open_any(path, key).close()
    except Refused:
        return False
    return True


def recovery_code(key: bytes) -> str:
    """Return the recovery code of a key, in groups to be copied by hand."""
    digits = key[:KEY].hex()
    return " ".join(digits[i : i + GROUP] for i in range(0, len(digits), GROUP))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())
