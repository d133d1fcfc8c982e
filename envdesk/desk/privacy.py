"""Personal data in running text: what a register or a paper for others must not carry (domain.md §6, §10.14)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from envdesk.formdef.types import mask

#: Mobile numbers, numbers with an area code, identity card numbers; never inside a longer run of digits.
PHONE = re.compile(r"(?<![\dA-Za-z])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?![\dA-Za-z])")
IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
#: A name shorter than this stands in too many other words to be looked for.
SHORTEST_NAME = 2


def scrub(text: str, names: Iterable[str] = (), phones: Iterable[str] = ()) -> str:
    """Return *text* with these names and phones, and whatever looks like a phone or identity number, masked."""
    for phone in phones:
        if len(phone) >= SHORTEST_NAME:
            text = text.replace(phone, mask("phone", phone))
    for name in names:
        if len(name) >= SHORTEST_NAME:
            text = text.replace(name, mask("name", name))
    text = IDENTITY.sub(lambda m: m[0][:6] + "*" * 8 + m[0][-4:], text)
    return PHONE.sub(lambda m: mask("phone", m[0]), text)
