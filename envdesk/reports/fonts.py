"""Faces of the paper and where a character is looked for when its face lacks it.

Two text faces lie in ``resources/fonts`` (made by ``build_spec/make_fonts.py``): Song for text and figures, Hei for
labels. A character missing there is taken from the next face of the chain; one that no face has is drawn as 〓 and
reported, never as a silent blank (domain.md §4, names such as 堃 喆 䶮 𬭎).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from envdesk import paths
from envdesk.reports.rl import FaceMetrics, embed_font

FaceName = Literal["song", "hei", "fang", "kai", "title"]

#: face -> files searched in order.
CHAINS: dict[str, tuple[str, ...]] = {
    "song": ("song", "song-rare"),
    "hei": ("hei", "song-rare"),
    # An official letter's own faces are the PC's (envdesk.reports.pc_fonts); without them Song stands in.
    "fang": ("song", "song-rare"),
    "kai": ("song", "song-rare"),
    "title": ("song", "song-rare"),
}
#: Faces of the PC, asked last and only for a character nothing else has (SimSun-ExtB: CJK extension B).
SYSTEM_FACES = ("simsunb.ttf",)
SYSTEM_FOLDERS = ("C:/Windows/Fonts",)
GETA = "〓"


class FontSet:
    """The faces of one rendering; remembers the characters it could not draw.

    Attributes:
        missing: characters drawn as 〓, in order of appearance.
    """

    def __init__(
        self,
        folder: Path | None = None,
        system: Iterable[Path] | None = None,
        own: Mapping[str, Path] | None = None,
    ) -> None:
        """Prepare the faces; *own* are files asked before the chain of a face (fonts found on the PC)."""
        self._own = own or {}
        self._folder = folder or paths.resource("fonts")
        self._system = tuple(system) if system is not None else _system_files()
        self._faces: dict[str, FaceMetrics] = {}
        self._found: dict[tuple[str, str], tuple[str, str, float]] = {}
        self.missing: dict[str, None] = {}

    def place(self, ch: str, face: FaceName = "song") -> tuple[str, str, float]:
        """Return (embedded face, character to draw, its width in em) for *ch*."""
        key = (face, ch)
        if key not in self._found:
            self._found[key] = self._search(ch, face)
        return self._found[key]

    def width(self, text: str, face: FaceName, size: float) -> float:
        """Width of *text* in points, each character in the face that draws it."""
        return sum(self.place(ch, face)[2] for ch in text) * size

    def embedded_name(self, face: FaceName) -> str:
        """Return the name of the first file of a chain for the canvas."""
        return self._face(CHAINS[face][0]).name

    def notes(self) -> tuple[str, ...]:
        """Say which characters could not be drawn, for the result shown to the user."""
        if not self.missing:
            return ()
        listed = "、".join(f"{ch}（U+{ord(ch):04X}）" for ch in self.missing)
        return (f"字库中没有以下字符，已用“{GETA}”代替：{listed}",)

    def _search(self, ch: str, face: FaceName) -> tuple[str, str, float]:
        first = (str(self._own[face]),) if face in self._own else ()
        for name in (*first, *CHAINS[face], *(str(p) for p in self._system)):
            metrics = self._face(name)
            if metrics.has(ch):
                return metrics.name, ch, metrics.width(ch, 1.0)
        self.missing.setdefault(ch)
        metrics = self._face(CHAINS[face][0])
        return metrics.name, GETA, metrics.width(GETA, 1.0)

    def _face(self, name: str) -> FaceMetrics:
        if name not in self._faces:
            path = Path(name) if Path(name).suffix else self._folder / f"{name}.ttf"
            self._faces[name] = embed_font(f"EnvDesk-{path.stem}", path)
        return self._faces[name]


def _system_files() -> tuple[Path, ...]:
    return tuple(p for folder in SYSTEM_FOLDERS for name in SYSTEM_FACES if (p := Path(folder) / name).is_file())
