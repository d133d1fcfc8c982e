"""Which keys each table of a definition file may hold: the strict loader and forms/README.md agree by a test."""

from __future__ import annotations

STR, BOOL, INT, NUM, LIST, DICT, ANY = "文字", "true/false", "整数", "数", "列表", "表", "任意值"

#: type name -> python types accepted from TOML
ACCEPTS: dict[str, tuple[type, ...]] = {
    STR: (str,),
    BOOL: (bool,),
    INT: (int,),
    NUM: (int, float, str),
    LIST: (list,),
    DICT: (dict,),
    ANY: (str, int, float, bool, list, dict),
}

FORM: dict[str, str] = {
    "id": STR, "title": STR, "kind": STR, "prefix": STR, "group": STR, "blocks": LIST, "date": STR, "name": STR,
    "natural": LIST, "unique": LIST, "columns": LIST, "search": LIST, "merge": BOOL, "often": BOOL, "order": INT, "help": STR,
    "label_setting": STR, "stages": DICT, "section": LIST, "terms": DICT, "state": LIST, "due": LIST, "rule": LIST,
    "figure": LIST, "paper": LIST, "sheet": DICT, "label_set": DICT, "seed": LIST, "spawn": LIST, "backlink": DICT, "trip": LIST,
}  # fmt: skip
SECTION: dict[str, str] = {"id": STR, "title": STR, "visible": STR, "dated_by": STR, "field": LIST}
FIELD: dict[str, str] = {
    "key": STR, "label": STR, "type": STR, "hint": STR, "help": STR, "unit": STR, "required": ANY,
    "required_when": STR, "required_severity": STR, "visible": STR, "default": ANY, "default_sql": STR,
    "computed": STR, "copy": BOOL, "min": ANY, "max": ANY, "decimals": INT, "max_len": INT, "check": STR,
    "choices": ANY, "ref": STR, "pii": STR, "secret": BOOL, "dated_by": STR, "aliases": LIST, "field": LIST,
    "date": STR, "note": BOOL, "log": STR, "checklist": BOOL, "points": STR, "width": STR,
}  # fmt: skip
RULE: dict[str, str] = {"id": STR, "expr": STR, "message": STR, "severity": STR, "field": STR, "list": STR}
STATE: dict[str, str] = {"word": STR, "when": STR, "tone": STR}
DUE: dict[str, str] = {"id": STR, "date": STR, "when": STR, "what": STR}
FIGURE: dict[str, str] = {
    "id": STR, "title": STR, "measure": STR, "kind": STR, "of": STR, "date": STR, "where": STR, "unit": STR,
    "value": STR, "once": BOOL, "each": STR, "every": STR, "by": LIST, "share": STR, "hit": STR, "only": STR,
    "ratio": LIST, "value_ly": STR, "decimals": INT, "decimals_by": STR, "measure_by": STR, "plain": BOOL, "scale": INT,
    "better": STR, "note": STR, "source": STR,
}  # fmt: skip
PAPER: dict[str, str] = {
    "id": STR, "title": STR, "of": STR, "columns": LIST, "where": STR, "stock": BOOL, "order": LIST, "by": STR,
    "main": BOOL, "sign": LIST, "note": STR, "figures": LIST,
}  # fmt: skip
PAPER_COLUMN: dict[str, str] = {"key": STR, "label": STR, "sql": STR, "type": STR, "total": BOOL, "mm": NUM}
BLOCK: dict[str, str] = {
    "title": STR, "kind": STR, "prefix": STR, "parent": STR, "rename": DICT, "date": STR, "share_key": LIST,
    "section": LIST, "rule": LIST, "terms": DICT, "view": DICT, "state": LIST, "due": LIST, "columns": LIST,
    "sheet": DICT, "spawn": LIST,
}  # fmt: skip
SPAWN: dict[str, str] = {"list": STR, "when": STR, "form": STR, "link": STR, "values": DICT}
TRIP: dict[str, str] = {"list": STR, "date": STR, "people": STR}
BACKLINK: dict[str, str] = {"record": STR, "position": STR, "list": STR, "link": STR}
VIEW: dict[str, str] = {"title": STR, "list": STR, "terms": DICT, "part": LIST}
PART: dict[str, str] = {"of": STR, "where": STR, "keys": DICT}
CHECK: dict[str, str] = {
    "id": STR, "level": STR, "title": STR, "message": STR, "expr": STR, "of": STR, "date": STR, "where": STR,
    "by": LIST, "at_end": BOOL, "months": LIST, "role": STR,
}  # fmt: skip
DIMENSION: dict[str, str] = {"title": STR, "key": ANY, "ref": STR, "empty": STR}
SETTING: dict[str, str] = {
    "key": STR, "label": STR, "type": STR, "default": ANY, "group": STR, "help": STR, "choices": LIST, "min": NUM,
    "max": NUM, "figure": BOOL,
}  # fmt: skip
FILES: dict[str, dict[str, str]] = {
    "_blocks": {"block": DICT},
    "_choices": {"choices": DICT},
    "_figures": {"figure": LIST, "check": LIST, "dimension": DICT, "view": DICT},
    "_settings": {"setting": LIST},
}

FIELD_TYPES = (
    "text", "long_text", "date", "time", "datetime", "int", "decimal", "money", "choice", "multichoice", "bool", "ref",
    "people", "rows", "photos", "files", "texts", "ints",
)  # fmt: skip
FIGURE_KINDS = ("flow", "cohort", "distinct", "stock", "rate", "measured")
LEVELS = ("block", "warn", "note")
ROLES = ("street", "district")
SEVERITIES = ("error", "warning", "hint")
#: Names that every record has and no form may use as a key.
RESERVED = frozenset({
    "id", "rec", "pos", "form", "me", "office", "rev", "hash", "void", "void_reason", "record_no", "form_version",
    "created_by", "created_at", "updated_by", "updated_at", "reviewed_by", "reviewed_at", "desk", "canonical", "state",
})  # fmt: skip
