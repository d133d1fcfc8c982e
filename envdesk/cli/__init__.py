"""The command line: the contract that scripts and checks rely on (README “Command line”).

Exit codes: 0 done, 1 refused (one line per problem on stderr, with its code), 2 usage. Never imports Qt.

May import: envdesk.desk and below.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import SUPPRESS
from collections.abc import Callable, Sequence

from envdesk import __version__
from envdesk.cli import district, figures, files, layouts, records
from envdesk.cli.call import Call, Parser, Usage, Window, complain
from envdesk.errors import Refused
from envdesk.i18n import _


def build_parser() -> Parser:
    """All verbs and their options."""
    parser = Parser(prog="envdesk", description="环保台账：街道生态环境数据台账")
    parser.add_argument("--version", action="version", version=__version__)
    _options(parser)
    parser.set_defaults(db=None, json=False, as_name=None, as_of=None, forms=None, key_file=None)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)

    def verb(name: str, action: Callable[[Call], int], text: str) -> Parser:
        made: Parser = verbs.add_parser(name, help=text)
        made.set_defaults(action=action)
        _options(made)
        return made

    for group in (records, figures, layouts, files, district):
        group.register(verb)
    return parser


def _options(parser: Parser) -> None:
    """Options of every verb; they may stand before or after it."""
    parser.add_argument("--db", help="数据文件", default=SUPPRESS)
    parser.add_argument("--json", action="store_true", help="输出 JSON", default=SUPPRESS)
    parser.add_argument("--as", dest="as_name", metavar="NAME", help="操作人", default=SUPPRESS)
    parser.add_argument("--as-of", metavar="DATE", help="数据截至日", default=SUPPRESS)
    parser.add_argument("--forms", action="append", metavar="DIR", help="更多表定义的文件夹", default=SUPPRESS)
    parser.add_argument("--key-file", metavar="F", help="密钥文件", default=SUPPRESS)


def run(argv: Sequence[str], window: Window | None = None) -> int:
    """Run one command line; returns the exit code.

    Args:
        argv: words of the command line.
        window: opens the window, for the command without a verb and for ``sample``; None = there is no display.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = build_parser()
    try:
        args = parser.parse_args(list(argv))
        if not args.verb:
            return _no_verb(parser, Call(args, window))
        return int(args.action(Call(args, window)))
    except BrokenPipeError:  # the reader (head, more) has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - replaces the broken stream for good
        return 0
    except Usage as exc:
        print(exc, file=sys.stderr)
        return 2
    except Refused as exc:
        complain(exc.all_problems())
        if getattr(locals().get("args"), "json", False):
            print(json.dumps({"problems": [p.as_dict() for p in exc.all_problems()]}, ensure_ascii=False))
        return 1


def _no_verb(parser: Parser, call: Call) -> int:
    """Open the window; without a display say so and list the verbs."""
    if call.window is not None:
        return call.window(call, sample=False)
    print(_("没有图形界面，窗口打不开。可以用下面的命令："), file=sys.stderr)
    parser.print_help()
    return 2
