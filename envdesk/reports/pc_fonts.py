"""Fonts of official letters on this PC: 仿宋_GB2312, 方正小标宋简体, 楷体_GB2312, 黑体 are commercial and not bundled.

Looked for by the names their files go by, in the fonts folders of Windows and of the user; used when they can be
embedded (TrueType, embedding allowed), else the bundled faces stand in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from envdesk.i18n import _
from envdesk.reports.rl import embed_font

#: face -> (name in GB/T 9704 practice, patterns of file names in lower case, best first).
WANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "fang": ("仿宋_GB2312", ("仿宋_gb2312*", "fangsong_gb2312*", "simfang_gb2312*", "simfang.*", "仿宋.*")),
    "title": ("方正小标宋简体", ("方正小标宋*", "fzxbs*", "小标宋*")),
    "kai": ("楷体_GB2312", ("楷体_gb2312*", "kaiti_gb2312*", "simkai_gb2312*", "simkai.*", "楷体.*")),
    "hei": ("黑体", ("simhei.*", "黑体.*")),
}
STAND_IN = {"fang": "宋体", "title": "宋体（加粗）", "kai": "宋体", "hei": "黑体"}
_SUFFIXES = (".ttf",)  # reportlab embeds no CFF outlines, and no collection without knowing its members


@dataclass(frozen=True, slots=True)
class Faces:
    """Which files set which face.

    Attributes:
        files: face → file on this PC; a face without one is set in the bundled stand-in.
    """

    files: Mapping[str, Path]

    @property
    def words(self) -> str:
        """What the letter is set in, for the user."""
        parts = []
        for face, (name, _patterns) in WANTED.items():
            found = self.files.get(face)
            own = STAND_IN[face]
            parts.append(f"{name}（{found.name}）" if found else _("{name}用自带的{own}").format(name=name, own=own))
        return _("公文字体：{fonts}").format(fonts="、".join(parts))


def folders() -> tuple[Path, ...]:
    """Fonts folders of Windows and of the user."""
    local = os.environ.get("LOCALAPPDATA", "")
    found = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    if local:
        found.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
    return tuple(found)


def find_faces(where: Iterable[Path] | None = None) -> Faces:
    """Return the faces of official letters that this PC has and that can be embedded."""
    files: dict[str, Path] = {}
    for folder in folders() if where is None else where:
        try:
            listed = sorted(folder.iterdir())
        except OSError:
            continue
        for face, (_name, patterns) in WANTED.items():
            if face not in files:
                found = _first(listed, patterns)
                if found is not None:
                    files[face] = found
    return Faces(files)


def _first(listed: list[Path], patterns: tuple[str, ...]) -> Path | None:
    for pattern in patterns:
        for path in listed:
            name = path.name.lower()
            if path.suffix.lower() in _SUFFIXES and fnmatch(name, pattern) and _usable(path):
                return path
    return None


def _usable(path: Path) -> bool:
    """True when the file opens and may be embedded (reportlab raises its own errors of several kinds)."""
    try:
        embed_font(f"EnvDesk-{path.stem}", path)
    except Exception:  # noqa: BLE001 - a damaged or forbidden font must not stop a letter
        return False
    return True
