"""A plain list over many pages: cut exactly where a grid would be cut, nothing lost, tall rows cut by their lines."""

import random

import pypdfium2 as pdfium
import pytest

from envdesk.reports.document import Column, Document, Furniture, Group, Row, Table, Title, inline
from envdesk.reports.fonts import FontSet
from envdesk.reports.grid import Grid
from envdesk.reports.grid_rows import Rows
from envdesk.reports.layout import Frame, Item, paginate
from envdesk.reports.pdf import render_pdf
from envdesk.reports.ruled import ruled_of

WIDTH = 470.0
FRAME = Frame(40, 50, 800)


def table(count, seed=1, *, tall=(), tied=()):
    pick = random.Random(seed)
    rows = [
        Row(
            (
                inline(f"R{n:04}"),
                inline("督查" * (400 if n in tall else pick.choice((0, 1, 3, 20)))),
                inline(str(pick.randint(0, 9999))),
            ),
            tied=n in tied,
        )
        for n in range(count)
    ]
    return Table((Column("编号", 20), Column("内容", 100), Column("数", 30, "right")), (Group(tuple(rows)),), row_mm=6)


def grid_of(block):
    made = ruled_of(block, WIDTH)
    return Grid(made.widths, made.rows, FontSet(), made.look, made.marks)


def cut(piece):
    return [[(round(p.y, 3), round(p.piece.height, 3)) for p in page] for page in paginate([Item(piece)], FRAME)]


@pytest.mark.parametrize("seed", range(4))
def test_it_is_cut_where_a_grid_is_cut(seed):
    grid = grid_of(table(160, seed, tied={20, 21, 60, 90, 91, 92}, tall={30, 77} if seed % 2 else ()))
    assert grid.simple
    assert cut(Rows.whole(grid)) == cut(grid)


def test_signatures_keep_rows_with_them():
    block = table(40)
    for room in (300.0, 500.0, 2000.0):
        for leave in (0, 1, 3):
            ours, theirs = Rows.whole(grid_of(block)).split(room, leave), grid_of(block).split(room, leave)
            assert [p and round(p.height, 3) for p in ours] == [p and round(p.height, 3) for p in theirs]


def test_every_row_is_printed_once_under_a_header_on_each_page():
    data = render_pdf(Document("表", (Title("表"), table(300, tall={150})), furniture=Furniture(running="续表"))).data
    document = pdfium.PdfDocument(data)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert len(pages) > 8
    assert all("编号" in text for text in pages)
    whole = "".join(pages)
    places = [whole.find(f"R{n:04}") for n in range(300)]
    assert -1 not in places
    assert all(whole.count(f"R{n:04}") == 1 for n in range(300))
    assert "".join(whole.split()).count("督查") >= 400
