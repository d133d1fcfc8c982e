"""Compare the marked strings of the program with its catalogues.

    python build_spec/check_catalogue.py             fails with file:line where they have drifted apart
    python build_spec/check_catalogue.py --update    rewrites every .po: new entries empty, unused ones removed
    python build_spec/check_catalogue.py --complete  fails on entries without translation, too

Untranslated entries show the Chinese source; they are counted, and refused only by ``--complete``.
``pybabel compile`` does not notice a wrong ``{placeholder}``: hence this script.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from envdesk.i18n import DOMAIN, TemplateError, mismatch, placeholders  # noqa: E402 - a script beside the package

#: How the marks of envdesk.i18n are read: (1, 1) = the one text is singular and plural, as in Chinese.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "plural": (1, 1),
    "in_context": ((1, "c"), 2),
}
NOTE = "i18n:"
PERCENT = re.compile(r"%(\(\w+\))?[sdrfi](?![A-Za-z])")
#: Header lines that change by themselves or say nothing.
VOLATILE = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)

Key = tuple[str, str]


@dataclass(slots=True)
class Source:
    """One string of the program and the places that show it."""

    text: str
    context: str = ""
    counted: bool = False
    places: list[tuple[str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Identity in a catalogue."""
        return self.context, self.text

    @property
    def at(self) -> str:
        """First place as ``file:line``."""
        path, line = self.places[0]
        return f"{path}:{line}"


def extract(root: Path) -> dict[Key, Source]:
    """Read every marked string below *root* as ``build_spec/babel.cfg`` says."""
    with (root / "build_spec" / "babel.cfg").open(encoding="utf-8") as f:
        methods, options = parse_mapping_cfg(f)  # type: ignore[no-untyped-call]
    found: dict[Key, Source] = {}
    walked = extract_from_dir(
        root, methods, options, keywords=KEYWORDS, comment_tags=(NOTE,), strip_comment_tags=True,
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "_data")),
    )  # fmt: skip
    for path, line, text, notes, context in walked:
        counted = isinstance(text, tuple)
        source = Source(text[0] if isinstance(text, tuple) else text, context or "", counted)
        source = found.setdefault(source.key, source)
        source.counted |= counted
        source.places.append((path.replace("\\", "/"), line))
        source.notes += [n for n in notes if n not in source.notes]
    return found


def source_problems(sources: Mapping[Key, Source]) -> Iterator[str]:
    """Name the strings that no translation could fit."""
    for source in sources.values():
        try:
            placeholders(source.text)
        except TemplateError as e:
            yield f"{source.at}: {e}: “{source.text}”"
        if PERCENT.search(source.text):
            yield f"{source.at}: use {{name}}, not %: “{source.text}”"


def key_of(message: Message) -> Key:
    """Return the identity of a catalogue entry."""
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return message.context or "", str(text)


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the translated forms of an entry, empty ones included."""
    strings = message.string
    return tuple(strings) if isinstance(strings, (list, tuple)) else (strings or "",)


def catalogue_problems(sources: Mapping[Key, Source], po: Path, root: Path) -> tuple[list[str], list[str]]:
    """Compare one catalogue with the program.

    Returns:
        What is wrong, and which entries have no translation yet.
    """
    name = po.relative_to(root).as_posix()
    problems: list[str] = []
    untranslated: list[str] = []
    known: set[Key] = set()
    for message in load(po):
        if not message.id:
            continue
        key = key_of(message)
        at = f"{name}:{message.lineno}"
        known.add(key)
        source = sources.get(key)
        if source is None:
            problems.append(f"{at}: no longer in the program: “{key[1]}”")
            continue
        if source.counted != isinstance(message.id, (list, tuple)):
            problems.append(f"{at}: counted in one place only: “{key[1]}” ({source.at})")
        if message.fuzzy:
            problems.append(f"{at}: marked fuzzy, decide it: “{key[1]}”")
        forms = forms_of(message)
        if not all(forms):
            untranslated.append(f"{at}: no translation: “{key[1]}”")
            continue
        differences = (mismatch(source.text, form, counted=source.counted) for form in forms)
        problems += [f"{at}: translation {d}: “{key[1]}”" for d in differences if d]
    missing = (s for k, s in sources.items() if k not in known)
    problems += [f"{s.at}: not in {name}: “{s.text}” (run --update)" for s in missing]
    return problems, untranslated


def load(po: Path) -> Catalog:
    """Read a catalogue; its folder names the language."""
    with po.open("rb") as f:
        return read_po(f, locale=po.parent.parent.name, abort_invalid=True)


def update(sources: Mapping[Key, Source], po: Path) -> bytes:
    """Return the text of *po* with the strings of the program, translations kept.

    No dates and no line numbers: a catalogue changes only where a string does.
    """
    old = {key_of(m): m for m in load(po) if m.id} if po.exists() else {}
    new = Catalog(
        locale=po.parent.parent.name,
        domain=DOMAIN,
        project="EnvDesk",
        charset="utf-8",
        fuzzy=False,
        header_comment="# Words of the program. Written by build_spec/check_catalogue.py --update; translate by hand.",
    )
    for key in sorted(sources):
        source = sources[key]
        entry = old.get(key)
        forms = forms_of(entry) if entry else ("",)
        padded = (*forms, *("",) * new.num_plurals)[: new.num_plurals]
        new.add(
            (source.text, source.text) if source.counted else source.text,
            padded if source.counted else forms[0],
            locations=[(p, 0) for p in sorted({p for p, _line in source.places})],
            flags=sorted(entry.flags) if entry else [],
            auto_comments=source.notes,
            user_comments=entry.user_comments if entry else [],
            context=source.context or None,
        )
    out = io.BytesIO()
    write_po(out, new, width=0, include_lineno=False)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(VOLATILE))


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or update every catalogue; 0 = in step."""
    parser = argparse.ArgumentParser(description="Compare the marked strings of the program with its catalogues.")
    parser.add_argument("--update", action="store_true", help="rewrite the .po files")
    parser.add_argument("--complete", action="store_true", help="fail on entries without translation, too")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    root: Path = options.root

    sources = extract(root)
    problems = list(source_problems(sources))
    catalogues = sorted((root / "resources" / "locale").glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    for po in catalogues:
        if options.update:
            po.write_bytes(update(sources, po))
        found, untranslated = catalogue_problems(sources, po, root)
        problems += found + (untranslated if options.complete else [])
        print(f"{po.relative_to(root).as_posix()}: {len(sources)} strings, {len(untranslated)} without translation")
    if not catalogues:
        problems.append("resources/locale: no catalogue")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
