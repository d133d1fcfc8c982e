"""All colours and sizes of the window. No other module of this package holds a colour or a size as a literal.

Sizes are logical pixels at 100 %; :meth:`envdesk.gui.theme.Theme.px` scales them. Contrast is held by
tests/gui/test_tokens.py: words 4.5:1, borders of controls 3:1 on every ground they stand on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours.

    Attributes:
        ground: behind everything; ``paper`` what is written on; ``desk`` behind a printed page.
        line: hairlines, never the border of a control; that is ``edge``.
        text: words; ``soft`` words that may be overlooked; ``mute`` past bars and switched-off shapes, never words.
        hover: row or button under the pointer, grey chip.
        green: the one accent, with the ``on_green`` words on it; ``amber`` waits, ``red`` is wrong, ``blue`` in work.
    """

    ground: str
    paper: str
    line: str
    text: str
    soft: str
    green: str
    green_hover: str
    green_tint: str
    on_green: str
    amber: str
    amber_tint: str
    red: str
    red_tint: str
    blue: str
    blue_tint: str
    edge: str
    hover: str
    mute: str
    desk: str


LIGHT = Colours(
    ground="#F5F7F5", paper="#FFFFFF", line="#DFE5E1", text="#1D2823", soft="#586860",
    green="#1B7A4D", green_hover="#156340", green_tint="#E7F4ED", on_green="#FFFFFF",
    amber="#8C5E00", amber_tint="#FFF4D6", red="#B3261E", red_tint="#FDECEA", blue="#1B5FC1", blue_tint="#E8F0FD",
    edge="#7C8B82", hover="#EEF3F0", mute="#C3CFC8", desk="#E3E9E5",
)  # fmt: skip

DARK = Colours(
    ground="#111513", paper="#191F1C", line="#2B342F", text="#E4EBE7", soft="#9DAEA4",
    green="#53C58C", green_hover="#73D4A3", green_tint="#173325", on_green="#0B1F15",
    amber="#E3B341", amber_tint="#352B12", red="#F2857C", red_tint="#3A1F1C", blue="#7FB0F5", blue_tint="#1A2B45",
    edge="#6E8075", hover="#222A26", mute="#3D4A43", desk="#0B0E0C",
)  # fmt: skip

#: tone of a state -> (colour of its words, colour of its ground), names in :class:`Colours`.
TONES: dict[str, tuple[str, str]] = {
    "grey": ("soft", "hover"),
    "green": ("green", "green_tint"),
    "amber": ("amber", "amber_tint"),
    "red": ("red", "red_tint"),
    "blue": ("blue", "blue_tint"),
}

#: role of a text -> size. Line height is 1.5 everywhere.
TEXT: dict[str, int] = {"page": 20, "section": 15, "body": 14, "table": 13, "caption": 12, "key": 11}
LINE_HEIGHT = 1.5
FAMILY_WINDOWS = "Microsoft YaHei UI"
FAMILY, FAMILY_BOLD = "Noto Sans SC", "Noto Sans CJK SC"
"""Families of resources/fonts/screen.ttf and hei.ttf (regular only, bold only)."""

S1, S2, S3, S4, S5, S6 = 4, 8, 12, 16, 24, 32
"""Spaces between things."""
HAIR = 1
CONTROL = 32
CONTROL_ROW = 26
CHIP = 22
KEY = 18
ROW = 34
LINE_TODAY = 38
GROUP_ROW = 32
RADIUS = 6
RADIUS_CHIP = 4
RADIUS_BOX = 3
RADIUS_DIALOG = 8
FOCUS = 2
ICON = 16
ICON_SMALL = 12
ICON_MESSAGE = 13
SHAPE = 10
BOX = 16
BAR = 8
STROKE = 1.4
"""Width of an icon's line at 16 px."""

RAIL = 168
RAIL_FOLDED = 48
RAIL_MARK = 3
COUNTER = 20
TOP = 48
FOOT = 48
STATUS = 28
HEAD = 60
HEAD_TIGHT = 52
PANEL_HEAD = 36
SEARCH = 400
PREVIEW = 316
SIDE = 364
FOLD_BELOW = 1200
"""The rail shows icons only below this window width."""
TWO_COLUMNS_FROM = 1200
SPARK = (70, 24)
TOAST = 40
DIALOG = 440
DIALOG_WIDE = 640

TOAST_MS = 8_000
PROGRESS_AFTER_MS = 600
QUIET_MS = 150
"""How long typing must rest before a search or a check runs."""
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two ``#RRGGBB`` colours."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
