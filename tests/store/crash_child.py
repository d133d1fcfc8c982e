"""Does one piece of work on an office file and dies at the n-th SQL statement of it. Started by test_crash.

``crash_child.py WORK TEMPLATE FOLDER N...``: for each n a copy ``n.envdesk`` of the template is made in the folder, the
work is done on it by a process of its own, and one line of JSON says what that process had confirmed. n = 0 never dies.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import making

from envdesk.store import file
from envdesk.store.file import Store
from envdesk.store.save import edit
from envdesk.store.undo import undo


def save_visit(store: Store) -> None:
    """A sheet with findings, a rectification, a new person and a new outing."""
    rows = [making.LIMIT, making.AT_ONCE]
    making.put(store, "inspection", making.visit("甲鞋厂", "2026-10-20", ["李敏", "新人"], findings=rows))


def import_batch(store: Store) -> None:
    """Thirty orders in one operation."""
    making.put(store, "work_order", *(making.order(f"P{n}", "2026-10-20") for n in range(30)), verb="import")


def take_back(store: Store) -> None:
    """Undo of the sheet the template was made with."""
    undo(store, store.con.value("SELECT op FROM change WHERE form = 'inspection' AND field IS NULL"))


def move_visit(store: Store) -> None:
    """Other people: the visit goes to another outing, the old one is void."""
    rec = store.con.value("SELECT id FROM t_inspection ORDER BY id LIMIT 1")
    making.ok(edit(store, "inspection", rec, {"people": ["王强"], "visit_date": "2026-10-21", "warnings": "accept"}))


WORK = {"save_visit": save_visit, "import_batch": import_batch, "take_back": take_back, "move_visit": move_visit}


class Fuse:
    """Counts SQL statements and ends the process at the n-th, without any of its last words."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.count = 0

    def burn(self, _statement: str) -> None:
        self.count += 1
        if self.count == self.n:
            if self.n % 2 and hasattr(signal, "SIGKILL"):
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(9)


def lit(connect: Callable[..., Any], fuse: Fuse) -> Callable[..., Any]:
    """Connections whose statements burn the fuse from the first one on."""

    def traced(*args: Any, **more: Any) -> Any:
        con = connect(*args, **more)
        con.raw.set_trace_callback(fuse.burn)
        return con

    return traced


def say(word: object) -> None:
    """Confirm to the parent process, at once."""
    os.write(1, f"{json.dumps(word)}\n".encode())


def work(name: str, path: Path, n: int) -> None:
    """One confirmed operation, then the work with the fuse burning."""
    fuse = Fuse(n)
    if name == "first_open":
        file.connect = lit(file.connect, fuse)
        making.reopen(path)
        say({"done": True, "statements": fuse.count})
        os._exit(0)
    store = making.reopen(path)
    say({"acknowledged": making.put(store, "work_order", making.order("ACK", "2026-10-19"))[0]})
    store.con.raw.set_trace_callback(fuse.burn)
    WORK[name](store)
    store.con.raw.set_trace_callback(None)
    say({"done": True, "statements": fuse.count})
    os._exit(0)  # without closing: the log stays as it is


def alone(name: str, path: Path, n: int) -> list[dict]:
    """Do the work in a process of its own; returns what it confirmed."""
    code = [sys.executable, __file__, "--one", name, str(path), str(n)]
    if not hasattr(os, "fork"):
        said = subprocess.run(code, capture_output=True, check=False).stdout
    else:
        said = forked(name, path, n)
    return [json.loads(line) for line in said.splitlines()]


def forked(name: str, path: Path, n: int) -> bytes:
    """As :func:`alone`, without starting Python again."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(write, 1)
        try:
            work(name, path, n)
        finally:
            os._exit(3)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def main(args: list[str]) -> None:
    if args[0] == "--one":
        work(args[1], Path(args[2]), int(args[3]))
        return
    name, template, folder, *numbers = args
    making.catalogue()
    for n in map(int, numbers):
        path = making.copy_of(Path(template), Path(folder) / f"{n}.envdesk")
        print(json.dumps([n, alone(name, path, n)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
