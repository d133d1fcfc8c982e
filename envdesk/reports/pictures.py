"""Photos on paper: turned upright, made small, stripped of everything but the picture, set in 4:3 frames."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from envdesk.reports.canvas import MM, RULE, Page
from envdesk.reports.layout import Piece
from envdesk.reports.textflow import Line

#: Longest side of an embedded picture in pixels (78 mm at 330 dpi) and its JPEG quality.
LONG_SIDE, QUALITY = 1024, 82
#: A picture is cropped to fill its frame when no more than this part of it is lost (16:9 loses a quarter).
MAX_CROP = 0.26
ASPECT = 4 / 3
GAP = 8 * MM
UNREADABLE = "照片无法读取"
PASTE_HERE = "照片粘贴处"


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo ready to draw: JPEG bytes without EXIF and its width / height; no data = a frame with *words*."""

    data: bytes = b""
    aspect: float = ASPECT
    words: str = PASTE_HERE


def prepare(data: bytes | None) -> Picture:
    """Make file bytes (any format Pillow reads) ready for paper; a place and a camera named in the file are dropped."""
    if data is None:
        return Picture()
    try:
        with Image.open(BytesIO(data)) as raw:
            picture = _cropped(ImageOps.exif_transpose(raw).convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Picture(words=UNREADABLE)
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), picture.width / picture.height)


def _cropped(picture: Image.Image) -> Image.Image:
    """Crop to 4:3 when little is lost; an upright picture stays whole."""
    aspect = picture.width / picture.height
    if 1 - min(aspect / ASPECT, ASPECT / aspect) > MAX_CROP:
        return picture
    if aspect > ASPECT:
        side = round((picture.width - picture.height * ASPECT) / 2)
        return picture.crop((side, 0, picture.width - side, picture.height))
    side = round((picture.height - picture.width / ASPECT) / 2)
    return picture.crop((0, side, picture.width, picture.height - side))


@dataclass(frozen=True)
class PhotoRow:
    """One row of frames with captions; never cut."""

    pictures: tuple[Picture, ...]
    captions: tuple[tuple[Line, ...], ...]
    per_row: int
    width: float
    scale: float = 1.0

    LEADING = 12.5

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of a frame in points."""
        return frame_size(self.width, self.per_row)

    @property
    def height(self) -> float:
        """Height in points, captions included."""
        return self.frame[1] * self.scale + 4 + self.LEADING * max(len(lines) for lines in self.captions)

    @property
    def least(self) -> float:
        """The whole height."""
        return self.height

    def split(self, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
        """Fits or not."""
        return (self, None) if self.height <= room and not leave else (None, self)

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw at the left upper corner."""
        slot, height = self.frame[0], self.frame[1] * self.scale
        width = slot * self.scale
        for i, (picture, caption) in enumerate(zip(self.pictures, self.captions, strict=True)):
            at = x + i * (slot + GAP)
            left = at + (slot - width) / 2
            if picture.data:
                w, h = min(width, height * picture.aspect), min(height, width / picture.aspect)
                page.picture(picture.data, left + (width - w) / 2, y + (height - h) / 2, w, h)
                page.frame(left, y, width, height, RULE)
            else:
                page.frame(left, y, width, height, RULE, dashed=True)
                page.words(left, y + height / 2, picture.words, 9, "centre", width)
            for n, line in enumerate(caption):
                page.text(line, at, y + height + 4 + self.LEADING * (n + 0.5), "centre")


def frame_size(width: float, per_row: int) -> tuple[float, float]:
    """Width and height in points of one of *per_row* frames side by side."""
    side = (width - GAP * (per_row - 1)) / per_row
    return side, side / ASPECT
