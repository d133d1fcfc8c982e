"""Whatever a sheet looks like and whatever is put into it: the new values are there, the old cells are byte for byte."""

from __future__ import annotations

import re

from book_samples import raw
from hypothesis import given, settings, strategies as st

from envdesk.exchange.book_grid import cell_name, read_grid
from envdesk.exchange.book_labels import find, labels
from envdesk.exchange.book_write import edit

places = st.tuples(st.integers(1, 9), st.integers(1, 7))
texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)
values = st.one_of(
    st.integers(-(10**12), 10**12), st.decimals(allow_nan=False, allow_infinity=False, places=4), texts, st.none()
)
STRINGS = ("甲", "<乙>")


@st.composite
def sheets(draw):
    """Rows with and without numbers, empty ones, cells with and without names, of every kind."""
    p = draw(st.sampled_from(("", "x:")))
    rows = []
    for r in sorted(draw(st.sets(st.integers(1, 9), max_size=6))):
        cells = []
        for c in sorted(draw(st.sets(st.integers(1, 7), max_size=4))):
            head = f'{p}c r="{cell_name((r, c))}"' + draw(st.sampled_from(("", ' s="3"')))
            cells.append(draw(st.sampled_from((
                f"<{head}/>", f"<{head}></{p}c>", f"<{head}><{p}v>{r * c}</{p}v></{p}c>",
                f'<{head} t="s"><{p}v>{c % 2}</{p}v></{p}c>',
                f'<{head} t="inlineStr"><{p}is><{p}t>文&amp;字</{p}t></{p}is></{p}c>',
                f"<{head} ><!-- 注 --><{p}v>7</{p}v></{p}c >",
            ))))  # fmt: skip
        start = f'{p}row r="{r}"' + draw(st.sampled_from(("", ' spans="1:2"', ' ht="20" customHeight="1"')))
        rows.append(f"<{start}>{''.join(cells)}</{p}row>" if cells or draw(st.booleans()) else f"<{start}/>")
    body = f"<{p}sheetData>{''.join(rows)}</{p}sheetData>" if rows or draw(st.booleans()) else f"<{p}sheetData/>"
    head = draw(st.sampled_from(("", f'<{p}dimension ref="A1:C3"/>')))
    return raw(body, head=head, tail=f'<{p}mergeCells count="1"><{p}mergeCell ref="J1:K2"/></{p}mergeCells>', prefix=p)


def said(value):
    """What a cell says after a value was put into it."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", value)
    return str(value) if isinstance(value, int) else f"{value:f}"


@settings(max_examples=150)
@given(sheets(), st.dictionaries(places, values, max_size=12))
def test_only_the_given_cells_change(data, wanted):
    before = read_grid(data, STRINGS)
    after = read_grid(edit(before, wanted), STRINGS)
    for place, value in wanted.items():
        assert after.text(place) == said(value), place
        assert after.style_of(place) == before.style_of(place)
    for place, cell in before.cells.items():
        if place not in wanted:
            now = after.cells[place]
            assert after.data[slice(*now.span)] == data[slice(*cell.span)]
    added = after.cells.keys() - before.cells.keys()
    assert added == {p for p, v in wanted.items() if v is not None and p not in before.cells}
    order = [m[1] for m in re.finditer(rb"<(?:x:)?row r=\"(\d+)\"", after.data)]
    assert order == sorted(order, key=int)
    for row in after.rows:
        spans = sorted((cell.span, c) for (r, c), cell in after.cells.items() if r == row)
        assert [c for _span, c in spans] == sorted(c for _span, c in spans)
    assert after.merges == before.merges


# ---- moved cells ---------------------------------------------------------------------------------------------------
NAMES = st.sampled_from(("甲", "乙", "丙", "其中", "小计"))


def table(rows):
    """A sheet: title, heads, and rows of (group, name); values stand in C and D."""
    lines = [["2026年9月表"], ["组", "名", "本月", "累计"], *([g, n] for g, n in rows)]
    cells = [
        f'<row r="{r}">'
        + "".join(f'<c r="{cell_name((r, c))}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in enumerate(line, 1))
        + "</row>"
        for r, line in enumerate(lines, 1)
    ]
    return read_grid(raw(f"<sheetData>{''.join(cells)}</sheetData>"), ())


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.sampled_from(("大气", "水")), NAMES), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 8), st.tuples(st.sampled_from(("大气", "土")), NAMES)), max_size=3),
)
def test_a_cell_is_followed_to_its_own_row_or_asked_for(rows, inserted):
    old = table(rows)
    now, moved = list(rows), list(range(len(rows)))
    for at, row in inserted:
        now.insert(at, row)
        moved = [n + (n >= at) for n in moved]
    before, after = labels(old), labels(table(now))
    for n, name in enumerate(rows):
        for column in (3, 4):
            found = find(after, before.words((3 + n, column)))
            assert found in (None, (3 + moved[n], column))
            if now.count(name) == 1:
                assert found is not None
