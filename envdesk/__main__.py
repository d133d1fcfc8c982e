"""``python -m envdesk``: the window, or a headless verb when one is given."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envdesk.cli.call import Call


#: Kinds of files that Windows opens with the program: ``EnvDesk.exe FILE``.
OPENED = (".envpack", ".envdesk")


def main() -> int:
    """Run the verb of the command line, or open the window, perhaps on the file it was opened with."""
    from envdesk.cli import run
    from envdesk.gui.display import has_display

    words = sys.argv[1:]
    window = open_window
    if len(words) == 1 and words[0].lower().endswith(OPENED):
        window, words = partial(open_window, opened=Path(words[0])), []
    return run(words, window if has_display() else None)


def open_window(call: Call, *, sample: bool, opened: Path | None = None) -> int:
    """Open the window on the office's file, on a sample office or with a file; returns when it is closed."""
    from envdesk.gui import first

    a = call.args
    sight = None if sample or opened else first.show(Path(a.db) if a.db else None)
    from envdesk.gui import app

    a = call.args
    return app.main(
        Path(a.db) if a.db else None, call.forms, a.as_name or "", a.as_of or "",
        Path(a.key_file) if a.key_file else None, sample=sample, opened=opened, sight=sight,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
