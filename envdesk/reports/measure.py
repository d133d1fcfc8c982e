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
    return sum(1.0 if unicodedata.east_asian_width(ch) in "WFA" else 0.5 for ch in text)


def line_count(text: str, width: float, size: float) -> int:
    """Lines that *text* takes in *width* points at *size* points; at least 1, a little generous."""
    room = max(width / size - 0.5, 1.0)
    return sum(max(1, ceil(ems(line) / room)) for line in clean(text).split("\n"))
