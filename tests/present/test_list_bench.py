"""How fast a list is at 100,000 records (``-m bench``). Measured 2026-11 on two cores: see the docstring of lists."""

import random
import time
from datetime import date, timedelta

import pytest

from envdesk.present.list_query import Listing, ListState, opening
from envdesk.present.picker import find
from envdesk.present.search import search
from envdesk.sql import quote

N = 100_000


def copies(con, table, rec, **over):
    """Copy one row N times; *over* = column → SQL over ``i`` and ``day``."""
    [row] = con.dicts(f"SELECT * FROM {table} WHERE id = ?", (rec,))
    columns = list(row)
    picked = ", ".join(over.get(c, f"?{n + 1}") for n, c in enumerate(columns))
    names = ", ".join(quote(c) for c in columns)
    con.execute(f"INSERT INTO {table} ({names}) SELECT {picked} FROM n", list(row.values()))


@pytest.fixture
def large(desk, ids):
    con = desk.store.con
    days = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(1010)]
    pick = random.Random(1)
    visit = con.value("SELECT visit_id FROM t_vocs_check WHERE id = ?", (ids["检查5"],))
    outing = con.value("SELECT outing_id FROM t_visit WHERE id = ?", (visit,))
    with con.atomic():
        con.execute("CREATE TEMP TABLE n (i INTEGER PRIMARY KEY, day TEXT)")
        con.many("INSERT INTO n VALUES (?, ?)", [(i, pick.choice(days)) for i in range(N)])
        copies(con, "t_work_order", ids["已结"], id="printf('w%07d', i)", record_no="printf('GD-2024-%06d', i + 99)",
               order_no="printf('24%06d', i)", received_at="day || 'T10:00'", closed_at="day")  # fmt: skip
        copies(con, "t_outing", outing, id="printf('o%07d', i)", record_no="printf('CD-2024-%06d', i + 99)", date="day")
        copies(con, "t_visit", visit, id="printf('v%07d', i)", outing_id="printf('o%07d', i)")
        copies(con, "t_vocs_check", ids["检查5"], id="printf('k%07d', i)", record_no="printf('VC-2024-%06d', i + 99)",
               visit_id="printf('v%07d', i)")  # fmt: skip
        for form in ("work_order", "vocs_check"):
            con.execute(
                f"INSERT INTO search_text SELECT id, '{form}', lower(record_no) FROM t_{form} WHERE length(id) = 8"
            )
    con.execute("ANALYZE")
    return desk


@pytest.mark.bench
def test_a_hundred_thousand_records(large):
    said = []

    def timed(what, act):
        start = time.perf_counter()
        found = act()
        said.append(f"{what:44}{(time.perf_counter() - start) * 1000:8.1f} ms")
        return found

    for of in ("work_order", "vocs_check", "visit"):
        Listing(large, opening(large, of)).rows()
        for period in ("2026", ""):
            listing = Listing(large, ListState(of, period))
            timed(f"{of} {period or 'all'}: first page", listing.rows)
            count = timed(f"{of} {period or 'all'}: count", listing.count)
            last = timed(f"{of} {period or 'all'}: jump to the end", lambda x=listing, n=count: x.rows(n - 50, 50))
            timed(f"{of} {period or 'all'}: place of a record", lambda x=listing, r=last: x.position(r[0].id))
            timed(f"{of} {period or 'all'}: totals", listing.totals)
            assert len(last) == 50
    for key in ("order_no", "respondent_id", "source", "state", "due"):
        state = ListState("work_order").sorted_by(key)
        timed(f"work_order by {key}: first page", lambda s=state: Listing(large, s).rows())
    search(large, "佳达")
    for text in ("024-0999", "佳达", "没有的"):
        timed(f"search {text}", lambda t=text: search(large, t))
    field = large.catalogue.form("vocs_check").field("subject_id")
    timed("picker", lambda: find(large, field, "jd"))
    print("\n" + "\n".join(said))
    assert Listing(large, ListState("work_order")).count() > N
