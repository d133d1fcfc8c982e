"""``python -m envdesk``: the window, or a headless verb when one is given."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envdesk.cli.call import Call, Window
    from envdesk.gui.first import FirstSight


#: Kinds of files that Windows opens with the program: ``EnvDesk.exe FILE``.
OPENED = (".envpack", ".envdesk")


def main() -> int:
    """Run the verb of the command line, or open the window, perhaps on the file it was opened with."""
    from envdesk.gui.display import has_display

    words = sys.argv[1:]
    window: Window | None = None
    if has_display():
        window = open_window
        if len(words) == 1 and words[0].lower().endswith(OPENED):
            window, words = partial(open_window, opened=Path(words[0])), []
        elif not words:  # a double click: something to see before the command line is read
            from envdesk.gui import first

            window = partial(open_window, sight=first.show(None))
    from envdesk.cli import run

    return run(words, window)


def open_window(call: Call, *, sample: bool, opened: Path | None = None, sight: FirstSight | None = None) -> int:
    """Open the window on the office's file, on a sample office or with a file; returns when it is closed."""
    a = call.args
    if sight is None and not (sample or opened):
        from envdesk.gui import first

        sight = first.show(Path(a.db) if a.db else None)
    from envdesk.gui import app

    return app.main(
        Path(a.db) if a.db else None, call.forms, a.as_name or "", a.as_of or "",
        Path(a.key_file) if a.key_file else None, sample=sample, opened=opened, sight=sight,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
