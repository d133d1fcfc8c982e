"""The district: packages of streets come together, in any order and as often as they like, and can be taken back."""

import itertools
import json
from contextlib import closing
from pathlib import Path

import pytest
from office import Office, firm, order, visit

from envdesk.sql import connect

MONTH = "2024-06"
DAY = "2024-06-06"
COUNTED = (
    "wo_received",
    "wo_rate",
    "insp_visits",
    "insp_subjects",
    "outing_cnt",
    "person_times",
    "prob_found",
    "voc_reg",
)
FINDING = {"desc": "危废未贴标签", "action": "限期整改"}


class Street(Office):
    """A street with its packages."""

    def send(self, name: str, *more: str) -> str:
        out = self.db.with_name(f"{name}.envpkg")
        self.run("export", "--out", str(out), *more)
        return str(out)


def street(folder: Path, code: str, name: str) -> Street:
    made = Street(folder / f"{code}.envdesk")
    made.run("init", "--office", name, "--code", code)
    made.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
    return made


@pytest.fixture
def east(data_dir):
    made = street(data_dir, "EAST", "东街")
    made.add("subject", [firm("甲厂"), firm("乙厂")])
    made.add("inspection", [visit("甲厂", DAY, findings=[FINDING]), visit("乙厂", DAY)])
    made.add("work_order", [order("1", "2024-06-02", closed_at="2024-06-05", complainant="张大民", phone="13812345678"),
                            order("2", "2024-06-03")])  # fmt: skip
    return made


@pytest.fixture
def west(data_dir):
    made = street(data_dir, "WEST", "西街")
    made.add("subject", firm("甲厂"))
    made.add("vocs_check", visit("甲厂", DAY, facility_kind=["喷淋"]))
    made.add("work_order", order("1", "2024-06-02", source="12369"))
    return made


@pytest.fixture
def district(data_dir):
    made = Office(data_dir / "区.envdesk")
    made.run("init", "--office", "区分局", "--code", "QU", "--role", "district")
    return made


def merge(district, *files, code=0):
    answer = district.call("merge", *files)
    assert answer.code == code, answer
    return answer.out


def live(office) -> dict:
    """All live records by id, as the district shows them."""
    forms = ("subject", "inspection", "vocs_check", "work_order", "rectification", "outing", "visit", "grid", "person")
    return {f: sorted(json.dumps(r, ensure_ascii=False, sort_keys=True) for r in office.rows(f)) for f in forms}


def test_the_district_counts_what_its_streets_count(east, west, district):
    done = merge(district, east.send("东"), west.send("西"))
    assert [f["problem"] for f in done["files"]] == [None, None]
    assert [f["office_name"] for f in done["files"]] == ["东街", "西街"]
    assert all(f["new"] > 5 and not f["conflict"] for f in done["files"])
    whole = district.values(MONTH, *COUNTED)
    parts = [s.values(MONTH, *COUNTED) for s in (east, west)]
    for name in set(COUNTED) - {"wo_rate"}:
        assert whole[name] == sum(p[name] for p in parts), name
    assert district.figures(MONTH, "wo_rate")["wo_rate"]["text"] == "33.33%"
    assert len(district.evidence("wo_received", MONTH)) == 3
    # two streets number each for itself, and a rectification still hangs on its sheet
    assert [r["record_no"] for r in district.rows("work_order")].count("GD-2024-0001") == 2
    assert district.rows("rectification")[0]["origin_id"] == east.rows("rectification")[0]["origin_id"]
    assert district.run("check") == []


def test_an_order_number_of_two_streets_is_asked_about_and_stops_no_seal(east, west, district):
    """R21 forbids it within an office; a district can mend neither record, and an order may have been passed on."""
    west.add("work_order", order("2", "2024-06-04"))
    merge(district, east.send("东"), west.send("西"))
    found = {f["rule"]: f for f in district.run("reconcile", "--period", MONTH)}
    assert found["R21"]["status"] == "pass"
    assert (found["R21b"]["status"], found["R21b"]["level"]) == ("fail", "warn")
    assert len(found["R21b"]["records"]) == 2
    district.run("seal", "--period", MONTH)
    assert "R21b" not in {f["rule"] for f in east.run("reconcile", "--period", MONTH)}


def test_one_street_alone_has_the_same_figures_at_the_district(east, district):
    merge(district, east.send("东"))
    here, there = district.figures("2024"), east.figures("2024")
    kept = {n: (r["text"], r["last_year"]) for n, r in there.items()}
    assert {n: (r["text"], r["last_year"]) for n, r in here.items()} == kept


def test_names_of_complainants_never_arrive(east, district):
    merge(district, east.send("东"))
    raw = district.db.read_bytes()
    assert "张大民".encode() not in raw
    assert b"13812345678" not in raw


def test_the_same_file_again_changes_nothing(east, district):
    sent = east.send("东")
    merge(district, sent)
    before = live(district)
    again = merge(district, sent, sent)
    assert (again["operation"], again["files"][0]["again"]) == (None, True)
    assert again["files"][0]["same"] > 5
    assert live(district) == before
    with closing(connect(district.db)) as con:
        assert con.value("SELECT count(*) FROM received") == 1


def test_newer_stands_older_is_told(east, district):
    first = east.send("一")
    east.edit("work_order", "2", closed_at="2024-06-20", verdict="属实", measures="已改", close_type="办结")
    second = east.send("二")
    merge(district, first)
    done = merge(district, second)["files"][0]
    assert (done["counts"]["work_order"], done["updated"]) == ({"same": 1, "updated": 1}, 1)
    late = merge(district, first)["files"][0]
    assert late["counts"]["work_order"] == {"same": 1, "superseded": 1}
    assert district.values(MONTH, "wo_closed_of_received") == {"wo_closed_of_received": 2}


def test_what_the_street_took_back_goes(east, district):
    merge(district, east.send("一"))
    east.add("work_order", order("3", "2024-06-08"))
    merge(district, east.send("二"))
    assert district.values(MONTH, "wo_received") == {"wo_received": 3}
    east.run("undo")
    done = merge(district, east.send("三"))["files"][0]
    assert done["gone"] == 1
    assert district.values(MONTH, "wo_received") == {"wo_received": 2}


def test_undo_of_a_merge_and_once_more(east, west, district):
    sent = [east.send("东"), west.send("西")]
    empty = live(district)
    merge(district, *sent)
    full = live(district)
    district.run("undo")
    assert live(district) == empty
    done = merge(district, *sent)
    assert [f["again"] for f in done["files"]] == [False, False]
    assert live(district) == full


def test_undo_of_an_update_can_be_merged_again(east, district):
    merge(district, east.send("一"))
    east.edit("work_order", "2", remark="催办一次")
    second = east.send("二")
    merge(district, second)
    district.run("undo")
    assert district.rows("work_order", "--where", "order_no = '2'")[0]["remark"] is None
    assert merge(district, second)["files"][0]["updated"] == 1
    assert district.rows("work_order", "--where", "order_no = '2'")[0]["remark"] == "催办一次"


def test_a_dry_run_tells_and_leaves_no_trace(east, district):
    sent = east.send("东")
    before = live(district)
    told = district.run("merge", sent, "--dry-run")
    assert (told["operation"], told["dry_run"]) == (None, True)
    assert live(district) == before
    assert told["files"][0]["new"] == merge(district, sent)["files"][0]["new"]


def test_the_order_of_packages_does_not_matter(east, west, data_dir):
    sent = [east.send("东一"), west.send("西")]
    east.edit("work_order", "1", remark="回访")
    east.add("inspection", visit("甲厂", "2024-06-07"))
    east.void("work_order", "2")
    sent += [east.send("东二"), east.send("东六月", "--period", MONTH)]
    seen = []
    for n, way in enumerate(itertools.permutations(sent)):
        if n % 4:
            continue  # six of the twenty-four
        made = Office(data_dir / f"区{n}.envdesk")
        made.run("init", "--office", "区分局", "--code", "QU", "--role", "district")
        for file in way:
            merge(made, file)
        seen.append(live(made))
    assert all(s == seen[0] for s in seen)


def test_a_conflict_keeps_what_is_there_and_names_the_fields(east, district, data_dir):
    twin = Street(data_dir / "副本.envdesk")
    twin.db.write_bytes(east.db.read_bytes())  # the file was copied to another PC and both went on
    east.edit("work_order", "2", handler="王强")
    twin.edit("work_order", "2", handler="何静")
    merge(district, east.send("东"))
    done = merge(district, twin.send("副本"))["files"][0]
    assert [(c["form"], c["record_no"], c["fields"]) for c in done["conflicts"]] == [
        ("work_order", "GD-2024-0002", ["承办人"])
    ]
    assert district.rows("work_order", "--where", "order_no = '2'")[0]["handler"] == "王强"


def test_two_offices_of_one_code_do_not_mix(east, district, data_dir):
    (data_dir / "别处").mkdir()
    other = street(data_dir / "别处", "EAST", "另一东街")
    merge(district, east.send("东"))
    answer = district.call("merge", other.send("别"))
    assert (answer.code, answer.out["files"][0]["problem"]["code"]) == (1, "merge_twin")
    assert len(district.rows("work_order")) == 2


def test_a_broken_file_leaves_the_rest_of_the_batch(east, west, district):
    bad = Path(east.send("东"))
    data = bytearray(bad.read_bytes())
    data[len(data) // 2] ^= 1
    bad.write_bytes(bytes(data))
    done = merge(district, str(bad), west.send("西"), code=1)
    assert [(f["problem"] or {}).get("code") for f in done["files"]] == ["package_broken", None]
    assert len(district.rows("work_order")) == 1


def test_only_a_district_merges_and_it_edits_no_record_of_a_street(east, west, district):
    sent = east.send("东")
    assert west.call("merge", sent).out["problems"][0]["code"] == "merge_role"
    merge(district, sent)
    rec = district.rows("work_order")[0]["id"]
    for answer in (
        district.try_edit("work_order", rec, remark="改一下"),
        district.call("void", "work_order", rec, "--why", "登记错误"),
    ):
        assert (answer.code, answer.out["problems"][0]["code"]) == (1, "foreign_record")
    district.add("work_order", order("区1", "2024-06-09"))  # its own it may write
    district.edit("work_order", "区1", remark="区里收到")


def test_photos_come_along(east, district, data_dir):
    from PIL import Image

    Image.new("RGB", (60, 40), "green").save(data_dir / "现场.jpg")
    file = data_dir / "工单.json"
    file.write_text(json.dumps(order("9", "2024-06-09", photos=[{"path": "现场.jpg"}]), ensure_ascii=False), "utf-8")
    east.run("add", "work_order", str(file))
    done = merge(district, east.send("东"))["files"][0]
    assert done["attachments"] == 1
    assert district.rows("work_order", "--where", "order_no = '9'")[0]["photos"][0]["sha256"]
    assert district.run("check") == []


def test_receipt_and_board(east, west, district):
    east.run("seal", "--period", MONTH)
    sent = east.send("东")
    merge(district, sent)
    got = district.run("receipt", sent)
    assert (got["kind"], got["office_name"], got["new"] > 5) == ("received", "东街", True)
    assert east.run("receipt", sent)["kind"] == "sent"
    unknown = west.send("西")
    assert district.call("receipt", unknown).out["problems"][0]["code"] == "not_received"
    district.run("set", "streets", "东街、西街、南街")
    merge(district, unknown)
    rows = {r["name"]: r for r in district.run("board", "--period", MONTH)["offices"]}
    assert {n: r["status"] for n, r in rows.items()} == {"东街": "已月结", "西街": "已报", "南街": "未报"}
    assert rows["东街"]["counts"] == {"inspection": 2, "work_order": 2, "rectification": 1}
    own = west.run("board", "--period", MONTH)["offices"]
    assert [(r["name"], r["status"], r["total"]) for r in own] == [("西街", "未报", 2)]


def test_a_month_the_district_has_sealed_takes_nothing_without_a_reason(east, district):
    merge(district, east.send("一"))
    district.run("seal", "--period", MONTH)
    east.add("work_order", order("补", "2024-06-09"))
    east.add("work_order", order("七月", "2024-07-02"))
    late = east.send("二")
    answer = district.call("merge", late)
    assert (answer.code, answer.out["problems"][0]["code"]) == (1, "sealed")
    assert district.values("2024-07", "wo_received") == {"wo_received": 0}  # all or nothing
    assert district.run("merge", late, "--why", "东街补报")["files"][0]["new"] == 2
    assert district.values(MONTH, "wo_received") == {"wo_received": 3}
