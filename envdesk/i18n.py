"""Words of the program: Chinese in the source, other languages from ``resources/locale/<language>/``.

A string is written in Chinese and marked where it stands: ``_("保存")`` where it is shown, ``N_("保存")`` in a table of
declarations that is shown later through ``_``. Placeholders are named braces, filled after the look-up:
``_("已保存 {count} 条").format(count=n)``. No f-string, no ``%``: neither is in a catalogue.

A catalogue is a ``.po`` file, read once when :func:`use` chooses a language that needs one. A translation whose
placeholders differ from its source could raise or lose a number at display time, so it is refused when read and the
Chinese source is shown instead (the idea is Electrum's).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

SOURCE = "zh_CN"
"""Language of the source strings; needs no catalogue."""

COUNT = "count"
"""Placeholder of :func:`plural`; a translated form may leave it out ("one record")."""

DOMAIN = "envdesk"

Placeholder = tuple[str, str, str]


class TemplateError(ValueError):
    """A text is no brace template: unbalanced, positional or nested braces."""


def placeholders(text: str) -> frozenset[Placeholder]:
    """Return the (name, conversion, format) of every placeholder in *text*.

    Raises:
        TemplateError: braces do not balance, or a placeholder has no plain name.
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError as e:
        raise TemplateError(str(e)) from e
    found = set()
    for _literal, name, spec, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier():
            raise TemplateError(f"placeholder {{{name}}} has no plain name")
        if spec and "{" in spec:
            raise TemplateError(f"placeholder {{{name}}} has a nested format")
        found.add((name, conversion or "", spec or ""))
    return frozenset(found)


def mismatch(source: str, translation: str, *, counted: bool = False) -> str | None:
    """Say how the placeholders of *translation* differ from those of *source*, None when they agree.

    Args:
        source: Chinese text.
        translation: one form of its translation.
        counted: True for a form of :func:`plural`, which may leave out ``{count}``.
    """
    try:
        wanted = placeholders(source)
    except TemplateError as e:
        return f"source is no template: {e}"
    try:
        given = placeholders(translation)
    except TemplateError as e:
        return f"translation is no template: {e}"
    missing = {p for p in wanted - given if not (counted and p[0] == COUNT)}
    extra = given - wanted
    said = [f"lacks {_shown(p)}" for p in sorted(missing)] + [f"adds {_shown(p)}" for p in sorted(extra)]
    return ", ".join(said) or None


def _shown(placeholder: Placeholder) -> str:
    name, conversion, spec = placeholder
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"


@dataclass(frozen=True, slots=True)
class RefusedTranslation:
    """A translation that is not shown because it does not fit its source."""

    source: str
    line: int
    reason: str


def _first_form(_count: int) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language.

    Attributes:
        language: code such as ``en``.
        forms: (context, source) -> translated forms, one for a text, several for a counted text.
        plural_form: count -> position in the forms.
        refused: translations left out, for the log and for tests.
    """

    language: str = SOURCE
    forms: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    plural_form: Callable[[int], int] = _first_form
    refused: tuple[RefusedTranslation, ...] = ()

    def text(self, source: str, context: str = "") -> str:
        """Return the translation of *source*, or *source* itself."""
        forms = self.forms.get((context, source))
        return forms[0] if forms else source

    def counted(self, source: str, count: int) -> str:
        """Return the form of *source* for *count*, not filled in."""
        forms = self.forms.get(("", source))
        if not forms:
            return source
        return forms[min(self.plural_form(count), len(forms) - 1)]


def read(path: Path, language: str) -> Catalogue:
    """Read a ``.po`` file; entries without translation or marked fuzzy are left out, unfit ones refused."""
    from gettext import c2py

    from babel.messages.pofile import read_po

    with path.open("rb") as f:
        po = read_po(f, locale=language, abort_invalid=True)
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    refused: list[RefusedTranslation] = []
    for message in po:
        if not message.id or message.fuzzy:
            continue
        counted = isinstance(message.id, (list, tuple))
        source = message.id[0] if counted else str(message.id)
        strings = message.string
        translated = tuple(strings) if isinstance(strings, (list, tuple)) else (strings or "",)
        if not all(translated):
            continue
        reasons = [r for r in (mismatch(source, t, counted=counted) for t in translated) if r]
        if reasons:
            refused.append(RefusedTranslation(source, message.lineno or 0, reasons[0]))
            continue
        context = message.context
        forms[(context if isinstance(context, str) else "", source)] = translated
    return Catalogue(language, forms, c2py(po.plural_expr), tuple(refused))


def languages(folder: Path) -> tuple[str, ...]:
    """Return the languages the program can speak, the source language first."""
    files = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return (SOURCE, *sorted(p.parent.parent.name for p in files))


class _Spoken:
    """The one piece of state here: what ``_`` looks up has to be reachable from every place that shows a word."""

    catalogue = Catalogue()


def use(language: str, folder: Path | None = None) -> Catalogue:
    """Speak *language* from now on, in every thread.

    Args:
        language: ``zh_CN`` or a folder name below *folder*; an unknown one means Chinese.
        folder: ``resources/locale``; needed for other languages than Chinese.

    Returns:
        The catalogue in use; its ``refused`` is worth a line in the log.
    """
    catalogue = Catalogue()
    if language != SOURCE and folder is not None:
        path = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        if path.is_file():
            catalogue = read(path, language)
    _Spoken.catalogue = catalogue
    return catalogue


def language() -> str:
    """Return the language in use."""
    return _Spoken.catalogue.language


def N_(source: str) -> str:  # noqa: N802 - the mark every gettext tool knows
    """Mark *source* for translation and return it unchanged; show it later through :func:`_`."""
    return source


def _(source: str) -> str:
    """Return *source* in the language in use. Call it when the text is shown, never at import."""
    return _Spoken.catalogue.text(source)


def in_context(context: str, source: str) -> str:
    """Return *source* as meant in *context*, for a word with two meanings (``in_context("动词", "打开")``)."""
    return _Spoken.catalogue.text(source, context)


def plural(source: str, count: int, **fields: object) -> str:
    """Return *source* for *count*, filled in: ``plural("{count} 条记录", n)`` becomes "1 record" or "2 records"."""
    return _Spoken.catalogue.counted(source, count).format(count=count, **fields)
