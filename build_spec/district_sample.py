"""A small district to look at and to test with: streets with four months of records and the files they report.

One street has two files that went apart (conflicts), one file is damaged, one has a passphrase, one holds records of
another street, and some send nothing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from envdesk.clock import Clock
from envdesk.desk import district, exchange, office
from envdesk.formdef.model import Catalogue
from envdesk.store import file, save, settings

MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09")
PHRASE = "石桥二〇二六"
NOW = datetime(2026, 10, 9, 9, 41)
NAME = "区生态环境分局"
#: Street → (code, sheets of each form in its four months, day and time of its file).
STREETS: dict[str, tuple[str, dict[str, tuple[int, int, int, int]], datetime]] = {
    "均禾街道": ("JH", {"work_order": (7, 8, 7, 8), "vocs_check": (4, 4, 4, 4), "site_dust_patrol": (3, 3, 3, 3), "publicity_event": (1, 1, 1, 1), "hazardous_waste_check": (2, 2, 2, 0)}, datetime(2026, 10, 8, 16, 20)),
    "云溪街道": ("YX", {"work_order": (6, 7, 6, 7), "vocs_check": (3, 3, 3, 3), "site_dust_patrol": (5, 5, 6, 2), "publicity_event": (0, 1, 1, 1), "hazardous_waste_check": (1, 1, 1, 1)}, datetime(2026, 10, 7, 15, 12)),
    "松柏街道": ("SB", {"work_order": (4, 4, 4, 4), "vocs_check": (6, 5, 6, 2), "site_dust_patrol": (2, 2, 3, 2), "publicity_event": (1, 1, 0, 0)}, datetime(2026, 10, 9, 8, 44)),
    "石桥街道": ("SQ", {"work_order": (5, 5, 5, 5), "vocs_check": (2, 3, 2, 3), "site_dust_patrol": (3, 3, 3, 3)}, datetime(2026, 10, 9, 9, 2)),
    "江湾街道": ("JW", {"work_order": (3, 3, 3, 3), "vocs_check": (2, 2, 2, 2)}, datetime(2026, 10, 9, 9, 10)),
    "金沙街道": ("JS", {"work_order": (6, 5, 6, 6), "vocs_check": (2, 2, 2, 2), "site_dust_patrol": (2, 2, 2, 2), "hazardous_waste_check": (2, 2, 2, 0)}, datetime(2026, 10, 9, 9, 31)),
}  # fmt: skip
SILENT = ("永安街道", "白沙街道", "新渡街道")
SIX = {f"six_{n}": "达标" for n in range(1, 7)}
MORE: dict[str, dict[str, Any]] = {
    "vocs_check": {"facility_kind": ["喷淋"]}, "site_dust_patrol": {**SIX, "tsp": "在线"},
    "hazardous_waste_check": {"label": "符合"},
}  # fmt: skip


@dataclass(frozen=True)
class District:
    """Where it lies: the district's own file, and the files of the streets by name."""

    db: Path
    files: dict[str, Path] = field(default_factory=dict)


def _put(store: file.Store, form: str, objects: list[dict[str, Any]]) -> None:
    outcome = save.add(store, form, [{"warnings": "accept", **o} for o in objects])
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]  # noqa: S101 - a script


def _street(path: Path, catalogue: Catalogue, name: str) -> None:
    """Make a street's file."""
    code, sheets, _when = STREETS[name]
    draw = Random(code)  # noqa: S311 - reproducible on purpose
    store = file.create(path, catalogue, office=name, code=code, district="白云区", clock=Clock(NOW), who="李敏")
    with store:
        office.furnish(store)
        _put(store, "grid", [{"code": "G1", "name": "石马", "kind": "联社"}])
        _put(store, "person", [{"name": n, "role": "执法人员"} for n in ("周启明", "陈立")])
        firm = {
            "types": ["工业企业", "涉VOCs企业", "产废单位"],
            "industry": "制鞋",
            "grid_id": "石马",
            "register_from": "2023-01-01",
        }
        made = [{**firm, "name": f"{t}皮具厂", "address": f"{name[:2]}大道118号", "contact": "王大明", "phone": "13800005678"}
                for t in ("永利", "正面", "鸿达")]  # fmt: skip
        site = {
            "types": ["建设工地"],
            "name": "恒兴工地",
            "address": f"{name[:2]}路9号",
            "grid_id": "石马",
            "register_from": "2023-01-01",
            "contractor": "某建",
        }
        _put(store, "subject", [site, *made])
        for form, counts in sheets.items():
            _put(
                store,
                form,
                [_sheet(code, form, m, n, draw) for m, count in zip(MONTHS, counts, strict=True) for n in range(count)],
            )


def _sheet(code: str, form: str, month: str, n: int, draw: Random) -> dict[str, Any]:
    day = f"{month}-{2 * n + 2:02}"
    if form == "work_order":
        return {
            "order_no": f"{code}{day.replace('-', '')}-{n + 1:04}", "source": "12345", "received_at": f"{day}T10:{draw.randrange(60):02}",
            "content": "夜间有刺鼻胶水味，要求查处。", "kind": "投诉", "pollution": ["大气-油烟"], "location": "石马新村东侧", "handler": "陈立",
            "complainant": "张大民", "phone": "13812345678", "grid_id": "石马",
        }  # fmt: skip
    if form == "publicity_event":
        return {"date": day, "type": "六五环境日", "title": "环保宣传进社区", "participants": 60 + n}
    subject = "恒兴工地" if form == "site_dust_patrol" else ("永利皮具厂", "正面皮具厂", "鸿达皮具厂")[n % 3]
    visit = {"visit_date": day, "session": "上午", "people": ["周启明", "陈立"], "subject_id": subject}
    return visit | MORE[form]


def _export(path: Path, catalogue: Catalogue, when: datetime, out: Path, phrase: Path | None = None) -> Path:
    store = file.open_store(path, catalogue, clock=Clock(when), who="李敏")
    with store:
        desk = office.Desk(store, catalogue, Clock(when), "李敏")
        exchange.export(desk, out, passphrase_file=phrase)
    return out


def _edit(path: Path, catalogue: Catalogue, when: datetime, who: str, changes: dict[str, dict[str, Any]]) -> None:
    store = file.open_store(path, catalogue, clock=Clock(when), who=who)
    with store:
        for form, change in changes.items():
            rec = store.con.value(f"SELECT id FROM t_{form} ORDER BY record_no DESC LIMIT 1")  # noqa: S608
            outcome = save.edit(store, form, rec, {"warnings": "accept", **change})
            assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]  # noqa: S101 - a script


def build(folder: Path, streets: tuple[str, ...] = tuple(STREETS)) -> District:
    """Make the streets' files and an empty district that expects them."""
    folder.mkdir(parents=True, exist_ok=True)
    db = folder / "区.envdesk"
    catalogue = office.load_forms(db, [])
    words = folder / "口令.txt"
    words.write_text(PHRASE, "utf-8")
    files: dict[str, Path] = {}
    for name in streets:
        own, when = folder / f"{name}.envdesk", STREETS[name][2]
        _street(own, catalogue, name)
        out = folder / f"{name} 2026年9月.envpack"
        if name == "云溪街道":
            files["云溪街道B"] = _twin(folder, own, catalogue)
        if name == "金沙街道":  # two records that another street wrote
            store = file.open_store(own, catalogue, clock=Clock(when), who="李敏")
            with store:
                store.con.execute(
                    "UPDATE t_work_order SET office = 'SB' WHERE id IN (SELECT id FROM t_work_order LIMIT 2)"
                )
        files[name] = _export(own, catalogue, when, out, words if name == "石桥街道" else None)
        if name == "江湾街道":
            data = bytearray(out.read_bytes())
            data[len(data) // 2] ^= 1
            out.write_bytes(data)
    store = file.create(db, catalogue, office=NAME, code="QU", role="district", clock=Clock(NOW), who="何静")
    with store:
        office.furnish(store)
        settings.write(store, "streets", "、".join((*STREETS, *SILENT)))
    return District(db, files)


def _twin(folder: Path, own: Path, catalogue: Catalogue) -> Path:
    """A copy of the street's file on another PC: both were worked on afterwards."""
    copy = folder / "云溪街道B机.envdesk"
    shutil.copyfile(own, copy)
    main, other = datetime(2026, 10, 7, 15, 10), datetime(2026, 10, 7, 16, 40)
    _edit(
        own,
        catalogue,
        main,
        "周启明",
        {
            "subject": {"remark": "已核对"},
            "work_order": {"content": "夜间有刺鼻胶水味，已到场核查。", "handler": "周启明"},
        },
    )
    _edit(copy, catalogue, other, "陈立", {
        "subject": {"address": "云溪大道181号", "status": "停产/停工", "status_from": "2026-10-05", "waste_class": "危废简化", "remark": "已核对"},
        "work_order": {"content": "夜间有刺鼻油漆味，企业已停工。", "handler": "陈立"},
    })  # fmt: skip
    return _export(copy, catalogue, datetime(2026, 10, 8, 17, 5), folder / "云溪街道 2026年9月 B机.envpack")


def merged(made: District, *names: str) -> None:
    """Merge files, each in an operation of its own, in this order."""
    with office.opened(made.db, operator="何静") as desk:
        desk.store.clock = Clock(NOW)
        for name in names:
            district.merge(desk, [made.files[name]])


def sample(folder: Path) -> District:
    """The district of the pictures: four streets merged, the rest still to be taken."""
    made = build(folder)
    merged(made, "均禾街道", "云溪街道", "云溪街道B", "松柏街道", "金沙街道")
    return made
