"""What a user says of the columns of a file."""

import pytest
import small_office as o
from openpyxl import Workbook

from envdesk.errors import Refused
from envdesk.present import register_desk as r

HEADS = ("工单编号", "打哪来的", "派单时间", "内容", "诉求类型", "污染类型", "地点", "序号")
ROW = ("20261001-0001", "来访", "2026-10-01 10:00", "夜间有异味", "投诉", "大气-油烟", "石马新村", "1")


def book(path, heads=HEADS):
    made = Workbook()
    for row in (heads, ROW):
        made.active.append(row)
    made.save(path)
    return path


def test_headers_that_fill_nothing_come_first(desk, tmp_path):
    looked = r.look(desk, "work_order", book(tmp_path / "表.xlsx"))
    assert looked.heads[0] == ("打哪来的", "")
    assert dict(looked.heads)["地点"] == "location"
    assert "序号" not in dict(looked.heads)  # it only counts the rows


def test_what_was_said_is_imported(desk, tmp_path):
    said = {"打哪来的": "source", "地点": "", "别的表的列": "grid_id", "旧的": "no_longer_there"}
    looked = r.look(desk, "work_order", book(tmp_path / "表.xlsx"), said=said)
    assert dict(looked.heads)["打哪来的"] == "source"
    assert dict(looked.heads)["地点"] == ""
    assert looked.unknown == ()
    assert "旧的" not in looked.said
    done = r.take(desk, r.look(desk, "work_order", looked.path, said={"打哪来的": "source"})).value
    assert len(done.ids) == 1


def test_of_a_file_nobody_understands_the_headers_are_told(desk, tmp_path):
    odd = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
    looked = r.look(desk, "work_order", book(tmp_path / "怪.xlsx", odd))
    assert (looked.rows, looked.columns, looked.unknown) == (0, (), odd)
    assert looked.heads == tuple((head, "") for head in odd)
    empty = Workbook()
    empty.active.append((1, 2))
    empty.save(tmp_path / "数.xlsx")
    with pytest.raises(Refused) as found:
        r.look(desk, "work_order", tmp_path / "数.xlsx")
    assert found.value.code == "import_no_columns"


@pytest.mark.parametrize("form", sorted(f.id for f in o.catalogue().forms.values() if f.kind != "shared"))
def test_every_field_is_offered_once(form):
    from envdesk.desk import exchange

    offered = [key for _title, fields in r.fields(o.catalogue(), form) for key, _label in fields]
    assert sorted(offered) == sorted(exchange.fields(o.catalogue(), form))
