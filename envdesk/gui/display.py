"""Whether a window can be opened here; asked before Qt is imported, which fails on a machine without its libraries."""

from __future__ import annotations

import os
import sys

DRAWN_NOWHERE = ("offscreen", "minimal", "minimalegl")
"""Platforms of Qt that draw for nobody."""


def has_display() -> bool:
    """Tell whether somebody could see a window."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in DRAWN_NOWHERE:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(platform or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
