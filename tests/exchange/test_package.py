"""A package carries what may leave, opens everywhere, and shows every changed byte."""

from __future__ import annotations

import random
import sqlite3  # noqa: TID251 - any other tool
from datetime import datetime

import pytest
from PIL import Image

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.exchange import package, package_check, package_rows
from envdesk.exchange.package import export
from envdesk.exchange.package_check import verify
from envdesk.figures.period import parse_period
from envdesk.formdef import loader
from envdesk.store import attachments, file
from envdesk.store.drafts import keep
from envdesk.store.save import add, edit
from envdesk.store.settings import write

NOW = datetime(2026, 11, 20, 9, 0)
KEY = bytes(range(32))
NAME, PHONE = "欧阳小菊", "13812345678"
SECRETS = (NAME, PHONE, "草稿里的话", "只在历史里")


@pytest.fixture(scope="module")
def catalogue():
    return loader.load([paths.forms_dir()])


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def store(data_dir, catalogue, tmp_path, request):
    Image.effect_noise((50, 50), 9).convert("RGB").save(tmp_path / "a.jpg")
    Image.effect_noise((60, 50), 9).convert("RGB").save(tmp_path / "内部.jpg")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 x")
    path = data_dir / "台账.envdesk"
    with file.create(
        path, catalogue, office="均禾街", code="440111", clock=Clock(NOW), who="李敏", key=request.param
    ) as s:
        put(s, "subject", name="均禾鞋厂", types=["工业企业"], address="均禾路1号", industry="制鞋", contact="王老板",
            phone="13900001111", register_from="2026-01-01")  # fmt: skip
        photos = ["a.jpg", {"path": "内部.jpg", "internal": True}]
        first = put(s, "work_order", tmp_path, source="12345", order_no="X1", received_at="2026-11-02 09:30",
                    content=f"{NAME}反映异味，电话{PHONE}", location="均禾路", complainant=NAME, phone=PHONE,
                    photos=photos, remark="只在历史里")  # fmt: skip
        edit(s, "work_order", first, {"remark": None})
        put(s, "work_order", tmp_path, source="来信", received_at="2026-10-02", content="保密内容", location="保密地点",
            complainant=NAME, confidential=True, pollution=["噪声"], files=["b.pdf"],
            extensions=[{"applied_at": "2026-10-05", "reason": "保密理由", "new_due": "2027-01-31"}])  # fmt: skip
        put(
            s,
            "inspection",
            tmp_path,
            visit_date="2026-11-03",
            people=["李敏", "王五"],
            subject_id="均禾鞋厂",
            order_id="X1",
        )
        keep(s, "work_order", {"content": "草稿里的话"})
        yield s


def put(store, form, base=None, **raw):
    done = add(store, form, [raw | {"warnings": "accept"}], base_dir=base)
    assert not done.refused, done.problems
    return done.ids[0]


def rows(path, sql):
    con = sqlite3.connect(path)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def code(excinfo):
    return excinfo.value.code


# ------------------------------------------------------------------------------------------------------- what it holds
def test_the_code_the_office_has_set_goes_along(store, tmp_path):
    write(store, "office_code", "440112")

    assert export(store, tmp_path / "上报.envpkg").manifest["office_code"] == "440112"


def test_package_is_a_plain_file_with_chinese_views(store, tmp_path):
    made = export(store, tmp_path / "上报.envpkg")

    assert made.manifest["office_name"] == "均禾街"
    assert made.counts["work_order"] == 2
    assert made.counts["subject"] == 1
    assert rows(made.path, 'SELECT "名称", "地址" FROM "监管对象台账"') == [("均禾鞋厂", "均禾路1号")]
    assert rows(made.path, """SELECT "内容" FROM "上报说明" WHERE "项目" = 'office_code'""") == [("440111",)]
    assert ("12345/信访工单", 2, 0) in rows(made.path, 'SELECT "表", "条数", "其中作废" FROM "上报各表"')
    assert rows(made.path, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'") == [(0,)]
    assert rows(made.path, "PRAGMA journal_mode") == [("delete",)]


def test_nothing_private_is_in_the_file(store, tmp_path):
    raw = export(store, tmp_path / "a.envpkg").path.read_bytes()

    assert [w for w in SECRETS if w.encode() in raw] == []
    assert [w for w in ("保密内容", "保密地点", "保密理由") if w.encode() in raw] == []
    tables = {t for (t,) in rows(tmp_path / "a.envpkg", "SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {t for t in tables if not t.startswith("t_")} == {
        "manifest", "manifest_form", "manifest_table", "attachment_data", "form_version", "seal", "report_text",
    }  # fmt: skip


def test_complainant_is_masked_and_the_place_stays(store, tmp_path):
    path = export(store, tmp_path / "a.envpkg").path

    sql = "SELECT complainant, phone, content, location FROM t_work_order WHERE order_no = 'X1'"
    assert rows(path, sql) == [("欧**", "138****5678", "欧**反映异味，电话138****5678", "均禾路")]
    assert rows(path, "SELECT contact, phone FROM t_subject") == [("王老板", "13900001111")]


def test_confidential_order_leaves_as_dates_and_kinds(store, tmp_path):
    path = export(store, tmp_path / "a.envpkg").path

    sql = "SELECT id, received_at, source, content, location, complainant FROM t_work_order WHERE confidential = 1"
    rec, *rest = rows(path, sql)[0]
    assert rest == ["2026-10-02T00:00", "来信", None, None, None]
    assert rows(path, f"SELECT value FROM t_work_order__pollution WHERE rec = '{rec}'") == [("噪声",)]
    assert rows(path, f"SELECT applied_at, reason FROM t_work_order__extensions WHERE rec = '{rec}'") == [
        ("2026-10-05", None)
    ]
    assert rows(path, f"SELECT count(*) FROM t_work_order__files WHERE rec = '{rec}'") == [(0,)]


def test_hashes_of_hidden_words_cannot_be_guessed_but_tell_states_apart(store, tmp_path):
    def hashes(name):
        return dict(rows(export(store, tmp_path / name).path, "SELECT id, hash FROM t_work_order"))

    before = hashes("a.envpkg")
    own = dict(store.con.query("SELECT id, hash FROM t_work_order"))
    assert not set(before.values()) & set(own.values())
    assert hashes("b.envpkg") == before
    rec = store.con.value("SELECT id FROM t_work_order WHERE order_no = 'X1'")
    edit(store, "work_order", rec, {"phone": "13812349999"})
    after = hashes("c.envpkg")
    assert {k for k in before if before[k] != after[k]} == {rec}


def test_attachments_go_along_but_internal_photos(store, tmp_path):
    made = export(store, tmp_path / "a.envpkg")

    names = {u.sha256: u.name for u in attachments.uses(store)}
    carried = rows(made.path, "SELECT sha256, data FROM attachment_data")
    assert [names[sha] for sha, _data in carried] == ["a.jpg"]
    assert carried[0][1] == attachments.read(store, carried[0][0])
    assert made.attachments == 1


def test_bare_package_has_neither_attachments_nor_people(store, tmp_path):
    made = export(store, tmp_path / "a.envpkg", bare=True)

    assert made.attachments == 0
    assert rows(made.path, "SELECT contact, phone FROM t_subject") == [("王**", "139****1111")]


def test_missing_attachment_is_said_not_fatal(store, tmp_path):
    use = next(u for u in attachments.uses(store) if u.name == "a.jpg")
    attachments.place(store.files_dir, use.sha256).unlink()

    made = export(store, tmp_path / "a.envpkg")

    assert use.sha256 in made.manifest["missing_attachments"]


def test_period_takes_its_records_and_what_they_refer_to(store, tmp_path):
    store.con.execute("UPDATE t_work_order SET updated_at = '2026-10-02T08:00:00' WHERE source = '来信'")

    made = export(store, tmp_path / "a.envpkg", period=parse_period("2026-11"))

    assert (made.counts["work_order"], made.counts["inspection"], made.counts["visit"]) == (1, 1, 1)
    assert (made.counts["outing"], made.counts["subject"], made.counts["person"]) == (1, 1, 2)
    assert rows(made.path, "PRAGMA foreign_key_check") == []
    assert made.manifest["start"] == "2026-11-01"
    other = export(store, tmp_path / "b.envpkg", period=parse_period("2026-10"))
    assert (other.counts["work_order"], other.counts["inspection"], other.counts["visit"]) == (1, 0, 0)


def test_records_removed_by_a_period_leave_no_trace(store, tmp_path):
    made = export(store, tmp_path / "a.envpkg", period=parse_period("2025"))

    assert "均禾路".encode() in export(store, tmp_path / "b.envpkg").path.read_bytes()
    assert "反映异味".encode() not in made.path.read_bytes()


def test_export_is_noted_and_repeatable(store, tmp_path):
    one = export(store, tmp_path / "a.envpkg")
    two = export(store, tmp_path / "a.envpkg")

    assert one.manifest["digest"] == two.manifest["digest"]
    assert store.con.query("SELECT kind, hash FROM outgoing") == [("package", one.sha256), ("package", two.sha256)]
    assert package_check.whole_hash(one.path) == two.sha256


def test_only_packages_are_replaced(store, tmp_path):
    (tmp_path / "论文.docx").write_bytes(b"x" * 100)
    for out in (tmp_path / "论文.docx", store.path):
        with pytest.raises(Refused) as e:
            export(store, out)
        assert code(e) == "db_exists"


def test_failure_leaves_nothing_behind(store, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(package, "cut_to_period", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(store, tmp_path / "out" / "a.envpkg", period=parse_period("2026"))

    assert list((tmp_path / "out").iterdir()) == []
    assert store.con.value("SELECT count(*) FROM outgoing") == 0


# ------------------------------------------------------------------------------------------------------------- proving
def test_every_changed_byte_is_noticed(store, tmp_path, slow_size):
    made = export(store, tmp_path / "a.envpkg")
    good = made.path.read_bytes()
    chance = random.Random(3)
    places = [*range(100), *(chance.randrange(len(good)) for _ in range(slow_size(bounded=60, full=2000)))]
    bad = tmp_path / "b.envpkg"
    for place in places:
        bad.write_bytes(good[:place] + bytes([good[place] ^ (1 << chance.randrange(8))]) + good[place + 1 :])
        with pytest.raises(Refused) as e:
            verify(bad)
        assert code(e) in ("package_broken", "package_key"), place
    bad.write_bytes(good)
    assert verify(bad).sha256 == made.sha256


def test_cut_and_longer_files_are_noticed(store, tmp_path):
    good = export(store, tmp_path / "a.envpkg").path.read_bytes()
    for broken in (good[:-4096], good + bytes(4096), good + b"x", good[: len(good) // 2], b"", b"text"):
        (tmp_path / "b.envpkg").write_bytes(broken)
        with pytest.raises(Refused) as e:
            verify(tmp_path / "b.envpkg")
        assert code(e) in ("package_broken", "package_key")


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("UPDATE t_work_order SET location = '别处'", "12345/信访工单"),
        ("DELETE FROM t_inspection", "现场检查记录"),
        ("UPDATE t_work_order__pollution SET value = '水'", "12345/信访工单"),
        ("UPDATE manifest SET value = '别的街' WHERE key = 'office_name'", "清单"),
        ("UPDATE attachment_data SET data = x'00'", "附件"),
        ("CREATE TABLE extra (a)", "extra"),
        ("CREATE TRIGGER t AFTER INSERT ON t_grid BEGIN DELETE FROM t_grid; END", "触发器"),
        ("UPDATE form_version SET text = ''", "表样"),
        ("DROP TABLE manifest", "不是上报文件"),
    ],
)
def test_changed_part_is_named(store, tmp_path, sql, part):
    path = export(store, tmp_path / "a.envpkg").path
    con = sqlite3.connect(path)
    con.execute(sql)
    con.commit()
    con.close()
    package_check.stamp(path)  # a forger knows the checksum

    with pytest.raises(Refused) as e:
        verify(path)

    assert code(e) == "package_broken"
    assert part in str(e.value)


def test_other_files_are_no_packages(tmp_path):
    plain = tmp_path / "x.db"
    sqlite3.connect(plain).execute("CREATE TABLE t(a)").connection.close()
    with pytest.raises(Refused) as e:
        verify(plain)
    assert code(e) == "package_broken"
    with pytest.raises(Refused) as e:
        verify(tmp_path / "没有")
    assert code(e) == "db_missing"


def test_newer_package_is_refused(store, tmp_path, monkeypatch):
    path = export(store, tmp_path / "a.envpkg").path
    monkeypatch.setattr(package_check, "FORMAT", "0")

    with pytest.raises(Refused) as e:
        verify(path)

    assert code(e) == "package_newer"


# ----------------------------------------------------------------------------------------------------------- encrypted
def test_passphrase_package_opens_with_it_only(store, tmp_path):
    import sqlcipher3  # noqa: TID251 - any other tool

    made = export(store, tmp_path / "a.envpkg", passphrase="区里的口令 1")

    assert made.encrypted
    assert "均禾".encode() not in made.path.read_bytes()
    assert verify(made.path, passphrase="区里的口令 1").counts == made.counts
    for wrong in (None, "x"):
        with pytest.raises(Refused) as e:
            verify(made.path, passphrase=wrong)
        assert code(e) == "package_key"
    con = sqlcipher3.connect(str(made.path))
    con.execute("PRAGMA key = '区里的口令 1'")
    assert con.execute("SELECT count(*) FROM t_work_order").fetchone() == (2,)
    con.close()
    assert export(store, made.path, passphrase="区里的口令 1").counts == made.counts  # our own package is replaced


def test_changed_encrypted_package_is_noticed(store, tmp_path):
    made = export(store, tmp_path / "a.envpkg", passphrase="口令")
    good = bytearray(made.path.read_bytes())
    chance = random.Random(4)
    for _ in range(10):
        bad = good.copy()
        bad[chance.randrange(len(bad))] ^= 1
        (tmp_path / "b.envpkg").write_bytes(bad)
        with pytest.raises(Refused) as e:
            verify(tmp_path / "b.envpkg", passphrase="口令")
        assert code(e) in ("package_broken", "package_key")


# ------------------------------------------------------------------------------------------------------------- masking
def test_scrubbing_replaces_words_of_two_letters_and_more():
    assert package_rows.scrub("张三和李四", "name", "张三", "phone", None) == "张**和李四"
    assert package_rows.scrub("张三", "name", "张") == "张三"
    assert package_rows.scrub(None, "name", "张三") is None
