"""Text from records made fit for paper without changing what it says."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACES = re.compile("[\t\u1680\u2000-\u200a\u202f\u205f]")
#: Kangxi and CJK radicals are look-alikes of the ideographs they decompose to.
_RADICALS = re.compile("[\u2e80-\u2fdf]")
#: Variation selectors and skin tones say how an emoji looks; without its glyph they say nothing.
_MODIFIERS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")
_LONE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return *text* with one kind of line break and of space, composed characters and nothing invisible.

    Control and format characters (zero width, bidi marks, soft hyphen) go; a lone surrogate becomes U+FFFD.
    Everything else stays as it was typed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _SPACES.sub(" ", _BREAKS.sub("\n", text))
    text = _LONE.sub("\ufffd", _MODIFIERS.sub("", text))
    text = _RADICALS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), unicodedata.normalize("NFC", text))
    return "".join(ch for ch in text if ch == "\n" or unicodedata.category(ch) not in ("Cc", "Cf"))


def one_line(text: str) -> str:
    """Return *text* cleaned and on one line (titles, running heads, metadata)."""
    return " ".join(clean(text).split("\n")).strip()
