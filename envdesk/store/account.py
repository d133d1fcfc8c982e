"""The key of an encrypted file, kept for one Windows account: who is logged in opens it without the passphrase.

Windows wraps the key (DPAPI, ``CryptProtectData``) so that only the same account on the same PC unwraps it; a copy of
the file and of its ``.key`` elsewhere stays shut. It replaces nothing: passphrase or key file still open the file, and
are needed on a new PC. On other systems nothing is kept.
"""

from __future__ import annotations

import base64
import binascii
import ctypes
import sys
from pathlib import Path

from envdesk.store import attachments

SUFFIX = ".key"
HEAD = "EnvDesk key of this Windows account\n"
_PURPOSE = b"EnvDesk data file"
_NO_QUESTION = 1


class _Blob(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint32), ("data", ctypes.POINTER(ctypes.c_char)))


def _blob(data: bytes) -> _Blob:
    return _Blob(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.POINTER(ctypes.c_char)))


def _windows(function: str, data: bytes) -> bytes | None:
    """Call one of the two functions of DPAPI; None when Windows refuses (another account, another PC)."""
    if sys.platform != "win32":
        return None
    call = getattr(ctypes.windll.crypt32, function)
    into = _Blob()
    words = (ctypes.byref(_blob(data)), None, ctypes.byref(_blob(_PURPOSE)), None, None, _NO_QUESTION)
    if not call(*words, ctypes.byref(into)):
        return None
    try:
        return ctypes.string_at(into.data, into.size)
    finally:
        ctypes.windll.kernel32.LocalFree(ctypes.cast(into.data, ctypes.c_void_p))


def wrap(key: bytes) -> bytes | None:
    """Wrap a key for this account; None where that cannot be done."""
    return _windows("CryptProtectData", key)


def unwrap(wrapped: bytes) -> bytes | None:
    """Undo :func:`wrap`; None for what another account or PC wrapped."""
    return _windows("CryptUnprotectData", wrapped)


def place(db: Path) -> Path:
    """Where the wrapped key of a data file lies."""
    return db.with_name(db.name + SUFFIX)


def keep(db: Path, key: bytes) -> bool:
    """Keep the key of a data file for this account; False where that cannot be done (the file opens by its key only)."""
    wrapped = wrap(key)
    if wrapped is None:
        return False
    part = attachments.temporary(place(db))
    try:
        part.write_text(HEAD + base64.b64encode(wrapped).decode() + "\n", "ascii")
        part.replace(place(db))
    except OSError:
        part.unlink(missing_ok=True)
        return False
    return True


def kept(db: Path) -> bytes | None:
    """The key that was kept for this account, None when there is none or it is not for us."""
    try:
        text = place(db).read_text("ascii")
        if not text.startswith(HEAD):
            return None
        return unwrap(base64.b64decode(text[len(HEAD) :].strip(), validate=True))
    except (OSError, UnicodeDecodeError, binascii.Error):
        return None


def forget(db: Path) -> None:
    """Keep it no longer."""
    place(db).unlink(missing_ok=True)
