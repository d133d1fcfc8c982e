"""Each 勾稽关系 broken by real records: what the forms refuse today may lie in an old file, so it is written past them."""

from __future__ import annotations

import pytest
from office import SITE, SIX, Office, firm, order, visit

from envdesk.desk import office as offices
from envdesk.desk.figures import computer
from envdesk.figures.culprits import linear
from envdesk.figures.reconcile import reconcile

CASE = {"subject_id": "鞋厂", "cause": "未安装治污设施", "officers": ["张三", "李四"], "warnings": "accept"}


@pytest.fixture(scope="module")
def desk(new_file, tmp_path_factory):
    """A quarter with a little of everything, nothing wrong, open."""
    import shutil

    made = Office(tmp_path_factory.mktemp("勾稽") / "台账.envdesk", today="2024-06-30")
    shutil.copy(new_file, made.db)
    made.add("grid", [{"code": "G1", "name": "石马", "kind": "联社"}, {"code": "G2", "name": "均禾", "kind": "联社"}])
    made.add(
        "person", [{"name": n, "badge_no": str(k), "badge_until": "2026-12-31"} for k, n in enumerate(("张三", "李四"))]
    )
    made.add("subject", [
        firm("鞋厂"), firm("皮具厂", industry="皮具"), SITE,
        {"types": ["用车大户"], "name": "车队", "industry": "其他", "address": "均禾大道", "grid_id": "石马", "register_from": "2023-01-01"},
    ])  # fmt: skip
    made.add("inspection", visit("鞋厂", "2024-06-06", findings=[{"desc": "未更换活性炭", "action": "限期整改"}]))
    made.add("vocs_check", visit("鞋厂", "2024-06-06"))
    made.add("site_dust_patrol", visit("白云一号工地", "2024-06-07", session="夜间", **SIX))
    made.add("diesel_fleet_check", visit("车队", "2024-06-08", session="夜间", tested=3, failed=1))
    made.add("mobile_source_test", {"date": "2024-06-09", "kind": "柴油车路检", "tested": 5, "failed": 1, "people": ["张三", "李四"],
                                    "session": "上午", "place": "路口", "warnings": "accept"})  # fmt: skip
    made.add("work_order", [
        order("1", "2024-05-30", closed_at="2024-06-03", signed_at="2024-05-30", grid_id="石马"),
        order("2", "2024-06-03", closed_at="2024-06-05", signed_at="2024-06-03", grid_id="石马"),
        order("3", "2024-06-04", grid_id="石马", due_date="2024-07-30"),
    ])  # fmt: skip
    decided = {"decision": "处罚决定", "decision_no": "1", "decided_at": "2024-06-25", "fine_fen": 100}
    made.add("enforcement_case", CASE | decided | {"case_no": "1", "filed_at": "2024-06-11"})
    made.add("supervision_case", {"batch": "中央第二轮", "kind": "交办信访件", "case_no": "S1",
                                  "assigned_at": "2024-06-02", "content": "异味", "pollution": ["大气"],
                                  "warnings": "accept"})  # fmt: skip
    made.add("subject", {"types": ["散乱污场所"], "name": "无牌作坊", "industry": "其他", "address": "石马", "grid_id": "石马",
                         "register_from": "2024-01-01"})  # fmt: skip
    made.add("sanluanwu", {"subject_id": "无牌作坊", "found_date": "2024-06-01", "features": ["散"], "action": "关停取缔", "cut_water": True, "cut_power": True,
                           "clear_material": True, "clear_product": True, "clear_equipment": True,
                           "done_date": "2024-06-10", "verify_date": "2024-06-12", "warnings": "accept"})  # fmt: skip
    made.add("air_quality", {"period": "月", "until": "2024-06-30", "origin": "区局", "good_days": 20, "valid_days": 28,
                             "warnings": "accept"})  # fmt: skip
    with offices.opened(made.db, operator="测试", as_of="2024-06-30") as opened:
        yield opened


def judged(desk, period="2024-06"):
    return {f.rule: f for f in reconcile(computer(desk, period))}


@pytest.fixture
def after(desk):
    """Judge the month after statements that are taken back again."""
    con = desk.store.con

    def judge(*statements, period="2024-06"):
        for sql in statements:
            con.execute(sql)
        return judged(desk, period)

    con.execute("BEGIN")
    yield judge
    con.raw.execute("ROLLBACK")


def test_an_honest_quarter_breaks_nothing(desk):
    for period in ("2024-06", "2024Q2"):
        assert {
            r: f.message for r, f in judged(desk, period).items() if f.level == "block" and f.status == "fail"
        } == {}


TWO_GRIDS = "UPDATE t_vocs_check SET grid_id = (SELECT id FROM t_grid WHERE name = '均禾')"
WO, RECT, CASES = "UPDATE t_work_order SET", "UPDATE t_rectification SET", "UPDATE t_enforcement_case SET"
BROKEN = {
    "R1": ([f"{WO} closed_at = '2024-05-01' WHERE order_no = '2'"], {"GD-2024-0002"}),
    "R1-整改": ([f"{RECT} verify_date = '2024-05-01', verify_result = '已整改', next = '销号'"], {"ZG-2024-0001"}),
    "R1-案件": ([f"{CASES} decided_at = '2024-05-02'"], {"AJ-2024-0001"}),
    "R3": (["UPDATE t_sanluanwu SET action = NULL"], {"SL-2024-0001"}),
    "R6-天数": (["UPDATE t_air_quality SET valid_days = 31"], {"KQ-2024-0001"}),
    "R6-优良天数": (["UPDATE t_air_quality SET good_days = 29"], None),
    "R6-车队": (["UPDATE t_diesel_fleet_check SET failed = 4"], None),
    "R6-抽测": (["UPDATE t_mobile_source_test SET failed = 6"], {"YD-2024-0001"}),
    "R7": (["DELETE FROM t_outing__people WHERE pos = 1"], None),
    "R7-出动": (["UPDATE t_outing SET team_count = 9"], None),
    "R8-检查网格": ([TWO_GRIDS], {"VC-2024-0001", "XC-2024-0001"}),
    "R13": ([f"{CASES} filed_at = NULL"], {"AJ-2024-0001"}),
    "R14-罚款": ([f"{CASES} decision = '免予立案'"], {"AJ-2024-0001"}),
    "R14-不予处罚": ([f"{CASES} decision = '不予处罚决定'"], {"AJ-2024-0001"}),
    "R15-案件": ([f"{CASES} decided_at = '2024-06-10'"], {"AJ-2024-0001"}),
    "R15-工单": ([f"{WO} closed_at = '2024-06-02' WHERE order_no = '2'"], {"GD-2024-0002"}),
    "R15-工单时限": ([f"{WO} due_date = '2024-06-01' WHERE order_no = '3'"], {"GD-2024-0003"}),
    "R15-工单退回": ([f"{WO} return_at = '2024-06-01' WHERE order_no = '3'"], {"GD-2024-0003"}),
    "R15-整改": ([f"{RECT} verify_date = '2024-06-01'"], {"ZG-2024-0001"}),
    "R15-期限": ([f"{RECT} due = '2024-06-01'"], {"ZG-2024-0001"}),
    "R15-督察": (["UPDATE t_supervision_case SET closed_at = '2024-06-01'"], None),
    "R15-散乱污": (["UPDATE t_sanluanwu SET verify_date = '2024-06-05'"], {"SL-2024-0001"}),
    "R19": (["UPDATE t_inspection SET grid_id = NULL"], {"XC-2024-0001"}),
    "R21": ([f"{WO} order_no = '2' WHERE order_no = '3'"], {"GD-2024-0002", "GD-2024-0003"}),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_record_is_found_and_named(after, desk, rule):
    statements, expected = BROKEN[rule]
    assert judged(desk)[rule].status == "pass"
    found = after(*statements)[rule]
    assert found.status == "fail"
    assert found.message
    assert "请" in found.message
    numbers = {r["record_no"] for r in found.records}
    assert numbers == expected if expected is not None else numbers


def test_more_done_than_asked_for_is_a_warning(after):
    columns = "office, form_version, subject_id, found_date, action, done_date, verify_date"
    found = after(
        f"INSERT INTO t_sanluanwu (id, {columns}) SELECT 'z', {columns} FROM t_sanluanwu",
        'INSERT INTO t_task_target (id, office, form_version, year, figure_id, target, level, "from")'
        " VALUES ('t', 'x', 'x', 2024, 'slw_done', 1, '区下达', '2024-01-01')",
    )
    assert (found["R4"].level, found["R4"].status) == ("warn", "fail")
    assert found["R4b"].status == "pass"  # 200% is printed as it is


def test_typed_figures_of_the_past_stop_no_paper(after):
    found = after(
        "INSERT OR REPLACE INTO setting VALUES ('baseline_date', '2024-07-01')",
        'INSERT INTO t_history_value (id, office, form_version, figure_id, start, "end", value, doc)'
        " VALUES ('h', 'x', 'x', 'wo_received', '2024-04-01', '2024-06-30', 99, '手工台账')",
        period="2024Q2",
    )
    assert {r for r, f in found.items() if f.level == "block" and f.status == "fail"} == set()


def test_r23_a_deadline_in_a_year_without_calendar(after):
    found = after(f"{WO} due_date = '2031-01-05' WHERE order_no = '3'")["R23"]
    assert found.status == "fail"
    assert {r["record_no"] for r in found.records} == {"GD-2024-0003"}


@pytest.mark.usefixtures("after")
def test_r19_only_drafts_of_the_period(desk):
    from envdesk.store.drafts import keep

    keep(desk.store, "work_order", {"received_at": "2024-05-02T10:00"})
    assert judged(desk)["R19-草稿"].status == "pass"
    keep(desk.store, "inspection", {"visit_date": "2024-06-20"})
    keep(desk.store, "inspection", {})
    assert "2" in judged(desk)["R19-草稿"].message


@pytest.mark.parametrize(
    ("expr", "read"),
    [
        (":a + :b - :c = :d", ({"a": 1, "b": 1, "c": -1, "d": -1}, "=")),
        (":a <= :b", ({"a": 1, "b": -1}, "<=")),
        (":a >= 2 * :b", None),
        (":a = 0 or :b <= :c", None),
        ("(:a > 0) = (:b > 0)", None),
        (":a :b = :c", None),
    ],
)
def test_plain_sums_are_read(expr, read):
    assert linear(expr) == read
