"""Every message a user can read, worded once.

Low layers raise :class:`Refused` with a *code* and its context, or return :class:`Problem` values; the words live
here. A sentence says what is wrong and what to do. Three kinds of failure exist: refused (shown), cancelled (silent)
and everything else (a bug: log file and crash dialog).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from envdesk.i18n import N_, _

Severity = Literal["error", "warning", "hint"]

#: code -> sentence. ``{name}`` placeholders are filled from the context.
MESSAGES: dict[str, str] = {
    # values
    "required": N_("请填写“{label}”。"),
    "unknown_key": N_("没有“{key}”这一项{guess}。"),
    "bad_type": N_("“{label}”的内容“{value}”格式不对：{expected}。"),
    "bad_date": N_("“{label}”的日期“{value}”无法识别，请按 2026-10-09 的样子填写。"),
    "bad_time": N_("“{label}”的时间“{value}”无法识别，请按 09:30 的样子填写。"),
    "bad_number": N_("“{label}”的数值“{value}”无法识别，请填写数字。"),
    "too_many_decimals": N_("“{label}”最多 {decimals} 位小数，现在是“{value}”。"),
    "too_small": N_("“{label}”不能小于 {limit}，现在是“{value}”。"),
    "too_late": N_("“{label}”不能晚于今天，填的是 {value}。"),
    "too_large": N_("“{label}”不能大于 {limit}，现在是“{value}”。"),
    "too_long": N_("“{label}”最多 {limit} 个字，现在有 {length} 个字。"),
    "bad_choice": N_("“{label}”没有“{value}”这个选项{guess}。"),
    "choice_off": N_("“{label}”的选项“{value}”已停用，请另选。"),
    "bad_usc": N_("统一社会信用代码“{value}”校验不通过，请核对 18 位代码。"),
    "bad_phone": N_("电话“{value}”不像电话号码，请核对。"),
    "unknown_ref": N_("“{label}”找不到“{value}”，请先登记或核对名称。"),
    "ambiguous_ref": N_("“{label}”的“{value}”有 {count} 个同名，请改填编号。"),
    "not_unique": N_("“{label}”为“{value}”的记录已有一条 {record_no}，不能重复登记。"),
    "new_person": N_("人员“{value}”不在名单中，已加入名单。"),
    "file_missing": N_("找不到文件“{value}”。"),
    "file_too_large": N_("文件“{value}”超过 {limit} MB，请压缩后再放入。"),
    "bad_file_kind": N_("文件“{value}”的类型不支持，请用 {expected}。"),
    "bad_photo": N_("照片“{value}”打不开，请换一张。"),
    "rule": N_("{message}"),
    "calendar_missing": N_("{year} 年节假日表未导入，期限“{value}”按周一至周五暂算，导入后自动重算。"),
    "visit_header_differs": N_("同一次检查的“{label}”已登记为“{old}”，这里是“{value}”；确认后两张表都改为新值。"),
    "team_count_differs": N_("同一次出动的检查组数已登记为 {old}，这里是 {value}；按较大的数保存。"),
    "late_entry": N_("日期 {value} 在已月结的期间内，只能作为补录保存，请写明原因。"),
    "made_row_gone": N_("去掉的这一行已派生{form} {record_no}，它还在；确认后只去掉这一行，不需要的{form}请另行作废。"),
    # records
    "unknown_form": N_("没有“{form}”这张表{guess}。"),
    "shared_form": N_("“{form}”随检查巡查记录产生，不能单独新增。"),
    "shared_void": N_("“{form}”随检查巡查记录产生，请作废其中的记录。"),
    "shared_key": N_("“{label}”请在检查巡查记录里修改，出动和检查会跟着变。"),
    "in_use": N_("“{what}”还有记录（如 {record_no}）在用，不能作废；不再使用的请填写移出、离岗或停用日期。"),
    "not_found": N_("找不到记录“{id}”。"),
    "already_void": N_("记录“{record_no}”已作废。"),
    "is_void": N_("记录“{record_no}”已作废，不能修改。"),
    "why_needed": N_("请写明原因。"),
    "sealed": N_("{where}属于已月结的期间，不能改动；确需补录或更正，请写明原因。"),
    "stale": N_("记录“{record_no}”已被别人修改过，请重新打开后再改。"),
    "undo_blocked": N_("不能撤销：之后的操作 {operations} 改动过同样的内容，请先撤销它们。"),
    "undo_nothing": N_("没有可以撤销的操作。"),
    "undo_done_before": N_("操作 {operation} 已经撤销过。"),
    "undo_unknown": N_("没有第 {operation} 号操作。"),
    "not_object": N_("第 {index} 条不是一个对象，请检查 JSON。"),
    "bad_json": N_("JSON 读不懂：{detail}"),
    "no_records": N_("没有可以保存的记录。"),
    "referenced": N_("记录“{record_no}”被其他记录引用，不能删除。"),
    # files
    "db_missing": N_("找不到数据文件“{path}”，请先用 init 建立，或核对路径。"),
    "db_exists": N_("文件“{path}”已存在，不会覆盖，请换一个名字。"),
    "db_newer": N_("数据文件由更新版本的程序建立，请先升级本程序再打开。"),
    "db_not_ours": N_("“{path}”不是环保台账的数据文件。"),
    "db_locked": N_("数据文件正被另一个程序使用，请先关闭它再试。"),
    "db_corrupt": N_("数据文件已损坏（{detail}），请用最近的备份恢复。"),
    "db_key": N_("数据文件已加密，密钥不对或没有提供。"),
    "db_network": N_("数据文件“{path}”在{kind}里，可能丢数据，请移到本机硬盘。"),
    "db_deep": N_("“{path}”有 {length} 个字符，最多 {limit} 个，再长附件存不进去。请放到层次浅一些的文件夹。"),
    "db_readonly": N_("“{path}”不能写入，请检查磁盘和权限。"),
    "disk_full": N_("磁盘已满，没有保存，请腾出空间后再试。"),
    "bad_path": N_("不能写入“{path}”：{detail}"),
    "file_open": N_("“{name}”写不进去，可能正在 WPS 或 Excel 里打开。请先关闭它再保存，或者换一个文件名。"),
    "timeout": N_("计算时间过长，已停止：{what}。"),
    "key_file": N_("密钥文件“{path}”读不到或是空的。"),
    # definitions
    "form_error": N_("表定义有误：{detail}"),
    # figures and reports
    "bad_period": N_("期间“{value}”无法识别，请写成 2026-10、2026Q3、2026H1、2026、2026W40、2026-10-09 或 起..止。"),
    "unknown_figure": N_("没有“{figure}”这个指标{guess}。"),
    "unknown_dimension": N_("指标“{figure}”不能按“{dimension}”分列{guess}。"),
    "unknown_report": N_("没有“{name}”这个报表模板{guess}。"),
    "absolute_word": N_("句子里有“{word}”，但没有指标说明确实如此：{sentence}"),
    "unknown_slot": N_("模板“{template}”里没有“{slot}”这个位置{guess}。"),
    "bad_words": N_("文件“{path}”读不懂：{detail}；应为 JSON，写成 位置: 文字。"),
    "unknown_paper": N_("这张表没有“{name}”这份名册或单据{guess}。"),
    "unknown_place": N_("“{file}”里的《{name}》不认识{guess}，请改成本表的项目名。"),
    "template_unread": N_("“{file}”不是 Word 文件（.docx），打不开。"),
    "outside_names": N_("“{label}”里有工单 {number} 诉求人的{what}，这份单据要交给外单位，请先改掉再打印。"),
    "report_blocked": N_("勾稽关系不通过，不能出正式报表：{rules}；可先出草稿。"),
    "bad_expression": N_("条件“{text}”有误：{detail}"),
    "bad_out": N_("输出文件“{path}”的类型不支持，请用 {expected}。"),
    "already_sealed": N_("{period} 已经月结。"),
    "not_sealed": N_("{period} 没有月结。"),
    "unknown_code": N_(
        "没有出具过校验码为“{value}”的报表：请核对是否抄错一位；草稿没有校验码，别的单位的报表请到出具单位核对。"
    ),
    "no_appendix": N_("“{title}”是文字材料，不附指标来源；请用表格模板（如 monthly）打印指标来源。"),
    "unknown_issue": N_("没有出具编号“{number}”{guess}。"),
    # settings
    "unknown_setting": N_("没有“{key}”这项设置{guess}。"),
    # exchange
    "import_empty": N_("文件“{path}”里没有数据行。"),
    "import_no_columns": N_("文件“{path}”的表头一列也对不上“{form}”，请用 template 导出的模板。"),
    "import_unread": N_("文件“{path}”读不懂：{detail}"),
    "package_broken": N_("文件“{path}”校验不通过：{detail}"),
    "merge_role": N_("这个数据文件不是区级的，不能合并街道的上报文件。"),
    "merge_source": N_("“{path}”是“{office}”的文件，不是街道报来的，没有合并。"),
    "merge_twin": N_(
        "“{path}”和以前收到的不是同一个数据文件，却用同一个单位代码（{office}），没有合并；请街道核对单位代码和台号。"
    ),
    "conflict_gone": N_("这处冲突已经定过，或街道又报来了新的一版，请刷新后再看。"),
    "not_received": N_("“{path}”还没有收过，也不是本单位报出的文件。"),
    "foreign_record": N_("这条记录是街道报来的，区里不能改；请街道改正后重新上报。"),
    "bad_calendar": N_("节假日表第 {line} 行读不懂：“{value}”。"),
    "backup_broken": N_("备份“{path}”打不开或不完整：{detail}"),
    # working days
    "calendar_gap": N_("不能导入 {value} 年节假日表：缺少 {year} 年，请先导入 {year} 年。"),
    "calendar_few": N_("{year} 年节假日表只有 {count} 个放假日，少于法定的 {limit} 天，请核对是否漏了。"),
    # lint of definitions; each sentence follows the place it speaks of
    "bad_sql": N_("表达式“{text}”不能执行：{detail}。"),
    "forbidden_sql": N_("表达式“{text}”用了不允许的功能：{detail}。"),
    "unread_sql": N_("表达式“{text}”没有读懂，只检查了能否执行，请写得简单些。"),
    "unknown_table": N_("不能读“{name}”{guess}；只能读表、公共视图和本表的列表。"),
    "nullable_not": N_("“{part}”：{key} 为空值会被悄悄漏掉，请改用 IS NOT。"),
    "moment_cut": N_("“{part}”：时刻不能与 {param} 比较，当天的会漏掉，请用 {better}。"),
    "moment_day": N_("“{part}”：时刻与日期这样比较，同一天的会判错，请用 substr({key}, 1, 10)。"),
    "unknown_word": N_("“{part}”：{key} 没有“{value}”这个选项{guess}。"),
    "quoted_text": N_("没有 {part} 这一项；文字请用单引号：'{name}'。"),
    "clock_in_sql": N_("“{part}”：不能读电脑的钟，请用 :today、:now_time 或 :cut。"),
    "figure_lead": N_("of、share、ratio 应正好写一个。"),
    "figure_share": N_("share 只能指向用 of 数出来的指标，或它的比率；“{name}”不是。"),
    "figure_hit": N_("写了 share 就要写 hit；没有 share 不能写 hit、only。"),
    "figure_ratio": N_("ratio 应写分子和分母两个指标；分母可由几个相加。"),
    "figure_flow": N_("kind 为 flow 的指标要写 date，各月之和才等于全年。"),
    "figure_word": N_("{key} 不能是“{value}”{guess}。"),
    "dimension_missing": N_("按“{dimension}”分列行不通：“{source}”没有对应的项（{detail}），请在该分列的 key 里写明。"),
    "same_title": N_("名称“{title}”与“{other}”相同，印出来分不清，请改名。"),
    "long_label": N_("“{label}”有 {length} 个字，多于 {limit} 个字时表头会折行，可以缩短。"),
    "bad_default": N_("默认值“{value}”不对：{detail}"),
    "bad_seed": N_("第 {index} 条初始记录的“{key}”不对：{detail}"),
    "check_lead": N_("expr、of、by、months 应正好写一个。"),
    "check_by": N_("by 应写指标和分列：[指标, 分列]。"),
    "unknown_placeholder": N_("message 里的“{name}”不是 expr 用到的指标{guess}。"),
    # attachments
    "attachment_missing": N_("附件“{value}”的文件不见了，请从备份恢复。"),
    "attachment_broken": N_("附件“{value}”的内容已损坏，请从备份恢复。"),
    # check of a file
    "check_reference": N_("“{table}”有记录指向不存在的“{parent}”，请从备份恢复。"),
    "check_record": N_("“{form}”的记录“{record_no}”与保存时的内容不符，请核对或从备份恢复。"),
    "check_version": N_("“{form}”的记录“{record_no}”所用的表样版本 {version} 不在文件中。"),
    "check_seal": N_("{start} 至 {end} 的月结与结账时保存的不同，请用备份核对。"),
    "check_issued": N_("出具编号 {number} 的报表与出具时不同，请用备份核对。"),
    "check_chain": N_("操作日志第 {operation} 号与校验链不符，可能被改动过。"),
    "check_more": N_("另有 {count} 处同类问题。"),
    # import
    "import_row": N_("第 {row} 行：{message}"),
    "import_many": N_("{message}（第 {row} 行等 {count} 行）"),
    "import_unknown": N_("列“{header}”不认识，不导入{guess}；可以指定它是哪一栏，或把列名改成模板里的。"),
    "import_ambiguous": N_("列“{header}”可能是 {labels}，没有导入；请把列名改成其中一个。"),
    "import_double": N_("列“{header}”与列“{other}”是同一项，只导入后者。"),
    "import_no_header": N_("{column} 列有内容但没有表头，没有导入。"),
    "import_other_sheet": N_("工作表“{name}”也像台账，本次没有导入。"),
    "import_total": N_("第 {row} 行像合计行，没有导入。"),
    "import_formula": N_("“{label}”的公式没有算出结果{value}，请用 WPS 或 Excel 打开、保存后再导入，或改填数值。"),
    "import_rounded": N_("“{label}”的“{value}”超过 15 位，末几位已被表格软件改成 0，请把该列设为文本后重填。"),
    "import_same_row": N_("与第 {other} 行完全相同。"),
    "import_same_key": N_("“{label}”与第 {other} 行相同。"),
    "import_register": N_("表中没有“{label}”列：请补上这一列，或先在设置里写明启用日期来代替。"),
    "import_baseline": N_("{count} 行没有纳入日期，按启用日期 {value} 计。"),
    # workbooks of a superior
    "book_kind": N_("“{path}”不是 .xlsx 文件，请在 WPS 或 Excel 里另存为“Excel 工作簿（.xlsx）”后再选。"),
    "book_large": N_("“{path}”太大，超过 {limit} MB，不像一张要填的表。"),
    "book_locked": N_("“{path}”带打开口令，或是改了后缀的旧格式，请在 WPS 或 Excel 里去掉口令、另存为 .xlsx 后再选。"),
    "book_unread": N_("“{path}”读不懂：{detail}。请在 WPS 或 Excel 里打开，另存为 .xlsx 后再试。"),
    "book_sheet": N_("“{path}”里没有工作表“{sheet}”。"),
    "book_cell": N_("“{value}”不是单元格，请写成 D6 或 月报!D6。"),
    "book_formula": N_("{cell} 是公式，不填，请选它所用的单元格。"),
    "book_measure": N_("没有“{value}”这一栏{guess}；可用 {expected}。"),
    "book_value": N_("“{dimension}”没有“{value}”{guess}。"),
    "book_map": N_("对应关系读不懂：{detail}"),
    "book_empty": N_("还没有指定要填的单元格。"),
    "template_name": N_("名称“{name}”已用过，请换一个。"),
    "template_empty": N_("还没有选指标。"),
    "template_long": N_("最多 {limit} 行，请分成两份模板。"),
    "template_kind": N_("“{name}”是文字报告，不是表，不能照它做自己的表。"),
    "template_bad": N_("模板有误：{detail}"),
    "book_name": N_("名称“{name}”已用于报表模板，请换一个。"),
    "book_unknown": N_("没有存下名为“{name}”的上级表格{guess}。"),
    "book_strange": N_("“{path}”和存下的上级表格都不像，请先指定要填的单元格。"),
    "book_lost": N_("{count} 处找不到原来的位置，请重新指定：{cells}。"),
    "book_room": N_("“{form}”有 {count} 条，表里从 {cell} 起只留了 {rows} 行，请先在表里插入 {more} 行。"),
    "book_filled": N_("{cell} 填了两样内容，请只留一样。"),
    # package
    "package_key": N_("上报文件“{path}”已加密或开头已损坏：口令不对或没有提供。"),
    "package_newer": N_("上报文件“{path}”由更新版本的程序生成，请先升级本程序。"),
}


def guess(word: str, known: list[str]) -> str:
    """Return the “did you mean” tail for *word*, empty when nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return _("，是不是“{word}”").format(word=near[0]) if near else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one value: what the user reads beside the field.

    Attributes:
        code: stable word for scripts and tests, a key of :data:`MESSAGES` or ``rule:<id>``.
        message: Chinese sentence.
        severity: ``error`` refuses, ``warning`` must be acknowledged, ``hint`` never stops (domain.md §10.1).
        field: key, or ``list[position].key`` (positions from 0).
        index: position of the object in a batch, from 0.
    """

    code: str
    message: str
    severity: Severity = "error"
    field: str | None = None
    index: int | None = None

    def at(self, index: int) -> Problem:
        """Return the same problem placed at object *index* of a batch."""
        return replace(self, index=index)

    def as_dict(self) -> dict[str, Any]:
        """Return the contract's shape ``{index, field, code, message, severity}``."""
        return {
            "index": self.index,
            "field": self.field,
            "code": self.code,
            "message": self.message,
            "severity": self.severity,
        }


def word(code: str, **context: Any) -> str:
    """Return the sentence of *code* with its context filled in."""
    context.setdefault("guess", "")
    return _(MESSAGES[code]).format(**context)


def problem(code: str, *, field: str | None = None, severity: Severity = "error", **context: Any) -> Problem:
    """Make a worded problem from a catalogue code."""
    return Problem(code, word(code, **context), severity, field)


@dataclass
class Refused(Exception):  # noqa: N818 - named for what the user experiences
    """The request cannot be done; nothing was changed. Shown to the user, exit code 1."""

    code: str
    context: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        if self.problems and self.code not in MESSAGES:
            return "\n".join(p.message for p in self.problems)
        return word(self.code, **self.context)

    def all_problems(self) -> list[Problem]:
        """Return the single problems, or the refusal itself as one."""
        return self.problems or [Problem(self.code, str(self))]


def refuse(code: str, **context: Any) -> Refused:
    """Build what is raised, for instance with code ``not_found`` and the context ``id``."""
    return Refused(code, context)


class Cancelled(Exception):  # noqa: N818
    """The user stopped the work; shown as nothing."""
