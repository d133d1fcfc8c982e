"""Small drawings as PNG, for files that can not hold vectors of ours."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from envdesk import paths
from envdesk.reports.rl import qr_modules
from envdesk.reports.text import one_line

#: Pixels per module of a QR code and modules of white around it.
STEP, QUIET = 8, 2


def qr_png(data: str) -> bytes:
    """A QR code, level M."""
    modules = qr_modules(data)
    side = len(modules) + 2 * QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    out = BytesIO()
    picture.resize((side * STEP, side * STEP), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def watermark_png(words: str) -> bytes:
    """Large grey words at a slant, transparent around: the watermark of a paper, for the page header of a worksheet."""
    face = ImageFont.truetype(str(paths.resource("fonts") / "hei.ttf"), 220)
    letters = one_line(words)
    left, top, right, bottom = face.getbbox(letters)
    picture = Image.new("RGBA", (round(right - left) + 40, round(bottom - top) + 40), (255, 255, 255, 0))
    ImageDraw.Draw(picture).text((20 - left, 20 - top), letters, font=face, fill=(0, 0, 0, 22))
    out = BytesIO()
    picture.rotate(28, expand=True, resample=Image.Resampling.BICUBIC).save(out, "PNG", dpi=(110, 110))
    return out.getvalue()
