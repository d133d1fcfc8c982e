"""``python -m envdesk``: the window, or a headless verb when one is given."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the verb of the command line."""
    from envdesk.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
