"""The short way to the rows of a period gives the rows of the view, for every figure and split over visits and findings."""

from __future__ import annotations

from datetime import date

import pytest

from envdesk import paths
from envdesk.desk.demo import build_demo
from envdesk.figures import engine as engines
from envdesk.figures.engine import Engine, FigureId
from envdesk.figures.period import Window
from envdesk.formdef.dated import period_name
from envdesk.formdef.live import Live
from envdesk.formdef.loader import load
from envdesk.store import file

CAT = load([paths.forms_dir()])
FIGURES = [
    f for f in CAT.figures.values() if f.of in ("visit", "finding") or CAT.figures.get(f.share, f).of in CAT.views
]
WINDOWS = [Window(date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 10)), Window(date(2025, 6, 1), date(2026, 3, 31), date(2026, 3, 31)),
           Window(date(2027, 1, 1), date(2027, 1, 31), date(2027, 1, 31))]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A small street; one subject was merged into another, one sheet voided."""
    path = tmp_path_factory.mktemp("期") / "台账.envdesk"
    build_demo(path, CAT, seed=3, until=date(2026, 3, 31), records=1_000)
    with file.open_store(path, CAT) as opened:
        con = opened.con
        busy = con.query("SELECT subject_id FROM t_visit GROUP BY 1 ORDER BY count(*) DESC LIMIT 2")
        con.execute("UPDATE t_subject SET canonical = ? WHERE id = ?", (busy[0][0], busy[1][0]))
        con.execute("UPDATE t_inspection SET void = 1 WHERE id = (SELECT max(id) FROM t_inspection)")
        yield opened


def answers(store) -> dict[tuple, list]:
    """Evidence and splits of the figures over views."""
    engine = Engine(store)
    out: dict[tuple, list] = {}
    for f in FIGURES:
        for n, window in enumerate(WINDOWS):
            out[f.id, n] = engine.evidence(FigureId(f.id), window)
            for dim in engine.dimensions(f.id):
                out[f.id, n, dim] = list(engine.groups(FigureId(f.id), window, dim).items())
    return out


def test_the_short_way_gives_the_rows_of_the_view(store, monkeypatch):
    assert len(FIGURES) > 15
    short = answers(store)
    used = {key[1] for key, q in store.cache.items() if key[0] == "figure" and '"visit@shared"' in q.clause}
    assert {"insp_visits", "visit_cnt"} <= used
    monkeypatch.setattr(engines, "period_name", lambda _live, of, _date: of)
    store.cache.clear()
    store.kept._rows.clear()
    long = answers(store)
    store.cache.clear()
    assert short.keys() == long.keys()
    assert [k for k in short if short[k] != long[k]] == []
    assert sum(map(len, short.values())) > 1000


def test_only_the_main_date_of_a_block_goes_the_short_way():
    live = Live(CAT)
    assert period_name(live, "visit", "visit_date") == "visit@"
    assert period_name(live, "finding", "visit_date") == "finding@"
    assert period_name(live, "finding", "fixed_at") == "finding"
    assert period_name(live, "visit", "") == "visit"
    assert period_name(live, "document", "day") == "document"
    assert period_name(live, "work_order", "received_at") == "work_order"
