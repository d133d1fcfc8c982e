"""The compiled catalogue of the last starts, kept beside the user's data: reading it is five times as quick as compiling.

A catalogue is found by the digest of the program's version and modules of this package and of every definition file, so
that one that does not fit is never found. What is found is checked against the digest written with it, and holds
nothing but classes of :mod:`envdesk.formdef.model`; whatever else lies there is passed over and compiled anew. Nothing
is read from an office's folder or a package.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from envdesk import __version__, paths
from envdesk.formdef import model
from envdesk.formdef.model import Catalogue

FOLDER = "definitions"
MOST = 4
"""Catalogues kept: two programs with two sets of forms."""
_DIGEST = hashlib.sha256().digest_size


def load(folders: Iterable[Path]) -> Catalogue:
    """Return the catalogue of the folders, compiled once for the same files.

    Raises:
        Refused: ``form_errors``, see :func:`envdesk.formdef.loader.load`.
    """
    folders = list(folders)
    place = paths.user_data_dir() / FOLDER / f"{_mark(folders)}.bin"
    found = _read(place)
    if found is None:
        from envdesk.formdef.loader import load as compile_folders

        before, found = place.stem, compile_folders(folders)
        if before == _mark(folders):  # nobody saved a file meanwhile
            _write(place, found)
    return found


def _mark(folders: list[Path]) -> str:
    """Digest of all that a catalogue is made of: Python, program (its sources where there are any), definition files."""
    digest = hashlib.sha256()
    own = sorted(Path(__file__).parent.glob("*.py*"))
    for files in (own, *(sorted(folder.glob("*.toml")) for folder in folders)):
        digest.update(repr((sys.version, __version__, len(files))).encode())
        for file in files:
            content = file.read_bytes()
            digest.update(repr((file.name, len(content))).encode() + content)
    return digest.hexdigest()


class _Writer(pickle.Pickler):
    """Writes a definition as the call that makes it: quicker to read than its default."""

    def reducer_override(self, obj: Any) -> Any:
        if is_dataclass(obj) and not isinstance(obj, type):
            return type(obj), tuple(getattr(obj, f.name) for f in fields(obj) if f.init)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Makes definitions and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(model, name, None) if module == model.__name__ else None
        if not isinstance(found, type) or not is_dataclass(found):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def _read(place: Path) -> Catalogue | None:
    """Return a kept catalogue; None when there is none, or not as it was written."""
    try:
        kept = place.read_bytes()
        content = kept[_DIGEST:]
        if hashlib.sha256(content).digest() != kept[:_DIGEST]:
            return None
        on = gc.isenabled()
        gc.disable()  # many small objects that all stay
        try:
            found = _Reader(io.BytesIO(content)).load()
        finally:
            if on:
                gc.enable()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the definitions themselves are there
        return None
    return found if isinstance(found, Catalogue) else None


def _write(place: Path, catalogue: Catalogue) -> None:
    """Keep a catalogue whole or not at all; a full or read-only disk only costs the time of compiling."""
    content = io.BytesIO()
    _Writer(content, pickle.HIGHEST_PROTOCOL).dump(catalogue)
    kept = hashlib.sha256(content.getvalue()).digest() + content.getvalue()
    part = place.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(kept)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        for old in sorted(place.parent.glob("*.bin"), key=lambda p: p.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
