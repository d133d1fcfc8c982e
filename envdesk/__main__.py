"""``python -m envdesk``: the window, or a headless verb when one is given."""

from __future__ import annotations

import gc
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envdesk.cli.call import Call, Window


#: Kinds of files that Windows opens with the program: ``EnvDesk.exe FILE``.
OPENED = (".envpack", ".envdesk")


def main() -> int:
    """Run the verb of the command line, or open the window, perhaps on the file it was opened with."""
    from envdesk.gui.display import has_display

    words = sys.argv[1:]
    window: Window | None = None
    if has_display():
        if not words:  # a double click: there is no command line to read
            return open_window()
        window = open_window
        if len(words) == 1 and words[0].lower().endswith(OPENED):
            window, words = partial(open_window, opened=Path(words[0])), []
    from envdesk.cli import run

    return run(words, window)


def open_window(call: Call | None = None, *, sample: bool = False, opened: Path | None = None) -> int:
    """Open the window on the office's file, on a sample office or with a file; returns when it is closed.

    Args:
        call: what the command line says; None = nothing.
        sample: open the sample office.
        opened: file that the program was opened with.
    """
    gc.disable()  # a start makes much that stays; envdesk.gui.collector takes over
    db, as_name, as_of, key_file, forms = None, "", "", None, []
    if call is not None:
        a = call.args
        db, key_file = (Path(text) if text else None for text in (a.db, a.key_file))
        as_name, as_of, forms = a.as_name or "", a.as_of or "", call.forms
    sight = None
    if not (sample or opened):  # something to see before the program is read
        from envdesk.gui import first

        sight = first.show(db)
    from envdesk.gui import app

    return app.main(db, forms, as_name, as_of, key_file, sample=sample, opened=opened, sight=sight)


if __name__ == "__main__":
    raise SystemExit(main())
