"""Find records by what people type: numbers, names, fragments, pinyin initials. One scan of the search texts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from envdesk.formdef.live import table
from envdesk.sql import like_fragment, quote
from envdesk.store.file import Store

Hit = tuple[str, str, str]


def exact(store: Store, text: str) -> list[tuple[str, str]]:
    """Live records whose number or natural number is *text*: (form, id)."""
    out: list[tuple[str, str]] = []
    for form in store.catalogue.forms.values():
        if form.kind != "record":
            continue
        columns = ["record_no", *(f.column for k in form.natural if not (f := form.field(k)).is_list)]
        tests = " OR ".join(f"{quote(c)} = :t" for c in columns)
        for (rec,) in store.con.query(f"SELECT id FROM {table(form.id)} WHERE void = 0 AND ({tests})", {"t": text}):
            out.append((form.id, rec))
    return out


def texts(
    store: Store, words: Sequence[str], *, forms: Sequence[str] = (), but: Sequence[str] = (), most: int = 50
) -> list[Hit]:
    """Search texts that hold every word: (form, id, text), newest records first.

    Args:
        store: open file.
        words: parts in lower case.
        forms: only these.
        but: these not.
        most: at most so many.
    """
    tests = ["1"]
    params: dict[str, str] = {}
    for n, word in enumerate(words):
        params[f"w{n}"] = like_fragment(word.lower())
        tests.append(f"content LIKE :w{n} ESCAPE '\\'")
    if forms:  # a register is a small part of a file: its texts are found by its records, not by a look at all
        tests.append(f"rec IN ({' UNION ALL '.join(f'SELECT id FROM {table(f)}' for f in forms)})")
    if but:
        params["but"] = json.dumps(list(but))
        tests.append("form NOT IN (SELECT value FROM json_each(:but))")
    sql = f"SELECT form, rec, content FROM search_text WHERE {' AND '.join(tests)} ORDER BY rec DESC LIMIT {int(most)}"
    return store.con.query(sql, params)


def newest(store: Store, form: str, most: int) -> list[str]:
    """Ids of the newest live records of a form."""
    live = "void = 0" + (" AND canonical IS NULL" if store.catalogue.forms[form].merge else "")
    sql = f"SELECT id FROM {table(form)} WHERE {live} ORDER BY id DESC LIMIT {int(most)}"
    return [r for (r,) in store.con.query(sql)]


def recent_subjects(store: Store, most: int) -> list[str]:
    """Subjects of the newest visits, each once."""
    rows = store.con.query(
        "SELECT coalesce(c.canonical, v.subject_id) FROM (SELECT subject_id, id FROM t_visit WHERE void = 0"
        f" AND subject_id IS NOT NULL ORDER BY id DESC LIMIT {int(most) * 5}) v JOIN t_subject c ON c.id = v.subject_id"
        " ORDER BY v.id DESC"
    )
    return list(dict.fromkeys(r for (r,) in rows))[:most]


def people(store: Store, day: str) -> list[tuple[str, str, str | None, str | None, int]]:
    """People in post on a day: id, name, role, badge number (None when it has run out), outings of the last year."""
    return store.con.query(
        "SELECT p.id, p.name, p.role, CASE WHEN coalesce(p.badge_until, '9999') >= :day THEN p.badge_no END,"
        " (SELECT count(*) FROM t_outing__people l JOIN t_outing o ON o.id = l.rec WHERE l.value = p.id AND o.void = 0"
        " AND o.date >= date(:day, '-365 day')) AS n"
        " FROM t_person p WHERE p.void = 0 AND coalesce(p.\"from\", '') <= :day AND coalesce(p.\"to\", '9999') >= :day"
        " ORDER BY n DESC, p.name",
        {"day": day},
    )


def team_of(store: Store, outing: str) -> list[str]:
    """Ids of the people of an outing."""
    return [v for (v,) in store.con.query("SELECT value FROM t_outing__people WHERE rec = ? ORDER BY pos", (outing,))]
