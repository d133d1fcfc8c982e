"""Conflicts at the district: one of two delivered versions stands, or the street has to say; all of it can be undone."""

import itertools
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from office import Office, call, firm, order, visit

from envdesk.desk import district as verbs, office as offices
from envdesk.errors import Refused
from envdesk.exchange import conflicts
from envdesk.exchange.conflicts import BACK, KEEP, TAKE
from envdesk.sql import connect

MONTH = "2024-06"


def made_district(path):
    made = Office(path)
    made.run("init", "--office", "区分局", "--code", "QU", "--role", "district")
    return made


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Two packages of one street whose file was copied: order 2 has another handler in each; then a later version."""
    folder = tmp_path_factory.mktemp("两份")
    east = Office(folder / "东街.envdesk")
    east.run("init", "--office", "东街", "--code", "EAST")
    east.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
    east.add("subject", [firm("甲厂")])
    east.add("vocs_check", visit("甲厂", "2024-06-06", facility_kind=["喷淋"]))
    east.add("work_order", [order("1", "2024-06-02"), order("2", "2024-06-03")])
    twin = Office(folder / "副本.envdesk")
    shutil.copyfile(east.db, twin.db)
    east.edit("work_order", "2", handler="王强", received_at="2024-06-03T09:00")
    twin.edit("work_order", "2", handler="何静", received_at="2024-07-01T09:00")
    out = {}
    for name, one in (("a", east), ("b", twin)):
        out[name] = str(folder / f"{name}.envpack")
        one.run("export", "--out", out[name])
    east.edit("work_order", "2", handler="周启明")
    out["later"] = str(folder / "later.envpack")
    east.run("export", "--out", out["later"])
    return out


@pytest.fixture
def district(data_dir):
    return made_district(data_dir / "区.envdesk")


def merge(office, *files):
    return office.run("merge", *files)["files"]


def opened(office):
    return offices.opened(office.db, operator="李敏", as_of="2024-12-31")


def waiting(office):
    with opened(office) as desk:
        return [(c.form, c.theirs["handler"]) for c in verbs.conflicts(desk)]


def decide(office, way, why=""):
    with opened(office) as desk:
        found = verbs.conflicts(desk)[0]
        return verbs.decide(desk, found, way, why=why).value


def handler(office):
    return office.rows("work_order", "--where", "order_no = '2'")[0]["handler"]


def test_a_conflict_waits_with_both_versions(sent, district):
    merge(district, sent["a"])
    assert waiting(district) == []
    assert merge(district, sent["b"])[0]["conflict"] == 1
    with opened(district) as desk:
        (found,) = verbs.conflicts(desk)
        assert (found.ours["handler"], found.theirs["handler"], found.rev) == ("王强", "何静", 2)
        assert {"handler", "received_at"} <= set(found.differing)
        assert found.file == "b.envpack"
        assert verbs.board(desk, MONTH).rows[0].conflicts == 1


@pytest.mark.parametrize(("way", "stands", "count"), [(KEEP, "王强", 2), (TAKE, "何静", 1), (BACK, "王强", 2)])
def test_one_version_stands_and_the_same_files_do_not_ask_again(sent, district, way, stands, count):
    merge(district, sent["a"])
    merge(district, sent["b"])
    decide(district, way)
    assert (waiting(district), handler(district)) == ([], stands)
    assert district.values(MONTH, "wo_received") == {"wo_received": count}
    for name in ("b", "a", "b"):
        again = merge(district, sent[name])[0]
        assert (again["conflict"], again["new"], again["updated"]) == (0, 0, 0)
    assert (waiting(district), handler(district)) == ([], stands)
    assert district.run("check") == []


def test_the_order_of_the_files_does_not_matter_to_what_is_decided(sent, data_dir):
    stand = []
    for n, files in enumerate(itertools.permutations(("a", "b"))):
        made = made_district(data_dir / f"区{n}.envdesk")
        for name in files:
            merge(made, sent[name])
        decide(made, TAKE if handler(made) == "王强" else KEEP)
        for name in reversed(files):
            merge(made, sent[name])
        stand.append(made.rows("work_order"))
        assert waiting(made) == []
    assert stand[0] == stand[1]


@pytest.mark.parametrize("way", [KEEP, TAKE, BACK])
def test_a_decision_can_be_undone_and_done_again(sent, district, way):
    merge(district, sent["a"])
    merge(district, sent["b"])
    before = district.rows("work_order")
    decide(district, way)
    after = district.rows("work_order")
    district.run("undo")
    assert (waiting(district), handler(district)) == ([("work_order", "何静")], "王强")
    content = [{k: v for k, v in r.items() if k not in ("rev", "updated_at", "updated_by")} for r in (before[1],)]
    now = [r for r in district.rows("work_order") if r["id"] == before[1]["id"]]
    assert [{k: v for k, v in r.items() if k not in ("rev", "updated_at", "updated_by")} for r in now] == content
    decide(district, way)
    assert [r["handler"] for r in district.rows("work_order")] == [r["handler"] for r in after]
    assert waiting(district) == []


def test_the_merge_is_undone_after_its_decision_only(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    made = decide(district, TAKE)
    with closing(connect(district.db)) as con:
        first = con.value("SELECT min(no) FROM operation WHERE verb = 'merge'")
    answer = district.call("undo", str(first))
    assert (answer.code, answer.problems[0]["code"]) == (1, "undo_blocked")
    assert str(made) in answer.problems[0]["message"]
    district.run("undo")
    district.run("undo", str(first))
    assert district.rows("work_order") == []
    assert waiting(district) == []


def test_a_later_version_settles_it_and_an_older_decision_does_not_bind_it(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    merge(district, sent["later"])
    assert (waiting(district), handler(district)) == ([], "周启明")
    rec = district.rows("work_order", "--where", "order_no = '2'")[0]["id"]
    with opened(district) as desk, pytest.raises(Refused) as told:
        conflicts.decide(desk.store, rec, "x", KEEP)
    assert told.value.code == "conflict_gone"
    district.run("undo")
    decide(district, BACK)
    assert merge(district, sent["later"])[0]["updated"] == 1
    assert handler(district) == "周启明"


def test_the_history_of_the_record_says_what_was_decided(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    decide(district, BACK)
    district.run("undo")
    lines = [h for h in district.run("history", "work_order", "2") if h["label"] == "冲突"]
    assert [(h["verb"], h["old"], h["new"]) for h in lines] == [
        ("decide", None, "退回街道"),
        ("undo", "退回街道", None),
    ]


def test_the_receipt_of_either_file_says_what_stands(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    assert district.run("receipt", sent["b"])["decisions"] == []
    decide(district, TAKE)
    for name, word in (("a", "other"), ("b", "this")):
        said = district.run("receipt", sent[name])["decisions"]
        assert [(d["form"], d["stands"], d["who"]) for d in said] == [("work_order", word, "李敏")]
    plain = call([w for w in district.words("receipt", sent["a"]) if w != "--json"])
    assert "冲突已定，留下另一份，李敏" in plain.out
    district.run("undo")
    assert district.run("receipt", sent["a"])["decisions"] == []


def test_a_sealed_month_takes_the_other_version_with_a_reason_only(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    district.run("seal", "--period", MONTH)
    with pytest.raises(Refused) as told:
        decide(district, TAKE)
    assert told.value.code == "sealed"
    decide(district, TAKE, "东街来电，以B机为准")
    assert handler(district) == "何静"


def test_which_figures_hang_on_it_and_nothing_is_changed_by_asking(sent, district):
    merge(district, sent["a"])
    merge(district, sent["b"])
    before = district.rows("work_order")
    with opened(district) as desk:
        titles = verbs.affected(desk, verbs.conflicts(desk)[0], MONTH)
        assert desk.catalogue.figures["wo_received"].title in titles
        assert desk.catalogue.figures["insp_visits"].title not in titles
        assert desk.store.con.value("SELECT max(no) FROM operation WHERE verb = 'decide'") is None
    assert district.rows("work_order") == before


def test_a_street_decides_nothing(office):
    with opened(office) as desk, pytest.raises(Refused) as told:
        conflicts.decide(desk.store, "x", "y", KEEP)
    assert told.value.code == "merge_role"


def test_each_package_opens_with_its_own_words(sent, district, data_dir):
    street = Office(data_dir / "西街.envdesk")
    street.run("init", "--office", "西街", "--code", "WEST")
    street.add("work_order", order("1", "2024-06-02"))
    words = data_dir / "口令.txt"
    words.write_text("西街二〇二四", "utf-8")
    locked = data_dir / "西.envpack"
    street.run("export", "--out", str(locked), "--passphrase-file", str(words))
    told = []
    with opened(district) as desk:
        paths = [Path(sent["a"]), locked]
        closed = verbs.merge(desk, paths, dry_run=True).value
        assert [r.problem.code if r.problem else "" for r in closed.receipts] == ["", "package_key"]
        tried = verbs.merge(
            desk, paths, phrases={locked: "西街二〇二四"}, dry_run=True, told=lambda *said: told.append(said)
        )
        assert [r.problem for r in tried.value.receipts] == [None, None]
        assert tried.changed == frozenset()
    assert told[0] == (0, 4, "a.envpack")
    assert [n for n, _total, _name in told] == [0, 1, 2, 3]
    assert district.rows("work_order") == []


def test_both_files_in_one_merge_that_is_undone(sent, district):
    merge(district, sent["a"], sent["b"])
    (other,) = waiting(district)
    assert {other[1], handler(district)} == {"王强", "何静"}
    district.run("undo")
    assert (waiting(district), district.rows("work_order")) == ([], [])
