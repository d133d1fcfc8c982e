"""Photos and documents are taken in whole, stay what they were, and survive a crash."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.formdef import loader
from envdesk.formdef.model import Field
from envdesk.formdef.types import BadValue
from envdesk.store import attachments, file
from envdesk.store.save import add
from envdesk.store.undo import undo

KEY = bytes(range(32))
PHOTOS = Field("photos", "照片", "photos")
FILES = Field("files", "附件", "files")
ORDER = {"source": "来信", "received_at": "2026-11-02", "content": "厂界异味"}


@pytest.fixture(scope="module")
def catalogue():
    return loader.load([paths.forms_dir()])


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def store(data_dir, catalogue, request):
    clock = Clock(datetime(2026, 11, 20, 9, 0))
    with file.create(data_dir / "台账.envdesk", catalogue, office="均禾街", clock=clock, key=request.param) as opened:
        yield opened


def picture(path, size=(320, 240), *, exif=None, mode="RGB", kind="JPEG"):
    image = Image.effect_noise(size, 60).convert(mode)
    data = Image.Exif()
    for tag, value in (exif or {}).items():
        if tag == "gps":
            data.get_ifd(0x8825)[1] = value
        elif tag == 0x9003:
            data.get_ifd(0x8769)[tag] = value
        else:
            data[tag] = value
    image.save(path, kind, exif=data) if kind == "JPEG" else image.save(path, kind)
    return path


def opened(data):
    return Image.open(io.BytesIO(data))


def code(excinfo):
    return excinfo.value.problem.code


def docx(path, inner="word/document.xml"):
    with zipfile.ZipFile(path, "w") as z:
        z.writestr(inner, "<x/>")
    return path


# -------------------------------------------------------------------------------------------------------------- photos
def test_photo_is_turned_shrunk_and_stripped(store, tmp_path):
    source = picture(
        tmp_path / "a.jpg", (4000, 3000), exif={0x0112: 6, 0x9003: "2026:11:03 10:11:12", "gps": "N", 0x010F: "相机"}
    )

    row = attachments.take_in(store, PHOTOS, source, {"tag": "整改前", "caption": "车间"})

    data = attachments.read(store, row["sha256"])
    image = opened(data)
    assert image.format == "JPEG"
    assert image.size == (1200, 1600)
    assert dict(image.getexif()) == {}
    assert row["taken_at"] == "2026-11-03T10:11"
    assert (row["tag"], row["caption"], row["internal"], row["name"]) == ("整改前", "车间", None, "a.jpg")
    assert (row["sha256"], row["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_original_is_not_touched(store, tmp_path):
    source = picture(tmp_path / "a.jpg")
    before = source.read_bytes()

    attachments.take_in(store, PHOTOS, source, {})

    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("L", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("RGB", "BMP")]
)
def test_any_picture_becomes_jpeg(store, tmp_path, mode, kind):
    row = attachments.take_in(store, PHOTOS, picture(tmp_path / "a.jpg", mode=mode, kind=kind), {})

    assert opened(attachments.read(store, row["sha256"])).mode == "RGB"


def test_transparent_picture_stands_on_white(store, tmp_path):
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")

    row = attachments.take_in(store, PHOTOS, tmp_path / "a.png", {})

    assert opened(attachments.read(store, row["sha256"])).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0" + b"\0" * 50, b"\x89PNG\r\n\x1a\n"])
def test_broken_photo_is_named(store, tmp_path, data):
    (tmp_path / "坏.jpg").write_bytes(data)

    with pytest.raises(BadValue) as e:
        attachments.take_in(store, PHOTOS, tmp_path / "坏.jpg", {})

    assert code(e) == "bad_photo"
    assert "坏.jpg" in e.value.problem.message


@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000))
def test_damaged_photo_is_refused_or_read_never_raises(cut, flip):
    data = io.BytesIO()
    Image.effect_noise((40, 40), 50).save(data, "JPEG")
    raw = bytearray(data.getvalue()[: len(data.getvalue()) - cut])
    if raw:
        raw[flip % len(raw)] ^= 0x55
    try:
        attachments._picture(PHOTOS, paths.forms_dir(), bytes(raw))
    except BadValue as bad:
        assert bad.problem.code == "bad_photo"  # noqa: PT017 - it may also be readable


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("20230605_101112.jpg", "2023-06-05T10:11"),
        ("IMG_20230605_101112_1.jpg", "2023-06-05T10:11"),
        ("IMG_20230605.jpg", "2023-06-05"),
        ("IMG_20230605_0012.jpg", "2023-06-05"),
        ("2023-06-05 10.11.jpg", "2023-06-05T10:11"),
        ("2023年06月05日.jpg", "2023-06-05"),
        ("微信图片_20230605101112.jpg", "2023-06-05T10:11"),
        ("20231305.jpg", None),
        ("440106199001011234.jpg", None),
        ("厂区.jpg", None),
    ],
)
def test_date_from_file_name(name, expected):
    assert attachments.date_in_name(name) == expected


@pytest.mark.parametrize("when", ["1970:01:01 00:00:00", "2038:01:01 00:00:00", "0000:00:00 00:00:00", "垃圾"])
def test_camera_without_clock_gives_no_date(store, tmp_path, when):
    exif = {0x9003: when} if when.isascii() else {0x010F: when}

    row = attachments.take_in(store, PHOTOS, picture(tmp_path / "厂区.jpg", exif=exif), {})

    assert row["taken_at"] is None


def test_said_moment_wins(store, tmp_path):
    row = attachments.take_in(
        store, PHOTOS, picture(tmp_path / "20230605_101112.jpg"), {"taken_at": "2026-11-01 08:00"}
    )

    assert row["taken_at"] == "2026-11-01T08:00"


@pytest.mark.parametrize(("spec", "expected"), [({"tag": "正面"}, "bad_choice"), ({"tags": "现场"}, "unknown_key")])
def test_bad_word_is_named(store, tmp_path, spec, expected):
    with pytest.raises(BadValue) as e:
        attachments.take_in(store, PHOTOS, picture(tmp_path / "a.jpg"), spec)

    assert code(e) == expected


# ----------------------------------------------------------------------------------------------------------- documents
def test_document_is_kept_unchanged(store, tmp_path):
    (tmp_path / "通知书.pdf").write_bytes(b"%PDF-1.4 \x00\xff")

    row = attachments.take_in(store, FILES, tmp_path / "通知书.pdf", {"kind": "通知书"})

    assert attachments.read(store, row["sha256"]) == b"%PDF-1.4 \x00\xff"
    assert row == {"sha256": row["sha256"], "name": "通知书.pdf", "size": 11, "kind": "通知书"}


def test_office_documents_are_known_by_content(store, tmp_path):
    assert attachments.take_in(store, FILES, docx(tmp_path / "a.docx"), {})
    assert attachments.take_in(store, FILES, docx(tmp_path / "a.xlsx", "xl/workbook.xml"), {})
    for wrong in (docx(tmp_path / "b.xlsx"), docx(tmp_path / "c.docx", "evil.exe")):
        with pytest.raises(BadValue) as e:
            attachments.take_in(store, FILES, wrong, {})
        assert code(e) == "bad_file_kind"


@pytest.mark.parametrize("name", ["a.exe", "a.pdf", "a", "a.docx"])
def test_other_kinds_are_refused(store, tmp_path, name):
    (tmp_path / name).write_bytes(b"MZ\x90\x00")

    with pytest.raises(BadValue) as e:
        attachments.take_in(store, FILES, tmp_path / name, {})

    assert code(e) == "bad_file_kind"


def test_large_document_is_refused_unread(store, tmp_path):
    with (tmp_path / "a.pdf").open("wb") as f:
        f.truncate(20 * 1024 * 1024 + 1)

    with pytest.raises(BadValue) as e:
        attachments.take_in(store, FILES, tmp_path / "a.pdf", {})

    assert code(e) == "file_too_large"


@pytest.mark.parametrize("name", ["没有.pdf", ".", "a\0b.pdf", "长" * 300 + ".pdf"])
def test_missing_file_is_named(store, tmp_path, name):
    with pytest.raises(BadValue) as e:
        attachments.take_in(store, FILES, tmp_path / name, {})

    assert code(e) == "file_missing"


def test_same_content_is_kept_once(store, tmp_path):
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.4")
        attachments.take_in(store, FILES, tmp_path / name, {})

    assert len(list(attachments.stored(store.files_dir))) == 1
    assert store.con.value("SELECT count(*) FROM attachment") == 1


# -------------------------------------------------------------------------------------------------- at rest, and damage
def test_content_is_readable_only_with_the_key(store, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 secret words")
    row = attachments.take_in(store, FILES, tmp_path / "a.pdf", {})
    raw = attachments.place(store.files_dir, row["sha256"]).read_bytes()

    assert (b"secret" in raw) is (store.key is None)
    assert attachments.unseal(raw, row["sha256"], bytes(32)) == (None if store.key else raw)


def test_every_flipped_bit_is_noticed(store, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 abc")
    sha = attachments.take_in(store, FILES, tmp_path / "a.pdf", {})["sha256"]
    path = attachments.place(store.files_dir, sha)
    good = path.read_bytes()
    for i in range(len(good)):
        path.write_bytes(good[:i] + bytes([good[i] ^ 1]) + good[i + 1 :])
        with pytest.raises(Refused) as e:
            attachments.read(store, sha)
        assert e.value.code == "attachment_broken"
        assert attachments.read_or_none(store, sha) is None


def test_damaged_file_is_healed_by_taking_it_in_again(store, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 abc")
    sha = attachments.take_in(store, FILES, tmp_path / "a.pdf", {})["sha256"]
    attachments.place(store.files_dir, sha).write_bytes(b"")

    attachments.take_in(store, FILES, tmp_path / "a.pdf", {})

    assert attachments.read(store, sha) == b"%PDF-1.4 abc"


def test_record_carries_its_photos_and_missing_ones_are_listed(store, tmp_path):
    picture(tmp_path / "a.jpg")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")

    done = add(store, "work_order", [ORDER | {"photos": ["a.jpg"], "files": [{"path": "b.pdf"}]}], base_dir=tmp_path)

    assert not done.refused
    assert attachments.missing(store) == []
    uses = attachments.uses(store)
    assert [(u.form, u.rec, u.field, u.name) for u in uses] == [
        ("work_order", done.ids[0], "photos", "a.jpg"), ("work_order", done.ids[0], "files", "b.pdf"),
    ]  # fmt: skip
    attachments.place(store.files_dir, uses[0].sha256).unlink()
    assert [u.field for u in attachments.missing(store)] == ["photos"]
    with pytest.raises(Refused) as e:
        attachments.read(store, uses[0].sha256)
    assert (e.value.code, e.value.context) == ("attachment_missing", {"value": "a.jpg"})


def test_bad_photo_of_a_record_is_named_by_position(store, tmp_path):
    picture(tmp_path / "a.jpg")

    done = add(store, "work_order", [ORDER | {"photos": ["a.jpg", "b.jpg"]}], base_dir=tmp_path)

    assert done.refused
    assert ("file_missing", "photos[1]") in {(p.code, p.field) for p in done.problems}


# --------------------------------------------------------------------------------------------------------------- sweep
def test_sweep_takes_old_orphans_only(store, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 refused")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 kept")
    add(store, "work_order", [{"source": "x", "files": ["a.pdf"]}], base_dir=tmp_path)
    done = add(store, "work_order", [ORDER | {"files": ["b.pdf"]}], base_dir=tmp_path)
    taken_back = undo(store, done.operation)
    part = next(attachments.stored(store.files_dir)).with_suffix(".1.tmp")
    part.write_bytes(b"half")

    assert attachments.sweep(store) == []
    gone = attachments.sweep(store, now=time.time() + 25 * 3600)

    assert len(gone) == 2
    assert part in gone
    undo(store, taken_back)  # the record needs its file again
    assert attachments.missing(store) == []


def test_bad_hash_reaches_no_file(store):
    for sha in ("../../etc/passwd", "", "A" * 64):
        with pytest.raises(Refused):
            attachments.read(store, sha)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_while_writing_leaves_whole_files_only(tmp_path):
    code = (
        "import sys, pathlib, hashlib, itertools\n"
        "from envdesk.store import attachments as a\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "for n in itertools.count():\n"
        "    data = bytes([n % 256]) * 2_000_000 + str(n).encode()\n"
        "    a.write_durably(a.place(folder, hashlib.sha256(data).hexdigest()), data)\n"
        "    print(n, flush=True)\n"
    )
    for delay in (0.0, 0.003, 0.007):
        with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            time.sleep(delay)
            os.kill(child.pid, signal.SIGKILL)
    files = list(attachments.stored(tmp_path))

    assert files
    assert all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in files)
