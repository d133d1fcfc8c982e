"""A clerk's mixed day, generated: sheets, orders, edits, voids, undos, played on a real file."""

from __future__ import annotations

import making
from hypothesis import strategies as st
from undo_office import DAYS, PEOPLE, SUBJECTS, number_of

from envdesk.errors import Refused
from envdesk.formdef.live import table
from envdesk.store.query import fetch
from envdesk.store.save import Outcome, add, edit, void
from envdesk.store.undo import undo

REFUSALS = {"undo_blocked", "undo_done_before", "undo_nothing", "is_void", "already_void", "not_found"}


class Day:
    """Plays generated commands on a real file; what is refused changes nothing."""

    def __init__(self, store) -> None:
        self.store = store
        self.first = number_of(store)
        self.start = making.content(store)
        self.numbers: dict[str, str] = {}
        self.count = 0

    def pick(self, form: str, n: int) -> str:
        rows = self.store.con.query(f"SELECT id FROM {table(form)} WHERE void = 0 ORDER BY id")
        return rows[n % len(rows)][0] if rows else ""

    def play(self, command: tuple) -> None:
        name, *args = command
        before = number_of(self.store), making.content(self.store)
        try:
            done = getattr(self, name)(*args)
        except Refused as exc:
            if exc.code not in REFUSALS:
                raise
            done = None
        if done is None or done.refused:
            assert (number_of(self.store), making.content(self.store)) == before
        for (_form, rec), (_hash, _void, no) in making.content(self.store).items():
            assert no is None or self.numbers.setdefault(no, rec) == rec, f"{no} was given twice"

    def sheet(self, form: str, who: int, whom: int, day: int, findings: int):
        self.count += 1
        extra = {"assistance": {"way": "现场指导", "advice": "换炭"}}.get(form, {})
        rows = [making.LIMIT, making.AT_ONCE, making.LIMIT | {"desc": f"第{self.count}次"}][:findings]
        people = PEOPLE[: who + 1]
        return add(self.store, form, [making.visit(
            SUBJECTS[whom], DAYS[day], people, findings=rows, warnings="accept", **extra)])  # fmt: skip

    def subject(self, n: int):
        self.count += 1
        return add(
            self.store, "subject", [making.subject(f"新厂{self.count}", aliases=[SUBJECTS[n]], warnings="accept")]
        )

    def order(self, n: int):
        self.count += 1
        extra = {"respondent_id": self.pick("subject", n), "warnings": "accept"}
        return add(self.store, "work_order", [making.order(f"Z{self.count}", DAYS[n % 2], **extra)])

    def river(self, who: int):
        seen = [{"outfall_id": self.pick("subject", who), "flow": "清水"}]
        return add(self.store, "outfall_patrol", [{
            "date": DAYS[0], "session": "上午", "people": list(PEOPLE[: who + 1]), "river_id": "均禾涌",
            "warnings": "accept", "outfalls": seen}])  # fmt: skip

    def batch(self, n: int):
        self.count += 1
        rows = [making.visit(SUBJECTS[(n + k) % 2], DAYS[k % 2], PEOPLE[: 1 + k], findings=[making.LIMIT] * k,
                             warnings="accept") for k in range(3)]  # fmt: skip
        return add(self.store, "inspection", rows, verb="import")

    def edit(self, form: str, n: int, change: dict):
        rec = self.pick(form, n)
        if not rec:
            return None
        if "findings" in change:
            rows = fetch(self.store, self.store.catalogue.form(form), rec)["findings"]
            how = change["findings"]
            rows = {"drop": rows[1:], "turn": rows[::-1], "add": [*rows, making.LIMIT],
                    "word": [r | {"desc": f"改{self.count}"} for r in rows]}[how]  # fmt: skip
            change = {"findings": rows, "result": "发现问题" if rows else "未发现问题"}
        return edit(self.store, form, rec, change | {"warnings": "accept"})

    def void(self, form: str, n: int):
        rec = self.pick(form, n)
        return void(self.store, form, rec, "录错") if rec else None

    def undo(self, back: int, keep: bool):
        no = number_of(self.store) - back
        if no <= self.first:
            return None
        undo(self.store, no, keep_touched=keep)
        return Outcome(operation=no)


FORMS = st.sampled_from(["inspection", "vocs_check", "assistance"])
FEW = st.integers(0, 2)
SHEET_CHANGES = st.sampled_from([
    {"remark": "一"}, {"remark": "二"}, {"remark": None}, {"people": ["李敏", "陈静"]}, {"people": ["李敏"]},
    {"people": ["李敏", "王强"]}, {"subject_id": SUBJECTS[0]}, {"subject_id": SUBJECTS[1]}, {"visit_date": DAYS[0]},
    {"visit_date": DAYS[1], "session": "下午"}, {"source": "专项检查"}, {"vehicles": 2},
    {"joint_depts": ["住建", "城管"]}, {"findings": "drop"},
    {"findings": "turn"}, {"findings": "add"}, {"findings": "word"}, {"team_count": 2},
])  # fmt: skip
RECT_CHANGES = st.sampled_from([
    {"verify_date": "2026-10-20", "verify_result": "已整改", "verify_people": ["李敏"], "next": "销号"},
    {"problem": "另一问题"}, {"subject_id": SUBJECTS[1]}, {"remark": "三"},
    {"extensions": [{"applied_at": "2026-10-14", "reason": "停产", "new_due": "2026-12-01", "approved": True}]},
])  # fmt: skip
ORDER_CHANGES = st.sampled_from([
    {"closed_at": "2026-10-20", **making.CLOSING}, {"pollution": ["水", "大气-扬尘"]}, {"pollution": []},
    {"content": "又来"}, {"revisit": [{"date": "2026-10-21", "result": "满意"}]}, {"respondent_id": None},
])  # fmt: skip
SUBJECT_CHANGES = st.sampled_from([
    {"aliases": ["旧名"]}, {"types": ["餐饮单位"]}, {"status": "停产/停工", "status_from": "2026-10-01"},
    {"contact": "张三"},
])  # fmt: skip
COMMANDS = st.one_of(
    st.tuples(st.just("sheet"), FORMS, FEW, st.integers(0, 1), st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.just("sheet"), FORMS, FEW, st.integers(0, 1), st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.sampled_from(["subject", "order", "river", "batch"]), FEW),
    st.tuples(st.just("edit"), FORMS, FEW, SHEET_CHANGES),
    st.tuples(st.just("edit"), FORMS, FEW, SHEET_CHANGES),
    st.tuples(st.just("edit"), st.just("rectification"), FEW, RECT_CHANGES),
    st.tuples(st.just("edit"), st.just("work_order"), FEW, ORDER_CHANGES),
    st.tuples(st.just("edit"), st.just("subject"), FEW, SUBJECT_CHANGES),
    st.tuples(st.just("void"), st.sampled_from(["inspection", "vocs_check", "rectification", "work_order"]), FEW),
    st.tuples(st.just("undo"), st.integers(0, 4), st.booleans()),
)
