"""Collect the licences of everything that ships, from the metadata of the wheels: texts and one list for 关于."""

from __future__ import annotations

import json
import shutil
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

#: Words of a classifier or of the field ``License`` that are too long to show.
LONGEST = 60
TEXTS = ("LICEN*", "COPYING*", "NOTICE*", "AUTHORS*", "LGPL*", "GPL*", "licen*")


def collect(lib: Path, python: Path, out: Path) -> None:
    """Write ``parts.json`` and a text file for each part.

    Args:
        lib: folder of installed wheels, with their metadata.
        python: licence of CPython.
        out: folder to make.
    """
    out.mkdir(parents=True, exist_ok=True)
    parts = [{"name": "Python", "version": "3.11.9", "licence": "PSF-2.0", "file": "Python.txt"}]
    shutil.copy(python, out / "Python.txt")
    for info in sorted(lib.glob("*.dist-info"), key=lambda p: p.name.lower()):
        meta = HeaderParser().parsestr((info / "METADATA").read_text("utf-8"))
        texts = sorted({p for pattern in TEXTS for p in info.rglob(pattern) if p.is_file()})
        name = f"{meta['Name']}.txt"
        said = [f"{meta['Name']} {meta['Version']}\n{words(meta)}\n{meta['Home-page'] or ''}\n"]
        said += [f"---- {p.name}\n\n{p.read_text('utf-8', 'replace')}" for p in texts]
        (out / name).write_text("\n\n".join(said), "utf-8")
        parts.append({"name": meta["Name"], "version": meta["Version"], "licence": words(meta), "file": name})
    (out / "parts.json").write_text(json.dumps(parts, ensure_ascii=False, indent=1), "utf-8")


def words(meta: Message) -> str:
    """Licence of a wheel in a few words: the expression, the short field, or the classifiers."""
    for key in ("License-Expression", "License"):
        text = " ".join((meta[key] or "").split())
        if text and len(text) <= LONGEST:
            return text
    said = [c.rpartition(" :: ")[2] for c in meta.get_all("Classifier", []) if c.startswith("License ::")]
    return "; ".join(said) or "见文本"
