"""What every verb shares: the parsed call, JSON in, problems out."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

from envdesk import paths
from envdesk.errors import Problem, refuse
from envdesk.i18n import _


class Usage(Exception):  # noqa: N818
    """Wrong words on the command line."""


class Parser(argparse.ArgumentParser):
    """An argument parser that reports instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`Usage`."""
        raise Usage(f"error usage {self.prog}: " + _("命令写法不对：{detail}").format(detail=message))


class Window(Protocol):
    """Opens the window; handed in by ``envdesk.__main__``, so that no verb knows Qt."""

    def __call__(self, call: Call, *, sample: bool) -> int:
        """Open it on the data file of *call*, or on the sample office; returns the exit code when it is closed."""


@dataclass(frozen=True)
class Call:
    """One parsed command line. ``window`` opens the window, None without a display."""

    args: argparse.Namespace
    window: Window | None = None

    @property
    def db(self) -> Path:
        """The data file."""
        return Path(self.args.db) if self.args.db else paths.default_db()

    @property
    def forms(self) -> list[Path]:
        """Further form folders."""
        return [Path(f) for f in self.args.forms or ()]

    @property
    def operator(self) -> str:
        """Name written into operations."""
        return str(self.args.as_name or getpass.getuser())

    def desk(self) -> Any:
        """Open the data file."""
        from envdesk.desk.office import opened

        return opened(
            self.db, operator=self.operator, as_of=self.args.as_of or "", forms=self.forms,
            key_file=Path(self.args.key_file) if self.args.key_file else None,
        )  # fmt: skip

    def say(self, text: str, value: Any = None) -> None:
        """Print *value* as JSON with ``--json``, else *text*."""
        if self.args.json:
            print(json.dumps(value if value is not None else text, ensure_ascii=False, default=str))
        elif text:
            print(text)


def call_out(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr)


#: What helps on the command line, by code; the sentences themselves are those of the window.
HINTS = {
    "why_needed": "--why", "db_key": "--key-file", "report_blocked": "--draft", "unknown_issue": "report --issued",
    "merge_role": "init --role district", "import_unknown": "--map", "import_ambiguous": "--map",
    "import_register": "set baseline_date", "package_key": "--passphrase-file",
}  # fmt: skip


def complain(problems: Sequence[Problem]) -> None:
    """One line per problem on stderr: severity, code, place, sentence, and the option that helps."""
    for p in problems:
        place = "".join([f"[{p.index + 1}] " if p.index is not None else "", f"{p.field}: " if p.field else ""])
        hint = f"（{HINTS[p.code]}）" if p.code in HINTS else ""
        print(f"{p.severity} {p.code} {place}{p.message}{hint}", file=sys.stderr)


def read_json(source: str | None) -> tuple[Any, Path]:
    """Read an object from a file or stdin (``-``); returns it and the folder its paths are relative to."""
    try:
        if source in (None, "-"):
            text, base = sys.stdin.buffer.read().decode("utf-8-sig"), Path()
        else:
            path = Path(str(source))
            if not path.is_file():
                raise refuse("file_missing", value=str(source))
            text, base = path.read_text(encoding="utf-8-sig"), path.parent
        return json.loads(text, parse_float=str), base
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise refuse("bad_json", detail=str(exc)) from exc


def show_outcome(call: Call, outcome: Any, text: str) -> int:
    """Print a batch's result; returns the exit code."""
    if call.args.json:
        print(json.dumps(outcome.as_dict(), ensure_ascii=False))
    complain(outcome.problems)
    if outcome.refused:
        return 1
    if not call.args.json:
        numbers = "、".join(c["record_no"] for c in outcome.created if c["record_no"])
        print(f"{text} {numbers}".strip())
    return 0


def file_key(call: Call) -> bytes:
    """The key of ``--key-file``."""
    from envdesk.store.crypt import load_key

    return load_key(Path(call.args.key_file), call.db)


def reveal_options(p: Parser) -> None:
    """Options of verbs that can show personal data."""
    p.add_argument("--reveal", action="store_true")
    p.add_argument("--why")
