"""Photos and documents: kept beside the database under the hash of their content, never changed.

``NAME.files/ab/<sha256>`` holds the stored bytes. A file is written to a temporary name, synced and renamed before the
record that names it commits, so a crash leaves at worst a file nobody names (:func:`sweep` takes those away).

Photos are re-encoded: turned upright, at most 1600 px, JPEG, without EXIF (no GPS). Documents stay as they are.
With a key the bytes are encrypted (AES-256-GCM); the name stays the hash of the plain bytes. Reading checks that hash,
so a damaged file is never shown as a good one, and a plain file in an encrypted office (a switch that was interrupted)
still reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.errors import guess, problem, refuse
from envdesk.formdef.live import list_table
from envdesk.formdef.model import Choice, Field
from envdesk.formdef.types import BadValue, Context, clean_text, parse
from envdesk.sql import quote

if TYPE_CHECKING:
    from envdesk.store.file import Store

#: domain.md §2 BASE.
PHOTO_TAGS = ("现场", "整改前", "整改后")
FILE_KINDS = ("签字原件", "通知书", "复函", "签到表", "其他")
FILE_TYPES = ("pdf", "jpg", "png", "docx", "xlsx")

PHOTO_PIXELS = 1600
PHOTO_QUALITY = 85
PHOTO_MB = 60
"""A photo larger than this is refused before it is opened; what is stored is far smaller."""
PHOTO_AREA = 200_000_000
"""Pixels; a picture beyond it is a trap, not a photo."""
FILE_MB = 20
ORPHAN_SECONDS = 24 * 3600

MAGIC = b"EDA1"
NONCE = 12

_EXIF_IFD, _DATE_TIME_ORIGINAL = 0x8769, 0x9003
_EXIF_DATE = re.compile(r"(\d{4}):(\d{2}):(\d{2}) (\d{2}):(\d{2})")
_NAME_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.年]?(\d{2})[-_.月]?(\d{2})日?"
    r"(?:[ _T-]{0,3}(?:([0-2]\d)([0-5]\d)[0-5]\d(?!\d)|([0-2]\d)[-_.:：时]([0-5]\d)(?!\d)))?"
)
_SHA = re.compile(r"[0-9a-f]{64}")


# ---- writing that survives a power cut ---------------------------------------------------------------------------
def settle(path: Path) -> None:
    """Make a finished file and its name durable (a folder can not be synced on Windows; NTFS journals its names)."""
    with path.open("rb+") as f:
        os.fsync(f.fileno())
    settle_folder(path.parent)


def settle_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def temporary(path: Path) -> Path:
    """A name beside *path* for a file that is not finished yet."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")


def forget(path: Path) -> None:
    """Remove an unfinished file if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink()


def write_durably(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: temporary name, sync, rename.

    Raises:
        Refused: the place can not be written or the disk is full.
    """
    part = temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        part.replace(path)
        settle_folder(path.parent)
    except OSError as exc:
        forget(part)
        raise disk_refusal(path, exc) from exc


def disk_refusal(path: Path, exc: OSError) -> Exception:
    """The refusal for a failed write."""
    import errno

    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return refuse("disk_full")
    if isinstance(exc, PermissionError) and path.is_file():
        return refuse("file_open", name=path.name)
    return refuse("bad_path", path=str(path), detail=exc.strerror or str(exc))


# ---- encryption --------------------------------------------------------------------------------------------------
@lru_cache(maxsize=4)
def _cipher(key: bytes) -> tuple[Any, bytes]:
    """The cipher of attachments (a key of their own, derived from that of the file) and the mark of its files."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), 40, None, b"envdesk attachments 1").derive(key[:32])  # a salt may follow the key
    return AESGCM(derived[:32]), MAGIC + derived[32:]


def mark(key: bytes | None) -> bytes:
    """The first bytes of a file encrypted with *key*: ``EDA1`` and the key's own 8 bytes; empty for plain files."""
    return _cipher(key)[1] if key is not None else b""


def seal(data: bytes, sha256: str, key: bytes | None) -> bytes:
    """Bytes as they are kept on disk: plain, or mark + nonce + ciphertext with tag, bound to the name."""
    if key is None:
        return data
    nonce = os.urandom(NONCE)
    return mark(key) + nonce + bytes(_cipher(key)[0].encrypt(nonce, data, sha256.encode()))


def unseal(raw: bytes, sha256: str, key: bytes | None) -> bytes | None:
    """The plain bytes of a stored file, None when they are damaged or the key does not fit."""
    from cryptography.exceptions import InvalidTag

    if hashlib.sha256(raw).hexdigest() == sha256:
        return raw
    if key is None or not raw.startswith(mark(key)):
        return None
    body = raw[len(mark(key)) :]
    try:
        data = bytes(_cipher(key)[0].decrypt(body[:NONCE], body[NONCE:], sha256.encode()))
    except (InvalidTag, ValueError):  # ValueError: cut off inside the nonce
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


# ---- the folder --------------------------------------------------------------------------------------------------
def place(folder: Path, sha256: str) -> Path:
    """Where the bytes of this hash lie below a files folder."""
    if not _SHA.fullmatch(sha256):
        raise refuse("attachment_broken", value=sha256[:80])
    return folder / sha256[:2] / sha256


def stored(folder: Path) -> Iterator[Path]:
    """All finished files below a files folder."""
    if folder.is_dir():
        yield from sorted(p for p in folder.glob("[0-9a-f][0-9a-f]/*") if _SHA.fullmatch(p.name) and p.is_file())


def keep(store: Store, data: bytes) -> str:
    """Keep bytes and their row; returns the hash. The same content is kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = place(store.files_dir, sha256)
    if path.is_file() and unseal(path.read_bytes(), sha256, store.key) is not None:
        os.utime(path)  # an orphan that found its record is young again
    else:
        write_durably(path, seal(data, sha256, store.key))
    store.con.execute(
        "INSERT OR IGNORE INTO attachment VALUES (?, ?, ?)", (sha256, len(data), store.clock.now().isoformat())
    )
    return sha256


def read(store: Store, sha256: str) -> bytes:
    """Return the plain bytes of an attachment.

    Raises:
        Refused: ``attachment_missing`` or ``attachment_broken``.
    """
    path = place(store.files_dir, sha256)
    try:
        raw = path.read_bytes()
    except OSError:
        raise refuse("attachment_missing", value=name_of(store, sha256)) from None
    data = unseal(raw, sha256, store.key)
    if data is None:
        raise refuse("attachment_broken", value=name_of(store, sha256))
    return data


def transfer(source: Path, target: Path, sha256s: Iterable[str], *, key: bytes | None, was: bytes | None) -> Transfer:
    """Bring attachments from one files folder into another, only those the target lacks in the wanted form.

    Args:
        source: files folder to read.
        target: files folder to write; may be the same (a switch of encryption in place).
        sha256s: what is wanted.
        key: how the target keeps them.
        was: how the source keeps them.
    """
    copied, lost = [], []
    for sha256 in sha256s:
        there = place(target, sha256)
        if _in_form(there, key):
            continue
        try:
            data = unseal(place(source, sha256).read_bytes(), sha256, was)
        except OSError:
            data = None
        if data is not None:
            write_durably(there, seal(data, sha256, key))
            copied.append(sha256)
        elif not there.is_file():
            lost.append(sha256)
    return Transfer(tuple(copied), tuple(lost))


def _in_form(path: Path, key: bytes | None) -> bool:
    """True when a file is there, encrypted with *key* or plain as wanted (its content is not read)."""
    try:
        with path.open("rb") as f:
            head = f.read(len(MAGIC) + 8)
    except OSError:
        return False
    return head == mark(key) if key is not None else not head.startswith(MAGIC)


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was copied and what could not be found or read."""

    copied: tuple[str, ...]
    lost: tuple[str, ...]


def read_or_none(store: Store, sha256: str) -> bytes | None:
    """Return the plain bytes of an attachment, None when it is missing or damaged (a page prints without it)."""
    from envdesk.errors import Refused

    try:
        return read(store, sha256)
    except Refused:
        return None


@dataclass(frozen=True, slots=True)
class Use:
    """A record that names an attachment."""

    form: str
    rec: str
    field: str
    sha256: str
    name: str


def uses(store: Store) -> list[Use]:
    """Every row of every photo and file list, those inside rows (photos of a recheck) included."""
    out: list[Use] = []
    for form in store.catalogue.forms.values():
        for f in form.own:
            name = quote(list_table(form.id, f.column))
            if f.type in ("photos", "files"):
                sql = f"SELECT rec, sha256, name FROM {name} ORDER BY rec, pos"
                out += [Use(form.id, rec, f.key, sha or "", called or "") for rec, sha, called in store.con.query(sql)]
            for s in f.fields if f.type == "rows" else ():
                if s.type in ("photos", "files"):
                    column = quote(s.key)
                    sql = f"SELECT rec, {column} FROM {name} WHERE {column} IS NOT NULL ORDER BY rec, pos"
                    for rec, text in store.con.query(sql):
                        where = f"{f.key}.{s.key}"
                        out += [Use(form.id, rec, where, r["sha256"], r.get("name") or "") for r in json.loads(text)]
    return out


def name_of(store: Store, sha256: str) -> str:
    """The name a user knows an attachment by, else the beginning of its hash."""
    return next((u.name for u in uses(store) if u.sha256 == sha256 and u.name), sha256[:12])


def missing(store: Store) -> list[Use]:
    """Uses whose file is not there (damage inside a file is found by :func:`envdesk.store.check.check`)."""
    return [u for u in uses(store) if not _SHA.fullmatch(u.sha256) or not place(store.files_dir, u.sha256).is_file()]


def sweep(store: Store, *, now: float | None = None) -> list[Path]:
    """Remove what no committed record ever named and unfinished files, both older than a day.

    What was committed once stays: an undo or an old version may need it again.
    """
    limit = (time.time() if now is None else now) - ORPHAN_SECONDS
    known = {sha for (sha,) in store.con.query("SELECT sha256 FROM attachment")}
    gone: list[Path] = []
    if not store.files_dir.is_dir():
        return gone
    for path in sorted(store.files_dir.glob("*/*")):
        orphan = path.name not in known and (_SHA.fullmatch(path.name) or path.suffix == ".tmp")
        if orphan and path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone


# ---- taking in ---------------------------------------------------------------------------------------------------
def take_in(store: Store, field: Field, path: Path, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Take a photo or document into the folder of the office.

    Args:
        store: open file, inside the transaction that saves the record.
        field: a ``photos`` or ``files`` field.
        path: file to read.
        spec: what else was said: tag, caption, internal, taken_at of a photo; kind of a document.

    Returns:
        The row of the list: sha256, name, size and what belongs to the type.

    Raises:
        BadValue: ``file_missing``, ``file_too_large``, ``bad_file_kind``, ``bad_photo``, or a bad word in *spec*.
    """
    photo = field.type == "photos"
    known = ("tag", "caption", "internal", "taken_at", "name") if photo else ("kind", "name")
    for key in spec:
        if key not in (*known, "id", "sha256", "size"):
            raise BadValue(problem("unknown_key", field=field.key, key=str(key), guess=guess(str(key), list(known))))
    name = clean_text(str(spec.get("name") or path.name), lines=False)[-120:]
    data = _load(field, path, PHOTO_MB if photo else FILE_MB)
    today = Context(store.clock.today())
    if photo:
        data, seen = _picture(field, path, data)
        taken = _plausible(seen, store.clock.now()) or _plausible(date_in_name(path.name), store.clock.now())
        row = {"taken_at": _word(field, "taken_at", "拍摄时间", spec, today) or taken} | _photo_words(
            field, spec, today
        )
    else:
        _check_kind(field, path, data)
        row = {"kind": _word(field, "kind", "附件类别", spec, today, FILE_KINDS)}
    return {"sha256": keep(store, data), "name": name, "size": len(data), **row}


def _photo_words(field: Field, spec: Mapping[str, Any], today: Context) -> dict[str, Any]:
    return {
        "tag": _word(field, "tag", "照片类别", spec, today, PHOTO_TAGS),
        "internal": _word(field, "internal", "内部照片", spec, today),
        "caption": _word(field, "caption", "照片说明", spec, today),
    }


def _word(
    field: Field, key: str, label: str, spec: Mapping[str, Any], today: Context, words: tuple[str, ...] = ()
) -> Any:
    kind = {"taken_at": "datetime", "internal": "bool", "caption": "text"}.get(key, "choice")
    f = Field(field.key, label, kind, choices=tuple(Choice(w, w) for w in words), max_len=200 if kind == "text" else 0)
    return parse(f, spec.get(key), today)


def _load(field: Field, path: Path, limit: int) -> bytes:
    try:
        if not path.is_file():
            raise BadValue(problem("file_missing", field=field.key, value=str(path)))
        if path.stat().st_size > limit * 1024 * 1024:
            raise BadValue(problem("file_too_large", field=field.key, value=path.name, limit=limit))
        return path.read_bytes()
    except (OSError, ValueError):  # unreadable, or a name no system can have
        raise BadValue(problem("file_missing", field=field.key, value=str(path))) from None


def _check_kind(field: Field, path: Path, data: bytes) -> None:
    suffix = path.suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if suffix not in FILE_TYPES or suffix != _kind_of(data):
        expected = "、".join(FILE_TYPES)
        raise BadValue(problem("bad_file_kind", field=field.key, value=path.name, expected=expected))


def _kind_of(data: bytes) -> str:
    """What a document is by its content ("" = none we take): a renamed program is no pdf."""
    if data[:1024].lstrip().startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"PK"):
        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return ""
        return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""
    return ""


# ---- pictures ----------------------------------------------------------------------------------------------------
def _picture(field: Field, path: Path, data: bytes) -> tuple[bytes, str | None]:
    """Re-encode a photo; returns its bytes and when it was taken by its EXIF."""
    import warnings

    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd EXIF and large pictures are judged below
            with Image.open(io.BytesIO(data)) as source:
                _check_area(source.size)
                seen = _exif_date(source)
                scale = min(1.0, PHOTO_PIXELS / max(source.size))
                target = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
                source.draft("RGB", target)  # a JPEG is decoded at a fraction of its size: four times as fast
                image = ImageOps.exif_transpose(source)
        image = _flat(image)
        image.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=PHOTO_QUALITY, optimize=True)
    except Exception as exc:
        raise BadValue(problem("bad_photo", field=field.key, value=path.name)) from exc
    return out.getvalue(), seen


def _check_area(size: tuple[int, int]) -> None:
    if min(size) < 1 or size[0] * size[1] > PHOTO_AREA:
        raise ValueError(size)


def _flat(image: Any) -> Any:
    """RGB on white, nothing else carried along (EXIF, colour profile, comments)."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        base = Image.new("RGB", image.size, "white")
        base.paste(image, mask=image.getchannel("A"))
        return base
    base = image.convert("RGB")
    base.info = {}
    return base


def _exif_date(image: Any) -> str | None:
    value = image.getexif().get_ifd(_EXIF_IFD).get(_DATE_TIME_ORIGINAL)
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    match = _EXIF_DATE.match(str(value or ""))
    return _moment(match.groups()) if match else None


def date_in_name(name: str) -> str | None:
    """When a photo was taken by its file name, a day alone if it tells no time.

    20230605_101112, IMG_20230605, 2023-06-05 10.11, 微信图片_20230605101112. Four digits after the day may be a serial
    number and are no time.
    """
    for match in _NAME_DATE.finditer(name):
        parts = [p for p in match.groups() if p]
        found = _moment(parts)
        if found:
            return found
    return None


def _moment(parts: Sequence[str]) -> str | None:
    try:
        found = datetime(*(int(p) for p in parts))  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return found.strftime("%Y-%m-%dT%H:%M" if len(parts) > 3 else "%Y-%m-%d")


def _plausible(moment: str | None, now: datetime) -> str | None:
    """A camera whose clock was never set says 1970 or 2038; such a date is worse than none."""
    if moment is None:
        return None
    return moment if "2000" < moment < (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M") else None
