"""How wide text will be in a program that sets it itself: 宋体 is one em a hanzi and half an em an ASCII character.

Word and Excel break lines with the fonts of the PC. What has to be known beforehand (does a title fit on one line, how
high must a merged cell be) is estimated here; the PDF measures its own faces instead.
"""

from __future__ import annotations

import unicodedata
from math import ceil

from envdesk.reports.text import clean


def ems(text: str) -> float:
    """Width of one line of text in em."""
    return sum(0.5 if _narrow(ch) else 1.0 for ch in text)


def _narrow(ch: str) -> bool:
    return ch.isascii() or (unicodedata.east_asian_width(ch) not in "WFA" and unicodedata.category(ch) != "So")


def line_count(text: str, width: float, size: float) -> int:
    """Lines that *text* takes in *width* points at *size* points; at least 1, a little generous."""
    room = max(width / size - 0.2, 1.0)
    return sum(max(1, ceil(ems(line) / room)) for line in clean(text).split("\n"))


def spread_label(text: str, width: float, size: float) -> str:
    """Set two hanzi four wide, three likewise (地　　址, 负 责 人); other labels stay as they are."""
    wide = len(text) in (2, 3) and ems(text) == len(text) and "\n" not in text and width >= 4.5 * size
    return ("\u3000\u3000" if len(text) == 2 else " ").join(text) if wide else text
