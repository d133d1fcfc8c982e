"""First module of the installed program: a failure before there is a window still says something to the clerk.

``EnvDesk.exe`` has no console, so a traceback would go nowhere. It is written to ``start.log`` in the temporary folder
and a box says what to do. With a console the traceback goes there, as always.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path


def main() -> int:
    """Run the program; 3 when it could not be started at all."""
    try:
        from envdesk.__main__ import main as run
    except Exception:  # noqa: BLE001 - whatever it is, nobody else will say it
        return broken(traceback.format_exc())
    return run()


def broken(text: str) -> int:
    """Tell that files of the program are damaged."""
    if sys.stderr is not None:
        sys.stderr.write(text)
        return 3
    import ctypes
    import tempfile

    log = Path(tempfile.gettempdir()) / "EnvDesk-start.log"
    try:
        log.write_text(text, "utf-8")
    except OSError:
        log = Path()
    words = f"程序打不开，可能是文件被杀毒软件隔离。请重新安装，记录不受影响。\n\n详情：{log}"
    ctypes.windll.user32.MessageBoxW(None, words, "环保台账", 0x10)  # type: ignore[attr-defined,unused-ignore]
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
