"""The search text of each record: written in the same transaction, matched anywhere (1–2 characters too).

Complainant data is never put into it, so a search cannot reveal what a list masks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envdesk.formdef.model import Form
from envdesk.formdef.types import show_one
from envdesk.sql import like_fragment
from envdesk.store.file import Store

LIMIT = 4000


def index(store: Store, form: Form, rec: str, values: Mapping[str, Any]) -> None:
    """Write the search text of one record from its own content."""
    parts: list[str] = [str(values.get("record_no") or "")]
    for f in form.own:
        value = values.get(f.column)
        if value in (None, []) or f.secret or f.type in ("photos", "files", "bool"):
            continue
        if f.type in ("ref", "people"):
            continue
        if f.type == "rows":
            texts = [s for s in f.fields if s.type in ("text", "long_text") and not s.secret]
            parts += [str(row[s.key]) for row in value for s in texts if row.get(s.key)]
        elif isinstance(value, list):
            parts += [show_one(f, v) for v in value]
        else:
            parts.append(show_one(f, value))
    if form.name and form.has(form.name) and values.get(form.name):
        parts.append(initials(str(values[form.name])))
    text = "\n".join(p for p in parts if p)[:LIMIT].lower()
    store.con.execute(
        "INSERT INTO search_text VALUES (?, ?, ?) ON CONFLICT (rec) DO UPDATE SET content = excluded.content",
        (rec, form.id, text),
    )


def initials(name: str) -> str:
    """Pinyin initials of a name (均禾鞋厂 → jhxc), empty when it has no hanzi."""
    if not any("\u4e00" <= c <= "\u9fff" for c in name):
        return ""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))


def matching(form: Form, text: str, n: int) -> tuple[str, dict[str, str]]:
    """SQL condition on a form's live rows (alias ``me``) for one search word, and its parameters.

    The words of the shared records, the subject and other references are found through their own search text.
    """
    pattern = like_fragment(text.lower())
    mark = f"q{n}"
    own = ["me.id", *(f'me."{p}_id"' for p in form.parents)]
    own += [
        f'me."{f.key}"'
        for f in form.fields
        if f.type == "ref" and f.stored and f.key in ("subject_id", "respondent_id")
    ]
    tests = " or ".join(
        f"{column} in (select rec from search_text where content like :{mark} escape '\\')" for column in own
    )
    return f"({tests})", {mark: pattern}
