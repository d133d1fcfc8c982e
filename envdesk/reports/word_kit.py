"""WordprocessingML by the piece: runs, paragraphs, table cells, page fields, the watermark, styles.

Strings are built and parsed once: python-docx walks a table anew for every cell, which makes a list of 1,000 rows slow.
Lengths are points (``twips`` = twentieths of them). All text passes :func:`said`, so that a record can hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from envdesk.reports.document import Blank, Inline, Span, Tick
from envdesk.reports.text import clean

SONG, HEI, TITLE_SONG = "宋体", "黑体", "方正小标宋简体"
#: Face of the boxes ☐ ☑: neither 宋体 nor 黑体 has them.
SYMBOLS = "Segoe UI Symbol"
#: What XML 1.0 can not hold and ``clean`` lets through.
_NOT_XML = re.compile("[\ufffe\uffff\U0001fffe\U0001ffff]")
_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)


def twips(points: float) -> int:
    """Points as Word counts lengths."""
    return round(points * 20)


def said(text: str) -> str:
    """Text fit for XML: cleaned, escaped."""
    return escape(_NOT_XML.sub("\ufffd", clean(text)))


# ---- runs --------------------------------------------------------------------------------------------------------
def fonts(face: str) -> str:
    """The faces of a run; East Asian and Latin alike, as digits in a Chinese table are set in its own face."""
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def run(text: str, *, face: str = "", size: float = 0.0, underline: bool = False, boxed: bool = False) -> str:
    """Some words in one look; "" and 0 leave it to the style."""
    look = fonts(face) if face else ""
    look += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else ""
    look += '<w:u w:val="single"/>' if underline else ""
    look += '<w:bdr w:val="single" w:sz="6" w:space="1" w:color="auto"/>' if boxed else ""
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in said(text).split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{words}</w:r>"


def tab() -> str:
    """A tab; tabs in the data have become spaces."""
    return "<w:r><w:tab/></w:r>"


def runs(content: Inline, *, size: float = 0.0, label: bool = False) -> str:
    """Inline content: labels in Hei, boxes in a face that has them, blanks as an underlined space."""
    out: list[str] = []
    for part in content:
        if isinstance(part, Span):
            out.append(run(part.text, face=HEI if part.bold and not label else "", size=size))
        elif isinstance(part, Tick):
            out.append(run("☑" if part.on else "☐", face=SYMBOLS, size=size) + run(part.label, size=size))
        elif isinstance(part, Blank):
            em = (size or 10) * 25.4 / 72
            out.append(run("\u3000" * max(1, round(part.mm / em)), size=size, underline=True))
    return "".join(out)


def field(code: str) -> str:
    """A field that Word keeps up to date: PAGE, NUMPAGES."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


# ---- paragraphs --------------------------------------------------------------------------------------------------
def paragraph(
    content: str = "",
    *,
    style: str = "",
    align: str = "",
    keep: bool = False,
    before: float = 0.0,
    line: float = 0.0,
    tabs: Iterable[tuple[str, float]] = (),
    hanging: float = 0.0,
) -> str:
    """A paragraph of runs.

    Args:
        content: runs.
        style: id of its style.
        align: left, center, right or both; "" = the style's.
        keep: never parted from the next paragraph or row.
        before: space above.
        line: height of a line, at least.
        tabs: (left | center | right, position).
        hanging: all lines but the first are indented so far.
    """
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += "<w:keepNext/>" if keep else ""
    stops = "".join(f'<w:tab w:val="{kind}" w:pos="{twips(at)}"/>' for kind, at in tabs)
    look += f"<w:tabs>{stops}</w:tabs>" if stops else ""
    if before or line:
        rule = f' w:line="{twips(line)}" w:lineRule="atLeast"' if line else ""
        look += f'<w:spacing w:before="{twips(before)}"{rule}/>'
    look += f'<w:ind w:left="{twips(hanging)}" w:hanging="{twips(hanging)}"/>' if hanging else ""
    look += f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p><w:pPr>{look}</w:pPr>{content}</w:p>"


def on_new_page(kept: str) -> str:
    """A paragraph that is kept with the next one, beginning a page."""
    return kept.replace("<w:keepNext/>", "<w:keepNext/><w:pageBreakBefore/>", 1)


def spacer(points: float) -> str:
    """An empty paragraph of a given height."""
    look = f'<w:spacing w:before="0" w:after="0" w:line="{max(20, twips(points))}" w:lineRule="exact"/>'
    return f'<w:p><w:pPr>{look}<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'


def elements(xml: str) -> list[Any]:
    """Parse a sequence of elements written in the prefixes w, r, wp, a, pic, v, o."""
    return list(parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')} {_VML}>{xml}</w:body>"))


def document(xml: str) -> Any:
    """Parse the body of a document."""
    space = nsdecls("w", "r", "wp", "a", "pic")
    return parse_xml(f"<w:document {space} {_VML}><w:body>{xml}</w:body></w:document>")


def element(xml: str) -> Any:
    """Parse one element."""
    return elements(xml)[0]


def written(made: Any) -> str:
    """Return an element as text."""
    return str(serialize_part_xml(made), "utf-8").partition("?>")[2]


# ---- the watermark -----------------------------------------------------------------------------------------------
def watermark(words: str, width: float, number: int = 1) -> str:
    """A run for the header: large grey words across the page behind the text (what Word itself calls a watermark)."""
    letters = "".join(words.split()) or words
    size = min(150.0, width / max(len(letters), 1) / 1.6)
    look = (
        f"position:absolute;margin-left:0;margin-top:0;width:{size * len(letters) * 1.25:.0f}pt;height:{size:.0f}pt;"
        "rotation:-28;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:page;"
        "mso-position-vertical:center;mso-position-vertical-relative:page"
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="EnvDeskWatermark{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" style={quoteattr(look)} '
        'o:allowincell="f" fillcolor="#ebebeb" stroked="f">'
        f'<v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" string={quoteattr(letters)}/>'
        "</v:shape></w:pict></w:r>"
    )


# ---- styles ------------------------------------------------------------------------------------------------------
#: id, name shown in Word, face, size, alignment, outline level (0 = none).
STYLES = (
    ("EnvTitle", "报表标题", TITLE_SONG, 19.0, "center", 1),
    ("EnvOffice", "报表单位", SONG, 13.0, "center", 0),
    ("EnvLine", "报表说明行", SONG, 10.0, "left", 0),
    ("EnvCell", "表格文字", SONG, 9.0, "left", 0),
    ("EnvLabel", "表格标签", HEI, 9.0, "center", 0),
    ("EnvNote", "表下注", SONG, 9.0, "both", 0),
    ("EnvFoot", "报表页脚", SONG, 9.0, "left", 0),
    ("EnvHeading", "图表标题", HEI, 10.5, "center", 0),
)


def add_styles(document: Any) -> None:
    """Set the base face and add the styles of our papers; an office changes the look of all its cells in one place."""
    styles = document.styles.element
    for old in styles.iter(qn("w:rFonts")):
        for name in list(old.attrib):
            if name.endswith("Theme"):
                del old.attrib[name]
    base = document.styles["Normal"].element
    for old in base.findall(qn("w:rPr")) + base.findall(qn("w:pPr")):
        base.remove(old)
    base.append(
        element(
            '<w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0"/></w:pPr>'
        )
    )
    base.append(
        element(
            f'<w:rPr>{fonts(SONG)}<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        )
    )
    for key, name, face, size, align, level in STYLES:
        outline = f'<w:outlineLvl w:val="{level - 1}"/>' if level else ""
        styles.append(
            element(
                f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/>'
                f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:jc w:val="{align}"/>{outline}</w:pPr>'
                f'<w:rPr>{fonts(face)}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr></w:style>'
            )
        )
