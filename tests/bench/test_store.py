"""What saving, importing, finding, listing, copying and opening cost beside the barest way to do the same."""

from __future__ import annotations

from pathlib import Path

import making
import pytest
import python_calamine
import xlsxwriter
from big_office import CAT, MONTH, desk_of, records, say, seconds

from envdesk import paths, sql
from envdesk.desk import exchange
from envdesk.formdef.live import list_table, table
from envdesk.formdef.loader import load
from envdesk.present.list_query import Listing, ListState
from envdesk.present.search import search
from envdesk.store import file
from envdesk.store.backup import backup
from envdesk.store.save import add

pytestmark = pytest.mark.bench
COUNT, ROWS = 1000, 5000


def orders(start: int, count: int) -> list[dict]:
    return [making.order(f"Q{start + n}", f"{MONTH}-{1 + n % 28:02}", warnings="accept") for n in range(count)]


def bare_insert(con, ids: list[str], suffix: str) -> float:
    """Seconds to write the same rows once more with sqlite-utils alone, all in one call; indexes and triggers included."""
    marks = ", ".join("?" * len(ids))
    rows = con.dicts(f"SELECT * FROM t_work_order WHERE id IN ({marks})", ids)
    types = con.dicts(f"SELECT * FROM t_work_order__pollution WHERE rec IN ({marks})", ids)
    for row in rows:
        row["id"], row["record_no"] = row["id"] + suffix, row["record_no"] + suffix
    for row in types:
        row["rec"] += suffix
    main, inner = con.db[table("work_order")], con.db[list_table("work_order", "pollution")]

    def write() -> None:
        with con.atomic():
            main.insert_all(rows)
            inner.insert_all(types)

    return seconds(write)


def test_saving(street_file, tmp_path):
    """A save reads, judges, numbers, logs, hashes, indexes and guards; a bare insert does none of it."""
    with desk_of(street_file, tmp_path) as desk:
        add(desk.store, "work_order", orders(900_000, 3))
        made: list[str] = []
        batch = seconds(lambda: made.extend(add(desk.store, "work_order", orders(0, COUNT)).ids))
        assert len(made) == COUNT
        bare = bare_insert(desk.store.con, made, "-b")
        ratio = say(f"saving {COUNT} orders in one operation", batch, bare, "sqlite-utils insert_all")
        single = seconds(lambda: [add(desk.store, "work_order", orders(500_000 + n, 1)) for n in range(20)]) / 20
        print(f"one order in an operation of its own: {single * 1000:.1f} ms")
        assert ratio <= 12


def test_importing(street_file, tmp_path):
    labels = {f.key: f.label for f in CAT.form("work_order").fields}
    keys = ["source", "order_no", "received_at", "content", "kind", "pollution", "location", "handler"]
    path = tmp_path / "工单.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("工单")
    sheet.write_row(0, 0, [labels[k] for k in keys])
    for n in range(ROWS):
        sheet.write_row(n + 1, 0, ["12345", f"I{n:06}", f"{MONTH}-{1 + n % 28:02} 09:30", f"第{n}件夜间有异味", "投诉", "大气",
                                   "石马一街", ["陈亮", "王强"][n % 2]])  # fmt: skip
    book.close()
    with desk_of(street_file, tmp_path) as desk:
        found = []
        ours = seconds(lambda: found.append(exchange.import_file(desk, "work_order", path)))
        assert len(found[0].ids) == ROWS
        read = seconds(lambda: python_calamine.load_workbook(path).get_sheet_by_index(0).to_python())
        bare = 0.0
        for start in range(0, ROWS, COUNT):
            bare += bare_insert(desk.store.con, found[0].ids[start : start + COUNT], "-b")
        ratio = say(f"importing {ROWS} rows", ours, read + bare, "calamine and insert_all")
        assert ratio <= 12


def test_finding(large_file, tmp_path):
    with desk_of(large_file, tmp_path) as desk:
        con = desk.store.con
        scan = "SELECT count(*) FROM search_text WHERE content LIKE ?"
        for word in ("工业", "GD-2025-1", "没有这个词"):
            bare = seconds(lambda w=word: con.query(scan, (f"%{w}%",)), 3)
            ours = seconds(lambda w=word: search(desk, w), 3)
            assert say(f"searching {word} in {records(con):,} records", ours, bare, "one LIKE scan") <= 3


def test_the_first_page_does_not_grow_with_the_file(street_file, large_file, tmp_path):
    found = {}
    for name, path in (("street", street_file), ("large", large_file)):
        with desk_of(path, tmp_path) as desk:
            for of in ("work_order", "visit"):
                found[of, name] = seconds(lambda d=desk, o=of: Listing(d, ListState(o)).rows(), 5)
    for of in ("work_order", "visit"):
        ratio = say(f"first page of {of} at 200,000 records", found[of, "large"], found[of, "street"], "at 20,000")
        assert ratio <= 10  # a day of the large file holds ten times as many


def test_copying(street_file, tmp_path):
    with desk_of(street_file, tmp_path) as desk:
        made: list[Path] = []
        ours = seconds(lambda: made.append(backup(desk.store).path))
        bare = seconds(lambda: desk.store.con.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),)))
        assert made[0].is_file()
        assert say("a backup that was opened and checked", ours, bare, "a bare VACUUM INTO") <= 4


def test_opening(street_file, tmp_path):
    with desk_of(street_file, tmp_path) as desk:
        path = desk.path
        desk.store.close()

        def opened() -> None:
            file.open_store(path, CAT).close()

        def bare() -> None:
            con = sql.connect(path)
            con.value("SELECT count(*) FROM meta")
            con.close()

        opened()
        ours, other = seconds(opened, 5), seconds(bare, 5)
        assert say("opening a street's file", ours, other, "a bare connect and one query") <= 4
        print(f"compiling all forms: {seconds(lambda: load([paths.forms_dir()]), 3) * 1000:.0f} ms")
        desk.store.con = file.open_store(path, CAT).con
