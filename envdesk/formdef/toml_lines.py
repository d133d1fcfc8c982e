"""Line numbers for TOML tables and keys, so that a definition error can name its line (tomllib keeps none)."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*("(?:[^"]*)"|'(?:[^']*)'|[^\s=#\["']+)\s*=""")

Path = tuple[str | int, ...]


def _names(text: str) -> list[str]:
    return [part.strip().strip("\"'") for part in text.split(".")]


def line_map(text: str) -> dict[Path, int]:
    """Return ``{("section", 0, "field", 2, "key"): line}``; lines count from 1. Inline tables keep their key's line."""
    lines: dict[Path, int] = {}
    counters: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            here = ()
            names = _names(header[2])
            for depth, name in enumerate(names):
                here = (*here, name)
                if header[1] == "[[" and depth == len(names) - 1:
                    counters[here] = counters.get(here, -1) + 1
                    for other in [p for p in counters if p[: len(here)] == here and len(p) > len(here)]:
                        if p_index(other, here) == counters[here]:
                            del counters[other]
                if here in counters:
                    here = (*here, counters[here])
            lines.setdefault(here, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*here, key[1].strip("\"'")), number)
    return lines


def p_index(path: Path, prefix: Path) -> str | int | None:
    """Return the element right after *prefix* in *path*."""
    return path[len(prefix)] if len(path) > len(prefix) else None


def nearest(lines: dict[Path, int], path: Path) -> int:
    """Return the line of *path* or of its closest known ancestor (1 if none)."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1
