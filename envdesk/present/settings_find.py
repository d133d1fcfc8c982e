"""The search of the settings page: settings by their words, everything else by the words of its part."""

from __future__ import annotations

from collections.abc import Mapping

from envdesk.desk.office import Desk
from envdesk.present import settings_page
from envdesk.store.search import initials


def find(desk: Desk, search: str, parts: Mapping[str, str]) -> frozenset[str]:
    """Return keys of settings and names of parts in which all words occur; the first line of a part is its title."""
    words = search.lower().split()
    found = {line.key for group in settings_page.groups(desk, search) for line in group.lines}
    for name, text in parts.items():
        content = f"{text}\n{initials(text.partition(chr(10))[0])}".lower()
        if all(w in content for w in words):
            found.add(name)
    return frozenset(found)
