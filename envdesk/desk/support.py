"""What can be sent to a technician: log, versions, shape and counts of the file. No record, no name, no address."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from envdesk import __version__, paths
from envdesk.desk.office import Desk
from envdesk.errors import refuse
from envdesk.store import attachments, support

LOGS = "logs"
LIBRARIES = ("PySide6-Essentials", "sqlcipher3", "sqlite-utils", "reportlab", "Babel", "Pillow", "cryptography")
README = """\
环保台账的支持信息。里面有：

facts.json   版本、电脑的系统、数据文件的结构和条数、不是文字的设置、检查出的问题代号
error.txt    出错的位置（出错时收集才有）
*.log        程序自己的记录，姓名、数字、地址已经涂掉

里面没有任何一条登记内容，没有姓名、电话、地址、单位名称。
"""
_HOME = re.compile(r"((?:[A-Za-z]:)?[\\/]+(?:Users|users|home|Documents and Settings)[\\/]+)[^\\/\"'\r\n]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def collect(
    out: Path,
    desk: Desk | None = None,
    *,
    error: str = "",
    logs: Path | None = None,
    more: Mapping[str, Any] | None = None,
) -> Path:
    """Write the archive.

    Args:
        out: archive to write; an older one is replaced.
        desk: the open file, when there is one.
        error: places and kinds of a failure, already scrubbed.
        logs: folder of the log, default the user's.
        more: further versions (Qt) that only the caller knows.

    Returns:
        The archive.

    Raises:
        Refused: the place cannot be written, the disk is full.
    """
    if out.suffix.lower() != ".zip":
        out = out.with_name(out.name + ".zip")
    facts = versions() | dict(more or {})
    if desk is not None:
        try:
            facts["file"] = support.facts(desk.store)
        except Exception as exc:  # noqa: BLE001 - a file too broken to be counted is just when this is wanted
            facts["file"] = {"unreadable": type(exc).__name__}
    part = attachments.temporary(out)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("说明.txt", README)
            pack.writestr("facts.json", json.dumps(facts, ensure_ascii=False, indent=1, default=str))
            if error:
                pack.writestr("error.txt", clean(error))
            for path in _logs(logs or paths.user_data_dir() / LOGS):
                pack.writestr(path.name, clean(path.read_text("utf-8", "replace")))
        part.replace(out)
    except OSError as exc:
        raise attachments.disk_refusal(out, exc) from exc
    finally:
        part.unlink(missing_ok=True)
    return out


def collect_for(desk: Desk, out: Path) -> Path:
    """Write the archive for an open file.

    Raises:
        Refused: ``db_exists`` for the file itself, or the place cannot be written.
    """
    if out.exists() and out.samefile(desk.path):
        raise refuse("db_exists", path=str(out))
    return collect(out, desk)


def versions() -> dict[str, Any]:
    """Return versions of the program, its libraries and the system."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = _shipped().get(name.lower(), "")
    return {
        "program": __version__,
        "form": "installed" if paths.program_dir() is not None else "source",
        "portable": paths.user_data_dir().name == paths.PORTABLE_DATA,
        "python": sys.version,
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "libraries": found,
    }


def _shipped() -> dict[str, str]:
    listed = paths.resource("licences", "parts.json")
    if not listed.is_file():
        return {}
    return {re.sub(r"[-_.]+", "-", p["name"]).lower(): p["version"] for p in json.loads(listed.read_text("utf-8"))}


def _logs(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.log*") if p.is_file()) if folder.is_dir() else []


def clean(text: str) -> str:
    """Take the user's name out of paths, and every word that is not ASCII (the log says nothing in Chinese)."""
    return _NOT_ASCII.sub("□", _HOME.sub(r"\1□", text))
