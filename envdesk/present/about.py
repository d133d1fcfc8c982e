"""What 关于 tells: versions, where everything lies, and the licences of the parts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from envdesk import __version__, paths
from envdesk.i18n import _

FONTS = "Noto Serif SC, Noto Sans SC"
ICONS = "Lucide"
LONGEST = 60
_NEED = re.compile(r"([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of others' making: its licence in a few words, its whole text in ``file`` (None = not collected)."""

    name: str
    version: str
    licence: str
    file: Path | None = None

    @property
    def text(self) -> str:
        """The whole text, "" when it is not there."""
        return self.file.read_text("utf-8", "replace") if self.file is not None and self.file.is_file() else ""


def version_words() -> str:
    """Version and form of the program."""
    if paths.program_dir() is None:
        form = _("从源码运行")
    elif paths.user_data_dir().name == paths.PORTABLE_DATA:
        form = _("便携版")
    else:
        form = _("安装版")
    return _("版本 {version}，{form}").format(version=__version__, form=form)


def parts() -> tuple[Part, ...]:
    """Return all parts by name: as collected when the program was built, else as installed here."""
    folder = paths.resource("licences")
    listed = folder / "parts.json"
    if listed.is_file():
        read = json.loads(listed.read_text("utf-8"))
        found = [Part(p["name"], p["version"], p["licence"], folder / p["file"]) for p in read]
    else:
        found = [_installed(d) for d in _needed("envdesk")]
    found += [
        Part(FONTS, "", "OFL-1.1", paths.resource("fonts", "OFL.txt")),
        Part(ICONS, "", "ISC", paths.resource("icons", "LICENSE.txt")),
    ]
    return tuple(sorted({p.name: p for p in found}.values(), key=lambda p: p.name.lower()))


def _needed(name: str) -> list[metadata.Distribution]:
    """Return what a distribution needs to run, and what that needs; tools of development are not among it."""
    found: dict[str, metadata.Distribution] = {}
    waiting, seen = [(name, "")], set()
    while waiting:
        asked, extra = here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        try:
            found[asked] = metadata.distribution(asked)
        except metadata.PackageNotFoundError:  # for another system or another Python
            continue
        for line in found[asked].requires or ():
            wanted, condition = _NEED.match(line), line.partition(";")[2]
            if wanted and ("extra" not in condition or (extra and f"'{extra}'" in condition.replace('"', "'"))):
                waiting += [(wanted[1], more) for more in ("", *(wanted[2] or "").split(","))]
    return [d for n, d in found.items() if n != name]


def _installed(d: metadata.Distribution) -> Part:
    meta = d.metadata
    told = [meta[key] for key in ("License-Expression", "License") if key in meta]
    said = next((t for t in told if t and "\n" not in t and len(t) <= LONGEST), "")
    if not said:
        said = "; ".join(c.rpartition(" :: ")[2] for c in meta.get_all("Classifier") or () if c.startswith("License"))
    texts = [f for f in d.files or () if f.name.upper().startswith(("LICEN", "COPYING"))]
    return Part(meta["Name"], d.version, said, Path(str(texts[0].locate())) if texts else None)
