"""Make the manual on paper: ``python build_spec/manual.py [--out FILE.pdf] [--without-pictures]``.

The pages of the offline help, with pictures of the window as it is now, then every form with its fields. The text has
one source (``resources/help`` and the forms), so window and paper say the same.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import screenshots
from PIL import Image

from envdesk import __version__
from envdesk.clock import Clock
from envdesk.desk.office import load_forms
from envdesk.gui.app import App, make_qt
from envdesk.gui.page import found
from envdesk.present import help as pages
from envdesk.reports.document import (
    Block,
    Caption,
    Column,
    Document,
    Furniture,
    Group,
    InfoLine,
    Paragraph,
    Photo,
    PhotoGrid,
    Row,
    Table,
    Title,
    inline,
)
from envdesk.reports.pdf import render_many

OUT = screenshots.ROOT / ".build" / "使用手册.pdf"
SIZE = (1440, 1080)
"""Pictures stand in frames of 4:3."""
PICTURES = {
    "first-day": "start", "today": "today", "record": "form", "register": "register", "subjects": "subjects",
    "reports": "reports", "send": "send", "settings": "settings", "backup": "settings-backup",
    "workbook": "workbook",
}  # fmt: skip
"""Page of the help -> picture, or page of the window, whose first picture is taken."""
DIGITS = "〇一二三四五六七八九"


def number(n: int) -> str:
    """A number below 100 as the heading has it (十二)."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def take_pictures(folder: Path) -> dict[str, bytes]:
    """Photograph what :data:`PICTURES` names, as JPEG by page of the help."""
    app = App(make_qt(), hooks=False)
    db = screenshots.made(folder, "sample", fresh=True)
    window = app.open(db, operator=screenshots.OPERATOR, clock=Clock(screenshots.NOW))
    window.show()
    window.start()
    taken: dict[str, bytes] = {}
    try:
        for topic, wanted in PICTURES.items():
            for page, spec in found().items():
                shot = next((s for s in spec.shots if wanted in (s.name, page)), None)
                if shot is not None:
                    screenshots.photograph(app, window, page, shot, (SIZE, "light", 1.0), folder)  # laid out by now
                    path = screenshots.photograph(app, window, page, shot, (SIZE, "light", 1.0), folder)
                    taken[topic] = jpeg(path)
                    break
    finally:
        app.close()
    return taken


def jpeg(path: Path) -> bytes:
    """A picture small enough for a manual of many."""
    made = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").save(made, "JPEG", quality=88)
    return made.getvalue()


def body(text: str) -> Iterator[Block]:
    """The pieces of a written page as blocks; rows of a table are gathered."""
    rows: list[tuple[str, ...]] = []
    for part in pages.parts(text):
        if part.kind == "row":
            rows.append(part.cells)
            continue
        if rows:
            yield small_table(rows)
            rows = []
        if part.kind == "heading":
            yield Caption(part.text)
        elif part.kind == "item":
            yield Paragraph(inline(f"{part.mark} {part.text}"))
        else:
            yield Paragraph(inline(part.text))
    if rows:
        yield small_table(rows)


def small_table(rows: list[tuple[str, ...]]) -> Table:
    """A table of a written page, its first row the head."""
    head, *rest = rows
    columns = tuple(Column(t, 44 if n == 0 else 122 / (len(head) - 1)) for n, t in enumerate(head))
    return Table(columns, (Group(tuple(Row(tuple(inline(c) for c in row)) for row in rest)),))


def form_blocks(text: str) -> Iterator[Block]:
    """A form's page as one table, field by field, then what is checked."""
    groups: list[tuple[str, list[tuple[str, list[str]]]]] = []
    checks: list[str] = []
    for part in pages.parts(text):
        if part.kind == "heading" and part.mark == "##":
            groups.append((part.text, []))
        elif part.kind == "heading":
            groups[-1][1].append((part.text, []))
        elif part.kind == "item":
            checks.append(part.text)
        elif groups and groups[-1][1]:
            groups[-1][1][-1][1].append(part.text)
        else:
            yield Paragraph(inline(part.text))
    columns = (Column("部分", 24), Column("栏目", 40), Column("怎么填", 112))
    made = tuple(
        Group(tuple(Row((inline(name), inline("".join(said)))) for name, said in fields), title)
        for title, fields in groups
        if fields
    )
    if made:
        yield Table(columns, made, category=0)
    if checks:
        yield Caption("保存时检查")
        yield from (Paragraph(inline(f"· {said}")) for said in checks)


def compose(pictures: Mapping[str, bytes]) -> list[Document]:
    """Put the manual together, a document for each chapter."""
    topics = sorted(pages.topics(load_forms()), key=lambda t: bool(t.form))
    names = [f"{number(n)}、{t.title}" for n, t in enumerate(topics, 1)]
    shape = Furniture(foot_left="环保台账使用手册")
    contents: list[Block] = [
        Title("环保台账使用手册"),
        InfoLine(left=inline("在窗口里按 F1 也能看到这些内容"), right=inline(f"版本 {__version__}")),
    ]
    for title, chosen in (("怎么用", False), ("各表怎么填", True)):
        listed = [n for n, t in zip(names, topics, strict=True) if bool(t.form) is chosen]
        third = -(-len(listed) // 3)
        rows = [Row(tuple(inline(n) for n in [*listed[k::third], "", ""][:3])) for k in range(third)]
        contents.append(Table((Column(title, 58), Column("", 58), Column("", 58)), (Group(tuple(rows)),)))
    made = [Document("环保台账使用手册", tuple(contents), furniture=shape)]
    for name, topic in zip(names, topics, strict=True):
        blocks: list[Block] = [Title(name)]
        if topic.id in pictures:
            blocks.append(PhotoGrid((Photo(pictures[topic.id]),), per_row=1))
        blocks += form_blocks(topic.text) if topic.form else body(topic.text)
        made.append(Document(name, tuple(blocks), furniture=shape))
    return made


def main() -> int:
    """Write the manual."""
    parser = argparse.ArgumentParser(description="Make the manual.")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--without-pictures", action="store_true")
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pictures = {} if args.without_pictures else take_pictures(Path(folder))
    made = render_many(compose(pictures))
    args.out.write_bytes(made.data)
    for remark in made.notes:
        print(remark)
    print(f"{args.out}: {made.pages} pages, {len(made.data) / 1e6:.1f} MB, {len(pictures)} pictures")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
