"""``python -m envdesk``: the window, or a headless verb when one is given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envdesk.cli.call import Call


def main() -> int:
    """Run the verb of the command line, or open the window."""
    from envdesk.cli import run
    from envdesk.gui.display import has_display

    return run(sys.argv[1:], open_window if has_display() else None)


def open_window(call: Call, *, sample: bool) -> int:
    """Open the window on the office's file, or on a sample office; returns when it is closed."""
    from envdesk.gui import app

    a = call.args
    return app.main(
        Path(a.db) if a.db else None, call.forms, a.as_name or "", a.as_of or "",
        Path(a.key_file) if a.key_file else None, sample=sample,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
